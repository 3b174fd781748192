//! How a program asks an inventory: load it once, compile a query once, run it as often as needed.
//!
//!     cargo run --example embed -- examples/demo.invq 'tag "backup"'

#![allow(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a program of its own, which has arguments and streams"
)]

use std::io::Write;
use std::process::ExitCode;
use std::thread;

use invq::diagnostic::Diagnostic;
use invq::{Arguments, Engine, Inventory, Limits};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "examples/demo.invq".to_owned());
    let filter = arguments.next().unwrap_or_else(|| "tag \"backup\"".to_owned());
    // What a query may use up; everything that is not said here has a generous default.
    let engine = Engine::new(Limits { steps: 10_000_000, ..Limits::default() });
    match show(&engine, &path, &filter, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                eprintln!("{}", line(&diagnostic));
            }
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn show(
    engine: &Engine,
    path: &str,
    filter: &str,
    output: &mut dyn Write,
) -> Result<(), Vec<Diagnostic>> {
    let inventory = engine.load_path(path)?;
    // A mistake in one service does not hide the others: it is told, and the rest can be asked.
    for mistake in inventory.mistakes() {
        eprintln!("{}", line(&mistake.diagnostic));
    }
    let mut write = |text: String| {
        // Nobody reads any more: nothing is left to do about it here.
        let _ = writeln!(output, "{text}");
    };
    write(names(engine, &inventory, filter)?.join(" "));

    // Any other answer is data, and its type is known before the query runs.
    let query =
        engine.compile("machines |> groupBy (m: m.cluster) |> mapAttrs (c: ms: length ms)", &inventory)?;
    write(query.type_text());
    let answer = query.run(&inventory).map_err(|diagnostic| vec![diagnostic])?;
    write(answer.into_data(&inventory).map_err(|diagnostic| vec![diagnostic])?.to_string());

    // A name from outside is an argument with a type, and never pasted into the text.
    let wanted = ("wanted".to_owned(), invq::types::Type::String, serde_json::json!("backup"));
    let arguments = Arguments { values: vec![wanted], ..Arguments::default() };
    let source =
        invq::text::Source::new("<embedded>", "length (attrNames tags) > 0 && elem wanted (attrNames tags)");
    let query = engine.compile_source(&source, &inventory, &arguments)?;
    let answer = query.run(&inventory).map_err(|diagnostic| vec![diagnostic])?;
    write(answer.into_data(&inventory).map_err(|diagnostic| vec![diagnostic])?.to_string());
    Ok(())
}

/// A compiled query is shared between threads, and so is the inventory.
fn names(engine: &Engine, inventory: &Inventory, filter: &str) -> Result<Vec<String>, Vec<Diagnostic>> {
    let query = engine.compile(filter, inventory)?;
    let answers: Vec<Result<Vec<u32>, Diagnostic>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| query.machines(inventory))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let mut machines = Vec::new();
    for answer in answers {
        machines = answer.map_err(|diagnostic| vec![diagnostic])?;
    }
    Ok(machines.iter().map(|machine| inventory.machine_name(*machine).to_owned()).collect())
}

/// A mistake on one line: file, line and column, code and message, and what to do.
fn line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.labels.first().map(|label| {
        let (source, span) = label.source.locate(label.span);
        let position = source.position(span.start);
        format!("{}:{}:{}: ", source.name(), position.line, position.column)
    });
    let help = diagnostic.help.as_ref().map(|help| format!(" ({help})"));
    format!(
        "{}{}: {}{}",
        place.unwrap_or_default(),
        diagnostic.code.word(),
        diagnostic.message,
        help.unwrap_or_default()
    )
}
