//! Inventories of any size, always the same for the same number of machines.

pub(crate) mod ansible;

use std::collections::BTreeMap;
use std::fmt::Write as _;

const CLUSTERS: u64 = 10;
const TAGS: [&str; 12] =
    ["backup", "cache", "ci", "db", "dns", "edge", "gpu", "k8s", "monitoring", "storage", "vault", "web"];
const STEMS: [&str; 5] = ["db", "gw", "node", "store", "web"];
const SERVICES: [&str; 5] = ["borg", "dns", "k3s", "prometheus", "vault"];

/// A linear congruential generator: the same numbers on every machine and in every version.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        // The constants are those of Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn of<'t>(&mut self, table: &[&'t str]) -> &'t str {
        let index = self.below(table.len() as u64) as usize;
        table.get(index).copied().unwrap_or("")
    }
}

/// An inventory as JSON, and the sorted names of the machines that carry the tag `backup` and are not in the
/// cluster `c3`, each with its line feed.
pub(crate) fn generate(count: u64) -> (String, String) {
    let mut numbers = Numbers(42);
    let mut clusters: BTreeMap<u64, (String, Vec<String>)> =
        (1..=CLUSTERS).map(|cluster| (cluster, (String::new(), Vec::new()))).collect();
    let mut expected = Vec::new();
    for number in 1..=count {
        let name = format!("{}{number:06}", numbers.of(&STEMS));
        let cluster = numbers.below(CLUSTERS) + 1;
        let mut tags: Vec<&str> = (0..numbers.below(5)).map(|_| numbers.of(&TAGS)).collect();
        tags.sort_unstable();
        tags.dedup();
        if tags.contains(&"backup") && cluster != 3 {
            expected.push(name.clone());
        }
        let Some((text, names)) = clusters.get_mut(&cluster) else { continue };
        machine(text, &name, number, &tags, &mut numbers);
        names.push(name);
    }
    let mut text = String::from("{\"domain\":{\"suffix\":\"example.org\",\"clusters\":{");
    for (cluster, (machines, names)) in &clusters {
        let separator = if *cluster == 1 { "" } else { "," };
        let _ = write!(text, "{separator}\"c{cluster}\":{{\"machines\":{{{machines}}},\"services\":{{");
        services(&mut text, names, &mut numbers);
        text.push_str("}}");
    }
    text.push_str("}}}\n");
    expected.sort_unstable();
    (text, expected.iter().fold(String::new(), |all, name| all + name + "\n"))
}

fn machine(text: &mut String, name: &str, number: u64, tags: &[&str], numbers: &mut Numbers) {
    let separator = if text.is_empty() { "" } else { "," };
    let system = numbers.of(&["x86_64-linux", "aarch64-linux"]);
    let tags: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    let mut addresses = format!("\"10.{}.{}.{}\"", number >> 16 & 255, number >> 8 & 255, number & 255);
    if numbers.below(10) < 3 {
        let (high, low) = (number >> 16, number & 0xffff);
        let _ = match high {
            0 => write!(addresses, ",\"fd00::{low:x}\""),
            _ => write!(addresses, ",\"fd00::{high:x}:{low:x}\""),
        };
    }
    let _ = write!(
        text,
        "{separator}\"{name}\":{{\"system\":\"{system}\",\"tags\":[{}],\"ips\":{{\"eth0\":[{addresses}]}},\
         \"vars\":{{\"cpus\":{},\"memGiB\":{},\"rack\":\"r{:02}\",\"owner\":\"{}\"}}}}",
        tags.join(","),
        1 << (numbers.below(5) + 1),
        1 << (numbers.below(6) + 2),
        numbers.below(40) + 1,
        numbers.of(&["data", "dev", "ops", "sec"]),
    );
}

fn services(text: &mut String, names: &[String], numbers: &mut Numbers) {
    if names.is_empty() {
        return;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (index, service) in SERVICES.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{separator}\"{service}\":{{\"selectors\":[\"tag \\\"{}\\\"\",\"hostname \\\"{}\\\"\"],\
             \"roles\":{{\"primary\":[\"hostname \\\"{}\\\"\"]}},\
             \"definition\":\"{{ selectors, roles, this }}: {{ }}\"}}",
            numbers.of(&TAGS),
            numbers.of(&names),
            numbers.of(&names),
        );
    }
}

/// The same inventory as YAML, as people write it.
#[allow(dead_code, reason = "not every bench needs it")]
pub(crate) fn yaml(json: &str) -> String {
    let document: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let mut text = String::with_capacity(json.len() * 2);
    write_yaml(&document, 0, &mut text);
    text
}

fn write_yaml(value: &serde_json::Value, indent: usize, text: &mut String) {
    let members = match value {
        serde_json::Value::Object(members) if !members.is_empty() => members,
        other => {
            let _ = writeln!(text, " {other}");
            return;
        }
    };
    if indent > 0 {
        text.push('\n');
    }
    for (name, member) in members {
        let _ = write!(text, "{:indent$}{name}:", "");
        write_yaml(member, indent + 2, text);
    }
}

/// JSON as an expression of the language, without services: there, filters stand as themselves.
#[allow(dead_code, reason = "not every bench needs it")]
pub(crate) fn expression(json: &str) -> String {
    fn write(value: &serde_json::Value, text: &mut String) {
        match value {
            serde_json::Value::Object(members) => {
                text.push('{');
                for (name, member) in members.iter().filter(|(name, _)| *name != "services") {
                    text.push_str(&format!("\"{name}\"="));
                    write(member, text);
                    text.push(';');
                }
                text.push('}');
            }
            serde_json::Value::Array(items) => {
                text.push('[');
                for item in items {
                    write(item, text);
                    text.push(' ');
                }
                text.push(']');
            }
            other => text.push_str(&other.to_string()),
        }
    }
    let mut text = String::new();
    write(&serde_json::from_str(json).unwrap_or_default(), &mut text);
    text
}

/// The machines of such an inventory, one in a line.
#[allow(dead_code, reason = "not every bench needs it")]
pub(crate) fn ndjson(json: &str) -> String {
    let document: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let clusters = document.pointer("/domain/clusters").and_then(serde_json::Value::as_object);
    let mut text = String::with_capacity(json.len());
    for (cluster, inside) in clusters.into_iter().flatten() {
        let machines = inside.get("machines").and_then(serde_json::Value::as_object);
        for (name, machine) in machines.into_iter().flatten() {
            let mut line = serde_json::Map::new();
            line.insert("name".to_owned(), name.as_str().into());
            line.insert("cluster".to_owned(), cluster.as_str().into());
            line.extend(machine.as_object().cloned().unwrap_or_default());
            let _ = writeln!(text, "{}", serde_json::Value::Object(line));
        }
    }
    text
}
