//! Mistakes for programs and editors: one line each.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::escape::visible;
use super::places::{Places, Spot};
use crate::diagnostic::Diagnostic;

/// Writes `file:line:column: severity[code]: message` for each mistake; one without a place begins
/// with its severity.
///
/// # Errors
/// What writing fails with.
pub fn write_short(diagnostics: &[Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let mut places = Places::default();
    for diagnostic in diagnostics {
        if let Some(label) = diagnostic.labels.first() {
            let spot = Spot::of(label, &mut places);
            write!(out, "{}:{}:{}: ", visible(&spot.file, &[]), spot.start.line, spot.start.column)?;
        }
        let severity = diagnostic.severity.word();
        writeln!(out, "{severity}[{}]: {}", diagnostic.code.word(), visible(&diagnostic.message, &[]))?;
    }
    Ok(())
}

/// Writes each mistake as a JSON object on a line of its own; what has no place has `null` there.
///
/// # Errors
/// What writing fails with.
pub fn write_json(diagnostics: &[Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let mut places = Places::default();
    for diagnostic in diagnostics {
        let text = object(diagnostic, &mut places).to_string();
        // JSON escapes what is below a space; the others must not reach a terminal either.
        writeln!(out, "{}", super::json::ascii_controls(&text))?;
    }
    Ok(())
}

fn object(diagnostic: &Diagnostic, places: &mut Places) -> Value {
    let mut labels = Vec::with_capacity(diagnostic.labels.len());
    let mut first = None;
    for label in &diagnostic.labels {
        let spot = Spot::of(label, places);
        labels.push(json!({
            "file": spot.file,
            "line": spot.start.line,
            "column": spot.start.column,
            "message": label.message,
        }));
        first = first.or(Some(spot));
    }
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("code", diagnostic.code.word().into());
    put("severity", diagnostic.severity.word().into());
    put("message", diagnostic.message.as_str().into());
    put("file", first.as_ref().map_or(Value::Null, |spot| spot.file.as_str().into()));
    put("line", first.as_ref().map_or(Value::Null, |spot| spot.start.line.into()));
    put("column", first.as_ref().map_or(Value::Null, |spot| spot.start.column.into()));
    put("end_line", first.as_ref().map_or(Value::Null, |spot| spot.end.line.into()));
    put("end_column", first.as_ref().map_or(Value::Null, |spot| spot.end.column.into()));
    if let Some(help) = &diagnostic.help {
        put("help", help.as_str().into());
    }
    put("labels", labels.into());
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text::{Source, SourceMap, Span};

    fn diagnostic() -> Diagnostic {
        let file = Source::new("inventory.yaml", "x:\n  select: tag \"wbe\"\n");
        let source = Source::embedded(&file, "tag \"wbe\"", SourceMap::verbatim(13));
        Diagnostic::error(Code::UnknownTag, "no machine carries the tag `wbe`")
            .at(&source, Span::new(4, 9), "not a tag")
            .help("did you mean `web`?")
    }

    fn text(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text was written")
    }

    #[test]
    fn short_is_one_line_with_the_place_in_the_file() {
        let short = text(|out| write_short(&[diagnostic()], out));
        assert_eq!(short, "inventory.yaml:2:15: error[unknown-tag]: no machine carries the tag `wbe`\n");
    }

    #[test]
    fn without_a_place_short_begins_with_the_severity() {
        let short = text(|out| write_short(&[Diagnostic::warning(Code::Usage, "a\nb")], out));
        assert_eq!(short, "warning[usage]: a\\nb\n");
    }

    #[test]
    fn json_has_the_keys_of_the_documentation() {
        let line = text(|out| write_json(&[diagnostic()], out));
        let read: Value = serde_json::from_str(&line).expect("one line is one object");
        assert_eq!(
            read,
            json!({
                "code": "unknown-tag", "severity": "error", "message": "no machine carries the tag `wbe`",
                "file": "inventory.yaml", "line": 2, "column": 15, "end_line": 2, "end_column": 20,
                "help": "did you mean `web`?",
                "labels": [{ "file": "inventory.yaml", "line": 2, "column": 15, "message": "not a tag" }],
            })
        );
    }

    #[test]
    fn json_escapes_all_control_characters() {
        let line = text(|out| write_json(&[Diagnostic::error(Code::Thrown, "\u{9b}2J\u{7f}")], out));
        assert!(line.contains("\\u009b2J\\u007f"), "{line}");
    }
}
