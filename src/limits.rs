//! What texts, documents and evaluations may use, and the words for what went over.
//!
//! [`Limits`] holds the numbers; [`Limit`] is the table of them, from which messages name the limit and
//! the option that raises it. `docs/limits.md` tells the same to people.

mod apart;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use apart::apart;

use crate::diagnostic::{Code, Diagnostic};

/// What an engine's queries and inventories may use. Reaching a limit is an ordinary error with the
/// code `limit-reached`.
///
/// ```
/// use invq::{Engine, Limits};
///
/// let engine = Engine::new(Limits { steps: 1_000_000, ..Limits::default() });
/// # let _ = engine;
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    /// Evaluation steps: calls, forced values, elements that builtins walk over, and each KiB that they
    /// copy or search. Default 1,000,000,000.
    pub steps: u64,
    /// Bytes that the values of an evaluation may hold at one time. Default 2 GiB.
    pub memory: usize,
    /// Nested calls and forced values. Each takes some KiB of stack, which the limit of memory does not
    /// count. Default 10,000.
    pub depth: usize,
    /// Wall time of an evaluation, and of checking an expression. Default none: unlimited.
    pub time: Option<Duration>,
    /// Bytes of an answer as data. A list that shares its parts has them written out. Default 1 GiB.
    pub answer: usize,
    /// Bytes of the text of a query or of an expression file. Default 4 MiB.
    pub source: usize,
    /// Levels of nesting of an expression: of brackets in the text, and in the tree. Chains of
    /// operators, arguments and attribute paths are one level however long they are. A larger number
    /// needs threads with more stack, since trees are dropped recursively: the default of 200 goes
    /// with a thread's usual 2 MiB, also in a debug build.
    pub nesting: usize,
    /// Bytes of a number or of a string between its quotes. Default 1 MiB.
    pub literal: usize,
    /// Bytes of a document of an inventory, and of a file that it imports or includes. Default 1 GiB;
    /// more than 4 GiB are never possible.
    pub document: usize,
    /// Nested lists and objects of a document, and of data. A larger number needs threads with more
    /// stack. Default 500.
    pub document_depth: usize,
    /// Values of a document, where aliases count as copies. Default 10,000,000.
    pub document_values: u64,
    /// Set from elsewhere, it stops the evaluation, or checking an expression. Default none.
    pub interrupt: Option<Arc<AtomicBool>>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            steps: 1_000_000_000,
            memory: 2 << 30,
            depth: 10_000,
            time: None,
            answer: 1 << 30,
            source: 4 << 20,
            nesting: 200,
            literal: 1 << 20,
            document: 1 << 30,
            document_depth: 500,
            document_values: 10_000_000,
            interrupt: None,
        }
    }
}

/// Tells work that takes long when to stop: once its time is over, or somebody interrupts it.
#[derive(Clone, Debug)]
pub struct Watch {
    time: Option<Duration>,
    deadline: Option<Instant>,
    interrupt: Option<Arc<AtomicBool>>,
}

impl Watch {
    /// Begins to watch. The clock is read for the limit of time alone; no expression can see it.
    #[allow(clippy::disallowed_methods)]
    pub fn new(limits: &Limits) -> Watch {
        let deadline = limits.time.and_then(|time| Instant::now().checked_add(time));
        Watch { time: limits.time, deadline, interrupt: limits.interrupt.clone() }
    }

    /// Whether anything could ever stop the work.
    pub fn may_stop(&self) -> bool {
        self.deadline.is_some() || self.interrupt.is_some()
    }

    /// How much time is left; nothing where it is unlimited.
    #[allow(clippy::disallowed_methods)]
    pub fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Goes on, or says why not.
    ///
    /// # Errors
    /// The limit of time, or an interruption; `work` is what is stopped, in words: `the evaluation`.
    #[allow(clippy::disallowed_methods)]
    pub fn look(&self, work: &str) -> Result<(), Diagnostic> {
        if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            let most = self.time.unwrap_or_default();
            return Err(Limit::Time.reached(format!("{work} took longer than {most:?} of time"), ""));
        }
        if self.interrupt.as_ref().is_some_and(|interrupt| interrupt.load(Ordering::Relaxed)) {
            return Err(Diagnostic::error(Code::Interrupted, format!("{work} was interrupted")));
        }
        Ok(())
    }
}

/// A limit by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::steps`]
    Steps,
    /// [`Limits::memory`]
    Memory,
    /// [`Limits::depth`]
    Depth,
    /// [`Limits::time`]
    Time,
    /// [`Limits::answer`]
    Answer,
    /// [`Limits::source`]
    Source,
    /// [`Limits::nesting`]
    Nesting,
    /// [`Limits::literal`]
    Literal,
    /// [`Limits::document`]
    Document,
    /// [`Limits::document_depth`]
    DocumentDepth,
    /// [`Limits::document_values`]
    DocumentValues,
}

impl Limit {
    /// All of them, in the order of their fields.
    pub const ALL: [Limit; 11] = [
        Limit::Steps,
        Limit::Memory,
        Limit::Depth,
        Limit::Time,
        Limit::Answer,
        Limit::Source,
        Limit::Nesting,
        Limit::Literal,
        Limit::Document,
        Limit::DocumentDepth,
        Limit::DocumentValues,
    ];

    /// Its field in [`Limits`].
    pub fn field(self) -> &'static str {
        match self {
            Limit::Steps => "steps",
            Limit::Memory => "memory",
            Limit::Depth => "depth",
            Limit::Time => "time",
            Limit::Answer => "answer",
            Limit::Source => "source",
            Limit::Nesting => "nesting",
            Limit::Literal => "literal",
            Limit::Document => "document",
            Limit::DocumentDepth => "document_depth",
            Limit::DocumentValues => "document_values",
        }
    }

    /// The option of the command line that sets it. What has none is beyond what people write, and a
    /// matter of embedders.
    pub fn option(self) -> Option<&'static str> {
        match self {
            Limit::Steps => Some("--limit-steps"),
            Limit::Memory => Some("--limit-memory"),
            Limit::Depth => Some("--limit-depth"),
            Limit::Time => Some("--limit-time"),
            Limit::Answer => Some("--limit-answer"),
            _ => None,
        }
    }

    /// What it is by default, as text.
    pub fn default_text(self) -> String {
        let limits = Limits::default();
        let bytes = |bytes: usize| match bytes {
            whole if whole.is_multiple_of(1 << 30) => format!("{} GiB", whole >> 30),
            whole if whole.is_multiple_of(1 << 20) => format!("{} MiB", whole >> 20),
            other => crate::text::count(other, "byte", "bytes"),
        };
        match self {
            Limit::Steps => grouped(limits.steps),
            Limit::Memory => bytes(limits.memory),
            Limit::Depth => grouped(limits.depth as u64),
            Limit::Time => limits.time.map_or_else(|| "none".to_owned(), |time| format!("{time:?}")),
            Limit::Answer => bytes(limits.answer),
            Limit::Source => bytes(limits.source),
            Limit::Nesting => grouped(limits.nesting as u64),
            Limit::Literal => bytes(limits.literal),
            Limit::Document => bytes(limits.document),
            Limit::DocumentDepth => grouped(limits.document_depth as u64),
            Limit::DocumentValues => grouped(limits.document_values),
        }
    }

    /// The mistake of going over it. The message says over what; the help says what raises the limit,
    /// and what to do instead, where `instead` tells.
    pub fn reached(self, message: impl Into<String>, instead: &str) -> Diagnostic {
        let field = self.field();
        let raise = match self.option() {
            Some(option) => format!("`{option}` (for embedders `Limits::{field}`) raises the limit"),
            None => format!("`Limits::{field}` of the engine raises the limit"),
        };
        let help = if instead.is_empty() { raise } else { format!("{instead}; {raise}") };
        Diagnostic::error(Code::LimitReached, message).help(help)
    }
}

/// `10,000`
pub(crate) fn grouped(number: u64) -> String {
    let words = crate::text::count(usize::try_from(number).unwrap_or(usize::MAX), "", "");
    words.trim_end().to_owned()
}
