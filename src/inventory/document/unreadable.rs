//! What the readers of YAML and TOML say of a text that they cannot read, in the words of its writer.
//!
//! What comes in is a reader's message with its place; what goes out is the message that people get, the place
//! of what they mend, and an edit.

use crate::text::quoted;

/// A mistake as people read it.
pub(super) struct Unreadable {
    /// What is wrong.
    pub(super) message: String,
    /// Where, and how long what stands there is.
    pub(super) place: (usize, usize),
    /// What to write.
    pub(super) help: Option<String>,
}

/// Values up to this length are shown.
const LONGEST: usize = 60;

/// A mistake of YAML at a place of a text.
pub(super) fn yaml(text: &str, at: usize, message: String) -> Unreadable {
    let rest = text.get(at..).unwrap_or("");
    let first = rest.chars().next().unwrap_or(' ');
    let width = if first == '\n' || rest.is_empty() { 0 } else { first.len_utf8() };
    let told = |message: &str, help: String| Unreadable {
        message: message.to_owned(),
        place: (at, width),
        help: Some(help),
    };
    if rest.starts_with('\t') || message.contains("tab") {
        return told("tabs cannot indent YAML", "indent with spaces".to_owned());
    }
    if message.starts_with("unexpected character") {
        let message = format!("no value begins with {}", quoted(&first.to_string()));
        let written = match value(rest).split_once(':') {
            Some((key, value)) if value.is_empty() || value.starts_with(' ') => {
                format!("{}:{value}", in_quotes(key))
            }
            _ => in_quotes(value(rest)),
        };
        return told(&message, format!("put it in quotes: {}", quoted(&written)));
    }
    if message.contains("mapping values are not allowed") {
        if let Some(key) = key_without_colon(text, at) {
            let (start, key) = key;
            let help = format!("write `{key}:`");
            let message = format!("expected `:` behind {}, found the end of the line", quoted(key));
            return Unreadable { message, place: (start, key.len()), help: Some(help) };
        }
        let help = "indent the key like its neighbours, or put a value that contains `: ` in quotes";
        return told(&message, help.to_owned());
    }
    if message.contains("did not find expected key") {
        let message = "the line is indented like no key above it";
        return told(message, "indent the key like its neighbours".to_owned());
    }
    if message.contains("simple key expected") {
        let line = value(line_at(text, at));
        return match line.strip_prefix('-').filter(|item| !item.starts_with(' ')) {
            Some(item) => told("an element of a list has a blank behind `-`", format!("write `- {item}`")),
            None => told("expected `:` behind a key", format!("write {}", quoted(&format!("{line}:")))),
        };
    }
    if message.contains("quoted scalar")
        && message.contains("indentation")
        && let Some((start, quote)) = open_quote(text, at)
    {
        let help = format!("close it with {} at the end of the value", quoted(&quote.to_string()));
        return Unreadable {
            message: "the quote is not closed".to_owned(),
            place: (start, 1),
            help: Some(help),
        };
    }
    if message.contains("trailing content") {
        return told(
            "something stands behind the closing quote",
            "put the whole value in one pair of quotes".to_owned(),
        );
    }
    if let Some(bracket) = message.strip_prefix("unclosed bracket `").and_then(|rest| rest.chars().next()) {
        let closer = if bracket == '[' { "]" } else { "}" };
        return told(&message, format!("close it with `{closer}`"));
    }
    // The reader quotes characters as C does.
    let is_quoted = message.matches('\'').count().is_multiple_of(2);
    let message = if is_quoted { message.replace('\'', "`") } else { message };
    Unreadable { message, place: (at, width), help: None }
}

/// A mistake of TOML between two places of a text.
pub(super) fn toml(text: &str, (start, end): (usize, usize), message: &str) -> Unreadable {
    let rest = text.get(start..).unwrap_or("");
    let place = (start, end.saturating_sub(start));
    let told = |message: String, help: String| Unreadable { message, place, help: Some(help) };
    let found = text.get(start..end).unwrap_or("");
    if message.contains("key with no value") {
        if let Some((key, _)) = line_at(text, start).split_once(':')
            && key.trim_end().chars().all(|next| next.is_alphanumeric() || matches!(next, '_' | '-'))
        {
            let line = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
            let colon = line + text.get(line..).and_then(|line| line.find(':')).unwrap_or(0);
            let message = "expected `=` behind the key, found `:`".to_owned();
            return Unreadable {
                message,
                place: (colon, 1),
                help: Some("write `=` in place of `:`".to_owned()),
            };
        }
        return told("expected `=` behind the key".to_owned(), "write `= value` behind it".to_owned());
    }
    if message.starts_with("unclosed") {
        let closer = message.rsplit('`').nth(1).unwrap_or("");
        return told(message.to_owned(), format!("add {}", quoted(closer)));
    }
    if message.contains("missing comma") {
        return told("expected `,` between elements".to_owned(), "write `,` here".to_owned());
    }
    let is_blank = value(rest).trim_start_matches('#').is_empty();
    if message.contains("values must be quoted") && is_blank {
        return told("expected a value behind `=`".to_owned(), "write one, such as `\"\"`".to_owned());
    }
    if message.contains("leading zero") {
        let message = "a number does not begin with `0`".to_owned();
        return told(message, "remove it, or put the number in quotes".to_owned());
    }
    if message.starts_with("invalid") && message.contains("string") && message.contains("expected `") {
        let closer = message.rsplit('`').nth(1).unwrap_or("");
        return told("the string is not closed".to_owned(), format!("close it with {}", quoted(closer)));
    }
    if message.contains("expected newline") {
        let message = "expected the end of the line behind the value".to_owned();
        return told(message, "write each key on a line of its own".to_owned());
    }
    let is_word = found.starts_with(|first: char| first.is_alphabetic() || first == '_');
    if is_word && (message.contains("boolean") || message.contains("string") || message.contains("value")) {
        let written = value(rest);
        let help = match found {
            "True" | "yes" | "on" => "write `true`".to_owned(),
            "False" | "no" | "off" => "write `false`".to_owned(),
            _ => format!("put it in quotes: {}", quoted(&in_quotes(written))),
        };
        return told(format!("expected a value, found {}", quoted(found)), help);
    }
    Unreadable { message: message.to_owned(), place, help: None }
}

/// The help for a template of Jinja that stands without quotes.
pub(super) fn template(text: &str, at: usize) -> Option<String> {
    let start = text.get(..at)?.trim_end().trim_end_matches('{').len();
    let template = text.get(start..)?.trim_start();
    let end = template.find("}}")? + 2;
    let template = template.get(..end).filter(|template| template.starts_with("{{"))?;
    let is_shown = template.len() <= LONGEST && !template.contains('\n');
    is_shown.then(|| format!("put it in quotes: {}", quoted(&in_quotes(template))))
}

fn in_quotes(text: &str) -> String {
    match text.contains('"') {
        true => format!("'{}'", text.replace('\'', "''")),
        false => format!("\"{text}\""),
    }
}

/// What stands in the rest of a line, without a comment; of long ones, the beginning.
fn value(rest: &str) -> &str {
    let line = rest.lines().next().unwrap_or("");
    let line = line.split(" #").next().unwrap_or(line).trim();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => line.get(..end).unwrap_or(line),
        None => line,
    }
}

/// The line of a place, from its first character that is no blank.
fn line_at(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    text.get(start..).unwrap_or("").trim_start_matches(' ')
}

/// The key on the line before, which lacks its colon, and where it begins.
fn key_without_colon(text: &str, at: usize) -> Option<(usize, &str)> {
    let start = text.get(..at)?.rfind('\n')?;
    let before = text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.get(line_start..)?;
    let key = line.trim();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_deeper = indent(text.get(start + 1..at)?) > indent(line);
    let is_key =
        !key.is_empty() && key.chars().all(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '.'));
    (is_deeper && is_key).then_some((line_start + indent(line), key))
}

/// The last quote before a place that its line does not close.
fn open_quote(text: &str, at: usize) -> Option<(usize, char)> {
    let mut end = at;
    while let Some(before) = text.get(..end) {
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.get(start..)?;
        for quote in ['"', '\''] {
            if !line.matches(quote).count().is_multiple_of(2) {
                return Some((start + line.find(quote)?, quote));
            }
        }
        end = start.checked_sub(1)?;
    }
    None
}
