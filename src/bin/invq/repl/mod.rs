//! Sessions: on a terminal, or lines from standard input.

mod answers;
mod browse;
mod commands;
mod files;
mod helper;
mod history;
mod interactive;
mod inventory;
mod lines;
mod settings;
mod tour;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use invq::Session;
use invq::diagnostic::Diagnostic;
use invq::engine::session::{Outcome as Entered, Wish};
use invq::text::Source;

pub(crate) use interactive::run as interactive;
pub(crate) use lines::run as lines;

use crate::args::{Query, Shared};
use crate::commands::query::names_something;
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found};
use settings::Settings;

/// A session with what the program adds to it.
struct Repl<'a> {
    session: Session,
    shared: &'a Shared,
    query: &'a Query,
    /// Where the inventory comes from.
    choice: Choice,
    settings: Settings,
    /// Whether there is a terminal at both ends.
    on_terminal: bool,
    /// What Ctrl-C sets.
    interrupt: Option<Arc<AtomicBool>>,
    /// The lines that were typed, oldest first.
    typed: Vec<String>,
    /// Lines that were entered without being typed at the prompt, for the history.
    entered_besides: Vec<String>,
    /// Whether it was told that the history cannot be written.
    told_history: bool,
    /// The step of the tour that was shown last, from 1; nothing where there is no tour.
    tour: Option<usize>,
    watch: Option<inventory::Watch>,
}

/// What happens after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The session goes on.
    Line(Outcome),
    /// It ends.
    Leave,
}

impl<'a> Repl<'a> {
    fn new(shared: &'a Shared, query: &'a Query, choice: Choice, session: Session) -> Repl<'a> {
        let interrupt = session.limits().interrupt.clone();
        Repl {
            session,
            shared,
            query,
            choice,
            settings: Settings::new(query),
            on_terminal: false,
            interrupt,
            typed: Vec::new(),
            entered_besides: Vec::new(),
            told_history: false,
            tour: None,
            watch: None,
        }
    }

    /// The streams as they are now: a terminal's width changes.
    fn console(&self) -> Console {
        Console::new(self.shared.color, self.shared.error_format)
    }

    /// How much of an answer is wanted.
    fn wish(&self) -> Wish {
        if self.on_terminal && self.settings.output == invq::render::Format::Auto {
            Wish::Cut(self.settings.room)
        } else {
            Wish::Whole
        }
    }

    /// Enters a line and shows what it came to.
    fn enter(&mut self, source: &Arc<Source>) -> Next {
        match self.entered(source) {
            Ok(next) => next,
            Err(mistakes) => Next::Line(self.report(&mistakes)),
        }
    }

    fn entered(&mut self, source: &Arc<Source>) -> Result<Next, Vec<Diagnostic>> {
        let entered = self.session_enter(source)?;
        match entered {
            Entered::Command(request) => self.command(&request),
            other => self.show(other).map(Next::Line),
        }
    }

    /// Enters a line; Ctrl-C from now on is about it.
    fn session_enter(&mut self, source: &Arc<Source>) -> Result<Entered, Vec<Diagnostic>> {
        if let (true, Some(interrupt)) = (self.on_terminal, &self.interrupt) {
            interrupt.store(false, Ordering::Relaxed);
        }
        if self.choice == Choice::Nothing {
            let needs_one = match self.session.compile(source) {
                Ok(query) => query.asks_inventory(),
                Err(mistakes) => mistakes.iter().any(names_something),
            };
            if needs_one {
                let help = "`:inventory PATH` loads one, `:inventory --demo` the built-in one";
                return Err(vec![nothing_found().help(help)]);
            }
        }
        self.session.enter_source(source, self.wish())
    }

    /// Keeps a line that was entered without being typed at the prompt.
    fn keep_line(&mut self, line: &str) {
        self.entered_besides.push(line.to_owned());
    }

    /// Reports mistakes, and tells what they come to.
    fn report(&self, mistakes: &[Diagnostic]) -> Outcome {
        self.console().report(mistakes);
        Outcome::of(mistakes, &Stage::Querying(self.session.inventory()))
    }
}
