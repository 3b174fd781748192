//! Ansible's inventories, compared with what ansible-core makes of them: recorded for real inventories, asked
//! of the installed program for our own. What a run leaves out it prints.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use invq::Engine;
use invq::inventory::model::Inventory as Model;
use serde_json::{Value as Json, json};

use crate::shared::{Tally, messages, shared, text};
use crate::support::{invq, root};

/// The query whose answer a listing is compared with.
const EVERYTHING: &str = "{ groups = mapAttrs (name: members: map (m: m.name) members) groups; \
    of = listToAttrs (map (m: { name = m.name; value = m.groups; }) machines); \
    vars = listToAttrs (map (m: { name = m.name; value = m.vars; }) machines); }";

/// Recorded graphs that differ, with why.
const OTHER_GRAPHS: &[(&str, &str)] = &[(
    "expected/valid-toml.list.json",
    "ansible-core tries the file as INI first, and keeps its headers as empty groups when that fails",
)];

/// What invq says of an inventory, called from a folder.
fn asked(folder: &Path, sources: &[String]) -> Json {
    let mut arguments: Vec<&str> = sources.iter().flat_map(|source| ["-i", source.as_str()]).collect();
    arguments.extend(["-c", "-o", "json", EVERYTHING]);
    let outcome = invq(&arguments).within(folder).run();
    assert_eq!(outcome.status, 0, "{sources:?}: {}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).expect("the answer is JSON")
}

/// The file with what `-o ansible` writes of an inventory.
fn exported(folder: &Path, sources: &[String]) -> PathBuf {
    let mut arguments: Vec<&str> = sources.iter().flat_map(|source| ["-i", source.as_str()]).collect();
    arguments.extend(["-o", "ansible", "all"]);
    let outcome = invq(&arguments).within(folder).run();
    assert_eq!(outcome.status, 0, "{sources:?}: {}", outcome.stderr);
    crate::support::file("ansible-again", "written.json", &outcome.stdout)
}

/// The names of a list, sorted.
fn names(list: Option<&Json>) -> BTreeSet<String> {
    let items = list.and_then(Json::as_array).into_iter().flatten();
    items.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The members of every group of a listing, those of its children included.
fn members(listing: &Json) -> BTreeMap<String, BTreeSet<String>> {
    fn of(listing: &Json, group: &str, found: &mut BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
        if let Some(known) = found.get(group) {
            return known.clone();
        }
        let mut hosts =
            names(listing.pointer(&format!("/{}/hosts", group.replace('~', "~0").replace('/', "~1"))));
        for child in names(listing.get(group).and_then(|group| group.get("children"))) {
            hosts.extend(of(listing, &child, found));
        }
        found.insert(group.to_owned(), hosts.clone());
        hosts
    }
    let mut found = BTreeMap::new();
    for group in
        listing.as_object().into_iter().flat_map(|groups| groups.keys()).filter(|name| *name != "_meta")
    {
        of(listing, group, &mut found);
    }
    found
}

/// What differs between an answer and a listing; groups without hosts may be missing in the listing.
fn differences(answer: &Json, listing: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let expected = members(listing);
    let answered = answer.get("groups").and_then(Json::as_object).expect("groups");
    for group in answered.keys().chain(expected.keys()).collect::<BTreeSet<_>>() {
        let (left, right) = (expected.get(group).cloned().unwrap_or_default(), names(answered.get(group)));
        if left != right {
            found.push(format!("group {group}: expected {left:?}, found {right:?}"));
        }
    }
    let variables = listing.pointer("/_meta/hostvars").and_then(Json::as_object).cloned().unwrap_or_default();
    let answered = answer.get("vars").and_then(Json::as_object).expect("variables");
    for host in answered.keys().chain(variables.keys()).collect::<BTreeSet<_>>() {
        let empty = json!({});
        let (left, right) = (variables.get(host).unwrap_or(&empty), answered.get(host));
        if right != Some(left) {
            found.push(format!("{host}: {}", first_difference(left, right.unwrap_or(&Json::Null))));
        }
        let of: BTreeSet<String> = expected
            .iter()
            .filter(|(_, hosts)| hosts.contains(host))
            .map(|(group, _)| group.clone())
            .collect();
        if names(answer.get("of").and_then(|of| of.get(host))) != of {
            found.push(format!("{host}: its groups are not {of:?}"));
        }
    }
    found
}

fn first_difference(left: &Json, right: &Json) -> String {
    let (Some(left), Some(right)) = (left.as_object(), right.as_object()) else {
        return format!("expected {left}, found {right}");
    };
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let differs = names.into_iter().find(|name| left.get(*name) != right.get(*name));
    differs.map_or_else(String::new, |name| {
        format!("{name}: expected {:?}, found {:?}", left.get(name), right.get(name))
    })
}

fn json_file(path: &Path) -> Option<Json> {
    if let Ok(text) = std::fs::read_to_string(path) {
        return serde_json::from_str(&text).ok();
    }
    let packed = PathBuf::from(format!("{}.gz", path.display()));
    let output = Command::new("gzip").arg("-dc").arg(packed).output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

#[test]
fn real_inventories_are_as_ansible_lists_them() {
    let folder = shared().join("real/ansible");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return;
    };
    let mut tally = Tally::default();
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    for folder in folders {
        let told = std::fs::read_to_string(folder.join("SOURCE.txt")).unwrap_or_default();
        let lists =
            told.lines().filter(|line| line.starts_with("ansible-inventory ") && line.contains(" --list "));
        for line in lists {
            let Some((call, written)) = line.split_once(" --list ") else { continue };
            let words: Vec<&str> = call.split_whitespace().collect();
            let mut sources: Vec<String> = words
                .windows(2)
                .filter(|pair| pair.first() == Some(&"-i"))
                .filter_map(|pair| pair.get(1).map(|source| (*source).to_owned()))
                .collect();
            let expected =
                written.split_whitespace().find(|word| word.ends_with(".list.json")).expect("a file");
            for source in &mut sources {
                // One source was packed to save space.
                if !folder.join(&source).exists() {
                    let unpacked = json_file(&folder.join(&source)).expect("a packed source");
                    let name = source.rsplit('/').next().unwrap_or("source.json");
                    let path = crate::support::file("ansible-unpacked", name, &unpacked.to_string());
                    *source = path.display().to_string();
                }
            }
            let listing = json_file(&folder.join(expected)).expect("the recorded listing");
            let mut found = differences(&asked(&folder, &sources), &listing);
            let again = exported(&folder, &sources);
            let inner = again.parent().expect("a folder");
            let answer = asked(inner, &["written.json".to_owned()]);
            found.extend(differences(&answer, &listing));
            if let Some(listing) = listed(inner, &["written.json"]) {
                found.extend(differences(&answer, &listing));
            }
            let graph = folder.join(expected.replace(".list.json", ".graph.txt"));
            let graph = std::fs::read_to_string(graph).expect("the recorded graph");
            let known = OTHER_GRAPHS.iter().any(|(known, _)| *known == expected);
            let differs = graph_difference(&folder, &sources, &graph);
            match differs {
                Some(_) if known => tally.different.push(expected.to_owned()),
                differs => found.extend(differs),
            }
            match found.is_empty() {
                true => tally.passed += 1,
                false => {
                    tally.failed.push(format!("{}: {}", folder.join(expected).display(), found.join("\n  ")))
                }
            }
        }
    }
    tally.finish("inventories of Ansible");
}

/// The first line in which the tree of groups and hosts differs from a recorded one.
fn graph_difference(folder: &Path, sources: &[String], expected: &str) -> Option<String> {
    let paths: Vec<PathBuf> = sources.iter().map(|source| folder.join(source)).collect();
    let inventory = Engine::default().load_paths(&paths);
    let inventory = inventory.unwrap_or_else(|found| panic!("{}", messages(&found)));
    let model = inventory.model();
    let all = (0..).zip(&model.groups).find(|(_, group)| &*group.name == "all").map(|(number, _)| number);
    let mut found = Vec::new();
    tree(model, all.expect("a group of all"), 0, &mut found);
    let expected: Vec<&str> = expected.lines().collect();
    let differs = (0..found.len().max(expected.len()))
        .find(|line| found.get(*line).map(String::as_str) != expected.get(*line).copied())?;
    Some(format!("graph: expected {:?}, found {:?}", expected.get(differs), found.get(differs)))
}

/// A group with all below it, as `ansible-inventory --graph` writes it.
fn tree(model: &Model, number: u32, depth: usize, lines: &mut Vec<String>) {
    let group = &model.groups[number as usize];
    let indented = |depth: usize, name: &str| match depth {
        0 => name.to_owned(),
        depth => format!("{}--{name}", "  |".repeat(depth)),
    };
    lines.push(indented(depth, &format!("@{}:", group.name)));
    for child in &group.children {
        tree(model, *child, depth + 1, lines);
    }
    if &*group.name != "all" {
        lines.extend(group.nodes.iter().map(|node| indented(depth + 1, model.nodes.name(*node))));
    }
}

/// What the installed ansible-core lists, with the plugins of the comparison; nothing where it is missing.
fn listed(folder: &Path, sources: &[&str]) -> Option<Json> {
    let mut command = Command::new("ansible-inventory");
    command.current_dir(folder).arg("--list").env("ANSIBLE_INVENTORY_ENABLED", "yaml,ini,constructed,toml");
    command
        .env("ANSIBLE_HOME", crate::support::folder("ansible-home"))
        .env("ANSIBLE_CONFIG", crate::support::file("ansible-home", "ansible.cfg", ""));
    sources.iter().for_each(|source| {
        command.args(["-i", source]);
    });
    let Ok(output) = command.output() else {
        println!("skipped: ansible-inventory is not installed (Debian: ansible-core)");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stderr);
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{sources:?}: {text}")))
}

#[test]
fn our_inventories_are_as_ansible_core_lists_them() {
    let tests = root().join("tests/ansible");
    let calls: [(PathBuf, &[&str]); 8] = [
        (tests.clone(), &["literals.ini"]),
        (tests.clone(), &["scalars.yml"]),
        (tests.clone(), &["tree"]),
        (tests.join("tree"), &["20-more", "10-static.yml"]),
        (tests.clone(), &["constructed"]),
        (tests.clone(), &["literals.ini", "scalars.yml", "tree"]),
        (root().join("examples/ansible"), &["."]),
        (root().join("examples/ansible"), &["hosts.yml"]),
    ];
    for (folder, sources) in &calls {
        let Some(listing) = listed(folder, sources) else { return };
        let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
        let found = differences(&asked(folder, &sources), &listing);
        assert!(found.is_empty(), "{sources:?} in {}:\n  {}", folder.display(), found.join("\n  "));
        // What ansible-inventory writes is an inventory as well.
        let path = crate::support::file("ansible-listed", "list.json", &listing.to_string());
        let folder = path.parent().expect("a folder");
        let found = differences(&asked(folder, &["list.json".to_owned()]), &listing);
        assert!(found.is_empty(), "the listing of {sources:?}:\n  {}", found.join("\n  "));
    }
}

#[test]
fn what_is_written_for_ansible_is_read_back() {
    let tests = root().join("tests/ansible");
    let sources: [&[&str]; 5] = [
        &["literals.ini"],
        &["scalars.yml"],
        &["tree"],
        &["constructed"],
        &["../../examples/ansible/hosts.yml"],
    ];
    for sources in sources {
        let mut arguments: Vec<&str> = sources.iter().flat_map(|source| ["-i", source]).collect();
        arguments.extend(["-o", "ansible", "all"]);
        let written = invq(&arguments).within(&tests).run();
        assert_eq!(written.status, 0, "{sources:?}: {}", written.stderr);
        let path = crate::support::file("ansible-written", "written.json", &written.stdout);
        let folder = path.parent().expect("a folder");
        let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
        let answer = asked(&tests, &sources);
        assert_eq!(asked(folder, &["written.json".to_owned()]), answer, "{sources:?}");
        let Some(listing) = listed(folder, &["written.json"]) else { return };
        let found = differences(&answer, &listing);
        assert!(found.is_empty(), "{sources:?}:\n  {}", found.join("\n  "));
    }
}

#[test]
fn tags_and_clusters_of_other_systems_become_groups() {
    let written = invq(&["--demo", "-o", "ansible", "tag \"backup\""]).run();
    assert_eq!(written.status, 0, "{}", written.stderr);
    let path = crate::support::file("ansible-demo", "written.json", &written.stdout);
    let folder = path.parent().expect("a folder");
    let demo = invq(&[
        "--demo",
        "-c",
        "-o",
        "json",
        "map (m: { inherit (m) name cluster tags; }) (filter (m: elem \"backup\" m.tags) machines)",
    ]);
    let machines: Json = serde_json::from_str(&demo.run().stdout).expect("the answer is JSON");
    let Some(listing) = listed(folder, &["written.json"]) else { return };
    let members = members(&listing);
    for machine in machines.as_array().expect("a list") {
        let tags =
            machine.get("tags").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        let groups: Vec<String> =
            tags.map(str::to_owned).chain([format!("cluster_{}", text(machine, "cluster"))]).collect();
        for group in groups {
            assert!(
                members.get(&group).is_some_and(|hosts| hosts.contains(text(machine, "name"))),
                "{group}: {machine}"
            );
        }
    }
}
