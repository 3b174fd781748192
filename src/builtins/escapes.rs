//! Texts inside of other languages: C, Nix, URLs, XML, shells.

use super::data::{json_text, printed};
use super::spelling::ascii;
use super::strings::{replace, shell_word};
use super::support::{Answer, long_text, text_room, texts, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Name, Value};

table! {
    "escapeC" ["lib.strings"] "[String] -> String -> String"
        "a text with each of the listed ASCII characters written as `\\x` and its number"
        ""
        { "lib.strings.escapeC [ \" \" ] \"a b\"" => "\"a\\\\x20b\"" "lib.strings.escapeC [ ] \"a b\"" => "\"a b\"" }
        |ev, list, text| {
            let (list, text) = (texts(ev, list)?, ev.string(text)?);
            let mut escaped = Vec::with_capacity(list.len());
            for character in &list {
                escaped.push(Value::string(format!("\\x{:02x}", ascii(ev, character)?)));
            }
            replace(ev, &list, &escaped, &text)
        };
    "escapeNixString" ["lib.strings"] "String -> String"
        "a text as a string of Nix, in its quotes"
        ""
        { "lib.strings.escapeNixString \"a\\n\"" => "\"\\\"a\\\\n\\\"\"" "lib.strings.escapeNixString \"$x\"" => "\"\\\"\\\\$x\\\"\"" }
        |ev, text| {
            let text = ev.string(text)?;
            let text = nix_string(ev, &text)?;
            long_text(ev, &text)
        };
    "escapeNixIdentifier" ["lib.strings"] "String -> String"
        "a text as the name of an attribute in Nix, in quotes where it needs them"
        ""
        { "lib.strings.escapeNixIdentifier \"hello\"" => "\"hello\"" "lib.strings.escapeNixIdentifier \"0abc\"" => "\"\\\"0abc\\\"\"" }
        |ev, text| {
            let text = ev.string(text)?;
            let text = nix_name(ev, &text)?;
            long_text(ev, &text)
        };
    "escapeURL" ["lib" "lib.strings"] "String -> String"
        "a text as a part of a URL: ASCII characters other than letters, digits and `-_.~` as `%` and their number"
        ""
        { "lib.escapeURL \"foo/bar baz\"" => "\"foo%2Fbar%20baz\"" "lib.escapeURL \"a-b_c.d~e\"" => "\"a-b_c.d~e\"" }
        |ev, text| {
            each_character(ev, text, |character, escaped| match character {
                'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_' | '.' | '~' => escaped.push(character),
                '\t' | '\n' | '\r' | ' '..='~' => escaped.push_str(&format!("%{:02X}", u32::from(character))),
                _ => escaped.push(character),
            })
        };
    "escapeXML" ["lib" "lib.strings"] "String -> String"
        "a text as it stands in XML"
        ""
        { "lib.escapeXML \"a < 'b' & c\"" => "\"a &lt; &apos;b&apos; &amp; c\"" "lib.escapeXML \"abc\"" => "\"abc\"" }
        |ev, text| each_character(ev, text, xml_character);
    "isValidPosixName" ["lib" "lib.strings"] "String -> Bool"
        "whether a text can be the name of a variable in a POSIX shell"
        ""
        { "lib.isValidPosixName \"foo_bar0\"" => "true" "lib.isValidPosixName \"0-bad.jpg\"" => "false" }
        |ev, name| Ok(Value::Bool(is_variable(&ev.string(name)?)));
    "toShellVar" ["lib" "lib.strings"] "String -> Any -> String"
        "the line that gives a variable of a shell a value"
        "Lists and sets become arrays of Bash. Other values are written as `toString` does."
        { "lib.toShellVar \"a\" \"b c\"" => "\"a='b c'\"" "lib.toShellVar \"a\" [ 1 2 ]" => "\"declare -a a=(1 2)\"" "lib.toShellVar \"a\" { x = \"1\"; }" => "\"declare -A a=([x]=1)\"" }
        |ev, name, value| {
            let name = ev.string(name)?;
            let mut text = String::new();
            variable(ev, &name, value, &mut text)?;
            long_text(ev, &text)
        };
    "toShellVars" ["lib" "lib.strings"] "{ _ : Any } -> String"
        "the lines that give variables of a shell their values, as `lib.toShellVar` writes them"
        ""
        { "lib.toShellVars { b = \"x\"; a = 1; }" => "\"a=1\\nb=x\"" "lib.toShellVars { }" => "\"\"" }
        |ev, set| {
            let mut text = String::new();
            for (index, (name, value)) in ev.attrs(set)?.iter().enumerate() {
                if index > 0 {
                    text.push('\n');
                }
                variable(ev, name, value, &mut text)?;
            }
            long_text(ev, &text)
        };
}

/// A text with something in place of each character.
fn each_character(ev: &mut dyn Evaluator, text: &Value, write: impl Fn(char, &mut String)) -> Answer {
    let text = ev.string(text)?;
    ev.work(text.len())?;
    // No character becomes more than six.
    text_room(ev, text.len().saturating_mul(6))?;
    let mut escaped = String::with_capacity(text.len());
    text.chars().for_each(|character| write(character, &mut escaped));
    long_text(ev, &escaped)
}

/// A character as it stands in XML.
pub(super) fn xml_character(character: char, escaped: &mut String) {
    match character {
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&apos;"),
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '&' => escaped.push_str("&amp;"),
        other => escaped.push(other),
    }
}

fn nix_string(ev: &mut dyn Evaluator, text: &Name) -> Result<String, Fault> {
    Ok(json_text(ev, &Value::from(text.clone()))?.replace('$', "\\$"))
}

/// A text as the name of an attribute in Nix.
pub(super) fn nix_name(ev: &mut dyn Evaluator, text: &Name) -> Result<String, Fault> {
    const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];
    let first = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_'-".contains(&byte));
    if first && plain && !KEYWORDS.contains(&&**text) {
        return Ok(text.to_string());
    }
    nix_string(ev, text)
}

/// Whether a text is a letter or `_`, and letters, digits and `_` behind it.
pub(super) fn is_variable(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Writes the line that gives a variable a value.
fn variable(ev: &mut dyn Evaluator, name: &str, value: &Value, text: &mut String) -> Result<(), Fault> {
    ev.step()?;
    if !is_variable(name) {
        let message = format!("{} is no name of a shell's variable", crate::text::quoted(name));
        return Err(thrown(Code::InvalidValue, message));
    }
    match ev.force(value)? {
        set @ (Value::Attrs(_) | Value::Entity(_)) => {
            text.push_str(&format!("declare -A {name}=("));
            for (index, (key, value)) in ev.attrs(&set)?.iter().enumerate() {
                let space = if index > 0 { " " } else { "" };
                text.push_str(&format!("{space}[{}]=", shell_word(key)));
                word(ev, value, text)?;
            }
            text.push(')');
        }
        Value::List(items) => {
            text.push_str(&format!("declare -a {name}=("));
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(' ');
                }
                word(ev, item, text)?;
            }
            text.push(')');
        }
        other => {
            text.push_str(&format!("{name}="));
            word(ev, &other, text)?;
        }
    }
    Ok(())
}

/// Writes a value as one word of a shell.
fn word(ev: &mut dyn Evaluator, value: &Value, text: &mut String) -> Result<(), Fault> {
    ev.step()?;
    let word = shell_word(&printed(ev, value)?);
    text_room(ev, text.len() + word.len())?;
    text.push_str(&word);
    Ok(())
}
