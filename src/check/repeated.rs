//! One cause, one message: what is wrong in several places in the same way is told once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};

/// At how many further places a mistake is marked.
const MARKED: usize = 3;

/// Joins messages about names that are the same but for their places; they are in the order of the text.
pub(super) fn joined(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    let mut known: HashMap<(Code, String, Option<String>), (usize, usize)> = HashMap::new();
    for diagnostic in diagnostics {
        let is_of_name = matches!(
            diagnostic.code,
            Code::UnknownName | Code::UnknownField | Code::UnknownTag | Code::UnknownMachine
        );
        let label = diagnostic.labels.first().filter(|_| is_of_name && diagnostic.labels.len() == 1);
        let Some(label) = label else {
            told.push(diagnostic);
            continue;
        };
        let key = (diagnostic.code, diagnostic.message.clone(), diagnostic.help.clone());
        let (first, marked) = *known.entry(key).or_insert((told.len(), 0));
        let same_text = |other: &Diagnostic| {
            other.labels.first().is_some_and(|other| Arc::ptr_eq(&other.source, &label.source))
        };
        match told.get_mut(first) {
            Some(other) if same_text(other) => {
                if marked < MARKED {
                    other
                        .labels
                        .push(crate::diagnostic::Label { message: "and here".to_owned(), ..label.clone() });
                }
                let key = (diagnostic.code, diagnostic.message.clone(), diagnostic.help.clone());
                known.insert(key, (first, marked + 1));
            }
            _ => told.push(diagnostic),
        }
    }
    told
}
