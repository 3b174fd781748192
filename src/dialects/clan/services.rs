//! `services`: instances of the older API.
//!
//! Here `machines` and `tags` of a role are lists, configuration stands in `config` on three levels,
//! and an instance may be switched off. The entries stay in their documents; what configuration a
//! machine gets is told from them later. An instance `<module>.<instance>` is called
//! `<module>-<instance>` in the model, as Clan's own guide renames it in the move to `instances`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::instance::{Choice, Instance, Role};
use super::layers;
use super::outer::Layer;
use super::place::{Path, edit, is_object, is_string_or_null, key_spot, name};
use super::report::{InstanceKey, Owner, Report};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::MemberOrder;
use crate::text::Source;

pub(in crate::dialects) const INSTANCE_KEYS: [&str; 6] =
    ["roles", "machines", "config", "enabled", "meta", "extraModules"];
const META_KEYS: [&str; 3] = ["name", "description", "icon"];
pub(in crate::dialects) const ROLE_KEYS: [&str; 5] = ["machines", "tags", "config", "select", "extraModules"];
const MACHINE_KEYS: [&str; 2] = ["config", "extraModules"];

/// Reads the services of all layers.
pub(super) fn read<'d>(report: &mut Report<'d>, layers: &[Layer<'d>]) -> BTreeMap<InstanceKey, Instance<'d>> {
    let path = Path::root("services");
    let mut instances = BTreeMap::new();
    let mut told: Vec<&Arc<Source>> = Vec::new();
    for services in layers.iter().filter_map(|layer| layer.services) {
        if !is_object(services) {
            report.wrong_type(&Owner::Everything, path, "an object by service name", services);
            continue;
        }
        if !told.iter().any(|source| Arc::ptr_eq(source, services.source())) {
            told.push(services.source());
            outdated(report, services);
        }
        for (module, of_module) in report.entries(|| Owner::Everything, services) {
            let path = path.below(&module.text);
            if !is_object(of_module) {
                report.wrong_type(&Owner::Everything, path, "an object by instance name", of_module);
                continue;
            }
            for (key, entry) in report.entries(|| Owner::Service(name(&module.text)), of_module) {
                let known: InstanceKey = (Some(name(&module.text)), name(&key.text));
                let instance = instances
                    .entry(known.clone())
                    .or_insert_with(|| Instance::new(known, key_spot(&key, entry)));
                instance.module_spot = key_spot(&module, of_module);
                read_instance(report, path.below(&key.text), instance, entry);
            }
        }
    }
    instances
}

/// Clan has given up the older API, and refuses inventories that use it.
fn outdated(report: &mut Report<'_>, services: Node<'_>) {
    let mut instances = services.entries().flat_map(|(module, of_module)| {
        of_module.entries().map(move |(key, _)| (module.text.to_string(), key.text.to_string()))
    });
    let help = match instances.next() {
        Some((module, key)) => {
            let instance = json!({ "module": { "name": module }, "roles": {} });
            let edit = services.document().notation().entry(&format!("{module}-{key}"), &instance);
            format!("write each as an instance: `{edit}` in `instances`")
        }
        None => "remove it".to_owned(),
    };
    let diagnostic = Diagnostic::hint(Code::OutdatedOption, "Clan has given up `services` for `instances`");
    let diagnostic = report.label(diagnostic, services.spot(), "").help(help);
    report.add(&Owner::Nothing, diagnostic);
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
            "enabled" => match value.as_bool() {
                Some(enabled) => {
                    instance.check_earlier(report, below, "enabled", value);
                    instance.enabled = enabled;
                }
                None => report.wrong_type(&owner, below, "a boolean", value),
            },
            "meta" => {
                instance.check_earlier(report, below, "meta", value);
                read_meta(report, &owner, below, value);
            }
            "roles" => instance.read_roles(report, below, value, MemberOrder::NamesThenTags, read_role),
            "machines" if is_object(value) => {
                for (key, machine) in report.entries(|| owner.clone(), value) {
                    read_machine(report, &owner, below.below(&key.text), machine);
                }
            }
            "machines" => report.wrong_type(&owner, below, "an object by machine name", value),
            "config" if is_object(value) => instance.check_earlier(report, below, "config", value),
            "config" => report.wrong_type(&owner, below, "an object", value),
            "settings" => report.renamed_key(&owner, path, &key, value, "config"),
            "extraModules" if value.kind() == Kind::List => {}
            "extraModules" => report.wrong_type(&owner, below, "a list", value),
            _ => report.unknown_key(&owner, Some(path), &key, value, &INSTANCE_KEYS),
        }
    }
    instance.entries.push(entry);
}

fn read_meta(report: &mut Report<'_>, owner: &Owner, path: Path<'_>, meta: Node<'_>) {
    if !is_object(meta) {
        report.wrong_type(owner, path, "an object", meta);
        return;
    }
    for (key, value) in report.entries(|| owner.clone(), meta) {
        let below = path.below(&key.text);
        match &*key.text {
            "name" if value.kind() == Kind::String => {}
            "name" => report.wrong_type(owner, below, "a string", value),
            "description" | "icon" if is_string_or_null(value) => {}
            "description" | "icon" => report.wrong_type(owner, below, "a string or `null`", value),
            _ => report.unknown_key(owner, Some(path), &key, value, &META_KEYS),
        }
    }
}

fn read_machine(report: &mut Report<'_>, owner: &Owner, path: Path<'_>, machine: Node<'_>) {
    if !is_object(machine) {
        report.wrong_type(owner, path, "an object", machine);
        return;
    }
    for (key, value) in report.entries(|| owner.clone(), machine) {
        let below = path.below(&key.text);
        match (&*key.text, value.kind()) {
            ("config", Kind::Object) | ("extraModules", Kind::List) => {}
            ("config", _) => report.wrong_type(owner, below, "an object", value),
            ("extraModules", _) => report.wrong_type(owner, below, "a list", value),
            _ => report.unknown_key(owner, Some(path), &key, value, &MACHINE_KEYS),
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
            "machines" => read_names(report, owner, below, value, &mut |text, item| {
                role.push(Choice::Machine(name(text)), item.spot());
            }),
            "tags" => read_names(report, owner, below, value, &mut |text, item| {
                role.add_tag(text, item.spot());
            }),
            "select" => role.read_select(report, owner, below, value),
            "config" if is_object(value) => match role.settings {
                None => role.settings = Some(value),
                Some(earlier) => layers::check(report, owner, below, earlier, value),
            },
            "config" => report.wrong_type(owner, below, "an object", value),
            "settings" => report.renamed_key(owner, path, &key, value, "config"),
            "extraModules" if value.kind() == Kind::List => role.extra_modules.push(value.raw()),
            "extraModules" => report.wrong_type(owner, below, "a list", value),
            _ => report.unknown_key(owner, Some(path), &key, value, &ROLE_KEYS),
        }
    }
}

/// Reads a list of names.
fn read_names<'d>(
    report: &mut Report<'_>,
    owner: &Owner,
    path: Path<'_>,
    value: Node<'d>,
    add: &mut dyn FnMut(&str, Node<'d>),
) {
    if value.kind() != Kind::List {
        report.wrong_type_with(owner, path, "a list of strings", value, as_list(path, value));
        return;
    }
    for item in value.items() {
        match item.as_str() {
            Some(text) => add(&text, item),
            None => report.wrong_element(owner, path, "a name", item),
        }
    }
}

/// The edit that turns a name, or an object by name, into a list.
fn as_list(path: Path<'_>, value: Node<'_>) -> Option<String> {
    let names: Vec<String> = match value.kind() {
        Kind::String => value.as_str().map(|text| text.into_owned()).into_iter().collect(),
        Kind::Object => value.entries().map(|(key, _)| key.text.into_owned()).collect(),
        _ => return None,
    };
    (names.len() <= super::instances::EDIT_LIMIT).then(|| edit(path, value, &json!(names)))
}
