//! Operations Center's servers and rows as queries see them: fields by the names of the API, with what is
//! computed from several documents filled in.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::loaded::Loaded;
use super::records::{machine_value, source_value, strings};
use crate::inventory::document::{Node, Raw};
use crate::inventory::model::{Part, Spot};
use crate::operations::{progress, rows, servers, states, versions, words};
use crate::types::Named;
use crate::types::tir::Root;
use crate::value::{Attrs, Entity, Fault, Name, Value, from_json};

/// What belongs together is no field, since records would then hold each other without end; functions give it.
pub(super) use crate::builtins::{RELATED_MACHINE, RELATED_ROWS, RELATED_SERVER, RELATED_SERVERS};

/// Servers by name, and rows by server.
#[derive(Default)]
pub(super) struct Index {
    servers: HashMap<Name, u32>,
    rows: HashMap<(Name, Name), Vec<u32>>,
    /// The server that a machine is.
    machines: HashMap<u32, u32>,
    /// The servers of each cluster, by its number.
    members: HashMap<u32, Vec<u32>>,
    /// The document of each cluster, by its number.
    clusters: HashMap<u32, Raw>,
}

/// An entity of Operations Center as a value.
fn entity(kind: Named, id: u32) -> Value {
    Value::Entity(Entity { kind, id })
}

/// A collection by its name.
pub(super) fn root(loaded: &Arc<Loaded>, root: Root) -> Value {
    let operations = &loaded.model.operations;
    let nodes = |raws: &[Raw], read: fn(Node<'_>) -> Value| {
        Value::list(raws.iter().filter_map(|raw| loaded.model.node(*raw)).map(read).collect())
    };
    match root {
        Root::Servers => {
            let count = u32::try_from(operations.servers.len()).unwrap_or(u32::MAX);
            Value::list((0..count).map(|id| entity(Named::Server, id)).collect())
        }
        Root::Channels => nodes(&operations.channels, |node| {
            Value::attrs(["name", "description", "last_updated"].map(|key| (key, text(node, key))))
        }),
        Root::ClusterTemplates => nodes(&operations.templates, template),
        Root::Updates => nodes(&operations.updates, update),
        _ => Value::attrs((0..).zip(words::TABLES).map(|(kind, table)| {
            let of_kind = (0..).zip(&operations.rows).filter(|(_, (known, _))| *known == kind);
            (table, Value::list(of_kind.map(|(id, _)| entity(Named::Resource, id)).collect()))
        })),
    }
}

fn template(node: Node<'_>) -> Value {
    let texts =
        ["name", "description", "service_config_template", "application_config_template", "last_updated"];
    let variables = node.get("variables").into_iter().flat_map(Node::entries).map(|(name, variable)| {
        let fields = ["description", "default"].map(|key| (key, text(variable, key)));
        (Name::from(&*name.text), Value::attrs(fields))
    });
    let variables = Value::attrs(variables);
    Value::attrs(texts.map(|key| (key, text(node, key))).into_iter().chain([("variables", variables)]))
}

fn update(node: Node<'_>) -> Value {
    let texts = ["uuid", "format", "origin", "version", "published_at", "severity", "changelog", "url"];
    // Settings call it `status`.
    let status = if node.get("update_status").is_some() { "update_status" } else { "status" };
    let lists = ["channels", "upstream_channels"].map(|key| {
        let items = node.get(key).into_iter().flat_map(Node::items);
        (key, strings(items.filter_map(Node::as_str)))
    });
    let files = node.get("files").into_iter().flat_map(Node::items).map(|file| {
        let texts = ["filename", "sha256", "component", "type", "architecture"];
        let size = file.get("size").and_then(Node::as_int).unwrap_or(0);
        Value::attrs(texts.map(|key| (key, text(file, key))).into_iter().chain([("size", Value::Int(size))]))
    });
    let files = Value::list(files.collect());
    let fields = texts.map(|key| (key, text(node, key))).into_iter();
    Value::attrs(fields.chain(lists).chain([("files", files), ("update_status", text(node, status))]))
}

/// A text, empty where there is none.
fn text(node: Node<'_>, key: &str) -> Value {
    let found = node.get(key);
    match found.and_then(Node::as_str) {
        Some(text) => Value::string(text),
        // A default such as `true` is a text by the time that it is used.
        None => match found {
            Some(scalar) if !scalar.is_null() => Value::string(scalar.to_json().to_string()),
            _ => Value::string(""),
        },
    }
}

fn plain(node: Node<'_>, key: &str) -> Name {
    node.get(key).and_then(Node::as_str).map_or_else(|| Name::from(""), |text| Name::from(&*text))
}

/// An object of texts, such as `properties`.
fn dictionary(node: Node<'_>, key: &str) -> Value {
    let entries = node.get(key).into_iter().flat_map(Node::entries);
    Value::attrs(entries.map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_json().to_string(), std::borrow::Cow::into_owned);
        (Name::from(&*name.text), Value::string(value))
    }))
}

/// Free-form data without its secrets.
fn shown(node: Option<Node<'_>>) -> Value {
    node.map_or_else(
        || Value::Attrs(Attrs::empty()),
        |node| from_json(&servers::without_secrets(node.to_json())),
    )
}

impl Loaded {
    fn operations_index(&self) -> &Index {
        self.operations.get_or_init(|| {
            let operations = &self.model.operations;
            let mut index = Index::default();
            for (id, (node, _)) in (0..).zip(&operations.servers) {
                index.servers.insert(Name::from(self.model.nodes.name(*node)), id);
                index.machines.insert(*node, id);
                let cluster = self.model.nodes.cluster.get(*node as usize).copied().unwrap_or(u32::MAX);
                index.members.entry(cluster).or_default().push(id);
            }
            for (id, (_, raw)) in (0..).zip(&operations.rows) {
                let Some(row) = self.model.node(*raw) else { continue };
                let server = plain(row, "server");
                if !server.is_empty() {
                    index.rows.entry((plain(row, "cluster"), server)).or_default().push(id);
                }
            }
            index.clusters = operations.clusters.iter().copied().collect();
            index
        })
    }

    /// A server's `version_data` with what is computed.
    fn versions(&self, server: Node<'_>) -> Json {
        let data = server.get("version_data").map_or_else(|| json!({}), Node::to_json);
        let latest = self.model.operations.latest.get(&*plain(server, "channel"));
        versions::compute(&data, latest.unwrap_or(&Json::Null))
    }

    /// A server's document, with its versions computed.
    pub(crate) fn server_document(&self, id: u32) -> Option<Json> {
        let (_, raw) = self.model.operations.servers.get(id as usize)?;
        let node = self.model.node(*raw)?;
        let mut document = node.to_json();
        if let Some(document) = document.as_object_mut() {
            document.insert("version_data".to_owned(), self.versions(node));
        }
        Some(document)
    }

    /// A cluster's document; of one that has none, its name.
    pub(crate) fn cluster_document(&self, cluster: u32) -> Json {
        let found = self.operations_index().clusters.get(&cluster).and_then(|raw| self.model.node(*raw));
        let name = self.model.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
        found.map_or_else(|| json!({ "name": name }), Node::to_json)
    }

    /// What the states of a server depend on.
    fn server_facts(&self, server: Node<'_>) -> Json {
        json!({
            "name": &*plain(server, "name"),
            "cluster": &*plain(server, "cluster"),
            "server_status": &*plain(server, "server_status"),
            "server_status_detail": &*plain(server, "server_status_detail"),
            "version_data": self.versions(server),
        })
    }
}

/// A field of a server, by its name; nothing where it is missing.
pub(super) fn server(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let Some((node, raw)) = loaded.model.operations.servers.get(id as usize).copied() else {
        return Ok(None);
    };
    let Some(server) = loaded.model.node(raw) else { return Ok(None) };
    if !matches!(name, "name" | "cluster" | "source" | RELATED_MACHINE | RELATED_ROWS) {
        loaded.usable(&Part::Node(node))?;
    }
    Ok(Some(match name {
        "server_status" => match &*plain(server, name) {
            "" => Value::string("unknown"),
            status => Value::string(status),
        },
        "update_state" | "recommended_action" => {
            let facts = states::Facts::of(&loaded.server_facts(server));
            Value::string(if name == "update_state" {
                states::update_state(&facts)
            } else {
                states::recommended_action(&facts)
            })
        }
        "version_data" => version_data(&loaded.versions(server)),
        "properties" => dictionary(server, name),
        "hardware_data" | "os_data" | "bmc_config" | "bmc_data" => shown(server.get(name)),
        "services" => shown(server.get(name).or_else(|| server.get_path(&["os_data", "services"]))),
        "system_state_is_trusted" => {
            let told = server.get(name).or_else(|| server.get_path(&["os_data", "security", "state", name]));
            Value::Bool(told.and_then(Node::as_bool).unwrap_or(false))
        }
        "id" => return Ok(server.get(name).and_then(Node::as_int).map(Value::Int)),
        RELATED_MACHINE => machine_value(node),
        RELATED_ROWS => {
            let key = (plain(server, "cluster"), plain(server, "name"));
            let rows = loaded.operations_index().rows.get(&key).map_or(&[][..], Vec::as_slice);
            Value::list(rows.iter().map(|row| entity(Named::Resource, *row)).collect())
        }
        "source" => {
            loaded.model.nodes.spot.get(node as usize).map_or(Value::Null, |spot| source_value(loaded, *spot))
        }
        _ => text(server, name),
    }))
}

/// Computed versions with all the fields that their type has.
fn version_data(data: &Json) -> Value {
    let texts = |from: &Json, keys: &[&str]| -> Vec<(Name, Value)> {
        let read = |key: &&str| {
            (Name::from(*key), Value::string(from.get(*key).and_then(Json::as_str).unwrap_or("")))
        };
        keys.iter().map(read).collect()
    };
    let truth = |from: &Json, key: &str| Value::Bool(from.get(key).and_then(Json::as_bool).unwrap_or(false));
    let number = |from: &Json| Value::Int(from.get("in_maintenance").and_then(Json::as_i64).unwrap_or(0));
    let nothing = Json::Null;
    let os = data.get("os").unwrap_or(&nothing);
    let mut system = texts(os, &["name", "version", "version_next", "available_version"]);
    system.extend(["needs_reboot", "needs_update"].map(|key| (Name::from(key), truth(os, key))));
    let applications = data.get("applications").and_then(Json::as_array).into_iter().flatten().map(|one| {
        let mut fields = texts(one, &["name", "version", "friendly_version", "available_version"]);
        fields.push(("needs_update".into(), truth(one, "needs_update")));
        fields.push(("in_maintenance".into(), number(one)));
        Value::attrs(fields)
    });
    let mut fields = texts(data, &["update_channel"]);
    fields.push(("os".into(), Value::attrs(system)));
    fields.push(("applications".into(), Value::list(applications.collect())));
    fields.extend(["needs_reboot", "needs_update"].map(|key| (Name::from(key), truth(data, key))));
    fields.push(("in_maintenance".into(), number(data)));
    Value::attrs(fields)
}

/// The server that a machine is.
pub(super) fn of_machine(loaded: &Arc<Loaded>, node: u32) -> Option<Value> {
    loaded.operations_index().machines.get(&node).map(|server| entity(Named::Server, *server))
}

/// A field of a row, by its name; nothing where it is missing.
pub(super) fn resource(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let Some((kind, raw)) = loaded.model.operations.rows.get(id as usize).copied() else { return Ok(None) };
    let Some(row) = loaded.model.node(raw) else { return Ok(None) };
    let kind = words::KINDS.get(usize::from(kind)).copied().unwrap_or("");
    Ok(Some(match name {
        "kind" => Value::string(kind),
        "uuid" => match &*plain(row, name) {
            "" => {
                let fields = ["cluster", "server", "project_name", "parent_name", "type", "name"];
                let parts: serde_json::Map<String, Json> =
                    fields.map(|key| (key.to_owned(), json!(&*plain(row, key)))).into_iter().collect();
                Value::string(crate::builtins::row_uuid(&rows::identity(kind, &Json::Object(parts))))
            }
            uuid => Value::string(uuid),
        },
        "object" => shown(row.get(name)),
        RELATED_SERVER => {
            let server = loaded.operations_index().servers.get(&plain(row, "server"));
            return Ok(server.map(|server| entity(Named::Server, *server)));
        }
        "source" => source_value(loaded, Spot { document: raw.document, span: row.span() }),
        _ => text(row, name),
    }))
}

/// A field of a cluster that only Operations Center has; nothing where it is missing.
pub(super) fn cluster(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let index = loaded.operations_index();
    let members = index.members.get(&id).map_or(&[][..], Vec::as_slice);
    if name == RELATED_SERVERS {
        return Ok(Some(Value::list(members.iter().map(|server| entity(Named::Server, *server)).collect())));
    }
    let Some(cluster) = index.clusters.get(&id).and_then(|raw| loaded.model.node(*raw)) else {
        return Ok(None);
    };
    let facts = || -> Vec<Json> {
        let servers =
            members.iter().filter_map(|server| loaded.model.operations.servers.get(*server as usize));
        servers.filter_map(|(_, raw)| Some(loaded.server_facts(loaded.model.node(*raw)?))).collect()
    };
    Ok(Some(match name {
        "properties" => dictionary(cluster, name),
        "config" => {
            let restart = cluster.get_path(&["config", "rolling_restart"]);
            let read =
                |key: &'static str| (key, restart.map_or_else(|| Value::string(""), |node| text(node, key)));
            let restart = Value::attrs([read("post_restore_delay"), read("restore_mode")]);
            Value::attrs([("rolling_restart", restart)])
        }
        "update_status" => update_status(cluster, &facts()),
        "progress" => {
            let status = cluster.get("update_status").map_or_else(|| json!({}), Node::to_json);
            Value::string(progress::progress(&json!({ "update_status": status }), &facts()))
        }
        "status" => match &*plain(cluster, name) {
            "" => Value::string("unknown"),
            status => Value::string(status),
        },
        "connection_url" | "certificate" | "fingerprint" | "channel" | "description" | "last_updated" => {
            text(cluster, name)
        }
        _ => return Ok(None),
    }))
}

/// What the servers of a cluster wait for, computed from them, and what is going on.
fn update_status(cluster: Node<'_>, members: &[Json]) -> Value {
    let names = |holds: &dyn Fn(&states::Facts) -> bool| {
        let waiting = members.iter().filter(|server| holds(&states::Facts::of(server)));
        strings(waiting.map(servers::name))
    };
    let status = cluster.get_path(&["update_status", "in_progress_status"]);
    let written = |key: &'static str| (key, status.map_or_else(|| Value::string(""), |node| text(node, key)));
    let list = |key: &'static str| {
        let items = status.and_then(|node| node.get(key)).into_iter().flat_map(Node::items);
        (key, strings(items.filter_map(Node::as_str)))
    };
    let going_on = Value::attrs([
        written("in_progress"),
        written("error"),
        written("status_description"),
        list("evacuated_before"),
        list("pending_reboot"),
        written("last_updated"),
    ]);
    Value::attrs([
        ("needs_update", names(&|facts| facts.needs_update)),
        ("needs_reboot", names(&|facts| facts.needs_reboot)),
        ("in_maintenance", names(&|facts| facts.in_maintenance != 0)),
        ("in_progress_status", going_on),
    ])
}
