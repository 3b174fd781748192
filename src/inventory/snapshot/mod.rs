//! A loaded inventory as bytes, so that it can be opened without reading its document again.
//!
//! What goes out are [`Section`]s, what comes in again are the sections that somebody asks for: what a
//! filter needs is read when the inventory is opened, columns and mistakes when they are looked at, and the
//! document when a free-form part is. Where the bytes are kept, and whether they can be believed, is the
//! business of who keeps them.

mod columns;
mod mistakes;

use std::sync::Arc;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::document::{Document, Notation};
use super::index::Index;
use super::model::{
    Check, Cloud, CloudSystem, Cluster, Dialect, Embedded, EmbeddedRole, Group, Instance, Inventory,
    NamedFilter, Operations, Part, Service, Spot, Tag, Value,
};
use crate::limits::Limits;
use crate::syntax::ast::Name;
use crate::text::{Deferred, Source, SourceMap};

/// The parts of a snapshot, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Everything that is not about single nodes.
    Core,
    /// Nodes by kind, class, platform and tag.
    Sets,
    /// What the keeper of the snapshot adds.
    Broken,
    /// Nodes with mistakes, and the mistakes.
    BrokenNodes,
    /// Names of nodes.
    Names,
    /// Where they end.
    NameEnds,
    /// Clusters of nodes.
    Clusters,
    /// Machine or VM.
    Kinds,
    /// Platforms.
    Systems,
    /// `nixos` or `darwin`.
    Classes,
    /// Tags of nodes.
    Tags,
    /// Where they end.
    TagEnds,
    /// Where nodes are defined.
    Spots,
    /// Kinds of free-form parts.
    PartKinds,
    /// Where the parts stand.
    PartPlaces,
    /// Where each node's parts start.
    PartStarts,
    /// Where they end.
    PartEnds,
    /// Mistakes.
    Mistakes,
}

impl Section {
    /// All of them.
    pub const ALL: [Section; 18] = [
        Section::Core,
        Section::Sets,
        Section::Broken,
        Section::BrokenNodes,
        Section::Names,
        Section::NameEnds,
        Section::Clusters,
        Section::Kinds,
        Section::Systems,
        Section::Classes,
        Section::Tags,
        Section::TagEnds,
        Section::Spots,
        Section::PartKinds,
        Section::PartPlaces,
        Section::PartStarts,
        Section::PartEnds,
        Section::Mistakes,
    ];
}

/// Where the sections of a snapshot can be read.
pub trait Sections: Send + Sync {
    /// The bytes of a section; nothing where they cannot be read.
    fn read(&self, section: Section) -> Option<Vec<u8>>;

    /// Says that a section is not what was written: nothing that follows from it may be believed.
    fn lost(&self);
}

/// Takes the sections of a snapshot as they are made.
pub type Put<'p, E> = &'p mut dyn FnMut(Section, Vec<u8>) -> Result<(), E>;

/// Why an inventory has no snapshot, as the end of a sentence: "an inventory …".
pub type Unfit = &'static str;

/// Whether a snapshot can be made of an inventory.
///
/// # Errors
/// Why not.
pub fn fits(inventory: &Inventory) -> Result<(), Unfit> {
    let document = only_document(inventory)?;
    if document.root().get("include").is_some() {
        return Err("that includes files is read from them each time");
    }
    Ok(())
}

/// The document of an inventory that follows from one text and nothing else.
///
/// # Errors
/// What it follows from besides.
pub fn only_document(inventory: &Inventory) -> Result<&Arc<Document>, Unfit> {
    if inventory.documents.iter().any(|document| !document.is_as_written()) {
        return Err("with marks of priority is read each time");
    }
    let [document] = inventory.documents.as_slice() else {
        return Err("of several files is read from them each time");
    };
    if !matches!(document.notation(), Notation::Json | Notation::Yaml | Notation::Toml) {
        return Err("that is an expression or an INI file is read each time");
    }
    if inventory.dialects.contains(&Dialect::Ansible) {
        return Err("of Ansible's depends on the files beside it, and is read from them each time");
    }
    let is_evaluated = |embedded: &Embedded| {
        let computes = matches!(
            embedded.role,
            EmbeddedRole::Transformation | EmbeddedRole::ComputedTag(_) | EmbeddedRole::ComputedTags
        );
        computes || embedded.value.is_some()
    };
    if inventory.expressions.iter().any(is_evaluated) || !inventory.transformations.is_empty() {
        return Err("with functions that change it is evaluated each time");
    }
    Ok(document)
}

/// What is not about single nodes.
#[derive(Serialize, Deserialize)]
struct Core {
    notation: u8,
    root: u32,
    dialects: Vec<Dialect>,
    suffix: Name,
    clusters: Vec<Cluster>,
    clouds: Vec<Cloud>,
    operations: Operations,
    systems_of_clouds: Vec<CloudSystem>,
    nodes: usize,
    tags: Vec<Tag>,
    systems: Vec<Name>,
    groups: Vec<Group>,
    services: Vec<Service>,
    instances: Vec<Instance>,
    filters: Vec<NamedFilter>,
    expressions: Vec<KeptExpression>,
    meta: Vec<(Name, Value)>,
    checks: Vec<Check>,
}

/// An expression of the document.
#[derive(Serialize, Deserialize)]
struct KeptExpression {
    text: String,
    map: SourceMap,
    spot: Spot,
    role: EmbeddedRole,
    cluster: Option<u32>,
    part: Part,
}

/// Takes an inventory apart; gives it back when all sections have been put.
///
/// # Errors
/// What taking a section fails with, and an inventory of which a snapshot cannot be made.
pub fn write<E: From<Unfit>>(inventory: Inventory, put: Put<'_, E>) -> Result<(), E> {
    fits(&inventory)?;
    mistakes::write(&inventory, put)?;
    columns::write(&inventory.nodes, put)?;
    let mut sets = Vec::new();
    for set in inventory.index.kept() {
        set.serialize_into(&mut sets).map_err(|_| "with such sets of machines is read each time")?;
    }
    put(Section::Sets, sets)?;
    let Some(document) = inventory.documents.first() else { return Ok(()) };
    let kept = |embedded: Embedded| KeptExpression {
        text: embedded.source.text().to_owned(),
        map: embedded.source.map().cloned().unwrap_or_default(),
        spot: embedded.spot,
        role: embedded.role,
        cluster: embedded.cluster,
        part: embedded.part,
    };
    let core = Core {
        notation: notation_number(document.notation()),
        root: document.root().raw().at,
        dialects: inventory.dialects,
        suffix: inventory.suffix,
        clusters: inventory.clusters,
        clouds: inventory.clouds,
        operations: inventory.operations,
        systems_of_clouds: inventory.systems_of_clouds,
        nodes: inventory.nodes.len(),
        tags: inventory.tags,
        systems: inventory.systems,
        groups: inventory.groups,
        services: inventory.services,
        instances: inventory.instances,
        filters: inventory.filters,
        expressions: inventory.expressions.into_iter().map(kept).collect(),
        meta: inventory.meta,
        checks: inventory.checks,
    };
    put(Section::Core, encoded(&core)?)
}

/// Puts an inventory together again; nothing where the sections are not what was written. `source` is the
/// document, whose text is not looked at.
pub fn read(sections: &Arc<dyn Sections>, source: &Arc<Source>, limits: &Limits) -> Option<Inventory> {
    let core: Core = decoded(&sections.read(Section::Core)?)?;
    let notation =
        [Notation::Json, Notation::Yaml, Notation::Toml].get(usize::from(core.notation)).copied()?;
    let document = Document::known(Arc::clone(source), notation, core.root, limits)?;
    let embedded = |kept: KeptExpression| Embedded {
        source: Source::embedded(source, kept.text, kept.map),
        spot: kept.spot,
        role: kept.role,
        cluster: kept.cluster,
        part: kept.part,
        value: None,
    };
    let expressions: Vec<Embedded> = core.expressions.into_iter().map(embedded).collect();
    let sets = sets(&sections.read(Section::Sets)?)?;
    let mut inventory = Inventory {
        documents: vec![Arc::new(document)],
        dialects: core.dialects,
        suffix: core.suffix,
        clusters: core.clusters,
        clouds: core.clouds,
        operations: core.operations,
        systems_of_clouds: core.systems_of_clouds,
        nodes: columns::read(core.nodes, sections),
        tags: core.tags,
        systems: core.systems,
        groups: core.groups,
        services: core.services,
        instances: core.instances,
        filters: core.filters,
        mistakes: mistakes::read(source, &expressions, sections),
        expressions,
        transformations: Vec::new(),
        meta: core.meta,
        checks: core.checks,
        index: Index::default(),
    };
    inventory.index = Index::of_kept(&inventory, sets)?;
    Some(inventory)
}

/// Sets that stand one behind the other.
fn sets(mut bytes: &[u8]) -> Option<Vec<RoaringBitmap>> {
    let mut sets = Vec::new();
    while !bytes.is_empty() {
        sets.push(RoaringBitmap::deserialize_from(&mut bytes).ok()?);
    }
    Some(sets)
}

/// Pairs of numbers as bytes.
pub fn pairs_to_bytes(pairs: &[(u32, u32)]) -> Vec<u8> {
    columns::bytes_of(pairs.iter().flat_map(|(left, right)| [*left, *right]))
}

/// Pairs of numbers, which are read from a section when they are looked at.
pub fn pairs(section: Section, sections: &Arc<dyn Sections>) -> Deferred<Vec<(u32, u32)>> {
    columns::column(section, sections, columns::pairs)
}

fn notation_number(notation: Notation) -> u8 {
    match notation {
        Notation::Yaml => 1,
        Notation::Toml => 2,
        _ => 0,
    }
}

/// A value in the format of the small sections.
///
/// # Errors
/// Data that the format does not have.
pub fn encoded<T: Serialize>(value: &T) -> Result<Vec<u8>, Unfit> {
    postcard::to_stdvec(value).map_err(|_| "with such data is read each time")
}

/// A value in the format of the small sections; nothing where the bytes are not of one, or go on.
pub fn decoded<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}
