//! `:browse`: a whole value, page by page.

use invq::diagnostic::Diagnostic;
use invq::engine::session::{Outcome as Entered, Request, Wish};

use super::Repl;
use crate::exit::Outcome;

impl Repl<'_> {
    /// `:browse`
    pub(super) fn browse(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let entered = if request.text().is_empty() {
            let source = self.session.line("it");
            self.session.enter_source(&source, Wish::Whole)?
        } else {
            self.session.enter_source(&request.argument, Wish::Whole)?
        };
        match entered {
            Entered::Command(_) => Ok(Outcome::Answered),
            other => self.show(other),
        }
    }
}
