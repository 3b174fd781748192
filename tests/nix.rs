//! What Nix says: where both accept an expression, both give the same value, and what fails in one fails in
//! both. What is otherwise stands in `docs/differences-nix.md`.
//!
//! Where `nix-instantiate` is missing, what needs it is skipped.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

mod differences;
mod language;
mod library;
mod programs;

use std::path::Path;
use std::process::Command;

use invq::{Engine, Inventory};
use serde_json::Value as Json;

use crate::support::{folder, root};

/// Made of what `--json` writes alike for different numbers: floats become texts.
const RENDER: &str = "value: if builtins.isFloat value then \"float \" + toString value \
    else if builtins.isList value then map render value \
    else if builtins.isAttrs value then builtins.mapAttrs (name: render) value \
    else value";

/// How many expressions Nix is asked about at one time, each in a process of its own.
const AT_ONCE: usize = 4;

/// How an expression ends.
#[derive(Clone, Debug, PartialEq)]
enum End {
    Value(Json),
    /// The checker refuses it; with its code and what it says.
    Refused(String, String),
    /// Evaluation fails; with its code, if it has one, and what it says.
    Failed(String, String),
}

impl End {
    fn text(&self) -> String {
        match self {
            End::Value(value) => value.to_string(),
            End::Refused(_, reason) => format!("refused: {reason}"),
            End::Failed(_, reason) => format!("error: {reason}"),
        }
    }

    fn is_value(&self) -> bool {
        matches!(self, End::Value(_))
    }

    /// Whether both have the same value, or both fail.
    fn agrees(&self, other: &End) -> bool {
        match (self, other) {
            (End::Value(own), End::Value(other)) => own == other,
            (own, other) => !own.is_value() && !other.is_value(),
        }
    }
}

/// What invq makes of an expression, with floats as Nix's side renders them.
fn invq(engine: &Engine, inventory: &Inventory, expression: &str) -> End {
    let query = match engine.compile(expression, inventory) {
        Ok(query) => query,
        Err(found) => return End::Refused(found[0].code.word().to_owned(), crate::shared::messages(&found)),
    };
    match query.run(inventory).and_then(|answer| answer.into_data(inventory)) {
        Ok(data) => End::Value(rendered(&data)),
        Err(mistake) => End::Failed(mistake.code.word().to_owned(), mistake.message),
    }
}

/// JSON with floats as Nix's side renders them.
fn rendered(value: &Json) -> Json {
    match value {
        Json::Number(number) if !number.is_i64() => {
            Json::String(format!("float {:.6}", number.as_f64().unwrap_or(f64::NAN)))
        }
        Json::Array(items) => items.iter().map(rendered).collect(),
        Json::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), rendered(member))).collect()
        }
        other => other.clone(),
    }
}

/// The version of Nix, if it is there; else says what is skipped.
fn version() -> Option<Vec<u32>> {
    let Ok(output) = Command::new("nix-instantiate").arg("--version").output() else {
        println!("skipped: there is no `nix-instantiate` to compare with");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().last().unwrap_or_default();
    Some(version.split('.').map_while(|part| part.parse().ok()).collect())
}

/// The names that an expression has in Nix, besides its own.
#[derive(Clone, Copy)]
enum Scope {
    /// What Nix has.
    Nix,
    /// `builtins`, and the functions of `lib` that the tests describe.
    Library,
}

/// Asks Nix about one expression, in a file of this name.
fn nix(file: &str, expression: &str, scope: Scope) -> End {
    let path = folder("nix").join(file);
    let library = match scope {
        Scope::Nix => String::new(),
        Scope::Library => {
            let path = root().join("tests/nix/library/lib.nix");
            format!("let lib = import {}; in with builtins; with lib;\n", path.display())
        }
    };
    let program = format!("let render = {RENDER}; in render ({library}\n{expression}\n)\n");
    std::fs::write(&path, program).expect("the folder for tests can be written");
    instantiate(&path)
}

fn instantiate(path: &Path) -> End {
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json"])
        .arg(path)
        .output()
        .expect("nix-instantiate is there");
    if output.status.success() {
        // A text that is cut inside of a character is no text.
        let text = String::from_utf8_lossy(&output.stdout);
        return match serde_json::from_str(&text) {
            Ok(value) => End::Value(value),
            Err(error) => End::Failed(String::new(), format!("no JSON: {error}")),
        };
    }
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = errors.lines().find(|line| line.starts_with("error")).unwrap_or("error");
    End::Failed(String::new(), first.to_owned())
}

/// What Nix makes of expressions: those that should have a value in one process, the others one by one.
fn nix_answers(name: &str, expressions: &[(&str, bool)], scope: Scope) -> Vec<End> {
    let mut answers = vec![None; expressions.len()];
    let indices = |valued: bool| (0..expressions.len()).filter(move |index| expressions[*index].1 == valued);
    let valued: Vec<usize> = indices(true).collect();
    together(name, expressions, scope, &valued, &mut answers);
    let alone: Vec<usize> = (0..expressions.len()).filter(|index| answers[*index].is_none()).collect();
    let share = alone.len().div_ceil(AT_ONCE).max(1);
    let found: Vec<(usize, End)> = std::thread::scope(|threads| {
        let one = |(thread, indices): (usize, &[usize])| {
            let (file, indices) = (format!("{name}-{thread}.nix"), indices.to_vec());
            threads.spawn(move || {
                let answer = |index: usize| (index, nix(&file, expressions[index].0, scope));
                indices.into_iter().map(answer).collect::<Vec<_>>()
            })
        };
        let running: Vec<_> = alone.chunks(share).enumerate().map(one).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("the thread ends")).collect()
    });
    for (index, end) in found {
        answers[index] = Some(end);
    }
    answers.into_iter().map(|answer| answer.expect("every expression was asked")).collect()
}

/// Answers expressions in one process; where that fails, in two halves, until what fails is alone.
fn together(
    name: &str,
    expressions: &[(&str, bool)],
    scope: Scope,
    indices: &[usize],
    answers: &mut [Option<End>],
) {
    if indices.is_empty() {
        return;
    }
    let list: String = indices.iter().map(|index| format!("(\n{}\n)\n", expressions[*index].0)).collect();
    match nix(&format!("{name}-together.nix"), &format!("[\n{list}]"), scope) {
        End::Value(Json::Array(values)) if values.len() == indices.len() => {
            for (index, value) in indices.iter().zip(values) {
                answers[*index] = Some(End::Value(value));
            }
        }
        _ if indices.len() == 1 => {}
        _ => {
            let (left, right) = indices.split_at(indices.len() / 2);
            together(name, expressions, scope, left, answers);
            together(name, expressions, scope, right, answers);
        }
    }
}
