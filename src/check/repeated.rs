//! One cause, one message: what is wrong in several places in the same way is told once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Label};

/// At how many further places a mistake is marked.
const MARKED: usize = 3;

/// Joins messages about names that are the same but for their places; they are in the order of the text.
pub(super) fn joined(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let diagnostics = without_consequences(diagnostics);
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
                    other.labels.push(Label { message: "and here".to_owned(), ..label.clone() });
                }
                let key = (diagnostic.code, diagnostic.message.clone(), diagnostic.help.clone());
                known.insert(key, (first, marked + 1));
            }
            _ => told.push(diagnostic),
        }
    }
    told
}

/// Types that do not fit because a word stands where an operator is meant are no mistakes of their own.
fn without_consequences(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let words: Vec<Label> = diagnostics
        .iter()
        .filter(|diagnostic| {
            diagnostic.code == Code::ForeignSyntax && diagnostic.message.ends_with("is no operator")
        })
        .filter_map(|diagnostic| diagnostic.labels.first().cloned())
        .collect();
    let follows = |diagnostic: &Diagnostic| {
        diagnostic.code == Code::TypeMismatch
            && diagnostic.labels.iter().any(|label| {
                words.iter().any(|word| {
                    Arc::ptr_eq(&word.source, &label.source)
                        && label.span.start <= word.span.start
                        && word.span.end <= label.span.end
                })
            })
    };
    diagnostics.into_iter().filter(|diagnostic| !follows(diagnostic)).collect()
}
