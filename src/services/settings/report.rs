//! What a merge is of, and what it says when it fails.

use std::sync::Arc;

use super::definitions::Definition;
use super::interface::{Declared, Options, Type};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node, Notation};
use crate::inventory::model::{Inventory, Spot};
use crate::inventory::path;
use crate::services::Loaded;
use crate::text::{Span, did_you_mean, list_and, quoted};
use crate::value::{Fault, Name, Value};

/// Whose settings are merged.
pub(super) struct Scope {
    /// The inventory.
    pub(super) loaded: Arc<Loaded>,
    /// Where the role is defined.
    pub(super) spot: Option<Spot>,
}

/// A setting, as queries write the way to it: `instances.net.roles.peer.settings.jon.timeout`.
#[derive(Clone)]
pub(super) struct Place {
    names: Vec<Name>,
    /// How many of the names lead to the settings of the machine.
    root: usize,
    /// Under which key the submodule stands, if it is in one.
    key: Option<Name>,
    /// Whether an element of the list is meant.
    is_element: bool,
}

impl Place {
    /// The settings of a machine in a role of an instance.
    pub(super) fn new(instance: &Name, role: &Name, machine: &Name) -> Place {
        let names: Vec<Name> =
            ["instances", &**instance, "roles", &**role, "settings", &**machine].map(Name::from).to_vec();
        Place { root: names.len(), names, key: None, is_element: false }
    }

    /// The names that lead there.
    pub(super) fn names(&self) -> &[Name] {
        &self.names
    }

    /// A key below.
    pub(super) fn below(&self, name: &Name) -> Place {
        let mut below = self.clone();
        below.names.push(Name::clone(name));
        below
    }

    /// An element of the list.
    pub(super) fn element(&self) -> Place {
        Place { is_element: true, ..self.clone() }
    }

    /// The inside of a submodule that stands here.
    pub(super) fn submodule(&self) -> Place {
        Place { key: self.names.last().cloned(), ..self.clone() }
    }

    /// The key under which the submodule stands that the setting is in.
    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    fn quoted(&self) -> String {
        format!("`{}`", path::print(&self.names))
    }

    /// The names that lead to the setting in the settings of a machine.
    fn inner(&self) -> &[Name] {
        self.names.get(self.root..).unwrap_or(&[])
    }
}

/// How many definitions that disagree are shown.
const SHOWN: usize = 8;

impl Scope {
    /// The inventory.
    pub(super) fn inventory(&self) -> &Inventory {
        &self.loaded.model
    }

    /// What a definition is written as.
    pub(super) fn node(&self, definition: &Definition) -> Result<Node<'_>, Fault> {
        let node = self.inventory().node(definition.raw);
        node.ok_or_else(|| crate::services::records::missing("the document"))
    }

    /// Data without functions, as a value.
    ///
    /// # Errors
    /// A function or filter in it.
    pub(super) fn plain(&self, place: &Place, node: Node<'_>) -> Result<Value, Fault> {
        match expression(node) {
            Some(stray) => Err(self.wrong_type(place, "plain data", stray)),
            None => Ok(node.to_value()),
        }
    }

    /// A value of the wrong kind.
    pub(super) fn wrong_type(&self, place: &Place, expected: &str, node: Node<'_>) -> Fault {
        let word = if place.is_element { "in" } else { "as" };
        let message = format!("expected {expected} {word} {}, found {}", place.quoted(), found(node));
        error(Code::InvalidOption, message, node)
    }

    /// A value that the type of its setting does not take.
    pub(super) fn wrong_value(&self, place: &Place, kind: &Type, node: Node<'_>) -> Fault {
        let mut fault = self.wrong_type(place, &kind.describe(), node);
        let (Type::Enum(values), Some(text)) = (kind, node.as_str()) else { return fault };
        let help = did_you_mean(&text, values.iter().filter_map(serde_json::Value::as_str));
        fault.diagnostic_mut().help = help;
        fault
    }

    /// A key that is no option.
    pub(super) fn unknown_option(
        &self,
        place: &Place,
        options: &Options,
        name: &str,
        span: Span,
        definitions: &[Definition],
    ) -> Fault {
        let known: Vec<&str> = options.entries.keys().map(|name| &**name).collect();
        let message = format!("{} has no option {}", place.quoted(), quoted(name));
        let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known.len() {
            0 => format!("remove {}: there are no options here", quoted(name)),
            1..=12 => format!("its options are {}", list_and(&known)),
            _ => format!("remove {}, or declare it in the interface of the role", quoted(name)),
        });
        let diagnostic = Diagnostic::error(Code::UnknownOption, message).help(help);
        let node = definitions.first().and_then(|first| self.inventory().node(first.raw));
        Fault::new(match node {
            Some(node) => diagnostic.at(node.source(), span, ""),
            None => diagnostic,
        })
    }

    /// A setting that must be given and is not.
    pub(super) fn not_given(&self, place: &Place, declared: &Declared) -> Fault {
        let message = format!("{} is not given, and has no default", place.quoted());
        let mut diagnostic = Diagnostic::error(Code::MissingOption, message);
        let notation = match self.spot.and_then(|spot| Some((spot, self.document(spot)?))) {
            Some((spot, document)) => {
                diagnostic = diagnostic.at(&document.source, spot.span, "no settings of this role give it");
                document.notation()
            }
            None => Notation::Expression,
        };
        if let Some(node) = self.inventory().node(declared.raw) {
            diagnostic = diagnostic.at(node.source(), node.span(), "declared here");
        }
        let (last, outer) = match place.inner() {
            [outer @ .., last] => (&**last, outer),
            [] => ("", [].as_slice()),
        };
        let example = declared.kind.example();
        let example = outer
            .iter()
            .rev()
            .fold((last, example), |(key, value), name| (&**name, serde_json::json!({ key: value })));
        let entry = notation.entry(example.0, &example.1);
        Fault::new(diagnostic.help(format!("write `{entry}` in `settings` of the role or the machine")))
    }

    fn document(&self, spot: Spot) -> Option<&crate::inventory::document::Document> {
        self.inventory().documents.get(spot.document as usize).map(|document| &**document)
    }

    /// Definitions that must agree and do not.
    pub(super) fn conflict(&self, place: &Place, nodes: &[Node<'_>]) -> Fault {
        let times = match nodes.len() {
            0..=2 => "twice and differently",
            _ => "several times and differently",
        };
        let message = format!("{} is defined {times}", place.quoted());
        let mut diagnostic = Diagnostic::error(Code::Conflict, message);
        for node in nodes.iter().take(SHOWN) {
            diagnostic = diagnostic.at(node.source(), node.span(), format!("{} here", found(*node)));
        }
        Fault::new(diagnostic.maybe_help(nodes.first().map(|first| forced(place, *first))))
    }

    /// A value that is `null` in one place and not in another.
    pub(super) fn null_and_not(&self, place: &Place, null: Node<'_>, other: Node<'_>) -> Fault {
        let message = format!("{} is defined as `null` and as something else", place.quoted());
        let diagnostic = Diagnostic::error(Code::Conflict, message)
            .at(null.source(), null.span(), "`null` here")
            .at(other.source(), other.span(), format!("{} here", found(other)));
        Fault::new(diagnostic.help(forced(place, other)))
    }
}

/// How to make one definition win.
fn forced(place: &Place, node: Node<'_>) -> String {
    let value = match node.kind() {
        Kind::List | Kind::Object | Kind::Expression => "…".into(),
        _ => node.to_json(),
    };
    let name = place.names.last().map_or("", |name| &**name);
    let notation = node.document().notation();
    let mark = serde_json::json!({ "_type": "override", "priority": 50, "content": value });
    format!("to let one win, write it with a priority: `{}`", notation.entry(name, &mark))
}

/// A mistake at a value.
pub(super) fn error(code: Code, message: String, node: Node<'_>) -> Fault {
    Fault::new(Diagnostic::error(code, message).at(node.source(), node.span(), ""))
}

/// What messages call a value: short ones as they are.
fn found(node: Node<'_>) -> String {
    let kind = node.kind();
    match kind {
        Kind::Expression => "a function or filter".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Bool | Kind::Int | Kind::Float | Kind::String => {
            let text = node.to_json().to_string();
            if text.chars().count() <= 40 { quoted(&text) } else { kind.describe().to_owned() }
        }
        Kind::List | Kind::Object => kind.describe().to_owned(),
    }
}

/// The first function or filter in data.
fn expression(node: Node<'_>) -> Option<Node<'_>> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match node.kind() {
        Kind::Expression => Some(node),
        Kind::List => node.items().find_map(expression),
        Kind::Object => node.entries().find_map(|(_, value)| expression(value)),
        _ => None,
    })
}
