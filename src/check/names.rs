//! Looking up the names in strings: `tag "web"`, `hostname "jon"`, `clusters.lab`.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::Inventory;
use crate::syntax::ast::Name;
use crate::text::{Source, did_you_mean, list_or, nearest, quoted};
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
    let name = asked.name;
    match asked.kind {
        NameKind::Machine | NameKind::Vm => unknown_node(asked, inventory),
        NameKind::Source => unknown_node(&Asked { home: None, ..*asked }, inventory),
        NameKind::Tag => inventory.find_tag(name).is_none().then(|| {
            let known: Vec<&str> = inventory.tags.iter().map(|tag| &*tag.name).collect();
            let base =
                Diagnostic::error(Code::UnknownTag, format!("no machine carries the tag {}", quoted(name)));
            let machine = !nodes_called(inventory, name).is_empty();
            match (did_you_mean(name, known.iter().copied()), machine) {
                (_, true) => base.help(format!("a machine is called so: write `hostname \"{name}\"`")),
                (Some(help), false) => base.help(help),
                (None, false) => base.help(known_help("tags", known.iter().copied(), known.len())),
            }
        }),
        NameKind::Cluster => {
            among(asked, "clusters", inventory.clusters.iter().map(|cluster| &*cluster.name))
        }
        NameKind::Service => {
            let services = &inventory.services;
            among_many(
                asked,
                "services",
                services.iter().flat_map(|service| [&*service.id, &*service.name]),
                services.len(),
            )
        }
        NameKind::Instance => {
            among(asked, "instances", inventory.instances.iter().map(|instance| &*instance.name))
        }
        NameKind::Role => {
            let instances: Vec<_> = inventory
                .instances
                .iter()
                .filter(|instance| asked.instance.is_none_or(|name| instance.name == *name))
                .collect();
            if instances.is_empty() {
                return None;
            }
            among(
                asked,
                "roles",
                instances.into_iter().flat_map(|instance| instance.roles.iter().map(|role| &*role.name)),
            )
        }
        NameKind::System => among(asked, "systems", inventory.systems.iter().map(|system| &**system)),
        NameKind::Class => among(asked, "classes", ["nixos", "darwin"].into_iter()),
        NameKind::Kind => among(asked, "kinds", ["physical", "virtual"].into_iter()),
        NameKind::Group => among(asked, "groups", inventory.groups.iter().map(|group| &*group.name)),
        NameKind::Cloud => among(asked, "clouds", inventory.clouds.iter().map(|cloud| &*cloud.name)),
        NameKind::Table => among(asked, "tables", crate::operations::words::TABLES.into_iter()),
        NameKind::Unit => among(asked, "units", crate::builtins::UNITS.into_iter()),
    }
}

fn among<'n>(
    asked: &Asked<'_>,
    plural: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Option<Diagnostic> {
    let mut names: Vec<&str> = known.clone().collect();
    names.sort_unstable();
    names.dedup();
    among_many(asked, plural, known, names.len())
}

/// As [`among`], where things that have several names are `count`.
fn among_many<'n>(
    asked: &Asked<'_>,
    plural: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    count: usize,
) -> Option<Diagnostic> {
    let name = asked.name;
    if known.clone().any(|known| known == name) {
        return None;
    }
    let help = did_you_mean(name, known.clone()).unwrap_or_else(|| known_help(plural, known, count));
    Some(
        Diagnostic::error(Code::UnknownName, format!("no {} is called {}", asked.kind.word(), quoted(name)))
            .help(help),
    )
}

fn known_help<'n>(plural: &str, known: impl Iterator<Item = &'n str>, count: usize) -> String {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    match known.as_slice() {
        [] => format!("the inventory has no {plural}"),
        few if few.len() <= 10 => format!("the {plural} are {}", crate::text::list_and(few)),
        _ => match listing(plural) {
            Some(listing) => format!("the inventory has {count} {plural}; `{listing}` lists them"),
            None => format!("the inventory has {count} {plural}"),
        },
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

fn nodes_called(inventory: &Inventory, name: &str) -> Vec<u32> {
    inventory.find_nodes(name).collect()
}

fn unknown_node(asked: &Asked<'_>, inventory: &Inventory) -> Option<Diagnostic> {
    let name = asked.name;
    let wanted_vm = asked.kind == NameKind::Vm;
    let found: Vec<u32> = nodes_called(inventory, name)
        .into_iter()
        .filter(|node| !wanted_vm || inventory.is_vm(*node))
        .collect();
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
    if inventory.tags.iter().any(|tag| &*tag.name == name) {
        return Some(base.help(format!("a tag is called so: write `tag \"{name}\"`")));
    }
    let known = (0..inventory.nodes.len() as u32).map(|node| inventory.nodes.name(node));
    let near = nearest(name, known);
    let help = if near.is_empty() {
        "`machines` lists them; `optional (…)` allows a name that is not there".to_owned()
    } else {
        format!("did you mean {}?", list_or(&near))
    };
    Some(base.help(help))
}
