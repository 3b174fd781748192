//! The table of limits: each has its test, its option and its row in the documentation.

use std::collections::BTreeSet;
use std::time::Duration;

use invq::diagnostic::{Code, Diagnostic};
use invq::text::Source;
use invq::{Engine, Format, Input, Limit, Limits};

use super::{on_a_small_stack, run};
use crate::support::{invq, root};

/// The mistakes of loading a text with small limits for documents.
fn load(text: String, format: Format, limits: Limits) -> Diagnostic {
    let input = Input { source: Source::new("inventory", text), format, folder: None };
    match Engine::new(limits).load(vec![input]) {
        Err(mut mistakes) => mistakes.remove(0),
        Ok(inventory) => inventory.check().into_iter().next().expect("a mistake"),
    }
}

/// What reaches each limit.
fn reach(limit: Limit) -> Diagnostic {
    let small = Limits::default();
    let query = |text: &str, limits: Limits| run(text, limits).expect_err("a limit");
    match limit {
        Limit::Steps => query("length (genList (x: x) 1000)", Limits { steps: 100, ..small }),
        Limit::Memory => query("length (genList (x: x) 100000)", Limits { memory: 1 << 16, ..small }),
        Limit::Depth => query("let f = x: f x; in f 0", Limits { depth: 100, ..small }),
        Limit::Time => {
            let time = Some(Duration::from_millis(20));
            query(
                "foldl' (a: x: foldl' (b: y: b + y) 0 [ a x 1 2 3 4 5 6 7 ]) 0 (genList (x: x) 3000000)",
                Limits { time, ..small },
            )
        }
        Limit::Answer => query("genList (x: x) 1000", Limits { answer: 1 << 10, ..small }),
        Limit::Source => {
            let inventory = Engine::default().load_demo().expect("the demo inventory loads");
            let engine = Engine::new(Limits { source: 10, ..small });
            let mistakes = engine.compile("[ 1 2 3 4 5 6 ]", &inventory).err().expect("a limit");
            mistakes[0].clone()
        }
        Limit::Nesting => {
            query(&format!("{}1{}", "(".repeat(60), ")".repeat(60)), Limits { nesting: 50, ..small })
        }
        Limit::Literal => query(&format!("\"{}\"", "a".repeat(600)), Limits { literal: 500, ..small }),
        Limit::Document => {
            load("{ \"machines\": {} }".to_owned(), Format::Json, Limits { document: 10, ..small })
        }
        Limit::DocumentDepth => {
            let deep = format!("{{ \"machines\": {}{} }}", "[".repeat(20), "]".repeat(20));
            load(deep, Format::Json, Limits { document_depth: 10, ..small })
        }
        Limit::DocumentValues => {
            let aliases = "a: &a [1, 2, 3]\nmachines: [*a, *a, *a, *a]\n".to_owned();
            load(aliases, Format::Yaml, Limits { document_values: 12, ..small })
        }
    }
}

#[test]
fn every_limit_is_an_ordinary_mistake_that_names_what_raises_it() {
    on_a_small_stack(|| {
        for limit in Limit::ALL {
            let mistake = reach(limit);
            assert_eq!(mistake.code, Code::LimitReached, "{limit:?}: {}", mistake.message);
            let help = mistake.help.unwrap_or_default();
            assert!(help.contains(&format!("`Limits::{}`", limit.field())), "{limit:?}: {help}");
            let option = limit.option().unwrap_or_default();
            assert!(help.contains(option), "{limit:?}: {help}");
            assert!(!mistake.labels.is_empty(), "{limit:?}");
        }
    });
}

#[test]
fn the_documentation_has_the_table() {
    let page = std::fs::read_to_string(root().join("docs/limits.md")).expect("the page is text");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = Limit::ALL
        .iter()
        .map(|limit| {
            let option = limit.option().map(|option| format!("`{option}` ")).unwrap_or_default();
            format!("| `{}` | {} | {option}|", limit.field(), limit.default_text())
        })
        .collect();
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.starts_with(&expected), "{row} does not begin with {expected}");
    }
}

#[test]
fn the_doc_comments_tell_the_defaults() {
    let text = std::fs::read_to_string(root().join("src/limits.rs")).expect("the file is text");
    let fields = text.split("pub struct Limits {").nth(1).and_then(|rest| rest.split("\n}").next());
    let mut comment = String::new();
    let mut seen = BTreeSet::new();
    for line in fields.expect("the type").lines().map(str::trim) {
        match line.strip_prefix("/// ") {
            Some(more) => comment = format!("{comment} {more}"),
            None => {
                let field = line.trim_start_matches("pub ").split(':').next().unwrap_or("").to_owned();
                if let Some(limit) = Limit::ALL.iter().find(|limit| limit.field() == field) {
                    let default = limit.default_text();
                    assert!(
                        comment.contains(&format!("efault {default}"))
                            || comment.contains(&format!("default of {default}")),
                        "{field}: {comment}"
                    );
                    seen.insert(field);
                }
                comment.clear();
            }
        }
    }
    assert_eq!(seen.len(), Limit::ALL.len());
}

#[test]
fn options_of_the_command_line_set_their_limits() {
    for (option, value, text) in [
        ("--limit-steps", "100", "length (genList (x: x) 1000)"),
        ("--limit-memory", "64K", "length (genList (x: x) 100000)"),
        ("--limit-depth", "100", "let f = x: if x == 0 then 0 else 1 + f (x - 1); in f 1000"),
        (
            "--limit-time",
            "20ms",
            "foldl' (a: x: foldl' (b: y: b + y) 0 [ a x 1 2 3 4 5 6 7 ]) 0 (genList (x: x) 3000000)",
        ),
        ("--limit-answer", "1K", "genList (x: x) 1000"),
    ] {
        let outcome = invq(&[option, value, text]).run();
        assert_eq!((outcome.status, outcome.stdout.as_str()), (5, ""), "{option}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(option), "{}", outcome.stderr);
    }
}
