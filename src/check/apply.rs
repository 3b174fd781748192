//! Types of calls.

use std::cell::Cell;
use std::sync::Arc;

use super::Checker;
use super::names;
use super::select::literal;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Name};
use crate::text::{Span, nearest, quoted};
use crate::types::tir::{self, Body, NameKind, NamedString};
use crate::types::unify::Mismatch;
use crate::types::{Rest, Type};

/// How deep files may import each other.
const IMPORTS: u32 = 32;

/// How many files one expression may import, those counted that imported files import.
const IMPORTED: u32 = 1_000;

/// A function that is being called, as far as it is known.
struct Callee<'e> {
    /// The builtin it is, if it is one.
    builtin: Option<u32>,
    /// Its text, for messages.
    expr: &'e Expr,
    /// Whether a mistake has been told that explains what else does not fit.
    is_told: Cell<bool>,
}

impl<'e> Callee<'e> {
    fn new(builtin: Option<u32>, expr: &'e Expr) -> Callee<'e> {
        Callee { builtin, expr, is_told: Cell::new(false) }
    }
}

/// A call whose arguments have been checked.
struct Call {
    /// The arguments, delayed where they need to be.
    arguments: Vec<tir::Expr>,
    /// Their types.
    types: Vec<Type>,
    /// The type of the result.
    ty: Type,
}

impl Checker<'_> {
    pub(super) fn apply(&mut self, function: &Expr, arguments: &[Expr], span: Span) -> (tir::Expr, Type) {
        if let Some(imported) = self.import(function, arguments, span) {
            return imported;
        }
        if let Some(ty) = self.foreign_operators(function, arguments) {
            return (self.nothing(span), ty);
        }
        let before = self.diagnostics.len();
        let (lowered, ty) = self.infer(function);
        let callee = Callee::new(builtin_of(&lowered), function);
        let call = self.call(&callee, ty, arguments, None);
        self.keep_foreign(before, function, arguments);
        if let (Some("elem"), [element, list]) =
            (callee.builtin.and_then(builtins::get).map(|builtin| builtin.name), arguments)
        {
            self.check_words(element, list);
        }
        let ty = self.special(&callee, arguments, &call).unwrap_or(call.ty);
        (call_expr(lowered, call.arguments, span), ty)
    }

    /// Where a word of a call is from another language, the other words are too: only it is told.
    fn keep_foreign(&mut self, before: usize, function: &Expr, arguments: &[Expr]) {
        let told = self.diagnostics.get(before..).unwrap_or(&[]);
        let is_word = |diagnostic: &Diagnostic| {
            let place = diagnostic.labels.first().map(|label| label.span);
            diagnostic.code == Code::ForeignSyntax
                && std::iter::once(function).chain(arguments).any(|word| Some(word.span) == place)
        };
        if let Some(foreign) = told.iter().find(|diagnostic| is_word(diagnostic)).cloned() {
            self.diagnostics.truncate(before);
            self.diagnostics.push(foreign);
        }
    }

    /// A function of a pipe: what stands there, with the arguments that stand there, waits for one more.
    pub(super) fn stage(&mut self, stage: &Expr, piped: &Type, place: Span) -> (tir::Expr, Type) {
        match &stage.kind {
            ExprKind::Apply { function, arguments } => {
                let (lowered, ty) = self.infer(function);
                let callee = Callee::new(builtin_of(&lowered), function);
                let call = self.call(&callee, ty, arguments, Some((piped, place)));
                (call_expr(lowered, call.arguments, stage.span), call.ty)
            }
            ExprKind::Lambda { parameter, body } => {
                let wanted = Type::function(piped.clone(), self.table.fresh());
                let (lowered, ty) = self.lambda(parameter, body, stage.span, Some(&wanted), None);
                let callee = Callee::new(None, stage);
                let call = self.call(&callee, ty, &[], Some((piped, place)));
                (lowered, call.ty)
            }
            _ => {
                let (lowered, ty) = self.infer(stage);
                let callee = Callee::new(builtin_of(&lowered), stage);
                let call = self.call(&callee, ty, &[], Some((piped, place)));
                (lowered, call.ty)
            }
        }
    }

    /// Checks arguments against the parameters of a function; `piped` is one more that stands before
    /// the function. Functions among the arguments come last, since the others tell their types.
    fn call(
        &mut self,
        callee: &Callee<'_>,
        function: Type,
        arguments: &[Expr],
        piped: Option<(&Type, Span)>,
    ) -> Call {
        let mut parameters = Vec::with_capacity(arguments.len() + 1);
        let mut ty = function;
        let total = arguments.len() + usize::from(piped.is_some());
        for index in 0..total {
            let place = arguments.get(index).map_or(callee.expr.span, |argument| argument.span);
            match self.table.shallow(&ty) {
                Type::Function(parameter, result) => {
                    parameters.push(Type::clone(&parameter));
                    ty = Type::clone(&result);
                }
                Type::Any => parameters.push(Type::Any),
                // `hostname "a" "b"`: a filter is called with a cluster's name and its configuration, both.
                Type::Filter if arguments.len() == index + 1 && index > 0 && piped.is_none() => {
                    self.not_a_function(callee, &Type::Filter, index, place);
                    break;
                }
                Type::Filter => {
                    parameters.push(Type::String);
                    ty = Type::function(Type::Any, Type::list(Type::Path));
                }
                Type::Variable(_) => {
                    let (parameter, result) = (self.table.fresh(), self.table.fresh());
                    let function = Type::function(parameter.clone(), result.clone());
                    self.unify(&function, &ty, callee.expr.span);
                    parameters.push(parameter);
                    ty = result;
                }
                other => {
                    self.not_a_function(callee, &other, index, place);
                    ty = self.table.fresh();
                    break;
                }
            }
        }
        if let (Some((piped, place)), Some(parameter)) = (piped, parameters.get(arguments.len()).cloned()) {
            self.unify_argument(callee, arguments.len(), &parameter, piped, place);
        }
        let mut lowered: Vec<Option<(tir::Expr, Type)>> = arguments.iter().map(|_| None).collect();
        for functions in [false, true] {
            for (index, argument) in arguments.iter().enumerate() {
                if matches!(argument.kind, ExprKind::Lambda { .. }) != functions {
                    continue;
                }
                let parameter = parameters.get(index).cloned();
                let value = self.argument(callee, arguments, index, argument, parameter.as_ref());
                if let Some(slot) = lowered.get_mut(index) {
                    *slot = Some(value);
                }
            }
        }
        let (arguments, types) = lowered.into_iter().flatten().unzip();
        Call { arguments, types, ty }
    }

    fn argument(
        &mut self,
        callee: &Callee<'_>,
        arguments: &[Expr],
        index: usize,
        argument: &Expr,
        parameter: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let entry = callee.builtin.and_then(builtins::get);
        let builtin = entry.map(|entry| entry.name);
        let is_filter_set = |name: &str| {
            builtin == Some(name) && entry.is_some_and(|entry| entry.scopes.contains(&"filters"))
        };
        if let Some(entry) = entry {
            self.name_argument(entry, arguments, index, argument);
        }
        if let Some(told) = entry.and_then(|entry| self.unquoted_name(entry, index, argument)) {
            return told;
        }
        let cluster = self.cluster.clone();
        let optional = self.optional;
        if is_filter_set("inCluster") && index == 1 {
            self.cluster = arguments.first().and_then(literal).map(|(name, _)| name);
        }
        if is_filter_set("optional") {
            self.optional += 1;
        }
        // The parameter's type is a hint: what does not fit is told in this call's words.
        let (value, found) = self.delay_hinted(argument, parameter);
        self.cluster = cluster;
        self.optional = optional;
        if let Some(parameter) = parameter {
            self.unify_argument(callee, index, parameter, &found, argument.span);
        }
        (value, found)
    }

    /// `tag web`: a name without quotes, where nothing is called so.
    fn unquoted_name(
        &mut self,
        entry: &builtins::Builtin,
        index: usize,
        argument: &Expr,
    ) -> Option<(tir::Expr, Type)> {
        let ExprKind::Variable(name) = &argument.kind else { return None };
        let kind = entry.names.iter().find(|(parameter, _)| *parameter == index)?.1;
        let is_there = self.context.inventory.is_some_and(|inventory| {
            let asked = names::Asked { kind, name, home: None, instance: None };
            names::unknown(&asked, inventory).is_none()
        });
        let before = self.diagnostics.len();
        let (lowered, _) = self.infer(argument);
        let told = self.diagnostics.get(before);
        let is_unknown = told.is_some_and(|diagnostic| diagnostic.code == Code::UnknownName);
        if is_unknown
            && !is_there
            && told
                .and_then(|diagnostic| diagnostic.help.as_ref())
                .is_some_and(|help| help.starts_with("did you"))
        {
            // A misspelt variable, more likely.
            return Some((lowered, Type::String));
        }
        self.diagnostics.truncate(before);
        if !is_unknown {
            return None;
        }
        let message = format!("no variable is called {}", quoted(name));
        let diagnostic = Diagnostic::error(Code::UnknownName, message).help(format!("write `\"{name}\"`"));
        self.report(diagnostic, argument.span, format!("the name of a {} is a string", kind.word()));
        Some((lowered, Type::String))
    }

    /// A literal in the place of a named string is looked up later.
    fn name_argument(
        &mut self,
        entry: &builtins::Builtin,
        arguments: &[Expr],
        index: usize,
        argument: &Expr,
    ) {
        let Some((_, kind)) = entry.names.iter().find(|(parameter, _)| *parameter == index) else { return };
        let Some((name, span)) = literal(argument) else { return };
        let instance = match kind {
            NameKind::Role => arguments.first().and_then(literal).map(|(name, _)| name),
            _ => None,
        };
        self.names.push(NamedString {
            kind: *kind,
            name,
            span,
            cluster: self.cluster.clone(),
            instance,
            optional: self.optional > 0,
        });
    }

    fn unify_argument(
        &mut self,
        callee: &Callee<'_>,
        index: usize,
        parameter: &Type,
        found: &Type,
        span: Span,
    ) {
        let Err(mismatch) = self.table.unify(parameter, found) else { return };
        if callee.is_told.get() {
            return;
        }
        // Other arguments of the same type would be told in the same words.
        callee.is_told.set(matches!(mismatch, Mismatch::Constraint(..)));
        let function = self.source.slice(callee.expr.span).to_owned();
        let short = function.len() <= 40 && !function.contains('\n');
        let named = |text: &str| if short { format!("`{function}`") } else { text.to_owned() };
        let pattern = matches!(self.table.shallow(parameter), Type::Record(_));
        let diagnostic = match &mismatch {
            Mismatch::Infinite => super::report::infinite(),
            Mismatch::MissingField(name) if pattern => Diagnostic::error(
                Code::MissingArgument,
                format!("{} needs the argument `{name}`", named("the function")),
            )
            .help(self.missing_argument_help(name, parameter, found)),
            Mismatch::UnknownField(name) if pattern => {
                let record = self.as_record(parameter);
                let known: Vec<Name> = record
                    .iter()
                    .flat_map(|record| record.fields.iter().map(|field| field.name.clone()))
                    .collect();
                Diagnostic::error(
                    Code::UnknownArgument,
                    format!("{} takes no argument `{name}`", named("the function")),
                )
                .help(
                    crate::text::did_you_mean(name, known.iter().map(|name| &**name))
                        .unwrap_or_else(|| format!("remove `{name}`, or end the pattern with `...`")),
                )
            }
            _ => {
                let (wanted, shown) = self.show_expected(parameter, found);
                let place = named("the function");
                let help = self.argument_help(callee, index, parameter, found, span);
                Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected {wanted} as argument {} of {place}, found {shown}", index + 1),
                )
                .maybe_help(help.or_else(|| self.mismatch_help(&mismatch, span)))
            }
        };
        let shown = self.show(found);
        self.report(diagnostic, span, format!("this is {shown}"));
    }

    /// An argument that is missing may be there under another name.
    fn missing_argument_help(&self, name: &str, parameter: &Type, found: &Type) -> String {
        let given = self.as_record(found).filter(|record| record.fields.len() < 50);
        let taken = self.as_record(parameter);
        let unused = given
            .iter()
            .flat_map(|record| &record.fields)
            .map(|field| &*field.name)
            .filter(|given| taken.as_ref().is_none_or(|record| record.field(given).is_none()));
        match nearest(name, unused).first() {
            Some(misspelt) => format!("write `{name}` for `{misspelt}`"),
            None => format!("add `{name} = …;`"),
        }
    }

    fn argument_help(
        &self,
        callee: &Callee<'_>,
        index: usize,
        parameter: &Type,
        found: &Type,
        span: Span,
    ) -> Option<String> {
        let builtin = callee.builtin.and_then(builtins::get)?;
        let text = self.source.slice(span);
        let bare = text.trim_start_matches('(').trim_end_matches(')');
        match (self.table.shallow(parameter), self.table.shallow(found)) {
            (Type::Function(..), Type::Filter) if index == 0 && builtin.name == "filter" => Some(format!(
                "a filter selects by itself: write `{bare}` alone; in a list of machines write `filter (m: …) machines`"
            )),
            (Type::Filter, Type::String) => Some(format!("write `hostname {text}` or `tag {text}`")),
            (Type::List(_), Type::Filter) => {
                Some("a filter is no list; `machines` is the list of all machines".to_owned())
            }
            (Type::String, Type::List(_)) if builtin.scopes.contains(&"filters") => {
                Some(format!("write one `{}` for each name, joined with `||`", builtin.name))
            }
            (Type::String, Type::Variable(_)) => None,
            (Type::String, Type::Int | Type::Float) => {
                Some(format!("write `\"{text}\"` or `(toString {text})`"))
            }
            _ => None,
        }
    }

    fn not_a_function(&mut self, callee: &Callee<'_>, found: &Type, index: usize, place: Span) {
        callee.is_told.set(true);
        let shown = self.show(found);
        let text = self.source.slice(callee.expr.span);
        let diagnostic = match index {
            0 => Diagnostic::error(
                Code::NotAFunction,
                format!("expected a function before an argument, found {shown}"),
            )
            .maybe_help(match found {
                _ if place == callee.expr.span => None,
                Type::List(_) => {
                    let index = self.source.slice(place).trim_matches(['[', ']', ' ', '.']);
                    (index.bytes().all(|byte| byte.is_ascii_digit()) && !index.is_empty())
                        .then(|| format!("write `elemAt {text} {index}`"))
                }
                Type::Int | Type::Float | Type::String | Type::Bool => Some(format!(
                    "inside a list write `[ {text} {} ]`; otherwise an operator is missing",
                    self.source.slice(place)
                )),
                _ => None,
            }),
            1 => Diagnostic::error(Code::NotAFunction, format!("`{text}` takes one argument, found more"))
                .help("put parentheses around an argument that is a call itself, or remove this one"),
            _ => {
                Diagnostic::error(Code::NotAFunction, format!("`{text}` takes {index} arguments, found more"))
                    .help("put parentheses around an argument that is a call itself, or remove this one")
            }
        };
        let (span, label) = if index == 0 {
            (callee.expr.span, format!("this is {shown}"))
        } else {
            (place, "one too many".to_owned())
        };
        self.report(diagnostic, span, label);
    }

    /// Results whose type depends on literal arguments.
    fn special(&mut self, callee: &Callee<'_>, arguments: &[Expr], call: &Call) -> Option<Type> {
        let entry = callee.builtin.and_then(builtins::get)?;
        match (entry.name, arguments, call.types.as_slice()) {
            ("removeAttrs", [_, names], [set, _]) => self.removed(set, names),
            _ => None,
        }
    }

    /// `removeAttrs` with literal names keeps the other fields' types.
    fn removed(&mut self, set: &Type, names: &Expr) -> Option<Type> {
        let ExprKind::List(items) = &names.kind else { return None };
        let names: Option<Vec<Name>> = items.iter().map(|item| literal(item).map(|(name, _)| name)).collect();
        let names = names?;
        let record = self.as_record(set)?;
        if record.rest != Rest::Closed {
            return None;
        }
        let fields = record.fields.iter().filter(|field| !names.contains(&field.name)).cloned().collect();
        Some(Type::record(fields, Rest::Closed))
    }

    /// `import ./file`
    fn import(&mut self, function: &Expr, arguments: &[Expr], span: Span) -> Option<(tir::Expr, Type)> {
        let ExprKind::Variable(name) = &function.kind else { return None };
        let (first, rest) = arguments.split_first()?;
        let ExprKind::Path(path) = &first.kind else { return None };
        if &**name != "import" || self.scopes.lookup(name).is_some() {
            return None;
        }
        let loaded = match self.context.import {
            _ if self.imports >= IMPORTS => Err(Diagnostic::error(
                Code::LimitReached,
                format!("files import each other more than {IMPORTS} deep"),
            )
            .help("remove the import that leads back to its own file")),
            _ if self.imported >= IMPORTED => Err(Diagnostic::error(
                Code::LimitReached,
                format!("more than {IMPORTED} files are imported, each counted as often as it is"),
            )
            .help("import a file once, and give it a name with `let`")),
            Some(load) => load(path),
            None => Err(Diagnostic::error(Code::Io, format!("`{path}` cannot be imported here"))
                .help("files can be imported from expression files below the inventory's folder")),
        };
        let imported = match loaded {
            Ok(imported) => imported,
            Err(mut diagnostic) => {
                if diagnostic.labels.is_empty() {
                    self.report(diagnostic, first.span, "imported here");
                } else {
                    diagnostic.labels.push(crate::diagnostic::Label {
                        source: Arc::clone(&self.source),
                        span: first.span,
                        message: "imported here".to_owned(),
                    });
                    self.diagnostics.push(diagnostic);
                }
                return Some((self.nothing(span), self.table.fresh()));
            }
        };
        self.table.allow(imported.source.text().len());
        // The file sees nothing of what is bound here.
        let source = std::mem::replace(&mut self.source, imported.source);
        let scopes = std::mem::take(&mut self.scopes);
        self.imports += 1;
        self.imported += 1;
        self.scopes.enter_frame(Vec::new());
        let (expr, ty) = self.infer(&imported.expr);
        let slots = self.scopes.leave_frame().slots;
        self.imports -= 1;
        let file = std::mem::replace(&mut self.source, source);
        self.scopes = scopes;
        let body = Body { expr, slots, source: file };
        let lowered = tir::Expr { kind: tir::ExprKind::Import(Arc::new(body)), span };
        if rest.is_empty() {
            return Some((lowered, ty));
        }
        let callee = Callee::new(None, function);
        let call = self.call(&callee, ty, rest, None);
        Some((call_expr(lowered, call.arguments, span), call.ty))
    }
}

/// The builtin that a lowered expression is.
fn builtin_of(expr: &tir::Expr) -> Option<u32> {
    match expr.kind {
        tir::ExprKind::Builtin(index) => Some(index),
        _ => None,
    }
}

fn call_expr(function: tir::Expr, arguments: Vec<tir::Expr>, span: Span) -> tir::Expr {
    if arguments.is_empty() {
        return function;
    }
    tir::Expr { kind: tir::ExprKind::Apply { function: Box::new(function), arguments }, span }
}
