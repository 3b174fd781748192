//! Machines a line: NDJSON, in which every line is an object with the name of a machine.
//!
//! What comes in is a document of lines; nodes go out into the draft. `name`, `cluster`, `tags`, `system`, `ips`,
//! `addresses`, `kind`, `description`, `cloud` and `vars` mean what they mean of machines everywhere. A line without
//! `vars` is its own variables, so that whatever else stands in an export can be asked for. Each line is walked once.

use super::{address_help, is_address};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Keys, Kind, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::{NodeKind, Part, PartKind};
use crate::text::quoted;

/// The cluster of machines that say none.
const CLUSTER: &str = "default";

/// Reads all lines.
pub(super) fn machines(draft: &mut Draft, lines: Node<'_>) {
    let mut fields = Vec::new();
    for line in lines.items() {
        if line.kind() == Kind::Object {
            machine(draft, line, &mut fields);
        } else {
            let message = format!("expected an object for a machine, found {}", line.kind().describe());
            let diagnostic =
                Diagnostic::error(Code::InvalidOption, message).at(line.source(), line.span(), "");
            let help =
                "write a machine as `{\"name\": \"web1\", \"tags\": [\"web\"]}`, each in a line of its own";
            draft.mistake(diagnostic.help(help), Part::Everything);
        }
    }
}

/// A field of a machine that something is known of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Tags,
    System,
    Addresses,
    Part(PartKind),
}

fn machine<'d>(draft: &mut Draft, line: Node<'d>, fields: &mut Vec<(Field, Node<'d>)>) {
    let (mut name, mut cluster) = (None, None);
    let mut keys = Keys::default();
    fields.clear();
    for (key, value) in line.entries() {
        if let Some(duplicate) = keys.duplicate(&key, line.document()) {
            draft.mistake(duplicate, Part::Everything);
            continue;
        }
        let field = match &*key.text {
            "name" => {
                name = Some((value, value.as_str(), value.spot()));
                continue;
            }
            "cluster" => {
                cluster = Some((value, value.as_str(), value.spot()));
                continue;
            }
            "tags" => Field::Tags,
            "system" => Field::System,
            "ips" | "addresses" => Field::Addresses,
            "kind" => Field::Part(PartKind::Kind),
            "description" => Field::Part(PartKind::Description),
            "cloud" => Field::Part(PartKind::Cloud),
            "vars" => Field::Part(PartKind::Vars),
            _ => continue,
        };
        if !value.is_null() {
            fields.push((field, value));
        }
    }
    // What is wrong with the text itself is told once.
    if line.document().error().is_some() {
        return;
    }
    let Some((value, name, spot)) = name else {
        let diagnostic = Diagnostic::error(Code::MissingOption, "the machine has no `name`");
        let diagnostic = diagnostic.at(line.source(), line.span(), "").help("add `\"name\": \"…\"`");
        draft.mistake(diagnostic, Part::Everything);
        return;
    };
    let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
        draft.mistake(wrong(value, "name", "the name of a machine"), Part::Everything);
        return;
    };
    let cluster = match cluster {
        Some((value, None, _)) if !value.is_null() => {
            draft.mistake(wrong(value, "cluster", "the name of a cluster"), Part::Everything);
            return;
        }
        Some((_, Some(cluster), spot)) if !cluster.is_empty() => draft.cluster(&cluster, Some(spot)),
        _ => draft.cluster(CLUSTER, None),
    };
    let node = draft.node(cluster, &name, NodeKind::Machine, spot);
    draft.add_part(node, PartKind::Record, line.raw());
    if !fields.iter().any(|(field, _)| *field == Field::Part(PartKind::Vars)) {
        draft.add_part(node, PartKind::Vars, line.raw());
    }
    for (field, value) in fields.drain(..) {
        self::field(draft, node, field, value);
    }
}

fn field(draft: &mut Draft, node: u32, field: Field, value: Node<'_>) {
    let part = Part::Node(node);
    match (field, value.kind()) {
        (Field::Tags, Kind::List) => {
            for tag in value.items() {
                match tag.as_str() {
                    Some(tag) => draft.add_tag(node, &tag),
                    None => draft.mistake(wrong(tag, "tags", "a text"), part.clone()),
                }
            }
        }
        (Field::Tags, _) => draft.mistake(wrong(value, "tags", "a list of texts"), part),
        (Field::System, Kind::String) => draft.set_system(node, &value.as_str().unwrap_or_default()),
        (Field::System, _) => draft.mistake(wrong(value, "system", "a text"), part),
        (Field::Addresses, Kind::List) => {
            addresses(draft, value, &part);
            draft.add_part(node, PartKind::Ips, value.raw());
        }
        (Field::Addresses, Kind::Object) => {
            value.entries().for_each(|(_, list)| addresses(draft, list, &part));
            draft.add_part(node, PartKind::Ips, value.raw());
        }
        (Field::Addresses, _) => draft.mistake(wrong(value, "ips", "a list of addresses"), part),
        (Field::Part(PartKind::Vars), _) => draft.add_part(node, PartKind::Vars, value.raw()),
        (Field::Part(kind), Kind::String) => draft.add_part(node, kind, value.raw()),
        (Field::Part(kind), _) => {
            let field = match kind {
                PartKind::Kind => "kind",
                PartKind::Cloud => "cloud",
                _ => "description",
            };
            draft.mistake(wrong(value, field, "a text"), part);
        }
    }
}

fn wrong(node: Node<'_>, field: &str, expected: &str) -> Diagnostic {
    let found = match node.as_str() {
        Some(text) => quoted(&text),
        None => node.kind().describe().to_owned(),
    };
    let message = format!("expected {expected} in `{field}` of a machine, found {found}");
    Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "")
}

/// Reports what is no address.
fn addresses(draft: &mut Draft, list: Node<'_>, part: &Part) {
    for item in list.items() {
        let text = item.as_str();
        if text.as_deref().is_some_and(is_address) {
            continue;
        }
        let found = text.as_deref().map_or_else(|| item.kind().describe().to_owned(), quoted);
        let diagnostic = Diagnostic::error(
            Code::InvalidOption,
            format!("expected an address, found {found}"),
        )
        .at(item.source(), item.span(), "");
        draft.mistake(diagnostic.maybe_help(text.as_deref().and_then(address_help)), part.clone());
    }
}
