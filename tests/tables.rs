//! The examples in the tables of builtins and of codes, run on the demo inventory.

use invq::diagnostic::{CODES, Diagnostic, Example};
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory, Limits, builtins};

use crate::shared::messages;
use crate::support::invq;

fn demo(engine: &Engine) -> Inventory {
    engine.load_demo().unwrap_or_else(|found| panic!("{}", messages(&found)))
}

/// An engine that gives up early: an example may not run long.
fn engine() -> Engine {
    Engine::new(Limits { steps: 1_000_000, ..Limits::default() })
}

fn run(engine: &Engine, inventory: &Inventory, text: &str) -> Result<String, Vec<Diagnostic>> {
    let query = engine.compile(text, inventory)?;
    let answer = query.run(inventory).map_err(|diagnostic| vec![diagnostic])?;
    if let Some(machines) = answer.nodes() {
        let names: Vec<&str> = machines.iter().map(|node| inventory.model().nodes.name(*node)).collect();
        return Ok(serde_json::json!(names).to_string());
    }
    let data = answer.into_data(inventory).map_err(|diagnostic| vec![diagnostic])?;
    Ok(data.to_string())
}

/// What an expression gives, as the tables write it.
pub(crate) fn outcome(engine: &Engine, inventory: &Inventory, text: &str) -> String {
    match run(engine, inventory, text) {
        Ok(answer) => answer,
        Err(found) => {
            let mut codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.word()).collect();
            codes.dedup();
            format!("error: {}", codes.join(", "))
        }
    }
}

#[test]
fn examples_of_builtins_give_what_they_say() {
    let engine = engine();
    let inventory = demo(&engine);
    let mut wrong = Vec::new();
    for builtin in builtins::ALL.iter() {
        for (example, expected) in builtin.examples {
            let found = outcome(&engine, &inventory, example);
            if found != *expected {
                wrong.push(format!("{}: {example}\n  expected {expected}\n  found    {found}", builtin.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
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
    for entry in CODES.iter().filter(|entry| !entry.bad.is_empty() && entry.example == Example::Query) {
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

#[test]
fn bad_documents_and_calls_of_codes_fail_with_their_code_and_good_ones_do_not() {
    for entry in CODES {
        let call = |example: &str| match entry.example {
            Example::Document => invq(&["-i", "-", "check"]).input(example).run(),
            _ => {
                let words = words(example);
                invq(&words.iter().map(String::as_str).collect::<Vec<_>>()).run()
            }
        };
        if !matches!(entry.example, Example::Document | Example::CommandLine) {
            continue;
        }
        let bad = call(entry.bad);
        let told = format!("{}{}", bad.stdout, bad.stderr);
        let is_told = told.contains(&format!("[{}]", entry.word));
        assert!(is_told && bad.status != 0, "{}: {told}", entry.word);
        let good = call(entry.good);
        assert_eq!((good.status, good.stderr.as_str()), (0, ""), "{}", entry.word);
    }
}
