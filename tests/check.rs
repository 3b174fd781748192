//! `invq check`: checks of invq's own, severities, places inside of strings, and SARIF.

use serde_json::{Value, json};

use crate::support::{file, invq};

/// An inventory with one of everything that is hardly meant.
const HARDLY_MEANT: &str = "\
domain:
  suffix: harbour.example
  clusters:
    east:
      machines:
        crane: { system: x86_64-linux, ips: { eno1: [10.0.0.1, \"2001:db8:0:0::7\"] }, tags: [heavy] }
        tug: { system: x86_64-linux, ips: { eno1: [10.0.0.1] } }
        buoy: { system: x86_64-linux }
      services:
        dns:
          selectors: ['hostname \"crane\" || hostname \"tug\"']
          roles: { primary: ['hostname \"crane\"'], spare: ['glob \"spare*\"'] }
          definition: '{ selectors, roles, this }: { }'
        radio:
          selectors: ['glob \"mast*\"']
          definition: '{ selectors, roles, this }: { }'
    west:
      machines:
        crane: { system: x86_64-linux, ips: { eno1: [10.0.0.1, \"2001:db8::7\"] } }
filters:
  cranes: 'hostname \"crane\"'
";

#[test]
fn what_is_hardly_meant_is_told() {
    let path = file("hardly-meant", "inventory.yaml", HARDLY_MEANT);
    let outcome = invq(&["check", "inventory.yaml"]).within(path.parent().expect("a folder")).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn what_is_meant_is_not_told() {
    let meant = "\
inventory:
  meta: { name: harbour }
  machines:
    crane: { tags: [heavy, found], ips: { lo: [127.0.0.1, \"::1\"], eno1: [\"fe80::1\"] } }
    tug: { tags: [heavy], ips: { lo: [127.0.0.1, \"::1\"], eno1: [\"fe80::1\"] } }
  instances:
    radio:
      roles:
        sender: { tags: [heavy] }
        watch: { select: filters.watched }
        relay: { select: 'where (m: elem \"found\" m.tags)' }
filters:
  watched: 'hostname \"tug\"'
";
    let path = file("meant", "inventory.yaml", meant);
    let outcome = invq(&["check", &path.to_string_lossy()]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "no mistakes\n"));
    // Without services tags and filters are for queries.
    let list = "{ \"machines\": { \"tug\": { \"tags\": [\"heavy\"] } }, \"instances\": {}, \"meta\": { \"name\": \"a\" } }";
    let path = file("meant", "list.json", list);
    let outcome = invq(&["check", &path.to_string_lossy()]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "no mistakes\n"));
}

#[test]
fn severities_are_the_users() {
    let path = file("severities", "inventory.yaml", HARDLY_MEANT).to_string_lossy().into_owned();
    let status = |arguments: &[&str]| invq(&[&["check", &path], arguments].concat()).run().status;
    assert_eq!(status(&[]), 0);
    assert_eq!(status(&["--strict"]), 4);
    assert_eq!(status(&["--deny", "unused-filter"]), 4);
    let warnings = "duplicate-host-name,duplicate-address,empty-role,idle-service";
    assert_eq!(status(&["--strict", "--allow", warnings]), 0);
    let told =
        |arguments: &[&str]| invq(&[&["check", &path, "--format", "short"], arguments].concat()).run().stdout;
    assert!(told(&[]).contains("hint[unused-filter]"));
    assert!(told(&["--warn", "unused-filter"]).contains("warning[unused-filter]"));
    assert!(!told(&["--allow", "unused-filter"]).contains("unused-filter"));
}

#[test]
fn queries_see_what_is_more_than_a_hint() {
    let path = file("seen", "inventory.yaml", HARDLY_MEANT).to_string_lossy().into_owned();
    let asked = |arguments: &[&str]| {
        let query = "map (c: { inherit (c) id severity; line = (c.source.line or 0); }) checks";
        let outcome = invq(&[&["-i", &path, "-o", "json", "-c"], arguments, &[query]].concat()).run();
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        serde_json::from_str::<Value>(&outcome.stdout).expect("an answer")
    };
    let ids = |answer: &Value| -> Vec<String> {
        answer
            .as_array()
            .into_iter()
            .flatten()
            .map(|check| check["id"].as_str().unwrap_or("").into())
            .collect()
    };
    let usual = asked(&[]);
    assert_eq!(usual[0], json!({ "id": "duplicate-host-name-crane", "severity": "warning", "line": 6 }));
    let expected = [
        "duplicate-host-name-crane",
        "duplicate-address-10.0.0.1",
        "duplicate-address-2001:db8::7",
        "empty-role-dns-spare",
        "idle-service-radio",
    ];
    assert_eq!(ids(&usual), expected);
    assert_eq!(ids(&asked(&["--warn", "unused-tag"])).last().map(String::as_str), Some("unused-tag-tags"));
    assert_eq!(ids(&asked(&["--allow", "duplicate-host-name,duplicate-address"])), expected[3..]);
}

/// A way to write a text into a document: its name, what stands before it, how its lines are written,
/// and what stands behind it.
struct Style {
    name: &'static str,
    before: &'static str,
    written: fn(&str) -> String,
    after: &'static str,
}

fn escaped(text: &str) -> String {
    json!(text).to_string()
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n      ")
}

const STYLES: [Style; 13] = [
    Style { name: "a.json", before: "{ \"é\": ", written: escaped, after: "" },
    Style {
        name: "unicode.json",
        before: "{ \"é\": ",
        written: |text| escaped(text).replace("t", "\\u0074").replace("\\n", "\\u000a"),
        after: "",
    },
    Style { name: "plain.yaml", before: "", written: indented, after: "" },
    Style {
        name: "single.yaml",
        before: "'",
        written: |text| indented(&text.replace('\'', "''")),
        after: "'",
    },
    Style { name: "double.yaml", before: "", written: escaped, after: "" },
    Style {
        name: "double-broken.yaml",
        before: "\"",
        written: |text| text.replace('"', "\\\"").replace('\n', "\n\n      "),
        after: "\"",
    },
    Style { name: "literal.yaml", before: "|\n      ", written: indented, after: "" },
    Style { name: "stripped.yaml", before: "|-\n      ", written: indented, after: "" },
    Style { name: "folded.yaml", before: ">\n      ", written: indented, after: "" },
    Style { name: "basic.toml", before: "", written: escaped, after: "" },
    Style { name: "literal.toml", before: "'", written: |text| text.replace('\n', " "), after: "'" },
    Style {
        name: "lines.toml",
        before: "\"\"\"\n",
        written: |text| text.replace('"', "\\\""),
        after: "\"\"\"",
    },
    Style { name: "lines-literal.toml", before: "'''\n", written: str::to_owned, after: "'''" },
];

impl Style {
    /// A document of one cluster and one service, in which an expression is written in this style.
    fn document(&self, key: &str, expression: &str) -> String {
        let text = format!("{}{}{}", self.before, (self.written)(expression), self.after);
        let text = text.trim_start_matches("{ \"é\": ");
        let (selectors, definition) = match key {
            "selectors" => (text, None),
            _ => ("", Some(text)),
        };
        if self.name.ends_with(".json") {
            let selectors = if selectors.is_empty() { "\"all\"" } else { selectors };
            let definition = definition.map_or(String::new(), |text| format!(", \"definition\": {text}"));
            return format!(
                "{{ \"domain\": {{ \"suffix\": \"a.example\", \"clusters\": {{ \"c\": {{\n\
                 \"machines\": {{ \"tug\": {{ \"system\": \"x86_64-linux\" }} }},\n\
                 \"services\": {{ \"dns\": {{ \"selectors\": [{selectors}], \"roles\": {{}}{definition} }} }}\n}} }} }} }}"
            );
        }
        if self.name.ends_with(".toml") {
            let selectors = if selectors.is_empty() { "\"all\"" } else { selectors };
            let definition = definition.map_or(String::new(), |text| format!("definition = {text}\n"));
            return format!(
                "[domain]\nsuffix = \"a.example\"\n[domain.clusters.c.machines.tug]\nsystem = \"x86_64-linux\"\n\
                 [domain.clusters.c.services.dns]\nroles = {{}}\nselectors = [{selectors}]\n{definition}"
            );
        }
        let selectors = if selectors.is_empty() { "all" } else { selectors };
        let definition = definition.map_or(String::new(), |text| format!("    definition: {text}\n"));
        format!(
            "domain:\n suffix: a.example\n clusters:\n  c:\n   machines: {{ tug: {{ system: x86_64-linux }} }}\n   \
             services:\n   dns: &é\n    roles: {{}}\n    selectors:\n    - {selectors}\n{definition}"
        )
        .replace("   dns: &é\n    ", "    dns:\n     ")
        .replace("\n    selectors:\n    - ", "\n     selectors:\n     - ")
        .replace("\n    definition: ", "\n     definition: ")
    }
}

/// Where `invq check` finds the one mistake of a document: its code, and the text there, escapes taken off.
fn found(style: &Style, key: &str, expression: &str) -> (String, String) {
    let text = style.document(key, expression);
    let path = file("styles", &format!("{key}-{}", style.name), &text);
    let outcome =
        invq(&["check", &path.to_string_lossy(), "--format", "json", "--allow", "idle-service"]).run();
    let mistake: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| {
        panic!("{}: expected one mistake\n{text}\n{}{}", style.name, outcome.stdout, outcome.stderr)
    });
    let number =
        |key: &str| mistake[key].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    let mut rest = text.lines().skip(number("line").saturating_sub(1));
    let line = rest.next().unwrap_or_default();
    let there: String = line.chars().skip(number("column").saturating_sub(1)).collect();
    let there = match style.name {
        "unicode.json" => there.replace("\\u0074", "t"),
        _ => there,
    };
    (mistake["code"].as_str().unwrap_or_default().to_owned(), there.replace("\\\"", "\""))
}

#[test]
fn a_filters_mistake_stands_at_its_column_in_every_style() {
    for style in &STYLES {
        let (code, there) = found(style, "selectors", "all &&\n!(hostname \"tgu\")");
        assert_eq!(code, "unknown-machine", "{}", style.name);
        assert!(there.starts_with("\"tgu\""), "{}: {there}", style.name);
    }
}

#[test]
fn a_closures_mistake_stands_at_its_column_in_every_style() {
    // Braces and colons are no plain scalar.
    for style in STYLES.iter().filter(|style| style.name != "plain.yaml") {
        let (code, there) = found(style, "type", "{ selectors, roles, this }:\n{ a = \"ä\" + this.fqdm; }");
        assert_eq!(code, "unknown-field", "{}", style.name);
        assert!(there.starts_with("fqdm"), "{}: {there}", style.name);
        let failing = "{ selectors, roles, this }:\n{ a = \"ä\"; b = 1 / (length selectors - 1); }";
        let (code, there) = found(style, "value", failing);
        assert_eq!(code, "arithmetic", "{}", style.name);
        assert!(there.starts_with("1 / (leng"), "{}: {there}", style.name);
    }
}

#[test]
fn one_broken_service_hides_no_other() {
    let broken = "\
domain:
  suffix: harbour.example
  clusters:
    east:
      machines: { tug: { system: x86_64-linux } }
      services:
        a: { selectors: ['hostname \"tgu\"'], roles: {}, definition: '{ selectors, roles, this }: { x = 1 +; }' }
        b: { selectors: [all], roles: {}, definition: '{ selectors, roles, this }: { x = this.fqdm + this.nmae; }' }
        c: { selectors: [all], roles: {}, definition: '{ selectors, roles, this }: { x = head roles.main; }' }
        d: { selectors: [all], roles: {}, definition: '{ selectors, roles, this }: { y = throw \"no\"; }' }
        d2: { selectors: [all], roles: { main: ['tag \"x\"'] }, definition: '{ selectors, roles, this }: { y = 1 / 0; }' }
        e: { selectors: [all], roles: {}, definition: '{ selectors, roles, this }: { z = this.fqdn; }' }
";
    let path = file("several", "inventory.yaml", broken);
    let outcome = invq(&["check", "inventory.yaml", "--format", "short"])
        .within(path.parent().expect("a folder"))
        .run();
    assert_eq!(outcome.status, 4);
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let path = file("sarif one", "inventory.yaml", HARDLY_MEANT);
    let other =
        file("sarif one", "other.json", "{ \"machines\": { \"ü\": { \"tgas\": [] } }, \"instances\": {} }");
    let outcome = invq(&["check", "inventory.yaml", "other.json", "--format", "sarif"])
        .within(path.parent().expect("a folder"))
        .run();
    drop(other);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (4, ""));
    let document: Value = serde_json::from_str(&outcome.stdout).expect("one JSON document");
    assert_eq!(document["version"], "2.1.0");
    assert!(document["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-schema-2.1.0.json")));
    let [run] = document["runs"].as_array().map(Vec::as_slice).unwrap_or_default() else { panic!("one run") };
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "invq");
    let rules = driver["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert!(results.len() >= 8, "{}", results.len());
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].is_string() && rule["fullDescription"]["text"].is_string());
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap_or_default()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in result["locations"].as_array().expect("locations").iter().chain(related) {
            let physical = &location["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().expect("a reference");
            assert!(["inventory.yaml", "other.json"].contains(&uri), "{uri}");
            let region = &physical["region"];
            let number = |key: &str| region[key].as_u64().expect("a number");
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            let (start, end) =
                ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
            assert!(start <= end);
        }
    }
    let misspelt = results.iter().find(|result| result["ruleId"] == "unknown-option").expect("the other's");
    let region = &misspelt["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&json!(1), &json!(24)));
    let nothing = invq(&["check", "--demo", "--format", "sarif", "--allow", "idle-machine,unused-tag"]).run();
    let nothing: Value = serde_json::from_str(&nothing.stdout).expect("one JSON document");
    assert_eq!(
        (&nothing["runs"][0]["results"], nothing["runs"].as_array().map(Vec::len)),
        (&json!([]), Some(1))
    );
}

/// The mistakes that real inventories have, and the edit that mends each.
#[test]
fn names_that_are_no_machines_are_mended() {
    let document = "{ \"inventory\": { \"meta\": { \"name\": \"h\" }, \"machines\": { \"jon\": {} }, \"instances\": {\n\
        \"net\": { \"roles\": { \"peer\": { \"machines\": { \"all\": {} } } } },\n\
        \"vpn\": { \"roles\": { \"gate\": { \"machines\": { \"__YOUR_CONTROLLER__\": {} } } } } } } }";
    let path = file("mended", "inventory.json", document);
    let outcome = invq(&["check", "inventory.json", "--allow", "idle-machine"])
        .within(path.parent().expect("a folder"))
        .run();
    assert_eq!(outcome.status, 4);
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn what_fails_in_an_expression_file_hides_no_other() {
    let broken = "\
{
  domain.suffix = \"harbour.example\";
  domain.clusters.east = {
    machines.tug.system = \"x86_64-linux\";
    machines.crane.system = throw \"which one\";
    services.a = { selectors = throw \"later\"; definition = { ... }: { }; };
    services.b = { selectors = [ clusterMachines ]; definition = { ... }: { x = 1 / 0; }; };
    services.c = { selectors = [ (hostname \"tgu\") ]; definition = { ... }: { }; };
    services.d = { selectors = [ clusterMachines ]; definition = { ... }: { y = 1; }; };
  };
}
";
    let path = file("several-parts", "inventory.invq", broken);
    let folder = path.parent().expect("a folder");
    let outcome = invq(&["check", "inventory.invq", "--format", "short"]).within(folder).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (4, ""));
    insta::assert_snapshot!(outcome.stdout);
    let asked = |query: &str| {
        let outcome = invq(&["-i", "inventory.invq", query]).within(folder).run();
        (outcome.status, outcome.stdout)
    };
    assert_eq!(asked("hostname \"tug\" && service \"d\""), (0, "tug\n".to_owned()));
    assert_eq!(asked("service \"a\"").0, 4);
    assert_eq!(asked("clusters.east.machines.crane.system or \"\"").0, 4);
}

/// An inventory in which nearly everything is wrong.
const ALL_WRONG: &str = r#"domain:
  suffix: lan
  clusters:
    c:
      machines:
        oak: { system: x86_64-linux, tags: [tree], ips: { eth0: [10.0.0.300] } }
        elm: { system: x86_64-linux, tag: [tree] }
        -ash: { system: x86_64-linux }
        fir: { tags: [tree] }
        yew: { system: 5 }
        box: { system: x86_64-linux, deployment: { targetPort: -1 } }
        nut: { system: x86_64-linux, nixosModules: [ { a: 1 }, { a: 2 } ] }
        bay: { system: x86_64-linux, nixosModules: [ "{ config, ... }: { b = 1 + \"x\"; }" ] }
        may: { system: x86_64-linux, nixosModules: [ { networking: { hostName: other } } ] }
        fig: { system: x86_64-linux, serviceAddresses: [ { tag: { role: a, address: b, port: 70000 } } ] }
        plum: { system: x86_64-linux, ips: { eth0: [10.0.0.1] } }
        pear: { system: x86_64-linux, ips: { eth0: [10.0.0.1] } }
        lime: { system: x86_64-linux }
        kiwi: { system: x86_64-linux }
      vms:
        moss: { system: x86_64-linux, host: oka.c }
      services:
        a: { selectors: hostname "plun", definition: "{ ... }: { }" }
        b: { selectors: hostname "plum", roles: { all: tag "tre" }, definition: "{ roles, ... }: { x = roles.al; }" }
        c: { selectors: hostname "plum", definition: "{ this, ... }: { x = this.fqdm; }" }
        d: { selectors: hostname "plum", definition: "{ this, ... }: { x = throw \"one\"; y = throw \"two\"; }" }
        e: { selectors: hostname "lime", definition: "{ this, ... }: { x = head [ ]; }" }
        f: { selectors: hostname "kiwi", definition: "{ this, ... }: { y = 1; }" }
        g: { selectors: hostname "kiwi", definition: "{ this, ... }: { y = 2; }" }
        h: { selectors: hostname "plum", definition: "{ this, ... }: { x = 1 +; }" }
        i: { selectors: "hostname", definition: "{ this, ... }: { }" }
        j: { selectors: exactly 2 (hostname "plum"), definition: "{ this, ... }: { }" }
        k: { selector: hostname "plum", definition: "{ this, ... }: { }" }
        l: { selectors: hostname "plum" }
        m: { selectors: 'where (m: m.name == 1)', definition: "{ this, ... }: { }" }
        n: { selectors: 'where (m: m.vars.x == 1)', definition: "{ this, ... }: { }" }
        o: { selectors: '(c: cfg: [ "domain.x" ])', definition: "{ ... }: { }" }
        p: { selectors: hostname "plum", definition: "{ this }: { }", extraConfig: "{ config, ... }: { imports = [ 1 ]; }" }
        q: { selectors: hostname "plum", definition: 5 }
        r: { selectors: hostname "lime", definition: "{ this, ... }: 5" }
        s: { selectors: hostname "lime", definition: "{ thiss, ... }: { }" }
        t: { selectors: hostname "lime", definition: "{ selectors, ... }: { z = (head selectors).ips.eth9; }" }
filters: { first: second, second: first, bare: 'tag "bare"', open: 'tag "tree" &&' }
garden: 1
"#;

#[test]
fn every_mistake_is_told_at_once() {
    let told = invq(&["check", "-i", "-", "--format", "short"]).input(ALL_WRONG).run();
    insta::assert_snapshot!(format!("{}status {}", told.stdout, told.status));
}
