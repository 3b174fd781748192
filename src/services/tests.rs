//! Members, placements and constraints.

use super::constraints::checks;
use super::members::{Found, Resolved, resolve};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clan;
use crate::inventory::document::Document;
use crate::inventory::draft::Draft;
use crate::inventory::model::{
    Instance, Inventory, MemberOrder, NodeKind, Role, Selection, SelectionKind, Spot,
};
use crate::text::Source;

fn load(text: &str) -> Inventory {
    let mut draft = Draft::new();
    let document = draft.add_document(Document::json(Source::new("clan.json", text)));
    clan::read(&mut draft, &[document]);
    draft.finish()
}

fn unfiltered(inventory: &Inventory) -> Resolved {
    resolve(inventory, &mut |_, _| Err(Diagnostic::error(Code::Thrown, "no filter can be resolved")))
}

/// `instance.role: members`, one a line.
fn members(inventory: &Inventory, resolved: &Resolved) -> String {
    let mut lines = Vec::new();
    for (instance, found) in inventory.instances.iter().zip(&resolved.instances) {
        for (role, members) in instance.roles.iter().zip(&found.roles) {
            let names = members.names(inventory);
            let errors: Vec<&str> = members.errors.iter().map(|error| &*error.message).collect();
            lines.push(
                format!("{}.{}: {} {}", instance.name, role.name, names.join(" "), errors.join(", "))
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    lines.join("\n")
}

/// `machine: instance.role …`, one a line.
fn placements(inventory: &Inventory, resolved: &Resolved) -> String {
    let mut lines = Vec::new();
    for node in inventory.index.all() {
        let placements = resolved.placements_of(inventory, node).iter().filter_map(|placement| {
            let instance = inventory.instances.get(placement.instance as usize)?;
            let role = placement.role.and_then(|role| instance.roles.get(role as usize));
            Some(format!("{}.{}", instance.name, role.map_or("", |role| &role.name)))
        });
        let placements: Vec<String> = placements.collect();
        lines.push(format!("{}: {}", inventory.nodes.name(node), placements.join(" ")));
    }
    lines.join("\n")
}

#[test]
fn names_and_tags_make_a_set_in_name_order() {
    let inventory = load(
        r#"{ "machines": { "jon": { "tags": [ "t", "u" ] }, "sara": { "tags": [ "u" ] }, "hxi": {} },
             "instances": { "i": { "roles": { "r": {
                 "machines": { "sara": {}, "zed": {}, "abe": {} }, "tags": [ "u", "t", "none" ] } } } } }"#,
    );
    let resolved = unfiltered(&inventory);
    assert_eq!(members(&inventory, &resolved), "i.r: abe jon sara zed");
    let role = resolved.role(0, 0).expect("a role");
    assert_eq!(role.len(), 4);
    assert_eq!(role.nodes.iter().map(|node| inventory.nodes.name(node)).collect::<Vec<_>>(), ["jon", "sara"]);
    // Selections: sara, zed, abe, u, t, none.
    assert_eq!(role.reasons(&inventory, 1), [3, 4]);
    assert_eq!(role.reasons(&inventory, 2), [0, 3]);
    assert!(role.reasons(&inventory, 0).is_empty());
}

#[test]
fn the_older_api_keeps_order_and_duplicates() {
    let inventory = load(
        r#"{ "machines": { "a": { "tags": [ "t" ] }, "b": { "tags": [ "t", "u" ] }, "c": {} },
             "services": { "m": { "i": { "roles": {
                 "r": { "machines": [ "c", "b", "ghost", "c" ], "tags": [ "u", "none", "t", "u" ] } } } } } }"#,
    );
    let resolved = unfiltered(&inventory);
    assert_eq!(members(&inventory, &resolved), "m-i.r: c b ghost c b a b");
    assert_eq!(placements(&inventory, &resolved), "a: m-i.r\nb: m-i.r\nc: m-i.r");
}

#[test]
fn nobody_gets_what_is_switched_off() {
    let inventory = load(
        r#"{ "machines": { "a": {} },
             "services": { "m": { "i": { "enabled": false, "roles": { "r": { "machines": [ "a" ] } } } } } }"#,
    );
    let resolved = unfiltered(&inventory);
    assert_eq!(members(&inventory, &resolved), "m-i.r: a");
    assert_eq!(placements(&inventory, &resolved), "a: ");
    assert!(resolved.services.iter().all(|nodes| nodes.is_empty()));
}

#[test]
fn placements_come_by_service_then_role_then_instance() {
    let inventory = load(
        r#"{ "machines": { "a": {} }, "instances": {
             "z": { "module": { "name": "one" }, "roles": { "p": { "tags": [ "all" ] }, "q": { "tags": [ "all" ] } } },
             "y": { "module": { "name": "one" }, "roles": { "q": { "tags": [ "all" ] }, "p": { "machines": { "a": {} } } } },
             "x": { "module": { "name": "two" }, "roles": { "p": { "tags": [ "all" ] } } } } }"#,
    );
    let resolved = unfiltered(&inventory);
    assert_eq!(placements(&inventory, &resolved), "a: y.p z.p y.q z.q x.p");
}

#[test]
fn a_filter_that_fails_leaves_the_other_roles() {
    let inventory = load(
        r#"{ "machines": { "a": {}, "b": {} }, "instances": { "i": { "roles": {
             "good": { "select": "g" }, "bad": { "select": "b", "machines": { "a": {} } } } } } }"#,
    );
    let resolved = resolve(&inventory, &mut |expression, cluster| {
        assert_eq!(cluster, inventory.find_cluster("default"));
        match inventory.expressions.get(expression as usize).map(|expression| expression.source.text()) {
            Some("g") => {
                Ok(vec![Found::Node(1), Found::Node(0), Found::Node(1), Found::Path("nowhere".into())])
            }
            _ => Err(Diagnostic::error(Code::UnknownTag, "broken")),
        }
    });
    assert_eq!(members(&inventory, &resolved), "i.bad: a broken\ni.good: a b nowhere");
}

/// Two clusters with machines `a` and `b`; in the first a service with selectors and roles.
fn selected() -> Inventory {
    let mut draft = Draft::new();
    let spot = Spot::default();
    for cluster in ["one", "two"] {
        let cluster = draft.cluster(cluster, None);
        for name in ["a", "b", "c"] {
            draft.node(cluster, name, NodeKind::Machine, spot);
        }
    }
    let service = draft.service("dns", "dns", None, None);
    let filter = |number| Selection { kind: SelectionKind::Filter(number), settings: None, spot };
    let role = |name: &str, filters: &[u32]| Role {
        name: name.into(),
        selections: filters.iter().map(|number| filter(*number)).collect(),
        order: MemberOrder::Concatenated,
        ..Role::default()
    };
    draft.add_instance(Instance {
        name: "dns".into(),
        service,
        cluster: Some(0),
        enabled: true,
        selectors: Some(vec![filter(0)]),
        roles: vec![role("primary", &[1]), role("all", &[1, 2, 1])],
        ..Instance::default()
    });
    draft.finish()
}

#[test]
fn selectors_put_a_service_on_machines_of_its_own_cluster() {
    let inventory = selected();
    let node = |cluster: u32, name: &str| {
        Found::Node(inventory.find_node(cluster, name, NodeKind::Machine).expect("a machine"))
    };
    let resolved = resolve(&inventory, &mut |expression, _| {
        Ok(match expression {
            0 => vec![node(0, "b"), node(1, "c"), node(0, "a"), Found::Path("domain.x".into()), node(0, "b")],
            1 => vec![node(0, "b"), node(0, "c")],
            _ => vec![node(1, "a")],
        })
    });
    assert_eq!(members(&inventory, &resolved), "dns.all: b c a b c\ndns.primary: b c");
    let selectors =
        resolved.instances.first().and_then(|instance| instance.selectors.as_ref()).expect("selectors");
    let names: Vec<String> = selectors.names(&inventory).iter().map(ToString::to_string).collect();
    assert_eq!(names, ["b", "c", "a", "domain.x", "b"]);
    assert_eq!(placements(&inventory, &resolved), "a: dns.\nb: dns.all dns.primary\nc: \na: \nb: \nc: ");
}

#[test]
fn constraints_are_counted() {
    let inventory = load(
        r#"{ "modules": { "self": {
             "A": { "manifest": { "name": "svc", "constraints": { "maxInstances": 1, "roles": {
                 "server": { "minMachines": 1, "maxMachines": 1 }, "client": { "minMachines": 3, "maxMachines": 2 }, "gone": { "minMachines": 1 } } } },
                 "roles": { "server": {}, "client": {} } } } },
             "inventory": { "machines": { "a": {} }, "instances": {
             "j": { "module": { "name": "A", "input": "self" }, "roles": { "server": { "machines": { "a": {}, "ghost": {} } } } },
             "i": { "module": { "name": "A", "input": "self" } } } } }"#,
    );
    let found = checks(&inventory, &unfiltered(&inventory));
    let lines: Vec<String> = found.iter().map(|check| format!("{}: {}", check.id, check.message)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    svc-maxInstances: Service 'svc' allows at most 1 instance(s) but 2 are defined.
    svc-i-client-minMachines: Role 'client' of service 'svc' instance 'i' requires at least 3 machine(s) but 0 are assigned.
    svc-j-client-minMachines: Role 'client' of service 'svc' instance 'j' requires at least 3 machine(s) but 0 are assigned.
    svc-i-server-minMachines: Role 'server' of service 'svc' instance 'i' requires at least 1 machine(s) but 0 are assigned.
    svc-j-server-maxMachines: Role 'server' of service 'svc' instance 'j' allows at most 1 machine(s) but 2 are assigned.
    ");
}

#[test]
fn constraints_of_the_older_api_count_duplicates() {
    let inventory = load(
        r#"{ "modules": { "m": { "roles": [ "r", "s" ],
                 "constraints": { "roles": { "r": { "max": 1 }, "s": { "min": 1 } } } } },
             "inventory": { "machines": { "a": {} }, "services": { "m": { "i": { "roles": {
                 "r": { "machines": [ "a", "a" ] } } } } } } }"#,
    );
    let found = checks(&inventory, &unfiltered(&inventory));
    let lines: Vec<String> = found.iter().map(|check| format!("{}: {:?}", check.id, check.message)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    m.i.roles.r.max: "The m module allows at most for 1 members of the 'r' role\nbut found '2' members within instance 'i':\n\na\na\n\n"
    m.i.roles.s.min: "The 'm' module requires at least 1 members of the 's' role\nbut found '0' members within instance 'i':\n\n\n"
    "#);
}
