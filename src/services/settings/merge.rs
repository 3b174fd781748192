//! The typed merge: definitions of settings, and one value.
//!
//! What is wrong with the object as a whole (a key that is no option, a list where options stand) fails
//! the object; everything else fails only where the setting is read, so values are lazy.
//!
//! Definitions come in the order in which lists join. Modules count the other way round, and NixOS
//! turns definitions around for each module that it evaluates: a submodule's come out reversed.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::definitions::{Definition, final_definitions, is_defined};
use super::interface::{Declared, Entry, Options, Type};
use super::report::{Place, Scope};
use crate::inventory::document::{Kind, Node};
use crate::text::Span;
use crate::value::{AttrsBuilder, Fault, Name, Value};

/// What Clan writes in a default for the key under which the submodule stands.
const KEY_PLACEHOLDER: &str = "‹name›";

/// Keys of a whole settings object that say where a module comes from, and that are no settings.
pub(super) const NO_SETTINGS: [&str; 2] = ["_file", "key"];

/// The value of a module with these options.
///
/// # Errors
/// Keys that are no options, and objects that are none.
pub(super) fn module(
    scope: &Rc<Scope>,
    options: &Options,
    place: &Place,
    definitions: &[Definition],
) -> Result<Value, Fault> {
    level(scope, options, options.free.as_ref(), place, definitions)
}

/// The definitions of the keys of several objects, in order, each with the place of a key.
type Keys = BTreeMap<Name, (Span, Vec<Definition>)>;

/// Options and groups of one level; groups belong to the module of their options.
fn level(
    scope: &Rc<Scope>,
    options: &Options,
    free: Option<&Rc<Type>>,
    place: &Place,
    definitions: &[Definition],
) -> Result<Value, Fault> {
    let mut keys = Keys::new();
    for definition in definitions {
        for object in definition.objects(scope.inventory())? {
            add_keys(scope, place, &object, &mut keys)?;
        }
    }
    let mut attrs = AttrsBuilder::default();
    for (name, entry) in &options.entries {
        let definitions = keys.remove(name).map(|(_, definitions)| definitions).unwrap_or_default();
        let place = place.below(name);
        let value = match entry {
            Entry::Group(group) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                level(scope, group, free, &place, &definitions)
            })?,
            Entry::Option(declared) => {
                let (scope, declared) = (Rc::clone(scope), Rc::clone(declared));
                Value::lazy(move |_| option(&scope, &declared, &place, definitions))
            }
        };
        attrs.insert(Name::clone(name), value);
    }
    for (name, (span, definitions)) in keys {
        match free {
            Some(free) => insert_lazy(scope, &mut attrs, free, place.below(&name), name, definitions),
            None => return Err(scope.unknown_option(place, options, &name, span, &definitions)),
        }
    }
    Ok(Value::Attrs(attrs.finish()))
}

/// Adds the keys of an object to those of others.
fn add_keys(scope: &Scope, place: &Place, object: &Definition, keys: &mut Keys) -> Result<(), Fault> {
    let node = scope.node(object)?;
    if node.kind() != Kind::Object {
        return Err(scope.wrong_type(place, "an object", node));
    }
    let fields = node.fields();
    if let Some(duplicate) = fields.duplicates.into_iter().next() {
        return Err(Fault::new(duplicate));
    }
    for (key, value) in fields.entries {
        if object.is_whole && NO_SETTINGS.contains(&&*key.text) {
            continue;
        }
        let (_, definitions) = keys.entry(Name::from(&*key.text)).or_insert_with(|| (key.span, Vec::new()));
        definitions.push(object.below(value.raw()));
    }
    Ok(())
}

/// Adds a key whose value merges when it is read; one that conditions take away is not there.
fn insert_lazy(
    scope: &Rc<Scope>,
    attrs: &mut AttrsBuilder,
    kind: &Rc<Type>,
    place: Place,
    name: Name,
    definitions: Vec<Definition>,
) {
    if is_defined(scope.inventory(), &definitions) {
        let (scope, kind) = (Rc::clone(scope), Rc::clone(kind));
        attrs.insert(name, Value::lazy(move |_| value(&scope, &kind, &place, &definitions)));
    }
}

fn option(
    scope: &Rc<Scope>,
    declared: &Declared,
    place: &Place,
    mut definitions: Vec<Definition>,
) -> Result<Value, Fault> {
    if let Type::Invalid(diagnostic) = &*declared.kind {
        return Err(Fault::new((**diagnostic).clone()));
    }
    let is_written = is_defined(scope.inventory(), &definitions);
    let Some(default) = declared.default else {
        if is_written {
            return value(scope, &declared.kind, place, &definitions);
        }
        return Err(scope.not_given(place, declared));
    };
    if !is_written
        && let Some(key) = place.key()
        && let Some(text) = scope.inventory().node(default).and_then(Node::as_str)
        && text.contains(KEY_PLACEHOLDER)
    {
        return Ok(Value::string(text.replace(KEY_PLACEHOLDER, key)));
    }
    definitions.insert(0, Definition::default(default));
    value(scope, &declared.kind, place, &definitions)
}

/// The value of definitions of one option, of which there is at least one.
fn value(
    scope: &Rc<Scope>,
    kind: &Rc<Type>,
    place: &Place,
    definitions: &[Definition],
) -> Result<Value, Fault> {
    let definitions = final_definitions(scope.inventory(), definitions)?;
    for definition in &definitions {
        let node = scope.node(definition)?;
        if !matches!(**kind, Type::Submodule(_)) {
            definition.no_mark(scope.inventory())?;
        }
        if !kind.accepts(node) {
            return Err(scope.wrong_value(place, kind, node));
        }
    }
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || merge(scope, kind, place, definitions))
}

/// Merges definitions, each of which the type accepts.
fn merge(
    scope: &Rc<Scope>,
    kind: &Type,
    place: &Place,
    mut definitions: Vec<Definition>,
) -> Result<Value, Fault> {
    match kind {
        Type::Invalid(diagnostic) => Err(Fault::new((**diagnostic).clone())),
        Type::Str | Type::Int(..) | Type::Float | Type::Number | Type::Bool | Type::Path | Type::Enum(_) => {
            equal(scope, place, &definitions)
        }
        Type::Anything => anything(scope, place, &definitions),
        Type::NullOr(inner) => {
            let mut nulls = Vec::new();
            let mut others = Vec::new();
            for definition in &definitions {
                let node = scope.node(definition)?;
                if node.is_null() { nulls.push(node) } else { others.push(node) }
            }
            match (nulls.first(), others.first()) {
                (Some(null), Some(other)) => Err(scope.null_and_not(place, *null, *other)),
                (Some(_), None) => Ok(Value::Null),
                (None, _) => merge(scope, inner, place, definitions),
            }
        }
        Type::List(inner) => list(scope, inner, place, &definitions),
        Type::Attrs(inner) => attrs(scope, inner, place, &definitions),
        Type::Submodule(options) => {
            definitions.reverse();
            module(scope, options, &place.submodule(), &definitions)
        }
        Type::OneOf(types) => {
            let nodes = definitions.iter().map(|definition| scope.node(definition));
            let nodes = nodes.collect::<Result<Vec<_>, Fault>>()?;
            match types.iter().find(|known| nodes.iter().all(|node| known.accepts(*node))) {
                Some(fitting) => merge(scope, fitting, place, definitions),
                // Values of different types do not merge at all, not even equal ones.
                None => Err(scope.conflict(place, &nodes)),
            }
        }
    }
}

/// The only value of definitions that must agree.
fn equal(scope: &Scope, place: &Place, definitions: &[Definition]) -> Result<Value, Fault> {
    let nodes = definitions.iter().map(|definition| scope.node(definition));
    let nodes = nodes.collect::<Result<Vec<_>, Fault>>()?;
    let Some(first) = nodes.first() else { return Ok(Value::Null) };
    let expected = first.to_json();
    if nodes.iter().any(|node| node.to_json() != expected) {
        return Err(scope.conflict(place, &nodes));
    }
    scope.plain(place, *first)
}

/// Data of any shape: objects merge, everything else must be equal.
fn anything(scope: &Rc<Scope>, place: &Place, definitions: &[Definition]) -> Result<Value, Fault> {
    let mut objects = 0;
    for definition in definitions {
        objects += usize::from(scope.node(definition)?.kind() == Kind::Object);
    }
    if objects == definitions.len() {
        return attrs(scope, &Rc::new(Type::Anything), place, definitions);
    }
    equal(scope, place, definitions)
}

/// An object with any keys: the values of each key merge.
fn attrs(
    scope: &Rc<Scope>,
    inner: &Rc<Type>,
    place: &Place,
    definitions: &[Definition],
) -> Result<Value, Fault> {
    let mut keys = Keys::new();
    for definition in definitions {
        add_keys(scope, place, definition, &mut keys)?;
    }
    let mut attrs = AttrsBuilder::default();
    for (name, (_, definitions)) in keys {
        insert_lazy(scope, &mut attrs, inner, place.below(&name), name, definitions);
    }
    Ok(Value::Attrs(attrs.finish()))
}

/// Lists, one after the other; an element that a condition takes away is not there.
fn list(
    scope: &Rc<Scope>,
    inner: &Rc<Type>,
    place: &Place,
    definitions: &[Definition],
) -> Result<Value, Fault> {
    let place = place.element();
    let mut items = Vec::new();
    for definition in definitions {
        for item in scope.node(definition)?.items() {
            let item = [Definition::new(item.raw())];
            if is_defined(scope.inventory(), &item) {
                let (scope, inner, place) = (Rc::clone(scope), Rc::clone(inner), place.clone());
                items.push(Value::lazy(move |_| value(&scope, &inner, &place, &item)));
            }
        }
    }
    Ok(Value::list(items))
}
