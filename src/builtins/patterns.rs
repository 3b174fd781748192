//! Regular expressions, and the versions and names in which Nix finds numbers.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use super::support::{invalid, text_list};
use crate::value::{Evaluator, Fault, Name, Value};

table! {
    "match" ["bare" "builtins" "lib" "lib.strings"] "String -> String -> [String?]?"
        "the groups of a POSIX extended regular expression that matches a whole text, or null"
        "A group that took no part is null. The time is linear in the length of the text."
        { "match \"web([0-9]+)\" \"web12\"" => "[\"12\"]" "match \"a\" \"abc\"" => "null" }
        |ev, pattern, text| {
            let regex = compiled(ev, pattern, true)?;
            Ok(match regex.captures(&ev.string(text)?) {
                Some(captures) => groups(&captures),
                None => Value::Null,
            })
        };
    "split" ["bare" "builtins" "lib" "lib.strings"] "String -> String -> [Any]"
        "the parts of a text between matches of a POSIX extended regular expression, and between them the groups of each match"
        "For separators that are plain texts, and without the groups, there is `splitString`."
        { "split \"-\" \"a-b\"" => "[\"a\",[],\"b\"]" "split \"([0-9])\" \"a1b\"" => "[\"a\",[\"1\"],\"b\"]" }
        |ev, pattern, text| {
            let (regex, text) = (compiled(ev, pattern, false)?, ev.string(text)?);
            let mut parts = Vec::new();
            let mut end = 0;
            for captures in regex.captures_iter(&text) {
                ev.step()?;
                if let Some(whole) = captures.get(0) {
                    parts.push(Value::string(text.get(end..whole.start()).unwrap_or("")));
                    parts.push(groups(&captures));
                    end = whole.end();
                }
            }
            parts.push(Value::string(text.get(end..).unwrap_or("")));
            Ok(Value::list(parts))
        };
    "escapeRegex" ["lib" "lib.strings"] "String -> String"
        "a text as the regular expression that matches it alone"
        ""
        { "lib.escapeRegex \"a.b\"" => "\"a\\\\.b\"" "match (lib.escapeRegex \"a+b\") \"a+b\"" => "[]" }
        |ev, text| {
            let mut escaped = String::new();
            for character in ev.string(text)?.chars() {
                if SPECIAL.contains(character) {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
            Ok(Value::string(escaped))
        };
    "compareVersions" ["bare" "builtins" "lib"] "String -> String -> Int"
        "the order of two versions: -1, 0 or 1"
        "Parts are compared one by one, numbers as numbers; `pre` comes before everything."
        { "compareVersions \"1.2\" \"1.10\"" => "-1" "compareVersions \"2.0\" \"2.0pre1\"" => "1" }
        |ev, left, right| Ok(Value::Int(compare_versions(&ev.string(left)?, &ev.string(right)?) as i64));
    "versionOlder" ["lib" "lib.strings"] "String -> String -> Bool"
        "whether the second version comes before the first"
        ""
        { "lib.versionOlder \"1.2\" \"1.10\"" => "true" "lib.versionOlder \"1.2\" \"1.2\"" => "false" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            Ok(Value::Bool(compare_versions(&right, &left).is_gt()))
        };
    "versionAtLeast" ["lib" "lib.strings"] "String -> String -> Bool"
        "whether the first version is the second or comes after it"
        ""
        { "lib.versionAtLeast \"1.10\" \"1.2\"" => "true" "lib.versionAtLeast \"1.1\" \"1.2\"" => "false" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            Ok(Value::Bool(compare_versions(&left, &right).is_ge()))
        };
    "splitVersion" ["builtins" "lib"] "String -> [String]"
        "the parts of a version"
        ""
        { "builtins.splitVersion \"1.2pre3-4\"" => "[\"1\",\"2\",\"pre\",\"3\",\"4\"]" }
        |ev, version| Ok(text_list(Parts(&ev.string(version)?)));
    "parseDrvName" ["builtins" "lib"] "String -> { name : String, version : String }"
        "the name and the version of a package"
        "The version begins after the first `-` that no letter follows."
        { "builtins.parseDrvName \"nix-serve-0.2\"" => "{\"name\":\"nix-serve\",\"version\":\"0.2\"}" }
        |ev, text| {
            let text = ev.string(text)?;
            let (name, version) = package(&text);
            Ok(Value::attrs([("name", Value::string(name)), ("version", Value::string(version))]))
        };
}

/// Characters that mean something in a POSIX extended regular expression.
const SPECIAL: &str = "\\[{()^$?*+|.";

/// Regular expressions that are kept compiled, since they are mostly used on many texts.
const KEPT: usize = 32;

thread_local! {
    static COMPILED: RefCell<HashMap<(Name, bool), Regex>> = RefCell::new(HashMap::new());
}

/// What compiling a pattern is worth, in bytes that are looked at: a small one may become large.
pub(super) const COMPILING: usize = 1 << 20;

fn compiled(ev: &mut dyn Evaluator, pattern: &Value, whole: bool) -> Result<Regex, Fault> {
    let pattern = ev.string(pattern)?;
    if !COMPILED.with_borrow(|compiled| compiled.contains_key(&(pattern.clone(), whole))) {
        ev.work(COMPILING)?;
    }
    posix(&pattern, whole)
}

/// Compiles a POSIX extended regular expression, for whole texts or for parts of them.
fn posix(pattern: &Name, whole: bool) -> Result<Regex, Fault> {
    let key = (pattern.clone(), whole);
    if let Some(regex) = COMPILED.with_borrow(|compiled| compiled.get(&key).cloned()) {
        return Ok(regex);
    }
    let mistake = |reason: String| {
        let message = format!("{} is no regular expression: {reason}", crate::text::quoted(pattern));
        invalid(message, "write a POSIX extended one: `\"web([0-9]+)\"`")
    };
    let translated = translate(pattern).map_err(mistake)?;
    let translated = if whole { format!("^(?:{translated})$") } else { translated };
    let regex = compile(&translated).map_err(mistake)?;
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= KEPT {
            compiled.clear();
        }
        compiled.insert(key, regex.clone());
    });
    Ok(regex)
}

/// Compiles a regular expression within limits of its size; the mistake as one line.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern)
        .dot_matches_new_line(true)
        .size_limit(1 << 22)
        .dfa_size_limit(1 << 22)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or("").trim();
            reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
        }
    })
}

/// A POSIX extended regular expression in the syntax of the `regex` crate.
fn translate(pattern: &str) -> Result<String, String> {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(next) if next.is_ascii_alphanumeric() => {
                    return Err(format!(
                        "`\\{next}` has no meaning; a class is written as `[0-9]` or `[[:space:]]`"
                    ));
                }
                Some(next) => text.push_str(&regex::escape(next.encode_utf8(&mut [0; 4]))),
                None => return Err("it ends with a backslash".to_owned()),
            },
            '(' if characters.peek() == Some(&'?') => return Err("a group cannot begin with `?`".to_owned()),
            '*' | '+' | '?' if matches!(characters.peek(), Some('*' | '+' | '?')) => {
                return Err("two repetitions follow each other".to_owned());
            }
            '[' => bracket(&mut characters, &mut text)?,
            other => text.push(other),
        }
    }
    Ok(text)
}

/// A bracket expression, in which a backslash is a character like any other.
fn bracket(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    text: &mut String,
) -> Result<(), String> {
    text.push('[');
    if characters.next_if_eq(&'^').is_some() {
        text.push('^');
    }
    let mut first = true;
    loop {
        let character = characters.next().ok_or("a bracket is not closed")?;
        match character {
            ']' if !first => break,
            '[' if characters.next_if_eq(&':').is_some() => {
                let mut class = String::new();
                while let Some(letter) = characters.next_if(char::is_ascii_alphabetic) {
                    class.push(letter);
                }
                if characters.next_if_eq(&':').is_none() || characters.next_if_eq(&']').is_none() {
                    return Err("a class such as `[:alpha:]` is not closed".to_owned());
                }
                text.push_str(&format!("[:{class}:]"));
            }
            // Alone at an end it is a character, and two of them would subtract one class from another.
            '-' if !first && characters.peek() != Some(&']') => text.push('-'),
            other if other.is_ascii_punctuation() => {
                text.push('\\');
                text.push(other);
            }
            other => text.push(other),
        }
        first = false;
    }
    text.push(']');
    Ok(())
}

/// The groups of a match.
fn groups(captures: &regex::Captures<'_>) -> Value {
    let group =
        |group: Option<regex::Match<'_>>| group.map_or(Value::Null, |group| Value::string(group.as_str()));
    Value::list(captures.iter().skip(1).map(group).collect())
}

/// The parts of a version: runs of digits, and runs of what is neither a digit nor `.` nor `-`.
struct Parts<'v>(&'v str);

impl<'v> Iterator for Parts<'v> {
    type Item = &'v str;

    fn next(&mut self) -> Option<&'v str> {
        let rest = self.0.trim_start_matches(['.', '-']);
        let first = rest.chars().next()?;
        let ends = |character: char| {
            character == '.' || character == '-' || character.is_ascii_digit() != first.is_ascii_digit()
        };
        let (part, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        self.0 = rest;
        Some(part)
    }
}

fn compare_versions(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (Parts(left), Parts(right));
    loop {
        let (a, b) = (left.next(), right.next());
        if a.is_none() && b.is_none() {
            return Ordering::Equal;
        }
        let (a, b) = (a.unwrap_or(""), b.unwrap_or(""));
        if part_before(a, b) {
            return Ordering::Less;
        }
        if part_before(b, a) {
            return Ordering::Greater;
        }
    }
}

fn part_before(left: &str, right: &str) -> bool {
    let number = |part: &str| part.parse::<u64>().ok();
    match (number(left), number(right)) {
        (Some(a), Some(b)) => a < b,
        (_, Some(_)) if left.is_empty() => true,
        _ if left == "pre" => right != "pre",
        _ if right == "pre" => false,
        (_, Some(_)) => true,
        (Some(_), _) => false,
        _ => left < right,
    }
}

fn package(text: &str) -> (&str, &str) {
    let dash = text.char_indices().filter(|(_, character)| *character == '-').find(|(at, _)| {
        text.get(at + 1..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|next| !next.is_ascii_alphabetic())
    });
    match dash {
        Some((at, _)) => (text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or("")),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_in_nix() {
        for (left, right, order) in [
            ("1.0", "2.3", Ordering::Less),
            ("2.1", "2.3", Ordering::Less),
            ("2.3", "2.3", Ordering::Equal),
            ("2.5", "2.3", Ordering::Greater),
            ("2.3.1", "2.3", Ordering::Greater),
            ("2.3.1", "2.3a", Ordering::Greater),
            ("2.3pre1", "2.3", Ordering::Less),
            ("2.3pre3", "2.3pre12", Ordering::Less),
            ("2.3a", "2.3c", Ordering::Less),
            ("2.3pre1", "2.3c", Ordering::Less),
            ("2.3pre1", "2.3q", Ordering::Less),
        ] {
            assert_eq!(compare_versions(left, right), order, "{left} {right}");
        }
    }

    #[test]
    fn brackets_follow_posix() {
        let matches =
            |pattern: &str, text: &str| posix(&pattern.into(), true).is_ok_and(|regex| regex.is_match(text));
        assert!(matches("[]a]+", "a]"));
        assert!(matches("[^]a]", "b"));
        assert!(matches(r"[\.]+", r"\."));
        assert!(matches("[[:digit:]-]+", "1-2"));
        assert!(matches("[a[]+", "[a"));
        assert!(matches("[&~]+", "&&~~"));
        assert!(matches(r"a\.b", "a.b"));
        assert!(!matches("a", "ab"));
        assert!(posix(&r"\d".into(), true).is_err());
        assert!(posix(&"(?i)a".into(), true).is_err());
    }

    #[test]
    fn packages_have_versions() {
        assert_eq!(package("nix-serve-0.2"), ("nix-serve", "0.2"));
        assert_eq!(package("hello"), ("hello", ""));
    }
}
