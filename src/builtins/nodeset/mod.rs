//! ClusterShell's node sets: `web[01-20,30]` for many names.
//!
//! [`expand`] gives the names of a node set, [`fold`] writes names as a node set as short as
//! ClusterShell does; [`NodeSet`] and [`RangeSet`] are the sets themselves.

mod grid;
mod parse;
mod range;
mod set;

pub use range::{LIMIT, RangeSet};
pub use set::NodeSet;

use crate::diagnostic::Diagnostic;

/// Reads a node set: names with ranges, joined by `,` (and), `!` (without), `&` (common) and `^` (either).
///
/// # Errors
/// Text that is no node set; a range with more parts than [`LIMIT`].
pub fn parse(text: &str) -> Result<NodeSet, Diagnostic> {
    parse::node_set(text)
}

/// The names of a node set.
///
/// # Errors
/// As for [`parse`], and more names than [`LIMIT`].
pub fn expand(text: &str) -> Result<Vec<String>, Diagnostic> {
    parse(text)?.names()
}

/// Writes names as a node set.
pub fn fold<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut set = NodeSet::collect(names.into_iter().filter(|name| !name.is_empty()).map(parse::single));
    // Single names are never too many to be compared.
    set.fold().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_many_names_is_fast_enough() {
        let names: Vec<String> =
            (0..100_000).map(|number| format!("rack{}n{:02}", number / 100, number % 100)).collect();
        assert_eq!(fold(names.iter().map(String::as_str)), "rack[0-999]n[00-99]");
    }

    #[test]
    fn hashes_are_names_without_numbers() {
        let hash = "n1234567890123456789012345678901234567890";
        assert_eq!(fold([hash]), hash);
    }

    #[test]
    fn expansion_is_bounded() {
        let error = expand("n[1-1000000000]").err();
        assert_eq!(error.map(|error| error.code), Some(crate::diagnostic::Code::LimitReached));
    }
}
