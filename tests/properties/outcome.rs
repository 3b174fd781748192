//! How a run ends, as the laws of types see it.

use invq::diagnostic::Code;
use invq::{Inventory, Limits, Query};

/// Limits that end a random program soon.
pub(super) fn bounded() -> Limits {
    Limits { steps: 20_000, ..Limits::default() }
}

/// The message of a failure that the types of a query should have ruled out.
pub(super) fn failure_of_types(query: &Query, inventory: &Inventory) -> Option<String> {
    let mistake = match query.run(inventory) {
        Ok(answer) => answer.into_data(inventory).err()?,
        Err(mistake) => mistake,
    };
    let of_types = match mistake.code {
        Code::TypeMismatch
        | Code::NotAFunction
        | Code::MissingArgument
        | Code::UnknownArgument
        | Code::UnknownField
        | Code::MissingField => true,
        // The keys of dictionaries are not known before, as the lengths of lists are not.
        Code::MissingElement => {
            mistake.message.contains("has no attribute") && !mistake.message.starts_with("the set has")
        }
        _ => false,
    };
    of_types.then_some(mistake.message)
}
