//! `invq plan`: operations of Operations Center on documents.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::support::{Outcome, folder, invq, root};

const DOCUMENTS: &str = "tests/plan/servers.json";

/// A copy of the documents in a folder of its own.
fn copy(name: &str) -> PathBuf {
    let folder = folder(name);
    let path = folder.join("servers.json");
    // One that a test before has made read-only is in the way.
    let _ = std::fs::remove_file(&path);
    let text = std::fs::read(root().join(DOCUMENTS)).expect("the documents are there");
    std::fs::write(path, text).expect("the folder for tests can be written");
    folder
}

fn plan(folder: &Path, request: &Json, arguments: &[&str]) -> Outcome {
    let all = [&["-i", "servers.json", "plan", "-"], arguments].concat();
    invq(&all).within(folder).input(&request.to_string()).run()
}

fn bulk(action: &str, arguments: Json) -> Json {
    json!({ "action": action, "arguments": arguments })
}

/// What a plan says, as data.
fn planned(request: &Json, arguments: &[&str]) -> Json {
    let told = plan(&root().join("tests/plan"), request, &[&["--json"], arguments].concat());
    assert_eq!(told.status, 0, "{}", told.stderr);
    serde_json::from_str(&told.stdout).expect("the plan is JSON")
}

fn told(request: &Json, arguments: &[&str]) -> String {
    let told = plan(&root().join("tests/plan"), request, arguments);
    format!("{}{}status {}", told.stdout, told.stderr, told.status)
}

fn vlans(tags: &[i64]) -> Json {
    bulk("add_network_interface_vlan_tags", json!({ "interface_name": "eth0", "vlan_tags": tags }))
}

#[test]
fn each_server_is_told_with_what_changes() {
    insta::assert_snapshot!(told(&vlans(&[20, 10]), &["--cluster", "prod"]));
    let target = json!({ "transport": "tcp", "address": "10.0.0.2", "port": 8009 });
    insta::assert_snapshot!(told(&bulk("add_nvme_storage_target", target), &["--select", "hostname \"a1\""]));
}

#[test]
fn all_mistakes_are_told_where_they_stand() {
    insta::assert_snapshot!(told(&vlans(&[1]), &["--cluster", "lab"]));
    let request = bulk("add_iscsi_storage_target", json!({ "tagret": "t", "port": 70000, "address": "" }));
    insta::assert_snapshot!(told(&request, &["--cluster", "prod"]));
    insta::assert_snapshot!(told(&bulk("add_aplication", json!({})), &["--cluster", "prod"]));
    insta::assert_snapshot!(told(&vlans(&[1]), &[]));
}

#[test]
fn one_bad_member_keeps_all_from_changing() {
    let folder = copy("plan-bad-member");
    let before = std::fs::read_to_string(folder.join("servers.json")).expect("the documents");
    // The second one has no such bond.
    let request =
        bulk("add_network_interface_vlan_tags", json!({ "interface_name": "bond0", "vlan_tags": [7] }));
    let outcome = plan(&folder, &request, &["--cluster", "prod", "--write"]);
    assert_eq!(outcome.status, 4);
    assert!(
        outcome.stderr.contains("Server \"a2\" (https://a2:8443) does not have interface or bond \"bond0\"")
    );
    assert_eq!(std::fs::read_to_string(folder.join("servers.json")).expect("the documents"), before);
}

#[test]
fn every_action_changes_what_it_should() {
    let of = |request: Json| planned(&request, &["--select", "hostname \"a1\""])["servers"]["a1"].clone();
    let tags = |action: &str, interface: &str, tags: &[i64]| {
        let network =
            of(bulk(action, json!({ "interface_name": interface, "vlan_tags": tags })))["network"].clone();
        json!([network["interfaces"][0], network["interfaces"][1], network["bonds"][0]])
    };
    let eth0 = json!({ "name": "eth0", "vlan_tags": [10, 20], "new_field": true });
    let bond0 = json!({ "name": "bond0", "vlan_tags": [5] });
    let add = "add_network_interface_vlan_tags";
    assert_eq!(tags(add, "eth1", &[7, 7, 3]), json!([eth0, { "name": "eth1", "vlan_tags": [7, 3] }, bond0]));
    assert_eq!(
        tags(add, "bond0", &[5, 6]),
        json!([eth0, { "name": "eth1" }, { "name": "bond0", "vlan_tags": [5, 6] }])
    );
    let remove = "remove_network_interface_vlan_tags";
    // A list that becomes empty is left out.
    assert_eq!(tags(remove, "bond0", &[5]), json!([eth0, { "name": "eth1" }, { "name": "bond0" }]));
    let syslog = json!({ "syslog": { "address": "10.0.0.1" } });
    assert_eq!(of(bulk("update_system_logging", json!({ "config": syslog }))), json!({ "logging": syslog }));
    let kernel = json!({ "memory": { "persistent_hugepages": 4 } });
    assert_eq!(of(bulk("update_system_kernel", json!({ "config": kernel }))), json!({ "kernel": kernel }));
    assert_eq!(
        of(bulk("add_application", json!({ "name": "debug" }))),
        json!({ "applications_add": "debug" })
    );
    let known = json!({ "transport": "tcp", "address": "10.0.0.1", "port": 8009 });
    assert_eq!(
        of(bulk("remove_nvme_storage_target", known)),
        json!({ "services": { "nvme": { "enabled": true, "targets": [] } } })
    );
    let target = json!({ "target": "iqn", "address": "10.0.0.1", "port": 3260 });
    assert_eq!(
        of(bulk("add_iscsi_storage_target", target.clone())),
        json!({ "services": { "iscsi": { "enabled": true, "targets": [target] } } })
    );
    assert_eq!(
        of(bulk("add_multipath_storage_target", json!({ "wwn": "36001405DEF" }))),
        json!({ "services": { "multipath": { "enabled": true, "wwns": ["36001405abc", "36001405def"] } } })
    );
    assert_eq!(
        of(bulk("remove_multipath_storage_target", json!({ "wwn": "36001405ABC" }))),
        json!({ "services": { "multipath": { "enabled": true, "wwns": [] } } })
    );
}

#[test]
fn what_is_sent_can_be_taken_back() {
    let plan = planned(&vlans(&[20, 40]), &["--cluster", "prod"]);
    let servers = |list: &Json| -> Vec<String> {
        list.as_array()
            .expect("a list")
            .iter()
            .map(|one| one["server"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    assert_eq!(servers(&plan["requests"]), ["a1", "a2"]);
    assert_eq!(servers(&plan["revert"]), ["a2", "a1"]);
    assert_eq!(plan["revert"][1]["body"]["config"]["interfaces"][0]["vlan_tags"], json!([10, 20]));
    // Who has the tags already is not written to.
    let plan = planned(&vlans(&[10]), &["--cluster", "prod"]);
    assert_eq!(servers(&plan["requests"]), ["a2"]);
    assert_eq!(plan["unchanged"], json!(["a1"]));
}

#[test]
fn documents_are_written_with_all_else_as_it_was() {
    let folder = copy("plan-write");
    let path = folder.join("servers.json");
    let before = std::fs::read_to_string(&path).expect("the documents");
    let outcome = plan(&folder, &vlans(&[40]), &["--cluster", "prod", "--write"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let after = std::fs::read_to_string(&path).expect("the documents");
    let changed = before.replace("\"vlan_tags\": [10, 20]", "\"vlan_tags\": [10, 20, 40]");
    assert_eq!(after, changed.replace("\"vlan_tags\": [20, 30]", "\"vlan_tags\": [20, 30, 40]"));
    // Nothing but the document is left, and the same again writes nothing.
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 1);
    let modified = || std::fs::metadata(&path).and_then(|data| data.modified()).expect("the time");
    let time = modified();
    let again = plan(&folder, &vlans(&[40]), &["--cluster", "prod", "--write"]);
    assert!(again.stdout.ends_with("nothing is written\n"), "{}", again.stdout);
    assert_eq!(modified(), time);
}

#[test]
fn what_is_written_is_what_was_planned() {
    let requests = [
        vlans(&[40]),
        bulk(
            "remove_network_interface_vlan_tags",
            json!({ "interface_name": "eth0", "vlan_tags": [10, 20] }),
        ),
        bulk(
            "update_system_logging",
            json!({ "config": { "syslog": { "address": "10.0.0.1", "protocol": "tcp" } } }),
        ),
        bulk("update_system_kernel", json!({ "config": { "blacklist_modules": ["a"] } })),
        bulk("add_application", json!({ "name": "debug" })),
        bulk("add_nvme_storage_target", json!({ "transport": "tcp", "address": "a", "port": 1 })),
        bulk(
            "remove_nvme_storage_target",
            json!({ "transport": "tcp", "address": "10.0.0.1", "port": 8009 }),
        ),
        bulk("add_iscsi_storage_target", json!({ "target": "t", "address": "a", "port": 1 })),
        bulk("add_multipath_storage_target", json!({ "wwn": "3600" })),
        bulk("remove_multipath_storage_target", json!({ "wwn": "36001405abc" })),
    ];
    for request in requests {
        let folder = copy("plan-all");
        let one = ["--select", "hostname \"a1\""];
        let wanted = planned(&request, &one)["servers"]["a1"].clone();
        let outcome = plan(&folder, &request, &["--select", "hostname \"a1\"", "--write"]);
        assert_eq!(outcome.status, 0, "{request}: {}", outcome.stderr);
        let text = std::fs::read_to_string(folder.join("servers.json")).expect("the documents");
        let all: Json =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{request}: {error}\n{text}"));
        let server = &all["servers"][0];
        let service = |name: &str| {
            let service = &server["services"][name];
            service.get("config").unwrap_or(service).clone()
        };
        match wanted.as_object().and_then(|wanted| wanted.iter().next()) {
            Some((key, value)) if key == "network" => {
                assert_eq!(server["os_data"]["network"]["config"], *value)
            }
            Some((key, value)) if key == "services" => {
                for (name, value) in value.as_object().expect("services") {
                    assert_eq!(service(name), *value, "{request}");
                }
            }
            Some((key, value)) if key == "applications_add" => {
                assert_eq!(server["version_data"]["applications"][1], json!({ "name": value }));
            }
            Some((key, value)) => assert_eq!(server["os_data"][key]["config"], *value),
            None => panic!("{request} plans nothing"),
        }
        assert!(text.contains("\"own\": 1.50") && text.contains("\"host_nqn\": \"x\""), "{request}");
    }
}

#[test]
fn a_request_is_json_that_says_nothing_twice() {
    let folder = copy("plan-request");
    let told = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).expect("the request can be written");
        let outcome =
            invq(&["-i", "servers.json", "plan", name, "--error-format", "short"]).within(&folder).run();
        assert_eq!((outcome.status, outcome.stdout.as_str()), (3, ""), "{}", outcome.stderr);
        outcome.stderr
    };
    let twice = told(
        "twice.json",
        "{ \"action\": \"add_application\", \"arguments\": { \"name\": \"debug\",\n  \"name\": \"incus\" } }",
    );
    assert!(twice.starts_with("twice.json:2:3: error[duplicate-name]"), "{twice}");
    let broken = told("broken.json", "{ \"action\":\n  oops }");
    assert!(broken.starts_with("broken.json:2:3: error[invalid-document]"), "{broken}");
}

#[test]
fn a_file_that_cannot_be_written_stays_whole() {
    let folder = copy("plan-read-only");
    let path = folder.join("servers.json");
    let before = std::fs::read_to_string(&path).expect("the documents");
    let mut permissions = std::fs::metadata(&path).expect("the file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("the file can be made read-only");
    let outcome = plan(&folder, &vlans(&[40]), &["--cluster", "prod", "--write"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("cannot write `servers.json`"), "{}", outcome.stderr);
    assert_eq!(std::fs::read_to_string(&path).expect("the documents"), before);
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 1);
}

#[test]
fn clusters_are_planned_from_what_is_given_or_a_template() {
    let request = json!({ "name": "new", "channel": "stable", "server_type": "incus", "server_names": ["s1"],
        "services_config": { "lvm": { "enabled": true, "system_id": 99 } } });
    let plan = planned(&request, &[]);
    assert_eq!(plan["services"]["s1"]["lvm"], json!({ "config": { "enabled": true, "system_id": 7 } }));
    assert_eq!(plan["server_config"]["s1"]["cluster.https_address"], json!("[fd00::7]:8443"));
    assert_eq!(plan["connection_urls"]["s1"], json!("https://[fd00::7]:8443"));
    assert_eq!(plan["bootstrap"], json!("s1"));
    assert_eq!(plan["application_seed_config"]["storage_pools"][0]["config"]["source"], json!("local/incus"));
    let request = json!({ "name": "new", "channel": "stable", "server_type": "incus", "server_names": ["s1"],
        "cluster_template": "small", "cluster_template_variable_values": { "X": "y" } });
    let plan = planned(&request, &[]);
    assert_eq!(plan["services"]["s1"]["lvm"], json!({ "config": { "enabled": true, "system_id": 7 } }));
    assert_eq!(plan["application_seed_config"]["config"]["core.x"], json!("y"));
    let request = json!({ "name": "prod", "channel": "stable", "server_type": "incus", "server_names": ["s1", "a1", "nope"],
        "cluster_template": "small", "cluster_template_variable_values": { "Y": "y" } });
    insta::assert_snapshot!(told(&request, &[]));
}
