//! Whether types are alike, and what they have in common.

use super::unify::Table;
use super::{Field, Record, Rest, Type};

impl Table {
    /// Whether a type mentions `Any`, as far as a short look at it shows.
    pub fn mentions_any(&self, ty: &Type) -> bool {
        self.mentions_any_within(ty, &mut 64)
    }

    fn mentions_any_within(&self, ty: &Type, left: &mut u32) -> bool {
        let Some(less) = left.checked_sub(1) else { return false };
        *left = less;
        match self.shallow(ty) {
            Type::Any => true,
            Type::List(inner) | Type::Optional(inner) | Type::Dictionary(inner) => {
                self.mentions_any_within(&inner, left)
            }
            Type::Function(parameter, result) => {
                self.mentions_any_within(&parameter, left) || self.mentions_any_within(&result, left)
            }
            Type::Record(record) => {
                record.fields.iter().any(|field| self.mentions_any_within(&field.ty, left))
                    || matches!(&record.rest, Rest::Keys(value) if self.mentions_any_within(value, left))
            }
            _ => false,
        }
    }

    /// What two types have in common, with `Any` where they differ.
    pub fn common(&self, a: &Type, b: &Type) -> Type {
        match (self.shallow(a), self.shallow(b)) {
            (Type::Never, other) => other,
            (a, b) if self.compatible(&a, &b) => a,
            // Every path is also a text.
            (Type::String | Type::Path, Type::String | Type::Path) => Type::String,
            (Type::List(a), Type::List(b)) => Type::list(self.common(&a, &b)),
            (Type::Dictionary(a), Type::Dictionary(b)) => Type::dictionary(self.common(&a, &b)),
            (Type::Null, Type::Null) => Type::Null,
            (Type::Null, other) | (other, Type::Null) => Type::optional(other),
            (Type::Optional(a), Type::Optional(b)) => Type::optional(self.common(&a, &b)),
            (Type::Optional(inner), other) | (other, Type::Optional(inner)) => {
                Type::optional(self.common(&inner, &other))
            }
            (Type::Record(a), Type::Record(b)) if a.rest == Rest::Closed && b.rest == Rest::Closed => {
                self.common_fields(&a, &b)
            }
            _ => Type::Any,
        }
    }

    /// What two sets have in common: what only one of them has may be missing.
    fn common_fields(&self, a: &Record, b: &Record) -> Type {
        let (ours, theirs) = (a.by_name(), b.by_name());
        self.spend(8 * (a.fields.len() + b.fields.len()) as u64);
        let mut fields = Vec::with_capacity(a.fields.len().max(b.fields.len()));
        for field in &a.fields {
            let other = theirs.get(&field.name);
            fields.push(Field {
                name: field.name.clone(),
                ty: other.map_or_else(|| field.ty.clone(), |other| self.common(&field.ty, &other.ty)),
                optional: field.optional || other.is_none_or(|other| other.optional),
            });
        }
        let only_there = b.fields.iter().filter(|field| ours.get(&field.name).is_none());
        fields.extend(only_there.map(|field| Field { optional: true, ..field.clone() }));
        Type::record(fields, Rest::Closed)
    }

    /// Whether two types have the same shape, as far as they are known.
    pub fn compatible(&self, a: &Type, b: &Type) -> bool {
        match (self.shallow(a), self.shallow(b)) {
            (Type::Variable(_) | Type::Never, _) | (_, Type::Variable(_) | Type::Never) => true,
            (Type::List(a), Type::List(b)) | (Type::Dictionary(a), Type::Dictionary(b)) => {
                self.compatible(&a, &b)
            }
            (Type::Record(a), Type::Record(b)) => {
                let (a, b) = (self.flatten(&a), self.flatten(&b));
                let theirs = b.by_name();
                let rests = match (&a.rest, &b.rest) {
                    (Rest::Keys(a), Rest::Keys(b)) => self.compatible(a, b),
                    (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
                };
                rests
                    && a.fields.len() == b.fields.len()
                    && a.fields.iter().all(|field| {
                        theirs.get(&field.name).is_some_and(|other| self.compatible(&field.ty, &other.ty))
                    })
            }
            (Type::Function(a, b), Type::Function(c, d)) => {
                self.compatible(&a, &c) && self.compatible(&b, &d)
            }
            (Type::Optional(a), Type::Optional(b)) => self.compatible(&a, &b),
            (a, b) => {
                std::mem::discriminant(&a) == std::mem::discriminant(&b) && {
                    match (a, b) {
                        (Type::Named(a), Type::Named(b)) => a == b,
                        _ => true,
                    }
                }
            }
        }
    }
}
