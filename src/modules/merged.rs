//! The merge of all definitions of a configuration: each option for itself, so that a conflict in one
//! leaves the others as they are.
//!
//! Definitions come in the order in which lists read. NixOS has them in the reverse order of the
//! modules; in submodules it turns them around again ([`Shape::Each`]).

use std::collections::BTreeMap;

use super::options::{Otherwise, Shape};
use super::{Definition, Failure, conflict, discharge, malformed, not_a_set, one, strongest};
use crate::inventory::document::{Kind, Node};
use crate::inventory::path;

/// A merged configuration, or a part of it.
#[derive(Clone, Debug)]
pub enum Merged {
    /// A value that is no set.
    Leaf(serde_json::Value),
    /// A set.
    Set(BTreeMap<String, Merged>),
    /// An option whose definitions contradict each other.
    Failed(Failure),
}

impl Merged {
    /// As plain data.
    ///
    /// # Errors
    /// The first option that failed.
    pub fn into_json(self) -> Result<serde_json::Value, Failure> {
        match self {
            Merged::Leaf(value) => Ok(value),
            Merged::Set(members) => {
                let members = members.into_iter();
                let object: serde_json::Map<String, serde_json::Value> = members
                    .map(|(name, member)| {
                        stacker::maybe_grow(64 * 1024, 1024 * 1024, || Ok((name, member.into_json()?)))
                    })
                    .collect::<Result<_, Failure>>()?;
                Ok(object.into())
            }
            Merged::Failed(failure) => Err(failure),
        }
    }

    /// What failed in it, in the order of the names.
    pub fn failures(&self, found: &mut Vec<Failure>) {
        match self {
            Merged::Leaf(_) => {}
            Merged::Set(members) => {
                for member in members.values() {
                    stacker::maybe_grow(64 * 1024, 1024 * 1024, || member.failures(found));
                }
            }
            Merged::Failed(failure) => found.push(failure.clone()),
        }
    }

    /// Whether two configurations are the same; failures are where they say the same.
    pub fn is_like(&self, other: &Merged) -> bool {
        match (self, other) {
            (Merged::Leaf(value), Merged::Leaf(other)) => value == other,
            (Merged::Set(members), Merged::Set(others)) => {
                members.len() == others.len()
                    && members.iter().zip(others).all(|((name, member), (other_name, other))| {
                        name == other_name
                            && stacker::maybe_grow(64 * 1024, 1024 * 1024, || member.is_like(other))
                    })
            }
            (Merged::Failed(failure), Merged::Failed(other)) => failure.message == other.message,
            _ => false,
        }
    }

    /// The part at the end of a chain of names.
    pub fn get(&self, names: &[&str]) -> Option<&Merged> {
        names.iter().try_fold(self, |merged, name| match merged {
            Merged::Set(members) => members.get(*name),
            Merged::Leaf(_) | Merged::Failed(_) => None,
        })
    }

    /// Puts a value into a set below it, making the sets on the way.
    pub fn insert(&mut self, names: &[&str], value: Merged) {
        match (names.split_first(), self) {
            (None, whole) => *whole = value,
            (Some((first, rest)), Merged::Set(members)) => {
                let below = members.entry((*first).to_owned());
                below.or_insert_with(|| Merged::Set(BTreeMap::new())).insert(rest, value);
            }
            // What is no set holds nothing; it has failed, or is reported as no set.
            (Some(_), Merged::Leaf(_) | Merged::Failed(_)) => {}
        }
    }

    /// Adds the defaults of the options that nobody defines.
    pub fn fill(&mut self, options: &[(&str, Shape)]) {
        let Merged::Set(members) = self else { return };
        for (name, shape) in options {
            match (members.get_mut(*name), shape) {
                (None, _) => members.extend(shape.default().map(|value| ((*name).to_owned(), value))),
                (Some(member), Shape::Set(options)) => member.fill(options),
                (Some(Merged::Set(each)), Shape::Each(Shape::Set(options))) => {
                    each.values_mut().for_each(|member| member.fill(options));
                }
                (Some(_), _) => {}
            }
        }
    }
}

impl Shape {
    /// The value where nobody defines the option.
    fn default(&self) -> Option<Merged> {
        let leaf = |value: serde_json::Value| Some(Merged::Leaf(value));
        match self {
            Shape::Set(options) => {
                let mut set = Merged::Set(BTreeMap::new());
                set.fill(options);
                match &set {
                    Merged::Set(members) if members.is_empty() => None,
                    _ => Some(set),
                }
            }
            Shape::Each(_) => Some(Merged::Set(BTreeMap::new())),
            Shape::One(Otherwise::Null) => leaf(serde_json::Value::Null),
            Shape::One(Otherwise::False) => leaf(false.into()),
            Shape::Lines => leaf("".into()),
            Shape::List => leaf(Vec::<serde_json::Value>::new().into()),
            Shape::One(Otherwise::Missing) | Shape::Any => None,
        }
    }
}

/// What a module says beside its configuration, where it gives that without `config`.
pub(super) const NO_OPTIONS: [&str; 7] =
    ["_class", "_file", "key", "disabledModules", "imports", "options", "freeformType"];

/// Merges modules, which come as [`super::flatten`] gives them.
///
/// # Errors
/// A module that is no set, and malformed marks around a whole module.
pub fn configuration(modules: &[Node<'_>], options: &[(&str, Shape)]) -> Result<Merged, Failure> {
    let mut members = Members::new();
    for module in modules.iter().rev() {
        let without: &[&str] = if module.get("config").is_some() { &[] } else { &NO_OPTIONS };
        let mut bodies = Vec::new();
        discharge(Definition::new(body(*module)), &mut bodies)?;
        require(&bodies, Kind::Object, &[])?;
        for body in &bodies {
            add_members(body, without, &mut members);
        }
    }
    Ok(options_of(members, options, &mut Vec::new()))
}

/// The configuration in a module: what it says as `config`, else the module itself without
/// [`NO_OPTIONS`].
pub(super) fn body(module: Node<'_>) -> Node<'_> {
    module.get("config").unwrap_or(module)
}

/// Merges the definitions of the option whose name is on the stack; nothing where none of them counts.
pub fn merge(
    definitions: Vec<Definition<Node<'_>>>,
    shape: &Shape,
    option: &mut Vec<String>,
) -> Option<Merged> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match merge_here(definitions, shape, option) {
        Ok(merged) => merged,
        Err(failure) => Some(Merged::Failed(failure)),
    })
}

fn merge_here(
    definitions: Vec<Definition<Node<'_>>>,
    shape: &Shape,
    option: &mut Vec<String>,
) -> Result<Option<Merged>, Failure> {
    let mut found = Vec::with_capacity(definitions.len());
    for definition in definitions {
        discharge(definition, &mut found)?;
    }
    if let Shape::Set(options) = shape {
        return set(found, options, option);
    }
    let mut found = strongest(found);
    let Some(first) = found.first() else { return Ok(None) };
    let kind = first.value.kind();
    match shape {
        Shape::Each(shape) => {
            require(&found, Kind::Object, option)?;
            let members = by_name(&found);
            Ok(Some(names(members, option, |mut definitions, option| {
                // What is inside of a submodule has its own modules: these definitions.
                let mut discharged = Vec::new();
                for definition in definitions.drain(..) {
                    discharge(definition, &mut discharged)?;
                }
                let mut definitions = strongest(discharged);
                definitions.reverse();
                Ok(merge(definitions, shape, option))
            })))
        }
        Shape::Lines => {
            require(&found, Kind::String, option)?;
            let lines: Vec<_> = found.iter().filter_map(|definition| definition.value.as_str()).collect();
            Ok(Some(Merged::Leaf(lines.join("\n").into())))
        }
        Shape::List => {
            require(&found, Kind::List, option)?;
            list(&found, option)
        }
        Shape::Any if found.iter().all(|other| other.value.kind() == kind) => match kind {
            Kind::Object => {
                let members = by_name(&found);
                Ok(Some(names(members, option, |definitions, option| {
                    Ok(merge(definitions, &Shape::Any, option))
                })))
            }
            Kind::List => list(&found, option),
            _ => scalar(found, option),
        },
        Shape::Any => match found.iter().position(|other| other.value.kind() != kind) {
            Some(other) => {
                let other = found.swap_remove(other);
                let first = found.first().unwrap_or(&other);
                Err(conflict(first, &other, &path::print(&*option)))
            }
            None => Ok(None),
        },
        Shape::One(_) | Shape::Set(_) => scalar(found, option),
    }
}

/// Options side by side. Marks around the set have gone down to its members.
fn set(
    definitions: Vec<Definition<Node<'_>>>,
    options: &[(&str, Shape)],
    option: &mut Vec<String>,
) -> Result<Option<Merged>, Failure> {
    if definitions.is_empty() {
        return Ok(None);
    }
    require(&definitions, Kind::Object, option)?;
    let mut members = Members::new();
    for definition in &definitions {
        add_members(definition, &[], &mut members);
    }
    Ok(Some(options_of(members, options, option)))
}

/// Definitions by the name of what they define.
type Members<'d> = BTreeMap<String, Vec<Definition<Node<'d>>>>;

/// Adds the members of a set, which keep its priority.
fn add_members<'d>(definition: &Definition<Node<'d>>, without: &[&str], members: &mut Members<'d>) {
    for (key, node) in definition.value.entries().filter(|(key, _)| !without.contains(&&*key.text)) {
        let below = Definition { priority: definition.priority, ..Definition::new(node) };
        members.entry(key.text.into_owned()).or_default().push(below);
    }
}

fn options_of(members: Members<'_>, options: &[(&str, Shape)], option: &mut Vec<String>) -> Merged {
    names(members, option, |definitions, option| {
        let name = option.last().map_or("", String::as_str);
        let shape = options.iter().find(|(known, _)| *known == name).map_or(&Shape::Any, |(_, shape)| shape);
        Ok(merge(definitions, shape, option))
    })
}

/// The members of sets of which the strongest are left, and which are equals from there on.
fn by_name<'d>(definitions: &[Definition<Node<'d>>]) -> Members<'d> {
    let mut members = Members::new();
    for definition in definitions {
        add_members(definition, &[], &mut members);
    }
    members
}

/// A set of what is made for each name.
fn names<'d>(
    members: Members<'d>,
    option: &mut Vec<String>,
    mut make: impl FnMut(Vec<Definition<Node<'d>>>, &mut Vec<String>) -> Result<Option<Merged>, Failure>,
) -> Merged {
    let mut merged = BTreeMap::new();
    for (name, definitions) in members {
        option.push(name.clone());
        let value = make(definitions, option).unwrap_or_else(|failure| Some(Merged::Failed(failure)));
        option.pop();
        merged.extend(value.map(|value| (name, value)));
    }
    Merged::Set(merged)
}

/// Lists, one after the other; elements that an `mkIf` takes away are left out.
fn list(definitions: &[Definition<Node<'_>>], option: &mut Vec<String>) -> Result<Option<Merged>, Failure> {
    let mut items = Vec::new();
    for item in definitions.iter().flat_map(|definition| definition.value.items()) {
        if let Some(item) = merge(vec![Definition::new(item)], &Shape::Any, option) {
            items.push(item.into_json()?);
        }
    }
    Ok(Some(Merged::Leaf(items.into())))
}

/// A value on which all agree.
fn scalar(definitions: Vec<Definition<Node<'_>>>, option: &[String]) -> Result<Option<Merged>, Failure> {
    let values = definitions.into_iter().map(|definition| definition.map(Node::to_json)).collect();
    Ok(one(values, &path::print(option))?.map(Merged::Leaf))
}

/// All definitions must be of this kind.
fn require(definitions: &[Definition<Node<'_>>], kind: Kind, option: &[String]) -> Result<(), Failure> {
    let Some(other) = definitions.iter().find(|definition| definition.value.kind() != kind) else {
        return Ok(());
    };
    let found = other.value.kind();
    if kind == Kind::Object {
        let names: Vec<&str> = option.iter().map(String::as_str).collect();
        return Err(not_a_set(other, &names, found));
    }
    let (expected, found) = (kind.describe(), found.describe());
    let option = path::print(option);
    Err(malformed(other.value, &format!("expected {expected} in the option `{option}`, found {found}")))
}

#[cfg(test)]
mod tests;
