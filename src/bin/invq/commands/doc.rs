//! `invq doc`: builtins, collections and records.

use std::collections::BTreeSet;
use std::io::{self, Write};

use invq::builtins::{self, Builtin};
use invq::diagnostic::{Code, Diagnostic};
use invq::dialects::ansible::PATTERNS;
use invq::text::{did_you_mean, quoted};
use invq::types::tir::Root;
use invq::types::{Named, schema};

use super::explain::write_wrapped;
use super::print;
use crate::console::Console;
use crate::exit::Outcome;

/// Prints what a name is, or lists all names.
pub(crate) fn run(name: Option<&str>, console: &Console) -> Outcome {
    let Some(name) = name else { return print(console, list) };
    match answer(name, console.out.width.unwrap_or(100)) {
        Ok(page) => print(console, |out| out.write_all(&page)),
        Err(unknown) => {
            console.report(&[*unknown]);
            Outcome::Usage
        }
    }
}

/// What a name is, what a set of builtins has, or where a word stands, in lines of so many columns.
///
/// # Errors
/// There is nothing of the kind.
pub(crate) fn answer(name: &str, width: usize) -> Result<Vec<u8>, Box<Diagnostic>> {
    page(name, width).or_else(|unknown| {
        let mut text = Vec::new();
        let path = name.strip_suffix(".*").unwrap_or(name);
        // A vector takes everything that is written to it.
        let _ = if builtins::is_module(path) { set_page(path, &mut text) } else { search(name, &mut text) };
        if text.is_empty() { Err(unknown) } else { Ok(text) }
    })
}

/// What a name is, in lines of so many columns.
///
/// # Errors
/// Nothing is called so.
pub(crate) fn page(name: &str, width: usize) -> Result<Vec<u8>, Box<Diagnostic>> {
    let mut text = Vec::new();
    // A vector takes everything that is written to it.
    let _ = write_page(name, width.min(100), &mut text);
    if text.is_empty() { Err(Box::new(unknown(name))) } else { Ok(text) }
}

fn write_page(name: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    if name == "ansible" {
        return patterns(out);
    }
    if let Some((_, name, ty, summary)) = Root::ALL.iter().find(|(_, known, _, _)| *known == name) {
        return writeln!(out, "{name} : {ty}\n\n{summary}");
    }
    if let Some(named) = Named::ALL.into_iter().find(|named| named.word() == name) {
        return record_page(named, out);
    }
    if let Some((record, field)) = name.split_once('.')
        && let Some(named) = Named::ALL.into_iter().find(|named| named.word() == record)
    {
        let entries = schema::entries(named).iter();
        let found = entries.filter(|entry| entry.name.trim_end_matches('?') == field);
        return found.into_iter().try_for_each(|entry| {
            let missing = if entry.name.ends_with('?') { "; it may be missing" } else { "" };
            writeln!(out, "{name} : {}\n\n{}{missing}", entry.ty, entry.summary)
        });
    }
    let found = builtins::ALL.iter().copied().filter(|builtin| is_called(builtin, name));
    for (number, builtin) in found.enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        builtin_page(builtin, width, out)?;
    }
    Ok(())
}

/// What a set of builtins has: sets inside of it, then builtins by name.
fn set_page(path: &str, out: &mut dyn Write) -> io::Result<()> {
    let inside = builtins::modules(path);
    if !inside.is_empty() {
        let inside: Vec<String> = inside.iter().map(|name| format!("{path}.{name}")).collect();
        writeln!(out, "sets: {}\n", inside.join(" "))?;
    }
    let mut members: Vec<&Builtin> =
        builtins::ALL.iter().copied().filter(|builtin| builtin.scopes.contains(&path)).collect();
    members.sort_by_key(|builtin| builtin.name);
    members.dedup_by_key(|builtin| builtin.name);
    write_names(members.iter().map(|builtin| (builtin.name, builtin.summary)), out)
}

/// Shorter words stand in too many names and texts.
const SHORTEST: usize = 3;

/// What has a word in its name or in what is said of it; nothing is written where nothing has.
fn search(word: &str, out: &mut dyn Write) -> io::Result<()> {
    let word = word.to_ascii_lowercase();
    if word.len() < SHORTEST {
        return Ok(());
    }
    // At the beginning of a word, of those too that a name is made of: `cidr` in `isCidr`.
    let has = |text: &str| {
        let lower = text.to_ascii_lowercase();
        lower.match_indices(&word).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let is_capital = text.get(at..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
            is_capital || before.is_none_or(|before| !before.is_alphanumeric())
        })
    };
    let roots = Root::ALL.iter().map(|(_, name, _, summary)| (*name, *summary, ""));
    let all = builtins::ALL.iter().map(|builtin| (builtin.name, builtin.summary, builtin.doc));
    let all: Vec<(&str, &str, &str)> = roots.chain(all).collect();
    let mut written = BTreeSet::new();
    let by_name = all.iter().filter(|(name, _, _)| has(name));
    let by_text = all.iter().filter(|(_, summary, doc)| has(summary) || has(doc));
    let found: Vec<(&str, &str)> = by_name
        .chain(by_text)
        .filter(|(name, _, _)| written.insert(*name))
        .map(|(name, summary, _)| (*name, *summary))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "nothing is called so; the word is in\n")?;
    write_names(found.iter().copied(), out)
}

fn unknown(name: &str) -> Diagnostic {
    let named = |word: &str| Named::ALL.into_iter().find(|named| named.word() == word);
    let fields = name.split_once('.').and_then(|(record, field)| Some((named(record)?, field)));
    let help = match fields {
        None if Code::from_word(name).is_some() => format!("`invq explain {name}` tells the kind of mistake"),
        Some((named, field)) => {
            did_you_mean(field, schema::entries(named).iter().map(|entry| entry.name.trim_end_matches('?')))
                .unwrap_or_else(|| format!("`invq doc {}` lists its fields", named.word()))
        }
        None => {
            let known = builtins::ALL.iter().map(|builtin| builtin.name);
            let known = known.chain(Root::ALL.iter().map(|(_, name, _, _)| *name));
            let known = known.chain(Named::ALL.into_iter().map(Named::word)).chain(["ansible"]);
            let last = name.rsplit('.').next().unwrap_or(name);
            let modules = builtins::ALL.iter().flat_map(|builtin| builtin.scopes).copied();
            let modules = modules.filter(|module| module.contains('.'));
            did_you_mean(name, modules)
                .or_else(|| did_you_mean(last, known))
                .unwrap_or_else(|| "`invq doc` lists all names".to_owned())
        }
    };
    Diagnostic::error(Code::Usage, format!("nothing is called {}", quoted(name))).help(help)
}

/// Ansible's host patterns as filters.
fn patterns(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Ansible's host patterns, and the filters that select the same hosts\n")?;
    let rows = || PATTERNS.iter();
    let pattern_width = rows().map(|row| row.pattern.len()).max().unwrap_or(0);
    let filter_width = rows().map(|row| row.filter.len()).filter(|width| *width <= 60).max().unwrap_or(0);
    for row in rows() {
        let (pattern, filter, note) = (row.pattern, row.filter, row.note);
        let line = format!("  {pattern:pattern_width$}  {filter:filter_width$}  {note}");
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\nGroups are tags too; `m.vars` has a host's variables, `m.groups` its groups.")
}

/// The sets whose members are known by their names alone.
const PLAIN: [&str; 5] = ["bare", "nix", "builtins", "filters", "lib"];

/// A builtin by its bare name, or by one of its sets and its name.
fn is_called(builtin: &Builtin, name: &str) -> bool {
    builtin.name == name && builtin.scopes.iter().any(|scope| PLAIN.contains(scope))
        || name
            .strip_suffix(builtin.name)
            .and_then(|scope| scope.strip_suffix('.'))
            .is_some_and(|scope| builtin.scopes.contains(&scope))
}

fn builtin_page(builtin: &Builtin, width: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} : {}\n", builtin.name, builtin.ty)?;
    write_wrapped(builtin.summary, width, out)?;
    if !builtin.doc.is_empty() {
        writeln!(out)?;
        for paragraph in builtin.doc.split("\n\n") {
            write_wrapped(paragraph, width, out)?;
        }
    }
    let sets: Vec<&str> =
        builtin.scopes.iter().copied().filter(|scope| !matches!(*scope, "nix" | "bare")).collect();
    if !sets.is_empty() {
        let names: Vec<String> = sets.iter().map(|set| format!("{set}.{}", builtin.name)).collect();
        writeln!(out, "\nalso {}", names.join(", "))?;
    }
    for (query, answer) in builtin.examples {
        writeln!(out, "\n    {}\n    → {answer}", query.replace('\n', "\n    "))?;
    }
    Ok(())
}

fn record_page(named: Named, out: &mut dyn Write) -> io::Result<()> {
    let entries = schema::entries(named);
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    writeln!(out, "{}\n", named.word())?;
    for entry in entries {
        writeln!(out, "  {:width$}  {}\n  {:width$}  {}", entry.name, entry.ty, "", entry.summary)?;
    }
    writeln!(out, "\nA field with `?` may be missing.")
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "collections of the inventory")?;
    write_names(Root::ALL.iter().map(|(_, name, _, summary)| (*name, *summary)), out)?;
    for (subject, table) in builtins::tables() {
        writeln!(out, "\n{subject}")?;
        write_names(table.iter().map(|builtin| (builtin.name, builtin.summary)), out)?;
    }
    let records: Vec<&str> = Named::ALL.into_iter().map(Named::word).collect();
    writeln!(out, "\nrecords: {}", records.join(" "))?;
    writeln!(out, "\nansible: host patterns of Ansible as filters")
}

fn write_names<'n>(
    names: impl Iterator<Item = (&'n str, &'n str)> + Clone,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = names.clone().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, summary) in names {
        writeln!(out, "  {name:width$}  {summary}")?;
    }
    Ok(())
}
