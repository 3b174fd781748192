//! An inventory for Ansible, as JSON that its YAML reader takes.
//!
//! Every host has its variables written out, and those that are one and the same for all hosts stand at `all`,
//! which is what Ansible makes of them again. Groups are those of the inventory; where it has none, tags and
//! clusters are groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::connection::connection;
use super::unwritable;
use crate::diagnostic::Diagnostic;
use crate::engine::Inventory;
use crate::inventory::document::Raw;
use crate::inventory::model;
use crate::value::Name;

/// What is written: values, and objects whose keys stand in order, each once.
enum Written<'w> {
    Value(Json),
    Object(Vec<(&'w str, Written<'w>)>),
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Written::Value(value) => value.serialize(serializer),
            Written::Object(entries) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }),
        }
    }
}

/// A group that is to be written.
#[derive(Default)]
struct Group {
    children: Vec<String>,
    hosts: Vec<String>,
}

/// The inventory of some machines.
pub(in crate::render) fn ansible(inventory: &Inventory, nodes: &[u32]) -> Result<String, Box<Diagnostic>> {
    let model = inventory.model();
    let names = names(model, nodes)?;
    let variables: Vec<BTreeMap<Name, Raw>> = nodes.iter().map(|node| model.laid_variables(*node)).collect();
    let shared = shared(&variables);
    let value = |raw: &Raw| Written::Value(model.node(*raw).map_or(Json::Null, |node| node.to_json()));
    let hosts = nodes.iter().zip(&names).zip(&variables).map(|((node, name), variables)| {
        let own = variables.iter().filter(|(key, _)| !shared.contains_key(*key));
        let mut own: Vec<(&str, Written<'_>)> = own.map(|(key, raw)| (&**key, value(raw))).collect();
        if model.index.groups_of(*node).is_empty() {
            let found = reached(inventory, *node, name).into_iter();
            own.extend(
                found
                    .filter(|(key, _)| !variables.contains_key(*key))
                    .map(|(key, value)| (key, Written::Value(value))),
            );
        }
        (name.as_str(), Written::Object(own))
    });
    let hosts = hosts.collect();
    let mut groups = match model.groups.is_empty() {
        true => tagged(model, nodes, &names),
        false => grouped(model, nodes, &names),
    };
    let mut all = vec![("hosts", Written::Object(hosts))];
    if !shared.is_empty() {
        let shared = shared.iter().map(|(key, raw)| (&**key, value(raw)));
        all.push(("vars", Written::Object(shared.collect())));
    }
    let top = match groups.remove("all") {
        Some(all) => all.children,
        None => groups.keys().cloned().collect(),
    };
    let mut written = BTreeSet::new();
    let children: Vec<(&str, Written<'_>)> =
        top.iter().map(|name| (name.as_str(), group(&groups, name, &mut written))).collect();
    if !children.is_empty() {
        all.push(("children", Written::Object(children)));
    }
    let whole = Written::Object(vec![("all", Written::Object(all))]);
    let text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    Ok(text + "\n")
}

/// The names of the hosts: that of a machine, with its cluster where several clusters have one of the name.
fn names(inventory: &model::Inventory, nodes: &[u32]) -> Result<Vec<String>, Box<Diagnostic>> {
    let mut count: HashMap<&str, u32> = HashMap::new();
    for node in nodes {
        *count.entry(inventory.nodes.name(*node)).or_default() += 1;
    }
    let mut names = Vec::with_capacity(nodes.len());
    for node in nodes {
        let name = inventory.nodes.name(*node);
        // A range, or what no line of an inventory can hold.
        if name.trim() != name || name.is_empty() || name.contains('[') {
            return Err(unwritable(name, "ansible"));
        }
        let cluster =
            inventory.nodes.cluster.get(*node as usize).and_then(|it| inventory.clusters.get(*it as usize));
        match (count.get(name), cluster) {
            (Some(2..), Some(cluster)) => names.push(format!("{name}.{}", cluster.name)),
            _ => names.push(name.to_owned()),
        }
    }
    Ok(names)
}

/// The variables that stand at one place for all hosts, if there are several hosts.
fn shared(variables: &[BTreeMap<Name, Raw>]) -> BTreeMap<Name, Raw> {
    let Some((first, others)) = variables.split_first() else { return BTreeMap::new() };
    if others.is_empty() {
        return BTreeMap::new();
    }
    let mut shared = first.clone();
    for other in others {
        shared.retain(|key, raw| other.get(key) == Some(raw));
        if shared.is_empty() {
            break;
        }
    }
    shared
}

/// How a machine of another system is reached, as variables of Ansible.
fn reached(inventory: &Inventory, node: u32, name: &str) -> Vec<(&'static str, Json)> {
    let connection = connection(inventory, node);
    let host = connection.host.filter(|host| host != name);
    let port =
        connection.port.map(|port| port.parse::<u16>().map_or_else(|_| json!(port), |port| json!(port)));
    let found = [
        ("ansible_host", host.map(Json::from)),
        ("ansible_user", connection.user.map(Json::from)),
        ("ansible_port", port),
    ];
    found.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// The inventory's groups, without those of which no machine is asked for, unless all are.
fn grouped(inventory: &model::Inventory, nodes: &[u32], names: &[String]) -> BTreeMap<String, Group> {
    let asked: HashMap<u32, &String> = nodes.iter().copied().zip(names).collect();
    let whole = asked.len() == inventory.nodes.len();
    let is_kept =
        |group: u32| whole || inventory.index.group(group).iter().any(|node| asked.contains_key(&node));
    let mut groups = BTreeMap::new();
    for (number, group) in (0..).zip(&inventory.groups) {
        if !is_kept(number) {
            continue;
        }
        let children = group.children.iter().filter(|child| is_kept(**child));
        let children = children.filter_map(|child| inventory.groups.get(*child as usize));
        let hosts = group.nodes.iter().filter_map(|node| asked.get(node).map(|name| (*name).clone()));
        groups.insert(
            group.name.to_string(),
            Group {
                children: children.map(|child| child.name.to_string()).collect(),
                hosts: hosts.collect(),
            },
        );
    }
    groups
}

/// Tags and clusters as groups.
fn tagged(inventory: &model::Inventory, nodes: &[u32], names: &[String]) -> BTreeMap<String, Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (node, name) in nodes.iter().zip(names) {
        let tags = inventory.nodes.tags(*node).iter().filter_map(|tag| inventory.tags.get(*tag as usize));
        let cluster =
            inventory.nodes.cluster.get(*node as usize).and_then(|it| inventory.clusters.get(*it as usize));
        let cluster = cluster.filter(|cluster| cluster.spot.is_some());
        let tags = tags.map(|tag| tag.name.to_string());
        for group in tags.chain(cluster.map(|cluster| format!("cluster_{}", cluster.name))) {
            // Every host is in `all` anyway.
            if group != "all" {
                groups.entry(group).or_default().hosts.push(name.clone());
            }
        }
    }
    groups
}

/// A group with all that it holds; what has been written out before is only named.
fn group<'g>(groups: &'g BTreeMap<String, Group>, name: &str, written: &mut BTreeSet<String>) -> Written<'g> {
    let mut object = Vec::new();
    let Some(group) = groups.get(name).filter(|_| written.insert(name.to_owned())) else {
        return Written::Object(object);
    };
    if !group.hosts.is_empty() {
        let hosts = group.hosts.iter().map(|host| (host.as_str(), Written::Object(Vec::new())));
        object.push(("hosts", Written::Object(hosts.collect())));
    }
    if !group.children.is_empty() {
        let children = group.children.iter();
        let children = children.map(|child| {
            let inner = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self::group(groups, child, written));
            (child.as_str(), inner)
        });
        object.push(("children", Written::Object(children.collect())));
    }
    Written::Object(object)
}
