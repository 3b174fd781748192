//! What speaks against taking servers out of a cluster, and against deleting it.

use serde_json::Value as Json;

use super::servers::{in_maintenance, name};
use super::{Kind, Mistake, items, text, texts};

/// The volumes that every server has for itself.
const OWN_VOLUMES: [&str; 3] = ["backups", "images", "logs"];

/// Checks a removal in upstream's order. `members` are all servers of the cluster, `resources` has the
/// tables `instances`, `storage_volumes` and `images`: rows, or plain names of what is on the removed ones.
pub fn remove_servers(cluster: &str, members: &[Json], remove: &[&str], resources: &Json) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut distinct: Vec<&str> = remove.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let found: Vec<&Json> =
        distinct.iter().filter_map(|wanted| members.iter().find(|server| name(server) == *wanted)).collect();
    if found.len() >= members.len() {
        let message = format!("cluster {cluster:?} would have no server left");
        mistakes.push(Mistake::new(Kind::NotPermitted, message));
    }
    for wanted in &distinct {
        if !members.iter().any(|server| name(server) == *wanted) {
            let near = crate::text::did_you_mean(wanted, members.iter().map(name));
            let near = near.map_or_else(String::new, |near| format!("; {near}"));
            let message = format!("server {wanted:?} is not a member of cluster {cluster:?}{near}");
            mistakes.push(Mistake::new(Kind::NotFound, message));
        }
    }
    for server in &found {
        if in_maintenance(server) != 2 {
            let message = format!("server {:?} is not evacuated", name(server));
            mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
        }
    }
    for server in &found {
        if items(resources, "instances").iter().any(|row| is_on(row, name(server), &distinct)) {
            let message = format!("server {:?} still has instances", name(server));
            mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
        }
        let volumes = items(resources, "storage_volumes").iter().filter(|row| {
            let volume = row.as_str().unwrap_or_else(|| name(row));
            let volume = volume.strip_prefix("custom/").unwrap_or(volume);
            let kind = row.get("type").and_then(Json::as_str).unwrap_or("custom");
            kind == "custom" && !OWN_VOLUMES.contains(&volume) && is_on(row, name(server), &distinct)
        });
        let volumes: Vec<&str> = volumes.map(|row| row.as_str().unwrap_or_else(|| name(row))).collect();
        if !volumes.is_empty() {
            let message =
                format!("server {:?} still has custom storage volumes: {}", name(server), volumes.join(", "));
            mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
        }
    }
    let lost = items(resources, "images").iter().filter(|image| {
        let object = image.get("object").unwrap_or(image);
        let of_cluster = image.get("cluster").and_then(Json::as_str).is_none_or(|of| of == cluster);
        of_cluster && texts(object, "locations").iter().all(|location| distinct.contains(location))
    });
    let lost: Vec<String> = lost
        .map(|image| {
            let project = image.get("project").or_else(|| image.get("project_name")).and_then(Json::as_str);
            format!("{}/{}", project.unwrap_or("default"), name(image))
        })
        .collect();
    if !lost.is_empty() && !found.is_empty() {
        let message = format!(
            "the following images are only present on the server(s) being removed: {}",
            lost.join(", ")
        );
        mistakes.push(Mistake::new(Kind::NotPermitted, message));
    }
    mistakes
}

/// Whether a row is on a server; one that does not say so is on all that are removed.
fn is_on(row: &Json, server: &str, removed: &[&str]) -> bool {
    match row.get("server").or_else(|| row.get("location")).and_then(Json::as_str) {
        Some(of) => of == server,
        None => row.is_string() && removed.contains(&server),
    }
}

/// Checks a deletion: `normal` needs a cluster that was never made and that no server refers to, `force`
/// takes the records alone, and `factory-reset` resets the members.
pub fn delete_cluster(cluster: &Json, members: &[Json], mode: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let title = name(cluster);
    match mode {
        "normal" | "" => {
            let status = text(cluster, "status");
            if !matches!(status, "pending" | "unknown" | "") {
                let message = format!("cluster {title:?} can not be deleted in status {status:?}");
                mistakes.push(Mistake::new(Kind::NotPermitted, message));
            }
            for server in members {
                let message = format!("cluster {title:?} still has the server {:?}", name(server));
                mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
            }
        }
        "force" | "factory-reset" => {}
        other => {
            let near = crate::text::did_you_mean(other, ["normal", "force", "factory-reset"]);
            let near = near.map_or_else(String::new, |near| format!("; {near}"));
            mistakes.push(Mistake::new(Kind::BadRequest, format!("Invalid delete mode {other:?}{near}")));
        }
    }
    mistakes
}
