//! Nodes of a draft: added at the end of the columns, changed later where layers merge.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{Draft, number};
use crate::inventory::document::Raw;
use crate::inventory::model::{Class, NodeKind, PartKind, Spot, Tag};
use crate::syntax::ast::Name;

/// Tags and parts of a node that was changed after others had been added.
#[derive(Default)]
pub(super) struct Changed {
    pub(super) tags: Vec<u32>,
    pub(super) parts: Vec<(PartKind, Raw)>,
}

/// Finds nodes by name. Filled when somebody asks, since most inventories never do.
#[derive(Default)]
pub(super) struct Lookup {
    hasher: RandomState,
    /// By hash: the node with that hash that was added last.
    latest: HashMap<u64, u32>,
    /// For each node the one before it with the same hash.
    before: Vec<Option<u32>>,
}

impl Lookup {
    fn hash(&self, cluster: u32, name: &str, kind: NodeKind) -> u64 {
        self.hasher.hash_one((cluster, name, kind))
    }
}

/// The tags that came last, in places that a few bytes of their names decide: most nodes carry one of
/// a few tags, and finding those should not cost a hash of the name.
pub(super) struct RecentTags([u32; 64]);

impl Default for RecentTags {
    fn default() -> RecentTags {
        RecentTags([u32::MAX; 64])
    }
}

impl RecentTags {
    fn place(name: &str) -> usize {
        let bytes = name.as_bytes();
        let byte = |found: Option<&u8>| usize::from(found.copied().unwrap_or(0));
        (bytes.len() + 7 * byte(bytes.first()) + 29 * byte(bytes.last())) % 64
    }

    pub(super) fn get(&self, name: &str, tags: &[Tag]) -> Option<u32> {
        let number = self.0.get(RecentTags::place(name)).copied()?;
        tags.get(number as usize).filter(|tag| *tag.name == *name).map(|_| number)
    }

    pub(super) fn set(&mut self, name: &str, number: u32) {
        if let Some(place) = self.0.get_mut(RecentTags::place(name)) {
            *place = number;
        }
    }
}

impl Draft {
    /// Adds a node to a cluster. Two nodes of one name and kind in a cluster are a mistake that
    /// [`Draft::finish`] reports; [`Draft::find_node`] tells beforehand.
    pub fn node(&mut self, cluster: u32, name: &str, kind: NodeKind, spot: Spot) -> u32 {
        let nodes = &mut self.nodes;
        let id = number(nodes.count);
        nodes.count += 1;
        nodes.names.push_str(name);
        nodes.name_ends.push(number(nodes.names.len()));
        nodes.cluster.push(cluster);
        nodes.kind.push(kind);
        nodes.system.push(u32::MAX);
        nodes.class.push(Class::Nixos);
        nodes.tag_ends.push(number(nodes.tags.len()));
        nodes.spot.push(spot);
        nodes.part_starts.push(number(nodes.parts.len()));
        nodes.part_ends.push(number(nodes.parts.len()));
        id
    }

    /// Makes room for that many more nodes.
    pub fn reserve_nodes(&mut self, count: usize) {
        let nodes = &mut self.nodes;
        nodes.name_ends.reserve(count);
        nodes.cluster.reserve(count);
        nodes.kind.reserve(count);
        nodes.system.reserve(count);
        nodes.class.reserve(count);
        nodes.tag_ends.reserve(count);
        nodes.spot.reserve(count);
        nodes.part_starts.reserve(count);
        nodes.part_ends.reserve(count);
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> u32 {
        number(self.nodes.len())
    }

    /// Where a node is defined.
    pub fn node_spot(&self, node: u32) -> Spot {
        self.nodes.spot.get(node as usize).copied().unwrap_or_default()
    }

    /// The node of this name and kind in a cluster; of several, the first.
    pub fn find_node(&mut self, cluster: u32, name: &str, kind: NodeKind) -> Option<u32> {
        let nodes = &self.nodes;
        let lookup = &mut self.node_numbers;
        for id in lookup.before.len()..nodes.len() {
            let node = number(id);
            let owner = nodes.cluster.get(id).copied().unwrap_or(u32::MAX);
            let node_kind = nodes.kind.get(id).copied().unwrap_or(NodeKind::Machine);
            let hash = lookup.hash(owner, nodes.name(node), node_kind);
            lookup.before.push(lookup.latest.insert(hash, node));
        }
        let mut candidate = lookup.latest.get(&lookup.hash(cluster, name, kind)).copied();
        let mut found = None;
        while let Some(node) = candidate {
            let index = node as usize;
            if nodes.cluster.get(index) == Some(&cluster)
                && nodes.kind.get(index) == Some(&kind)
                && nodes.name(node) == name
            {
                found = Some(node);
            }
            candidate = lookup.before.get(index).copied().flatten();
        }
        found
    }

    /// The node of this name in any cluster, if there is exactly one.
    pub fn find_only_node(&mut self, name: &str) -> Option<u32> {
        let mut only = None;
        for cluster in 0..number(self.clusters.len()) {
            for kind in [NodeKind::Machine, NodeKind::Vm] {
                if let Some(node) = self.find_node(cluster, name, kind) {
                    if only.is_some() {
                        return None;
                    }
                    only = Some(node);
                }
            }
        }
        only
    }

    /// The number of a platform, made where there is none yet.
    pub(super) fn system(&mut self, name: &str) -> u32 {
        // Most nodes have one of a few platforms.
        let recent = self.systems.iter().take(8).position(|known| **known == *name).map(number);
        recent.or_else(|| self.system_numbers.get(name).copied()).unwrap_or_else(|| {
            let index = number(self.systems.len());
            let name = Name::from(name);
            self.systems.push(Name::clone(&name));
            self.system_numbers.insert(name, index);
            index
        })
    }

    /// Sets the platform of a node.
    pub fn set_system(&mut self, node: u32, system: &str) {
        let index = self.system(system);
        if let Some(place) = self.nodes.system.get_mut(node as usize) {
            *place = index;
        }
    }

    /// Sets the class of a node.
    pub fn set_class(&mut self, node: u32, class: Class) {
        if let Some(place) = self.nodes.class.get_mut(node as usize) {
            *place = class;
        }
    }

    /// Adds a tag to a node, unless it has it already.
    pub fn add_tag(&mut self, node: u32, tag: &str) {
        let tag = self.tag(tag);
        if self.node_tags(node).contains(&tag) {
            return;
        }
        if self.is_last(node) {
            self.nodes.tags.push(tag);
            if let Some(end) = self.nodes.tag_ends.last_mut() {
                *end = number(self.nodes.tags.len());
            }
        } else {
            self.changed(node).tags.push(tag);
        }
    }

    /// The tags of a node so far, by number.
    pub fn node_tags(&self, node: u32) -> &[u32] {
        match self.changed.get(&node) {
            Some(changed) => &changed.tags,
            None => self.nodes.tags(node),
        }
    }

    /// Adds a free-form part to a node.
    pub fn add_part(&mut self, node: u32, kind: PartKind, raw: Raw) {
        self.names_clouds |= kind == PartKind::Cloud;
        if self.is_last(node) {
            self.nodes.parts.push(kind, raw);
            if let Some(end) = self.nodes.part_ends.last_mut() {
                *end = number(self.nodes.parts.len());
            }
        } else {
            self.changed(node).parts.push((kind, raw));
        }
    }

    /// A free-form part of a node so far, once for each layer that has it.
    pub fn node_parts(&self, node: u32, kind: PartKind) -> Vec<Raw> {
        match self.changed.get(&node) {
            Some(changed) => {
                changed.parts.iter().filter(|(known, _)| *known == kind).map(|(_, raw)| *raw).collect()
            }
            None => self.nodes.parts_of(node, kind).collect(),
        }
    }

    fn is_last(&self, node: u32) -> bool {
        node as usize + 1 == self.nodes.len() && !self.changed.contains_key(&node)
    }

    fn changed(&mut self, node: u32) -> &mut Changed {
        let nodes = &self.nodes;
        self.changed.entry(node).or_insert_with(|| Changed {
            tags: nodes.tags(node).to_vec(),
            parts: nodes.parts(node).collect(),
        })
    }
}
