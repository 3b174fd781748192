use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Merged, configuration};
use crate::inventory::document::Document;
use crate::modules::flatten;
use crate::modules::options::MACHINE;
use crate::text::Source;

/// The configuration that the modules of a list give, failures as texts.
fn merged(text: &str) -> Json {
    let document = Document::yaml(Source::new("f.yaml", text));
    match configuration(&flatten(document.root().items()), MACHINE) {
        Ok(merged) => shown(merged),
        Err(failure) => json!(failure.message),
    }
}

fn shown(merged: Merged) -> Json {
    match merged {
        Merged::Leaf(value) => value,
        Merged::Set(members) => members
            .into_iter()
            .map(|(name, member)| (name, shown(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Merged::Failed(failure) => {
            let places: Vec<String> = failure
                .labels
                .iter()
                .map(|label| label.source.position(label.span.start).line.to_string())
                .collect();
            json!(format!("{}: {} (lines {})", failure.code.word(), failure.message, places.join(", ")))
        }
    }
}

fn at(text: &str, pointer: &str) -> String {
    merged(text).pointer(pointer).map_or_else(|| "missing".to_owned(), Json::to_string)
}

#[test]
fn lists_and_lines_read_from_the_last_module_to_the_first() {
    assert_eq!(at("- { l: [ a ] }\n- { l: [ b, c ] }", "/l"), r#"["b","c","a"]"#);
    assert_eq!(
        at(
            "- { networking: { extraHosts: first } }\n- { networking: { extraHosts: last } }",
            "/networking/extraHosts"
        ),
        r#""last\nfirst""#
    );
    let ports = "/networking/firewall/allowedTCPPorts";
    let module =
        |ports: &str| format!("- {{ networking: {{ firewall: {{ allowedTCPPorts: {ports} }} }} }}\n");
    assert_eq!(at(&[module("[ 1 ]"), module("[ 2 ]")].concat(), ports), "[2,1]");
    // Imported modules come after all others, and so are read first.
    assert_eq!(
        at("- { imports: [ { l: [ i ] } ], config: { l: [ a ] } }\n- { l: [ b ] }", "/l"),
        r#"["i","b","a"]"#
    );
    // Parts of one module keep their order.
    assert_eq!(
        at("- { _type: merge, contents: [ { l: [ a ] }, { l: [ b ] } ] }\n- { l: [ c ] }", "/l"),
        r#"["c","a","b"]"#
    );
}

#[test]
fn lists_in_submodules_read_from_the_first_module_to_the_last() {
    let user = |groups: &str| format!("- {{ users: {{ users: {{ u: {{ extraGroups: {groups} }} }} }} }}\n");
    assert_eq!(
        at(&[user("[ cluster ]"), user("[ machine ]")].concat(), "/users/users/u/extraGroups"),
        r#"["cluster","machine"]"#
    );
    let addresses = |list: &str| {
        format!("- {{ networking: {{ interfaces: {{ e: {{ ipv4: {{ addresses: {list} }} }} }} }} }}\n")
    };
    assert_eq!(
        at(
            &[addresses("[ { address: a } ]"), addresses("[ { address: b } ]")].concat(),
            "/networking/interfaces/e/ipv4/addresses"
        ),
        r#"[{"address":"a"},{"address":"b"}]"#
    );
    assert_eq!(
        at(
            &[user("[ a ]"), user("{ _type: order, priority: 500, content: [ b ] }")].concat(),
            "/users/users/u/extraGroups"
        ),
        r#"["b","a"]"#
    );
}

#[test]
fn orders_count_before_modules() {
    let order = |priority: u32, item: &str| {
        format!("- {{ l: {{ _type: order, priority: {priority}, content: [ {item} ] }} }}\n")
    };
    assert_eq!(
        at(&[order(1500, "after"), order(1000, "a"), order(1000, "b"), order(500, "before")].concat(), "/l"),
        r#"["before","b","a","after"]"#
    );
}

#[test]
fn priorities_go_down_to_known_options_and_stop_at_other_sets() {
    let force = |content: &str| format!("{{ _type: override, priority: 50, content: {content} }}");
    let text = format!(
        "- {{ networking: {{ hostName: h, domain: d }} }}\n- {{ networking: {} }}",
        force("{ hostName: forced }")
    );
    assert_eq!(merged(&text), json!({ "networking": { "domain": "d", "hostName": "forced" } }));
    let text = format!("- {{ a: {{ x: 1, y: 1 }} }}\n- {{ a: {} }}", force("{ x: 2 }"));
    assert_eq!(merged(&text), json!({ "a": { "x": 2 } }));
}

#[test]
fn a_conflict_spoils_its_option_alone() {
    assert_snapshot!(
        merged("- { mark: { a: true }, probe: x }\n- { mark: { b: true }, probe: y }"),
        @r#"{"mark":{"a":true,"b":true},"probe":"conflict: the option `probe` is defined twice and differently (lines 2, 1)"}"#
    );
    assert_snapshot!(
        merged("- { networking: { extraHosts: [ x ], firewall: { allowedTCPPorts: 22 } } }"),
        @r#"{"networking":{"extraHosts":"invalid-option: expected a string in the option `networking.extraHosts`, found a list (lines 1)","firewall":{"allowedTCPPorts":"invalid-option: expected a list in the option `networking.firewall.allowedTCPPorts`, found an integer (lines 1)"}}}"#
    );
    assert_snapshot!(merged("- { a: { b: 1 } }\n- { a: [ 1 ] }"), @r#"{"a":"conflict: the option `a` is defined twice and differently (lines 2, 1)"}"#);
    assert_snapshot!(merged("- { users: 1 }"), @r#"{"users":"invalid-option: expected an object in the option `users`, found an integer (lines 1)"}"#);
}

#[test]
fn what_no_condition_leaves_is_not_there() {
    let when = |condition: bool, content: &str| {
        format!("{{ _type: if, condition: {condition}, content: {content} }}")
    };
    let text = format!(
        "- {{ a: {}, b: {}, c: [ {}, 2 ] }}",
        when(false, "1"),
        when(true, "{ d: 1 }"),
        when(false, "1")
    );
    assert_eq!(merged(&text), json!({ "b": { "d": 1 }, "c": [2] }));
    assert_eq!(merged(&format!("- {}\n- {{ x: 1 }}", when(false, "{ y: 1 }"))), json!({ "x": 1 }));
    // Marks inside of lists are resolved too.
    assert_eq!(
        merged("- { l: [ { k: { _type: override, priority: 50, content: 1 } } ] }"),
        json!({ "l": [{ "k": 1 }] })
    );
}

#[test]
fn modules_say_more_than_options() {
    assert_eq!(merged("- { _file: f, key: k, imports: [ ], a: 1 }"), json!({ "a": 1 }));
    assert_eq!(merged("- { config: { key: k } }"), json!({ "key": "k" }));
    assert_snapshot!(merged("- { config: [ ] }"), @r#""expected an object as module, found a list""#);
}

#[test]
fn defaults_fill_what_nobody_defines() {
    let document =
        Document::yaml(Source::new("f.yaml", "[ { users: { users: { u: { isNormalUser: true } } } } ]"));
    let mut found = configuration(&flatten(document.root().items()), MACHINE).expect("the modules merge");
    found.fill(MACHINE);
    assert_eq!(
        found.into_json().expect("nothing failed"),
        json!({
            "networking": {
                "extraHosts": "",
                "firewall": { "allowedTCPPorts": [], "allowedUDPPorts": [] },
                "interfaces": {},
            },
            "users": { "users": { "u": {
                "extraGroups": [],
                "hashedPassword": null,
                "isNormalUser": true,
                "openssh": { "authorizedKeys": { "keys": [] } },
            } } },
        })
    );
}

/// Options below known sets, each with a value that a definition of it may have.
const OPTIONS: &[(&[&str], &str)] = &[
    (&["networking", "hostName"], "text"),
    (&["networking", "extraHosts"], "text"),
    (&["networking", "firewall", "allowedTCPPorts"], "list"),
    (&["networking", "firewall", "enable"], "text"),
    (&["users", "users", "u", "extraGroups"], "list"),
    (&["free", "a", "b"], "list"),
    (&["free", "a", "c"], "text"),
];

/// A module that defines one option, with a mark around the value or one of the known sets around it.
fn module(path: &[&str], value: Json, marked: usize) -> Json {
    let mark = |value: Json| json!({ "_type": "override", "priority": 50, "content": value });
    let mut whole = value;
    for (depth, name) in path.iter().enumerate().rev() {
        if depth + 1 == marked {
            whole = mark(whole);
        }
        whole = json!({ *name: whole });
    }
    whole
}

proptest! {
    /// Whether options are written as one nested set, as many paths, or as parts of an `mkMerge`.
    #[test]
    fn how_paths_are_written_does_not_matter(chosen in proptest::sample::subsequence(OPTIONS.to_vec(), 1..=OPTIONS.len())) {
        let value = |kind: &str, index: usize| match kind {
            "list" => json!([index, index + 1]),
            _ => json!(format!("t{index}")),
        };
        let parts: Vec<Json> = chosen
            .iter()
            .enumerate()
            .map(|(index, (path, kind))| module(path, value(kind, index), 0))
            .collect();
        let mut nested = json!({});
        for (index, (path, kind)) in chosen.iter().enumerate() {
            let mut at = &mut nested;
            for name in *path {
                at = at.as_object_mut().expect("a set").entry(*name).or_insert_with(|| json!({}));
            }
            *at = value(kind, index);
        }
        let apart = merged(&Json::from(parts.clone()).to_string());
        prop_assert_eq!(&merged(&json!([nested.clone()]).to_string()), &apart);
        prop_assert_eq!(&nested, &apart);
        prop_assert_eq!(&merged(&json!([{ "_type": "merge", "contents": parts }]).to_string()), &apart);
    }

    /// A mark may stand around the value or any known set around it.
    #[test]
    fn where_a_priority_is_written_does_not_matter(depth in 0_usize..2, other in 0_usize..3) {
        let path = &["networking", "firewall", "allowedTCPPorts"];
        let weak = module(path, json!([1]), 0);
        let beside = module(&["networking", "extraHosts"], json!("kept"), 0);
        let strong = module(path, json!([2]), path.len() - depth);
        let mut modules = vec![weak, strong];
        modules.insert(other.min(modules.len()), beside);
        prop_assert_eq!(
            merged(&Json::from(modules).to_string()),
            json!({ "networking": { "extraHosts": "kept", "firewall": { "allowedTCPPorts": [2] } } })
        );
    }
}
