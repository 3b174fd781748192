//! What inference has found out about type variables, and how two types are made to agree.

use std::sync::Arc;

use super::work::Work;
use super::{Constraint, Field, Record, Rest, Type, TypeVariable, schema};
use crate::diagnostic::Diagnostic;
use crate::limits::Watch;
use crate::syntax::ast::Name;

/// The state of all type and row variables of one check.
pub struct Table {
    slots: Vec<Slot>,
    pub(super) level: u32,
    /// The states of changed slots before a unification that is under way.
    trail: Option<Vec<(TypeVariable, Slot)>>,
    /// How deep in two types a unification is.
    depth: u32,
    work: Work,
}

/// Types that nest deeper are not looked into any more.
const DEEPEST: u32 = 400;

/// How much stack a step into a type needs at most, and the size of a new piece of stack.
const RED_ZONE: usize = 64 * 1024;
const STACK_PIECE: usize = 1024 * 1024;

/// What is known of a variable.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) binding: Option<Type>,
    pub(super) row: Option<(Vec<Field>, Rest)>,
    pub(super) constraint: Constraint,
    pub(super) level: u32,
    /// Values of this variable flow to where this or null is taken: it stands for this type, or for one that
    /// may be null, which is not decided yet.
    pub(super) nullable: Option<Type>,
}

/// Why two types do not agree.
#[derive(Clone, Debug)]
pub enum Mismatch {
    /// They are different.
    Types {
        /// What was needed.
        expected: Type,
        /// What is there.
        found: Type,
    },
    /// A record lacks a field.
    MissingField(Name),
    /// A record's field may be missing where it is needed.
    MaybeMissing(Name),
    /// A record has a field that is not taken.
    UnknownField(Name),
    /// A type would contain itself.
    Infinite,
    /// A type is none of those that an operator works on.
    Constraint(Constraint, Type),
}

impl Table {
    /// A table for an expression of this many bytes, which decide how much work its types may be, unless
    /// something stops it before.
    pub fn new(bytes: usize, watch: Option<&Watch>) -> Table {
        Table { slots: Vec::new(), level: 0, trail: None, depth: 0, work: Work::new(bytes, watch) }
    }

    /// Allows more work for a text of this many bytes that comes in from elsewhere.
    pub fn allow(&mut self, bytes: usize) {
        self.work.allow(bytes);
    }

    /// A new variable.
    pub fn fresh(&mut self) -> Type {
        self.fresh_constrained(Constraint::None)
    }

    /// A new variable that may become only some types.
    pub fn fresh_constrained(&mut self, constraint: Constraint) -> Type {
        Type::Variable(self.fresh_variable(constraint))
    }

    pub(super) fn fresh_variable(&mut self, constraint: Constraint) -> TypeVariable {
        let level = self.level;
        self.slots.push(Slot { binding: None, row: None, constraint, level, nullable: None });
        TypeVariable(self.slots.len() as u32 - 1)
    }

    /// Enters a binding whose type is going to be generalised.
    pub fn enter(&mut self) {
        self.level += 1;
    }

    /// How many bindings around are going to be generalised.
    pub(super) fn level(&self) -> u32 {
        self.level
    }

    /// Leaves it.
    pub fn leave(&mut self) {
        self.level = self.level.saturating_sub(1);
    }

    pub(super) fn slot(&self, variable: TypeVariable) -> Option<&Slot> {
        self.slots.get(variable.0 as usize)
    }

    pub(super) fn slot_mut(&mut self, variable: TypeVariable) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(variable.0 as usize)?;
        if let Some(trail) = &mut self.trail {
            trail.push((variable, slot.clone()));
        }
        Some(slot)
    }

    /// Whether types grew so large that they were not followed to their ends; what was inferred then
    /// means nothing.
    pub fn is_exhausted(&self) -> bool {
        self.work.is_given_up()
    }

    /// Why somebody wanted the check to end before that.
    pub fn stopped(&self) -> Option<&Diagnostic> {
        self.work.stopped()
    }

    fn give_up(&self) {
        self.work.give_up();
    }

    /// Counts work on types that is done elsewhere.
    pub fn spend(&self, parts: u64) {
        self.work.spend(parts);
    }

    /// The type with its outermost variable resolved as far as it is known, and records with the
    /// fields that their rows stand for.
    pub fn shallow(&self, ty: &Type) -> Type {
        self.spend(1);
        if self.is_exhausted() {
            return Type::Any;
        }
        let mut current = ty.clone();
        while let Type::Variable(variable) = current {
            match self.slot(variable).and_then(|slot| slot.binding.clone()) {
                Some(bound) => {
                    self.spend(1);
                    current = bound;
                }
                None => return current,
            }
        }
        match &current {
            Type::Record(record) if self.row_is_bound(&record.rest) => match self.flatten(record) {
                Record { fields, rest: Rest::Keys(value) } if fields.is_empty() => Type::Dictionary(value),
                flat => Type::Record(Arc::new(flat)),
            },
            _ => current,
        }
    }

    /// What a variable that is not bound yet may become.
    pub fn constraint(&self, variable: TypeVariable) -> Constraint {
        self.slot(variable).map_or(Constraint::None, |slot| slot.constraint)
    }

    /// The type with everything resolved that is known.
    pub fn resolve(&self, ty: &Type) -> Type {
        self.resolve_at(ty, 0)
    }

    fn resolve_at(&self, ty: &Type, depth: u32) -> Type {
        if depth > DEEPEST {
            self.give_up();
            return Type::Any;
        }
        let part = |part: &Type| self.resolve_at(part, depth + 1);
        stacker::maybe_grow(RED_ZONE, STACK_PIECE, || match self.shallow(ty) {
            Type::List(element) => Type::list(part(&element)),
            Type::Optional(inner) => Type::optional(part(&inner)),
            Type::Function(parameter, result) => Type::function(part(&parameter), part(&result)),
            Type::Dictionary(value) => Type::dictionary(part(&value)),
            Type::Record(record) => {
                let record = self.flatten(&record);
                let fields =
                    record.fields.into_iter().map(|field| Field { ty: part(&field.ty), ..field }).collect();
                let rest = match record.rest {
                    Rest::Keys(value) => Rest::Keys(Arc::new(part(&value))),
                    rest => rest,
                };
                Type::record(fields, rest)
            }
            other => other,
        })
    }

    /// Makes what is found agree with what is expected. Values flow from `found` to `expected`: a
    /// field that may be missing there need not be here, and a `T` serves where a `T?` is expected.
    /// Where they cannot agree, nothing changes, so that one mistake does not lead to others.
    ///
    /// # Errors
    /// The reason why they cannot agree.
    pub fn unify(&mut self, expected: &Type, found: &Type) -> Result<(), Mismatch> {
        if self.trail.is_some() {
            return self.unify_deeper(expected, found);
        }
        self.trail = Some(Vec::new());
        let result = self.unify_deeper(expected, found);
        if result.is_err() {
            self.undo();
        }
        self.trail = None;
        result
    }

    /// Whether what is found could serve as what is expected; nothing changes.
    pub fn compatible_as(&mut self, expected: &Type, found: &Type) -> bool {
        let outer = self.trail.replace(Vec::new());
        let agrees = self.unify_deeper(expected, found).is_ok();
        self.undo();
        self.trail = outer;
        agrees
    }

    /// Forgets what the running unification has found out.
    fn undo(&mut self) {
        for (variable, before) in self.trail.take().unwrap_or_default().into_iter().rev() {
            if let Some(slot) = self.slots.get_mut(variable.0 as usize) {
                *slot = before;
            }
        }
    }

    fn unify_deeper(&mut self, expected: &Type, found: &Type) -> Result<(), Mismatch> {
        if self.depth > DEEPEST {
            self.give_up();
            return Ok(());
        }
        self.depth += 1;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.unify_here(expected, found));
        self.depth -= 1;
        result
    }

    fn unify_here(&mut self, expected: &Type, found: &Type) -> Result<(), Mismatch> {
        let expected = self.shallow(expected);
        let found = self.shallow(found);
        let different = || Mismatch::Types { expected: expected.clone(), found: found.clone() };
        match (&expected, &found) {
            (Type::Variable(a), Type::Variable(b)) if a == b => Ok(()),
            (Type::Variable(a), Type::Variable(b)) => self.link(*a, *b).ok_or_else(different),
            // What serves as `Any` may be anything, and stays what it is.
            (Type::Any, _) | (_, Type::Never) => Ok(()),
            (Type::Variable(variable), Type::Optional(inner)) if self.is_variable(inner, *variable) => {
                self.make_optional(*variable)
            }
            (Type::Optional(inner), Type::Variable(variable)) if self.is_variable(inner, *variable) => Ok(()),
            (Type::Variable(variable), ty) => self.flow_to_variable(*variable, ty),
            (Type::Optional(inner), Type::Variable(variable)) => self.flow_to_optional(inner, *variable),
            (ty, Type::Variable(variable)) => self.bind(*variable, ty, Role::Found),
            (_, Type::Any) => self.flood(&expected, true),
            (Type::Null, Type::Null)
            | (Type::Bool, Type::Bool)
            | (Type::Int, Type::Int)
            | (Type::Float, Type::Float)
            | (Type::String | Type::Path, Type::String | Type::Path)
            | (Type::Filter, Type::Filter)
            | (Type::Optional(_), Type::Null) => Ok(()),
            (Type::Optional(a), Type::Optional(b)) => self.unify(&a.clone(), &b.clone()),
            (Type::Optional(a), _) => self.unify(&a.clone(), &found),
            (Type::List(a), Type::List(b)) | (Type::Dictionary(a), Type::Dictionary(b)) => {
                self.unify(&a.clone(), &b.clone())
            }
            (Type::Named(a), Type::Named(b)) if a == b => Ok(()),
            (Type::Named(named), Type::Record(found)) => {
                self.unify_records(&schema::record(*named), &found.clone())
            }
            (Type::Record(expected), Type::Named(named)) => {
                self.unify_records(&expected.clone(), &schema::record(*named))
            }
            (Type::Record(expected), Type::Record(found)) => {
                self.unify_records(&expected.clone(), &found.clone())
            }
            (Type::Dictionary(value), Type::Record(record)) => {
                self.unify_dictionary(&value.clone(), &record.clone())
            }
            (Type::Dictionary(value), Type::Named(named)) => {
                self.unify_dictionary(&value.clone(), &schema::record(*named))
            }
            (Type::Function(a, b), Type::Function(c, d)) => {
                let (a, b, c, d) = (a.clone(), b.clone(), c.clone(), d.clone());
                self.unify(&c, &a)?;
                self.unify(&b, &d)
            }
            (Type::Filter, Type::Function(..)) => {
                let function = filter_function();
                self.unify(&function, &found)
            }
            (Type::Function(..), Type::Filter) => {
                let function = filter_function();
                self.unify(&expected, &function)
            }
            (Type::Filter, Type::List(element)) => self.unify(&Type::Filter, &element.clone()),
            // A dictionary of values of which nothing is known has none: it is `{ }`, and stays so.
            (Type::Record(record), Type::Dictionary(value))
                if record.rest == Rest::Closed
                    && record.fields.iter().all(|field| field.optional)
                    && self.is_without_values(value) =>
            {
                self.unify(&Type::Never, &value.clone())
            }
            // A dictionary serves where all fields may be missing.
            (Type::Record(record), Type::Dictionary(value))
                if record.fields.iter().all(|field| field.optional) && record.rest != Rest::Closed =>
            {
                let found = Record { fields: Vec::new(), rest: Rest::Keys(value.clone()) };
                self.unify_records(&record.clone(), &found)
            }
            _ => Err(different()),
        }
    }

    fn is_variable(&self, ty: &Type, variable: TypeVariable) -> bool {
        matches!(self.shallow(ty), Type::Variable(other) if other == variable)
    }

    /// Data without a schema has come where this type was expected: what is taken from there is data
    /// without a schema, too. What functions are given there (not `positive`) is not taken from it.
    fn flood(&mut self, ty: &Type, positive: bool) -> Result<(), Mismatch> {
        if self.depth > DEEPEST {
            self.give_up();
            return Ok(());
        }
        self.depth += 1;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.flood_here(ty, positive));
        self.depth -= 1;
        result
    }

    fn flood_here(&mut self, ty: &Type, positive: bool) -> Result<(), Mismatch> {
        match self.shallow(ty) {
            Type::Variable(variable) if positive => self.bind(variable, &Type::Any, Role::Expected),
            Type::List(inner) | Type::Optional(inner) | Type::Dictionary(inner) => {
                self.flood(&inner, positive)
            }
            Type::Function(parameter, result) => {
                self.flood(&parameter, !positive)?;
                self.flood(&result, positive)
            }
            Type::Record(record) => {
                for field in &record.fields {
                    self.flood(&field.ty, positive)?;
                }
                match &record.rest {
                    Rest::Open(row) if positive => {
                        self.bind_row(*row, Vec::new(), Rest::Keys(Arc::new(Type::Any)))
                    }
                    Rest::Keys(value) => self.flood(value, positive),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn unify_records(&mut self, expected: &Record, found: &Record) -> Result<(), Mismatch> {
        let expected = self.flatten(expected);
        let found = self.flatten(found);
        let mut only_expected = Vec::new();
        let (known, given) = (expected.by_name(), found.by_name());
        for field in &expected.fields {
            match given.get(&field.name) {
                Some(other) => {
                    if other.optional && !field.optional {
                        return Err(Mismatch::MaybeMissing(field.name.clone()));
                    }
                    self.unify(&field.ty, &other.ty)?;
                }
                None => only_expected.push(field.clone()),
            }
        }
        let only_found: Vec<Field> =
            found.fields.iter().filter(|field| known.get(&field.name).is_none()).cloned().collect();
        if !matches!(found.rest, Rest::Open(_))
            && let Some(field) = only_expected.iter().find(|field| !field.optional)
        {
            // Among keys that are not known it may be, or not.
            return Err(match found.rest {
                Rest::Keys(_) => Mismatch::MaybeMissing(field.name.clone()),
                _ => Mismatch::MissingField(field.name.clone()),
            });
        }
        if expected.rest == Rest::Closed
            && let Some(field) = only_found.first()
        {
            return Err(Mismatch::UnknownField(field.name.clone()));
        }
        if let Rest::Keys(value) = &found.rest {
            only_expected.iter().try_for_each(|field| self.unify(&field.ty, value))?;
        }
        if let Rest::Keys(value) = &expected.rest {
            only_found.iter().try_for_each(|field| self.unify(value, &field.ty))?;
        }
        match (expected.rest, found.rest) {
            (Rest::Open(a), Rest::Open(b)) if a == b => Ok(()),
            (Rest::Open(a), Rest::Open(b)) => {
                let rest = self.fresh_row();
                self.bind_row(a, only_found, rest.clone())?;
                self.bind_row(b, only_expected, rest)
            }
            (Rest::Open(a), rest) => self.bind_row(a, only_found, rest),
            (rest, Rest::Open(b)) => self.bind_row(b, only_expected, rest),
            (Rest::Keys(expected), Rest::Keys(found)) => self.unify(&expected, &found),
            (Rest::Closed, Rest::Keys(value)) => Err(Mismatch::Types {
                expected: Type::record(expected.fields, Rest::Closed),
                found: Type::record(found.fields, Rest::Keys(value)),
            }),
            (Rest::Closed | Rest::Keys(_), Rest::Closed) => Ok(()),
        }
    }

    /// A record serves as a dictionary; where its fields have different types, of what they have in
    /// common, with `Any` for the rest.
    fn unify_dictionary(&mut self, value: &Type, record: &Record) -> Result<(), Mismatch> {
        let record = self.flatten(record);
        let mut types: Vec<&Type> = record.fields.iter().map(|field| &field.ty).collect();
        if let Rest::Keys(other) = &record.rest {
            types.push(other);
        }
        let uniform = types.windows(2).all(|pair| match pair {
            [a, b] => self.compatible(a, b),
            _ => true,
        });
        if !uniform && let Some(common) = types.into_iter().cloned().reduce(|a, b| self.common(&a, &b)) {
            self.unify(value, &common)?;
        }
        record.fields.iter().try_for_each(|field| self.unify(value, &field.ty))?;
        match &record.rest {
            Rest::Closed => Ok(()),
            Rest::Keys(other) => self.unify(value, other),
            Rest::Open(row) => self.bind_row(*row, Vec::new(), Rest::Keys(Arc::new(value.clone()))),
        }
    }

    pub(super) fn bind(&mut self, variable: TypeVariable, ty: &Type, role: Role) -> Result<(), Mismatch> {
        let level = self.slot(variable).map_or(0, |slot| slot.level);
        let ty = &self.finite(variable, ty, level)?;
        let ty = self.satisfy(self.constraint(variable), ty, role)?;
        let nullable = self.slot(variable).and_then(|slot| slot.nullable.clone());
        if let Some(slot) = self.slot_mut(variable) {
            slot.binding = Some(ty.clone());
        }
        match nullable {
            Some(inner) => self.unify(&Type::optional(inner), &ty),
            None => Ok(()),
        }
    }

    pub(super) fn lower_level(&mut self, variable: TypeVariable, level: u32) {
        if let Some(slot) = self.slot_mut(variable) {
            slot.level = slot.level.min(level);
        }
    }

    /// Makes sure that `variable` does not stand in `ty`, and that what stands there lives as long.
    pub(super) fn adjust(&mut self, variable: TypeVariable, ty: &Type, level: u32) -> Result<(), Mismatch> {
        if self.depth > DEEPEST {
            self.give_up();
            return Ok(());
        }
        self.depth += 1;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.adjust_here(variable, ty, level));
        self.depth -= 1;
        result
    }

    fn adjust_here(&mut self, variable: TypeVariable, ty: &Type, level: u32) -> Result<(), Mismatch> {
        match self.shallow(ty) {
            Type::Variable(other) if other == variable => Err(Mismatch::Infinite),
            Type::Variable(other) => {
                self.lower_level(other, level);
                match self.slot(other).and_then(|slot| slot.nullable.clone()) {
                    Some(inner) => self.adjust(variable, &inner, level),
                    None => Ok(()),
                }
            }
            Type::List(inner) | Type::Optional(inner) | Type::Dictionary(inner) => {
                self.adjust(variable, &inner, level)
            }
            Type::Function(parameter, result) => {
                self.adjust(variable, &parameter, level)?;
                self.adjust(variable, &result, level)
            }
            Type::Record(record) => {
                let record = self.flatten(&record);
                for field in &record.fields {
                    self.adjust(variable, &field.ty, level)?;
                }
                self.adjust_rest(variable, &record.rest, level)
            }
            _ => Ok(()),
        }
    }
}

/// The type of a filter written as a function; what it gives may be nested lists.
fn filter_function() -> Type {
    Type::function(Type::String, Type::function(Type::Any, Type::list(Type::Any)))
}

/// On which side of a unification a variable stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// Values flow into it.
    Expected,
    /// Values flow out of it.
    Found,
}
