//! Expressions in the strings of a data file.
//!
//! What comes in is an inventory in JSON, YAML or TOML; what goes out is the same text but for the
//! expressions in it, which are formatted and written as their string was: between quotes with its
//! escapes, plain, or as a block of lines with its indentation. A string whose form does not allow it
//! stays as it is, and a text that would be read otherwise is given up.

use std::collections::HashMap;
use std::sync::Arc;

use invq::inventory::document::{Document, Kind, Node};
use invq::syntax::format;
use invq::text::{Source, Span};
use invq::{Format, Inventory};

/// The file would be read otherwise with its expressions formatted.
pub(crate) struct Changed;

/// The text of a file of an inventory with its expressions formatted.
///
/// # Errors
/// Its expressions cannot be written in their strings' form.
pub(crate) fn formatted(
    inventory: &Inventory,
    source: &Arc<Source>,
    format: Format,
) -> Result<String, Changed> {
    let mut edits = Vec::new();
    let mut values = HashMap::new();
    for expression in &inventory.model().expressions {
        let embedded = &expression.source;
        if let Some(edit) = edit(embedded, source, format) {
            let new = embedded.text().replacen(&edit.old, &edit.new, 1);
            values.insert(embedded.text().to_owned(), new);
            edits.push(edit);
        }
    }
    edits.sort_by_key(|edit| edit.span);
    edits.dedup_by_key(|edit| edit.span);
    if edits.is_empty() {
        return Ok(source.text().to_owned());
    }
    let mut text = String::with_capacity(source.text().len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let kept = source.text().get(at..range.start).ok_or(Changed)?;
        text.push_str(kept);
        text.push_str(&edit.raw);
        at = range.end;
    }
    text.push_str(source.text().get(at..).ok_or(Changed)?);
    let again = Source::new(source.name(), text.as_str());
    let (Some(old), Some(new)) = (document(source, format), document(&again, format)) else {
        return Err(Changed);
    };
    let is_same = is_same(old.root(), new.root(), &values)
        && [&old, &new].into_iter().all(|document| document.validate().is_none());
    if is_same { Ok(text) } else { Err(Changed) }
}

/// A place of the file with what is to stand there.
struct Edit {
    span: Span,
    /// The expression as it was.
    old: String,
    /// The expression as it is to be.
    new: String,
    /// The same as it stands in the file.
    raw: String,
}

/// The edit that formats an expression; nothing where it is formatted or must stay.
fn edit(embedded: &Arc<Source>, file: &Arc<Source>, format: Format) -> Option<Edit> {
    let text = embedded.text();
    let old = text.trim();
    let start = text.len() - text.trim_start().len();
    if old.contains('\n') {
        return block(embedded, file, format, Span::new(start, start + old.len()));
    }
    if old.contains('\r') {
        return None;
    }
    let new = format::one_line(&Source::new(embedded.name(), old)).ok()??;
    if new == old {
        return None;
    }
    let (place, span) = embedded.locate(Span::new(start, start + old.len()));
    if place.name() != file.name() || place.text() != file.text() {
        return None;
    }
    let written = place.slice(span);
    let range = span.range();
    let before = file.text().get(..range.start)?;
    let after = file.text().get(range.end..)?;
    let style = Style::of(before, after, format)?;
    let raw = match style {
        Style::Escaped => {
            let decoded: String = serde_json::from_str(&format!("\"{written}\"")).ok()?;
            if decoded != old {
                return None;
            }
            style.write(&new)?
        }
        Style::Doubled => {
            if written.replace("''", "'") != old {
                return None;
            }
            style.write(&new)?
        }
        Style::Plain { is_inline } => {
            let is_other = is_inline && [": ", " #"].iter().any(|mark| new.contains(mark));
            if is_other || written != old {
                return None;
            }
            new.clone()
        }
    };
    Some(Edit { span, old: old.to_owned(), new, raw })
}

/// The edit that formats an expression of several lines: a literal block of YAML, or text between three
/// quotes in TOML that has no escapes.
fn block(embedded: &Arc<Source>, file: &Arc<Source>, format: Format, range: Span) -> Option<Edit> {
    let old = embedded.slice(range);
    let (place, span) = embedded.locate(range);
    if old.contains('\r') || place.name() != file.name() || place.text() != file.text() {
        return None;
    }
    let before = file.text().get(..span.range().start)?;
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    let is_toml = format == Format::Toml;
    let indentation = match line.trim().is_empty() {
        true => line,
        false if is_toml && (line.ends_with("'''") || line.ends_with("\"\"\"")) => "",
        false => return None,
    };
    let text = format::source(&Source::new(embedded.name(), old)).ok()?;
    let mut lines = text.trim_end().lines();
    let mut raw = lines.next()?.to_owned();
    for line in lines {
        raw.push('\n');
        if !line.is_empty() {
            raw.push_str(indentation);
            raw.push_str(line);
        }
    }
    let written = place.slice(span);
    // Of a folded block or of quotes, the lines of the text are not those of the file.
    let (is_literal, new) = match format {
        Format::Yaml => {
            (unindented(written, indentation).as_deref() == Some(old), text.trim_end().to_owned())
        }
        Format::Toml => (written == old && !raw.contains(['\\', '\'']), raw.clone()),
        _ => return None,
    };
    (is_literal && raw != written).then(|| Edit { span, old: old.to_owned(), new, raw })
}

/// The lines of a block without their indentation, which the first has lost already.
fn unindented(written: &str, indentation: &str) -> Option<String> {
    let mut lines = written.lines();
    let mut text = lines.next()?.to_owned();
    for line in lines {
        text.push('\n');
        match line.strip_prefix(indentation) {
            Some(line) => text.push_str(line),
            None if line.trim().is_empty() => {}
            None => return None,
        }
    }
    Some(text)
}

/// How a string is written.
enum Style {
    /// Between double quotes, with backslashes.
    Escaped,
    /// Between single quotes, with each of them doubled.
    Doubled,
    /// As it is.
    Plain {
        /// Whether it shares its line with the key, so that some characters would end it.
        is_inline: bool,
    },
}

impl Style {
    /// The style of a string, from what stands around its text; nothing for those that stay.
    fn of(before: &str, after: &str, format: Format) -> Option<Style> {
        let quoted = |quote: char| before.ends_with(quote) && after.starts_with(quote);
        let is_long = |quotes: &str| before.ends_with(quotes) || after.starts_with(quotes);
        let is_toml = format == Format::Toml;
        if quoted('"') {
            return (!is_toml || !is_long("\"\"\"")).then_some(Style::Escaped);
        }
        if is_toml {
            let is_literal = quoted('\'') && !is_long("'''");
            // A literal string has no escapes; that the text has no quote of its own is seen when it
            // is read again.
            return is_literal.then_some(Style::Plain { is_inline: false });
        }
        if format == Format::Json {
            return None;
        }
        if quoted('\'') {
            return Some(Style::Doubled);
        }
        let (above, beside) = before.rsplit_once('\n')?;
        let header = above.lines().last().and_then(|line| line.split_whitespace().next_back());
        let is_block = beside.trim().is_empty() && header.is_some_and(|word| word.starts_with(['|', '>']));
        Some(Style::Plain { is_inline: !is_block })
    }

    /// A text as it is written in such a string.
    fn write(&self, text: &str) -> Option<String> {
        match self {
            Style::Escaped => {
                let encoded = serde_json::to_string(text).ok()?;
                Some(encoded.strip_prefix('"')?.strip_suffix('"')?.to_owned())
            }
            Style::Doubled => Some(text.replace('\'', "''")),
            Style::Plain { .. } => Some(text.to_owned()),
        }
    }
}

/// A part of an expression as it is written in the string of a file around it: `before` is the file up to the
/// expression, and `after` what follows it.
pub(crate) fn written(part: &str, before: &str, after: &str, format: Format) -> Option<String> {
    Style::of(before, after, format)?.write(part)
}

fn document(source: &Arc<Source>, format: Format) -> Option<Document> {
    match format {
        Format::Json => Some(Document::json(Arc::clone(source))),
        Format::Yaml => Some(Document::yaml(Arc::clone(source))),
        Format::Toml => Some(Document::toml(Arc::clone(source))),
        Format::Ndjson | Format::Expression | Format::Ini => None,
    }
}

/// Whether two documents have the same values, but for texts that are expressions.
fn is_same(old: Node<'_>, new: Node<'_>, values: &HashMap<String, String>) -> bool {
    if old.kind() != new.kind() {
        return false;
    }
    match old.kind() {
        Kind::Null | Kind::Expression => true,
        Kind::Bool => old.as_bool() == new.as_bool(),
        Kind::Int => old.as_int() == new.as_int(),
        Kind::Float => old.as_float().map(f64::to_bits) == new.as_float().map(f64::to_bits),
        Kind::String => {
            let (old, new) = (old.as_str().unwrap_or_default(), new.as_str().unwrap_or_default());
            old == new || values.get(&*old).is_some_and(|value| *value == *new)
        }
        Kind::List => {
            let (mut old, mut new) = (old.items(), new.items());
            loop {
                match (old.next(), new.next()) {
                    (None, None) => return true,
                    (Some(old), Some(new)) if is_same(old, new, values) => {}
                    _ => return false,
                }
            }
        }
        Kind::Object => {
            let (mut old, mut new) = (old.entries(), new.entries());
            loop {
                match (old.next(), new.next()) {
                    (None, None) => return true,
                    (Some((key, old)), Some((same, new)))
                        if key.text == same.text && is_same(old, new, values) => {}
                    _ => return false,
                }
            }
        }
    }
}
