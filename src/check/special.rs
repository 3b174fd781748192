//! Calls of builtins whose type depends on what is written in the call.

use std::sync::Arc;

use super::Checker;
use super::narrow::is_null;
use super::select::literal;
use crate::builtins;
use crate::syntax::ast::{Expr, ExprKind, Name};
use crate::types::{Field, Record, Rest, Type};

/// How deep `recursiveUpdate` is followed in types.
const DEEPEST: u32 = 32;

impl Checker<'_> {
    /// The type of a builtin in a call with these arguments, where it is not the one of its row.
    pub(super) fn special_type(&mut self, builtin: Option<u32>, arguments: &[Expr]) -> Option<Type> {
        let entry = builtin.and_then(builtins::get)?;
        match (entry.name, arguments) {
            ("removeAttrs", [_, names]) => self.without(names),
            ("findFirst", [_, default, ..]) if is_null(default) => Some(self.finding(1)),
            ("findSingle", [_, none, several, ..]) if is_null(none) && is_null(several) => {
                Some(self.finding(2))
            }
            _ => None,
        }
    }

    /// `removeAttrs` with literal names: the others keep their types.
    fn without(&mut self, names: &Expr) -> Option<Type> {
        let ExprKind::List(items) = &names.kind else { return None };
        let names: Option<Vec<Name>> = items.iter().map(|item| literal(item).map(|(name, _)| name)).collect();
        let mut names = names?;
        names.sort();
        names.dedup();
        let rest = self.table.fresh_row();
        let gone = names.iter().map(|name| Field { name: name.clone(), ty: Type::Never, optional: true });
        let kept = Type::record(gone.collect(), rest.clone());
        let given = names.iter().map(|name| {
            let ty = self.table.fresh();
            Field { name: name.clone(), ty, optional: true }
        });
        let given = Type::record(given.collect(), rest);
        Some(Type::function(given, Type::function(Type::list(Type::String), kept)))
    }

    /// A search in a list that gives null where it finds nothing; so many arguments say so.
    fn finding(&mut self, defaults: usize) -> Type {
        let element = self.table.fresh();
        let found = Type::optional(element.clone());
        let mut ty = Type::function(Type::list(element.clone()), found.clone());
        for _ in 0..defaults {
            ty = Type::function(found.clone(), ty);
        }
        Type::function(Type::function(element, Type::Bool), ty)
    }

    /// The result of a builtin for arguments of these types, where more is known than its row says.
    pub(super) fn special_result(&mut self, builtin: Option<u32>, arguments: &[Type]) -> Option<Type> {
        let entry = builtin.and_then(builtins::get)?;
        match (entry.name, arguments) {
            ("recursiveUpdate", [left, right]) => self.updated_deeply(left, right, 0),
            _ => None,
        }
    }

    /// `recursiveUpdate` of sets whose attributes are known.
    fn updated_deeply(&mut self, left: &Type, right: &Type, depth: u32) -> Option<Type> {
        if depth > DEEPEST {
            return Some(Type::Any);
        }
        let (left, right) = (self.closed(left)?, self.closed(right)?);
        let mut fields: Vec<Field> = Vec::with_capacity(left.fields.len() + right.fields.len());
        for field in &left.fields {
            let Some(other) = right.field(&field.name) else {
                fields.push(field.clone());
                continue;
            };
            let ty = match self.updated_deeply(&field.ty, &other.ty, depth + 1) {
                Some(both) if !field.optional && !other.optional => both,
                None if !other.optional && (self.is_no_set(&field.ty) || self.is_no_set(&other.ty)) => {
                    other.ty.clone()
                }
                _ => Type::Any,
            };
            fields.push(Field { name: field.name.clone(), ty, optional: field.optional && other.optional });
        }
        fields.extend(right.fields.iter().filter(|field| left.field(&field.name).is_none()).cloned());
        Some(Type::record(fields, Rest::Closed))
    }

    fn closed(&self, ty: &Type) -> Option<Arc<Record>> {
        self.as_record(ty).filter(|record| record.rest == Rest::Closed)
    }

    fn is_no_set(&self, ty: &Type) -> bool {
        use Type::{Bool, Filter, Float, Function, Int, List, Null, Path, String};
        matches!(
            self.table.shallow(ty),
            Bool | Filter | Float | Function(..) | Int | List(_) | Null | Path | String
        )
    }
}
