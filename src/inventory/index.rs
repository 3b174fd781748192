//! Which nodes carry a tag, are in a cluster, have a platform: as bit sets; and nodes by name.
//!
//! What comes in is a complete model; every set is a [`RoaringBitmap`] of node numbers. Names are found
//! by binary search, since nodes are sorted.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::document::{Node, Raw};
use super::groups::Groups;
use super::model::{Class, Inventory, NodeKind, PartKind};
use crate::text::nearest;
use crate::value::{Name, Value};

/// Sets of nodes, built when the model is complete.
#[derive(Default)]
pub struct Index {
    all: RoaringBitmap,
    machines: RoaringBitmap,
    vms: RoaringBitmap,
    clusters: Vec<RoaringBitmap>,
    tags: Vec<RoaringBitmap>,
    systems: Vec<RoaringBitmap>,
    nixos: RoaringBitmap,
    darwin: RoaringBitmap,
    groups: Groups,
    none: RoaringBitmap,
    /// Where each embedded expression begins, sorted: document, offset, index.
    expressions: Vec<(u32, u32, u32)>,
}

impl Index {
    /// The sets that snapshots keep; the others are made anew.
    pub(super) fn kept(&self) -> impl Iterator<Item = &RoaringBitmap> {
        [&self.machines, &self.vms, &self.nixos, &self.darwin]
            .into_iter()
            .chain(&self.systems)
            .chain(&self.tags)
    }

    /// The sets of an inventory whose other parts are complete, from those that a snapshot has kept.
    pub(super) fn of_kept(inventory: &Inventory, kept: Vec<RoaringBitmap>) -> Option<Index> {
        let mut sets = kept.into_iter();
        let (machines, vms, nixos, darwin) = (sets.next()?, sets.next()?, sets.next()?, sets.next()?);
        let systems: Vec<RoaringBitmap> = sets.by_ref().take(inventory.systems.len()).collect();
        let tags: Vec<RoaringBitmap> = sets.collect();
        (systems.len() == inventory.systems.len() && tags.len() == inventory.tags.len())
            .then(|| Index::with(inventory, [machines, vms, nixos, darwin], systems, tags))
    }

    /// The sets of an inventory whose other parts are complete.
    pub(super) fn new(inventory: &Inventory) -> Index {
        let nodes = &inventory.nodes;
        let count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        let [machines, vms] = two(count, nodes.kind.iter().map(|kind| *kind == NodeKind::Vm));
        let [nixos, darwin] = two(count, nodes.class.iter().map(|class| *class == Class::Darwin));
        let systems =
            group(inventory.systems.len(), numbered(nodes.system.iter().map(|system| *system as usize)));
        let tagged =
            (0..count).flat_map(|node| nodes.tags(node).iter().map(move |tag| (*tag as usize, node)));
        let tags = group(inventory.tags.len(), tagged);
        Index::with(inventory, [machines, vms, nixos, darwin], systems, tags)
    }

    fn with(
        inventory: &Inventory,
        [machines, vms, nixos, darwin]: [RoaringBitmap; 4],
        systems: Vec<RoaringBitmap>,
        tags: Vec<RoaringBitmap>,
    ) -> Index {
        let nodes = inventory.nodes.len();
        let all = range(0, u32::try_from(nodes).unwrap_or(u32::MAX));
        let clusters =
            inventory.clusters.iter().map(|cluster| range(cluster.first_node, cluster.end_node)).collect();
        let mut expressions: Vec<(u32, u32, u32)> = (0..)
            .zip(&inventory.expressions)
            .map(|(index, expression)| (expression.spot.document, expression.spot.span.start, index))
            .collect();
        expressions.sort_unstable();
        Index {
            expressions,
            all,
            machines,
            vms,
            clusters,
            tags,
            systems,
            nixos,
            darwin,
            groups: Groups::new(&inventory.groups, nodes),
            none: RoaringBitmap::new(),
        }
    }

    /// All nodes.
    pub fn all(&self) -> &RoaringBitmap {
        &self.all
    }

    /// All machines, or all VMs.
    pub fn kind(&self, kind: NodeKind) -> &RoaringBitmap {
        match kind {
            NodeKind::Machine => &self.machines,
            NodeKind::Vm => &self.vms,
        }
    }

    /// The nodes of a cluster.
    pub fn cluster(&self, cluster: u32) -> &RoaringBitmap {
        self.clusters.get(cluster as usize).unwrap_or(&self.none)
    }

    /// The nodes that carry a tag.
    pub fn tag(&self, tag: u32) -> &RoaringBitmap {
        self.tags.get(tag as usize).unwrap_or(&self.none)
    }

    /// The nodes of a platform, by its index in [`Inventory::systems`].
    pub fn system(&self, system: u32) -> &RoaringBitmap {
        self.systems.get(system as usize).unwrap_or(&self.none)
    }

    /// The nodes of a group and of the groups that it holds.
    pub fn group(&self, group: u32) -> &RoaringBitmap {
        self.groups.members(group).unwrap_or(&self.none)
    }

    /// The groups that a node is in, those around them included, by their numbers.
    pub fn groups_of(&self, node: u32) -> &[u32] {
        self.groups.of(node)
    }

    /// The nodes of a class.
    pub fn class(&self, class: Class) -> &RoaringBitmap {
        match class {
            Class::Nixos => &self.nixos,
            Class::Darwin => &self.darwin,
        }
    }
}

fn range(start: u32, end: u32) -> RoaringBitmap {
    let mut set = RoaringBitmap::new();
    set.insert_range(start..end);
    set
}

/// The nodes of each group, from pairs of a group and a node; nodes ascend, and a group out of range has
/// no set. Sets are built from sorted lists, since inserting looks for the place of each number anew.
fn group(groups: usize, pairs: impl Iterator<Item = (usize, u32)>) -> Vec<RoaringBitmap> {
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); groups];
    for (group, node) in pairs {
        if let Some(members) = members.get_mut(group)
            && members.last() != Some(&node)
        {
            members.push(node);
        }
    }
    let set = |members: Vec<u32>| match (members.first(), members.last()) {
        // All of a range, as the machines usually are.
        (Some(first), Some(last)) if (last - first) as usize + 1 == members.len() => range(*first, last + 1),
        _ => RoaringBitmap::from_sorted_iter(members.iter().copied())
            .unwrap_or_else(|_| members.into_iter().collect()),
    };
    members.into_iter().map(set).collect()
}

/// With each group its node.
fn numbered(groups: impl Iterator<Item = usize>) -> impl Iterator<Item = (usize, u32)> {
    groups.zip(0..)
}

/// The nodes without a flag, and those with it. Mostly none has it, which takes no memory to find out.
fn two(count: u32, flags: impl Iterator<Item = bool> + Clone) -> [RoaringBitmap; 2] {
    if !flags.clone().any(|flag| flag) {
        return [range(0, count), RoaringBitmap::new()];
    }
    let mut sets = group(2, numbered(flags.map(usize::from))).into_iter();
    [sets.next().unwrap_or_default(), sets.next().unwrap_or_default()]
}

impl Inventory {
    /// The value at a place; nothing where there is no such document.
    pub fn node(&self, raw: Raw) -> Option<Node<'_>> {
        self.documents.get(raw.document as usize).map(|document| document.node(raw))
    }

    /// The value at a place as the language has it; null where there is none.
    pub fn raw_value(&self, raw: Raw) -> Value {
        self.node(raw).map_or(Value::Null, Node::to_value)
    }

    /// The expression that stands at a place of a document, such as a module that is a text.
    pub fn expression_at(&self, node: Node<'_>) -> Option<u32> {
        let wanted = (node.raw().document, node.span().start);
        let places = &self.index.expressions;
        let found = places.partition_point(|(document, start, _)| (*document, *start) < wanted);
        let (document, start, index) = places.get(found)?;
        ((*document, *start) == wanted).then_some(*index)
    }

    /// The kinds that machines are said to be of.
    pub fn kinds_said(&self) -> BTreeSet<Name> {
        let parts = (0..self.nodes.len() as u32).filter_map(|node| self.nodes.part(node, PartKind::Kind));
        parts.filter_map(|raw| self.node(raw)?.as_str().map(|kind| Name::from(&*kind))).collect()
    }

    /// The cluster of this name.
    pub fn find_cluster(&self, name: &str) -> Option<u32> {
        position(self.clusters.binary_search_by(|cluster| (*cluster.name).cmp(name)))
    }

    /// The tag of this name.
    pub fn find_tag(&self, name: &str) -> Option<u32> {
        position(self.tags.binary_search_by(|tag| (*tag.name).cmp(name)))
    }

    /// The platform of this name.
    pub fn find_system(&self, name: &str) -> Option<u32> {
        self.systems.iter().position(|system| **system == *name).and_then(|index| u32::try_from(index).ok())
    }

    /// The group of this name.
    pub fn find_group(&self, name: &str) -> Option<u32> {
        position(self.groups.binary_search_by(|group| (*group.name).cmp(name)))
    }

    /// The service with this identifier.
    pub fn find_service(&self, id: &str) -> Option<u32> {
        position(self.services.binary_search_by(|service| (*service.id).cmp(id)))
    }

    /// The instance of this name in a cluster, or among those without one.
    pub fn find_instance(&self, cluster: Option<u32>, name: &str) -> Option<u32> {
        position(self.instances.binary_search_by(|instance| {
            instance.cluster.cmp(&cluster).then_with(|| (*instance.name).cmp(name))
        }))
    }

    /// All instances of this name, in cluster order.
    pub fn instances_named<'i>(&'i self, name: &'i str) -> impl Iterator<Item = u32> + 'i {
        (0..)
            .zip(&self.instances)
            .filter(move |(_, instance)| &*instance.name == name)
            .map(|(index, _)| index)
    }

    /// The named filter of this name.
    pub fn find_filter(&self, name: &str) -> Option<u32> {
        position(self.filters.binary_search_by(|filter| (*filter.name).cmp(name)))
    }

    /// The node of this name and kind in a cluster.
    pub fn find_node(&self, cluster: u32, name: &str, kind: NodeKind) -> Option<u32> {
        let node = self.first_named(cluster, name)?;
        // A machine stands before the VM of the same name.
        [Some(node), node.checked_add(1)].into_iter().flatten().find(|node| {
            self.nodes.name(*node) == name
                && self.nodes.cluster.get(*node as usize) == Some(&cluster)
                && self.nodes.kind.get(*node as usize) == Some(&kind)
        })
    }

    /// The machines and VMs of this name in a cluster: at most one of each.
    pub fn find_nodes_in(&self, cluster: u32, name: &str) -> impl Iterator<Item = u32> + use<> {
        let machine = self.find_node(cluster, name, NodeKind::Machine);
        let vm = self.find_node(cluster, name, NodeKind::Vm);
        machine.into_iter().chain(vm)
    }

    /// The nodes that somebody means by a name: those that are called so in any cluster, or by `cluster/name` the
    /// one of a cluster.
    pub fn find_meant(&self, written: &str) -> Vec<u32> {
        let nodes: Vec<u32> = self.find_nodes(written).collect();
        match written.split_once('/') {
            Some((cluster, name)) if nodes.is_empty() => {
                let home = self.find_cluster(cluster);
                home.into_iter().flat_map(|home| self.find_nodes_in(home, name)).collect()
            }
            _ => nodes,
        }
    }

    /// The machines and VMs of this name in all clusters.
    pub fn find_nodes<'i>(&'i self, name: &'i str) -> impl Iterator<Item = u32> + 'i {
        (0..).zip(&self.clusters).flat_map(move |(cluster, _)| self.find_nodes_in(cluster, name))
    }

    /// The first node in a cluster whose name is not below this one.
    fn first_named(&self, cluster: u32, name: &str) -> Option<u32> {
        let bounds = self.clusters.get(cluster as usize)?;
        let (mut low, mut high) = (bounds.first_node, bounds.end_node);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.nodes.name(middle) < name {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < bounds.end_node).then_some(low)
    }

    /// The names of nodes that are near to a wrong one: in a cluster, or in all.
    pub fn nearest_nodes(&self, wrong: &str, cluster: Option<u32>) -> Vec<&str> {
        let all = 0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let range = match cluster.and_then(|cluster| self.clusters.get(cluster as usize)) {
            Some(cluster) => cluster.first_node..cluster.end_node,
            None => all,
        };
        nearest(wrong, range.map(|node| self.nodes.name(node)))
    }

    /// The names of tags that are near to a wrong one.
    pub fn nearest_tags(&self, wrong: &str) -> Vec<&str> {
        nearest(wrong, self.tags.iter().map(|tag| &*tag.name))
    }

    /// The names of clusters that are near to a wrong one.
    pub fn nearest_clusters(&self, wrong: &str) -> Vec<&str> {
        nearest(wrong, self.clusters.iter().map(|cluster| &*cluster.name))
    }

    /// The names of platforms that are near to a wrong one.
    pub fn nearest_systems(&self, wrong: &str) -> Vec<&str> {
        nearest(wrong, self.systems.iter().map(|system| &**system))
    }
}

fn position(found: Result<usize, usize>) -> Option<u32> {
    found.ok().and_then(|index| u32::try_from(index).ok())
}

#[cfg(test)]
mod tests {
    use crate::inventory::document::Document;
    use crate::inventory::draft::Draft;
    use crate::inventory::model::{EmbeddedRole, NodeKind, Part, Spot};
    use crate::text::Source;

    #[test]
    fn near_names_are_offered() {
        let mut draft = Draft::new();
        for (cluster, names) in [("lab", ["jon", "joan"]), ("prod", ["john", "web1"])] {
            let cluster = draft.cluster(cluster, None);
            for name in names {
                let node = draft.node(cluster, name, NodeKind::Machine, Spot::default());
                draft.add_tag(node, "backup");
                draft.set_system(node, "x86_64-linux");
            }
        }
        let inventory = draft.finish();
        assert_eq!(inventory.nearest_nodes("jonn", None), ["joan", "john", "jon"]);
        assert_eq!(inventory.nearest_nodes("jonn", inventory.find_cluster("prod")), ["john"]);
        assert_eq!(inventory.nearest_tags("bakcup"), ["backup"]);
        assert_eq!(inventory.nearest_clusters("labb"), ["lab"]);
        assert_eq!(inventory.nearest_systems("x86-64-linux"), ["x86_64-linux"]);
        assert!(inventory.nearest_nodes("nothing-like-it", None).is_empty());
    }

    #[test]
    fn expressions_are_found_by_their_place() {
        let text = r#"["x: x", "tag \"a\"", 5]"#;
        let mut draft = Draft::new();
        let number = draft.add_document(Document::json(Source::new("f.json", text)));
        let document = draft.document(number).expect("the document");
        // In another order than they stand there.
        for item in [1, 0] {
            let node = document.root().items().nth(item).expect("an element");
            draft.add_expression_at(node, EmbeddedRole::Module, None, Part::Nothing);
        }
        let inventory = draft.finish();
        let found: Vec<Option<u32>> =
            document.root().items().map(|node| inventory.expression_at(node)).collect();
        assert_eq!(found, [Some(1), Some(0), None]);
    }
}
