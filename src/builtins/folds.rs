//! Folding, grouping, sorting and adding up.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use super::numbers::{add, divide};
use super::support::{Answer, field, later_with, room};
use crate::diagnostic::Code;
use crate::value::{AttrsBuilder, Evaluator, Fault, List, Name, Value, compare, equal};

table! {
    "foldl'" ["bare" "builtins" "lib" "lib.lists"] "(b -> a -> b) -> b -> [a] -> b" needs(2)
        "combines all elements from the left, beginning with a value"
        "Each intermediate result is evaluated at once."
        { "foldl' (sum: x: sum + x) 0 [ 1 2 3 ]" => "6" "foldl' (all: x: all + x) \"\" [ \"a\" \"b\" ]" => "\"ab\"" }
        |ev, function, start, list| fold_left(ev, function, start, list);
    "foldl" ["lib" "lib.lists"] "(b -> a -> b) -> b -> [a] -> b"
        "combines all elements from the left, beginning with a value"
        "Intermediate results are evaluated when they are needed, which long lists make deep: `foldl'` is the usual one."
        { "lib.foldl (rest: x: x - rest) 0 [ 1 2 3 ]" => "2" "lib.foldl (rest: x: x) (throw \"no\") [ 1 ]" => "1" }
        |ev, function, start, list| {
            let mut result = start.clone();
            for item in ev.list(list)?.iter() {
                ev.step()?;
                result = later_with(function, result, item);
            }
            ev.force(&result)
        };
    "foldr" ["bare" "lib" "lib.lists"] "(a -> b -> b) -> b -> [a] -> b"
        "combines all elements from the right, ending with a value"
        "The function gets the rest unevaluated: where it does not need it, the rest of the list is not looked at."
        { "foldr (x: rest: \"${x}(${rest})\") \"\" [ \"a\" \"b\" ]" => "\"a(b())\"" "foldr (x: rest: x) 0 [ 1 2 ]" => "1" }
        |ev, function, start, list| {
            let list = ev.list(list)?;
            fold_right(ev, function, start, &list, 0)
        };
    "fold" ["lib" "lib.lists"] "(a -> b -> b) -> b -> [a] -> b"
        "the older name of `foldr`"
        ""
        { "lib.fold (x: rest: x + rest) 0 [ 1 2 3 ]" => "6" "lib.fold (x: rest: x - rest) 0 [ 1 2 3 ]" => "2" }
        |ev, function, start, list| {
            let list = ev.list(list)?;
            fold_right(ev, function, start, &list, 0)
        };
    "groupBy" ["bare" "builtins" "lib" "lib.lists"] "(a -> String) -> [a] -> { _ : [a] }" needs(1)
        "the elements in groups, by the name that a function gives each"
        ""
        { "groupBy (x: if x > 1 then \"big\" else \"small\") [ 1 2 3 ]" => "{\"big\":[2,3],\"small\":[1]}"
          "mapAttrs (n: length) (groupBy (m: m.cluster) machines)" => "{\"edge\":2,\"lab\":4,\"prod\":4}" }
        |ev, function, list| {
            let mut groups = AttrsBuilder::default();
            for (name, items) in grouped(ev, function, list)? {
                groups.insert(name, Value::list(items));
            }
            Ok(Value::Attrs(groups.finish()))
        };
    "groupBy'" ["lib" "lib.lists"] "(b -> a -> b) -> b -> (a -> String) -> [a] -> { _ : b }"
        "the elements in groups, those of each group combined"
        ""
        { "lib.groupBy' (sum: x: sum + x) 0 (x: if x > 1 then \"big\" else \"small\") [ 1 2 3 ]" => "{\"big\":5,\"small\":1}" "lib.groupBy' (n: x: n + 1) 0 (x: x) [ \"a\" \"b\" \"a\" ]" => "{\"a\":2,\"b\":1}" }
        |ev, combine, start, function, list| {
            let mut groups = AttrsBuilder::default();
            for (name, items) in grouped(ev, function, list)? {
                let (combine, start, items) = (combine.clone(), start.clone(), Value::list(items));
                groups.insert(name, Value::lazy(move |ev| fold_left(ev, &combine, &start, &items)));
            }
            Ok(Value::Attrs(groups.finish()))
        };
    "countBy" ["bare" "lib" "lib.lists"] "(a -> String) -> [a] -> { _ : Int }"
        "how many elements have each name that a function gives"
        "invq's own."
        { "countBy (x: x) [ \"a\" \"b\" \"a\" ]" => "{\"a\":2,\"b\":1}" "countBy (m: m.cluster) machines" => "{\"edge\":2,\"lab\":4,\"prod\":4}" }
        |ev, function, list| {
            let mut counts = AttrsBuilder::default();
            for (name, items) in grouped(ev, function, list)? {
                counts.insert(name, Value::Int(items.len() as i64));
            }
            Ok(Value::Attrs(counts.finish()))
        };
    "sort" ["bare" "builtins" "lib" "lib.lists"] "(a -> a -> Bool) -> [a] -> [a]" needs(1)
        "the elements in order, by a function that says whether its first argument comes before its second"
        "Elements of which neither comes before the other keep their order."
        { "sort (a: b: a < b) [ 3 1 2 ]" => "[1,2,3]" "sort (a: b: a > b) [ 3 1 2 ]" => "[3,2,1]" }
        |ev, before, list| {
            let list = ev.list(list)?;
            // A copy, and what sorting sets aside.
            ev.reserve(2 * size_of_val(&*list))?;
            let mut items = list.to_vec();
            // As in Nix a single element is evaluated, too, though nothing compares it.
            for item in &mut items {
                *item = ev.force(item)?;
            }
            if items.len() <= SORTED_AT_ONCE
                && let Some(order) = ev.order(before)
                && sort_plain(ev, &mut items, order)?
            {
                return Ok(Value::list(items));
            }
            let sorted = merge_sort(items, &mut |left: &Value, right: &Value| {
                ev.step()?;
                match ev.call_with(before, left.clone(), right.clone())? {
                    Value::Bool(truth) => Ok(truth),
                    other => ev.bool(&other),
                }
            })?;
            Ok(Value::list(sorted))
        };
    "sortOn" ["bare" "lib" "lib.lists"] "(a -> ordered) -> [a] -> [a]"
        "the elements in the order of what a function gives for each"
        "Elements of equal rank keep their order."
        { "sortOn stringLength [ \"aaa\" \"b\" \"cc\" ]" => "[\"b\",\"cc\",\"aaa\"]" "sortOn (x: -x) [ 1 3 2 ]" => "[3,2,1]" }
        |ev, function, list| sort_on(ev, function, list);
    "naturalSort" ["bare" "lib" "lib.lists"] "[String] -> [String]"
        "texts in the order in which people count: `web2` before `web10`"
        ""
        { "naturalSort [ \"web10\" \"web2\" \"db1\" ]" => "[\"db1\",\"web2\",\"web10\"]" "naturalSort [ \"v0.2\" \"v0.15\" \"v0.0.9\" ]" => "[\"v0.0.9\",\"v0.2\",\"v0.15\"]" }
        |ev, list| {
            let mut texts = super::support::texts(ev, list)?;
            texts.sort_by_cached_key(|text| natural_key(text));
            Ok(super::support::text_list(texts))
        };
    "compareLists" ["lib" "lib.lists"] "(a -> a -> Int) -> [a] -> [a] -> Int"
        "the order of two lists, by a function that orders their elements: -1, 0 or 1"
        ""
        { "lib.compareLists lib.compare [ 1 2 ] [ 1 3 ]" => "-1" "lib.compareLists lib.compare [ 1 2 ] [ 1 ]" => "1" }
        |ev, function, left, right| {
            let (left, right) = (ev.list(left)?, ev.list(right)?);
            for (a, b) in left.iter().zip(right.iter()) {
                let order = ev.call(function, &[a.clone(), b.clone()])?;
                let order = ev.int(&order)?;
                if order != 0 {
                    return Ok(Value::Int(order));
                }
            }
            Ok(sign(left.len().cmp(&right.len())))
        };
    "compare" ["lib" "lib.trivial"] "ordered -> ordered -> Int"
        "the order of two values: -1, 0 or 1"
        ""
        { "lib.compare 1 2" => "-1" "lib.compare \"b\" \"a\"" => "1" }
        |ev, left, right| Ok(sign(compare(ev, left, right)?));
    "sum" ["bare" "lib" "lib.lists"] "[number] -> number"
        "the sum of all numbers"
        "invq's own. The sum of no numbers is 0."
        { "sum [ 1 2 3 ]" => "6" "sum [ ]" => "0" }
        |ev, list| total(ev, list);
    "average" ["bare" "lib" "lib.lists"] "[number] -> Float"
        "the arithmetic mean of all numbers"
        "invq's own. No numbers have no mean: that is an error."
        { "average [ 1 2 3 4 ]" => "2.5" "average [ ]" => "error: missing-element" }
        |ev, list| {
            let sum = total(ev, list)?;
            match ev.list(list)?.len() {
                0 => Err(ev.fault(Code::MissingElement, "an empty list has no average")),
                count => divide(&sum, &Value::Float(count as f64)),
            }
        };
    "minimum" ["bare" "lib" "lib.lists"] "[ordered] -> ordered"
        "the least element"
        "invq's own. An empty list has none: that is an error."
        { "minimum [ 3 1 2 ]" => "1" "minimum [ ]" => "error: missing-element" }
        |ev, list| extreme(ev, list, Ordering::Less);
    "maximum" ["bare" "lib" "lib.lists"] "[ordered] -> ordered"
        "the greatest element"
        "invq's own. An empty list has none: that is an error."
        { "maximum [ 3 1 2 ]" => "3" "maximum [ \"a\" \"b\" ]" => "\"b\"" }
        |ev, list| extreme(ev, list, Ordering::Greater);
    "genericClosure" ["bare" "builtins" "lib" "lib.trivial"] "{ startSet : [keyed], operator : keyed -> [keyed] } -> [keyed]"
        "all sets that a function reaches from given ones, each once by its attribute `key`"
        "Sets come in the order in which they are found."
        { "map (x: x.key) (genericClosure { startSet = [ { key = 1; } ]; operator = x: if x.key < 3 then [ { key = x.key + 1; } ] else [ ]; })" => "[1,2,3]" "genericClosure { startSet = [ ]; operator = x: [ ]; }" => "[]" }
        |ev, argument| closure(ev, argument);
}

fn fold_left(ev: &mut dyn Evaluator, function: &Value, start: &Value, list: &Value) -> Answer {
    let mut result = start.clone();
    for item in ev.list(list)?.iter() {
        ev.step()?;
        result = ev.call_with(function, result, item.clone())?;
    }
    ev.force(&result)
}

fn fold_right(ev: &mut dyn Evaluator, function: &Value, end: &Value, list: &List, index: usize) -> Answer {
    ev.step()?;
    let Some(item) = list.get(index) else { return ev.force(end) };
    let (next, after, items) = (function.clone(), end.clone(), list.clone());
    let rest = Value::lazy(move |ev| fold_right(ev, &next, &after, &items, index + 1));
    ev.call(function, &[item.clone(), rest])
}

fn grouped(
    ev: &mut dyn Evaluator,
    function: &Value,
    list: &Value,
) -> Result<BTreeMap<Name, Vec<Value>>, Fault> {
    let mut groups: BTreeMap<Name, Vec<Value>> = BTreeMap::new();
    for (number, item) in ev.list(list)?.iter().enumerate() {
        if number % 1024 == 0 {
            // A group takes its name, its list and its place in the tree.
            ev.reserve(groups.len() * 256 + number * 2 * size_of::<Value>())?;
        }
        ev.step()?;
        let name = ev.call(function, std::slice::from_ref(item))?;
        groups.entry(ev.string(&name)?).or_default().push(item.known());
    }
    Ok(groups)
}

/// More elements are sorted by comparing them one by one, with a look at what may stop an evaluation each time.
const SORTED_AT_ONCE: usize = 1 << 20;

/// So many elements are sorted between looks at what may stop an evaluation.
const SORTED_UNSEEN: usize = 1 << 15;

/// Sorts numbers or texts, evaluated, by their own order or against it; false where there is something else.
fn sort_plain(ev: &mut dyn Evaluator, items: &mut [Value], order: Ordering) -> Result<bool, Fault> {
    // Each element is compared as often as the number of elements can be halved.
    let halvings = items.len().checked_ilog2().unwrap_or(0) as usize;
    ev.work(size_of_val(items).saturating_mul(halvings))?;
    let mut letters = 0;
    for pair in items.windows(2) {
        match pair {
            [Value::Int(_), Value::Int(_)] => {}
            [Value::String(a), Value::String(b)] => letters += a.len() + b.len(),
            _ => return Ok(false),
        }
    }
    ev.work(letters.saturating_mul(halvings))?;
    let ascending = |a: &Value, b: &Value| match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => Ordering::Equal,
    };
    // Parts that are sorted are joined quickly, so that there is time for a look between them.
    let mut part = SORTED_UNSEEN;
    while part < items.len() {
        for items in items.chunks_mut(part) {
            items.sort_by(|a, b| if order.is_lt() { ascending(a, b) } else { ascending(b, a) });
            ev.look()?;
        }
        part *= 4;
    }
    items.sort_by(|a, b| if order.is_lt() { ascending(a, b) } else { ascending(b, a) });
    Ok(true)
}

/// A stable sort that stops at the first mistake of the comparison.
fn merge_sort<T>(
    items: Vec<T>,
    before: &mut dyn FnMut(&T, &T) -> Result<bool, Fault>,
) -> Result<Vec<T>, Fault> {
    // Their places are sorted, and at the end they move once.
    let mut places: Vec<usize> = (0..items.len()).collect();
    let mut merged = Vec::with_capacity(items.len());
    let mut is_before = |left: usize, right: usize| match (items.get(left), items.get(right)) {
        (Some(left), Some(right)) => before(left, right),
        _ => Ok(false),
    };
    let mut width = 1;
    while width < places.len() {
        for pair in places.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let ([first, rest @ ..], [second, others @ ..]) = (left, right) {
                if is_before(*second, *first)? {
                    merged.push(*second);
                    right = others;
                } else {
                    merged.push(*first);
                    left = rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut places, &mut merged);
        merged.clear();
        width *= 2;
    }
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    Ok(places.into_iter().filter_map(|place| items.get_mut(place)?.take()).collect())
}

fn sort_on(ev: &mut dyn Evaluator, function: &Value, list: &Value) -> Answer {
    let mut ranked = Vec::new();
    for item in ev.list(list)?.iter() {
        ev.step()?;
        ranked.push((ev.call(function, std::slice::from_ref(item))?, item.clone()));
    }
    let sorted = merge_sort(ranked, &mut |(left, _), (right, _)| Ok(compare(ev, left, right)?.is_lt()))?;
    Ok(Value::list(sorted.into_iter().map(|(_, item)| item).collect()))
}

/// A text as its parts: what is no number, then a number, and so on.
fn natural_key(text: &str) -> Vec<(String, Option<u64>)> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let digits = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let (before, number) = rest.split_at(digits);
        if number.is_empty() {
            parts.push((before.to_owned(), None));
            return parts;
        }
        // A leading zero is a number of its own, so that `01` stands before `1`.
        let length = match number.starts_with('0') {
            true => 1,
            false => number.find(|character: char| !character.is_ascii_digit()).unwrap_or(number.len()),
        };
        let (number, after) = number.split_at(length);
        parts.push((before.to_owned(), Some(number.parse().unwrap_or(u64::MAX))));
        rest = after;
    }
}

fn sign(order: Ordering) -> Value {
    Value::Int(order as i64)
}

fn total(ev: &mut dyn Evaluator, list: &Value) -> Answer {
    let mut sum = Value::Int(0);
    for item in ev.list(list)?.iter() {
        ev.step()?;
        sum = add(&sum, &ev.force(item)?)?;
    }
    Ok(sum)
}

fn extreme(ev: &mut dyn Evaluator, list: &Value, wanted: Ordering) -> Answer {
    let mut best: Option<Value> = None;
    for item in ev.list(list)?.iter() {
        let better = match &best {
            Some(best) => compare(ev, item, best)? == wanted,
            None => true,
        };
        if better {
            best = Some(ev.force(item)?);
        }
    }
    best.ok_or_else(|| ev.fault(Code::MissingElement, "an empty list has no least and no greatest element"))
}

fn closure(ev: &mut dyn Evaluator, argument: &Value) -> Answer {
    let start = field(ev, argument, "startSet")?;
    let operator = field(ev, argument, "operator")?;
    let mut found: Vec<Value> = ev.list(&start)?.to_vec();
    let mut texts: HashSet<Name> = HashSet::new();
    let mut numbers: HashSet<i64> = HashSet::new();
    let mut others: Vec<Value> = Vec::new();
    let mut kept = Vec::new();
    let mut next = 0;
    while let Some(item) = found.get(next).cloned() {
        next += 1;
        ev.step()?;
        let key = match ev.attr(&item, "key")? {
            Some(key) => ev.force(&key)?,
            None => return Err(ev.fault(Code::MissingElement, "a set has no attribute `key`")),
        };
        let new = match &key {
            Value::String(text) => texts.insert(text.name()),
            Value::Int(number) if others.is_empty() => numbers.insert(*number),
            key => {
                // A float may be equal to an integer.
                others.extend(numbers.drain().map(Value::Int));
                let mut known = false;
                for other in &others {
                    known = known || equal(ev, key, other)?;
                }
                if !known {
                    others.push(key.clone());
                }
                !known
            }
        };
        if new {
            let reached = ev.call(&operator, std::slice::from_ref(&item))?;
            let reached = ev.list(&reached)?;
            room(ev, found.len() + reached.len())?;
            found.extend(reached.iter().cloned());
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_the_order_of_equals() {
        let items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')];
        let sorted = merge_sort(items, &mut |left, right| Ok(left.0 < right.0)).unwrap_or_default();
        assert_eq!(sorted, [(0, 'e'), (1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }

    #[test]
    fn numbers_in_names_are_counted() {
        let mut names = ["web10", "web2", "web", "db01", "db1"];
        names.sort_by_cached_key(|name| natural_key(name));
        assert_eq!(names, ["db01", "db1", "web", "web2", "web10"]);
    }
}
