//! Interfaces of roles: which settings there are, of which type, with which default.
//!
//! In goes what a declared module says about a role, `roles.<r>.interface`. In its `options` an object
//! with `type` (and `default`) is an option, and one without is a group of options; `freeformType` is the
//! type of all other keys. Out come [`Options`]. A type that makes no sense fails where a setting of it is
//! read, so that the others stay readable.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node, Raw};
use crate::syntax::ast::Name;
use crate::text::{did_you_mean, list_or, quoted};
use crate::value::Fault;

/// The options of an interface, of a group, or of a submodule.
pub(super) struct Options {
    /// By name.
    pub(super) entries: BTreeMap<Name, Entry>,
    /// The type of keys that are no options, where such keys may be.
    pub(super) free: Option<Rc<Type>>,
}

/// What stands under a name of an interface.
pub(super) enum Entry {
    /// An option.
    Option(Rc<Declared>),
    /// Options one level down.
    Group(Options),
}

/// A declared option.
pub(super) struct Declared {
    /// What values it takes, and how they merge.
    pub(super) kind: Rc<Type>,
    /// Its value where nobody gives one.
    pub(super) default: Option<Raw>,
    /// Its declaration.
    pub(super) raw: Raw,
}

/// A type of settings, as NixOS modules have them.
pub(super) enum Type {
    /// A string.
    Str,
    /// A whole number in a range, and how messages call it.
    Int(i64, i64, &'static str),
    /// A number with a fraction; `1` is none.
    Float,
    /// Any number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A string that begins with `/`.
    Path,
    /// Anything; objects merge.
    Anything,
    /// One of these values.
    Enum(Vec<serde_json::Value>),
    /// `null`, or a value of a type.
    NullOr(Rc<Type>),
    /// A list; several are joined.
    List(Rc<Type>),
    /// An object with any keys.
    Attrs(Rc<Type>),
    /// An object with options of its own.
    Submodule(Rc<Options>),
    /// The first of these types that fits.
    OneOf(Vec<Type>),
    /// A type that makes no sense, with what is wrong about it.
    Invalid(Box<Diagnostic>),
}

const WORDS: [&str; 10] =
    ["str", "int", "float", "number", "bool", "path", "anything", "port", "positive", "unsigned"];
const WRAPPERS: [&str; 6] = ["listOf", "attrsOf", "nullOr", "enum", "submodule", "oneOf"];

impl Options {
    /// What settings are without a declared interface: any keys, any values.
    pub(super) fn free_form() -> Options {
        Options { entries: BTreeMap::new(), free: Some(Rc::new(Type::Anything)) }
    }

    /// What settings are where there may be none.
    fn none() -> Options {
        Options { entries: BTreeMap::new(), free: None }
    }

    /// The interface of a role of a declared module. Settings are free where the module declares none for
    /// any role; where it does, a role without one takes no settings, as in Clan.
    ///
    /// # Errors
    /// Something else than an object where options are expected.
    pub(super) fn of_role(module: Node<'_>, role: &str) -> Result<Options, Fault> {
        let Some(interface) = module.get_path(&["roles", role, "interface"]) else {
            let mut roles = module.get("roles").into_iter().flat_map(Node::entries);
            let declares = roles.any(|(_, role)| role.get("interface").is_some());
            return Ok(if declares { Options::none() } else { Options::free_form() });
        };
        expect_object(interface, "the interface of a role")?;
        let mut options = interface.get("options").map_or_else(|| Ok(Options::none()), Options::read)?;
        options.free = interface.get("freeformType").map(|kind| Rc::new(Type::read(kind)));
        Ok(options)
    }

    fn read(node: Node<'_>) -> Result<Options, Fault> {
        expect_object(node, "options")?;
        let mut entries = BTreeMap::new();
        for (key, entry) in node.entries() {
            expect_object(entry, "an option")?;
            let read = match entry.get("type") {
                Some(kind) if is_type(kind) => Entry::Option(Rc::new(Declared {
                    kind: Rc::new(Type::read(kind)),
                    default: entry.get("default").map(Node::raw),
                    raw: entry.raw(),
                })),
                _ => Entry::Group(Options::read(entry)?),
            };
            entries.insert(Name::from(&*key.text), read);
        }
        Ok(Options { entries, free: None })
    }
}

/// Whether a value under `type` is a type; an option may be called `type` too.
fn is_type(node: Node<'_>) -> bool {
    node.kind() != Kind::Object || node.get("type").is_none()
}

fn expect_object(node: Node<'_>, what: &str) -> Result<(), Fault> {
    if node.kind() == Kind::Object {
        return Ok(());
    }
    let message = format!("expected an object as {what}, found {}", node.kind().describe());
    Err(Fault::new(Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "")))
}

impl Type {
    fn read(node: Node<'_>) -> Type {
        if let Some(word) = node.as_str() {
            return match &*word {
                "str" => Type::Str,
                "int" => Type::Int(i64::MIN, i64::MAX, "an integer"),
                "port" => Type::Int(0, 65535, "a port, an integer from 0 to 65535,"),
                "positive" => Type::Int(1, i64::MAX, "a positive integer"),
                "unsigned" => Type::Int(0, i64::MAX, "an integer that is not negative"),
                "float" => Type::Float,
                "number" => Type::Number,
                "bool" => Type::Bool,
                "path" => Type::Path,
                "anything" => Type::Anything,
                word => {
                    let message = format!("no type of settings is called {}", quoted(word));
                    let known = WORDS.into_iter().chain(WRAPPERS);
                    let help = did_you_mean(word, known)
                        .unwrap_or_else(|| format!("plain types are {}", list_or(&WORDS)));
                    return Type::Invalid(Box::new(
                        Diagnostic::error(Code::InvalidOption, message)
                            .at(node.source(), node.span(), "")
                            .help(help),
                    ));
                }
            };
        }
        let mut entries = node.entries();
        let (Some((key, inner)), None) = (entries.next(), entries.next()) else { return not_a_type(node) };
        match (&*key.text, inner.kind()) {
            ("listOf", _) => Type::List(Rc::new(Type::read(inner))),
            ("attrsOf", _) => Type::Attrs(Rc::new(Type::read(inner))),
            ("nullOr", _) => Type::NullOr(Rc::new(Type::read(inner))),
            ("enum", Kind::List) => Type::Enum(inner.items().map(Node::to_json).collect()),
            ("oneOf", Kind::List) => Type::OneOf(inner.items().map(Type::read).collect()),
            ("submodule", Kind::Object) => match Options::read(inner) {
                Ok(options) => Type::Submodule(Rc::new(options)),
                Err(fault) => Type::Invalid(Box::new(fault.into_diagnostic())),
            },
            _ => not_a_type(node),
        }
    }

    /// Whether a value may be of the type, looked at from outside: of lists and objects not what is in
    /// them.
    pub(super) fn accepts(&self, node: Node<'_>) -> bool {
        let kind = node.kind();
        match self {
            Type::Str => kind == Kind::String,
            Type::Int(least, most, _) => {
                kind == Kind::Int && node.as_int().is_some_and(|number| (*least..=*most).contains(&number))
            }
            Type::Float => kind == Kind::Float,
            Type::Number => matches!(kind, Kind::Int | Kind::Float),
            Type::Bool => kind == Kind::Bool,
            Type::Path => node.as_str().is_some_and(|text| text.starts_with('/')),
            Type::Anything => kind != Kind::Expression,
            Type::Enum(values) => kind != Kind::Expression && values.contains(&node.to_json()),
            Type::NullOr(inner) => kind == Kind::Null || inner.accepts(node),
            Type::List(_) => kind == Kind::List,
            Type::Attrs(_) | Type::Submodule(_) => kind == Kind::Object,
            Type::OneOf(types) => types.iter().any(|known| known.accepts(node)),
            Type::Invalid(_) => true,
        }
    }

    /// How messages call its values.
    pub(super) fn describe(&self) -> String {
        match self {
            Type::Str => "a string".to_owned(),
            Type::Int(_, _, words) => (*words).to_owned(),
            Type::Float => "a float".to_owned(),
            Type::Number => "a number".to_owned(),
            Type::Bool => "a boolean".to_owned(),
            Type::Path => "an absolute path".to_owned(),
            Type::Anything | Type::Invalid(_) => "plain data".to_owned(),
            Type::Enum(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                list_or(&values)
            }
            Type::NullOr(inner) => format!("`null` or {}", inner.describe()),
            Type::List(_) => "a list".to_owned(),
            Type::Attrs(_) | Type::Submodule(_) => "an object".to_owned(),
            Type::OneOf(types) => {
                let types: Vec<String> = types.iter().map(Type::describe).collect();
                match types.as_slice() {
                    [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
                    _ => types.concat(),
                }
            }
        }
    }

    /// A value of the type, for a help that says what to write.
    pub(super) fn example(&self) -> serde_json::Value {
        match self {
            Type::Str | Type::Anything | Type::Invalid(_) => "…".into(),
            Type::Int(least, ..) => (*least).max(1).into(),
            Type::Float => 0.5.into(),
            Type::Number => 1.into(),
            Type::Bool => true.into(),
            Type::Path => "/…".into(),
            Type::Enum(values) => values.first().cloned().unwrap_or_default(),
            Type::NullOr(inner) => inner.example(),
            Type::List(_) => serde_json::json!([]),
            Type::Attrs(_) | Type::Submodule(_) => serde_json::json!({}),
            Type::OneOf(types) => types.first().map(Type::example).unwrap_or_default(),
        }
    }
}

fn not_a_type(node: Node<'_>) -> Type {
    let message = "expected a type of settings: a word, or an object with one key".to_owned();
    Type::Invalid(Box::new(
        Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "").help(format!(
            "write `\"str\"`, or `{{ \"listOf\": \"str\" }}`; keys are {}",
            list_or(&WRAPPERS)
        )),
    ))
}
