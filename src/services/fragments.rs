//! Configuration of the older Clan API: which pieces of `config` a machine gets, in which order.
//!
//! In go the inventory and its members, out come the pieces of each instance that the machine is in,
//! as they stand in their documents: the instance's own, the machine's, then those of its roles by
//! name. All instances of a service write into one namespace there, so later pieces do not replace
//! earlier ones; how they merge is told by the types of the module.

use std::collections::BTreeSet;

use super::members::Resolved;
use crate::inventory::document::{Node, Raw};
use crate::inventory::model::{Instance, Inventory};

/// The configuration that a machine gets from an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragments {
    /// The instance, by its index.
    pub instance: u32,
    /// The pieces in their order. A piece is one object for each layer that has it, and none where
    /// nobody wrote it: such a piece of the instance or the machine counts as an empty one.
    pub pieces: Vec<Vec<Raw>>,
}

/// The configuration that a node gets from instances of the older API, by service, then instance;
/// instances that give it none are left out.
pub fn fragments(inventory: &Inventory, resolved: &Resolved, node: u32) -> Vec<Fragments> {
    let mut found: Vec<(u32, Fragments)> = Vec::new();
    let placements = resolved.placements_of(inventory, node).iter();
    let placed: BTreeSet<u32> = placements.map(|placement| placement.instance).collect();
    for index in placed {
        let instance = inventory.instances.get(index as usize);
        let Some(instance) = instance.filter(|instance| instance.key.is_some()) else { continue };
        let Some(members) = resolved.instances.get(index as usize) else { continue };
        let name = inventory.nodes.name(node);
        let mut pieces = vec![
            configuration(inventory, instance, &[]),
            configuration(inventory, instance, &["machines", name]),
        ];
        for (role, in_role) in instance.roles.iter().zip(&members.roles) {
            let of_role = configuration(inventory, instance, &["roles", &role.name]);
            if in_role.nodes.contains(node) && !of_role.is_empty() {
                pieces.push(of_role);
            }
        }
        if pieces.iter().any(|piece| !piece.is_empty()) {
            found.push((instance.service, Fragments { instance: index, pieces }));
        }
    }
    // Instances are in name order already.
    found.sort_by_key(|(service, _)| *service);
    found.into_iter().map(|(_, fragments)| fragments).collect()
}

/// The `config` below these keys of the instance's entries that has anything in it.
fn configuration(inventory: &Inventory, instance: &Instance, keys: &[&str]) -> Vec<Raw> {
    let entries = instance.entries.iter().filter_map(|entry| inventory.node(*entry));
    entries
        .filter_map(|entry| entry.get_path(keys)?.get("config"))
        .filter(|config| config.entries().next().is_some())
        .map(Node::raw)
        .collect()
}
