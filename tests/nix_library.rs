//! The library beside Nix: every expression of `nix/library` gives the same value in both, or fails in
//! both. Where `nix-instantiate` is missing, invq's answers are compared with the written ones alone.
//!
//! A file holds cases with empty lines between them. A case is an expression, and behind it lines that
//! begin with
//!
//! - `=>`: its value as JSON, or `error`;
//! - `nix:`: what Nix evaluates in its place; `none` for what invq alone has;
//! - `refused:`: why invq's types refuse what has a value in Nix;
//! - `differs:`: why both give different values; the value is then invq's.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

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

#[derive(Debug, Default)]
struct Case {
    place: String,
    expression: String,
    nix: Option<String>,
    expected: Option<String>,
    refused: bool,
    differs: bool,
}

/// How an expression ends.
#[derive(Clone, Debug, PartialEq)]
enum End {
    Value(Json),
    /// The checker refuses it.
    Refused(String),
    /// Evaluation fails.
    Failed(String),
}

impl End {
    fn text(&self) -> String {
        match self {
            End::Value(value) => value.to_string(),
            End::Refused(reason) => format!("refused: {reason}"),
            End::Failed(reason) => format!("error: {reason}"),
        }
    }

    fn is_value(&self) -> bool {
        matches!(self, End::Value(_))
    }

    fn agrees(&self, other: &End) -> bool {
        match (self, other) {
            (End::Value(own), End::Value(other)) => own == other,
            (own, other) => !own.is_value() && !other.is_value(),
        }
    }
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
        } else if line.starts_with("differs: ") {
            case.differs = true;
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

/// What invq makes of an expression.
fn invq(engine: &Engine, inventory: &Inventory, expression: &str) -> End {
    let query = match engine.compile(expression, inventory) {
        Ok(query) => query,
        Err(found) => return End::Refused(crate::shared::messages(&found)),
    };
    match query.run(inventory).and_then(|answer| answer.into_data(inventory)) {
        Ok(data) => End::Value(data),
        Err(diagnostic) => End::Failed(diagnostic.message),
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

/// What Nix makes of one expression; `None` where there is no Nix.
fn nix(file: &str, expression: &str) -> Option<End> {
    let path = folder("nix-library").join(file);
    let library = root().join("tests/nix/library/lib.nix");
    let program = format!(
        "let lib = import {}; render = {RENDER}; in with builtins; with lib; {expression}\n",
        library.display()
    );
    std::fs::write(&path, program).expect("the folder for tests can be written");
    let command = Command::new("nix-instantiate").args(["--eval", "--strict", "--json"]).arg(&path).output();
    let output = command.ok()?;
    if output.status.success() {
        let value = serde_json::from_slice(&output.stdout).expect("Nix writes JSON");
        return Some(End::Value(value));
    }
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = errors.lines().find(|line| line.starts_with("error")).unwrap_or("error");
    Some(End::Failed(first.to_owned()))
}

/// What Nix makes of the expressions: in one process those that should have a value, else one by one.
fn nix_answers(expressions: &[(&str, bool)]) -> Option<Vec<End>> {
    let alone = |expression: &str| nix("alone.nix", &format!("render (\n{expression}\n)"));
    let together: String = expressions
        .iter()
        .filter(|(_, together)| *together)
        .map(|(expression, _)| format!("(render (\n{expression}\n))\n"))
        .collect();
    let together = match nix("together.nix", &format!("[\n{together}]"))? {
        End::Value(Json::Array(values)) => values,
        other => {
            println!("one by one, since together they give {}", other.text());
            return expressions.iter().map(|(expression, _)| alone(expression)).collect();
        }
    };
    let mut together = together.into_iter();
    let mut answers = Vec::new();
    for (expression, is_together) in expressions {
        answers.push(match is_together {
            true => End::Value(together.next().expect("every expression has a value")),
            false => alone(expression)?,
        });
    }
    Some(answers)
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
        if case.refused && !matches!(own, End::Refused(_)) {
            wrong.push(format!("{shown}\n  it is marked as refused"));
        }
        if let Some(expected) = &case.expected
            && !case.refused
        {
            let expected = match &**expected {
                "error" => End::Failed(String::new()),
                value => match serde_json::from_str(value) {
                    Ok(value) => End::Value(value),
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
    let expressions: Vec<(&str, bool)> =
        asked.iter().map(|(case, own, nix)| (*nix, own.is_value() && !case.differs)).collect();
    match nix_answers(&expressions) {
        None => println!("skipped: nix-instantiate is not there"),
        Some(answers) => {
            for ((case, own, _), nix) in asked.iter().zip(&answers) {
                let own_rendered = match own {
                    End::Value(value) => End::Value(rendered(value)),
                    other => other.clone(),
                };
                let agrees = match case.refused {
                    true => nix.is_value(),
                    false => nix.agrees(&own_rendered) != case.differs,
                };
                if !agrees {
                    let shown = format!("{}: {}", case.place, case.expression);
                    wrong.push(format!("{shown}\n  invq gives {}\n  Nix gives  {}", own.text(), nix.text()));
                }
            }
        }
    }
    println!("{} cases, {} of them beside Nix", cases.len(), asked.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
