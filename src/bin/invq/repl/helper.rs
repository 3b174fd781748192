//! What the line editor asks while a line is typed.

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};

use super::Repl;

/// Answers the line editor's questions.
pub(super) struct LineHelper {
    limits: invq::Limits,
}

impl LineHelper {
    pub(super) fn new(repl: &Repl) -> LineHelper {
        LineHelper { limits: repl.session.limits().clone() }
    }

    pub(super) fn renew(&mut self, repl: &Repl) {
        self.limits = repl.session.limits().clone();
    }
}

impl rustyline::Helper for LineHelper {}
impl Highlighter for LineHelper {}
impl Hinter for LineHelper {
    type Hint = String;
}
impl Completer for LineHelper {
    type Candidate = String;
}

impl Validator for LineHelper {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        // An empty line ends what is not complete, so that nobody is caught in it.
        let text = context.input();
        if !text.ends_with('\n') && invq::engine::session::is_incomplete(text, &self.limits) {
            return Ok(ValidationResult::Incomplete);
        }
        Ok(ValidationResult::Valid(None))
    }
}
