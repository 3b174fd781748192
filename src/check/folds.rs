//! Folds whose value grows: `foldl' (acc: x: acc // { last = x; }) { count = 0; } list`.
//!
//! What a fold begins with says what its function gets, unless the function gives more than that. Then it gets
//! what both have in common.

use super::Checker;
use super::apply::Callee;
use crate::builtins;
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::{Type, tir};

/// The builtins that give a value to a function again and again; the function comes first, and then the value
/// that they begin with.
const FOLDS: [&str; 5] = ["foldl'", "foldl", "foldr", "fold", "foldlAttrs"];

/// Folds inside of so many others that are checked again are checked once.
const AGAIN: u32 = 3;

impl Checker<'_> {
    /// Whether a call gives all its arguments to a fold, of which the function is written out.
    pub(super) fn is_fold(&self, callee: &Callee<'_>, arguments: &[Expr], total: usize) -> bool {
        let builtin = callee.builtin.and_then(builtins::get);
        builtin.is_some_and(|builtin| FOLDS.contains(&builtin.name))
            && total == 3
            && matches!(arguments.first().map(|function| &function.kind), Some(ExprKind::Lambda { .. }))
    }

    /// The function of a fold, and the type of what it comes to, where that is more than it begins with.
    pub(super) fn folding(
        &mut self,
        callee: &Callee<'_>,
        arguments: &[Expr],
        parameter: &Type,
    ) -> Option<((tir::Expr, Type), Option<Type>)> {
        let function = arguments.first()?;
        let start = self.mark();
        let value = self.argument(callee, arguments, 0, function, Some(parameter));
        if self.diagnostics.len() == start.diagnostics && self.table.compatible_as(parameter, &value.1) {
            return Some((value, None));
        }
        let told = self.diagnostics.split_off(start.diagnostics.min(self.diagnostics.len()));
        let names = self.names.split_off(start.names.min(self.names.len()));
        let meant = self.meant.split_off(start.meant.min(self.meant.len()));
        self.again += 1;
        let wider = match self.again <= AGAIN {
            true => self.wider_fold(callee, arguments, function, parameter),
            false => None,
        };
        self.again -= 1;
        if wider.is_none() {
            self.rollback(start);
            self.diagnostics.extend(told);
            self.names.extend(names);
            self.meant.extend(meant);
            return Some((value, None));
        }
        wider.map(|(value, grown)| (value, Some(grown)))
    }

    fn wider_fold(
        &mut self,
        callee: &Callee<'_>,
        arguments: &[Expr],
        function: &Expr,
        parameter: &Type,
    ) -> Option<((tir::Expr, Type), Type)> {
        let begin = last_of(parameter);
        let result = self.table.fresh();
        let free = with_result(parameter, &result);
        let before = self.mark();
        let (_, found) = self.argument(callee, arguments, 0, function, Some(&free));
        let has_mistakes = self.diagnostics.len() > before.diagnostics;
        self.rollback(before);
        if has_mistakes || !self.table.compatible_as(&free, &found) {
            return None;
        }
        let given = self.last_known(&found, parameter);
        let grown = match (self.table.shallow(&begin), self.table.shallow(&given)) {
            (Type::Int, Type::Float) | (Type::Float, Type::Int) => Type::Float,
            (begin, given) => self.join(&begin, &given)?,
        };
        let wide = replaced(parameter, &begin, &grown);
        let before = self.mark();
        let value = self.argument(callee, arguments, 0, function, Some(&wide));
        let fits = self.diagnostics.len() == before.diagnostics && self.table.unify(&wide, &value.1).is_ok();
        fits.then_some((value, grown))
    }

    /// What a function gives behind as many arguments as another one takes.
    fn last_known(&self, function: &Type, like: &Type) -> Type {
        match (self.table.shallow(function), like) {
            (Type::Function(_, result), Type::Function(_, like)) => self.last_known(&result, like),
            (found, _) => found,
        }
    }
}

/// What a function gives in the end.
fn last_of(function: &Type) -> Type {
    match function {
        Type::Function(_, result) => last_of(result),
        other => other.clone(),
    }
}

/// The type of a function that gives something else in the end.
fn with_result(function: &Type, result: &Type) -> Type {
    match function {
        Type::Function(parameter, rest) => Type::function(Type::clone(parameter), with_result(rest, result)),
        _ => result.clone(),
    }
}

/// The type of a function with something else for one of its parts.
fn replaced(function: &Type, part: &Type, with: &Type) -> Type {
    match function {
        Type::Function(parameter, rest) => {
            Type::function(replaced(parameter, part, with), replaced(rest, part, with))
        }
        other if other == part => with.clone(),
        other => other.clone(),
    }
}
