//! What holds of the rules whatever the documents are.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{bulk, consistency, preseed, progress, removal, servers, states, templates};

fn server(name: &str, tags: &[i64]) -> Json {
    json!({
        "name": name, "server_status": "ready", "cluster": "c",
        "os_data": { "network": { "config": {
            "interfaces": [{ "name": "eth0", "vlan_tags": tags, "mtu": 1500 }, { "name": "eth1" }],
            "unknown": { "kept": [1, null, "x"] }
        } } },
        "services": { "iscsi": { "config": { "enabled": true, "targets": [] }, "state": {} } }
    })
}

fn planned(action: &str, arguments: Json, members: &[Json]) -> bulk::Plan {
    let operation = bulk::decode(&json!({ "action": action, "arguments": arguments })).expect("a request");
    let members: Vec<&Json> = members.iter().collect();
    bulk::plan(&operation, &json!({ "name": "c", "status": "ready" }), &members)
}

proptest! {
    #[test]
    fn adding_and_removing_tags_gives_back_what_was(
        before in proptest::collection::btree_set(1_i64..50, 0..8),
        tags in proptest::collection::btree_set(50_i64..99, 1..5),
    ) {
        let (before, tags): (Vec<i64>, Vec<i64>) = (before.into_iter().collect(), tags.into_iter().collect());
        let arguments = json!({ "interface_name": "eth0", "vlan_tags": tags });
        let plan = planned("add_network_interface_vlan_tags", arguments.clone(), &[server("a", &before)]);
        let added = &plan.changes[0];
        prop_assert!(added.is_needed());
        let mut after = server("a", &before);
        after["os_data"]["network"]["config"] = added.config.clone();
        let plan = planned("remove_network_interface_vlan_tags", arguments, &[after]);
        let back = &plan.changes[0].config["interfaces"][0];
        prop_assert_eq!(back.get("vlan_tags").cloned().unwrap_or_else(|| json!([])), json!(before));
        prop_assert_eq!(&plan.changes[0].config["unknown"], &json!({ "kept": [1, null, "x"] }));
    }

    #[test]
    fn values_are_never_looked_at_again(value in "[a-z@AB]{0,12}", other in "[a-z@AB]{0,12}") {
        // In quotes, so that YAML reads what stands there.
        let template = json!({ "name": "t", "service_config_template": "a: '@A@|@B@'",
            "variables": { "A": {}, "B": {} } });
        let applied = templates::apply(&template, &json!({ "A": value, "B": other }));
        prop_assert_eq!(applied.services_config, json!({ "a": format!("{value}|{other}") }));
    }

    #[test]
    fn every_state_has_its_word(
        status in "unknown|unregistered|pending|ready|offline|", detail in "|updating|updating application|evacuating|restoring|rebooting",
        needs_update: bool, needs_reboot: bool, in_maintenance in 0_i64..5, clustered: bool, has_incus: bool,
    ) {
        let facts = states::Facts { status, detail, clustered, needs_update, needs_reboot, in_maintenance, has_incus };
        let (state, action) = (states::update_state(&facts), states::recommended_action(&facts));
        prop_assert!(super::words::UPDATE_STATES.contains(&state), "{state}");
        prop_assert!(super::words::RECOMMENDED_ACTIONS.contains(&action), "{action}");
        prop_assert!(state != "up to date" || action.is_empty());
    }

    #[test]
    fn progress_counts_within_its_total(
        states in proptest::collection::vec((any::<bool>(), any::<bool>(), 0_i64..4, 0_usize..5), 0..6), operation in 0_usize..4,
    ) {
        let details = ["", "updating", "rebooting", "restoring", "evacuating"];
        let operations = ["applying updates", "applying updates with reboot", "restarting servers", "rolling reboot"];
        let members: Vec<Json> = states.iter().enumerate().map(|(index, (update, reboot, maintenance, detail))| json!({
            "name": format!("s{index}"), "cluster": "c", "status": "ready", "status_detail": details[*detail],
            "needs_update": update, "needs_reboot": reboot, "in_maintenance": maintenance,
        })).collect();
        let pending: Vec<String> = (0..members.len()).filter(|index| states[*index].1).map(|index| format!("s{index}")).collect();
        let text = progress::progress(&json!({ "in_progress": operations[operation], "pending_reboot": pending }), &members);
        if let Some((step, total)) = text.trim_start_matches('[').split_once(']').and_then(|(counts, _)| counts.split_once('/')) {
            let (step, total): (usize, usize) = (step.trim().parse().expect("a step"), total.parse().expect("a total"));
            prop_assert!((1..=total).contains(&step), "{text}");
            prop_assert_eq!(total % members.len(), 0);
        } else {
            prop_assert_eq!(text, "");
        }
    }
}

#[test]
fn defaults_are_added_once() {
    let once = preseed::with_defaults(&json!({ "networks": [{ "name": "meshbr0" }, { "name": "own" }] }));
    assert_eq!(preseed::with_defaults(&once), once);
    let names: Vec<&str> = super::items(&once, "networks").iter().map(servers::name).collect();
    assert_eq!(names, ["own", "incusbr0"]);
    let given = json!({ "storage_pools": [{ "name": "local", "driver": "btrfs", "config": { "source": "/dev/x" } }],
        "profiles": [{ "name": "default", "devices": { "root": { "pool": "fast" } } }] });
    let filled = preseed::with_defaults(&given);
    assert_eq!(filled["storage_pools"][0]["config"]["source"], json!("/dev/x"));
    assert_eq!(filled["storage_pools"][0]["driver"], json!("btrfs"));
    assert_eq!(filled["profiles"][0]["devices"]["root"], json!({ "pool": "fast" }));
    assert_eq!(filled["profiles"][1]["project"], json!("internal"));
}

#[test]
fn members_are_compared_one_thing_after_the_other() {
    let mut members = [server("a", &[1, 2]), server("b", &[2, 1]), server("c", &[3])];
    members[1]["version_data"] = json!({ "os": { "version": "2" } });
    members[2]["services"]["nvme"] = json!({ "enabled": true });
    members[2]["services"]["iscsi"]["config"] = json!({ "enabled": true });
    let found = consistency::check(&members);
    let told: Vec<(&str, &str)> = found
        .differences
        .iter()
        .map(|one| (one.server.as_str(), one.reason.split(" mismatch").next().unwrap_or("")))
        .collect();
    // The order of tags, and whether an empty list is written, mean nothing.
    assert_eq!(
        told,
        [
            ("b", "OS version"),
            ("c", "Network interface and bond names and vlans configuration"),
            ("c", "NVME configuration"),
        ]
    );
    assert_eq!(consistency::check(&[json!({ "name": "alone" })]), consistency::Consistency::default());
}

#[test]
fn what_has_been_sent_is_taken_back_where_a_member_refuses() {
    let target = |port: u16| json!({ "target": "t", "address": "a", "port": port });
    let mut members = ["a", "b", "c"].map(|name| server(name, &[]));
    for member in &mut members {
        member["services"]["iscsi"]["config"]["targets"] = json!([target(1), target(2), target(3)]);
    }
    let plan = planned("remove_iscsi_storage_target", target(2), &members);
    let writes = plan.writes("c");
    let told: Vec<(&str, &Json)> = writes
        .iter()
        .map(|write| (super::text(write, "server"), &write["body"]["config"]["targets"]))
        .collect();
    let (less, all) = (json!([target(1), target(3)]), json!([target(1), target(2), target(3)]));
    assert_eq!(told, [("a", &less), ("b", &less), ("c", &less), ("b", &all), ("a", &all)]);
    assert_eq!(plan.writes("a").len(), 1);
    assert_eq!(plan.writes("nobody").len(), 3);
    // Nothing takes an application off again.
    let plan = planned("add_application", json!({ "name": "debug" }), &members);
    assert_eq!(plan.writes("c").len(), 3);
}

#[test]
fn removals_tell_all_that_speaks_against_them() {
    let members =
        [json!({ "name": "a", "in_maintenance": 2 }), json!({ "name": "b" }), json!({ "name": "c" })];
    let resources = json!({
        "instances": [{ "name": "i", "server": "b" }],
        "storage_volumes": [{ "name": "data", "type": "custom", "server": "a" }, { "name": "logs", "type": "custom", "server": "a" }],
        "images": [{ "name": "one", "project_name": "p", "object": { "locations": ["a", "b"] } }, { "name": "two", "object": { "locations": ["c"] } }]
    });
    let found = removal::remove_servers("x", &members, &["a", "b", "nowhere"], &resources);
    let told: Vec<&str> = found.iter().map(|mistake| mistake.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "Cluster \"x\" does not have enough servers for server removal, current cluster size is 3, number of servers to be removed: 3",
            "Server removal failed, server \"nowhere\" is not part of the cluster \"x\"",
            "Server removal failed, server \"b\" is not in state evacuated",
            "Server removal failed, server \"a\" still has custom volumes (data)",
            "Server removal failed, server \"b\" still has instances",
            "Server removal failed, the following images are only present on the server(s) being removed (p/one)",
        ]
    );
    assert!(removal::remove_servers("x", &members, &["a"], &Json::Null).is_empty());
}

#[test]
fn what_is_shown_without_secrets_is_not_sent() {
    let mut member = server("a", &[]);
    member["os_data"]["network"]["config"]["wireguard"] = json!([{ "name": "wg0", "private_key": "secret" }]);
    let shown = servers::without_secrets(member.clone());
    assert_eq!(shown["os_data"]["network"]["config"]["wireguard"][0]["private_key"], json!("***"));
    let arguments = json!({ "interface_name": "eth0", "vlan_tags": [1] });
    let plan = planned("add_network_interface_vlan_tags", arguments.clone(), &[shown]);
    assert!(plan.changes.is_empty() && plan.mistakes[0].message.contains("without their secrets"));
    let plan = planned("add_network_interface_vlan_tags", arguments, &[member]);
    assert_eq!(plan.changes[0].body["config"]["wireguard"][0]["private_key"], json!("secret"));
}

#[test]
fn strict_requests_have_all_their_mistakes_at_once() {
    let wrong = |body: Json| -> Vec<String> {
        bulk::decode(&body).expect_err("mistakes").into_iter().map(|mistake| mistake.message).collect()
    };
    assert_eq!(wrong(json!([])), ["cannot unmarshal the request: expected an object"]);
    assert_eq!(
        wrong(json!({ "action": 1 })),
        ["Invalid action \"\"", "cannot unmarshal number 1 into a string in \"action\""]
    );
    assert_eq!(
        wrong(json!({ "action": "update_system_logging", "arguments": { "confg": {} } })),
        ["unknown key \"confg\" in the arguments of \"update_system_logging\"; did you mean `config`?"]
    );
    assert_eq!(
        wrong(json!({ "action": "add_iscsi_storage_target", "arguments": {} })),
        ["\"target\" is missing", "\"address\" is missing", "\"port\" is missing"]
    );
    assert_eq!(
        wrong(
            json!({ "action": "add_network_interface_vlan_tags", "arguments": { "interface_name": "", "vlan_tags": [0, 4095] } })
        ),
        [
            "\"interface_name\" can not be empty",
            "0 is not in the range of \"vlan_tags\", 1 to 4094",
            "4095 is not in the range of \"vlan_tags\", 1 to 4094",
        ]
    );
}
