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
    nodes: Option<Vec<u32>>,
}

/// Names given from outside, with their types: `--arg` and `--argjson`.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Name, type and value, in the order in which they were given.
    pub values: Vec<(String, Type, serde_json::Value)>,
    /// The one cluster in which bare filters are resolved.
    pub cluster: Option<String>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 1_000_000_000, memory: 4 << 30, depth: 10_000, time: None }
    }
}

impl Engine {
    /// An engine with these limits.
    pub fn new(limits: Limits) -> Engine {
        Engine { limits }
    }

    /// Loads one inventory from texts, which merge in order.
    ///
    /// # Errors
    /// All reasons for which the texts cannot be read at all; other mistakes are the inventory's
    /// ([`Inventory::mistakes`]).
    pub fn load(&self, inputs: Vec<Input>) -> Result<Inventory, Vec<Diagnostic>> {
        let _ = (&self.limits, inputs);
        Err(Vec::new())
    }

    /// Loads one inventory from files.
    ///
    /// # Errors
    /// As [`Engine::load`], and files that cannot be read.
    pub fn load_path(&self, path: impl AsRef<std::path::Path>) -> Result<Inventory, Vec<Diagnostic>> {
        let _ = path.as_ref();
        Err(Vec::new())
    }

    /// The small inventory that is built in.
    ///
    /// # Errors
    /// None; the type is that of the other ways to load.
    pub fn load_demo(&self) -> Result<Inventory, Vec<Diagnostic>> {
        Err(Vec::new())
    }

    /// Parses, types and plans a query.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn compile(&self, text: &str, inventory: &Inventory) -> Result<Query, Vec<Diagnostic>> {
        self.compile_source(&Source::new("<query>", text), inventory, &Arguments::default())
    }

    /// Parses, types and plans a query from a source of its own, with names given from outside.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn compile_source(
        &self,
        source: &Arc<Source>,
        inventory: &Inventory,
        arguments: &Arguments,
    ) -> Result<Query, Vec<Diagnostic>> {
        let _ = (source, inventory, arguments);
        Err(Vec::new())
    }
}

impl Inventory {
    /// The model.
    pub fn model(&self) -> &model::Inventory {
        &self.model
    }
}

impl Query {
    /// The type of its answer.
    pub fn ty(&self) -> &Type {
        &self.program.scheme.ty
    }

    /// The type of its answer as text.
    pub fn type_text(&self) -> String {
        String::new()
    }

    /// Evaluates it.
    ///
    /// # Errors
    /// A mistake at run time, a limit, a part of the inventory that has mistakes.
    pub fn run(&self, inventory: &Inventory) -> Result<Answer, Diagnostic> {
        let _ = inventory;
        Ok(Answer { value: Value::Null, ty: self.program.scheme.ty.clone(), nodes: None })
    }
}

impl Answer {
    /// Its type.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The machines, by their numbers, where it is a filter, a machine, or a list of either.
    pub fn nodes(&self) -> Option<&[u32]> {
        self.nodes.as_deref()
    }

    /// The answer as data, evaluated to the last part; machines as records.
    ///
    /// # Errors
    /// As [`Query::run`].
    pub fn data(&mut self) -> Result<serde_json::Value, Diagnostic> {
        let _ = &self.value;
        Ok(serde_json::Value::Null)
    }
}

// Kept so that the scheme of a query is part of the face.
impl Query {
    /// The type of its answer, with its variables.
    pub fn scheme(&self) -> &Scheme {
        &self.program.scheme
    }
}
