//! Regular expressions, and the versions and names in which Nix finds numbers.

use std::cmp::Ordering;

use super::posix;
use super::support::{counted_text, room, text_list};
use crate::value::Value;

table! {
    "match" ["bare" "builtins" "lib" "lib.strings"] "String -> String -> [String?]?"
        "the groups of a POSIX extended regular expression that matches a whole text, or null"
        "A group that took no part is null; where the pattern is written out in the call, without alternatives and with groups that are not repeated, no group is. The time is linear in the length of the text."
        { "match \"web([0-9]+)\" \"web12\"" => "[\"12\"]" "match \"a\" \"abc\"" => "null" }
        |ev, pattern, text| {
            let pattern = ev.string(pattern)?;
            let regex = posix::whole(ev, &pattern)?;
            Ok(regex.groups(&ev.string(text)?).map_or(Value::Null, groups))
        };
    "split" ["bare" "builtins" "lib" "lib.strings"] "String -> String -> [Any]"
        "the parts of a text between matches of a POSIX extended regular expression, and between them the groups of each match"
        "For separators that are plain texts, and without the groups, there is `splitString`."
        { "split \"-\" \"a-b\"" => "[\"a\",[],\"b\"]" "split \"([0-9])\" \"a1b\"" => "[\"a\",[\"1\"],\"b\"]" }
        |ev, pattern, text| {
            let (pattern, text) = (ev.string(pattern)?, ev.string(text)?);
            let search = posix::parts(ev, &pattern)?;
            let mut parts = Vec::new();
            let (mut end, mut from) = (0, Some(0));
            // An empty match may follow another match at once, as in Nix.
            while let Some(posix::Found { place, groups: found }) = from.and_then(|from| search.find(&text, from)) {
                ev.step()?;
                // Each search for the longest match may come to the end of the text.
                ev.work((text.len() - end) / 8)?;
                if parts.len() % 1024 == 0 {
                    room(ev, 3 * parts.len())?;
                }
                parts.push(counted_text(text.get(end..place.start).unwrap_or("")));
                parts.push(groups(found));
                end = place.end;
                let next = || text.get(end..)?.chars().next().map(|next| end + next.len_utf8());
                from = if place.is_empty() { next() } else { Some(end) };
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
    "compareVersions" ["bare" "builtins" "lib" "lib.strings"] "String -> String -> Int"
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
    "splitVersion" ["builtins" "lib" "lib.versions"] "String -> [String]"
        "the parts of a version"
        ""
        { "builtins.splitVersion \"1.2pre3-4\"" => "[\"1\",\"2\",\"pre\",\"3\",\"4\"]" "builtins.splitVersion \"\"" => "[]" }
        |ev, version| Ok(text_list(Parts(&ev.string(version)?)));
    "parseDrvName" ["builtins" "lib" "lib.strings"] "String -> { name : String, version : String }"
        "the name and the version of a package"
        "The version begins after the first `-` that no letter follows."
        { "builtins.parseDrvName \"nix-serve-0.2\"" => "{\"name\":\"nix-serve\",\"version\":\"0.2\"}" "builtins.parseDrvName \"\"" => "{\"name\":\"\",\"version\":\"\"}" }
        |ev, text| {
            let text = ev.string(text)?;
            let (name, version) = package(&text);
            Ok(Value::attrs([("name", Value::string(name)), ("version", Value::string(version))]))
        };
}

/// Characters that mean something in a POSIX extended regular expression.
const SPECIAL: &str = "\\[{()^$?*+|.";

/// The groups of a match.
fn groups(groups: Vec<Option<&str>>) -> Value {
    Value::list(groups.into_iter().map(|group| group.map_or(Value::Null, counted_text)).collect())
}

/// The parts of a version: runs of digits, and runs of what is neither a digit nor `.` nor `-`.
pub(super) struct Parts<'v>(pub(super) &'v str);

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
    // Nix takes digits for a number where they fit into 32 bits, and for a text else.
    let number = |part: &str| part.parse::<i32>().ok();
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

/// The name and the version of a package.
pub(super) fn package(text: &str) -> (&str, &str) {
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
    fn packages_have_versions() {
        assert_eq!(package("nix-serve-0.2"), ("nix-serve", "0.2"));
        assert_eq!(package("hello"), ("hello", ""));
    }
}
