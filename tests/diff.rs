//! `invq diff`: what changes from one inventory to another.

use crate::support::{file, invq};

const OLD: &str = r#"{ "machines": { "jon": { "tags": ["backup"] }, "sara": {}, "gone": {} },
  "instances": { "borg": { "module": { "input": "self" }, "roles": { "client": { "tags": ["backup"] } } } },
  "meta": { "name": "x" } }"#;

const NEW: &str = r#"{ "machines": { "jon": { "tags": ["web"], "description": "the laptop" }, "sara": {}, "come": {} },
  "instances": { "borg": { "module": { "input": "self" }, "roles": { "client": { "machines": { "sara": {} } } } } },
  "meta": { "name": "x" } }"#;

fn diff(more: &[&str]) -> (String, i32) {
    let old = file("diff", "old.json", OLD).to_string_lossy().into_owned();
    let new = file("diff", "new.json", NEW).to_string_lossy().into_owned();
    let mut arguments = vec!["--allow", "unknown-tag", "--allow", "check-failed", "diff", &old, &new];
    arguments.extend(more);
    let outcome = invq(&arguments).run();
    (format!("{}{}", outcome.stdout, outcome.stderr), outcome.status)
}

#[test]
fn machines_properties_and_roles_are_compared() {
    insta::assert_snapshot!(diff(&[]).0);
    assert_eq!(diff(&[]).1, 1);
}

#[test]
fn the_difference_is_data_too() {
    let data: serde_json::Value = serde_json::from_str(&diff(&["--json"]).0).expect("one JSON object");
    assert_eq!(data["added"], serde_json::json!([{ "machine": "default/come", "gained": [] }]));
    assert_eq!(data["changed"][1]["gained"], serde_json::json!(["borg client"]));
}

#[test]
fn equal_inventories_differ_in_nothing() {
    let old = file("diff-equal", "old.json", OLD).to_string_lossy().into_owned();
    let outcome = invq(&["diff", &old, &old]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
}

/// What changes of the demo inventory, and the status.
fn ahead(with: &str) -> String {
    let outcome = invq(&["--demo", "diff", "--with", with]).run();
    format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status)
}

#[test]
fn changes_can_be_looked_ahead_to() {
    insta::assert_snapshot!(ahead("[ (addTag \"sara\" \"web\") (removeTag \"sara\" \"backup\") ]"));
    let max = "addMachine \"lab/max\" { system = \"x86_64-linux\"; tags = [ \"backup\" ]; }";
    insta::assert_snapshot!(ahead(max));
    insta::assert_snapshot!(ahead(
        "map (m: removeMachine m.name) (filter (m: m.cluster == \"edge\") machines)"
    ));
    insta::assert_snapshot!(ahead("addTag \"jon\" \"backup\""));
    insta::assert_snapshot!(ahead("[ ]"));
}

#[test]
fn changes_that_cannot_be_made_are_refused() {
    insta::assert_snapshot!(ahead("addTag \"srah\" \"web\""));
    insta::assert_snapshot!(ahead("[ (removeTag \"sara\" \"web\") (addMachine \"max\" { }) ]"));
    insta::assert_snapshot!(ahead("addToRole \"borgbackup\" \"client\" \"web2\""));
    insta::assert_snapshot!(ahead("addMachine \"lab/jon\" { }"));
    insta::assert_snapshot!(ahead("1"));
    insta::assert_snapshot!(ahead("setValue [ ] 1"));
    insta::assert_snapshot!(ahead("removeValue [ \"domain\" \"nothing\" ]"));
}

#[test]
fn two_inventories_and_a_change_are_too_many() {
    assert_eq!(invq(&["diff", "a.json", "b.json", "--with", "[ ]"]).run().status, 2);
    assert_eq!(invq(&["diff", "a.json"]).run().status, 2);
}

const WRITTEN: &str = r#"{ "inventory": { "meta": { "name": "harbour" },
  "machines": { "jon": { "tags": ["backup"], "description": "laptop" }, "sara": {} },
  "instances": { "borg": { "module": { "input": "self" }, "roles": { "client": {
    "tags": { "backup": {} }, "settings": { "every": "night", "keep": { "daily": 7 } } } } } },
  "services": { "importer": { "all": { "roles": { "default": { "machines": ["jon"] } } } } } } }"#;

const KEPT: &str = r#"{ "machines": { "sara": { "tags": ["found"] } },
  "instances": { "borg": { "roles": { "client": { "machines": { "sara": {} } } } } } }"#;

/// What changes of a Clan, of one file or with the one that tools keep beside it.
fn clan(kept: bool, with: &str) -> String {
    let name = if kept { "clan-kept" } else { "clan-alone" };
    let path = file(name, "clan.json", WRITTEN);
    if kept {
        file(name, "inventory.json", KEPT);
    }
    let folder = path.parent().expect("a folder");
    let mut arguments = vec!["-i", "clan.json"];
    if kept {
        arguments.extend(["-i", "inventory.json"]);
    }
    arguments.extend(["diff", "--with", with]);
    let outcome = invq(&arguments).within(folder).run();
    format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status)
}

#[test]
fn a_clans_roles_and_settings_change() {
    insta::assert_snapshot!(clan(false, "addToRole \"borg\" \"client\" \"sara\""));
    insta::assert_snapshot!(clan(false, "addToRole \"importer-all\" \"default\" \"sara\""));
    insta::assert_snapshot!(clan(false, "setSetting \"borg\" \"client\" [ \"keep\" \"daily\" ] 14"));
    insta::assert_snapshot!(clan(false, "[ (addTag \"sara\" \"backup\") (removeTag \"sara\" \"backup\") ]"));
    insta::assert_snapshot!(clan(false, "removeMachine \"jon\""));
}

#[test]
fn what_people_write_is_not_for_tools_to_change() {
    let changed = clan(true, "[ (addTag \"jon\" \"web\") (removeFromRole \"borg\" \"client\" \"sara\") ]");
    insta::assert_snapshot!(changed);
    for with in [
        "removeTag \"jon\" \"backup\"",
        "setValue [ \"machines\" \"jon\" \"description\" ] \"server\"",
        "removeMachine \"jon\"",
        "setSetting \"borg\" \"client\" [ \"every\" ] \"noon\"",
        "setValue [ \"machines\" \"sara\" \"tags\" ] \"found\"",
        "setValue [ \"machines\" \"jon\" \"tags\" ] [ \"web\" ]",
        "setValue [ \"machines\" \"jon\" \"tags\" ] [ \"backup\" \"web\" \"web\" ]",
        "[ (setValue [ \"machines\" \"max\" \"tags\" ] [ ]) (removeValue [ \"machines\" \"max\" ]) ]",
    ] {
        let told = clan(true, with);
        assert!(told.contains("[read-only]") && told.ends_with("status 3"), "{with}: {told}");
    }
    insta::assert_snapshot!(clan(true, "removeTag \"jon\" \"backup\""));
    insta::assert_snapshot!(clan(true, "setValue [ \"machines\" \"jon\" \"tags\" ] [ \"web\" ]"));
}

#[test]
fn an_instance_may_become_one_of_another_service() {
    let changed = clan(false, "setValue [ \"instances\" \"borg\" \"module\" \"name\" ] \"restic\"");
    insta::assert_snapshot!(changed);
}

/// A cluster whose services are a case each of what may break.
const CLUSTER: &str = "\
domain:
  suffix: lan
  clusters:
    east:
      machines:
        crane: { system: x86_64-linux, tags: [heavy] }
        tug: { system: x86_64-linux, tags: [heavy, afloat] }
      services:
        dns: { selectors: ['tag \"heavy\"'], roles: { main: ['hostname \"crane\"'] }, definition: '{ ... }: { dns = true; }' }
        web: { selectors: ['hostname \"tug\"'], definition: '{ ... }: { web = true; }' }
";

#[test]
fn a_change_that_breaks_a_role_is_compared_all_the_same() {
    let old = file("diff-broken", "old.yaml", CLUSTER).to_string_lossy().into_owned();
    let newer = CLUSTER.replace("\"crane\"", "\"crain\"").replace(", afloat", "");
    let new = file("diff-broken", "new.yaml", &newer).to_string_lossy().into_owned();
    let told = |arguments: &[&str]| {
        let outcome = invq(&[&["diff", "--error-format", "short"], arguments].concat()).run();
        let mistakes = outcome.stderr.replace(&new, "new.yaml").replace(&old, "old.yaml");
        format!("{}{mistakes}status {}", outcome.stdout, outcome.status)
    };
    insta::assert_snapshot!(told(&[&old, &new]), @r#"
    ~ east/tug
        tags: -afloat
    new.yaml:9:70: error[unknown-machine]: no machine is called `crain`
    status 1
    "#);
    insta::assert_snapshot!(told(&[&old, "--with", "removeMachine \"crane\""]), @r#"
    - east/crane
    old.yaml:9:70: error[unknown-machine]: no machine is called `crane`
    status 1
    "#);
    // What is not known in both may differ.
    insta::assert_snapshot!(told(&[&new, &new]), @r#"
    new.yaml:9:70: error[unknown-machine]: no machine is called `crain`
    status 4
    "#);
}

#[test]
fn a_machine_with_a_mistake_is_compared_all_the_same() {
    let path = file("diff-broken", "inventory.yaml", crate::why::BROKEN);
    let arguments =
        ["diff", "-i", "inventory.yaml", "--with", "[ (addTag \"web.1\" \"new\") (addTag \"tug\" \"new\") ]"];
    let outcome = invq(&arguments).within(path.parent().unwrap_or(&path)).run();
    insta::assert_snapshot!(ahead("setValue [ \"domain\" \"suffix\" ] \"other.example\""));
    assert_eq!(outcome.stdout, "~ c/tug\n    tags: +new\n~ c/web.1\n    tags: +new\n");
    assert_eq!(outcome.status, 1);
}
