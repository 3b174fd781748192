//! Types of `//`: the fields that both sides leave.

use std::sync::Arc;

use super::Checker;
use super::operators::Operands;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::Expr;
use crate::text::Span;
use crate::types::{Field, Record, Rest, Type, TypeVariable, tir};

impl Checker<'_> {
    /// `//`: the fields of both, those of the right where both have one.
    pub(super) fn update(
        &mut self,
        first: &Expr,
        rest: &Operands,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let hint = expected.map(|ty| self.table.shallow(ty)).filter(|ty| *ty == Type::Any);
        let mut told = false;
        let before = self.mark();
        let (lowered_first, mut ty) = self.set_operand(first, hint.as_ref(), &mut told);
        if told && self.diagnostics.len() == before.diagnostics + 1 {
            let after = self.mark();
            let (_, found) = self.infer(first);
            self.rollback(after);
            let mistake = self.diagnostics.pop();
            if self.comment_of_slashes(&found, rest) {
                return (self.nothing(span), found);
            }
            self.diagnostics.extend(mistake);
        }
        let mut lowered = Vec::with_capacity(rest.len());
        for (operator, _, operand) in rest {
            let (value, found) = self.set_operand(operand, hint.as_ref(), &mut told);
            ty = self.updated(&ty, &found);
            lowered.push((*operator, value));
        }
        (tir::Expr { kind: tir::ExprKind::Chain { first: Box::new(lowered_first), rest: lowered }, span }, ty)
    }

    /// An operand of `//`; `told` is whether one that is no set was reported already.
    fn set_operand(&mut self, operand: &Expr, hint: Option<&Type>, told: &mut bool) -> (tir::Expr, Type) {
        let (value, found) = self.go(operand, hint);
        match self.table.shallow(&found) {
            Type::Any | Type::Record(_) | Type::Dictionary(_) | Type::Named(_) => {}
            Type::Variable(_) => {
                let rest = self.table.fresh_row();
                self.unify(&Type::record(Vec::new(), rest), &found, operand.span);
            }
            _ if std::mem::replace(told, true) => return (value, self.table.fresh()),
            other => {
                let shown = self.show(&other);
                let help = match other {
                    Type::Int | Type::Float => Some("division is `/`".to_owned()),
                    Type::String => Some("strings are joined with `+`".to_owned()),
                    Type::Filter => Some("filters are joined with `||`, `&&` and `!`".to_owned()),
                    Type::List(_) => Some("lists are joined with `++`".to_owned()),
                    _ => None,
                };
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected an attribute set beside `//`, found {shown}"),
                )
                .maybe_help(help);
                self.report(diagnostic, operand.span, format!("this is {shown}"));
                return (value, self.table.fresh());
            }
        }
        (value, found)
    }

    fn updated(&mut self, left: &Type, right: &Type) -> Type {
        let (left, right) = (self.table.shallow(left), self.table.shallow(right));
        match (&left, &right) {
            (Type::Any, _) | (_, Type::Any) => return Type::Any,
            (Type::Dictionary(a), Type::Dictionary(b)) => {
                let (a, b) = (Type::clone(a), Type::clone(b));
                return Type::dictionary(self.join_or_any(&a, &b));
            }
            _ => {}
        }
        let (Some(left), Some(right)) = (self.as_fields(&left), self.as_fields(&right)) else {
            return Type::Any;
        };
        self.merged(&left, &right).unwrap_or(Type::Any)
    }

    /// The fields of both, and what else there may be; nothing where that cannot be said.
    fn merged(&mut self, left: &Record, right: &Record) -> Option<Type> {
        if let (Rest::Open(row), Rest::Closed) = (&right.rest, &left.rest) {
            return self.merged_into_open(left, right, *row);
        }
        let rest = match (&left.rest, &right.rest) {
            (rest, Rest::Closed) => rest.clone(),
            (Rest::Closed, Rest::Keys(value)) => Rest::Keys(value.clone()),
            (Rest::Keys(a), Rest::Keys(b)) => Rest::Keys(Arc::new(self.join_or_any(a, b))),
            // What the right side brings and is not known could replace any field of the left.
            _ => return None,
        };
        let mut fields: Vec<Field> = Vec::with_capacity(left.fields.len() + right.fields.len());
        for field in &left.fields {
            match (right.field(&field.name), &right.rest) {
                (Some(other), _) if !other.optional => fields.push(other.clone()),
                (Some(other), _) => {
                    let ty = self.join_or_any(&field.ty, &other.ty);
                    fields.push(Field { ty, ..field.clone() });
                }
                (None, Rest::Keys(value)) => {
                    let ty = self.either(&field.ty, value);
                    fields.push(Field { ty, ..field.clone() });
                }
                (None, _) => fields.push(field.clone()),
            }
        }
        for field in right.fields.iter().filter(|field| left.field(&field.name).is_none()) {
            match &left.rest {
                // It may hide a key that the left has.
                Rest::Keys(value) if field.optional => {
                    let ty = self.either(&field.ty, value);
                    fields.push(Field { ty, ..field.clone() });
                }
                // Or a field of which nothing is known.
                Rest::Open(_) if field.optional => return None,
                _ => fields.push(field.clone()),
            }
        }
        Some(Type::record(fields, rest))
    }

    /// `{ port = 80; } // x`: where `x` has a field of the left, it is of the same type.
    fn merged_into_open(&mut self, left: &Record, right: &Record, row: TypeVariable) -> Option<Type> {
        let new: Vec<&Field> =
            left.fields.iter().filter(|field| right.field(&field.name).is_none()).collect();
        let known: Vec<Field> =
            new.iter().map(|field| Field { optional: true, ..(*field).clone() }).collect();
        let rest = self.table.require_fields(row, known).ok()?;
        let mut fields: Vec<Field> = new.into_iter().cloned().collect();
        for field in &right.fields {
            fields.push(match left.field(&field.name) {
                Some(other) if field.optional => Field {
                    ty: self.join_or_any(&field.ty, &other.ty),
                    optional: other.optional,
                    ..field.clone()
                },
                _ => field.clone(),
            });
        }
        Some(Type::record(fields, rest))
    }

    /// The type of a field or of what may hide it, of which nothing may be known: then it need not be the same.
    fn either(&mut self, field: &Type, hiding: &Type) -> Type {
        match self.table.shallow(hiding) {
            Type::Variable(_) if self.table.shallow(field) != self.table.shallow(hiding) => Type::Any,
            _ => self.join_or_any(field, hiding),
        }
    }

    fn join_or_any(&mut self, a: &Type, b: &Type) -> Type {
        self.join(a, b).unwrap_or(Type::Any)
    }
}
