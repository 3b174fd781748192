//! Lines from standard input, entered one after the other: answers are written plainly, and the first
//! mistake ends it, unless it is told to go on.

use std::sync::Arc;

use invq::Session;
use invq::text::Source;

use super::{Next, Repl};
use crate::args::{Query, Shared};
use crate::commands::mistakes::note;
use crate::exit::Outcome;
use crate::inputs::Choice;

/// Enters all lines of a text.
pub(crate) fn run(
    shared: &Shared,
    query: &Query,
    choice: Choice,
    session: Session,
    source: &Arc<Source>,
) -> Outcome {
    let mut repl = Repl::new(shared, query, choice, session);
    let mut first = None;
    for piece in repl.session.cut(source) {
        match repl.enter(&piece) {
            Next::Leave => break,
            Next::Line(Outcome::Answered | Outcome::NoAnswer) => {}
            Next::Line(Outcome::ClosedPipe) => return Outcome::ClosedPipe,
            Next::Line(outcome) => {
                first.get_or_insert(outcome);
                if !query.keep_going {
                    break;
                }
            }
        }
        repl.typed.push(piece.text().to_owned());
    }
    if !query.quiet {
        note(repl.session.inventory(), &repl.console());
    }
    first.unwrap_or(Outcome::Answered)
}
