//! `docs/differences-nix.md` is true: each row of its tables gives what Nix says and what invq says, and
//! they are not the same.

use invq::Engine;

use super::{End, Scope, invq, nix_answers, rendered, version};
use crate::support::root;

/// The most kinds of differences that invq may have.
const MOST: usize = 9;

/// The section whose differences newer versions of Nix do not have.
const CHANGED: &str = "What Nix has changed since";

/// A row of a table, and under which heading it stands.
struct Row {
    heading: String,
    expression: String,
    nix: String,
    invq: String,
}

fn rows() -> Vec<Row> {
    let page = std::fs::read_to_string(root().join("docs/differences-nix.md")).expect("the page is text");
    let mut heading = String::new();
    let mut rows = Vec::new();
    for line in page.lines() {
        if let Some(text) = line.strip_prefix("## ") {
            heading = text.to_owned();
        } else if line.starts_with("| `") {
            // A bar inside of code is written with a backslash.
            let line = line.replace("\\|", "\0");
            let cells = line
                .trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().trim_matches('`').replace('\0', "|"));
            let [expression, nix, invq] =
                cells.collect::<Vec<_>>().try_into().expect("a row has three cells");
            rows.push(Row { heading: heading.clone(), expression, nix, invq });
        }
    }
    rows
}

/// Whether something ended as a cell says: with a value as JSON, or `error`, perhaps with its code.
fn is_as_told(end: &End, cell: &str) -> bool {
    match (end, cell.strip_prefix("error")) {
        (End::Refused(code, _) | End::Failed(code, _), Some(expected)) => {
            expected.is_empty() || expected == format!(": {code}")
        }
        (End::Value(value), None) => {
            serde_json::from_str(cell).is_ok_and(|expected| rendered(&expected) == *value)
        }
        _ => false,
    }
}

#[test]
fn the_page_has_what_differs_and_nothing_else() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let rows = rows();
    let mut headings: Vec<&str> = rows.iter().map(|row| row.heading.as_str()).collect();
    headings.dedup();
    assert!(headings.len() <= MOST, "{} kinds: {headings:?}", headings.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let own = invq(&engine, &inventory, &row.expression);
        if !is_as_told(&own, &row.invq) {
            wrong.push(format!(
                "{}\n  the page says {}\n  invq gives    {}",
                row.expression,
                row.invq,
                own.text()
            ));
        }
    }
    if let Some(version) = version() {
        let asked: Vec<(&str, bool)> =
            rows.iter().map(|row| (row.expression.as_str(), row.nix != "error")).collect();
        for (row, nix) in rows.iter().zip(nix_answers("differences", &asked, Scope::Nix)) {
            if row.heading == CHANGED && version >= vec![2, 14] {
                continue;
            }
            if !is_as_told(&nix, &row.nix) {
                let shown = nix.text();
                wrong.push(format!(
                    "{}\n  the page says {}\n  Nix gives     {shown}",
                    row.expression, row.nix
                ));
            }
        }
    }
    for heading in headings {
        let mut rows = rows.iter().filter(|row| row.heading == heading);
        assert!(rows.any(|row| row.nix != row.invq), "{heading}: nothing differs");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
