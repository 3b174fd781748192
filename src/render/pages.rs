//! Generated pages of the documentation, as Markdown.

use std::fmt::Write;

use super::format::Format;
use super::shape::SHAPES;
use crate::builtins;
use crate::diagnostic::{CODES, CodeEntry, Example};
use crate::syntax::{format, parse};
use crate::text::Source;

/// The line under a generated page's title.
pub const GENERATED: &str = "<!-- Generated: `INVQ_BLESS=1 cargo test generated` writes it anew. -->\n";

/// All kinds of mistakes: `docs/errors.md`.
pub fn errors() -> String {
    let mut page = format!("# Kinds of mistakes\n\n{GENERATED}\n");
    page.push_str(
        "Every message begins with a word in brackets, the kind of the mistake. `invq explain WORD` prints what \
         stands here; `--allow`, `--warn` and `--deny` take the words.\n",
    );
    for entry in CODES {
        let _ = write!(page, "\n## `{}`\n\n*{}*\n\n{}\n", entry.word, entry.title, entry.explanation);
        // A wrong inventory is no block that a test could load, nor does what lasts fail by itself.
        let (wrong, right) = match entry.example {
            Example::Query => ("invq", "invq"),
            Example::Lasting => ("nix", "invq"),
            Example::Inventory => ("nix", "invq,inventory"),
            Example::Document | Example::Folder => ("text", "text"),
            Example::CommandLine => ("sh", "sh"),
        };
        let _ = write!(page, "\nWrong:\n\n```{wrong}\n{}\n```\n", example(entry, entry.bad));
        let _ = write!(page, "\nRight:\n\n```{right}\n{}\n```\n", example(entry, entry.good));
    }
    page
}

/// An example of a kind of mistakes as people read it; inventories are long, and stand on several lines.
pub fn example(entry: &CodeEntry, example: &str) -> String {
    let is_inventory = entry.example == Example::Inventory;
    let parsed = is_inventory.then(|| parse::expression(&Source::new("<example>", example)));
    match parsed {
        Some(Ok(expression)) => format::expression(&expression).trim_end().to_owned(),
        _ => example.trim_end().to_owned(),
    }
}

/// All builtins: `docs/builtins.md`.
pub fn builtins() -> String {
    let mut page = format!("# Builtins\n\n{GENERATED}\n");
    page.push_str("`invq doc NAME` prints what stands here.\n");
    for (subject, table) in builtins::tables() {
        let _ = write!(page, "\n## {}\n", capitalised(subject));
        for builtin in *table {
            let _ = write!(page, "\n### `{}`\n\n`{}`", builtin.name, builtin.ty);
            let scopes: Vec<String> = builtin.scopes.iter().filter_map(|scope| place(scope)).collect();
            if !scopes.is_empty() {
                let _ = write!(page, " · {}", scopes.join(", "));
            }
            let _ = write!(page, "\n\n{}.\n", capitalised(builtin.summary));
            if !builtin.doc.is_empty() {
                let _ = write!(page, "\n{}\n", builtin.doc);
            }
            for (query, answer) in builtin.examples {
                let _ = write!(page, "\n```invq\n{query}\n```\n```\n{answer}\n```\n");
            }
        }
    }
    page
}

/// The formats of answers: `docs/output.md`.
pub fn output() -> String {
    let mut page = format!("# Output\n\n{GENERATED}\n");
    page.push_str(
        "`-o FORMAT` says how the answer is written. Without it the type of the query decides, never the answer \
         itself and never whether a terminal is there, but for the table of records.\n\n## What `auto` does\n\n",
    );
    page.push_str("The first row that applies:\n\n| type of the query | written |\n| --- | --- |\n");
    for row in SHAPES {
        let _ = writeln!(page, "| {} | {} |", row.types, row.written);
    }
    page.push_str("\n`invq -o type QUERY` prints the type of a query.\n\n## Formats\n\n| format | what is written |\n| --- | --- |\n");
    for (_, word, help) in Format::ALL {
        let _ = writeln!(page, "| `{word}` | {help} |");
    }
    page.push_str(OUTPUT);
    page
}

/// What holds for several formats.
const OUTPUT: &str = "
- JSON has two blanks of indentation, and stands on one line with `-c`; NDJSON is always compact.
- `-r` writes texts in JSON and NDJSON as they are. `-0` ends what would end with a line feed with NUL. `-n` leaves \
the last end out.
- CSV, TSV and tables have a header: the fields of the records in the order of their type, then other keys as they \
first occur. Null and what a record does not have are empty. The keys of a dictionary are the column `key`.
- Nested values are compact JSON in CSV and TSV.
- TOML has no null: members that are null are left out.
- A table ends in the count of its rows. Lists of plain values are written without brackets in it.
- Texts in a list that contain a line break are refused where each stands on a line, and those with NUL where NUL \
ends each, since nobody could tell them apart; nothing is written then. One text alone is written as it is.
- Control characters, and marks that change the direction of text, never reach a terminal: they are shown as escapes.
- Colours are used on terminals. `--color` decides otherwise, then `NO_COLOR`, then `CLICOLOR_FORCE`; standard output \
and standard error are judged each on its own.
";

/// How a builtin is written out of a scope; bare names say nothing new.
fn place(scope: &str) -> Option<String> {
    match scope {
        "nix" | "bare" => None,
        set => Some(format!("in `{set}`")),
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
