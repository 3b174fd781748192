//! Types of expressions, and the expressions that the evaluator runs.

use std::sync::Arc;

use super::Checker;
use super::scope::Entry;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Name, StringPart, UnaryOperator};
use crate::text::Span;
use crate::types::tir::{self, Body, Constant};
use crate::types::{Constraint, Field, Type};

impl Checker<'_> {
    /// Infers, or checks where a type is expected.
    pub(super) fn go(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        match expected {
            Some(expected) => self.check(expr, expected),
            None => self.infer(expr),
        }
    }

    /// Checks that an expression has the expected type; gives the type that it has, or the expected
    /// one where it has another, so that the mistake is told once.
    pub(super) fn check(&mut self, expr: &Expr, expected: &Type) -> (tir::Expr, Type) {
        let (lowered, found) = self.expression(expr, Some(expected));
        let agrees = self.unify(expected, &found, expr.span);
        (lowered, if agrees { found } else { expected.clone() })
    }

    /// Infers the type of an expression.
    pub(super) fn infer(&mut self, expr: &Expr) -> (tir::Expr, Type) {
        self.expression(expr, None)
    }

    /// An expression whose value may not be needed: evaluated when it is, unless that is no work.
    pub(super) fn delay(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        if self.is_immediate(expr) {
            return self.go(expr, expected);
        }
        self.scopes.enter_frame(Vec::new());
        let (lowered, ty) = self.go(expr, expected);
        let frame = self.scopes.leave_frame();
        let body = Body { expr: lowered, slots: frame.slots, source: Arc::clone(&self.source) };
        let kind = tir::ExprKind::Delayed(Arc::new(body), frame.captures);
        (tir::Expr { kind, span: expr.span }, ty)
    }

    /// Whether making the value now costs no more than delaying it, and cannot fail.
    fn is_immediate(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Path(_) | ExprKind::Lambda { .. } => true,
            ExprKind::String(parts) => parts.iter().all(|part| matches!(part, StringPart::Text(_))),
            ExprKind::Variable(name) => match self.scopes.lookup(name) {
                Some(Entry::Variable { .. }) => true,
                Some(_) => false,
                None => builtins::find("nix", name).is_some(),
            },
            ExprKind::List(_) => true,
            ExprKind::AttrSet { recursive: false, bindings } => {
                bindings.iter().all(|binding| match binding {
                    crate::syntax::ast::Binding::Value { path, .. } => path
                        .iter()
                        .all(|name| matches!(name.kind, crate::syntax::ast::AttrNameKind::Static(_))),
                    crate::syntax::ast::Binding::Inherit { .. } => true,
                })
            }
            _ => false,
        }
    }

    pub(super) fn expression(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        if self.is_stopped() {
            return (self.nothing(expr.span), self.table.fresh());
        }
        let (lowered, ty) =
            stacker::maybe_grow(128 * 1024, 1024 * 1024, || self.expression_here(expr, expected));
        self.mentions_any = self.mentions_any || self.table.mentions_any(&ty);
        (lowered, ty)
    }

    fn expression_here(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        let span = expr.span;
        let at = |kind: tir::ExprKind| tir::Expr { kind, span };
        match &expr.kind {
            ExprKind::Int(number) => (at(tir::ExprKind::Constant(Constant::Int(*number))), Type::Int),
            ExprKind::Float(number) => (at(tir::ExprKind::Constant(Constant::Float(*number))), Type::Float),
            ExprKind::Path(path) => {
                let diagnostic = Diagnostic::error(Code::Syntax, "a path can only be imported")
                    .help(format!("write `import {path}`"));
                self.report(diagnostic, span, "a path by itself");
                (self.nothing(span), Type::Any)
            }
            ExprKind::String(parts) => self.string(parts, span),
            ExprKind::Variable(name) => self.variable(name, span),
            ExprKind::List(items) => self.list(items, span, expected),
            ExprKind::AttrSet { recursive, bindings } => {
                let plan = self.plan(*recursive, bindings);
                self.attr_set(plan, span, expected)
            }
            ExprKind::Let { bindings, body } => self.let_in(bindings, body, span, expected),
            ExprKind::If { condition, then, otherwise } => {
                self.conditional(condition, then, otherwise, span, expected)
            }
            ExprKind::With { scope, body } => self.with(scope, body, span, expected),
            ExprKind::Assert { condition, body } => {
                let (lowered, _) = self.check(condition, &Type::Bool);
                let scope = self.scopes.len();
                self.narrow(condition, true);
                let condition = lowered;
                let (body, ty) = self.go(body, expected);
                self.scopes.truncate(scope);
                (at(tir::ExprKind::Assert { condition: Box::new(condition), body: Box::new(body) }), ty)
            }
            ExprKind::Lambda { parameter, body } => self.lambda(parameter, body, span, expected, None),
            ExprKind::Apply { function, arguments } => {
                let (call, ty) = self.apply(function, arguments, span, expected);
                (call, self.asked(expr, ty))
            }
            ExprKind::Select { base, path, default } => {
                let (value, ty) = self.select(base, path, default.as_deref(), span, expected);
                (value, self.asked(expr, ty))
            }
            ExprKind::HasAttr { base, path } => self.has_attr(base, path, span),
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => self.not(operand, span),
            ExprKind::Unary { operator: UnaryOperator::Negate, operand } => self.negate(operand, span),
            ExprKind::Chain { first, rest } => self.chain(first, rest, span, expected),
            ExprKind::Ascription { value, ty } => {
                let ty = self.written_type(ty);
                let (value, found) = self.check(value, &ty);
                let unchecked = self.assumes(&ty, &found);
                let value = if unchecked {
                    let ty = self.table.resolve(&ty);
                    at(tir::ExprKind::Checked { value: Box::new(value), ty })
                } else {
                    value
                };
                (value, ty)
            }
        }
    }

    /// Stands for an expression that has a mistake; never evaluated.
    pub(super) fn nothing(&self, span: Span) -> tir::Expr {
        tir::Expr { kind: tir::ExprKind::Constant(Constant::Null), span }
    }

    fn string(&mut self, parts: &[StringPart], span: Span) -> (tir::Expr, Type) {
        if let [] | [StringPart::Text(_)] = parts {
            let text: Name = match parts {
                [StringPart::Text(text)] => text.clone(),
                _ => "".into(),
            };
            return (tir::Expr { kind: tir::ExprKind::Constant(Constant::String(text)), span }, Type::String);
        }
        let mut lowered = Vec::with_capacity(parts.len());
        for part in parts {
            lowered.push(match part {
                StringPart::Text(text) => {
                    tir::Expr { kind: tir::ExprKind::Constant(Constant::String(text.clone())), span }
                }
                StringPart::Interpolation(inner) => {
                    let (value, found) = self.infer(inner);
                    if self.table.unify(&Type::String, &found).is_err() {
                        let shown = self.show(&found);
                        let diagnostic = Diagnostic::error(
                            Code::TypeMismatch,
                            format!("expected a `String` inside `${{}}`, found {shown}"),
                        )
                        .maybe_help(self.interpolation_help(&found, inner.span));
                        self.report(diagnostic, inner.span, format!("this is {shown}"));
                    }
                    value
                }
            });
        }
        (tir::Expr { kind: tir::ExprKind::Interpolate(lowered), span }, Type::String)
    }

    fn interpolation_help(&self, found: &Type, span: Span) -> Option<String> {
        let text = self.operand_text(span);
        match self.table.shallow(found) {
            Type::Optional(_) => Some(super::report::null_help(&text, "")),
            Type::Function(..) | Type::Filter => None,
            Type::List(element) => match self.as_record(&element) {
                Some(record) if record.field("name").is_some() => {
                    Some(format!("write `${{toString (map (x: x.name) {text})}}`"))
                }
                Some(_) => Some(format!("write `${{toJSON {text}}}`")),
                None => Some(format!("write `${{toString {text}}}`")),
            },
            found => match self.as_record(&found) {
                Some(record) if record.field("name").is_some() => Some(format!("write `${{{text}.name}}`")),
                Some(_) => Some(format!("write `${{toJSON {text}}}`")),
                None => Some(format!("write `${{toString {text}}}`")),
            },
        }
    }

    fn list(&mut self, items: &[Expr], span: Span, expected: Option<&Type>) -> (tir::Expr, Type) {
        let expected = expected.map(|ty| self.table.shallow(ty));
        let wanted = match &expected {
            Some(Type::List(element)) => Some(self.table.shallow(element)),
            Some(Type::Any) => Some(Type::Any),
            Some(Type::Filter) => Some(Type::Filter),
            _ => None,
        };
        let each = expected.as_ref().and_then(|ty| self.constraint_of_parts(ty));
        let mut lowered = Vec::with_capacity(items.len());
        let mut element: Option<Type> = None;
        let mut first: Option<Span> = None;
        let mut mixed = false;
        for item in items {
            if self.stopped.is_some() {
                break;
            }
            // Elements are checked against what is expected as a whole list, so that a mistake in the
            // way it is written is told as one.
            let (value, found) = match each {
                Some(constraint) => {
                    self.part(constraint, item.span, |checker, hint| checker.delay_hinted(item, Some(hint)))
                }
                None => {
                    // What nothing is known of says nothing of an element.
                    let says = |wanted: &&Type| match wanted {
                        Type::Variable(variable) => self.table.constraint(*variable) != Constraint::None,
                        _ => true,
                    };
                    let hint = wanted.as_ref().filter(says).cloned();
                    let hint = hint.map(|wanted| self.of_its_own(&wanted));
                    self.delay_hinted(item, hint.as_ref())
                }
            };
            lowered.push(value);
            if mixed {
                continue;
            }
            element = Some(match element {
                None => {
                    first = Some(item.span);
                    found
                }
                Some(before) => match self.join(&before, &found) {
                    Some(joined) => joined,
                    None if matches!(wanted, Some(Type::Any)) || each.is_some() => Type::Any,
                    // Each is something of which a text can be made: `map toString [ 1 "a" ]`.
                    None if self.all_satisfy(wanted.as_ref(), &before, &found) => Type::Any,
                    // Different functions each take and give what is wanted.
                    None if self.all_serve(wanted.as_ref(), &before, &found) => {
                        wanted.clone().unwrap_or(Type::Any)
                    }
                    // Sets with different attributes are each a dictionary.
                    None if self.are_dictionaries(wanted.as_ref(), &[&before, &found]) => {
                        wanted.clone().unwrap_or(Type::Any)
                    }
                    // Of sets with the wanted attributes, these may differ: `listToAttrs`.
                    None if matches!(wanted, Some(Type::Record(_))) => self.table.common(&before, &found),
                    None => {
                        mixed = true;
                        self.mixed_list(items, span, (&before, first.unwrap_or(span)), (&found, item.span));
                        Type::Any
                    }
                },
            });
        }
        let mut ty = element.unwrap_or_else(|| self.table.fresh());
        if let Some(wanted) = &wanted
            && !mixed
        {
            if matches!(wanted, Type::Any) {
                ty = Type::Any;
            } else if self.table.unify(wanted, &ty).is_err() {
                // One element that does not fit is told at its own place.
                let unfit = items.first().map_or(span, |item| item.span);
                self.unify(wanted, &ty, unfit);
                ty = wanted.clone();
            }
        }
        if mixed {
            ty = wanted.unwrap_or_else(|| self.table.fresh());
        }
        (tir::Expr { kind: tir::ExprKind::List(lowered), span }, Type::list(ty))
    }

    /// A wanted set, whose attributes may have other types in the next element.
    fn of_its_own(&mut self, wanted: &Type) -> Type {
        if let Type::Function(parameter, result) = wanted
            && let Type::Variable(variable) = self.table.shallow(result)
            && self.table.constraint(variable) == Constraint::None
        {
            return Type::function(Type::clone(parameter), self.table.fresh());
        }
        let Type::Record(record) = wanted else { return wanted.clone() };
        let fields = record.fields.iter().map(|field| match self.table.shallow(&field.ty) {
            Type::Variable(variable) if self.table.constraint(variable) == Constraint::None => {
                Field { ty: self.table.fresh(), ..field.clone() }
            }
            _ => field.clone(),
        });
        Type::record(fields.collect(), record.rest.clone())
    }

    fn are_dictionaries(&mut self, wanted: Option<&Type>, found: &[&Type]) -> bool {
        let Some(wanted) = wanted.map(|ty| self.table.shallow(ty)) else { return false };
        let Type::Dictionary(value) = &wanted else { return false };
        // Attributes of different types are `Any`, where nothing says more.
        let mut types = found
            .iter()
            .filter_map(|found| self.as_record(found))
            .flat_map(|record| record.fields.iter().map(|field| field.ty.clone()).collect::<Vec<_>>());
        if let Some(first) = types.next()
            && let common = types.fold(first, |a, b| self.table.common(&a, &b))
            && matches!(self.table.shallow(value), Type::Variable(_) | Type::List(_))
        {
            let _ = self.table.unify(value, &common);
        }
        found.iter().all(|found| self.table.unify(&wanted, found).is_ok())
    }

    /// Like [`Checker::delay`] with an expected type that is only a hint: the caller unifies.
    pub(super) fn delay_hinted(&mut self, expr: &Expr, hint: Option<&Type>) -> (tir::Expr, Type) {
        if self.is_immediate(expr) {
            return self.expression(expr, hint);
        }
        self.scopes.enter_frame(Vec::new());
        let (lowered, ty) = self.expression(expr, hint);
        let frame = self.scopes.leave_frame();
        let body = Body { expr: lowered, slots: frame.slots, source: Arc::clone(&self.source) };
        let kind = tir::ExprKind::Delayed(Arc::new(body), frame.captures);
        (tir::Expr { kind, span: expr.span }, ty)
    }

    fn conditional(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        self.open_tested(condition);
        let (lowered_condition, _) = self.check(condition, &Type::Bool);
        let scope = self.scopes.len();
        self.narrow(condition, true);
        let each = expected.and_then(|ty| self.constraint_of_parts(ty));
        let (lowered_then, a) = self.branch(then, expected, each);
        self.scopes.truncate(scope);
        self.narrow(condition, false);
        let (lowered_otherwise, b) = self.branch(otherwise, expected, each);
        self.scopes.truncate(scope);
        let ty = match self.join(&a, &b) {
            Some(ty) => ty,
            None => match expected.map(|ty| self.table.shallow(ty)) {
                Some(Type::Any) => Type::Any,
                Some(_) if each.is_some() => Type::Any,
                Some(expected) if self.both_serve(&expected, &a, &b) => expected,
                // What is made of data without a schema, after its kind, is such data, too.
                _ if self.asks_of_data(condition) => Type::Any,
                _ => {
                    self.branches_differ(then.span, &a, otherwise.span, &b);
                    self.table.fresh()
                }
            },
        };
        let kind = tir::ExprKind::If {
            condition: Box::new(lowered_condition),
            then: Box::new(lowered_then),
            otherwise: Box::new(lowered_otherwise),
        };
        (tir::Expr { kind, span }, ty)
    }

    /// The constraint that holds of each part by itself, where a value is expected whose parts may have
    /// different types: `toJSON [ 1 "a" ]`.
    pub(super) fn constraint_of_parts(&self, expected: &Type) -> Option<Constraint> {
        match self.table.shallow(expected) {
            Type::Variable(variable) => Some(self.table.constraint(variable))
                .filter(|constraint| matches!(constraint, Constraint::Printable | Constraint::Data)),
            _ => None,
        }
    }

    /// A part of a value for which a constraint holds of each part; one that does not fit is told.
    pub(super) fn part(
        &mut self,
        constraint: Constraint,
        span: Span,
        part: impl FnOnce(&mut Self, &Type) -> (tir::Expr, Type),
    ) -> (tir::Expr, Type) {
        let hint = self.constrained(constraint);
        let (value, found) = part(self, &hint);
        let wanted = self.constrained(constraint);
        let fits = self.unify(&wanted, &found, span);
        (value, if fits { found } else { self.table.fresh() })
    }

    fn branch(
        &mut self,
        branch: &Expr,
        expected: Option<&Type>,
        each: Option<Constraint>,
    ) -> (tir::Expr, Type) {
        match each {
            Some(constraint) => {
                self.part(constraint, branch.span, |checker, hint| checker.expression(branch, Some(hint)))
            }
            // What is not known yet becomes what both branches have in common: `if c then 1 else null`.
            None => match expected.map(|ty| self.table.shallow(ty)) {
                Some(Type::Variable(_)) => self.expression(branch, expected),
                _ => self.go(branch, expected),
            },
        }
    }

    fn all_serve(&mut self, wanted: Option<&Type>, a: &Type, b: &Type) -> bool {
        let Some(wanted) = wanted.map(|ty| self.table.shallow(ty)) else { return false };
        matches!(wanted, Type::Function(..)) && self.both_serve(&wanted, a, b)
    }

    /// Whether values of two types each are what an element may be, where elements may differ.
    fn all_satisfy(&mut self, wanted: Option<&Type>, a: &Type, b: &Type) -> bool {
        let Some(constraint) = wanted.and_then(|ty| self.constraint_of_parts(ty)) else { return false };
        [a, b].into_iter().all(|found| {
            let part = self.constrained(constraint);
            self.table.unify(&part, found).is_ok()
        })
    }

    /// Whether values of two types serve where one is expected.
    fn both_serve(&mut self, expected: &Type, a: &Type, b: &Type) -> bool {
        !matches!(expected, Type::Variable(_))
            && self.table.unify(expected, a).is_ok()
            && self.table.unify(expected, b).is_ok()
    }

    /// A type that only some types may become.
    pub(super) fn constrained(&mut self, constraint: Constraint) -> Type {
        self.table.fresh_constrained(constraint)
    }
}
