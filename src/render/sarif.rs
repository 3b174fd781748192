//! Mistakes as SARIF 2.1.0, which CI systems and editors show at their places.
//!
//! Lines and columns count from 1, columns in characters (`unicodeCodePoints`), and the end of a region
//! is behind its last character, as the format has it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::places::{Places, Spot};
use crate::diagnostic::{CODES, Code, Diagnostic, Severity};

/// The schema of the format.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes mistakes as one SARIF document with one run; rules are the codes that occur.
///
/// # Errors
/// What writing fails with.
pub fn write_sarif(diagnostics: &[Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let occurring: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rules: Vec<&crate::diagnostic::CodeEntry> =
        CODES.iter().filter(|entry| occurring.contains(&entry.code)).collect();
    let mut places = Places::default();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let rule = rules.iter().position(|entry| entry.code == diagnostic.code);
            result(diagnostic, rule, &mut places)
        })
        .collect();
    let rules: Vec<Value> = rules
        .into_iter()
        .map(|entry| {
            json!({
                "id": entry.word,
                "shortDescription": { "text": entry.title },
                "fullDescription": { "text": entry.explanation },
            })
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&document)?;
    text.lines().try_for_each(|line| writeln!(out, "{}", super::json::ascii_controls(line)))
}

fn result(diagnostic: &Diagnostic, rule: Option<usize>, places: &mut Places) -> Value {
    let mut result = Map::new();
    let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
    put("ruleId", diagnostic.code.word().into());
    if let Some(rule) = rule {
        put("ruleIndex", rule.into());
    }
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    };
    put("level", level.into());
    let text = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    put("message", json!({ "text": text }));
    let mut labels = diagnostic.labels.iter();
    let first: Vec<Value> =
        labels.next().map(|label| location(&Spot::of(label, places), "", None)).into_iter().collect();
    put("locations", first.into());
    let related: Vec<Value> = labels
        .enumerate()
        .map(|(number, label)| location(&Spot::of(label, places), &label.message, Some(number + 1)))
        .collect();
    if !related.is_empty() {
        put("relatedLocations", related.into());
    }
    Value::Object(result)
}

fn location(spot: &Spot, message: &str, number: Option<usize>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&spot.file) },
            "region": {
                "startLine": spot.start.line,
                "startColumn": spot.start.column,
                "endLine": spot.end.line,
                "endColumn": spot.end.column,
            },
        },
    });
    if let Some(fields) = location.as_object_mut() {
        if let Some(number) = number {
            fields.insert("id".to_owned(), number.into());
        }
        if !message.is_empty() {
            fields.insert("message".to_owned(), json!({ "text": message }));
        }
    }
    location
}

/// A path as the reference to a resource (RFC 3986): absolute ones as `file:` URIs, others relative.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    let plain = path.strip_prefix("./").unwrap_or(path);
    for byte in plain.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./my clan/inventory.json"), "my%20clan/inventory.json");
        assert_eq!(uri("/a/ü:b.yaml"), "file:///a/%C3%BC%3Ab.yaml");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
