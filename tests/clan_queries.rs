//! Clan's own cases and real inventories, asked as queries: what invq answers against what Clan computes.

use invq::diagnostic::Code;
use invq::{Engine, Input, Inventory, Severities};
use serde_json::{Map, Value as Json, json};

use crate::clan_cases::catalog;
use crate::shared::{Tally, ask, files, input, messages, text};

/// Outputs that the cases ask of the model, since no record of queries has them.
const OF_THE_MODEL: &[&str] =
    &["manifest_name_of", "memberships", "service_config", "assertions", "inventory_assertions"];

/// The query for an output about one service, which stands in it as `SERVICE`: what its module is called
/// with, for each member of a role and for each machine.
const PER_SERVICE: &[(&str, &str)] = &[
    (
        "per_instance_of",
        "let is = map (i: { name = i; value = instances.${i}; }) services.SERVICE.instances;
          seen = x: mapAttrs (r: y: { machines = mapAttrs (n: s: { settings = s; }) y.settings; }) x.roles;
          held = x: n: builtins.filter (r: elem n x.roles.${r}.members) (attrNames x.roles);
          of = i: x: mapAttrs (n: s: { instanceName = i; machine = { name = n; roles = held x n; }; settings = s; roles = seen x; });
        in listToAttrs (map (r: { name = r; value = listToAttrs (concatMap (i: map (y: { inherit (i) name; value = of i.name i.value y.settings; }) (attrValues (lib.filterAttrs (known: y: known == r) i.value.roles))) is); }) (unique (concatMap (i: attrNames i.value.roles) is)))",
    ),
    (
        "per_machine_of",
        "let is = map (i: { name = i; value = instances.${i}; }) services.SERVICE.instances;
          seen = x: mapAttrs (r: y: { machines = mapAttrs (n: s: { settings = s; }) y.settings; }) x.roles;
          held = x: n: builtins.filter (r: elem n x.roles.${r}.members) (attrNames x.roles);
          members = x: concatMap (y: y.members) (attrValues x.roles);
        in listToAttrs (map (n: let own = builtins.filter (i: elem n (members i.value)) is; in { name = n; value = { machine = { name = n; roles = sort lessThan (unique (concatMap (i: held i.value n) own)); }; instances = listToAttrs (map (i: { inherit (i) name; value = { roles = seen i.value; }; }) own); }; }) (unique (concatMap (i: members i.value) is)))",
    ),
];

/// The query for an output, by the interface and the output's name.
const QUERIES: &[(&str, &str, &str)] = &[
    (
        "instances",
        "memberships",
        "mapAttrs (i: x: { service = x.service; roles = mapAttrs (r: y: builtins.sort builtins.lessThan y.members) x.roles; }) instances",
    ),
    (
        "instances",
        "machine_roles",
        "listToAttrs (map (m: { inherit (m) name; value = map (p: { inherit (p) service role instance; }) m.placements; }) machines)",
    ),
    (
        "instances",
        "resolved",
        "mapAttrs (i: x: { service = x.service; roles = mapAttrs (r: y: { machines = mapAttrs (n: s: { settings = s; }) y.settings; }) x.roles; }) instances",
    ),
    ("", "machine_tags", "listToAttrs (map (m: { inherit (m) name; value = m.tags; }) machines)"),
    ("", "tags", "mapAttrs (t: ms: map (m: m.name) ms) tags"),
    ("", "checks", "map (c: { inherit (c) id message severity; }) checks"),
    ("", "checks", "checks"),
    ("", "meta", "meta"),
    ("", "service_ids", "attrNames services"),
    ("", "all_machines", "map (m: m.name) machines"),
    ("", "machines", "machines"),
    ("", "nixos", "map (m: m.name) tags.nixos"),
    ("", "darwin", "map (m: m.name) tags.darwin"),
    ("", "serialization", "config.inventory"),
    ("instances", "service_instances", "mapAttrs (_: s: s.instances) services"),
    ("services", "services", "config.inventory.services"),
    // What a machine imports is for NixOS; from which services is what queries know.
    ("services", "machine_imports", "map (m: m.services) machines"),
    (
        "services",
        "resolved_roles",
        "mapAttrs (s: x: listToAttrs (map (i: { name = lib.removePrefix \"${s}-\" i; value = mapAttrs (r: y: y.members) instances.${i}.roles; }) x.instances)) (lib.filterAttrs (s: x: x.id == x.name) services)",
    ),
    (
        "services",
        "matched_roles",
        "listToAttrs (map (m: { inherit (m) name; value = mapAttrs (s: ps: sort lessThan (unique (map (p: p.role) ps))) (groupBy (p: p.service) (builtins.filter (p: services.${p.service}.id == services.${p.service}.name) m.placements)); }) machines)",
    ),
    (
        "",
        "list_tags",
        "let special = attrNames tags; in { inherit special; options = sort lessThan (builtins.filter (t: !elem t special) (unique (concatMap (m: m.tags) machines ++ concatMap (l: concatMap (i: concatMap (r: let t = (r :: Any).tags or [ ]; in if isList t then t else attrNames t) (attrValues (i.roles or { }))) (attrValues (l.inventory.instances or { }))) (if isList inventory then inventory else [ inventory ])))); }",
    ),
];

/// The queries for an output of a check; none where the cases ask the model.
fn queries(api: &str, check: &Json) -> Vec<String> {
    let output = text(check, "query");
    if let Some((output, id)) = output.split_once(':') {
        let id = json!(id);
        let mut asked = PER_SERVICE.iter().filter(|(name, _)| *name == output);
        if let Some((_, query)) = asked.next() {
            let keys = check.get("key").and_then(Json::as_array).into_iter().flatten();
            let keys: Vec<String> = keys.map(|key| format!(".{key}")).collect();
            return vec![format!("({}){}", query.replace("SERVICE", &id.to_string()), keys.join(""))];
        }
        return match output {
            "service_machines_of" => vec![format!("service {id}")],
            "memberships_of" => vec![format!(
                "mapAttrs (i: x: {{ service = x.service; roles = mapAttrs (r: y: y.members) x.roles; }}) (listToAttrs (map (i: {{ name = i; value = instances.${{i}}; }}) services.{id}.instances))"
            )],
            _ if OF_THE_MODEL.contains(&output) => Vec::new(),
            _ => panic!("nothing asks for `{output}`"),
        };
    }
    if output == "machines_list" {
        let tags = check.get("tags").and_then(Json::as_array).into_iter().flatten();
        let filters: Vec<String> = tags.map(|tag| format!("optional (tag {tag})")).collect();
        let filter = if filters.is_empty() { "all".to_owned() } else { filters.join(" && ") };
        return vec![filter];
    }
    let asked: Vec<String> = QUERIES
        .iter()
        .filter(|(only, name, _)| *name == output && (only.is_empty() || *only == api))
        .map(|(_, _, query)| (*query).to_owned())
        .collect();
    let is_asked = !asked.is_empty() || OF_THE_MODEL.contains(&output);
    assert!(is_asked, "nothing asks for `{output}` of the {api} interface");
    asked
}

/// The documents of a case, layer by layer.
fn documents(case: &Json) -> Vec<Input> {
    let part = |key: &str| case.get(key).map(|value| (key.to_owned(), value.clone()));
    let rest: Map<String, Json> =
        ["modules", "clan_machines", "machine_directories", "meta"].into_iter().filter_map(part).collect();
    let document = |inventory: Option<&Json>, rest: Map<String, Json>| {
        let inventory = inventory.cloned().unwrap_or_else(|| json!({}));
        let mut document = Map::from_iter([("inventory".to_owned(), inventory)]);
        document.extend(rest);
        Json::Object(document)
    };
    if let Some(layers) = case.get("layers").and_then(Json::as_array) {
        let layer = |(index, layer): (usize, &Json)| {
            let rest = if index == 0 { rest.clone() } else { Map::new() };
            let stem = text(layer, "file").split('.').next().unwrap_or_default();
            input(&format!("{index}-{stem}.json"), &document(layer.get("inventory"), rest))
        };
        return layers.iter().enumerate().map(layer).collect();
    }
    let mut inputs = vec![input("clan.json", &document(case.get("inventory"), rest))];
    let persisted = case.get("inventory_json");
    inputs.extend(persisted.map(|own| input("inventory.json", &document(Some(own), Map::new()))));
    inputs
}

/// An engine that counts unknown machines as members, as Clan does.
fn upstream() -> Engine {
    let severities = Severities { allowed: vec![Code::UnknownMachine], ..Severities::default() };
    Engine::default().with_severities(severities)
}

fn load(engine: &Engine, inputs: Vec<Input>) -> Inventory {
    match engine.load(inputs) {
        Ok(inventory) => inventory,
        Err(diagnostics) => panic!("{}", messages(&diagnostics)),
    }
}

/// Compares settings with what Clan computes, key by key where a key of them throws there.
fn compare_settings(
    tally: &mut Tally,
    ask: &dyn Fn(&str) -> Result<Json, String>,
    what: &str,
    path: &str,
    expected: &Json,
) {
    if expected.get("__error").is_some() {
        match ask(path) {
            Err(_) => tally.passed += 1,
            Ok(found) => tally.failed.push(format!("{what} {path}: should fail, and gives {found}")),
        }
        return;
    }
    let Some(entries) = expected.as_object().filter(|_| expected.to_string().contains("__error")) else {
        match ask(path) {
            Ok(found) => tally.compare(format!("{what} {path}"), &found, expected),
            Err(found) => tally.failed.push(format!("{what} {path}: {found}")),
        }
        return;
    };
    let keys: Json = entries.keys().map(String::as_str).collect();
    match ask(&format!("sort lessThan (attrNames {path})")) {
        Ok(found) => tally.compare(format!("{what} {path}"), &found, &keys),
        Err(found) => tally.failed.push(format!("{what} {path}: {found}")),
    }
    for (key, expected) in entries {
        compare_settings(tally, ask, what, &format!("{path}.{}", json!(key)), expected);
    }
}

/// The names of the machines for which a filter holds, as the program writes them.
fn names(engine: &Engine, inventory: &Inventory, filter: &str) -> Result<Json, String> {
    let query = engine.compile(filter, inventory).map_err(|found| messages(&found))?;
    let machines = query.machines(inventory).map_err(|found| found.message)?;
    Ok(machines.iter().map(|machine| inventory.model().nodes.name(*machine)).collect())
}

#[test]
fn cases() {
    let mut tally = Tally::default();
    let engine = upstream();
    for (name, case) in files("cases/clan") {
        let Some(checks) = case.get("checks").and_then(Json::as_array) else { continue };
        let inventory = load(&engine, documents(case.get("input").unwrap_or(&Json::Null)));
        for check in checks {
            let output = text(check, "query");
            let api = match text(&case, "api") {
                "services" => "services",
                _ => "instances",
            };
            for query in queries(api, check) {
                let what = format!("{name} {output}");
                let found = match output.split(':').next() {
                    Some("machines_list" | "service_machines_of") => names(&engine, &inventory, &query),
                    _ => ask(&engine, &inventory, &query).map_err(|found| messages(&found)),
                };
                match (found, check.get("expect")) {
                    (Err(_), None) => tally.passed += 1,
                    (Ok(found), None) => tally.failed.push(format!("{what}: should fail, and gives {found}")),
                    (Err(found), Some(_)) => tally.failed.push(format!("{what}: {found}\n  {query}")),
                    (Ok(found), Some(expected)) => match (output, expected.as_object()) {
                        // Seen from each machine upstream; the same for all.
                        ("resolved_roles", Some(machines)) => {
                            for expected in machines.values() {
                                tally.compare(what.clone(), &found, expected);
                            }
                        }
                        _ => tally.compare(what, &found, expected),
                    },
                }
            }
        }
    }
    tally.finish("cases");
}

#[test]
fn real_inventories() {
    let mut tally = Tally::default();
    let engine = Engine::default();
    for (name, real) in files("real/clan") {
        let mut case = Map::new();
        for key in ["inventory", "inventory_json"] {
            case.extend(real.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        case.extend(
            real.pointer("/machines_registered_elsewhere/names")
                .map(|names| ("clan_machines".to_owned(), names.clone())),
        );
        let modules = match real.get("module_roles").and_then(Json::as_object) {
            Some(modules) => {
                let declared =
                    modules.iter().map(|(module, roles)| (module.clone(), json!({ "roles": roles })));
                Json::Object(declared.collect())
            }
            None => catalog::modules(&real["inventory"]),
        };
        case.insert("modules".to_owned(), modules);
        let inventory = load(&engine, documents(&Json::Object(case)));
        let of_settings = [Code::Conflict, Code::InvalidOption, Code::UnknownOption];
        let told: Vec<_> =
            inventory.check().into_iter().filter(|found| of_settings.contains(&found.code)).collect();
        assert!(told.is_empty(), "{name}: {}", messages(&told));
        let count = |code: Code| {
            inventory.mistakes().iter().filter(|mistake| mistake.diagnostic.code == code).count()
        };
        for (output, expected) in real.get("expected").and_then(Json::as_object).into_iter().flatten() {
            let what = format!("{name} {output}");
            match output.as_str() {
                "warnings" => {
                    let expected = expected.as_array().map_or(0, Vec::len);
                    tally.compare(what, &json!(count(Code::UnknownTag)), &json!(expected));
                    continue;
                }
                "unknown_machines" => {
                    let expected = expected.as_object().map_or(0, Map::len);
                    tally.compare(what, &json!(count(Code::UnknownMachine)), &json!(expected));
                    continue;
                }
                "settings" => {
                    let asks =
                        |query: &str| ask(&engine, &inventory, query).map_err(|found| messages(&found));
                    for (instance, roles) in expected.as_object().into_iter().flatten() {
                        for (role, machines) in roles.as_object().into_iter().flatten() {
                            let path =
                                format!("instances.{}.roles.{}.settings", json!(instance), json!(role));
                            compare_settings(&mut tally, &asks, &what, &path, machines);
                        }
                    }
                    continue;
                }
                _ => {}
            }
            for query in queries(text(&real, "api"), &json!({ "query": output })) {
                match ask(&engine, &inventory, &query) {
                    Ok(found) => tally.compare(what.clone(), &found, expected),
                    Err(found) => tally.failed.push(format!("{what}: {}\n  {query}", messages(&found))),
                }
            }
        }
    }
    tally.finish("real inventories");
}

#[test]
fn an_unknown_machine_stops_the_queries_that_need_its_role() {
    let document = json!({ "inventory": {
        "machines": { "jon": {}, "sara": {} },
        "instances": {
            "net": { "module": { "name": "zerotier" }, "roles": { "peer": { "machines": { "jno": {} } } } },
            "time": { "module": { "name": "ntp" }, "roles": { "client": { "machines": { "sara": {} } } } },
        },
    } });
    let engine = Engine::default();
    let inventory = load(&engine, vec![input("clan.json", &document)]);
    let members = |instance: &str| format!("mapAttrs (r: x: x.members) instances.{instance}.roles");
    let failed = ask(&engine, &inventory, &members("net")).expect_err("`jno` is no machine");
    let [diagnostic] = failed.as_slice() else { panic!("{}", messages(&failed)) };
    assert_eq!(diagnostic.code, Code::UnknownMachine);
    assert_eq!(diagnostic.message, "no machine is called `jno`");
    assert_eq!(diagnostic.help.as_deref(), Some("did you mean `jon`?"));
    let other = ask(&engine, &inventory, &members("time")).expect("the other instance is fine");
    assert_eq!(other, json!({ "client": ["sara"] }));
    let lenient = upstream();
    let inventory = load(&lenient, vec![input("clan.json", &document)]);
    let counted = ask(&lenient, &inventory, &members("net")).expect("it counts as a member");
    assert_eq!(counted, json!({ "peer": ["jno"] }));
}

#[test]
fn machines_without_a_cluster_have_the_domain_behind_their_name() {
    let document =
        json!({ "inventory": { "meta": { "domain": "orchard.example" }, "machines": { "plum": {} } } });
    let engine = Engine::default();
    let inventory = load(&engine, vec![input("clan.json", &document)]);
    let names = ask(&engine, &inventory, "map (m: m.fqdn) machines ++ map (c: c.fqdn) (attrValues clusters)");
    assert_eq!(names.expect("names"), json!(["plum.orchard.example", "orchard.example"]));
}

#[test]
fn mistaken_tags_stop_the_queries_that_need_them() {
    let document = json!({ "inventory": {
        "machines": { "plum": { "tags": "kept" }, "pear": { "tags": ["kept"] } },
        "instances": { "borg": { "roles": {
            "client": { "tags": ["kept"] },
            "server": { "machines": { "pear": {} } },
        } } },
    } });
    let engine = Engine::default();
    let inventory = load(&engine, vec![input("clan.json", &document)]);
    let of_tags = ["tag \"kept\"", "map (m: m.tags) machines", "instances.borg.roles.client.members"];
    for query in of_tags {
        let failed = ask(&engine, &inventory, query).expect_err(query);
        assert_eq!(messages(&failed), "expected a list of strings as `machines.plum.tags`, found a string");
    }
    // A key may be a misspelt `tags`, the class decides about two of them, and of no object nothing is known.
    for plum in [json!({ "tagz": ["kept"] }), json!({ "machineClass": "bsd" }), json!(null)] {
        let mut document = document.clone();
        document["inventory"]["machines"]["plum"] = plum;
        let inventory = load(&engine, vec![input("clan.json", &document)]);
        for query in of_tags {
            ask(&engine, &inventory, query).expect_err(query);
        }
    }
    let names = ask(&engine, &inventory, "map (m: m.name) machines");
    assert_eq!(names.expect("no tags are asked for"), json!(["pear", "plum"]));
    let server = ask(&engine, &inventory, "instances.borg.roles.server.members");
    assert_eq!(server.expect("no tags are asked for"), json!(["pear"]));
}

#[test]
fn a_clan_is_read_out_with_its_defaults() {
    let people = json!({ "inventory": {
        "meta": { "name": "orchard" },
        "machines": { "plum": { "tags": ["fruit"], "deploy": { "targetHost": "10.0.0.1" } } },
        "tags": { "press": ["nobody", "plum", "gone"] },
        "instances": { "vpn": { "module": { "name": "zerotier" }, "roles": {
            "peer": { "tags": ["all"], "extraModules": ["a.nix"] },
            "moon": { "machines": { "plum": { "settings": { "port": { "_type": "override", "priority": 50, "content": 1 } } } } },
        } } },
    } });
    let tools = json!({ "inventory": {
        "machines": { "plum": { "tags": ["ripe"], "installedAt": 7 } },
        "instances": { "vpn": { "roles": { "peer": { "settings": { "a": [1] } } } } },
    } });
    let engine = Engine::default();
    let inventory = load(&engine, vec![input("clan.json", &people), input("inventory.json", &tools)]);
    let read = ask(&engine, &inventory, "config.inventory").expect("it is read out");
    let settings = |settings: Json| json!({ "settings": settings });
    let expected = json!({
        "meta": { "name": "orchard", "description": null, "icon": null, "domain": "clan", "tld": null },
        "machines": { "plum": {
            "name": "plum", "description": null, "icon": null, "machineClass": "nixos", "installedAt": 7,
            "tags": ["fruit", "ripe", "all", "nixos", "press"],
            "deploy": { "targetHost": "10.0.0.1", "buildHost": null, "forwardAgent": null },
        } },
        "tags": { "all": ["plum"], "nixos": ["plum"], "darwin": [], "press": ["nobody", "plum", "gone"] },
        "instances": { "vpn": { "module": { "name": "zerotier", "input": null }, "roles": {
            "peer": { "machines": {}, "tags": { "all": settings(json!({})) }, "settings": { "a": [1] } },
            "moon": { "machines": { "plum": settings(json!({ "port": { "_type": "override", "priority": 50, "content": 1 } })) },
                "tags": {}, "settings": {} },
        } } },
    });
    assert_eq!(read, expected);
    // What is broken breaks no more than itself.
    let mut broken = people.clone();
    broken["inventory"]["machines"]["pear"] = json!(null);
    let inventory = load(&engine, vec![input("clan.json", &broken)]);
    ask(&engine, &inventory, "config.inventory.machines.pear").expect_err("it is no machine");
    let plum = ask(&engine, &inventory, "config.inventory.machines.plum.deploy.targetHost");
    assert_eq!(plum.expect("the other one is fine"), json!("10.0.0.1"));
}
