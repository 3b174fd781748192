//! Calls of builtins whose type depends on what is written in the call.

use std::sync::Arc;

use super::Checker;
use super::narrow::is_null;
use super::references::bound_names;
use super::scope::{Entry, Fact, Known};
use super::select::literal;
use crate::builtins;
use crate::syntax::ast::{AttrNameKind, Binding, Expr, ExprKind, Name};
use crate::types::{Field, Record, Rest, Type};

/// How deep `recursiveUpdate` is followed in types.
const DEEPEST: u32 = 32;

impl Checker<'_> {
    /// The type of a builtin in a call with these arguments, where it is not the one of its row.
    pub(super) fn special_type(&mut self, builtin: Option<u32>, arguments: &[Expr]) -> Option<Type> {
        let entry = builtin.and_then(builtins::get)?;
        match (entry.name, arguments) {
            ("removeAttrs", [_, names]) => self.without(names),
            ("match", [pattern, ..])
                if literal(pattern).is_some_and(|(text, _)| builtins::has_all_groups(&text)) =>
            {
                let groups = Type::optional(Type::list(Type::String));
                Some(Type::function(Type::String, Type::function(Type::String, groups)))
            }
            ("findFirst", [_, default, ..]) if self.may_give_null(default) => Some(self.finding(1)),
            ("findSingle", [_, none, several, ..]) if is_null(none) && is_null(several) => {
                Some(self.finding(2))
            }
            ("mapCartesianProduct", [_, lists]) => self.product(lists),
            _ => None,
        }
    }

    /// The type of a builtin that marks a part of an inventory: what it marks is what is expected there, and
    /// whoever reads the inventory takes the mark away.
    pub(super) fn mark_type(&mut self, builtin: Option<u32>, expected: Option<&Type>) -> Option<Type> {
        let expected = expected.filter(|_| self.context.in_inventory).map(|ty| self.table.shallow(ty))?;
        let is_part = match &expected {
            Type::Record(record) => {
                !record.fields.is_empty() && record.fields.iter().all(|field| field.optional)
            }
            Type::Dictionary(_) | Type::Filter | Type::Any => true,
            // The closure of a service.
            Type::Function(given, _) => {
                matches!(self.table.shallow(given), Type::Record(given) if given.field("selectors").is_some())
            }
            _ => false,
        };
        if !is_part {
            return None;
        }
        let marked = match builtins::get(builtin?)?.name {
            "mkForce"
            | "mkDefault"
            | "mkOptionDefault"
            | "mkImageMediaOverride"
            | "mkVMOverride"
            | "mkBefore"
            | "mkAfter" => Type::function(expected, Type::Any),
            "mkOverride" | "mkOrder" => Type::function(Type::Int, Type::function(expected, Type::Any)),
            "mkIf" => Type::function(Type::Bool, Type::function(expected, Type::Any)),
            "mkMerge" => Type::function(Type::list(expected), Type::Any),
            _ => return None,
        };
        Some(marked)
    }

    /// `mapCartesianProduct` of a set that is written out: what its function gets has the same names.
    fn product(&mut self, lists: &Expr) -> Option<Type> {
        let ExprKind::AttrSet { bindings, .. } = &lists.kind else { return None };
        let is_computed = |binding: &Binding| match binding {
            Binding::Value { path, .. } => {
                path.len() != 1 || path.iter().any(|name| matches!(name.kind, AttrNameKind::Dynamic(_)))
            }
            Binding::Inherit { .. } => false,
        };
        if bindings.iter().any(is_computed) {
            return None;
        }
        let mut given = Vec::with_capacity(bindings.len());
        let mut chosen = Vec::with_capacity(bindings.len());
        for name in bound_names(bindings) {
            let element = self.table.fresh();
            chosen.push(Field { name: name.clone(), ty: element.clone(), optional: false });
            given.push(Field { name, ty: Type::list(element), optional: false });
        }
        let result = self.table.fresh();
        let function = Type::function(Type::record(chosen, Rest::Closed), result.clone());
        let given = Type::record(given, Rest::Closed);
        Some(Type::function(function, Type::function(given, Type::list(result))))
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

    /// Whether a default is null, or a variable that may be.
    fn may_give_null(&mut self, default: &Expr) -> bool {
        let ExprKind::Variable(name) = &default.kind else { return false };
        match self.scopes.lookup(name) {
            Some(Entry::Variable { scheme, .. }) => {
                let scheme = scheme.clone();
                let ty = self.table.instantiate(&scheme);
                matches!(self.table.shallow(&ty), Type::Null | Type::Optional(_))
            }
            Some(_) => false,
            None => is_null(default),
        }
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
    pub(super) fn special_result(
        &mut self,
        builtin: Option<u32>,
        expressions: &[Expr],
        arguments: &[Type],
    ) -> Option<Type> {
        let entry = builtin.and_then(builtins::get)?;
        match (entry.name, expressions, arguments) {
            ("recursiveUpdate", _, [left, right]) => self.updated_deeply(left, right, 0),
            ("filter", [predicate, ..], [_, list]) => self.without_null(predicate, list),
            ("optionalAttrs", _, [_, set]) => {
                let set = self.closed(set)?;
                let fields = set.fields.iter().map(|field| Field { optional: true, ..field.clone() });
                Some(Type::record(fields.collect(), Rest::Closed))
            }
            // Whoever asks whether it is null says that it may be.
            ("isNull", _, [asked]) => {
                self.may_be_null(&self.table.shallow(asked));
                None
            }
            ("cartesianProduct", _, [lists]) => Some(Type::list(self.chosen(lists)?)),
            _ => None,
        }
    }

    /// The list that `filter (x: x != null) list` gives: no element of it is null.
    fn without_null(&mut self, predicate: &Expr, list: &Type) -> Option<Type> {
        let Type::List(element) = self.table.shallow(list) else { return None };
        let is_optional = matches!(self.table.shallow(&element), Type::Optional(_));
        let tells = |fact: &Fact| fact.path.is_empty() && fact.is == Known::NotNull;
        let excludes_null = self.facts_of_predicate(predicate).iter().any(tells);
        (is_optional && excludes_null).then(|| Type::list(self.not_null(&element)))
    }

    /// One element of each list of a set whose attributes are known.
    fn chosen(&self, lists: &Type) -> Option<Type> {
        let lists = self.closed(lists)?;
        let fields = lists.fields.iter().map(|field| match self.table.shallow(&field.ty) {
            Type::List(element) => Some(Field { ty: Type::clone(&element), ..field.clone() }),
            _ => None,
        });
        let fields: Option<Vec<Field>> = fields.collect();
        fields
            .filter(|fields| fields.iter().all(|field| !field.optional))
            .map(|fields| Type::record(fields, Rest::Closed))
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

    /// The fields of a set that has no others.
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
