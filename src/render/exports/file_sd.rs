//! Targets for Prometheus, as its file-based discovery (`file_sd_configs`) reads them.

use serde_json::{Map, Value as Json, json};

use super::connection::address;
use crate::diagnostic::Diagnostic;
use crate::engine::Inventory;

/// The variable that says at which port a machine answers Prometheus.
const PORT: &str = "prometheus_port";

/// The port of the node exporter, which most machines run.
const NODE_EXPORTER: &str = "9100";

/// An entry for each machine: its address or domain name, and what the inventory says of it as labels.
pub(in crate::render) fn file_sd(inventory: &Inventory, nodes: &[u32]) -> Result<String, Box<Diagnostic>> {
    let entries: Vec<Json> = nodes.iter().map(|node| entry(inventory, *node)).collect();
    let text = serde_json::to_string_pretty(&entries).unwrap_or_default();
    Ok(text + "\n")
}

fn entry(inventory: &Inventory, node: u32) -> Json {
    let name = inventory.machine_name(node);
    let fqdn = inventory.machine_fqdn(node).ok();
    let fqdn = fqdn.filter(|fqdn| !fqdn.ends_with('.')).unwrap_or_else(|| name.to_owned());
    let host = address(inventory, node).unwrap_or_else(|| fqdn.clone());
    // Colons of an address must not be taken for that of the port.
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let port = inventory.model().variable(node, PORT).map(|port| port.to_json());
    let port = match port {
        Some(Json::String(text)) => text,
        Some(Json::Number(number)) => number.to_string(),
        _ => NODE_EXPORTER.to_owned(),
    };
    let model = inventory.model();
    let cluster = model.nodes.cluster.get(node as usize);
    let cluster = cluster.and_then(|cluster| model.clusters.get(*cluster as usize));
    let system = inventory.machine_platform(node).ok().flatten();
    let tags = model.nodes.tags(node).iter().filter_map(|tag| model.tags.get(*tag as usize));
    let tags: Vec<&str> = tags.map(|tag| &*tag.name).collect();
    let mut labels = Map::new();
    labels.insert("machine".to_owned(), json!(name));
    labels.insert("fqdn".to_owned(), json!(fqdn));
    labels.extend(cluster.map(|cluster| ("cluster".to_owned(), json!(&*cluster.name))));
    labels.extend(system.map(|system| ("system".to_owned(), json!(system))));
    if !tags.is_empty() {
        // With separators on both sides, as discoveries of Prometheus write lists, so that `.*,web,.*` matches one.
        labels.insert("tags".to_owned(), json!(format!(",{},", tags.join(","))));
    }
    json!({ "targets": [format!("{host}:{port}")], "labels": labels })
}
