//! Clan's own cases and real inventories, as far as membership decides them: what the model says against
//! what Clan computes. Settings are merged elsewhere.

mod answers;
pub(crate) mod catalog;

use invq::diagnostic::{Code, Diagnostic, Severity};
use invq::dialects::clan;
use invq::inventory::document::Document;
use invq::inventory::draft::Draft;
use invq::inventory::model::{Inventory, Part};
use invq::services::members::{Resolved, resolve};
use invq::text::Source;
use serde_json::{Map, Value as Json, json};

use crate::shared::{Tally, files, text};

/// Outputs that only queries answer, and that are asked there.
const OF_QUERIES: [&str; 4] = ["resolved", "settings", "per_instance_of", "per_machine_of"];

/// An inventory with the members of its roles.
struct Loaded {
    inventory: Inventory,
    resolved: Resolved,
}

fn load(documents: &[(String, Json)]) -> Loaded {
    let mut draft = Draft::new();
    let numbers: Vec<u32> = documents
        .iter()
        .map(|(name, value)| {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            draft.add_document(Document::json(Source::new(name.as_str(), text)))
        })
        .collect();
    clan::read(&mut draft, &numbers);
    let inventory = draft.finish();
    let resolved = resolve(&inventory, &mut |_, _| Err(Diagnostic::error(Code::Thrown, "no filters here")));
    Loaded { inventory, resolved }
}

/// The documents of a case.
fn documents(input: &Json) -> Vec<(String, Json)> {
    let mut rest = Map::new();
    for key in ["modules", "clan_machines", "machine_directories", "meta"] {
        if let Some(value) = input.get(key) {
            rest.insert(key.to_owned(), value.clone());
        }
    }
    let mut documents = Vec::new();
    let mut put = |name: String, inventory: &Json, rest: Map<String, Json>| {
        let mut document = rest;
        document.insert("inventory".to_owned(), inventory.clone());
        documents.push((name, Json::Object(document)));
    };
    match input.get("layers").and_then(Json::as_array) {
        Some(layers) => {
            for (index, layer) in layers.iter().enumerate() {
                let beside = if index == 0 { rest.clone() } else { Map::new() };
                put(text(layer, "file").to_owned(), layer.get("inventory").unwrap_or(&Json::Null), beside);
            }
        }
        None => {
            put("clan.json".to_owned(), input.get("inventory").unwrap_or(&json!({})), rest);
            if let Some(persisted) = input.get("inventory_json") {
                put("inventory.json".to_owned(), persisted, Map::new());
            }
        }
    }
    documents
}

#[test]
fn cases() {
    let mut tally = Tally::default();
    for (name, case) in files("cases/clan") {
        let Some(checks) = case.get("checks").and_then(Json::as_array) else { continue };
        let loaded = load(&documents(case.get("input").unwrap_or(&Json::Null)));
        for check in checks {
            let query = text(check, "query");
            if query.split(':').next().is_some_and(|output| OF_QUERIES.contains(&output)) {
                continue;
            }
            let what = format!("{name} {query}");
            let errors = loaded.errors(query);
            if check.get("expect_error").is_some() {
                match errors.as_slice() {
                    [] => tally.later.push(format!("{what} (error)")),
                    _ => tally.passed += 1,
                }
                continue;
            }
            if let [first, ..] = errors.as_slice() {
                tally.failed.push(format!("{what}: {}", first.diagnostic.message));
                continue;
            }
            match (loaded.answer(text(&case, "api"), check), check.get("expect")) {
                (Some(answer), Some(expected)) => tally.compare(what, &answer, expected),
                _ => tally.later.push(what),
            }
        }
    }
    tally.finish("cases");
}

#[test]
fn real_inventories() {
    let mut tally = Tally::default();
    for (name, real) in files("real/clan") {
        let mut input = Map::new();
        for key in ["inventory", "inventory_json"] {
            input.extend(real.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        if let Some(names) =
            real.get("machines_registered_elsewhere").and_then(|elsewhere| elsewhere.get("names"))
        {
            input.insert("clan_machines".to_owned(), names.clone());
        }
        if let Some(modules) = real.get("module_roles").and_then(Json::as_object) {
            let declared = modules.iter().map(|(module, roles)| (module.clone(), json!({ "roles": roles })));
            input.insert("modules".to_owned(), Json::Object(declared.collect()));
        }
        let loaded = load(&documents(&Json::Object(input)));
        let api = text(&real, "api");
        let expected = real.get("expected").and_then(Json::as_object);
        for (query, expected) in expected.into_iter().flatten() {
            if OF_QUERIES.contains(&query.as_str()) {
                continue;
            }
            let what = format!("{name} {query}");
            let answer = match query.as_str() {
                "warnings" => Some(json!(vec![Json::Null; loaded.mistakes_of(Code::UnknownTag).len()])),
                "unknown_machines" if *expected == json!({}) => {
                    assert!(loaded.mistakes_of(Code::UnknownMachine).is_empty(), "{what}");
                    Some(json!({}))
                }
                "resolved_roles" => Some(loaded.resolved_roles()),
                "assertions" => Some(loaded.assertions()),
                _ => loaded.answer(api, &json!({ "query": query })),
            };
            match answer {
                Some(answer) => tally.compare(what, &answer, expected),
                None => tally.later.push(what),
            }
        }
        let others = loaded
            .inventory
            .mistakes
            .iter()
            .filter(|mistake| mistake.part != Part::Meta && mistake.diagnostic.severity > Severity::Hint);
        for mistake in others {
            tally.failed.push(format!("{name}: {}", mistake.diagnostic.message));
        }
    }
    tally.finish("real inventories");
}

/// Calls `visit` with the value with each of its parts replaced, one at a time.
fn with_each_part_replaced(value: &Json, by: &Json, visit: &mut dyn FnMut(Json)) {
    visit(by.clone());
    match value {
        Json::Object(entries) => {
            for (key, part) in entries {
                with_each_part_replaced(part, by, &mut |part| {
                    let mut entries = entries.clone();
                    entries.insert(key.clone(), part);
                    visit(Json::Object(entries));
                });
            }
        }
        Json::Array(items) => {
            for (index, part) in items.iter().enumerate() {
                with_each_part_replaced(part, by, &mut |part| {
                    let replaced = items.iter().enumerate();
                    visit(
                        replaced
                            .map(|(at, item)| if at == index { part.clone() } else { item.clone() })
                            .collect(),
                    );
                });
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_is_lost_without_a_mistake() {
    let mut silent = Vec::new();
    for name in ["e01-union-of-names-and-tags", "l06-persisted-file", "o08-disabled", "o12-constraint-min"] {
        let Some((_, case)) = files("cases/clan").into_iter().find(|(known, _)| known == name) else {
            continue;
        };
        let documents = documents(case.get("input").unwrap_or(&Json::Null));
        let Some(whole) = documents.first().and_then(|(_, document)| document.get("inventory")) else {
            continue;
        };
        // No part of an inventory may be a number where the cases have none.
        with_each_part_replaced(whole, &json!(1.5), &mut |replaced| {
            let loaded = load(&[("clan.json".to_owned(), json!({ "inventory": &replaced }))]);
            let told = loaded.inventory.mistakes.iter().any(|mistake| mistake.part != Part::Meta);
            if !told {
                silent.push(format!("{name}: {replaced}"));
            }
        });
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
