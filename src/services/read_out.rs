//! A Clan inventory as its own tools read it: `meta`, `machines`, `tags`, `instances` and, where there are
//! any, older `services`, all layers in one, with the defaults of what nobody writes.
//!
//! Settings stand there as they are written, marks of priority included; tags of roles are objects, and
//! `extraModules`, which are no data, are left out of instances. A part fails where it has a mistake.

use std::sync::Arc;

use super::collections;
use super::loaded::Loaded;
use crate::inventory::document::{Kind, Node, Raw};
use crate::inventory::model::{Class, Instance, Part, PartKind, Role, Selection, SelectionKind};
use crate::types::tir::Root;
use crate::value::{Attrs, Fault, Name, Value};

/// The whole inventory; its parts are made when they are looked at.
///
/// # Errors
/// Mistakes of the whole inventory.
pub(super) fn read_out(loaded: &Arc<Loaded>) -> Result<Value, Fault> {
    loaded.usable(&Part::Everything)?;
    let of = |make: fn(&Arc<Loaded>) -> Result<Value, Fault>| {
        let loaded = Arc::clone(loaded);
        Value::lazy(move |_| make(&loaded))
    };
    let mut parts = vec![
        ("meta", of(|loaded| collections::root(loaded, Root::Meta))),
        ("machines", of(|loaded| Ok(machines(loaded)))),
        ("tags", of(tags)),
        ("instances", of(|loaded| Ok(instances(loaded)))),
    ];
    if loaded.model.instances.iter().any(|instance| instance.key.is_some()) {
        parts.push(("services", of(|loaded| Ok(services(loaded)))));
    }
    Ok(Value::attrs(parts))
}

fn empty() -> Value {
    Value::Attrs(Attrs::empty())
}

/// What the layers say at some keys of their entries, merged; nothing where none says anything.
fn written(loaded: &Loaded, entries: &[Raw], keys: &[&str]) -> Option<Value> {
    let nodes = entries.iter().filter_map(|entry| loaded.model.node(*entry)?.get_path(keys));
    merged(&nodes.collect::<Vec<_>>())
}

/// Layers of one value: objects merge and lists join. Other values are equal, or a mistake elsewhere.
fn merged(nodes: &[Node<'_>]) -> Option<Value> {
    let (first, others) = nodes.split_first()?;
    if others.is_empty() {
        return Some(first.to_value());
    }
    Some(match first.kind() {
        Kind::Object => {
            let mut keys: Vec<Name> = Vec::new();
            for (key, _) in nodes.iter().flat_map(|node| node.entries()) {
                if !keys.iter().any(|known| **known == *key.text) {
                    keys.push(Name::from(&*key.text));
                }
            }
            Value::attrs(keys.into_iter().filter_map(|key| {
                let below: Vec<Node<'_>> = nodes.iter().filter_map(|node| node.get(&key)).collect();
                let value = stacker::maybe_grow(64 * 1024, 1024 * 1024, || merged(&below))?;
                Some((key, value))
            }))
        }
        Kind::List => {
            Value::list(nodes.iter().flat_map(|node| node.items()).map(|item| item.to_value()).collect())
        }
        _ => first.to_value(),
    })
}

/// An object by keys, with a default for each that nobody writes.
fn with_defaults<const N: usize>(
    loaded: &Loaded,
    entries: &[Raw],
    below: &[&str],
    keys: [(&'static str, Value); N],
) -> Vec<(&'static str, Value)> {
    let of_key = |(key, default): (&'static str, Value)| {
        let keys: Vec<&str> = below.iter().copied().chain([key]).collect();
        (key, written(loaded, entries, &keys).unwrap_or(default))
    };
    keys.map(of_key).into()
}

fn machines(loaded: &Arc<Loaded>) -> Value {
    let nodes = 0..u32::try_from(loaded.model.nodes.len()).unwrap_or(u32::MAX);
    Value::attrs(nodes.map(|node| {
        let shared = Arc::clone(loaded);
        (Name::from(loaded.model.nodes.name(node)), Value::lazy(move |_| machine(&shared, node)))
    }))
}

fn machine(loaded: &Arc<Loaded>, node: u32) -> Result<Value, Fault> {
    loaded.usable(&Part::Node(node))?;
    let model = &loaded.model;
    let entries: Vec<Raw> = model.nodes.parts_of(node, PartKind::Entry).collect();
    let name = Value::string(model.nodes.name(node));
    let mut fields = with_defaults(
        loaded,
        &entries,
        &[],
        [("name", name), ("description", Value::Null), ("icon", Value::Null), ("installedAt", Value::Null)],
    );
    let class = match model.nodes.class.get(node as usize) {
        Some(Class::Darwin) => "darwin",
        _ => "nixos",
    };
    fields.push(("machineClass", Value::string(class)));
    fields.push(("tags", loaded.tag_names(node)));
    let deploy = [("targetHost", Value::Null), ("buildHost", Value::Null), ("forwardAgent", Value::Null)];
    fields.push(("deploy", Value::attrs(with_defaults(loaded, &entries, &["deploy"], deploy))));
    Ok(Value::attrs(fields))
}

/// The lists of the declared tags, names that are no machines among them.
fn tags(loaded: &Arc<Loaded>) -> Result<Value, Fault> {
    loaded.universe_usable()?;
    let model = &loaded.model;
    let declared = model.tags.iter().filter_map(|tag| {
        let mut names: Vec<Value> =
            tag.listed.as_ref()?.iter().map(|node| Value::string(model.nodes.name(*node))).collect();
        for (at, name) in &tag.strangers {
            names.insert((*at).min(names.len()), Value::from(Name::clone(name)));
        }
        Some((Name::clone(&tag.name), Value::list(names)))
    });
    Ok(Value::attrs(declared))
}

/// A record of an instance, if nothing about the instance and its service is broken.
type Record = fn(&Loaded, &Instance) -> Value;

fn lazily(loaded: &Arc<Loaded>, index: u32, record: Record) -> Value {
    let shared = Arc::clone(loaded);
    Value::lazy(move |_| {
        shared.usable(&Part::Instance(index))?;
        Ok(shared.model.instances.get(index as usize).map_or(Value::Null, |found| record(&shared, found)))
    })
}

fn instances(loaded: &Arc<Loaded>) -> Value {
    let current = (0..).zip(&loaded.model.instances).filter(|(_, instance)| instance.key.is_none());
    Value::attrs(current.map(|(index, found)| (Name::clone(&found.name), lazily(loaded, index, instance))))
}

fn instance(loaded: &Loaded, instance: &Instance) -> Value {
    let service = loaded.model.services.get(instance.service as usize);
    let input = service.and_then(|service| service.input.clone());
    let module = Value::attrs([
        ("name", service.map_or(Value::Null, |service| Value::from(Name::clone(&service.name)))),
        ("input", input.map_or(Value::Null, Value::from)),
    ]);
    let roles = instance.roles.iter().map(|written| (Name::clone(&written.name), role(loaded, written)));
    Value::attrs([("module", module), ("roles", Value::attrs(roles))])
}

fn role(loaded: &Loaded, role: &Role) -> Value {
    let settings = |raw: Option<Raw>| raw.map_or_else(empty, |raw| loaded.model.raw_value(raw));
    let selected = |chosen: fn(&Selection) -> Option<&Name>| {
        let selected = role.selections.iter().filter_map(|selection| Some((chosen(selection)?, selection)));
        Value::attrs(selected.map(|(name, selection)| {
            (Name::clone(name), Value::attrs([("settings", settings(selection.settings))]))
        }))
    };
    let machines = selected(|selection| match &selection.kind {
        SelectionKind::Machine(name) => Some(name),
        _ => None,
    });
    let tags = selected(|selection| match &selection.kind {
        SelectionKind::Tag(name) => Some(name),
        _ => None,
    });
    Value::attrs([("machines", machines), ("tags", tags), ("settings", settings(role.settings))])
}

/// The instances of the older API, by module and by their keys there.
fn services(loaded: &Arc<Loaded>) -> Value {
    let model = &loaded.model;
    let of_module = |service: u32| {
        let instances = (0..).zip(&model.instances).filter(move |(_, found)| found.service == service);
        let instances: Vec<(Name, Value)> = instances
            .filter_map(|(index, found)| {
                Some((Name::clone(found.key.as_ref()?), lazily(loaded, index, older)))
            })
            .collect();
        (!instances.is_empty()).then(|| Value::attrs(instances))
    };
    let services = (0..).zip(&model.services);
    Value::attrs(
        services.filter_map(|(index, service)| Some((Name::clone(&service.name), of_module(index)?))),
    )
}

fn older(loaded: &Loaded, instance: &Instance) -> Value {
    let entries = &instance.entries;
    let list = || Value::list(Vec::new());
    let key = instance.key.clone().map_or(Value::Null, Value::from);
    let mut fields = with_defaults(loaded, entries, &[], [("config", empty()), ("extraModules", list())]);
    let meta = [("name", key), ("description", Value::Null), ("icon", Value::Null)];
    fields.push(("meta", Value::attrs(with_defaults(loaded, entries, &["meta"], meta))));
    fields.push(("enabled", Value::Bool(instance.enabled)));
    let of_machines = || [("config", empty()), ("extraModules", list())];
    fields.push(("machines", by_key(loaded, entries, "machines", of_machines)));
    let of_roles = || [("config", empty()), ("extraModules", list()), ("machines", list()), ("tags", list())];
    fields.push(("roles", by_key(loaded, entries, "roles", of_roles)));
    Value::attrs(fields)
}

/// The objects under the keys of one, each with its defaults.
fn by_key<const N: usize>(
    loaded: &Loaded,
    entries: &[Raw],
    key: &'static str,
    defaults: impl Fn() -> [(&'static str, Value); N],
) -> Value {
    let below = entries.iter().filter_map(|entry| loaded.model.node(*entry)?.get(key));
    let names: Vec<String> = below.flat_map(Node::entries).map(|(name, _)| name.text.into_owned()).collect();
    Value::attrs(names.into_iter().map(|name| {
        let fields = with_defaults(loaded, entries, &[key, &name], defaults());
        (Name::from(name), Value::attrs(fields))
    }))
}
