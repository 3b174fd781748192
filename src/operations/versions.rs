//! Versions: which are newer, and what follows for a server.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use super::{items, text, words};

/// The component of updates that is the operating system.
pub const OS_COMPONENT: &str = "IncusOS";

/// Compares two versions as upstream does: as hexadecimal numbers of any length. What is none is below
/// all numbers, and equal to what is none either.
pub fn compare(left: &str, right: &str) -> Ordering {
    number(left).cmp(&number(right))
}

/// A hexadecimal number as its length and digits, which compare as the number does.
fn number(version: &str) -> Option<(usize, String)> {
    if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let digits = version.trim_start_matches('0').to_ascii_lowercase();
    Some((digits.len(), digits))
}

/// A server's `version_data` with what follows from the newest versions of its channel, by component:
/// `available_version` and `needs_update` of the system and each application, and `needs_update`,
/// `needs_reboot` and `in_maintenance` of the whole. Fields that are not known here stay.
pub fn compute(version_data: &Json, latest: &Json) -> Json {
    let mut data = version_data.clone();
    let mut needs_update = false;
    let mut needs_reboot = false;
    let mut in_maintenance = 0;
    let mut judge = |part: &mut Json, component: &str, current: String| {
        let available = latest.get(component).and_then(Json::as_str);
        let newer = available.is_some_and(|available| compare(available, &current) == Ordering::Greater);
        if let Some(part) = part.as_object_mut() {
            part.insert("needs_update".to_owned(), json!(newer));
            if let Some(available) = available {
                part.insert("available_version".to_owned(), json!(available));
            }
        }
        needs_update |= newer;
    };
    if let Some(os) = data.get_mut("os").filter(|os| os.is_object()) {
        let next = text(os, "version_next");
        let current = if next.is_empty() { text(os, "version") } else { next }.to_owned();
        judge(os, OS_COMPONENT, current);
        needs_reboot = os.get("needs_reboot").and_then(Json::as_bool).unwrap_or(false);
    }
    for application in data.get_mut("applications").and_then(Json::as_array_mut).into_iter().flatten() {
        let (name, current) = (text(application, "name").to_owned(), text(application, "version").to_owned());
        if words::is_incus(&name) {
            in_maintenance = application.get("in_maintenance").and_then(Json::as_i64).unwrap_or(0);
        }
        judge(application, &name, current);
    }
    if let Some(data) = data.as_object_mut() {
        data.insert("needs_update".to_owned(), json!(needs_update));
        data.insert("needs_reboot".to_owned(), json!(needs_reboot));
        data.insert("in_maintenance".to_owned(), json!(in_maintenance));
    }
    data
}

/// The newest version of each component, by channel, from updates as the API answers them. Updates that
/// are not ready to be used do not count.
pub fn latest(updates: &[Json]) -> Json {
    let mut latest = json!({});
    for update in updates {
        // Answers of the API call it `update_status`, settings `status`.
        if !["update_status", "status"].iter().all(|key| matches!(text(update, key), "" | "ready")) {
            continue;
        }
        let version = text(update, "version");
        let components = items(update, "files").iter().map(|file| text(file, "component"));
        let components: Vec<&str> = components.filter(|component| !component.is_empty()).collect();
        for channel in items(update, "channels").iter().filter_map(Json::as_str) {
            for component in &components {
                let place = latest.as_object_mut().map(|all| all.entry(channel).or_insert_with(|| json!({})));
                let Some(place) = place.and_then(Json::as_object_mut) else { continue };
                let known = place.get(*component).and_then(Json::as_str).unwrap_or("");
                if known.is_empty() || compare(version, known) == Ordering::Greater {
                    place.insert((*component).to_owned(), json!(version));
                }
            }
        }
    }
    latest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_hexadecimal_numbers() {
        assert_eq!(compare("a", "9"), Ordering::Greater);
        assert_eq!(compare("0010", "10"), Ordering::Equal);
        assert_eq!(compare("not-hex", "0"), Ordering::Less);
        assert_eq!(compare("", "x"), Ordering::Equal);
        assert_eq!(compare("ffffffffffffffffffff", "fffffffffffffffffff"), Ordering::Greater);
    }

    #[test]
    fn a_pending_version_is_the_current_one() {
        let data = json!({ "os": { "version": "1", "version_next": "3", "needs_reboot": true, "own": 1 } });
        let computed = compute(&data, &json!({ "IncusOS": "2" }));
        assert_eq!(computed["os"]["needs_update"], json!(false));
        assert_eq!(computed["os"]["own"], json!(1));
        assert_eq!(computed["needs_reboot"], json!(true));
    }

    #[test]
    fn the_newest_ready_update_of_a_channel_counts() {
        let update = |version: &str, channel: &str, status: &str| json!({ "version": version, "channels": [channel], "status": status, "files": [{ "component": "incus" }] });
        let updates = [
            update("2", "stable", "ready"),
            update("1", "stable", "ready"),
            update("9", "stable", "pending"),
            update("3", "testing", ""),
        ];
        assert_eq!(latest(&updates), json!({ "stable": { "incus": "2" }, "testing": { "incus": "3" } }));
    }
}
