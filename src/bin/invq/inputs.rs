//! Where the inventory comes from.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use invq::diagnostic::{Code, Diagnostic};
use invq::inventory::model::Dialect;
use invq::text::{Source, quoted};
use invq::{Engine, Format, Input, Inventory};

use crate::args::Shared;

/// The variable that names an inventory.
const VARIABLE: &str = "INVQ_INVENTORY";

/// What inventories that are found by themselves are called.
const EXTENSIONS: [&str; 6] = ["invq", "nix", "yaml", "yml", "json", "toml"];

/// Which inventory a query sees.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The built-in one.
    Demo,
    /// These, in order.
    Paths(Vec<PathBuf>),
    /// None was named and none was found.
    Nothing,
}

impl Choice {
    /// `-i` and `--demo`, else the environment, else the nearest file upwards.
    pub(crate) fn of(shared: &Shared) -> Choice {
        if shared.demo {
            return Choice::Demo;
        }
        if !shared.inventory.is_empty() {
            return Choice::Paths(shared.inventory.clone());
        }
        let variable = env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        match variable.or_else(nearest_upwards) {
            Some(path) => Choice::Paths(vec![path]),
            None => Choice::Nothing,
        }
    }

    /// Whether it takes standard input.
    pub(crate) fn reads_stdin(&self) -> bool {
        matches!(self, Choice::Paths(paths) if paths.iter().any(|path| is_stdin(path)))
    }

    /// Loads it; without one the inventory is empty.
    ///
    /// # Errors
    /// All reasons for which it cannot be read.
    pub(crate) fn load(&self, engine: &Engine, from: Option<Dialect>) -> Result<Inventory, Vec<Diagnostic>> {
        let paths = match self {
            Choice::Demo => return engine.load_demo(),
            Choice::Nothing => &[][..],
            Choice::Paths(paths) => paths,
        };
        if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
            return Err(vec![Diagnostic::error(
                Code::Usage,
                "standard input can be only one of the inventories",
            )]);
        }
        let mut inputs = Vec::with_capacity(paths.len());
        let mut failures = Vec::new();
        for path in paths {
            match input(path, from) {
                Ok(input) => inputs.push(input),
                Err(failure) => failures.push(*failure),
            }
        }
        if failures.is_empty() { engine.load(inputs) } else { Err(failures) }
    }
}

/// The mistake of asking about an inventory where there is none.
pub(crate) fn nothing_found() -> Diagnostic {
    let message = format!(
        "no inventory: there is no `-i`, no `${VARIABLE}`, and no `inventory.{{{}}}` here or in a folder above",
        EXTENSIONS.join(",")
    );
    Diagnostic::error(Code::Usage, message).help("add `-i PATH`, or `--demo` for the built-in inventory")
}

/// Reads a file that the command line names, as text.
///
/// # Errors
/// The operating system's reason, and bytes that are no UTF-8.
pub(crate) fn read_source(path: &Path) -> Result<Arc<Source>, Box<Diagnostic>> {
    let name = if is_stdin(path) { "<stdin>".to_owned() } else { path.to_string_lossy().into_owned() };
    let bytes = if is_stdin(path) { read_stdin() } else { fs::read(path) };
    let bytes = bytes.map_err(|error| {
        let place = if is_stdin(path) { "standard input".to_owned() } else { quoted(&name) };
        Box::new(Diagnostic::error(Code::Io, format!("cannot read {place}: {}", reason(&error))))
    })?;
    match String::from_utf8(bytes) {
        // A byte order mark is no part of the text.
        Ok(text) => Ok(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("{} is no UTF-8 text: byte {} cannot be read", quoted(&name), at + 1);
            Err(Box::new(Diagnostic::error(Code::InvalidDocument, message)))
        }
    }
}

/// The system's reason without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    plain.to_lowercase()
}

fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn input(path: &Path, dialect: Option<Dialect>) -> Result<Input, Box<Diagnostic>> {
    if path.is_dir() {
        let message = format!("{} is a folder", quoted(&path.to_string_lossy()));
        let inside = inventory_in(path).unwrap_or_else(|| path.join("inventory.json"));
        let help = format!("name the file: `-i {}`", inside.display());
        return Err(Box::new(Diagnostic::error(Code::Io, message).help(help)));
    }
    let source = read_source(path)?;
    let format = format_of_name(path).unwrap_or_else(|| format_of_text(source.text()));
    Ok(Input { source, format, dialect })
}

fn format_of_name(path: &Path) -> Option<Format> {
    let extension = path.extension().and_then(OsStr::to_str)?.to_ascii_lowercase();
    match extension.as_str() {
        "json" => Some(Format::Json),
        "yaml" | "yml" => Some(Format::Yaml),
        "toml" => Some(Format::Toml),
        "invq" | "nix" => Some(Format::Expression),
        _ => None,
    }
}

/// The format of a text without a telling name, from how it begins.
fn format_of_text(text: &str) -> Format {
    if text.starts_with("#!") {
        return Format::Expression;
    }
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    if let Some(inside) = rest.strip_prefix('{') {
        return format_in_braces(inside.trim_start());
    }
    let line = rest.lines().next().unwrap_or("").trim_end();
    if rest.starts_with('[') {
        let words = line.trim_matches(['[', ']']);
        let header = line.ends_with(']')
            && words.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-\"".contains(&byte))
            && words.bytes().any(|byte| byte.is_ascii_alphabetic())
            && !words.starts_with('"');
        return if header { Format::Toml } else { Format::Json };
    }
    if rest.starts_with("---") || rest.starts_with('%') || rest.starts_with("- ") {
        return Format::Yaml;
    }
    let word_end = rest
        .find(|next: char| !next.is_alphanumeric() && !matches!(next, '_' | '-' | '.' | '"' | '\''))
        .unwrap_or(rest.len());
    let (word, after) = rest.split_at_checked(word_end).unwrap_or((rest, ""));
    let after_blanks = after.trim_start_matches([' ', '\t']);
    match word {
        "" => Format::Expression,
        "let" | "rec" | "with" | "assert" | "if" | "import" if after.starts_with(char::is_whitespace) => {
            Format::Expression
        }
        _ if after_blanks.starts_with('=') && !after_blanks.starts_with("==") => Format::Toml,
        _ if after.starts_with(':') && is_function(after) => Format::Expression,
        _ if after.starts_with(':') => Format::Yaml,
        _ => Format::Expression,
    }
}

/// `x: {` on one line may be a function or a flow mapping; as a file it is a function.
fn is_function(after: &str) -> bool {
    after.lines().next().is_some_and(|line| line.trim_end().ends_with('{'))
}

/// JSON or an expression: a quoted key is followed by a colon in one and by `=` in the other.
fn format_in_braces(inside: &str) -> Format {
    if inside.starts_with('}') {
        return Format::Json;
    }
    let Some(key) = inside.strip_prefix('"') else { return Format::Expression };
    let mut escaped = false;
    let end = key.find(|next: char| {
        let ends = next == '"' && !escaped;
        escaped = next == '\\' && !escaped;
        ends
    });
    let after = end.and_then(|end| key.get(end + 1..)).unwrap_or("").trim_start();
    if after.starts_with('=') || after.starts_with('.') { Format::Expression } else { Format::Json }
}

/// The nearest inventory from the working directory upwards, by a path that is short to read.
fn nearest_upwards() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let mut shown = PathBuf::new();
    for folder in here.ancestors() {
        if let Some(found) = inventory_in(folder) {
            return Some(shown.join(found.file_name()?));
        }
        shown.push("..");
    }
    None
}

fn inventory_in(folder: &Path) -> Option<PathBuf> {
    EXTENSIONS
        .iter()
        .map(|extension| folder.join(format!("inventory.{extension}")))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format() {
        assert_eq!(format_of_name(Path::new("a/inventory.YML")), Some(Format::Yaml));
        assert_eq!(format_of_name(Path::new("clan.nix")), Some(Format::Expression));
        assert_eq!(format_of_name(Path::new("inventory")), None);
    }

    #[test]
    fn a_text_tells_the_format() {
        for (text, format) in [
            ("{ \"machines\": {} }", Format::Json),
            (" \n{\"a\\\"b\":1}", Format::Json),
            ("{}", Format::Json),
            ("[{\"a\":1}]", Format::Json),
            ("[1, 2]", Format::Json),
            ("{ machines.jon = { }; }", Format::Expression),
            ("{ \"a\" = 1; }", Format::Expression),
            ("{ \"a\".b = 1; }", Format::Expression),
            ("{ lib, ... }:\n{ }", Format::Expression),
            ("# a comment\nlet x = 1; in { }", Format::Expression),
            ("buildClan { }", Format::Expression),
            ("#!/usr/bin/env invq\n{ }", Format::Expression),
            ("pkgs: {\n}", Format::Expression),
            ("machines:\n  jon: {}\n", Format::Yaml),
            ("# a comment\n\n---\na: 1", Format::Yaml),
            ("inventory.machines: {}\n", Format::Yaml),
            ("[machines.jon]\ntags = []", Format::Toml),
            ("[[rows]]\n", Format::Toml),
            ("suffix = \"example.org\"\n", Format::Toml),
        ] {
            assert_eq!(format_of_text(text), format, "{text}");
        }
    }
}
