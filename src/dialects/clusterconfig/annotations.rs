//! What a machine's own options say about it.

use crate::diagnostic::Diagnostic;
use crate::inventory::model::{Inventory, PartKind};
use crate::syntax::ast::Name;

/// What service closures see of a machine.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// The fully qualified domain name.
    pub fqdn: Name,
    /// The platform, where a module sets one.
    pub platform: Option<Name>,
    /// Addresses by interface.
    pub ips: Vec<(Name, Vec<Name>)>,
    /// Addresses of services.
    pub service_addresses: Vec<ServiceAddress>,
}

/// An address of a service.
#[derive(Clone, Debug)]
pub struct ServiceAddress {
    /// The service's role.
    pub role: Name,
    /// The address.
    pub address: Name,
    /// The port.
    pub port: Option<i64>,
}

/// The annotations of a node.
///
/// # Errors
/// Modules that contradict each other.
pub fn of(inventory: &Inventory, node: u32) -> Result<Annotations, Diagnostic> {
    let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(0);
    let cluster = inventory.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
    let name = inventory.nodes.name(node);
    let mut ips = Vec::new();
    if let Some(node) = inventory.nodes.part(node, PartKind::Ips).and_then(|raw| inventory.node(raw)) {
        for (key, value) in node.entries() {
            let of = value.items().filter_map(|item| item.as_str().map(|text| Name::from(&*text))).collect();
            ips.push((Name::from(&*key.text), of));
        }
    }
    Ok(Annotations { fqdn: format!("{name}.{cluster}.{}", inventory.suffix).into(), ips, ..Annotations::default() })
}

/// The configuration of a node.
///
/// # Errors
/// Modules that contradict each other.
pub fn config(inventory: &Inventory, node: u32) -> Result<serde_json::Value, Diagnostic> {
    let _ = (inventory, node);
    Ok(serde_json::Value::Null)
}
