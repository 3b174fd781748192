//! `invq diff`: what changes from one inventory to another.

use std::path::{Path, PathBuf};

use invq::{Difference, MachineChange};
use serde_json::{Value, json};

use super::print;
use crate::args::{Query, Shared};
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::Choice;

/// Compares two inventories; the status is 1 where something changes.
pub(super) fn run(
    shared: &Shared,
    query: &Query,
    (old, new): (&Path, &Path),
    as_json: bool,
    console: &Console,
) -> Outcome {
    let engine = shared.engine(query.limits());
    let load = |path: &Path| Choice::Paths(vec![PathBuf::from(path)]).load(&engine);
    let (old, new) = match (load(old), load(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let failures: Vec<_> = [old.err(), new.err()].into_iter().flatten().flatten().collect();
            console.report(&failures);
            return Outcome::of(&failures, &Stage::Loading);
        }
    };
    let difference = match old.difference(&new) {
        Ok(difference) => difference,
        Err(mistake) => {
            console.report(&[mistake]);
            return Outcome::Inventory;
        }
    };
    let written = print(console, |out| {
        if as_json {
            return writeln!(out, "{}", data(&difference));
        }
        lines(&difference).iter().try_for_each(|line| writeln!(out, "{line}"))
    });
    match written {
        Outcome::Answered if !difference.is_empty() => Outcome::NoAnswer,
        outcome => outcome,
    }
}

/// What changes, in a line for each machine.
pub(crate) fn short_lines(difference: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(difference.removed.iter().map(|machine| format!("- {machine}")));
    lines.extend(difference.added.iter().map(|machine| format!("+ {machine}")));
    for change in &difference.changed {
        let fields = change.fields.iter().map(|(field, old, new)| format!("{field} {}", changed(old, new)));
        let lost = change.lost.iter().map(|lost| format!("-{lost}"));
        let gained = change.gained.iter().map(|gained| format!("+{gained}"));
        let parts: Vec<String> = fields.chain(lost).chain(gained).collect();
        lines.push(format!("~ {}: {}", change.machine, parts.join(", ")));
    }
    lines
}

fn lines(difference: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(difference.removed.iter().map(|machine| format!("- {machine}")));
    lines.extend(difference.added.iter().map(|machine| format!("+ {machine}")));
    for change in &difference.changed {
        lines.push(format!("~ {}", change.machine));
        lines.extend(
            change.fields.iter().map(|(field, old, new)| format!("    {field}: {}", changed(old, new))),
        );
        lines.extend(change.lost.iter().map(|lost| format!("    - {lost}")));
        lines.extend(change.gained.iter().map(|gained| format!("    + {gained}")));
    }
    lines
}

/// What goes and what comes of a list, or the old and the new value.
fn changed(old: &Value, new: &Value) -> String {
    let (Value::Array(old_items), Value::Array(new_items)) = (old, new) else {
        return format!("{} → {}", shown(old), shown(new));
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
        other => other.to_string(),
    }
}

fn data(difference: &Difference) -> Value {
    let change = |change: &MachineChange| {
        let fields =
            change.fields.iter().map(|(field, old, new)| json!({ "field": field, "old": old, "new": new }));
        json!({
            "machine": change.machine,
            "fields": fields.collect::<Vec<Value>>(),
            "gained": change.gained,
            "lost": change.lost,
        })
    };
    json!({
        "added": difference.added,
        "removed": difference.removed,
        "changed": difference.changed.iter().map(change).collect::<Vec<Value>>(),
    })
}
