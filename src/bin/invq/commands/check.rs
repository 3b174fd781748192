//! `invq check`: every mistake of an inventory.

use std::path::PathBuf;

use invq::diagnostic::{Diagnostic, Severity};
use invq::render::write_sarif;

use super::print;
use crate::args::{Query, Shared};
use crate::console::{self, Console, ErrorFormat, ReportFormat};
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found};

/// Checks inventories; what is found is the answer, and goes to standard output.
pub(super) fn run(
    shared: &Shared,
    query: &Query,
    inventories: &[PathBuf],
    format: ReportFormat,
    console: &Console,
) -> Outcome {
    let choices: Vec<Choice> = if inventories.is_empty() {
        vec![Choice::of(shared)]
    } else {
        inventories.iter().map(|path| Choice::Paths(vec![path.clone()])).collect()
    };
    let mut worst = Outcome::Answered;
    let mut all = Vec::new();
    for choice in choices {
        let (found, outcome) = match check(&choice, shared, query) {
            Ok(checked) => checked,
            // What cannot be found is no mistake of an inventory.
            Err(failures) => {
                console.report(&failures);
                worst = first(worst, Outcome::Usage);
                continue;
            }
        };
        worst = first(worst, outcome);
        // One document tells of all inventories; the other formats tell of each as soon as it is known.
        if format == ReportFormat::Sarif {
            all.extend(found);
            continue;
        }
        let written = write(&found, format, console);
        if written != Outcome::Answered {
            return written;
        }
    }
    if format == ReportFormat::Sarif {
        let written = print(console, |out| write_sarif(&all, out));
        return if written == Outcome::Answered { worst } else { written };
    }
    worst
}

/// The first outcome that is not the best one.
fn first(before: Outcome, after: Outcome) -> Outcome {
    if before == Outcome::Answered { after } else { before }
}

fn write(found: &[Diagnostic], format: ReportFormat, console: &Console) -> Outcome {
    let format = match format {
        ReportFormat::Human | ReportFormat::Sarif => ErrorFormat::Human,
        ReportFormat::Json => ErrorFormat::Json,
        ReportFormat::Short => ErrorFormat::Short,
    };
    print(console, |out| {
        console::write(found, format, usize::MAX, console.out, out)?;
        let only_hints = found.iter().all(|mistake| mistake.severity == Severity::Hint);
        if only_hints && format == ErrorFormat::Human { writeln!(out, "no mistakes") } else { Ok(()) }
    })
}

/// What is wrong with an inventory, the worst first, and what that comes to.
///
/// # Errors
/// Why there is no inventory to check.
fn check(
    choice: &Choice,
    shared: &Shared,
    query: &Query,
) -> Result<(Vec<Diagnostic>, Outcome), Vec<Diagnostic>> {
    if *choice == Choice::Nothing {
        return Err(vec![nothing_found()]);
    }
    let engine = shared.engine(query.limits());
    match choice.load(&engine) {
        Ok(inventory) => {
            let mut found = inventory.check();
            found.sort_by_key(|mistake| std::cmp::Reverse(mistake.severity));
            let failing = if shared.strict { Severity::Warning } else { Severity::Error };
            let fails = found.iter().any(|mistake| mistake.severity >= failing);
            Ok((found, if fails { Outcome::Inventory } else { Outcome::Answered }))
        }
        Err(failures) => match Outcome::of(&failures, &Stage::Loading) {
            Outcome::Usage => Err(failures),
            outcome => Ok((failures, outcome)),
        },
    }
}
