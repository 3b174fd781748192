//! Checks beyond those of the systems themselves: what an inventory may say, and hardly means.
//!
//! In go a loaded inventory and the members of its roles, out come [`Lint`]s: two machines with one
//! name or address, roles and services that nobody gets, tags and filters that nothing uses. Most of it
//! may be meant, so that nothing here is an error unless somebody says so; what is common in real
//! inventories is a hint. Parts that have mistakes of their own are passed over: one cause gives one
//! message.

mod machines;
mod roles;
mod systems;
mod unused;

use std::sync::Arc;

use super::loaded::Loaded;
use super::members::Resolved;
use crate::diagnostic::Diagnostic;
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::Spot;
use crate::value::Fault;

/// Something that is hardly meant.
pub(super) struct Lint {
    /// What it is about, which tells it from others of its code.
    pub(super) subject: String,
    /// The first of its places.
    pub(super) spot: Option<Spot>,
    /// What there is to say.
    pub(super) diagnostic: Diagnostic,
}

/// All lints of an inventory, whatever their severity is made. What nothing uses is told of a `whole`
/// inventory alone: in a broken one, what is broken may be what would.
///
/// # Errors
/// That the members of roles cannot be told at all.
pub(super) fn lints(loaded: &Arc<Loaded>, whole: bool) -> Result<Vec<Lint>, Fault> {
    let resolved = loaded.resolved()?;
    let mut found = Found { loaded, resolved, lints: Vec::new() };
    found.host_names();
    found.addresses();
    found.roles();
    found.systems();
    if whole {
        found.module_roles();
        found.idle_machines();
        found.tags();
        found.filters();
    }
    Ok(found.lints)
}

struct Found<'f> {
    loaded: &'f Arc<Loaded>,
    resolved: &'f Resolved,
    lints: Vec<Lint>,
}

/// How many names one message tells.
const NAMES: usize = 5;

impl Found<'_> {
    /// Adds a lint with its places, each with what there is to say there.
    fn add(&mut self, subject: String, places: Vec<(Spot, String)>, mut diagnostic: Diagnostic) {
        let spot = places.first().map(|(spot, _)| *spot);
        for (spot, message) in places {
            if let Some(document) = self.loaded.model.documents.get(spot.document as usize) {
                diagnostic = diagnostic.at(&document.source, spot.span, message);
            }
        }
        self.lints.push(Lint { subject, spot, diagnostic });
    }

    /// Whether the inventory puts anything on machines at all. One that does not is a list of machines
    /// for queries, in which tags and filters are for those.
    fn has_services(&self) -> bool {
        !self.loaded.model.instances.is_empty()
    }

    fn node_spot(&self, node: u32) -> Spot {
        self.loaded.model.nodes.spot.get(node as usize).copied().unwrap_or_default()
    }

    /// Where a text stands in what the inventory says of a machine; else where the machine stands.
    fn text_spot(&self, node: u32, text: &str) -> Spot {
        let model = &self.loaded.model;
        let parts = model.nodes.parts(node).filter_map(|(_, raw)| model.node(raw));
        let mut found = parts.filter_map(|part| place_of(part, text));
        found.next().map_or_else(|| self.node_spot(node), Node::spot)
    }
}

/// The first string in data that is this text.
fn place_of<'d>(node: Node<'d>, text: &str) -> Option<Node<'d>> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match node.kind() {
        Kind::String => node.as_str().filter(|own| **own == *text).map(|_| node),
        Kind::List => node.items().find_map(|item| place_of(item, text)),
        Kind::Object => node.entries().find_map(|(_, value)| place_of(value, text)),
        _ => None,
    })
}

/// Names as a message tells them: the first few, and how many more there are.
fn names(all: &[&str]) -> String {
    let shown: Vec<&str> = all.iter().take(NAMES).copied().collect();
    match all.len().checked_sub(shown.len()) {
        None | Some(0) => crate::text::list_and(&shown),
        Some(more) => {
            let shown: Vec<String> = shown.iter().map(|name| crate::text::quoted(name)).collect();
            format!("{} and {more} more", shown.join(", "))
        }
    }
}
