//! What readers give: a list of machines, each placed at the record that it was read from.
//!
//! What comes in is a document that `engine` makes of a reader's answer; nodes go out into the draft. The types of the
//! fields were checked when the reader was; what stands in data without a schema is checked here.

use std::borrow::Cow;

use super::{address_help, is_address};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::{NodeKind, Part, PartKind, Value};
use crate::text::quoted;

/// The key under which a document has the machines of a reader. No text can say it.
pub const KEY: &str = "\0machines";

/// The cluster of machines that say none.
const CLUSTER: &str = "default";

/// Reads the machines of a reader.
pub(super) fn machines(draft: &mut Draft, list: Node<'_>) {
    for record in list.items() {
        machine(draft, record);
    }
}

/// Reads what a reader says of the inventory itself.
pub(super) fn meta(draft: &mut Draft, node: Node<'_>) {
    for (key, value) in node.entries() {
        draft.set_meta(&key.text, Value::Raw(value.raw()));
    }
}

fn wrong(node: Node<'_>, field: &str, expected: &str) -> Diagnostic {
    let message = format!("expected {expected} in `{field}` of a machine, found {}", node.kind().describe());
    Diagnostic::error(Code::InvalidOption, message)
        .at(node.source(), node.span(), "read from here")
        .help("give it in the reader, or leave the record out with `filter`")
}

fn machine(draft: &mut Draft, record: Node<'_>) {
    let Some(name) = record.get("name") else { return };
    let name = match name.as_str() {
        Some(name) if !name.trim().is_empty() => name.into_owned(),
        Some(_) => {
            let message = "expected the name of a machine, found an empty text";
            let diagnostic = Diagnostic::error(Code::InvalidName, message).at(name.source(), name.span(), "");
            draft.mistake(diagnostic.help("leave the record out with `filter`"), Part::Everything);
            return;
        }
        None => {
            draft.mistake(wrong(name, "name", "a text"), Part::Everything);
            return;
        }
    };
    let cluster = record.get("cluster").and_then(|cluster| cluster.as_str().map(Cow::into_owned));
    let cluster = cluster.filter(|cluster| !cluster.is_empty());
    let named = cluster.is_some();
    let spot = record.spot();
    let cluster = draft.cluster(cluster.as_deref().unwrap_or(CLUSTER), named.then_some(spot));
    let node = draft.node(cluster, &name, NodeKind::Machine, spot);
    let part = Part::Node(node);
    draft.add_part(node, PartKind::Record, record.raw());
    for (key, value) in record.entries().filter(|(_, value)| !value.is_null()) {
        // An empty text is what many exports have for nothing.
        if value.as_str().is_some_and(|text| text.is_empty()) {
            continue;
        }
        match (&*key.text, value.kind()) {
            ("name", _) | ("cluster", Kind::String) => {}
            ("tags", Kind::List) => {
                for tag in value.items() {
                    match tag.as_str() {
                        Some(tag) => draft.add_tag(node, &tag),
                        None => draft.mistake(wrong(tag, "tags", "texts"), part.clone()),
                    }
                }
            }
            ("system", Kind::String) => draft.set_system(node, &value.as_str().unwrap_or_default()),
            ("addresses", Kind::List) => {
                addresses(draft, value, &part);
                draft.add_part(node, PartKind::Ips, value.raw());
            }
            ("ips", Kind::Object) => {
                value.entries().for_each(|(_, list)| addresses(draft, list, &part));
                draft.add_part(node, PartKind::Ips, value.raw());
            }
            ("vars", _) => draft.add_part(node, PartKind::Vars, value.raw()),
            ("kind", Kind::String) => draft.add_part(node, PartKind::Kind, value.raw()),
            ("description", Kind::String) => draft.add_part(node, PartKind::Description, value.raw()),
            ("cloud", Kind::String) => draft.add_part(node, PartKind::Cloud, value.raw()),
            (field, _) => {
                let expected = match field {
                    "tags" | "addresses" => "a list of texts",
                    "ips" => "lists of addresses by interface",
                    _ => "a text",
                };
                draft.mistake(wrong(value, field, expected), part.clone());
            }
        }
    }
}

/// Reports what is no address.
fn addresses(draft: &mut Draft, list: Node<'_>, part: &Part) {
    for item in list.items() {
        let text = item.as_str();
        if text.as_deref().is_some_and(is_address) {
            continue;
        }
        let found = text.as_deref().map_or_else(|| item.kind().describe().to_owned(), quoted);
        let message = format!("expected an address, found {found}");
        let help = text
            .as_deref()
            .and_then(address_help)
            .map(|_| "take the length of the network off: `head (splitString \"/\" address)`".to_owned());
        let diagnostic =
            Diagnostic::error(Code::InvalidValue, message).at(item.source(), item.span(), "read from here");
        draft.mistake(diagnostic.maybe_help(help), part.clone());
    }
}
