//! Tags of Clan's inventories that functions compute.

use invq::diagnostic::Code;
use invq::{Engine, Format, Input, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{ask, messages};

fn load(text: &str) -> Inventory {
    let source = invq::text::Source::new("inventory.invq", text);
    let input = Input { source, format: Format::Expression, folder: None };
    Engine::default().load(vec![input]).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

fn tags(inventory: &Inventory) -> Json {
    let query = "mapAttrs (name: machines: map (m: m.name) machines) tags";
    ask(&Engine::default(), inventory, query).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

#[test]
fn a_function_sees_machines_and_other_tags() {
    let inventory = load(
        "{ machines = { jon.tags = [ \"laptop\" ]; sara = { }; mac.machineClass = \"darwin\"; };
           tags.fixed = [ \"jon\" \"mac\" ];
           tags.linux = { config, machines }:
             builtins.filter (name: machines.${name}.machineClass == \"nixos\") config.all;
           tags.others = { config, ... }: builtins.filter (name: !elem name config.fixed) config.linux; }",
    );
    let expected = json!({
        "all": ["jon", "mac", "sara"], "darwin": ["mac"], "fixed": ["jon", "mac"],
        "linux": ["jon", "sara"], "nixos": ["jon", "sara"], "others": ["sara"],
    });
    assert_eq!(tags(&inventory), expected);
    let machines = ask(&Engine::default(), &inventory, "map (m: m.tags) machines").expect("tags are known");
    let expected = json!([
        ["laptop", "all", "fixed", "linux", "nixos"],
        ["all", "darwin", "fixed"],
        ["all", "linux", "nixos", "others"],
    ]);
    assert_eq!(machines, expected);
}

#[test]
fn one_function_tells_all_tags() {
    let inventory = load(
        "{ machines = { jon = { }; sara = { }; };
           tags = { config, machines, ... }: {
             servers = builtins.filter (name: name != \"jon\") (attrNames machines);
             clients = builtins.filter (name: !elem name config.servers) config.all;
           };
           instances.net.roles.peer.tags = [ \"servers\" ]; }",
    );
    let expected = json!({
        "all": ["jon", "sara"], "clients": ["jon"], "darwin": [], "nixos": ["jon", "sara"], "servers": ["sara"],
    });
    assert_eq!(tags(&inventory), expected);
    let members = ask(&Engine::default(), &inventory, "instances.net.roles.peer.members");
    assert_eq!(members.expect("the tag is known"), json!(["sara"]));
}

#[test]
fn names_of_no_machine_do_nothing() {
    let inventory = load("{ machines.jon = { }; tags.some = { ... }: [ \"jon\" \"ghost\" ]; }");
    assert_eq!(tags(&inventory).get("some"), Some(&json!(["jon"])));
}

#[test]
fn tags_that_need_each_other_are_one_mistake() {
    let inventory = load(
        "{ meta.name = \"home\"; machines.jon = { };
           tags.a = { config, ... }: config.b; tags.b = { config, ... }: config.a; }",
    );
    let codes: Vec<Code> = inventory.mistakes().iter().map(|mistake| mistake.diagnostic.code).collect();
    assert_eq!(codes, [Code::InfiniteRecursion]);
}

#[test]
fn tags_of_machines_are_not_known_yet() {
    let inventory = load(
        "{ meta.name = \"home\"; machines.jon = { };
           tags.a = { machines, ... }: builtins.filter (name: elem \"x\" machines.${name}.tags) [ \"jon\" ]; }",
    );
    let [mistake] = inventory.mistakes() else { panic!("one mistake") };
    assert_eq!(mistake.diagnostic.message, "the tags of `jon` are not known while tags are computed");
    assert_eq!(mistake.diagnostic.help.as_deref(), Some("ask `config.TAG` for the machines of another tag"));
}

#[test]
fn something_else_than_names_is_a_mistake() {
    let inventory = load("{ meta.name = \"home\"; machines.jon = { }; tags.a = { ... }: [ 1 ]; }");
    let [mistake] = inventory.mistakes() else { panic!("one mistake") };
    assert_eq!(mistake.diagnostic.code, Code::TypeMismatch);
    assert!(!mistake.diagnostic.labels.is_empty());
}

#[test]
fn a_tag_that_cannot_be_computed_stops_filters() {
    let inventory = load("{ machines.jon = { }; tags.a = { config, ... }: config.nope; }");
    let failed = ask(&Engine::default(), &inventory, "tag \"a\"").expect_err("there is no tag `nope`");
    let [diagnostic] = failed.as_slice() else { panic!("{}", messages(&failed)) };
    assert_eq!(diagnostic.code, Code::MissingElement);
    let found = ask(&Engine::default(), &inventory, "1 + 1");
    assert_eq!(found.expect("nothing of the inventory is asked"), json!(2));
}
