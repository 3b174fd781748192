//! Looking up the names in strings: `tag "web"`, `hostname "jon"`, `clusters.lab`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::{Inventory, Role};
use crate::syntax::ast::Name;
use crate::syntax::format::quote_string;
use crate::text::{Source, did_you_mean, nearest, quoted};
use crate::types::tir::{NameKind, NamedString};

/// Looks up every literal that names something; `cluster` is the one in which names of machines must
/// exist, where the expression stands in a service of a cluster.
pub fn check(
    names: &[NamedString],
    source: &Arc<Source>,
    inventory: &Inventory,
    cluster: Option<u32>,
) -> Vec<Diagnostic> {
    names
        .iter()
        .filter(|named| !named.optional)
        .filter_map(|named| {
            let home = match &named.cluster {
                Some(name) => {
                    inventory.clusters.iter().position(|known| known.name == *name).map(|at| at as u32)
                }
                None => cluster,
            };
            let place =
                Asked { kind: named.kind, name: &named.name, home, instance: named.instance.as_ref() };
            unknown(&place, inventory)
                .map(|diagnostic| diagnostic.at(source, named.span, "not in the inventory"))
        })
        .collect()
}

/// A name that is asked for, and where.
pub struct Asked<'a> {
    /// What it should name.
    pub kind: NameKind,
    /// The name.
    pub name: &'a str,
    /// The cluster in which it must exist.
    pub home: Option<u32>,
    /// The instance of a role.
    pub instance: Option<&'a Name>,
}

/// The mistake, without a place, where the inventory does not have what is asked for.
pub fn unknown(asked: &Asked<'_>, inventory: &Inventory) -> Option<Diagnostic> {
    let mut diagnostic = unknown_of_kind(asked, inventory)?;
    if let Some(other) = another_kind(asked, inventory) {
        diagnostic.help = Some(other);
    }
    Some(diagnostic)
}

/// What of another kind is called so.
fn another_kind(asked: &Asked<'_>, inventory: &Inventory) -> Option<String> {
    let name = asked.name;
    if asked.kind == NameKind::Instance {
        let has_role = |roles: &[Role]| roles.iter().any(|role| &*role.name == name);
        if let Some(instance) = inventory.instances.iter().find(|instance| has_role(&instance.roles)) {
            let (instance, name) = (quote_string(&instance.name), quote_string(name));
            return Some(format!("a role is called so: write `role {instance} {name}`"));
        }
    }
    let mut nodes = inventory.find_nodes(name);
    let machine = match asked.kind {
        // One that is in another cluster is told with that.
        NameKind::Machine if nodes.next().is_some() => return None,
        NameKind::Vm if nodes.any(|node| inventory.is_vm(node)) => return None,
        NameKind::Machine => false,
        NameKind::Vm => inventory.find_nodes(name).next().is_some(),
        NameKind::Tag
        | NameKind::Cluster
        | NameKind::Group
        | NameKind::Cloud
        | NameKind::Service
        | NameKind::Instance
        | NameKind::System => nodes.next().is_some(),
        // Roles and the words of these kinds are called as other things are.
        NameKind::Source
        | NameKind::Role
        | NameKind::Class
        | NameKind::Kind
        | NameKind::Table
        | NameKind::Row
        | NameKind::Unit => return None,
    };
    let of_kind = [
        (machine, "machine", "hostname"),
        (inventory.find_tag(name).is_some(), "tag", "tag"),
        (inventory.find_cluster(name).is_some(), "cluster", "cluster"),
        (inventory.groups.iter().any(|group| &*group.name == name), "group", "group"),
        (inventory.clouds.iter().any(|cloud| &*cloud.name == name), "cloud", "cloud"),
        // A service whose selectors ask for itself would need itself.
        (
            asked.home.is_none() && inventory.services.iter().any(|service| &*service.name == name),
            "service",
            "service",
        ),
        (inventory.systems.iter().any(|system| &**system == name), "system", "system"),
    ];
    let (_, word, filter) = of_kind.into_iter().find(|(is_called, _, _)| *is_called)?;
    Some(format!("a {word} is called so: write `{filter} {}`", quote_string(name)))
}

fn unknown_of_kind(asked: &Asked<'_>, inventory: &Inventory) -> Option<Diagnostic> {
    let name = asked.name;
    match asked.kind {
        NameKind::Machine | NameKind::Vm => return unknown_node(asked, inventory),
        NameKind::Source => return unknown_node(&Asked { home: None, ..*asked }, inventory),
        NameKind::Tag if inventory.find_tag(name).is_some() => return None,
        _ => {}
    }
    let (plural, mut known) = names_of(asked, inventory);
    let said = if asked.kind == NameKind::Kind { inventory.kinds_said() } else { BTreeSet::new() };
    known.extend(said.iter().map(|kind| &**kind));
    // Nothing is known of the roles of an instance that is not there.
    if known.contains(&name) || (asked.kind == NameKind::Role && known.is_empty()) {
        return None;
    }
    let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| {
        let count = match asked.kind {
            // Each has two names.
            NameKind::Service => inventory.services.len(),
            _ => known.iter().collect::<HashSet<_>>().len(),
        };
        known_help(plural, known, count)
    });
    let diagnostic = match asked.kind {
        NameKind::Tag => {
            Diagnostic::error(Code::UnknownTag, format!("no machine carries the tag {}", quoted(name)))
        }
        kind => {
            Diagnostic::error(Code::UnknownName, format!("no {} is called {}", kind.word(), quoted(name)))
        }
    };
    Some(diagnostic.help(help))
}

/// The names of a kind that are near to the one that is asked for.
pub fn near<'i>(asked: &Asked<'_>, inventory: &'i Inventory) -> Vec<&'i str> {
    nearest(asked.name, names_of(asked, inventory).1)
}

/// What things of a kind are called together, and the name of each.
fn names_of<'i>(asked: &Asked<'_>, inventory: &'i Inventory) -> (&'static str, Vec<&'i str>) {
    match asked.kind {
        NameKind::Machine | NameKind::Vm | NameKind::Source => {
            let nodes = 0..inventory.nodes.len() as u32;
            let nodes = nodes.filter(|node| asked.kind != NameKind::Vm || inventory.is_vm(*node));
            ("machines", nodes.map(|node| inventory.nodes.name(node)).collect())
        }
        NameKind::Tag => ("tags", inventory.tags.iter().map(|tag| &*tag.name).collect()),
        NameKind::Cluster => ("clusters", inventory.clusters.iter().map(|cluster| &*cluster.name).collect()),
        NameKind::Service => {
            let services = inventory.services.iter();
            ("services", services.flat_map(|service| [&*service.id, &*service.name]).collect())
        }
        NameKind::Instance => {
            ("instances", inventory.instances.iter().map(|instance| &*instance.name).collect())
        }
        NameKind::Role => {
            let instances = inventory.instances.iter();
            let instances =
                instances.filter(|instance| asked.instance.is_none_or(|name| instance.name == *name));
            let roles = instances.flat_map(|instance| instance.roles.iter().map(|role| &*role.name));
            ("roles", roles.collect())
        }
        NameKind::System => ("systems", inventory.systems.iter().map(|system| &**system).collect()),
        NameKind::Class => ("classes", vec!["nixos", "darwin"]),
        NameKind::Kind => ("kinds", vec!["physical", "virtual"]),
        NameKind::Group => ("groups", inventory.groups.iter().map(|group| &*group.name).collect()),
        NameKind::Cloud => ("clouds", inventory.clouds.iter().map(|cloud| &*cloud.name).collect()),
        NameKind::Table => ("tables", crate::operations::words::TABLES.to_vec()),
        NameKind::Row => ("kinds of rows", crate::operations::words::KINDS.to_vec()),
        NameKind::Unit => ("units", crate::builtins::UNITS.to_vec()),
    }
}

fn known_help(plural: &str, mut known: Vec<&str>, count: usize) -> String {
    known.sort_unstable();
    known.dedup();
    match known.as_slice() {
        [] => format!("the inventory has no {plural}"),
        [only] => format!("the only {} is {}", singular(plural), quoted(only)),
        few if few.len() <= 10 => format!("the {plural} are {}", crate::text::list_and(few)),
        _ => match listing(plural) {
            Some(listing) => format!("the inventory has {count} {plural}; `{listing}` lists them"),
            None => format!("the inventory has {count} {plural}"),
        },
    }
}

fn singular(plural: &str) -> &str {
    match plural {
        "classes" => "class",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    }
}

/// The query that lists all things of a kind.
fn listing(plural: &str) -> Option<&'static str> {
    Some(match plural {
        "services" => "attrNames services",
        "instances" => "attrNames instances",
        "clusters" => "attrNames clusters",
        "tags" => "attrNames tags",
        "clouds" => "attrNames clouds",
        "groups" => "attrNames groups",
        "systems" => "unique (map (m: m.system) machines)",
        _ => return None,
    })
}

fn unknown_node(asked: &Asked<'_>, inventory: &Inventory) -> Option<Diagnostic> {
    let name = asked.name;
    let wanted_vm = asked.kind == NameKind::Vm;
    let found: Vec<u32> =
        inventory.find_nodes(name).filter(|node| !wanted_vm || inventory.is_vm(*node)).collect();
    let here =
        |node: &u32| asked.home.is_none_or(|home| inventory.nodes.cluster.get(*node as usize) == Some(&home));
    if found.iter().any(here) {
        return None;
    }
    let word = asked.kind.word();
    if let (Some(first), Some(home)) = (found.first(), asked.home) {
        let cluster_name = |cluster: u32| {
            inventory
                .clusters
                .get(cluster as usize)
                .map_or_else(String::new, |cluster| cluster.name.to_string())
        };
        let elsewhere = cluster_name(inventory.nodes.cluster.get(*first as usize).copied().unwrap_or(0));
        return Some(
            Diagnostic::error(
                Code::UnknownMachine,
                format!(
                    "no {word} in the cluster {} is called {}: it is in {}",
                    quoted(&cluster_name(home)),
                    quoted(name),
                    quoted(&elsewhere)
                ),
            )
            .help(format!("write `inCluster \"{elsewhere}\" (hostname \"{name}\")`")),
        );
    }
    let base = Diagnostic::error(Code::UnknownMachine, format!("no {word} is called {}", quoted(name)));
    // `jon.local`: the machine is known by the first part, or by the whole of it.
    if let Some(short) = name.split_once('.').map(|(short, _)| short).filter(|short| !short.is_empty())
        && inventory.find_nodes(short).next().is_some()
    {
        return Some(base.help(format!("did you mean {}?", quoted(short))));
    }
    let known = || (0..inventory.nodes.len() as u32).map(|node| inventory.nodes.name(node));
    let listed = || match inventory.nodes.len() {
        1..=10 => known_help("machines", known().collect(), inventory.nodes.len()),
        _ => "`machines` lists them; `optional (…)` allows a name that is not there".to_owned(),
    };
    Some(base.help(did_you_mean(name, known()).unwrap_or_else(listed)))
}
