//! Attribute sets with changes, and what all the parts inside of a set give.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::escapes::nix_name;
use super::support::{Answer, field, long_text, nested, room_later, texts, thrown};
use crate::diagnostic::Code;
use crate::syntax::format::attr_name;
use crate::value::{Attrs, AttrsBuilder, Evaluator, Fault, Name, Thunk, Value};

table! {
    "mapAttrsToListRecursive" ["lib" "lib.attrsets"] "([String] -> Any -> a) -> { .. } -> [a]"
        "a list of what a function gives for the names and the value of each part that is no set"
        ""
        { "lib.mapAttrsToListRecursive (path: value: \"${concatStringsSep \".\" path}=${toString value}\") { a.b = 1; c = 2; }" => "[\"a.b=1\",\"c=2\"]" "lib.mapAttrsToListRecursive (path: value: path) { a = { }; }" => "[]" }
        |ev, function, set| leaves(ev, None, function, set);
    "mapAttrsToListRecursiveCond" ["lib" "lib.attrsets"] "([String] -> Any -> Bool) -> ([String] -> Any -> a) -> { .. } -> [a]"
        "as `mapAttrsToListRecursive`, but a set for whose names and itself a predicate does not hold is no set to go into"
        "The predicate is not asked about the outermost set."
        { "lib.mapAttrsToListRecursiveCond (path: value: !(value ? leaf)) (path: value: concatStringsSep \".\" path) { a.b.leaf = 1; c = 2; }" => "[\"a.b\",\"c\"]" "lib.mapAttrsToListRecursiveCond (path: value: false) (path: value: value) { a.b = 1; }" => "[{\"b\":1}]" }
        |ev, enters, function, set| leaves(ev, Some(enters), function, set);
    "overrideExisting" ["lib" "lib.attrsets"] "{ _ : a } -> { _ : a } -> { _ : a }"
        "a set with the values that a second set has for its names"
        "Names that the second one has alone are not taken."
        { "lib.overrideExisting { a = 1; b = 2; } { b = 3; c = 4; }" => "{\"a\":1,\"b\":3}" "lib.overrideExisting { } { a = 1; }" => "{}" }
        |ev, old, new| {
            let old = ev.attrs(old)?;
            let values = old.iter().map(|(name, value)| {
                let (name, value, new) = (name.clone(), value.clone(), new.clone());
                Value::lazy(move |ev| match ev.attr(&new, &name)? {
                    Some(value) => ev.force(&value),
                    None => ev.force(&value),
                })
            });
            Ok(Value::Attrs(Attrs::new(old.keys().clone(), values.collect())))
        };
    "setAttr" ["lib" "lib.misc"] "{ .. } -> String -> a -> Any"
        "a set with one attribute more, or with another value of it"
        "As `set // { ${name} = value; }`."
        { "lib.setAttr { a = 1; } \"b\" 2" => "{\"a\":1,\"b\":2}" "lib.setAttr { a = 1; } \"a\" \"x\"" => "{\"a\":\"x\"}" }
        |ev, set, name, value| {
            let (set, name) = (ev.attrs(set)?, ev.string(name)?);
            Ok(with_attr(&set, name, value.clone()))
        };
    "recurseIntoAttrs" ["lib" "lib.attrsets"] "{ .. } -> Any"
        "a set with the mark `recurseForDerivations`, by which Nix looks for packages in it"
        ""
        { "lib.recurseIntoAttrs { a = 1; }" => "{\"a\":1,\"recurseForDerivations\":true}" "(lib.recurseIntoAttrs { }).recurseForDerivations" => "true" }
        |ev, set| Ok(with_attr(&ev.attrs(set)?, "recurseForDerivations".into(), Value::Bool(true)));
    "dontRecurseIntoAttrs" ["lib" "lib.attrsets"] "{ .. } -> Any"
        "a set with the mark `recurseForDerivations` set to `false`"
        ""
        { "lib.dontRecurseIntoAttrs { a = 1; }" => "{\"a\":1,\"recurseForDerivations\":false}" "(lib.dontRecurseIntoAttrs (lib.recurseIntoAttrs { })).recurseForDerivations" => "false" }
        |ev, set| Ok(with_attr(&ev.attrs(set)?, "recurseForDerivations".into(), Value::Bool(false)));
    "unionOfDisjoint" ["lib.attrsets"] "{ _ : a } -> { _ : a } -> { _ : a }"
        "two sets in one; an attribute that both have is an error where it is needed"
        ""
        { "lib.attrsets.unionOfDisjoint { a = 1; } { b = 2; }" => "{\"a\":1,\"b\":2}" "(lib.attrsets.unionOfDisjoint { a = 1; b = 2; } { b = 3; }).a" => "1" "(lib.attrsets.unionOfDisjoint { a = 1; } { a = 1; }).a" => "error: thrown" }
        |ev, left, right| {
            let (left, right) = (ev.attrs(left)?, ev.attrs(right)?);
            let mut mask = AttrsBuilder::default();
            for name in left.keys().iter().filter(|name| right.contains(name)) {
                let message = format!("both sets have the attribute `{name}`");
                mask.insert(name.clone(), Value::lazy(move |_| Err(thrown(Code::Thrown, message))));
            }
            Ok(Value::Attrs(left.update(&right).update(&mask.finish())))
        };
    "updateManyAttrsByPath" ["lib" "lib.attrsets"] "[{ path : [String], update : Any -> Any, .. }] -> Any -> Any"
        "a set with several parts replaced by what functions give for them"
        "Each change names a part by its `path`, and `update` gets its old value. Changes inside of a part come before those of the part; of one part they come in their order. Sets that are missing on the way are made; a part that is missing has no old value to use."
        { "lib.updateManyAttrsByPath [ { path = [ \"a\" \"b\" ]; update = old: old + 1; } { path = [ \"c\" ]; update = old: 5; } ] { a.b = 1; }" => "{\"a\":{\"b\":2},\"c\":5}" "lib.updateManyAttrsByPath [ { path = [ \"a\" ]; update = old: { x = old.b; }; } { path = [ \"a\" \"b\" ]; update = old: old + 1; } ] { a.b = 1; }" => "{\"a\":{\"x\":2}}" "lib.updateManyAttrsByPath [ { path = [ \"a\" ]; update = old: old + 1; } ] { }" => "error: thrown" }
        |ev, changes, value| {
            let mut updates = Vec::new();
            for change in ev.list(changes)?.iter() {
                ev.step()?;
                let path = field(ev, change, "path")?;
                let path = texts(ev, &path)?;
                updates.push(Rc::new(Update { path, function: field(ev, change, "update")? }));
            }
            ev.force(&changed(0, Some(value.clone()), updates))
        };
    "showAttrPath" ["lib" "lib.attrsets"] "[String] -> String"
        "names that lead to a part, as they are written"
        ""
        { "lib.showAttrPath [ \"a\" \"b.c\" ]" => "\"a.\\\"b.c\\\"\"" "lib.showAttrPath [ ]" => "\"<root attribute path>\"" "lib.showAttrPath [ \"if\" ]" => "\"\\\"if\\\"\"" }
        |ev, path| {
            let path = texts(ev, path)?;
            if path.is_empty() {
                return Ok(Value::string(path_text(&path)));
            }
            let names = path.iter().map(|name| nix_name(ev, name)).collect::<Result<Vec<_>, _>>()?;
            long_text(ev, &names.join("."))
        };
    "longestValidPathPrefix" ["lib.attrsets"] "[String] -> Any -> [String]"
        "the names, from the first one on, that lead to a part"
        ""
        { "lib.attrsets.longestValidPathPrefix [ \"a\" \"b\" \"c\" ] { a.b = 1; }" => "[\"a\",\"b\"]" "lib.attrsets.longestValidPathPrefix [ \"x\" ] { a = 1; }" => "[]" }
        |ev, path, set| {
            let mut value = set.clone();
            let mut found = Vec::new();
            for name in texts(ev, path)? {
                let inner = match ev.force(&value)? {
                    set @ (Value::Attrs(_) | Value::Entity(_)) => ev.attr(&set, &name)?,
                    _ => None,
                };
                let Some(inner) = inner else { break };
                value = inner;
                found.push(Value::from(name));
            }
            Ok(Value::list(found))
        };
}

/// A set with one attribute more, or with another value of it.
fn with_attr(set: &Attrs, name: Name, value: Value) -> Value {
    Value::Attrs(set.update(&Attrs::new([name].into(), vec![value])))
}

/// Names that lead to a part, as they are written.
fn path_text(path: &[Name]) -> String {
    if path.is_empty() {
        return "<root attribute path>".to_owned();
    }
    path.iter().map(|name| attr_name(name)).collect::<Vec<_>>().join(".")
}

/// The names that lead to a part: those of the set around, and one more. Parts of one set share them, so that
/// the leaves of a deep set do not each hold a list of names.
struct Way {
    name: Name,
    before: Option<Rc<Way>>,
}

impl Way {
    fn names(way: &Rc<Way>) -> Value {
        let mut names = Vec::new();
        let mut next = Some(way);
        while let Some(way) = next {
            names.push(Value::from(way.name.clone()));
            next = way.before.as_ref();
        }
        names.reverse();
        Value::list(names)
    }
}

impl Drop for Way {
    /// One name after the other, however many there are.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut way) = next.and_then(Rc::into_inner) {
            next = way.before.take();
        }
    }
}

fn leaves(ev: &mut dyn Evaluator, enters: Option<&Value>, function: &Value, set: &Value) -> Answer {
    let attrs = ev.attrs(set)?;
    let mut found = Vec::new();
    collect(ev, enters, function, None, &attrs, &mut found)?;
    Ok(Value::list(found))
}

fn collect(
    ev: &mut dyn Evaluator,
    enters: Option<&Value>,
    function: &Value,
    before: Option<&Rc<Way>>,
    attrs: &Attrs,
    found: &mut Vec<Value>,
) -> Result<(), Fault> {
    for (name, value) in attrs.iter() {
        ev.step()?;
        let way = Rc::new(Way { name: name.clone(), before: before.cloned() });
        let inner = match ev.force(value)? {
            Value::Attrs(inner) => match enters {
                Some(enters) => {
                    let names = Rc::clone(&way);
                    let names = Value::lazy(move |_| Ok(Way::names(&names)));
                    let answer = ev.call(enters, &[names, value.clone()])?;
                    ev.bool(&answer)?.then_some(inner)
                }
                None => Some(inner),
            },
            _ => None,
        };
        match inner {
            Some(inner) => nested(ev, |ev| collect(ev, enters, function, Some(&way), &inner, found))?,
            None => {
                room_later(ev, found.len())?;
                let (function, value) = (function.clone(), value.clone());
                found.push(Value::lazy(move |ev| ev.call(&function, &[Way::names(&way), value])));
            }
        }
    }
    Ok(())
}

/// A change of a part.
struct Update {
    path: Vec<Name>,
    function: Value,
}

/// A part with its changes, those inside of it first; `depth` names lead to it.
fn changed(depth: usize, old: Option<Value>, updates: Vec<Rc<Update>>) -> Value {
    let (here, inside): (Vec<_>, Vec<_>) = updates.into_iter().partition(|update| update.path.len() <= depth);
    let path = here.first().map(|update| update.path.clone());
    let start = match (old, inside.is_empty()) {
        (Some(old), true) => old,
        (old, false) => Value::lazy(move |ev| changed_inside(ev, depth, old, inside)),
        (None, true) => Value::lazy(move |_| {
            let path = path_text(&path.unwrap_or_default());
            Err(thrown(Code::Thrown, format!("there is no `{path}` whose old value a change could use")))
        }),
    };
    here.iter().fold(start, |value, update| Thunk::call(update.function.clone(), value))
}

/// A part with the changes inside of it.
fn changed_inside(
    ev: &mut dyn Evaluator,
    depth: usize,
    old: Option<Value>,
    updates: Vec<Rc<Update>>,
) -> Answer {
    let old = match old.map(|old| ev.force(&old)).transpose()? {
        None => Attrs::empty(),
        Some(old @ (Value::Attrs(_) | Value::Entity(_))) => ev.attrs(&old)?,
        Some(other) => {
            let path = updates.first().map(|update| update.path.as_slice()).unwrap_or_default();
            let (whole, outer) = (path_text(path), path_text(path.get(..depth).unwrap_or_default()));
            let message = format!("`{whole}` cannot be changed: `{outer}` is {}, no set", other.describe());
            return Err(thrown(Code::Thrown, message));
        }
    };
    let mut groups: BTreeMap<Name, Vec<Rc<Update>>> = BTreeMap::new();
    for update in updates {
        ev.step()?;
        if let Some(name) = update.path.get(depth) {
            groups.entry(name.clone()).or_default().push(update);
        }
    }
    let mut parts = AttrsBuilder::default();
    for (name, updates) in groups {
        let part = changed(depth + 1, old.get(&name).cloned(), updates);
        parts.insert(name, part);
    }
    Ok(Value::Attrs(old.update(&parts.finish())))
}
