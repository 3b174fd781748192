//! The wrapping of an inventory: what stands around it in a document.
//!
//! In goes a document, out comes a [`Layer`]. People write the inventory bare, as `inventory = …`
//! among Clan's other options, or one level deeper under `clan`. Machines may be registered beside
//! the inventory too, by a folder in `machines/` or by a NixOS configuration in `clan.machines`; Clan
//! treats both as `machines.<name> = {}`.

use super::place::{Path, is_object, key_spot, name};
use super::report::{Owner, Report};
use crate::inventory::document::{Key, Kind, Node};
use crate::inventory::model::Spot;
use crate::syntax::ast::Name;

/// What one document contributes.
#[derive(Default)]
pub(super) struct Layer<'d> {
    /// `machines`
    pub(super) machines: Option<Node<'d>>,
    /// `tags`
    pub(super) tags: Option<Node<'d>>,
    /// `instances`
    pub(super) instances: Option<Node<'d>>,
    /// `services`, of the older API
    pub(super) services: Option<Node<'d>>,
    /// `meta`, also the one beside the inventory, which Clan passes on to the inventory's own.
    pub(super) meta: Vec<Node<'d>>,
    /// Declared modules, beside the inventory.
    pub(super) modules: Option<Node<'d>>,
    /// Machines that are registered outside of the inventory.
    pub(super) registered: Vec<(Name, Spot)>,
}

/// The keys of an inventory.
pub(in crate::dialects) const INVENTORY_KEYS: [&str; 6] =
    ["meta", "machines", "tags", "instances", "services", "modules"];

/// The keys beside an inventory that people write; lists of names that are registered elsewhere come
/// from programs, and are not offered.
const OUTER_KEYS: [&str; 5] = ["inventory", "clan", "modules", "meta", "machines"];

/// Clan's options for building machines, which say nothing about the inventory.
pub(in crate::dialects) const BUILD_KEYS: [&str; 9] = [
    "directory",
    "self",
    "specialArgs",
    "pkgsForSystem",
    "templates",
    "secrets",
    "exports",
    "exportInterfaces",
    "vars",
];

/// Top-level keys of other dialects, and those that every document may have.
const FOREIGN_KEYS: [&str; 10] = [
    "domain",
    "filters",
    "include",
    "clouds",
    "systems",
    "easyMode",
    "clusters",
    "servers",
    "cluster_templates",
    "all",
];

/// Whether a key at the top is another dialect's.
fn is_foreign(key: &str, value: Node<'_>) -> bool {
    FOREIGN_KEYS.contains(&key) || crate::dialects::operations_center::has_key(key, value.kind())
}

/// Finds the inventory in a document.
pub(super) fn read<'d>(report: &mut Report<'d>, root: Node<'d>) -> Layer<'d> {
    let mut layer = Layer::default();
    match root.kind() {
        // An empty file says nothing.
        Kind::Null => return layer,
        Kind::Object => {}
        _ => {
            report.wrong_type(&Owner::Everything, Path::root("inventory"), "an object", root);
            return layer;
        }
    }
    // Who reads the top of the document has seen to keys that stand there twice.
    let entries: Vec<(Key<'d>, Node<'d>)> = root.entries().collect();
    if entries.iter().any(|(key, _)| matches!(&*key.text, "inventory" | "clan")) {
        read_outer(report, entries, None, &mut layer);
    } else {
        read_inventory(report, entries, None, &mut layer);
    }
    layer
}

/// Reads what stands around an inventory, and the inventory.
fn read_outer<'d>(
    report: &mut Report<'d>,
    entries: Vec<(Key<'d>, Node<'d>)>,
    parent: Option<Path<'_>>,
    layer: &mut Layer<'d>,
) {
    let owner = || Owner::Everything;
    for (key, value) in entries {
        let path = parent.as_ref().map_or(Path::root(&key.text), |parent| parent.below(&key.text));
        match &*key.text {
            "inventory" if is_object(value) => {
                let entries = report.entries(owner, value);
                read_inventory(report, entries, Some(path), layer);
            }
            "clan" if parent.is_none() && is_object(value) => {
                let entries = report.entries(owner, value);
                read_outer(report, entries, Some(path), layer);
            }
            "modules" => layer.modules = Some(value),
            "meta" => layer.meta.push(value),
            "machines" if is_object(value) => {
                let names = value.entries().map(|(key, value)| (name(&key.text), key_spot(&key, value)));
                layer.registered.extend(names);
            }
            "inventory" | "machines" => report.wrong_type(&owner(), path, "an object", value),
            "clan" if parent.is_none() => report.wrong_type(&owner(), path, "an object", value),
            "clan_machines" | "machine_directories" => register(report, path, value, layer),
            other if BUILD_KEYS.contains(&other) => {}
            other if parent.is_none() && is_foreign(other, value) => {}
            _ => report.unknown_key(&owner(), parent, &key, value, &OUTER_KEYS),
        }
    }
}

/// Reads the keys of an inventory; one without a parent is the whole document, in which keys of other
/// dialects may stand too.
fn read_inventory<'d>(
    report: &mut Report<'d>,
    entries: Vec<(Key<'d>, Node<'d>)>,
    parent: Option<Path<'_>>,
    layer: &mut Layer<'d>,
) {
    for (key, value) in entries {
        match &*key.text {
            "machines" => layer.machines = Some(value),
            "tags" => layer.tags = Some(value),
            "instances" => layer.instances = Some(value),
            "services" => layer.services = Some(value),
            "meta" => layer.meta.push(value),
            // Clan keeps this option for old files and throws its value away.
            "modules" => {}
            "clan_machines" | "machine_directories" if parent.is_none() => {
                register(report, Path::root(&key.text), value, layer);
            }
            other if parent.is_none() && is_foreign(other, value) => {}
            _ => report.unknown_key(&Owner::Everything, parent, &key, value, &INVENTORY_KEYS),
        }
    }
}

/// Reads a list of names that are registered elsewhere.
fn register(report: &mut Report<'_>, path: Path<'_>, value: Node<'_>, layer: &mut Layer<'_>) {
    if value.kind() != Kind::List {
        report.wrong_type(&Owner::Everything, path, "a list of machine names", value);
        return;
    }
    for item in value.items() {
        match item.as_str() {
            Some(text) => layer.registered.push((name(&text), item.spot())),
            None => report.wrong_element(&Owner::Everything, path, "a machine name", item),
        }
    }
}

/// The names that lead from the top of a document to the inventory in it; nothing where there is none,
/// or the document only registers machines.
pub(super) fn prefix(root: Node<'_>) -> Option<Vec<&'static str>> {
    if root.get("inventory").is_some() {
        return Some(vec!["inventory"]);
    }
    if let Some(clan) = root.get("clan") {
        return clan.get("inventory").is_some().then(|| vec!["clan", "inventory"]);
    }
    let mut keys = root.entries().map(|(key, _)| key.text);
    keys.any(|key| INVENTORY_KEYS.contains(&&*key)).then(Vec::new)
}
