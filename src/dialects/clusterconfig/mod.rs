//! ClusterConfig: clusters of machines and VMs, with services that filters put on them.
//!
//! What comes in is the value of `domain`; what goes out are clusters, nodes and instances in the draft.
//! Options are checked as upstream's module system checks them, but eagerly, and each mistake belongs to
//! the smallest part: a machine with a wrong option can still be selected and listed.

pub mod annotations;
pub mod base;
mod marks;
mod modules;
pub mod names;
mod nodes;
pub(super) mod options;
pub mod outputs;
pub(super) mod place;
mod services;
mod shares;
mod transformations;

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Keys, Kind, Node, Raw, duplicate_key};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Dialect, Part, Spot};
use crate::syntax::ast::Name;
use crate::text::quoted;

pub(in crate::dialects) use marks::settled;
use place::{Place, unknown_option, wrong_type};
use shares::Share;

/// Reads `domain` of one document after the other; what a second one defines again must be equal.
#[derive(Default)]
pub struct Reader {
    /// Clusters with the place of their name, per document.
    clusters: HashMap<u32, Spot>,
    /// Services so far: their entries.
    services: HashMap<(u32, Name), Raw>,
    /// How many nodes there were before this document.
    earlier_nodes: u32,
    /// The VMs, whose hosts may be defined later.
    vms: Vec<u32>,
    large: shares::Large,
    transformations: transformations::Found,
}

pub(in crate::dialects) const DOMAIN_OPTIONS: &[&str] = &["suffix", "clusters"];
pub(in crate::dialects) const CLUSTER_OPTIONS: &[&str] = &["users", "services", "machines", "vms"];

impl Reader {
    /// Reads the value of `extensions`.
    pub fn extensions(&mut self, draft: &mut Draft, key: &Key<'_>, node: Node<'_>) {
        self.transformations.extensions(draft, key, node);
    }

    /// Reads the value of `modules`, a list.
    pub fn modules(&mut self, draft: &mut Draft, key: &Key<'_>, node: Node<'_>) {
        self.transformations.modules(draft, key, node);
    }

    /// Ends the reading, after the last document.
    pub fn finish(mut self, draft: &mut Draft) {
        // In the order of the text, whichever thread has read them.
        self.vms.sort_by_key(|vm| {
            let Spot { document, span } = draft.node_spot(*vm);
            (document, span.start)
        });
        self.check_hosts(draft);
        self.transformations.finish(draft);
    }

    /// Reads the value of `domain`.
    pub fn domain(&mut self, draft: &mut Draft, key: &Key<'_>, node: Node<'_>) {
        draft.add_dialect(Dialect::ClusterConfig);
        self.earlier_nodes = draft.node_count();
        let place = Place::root(key);
        let report = |diagnostic, draft: &mut Draft| draft.mistake(diagnostic, Part::Everything);
        if node.kind() != Kind::Object {
            report(wrong_type(&place, node, "an object"), draft);
            return;
        }
        let mut seen = Keys::default();
        for (key, node) in node.entries() {
            if let Some(duplicate) = seen.duplicate(&key, node.document()) {
                report(duplicate, draft);
                continue;
            }
            let place = place.then(&key);
            match &*key.text {
                "suffix" => suffix(draft, &place, node),
                "clusters" => self.clusters(draft, &place, node),
                _ => report(unknown_option(&place, node, DOMAIN_OPTIONS), draft),
            }
        }
        if draft.suffix().is_none() && !seen.contains("suffix") && self.earlier_nodes == 0 {
            let diagnostic =
                Diagnostic::error(Code::MissingOption, "the inventory does not give `domain.suffix`")
                    .at(node.source(), key.span, "in this domain")
                    .help("add the suffix of all domain names, such as `\"suffix\": \"example.com\"`");
            report(diagnostic, draft);
        }
    }

    /// Reads `clusters`; of its nodes, those of a share.
    fn clusters_of(
        &mut self,
        draft: &mut Draft,
        place: &Place<'_>,
        node: Node<'_>,
        share: &mut Option<Share<'_>>,
    ) {
        if node.kind() != Kind::Object {
            draft.mistake(wrong_type(place, node, "an object of clusters"), Part::Everything);
            return;
        }
        for (key, node) in node.entries() {
            let spot = Spot { document: node.document().number(), span: key.span };
            let cluster = draft.cluster(&key.text, Some(spot));
            if let Some(first) = self.clusters.insert(cluster, spot)
                && first.document == spot.document
            {
                let duplicate = duplicate_key(node.document(), &key.text, first.span, key.span);
                draft.mistake(duplicate, Part::Cluster(cluster));
            }
            self.cluster(draft, cluster, &place.then(&key), node, share);
        }
    }

    fn cluster(
        &mut self,
        draft: &mut Draft,
        cluster: u32,
        place: &Place<'_>,
        node: Node<'_>,
        share: &mut Option<Share<'_>>,
    ) {
        let part = Part::Cluster(cluster);
        if node.kind() != Kind::Object {
            draft.mistake(wrong_type(place, node, "an object"), part);
            return;
        }
        let mut seen = Keys::default();
        for (key, node) in node.entries() {
            if let Some(duplicate) = seen.duplicate(&key, node.document()) {
                draft.mistake(duplicate, part.clone());
                continue;
            }
            let place = place.then(&key);
            if let Some(kind) = shares::nodes_under(&key.text) {
                self.nodes(draft, (cluster, kind), &place, node, share);
                continue;
            }
            match &*key.text {
                "services" => self.services(draft, cluster, &place, node),
                "users" => {
                    options::check(node, &options::USERS, &place, &mut |diagnostic| {
                        draft.mistake(diagnostic, part.clone());
                    });
                    draft.add_cluster_users(cluster, node.raw());
                }
                _ => draft.mistake(unknown_option(&place, node, CLUSTER_OPTIONS), part.clone()),
            }
        }
    }
}

fn suffix(draft: &mut Draft, place: &Place<'_>, node: Node<'_>) {
    let Some(text) = node.as_str() else {
        draft.mistake(wrong_type(place, node, "a string"), Part::Everything);
        return;
    };
    if !names::is_domain(&text) {
        let message = format!("expected a domain name in `domain.suffix`, found {}", quoted(&text));
        let diagnostic = Diagnostic::error(Code::InvalidName, message)
            .at(node.source(), node.span(), "")
            .help("write labels of letters, digits, `-` and `_` with dots between, such as `example.com`");
        draft.mistake(diagnostic, Part::Everything);
    }
    draft.set_suffix(&text, node.spot());
}

/// The keys that each object takes, with which the schema is compared.
#[cfg(test)]
pub(super) mod keys {
    pub(in crate::dialects) use super::nodes::{MACHINE_OPTIONS, VM_OPTIONS};
    pub(in crate::dialects) use super::services::SERVICE_OPTIONS;
    pub(in crate::dialects) use super::{CLUSTER_OPTIONS, DOMAIN_OPTIONS};
}

#[cfg(test)]
mod tests;
