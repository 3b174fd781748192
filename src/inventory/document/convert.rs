//! Nodes as plain data and as values, and strings as sources of their own.

use std::sync::Arc;

use super::tree::Style;
use super::{Backing, Kind, Node, offsets};
use crate::inventory::model::FileValue;
use crate::syntax::ast::Name;
use crate::text::Source;
use crate::value::Value;

/// Grows the stack where nesting needs it; documents are nested up to a limit.
fn grow<T>(build: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, build)
}

impl Node<'_> {
    /// A string as a source of its own, whose places map into the file: escapes and block indentation
    /// are accounted for.
    pub fn embedded(self) -> Option<Arc<Source>> {
        match &self.document.backing {
            Backing::Json(_) => {
                if self.kind() == Kind::String {
                    self.document.json_embedded(self.at)
                } else {
                    None
                }
            }
            Backing::Tree(tree) => {
                let source = &self.document.source;
                let text = tree.text(self.at, source)?;
                let map = offsets::map(source, tree.span(self.at), text, tree.style(self.at)?);
                Some(Source::embedded(source, text, map))
            }
        }
    }

    /// How a string is written.
    pub(super) fn style(self) -> Style {
        match &self.document.backing {
            Backing::Json(_) => Style::Json,
            Backing::Tree(tree) => tree.style(self.at).unwrap_or(Style::Computed),
        }
    }

    /// In an expression file: how the evaluator gets at the function or filter.
    pub fn file_value(self) -> Option<FileValue> {
        let path = self.document.tree()?.expression(self.at)?.to_vec();
        Some(FileValue { document: self.document.original.unwrap_or(self.document.number), path })
    }

    /// The value as JSON data; of equal keys the last one counts. Functions, and numbers that JSON does
    /// not have, are null.
    pub fn to_json(self) -> serde_json::Value {
        match self.kind() {
            Kind::Null | Kind::Expression => serde_json::Value::Null,
            Kind::Bool => self.as_bool().unwrap_or_default().into(),
            Kind::Int => self.as_int().unwrap_or_default().into(),
            Kind::Float => self.json_float(),
            Kind::String => self.as_str().unwrap_or_default().into_owned().into(),
            Kind::List => grow(|| self.items().map(Node::to_json).collect()),
            Kind::Object => {
                grow(|| self.entries().map(|(key, node)| (key.text.into_owned(), node.to_json())).collect())
            }
        }
    }

    fn json_float(self) -> serde_json::Value {
        // Integers of more than 63 bits are floats here; JSON data keeps unsigned ones.
        let unsigned = match &self.document.backing {
            Backing::Json(_) => self.document.json_number(self.at).and_then(|text| text.parse::<u64>().ok()),
            Backing::Tree(_) => None,
        };
        match unsigned {
            Some(number) => number.into(),
            None => self.as_float().and_then(serde_json::Number::from_f64).into(),
        }
    }

    /// The value as the language has it; of equal keys the last one counts. Functions, which only the
    /// evaluator can get at, are null.
    pub fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null | Kind::Expression => Value::Null,
            Kind::Bool => Value::Bool(self.as_bool().unwrap_or_default()),
            Kind::Int => Value::Int(self.as_int().unwrap_or_default()),
            Kind::Float => Value::Float(self.as_float().unwrap_or(f64::NAN)),
            Kind::String => Value::string(self.as_str().unwrap_or_default()),
            Kind::List => grow(|| Value::list(self.items().map(Node::to_value).collect())),
            Kind::Object => grow(|| {
                Value::attrs(self.entries().map(|(key, node)| (Name::from(&*key.text), node.to_value())))
            }),
        }
    }
}
