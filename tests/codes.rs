//! Every code is reached: by an expression on the demo inventory, by the text of an inventory, or by a
//! command line.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use invq::diagnostic::{CODES, Code, Example};
use invq::{Engine, Limits};

use crate::support::invq;

/// What reaches a code.
enum Case {
    /// The example in the table of codes, which the tests of examples run.
    Example,
    /// `invq check` of the inventory in the table of codes.
    Inventory,
    /// `invq check` of an inventory in `tests/broken/`, whose report is beside it.
    Broken(&'static str),
    /// Arguments of the command line.
    Line(&'static [&'static str]),
    /// A flag that another thread sets.
    Flag,
}

/// How a code is reached.
fn case(code: Code) -> Case {
    match code {
        Code::Interrupted => Case::Flag,
        Code::Io => Case::Line(&["-i", "no-such-file.json", "1"]),
        Code::InvalidDocument => Case::Broken("trailing-comma.json"),
        Code::GroupCycle => Case::Broken("cycle-of-groups.ini"),
        Code::UnsupportedTemplate => Case::Broken("constructed-with-a-lookup"),
        Code::EncryptedVariables => {
            Case::Line(&["check", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ansible/encrypted/hosts.yml")])
        }
        Code::BrokenInventory => Case::Line(&[
            "--error-format",
            "json",
            "-i",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/broken/wrong-type.json"),
            "1",
        ]),
        Code::ReadOnly => Case::Line(&[
            "-i",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clan-folder"),
            "diff",
            "--with",
            "removeMachine \"jon\"",
        ]),
        Code::UnprintableName => Case::Line(&["-o", "names", "[ \"a\\nb\" ]"]),
        Code::UnsuitableFormat => Case::Line(&["-o", "csv", "1"]),
        Code::Usage => Case::Line(&["--argjson", "x", "{", "1"]),
        _ if code.entry().is_some_and(|entry| entry.example == Example::Inventory) => Case::Inventory,
        _ => Case::Example,
    }
}

/// The codes that a case gives.
fn codes_of(case: Case, code: Code) -> BTreeSet<&'static str> {
    let words = |text: &str| -> BTreeSet<&'static str> {
        let known = CODES.iter().map(|entry| entry.word);
        known
            .filter(|word| {
                text.contains(&format!("[{word}]")) || text.contains(&format!("\"code\":\"{word}\""))
            })
            .collect()
    };
    match case {
        Case::Example => {
            let entry = code.entry().expect("the code has its row");
            assert!(!entry.bad.is_empty(), "{} has no example", entry.word);
            words(&invq(&["--demo", "--limit-steps", "1000000", "--", entry.bad]).run().stderr)
        }
        Case::Broken(name) => {
            let path = crate::support::root().join("tests/broken").join(name);
            let outcome = invq(&["check", &path.to_string_lossy()]).run();
            words(&format!("{}{}", outcome.stdout, outcome.stderr))
        }
        Case::Inventory => {
            let entry = code.entry().expect("the code has its row");
            words(&invq(&["-i", "-", "check"]).input(entry.bad).run().stdout)
        }
        Case::Line(arguments) => {
            let outcome = invq(arguments).run();
            words(&format!("{}{}", outcome.stdout, outcome.stderr))
        }
        Case::Flag => {
            let interrupt = Some(Arc::new(AtomicBool::new(true)));
            let engine = Engine::new(Limits { interrupt, ..Limits::default() });
            let inventory = engine.empty();
            let text = "foldl' (a: b: a + b) 0 (genList (x: x) 100000)";
            let query = engine.compile(text, &inventory).expect("the query has no mistake");
            query.run(&inventory).err().map(|mistake| mistake.code.word()).into_iter().collect()
        }
    }
}

#[test]
fn every_code_is_reached() {
    let mut missed = Vec::new();
    for entry in CODES {
        let found = codes_of(case(entry.code), entry.code);
        if !found.contains(entry.word) {
            missed.push(format!("{}: {found:?}", entry.word));
        }
    }
    assert!(missed.is_empty(), "not reached:\n{}", missed.join("\n"));
}
