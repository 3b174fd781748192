//! What a machine's own options say about it: its domain name, platform, addresses and users.
//!
//! All of it is computed when somebody asks, from the parts that stay in the documents. Modules that are
//! data are enough for most machines; where there are functions among them, [`evaluated`] reads the
//! configuration that they give.

pub mod evaluated;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::Node;
use crate::inventory::model::{Cluster, Inventory, PartKind, Spot};
use crate::modules::{self, DEFAULT_PRIORITY, Definition, Failure, MK_DEFAULT_PRIORITY};
use crate::text::quoted;

use super::names;

/// What stands for an address that a machine gets by DHCP.
pub const DHCP: &str = "dhcp";

/// A host's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// `networking.hostName`
    pub name: String,
    /// `networking.domain`
    pub domain: String,
    /// `networking.fqdn`
    pub fqdn: String,
}

/// The addresses of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// By interface, in byte order: IPv4, then IPv6, then [`DHCP`].
    pub interfaces: BTreeMap<String, Vec<String>>,
    /// Those of a plain list `ips`, which names no interface.
    pub unnamed: Vec<String>,
}

impl Addresses {
    /// All addresses, interface after interface, without [`DHCP`]; an interface of the name `all` takes
    /// the place of this list, as in ClusterConfig.
    pub fn all(&self) -> Vec<&str> {
        if let Some(all) = self.interfaces.get("all") {
            return all.iter().map(String::as_str).collect();
        }
        let named = self.interfaces.values().flatten();
        self.unnamed.iter().chain(named).map(String::as_str).filter(|address| *address != DHCP).collect()
    }
}

/// An address at which a machine offers something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAddress {
    /// What for.
    pub role: String,
    /// The address.
    pub address: String,
    /// The port, where one was given.
    pub port: Option<u16>,
}

/// The domain name of a cluster.
pub fn cluster_fqdn(inventory: &Inventory, cluster: u32) -> String {
    match inventory.clusters.get(cluster as usize) {
        // The cluster of machines without one is nowhere written, and part of no name.
        None | Some(Cluster { spot: None, .. }) => inventory.suffix.to_string(),
        Some(_) if inventory.suffix.is_empty() => String::new(),
        Some(cluster) => format!("{}.{}", cluster.name, inventory.suffix),
    }
}

/// The modules of a machine as they are listed.
pub fn own_modules(inventory: &Inventory, node: u32) -> impl Iterator<Item = Node<'_>> {
    let list = inventory.nodes.part(node, PartKind::Modules).and_then(|raw| inventory.node(raw));
    list.into_iter().flat_map(Node::items)
}

/// The modules of a machine that are data, imported ones too.
fn machine_modules(inventory: &Inventory, node: u32) -> Vec<Node<'_>> {
    modules::flatten(own_modules(inventory, node))
}

/// The host name, domain and domain name of a machine, modules considered.
///
/// # Errors
/// Modules that set one of them differently, and names that are no host names.
pub fn host(inventory: &Inventory, node: u32) -> Result<Host, Failure> {
    let spot = inventory.nodes.spot.get(node as usize).copied().unwrap_or_default();
    let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    if inventory.has_full_name(node) {
        let fqdn = inventory.nodes.name(node).to_owned();
        let (name, domain) = fqdn.split_once('.').unwrap_or((&fqdn, ""));
        return Ok(Host { name: name.to_owned(), domain: domain.to_owned(), fqdn: fqdn.clone() });
    }
    let modules = machine_modules(inventory, node);
    let own_name = inventory.nodes.name(node).to_owned();
    let own_domain = cluster_fqdn(inventory, cluster);
    let name = setting(inventory, &modules, &["networking", "hostName"], Some((own_name, spot)))?;
    let domain = setting(inventory, &modules, &["networking", "domain"], Some((own_domain, spot)))?;
    let (name, domain) = (name.unwrap_or_default(), domain.unwrap_or_default());
    let fqdn = setting(inventory, &modules, &["networking", "fqdn"], None)?;
    // Where there is no domain, names need not be part of one.
    if !domain.is_empty()
        && let Some(problem) = names::host_problem(&name)
    {
        let message = format!("expected a host name, found {problem}: {}", quoted(&name));
        return Err(Box::new(place(inventory, Diagnostic::error(Code::InvalidName, message), spot)));
    }
    // Systems without domains have machines too.
    let own = || if domain.is_empty() { name.clone() } else { format!("{name}.{domain}") };
    let fqdn = fqdn.unwrap_or_else(own);
    Ok(Host { name, domain, fqdn })
}

fn place(inventory: &Inventory, diagnostic: Diagnostic, spot: Spot) -> Diagnostic {
    match inventory.documents.get(spot.document as usize) {
        Some(document) => diagnostic.at(&document.source, spot.span, ""),
        None => diagnostic,
    }
}

/// The platform of a machine: what a module says, else its `system`.
///
/// # Errors
/// Modules that say it differently.
pub fn platform(inventory: &Inventory, node: u32) -> Result<Option<String>, Failure> {
    let modules = machine_modules(inventory, node);
    let system = inventory.nodes.system.get(node as usize).copied().unwrap_or(u32::MAX);
    let own = inventory.systems.get(system as usize).map(|system| system.to_string());
    let option = "nixpkgs.hostPlatform";
    let mut found = modules::texts(modules::definitions(&modules, &["nixpkgs", "hostPlatform"])?, option)?;
    let spot = inventory.nodes.spot.get(node as usize).copied().unwrap_or_default();
    found.extend(own.and_then(|system| given(inventory, system, spot, MK_DEFAULT_PRIORITY)));
    modules::one(found, option)
}

/// The value of a text option, with the definition that the machine itself makes.
fn setting(
    inventory: &Inventory,
    modules: &[Node<'_>],
    path: &[&str],
    own: Option<(String, Spot)>,
) -> Result<Option<String>, Failure> {
    let option = crate::inventory::path::print(path);
    let mut found = modules::texts(modules::definitions(modules, path)?, &option)?;
    found.extend(own.and_then(|(text, spot)| given(inventory, text, spot, DEFAULT_PRIORITY)));
    modules::one(found, &option)
}

/// A definition that stands for itself in the inventory.
fn given(inventory: &Inventory, value: String, spot: Spot, priority: i64) -> Option<Definition<String>> {
    let document = inventory.documents.get(spot.document as usize)?;
    Some(Definition { value, priority, order: 0, source: Arc::clone(&document.source), span: spot.span })
}

/// The addresses of a machine: its `ips`, and what its modules say about interfaces.
///
/// # Errors
/// Malformed interfaces in modules.
pub fn addresses(inventory: &Inventory, node: u32) -> Result<Addresses, Failure> {
    let mut addresses = own_interfaces(inventory, node);
    let modules = machine_modules(inventory, node);
    let interfaces = modules::definitions(&modules, &["networking", "interfaces"])?;
    let interfaces = modules::strongest(interfaces);
    let mut names: Vec<String> = Vec::new();
    for definition in &interfaces {
        names.extend(definition.value.entries().map(|(key, _)| key.text.into_owned()));
    }
    names.sort_unstable();
    names.dedup();
    for name in names {
        let interface = modules::strongest(modules::below(interfaces.clone(), &[&name])?);
        let found = interface_addresses(interface, &name)?;
        addresses.interfaces.entry(name).or_default().extend(found);
    }
    Ok(addresses)
}

/// The addresses of the machine's own `ips`.
fn own_interfaces(inventory: &Inventory, node: u32) -> Addresses {
    let mut addresses = Addresses::default();
    own_addresses(inventory, node, &mut |interface, address| match interface {
        Some(interface) => {
            addresses.interfaces.entry(interface.to_owned()).or_default().extend(address.map(str::to_owned))
        }
        None => addresses.unnamed.extend(address.map(str::to_owned)),
    });
    addresses
}

/// What modules say about one interface, from its definitions.
fn interface_addresses(interface: Vec<Definition<Node<'_>>>, name: &str) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for family in ["ipv4", "ipv6"] {
        let lists = modules::strongest(modules::below(interface.clone(), &[family, "addresses"])?);
        for item in modules::elements(&lists)? {
            // The prefix length is not looked at, as upstream does not.
            let Some(address) = item.get("address").and_then(Node::as_str) else {
                let message = format!(
                    "expected an object with the text `address` in the addresses of {}",
                    quoted(name)
                );
                let diagnostic = Diagnostic::error(Code::InvalidOption, message);
                return Err(Box::new(diagnostic.at(item.source(), item.span(), "")));
            };
            found.push(address.into_owned());
        }
    }
    let dhcp = modules::below(interface, &["useDHCP"])?;
    let dhcp = dhcp.into_iter().map(|definition| definition.map(Node::as_bool)).collect();
    let option = crate::inventory::path::print(["networking", "interfaces", name, "useDHCP"]);
    if modules::one(dhcp, &option)?.flatten() == Some(true) {
        found.push(DHCP.to_owned());
    }
    Ok(found)
}

/// Calls `visit` with each address of the machine's own `ips` and its interface, if any, without keeping
/// them (a single address, a list, or lists by interface); an interface without addresses comes once, with nothing.
pub fn own_addresses(inventory: &Inventory, node: u32, visit: &mut dyn FnMut(Option<&str>, Option<&str>)) {
    for ips in inventory.nodes.parts_of(node, PartKind::Ips).filter_map(|raw| inventory.node(raw)) {
        if let Some(address) = ips.as_str() {
            // The only one, which Walrus and Ansible have.
            visit(None, Some(&address));
        }
        ips.items().filter_map(Node::as_str).for_each(|address| visit(None, Some(&address)));
        for (key, list) in ips.entries() {
            // Operations Center has what an interface is, with its addresses.
            let list = list.get("addresses").unwrap_or(list);
            let mut empty = true;
            for address in list.items().filter_map(Node::as_str) {
                empty = false;
                visit(Some(&key.text), Some(&address));
            }
            if empty {
                visit(Some(&key.text), None);
            }
        }
    }
}

/// The service addresses of a machine, in written order. Entries that are not as they must be, which
/// reading has reported, are left out.
pub fn service_addresses(inventory: &Inventory, node: u32) -> Vec<ServiceAddress> {
    let list = inventory.nodes.part(node, PartKind::ServiceAddresses).and_then(|raw| inventory.node(raw));
    let read = |entry: Node<'_>| {
        let tag = entry.get("tag")?;
        Some(ServiceAddress {
            role: tag.get("role")?.as_str()?.into_owned(),
            address: tag.get("address")?.as_str()?.into_owned(),
            port: tag.get("port").and_then(Node::as_int).and_then(|port| u16::try_from(port).ok()),
        })
    };
    list.into_iter().flat_map(Node::items).filter_map(read).collect()
}

/// The users of a machine: those of its cluster, then its own, merged user by user. The shape is that of
/// the inventory: `{ <user> = { systemConfig, homeManagerModules }; }`.
///
/// # Errors
/// A user that cluster and machine define differently.
pub fn users(inventory: &Inventory, node: u32) -> Result<serde_json::Value, Failure> {
    let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    let cluster = inventory.clusters.get(cluster as usize).map_or(&[][..], |cluster| &cluster.users);
    let own = inventory.nodes.part(node, PartKind::Users);
    let definitions: Vec<Definition<Node<'_>>> = cluster
        .iter()
        .copied()
        .chain(own)
        .filter_map(|raw| inventory.node(raw))
        .map(Definition::new)
        .collect();
    if definitions.is_empty() {
        return Ok(serde_json::Value::Object(serde_json::Map::new()));
    }
    modules::anything(definitions, &mut vec!["users".to_owned()])
}

/// Colmena's defaults of the deployment options.
pub fn deployment_defaults() -> serde_json::Value {
    serde_json::json!({
        "targetHost": "{hostname}",
        "targetPort": null,
        "targetUser": "root",
        "allowLocalDeployment": false,
        "buildOnTarget": false,
        "tags": [],
        "keys": {},
        "replaceUnknownProfiles": true,
        "privilegeEscalationCommand": ["sudo", "-H", "--"],
    })
}

/// The deployment options of a machine, with colmena's defaults. `targetHost` is by default the text
/// `{hostname}`, which colmena means to fill in.
pub fn deployment(inventory: &Inventory, node: u32) -> serde_json::Value {
    let mut options = deployment_defaults();
    let given = inventory.nodes.part(node, PartKind::Deployment).and_then(|raw| inventory.node(raw));
    if let Some(object) = options.as_object_mut() {
        for (key, value) in given.into_iter().flat_map(Node::entries) {
            let mut value = value.to_json();
            if key.text == "keys" {
                value.as_object_mut().into_iter().flatten().for_each(|(name, key)| complete_key(name, key));
            }
            object.insert(key.text.into_owned(), value);
        }
    }
    options
}

/// Fills in what is not said of a key that colmena puts on a machine.
fn complete_key(name: &str, key: &mut serde_json::Value) {
    let defaults = serde_json::json!({
        "name": name,
        "text": null,
        "keyFile": null,
        "keyCommand": null,
        "destDir": "/run/keys",
        "user": "root",
        "group": "root",
        "permissions": "0600",
        "uploadAt": "pre-activation",
    });
    if let (Some(key), serde_json::Value::Object(defaults)) = (key.as_object_mut(), defaults) {
        for (option, default) in defaults {
            key.entry(option).or_insert(default);
        }
    }
}

/// What `clusterInfo` shows of a machine: names, addresses by interface, service addresses, and a part of
/// its deployment.
///
/// # Errors
/// As [`host`] and [`addresses`].
pub fn machine_info(inventory: &Inventory, node: u32) -> Result<serde_json::Value, Failure> {
    let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    let cluster = inventory.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
    let deployment = deployment(inventory, node);
    let shown = ["tags", "targetHost", "targetPort"];
    let deployment: serde_json::Map<String, serde_json::Value> = shown
        .iter()
        .map(|name| ((*name).to_owned(), deployment.get(name).cloned().unwrap_or_default()))
        .collect();
    let addressed = |entry: ServiceAddress| serde_json::json!({ "role": entry.role, "address": entry.address, "port": entry.port });
    let service_addresses: Vec<serde_json::Value> =
        service_addresses(inventory, node).into_iter().map(addressed).collect();
    Ok(serde_json::json!({
        "clusterName": cluster,
        "machineName": inventory.nodes.name(node),
        "fqdn": host(inventory, node)?.fqdn,
        "ips": addresses(inventory, node)?.interfaces,
        "serviceAddresses": service_addresses,
        "deployment": deployment,
    }))
}

#[cfg(test)]
mod tests;
