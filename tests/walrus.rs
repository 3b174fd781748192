//! Walrus: every rule of clouds and systems, and every rejection.

use invq::diagnostic::Severity;
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{ask, messages};
use crate::support::{invq, root};

/// Clouds that the systems of most tests are put into.
const CLOUDS: &str = "
clouds:
  office: { blocks: [192.168.0.0/24], reaches: [colo] }
  colo: { blocks: [10.0.0.0/8, 'fd00::/8'], reaches: [vault] }
  vault: { blocks: [10.9.0.0/16, 'fd00:9::/32'] }
  island: {}
";

fn load(text: &str) -> Inventory {
    let input = Input { source: Source::new("systems.yaml", text), format: Format::Yaml, folder: None };
    Engine::default().load(vec![input]).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

/// Systems in the usual clouds.
fn systems(systems: &str) -> Inventory {
    load(&format!("{CLOUDS}systems:\n{systems}"))
}

fn answer(inventory: &Inventory, query: &str) -> Json {
    ask(&Engine::default(), inventory, query).unwrap_or_else(|found| panic!("{query}: {}", messages(&found)))
}

/// What is wrong with the systems, one message a line.
fn mistakes(inventory: &Inventory) -> String {
    let mut found = inventory.check();
    found.retain(|mistake| mistake.severity == Severity::Error);
    messages(&found)
}

fn rejected(text: &str, expected: &str) {
    assert_eq!(mistakes(&systems(text)), expected, "{text}");
}

#[test]
fn a_system_is_in_the_cloud_that_is_given_or_that_holds_its_address() {
    let inventory = systems(
        "  a: { ip: 192.168.0.5, auth: k }
  b: { ip: 203.0.113.7, cloud: island, auth: k }
  c: { ip: 10.9.0.1, auth: k }
  d: { ip: 10.8.0.1, cloud: colo, auth: k }
  e: { ip: 'fd00:9::1', auth: k }
  f: { ip: 'fd00:8::1', auth: k }
  g: { ip: '::ffff:10.9.0.1', auth: k }
",
    );
    assert_eq!(mistakes(&inventory), "");
    assert_eq!(
        answer(&inventory, "map (m: m.cloud or \"\") machines"),
        json!(["office", "island", "vault", "colo", "vault", "colo", "vault"])
    );
    assert_eq!(answer(&inventory, "map (m: m.name) clouds.vault.machines"), json!(["c", "e", "g"]));
}

#[test]
fn systems_are_machines() {
    let inventory = systems(
        "  a: { kind: virtual, ip: 10.0.0.1, auth: { user: root }, tags: [x, y], roles: [web, database], adopted: true, description: the one, vars: { rack: 4 } }
  b: { ip: 10.0.0.2, auth: k, ips: { lan: [192.0.2.1] } }
",
    );
    assert_eq!(mistakes(&inventory), "");
    let fields = "m: { inherit (m) name cluster fqdn kind tags services addresses vars; adopted = m.adopted or null; credentials = m.credentials or null; }";
    assert_eq!(
        answer(&inventory, &format!("map ({fields}) machines")),
        json!([
            { "name": "a", "cluster": "default", "fqdn": "a", "kind": "virtual", "tags": ["x", "y"],
              "services": ["database", "web"], "addresses": ["10.0.0.1"], "vars": { "rack": 4 },
              "adopted": true, "credentials": true },
            { "name": "b", "cluster": "default", "fqdn": "b", "kind": "physical", "tags": [],
              "services": [], "addresses": ["10.0.0.2", "192.0.2.1"], "vars": {},
              "adopted": false, "credentials": true },
        ])
    );
    for (filter, expected) in [
        ("cloud \"colo\"", json!(["a", "b"])),
        ("tag \"x\" && cloud \"colo\"", json!(["a"])),
        ("service \"web\"", json!(["a"])),
        ("role \"web\" \"web\"", json!(["a"])),
        ("kind \"physical\"", json!(["b"])),
        ("where (m: !(m.adopted or false))", json!(["b"])),
        ("address \"192.0.2.0/24\"", json!(["b"])),
        ("optional (cloud \"nope\")", json!([])),
        ("!cloud \"colo\"", json!([])),
    ] {
        let query = Engine::default()
            .compile(filter, &inventory)
            .unwrap_or_else(|found| panic!("{}", messages(&found)));
        let found = query.machines(&inventory).expect("an answer");
        let names: Vec<&str> = found.into_iter().map(|machine| inventory.machine_name(machine)).collect();
        assert_eq!(json!(names), expected, "{filter}");
    }
}

#[test]
fn reaching_is_directed_and_goes_on() {
    let inventory = systems(
        "  desk: { ip: 192.168.0.5, auth: k }
  db: { ip: 10.0.0.1, auth: k }
  safe: { ip: 10.9.0.1, auth: k }
  lone: { ip: 203.0.113.1, cloud: island, auth: k }
",
    );
    for (from, expected) in [
        ("desk", json!(["db", "desk", "safe"])),
        ("db", json!(["db", "safe"])),
        ("safe", json!(["safe"])),
        ("lone", json!(["lone"])),
    ] {
        let query =
            Engine::default().compile(&format!("reachableFrom \"{from}\""), &inventory).expect("a filter");
        let found = query.machines(&inventory).expect("an answer");
        let names: Vec<&str> = found.into_iter().map(|machine| inventory.machine_name(machine)).collect();
        assert_eq!(json!(names), expected, "{from}");
    }
    assert_eq!(answer(&inventory, "route clouds \"office\" \"vault\""), json!(["office", "colo", "vault"]));
    assert_eq!(answer(&inventory, "route clouds \"vault\" \"office\""), Json::Null);
}

#[test]
fn systems_in_no_cloud_are_rejected() {
    rejected(
        "  a: { ip: 203.0.113.1, auth: k }",
        "the system `a` is in no cloud: no block holds `203.0.113.1`",
    );
}

#[test]
fn systems_in_two_clouds_are_rejected() {
    rejected(
        "  a: { ip: 10.0.0.1, ips: [192.168.0.7], auth: k }",
        "the system `a` is in two clouds: its addresses are in blocks of `colo` and `office`",
    );
    rejected(
        "  a: { ip: 10.0.0.1, cloud: [colo, office], auth: k }",
        "expected the name of one cloud in `systems.a.cloud`, found a list",
    );
}

#[test]
fn a_given_cloud_may_not_contradict_the_block() {
    rejected(
        "  a: { ip: 10.0.0.1, cloud: office, auth: k }",
        "the system `a` is in the cloud `office`, but its address is in a block of `colo`",
    );
    // The longest block decides, also where the given cloud has a shorter one.
    rejected(
        "  a: { ip: 10.9.0.1, cloud: colo, auth: k }",
        "the system `a` is in the cloud `colo`, but its address is in a block of `vault`",
    );
}

#[test]
fn equal_blocks_of_two_clouds_are_rejected_once() {
    let text = "
clouds:
  a: { blocks: [10.0.0.0/8] }
  b: { blocks: [10.1.2.3/8] }
  c: { blocks: [10.5.0.0/16] }
systems:
  x: { ip: 10.0.0.1, auth: k }
  y: { ip: 10.5.0.1, auth: k }
";
    let inventory = load(text);
    assert_eq!(mistakes(&inventory), "the block `10.0.0.0/8` is in two clouds, `a` and `b`");
    let stopped = ask(&Engine::default(), &inventory, "map (m: m.cloud or \"\") machines");
    assert_eq!(messages(&stopped.expect_err("the clouds are not known")), mistakes(&inventory));
    assert_eq!(answer(&inventory, "map (m: m.name) machines"), json!(["x", "y"]));
}

#[test]
fn one_block_twice_in_one_cloud_is_no_tie() {
    let text =
        "{ clouds: { a: { blocks: [10.0.0.0/8, 10.0.0.0/8] } }, systems: { x: { ip: 10.0.0.1, auth: k } } }";
    assert_eq!(mistakes(&load(text)), "");
}

#[test]
fn systems_without_an_address_are_rejected() {
    rejected("  a: { cloud: colo, auth: k }", "the inventory does not give `systems.a.ip`");
    rejected("  a: { auth: k }", "the inventory does not give `systems.a.ip`");
    rejected("  a: { ip: 10.0.0.300, auth: k }", "expected an address in `systems.a.ip`, found `10.0.0.300`");
    rejected(
        "  a: { ip: 10.0.0.3/24, auth: k }",
        "expected an address in `systems.a.ip`, found `10.0.0.3/24`",
    );
    rejected("  a: { ip: 10, auth: k }", "expected an address in `systems.a.ip`, found `10`");
}

#[test]
fn credentials_are_needed_outside_of_easy_mode() {
    let wrong = "the system `a` has no credentials";
    rejected("  a: { ip: 10.0.0.1 }", wrong);
    rejected("  a: { ip: 10.0.0.1, auth: '' }", wrong);
    rejected("  a: { ip: 10.0.0.1, auth: {} }", wrong);
    rejected("  a: { ip: 10.0.0.1, auth: null }\neasyMode: false", wrong);
    let easy = systems("  a: { ip: 10.0.0.1 }\neasyMode: true");
    assert_eq!(mistakes(&easy), "");
    assert_eq!(answer(&easy, "map (m: m.credentials or true) machines"), json!([false]));
    rejected(
        "  a: { ip: 10.0.0.1, auth: k }\neasyMode: yes please",
        "expected `true` or `false` in `easyMode`, found a string",
    );
}

#[test]
fn what_systems_lack_can_be_asked() {
    let inventory = systems(
        "  whole: { ip: 10.0.0.1, auth: k, adopted: true }
  bare: {}
  unlisted: { ip: 203.0.113.1, auth: k, adopted: true }
  open: { ip: 10.0.0.2, adopted: true }
  nowhere: { cloud: colo, auth: k, adopted: true }
",
    );
    let names =
        |predicate: &str| answer(&inventory, &format!("map (m: m.name) (filter (m: {predicate}) machines)"));
    assert_eq!(names("m.addresses == [ ]"), json!(["bare", "nowhere"]));
    assert_eq!(names("(m.cloud or \"\") == \"\""), json!(["bare", "unlisted"]));
    assert_eq!(names("!(m.credentials or true)"), json!(["bare", "open"]));
    assert_eq!(names("!(m.adopted or true)"), json!(["bare"]));
    assert_eq!(
        mistakes(&inventory),
        "the inventory does not give `systems.bare.ip`; the system `bare` has no credentials; \
         the system `unlisted` is in no cloud: no block holds `203.0.113.1`; \
         the system `open` has no credentials; the inventory does not give `systems.nowhere.ip`"
    );
}

#[test]
fn clouds_may_reach_each_other_in_a_circle() {
    let inventory = load(
        "{ clouds: { a: { blocks: ['fd00:1::/32'], reaches: [b] }, b: { blocks: ['fd00:2::/32'], reaches: [c] }, c: { blocks: ['fd00:3::/32'], reaches: [a] } },
  systems: { x: { ip: 'fd00:1::1', auth: k }, y: { ip: 'fd00:2::1', auth: k }, z: { ip: 'fd00:3::1', auth: k } } }",
    );
    assert_eq!(mistakes(&inventory), "");
    assert_eq!(answer(&inventory, "route clouds \"b\" \"a\""), json!(["b", "c", "a"]));
    let query = Engine::default().compile("reachableFrom \"y\"", &inventory).expect("a filter");
    assert_eq!(query.machines(&inventory).expect("an answer").len(), 3);
}

#[test]
fn equal_blocks_of_ipv6_are_rejected_too() {
    let inventory = load("{ clouds: { a: { blocks: ['fd00::/8'] }, b: { blocks: ['fd12:3::/8'] } } }");
    assert_eq!(mistakes(&inventory), "the block `fd00::/8` is in two clouds, `a` and `b`");
}

#[test]
fn clouds_must_be_declared() {
    rejected("  a: { ip: 203.0.113.1, cloud: isalnd, auth: k }", "no cloud is called `isalnd`");
    let inventory = load("{ clouds: { a: { reaches: [b] } } }");
    assert_eq!(mistakes(&inventory), "no cloud is called `b`");
}

#[test]
fn shapes_are_checked() {
    rejected(
        "  a: { ip: 10.0.0.1, auth: k, kind: virtaul }",
        "expected `physical` or `virtual` in `systems.a.kind`, found `virtaul`",
    );
    rejected(
        "  a: { ip: 10.0.0.1, auth: k, adopted: 1 }",
        "expected `true` or `false` in `systems.a.adopted`, found `1`",
    );
    rejected(
        "  a: { ip: 10.0.0.1, auth: k, tags: web }",
        "expected a list of strings in `systems.a.tags`, found a string",
    );
    rejected("  a: { ip: 10.0.0.1, auth: k, rols: [web] }", "there is no option `systems.a.rols`");
    rejected("  a: 1", "expected an object in `systems.a`, found `1`");
    let wrong = |text: &str| mistakes(&load(text));
    assert_eq!(wrong("{ clouds: [a] }"), "expected an object in `clouds`, found a list");
    assert_eq!(
        wrong("{ clouds: { a: { blocks: 10.0.0.0/8 } } }"),
        "expected a list of address blocks in `clouds.a.blocks`, found a string"
    );
    assert_eq!(
        wrong("{ clouds: { a: { blocks: [10.0.0.0/99] } } }"),
        "`10.0.0.0/99` is no address block: a prefix has at most 32 bits"
    );
    assert_eq!(wrong("{ clouds: { a: { block: [] } } }"), "there is no option `clouds.a.block`");
}

#[test]
fn files_define_a_system_once_or_equally() {
    let input = |name: &str, text: &str| Input {
        source: Source::new(name, text),
        format: Format::Yaml,
        folder: None,
    };
    let load = |second: &str| {
        let first = "{ clouds: { a: { blocks: [10.0.0.0/8] } }, systems: { x: { ip: 10.0.0.1, auth: k } } }";
        let loaded = Engine::default().load(vec![input("first.yaml", first), input("second.yaml", second)]);
        mistakes(&loaded.unwrap_or_else(|found| panic!("{}", messages(&found))))
    };
    assert_eq!(load("systems: { x: { ip: 10.0.0.1, auth: k }, y: { ip: 10.0.0.2, auth: k } }"), "");
    assert_eq!(load("systems: { x: { ip: 10.0.0.2, auth: k } }"), "`x` is defined differently in two files");
    assert_eq!(load("clouds: { a: {} }"), "the cloud `a` is defined differently in two files");
    assert_eq!(load("clouds: { b: { reaches: [a] } }"), "");
}

#[test]
fn unadopted_and_unreachable_systems_are_told_by_check() {
    let inventory = systems(
        "  desk: { ip: 192.168.0.5, auth: k, adopted: true }
  db: { ip: 10.0.0.1, auth: k }
  lone: { ip: 203.0.113.1, cloud: island, auth: k, adopted: true }
",
    );
    assert_eq!(
        answer(&inventory, "map (c: c.message) checks"),
        json!(["the system `db` is not adopted", "the system `lone` is unreachable",])
    );
}

#[test]
fn something_is_done_once_for_each_unit() {
    let inventory = systems(
        "  a: { ip: 10.0.0.1, auth: k, tags: [x, y] }
  b: { ip: 10.0.0.2, auth: k, tags: [y] }
  c: { ip: 192.168.0.5, auth: k }
",
    );
    let names = |unit: &str| {
        answer(&inventory, &format!("mapAttrs (key: map (m: m.name)) (oncePer \"{unit}\" machines)"))
    };
    assert_eq!(names("global"), json!({ "all": ["a", "b", "c"] }));
    assert_eq!(names("cloud"), json!({ "colo": ["a", "b"], "office": ["c"] }));
    assert_eq!(names("tag"), json!({ "x": ["a"], "y": ["a", "b"] }));
    assert_eq!(names("system"), json!({ "a": ["a"], "b": ["b"], "c": ["c"] }));
}

#[test]
fn machines_of_other_systems_are_in_clouds() {
    let text = "
domain:
  suffix: example.org
  clusters:
    c:
      machines:
        near: { system: x86_64-linux, ips: { lan: [10.0.0.1] } }
        named: { system: x86_64-linux, cloud: island }
        both: { system: x86_64-linux, ips: { lan: [10.0.0.2], wan: [192.168.0.9] } }
        wrong: { system: x86_64-linux, cloud: isalnd }
";
    let inventory = load(&format!("{CLOUDS}{text}"));
    assert_eq!(mistakes(&inventory), "no cloud is called `isalnd`");
    let cloud = |name: &str| answer(&inventory, &format!("clusters.c.machines.{name}.cloud or \"none\""));
    assert_eq!(
        [cloud("near"), cloud("named"), cloud("both")],
        [json!("colo"), json!("island"), json!("none")]
    );
}

#[test]
fn clouds_that_are_only_named_are_there() {
    let text = "{ machines: { a: { cloud: eu }, b: {} }, meta: { name: x } }";
    let inventory = load(text);
    assert_eq!(
        answer(&inventory, "mapAttrs (name: c: map (m: m.name) c.machines) clouds"),
        json!({ "eu": ["a"] })
    );
}

#[test]
fn why_shows_the_way_or_the_missing_link() {
    let folder = root().join("tests/walrus");
    let why = |from: &str, to: &str| {
        let outcome = invq(&["-i", "systems.yaml", "why", from, "--reaches", to]).within(&folder).run();
        format!("{}{}", outcome.stdout, outcome.stderr)
    };
    insta::assert_snapshot!(
        [why("desk", "safe"), why("safe", "desk"), why("desk", "desk"), why("desk", "sfae")].join("\n")
    );
}

#[test]
fn a_service_may_ask_what_a_machine_of_another_cluster_reaches() {
    let inventory = load(
        "
clouds: { home: { blocks: [10.0.0.0/8], reaches: [away] }, away: { blocks: [192.0.2.0/24] } }
domain:
  suffix: lan
  clusters:
    east:
      machines: { crane: { system: x86_64-linux, ips: { eno1: [192.0.2.1] } } }
      services: { dns: { selectors: ['reachableFrom \"tug\"'], definition: '{ ... }: { }' } }
    west:
      machines: { tug: { system: x86_64-linux, ips: { eno1: [10.0.0.1] } } }
",
    );
    assert_eq!(mistakes(&inventory), "");
    assert_eq!(
        answer(&inventory, "map (m: m.name) (filter (m: elem \"dns\" m.services) machines)"),
        json!(["crane"])
    );
}
