//! Documents: texts in JSON, YAML or TOML, and values of expression files, behind one way to read.
//!
//! A [`Node`] is a value in a document. It is read as far as somebody looks: JSON is scanned once, in
//! place, without a tree; YAML, TOML and expression files are small trees.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::{Source, Span};

/// A document.
pub struct Document {
    /// Its text.
    pub source: Arc<Source>,
}

/// A part of a document that stays as written: by document, and where it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Which document, by its index in the inventory.
    pub document: u32,
    /// Where: the offset of a JSON value, the number of a tree node.
    pub at: u32,
}

/// A value in a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    at: u32,
}

/// What kind of value a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A whole number.
    Int,
    /// Another number.
    Float,
    /// A text.
    String,
    /// A list.
    List,
    /// Keys with values.
    Object,
    /// A function or a filter, in an expression file.
    Expression,
}

/// A key of an object.
#[derive(Clone, Debug)]
pub struct Key<'d> {
    /// The key, escapes resolved.
    pub text: Cow<'d, str>,
    /// Its place, quotes included.
    pub span: Span,
}
