//! `invq diff`: what changes from one inventory to another.

use std::path::PathBuf;

use invq::diagnostic::{Diagnostic, Severity};
use invq::text::Source;
use invq::{Difference, Engine, Inventory, MachineChange};
use serde_json::{Value, json};

use super::mistakes::mistakes;
use super::{loaded, print, wrong_usage};
use crate::args::{Query, Shared};
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found};

/// What is compared.
pub(super) struct Question<'q> {
    /// The inventories: before and after, or the one that changes.
    pub(super) inventories: &'q [PathBuf],
    /// The changes that the one is looked at with.
    pub(super) with: Option<&'q str>,
    /// Whether the answer is data.
    pub(super) json: bool,
}

/// Compares two inventories; the status is 1 where something changes.
pub(super) fn run(shared: &Shared, query: &Query, question: &Question, console: &Console) -> Outcome {
    let engine = shared.engine(query.limits());
    let (old, new) = match pair(shared, &engine, question, console) {
        Ok(pair) => pair,
        Err(outcome) => return outcome,
    };
    let mut broken = match question.with {
        Some(_) => broken(&old, &new),
        None => Vec::new(),
    };
    let breaks = !broken.is_empty();
    let difference = match old.difference(&new) {
        Ok(difference) => difference,
        Err(mistake) => {
            console.report(&[mistake]);
            return Outcome::Inventory;
        }
    };
    let written = print(console, |out| {
        if question.json {
            return writeln!(out, "{}", data(&difference));
        }
        lines(&difference).iter().try_for_each(|line| writeln!(out, "{line}"))
    });
    for reason in &difference.unknown {
        let is_known = |known: &Diagnostic| known.code == reason.code && known.message == reason.message;
        if !broken.iter().any(is_known) {
            broken.push(reason.clone());
        }
    }
    if !broken.is_empty() {
        console.report(&broken);
    }
    match written {
        Outcome::Answered if breaks || !difference.is_empty() => Outcome::NoAnswer,
        // What is not compared may have changed.
        Outcome::Answered if !difference.unknown.is_empty() => Outcome::Inventory,
        outcome => outcome,
    }
}

/// The inventory before and after.
fn pair(
    shared: &Shared,
    engine: &Engine,
    question: &Question,
    console: &Console,
) -> Result<(Inventory, Inventory), Outcome> {
    let failed = |failures: Vec<Diagnostic>, stage: &Stage| {
        console.report(&failures);
        Outcome::of(&failures, stage)
    };
    match (question.inventories, question.with) {
        ([old, new], None) => {
            let load = |path: &PathBuf| Choice::Paths(vec![path.clone()]).load(engine);
            match (load(old), load(new)) {
                (Ok(old), Ok(new)) => Ok((old, new)),
                (old, new) => {
                    let failures: Vec<_> = [old.err(), new.err()].into_iter().flatten().flatten().collect();
                    Err(failed(failures, &Stage::Loading))
                }
            }
        }
        (paths @ ([] | [_]), Some(with)) => {
            let choice = match paths {
                [] => Choice::of(shared),
                paths => Choice::Paths(paths.to_vec()),
            };
            if choice == Choice::Nothing {
                return Err(failed(vec![nothing_found()], &Stage::Loading));
            }
            let old = loaded(&choice, engine, console)?;
            let source = Source::new("<with>", with);
            let edits = engine.edits(&source, &old).map_err(|found| failed(found, &Stage::Querying(&old)))?;
            let new = engine.edited(&old, &edits, &source);
            let new = new.map_err(|found| failed(found, &Stage::Querying(&old)))?;
            Ok((old, new))
        }
        (_, Some(_)) => {
            let message = "`--with` changes one inventory, and two are given";
            Err(wrong_usage(console, message, "write `invq diff INVENTORY --with EXPR`"))
        }
        (_, None) => {
            let message = "expected the inventories before and after";
            Err(wrong_usage(
                console,
                message,
                "write `invq diff OLD NEW`, or `invq diff INVENTORY --with EXPR`",
            ))
        }
    }
}

/// The mistakes that changes make, beside those that there were.
fn broken(old: &Inventory, new: &Inventory) -> Vec<Diagnostic> {
    let known: Vec<&str> = mistakes(old).map(|mistake| &*mistake.message).collect();
    let made = mistakes(new).filter(|mistake| mistake.severity > Severity::Hint);
    made.filter(|mistake| !known.contains(&&*mistake.message)).cloned().collect()
}

/// How many values of a machine's configuration are told; data has all of them.
const CONFIGURATION: usize = 12;

/// How many characters of a set or a list are written; data has them whole.
const LONGEST: usize = 60;

/// What changes, in a line for each machine.
pub(crate) fn short_lines(difference: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(difference.removed.iter().map(|change| format!("- {}", change.machine)));
    lines.extend(difference.added.iter().map(|change| format!("+ {}", change.machine)));
    for change in &difference.changed {
        let fields = change.fields.iter().map(|(field, old, new)| format!("{field} {}", changed(old, new)));
        let lost = change.lost.iter().map(|lost| format!("-{lost}"));
        let gained = change.gained.iter().map(|gained| format!("+{gained}"));
        let values = change.configuration.len();
        let values =
            (values > 0).then(|| invq::text::count(values, "value", "values") + " of its configuration");
        let parts: Vec<String> = fields.chain(lost).chain(gained).chain(values).collect();
        lines.push(format!("~ {}: {}", change.machine, parts.join(", ")));
    }
    lines
}

fn lines(difference: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    let placed = |change: &MachineChange, lines: &mut Vec<String>| {
        lines.extend(change.lost.iter().map(|lost| format!("    - {lost}")));
        lines.extend(change.gained.iter().map(|gained| format!("    + {gained}")));
    };
    for change in &difference.removed {
        lines.push(format!("- {}", change.machine));
        placed(change, &mut lines);
    }
    for change in &difference.added {
        lines.push(format!("+ {}", change.machine));
        placed(change, &mut lines);
    }
    for change in &difference.changed {
        lines.push(format!("~ {}", change.machine));
        lines.extend(
            change.fields.iter().map(|(field, old, new)| format!("    {field}: {}", changed(old, new))),
        );
        placed(change, &mut lines);
        let configuration = change.configuration.iter().take(CONFIGURATION);
        lines.extend(configuration.map(|(names, old, new)| {
            let null = Value::Null;
            let (old, new) = (old.as_ref().unwrap_or(&null), new.as_ref().unwrap_or(&null));
            format!("    {}: {}", invq::inventory::path::print(names), changed(old, new))
        }));
        if let Some(more @ 1..) = change.configuration.len().checked_sub(CONFIGURATION) {
            lines.push(format!("    … and {more} more of its configuration; `--json` has all"));
        }
    }
    lines
}

/// What goes and what comes of a list, or the old and the new value.
fn changed(old: &Value, new: &Value) -> String {
    let (old_items, new_items): (Vec<Value>, Vec<Value>) = match (old, new) {
        (Value::Array(old), Value::Array(new)) => (old.clone(), new.clone()),
        // Of texts of several lines only lines change.
        (Value::String(old), Value::String(new)) if old.contains('\n') || new.contains('\n') => {
            (old.lines().map(Value::from).collect(), new.lines().map(Value::from).collect())
        }
        _ => return format!("{} → {}", shown(old), shown(new)),
    };
    let gone =
        old_items.iter().filter(|item| !new_items.contains(item)).map(|item| format!("-{}", shown(item)));
    let come =
        new_items.iter().filter(|item| !old_items.contains(item)).map(|item| format!("+{}", shown(item)));
    let parts: Vec<String> = gone.chain(come).collect();
    if parts.is_empty() { "in another order".to_owned() } else { parts.join(" ") }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => invq::render::visible(text, &[]).into_owned(),
        other => {
            let text = other.to_string();
            match (other, text.chars().count() > LONGEST) {
                (Value::Object(_), true) => "{ … }".to_owned(),
                (Value::Array(_), true) => "[ … ]".to_owned(),
                _ => text,
            }
        }
    }
}

fn data(difference: &Difference) -> Value {
    let change = |change: &MachineChange| {
        let fields =
            change.fields.iter().map(|(field, old, new)| json!({ "field": field, "old": old, "new": new }));
        let configuration = change.configuration.iter().map(|(names, old, new)| {
            let mut one = json!({ "at": names });
            if let Some(fields) = one.as_object_mut() {
                fields.extend(old.clone().map(|old| ("old".to_owned(), old)));
                fields.extend(new.clone().map(|new| ("new".to_owned(), new)));
            }
            one
        });
        json!({
            "machine": change.machine,
            "fields": fields.collect::<Vec<Value>>(),
            "gained": change.gained,
            "lost": change.lost,
            "configuration": configuration.collect::<Vec<Value>>(),
        })
    };
    let placed = |changes: &[MachineChange], key: &str, get: fn(&MachineChange) -> &Vec<String>| -> Value {
        changes.iter().map(|change| json!({ "machine": change.machine, key: get(change) })).collect()
    };
    json!({
        "added": placed(&difference.added, "gained", |change| &change.gained),
        "removed": placed(&difference.removed, "lost", |change| &change.lost),
        "changed": difference.changed.iter().map(change).collect::<Vec<Value>>(),
    })
}
