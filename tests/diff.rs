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
    assert_eq!(data["added"], serde_json::json!(["default/come"]));
    assert_eq!(data["changed"][1]["gained"], serde_json::json!(["borg client"]));
}

#[test]
fn equal_inventories_differ_in_nothing() {
    let old = file("diff-equal", "old.json", OLD).to_string_lossy().into_owned();
    let outcome = invq(&["diff", &old, &old]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
}
