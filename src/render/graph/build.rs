//! Graphs of what an inventory has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;

use super::{Edge, Graph, MOST, Shape};
use crate::builtins::nodeset;
use crate::inventory::model::{Inventory, NodeKind, PartKind};
use crate::inventory::path;
use crate::text::count;

/// Machines in their clusters, VMs with the machines that they run on, and groups with what they hold.
pub fn machines(inventory: &Inventory, nodes: &[u32]) -> Graph {
    let mut graph = Graph::default();
    let asked: BTreeSet<u32> = nodes.iter().copied().collect();
    if !inventory.groups.is_empty() && asked.iter().any(|node| !inventory.index.groups_of(*node).is_empty()) {
        groups(inventory, &asked, &mut graph);
    }
    let few = asked.len() <= MOST;
    let mut numbers: HashMap<u32, usize> = graph.known(inventory, &asked);
    let mut boxes: BTreeMap<u32, usize> = BTreeMap::new();
    for node in &asked {
        if numbers.contains_key(node) || !few && !inventory.index.groups_of(*node).is_empty() {
            continue;
        }
        let inside = inside(inventory, *node, &mut boxes, &mut graph);
        if few {
            let vm = inventory.nodes.kind.get(*node as usize) == Some(&NodeKind::Vm);
            let shape = if vm { Shape::Vm } else { Shape::Machine };
            numbers.insert(*node, graph.add(inventory.nodes.name(*node), shape, inside));
        }
    }
    if few {
        hosts(inventory, &numbers, &mut graph);
    } else {
        summaries(inventory, &asked, &boxes, &mut graph);
    }
    graph
}

/// The box of a machine's cluster; nothing for the cluster that no text names.
fn inside(
    inventory: &Inventory,
    node: u32,
    boxes: &mut BTreeMap<u32, usize>,
    graph: &mut Graph,
) -> Option<usize> {
    let cluster = inventory.nodes.cluster.get(node as usize).copied()?;
    let name = inventory.clusters.get(cluster as usize).map(|cluster| cluster.name.to_string())?;
    Some(*boxes.entry(cluster).or_insert_with(|| {
        graph.boxes.push(name);
        graph.boxes.len() - 1
    }))
}

/// Edges from VMs to the machines that they run on.
fn hosts(inventory: &Inventory, numbers: &HashMap<u32, usize>, graph: &mut Graph) {
    let mut edges = Vec::new();
    for (node, from) in numbers {
        let Some(raw) = inventory.nodes.part(*node, PartKind::Host) else { continue };
        let Some(host) = inventory.node(raw).and_then(|node| node.as_str()) else { continue };
        let mut found = path::host_splits(&host, &inventory.suffix).filter_map(|(machine, cluster)| {
            inventory.find_node(inventory.find_cluster(cluster)?, machine, NodeKind::Machine)
        });
        if let Some(to) = found.next().and_then(|host| numbers.get(&host)) {
            edges.push(Edge { from: *from, to: *to, label: "on".to_owned() });
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.to));
    graph.edges.extend(edges);
}

/// For each cluster its machines in one node.
fn summaries(inventory: &Inventory, asked: &BTreeSet<u32>, boxes: &BTreeMap<u32, usize>, graph: &mut Graph) {
    for (cluster, inside) in boxes {
        let of = |node: &&u32| inventory.nodes.cluster.get(**node as usize) == Some(cluster);
        let names: Vec<&str> = asked.iter().filter(of).map(|node| inventory.nodes.name(*node)).collect();
        let number = graph.add(count(names.len(), "machine", "machines"), Shape::Machines, Some(*inside));
        graph.detail(number, short(&nodeset::fold(names)));
    }
}

/// A text that is cut where it gets long.
fn short(text: &str) -> String {
    const LONGEST: usize = 48;
    match text.chars().count() {
        0..=LONGEST => text.to_owned(),
        _ => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

/// The groups that hold machines which are asked for, and, if they are few, these machines.
fn groups(inventory: &Inventory, asked: &BTreeSet<u32>, graph: &mut Graph) {
    let few = asked.len() <= MOST;
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    for (number, group) in (0..).zip(&inventory.groups) {
        let members = inventory.index.group(number).iter().filter(|node| asked.contains(node)).count();
        // Everything is in `all`, which says nothing.
        if members > 0 && group.depth > 0 {
            let node = graph.add(&*group.name, Shape::Group, None);
            graph.detail(node, count(members, "machine", "machines"));
            numbers.insert(number, node);
        }
    }
    let mut machines: HashMap<u32, usize> = HashMap::new();
    for (number, group) in (0..).zip(&inventory.groups) {
        let Some(from) = numbers.get(&number).copied() else { continue };
        let children = group.children.iter().filter_map(|child| numbers.get(child));
        graph.edges.extend(children.map(|to| Edge { from, to: *to, label: String::new() }));
        for node in group.nodes.iter().filter(|node| few && asked.contains(node)) {
            let to = *machines
                .entry(*node)
                .or_insert_with(|| graph.add(inventory.nodes.name(*node), Shape::Machine, None));
            graph.edges.push(Edge { from, to, label: String::new() });
        }
    }
}

impl Graph {
    /// The machines that are in the graph already, by name.
    fn known(&self, inventory: &Inventory, asked: &BTreeSet<u32>) -> HashMap<u32, usize> {
        let names: HashMap<&str, usize> = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.shape == Shape::Machine)
            .map(|(index, node)| (node.label.as_str(), index))
            .collect();
        let grouped = asked.iter().filter(|node| !inventory.index.groups_of(**node).is_empty());
        grouped.filter_map(|node| Some((*node, *names.get(inventory.nodes.name(*node))?))).collect()
    }
}

/// Instances of services with the machines that hold their roles. What comes in are placements as data, each with
/// `machine`, `cluster`, `instance` and `role`.
pub fn services(placements: &Json) -> Graph {
    let mut graph = Graph::default();
    let text = |placement: &Json, key: &str| {
        placement.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    let rows: Vec<[String; 4]> = placements
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| ["instance", "cluster", "machine", "role"].map(|key| text(row, key)))
        .collect();
    let machines: BTreeSet<(&str, &str)> =
        rows.iter().map(|[_, cluster, machine, _]| (&**cluster, &**machine)).collect();
    let few = machines.len() <= MOST && rows.len() <= 3 * MOST;
    let mut instances: BTreeMap<&str, usize> = BTreeMap::new();
    let mut boxes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut targets: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut roles: BTreeMap<(usize, usize), BTreeMap<&str, usize>> = BTreeMap::new();
    for [instance, cluster, machine, role] in &rows {
        let from =
            *instances.entry(instance).or_insert_with(|| graph.add(&**instance, Shape::Instance, None));
        let inside = *boxes.entry(cluster).or_insert_with(|| {
            graph.boxes.push(cluster.clone());
            graph.boxes.len() - 1
        });
        // Of many machines only their cluster is shown.
        let target = if few { &**machine } else { "" };
        let to = *targets.entry((cluster, target)).or_insert_with(|| match few {
            true => graph.add(&**machine, Shape::Machine, Some(inside)),
            false => {
                let of = machines.iter().filter(|(known, _)| known == cluster).count();
                graph.add(count(of, "machine", "machines"), Shape::Machines, Some(inside))
            }
        });
        *roles.entry((from, to)).or_default().entry(role).or_default() += 1;
    }
    for ((from, to), roles) in roles {
        let told = roles.into_iter().map(|(role, times)| match few {
            true => role.to_owned(),
            false if role.is_empty() => times.to_string(),
            false => format!("{role} {times}"),
        });
        let label = told.filter(|role| !role.is_empty()).collect::<Vec<_>>().join(", ");
        graph.edges.push(Edge { from, to, label });
    }
    graph
}

/// Clouds with their blocks and how many machines they have, and the clouds that they reach.
pub fn clouds(inventory: &Inventory, members: &[usize]) -> Graph {
    let mut graph = Graph::default();
    for (cloud, members) in inventory.clouds.iter().zip(members) {
        let node = graph.add(&*cloud.name, Shape::Cloud, None);
        let blocks: Vec<String> = cloud.blocks.iter().map(|(block, _)| block.to_string()).collect();
        let told = [short(&blocks.join(", ")), count(*members, "machine", "machines")];
        graph.detail(node, told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "));
    }
    for (from, cloud) in inventory.clouds.iter().enumerate() {
        let reached: BTreeSet<u32> = cloud.reaches.iter().map(|(to, _)| *to).collect();
        for to in reached.into_iter().map(|to| to as usize).filter(|to| *to < graph.nodes.len()) {
            graph.edges.push(Edge { from, to, label: String::new() });
        }
    }
    graph
}
