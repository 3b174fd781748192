//! Whether the members of a cluster are configured alike, and what services a new member gets.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::addresses::{listening_on_member, on_member};
use super::servers::{self, name, title};
use super::{Kind, Mistake, items, text};

/// Servers with a higher number than this cannot have LVM.
pub(super) const LARGEST_LVM_ID: i64 = 2000;

/// Applications that members may have or not.
const OPTIONAL_APPLICATIONS: [&str; 2] = ["debug", "gpu-support"];

/// The services whose configuration members share, and how messages call them.
const SHARED: [(&str, &str); 4] =
    [("iscsi", "ISCSI"), ("multipath", "Multipath"), ("nvme", "NVME"), ("ceph", "Ceph")];

/// The services that name an address of the member itself: the key, and how messages call both.
const ADDRESSED: [(&str, &str, &str); 2] = [
    ("linstor", "listen_address", "Linstor listen address"),
    ("ovn", "tunnel_address", "OVN tunnel address"),
];

/// A difference of a server to the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The server.
    pub server: String,
    /// What differs, in upstream's words.
    pub reason: String,
}

/// What is found about the members of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consistency {
    /// All differences: by server, and for each in upstream's order.
    pub differences: Vec<Difference>,
    /// What must still be sent to servers so that they are alike, by server and service.
    pub service_updates: BTreeMap<String, Json>,
    /// What keeps them from being compared.
    pub mistakes: Vec<Mistake>,
}

/// Compares servers with the first of them. Order, and whether an empty list is written, make no
/// difference, since neither means anything; upstream takes both for one.
pub fn check(members: &[Json]) -> Consistency {
    let mut found = Consistency::default();
    for server in members {
        if servers::network(server).is_none() {
            let message = format!("Server {} does not have any network config", title(server));
            found.mistakes.push(Mistake::of(Kind::Validation, server, message));
        }
    }
    let Some((reference, others)) = members.split_first() else { return found };
    if !found.mistakes.is_empty() {
        return found;
    }
    let mut system_ids: BTreeMap<i64, &str> =
        lvm_id(reference).map(|id| (id, name(reference))).into_iter().collect();
    for server in others {
        let mut add = |reason: String| {
            found.differences.push(Difference { server: name(server).to_owned(), reason });
        };
        let (first, other) = (name(reference), name(server));
        let versions = (servers::os_version(reference), servers::os_version(server));
        if versions.0 != versions.1 {
            add(format!(
                "OS version mismatch, found {:?} ({first}) and {:?} ({other})",
                versions.0, versions.1
            ));
        }
        let (left, right) = (applications(reference), applications(server));
        if left != right {
            add(format!(
                "Application list mismatch, found {} ({first}) and {} ({other})",
                json!(left),
                json!(right)
            ));
        }
        let (left, right) = (vlans(reference), vlans(server));
        if left != right {
            add(format!(
                "Network interface and bond names and vlans configuration mismatch, found {} ({first}) and {} ({other})",
                json!(left),
                json!(right)
            ));
        }
        let (left, right) = (normal(servers::storage(reference)), normal(servers::storage(server)));
        if left != right {
            add(format!("Storage pool configuration mismatch, found {left} ({first}) and {right} ({other})"));
        }
        lvm(reference, server, &mut system_ids, &mut found);
        let mut add = |reason: String| {
            found.differences.push(Difference { server: name(server).to_owned(), reason });
        };
        for (service, title) in SHARED {
            let (left, right) =
                (normal(servers::service(reference, service)), normal(servers::service(server, service)));
            if left != right {
                add(format!("{title} configuration mismatch, found {left} ({first}) and {right} ({other})"));
            }
        }
        for (service, key, title) in ADDRESSED {
            let of = |server| servers::service(server, service).cloned().unwrap_or_else(|| json!({}));
            let (left, right) = (of(reference), of(server));
            let expected = if service == "linstor" {
                listening_on_member(reference, text(&left, key), server)
            } else {
                on_member(reference, text(&left, key), server)
            };
            match expected {
                Ok(expected) if expected == text(&right, key) => {}
                Ok(expected) => {
                    add(format!(
                        "{title} mismatch, expected {expected:?} and found {:?} ({other})",
                        text(&right, key)
                    ));
                }
                Err(mistake) => add(format!("{title} mismatch, {}", mistake.message)),
            }
            let without = |mut config: Json| {
                if let Some(config) = config.as_object_mut() {
                    config.remove(key);
                }
                normal(Some(&config))
            };
            let (left, right) = (without(left), without(right));
            if left != right {
                let service = if service == "linstor" { "Linstor" } else { "OVN" };
                add(format!(
                    "{service} configuration mismatch, found {left} ({first}) and {right} ({other})"
                ));
            }
        }
    }
    found
}

fn applications(server: &Json) -> BTreeMap<&str, &str> {
    servers::applications(server)
        .into_iter()
        .filter(|(name, _)| !OPTIONAL_APPLICATIONS.contains(name))
        .collect()
}

/// The VLAN tags of interfaces and bonds by name.
fn vlans(server: &Json) -> BTreeMap<&str, Vec<i64>> {
    let network = servers::network(server).unwrap_or(&Json::Null);
    let named = items(network, "interfaces").iter().chain(items(network, "bonds"));
    let tags = |one: &Json| {
        let mut tags: Vec<i64> = items(one, "vlan_tags").iter().filter_map(Json::as_i64).collect();
        tags.sort_unstable();
        tags
    };
    named.map(|one| (name(one), tags(one))).collect()
}

fn lvm_config(server: &Json) -> (bool, i64) {
    let config = servers::service(server, "lvm");
    let enabled = config.and_then(|config| config.get("enabled")).and_then(Json::as_bool);
    let id = config.and_then(|config| config.get("system_id")).and_then(Json::as_i64);
    (enabled.unwrap_or(false), id.unwrap_or(0))
}

fn lvm_id(server: &Json) -> Option<i64> {
    let (enabled, id) = lvm_config(server);
    enabled.then_some(id)
}

fn lvm<'s>(reference: &Json, server: &'s Json, ids: &mut BTreeMap<i64, &'s str>, found: &mut Consistency) {
    let other = name(server);
    let mut add = |reason: String| found.differences.push(Difference { server: other.to_owned(), reason });
    let id = match (lvm_config(reference).0, lvm_config(server)) {
        (false, (false, _)) => return,
        (false, (true, _)) => {
            return add(format!(
                "LVM configuration mismatch, it is disabled on {:?} and enabled on {other:?}",
                name(reference)
            ));
        }
        (true, (true, id)) => id,
        (true, (false, _)) => {
            let id = servers::id(server);
            if id > LARGEST_LVM_ID {
                return add(format!(
                    "LVM configuration mismatch, can not enable LVM on servers with internal ID > {LARGEST_LVM_ID}"
                ));
            }
            let updates = found.service_updates.entry(other.to_owned()).or_insert_with(|| json!({}));
            if let Some(updates) = updates.as_object_mut() {
                updates.insert("lvm".to_owned(), json!({ "enabled": true, "system_id": id }));
            }
            id
        }
    };
    if ids.insert(id, other).is_some() {
        found.differences.push(Difference {
            server: other.to_owned(),
            reason: format!("LVM configuration mismatch, found multiple systems with system_id {id}"),
        });
    }
}

/// A document without what means nothing: empty values, and the order of lists.
fn normal(value: Option<&Json>) -> Json {
    match value {
        Some(Json::Array(items)) => {
            let mut items: Vec<Json> = items.iter().map(|item| normal(Some(item))).collect();
            items.sort_by_cached_key(Json::to_string);
            Json::Array(items)
        }
        Some(Json::Object(object)) => {
            let mut entries: Vec<(String, Json)> =
                object.iter().map(|(key, value)| (key.clone(), normal(Some(value)))).collect();
            entries.retain(|(_, value)| !is_nothing(value));
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            Json::Object(entries.into_iter().collect::<Map<String, Json>>())
        }
        Some(other) => other.clone(),
        None => json!({}),
    }
}

/// What a missing key means too.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(truth) => !truth,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
    }
}

/// The services whose configuration a new member gets from the first one.
const COPIED: [&str; 7] = ["lvm", "iscsi", "multipath", "nvme", "ceph", "linstor", "ovn"];

/// The configuration of services that a new member gets from the first one, by service: LVM with the
/// member's own number, and addresses those of the member with the same role.
///
/// # Errors
/// All that cannot be copied.
pub fn copy_services(source: &Json, target: &Json) -> Result<Json, Vec<Mistake>> {
    let mut copied = Map::new();
    let mut mistakes = Vec::new();
    for service in COPIED {
        let Some(config) = servers::service(source, service) else { continue };
        let mut config = config.clone();
        let mut set = |key: &str, value: Json| {
            if let Some(config) = config.as_object_mut() {
                config.insert(key.to_owned(), value);
            }
        };
        match service {
            "lvm" => {
                let (enabled, own) = lvm_config(target);
                if lvm_config(source).0 && !enabled {
                    let id = servers::id(target);
                    if id > LARGEST_LVM_ID {
                        let message =
                            format!("can not enable LVM on servers with internal ID > {LARGEST_LVM_ID}");
                        mistakes.push(Mistake::of(Kind::NotPermitted, target, message));
                    }
                    set("system_id", json!(id));
                } else {
                    set("enabled", json!(enabled));
                    set("system_id", json!(own));
                }
            }
            "linstor" | "ovn" => {
                let key = if service == "linstor" { "listen_address" } else { "tunnel_address" };
                let address = servers::service(source, service).map_or("", |config| text(config, key));
                let mapped = if service == "linstor" {
                    listening_on_member(source, address, target)
                } else {
                    on_member(source, address, target)
                };
                match mapped {
                    Ok(mapped) if !address.is_empty() => set(key, json!(mapped)),
                    Ok(_) => {}
                    Err(mistake) => mistakes.push(mistake),
                }
            }
            _ => {}
        }
        copied.insert(service.to_owned(), config);
    }
    if mistakes.is_empty() { Ok(Json::Object(copied)) } else { Err(mistakes) }
}
