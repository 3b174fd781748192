//! The JSON Schema of inventories: what is an inventory fits it, and misspelt keys do not.

use invq::dialects::schema::schema;
use serde_json::{Value as Json, json};

use crate::shared;
use crate::support::root;

/// What of a value does not fit, with its place. Only the words that the schema uses are known.
fn misfits(schema: &Json, rule: &Json, value: &Json, place: &str, found: &mut Vec<String>) {
    let fits = |rule: &Json| {
        let mut found = Vec::new();
        misfits(schema, rule, value, place, &mut found);
        found.is_empty()
    };
    for (word, wanted) in rule.as_object().expect("a rule is an object") {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "then" | "else" => {}
            "$ref" => {
                let name =
                    wanted.as_str().and_then(|path| path.strip_prefix("#/$defs/")).expect("a definition");
                misfits(schema, &schema["$defs"][name], value, place, found);
            }
            "if" => {
                if let Some(rule) = rule.get(if fits(wanted) { "then" } else { "else" }) {
                    misfits(schema, rule, value, place, found);
                }
            }
            "anyOf" => {
                if !wanted.as_array().expect("a list").iter().any(fits) {
                    found.push(format!("{place}: {value} fits none of {wanted}"));
                }
            }
            "enum" => {
                if !wanted.as_array().expect("a list").contains(value) {
                    found.push(format!("{place}: {value} is none of {wanted}"));
                }
            }
            "type" => {
                let one = [wanted.clone()];
                let types = wanted.as_array().map_or(&one[..], Vec::as_slice);
                let is_one = types.iter().any(|name| match name.as_str().expect("a type") {
                    "null" => value.is_null(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "string" => value.is_string(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    other => panic!("unknown type {other}"),
                });
                if !is_one {
                    found.push(format!("{place}: {value} is no {wanted}"));
                }
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    misfits(schema, wanted, item, place, found);
                }
            }
            "properties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    if let Some(rule) = wanted.get(key) {
                        misfits(schema, rule, inner, &format!("{place}.{key}"), found);
                    }
                }
            }
            "additionalProperties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    match (rule.get("properties").and_then(|known| known.get(key)), wanted) {
                        (Some(_), _) => {}
                        (None, Json::Bool(false)) => found.push(format!("{place}: no key {key}")),
                        (None, wanted) => misfits(schema, wanted, inner, &format!("{place}.{key}"), found),
                    }
                }
            }
            "required" => {
                for key in wanted.as_array().into_iter().flatten().filter_map(Json::as_str) {
                    if value.is_object() && value.get(key).is_none() {
                        found.push(format!("{place}: {key} is missing"));
                    }
                }
            }
            "minimum" | "maximum" => {
                let (number, limit) = (value.as_f64().unwrap_or(0.0), wanted.as_f64().expect("a number"));
                if (word == "minimum" && number < limit) || (word == "maximum" && number > limit) {
                    found.push(format!("{place}: {number} is out of range"));
                }
            }
            "pattern" => {
                let pattern = regex::Regex::new(wanted.as_str().expect("a pattern")).expect("a pattern");
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    found.push(format!("{place}: {value} does not match {wanted}"));
                }
            }
            other => panic!("unknown word {other}"),
        }
    }
}

/// What of a document does not fit the schema.
fn of(document: &Json) -> Vec<String> {
    let schema = schema();
    let mut found = Vec::new();
    misfits(&schema, &schema, document, "", &mut found);
    found
}

/// A document of the repository or of the cases as data, if it is in a format that editors check.
fn read(path: &std::path::Path) -> Option<Json> {
    let text = std::fs::read_to_string(path).ok()?;
    match path.extension()?.to_str()? {
        "json" => serde_json::from_str(&text).ok(),
        "yaml" | "yml" => serde_saphyr::from_str(&text).ok(),
        _ => None,
    }
}

#[test]
fn inventories_of_the_repository_fit() {
    let mut count = 0;
    for folder in [
        "examples/clan",
        "examples/clusterconfig",
        "examples/tutorial",
        "tests/walrus",
        "tests/outputs",
        "tests/ansible",
    ] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let Some(document) = read(&path) else { continue };
            assert_eq!(of(&document), Vec::<String>::new(), "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 10, "{count} documents");
    for path in [
        "examples/ansible/hosts.yml",
        "examples/filters-in-files.yaml",
        "examples/fleet.yaml",
        "tests/plan/servers.json",
    ] {
        assert_eq!(read(&root().join(path)).map(|document| of(&document)), Some(Vec::new()), "{path}");
    }
}

#[test]
fn real_inventories_fit() {
    for (name, document) in shared::files("real/clan") {
        let inventory = json!({ "inventory": document["inventory"] });
        assert!(inventory["inventory"].is_object(), "{name}");
        assert_eq!(of(&inventory), Vec::<String>::new(), "{name}");
        assert_eq!(of(&inventory["inventory"]), Vec::<String>::new(), "{name}");
    }
    for (name, fixtures) in shared::files("cases/operations-center") {
        if name == "filter_fixtures" {
            assert_eq!(of(&fixtures["data"]), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn what_is_misspelt_does_not_fit() {
    for (wrong, told) in [
        (json!({ "machines": { "a": { "tgas": [] } } }), ".machines.a: no key tgas"),
        (json!({ "inventory": { "machins": {} } }), ".inventory: no key machins"),
        (json!({ "meta": { "name": "a b" } }), ".meta.name: \"a b\" does not match"),
        (
            json!({ "instances": { "i": { "roles": { "r": { "tags": "web" } } } } }),
            ".instances.i.roles.r.tags: \"web\" fits none of",
        ),
        (
            json!({ "domain": { "clusters": { "c": { "machines": { "m": { "deployment": { "targetPort": -1 } } } } } } }),
            "fits none of",
        ),
        (
            json!({ "domain": { "clusters": { "c": { "services": { "s": { "role": {} } } } } } }),
            ".services.s: no key role",
        ),
        (json!({ "systems": { "a": { "kind": "virtaul" } } }), ".systems.a.kind: \"virtaul\" is none of"),
        (
            json!({ "servers": [{ "name": "a", "server_status": "redy" }] }),
            ".servers.server_status: \"redy\" is none of",
        ),
        (json!({ "all": { "children": { "web": { "host": {} } } } }), "fits none of"),
        (json!({ "web": { "host": {} } }), ".web: no key host"),
    ] {
        let found = of(&wrong);
        assert!(found.iter().any(|found| found.contains(told)), "{wrong}: {found:?}");
    }
}
