//! Functions that refer to themselves and to each other.
//!
//! What their calls of each other take is known before they are checked, from their form. Where they give more than
//! that, as null in one of their ends, they are checked once more with what they give.

use std::sync::Arc;

use super::Checker;
use super::scope::BindingId;
use crate::syntax::ast::{Expr, ExprKind, Name, Parameter};
use crate::types::tir::{self, Binding, Capture, Group};
use crate::types::{Field, Rest, Type};

/// Inside of so many functions that are checked again, others are checked once.
const AGAIN: u32 = 3;

/// How often the functions of a group are checked again: what one gives more, those that call it give, too.
const ROUNDS: usize = 8;

impl Checker<'_> {
    /// What the form of an expression tells of its type: which arguments the patterns of a function take.
    pub(super) fn shape(&mut self, expr: &Expr) -> Type {
        let ExprKind::Lambda { parameter, body } = &expr.kind else { return self.table.fresh() };
        let parameter = match parameter {
            Parameter::Name(..) => self.table.fresh(),
            Parameter::Pattern(pattern) => {
                let fields = pattern
                    .fields
                    .iter()
                    .map(|field| Field {
                        name: field.name.clone(),
                        ty: self.table.fresh(),
                        optional: field.default.is_some(),
                    })
                    .collect();
                let rest = if pattern.open { self.table.fresh_row() } else { Rest::Closed };
                Type::record(fields, rest)
            }
        };
        Type::function(parameter, self.shape(body))
    }

    /// Functions that refer to each other: they share what they capture, and reach each other without
    /// capturing, so that no value refers to itself.
    pub(super) fn functions(
        &mut self,
        lambdas: &[(&Name, &Expr)],
        declared: &mut [(usize, u32, BindingId, Type)],
    ) -> Binding {
        let ids: Vec<BindingId> = declared.iter().map(|(_, _, id, _)| *id).collect();
        let before = self.mark();
        let (mut group, mut captures, mut found) = self.bodies(lambdas, declared, &ids);
        for _ in 0..lambdas.len().min(ROUNDS) {
            let Some(wider) = self.wider_results(declared, &found) else { break };
            // What they give is more than their calls of each other take: they are checked with that.
            self.rollback(before);
            for (((name, _), (_, _, id, ty)), wider) in lambdas.iter().zip(declared.iter_mut()).zip(wider) {
                let scheme = self.plain(&wider);
                self.scopes.set_scheme(name, *id, &scheme);
                *ty = wider;
            }
            self.again += 1;
            (group, captures, found) = self.bodies(lambdas, declared, &ids);
            self.again -= 1;
        }
        for (((_, expr), (_, _, _, ty)), found) in lambdas.iter().zip(declared.iter_mut()).zip(found) {
            // It may take more than it is given inside of itself: what may be null.
            if self.unify(ty, &found, expr.span) {
                *ty = found;
            }
        }
        Binding::Functions {
            slots: declared.iter().map(|(_, slot, _, _)| *slot).collect(),
            group: Arc::new(Group { lambdas: group }),
            captures: captures.into_iter().map(|(_, capture)| capture).collect(),
        }
    }

    /// The functions of a group, what they share of what they capture, and their types.
    fn bodies(
        &mut self,
        lambdas: &[(&Name, &Expr)],
        declared: &[(usize, u32, BindingId, Type)],
        ids: &[BindingId],
    ) -> (Vec<tir::Lambda>, Vec<(BindingId, Capture)>, Vec<Type>) {
        let mut captures: Vec<(BindingId, Capture)> = Vec::new();
        let mut group = Vec::new();
        let mut types = Vec::new();
        for ((name, expr), (_, _, _, ty)) in lambdas.iter().zip(declared) {
            let ExprKind::Lambda { parameter, body } = &expr.kind else { continue };
            self.scopes.enter_frame(captures);
            self.scopes.set_siblings(ids);
            let scope = self.scopes.len();
            let (lambda, found) = self.lambda_body(parameter, body, None, Some((*name).clone()));
            self.scopes.truncate(scope);
            let frame = self.scopes.leave_frame();
            captures = self.scopes.shared_captures(&frame);
            group.push(lambda(frame.slots));
            // What the functions behind it learn from it is known before they are checked.
            let _ = self.table.unify(ty, &found);
            types.push(found);
        }
        (group, captures, types)
    }

    /// The types that functions of a group have, where they give more than their calls of each other take, and
    /// may give that: null, mostly.
    fn wider_results(
        &mut self,
        declared: &[(usize, u32, BindingId, Type)],
        found: &[Type],
    ) -> Option<Vec<Type>> {
        let fits = |checker: &mut Self, ty: &Type, found: &Type| checker.table.compatible_as(ty, found);
        let pairs = || declared.iter().map(|(_, _, _, ty)| ty).zip(found);
        if self.again >= AGAIN || pairs().all(|(ty, found)| fits(self, ty, found)) {
            return None;
        }
        let mut wider = Vec::with_capacity(found.len());
        for (ty, found) in pairs() {
            wider.push(if fits(self, ty, found) { ty.clone() } else { self.join(ty, found)? });
        }
        Some(wider)
    }
}
