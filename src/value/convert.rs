//! Values from and to data: JSON by way of serde.

use super::{AttrsBuilder, Evaluator, Fault, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{Limit, grouped};
use crate::text::count;

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
/// Functions, numbers that JSON does not have, what evaluating parts fails with, and data that nests
/// too deeply or is too large.
pub fn to_json(evaluator: &mut dyn Evaluator, value: &Value) -> Result<serde_json::Value, Fault> {
    let (depth, bytes) = (evaluator.limits().document_depth, evaluator.limits().answer);
    let mut left = Left { depth, bytes };
    to_json_at(evaluator, value, &mut left)
}

/// What data may still have: what prints, reads or drops it walks it by recursion, and a value that
/// shares its parts is smaller than its data.
struct Left {
    depth: usize,
    bytes: usize,
}

impl Left {
    fn take(&mut self, evaluator: &mut dyn Evaluator, bytes: usize) -> Result<(), Fault> {
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                evaluator.work(bytes)
            }
            None => {
                let most = count(evaluator.limits().answer, "byte", "bytes");
                let message = format!("the answer needs more than {most} as data");
                Err(Fault::new(Limit::Answer.reached(message, "ask for less at once")))
            }
        }
    }
}

fn to_json_at(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    left: &mut Left,
) -> Result<serde_json::Value, Fault> {
    let value = evaluator.force(value)?;
    let Some(depth) = left.depth.checked_sub(1) else {
        if !matches!(value, Value::List(_) | Value::Attrs(_) | Value::Entity(_)) {
            return to_json_forced(evaluator, &value, left);
        }
        let most = grouped(evaluator.limits().document_depth as u64);
        let message =
            format!("the value nests more than {most} deep, which is too deep to be written as data");
        return Err(Fault::new(Limit::DocumentDepth.reached(message, "")));
    };
    left.depth = depth;
    evaluator.enter()?;
    let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || to_json_forced(evaluator, &value, left));
    evaluator.leave();
    left.depth += 1;
    result
}

fn to_json_forced(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    left: &mut Left,
) -> Result<serde_json::Value, Fault> {
    left.take(evaluator, size_of::<serde_json::Value>())?;
    Ok(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => match serde_json::Number::from_f64(*number) {
            Some(number) => serde_json::Value::Number(number),
            None => return Err(evaluator.fault(Code::InvalidValue, format!("JSON has no number {number}"))),
        },
        Value::String(text) => {
            left.take(evaluator, text.len())?;
            serde_json::Value::String(text.to_string())
        }
        Value::List(items) => {
            // Room grows with what is there: that of a list could be more than the answer may have.
            let mut array = Vec::new();
            for item in items.iter() {
                array.push(to_json_at(evaluator, item, left)?);
            }
            serde_json::Value::Array(array)
        }
        Value::Attrs(_) | Value::Entity(_) => {
            let attrs = evaluator.attrs(value)?;
            let mut object = serde_json::Map::new();
            for (name, member) in attrs.iter() {
                left.take(evaluator, size_of::<String>() + name.len())?;
                object.insert(name.to_string(), to_json_at(evaluator, member, left)?);
            }
            serde_json::Value::Object(object)
        }
        other => {
            let message = format!("{} cannot be written as data", other.describe());
            let mut fault = evaluator.fault(Code::UnsuitableFormat, message);
            if matches!(other, Value::Closure(_) | Value::Builtin(_)) {
                let help = "call it with its arguments, or leave it out of the answer";
                fault.diagnostic_mut().help = Some(help.to_owned());
            }
            return Err(fault);
        }
    })
}
