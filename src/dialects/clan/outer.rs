//! The wrapping of an inventory: what stands around it in a document.
//!
//! In goes a document, out comes a [`Layer`]. People write the inventory bare, as `inventory = …`
//! among Clan's other options, or one level deeper under `clan`. Machines may be registered beside
//! the inventory too, by a folder in `machines/` or by a NixOS configuration in `clan.machines`; Clan
//! treats both as `machines.<name> = {}`.

use super::place::{Path, is_object, key_spot, name};
use super::report::{Owner, Report};
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::Spot;
use crate::syntax::ast::Name;

/// What one document contributes.
pub(super) struct Layer<'d> {
    /// The inventory itself.
    pub(super) inventory: Option<Node<'d>>,
    /// Declared modules, beside the inventory.
    pub(super) modules: Option<Node<'d>>,
    /// `meta` beside the inventory; Clan passes it on to the inventory's own.
    pub(super) meta: Option<Node<'d>>,
    /// Machines that are registered outside of the inventory.
    pub(super) registered: Vec<(Name, Spot)>,
    /// Whether the document is an inventory itself, with nothing around it.
    pub(super) bare: bool,
}

/// The keys of an inventory.
pub(super) const INVENTORY_KEYS: [&str; 6] = ["meta", "machines", "tags", "instances", "services", "modules"];

/// The keys beside an inventory that are read.
const OUTER_KEYS: [&str; 7] =
    ["inventory", "clan", "modules", "meta", "machines", "clan_machines", "machine_directories"];

/// Clan's options for building machines, which say nothing about the inventory.
const BUILD_KEYS: [&str; 9] = [
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
const FOREIGN_KEYS: [&str; 9] = [
    "domain",
    "filters",
    "include",
    "clouds",
    "systems",
    "clusters",
    "servers",
    "cluster_templates",
    "all",
];

/// Finds the inventory in a document.
pub(super) fn read<'d>(report: &mut Report<'d>, root: Node<'d>) -> Layer<'d> {
    let mut layer =
        Layer { inventory: None, modules: None, meta: None, registered: Vec::new(), bare: false };
    if !is_object(root) {
        report.wrong_type(&Owner::Everything, Path::root("inventory"), "an object", root);
        return layer;
    }
    let wrapped = root.entries().any(|(key, _)| matches!(&*key.text, "inventory" | "clan"));
    if wrapped {
        read_wrapped(report, root, None, &mut layer);
    } else {
        layer.bare = true;
        layer.inventory = Some(root);
        for (key, value) in root.entries() {
            register(report, &key.text, Path::root(&key.text), value, &mut layer.registered);
        }
    }
    layer
}

/// Whether a key may stand in a bare inventory although it is none of an inventory's own.
pub(super) fn may_stand_beside(key: &str) -> bool {
    matches!(key, "clan_machines" | "machine_directories") || FOREIGN_KEYS.contains(&key)
}

fn read_wrapped<'d>(report: &mut Report<'d>, outer: Node<'d>, parent: Option<Path<'_>>, layer: &mut Layer<'d>) {
    for (key, value) in report.entries(|| Owner::Everything, outer) {
        let path = parent.as_ref().map_or(Path::root(&key.text), |parent| parent.below(&key.text));
        match &*key.text {
            "inventory" => {
                if is_object(value) {
                    layer.inventory = Some(value);
                } else {
                    report.wrong_type(&Owner::Everything, path, "an object", value);
                }
            }
            "clan" if parent.is_none() => {
                if is_object(value) {
                    read_wrapped(report, value, Some(path), layer);
                } else {
                    report.wrong_type(&Owner::Everything, path, "an object", value);
                }
            }
            "modules" => layer.modules = Some(value),
            "meta" => layer.meta = Some(value),
            "machines" => {
                if is_object(value) {
                    let names = value.entries().map(|(key, value)| (name(&key.text), key_spot(&key, value)));
                    layer.registered.extend(names);
                } else {
                    report.wrong_type(&Owner::Everything, path, "an object", value);
                }
            }
            "clan_machines" | "machine_directories" => {
                register(report, &key.text, path, value, &mut layer.registered);
            }
            other if BUILD_KEYS.contains(&other) => {}
            other if parent.is_none() && FOREIGN_KEYS.contains(&other) => {}
            _ => report.unknown_key(&Owner::Everything, parent, &key, value, &OUTER_KEYS),
        }
    }
}

/// Reads a list of names that are registered elsewhere.
fn register(report: &mut Report<'_>, key: &str, path: Path<'_>, value: Node<'_>, registered: &mut Vec<(Name, Spot)>) {
    if !matches!(key, "clan_machines" | "machine_directories") {
        return;
    }
    if value.kind() != Kind::List {
        report.wrong_type(&Owner::Everything, path, "a list of machine names", value);
        return;
    }
    for item in value.items() {
        match item.as_str() {
            Some(text) => registered.push((name(&text), item.spot())),
            None => report.wrong_type(&Owner::Everything, path, "a list of machine names", item),
        }
    }
}
