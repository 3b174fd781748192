//! How far a rolling update or reboot of a cluster is, in one line.

use serde_json::Value as Json;

use super::states::{Facts, update_state};
use super::{items, servers, text, texts};

/// The states of a server on its way through an update with reboot, in order.
const STATES: [&str; 9] = [
    "update pending",
    "updating",
    "evacuation pending",
    "evacuating",
    "in maintenance, reboot pending",
    "in maintenance, rebooting",
    "in maintenance, restore pending",
    "restoring",
    "post restore",
];

/// Those of them that are about the update, and not about the reboot.
const UPDATE_STATES: usize = 2;

/// The text of progress: `[ 3/27] evacuating server "x"`. Empty where nothing is going on or left to do,
/// and the error where there is one. A cluster with its `update_status`, or a flat object
/// `{ in_progress, error, evacuated_before, pending_reboot }`; `members` are its servers.
pub fn progress(cluster: &Json, members: &[Json]) -> String {
    let inner = cluster.get("update_status").and_then(|status| status.get("in_progress_status"));
    let status = inner.unwrap_or(cluster);
    let operation = text(status, "in_progress");
    let (range, updating) = match operation {
        "error" => return text(status, "error").to_owned(),
        "applying updates" => (0..UPDATE_STATES, true),
        "applying updates with reboot" => (0..STATES.len(), true),
        "restarting servers" => (0..STATES.len(), false),
        "rolling reboot" => (UPDATE_STATES..STATES.len(), false),
        _ => return String::new(),
    };
    let evacuated = texts(status, "evacuated_before");
    let pending = texts(status, "pending_reboot");
    let mut servers: Vec<&Json> = members.iter().collect();
    servers.sort_by(|left, right| servers::name(left).cmp(servers::name(right)));
    let total = range.len() * servers.len();
    let mut left = 0;
    let mut first: Option<(&str, &str)> = None;
    let mut first_update: Option<(&str, &str)> = None;
    for server in servers {
        let name = servers::name(server);
        let mut facts = Facts { has_incus: true, ..Facts::of(server) };
        if !updating {
            // What came out meanwhile is no matter of this reboot; the text never goes backwards.
            facts.needs_update = false;
        }
        if operation == "rolling reboot" {
            facts.needs_reboot = pending.contains(&name);
        }
        let state = update_state(&facts);
        let place = STATES.iter().position(|known| *known == state);
        let restored = state == "in maintenance, restore pending" && evacuated.contains(&name);
        let done = match place {
            _ if state == "up to date" || restored => range.len(),
            // What has not begun has not done anything either.
            None => 0,
            Some(place) => place.saturating_sub(range.start).min(range.len()),
        };
        left += range.len() - done;
        if done < range.len() {
            first.get_or_insert((name, state));
            if done < UPDATE_STATES {
                first_update.get_or_insert((name, state));
            }
        }
    }
    // Updates are applied to all servers before the first one reboots.
    let current = if updating { first_update.or(first) } else { first };
    let Some((name, state)) = current else { return String::new() };
    let step = total - left + 1;
    let width = total.to_string().len();
    format!("[{step:>width$}/{total}] {state} server \"{name}\"")
}

/// The progress of an object that has both, `{ in_progress, …, servers }`.
pub fn of_object(whole: &Json) -> String {
    progress(whole, items(whole, "servers"))
}
