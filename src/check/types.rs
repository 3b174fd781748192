//! Written types, joins of branches, and what a type mentions.

use std::sync::Arc;

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Name, Parameter, TypeExpr};
use crate::text::{Span, did_you_mean, quoted};
use crate::types::{Field, Named, Record, Rest, Scheme, Type, from_expression_with, schema};

/// The type that a service's closure must have: it gets what its pattern names, and everything where the
/// pattern is open.
pub fn closure_type(closure: &Expr, roles: &[Name]) -> Type {
    schema::definition(roles, |argument| match &closure.kind {
        ExprKind::Lambda { parameter: Parameter::Pattern(pattern), .. } => {
            pattern.open || pattern.fields.iter().any(|field| &*field.name == argument)
        }
        _ => true,
    })
}

/// Whether an expression may give a function, as far as its own form tells.
pub fn may_be_function(expr: &Expr) -> bool {
    use ExprKind::{AttrSet, Float, Int, List, Path, String};
    !matches!(expr.kind, AttrSet { .. } | List(_) | String(_) | Int(_) | Float(_) | Path(_))
}

impl Checker<'_> {
    /// The type that was written; its variables are new ones.
    pub(super) fn written_type(&mut self, expression: &TypeExpr) -> Type {
        match from_expression_with(expression, self.context.types) {
            Ok(scheme) => self.table.instantiate(&scheme),
            Err(unknown) => {
                let plain = crate::types::plain_type_names();
                let mut known: Vec<&str> = plain.chain(Named::ALL.into_iter().map(Named::word)).collect();
                known.extend(self.context.types.iter().map(|(name, _)| &**name));
                let diagnostic = Diagnostic::error(
                    Code::UnknownName,
                    format!("no type is called {}", quoted(&unknown.name)),
                )
                .maybe_help(did_you_mean(&unknown.name, known));
                self.report(diagnostic, unknown.span, "not a type");
                Type::Any
            }
        }
    }

    /// The type of a place that gets values of both types, or nothing where there is none.
    pub(super) fn join(&mut self, a: &Type, b: &Type) -> Option<Type> {
        let a = self.table.shallow(a);
        let b = self.table.shallow(b);
        match (&a, &b) {
            (Type::Never, other) | (other, Type::Never) => Some(other.clone()),
            (Type::Any, _) | (_, Type::Any) => Some(Type::Any),
            (Type::Null, Type::Null) => Some(Type::Null),
            (Type::Null, other) | (other, Type::Null) => Some(Type::optional(other.clone())),
            // What is not known yet may be null, too.
            (Type::Optional(_), Type::Variable(_)) | (Type::Variable(_), Type::Optional(_))
                if self.wider(&a, &b).is_some() =>
            {
                Some(if matches!(a, Type::Optional(_)) { a } else { b })
            }
            (Type::Optional(inner), other) | (other, Type::Optional(inner)) => {
                let other = match other {
                    Type::Optional(other) => Type::clone(other),
                    other => other.clone(),
                };
                let joined = self.join(&Type::clone(inner), &other)?;
                Some(Type::optional(joined))
            }
            // Functions and lists may be filters, too.
            (Type::Filter | Type::List(_), Type::Function(..) | Type::Filter)
            | (Type::Function(..), Type::Filter) => self.join_filters(&a, &b),
            (Type::Filter | Type::Function(..), Type::List(_)) => self.join_filters(&b, &a),
            (Type::List(x), Type::List(y)) => {
                let joined = self.join(&Type::clone(x), &Type::clone(y))?;
                Some(Type::list(joined))
            }
            (Type::Dictionary(x), Type::Dictionary(y)) => {
                let joined = self.join(&Type::clone(x), &Type::clone(y))?;
                Some(Type::dictionary(joined))
            }
            (Type::Record(x), Type::Record(y)) => {
                let (x, y) = (self.table.flatten(x), self.table.flatten(y));
                if x.rest != Rest::Closed || y.rest != Rest::Closed {
                    // What one of them lacks may be missing in both.
                    let (loose_x, loose_y) = (loosened(&x, &y), loosened(&y, &x));
                    return self.wider(&a, &b).or_else(|| self.wider(&loose_x, &loose_y));
                }
                self.join_fields(&x, &y)
            }
            (Type::Int, Type::Float) | (Type::Float, Type::Int) => None,
            // What serves as either function takes what both take.
            (Type::Function(given, x), Type::Function(other, y)) => match self.wider(&a, &b) {
                Some(function) => Some(function),
                None => {
                    let (given, other, x, y) = (given.clone(), other.clone(), x.clone(), y.clone());
                    let both = self.records_of_both(&given, &other)?;
                    let joined = self.join(&x, &y)?;
                    Some(Type::Function(Arc::new(both), Arc::new(joined)))
                }
            },
            // What a dictionary has is not known, so that it is what both are.
            (Type::Record(_), Type::Dictionary(_)) => self.wider(&b, &a),
            (Type::Variable(_), Type::Record(empty)) if empty.is_empty() => self.join_with_empty(&a),
            (Type::Record(empty), Type::Variable(_)) if empty.is_empty() => self.join_with_empty(&b),
            _ => self.wider(&a, &b),
        }
    }

    /// A set whose attributes are not known yet, and `{ }` in another branch: a dictionary.
    fn join_with_empty(&mut self, unknown: &Type) -> Option<Type> {
        let dictionary = Type::dictionary(self.table.fresh());
        self.table.unify(&dictionary, unknown).ok()?;
        Some(dictionary)
    }

    /// The fields of two sets: what only one of them has may be missing.
    fn join_fields(&mut self, x: &Record, y: &Record) -> Option<Type> {
        let (ours, theirs) = (x.by_name(), y.by_name());
        self.table.spend(8 * (x.fields.len() + y.fields.len()) as u64);
        let mut fields = Vec::with_capacity(x.fields.len().max(y.fields.len()));
        for field in &x.fields {
            let other = theirs.get(&field.name);
            fields.push(Field {
                name: field.name.clone(),
                ty: match other {
                    Some(other) => self.join(&field.ty, &other.ty)?,
                    None => field.ty.clone(),
                },
                optional: field.optional || other.is_none_or(|other| other.optional),
            });
        }
        let only_there = y.fields.iter().filter(|field| ours.get(&field.name).is_none());
        fields.extend(only_there.map(|field| Field { optional: true, ..field.clone() }));
        Some(Type::record(fields, Rest::Closed))
    }

    /// Whether no values of two types are equal, since one must have a field that the other never has.
    pub(super) fn are_apart(&self, a: &Type, b: &Type) -> bool {
        match (self.table.shallow(a), self.table.shallow(b)) {
            (Type::Record(a), Type::Record(b)) => {
                let lacks = |x: &Record, y: &Record| {
                    y.rest == Rest::Closed
                        && x.fields.iter().any(|field| !field.optional && y.field(&field.name).is_none())
                };
                let (a, b) = (self.table.flatten(&a), self.table.flatten(&b));
                lacks(&a, &b)
                    || lacks(&b, &a)
                    || a.fields.iter().filter(|field| !field.optional).any(|field| {
                        b.field(&field.name)
                            .is_some_and(|other| !other.optional && self.are_apart(&field.ty, &other.ty))
                    })
            }
            (Type::List(a), Type::List(b)) | (Type::Dictionary(a), Type::Dictionary(b)) => {
                self.are_apart(&a, &b)
            }
            _ => false,
        }
    }

    /// What both of two functions take that take sets: the fields of both.
    fn records_of_both(&mut self, a: &Type, b: &Type) -> Option<Type> {
        let is_set = |ty: &Type| matches!(self.table.shallow(ty), Type::Record(_));
        if !is_set(a) || !is_set(b) {
            return None;
        }
        // What agrees with the other one says as much or more.
        if self.table.unify(a, b).is_ok() {
            return Some(b.clone());
        }
        self.table.unify(b, a).is_ok().then(|| a.clone())
    }

    /// The one of two types that values of both have.
    fn wider(&mut self, a: &Type, b: &Type) -> Option<Type> {
        if self.table.unify(a, b).is_ok() {
            return Some(a.clone());
        }
        self.table.unify(b, a).is_ok().then(|| b.clone())
    }

    fn join_filters(&mut self, a: &Type, b: &Type) -> Option<Type> {
        if *a == Type::Filter && *b == Type::Filter {
            return Some(Type::Filter);
        }
        self.table.unify(&Type::Filter, a).ok()?;
        self.table.unify(&Type::Filter, b).ok()?;
        Some(Type::Filter)
    }

    /// Whether the type `known` says more of a value than the type by which it agreed with `found`:
    /// the rest is looked at when it runs.
    pub(super) fn assumes(&self, known: &Type, found: &Type) -> bool {
        let (known, found) = (self.table.shallow(known), self.table.shallow(found));
        match (&known, &found) {
            (Type::Any | Type::Variable(_), _) => false,
            (_, Type::Any) => true,
            (Type::List(a), Type::List(b))
            | (Type::Dictionary(a), Type::Dictionary(b))
            | (Type::Optional(a), Type::Optional(b)) => self.assumes(a, b),
            (Type::Optional(a), _) => self.assumes(a, &found),
            (Type::Function(a, b), Type::Function(c, d)) => self.assumes(c, a) || self.assumes(b, d),
            (Type::Named(_), Type::Named(_)) => false,
            _ => match (self.as_fields(&known), self.as_fields(&found)) {
                (Some(known), Some(found)) => self.assumes_of_fields(&known, &found),
                _ => false,
            },
        }
    }

    fn assumes_of_fields(&self, known: &Record, found: &Record) -> bool {
        let of_rest = |field: &str| {
            match &found.rest {
                Rest::Keys(value) => Some(value),
                _ => None,
            }
            .filter(|_| found.field(field).is_none())
        };
        let fields = known.fields.iter().any(|field| match found.field(&field.name) {
            Some(other) => self.assumes(&field.ty, &other.ty),
            None => of_rest(&field.name).is_some_and(|other| self.assumes(&field.ty, other)),
        });
        let rest = match (&known.rest, &found.rest) {
            (Rest::Keys(a), Rest::Keys(b)) => self.assumes(a, b),
            _ => false,
        };
        let extra = match &known.rest {
            Rest::Keys(value) => {
                let mut extra = found.fields.iter().filter(|field| known.field(&field.name).is_none());
                extra.any(|field| self.assumes(value, &field.ty))
            }
            _ => false,
        };
        fields || rest || extra
    }

    /// A record's fields, also those of a record of the inventory.
    pub(super) fn as_record(&self, ty: &Type) -> Option<Arc<Record>> {
        match self.table.shallow(ty) {
            Type::Record(record) => Some(Arc::new(self.table.flatten(&record))),
            Type::Named(named) => Some(schema::record(named)),
            _ => None,
        }
    }

    /// A record's fields, and the keys of a dictionary as its rest.
    pub(super) fn as_fields(&self, ty: &Type) -> Option<Arc<Record>> {
        match self.table.shallow(ty) {
            Type::Dictionary(value) => Some(Arc::new(Record { fields: Vec::new(), rest: Rest::Keys(value) })),
            other => self.as_record(&other),
        }
    }

    /// A type without variables of its own as a scheme.
    pub(super) fn plain(&self, ty: &Type) -> Scheme {
        // Free variables keep their identity: nothing is bound at a level above all levels.
        self.table.freeze(ty)
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic, span: Span, label: impl Into<String>) {
        let source = Arc::clone(&self.source);
        self.diagnostics.push(diagnostic.at(&source, span, label));
    }
}

/// A record with those fields optional that another one lacks, or may lack.
fn loosened(record: &Record, other: &Record) -> Type {
    let fields = record.fields.iter().map(|field| {
        let is_there = other.field(&field.name).is_some_and(|other| !other.optional);
        Field { optional: field.optional || !is_there, ..field.clone() }
    });
    Type::record(fields.collect(), record.rest.clone())
}
