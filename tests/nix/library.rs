//! The library beside Nix: every expression of `nix/library` gives the same value in both, or fails in
//! both. Where `nix-instantiate` is missing, invq's answers are compared with the written ones alone.
//!
//! A file holds cases with empty lines between them. A case is an expression, and behind it lines that
//! begin with
//!
//! - `=>`: its value as JSON, or `error`;
//! - `nix:`: what Nix evaluates in its place; `none` for what invq alone has;
//! - `refused:`: why invq's types refuse what has a value in Nix.

use std::path::Path;

use invq::Engine;

use super::{End, Scope, invq, nix_answers, rendered, version};
use crate::support::root;

#[derive(Debug, Default)]
struct Case {
    place: String,
    expression: String,
    nix: Option<String>,
    expected: Option<String>,
    refused: bool,
}

fn cases() -> Vec<Case> {
    let folder = root().join("tests/nix/library");
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("the cases are text");
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut cases = vec![Case::default()];
    for (number, line) in text.lines().enumerate() {
        let Some(case) = cases.last_mut() else { continue };
        if line.is_empty() {
            cases.push(Case::default());
        } else if let Some(value) = line.strip_prefix("=> ") {
            case.expected = Some(value.to_owned());
        } else if let Some(expression) = line.strip_prefix("nix: ") {
            case.nix = Some(expression.to_owned());
        } else if line.starts_with("refused: ") {
            case.refused = true;
        } else if !line.starts_with('#') || !case.expression.is_empty() {
            if case.expression.is_empty() {
                case.place = format!("{name}:{}", number + 1);
            } else {
                case.expression.push('\n');
            }
            case.expression.push_str(line);
        }
    }
    cases.retain(|case| !case.expression.is_empty());
    cases
}

#[test]
fn the_library_gives_what_nix_gives() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let cases = cases();
    let mut wrong = Vec::new();
    let mut asked = Vec::new();
    for case in &cases {
        let own = invq(&engine, &inventory, &case.expression);
        let shown = format!("{}: {}\n  invq gives {}", case.place, case.expression, own.text());
        if case.refused && !matches!(own, End::Refused(..)) {
            wrong.push(format!("{shown}\n  it is marked as refused"));
        }
        if let Some(expected) = &case.expected
            && !case.refused
        {
            let expected = match &**expected {
                "error" => End::Failed(String::new(), String::new()),
                value => match serde_json::from_str(value) {
                    Ok(value) => End::Value(rendered(&value)),
                    Err(error) => panic!("{}: {error}", case.place),
                },
            };
            if !own.agrees(&expected) {
                wrong.push(format!("{shown}\n  expected   {}", expected.text()));
            }
        }
        match case.nix.as_deref() {
            Some("none") if case.expected.is_none() => wrong.push(format!("{shown}\n  nothing is expected")),
            Some("none") => {}
            other => asked.push((case, own, other.unwrap_or(&case.expression))),
        }
    }
    let expressions: Vec<(&str, bool)> = asked.iter().map(|(_, own, nix)| (*nix, own.is_value())).collect();
    if version().is_some() {
        let answers = nix_answers("library", &expressions, Scope::Library);
        for ((case, own, _), nix) in asked.iter().zip(&answers) {
            let agrees = match case.refused {
                true => nix.is_value(),
                false => nix.agrees(own),
            };
            if !agrees {
                let shown = format!("{}: {}", case.place, case.expression);
                wrong.push(format!("{shown}\n  invq gives {}\n  Nix gives  {}", own.text(), nix.text()));
            }
        }
    }
    println!("{} cases, {} of them beside Nix", cases.len(), asked.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
