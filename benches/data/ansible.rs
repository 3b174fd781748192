//! The same machines as hosts of Ansible.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Hosts with variables, and groups of them by cluster and tag.
#[derive(Default)]
pub(crate) struct Ansible {
    hosts: Vec<(String, Vec<(&'static str, String)>)>,
    groups: BTreeMap<String, Vec<String>>,
}

#[allow(dead_code, reason = "not every bench needs it")]
impl Ansible {
    /// From an inventory as [`generate`](super::generate) writes it.
    pub(crate) fn new(json: &str) -> Ansible {
        let document: Value = serde_json::from_str(json).unwrap_or_default();
        let mut ansible = Ansible::default();
        let members = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
        for (cluster, content) in members(document.pointer("/domain/clusters")) {
            for (name, machine) in members(content.get("machines")) {
                let text = |path: &str| match machine.pointer(path) {
                    Some(Value::String(text)) => text.clone(),
                    other => other.map(Value::to_string).unwrap_or_default(),
                };
                let variables = vec![("ansible_host", text("/ips/eth0/0")), ("cpus", text("/vars/cpus"))];
                ansible.hosts.push((name.clone(), variables));
                let tags = machine.get("tags").and_then(Value::as_array).into_iter().flatten();
                let tags = tags.filter_map(Value::as_str).map(|tag| format!("tag_{tag}"));
                for group in tags.chain([format!("cluster_{cluster}")]) {
                    ansible.groups.entry(group).or_default().push(name.clone());
                }
            }
        }
        ansible
    }

    pub(crate) fn ini(&self) -> String {
        let mut text = String::new();
        for (name, variables) in &self.hosts {
            text.push_str(name);
            variables.iter().for_each(|(key, value)| text.push_str(&format!(" {key}={value}")));
            text.push('\n');
        }
        for (group, names) in &self.groups {
            let _ = write!(text, "\n[{group}]\n{}\n", names.join("\n"));
        }
        text
    }

    pub(crate) fn yaml(&self) -> String {
        let mut text = String::from("all:\n  hosts:\n");
        for (name, variables) in &self.hosts {
            let _ = writeln!(text, "    {name}:");
            variables.iter().for_each(|(key, value)| text.push_str(&format!("      {key}: {value}\n")));
        }
        text.push_str("  children:\n");
        for (group, names) in &self.groups {
            let _ = write!(text, "    {group}:\n      hosts:\n");
            names.iter().for_each(|name| text.push_str(&format!("        {name}:\n")));
        }
        text
    }
}
