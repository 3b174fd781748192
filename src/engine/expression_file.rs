//! Expression files as documents: evaluated, and walked beside their text for places.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, LazyLock};

use crate::check::{self, Context, Imported};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluation;
use crate::inventory::document::{Document, TreeBuilder, TreeNode};
use crate::inventory::draft::Draft;
use crate::limits::{Limits, Watch};
use crate::services::{Loaded, Severities, View};
use crate::syntax::ast::{AttrName, AttrNameKind, Binding, Expr, ExprKind, Name};
use crate::syntax::parse;
use crate::text::{Source, Span};
use crate::types::tir::Program;
use crate::types::{Scheme, from_own_text};
use crate::value::{Attrs, Evaluator, Fault, Value};

/// What an inventory file may hold, as far as it decides how its parts are typed: filters where filters
/// belong, and everything free-form as it is.
const FILE_TYPE: &str = "{
  domain? : { suffix? : Any, clusters? : { _ : {
    users? : Any, machines? : Any, vms? : Any,
    services? : { _ : { selectors? : Filter, roles? : { _ : Filter }, definition? : Any, extraConfig? : Any, .. } }, .. } }, .. },
  inventory? : { machines? : Any, tags? : Any, meta? : Any, modules? : Any,
    services? : Any,
    instances? : { _ : { module? : Any, roles? : { _ : { select? : Filter, machines? : Any, tags? : Any, settings? : Any, extraModules? : Any, .. } }, .. } }, .. },
  machines? : Any, tags? : Any, meta? : Any, modules? : Any, services? : Any,
  instances? : { _ : { module? : Any, roles? : { _ : { select? : Filter, machines? : Any, tags? : Any, settings? : Any, extraModules? : Any, .. } }, .. } },
  filters? : { _ : Filter }, include? : Any, .. }";

static EXPECTED: LazyLock<Scheme> = LazyLock::new(|| from_own_text(FILE_TYPE));

/// An expression file that has been read.
pub(super) struct File {
    /// Its value.
    pub(super) document: Document,
    /// Its expression.
    pub(super) program: Arc<Program>,
    /// The parts of its value that fail.
    pub(super) failures: Vec<Failure>,
}

/// A part of a file's value that fails. In the document it stands as a function does: who evaluates it
/// there hears of the failure.
pub(super) struct Failure {
    /// The keys and indices that lead to it.
    pub(super) path: Vec<Name>,
    /// Where it stands.
    pub(super) span: Span,
    /// What it fails with.
    pub(super) diagnostic: Diagnostic,
}

/// Parses, checks and evaluates an expression file.
///
/// # Errors
/// Every mistake in its text; at run time, that its value as a whole fails, or a limit.
pub(super) fn load(
    source: &Arc<Source>,
    folder: Option<&Path>,
    limits: &Limits,
) -> Result<File, Vec<Diagnostic>> {
    let watch = Watch::new(limits);
    let mut expr =
        parse::expression_watched(source, limits, &watch).map_err(|diagnostic| vec![diagnostic])?;
    unwrap(&mut expr);
    if let Some(function) = follow(&expr, &mut Scope::default(), 64)
        && let ExprKind::Lambda { .. } = function.kind
    {
        let message = "expected an attribute set as the inventory, found a function";
        let help = "write the set alone: an inventory file is given no arguments";
        let diagnostic = Diagnostic::error(Code::TypeMismatch, message);
        return Err(vec![diagnostic.at(source, function.span, "").help(help)]);
    }
    let import = |path: &str| import(folder, path, limits);
    let filters = named_filters(&expr);
    let context = Context {
        import: folder.is_some().then_some(&import),
        filters: &filters,
        in_inventory: true,
        watch: Some(&watch),
        ..Context::default()
    };
    let program = Arc::new(check::program(source, &expr, Some(&EXPECTED), &context)?);
    // Nothing of the inventory is there yet: a file cannot ask about itself.
    let nothing =
        Loaded::new(Draft::new().finish(), Vec::new(), HashMap::new(), &Severities::default(), limits);
    let view = View(Arc::new(nothing));
    let mut evaluation = Evaluation::new(&view, limits, Vec::new());
    let read = (|| {
        let value = evaluation.run(&program)?;
        let builder = TreeBuilder::new(Arc::clone(source));
        let mut walk = Walk { evaluation: &mut evaluation, builder, path: Vec::new(), failures: Vec::new() };
        let root = walk.node(&value, Some(&expr), &Scope::default(), expr.span)?;
        Ok((walk.builder.finish(root), walk.failures))
    })();
    let (document, failures) = read.map_err(|fault: Fault| {
        let mut diagnostic = fault.into_diagnostic();
        if diagnostic.labels.is_empty() {
            diagnostic = diagnostic.at(source, expr.span, "");
        }
        vec![diagnostic]
    })?;
    drop(evaluation);
    Ok(File { document, program, failures })
}

/// Takes `buildClan` away, with which people's files call for the machines of their inventory: only its
/// argument is the inventory.
fn unwrap(expr: &mut Expr) {
    let mut inner = &mut expr.kind;
    while let ExprKind::Let { body, .. } | ExprKind::With { body, .. } | ExprKind::Assert { body, .. } = inner
    {
        inner = &mut body.kind;
    }
    if let ExprKind::Apply { function, arguments } = inner
        && matches!(&function.kind, ExprKind::Variable(name) if &**name == "buildClan")
        && arguments.len() == 1
        && let Some(only) = arguments.pop()
    {
        *inner = only.kind;
    }
}

/// The names that a file gives to filters: what stands in its `filters`, as far as the text tells.
fn named_filters(expr: &Expr) -> Vec<Name> {
    let mut scope = Scope::default();
    let top = follow(expr, &mut scope, 64);
    let written = Written { span: None, parts: top.map(Part::Expr).into_iter().collect() };
    let mut names = Vec::new();
    for part in written.attr("filters").parts {
        match part {
            Part::Path([first, ..], _) => names.extend(static_name(first)),
            Part::Path([], _) => {}
            Part::Expr(expr) => {
                if let Some(Expr { kind: ExprKind::AttrSet { bindings, .. }, .. }) =
                    follow(expr, &mut scope.clone(), 64)
                {
                    for binding in bindings {
                        match binding {
                            Binding::Value { path, .. } => names.extend(path.first().and_then(static_name)),
                            Binding::Inherit { names: inherited, .. } => {
                                names.extend(inherited.iter().filter_map(static_name));
                            }
                        }
                    }
                }
            }
        }
    }
    names
}

fn static_name(name: &AttrName) -> Option<Name> {
    match &name.kind {
        AttrNameKind::Static(text) => Some(text.clone()),
        AttrNameKind::Dynamic(_) => None,
    }
}

/// A path below a folder; what would lead out of it is refused.
pub(super) fn below(folder: &Path, path: &str) -> Result<PathBuf, String> {
    let relative = Path::new(path);
    let mut depth = 0_i32;
    for component in relative.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir => depth -= 1,
            Component::RootDir | Component::Prefix(_) => depth = i32::MIN / 2,
        }
        if depth < 0 {
            return Err(format!("`{path}` leads out of the inventory's folder"));
        }
    }
    let clean: PathBuf = relative.components().filter(|part| !matches!(part, Component::CurDir)).collect();
    Ok(folder.join(clean))
}

pub(super) fn import(folder: Option<&Path>, path: &str, limits: &Limits) -> Result<Imported, Diagnostic> {
    let Some(folder) = folder else {
        return Err(Diagnostic::error(Code::Io, format!("`{path}` cannot be imported here")));
    };
    let full = below(folder, path).map_err(|message| Diagnostic::error(Code::Io, message))?;
    let input = super::Input::read_within(&full, limits).map_err(|mut diagnostic| {
        diagnostic.labels.clear();
        diagnostic
    })?;
    let expr = parse::expression_within(&input.source, limits)?;
    Ok(Imported { source: input.source, expr })
}

/// Walks a value beside the expression that made it.
struct Walk<'w, 'e> {
    evaluation: &'w mut Evaluation<'e>,
    builder: TreeBuilder,
    path: Vec<Name>,
    failures: Vec<Failure>,
}

/// The expressions that names are bound to around an expression.
#[derive(Clone, Default)]
struct Scope<'a> {
    bound: Vec<(Name, &'a Expr)>,
}

impl Walk<'_, '_> {
    fn node(
        &mut self,
        value: &Value,
        expr: Option<&Expr>,
        scope: &Scope<'_>,
        around: Span,
    ) -> Result<TreeNode, Fault> {
        self.evaluation.step()?;
        let forced = self.evaluation.force(value);
        let mut scope = scope.clone();
        let expr = expr.and_then(|expr| follow(expr, &mut scope, 64));
        let span = expr.map_or(around, |expr| expr.span);
        let value = match forced {
            Ok(value) => value,
            Err(fault) => return self.failed(fault, span),
        };
        Ok(match &value {
            Value::Null => self.builder.null(span),
            Value::Bool(truth) => self.builder.bool(*truth, span),
            Value::Int(number) => self.builder.int(*number, span),
            Value::Float(number) => self.builder.float(*number, span),
            Value::String(text) => self.builder.string(text, span),
            Value::List(items) => {
                let written: &[Expr] = match expr.map(|expr| &expr.kind) {
                    Some(ExprKind::List(written)) if written.len() == items.len() => written,
                    _ => &[],
                };
                let mut nodes = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    self.path.push(index.to_string().into());
                    let node = self.node(item, written.get(index), &scope, span);
                    self.path.pop();
                    nodes.push(node?);
                }
                self.builder.list(nodes, span)
            }
            Value::Attrs(_) | Value::Entity(_) => {
                let evaluator: &mut dyn Evaluator = self.evaluation;
                let attrs = evaluator.attrs(&value)?;
                let parts = expr.map(Part::Expr).into_iter().collect();
                let written = Written { span: None, parts };
                return self.object(&attrs, &written, &scope, span);
            }
            Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => {
                self.builder.expression(self.path.clone(), span)
            }
            Value::Thunk(_) => self.builder.null(span),
        })
    }

    /// A part that fails, unless it is the whole, or a limit that the rest would reach too.
    fn failed(&mut self, fault: Fault, span: Span) -> Result<TreeNode, Fault> {
        let code = fault.diagnostic().code;
        if self.path.is_empty() || matches!(code, Code::LimitReached | Code::Interrupted) {
            return Err(fault);
        }
        let diagnostic = fault.into_diagnostic();
        self.failures.push(Failure { path: self.path.clone(), span, diagnostic });
        Ok(self.builder.expression(self.path.clone(), span))
    }

    /// The value of an attribute, whose text may be spread over several nested paths.
    fn attr(
        &mut self,
        value: &Value,
        found: &Written<'_>,
        scope: &Scope<'_>,
        span: Span,
    ) -> Result<TreeNode, Fault> {
        if let [Part::Expr(expr)] = found.parts.as_slice() {
            return self.node(value, Some(expr), scope, span);
        }
        let value = match self.evaluation.force(value) {
            Ok(value) => value,
            Err(fault) => return self.failed(fault, span),
        };
        match &value {
            Value::Attrs(attrs) => self.object(attrs, found, scope, span),
            other => self.node(other, None, scope, span),
        }
    }

    fn object(
        &mut self,
        attrs: &Attrs,
        written: &Written<'_>,
        scope: &Scope<'_>,
        span: Span,
    ) -> Result<TreeNode, Fault> {
        let mut entries = Vec::with_capacity(attrs.len());
        for (name, item) in attrs.iter() {
            let found = written.attr(name);
            let key_span = found.span.unwrap_or(span);
            self.path.push(name.clone());
            let node = self.attr(item, &found, scope, key_span);
            self.path.pop();
            entries.push((name.clone(), key_span, node?));
        }
        // Entries stand in the order of the text, where they have places of their own.
        entries.sort_by_key(|(_, span, _)| span.start);
        let entries = entries.iter().map(|(name, span, node)| (&**name, *span, *node));
        Ok(self.builder.object(entries, span))
    }
}

/// The expression that makes the value: through `let`, `with` and names.
fn follow<'a>(expr: &'a Expr, scope: &mut Scope<'a>, fuel: u32) -> Option<&'a Expr> {
    let fuel = fuel.checked_sub(1)?;
    match &expr.kind {
        ExprKind::Let { bindings, body } => {
            bind(bindings, scope);
            follow(body, scope, fuel)
        }
        ExprKind::With { body, .. } | ExprKind::Assert { body, .. } => follow(body, scope, fuel),
        ExprKind::Ascription { value, .. } => follow(value, scope, fuel),
        ExprKind::Variable(name) => {
            let (_, bound) = scope.bound.iter().rev().find(|(known, _)| known == name)?;
            let bound = *bound;
            match bound.kind {
                ExprKind::Variable(_) => Some(bound),
                _ => follow(bound, scope, fuel),
            }
        }
        _ => Some(expr),
    }
}

fn bind<'a>(bindings: &'a [Binding], scope: &mut Scope<'a>) {
    for binding in bindings {
        if let Binding::Value { path, value } = binding
            && let [only] = path.as_slice()
            && let AttrNameKind::Static(name) = &only.kind
        {
            scope.bound.push((name.clone(), value));
        }
    }
}

/// The places where the text gives a value.
#[derive(Default)]
struct Written<'a> {
    /// The name that it is bound to.
    span: Option<Span>,
    parts: Vec<Part<'a>>,
}

/// A written expression, or the rest of a nested path that leads to one.
enum Part<'a> {
    Expr(&'a Expr),
    Path(&'a [AttrName], &'a Expr),
}

impl<'a> Written<'a> {
    /// Where an attribute of the value is written.
    fn attr(&self, name: &str) -> Written<'a> {
        let mut found = Written::default();
        for part in &self.parts {
            match part {
                Part::Expr(Expr { kind: ExprKind::AttrSet { bindings, .. }, .. }) => {
                    for binding in bindings {
                        match binding {
                            Binding::Value { path, value } => found.add(path, value, name),
                            Binding::Inherit { names, .. } => {
                                let inherited = names.iter().find(|known| is(known, name));
                                found.span = found.span.or(inherited.map(|known| known.span));
                            }
                        }
                    }
                }
                Part::Expr(expr) => found.parts.extend(marked(expr, name).map(Part::Expr)),
                Part::Path(path, value) => found.add(path, value, name),
            }
        }
        found
    }

    fn add(&mut self, path: &'a [AttrName], value: &'a Expr, name: &str) {
        let Some((first, rest)) = path.split_first() else { return };
        if !is(first, name) {
            return;
        }
        self.span = self.span.or(Some(first.span));
        self.parts.push(if rest.is_empty() { Part::Expr(value) } else { Part::Path(rest, value) });
    }
}

/// What a call of `mkForce` and the like marks, which is an attribute of what the call gives.
fn marked<'a>(expr: &'a Expr, name: &str) -> Option<&'a Expr> {
    let ExprKind::Apply { function, arguments } = &expr.kind else { return None };
    let last = match &function.kind {
        ExprKind::Variable(last) => last,
        ExprKind::Select { path, default: None, .. } => match &path.last()?.kind {
            AttrNameKind::Static(last) => last,
            AttrNameKind::Dynamic(_) => return None,
        },
        _ => return None,
    };
    (matches!(name, "content" | "contents") && last.starts_with("mk")).then(|| arguments.last()).flatten()
}

fn is(written: &AttrName, name: &str) -> bool {
    matches!(&written.kind, AttrNameKind::Static(text) if &**text == name)
}
