//! The modules that every machine has before its own: its names and platform, the users of its cluster
//! and its own users.
//!
//! Out come documents, one a module, whose places are those in the inventory.

use std::sync::Arc;

use super::annotations;
use crate::inventory::document::{Document, Node, TreeBuilder};
use crate::inventory::model::{Inventory, PartKind};
use crate::modules::MK_DEFAULT_PRIORITY;

/// What such a module says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A machine's names and platform.
    Names,
    /// The users of its cluster.
    ClusterUsers,
    /// Its own users.
    Users,
}

/// The modules in their order.
pub fn modules(inventory: &Inventory, node: u32) -> Vec<(Said, Document)> {
    let names = names(inventory, node).into_iter();
    let mut modules: Vec<(Said, Document)> = names.map(|document| (Said::Names, document)).collect();
    let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    let of_cluster = inventory.clusters.get(cluster as usize).map_or(&[][..], |cluster| &cluster.users);
    let own = inventory.nodes.part(node, PartKind::Users);
    let of_cluster = of_cluster.iter().map(|raw| (Said::ClusterUsers, *raw));
    let users = of_cluster.chain(own.map(|raw| (Said::Users, raw)));
    let users = users.filter_map(|(said, raw)| Some((said, inventory.node(raw)?)));
    modules.extend(users.map(|(said, users)| (said, users_module(users))));
    modules
}

/// `networking.hostName` and `networking.domain`, and `nixpkgs.hostPlatform`, which a module of the
/// machine may set otherwise.
fn names(inventory: &Inventory, node: u32) -> Option<Document> {
    let spot = inventory.nodes.spot.get(node as usize)?;
    let span = spot.span;
    let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    let source = &inventory.documents.get(spot.document as usize)?.source;
    let mut builder = TreeBuilder::new(Arc::clone(source));
    let name = builder.string(inventory.nodes.name(node), span);
    let domain = builder.string(&annotations::cluster_fqdn(inventory, cluster), span);
    let networking = builder.object([("hostName", span, name), ("domain", span, domain)], span);
    let mut options = vec![("networking", span, networking)];
    let system = inventory.nodes.system.get(node as usize).copied().unwrap_or(u32::MAX);
    if let Some(system) = inventory.systems.get(system as usize) {
        let mark = builder.string("override", span);
        let priority = builder.int(MK_DEFAULT_PRIORITY, span);
        let content = builder.string(system, span);
        let marked = [("_type", span, mark), ("priority", span, priority), ("content", span, content)];
        let marked = builder.object(marked, span);
        options.push(("nixpkgs", span, builder.object([("hostPlatform", span, marked)], span)));
    }
    let root = builder.object(options, span);
    Some(builder.finish(root))
}

/// `users.users.<user>` from the `systemConfig` of each user.
fn users_module(users: Node<'_>) -> Document {
    let span = users.span();
    let mut builder = TreeBuilder::new(Arc::clone(users.source()));
    let mut configured = Vec::new();
    for (key, user) in users.entries() {
        let config = match user.get("systemConfig") {
            Some(config) => builder.copy(config),
            None => builder.object([], user.span()),
        };
        configured.push((key, config));
    }
    let entries = configured.iter().map(|(key, config)| (&*key.text, key.span, *config));
    let users = builder.object(entries, span);
    let users = builder.object([("users", span, users)], span);
    let root = builder.object([("users", span, users)], span);
    builder.finish(root)
}

/// A module that says a value of the inventory below names.
pub fn below(value: Node<'_>, names: &[&str]) -> Document {
    let mut builder = TreeBuilder::new(Arc::clone(value.source()));
    let copy = builder.copy(value);
    let root = names.iter().rev().fold(copy, |inner, name| {
        let span = value.span();
        builder.object([(*name, span, inner)], span)
    });
    builder.finish(root)
}
