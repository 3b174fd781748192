//! What the model has: tags, layers, services and their instances.

use super::load;
use crate::dialects::clan;
use crate::inventory::document::TreeBuilder;
use crate::inventory::draft::Draft;
use crate::inventory::model::{Class, EmbeddedRole, Inventory, NodeKind, PartKind, SelectionKind, Value};
use crate::syntax::ast::Name;
use crate::text::{Source, Span};

fn node(inventory: &Inventory, name: &str) -> u32 {
    let cluster = inventory.find_cluster("default").expect("a cluster");
    inventory.find_node(cluster, name, NodeKind::Machine).expect("a machine")
}

fn tags(inventory: &Inventory, machine: &str) -> Vec<String> {
    let tags = inventory.nodes.tags(node(inventory, machine)).iter();
    tags.filter_map(|tag| inventory.tags.get(*tag as usize)).map(|tag| tag.name.to_string()).collect()
}

/// The names under a declared tag.
fn listed(inventory: &Inventory, tag: &str) -> Option<Vec<String>> {
    let tag = inventory.tags.get(inventory.find_tag(tag)? as usize)?;
    Some(tag.listed.as_ref()?.iter().map(|node| inventory.nodes.name(*node).to_owned()).collect())
}

#[test]
fn own_tags_come_before_declared_ones_by_name() {
    let inventory = load(&[r#"{ "machines": { "jon": { "tags": [ "zeta", "beta", "zeta" ] } },
             "tags": { "omega": [ "jon" ], "beta": [ "jon", "jon", "ghost" ], "empty": [] } }"#]);
    assert_eq!(tags(&inventory, "jon"), ["zeta", "beta", "all", "nixos", "omega"]);
    assert_eq!(listed(&inventory, "beta"), Some(vec!["jon".to_owned(), "jon".to_owned()]));
    assert_eq!(listed(&inventory, "empty"), Some(Vec::new()));
    assert_eq!(listed(&inventory, "zeta"), None);
}

#[test]
fn a_predefined_tag_can_be_replaced() {
    let inventory = load(&[
        r#"{ "machines": { "a": {}, "b": { "machineClass": "darwin" } }, "tags": { "all": [ "b" ] } }"#,
    ]);
    assert_eq!(tags(&inventory, "a"), ["nixos"]);
    assert_eq!(tags(&inventory, "b"), ["all", "darwin"]);
}

#[test]
fn a_tag_that_a_machine_carries_is_not_declared_by_that() {
    let inventory =
        load(&[r#"{ "machines": { "a": { "tags": [ "web" ] }, "b": {} }, "tags": { "web": [ "b" ] } }"#]);
    assert_eq!(listed(&inventory, "web"), Some(vec!["b".to_owned()]));
    assert_eq!(tags(&inventory, "a"), ["web", "all", "nixos"]);
}

#[test]
fn layers_add_up() {
    let inventory = load(&[
        r#"{ "inventory": { "machines": { "jon": { "tags": [ "x" ], "deploy": { "targetHost": "h" } } },
               "tags": { "t": [ "jon" ] } }, "machine_directories": [ "autom" ] }"#,
        r#"{ "inventory": { "machines": { "jon": { "tags": [ "y", "x" ], "installedAt": 1,
               "deploy": { "buildHost": "b" } }, "ui": {} }, "tags": { "t": [ "ui" ] } } }"#,
    ]);
    assert!(inventory.mistakes.iter().all(|mistake| mistake.diagnostic.message.contains("meta.name")));
    assert_eq!(tags(&inventory, "jon"), ["x", "y", "all", "nixos", "t"]);
    assert_eq!(listed(&inventory, "t"), Some(vec!["jon".to_owned(), "ui".to_owned()]));
    assert_eq!(tags(&inventory, "autom"), ["all", "nixos"]);
    let parts = inventory.nodes.parts_of(node(&inventory, "jon"), PartKind::Deployment);
    assert_eq!(parts.count(), 2);
}

#[test]
fn the_inventory_may_be_wrapped() {
    for text in [
        r#"{ "machines": { "a": {} } }"#,
        r#"{ "inventory": { "machines": { "a": {} } } }"#,
        r#"{ "clan": { "inventory": { "machines": { "a": {} } } } }"#,
        r#"{ "clan": { "inventory": {}, "machines": { "a": { "imports": [] } } } }"#,
        r#"{ "clan_machines": [ "a" ] }"#,
    ] {
        let inventory = load(&[text]);
        assert_eq!(inventory.nodes.len(), 1, "{text}");
        assert_eq!(tags(&inventory, "a"), ["all", "nixos"], "{text}");
    }
}

#[test]
fn machines_have_classes_and_systems() {
    let inventory = load(&[
        r#"{ "machines": { "a": { "machineClass": "darwin", "system": "aarch64-darwin" }, "b": {} } }"#,
    ]);
    assert_eq!(*inventory.nodes.class, [Class::Darwin, Class::Nixos]);
    assert_eq!(inventory.systems, [Name::from("aarch64-darwin")]);
}

#[test]
fn meta_has_defaults() {
    let inventory = load(&[r#"{ "meta": { "name": "c", "tld": "lan" } }"#]);
    let meta: Vec<String> = inventory
        .meta
        .iter()
        .map(|(name, value)| match value {
            Value::Json(value) => format!("{name} = {value}"),
            Value::Raw(_) => format!("{name} in its document"),
        })
        .collect();
    assert_eq!(
        meta,
        ["description = null", r#"domain = "lan""#, "icon = null", r#"name = "c""#, r#"tld = "lan""#]
    );
    assert_eq!(&*inventory.suffix, "lan");
    assert_eq!(&*load(&["{ \"machines\": {} }"]).suffix, "clan");
}

#[test]
fn services_are_named_by_input_and_module() {
    let inventory = load(&[r#"{
        "instances": { "A": { "module": { "input": "self" } }, "B": {}, "C": { "module": { "name": "A", "input": "self" } },
                       "m-i": {} },
        "services": { "m": { "i": {} }, "n": { "i": { "enabled": false } } } }"#]);
    let services: Vec<&str> = inventory.services.iter().map(|service| &*service.id).collect();
    assert_eq!(services, ["<clan-core>-B", "<clan-core>-m-i", "m", "n", "self-A"]);
    let instances: Vec<(&str, Option<&str>, bool)> = inventory
        .instances
        .iter()
        .map(|instance| (&*instance.name, instance.key.as_deref(), instance.enabled))
        .collect();
    assert_eq!(
        instances,
        [
            ("A", None, true),
            ("B", None, true),
            ("C", None, true),
            ("m-i", None, true),
            ("m-i-2", Some("i"), true),
            ("n-i", Some("i"), false),
        ]
    );
}

#[test]
fn a_declared_module_stays_with_its_service() {
    let inventory = load(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net",
        "constraints": { "maxInstances": 1 } }, "roles": { "peer": {} } } } },
        "inventory": { "instances": { "i": { "module": { "name": "A", "input": "self" } } } } }"#]);
    let service = inventory.services.first().expect("a service");
    assert_eq!(service.manifest.as_deref(), Some("net"));
    assert_eq!(service.constraints.get("maxInstances"), Some(&serde_json::json!(1)));
    let module = service.module.and_then(|module| inventory.node(module)).expect("a module");
    assert!(module.get("roles").is_some_and(|roles| roles.get("peer").is_some()));
}

#[test]
fn a_filter_selects_members() {
    let inventory = load(&[r#"{ "machines": { "a": {} }, "instances": { "i": { "roles": {
        "z": { "select": "tag \"all\"" }, "r": { "machines": { "a": {} }, "select": "all" } } } } }"#]);
    let texts: Vec<&str> = inventory.expressions.iter().map(|expression| expression.source.text()).collect();
    assert_eq!(texts, ["all", "tag \"all\""]);
    let roles = &inventory.instances.first().expect("an instance").roles;
    let filters: Vec<(&str, usize, bool)> = roles
        .iter()
        .map(|role| {
            let last = role.selections.last().map(|selection| &selection.kind);
            (&*role.name, role.selections.len(), matches!(last, Some(SelectionKind::Filter(_))))
        })
        .collect();
    assert_eq!(filters, [("r", 2, true), ("z", 1, true)]);
}

#[test]
fn a_tag_may_be_a_function() {
    let load = |computed: &clan::ComputedTags| {
        let mut builder =
            TreeBuilder::new(Source::new("clan.nix", "{ machines.a = { }; tags.t = x: [ \"a\" ]; }"));
        let span = Span::new(29, 39);
        let empty = builder.object([], span);
        let machines = builder.object([("a", span, empty)], span);
        let function = builder.expression(vec!["tags".into(), "t".into()], span);
        let tags = builder.object([("t", span, function)], span);
        let root = builder.object([("machines", span, machines), ("tags", span, tags)], span);
        let mut draft = Draft::new();
        let document = draft.add_document(builder.finish(root));
        clan::read_with(&mut draft, &[document], computed);
        draft.finish()
    };
    let inventory = load(&clan::ComputedTags::new());
    assert_eq!(tags(&inventory, "a"), ["all", "nixos"]);
    let expression = inventory.expressions.first().expect("an expression");
    assert_eq!(expression.role, EmbeddedRole::ComputedTag("t".into()));
    assert!(expression.value.is_some());

    let inventory = load(&clan::ComputedTags::from([("t".into(), vec!["a".into(), "ghost".into()])]));
    assert_eq!(tags(&inventory, "a"), ["all", "nixos", "t"]);
    assert!(inventory.expressions.is_empty());
}
