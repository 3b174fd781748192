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
    let mut distinct: Vec<&str> = Vec::new();
    for server in remove.iter().filter(|server| !server.is_empty()) {
        if !distinct.contains(server) {
            distinct.push(server);
        }
    }
    if distinct.len() >= members.len() {
        let message = format!(
            "Cluster {cluster:?} does not have enough servers for server removal, current cluster size is {}, number of servers to be removed: {}",
            members.len(),
            distinct.len()
        );
        mistakes.push(Mistake::new(Kind::NotPermitted, message));
    }
    let mut leaving: Vec<&Json> = Vec::new();
    for wanted in &distinct {
        match members.iter().find(|server| name(server) == *wanted) {
            Some(server) => leaving.push(server),
            None => {
                let near = crate::text::did_you_mean(wanted, members.iter().map(name));
                let near = near.map_or_else(String::new, |near| format!("; {near}"));
                let message = format!(
                    "Server removal failed, server {wanted:?} is not part of the cluster {cluster:?}{near}"
                );
                mistakes.push(Mistake::new(Kind::NotFound, message));
            }
        }
    }
    let speaks = |server: &Json, problem: String| {
        let message = format!("Server removal failed, server {:?} {problem}", name(server));
        Mistake::of(Kind::NotPermitted, server, message)
    };
    let staying = leaving.iter().filter(|server| in_maintenance(server) != 2);
    mistakes.extend(staying.map(|server| speaks(server, "is not in state evacuated".to_owned())));
    // What is on the servers is read anew only when all of them are evacuated.
    for server in &leaving {
        let held = held_by(server, &distinct, resources).into_iter();
        mistakes.extend(held.map(|problem| speaks(server, problem)));
    }
    let lost = items(resources, "images").iter().filter(|image| {
        let object = image.get("object").unwrap_or(image);
        let of_cluster = image.get("cluster").and_then(Json::as_str).is_none_or(|of| of == cluster);
        of_cluster && texts(object, "locations").iter().all(|location| distinct.contains(location))
    });
    let mut lost: Vec<String> = lost
        .map(|image| {
            let project = image.get("project").or_else(|| image.get("project_name")).and_then(Json::as_str);
            format!("{}/{}", project.unwrap_or("default"), name(image))
        })
        .collect();
    lost.sort_unstable();
    if !lost.is_empty() && !distinct.is_empty() {
        let message = format!(
            "Server removal failed, the following images are only present on the server(s) being removed ({})",
            lost.join(", ")
        );
        mistakes.push(Mistake::new(Kind::NotPermitted, message));
    }
    mistakes
}

/// What is still on a server, while others go too.
fn held_by(server: &Json, removed: &[&str], resources: &Json) -> Vec<String> {
    let mut held = Vec::new();
    let title = name(server);
    if items(resources, "instances").iter().any(|row| is_on(row, title, removed)) {
        held.push("still has instances".to_owned());
    }
    let volumes = items(resources, "storage_volumes").iter().filter(|row| {
        let (kind, volume) = volume(row);
        kind == "custom" && !OWN_VOLUMES.contains(&volume) && is_on(row, title, removed)
    });
    let volumes: Vec<&str> = volumes.map(|row| volume(row).1).collect();
    if !volumes.is_empty() {
        held.push(format!("still has custom volumes ({})", volumes.join(", ")));
    }
    held
}

/// The type and the name of a volume: a row, or `type/name`.
fn volume(row: &Json) -> (&str, &str) {
    let written = row.as_str().unwrap_or_else(|| name(row));
    match (row.get("type").and_then(Json::as_str), written.split_once('/')) {
        (Some(kind), _) => (kind, written),
        (None, Some((kind, volume))) => (kind, volume),
        (None, None) => ("custom", written),
    }
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
    match mode {
        "normal" | "" => {
            let status = text(cluster, "status");
            if status == "ready" {
                let message = format!("Delete for cluster in state {status:?}");
                mistakes.push(Mistake::new(Kind::NotPermitted, message));
            } else if !matches!(status, "pending" | "unknown" | "") {
                let message = format!("Delete for cluster with invalid state {status:?}");
                mistakes.push(Mistake::new(Kind::NotPermitted, message));
            }
            if !members.is_empty() {
                let names: Vec<&str> = members.iter().map(name).collect();
                let linked = names.join(" ");
                let message = format!("Delete for cluster with {} linked servers ({linked})", members.len());
                mistakes.push(Mistake::new(Kind::NotPermitted, message));
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
