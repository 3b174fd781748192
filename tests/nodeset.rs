//! Node sets against ClusterShell's own answers.

use std::path::PathBuf;

use invq::builtins::nodeset::{self, NodeSet, RangeSet};
use serde_json::Value;

/// What a case's expression evaluates to.
enum Outcome {
    Nodes(NodeSet),
    Range(RangeSet),
    Name(String),
}

fn shared() -> PathBuf {
    match std::env::var_os("INVQ_SHARED") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    }
}

fn text<'c>(expression: &'c Value, key: &str) -> Option<&'c str> {
    expression.get(key).and_then(Value::as_str)
}

fn evaluate(expression: &Value) -> Result<Outcome, String> {
    let message = |error: invq::diagnostic::Diagnostic| error.message;
    if let Some(nodes) = text(expression, "nodes").or(text(expression, "set")) {
        return nodeset::parse(nodes).map(Outcome::Nodes).map_err(message);
    }
    if let Some(range) = text(expression, "range") {
        return RangeSet::parse(range).map(Outcome::Range).map_err(message);
    }
    if let Some(number) = expression.get("int") {
        return RangeSet::parse(&number.to_string()).map(Outcome::Range).map_err(message);
    }
    let operator = text(expression, "op").ok_or("an expression of an unknown kind")?;
    let arguments = expression.get("args").and_then(Value::as_array).ok_or("no arguments")?;
    let mut arguments = arguments.iter().map(evaluate);
    let mut argument = || arguments.next().ok_or_else(|| "an argument is missing".to_owned())?;
    match (operator, argument()?) {
        ("fold", outcome) => Ok(outcome),
        ("index" | "slice", outcome) => pick(expression, &members(outcome)?),
        (operator, Outcome::Nodes(mut left)) => {
            let Outcome::Nodes(right) = argument()? else { return Err("expected nodes".to_owned()) };
            match operator {
                "union" => left.update(&right),
                "difference" => left.subtract(&right).map_err(message)?,
                "intersection" => left.intersect(&right).map_err(message)?,
                _ => left.exclusive(&right).map_err(message)?,
            }
            Ok(Outcome::Nodes(left))
        }
        (operator, Outcome::Range(left)) => {
            let Outcome::Range(right) = argument()? else { return Err("expected a range".to_owned()) };
            Ok(Outcome::Range(match operator {
                "union" => left.union(&right),
                "difference" => left.difference(&right),
                "intersection" => left.intersection(&right),
                _ => left.symmetric_difference(&right),
            }))
        }
        (_, Outcome::Name(_)) => Err("a name has no operators".to_owned()),
    }
}

fn members(outcome: Outcome) -> Result<Vec<String>, String> {
    match outcome {
        Outcome::Nodes(mut nodes) => nodes.names().map_err(|error| error.message),
        Outcome::Range(range) => Ok(range.texts().collect()),
        Outcome::Name(name) => Ok(vec![name]),
    }
}

/// Indexing and slicing as in Python.
fn pick(expression: &Value, members: &[String]) -> Result<Outcome, String> {
    let length = members.len() as i64;
    if let Some(index) = expression.get("index").and_then(Value::as_i64) {
        let index = if index < 0 { index + length } else { index };
        let name = usize::try_from(index).ok().and_then(|index| members.get(index));
        return name.cloned().map(Outcome::Name).ok_or_else(|| "no such member".to_owned());
    }
    let bound = |at: usize| expression.get("slice").and_then(|slice| slice.get(at)).and_then(Value::as_i64);
    let step = bound(2).unwrap_or(1);
    let clamp =
        |index: i64, low: i64, high: i64| (if index < 0 { index + length } else { index }).clamp(low, high);
    let (first, end) = if step > 0 {
        (bound(0).map_or(0, |at| clamp(at, 0, length)), bound(1).map_or(length, |at| clamp(at, 0, length)))
    } else {
        (
            bound(0).map_or(length - 1, |at| clamp(at, -1, length - 1)),
            bound(1).map_or(-1, |at| clamp(at, -1, length - 1)),
        )
    };
    let mut picked = Vec::new();
    let mut at = first;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        picked.extend(usize::try_from(at).ok().and_then(|at| members.get(at)).map(String::as_str));
        at += step;
    }
    nodeset::parse(&picked.join(",")).map(Outcome::Nodes).map_err(|error| error.message)
}

/// Why a case is not run.
fn skipped(case: &Value) -> Option<&'static str> {
    let expression = case.get("expr").map(Value::to_string).unwrap_or_default();
    if expression.contains("\"autostep\"") {
        return Some("autostep");
    }
    let group = text(case, "class") == Some("group");
    (group && expression.contains(['@', '*', '?'])).then_some("group sources")
}

fn check(case: &Value) -> Result<(), String> {
    let expression = case.get("expr").ok_or("no expression")?;
    let expected = case.get("expected").ok_or("no expectation")?;
    let outcome = evaluate(expression);
    if text(case, "kind") == Some("error") {
        return match outcome {
            Ok(_) => Err("expected an error".to_owned()),
            Err(_) => Ok(()),
        };
    }
    let mut outcome = outcome?;
    let found = match (text(case, "kind"), &mut outcome) {
        (Some("count"), Outcome::Nodes(nodes)) => Value::from(nodes.count().map_err(|error| error.message)?),
        (Some("count"), Outcome::Range(range)) => Value::from(range.len()),
        (_, Outcome::Nodes(nodes)) => Value::from(nodes.fold().map_err(|error| error.message)?),
        (_, Outcome::Range(range)) => Value::from(range.to_string()),
        (_, Outcome::Name(name)) => Value::from(name.clone()),
    };
    if &found != expected {
        return Err(format!("expected {expected}, found {found}"));
    }
    if let Some(expanded) = case.get("expand").and_then(Value::as_array) {
        let expanded: Vec<&str> = expanded.iter().filter_map(Value::as_str).collect();
        let found = members(outcome)?;
        if found != expanded {
            return Err(format!("expected the names {expanded:?}, found {found:?}"));
        }
    }
    Ok(())
}

/// Reads JSON of any depth: the cases are deeper than `serde_json` goes. Texts and numbers are its own.
fn read(rest: &mut &str) -> Option<Value> {
    *rest = rest.trim_start();
    let close = match rest.chars().next()? {
        '[' => ']',
        '{' => '}',
        _ => return read_plain(rest),
    };
    *rest = rest.get(1..)?;
    let (mut items, mut members) = (Vec::new(), serde_json::Map::new());
    loop {
        *rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ',');
        if let Some(after) = rest.strip_prefix(close) {
            *rest = after;
            break;
        }
        if close == '}' {
            let key = read_plain(rest)?;
            *rest = rest.trim_start().strip_prefix(':')?;
            members.insert(key.as_str()?.to_owned(), read(rest)?);
        } else {
            items.push(read(rest)?);
        }
    }
    Some(if close == '}' { Value::Object(members) } else { Value::Array(items) })
}

fn read_plain(rest: &mut &str) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(rest).into_iter();
    let value = values.next()?.ok()?;
    *rest = rest.get(values.byte_offset()..)?;
    Some(value)
}

#[test]
fn node_sets_agree_with_clustershell() {
    let path = shared().join("cases/peers/clustershell-sets.json");
    let Ok(file) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is missing", path.display());
        return;
    };
    let document = read(&mut file.as_str()).expect("the cases are JSON");
    let cases = document.get("cases").and_then(Value::as_array).expect("the document has cases");
    let mut failures = Vec::new();
    let mut passed = 0;
    for case in cases {
        if skipped(case).is_some() {
            continue;
        }
        match check(case) {
            Ok(()) => passed += 1,
            Err(reason) => failures.push(format!("{} {reason}", text(case, "id").unwrap_or("?"))),
        }
    }
    assert!(failures.is_empty(), "{passed} passed, {} failed:\n{}", failures.len(), failures.join("\n"));
    assert!(passed > 700, "only {passed} cases were run");
}
