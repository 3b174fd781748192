//! The free-form parts of nodes, as columns.

use std::ops::Range;

use super::document::Raw;
use super::model::PartKind;

/// Parts, one behind the other: there are several for each node, so that each byte of one counts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) kinds: Vec<PartKind>,
    /// Where each stands in its document.
    pub(super) places: Vec<u32>,
    /// The document of each; empty while that is the first one for all.
    documents: Vec<u32>,
}

impl Parts {
    /// Parts of the first document, from columns of equal length.
    pub(super) fn of_first(kinds: Vec<PartKind>, places: Vec<u32>) -> Parts {
        Parts { kinds, places, documents: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn push(&mut self, kind: PartKind, raw: Raw) {
        if raw.document != 0 && self.documents.is_empty() {
            self.documents.resize(self.len(), 0);
        }
        if raw.document != 0 || !self.documents.is_empty() {
            self.documents.push(raw.document);
        }
        self.kinds.push(kind);
        self.places.push(raw.at);
    }

    /// Gives back the room for more.
    pub(super) fn shrink(&mut self) {
        self.kinds.shrink_to_fit();
        self.places.shrink_to_fit();
        self.documents.shrink_to_fit();
    }

    /// Adds parts behind these.
    pub(super) fn append(&mut self, mut other: Parts) {
        if !self.documents.is_empty() || !other.documents.is_empty() {
            self.documents.resize(self.len(), 0);
            other.documents.resize(other.len(), 0);
        }
        self.kinds.append(&mut other.kinds);
        self.places.append(&mut other.places);
        self.documents.append(&mut other.documents);
    }

    /// The parts of a range; none where it is not one of these.
    pub(super) fn of(&self, range: Range<usize>) -> impl Iterator<Item = (PartKind, Raw)> {
        let documents = self.documents.get(range.clone()).unwrap_or(&[]);
        let mut documents = documents.iter().copied().chain(std::iter::repeat(0));
        let kinds = self.kinds.get(range.clone()).unwrap_or(&[]);
        let places = self.places.get(range).unwrap_or(&[]);
        kinds.iter().zip(places).map(move |(kind, at)| {
            let document = documents.next().unwrap_or(0);
            (*kind, Raw { document, at: *at })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PartKind, Parts, Raw};

    #[test]
    fn parts_keep_their_documents() {
        let all =
            [(PartKind::Vars, 0, 5), (PartKind::Ips, 0, 7), (PartKind::Vars, 2, 1), (PartKind::Entry, 0, 9)];
        let all = all.map(|(kind, document, at)| (kind, Raw { document, at }));
        for count in 0..=all.len() {
            let mut parts = Parts::default();
            all.iter().take(count).for_each(|(kind, raw)| parts.push(*kind, *raw));
            for start in 0..=count {
                let found: Vec<_> = parts.of(start..count).collect();
                assert_eq!(found, all[start..count]);
            }
            assert_eq!(parts.of(count..count + 1).count(), 0);

            let mut rest = Parts::default();
            all.iter().skip(count).for_each(|(kind, raw)| rest.push(*kind, *raw));
            parts.append(rest);
            assert_eq!(parts.of(0..all.len()).collect::<Vec<_>>(), all);
        }
    }
}
