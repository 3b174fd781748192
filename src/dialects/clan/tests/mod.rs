//! Tests of the reader as a whole, and what they share.

use crate::diagnostic::Severity;
use crate::dialects::clan;
use crate::inventory::document::Document;
use crate::inventory::draft::Draft;
use crate::inventory::model::{Inventory, Mistake, Part};
use crate::text::Source;

mod api;
mod marks;
mod mistakes;
mod model;

const FILES: [&str; 2] = ["clan.json", "inventory.json"];

fn load(layers: &[&str]) -> Inventory {
    let mut draft = Draft::new();
    let numbers: Vec<u32> = FILES
        .into_iter()
        .zip(layers)
        .map(|(file, text)| draft.add_document(Document::json(Source::new(file, *text))))
        .collect();
    clan::read(&mut draft, &numbers);
    draft.finish()
}

/// All mistakes but hints and those about `meta`, since hardly any text here has one.
fn mistakes(layers: &[&str]) -> String {
    let inventory = load(layers);
    show(&inventory, |mistake| mistake.part != Part::Meta && mistake.diagnostic.severity > Severity::Hint)
}

fn all_mistakes(layers: &[&str]) -> String {
    show(&load(layers), |_| true)
}

/// One line for each mistake, and one below it for each further place and for the help.
fn show(inventory: &Inventory, wanted: impl Fn(&Mistake) -> bool) -> String {
    let mut lines = Vec::new();
    for mistake in inventory.mistakes.iter().filter(|mistake| wanted(mistake)) {
        let diagnostic = &mistake.diagnostic;
        let places: Vec<String> = diagnostic
            .labels
            .iter()
            .map(|label| {
                let at = label.source.position(label.span.start);
                let written = label.source.slice(label.span).lines().next().unwrap_or("");
                let message =
                    if label.message.is_empty() { String::new() } else { format!(" {}", label.message) };
                format!("@{}:{}:{} {written}{message}", label.source.name(), at.line, at.column)
            })
            .collect();
        let word = diagnostic.code.word();
        lines.push(format!(
            "{}[{word}]: {} ({})",
            diagnostic.severity.word(),
            diagnostic.message,
            part(inventory, &mistake.part)
        ));
        lines.extend(places.into_iter().map(|place| format!("  {place}")));
        lines.extend(diagnostic.help.iter().map(|help| format!("  help: {help}")));
    }
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("\n") }
}

fn part(inventory: &Inventory, part: &Part) -> String {
    let instance = |index: u32| inventory.instances.get(index as usize);
    let name = match part {
        Part::Node(node) => Some(inventory.nodes.name(*node)),
        Part::Service(service) => inventory.services.get(*service as usize).map(|service| &*service.id),
        Part::Instance(index) => instance(*index).map(|instance| &*instance.name),
        Part::Role(index, role) | Part::Settings(index, role) => {
            instance(*index).and_then(|instance| instance.roles.get(*role as usize)).map(|role| &*role.name)
        }
        _ => None,
    };
    let kind = match part {
        Part::Nothing => "nothing",
        Part::Everything => "everything",
        Part::Meta => "meta",
        Part::Node(_) => "machine",
        Part::Service(_) => "service",
        Part::Instance(_) => "instance",
        Part::Role(..) => "role",
        Part::Settings(..) => "settings of role",
        Part::Cluster(_) => "cluster",
        Part::Filter(_) => "filter",
        Part::Clouds => "clouds",
        Part::CloudOf(_) => "cloud of a machine",
    };
    name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"))
}
