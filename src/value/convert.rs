//! Values from and to data: JSON by way of serde.

use super::{AttrsBuilder, Evaluator, Fault, Value};
use crate::diagnostic::{Code, Diagnostic};

/// The value of a JSON text.
///
/// # Errors
/// Text that is not JSON, with the parser's reason.
pub fn parse_json(text: &str) -> Result<Value, Fault> {
    let data: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        Fault::new(Diagnostic::error(Code::InvalidValue, format!("not valid JSON: {error}")))
    })?;
    Ok(from_json(&data))
}

/// The value of JSON data. Integers that need more than 64 bits become floats.
pub fn from_json(data: &serde_json::Value) -> Value {
    match data {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::INFINITY)),
        },
        serde_json::Value::String(text) => Value::string(text),
        serde_json::Value::Array(items) => Value::list(items.iter().map(from_json).collect()),
        serde_json::Value::Object(members) => {
            let mut attrs = AttrsBuilder::default();
            for (name, member) in members {
                attrs.insert(name.as_str().into(), from_json(member));
            }
            Value::Attrs(attrs.finish())
        }
    }
}

/// A value as JSON data, evaluated to the last part.
///
/// # Errors
/// Functions, numbers that JSON does not have, and what evaluating parts fails with.
pub fn to_json(evaluator: &mut dyn Evaluator, value: &Value) -> Result<serde_json::Value, Fault> {
    to_json_at(evaluator, value, 0)
}

/// Data that nests deeper is not written: what prints, reads or drops it walks it by recursion.
const DEEPEST: usize = 500;

fn to_json_at(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    depth: usize,
) -> Result<serde_json::Value, Fault> {
    if depth > DEEPEST {
        let message =
            format!("the value nests more than {DEEPEST} deep, which is too deep to be written as data");
        return Err(evaluator.fault(Code::LimitReached, message));
    }
    let value = evaluator.force(value)?;
    evaluator.enter()?;
    let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || to_json_forced(evaluator, &value, depth));
    evaluator.leave();
    result
}

fn to_json_forced(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    depth: usize,
) -> Result<serde_json::Value, Fault> {
    Ok(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => match serde_json::Number::from_f64(*number) {
            Some(number) => serde_json::Value::Number(number),
            None => return Err(evaluator.fault(Code::InvalidValue, format!("JSON has no number {number}"))),
        },
        Value::String(text) => serde_json::Value::String(text.to_string()),
        Value::List(items) => {
            let mut array = Vec::with_capacity(items.len());
            for item in items.iter() {
                array.push(to_json_at(evaluator, item, depth + 1)?);
            }
            serde_json::Value::Array(array)
        }
        Value::Attrs(_) | Value::Entity(_) => {
            let attrs = evaluator.attrs(value)?;
            let mut object = serde_json::Map::with_capacity(attrs.len());
            for (name, member) in attrs.iter() {
                object.insert(name.to_string(), to_json_at(evaluator, member, depth + 1)?);
            }
            serde_json::Value::Object(object)
        }
        other => {
            let message = format!("{} cannot be written as data", other.describe());
            let mut fault = evaluator.fault(Code::TypeMismatch, message);
            if matches!(other, Value::Closure(_) | Value::Builtin(_)) {
                let help = "call it with its arguments, or leave it out of the answer";
                fault.diagnostic_mut().help = Some(help.to_owned());
            }
            return Err(fault);
        }
    })
}
