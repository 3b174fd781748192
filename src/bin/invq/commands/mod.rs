//! The commands: a query, and the subcommands, each in a file of its own.

mod check;
pub(crate) mod diff;
pub(crate) mod doc;
pub(crate) mod explain;
pub(crate) mod fmt;
mod graph;
mod index;
pub(crate) mod mistakes;
mod plan;
pub(crate) mod query;
mod reach;
mod render;
pub(crate) mod why;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};

use clap::CommandFactory;
use invq::diagnostic::{Code, Diagnostic};
use invq::engine::reason;
use invq::render::Options;
use invq::{Engine, Inventory};

use crate::args::{Command, CommandLine, Query, Shared};
use crate::console::{Colour, Console, ErrorFormat};
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found};
use crate::interrupt::Stoppable;
use crate::{lsp, pages};

/// Runs what the arguments of the process ask for.
pub(crate) fn run(arguments: Vec<OsString>) -> Outcome {
    let format = ErrorFormat::wished(&arguments);
    let line = match CommandLine::read(arguments) {
        Ok(line) => line,
        Err(error) => return said_by_clap(&error, format),
    };
    let console = Console::new(line.shared.color, line.shared.error_format);
    match &line.command {
        None => query::run(&line.shared, &line.query, &console),
        Some(Command::Check { inventories, format }) => {
            let format = format.unwrap_or(line.shared.error_format.into());
            check::run(&line.shared, &line.query, inventories, format, &console)
        }
        Some(Command::Why { machine, about, reaches, json }) => {
            let (about, reaches) = (about.as_deref(), reaches.as_deref());
            let question = why::Question { machine, about, reaches, json: *json };
            why::run(&line.shared, &line.query, &question, &console)
        }
        Some(Command::Diff { inventories, with, json }) => {
            let question = diff::Question { inventories, with: with.as_deref(), json: *json };
            diff::run(&line.shared, &line.query, &question, &console)
        }
        Some(Command::Render { machine, at, sources, nix, output }) => {
            let request = render::Request {
                machines: machine,
                at: at.as_deref(),
                sources: *sources,
                nix: nix.as_deref(),
                output: *output,
            };
            render::run(&line.shared, &line.query, &request, &console)
        }
        Some(Command::Plan { operation, cluster, select, write, json }) => {
            let (cluster, select) = (cluster.as_deref(), select.as_deref());
            let question = plan::Question { operation, cluster, select, write: *write, json: *json };
            plan::run(&line.shared, &line.query, &question, &console)
        }
        Some(Command::Index { inventory }) => {
            index::run(&line.shared, &line.query, inventory.as_deref(), &console)
        }
        Some(Command::Graph { subject, filter, output }) => {
            graph::run(&line.shared, &line.query, (*subject, filter.as_deref(), *output), &console)
        }
        Some(Command::Fmt { files, check }) => {
            let run = fmt::Run { shared: &line.shared, query: &line.query, console: &console, check: *check };
            run.files(files)
        }
        Some(Command::Explain { code }) => explain::run(code.as_deref(), &console),
        Some(Command::Doc { name }) => doc::run(name.as_deref(), &console),
        Some(Command::Completions { shell }) => print(&console, |out| {
            let mut written = Vec::new();
            clap_complete::generate(*shell, &mut CommandLine::command(), "invq", &mut written);
            out.write_all(&written)
        }),
        Some(Command::Schema) => print(&console, |out| {
            let schema = invq::dialects::schema::schema();
            serde_json::to_writer_pretty(&mut *out, &schema)?;
            out.write_all(b"\n")
        }),
        Some(Command::Lsp) => lsp::run(&line.shared, &line.query, &console),
        Some(Command::Man) => {
            print(&console, |out| clap_mangen::Man::new(CommandLine::command()).render(out))
        }
        Some(Command::Page { page }) => print(&console, |out| out.write_all(pages::page(*page).as_bytes())),
    }
}

/// The inventory that the command line means, with an engine for it; or reports why there is none.
fn opened(shared: &Shared, query: &Query, console: &Console) -> Result<(Engine, Inventory), Outcome> {
    let choice = Choice::of(shared);
    if choice == Choice::Nothing {
        console.report(&[nothing_found()]);
        return Err(Outcome::Usage);
    }
    let engine = shared.engine(query.limits());
    let inventory = loaded(&choice, &engine, console)?;
    Ok((engine, inventory))
}

/// How answers are written: as the command line asks, and for the stream that they go to.
fn output_options(query: &Query, console: &Console) -> Options {
    Options {
        raw: query.raw,
        nul: query.nul,
        compact: query.compact,
        last_end: !query.no_newline,
        terminal: console.out.terminal,
        colour: console.out.colour,
        width: console.out.width,
    }
}

/// Opens the inventory from its snapshot, or loads it, or reports why it cannot be read.
fn kept_or_loaded(choice: &Choice, engine: &Engine, console: &Console) -> Result<Inventory, Outcome> {
    match choice.kept(engine) {
        Some(inventory) => Ok(inventory),
        None => loaded(choice, engine, console),
    }
}

/// Loads the inventory, or reports why it cannot be read.
fn loaded(choice: &Choice, engine: &Engine, console: &Console) -> Result<Inventory, Outcome> {
    choice.load(engine).map_err(|failures| {
        console.report(&failures);
        Outcome::of(&failures, &Stage::Loading)
    })
}

/// Help and version are answers; everything else is about the usage.
fn said_by_clap(error: &clap::Error, format: ErrorFormat) -> Outcome {
    let console = Console::new(Colour::Auto, format);
    let text = error.render();
    if error.use_stderr() && format != ErrorFormat::Human {
        console.report(&[usage_diagnostic(&text.to_string())]);
        return Outcome::Usage;
    }
    if error.use_stderr() {
        let text = if console.err.colour { text.ansi().to_string() } else { text.to_string() };
        // Nobody is left to be told where standard error is closed.
        let _ = io::stderr().write_all(text.as_bytes());
        return Outcome::Usage;
    }
    let text = if console.out.colour { text.ansi().to_string() } else { text.to_string() };
    print(&console, |out| out.write_all(text.as_bytes()))
}

/// What clap says, as a mistake: its first paragraph is the message, and its tip the help.
fn usage_diagnostic(text: &str) -> Diagnostic {
    let mut paragraphs = text.split("\n\n").map(str::trim);
    let first = paragraphs.next().unwrap_or("");
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let tip = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: "));
    let help = tip.and_then(|tip| tip.lines().next()).unwrap_or("`invq --help` lists the options");
    Diagnostic::error(Code::Usage, message).help(help)
}

/// Writes to standard output.
pub(crate) fn print(console: &Console, text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Outcome {
    let mut out = BufWriter::with_capacity(64 * 1024, Stoppable(io::stdout().lock()));
    match text(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Outcome::Answered,
        Err(error) => unwritten(&error, console),
    }
}

/// Standard output could not be written to; a closed pipe is nothing to talk about.
pub(crate) fn unwritten(error: &io::Error, console: &Console) -> Outcome {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Outcome::ClosedPipe;
    }
    let message = format!("cannot write to standard output: {}", reason(error));
    console.report(&[Diagnostic::error(Code::Io, message)]);
    Outcome::Usage
}

/// Reports a wrong use of the command line.
pub(crate) fn wrong_usage(console: &Console, message: impl Into<String>, help: impl Into<String>) -> Outcome {
    console.report(&[Diagnostic::error(Code::Usage, message).help(help)]);
    Outcome::Usage
}
