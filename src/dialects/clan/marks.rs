//! Marks in an inventory: `mkForce`, `mkDefault`, `mkIf`, `mkMerge`, `mkBefore` and the like, which Clan takes
//! for every option.
//!
//! In go the documents, out come those to read in their place, in which no such mark is left. They stand
//! beside the documents that they are made of, and have the same places. Marks in settings are resolved
//! when settings are merged.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::outer;
use crate::inventory::document::{Document, Node, TreeBuilder, TreeNode};
use crate::inventory::draft::Draft;
use crate::limits::Limits;
use crate::modules::settled::{Place, Settled, Shape, has_marks, may_have_marks, settle};

static INVENTORY: Shape = Shape::Options(&[
    ("machines", Shape::Named(&MACHINE)),
    ("instances", Shape::Named(&INSTANCE)),
    ("services", Shape::Named(&Shape::Named(&SERVICE))),
    ("modules", Shape::Free),
]);

static MACHINE: Shape = Shape::Options(&[("deploy", Shape::Group), ("vars", Shape::Free)]);

static INSTANCE: Shape = Shape::Options(&[("module", Shape::Group), ("roles", Shape::Named(&ROLE))]);

static ROLE: Shape = Shape::Options(&[
    ("machines", Shape::Named(&MEMBER)),
    ("tags", Shape::Named(&MEMBER)),
    ("settings", Shape::Whole),
    ("extraModules", Shape::Free),
]);

static MEMBER: Shape = Shape::Options(&[("settings", Shape::Whole)]);

static SERVICE: Shape = Shape::Options(&[
    ("roles", Shape::Named(&SERVICE_ROLE)),
    ("machines", Shape::Named(&SERVICE_MACHINE)),
    ("config", Shape::Free),
    ("extraModules", Shape::Free),
]);

static SERVICE_ROLE: Shape = Shape::Options(&[("config", Shape::Free), ("extraModules", Shape::Free)]);

static SERVICE_MACHINE: Shape = Shape::Options(&[("config", Shape::Free), ("extraModules", Shape::Free)]);

/// What is read of a document at one place: values, with the names that lead to each.
type Parts<'d> = Vec<(Vec<&'static str>, Settled<'d>)>;

/// The documents to read in the place of these; they themselves where nothing is marked.
pub(super) fn settled(draft: &mut Draft, documents: &[u32]) -> Vec<u32> {
    let read: Vec<Arc<Document>> = documents.iter().filter_map(|number| draft.document(*number)).collect();
    if !read.iter().any(|document| may_have_marks(document)) {
        return documents.to_vec();
    }
    let tops = [(inventories(&read), &INVENTORY), (metas(&read), &Shape::Value)];
    let mut values = tops.iter().flat_map(|(values, shape)| values.iter().map(move |value| (value, *shape)));
    if !values.any(|(top, shape)| has_marks(top.value, *shape)) {
        return documents.to_vec();
    }
    // What a condition takes away as a whole leaves a document in which other things stand.
    let mut parts: BTreeMap<Place, Parts<'_>> =
        (0..read.len()).map(|layer| (Place::main(layer), Parts::new())).collect();
    for (tops, shape) in &tops {
        let values: Vec<Node<'_>> = tops.iter().map(|top| top.value).collect();
        for (place, value) in settle(&values, **shape) {
            let Some(top) = tops.get(place.layer) else { continue };
            parts.entry(place.of_layer(top.layer)).or_default().push((top.path.clone(), value));
        }
    }
    let built = parts.iter().filter_map(|(place, parts)| {
        let of_document = tops.iter().flat_map(|(tops, _)| tops).filter(|top| top.layer == place.layer);
        let value = |top: &Top<'_>| parts.iter().find(|(path, _)| *path == top.path).map(|(_, value)| value);
        let values: Vec<_> = of_document.map(|top| (&*top.path, value(top))).collect();
        rebuilt(read.get(place.layer)?, place.is_main(), &values)
    });
    built.collect::<Vec<_>>().into_iter().map(|document| draft.add_document_beside(document)).collect()
}

/// A value in which marks may stand.
struct Top<'d> {
    /// Which document it stands in.
    layer: usize,
    /// The names that lead to it.
    path: Vec<&'static str>,
    value: Node<'d>,
}

impl<'d> Top<'d> {
    fn new(layer: usize, document: &'d Document, path: Vec<&'static str>) -> Option<Top<'d>> {
        let value = document.root().get_path(&path)?;
        Some(Top { layer, path, value })
    }
}

fn inventories(read: &[Arc<Document>]) -> Vec<Top<'_>> {
    let top = |(layer, document): (usize, &'_ Arc<Document>)| (layer, outer::prefix(document.root()));
    let found = read.iter().enumerate().map(top);
    found.filter_map(|(layer, path)| Top::new(layer, read.get(layer)?, path?)).collect()
}

/// `meta` beside an inventory, which Clan passes on to it.
fn metas(read: &[Arc<Document>]) -> Vec<Top<'_>> {
    let top = |(layer, document): (usize, &'_ Arc<Document>)| {
        let mut path = outer::prefix(document.root())?;
        // A bare inventory has its own alone.
        path.pop()?;
        path.push("meta");
        Top::new(layer, read.get(layer)?, path)
    };
    read.iter().enumerate().filter_map(top).collect()
}

/// A value to be put where names lead, or nothing to be there.
type Instead<'a, 'd> = (&'a [&'static str], Option<&'a Settled<'d>>);

/// A document with other values where names lead; if it is to be `whole`, with everything else in it.
fn rebuilt(document: &Document, whole: bool, instead: &[Instead<'_, '_>]) -> Option<Document> {
    let mut builder = TreeBuilder::new(Arc::clone(&document.source));
    let root = with(&mut builder, document.root(), whole, instead)?;
    let mut rebuilt = builder.finish_as(root, document.notation(), &Limits::default());
    rebuilt.set_original(document.number());
    Some(rebuilt)
}

/// A value with others in it where names lead; nothing where there is none, unless it is to be `whole`.
fn with(
    builder: &mut TreeBuilder,
    node: Node<'_>,
    whole: bool,
    instead: &[Instead<'_, '_>],
) -> Option<TreeNode> {
    if let Some((_, value)) = instead.iter().find(|(path, _)| path.is_empty()) {
        return value.map(|value| value.build(builder));
    }
    if instead.is_empty() {
        return whole.then(|| builder.copy(node));
    }
    let mut entries = Vec::new();
    for (key, value) in node.entries() {
        let below = instead.iter().filter_map(|(path, value)| {
            let (first, rest) = path.split_first()?;
            (**first == *key.text).then_some((rest, *value))
        });
        let below: Vec<Instead<'_, '_>> = below.collect();
        entries.extend(with(builder, value, whole, &below).map(|built| (key, built)));
    }
    let is_needed = whole || !entries.is_empty();
    let entries = entries.iter().map(|(key, value)| (&*key.text, key.span, *value));
    is_needed.then(|| builder.object(entries, node.span()))
}
