//! `instances`: services of the current API.
//!
//! In go the layers, out come the instances by name. In each role `machines` is an object by machine
//! name, `tags` an object by tag or a list of tags, and `select` (invq's own) a filter; who is selected
//! twice is one member.

use std::collections::BTreeMap;

use serde_json::json;

use super::instance::{Instance, Role};
use super::outer::Layer;
use super::place::{Path, edit, is_object, key_spot, name};
use super::report::{Owner, Report};
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::MemberOrder;
use crate::syntax::ast::Name;
use crate::text::quoted;

pub(in crate::dialects) const INSTANCE_KEYS: [&str; 2] = ["module", "roles"];
pub(in crate::dialects) const MODULE_KEYS: [&str; 2] = ["name", "input"];
pub(in crate::dialects) const ROLE_KEYS: [&str; 5] =
    ["machines", "tags", "settings", "select", "extraModules"];

/// Reads the instances of all layers.
pub(super) fn read<'d>(report: &mut Report<'d>, layers: &[Layer<'d>]) -> BTreeMap<Name, Instance<'d>> {
    let path = Path::root("instances");
    let mut instances = BTreeMap::new();
    for written in layers.iter().filter_map(|layer| layer.instances) {
        if !is_object(written) {
            report.wrong_type(&Owner::Everything, path, "an object by instance name", written);
            continue;
        }
        for (key, entry) in report.entries(|| Owner::Everything, written) {
            let known = name(&key.text);
            let instance = instances
                .entry(Name::clone(&known))
                .or_insert_with(|| Instance::new((None, known), key_spot(&key, entry)));
            read_instance(report, path.below(&key.text), instance, entry);
        }
    }
    instances
}

fn read_instance<'d>(report: &mut Report<'d>, path: Path<'_>, instance: &mut Instance<'d>, entry: Node<'d>) {
    let owner = instance.owner();
    if !is_object(entry) {
        report.wrong_type(&owner, path, "an object", entry);
        return;
    }
    for (key, value) in report.entries(|| owner.clone(), entry) {
        let below = path.below(&key.text);
        match &*key.text {
            "module" => read_module(report, below, instance, value),
            "roles" => instance.read_roles(report, below, value, MemberOrder::Sorted, read_role),
            _ => report.unknown_key(&owner, Some(path), &key, value, &INSTANCE_KEYS),
        }
    }
    instance.entries.push(entry);
}

/// Reads which module the instance is of; without a name it is the one called as the instance.
fn read_module<'d>(report: &mut Report<'d>, path: Path<'_>, instance: &mut Instance<'d>, module: Node<'d>) {
    let owner = instance.owner();
    if !is_object(module) {
        let help = module.as_str().map(|text| edit(path, module, &json!({ "name": text })));
        report.wrong_type_with(&owner, path, "an object with `name` and `input`", module, help);
        return;
    }
    instance.check_earlier(report, path, "module", module);
    for (key, value) in report.entries(|| owner.clone(), module) {
        let below = path.below(&key.text);
        match (&*key.text, value.as_str()) {
            ("name", Some(text)) => {
                instance.module = name(&text);
                instance.module_spot = value.spot();
            }
            ("name", None) => report.wrong_type(&owner, below, "a string", value),
            ("input", Some(text)) => {
                instance.input = Some(name(&text));
                instance.input_spot = value.spot();
            }
            ("input", None) if value.is_null() => {}
            ("input", None) => report.wrong_type(&owner, below, "a string or `null`", value),
            _ => report.unknown_key(&owner, Some(path), &key, value, &MODULE_KEYS),
        }
    }
}

fn read_role<'d>(
    report: &mut Report<'d>,
    owner: &Owner,
    path: Path<'_>,
    role: &mut Role<'d>,
    entry: Node<'d>,
) {
    if !is_object(entry) {
        report.wrong_type(owner, path, "an object", entry);
        return;
    }
    for (key, value) in report.entries(|| owner.clone(), entry) {
        let below = path.below(&key.text);
        match &*key.text {
            "machines" => read_machines(report, owner, below, role, value),
            "tags" => read_tags(report, owner, below, role, value),
            "select" => role.read_select(report, owner, below, value),
            "settings" => read_settings(report, owner, below, &mut role.settings, value),
            "extraModules" if value.kind() == Kind::List => role.extra_modules.push(value.raw()),
            "extraModules" => report.wrong_type(owner, below, "a list", value),
            "config" => report.renamed_key(owner, path, &key, value, "settings"),
            _ => report.unknown_key(owner, Some(path), &key, value, &ROLE_KEYS),
        }
    }
}

fn read_machines<'d>(
    report: &mut Report<'d>,
    owner: &Owner,
    path: Path<'_>,
    role: &mut Role<'d>,
    value: Node<'d>,
) {
    if !is_object(value) {
        let help = as_keys(path, value);
        report.wrong_type_with(owner, path, "an object by machine name", value, help);
        return;
    }
    for (key, member) in report.entries(|| owner.clone(), value) {
        if let Some(selected) = role.add_machine(&key.text, key_spot(&key, member)) {
            read_member(report, owner, path.below(&key.text), &mut selected.settings, member);
        }
    }
}

fn read_tags<'d>(
    report: &mut Report<'d>,
    owner: &Owner,
    path: Path<'_>,
    role: &mut Role<'d>,
    value: Node<'d>,
) {
    match value.kind() {
        Kind::Object => {
            for (key, member) in report.entries(|| owner.clone(), value) {
                if let Some(selected) = role.add_tag(&key.text, key_spot(&key, member)) {
                    read_member(report, owner, path.below(&key.text), &mut selected.settings, member);
                }
            }
        }
        Kind::List => {
            for item in value.items() {
                match item.as_str() {
                    Some(tag) => {
                        role.add_tag(&tag, item.spot());
                    }
                    None => report.wrong_element(owner, path, "a tag", item),
                }
            }
        }
        _ => {
            let help = value.as_str().map(|tag| edit(path, value, &json!([tag])));
            report.wrong_type_with(owner, path, "a list of tags or an object by tag", value, help);
        }
    }
}

/// Reads what stands behind a machine or tag of a role: nothing but settings.
fn read_member<'d>(
    report: &mut Report<'d>,
    owner: &Owner,
    path: Path<'_>,
    settings: &mut Option<Node<'d>>,
    member: Node<'d>,
) {
    if !is_object(member) {
        let help = Some(edit(path, member, &json!({})));
        report.wrong_type_with(owner, path, "an object", member, help);
        return;
    }
    for (key, value) in report.entries(|| owner.clone(), member) {
        if key.text == "settings" {
            read_settings(report, owner, path.below("settings"), settings, value);
        } else {
            report.unknown_key(owner, Some(path), &key, value, &["settings"]);
        }
    }
}

/// Keeps settings, which only one layer may define, even if they are empty. Who is a member does not
/// depend on them, so mistakes here are of the settings only.
fn read_settings<'d>(
    report: &mut Report<'d>,
    owner: &Owner,
    path: Path<'_>,
    settings: &mut Option<Node<'d>>,
    value: Node<'d>,
) {
    let owner = match owner {
        Owner::Role(instance, role) => &Owner::Settings(instance.clone(), Name::clone(role)),
        other => other,
    };
    if !is_object(value) {
        let help = value.is_null().then(|| edit(path, value, &json!({})));
        report.wrong_type_with(owner, path, "an object", value, help);
    }
    match settings {
        None => *settings = Some(value),
        Some(earlier) => report.defined_twice(owner, path, *earlier, value),
    }
}

/// The tags that every inventory has.
const PREDEFINED: [&str; 3] = ["all", "nixos", "darwin"];

/// How many names an edit may repeat.
pub(super) const EDIT_LIMIT: usize = 8;

/// The edit that turns a list of names into an object.
fn as_keys(path: Path<'_>, value: Node<'_>) -> Option<String> {
    let names: Vec<String> = match value.kind() {
        Kind::String => value.as_str().map(|text| text.into_owned()).into_iter().collect(),
        Kind::List => value.items().filter_map(|item| item.as_str().map(|text| text.into_owned())).collect(),
        _ => return None,
    };
    if names.len() > EDIT_LIMIT {
        return None;
    }
    // Who means all machines means a tag.
    if let [only] = names.as_slice()
        && PREDEFINED.contains(&&**only)
    {
        return Some(format!(
            "{} is a tag: {} instead",
            quoted(only),
            edit(Path::root("tags"), value, &json!([only]))
        ));
    }
    let keys = names.into_iter().map(|name| (name, json!({})));
    Some(edit(path, value, &serde_json::Value::Object(keys.collect())))
}
