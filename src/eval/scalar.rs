//! Numbers, texts and truth values: what operators make of them without evaluating anything.

use crate::syntax::ast::BinaryOperator as Op;
use crate::value::Value;

/// A value that is ready and has no parts.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'s> {
    Null,
    Bool(bool),
    Int(i64),
    Text(&'s str),
}

impl Scalar<'_> {
    /// A comparison; nothing for what has no order, and for other operators.
    pub(super) fn compare(self, operator: Op, other: Scalar<'_>) -> Option<bool> {
        match (self, other) {
            (Scalar::Int(left), Scalar::Int(right)) => compare_integers(operator, left, right),
            (Scalar::Text(left), Scalar::Text(right)) => compare_texts(operator, left, right),
            (left, right) => {
                let equal = match (left, right) {
                    (Scalar::Bool(left), Scalar::Bool(right)) => left == right,
                    (Scalar::Null, Scalar::Null) => true,
                    (Scalar::Null, _) | (_, Scalar::Null) => false,
                    _ => return None,
                };
                match operator {
                    Op::Equal => Some(equal),
                    Op::NotEqual => Some(!equal),
                    _ => None,
                }
            }
        }
    }
}

/// A comparison of values that are there: of numbers, evaluated in place or not, and of texts.
#[inline(always)]
pub(super) fn compare_values(operator: Op, left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        // Texts of other lengths need not be looked into.
        (Value::String(left), Value::String(right)) => match operator {
            Op::Equal => Some(left == right),
            Op::NotEqual => Some(left != right),
            _ => compare_texts(operator, left, right),
        },
        (Value::Int(_) | Value::Thunk(_), Value::Int(_) | Value::Thunk(_)) => {
            compare_integers(operator, integer(left)?, integer(right)?)
        }
        _ => None,
    }
}

/// A comparison; nothing for other operators.
#[inline(always)]
fn compare<T: PartialOrd + ?Sized>(operator: Op, left: &T, right: &T) -> Option<bool> {
    Some(match operator {
        Op::Less => left < right,
        Op::LessOrEqual => left <= right,
        Op::Greater => left > right,
        Op::GreaterOrEqual => left >= right,
        Op::Equal => left == right,
        Op::NotEqual => left != right,
        _ => return None,
    })
}

#[inline]
fn compare_texts(operator: Op, left: &str, right: &str) -> Option<bool> {
    compare(operator, left, right)
}

pub(super) fn with_scalar<T>(value: &Value, then: impl FnOnce(Scalar<'_>) -> Option<T>) -> Option<T> {
    match value {
        Value::Int(number) => then(Scalar::Int(*number)),
        Value::String(text) => then(Scalar::Text(text)),
        Value::Bool(truth) => then(Scalar::Bool(*truth)),
        Value::Null => then(Scalar::Null),
        Value::Thunk(thunk) => thunk.peek(|value| match value {
            Value::Int(number) => then(Scalar::Int(*number)),
            Value::String(text) => then(Scalar::Text(text)),
            Value::Bool(truth) => then(Scalar::Bool(*truth)),
            Value::Null => then(Scalar::Null),
            _ => None,
        }),
        _ => None,
    }
}

#[inline]
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Thunk(thunk) => thunk.peek(|value| match value {
            Value::Int(number) => Some(*number),
            _ => None,
        }),
        _ => None,
    }
}

pub(super) fn compares(operator: Op) -> bool {
    matches!(
        operator,
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual | Op::Equal | Op::NotEqual
    )
}

/// A comparison of integers; nothing for other operators.
#[inline(always)]
pub(super) fn compare_integers(operator: Op, left: i64, right: i64) -> Option<bool> {
    compare(operator, &left, &right)
}

/// What an operator makes of integers; nothing where evaluation has more to say about it.
#[inline(always)]
pub(super) fn integer_result(operator: Op, left: i64, right: i64) -> Option<Value> {
    match integer_operation(operator, left, right) {
        Some(number) => Some(Value::Int(number)),
        None => compare_integers(operator, left, right).map(Value::Bool),
    }
}

/// The arithmetic of integers; nothing where the result does not fit, by zero, and for other operators.
#[inline(always)]
pub(super) fn integer_operation(operator: Op, left: i64, right: i64) -> Option<i64> {
    match operator {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        Op::Divide => left.checked_div(right),
        _ => None,
    }
}
