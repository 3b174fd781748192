//! Values from and to data: JSON by way of serde.

use std::borrow::Cow;
use std::convert::Infallible;

use super::{AttrsBuilder, Evaluator, Fault, Name, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{Limit, apart, grouped};
use crate::text::count;

/// The value of a JSON text. As in Nix, `-0` is an integer, and so is what has no more digits than
/// integers of 64 bits have.
///
/// # Errors
/// Text that is not JSON, with the parser's reason; an integer that needs the 64th bit.
pub fn parse_json(ev: &mut dyn Evaluator, text: &Name) -> Result<Value, Fault> {
    let mistake = |code, message| Fault::new(Diagnostic::error(code, message));
    let read: fn(Name) -> Result<serde_json::Value, String> =
        |text| serde_json::from_str(&without_negative_zeros(&text)).map_err(|error| error.to_string());
    let data = match text.len() {
        ..=SHORT => read(text.clone()),
        _ => apart(text.clone(), read, || ev.look())?,
    };
    let data = data.map_err(|error| mistake(Code::InvalidValue, format!("not valid JSON: {error}")))?;
    match large_integer(&data) {
        Some(number) => {
            Err(mistake(Code::Arithmetic, format!("the integer {number} does not fit into 64 bits")))
        }
        None => converted(&data, &mut || ev.step()),
    }
}

/// Texts of at most so many bytes are read in less time than anybody can notice.
const SHORT: usize = 64 << 10;

/// A JSON text with `0` in place of `-0`, which serde takes for a float.
fn without_negative_zeros(text: &str) -> Cow<'_, str> {
    if !text.contains("-0") {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let (mut is_string, mut is_escaped) = (false, false);
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        let rest = text.get(at..).unwrap_or("");
        if !is_string && rest.starts_with("-0") && !rest.get(2..).unwrap_or("").starts_with(in_number) {
            written.push('0');
            characters.next();
            continue;
        }
        written.push(character);
        if character == '"' && !is_escaped {
            is_string = !is_string;
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    Cow::Owned(written)
}

fn in_number(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | 'e' | 'E')
}

/// An integer that an unsigned number of 64 bits holds, and a signed one does not.
fn large_integer(data: &serde_json::Value) -> Option<u64> {
    match data {
        serde_json::Value::Number(number) if !number.is_i64() => number.as_u64(),
        serde_json::Value::Array(items) => items.iter().find_map(large_integer),
        serde_json::Value::Object(members) => members.values().find_map(large_integer),
        _ => None,
    }
}

/// The value of JSON data. Integers that signed 64 bits do not hold become floats.
pub fn from_json(data: &serde_json::Value) -> Value {
    match converted::<Infallible>(data, &mut || Ok(())) {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// The value of JSON data, as far as `step` lets it be made.
fn converted<Stop>(
    data: &serde_json::Value,
    step: &mut dyn FnMut() -> Result<(), Stop>,
) -> Result<Value, Stop> {
    step()?;
    Ok(match data {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::INFINITY)),
        },
        serde_json::Value::String(text) => Value::string(text),
        serde_json::Value::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                values.push(converted(item, step)?);
            }
            Value::list(values)
        }
        serde_json::Value::Object(members) => {
            let mut attrs = AttrsBuilder::default();
            for (name, member) in members {
                attrs.insert(name.as_str().into(), converted(member, step)?);
            }
            Value::Attrs(attrs.finish())
        }
    })
}

/// A value as JSON data, evaluated to the last part.
///
/// # Errors
/// Functions, numbers that JSON does not have, what evaluating parts fails with, and data that nests
/// too deeply or is too large.
pub fn to_json(evaluator: &mut dyn Evaluator, value: &Value) -> Result<serde_json::Value, Fault> {
    let (depth, bytes) = (evaluator.limits().document_depth, evaluator.limits().answer);
    let mut left = Left { depth, bytes, whole: bytes, reserved: RESERVE_EVERY };
    to_json_at(evaluator, value, &mut left)
}

/// What data may still have: what prints, reads or drops it walks it by recursion, and a value that
/// shares its parts is smaller than its data.
struct Left {
    depth: usize,
    bytes: usize,
    /// The bytes at the beginning.
    whole: usize,
    /// How much may be written until the limit of memory is asked again.
    reserved: usize,
}

/// How many bytes are written between looks at the limit of memory.
const RESERVE_EVERY: usize = 1 << 20;

impl Left {
    fn take(&mut self, evaluator: &mut dyn Evaluator, bytes: usize) -> Result<(), Fault> {
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                // What is written out is there besides the values, and once more as text.
                let written = self.whole - left;
                if written > self.reserved {
                    evaluator.reserve(2 * written)?;
                    self.reserved = written + RESERVE_EVERY;
                }
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
