//! Bulk operations: the same change on all members of a cluster, planned before anything is sent.
//!
//! An [`Operation`] is read strictly from the body of `:bulk-update`. [`plan`] checks every member first,
//! and only where nothing speaks against it says what each gets. Fields of documents that are not known
//! here stay as they are.

mod change;
mod decode;

use serde_json::{Map, Value as Json, json};

pub use change::application_problem;
pub use decode::decode;

use super::servers::{self, name, title};
use super::{Kind, Mistake};

/// The actions, in upstream's order.
pub const ACTIONS: [&str; 11] = [
    "add_network_interface_vlan_tags",
    "remove_network_interface_vlan_tags",
    "update_system_logging",
    "update_system_kernel",
    "add_application",
    "add_iscsi_storage_target",
    "remove_iscsi_storage_target",
    "add_multipath_storage_target",
    "remove_multipath_storage_target",
    "add_nvme_storage_target",
    "remove_nvme_storage_target",
];

/// A change to be made on every member.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Tags of an interface or bond are added, or taken away.
    VlanTags {
        /// Whether they are added.
        add: bool,
        /// The interface or bond.
        interface: String,
        /// The tags.
        tags: Vec<i64>,
    },
    /// The whole configuration of a part of the system is replaced: `logging` or `kernel`.
    Replace {
        /// Which part.
        part: &'static str,
        /// Its configuration.
        config: Json,
    },
    /// An application is installed.
    Application(String),
    /// A target of a storage service is added, or taken away.
    Target {
        /// Whether it is added.
        add: bool,
        /// `iscsi`, `nvme` or `multipath`.
        service: &'static str,
        /// The target: an object, or the text of a WWN.
        target: Json,
    },
}

/// What a member gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The member.
    pub server: String,
    /// Where it is sent: `PUT` or `POST` on a path below `/os/1.0`.
    pub request: (&'static str, String),
    /// The body.
    pub body: Json,
    /// The new configuration as it stands in the member's document, below the key that [`Change::key`] has.
    pub config: Json,
    /// What stood there before.
    pub before: Json,
    /// Where it stands: `network`, `services.nvme`, `logging`, `kernel` or `applications_add`.
    pub key: &'static str,
}

impl Change {
    /// Whether anything changes. Where not, nothing needs to be sent.
    pub fn is_needed(&self) -> bool {
        self.config != self.before
    }

    /// What differs, place by place, with what was and what will be there.
    pub fn differences(&self) -> Vec<(String, Option<Json>, Option<Json>)> {
        let mut found = Vec::new();
        differences(
            self.key,
            Some(&self.before).filter(|before| !before.is_null()),
            Some(&self.config),
            &mut found,
        );
        found
    }

    /// The request that makes it.
    fn send(&self) -> Json {
        self.asked(&self.body)
    }

    /// The request that takes it back; an application stays.
    fn undo(&self) -> Option<Json> {
        (self.key != "applications_add").then(|| self.asked(&json!({ "config": self.before })))
    }

    fn asked(&self, body: &Json) -> Json {
        let (method, path) = &self.request;
        json!({ "server": self.server, "method": method, "path": path, "body": body })
    }

    /// The new configuration by what it belongs to: `{ network }`, `{ services : { nvme } }`, …
    fn shown(&self) -> Json {
        match self.key.split_once('.') {
            Some((outer, inner)) => super::object(outer, super::object(inner, self.config.clone())),
            None => super::object(self.key, self.config.clone()),
        }
    }
}

/// A bulk operation with what comes of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// For each member, in the order of the documents.
    pub changes: Vec<Change>,
    /// What is done and may surprise.
    pub warnings: Vec<String>,
    /// What speaks against it, in upstream's order; nothing is planned then.
    pub mistakes: Vec<Mistake>,
}

/// Plans an operation on members of a cluster. All checks are made on every member before anything is
/// planned, and every mistake is told.
pub fn plan(operation: &Operation, cluster: &Json, members: &[&Json]) -> Plan {
    let mut plan = Plan::default();
    let status = super::text(cluster, "status");
    let cluster_title = name(cluster);
    if status != "ready" {
        plan.mistakes
            .push(Mistake::new(Kind::NotPermitted, format!("Cluster {cluster_title:?} is not ready")));
    }
    if members.is_empty() {
        let message = format!("Cluster {cluster_title:?} does not have any servers");
        plan.mistakes.push(Mistake::new(Kind::NotPermitted, message));
    }
    for server in members {
        let (status, detail) = (servers::status(server), servers::detail(server));
        let maintenance = servers::in_maintenance(server);
        if status != "ready" || !detail.is_empty() || maintenance != 0 {
            let message = format!(
                "Server {} is not ready (status: {status:?}, status detail: {detail:?}, maintenance: {maintenance})",
                title(server)
            );
            plan.mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
        }
    }
    for server in members {
        match change::change(operation, server) {
            Ok((change, _)) if servers::is_masked(&change.body) => {
                let message = format!(
                    "Server {} has documents without their secrets, which can not be sent; `invq plan` reads them as they are",
                    title(server)
                );
                plan.mistakes.push(Mistake::of(Kind::Validation, server, message));
            }
            Ok((change, warnings)) => {
                plan.changes.push(change);
                plan.warnings.extend(warnings);
            }
            Err(mistakes) => plan.mistakes.extend(mistakes),
        }
    }
    if !plan.mistakes.is_empty() {
        plan.changes.clear();
    }
    plan
}

/// What differs between two documents, down to values that are no objects, and lists of another length.
fn differences(
    place: &str,
    before: Option<&Json>,
    after: Option<&Json>,
    found: &mut Vec<(String, Option<Json>, Option<Json>)>,
) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            for key in keys {
                differences(&format!("{place}.{key}"), old.get(key), new.get(key), found);
            }
        }
        (Some(Json::Array(old)), Some(Json::Array(new)))
            if old.len() == new.len() && old.iter().all(Json::is_object) =>
        {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differences(&format!("{place}[{index}]"), Some(old), Some(new), found);
            }
        }
        _ => found.push((place.to_owned(), before.cloned(), after.cloned())),
    }
}

impl Plan {
    /// What is sent where a server refuses its request: the requests up to that one, and what takes back
    /// those before it, last first. Nothing is known of a server that has refused, and nothing is sent to it.
    pub fn writes(&self, failing: &str) -> Vec<Json> {
        let needed: Vec<&Change> = self.changes.iter().filter(|change| change.is_needed()).collect();
        let refused = needed.iter().position(|change| change.server == failing);
        let sent = refused.map_or(needed.len(), |at| at + 1);
        let back = needed.iter().take(refused.unwrap_or(0)).rev().filter_map(|change| change.undo());
        needed.iter().take(sent).map(|change| change.send()).chain(back).collect()
    }

    /// As data: `servers` with the new configuration of each, `requests` that are needed, in order, those
    /// that take everything back, and mistakes as `{ kind, message, server }`.
    pub fn to_json(&self) -> Json {
        let needed = || self.changes.iter().filter(|change| change.is_needed());
        let servers: Map<String, Json> =
            self.changes.iter().map(|change| (change.server.clone(), change.shown())).collect();
        json!({
            "servers": servers,
            "requests": needed().map(Change::send).collect::<Vec<Json>>(),
            "revert": needed().rev().filter_map(Change::undo).collect::<Vec<Json>>(),
            "unchanged": self.changes.iter().filter(|change| !change.is_needed()).map(|change| &change.server).collect::<Vec<&String>>(),
            "warnings": self.warnings,
            "mistakes": self.mistakes.iter().map(Mistake::to_json).collect::<Vec<Json>>(),
        })
    }
}
