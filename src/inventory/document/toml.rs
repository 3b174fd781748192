//! TOML to a tree.
//!
//! Tables come out with their keys in written order; dates and times are texts.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::too_deep;
use super::tree::{Style, Tree, TreeBuilder, TreeNode};
use super::unreadable::{self, Unreadable};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;
use crate::text::{Source, Span, quoted};

/// Reads a TOML text. The parser has a limit of depth of its own, which may be the lower one.
pub(super) fn read(source: &Arc<Source>, limits: &Limits) -> Result<Tree, Box<Diagnostic>> {
    let text = source.text();
    let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let place = |range: std::ops::Range<usize>| Span::new(range.start + skipped, range.end + skipped);
    let table = DeTable::parse(text.get(skipped..).unwrap_or("")).map_err(|error| {
        let span = place(error.span().unwrap_or_default());
        if error.message().contains("recur") {
            return Box::new(too_deep(PARSER_DEPTH.min(limits.document_depth)).at(source, span, ""));
        }
        Box::new(match source.slice(span) {
            key if error.message() == "duplicate key" && !key.is_empty() => {
                let message = format!("the key {} stands here a second time", quoted(key));
                Diagnostic::error(Code::InvalidDocument, message)
                    .at(source, span, "")
                    .help("move its values to the first place, or rename it")
            }
            _ => {
                let range = (span.range().start, span.range().end);
                let Unreadable { message, place: (at, width), help } =
                    unreadable::toml(text, range, error.message());
                Diagnostic::error(Code::InvalidDocument, message)
                    .at(source, Span::new(at, at + width), "")
                    .maybe_help(help)
            }
        })
    })?;
    let mut reader =
        Reader { builder: TreeBuilder::new(Arc::clone(source)), skipped, left: limits.document_depth };
    let root = reader.table(table.get_ref(), Span::new(0, text.len()));
    let root = root
        .map_err(|span| Box::new(too_deep(limits.document_depth).at(source, span, "one level too deep")))?;
    Ok(reader.builder.into_tree(root))
}

/// How deep the parser itself goes.
const PARSER_DEPTH: usize = 80;

struct Reader {
    builder: TreeBuilder,
    skipped: usize,
    /// How many levels may still be entered.
    left: usize,
}

impl Reader {
    fn place(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(range.start + self.skipped, range.end + self.skipped)
    }

    /// A table; where it nests too deeply, the place.
    fn table(&mut self, table: &DeTable<'_>, span: Span) -> Result<TreeNode, Span> {
        self.left = self.left.checked_sub(1).ok_or(span)?;
        // The parser sorts by key.
        let mut written: Vec<_> = table.iter().collect();
        written.sort_by_key(|(key, _)| key.span().start);
        let mut entries = Vec::with_capacity(written.len());
        for (key, value) in written {
            entries.push((key.get_ref().as_ref(), self.place(key.span()), self.value(value)?));
        }
        self.left += 1;
        Ok(self.builder.object(entries, span))
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Result<TreeNode, Span> {
        let span = self.place(value.span());
        Ok(match value.get_ref() {
            DeValue::String(text) => self.builder.styled_string(text, span, Style::Toml),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => self.builder.int(number, span),
                Err(_) => self.builder.float(number.as_str().parse().unwrap_or(f64::INFINITY), span),
            },
            DeValue::Float(number) => self.builder.float(number.as_str().parse().unwrap_or(f64::NAN), span),
            DeValue::Boolean(value) => self.builder.bool(*value, span),
            DeValue::Datetime(time) => self.builder.string(&time.to_string(), span),
            DeValue::Array(array) => {
                self.left = self.left.checked_sub(1).ok_or(span)?;
                let items = array.iter().map(|item| self.value(item)).collect::<Result<Vec<_>, Span>>()?;
                self.left += 1;
                self.builder.list(items, span)
            }
            DeValue::Table(table) => return self.table(table, span),
        })
    }
}
