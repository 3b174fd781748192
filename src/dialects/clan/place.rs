//! Values of documents as the readers here use them, and the path by which messages name them.

use std::borrow::Cow;
use std::fmt;

use crate::inventory::document::{Key, Kind, Node, Notation};
use crate::inventory::model::Spot;
use crate::syntax::ast::Name;

/// Where a key of the object that holds `value` stands.
pub(super) fn key_spot(key: &Key<'_>, value: Node<'_>) -> Spot {
    Spot { document: value.document().number(), span: key.span }
}

/// A text as a name of its own.
pub(super) fn name(text: &str) -> Name {
    Name::from(text)
}

/// Whether the value is an object.
pub(super) fn is_object(value: Node<'_>) -> bool {
    value.kind() == Kind::Object
}

/// Whether the value is a string or `null`.
pub(super) fn is_string_or_null(value: Node<'_>) -> bool {
    matches!(value.kind(), Kind::String | Kind::Null)
}

/// What messages call a value: `null`, `a list`, `a string`.
pub(super) fn found(value: Node<'_>) -> String {
    match value.kind() {
        Kind::Bool | Kind::Int | Kind::Float => format!("`{}`", value.to_json()),
        kind => kind.describe().to_owned(),
    }
}

/// The path to a value, spelt only when a message needs it.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    key: &'p str,
}

impl<'p> Path<'p> {
    /// A path of one key.
    pub(super) fn root(key: &'p str) -> Path<'p> {
        Path { parent: None, key }
    }

    /// The path to a value below.
    pub(super) fn below(&'p self, key: &'p str) -> Path<'p> {
        Path { parent: Some(self), key }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(formatter, "{parent}.")?;
        }
        formatter.write_str(&written_key(self.key))
    }
}

/// The help that says what to write at a path instead of a value, as the value's document writes it.
pub(super) fn edit(path: Path<'_>, value: Node<'_>, instead: &serde_json::Value) -> String {
    match value.document().notation() {
        Notation::Expression => format!("write `{path} = {}`", Notation::Expression.value(instead)),
        notation => format!("write `{}`", notation.entry(path.key, instead)),
    }
}

/// The edit that writes a value below `keys` of an inventory: as a path in expressions, as an object
/// within objects in other documents.
pub(super) fn entry_below(notation: Notation, keys: &[&str], value: serde_json::Value) -> String {
    if notation == Notation::Expression {
        let path: Vec<Cow<'_, str>> = keys.iter().map(|key| written_key(key)).collect();
        return format!("{} = {}", path.join("."), notation.value(&value));
    }
    let Some((first, rest)) = keys.split_first() else { return notation.value(&value) };
    let inner = rest.iter().rev().fold(value, |inner, key| serde_json::json!({ *key: inner }));
    notation.entry(first, &inner)
}

/// A key as one writes it in a path: quoted where it is no plain word.
pub(super) fn written_key(key: &str) -> Cow<'_, str> {
    let first = key.bytes().next();
    let plain = first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\''));
    if plain { Cow::Borrowed(key) } else { Cow::Owned(serde_json::Value::from(key).to_string()) }
}
