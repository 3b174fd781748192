//! The command line: flags, exit statuses, streams.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{file, folder, invq, outcome};

/// Two machines without clusters, in Clan's own form.
const TWO: &str =
    r#"{ "machines": { "jon": { "tags": ["backup"] }, "sara": { "tags": [] } }, "instances": {} }"#;

/// One machine, and an instance that names another.
const ONE_WITH_MISTAKE: &str = r#"{
  "meta": { "name": "one" },
  "machines": { "jon": {} },
  "instances": { "b": { "module": { "name": "borgbackup" }, "roles": { "client": { "machines": { "jno": {} } } } } }
}"#;

#[track_caller]
fn answers(arguments: &[&str], stdout: &str) {
    let outcome = invq(arguments).run();
    assert_eq!(
        (outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()),
        (0, stdout, ""),
        "{arguments:?}"
    );
}

#[track_caller]
fn fails(arguments: &[&str], status: i32, code: &str) {
    let outcome = invq(arguments).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (status, ""), "{arguments:?}\n{}", outcome.stderr);
    assert!(outcome.stderr.contains(code), "{arguments:?}\n{}", outcome.stderr);
}

#[test]
fn sets_of_builtins_are_listed_and_words_are_searched() {
    for (name, expected) in [
        ("lib.strings", "hasPrefix"),
        ("lib.lists.*", "imap0"),
        ("lib", "sets: lib."),
        ("cidr", "cidrContains"),
        ("splitstring", "splitStringBy"),
        ("separator", "splitString"),
    ] {
        let outcome = invq(&["doc", name]).run();
        assert!(outcome.status == 0 && outcome.stdout.contains(expected), "{name}: {outcome:?}");
    }
    fails(&["doc", "lenght"], 2, "did you mean `length`?");
    fails(&["doc", "unknown-tag"], 2, "invq explain unknown-tag");
    fails(&["doc", "lib.nosuch"], 2, "nothing is called `lib.nosuch`");
}

#[test]
fn a_filter_writes_names() {
    answers(&["--demo", "hostname \"jon\""], "jon\n");
    answers(&["--demo", "-n", "hostname \"jon\""], "jon");
    answers(&["--demo", "-0", "hostname \"jon\""], "jon\0");
    answers(&["--demo", "-o", "names", "hostname \"jon\""], "jon\n");
    answers(&["--demo", "none"], "");
}

#[test]
fn values_are_written_as_json() {
    answers(&["1"], "1\n");
    answers(&["[ 1 ]"], "[\n  1\n]\n");
    answers(&["-c", "[ 1 ]"], "[1]\n");
    answers(&["\"a\""], "a\n");
    answers(&["-o", "json", "\"a\""], "\"a\"\n");
    answers(&["-r", "-o", "json", "\"a\""], "a\n");
}

#[test]
fn an_answer_that_is_empty_can_be_asked_for() {
    for empty in ["false", "null", "[ ]"] {
        assert_eq!(invq(&["-e", empty]).run().status, 1, "{empty}");
        assert_eq!(invq(&["-q", empty]).run().status, 1, "{empty}");
        assert_eq!(invq(&[empty]).run().status, 0, "{empty}");
    }
    assert_eq!(invq(&["--demo", "-q", "none"]).run().status, 1);
    let found = invq(&["--demo", "-q", "hostname \"jon\""]).run();
    assert_eq!((found.status, found.stdout.as_str()), (0, ""));
}

#[test]
fn wrong_usage_is_status_2() {
    fails(&["--no-such-option"], 2, "--no-such-option");
    fails(&["tag", "web"], 2, "invq 'tag web'");
    fails(&["-o", "csv", "1"], 2, "unsuitable-format");
    fails(&["--allow", "unknown-tga", "1"], 2, "unknown-tag");
    fails(&["--argjson", "x", "{", "1"], 2, "not JSON");
    fails(&["--limit-memory", "much", "1"], 2, "500M");
    fails(&["-i", "no-such-file.json", "1"], 2, "no-such-file.json");
    fails(&["-f", "no-such-file.invq"], 2, "no-such-file.invq");
    fails(&["explain", "unkown-tag"], 2, "unknown-tag");
    fails(&["doc", "mpa"], 2, "map");
    fails(&["--arg", "who", "a", "--argjson", "who", "1", "who"], 2, "`who` is given twice");
}

#[test]
fn a_misspelt_command_is_recognized() {
    fails(&["chek", "inventory.yaml"], 2, "did you mean the command `invq check`?");
    fails(&["chek"], 3, "did you mean the command `invq check`?");
}

#[test]
fn mistakes_in_the_query_are_status_3() {
    fails(&["[ 1"], 3, "[syntax]");
    fails(&["--demo", "tag \"bakcup\""], 3, "[unknown-tag]");
}

#[test]
fn an_inventory_that_cannot_be_read_is_status_4() {
    let path = file("unreadable", "inventory.json", "{ \"machines\": ");
    fails(&["-i", &path.to_string_lossy(), "1"], 4, "invalid-document");
}

#[test]
fn a_limit_is_status_5() {
    fails(&["--limit-steps", "1000", "let f = x: f (x + 1); in f 0"], 5, "limit-reached");
}

#[test]
fn a_query_of_an_inventory_needs_one() {
    for query in ["machines", "hostname \"jon\"", "all"] {
        fails(&[query], 2, "no inventory");
        fails(&[query], 2, "--demo");
    }
}

#[test]
fn an_expression_called_like_a_command_goes_behind_dashes() {
    fails(&["--", "check"], 3, "[unknown-name]");
    fails(&["lenght"], 3, "length");
}

#[test]
fn the_expression_comes_from_standard_input() {
    let outcome = invq(&[]).input("1\n").run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "1\n"), "{}", outcome.stderr);
}

#[test]
fn the_inventory_comes_from_standard_input() {
    let outcome = invq(&["-i", "-", "all"]).input(TWO).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "jon\nsara\n"), "{}", outcome.stderr);
}

#[test]
fn standard_input_is_not_both() {
    let outcome = invq(&["-i", "-"]).input(TWO).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("must be an argument"), "{}", outcome.stderr);
}

#[test]
fn the_environment_names_an_inventory() {
    let path = file("environment", "fleet.json", TWO);
    let outcome = invq(&["all"]).env("INVQ_INVENTORY", path).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "jon\nsara\n"), "{}", outcome.stderr);
}

#[test]
fn the_nearest_inventory_upwards_is_found() {
    file("upwards", "inventory.json", TWO);
    let below = folder("upwards/a/b");
    let outcome = invq(&["all"]).within(&below).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "jon\nsara\n"), "{}", outcome.stderr);
}

#[test]
fn a_folder_is_read_as_a_clan_keeps_it() {
    let clan = folder("clan");
    folder("clan/machines/attic");
    let text = "{ meta.name = \"x\"; inventory.machines.jon.tags = [ \"a\" ]; }";
    file("clan", "clan.nix", text);
    file("clan", "inventory.json", r#"{ "machines": { "jon": { "tags": ["b"] }, "sara": {} } }"#);
    let clan = clan.to_string_lossy();
    answers(&["-i", &clan, "all"], "attic\njon\nsara\n");
    answers(
        &["-i", &clan, "-c", "concatMap (m: m.tags) (filter (m: m.name == \"jon\") machines)"],
        "a\nb\nall\nnixos\n",
    );
    let empty = folder("empty");
    fails(&["-i", &empty.to_string_lossy(), "all"], 2, "io");
}

#[test]
fn a_name_that_a_clan_does_not_give_is_missed_where_it_is_asked_for() {
    let nameless = file("nameless", "inventory.json", r#"{ "inventory": { "machines": { "jon": {} } } }"#);
    let nameless = nameless.to_string_lossy();
    let outcome = invq(&["-i", &nameless, "all"]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "jon\n", ""));
    fails(&["-i", &nameless, "meta"], 4, "missing-option");
}

#[test]
fn several_inventories_are_one() {
    let lab = file(
        "several",
        "lab.json",
        r#"{ "domain": { "suffix": "lan", "clusters": { "lab": { "machines": { "jon": { "system": "x86_64-linux" } } } } } }"#,
    );
    let prod = file(
        "several",
        "prod.yaml",
        "domain:\n  clusters:\n    prod:\n      machines:\n        web: { system: aarch64-linux }\n",
    );
    let twice =
        file("several", "twice.toml", "[domain.clusters.lab.machines.jon]\nsystem = \"riscv64-linux\"\n");
    let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let (lab, prod, twice) = (path(&lab), path(&prod), path(&twice));
    answers(&["-i", &lab, "-i", &prod, "-o", "fqdn", "all"], "jon.lab.lan\nweb.prod.lan\n");
    let outcome = invq(&["check", &lab]).run();
    assert_eq!(outcome.status, 0, "{}", outcome.stdout);
    let outcome = invq(&["-i", &lab, "-i", &twice, "--strict", "all"]).run();
    assert_eq!(outcome.status, 4, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("lab.json") && outcome.stderr.contains("twice.toml"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn expression_files_import_and_documents_include_others() {
    file("imports", "tags.invq", "{ web = [ \"web\" ]; }");
    file("imports", "more.yaml", "filters:\n  fronts: tag \"web\"\n");
    let text = "let tags = import ./tags.invq; in { include = [ \"more.yaml\" ]; domain.suffix = \"lan\";\n  domain.clusters.c.machines.m = { system = \"x86_64-linux\"; tags = tags.web; }; }";
    let path = file("imports", "inventory.invq", text);
    answers(&["-i", &path.to_string_lossy(), "fronts"], "m\n");
    let out = file("imports", "out.invq", "import ../../secret.invq");
    fails(&["-i", &out.to_string_lossy(), "all"], 4, "io");
}

#[test]
fn a_file_has_arguments_of_its_own() {
    let path = file("script", "args.invq", "#!/usr/bin/env -S invq -f\nargs\n");
    answers(&["-f", &path.to_string_lossy(), "check", "b"], "check\nb\n");
    answers(&["-0", "-f", &path.to_string_lossy(), "--", "-x"], "-x\0");
}

#[test]
fn names_from_the_command_line_have_types() {
    answers(&["--arg", "x", "1", "x"], "1\n");
    answers(&["--arg", "x", "1", "-o", "json", "x"], "\"1\"\n");
    answers(&["--argjson", "x", "[1, 2]", "-c", "x"], "[1,2]\n");
    answers(&["--argjson", "x", "[{\"a\":1}]", "x"], "{\"a\":1}\n");
}

#[test]
fn wrong_usage_can_be_short_or_json() {
    let short = invq(&["--error-format=short", "--dmo", "1"]).run();
    assert_eq!(short.stderr, "error[usage]: unexpected argument '--dmo' found\n");
    let line = invq(&["--dmo", "--error-format", "json", "1"]).run().stderr;
    let read: Value = serde_json::from_str(&line).expect("one line is one object");
    assert_eq!(
        (&read["code"], &read["help"]),
        (&json!("usage"), &json!("a similar argument exists: '--demo'"))
    );
}

#[test]
fn a_description_is_of_what_a_bare_name_means() {
    for (name, first) in [("machines", "machines : [Machine]"), ("services", "services : { _ : Service }")] {
        assert_eq!(invq(&["doc", name]).run().stdout.lines().next(), Some(first));
    }
    fails(&["doc", "userz"], 2, "nothing is called `userz`");
    assert_eq!(invq(&["doc", "clusterlib.get.machines"]).run().status, 0);
}

#[test]
fn mistakes_can_be_short_or_json() {
    let short = invq(&["--demo", "--error-format", "short", "tag \"bakcup\""]).run();
    assert!(short.stderr.starts_with("<query>:1:5: error[unknown-tag]: "), "{}", short.stderr);
    assert_eq!(short.stderr.lines().count(), 1);
    let text = invq(&["--demo", "--error-format", "json", "tag \"bakcup\""]).run().stderr;
    let object: Value = serde_json::from_str(&text).expect("one JSON object");
    assert_eq!(
        (&object["code"], &object["file"], &object["line"], &object["column"], &object["end_column"]),
        (&json!("unknown-tag"), &json!("<query>"), &json!(1), &json!(5), &json!(13))
    );
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let coloured = |call: crate::support::Call| {
        let outcome = call.run();
        (outcome.stdout.contains('\u{1b}'), outcome.stderr.contains('\u{1b}'))
    };
    assert_eq!(coloured(invq(&["1"])), (false, false));
    assert_eq!(coloured(invq(&["--color", "always", "1"])), (true, false));
    assert_eq!(coloured(invq(&["--color", "always", "[ 1"])), (false, true));
    assert_eq!(coloured(invq(&["1"]).env("CLICOLOR_FORCE", "1")), (true, false));
    assert_eq!(coloured(invq(&["1"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")), (false, false));
    assert_eq!(coloured(invq(&["--color", "always", "1"]).env("NO_COLOR", "1")), (true, false));
    assert_eq!(coloured(invq(&["--color", "never", "1"]).env("CLICOLOR_FORCE", "1")), (false, false));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let numbers = format!("[{}1]", "1,".repeat(60_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_invq"))
        .args(["--argjson", "x", &numbers, "x"])
        .current_dir(folder("empty"))
        .env_remove("INVQ_INVENTORY")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    reader.read_line(&mut first).expect("a line is written");
    drop(reader);
    let mut errors = String::new();
    let mut stderr = child.stderr.take().expect("standard error is a pipe");
    stderr.read_to_string(&mut errors).expect("it is text");
    let status = child.wait().expect("the program ends");
    assert_eq!((first.as_str(), status.code(), errors.as_str()), ("[\n", Some(141), ""));
}

#[cfg(unix)]
#[test]
fn names_ended_by_nul_go_through_xargs() {
    let path = file("xargs", "inventory.json", TWO);
    let script =
        format!("'{}' -i '{}' -0 all | xargs -0 -n1 echo", env!("CARGO_BIN_EXE_invq"), path.display());
    let piped = Command::new("sh").args(["-c", &script]).output().expect("there is a shell");
    assert_eq!(outcome(&piped).stdout, "jon\nsara\n");
}

#[test]
fn texts_with_line_breaks_are_refused_where_lines_are_written() {
    let list = r#"["a\nb"]"#;
    fails(&["--argjson", "x", list, "x"], 2, "unprintable-name");
    answers(&["-0", "--argjson", "x", list, "x"], "a\nb\0");
    fails(&["-0", "--argjson", "x", r#"["a\u0000b"]"#, "x"], 2, "unprintable-name");
    answers(&["--argjson", "x", r#""a\nb""#, "x"], "a\nb\n");
}

#[test]
fn records_have_many_formats() {
    let records = r#"[{"a":1,"b":"x"},{"a":null,"b":"yes"}]"#;
    let given = ["--argjson", "x", records, "x", "-o"];
    for (format, text) in [
        ("ndjson", "{\"a\":1,\"b\":\"x\"}\n{\"a\":null,\"b\":\"yes\"}\n"),
        ("yaml", "- a: 1\n  b: x\n- a: null\n  b: \"yes\"\n"),
        ("csv", "a,b\n1,x\n,yes\n"),
        ("tsv", "a\tb\n1\tx\n\tyes\n"),
        ("table", "a  b\n1  x\n   yes\n2 rows\n"),
    ] {
        let arguments: Vec<&str> = given.into_iter().chain([format]).collect();
        answers(&arguments, text);
    }
    answers(&["-o", "type", "1"], "Int\n");
}

#[test]
fn machines_have_many_formats() {
    let selected = ["--demo", "hostname \"jon\" || hostname \"sara\"", "-o"];
    for (format, text) in [
        ("names", "jon\nsara\n"),
        ("fqdn", "jon.lab.example.org\nsara.lab.example.org\n"),
        ("paths", "domain.clusters.lab.machines.jon\ndomain.clusters.lab.machines.sara\n"),
        ("nodeset", "jon,sara\n"),
        ("type", "Filter\n"),
    ] {
        let arguments: Vec<&str> = selected.into_iter().chain([format]).collect();
        answers(&arguments, text);
    }
    let json = invq(&["--demo", "hostname \"jon\"", "-o", "json"]).run().stdout;
    let machines: Value = serde_json::from_str(&json).expect("this is JSON");
    assert_eq!((&machines[0]["name"], &machines[0]["cluster"]), (&json!("jon"), &json!("lab")));
    let table = invq(&["--demo", "hostname \"jon\"", "-o", "table"]).run().stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("name  cluster") && lines[1].starts_with("jon   lab"), "{table}");
    assert_eq!(lines.last(), Some(&"1 machine"));
}

#[test]
fn a_mistake_inside_a_string_is_told_in_its_file() {
    let text = "domain:\n  suffix: example.org\n  clusters:\n    lab:\n      machines:\n        jon: { system: x86_64-linux }\n      services:\n        web:\n          selectors: |\n            [ (tag \"wbe\") ]\n          roles: {}\n          definition: \"{ selectors, roles, this }: { }\"\n";
    let path = file("embedded", "inventory.yaml", text);
    let outcome = invq(&["check", &path.to_string_lossy(), "--format", "short"]).run();
    assert_eq!(outcome.status, 4, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("inventory.yaml:10:20: error[unknown-tag]"), "{}", outcome.stdout);
}

#[test]
fn other_mistakes_are_counted_in_one_line() {
    let path = file("mistake", "inventory.json", ONE_WITH_MISTAKE);
    let path = path.to_string_lossy();
    let outcome = invq(&["-i", &path, "hostname \"jon\""]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "jon\n"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr, "Warning: the inventory has 1 mistake; `invq check` lists them\n");
    fails(&["-i", &path, "--strict", "hostname \"jon\""], 4, "unknown-machine");
    let allowed = invq(&["-i", &path, "--allow", "unknown-machine", "--strict", "hostname \"jon\""]).run();
    assert_eq!((allowed.status, allowed.stdout.as_str(), allowed.stderr.as_str()), (0, "jon\n", ""));
}

#[test]
fn check_lists_mistakes() {
    let path = file("checked", "inventory.json", ONE_WITH_MISTAKE);
    let path = path.to_string_lossy();
    let outcome = invq(&["check", &path]).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (4, ""));
    assert!(outcome.stdout.contains("[unknown-machine]"), "{}", outcome.stdout);
    let short = invq(&["check", &path, "--format", "short"]).run();
    assert!(short.stdout.contains("inventory.json:4:"), "{}", short.stdout);
    let json = invq(&["check", &path, "--format", "json", "--warn", "unknown-machine"]).run();
    let object: Value =
        serde_json::from_str(json.stdout.lines().next().unwrap_or_default()).expect("one JSON object");
    assert_eq!((json.status, &object["severity"]), (0, &json!("warning")));
    answers(&["check", "--demo", "--allow", "idle-machine,unused-tag"], "no mistakes\n");
}

#[test]
fn what_is_asked_about_the_program_goes_to_standard_output() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["explain"],
        &["explain", "unknown-tag"],
        &["doc"],
        &["doc", "map"],
        &["doc", "machines"],
        &["doc", "Machine"],
        &["man"],
        &["completions", "bash"],
        &["check", "--help"],
    ] {
        let outcome = invq(arguments).run();
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(!outcome.stdout.is_empty(), "{arguments:?}");
    }
    let list = invq(&["explain"]).run().stdout;
    assert_eq!(list.lines().count(), invq::diagnostic::CODES.len());
}

#[test]
fn what_functions_among_modules_say_is_written_everywhere() {
    let inventory = "\
domain:
  suffix: lan
  clusters:
    east:
      machines:
        crane:
          system: x86_64-linux
          nixosModules:
            - '{ config, ... }: { networking.fqdn = \"${config.networking.hostName}.harbour.example\"; }'
            - '{ lib, ... }: { nixpkgs.hostPlatform = \"aarch64-linux\"; networking.interfaces.eno1.ipv4.addresses = [ { address = \"10.0.0.7\"; prefixLength = 8; } ]; }'
";
    let path = file("functions", "inventory.yaml", inventory).to_string_lossy().into_owned();
    let written = |format: &str| {
        let outcome = invq(&["-i", &path, "-o", format, "all"]).run();
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.stdout
    };
    assert_eq!(written("fqdn"), "crane.harbour.example\n");
    assert_eq!(written("hosts"), "10.0.0.7\tcrane.harbour.example crane\n");
    assert!(written("table").contains("aarch64-linux"));
    assert!(written("ssh").contains("HostName 10.0.0.7"));
}

#[test]
fn what_is_not_there_or_not_read_has_an_edit() {
    let place = folder("edits-of-files");
    for (name, bytes) in [
        ("inventory.json", &b"{}"[..]),
        ("latin.yaml", b"machines:\n  a: { description: B\xfcro }\n"),
        ("wide.json", b"\xff\xfe{\0}\0"),
        ("table.csv", b"name,tags\na,b\n"),
    ] {
        std::fs::write(place.join(name), bytes).expect("the file can be written");
    }
    let help = |arguments: &[&str]| {
        let told = invq(arguments).within(&place).run().stderr;
        told.lines().find_map(|line| line.split_once("Help: ")).map(|(_, help)| help.to_owned())
    };
    for (arguments, expected) in [
        (&["-i", "inventry.json", "machines"][..], "did you mean `inventory.json`?"),
        (&["-i", "latin.yaml", "machines"], "save it as UTF-8, or `iconv -f LATIN1 -t UTF-8 latin.yaml`"),
        (
            &["-i", "wide.json", "machines"],
            "it is UTF-16: save it as UTF-8, or `iconv -f UTF-16 -t UTF-8 wide.json`",
        ),
        (
            &["-i", "table.csv", "machines"],
            "write the inventory as JSON, YAML or TOML; `--reader FILE` reads the JSON of other tools",
        ),
        (&["--demo", "help"], "write `invq --help`, or `invq COMMAND --help`"),
        (&["--demo", "help", "chek"], "write `invq check --help`"),
        (&["doc", "lib.strngs"], "did you mean `lib.strings`?"),
        (&["--demo", "m: m.name"], "write `map (m: m.name) machines` to ask the machines"),
        (
            &["--demo", "m: m.kind == \"virtual\""],
            "write `where (m: m.kind == \"virtual\")` to ask the machines",
        ),
        (&["--demo", "x: x + 1"], "call it with its arguments, or leave it out of the answer"),
    ] {
        assert_eq!(help(arguments).as_deref(), Some(expected), "{arguments:?}");
    }
}
