//! Values that were met before, found by what they are instead of by comparing them with all.

use std::collections::HashSet;

use crate::value::{Entity, Evaluator, Fault, Name, Value, equal};

/// Below it every integer is a float exactly, so that numbers that are equal have one key.
const EXACT: i64 = 1 << 53;

/// Values that were met before.
#[derive(Default)]
pub(super) struct Known {
    keys: HashSet<Key>,
    /// What has no key.
    others: Vec<Value>,
}

/// What equal values have in common, and no other value has.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Null,
    Bool(bool),
    Number(i64),
    Text(Name),
    Entity(Entity),
}

impl Key {
    /// The key of a value. Lists and sets have none, nor large numbers, nor fractions; and records of the
    /// inventory equal sets with the same fields, so that they have one only where there are no sets.
    fn of(value: &Value, has_sets: bool) -> Option<Key> {
        Some(match value {
            Value::Null => Key::Null,
            Value::Bool(truth) => Key::Bool(*truth),
            Value::Int(number) if number.unsigned_abs() < EXACT.unsigned_abs() => Key::Number(*number),
            Value::Float(number) if number.fract() == 0.0 && number.abs() < EXACT as f64 => {
                Key::Number(*number as i64)
            }
            Value::String(text) => Key::Text(text.name()),
            Value::Entity(entity) if !has_sets => Key::Entity(*entity),
            _ => return None,
        })
    }
}

impl Known {
    /// Whether a value that is evaluated is met for the first time; it is known from then on. `has_sets`
    /// says whether attribute sets may be among the values.
    pub(super) fn add(
        &mut self,
        ev: &mut dyn Evaluator,
        value: &Value,
        has_sets: bool,
    ) -> Result<bool, Fault> {
        if let Some(key) = Key::of(value, has_sets) {
            return Ok(self.keys.insert(key));
        }
        for earlier in &self.others {
            if equal(ev, value, earlier)? {
                return Ok(false);
            }
        }
        self.others.push(value.clone());
        Ok(true)
    }
}
