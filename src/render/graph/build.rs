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
    let mut boxes: BTreeMap<u32, Option<usize>> = BTreeMap::new();
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
    boxes: &mut BTreeMap<u32, Option<usize>>,
    graph: &mut Graph,
) -> Option<usize> {
    let number = inventory.nodes.cluster.get(node as usize).copied()?;
    let cluster = inventory.clusters.get(number as usize)?;
    *boxes.entry(number).or_insert_with(|| {
        cluster.spot?;
        graph.boxes.push(cluster.name.to_string());
        Some(graph.boxes.len() - 1)
    })
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

/// For each cluster its machines in one node; of many clusters all in one.
fn summaries(
    inventory: &Inventory,
    asked: &BTreeSet<u32>,
    boxes: &BTreeMap<u32, Option<usize>>,
    graph: &mut Graph,
) {
    if boxes.len() > MOST {
        let of = |node: &&u32| {
            inventory.nodes.cluster.get(**node as usize).is_some_and(|cluster| boxes.contains_key(cluster))
        };
        let machines = asked.iter().filter(of).count();
        let names = std::mem::take(&mut graph.boxes);
        let number = graph.add(count(boxes.len(), "cluster", "clusters"), Shape::Machines, None);
        let names = short(&nodeset::fold(names.iter().map(String::as_str)));
        graph.detail(number, format!("{} · {names}", count(machines, "machine", "machines")));
        return;
    }
    for (cluster, inside) in boxes {
        let of = |node: &&u32| inventory.nodes.cluster.get(**node as usize) == Some(cluster);
        let names: Vec<&str> = asked.iter().filter(of).map(|node| inventory.nodes.name(*node)).collect();
        let number = graph.add(count(names.len(), "machine", "machines"), Shape::Machines, *inside);
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

/// The groups that hold machines which are asked for, and, if they are few, these machines. Of many groups the
/// outer ones are shown, and how many are in each of them.
fn groups(inventory: &Inventory, asked: &BTreeSet<u32>, graph: &mut Graph) {
    let few = asked.len() <= MOST;
    let members =
        |number: u32| inventory.index.group(number).iter().filter(|node| asked.contains(node)).count();
    // Everything is in `all`, which says nothing.
    let held: Vec<(u32, usize)> = (0..)
        .zip(&inventory.groups)
        .filter(|(_, group)| group.depth > 0)
        .map(|(number, _)| (number, members(number)))
        .filter(|(_, members)| *members > 0)
        .collect();
    let depth = |number: u32| inventory.groups.get(number as usize).map_or(0, |group| group.depth);
    let mut depths: Vec<u32> = held.iter().map(|(number, _)| depth(*number)).collect();
    depths.sort_unstable();
    // The first depth at which there are too many, if there is one.
    let hidden = depths.get(MOST).copied().unwrap_or(u32::MAX);
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    let (shown, rest): (Vec<_>, Vec<_>) = held.into_iter().partition(|(number, _)| depth(*number) < hidden);
    let name = |number: u32| inventory.groups.get(number as usize).map_or("", |group| &*group.name);
    for (number, members) in shown {
        let node = graph.add(name(number), Shape::Group, None);
        graph.detail(node, count(members, "machine", "machines"));
        numbers.insert(number, node);
    }
    let rest: BTreeSet<u32> = rest.into_iter().map(|(number, _)| number).collect();
    let summary = |graph: &mut Graph, inner: &[u32]| {
        let node = graph.add(count(inner.len(), "group", "groups"), Shape::Group, None);
        graph.detail(node, short(&nodeset::fold(inner.iter().map(|number| name(*number)))));
        node
    };
    if numbers.is_empty() && !rest.is_empty() {
        let outer: Vec<u32> = rest.iter().copied().filter(|number| depth(*number) == hidden).collect();
        summary(graph, &outer);
    }
    let mut machines: HashMap<u32, usize> = HashMap::new();
    for (number, group) in (0..).zip(&inventory.groups) {
        let Some(from) = numbers.get(&number).copied() else { continue };
        let children = group.children.iter().filter_map(|child| numbers.get(child));
        graph.edges.extend(children.map(|to| Edge { from, to: *to, label: String::new() }));
        let inner: Vec<u32> = group.children.iter().copied().filter(|child| rest.contains(child)).collect();
        if !inner.is_empty() {
            let to = summary(graph, &inner);
            graph.edges.push(Edge { from, to, label: String::new() });
        }
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

/// A placement: what has a role, and who.
struct Held {
    service: String,
    instance: String,
    cluster: String,
    machine: String,
    role: String,
}

/// What a node stands for: one, all of a service or a cluster, or all there are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    One,
    Some,
    All,
}

impl Detail {
    /// What tells nodes apart, empty where a node stands for more.
    fn key<'h>(self, outer: &'h str, inner: &'h str) -> (&'h str, &'h str) {
        match self {
            Detail::One => (outer, inner),
            Detail::Some => (outer, ""),
            Detail::All => ("", ""),
        }
    }
}

/// How much a graph of services shows of instances and of machines: the first that can be read.
const DETAILS: [(Detail, Detail); 5] = [
    (Detail::One, Detail::One),
    (Detail::One, Detail::Some),
    (Detail::Some, Detail::Some),
    (Detail::Some, Detail::All),
    (Detail::All, Detail::All),
];

/// How many roles are named at an edge.
const MOST_ROLES: usize = 6;

/// Instances of services with the machines that hold their roles. What comes in are placements as data, each with
/// `machine`, `cluster`, `service`, `instance` and `role`. Of many, services and clusters are shown with their
/// counts.
pub fn services(placements: &Json) -> Graph {
    let rows = placements.as_array().into_iter().flatten().map(|row| {
        let text = |key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        Held {
            service: text("service"),
            instance: text("instance"),
            cluster: text("cluster"),
            machine: text("machine"),
            role: text("role"),
        }
    });
    let rows: Vec<Held> = rows.collect();
    let is_readable = |&(from, to): &(Detail, Detail)| {
        let (mut sources, mut targets, mut edges) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for row in &rows {
            let source = from.key(&row.service, &row.instance);
            let target = to.key(&row.cluster, &row.machine);
            sources.insert(source);
            targets.insert(target);
            edges.insert((source, target));
        }
        sources.len() <= MOST && targets.len() <= MOST && edges.len() <= 3 * MOST
    };
    let details = DETAILS.into_iter().find(is_readable).unwrap_or((Detail::All, Detail::All));
    held(&rows, details)
}

/// The graph of placements, in as much detail.
fn held(rows: &[Held], (from_detail, to_detail): (Detail, Detail)) -> Graph {
    let mut graph = Graph::default();
    let mut sources: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut targets: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut boxes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut instances: BTreeMap<usize, BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut machines: BTreeMap<usize, BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut roles: BTreeMap<(usize, usize), BTreeMap<&str, usize>> = BTreeMap::new();
    for Held { service, instance, cluster, machine, role } in rows {
        let from = *sources.entry(from_detail.key(service, instance)).or_insert_with(|| {
            let label = if from_detail == Detail::One { instance } else { service };
            graph.add(label, Shape::Instance, None)
        });
        let to = *targets.entry(to_detail.key(cluster, machine)).or_insert_with(|| {
            let inside = (to_detail != Detail::All).then(|| {
                *boxes.entry(cluster).or_insert_with(|| {
                    graph.boxes.push(cluster.clone());
                    graph.boxes.len() - 1
                })
            });
            let shape = if to_detail == Detail::One { Shape::Machine } else { Shape::Machines };
            graph.add(machine, shape, inside)
        });
        instances.entry(from).or_default().insert((service, instance));
        machines.entry(to).or_default().insert((cluster, machine));
        *roles.entry((from, to)).or_default().entry(role).or_default() += 1;
    }
    let outer = |held: &BTreeSet<(&str, &str)>| {
        let outer: BTreeSet<&str> = held.iter().map(|(outer, _)| *outer).collect();
        outer.len()
    };
    for (node, held) in instances.iter().filter(|_| from_detail != Detail::One) {
        if from_detail == Detail::All {
            graph.relabel(*node, count(outer(held), "service", "services"));
        }
        // Clusters may have instances of one name each, which are not told apart here.
        if held.len() > 1 {
            graph.detail(*node, count(held.len(), "instance", "instances"));
        }
    }
    for (node, held) in machines.iter().filter(|_| to_detail != Detail::One) {
        graph.relabel(*node, count(held.len(), "machine", "machines"));
        if to_detail == Detail::All {
            graph.detail(*node, format!("in {}", count(outer(held), "cluster", "clusters")));
        }
    }
    let is_each = (from_detail, to_detail) == (Detail::One, Detail::One);
    for ((from, to), roles) in roles {
        let label = match roles.len() {
            // Of many roles their count says more than their names.
            MOST_ROLES.. => count(roles.values().sum(), "role", "roles"),
            _ => role_label(&roles, is_each),
        };
        graph.edges.push(Edge { from, to, label });
    }
    graph
}

/// Roles by name, and how often each where an edge stands for several.
fn role_label(roles: &BTreeMap<&str, usize>, is_each: bool) -> String {
    let told = roles.iter().map(|(role, times)| match (is_each, role.is_empty()) {
        (true, _) => (*role).to_owned(),
        (false, true) => times.to_string(),
        (false, false) => format!("{role} {times}"),
    });
    told.filter(|role| !role.is_empty()).collect::<Vec<_>>().join(", ")
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
