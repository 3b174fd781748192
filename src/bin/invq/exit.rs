//! Exit statuses.

use std::process::ExitCode;
use std::sync::Arc;

use invq::Inventory;
use invq::diagnostic::{Code, Diagnostic, Severity};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is an answer.
    Answered,
    /// With `-e` or `-q`: nothing matched, null or false.
    NoAnswer,
    /// The command line was used wrongly.
    Usage,
    /// A mistake in the query.
    Query,
    /// A mistake in the inventory.
    Inventory,
    /// A limit was reached, or the run was interrupted.
    Limit,
    /// The reader of standard output went away.
    ClosedPipe,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Answered => 0,
            Outcome::NoAnswer => 1,
            Outcome::Usage => 2,
            Outcome::Query => 3,
            Outcome::Inventory => 4,
            Outcome::Limit => 5,
            // What a shell reports for a process that the signal has ended.
            Outcome::ClosedPipe => 128 + 13,
        })
    }
}

/// What was being done when mistakes were found.
pub(crate) enum Stage<'i> {
    /// The inventory was read.
    Loading,
    /// A query was compiled or run on an inventory.
    Querying(&'i Inventory),
}

impl Outcome {
    /// The same of a request, whose mistakes are those of a query.
    pub(crate) fn query(self) -> Outcome {
        if self == Outcome::Inventory { Outcome::Query } else { self }
    }

    /// The outcome that mistakes stand for: the first error decides.
    pub(crate) fn of(diagnostics: &[Diagnostic], stage: &Stage) -> Outcome {
        let first = diagnostics
            .iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error)
            .or_else(|| diagnostics.first());
        let Some(first) = first else {
            return match stage {
                Stage::Loading => Outcome::Inventory,
                Stage::Querying(_) => Outcome::Query,
            };
        };
        match (first.code, stage) {
            (Code::LimitReached | Code::Interrupted, _) => Outcome::Limit,
            (Code::Usage | Code::UnsuitableFormat | Code::UnprintableName, _) => Outcome::Usage,
            // A file that the command line names, and not one that the inventory includes.
            (Code::Io, _) if first.labels.is_empty() => Outcome::Usage,
            (Code::BrokenInventory | Code::InvalidDocument | Code::CheckFailed, _) | (_, Stage::Loading) => {
                Outcome::Inventory
            }
            (_, Stage::Querying(inventory)) if is_in(first, inventory) => Outcome::Inventory,
            (_, Stage::Querying(_)) => Outcome::Query,
        }
    }
}

/// Whether a mistake stands in one of the inventory's documents.
fn is_in(diagnostic: &Diagnostic, inventory: &Inventory) -> bool {
    diagnostic.labels.first().is_some_and(|label| {
        let (source, _) = label.source.locate(label.span);
        inventory.model().documents.iter().any(|document| Arc::ptr_eq(&document.source, &source))
    })
}
