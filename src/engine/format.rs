//! How documents are written.

use std::ffi::OsStr;
use std::path::Path;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON
    Json,
    /// JSON, a machine in each line.
    Ndjson,
    /// YAML 1.2
    Yaml,
    /// TOML
    Toml,
    /// INI, as Ansible has it.
    Ini,
    /// An expression of the language (`.invq`, `.nix`).
    Expression,
}

impl Format {
    /// The format that a file's extension tells.
    pub fn of_path(path: &Path) -> Option<Format> {
        let extension = path.extension().and_then(OsStr::to_str)?.to_ascii_lowercase();
        match extension.as_str() {
            "json" => Some(Format::Json),
            "ndjson" | "jsonl" => Some(Format::Ndjson),
            "yaml" | "yml" => Some(Format::Yaml),
            "toml" => Some(Format::Toml),
            "ini" => Some(Format::Ini),
            "invq" | "nix" => Some(Format::Expression),
            _ => None,
        }
    }

    /// The format of a text without a telling name, from how it begins.
    pub fn of_text(text: &str) -> Format {
        format_of_text(text)
    }
}

/// The format of a text without a telling name, from how it begins.
fn format_of_text(text: &str) -> Format {
    if text.starts_with("#!") {
        return Format::Expression;
    }
    if is_ini(text) {
        return Format::Ini;
    }
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    if let Some(inside) = rest.strip_prefix('{') {
        return if is_lines(rest) { Format::Ndjson } else { format_in_braces(inside.trim_start()) };
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

/// Whether a text looks like an INI inventory: a section for variables or children, hosts with variables, or
/// names that stand alone below a section. What could be TOML is none.
fn is_ini(text: &str) -> bool {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let mut in_section = false;
    for line in lines.take(200) {
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let group = |part: &str| {
                !part.is_empty() && !part.contains(['"', '\'', '[', ']', '{', '}', ',', '=', '(', ')', ';'])
            };
            match header.split_once(':') {
                Some((name, "vars" | "children" | "hosts")) => return group(name),
                _ if !group(header) => return false,
                _ => in_section = true,
            }
            continue;
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or("");
        let second = words.next();
        let assigns = |word: &str| {
            word.split_once('=').is_some_and(|(name, value)| is_word(name) && !value.starts_with('='))
        };
        let is_host = !first.contains(['=', '{', '}', '(', ')', '"', '\'', ',', '/', '|', '&'])
            && !first.ends_with([':', ';'])
            && first != "-"
            && first != "---";
        return is_host && (second.is_some_and(assigns) || in_section && second.is_none());
    }
    // Sections without anything in them.
    false
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `x: {` on one line may be a function or a flow mapping; as a file it is a function.
fn is_function(after: &str) -> bool {
    after.lines().next().is_some_and(|line| line.trim_end().ends_with('{'))
}

/// Whether a text has an object in its first line, and another one begins below it.
fn is_lines(text: &str) -> bool {
    text.split_once('\n').is_some_and(|(first, rest)| {
        rest.trim_start().starts_with('{')
            && first.trim_end().ends_with('}')
            && serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok()
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format() {
        assert_eq!(Format::of_path(Path::new("a/inventory.YML")), Some(Format::Yaml));
        assert_eq!(Format::of_path(Path::new("clan.nix")), Some(Format::Expression));
        assert_eq!(Format::of_path(Path::new("inventory")), None);
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
            ("[web]\nweb1\n", Format::Ini),
            ("# hosts\n; all\n[web] # these\nweb[01:20].example.org port=2222\n", Format::Ini),
            ("[web:children]\nfront\n", Format::Ini),
            ("localhost ansible_connection=local\n", Format::Ini),
            ("[web]\na = 1\n", Format::Toml),
            ("[1]", Format::Json),
            ("{\"name\":\"a\"}\n{\"name\":\"b\"}\n", Format::Ndjson),
            ("{\"name\":\"a\"}\n", Format::Json),
            ("{}\n{ a }", Format::Ndjson),
            ("[ \"a\" ]", Format::Json),
            ("machines |> map (m: m.name)", Format::Expression),
            ("x == 1", Format::Expression),
        ] {
            assert_eq!(format_of_text(text), format, "{text}");
        }
    }
}
