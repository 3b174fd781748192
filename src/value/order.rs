//! Equality and order of values, as in Nix.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Evaluator, Fault, Value};
use crate::diagnostic::Code;

/// Texts of at most so many bytes are compared in less time than a step takes.
const SHORT: usize = 1024;

/// Whether two values are equal: numbers by value across integers and floats, lists and sets by
/// their elements, functions never (as in Nix, also not to themselves), records of the inventory by
/// which they are.
///
/// # Errors
/// What evaluating parts of them fails with.
pub fn equal(evaluator: &mut dyn Evaluator, left: &Value, right: &Value) -> Result<bool, Fault> {
    let left = evaluator.force(left)?;
    let right = evaluator.force(right)?;
    match (&left, &right) {
        (Value::Int(a), Value::Int(b)) => return Ok(a == b),
        (Value::String(a), Value::String(b)) => {
            if a.len() == b.len() && a.len() > SHORT {
                evaluator.work(a.len())?;
            }
            return Ok(a == b);
        }
        _ => {}
    }
    evaluator.enter()?;
    let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || equal_forced(evaluator, &left, &right));
    evaluator.leave();
    result
}

fn equal_forced(evaluator: &mut dyn Evaluator, left: &Value, right: &Value) -> Result<bool, Fault> {
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !element_equal(evaluator, a, b)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Entity(a), Value::Entity(b)) => a == b,
        (Value::Attrs(_) | Value::Entity(_), Value::Attrs(_) | Value::Entity(_)) => {
            let a = evaluator.attrs(left)?;
            let b = evaluator.attrs(right)?;
            if a.keys() != b.keys() {
                return Ok(false);
            }
            for (a, b) in a.values().iter().zip(b.values()) {
                if !element_equal(evaluator, a, b)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => false,
    })
}

/// Whether two elements are equal. As in Nix, one and the same value equals itself once it is evaluated,
/// so that a list that holds a function equals itself, and one that holds a failure fails.
fn element_equal(evaluator: &mut dyn Evaluator, left: &Value, right: &Value) -> Result<bool, Fault> {
    evaluator.step()?;
    if same(left, right) {
        evaluator.force(left)?;
        return Ok(true);
    }
    equal(evaluator, left, right)
}

/// Whether two elements are one and the same value.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Thunk(a), Value::Thunk(b)) => Rc::ptr_eq(a, b),
        (Value::Closure(a), Value::Closure(b)) => Rc::ptr_eq(a, b),
        (Value::Builtin(a), Value::Builtin(b)) => Rc::ptr_eq(a, b),
        (Value::Filter(a), Value::Filter(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}

/// The order of two numbers, texts (by bytes) or lists (element by element).
///
/// # Errors
/// Values that have no order; what evaluating parts of them fails with.
pub fn compare(evaluator: &mut dyn Evaluator, left: &Value, right: &Value) -> Result<Ordering, Fault> {
    let left = evaluator.force(left)?;
    let right = evaluator.force(right)?;
    match (&left, &right) {
        (Value::Int(a), Value::Int(b)) => return Ok(a.cmp(b)),
        (Value::String(a), Value::String(b)) => return Ok(a.as_bytes().cmp(b.as_bytes())),
        _ => {}
    }
    evaluator.enter()?;
    let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || compare_forced(evaluator, &left, &right));
    evaluator.leave();
    result
}

fn compare_forced(evaluator: &mut dyn Evaluator, left: &Value, right: &Value) -> Result<Ordering, Fault> {
    let floats = |a: f64, b: f64| a.partial_cmp(&b).unwrap_or(Ordering::Greater);
    Ok(match (left, right) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => floats(*a, *b),
        (Value::Int(a), Value::Float(b)) => floats(*a as f64, *b),
        (Value::Float(a), Value::Int(b)) => floats(*a, *b as f64),
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::List(a), Value::List(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                evaluator.step()?;
                if !equal(evaluator, a, b)? {
                    return compare(evaluator, a, b);
                }
            }
            a.len().cmp(&b.len())
        }
        _ => {
            let message = format!("cannot order {} and {}", left.describe(), right.describe());
            return Err(evaluator.fault(Code::TypeMismatch, message));
        }
    })
}
