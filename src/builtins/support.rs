//! What the implementations of several subjects need.

use crate::diagnostic::{Code, Diagnostic};
use crate::limits::apart;
use crate::value::{Evaluator, Fault, Name, Thunk, Value, meter};

/// What builtins give back.
pub(super) type Answer = Result<Value, Fault>;

/// `function first second`, when it is needed.
pub(super) fn later_with(function: &Value, first: Value, second: &Value) -> Value {
    let (function, second) = (function.clone(), second.clone());
    Value::lazy(move |evaluator| evaluator.call(&function, &[first, second]))
}

/// A value for each of many things, which count as steps.
pub(super) fn each<T>(
    evaluator: &mut dyn Evaluator,
    things: impl IntoIterator<Item = T>,
    mut value: impl FnMut(&mut dyn Evaluator, T) -> Value,
) -> Result<Vec<Value>, Fault> {
    let things = things.into_iter();
    let mut values = Vec::with_capacity(things.size_hint().0);
    for thing in things {
        evaluator.step()?;
        values.push(value(evaluator, thing));
    }
    Ok(values)
}

/// Texts of at most so many bytes are read or hashed in less time than anybody can notice.
const SHORT: usize = 64 << 10;

/// What `work` makes of a text of so many bytes, in a way that the limits and an interruption can end.
pub(super) fn of_long_text<Input: Clone + Send + 'static, Output: Send + 'static>(
    evaluator: &mut dyn Evaluator,
    input: Input,
    bytes: usize,
    work: fn(Input) -> Output,
) -> Result<Output, Fault> {
    if bytes <= SHORT { Ok(work(input)) } else { apart(input, work, || evaluator.look()) }
}

/// The texts of a list of strings.
pub(super) fn texts(evaluator: &mut dyn Evaluator, list: &Value) -> Result<Vec<Name>, Fault> {
    let list = evaluator.list(list)?;
    let mut texts = Vec::with_capacity(list.len());
    for item in list.iter() {
        evaluator.step()?;
        texts.push(evaluator.string(item)?);
    }
    Ok(texts)
}

/// Walks over what stands inside of a value, against the limits: values may be nested without end.
pub(super) fn nested<T>(
    evaluator: &mut dyn Evaluator,
    walk: impl FnOnce(&mut dyn Evaluator) -> Result<T, Fault>,
) -> Result<T, Fault> {
    evaluator.enter()?;
    let walked = stacker::maybe_grow(64 * 1024, 1024 * 1024, || walk(evaluator));
    evaluator.leave();
    walked
}

/// Checks that a list of so many elements may still be made.
pub(super) fn room(evaluator: &mut dyn Evaluator, elements: usize) -> Result<(), Fault> {
    evaluator.reserve(elements.saturating_mul(size_of::<Value>()))
}

/// Checks that a list of so many values that are computed later may still be made.
pub(super) fn room_later(evaluator: &mut dyn Evaluator, elements: usize) -> Result<(), Fault> {
    evaluator.reserve(elements.saturating_mul(size_of::<Value>() + size_of::<Thunk>() + 48))
}

/// Checks that a text of so many bytes may still be made: it is built first, and then copied into its value.
pub(super) fn text_room(evaluator: &mut dyn Evaluator, bytes: usize) -> Result<(), Fault> {
    evaluator.reserve(bytes.saturating_mul(2))
}

/// A text that may be long, checked against the limit of memory.
pub(super) fn long_text(evaluator: &mut dyn Evaluator, text: &str) -> Answer {
    evaluator.reserve(text.len())?;
    Ok(Value::string(text))
}

/// A list of strings.
pub(super) fn text_list<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Value {
    Value::list(texts.into_iter().map(counted_text).collect())
}

/// A list of as many strings as there may be; a text that falls into characters is many times as large.
pub(super) fn many_texts<S: AsRef<str>>(
    evaluator: &mut dyn Evaluator,
    texts: impl IntoIterator<Item = S>,
) -> Answer {
    let mut values = Vec::new();
    for text in texts {
        if values.len() % 1024 == 0 {
            room(evaluator, 3 * values.len())?;
        }
        evaluator.step()?;
        values.push(counted_text(text));
    }
    Ok(Value::list(values))
}

/// A string that counts, however short it is.
pub(super) fn counted_text(text: impl AsRef<str>) -> Value {
    let text = Name::from(text.as_ref());
    meter::each_text(&text);
    Value::from(text)
}

/// A value that makes no sense, with an edit that does.
pub(super) fn invalid(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault::new(Diagnostic::error(Code::InvalidValue, message).help(help))
}

/// A mistake that Nix's library makes by `throw`, so that `tryEval` catches it.
pub(super) fn thrown(code: Code, message: impl Into<String>) -> Fault {
    Fault::catchable(Diagnostic::error(code, message))
}

/// An attribute or field that must be there.
pub(super) fn field(evaluator: &mut dyn Evaluator, set: &Value, name: &str) -> Answer {
    match evaluator.attr(set, name)? {
        Some(value) => Ok(value),
        None => Err(evaluator.fault(Code::MissingElement, format!("the set has no attribute `{name}`"))),
    }
}
