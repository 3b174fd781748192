//! Arguments that do not fit their function.

use std::sync::Arc;

use super::Checker;
use super::apply::Callee;
use super::select::literal;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{BinaryOperator as Op, Expr, ExprKind, Name};
use crate::syntax::format::{attr_name, quote_string};
use crate::syntax::parse;
use crate::text::{Span, nearest, quoted};
use crate::types::unify::Mismatch;
use crate::types::{Type, schema, tir};

/// An argument that does not fit.
pub(super) struct Unfit {
    index: usize,
    found: Type,
    span: Span,
    mismatch: Mismatch,
}

impl Checker<'_> {
    /// Makes an argument agree with its parameter, or keeps the mistake for the end of the call.
    pub(super) fn take_argument(
        &mut self,
        callee: &Callee<'_>,
        index: usize,
        parameter: &Type,
        found: &Type,
        span: Span,
    ) {
        if callee.builtin.is_some() && self.table.widen_number(parameter, found) {
            return;
        }
        let Err(mismatch) = self.table.unify(parameter, found) else { return };
        // An `Int` can be equal to a `Float`: `elem 1 [ 1.0 ]`.
        let is_sought = callee.builtin.and_then(builtins::get).is_some_and(|builtin| builtin.name == "elem");
        let number = |ty: &Type| matches!(self.table.shallow(ty), Type::Int | Type::Float);
        if is_sought && index == 0 && number(parameter) && number(found) {
            return;
        }
        callee.unfit.borrow_mut().push(Unfit { index, found: found.clone(), span, mismatch });
    }

    /// Tells the arguments of a call that do not fit; two that have changed places are one mistake.
    pub(super) fn report_arguments(
        &mut self,
        callee: &Callee<'_>,
        arguments: &[Expr],
        parameters: &[Type],
        types: &[Type],
    ) {
        let mut unfit = callee.unfit.take();
        if callee.is_told.get() || unfit.is_empty() {
            return;
        }
        unfit.sort_by_key(|unfit| unfit.index);
        if let ([a, b], [first, second], [x, y]) = (parameters, arguments, types)
            && self.table.compatible_as(a, y)
            && self.table.compatible_as(b, x)
            && !self.table.compatible_as(a, x)
        {
            return self.changed_places(callee, (first, x), (second, y));
        }
        // `list |> elemAt 5`: what is piped comes last.
        if let ([a, b], [first], [x], [_, piped]) = (parameters, arguments, types, unfit.as_slice())
            && piped.index == 1
            && self.table.compatible_as(a, &piped.found)
            && self.table.compatible_as(b, x)
        {
            return self.piped_too_late(callee, (first, x), piped);
        }
        // `elem list x`: everything may be looked for, so that the first argument fits.
        if let (Some("elem"), [first, second], [x @ Type::List(_), y]) =
            (callee.builtin.and_then(builtins::get).map(|builtin| builtin.name), arguments, types)
            && !matches!(self.table.shallow(y), Type::List(_) | Type::Variable(_) | Type::Any)
        {
            return self.changed_places(callee, (first, x), (second, y));
        }
        for one in unfit {
            let Some(parameter) = parameters.get(one.index) else { continue };
            self.report_argument(callee, arguments, parameter, &one);
            // Other arguments of the same type would be told in the same words.
            if matches!(one.mismatch, Mismatch::Constraint(..)) {
                break;
            }
        }
    }

    fn changed_places(&mut self, callee: &Callee<'_>, first: (&Expr, &Type), second: (&Expr, &Type)) {
        let source = Arc::clone(&self.source);
        let text = |expr: &Expr| source.slice(expr.span);
        let function = text(callee.expr);
        let names = match (function, first.1, second.1) {
            ("elem", Type::List(element), Type::String) if self.names_a_machine(element) => Some("x.name"),
            _ => None,
        };
        let list = match names {
            Some(field) => format!("(map (x: {field}) {})", text(first.0)),
            None => text(first.0).to_owned(),
        };
        let help = format!("write `{function} {} {list}`", text(second.0));
        let help =
            if help.len() <= 80 && !help.contains('\n') { help } else { "exchange the two".to_owned() };
        let (x, y) = (self.show(first.1), self.show(second.1));
        let diagnostic = Diagnostic::error(
            Code::TypeMismatch,
            format!("the arguments of `{function}` have changed places: it takes {y} before {x}"),
        )
        .at(&source, first.0.span, format!("this is {x}"))
        .at(&source, second.0.span, format!("this is {y}"))
        .help(help);
        self.diagnostics.push(diagnostic);
    }

    fn piped_too_late(&mut self, callee: &Callee<'_>, (first, x): (&Expr, &Type), piped: &Unfit) {
        let source = Arc::clone(&self.source);
        let function = source.slice(callee.expr.span);
        let help =
            format!("write `{function} {} {}`", self.operand_text(piped.span), source.slice(first.span));
        let help =
            if help.len() <= 80 && !help.contains('\n') { help } else { "call it without a pipe".to_owned() };
        let (x, y) = (self.show(x), self.show(&piped.found));
        let message = format!("`{function}` takes {y} before {x}, and what is piped comes last");
        let diagnostic = Diagnostic::error(Code::TypeMismatch, message)
            .at(&source, piped.span, format!("this is {y}"))
            .at(&source, first.span, format!("this is {x}"))
            .help(help);
        self.diagnostics.push(diagnostic);
    }

    /// `tag ("web" && "db")`: each name is asked for by itself.
    pub(super) fn logic_of_names(
        &mut self,
        entry: &builtins::Builtin,
        callee: &Callee<'_>,
        argument: &Expr,
    ) -> Option<(tir::Expr, Type)> {
        let ExprKind::Chain { first, rest } = &argument.kind else { return None };
        let is_logic = |operator: &Op| matches!(operator, Op::And | Op::Or);
        let is_name = |expr: &Expr| literal(expr).is_some();
        let is_of_names =
            is_name(first) && rest.iter().all(|(operator, _, name)| is_logic(operator) && is_name(name));
        if !is_of_names || entry.arity != 1 || entry.names.is_empty() {
            return None;
        }
        let function = self.source.slice(callee.expr.span);
        let mut mended = format!("{function} {}", self.source.slice(first.span));
        for (operator, _, name) in rest {
            mended.push_str(&format!(" {} {function} {}", operator.symbol(), self.source.slice(name.span)));
        }
        let diagnostic = Diagnostic::error(Code::TypeMismatch, format!("`{function}` takes one name"))
            .help(format!("write `{mended}`"));
        self.report(diagnostic, argument.span, "a condition on names");
        Some((self.nothing(argument.span), Type::String))
    }

    /// `mapAttrs (c: …) clusters`: a function of one argument where one of two is asked for is one mistake.
    pub(super) fn suggest_second_parameter(
        &mut self,
        before: usize,
        callee: &Callee<'_>,
        index: usize,
        argument: &Expr,
        parameter: Option<&Type>,
    ) {
        let ExprKind::Lambda { body, .. } = &argument.kind else { return };
        let Some(Type::Function(given, result)) = parameter.map(|ty| self.table.shallow(ty)) else { return };
        let takes_two = matches!(self.table.shallow(&result), Type::Function(..));
        let of_body = |diagnostic: &Diagnostic| {
            diagnostic.code == Code::TypeMismatch
                && diagnostic.labels.first().is_some_and(|label| label.span == body.span)
        };
        let told = self.diagnostics.get(before..).unwrap_or(&[]);
        if callee.builtin.is_none()
            || !takes_two
            || matches!(body.kind, ExprKind::Lambda { .. })
            || !told.iter().any(of_body)
        {
            return;
        }
        let text = self.source.slice(argument.span);
        let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        let is_of_name = self.table.shallow(&given) == Type::String;
        let (what, mended) = match is_of_name {
            true => (" of a name and a value", format!("(_: {bare})")),
            false => (" of two arguments", format!("({})", bare.replacen(':', ": b:", 1))),
        };
        let function = self.source.slice(callee.expr.span);
        let message =
            format!("expected a function{what} as argument {} of `{function}`, found one of one", index + 1);
        // `sort (m: m.name) machines`
        let by = callee.builtin.and_then(builtins::get).is_some_and(|builtin| builtin.name == "sort");
        let mended = if by { format!("sortOn {text}") } else { mended };
        let help = if mended.len() <= 80 && !mended.contains('\n') { mended } else { "a: b: …".to_owned() };
        self.diagnostics.truncate(before);
        let diagnostic = Diagnostic::error(Code::TypeMismatch, message).help(format!("write `{help}`"));
        self.report(diagnostic, argument.span, "one argument is missing here");
        callee.is_told.set(true);
    }

    fn report_argument(&mut self, callee: &Callee<'_>, arguments: &[Expr], parameter: &Type, unfit: &Unfit) {
        let Unfit { index, found, span, mismatch } = unfit;
        let (index, span) = (*index, *span);
        let function = self.source.slice(callee.expr.span).to_owned();
        let short = function.len() <= 40 && !function.contains('\n');
        let named = |text: &str| if short { format!("`{function}`") } else { text.to_owned() };
        let pattern = matches!(self.table.shallow(parameter), Type::Record(_));
        let body = match self.table.shallow(parameter) {
            Type::Function(given, _) => self.with_parameter(span, &given),
            _ => None,
        };
        let diagnostic = match mismatch {
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
            Mismatch::Constraint(constraint, part) if !self.is_constrained(parameter) => {
                let (words, part) = (super::report::constraint_words(*constraint), self.show(part));
                let place = named("the function");
                Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected {words} inside argument {} of {place}, found {part}", index + 1),
                )
            }
            Mismatch::MissingField(name) | Mismatch::MaybeMissing(name)
                if matches!(self.table.shallow(parameter), Type::Function(..)) =>
            {
                self.field_of_given(name, parameter)
            }
            _ => {
                let (wanted, shown) = self.show_expected(parameter, found);
                let place = named("the function");
                let help = body.map(|body| {
                    let rest = arguments.iter().skip(index + 1).map(|other| self.source.slice(other.span));
                    let call = std::iter::once(body.as_str()).chain(rest).collect::<Vec<_>>().join(" ");
                    format!("write `{} {call}`", self.call_before(callee, index, arguments))
                });
                let help =
                    help.or_else(|| self.argument_help(callee, (index, arguments), parameter, found, span));
                Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected {wanted} as argument {} of {place}, found {shown}", index + 1),
                )
                .maybe_help(help.or_else(|| self.mismatch_help(mismatch, span)))
            }
        };
        let shown = self.show(found);
        self.report(diagnostic, span, format!("this is {shown}"));
    }

    /// A function reads a field that what it is given does not have, or not always.
    fn field_of_given(&self, name: &str, parameter: &Type) -> Diagnostic {
        let given = match self.table.shallow(parameter) {
            Type::Function(given, _) => given,
            other => Arc::new(other),
        };
        let has_it = self.as_record(&given).is_some_and(|record| record.field(name).is_some());
        let missing =
            if has_it { "may be missing".to_owned() } else { format!("{} does not have", self.show(&given)) };
        Diagnostic::error(
            Code::MissingField,
            format!("the function reads the field {}, which {missing}", quoted(name)),
        )
        .help(format!("write `.{name} or …` in the function"))
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
        (index, arguments): (usize, &[Expr]),
        parameter: &Type,
        found: &Type,
        span: Span,
    ) -> Option<String> {
        let builtin = callee.builtin.and_then(builtins::get)?;
        let text = self.source.slice(span);
        let bare = text.trim_start_matches('(').trim_end_matches(')');
        match (self.table.shallow(parameter), self.table.shallow(found)) {
            (Type::Function(..), Type::Filter) if index == 0 && builtin.name == "filter" => Some(format!(
                "a filter selects by itself: write `{bare}` alone, or `select ({bare})` for the list of machines"
            )),
            (Type::Filter, Type::String) => Some(format!("write `(hostname {text})` or `(tag {text})`")),
            (Type::Function(..), Type::Filter) if builtin.name == "where" => {
                Some(format!("a filter selects by itself: write `{bare}` alone"))
            }
            (Type::Function(..), Type::Filter) if builtin.name == "count" => {
                Some(format!("write `length (select {text})`"))
            }
            (Type::Function(..), Type::List(_)) if builtin.name == "count" && arguments.len() == 1 => {
                Some(format!("write `length {text}`"))
            }
            // `groupBy cluster machines`: the filter of a field's name.
            (Type::Function(parameter, _), Type::Function(..)) if matches!(self.table.shallow(&parameter), Type::Named(named) if schema::field_index(named, text).is_some()) =>
            {
                let rest: Vec<&str> =
                    arguments.iter().skip(index + 1).map(|other| self.source.slice(other.span)).collect();
                let call = format!(
                    "{} (m: m.{text}) {}",
                    self.call_before(callee, index, arguments),
                    rest.join(" ")
                );
                Some(format!("write `{}`", call.trim_end()))
            }
            (Type::List(_), Type::Filter) | (Type::Variable(_), Type::Filter) => Some(format!(
                "write `{} (select {})` to ask the machines that the filter selects",
                self.call_before(callee, index, arguments),
                self.operand_text(span)
            )),
            (Type::String, Type::List(_)) if index > 0 && builtin.scopes.contains(&"filters") => {
                Some(format!(
                    "a filter selects by itself: write `{}` alone; in a list write `filter (x: …) {text}`",
                    self.call_before(callee, index, arguments)
                ))
            }
            (Type::String, Type::List(_)) if builtin.scopes.contains(&"filters") => {
                let items: Option<Vec<Name>> = match arguments.get(index).map(|list| &list.kind) {
                    Some(ExprKind::List(items)) => {
                        items.iter().map(|item| literal(item).map(|(name, _)| name)).collect()
                    }
                    _ => None,
                };
                let calls: Vec<String> = items
                    .unwrap_or_default()
                    .iter()
                    .map(|name| format!("{} {}", builtin.name, quote_string(name)))
                    .collect();
                if (1..=4).contains(&calls.len()) {
                    return Some(format!("write `{}`", calls.join(" || ")));
                }
                Some(format!("write one `{}` for each name, joined with `||`", builtin.name))
            }
            (Type::Function(..), Type::String) if builtin.name == "where" && text.starts_with('"') => {
                Some(format!("write `hostname {text}` or `tag {text}` alone"))
            }
            (Type::Record(_) | Type::Dictionary(_), Type::Filter) if builtin.name == "attrNames" => {
                Some(format!("write `map (m: m.name) (select {})`", self.operand_text(span)))
            }
            (Type::Record(_) | Type::Dictionary(_), Type::List(element)) if builtin.name == "attrNames" => {
                let has_name = self.as_record(&element).is_some_and(|record| record.field("name").is_some());
                has_name.then(|| format!("write `map (x: x.name) {}`", self.operand_text(span)))
            }
            (Type::Variable(_), Type::List(element)) if builtin.name == "toString" => {
                let has_name = self.as_record(&element).is_some_and(|record| record.field("name").is_some());
                has_name.then(|| format!("write `toString (map (x: x.name) {text})`"))
            }
            (
                Type::Function(_, result),
                Type::String | Type::List(_) | Type::Record(_) | Type::Dictionary(_),
            ) => self.function_help(callee, (index, arguments), &result, span),
            (Type::List(wanted), Type::List(given))
                if self.table.shallow(&wanted) == Type::String && self.names_a_machine(&given) =>
            {
                Some(format!("write `(map (x: x.fqdn) {text})`"))
            }
            (wanted, Type::String) if builtin.name == "elem" && self.names_a_machine(&wanted) => {
                let list = arguments.get(1).map(|list| self.source.slice(list.span))?;
                let name = if matches!(wanted, Type::Named(_)) { "name" } else { "fqdn" };
                Some(format!("write `elem {text} (map (x: x.{name}) {list})`"))
            }
            (Type::String, Type::Variable(_)) => None,
            (Type::String, Type::Int | Type::Float) => {
                Some(format!("write `\"{text}\"` or `(toString {text})`"))
            }
            _ => None,
        }
    }

    /// Whether values of a type are machines, or what closures know of them.
    fn names_a_machine(&self, ty: &Type) -> bool {
        self.as_record(ty).is_some_and(|record| record.field("fqdn").is_some())
    }

    /// A call as it is written, without the arguments from the one of this index on.
    fn call_before(&self, callee: &Callee<'_>, index: usize, arguments: &[Expr]) -> String {
        let arguments = arguments.iter().take(index).map(|argument| argument.span);
        let parts: Vec<&str> =
            std::iter::once(callee.expr.span).chain(arguments).map(|span| self.source.slice(span)).collect();
        parts.join(" ")
    }

    /// A function is missing, or the name of a field stands for one: `sortOn "name" machines`.
    fn function_help(
        &self,
        callee: &Callee<'_>,
        (index, arguments): (usize, &[Expr]),
        result: &Type,
        span: Span,
    ) -> Option<String> {
        let parameters = match self.table.shallow(result) {
            Type::Function(..) => "a: b: …",
            _ => "x: …",
        };
        let function = match arguments.get(index).and_then(literal) {
            Some((name, _)) if parameters == "x: …" && name.chars().all(char::is_alphanumeric) => {
                format!("x: x.{name}")
            }
            Some(_) => return None,
            None => parameters.to_owned(),
        };
        let name = self.source.slice(callee.expr.span);
        let rest: Vec<&str> = match arguments.get(index).and_then(literal) {
            Some(_) => arguments.iter().skip(index + 1).map(|other| self.source.slice(other.span)).collect(),
            // What stands there is what the function should be asked about.
            None => vec![self.source.slice(span)],
        };
        let call = format!("{name} ({function}) {}", rest.join(" "));
        (call.len() <= 80 && !call.contains('\n')).then(|| format!("write `{}`", call.trim_end()))
    }

    /// `length tag "web"`: an argument that is a function gets those behind it that are too many; a filter
    /// with several names is asked for each.
    fn regrouped(&self, callee: &Callee<'_>, arguments: &[Expr], takes: usize) -> Option<String> {
        let function = self.source.slice(callee.expr.span);
        let texts: Vec<&str> = arguments.iter().map(|argument| self.source.slice(argument.span)).collect();
        let builtin = callee.builtin.and_then(builtins::get)?;
        // What is piped in stands behind them.
        let more = texts.len().checked_sub(takes)?.max(1);
        let names = builtin.names.first().is_some_and(|(parameter, _)| *parameter == 0);
        let call = if takes == 1 && names && arguments.iter().all(|argument| literal(argument).is_some()) {
            let each: Vec<String> = texts.iter().map(|text| format!("{function} {text}")).collect();
            match builtin.name {
                "tag" | "group" => {
                    format!("{}` for both, or `{}` for either", each.join(" && "), each.join(" || "))
                }
                _ => format!("{}`", each.join(" || ")),
            }
        } else {
            let at = arguments.iter().position(|argument| match &argument.kind {
                ExprKind::Variable(name) => builtins::find("bare", name)
                    .or_else(|| builtins::find("nix", name))
                    .and_then(builtins::get)
                    .is_some_and(|inner| inner.ty.contains("->")),
                _ => false,
            })?;
            let inner = texts.get(at..=at + more)?.join(" ");
            let is_filter = |name: &str| builtins::find("filters", name).is_some();
            let inner = match texts.get(at) {
                Some(filter) if is_filter(filter) && !builtin.scopes.contains(&"filters") => {
                    if builtin.name == "filter" {
                        return Some(format!("write `select ({inner})`"));
                    }
                    format!("select ({inner})")
                }
                _ => inner,
            };
            let rest = texts.get(at + more + 1..)?;
            let parts: Vec<&str> =
                std::iter::once(function).chain(texts.get(..at)?.iter().copied()).collect();
            let call = format!("{} ({inner}) {}", parts.join(" "), rest.join(" "));
            format!("{}`", call.trim_end())
        };
        (call.len() <= 100 && !call.contains('\n')).then(|| format!("write `{call}"))
    }

    pub(super) fn not_a_function(
        &mut self,
        callee: &Callee<'_>,
        arguments: &[Expr],
        found: &Type,
        index: usize,
        place: Span,
    ) {
        callee.is_told.set(true);
        let shown = self.show(found);
        let text = self.source.slice(callee.expr.span);
        let diagnostic = match index {
            0 => Diagnostic::error(
                Code::NotAFunction,
                format!("expected a function before an argument, found {shown}"),
            )
            .maybe_help(
                match found {
                    _ if place == callee.expr.span => None,
                    Type::Record(_) | Type::Dictionary(_) if self.source.slice(place).starts_with('"') => {
                        let key = self.source.slice(place).trim_matches('"');
                        Some(format!("write `{text}.{}`", attr_name(key)))
                    }
                    Type::Dictionary(_) if self.source.slice(place).starts_with('[') => {
                        let index = self.source.slice(place).trim_matches(['[', ' ', ']']);
                        let is_index = index.bytes().all(|byte| byte.is_ascii_digit()) && !index.is_empty();
                        is_index.then(|| format!("write `elemAt (attrValues {text}) {index}`"))
                    }
                    Type::List(_) => {
                        let written = self.source.slice(place);
                        let (index, field) = written.split_once(']').unwrap_or((written, ""));
                        let index = index.trim_matches(['[', ' ', '.']);
                        let is_index = index.bytes().all(|byte| byte.is_ascii_digit()) && !index.is_empty();
                        match (is_index, field) {
                            (true, "") => Some(format!("write `elemAt {text} {index}`")),
                            (true, field) => Some(format!("write `(elemAt {text} {index}){field}`")),
                            _ => None,
                        }
                    }
                    Type::Int | Type::Float | Type::String | Type::Bool => Some(format!(
                        "inside a list write `[ {text} {} ]`; otherwise an operator is missing",
                        self.source.slice(place)
                    )),
                    _ => None,
                }
                .or_else(|| parse::translated(self.source.text()).map(|meant| format!("write `{meant}`"))),
            ),
            1 if callee.builtin.and_then(builtins::get).is_some_and(|builtin| builtin.name == "optional") => {
                let help = self.regrouped(callee, arguments, index);
                Diagnostic::error(Code::NotAFunction, "the filter `optional` takes one argument, found more")
                    .help(help.unwrap_or_else(|| "the function for lists is `lib.optional`".to_owned()))
            }
            _ => {
                let taken = if index == 1 { "one argument".to_owned() } else { format!("{index} arguments") };
                let help = self.regrouped(callee, arguments, index).unwrap_or_else(|| {
                    "put parentheses around an argument that is a call itself, or remove this one".to_owned()
                });
                Diagnostic::error(Code::NotAFunction, format!("`{text}` takes {taken}, found more"))
                    .help(help)
            }
        };
        let (span, label) = if index == 0 {
            (callee.expr.span, format!("this is {shown}"))
        } else {
            (place, "one too many".to_owned())
        };
        self.report(diagnostic, span, label);
    }
}
