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
    [("iscsi", "iSCSI"), ("multipath", "Multipath"), ("nvme", "NVME"), ("ceph", "Ceph")];

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
    /// All differences in upstream's order: one comparison after the other, each of all servers.
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
    // One server is always like itself.
    if members.len() < 2 {
        return found;
    }
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
    let mut differ = |server: &Json, reasons: Vec<String>| {
        let server = name(server);
        let told = reasons.into_iter().map(|reason| Difference { server: server.to_owned(), reason });
        found.differences.extend(told);
    };
    for compare in [system, network, storage] {
        others.iter().for_each(|server| differ(server, compare(reference, server)));
    }
    let mut known: BTreeMap<i64, &str> =
        lvm_id(reference).map(|id| (id, name(reference))).into_iter().collect();
    for server in others {
        let (reasons, update) = lvm(reference, server, &mut known);
        differ(server, reasons);
        found.service_updates.extend(update.map(|update| (name(server).to_owned(), update)));
    }
    for (service, title) in SHARED {
        for server in others {
            let config = |server| normal(servers::service(server, service));
            differ(server, mismatch(title, (reference, config(reference)), (server, config(server))));
        }
    }
    for addressed in &ADDRESSED {
        others.iter().for_each(|server| differ(server, address_of_its_own(reference, server, addressed)));
    }
    found
}

/// What is told where two configurations differ.
fn mismatch(title: &str, (reference, left): (&Json, Json), (server, right): (&Json, Json)) -> Vec<String> {
    let told = || {
        let (first, other) = (name(reference), name(server));
        format!("{title} configuration mismatch, found {left} ({first}) and {right} ({other})")
    };
    (left != right).then(told).into_iter().collect()
}

/// The version of the system, and the applications.
fn system(reference: &Json, server: &Json) -> Vec<String> {
    let mut reasons = Vec::new();
    let (first, other) = (name(reference), name(server));
    let (left, right) = (servers::os_version(reference), servers::os_version(server));
    if left != right {
        reasons.push(format!("OS version mismatch, found {left:?} ({first}) and {right:?} ({other})"));
    }
    let (left, right) = (json!(applications(reference)), json!(applications(server)));
    if left != right {
        reasons.push(format!("Application list mismatch, found {left} ({first}) and {right} ({other})"));
    }
    reasons
}

fn network(reference: &Json, server: &Json) -> Vec<String> {
    let title = "Network interface and bond names and vlans";
    mismatch(title, (reference, json!(vlans(reference))), (server, json!(vlans(server))))
}

fn storage(reference: &Json, server: &Json) -> Vec<String> {
    let config = |server| normal(servers::storage(server));
    mismatch("Storage pool", (reference, config(reference)), (server, config(server)))
}

/// A service that names an address of the member itself.
fn address_of_its_own(
    reference: &Json,
    server: &Json,
    (service, key, title): &(&'static str, &'static str, &'static str),
) -> Vec<String> {
    let (first, other) = (name(reference), name(server));
    let config = |server| servers::service(server, service).cloned().unwrap_or_else(|| json!({}));
    let (left, right) = (config(reference), config(server));
    let (theirs, own) = (text(&left, key), text(&right, key));
    let mut reasons = match mapped(service, reference, theirs, server) {
        Ok(expected) if expected == own => Vec::new(),
        Ok(expected) => vec![format!(
            "{title} mismatch, found {theirs:?} ({first}) and {own:?} ({other}), expected {expected:?} for {other}"
        )],
        Err(mistake) => vec![format!("{title} mismatch, {}", mistake.message)],
    };
    let without = |mut config: Json| {
        if let Some(config) = config.as_object_mut() {
            config.remove(*key);
        }
        normal(Some(&config))
    };
    let title = if *service == "linstor" { "Linstor" } else { "OVN" };
    reasons.extend(mismatch(title, (reference, without(left)), (server, without(right))));
    reasons
}

/// The address of one of the addressed services on another member.
fn mapped(service: &str, reference: &Json, address: &str, server: &Json) -> Result<String, Mistake> {
    match service {
        "linstor" => listening_on_member(reference, address, server),
        _ => on_member(reference, address, server),
    }
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

/// How LVM differs, and what enables it where the first server has it.
fn lvm<'s>(
    reference: &Json,
    server: &'s Json,
    known: &mut BTreeMap<i64, &'s str>,
) -> (Vec<String>, Option<Json>) {
    let other = name(server);
    let enabled = lvm_config(reference).0;
    let (own, id) = lvm_config(server);
    if !enabled {
        let told = || {
            format!("LVM enabled mismatch, found enabled {enabled} ({}) and {own} ({other})", name(reference))
        };
        return (own.then(told).into_iter().collect(), None);
    }
    let (id, update) = if own {
        (id, None)
    } else {
        let id = servers::id(server);
        if id > LARGEST_LVM_ID {
            let reason = format!(
                "Failed to enable OS service \"lvm\" on {other:?}: can not enable LVM on servers with internal ID > {LARGEST_LVM_ID}"
            );
            return (vec![reason], None);
        }
        (id, Some(json!({ "lvm": { "enabled": true, "system_id": id } })))
    };
    let told = || format!("LVM configuration mismatch, found multiple systems with system_id {id}");
    (known.insert(id, other).is_some().then(told).into_iter().collect(), update)
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
                match mapped(service, source, address, target) {
                    Ok(own) if !address.is_empty() => set(key, json!(own)),
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
