//! Types of operators.

use std::sync::Arc;

use super::Checker;
use super::apply::Piped;
use super::meant::called_so;
use super::report::null_help;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{BinaryOperator as Op, Expr, ExprKind};
use crate::text::Span;
use crate::types::{Constraint, Field, Named, Type, tir};

/// The operands behind the first, with their operators and where these stand.
pub(super) type Operands = [(Op, Span, Expr)];

impl Checker<'_> {
    pub(super) fn chain(
        &mut self,
        first: &Expr,
        rest: &Operands,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        if let Some(told) = self.arrow_function(first, rest, span) {
            return told;
        }
        match rest.first().map(|(operator, ..)| *operator) {
            Some(Op::PipeForward) => {
                let stages: Vec<&Expr> = rest.iter().map(|(_, _, stage)| stage).collect();
                self.pipe(first, &stages, span)
            }
            Some(Op::PipeBackward) => {
                let mut stages: Vec<&Expr> =
                    std::iter::once(first).chain(rest.iter().map(|(.., e)| e)).collect();
                match stages.pop() {
                    Some(value) => {
                        stages.reverse();
                        self.pipe(value, &stages, span)
                    }
                    None => self.infer(first),
                }
            }
            Some(Op::And | Op::Or | Op::Implies) => self.logical(first, rest, span),
            Some(Op::Equal | Op::NotEqual) => self.equality(first, rest, span),
            Some(Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual) => {
                self.comparison(first, rest, span)
            }
            Some(Op::Update) => self.update(first, rest, span, expected),
            Some(Op::Concat) => self.concat(first, rest, span, expected),
            Some(Op::Add | Op::Subtract | Op::Multiply | Op::Divide) => self.arithmetic(first, rest, span),
            None => self.infer(first),
        }
    }

    fn pipe(&mut self, first: &Expr, stages: &[&Expr], span: Span) -> (tir::Expr, Type) {
        let (value, mut ty) = self.delay(first, None);
        let mut place = first.span;
        if let Some(stage) = stages.first() {
            self.name_piped(stage, first);
        }
        let mut facts = self.facts_of_elements(first);
        let mut lowered = Vec::with_capacity(stages.len());
        for stage in stages {
            let (stage_expr, result) = self.stage(stage, &Piped { ty: &ty, place, facts: &facts });
            lowered.push(stage_expr);
            facts = self.facts_behind_stage(stage, facts);
            ty = result;
            place = place.to(stage.span);
        }
        (tir::Expr { kind: tir::ExprKind::Pipe { first: Box::new(value), stages: lowered }, span }, ty)
    }

    /// `&&`, `||`, `->`: on booleans, and the first two on filters.
    fn logical(&mut self, first: &Expr, rest: &Operands, span: Span) -> (tir::Expr, Type) {
        let scope = self.scopes.len();
        let operator = rest.first().map_or(Op::And, |(operator, ..)| *operator);
        let only_bool = operator == Op::Implies;
        let operands: Vec<&Expr> =
            std::iter::once(first).chain(rest.iter().map(|(_, _, operand)| operand)).collect();
        self.open_tested_twice(&operands);
        let (lowered_first, first_type) = self.infer(first);
        let mut ty = self.logical_type(&first_type, first.span, operator.symbol(), only_bool);
        self.narrow(first, operator != Op::Or);
        let mut lowered = Vec::with_capacity(rest.len());
        for (operator, _, operand) in rest {
            let value = match &ty {
                // A mistake in one operand is told once, whatever the others are.
                None => {
                    let (value, found) = self.infer(operand);
                    if !only_bool {
                        ty = self.logical_type(&found, operand.span, operator.symbol(), false);
                    }
                    value
                }
                Some(Type::Any) => {
                    let (value, found) = self.infer(operand);
                    ty = Some(match self.table.shallow(&found) {
                        Type::Bool => Type::Bool,
                        Type::Filter | Type::Function(..) | Type::List(_) => Type::Filter,
                        _ => Type::Any,
                    });
                    value
                }
                Some(known) => {
                    let known = known.clone();
                    let (value, found) = self.expression(operand, Some(&known));
                    self.logical_operand(&known, &found, operand.span, operator.symbol());
                    value
                }
            };
            lowered.push((*operator, value));
            self.narrow(operand, *operator != Op::Or);
        }
        self.scopes.truncate(scope);
        let kind = tir::ExprKind::Chain { first: Box::new(lowered_first), rest: lowered };
        (tir::Expr { kind, span }, ty.unwrap_or(if only_bool { Type::Bool } else { Type::Any }))
    }

    /// The type that all operands of a logical operator must have, from one of them; nothing where it
    /// is none of those, which is reported.
    fn logical_type(&mut self, found: &Type, span: Span, symbol: &str, only_bool: bool) -> Option<Type> {
        let wanted = match self.table.shallow(found) {
            Type::Any => return Some(Type::Any),
            Type::Filter | Type::Function(..) | Type::List(_) if !only_bool => Type::Filter,
            Type::Variable(_) if !only_bool => self.constrained(Constraint::Logical),
            _ => Type::Bool,
        };
        if self.table.unify(&wanted, found).is_ok() {
            return Some(wanted);
        }
        let words = if only_bool { "`Bool`" } else { "`Bool` or `Filter`" };
        self.unfit_operand(words, found, span, symbol);
        None
    }

    fn logical_operand(&mut self, wanted: &Type, found: &Type, span: Span, symbol: &str) {
        if self.table.unify(wanted, found).is_err() {
            let (words, _) = self.show_expected(wanted, found);
            self.unfit_operand(&words, found, span, symbol);
        }
    }

    fn unfit_operand(&mut self, wanted: &str, found: &Type, span: Span, symbol: &str) {
        let shown = self.show(found);
        let found = self.table.shallow(found);
        let message = format!("expected {wanted} beside `{symbol}`, found {shown}");
        let help = match found {
            Type::Bool if wanted == "`Filter`" => {
                Some("what holds of a machine is a filter as `where (m: …)`".to_owned())
            }
            Type::Filter if symbol == Op::Implies.symbol() => Some("of filters write `!a || b`".to_owned()),
            Type::Function(_, ref result) if wanted != "`Bool`" => {
                let text = self.source.slice(span);
                match self.table.shallow(result) {
                    Type::Bool if text.starts_with('(') => Some(format!("write `where {text}`")),
                    Type::Bool => Some(format!("write `where ({text})`")),
                    Type::Filter if text.chars().all(char::is_alphanumeric) => {
                        Some(format!("give it what it asks for: `{text} \"…\"`"))
                    }
                    _ => None,
                }
            }
            Type::List(_) if symbol != "!" && self.source.slice(span) == "machines" => {
                Some("write `all`".to_owned())
            }
            _ if self.selected_as_set(span).is_some() => self.selected_as_set(span),
            _ if symbol == "!" => self.negation_help(&found, span),
            _ => self.logical_help(&found, span),
        };
        let diagnostic = Diagnostic::error(Code::TypeMismatch, message).maybe_help(help);
        self.report(diagnostic, span, format!("this is {shown}"));
    }

    /// `tags.web && clusters.lab`: the filters for what is selected.
    fn selected_as_set(&self, span: Span) -> Option<String> {
        let text = self.source.slice(span);
        let (set, name) = text.split_once('.')?;
        let filter = match set {
            "tags" => "tag",
            "groups" => "group",
            "clusters" => "cluster",
            "clouds" => "cloud",
            "services" => "service",
            "instances" => "instance",
            _ => return None,
        };
        let name = name.trim_matches('"');
        let is_name = name.chars().all(|next| next.is_ascii_alphanumeric() || "-_".contains(next));
        is_name.then(|| format!("write `{filter} \"{name}\"`"))
    }

    /// What to write for `!x` where `x` is no condition.
    fn negation_help(&self, found: &Type, span: Span) -> Option<String> {
        let text = self.source.slice(span);
        let (nothing, is_name) = match found {
            Type::String => ("\"\"", text.starts_with('"')),
            Type::List(_) => ("[ ]", false),
            Type::Int | Type::Float => ("0", false),
            Type::Optional(_) => ("null", false),
            _ => return self.logical_help(found, span),
        };
        match is_name {
            true => Some(format!("a name alone selects nothing: write `tag {text}` or `hostname {text}`")),
            false => Some(format!("write `{text} == {nothing}` in place of `!{text}`")),
        }
    }

    pub(super) fn logical_help(&self, found: &Type, span: Span) -> Option<String> {
        let text = self.source.slice(span);
        match found {
            Type::String if text.starts_with('"') => {
                let named = self.context.inventory.zip(text.get(1..text.len().saturating_sub(1)));
                Some(match named.and_then(|(inventory, name)| called_so(inventory, name)) {
                    Some((filter, _)) => format!("a name alone selects nothing: write `{filter} {text}`"),
                    None => format!("a name alone selects nothing: write `tag {text}` or `hostname {text}`"),
                })
            }
            Type::String => Some(format!("write `{text} != \"\"`")),
            Type::Filter => Some(match text.trim_start_matches('(').strip_prefix("tag ") {
                Some(tag) => {
                    let tag = tag.trim_end_matches(')');
                    format!("a filter is no condition: of a machine `m` ask `elem {tag} m.tags`")
                }
                None => "a filter is no condition: ask for a field of the machine".to_owned(),
            }),
            Type::List(_) => Some(format!("write `{text} != [ ]`")),
            Type::Int | Type::Float => Some(format!("write `{text} != 0`")),
            Type::Optional(_) => Some(format!("write `{text} != null`")),
            _ => None,
        }
    }

    pub(super) fn not(&mut self, operand: &Expr, span: Span) -> (tir::Expr, Type) {
        let (value, found) = self.infer(operand);
        let ty = self.logical_type(&found, operand.span, "!", false).unwrap_or(Type::Any);
        (tir::Expr { kind: tir::ExprKind::Not(Box::new(value)), span }, ty)
    }

    pub(super) fn negate(&mut self, operand: &Expr, span: Span) -> (tir::Expr, Type) {
        let (value, found) = self.infer(operand);
        let ty = match self.table.shallow(&found) {
            Type::Any => Type::Any,
            Type::Filter => {
                let text = self.source.slice(operand.span).to_owned();
                let diagnostic =
                    Diagnostic::error(Code::TypeMismatch, "expected a number beside `-`, found `Filter`")
                        .help(format!("write `!{text}`"));
                self.report(diagnostic, operand.span, "this is `Filter`");
                self.table.fresh()
            }
            _ => {
                let number = self.constrained(Constraint::Number);
                self.unify_operand(&number, &found, operand.span, Op::Subtract);
                number
            }
        };
        (tir::Expr { kind: tir::ExprKind::Negate(Box::new(value)), span }, ty)
    }

    fn equality(&mut self, first: &Expr, rest: &Operands, span: Span) -> (tir::Expr, Type) {
        let (left, a) = self.infer(first);
        let mut lowered = Vec::with_capacity(rest.len());
        for (operator, _, operand) in rest {
            let (right, b) = self.infer(operand);
            let (a, b) = (self.table.shallow(&a), self.table.shallow(&b));
            // Comparing with null is how a value that may be null is asked for.
            match (&a, &b) {
                (Type::Null, other) | (other, Type::Null) => self.may_be_null(other),
                _ => {}
            }
            let free = matches!((&a, &b), (Type::Null, _) | (_, Type::Null));
            if !free && (self.are_apart(&a, &b) || !self.may_be_equal(&a, &b)) {
                if self.where_without_parentheses(first, operand) {
                    lowered.push((*operator, right));
                    continue;
                }
                let (left, right) = (self.show(&a), self.show(&b));
                let source = Arc::clone(&self.source);
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("{left} and {right} are never equal: they have different types"),
                )
                .at(&source, operand.span, format!("this is {right}"))
                .at(&source, first.span, format!("this is {left}"))
                .maybe_help(self.equality_help((first, &a), *operator, (operand, &b)));
                self.diagnostics.push(diagnostic);
            }
            self.check_words(first, operand);
            lowered.push((*operator, right));
        }
        (tir::Expr { kind: tir::ExprKind::Chain { first: Box::new(left), rest: lowered }, span }, Type::Bool)
    }

    /// `where m.name == "jon"`: the comparison is meant to be asked of each machine.
    fn where_without_parentheses(&mut self, first: &Expr, operand: &Expr) -> bool {
        let ExprKind::Apply { function, arguments } = &first.kind else { return false };
        let ([argument], "where") = (arguments.as_slice(), self.source.slice(function.span)) else {
            return false;
        };
        let condition = argument.span.to(operand.span);
        let Some(mended) = self.with_parameter(condition, &Type::Named(Named::Machine)) else {
            return false;
        };
        let diagnostic = Diagnostic::error(
            Code::TypeMismatch,
            "expected a function of a machine as argument 1 of `where`, found a comparison",
        )
        .help(format!("write `where {mended}`"));
        self.report(diagnostic, condition, "asked of no machine");
        true
    }

    /// Whether values of two types can be equal; an `Int` can be equal to a `Float`.
    fn may_be_equal(&mut self, a: &Type, b: &Type) -> bool {
        self.join(a, b).is_some() || {
            let (a, b) = (self.table.resolve(a), self.table.resolve(b));
            self.join(&of_one_number(&a), &of_one_number(&b)).is_some()
        }
    }

    fn equality_help(
        &self,
        (left, a): (&Expr, &Type),
        operator: Op,
        (right, b): (&Expr, &Type),
    ) -> Option<String> {
        let text = |expr: &Expr| self.source.slice(expr.span).to_owned();
        let not = if operator == Op::NotEqual { "!" } else { "" };
        match (a, b) {
            (Type::List(_), Type::String) => {
                Some(format!("write `{not}elem {} {}`", text(right), text(left)))
            }
            (Type::String, Type::List(_)) => {
                Some(format!("write `{not}elem {} {}`", text(left), text(right)))
            }
            (Type::Function(..), Type::String) if matches!(left.kind, ExprKind::Variable(_)) => {
                Some(format!("write `{not}{} {}`", text(left), text(right)))
            }
            (Type::Filter, Type::String) => {
                let ExprKind::Apply { function, .. } = &left.kind else { return None };
                let filter = self.source.slice(function.span);
                Some(format!("write `{} && {not}{filter} {}`", text(left), text(right)))
            }
            (Type::Int, Type::String) | (Type::String, Type::Int) => {
                Some("write the number without quotes, or use `toString`".to_owned())
            }
            _ => None,
        }
    }

    fn comparison(&mut self, first: &Expr, rest: &Operands, span: Span) -> (tir::Expr, Type) {
        let (left, a) = self.infer(first);
        let mut lowered = Vec::with_capacity(rest.len());
        for (operator, _, operand) in rest {
            let (right, b) = self.infer(operand);
            let (a, b) = (self.table.shallow(&a), self.table.shallow(&b));
            let numbers = matches!((&a, &b), (Type::Int | Type::Float, Type::Int | Type::Float));
            if !numbers && a != Type::Any && b != Type::Any {
                let ordered = self.constrained(Constraint::Ordered);
                if self.unify_operand(&ordered, &a, first.span, *operator) {
                    self.unify_operand(&ordered, &b, operand.span, *operator);
                }
            }
            lowered.push((*operator, right));
        }
        (tir::Expr { kind: tir::ExprKind::Chain { first: Box::new(left), rest: lowered }, span }, Type::Bool)
    }

    fn arithmetic(&mut self, first: &Expr, rest: &Operands, span: Span) -> (tir::Expr, Type) {
        let (lowered_first, mut ty) = self.infer(first);
        let mut place = first.span;
        let mut lowered = Vec::with_capacity(rest.len());
        for (operator, _, operand) in rest {
            let (value, found) = self.infer(operand);
            ty = self.arithmetic_type(*operator, &ty, place, &found, operand.span);
            lowered.push((*operator, value));
            place = place.to(operand.span);
        }
        let kind = tir::ExprKind::Chain { first: Box::new(lowered_first), rest: lowered };
        (tir::Expr { kind, span }, ty)
    }

    fn arithmetic_type(&mut self, operator: Op, a: &Type, a_span: Span, b: &Type, b_span: Span) -> Type {
        let (a, b) = (self.table.shallow(a), self.table.shallow(b));
        match (&a, &b) {
            (Type::Any, _) | (_, Type::Any) => return Type::Any,
            (Type::Int, Type::Int) => return Type::Int,
            (Type::Int | Type::Float, Type::Int | Type::Float) => return Type::Float,
            (Type::String | Type::Path, Type::String | Type::Path) if operator == Op::Add => {
                return Type::String;
            }
            // Whatever number stands beside a float, the result is one.
            (Type::Float, Type::Variable(_)) | (Type::Variable(_), Type::Float) => {
                let number = self.constrained(Constraint::Number);
                let (unknown, place) = if a == Type::Float { (&b, b_span) } else { (&a, a_span) };
                let agrees = self.unify_operand(&number, unknown, place, operator);
                return if agrees { Type::Float } else { self.table.fresh() };
            }
            _ => {}
        }
        let constraint = if operator == Op::Add { Constraint::Addable } else { Constraint::Number };
        let common = self.constrained(constraint);
        let agrees = self.unify_operand(&common, &a, a_span, operator)
            && self.unify_operand(&common, &b, b_span, operator);
        // What a mistake gives fits everywhere, so that it is told once.
        if agrees { common } else { self.table.fresh() }
    }

    fn unify_operand(&mut self, wanted: &Type, found: &Type, span: Span, operator: Op) -> bool {
        let Err(mismatch) = self.table.unify(wanted, found) else { return true };
        let (expected, shown) = self.show_expected(wanted, found);
        let help = match (self.table.shallow(wanted), self.table.shallow(found)) {
            (Type::String, Type::Int | Type::Float | Type::Bool) => {
                Some(format!("write `toString {}`", self.operand_text(span)))
            }
            (Type::Int | Type::Float, Type::String) if operator == Op::Add => Some(format!(
                "write `toString` before the number to join texts, or `lib.toInt {}` to add numbers",
                self.operand_text(span)
            )),
            (Type::Int | Type::Float, Type::String) => {
                Some(format!("write `lib.toInt {}`", self.operand_text(span)))
            }
            (Type::List(_), Type::Int | Type::Float) if operator != Op::Add => {
                Some("write `length` before the list for the number of its elements".to_owned())
            }
            (Type::Int | Type::Float, Type::Bool) => {
                Some(format!("write `(if {} then 1 else 0)` to count it", self.source.slice(span)))
            }
            (Type::String, Type::List(element)) if self.table.shallow(&element) == Type::String => {
                Some(format!("write `concatStringsSep \", \" {}`", self.operand_text(span)))
            }
            (Type::String, found @ (Type::Record(_) | Type::Dictionary(_) | Type::Named(_))) => {
                let text = self.operand_text(span);
                match self.as_record(&found).is_some_and(|record| record.field("name").is_some()) {
                    true => Some(format!("write `{text}.name`")),
                    false => Some(format!("write `toJSON {text}`")),
                }
            }
            (_, Type::List(_)) if operator == Op::Add => Some("lists are joined with `++`".to_owned()),
            (_, Type::Record(_) | Type::Dictionary(_) | Type::Named(_)) if operator == Op::Add => {
                Some("attribute sets are joined with `//`".to_owned())
            }
            (_, Type::Optional(_)) => Some(null_help(self.source.slice(span), "")),
            (_, Type::Filter) => Some(match operator {
                Op::Add => "filters are joined with `||`: write it in place of `+`".to_owned(),
                Op::Subtract => "write `&& !` in place of `-` for machines without the others".to_owned(),
                _ => "filters are joined with `||`, `&&` and `!`".to_owned(),
            }),
            _ => self.mismatch_help(&mismatch, span),
        };
        let diagnostic = Diagnostic::error(
            Code::TypeMismatch,
            format!("expected {expected} beside `{}`, found {shown}", operator.symbol()),
        )
        .maybe_help(help);
        self.report(diagnostic, span, format!("this is {shown}"));
        false
    }

    pub(super) fn operand_text(&self, span: Span) -> String {
        let text = self.source.slice(span);
        if text.contains(' ') && !text.starts_with(['(', '"']) {
            format!("({text})")
        } else {
            text.to_owned()
        }
    }

    fn concat(
        &mut self,
        first: &Expr,
        rest: &Operands,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let hint = expected.map(|ty| self.table.shallow(ty)).filter(|ty| matches!(ty, Type::List(_)));
        let mut told = false;
        let (lowered_first, mut ty) = self.list_operand(first, hint.as_ref(), true, &mut told);
        let mut lowered = Vec::with_capacity(rest.len());
        for (operator, _, operand) in rest {
            let (value, found) = self.list_operand(operand, hint.as_ref(), false, &mut told);
            ty = match self.join(&ty, &found) {
                Some(joined) => joined,
                None => {
                    self.unify(&ty, &found, operand.span);
                    ty
                }
            };
            lowered.push((*operator, value));
        }
        (tir::Expr { kind: tir::ExprKind::Chain { first: Box::new(lowered_first), rest: lowered }, span }, ty)
    }

    /// An operand of `++`; `told` is whether one that is no list was reported already.
    fn list_operand(
        &mut self,
        operand: &Expr,
        hint: Option<&Type>,
        is_first: bool,
        told: &mut bool,
    ) -> (tir::Expr, Type) {
        let (value, found) = self.go(operand, hint);
        match self.table.shallow(&found) {
            Type::List(_) => (value, found),
            Type::Any => (value, Type::list(Type::Any)),
            other => {
                let element = self.table.fresh();
                let list = Type::list(element);
                if self.table.unify(&list, &other).is_err() && !std::mem::replace(told, true) {
                    let shown = self.show(&other);
                    let text = self.source.slice(operand.span);
                    let help = match other {
                        Type::String if is_first => "strings are joined with `+`".to_owned(),
                        Type::Filter => "filters are joined with `||`, `&&` and `!`".to_owned(),
                        Type::Record(_) | Type::Dictionary(_) | Type::Named(_) => {
                            "attribute sets are joined with `//`".to_owned()
                        }
                        _ => format!("write `[ {text} ]` for a list of one element"),
                    };
                    let diagnostic = Diagnostic::error(
                        Code::TypeMismatch,
                        format!("expected a list beside `++`, found {shown}"),
                    )
                    .help(help);
                    self.report(diagnostic, operand.span, format!("this is {shown}"));
                }
                (value, list)
            }
        }
    }
}

/// A type with one type of numbers.
fn of_one_number(ty: &Type) -> Type {
    match ty {
        Type::Float => Type::Int,
        Type::List(element) => Type::list(of_one_number(element)),
        Type::Optional(inner) => Type::optional(of_one_number(inner)),
        Type::Dictionary(value) => Type::dictionary(of_one_number(value)),
        Type::Record(record) => {
            let fields =
                record.fields.iter().map(|field| Field { ty: of_one_number(&field.ty), ..field.clone() });
            Type::record(fields.collect(), record.rest.clone())
        }
        other => other.clone(),
    }
}
