//! The final configuration of machines: what the closures of services give, and what happens to those
//! that fail.

use std::fmt::Write;

use invq::Engine;
use invq::Limits;
use invq::diagnostic::Severity;
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
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.a.config.x"), @r#"conflict: the option `x` is defined twice and differently [7 at `1`; 8 at `2`]"#);
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
fn functions_of_the_configuration_are_called_until_it_stays_as_it_is() {
    let inventory = services(
        "s: { selectors: [ 'hostname \"a\"' ], definition: '{ this, ... }: { config, lib, ... }: { port = lib.mkDefault 80; networking.firewall.allowedTCPPorts = [ config.port ]; on = lib.mkIf config.flag this.machineName; }', extraConfig: '{ lib, ... }: { flag = true; port = lib.mkForce 81; }' }\n\
         t: { selectors: [ 'hostname \"b\"' ], definition: '{ ... }: { config, ... }: { n = (config.n or 0) + 1; }' }",
    );
    assert_eq!(
        answer(
            &inventory,
            "{ inherit (clusters.c.machines.a.config) port on list; inherit (clusters.c.machines.a.config.networking.firewall) allowedTCPPorts; }"
        ),
        json!({ "port": 81, "on": "a", "list": ["machine"], "allowedTCPPorts": [81] })
    );
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.b.config.n"), @r#"infinite-recursion: the modules of the machine, called with the configuration that they give, change it every time [5 at `b`]"#);
}

#[test]
fn functions_that_fail_or_take_more_than_there_is() {
    let inventory = services(
        "s: { selectors: [ 'hostname \"a\"' ], definition: '{ ... }: { config, ... }: { x = config.nothing; }' }\n\
         t: { selectors: [ 'hostname \"b\"' ], definition: '{ ... }: { pkgs, ... }: { x = pkgs.hello; }', extraConfig: '{ y = 1; }' }",
    );
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.a.config.networking.hostName"), @r#"missing-element: `config` has no attribute `nothing` [7 at `nothing`]"#);
    assert_eq!(answer(&inventory, "clusters.c.machines.b.config.x or null"), json!(null));
    assert_eq!(answer(&inventory, "clusters.c.machines.b.config.y"), json!(1));
}

#[test]
fn modules_in_expression_files_may_be_functions() {
    let text = r#"
        let port = number: { config, lib, ... }: { ports.${config.networking.hostName} = lib.mkForce number; };
        in {
          domain.suffix = "lan";
          domain.clusters.c.machines = {
            a = { system = "x86_64-linux"; nixosModules = [ (port 1) { ports.all = 0; } ]; };
            b = { system = "x86_64-linux"; nixosModules = [ (port 2) { imports = [ ]; ports.all = 0; } ]; };
          };
        }"#;
    let inventory = load(&Engine::default(), Format::Expression, text);
    assert_eq!(
        answer(&inventory, "map (m: m.config.ports) machines"),
        json!([{ "a": 1, "all": 0 }, { "all": 0, "b": 2 }])
    );
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

#[test]
fn imports_may_be_functions() {
    let inventory = services(
        "s: { selectors: [ 'hostname \"a\"' ], definition: '{ ... }: { imports = [ ({ config, ... }: { x = config.y; imports = [ { y = 1; } ]; }) ]; }', extraConfig: { imports: [ '{ lib, ... }: { z = lib.mkForce 3; }', { z: 4 } ] } }\n\
         t: { selectors: [ 'hostname \"b\"' ], definition: '{ ... }: { imports = [ 1 ]; }' }",
    );
    assert_eq!(
        answer(&inventory, "{ inherit (clusters.c.machines.a.config) x y z; }"),
        json!({ "x": 1, "y": 1, "z": 3 })
    );
    insta::assert_snapshot!(failure(&inventory, "clusters.c.machines.b.config.networking.hostName"), @"invalid-option: expected a module in `imports`, found an integer [8 at `1`]");
}

#[test]
fn annotations_know_what_functions_among_the_modules_say() {
    let text = r#"
        let wired = { config, lib, ... }: {
          networking.interfaces.eth0.ipv4.addresses = [ { address = "10.0.0.${toString config.number}"; prefixLength = 24; } ];
          networking.fqdn = lib.mkForce "${config.networking.hostName}.other";
          nixpkgs.hostPlatform = "riscv64-linux";
        };
        in {
          domain.suffix = "lan";
          domain.clusters.c.machines.a = { system = "x86_64-linux"; nixosModules = [ wired { number = 7; } ]; };
          domain.clusters.c.machines.b = { system = "x86_64-linux"; nixosModules = [ { imports = [ wired { number = 8; } ]; } ]; };
        }"#;
    let inventory = load(&Engine::default(), Format::Expression, text);
    assert_eq!(
        answer(
            &inventory,
            "map (m: [ m.fqdn m.annotations.ips.eth0 m.addresses (m.system or \"\") ] :: [Any]) machines"
        ),
        json!([
            ["a.other", ["10.0.0.7"], ["10.0.0.7"], "riscv64-linux"],
            ["b.other", ["10.0.0.8"], ["10.0.0.8"], "riscv64-linux"]
        ])
    );
    assert_eq!(
        answer(&inventory, "map (m: m.name) (builtins.filter (m: elem \"10.0.0.8\" m.addresses) machines)"),
        json!(["b"])
    );
}

#[test]
fn parts_of_a_result_stand_where_they_are_written() {
    let inventory = services(
        "one: { selectors: [ clusterMachines ], definition: '{ this, ... }: let port = 1; base = { x = mkForce port; }; f = n: { y = n; z = mkMerge [ { p = 1; } { p = 2; } ]; }; in base // f 5' }\n\
         two: { selectors: [ clusterMachines ], definition: '{ this, ... }: if this.machineName == \"a\" then { x = mkForce 2; y = 6; } else { }' }",
    );
    let conflict = |option: &str| failure(&inventory, &format!("clusters.c.machines.a.config.{option}"));
    insta::assert_snapshot!(conflict("x"), @"conflict: the option `x` is defined twice and differently [7 at `port`; 8 at `2`]");
    insta::assert_snapshot!(conflict("y"), @"conflict: the option `y` is defined twice and differently [7 at `n`; 8 at `6`]");
    insta::assert_snapshot!(conflict("z.p"), @"conflict: the option `z.p` is defined twice and differently [7 at `2`; 7 at `1`]");
}

#[test]
fn one_broken_service_does_not_hide_the_others() {
    let inventory = services(
        "first: { selectors: [ clusterMachines ], definition: '{ this, ... }: { x = throw \"no\"; }' }\n\
         second: { selectors: [ clusterMachines ], roles: { r: [] }, definition: '{ roles, ... }: { y = roles.s; }' }\n\
         third: { selectors: [ clusterMachines ], definition: '{ ... }: { z = 1; }', extraConfig: { z: 2 } }\n\
         fourth: { selectors: [ 'hostname \"nobody\"' ], definition: '{ ... }: { }' }\n\
         fifth: { selectors: [ 'c: cfg: throw \"lost\"' ], definition: '{ ... }: { }' }",
    );
    let found = inventory.check();
    let errors = found.iter().filter(|one| one.severity == Severity::Error);
    let mut told: Vec<String> = errors.map(|one| one.message.clone()).collect();
    told.sort();
    insta::assert_snapshot!(told.join("\n"), @r"
    lost
    no
    no machine is called `nobody`
    the attribute set has no field `s`
    the option `z` is defined twice and differently
    ");
}

#[test]
fn declared_options_have_defaults_and_types() {
    let module = r#"
        store = { config, lib, ... }: {
          options.services.store = {
            enable = lib.mkEnableOption "the store";
            port = lib.mkOption { type = lib.types.port; default = 80; };
            hosts = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
            mode = lib.mkOption { type = lib.types.enum [ "fast" "safe" ]; default = "safe"; };
            notes = lib.mkOption { type = lib.types.lines; default = ""; };
            sites = lib.mkOption {
              default = { };
              type = lib.types.attrsOf (lib.types.submodule {
                options.root = lib.mkOption { type = lib.types.path; default = "/srv"; };
                options.tls = lib.mkEnableOption "encryption";
              });
            };
          };
          config = lib.mkIf config.services.store.enable {
            networking.firewall.allowedTCPPorts = [ config.services.store.port ];
          };
        };"#;
    let text = format!(
        r#"let {module} in {{
          domain.suffix = "lan";
          domain.clusters.c.machines = {{
            off = {{ system = "x86_64-linux"; nixosModules = [ store ]; }};
            on = {{ system = "x86_64-linux"; nixosModules = [
              store
              {{ services.store = {{ enable = true; port = 81; notes = "a"; sites.main.tls = true; }}; }}
              {{ services.store = {{ notes = "b"; mode = "fast"; }}; }}
            ]; }};
            wrong = {{ system = "x86_64-linux"; nixosModules = [
              store
              {{ services.store = {{ port = 99999; hosts = "one"; mode = "slow"; sites.main.root = "here"; }}; }}
            ]; }};
          }};
        }}"#
    );
    let inventory = load(&Engine::default(), Format::Expression, &text);
    let machine =
        |name: &str, path: &str| answer(&inventory, &format!("clusters.c.machines.{name}.config.{path}"));
    assert_eq!(
        machine("off", "services.store"),
        json!({ "enable": false, "port": 80, "hosts": [], "mode": "safe", "notes": "", "sites": {} })
    );
    assert_eq!(
        machine("on", "services.store"),
        json!({ "enable": true, "port": 81, "hosts": [], "mode": "fast", "notes": "b\na",
            "sites": { "main": { "tls": true, "root": "/srv" } } })
    );
    assert_eq!(machine("off", "networking.firewall.allowedTCPPorts"), json!([]));
    assert_eq!(machine("on", "networking.firewall.allowedTCPPorts"), json!([81]));
    let wrong = |option: &str| {
        failure(&inventory, &format!("clusters.c.machines.wrong.config.services.store.{option}"))
    };
    let told: Vec<String> = ["port", "hosts", "mode", "sites"].into_iter().map(wrong).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn older_services_of_a_clan_write_configuration() {
    let text = "
inventory:
  machines: { plum: { tags: [fruit] }, pear: { } }
  services:
    press:
      first:
        config: { jars: 3, kept: [instance] }
        machines: { plum: { config: { kept: [machine] } }, pear: { config: { jars: 9 } } }
        roles:
          maker: { tags: [fruit], config: { kept: [role], lids: { red: true } } }
      second: { roles: { maker: { tags: [fruit] } }, config: { kept: [second] } }
      third: { enabled: false, roles: { maker: { tags: [fruit] } }, config: { jars: 4 } }
";
    let inventory = load(&Engine::default(), Format::Yaml, text);
    assert_eq!(
        answer(&inventory, "clusters.default.machines.plum.config.clan"),
        json!({ "press": { "jars": 3, "kept": ["second", "instance", "machine", "role"], "lids": { "red": true } } })
    );
    assert_eq!(answer(&inventory, "clusters.default.machines.pear.config.clan or { }"), json!({}));
    let conflict = text.replace("config: { kept: [second] }", "config: { jars: 5 }");
    let inventory = load(&Engine::default(), Format::Yaml, &conflict);
    assert_eq!(
        failure(&inventory, "clusters.default.machines.plum.config.clan.press.jars"),
        "conflict: the option `clan.press.jars` is defined twice and differently [11 at `5`; 7 at `3`]"
    );
}

#[test]
fn paths_may_lead_nowhere_until_they_are_resolved() {
    let inventory = services("one: { selectors: [ clusterMachines ], definition: '{ ... }: { }' }");
    assert_eq!(
        answer(&inventory, "filters.filtersToPaths [ (hostname \"gone\") ] \"c\" config"),
        json!(["domain.clusters.c.machines.gone"])
    );
    assert_eq!(
        answer(&inventory, "filters.filtersToPaths [ (hostname \"a\") ] \"gone\" config"),
        json!(["domain.clusters.gone.machines.a"])
    );
    assert_eq!(
        answer(&inventory, "filters.resolveDefinitions [ (hostname \"gone\") ] \"c\" config"),
        json!([{}])
    );
    assert_eq!(
        answer(&inventory, "filters.resolveMachineName [ (hostname \"gone\") ] \"c\" config"),
        json!(["gone"])
    );
    // A whole cluster must be there, and annotations of what is not are none.
    let gone = failure(&inventory, "filters.filtersToPaths [ clusterMachines ] \"gone\" config");
    assert!(gone.contains("gone"), "{gone}");
    let gone = failure(&inventory, "filters.resolveAnnotations [ (hostname \"gone\") ] \"c\" config");
    assert!(gone.starts_with("unknown-machine"), "{gone}");
}
