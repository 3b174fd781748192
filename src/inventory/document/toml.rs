//! TOML to a tree.
//!
//! Tables come out with their keys in written order; dates and times are texts.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Style, Tree, TreeBuilder, TreeNode};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span, quoted};

/// Reads a TOML text. The parser limits the depth.
pub(super) fn read(source: &Arc<Source>) -> Result<Tree, Box<Diagnostic>> {
    let text = source.text();
    let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let place = |range: std::ops::Range<usize>| Span::new(range.start + skipped, range.end + skipped);
    let table = DeTable::parse(text.get(skipped..).unwrap_or("")).map_err(|error| {
        let span = place(error.span().unwrap_or_default());
        let code = if error.message().contains("recur") { Code::LimitReached } else { Code::InvalidDocument };
        Box::new(match source.slice(span) {
            key if error.message() == "duplicate key" && !key.is_empty() => {
                Diagnostic::error(code, format!("the key {} stands here a second time", quoted(key)))
                    .at(source, span, "")
                    .help("move its values to the first place, or rename it")
            }
            _ => Diagnostic::error(code, error.message()).at(source, span, ""),
        })
    })?;
    let mut reader = Reader { builder: TreeBuilder::new(Arc::clone(source)), skipped };
    let root = reader.table(table.get_ref(), Span::new(0, text.len()));
    Ok(reader.builder.into_tree(root))
}

struct Reader {
    builder: TreeBuilder,
    skipped: usize,
}

impl Reader {
    fn place(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(range.start + self.skipped, range.end + self.skipped)
    }

    fn table(&mut self, table: &DeTable<'_>, span: Span) -> TreeNode {
        // The parser sorts by key.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entries: Vec<_> = entries
            .into_iter()
            .map(|(key, value)| (key.get_ref().as_ref(), self.place(key.span()), self.value(value)))
            .collect();
        self.builder.object(entries, span)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> TreeNode {
        let span = self.place(value.span());
        match value.get_ref() {
            DeValue::String(text) => self.builder.styled_string(text, span, Style::Toml),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => self.builder.int(number, span),
                Err(_) => self.builder.float(number.as_str().parse().unwrap_or(f64::INFINITY), span),
            },
            DeValue::Float(number) => self.builder.float(number.as_str().parse().unwrap_or(f64::NAN), span),
            DeValue::Boolean(value) => self.builder.bool(*value, span),
            DeValue::Datetime(time) => self.builder.string(&time.to_string(), span),
            DeValue::Array(array) => {
                let items: Vec<_> = array.iter().map(|item| self.value(item)).collect();
                self.builder.list(items, span)
            }
            DeValue::Table(table) => self.table(table, span),
        }
    }
}
