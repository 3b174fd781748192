//! What Nix says: where both accept an expression, both give the same value, and what Nix refuses is
//! refused.

use std::process::Command;

use invq::{Engine, Inventory};
use serde_json::Value;

/// Expressions, one a line.
const LINES: &str = include_str!("nix/lines.nix");

/// Expressions of several lines, with `#---` between them.
const BLOCKS: &str = include_str!("nix/blocks.nix");

/// Expressions that Nix accepts and types do not: values of different types in one place.
const REFUSED: &str = include_str!("nix/refused.nix");

#[test]
fn values_are_those_of_nix() {
    if Command::new("nix-instantiate").arg("--version").output().is_err() {
        println!("skipped: there is no `nix-instantiate` to compare with");
        return;
    }
    let engine = Engine::default();
    let inventory = engine.empty();
    let mut differences = Vec::new();
    let mut compared = 0;
    for text in LINES.lines().chain(BLOCKS.trim_end().split("\n#---\n")) {
        let (theirs, ours) = (nix(text), invq(&engine, &inventory, text));
        compared += 1;
        let same = match (&theirs, &ours) {
            (Ok(theirs), Ok(ours)) => is_same(theirs, ours),
            (Err(_), Err(_)) => true,
            _ => false,
        };
        if !same {
            differences.push(format!("{text}\n  Nix:  {theirs:?}\n  invq: {ours:?}"));
        }
    }
    assert!(compared >= 150, "{compared} expressions");
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn what_types_refuse_is_listed() {
    let engine = Engine::default();
    let inventory = engine.empty();
    for text in REFUSED.lines() {
        assert!(engine.compile(text, &inventory).is_err(), "{text} is accepted");
    }
}

fn nix(text: &str) -> Result<Value, String> {
    let output = Command::new("nix-instantiate")
        // In parentheses, since an expression may begin as an option does.
        .args(["--eval", "--strict", "--json", "-E", &format!("(\n{text}\n)")])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("").to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn invq(engine: &Engine, inventory: &Inventory, text: &str) -> Result<Value, String> {
    let query = engine.compile(text, inventory).map_err(|mistakes| mistakes[0].message.clone())?;
    let answer = query.run(inventory).map_err(|mistake| mistake.message)?;
    answer.into_data(inventory).map_err(|mistake| mistake.message)
}

/// Equal as data; floats as exactly as Nix prints them.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => {
            // Nix prints six digits of a float.
            let (x, y) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            a == b || (a.is_f64() || b.is_f64()) && (x - y).abs() <= 1e-5 * x.abs().max(y.abs())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => left == right,
    }
}
