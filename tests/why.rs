//! `invq why` on the built-in inventory.

use crate::support::invq;

fn why(arguments: &[&str]) -> String {
    let mut all = vec!["--demo", "why"];
    all.extend(arguments);
    let outcome = invq(&all).run();
    format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status)
}

#[test]
fn a_machine_gets_services_through_selectors() {
    insta::assert_snapshot!(why(&["jon"]));
    insta::assert_snapshot!(why(&["oslo"]));
    insta::assert_snapshot!(why(&["sandbox"]));
}

#[test]
fn a_service_is_on_a_machine_or_not() {
    insta::assert_snapshot!(why(&["jon", "borgbackup"]));
    insta::assert_snapshot!(why(&["sandbox", "borgbackup"]));
    insta::assert_snapshot!(why(&["jon", "web"]));
}

#[test]
fn a_filter_holds_or_not() {
    insta::assert_snapshot!(why(&["jon", "tag \"web\" && !cluster \"lab\""]));
    let nested = "(tag \"web\" || tag \"db\") && !(hostname \"web2\") && filters.frontends";
    insta::assert_snapshot!(why(&["web1", nested]));
    let facts = "address \"192.168.10.0/28\" && system \"aarch64-linux\" && service \"dns\"";
    insta::assert_snapshot!(why(&["jon", facts]));
    let lenient = "optional (hostname \"nobody\") || role \"postgres\" \"primary\"";
    insta::assert_snapshot!(why(&["db1", lenient]));
    insta::assert_snapshot!(why(&["db1", "where (m: (m.vars.cpus or 0) > 16)"]));
}

#[test]
fn mistakes_are_those_of_queries() {
    insta::assert_snapshot!(why(&["jonn"]));
    insta::assert_snapshot!(why(&["jon", "tag \"bakcup\""]));
    insta::assert_snapshot!(why(&["jon", "1 + 1"]));
}

#[test]
fn a_word_that_names_nothing_may_be_a_misspelt_service() {
    let told = why(&["jon", "borgbakup"]);
    assert!(
        told.contains("[unknown-name] Error: no service, instance or filter is called `borgbakup`"),
        "{told}"
    );
    assert!(told.contains("did you mean `borgbackup`?"), "{told}");
    assert_eq!(told.matches("Error").count(), 1, "{told}");
}

#[test]
fn the_answer_is_a_status_and_data_too() {
    assert_eq!(invq(&["--demo", "-e", "why", "jon", "tag \"web\""]).run().status, 1);
    assert_eq!(invq(&["--demo", "-e", "why", "jon", "tag \"backup\""]).run().status, 0);
    let text = invq(&["--demo", "why", "jon", "tag \"backup\"", "--json"]).run().stdout;
    let data: serde_json::Value = serde_json::from_str(&text).expect("one JSON object");
    assert_eq!(data["matches"], true);
    assert_eq!(data["explanation"]["fact"], "it carries `backup` and `desktop`");
}
