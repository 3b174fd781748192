//! The state of a server with regard to updates, and what to do next.

use serde_json::Value as Json;

use super::{servers, text, words};

/// What the states depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// `server_status`
    pub status: String,
    /// `server_status_detail`
    pub detail: String,
    /// Whether it is in a cluster.
    pub clustered: bool,
    /// Whether something newer is available.
    pub needs_update: bool,
    /// Whether what is installed waits for a reboot.
    pub needs_reboot: bool,
    /// 0 not, 1 evacuating, 2 evacuated, 3 restoring.
    pub in_maintenance: i64,
    /// Whether it has Incus.
    pub has_incus: bool,
}

impl Facts {
    /// The facts of a server with computed `version_data`, or of a flat object that has them by the names
    /// of the API, or the shorter `status`, `status_detail`.
    pub fn of(server: &Json) -> Facts {
        let versions = server.get("version_data").unwrap_or(server);
        let truth = |key: &str| {
            versions.get(key).or_else(|| server.get(key)).and_then(Json::as_bool).unwrap_or(false)
        };
        let applications = servers::applications(server);
        let said = server.get("has_incus_application").and_then(Json::as_bool);
        Facts {
            status: servers::status(server).to_owned(),
            detail: servers::detail(server).to_owned(),
            clustered: !text(server, "cluster").is_empty(),
            needs_update: truth("needs_update"),
            needs_reboot: truth("needs_reboot"),
            in_maintenance: servers::in_maintenance(server),
            has_incus: said.unwrap_or_else(|| applications.iter().any(|(name, _)| words::is_incus(name))),
        }
    }
}

/// The state: one of [`words::UPDATE_STATES`].
pub fn update_state(facts: &Facts) -> &'static str {
    let (status, detail) = (&*facts.status, &*facts.detail);
    if matches!(status, "unknown" | "pending" | "") {
        return "undefined";
    }
    if status == "offline" && detail == "rebooting" {
        return if facts.in_maintenance == 2 { "in maintenance, rebooting" } else { "rebooting" };
    }
    match detail {
        "updating" => return "updating",
        "updating application" => return "undefined",
        _ => {}
    }
    let calm = !facts.needs_update && !facts.needs_reboot && facts.in_maintenance == 0;
    if calm && (status == "ready" && detail.is_empty() || status == "offline") {
        return "up to date";
    }
    if facts.needs_update {
        return "update pending";
    }
    match (facts.in_maintenance, detail) {
        (1, _) => return "evacuating",
        (3, _) => return "restoring",
        (0, "restoring") => return "post restore",
        (_, "restoring") => return "restoring",
        _ => {}
    }
    match facts.in_maintenance {
        0 if facts.needs_reboot && !(facts.clustered && facts.has_incus) => "reboot pending",
        _ if facts.needs_reboot && !(facts.clustered && facts.has_incus) => "undefined",
        0 if facts.needs_reboot => "evacuation pending",
        2 if facts.needs_reboot => "in maintenance, reboot pending",
        2 if !facts.needs_reboot => "in maintenance, restore pending",
        _ => "undefined",
    }
}

/// What to do next: one of [`words::RECOMMENDED_ACTIONS`].
pub fn recommended_action(facts: &Facts) -> &'static str {
    if facts.status != "ready" || facts.detail.starts_with("updating") {
        return "";
    }
    if facts.needs_update {
        return "update";
    }
    match facts.in_maintenance {
        0 if facts.needs_reboot => {
            if facts.clustered {
                "evacuate"
            } else {
                "reboot"
            }
        }
        2 => {
            if facts.needs_reboot {
                "reboot"
            } else {
                "restore"
            }
        }
        _ => "",
    }
}

/// The words for `in_maintenance`.
pub fn maintenance_label(in_maintenance: i64) -> &'static str {
    match in_maintenance {
        1 => "evacuating",
        2 => "evacuated",
        3 => "restoring",
        _ => "not in maintenance",
    }
}
