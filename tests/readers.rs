//! The readers of `examples/readers/`: on the documents beside them, and on real exports.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::path::PathBuf;

use invq::diagnostic::Severity;
use invq::{Engine, Inventory, Limits};
use serde_json::{Value as Json, json};

use crate::shared::{ask, messages, shared};
use crate::support::{file, invq, root};

/// Each reader with the document beside it.
const READERS: &[(&str, &str)] = &[
    ("conftool", "conftool"),
    ("csv", "machines.csv"),
    ("ec2", "ec2.json"),
    ("known-hosts", "known_hosts"),
    ("kubernetes", "kubernetes.json"),
    ("netbox", "netbox.json"),
    ("ssh-config", "ssh_config"),
];

fn folder() -> PathBuf {
    root().join("examples/readers")
}

fn load(reader: &str, document: PathBuf) -> Inventory {
    let engine = Engine::new(Limits::default()).with_reader(Some(folder().join(format!("{reader}.invq"))));
    engine.load_path(document).unwrap_or_else(|found| panic!("{reader}: {}", messages(&found)))
}

fn answer(inventory: &Inventory, query: &str) -> Json {
    ask(&Engine::default(), inventory, query).unwrap_or_else(|found| panic!("{query}: {}", messages(&found)))
}

#[test]
fn readers_read_the_documents_beside_them() {
    let mut shown = String::new();
    for (reader, document) in READERS {
        let query = "map (m: { inherit (m) name cluster kind tags ips vars fqdn; line = m.source.line; \
                     system = m.system or null; description = m.description or null; }) machines";
        let arguments =
            ["--reader", &format!("{reader}.invq"), "-i", document, "-o", "ndjson", query].map(str::to_owned);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let outcome = invq(&arguments).within(&folder()).run();
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{reader}");
        shown.push_str(&format!("{reader}\n{}\n", outcome.stdout));
    }
    insta::assert_snapshot!(shown);
}

/// The reader that the page shows.
fn of_the_page() -> String {
    let page = std::fs::read_to_string(root().join("docs/readers.md")).expect("the page is text");
    let (_, rest) = page.split_once("```text\ndocument: {").expect("the reader begins");
    let (reader, _) = rest.split_once("```").expect("the reader ends");
    format!("document: {{{reader}")
}

#[test]
fn the_reader_of_the_page_reads_what_netbox_answers() {
    let reader = of_the_page();
    assert!(reader.lines().count() <= 10, "{reader}");
    let reader = file("page-reader", "netbox-api.invq", &reader);
    let answer = json!({ "count": 2, "next": null, "previous": null, "results": [
        { "id": 1, "url": "https://netbox.example.org/api/dcim/devices/1/", "name": "core-sw-1", "site": { "id": 7, "slug": "oslo" },
          "role": { "id": 1, "slug": "switch" }, "tags": [{ "id": 3, "name": "Spine", "slug": "spine" }],
          "primary_ip4": { "id": 5, "address": "192.0.2.4/24" }, "primary_ip6": { "id": 6, "address": "2001:db8::4/64" },
          "description": "", "custom_fields": { "rack": 12, "owner": null } },
        { "id": 2, "url": "https://netbox.example.org/api/dcim/devices/2/", "name": null, "site": { "id": 7, "slug": "oslo" },
          "role": { "id": 2, "slug": "panel" }, "tags": [], "primary_ip4": null, "primary_ip6": null,
          "description": "a patch panel", "custom_fields": {} },
        { "id": 3, "url": "https://netbox.example.org/api/dcim/devices/3/", "name": "db-1", "site": { "id": 8, "slug": "bergen" },
          "role": { "id": 3, "slug": "database" }, "tags": [], "primary_ip4": null, "primary_ip6": null,
          "description": "the big one", "custom_fields": {} },
    ] });
    let document = file("page-reader", "devices.json", &answer.to_string());
    let engine = Engine::new(Limits::default()).with_reader(Some(reader));
    let inventory = engine.load_path(document).unwrap_or_else(|found| panic!("{}", messages(&found)));
    assert_eq!(
        self::answer(
            &inventory,
            "map (m: { inherit (m) name cluster tags addresses vars; description = m.description or null; }) machines"
        ),
        json!([
            { "name": "db-1", "cluster": "bergen", "tags": ["database"], "addresses": [], "vars": {}, "description": "the big one" },
            { "name": "core-sw-1", "cluster": "oslo", "tags": ["spine", "switch"], "addresses": ["192.0.2.4", "2001:db8::4"],
              "vars": { "rack": 12, "owner": null }, "description": null },
        ])
    );
}

#[test]
fn what_a_reader_makes_lies_beside_other_inventories() {
    let folder = folder();
    let arguments = ["--reader", "csv.invq", "-i", "machines.csv", "-o", "ansible", "all"];
    let written = invq(&arguments).within(&folder).run();
    assert_eq!((written.status, written.stderr.as_str()), (0, ""));
    let machines = file("beside", "machines.json", &written.stdout);
    let name =
        invq(&["--reader", "csv.invq", "-i", "machines.csv", "-r", "-o", "json", "(head machines).name"]);
    let name = name.within(&folder).run().stdout;
    let name = name.trim();
    let clan = json!({ "meta": { "name": "beside" }, "machines": { name: { "tags": ["own"] }, "other": {} }, "instances": {} });
    let clan = file("beside", "clan.json", &clan.to_string());
    let engine = Engine::new(Limits::default());
    let inventory =
        engine.load_paths(&[machines, clan]).unwrap_or_else(|found| panic!("{}", messages(&found)));
    let query = format!("map (m: m.tags) (filter (m: m.name == {}) machines)", json!(name));
    let tags = answer(&inventory, &query);
    let tags = tags[0].as_array().expect("one machine with tags");
    assert!(tags.contains(&json!("own")) && tags.len() > 1, "{tags:?}");
}

#[test]
fn every_reader_is_listed() {
    let entries = std::fs::read_dir(folder()).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("an entry").path());
    for path in names.filter(|path| path.extension().is_some_and(|extension| extension == "invq")) {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(READERS.iter().any(|(reader, _)| *reader == stem), "{stem}");
    }
}

#[test]
fn real_exports_are_read() {
    let folder = shared().join("real/other");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let netbox = load("netbox", folder.join("netbox-demo-data/json/netbox-demo-v3.6.json"));
    let text =
        std::fs::read_to_string(folder.join("netbox-demo-data/json/netbox-demo-v3.6.json")).expect("a text");
    let rows: Json = serde_json::from_str(&text).expect("an export");
    let count = |model: &str| {
        let rows = rows.as_array().into_iter().flatten();
        rows.filter(|row| {
            row.get("model") == Some(&json!(model)) && !row.pointer("/fields/name").is_none_or(Json::is_null)
        })
        .count()
    };
    let expected =
        json!({ "physical": count("dcim.device"), "virtual": count("virtualization.virtualmachine") });
    assert_eq!(answer(&netbox, "countBy (m: m.kind) machines"), expected);
    assert_eq!(
        answer(&netbox, "map (m: m.cluster) (filter (m: m.name == \"dmi01-akron-rtr01\") machines)"),
        json!(["dm-akron"])
    );

    let conftool = load("conftool", folder.join("wikimedia-conftool/conftool-data"));
    let broken: Vec<_> =
        conftool.mistakes().iter().filter(|it| it.diagnostic.severity == Severity::Error).collect();
    assert!(
        broken.is_empty(),
        "{}",
        messages(&broken.iter().map(|it| it.diagnostic.clone()).collect::<Vec<_>>())
    );
    // The anchor in the file puts these into both clusters.
    let both = "map (m: m.name) (filter (m: elem \"jobrunner\" m.tags && elem \"canary\" m.tags && elem \"videoscaler\" m.tags) machines)";
    assert!(
        answer(&conftool, both).as_array().is_some_and(|names| names.contains(&json!("mw1437.eqiad.wmnet")))
    );
    assert_eq!(
        answer(&conftool, "attrNames clusters"),
        json!(["codfw", "drmrs", "eqiad", "eqsin", "esams", "magru", "ulsfo"])
    );
}

#[test]
fn a_mistake_points_into_the_reader_and_at_the_record() {
    let document = r#"{"items": [
  {"name": "a", "labels": ["x"], "address": "10.0.0.1"},
  {"nmae": "b", "labels": [], "address": "10.0.0.2"}
]}"#;
    let good = "document: {\n  machines = map (d: { name = d.name; tags = d.labels; addresses = [ d.address ]; }) document.items;\n}\n";
    let misspelt = good.replace("tags =", "tgas =");
    let wrong = document.replace("nmae", "name").replace("10.0.0.2", "10.0.0.2/24");
    let path = |name: &str, text: &str| file("readers", name, text);
    path("good.invq", good);
    path("misspelt.invq", &misspelt);
    path("set.invq", "{ machines = [ ]; }\n");
    path("wrong.json", &wrong);
    path("nameless.invq", "document: { machines = document; }\n");
    path("nameless.json", "[\n  {\"name\": \"\"},\n  {\"name\": \"a\"},\n  {\"name\": 7}\n]");
    let folder = path("broken.json", document).parent().expect("a folder").to_path_buf();
    let mut shown = String::new();
    for (reader, document) in [
        ("good.invq", "broken.json"),
        ("good.invq", "wrong.json"),
        ("misspelt.invq", "wrong.json"),
        ("set.invq", "wrong.json"),
        ("nameless.invq", "nameless.json"),
    ] {
        let outcome = invq(&["--reader", reader, "-i", document, "check"]).within(&folder).run();
        shown.push_str(&format!(
            "{reader} {document}: {}\n{}{}\n",
            outcome.status, outcome.stdout, outcome.stderr
        ));
    }
    insta::assert_snapshot!(shown);
}
