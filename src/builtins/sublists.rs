//! Parts of lists: by places, by what they begin with, by predicates on places.

use super::support::{Answer, each, room, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Value, equal};

table! {
    "take" ["bare" "lib" "lib.lists"] "Int -> [a] -> [a]"
        "the first elements, at most as many as said"
        ""
        { "take 2 [ 1 2 3 ]" => "[1,2]" "take 9 [ 1 ]" => "[1]" "take (-1) [ 1 ]" => "error: invalid-value" }
        |ev, count, list| part(ev, 0, Some(count), list);
    "drop" ["bare" "lib" "lib.lists"] "Int -> [a] -> [a]"
        "the elements after the first ones"
        ""
        { "drop 2 [ 1 2 3 ]" => "[3]" "drop 9 [ 1 ]" => "[]" "drop (-1) [ 1 ]" => "error: missing-element" }
        |ev, start, list| {
            let start = ev.int(start)?;
            part(ev, start, None, list)
        };
    "sublist" ["lib" "lib.lists"] "Int -> Int -> [a] -> [a]"
        "the elements from an index on, at most as many as said"
        ""
        { "lib.sublist 1 2 [ 1 2 3 4 ]" => "[2,3]" "lib.sublist 9 2 [ 1 ]" => "[]" }
        |ev, start, count, list| {
            let start = ev.int(start)?;
            part(ev, start, Some(count), list)
        };
    "takeEnd" ["lib" "lib.lists"] "Int -> [a] -> [a]"
        "the last elements, at most as many as said"
        ""
        { "lib.takeEnd 2 [ 1 2 3 ]" => "[2,3]" "lib.takeEnd 9 [ 1 ]" => "[1]" }
        |ev, count, list| {
            let start = from_end(ev, count, list)?;
            part(ev, start, None, list)
        };
    "dropEnd" ["lib" "lib.lists"] "Int -> [a] -> [a]"
        "the elements before the last ones"
        ""
        { "lib.dropEnd 1 [ 1 2 3 ]" => "[1,2]" "lib.dropEnd 9 [ 1 ]" => "[]" }
        |ev, count, list| {
            let end = from_end(ev, count, list)?;
            part(ev, 0, Some(&Value::Int(end)), list)
        };
    "replaceElemAt" ["lib" "lib.lists"] "[a] -> Int -> a -> [a]"
        "a list with another element at an index, from 0"
        "The list comes first. An index that it does not have is an error."
        { "lib.replaceElemAt [ \"a\" \"b\" \"c\" ] 1 \"x\"" => "[\"a\",\"x\",\"c\"]" "lib.replaceElemAt [ 1 ] 1 2" => "error: missing-element" }
        |ev, list, index, element| {
            let mut items = ev.list(list)?.to_vec();
            let index = ev.int(index)?;
            let count = crate::text::count(items.len(), "element", "elements");
            match usize::try_from(index).ok().and_then(|index| items.get_mut(index)) {
                Some(item) => *item = element.clone(),
                None => {
                    let message = format!("a list of {count} has none at index {index}");
                    return Err(thrown(Code::MissingElement, message));
                }
            }
            Ok(Value::list(items))
        };
    "hasPrefix" ["lib.lists"] "[a] -> [a] -> Bool"
        "whether a list begins with another"
        "What it begins with comes first. The bare name is the one for texts."
        { "lib.lists.hasPrefix [ 1 2 ] [ 1 2 3 ]" => "true" "lib.lists.hasPrefix [ 2 ] [ 1 2 ]" => "false" }
        |ev, prefix, list| Ok(Value::Bool(common(ev, prefix, list)? == ev.list(prefix)?.len()));
    "removePrefix" ["lib.lists"] "[a] -> [a] -> [a]"
        "a list without another at its beginning"
        "A list that does not begin so is an error. The bare name is the one for texts."
        { "lib.lists.removePrefix [ 1 2 ] [ 1 2 3 ]" => "[3]" "lib.lists.removePrefix [ 2 ] [ 1 2 ]" => "error: invalid-value" }
        |ev, prefix, list| {
            let length = ev.list(prefix)?.len();
            match common(ev, prefix, list)? == length {
                true => part(ev, length as i64, None, list),
                false => Err(thrown(Code::InvalidValue, "the list does not begin with the other one")),
            }
        };
    "commonPrefix" ["lib" "lib.lists"] "[a] -> [a] -> [a]"
        "the elements with which both lists begin"
        ""
        { "lib.commonPrefix [ 1 2 3 ] [ 1 2 4 ]" => "[1,2]" "lib.commonPrefix [ 1 ] [ 2 ]" => "[]" }
        |ev, left, right| {
            let length = common(ev, left, right)? as i64;
            part(ev, 0, Some(&Value::Int(length)), left)
        };
    "ifilter0" ["lib" "lib.lists"] "(Int -> a -> Bool) -> [a] -> [a]"
        "the elements for which a predicate holds of their index, from 0, and them"
        ""
        { "lib.ifilter0 (i: x: i == 0 || x > 2) [ 1 2 3 ]" => "[1,3]" "lib.ifilter0 (i: x: i > 0) [ \"a\" \"b\" ]" => "[\"b\"]" }
        |ev, predicate, list| {
            let mut kept = Vec::new();
            for (index, item) in (0..).zip(ev.list(list)?.iter()) {
                ev.step()?;
                let answer = ev.call(predicate, &[Value::Int(index), item.clone()])?;
                if ev.bool(&answer)? {
                    kept.push(item.clone());
                }
            }
            Ok(Value::list(kept))
        };
    "findFirstIndex" ["lib" "lib.lists"] "(a -> Bool) -> Int? -> [a] -> Int?"
        "the index, from 0, of the first element for which a predicate holds, or a default"
        ""
        { "lib.findFirstIndex (x: x > 1) null [ 1 2 3 ]" => "1" "lib.findFirstIndex (x: x > 9) null [ 1 2 3 ]" => "null" }
        |ev, predicate, default, list| {
            for (index, item) in (0..).zip(ev.list(list)?.iter()) {
                if ev.holds(predicate, item)? {
                    return Ok(Value::Int(index));
                }
            }
            ev.force(default)
        };
    "findSingle" ["lib" "lib.lists"] "(a -> Bool) -> a -> a -> [a] -> a"
        "the one element for which a predicate holds; a default where there is none, another where there are several"
        ""
        { "lib.findSingle (x: x > 2) 0 9 [ 1 3 ]" => "3" "lib.findSingle (x: x > 0) 0 9 [ 1 3 ]" => "9" "lib.findSingle (x: x > 5) 0 9 [ 1 3 ]" => "0" }
        |ev, predicate, none, several, list| {
            let mut single = None;
            for item in ev.list(list)?.iter() {
                if ev.holds(predicate, item)? && single.replace(item.clone()).is_some() {
                    return ev.force(several);
                }
            }
            ev.force(single.as_ref().unwrap_or(none))
        };
}

/// The place behind which a number of elements are left.
fn from_end(ev: &mut dyn Evaluator, count: &Value, list: &Value) -> Result<i64, Fault> {
    let count = ev.int(count)?.max(0);
    Ok((ev.list(list)?.len() as i64).saturating_sub(count).max(0))
}

/// How many elements two lists have in common at their beginning.
fn common(ev: &mut dyn Evaluator, left: &Value, right: &Value) -> Result<usize, Fault> {
    let (left, right) = (ev.list(left)?, ev.list(right)?);
    for (index, (left, right)) in left.iter().zip(right.iter()).enumerate() {
        ev.step()?;
        if !equal(ev, left, right)? {
            return Ok(index);
        }
    }
    Ok(left.len().min(right.len()))
}

/// So many elements from an index on, as nixpkgs counts them: an element before the first one is an error where
/// it is needed.
fn part(ev: &mut dyn Evaluator, start: i64, count: Option<&Value>, list: &Value) -> Answer {
    let wanted = count.map(|count| ev.int(count)).transpose()?;
    let list = ev.list(list)?;
    let length = list.len() as i64;
    let wanted = wanted.unwrap_or(length);
    if start >= length {
        return Ok(Value::list(Vec::new()));
    }
    let count = if start.saturating_add(wanted) > length { length.saturating_sub(start) } else { wanted };
    let Ok(count) = usize::try_from(count) else {
        return Err(ev.fault(Code::InvalidValue, format!("a list cannot have {count} elements")));
    };
    let Ok(from) = usize::try_from(start) else {
        room(ev, count)?;
        let before = |index: i64| {
            Value::lazy(move |ev| Err(ev.fault(Code::MissingElement, format!("a list has no index {index}"))))
        };
        let parts = each(ev, (start..).take(count), |_, index| {
            usize::try_from(index)
                .ok()
                .and_then(|index| list.get(index).cloned())
                .unwrap_or_else(|| before(index))
        })?;
        return Ok(Value::list(parts));
    };
    Ok(Value::list(list.iter().skip(from).take(count).cloned().collect()))
}
