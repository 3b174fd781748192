//! Changes of JSON texts that leave everything else as it is written: numbers, order, white space.

use serde_json::{Value as Json, json};

use crate::inventory::document::{Kind, Node};
use crate::operations::bulk::Change;
use crate::text::Span;

/// A range of a text, and what stands there afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    span: Span,
    text: String,
}

/// What a change makes of a server's document.
pub(super) fn edits(server: Node<'_>, change: &Change) -> Vec<Edit> {
    let mut edits = Vec::new();
    match change.key {
        "network" if server.get("network").is_some() => at(server, &["network"], &change.config, &mut edits),
        "network" => at(server, &["os_data", "network", "config"], &change.config, &mut edits),
        "applications_add" => {
            let path = ["version_data", "applications"];
            let mut all = server.get_path(&path).map_or_else(|| json!([]), Node::to_json);
            if let Some(all) = all.as_array_mut() {
                all.push(json!({ "name": change.config }));
            }
            at(server, &path, &all, &mut edits);
        }
        key => {
            // Services may stand beside the documents of the system, with or without `config` around them.
            let names: Vec<&str> = key.split('.').collect();
            let inside = [&["os_data"], names.as_slice()].concat();
            let path = if server.get_path(&names).is_some()
                || names.len() > 1 && server.get(names.first().copied().unwrap_or("")).is_some()
            {
                names
            } else {
                inside
            };
            let found = server.get_path(&path);
            let wrapped = match found {
                Some(found) => found.get("config").is_some(),
                None => true,
            };
            let path = if wrapped { [path.as_slice(), &["config"]].concat() } else { path };
            at(server, &path, &change.config, &mut edits);
        }
    }
    edits
}

/// Makes the value at a path another one; what is missing on the way is added.
fn at(node: Node<'_>, path: &[&str], value: &Json, edits: &mut Vec<Edit>) {
    let Some((key, rest)) = path.split_first() else { return to(node, value, edits) };
    match node.get(key) {
        Some(next) => at(next, rest, value, edits),
        None => {
            let value = rest.iter().rev().fold(value.clone(), |inner, key| json!({ *key: inner }));
            insert(node, key, &value, edits);
        }
    }
}

/// Makes a value another one, with as few edits as can be.
fn to(node: Node<'_>, value: &Json, edits: &mut Vec<Edit>) {
    if node.to_json() == *value {
        return;
    }
    match (node.kind(), value) {
        (Kind::Object, Json::Object(wanted))
            if node.entries().all(|(key, _)| wanted.contains_key(&*key.text)) =>
        {
            for (key, value) in wanted {
                match node.get(key) {
                    Some(inner) => to(inner, value, edits),
                    None => insert(node, key, value, edits),
                }
            }
        }
        (Kind::List, Json::Array(wanted)) if node.items().count() == wanted.len() => {
            for (item, value) in node.items().zip(wanted) {
                to(item, value, edits);
            }
        }
        (Kind::List, Json::Array(wanted)) if begins_with(wanted, node) => append(node, wanted, edits),
        _ => {
            let text = written(value, node, node.span().start);
            edits.push(Edit { span: node.span(), text });
        }
    }
}

/// Whether a list that is not empty only gets longer.
fn begins_with(wanted: &[Json], list: Node<'_>) -> bool {
    let count = list.items().count();
    count > 0
        && count < wanted.len()
        && list.items().zip(wanted).all(|(item, value)| item.to_json() == *value)
}

/// Adds elements behind those of a list.
fn append(list: Node<'_>, wanted: &[Json], edits: &mut Vec<Edit>) {
    let Some(last) = list.items().last() else { return };
    let place = last.span();
    let before = list.source().text().get(list.span().start as usize..place.start as usize).unwrap_or("");
    let separator = match before.contains('\n') {
        true => format!(",\n{}", indent(list, place.start)),
        false => ", ".to_owned(),
    };
    let added = wanted.iter().skip(list.items().count());
    let text = added.map(|value| separator.clone() + &written(value, list, place.start)).collect();
    edits.push(Edit { span: Span { start: place.end, end: place.end }, text });
}

/// Adds a key behind the others of an object.
fn insert(object: Node<'_>, key: &str, value: &Json, edits: &mut Vec<Edit>) {
    let last = object.entries().last();
    let name = Json::from(key);
    match last {
        Some((known, last)) => {
            let end = last.span().end;
            let text = object.source().text();
            let between = text.get(object.span().start as usize..known.span.start as usize).unwrap_or("");
            // Keys on lines of their own stay so.
            let separator = match between.contains('\n') {
                true => format!("\n{}", indent(object, known.span.start)),
                false => " ".to_owned(),
            };
            let value = written(value, object, known.span.start);
            edits.push(Edit { span: Span { start: end, end }, text: format!(",{separator}{name}: {value}") });
        }
        None => {
            let value = written(value, object, object.span().start);
            edits.push(Edit { span: object.span(), text: format!("{{ {name}: {value} }}") });
        }
    }
}

/// A value as text: on one line where it is short, else as lines below the one at which it begins.
fn written(value: &Json, node: Node<'_>, place: u32) -> String {
    let line = value.to_string();
    if line.len() <= 60 || !node.source().text().contains('\n') {
        return line;
    }
    let pretty = serde_json::to_string_pretty(value).unwrap_or(line);
    pretty.replace('\n', &format!("\n{}", indent(node, place)))
}

/// The white space at the beginning of the line of a place.
fn indent(node: Node<'_>, place: u32) -> String {
    let before = node.source().text().get(..place as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    line.chars().take_while(|next| matches!(next, ' ' | '\t')).collect()
}

/// A text with edits, which do not overlap.
pub(super) fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span.start);
    let mut written = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        written.push_str(text.get(done..edit.span.start as usize).unwrap_or(""));
        written.push_str(&edit.text);
        done = edit.span.end as usize;
    }
    written.push_str(text.get(done..).unwrap_or(""));
    written
}
