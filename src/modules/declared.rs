//! Options that modules declare: defaults where nobody defines them, and the types of their definitions.
//!
//! A declaration is an object with `_type = "option"` below `options` of a module, as `mkOption` makes it.
//! What is declared nowhere may be defined all the same.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::options::Shape;
use super::{Definition, Failure, Fate, Merged, merge, trace};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node};
use crate::inventory::path;

/// What stands under a name below `options`.
enum Entry<'d> {
    Option(Node<'d>),
    Group(Group<'d>),
}

type Group<'d> = BTreeMap<String, Entry<'d>>;

/// Adds the defaults of declared options to a configuration that the modules give, and puts failures where
/// definitions are not of the declared type.
pub fn declare(modules: &[Node<'_>], options: &'static [(&'static str, Shape)], merged: &mut Merged) {
    let mut declared = Group::new();
    for module in modules {
        if let Some(options) = module.get("options") {
            collect(options, &mut declared);
        }
    }
    if !declared.is_empty() {
        let mut walk = Walk { modules, options, names: Vec::new() };
        walk.group(&declared, merged);
    }
}

fn collect<'d>(node: Node<'d>, group: &mut Group<'d>) {
    for (key, node) in node.entries() {
        if node.kind() != Kind::Object {
            continue;
        }
        let is_option = node.get("_type").and_then(Node::as_str).as_deref() == Some("option");
        let name = key.text.into_owned();
        if is_option {
            group.entry(name).or_insert(Entry::Option(node));
        } else if let Entry::Group(below) = group.entry(name).or_insert_with(|| Entry::Group(Group::new())) {
            stacker::maybe_grow(64 * 1024, 1024 * 1024, || collect(node, below));
        }
    }
}

struct Walk<'w> {
    modules: &'w [Node<'w>],
    options: &'static [(&'static str, Shape)],
    names: Vec<String>,
}

impl Walk<'_> {
    fn group(&mut self, group: &Group<'_>, merged: &mut Merged) {
        for (name, entry) in group {
            self.names.push(name.clone());
            match entry {
                Entry::Group(below) => {
                    stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.group(below, merged))
                }
                Entry::Option(option) => {
                    let value = self.option(*option, merged);
                    if let Some(value) = value {
                        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
                        merged.insert(&names, value);
                    }
                }
            }
            self.names.pop();
        }
    }

    /// What the option becomes; nothing where it stays as it is.
    fn option(&self, option: Node<'_>, merged: &Merged) -> Option<Merged> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let ty = option.get("type");
        let Some(known) = merged.get(&names) else {
            let default = option.get("default")?;
            return merge(vec![Definition::new(default)], &Shape::Any, &mut self.names.clone());
        };
        let ty = ty?;
        // Where definitions stand is looked up for those alone that need it.
        let definitions = |names: &[&str]| -> Result<Vec<Definition<Node<'_>>>, Failure> {
            let traced = trace(self.modules, self.options, names)?;
            let counts = traced.into_iter().filter(|traced| traced.fate == Fate::Counts);
            Ok(counts.map(|traced| traced.definition).collect())
        };
        if name_of(ty).as_deref() == Some("lines") {
            let found = definitions(&names).ok()?;
            return merge(found, &Shape::Lines, &mut self.names.clone());
        }
        // What contradicts itself is told so already.
        let mut value = known.clone().into_json().ok()?;
        let mut below = Vec::new();
        let Some((wrong_type, wrong_value)) = misfit(ty, &value, &mut below) else {
            return complete(ty, &mut value).then(|| Merged::from_json(value));
        };
        let names: Vec<&str> = names.into_iter().chain(below.iter().map(String::as_str)).collect();
        let found = definitions(&names).unwrap_or_default();
        let misfits = |definition: &&Definition<Node<'_>>| {
            misfit(wrong_type, &definition.value.to_json(), &mut Vec::new()).is_some()
        };
        let wrong = found.iter().find(misfits).or(found.first());
        let message = format!(
            "expected {} in the option `{}`, found {}",
            describe(wrong_type),
            path::print(&names),
            wrong.map_or_else(|| shown(&wrong_value), |wrong| shown(&wrong.value.to_json()))
        );
        let mut diagnostic = Diagnostic::error(Code::InvalidOption, message);
        if let Some(wrong) = wrong {
            diagnostic = diagnostic.at(&wrong.source, wrong.span, "");
        }
        diagnostic = diagnostic.at(option.source(), option.span(), "the option is declared here");
        Some(Merged::Failed(Box::new(diagnostic)))
    }
}

/// A value as messages show it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(truth) => format!("`{truth}`"),
        Json::Number(number) => format!("`{number}`"),
        Json::String(text) => crate::text::quoted(text),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "a set".to_owned(),
    }
}

fn name_of(ty: Node<'_>) -> Option<String> {
    ty.get("name").and_then(Node::as_str).map(|name| name.into_owned())
}

/// The innermost part of a value that is not of its type, with that type; its names are added.
fn misfit<'d>(ty: Node<'d>, value: &Json, names: &mut Vec<String>) -> Option<(Node<'d>, Json)> {
    if fits(ty, value) {
        return None;
    }
    let inner = ty.get("inner");
    let members = value.as_object().into_iter().flatten();
    let of_member = |name: &str| match name_of(ty).as_deref() {
        Some("attrsOf") => inner,
        Some("submodule") => inner?.get("options")?.get(name)?.get("type"),
        _ => None,
    };
    for (name, member) in members {
        let Some(ty) = of_member(name) else { continue };
        names.push(name.clone());
        if let Some(found) = grow(|| misfit(ty, member, names)) {
            return Some(found);
        }
        names.pop();
    }
    Some((ty, value.clone()))
}

/// Whether a value is of a type; types that are not known take everything.
fn fits(ty: Node<'_>, value: &Json) -> bool {
    let inner = ty.get("inner");
    let within =
        |least: i64, most: i64| value.as_i64().is_some_and(|number| (least..=most).contains(&number));
    let element = |value: &Json| inner.is_none_or(|inner| grow(|| fits(inner, value)));
    match name_of(ty).as_deref() {
        Some("bool") => value.is_boolean(),
        Some("int") => value.is_i64(),
        Some("float") => value.is_f64(),
        Some("number") => value.is_number(),
        Some("port") => within(0, 65_535),
        Some("positive") => within(1, i64::MAX),
        Some("unsigned") => within(0, i64::MAX),
        Some("str" | "lines") => value.is_string(),
        Some("path") => value.as_str().is_some_and(|text| text.starts_with('/')),
        Some("attrs") => value.is_object(),
        Some("listOf") => value.as_array().is_some_and(|items| items.iter().all(element)),
        Some("attrsOf") => value.as_object().is_some_and(|members| members.values().all(element)),
        Some("nullOr") => value.is_null() || element(value),
        Some("enum") => inner.is_none_or(|inner| inner.items().any(|known| known.to_json() == *value)),
        Some("oneOf") => inner.is_none_or(|inner| inner.items().any(|ty| grow(|| fits(ty, value)))),
        Some("submodule") => value.as_object().is_some_and(|members| {
            let options = inner.and_then(|inner| inner.get("options"));
            members.iter().all(|(name, member)| {
                let ty = options.and_then(|options| options.get(name)?.get("type"));
                ty.is_none_or(|ty| grow(|| fits(ty, member)))
            })
        }),
        _ => true,
    }
}

/// Adds the defaults of the options of submodules; whether there were any.
fn complete(ty: Node<'_>, value: &mut Json) -> bool {
    let inner = ty.get("inner");
    match (name_of(ty).as_deref(), inner, value) {
        (Some("nullOr"), Some(inner), value) if !value.is_null() => grow(|| complete(inner, value)),
        (Some("listOf"), Some(inner), Json::Array(items)) => {
            items.iter_mut().fold(false, |added, item| grow(|| complete(inner, item)) | added)
        }
        (Some("attrsOf"), Some(inner), Json::Object(members)) => {
            members.values_mut().fold(false, |added, member| grow(|| complete(inner, member)) | added)
        }
        (Some("submodule"), Some(inner), Json::Object(members)) => {
            let mut added = false;
            for (key, option) in inner.get("options").into_iter().flat_map(Node::entries) {
                match (members.get_mut(&*key.text), option.get("type"), option.get("default")) {
                    (Some(member), Some(ty), _) => added |= grow(|| complete(ty, member)),
                    (None, _, Some(default)) => {
                        members.insert(key.text.into_owned(), default.to_json());
                        added = true;
                    }
                    _ => {}
                }
            }
            added
        }
        _ => false,
    }
}

fn describe(ty: Node<'_>) -> String {
    let inner = || ty.get("inner").map_or_else(String::new, |inner| grow(|| describe(inner)));
    let each = || match ty.get("inner").and_then(name_of).as_deref() {
        Some("bool") => " of booleans",
        Some("int" | "positive" | "unsigned") => " of integers",
        Some("float" | "number") => " of numbers",
        Some("port") => " of port numbers",
        Some("str" | "lines") => " of strings",
        Some("path") => " of paths",
        Some("attrs" | "attrsOf" | "submodule") => " of sets",
        Some("listOf") => " of lists",
        _ => "",
    };
    match name_of(ty).as_deref() {
        Some("bool") => "`true` or `false`".to_owned(),
        Some("int") => "an integer".to_owned(),
        Some("float") => "a float".to_owned(),
        Some("number") => "a number".to_owned(),
        Some("port") => "a port number from 0 to 65535".to_owned(),
        Some("positive") => "an integer from 1".to_owned(),
        Some("unsigned") => "an integer from 0".to_owned(),
        Some("str" | "lines") => "a string".to_owned(),
        Some("path") => "a path that begins with `/`".to_owned(),
        Some("attrs" | "submodule") => "a set".to_owned(),
        Some("listOf") => format!("a list{}", each()),
        Some("attrsOf") => format!("a set{}", each()),
        Some("nullOr") => format!("null or {}", inner()),
        Some("enum") => {
            let values = ty.get("inner").into_iter().flat_map(Node::items);
            let values: Vec<String> = values.map(|value| value.to_json().to_string()).collect();
            crate::text::list_or(&values.iter().map(String::as_str).collect::<Vec<_>>())
        }
        Some("oneOf") => {
            let types = ty.get("inner").into_iter().flat_map(Node::items);
            types.map(|ty| grow(|| describe(ty))).collect::<Vec<_>>().join(" or ")
        }
        _ => "another value".to_owned(),
    }
}

/// Grows the stack where nesting needs it.
fn grow<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, walk)
}
