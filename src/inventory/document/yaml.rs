//! YAML 1.2 to a tree, by the core schema.
//!
//! Aliases share the node of their anchor; how large the tree would be if they were copied is counted
//! and limited, and so is the depth. Merge keys (`<<`) are resolved here: what the object itself has
//! comes first and wins.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::tree::{Entry, Style, Tree, TreeBuilder, TreeNode};
use super::unreadable::{self, Unreadable};
use super::{Kind, too_deep};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{Limit, Limits, grouped};
use crate::text::{Source, Span};

type Failure = Box<Diagnostic>;

/// Reads a text that holds one YAML document.
pub(super) fn read(source: &Arc<Source>, limits: &Limits) -> Result<Tree, Failure> {
    let text = source.text();
    let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut options = granit_parser::options! {
        // One more than is accepted, so that what goes over gets our own message.
        flow_nesting_limit: limits.document_depth + 1,
        block_nesting_limit: limits.document_depth + 1,
        emit_unresolved_aliases: true,
    };
    options.set_emit_comments(false);
    let mut reader = Reader {
        builder: TreeBuilder::new(Arc::clone(source)),
        most_values: limits.document_values,
        most_depth: limits.document_depth,
        weights: Vec::new(),
        anchors: HashMap::new(),
        frames: Vec::new(),
        root: None,
        documents: 0,
    };
    for event in Parser::new_from_str_with_options(text.get(skipped..).unwrap_or(""), options) {
        let (event, place) = event.map_err(|error| scan_failure(source, &error, skipped, limits))?;
        let range = place.byte_range().unwrap_or_default();
        let span = Span::new(range.start + skipped, range.end + skipped);
        reader.event(event, span)?;
    }
    let root = match reader.root {
        Some(root) => root,
        None => {
            let end = Span::new(text.len(), text.len());
            reader.leaf(|builder| builder.null(end))
        }
    };
    Ok(reader.builder.into_tree(root))
}

fn scan_failure(
    source: &Arc<Source>,
    error: &granit_parser::ScanError,
    skipped: usize,
    limits: &Limits,
) -> Failure {
    let at = error.marker().byte_offset().unwrap_or(0) + skipped;
    // A tab below a value is found where the value begins.
    let below = source.text().get(at..).unwrap_or("");
    let is_here = below.starts_with('\t') || !error.info().contains("tab");
    let at = if is_here { at } else { below.find("\n\t").map_or(at, |end| at + end + 1) };
    let message = error.info();
    if message.contains("recursion limit") {
        let width = source.text().get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let span = Span::new(at, at + width);
        return Box::new(too_deep(limits.document_depth).at(source, span, "one level too deep"));
    }
    let Unreadable { message, place: (at, width), help } = unreadable::yaml(source.text(), at, message);
    Box::new(
        Diagnostic::error(Code::InvalidDocument, message)
            .at(source, Span::new(at, at + width), "")
            .maybe_help(help),
    )
}

/// What copying a node would cost: how many values it has, and how deep they are nested.
#[derive(Clone, Copy)]
struct Weight {
    values: u64,
    depth: usize,
}

/// A list or object that is still open.
struct Frame {
    span: Span,
    anchor: usize,
    weight: Weight,
    content: Content,
}

enum Content {
    List(Vec<TreeNode>),
    Object { entries: Vec<Entry>, key: Option<WrittenKey>, merged: Vec<(TreeNode, Span)> },
}

/// A key whose value has not come yet.
struct WrittenKey {
    text: String,
    span: Span,
    is_merge: bool,
}

struct Reader {
    builder: TreeBuilder,
    most_values: u64,
    most_depth: usize,
    /// By node.
    weights: Vec<Weight>,
    /// By anchor: the node, or nothing while it is still open.
    anchors: HashMap<usize, Option<TreeNode>>,
    frames: Vec<Frame>,
    root: Option<TreeNode>,
    documents: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Failure> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let failure = self.failure("expected one YAML document, found a second one", span);
                    return Err(Box::new(failure.help("keep each document in a file of its own")));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(_, anchor, _) => self.open(Content::List(Vec::new()), anchor, span),
            Event::MappingStart(_, anchor, _) => {
                let content = Content::Object { entries: Vec::new(), key: None, merged: Vec::new() };
                self.open(content, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("no anchor before this place is called {}", crate::text::quoted(&name));
                let help = format!(
                    "write `&{name}` before the value that is meant, or put a text in quotes: `\"*{name}\"`"
                );
                Err(Box::new(self.failure(message, span).help(help)))
            }
            _ => Ok(()),
        }
    }

    fn failure(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(Code::InvalidDocument, message).at(self.builder.source(), span, "")
    }

    fn too_deep(&self, span: Span) -> Failure {
        Box::new(too_deep(self.most_depth).at(self.builder.source(), span, "one level too deep"))
    }

    /// Adds a node that has no children.
    fn leaf(&mut self, add: impl FnOnce(&mut TreeBuilder) -> TreeNode) -> TreeNode {
        let node = add(&mut self.builder);
        self.weights.push(Weight { values: 1, depth: 0 });
        node
    }

    fn weight(&self, node: TreeNode) -> Weight {
        self.weights.get(node.0 as usize).copied().unwrap_or(Weight { values: 1, depth: 0 })
    }

    fn awaits_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { content: Content::Object { key: None, .. }, .. }))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Failure> {
        let is_key = self.awaits_key();
        let node = self.leaf(|builder| match resolve(text, style, tag) {
            Scalar::Null => builder.null(span),
            Scalar::Bool(value) => builder.bool(value, span),
            Scalar::Int(value) => builder.int(value, span),
            Scalar::Float(value) => builder.float(value, span),
            Scalar::String => builder.styled_string(text, span, place_style(style, tag)),
        });
        match tag.filter(|tag| tag.handle() == "!").map(Tag::suffix) {
            Some("vault" | "vault-encrypted") => self.builder.set_marked(node, "__ansible_vault"),
            Some("unsafe") => self.builder.set_marked(node, "__ansible_unsafe"),
            _ => {}
        }
        if anchor > 0 {
            self.anchors.insert(anchor, Some(node));
        }
        if is_key {
            let is_merge = text == "<<" && style == ScalarStyle::Plain && tag.is_none();
            self.set_key(WrittenKey { text: text.to_owned(), span, is_merge });
            return Ok(());
        }
        self.place(node, span)
    }

    fn set_key(&mut self, written: WrittenKey) {
        if let Some(Frame { content: Content::Object { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some(written);
        }
    }

    fn open(&mut self, content: Content, anchor: usize, span: Span) -> Result<(), Failure> {
        if self.awaits_key() {
            let failure = self.failure("expected a text as key, found a list or an object", span);
            let help = unreadable::template(self.builder.source().text(), span.range().start);
            let failure = failure.maybe_help(help);
            return Err(Box::new(failure));
        }
        if self.frames.len() >= self.most_depth {
            return Err(self.too_deep(span));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.frames.push(Frame { span, anchor, weight: Weight { values: 1, depth: 1 }, content });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Failure> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        // Blocks end where their last value ends; the event comes after blank lines and comments.
        let span = if end.is_empty() { frame.span } else { frame.span.to(end) };
        let node = match frame.content {
            Content::List(items) => self.builder.list(items, span),
            Content::Object { mut entries, merged, .. } => {
                self.merge(&mut entries, &merged)?;
                self.builder.object_of(&entries, span)
            }
        };
        self.weights.push(frame.weight);
        if frame.anchor > 0 {
            self.anchors.insert(frame.anchor, Some(node));
        }
        self.place(node, span)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Failure> {
        let Some(Some(node)) = self.anchors.get(&anchor).copied() else {
            return Err(Box::new(self.failure("the alias stands inside of its own anchor", span)));
        };
        if self.awaits_key() {
            let text = self.builder.tree().text(node.0, self.builder.source()).map(str::to_owned);
            let Some(text) = text else {
                return Err(Box::new(self.failure("expected a text as key, found another value", span)));
            };
            self.set_key(WrittenKey { text, span, is_merge: false });
            return Ok(());
        }
        self.place(node, span)
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: TreeNode, span: Span) -> Result<(), Failure> {
        let weight = self.weight(node);
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.span = frame.span.to(span);
        frame.weight.values = frame.weight.values.saturating_add(weight.values);
        frame.weight.depth = frame.weight.depth.max(weight.depth + 1);
        let (values, depth) = (frame.weight.values, frame.weight.depth);
        match &mut frame.content {
            Content::List(items) => items.push(node),
            Content::Object { entries, key, merged } => {
                if let Some(key) = key.take() {
                    if key.is_merge {
                        merged.push((node, span));
                    } else {
                        entries.push(self.builder.entry(&key.text, key.span, node));
                    }
                }
            }
        }
        if values > self.most_values {
            let most = grouped(self.most_values);
            let message = format!("with its aliases written out, the document has more than {most} values");
            return Err(Box::new(Limit::DocumentValues.reached(message, "").at(
                self.builder.source(),
                span,
                "",
            )));
        }
        if depth > self.most_depth {
            return Err(self.too_deep(span));
        }
        Ok(())
    }

    /// Adds what merge keys bring and the object itself does not have.
    fn merge(&mut self, entries: &mut Vec<Entry>, merged: &[(TreeNode, Span)]) -> Result<(), Failure> {
        if merged.is_empty() {
            return Ok(());
        }
        let mut sources = Vec::new();
        let tree = self.builder.tree();
        for (node, span) in merged {
            let nodes = tree.items(node.0).map_or_else(|| vec![node.0], <[u32]>::to_vec);
            for node in nodes {
                if tree.kind(node) != Kind::Object {
                    let message = format!(
                        "expected an object or a list of objects to merge, found {}",
                        tree.kind(node).describe()
                    );
                    return Err(Box::new(self.failure(message, *span)));
                }
                sources.push(node);
            }
        }
        let source = self.builder.source();
        let mut known: HashSet<&str> = entries.iter().map(|entry| tree.key(entry, source)).collect();
        let mut added = Vec::new();
        for node in sources {
            for entry in tree.entries(node).unwrap_or(&[]) {
                if known.insert(tree.key(entry, source)) {
                    added.push(*entry);
                }
            }
        }
        entries.extend(added);
        Ok(())
    }
}

fn place_style(style: ScalarStyle, tag: Option<&Tag>) -> Style {
    match style {
        ScalarStyle::Plain if tag.is_some() => Style::YamlTagged,
        ScalarStyle::Plain => Style::YamlPlain,
        ScalarStyle::SingleQuoted => Style::YamlSingle,
        ScalarStyle::DoubleQuoted => Style::YamlDouble,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::YamlBlock,
    }
}

enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String,
}

/// What a scalar is: by its tag, else by its style and the core schema.
fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    match tag {
        // A tag of the core schema decides; what does not fit it, and other tags, leave a text.
        Some(tag) => match tag.core_suffix() {
            Some("null") => Scalar::Null,
            Some("bool" | "int") => core_schema(text),
            Some("float") => core_float(text).map_or(Scalar::String, Scalar::Float),
            _ => Scalar::String,
        },
        None if style == ScalarStyle::Plain => core_schema(text),
        None => Scalar::String,
    }
}

/// YAML 1.2.2, section 10.3.2.
fn core_schema(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return Scalar::String;
    }
    let radix = |digits: &str, radix| {
        let all = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        all.then(|| match i64::from_str_radix(digits, radix) {
            Ok(value) => Scalar::Int(value),
            Err(_) => Scalar::String,
        })
    };
    if let Some(scalar) = text.strip_prefix("0x").and_then(|digits| radix(digits, 16)) {
        return scalar;
    }
    if let Some(scalar) = text.strip_prefix("0o").and_then(|digits| radix(digits, 8)) {
        return scalar;
    }
    if let Ok(value) = text.parse::<i64>() {
        return Scalar::Int(value);
    }
    core_float(text).map_or(Scalar::String, Scalar::Float)
}

fn core_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(f64::NAN);
    }
    // Rust also reads `inf` and `nan`, which are texts in YAML.
    let is_number = unsigned.bytes().any(|byte| byte.is_ascii_digit())
        && unsigned.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+'));
    if is_number { text.parse().ok() } else { None }
}
