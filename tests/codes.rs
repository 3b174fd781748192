//! The examples in the table of codes: every code has one that has the mistake and one that does not.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use invq::diagnostic::{CODES, Code, CodeEntry, Diagnostic, Example};
use invq::text::Source;
use invq::{Engine, Format, Input, Limits};

use crate::shared::messages;
use crate::support::{Outcome, folder, invq};
use crate::tables::{demo, engine, outcome, run};

#[test]
fn every_code_has_a_bad_and_a_good_example() {
    let without: Vec<&str> = CODES
        .iter()
        .filter(|entry| entry.bad.is_empty() || entry.good.is_empty() || entry.bad == entry.good)
        .map(|entry| entry.word)
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

/// Everything that is wrong with an inventory.
fn mistakes(engine: &Engine, text: &str) -> Vec<Diagnostic> {
    let source = Source::new("example.invq", text);
    let input = Input { source, format: Format::Expression, folder: None };
    engine.load(vec![input]).map_or_else(|found| found, |inventory| inventory.check())
}

#[test]
fn bad_inventories_of_codes_have_their_mistake_and_good_ones_have_none() {
    let engine = engine();
    let mut wrong = Vec::new();
    for entry in CODES.iter().filter(|entry| entry.example == Example::Inventory) {
        let found = mistakes(&engine, entry.bad);
        if !found.iter().any(|mistake| mistake.code == entry.code) {
            wrong.push(format!("{}: the bad one gives {:?}", entry.word, messages(&found)));
        }
        let found = mistakes(&engine, entry.good);
        if !found.is_empty() {
            wrong.push(format!("{}: the good one gives {}", entry.word, messages(&found)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn bad_examples_of_codes_fail_with_their_code_and_good_ones_do_not() {
    let engine = engine();
    let inventory = demo(&engine);
    let mut wrong = Vec::new();
    for entry in CODES.iter().filter(|entry| entry.example == Example::Query) {
        let found = outcome(&engine, &inventory, entry.bad);
        if found != format!("error: {}", entry.word) {
            wrong.push(format!("{}: {} gives {found}", entry.word, entry.bad));
        }
        if let Err(found) = run(&engine, &inventory, entry.good) {
            wrong.push(format!("{}: {} gives {}", entry.word, entry.good, messages(&found)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The words of a call as a shell takes them apart, the program's name aside.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate();
    quoted
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .skip(1)
        .collect()
}

/// Makes the call of an example in a folder with its files.
fn call_within(folder: &Path, example: &str) -> Outcome {
    let mut parts = example.split("==> ");
    let call = words(parts.next().unwrap_or_default().trim());
    for part in parts {
        let (path, text) = part.split_once(" <==\n").expect("a path stands between arrows");
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).expect("the folder can be written");
        std::fs::write(path, text).expect("the folder can be written");
    }
    invq(&call.iter().map(String::as_str).collect::<Vec<_>>()).within(folder).run()
}

/// Runs an example that the program itself shows.
fn called(entry: &CodeEntry, name: &str, example: &str) -> Outcome {
    match entry.example {
        Example::Document => invq(&["-i", "-", "check"]).input(example).run(),
        Example::Folder => {
            // Its code is told where a person is not told it in brackets.
            let (call, files) = example.split_once('\n').expect("files follow the call");
            let example = format!("{call} --error-format json\n{files}");
            call_within(&folder(&format!("codes/{}/{name}", entry.word)), &example)
        }
        _ => {
            let words = words(example);
            invq(&words.iter().map(String::as_str).collect::<Vec<_>>()).run()
        }
    }
}

#[test]
fn bad_documents_calls_and_folders_of_codes_have_their_mistake_and_good_ones_have_none() {
    let shown = [Example::Document, Example::CommandLine, Example::Folder];
    for entry in CODES.iter().filter(|entry| shown.contains(&entry.example)) {
        let bad = called(entry, "bad", entry.bad);
        let told = format!("{}{}", bad.stdout, bad.stderr);
        let is_told = match entry.example {
            Example::Folder => told.contains(&format!("\"code\":\"{}\"", entry.word)),
            _ => told.contains(&format!("[{}]", entry.word)),
        };
        let is_warning = told.contains("\"severity\":\"warning\"");
        assert!(is_told && (bad.status != 0) != is_warning, "{}: {told}", entry.word);
        let good = called(entry, "good", entry.good);
        // That something changes is what `diff` says with 1.
        let expected = i32::from(entry.code == Code::ReadOnly);
        assert_eq!((good.status, good.stderr.as_str()), (expected, ""), "{}", entry.word);
        assert!(!good.stdout.contains("\"code\""), "{}: {}", entry.word, good.stdout);
    }
}

#[test]
fn bad_queries_that_last_are_stopped_and_good_ones_are_done_before() {
    let interrupt = Some(Arc::new(AtomicBool::new(true)));
    let engine = Engine::new(Limits { interrupt, ..Limits::default() });
    let inventory = engine.empty();
    for entry in CODES.iter().filter(|entry| entry.example == Example::Lasting) {
        assert_eq!(outcome(&engine, &inventory, entry.bad), format!("error: {}", entry.word));
        let good = run(&engine, &inventory, entry.good);
        assert!(good.is_ok(), "{}: {good:?}", entry.word);
    }
}
