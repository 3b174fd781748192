//! The inventory's mistakes.

use invq::Inventory;
use invq::diagnostic::{Code, Diagnostic, Severity};
use invq::text::count;

use crate::console::Console;

/// The mistakes of an inventory, with the severities that the command line gives them.
pub(crate) fn mistakes(inventory: &Inventory) -> impl Iterator<Item = &Diagnostic> {
    inventory.mistakes().iter().map(|mistake| &mistake.diagnostic)
}

/// Whether one of them is more than a warning.
pub(crate) fn any_error<'d>(mut mistakes: impl Iterator<Item = &'d Diagnostic>) -> bool {
    mistakes.any(is_error)
}

fn is_error(mistake: &Diagnostic) -> bool {
    mistake.severity == Severity::Error
}

/// Says in one line that the inventory has mistakes on which the answer does not depend.
pub(crate) fn note(inventory: &Inventory, console: &Console) {
    let (errors, warnings) = inventory.mistake_counts();
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
