//! Filters resolved set at a time give what their definitions give node by node.

use std::collections::BTreeSet;

use invq::{Engine, Input, Inventory};
use proptest::prelude::*;

use super::Choices;

const CLUSTERS: [&str; 3] = ["east", "north", "west"];
const NAMES: [&str; 6] = ["a1", "a2", "b1", "b2", "c", "d.e"];
const TAGS: [&str; 3] = ["db", "web", "x"];
const SYSTEMS: [&str; 2] = ["aarch64-linux", "x86_64-linux"];

/// A node, by the numbers of its cluster and name.
type Id = (usize, usize);

struct Node {
    id: Id,
    is_vm: bool,
    tags: Vec<usize>,
    system: usize,
}

impl Node {
    fn path(&self) -> String {
        let name = NAMES[self.id.1];
        let name = if name.contains('.') { format!("\"{name}\"") } else { name.to_owned() };
        let kind = if self.is_vm { "vms" } else { "machines" };
        format!("domain.clusters.{}.{kind}.{name}", CLUSTERS[self.id.0])
    }
}

enum Filter {
    All,
    None,
    Machines,
    Vms,
    Nodes,
    Named(usize),
    Vm(usize),
    Tag(usize),
    Cluster(usize),
    System(usize),
    Glob(char),
    WhereTag(usize),
    WhereCluster(usize),
    Path(usize),
    Function(usize),
    Not(Box<Filter>),
    And(Vec<Filter>),
    Or(Vec<Filter>),
    List(Vec<Filter>),
    InCluster(usize, Box<Filter>),
    Optional(Box<Filter>),
}

fn nodes(choices: &mut Choices<'_>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for cluster in 0..CLUSTERS.len() {
        for name in 0..NAMES.len() {
            let kind = choices.below(4);
            if kind == 3 {
                continue;
            }
            let tags = (0..TAGS.len()).filter(|_| choices.below(3) == 0).collect();
            let system = choices.below(SYSTEMS.len());
            nodes.push(Node { id: (cluster, name), is_vm: kind == 2, tags, system });
        }
    }
    nodes
}

fn filter(choices: &mut Choices<'_>, nodes: &[Node], depth: usize) -> Filter {
    let kind = choices.below(if depth == 0 { 15 } else { 25 });
    let several = |choices: &mut Choices<'_>| {
        let count = 2 + choices.below(3);
        (0..count).map(|_| filter(choices, nodes, depth - 1)).collect()
    };
    let one = |choices: &mut Choices<'_>| Box::new(filter(choices, nodes, depth - 1));
    match kind {
        0 => Filter::All,
        1 => Filter::None,
        2 => Filter::Machines,
        3 => Filter::Vms,
        4 => Filter::Nodes,
        5 => Filter::Named(choices.below(NAMES.len())),
        6 => Filter::Vm(choices.below(NAMES.len())),
        7 => Filter::Tag(choices.below(TAGS.len())),
        8 => Filter::Cluster(choices.below(CLUSTERS.len())),
        9 => Filter::System(choices.below(SYSTEMS.len())),
        10 => Filter::Glob(if choices.below(2) == 0 { 'a' } else { 'b' }),
        11 => Filter::WhereTag(choices.below(TAGS.len())),
        12 => Filter::WhereCluster(choices.below(CLUSTERS.len())),
        13 | 14 if nodes.is_empty() => Filter::None,
        13 => Filter::Path(choices.below(nodes.len())),
        14 => Filter::Function(choices.below(nodes.len())),
        15 | 16 => Filter::Not(one(choices)),
        17..=19 => Filter::And(several(choices)),
        20 | 21 => Filter::Or(several(choices)),
        22 => Filter::List(several(choices)),
        23 => Filter::InCluster(choices.below(CLUSTERS.len()), one(choices)),
        _ => Filter::Optional(one(choices)),
    }
}

/// The filter as text.
fn written(filter: &Filter, nodes: &[Node]) -> String {
    let all = |parts: &[Filter], operator: &str| {
        let parts: Vec<String> = parts.iter().map(|part| written(part, nodes)).collect();
        parts.join(operator)
    };
    match filter {
        Filter::All => "all".to_owned(),
        Filter::None => "none".to_owned(),
        Filter::Machines => "clusterMachines".to_owned(),
        Filter::Vms => "clusterVms".to_owned(),
        Filter::Nodes => "clusterNodes".to_owned(),
        Filter::Named(name) => format!("(hostname {:?})", NAMES[*name]),
        Filter::Vm(name) => format!("(vmName {:?})", NAMES[*name]),
        Filter::Tag(tag) => format!("(tag {:?})", TAGS[*tag]),
        Filter::Cluster(cluster) => format!("(cluster {:?})", CLUSTERS[*cluster]),
        Filter::System(system) => format!("(system {:?})", SYSTEMS[*system]),
        Filter::Glob(first) => format!("(glob \"{first}*\")"),
        Filter::WhereTag(tag) => format!("(where (m: elem {:?} m.tags))", TAGS[*tag]),
        Filter::WhereCluster(cluster) => format!("(where (m: m.cluster == {:?}))", CLUSTERS[*cluster]),
        Filter::Path(node) => format!("(path {:?})", nodes[*node].path()),
        Filter::Function(node) => format!("(c: cfg: [ {:?} ])", nodes[*node].path()),
        Filter::Not(inner) => format!("(!{})", written(inner, nodes)),
        Filter::And(parts) => format!("({})", all(parts, " && ")),
        Filter::Or(parts) => format!("({})", all(parts, " || ")),
        Filter::List(parts) => format!("[ {} ]", all(parts, " ")),
        Filter::InCluster(cluster, inner) => {
            format!("(inCluster {:?} {})", CLUSTERS[*cluster], written(inner, nodes))
        }
        Filter::Optional(inner) => format!("(optional {})", written(inner, nodes)),
    }
}

/// What the filter gives in a cluster.
fn resolved(filter: &Filter, cluster: usize, nodes: &[Node]) -> BTreeSet<Id> {
    let here = |holds: &dyn Fn(&Node) -> bool| -> BTreeSet<Id> {
        nodes.iter().filter(|node| node.id.0 == cluster && holds(node)).map(|node| node.id).collect()
    };
    match filter {
        Filter::All | Filter::Nodes => here(&|_| true),
        Filter::None => BTreeSet::new(),
        Filter::Machines => here(&|node| !node.is_vm),
        Filter::Vms => here(&|node| node.is_vm),
        Filter::Named(name) => here(&|node| node.id.1 == *name),
        Filter::Vm(name) => here(&|node| node.id.1 == *name && node.is_vm),
        Filter::Tag(tag) | Filter::WhereTag(tag) => here(&|node| node.tags.contains(tag)),
        Filter::Cluster(wanted) | Filter::WhereCluster(wanted) => here(&|node| node.id.0 == *wanted),
        Filter::System(system) => here(&|node| node.system == *system),
        Filter::Glob(first) => here(&|node| NAMES[node.id.1].starts_with(*first)),
        Filter::Path(node) | Filter::Function(node) => BTreeSet::from([nodes[*node].id]),
        Filter::Not(inner) => {
            let inner = resolved(inner, cluster, nodes);
            here(&|node| !inner.contains(&node.id))
        }
        Filter::And(parts) => {
            let parts = parts.iter().map(|part| resolved(part, cluster, nodes));
            parts.reduce(|left, right| &left & &right).unwrap_or_default()
        }
        Filter::Or(parts) | Filter::List(parts) => {
            parts.iter().flat_map(|part| resolved(part, cluster, nodes)).collect()
        }
        Filter::InCluster(other, inner) => resolved(inner, *other, nodes),
        Filter::Optional(inner) => resolved(inner, cluster, nodes),
    }
}

fn inventory(nodes: &[Node]) -> Inventory {
    let mut clusters = serde_json::Map::new();
    for (index, cluster) in CLUSTERS.iter().enumerate() {
        let of_kind = |is_vm: bool| {
            let nodes = nodes.iter().filter(|node| node.id.0 == index && node.is_vm == is_vm);
            let nodes = nodes.map(|node| {
                let tags: Vec<&str> = node.tags.iter().map(|tag| TAGS[*tag]).collect();
                let data = serde_json::json!({ "tags": tags, "system": SYSTEMS[node.system] });
                (NAMES[node.id.1].to_owned(), data)
            });
            serde_json::Value::Object(nodes.collect())
        };
        let data = serde_json::json!({ "machines": of_kind(false), "vms": of_kind(true) });
        clusters.insert((*cluster).to_owned(), data);
    }
    let data = serde_json::json!({ "domain": { "suffix": "example.org", "clusters": clusters } });
    Engine::default().load(vec![Input::text("random.json", data.to_string())]).expect("it loads")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn sets_are_what_the_definitions_give(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut choices = Choices::new(&bytes);
        let nodes = nodes(&mut choices);
        let inventory = inventory(&nodes);
        for _ in 0..8 {
            let filter = filter(&mut choices, &nodes, 4);
            // Names that are nowhere are no part of what is tried here.
            let text = format!("optional {}", written(&filter, &nodes));
            let query = Engine::default().compile(&text, &inventory);
            let query = query.map_err(|mistakes| TestCaseError::fail(format!("{text}: {mistakes:?}")))?;
            let found = query.machines(&inventory);
            let found = found.map_err(|mistake| TestCaseError::fail(format!("{text}: {mistake:?}")))?;
            let model = inventory.model();
            let found: Vec<String> = found.iter().map(|node| model.node_path(*node)).collect();
            let wanted: BTreeSet<Id> =
                (0..CLUSTERS.len()).flat_map(|cluster| resolved(&filter, cluster, &nodes)).collect();
            let wanted: Vec<String> =
                nodes.iter().filter(|node| wanted.contains(&node.id)).map(Node::path).collect();
            prop_assert_eq!(found, wanted, "{}", text);
        }
    }
}
