//! Queries of SQL: `select name from machines where cluster = 'lab' order by name limit 3`.
//!
//! What comes in is a text that begins as a query of SQL does; what goes out is a message whose help is the
//! same query in invq.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::format::quote_string;
use crate::text::{Source, Span};

/// Queries up to this length are shown.
const LONGEST_EDIT: usize = 120;

/// The words with which the clauses of a query begin, in their order.
const CLAUSES: [&str; 5] = ["from", "where", "group by", "order by", "limit"];

/// What a text that is a query of SQL should say; `first` is its first word.
pub(crate) fn query_of_sql(source: &Arc<Source>, first: Span) -> Option<Diagnostic> {
    let text = source.text().trim().trim_end_matches(';');
    let is_select = source.slice(first).eq_ignore_ascii_case("select");
    let clauses = Clauses::read(text, is_select)?;
    if !is_select && clauses.condition.is_none() {
        return None;
    }
    let message =
        if is_select { "a query has no `select … from`" } else { "a list has no `where` behind it" };
    let written =
        clauses.written().filter(|written| written.len() <= LONGEST_EDIT && !written.contains('\n'));
    let written = written.unwrap_or_else(|| "map (m: m.name) (filter (m: …) machines)".to_owned());
    Some(
        Diagnostic::error(Code::ForeignSyntax, message)
            .at(source, first, "")
            .help(format!("write `{written}`")),
    )
}

/// The parts of a query.
struct Clauses<'t> {
    columns: &'t str,
    table: &'t str,
    condition: Option<&'t str>,
    group: Option<&'t str>,
    order: Option<&'t str>,
    limit: Option<&'t str>,
}

impl<'t> Clauses<'t> {
    fn read(text: &'t str, is_select: bool) -> Option<Clauses<'t>> {
        let lower = text.to_ascii_lowercase();
        let start = |clause: &str| lower.find(&format!(" {clause} ")).map(|at| at + 1);
        let part = |clause: &str| {
            let from = start(clause)? + clause.len();
            let later = CLAUSES.iter().skip_while(|known| **known != clause).skip(1);
            let to =
                later.filter_map(|later| start(later)).filter(|at| *at > from).min().unwrap_or(text.len());
            text.get(from..to).map(str::trim)
        };
        let (columns, table) = match is_select {
            true => (text.get("select".len()..start("from")?)?.trim(), part("from")?),
            false => ("", text.get(..start("where")?)?.trim()),
        };
        let mut words = table.split_whitespace();
        let table = words.next()?;
        // `machines m` and `machines as m`
        if words.clone().count() > 2 || table.contains([',', '(', '|']) {
            return None;
        }
        let (condition, group) = (part("where"), part("group by"));
        Some(Clauses { columns, table, condition, group, order: part("order by"), limit: part("limit") })
    }

    fn written(&self) -> Option<String> {
        let mut rows = match self.condition {
            None => self.table.to_owned(),
            Some(condition) => format!("filter (m: {}) {}", predicate(condition), self.table),
        };
        let (columns, is_distinct) = match self.columns.get(..9) {
            Some(word) if word.eq_ignore_ascii_case("distinct ") => (self.columns.get(9..)?, true),
            _ => (self.columns, false),
        };
        let columns: Vec<&str> = columns.split(',').map(field).filter(|column| !column.is_empty()).collect();
        let counts = columns.iter().any(|column| column.to_ascii_lowercase().starts_with("count("));
        if let Some(group) = self.group {
            let function = if counts { "countBy" } else { "groupBy" };
            return Some(format!("{function} (m: m.{}) {}", field(group), grouped(&rows)));
        }
        if counts {
            return Some(format!("length {}", grouped(&rows)));
        }
        if let Some(order) = self.order {
            let mut words = order.split_whitespace();
            rows = format!("sortOn (m: m.{}) {}", field(words.next()?), grouped(&rows));
            if words.next().is_some_and(|word| word.eq_ignore_ascii_case("desc")) {
                rows = format!("reverseList ({rows})");
            }
        }
        if let Some(limit) = self.limit {
            rows = format!("take {} {}", limit.split_whitespace().next()?, grouped(&rows));
        }
        let names: Vec<&str> = columns.into_iter().filter(|column| *column != "*").collect();
        let query = match names.as_slice() {
            [] => rows,
            [one] => format!("map (m: m.{one}) {}", grouped(&rows)),
            several => format!("map (m: {{ inherit (m) {}; }}) {}", several.join(" "), grouped(&rows)),
        };
        let query = if is_distinct { format!("unique ({query})") } else { query };
        super::is_expression(&query).then_some(query)
    }
}

/// A column without the name of its table.
fn field(column: &str) -> &str {
    let column = column.trim();
    let is_call = column.contains('(');
    match column.split_once('.') {
        Some((_, field)) if !is_call => field,
        _ => column,
    }
}

fn grouped(rows: &str) -> String {
    if rows.contains(' ') { format!("({rows})") } else { rows.to_owned() }
}

/// `name = 'jon' and kind = "virtual"` of a machine `m`.
fn predicate(condition: &str) -> String {
    let words: Vec<&str> = condition.split_whitespace().collect();
    match words.as_slice() {
        [list, word, element] if word.eq_ignore_ascii_case("contains") => {
            return format!("elem {} m.{}", element.replace('\'', "\""), field(list));
        }
        [text, word, pattern] if word.eq_ignore_ascii_case("like") => {
            let pattern = pattern.trim_matches(['\'', '"']);
            let inner = quote_string(pattern.trim_matches('%'));
            let function = match (pattern.starts_with('%'), pattern.ends_with('%')) {
                (true, true) => "hasInfix",
                (true, false) => "hasSuffix",
                (false, true) => "hasPrefix",
                (false, false) => return format!("m.{} == {inner}", field(text)),
            };
            return format!("{function} {inner} m.{}", field(text));
        }
        _ => {}
    }
    let mended = condition.replace(" AND ", " && ").replace(" and ", " && ");
    let mended = mended.replace(" OR ", " || ").replace(" or ", " || ").replace('\'', "\"");
    let mended = mended.replace("<>", "!=");
    let mut predicate = String::new();
    for word in mended.split_whitespace() {
        if !predicate.is_empty() {
            predicate.push(' ');
        }
        match word {
            "=" => predicate.push_str("=="),
            name if name.starts_with(|first: char| first.is_ascii_lowercase()) && !name.contains('"') => {
                predicate.push_str("m.");
                predicate.push_str(field(name));
            }
            other => predicate.push_str(other),
        }
    }
    predicate
}
