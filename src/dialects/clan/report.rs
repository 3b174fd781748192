//! Mistakes, collected with the part of the inventory that each makes unusable.

use std::collections::HashMap;

use super::place::{Path, found, key_spot};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::place::as_expected;
use crate::inventory::document::{Document, Key, Node, Notation, duplicate_key};
use crate::inventory::model::Spot;
use crate::modules::settled;
use crate::syntax::ast::Name;
use crate::text::{Span, did_you_mean, list_and, quoted};

/// An instance: the module's name where it is one of the older `services`, and its own name.
pub(super) type InstanceKey = (Option<Name>, Name);

/// What a mistake makes unusable, by name: the numbers are known when everything is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nothing: a warning.
    Nothing,
    /// The whole inventory.
    Everything,
    /// `meta`
    Meta,
    /// A machine.
    Machine(Name),
    /// A service, by its identifier.
    Service(Name),
    /// An instance.
    Instance(InstanceKey),
    /// A role of an instance.
    Role(InstanceKey, Name),
    /// Settings in a role of an instance: its members are known all the same.
    Settings(InstanceKey, Name),
}

/// The mistakes found so far.
pub(super) struct Report<'d> {
    pub(super) documents: Vec<&'d Document>,
    mistakes: Vec<(Owner, Diagnostic)>,
}

impl<'d> Report<'d> {
    /// No mistakes yet.
    pub(super) fn new(documents: Vec<&'d Document>) -> Report<'d> {
        Report { documents, mistakes: Vec::new() }
    }

    /// The mistakes, in the order in which they were found.
    pub(super) fn into_mistakes(self) -> Vec<(Owner, Diagnostic)> {
        self.mistakes
    }

    /// The entries of an object, each key once; a key that stands there again is a mistake.
    pub(super) fn entries<'n>(
        &mut self,
        owner: impl Fn() -> Owner,
        node: Node<'n>,
    ) -> Vec<(Key<'n>, Node<'n>)> {
        let mut entries: Vec<(Key<'n>, Node<'n>)> = node.entries().collect();
        if entries.iter().any(|(key, _)| key.text == "_type")
            && let Some(failure) = settled::malformed(node)
        {
            self.mistakes.push((owner(), *failure));
            return Vec::new();
        }
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut again = Vec::new();
        // Most objects have a few keys only, and comparing those is cheaper than a map.
        let few = entries.len() <= 12;
        for (index, (key, _)) in entries.iter().enumerate() {
            let earlier = if few {
                entries
                    .iter()
                    .take(index)
                    .find(|(known, _)| known.text == key.text)
                    .map(|(known, _)| known.span)
            } else {
                first.insert(&key.text, key.span)
            };
            if let Some(earlier) = earlier {
                again.push(index);
                let diagnostic = duplicate_key(node.document(), &key.text, earlier, key.span);
                self.mistakes.push((owner(), diagnostic));
            }
        }
        for index in again.into_iter().rev() {
            entries.remove(index);
        }
        entries
    }

    /// Records a mistake.
    pub(super) fn add(&mut self, owner: &Owner, diagnostic: Diagnostic) {
        self.mistakes.push((owner.clone(), diagnostic));
    }

    /// Adds a place to a mistake.
    pub(super) fn label(&self, diagnostic: Diagnostic, spot: Spot, message: impl Into<String>) -> Diagnostic {
        match self.documents.iter().find(|document| document.number() == spot.document) {
            Some(document) => diagnostic.at(&document.source, spot.span, message),
            None => diagnostic,
        }
    }

    /// How the document of a place is written.
    pub(super) fn notation(&self, spot: Spot) -> Notation {
        let document = self.documents.iter().find(|document| document.number() == spot.document);
        document.map_or(Notation::Expression, |document| document.notation())
    }

    /// Records a mistake with one place.
    pub(super) fn error(
        &mut self,
        owner: &Owner,
        code: Code,
        spot: Spot,
        message: String,
        help: Option<String>,
    ) {
        let diagnostic = self.label(Diagnostic::error(code, message), spot, "").maybe_help(help);
        self.add(owner, diagnostic);
    }

    /// Records a value of the wrong type.
    pub(super) fn wrong_type(&mut self, owner: &Owner, path: Path<'_>, expected: &str, value: Node<'_>) {
        self.wrong_type_with(owner, path, expected, value, None);
    }

    /// Records a value of the wrong type, with the edit that mends it.
    pub(super) fn wrong_type_with(
        &mut self,
        owner: &Owner,
        path: Path<'_>,
        expected: &str,
        value: Node<'_>,
        help: Option<String>,
    ) {
        let message = format!("expected {expected} as `{path}`, found {}", found(value));
        let help = help.or_else(|| as_expected(value, expected));
        self.error(owner, Code::InvalidOption, value.spot(), message, help);
    }

    /// Records an element of the wrong type in the list at `path`.
    pub(super) fn wrong_element(&mut self, owner: &Owner, path: Path<'_>, expected: &str, value: Node<'_>) {
        let message = format!("expected {expected} in `{path}`, found {}", found(value));
        let help = as_expected(value, expected).or_else(|| value.is_null().then(|| "remove it".to_owned()));
        self.error(owner, Code::InvalidOption, value.spot(), message, help);
    }

    /// Records a key that has another name in this API.
    pub(super) fn renamed_key(
        &mut self,
        owner: &Owner,
        path: Path<'_>,
        key: &Key<'_>,
        value: Node<'_>,
        name: &str,
    ) {
        let message = format!("`{path}` has no option {}", quoted(&key.text));
        let help = Some(format!("write `{}`", path.below(name)));
        self.error(owner, Code::UnknownOption, key_spot(key, value), message, help);
    }

    /// Records a key that the object at `path` does not have.
    pub(super) fn unknown_key(
        &mut self,
        owner: &Owner,
        path: Option<Path<'_>>,
        key: &Key<'_>,
        value: Node<'_>,
        known: &[&str],
    ) {
        let place = path.map_or_else(|| "the document".to_owned(), |path| format!("`{path}`"));
        let message = format!("{place} has no option {}", quoted(&key.text));
        let help = did_you_mean(&key.text, known.iter().copied())
            .unwrap_or_else(|| format!("its options are {}", list_and(known)));
        self.error(owner, Code::UnknownOption, key_spot(key, value), message, Some(help));
    }

    /// Records a value that two places define differently.
    pub(super) fn conflict(&mut self, owner: &Owner, path: Path<'_>, first: Node<'_>, second: Node<'_>) {
        let diagnostic =
            Diagnostic::error(Code::Conflict, format!("`{path}` is defined twice and differently"));
        let diagnostic = self.label(diagnostic, second.spot(), format!("{} here", short(second)));
        let diagnostic = self
            .label(diagnostic, first.spot(), format!("{} here", short(first)))
            .help("remove one of the two definitions");
        self.add(owner, diagnostic);
    }

    /// Records a value that may be defined only once and is defined again.
    pub(super) fn defined_twice(&mut self, owner: &Owner, path: Path<'_>, first: Node<'_>, second: Node<'_>) {
        let help = match std::sync::Arc::ptr_eq(first.source(), second.source()) {
            true => "write one set of both",
            false => "move both definitions into one file",
        };
        let message = format!("`{path}` is defined twice, and takes only one definition");
        let diagnostic = Diagnostic::error(Code::Conflict, message);
        let diagnostic = self.label(diagnostic, second.spot(), "defined again here");
        let diagnostic = self.label(diagnostic, first.spot(), "first defined here").help(help);
        self.add(owner, diagnostic);
    }
}

/// A value in few characters.
fn short(value: Node<'_>) -> String {
    let text = value.to_json().to_string();
    if text.chars().count() <= 40 { format!("`{text}`") } else { found(value) }
}
