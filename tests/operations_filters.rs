//! Operations Center's filters beside invq's: the table in the documentation, run on the cases' documents.

use invq::text::Source;
use invq::types::Type;
use invq::{Arguments, Engine, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{self, Tally, ask, input, messages, text};
use crate::support::root;

/// The documents of the cases.
fn inventory() -> Option<Inventory> {
    let files = shared::files("cases/operations-center");
    let (_, fixtures) = files.into_iter().find(|(name, _)| name == "filter_fixtures")?;
    let loaded = Engine::default().load(vec![input("fixtures.json", &fixtures["data"])]);
    Some(loaded.unwrap_or_else(|found| panic!("{}", messages(&found))))
}

/// The rows of a table of the page: kind, Operations Center's expression, invq's.
fn translations(table: &str) -> Vec<[String; 3]> {
    let page = std::fs::read_to_string(root().join("docs/operations-center.md")).expect("the page is there");
    let (_, rest) = page.split_once(&format!("<!-- {table} -->")).expect("the table begins");
    let (table, _) = rest.split_once(&format!("<!-- end of {table} -->")).expect("the table ends");
    let cell = |text: &str| text.trim().trim_matches('`').replace("\\|", "|");
    table
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
            [cell(cells[0]), cell(cells[1]), cell(cells[2])]
        })
        .collect()
}

/// The names of the rows that a predicate selects, as the cases name them.
fn selected(inventory: &Inventory, kind: &str, predicate: &str) -> Vec<String> {
    let (table, key) = match kind {
        "clusters" => ("(attrValues clusters)", "c.name"),
        "servers" => ("servers", "c.name"),
        "images" => ("resources.images", "\"${c.cluster}/${c.name}\""),
        "projects" => ("resources.projects", "\"${c.cluster}/${c.name}\""),
        "storage_volumes" => {
            ("resources.storage_volumes", "\"${c.cluster}/${c.server}/${c.parent_name}/${c.type}/${c.name}\"")
        }
        _ => return rows(inventory, kind, predicate),
    };
    answer(inventory, &format!("map (c: {key}) (filter ({predicate}) {table})"))
}

fn rows(inventory: &Inventory, kind: &str, predicate: &str) -> Vec<String> {
    let key = "\"${c.cluster}/${c.project_name}/${c.name}\"";
    answer(inventory, &format!("map (c: {key}) (filter ({predicate}) resources.{kind})"))
}

fn answer(inventory: &Inventory, query: &str) -> Vec<String> {
    let found = ask(&Engine::default(), inventory, query);
    let found = found.unwrap_or_else(|found| panic!("{query}: {}", messages(&found)));
    let names = found.as_array().expect("a list").iter();
    // Servers without a cluster are in one that the cases do not know.
    names.filter_map(Json::as_str).filter(|name| *name != "default").map(str::to_owned).collect()
}

#[test]
fn the_documentation_translates_every_case() {
    let Some(inventory) = inventory() else { return };
    let translations = translations("filters");
    assert!(translations.len() >= 40, "{} rows", translations.len());
    let mut tally = Tally::default();
    for (file, content) in shared::files("cases/operations-center") {
        for case in content["cases"].as_array().into_iter().flatten() {
            let (id, op, expect) = (text(case, "id"), text(case, "op"), &case["expect"]);
            let (Some(expected), "filter") = (expect.get("ok").and_then(Json::as_array), op) else {
                continue;
            };
            let (kind, expression) = (text(&case["input"], "kind"), text(&case["input"], "expr"));
            let Some([_, _, predicate]) =
                translations.iter().find(|[of, theirs, _]| of == kind && theirs == expression)
            else {
                tally.failed.push(format!("{file}/{id} has no row: {expression}"));
                continue;
            };
            let mut expected: Vec<&str> = expected.iter().filter_map(Json::as_str).collect();
            let mut found = selected(&inventory, kind, predicate);
            if kind == "clusters" {
                // Clusters come by name.
                expected.sort_unstable();
                found.sort_unstable();
            }
            if found == expected {
                tally.passed += 1;
            } else {
                tally.failed.push(format!("{file}/{id}\n  expected {expected:?}\n  found    {found:?}"));
            }
        }
    }
    tally.finish("Operations Center's filters");
}

#[test]
fn every_row_selects_some_and_not_all() {
    let Some(inventory) = inventory() else { return };
    let mut odd = Vec::new();
    for [kind, theirs, predicate] in translations("filters") {
        let found = selected(&inventory, &kind, &predicate).len();
        let all = selected(&inventory, &kind, "x: true").len();
        let is_plain =
            theirs == "true" || theirs.starts_with("any(values(os_data") || theirs.contains("secure_boot");
        if found == 0 || found == all && !is_plain {
            odd.push(format!("{theirs}: {found} of {all}"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

/// Filters that fail, with what has the same mistake here: before anything runs, or while it does.
const FAILING: &[(&str, &str)] = &[
    ("\"string\"", "c: \"string\""),
    ("fromBase64(\"~invalid\") == \"\"", "c: fromJSON \"~invalid\" == \"\""),
    ("nme == \"x\"", "c: c.nme == \"x\""),
    ("name ==", "c: c.name =="),
    ("len(name)", "c: stringLength c.name"),
    ("name", "c: c.name"),
    ("applies_to_architecture(architecture)", "f: operationsCenter.appliesToArchitecture f.architecture"),
    (
        "applies_to_architecture(0, \"aarch64\")",
        "f: operationsCenter.appliesToArchitecture 0 [ \"aarch64\" ]",
    ),
];

/// A predicate asked of a table as a query, and whether what is wrong is found before anything runs.
fn failure(inventory: &Inventory, query: &str) -> Option<&'static str> {
    let engine = Engine::default();
    match engine.compile(query, inventory) {
        Err(_) => Some("compile"),
        Ok(query) => {
            query.run(inventory).and_then(|answer| answer.into_data(inventory)).is_err().then_some("runtime")
        }
    }
}

#[test]
fn filters_that_fail_there_fail_here_and_before_they_run() {
    let Some(inventory) = inventory() else { return };
    let mut tally = Tally::default();
    for (file, content) in shared::files("cases/operations-center") {
        for case in content["cases"].as_array().into_iter().flatten() {
            let (id, op, expect) = (text(case, "id"), text(case, "op"), &case["expect"]);
            let (Some(error), true) = (expect.get("error"), op.starts_with("filter")) else { continue };
            if op == "filter.url_query" {
                continue;
            }
            let theirs = text(&case["input"], "expr");
            let Some((_, ours)) = FAILING.iter().find(|(known, _)| *known == theirs) else {
                tally.failed.push(format!("{file}/{id} has no row: {theirs}"));
                continue;
            };
            let table = match text(&case["input"], "kind") {
                "clusters" => "(attrValues clusters)".to_owned(),
                "servers" => "servers".to_owned(),
                "" => "(concatMap (u: u.files) updates)".to_owned(),
                rows => format!("resources.{rows}"),
            };
            match (failure(&inventory, &format!("filter ({ours}) {table}")), text(error, "kind")) {
                // What upstream finds while it runs may be found before.
                (Some("compile"), _) | (Some("runtime"), "runtime") => tally.passed += 1,
                (found, kind) => tally.failed.push(format!("{file}/{id}: {kind} expected, found {found:?}")),
            }
        }
    }
    tally.finish("Operations Center's failing filters");
}

#[test]
fn settings_select_updates_and_files() {
    let mut tally = Tally::default();
    for (file, content) in shared::files("cases/operations-center") {
        for case in content["cases"].as_array().into_iter().flatten() {
            let (id, op) = (text(case, "id"), text(case, "op"));
            let (Some(expected), true) = (case["expect"].get("ok"), op.starts_with("filter.update")) else {
                continue;
            };
            let theirs = text(&case["input"], "expr");
            let found = translations("settings").into_iter().find(|[_, known, _]| known == theirs);
            let Some([of, _, predicate]) = found else {
                tally.failed.push(format!("{file}/{id} has no row: {theirs}"));
                continue;
            };
            let input_of = |key: &str| case["input"].get(key).cloned();
            let update = input_of("update").unwrap_or_else(
                || json!({ "files": [input_of("file").unwrap_or_default()], "version": "1" }),
            );
            let loaded = Engine::default().load(vec![input("updates.json", &json!({ "updates": [update] }))]);
            let inventory = loaded.unwrap_or_else(|found| panic!("{}", messages(&found)));
            let table = if of == "files" { "(concatMap (u: u.files) updates)" } else { "updates" };
            let query = format!("filter ({predicate}) {table} != [ ]");
            let found = ask(&Engine::default(), &inventory, &query);
            let found = found.unwrap_or_else(|found| panic!("{query}: {}", messages(&found)));
            tally.compare(format!("{file}/{id}"), &found, expected);
        }
    }
    tally.finish("Operations Center's filters of updates");
}

#[test]
fn settings_tell_updates_apart() {
    let updates = json!({ "updates": [
        { "uuid": "a", "origin": "example", "severity": "critical", "version": "202608150000", "published_at": "2026-08-15T00:00:00Z",
          "channels": ["stable"], "upstream_channels": ["stable"], "update_status": "ready", "files": [
            { "filename": "x86_64/os.efi.gz", "size": 1, "component": "os", "architecture": "x86_64" },
            { "filename": "aarch64/incus.raw.gz", "size": 1_073_741_824, "component": "incus", "architecture": "aarch64" } ] },
        { "uuid": "b", "origin": "other", "severity": "none", "version": "202607010000", "published_at": "2026-07-01T00:00:00Z",
          "channels": [], "upstream_channels": ["daily"], "files": [] },
    ] });
    let loaded = Engine::default().load(vec![input("updates.json", &updates)]);
    let inventory = loaded.unwrap_or_else(|found| panic!("{}", messages(&found)));
    for [of, theirs, predicate] in translations("settings") {
        let table = if of == "files" { "(concatMap (u: u.files) updates)" } else { "updates" };
        let query = format!("length (filter ({predicate}) {table})");
        let found = ask(&Engine::default(), &inventory, &query);
        assert_eq!(found.map_err(|found| messages(&found)), Ok(json!(1)), "{theirs}");
    }
}

/// Comparisons of numbers and texts of several kinds, with what says the same here.
const TYPED: &[(&str, &str)] = &[
    ("9.25 == SpecialFloat32", "9.25 == env.SpecialFloat32"),
    ("SpecialFloat32 == 9.25", "env.SpecialFloat32 == 9.25"),
    ("SpecialInt == 10", "env.SpecialInt == 10"),
    ("10 == SpecialInt", "10 == env.SpecialInt"),
    ("SpecialInt32 == 32", "env.SpecialInt32 == 32"),
    ("\"foo\" == SpecialDescription", "\"foo\" == env.SpecialDescription"),
    ("SpecialDescription == \"foo\"", "env.SpecialDescription == \"foo\""),
    ("SpecialDescription == Description", "env.SpecialDescription == env.Description"),
    ("SpecialUint == 100", "env.SpecialUint == 100"),
    ("SpecialUint32 == 320", "env.SpecialUint32 == 320"),
];

#[test]
fn numbers_and_texts_compare_as_the_cases_say() {
    let engine = Engine::default();
    let inventory = engine.empty();
    let mut tally = Tally::default();
    for (file, content) in shared::files("cases/operations-center") {
        for case in content["cases"].as_array().into_iter().flatten() {
            let (Some(expected), "filter.eval") = (case["expect"].get("ok"), text(case, "op")) else {
                continue;
            };
            let (what, theirs) = (format!("{file}/{}", text(case, "id")), text(&case["input"], "expr"));
            let Some((_, ours)) = TYPED.iter().find(|(known, _)| *known == theirs) else {
                tally.failed.push(format!("{what} has no row: {theirs}"));
                continue;
            };
            let mut arguments = Arguments::default();
            arguments.values.push(("env".into(), Type::Any, case["input"]["env"].clone()));
            let found = engine.compile_source(&Source::new("<query>", *ours), &inventory, &arguments);
            let found = found.unwrap_or_else(|found| panic!("{ours}: {}", messages(&found)));
            let found = found.run(&inventory).and_then(|answer| answer.into_data(&inventory));
            tally.compare(what, &found.unwrap_or_else(|found| panic!("{ours}: {}", found.message)), expected);
        }
    }
    tally.finish("Operations Center's comparisons");
}

#[test]
fn queries_group_rows_as_the_cases_say() {
    let Some(inventory) = inventory() else { return };
    let mut tally = Tally::default();
    for (_, content) in shared::files("cases/operations-center") {
        for case in content["cases"].as_array().into_iter().flatten() {
            let (Some(expected), "query") = (case["expect"].get("ok"), text(case, "op")) else { continue };
            let flags = match text(case, "id") {
                "q-server" => "{ server = [ \"a1\" ]; }",
                "q-project" => "{ project = [ \"team-x\" ]; }",
                "q-volume-name-has-type-prefix" => {
                    "{ kind = [ \"storage_volume\" ]; filter = r: r.type == \"custom\"; }"
                }
                _ => continue,
            };
            let query = format!("operationsCenter.query {flags} resources");
            let found = ask(&Engine::default(), &inventory, &query);
            let found = found.unwrap_or_else(|found| panic!("{query}: {}", messages(&found)));
            tally.compare(text(case, "id").to_owned(), &found, expected);
        }
    }
    tally.finish("Operations Center's queries");
    let rows = |flags: &str| {
        let query = format!(
            "operationsCenter.query {flags} resources |> concatMap (c: concatLists (attrValues c.resources)) |> length"
        );
        ask(&Engine::default(), &inventory, &query).unwrap_or_else(|found| panic!("{}", messages(&found)))
    };
    // The flag means what it says, and is nothing without a name.
    assert!(
        rows("{ parent = [ \"local\" ]; parent_include_empty = true; }").as_i64()
            > rows("{ parent = [ \"local\" ]; }").as_i64()
    );
    assert_eq!(rows("{ parent_include_empty = true; }"), rows("{ }"));
}

#[test]
fn words_are_checked_before_anything_runs() {
    let Some(inventory) = inventory() else { return };
    let wrong = |query: &str| {
        let found = ask(&Engine::default(), &inventory, query).expect_err("a mistake");
        format!("{}: {}", messages(&found), found[0].help.clone().unwrap_or_default())
    };
    assert_eq!(
        wrong("filter (s: s.server_status == \"redy\") servers"),
        "`server_status` is never `redy`: did you mean `ready`?"
    );
    assert_eq!(
        wrong("filter (s: elem s.server_type [ \"incus\" \"incs\" ]) servers"),
        "`server_type` is never `incs`: did you mean `incus`?"
    );
    assert_eq!(
        wrong("filter (c: c.status or \"\" != \"pendng\") (attrValues clusters)"),
        "`status` is never `pendng`: did you mean `pending`?"
    );
    assert_eq!(wrong("resources.netwroks"), "no table is called `netwroks`: did you mean `networks`?");
    assert_eq!(wrong("map (s: s.nme) servers"), "a server has no field `nme`: did you mean `name`?");
}
