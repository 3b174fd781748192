//! Answers for a reader: machines and records as tables, other values as Nix prints them, cut where they
//! are large.

use std::io::{self, Write};

use serde_json::Value as Json;

use super::Style;
use super::answer::{Content, OutputError, write_answer};
use super::escape::{columns, visible};
use super::format::{Format, Layout, Options};
use crate::engine::Inventory;
use crate::engine::session::{Room, Shown, Tree};
use crate::syntax::format::{attr_name, quote_string};
use crate::text::count;
use crate::types::{Printer, Type};

/// The width of what has no width of its own.
const WIDTH: usize = 80;

/// The characters that a nested value has in a column.
const CELL: usize = 40;

const RESET: &str = "\x1b[0m";
const DIM: &str = "\x1b[2m";
const STRING: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[36m";
const WORD: &str = "\x1b[35m";
const FAILED: &str = "\x1b[31m";

/// Writes what is shown of an answer; at most so many rows of a table.
///
/// # Errors
/// What writing fails with.
pub fn write_shown(
    inventory: &Inventory,
    ty: &Type,
    shown: &Shown,
    rows: usize,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match shown {
        Shown::Machines(nodes) => {
            let first = nodes.get(..rows).unwrap_or(nodes);
            write_table(&Content::Nodes(inventory, first), ty, style, out)?;
            let counted = count(nodes.len(), "machine", "machines");
            write_footer(&counted, nodes.len() - first.len(), style, out)
        }
        Shown::Rows(data, total) => {
            let first = data.as_array().map_or(0, Vec::len);
            write_table(&Content::Data(&brief(data)), ty, style, out)?;
            write_footer(&count(*total, "row", "rows"), total - first, style, out)
        }
        Shown::Tree(Tree::Plain(Json::String(text))) if text.contains('\n') => {
            writeln!(out, "{}", visible(text.trim_end_matches('\n'), &['\n', '\t']))
        }
        Shown::Tree(Tree::Function) => {
            let ty = Printer::default().print(ty);
            writeln!(out, "{} : {ty}", painted("«function»", DIM, style))
        }
        Shown::Tree(tree) => {
            write_tree(tree, style, out)?;
            if is_cut(tree) { write_footer("", 0, style, out) } else { Ok(()) }
        }
    }
}

/// Writes a value as Nix prints it, over several lines where it is too long for one.
///
/// # Errors
/// What writing fails with.
pub fn write_tree(tree: &Tree, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    Layouter { style, width: style.width.unwrap_or(WIDTH).max(20) }.tree(tree, 0, 0, &mut text);
    writeln!(out, "{text}")
}

/// A value on one line, however long.
pub fn tree_line(tree: &Tree, style: Style) -> String {
    Layouter { style, width: WIDTH }.line(tree)
}

/// Rows whose nested cells are shown as far as there is room in a column.
fn brief(rows: &Json) -> Json {
    let cell = |value: &Json| {
        let nested = match value {
            Json::Array(items) => items.iter().any(|item| item.is_array() || item.is_object()),
            value => value.is_object(),
        };
        if !nested {
            return value.clone();
        }
        let line = tree_line(&Tree::of_data(value, Room { rows: 0, items: 3, depth: 2 }), Style::default());
        match line.char_indices().nth(CELL) {
            Some((end, _)) => Json::String(format!("{}…", line.get(..end).unwrap_or(""))),
            None => Json::String(line),
        }
    };
    let row = |row: &Json| match row {
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), cell(value))).collect(),
        other => other.clone(),
    };
    rows.as_array().into_iter().flatten().map(row).collect()
}

/// The table of rows, without its own count.
fn write_table(content: &Content, ty: &Type, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let options = Options { terminal: true, colour: style.colour, width: style.width, ..Options::default() };
    let mut text = Vec::new();
    let layout = Layout::new(Format::Table, ty, &options);
    match write_answer(content, ty, layout, &options, &mut text) {
        Ok(()) => {}
        Err(OutputError::Io(error)) => return Err(error),
        Err(OutputError::Refused(refused)) => return writeln!(out, "{}", refused.message),
    }
    let end = text.strip_suffix(b"\n").unwrap_or(&text);
    let end = end.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    out.write_all(text.get(..end).unwrap_or(&[]))
}

fn write_footer(counted: &str, more: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let cut = match more {
        0 if counted.is_empty() => "… more, :browse to page".to_owned(),
        0 => return writeln!(out, "{}", painted(counted, DIM, style)),
        _ => format!("{counted} · … {} more, :browse to page", count(more, "", "").trim()),
    };
    writeln!(out, "{}", painted(&cut, DIM, style))
}

/// Whether a part is not shown.
fn is_cut(tree: &Tree) -> bool {
    match tree {
        Tree::List(parts, total) => parts.len() < *total || parts.iter().any(is_cut),
        Tree::Set(parts, total) => parts.len() < *total || parts.iter().any(|(_, part)| is_cut(part)),
        Tree::Record(..) => true,
        Tree::Plain(_) | Tree::Function | Tree::Filter(_) | Tree::Failed(_) => false,
    }
}

fn painted(text: &str, colour: &str, style: Style) -> String {
    if style.colour { format!("{colour}{text}{RESET}") } else { text.to_owned() }
}

/// The columns that a text takes, colours aside.
fn width_of(text: &str) -> usize {
    let mut width = 0;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\x1b' {
            characters.by_ref().find(|next| *next == 'm');
        } else {
            width += columns(character);
        }
    }
    width
}

/// Prints trees within a width.
struct Layouter {
    style: Style,
    width: usize,
}

impl Layouter {
    /// Adds a value; `indent` columns stand before each of its lines, and `before` on its first one.
    fn tree(&self, tree: &Tree, indent: usize, before: usize, out: &mut String) {
        let line = self.line(tree);
        let fits = indent + before + width_of(&line) <= self.width;
        match tree {
            Tree::List(parts, total) if !fits && !parts.is_empty() => {
                out.push('[');
                for part in parts {
                    self.next_line(indent + 2, out);
                    self.tree(part, indent + 2, 0, out);
                }
                self.more(parts.len(), *total, indent + 2, out);
                self.next_line(indent, out);
                out.push(']');
            }
            Tree::Set(parts, total) if !fits && !parts.is_empty() => {
                out.push('{');
                for (name, part) in parts {
                    self.next_line(indent + 2, out);
                    let name = visible(&attr_name(name), &[]).into_owned();
                    out.push_str(&name);
                    out.push_str(" = ");
                    self.tree(part, indent + 2, width_of(&name) + 4, out);
                    out.push(';');
                }
                self.more(parts.len(), *total, indent + 2, out);
                self.next_line(indent, out);
                out.push('}');
            }
            _ => out.push_str(&line),
        }
    }

    fn next_line(&self, indent: usize, out: &mut String) {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
    }

    fn more(&self, shown: usize, total: usize, indent: usize, out: &mut String) {
        if shown < total {
            self.next_line(indent, out);
            out.push_str(&self.dim(&format!("… {} more", count(total - shown, "", "").trim())));
        }
    }

    fn dim(&self, text: &str) -> String {
        painted(text, DIM, self.style)
    }

    /// A value on one line.
    fn line(&self, tree: &Tree) -> String {
        match tree {
            Tree::Plain(data) => self.plain(data),
            Tree::List(_, 0) => "[ ]".to_owned(),
            Tree::Set(_, 0) => "{ }".to_owned(),
            Tree::List(parts, _) if parts.is_empty() => self.dim("[ … ]"),
            Tree::Set(parts, _) if parts.is_empty() => self.dim("{ … }"),
            Tree::List(parts, total) => {
                let mut words: Vec<String> = parts.iter().map(|part| self.element(part)).collect();
                words.extend(self.rest(parts.len(), *total));
                format!("[ {} ]", words.join(" "))
            }
            Tree::Set(parts, total) => {
                let member =
                    |name: &str, part| format!("{} = {};", visible(&attr_name(name), &[]), self.line(part));
                let mut words: Vec<String> = parts.iter().map(|(name, part)| member(name, part)).collect();
                words.extend(self.rest(parts.len(), *total));
                format!("{{ {} }}", words.join(" "))
            }
            Tree::Record(kind, name) => {
                self.dim(&format!("«{} {}»", kind.to_lowercase(), visible(name, &[])))
            }
            Tree::Function => self.dim("«function»"),
            Tree::Filter(filter) => visible(filter, &[]).into_owned(),
            Tree::Failed(reason) => {
                painted(&format!("«error: {}»", visible(reason, &[])), FAILED, self.style)
            }
        }
    }

    /// An element of a list on one line: what is no single word there has parentheses.
    fn element(&self, tree: &Tree) -> String {
        let line = self.line(tree);
        match tree {
            Tree::Filter(_) => format!("({line})"),
            Tree::Plain(Json::Number(number)) if number.to_string().starts_with('-') => format!("({line})"),
            _ => line,
        }
    }

    fn rest(&self, shown: usize, total: usize) -> Option<String> {
        (shown < total).then(|| self.dim(&format!("… {} more", count(total - shown, "", "").trim())))
    }

    fn plain(&self, data: &Json) -> String {
        match data {
            Json::String(text) => painted(&visible(&quote_string(text), &[]), STRING, self.style),
            Json::Number(number) => painted(&number.to_string(), NUMBER, self.style),
            other => painted(&other.to_string(), WORD, self.style),
        }
    }
}
