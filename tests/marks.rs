//! Priorities, conditions and orders in expression files, around any part of an inventory.

use invq::diagnostic::Code;
use invq::text::Source;
use invq::{Engine, Format, Input};
use serde_json::json;

use crate::shared::{ask, messages};
use crate::support::{file, invq};

fn input(name: &str, text: &str) -> Input {
    Input { source: Source::new(name, text), format: Format::Expression, folder: None }
}

#[test]
fn a_clan_takes_them_everywhere() {
    let people = r#"{ inventory = lib.mkMerge [
      { meta.name = lib.mkForce "orchard";
        machines.plum = { tags = lib.mkAfter [ "last" ]; description = lib.mkDefault "a tree"; }; }
      { machines.pear = lib.mkIf true { machineClass = "darwin"; }; machines.fig = lib.mkIf false { };
        tags.press = lib.mkForce ({ config, ... }: config.all); }
      { instances.borg = lib.mkDefault { module.name = "restic"; roles.client.select = lib.mkForce (tag "last"); }; }
    ]; }"#;
    let tools = r#"{ inventory = { machines.plum = { tags = [ "own" ]; description = "plums"; }; }; }"#;
    let engine = Engine::default();
    let inventory =
        engine.load(vec![input("clan.nix", people), input("inventory.invq", tools)]).expect("it loads");
    let answer = |query: &str| ask(&engine, &inventory, query).map_err(|found| messages(&found));
    assert_eq!(answer("meta.name"), Ok(json!("orchard")));
    let machines = answer("map (m: { inherit (m) name tags class; text = m.description or null; }) machines");
    let expected = json!([
        { "name": "pear", "tags": ["all", "darwin", "press"], "class": "darwin", "text": null },
        { "name": "plum", "tags": ["own", "last", "all", "nixos", "press"], "class": "nixos", "text": "plums" },
    ]);
    assert_eq!(machines, Ok(expected));
    let members =
        answer("mapAttrs (_: i: { inherit (i) service; members = i.roles.client.members; }) instances");
    assert_eq!(members, Ok(json!({ "borg": { "service": "<clan-core>-restic", "members": ["plum"] } })));
}

#[test]
fn what_they_mark_is_typed() {
    let text = "{ inventory.instances.a = lib.mkIf true {\n  roles.b.select = lib.mkForce [ \"web\" ]; }; }";
    let told = Engine::default().load(vec![input("clan.nix", text)]).err().unwrap_or_default();
    let [diagnostic] = told.as_slice() else { panic!("{}", messages(&told)) };
    assert_eq!(diagnostic.code, Code::TypeMismatch);
    let (source, span) =
        diagnostic.labels.first().map(|label| label.source.locate(label.span)).expect("a place");
    assert_eq!(source.slice(span), "\"web\"");
}

#[test]
fn a_cluster_takes_them_everywhere() {
    let text = r#"{ domain = { suffix = lib.mkForce "lan"; clusters = lib.mkMerge [
      { c.machines.web1 = { system = lib.mkDefault "x86_64-linux"; deployment.tags = lib.mkAfter [ "a" ];
          nixosModules = lib.mkBefore [ { probe = lib.mkForce 1; } { probe = 2; } ]; }; }
      { c.machines.web1.deployment.tags = [ "b" ]; c.machines.web2 = lib.mkIf false { }; }
      { c.services.dns = { selectors = lib.mkForce [ (filters.hostname "web1") ];
          roles.hosts = lib.mkIf true [ filters.clusterMachines ];
          definition = lib.mkDefault ({ roles, this, ... }: { known = map (h: h.fqdn) roles.hosts; }); }; }
    ]; }; }"#;
    let engine = Engine::default();
    let inventory = engine.load(vec![input("cluster.nix", text)]).expect("it loads");
    let answer = ask(
        &engine,
        &inventory,
        "map (m: { inherit (m) name tags services; inherit (m.config) probe known; }) machines",
    );
    let expected = json!([{ "name": "web1", "tags": ["b", "a"], "services": ["dns"], "probe": 1, "known": ["web1.c.lan"] }]);
    assert_eq!(answer.map_err(|found| messages(&found)), Ok(expected));
    let twice = "{ domain = { suffix = \"lan\"; clusters.c.machines.web1 = lib.mkMerge [\n  { system = \"a\"; }\n  { system = \"b\"; } ]; }; }";
    let inventory = engine.load(vec![input("cluster.nix", twice)]).expect("it loads");
    let told = inventory.check();
    assert!(told.iter().any(|diagnostic| diagnostic.labels.len() == 2), "{}", messages(&told));
}

#[test]
fn changes_go_inside_of_them() {
    let text = r#"{ inventory = { meta.name = "orchard";
      machines = { plum.tags = lib.mkForce [ "ripe" ]; pear = lib.mkMerge [ { tags = [ "ripe" ]; } { } ]; }; }; }"#;
    let path = file("marked", "clan.nix", text);
    let ahead = |change: &str| {
        let outcome = invq(&["diff", &path.to_string_lossy(), "--with", change]).run();
        format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status)
    };
    assert_eq!(ahead("addTag \"plum\" \"sweet\""), "~ default/plum\n    tags: +sweet\nstatus 1");
    assert_eq!(ahead("removeTag \"plum\" \"ripe\""), "~ default/plum\n    tags: -ripe\nstatus 1");
    insta::assert_snapshot!(ahead("addTag \"pear\" \"sweet\""));
}
