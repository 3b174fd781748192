//! Lists: their elements, parts and transformations.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::known::Known;
use super::support::{Answer, each, later_with, nested, room, room_later, texts, thrown};
use crate::diagnostic::Code;
use crate::value::{Attrs, Evaluator, Fault, List, Name, Value, equal};

table! {
    "map" ["nix" "builtins" "lib" "lib.lists"] "(a -> b) -> [a] -> [b]" needs(1)
        "what a function gives for each element"
        "The results are computed when they are needed."
        { "map (x: x * 2) [ 1 2 3 ]" => "[2,4,6]" "map (m: m.name) [ ]" => "[]" }
        |ev, function, list| {
            let list = ev.list(list)?;
            room_later(ev, list.len())?;
            Ok(Value::list(each(ev, list.iter(), |ev, item| ev.later(function, item))?))
        };
    "filter" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "(a -> Bool) -> [a] -> [a]" needs(1)
        "the elements for which a predicate holds"
        "To ask a list of machines by a filter of the inventory, ask the filter itself: `tag \"web\" && system \"x86_64-linux\"`."
        { "filter (x: x > 1) [ 1 2 3 ]" => "[2,3]" "filter (hasPrefix \"w\") [ \"web\" \"db\" ]" => "[\"web\"]" }
        |ev, predicate, list| filter(ev, predicate, list);
    "length" ["bare" "builtins" "lib" "lib.lists"] "countable -> Int" needs(0)
        "how many elements a list, or attributes a set, has"
        "Nix takes lists alone."
        { "length [ 1 2 3 ]" => "3" "length { a = 1; }" => "1" }
        |ev, value| length(ev, value);
    "head" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "[a] -> a" needs(0)
        "the first element"
        "An empty list has none: that is an error."
        { "head [ 1 2 3 ]" => "1" "head [ ]" => "error: missing-element" }
        |ev, list| element(ev, list, 0);
    "tail" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "[a] -> [a]" needs(0)
        "all elements but the first"
        "An empty list has none: that is an error."
        { "tail [ 1 2 3 ]" => "[2,3]" "tail [ ]" => "error: missing-element" }
        |ev, list| match ev.list(list)?.split_first() {
            Some((_, rest)) => Ok(Value::list(rest.to_vec())),
            None => Err(ev.fault(Code::MissingElement, "an empty list has no tail")),
        };
    "last" ["bare" "lib" "lib.lists"] "[a] -> a" needs(0)
        "the last element"
        "An empty list has none: that is an error, which `tryEval` catches."
        { "last [ 1 2 3 ]" => "3" "(tryEval (last [ ])).success" => "false" }
        |ev, list| match ev.list(list)?.last() {
            Some(item) => ev.force(item),
            None => Err(thrown(Code::MissingElement, "an empty list has no last element")),
        };
    "init" ["bare" "lib" "lib.lists"] "[a] -> [a]"
        "all elements but the last"
        "An empty list has none: that is an error, which `tryEval` catches."
        { "init [ 1 2 3 ]" => "[1,2]" "(tryEval (init [ ])).success" => "false" }
        |ev, list| match ev.list(list)?.split_last() {
            Some((_, rest)) => Ok(Value::list(rest.to_vec())),
            None => Err(thrown(Code::MissingElement, "an empty list has no init")),
        };
    "elemAt" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "[a] -> Int -> a" needs(1 0)
        "the element at an index, counted from 0"
        ""
        { "elemAt [ \"a\" \"b\" ] 1" => "\"b\"" "elemAt [ 1 ] 1" => "error: missing-element" }
        |ev, list, index| {
            let index = ev.int(index)?;
            element(ev, list, index).map_err(|fault| fault.of_argument(1))
        };
    "elem" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "a -> [a] -> Bool" needs(1)
        "whether a value is in a list"
        ""
        { "elem 2 [ 1 2 3 ]" => "true" "elem \"db\" [ \"web\" ]" => "false" }
        |ev, value, list| {
            let list = ev.list(list)?;
            Ok(Value::Bool(contains(ev, value, &list)?))
        };
    "any" ["bare" "builtins" "lib" "lib.lists"] "(a -> Bool) -> [a] -> Bool"
        "whether a predicate holds for at least one element"
        "Of an empty list it holds for none."
        { "any (x: x > 2) [ 1 2 3 ]" => "true" "any (x: true) [ ]" => "false" }
        |ev, predicate, list| Ok(Value::Bool(find(ev, predicate, list, true)?.is_some()));
    "all" ["builtins" "lib" "lib.lists"] "(a -> Bool) -> [a] -> Bool"
        "whether a predicate holds for every element"
        "The bare name `all` is the filter that every machine passes."
        { "lib.all (x: x > 0) [ 1 2 3 ]" => "true" "builtins.all (x: false) [ ]" => "true" }
        |ev, predicate, list| Ok(Value::Bool(find(ev, predicate, list, false)?.is_none()));
    "count" ["bare" "lib" "lib.lists"] "(a -> Bool) -> [a] -> Int"
        "for how many elements a predicate holds"
        ""
        { "count (x: x > 1) [ 1 2 3 ]" => "2" "count (x: true) [ ]" => "0" }
        |ev, predicate, list| match filter(ev, predicate, list)? {
            Value::List(kept) => Ok(Value::Int(kept.len() as i64)),
            other => Ok(other),
        };
    "findFirst" ["bare" "lib" "lib.lists"] "(a -> Bool) -> a -> [a] -> a"
        "the first element for which a predicate holds, or a default"
        ""
        { "findFirst (x: x > 1) 0 [ 1 2 3 ]" => "2" "findFirst (x: x > 9) 0 [ 1 2 3 ]" => "0" }
        |ev, predicate, default, list| match find(ev, predicate, list, true)? {
            Some(item) => ev.force(&item),
            None => ev.force(default),
        };
    "imap0" ["bare" "lib" "lib.lists"] "(Int -> a -> b) -> [a] -> [b]"
        "what a function gives for each index, from 0, with its element"
        ""
        { "imap0 (i: x: \"${toString i}${x}\") [ \"a\" \"b\" ]" => "[\"0a\",\"1b\"]" "imap0 (i: x: i) [ \"a\" \"b\" ]" => "[0,1]" }
        |ev, function, list| indexed(ev, function, list, 0);
    "imap1" ["bare" "lib" "lib.lists"] "(Int -> a -> b) -> [a] -> [b]"
        "what a function gives for each index, from 1, with its element"
        ""
        { "imap1 (i: x: i * x) [ 5 5 ]" => "[5,10]" "imap1 (i: x: x) [ ]" => "[]" }
        |ev, function, list| indexed(ev, function, list, 1);
    "forEach" ["bare" "lib" "lib.lists"] "[a] -> (a -> b) -> [b]"
        "`map` with its arguments the other way round"
        ""
        { "forEach [ 1 2 ] (x: x + 1)" => "[2,3]" "forEach machines (m: m.cluster) |> unique" => "[\"edge\",\"lab\",\"prod\"]" }
        |ev, list, function| {
            let list = ev.list(list)?;
            Ok(Value::list(each(ev, list.iter(), |ev, item| ev.later(function, item))?))
        };
    "concatLists" ["bare" "builtins" "lib" "lib.lists"] "[[a]] -> [a]" needs(0)
        "the elements of all lists in one list"
        ""
        { "concatLists [ [ 1 2 ] [ ] [ 3 ] ]" => "[1,2,3]" "concatLists [ ]" => "[]" }
        |ev, lists| {
            let lists = ev.list(lists)?;
            concat(ev, &lists, None)
        };
    "concatMap" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "(a -> [b]) -> [a] -> [b]" needs(1)
        "the elements of all lists that a function gives, in one list"
        ""
        { "concatMap (x: [ x x ]) [ 1 2 ]" => "[1,1,2,2]" "concatMap (x: [ ]) [ 1 2 ]" => "[]" }
        |ev, function, list| {
            let list = ev.list(list)?;
            concat(ev, &list, Some(function))
        };
    "flatten" ["bare" "lib" "lib.lists"] "Any -> [Any]"
        "the elements of a list and of all lists inside it, in one list"
        "A value that is no list becomes a list of one element."
        { "flatten [ 1 [ 2 [ 3 ] ] ]" => "[1,2,3]" "flatten 1" => "[1]" }
        |ev, value| {
            let mut items = Vec::new();
            flatten(ev, value, &mut items)?;
            Ok(Value::list(items))
        };
    "genList" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "(Int -> a) -> Int -> [a]" needs(1)
        "a list of what a function gives for 0, 1, 2 …"
        ""
        { "genList (i: i * i) 4" => "[0,1,4,9]" "genList (i: i) (-1)" => "error: invalid-value" }
        |ev, function, length| {
            let length = ev.int(length)?;
            if length < 0 {
                return Err(ev.fault(Code::InvalidValue, format!("a list cannot have {length} elements")).of_argument(1));
            }
            room_later(ev, usize::try_from(length).unwrap_or(usize::MAX))?;
            counted(ev, 0, length, |ev, index| ev.later(function, &Value::Int(index)))
        };
    "range" ["bare" "lib" "lib.lists"] "Int -> Int -> [Int]"
        "the integers from one to another, both included"
        ""
        { "range 2 5" => "[2,3,4,5]" "range 5 2" => "[]" }
        |ev, first, last| {
            let (first, last) = (ev.int(first)?, ev.int(last)?);
            counted(ev, first, last.saturating_add(1), |_, number| Value::Int(number))
        };
    "replicate" ["bare" "lib" "lib.lists"] "Int -> a -> [a]"
        "a list that has one value a number of times"
        ""
        { "replicate 3 \"x\"" => "[\"x\",\"x\",\"x\"]" "replicate 0 1" => "[]" "replicate (-1) 1" => "error: invalid-value" }
        |ev, times, value| {
            let times = ev.int(times)?;
            if times < 0 {
                return Err(ev.fault(Code::InvalidValue, format!("a list cannot have {times} elements")).of_argument(0));
            }
            counted(ev, 0, times, |_, _| value.clone())
        };
    "reverseList" ["bare" "lib" "lib.lists"] "[a] -> [a]"
        "the elements in reverse order"
        ""
        { "reverseList [ 1 2 3 ]" => "[3,2,1]" "reverseList [ ]" => "[]" }
        |ev, list| Ok(Value::list(ev.list(list)?.iter().rev().cloned().collect()));
    "singleton" ["lib" "lib.lists"] "a -> [a]"
        "a list of one element"
        ""
        { "lib.singleton 1" => "[1]" "lib.singleton [ 1 ]" => "[[1]]" }
        |_ev, value| Ok(Value::list(vec![value.clone()]));
    "toList" ["lib" "lib.lists"] "a -> [Any]"
        "the value itself where it is a list, else a list of it"
        ""
        { "lib.toList 1" => "[1]" "lib.toList [ 1 2 ]" => "[1,2]" }
        |ev, value| Ok(match ev.force(value)? {
            Value::List(list) => Value::List(list),
            other => Value::list(vec![other]),
        });
    "optional" ["lib" "lib.lists"] "Bool -> a -> [a]"
        "a list of one element where a condition holds, else an empty one"
        "The bare name `optional` is the filter that allows unknown names."
        { "lib.optional true 1" => "[1]" "lib.optional false 1" => "[]" }
        |ev, condition, value| Ok(Value::list(if ev.bool(condition)? { vec![value.clone()] } else { Vec::new() }));
    "optionals" ["bare" "lib" "lib.lists"] "Bool -> [a] -> [a]"
        "a list where a condition holds, else an empty one"
        ""
        { "optionals true [ 1 2 ]" => "[1,2]" "optionals false [ 1 2 ]" => "[]" }
        |ev, condition, list| if ev.bool(condition)? { ev.force(list) } else { Ok(Value::list(Vec::new())) };
    "partition" ["bare" "builtins" "lib" "lib.lists"] "(a -> Bool) -> [a] -> { right : [a], wrong : [a] }"
        "the elements for which a predicate holds, and those for which it does not"
        ""
        { "partition (x: x > 1) [ 1 2 3 ]" => "{\"right\":[2,3],\"wrong\":[1]}" "partition (x: true) [ ]" => "{\"right\":[],\"wrong\":[]}" }
        |ev, predicate, list| partition(ev, predicate, list);
    "remove" ["lib" "lib.lists"] "a -> [a] -> [a]"
        "the elements that are not equal to a value"
        ""
        { "lib.remove 2 [ 1 2 3 2 ]" => "[1,3]" "lib.remove \"x\" [ ]" => "[]" }
        |ev, value, list| {
            let unwanted = Value::list(vec![value.clone()]);
            among(ev, list, &unwanted, false)
        };
    "unique" ["bare" "lib" "lib.lists"] "[a] -> [a]"
        "the elements without repetitions, in the order of their first appearance"
        ""
        { "unique [ 1 2 1 3 2 ]" => "[1,2,3]" "unique [ \"b\" \"a\" \"b\" ]" => "[\"b\",\"a\"]" }
        |ev, list| Ok(Value::list(unique(ev, list)?));
    "uniqueStrings" ["lib" "lib.lists"] "[String] -> [String]"
        "the texts of a list without repetitions, in byte order"
        "To keep the order of the list there is `unique`."
        { "lib.uniqueStrings [ \"b\" \"a\" \"b\" ]" => "[\"a\",\"b\"]" "lib.uniqueStrings [ ]" => "[]" }
        |ev, list| {
            let found: BTreeSet<Name> = texts(ev, list)?.into_iter().collect();
            Ok(Value::list(found.into_iter().map(Value::from).collect()))
        };
    "concatAttrValues" ["lib" "lib.lists"] "{ _ : [a] } -> [a]"
        "the elements of all lists of a set in one list, in the order of the names"
        ""
        { "lib.concatAttrValues { b = [ 3 ]; a = [ 1 2 ]; }" => "[1,2,3]" "lib.concatAttrValues { }" => "[]" }
        |ev, set| {
            let lists = List::new(ev.attrs(set)?.values().to_vec());
            concat(ev, &lists, None)
        };
    "allUnique" ["lib" "lib.lists"] "[a] -> Bool"
        "whether no element is there twice"
        ""
        { "lib.allUnique [ 1 2 ]" => "true" "lib.allUnique [ 1 1 ]" => "false" }
        |ev, list| {
            let unique = unique(ev, list)?.len();
            Ok(Value::Bool(unique == ev.list(list)?.len()))
        };
    "intersectLists" ["bare" "lib" "lib.lists"] "[a] -> [a] -> [a]"
        "the elements of the second list that are in the first too"
        ""
        { "intersectLists [ 1 2 3 ] [ 3 2 5 ]" => "[3,2]" "intersectLists [ 1 ] [ 1 1 ]" => "[1,1]" }
        |ev, wanted, list| among(ev, list, wanted, true);
    "subtractLists" ["bare" "lib" "lib.lists"] "[a] -> [a] -> [a]"
        "the elements of the second list that are not in the first"
        ""
        { "subtractLists [ 3 2 ] [ 1 2 3 4 ]" => "[1,4]" "subtractLists [ ] [ 1 1 ]" => "[1,1]" }
        |ev, unwanted, list| among(ev, list, unwanted, false);
    "mutuallyExclusive" ["lib" "lib.lists"] "[a] -> [a] -> Bool"
        "whether two lists have no element in common"
        ""
        { "lib.mutuallyExclusive [ 1 2 ] [ 3 ]" => "true" "lib.mutuallyExclusive [ 1 2 ] [ 2 ]" => "false" }
        |ev, left, right| match among(ev, right, left, true)? {
            Value::List(common) => Ok(Value::Bool(common.is_empty())),
            other => Ok(other),
        };
    "crossLists" ["lib" "lib.lists"] "(Any -> Any) -> [[Any]] -> [Any]"
        "what a function gives for all ways to take one element of each list"
        "The elements of the last list change first. With names for the lists there is `lib.mapCartesianProduct`."
        { "lib.crossLists (a: b: a + b) [ [ 1 2 ] [ 10 20 ] ]" => "[11,21,12,22]" "lib.crossLists (a: a) [ [ ] ]" => "[]" }
        |ev, function, lists| {
            let mut calls = vec![function.clone()];
            for list in ev.list(lists)?.iter() {
                let list = ev.list(list)?;
                room(ev, calls.len().saturating_mul(list.len()))?;
                let mut longer = Vec::new();
                for call in &calls {
                    ev.step()?;
                    longer.extend(each(ev, list.iter(), |ev, item| ev.later(call, item))?);
                }
                calls = longer;
            }
            Ok(Value::list(calls))
        };
    "zipLists" ["bare" "lib" "lib.lists"] "[a] -> [b] -> [{ fst : a, snd : b }]"
        "the elements of two lists in pairs, as long as both have some"
        ""
        { "zipLists [ 1 2 ] [ \"a\" \"b\" \"c\" ]" => "[{\"fst\":1,\"snd\":\"a\"},{\"fst\":2,\"snd\":\"b\"}]" "zipLists [ ] [ 1 ]" => "[]" }
        |ev, left, right| zip(ev, left, right, |left, right| {
            static NAMES: LazyLock<Arc<[Name]>> = LazyLock::new(|| ["fst", "snd"].map(Name::from).into());
            Value::Attrs(Attrs::new(Arc::clone(&NAMES), vec![left.clone(), right.clone()]))
        });
    "zipListsWith" ["bare" "lib" "lib.lists"] "(a -> b -> c) -> [a] -> [b] -> [c]"
        "what a function gives for the elements of two lists in pairs"
        ""
        { "zipListsWith (a: b: a + b) [ 1 2 ] [ 10 20 ]" => "[11,22]" "zipListsWith nameValuePair [ \"a\" \"b\" ] [ 1 2 ] |> listToAttrs" => "{\"a\":1,\"b\":2}" }
        |ev, function, left, right| zip(ev, left, right, |left, right| later_with(function, left.clone(), right));
}

fn filter(ev: &mut dyn Evaluator, predicate: &Value, list: &Value) -> Answer {
    let list = ev.list(list)?;
    let mut kept = Vec::new();
    for item in list.iter() {
        if ev.holds(predicate, item)? {
            kept.push(item.known());
        }
    }
    Ok(if kept.len() == list.len() { Value::List(list) } else { Value::list(kept) })
}

fn partition(ev: &mut dyn Evaluator, predicate: &Value, list: &Value) -> Answer {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for item in ev.list(list)?.iter() {
        // As in Nix the elements are evaluated, whether the predicate needs them or not.
        ev.force(item)?;
        let side = if ev.holds(predicate, item)? { &mut right } else { &mut wrong };
        side.push(item.clone());
    }
    Ok(Value::attrs([("right", Value::list(right)), ("wrong", Value::list(wrong))]))
}

fn length(ev: &mut dyn Evaluator, value: &Value) -> Answer {
    let count = match ev.force(value)? {
        Value::List(list) => list.len(),
        set @ (Value::Attrs(_) | Value::Entity(_)) => ev.attrs(&set)?.len(),
        other => {
            let message = format!("expected a list or an attribute set, found {}", other.describe());
            return Err(ev.fault(Code::TypeMismatch, message));
        }
    };
    Ok(Value::Int(count as i64))
}

fn element(ev: &mut dyn Evaluator, list: &Value, index: i64) -> Answer {
    let list = ev.list(list)?;
    match usize::try_from(index).ok().and_then(|index| list.get(index)) {
        Some(item) => ev.force(item),
        None if list.is_empty() => Err(ev.fault(Code::MissingElement, "an empty list has no elements")),
        None => {
            let count = crate::text::count(list.len(), "element", "elements");
            Err(ev.fault(Code::MissingElement, format!("a list of {count} has none at index {index}")))
        }
    }
}

/// The first element for which the predicate gives `wanted`.
fn find(
    ev: &mut dyn Evaluator,
    predicate: &Value,
    list: &Value,
    wanted: bool,
) -> Result<Option<Value>, Fault> {
    for item in ev.list(list)?.iter() {
        if ev.holds(predicate, item)? == wanted {
            return Ok(Some(item.clone()));
        }
    }
    Ok(None)
}

fn indexed(ev: &mut dyn Evaluator, function: &Value, list: &Value, first: i64) -> Answer {
    let list = ev.list(list)?;
    let called = each(ev, (first..).zip(list.iter()), |_, (index, item)| {
        later_with(function, Value::Int(index), item)
    });
    Ok(Value::list(called?))
}

fn concat(ev: &mut dyn Evaluator, lists: &List, function: Option<&Value>) -> Answer {
    let mut items = Vec::new();
    for item in lists.iter() {
        ev.step()?;
        let inner = match function {
            Some(function) => ev.call(function, std::slice::from_ref(item))?,
            None => item.clone(),
        };
        let inner = ev.list(&inner)?;
        room(ev, items.len() + inner.len())?;
        items.extend(inner.iter().cloned());
    }
    Ok(Value::list(items))
}

pub(super) fn flatten(ev: &mut dyn Evaluator, value: &Value, items: &mut Vec<Value>) -> Result<(), Fault> {
    ev.step()?;
    match ev.force(value)? {
        Value::List(list) => nested(ev, |ev| list.iter().try_for_each(|item| flatten(ev, item, items))),
        other => {
            // Lists that share their parts are shorter than what they flatten to.
            room(ev, items.len())?;
            items.push(other);
            Ok(())
        }
    }
}

fn counted(
    ev: &mut dyn Evaluator,
    first: i64,
    end: i64,
    item: impl Fn(&mut dyn Evaluator, i64) -> Value,
) -> Answer {
    let length = usize::try_from(end.saturating_sub(first)).unwrap_or(0);
    room(ev, length)?;
    let mut items = Vec::with_capacity(length);
    for index in first..end {
        ev.step()?;
        items.push(item(ev, index));
    }
    Ok(Value::list(items))
}

fn contains(ev: &mut dyn Evaluator, value: &Value, list: &List) -> Result<bool, Fault> {
    for item in list.iter() {
        ev.step()?;
        // As in Nix a function is in a list that has the very same one, though it equals none. Elements
        // of lists are compared so.
        let found = match ev.force(item)?.is_function() {
            true => equal(ev, &Value::list(vec![value.clone()]), &Value::list(vec![item.clone()]))?,
            false => equal(ev, value, item)?,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The elements of `list` that are, or are not, in `others`.
fn among(ev: &mut dyn Evaluator, list: &Value, others: &Value, wanted: bool) -> Answer {
    let (list, others) = (ev.list(list)?, ev.list(others)?);
    let mut kept = Vec::new();
    for item in list.iter() {
        if contains(ev, item, &others)? == wanted {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn unique(ev: &mut dyn Evaluator, list: &Value) -> Result<Vec<Value>, Fault> {
    let list = ev.list(list)?;
    // The values, what they are known by, and those that are kept.
    room(ev, list.len().saturating_mul(4))?;
    let items = list.iter().map(|item| {
        ev.step()?;
        ev.force(item)
    });
    let items: Vec<Value> = items.collect::<Result<_, Fault>>()?;
    let has_sets = items.iter().any(|item| matches!(item, Value::Attrs(_)));
    let mut known = Known::default();
    let mut kept = Vec::new();
    for item in items {
        if known.add(ev, &item, has_sets)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn zip(
    ev: &mut dyn Evaluator,
    left: &Value,
    right: &Value,
    pair: impl Fn(&Value, &Value) -> Value,
) -> Answer {
    let (left, right) = (ev.list(left)?, ev.list(right)?);
    Ok(Value::list(each(ev, left.iter().zip(right.iter()), |_, (left, right)| pair(left, right))?))
}
