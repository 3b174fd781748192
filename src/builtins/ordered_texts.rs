//! Texts that need other texts before them, as the steps of an activation: `lib.stringsWithDeps` of nixpkgs.

use std::collections::HashSet;

use super::support::{field, long_text, room, texts};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Name, Value};

table! {
    "textClosureList" ["lib" "lib.stringsWithDeps"] "{ _ : Any } -> [Any] -> [String]"
        "the texts of entries, each behind the entries that it needs"
        "An entry is a set with a `text` and the names of those it needs, `deps`; or the name of one of the predefined ones, which comes once."
        { "lib.textClosureList { a = { text = \"A\"; deps = [ \"b\" ]; }; b = { text = \"B\"; deps = [ ]; }; } [ \"a\" \"b\" ]" => "[\"B\",\"A\"]" "lib.textClosureList { a = lib.noDepEntry \"A\"; } [ (lib.fullDepEntry \"B\" [ \"a\" ]) ]" => "[\"A\",\"B\"]" }
        |ev, predefined, entries| Ok(Value::list(ordered(ev, predefined, entries)?));
    "textClosureMap" ["lib" "lib.stringsWithDeps"] "(String -> String) -> { _ : Any } -> [Any] -> String"
        "what a function gives for the texts of `lib.textClosureList`, a line each"
        ""
        { "lib.textClosureMap toUpper { a = lib.fullDepEntry \"a\" [ \"b\" ]; b = lib.noDepEntry \"b\"; } [ \"a\" ]" => "\"B\\nA\"" "lib.textClosureMap (text: text) { } [ ]" => "\"\"" }
        |ev, function, predefined, entries| {
            let mut lines = Vec::new();
            for text in ordered(ev, predefined, entries)? {
                let line = ev.call(function, &[text])?;
                lines.push(ev.string(&line)?);
            }
            long_text(ev, &lines.join("\n"))
        };
    "noDepEntry" ["lib" "lib.stringsWithDeps"] "String -> { text : String, deps : [String] }"
        "an entry that needs no other"
        ""
        { "lib.noDepEntry \"A\"" => "{\"deps\":[],\"text\":\"A\"}" "(lib.noDepEntry \"A\").deps" => "[]" }
        |_ev, text| Ok(entry(text, &Value::list(Vec::new())));
    "fullDepEntry" ["lib" "lib.stringsWithDeps"] "String -> [String] -> { text : String, deps : [String] }"
        "an entry with the names of those it needs"
        ""
        { "lib.fullDepEntry \"A\" [ \"b\" ]" => "{\"deps\":[\"b\"],\"text\":\"A\"}" "(lib.fullDepEntry \"A\" [ ]).text" => "\"A\"" }
        |_ev, text, needed| Ok(entry(text, needed));
    "packEntry" ["lib" "lib.stringsWithDeps"] "[String] -> { text : String, deps : [String] }"
        "an entry without a text of its own"
        ""
        { "lib.packEntry [ \"a\" \"b\" ]" => "{\"deps\":[\"a\",\"b\"],\"text\":\"\"}" "(lib.packEntry [ ]).text" => "\"\"" }
        |_ev, needed| Ok(entry(&Value::string(""), needed));
    "stringAfter" ["lib" "lib.stringsWithDeps"] "[String] -> String -> { text : String, deps : [String] }"
        "as `lib.fullDepEntry`, with the names first"
        ""
        { "lib.stringAfter [ \"users\" ] \"A\"" => "{\"deps\":[\"users\"],\"text\":\"A\"}" "(lib.stringAfter [ ] \"A\").deps" => "[]" }
        |_ev, needed, text| Ok(entry(text, needed));
}

fn entry(text: &Value, needed: &Value) -> Value {
    Value::attrs([("text", text.clone()), ("deps", needed.clone())])
}

/// What is still to be done: an entry whose needs come first, or a text behind them.
enum Task {
    Entry(Value),
    Text(Value),
}

/// The texts of entries, each behind what it needs; a name comes once.
fn ordered(ev: &mut dyn Evaluator, predefined: &Value, entries: &Value) -> Result<Vec<Value>, Fault> {
    let mut done: HashSet<Name> = HashSet::new();
    let mut tasks: Vec<Task> = ev.list(entries)?.iter().rev().cloned().map(Task::Entry).collect();
    let mut found = Vec::new();
    while let Some(task) = tasks.pop() {
        ev.step()?;
        let entry = match task {
            Task::Text(text) => {
                found.push(text);
                continue;
            }
            Task::Entry(entry) => ev.force(&entry)?,
        };
        let entry = match entry {
            Value::String(name) if done.contains(&*name) => continue,
            Value::String(name) => {
                let known = ev.attr(predefined, &name)?;
                let missing = || format!("no predefined entry is called `{name}`");
                let known = known.ok_or_else(|| ev.fault(Code::MissingElement, missing()))?;
                done.insert(name.name());
                tasks.push(Task::Entry(known));
                continue;
            }
            entry => entry,
        };
        tasks.push(Task::Text(field(ev, &entry, "text")?));
        let needed = field(ev, &entry, "deps")?;
        let needed = texts(ev, &needed)?;
        room(ev, tasks.len() + needed.len())?;
        tasks.extend(needed.into_iter().rev().map(|name| Task::Entry(Value::from(name))));
    }
    Ok(found)
}
