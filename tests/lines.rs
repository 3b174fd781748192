//! NDJSON: inventories with a machine in each line.

use invq::{Engine, Format, Input, Inventory};
use serde_json::{Value, json};

use crate::support::{file, invq};

const MACHINES: &str = concat!(
    r#"{"name":"web2","cluster":"lab","tags":["web"],"ips":{"eth0":["10.0.0.2"]},"cpus":4}"#,
    "\n",
    r#"{"name":"web1","cluster":"lab","tags":["web","backup"],"system":"x86_64-linux","vars":{"rack":7}}"#,
    "\r\n\n",
    r#" { "name": "db.1", "tags": [], "addresses": ["fd00::1"], "kind": "virtual", "description": "old" }"#,
    "\n"
);

fn loaded(text: &str) -> Inventory {
    let input = Input { format: Format::Ndjson, ..Input::text("machines.ndjson", text.to_owned()) };
    Engine::default().load(vec![input]).unwrap_or_else(|failures| panic!("{failures:?}"))
}

fn answer(inventory: &Inventory, query: &str) -> Value {
    let query = Engine::default().compile(query, inventory).expect("the query is right");
    query.run(inventory).and_then(|answer| answer.into_data(inventory)).expect("it has an answer")
}

/// What is wrong with a text, each with line and column.
fn mistakes(text: &str) -> Vec<String> {
    let input = Input { format: Format::Ndjson, ..Input::text("machines.ndjson", text.to_owned()) };
    let found = match Engine::default().load(vec![input]) {
        Ok(inventory) => inventory.check(),
        Err(failures) => failures,
    };
    let told = |diagnostic: &invq::diagnostic::Diagnostic| {
        let label = diagnostic.labels.first().expect("a place");
        let place = label.source.position(label.span.start);
        format!("{}:{} {} {}", place.line, place.column, diagnostic.code.word(), diagnostic.message)
    };
    found.iter().filter(|found| found.severity == invq::diagnostic::Severity::Error).map(told).collect()
}

#[test]
fn every_line_is_a_machine() {
    let inventory = loaded(MACHINES);
    assert!(inventory.mistakes().is_empty());
    assert_eq!(answer(&inventory, "map (m: m.name) machines"), json!(["db.1", "web1", "web2"]));
    assert_eq!(answer(&inventory, "attrNames clusters"), json!(["default", "lab"]));
    let query = Engine::default().compile("tag \"web\" && !tag \"backup\"", &inventory).expect("it is right");
    let found = query.machines(&inventory).expect("a filter has machines");
    let names: Vec<&str> = found.iter().map(|node| inventory.machine_name(*node)).collect();
    assert_eq!(names, ["web2"]);
    assert_eq!(answer(&inventory, "map (m: m.addresses) machines"), json!([["fd00::1"], [], ["10.0.0.2"]]));
    assert_eq!(answer(&inventory, "map (m: m.kind) machines"), json!(["virtual", "physical", "physical"]));
    assert_eq!(answer(&inventory, "map (m: m.source.line) machines"), json!([4, 2, 1]));
}

#[test]
fn a_line_without_variables_is_its_own() {
    let inventory = loaded(MACHINES);
    assert_eq!(answer(&inventory, "map (m: m.vars.cpus or m.vars.rack or 0) machines"), json!([0, 7, 4]));
}

#[test]
fn a_text_tells_that_it_is_lines() {
    let outcome = invq(&["-i", "-", "tag \"web\""]).input(MACHINES).run();
    assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "web1\nweb2\n", ""));
    let path = file("lines", "one.jsonl", "{\"name\": \"only\"}");
    let outcome = invq(&["-i", path.to_str().expect("a path of this test"), "all"]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "only\n"));
}

#[test]
fn machines_that_were_written_are_read_again() {
    let written =
        invq(&["--demo", "-o", "ndjson", "map (m: { inherit (m) name cluster tags; }) machines"]).run();
    assert_eq!(written.status, 0, "{}", written.stderr);
    let wanted =
        invq(&["--demo", "-o", "json", "map (m: { inherit (m) name cluster tags; }) machines"]).run();
    let read = invq(&["-i", "-", "-o", "json", "map (m: { inherit (m) name cluster tags; }) machines"])
        .input(&written.stdout)
        .run();
    assert_eq!((read.status, read.stdout), (0, wanted.stdout), "{}", read.stderr);
}

#[test]
fn mistakes_have_their_line() {
    assert_eq!(
        mistakes("{\"name\":\"a\"}\n{\"tags\":[]}\n"),
        ["2:1 missing-option the machine has no `name`"]
    );
    assert_eq!(
        mistakes("{\"name\":\"a\"}\n[1]\n"),
        ["2:1 invalid-option expected an object for a machine, found a list"]
    );
    assert_eq!(
        mistakes("{\"name\":\"a\"} {\"name\":\"b\"}\n"),
        ["1:14 invalid-document expected the end of the line after the value, found `{`"]
    );
    assert_eq!(mistakes("{\"name\":\"a\"}\n{\"name\":\"b\",}\n").len(), 1);
    assert_eq!(
        mistakes("{\"name\":\"a\",\"tags\":\"web\"}\n{\"name\":3}\n{\"name\":\"c\",\"ips\":[\"x\"]}\n"),
        [
            "1:20 invalid-option expected a list of texts in `tags` of a machine, found `web`",
            "2:9 invalid-option expected the name of a machine in `name` of a machine, found an integer",
            "3:20 invalid-option expected an address, found `x`",
        ]
    );
    assert_eq!(
        mistakes("{\"name\":\"a\"}\n{\"name\":\"a\"}\n"),
        ["2:9 duplicate-name the machine `a` is defined twice"]
    );
    assert_eq!(mistakes("{\"name\":\"a\",\"name\":\"b\"}\n{}\n").len(), 2);
}
