//! Who is in which group, and which variables that brings.
//!
//! What comes in are the groups of a complete model; what goes out are sets of nodes, the groups of each
//! node, and the objects in which a node's variables stand, in the order in which they win.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use super::document::{Node, Raw};
use super::model::{Group, Inventory, PartKind};
use crate::value::Name;

/// The variable that is a group's priority, and no variable of its machines.
pub const PRIORITY: &str = "ansible_group_priority";

/// The members of all groups.
#[derive(Default)]
pub(super) struct Groups {
    members: Vec<RoaringBitmap>,
    /// The groups of each node, one node after the other, by number.
    of: Vec<u32>,
    /// Where each node's groups end in `of`.
    ends: Vec<u32>,
}

impl Groups {
    /// Members and groups; `nodes` is how many nodes there are.
    pub(super) fn new(groups: &[Group], nodes: usize) -> Groups {
        if groups.is_empty() {
            return Groups::default();
        }
        let members = members(groups);
        let mut counts = vec![0_u32; nodes];
        for node in members.iter().flatten() {
            if let Some(count) = counts.get_mut(node as usize) {
                *count += 1;
            }
        }
        let mut ends = Vec::with_capacity(nodes);
        let mut end = 0;
        for count in counts {
            ends.push(end);
            end += count;
        }
        let mut of = vec![0; end as usize];
        // Each end is where its node's next group goes, until all are placed.
        for (group, nodes) in (0_u32..).zip(&members) {
            for node in nodes {
                if let Some(next) = ends.get_mut(node as usize) {
                    if let Some(place) = of.get_mut(*next as usize) {
                        *place = group;
                    }
                    *next += 1;
                }
            }
        }
        Groups { members, of, ends }
    }

    pub(super) fn members(&self, group: u32) -> Option<&RoaringBitmap> {
        self.members.get(group as usize)
    }

    pub(super) fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        let end = self.ends.get(node).copied().unwrap_or(0);
        let start = node.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.of.get(start as usize..end as usize).unwrap_or(&[])
    }
}

/// The nodes of each group with those of the groups that it holds: deepest first, since a group is always
/// deeper than one that holds it.
fn members(groups: &[Group]) -> Vec<RoaringBitmap> {
    let mut members: Vec<RoaringBitmap> = groups
        .iter()
        .map(|group| {
            let mut nodes = group.nodes.clone();
            nodes.sort_unstable();
            nodes.into_iter().collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|group| std::cmp::Reverse(groups.get(*group).map_or(0, |group| group.depth)));
    for group in order {
        let mut all = members.get_mut(group).map(std::mem::take).unwrap_or_default();
        for child in groups.get(group).map_or(&[][..], |group| &group.children) {
            if let Some(inner) = members.get(*child as usize) {
                all |= inner;
            }
        }
        if let Some(place) = members.get_mut(group) {
            *place = all;
        }
    }
    members
}

/// An object in which variables of a node stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variables {
    /// The object.
    pub raw: Raw,
    /// The group whose variables they are; nothing where they are the node's own.
    pub group: Option<u32>,
    /// Whether a source of the inventory gives them, and not a file of variables beside it.
    pub in_source: bool,
}

impl Inventory {
    /// Whether a node's name is all that is known of its domain name: a reader has made it, or it is a host of
    /// groups that no other system has.
    pub fn has_full_name(&self, node: u32) -> bool {
        if self.nodes.part(node, PartKind::Record).is_some() {
            return true;
        }
        let cluster = self.nodes.cluster.get(node as usize).and_then(|it| self.clusters.get(*it as usize));
        cluster.is_some_and(|cluster| cluster.spot.is_none())
            && !self.index.groups_of(node).is_empty()
            && self.nodes.part(node, PartKind::Entry).is_none()
    }

    /// The groups of a node in the order in which their variables are laid over each other: by depth,
    /// priority and name. The group `all` is the first, since it has no depth.
    pub fn layered_groups(&self, node: u32) -> Vec<u32> {
        let mut groups = self.index.groups_of(node).to_vec();
        groups.sort_by_key(|group| {
            self.groups.get(*group as usize).map(|group| (group.depth, group.priority, &*group.name))
        });
        groups
    }

    /// A variable of a node: what it says itself, else the strongest of its layers.
    pub fn variable(&self, node: u32, name: &str) -> Option<Node<'_>> {
        let own = self.nodes.part(node, PartKind::Vars).into_iter();
        let layers = self.variables(node).into_iter().rev().map(|layer| layer.raw);
        own.chain(layers).find_map(|raw| {
            self.node(raw)?.entries().filter(|(key, _)| key.text == name).last().map(|(_, value)| value)
        })
    }

    /// The objects in which a node's variables stand; of equal names a later one wins. This is Ansible's
    /// default order (`variable_precedence`): what the sources say of `all`, then of the other groups, the
    /// files of `all`, those of the others folder by folder, then the host itself.
    pub fn variables(&self, node: u32) -> Vec<Variables> {
        let groups = self.layered_groups(node);
        let mut found = Vec::new();
        let own = |raw: Raw| Variables { raw, group: None, in_source: true };
        let of = |group: u32| self.groups.get(group as usize);
        for group in &groups {
            let variables = of(*group).map_or(&[][..], |group| &group.variables);
            found.extend(variables.iter().map(|raw| Variables { group: Some(*group), ..own(*raw) }));
        }
        let is_all = |group: &u32| of(*group).is_some_and(|group| group.depth == 0);
        for all in [true, false] {
            let mut files: Vec<(u32, Variables)> = Vec::new();
            for group in groups.iter().filter(|group| is_all(group) == all) {
                let layers = of(*group).map_or(&[][..], |group| &group.files);
                files.extend(layers.iter().map(|(folder, raw)| {
                    (*folder, Variables { raw: *raw, group: Some(*group), in_source: false })
                }));
            }
            files.sort_by_key(|(folder, _)| *folder);
            found.extend(files.into_iter().map(|(_, variables)| variables));
        }
        found.extend(self.nodes.parts_of(node, PartKind::HostVariables).map(own));
        found
    }

    /// The variables of a node with the place of each that wins. Those that it has itself, in a system that
    /// has no layers, win over those of its groups.
    pub fn laid_variables(&self, node: u32) -> BTreeMap<Name, Raw> {
        let layers = self.variables(node).into_iter();
        let layers = layers.map(|layer| (layer.raw, layer.group.is_some() && layer.in_source));
        let own = self.nodes.part(node, PartKind::Vars).map(|raw| (raw, false));
        let mut laid = BTreeMap::new();
        for (raw, of_group) in layers.chain(own) {
            for (key, value) in self.node(raw).into_iter().flat_map(|node| node.entries()) {
                // The priority of a group is none of its hosts' variables.
                if !(of_group && key.text == PRIORITY) {
                    laid.insert(Name::from(&*key.text), value.raw());
                }
            }
        }
        laid
    }
}
