//! Priorities, conditions and orders outside of settings.

use insta::assert_snapshot;
use serde_json::json;

use super::{load, mistakes};
use crate::inventory::model::PartKind;

/// The tags of the only machine.
fn tags(layers: &[&str]) -> String {
    let inventory = load(layers);
    let tags = inventory.nodes.tags(0).iter().filter_map(|tag| inventory.tags.get(*tag as usize));
    tags.map(|tag| &*tag.name).collect::<Vec<_>>().join(" ")
}

fn marked(kind: &str, priority: i64, content: serde_json::Value) -> serde_json::Value {
    json!({ "_type": kind, "priority": priority, "content": content })
}

/// An inventory with a machine that says this of its tags.
fn machine(tags: serde_json::Value) -> String {
    json!({ "machines": { "jon": { "tags": tags } } }).to_string()
}

#[test]
fn lists_come_in_their_orders_over_all_layers() {
    let after = machine(marked("order", 1500, json!(["after"])));
    let before = machine(marked("order", 500, json!(["before"])));
    let merged = json!({ "_type": "merge", "contents": [["a"], marked("order", 500, json!(["b"])), ["c"]] });
    assert_eq!(tags(&[&after, &machine(json!(["plain"]))]), "plain after all nixos");
    assert_eq!(tags(&[&machine(json!(["plain"])), &before]), "before plain all nixos");
    assert_eq!(tags(&[&machine(merged), &machine(json!(["d"]))]), "b a c d all nixos");
}

#[test]
fn the_strongest_definitions_count() {
    let forced = machine(marked("override", 50, json!(["forced"])));
    let weak = machine(marked("override", 1000, json!(["weak"])));
    assert_eq!(tags(&[&machine(json!(["plain"])), &forced]), "forced all nixos");
    assert_eq!(tags(&[&weak, &machine(json!(["plain"]))]), "plain all nixos");
    assert_eq!(tags(&[&weak]), "weak all nixos");
    // A machine as a whole, and the list of a declared tag.
    let whole = json!({ "machines": { "jon": marked("override", 50, json!({ "machineClass": "darwin" })) },
        "tags": { "press": marked("override", 50, json!(["jon"])) } });
    assert_eq!(tags(&[&machine(json!(["plain"])), &whole.to_string()]), "all darwin press");
    let text =
        |text: serde_json::Value| json!({ "machines": { "jon": { "description": text } } }).to_string();
    assert_snapshot!(mistakes(&[&text(json!("a")), &text(marked("override", 1000, json!("b")))]), @"nothing");
}

#[test]
fn what_a_condition_takes_away_is_not_there() {
    let given = |condition: bool| {
        let gone = json!({ "_type": "if", "condition": condition, "content": { "tags": ["kept"] } });
        json!({ "machines": { "jon": gone, "sara": {} } }).to_string()
    };
    assert_eq!(tags(&[&given(true)]), "kept all nixos");
    assert_eq!(load(&[&given(false)]).nodes.name(0), "sara");
    let whole = json!({ "inventory": { "_type": "if", "condition": false, "content": { "machines": 1 } } });
    assert_eq!(tags(&[&whole.to_string(), &machine(json!([]))]), "all nixos");
}

#[test]
fn what_is_left_is_checked_where_it_stands() {
    assert_snapshot!(mistakes(&[r#"{ "machines": { "_type": "merge", "contents": [
        { "jon": { "description": "a" } },
        { "jon": { "description": "b", "tagz": [] } } ] } }"#]), @r#"
    error[conflict]: `machines.jon.description` is defined twice and differently (machine jon)
      @clan.json:3:35 "b" `"b"` here
      @clan.json:2:35 "a" `"a"` here
      help: remove one of the two definitions
    error[unknown-option]: `machines.jon` has no option `tagz` (machine jon)
      @clan.json:3:40 "tagz"
      help: did you mean `tags`?
    "#);
    assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "deploy": { "_type": "if", "condition": 1, "content": {} } } } }"#]), @"
    error[invalid-option]: expected `true` or `false` in `condition` (machine jon)
      @clan.json:1:66 1
    ");
    assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": {} }, "instances": { "net": { "roles": { "peer": {
        "tags": { "_type": "merge", "contents": [["all"], { "nixos": { "settings": {} } }] },
        "settings": { "_type": "merge", "contents": [{ "a": 1 }, { "b": 1 }] } } } } } }"#]), @r#"
    error[conflict]: `instances.net.roles.peer.settings` is defined twice, and takes only one definition (settings of role peer)
      @clan.json:3:66 { "b": 1 } defined again here
      @clan.json:3:54 { "a": 1 } first defined here
      help: write one set of both
    "#);
}

#[test]
fn a_priority_around_a_group_of_options_is_that_of_each() {
    let deploy =
        |deploy: serde_json::Value| json!({ "machines": { "jon": { "deploy": deploy } } }).to_string();
    let inventory = load(&[
        &deploy(marked("override", 50, json!({ "targetHost": "a" }))),
        &deploy(json!({ "targetHost": "b", "buildHost": "c" })),
    ]);
    let given = inventory.nodes.parts_of(0, PartKind::Deployment).filter_map(|raw| inventory.node(raw));
    let given: Vec<_> = given.map(|node| node.to_json()).collect();
    assert_eq!(given, [json!({ "targetHost": "a" }), json!({ "buildHost": "c" })]);
}

#[test]
fn an_instance_may_be_a_default() {
    let people = json!({ "instances": { "net": { "module": marked("override", 1000, json!({ "name": "a" })),
        "roles": marked("override", 1000, json!({ "peer": { "machines": { "jon": {} } } })) } } });
    let tools = json!({ "machines": { "jon": {} }, "instances": { "net": { "module": { "name": "b" } } } });
    let inventory = load(&[&people.to_string(), &tools.to_string()]);
    assert_eq!(&*inventory.services[0].id, "<clan-core>-b");
    let roles: Vec<&str> = inventory.instances[0].roles.iter().map(|role| &*role.name).collect();
    assert_eq!(roles, ["peer"]);
}
