//! The inventory's mistakes.

use invq::Inventory;
use invq::diagnostic::{Code, Diagnostic, Severity};
use invq::text::count;

use crate::console::Console;

/// The mistakes of an inventory, with the severities that the command line gives them.
pub(super) fn mistakes(inventory: &Inventory) -> Vec<Diagnostic> {
    inventory.mistakes().iter().map(|mistake| mistake.diagnostic.clone()).collect()
}

/// Whether one of them is more than a warning.
pub(super) fn any_error(mistakes: &[Diagnostic]) -> bool {
    mistakes.iter().any(|mistake| mistake.severity == Severity::Error)
}

/// Says in one line that the inventory has mistakes on which the answer does not depend.
pub(super) fn note(mistakes: &[Diagnostic], console: &Console) {
    let errors = mistakes.iter().filter(|mistake| mistake.severity == Severity::Error).count();
    let warnings = mistakes.len() - errors;
    let counted = match (errors, warnings) {
        (0, 0) => return,
        (0, _) => count(warnings, "warning", "warnings"),
        (_, 0) => count(errors, "mistake", "mistakes"),
        _ => {
            format!("{} and {}", count(errors, "mistake", "mistakes"), count(warnings, "warning", "warnings"))
        }
    };
    let message = format!("the inventory has {counted}");
    console.note(&Diagnostic::warning(Code::BrokenInventory, message).help("`invq check` lists them"));
}
