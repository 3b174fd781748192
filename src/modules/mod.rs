//! The module merge: what several modules define, as one value.
//!
//! What comes in are modules as data: objects that may say `imports` and `config`, and whose values may
//! be wrapped by `mkIf`, `mkMerge`, `mkOverride` (`mkForce`, `mkDefault`) and `mkOrder` (`mkBefore`,
//! `mkAfter`), which in data are objects with a `_type`. What goes out are the definitions of one
//! option ([`definitions`]), from which its type decides: a single value ([`one`]), or data of any shape
//! ([`anything`]); or the whole configuration with every option in it ([`configuration`]). Every
//! definition keeps its place.
//!
//! Single options come in the order of the modules. In the whole configuration lists come in NixOS'
//! orders: it turns plain lists around once, and lists inside of submodules (interfaces, users) twice.

mod declared;
mod merged;
pub mod options;
pub mod settled;
#[cfg(test)]
mod tests;
mod trace;

use std::sync::Arc;

pub use declared::declare;
pub use merged::{Merged, configuration, merge};
use options::Shape;
pub use trace::{Fate, Traced, trace};

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node};
use crate::inventory::path;
use crate::text::{Source, Span};

/// The priority of a definition without a mark.
pub const DEFAULT_PRIORITY: i64 = 100;

/// The priority of `mkDefault`.
pub const MK_DEFAULT_PRIORITY: i64 = 1000;

/// The order of a definition without a mark.
const DEFAULT_ORDER: i64 = 1000;

/// A value that a module gives to an option.
#[derive(Clone)]
pub struct Definition<T> {
    /// The value.
    pub value: T,
    /// The lower, the stronger: only the strongest definitions of an option count.
    pub priority: i64,
    /// The lower, the earlier in a list.
    pub order: i64,
    /// The text in which it stands.
    pub source: Arc<Source>,
    /// Where it stands.
    pub span: Span,
}

impl<'d> Definition<Node<'d>> {
    /// A definition as it stands in a document.
    pub fn new(node: Node<'d>) -> Definition<Node<'d>> {
        Definition {
            value: node,
            priority: DEFAULT_PRIORITY,
            order: DEFAULT_ORDER,
            source: Arc::clone(node.source()),
            span: node.span(),
        }
    }

    /// The same with the value of another type.
    fn with(self, node: Node<'d>) -> Definition<Node<'d>> {
        Definition { value: node, source: Arc::clone(node.source()), span: node.span(), ..self }
    }
}

impl<T> Definition<T> {
    /// Another value from the same place.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Definition<U> {
        let Definition { value, priority, order, source, span } = self;
        Definition { value: convert(value), priority, order, source, span }
    }
}

/// A mistake in modules.
pub type Failure = Box<Diagnostic>;

/// All modules that are data, imported ones after those that import them. Texts and functions, which
/// only an evaluator can look into, are left out.
pub fn flatten<'d>(modules: impl IntoIterator<Item = Node<'d>>) -> Vec<Node<'d>> {
    let mut flat: Vec<Node<'d>> =
        modules.into_iter().filter(|module| module.kind() == Kind::Object).collect();
    let mut next = 0;
    while let Some(module) = flat.get(next).copied() {
        let imports = module.get("imports").into_iter().flat_map(Node::items);
        flat.extend(imports.filter(|module| module.kind() == Kind::Object));
        next += 1;
    }
    flat
}

/// The definitions of the option at `path`, marks resolved, in the order of the modules; weaker ones are
/// still among them.
///
/// # Errors
/// Something else than an object on the way, and malformed marks.
pub fn definitions<'d>(modules: &[Node<'d>], path: &[&str]) -> Result<Vec<Definition<Node<'d>>>, Failure> {
    let mut bodies = Vec::new();
    for module in modules {
        discharge(Definition::new(merged::body(*module)), &mut bodies)?;
    }
    below(bodies, path)
}

/// The definitions of what is at `path` inside of these.
///
/// # Errors
/// As [`definitions`].
pub fn below<'d>(
    definitions: Vec<Definition<Node<'d>>>,
    path: &[&str],
) -> Result<Vec<Definition<Node<'d>>>, Failure> {
    let mut found = definitions;
    for (depth, name) in path.iter().enumerate() {
        let mut below = Vec::new();
        for definition in found {
            let node = definition.value;
            match node.kind() {
                Kind::Object => {
                    if let Some(child) = node.get(name) {
                        // An order is one of lists, and says nothing of what is inside of a set.
                        let order = DEFAULT_ORDER;
                        discharge(Definition { order, ..definition.with(child) }, &mut below)?;
                    }
                }
                Kind::Expression => {}
                kind => return Err(not_a_set(&definition, path.get(..depth).unwrap_or(&[]), kind)),
            }
        }
        found = below;
    }
    Ok(found)
}

fn not_a_set(definition: &Definition<Node<'_>>, path: &[&str], kind: Kind) -> Failure {
    let message = match path {
        [] => format!("expected an object as module, found {}", kind.describe()),
        _ => format!("expected an object in the option `{}`, found {}", path::print(path), kind.describe()),
    };
    let help = path.is_empty().then(|| "write options by their names: `{ … }`".to_owned());
    let diagnostic = Diagnostic::error(Code::InvalidOption, message);
    Box::new(diagnostic.at(&definition.source, definition.span, "").maybe_help(help))
}

/// Resolves the marks around a value: one definition for each value that is left.
fn discharge<'d>(
    definition: Definition<Node<'d>>,
    found: &mut Vec<Definition<Node<'d>>>,
) -> Result<(), Failure> {
    discharge_with(definition, found, &mut |_| {})
}

/// Resolves the marks around a value; what a condition takes away goes to `refused`.
fn discharge_with<'d>(
    definition: Definition<Node<'d>>,
    found: &mut Vec<Definition<Node<'d>>>,
    refused: &mut dyn FnMut(Definition<Node<'d>>),
) -> Result<(), Failure> {
    let mut open = vec![definition];
    while let Some(definition) = open.pop() {
        let node = definition.value;
        let mark = match node.kind() {
            Kind::Object => node.get("_type").and_then(Node::as_str),
            _ => None,
        };
        let field = |name: &str| {
            node.get(name)
                .ok_or_else(|| malformed(node, &format!("expected the field `{name}` beside `_type`")))
        };
        let number = |name: &str| {
            let value = field(name)?;
            value.as_int().ok_or_else(|| malformed(value, &format!("expected an integer in `{name}`")))
        };
        match mark.as_deref() {
            Some("override") => {
                let priority = number("priority")?;
                open.push(Definition { priority, ..definition.with(field("content")?) });
            }
            Some("order") => {
                let order = number("priority")?;
                open.push(Definition { order, ..definition.with(field("content")?) });
            }
            Some("if") => {
                let condition = field("condition")?;
                match condition.as_bool() {
                    Some(true) => open.push(definition.with(field("content")?)),
                    Some(false) => refused(definition.with(field("content")?)),
                    None => return Err(malformed(condition, "expected `true` or `false` in `condition`")),
                }
            }
            Some("merge") => {
                let contents = field("contents")?;
                if contents.kind() != Kind::List {
                    return Err(malformed(contents, "expected a list in `contents`"));
                }
                let contents: Vec<Node<'d>> = contents.items().collect();
                // What is pushed last comes out first.
                open.extend(contents.into_iter().rev().map(|content| definition.clone().with(content)));
            }
            _ => found.push(definition),
        }
    }
    Ok(())
}

fn malformed(node: Node<'_>, message: &str) -> Failure {
    Box::new(Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), ""))
}

/// The definitions that count: the strongest ones, in their order. They are equals from there on, also
/// for what is inside of them.
pub fn strongest<T>(mut definitions: Vec<Definition<T>>) -> Vec<Definition<T>> {
    if let Some(strongest) = definitions.iter().map(|definition| definition.priority).min() {
        definitions.retain(|definition| definition.priority == strongest);
    }
    definitions.sort_by_key(|definition| definition.order);
    for definition in &mut definitions {
        definition.priority = DEFAULT_PRIORITY;
        definition.order = DEFAULT_ORDER;
    }
    definitions
}

/// The value of an option that has one; nothing where nobody defines it.
///
/// # Errors
/// Different values of equal priority.
pub fn one<T: PartialEq>(definitions: Vec<Definition<T>>, option: &str) -> Result<Option<T>, Failure> {
    let mut strongest = strongest(definitions).into_iter();
    let Some(first) = strongest.next() else { return Ok(None) };
    match strongest.find(|other| other.value != first.value) {
        Some(other) => Err(conflict(&first, &other, option)),
        None => Ok(Some(first.value)),
    }
}

/// The elements of lists, one list after the other; those that an `mkIf` takes away are left out.
///
/// # Errors
/// Malformed marks.
pub fn elements<'d>(definitions: &[Definition<Node<'d>>]) -> Result<Vec<Node<'d>>, Failure> {
    let mut found = Vec::new();
    for item in definitions.iter().flat_map(|definition| definition.value.items()) {
        discharge(Definition::new(item), &mut found)?;
    }
    Ok(found.into_iter().map(|definition| definition.value).collect())
}

/// The texts of definitions.
///
/// # Errors
/// A definition that is no text.
pub fn texts(
    definitions: Vec<Definition<Node<'_>>>,
    option: &str,
) -> Result<Vec<Definition<String>>, Failure> {
    let convert = |definition: Definition<Node<'_>>| match definition.value.as_str() {
        Some(text) => Ok(definition.map(|_| text.into_owned())),
        None => {
            let found = definition.value.kind().describe();
            Err(malformed(
                definition.value,
                &format!("expected a string in the option `{option}`, found {found}"),
            ))
        }
    };
    definitions.into_iter().map(convert).collect()
}

/// Two definitions that contradict each other. Of one text the later place comes first: people read
/// downwards, and write what clashes last.
fn conflict<T, U>(first: &Definition<T>, other: &Definition<U>, option: &str) -> Failure {
    let mut places = [(&other.source, other.span), (&first.source, first.span)];
    if Arc::ptr_eq(&first.source, &other.source) && other.span.start < first.span.start {
        places.reverse();
    }
    let [(source, span), (earlier_source, earlier)] = places;
    Box::new(
        Diagnostic::error(Code::Conflict, format!("the option `{option}` is defined twice and differently"))
            .at(source, span, "defined here")
            .at(earlier_source, earlier, "and differently here")
            .help("let one of the two win with `mkForce`, or weaken the other with `mkDefault`"),
    )
}

/// Merges data of any shape: objects key by key, lists one after the other; other values must be equal.
///
/// # Errors
/// Different values of equal priority, and malformed marks.
pub fn anything(
    definitions: Vec<Definition<Node<'_>>>,
    option: &mut Vec<String>,
) -> Result<serde_json::Value, Failure> {
    merge(definitions, &Shape::Any, option).map_or(Ok(serde_json::Value::Null), Merged::into_json)
}
