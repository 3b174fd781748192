//! Documents: texts in JSON, YAML, TOML or INI, and values of expression files, behind one way to read.
//!
//! A [`Node`] is a value in a document. JSON is read as far as somebody looks: it is scanned once, in
//! place, without a tree. YAML, TOML and expression files are small trees ([`TreeBuilder`] makes them).
//!
//! What comes in is a [`Source`]. A text that cannot be read gives a document all the same, whose
//! [`Document::error`] says where it went wrong; JSON finds its errors while it is being read, and
//! [`Document::validate`] reads what nobody has looked at.
//!
//! ```
//! use invq::inventory::document::Document;
//! use invq::text::Source;
//!
//! let document = Document::json(Source::new("inventory.json", r#"{ "tags": [ "web", "db" ] }"#));
//! let tags = document.root().get("tags").into_iter().flat_map(|tags| tags.items());
//! let tags: Vec<_> = tags.filter_map(|tag| tag.as_str()).collect();
//! assert_eq!(tags, ["web", "db"]);
//! assert!(document.error().is_none());
//! ```

mod convert;
mod edited;
mod fields;
mod json;
mod notation;
mod offsets;
mod scan;
mod toml;
mod tree;
mod yaml;
mod yaml_1_1;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

pub use edited::Patch;
pub use fields::{Fields, Keys, duplicate_key};
pub use notation::Notation;
pub use tree::{TreeBuilder, TreeNode};

use crate::diagnostic::Diagnostic;
use crate::limits::{Limit, Limits};
use crate::text::{Deferred, Source, Span, count};

/// How large a document can be, in bytes, whatever its limit: places are 32 bits wide.
const LARGEST: usize = u32::MAX as usize - 1;

/// A document.
pub struct Document {
    /// Its text.
    pub source: Arc<Source>,
    number: u32,
    /// Whether it belongs to another document, and is none that the inventory was loaded from.
    beside: bool,
    /// The document that it was made of, where it is not as people wrote it.
    original: Option<u32>,
    notation: Notation,
    /// How deep lists and objects may be nested.
    depth: usize,
    backing: Backing,
    error: OnceLock<Box<Diagnostic>>,
}

/// How the values of a document are found.
enum Backing {
    Json(json::State),
    Tree(Deferred<tree::Tree>),
}

/// Reads a text into a tree.
type ReadTree = fn(&Arc<Source>, &Limits) -> Result<tree::Tree, Box<Diagnostic>>;

/// The mistake of a document that is too large.
pub(crate) fn too_large(size: usize, most: usize) -> Diagnostic {
    let message = format!(
        "expected a document of at most {}, found {}",
        count(most, "byte", "bytes"),
        count(size, "byte", "bytes")
    );
    Limit::Document.reached(message, "")
}

/// The mistake of a document that nests too deeply.
fn too_deep(most: usize) -> Diagnostic {
    Limit::DocumentDepth
        .reached(format!("expected at most {most} nested lists and objects in a document"), "")
}

/// A part of a document that stays as written: by document, and where it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Raw {
    /// Which document, by its index in the inventory.
    pub document: u32,
    /// Where: the offset of a JSON value, the number of a tree node.
    pub at: u32,
}

/// A value in a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    at: u32,
}

/// What kind of value a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A whole number.
    Int,
    /// Another number.
    Float,
    /// A text.
    String,
    /// A list.
    List,
    /// Keys with values.
    Object,
    /// A function or a filter, in an expression file.
    Expression,
}

impl Kind {
    /// How messages call it: `a list`, `an object`.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Int => "an integer",
            Kind::Float => "a float",
            Kind::String => "a string",
            Kind::List => "a list",
            Kind::Object => "an object",
            Kind::Expression => "an expression",
        }
    }
}

/// A key of an object.
#[derive(Clone, Debug)]
pub struct Key<'d> {
    /// The key, escapes resolved.
    pub text: Cow<'d, str>,
    /// Its place, quotes included.
    pub span: Span,
}

/// The elements of a list, in order.
pub struct Items<'d>(ItemsOf<'d>);

enum ItemsOf<'d> {
    Json(json::Items<'d>),
    Tree(&'d Document, std::slice::Iter<'d, u32>),
    None,
}

/// Whether a text is nothing but white space.
fn is_blank(source: &Source) -> bool {
    source.text().trim_start_matches('\u{feff}').trim_ascii().is_empty()
}

/// The keys and values of an object, in written order; duplicates come as often as they stand there.
pub struct Entries<'d>(EntriesOf<'d>);

enum EntriesOf<'d> {
    Json(json::Entries<'d>),
    Tree(&'d Document, std::slice::Iter<'d, tree::Entry>),
    None,
}

impl Document {
    /// A text of nothing but white space, in any notation: it holds `null`.
    pub fn blank(source: Arc<Source>, notation: Notation) -> Document {
        Document::new(source, notation, Backing::Tree(Deferred::default()), &Limits::default())
    }

    /// A JSON text. Nothing is read yet.
    pub fn json(source: Arc<Source>) -> Document {
        Document::json_within(source, &Limits::default())
    }

    /// A JSON text, within limits.
    pub fn json_within(source: Arc<Source>, limits: &Limits) -> Document {
        if is_blank(&source) {
            return Document::blank(source, Notation::Json);
        }
        let document = Document::new(source, Notation::Json, Backing::Json(json::State::default()), limits);
        if document.error().is_none() {
            document.open_json();
        }
        document
    }

    /// A text in which every line is a JSON value, within limits: the document is the list of them.
    pub fn lines_within(source: Arc<Source>, limits: &Limits) -> Document {
        if is_blank(&source) {
            return Document::blank(source, Notation::Json);
        }
        let state = json::State::default();
        state.set_lines();
        Document::new(source, Notation::Json, Backing::Json(state), limits)
    }

    /// Whether every line of the text is a value.
    pub fn is_lines(&self) -> bool {
        matches!(&self.backing, Backing::Json(state) if state.root() == json::LINES)
    }

    /// A YAML 1.2 text with one document.
    pub fn yaml(source: Arc<Source>) -> Document {
        Document::yaml_within(source, &Limits::default())
    }

    /// A YAML text, within limits.
    pub fn yaml_within(source: Arc<Source>, limits: &Limits) -> Document {
        Document::tree_of(source, Notation::Yaml, yaml::read, limits)
    }

    /// A TOML text.
    pub fn toml(source: Arc<Source>) -> Document {
        Document::toml_within(source, &Limits::default())
    }

    /// A TOML text, within limits.
    pub fn toml_within(source: Arc<Source>, limits: &Limits) -> Document {
        if is_blank(&source) {
            return Document::blank(source, Notation::Toml);
        }
        Document::tree_of(source, Notation::Toml, toml::read, limits)
    }

    /// An inventory that is written as an expression, where nothing is written.
    pub fn blank_expression(source: &Arc<Source>) -> Option<Document> {
        is_blank(source).then(|| Document::blank(Arc::clone(source), Notation::Expression))
    }

    /// A text that has been read before without an error: it is not looked at until somebody does. `root`
    /// is where its value is; nothing for a notation that cannot be read in this way.
    pub fn known(source: Arc<Source>, notation: Notation, root: u32, limits: &Limits) -> Option<Document> {
        let backing = match notation {
            Notation::Json => Backing::Json(json::State::complete(root)),
            Notation::Yaml | Notation::Toml => {
                let read: ReadTree = if notation == Notation::Yaml { yaml::read } else { toml::read };
                let (source, limits) = (Arc::clone(&source), limits.clone());
                Backing::Tree(Deferred::new(move || read(&source, &limits).unwrap_or_default()))
            }
            Notation::Ini | Notation::Expression => return None,
        };
        Some(Document::of(source, notation, backing, limits))
    }

    fn of(source: Arc<Source>, notation: Notation, backing: Backing, limits: &Limits) -> Document {
        let (number, beside, original) = (0, false, None);
        let (depth, error) = (limits.document_depth, OnceLock::new());
        Document { source, number, beside, original, notation, depth, backing, error }
    }

    /// The same text under the same number, for another reader: where one has read to is not known to the
    /// other. Only JSON is read in place; other notations have been read already.
    pub fn again(&self) -> Option<Document> {
        let Backing::Json(state) = &self.backing else { return None };
        let (source, error) = (Arc::clone(&self.source), self.error.clone());
        let backing = Backing::Json(state.again());
        Some(Document { source, backing, error, ..*self })
    }

    fn new(source: Arc<Source>, notation: Notation, backing: Backing, limits: &Limits) -> Document {
        let document = Document::of(source, notation, backing, limits);
        let (size, most) = (document.source.text().len(), limits.document.min(LARGEST));
        if size > most {
            document.fail(Box::new(too_large(size, most).at(&document.source, Span::new(0, 0), "")));
        }
        document
    }

    fn tree_of(source: Arc<Source>, notation: Notation, read: ReadTree, limits: &Limits) -> Document {
        let mut document = Document::new(source, notation, Backing::Tree(Deferred::default()), limits);
        if document.error().is_none() {
            match read(&document.source, limits) {
                Ok(tree) => document.backing = Backing::Tree(tree.into()),
                Err(diagnostic) => document.fail(diagnostic),
            }
        }
        document
    }

    /// How it is written.
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// Its index in the inventory's documents.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whether it belongs to another document, such as a file of variables.
    pub fn is_beside(&self) -> bool {
        self.beside
    }

    /// Says that it belongs to another document.
    pub(super) fn set_beside(&mut self) {
        self.beside = true;
    }

    /// Whether it was made of another document, which people wrote and which is there too.
    pub fn is_derived(&self) -> bool {
        self.original.is_some_and(|original| original != self.number)
    }

    /// Whether it has what its text says.
    pub fn is_as_written(&self) -> bool {
        self.original.is_none()
    }

    /// Says which document it was made of, whose functions are its own; its number, where it takes the place
    /// of that one.
    pub fn set_original(&mut self, number: u32) {
        self.original = Some(number);
    }

    /// Sets its index in the inventory's documents.
    pub fn set_number(&mut self, number: u32) {
        self.number = number;
    }

    /// The whole value.
    pub fn root(&self) -> Node<'_> {
        let at = match &self.backing {
            Backing::Json(state) => state.root(),
            Backing::Tree(tree) => tree.root(),
        };
        Node { document: self, at }
    }

    /// A value whose place is known.
    pub fn node(&self, raw: Raw) -> Node<'_> {
        Node { document: self, at: raw.at }
    }

    /// The first thing that is wrong with the text, as far as it has been read.
    pub fn error(&self) -> Option<&Diagnostic> {
        self.error.get().map(|diagnostic| &**diagnostic)
    }

    /// Reads what nobody has looked at yet, so that [`Document::error`] speaks for the whole text.
    pub fn validate(&self) -> Option<&Diagnostic> {
        if let Backing::Json(state) = &self.backing
            && !state.is_complete()
            && self.error().is_none()
        {
            self.read_all();
        }
        self.error()
    }

    /// Records what is wrong; the first error stays.
    fn fail(&self, diagnostic: Box<Diagnostic>) {
        // A later error is a consequence of the first.
        let _later = self.error.set(diagnostic);
    }

    /// Reads what stands without quotes as YAML 1.1 does, which Ansible's documents are written in: `yes`
    /// and `off` are booleans, `0644` is octal, `1:30` is ninety. Encrypted texts (`!vault`) and those in
    /// which nothing is to be filled in (`!unsafe`) become objects with the keys `__ansible_vault` and
    /// `__ansible_unsafe`, as Ansible writes them. Only YAML has such scalars.
    pub fn read_as_yaml_1_1(&mut self) {
        if let (Notation::Yaml, Backing::Tree(tree)) = (self.notation, &mut self.backing) {
            tree.resolve_plain(&self.source, yaml_1_1::resolve);
        }
    }

    fn tree(&self) -> Option<&tree::Tree> {
        match &self.backing {
            Backing::Tree(tree) => Some(tree),
            Backing::Json(_) => None,
        }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Document").field("name", &self.source.name()).finish_non_exhaustive()
    }
}

impl<'d> Node<'d> {
    /// What kind of value it is.
    #[inline]
    pub fn kind(self) -> Kind {
        match &self.document.backing {
            Backing::Json(_) => self.document.json_kind(self.at),
            Backing::Tree(tree) => tree.kind(self.at),
        }
    }

    /// Passes over a value that another reader of the document looks into ([`Document::again`]), at a fourth of
    /// what it takes to look whether it is right.
    pub fn pass(self) {
        if let Backing::Json(_) = &self.document.backing {
            self.document.pass(self.at);
        }
    }

    /// Says that these readers of the document have read the value, each a part of it: the first of their
    /// mistakes is the document's, and who reads on does so behind the value.
    pub fn was_read_by(self, readers: &[&Document]) {
        if let Backing::Json(_) = &self.document.backing {
            self.document.go_on(self.at, readers);
        }
    }

    /// Its place, from its first to its last byte.
    pub fn span(self) -> Span {
        match &self.document.backing {
            Backing::Json(_) => self.document.json_span(self.at),
            Backing::Tree(tree) => tree.span(self.at),
        }
    }

    /// The text in which it stands.
    pub fn source(self) -> &'d Arc<Source> {
        &self.document.source
    }

    /// The document in which it stands.
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// Where it stands, to come back to.
    #[inline]
    pub fn raw(self) -> Raw {
        Raw { document: self.document.number, at: self.at }
    }

    /// Its document and place.
    pub fn spot(self) -> super::model::Spot {
        super::model::Spot { document: self.document.number, span: self.span() }
    }

    /// The text of a string, escapes resolved.
    #[inline]
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        match &self.document.backing {
            Backing::Json(_) => self.document.json_string(self.at),
            Backing::Tree(tree) => tree.text(self.at, &self.document.source).map(Cow::Borrowed),
        }
    }

    /// A boolean.
    pub fn as_bool(self) -> Option<bool> {
        match &self.document.backing {
            Backing::Json(_) => self.document.json_bool(self.at),
            Backing::Tree(tree) => tree.bool(self.at),
        }
    }

    /// A whole number of 64 bits.
    pub fn as_int(self) -> Option<i64> {
        match &self.document.backing {
            Backing::Json(_) => self.document.json_number(self.at)?.parse().ok(),
            Backing::Tree(tree) => tree.int(self.at),
        }
    }

    /// Any number.
    pub fn as_float(self) -> Option<f64> {
        match &self.document.backing {
            Backing::Json(_) => self.document.json_number(self.at)?.parse().ok(),
            Backing::Tree(tree) => tree.float(self.at),
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The elements of a list; nothing where it is none.
    #[inline]
    pub fn items(self) -> Items<'d> {
        Items(match &self.document.backing {
            Backing::Json(_) => ItemsOf::Json(json::Items::new(self.document, self.at)),
            Backing::Tree(tree) => match tree.items(self.at) {
                Some(items) => ItemsOf::Tree(self.document, items.iter()),
                None => ItemsOf::None,
            },
        })
    }

    /// The keys and values of an object; nothing where it is none.
    #[inline]
    pub fn entries(self) -> Entries<'d> {
        Entries(match &self.document.backing {
            Backing::Json(_) => EntriesOf::Json(json::Entries::new(self.document, self.at)),
            Backing::Tree(tree) => match tree.entries(self.at) {
                Some(entries) => EntriesOf::Tree(self.document, entries.iter()),
                None => EntriesOf::None,
            },
        })
    }

    /// The value of a key: the first one where the key stands twice.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.entries().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    /// The value at the end of a chain of keys.
    pub fn get_path(self, names: &[&str]) -> Option<Node<'d>> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The keys and values of an object at once, with what is wrong about its keys.
    pub fn fields(self) -> Fields<'d> {
        Fields::new(self)
    }
}

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    #[inline]
    fn next(&mut self) -> Option<Node<'d>> {
        match &mut self.0 {
            ItemsOf::Json(items) => items.next(),
            ItemsOf::Tree(document, items) => items.next().map(|at| Node { document, at: *at }),
            ItemsOf::None => None,
        }
    }
}

impl<'d> Iterator for Entries<'d> {
    type Item = (Key<'d>, Node<'d>);

    #[inline]
    fn next(&mut self) -> Option<(Key<'d>, Node<'d>)> {
        match &mut self.0 {
            EntriesOf::Json(entries) => entries.next(),
            EntriesOf::Tree(document, entries) => {
                let entry = entries.next()?;
                let text = document.tree()?.key(entry, &document.source);
                let key = Key { text: Cow::Borrowed(text), span: entry.key_span };
                Some((key, Node { document, at: entry.value }))
            }
            EntriesOf::None => None,
        }
    }
}

#[cfg(test)]
mod tests;
