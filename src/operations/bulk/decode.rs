//! The body of `:bulk-update`, read strictly.
//!
//! Upstream ignores keys that it does not know, and takes missing ones for empty, so that a slip such as
//! `confg` writes an empty configuration to all members. Here each is a mistake.

use serde_json::{Map, Value as Json};

use super::super::{Kind, Mistake};
use super::{ACTIONS, Operation};
use crate::text::did_you_mean;

/// Reads an operation.
///
/// # Errors
/// All that is wrong with it.
pub fn decode(body: &Json) -> Result<Operation, Vec<Mistake>> {
    let mut reader = Reader::default();
    let Some(all) = body.as_object() else {
        return Err(vec![bad("cannot unmarshal the request: expected an object")]);
    };
    reader.known(all, &["action", "arguments"], "the request");
    let action = reader.text(all, "action").unwrap_or_default();
    let Some(action) = ACTIONS.into_iter().find(|known| *known == action) else {
        let near = did_you_mean(&action, ACTIONS).map_or_else(String::new, |near| format!("; {near}"));
        reader.mistakes.insert(0, bad(format!("Invalid action {action:?}{near}")));
        return Err(reader.mistakes);
    };
    let arguments = match all.get("arguments") {
        Some(Json::Object(arguments)) => arguments,
        Some(Json::Null) | None => {
            reader.add(format!("the arguments of {action:?} are missing"));
            return Err(reader.mistakes);
        }
        Some(other) => {
            reader.add(format!("cannot unmarshal {} into the arguments of {action:?}", shown(other)));
            return Err(reader.mistakes);
        }
    };
    let operation = reader.operation(action, arguments);
    match operation {
        Some(operation) if reader.mistakes.is_empty() => Ok(operation),
        _ => Err(reader.mistakes),
    }
}

fn bad(message: impl Into<String>) -> Mistake {
    Mistake::new(Kind::BadRequest, message)
}

/// A value as Go's messages call it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(_) => "bool".to_owned(),
        Json::Number(number) => format!("number {number}"),
        Json::String(_) => "string".to_owned(),
        Json::Array(_) => "array".to_owned(),
        Json::Object(_) => "object".to_owned(),
    }
}

#[derive(Default)]
struct Reader {
    mistakes: Vec<Mistake>,
    /// Keys for which others were offered: that they are missing is told already.
    misspelt: Vec<String>,
}

impl Reader {
    /// Tells that a key is missing, unless another was written for it.
    fn missing(&mut self, key: &str) {
        if !self.misspelt.iter().any(|told| told == key) {
            self.add(format!("{key:?} is missing"));
        }
    }

    fn add(&mut self, message: String) {
        self.mistakes.push(bad(message));
    }

    /// Tells keys that nothing knows.
    fn known(&mut self, all: &Map<String, Json>, known: &[&str], of: &str) {
        for key in all.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = did_you_mean(key, known.iter().copied());
            self.misspelt
                .extend(crate::text::nearest(key, known.iter().copied()).into_iter().map(str::to_owned));
            let near = near.unwrap_or_else(|| format!("the keys are {}", crate::text::list_and(known)));
            self.add(format!("unknown key {key:?} in {of}; {near}"));
        }
    }

    /// A text that must be there.
    fn text(&mut self, all: &Map<String, Json>, key: &str) -> Option<String> {
        match all.get(key) {
            Some(Json::String(text)) if !text.is_empty() => return Some(text.clone()),
            Some(Json::String(_)) => self.add(format!("{key:?} can not be empty")),
            Some(Json::Null) | None if key == "action" => {}
            Some(Json::Null) | None => self.missing(key),
            Some(other) => self.add(format!("cannot unmarshal {} into a string in {key:?}", shown(other))),
        }
        None
    }

    fn integer(&mut self, key: &str, value: &Json, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        match value.as_i64() {
            Some(number) if range.contains(&number) => return Some(number),
            Some(number) => {
                self.add(format!(
                    "{number} is not in the range of {key:?}, {} to {}",
                    range.start(),
                    range.end()
                ));
            }
            None => self.add(format!("cannot unmarshal {} into an integer in {key:?}", shown(value))),
        }
        None
    }

    fn port(&mut self, all: &Map<String, Json>) -> Option<i64> {
        match all.get("port") {
            Some(Json::Null) | None => {
                self.missing("port");
                None
            }
            Some(port) => self.integer("port", port, 1..=65_535),
        }
    }

    fn operation(&mut self, action: &'static str, arguments: &Map<String, Json>) -> Option<Operation> {
        let of = format!("the arguments of {action:?}");
        let add = action.starts_with("add_");
        match action {
            "add_network_interface_vlan_tags" | "remove_network_interface_vlan_tags" => {
                self.known(arguments, &["interface_name", "vlan_tags"], &of);
                let interface = self.text(arguments, "interface_name");
                let tags = self.tags(arguments.get("vlan_tags"));
                Some(Operation::VlanTags { add, interface: interface?, tags: tags? })
            }
            "update_system_logging" => self.replace(arguments, "logging", &["syslog"], &of),
            "update_system_kernel" => {
                let known = ["console", "blacklist_modules", "memory", "network", "pci", "cpu"];
                self.replace(arguments, "kernel", &known, &of)
            }
            "add_application" => {
                self.known(arguments, &["name"], &of);
                Some(Operation::Application(self.text(arguments, "name")?))
            }
            "add_multipath_storage_target" | "remove_multipath_storage_target" => {
                self.known(arguments, &["wwn"], &of);
                let wwn = self.text(arguments, "wwn")?;
                Some(Operation::Target { add, service: "multipath", target: Json::String(lower(wwn)) })
            }
            _ => {
                let (service, first) =
                    if action.contains("iscsi") { ("iscsi", "target") } else { ("nvme", "transport") };
                self.known(arguments, &[first, "address", "port"], &of);
                let parts =
                    (self.text(arguments, first), self.text(arguments, "address"), self.port(arguments));
                let (Some(own), Some(address), Some(port)) = parts else { return None };
                let target = serde_json::json!({ first: own, "address": address, "port": port });
                Some(Operation::Target { add, service, target })
            }
        }
    }

    /// VLAN tags, each once.
    fn tags(&mut self, tags: Option<&Json>) -> Option<Vec<i64>> {
        let Some(Json::Array(list)) = tags else {
            match tags {
                None | Some(Json::Null) => self.missing("vlan_tags"),
                Some(other) => {
                    self.add(format!("cannot unmarshal {} into a list in \"vlan_tags\"", shown(other)))
                }
            }
            return None;
        };
        if list.is_empty() {
            self.add("\"vlan_tags\" can not be empty".to_owned());
        }
        let mut tags = Vec::with_capacity(list.len());
        for tag in list {
            if let Some(tag) = self.integer("vlan_tags", tag, 1..=4094)
                && !tags.contains(&tag)
            {
                tags.push(tag);
            }
        }
        Some(tags)
    }

    fn replace(
        &mut self,
        arguments: &Map<String, Json>,
        part: &'static str,
        keys: &[&str],
        of: &str,
    ) -> Option<Operation> {
        self.known(arguments, &["config"], of);
        match arguments.get("config") {
            Some(Json::Object(config)) => {
                self.known(config, keys, "\"config\"");
                Some(Operation::Replace { part, config: Json::Object(config.clone()) })
            }
            Some(Json::Null) | None => {
                self.missing("config");
                None
            }
            Some(other) => {
                self.add(format!("cannot unmarshal {} into an object in \"config\"", shown(other)));
                None
            }
        }
    }
}

/// A WWN as IncusOS has it: hexadecimal digits in lower case. Anything else stays as it is.
fn lower(wwn: String) -> String {
    let is_hex = wwn.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'x' | b':' | b'.'));
    if is_hex { wwn.to_ascii_lowercase() } else { wwn }
}
