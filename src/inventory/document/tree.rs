//! Small trees of values with places: what YAML, TOML and expression files become.
//!
//! A tree is an arena. Texts that stand in the source as they are stay there; only others are kept.
//! A node may be in several places (a YAML alias), so the arena is a graph without cycles.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Backing, Document, Kind, Node, Notation};
use crate::limits::Limits;
use crate::syntax::ast::Name;
use crate::text::{Source, Span};

/// An arena of values.
#[derive(Default)]
pub(super) struct Tree {
    root: u32,
    nodes: Vec<Value>,
    items: Vec<u32>,
    entries: Vec<Entry>,
    texts: String,
    expressions: Vec<Vec<Name>>,
    /// Texts that a YAML tag marks, by node, with the key under which Ansible writes each.
    marked: Vec<(u32, &'static str)>,
}

/// A value with its place.
struct Value {
    span: Span,
    data: Data,
}

#[derive(Clone, Copy)]
enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Text, Style),
    /// A range of `items`.
    List(u32, u32),
    /// A range of `entries`.
    Object(u32, u32),
    /// An index into `expressions`.
    Expression(u32),
}

/// A text: a range of the source, or of the texts that the tree keeps.
#[derive(Clone, Copy)]
struct Text {
    range: Span,
    kept: bool,
}

/// How a string is written, which decides how its offsets map to those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A YAML scalar without quotes.
    YamlPlain,
    /// A YAML scalar without quotes whose tag says that it is a text.
    YamlTagged,
    /// A YAML scalar in single quotes.
    YamlSingle,
    /// A YAML scalar in double quotes.
    YamlDouble,
    /// A YAML block scalar, literal or folded.
    YamlBlock,
    /// A TOML string of any kind.
    Toml,
    /// A JSON string.
    Json,
    /// A value that was computed.
    Computed,
}

/// What a scalar without quotes stands for, where it is not the text that it is written as.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PlainScalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

/// A key with its value.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    key: Text,
    pub(super) key_span: Span,
    pub(super) value: u32,
}

impl Tree {
    pub(super) fn root(&self) -> u32 {
        self.root
    }

    fn data(&self, at: u32) -> Data {
        self.nodes.get(at as usize).map_or(Data::Null, |value| value.data)
    }

    pub(super) fn kind(&self, at: u32) -> Kind {
        match self.data(at) {
            Data::Null => Kind::Null,
            Data::Bool(_) => Kind::Bool,
            Data::Int(_) => Kind::Int,
            Data::Float(_) => Kind::Float,
            Data::String(..) => Kind::String,
            Data::List(..) => Kind::List,
            Data::Object(..) => Kind::Object,
            Data::Expression(_) => Kind::Expression,
        }
    }

    pub(super) fn span(&self, at: u32) -> Span {
        self.nodes.get(at as usize).map_or(Span::default(), |value| value.span)
    }

    pub(super) fn bool(&self, at: u32) -> Option<bool> {
        match self.data(at) {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn int(&self, at: u32) -> Option<i64> {
        match self.data(at) {
            Data::Int(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn float(&self, at: u32) -> Option<f64> {
        match self.data(at) {
            Data::Int(value) => Some(value as f64),
            Data::Float(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn text<'d>(&'d self, at: u32, source: &'d Source) -> Option<&'d str> {
        match self.data(at) {
            Data::String(text, _) => Some(self.resolve(text, source)),
            _ => None,
        }
    }

    pub(super) fn style(&self, at: u32) -> Option<Style> {
        match self.data(at) {
            Data::String(_, style) => Some(style),
            _ => None,
        }
    }

    pub(super) fn items(&self, at: u32) -> Option<&[u32]> {
        match self.data(at) {
            Data::List(start, end) => self.items.get(start as usize..end as usize),
            _ => None,
        }
    }

    pub(super) fn entries(&self, at: u32) -> Option<&[Entry]> {
        match self.data(at) {
            Data::Object(start, end) => self.entries.get(start as usize..end as usize),
            _ => None,
        }
    }

    /// Gives every scalar that stands in the source without quotes the meaning that `resolve` says, and
    /// puts each marked text into an object under its key.
    pub(super) fn resolve_plain(&mut self, source: &Source, resolve: impl Fn(&str) -> Option<PlainScalar>) {
        for value in &mut self.nodes {
            let plain = match value.data {
                Data::String(text, Style::YamlPlain) => match text.kept {
                    true => self.texts.get(text.range.range()).unwrap_or(""),
                    false => source.slice(text.range),
                },
                Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => source.slice(value.span),
                _ => continue,
            };
            if plain.starts_with(['"', '\'', '!', '&', '*']) {
                continue;
            }
            value.data = match (resolve(plain), value.data) {
                (Some(PlainScalar::Null), _) => Data::Null,
                (Some(PlainScalar::Bool(truth)), _) => Data::Bool(truth),
                (Some(PlainScalar::Int(number)), _) => Data::Int(number),
                (Some(PlainScalar::Float(number)), _) => Data::Float(number),
                (Some(PlainScalar::Text(text)), _) => {
                    let start = self.texts.len();
                    self.texts.push_str(&text);
                    let range = Span::new(start, self.texts.len());
                    Data::String(Text { range, kept: true }, Style::YamlTagged)
                }
                (None, text @ Data::String(..)) => text,
                (None, _) => Data::String(Text { range: value.span, kept: false }, Style::YamlPlain),
            };
        }
        for (at, key) in std::mem::take(&mut self.marked) {
            let start = self.texts.len();
            self.texts.push_str(key);
            let key = Text { range: Span::new(start, self.texts.len()), kept: true };
            let (inner, first) = (length(&self.nodes), length(&self.entries));
            let Some(value) = self.nodes.get_mut(at as usize) else { continue };
            let (span, data) =
                (value.span, std::mem::replace(&mut value.data, Data::Object(first, first + 1)));
            self.nodes.push(Value { span, data });
            self.entries.push(Entry { key, key_span: span, value: inner });
        }
    }

    pub(super) fn key<'d>(&'d self, entry: &Entry, source: &'d Source) -> &'d str {
        self.resolve(entry.key, source)
    }

    pub(super) fn expression(&self, at: u32) -> Option<&[Name]> {
        match self.data(at) {
            Data::Expression(index) => self.expressions.get(index as usize).map(Vec::as_slice),
            _ => None,
        }
    }

    fn resolve<'d>(&'d self, text: Text, source: &'d Source) -> &'d str {
        if text.kept {
            self.texts.get(text.range.range()).unwrap_or("")
        } else {
            source.text().get(text.range.range()).unwrap_or("")
        }
    }
}

/// A value of a tree that is being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeNode(pub(super) u32);

/// Builds a document from computed values, children before their parents.
///
/// ```
/// use invq::inventory::document::TreeBuilder;
/// use invq::text::{Source, Span};
///
/// let source = Source::new("inventory.invq", "{ suffix = \"lan\"; }");
/// let mut builder = TreeBuilder::new(source);
/// let suffix = builder.string("lan", Span::new(11, 16));
/// let root = builder.object([("suffix", Span::new(2, 8), suffix)], Span::new(0, 19));
/// let document = builder.finish(root);
/// assert_eq!(document.root().get("suffix").and_then(|node| node.as_str()).as_deref(), Some("lan"));
/// ```
pub struct TreeBuilder {
    source: Arc<Source>,
    tree: Tree,
    /// Where keys are kept already, since the same few stand in every object.
    keys: HashMap<Box<str>, Span>,
}

impl TreeBuilder {
    /// A builder for values that stand in, or come from, this text.
    pub fn new(source: Arc<Source>) -> TreeBuilder {
        TreeBuilder { source, tree: Tree::default(), keys: HashMap::new() }
    }

    fn add(&mut self, data: Data, span: Span) -> TreeNode {
        let index = length(&self.tree.nodes);
        self.tree.nodes.push(Value { span, data });
        TreeNode(index)
    }

    /// `null`
    pub fn null(&mut self, span: Span) -> TreeNode {
        self.add(Data::Null, span)
    }

    /// `true`, `false`
    pub fn bool(&mut self, value: bool, span: Span) -> TreeNode {
        self.add(Data::Bool(value), span)
    }

    /// A whole number.
    pub fn int(&mut self, value: i64, span: Span) -> TreeNode {
        self.add(Data::Int(value), span)
    }

    /// Another number.
    pub fn float(&mut self, value: f64, span: Span) -> TreeNode {
        self.add(Data::Float(value), span)
    }

    /// A text.
    pub fn string(&mut self, text: &str, span: Span) -> TreeNode {
        self.styled_string(text, span, Style::Computed)
    }

    /// A text of which is known how it is written.
    pub(super) fn styled_string(&mut self, text: &str, span: Span, style: Style) -> TreeNode {
        let text = match self.verbatim(text, span) {
            Some(range) => Text { range, kept: false },
            None => Text { range: self.keep(text), kept: true },
        };
        self.add(Data::String(text, style), span)
    }

    /// A list.
    pub fn list(&mut self, items: impl IntoIterator<Item = TreeNode>, span: Span) -> TreeNode {
        let start = length(&self.tree.items);
        self.tree.items.extend(items.into_iter().map(|item| item.0));
        let end = length(&self.tree.items);
        self.add(Data::List(start, end), span)
    }

    /// Keys, each with its place, and values.
    pub fn object<'k>(
        &mut self,
        entries: impl IntoIterator<Item = (&'k str, Span, TreeNode)>,
        span: Span,
    ) -> TreeNode {
        let start = length(&self.tree.entries);
        for (key, key_span, value) in entries {
            let entry = self.entry(key, key_span, value);
            self.tree.entries.push(entry);
        }
        let end = length(&self.tree.entries);
        self.add(Data::Object(start, end), span)
    }

    /// Data, all of it at one place.
    pub fn json(&mut self, data: &serde_json::Value, span: Span) -> TreeNode {
        match data {
            serde_json::Value::Null => self.null(span),
            serde_json::Value::Bool(truth) => self.bool(*truth, span),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) => self.int(whole, span),
                None => self.float(number.as_f64().unwrap_or(f64::NAN), span),
            },
            serde_json::Value::String(text) => self.string(text, span),
            serde_json::Value::Array(items) => {
                let items: Vec<TreeNode> = items.iter().map(|item| self.json(item, span)).collect();
                self.list(items, span)
            }
            serde_json::Value::Object(members) => {
                let entries: Vec<(&str, TreeNode)> =
                    members.iter().map(|(key, member)| (key.as_str(), self.json(member, span))).collect();
                self.object(entries.into_iter().map(|(key, node)| (key, span, node)), span)
            }
        }
    }

    /// A function or a filter, by the keys and indices (as digits) that lead to it in the file's value.
    pub fn expression(&mut self, path: Vec<Name>, span: Span) -> TreeNode {
        let index = length(&self.tree.expressions);
        self.tree.expressions.push(path);
        self.add(Data::Expression(index), span)
    }

    /// The document with this value, of an expression file.
    pub fn finish(self, root: TreeNode) -> Document {
        self.finish_as(root, Notation::Expression, &Limits::default())
    }

    /// The document with this value, of a text that is written this way.
    pub fn finish_as(self, root: TreeNode, notation: Notation, limits: &Limits) -> Document {
        let source = Arc::clone(&self.source);
        Document::new(source, notation, Backing::Tree(self.into_tree(root).into()), limits)
    }

    /// A value of another document of the same text, with all its places.
    pub fn copy(&mut self, node: Node<'_>) -> TreeNode {
        let span = node.span();
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || match node.kind() {
            Kind::Null => self.null(span),
            Kind::Bool => self.bool(node.as_bool().unwrap_or_default(), span),
            Kind::Int => self.int(node.as_int().unwrap_or_default(), span),
            Kind::Float => self.float(node.as_float().unwrap_or_default(), span),
            Kind::String => self.styled_string(&node.as_str().unwrap_or_default(), span, node.style()),
            Kind::List => {
                let items: Vec<TreeNode> = node.items().map(|item| self.copy(item)).collect();
                self.list(items, span)
            }
            Kind::Object => {
                let entries: Vec<_> = node.entries().map(|(key, node)| (key, self.copy(node))).collect();
                self.object(entries.iter().map(|(key, node)| (&*key.text, key.span, *node)), span)
            }
            Kind::Expression => {
                let path = node.file_value().map(|value| value.path).unwrap_or_default();
                self.expression(path, span)
            }
        })
    }

    /// Notes that a text is marked, with the key under which Ansible writes it.
    pub(super) fn set_marked(&mut self, node: TreeNode, key: &'static str) {
        self.tree.marked.push((node.0, key));
    }

    pub(super) fn into_tree(mut self, root: TreeNode) -> Tree {
        self.tree.root = root.0;
        self.tree.nodes.shrink_to_fit();
        self.tree.items.shrink_to_fit();
        self.tree.entries.shrink_to_fit();
        self.tree
    }

    pub(super) fn entry(&mut self, key: &str, key_span: Span, value: TreeNode) -> Entry {
        let key = match self.verbatim(key, key_span) {
            Some(range) => Text { range, kept: false },
            None => Text { range: self.keep_key(key), kept: true },
        };
        Entry { key, key_span, value: value.0 }
    }

    pub(super) fn object_of(&mut self, entries: &[Entry], span: Span) -> TreeNode {
        let start = length(&self.tree.entries);
        self.tree.entries.extend_from_slice(entries);
        let end = length(&self.tree.entries);
        self.add(Data::Object(start, end), span)
    }

    /// What is built so far, to look at.
    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The range of the source that is this text: the span itself, or what is between its quotes.
    fn verbatim(&self, text: &str, span: Span) -> Option<Span> {
        let written = self.source.slice(span);
        if written == text {
            return Some(span);
        }
        let inner = written.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
        (inner == text).then_some(Span { start: span.start + 1, end: span.end - 1 })
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = self.tree.texts.len();
        self.tree.texts.push_str(text);
        Span::new(start, self.tree.texts.len())
    }

    fn keep_key(&mut self, key: &str) -> Span {
        if let Some(range) = self.keys.get(key) {
            return *range;
        }
        let range = self.keep(key);
        self.keys.insert(key.into(), range);
        range
    }
}

/// The length of a column as an index; documents are limited to less than 4 GiB.
fn length<T>(column: &[T]) -> u32 {
    u32::try_from(column.len()).unwrap_or(u32::MAX)
}
