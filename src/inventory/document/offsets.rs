//! How offsets in a decoded string map to offsets in the file, for YAML and TOML.
//!
//! The parsers do not tell, so the way the string is written is walked once more beside the decoded
//! text. This happens only when somebody asks for the string as a source.

use super::tree::Style;
use crate::text::{Source, SourceMap, Span};

/// The map of a string that stands at `span` in `source` and was decoded to `text`.
pub(super) fn map(source: &Source, span: Span, text: &str, style: Style) -> SourceMap {
    let raw = source.slice(span);
    let start = span.start as usize;
    let points = match style {
        Style::YamlBlock => Some(block(source, span, text)),
        Style::YamlPlain | Style::YamlTagged => walk(raw, start, Rules::YAML_PLAIN),
        Style::YamlSingle => inner(raw, 1).and_then(|inner| walk(inner, start + 1, Rules::YAML_SINGLE)),
        Style::YamlDouble => inner(raw, 1).and_then(|inner| walk(inner, start + 1, Rules::YAML_DOUBLE)),
        Style::Toml => toml(raw, start),
        Style::Json => inner(raw, 1).map(|inner| {
            let (text, points) = super::json::decoded_points(inner, start + 1);
            Points { text, points }
        }),
        Style::Computed => None,
    };
    match points {
        Some(points) if style == Style::YamlBlock || points.text == text => {
            SourceMap::from_points(points.points)
        }
        // A computed text, or a way of writing that is not known here: its beginning is near enough.
        _ => {
            let end = Span::new(text.len(), text.len()).end;
            SourceMap::from_points(vec![(0, span.start), (end.max(1), span.end)])
        }
    }
}

/// What is between quotes of this width.
fn inner(raw: &str, quote: usize) -> Option<&str> {
    raw.get(quote..raw.len().checked_sub(quote)?)
}

fn toml(raw: &str, start: usize) -> Option<Points> {
    let (quote, rules) = match raw {
        _ if raw.starts_with("'''") => (3, Rules::LITERAL),
        _ if raw.starts_with("\"\"\"") => (3, Rules::TOML_BASIC),
        _ if raw.starts_with('\'') => (1, Rules::LITERAL),
        _ => (1, Rules::TOML_BASIC),
    };
    let mut text = inner(raw, quote)?;
    let mut start = start + quote;
    if quote == 3 {
        // A line break right after the opening quotes does not count.
        let stripped = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text);
        start += text.len() - stripped.len();
        text = stripped;
    }
    walk(text, start, rules)
}

/// What a way of writing strings knows.
#[derive(Clone, Copy)]
struct Rules {
    /// Backslashes begin escapes.
    escapes: bool,
    /// `''` is a quote.
    doubled: bool,
    /// Line breaks fold into spaces.
    folds: bool,
}

impl Rules {
    const YAML_PLAIN: Rules = Rules { escapes: false, doubled: false, folds: true };
    const YAML_SINGLE: Rules = Rules { escapes: false, doubled: true, folds: true };
    const YAML_DOUBLE: Rules = Rules { escapes: true, doubled: false, folds: true };
    const TOML_BASIC: Rules = Rules { escapes: true, doubled: false, folds: false };
    const LITERAL: Rules = Rules { escapes: false, doubled: false, folds: false };
}

/// A decoded text with its points.
#[derive(Default)]
struct Points {
    text: String,
    points: Vec<(u32, u32)>,
}

impl Points {
    fn mark(&mut self, raw: usize) {
        let decoded = Span::new(self.text.len(), raw.max(self.text.len())).start;
        let point = (decoded, Span::new(raw, raw).start);
        // Of two points at one decoded offset, the later one is where the next character stands.
        if self.points.last().is_some_and(|(last, _)| *last == decoded) {
            self.points.pop();
        }
        self.points.push(point);
    }

    /// A stretch that is written differently from what it stands for.
    fn replace(&mut self, with: &str, raw_start: usize, raw_end: usize) {
        self.mark(raw_start);
        self.text.push_str(with);
        self.mark(raw_end);
    }
}

/// Decodes what is between the quotes.
fn walk(raw: &str, start: usize, rules: Rules) -> Option<Points> {
    let mut points = Points::default();
    points.mark(start);
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let blanks = rest.get(..blank).unwrap_or("");
        if rules.folds && blanks.contains('\n') {
            points.replace(&folded(blanks), start + at, start + at + blank);
            at += blank;
        } else if rules.doubled && rest.starts_with("''") {
            points.replace("'", start + at, start + at + 2);
            at += 2;
        } else if rules.escapes && rest.starts_with('\\') {
            let (with, length) = escape(rest)?;
            points.replace(&with, start + at, start + at + length);
            at += length;
        } else {
            let character = rest.chars().next()?;
            points.text.push(character);
            at += character.len_utf8();
        }
    }
    points.mark(start + raw.len());
    Some(points)
}

/// What white space with line breaks folds into: a space, or the line breaks after the first.
fn folded(blanks: &str) -> String {
    match blanks.matches('\n').count() {
        1 => " ".to_owned(),
        breaks => "\n".repeat(breaks.saturating_sub(1)),
    }
}

/// The text of the escape at the beginning, and its length.
fn escape(rest: &str) -> Option<(String, usize)> {
    let letter = rest.chars().nth(1)?;
    let hexadecimal = |digits: usize| {
        let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(code)?.to_string(), 2 + digits))
    };
    let simple = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        '"' | '\\' | '/' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hexadecimal(2),
        'u' => return hexadecimal(4),
        'U' => return hexadecimal(8),
        ' ' | '\t' | '\r' | '\n' => return continuation(rest),
        _ => return None,
    };
    Some((simple.to_string(), 2))
}

/// A backslash before a line break joins the lines; before a blank in a line it is the blank.
fn continuation(rest: &str) -> Option<(String, usize)> {
    let after = rest.get(1..)?;
    let blank = after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let blanks = after.get(..blank)?;
    match blanks.matches('\n').count() {
        0 => Some((after.chars().next()?.to_string(), 2)),
        _ => Some((String::new(), 1 + blank)),
    }
}

/// Finds each line of a block scalar in the decoded text.
fn block(source: &Source, span: Span, text: &str) -> Points {
    let start = span.start as usize;
    let file = source.text();
    let before = file.get(..start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let raw = file.get(line_start..span.end as usize).unwrap_or("");
    let indent = indentation(raw, start - line_start);
    let mut points = Points::default();
    let mut decoded = 0;
    let mut at = line_start;
    for line in raw.split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        let content = shown.get(indent..).unwrap_or("");
        if !content.trim().is_empty() {
            // Breaks, folded or not, stand between the last line and this one.
            while !text.get(decoded..).is_some_and(|rest| rest.starts_with(content)) && decoded < text.len() {
                decoded += 1;
            }
            points
                .points
                .push((Span::new(decoded, decoded).start, Span::new(at + indent, at + indent).start));
            decoded = (decoded + content.len()).min(text.len());
            let end = at + indent + content.len();
            points.points.push((Span::new(decoded, decoded).start, Span::new(end, end).start));
        }
        at += line.len();
    }
    // Blank lines come before the first point, or are all there is.
    if points.points.first().is_none_or(|(first, _)| *first > 0) {
        points.points.insert(0, (0, span.start));
    }
    points
}

/// How far a block scalar is indented: up to where its first line begins, unless that line is blank.
fn indentation(raw: &str, column: usize) -> usize {
    let first = raw.lines().next().unwrap_or("");
    if first.get(column..).is_some_and(|rest| !rest.trim().is_empty()) {
        return column;
    }
    let line = raw.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    line.len() - line.trim_start_matches(' ').len()
}
