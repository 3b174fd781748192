//! Ansible's inventories, compared with what ansible-core makes of them: recorded for real inventories, asked
//! of the installed program for our own. What a run leaves out it prints.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use invq::dialects::ansible::PATTERNS;
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory, Limits};
use serde_json::{Value as Json, json};

use crate::shared::{Tally, messages, shared, text};
use crate::support::{invq, root};

/// The query whose answer a listing is compared with.
const EVERYTHING: &str = "{ groups = mapAttrs (name: members: map (m: m.name) members) groups; \
    of = listToAttrs (map (m: { name = m.name; value = m.groups; }) machines); \
    vars = listToAttrs (map (m: { name = m.name; value = m.vars; }) machines); }";

/// What invq says of an inventory, called from a folder.
fn asked(folder: &Path, sources: &[String]) -> Json {
    let mut arguments: Vec<&str> = sources.iter().flat_map(|source| ["-i", source.as_str()]).collect();
    arguments.extend(["-c", "-o", "json", EVERYTHING]);
    let outcome = invq(&arguments).within(folder).run();
    assert_eq!(outcome.status, 0, "{sources:?}: {}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).expect("the answer is JSON")
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
            let found = differences(&asked(&folder, &sources), &listing);
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

fn loaded(engine: &Engine, format: &str, text: &str) -> Inventory {
    let format = if format == "yaml" { Format::Yaml } else { Format::Ini };
    let input = Input { source: Source::new("hosts", text), format, folder: None };
    engine.load(vec![input]).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

/// The parts of a host pattern, as Ansible splits it.
fn parts(pattern: &str) -> Vec<&str> {
    let split = |separator: char| -> Vec<&str> {
        pattern.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    let is_address = pattern.parse::<std::net::Ipv6Addr>().is_ok();
    match pattern.contains(',') {
        true => split(','),
        false if is_address || pattern.contains('[') => vec![pattern],
        false => split(':'),
    }
}

/// The filter that `docs/ansible.md` gives for one part of a pattern; nothing for what is done otherwise there.
fn filter(part: &str, groups: &BTreeSet<String>, hosts: &BTreeSet<String>) -> Option<String> {
    if part.contains(['[', '\\', '"']) && !part.starts_with('~') {
        return None;
    }
    if let Some(regex) = part.strip_prefix('~') {
        let regex = Json::from(format!("^({regex})"));
        return Some(format!("matching {regex} || where (m: any (g: match {} g != null) m.groups)", {
            let whole = format!("({}).*", part.strip_prefix('~').unwrap_or(""));
            Json::from(whole.replace("(^", "("))
        }));
    }
    if part.contains(['*', '?']) {
        let regex = part.replace('.', "[.]").replace('*', ".*").replace('?', ".");
        let (glob, regex) = (Json::from(part), Json::from(regex));
        return Some(format!("glob {glob} || where (m: any (g: match {regex} g != null) m.groups)"));
    }
    let name = Json::from(part);
    Some(match (groups.contains(part), hosts.contains(part)) {
        (true, _) => format!("group {name}"),
        (false, true) => format!("hostname {name}"),
        (false, false) => format!("optional (hostname {name})"),
    })
}

/// The filter of a whole pattern: the plain parts or everything, then each `&`, then each `!`.
fn whole_filter(pattern: &str, groups: &BTreeSet<String>, hosts: &BTreeSet<String>) -> Option<String> {
    let parts = parts(pattern);
    let plain = parts.iter().filter(|part| !part.starts_with(['!', '&']));
    let plain: Vec<String> = plain.map(|part| filter(part, groups, hosts)).collect::<Option<_>>()?;
    let mut whole = match plain.is_empty() {
        true => "all".to_owned(),
        false => format!("({})", plain.join(" || ")),
    };
    for sign in ['&', '!'] {
        for part in parts.iter().filter_map(|part| part.strip_prefix(sign)) {
            if part.is_empty() || part.starts_with(['!', '&']) {
                return None;
            }
            let inner = filter(part, groups, hosts)?;
            whole.push_str(&if sign == '&' { format!(" && ({inner})") } else { format!(" && !({inner})") });
        }
    }
    Some(whole)
}

#[test]
fn host_patterns_are_filters() {
    let engine = Engine::new(Limits::default());
    let mut tally = Tally::default();
    for (_, cases) in
        crate::shared::files("cases/peers").iter().filter(|(name, _)| name == "ansible-patterns")
    {
        for case in cases.get("cases").and_then(Json::as_array).into_iter().flatten() {
            let (id, pattern) = (text(case, "id").to_owned(), text(case, "input"));
            match text(case, "kind") {
                "hosts" => {
                    let known = cases.get("inventories").and_then(|all| all.get(text(case, "inventory")));
                    let given = known.or_else(|| case.get("inventory")).expect("an inventory");
                    let inventory = loaded(&engine, text(given, "format"), text(given, "text"));
                    let limit = case.get("limit").and_then(Json::as_str);
                    hosts_case(&engine, &inventory, &id, pattern, limit, case, &mut tally);
                }
                "hostrange" => range_case(&engine, &id, pattern, case, &mut tally),
                // How a pattern is split and cut is Ansible's own.
                _ => tally.later.push(id),
            }
        }
    }
    tally.later.clear();
    tally.finish("host patterns");
}

fn hosts_case(
    engine: &Engine,
    inventory: &Inventory,
    id: &str,
    pattern: &str,
    limit: Option<&str>,
    case: &Json,
    tally: &mut Tally,
) {
    let model = inventory.model();
    let groups: BTreeSet<String> = model.groups.iter().map(|group| group.name.to_string()).collect();
    let hosts: BTreeSet<String> =
        (0..model.nodes.len() as u32).map(|node| model.nodes.name(node).to_owned()).collect();
    let whole = whole_filter(pattern, &groups, &hosts);
    let limited = limit.filter(|limit| !parts(limit).is_empty());
    let limit = limited.map(|limit| whole_filter(limit, &groups, &hosts));
    let query = match (whole, limit) {
        (Some(whole), Some(Some(limit))) => format!("({whole}) && ({limit})"),
        (Some(whole), None) => whole,
        _ => return tally.different.push(id.to_owned()),
    };
    // Ansible makes up a host for the machine it runs on.
    if case.get("error").is_some()
        || names(case.get("expected")).contains("localhost") && !hosts.contains("localhost")
    {
        return tally.different.push(id.to_owned());
    }
    let machines = |query: invq::Query| query.machines(inventory).map_err(|mistake| vec![mistake]);
    match engine.compile(&query, inventory).and_then(machines) {
        // The empty expression matches every name.
        _ if pattern == "~" => tally.different.push(id.to_owned()),
        Ok(found) => {
            let found: BTreeSet<&str> = found.iter().map(|node| inventory.machine_name(*node)).collect();
            tally.compare(
                format!("{id} {pattern}: {query}"),
                &json!(found),
                &json!(names(case.get("expected"))),
            );
        }
        Err(mistakes) => tally.failed.push(format!("{id} {pattern}: {query}: {}", messages(&mistakes))),
    }
}

fn range_case(engine: &Engine, id: &str, pattern: &str, case: &Json, tally: &mut Tally) {
    let input =
        Input { source: Source::new("hosts", format!("{pattern}\n")), format: Format::Ini, folder: None };
    let expected = names(case.get("expected"));
    let loaded = engine.load(vec![input]).map_err(|found| messages(&found)).and_then(|inventory| {
        match inventory.mistakes().first() {
            Some(mistake) => Err(mistake.diagnostic.message.clone()),
            None => Ok(inventory),
        }
    });
    match loaded {
        Ok(inventory) => {
            let model = inventory.model();
            let found: BTreeSet<&str> =
                (0..model.nodes.len() as u32).map(|node| model.nodes.name(node)).collect();
            tally.compare(format!("{id} {pattern}"), &json!(found), &json!(expected));
        }
        // Ansible passes a whole file over for it, with a warning.
        Err(_) if expected.is_empty() => tally.passed += 1,
        Err(message) => tally.failed.push(format!("{id} {pattern}: {message}")),
    }
}

#[test]
fn selectors_of_colmena_are_filters() {
    let engine = Engine::new(Limits::default());
    let mut tally = Tally::default();
    for (_, cases) in crate::shared::files("cases/peers").iter().filter(|(name, _)| name == "colmena-on") {
        for case in cases.get("cases").and_then(Json::as_array).into_iter().flatten() {
            let (id, selector) = (text(case, "id").to_owned(), text(case, "input"));
            let machines: Json = match case.get("nodes").and_then(Json::as_array) {
                Some(names) => {
                    names.iter().filter_map(Json::as_str).map(|name| (name.to_owned(), json!({}))).collect()
                }
                None => cases
                    .get("nodes")
                    .and_then(Json::as_object)
                    .into_iter()
                    .flatten()
                    .map(|(name, tags)| (name.clone(), json!({ "tags": tags })))
                    .collect(),
            };
            let document = json!({ "meta": { "name": "hive" }, "machines": machines, "instances": {} });
            let inventory = engine
                .load(vec![crate::shared::input("hive.json", &document)])
                .unwrap_or_else(|found| panic!("{}", messages(&found)));
            // An empty rule is a mistake there, and nothing at all selects nothing; here neither can be written.
            if case.get("error").is_some() || selector.trim().is_empty() {
                tally.different.push(id);
                continue;
            }
            let rules = selector.split(',').map(str::trim).map(|rule| match rule.strip_prefix('@') {
                Some(tag) if tag.contains('*') => {
                    let prefix = Json::from(tag.trim_end_matches('*'));
                    format!("where (m: any (hasPrefix {prefix}) m.tags)")
                }
                Some(tag) => format!("tag {}", Json::from(tag)),
                None => format!("glob {}", Json::from(rule)),
            });
            let query = rules.collect::<Vec<_>>().join(" || ");
            let found = engine
                .compile(&query, &inventory)
                .and_then(|query| query.machines(&inventory).map_err(|mistake| vec![mistake]))
                .unwrap_or_else(|found| panic!("{id} {query}: {}", messages(&found)));
            let found: BTreeSet<&str> = found.iter().map(|node| inventory.machine_name(*node)).collect();
            tally.compare(format!("{id} {query}"), &json!(found), &json!(names(case.get("expected"))));
        }
    }
    tally.finish("selectors of Colmena");
}

#[test]
fn the_table_of_patterns_selects_what_ansible_selects() {
    let engine = Engine::new(Limits::default());
    let folder = root().join("examples/ansible");
    let inventory =
        engine.load_path(folder.join("hosts.yml")).unwrap_or_else(|found| panic!("{}", messages(&found)));
    for row in PATTERNS {
        let found = engine
            .compile(row.filter, &inventory)
            .and_then(|query| query.machines(&inventory).map_err(|mistake| vec![mistake]))
            .unwrap_or_else(|found| panic!("{}: {}", row.filter, messages(&found)));
        let found: BTreeSet<&str> = found.iter().map(|node| inventory.machine_name(*node)).collect();
        let mut command = Command::new("ansible");
        command.env("ANSIBLE_HOME", crate::support::folder("ansible-home"));
        let output =
            command.current_dir(&folder).args(["-i", "hosts.yml", row.pattern, "--list-hosts"]).output();
        let Ok(output) = output else {
            println!("skipped: ansible is not installed (Debian: ansible-core)");
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let expected: BTreeSet<&str> = text.lines().skip(1).map(str::trim).collect();
        assert_eq!(found, expected, "{} as {}", row.pattern, row.filter);
    }
}

#[test]
fn the_page_has_the_table_of_patterns() {
    let path = root().join("docs/ansible.md");
    let page = std::fs::read_to_string(&path).expect("the page is text").replace("\r\n", "\n");
    let (start, end) = ("<!-- patterns -->\n", "<!-- end of patterns -->\n");
    let (before, rest) = page.split_once(start).expect("the page has a place for the table");
    let (written, after) = rest.split_once(end).expect("the place for the table ends");
    let mut table = String::from("\n| pattern | filter | |\n| --- | --- | --- |\n");
    for row in PATTERNS {
        let filter = row.filter.replace('|', "\\|");
        table.push_str(&format!("| `{}` | `{filter}` | {} |\n", row.pattern, row.note));
    }
    table.push('\n');
    if written != table && std::env::var_os("INVQ_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{start}{table}{end}{after}"))
            .expect("the page can be written");
        return;
    }
    assert_eq!(written, table, "`INVQ_BLESS=1 cargo test the_page_has` writes the table anew");
}
