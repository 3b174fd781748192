//! From a draft to an inventory: sort, report duplicates, renumber, index.

use std::cmp::Ordering;

use super::{Draft, nodes::Changed, number};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::index::Index;
use crate::inventory::model::{Inventory, NodeKind, Nodes, Part};
use crate::syntax::ast::Name;
use crate::text::quoted;

/// Completes a draft.
pub(super) fn finish(mut draft: Draft) -> Inventory {
    let clusters = sort_by(&mut draft.clusters, |left, right| left.name.cmp(&right.name));
    let clouds = sort_by(&mut draft.clouds, |left, right| left.name.cmp(&right.name));
    for (reached, _) in draft.clouds.iter_mut().flat_map(|cloud| &mut cloud.reaches) {
        *reached = renumbered(&clouds, *reached);
    }
    let tags = sort_by(&mut draft.tags, |left, right| left.name.cmp(&right.name));
    let systems = sort_by(&mut draft.systems, Name::cmp);
    for system in draft.nodes.system.iter_mut() {
        *system = renumbered(&systems, *system);
    }
    let services = sort_by(&mut draft.services, |left, right| left.id.cmp(&right.id));
    for instance in &mut draft.instances {
        instance.cluster = instance.cluster.map(|cluster| renumbered(&clusters, cluster));
        instance.service = renumbered(&services, instance.service);
    }
    let instances = sort_by(&mut draft.instances, |left, right| {
        left.cluster.cmp(&right.cluster).then_with(|| left.name.cmp(&right.name))
    });
    let filters = sort_by(&mut draft.filters, |left, right| left.name.cmp(&right.name));
    let mut roles = vec![Vec::new(); draft.instances.len()];
    for (instance, order) in draft.instances.iter_mut().zip(&mut roles) {
        *order = sort_by(&mut instance.roles, |left, right| left.name.cmp(&right.name));
    }
    for cluster in draft.nodes.cluster.iter_mut() {
        *cluster = renumbered(&clusters, *cluster);
    }
    let nodes = sort_nodes(&mut draft);
    for tag in draft.nodes.tags.iter_mut() {
        *tag = renumbered(&tags, *tag);
    }
    for node in draft.tags.iter_mut().filter_map(|tag| tag.listed.as_mut()).flatten() {
        *node = renumbered(&nodes, *node);
    }
    let groups = sort_by(&mut draft.groups, |left, right| left.name.cmp(&right.name));
    for group in &mut draft.groups {
        group.children.iter_mut().for_each(|child| *child = renumbered(&groups, *child));
        group.nodes.iter_mut().for_each(|node| *node = renumbered(&nodes, *node));
    }
    bound_clusters(&mut draft);
    for system in &mut draft.systems_of_clouds {
        system.node = renumbered(&nodes, system.node);
        system.cloud = system.cloud.map(|cloud| renumbered(&clouds, cloud));
    }
    draft.systems_of_clouds.sort_by_key(|system| system.node);
    for (node, _) in &mut draft.operations.servers {
        *node = renumbered(&nodes, *node);
    }
    for (cluster, _) in &mut draft.operations.clusters {
        *cluster = renumbered(&clusters, *cluster);
    }

    let numbers = Numbers { clusters, services, instances, filters, roles, nodes };
    for mistake in &mut draft.mistakes {
        numbers.renumber(&mut mistake.part);
    }
    for expression in &mut draft.expressions {
        expression.cluster = expression.cluster.map(|cluster| renumbered(&numbers.clusters, cluster));
        numbers.renumber(&mut expression.part);
    }
    let mut inventory = Inventory {
        documents: draft.documents,
        dialects: draft.dialects,
        suffix: draft.suffix.map_or_else(|| Name::from(""), |(suffix, _)| suffix),
        clusters: draft.clusters,
        clouds: draft.clouds,
        operations: draft.operations,
        systems_of_clouds: draft.systems_of_clouds,
        nodes: draft.nodes,
        tags: draft.tags,
        systems: draft.systems,
        groups: draft.groups,
        services: draft.services,
        instances: draft.instances,
        filters: draft.filters,
        expressions: draft.expressions,
        transformations: draft.transformations,
        meta: draft.meta,
        checks: draft.checks,
        mistakes: draft.mistakes.into(),
        index: Index::default(),
    };
    inventory.index = Index::new(&inventory);
    inventory
}

/// The new numbers of everything, by the old ones; what is not here keeps its number.
#[derive(Default)]
pub(super) struct Numbers {
    clusters: Vec<u32>,
    services: Vec<u32>,
    instances: Vec<u32>,
    filters: Vec<u32>,
    /// By the new number of the instance.
    roles: Vec<Vec<u32>>,
    nodes: Vec<u32>,
}

impl Numbers {
    /// Of clusters and nodes alone.
    pub(super) fn of_nodes(clusters: Vec<u32>, nodes: Vec<u32>) -> Numbers {
        Numbers { clusters, nodes, ..Numbers::default() }
    }

    pub(super) fn cluster(&self, cluster: u32) -> u32 {
        renumbered(&self.clusters, cluster)
    }

    pub(super) fn renumber(&self, part: &mut Part) {
        match part {
            Part::Nothing | Part::Everything | Part::Meta | Part::Clouds => {}
            Part::Cluster(cluster) => *cluster = renumbered(&self.clusters, *cluster),
            Part::Node(node) | Part::CloudOf(node) => *node = renumbered(&self.nodes, *node),
            Part::Service(service) => *service = renumbered(&self.services, *service),
            Part::Instance(instance) => *instance = renumbered(&self.instances, *instance),
            Part::Role(instance, role) | Part::Settings(instance, role) => {
                *instance = renumbered(&self.instances, *instance);
                if let Some(roles) = self.roles.get(*instance as usize) {
                    *role = renumbered(roles, *role);
                }
            }
            Part::Filter(filter) => *filter = renumbered(&self.filters, *filter),
        }
    }
}

pub(super) fn renumbered(numbers: &[u32], old: u32) -> u32 {
    numbers.get(old as usize).copied().unwrap_or(old)
}

/// Sorts a column and gives the new number of each old one.
fn sort_by<T>(column: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<u32> {
    let mut pairs: Vec<(usize, T)> = column.drain(..).enumerate().collect();
    pairs.sort_by(|(_, left), (_, right)| compare(left, right));
    let mut numbers = vec![0; pairs.len()];
    for (new, (old, entry)) in pairs.into_iter().enumerate() {
        if let Some(place) = numbers.get_mut(old) {
            *place = number(new);
        }
        column.push(entry);
    }
    numbers
}

/// The first sixteen bytes of a name, compared as two numbers, and the node. Almost every comparison
/// ends there, without a look at the names.
type SortKey = (u64, u64, u32);

fn sort_key(nodes: &Nodes, node: u32) -> SortKey {
    let name = nodes.name(node).as_bytes();
    let mut prefix = [0; 16];
    for (place, byte) in prefix.iter_mut().zip(name) {
        *place = *byte;
    }
    let prefix = u128::from_be_bytes(prefix);
    ((prefix >> 64) as u64, prefix as u64, node)
}

/// By name, a machine before a VM, and what stands first before what stands later.
fn compare_keys(nodes: &Nodes, left: &SortKey, right: &SortKey) -> Ordering {
    match (left.0, left.1).cmp(&(right.0, right.1)) {
        Ordering::Equal => compare_equal_keys(nodes, left.2, right.2),
        different => different,
    }
}

#[cold]
fn compare_equal_keys(nodes: &Nodes, left: u32, right: u32) -> Ordering {
    let kind = |node: u32| nodes.kind.get(node as usize).copied().unwrap_or(NodeKind::Machine);
    let spot = |node: u32| nodes.spot.get(node as usize).map(|spot| (spot.document, spot.span));
    let by_name = nodes.name(left).cmp(nodes.name(right));
    by_name
        .then_with(|| kind(left).cmp(&kind(right)))
        .then_with(|| spot(left).cmp(&spot(right)))
        .then_with(|| left.cmp(&right))
}

/// Sorts the nodes, takes out what is defined twice, and gives the new number of each old one.
fn sort_nodes(draft: &mut Draft) -> Vec<u32> {
    let by_cluster = bucket(&draft.nodes.cluster, draft.clusters.len());
    let mut order = Vec::with_capacity(draft.nodes.len());
    let mut numbers = vec![0; draft.nodes.len()];
    let mut twice = Vec::new();
    let mut keys: Vec<SortKey> = Vec::new();
    for bucket in by_cluster {
        let nodes = &draft.nodes;
        keys.clear();
        keys.extend(bucket.iter().map(|node| sort_key(nodes, *node)));
        keys.sort_unstable_by(|left, right| compare_keys(nodes, left, right));
        let mut last: Option<SortKey> = None;
        for key in &keys {
            let equal = last.is_some_and(|last| {
                (last.0, last.1) == (key.0, key.1)
                    && nodes.kind.get(last.2 as usize) == nodes.kind.get(key.2 as usize)
                    && nodes.name(last.2) == nodes.name(key.2)
            });
            match last {
                Some(first) if equal => twice.push((first.2, key.2)),
                _ => {
                    order.push(key.2);
                    last = Some(*key);
                }
            }
            if let Some(place) = numbers.get_mut(key.2 as usize) {
                *place = number(order.len() - 1);
            }
        }
    }
    for (first, again) in twice {
        report_duplicate(draft, first, again);
    }
    let changed = std::mem::take(&mut draft.changed);
    draft.nodes.reorder(&order, |node| changed.get(&node));
    numbers
}

fn report_duplicate(draft: &mut Draft, first: u32, again: u32) {
    let name = quoted(draft.nodes.name(first));
    let kind = match draft.nodes.kind.get(first as usize) {
        Some(NodeKind::Vm) => "VM",
        _ => "machine",
    };
    let diagnostic = Diagnostic::error(Code::DuplicateName, format!("the {kind} {name} is defined twice"));
    let diagnostic = draft.twice(diagnostic, draft.node_spot(first), draft.node_spot(again));
    draft.mistake(diagnostic.help("remove or rename one of the two"), Part::Node(first));
}

/// The nodes of each cluster, in the order in which they were added.
fn bucket(cluster_of: &[u32], clusters: usize) -> Vec<Vec<u32>> {
    let mut counts = vec![0_usize; clusters];
    for cluster in cluster_of {
        if let Some(count) = counts.get_mut(*cluster as usize) {
            *count += 1;
        }
    }
    let mut buckets: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
    for (node, cluster) in cluster_of.iter().enumerate() {
        if let Some(bucket) = buckets.get_mut(*cluster as usize) {
            bucket.push(number(node));
        }
    }
    buckets
}

/// Says which nodes each cluster has.
fn bound_clusters(draft: &mut Draft) {
    let mut start = 0;
    for (index, cluster) in draft.clusters.iter_mut().enumerate() {
        let rest = draft.nodes.cluster.get(start..).unwrap_or(&[]);
        let end = start + rest.partition_point(|owner| *owner as usize <= index);
        cluster.first_node = number(start);
        cluster.end_node = number(end);
        start = end;
    }
}

impl Nodes {
    /// Puts the nodes into this order, column after column, so that only one is copied at a time. The
    /// parts, which are the largest, stay where they are.
    fn reorder<'c>(&mut self, order: &[u32], changed: impl Fn(u32) -> Option<&'c Changed>) {
        let mut names = String::with_capacity(self.names.len());
        let mut name_ends = Vec::with_capacity(order.len());
        for node in order {
            names.push_str(self.name(*node));
            name_ends.push(number(names.len()));
        }
        *self.names = names;
        *self.name_ends = name_ends;
        // Memory that was touched before costs less than other memory.
        let mut spare = Vec::with_capacity(order.len());
        permute(&mut self.cluster, order, &mut spare);
        permute(&mut self.system, order, &mut spare);
        permute(&mut self.part_starts, order, &mut spare);
        permute(&mut self.part_ends, order, &mut spare);
        drop(spare);
        for column in [&mut self.cluster, &mut self.system, &mut self.part_starts, &mut self.part_ends] {
            column.shrink_to_fit();
        }
        self.parts.shrink();
        permute(&mut self.kind, order, &mut Vec::new());
        permute(&mut self.class, order, &mut Vec::new());
        permute(&mut self.spot, order, &mut Vec::new());
        let mut tags = Vec::with_capacity(self.tags.len());
        let mut tag_ends = Vec::with_capacity(order.len());
        for node in order {
            tags.extend_from_slice(changed(*node).map_or_else(|| self.tags(*node), |changed| &changed.tags));
            tag_ends.push(number(tags.len()));
        }
        *self.tags = tags;
        *self.tag_ends = tag_ends;
        self.count = order.len();
        for (place, changed) in
            order.iter().enumerate().filter_map(|(place, node)| Some((place, changed(*node)?)))
        {
            let start = number(self.parts.len());
            changed.parts.iter().for_each(|(kind, raw)| self.parts.push(*kind, *raw));
            if let (Some(from), Some(to)) = (self.part_starts.get_mut(place), self.part_ends.get_mut(place)) {
                (*from, *to) = (start, number(self.parts.len()));
            }
        }
    }
}

/// Puts a column into this order, in memory that is given in exchange for that of the column.
fn permute<T: Copy>(column: &mut Vec<T>, order: &[u32], spare: &mut Vec<T>) {
    spare.clear();
    spare.reserve_exact(order.len());
    spare.extend(order.iter().filter_map(|node| column.get(*node as usize).copied()));
    std::mem::swap(column, spare);
}
