//! What a session defines, as a script that runs.
//!
//! Lines of a session see those before them; bindings of a `let` see each other. So lines share a `let` as
//! long as no later one binds a name that an earlier one uses, and a line that uses its own name's earlier
//! value becomes a function that is given that value.

use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

use super::definitions::{Definition, Definitions, IT, identifiers};

/// The first line, by which a shell runs a script and `:load` knows it.
const FIRST: &str = "#!/usr/bin/env -S invq -f";

/// A line with what it binds and what it names.
struct Entered<'d> {
    /// What it binds; several names where it has several bindings.
    binds: Vec<&'d str>,
    text: &'d str,
    /// Whether the text is the value alone, in which its own name means what it meant before.
    is_value: bool,
    names: HashSet<&'d str>,
}

pub(super) fn script(definitions: &Definitions) -> String {
    let last = definitions.find(IT);
    let needed = definitions.needed();
    let lines: Vec<Entered<'_>> = entered(&needed, last);
    let mut text = format!("{FIRST}\n");
    let mut closing = String::new();
    let mut open: Vec<&Entered<'_>> = Vec::new();
    for line in &lines {
        let uses_itself = line.is_value && line.binds.iter().any(|name| line.names.contains(name));
        let clash = |before: &&Entered<'_>| {
            line.binds.iter().any(|name| before.names.contains(name) || before.binds.contains(name))
        };
        if uses_itself || open.iter().any(clash) {
            close(&mut text, &mut open);
        }
        let name = line.binds.first().copied().unwrap_or(IT);
        let value = line.text.trim();
        if uses_itself {
            let _ = writeln!(text, "({value})\n|> ({name}:");
            closing.push(')');
            continue;
        }
        if open.is_empty() {
            text.push_str("let\n");
        }
        let indented = value.trim_end_matches(';').replace('\n', "\n  ");
        let _ = match line.is_value {
            true => writeln!(text, "  {name} = {indented};"),
            false => writeln!(text, "  {indented};"),
        };
        open.push(line);
    }
    close(&mut text, &mut open);
    match last {
        Some(last) => text.push_str(last.text.trim()),
        None => text.push_str("{ }"),
    }
    text.push_str(&closing);
    text.push('\n');
    text
}

fn close(text: &mut String, open: &mut Vec<&Entered<'_>>) {
    if !open.is_empty() {
        text.push_str("in\n");
        open.clear();
    }
}

/// The lines in their order, without the one that is answered last.
fn entered<'d>(needed: &[&'d Arc<Definition>], last: Option<&Arc<Definition>>) -> Vec<Entered<'d>> {
    let mut lines: Vec<(u64, Entered<'d>)> = Vec::new();
    for definition in needed {
        if last.is_some_and(|last| Arc::ptr_eq(last, definition)) {
            continue;
        }
        match lines.last_mut() {
            Some((line, entered)) if *line == definition.line => entered.binds.push(&definition.name),
            _ => {
                let (text, is_value) = (&*definition.text, definition.attribute.is_none());
                let names = identifiers(text);
                lines.push((
                    definition.line,
                    Entered { binds: vec![&definition.name], text, is_value, names },
                ));
            }
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}
