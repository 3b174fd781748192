//! Host patterns of Ansible, and selectors of Colmena, as filters: what each of them selects there is asked here.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::collections::BTreeSet;
use std::process::Command;

use invq::dialects::ansible::PATTERNS;
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory, Limits};
use serde_json::{Value as Json, json};

use crate::shared::{Tally, messages, text};
use crate::support::root;

/// Patterns that Ansible takes for something that nobody has written.
const ACCIDENTS: &[(&str, &str)] = &[
    ("~", "the empty expression matches every name"),
    ("!!weber", "excludes the host `!weber`, which does not exist"),
    ("!&staging", "likewise"),
    ("webservers[:2]", "is no subscript, and matches nothing"),
    ("webservers[:]", "likewise"),
    ("dbservers[-2:]", "likewise"),
];

/// The names of a list, sorted.
fn names(list: Option<&Json>) -> BTreeSet<String> {
    let items = list.and_then(Json::as_array).into_iter().flatten();
    items.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn loaded(engine: &Engine, format: &str, text: &str) -> Inventory {
    let format = if format == "yaml" { Format::Yaml } else { Format::Ini };
    let input = Input { source: Source::new("hosts", text), format, folder: None };
    engine.load(vec![input]).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

/// The parts of a host pattern, as Ansible splits it: by commas, else by colons that are neither in brackets
/// nor in an address.
fn parts(pattern: &str) -> Vec<String> {
    let is_address = pattern.parse::<std::net::Ipv6Addr>().is_ok();
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for character in pattern.chars() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        let ends = match character {
            ',' => true,
            ':' => !pattern.contains(',') && !is_address && depth == 0,
            _ => false,
        };
        match parts.last_mut() {
            Some(part) if !ends => part.push(character),
            _ => parts.push(String::new()),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// A shell pattern as a regular expression.
fn as_regex(glob: &str) -> String {
    glob.replace('.', "[.]").replace('*', ".*").replace('?', ".").replace("[!", "[^")
}

/// A part with a subscript: what it cuts, where it begins, and how many it takes at most. Negative numbers count
/// from the end.
fn subscript(part: &str) -> Option<(&str, i64, i64)> {
    let (base, inside) = part.strip_suffix(']')?.rsplit_once('[')?;
    if let Ok(one) = inside.parse::<i64>() {
        return Some((base, one, 1));
    }
    let (first, last) = inside.split_once([':', '-'])?;
    let first: i64 = first.parse().ok()?;
    let last: i64 = if last.is_empty() { i64::from(i32::MAX) } else { last.parse().ok()? };
    (first >= 0 && last >= 0 && !base.is_empty()).then_some((base, first, (last - first + 1).max(0)))
}

/// The list of machines that a part without a subscript stands for, in written order.
fn listed(part: &str, groups: &BTreeSet<String>) -> String {
    let members = match groups.contains(part) {
        true => format!("groups.{}", Json::from(part)),
        false => {
            let regex = Json::from(as_regex(part));
            format!(
                "(filter (m: match {regex} m.name != null || any (g: match {regex} g != null) m.groups) machines)"
            )
        }
    };
    format!("(sortOn (m: [ m.source.line m.source.column ]) {members})")
}

/// The filter that `docs/ansible.md` gives for one part of a pattern; nothing for what is done otherwise there.
fn filter(part: &str, groups: &BTreeSet<String>, hosts: &BTreeSet<String>) -> Option<String> {
    if let Some(regex) = part.strip_prefix('~') {
        let whole = Json::from(format!("({}).*", regex.replace("(^", "(")));
        let regex = Json::from(format!("^({regex})"));
        return Some(format!("matching {regex} || where (m: any (g: match {whole} g != null) m.groups)"));
    }
    if let Some((base, first, count)) = subscript(part) {
        let list = listed(base, groups);
        return Some(match (first, count) {
            (first, 1) if first < 0 => {
                format!("(let l = {list}; in hostname (elemAt l (length l + {first})).name)")
            }
            // One that is not there is a mistake, as it is in Ansible.
            (first, 1) if !part.contains([':', '-']) => format!("hostname (elemAt {list} {first}).name"),
            (first, count) => format!("map (m: hostname m.name) (take {count} (drop {first} {list}))"),
        });
    }
    if part.contains(['*', '?', '[']) {
        let (glob, regex) = (Json::from(part), Json::from(as_regex(part)));
        return Some(format!("glob {glob} || where (m: any (g: match {regex} g != null) m.groups)"));
    }
    let name = Json::from(part);
    Some(match (groups.contains(part), hosts.contains(part)) {
        (true, _) => format!("group {name}"),
        (false, true) => format!("hostname {name}"),
        (false, false) => format!("optional (hostname {name})"),
    })
}

/// The filter of a whole pattern: the plain parts or everything, then each `&`, then each `!`. A sign without a
/// name is a mistake in both.
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
            let inner = match part.starts_with(['!', '&']) {
                true => return None,
                false if part.is_empty() => String::new(),
                false => filter(part, groups, hosts)?,
            };
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
                "count" => {
                    let given = case.get("inventory").expect("an inventory");
                    let inventory = loaded(&engine, text(given, "format"), text(given, "text"));
                    let limit = case.get("limit").and_then(Json::as_str);
                    count_case(&engine, &inventory, &id, pattern, limit, case, &mut tally);
                }
                "split" => {
                    let given = case["input"].as_array().into_iter().flatten().filter_map(Json::as_str);
                    let parts: Vec<String> = given.chain(case["input"].as_str()).flat_map(parts).collect();
                    tally.compare(id, &json!(parts), &case["expected"]);
                }
                // What a subscript takes is asked of hosts.
                _ => {}
            }
        }
    }
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
        _ => return tally.different.push(format!("{id} {pattern}")),
    };
    if names(case.get("expected")).contains("localhost") && !hosts.contains("localhost")
        || ACCIDENTS.iter().any(|(known, _)| *known == pattern)
    {
        return tally.different.push(format!("{id} {pattern}"));
    }
    let machines = |query: invq::Query| query.machines(inventory).map_err(|mistake| vec![mistake]);
    match engine.compile(&query, inventory).and_then(machines) {
        Err(_) if case.get("error").is_some() => tally.passed += 1,
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

fn count_case(
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
    let wanted = [Some(pattern), limit.filter(|limit| !parts(limit).is_empty())];
    let filters: Option<Vec<String>> =
        wanted.iter().flatten().map(|pattern| whole_filter(pattern, &groups, &hosts)).collect();
    let Some(filters) = filters else { return tally.different.push(format!("{id} {pattern}")) };
    let query = format!("({})", filters.join(") && ("));
    let found = engine
        .compile(&query, inventory)
        .and_then(|query| query.machines(inventory).map_err(|mistake| vec![mistake]))
        .unwrap_or_else(|found| panic!("{id} {query}: {}", messages(&found)));
    tally.compare(format!("{id} {pattern}: {query}"), &json!(found.len()), &case["expected"]);
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
            let rules = selector.split(',').map(str::trim).map(|rule| match rule.strip_prefix('@') {
                Some(tag) if tag.contains('*') => {
                    let prefix = Json::from(tag.trim_end_matches('*'));
                    format!("where (m: any (hasPrefix {prefix}) m.tags)")
                }
                Some(tag) => format!("tag {}", Json::from(tag)),
                // No rule among others is a mistake in both; nothing at all selects nothing.
                None if rule.is_empty() && selector.trim().is_empty() => "none".to_owned(),
                None if rule.is_empty() => String::new(),
                None => format!("glob {}", Json::from(rule)),
            });
            let query = rules.collect::<Vec<_>>().join(" || ");
            let found = engine
                .compile(&query, &inventory)
                .and_then(|query| query.machines(&inventory).map_err(|mistake| vec![mistake]));
            let found = match found {
                Err(_) if case.get("error").is_some() => {
                    tally.passed += 1;
                    continue;
                }
                found => found.unwrap_or_else(|found| panic!("{id} {query}: {}", messages(&found))),
            };
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
