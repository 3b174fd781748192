//! The fields of the records that queries see, computed when they are looked at.

use std::sync::Arc;

use super::loaded::Loaded;
use crate::diagnostic::Code;
use crate::inventory::model::{Class, NodeKind, Part, PartKind, Selection, SelectionKind, Spot};
use crate::text::{Source, Span};
use crate::types::{Named, schema};
use crate::value::{Attrs, Entity, Fault, Name, Value};

/// Fields of a machine that can be read though the machine has mistakes.
const PLAIN: [&str; 5] = ["name", "cluster", "path", "source", "tags"];

/// A field of a record, by its name; nothing where it is missing.
pub(super) fn field(loaded: &Arc<Loaded>, entity: Entity, name: &str) -> Result<Option<Value>, Fault> {
    match entity.kind {
        Named::Machine => machine(loaded, entity.id, name),
        Named::Cluster => cluster(loaded, entity.id, name),
        Named::Service => service(loaded, entity.id, name),
        Named::Instance => instance(loaded, entity.id, name),
        Named::Role => role(loaded, entity.id, name),
        Named::Placement => placement(loaded, entity.id, name),
        Named::Cloud => super::clouds::field(loaded, entity.id, name),
        // Explanations and edits are values of their own.
        Named::Explanation | Named::Edit => Ok(None),
        Named::Check => check(loaded, entity.id, name),
        Named::Server => super::operations::server(loaded, entity.id, name),
        Named::Resource => super::operations::resource(loaded, entity.id, name),
    }
}

/// All fields that are there, each computed when it is looked at.
pub(super) fn attrs(loaded: &Arc<Loaded>, entity: Entity) -> Result<Attrs, Fault> {
    let mut pairs: Vec<(Name, Value)> = Vec::new();
    for entry in schema::entries(entity.kind) {
        let name = entry.name.trim_end_matches('?');
        let value = match entry.name.ends_with('?') {
            // Whether the field is there must be known now.
            true => match field(loaded, entity, name)? {
                Some(value) => value,
                None => continue,
            },
            false => {
                let loaded = Arc::clone(loaded);
                Value::lazy(move |_| Ok(field(&loaded, entity, name)?.unwrap_or(Value::Null)))
            }
        };
        pairs.push((name.into(), value));
    }
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (keys, values): (Vec<Name>, Vec<Value>) = pairs.into_iter().unzip();
    Ok(Attrs::new(keys.into(), values))
}

/// A machine as a value.
pub(super) fn machine_value(node: u32) -> Value {
    Value::Entity(Entity { kind: Named::Machine, id: node })
}

/// Machines as values.
pub(super) fn machine_list(nodes: impl IntoIterator<Item = u32>) -> Value {
    Value::list(nodes.into_iter().map(machine_value).collect())
}

pub(super) fn strings<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Value {
    Value::list(texts.into_iter().map(Value::string).collect())
}

/// A place as the language has it.
pub(super) fn source_value(loaded: &Loaded, spot: Spot) -> Value {
    match loaded.model.documents.get(spot.document as usize) {
        Some(document) => source_of(&document.source, spot.span),
        None => Value::Null,
    }
}

/// A place in a text as the language has it.
pub(super) fn source_of(source: &Arc<Source>, span: Span) -> Value {
    let (file, span) = source.locate(span);
    let position = file.position(span.start);
    Value::attrs([
        ("column", Value::Int(i64::try_from(position.column).unwrap_or(i64::MAX))),
        ("file", Value::string(file.name())),
        ("line", Value::Int(i64::try_from(position.line).unwrap_or(i64::MAX))),
    ])
}

pub(super) fn spot_value(loaded: &Loaded, spot: Option<Spot>) -> Option<Value> {
    spot.map(|spot| source_value(loaded, spot))
}

fn machine(loaded: &Arc<Loaded>, node: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    if !PLAIN.contains(&name) {
        loaded.usable(&Part::Node(node))?;
    }
    if name == "tags" {
        loaded.node_tags_usable(node)?;
    }
    let raw = |kind: PartKind| model.nodes.part(node, kind).map(|raw| model.raw_value(raw));
    Ok(Some(match name {
        "name" => Value::string(model.nodes.name(node)),
        "cluster" => Value::from(loaded.cluster_name_of(node)),
        "fqdn" => Value::string(loaded.host(node)?.fqdn),
        "path" => Value::string(model.node_path(node)),
        "kind" => Value::from(loaded.kind(node)),
        "system" => match loaded.system(node)? {
            Some(system) => Value::from(system),
            None => return Ok(None),
        },
        "class" => {
            Value::string(model.nodes.class.get(node as usize).copied().unwrap_or(Class::Nixos).word())
        }
        "tags" => {
            let tags = model.nodes.tags(node).iter().filter_map(|tag| model.tags.get(*tag as usize));
            Value::list(tags.map(|tag| Value::from(tag.name.clone())).collect())
        }
        "groups" => {
            let groups =
                model.index.groups_of(node).iter().filter_map(|group| model.groups.get(*group as usize));
            Value::list(groups.map(|group| Value::from(group.name.clone())).collect())
        }
        "ips" => loaded.ips_value(node, true)?,
        "addresses" => strings(loaded.addresses_of(node)?),
        "cloud" => {
            let cloud = loaded.cloud_of(node)?.and_then(|cloud| model.clouds.get(cloud as usize));
            return Ok(cloud.map(|cloud| Value::from(cloud.name.clone())));
        }
        super::operations::RELATED_SERVER => return Ok(super::operations::of_machine(loaded, node)),
        "adopted" => return Ok(model.cloud_system(node).map(|system| Value::Bool(system.adopted))),
        "credentials" => return Ok(model.cloud_system(node).map(|system| Value::Bool(system.credentials))),
        "deployment" => loaded.deployment(node),
        "description" => return Ok(raw(PartKind::Description).filter(|value| !matches!(value, Value::Null))),
        "placements" => Value::list(
            loaded
                .placements_of(node)?
                .map(|id| Value::Entity(Entity { kind: Named::Placement, id }))
                .collect(),
        ),
        "services" => loaded.services_of(node)?,
        "users" => loaded.users(node)?,
        "vars" => super::variables::value(loaded, node),
        "annotations" => loaded.annotations_value(node)?,
        "config" => super::configuration::value(loaded, node),
        "source" => match model.nodes.spot.get(node as usize) {
            Some(spot) => source_value(loaded, *spot),
            None => Value::Null,
        },
        _ => return Ok(None),
    }))
}

fn cluster(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    let Some(cluster) = model.clusters.get(id as usize) else { return Ok(None) };
    if name != "name" {
        loaded.usable(&Part::Cluster(id))?;
    }
    let nodes = |kinds: &[NodeKind]| {
        let range = cluster.first_node..cluster.end_node;
        // A VM of the same name as a machine stands after it, and wins.
        Value::attrs(
            range
                .filter(|node| model.nodes.kind.get(*node as usize).is_some_and(|kind| kinds.contains(kind)))
                .map(|node| (Name::from(model.nodes.name(node)), machine_value(node))),
        )
    };
    Ok(Some(match name {
        "name" => Value::from(cluster.name.clone()),
        "fqdn" => Value::from(loaded.cluster_fqdn(id)),
        "machines" => nodes(&[NodeKind::Machine]),
        "vms" => nodes(&[NodeKind::Vm]),
        "nodes" => nodes(&[NodeKind::Machine, NodeKind::Vm]),
        "services" => Value::attrs(
            (0..).zip(&model.instances).filter(|(_, instance)| instance.cluster == Some(id)).map(
                |(index, instance)| {
                    (instance.name.clone(), Value::Entity(Entity { kind: Named::Instance, id: index }))
                },
            ),
        ),
        "users" => loaded.cluster_users(id),
        "source" => return Ok(spot_value(loaded, cluster.spot)),
        _ => return super::operations::cluster(loaded, id, name),
    }))
}

fn service(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    let Some(service) = model.services.get(id as usize) else { return Ok(None) };
    if name != "id" && name != "name" {
        loaded.usable(&Part::Service(id))?;
    }
    Ok(Some(match name {
        "id" => Value::from(service.id.clone()),
        "name" => Value::from(service.name.clone()),
        "input" => match &service.input {
            Some(input) => Value::from(input.clone()),
            None => return Ok(None),
        },
        "instances" => {
            let keys = (0..).zip(&model.instances).filter(|(_, instance)| instance.service == id);
            let mut keys: Vec<Name> = keys.map(|(index, _)| loaded.instance_key(index)).collect();
            keys.sort();
            strings(keys)
        }
        "constraints" => crate::value::from_json(&service.constraints),
        "source" => return Ok(spot_value(loaded, service.spot)),
        _ => return Ok(None),
    }))
}

fn instance(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    let Some(instance) = model.instances.get(id as usize) else { return Ok(None) };
    if name != "name" && name != "source" {
        loaded.usable(&Part::Service(instance.service))?;
        loaded.usable(&Part::Instance(id))?;
    }
    Ok(Some(match name {
        "name" => Value::from(instance.name.clone()),
        "service" => match model.services.get(instance.service as usize) {
            Some(service) => Value::from(service.id.clone()),
            None => Value::Null,
        },
        "cluster" => match instance.cluster.and_then(|cluster| model.clusters.get(cluster as usize)) {
            Some(cluster) => Value::from(cluster.name.clone()),
            None => return Ok(None),
        },
        "roles" => Value::attrs((0..).zip(&instance.roles).map(|(role, declared)| {
            let id = loaded.role_number(id, role);
            (declared.name.clone(), Value::Entity(Entity { kind: Named::Role, id }))
        })),
        "selectors" => {
            if instance.selectors.is_none() {
                return Ok(None);
            }
            strings(loaded.selector_paths(id)?)
        }
        "source" => return Ok(spot_value(loaded, instance.spot)),
        _ => return Ok(None),
    }))
}

fn role(loaded: &Arc<Loaded>, number: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    let (instance, index) = loaded.role_of(number);
    let Some(role) =
        model.instances.get(instance as usize).and_then(|instance| instance.roles.get(index as usize))
    else {
        return Ok(None);
    };
    Ok(Some(match name {
        "name" => Value::from(role.name.clone()),
        "members" => strings(loaded.members(instance, index)?.names(model)),
        "machines" => machine_list(&loaded.members(instance, index)?.nodes),
        "settings" => super::settings::settings(loaded, instance, index)?,
        "source" => return Ok(spot_value(loaded, role.spot)),
        _ => return Ok(None),
    }))
}

fn placement(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    let Some((node, placement)) = loaded.placement(id)? else { return Ok(None) };
    let Some(instance) = model.instances.get(placement.instance as usize) else { return Ok(None) };
    let role = placement.role.and_then(|role| instance.roles.get(role as usize));
    Ok(Some(match name {
        "machine" => Value::string(model.nodes.name(node)),
        "cluster" => Value::from(loaded.cluster_name_of(node)),
        "service" => match model.services.get(instance.service as usize) {
            Some(service) => Value::from(service.id.clone()),
            None => Value::Null,
        },
        "instance" => Value::from(instance.name.clone()),
        "role" => Value::string(role.map_or("", |role| &*role.name)),
        "because" => {
            let members = match (placement.role, &instance.selectors) {
                (Some(role), _) => Some(loaded.members(placement.instance, role)?),
                (None, _) => loaded.selector_members(placement.instance)?,
            };
            let selections: &[Selection] = match (role, &instance.selectors) {
                (Some(role), _) => &role.selections,
                (None, Some(selectors)) => selectors,
                (None, None) => &[],
            };
            let reasons = members.map(|members| members.reasons(model, node)).unwrap_or_default();
            Value::list(
                reasons
                    .into_iter()
                    .filter_map(|reason| selections.get(reason as usize))
                    .map(|selection| {
                        Value::attrs([
                            ("selector", Value::from(selector_text(loaded, selection))),
                            ("source", source_value(loaded, selection.spot)),
                        ])
                    })
                    .collect(),
            )
        }
        _ => return Ok(None),
    }))
}

/// A selection as a filter that could be typed.
fn selector_text(loaded: &Loaded, selection: &Selection) -> Name {
    let quote = crate::syntax::format::quote_string;
    match &selection.kind {
        SelectionKind::Machine(name) => format!("hostname {}", quote(name)).into(),
        SelectionKind::Tag(tag) => format!("tag {}", quote(tag)).into(),
        SelectionKind::Filter(expression) => {
            let text =
                loaded.model.expressions.get(*expression as usize).map(|embedded| match &embedded.value {
                    Some(_) => {
                        let document = loaded.model.documents.get(embedded.spot.document as usize);
                        document.map_or_else(String::new, |document| {
                            document.source.slice(embedded.spot.span).to_owned()
                        })
                    }
                    None => embedded.source.text().to_string(),
                });
            text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").into()
        }
    }
}

fn check(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let Some(check) = loaded.checks()?.get(id as usize) else { return Ok(None) };
    Ok(Some(match name {
        "id" => Value::string(&check.id),
        "message" => Value::string(&check.message),
        "severity" => Value::string(check.severity.word()),
        // What Clan's own checks give has no place either; their messages name the role.
        "source" if check.code != Code::CheckFailed => return Ok(spot_value(loaded, check.spot)),
        _ => return Ok(None),
    }))
}

/// A fault for something that the model should have and has not.
pub(super) fn missing(what: &str) -> Fault {
    Fault::new(crate::diagnostic::Diagnostic::error(Code::MissingElement, format!("{what} is not there")))
}
