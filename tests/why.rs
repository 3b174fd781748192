//! `invq why` on the built-in inventory.

use crate::support::{file, invq};

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
    assert_eq!(why(&["lab/jon", "borgbackup"]), why(&["jon", "borgbackup"]));
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
    insta::assert_snapshot!(why(&["jon", "m: m.tags == [ ]"]));
    insta::assert_snapshot!(why(&["lab/jno"]));
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

/// A machine with much to say, and filters with many parts.
const LARGE: &str = r#"{ "meta": { "name": "large" }, "instances": {}, "machines": {
  "jon": { "tags": ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"], "vars": { "cpus": 4, "disk": { "size": 100 } } },
  "other": { "tags": ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9"] } } }"#;

fn why_large(filter: &str) -> String {
    let path = crate::support::file("why-large", "inventory.json", LARGE);
    invq(&["-i", &path.to_string_lossy(), "why", "jon", filter]).run().stdout
}

#[test]
fn what_is_large_is_folded_to_ten_lines() {
    let tags = |letter: char, joined: &str| {
        let tags: Vec<String> = (0..10).map(|number| format!("tag \"{letter}{number}\"")).collect();
        tags.join(joined)
    };
    let any = format!("{} || {}", tags('x', " || "), tags('t', " || "));
    insta::assert_snapshot!(why_large(&any));
    let every = format!("{} && {}", tags('t', " && "), tags('x', " && "));
    insta::assert_snapshot!(why_large(&every));
    let nested = format!("!({every}) && ({any}) && ({} || !({}))", tags('x', " || "), tags('t', " && "));
    insta::assert_snapshot!(why_large(&nested));
    for filter in [any, every, nested] {
        let lines = why_large(&filter).lines().count();
        assert!(lines <= 12, "{lines} lines");
    }
}

#[test]
fn a_predicate_is_explained_by_what_it_reads() {
    let fact = |filter: &str| why_large(filter).lines().nth(1).unwrap_or_default().trim().to_owned();
    assert_eq!(
        fact("where (m: m.vars.cpus > 2 && m.name != \"other\")"),
        "`m.vars.cpus` is 4, `m.name` is \"jon\""
    );
    assert_eq!(fact("where (m: m.vars.disk.size > 2)"), "`m.vars.disk.size` is 100");
    assert_eq!(fact("where (m: (m.vars.gpus or 0) > 2)"), "`m.vars.gpus` is missing");
    assert_eq!(fact("where (m: true)"), "the function says so");
}

#[test]
fn queries_explain_too() {
    let asked = |query: &str| {
        let outcome = invq(&["--demo", "-c", "-o", "json", query]).run();
        format!("{}{}", outcome.stdout, outcome.stderr)
    };
    insta::assert_snapshot!(asked("why \"jon\" (tag \"web\" || role \"borgbackup\" \"client\")"));
    assert_eq!(asked("(why (\"lab\" + \"/jon\") (tag \"web\")).holds"), "false\n");
    let typed = invq(&["--demo", "-o", "type", "map (m: (explain m all).parts) machines"]).run();
    assert_eq!(typed.stdout, "[[Explanation]]\n");
    let twice = r#"{ "domain": { "suffix": "a.example", "clusters": {
      "a": { "machines": { "jon": { "system": "x" } } }, "b": { "machines": { "jon": { "system": "x" } } } } } }"#;
    let path = crate::support::file("why-twice", "inventory.json", twice);
    let outcome = invq(&["-i", &path.to_string_lossy(), "why \"jon\" all"]).run();
    assert_eq!(outcome.status, 3);
    insta::assert_snapshot!(outcome.stderr);
}

/// A fleet of which one service and one machine are wrong.
pub(crate) const BROKEN: &str = "\
domain:
  suffix: ex.org
  clusters:
    c:
      machines:
        web.1: { system: x86_64-linux, tags: [web] }
        tug: { system: x86_64-linux }
      services:
        broken:
          selectors: [clusterMachines]
          roles: { a: [tag \"wbe\"] }
          definition: '{ ... }: { }'
        whole:
          selectors: [clusterMachines]
          definition: '{ ... }: { whole = true; }'
    d:
      machines:
        pilot: { system: x86_64-linux }
";

#[test]
fn a_broken_service_does_not_hide_what_else_a_machine_gets() {
    let path = file("why-broken", "inventory.yaml", BROKEN);
    let why = |machine: &str| {
        let outcome =
            invq(&["-i", "inventory.yaml", "why", machine]).within(path.parent().unwrap_or(&path)).run();
        format!("{}{}status {}", outcome.stdout, outcome.stderr, outcome.status)
    };
    insta::assert_snapshot!(why("web.1"));
    // Of another cluster's services nothing needs to be known.
    assert_eq!(why("pilot"), "pilot gets no service\nstatus 0");
}

/// A machine and a VM, one of which has everything and one nothing.
const BARE: &str = r#"{
  filters.spare = none;
  domain = { suffix = "lan"; clusters.c = {
    machines.full = { system = "x86_64-linux"; tags = [ "a" ]; vars.n = 1;
      ips.eth0 = [ "10.0.0.1" ]; cloud = "home"; };
    vms.bare = { system = "x86_64-linux"; host = "full.c"; };
    services.dns = { selectors = [ (hostname "full") ]; roles.idle = [ ]; definition = { ... }: { }; }; }; };
  clouds = { home.blocks = [ "10.0.0.0/8" ]; away.reaches = [ "home" ]; };
}"#;

#[test]
fn every_kind_of_filter_has_its_fact() {
    let filters = [
        "all",
        "none",
        "spare",
        "clusterNodes",
        "clusterMachines",
        "clusterVms",
        "vmName \"bare\"",
        "glob \"b*\"",
        "tag \"a\"",
        "optional (group \"g\")",
        "cluster \"c\"",
        "inCluster \"c\" (tag \"a\")",
        "service \"dns\"",
        "instance \"dns\"",
        "role \"dns\" \"idle\"",
        "cloud \"home\"",
        "reachableFrom \"full\"",
        "system \"x86_64-linux\"",
        "class \"nixos\"",
        "kind \"virtual\"",
        "address \"10.0.0.0/8\"",
        "matching \"^f\"",
        "nodes \"full\"",
        "path \"domain.clusters.c.machines.full\"",
        "atLeast 1 (tag \"a\")",
        "c: cfg: [ \"domain.clusters.${c}.machines.full\" ]",
        "none && where (m: m.vars.n > 0)",
        "where (m: m.vars.n or 0 > 0)",
        "!(tag \"a\")",
    ];
    let told = |machine: &str, filter: &str| {
        let outcome = invq(&["-i", "-", "why", machine, filter]).input(BARE).run();
        format!("{}{}", outcome.stdout, outcome.stderr)
    };
    let told: Vec<String> =
        filters.iter().flat_map(|filter| ["full", "bare"].map(|machine| told(machine, filter))).collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn many_parts_are_told_as_one() {
    let steps: Vec<String> =
        (1..40).map(|step| format!("f{step} = f{} || f{};", step - 1, step - 1)).collect();
    let filter = format!("let f0 = tag \"web\"; {} in f39", steps.join(" "));
    let told = why(&["jon", &filter, "--json"]);
    assert!(told.contains("its parts are too many to be told"), "{}", told.get(..2000).unwrap_or(&told));
}
