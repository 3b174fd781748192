//! The examples: every inventory loads without mistakes, both of its forms give the same answers, every
//! query gives the answer that stands beside it, and the mistakes look as they should.
//! `INVQ_BLESS=1` writes answers anew.

#[allow(dead_code, reason = "its `main` is the example's alone")]
#[path = "../examples/embed.rs"]
mod embed;

use std::path::{Path, PathBuf};

use invq::diagnostic::Severity;
use invq::{Engine, Inventory};
use serde_json::Value as Json;

use crate::shared::{ask, messages};
use crate::support::{invq, root};

/// Inventories that are written twice: as an expression and as data.
const PAIRS: &[(&str, &str)] = &[
    ("clan/services-by-name.invq", "clan/services-by-name.yaml"),
    ("clan/services-by-tag.invq", "clan/services-by-tag.json"),
    ("clan/two-instances.invq", "clan/two-instances.yaml"),
    ("clan/instances.invq", "clan/instances.json"),
    ("clan/external-module.invq", "clan/external-module.yaml"),
    ("clusterconfig/service.invq", "clusterconfig/service.yaml"),
    ("filters-in-files.invq", "filters-in-files.yaml"),
];

/// What both forms must answer equally.
const QUESTIONS: &[&str] = &[
    "map (m: { inherit (m) name cluster fqdn tags addresses services class; system = m.system or null; }) machines",
    "map (p: { inherit (p) machine cluster service instance role; }) placements",
    "mapAttrs (name: i: { inherit (i) service; roles = mapAttrs (role: r: { inherit (r) members settings; }) i.roles; }) instances",
    "mapAttrs (id: s: { inherit (s) name instances; input = s.input or null; }) services",
    "mapAttrs (tag: ms: map (m: m.name) ms) tags",
    "clusterInfo",
    "meta",
];

fn examples() -> PathBuf {
    root().join("examples")
}

/// The files of a folder of examples with this extension, by name.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(examples().join(folder)).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

fn load(path: &Path) -> Inventory {
    let loaded = Engine::default().load_path(path);
    loaded.unwrap_or_else(|found| panic!("{}: {}", path.display(), messages(&found)))
}

/// Compares an output with the file that holds it.
fn holds(path: &Path, output: &str) {
    let written = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if written != output && std::env::var_os("INVQ_BLESS").is_some() {
        std::fs::write(path, output).expect("the answer can be written");
        return;
    }
    assert_eq!(written, output, "{}; `INVQ_BLESS=1 cargo test examples` writes it anew", path.display());
}

#[test]
fn inventories_have_no_mistakes() {
    let mut paths = vec![examples().join("demo.invq")];
    for folder in ["", "clan", "clusterconfig", "tutorial"] {
        for extension in ["invq", "yaml", "json"] {
            paths.extend(files(folder, extension));
        }
    }
    for path in paths {
        let mut mistakes = load(&path).check();
        mistakes.retain(|mistake| mistake.severity > Severity::Hint);
        assert!(mistakes.is_empty(), "{}: {}", path.display(), messages(&mistakes));
    }
}

#[test]
fn both_forms_of_an_inventory_answer_equally() {
    let engine = Engine::default();
    for (expression, data) in PAIRS {
        let (expression, data) = (load(&examples().join(expression)), load(&examples().join(data)));
        for question in QUESTIONS {
            let answer = |inventory: &Inventory| -> Json {
                ask(&engine, inventory, question)
                    .unwrap_or_else(|found| panic!("{question}: {}", messages(&found)))
            };
            assert_eq!(answer(&expression), answer(&data), "{question}");
        }
    }
}

#[test]
fn every_inventory_has_both_forms() {
    let known = |path: &Path| {
        let name = path.strip_prefix(examples()).unwrap_or(path).to_string_lossy().replace('\\', "/");
        PAIRS.iter().any(|(expression, data)| *expression == name || *data == name)
    };
    for folder in ["clan", "clusterconfig"] {
        for extension in ["invq", "yaml", "json"] {
            for path in files(folder, extension) {
                assert!(known(&path), "{} has no other form", path.display());
            }
        }
    }
}

#[test]
fn queries_give_their_answers() {
    for path in files("queries", "invq") {
        let text = std::fs::read_to_string(&path).expect("the query is text");
        let inventory = text.lines().next().and_then(|line| line.strip_prefix("# on "));
        let inventory = inventory.unwrap_or_else(|| panic!("{} names no inventory", path.display()));
        let query = path.to_string_lossy();
        let outcome = invq(&["-i", inventory, "-f", &query]).within(&examples().join("queries")).run();
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", path.display());
        holds(&path.with_extension("out"), &outcome.stdout);
    }
}

#[test]
fn mistakes_look_as_they_should() {
    for path in files("mistakes", "invq").into_iter().chain(files("mistakes", "yaml")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let outcome = invq(&["check", &name]).within(&examples().join("mistakes")).run();
        assert_eq!(outcome.status, 4, "{}", path.display());
        holds(&path.with_extension("out"), &format!("{}{}", outcome.stdout, outcome.stderr));
    }
}

#[test]
fn the_embedding_example_runs() {
    let mut output = Vec::new();
    let demo = examples().join("demo.invq");
    let shown = embed::show(&Engine::default(), &demo.to_string_lossy(), "tag \"backup\"", &mut output);
    shown.unwrap_or_else(|found| panic!("{}", messages(&found)));
    let expected = "jon sara db1 web1\n{ _ : Int }\n{\"edge\":2,\"lab\":4,\"prod\":4}\ntrue\n";
    assert_eq!(String::from_utf8_lossy(&output), expected);
}
