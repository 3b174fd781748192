mod json;
mod toml;
mod tree;
mod yaml;

use proptest::prelude::*;

use super::{Document, Node};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

fn json(text: &str) -> Document {
    Document::json(Source::new("f.json", text))
}

fn yaml(text: &str) -> Document {
    Document::yaml(Source::new("f.yaml", text))
}

fn toml(text: &str) -> Document {
    Document::toml(Source::new("f.toml", text))
}

/// `code: message @line:column / help`
fn shown(diagnostic: &Diagnostic) -> String {
    let places: Vec<String> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let place = label.source.position(label.span.start);
            format!("@{}:{}", place.line, place.column)
        })
        .collect();
    let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" / {help}"));
    format!("{}: {} {}{help}", diagnostic.code.word(), diagnostic.message, places.join(" "))
}

fn error(document: &Document) -> String {
    document.validate().map_or("valid".to_owned(), shown)
}

/// What the file has where the embedded text has `needle`, with its line and column.
fn located(node: Node<'_>, needle: &str) -> String {
    let Some(source) = node.embedded() else { return "no text".to_owned() };
    let Some(at) = source.text().find(needle) else { return format!("not in {:?}", source.text()) };
    let (file, span) = source.locate(Span::new(at, at + needle.len()));
    let place = file.position(span.start);
    format!("{}:{} {}", place.line, place.column, file.slice(span))
}

/// Looks at everything that a document can be asked.
fn ask_everything(node: Node<'_>) {
    let _slice = node.source().slice(node.span());
    let _data = (node.kind(), node.as_bool(), node.as_int(), node.as_float());
    if let Some(source) = node.embedded() {
        for (at, character) in source.text().char_indices() {
            let (file, span) = source.locate(Span::new(at, at + character.len_utf8()));
            assert!(file.text().get(span.range()).is_some(), "{:?} {span:?}", file.text());
        }
    }
    node.items().for_each(ask_everything);
    node.entries().for_each(|(key, value)| {
        let _slice = value.source().slice(key.span);
        ask_everything(value);
    });
}

/// Pieces of which texts in all three formats are made.
const PIECES: &[&str] = &[
    "a",
    "b",
    "é",
    "\u{a0}",
    ":",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "|",
    ">",
    "&a ",
    "*a",
    "!!str ",
    "!",
    "#",
    "%",
    "@",
    ",",
    ".",
    "=",
    "+",
    "~",
    "?",
    "<<: ",
    "1",
    "-",
    "- ",
    ": ",
    "\n",
    "\n",
    "\n  ",
    "\r\n",
    "\t",
    "  ",
    "\"\"\"",
    "'''",
    "---\n",
    "\\u00e9",
    "\\n",
    "a: ",
    "a = ",
    "|2\n   ",
    ">-\n  ",
    "\u{feff}",
    "null",
    "0x1",
    "\u{1F600}",
];

proptest! {
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        let text = pieces.concat();
        for document in [json(&text), yaml(&text), toml(&text)] {
            ask_everything(document.root());
            let _error = document.validate();
            let _data = document.root().to_json();
        }
    }
}
