use std::fmt::Write;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::annotations;
use crate::dialects;
use crate::inventory::document::Document;
use crate::inventory::draft::Draft;
use crate::inventory::model::{Inventory, PartKind};
use crate::text::Source;

fn load(texts: &[&str]) -> Result<Inventory, String> {
    let mut draft = Draft::new();
    let documents: Vec<u32> = texts
        .iter()
        .map(|text| {
            let document = match text.trim_start().starts_with('{') {
                true => Document::json(Source::new("f.json", *text)),
                false => Document::yaml(Source::new("f.yaml", *text)),
            };
            draft.add_document(document)
        })
        .collect();
    match dialects::read(&mut draft, &documents, None) {
        Ok(()) => Ok(draft.finish()),
        Err(diagnostics) => Err(diagnostics.iter().map(shown).collect::<Vec<_>>().join("\n")),
    }
}

fn shown(diagnostic: &crate::diagnostic::Diagnostic) -> String {
    let mut text = format!("{}: {}", diagnostic.code.word(), diagnostic.message);
    for label in &diagnostic.labels {
        let (file, span) = label.source.locate(label.span);
        let place = file.position(span.start);
        let _unused = write!(text, " @{}:{}", place.line, place.column);
    }
    if let Some(help) = &diagnostic.help {
        let _unused = write!(text, " / {help}");
    }
    text
}

/// All mistakes, a line each, with their parts.
fn mistakes(texts: &[&str]) -> String {
    match load(texts) {
        Ok(inventory) => inventory
            .mistakes
            .iter()
            .map(|mistake| format!("{:?} {}", mistake.part, shown(&mistake.diagnostic)))
            .collect::<Vec<_>>()
            .join("\n"),
        Err(failure) => format!("stops: {failure}"),
    }
}

/// The mistakes of one machine with these fields.
fn machine(fields: &str) -> String {
    let text = format!(
        "domain:\n  suffix: lan\n  clusters:\n    lab:\n      machines:\n        jon: {{ system: x86_64-linux, {fields} }}\n"
    );
    mistakes(&[&text])
}

#[test]
fn an_inventory() {
    let inventory = load(&[r#"{ "domain": { "suffix": "lan", "clusters": {
        "prod": { "users": { "root": {} }, "machines": { "web": { "system": "x86_64-linux", "deployment": { "tags": ["web", "late"] }, "tags": ["db"] } },
          "vms": { "guest": { "system": "x86_64-linux", "host": "web.prod", "autostart": false, "backend": { "type": "microvm", "microvm": { "mem": 512 } } } } },
        "lab": { "services": { "dns": { "selectors": "clusterMachines", "roles": { "hosts": ["clusterMachines", ["none", ["all"]]] }, "definition": "{ selectors, roles, this }: { }", "extraConfig": { "a": 1 } } } }
    } }, "filters": { "web": "tag \"web\"" } }"#])
    .expect("an inventory");
    assert!(inventory.mistakes.is_empty());
    assert_eq!(&*inventory.suffix, "lan");
    let nodes: Vec<String> = (0..2).map(|node| inventory.node_path(node)).collect();
    assert_eq!(nodes, ["domain.clusters.prod.vms.guest", "domain.clusters.prod.machines.web"]);
    let tags: Vec<&str> =
        inventory.nodes.tags(1).iter().map(|tag| &*inventory.tags[*tag as usize].name).collect();
    assert_eq!(tags, ["db", "web", "late"]);
    let host = inventory.nodes.part(0, PartKind::Host).and_then(|raw| inventory.node(raw));
    assert_eq!(host.and_then(|host| host.as_str()).as_deref(), Some("web.prod"));
    let dns = &inventory.instances[0];
    assert_eq!((dns.cluster, dns.selectors.as_ref().map(Vec::len)), (Some(0), Some(1)));
    assert_eq!(dns.roles[0].selections.len(), 3);
    let expressions: Vec<String> = inventory
        .expressions
        .iter()
        .map(|expression| format!("{:?} {:?} {}", expression.role, expression.part, expression.source.text()))
        .collect();
    assert_snapshot!(expressions.join("\n"), @r###"
        Filter Instance(0) clusterMachines
        Filter Role(0, 0) clusterMachines
        Filter Role(0, 0) none
        Filter Role(0, 0) all
        Definition(["hosts"]) Instance(0) { selectors, roles, this }: { }
        Filter Filter(0) tag "web"
    "###);
}

#[test]
fn machine_options() {
    let fields = [
        "ip: 10.0.0.1",
        "frobnicate: 1",
        "system: 5",
        "system: other",
        "users: [ ]",
        "users: { u: { systemConfg: { } } }",
        "users: { u: { homeManagerModules: { } } }",
        "nixosModules: { }",
        "nixosModules: [ 5 ]",
        "serviceAddresses: [ { tag: { role: a, address: x, port: 70000 } } ]",
        "serviceAddresses: [ { tag: { role: a, port: null }, config: { } } ]",
        "serviceAddresses: [ { } ]",
        "virtualization: { vms: 1 }",
        "deployment: { targetPort: -1 }",
        "deployment: { targetHost: null, targetPort: 99999, targetUser: root }",
        "deployment: { targethost: x }",
        "deployment: { tags: [ 1 ] }",
        "deployment: { keys: { k: { uploadAt: later } } }",
        "deployment: 5",
        "tags: web",
        "tags: [ web, 5 ]",
        "ips: { eth0: [ 10.0.0.1, 5 ], eth1: x }",
        "ips: [ 10.0.0.1 ]",
        "ips: 10.0.0.1",
        "vars: [ ]",
        "kind: 1, cloud: 2, description: [ ]",
        "host: a.b",
    ];
    let mut report = String::new();
    for field in fields {
        let _unused = writeln!(report, "{field}\n{}", machine(field));
    }
    assert_snapshot!(report, @r#"
    ip: 10.0.0.1
    Node(0) unknown-option: there is no option `domain.clusters.lab.machines.jon.ip` @6:38 / did you mean `ips`?
    frobnicate: 1
    Node(0) unknown-option: there is no option `domain.clusters.lab.machines.jon.frobnicate` @6:38 / what can stand here is `system`, `users`, `nixosModules`, `serviceAddresses`, `virtualization`, `deployment`, `tags`, `ips`, `kind`, `description`, `cloud` or `vars`
    system: 5
    Node(0) duplicate-name: `system` is defined twice in one object @6:38 @6:16 / remove or rename one of the two
    system: other
    Node(0) duplicate-name: `system` is defined twice in one object @6:38 @6:16 / remove or rename one of the two
    users: [ ]
    Node(0) invalid-option: expected an object in `domain.clusters.lab.machines.jon.users`, found a list @6:45 / write `{}`
    users: { u: { systemConfg: { } } }
    Node(0) unknown-option: there is no option `domain.clusters.lab.machines.jon.users.u.systemConfg` @6:52 / did you mean `systemConfig`?
    users: { u: { homeManagerModules: { } } }
    Node(0) invalid-option: expected a list in `domain.clusters.lab.machines.jon.users.u.homeManagerModules`, found an object @6:72
    nixosModules: { }
    Node(0) invalid-option: expected a list of modules in `domain.clusters.lab.machines.jon.nixosModules`, found an object @6:52
    nixosModules: [ 5 ]
    Node(0) invalid-option: expected a module: an object, or a function as text in `domain.clusters.lab.machines.jon.nixosModules`, found `5` @6:54
    serviceAddresses: [ { tag: { role: a, address: x, port: 70000 } } ]
    Node(0) invalid-option: expected null or an integer from 0 to 65535 in `domain.clusters.lab.machines.jon.serviceAddresses.tag.port`, found `70000` @6:94
    serviceAddresses: [ { tag: { role: a, port: null }, config: { } } ]
    Node(0) missing-option: the inventory does not give `domain.clusters.lab.machines.jon.serviceAddresses.tag.address` @6:60 / add `address`, such as `"10.0.0.1"`
    serviceAddresses: [ { } ]
    Node(0) missing-option: the inventory does not give `domain.clusters.lab.machines.jon.serviceAddresses.tag` @6:38 / add `tag`, such as `{ "role": "web", "address": "10.0.0.1" }`
    virtualization: { vms: 1 }
    Node(0) unknown-option: there is no option `domain.clusters.lab.machines.jon.virtualization.vms` @6:56 / remove it: nothing can stand here
    deployment: { targetPort: -1 }
    Node(0) invalid-option: expected null or an integer from 0 in `domain.clusters.lab.machines.jon.deployment.targetPort`, found `-1` @6:64
    deployment: { targetHost: null, targetPort: 99999, targetUser: root }

    deployment: { targethost: x }
    Node(0) unknown-option: there is no option `domain.clusters.lab.machines.jon.deployment.targethost` @6:52 / did you mean `targetHost` or `targetPort`?
    deployment: { tags: [ 1 ] }
    Node(0) invalid-option: expected a string in `domain.clusters.lab.machines.jon.deployment.tags`, found `1` @6:60 / write `"1"`
    deployment: { keys: { k: { uploadAt: later } } }
    Node(0) invalid-option: expected `pre-activation` or `post-activation` in `domain.clusters.lab.machines.jon.deployment.keys.k.uploadAt`, found `later` @6:75
    deployment: 5
    Node(0) invalid-option: expected an object in `domain.clusters.lab.machines.jon.deployment`, found `5` @6:50
    tags: web
    Node(0) invalid-option: expected a list of strings in `domain.clusters.lab.machines.jon.tags`, found a string @6:44 / write `[web]`
    tags: [ web, 5 ]
    Node(0) invalid-option: expected a tag as a string in `domain.clusters.lab.machines.jon.tags`, found `5` @6:51 / write `"5"`
    ips: { eth0: [ 10.0.0.1, 5 ], eth1: x }
    Node(0) invalid-option: expected an address as a string in `domain.clusters.lab.machines.jon.ips.eth0`, found `5` @6:63 / write `"5"`
    Node(0) invalid-option: expected a list of addresses in `domain.clusters.lab.machines.jon.ips.eth1`, found a string @6:74 / write `[x]`
    ips: [ 10.0.0.1 ]

    ips: 10.0.0.1
    Node(0) invalid-option: expected a list of addresses, or an object of such lists by interface in `domain.clusters.lab.machines.jon.ips`, found a string @6:43 / write `["10.0.0.1"]`
    vars: [ ]
    Node(0) invalid-option: expected an object in `domain.clusters.lab.machines.jon.vars`, found a list @6:44 / write `{}`
    kind: 1, cloud: 2, description: [ ]
    Node(0) invalid-option: expected a string in `domain.clusters.lab.machines.jon.kind`, found `1` @6:44 / write `"1"`
    Node(0) invalid-option: expected a string in `domain.clusters.lab.machines.jon.cloud`, found `2` @6:54 / write `"2"`
    Node(0) invalid-option: expected a string in `domain.clusters.lab.machines.jon.description`, found a list @6:70
    host: a.b
    Node(0) unknown-option: there is no option `domain.clusters.lab.machines.jon.host` @6:38 / what can stand here is `system`, `users`, `nixosModules`, `serviceAddresses`, `virtualization`, `deployment`, `tags`, `ips`, `kind`, `description`, `cloud` or `vars`
    "#);
}

#[test]
fn names_of_machines() {
    let text = r#"{"domain":{"suffix":"lan","clusters":{"my cluster":{"machines":{"":{"system":"x"},"a.b":{"system":"x"},"h_":{"system":"x"},"a b":{"system":"x"},"h_1":{"system":"x"},"jon":5}}}}}"#;
    assert_snapshot!(mistakes(&[text]), @r###"
        Node(0) invalid-name: expected a host name, found an empty name: `` @1:65 / rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last
        Node(2) invalid-name: expected a host name, found a name with a dot: `a.b` @1:83 / rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last
        Node(3) invalid-name: expected a host name, found a name that begins or ends with `-` or `_`: `h_` @1:104 / rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last
        Node(1) invalid-name: expected a host name, found a name with other characters: `a b` @1:124 / rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last
        Node(5) invalid-option: expected an object in `domain.clusters."my cluster".machines.jon`, found `5` @1:172
    "###);
    let inventory = load(&[text]).expect("an inventory");
    assert_eq!(inventory.nodes.len(), 6);
}

#[test]
fn domains_and_clusters() {
    let texts = [
        "domain: 5",
        "domain: { }",
        "domain: { suffix: 5 }",
        "domain: { suffix: com. }",
        "domain: { suffix: a.b/c }",
        "domain: { suffix: home.arpa }",
        "domain: { suffix: lan, cluster: { } }",
        "domain: { suffix: lan, clusters: [ ] }",
        "domain: { suffix: lan, clusters: { lab: 5 } }",
        "domain: { suffix: lan, clusters: { lab: { machine: { } } } }",
        "domain: { suffix: lan, clusters: { lab: { machines: [ ], vms: 5, services: [ ], users: 1 } } }",
        "domain: { suffix: lan, clusters: { lab: { machines: { jon: { } }, vms: { g: { } } } } }",
        "domain: { suffix: lan, suffix: com }",
        "domain: { suffix: lan, clusters: { lab: { }, lab: { } } }",
        "domain: { suffix: lan, clusters: { lab: { machines: { a: { system: x }, a: { system: x } } } } }",
    ];
    let mut report = String::new();
    for text in texts {
        let _unused = writeln!(report, "{text}\n{}", mistakes(&[text]));
    }
    assert_snapshot!(report, @r#"
    domain: 5
    Everything invalid-option: expected an object in `domain`, found `5` @1:9
    domain: { }
    Everything missing-option: the inventory does not give `domain.suffix` @1:1 / add the suffix of all domain names, such as `"suffix": "example.com"`
    domain: { suffix: 5 }
    Everything invalid-option: expected a string in `domain.suffix`, found `5` @1:19 / write `"5"`
    domain: { suffix: com. }
    Everything invalid-name: expected a domain name in `domain.suffix`, found `com.` @1:19 / write labels of letters, digits, `-` and `_` with dots between, such as `example.com`
    domain: { suffix: a.b/c }
    Everything invalid-name: expected a domain name in `domain.suffix`, found `a.b/c` @1:19 / write labels of letters, digits, `-` and `_` with dots between, such as `example.com`
    domain: { suffix: home.arpa }

    domain: { suffix: lan, cluster: { } }
    Everything unknown-option: there is no option `domain.cluster` @1:24 / did you mean `clusters`?
    domain: { suffix: lan, clusters: [ ] }
    Everything invalid-option: expected an object of clusters in `domain.clusters`, found a list @1:34 / write `{}`
    domain: { suffix: lan, clusters: { lab: 5 } }
    Cluster(0) invalid-option: expected an object in `domain.clusters.lab`, found `5` @1:41
    domain: { suffix: lan, clusters: { lab: { machine: { } } } }
    Cluster(0) unknown-option: there is no option `domain.clusters.lab.machine` @1:43 / did you mean `machines`?
    domain: { suffix: lan, clusters: { lab: { machines: [ ], vms: 5, services: [ ], users: 1 } } }
    Cluster(0) invalid-option: expected an object in `domain.clusters.lab.machines`, found a list @1:53 / write `{}`
    Cluster(0) invalid-option: expected an object in `domain.clusters.lab.vms`, found `5` @1:63
    Cluster(0) invalid-option: expected an object of services in `domain.clusters.lab.services`, found a list @1:76 / write `{}`
    Cluster(0) invalid-option: expected an object in `domain.clusters.lab.users`, found `1` @1:88
    domain: { suffix: lan, clusters: { lab: { machines: { jon: { } }, vms: { g: { } } } } }
    Node(1) missing-option: the inventory does not give `domain.clusters.lab.machines.jon.system` @1:55 / add `system`, such as `"x86_64-linux"`
    Node(0) missing-option: the inventory does not give `domain.clusters.lab.vms.g.system` @1:74 / add `system`, such as `"x86_64-linux"`
    Node(0) missing-option: the inventory does not give `domain.clusters.lab.vms.g.host` @1:74 / add `host`, such as `"machine.cluster"`
    domain: { suffix: lan, suffix: com }
    Everything duplicate-name: `suffix` is defined twice in one object @1:24 @1:11 / remove or rename one of the two
    domain: { suffix: lan, clusters: { lab: { }, lab: { } } }
    Cluster(0) duplicate-name: `lab` is defined twice in one object @1:46 @1:36 / remove or rename one of the two
    domain: { suffix: lan, clusters: { lab: { machines: { a: { system: x }, a: { system: x } } } } }
    Node(0) duplicate-name: the machine `a` is defined twice @1:73 @1:55 / remove or rename one of the two
    "#);
}

#[test]
fn hosts_of_vms() {
    let host = |host: &str| {
        mistakes(&[&format!(
            "domain: {{ suffix: lan, clusters: {{ lab: {{ vms: {{ g: {{ system: x, host: '{host}' }} }}, machines: {{ jon: {{ system: x }} }} }} }} }}"
        )])
    };
    assert_eq!(host("jon.lab"), "");
    assert_eq!(host("jon.lab.lan"), "");
    assert_snapshot!(host("jon"), @"Node(0) unknown-machine: no cluster has the machine that `jon` names @1:72 / write `jon.lab`");
    assert_snapshot!(host(""), @"Node(0) unknown-machine: no cluster has the machine that `` names @1:72 / write `machine.cluster`, with or without the domain suffix");
}

#[test]
fn services() {
    let services = [
        "s: { definition: 'x: x' }",
        "s: 5",
        "s: { selectors: [ 5, [ { } ] ] }",
        "s: { selectors: [ ], roles: [ ] }",
        "s: { selectors: [ ], roles: { r: { } } }",
        "s: { selectors: [ ], definition: { } }",
        "s: { selector: [ ] }",
        "s: { selectors: [ ] }, s: { selectors: [ ] }",
        "s: { selectors: [ ], roles: { r: [ ], r: [ ] } }",
    ];
    let mut report = String::new();
    for service in services {
        let text = format!("domain: {{ suffix: lan, clusters: {{ lab: {{ services: {{ {service} }} }} }} }}");
        let _unused = writeln!(report, "{service}\n{}", mistakes(&[&text]));
    }
    assert_snapshot!(report, @r#"
    s: { definition: 'x: x' }
    Instance(0) missing-option: the inventory does not give `domain.clusters.lab.services.s.selectors` @1:55 / add `selectors`, such as `["clusterMachines"]`
    s: 5
    Instance(0) invalid-option: expected an object in `domain.clusters.lab.services.s`, found `5` @1:58
    s: { selectors: [ 5, [ { } ] ] }
    Instance(0) invalid-option: expected a filter as text, or a list of filters in `domain.clusters.lab.services.s.selectors`, found `5` @1:73 / write it as a string: `"hostname \"web1\""`
    Instance(0) invalid-option: expected a filter as text, or a list of filters in `domain.clusters.lab.services.s.selectors`, found an object @1:78 / write it as a string: `"hostname \"web1\""`
    s: { selectors: [ ], roles: [ ] }
    Instance(0) invalid-option: expected an object of roles in `domain.clusters.lab.services.s.roles`, found a list @1:83 / write `{}`
    s: { selectors: [ ], roles: { r: { } } }
    Role(0, 0) invalid-option: expected a filter as text, or a list of filters in `domain.clusters.lab.services.s.roles.r`, found an object @1:88 / write it as a string: `"hostname \"web1\""`
    s: { selectors: [ ], definition: { } }
    Instance(0) invalid-option: expected a function as text in `domain.clusters.lab.services.s.definition`, found an object @1:88 / write it as a string: `"{ selectors, roles, this }: { }"`
    s: { selector: [ ] }
    Instance(0) unknown-option: there is no option `domain.clusters.lab.services.s.selector` @1:60 / did you mean `selectors`?
    s: { selectors: [ ] }, s: { selectors: [ ] }
    Instance(0) duplicate-name: `s` is defined twice in one object @1:78 @1:55 / remove or rename one of the two
    s: { selectors: [ ], roles: { r: [ ], r: [ ] } }
    Instance(0) duplicate-name: `r` is defined twice in one object @1:93 @1:85 / remove or rename one of the two
    "#);
}

#[test]
fn several_files() {
    let first = "domain: { suffix: lan, clusters: { lab: { machines: { a: { system: x, tags: [ t ] } }, services: { s: { selectors: all } } } } }";
    let second = r#"{"domain":{"clusters":{"lab":{"machines":{"a":{"system":"x","tags":["t"]},"b":{"system":"x"}},"services":{"s":{"selectors":"all"}}}}}}"#;
    assert_eq!(mistakes(&[first, second]), "");
    assert_eq!(load(&[first, second]).map(|inventory| inventory.nodes.len()), Ok(2));
    let third = "domain: { suffix: com, clusters: { lab: { machines: { a: { system: y } }, services: { s: { selectors: none } } } } }";
    assert_snapshot!(mistakes(&[first, third]), @r###"
        Everything conflict: the domain suffix is `lan` and `com` @1:19 @1:19 / keep one of the two
        Node(0) conflict: `a` is defined differently in two files @1:55 @1:55 / keep one of the two, or make them equal
        Instance(0) conflict: the service `s` is defined differently in two files @1:87 @1:100 / keep one of the two, or make them equal
    "###);
}

#[test]
fn detection() {
    let texts: [&[&str]; 12] = [
        &["{}"],
        &["[]"],
        &["{\"domain\": 1,}"],
        &["hosts: { }"],
        &["suffix: lan\nclusters: { }"],
        &["domian: { }"],
        &["domain: { suffix: lan }\nhosts: 1"],
        &["filters: { a: 5, b: all, b: none }"],
        &["filters: [ ]"],
        &["include: [ a.yaml, 5 ]"],
        &["", "domain: { suffix: lan }"],
        &[""],
    ];
    let mut report = String::new();
    for texts in texts {
        let _unused = writeln!(report, "{texts:?}\n{}", mistakes(texts));
    }
    assert_snapshot!(report, @r#"
    ["{}"]

    ["[]"]
    stops: unknown-dialect: expected an object at the top of the inventory, found a list @1:1 / `--reader FILE` reads lists of any kind; those of Operations Center are known by the names of their files, such as `networks.json`
    ["{\"domain\": 1,}"]
    stops: invalid-document: expected another element after the comma @1:13 / remove the comma
    ["hosts: { }"]
    stops: unknown-dialect: no dialect of inventories has the key `hosts` at the top @1:1 / an inventory has the key `domain` (ClusterConfig), `machines` and `instances` (Clan), `clouds` and `systems` (Walrus), `servers` (Operations Center), or `all` and groups with `hosts` (Ansible); `--reader FILE` reads anything else
    ["suffix: lan\nclusters: { }"]
    stops: unknown-dialect: no dialect of inventories has the keys `suffix` and `clusters` at the top @1:1 / put `clusters` and `suffix` into `domain`
    ["domian: { }"]
    stops: unknown-dialect: no dialect of inventories has the key `domian` at the top @1:1 / did you mean `domain`?
    ["domain: { suffix: lan }\nhosts: 1"]
    Everything unknown-option: the key `domain` makes this a ClusterConfig inventory, which has no key `hosts` at the top @2:1 / an inventory has the key `domain` (ClusterConfig), `machines` and `instances` (Clan), `clouds` and `systems` (Walrus), `servers` (Operations Center), or `all` and groups with `hosts` (Ansible); `--reader FILE` reads anything else
    ["filters: { a: 5, b: all, b: none }"]
    Everything invalid-option: expected a filter as text in `filters.a`, found an integer @1:15 / write it as a string: `"tag \"web\""`
    Filter(0) duplicate-name: the filter `b` is defined twice @1:26 @1:18 / remove or rename one of the two
    ["filters: [ ]"]
    Everything invalid-option: expected an object of filters in `filters`, found a list @1:10
    ["include: [ a.yaml, 5 ]"]
    Everything invalid-option: expected the path of a file in `include`, found an integer @1:20
    ["", "domain: { suffix: lan }"]

    [""]
    stops: unknown-dialect: the inventory is empty @1:1 / write `machines: {}` for an inventory without machines
    "#);
}

/// Names that mean something somewhere, so that values get deep into the reader.
const KEYS: &[&str] = &[
    "suffix",
    "clusters",
    "lab",
    "prod",
    "machines",
    "vms",
    "services",
    "users",
    "jon",
    "a.b",
    "system",
    "tags",
    "ips",
    "deployment",
    "targetPort",
    "keys",
    "nixosModules",
    "networking",
    "interfaces",
    "eth0",
    "ipv4",
    "addresses",
    "address",
    "useDHCP",
    "hostName",
    "_type",
    "content",
    "priority",
    "contents",
    "condition",
    "imports",
    "config",
    "serviceAddresses",
    "tag",
    "role",
    "port",
    "selectors",
    "roles",
    "definition",
    "extraConfig",
    "host",
    "backend",
];

fn data() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        (-5..70_000_i64).prop_map(serde_json::Value::from),
        prop::sample::select(vec!["", "lan", "x86_64-linux", "jon.lab", "override", "if", "merge", "order"])
            .prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(8, 200, 8, |inner| {
        let entries = prop::collection::vec((prop::sample::select(KEYS), inner.clone()), 0..8);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(serde_json::Value::from),
            4 => entries.prop_map(|entries| serde_json::Value::Object(
                entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_data_makes_it_panic(machine in data(), cluster in data(), domain in data()) {
        for data in [
            serde_json::json!({ "domain": domain }),
            serde_json::json!({ "domain": { "suffix": "lan", "clusters": { "lab": cluster } } }),
            serde_json::json!({ "domain": { "suffix": "lan", "clusters": { "lab": { "machines": { "jon": machine }, "vms": { "jon": machine } } } } }),
        ] {
            let inventory = load(&[&data.to_string()]).expect("valid JSON");
            for node in (0..).take(inventory.nodes.len()) {
                let _host = annotations::host(&inventory, node);
                let _addresses = annotations::addresses(&inventory, node);
                let _users = annotations::users(&inventory, node);
                let _platform = annotations::platform(&inventory, node);
                let _information = annotations::machine_info(&inventory, node);
            }
        }
    }
}
