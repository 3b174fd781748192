//! Operations Center's cases: each is asked with one expression, as a user would.

use invq::text::Source;
use invq::types::Type;
use invq::{Arguments, Engine, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{self, Tally, messages, text};

/// Cases whose expectation is upstream's slip, with what is answered instead.
const DIFFERENT: &[(&str, &str)] = &[
    ("bt-empty-arguments-add-zero-target", "a target without name, address and port is refused"),
    ("bd-null-arguments", "upstream ends with a nil dereference"),
];

/// The expression that asks for the expected value of an operation; `input` is the case's input.
fn question(op: &str) -> Option<&'static str> {
    Some(match op {
        "template.validate" => "operationsCenter.validateTemplate input",
        "template.apply" => "operationsCenter.applyTemplate input.template input.values",
        "values.decode" => "operationsCenter.decodeValues input.format input.document",
        "cluster.validate_create" => "operationsCenter.validateCluster input",
        "cluster.create_plan" => "operationsCenter.planCluster input",
        "cluster.consistency" => "operationsCenter.consistency input.servers",
        "member.address" => "operationsCenter.memberAddress input.reference input.address input.target",
        "member.listen_address" => {
            "operationsCenter.memberListenAddress input.reference input.listen_address input.target"
        }
        "cluster.remove_servers_check" => "operationsCenter.removeServers input",
        "bulk.plan" => "operationsCenter.planBulk input",
        "bulk.decode" => "operationsCenter.decodeBulk input.body",
        "bulk.list_actions" => "operationsCenter.bulkActions",
        "bulk.validate_application" => "operationsCenter.validateApplication input.installed input.name",
        "server.validate" => "operationsCenter.validateServer input",
        "server.update_state" => "operationsCenter.updateState input",
        "server.recommended_action" => "operationsCenter.recommendedAction input",
        "server.maintenance_label" => "operationsCenter.maintenanceLabel input",
        "server.version_compute" => "operationsCenter.computeVersions input.version_data input.latest",
        "cluster.progress" => "operationsCenter.progress input",
        "preseed.defaults" => "operationsCenter.preseedDefaults input",
        "hcl.escape" => "operationsCenter.hclEscape input",
        "inventory.uuid" => "operationsCenter.rowUuid input.key",
        "inventory.sync_skip" => "operationsCenter.isSkipped input.kind input.parent_or_self",
        "filter.url_query" => "operationsCenter.urlQuery input.filter",
        _ => return None,
    })
}

/// The answer to a case: the value, or what is wrong as `{ kind, message }` in order.
fn answer(engine: &Engine, inventory: &Inventory, op: &str, input: &Json) -> Option<Result<Json, Vec<Json>>> {
    let mut arguments = Arguments::default();
    arguments.values.push(("input".into(), Type::Any, input.clone()));
    let source = Source::new("<query>", question(op)?);
    let found = engine.compile_source(&source, inventory, &arguments).and_then(|query| {
        query.run(inventory).and_then(|answer| answer.into_data(inventory)).map_err(|one| vec![one])
    });
    Some(match found {
        Err(found) => Err(vec![json!({ "kind": "validation", "message": messages(&found) })]),
        Ok(Json::Array(mistakes)) if mistakes.iter().any(|one| one.get("message").is_some()) => Err(mistakes),
        Ok(Json::Array(none)) if none.is_empty() => Ok(json!(true)),
        Ok(found) => match found.get("mistakes").and_then(Json::as_array) {
            Some(mistakes) if !mistakes.is_empty() => Err(mistakes.clone()),
            _ => Ok(found),
        },
    })
}

/// Whether the answer has what is expected; what it has besides is no matter.
fn has(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Object(found), Json::Object(expected)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| has(found, value)))
        }
        (Json::Array(found), Json::Array(expected)) => {
            found.len() == expected.len()
                && found.iter().zip(expected).all(|(found, expected)| has(found, expected))
        }
        (Json::Number(found), Json::Number(expected)) => found.as_f64() == expected.as_f64(),
        _ => found == expected,
    }
}

fn is_expected(op: &str, answer: &Result<Json, Vec<Json>>, expect: &Json) -> bool {
    if let Some(any) = expect.get("any_of").and_then(Json::as_array) {
        return any.iter().any(|one| is_expected(op, answer, one));
    }
    match (answer, expect.get("ok"), expect.get("error")) {
        (Ok(found), Some(expected), _) => {
            let found = if op == "bulk.plan" { &found["servers"] } else { found };
            match expected.get("reason_contains").and_then(Json::as_str) {
                Some(reason) => found["consistent"] == json!(false) && text(found, "reason").contains(reason),
                None => has(found, expected),
            }
        }
        (Err(mistakes), _, Some(error)) => {
            let wanted = error["contains"].as_array().cloned().unwrap_or_default();
            let says = |mistake: &Json| {
                let message = text(mistake, "message");
                wanted.iter().all(|part| part.as_str().is_some_and(|part| message.contains(part)))
            };
            let kind = text(error, "kind");
            // What upstream finds first is told first.
            mistakes
                .first()
                .is_some_and(|first| says(first) && (kind == "crash" || text(first, "kind") == kind))
        }
        _ => false,
    }
}

#[test]
fn rules_answer_as_the_cases_say() {
    let (engine, mut tally) = (Engine::default(), Tally::default());
    let inventory = engine.empty();
    for (file, content) in shared::files("cases/operations-center") {
        for case in content["cases"].as_array().into_iter().flatten() {
            let (id, op) = (text(case, "id"), text(case, "op"));
            let what = format!("{file}/{id}");
            let Some(answer) = answer(&engine, &inventory, op, &case["input"]) else {
                if !matches!(op, "filter" | "query" | "filter.eval" | "filter.update" | "filter.update_file")
                {
                    tally.later.push(what);
                }
                continue;
            };
            if DIFFERENT.iter().any(|(known, _)| *known == id) {
                tally.different.push(what);
            } else if is_expected(op, &answer, &case["expect"]) {
                tally.passed += 1;
            } else {
                tally.failed.push(format!("{what}\n  expected {}\n  found    {answer:?}", case["expect"]));
            }
        }
    }
    tally.finish("Operations Center");
}
