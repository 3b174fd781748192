//! Data that contains data of its own kind, such as trees: behind the first level, it is data without a schema.
//!
//! A type never contains itself. Where one would, since a set has an attribute that is such a set again, that
//! attribute is `Any`. What contains itself in another way, such as a function that gives itself, is a mistake.

use std::sync::Arc;

use super::unify::{Mismatch, Table};
use super::{Field, Rest, Type, TypeVariable};

/// Types that nest deeper are not taken apart.
const DEEPEST: u32 = 200;

impl Table {
    /// The type that a variable is going to stand for, without the variable in it.
    pub(super) fn finite(&mut self, variable: TypeVariable, ty: &Type, level: u32) -> Result<Type, Mismatch> {
        self.cut_where_infinite(variable, ty, level, false)
    }

    /// The type of a field of a row, without the row in it.
    pub(super) fn finite_field(
        &mut self,
        row: TypeVariable,
        ty: &Type,
        level: u32,
    ) -> Result<Type, Mismatch> {
        self.cut_where_infinite(row, ty, level, true)
    }

    fn cut_where_infinite(
        &mut self,
        variable: TypeVariable,
        ty: &Type,
        level: u32,
        in_set: bool,
    ) -> Result<Type, Mismatch> {
        match self.adjust(variable, ty, level) {
            Ok(()) => Ok(ty.clone()),
            Err(Mismatch::Infinite) => {
                let cut = self.cut(variable, ty, in_set, 0).ok_or(Mismatch::Infinite)?;
                self.adjust(variable, &cut, level)?;
                Ok(cut)
            }
            Err(mismatch) => Err(mismatch),
        }
    }

    /// The type with `Any` where a variable stands inside of a set; nothing where it stands outside of one.
    fn cut(&self, variable: TypeVariable, ty: &Type, in_set: bool, depth: u32) -> Option<Type> {
        if depth > DEEPEST {
            return None;
        }
        let part = |part: &Type| self.cut(variable, part, in_set, depth + 1);
        let inside = |part: &Type| self.cut(variable, part, true, depth + 1);
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            Some(match self.shallow(ty) {
                Type::Variable(other) if other == variable => return in_set.then_some(Type::Any),
                Type::List(element) => Type::list(part(&element)?),
                Type::Optional(inner) => Type::optional(part(&inner)?),
                Type::Function(parameter, result) => Type::function(part(&parameter)?, part(&result)?),
                Type::Dictionary(value) => Type::dictionary(inside(&value)?),
                Type::Record(record) => {
                    let record = self.flatten(&record);
                    if record.rest == Rest::Open(variable) {
                        return in_set.then_some(Type::Any);
                    }
                    let fields = record.fields.into_iter().map(|field| {
                        let ty = inside(&field.ty)?;
                        Some(Field { ty, ..field })
                    });
                    let fields: Option<Vec<Field>> = fields.collect();
                    let rest = match record.rest {
                        Rest::Keys(value) => Rest::Keys(Arc::new(inside(&value)?)),
                        rest => rest,
                    };
                    Type::record(fields?, rest)
                }
                other => other,
            })
        })
    }
}
