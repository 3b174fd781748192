//! Aligned tables with a count of their rows.

use std::io::{self, Write};

use comfy_table::{Cell as TableCell, ContentArrangement, Table, TableStyle};
use serde_json::Value;

use super::escape::visible;
use super::format::Options;
use super::rows::{Cell, Rows};
use crate::engine::Inventory;
use crate::inventory::model::{self, NodeKind, PartKind};
use crate::text::count;

/// Cells longer than this are cut off.
const LONGEST: usize = 400;

/// Writes records as a table.
pub(super) fn write_rows(rows: &Rows, noun: Noun, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let cells = rows.rows.iter().map(|row| row.iter().map(|cell| cell.as_ref().map_or(String::new(), text)));
    write(&rows.columns, cells, rows.rows.len(), noun, options, out)
}

/// Writes machines as a table of what the inventory says outright.
pub(super) fn write_nodes(
    inventory: &Inventory,
    nodes: &[u32],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = ["name", "cluster", "kind", "system", "tags"].map(str::to_owned);
    let model = inventory.model();
    let cells = nodes.iter().map(|node| {
        let tags = model.nodes.tags(*node).iter().filter_map(|tag| model.tags.get(*tag as usize));
        let tags: Vec<&str> = tags.map(|tag| &*tag.name).collect();
        [
            model.nodes.name(*node).to_owned(),
            cluster(model, *node).to_owned(),
            kind(model, *node),
            // Where its modules contradict each other there is none to show.
            inventory.machine_platform(*node).ok().flatten().unwrap_or_default(),
            tags.join(", "),
        ]
        .into_iter()
    });
    write(&columns, cells, nodes.len(), Noun::Machine, options, out)
}

/// The name of a node's cluster.
fn cluster(inventory: &model::Inventory, node: u32) -> &str {
    let number = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    inventory.clusters.get(number as usize).map_or("", |cluster| &cluster.name)
}

/// What the inventory says that a machine is, as the field `kind` has it.
fn kind(inventory: &model::Inventory, node: u32) -> String {
    let said = inventory.nodes.part(node, PartKind::Kind).and_then(|raw| inventory.node(raw));
    match (said.and_then(|said| said.as_str()), inventory.nodes.kind.get(node as usize)) {
        (Some(said), _) => said.into_owned(),
        (None, Some(NodeKind::Vm)) => "virtual".to_owned(),
        (None, _) => "physical".to_owned(),
    }
}

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// Machines.
    Machine,
    /// Anything.
    Row,
}

fn write<R: Iterator<Item = String>>(
    columns: &[String],
    rows: impl Iterator<Item = R>,
    length: usize,
    noun: Noun,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if length > 0 {
        let mut table = Table::new();
        table.load_style(TableStyle::new());
        if let Some(width) = options.width.and_then(|width| u16::try_from(width).ok()) {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.set_header(columns.iter().map(|name| TableCell::new(visible(name, &[]))));
        for row in rows {
            table.add_row(row.map(|cell| TableCell::new(clipped(&cell))));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for (number, line) in table.lines().enumerate() {
            let line = line.trim_end();
            if number == 0 && options.colour {
                writeln!(out, "\x1b[1m{line}\x1b[0m")?;
            } else {
                writeln!(out, "{line}")?;
            }
        }
    }
    let footer = match noun {
        Noun::Machine => count(length, "machine", "machines"),
        Noun::Row => count(length, "row", "rows"),
    };
    let footer = if options.colour { format!("\x1b[2m{footer}\x1b[0m") } else { footer };
    out.write_all(footer.as_bytes())?;
    if options.last_end { out.write_all(options.end()) } else { Ok(()) }
}

/// What people read in a cell: lists of plain values without brackets and quotes.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Data(Value::Array(items)) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            let items: Vec<String> = items.iter().map(|item| Cell::Data(item).plain()).collect();
            items.join(", ")
        }
        other => other.plain(),
    }
}

/// A cell is one line of harmless characters.
fn clipped(text: &str) -> String {
    let shown = visible(text, &[]);
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or("")),
        None => shown.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::Type;

    fn table(data: &Value, options: &Options) -> String {
        let rows = Rows::of(data, &Type::list(Type::Any), "table").expect("these are records");
        let mut out = Vec::new();
        write_rows(&rows, Noun::Row, options, &mut out).expect("a vector takes everything");
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn columns_are_aligned_by_width() {
        let data = json!([
            { "name": "jon", "tags": ["backup", "web"], "n": 1 },
            { "name": "日本", "tags": [], "n": 20 },
            { "name": "a\u{1b}b", "n": null },
        ]);
        insta::assert_snapshot!(table(&data, &Options::default()), @r"
        name      tags         n
        jon       backup, web  1
        日本                   20
        a\u{1b}b
        3 rows
        ");
    }

    #[test]
    fn a_table_fits_its_width() {
        let data =
            json!([{ "name": "jon", "description": "a machine with a rather long description to wrap" }]);
        let text = table(&data, &Options { width: Some(40), ..Options::default() });
        assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
    }

    #[test]
    fn no_rows_are_counted_too() {
        assert_eq!(table(&json!([]), &Options::default()), "0 rows\n");
    }
}
