//! What variables may become: constraints, and what holds where two of them do.

use super::unify::{Mismatch, Role, Table};
use super::{Constraint, Field, Rest, Type, TypeVariable};

impl Table {
    /// Makes two unbound variables one; nothing where what is known of them excludes each other.
    pub(super) fn link(&mut self, a: TypeVariable, b: TypeVariable) -> Option<()> {
        let mut nullable = Vec::new();
        for variable in [a, b] {
            if let Some(inner) = self.slot(variable)?.nullable.clone() {
                self.slot_mut(variable)?.nullable = None;
                nullable.push(inner);
            }
        }
        self.link_constraints(a, b)?;
        let mut flows =
            nullable.into_iter().map(|inner| self.unify(&Type::optional(inner), &Type::Variable(b)));
        flows.all(|flow| flow.is_ok()).then_some(())
    }

    fn link_constraints(&mut self, a: TypeVariable, b: TypeVariable) -> Option<()> {
        let both = meet(self.constraint(a), self.constraint(b))?;
        // The older one stands for both: of many that become one, each leads there in one step.
        let (a, b) = if a.0 > b.0 { (a, b) } else { (b, a) };
        let level = self.slot(a)?.level.min(self.slot(b)?.level);
        self.slot_mut(a)?.binding = Some(Type::Variable(b));
        let slot = self.slot_mut(b)?;
        slot.level = level;
        let constraint = match both {
            Meet::Constraint(constraint) => {
                slot.constraint = constraint;
                return Some(());
            }
            Meet::Bool => {
                slot.binding = Some(Type::Bool);
                return Some(());
            }
            Meet::ListOf(constraint) => constraint,
        };
        let element = self.fresh_variable(constraint);
        self.lower_level(element, level);
        self.slot_mut(b)?.binding = Some(Type::list(Type::Variable(element)));
        Some(())
    }

    /// What a variable with a constraint becomes for a type.
    pub(super) fn satisfy(
        &mut self,
        constraint: Constraint,
        ty: &Type,
        role: Role,
    ) -> Result<Type, Mismatch> {
        match (constraint, ty) {
            (Constraint::None, _) | (_, Type::Any) => {}
            (Constraint::Number | Constraint::Addable | Constraint::Ordered, Type::Int | Type::Float)
            | (Constraint::Addable | Constraint::Ordered, Type::String | Type::Path)
            | (Constraint::Logical, Type::Bool | Type::Filter)
            | (
                Constraint::Printable | Constraint::Data,
                Type::Null | Type::Bool | Type::Int | Type::Float | Type::String | Type::Path,
            )
            | (Constraint::Data, Type::Named(_))
            | (
                Constraint::Countable,
                Type::List(_) | Type::Dictionary(_) | Type::Record(_) | Type::Named(_),
            ) => {}
            (Constraint::Ordered | Constraint::Printable | Constraint::Data, Type::List(inner))
            | (Constraint::Printable | Constraint::Data, Type::Optional(inner))
            | (Constraint::Data, Type::Dictionary(inner)) => {
                self.require(constraint, inner)?;
            }
            (Constraint::Data, Type::Record(record)) => {
                let record = self.flatten(record);
                for field in &record.fields {
                    self.require(constraint, &field.ty)?;
                }
                self.require_of_rest(constraint, &record.rest)?;
            }
            (Constraint::Keyed, Type::Dictionary(_) | Type::Record(_) | Type::Named(_)) => {
                let ordered = self.fresh_constrained(Constraint::Ordered);
                let key = Field { name: "key".into(), ty: ordered, optional: false };
                let keyed = Type::record(vec![key], self.fresh_row());
                self.unify(&keyed, ty)?;
            }
            // Functions and lists serve as filters; what comes out of the operation is a filter.
            (Constraint::Logical, Type::Function(..) | Type::List(_)) if role == Role::Expected => {
                self.unify(&Type::Filter, ty)?;
                return Ok(Type::Filter);
            }
            (constraint, _) => return Err(Mismatch::Constraint(constraint, ty.clone())),
        }
        Ok(ty.clone())
    }

    /// Whether two numbers of a builtin that takes all kinds of them are an `Int` and a `Float`:
    /// `max 1 2.5`. What comes of both is a `Float`, as it is behind an operator.
    pub fn widen_number(&mut self, parameter: &Type, found: &Type) -> bool {
        let &Type::Variable(mut variable) = parameter else { return false };
        while let Some(Type::Variable(next)) = self.slot(variable).and_then(|slot| slot.binding.as_ref()) {
            variable = *next;
        }
        let Some(slot) = self.slot(variable) else { return false };
        let is_of_numbers =
            matches!(slot.constraint, Constraint::Number | Constraint::Addable | Constraint::Ordered);
        let differ = matches!(
            (&slot.binding, self.shallow(found)),
            (Some(Type::Int), Type::Float) | (Some(Type::Float), Type::Int)
        );
        if !(is_of_numbers && differ) {
            return false;
        }
        if let Some(slot) = self.slot_mut(variable) {
            slot.binding = Some(Type::Float);
        }
        true
    }

    pub(super) fn require(&mut self, constraint: Constraint, ty: &Type) -> Result<(), Mismatch> {
        let variable = self.fresh_constrained(constraint);
        self.unify(&variable, ty)
    }

    pub(super) fn require_of_rest(&mut self, constraint: Constraint, rest: &Rest) -> Result<(), Mismatch> {
        match rest {
            Rest::Closed => {}
            Rest::Keys(value) => self.require(constraint, value)?,
            Rest::Open(row) => {
                if let Some(slot) = self.slot_mut(*row) {
                    slot.constraint = constraint;
                }
            }
        }
        Ok(())
    }
}

/// What holds where two constraints do.
enum Meet {
    Constraint(Constraint),
    Bool,
    ListOf(Constraint),
}

fn meet(a: Constraint, b: Constraint) -> Option<Meet> {
    use Constraint::{Addable, Countable, Data, Keyed, Logical, None as Free, Number, Ordered, Printable};
    // Each of these allows what the ones before it allow.
    const GROWING: [Constraint; 5] = [Number, Addable, Ordered, Printable, Data];
    let rank = |constraint| GROWING.iter().position(|known| *known == constraint);
    Some(match (a, b) {
        (a, b) if a == b => Meet::Constraint(a),
        (Free, other) | (other, Free) => Meet::Constraint(other),
        (Logical, Printable | Data) | (Printable | Data, Logical) => Meet::Bool,
        (Countable, element @ (Ordered | Printable)) | (element @ (Ordered | Printable), Countable) => {
            Meet::ListOf(element)
        }
        (Countable, Keyed) | (Keyed, Countable) => Meet::Constraint(Keyed),
        (a, b) => Meet::Constraint(if rank(a)? < rank(b)? { a } else { b }),
    })
}
