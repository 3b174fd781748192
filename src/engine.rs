//! The public face: load an inventory, compile a query, run it many times.
//!
//! Only this module, and the loader that it calls, touch files.

use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::inventory::model;
use crate::text::Source;
use crate::types::tir::Program;
use crate::types::{Scheme, Type};
use crate::value::Value;

/// What an evaluation may use. Reaching a limit is an ordinary error with the code `limit-reached`.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Evaluation steps: calls, forced values, elements that builtins walk over.
    pub steps: u64,
    /// Bytes that values may hold at one time.
    pub memory: usize,
    /// Nested calls and forced values.
    pub depth: usize,
    /// Wall time of one evaluation.
    pub time: Option<Duration>,
}

/// Compiles and runs queries under its limits.
pub struct Engine {
    limits: Limits,
}

/// A loaded inventory; cheap to clone, shared between threads.
#[derive(Clone)]
pub struct Inventory {
    model: Arc<model::Inventory>,
}

/// A text to load an inventory from.
pub struct Input {
    /// Its text with its name.
    pub source: Arc<Source>,
    /// How it is written.
    pub format: Format,
    /// The dialect, where it was said.
    pub dialect: Option<model::Dialect>,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON
    Json,
    /// YAML 1.2
    Yaml,
    /// TOML
    Toml,
    /// An expression of the language (`.invq`, `.nix`).
    Expression,
}

/// A compiled query: parsed, typed and planned once, run many times, from many threads.
pub struct Query {
    program: Program,
}

/// What a query evaluated to; belongs to the thread that ran it.
pub struct Answer {
    value: Value,
    ty: Type,
}
