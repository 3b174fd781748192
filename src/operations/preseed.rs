//! What a cluster gets besides the preseed that was asked for, and whether a preseed can be read.

use serde_json::{Map, Value as Json, json};

use super::{items, text};

/// Where Incus keeps backups, images and logs.
const CONFIG: [(&str, &str); 3] = [
    ("storage.backups_volume", "local/backups"),
    ("storage.images_volume", "local/images"),
    ("storage.logs_volume", "local/logs"),
];

/// The preseed with upstream's defaults: what is there keeps its place and its values, and what is added
/// stands behind it.
pub fn with_defaults(preseed: &Json) -> Json {
    let mut all = preseed.as_object().cloned().unwrap_or_default();
    // Each part is an object or a list by then, so that nothing is left out.
    let _complete = fill(&mut all);
    Json::Object(all)
}

fn fill(all: &mut Map<String, Json>) -> Option<()> {
    let config = object(all, "config")?;
    for (key, value) in CONFIG {
        config.entry(key).or_insert_with(|| json!(value));
    }
    let pools = list(all, "storage_pools")?;
    let pool = find(pools, &[("name", "local")], || json!({ "driver": "zfs" }))?;
    set(pool, "description", "Local storage pool (on system drive)");
    set(object(pool, "config")?, "source", "local/incus");
    let projects = list(all, "projects")?;
    let project = find(projects, &[("name", "internal")], || json!({}))?;
    set(project, "description", "Internal project to isolate fully managed resources.");
    let networks = list(all, "networks")?;
    if let Some(mesh) = networks.iter().position(|network| text(network, "name") == "meshbr0") {
        networks.remove(mesh);
    }
    let bridge = find(networks, &[("name", "incusbr0")], || json!({ "type": "bridge" }))?;
    set(bridge, "description", "Local network bridge (NAT)");
    let volumes = list(all, "storage_volumes")?;
    for name in ["backups", "images", "logs"] {
        let made = || json!({ "type": "custom", "content_type": "filesystem" });
        let volume = find(volumes, &[("name", name), ("pool", "local")], made)?;
        set(volume, "description", &format!("Volume holding system {name}"));
    }
    let profiles = list(all, "profiles")?;
    for (project, network) in [("", "incusbr0"), ("internal", "meshbr0")] {
        let profile = find(profiles, &[("name", "default"), ("project", project)], || json!({}))?;
        let devices = object(profile, "devices")?;
        devices.entry("root").or_insert_with(|| json!({ "type": "disk", "path": "/", "pool": "local" }));
        devices.entry("eth0").or_insert_with(|| json!({ "type": "nic", "name": "eth0", "network": network }));
    }
    Some(())
}

/// The object at a key, made where there is none.
fn object<'m>(all: &'m mut Map<String, Json>, key: &str) -> Option<&'m mut Map<String, Json>> {
    let place = all.entry(key).or_insert(Json::Null);
    if !place.is_object() {
        *place = json!({});
    }
    place.as_object_mut()
}

/// The list at a key, made where there is none.
fn list<'m>(all: &'m mut Map<String, Json>, key: &str) -> Option<&'m mut Vec<Json>> {
    let place = all.entry(key).or_insert(Json::Null);
    if !place.is_array() {
        *place = json!([]);
    }
    place.as_array_mut()
}

/// The first entry with these texts, added where there is none.
fn find<'m>(
    list: &'m mut Vec<Json>,
    texts: &[(&str, &str)],
    made: impl FnOnce() -> Json,
) -> Option<&'m mut Map<String, Json>> {
    let found = list
        .iter()
        .position(|entry| entry.is_object() && texts.iter().all(|(key, value)| text(entry, key) == *value));
    let at = found.unwrap_or_else(|| {
        let mut entry = Map::new();
        for (key, value) in texts.iter().filter(|(_, value)| !value.is_empty()) {
            entry.insert((*key).to_owned(), json!(value));
        }
        entry.extend(made().as_object().cloned().unwrap_or_default());
        list.push(Json::Object(entry));
        list.len() - 1
    });
    list.get_mut(at)?.as_object_mut()
}

/// Sets a text that is not given.
fn set(entry: &mut Map<String, Json>, key: &str, value: &str) {
    let is_unset = entry.get(key).is_none_or(|known| known.is_null() || known.as_str() == Some(""));
    if is_unset {
        entry.insert(key.to_owned(), json!(value));
    }
}

/// The lists of a preseed, each of objects.
const LISTS: [&str; 7] = [
    "networks",
    "storage_pools",
    "storage_volumes",
    "profiles",
    "projects",
    "certificates",
    "cluster_groups",
];

/// Why a preseed cannot be read as Incus reads it; keys that Incus does not know are no reason.
pub fn problems(preseed: &Json) -> Vec<String> {
    let mut problems = Vec::new();
    if preseed.is_null() {
        return problems;
    }
    let Some(all) = preseed.as_object() else { return vec!["expected an object".to_owned()] };
    check_config(all.get("config"), "config", &mut problems);
    for key in LISTS {
        match all.get(key) {
            None | Some(Json::Null) => {}
            Some(Json::Array(_)) => {}
            Some(_) => problems.push(format!("expected a list in {key:?}")),
        }
        for (index, entry) in items(preseed, key).iter().enumerate() {
            let place = format!("{key}[{index}]");
            if !entry.is_object() {
                problems.push(format!("expected an object in {place:?}"));
                continue;
            }
            check_config(entry.get("config"), &format!("{place}.config"), &mut problems);
            for text in ["name", "description", "type", "driver", "project", "pool", "content_type"] {
                if entry.get(text).is_some_and(|value| !value.is_string() && !value.is_null()) {
                    problems.push(format!("expected a string in \"{place}.{text}\""));
                }
            }
            match entry.get("devices") {
                None | Some(Json::Null) => {}
                Some(Json::Object(devices)) => {
                    for (name, device) in devices {
                        if !device.as_object().is_some_and(|device| device.values().all(Json::is_string)) {
                            problems
                                .push(format!("expected an object of strings in \"{place}.devices.{name}\""));
                        }
                    }
                }
                Some(_) => problems.push(format!("expected an object in \"{place}.devices\"")),
            }
        }
    }
    problems
}

/// Configuration is flat; numbers and booleans are taken as texts.
fn check_config(config: Option<&Json>, place: &str, problems: &mut Vec<String>) {
    match config {
        None | Some(Json::Null) => {}
        Some(Json::Object(entries)) => {
            for (key, value) in entries {
                if value.is_object() || value.is_array() {
                    problems.push(format!("expected a string in \"{place}.{key}\""));
                }
            }
        }
        Some(_) => problems.push(format!("expected an object in {place:?}")),
    }
}

/// The keys of a preseed that Incus does not know, which it would drop.
pub fn unknown_keys(preseed: &Json) -> Vec<String> {
    let known = |key: &&String| key.as_str() == "config" || LISTS.contains(&key.as_str());
    let keys = preseed.as_object().into_iter().flat_map(Map::keys);
    keys.filter(|key| !known(key)).cloned().collect()
}
