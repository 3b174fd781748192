//! Rows of the inventory: what identifies them, which are kept, and how lists and requests are written.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::{entries, text};

/// What identifies a row, of which its `uuid` is made: `cluster:server:project:parent:type:name`, with
/// the parts that its kind has.
pub fn identity(kind: &str, row: &Json) -> String {
    let mut parts = vec![text(row, "cluster")];
    if matches!(kind, "storage_bucket" | "storage_volume") {
        parts.push(text(row, "server"));
    }
    if !matches!(kind, "network_integration" | "project" | "storage_pool") {
        parts.push(text(row, "project_name"));
    }
    if matches!(
        kind,
        "network_forward" | "network_load_balancer" | "network_peer" | "storage_bucket" | "storage_volume"
    ) {
        parts.push(text(row, "parent_name"));
    }
    if kind == "storage_volume" {
        parts.push(text(row, "type"));
    }
    parts.push(text(row, "name"));
    parts.join(":")
}

/// Whether upstream leaves a row out when it reads a cluster: by the row's own object, or its parent's.
pub fn is_skipped(kind: &str, parent_or_self: &Json) -> bool {
    let managed = parent_or_self.get("managed").and_then(Json::as_bool).unwrap_or(false);
    let network = text(parent_or_self, "type");
    let driver = text(parent_or_self, "driver");
    match kind {
        "network" => !managed,
        "network_forward" => !(managed && matches!(network, "ovn" | "bridge")),
        "network_load_balancer" => !(managed && network == "ovn"),
        "network_peer" => !managed || matches!(network, "macvlan" | "physical" | "bridge"),
        "storage_bucket" => !matches!(driver, "btrfs" | "cephobject" | "dir" | "zfs"),
        "storage_volume" => driver == "cephobject",
        _ => false,
    }
}

/// Compares as lists of upstream are sorted: runs of digits as numbers, empty texts last.
pub fn natural(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (false, false) => {}
        (left, right) => return left.cmp(&right),
    }
    let (mut left_rest, mut right_rest) = (left, right);
    while let (Some(left_first), Some(right_first)) = (left_rest.chars().next(), right_rest.chars().next()) {
        if left_first.is_ascii_digit() && right_first.is_ascii_digit() {
            let (left_number, left_after) = digits(left_rest);
            let (right_number, right_after) = digits(right_rest);
            let order = (left_number.len(), left_number).cmp(&(right_number.len(), right_number));
            if order != Ordering::Equal {
                return order;
            }
            (left_rest, right_rest) = (left_after, right_after);
        } else {
            if left_first != right_first {
                return left_first.cmp(&right_first);
            }
            left_rest = left_rest.get(left_first.len_utf8()..).unwrap_or("");
            right_rest = right_rest.get(right_first.len_utf8()..).unwrap_or("");
        }
    }
    left_rest.len().cmp(&right_rest.len()).then_with(|| left.cmp(right))
}

/// The number at the beginning, without leading zeros, and what follows it.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len());
    let (number, after) = text.split_at(end);
    let trimmed = number.trim_start_matches('0');
    (trimmed, after)
}

/// The query of a request for a list, with keys in order and everything encoded.
pub fn url_query(parameters: &Json) -> String {
    let mut query = Vec::new();
    for (key, value) in entries(Some(parameters)) {
        let values: Vec<&Json> = match value {
            Json::Array(items) => items.iter().collect(),
            Json::Null => Vec::new(),
            other => vec![other],
        };
        for value in values {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !value.is_empty() {
                query.push(format!("{}={}", encoded(key), encoded(&value)));
            }
        }
    }
    query.join("&")
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte))
            }
            b' ' => encoded.push('+'),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// A text as it stands between quotes in Terraform's language.
pub fn hcl_escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                escaped.push(character);
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_naturally() {
        let mut names = ["b10", "b9", "", "a", "b09", "b9a"];
        names.sort_by(|left, right| natural(left, right));
        assert_eq!(names, ["a", "b09", "b9", "b9a", "b10", ""]);
    }

    #[test]
    fn requests_are_encoded() {
        let query = url_query(&serde_json::json!({ "b": ["x y", "ü"], "a": "1&2", "c": "" }));
        assert_eq!(query, "a=1%262&b=x+y&b=%C3%BC");
    }
}
