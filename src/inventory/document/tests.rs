mod json;
mod toml;
mod tree;
mod yaml;

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
