//! What is suggested for a misspelt name is of the kind that its place asks for, and of the type.
//!
//! The inventory calls its machines, tags and clusters nearly as functions are called.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use invq::builtins;
use invq::diagnostic::{Code, Diagnostic};
use invq::text::Source;
use invq::types::{Named, schema};
use invq::{Engine, Format, Input, Inventory, Limits};
use proptest::prelude::*;

use super::Choices;

const TAGS: [&str; 9] =
    ["lenght", "mpa", "fliter", "sotr", "hostnam", "storage", "database", "concatMaps", "elems"];
const MACHINES: [&str; 8] = ["tagg", "lengthh", "maps", "filters1", "web-one", "atrNames", "sortt", "heads"];
const CLUSTERS: [&str; 3] = ["clutser", "where1", "frankfurt"];
const SERVICES: [&str; 3] = ["monitoring", "servcie", "foldls"];
const ROLES: [&str; 2] = ["server", "client"];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Limits::default()));

/// Every machine carries every tag and is in every service, so that all names are there.
static INVENTORY: LazyLock<Inventory> = LazyLock::new(|| {
    let tags: Vec<String> = TAGS.iter().map(|tag| format!("\"{tag}\"")).collect();
    let machines: String = MACHINES
        .iter()
        .map(|name| format!("{name} = {{ system = \"x86_64-linux\"; tags = [ {} ]; }}; ", tags.join(" ")))
        .collect();
    let roles: String = ROLES.iter().map(|role| format!("{role} = [ clusterMachines ]; ")).collect();
    let services: String = SERVICES
        .iter()
        .map(|name| {
            format!(
                "{name} = {{ selectors = [ clusterMachines ]; roles = {{ {roles}}}; definition = {{ ... }}: {{ }}; }}; "
            )
        })
        .collect();
    let clusters: String = CLUSTERS
        .iter()
        .map(|name| format!("{name} = {{ machines = {{ {machines}}}; services = {{ {services}}}; }}; "))
        .collect();
    let text = format!("{{ domain = {{ suffix = \"lan\"; clusters = {{ {clusters}}}; }}; }}");
    let source = Source::new("inventory.invq", text);
    ENGINE
        .load(vec![Input { source, format: Format::Expression, folder: None }])
        .expect("the inventory can be read")
});

/// A name with one or two edits.
fn misspelt(name: &str, choices: &mut Choices<'_>) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..1 + choices.below(2) {
        let at = choices.below(letters.len());
        let letter = char::from(b"aeinrstlo1"[choices.below(10)]);
        match choices.below(4) {
            // The first letter stays one, so that the word is a name.
            0 if letters.len() > 2 && at > 0 => drop(letters.remove(at)),
            1 if at > 0 => letters.insert(at, letter),
            2 if at > 1 => letters.swap(at - 1, at),
            _ if at > 0 => letters[at] = letter,
            _ => letters.push(letter),
        }
    }
    letters.into_iter().collect()
}

/// The only mistake of a query, if it has any.
fn mistake(text: &str) -> Option<Diagnostic> {
    let mut found = ENGINE.compile(text, &INVENTORY).err()?;
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.pop()
}

/// The names that a help offers.
fn offered(diagnostic: &Diagnostic) -> Vec<String> {
    let help = diagnostic.help.as_deref().unwrap_or("");
    let Some(names) = help.strip_prefix("did you mean ") else { return Vec::new() };
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The edit distance, without regard to case, counted in the plainest way.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) =
        (left.to_lowercase().chars().collect(), right.to_lowercase().chars().collect());
    let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
    for row in 0..=left.len() {
        for column in 0..=right.len() {
            table[row][column] = if row == 0 || column == 0 {
                row + column
            } else {
                let change = usize::from(left[row - 1] != right[column - 1]);
                let mut best = (table[row - 1][column - 1] + change)
                    .min(table[row - 1][column] + 1)
                    .min(table[row][column - 1] + 1);
                if row > 1
                    && column > 1
                    && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1]
                {
                    best = best.min(table[row - 2][column - 2] + 1);
                }
                best
            };
        }
    }
    table[left.len()][right.len()]
}

/// What is offered are some of the names of its kind, and what was meant is among them unless others are as near.
fn offers_of(kind: &BTreeSet<&str>, meant: &str, written: &str, text: &str, diagnostic: &Diagnostic) {
    let offered = offered(diagnostic);
    for name in &offered {
        assert!(kind.contains(&**name), "{text}: `{name}` is of another kind; {diagnostic:?}");
    }
    let away = distance(meant, written);
    let longer = meant.len().max(written.len());
    let is_near = away <= if longer < 5 { 1 } else { (longer / 3).max(2) } && away < longer;
    let nearer = kind.iter().filter(|name| **name != meant && distance(name, written) <= away).count();
    if is_near && nearer < 3 {
        assert!(offered.iter().any(|name| name == meant), "{text}: `{meant}` was meant; {diagnostic:?}");
    }
}

/// Builtins that are called by their bare names.
fn functions() -> BTreeSet<&'static str> {
    let bare = builtins::names("bare").chain(builtins::names("nix"));
    let is_function = |name: &&str| {
        let index = builtins::find("bare", name).or_else(|| builtins::find("nix", name));
        index.and_then(builtins::get).is_some_and(|builtin| builtin.ty.contains("->"))
    };
    bare.filter(is_function).collect()
}

/// Names that closures of services and sessions have, which their help says.
const BOUND_ELSEWHERE: [&str; 4] = ["this", "roles", "selectors", "it"];

/// Whether a word is told as one of another language, or means something.
fn is_other_mistake(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, Code::ForeignSyntax | Code::Syntax)
        || diagnostic.help.as_ref().is_some_and(|help| help.starts_with("write `"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_function_that_is_called(at in 0_usize..10_000, bytes in prop::collection::vec(any::<u8>(), 8)) {
        let functions = functions();
        let meant = *functions.iter().nth(at % functions.len()).expect("there are functions");
        let written = misspelt(meant, &mut Choices::new(&bytes));
        let text = format!("{written} (null :: Any)");
        let means_something = functions.contains(&*written) || BOUND_ELSEWHERE.contains(&&*written);
        if let Some(diagnostic) = mistake(&text).filter(|_| !means_something) {
            let help = diagnostic.help.as_deref().unwrap_or("");
            prop_assert!(!help.contains("tag \"") && !help.contains("hostname \""), "{text}: {help}");
            if diagnostic.code == Code::UnknownName && !is_other_mistake(&diagnostic) {
                let mut kind = functions.clone();
                // Filters are functions as ClusterConfig calls them.
                kind.extend(builtins::names("filters"));
                offers_of(&kind, meant, &written, &text, &diagnostic);
            }
        }
    }

    #[test]
    fn a_name_in_a_string(which in 0_usize..5, at in 0_usize..100, bytes in prop::collection::vec(any::<u8>(), 8)) {
        let (call, kind): (&str, &[&str]) = [
            ("tag", &TAGS[..]),
            ("hostname", &MACHINES),
            ("cluster", &CLUSTERS),
            ("service", &SERVICES),
            ("role \"monitoring\"", &ROLES),
        ][which];
        let meant = kind[at % kind.len()];
        let written = misspelt(meant, &mut Choices::new(&bytes));
        let text = format!("{call} \"{written}\"");
        let kind: BTreeSet<&str> = kind.iter().copied().collect();
        if !kind.contains(&*written) {
            let diagnostic = mistake(&text).expect("nothing is called so");
            let others = [&TAGS[..], &MACHINES, &CLUSTERS, &SERVICES].concat();
            match diagnostic.help.as_deref().and_then(|help| help.split_once("is called so: write `")) {
                Some(_) => prop_assert!(others.contains(&&*written), "{text}: {diagnostic:?}"),
                None => offers_of(&kind, meant, &written, &text, &diagnostic),
            }
        }
    }

    #[test]
    fn a_field(which in 0_usize..100, at in 0_usize..100, bytes in prop::collection::vec(any::<u8>(), 8)) {
        let records = [
            (Named::Machine, "head machines"),
            (Named::Cluster, "head (attrValues clusters)"),
            (Named::Instance, "head (attrValues instances)"),
            (Named::Placement, "head placements"),
        ];
        let (record, value) = records[which % records.len()];
        let fields: BTreeSet<&str> =
            schema::entries(record).iter().map(|entry| entry.name.trim_end_matches('?')).collect();
        let meant = *fields.iter().nth(at % fields.len()).expect("it has fields");
        let written = misspelt(meant, &mut Choices::new(&bytes));
        let text = format!("({value}).{written}");
        if !fields.contains(&*written) && !["in", "if", "or", "let", "rec", "then", "else"].contains(&&*written) {
            let diagnostic = mistake(&text).expect("no field is called so");
            prop_assert_eq!(diagnostic.code, Code::UnknownField);
            // Some words are what another field is called elsewhere.
            let help = diagnostic.help.as_deref().unwrap_or("");
            if !help.starts_with("write `") || help.contains(".vars.") {
                offers_of(&fields, meant, &written, &text, &diagnostic);
            }
        }
    }

    #[test]
    fn a_member_of_a_set(which in 0_usize..6, at in 0_usize..10_000, bytes in prop::collection::vec(any::<u8>(), 8)) {
        let set = ["lib", "lib.strings", "lib.lists", "lib.attrsets", "builtins", "filters"][which];
        let mut members: BTreeSet<&str> = builtins::names(set).collect();
        members.extend(builtins::modules(set));
        let meant = *members.iter().nth(at % members.len()).expect("it has members");
        let written = misspelt(meant, &mut Choices::new(&bytes));
        let text = format!("{set}.{written}");
        if !members.contains(&*written)
            && let Some(diagnostic) = mistake(&text)
            && !is_other_mistake(&diagnostic)
        {
            offers_of(&members, meant, &written, &text, &diagnostic);
        }
    }

    #[test]
    fn an_argument_of_a_pattern(at in 0_usize..3, bytes in prop::collection::vec(any::<u8>(), 8)) {
        let fields = ["length", "machines", "storage"];
        let written = misspelt(fields[at], &mut Choices::new(&bytes));
        let text = format!("({{ length ? 1, machines ? 2, storage ? 3 }}: length) {{ {written} = 1; }}");
        if !fields.contains(&&*written) {
            let diagnostic = mistake(&text).expect("it takes no such argument");
            prop_assert_eq!(diagnostic.code, Code::UnknownArgument);
            offers_of(&fields.into_iter().collect(), fields[at], &written, &text, &diagnostic);
        }
    }

    /// Where names are equally near, the one whose type is asked for is offered alone.
    #[test]
    fn the_type_decides_between_equally_near_names(which in 0_usize..4, swapped in any::<bool>(), base in "[c-k]{4,9}q") {
        let (value, other, use_of) = [
            ("\"a\"", "1", "stringLength"),
            ("[ 1 ]", "{ }", "sum"),
            ("{ a = 1; }", "[ ]", "attrNames"),
            ("(tag \"storage\")", "\"a\"", "select"),
        ][which];
        let (fits, unfit) = if swapped { ("1", "2") } else { ("2", "1") };
        let text = format!("let {base}{fits} = {value}; {base}{unfit} = {other}; in {use_of} {base}3");
        let diagnostic = mistake(&text).expect("nothing is called so");
        prop_assert_eq!(offered(&diagnostic), [format!("{base}{fits}")], "{}", text);
    }
}

#[test]
fn a_word_that_is_no_function_may_be_a_tag_or_a_machine() {
    let help = |text: &str| mistake(text).and_then(|diagnostic| diagnostic.help);
    assert_eq!(help("databse").as_deref(), Some("did you mean `tag \"database\"`?"));
    assert_eq!(help("!web-on").as_deref(), Some("did you mean `hostname \"web-one\"`?"));
    assert_eq!(help("lenght machines").as_deref(), Some("did you mean `length`?"));
}
