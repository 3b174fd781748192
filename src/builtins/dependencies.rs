//! Lists in an order in which some elements come before others.

use super::support::room;
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Value};

table! {
    "toposort" ["lib" "lib.lists"] "(a -> a -> Bool) -> [a] -> { _ : [a] }"
        "the elements in an order in which each comes after those that a predicate puts before it"
        "The order is the attribute `result`. Where there is none, since elements come before each other in a ring, there are `cycle` with the elements of a ring and `loops` with those where it closes. The predicate may be about neighbours alone, as services that need each other: for an order of all elements there is `sort`."
        { "lib.toposort (a: b: a < b) [ 3 2 1 ]" => "{\"result\":[1,2,3]}"
          "(lib.toposort (a: b: elem a.name b.after) [ { name = \"web\"; after = [ \"db\" ]; } { name = \"db\"; after = [ ]; } ]).result |> map (x: x.name)" => "[\"db\",\"web\"]"
          "lib.toposort (a: b: a != b) [ 1 2 ]" => "{\"cycle\":[1,2],\"loops\":[1]}" }
        |ev, before, list| {
            let mut items = ev.list(list)?.to_vec();
            let mut sorted = Vec::with_capacity(items.len());
            while items.len() > 1 {
                let search = Search::run(ev, true, before, items)?;
                if let Some(loops) = search.loops {
                    let mut cycle = search.visited;
                    cycle.push(search.current);
                    return Ok(Value::attrs([("cycle", Value::list(cycle)), ("loops", Value::list(loops))]));
                }
                sorted.push(search.current);
                items = search.visited.into_iter().rev().chain(search.rest).collect();
            }
            sorted.extend(items);
            Ok(Value::attrs([("result", Value::list(sorted))]))
        };
    "listDfs" ["lib" "lib.lists"] "Bool -> (a -> a -> Bool) -> [a] -> Any"
        "a search from the first element on, always to one that a predicate puts before the last"
        "It ends with a set: `minimal` is an element that nothing comes before; with the first argument `true` and a ring it is `cycle`, an element that has others before it which were `visited`, and `loops` has those. `rest` has the other elements. An order of all elements gives `lib.toposort`."
        { "lib.listDfs true (a: b: a < b) [ 2 3 1 ]" => "{\"minimal\":1,\"rest\":[3],\"visited\":[2]}" "(lib.listDfs true (a: b: a != b) [ 1 2 ]).cycle" => "2" "lib.listDfs true (a: b: a < b) [ ]" => "error: missing-element" }
        |ev, stops, before, list| {
            let items = ev.list(list)?.to_vec();
            let stops = ev.bool(stops)?;
            let search = Search::run(ev, stops, before, items)?;
            let visited = Value::list(search.visited.into_iter().rev().collect());
            let found = [("visited", visited), ("rest", Value::list(search.rest))];
            Ok(match search.loops {
                Some(loops) => {
                    let cycle = [("cycle", search.current), ("loops", Value::list(loops))];
                    Value::attrs(found.into_iter().chain(cycle))
                }
                None => Value::attrs(found.into_iter().chain([("minimal", search.current)])),
            })
        };
}

/// How a search for an element that nothing comes before has ended.
struct Search {
    current: Value,
    /// The elements on the way to it, the latest last.
    visited: Vec<Value>,
    rest: Vec<Value>,
    /// The elements on the way that come before it, where the search has ended for them.
    loops: Option<Vec<Value>>,
}

impl Search {
    fn run(ev: &mut dyn Evaluator, stops: bool, before: &Value, items: Vec<Value>) -> Result<Search, Fault> {
        room(ev, items.len().saturating_mul(3))?;
        let mut items = items.into_iter();
        let Some(current) = items.next() else {
            return Err(ev.fault(Code::MissingElement, "an empty list has no first element"));
        };
        let mut search = Search { current, visited: Vec::new(), rest: items.collect(), loops: None };
        loop {
            if stops {
                let mut loops = Vec::new();
                for earlier in search.visited.iter().rev() {
                    if precedes(ev, before, earlier, &search.current)? {
                        loops.push(earlier.clone());
                    }
                }
                if !loops.is_empty() {
                    search.loops = Some(loops);
                    return Ok(search);
                }
            }
            let (mut ahead, mut behind) = (Vec::new(), Vec::new());
            for item in std::mem::take(&mut search.rest) {
                // As `partition` does, whether the predicate needs it or not.
                ev.force(&item)?;
                let side =
                    if precedes(ev, before, &item, &search.current)? { &mut ahead } else { &mut behind };
                side.push(item);
            }
            let mut ahead = ahead.into_iter();
            let Some(next) = ahead.next() else {
                search.rest = behind;
                return Ok(search);
            };
            search.rest = ahead.chain(behind).collect();
            search.visited.push(std::mem::replace(&mut search.current, next));
        }
    }
}

fn precedes(ev: &mut dyn Evaluator, before: &Value, first: &Value, second: &Value) -> Result<bool, Fault> {
    ev.step()?;
    let answer = ev.call(before, &[first.clone(), second.clone()])?;
    ev.bool(&answer)
}
