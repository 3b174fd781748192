//! Rows: the fields of a record that are not known yet.
//!
//! A row that has become known stands for some fields and what else there is, which may be a row again.

use std::collections::HashSet;

use super::unify::{Mismatch, Table};
use super::{Constraint, Field, Record, Rest, TypeVariable};

/// Of more fields than these, the names are kept in a set while a row is followed.
const FEW: usize = 16;

impl Table {
    /// A new row: fields that are not known yet.
    pub fn fresh_row(&mut self) -> Rest {
        Rest::Open(self.fresh_variable(Constraint::None))
    }

    pub(super) fn row_is_bound(&self, rest: &Rest) -> bool {
        matches!(rest, Rest::Open(variable) if self.slot(*variable).is_some_and(|slot| slot.row.is_some()))
    }

    /// A record with the fields of its row; of equal names the first one counts.
    pub fn flatten(&self, record: &Record) -> Record {
        self.spend(record.fields.len() as u64);
        let mut flat = record.clone();
        let mut names = HashSet::new();
        while let Rest::Open(variable) = flat.rest {
            let Some((more, next)) = self.slot(variable).and_then(|slot| slot.row.as_ref()) else { break };
            self.spend(1 + more.len() as u64);
            if self.is_exhausted() {
                break;
            }
            if flat.fields.len() > FEW && names.is_empty() {
                names.extend(flat.fields.iter().map(|field| field.name.clone()));
            }
            for field in more {
                let known = match names.is_empty() {
                    true => flat.fields.iter().any(|known| known.name == field.name),
                    false => !names.insert(field.name.clone()),
                };
                if !known {
                    flat.fields.push(field.clone());
                }
            }
            flat.rest = next.clone();
        }
        // What else there is, is known: a field that has been removed is none of it.
        if !matches!(flat.rest, Rest::Open(_)) {
            flat.fields.retain(|field| field.ty != super::Type::Never);
        }
        flat
    }

    /// Adds a field to an open record, or makes sure that a known one is required; used where an
    /// expression reads a field of a value whose type is being inferred.
    pub fn require_field(&mut self, row: TypeVariable, field: Field) -> Result<(), Mismatch> {
        self.require_fields(row, vec![field]).map(|_| ())
    }

    /// Adds fields to an open record; gives what else it has.
    pub fn require_fields(&mut self, row: TypeVariable, fields: Vec<Field>) -> Result<Rest, Mismatch> {
        let rest = self.fresh_row();
        self.bind_row(row, fields, rest.clone())?;
        Ok(rest)
    }

    pub(super) fn bind_row(
        &mut self,
        variable: TypeVariable,
        fields: Vec<Field>,
        rest: Rest,
    ) -> Result<(), Mismatch> {
        if rest == Rest::Open(variable) {
            return Ok(());
        }
        let level = self.slot(variable).map_or(0, |slot| slot.level);
        let mut fields = fields;
        for field in &mut fields {
            field.ty = self.finite_field(variable, &field.ty, level)?;
        }
        self.adjust_rest(variable, &rest, level)?;
        // The only constraint of rows holds of everything in them.
        let constraint = self.constraint(variable);
        if constraint != Constraint::None {
            for field in &fields {
                self.require(constraint, &field.ty)?;
            }
            self.require_of_rest(constraint, &rest)?;
        }
        if let Some(slot) = self.slot_mut(variable) {
            slot.row = Some((fields, rest));
        }
        Ok(())
    }

    pub(super) fn adjust_rest(
        &mut self,
        variable: TypeVariable,
        rest: &Rest,
        level: u32,
    ) -> Result<(), Mismatch> {
        match rest {
            Rest::Closed => {}
            Rest::Keys(value) => self.adjust(variable, value, level)?,
            Rest::Open(other) if *other == variable => return Err(Mismatch::Infinite),
            Rest::Open(other) => self.lower_level(*other, level),
        }
        Ok(())
    }
}
