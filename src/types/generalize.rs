//! Types whose variables are chosen anew at each use.

use std::collections::HashMap;
use std::sync::Arc;

use super::unify::Table;
use super::{Constraint, Field, Rest, Scheme, Type, TypeVariable};

/// The variables that a scheme binds, in the order in which they first stand there.
#[derive(Default)]
struct Bound {
    constraints: Vec<Constraint>,
    numbers: HashMap<TypeVariable, u32>,
}

impl Table {
    /// The type with the variables of the current level bound, to be chosen anew at each use.
    pub fn generalize(&self, ty: &Type) -> Scheme {
        let mut bound = Bound::default();
        let ty = self.quantify(&self.resolve(ty), &mut bound, Some(self.level()));
        Scheme { variables: bound.constraints, ty }
    }

    /// The type with none of its variables bound.
    pub fn freeze(&self, ty: &Type) -> Scheme {
        let ty = self.quantify(&self.resolve(ty), &mut Bound::default(), Some(u32::MAX));
        Scheme::plain(ty)
    }

    /// The type with all its open variables bound.
    pub fn close(&self, ty: &Type) -> Scheme {
        let mut bound = Bound::default();
        let ty = self.quantify(&self.resolve(ty), &mut bound, None);
        Scheme { variables: bound.constraints, ty }
    }

    fn quantify(&self, ty: &Type, bound: &mut Bound, above: Option<u32>) -> Type {
        if let Type::Variable(variable) = ty
            && let Some(slot) = self.slot(*variable)
            && let Some(inner) = slot.nullable.as_ref()
            && above.is_none_or(|above| slot.level > above)
        {
            // Nothing has decided whether it is ever null, so that it may be.
            return self.quantify(&self.resolve(&Type::optional(inner.clone())), bound, above);
        }
        let mut number = |variable: TypeVariable| match bound.numbers.get(&variable) {
            Some(index) => Some(TypeVariable(*index)),
            None => {
                let slot = self.slot(variable)?;
                // Free variables are told from bound ones by numbers above all bound ones.
                if above.is_some_and(|above| slot.level <= above) {
                    return None;
                }
                let index = bound.constraints.len() as u32;
                bound.constraints.push(slot.constraint);
                bound.numbers.insert(variable, index);
                Some(TypeVariable(index))
            }
        };
        match ty {
            Type::Variable(variable) => match number(*variable) {
                Some(bound) => Type::Variable(bound),
                None => Type::Variable(TypeVariable(variable.0 + FREE)),
            },
            Type::List(inner) => Type::list(self.quantify(inner, bound, above)),
            Type::Optional(inner) => Type::optional(self.quantify(inner, bound, above)),
            Type::Dictionary(inner) => Type::dictionary(self.quantify(inner, bound, above)),
            Type::Function(parameter, result) => {
                let parameter = self.quantify(parameter, bound, above);
                Type::function(parameter, self.quantify(result, bound, above))
            }
            Type::Record(record) => {
                let mut fields = Vec::with_capacity(record.fields.len());
                for field in &record.fields {
                    fields.push(Field { ty: self.quantify(&field.ty, bound, above), ..field.clone() });
                }
                let rest = match &record.rest {
                    Rest::Closed => Rest::Closed,
                    Rest::Keys(value) => Rest::Keys(Arc::new(self.quantify(value, bound, above))),
                    Rest::Open(variable) => match self.quantify(&Type::Variable(*variable), bound, above) {
                        Type::Variable(variable) => Rest::Open(variable),
                        _ => Rest::Open(*variable),
                    },
                };
                Type::record(fields, rest)
            }
            other => other.clone(),
        }
    }

    /// A type of its own for one use of a scheme.
    pub fn instantiate(&mut self, scheme: &Scheme) -> Type {
        if scheme.variables.is_empty() && !mentions_variables(&scheme.ty) {
            return scheme.ty.clone();
        }
        let fresh: Vec<TypeVariable> =
            scheme.variables.iter().map(|constraint| self.fresh_variable(*constraint)).collect();
        substitute(&scheme.ty, &fresh)
    }
}

/// Added to the numbers of variables that a scheme does not bind.
const FREE: u32 = 1 << 30;

fn substitute(ty: &Type, fresh: &[TypeVariable]) -> Type {
    let choose = |variable: TypeVariable| match fresh.get(variable.0 as usize) {
        Some(chosen) => *chosen,
        None => TypeVariable(variable.0.wrapping_sub(FREE)),
    };
    match ty {
        Type::Variable(variable) => Type::Variable(choose(*variable)),
        Type::List(inner) => Type::list(substitute(inner, fresh)),
        Type::Optional(inner) => Type::optional(substitute(inner, fresh)),
        Type::Dictionary(inner) => Type::dictionary(substitute(inner, fresh)),
        Type::Function(parameter, result) => {
            Type::function(substitute(parameter, fresh), substitute(result, fresh))
        }
        Type::Record(record) => {
            let fields = record
                .fields
                .iter()
                .map(|field| Field { ty: substitute(&field.ty, fresh), ..field.clone() })
                .collect();
            let rest = match &record.rest {
                Rest::Closed => Rest::Closed,
                Rest::Keys(value) => Rest::Keys(Arc::new(substitute(value, fresh))),
                Rest::Open(variable) => Rest::Open(choose(*variable)),
            };
            Type::record(fields, rest)
        }
        other => other.clone(),
    }
}

fn mentions_variables(ty: &Type) -> bool {
    match ty {
        Type::Variable(_) => true,
        Type::List(inner) | Type::Optional(inner) | Type::Dictionary(inner) => mentions_variables(inner),
        Type::Function(parameter, result) => mentions_variables(parameter) || mentions_variables(result),
        Type::Record(record) => {
            let rest = match &record.rest {
                Rest::Closed => false,
                Rest::Open(_) => true,
                Rest::Keys(value) => mentions_variables(value),
            };
            rest || record.fields.iter().any(|field| mentions_variables(&field.ty))
        }
        _ => false,
    }
}
