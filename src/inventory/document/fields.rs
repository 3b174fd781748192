//! The keys of an object, checked for duplicates.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Document, Key, Node};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Span, quoted};

/// The keys and values of an object, each key once.
pub struct Fields<'d> {
    /// In written order; of equal keys, the first.
    pub entries: Vec<(Key<'d>, Node<'d>)>,
    /// A mistake for each key that stands there again.
    pub duplicates: Vec<Diagnostic>,
}

impl<'d> Fields<'d> {
    pub(super) fn new(node: Node<'d>) -> Fields<'d> {
        let mut fields = Fields { entries: Vec::new(), duplicates: Vec::new() };
        let mut keys = Keys::default();
        for (key, value) in node.entries() {
            match keys.duplicate(&key, node.document()) {
                Some(duplicate) => fields.duplicates.push(duplicate),
                None => fields.entries.push((key, value)),
            }
        }
        fields
    }

    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<Node<'d>> {
        self.entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| *node)
    }
}

/// How many keys are compared one by one before a table takes over.
const FEW: usize = 16;

/// The keys of one object so far, to notice one that stands there again.
#[derive(Default)]
pub struct Keys<'d> {
    few: Vec<(Cow<'d, str>, Span)>,
    many: HashMap<Cow<'d, str>, Span>,
}

impl<'d> Keys<'d> {
    /// Adds a key; where it stands there again, gives the place of the first one.
    pub fn add(&mut self, key: &Key<'d>) -> Option<Span> {
        if let Some(first) = self.place(&key.text) {
            return Some(first);
        }
        if self.few.len() == FEW {
            self.many.extend(self.few.drain(..));
        }
        if self.many.is_empty() {
            self.few.push((key.text.clone(), key.span));
        } else {
            self.many.insert(key.text.clone(), key.span);
        }
        None
    }

    /// Adds a key; where it stands there again, gives the mistake.
    pub fn duplicate(&mut self, key: &Key<'d>, document: &Document) -> Option<Diagnostic> {
        self.add(key).map(|first| duplicate_key(document, &key.text, first, key.span))
    }

    /// Whether there is such a key.
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    fn place(&self, name: &str) -> Option<Span> {
        let few = self.few.iter().find(|(known, _)| known == name).map(|(_, span)| *span);
        few.or_else(|| self.many.get(name).copied())
    }
}

/// The mistake of a key that stands twice in one object.
pub fn duplicate_key(document: &Document, name: &str, first: Span, again: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateName, format!("{} is defined twice in one object", quoted(name)))
        .at(&document.source, again, "defined again here")
        .at(&document.source, first, "first defined here")
        .help("remove or rename one of the two")
}
