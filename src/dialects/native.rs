//! Keys that every document may have, whatever its dialect: named filters, and files to include.

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::{EmbeddedRole, NamedFilter, Part, Spot};
use crate::text::quoted;

/// A file that a document includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// Its path as written.
    pub path: String,
    /// Where it is written.
    pub spot: Spot,
}

/// The files of an `include` key: a path, or a list of paths. What is no text is left out; reading the
/// document reports it.
pub fn includes(node: Node<'_>) -> Vec<Include> {
    let include = |node: Node<'_>| Some(Include { path: node.as_str()?.into_owned(), spot: node.spot() });
    match node.kind() {
        Kind::List => node.items().filter_map(include).collect(),
        _ => include(node).into_iter().collect(),
    }
}

/// Reports what cannot be included.
pub(super) fn check_includes(draft: &mut Draft, node: Node<'_>) {
    let mut check = |node: Node<'_>, expected: &str| {
        if node.kind() != Kind::String {
            let message = format!("expected {expected} in `include`, found {}", node.kind().describe());
            let diagnostic =
                Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "");
            draft.mistake(diagnostic, Part::Everything);
        }
    };
    match node.kind() {
        Kind::List => node.items().for_each(|item| check(item, "the path of a file")),
        _ => check(node, "a path or a list of paths"),
    }
}

/// Reads `filters`: each a string of source, or a filter of an expression file.
pub(super) fn filters(draft: &mut Draft, node: Node<'_>) {
    if node.kind() != Kind::Object {
        let message = format!("expected an object of filters in `filters`, found {}", node.kind().describe());
        let diagnostic = Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "");
        draft.mistake(diagnostic, Part::Everything);
        return;
    }
    for (key, value) in node.entries() {
        let spot = Spot { document: node.document().number(), span: key.span };
        let part = Part::Filter(draft.find_filter(&key.text).unwrap_or(draft.filter_count()));
        match draft.add_expression_at(value, EmbeddedRole::Filter, None, part) {
            Some(expression) => {
                draft.add_filter(NamedFilter { name: (*key.text).into(), expression, spot });
            }
            None => {
                let message = format!(
                    "expected a filter as text in `filters.{}`, found {}",
                    crate::inventory::path::segment(&key.text),
                    value.kind().describe()
                );
                let diagnostic = Diagnostic::error(Code::InvalidOption, message)
                    .at(value.source(), value.span(), "")
                    .help(format!("write it as a string: {}", quoted("\"tag \\\"web\\\"\"")));
                draft.mistake(diagnostic, Part::Everything);
            }
        }
    }
}
