//! `invq render`: configurations, who says what in them, and the flake for NixOS.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::support::{file, folder, invq, root};

/// A cluster in which a value has every kind of definition.
const INVENTORY: &str = r#"domain:
  suffix: lan
  clusters:
    quay:
      users: { keeper: { systemConfig: { extraGroups: [ wheel ] } } }
      machines:
        crane:
          system: x86_64-linux
          nixosModules:
            - networking: { extraHosts: { _type: override, priority: 50, content: own } }
            - '{ config, lib, ... }: {
                 imports = [ { port = lib.mkDefault 80; } ({ lib, ... }: { port = lib.mkIf false 1; }) ];
                 motd = "on ${toString config.port}";
               }'
          users: { keeper: { systemConfig: { extraGroups: [ docker ] } } }
        tug: { system: x86_64-linux }
      services:
        dns:
          selectors: [ 'hostname "crane"' ]
          roles: { hosts: [ clusterMachines ] }
          definition: |
            { roles, ... }:
            let
              line = host: host.fqdn;
              open = port: { networking.firewall.allowedTCPPorts = [ port ]; };
            in
            mkMerge [
              (open 53)
              {
                port = 8053;
                networking.extraHosts = concatStringsSep "\n" (map line roles.hosts);
                clash = 1;
                list = if roles.hosts == [ ] then [ ] else mkBefore [ "first" ];
              }
            ]
          extraConfig:
            imports: [ { clash: 2, list: [ last ] } ]
"#;

fn inventory() -> String {
    file("render", "quay.yaml", INVENTORY).to_string_lossy().into_owned()
}

/// Calls the program beside the inventory, so that places have its name alone.
fn render(arguments: &[&str]) -> String {
    let inventory = inventory();
    let folder = Path::new(&inventory).parent().expect("a file has a folder").to_path_buf();
    let mut all = vec!["-i", "quay.yaml", "render"];
    all.extend(arguments);
    let outcome = invq(&all).within(&folder).run();
    format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status)
}

#[test]
fn every_definition_is_shown_with_what_became_of_it() {
    for option in [
        "networking.extraHosts",
        "networking.firewall.allowedTCPPorts",
        "port",
        "clash",
        "list",
        "users.users.keeper.extraGroups",
        "networking",
    ] {
        insta::assert_snapshot!(render(&["-m", "crane", "--at", option, "--sources"]));
    }
}

#[test]
fn definitions_are_data_too() {
    let text = render(&["-m", "crane", "--at", "port", "--sources", "-o", "json"]);
    let line = text.lines().next().unwrap_or_default();
    let data: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(data["value"], 8053);
    let definitions = data["definitions"].as_array().expect("a list");
    let told: Vec<Json> = definitions
        .iter()
        .map(|one| json!([one["won"], one["value"], one["line"], one["column"], one["priority"], one["by"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!([true, 8053, 30, 24, 100, "the service `dns`"]),
            json!([false, null, 12, 98, 100, "the machine"]),
            json!([false, 80, 12, 53, 1000, "the machine"]),
        ]
    );
}

#[test]
fn a_part_of_a_configuration() {
    insta::assert_snapshot!(render(&["-m", "crane", "--at", "networking.firewall", "-o", "yaml"]));
    insta::assert_snapshot!(render(&["-m", "crane", "--at", "motd"]));
    insta::assert_snapshot!(render(&["--at", "networking.hostName", "-o", "nix"]));
    insta::assert_snapshot!(render(&["--at", "port"]));
}

#[test]
fn what_is_not_there_is_told() {
    insta::assert_snapshot!(render(&["-m", "crane", "--at", "networking.extraHost"]));
    insta::assert_snapshot!(render(&["-m", "crane", "--at", "port.x"]));
    insta::assert_snapshot!(render(&["-m", "crane", "--at", "a..b"]));
    insta::assert_snapshot!(render(&["-m", "cran"]));
    insta::assert_snapshot!(render(&["-m", "crane", "--sources", "-o", "yaml"]));
}

#[test]
fn a_machine_that_fails_does_not_keep_the_others_back() {
    let text = render(&["-o", "json"]);
    assert!(text.contains("\"tug\"") && !text.contains("\"crane\": {"), "{text}");
    assert!(text.contains("the option `clash` is defined twice and differently"), "{text}");
    assert!(text.ends_with("status 4"), "{text}");
}

#[test]
fn the_built_in_inventory_can_be_rendered() {
    let outcome =
        invq(&["--demo", "render", "--machine", "db1", "--at", "networking.extraHosts", "--sources"]).run();
    insta::assert_snapshot!(format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status));
}

/// NixOS without anything: modules that are sets give the configuration.
const STUB: &str = "{ lib.nixosSystem = { modules }: builtins.foldl' (config: module: config // import module) { } modules; }";

/// What Nix makes of an expression.
fn nix(arguments: &[&str]) -> Result<Json, String> {
    let output =
        Command::new("nix-instantiate").args(arguments).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&output.stdout).unwrap_or_default())
}

#[test]
fn a_flake_has_the_same_values() {
    if Command::new("nix-instantiate").arg("--version").output().is_err() {
        println!("skipped: there is no `nix-instantiate` that reads the flake");
        return;
    }
    let ugly = r#"{ "domain": { "suffix": "lan", "clusters": {
        "a": { "machines": { "web": { "system": "x86_64-linux", "nixosModules": [
            { "x": { "a.b": [ -1, 0.5, -2.5e-9, null, true, "q\"\\${x}$$\n\t" ], "if": {}, "ü": [] } } ] } } },
        "b c": { "machines": { "web": { "system": "aarch64-linux" } } } } } }"#;
    let ugly = file("render", "ugly.json", ugly);
    let vault = root().join("examples/vault.invq");
    for (index, inventory) in [ugly.as_path(), &vault].into_iter().enumerate() {
        let target = folder(&format!("render/flake-{index}"));
        let (inventory, target) = (inventory.to_string_lossy(), target.to_string_lossy());
        let outcome = invq(&["-i", &inventory, "render", "--nix", &target]).run();
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
        let expected = invq(&[
            "-i",
            &inventory,
            "-o",
            "json",
            "mapAttrs (c: cluster: mapAttrs (m: machine: machine.config) cluster.nodes) clusters",
        ])
        .run();
        let expected: Json = serde_json::from_str(&expected.stdout).expect("configurations are data");
        let flake = format!("{target}/flake.nix");
        nix(&["--parse", &flake]).unwrap_or_else(|error| panic!("{error}"));
        let text = format!("(import {flake}).outputs {{ nixpkgs = {STUB}; }}");
        let made =
            nix(&["--eval", "--strict", "--json", "-E", &text]).unwrap_or_else(|error| panic!("{error}"));
        let machines = made["nixosConfigurations"].as_object().expect("configurations by name");
        let mut found = 0;
        for (cluster, members) in expected.as_object().expect("clusters by name") {
            for (machine, configuration) in members.as_object().expect("machines by name") {
                let own = machines.get(machine).or_else(|| machines.get(&format!("{machine}.{cluster}")));
                assert_eq!(own, Some(configuration), "{machine} in {cluster}");
                let path = format!("{target}/machines/{}/{machine}.nix", cluster.replace(' ', "+20"));
                nix(&["--parse", &path]).unwrap_or_else(|error| panic!("{error}"));
                found += 1;
            }
        }
        assert_eq!(found, machines.len());
    }
}

#[test]
fn files_of_others_stay() {
    let flake = file("render/foreign", "flake.nix", "{ }\n");
    let target = flake.parent().expect("a file has a folder").to_string_lossy().into_owned();
    let outcome = invq(&["--demo", "render", "--nix", &target]).run();
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("was not written by invq"), "{}", outcome.stderr);
    assert_eq!(std::fs::read_to_string(flake).ok().as_deref(), Some("{ }\n"));
}
