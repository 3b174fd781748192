//! Clan: inventories of machines, tags and service instances.
//!
//! In go documents, as layers in the order in which they are given (`clan.nix` before
//! `inventory.json`); machines, tags, services, instances and their mistakes come out into a
//! [`Draft`]. Both of Clan's interfaces are read: `instances`, and the older `services`.
//!
//! Where Clan is silent, this reader is not: a role that names a machine which is not there is an
//! error. And where the older API loses members (a tag on no machine drops those of the tags before
//! it), they stay.
//!
//! ```
//! use invq::dialects::clan;
//! use invq::inventory::document::Document;
//! use invq::inventory::draft::Draft;
//! use invq::text::Source;
//!
//! let text = r#"{ "machines": { "jon": { "tags": ["backup"] } },
//!     "instances": { "borg": { "roles": { "client": { "tags": ["backup"] } } } } }"#;
//! let mut draft = Draft::new();
//! let document = draft.add_document(Document::json(Source::new("inventory.json", text)));
//! clan::read(&mut draft, &[document]);
//! let inventory = draft.finish();
//! assert_eq!(inventory.nodes.name(0), "jon");
//! assert_eq!(&*inventory.services[0].id, "<clan-core>-borg");
//! ```

mod emit;
mod instance;
mod instances;
mod layers;
mod machines;
mod marks;
mod meta;
mod modules;
mod outer;
mod place;
mod report;
mod resolve;
mod services;
mod tags;
mod write;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(super) use outer::{BUILD_KEYS, INVENTORY_KEYS};
pub use tags::ComputedTags;
pub use write::{Layers, WriteRule};

use crate::inventory::document::{Document, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Dialect, Spot};
use crate::text::Span;
use instance::Instance;
use outer::Layer;
use report::Report;

/// Reads documents as the layers of one Clan inventory. Tags that a function computes are left empty,
/// and the function is among the draft's expressions.
pub fn read(draft: &mut Draft, documents: &[u32]) {
    read_with(draft, documents, &ComputedTags::new());
}

/// Reads documents as [`read`] does, with the machines of tags whose functions have been evaluated.
pub fn read_with(draft: &mut Draft, documents: &[u32], computed: &ComputedTags) {
    let documents: Vec<Arc<Document>> =
        marks::settled(draft, documents).iter().filter_map(|number| draft.document(*number)).collect();
    if documents.is_empty() {
        return;
    }
    draft.add_dialect(Dialect::Clan);
    let mut report = Report::new(documents.iter().map(|document| &**document).collect());
    let layers: Vec<Layer<'_>> =
        documents.iter().map(|document| outer::read(&mut report, document.root())).collect();
    let whole = documents.first().map(|document| Spot { document: document.number(), span: Span::default() });
    let metas: Vec<Node<'_>> = layers.iter().flat_map(|layer| layer.meta.iter().copied()).collect();
    let meta = meta::read(&mut report, &metas);
    let mut machines = machines::read(&mut report, &layers);
    let declared = tags::read(&mut report, &layers, &mut machines, computed);
    let mut instances: Vec<Instance<'_>> = instances::read(&mut report, &layers).into_values().collect();
    instances.extend(services::read(&mut report, &layers).into_values());
    let modules = modules::read(&mut report, &layers);
    let services = resolve::services(&mut report, &modules, &mut instances);
    resolve::members(&mut report, &machines, &declared, &instances);
    resolve::idle_configuration(&mut report, &machines, &instances);

    // The default domain gives way to a suffix of another dialect, which has been read before.
    if let Some(spot) = meta.domain_spot.or(whole.filter(|_| draft.suffix().is_none())) {
        draft.set_suffix(&meta.domain, spot);
    }
    let mut emitter = emit::Emitter::new(draft);
    emitter.meta(meta);
    emitter.machines(&machines);
    emitter.declared(&declared);
    emitter.computed(&tags::functions(&layers, computed));
    emitter.instances(&services, &instances);
    emitter.mistakes(report.into_mistakes(), &machines);
}

/// The keys that each object takes, with which the schema is compared.
#[cfg(test)]
pub(super) mod keys {
    pub(in crate::dialects) use super::instances::{INSTANCE_KEYS, MODULE_KEYS, ROLE_KEYS};
    pub(in crate::dialects) use super::machines::{DEPLOY_KEYS, KEYS as MACHINE_KEYS};
    pub(in crate::dialects) use super::meta::KEYS as META_KEYS;
    pub(in crate::dialects) use super::outer::INVENTORY_KEYS;
    pub(in crate::dialects) use super::services::{
        INSTANCE_KEYS as SERVICE_INSTANCE_KEYS, ROLE_KEYS as SERVICE_ROLE_KEYS,
    };
}
