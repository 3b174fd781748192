//! `invq check`: every mistake of an inventory.

use std::path::PathBuf;

use super::mistakes::any_error;
use super::print;
use crate::args::{Query, Shared};
use crate::console::{self, Console, ErrorFormat};
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found};

/// Checks inventories; what is found is the answer, and goes to standard output.
pub(super) fn run(
    shared: &Shared,
    query: &Query,
    inventories: &[PathBuf],
    format: ErrorFormat,
    console: &Console,
) -> Outcome {
    let choices: Vec<Choice> = if inventories.is_empty() {
        vec![Choice::of(shared)]
    } else {
        inventories.iter().map(|path| Choice::Paths(vec![path.clone()])).collect()
    };
    let mut worst = Outcome::Answered;
    for choice in choices {
        let outcome = check(&choice, shared, query, format, console);
        match (outcome, worst) {
            (Outcome::ClosedPipe, _) => return outcome,
            (Outcome::Answered, _) => {}
            (_, Outcome::Answered) => worst = outcome,
            _ => {}
        }
    }
    worst
}

fn check(choice: &Choice, shared: &Shared, query: &Query, format: ErrorFormat, console: &Console) -> Outcome {
    if *choice == Choice::Nothing {
        console.report(&[nothing_found()]);
        return Outcome::Usage;
    }
    let engine = shared.engine(query.limits());
    let (found, outcome) = match choice.load(&engine) {
        Ok(inventory) => {
            let found = inventory.check();
            let outcome = if any_error(found.iter()) { Outcome::Inventory } else { Outcome::Answered };
            (found, outcome)
        }
        Err(failures) => {
            let outcome = Outcome::of(&failures, &Stage::Loading);
            if outcome == Outcome::Usage {
                console.report(&failures);
                return outcome;
            }
            (failures, outcome)
        }
    };
    let written = print(console, |out| {
        if found.is_empty() && format == ErrorFormat::Human {
            return writeln!(out, "no mistakes");
        }
        console::write(&found, format, usize::MAX, console.out, out)
    });
    if written == Outcome::Answered { outcome } else { written }
}
