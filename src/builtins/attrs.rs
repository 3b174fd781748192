//! Attribute sets: their names and values, and sets made from sets.

use std::sync::{Arc, LazyLock};

use super::support::{Answer, each, field, later_with, nested, room, texts};
use crate::value::{Attrs, AttrsBuilder, Evaluator, Fault, Name, Value};

table! {
    "attrNames" ["bare" "builtins" "lib" "lib.attrsets"] "{ .. } -> [String]" needs(0)
        "the names of all attributes, in byte order"
        ""
        { "attrNames { b = 1; a = 2; }" => "[\"a\",\"b\"]" "attrNames { }" => "[]" }
        |ev, set| {
            let attrs = ev.attrs(set)?;
            Ok(Value::list(attrs.keys().iter().map(|name| Value::from(name.clone())).collect()))
        };
    "attrValues" ["bare" "builtins" "lib" "lib.attrsets"] "{ _ : a } -> [a]" needs(0)
        "the values of all attributes, in the order of the names"
        ""
        { "attrValues { b = 1; a = 2; }" => "[2,1]" "attrValues { }" => "[]" }
        |ev, set| Ok(Value::list(ev.attrs(set)?.values().to_vec()));
    "hasAttr" ["bare" "builtins" "lib" "lib.attrsets"] "String -> { .. } -> Bool"
        "whether a set has an attribute, as `set ? name`"
        ""
        { "hasAttr \"a\" { a = 1; }" => "true" "hasAttr \"b\" { a = 1; }" => "false" }
        |ev, name, set| {
            let name = ev.string(name)?;
            Ok(Value::Bool(ev.attr(set, &name)?.is_some()))
        };
    "getAttr" ["bare" "builtins" "lib" "lib.attrsets"] "String -> { _ : a } -> a"
        "an attribute by its name, as `set.${name}`"
        ""
        { "getAttr \"a\" { a = 1; }" => "1" "getAttr \"b\" { a = 1; }" => "error: missing-element" }
        |ev, name, set| {
            let name = ev.string(name)?;
            let value = field(ev, set, &name).map_err(|fault| fault.of_argument(0))?;
            ev.force(&value)
        };
    "removeAttrs" ["nix" "builtins" "lib" "lib.attrsets"] "{ _ : a } -> [String] -> { _ : a }"
        "a set without some attributes"
        "Names that the set does not have are no error."
        { "removeAttrs { a = 1; b = 2; } [ \"a\" \"c\" ]" => "{\"b\":2}" "removeAttrs { } [ \"a\" ]" => "{}" }
        |ev, set, names| {
            let (attrs, names) = (ev.attrs(set)?, texts(ev, names)?);
            kept(ev, &attrs, |name| !names.contains(name))
        };
    "getAttrs" ["lib" "lib.attrsets"] "[String] -> { _ : a } -> { _ : a }"
        "a set with the named attributes alone"
        "All of them must be there."
        { "lib.getAttrs [ \"a\" ] { a = 1; b = 2; }" => "{\"a\":1}" "lib.getAttrs [ ] { a = 1; }" => "{}" }
        |ev, names, set| {
            let mut picked = AttrsBuilder::default();
            for name in texts(ev, names)? {
                ev.step()?;
                let value = field(ev, set, &name)?;
                picked.insert(name, value);
            }
            Ok(Value::Attrs(picked.finish()))
        };
    "attrVals" ["lib" "lib.attrsets"] "[String] -> { _ : a } -> [a]"
        "the values of the named attributes"
        "All of them must be there."
        { "lib.attrVals [ \"b\" \"a\" ] { a = 1; b = 2; }" => "[2,1]" "lib.attrVals [ ] { a = 1; }" => "[]" }
        |ev, names, set| {
            let mut values = Vec::new();
            for name in texts(ev, names)? {
                values.push(field(ev, set, &name)?);
            }
            Ok(Value::list(values))
        };
    "intersectAttrs" ["bare" "builtins" "lib" "lib.attrsets"] "{ _ : a } -> { _ : b } -> { _ : b }"
        "the attributes of the second set whose names the first has too"
        ""
        { "intersectAttrs { a = 1; } { a = 2; b = 3; }" => "{\"a\":2}" "intersectAttrs { } { a = 1; }" => "{}" }
        |ev, names, set| {
            let (names, attrs) = (ev.attrs(names)?, ev.attrs(set)?);
            kept(ev, &attrs, |name| names.contains(name))
        };
    "mapAttrs" ["bare" "builtins" "lib" "lib.attrsets"] "(String -> a -> b) -> { _ : a } -> { _ : b }" needs(1)
        "a set of what a function gives for each name and value"
        "The results are computed when they are needed."
        { "mapAttrs (name: value: value + 1) { a = 1; b = 2; }" => "{\"a\":2,\"b\":3}" "mapAttrs (n: length) { a = [ 1 2 ]; }" => "{\"a\":2}" }
        |ev, function, set| {
            let attrs = ev.attrs(set)?;
            Ok(Value::Attrs(Attrs::new(attrs.keys().clone(), each_attribute(ev, function, &attrs)?)))
        };
    "mapAttrs'" ["bare" "lib" "lib.attrsets"] "(String -> a -> { name : String, value : b }) -> { _ : a } -> { _ : b }"
        "a set of the names and values that a function gives for each name and value"
        ""
        { "mapAttrs' (name: value: nameValuePair \"x-${name}\" value) { a = 1; }" => "{\"x-a\":1}" "mapAttrs' (name: value: lib.nameValuePair \"same\" value) { a = 1; b = 2; }" => "{\"same\":1}" }
        |ev, function, set| {
            let attrs = ev.attrs(set)?;
            let pairs = each_attribute(ev, function, &attrs)?;
            from_pairs(ev, &pairs)
        };
    "mapAttrsToList" ["bare" "lib" "lib.attrsets"] "(String -> a -> b) -> { _ : a } -> [b]"
        "a list of what a function gives for each name and value"
        ""
        { "mapAttrsToList (name: value: \"${name}=${toString value}\") { a = 1; b = 2; }" => "[\"a=1\",\"b=2\"]" "mapAttrsToList (name: value: name) { }" => "[]" }
        |ev, function, set| {
            let attrs = ev.attrs(set)?;
            Ok(Value::list(each_attribute(ev, function, &attrs)?))
        };
    "filterAttrs" ["bare" "lib" "lib.attrsets"] "(String -> a -> Bool) -> { _ : a } -> { _ : a }"
        "the attributes for whose name and value a predicate holds"
        ""
        { "filterAttrs (name: value: value > 1) { a = 1; b = 2; }" => "{\"b\":2}" "filterAttrs (name: value: name == \"a\") { a = 1; b = 2; }" => "{\"a\":1}" }
        |ev, predicate, set| {
            let mut picked = AttrsBuilder::default();
            for (name, value) in ev.attrs(set)?.iter() {
                ev.step()?;
                let answer = ev.call(predicate, &[Value::from(name.clone()), value.clone()])?;
                if ev.bool(&answer)? {
                    picked.insert(name.clone(), value.clone());
                }
            }
            Ok(Value::Attrs(picked.finish()))
        };
    "concatMapAttrs" ["lib" "lib.attrsets"] "(String -> a -> { _ : b }) -> { _ : a } -> { _ : b }"
        "the sets that a function gives for each name and value, in one set"
        "Of equal names the last one counts."
        { "lib.concatMapAttrs (name: value: { \"${name}1\" = value; \"${name}2\" = value; }) { a = 0; }" => "{\"a1\":0,\"a2\":0}" "lib.concatMapAttrs (name: value: { x = value; }) { a = 1; b = 2; }" => "{\"x\":2}" }
        |ev, function, set| {
            let mut merged = AttrsBuilder::default();
            for (name, value) in ev.attrs(set)?.iter() {
                ev.step()?;
                let part = ev.call(function, &[Value::from(name.clone()), value.clone()])?;
                for (name, value) in ev.attrs(&part)?.iter() {
                    merged.insert(name.clone(), value.clone());
                }
            }
            Ok(Value::Attrs(merged.finish()))
        };
    "foldlAttrs" ["bare" "lib" "lib.attrsets"] "(b -> String -> a -> b) -> b -> { _ : a } -> b"
        "combines all attributes in the order of their names, beginning with a value"
        ""
        { "foldlAttrs (sum: name: value: sum + value) 0 { a = 1; b = 2; }" => "3" "foldlAttrs (text: name: value: \"${text}${name}${value}\") \"\" { b = \"2\"; a = \"1\"; }" => "\"a1b2\"" }
        |ev, function, start, set| {
            let mut result = start.clone();
            for (name, value) in ev.attrs(set)?.iter() {
                ev.step()?;
                result = ev.call(function, &[result, Value::from(name.clone()), value.clone()])?;
            }
            ev.force(&result)
        };
    "foldAttrs" ["lib" "lib.attrsets"] "(a -> b -> b) -> b -> [{ _ : a }] -> { _ : b }"
        "a set of all names of several sets, the values of each combined from the right"
        ""
        { "lib.foldAttrs (x: rest: [ x ] ++ rest) [ ] [ { a = 1; b = 3; } { a = 2; b = 4; } ]" => "{\"a\":[1,2],\"b\":[3,4]}" "lib.foldAttrs (x: rest: x + rest) 0 [ { a = 1; } { a = 2; b = 3; } { } ]" => "{\"a\":3,\"b\":3}" }
        |ev, function, end, sets| {
            let (function, end) = (function.clone(), end.clone());
            zip(ev, sets, move |_, values| {
                let next = |rest: Value, value: &Value| later_with(&function, value.clone(), &rest);
                values.iter().rev().fold(end.clone(), next)
            })
        };
    "zipAttrsWith" ["bare" "builtins" "lib" "lib.attrsets"] "(String -> [a] -> b) -> [{ _ : a }] -> { _ : b }"
        "a set of all names of several sets, with what a function gives for each name and its values"
        ""
        { "zipAttrsWith (name: values: length values) [ { a = 1; } { a = 2; } ]" => "{\"a\":2}" "zipAttrsWith (name: values: values) [ ]" => "{}" }
        |ev, function, sets| {
            let function = function.clone();
            zip(ev, sets, move |name, values| later_with(&function, Value::from(name), &Value::list(values)))
        };
    "zipAttrsWithNames" ["lib" "lib.attrsets"] "[String] -> (String -> [a] -> b) -> [{ _ : a }] -> { _ : b }"
        "a set of some names, with what a function gives for each name and its values in several sets"
        ""
        { "lib.zipAttrsWithNames [ \"a\" ] (name: values: values) [ { a = 1; b = 2; } { a = 3; } ]" => "{\"a\":[1,3]}" "lib.zipAttrsWithNames [ \"c\" ] (name: values: length values) [ { a = 1; } ]" => "{\"c\":0}" }
        |ev, names, function, sets| {
            let sets = ev.list(sets)?;
            let mut zipped = AttrsBuilder::default();
            for name in texts(ev, names)? {
                let mut values = Vec::new();
                for set in sets.iter() {
                    ev.step()?;
                    values.extend(ev.attr(set, &name)?);
                }
                let value = later_with(function, Value::from(name.clone()), &Value::list(values));
                zipped.insert_first(name, value);
            }
            Ok(Value::Attrs(zipped.finish()))
        };
    "zipAttrs" ["lib" "lib.attrsets"] "[{ _ : a }] -> { _ : [a] }"
        "a set of all names of several sets, with the values of each"
        ""
        { "lib.zipAttrs [ { a = 1; } { a = 2; } ]" => "{\"a\":[1,2]}" "lib.zipAttrs [ { a = 1; } { a = 2; b = 3; } ]" => "{\"a\":[1,2],\"b\":[3]}" }
        |ev, sets| zip(ev, sets, |_, values| Value::list(values));
    "catAttrs" ["bare" "builtins" "lib" "lib.attrsets"] "String -> [{ _ : a }] -> [a]"
        "the values of one attribute in those sets that have it"
        ""
        { "catAttrs \"a\" [ { a = 1; } { a = 3; } ]" => "[1,3]" "catAttrs \"b\" [ { a = 1; } ]" => "[]" }
        |ev, name, sets| {
            let name = ev.string(name)?;
            let mut values = Vec::new();
            for set in ev.list(sets)?.iter() {
                ev.step()?;
                values.extend(ev.attr(set, &name)?);
            }
            Ok(Value::list(values))
        };
    "listToAttrs" ["bare" "builtins" "lib" "lib.attrsets"] "[{ name : String, value : a, .. }] -> { _ : a }" needs(0)
        "a set from a list of names and values"
        "Of equal names the first one counts."
        { "listToAttrs [ { name = \"a\"; value = 1; } { name = \"a\"; value = 2; } ]" => "{\"a\":1}" "listToAttrs [ ]" => "{}" }
        |ev, list| {
            let list = ev.list(list)?;
            from_pairs(ev, &list)
        };
    "attrsToList" ["bare" "lib" "lib.attrsets"] "{ _ : a } -> [{ name : String, value : a }]"
        "a list of names and values from a set"
        ""
        { "attrsToList { a = 1; }" => "[{\"name\":\"a\",\"value\":1}]" "attrsToList { b = 2; a = 1; }" => "[{\"name\":\"a\",\"value\":1},{\"name\":\"b\",\"value\":2}]" }
        |ev, set| {
            let attrs = ev.attrs(set)?;
            let pairs = each(ev, attrs.iter(), |_, (name, value)| pair(Value::from(name.clone()), value));
            Ok(Value::list(pairs?))
        };
    "nameValuePair" ["bare" "lib" "lib.attrsets"] "String -> a -> { name : String, value : a }"
        "a name and a value as `listToAttrs` takes them"
        ""
        { "nameValuePair \"a\" 1" => "{\"name\":\"a\",\"value\":1}" "listToAttrs [ (nameValuePair \"a\" 1) ]" => "{\"a\":1}" }
        |_ev, name, value| Ok(pair(name.clone(), value));
    "genAttrs" ["bare" "lib" "lib.attrsets"] "[String] -> (String -> a) -> { _ : a }"
        "a set of what a function gives for each of some names"
        ""
        { "genAttrs [ \"a\" \"b\" ] (name: \"x-${name}\")" => "{\"a\":\"x-a\",\"b\":\"x-b\"}" "genAttrs [ \"a\" \"a\" ] (name: name)" => "{\"a\":\"a\"}" }
        |ev, names, function| {
            let mut attrs = AttrsBuilder::default();
            for name in texts(ev, names)? {
                ev.step()?;
                let value = ev.later(function, &Value::from(name.clone()));
                attrs.insert_first(name, value);
            }
            Ok(Value::Attrs(attrs.finish()))
        };
    "genAttrs'" ["lib" "lib.attrsets"] "[a] -> (a -> { name : String, value : b, .. }) -> { _ : b }"
        "a set of the names and values that a function gives for each element of a list"
        "Of equal names the first one counts."
        { "lib.genAttrs' [ 1 2 ] (n: lib.nameValuePair \"x${toString n}\" n)" => "{\"x1\":1,\"x2\":2}" "lib.genAttrs' [ ] (x: lib.nameValuePair x x)" => "{}" }
        |ev, list, function| {
            let list = ev.list(list)?;
            let pairs = each(ev, list.iter(), |ev, item| ev.later(function, item))?;
            from_pairs(ev, &pairs)
        };
    "optionalAttrs" ["bare" "lib" "lib.attrsets"] "Bool -> { _ : a } -> { _ : a }"
        "a set where a condition holds, else an empty one"
        ""
        { "optionalAttrs true { a = 1; }" => "{\"a\":1}" "optionalAttrs false { a = 1; }" => "{}" }
        |ev, condition, set| if ev.bool(condition)? { ev.force(set) } else { Ok(Value::Attrs(Attrs::empty())) };
    "mergeAttrs" ["lib" "lib.trivial"] "{ _ : a } -> { _ : a } -> { _ : a }"
        "two sets in one, as `//`"
        ""
        { "lib.mergeAttrs { a = 1; } { b = 2; }" => "{\"a\":1,\"b\":2}" "lib.mergeAttrs { a = 1; b = 1; } { b = 2; }" => "{\"a\":1,\"b\":2}" }
        |ev, left, right| {
            let (left, right) = (ev.attrs(left)?, ev.attrs(right)?);
            Ok(Value::Attrs(left.update(&right)))
        };
    "mergeAttrsList" ["lib" "lib.attrsets"] "[{ _ : a }] -> { _ : a }"
        "several sets in one"
        "Of equal names the last one counts."
        { "lib.mergeAttrsList [ { a = 1; b = 2; } { a = 3; b = 4; } ]" => "{\"a\":3,\"b\":4}" "lib.mergeAttrsList [ ]" => "{}" }
        |ev, sets| {
            let mut merged = AttrsBuilder::default();
            for set in ev.list(sets)?.iter() {
                ev.step()?;
                for (name, value) in ev.attrs(set)?.iter() {
                    ev.step()?;
                    merged.insert(name.clone(), value.clone());
                }
            }
            Ok(Value::Attrs(merged.finish()))
        };
    "cartesianProduct" ["lib" "lib.attrsets"] "{ _ : [a] } -> [{ _ : a }]"
        "all sets that take one element of each attribute's list"
        ""
        { "lib.cartesianProduct { a = [ 1 2 ]; b = [ 3 ]; }" => "[{\"a\":1,\"b\":3},{\"a\":2,\"b\":3}]" "lib.cartesianProduct { }" => "[{}]" }
        |ev, set| product(ev, set);
    "cartesianProductOfSets" ["lib" "lib.attrsets"] "{ _ : [a] } -> [{ _ : a }]"
        "as `lib.cartesianProduct`, by its older name"
        ""
        { "lib.cartesianProductOfSets { a = [ 1 2 ]; }" => "[{\"a\":1},{\"a\":2}]" "lib.cartesianProductOfSets { a = [ ]; }" => "[]" }
        |ev, set| product(ev, set);
    "mapCartesianProduct" ["lib" "lib.attrsets"] "({ _ : a } -> b) -> { _ : [a] } -> [b]"
        "what a function gives for all sets that take one element of each attribute's list"
        ""
        { "lib.mapCartesianProduct (x: x.a + x.b) { a = [ 1 2 ]; b = [ 10 20 ]; }" => "[11,21,12,22]" "lib.mapCartesianProduct (x: \"${x.a}-${toString x.n}\") { a = [ \"web\" ]; n = [ 1 2 ]; }" => "[\"web-1\",\"web-2\"]" }
        |ev, function, set| {
            let sets = product(ev, set)?;
            let sets = ev.list(&sets)?;
            Ok(Value::list(each(ev, sets.iter(), |ev, set| ev.later(function, set))?))
        };
    "collect" ["lib" "lib.attrsets"] "(Any -> Bool) -> Any -> [Any]"
        "the parts of nested sets for which a predicate holds, from the outside"
        "What is inside a part that is taken is not looked at."
        { "lib.collect isInt { a = 1; b = { c = 2; d = \"x\"; }; }" => "[1,2]" "lib.collect isList { a = [ 1 ]; b.c = [ 2 ]; }" => "[[1],[2]]" }
        |ev, predicate, value| {
            let mut found = Vec::new();
            collect(ev, predicate, value, &mut found)?;
            Ok(Value::list(found))
        };
}

fn pair(name: Value, value: &Value) -> Value {
    static NAMES: LazyLock<Arc<[Name]>> = LazyLock::new(|| ["name", "value"].map(Name::from).into());
    Value::Attrs(Attrs::new(Arc::clone(&NAMES), vec![name, value.clone()]))
}

fn kept(ev: &mut dyn Evaluator, attrs: &Attrs, keep: impl Fn(&Name) -> bool) -> Answer {
    let mut picked = AttrsBuilder::default();
    for (name, value) in attrs.iter() {
        ev.step()?;
        if keep(name) {
            picked.insert(name.clone(), value.clone());
        }
    }
    Ok(Value::Attrs(picked.finish()))
}

/// What a function gives for each name and value, when it is needed.
fn each_attribute(ev: &mut dyn Evaluator, function: &Value, attrs: &Attrs) -> Result<Vec<Value>, Fault> {
    each(ev, attrs.iter(), |_, (name, value)| later_with(function, Value::from(name.clone()), value))
}

fn from_pairs(ev: &mut dyn Evaluator, pairs: &[Value]) -> Answer {
    let mut attrs = AttrsBuilder::default();
    for pair in pairs {
        ev.step()?;
        let name = field(ev, pair, "name")?;
        let name = ev.string(&name)?;
        if !attrs.contains(&name) {
            let value = field(ev, pair, "value")?;
            attrs.insert(name, value);
        }
    }
    Ok(Value::Attrs(attrs.finish()))
}

fn zip(ev: &mut dyn Evaluator, sets: &Value, combine: impl Fn(Name, Vec<Value>) -> Value) -> Answer {
    let mut values: std::collections::BTreeMap<Name, Vec<Value>> = std::collections::BTreeMap::new();
    for set in ev.list(sets)?.iter() {
        ev.step()?;
        for (name, value) in ev.attrs(set)?.iter() {
            ev.step()?;
            values.entry(name.clone()).or_default().push(value.clone());
        }
    }
    let mut combined = AttrsBuilder::default();
    for (name, values) in values {
        ev.step()?;
        combined.insert(name.clone(), combine(name, values));
    }
    Ok(Value::Attrs(combined.finish()))
}

fn product(ev: &mut dyn Evaluator, set: &Value) -> Answer {
    let attrs = ev.attrs(set)?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for value in attrs.values() {
        let list = ev.list(value)?;
        room(ev, rows.len().saturating_mul(list.len()).saturating_mul(attrs.len()))?;
        let mut longer = Vec::new();
        for row in &rows {
            for item in list.iter() {
                ev.step()?;
                let mut row = row.clone();
                row.push(item.clone());
                longer.push(row);
            }
        }
        rows = longer;
    }
    let set = |row| Value::Attrs(Attrs::new(attrs.keys().clone(), row));
    Ok(Value::list(rows.into_iter().map(set).collect()))
}

fn collect(
    ev: &mut dyn Evaluator,
    predicate: &Value,
    value: &Value,
    found: &mut Vec<Value>,
) -> Result<(), Fault> {
    if ev.holds(predicate, value)? {
        found.push(value.clone());
        return Ok(());
    }
    match ev.force(value)? {
        Value::Attrs(attrs) => {
            nested(ev, |ev| attrs.values().iter().try_for_each(|value| collect(ev, predicate, value, found)))
        }
        _ => Ok(()),
    }
}
