//! Types of calls.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::Checker;
use super::arguments::Unfit;
use super::names;
use super::narrow::is_null;
use super::scope::Fact;
use super::select::literal;
use super::tested::is_short;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{AttrName, AttrNameKind, Binding, Expr, ExprKind};
use crate::syntax::format::quote_string;
use crate::syntax::parse;
use crate::text::{Span, list_or, quoted};
use crate::types::tir::{self, Body, NameKind, NamedString};
use crate::types::{Rest, Type};

/// How deep files may import each other.
const IMPORTS: u32 = 32;

/// How many files one expression may import, those counted that imported files import.
const IMPORTED: u32 = 1_000;

/// A function that is being called, as far as it is known.
pub(super) struct Callee<'e> {
    /// The builtin it is, if it is one.
    pub(super) builtin: Option<u32>,
    /// Its text, for messages.
    pub(super) expr: &'e Expr,
    /// Whether a mistake has been told that explains what else does not fit.
    pub(super) is_told: Cell<bool>,
    /// Arguments that do not fit, told together at the end of the call.
    pub(super) unfit: RefCell<Vec<Unfit>>,
}

/// The functions of `filters` that take filters for the paths they name, which may lead nowhere: ClusterConfig
/// looks for no machine there, or takes nothing for one that is missing.
const PATHS_ALONE: [&str; 6] = [
    "filtersToPaths",
    "resolveDefinitions",
    "resolve",
    "resolveMachineName",
    "resolveVmName",
    "resolveNodeName",
];

impl<'e> Callee<'e> {
    fn new(builtin: Option<u32>, expr: &'e Expr) -> Callee<'e> {
        Callee { builtin, expr, is_told: Cell::new(false), unfit: RefCell::default() }
    }
}

/// What stands before a function of a pipe.
pub(super) struct Piped<'p> {
    /// Its type.
    pub(super) ty: &'p Type,
    /// Where it is.
    pub(super) place: Span,
    /// What is known of its elements, where it is a list.
    pub(super) facts: &'p [Fact],
}

/// A call whose arguments have been checked.
struct Call {
    /// The arguments, delayed where they need to be.
    arguments: Vec<tir::Expr>,
    /// The type of the result.
    ty: Type,
}

impl Checker<'_> {
    pub(super) fn apply(
        &mut self,
        function: &Expr,
        arguments: &[Expr],
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        if let Some(imported) = self.import(function, arguments, span) {
            return imported;
        }
        if let Some(ty) = self.foreign_operators(function, arguments) {
            return (self.nothing(span), ty);
        }
        let items: Vec<&Expr> = std::iter::once(function).chain(arguments).collect();
        if self.dotted_number(&items) {
            return (self.nothing(span), self.table.fresh());
        }
        let before = self.diagnostics.len();
        let (lowered, ty) = self.called(function);
        let callee = Callee::new(builtin_of(&lowered), function);
        let special = self.special_type(callee.builtin, arguments);
        let ty = special.or_else(|| self.mark_type(callee.builtin, expected)).unwrap_or(ty);
        let call = self.call(&callee, ty, arguments, None);
        self.keep_foreign(before, function, arguments);
        if let (Some("elem"), [element, list]) =
            (callee.builtin.and_then(builtins::get).map(|builtin| builtin.name), arguments)
        {
            self.check_words(element, list);
        }
        (call_expr(lowered, call.arguments, span), call.ty)
    }

    /// What stands before arguments.
    fn called(&mut self, function: &Expr) -> (tir::Expr, Type) {
        let before = self.meant.len();
        let inferred = self.infer(function);
        self.is_called(before, function);
        inferred
    }

    /// Where a word of a call is from another language, the other words are too: only it is told.
    fn keep_foreign(&mut self, before: usize, function: &Expr, arguments: &[Expr]) {
        let told = self.diagnostics.get(before..).unwrap_or(&[]);
        let is_word = |diagnostic: &Diagnostic| {
            let place = diagnostic.labels.first().map(|label| label.span);
            (diagnostic.code == Code::ForeignSyntax || self.source.slice(function.span) == "import")
                && std::iter::once(function).chain(arguments).any(|word| Some(word.span) == place)
        };
        if let Some(mut foreign) = told.iter().find(|diagnostic| is_word(diagnostic)).cloned() {
            let word = foreign.labels.first().map_or("", |label| label.source.slice(label.span));
            let is_left = |meant: &String| !meant.split(['(', ')', ' ']).any(|part| part == word);
            let meant = parse::translated(self.source.text()).filter(is_left);
            let renamed = || match self.source.slice(function.span) == word {
                true => self.renamed(word, arguments),
                false => None,
            };
            if let Some(meant) = meant.or_else(|| self.infix(word, function, arguments)).or_else(renamed) {
                foreign.help = Some(format!("write `{meant}`"));
            }
            self.diagnostics.truncate(before);
            self.diagnostics.push(foreign);
        }
    }

    /// `m.tags contains "web"`, as a call.
    fn infix(&self, word: &str, first: &Expr, rest: &[Expr]) -> Option<String> {
        let text = |expr: &Expr| self.source.slice(expr.span);
        let (left, right) = match rest {
            [operator, right] if text(operator) == word => (text(first), text(right)),
            [right, left] if text(first) == word => (text(left), text(right)),
            _ => return None,
        };
        let call = match word {
            "contains" | "includes" | "IN" => format!("elem {right} {left}"),
            "matches" => format!("match {right} {left} != null"),
            _ => return None,
        };
        (call.len() <= 80 && !call.contains('\n')).then_some(call)
    }

    /// A function of a pipe: what stands there, with the arguments that stand there, waits for one more.
    pub(super) fn stage(&mut self, stage: &Expr, piped: &Piped<'_>) -> (tir::Expr, Type) {
        match &stage.kind {
            ExprKind::Apply { function, arguments } => {
                let (lowered, ty) = self.called(function);
                let callee = Callee::new(builtin_of(&lowered), function);
                let ty = self.special_type(callee.builtin, arguments).unwrap_or(ty);
                let call = self.call(&callee, ty, arguments, Some(piped));
                (call_expr(lowered, call.arguments, stage.span), call.ty)
            }
            ExprKind::Lambda { parameter, body } => {
                let wanted = Type::function(piped.ty.clone(), self.table.fresh());
                let (lowered, ty) = self.lambda(parameter, body, stage.span, Some(&wanted), None);
                let callee = Callee::new(None, stage);
                let call = self.call(&callee, ty, &[], Some(piped));
                (lowered, call.ty)
            }
            _ => {
                let (lowered, ty) = self.called(stage);
                let callee = Callee::new(builtin_of(&lowered), stage);
                let call = self.call(&callee, ty, &[], Some(piped));
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
        expressions: &[Expr],
        piped: Option<&Piped<'_>>,
    ) -> Call {
        let arguments = expressions;
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
                    self.not_a_function(callee, arguments, &Type::Filter, index, place);
                    ty = self.table.fresh();
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
                    self.not_a_function(callee, arguments, &other, index, place);
                    ty = self.table.fresh();
                    break;
                }
            }
        }
        if let (Some(piped), Some(parameter)) = (piped, parameters.get(arguments.len())) {
            self.take_argument(callee, arguments.len(), parameter, piped.ty, piped.place);
        }
        // What a fold begins with may be null, and then be something else.
        if callee.builtin.is_some() && arguments.iter().any(is_lambda) {
            for (argument, parameter) in arguments.iter().zip(&parameters) {
                if is_null(argument) {
                    self.may_be_null(&self.table.shallow(parameter));
                }
            }
        }
        self.name_elements(callee, arguments);
        let before = self.diagnostics.len();
        // What is looked for may lack what only some elements have: `elem { a = 1; } [ { a = 1; } { b = 2; } ]`.
        let is_sought = callee.builtin.and_then(builtins::get).is_some_and(|builtin| builtin.name == "elem");
        let mut lowered: Vec<Option<(tir::Expr, Type)>> = arguments.iter().map(|_| None).collect();
        let mut grown = None;
        for functions in [false, true] {
            let mut tolerant = Vec::new();
            for (index, argument) in arguments.iter().enumerate() {
                if is_lambda(argument) != functions {
                    continue;
                }
                let parameter = parameters.get(index);
                if functions {
                    self.of_argument = self.facts_of_argument(callee, index, arguments, piped);
                }
                let fold = parameter.filter(|_| index == 0 && self.is_fold(callee, arguments, total));
                let value = match fold.and_then(|fold| self.folding(callee, arguments, fold)) {
                    Some((value, wider @ Some(_))) => {
                        grown = wider;
                        if let Some(slot) = lowered.get_mut(index) {
                            *slot = Some(value);
                        }
                        continue;
                    }
                    Some((value, None)) => value,
                    None => self.argument(callee, arguments, index, argument, parameter),
                };
                if self.is_tolerant(&value.1) || (index == 0 && is_sought) {
                    tolerant.push(index);
                } else if let Some(parameter) = parameter {
                    self.take_argument(callee, index, parameter, &value.1, argument.span);
                }
                if let Some(slot) = lowered.get_mut(index) {
                    *slot = Some(value);
                }
            }
            for index in tolerant {
                if let (Some(parameter), Some(Some((_, found))), Some(argument)) =
                    (parameters.get(index), lowered.get(index), arguments.get(index))
                {
                    self.take_argument(callee, index, parameter, found, argument.span);
                }
            }
        }
        if callee.is_told.get() && arguments.first().is_some_and(is_index) {
            // `machines[0].name` is one mistake.
            self.diagnostics.truncate(before);
        }
        let (arguments, mut types): (_, Vec<Type>) = lowered.into_iter().flatten().unzip();
        self.report_arguments(callee, expressions, &parameters, &types);
        types.extend(piped.map(|piped| piped.ty.clone()));
        let ty = grown.or_else(|| self.special_result(callee.builtin, expressions, &types)).unwrap_or(ty);
        Call { arguments, ty }
    }

    /// `map tag [ "web" "db" ]`: each literal is looked up as it is in `tag "web"`.
    fn name_elements(&mut self, callee: &Callee<'_>, arguments: &[Expr]) {
        let name = callee.builtin.and_then(builtins::get).map(|builtin| builtin.name);
        let ("map" | "concatMap" | "any" | "all", [function, list, ..]) = (name.unwrap_or(""), arguments)
        else {
            return;
        };
        let ExprKind::List(items) = &list.kind else { return };
        let Some(entry) = self.named_builtin(function).and_then(builtins::get) else { return };
        for item in items {
            self.name_argument(entry, std::slice::from_ref(item), 0, item);
        }
    }

    /// `"web" |> tag`, `[ "web" "db" ] |> map tag`: literals are looked up as they are in a call.
    pub(super) fn name_piped(&mut self, stage: &Expr, piped: &Expr) {
        if literal(piped).is_none() && !matches!(piped.kind, ExprKind::List(_)) {
            return;
        }
        let (function, arguments) = match &stage.kind {
            ExprKind::Apply { function, arguments } => (&**function, arguments.as_slice()),
            ExprKind::Variable(_) | ExprKind::Select { .. } => (stage, &[][..]),
            _ => return,
        };
        let builtin = self.named_builtin(function);
        let Some(entry) = builtin.and_then(builtins::get) else { return };
        let all: Vec<Expr> = arguments.iter().chain([piped]).cloned().collect();
        self.name_argument(entry, &all, arguments.len(), piped);
        self.name_elements(&Callee::new(builtin, function), &all);
    }

    /// The builtin that a name or a selection from one is. What is longer is not looked at: it is checked
    /// where it stands, and twice in each of many layers would be too often.
    fn named_builtin(&mut self, function: &Expr) -> Option<u32> {
        if !is_short(function) {
            return None;
        }
        let before = self.mark();
        let builtin = builtin_of(&self.infer(function).0);
        self.rollback(before);
        builtin
    }

    pub(super) fn argument(
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
        let optional = self.optional;
        if PATHS_ALONE.into_iter().any(is_filter_set) {
            self.optional += 1;
        }
        if let Some(entry) = entry {
            self.name_argument(entry, arguments, index, argument);
        }
        if let Some(told) = entry.and_then(|entry| self.unquoted_name(entry, index, argument)) {
            self.optional = optional;
            return told;
        }
        if let Some(told) = entry.and_then(|entry| self.logic_of_names(entry, callee, argument)) {
            self.optional = optional;
            return told;
        }
        let cluster = self.cluster.clone();
        if is_filter_set("inCluster") && index == 1 {
            self.cluster = arguments.first().and_then(literal).map(|(name, _)| name);
        }
        if is_filter_set("optional") {
            self.optional += 1;
        }
        // What stands behind a condition is used only where that holds: `optionals (m ? ip) [ m.ip ]`.
        let scope = self.scopes.len();
        if let (Some("optional" | "optionals" | "optionalAttrs" | "optionalString"), 1, Some(condition)) =
            (builtin, index, arguments.first())
        {
            self.narrow(condition, true);
        }
        // The parameter's type is a hint: what does not fit is told in this call's words.
        let before = self.diagnostics.len();
        let told = self.delay_hinted(argument, parameter);
        self.suggest_function(before, argument, parameter);
        self.suggest_second_parameter(before, callee, index, argument, parameter);
        self.scopes.truncate(scope);
        self.cluster = cluster;
        self.optional = optional;
        told
    }

    /// What is known of what a builtin gives to a function: elements of a list.
    fn facts_of_argument(
        &self,
        callee: &Callee<'_>,
        index: usize,
        arguments: &[Expr],
        piped: Option<&Piped<'_>>,
    ) -> Vec<Fact> {
        let builtin = callee.builtin.and_then(builtins::get);
        let list = builtin.and_then(|builtin| Self::list_of_function(builtin.name, index));
        match (list, piped) {
            (Some(list), Some(piped)) if list == arguments.len() => piped.facts.to_vec(),
            (Some(list), _) => {
                arguments.get(list).map(|list| self.facts_of_elements(list)).unwrap_or_default()
            }
            (None, _) => Vec::new(),
        }
    }

    /// Whether a function takes more than it is given here, perhaps: what may be null, or records with
    /// further fields. It is looked at behind the other arguments, which say what there is.
    fn is_tolerant(&self, ty: &Type) -> bool {
        let Type::Function(parameter, _) = self.table.shallow(ty) else { return false };
        match self.table.shallow(&parameter) {
            Type::Optional(_) => true,
            Type::Record(record) => matches!(record.rest, Rest::Open(_)),
            _ => false,
        }
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
        let before = self.mark();
        let (lowered, _) = self.infer(argument);
        let is_unknown = self
            .diagnostics
            .get(before.diagnostics)
            .is_some_and(|diagnostic| diagnostic.code == Code::UnknownName);
        let asked = names::Asked { kind, name, home: None, instance: None };
        let named: Vec<&str> = match self.context.inventory {
            Some(inventory) if names::unknown(&asked, inventory).is_some() => names::near(&asked, inventory),
            Some(_) => vec![&**name],
            None => Vec::new(),
        };
        if is_unknown && named.is_empty() && self.has_near(before.meant) {
            // A misspelt variable, more likely.
            return Some((lowered, Type::String));
        }
        self.rollback(before);
        if !is_unknown {
            return None;
        }
        let message = format!("no variable is called {}", quoted(name));
        let strings: Vec<String> = named.into_iter().map(quote_string).collect();
        let help = match strings.as_slice() {
            [] => format!("write `\"{name}\"`"),
            [same] if *same == quote_string(name) => format!("write `{same}`"),
            near => format!("did you mean {}?", list_or(near)),
        };
        let diagnostic = Diagnostic::error(Code::UnknownName, message).help(help);
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
        if let (0, ExprKind::AttrSet { bindings, .. }) = (index, &argument.kind) {
            self.name_fields(entry, bindings);
        }
        let kind = entry.names.iter().find(|(parameter, _)| *parameter == index).map(|(_, kind)| kind);
        let Some((name, span)) = literal(argument) else { return };
        // A pattern without a sign for others is a name.
        let is_name = entry.name == "glob" && !name.contains(['*', '?', '[', '{', '\\']);
        let Some(kind) = kind.or(is_name.then_some(&NameKind::Machine)) else { return };
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

    /// `operationsCenter.query { kind = [ "network" ]; }`: the words in a field that names something.
    fn name_fields(&mut self, entry: &builtins::Builtin, bindings: &[Binding]) {
        for binding in bindings {
            let Binding::Value { path, value } = binding else { continue };
            let [AttrName { kind: AttrNameKind::Static(field), .. }] = path.as_slice() else { continue };
            let Some((_, kind)) = entry.fields.iter().find(|(known, _)| **known == **field) else { continue };
            for (name, span) in super::words::literals(value) {
                let (kind, optional) = (*kind, self.optional > 0);
                self.names.push(NamedString { kind, name, span, cluster: None, instance: None, optional });
            }
        }
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

/// `[0].name`, as it stands behind a list that is read by its index.
pub(super) fn is_index(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Select { base, .. } if matches!(&base.kind, ExprKind::List(items) if items.len() == 1))
}

fn is_lambda(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Lambda { .. })
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
