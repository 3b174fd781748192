//! Variables whose values flow to where null is taken, too.
//!
//! That says what they are where they are not null, and not whether they ever are: what else is said of them
//! decides it. Where nothing does, they may be null.

use super::unify::{Mismatch, Role, Table};
use super::{Constraint, Type, TypeVariable};

impl Table {
    /// Whether a dictionary of these values can have none.
    pub(super) fn is_without_values(&self, value: &Type) -> bool {
        match self.shallow(value) {
            Type::Never => true,
            Type::Variable(variable) => self.constraint(variable) == Constraint::None,
            _ => false,
        }
    }

    /// Values of a variable flow to where null is taken, too. Whether they are ever null is not known by that:
    /// what else is said of the variable decides it.
    pub(super) fn flow_to_optional(&mut self, inner: &Type, variable: TypeVariable) -> Result<(), Mismatch> {
        let slot = self.slot(variable);
        let (constraint, level) = slot.map_or((Constraint::None, 0), |slot| (slot.constraint, slot.level));
        let before = slot.and_then(|slot| slot.nullable.clone());
        match constraint {
            Constraint::None => {}
            Constraint::Printable | Constraint::Data => {
                return self.bind(variable, &Type::optional(inner.clone()), Role::Found);
            }
            // Null is no number, and nothing else that these stand for.
            _ => return self.unify(inner, &Type::Variable(variable)),
        }
        if let Some(before) = before {
            return self.unify(inner, &before);
        }
        let inner = self.finite(variable, inner, level)?;
        if let Some(slot) = self.slot_mut(variable) {
            slot.nullable = Some(inner);
        }
        Ok(())
    }

    /// What a variable stands for where it is not null, if that may be.
    pub fn not_null(&self, variable: TypeVariable) -> Option<Type> {
        self.slot(variable)?.nullable.clone()
    }

    /// Values of a type flow to where a variable stands. One that is open to null stays so, unless they are.
    pub(super) fn flow_to_variable(&mut self, variable: TypeVariable, ty: &Type) -> Result<(), Mismatch> {
        let nullable = self.slot(variable).and_then(|slot| slot.nullable.clone());
        match (nullable, ty) {
            (Some(inner), Type::Null) => self.bind(variable, &Type::optional(inner), Role::Expected),
            (None, _) | (_, Type::Any | Type::Optional(_)) => self.bind(variable, ty, Role::Expected),
            (Some(inner), _) => self.unify(&inner, ty),
        }
    }

    /// What a variable stands for may be null.
    pub(super) fn make_optional(&mut self, variable: TypeVariable) -> Result<(), Mismatch> {
        let inner = self.fresh();
        self.bind(variable, &Type::optional(inner), Role::Expected)
    }
}
