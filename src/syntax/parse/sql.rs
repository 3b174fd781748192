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
        let lower = without_strings(text);
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
            Some(condition) => format!("filter (m: {}) {}", predicate(condition)?, self.table),
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

/// A text of the same length in lower case, with nothing to read in its strings.
fn without_strings(text: &str) -> String {
    let mut quote = None;
    let mut bare = String::with_capacity(text.len());
    for next in text.chars() {
        let is_quote = matches!(next, '\'' | '"');
        if quote.is_some() {
            bare.extend(std::iter::repeat_n('_', next.len_utf8()));
        } else {
            bare.push(next.to_ascii_lowercase());
        }
        match quote {
            Some(open) if open == next => quote = None,
            None if is_quote => quote = Some(next),
            _ => {}
        }
    }
    bare
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

/// `name = 'jon' and kind = "virtual"` of a machine `m`; nothing where it says more than that.
fn predicate(condition: &str) -> Option<String> {
    let words = words(condition)?;
    let mut conditions = Vec::new();
    let mut signs = Vec::new();
    let mut begun = Vec::new();
    for word in words {
        let sign = match word.to_ascii_lowercase().as_str() {
            "and" => " && ",
            "or" => " || ",
            _ => {
                begun.push(word);
                continue;
            }
        };
        conditions.push(comparison(&std::mem::take(&mut begun))?);
        signs.push(sign);
    }
    conditions.push(comparison(&begun)?);
    let mut predicate = String::new();
    for (index, condition) in conditions.iter().enumerate() {
        predicate.push_str(condition);
        predicate.push_str(signs.get(index).unwrap_or(&""));
    }
    Some(predicate)
}

/// The words of a condition: a string is one, and so is a sign.
fn words(condition: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut rest = condition.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_sign = |next: char| matches!(next, '=' | '<' | '>' | '!');
        let is_of_word = |next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '.' | '+');
        let length = match first {
            '\'' | '"' => rest.get(1..)?.find(first)? + 2,
            _ if is_sign(first) => rest.find(|next| !is_sign(next)).unwrap_or(rest.len()),
            _ if is_of_word(first) => rest.find(|next| !is_of_word(next)).unwrap_or(rest.len()),
            // Parentheses and arithmetic are more than is read here.
            _ => return None,
        };
        words.push(rest.get(..length)?);
        rest = rest.get(length..)?.trim_start();
    }
    Some(words)
}

/// One comparison, which may have `not` before it or in it.
fn comparison(words: &[&str]) -> Option<String> {
    let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
    let (is_negated, words) = match words {
        [not, rest @ ..] if is(not, "not") => (true, rest),
        _ => (false, words),
    };
    let negated = |call: String, is_negated: bool| match (is_negated, call.contains(" == ")) {
        (false, _) => call,
        (true, true) => format!("!({call})"),
        (true, false) => format!("!{call}"),
    };
    let member = |name: &str| is_column(name).then(|| format!("m.{}", field(name)));
    let condition = match words {
        [name] => member(name)?,
        [name, verb, null] if is(verb, "is") && is(null, "null") => {
            let sign = if is_negated { "!=" } else { "==" };
            return Some(format!("{} or null {sign} null", member(name)?));
        }
        [name, verb, not, null] if is(verb, "is") && is(not, "not") && is(null, "null") && !is_negated => {
            return Some(format!("{} or null != null", member(name)?));
        }
        [list, verb, element] if is(verb, "contains") => {
            format!("elem {} {}", value(element)?, member(list)?)
        }
        [name, verb, pattern] if is(verb, "like") => like(&member(name)?, pattern)?,
        [name, not, verb, pattern] if is(not, "not") && is(verb, "like") && !is_negated => {
            return Some(negated(like(&member(name)?, pattern)?, true));
        }
        [name, sign, other] => {
            let sign = match *sign {
                "=" | "==" => "==",
                "<>" | "!=" => "!=",
                "<" => "<",
                "<=" => "<=",
                ">" => ">",
                ">=" => ">=",
                _ => return None,
            };
            let compared = format!("{} {sign} {}", value(name)?, value(other)?);
            return Some(if is_negated { format!("!({compared})") } else { compared });
        }
        _ => return None,
    };
    Some(negated(condition, is_negated))
}

fn is_column(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// A column, a string, a number or a word for a truth.
fn value(word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    match word.strip_prefix(['\'', '"']) {
        Some(string) => Some(quote_string(string.strip_suffix(['\'', '"'])?)),
        None if matches!(lower.as_str(), "true" | "false" | "null") => Some(lower),
        None if is_column(word) => Some(format!("m.{}", field(word))),
        None => word.parse::<f64>().is_ok().then(|| word.to_owned()),
    }
}

/// `'web%'`, a pattern of SQL.
fn like(member: &str, pattern: &str) -> Option<String> {
    let pattern = pattern.strip_prefix(['\'', '"'])?.strip_suffix(['\'', '"'])?;
    let text = pattern.trim_matches('%');
    if text.contains(['%', '_']) {
        return None;
    }
    let function = match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) => "hasInfix",
        (true, false) => "hasSuffix",
        (false, true) => "hasPrefix",
        (false, false) => return Some(format!("{member} == {}", quote_string(text))),
    };
    Some(format!("{function} {} {member}", quote_string(text)))
}
