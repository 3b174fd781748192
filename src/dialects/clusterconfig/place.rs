//! Where an option stands, for messages: `domain.clusters.lab.machines.web1.system`.

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Kind, Node};
use crate::inventory::path;
use crate::text::{Span, did_you_mean, list_or, nearest};

/// An option's name with those around it. Lives on the stack, and is written out only for a message.
pub(in crate::dialects) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    name: &'p str,
    /// The place of its key.
    pub(in crate::dialects) span: Span,
}

impl<'p> Place<'p> {
    pub(in crate::dialects) fn root(key: &'p Key<'_>) -> Place<'p> {
        Place { parent: None, name: &key.text, span: key.span }
    }

    pub(in crate::dialects) fn then(&'p self, key: &'p Key<'_>) -> Place<'p> {
        Place { parent: Some(self), name: &key.text, span: key.span }
    }

    /// The option as people write it.
    pub(in crate::dialects) fn text(&self) -> String {
        self.text_with(None)
    }

    /// An option below this one.
    pub(in crate::dialects) fn text_with(&self, last: Option<&str>) -> String {
        let mut names: Vec<&str> = last.into_iter().collect();
        let mut place = Some(self);
        while let Some(here) = place {
            names.push(here.name);
            place = here.parent;
        }
        names.reverse();
        path::print(names)
    }
}

/// A value of the wrong type.
pub(in crate::dialects) fn wrong_type(place: &Place<'_>, node: Node<'_>, expected: &str) -> Diagnostic {
    wrong_value(place, node, expected, &found(node))
}

/// A value that cannot stand here, and how to call it.
pub(in crate::dialects) fn wrong_value(
    place: &Place<'_>,
    node: Node<'_>,
    expected: &str,
    found: &str,
) -> Diagnostic {
    let message = format!("expected {expected} in `{}`, found {found}", place.text());
    Diagnostic::error(Code::InvalidOption, message)
        .at(node.source(), node.span(), "")
        .maybe_help(as_expected(node, expected))
}

/// The value as it would fit: a scalar in a list, or as a string.
fn as_expected(node: Node<'_>, expected: &str) -> Option<String> {
    let (is_list, is_text) = (expected.starts_with("a list"), expected.contains("a string"));
    if !is_list && !is_text {
        return None;
    }
    let written = node.source().slice(node.span());
    let text = match node.kind() {
        Kind::String if is_list => node.as_str()?.into_owned(),
        Kind::Bool | Kind::Int | Kind::Float if !written.is_empty() => written.to_owned(),
        _ => return None,
    };
    let text = serde_json::Value::String(text);
    let value = if is_list { serde_json::Value::Array(vec![text]) } else { text };
    let edit = node.document().notation().value(&value);
    (edit.len() <= 60 && !edit.contains('\n')).then(|| format!("write `{edit}`"))
}

/// A value as messages show it: short scalars themselves, others by their kind.
fn found(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Bool | Kind::Int | Kind::Float => match node.source().slice(node.span()) {
            "" => node.kind().describe().to_owned(),
            text => format!("`{text}`"),
        },
        kind => kind.describe().to_owned(),
    }
}

/// A key that no option has.
pub(in crate::dialects) fn unknown_option(place: &Place<'_>, node: Node<'_>, known: &[&str]) -> Diagnostic {
    let help = did_you_mean(place.name, known.iter().copied()).unwrap_or_else(|| match known {
        [] => "remove it: nothing can stand here".to_owned(),
        _ => format!("what can stand here is {}", list_or(known)),
    });
    Diagnostic::error(Code::UnknownOption, format!("there is no option `{}`", place.text()))
        .at(node.source(), place.span, "")
        .help(help)
}

/// Whether some key that no option has is near to an option's name: it has been told, and the option is not
/// missing besides.
pub(in crate::dialects) fn is_misspelt(node: Node<'_>, name: &str, is_known: impl Fn(&str) -> bool) -> bool {
    let mut keys = node.entries().map(|(key, _)| key).filter(|key| !is_known(&key.text));
    keys.any(|key| !nearest(name, [&*key.text]).is_empty())
}

/// An option that must be given.
pub(in crate::dialects) fn missing_option(
    place: &Place<'_>,
    node: Node<'_>,
    name: &str,
    example: &str,
) -> Diagnostic {
    let option = place.text_with(Some(name));
    Diagnostic::error(Code::MissingOption, format!("the inventory does not give `{option}`"))
        .at(node.source(), place.span, "")
        .help(format!("add `{name}`, such as {example}"))
}
