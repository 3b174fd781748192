//! Documents with some values changed, in which everything else keeps its place in the text.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tree::Style;
use super::{Backing, Document, Kind, Node, TreeBuilder, TreeNode};
use crate::limits::Limits;
use crate::text::Span;

/// What changes of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// What takes its place: a value, or nothing where it goes.
    pub instead: Option<Option<serde_json::Value>>,
    /// What changes of the values below it, by their keys.
    pub below: BTreeMap<String, Patch>,
}

impl Patch {
    /// The change of the value to which these names lead.
    pub fn at<S: AsRef<str>>(&mut self, path: &[S]) -> &mut Patch {
        path.iter().fold(self, |patch, name| patch.below.entry(name.as_ref().to_owned()).or_default())
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.instead.is_none() && self.below.values().all(Patch::is_empty)
    }

    /// What there is where nothing was; nothing where that stays so.
    fn made(&self) -> Option<serde_json::Value> {
        let mut made = match &self.instead {
            Some(None) => return None,
            Some(Some(value)) => Some(value.clone()),
            None => None,
        };
        for (key, patch) in &self.below {
            let Some(value) = patch.made() else { continue };
            let fields = made.get_or_insert_with(|| serde_json::json!({})).as_object_mut();
            if let Some(fields) = fields {
                fields.insert(key.clone(), value);
            }
        }
        made
    }
}

impl Document {
    /// The document with changes. What is new stands, as far as messages tell, where the value stands
    /// that holds it.
    pub fn edited(&self, patch: &Patch) -> Document {
        let mut copy = Copy { builder: TreeBuilder::new(Arc::clone(&self.source)) };
        let root = self.root();
        let root = copy.patched(root, patch).unwrap_or_else(|| copy.builder.null(root.span()));
        let tree = Backing::Tree(copy.builder.into_tree(root).into());
        let limits = Limits { document_depth: self.depth, ..Limits::default() };
        Document::new(Arc::clone(&self.source), self.notation, tree, &limits)
    }
}

struct Copy {
    builder: TreeBuilder,
}

impl Copy {
    /// A value with what changes of it; nothing where it goes.
    fn patched(&mut self, node: Node<'_>, patch: &Patch) -> Option<TreeNode> {
        if patch.is_empty() {
            return Some(self.same(node));
        }
        if patch.instead.is_some() || node.kind() != Kind::Object {
            return patch.made().map(|value| self.new_value(&value, node.span()));
        }
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            let mut entries = Vec::new();
            let mut known = Vec::new();
            for (key, value) in node.entries() {
                let changed = match patch.below.get(&*key.text) {
                    Some(patch) => self.patched(value, patch),
                    None => Some(self.same(value)),
                };
                known.push(key.text.to_string());
                entries.extend(changed.map(|value| (key.text, key.span, value)));
            }
            let new = patch.below.iter().filter(|(key, _)| !known.contains(key));
            let new: Vec<(String, serde_json::Value)> =
                new.filter_map(|(key, patch)| Some((key.clone(), patch.made()?))).collect();
            for (key, value) in new {
                let value = self.new_value(&value, node.span());
                entries.push((key.into(), node.span(), value));
            }
            let entries = entries.iter().map(|(key, span, value)| (&**key, *span, *value));
            Some(self.builder.object(entries, node.span()))
        })
    }

    /// A value as it is.
    fn same(&mut self, node: Node<'_>) -> TreeNode {
        let span = node.span();
        match node.kind() {
            Kind::Null => self.builder.null(span),
            Kind::Bool => self.builder.bool(node.as_bool().unwrap_or_default(), span),
            Kind::Int => self.builder.int(node.as_int().unwrap_or_default(), span),
            Kind::Float => self.builder.float(node.as_float().unwrap_or_default(), span),
            Kind::String => {
                // A JSON string is a YAML one in double quotes, escapes included.
                let style = node.document().tree().and_then(|tree| tree.style(node.at));
                let text = node.as_str().unwrap_or_default();
                self.builder.styled_string(&text, span, style.unwrap_or(Style::YamlDouble))
            }
            Kind::Expression => {
                let path = node.file_value().map(|value| value.path).unwrap_or_default();
                self.builder.expression(path, span)
            }
            Kind::List => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                let items: Vec<TreeNode> = node.items().map(|item| self.same(item)).collect();
                self.builder.list(items, span)
            }),
            Kind::Object => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                let entries: Vec<_> =
                    node.entries().map(|(key, value)| (key.text, key.span, self.same(value))).collect();
                let entries = entries.iter().map(|(key, span, value)| (&**key, *span, *value));
                self.builder.object(entries, span)
            }),
        }
    }

    /// A value that stands nowhere yet.
    fn new_value(&mut self, value: &serde_json::Value, span: Span) -> TreeNode {
        match value {
            serde_json::Value::Null => self.builder.null(span),
            serde_json::Value::Bool(truth) => self.builder.bool(*truth, span),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) => self.builder.int(whole, span),
                None => self.builder.float(number.as_f64().unwrap_or_default(), span),
            },
            serde_json::Value::String(text) => self.builder.string(text, span),
            serde_json::Value::Array(items) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                let items: Vec<TreeNode> = items.iter().map(|item| self.new_value(item, span)).collect();
                self.builder.list(items, span)
            }),
            serde_json::Value::Object(members) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                let entries: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (key.as_str(), span, self.new_value(value, span)))
                    .collect();
                self.builder.object(entries, span)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::text::Source;

    #[test]
    fn what_does_not_change_keeps_value_and_place() {
        let text = r#"{ "a": { "b": [1, 2.5, null, true], "c": "x\ty" }, "d": "e" }"#;
        let document = Document::json(Source::new("a.json", text));
        let mut patch = Patch::default();
        patch.at(&["a", "n", "m"]).instead = Some(Some(json!({ "k": [-1, "v"] })));
        patch.at(&["d"]).instead = Some(None);
        let edited = document.edited(&patch);
        let expected =
            json!({ "a": { "b": [1, 2.5, null, true], "c": "x\ty", "n": { "m": { "k": [-1, "v"] } } } });
        assert_eq!(edited.root().to_json(), expected);
        let place = |document: &Document| document.root().get_path(&["a", "c"]).map(Node::span);
        assert_eq!(place(&edited), place(&document));
        let embedded = edited.root().get_path(&["a", "c"]).and_then(Node::embedded).expect("a string");
        let (_, there) = embedded.locate(Span::new(2, 3));
        assert_eq!(document.source.slice(there), "y");
        assert_eq!(edited.notation(), document.notation());
    }

    #[test]
    fn a_key_may_go_and_come_back() {
        let document = Document::json(Source::new("a.json", r#"{ "a": 1 }"#));
        let mut patch = Patch::default();
        patch.at(&["a"]).instead = Some(Some(json!({})));
        patch.at(&["a", "b"]).instead = Some(Some(json!(2)));
        assert_eq!(document.edited(&patch).root().to_json(), json!({ "a": { "b": 2 } }));
        assert!(!patch.is_empty() && Patch::default().is_empty());
    }
}
