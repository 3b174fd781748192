//! How a document writes values, so that a help is an edit that can be typed there.

use serde_json::Value as Json;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// JSON
    Json,
    /// YAML
    Yaml,
    /// TOML
    Toml,
    /// INI, as Ansible has it.
    Ini,
    /// An expression of the language.
    Expression,
}

impl Notation {
    /// A key with its value, as one writes it into the object that holds it.
    pub fn entry(self, key: &str, value: &Json) -> String {
        let value = self.value(value);
        match self {
            Notation::Json => format!("{}: {value}", Json::from(key)),
            Notation::Yaml => format!("{}: {value}", self.key(key)),
            Notation::Toml | Notation::Expression => format!("{} = {value}", self.key(key)),
            Notation::Ini => format!("{key}={value}"),
        }
    }

    /// A value on one line.
    pub fn value(self, value: &Json) -> String {
        match value {
            Json::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item)).collect();
                match (self, items.is_empty()) {
                    (Notation::Expression, true) => "[ ]".to_owned(),
                    (Notation::Expression, false) => format!("[ {} ]", items.join(" ")),
                    _ => format!("[{}]", items.join(", ")),
                }
            }
            Json::Object(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| self.entry(key, value)).collect();
                match (self, entries.is_empty()) {
                    (Notation::Expression, true) => "{ }".to_owned(),
                    (Notation::Expression, false) => format!("{{ {}; }}", entries.join("; ")),
                    (_, true) => "{}".to_owned(),
                    (_, false) => format!("{{ {} }}", entries.join(", ")),
                }
            }
            Json::String(text) if self == Notation::Expression => crate::syntax::format::quote_string(text),
            Json::String(text) if self == Notation::Yaml && is_plain_yaml(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn key(self, key: &str) -> String {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let starts = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if starts && key.bytes().all(word) { key.to_owned() } else { Json::from(key).to_string() }
    }
}

/// Whether a YAML reader takes the text as a string though it stands without quotes.
fn is_plain_yaml(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let starts = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    starts && text.bytes().all(word) && !reserved.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_document_has_its_own_way() {
        let value = json!({ "a b": ["x", "10.0.0.1", "no"], "n": {}, "l": [] });
        let entry = |notation: Notation| notation.entry("top", &value);
        assert_eq!(entry(Notation::Json), r#""top": { "a b": ["x", "10.0.0.1", "no"], "n": {}, "l": [] }"#);
        assert_eq!(entry(Notation::Yaml), r#"top: { "a b": [x, "10.0.0.1", "no"], n: {}, l: [] }"#);
        assert_eq!(entry(Notation::Toml), r#"top = { "a b" = ["x", "10.0.0.1", "no"], n = {}, l = [] }"#);
        assert_eq!(
            entry(Notation::Expression),
            r#"top = { "a b" = [ "x" "10.0.0.1" "no" ]; n = { }; l = [ ]; }"#
        );
    }
}
