//! One inventory of several systems, whose parts answer one query together.

use invq::diagnostic::Severity;
use invq::{Engine, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{ask, messages};
use crate::support::root;

fn load() -> Inventory {
    let loaded = Engine::default().load_path(root().join("examples/fleet.yaml"));
    loaded.unwrap_or_else(|found| panic!("{}", messages(&found)))
}

fn selected(filter: &str) -> Json {
    let inventory = load();
    let query =
        Engine::default().compile(filter, &inventory).unwrap_or_else(|found| panic!("{}", messages(&found)));
    let found = query.machines(&inventory).unwrap_or_else(|found| panic!("{}", found.message));
    json!(found.into_iter().map(|machine| inventory.machine_name(machine)).collect::<Vec<_>>())
}

#[test]
fn it_has_no_mistakes() {
    let found = load().check().into_iter().filter(|found| found.severity > Severity::Hint);
    assert_eq!(messages(&found.collect::<Vec<_>>()), "");
}

#[test]
fn services_of_all_systems_and_clouds_answer_together() {
    let running = "(service \"borgbackup\" || service \"site\" || service \"database\")";
    assert_eq!(selected(running), json!(["db01", "jon", "sara", "web1"]));
    assert_eq!(selected(&format!("{running} && cloud \"colo\"")), json!(["db01", "sara", "web1"]));
    assert_eq!(selected(&format!("{running} && cloud \"colo\" && !tag \"laptop\"")), json!(["db01", "web1"]));
    assert_eq!(
        selected("reachableFrom \"jon\" && !service \"borgbackup\""),
        json!(["db01", "desk", "web1", "web2"])
    );
}

#[test]
fn groups_of_ansible_have_the_machines_of_the_others() {
    let running = "(service \"borgbackup\" || service \"site\" || service \"database\")";
    assert_eq!(
        selected(&format!("{running} && cloud \"colo\" && group \"front\"")),
        json!(["db01", "sara", "web1"])
    );
    assert_eq!(selected("group \"edge\" && cluster \"prod\""), json!(["web1"]));
    let query = "map (m: { inherit (m) cluster vars; }) (filter (m: m.name == \"web1\") machines)";
    let found =
        ask(&Engine::default(), &load(), query).unwrap_or_else(|found| panic!("{}", messages(&found)));
    assert_eq!(found, json!([{ "cluster": "prod", "vars": { "ntp": "192.0.2.123", "weight": 5 } }]));
}

#[test]
fn placements_of_all_systems_stand_in_one_table() {
    let query = "map (p: \"${p.machine}: ${p.service}\") placements";
    let found =
        ask(&Engine::default(), &load(), query).unwrap_or_else(|found| panic!("{}", messages(&found)));
    assert_eq!(
        found,
        json!([
            "db01: database",
            "jon: <clan-core>-borgbackup",
            "sara: <clan-core>-borgbackup",
            "web1: site"
        ])
    );
}
