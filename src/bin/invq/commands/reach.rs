//! `invq why A --reaches B`: the way from one machine to another, or the link that is missing.

use invq::text::{list_and, quoted};
use invq::{Located, Reach};
use serde_json::{Value, json};

/// What is told, line by line.
pub(super) fn lines(reach: &Reach) -> Vec<String> {
    let (from, to) = (&reach.from.machine, &reach.to.machine);
    let verb = if reach.way.is_some() { "reaches" } else { "does not reach" };
    let mut lines = vec![format!("{from} {verb} {to}"), located(&reach.from)];
    match &reach.way {
        Some(way) => {
            for link in way {
                lines.push(format!("  {} reaches {} — {}", quoted(&link.from), quoted(&link.to), link.at));
            }
            lines.push(located(&reach.to));
        }
        None => {
            lines.push(located(&reach.to));
            if let (Some(start), Some(end)) = (&reach.from.cloud, &reach.to.cloud) {
                lines.push(match reach.reached.as_slice() {
                    [] => format!("  {} reaches no other cloud", quoted(start)),
                    reached => format!("  {} reaches {}", quoted(start), list_and(reached)),
                });
                lines.push(match reach.reaching.as_slice() {
                    [] => format!("  {} is reached from no other cloud", quoted(end)),
                    reaching => format!("  {} is reached from {}", quoted(end), list_and(reaching)),
                });
                let start = quoted(start);
                lines.push(format!(
                    "  missing: {} in the `reaches` of {start}, or of a cloud that it reaches",
                    quoted(end)
                ));
            }
        }
    }
    lines
}

fn located(machine: &Located) -> String {
    let name = &machine.machine;
    let at = machine.at.as_ref().map_or_else(String::new, |at| format!(" — {at}"));
    match (&machine.cloud, &machine.block) {
        (None, _) => format!("  {name} is in no cloud"),
        (Some(cloud), None) => format!("  {name} is in {}{at}", quoted(cloud)),
        (Some(cloud), Some(block)) => {
            format!("  {name} is in {} by its block {}{at}", quoted(cloud), quoted(block))
        }
    }
}

/// The same as data.
pub(super) fn data(reach: &Reach) -> Value {
    let located = |end: &Located| json!({ "machine": end.machine, "cloud": end.cloud, "block": end.block, "at": end.at });
    let link = |from: &str, to: &str, at: &str| json!({ "from": from, "to": to, "at": at });
    let way = reach.way.as_ref();
    let way: Option<Vec<Value>> =
        way.map(|way| way.iter().map(|one| link(&one.from, &one.to, &one.at)).collect());
    json!({
        "from": located(&reach.from),
        "to": located(&reach.to),
        "reaches": way.is_some(),
        "way": way,
        "reached": reach.reached,
        "reaching": reach.reaching,
    })
}
