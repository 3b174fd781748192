//! Attribute sets inside attribute sets, by the names that lead to a part.

use super::support::{Answer, each, nested, texts};
use crate::diagnostic::Code;
use crate::value::{Attrs, AttrsBuilder, Evaluator, Fault, Name, Value, equal};

table! {
    "attrByPath" ["bare" "lib" "lib.attrsets"] "[String] -> a -> Any -> Any"
        "the part to which names lead, or a default"
        "As `set.a.b or default`, with computed names."
        { "attrByPath [ \"a\" \"b\" ] 0 { a.b = 1; }" => "1" "attrByPath [ \"a\" \"c\" ] 0 { a.b = 1; }" => "0" }
        |ev, path, default, set| {
            let path = texts(ev, path)?;
            match lookup(ev, &path, set)? {
                Some(value) => ev.force(&value),
                None => ev.force(default),
            }
        };
    "hasAttrByPath" ["bare" "lib" "lib.attrsets"] "[String] -> Any -> Bool"
        "whether names lead to a part"
        "As `set ? a.b`, with computed names."
        { "hasAttrByPath [ \"a\" \"b\" ] { a.b = 1; }" => "true" "hasAttrByPath [ \"a\" \"c\" ] { a.b = 1; }" => "false" }
        |ev, path, set| {
            let path = texts(ev, path)?;
            Ok(Value::Bool(lookup(ev, &path, set)?.is_some()))
        };
    "getAttrFromPath" ["bare" "lib" "lib.attrsets"] "[String] -> Any -> Any"
        "the part to which names lead"
        "Where they lead nowhere, that is an error."
        { "getAttrFromPath [ \"a\" \"b\" ] { a.b = 1; }" => "1" "getAttrFromPath [ \"a\" \"c\" ] { a.b = 1; }" => "error: missing-element" }
        |ev, path, set| {
            let path = texts(ev, path)?;
            match lookup(ev, &path, set)? {
                Some(value) => ev.force(&value),
                None => Err(ev.fault(Code::MissingElement, format!("the set has no attribute `{}`", path.join(".")))),
            }
        };
    "setAttrByPath" ["bare" "lib" "lib.attrsets"] "[String] -> a -> Any"
        "sets inside each other, with a value to which names lead"
        ""
        { "setAttrByPath [ \"a\" \"b\" ] 1" => "{\"a\":{\"b\":1}}" "setAttrByPath [ ] 1" => "1" }
        |ev, path, value| {
            let path = texts(ev, path)?;
            let nested = path.into_iter().rev().fold(value.clone(), |inner, name| Value::attrs([(name, inner)]));
            ev.force(&nested)
        };
    "recursiveUpdate" ["bare" "lib" "lib.attrsets"] "{ .. } -> { .. } -> Any"
        "two sets in one, sets inside them too"
        "As `//`, and where both have a set under one name, that one likewise."
        { "recursiveUpdate { a.x = 1; b = 1; } { a.y = 2; }" => "{\"a\":{\"x\":1,\"y\":2},\"b\":1}" "recursiveUpdate { a = 1; } { a.b = 2; }" => "{\"a\":{\"b\":2}}" }
        |ev, left, right| {
            let (left, right) = (ev.attrs(left)?, ev.attrs(right)?);
            update(ev, &left, &right)
        };
    "recursiveUpdateUntil" ["lib" "lib.attrsets"] "([String] -> Any -> Any -> Bool) -> { .. } -> { .. } -> Any"
        "two sets in one, sets inside them too, as far as a predicate of the names and both values does not hold"
        "Where it holds, the second value counts as a whole."
        { "lib.recursiveUpdateUntil (path: l: r: path == [ \"a\" ]) { a.x = 1; b.x = 1; } { a.y = 2; b.y = 2; }" => "{\"a\":{\"y\":2},\"b\":{\"x\":1,\"y\":2}}" "lib.recursiveUpdateUntil (path: l: r: true) { a.x = 1; } { a.y = 2; }" => "{\"a\":{\"y\":2}}" }
        |ev, until, left, right| {
            let (left, right) = (ev.attrs(left)?, ev.attrs(right)?);
            update_until(ev, until, &[], &left, &right)
        };
    "matchAttrs" ["lib" "lib.attrsets"] "{ .. } -> { .. } -> Bool"
        "whether a set has all attributes of another with equal values, sets inside likewise"
        "What it must have comes first."
        { "lib.matchAttrs { a.b = 1; } { a = { b = 1; c = 2; }; }" => "true" "lib.matchAttrs { a = 1; } { a = 2; }" => "false" }
        |ev, pattern, set| {
            let (pattern, set) = (ev.attrs(pattern)?, ev.attrs(set)?);
            Ok(Value::Bool(matches(ev, &pattern, &set)?))
        };
    "mapAttrsRecursiveCond" ["lib" "lib.attrsets"] "(Any -> Bool) -> ([String] -> Any -> Any) -> { .. } -> Any"
        "as `mapAttrsRecursive`, but a set for which a predicate does not hold is no set to go into"
        "The predicate is not asked about the outermost set."
        { "lib.mapAttrsRecursiveCond (x: !(x ? leaf)) (path: x: concatStringsSep \".\" path) { a.b.leaf = 1; }" => "{\"a\":{\"b\":\"a.b\"}}" "lib.mapAttrsRecursiveCond (x: true) (path: value: value) { a.b = 1; }" => "{\"a\":{\"b\":1}}" }
        |ev, enters, function, set| {
            let attrs = ev.attrs(set)?;
            map_leaves(ev, Some(enters), function, &[], &attrs)
        };
    "mapAttrsRecursive" ["lib" "lib.attrsets"] "([String] -> Any -> Any) -> { .. } -> Any"
        "a set with each part that is no set replaced by what a function gives for its names and it"
        ""
        { "lib.mapAttrsRecursive (path: value: concatStringsSep \".\" path) { a.b = 1; c = 2; }" => "{\"a\":{\"b\":\"a.b\"},\"c\":\"c\"}" "lib.mapAttrsRecursive (path: value: value) { a = [ { b = 1; } ]; }" => "{\"a\":[{\"b\":1}]}" }
        |ev, function, set| {
            let attrs = ev.attrs(set)?;
            map_leaves(ev, None, function, &[], &attrs)
        };
    "filterAttrsRecursive" ["lib" "lib.attrsets"] "(String -> Any -> Bool) -> { .. } -> Any"
        "the attributes for whose name and value a predicate holds, in sets inside the set too"
        ""
        { "lib.filterAttrsRecursive (name: value: value != null) { a = null; b = { c = null; d = 1; }; }" => "{\"b\":{\"d\":1}}" "lib.filterAttrsRecursive (name: value: name != \"x\") { x = 1; y.x = 2; y.z = 3; }" => "{\"y\":{\"z\":3}}" }
        |ev, predicate, set| {
            let attrs = ev.attrs(set)?;
            filter_deeply(ev, predicate, &attrs)
        };
}

/// The part to which names lead, if any.
pub(super) fn lookup<N: AsRef<str>>(
    ev: &mut dyn Evaluator,
    path: &[N],
    set: &Value,
) -> Result<Option<Value>, Fault> {
    let mut value = set.clone();
    for name in path {
        value = match ev.force(&value)? {
            set @ (Value::Attrs(_) | Value::Entity(_)) => match ev.attr(&set, name.as_ref())? {
                Some(value) => value,
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
    }
    Ok(Some(value))
}

/// `left // right`, and where both have a set under one name, that one likewise; decided when it is needed.
fn update(ev: &mut dyn Evaluator, left: &Attrs, right: &Attrs) -> Answer {
    let mut merged = AttrsBuilder::default();
    for (name, value) in left.iter() {
        ev.step()?;
        merged.insert(name.clone(), value.clone());
    }
    for (name, new) in right.iter() {
        ev.step()?;
        let value = match left.get(name) {
            None => new.clone(),
            Some(old) => {
                let (old, new) = (old.clone(), new.clone());
                Value::lazy(move |ev| match (ev.force(&old)?, ev.force(&new)?) {
                    (Value::Attrs(old), Value::Attrs(new)) => update(ev, &old, &new),
                    (_, new) => Ok(new),
                })
            }
        };
        merged.insert(name.clone(), value);
    }
    Ok(Value::Attrs(merged.finish()))
}

/// As [`update`], as far as a predicate does not hold.
fn update_until(ev: &mut dyn Evaluator, until: &Value, path: &[Name], left: &Attrs, right: &Attrs) -> Answer {
    let mut merged = AttrsBuilder::default();
    for (name, value) in left.iter() {
        ev.step()?;
        merged.insert(name.clone(), value.clone());
    }
    for (name, new) in right.iter() {
        ev.step()?;
        let Some(old) = left.get(name) else {
            merged.insert(name.clone(), new.clone());
            continue;
        };
        let (until, old, new) = (until.clone(), old.clone(), new.clone());
        let path: Vec<Name> = path.iter().chain([name]).cloned().collect();
        let value = Value::lazy(move |ev| {
            let names = Value::list(path.iter().cloned().map(Value::from).collect());
            let answer = ev.call(&until, &[names, old.clone(), new.clone()])?;
            if ev.bool(&answer)? {
                return ev.force(&new);
            }
            match (ev.force(&old)?, ev.force(&new)?) {
                (Value::Attrs(old), Value::Attrs(new)) => update_until(ev, &until, &path, &old, &new),
                (_, new) => Ok(new),
            }
        });
        merged.insert(name.clone(), value);
    }
    Ok(Value::Attrs(merged.finish()))
}

fn matches(ev: &mut dyn Evaluator, pattern: &Attrs, set: &Attrs) -> Result<bool, Fault> {
    for (name, wanted) in pattern.iter() {
        ev.step()?;
        let Some(found) = set.get(name) else { return Ok(false) };
        let same = match (ev.force(wanted)?, ev.force(found)?) {
            (Value::Attrs(wanted), Value::Attrs(found)) => nested(ev, |ev| matches(ev, &wanted, &found))?,
            (wanted, found) => equal(ev, &wanted, &found)?,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

fn map_leaves(
    ev: &mut dyn Evaluator,
    enters: Option<&Value>,
    function: &Value,
    path: &[Name],
    attrs: &Attrs,
) -> Answer {
    let leaves = each(ev, attrs.iter(), |_, (name, value)| {
        let (enters, function, value) = (enters.cloned(), function.clone(), value.clone());
        let path: Vec<Name> = path.iter().chain([name]).cloned().collect();
        Value::lazy(move |ev| {
            let value = ev.force(&value)?;
            let enter = match (&value, &enters) {
                (Value::Attrs(_), Some(enters)) => ev.holds(enters, &value)?,
                (Value::Attrs(_), None) => true,
                _ => false,
            };
            match value {
                Value::Attrs(attrs) if enter => map_leaves(ev, enters.as_ref(), &function, &path, &attrs),
                value => {
                    let path = Value::list(path.into_iter().map(Value::from).collect());
                    ev.call(&function, &[path, value])
                }
            }
        })
    });
    Ok(Value::Attrs(Attrs::new(attrs.keys().clone(), leaves?)))
}

fn filter_deeply(ev: &mut dyn Evaluator, predicate: &Value, attrs: &Attrs) -> Answer {
    let mut picked = AttrsBuilder::default();
    for (name, value) in attrs.iter() {
        ev.step()?;
        let answer = ev.call(predicate, &[Value::from(name.clone()), value.clone()])?;
        if ev.bool(&answer)? {
            let (predicate, value) = (predicate.clone(), value.clone());
            let deeper = Value::lazy(move |ev| match ev.force(&value)? {
                Value::Attrs(attrs) => filter_deeply(ev, &predicate, &attrs),
                other => Ok(other),
            });
            picked.insert(name.clone(), deeper);
        }
    }
    Ok(Value::Attrs(picked.finish()))
}
