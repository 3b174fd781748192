//! Mistakes as plain data: a code, a message, the places, and a help that is an edit.
//!
//! Every stage makes [`Diagnostic`]s; nothing here knows how they are shown.

mod codes;

use std::sync::Arc;

pub use codes::{CODES, Code, CodeEntry, Example};

use crate::text::{Source, Span};

/// How much a mistake matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Severity {
    /// Told to who asks for everything that there is to say.
    Hint,
    /// Told, and nothing else happens.
    Warning,
    /// The part in which it stands cannot be used.
    Error,
}

impl Severity {
    /// The word in messages: `error`, `warning` or `hint`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place in a text with what there is to say about it; the message may be empty.
#[derive(Clone, Debug)]
pub struct Label {
    /// The text.
    pub source: Arc<Source>,
    /// The range in it.
    pub span: Span,
    /// What to say there.
    pub message: String,
}

/// One mistake.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One line: lower case, no full stop, names in backticks, expected before found.
    pub message: String,
    /// The places; the first is where the mistake is.
    pub labels: Vec<Label>,
    /// An edit that can be typed.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// A hint without a place yet.
    pub fn hint(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Hint, ..Diagnostic::error(code, message) }
    }

    /// Adds a place; the first one added is where the mistake is.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Span, message: impl Into<String>) -> Diagnostic {
        // Of the many mistakes that a large inventory may have most have one place.
        self.labels.reserve_exact(1);
        self.labels.push(Label { source: Arc::clone(source), span, message: message.into() });
        self
    }

    /// Sets the help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Sets the help where there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Diagnostic {
        self.help = help.or(self.help);
        self
    }
}
