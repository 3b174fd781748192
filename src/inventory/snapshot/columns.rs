//! The columns of nodes as bytes: numbers of four bytes each, the lowest first.

use std::sync::Arc;

use super::{Put, Section, Sections};
use crate::inventory::model::{Class, NodeKind, Nodes, PartKind, Spot};
use crate::inventory::parts::Parts;
use crate::text::{Deferred, Span};

/// Puts all columns.
pub(super) fn write<E>(nodes: &Nodes, put: Put<'_, E>) -> Result<(), E> {
    let numbers = |column: &[u32]| bytes_of(column.iter().copied());
    put(Section::Names, nodes.names.as_bytes().to_vec())?;
    put(Section::NameEnds, numbers(&nodes.name_ends))?;
    put(Section::Clusters, numbers(&nodes.cluster))?;
    put(Section::Kinds, nodes.kind.iter().map(|kind| u8::from(*kind == NodeKind::Vm)).collect())?;
    put(Section::Systems, numbers(&nodes.system))?;
    put(Section::Classes, nodes.class.iter().map(|class| u8::from(*class == Class::Darwin)).collect())?;
    put(Section::Tags, numbers(&nodes.tags))?;
    put(Section::TagEnds, numbers(&nodes.tag_ends))?;
    put(Section::Spots, bytes_of(nodes.spot.iter().flat_map(|spot| [spot.span.start, spot.span.end])))?;
    put(Section::PartKinds, nodes.parts.kinds.iter().map(|kind| number_of(*kind)).collect())?;
    put(Section::PartPlaces, numbers(&nodes.parts.places))?;
    put(Section::PartStarts, numbers(&nodes.part_starts))?;
    put(Section::PartEnds, numbers(&nodes.part_ends))
}

/// So many nodes, whose columns are read when they are looked at.
pub(super) fn read(count: usize, sections: &Arc<dyn Sections>) -> Nodes {
    let all_numbers =
        |section| column(section, sections, move |bytes| numbers(bytes).filter(|all| all.len() == count));
    let kinds =
        |bytes: &[u8]| bytes.iter().map(|byte| flag(*byte, NodeKind::Machine, NodeKind::Vm)).collect();
    let classes = |bytes: &[u8]| bytes.iter().map(|byte| flag(*byte, Class::Nixos, Class::Darwin)).collect();
    Nodes {
        count,
        names: read_with(Section::Names, sections, |bytes| String::from_utf8(bytes).ok()),
        name_ends: all_numbers(Section::NameEnds),
        cluster: all_numbers(Section::Clusters),
        kind: column(Section::Kinds, sections, kinds),
        system: all_numbers(Section::Systems),
        class: column(Section::Classes, sections, classes),
        tags: column(Section::Tags, sections, numbers),
        tag_ends: all_numbers(Section::TagEnds),
        spot: column(Section::Spots, sections, spots),
        parts: parts(sections),
        part_starts: all_numbers(Section::PartStarts),
        part_ends: all_numbers(Section::PartEnds),
    }
}

/// A column that is read when it is looked at; it is empty, and the snapshot lost, where it cannot be.
pub(super) fn column<T: 'static>(
    section: Section,
    sections: &Arc<dyn Sections>,
    decode: impl Fn(&[u8]) -> Option<Vec<T>> + Send + Sync + 'static,
) -> Deferred<Vec<T>> {
    read_with(section, sections, move |bytes| decode(&bytes))
}

/// What a section holds, read when it is looked at.
pub(super) fn read_with<T: Default + 'static>(
    section: Section,
    sections: &Arc<dyn Sections>,
    decode: impl Fn(Vec<u8>) -> Option<T> + Send + Sync + 'static,
) -> Deferred<T> {
    let sections = Arc::clone(sections);
    Deferred::new(move || match sections.read(section).and_then(&decode) {
        Some(value) => value,
        None => {
            sections.lost();
            T::default()
        }
    })
}

fn parts(sections: &Arc<dyn Sections>) -> Deferred<Parts> {
    let kinds = Arc::clone(sections);
    read_with(Section::PartPlaces, sections, move |places| {
        let kind = |byte: &u8| PartKind::ALL.get(usize::from(*byte)).copied();
        let kinds: Option<Vec<PartKind>> = kinds.read(Section::PartKinds)?.iter().map(kind).collect();
        let (kinds, places) = (kinds?, numbers(&places)?);
        (kinds.len() == places.len()).then(|| Parts::of_first(kinds, places))
    })
}

/// Numbers as bytes.
pub(super) fn bytes_of(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.size_hint().0 * 4);
    numbers.for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
    bytes
}

fn numbers(bytes: &[u8]) -> Option<Vec<u32>> {
    let (words, []) = bytes.as_chunks::<4>() else { return None };
    Some(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
}

/// Numbers two by two.
pub(super) fn pairs(bytes: &[u8]) -> Option<Vec<(u32, u32)>> {
    let (words, []) = bytes.as_chunks::<8>() else { return None };
    let pair = |word: &[u8; 8]| {
        let both = u64::from_le_bytes(*word);
        ((both & u64::from(u32::MAX)) as u32, (both >> 32) as u32)
    };
    Some(words.iter().map(pair).collect())
}

fn spots(bytes: &[u8]) -> Option<Vec<Spot>> {
    let spot = |(start, end): (u32, u32)| Spot { document: 0, span: Span { start, end } };
    Some(pairs(bytes)?.into_iter().map(spot).collect())
}

fn flag<T>(byte: u8, clear: T, set: T) -> Option<T> {
    match byte {
        0 => Some(clear),
        1 => Some(set),
        _ => None,
    }
}

fn number_of(kind: PartKind) -> u8 {
    PartKind::ALL.iter().zip(0..).find(|(known, _)| **known == kind).map_or(u8::MAX, |(_, number)| number)
}
