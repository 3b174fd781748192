//! A session on a terminal.

use std::io::{self, Write};

use invq::Session;
use invq::diagnostic::{Code, Diagnostic};
use rustyline::error::ReadlineError;
use rustyline::history::{History as _, MemHistory};
use rustyline::{
    Behavior, ColorMode, CompletionType, Config, EditMode, Editor, ExternalPrinter, config::Configurer,
};

use super::helper::LineHelper;
use super::history::{History, MOST};
use super::inventory::summary;
use super::{Next, Repl};
use crate::args::{Query, Shared};
use crate::commands::mistakes::{any_error, mistakes, note};
use crate::commands::query::arguments;
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::Choice;
use crate::interrupt;

pub(super) const PROMPT: &str = "invq> ";

/// Runs a session until it is left.
pub(crate) fn run(shared: &Shared, query: &Query, choice: Choice, console: &Console) -> Outcome {
    let arguments = match arguments(query) {
        Ok(arguments) => arguments,
        Err(wrong) => {
            console.report(&[*wrong]);
            return Outcome::Usage;
        }
    };
    let engine = shared.engine(query.limits_until(interrupt::watch_always()));
    let inventory = match choice.load(&engine) {
        Ok(inventory) => inventory,
        Err(failures) => {
            console.report(&failures);
            return Outcome::of(&failures, &Stage::Loading);
        }
    };
    if shared.strict && any_error(mistakes(&inventory)) {
        console.report(&mistakes(&inventory).cloned().collect::<Vec<_>>());
        return Outcome::Inventory;
    }
    let mut session = Session::new(engine, inventory);
    session.give(&arguments);
    let mut repl = Repl::new(shared, query, choice, session);
    repl.on_terminal = true;
    repl.greet();
    match repl.read_lines() {
        Ok(()) => Outcome::Answered,
        Err(error) => {
            console.report(&[Diagnostic::error(Code::Io, format!("the terminal cannot be read: {error}"))]);
            Outcome::Usage
        }
    }
}

type LineEditor = Editor<LineHelper, MemHistory>;

impl Repl<'_> {
    /// How to get help, and what is loaded.
    fn greet(&mut self) {
        let version = env!("CARGO_PKG_VERSION");
        let mut out = io::stdout().lock();
        // A terminal that is gone shows at the first line that is read.
        let _ = writeln!(out, "invq {version}: `:help` lists the commands, Tab completes, Ctrl-D leaves");
        let _ = writeln!(out, "{}", summary(self.session.inventory(), &self.choice));
        drop(out);
        note(self.session.inventory(), &self.console());
        if self.choice == Choice::Demo {
            self.begin_tour();
        }
    }

    fn read_lines(&mut self) -> Result<(), ReadlineError> {
        let mut history = History::open();
        self.typed = history.lines().to_vec();
        let mut editor = editor()?;
        for line in history.lines() {
            editor.add_history_entry(line.as_str())?;
        }
        loop {
            self.look_at_files();
            editor.set_edit_mode(if self.settings.vi { EditMode::Vi } else { EditMode::Emacs });
            if self.watch.is_some()
                && let Ok(mut printer) = editor.create_external_printer()
            {
                self.watch_while_typing(move |text| {
                    // A terminal that is gone shows at the next line that is read.
                    let _ = printer.print(text);
                });
            }
            editor.set_helper(Some(LineHelper::new(self)));
            let colour = self.console().out.colour && self.settings.hints;
            editor.set_color_mode(if colour { ColorMode::Enabled } else { ColorMode::Disabled });
            let line = match editor.readline(PROMPT) {
                Ok(line) => line,
                // What was typed is gone, and a new line begins.
                Err(ReadlineError::Interrupted) => continue,
                Err(ReadlineError::Eof) => return Ok(()),
                Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    self.report(&[Diagnostic::error(Code::Io, "what was typed is no UTF-8 text")
                        .help("type the line again, in a terminal that is set to UTF-8")]);
                    continue;
                }
                Err(error) => return Err(error),
            };
            if line.trim().is_empty() {
                continue;
            }
            self.look_at_files();
            if let Err(error) = history.add(&line) {
                self.history_failed(&error);
            }
            let source = self.session.line(&line);
            let next = self.enter(&source);
            for line in self.entered_besides.drain(..) {
                let _ = history.add(&line);
            }
            if history.lines() != self.typed {
                self.typed = history.lines().to_vec();
                editor.history_mut().clear()?;
                for line in history.lines() {
                    editor.add_history_entry(line.as_str())?;
                }
            }
            if next == Next::Leave {
                return Ok(());
            }
            self.after_line(&line);
        }
    }

    /// The history cannot be written: told once.
    fn history_failed(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.told_history, true) {
            let reason = invq::engine::reason(error);
            self.console().note(&Diagnostic::warning(
                Code::Io,
                format!("lines are not kept for the next session: {reason}"),
            ));
        }
    }
}

/// A line editor with the session's ways.
fn editor() -> Result<LineEditor, ReadlineError> {
    let config = Config::builder()
        .max_history_size(MOST)?
        .completion_type(CompletionType::List)
        .completion_prompt_limit(200)
        .completion_show_all_if_ambiguous(true)
        .behavior(Behavior::Stdio)
        .bracketed_paste(true)
        .build();
    Editor::with_history(config.clone(), MemHistory::with_config(&config))
}
