//! `machines`: which machines there are, and what each says about itself.
//!
//! In go the layers, out come the machines in name order. A machine exists if any layer has it or it
//! is registered outside of the inventory. Besides Clan's own options a machine may have invq's: `ips`,
//! `kind`, `cloud`, `system` and `vars`.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::json;

use super::layers;
use super::outer::Layer;
use super::place::{Path, edit, is_object, is_string_or_null, key_spot, name};
use super::report::{Owner, Report};
use crate::diagnostic::Code;
use crate::dialects::{address_help, is_address};
use crate::inventory::document::{Key, Kind, Node, Raw, duplicate_key};
use crate::inventory::model::{Class, PartKind, Spot};
use crate::syntax::ast::Name;
use crate::text::quoted;

pub(in crate::dialects) const KEYS: [&str; 12] = [
    "tags",
    "description",
    "machineClass",
    "deploy",
    "name",
    "icon",
    "installedAt",
    "ips",
    "kind",
    "cloud",
    "system",
    "vars",
];

pub(in crate::dialects) const DEPLOY_KEYS: [&str; 3] = ["targetHost", "buildHost", "forwardAgent"];

/// A machine, all layers merged.
pub(super) struct Machine<'d> {
    /// Its name.
    pub(super) name: Cow<'d, str>,
    /// Where it is first defined.
    pub(super) spot: Spot,
    /// `machineClass`
    pub(super) class: Class,
    /// Its platform.
    pub(super) system: Option<Name>,
    /// Its tags by number: its own first, later the computed ones too.
    pub(super) tags: Vec<u32>,
    /// What stays in the documents; a kind comes once for each layer that has it.
    pub(super) parts: Vec<(PartKind, Raw)>,
}

/// Machines in name order, and the names of the tags that they carry.
#[derive(Default)]
pub(super) struct Machines<'d> {
    /// By name.
    pub(super) all: Vec<Machine<'d>>,
    /// Names of tags by number, in the order of first use.
    pub(super) tags: TagNames,
}

/// Names of tags by number.
#[derive(Default)]
pub(super) struct TagNames {
    names: Vec<Name>,
    numbers: HashMap<Name, u32>,
}

impl TagNames {
    /// The number of a tag, given out when it is first asked for.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let text = name(text);
        self.names.push(Name::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The number of a tag that some machine carries or the inventory declares.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The name of a tag.
    pub(super) fn name(&self, number: u32) -> Option<&Name> {
        self.names.get(number as usize)
    }

    /// All names by number.
    pub(super) fn names(&self) -> &[Name] {
        &self.names
    }
}

impl<'d> Machines<'d> {
    /// The index of a machine.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.all.binary_search_by(|machine| (*machine.name).cmp(name)).ok()
    }

    /// All names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|machine| &*machine.name)
    }
}

/// One layer's entry of a machine.
struct Written<'d> {
    name: Cow<'d, str>,
    spot: Spot,
    entry: Option<Node<'d>>,
}

/// Reads the machines of all layers.
pub(super) fn read<'d>(report: &mut Report<'d>, layers: &[Layer<'d>]) -> Machines<'d> {
    let mut written: Vec<Written<'d>> = Vec::new();
    let path = Path::root("machines");
    for layer in layers {
        if let Some(machines) = layer.machines {
            if is_object(machines) {
                written.extend(machines.entries().map(|(key, entry)| Written {
                    spot: key_spot(&key, entry),
                    name: key.text,
                    entry: Some(entry),
                }));
            } else {
                let help = edit(path, machines, &json!({ "name": {} }));
                let expected = "an object by machine name";
                report.wrong_type_with(&Owner::Everything, path, expected, machines, Some(help));
            }
        }
    }
    for (name, spot) in layers.iter().flat_map(|layer| &layer.registered) {
        written.push(Written { name: Cow::Owned(name.to_string()), spot: *spot, entry: None });
    }
    // A stable sort keeps the layers of one machine in their order.
    written.sort_by(|left, right| left.name.cmp(&right.name));
    let mut machines = Machines::default();
    for of_one in written.chunk_by(|left, right| left.name == right.name) {
        if let Some(machine) = merge(report, &mut machines.tags, path, of_one) {
            machines.all.push(machine);
        }
    }
    machines
}

/// Merges what the layers say about one machine.
fn merge<'d>(
    report: &mut Report<'d>,
    tags: &mut TagNames,
    parent: Path<'_>,
    written: &[Written<'d>],
) -> Option<Machine<'d>> {
    let first = written.first()?;
    let path = parent.below(&first.name);
    let mut machine = Machine {
        name: first.name.clone(),
        spot: first.spot,
        class: Class::default(),
        system: None,
        tags: Vec::new(),
        parts: Vec::new(),
    };
    let mut earlier: Vec<Node<'d>> = Vec::new();
    for entry in written.iter().filter_map(|written| written.entry) {
        if !is_object(entry) {
            let owner = Owner::Machine(name(&first.name));
            let help = (entry.kind() == Kind::Null).then(|| edit(path, entry, &json!({})));
            report.wrong_type_with(&owner, path, "an object", entry, help);
            machine.parts.push((PartKind::Entry, entry.raw()));
            continue;
        }
        if let Some(before) = earlier.last()
            && before.document().number() == entry.document().number()
        {
            let owner = Owner::Machine(name(&first.name));
            let again =
                written.iter().find(|written| written.entry.is_some_and(|node| node.raw() == entry.raw()));
            let again = again.map_or(first.spot.span, |written| written.spot.span);
            report.add(&owner, duplicate_key(entry.document(), &first.name, first.spot.span, again));
            continue;
        }
        for before in &earlier {
            layers::check(report, &Owner::Machine(name(&first.name)), path, *before, entry);
        }
        earlier.push(entry);
        for (key, value) in report.entries(|| Owner::Machine(name(&first.name)), entry) {
            read_option(report, tags, path, &mut machine, &key, value);
        }
        machine.parts.push((PartKind::Entry, entry.raw()));
    }
    Some(machine)
}

/// Reads one option of a machine.
fn read_option<'d>(
    report: &mut Report<'d>,
    tags: &mut TagNames,
    parent: Path<'_>,
    machine: &mut Machine<'d>,
    key: &Key<'d>,
    value: Node<'d>,
) {
    let path = parent.below(&key.text);
    // Made only where there is something to say: there may be a million machines.
    let owner = |machine: &Machine<'_>| Owner::Machine(name(&machine.name));
    let expected = match &*key.text {
        "tags" => {
            read_tags(report, tags, path, machine, value);
            return;
        }
        "machineClass" => {
            match value.as_str().as_deref() {
                Some("nixos") => machine.class = Class::Nixos,
                Some("darwin") => machine.class = Class::Darwin,
                Some(other) => {
                    let message =
                        format!("expected `nixos` or `darwin` as `{path}`, found {}", quoted(other));
                    let help = Some(edit(path, value, &json!("nixos")));
                    report.error(&owner(machine), Code::InvalidOption, value.spot(), message, help);
                }
                None => report.wrong_type(&owner(machine), path, "`nixos` or `darwin`", value),
            }
            return;
        }
        "deploy" => {
            read_deploy(report, path, machine, value);
            return;
        }
        "name" if value.kind() != Kind::String => "a string",
        "name" => return,
        "description" if is_string_or_null(value) => {
            keep(machine, PartKind::Description, value);
            return;
        }
        "icon" if is_string_or_null(value) => return,
        "description" | "icon" => "a string or `null`",
        "installedAt" if matches!(value.kind(), Kind::Int | Kind::Null) => return,
        "installedAt" => "a whole number of seconds or `null`",
        "system" => match value.as_str() {
            Some(text) => {
                machine.system = Some(name(&text));
                return;
            }
            None => "a string",
        },
        "kind" | "cloud" if value.kind() == Kind::String => {
            let part = if key.text == "kind" { PartKind::Kind } else { PartKind::Cloud };
            keep(machine, part, value);
            return;
        }
        "kind" | "cloud" => "a string",
        "vars" if is_object(value) => {
            keep(machine, PartKind::Vars, value);
            return;
        }
        "vars" => "an object",
        "ips" => {
            read_addresses(report, path, machine, value);
            return;
        }
        _ => {
            report.unknown_key(&owner(machine), Some(parent), key, value, &KEYS);
            return;
        }
    };
    report.wrong_type(&owner(machine), path, expected, value);
}

/// Keeps a part in its document; `null` is as good as nothing.
fn keep(machine: &mut Machine<'_>, part: PartKind, value: Node<'_>) {
    if !value.is_null() {
        machine.parts.push((part, value.raw()));
    }
}

/// Reads addresses by interface: a list of them for each, or a single one.
fn read_addresses(report: &mut Report<'_>, path: Path<'_>, machine: &mut Machine<'_>, value: Node<'_>) {
    let owner = || Owner::Machine(name(&machine.name));
    if !is_object(value) {
        let help = value.as_str().or_else(|| value.items().next().and_then(Node::as_str));
        let help = help.map(|address| edit(path, value, &json!({ "eth0": [address] })));
        report.wrong_type_with(&owner(), path, "lists of addresses by interface", value, help);
        return;
    }
    for (key, addresses) in report.entries(owner, value) {
        let below = path.below(&key.text);
        match addresses.kind() {
            Kind::String => malformed(report, &owner(), below, addresses),
            Kind::List => {
                for address in addresses.items() {
                    match address.kind() {
                        Kind::String => malformed(report, &owner(), below, address),
                        _ => report.wrong_element(&owner(), below, "an address", address),
                    }
                }
            }
            _ => report.wrong_type(&owner(), below, "a list of addresses", addresses),
        }
    }
    machine.parts.push((PartKind::Ips, value.raw()));
}

fn read_tags(
    report: &mut Report<'_>,
    tags: &mut TagNames,
    path: Path<'_>,
    machine: &mut Machine<'_>,
    value: Node<'_>,
) {
    if value.kind() != Kind::List {
        let owner = Owner::Machine(name(&machine.name));
        let help = value.as_str().map(|tag| edit(path, value, &json!([tag])));
        report.wrong_type_with(&owner, path, "a list of strings", value, help);
        return;
    }
    for item in value.items() {
        match item.as_str() {
            Some(tag) => {
                let number = tags.number(&tag);
                if !machine.tags.contains(&number) {
                    machine.tags.push(number);
                }
            }
            None => {
                let owner = Owner::Machine(name(&machine.name));
                report.wrong_element(&owner, path, "a string", item);
            }
        }
    }
}

fn read_deploy(report: &mut Report<'_>, path: Path<'_>, machine: &mut Machine<'_>, value: Node<'_>) {
    let owner = || Owner::Machine(name(&machine.name));
    if !is_object(value) {
        report.wrong_type(&owner(), path, "an object", value);
        return;
    }
    for (key, option) in report.entries(owner, value) {
        let below = path.below(&key.text);
        match &*key.text {
            "targetHost" | "buildHost" if is_string_or_null(option) => {}
            "targetHost" | "buildHost" => report.wrong_type(&owner(), below, "a string or `null`", option),
            "forwardAgent" if matches!(option.kind(), Kind::Bool | Kind::Null) => {}
            "forwardAgent" => report.wrong_type(&owner(), below, "a boolean or `null`", option),
            _ => report.unknown_key(&owner(), Some(path), &key, option, &DEPLOY_KEYS),
        }
    }
    machine.parts.push((PartKind::Deployment, value.raw()));
}

/// Reports a string that is no address.
fn malformed(report: &mut Report<'_>, owner: &Owner, path: Path<'_>, address: Node<'_>) {
    let Some(text) = address.as_str().filter(|text| !is_address(text)) else { return };
    let message = format!("expected an address in `{path}`, found {}", quoted(&text));
    report.error(owner, Code::InvalidOption, address.spot(), message, address_help(&text));
}
