//! Operations Center's filters beside invq's: the table in the documentation, run on the cases' documents.

use invq::{Engine, Inventory};
use serde_json::Value as Json;

use crate::shared::{self, Tally, ask, input, messages, text};
use crate::support::root;

/// The documents of the cases.
fn inventory() -> Option<Inventory> {
    let files = shared::files("cases/operations-center");
    let (_, fixtures) = files.into_iter().find(|(name, _)| name == "filter_fixtures")?;
    let loaded = Engine::default().load(vec![input("fixtures.json", &fixtures["data"])]);
    Some(loaded.unwrap_or_else(|found| panic!("{}", messages(&found))))
}

/// The rows of the table: kind, Operations Center's expression, invq's.
fn translations() -> Vec<[String; 3]> {
    let page = std::fs::read_to_string(root().join("docs/operations-center.md")).expect("the page is there");
    let (_, rest) = page.split_once("<!-- filters -->").expect("the table begins");
    let (table, _) = rest.split_once("<!-- end of filters -->").expect("the table ends");
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
    let translations = translations();
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
    for [kind, theirs, predicate] in translations() {
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
