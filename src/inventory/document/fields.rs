//! The keys of a small object at once, checked for duplicates.

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
        for (key, value) in node.entries() {
            match fields.entries.iter().find(|(known, _)| known.text == key.text) {
                Some((first, _)) => {
                    let duplicate = duplicate_key(node.document(), &key.text, first.span, key.span);
                    fields.duplicates.push(duplicate);
                }
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

/// The mistake of a key that stands twice in one object.
pub fn duplicate_key(document: &Document, name: &str, first: Span, again: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateName, format!("{} is defined twice in one object", quoted(name)))
        .at(&document.source, again, "defined again here")
        .at(&document.source, first, "first defined here")
        .help("remove or rename one of the two")
}
