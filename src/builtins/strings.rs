//! Strings: their parts, joining, splitting, replacing.
//!
//! Lengths and places count bytes, as in Nix; a place inside a character is the place before it, so that
//! no character is ever torn apart.

use super::support::{Answer, long_text, many_texts, text_room, texts, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Value};

table! {
    "concatStringsSep" ["bare" "builtins" "lib" "lib.strings"] "String -> [String] -> String" needs(0 1)
        "texts joined, with a separator between them"
        ""
        { "concatStringsSep \", \" [ \"a\" \"b\" ]" => "\"a, b\"" "concatStringsSep \"-\" [ ]" => "\"\"" }
        |ev, separator, list| {
            let separator = ev.string(separator)?;
            join(ev, &separator, list)
        };
    "concatStrings" ["bare" "lib" "lib.strings"] "[String] -> String"
        "texts joined"
        ""
        { "concatStrings [ \"a\" \"b\" ]" => "\"ab\"" "concatStrings [ ]" => "\"\"" }
        |ev, list| join(ev, "", list);
    "concatLines" ["bare" "lib" "lib.strings"] "[String] -> String"
        "texts joined, each with a line break after it"
        ""
        { "concatLines [ \"a\" \"b\" ]" => "\"a\\nb\\n\"" "concatLines [ ]" => "\"\"" }
        |ev, list| {
            let lines = texts(ev, list)?;
            text_room(ev, lines.iter().map(|line| line.len() + 1).fold(0, usize::saturating_add))?;
            let text: String = lines.iter().flat_map(|line| [&**line, "\n"]).collect();
            long_text(ev, &text)
        };
    "concatMapStrings" ["bare" "lib" "lib.strings"] "(a -> String) -> [a] -> String"
        "the texts that a function gives for each element, joined"
        ""
        { "concatMapStrings (x: \"<${x}>\") [ \"a\" \"b\" ]" => "\"<a><b>\"" "concatMapStrings toString [ 1 2 ]" => "\"12\"" }
        |ev, function, list| join_mapped(ev, "", function, list, false);
    "concatMapStringsSep" ["bare" "lib" "lib.strings"] "String -> (a -> String) -> [a] -> String"
        "the texts that a function gives for each element, joined with a separator"
        ""
        { "concatMapStringsSep \",\" toString [ 1 2 ]" => "\"1,2\"" "concatMapStringsSep \",\" toString [ ]" => "\"\"" }
        |ev, separator, function, list| {
            let separator = ev.string(separator)?;
            join_mapped(ev, &separator, function, list, false)
        };
    "concatImapStringsSep" ["lib" "lib.strings"] "String -> (Int -> a -> String) -> [a] -> String"
        "the texts that a function gives for each index, from 1, with its element, joined with a separator"
        ""
        { "lib.concatImapStringsSep \" \" (i: x: \"${toString i}.${x}\") [ \"a\" \"b\" ]" => "\"1.a 2.b\"" "lib.concatImapStringsSep \", \" (i: x: x) [ \"a\" \"b\" ]" => "\"a, b\"" }
        |ev, separator, function, list| {
            let separator = ev.string(separator)?;
            join_mapped(ev, &separator, function, list, true)
        };
    "concatImapStrings" ["lib" "lib.strings"] "(Int -> a -> String) -> [a] -> String"
        "the texts that a function gives for each index, from 1, with its element, joined"
        ""
        { "lib.concatImapStrings (i: x: \"${toString i}${x}\") [ \"a\" \"b\" ]" => "\"1a2b\"" "lib.concatImapStrings (i: x: x) [ ]" => "\"\"" }
        |ev, function, list| join_mapped(ev, "", function, list, true);
    "stringAsChars" ["lib" "lib.strings"] "(String -> String) -> String -> String"
        "the texts that a function gives for each character, joined"
        ""
        { "lib.stringAsChars (c: if c == \"a\" then \"i\" else c) \"nax\"" => "\"nix\"" "lib.stringAsChars (c: c + c) \"ab\"" => "\"aabb\"" }
        |ev, function, text| {
            let text = ev.string(text)?;
            let characters = many_texts(ev, text.chars().map(String::from))?;
            join_mapped(ev, "", function, &characters, false)
        };
    "intersperse" ["lib" "lib.strings"] "a -> [a] -> [a]"
        "the elements of a list with a value between them"
        ""
        { "lib.intersperse 0 [ 1 2 3 ]" => "[1,0,2,0,3]" "lib.intersperse \"/\" [ ]" => "[]" }
        |ev, separator, list| {
            let mut items = Vec::new();
            for (index, item) in ev.list(list)?.iter().enumerate() {
                if index > 0 {
                    items.push(separator.clone());
                }
                items.push(item.clone());
            }
            Ok(Value::list(items))
        };
    "stringLength" ["bare" "builtins" "lib" "lib.strings"] "String -> Int" needs(0)
        "the number of bytes of a text"
        ""
        { "stringLength \"abc\"" => "3" "stringLength \"é\"" => "2" }
        |ev, text| match text {
            Value::String(text) => Ok(Value::Int(text.len() as i64)),
            text => Ok(Value::Int(ev.string(text)?.len() as i64)),
        };
    "substring" ["bare" "builtins" "lib" "lib.strings"] "Int -> Int -> String -> String" needs(0 1 2)
        "the part of a text from a byte on, of a number of bytes"
        "A negative length goes to the end. A place inside a character is the place before it."
        { "substring 1 2 \"abcd\"" => "\"bc\"" "substring 2 (-1) \"abcd\"" => "\"cd\"" }
        |ev, start, length, text| {
            let (start, length) = (ev.int(start)?, ev.int(length)?);
            let text = ev.string(text)?;
            match substring(&text, start, length) {
                Some(part) => Ok(Value::string(part)),
                None => Err(ev.fault(Code::InvalidValue, format!("a text has no place {start}")).of_argument(0)),
            }
        };
    "stringToCharacters" ["bare" "lib" "lib.strings"] "String -> [String]"
        "the characters of a text"
        "Whole characters, where nixpkgs gives bytes."
        { "stringToCharacters \"abc\"" => "[\"a\",\"b\",\"c\"]" "stringToCharacters \"\"" => "[]" }
        |ev, text| {
            let text = ev.string(text)?;
            many_texts(ev, text.chars().map(String::from))
        };
    "hasPrefix" ["bare" "lib" "lib.strings"] "String -> String -> Bool"
        "whether a text begins with another"
        "What it begins with comes first: `hasPrefix \"web\" name`."
        { "hasPrefix \"we\" \"web1\"" => "true" "filter (hasPrefix \"w\") [ \"web\" \"db\" ]" => "[\"web\"]" }
        |ev, prefix, text| Ok(Value::Bool(ev.string(text)?.starts_with(&*ev.string(prefix)?)));
    "hasSuffix" ["bare" "lib" "lib.strings"] "String -> String -> Bool"
        "whether a text ends with another"
        "What it ends with comes first: `hasSuffix \".com\" name`."
        { "hasSuffix \"1\" \"web1\"" => "true" "hasSuffix \"1\" \"web\"" => "false" }
        |ev, suffix, text| Ok(Value::Bool(ev.string(text)?.ends_with(&*ev.string(suffix)?)));
    "hasInfix" ["bare" "lib" "lib.strings"] "String -> String -> Bool"
        "whether a text is part of another"
        "The part comes first: `hasInfix \"eb\" name`."
        { "hasInfix \"eb\" \"web1\"" => "true" "hasInfix \"x\" \"web1\"" => "false" }
        |ev, infix, text| Ok(Value::Bool(ev.string(text)?.contains(&*ev.string(infix)?)));
    "removePrefix" ["bare" "lib" "lib.strings"] "String -> String -> String"
        "a text without another at its beginning"
        "A text that does not begin so stays as it is."
        { "removePrefix \"web\" \"web1\"" => "\"1\"" "removePrefix \"x\" \"web1\"" => "\"web1\"" }
        |ev, prefix, text| {
            let (prefix, text) = (ev.string(prefix)?, ev.string(text)?);
            Ok(Value::string(text.strip_prefix(&*prefix).unwrap_or(&text)))
        };
    "removeSuffix" ["bare" "lib" "lib.strings"] "String -> String -> String"
        "a text without another at its end"
        "A text that does not end so stays as it is."
        { "removeSuffix \".com\" \"a.com\"" => "\"a\"" "removeSuffix \"x\" \"web1\"" => "\"web1\"" }
        |ev, suffix, text| {
            let (suffix, text) = (ev.string(suffix)?, ev.string(text)?);
            Ok(Value::string(text.strip_suffix(&*suffix).unwrap_or(&text)))
        };
    "splitString" ["bare" "lib" "lib.strings"] "String -> String -> [String]" needs(0 1)
        "the parts of a text between separators"
        ""
        { "splitString \".\" \"a.b.c\"" => "[\"a\",\"b\",\"c\"]" "splitString \".\" \"a\"" => "[\"a\"]" }
        |ev, separator, text| {
            let (separator, text) = (ev.string(separator)?, ev.string(text)?);
            many_texts(ev, text.split(&*separator))
        };
    "replaceStrings" ["bare" "builtins" "lib" "lib.strings"] "[String] -> [String] -> String -> String" needs(0)
        "a text with texts replaced by others, in one pass from left to right"
        "At each place the first text that stands there is replaced; what came of a replacement is not looked at again."
        { "replaceStrings [ \"a\" \"b\" ] [ \"b\" \"a\" ] \"abc\"" => "\"bac\"" "replaceStrings [ \".\" ] [ \"-\" ] \"a.b\"" => "\"a-b\"" }
        |ev, from, to, text| replace_each(ev, from, to, text);
    "toLower" ["bare" "lib" "lib.strings"] "String -> String"
        "a text with its capital letters from A to Z made small"
        ""
        { "toLower \"Web1\"" => "\"web1\"" "toLower \"Web1-ÄÖ\"" => "\"web1-ÄÖ\"" }
        |ev, text| Ok(Value::string(ev.string(text)?.to_ascii_lowercase()));
    "toUpper" ["bare" "lib" "lib.strings"] "String -> String"
        "a text with its small letters from a to z made capital"
        ""
        { "toUpper \"Web1\"" => "\"WEB1\"" "toUpper \"Web1-äö\"" => "\"WEB1-äö\"" }
        |ev, text| Ok(Value::string(ev.string(text)?.to_ascii_uppercase()));
    "toSentenceCase" ["lib" "lib.strings"] "String -> String"
        "a text with its first letter made capital and the others small"
        "Letters from a to z."
        { "lib.toSentenceCase \"hOME\"" => "\"Home\"" "lib.toSentenceCase \"\"" => "\"\"" }
        |ev, text| {
            let mut text = ev.string(text)?.to_ascii_lowercase();
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            Ok(Value::string(text))
        };
    "trim" ["bare" "lib" "lib.strings"] "String -> String"
        "a text without white space around it"
        ""
        { "trim \"  a b \"" => "\"a b\"" "trim \"\"" => "\"\"" }
        |ev, text| Ok(Value::string(ev.string(text)?.trim_matches([' ', '\t', '\r', '\n'])));
    "toInt" ["bare" "lib" "lib.strings"] "String -> Int" needs(0)
        "the integer that a text writes"
        "White space around it is fine, a leading zero is not: nobody can tell whether it was meant as octal."
        { "toInt \"12\"" => "12" "toInt \"012\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            let digits = text.trim_matches(|character: char| character.is_ascii_whitespace());
            let unsigned = digits.strip_prefix('-').unwrap_or(digits);
            if unsigned.len() > 1 && unsigned.starts_with('0') {
                let message = format!("the leading zero makes `{digits}` ambiguous");
                return Err(thrown(Code::InvalidValue, message));
            }
            integer(digits)
        };
    "toIntBase10" ["lib" "lib.strings"] "String -> Int"
        "the integer that a text writes, leading zeros allowed"
        ""
        { "lib.toIntBase10 \"012\"" => "12" "lib.toIntBase10 \"1a\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            integer(text.trim_matches(|character: char| character.is_ascii_whitespace()))
        };
    "fixedWidthString" ["lib" "lib.strings"] "Int -> String -> String -> String"
        "a text made as long as said, with a filler in front"
        "A text that is longer already is an error."
        { "lib.fixedWidthString 5 \"0\" \"42\"" => "\"00042\"" "lib.fixedWidthString 1 \"0\" \"42\"" => "error: invalid-value" }
        |ev, width, filler, text| {
            let width = ev.int(width)?;
            let (filler, text) = (ev.string(filler)?, ev.string(text)?);
            fixed_width(width, &filler, &text)
        };
    "fixedWidthNumber" ["lib" "lib.strings"] "Int -> Int -> String"
        "an integer with zeros in front, as long as said"
        ""
        { "lib.fixedWidthNumber 3 7" => "\"007\"" "map (lib.fixedWidthNumber 2) [ 1 10 ]" => "[\"01\",\"10\"]" }
        |ev, width, number| {
            let (width, number) = (ev.int(width)?, ev.int(number)?);
            fixed_width(width, "0", &number.to_string())
        };
    "optionalString" ["bare" "lib" "lib.strings"] "Bool -> String -> String"
        "a text where a condition holds, else an empty one"
        ""
        { "optionalString true \"a\"" => "\"a\"" "optionalString false \"a\"" => "\"\"" }
        |ev, condition, text| if ev.bool(condition)? { ev.force(text) } else { Ok(Value::string("")) };
    "replicate" ["lib.strings"] "Int -> String -> String"
        "a text repeated"
        "`lib.replicate` is the one for lists."
        { "lib.strings.replicate 3 \"ab\"" => "\"ababab\"" "lib.strings.replicate 0 \"ab\"" => "\"\"" "lib.strings.replicate (-1) \"ab\"" => "error: invalid-value" }
        |ev, times, text| {
            let times = ev.int(times)?;
            let Ok(times) = usize::try_from(times) else {
                return Err(ev.fault(Code::InvalidValue, format!("a text cannot be repeated {times} times")).of_argument(0));
            };
            let text = ev.string(text)?;
            text_room(ev, text.len().saturating_mul(times))?;
            long_text(ev, &text.repeat(if text.is_empty() { 0 } else { times }))
        };
    "escape" ["lib" "lib.strings"] "[String] -> String -> String"
        "a text with a backslash before each of the listed texts"
        ""
        { "lib.escape [ \"(\" \")\" ] \"f(x)\"" => "\"f\\\\(x\\\\)\"" "lib.escape [ ] \"f(x)\"" => "\"f(x)\"" }
        |ev, list, text| {
            let (list, text) = (texts(ev, list)?, ev.string(text)?);
            let escaped: Vec<Value> = list.iter().map(|part| Value::string(format!("\\{part}"))).collect();
            replace(ev, &list, &escaped, &text)
        };
    "escapeShellArg" ["lib" "lib.strings"] "String -> String"
        "a text as one word of a POSIX shell"
        "Quoted only where it needs to be."
        { "lib.escapeShellArg \"web1\"" => "\"web1\"" "lib.escapeShellArg \"a b\"" => "\"'a b'\"" }
        |ev, text| Ok(Value::string(shell_word(&ev.string(text)?)));
    "escapeShellArgs" ["lib" "lib.strings"] "[String] -> String"
        "texts as words of a POSIX shell, with spaces between"
        ""
        { "lib.escapeShellArgs [ \"echo\" \"it's\" ]" => "\"echo 'it'\\\\''s'\"" "lib.escapeShellArgs [ \"echo\" \"it's\" \"\" ]" => "\"echo 'it'\\\\''s' ''\"" }
        |ev, list| {
            let words: Vec<String> = texts(ev, list)?.iter().map(|text| shell_word(text)).collect();
            Ok(Value::string(words.join(" ")))
        };
    "baseNameOf" ["nix" "builtins"] "String -> String"
        "the part of a path after its last slash"
        "A slash at the end does not count."
        { "baseNameOf \"/etc/hosts\"" => "\"hosts\"" "baseNameOf \"a/b/\"" => "\"b\"" }
        |ev, path| {
            let path = ev.string(path)?;
            let path = path.strip_suffix('/').unwrap_or(&path);
            Ok(Value::string(path.rsplit('/').next().unwrap_or(path)))
        };
    "dirOf" ["nix" "builtins"] "String -> String"
        "the part of a path before its last slash"
        ""
        { "dirOf \"/etc/hosts\"" => "\"/etc\"" "dirOf \"hosts\"" => "\".\"" }
        |ev, path| Ok(Value::string(match ev.string(path)?.rsplit_once('/') {
            Some(("", _)) => "/".to_owned(),
            Some((directory, _)) => directory.to_owned(),
            None => ".".to_owned(),
        }));
    "unsafeDiscardStringContext" ["builtins" "lib" "lib.strings"] "String -> String"
        "the text itself"
        "Texts have no context in invq. It is there for expressions that are written for Nix."
        { "builtins.unsafeDiscardStringContext \"a\"" => "\"a\"" "stringLength (builtins.unsafeDiscardStringContext \"web1\")" => "4" }
        |ev, text| Ok(Value::from(ev.string(text)?));
    "unsafeDiscardOutputDependency" ["builtins" "lib.strings"] "String -> String"
        "the text itself"
        "As `builtins.unsafeDiscardStringContext`."
        { "builtins.unsafeDiscardOutputDependency \"a\"" => "\"a\"" "builtins.unsafeDiscardOutputDependency \"\"" => "\"\"" }
        |ev, text| Ok(Value::from(ev.string(text)?));
}

/// Texts joined, with a separator between them.
pub(super) fn join(ev: &mut dyn Evaluator, separator: &str, list: &Value) -> Answer {
    let items = ev.list(list)?;
    // What is known is joined as it lies there.
    let known = |item: &Value| match item {
        Value::String(text) => Some(text.len() + separator.len()),
        _ => None,
    };
    if let Some(length) = items.iter().map(known).try_fold(0, |sum: usize, next| sum.checked_add(next?)) {
        for _ in items.iter() {
            ev.step()?;
        }
        text_room(ev, length)?;
        let mut joined = String::with_capacity(length);
        for (index, item) in items.iter().enumerate() {
            let Value::String(text) = item else { continue };
            joined.push_str(if index > 0 { separator } else { "" });
            joined.push_str(text);
        }
        return long_text(ev, &joined);
    }
    let texts = texts(ev, list)?;
    let length = texts.iter().map(|text| text.len() + separator.len()).fold(0, usize::saturating_add);
    text_room(ev, length)?;
    long_text(ev, &texts.join(separator))
}

fn join_mapped(
    ev: &mut dyn Evaluator,
    separator: &str,
    function: &Value,
    list: &Value,
    indexed: bool,
) -> Answer {
    let mut joined = String::new();
    for (index, item) in ev.list(list)?.iter().enumerate() {
        ev.step()?;
        let text = match indexed {
            true => ev.call(function, &[Value::Int(index as i64 + 1), item.clone()])?,
            false => ev.call(function, std::slice::from_ref(item))?,
        };
        if index > 0 {
            joined.push_str(separator);
        }
        let text = ev.string(&text)?;
        text_room(ev, joined.len() + text.len())?;
        joined.push_str(&text);
    }
    long_text(ev, &joined)
}

fn substring(text: &str, start: i64, length: i64) -> Option<&str> {
    let start = usize::try_from(start).ok()?;
    let end = usize::try_from(length).map_or(text.len(), |length| start.saturating_add(length));
    let boundary = |at: usize| {
        let at = at.min(text.len());
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    text.get(boundary(start)..boundary(end))
}

/// `replaceStrings`.
pub(super) fn replace_each(ev: &mut dyn Evaluator, from: &Value, to: &Value, text: &Value) -> Answer {
    let (texts_from, text) = (ev.list(from)?, ev.string(text)?);
    let to = ev.list(to)?;
    // A few that are known are looked at where they are.
    let mut few = [""; FEW];
    let known = few.get_mut(..texts_from.len()).and_then(|few| {
        for (place, from) in few.iter_mut().zip(texts_from.iter()) {
            let Value::String(from) = from else { return None };
            *place = from;
        }
        Some(few)
    });
    if texts_from.len() != to.len() {
        let message =
            format!("expected as many replacements as texts, found {} and {}", to.len(), texts_from.len());
        return Err(ev.fault(Code::InvalidValue, message));
    }
    match known {
        Some(known) => replace(ev, known, &to, &text),
        None => {
            let from = texts(ev, from)?;
            replace(ev, &from, &to, &text)
        }
    }
}

/// So many texts to replace need no list of their own.
const FEW: usize = 8;

/// A text with texts replaced by others, in one pass.
pub(super) fn replace(ev: &mut dyn Evaluator, from: &[impl AsRef<str>], to: &[Value], text: &str) -> Answer {
    let mut replaced = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // Where no text to replace begins nothing is looked for; the empty one begins everywhere.
    let mut begins = [false; 256];
    for first in from.iter().filter_map(|from| from.as_ref().bytes().next()) {
        if let Some(begins) = begins.get_mut(usize::from(first)) {
            *begins = true;
        }
    }
    let all_begin = from.iter().all(|from| !from.as_ref().is_empty());
    loop {
        ev.step()?;
        if all_begin {
            let begins = |byte: u8| begins.get(usize::from(byte)).copied().unwrap_or(true);
            let next = rest.bytes().position(begins).unwrap_or(rest.len());
            let (before, after) = rest.split_at_checked(next).unwrap_or(("", rest));
            ev.work(before.len())?;
            replaced.push_str(before);
            rest = after;
        }
        let first = rest.bytes().next();
        let mut found = from.iter().zip(to).filter_map(|(from, to)| {
            // Most begin with another letter.
            let from = from.as_ref();
            let may_be = from.bytes().next().is_none_or(|begin| first == Some(begin));
            if may_be { Some((rest.strip_prefix(from)?, to)) } else { None }
        });
        if let Some((after, to)) = found.next() {
            let forced;
            let to: &str = match to {
                Value::String(to) => to,
                to => {
                    forced = ev.string(to)?;
                    &forced
                }
            };
            text_room(ev, replaced.len() + to.len())?;
            replaced.push_str(to);
            // After an empty text the next character follows, so that the pass comes to its end.
            if after.len() < rest.len() {
                rest = after;
                continue;
            }
        }
        let mut characters = rest.chars();
        match characters.next() {
            Some(character) => replaced.push(character),
            None => return long_text(ev, &replaced),
        }
        rest = characters.as_str();
    }
}

fn integer(digits: &str) -> Answer {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(thrown(Code::InvalidValue, format!("{} is no integer", crate::text::quoted(digits))));
    }
    match digits.parse() {
        Ok(number) => Ok(Value::Int(number)),
        Err(_) => Err(thrown(Code::InvalidValue, format!("`{digits}` does not fit into 64 bits"))),
    }
}

fn fixed_width(width: i64, filler: &str, text: &str) -> Answer {
    let missing = usize::try_from(width).ok().and_then(|width| width.checked_sub(text.len()));
    let whole = filler.len().max(1);
    match missing {
        Some(missing)
            if missing % whole == 0 && (missing == 0 || !filler.is_empty()) && missing <= 1 << 24 =>
        {
            Ok(Value::string(format!("{}{text}", filler.repeat(missing / whole))))
        }
        _ => {
            let message = format!("{} cannot be filled up to {width} bytes", crate::text::quoted(text));
            Err(thrown(Code::InvalidValue, message))
        }
    }
}

/// A text as one word of a POSIX shell.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b",._+:@%/-".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_torn_apart() {
        assert_eq!(substring("aéb", 0, 2), Some("a"));
        assert_eq!(substring("aéb", 2, 2), Some("éb"));
        assert_eq!(substring("aéb", 9, 2), Some(""));
        assert_eq!(substring("aéb", -1, 2), None);
    }

    #[test]
    fn words_are_quoted_where_they_must_be() {
        assert_eq!(shell_word("a/b-1"), "a/b-1");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
    }
}
