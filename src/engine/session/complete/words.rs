//! Fixed words: commands, builtins, keywords.

use super::{Candidates, Completion};
use crate::builtins;
use crate::engine::session::commands::COMMANDS;

/// Commands that begin with a text.
pub(super) fn commands(typed: &str, start: usize) -> Completion {
    let mut found: Vec<(String, String)> = COMMANDS
        .iter()
        .filter(|entry| entry.word.starts_with(typed))
        .map(|entry| (entry.word.to_owned(), entry.summary.to_owned()))
        .collect();
    found.sort();
    sorted(start, found)
}

/// Those of some words that begin with a text.
pub(super) fn among<'w>(
    typed: &str,
    start: usize,
    known: impl Iterator<Item = (&'w str, String)>,
) -> Completion {
    let found = known.filter(|(word, _)| word.starts_with(typed));
    sorted(start, found.map(|(word, about)| (word.to_owned(), about)).collect())
}

/// The builtins of a set that begin with a text, with their types, and the sets inside of it.
pub(super) fn members(scope: &str, typed: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for builtin in builtins::ALL.iter() {
        if builtin.scopes.contains(&scope) && builtin.name.starts_with(typed) {
            found.push((builtin.name.to_owned(), format!(": {}", builtin.ty)));
        }
        for inner in builtin.scopes.iter().filter_map(|known| known.strip_prefix(scope)?.strip_prefix('.')) {
            let inner = inner.split('.').next().unwrap_or(inner);
            if inner.starts_with(typed) && !found.iter().any(|(known, _)| known == inner) {
                found.push((inner.to_owned(), "a set of builtins".to_owned()));
            }
        }
    }
    found
}

/// Candidates in name order.
pub(super) fn sorted(start: usize, mut found: Vec<(String, String)>) -> Completion {
    found.sort();
    found.dedup_by(|(a, _), (b, _)| a == b);
    let named = found.iter().map(|(name, about)| (name.as_str(), || about.clone()));
    Candidates::of(named).written(start, str::to_owned)
}
