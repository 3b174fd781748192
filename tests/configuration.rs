//! The final configuration of machines: what the closures of services give, and what happens to those
//! that fail.

use std::fmt::Write;

use invq::Engine;
use invq::Limits;
use invq::text::Source;
use invq::{Format, Input, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{ask, messages};

fn load(engine: &Engine, format: Format, text: &str) -> Inventory {
    let input = Input { source: Source::new("inventory", text), format, folder: None };
    engine.load(vec![input]).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

/// An inventory with the machines `a` and `b` and these services.
fn services(text: &str) -> Inventory {
    let machines =
        "a: { system: x86_64-linux, nixosModules: [ { list: [ machine ] } ] }, b: { system: x86_64-linux }";
    let head = format!(
        "domain:\n  suffix: lan\n  clusters:\n    c:\n      machines: {{ {machines} }}\n      services:\n"
    );
    let text = text.lines().fold(head, |text, line| text + "        " + line + "\n");
    load(&Engine::default(), Format::Yaml, &text)
}

fn answer(inventory: &Inventory, query: &str) -> Json {
    ask(&Engine::default(), inventory, query).unwrap_or_else(|found| panic!("{query}: {}", messages(&found)))
}

/// What a query fails with, and what stands at the places.
fn failure(inventory: &Inventory, query: &str) -> String {
    let found = ask(&Engine::default(), inventory, query).expect_err("the query fails");
    let told = found.iter().map(|diagnostic| {
        let places: Vec<String> = diagnostic
            .labels
            .iter()
            .map(|label| {
                let (source, span) = label.source.locate(label.span);
                format!("{} at `{}`", source.position(span.start).line, source.slice(span))
            })
            .collect();
        format!("{}: {} [{}]", diagnostic.code.word(), diagnostic.message, places.join("; "))
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_of_services_come_before_those_of_the_machine() {
    let inventory = services(
        "two: { selectors: [ clusterMachines ], definition: '{ this, ... }: { list = [ \"two ${this.machineName}\" ]; }' }\n\
         one: { selectors: [ 'hostname \"a\"' ], definition: '{ ... }: { list = [ \"one\" ]; }', extraConfig: { list: [ extra ] } }",
    );
    assert_eq!(
        answer(&inventory, "clusters.c.machines.a.config.list"),
        json!(["machine", "two a", "one", "extra"])
    );
    assert_eq!(answer(&inventory, "clusters.c.machines.b.config.list"), json!(["two b"]));
}

#[test]
fn a_closure_that_fails_spoils_its_machines_alone() {
    let inventory = services(
        "bad: { selectors: [ clusterMachines ], definition: '{ this, ... }: { x = if this.machineName == \"a\" then throw \"no\" else 1; }' }\n\
         good: { selectors: [ clusterMachines ], definition: '{ ... }: { y = 2; }' }",
    );
    assert_eq!(
        answer(&inventory, "{ inherit (clusters.c.machines.b.config) x y; }"),
        json!({ "x": 1, "y": 2 })
    );
    assert_eq!(answer(&inventory, "map (m: m.services) machines"), json!([["bad", "good"], ["bad", "good"]]));
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.a.config.y"), @r#"thrown: no [7 at `throw "no"`; 5 at `a`]"#);
}

#[test]
fn a_closure_with_a_mistake_spoils_the_machines_that_are_selected() {
    let inventory = services(
        "bad: { selectors: [ 'hostname \"a\"' ], roles: { hosts: [] }, definition: '{ roles, ... }: { x = roles.host; }' }",
    );
    assert_eq!(answer(&inventory, "clusters.c.machines.b.config.networking.hostName"), json!("b"));
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.a.config.networking.hostName"), @r#"unknown-field: the attribute set has no field `host` [7 at `host`]"#);
}

#[test]
fn options_that_contradict_each_other_are_told_with_both_places() {
    let inventory = services(
        "one: { selectors: [ clusterMachines ], definition: '{ ... }: { x = 1; y = 1; }' }\n\
         two: { selectors: [ clusterMachines ], definition: '{ ... }: { x = 2; y = 1; }' }",
    );
    assert_eq!(answer(&inventory, "clusters.c.machines.a.config.y"), json!(1));
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.a.config.x"), @r#"conflict: the option `x` is defined twice and differently [7 at `{ ... }: { x = 1; y = 1; }`; 8 at `{ ... }: { x = 2; y = 1; }`]"#);
}

#[test]
fn what_a_condition_takes_away_is_not_evaluated() {
    let inventory = services(
        "s: { selectors: [ clusterMachines ], roles: { r: [] }, definition: '{ roles, ... }: { x = mkIf (roles.r != []) (head roles.r).fqdn; y = mkForce 1; }', extraConfig: { y: 2 } }",
    );
    assert_eq!(answer(&inventory, "clusters.c.machines.a.config.x or null"), json!(null));
    assert_eq!(answer(&inventory, "clusters.c.machines.a.config.y"), json!(1));
}

#[test]
fn members_that_are_not_there_fail_when_they_are_looked_at() {
    let inventory = services(
        "s: { selectors: [ clusterMachines ], roles: { r: [ 'c: cfg: [ \"domain.clusters.c.machines.gone\" ]' ] }, definition: '{ roles, ... }: { n = length roles.r; }' }\n\
         t: { selectors: [ 'hostname \"b\"' ], roles: { r: [ 'c: cfg: [ \"domain.clusters.c.machines.gone\" ]' ] }, definition: '{ roles, ... }: { x = (head roles.r).fqdn; }' }",
    );
    assert_eq!(answer(&inventory, "clusters.c.machines.a.config.n"), json!(1));
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.b.config.n"), @r#"unresolved-path: the path `domain.clusters.c.machines.gone` leads to no machine [8 at `r`; 5 at `b`]"#);
}

#[test]
fn many_machines_cost_no_more_than_the_sum_of_them() {
    const MACHINES: usize = 10_000;
    const STEPS_EACH: u64 = 100;
    let mut machines = String::new();
    for index in 0..MACHINES {
        let comma = if index == 0 { "" } else { "," };
        write!(machines, r#"{comma}"m{index:05}": {{ "system": "x86_64-linux" }}"#).expect("a text grows");
    }
    let service = r#"{ "selectors": [ "clusterMachines" ], "roles": { "first": [ "clusterMachines" ] },
        "definition": "{ selectors, roles, this }: { last = elemAt selectors 9999; first = (head roles.first).fqdn; own = this.fqdn; }" }"#;
    let text = format!(
        r#"{{ "domain": {{ "suffix": "lan", "clusters": {{ "c": {{ "machines": {{ {machines} }}, "services": {{ "s": {service} }} }} }} }} }}"#
    );
    let limits = Limits { steps: MACHINES as u64 * STEPS_EACH, ..Limits::default() };
    let engine = Engine::new(limits);
    let inventory = load(&engine, Format::Json, &text);
    let query = r#"length (builtins.filter (m: m.config.own == m.fqdn && m.config.last.machineName == "m09999" && m.config.first == "m00000.c.lan") machines)"#;
    let count = ask(&engine, &inventory, query).unwrap_or_else(|found| panic!("{}", messages(&found)));
    assert_eq!(count, json!(MACHINES));
}
