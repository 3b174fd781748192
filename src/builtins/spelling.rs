//! Texts character by character: trimming, splitting, comparing, joining what sets hold.

use super::data::printed;
use super::strings::{join, replace, replace_each};
use super::support::{long_text, many_texts, nested, text_list, text_room};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Value};

table! {
    "join" ["lib" "lib.strings"] "String -> [String] -> String"
        "texts joined, with a separator between them, as `concatStringsSep`"
        ""
        { "lib.join \", \" [ \"a\" \"b\" ]" => "\"a, b\"" "lib.strings.join \"-\" [ ]" => "\"\"" }
        |ev, separator, list| {
            let separator = ev.string(separator)?;
            join(ev, &separator, list)
        };
    "concatMapAttrsStringSep" ["lib" "lib.strings"] "String -> (String -> a -> String) -> { _ : a } -> String"
        "the texts that a function gives for each attribute's name and value, joined with a separator"
        ""
        { "lib.concatMapAttrsStringSep \"; \" (k: v: \"${k}=${v}\") { b = \"2\"; a = \"1\"; }" => "\"a=1; b=2\"" "lib.concatMapAttrsStringSep \",\" (k: v: k) { }" => "\"\"" }
        |ev, separator, function, set| {
            let separator = ev.string(separator)?;
            let mut parts = Vec::new();
            for (name, value) in ev.attrs(set)?.iter() {
                ev.step()?;
                parts.push(ev.call(function, &[Value::string(name), value.clone()])?);
            }
            join(ev, &separator, &Value::list(parts))
        };
    "replaceString" ["lib" "lib.strings"] "String -> String -> String -> String"
        "a text with every occurrence of one text replaced by another"
        ""
        { "lib.replaceString \".\" \"_\" \"v1.2.3\"" => "\"v1_2_3\"" "lib.replaceString \"x\" \"y\" \"abc\"" => "\"abc\"" }
        |ev, from, to, text| {
            let (from, text) = (ev.string(from)?, ev.string(text)?);
            replace(ev, &[from], std::slice::from_ref(to), &text)
        };
    "replaceChars" ["lib" "lib.strings"] "[String] -> [String] -> String -> String"
        "an old name of `replaceStrings`"
        ""
        { "lib.replaceChars [ \"a\" ] [ \"b\" ] \"abc\"" => "\"bbc\"" "lib.replaceChars [ ] [ ] \"abc\"" => "\"abc\"" }
        |ev, from, to, text| replace_each(ev, from, to, text);
    "trimWith" ["lib" "lib.strings"] "{ start? : Bool, end? : Bool } -> String -> String"
        "a text without white space at its start, at its end, or both"
        ""
        { "lib.trimWith { start = true; } \" a \"" => "\"a \"" "lib.trimWith { end = true; } \" a \"" => "\" a\"" "lib.trimWith { } \" a \"" => "\" a \"" }
        |ev, options, text| {
            let (start, end) = (flag(ev, options, "start", false)?, flag(ev, options, "end", false)?);
            let text = ev.string(text)?;
            let blank = [' ', '\t', '\r', '\n'];
            let from = if start { text.trim_start_matches(blank) } else { &text };
            Ok(Value::string(if end { from.trim_end_matches(blank) } else { from }))
        };
    "normalizePath" ["lib.strings"] "String -> String"
        "a path with one slash where several follow each other"
        ""
        { "lib.strings.normalizePath \"/a//b///c/\"" => "\"/a/b/c/\"" "lib.strings.normalizePath \"a\"" => "\"a\"" }
        |ev, path| {
            let path = ev.string(path)?;
            ev.work(path.len())?;
            text_room(ev, path.len())?;
            let mut normal = String::with_capacity(path.len());
            for character in path.chars() {
                if character != '/' || !normal.ends_with('/') {
                    normal.push(character);
                }
            }
            long_text(ev, &normal)
        };
    "splitStringBy" ["lib" "lib.strings"] "(String -> String -> Bool) -> Bool -> String -> [String]"
        "the parts of a text, which begin where a function of the character before and the character says so"
        "Before the first character stands `\"\"`. The second argument says whether the character at which a part begins belongs to it."
        { "lib.splitStringBy (before: c: c == \".\") false \"a.b.c\"" => "[\"a\",\"b\",\"c\"]" "lib.splitStringBy (before: c: c == \"B\") true \"aBc\"" => "[\"a\",\"Bc\"]" }
        |ev, predicate, keep, text| {
            let text = ev.string(text)?;
            let mut parts = vec![String::new()];
            let mut before = Value::string("");
            for character in text.chars() {
                ev.step()?;
                let current = Value::string(character.to_string());
                let answer = ev.call(predicate, &[before, current.clone()])?;
                let begins = ev.bool(&answer)?;
                if begins {
                    parts.push(String::new());
                }
                if (!begins || ev.bool(keep)?)
                    && let Some(part) = parts.last_mut()
                {
                    part.push(character);
                }
                before = current;
            }
            many_texts(ev, parts)
        };
    "toCamelCase" ["lib" "lib.strings"] "String -> String"
        "a text whose words are written together, each but the first with a capital letter"
        "Words are parted by `-`, `_` and blanks, and where a capital letter follows a small one. Letters from A to Z."
        { "lib.toCamelCase \"hello-world\"" => "\"helloWorld\"" "map lib.toCamelCase [ \"HelloWorld\" \"a_b c\" ]" => "[\"helloWorld\",\"aBC\"]" }
        |ev, text| {
            let text = ev.string(text)?;
            ev.work(text.len())?;
            text_room(ev, text.len())?;
            long_text(ev, &camel_case(&text))
        };
    "charToInt" ["lib.strings"] "String -> Int"
        "the number of an ASCII character"
        "Printable ones, a tab, and the two that end lines."
        { "lib.strings.charToInt \"A\"" => "65" "lib.strings.charToInt \"ab\"" => "error: invalid-value" }
        |ev, character| {
            let character = ev.string(character)?;
            Ok(Value::Int(ascii(ev, &character)?.into()))
        };
    "commonPrefixLength" ["lib.strings"] "String -> String -> Int"
        "how many bytes two texts begin with alike"
        ""
        { "lib.strings.commonPrefixLength \"web1\" \"web22\"" => "3" "lib.strings.commonPrefixLength \"a\" \"b\"" => "0" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
            ev.work(same)?;
            Ok(Value::Int(same as i64))
        };
    "commonSuffixLength" ["lib.strings"] "String -> String -> Int"
        "how many bytes two texts end with alike"
        ""
        { "lib.strings.commonSuffixLength \"a.com\" \"bb.com\"" => "4" "lib.strings.commonSuffixLength \"a\" \"b\"" => "0" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            let pairs = left.bytes().rev().zip(right.bytes().rev());
            let same = pairs.take_while(|(left, right)| left == right).count();
            ev.work(same)?;
            Ok(Value::Int(same as i64))
        };
    "levenshtein" ["lib.strings"] "String -> String -> Int"
        "how many bytes have to be put in, left out or exchanged to make one text of another"
        ""
        { "lib.strings.levenshtein \"book\" \"hook\"" => "1" "lib.strings.levenshtein \"hello\" \"Heyo\"" => "3" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            Ok(Value::Int(distance(ev, left.as_bytes(), right.as_bytes())? as i64))
        };
    "levenshteinAtMost" ["lib.strings"] "Int -> String -> String -> Bool"
        "whether a text can be made of another in so many steps as `lib.strings.levenshtein` counts them"
        "The beginning and the end that both texts share are left aside. Where the two lie over each other, as in `\"aaab\"` and `\"aab\"`, the answer is no, as it is in nixpkgs."
        { "lib.strings.levenshteinAtMost 1 \"foo\" \"boa\"" => "false" "lib.strings.levenshteinAtMost 2 \"foo\" \"boa\"" => "true" "lib.strings.levenshteinAtMost 1 \"aaab\" \"aab\"" => "false" }
        |ev, most, left, right| {
            let most = ev.int(most)?.max(0) as usize;
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            Ok(Value::Bool(differ_at_most(ev, most, left.as_bytes(), right.as_bytes())?))
        };
    "isStringLike" ["lib" "lib.strings"] "a -> Bool"
        "whether a value can stand in a text without being converted: whether it is a string"
        "Sets never can: in invq `outPath` and `__toString` are names as any others."
        { "lib.isStringLike \"a\"" => "true" "lib.isStringLike 1" => "false" }
        |ev, value| Ok(Value::Bool(matches!(ev.force(value)?, Value::String(_))));
    "isConvertibleWithToString" ["lib.strings"] "a -> Bool"
        "whether `toString` has a text for a value"
        "It has for lists of what it has texts for."
        { "lib.strings.isConvertibleWithToString [ 1 2 ]" => "true" "lib.strings.isConvertibleWithToString { }" => "false" }
        |ev, value| Ok(Value::Bool(printable(ev, value)?));
    "floatToString" ["lib.strings"] "Float -> String"
        "a float as text, with six digits after the point"
        ""
        { "lib.strings.floatToString 0.5" => "\"0.500000\"" "lib.strings.floatToString 1.0" => "\"1.000000\"" }
        |ev, number| Ok(Value::string(printed(ev, number)?));
    "addContextFrom" ["lib" "lib.strings"] "String -> String -> String"
        "the second text"
        "Texts have no context in invq. It is there for expressions that are written for Nix."
        { "lib.addContextFrom \"a\" \"b\"" => "\"b\"" "lib.addContextFrom \"\" \"\"" => "\"\"" }
        |ev, source, text| {
            ev.string(source)?;
            Ok(Value::from(ev.string(text)?))
        };
    "lowerChars" ["lib" "lib.strings"] "[String]"
        "the small letters from a to z"
        ""
        { "head lib.lowerChars" => "\"a\"" "length lib.lowerChars" => "26" }
        |_ev| Ok(letters('a'..='z'));
    "upperChars" ["lib" "lib.strings"] "[String]"
        "the capital letters from A to Z"
        ""
        { "head lib.upperChars" => "\"A\"" "length lib.upperChars" => "26" }
        |_ev| Ok(letters('A'..='Z'));
}

/// An option that is true or false.
pub(super) fn flag(
    ev: &mut dyn Evaluator,
    options: &Value,
    name: &str,
    default: bool,
) -> Result<bool, Fault> {
    match ev.attr(options, name)? {
        Some(value) => ev.bool(&value),
        None => Ok(default),
    }
}

/// The number of a character in the table of ASCII that nixpkgs has.
pub(super) fn ascii(ev: &mut dyn Evaluator, character: &str) -> Result<u8, Fault> {
    match character.as_bytes() {
        [byte @ (b'\t' | b'\n' | b'\r' | b' '..=b'~')] => Ok(*byte),
        _ => {
            let message = format!("{} is no printable ASCII character", crate::text::quoted(character));
            Err(ev.fault(Code::InvalidValue, message))
        }
    }
}

fn letters(range: std::ops::RangeInclusive<char>) -> Value {
    text_list(range.map(String::from))
}

fn camel_case(text: &str) -> String {
    let mut camel = String::with_capacity(text.len());
    let (mut first, mut begins, mut before) = (true, false, ' ');
    for character in text.chars() {
        let separates = matches!(character, '-' | '_' | ' ');
        if separates || (before.is_ascii_lowercase() && character.is_ascii_uppercase()) {
            (first, begins) = (false, true);
        }
        if !separates {
            camel.push(match begins && !first {
                true => character.to_ascii_uppercase(),
                false => character.to_ascii_lowercase(),
            });
            begins = false;
        }
        before = character;
    }
    camel
}

/// Whether two texts are at most so many steps apart, as nixpkgs finds out: what both begin and end with is left
/// aside, also where the two lie over each other.
fn differ_at_most(ev: &mut dyn Evaluator, most: usize, left: &[u8], right: &[u8]) -> Result<bool, Fault> {
    if most == 0 {
        return Ok(left == right);
    }
    let (left, right) = if left.len() < right.len() { (right, left) } else { (left, right) };
    if left.len() - right.len() > most {
        return Ok(false);
    }
    ev.work(left.len())?;
    let begins = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let ends = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    // Where the two overlap, everything behind the beginning counts.
    let between = |text: &[u8]| {
        let end = text.len().checked_sub(ends).filter(|end| *end >= begins).unwrap_or(text.len());
        text.get(begins..end).unwrap_or(&[]).to_vec()
    };
    let (left, right) = (between(left), between(right));
    Ok(match most {
        1 => left.len() <= 1 && right.len() <= 1,
        2 => differ_at_the_ends(&left, &right),
        _ => distance(ev, &left, &right)? <= most,
    })
}

/// Whether two texts, of which the first one may be longer, are alike but for their first and last bytes.
fn differ_at_the_ends(left: &[u8], right: &[u8]) -> bool {
    fn first_off(text: &[u8]) -> &[u8] {
        text.get(1..).unwrap_or(&[])
    }
    fn last_off(text: &[u8]) -> &[u8] {
        text.split_last().map_or(&[], |(_, rest)| rest)
    }
    // Of a single byte nothing is left, as of none.
    let inside = |text| last_off(first_off(text));
    match left.len().saturating_sub(right.len()) {
        2 => inside(left) == right,
        1 => inside(left) == last_off(right) || inside(left) == first_off(right),
        _ => {
            inside(left) == inside(right)
                || last_off(left) == first_off(right)
                || first_off(left) == last_off(right)
        }
    }
}

/// Levenshtein's distance, a row of its table at a time.
fn distance(ev: &mut dyn Evaluator, left: &[u8], right: &[u8]) -> Result<usize, Fault> {
    ev.reserve((right.len() + 1).saturating_mul(size_of::<usize>()))?;
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, left) in left.iter().enumerate() {
        ev.step()?;
        // A cell takes as long as copying many bytes.
        ev.work(row.len().saturating_mul(64))?;
        let mut cells = row.iter_mut();
        let Some(first) = cells.next() else { break };
        let mut diagonal = std::mem::replace(first, index + 1);
        let mut beside = index + 1;
        for (cell, right) in cells.zip(right) {
            let exchanged = diagonal + usize::from(left != right);
            diagonal = *cell;
            beside = exchanged.min(beside + 1).min(*cell + 1);
            *cell = beside;
        }
    }
    Ok(row.last().copied().unwrap_or_default())
}

fn printable(ev: &mut dyn Evaluator, value: &Value) -> Result<bool, Fault> {
    ev.step()?;
    match ev.force(value)? {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => Ok(true),
        Value::List(items) => nested(ev, |ev| {
            for item in items.iter() {
                if !printable(ev, item)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }),
        _ => Ok(false),
    }
}
