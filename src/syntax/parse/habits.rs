//! Habits of whole queries: SQL, Ansible's and Salt's patterns, templates, and JavaScript's operators.
//!
//! What comes in is a place where the grammar stopped; what goes out is a message whose help is the
//! same query as invq writes it, made of the words that stand there.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::format::{attr_name, quote_string};
use crate::syntax::lex::{Lexeme, LexemeKind};
use crate::text::{Span, quoted};

use super::report::Stop;

/// Edits up to this length are shown.
const LONGEST_EDIT: usize = 120;

/// Filters that are asked by a name, as people compare them: `tag = "web"`.
pub(super) const FILTERS: [&str; 9] =
    ["tag", "hostname", "cluster", "group", "service", "kind", "class", "system", "cloud"];

/// The habit that shows in the text around the stop, if it is a known one.
pub(super) fn habit(stop: &Stop<'_>) -> Option<Diagnostic> {
    select_from(stop)
        .or_else(|| definition(stop))
        .or_else(|| loop_over(stop))
        .or_else(|| salt_matcher(stop))
        .or_else(|| name_pattern(stop))
        .or_else(|| host_pattern(stop))
        .or_else(|| selector(stop))
        .or_else(|| at_operator(stop))
}

fn foreign(stop: &Stop<'_>, span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::ForeignSyntax, message).at(stop.source, span, "").help(help)
}

fn edit(text: &str, otherwise: &str) -> String {
    let is_shown = text.len() <= LONGEST_EDIT && !text.contains('\n');
    format!("write `{}`", if is_shown { text } else { otherwise })
}

/// The first word of the text.
fn first(stop: &Stop<'_>) -> Option<Lexeme> {
    stop.lexemes.iter().find(|lexeme| !lexeme.kind.is_trivia()).copied()
}

/// `select name from machines where cluster = "lab"`, and `machines where cluster = "lab"`
fn select_from(stop: &Stop<'_>) -> Option<Diagnostic> {
    super::query_of_sql(stop.source, first(stop)?.span)
}

/// `def f(x): …`, `function f(x) { … }`
fn definition(stop: &Stop<'_>) -> Option<Diagnostic> {
    let word = first(stop)?;
    let text = stop.text(word);
    if !matches!(text, "def" | "function" | "func" | "fn" | "sub" | "defun") {
        return None;
    }
    let help = "write `let f = x: …; in f 1`: a function is a value";
    Some(foreign(stop, word.span, format!("{} does not begin a function", quoted(text)), help))
}

/// `for m in machines: …`
fn loop_over(stop: &Stop<'_>) -> Option<Diagnostic> {
    let word = first(stop)?;
    if !matches!(stop.text(word), "for" | "foreach") {
        return None;
    }
    let mut words = stop.source.text().split_whitespace().skip(1);
    let variable = words.next()?.trim_matches(['(', ')']);
    let list = words.nth(1)?.trim_matches(['(', ')', ':', '{']);
    let help = edit(&format!("map ({variable}: …) {list}"), "map (x: …) list");
    Some(foreign(stop, word.span, "there are no loops: a list is mapped", help))
}

/// `G@os:Debian and E@web.*`
fn salt_matcher(stop: &Stop<'_>) -> Option<Diagnostic> {
    let mut before = stop.before();
    let at = before.next().filter(|lexeme| stop.text(*lexeme) == "@")?;
    let letter = before.next().filter(|lexeme| lexeme.span.end == at.span.start)?;
    let value: String = stop.rest().chars().take_while(|next| !next.is_whitespace()).collect();
    let help = match stop.text(letter) {
        "G" | "P" | "I" | "J" => match value.split_once(':') {
            Some((key, value)) if key == "tag" || key == "tags" || key == "role" || key == "roles" => {
                format!("write `tag {}`", quote_string(value))
            }
            Some((key, value)) => {
                format!("write `where (m: (m.vars.{} or null) == {})`", attr_name(key), quote_string(value))
            }
            None => "write `where (m: …)`".to_owned(),
        },
        "E" => format!("write `matching {}`", quote_string(&value)),
        "L" => format!("write `nodes {}`", quote_string(&value)),
        "S" => format!("write `address {}`", quote_string(&value)),
        "N" => format!("write the name of a filter of the inventory: `{value}`"),
        "C" => format!("write `cluster {}`", quote_string(&value)),
        _ => return None,
    };
    let message = format!("there are no matchers such as {}", quoted(&format!("{}@", stop.text(letter))));
    Some(foreign(stop, letter.span.to(at.span), message, help))
}

/// `web*`, `db-?.example.org`, `'web*'`
fn name_pattern(stop: &Stop<'_>) -> Option<Diagnostic> {
    let text = stop.source.text().trim();
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    let is_of_names = inner.chars().all(|next| next.is_alphanumeric() || "-_.*?[]".contains(next));
    let is_pattern =
        inner.contains('*') && inner.starts_with(|first: char| first.is_alphanumeric() || first == '*');
    if !is_of_names || !is_pattern || inner.contains(".*") || inner.contains("[*") {
        return None;
    }
    let start = stop.source.text().find(text)?;
    let span = Span::new(start, start + text.len());
    let help = format!("write `glob {}`", quote_string(inner));
    Some(foreign(stop, span, "a pattern of names is no expression", help))
}

/// `web:&lab:!db`, `web[01:20]`, `web[1-9],db1`: a pattern of Ansible or of ClusterShell.
fn host_pattern(stop: &Stop<'_>) -> Option<Diagnostic> {
    let text = stop.source.text().trim();
    let filter = filter_of_pattern(text)?;
    let start = stop.source.text().find(text)?;
    let span = Span::new(start, start + text.len());
    Some(foreign(stop, span, "a pattern of names is no expression", edit(&filter, "nodes \"web[1-9]\"")))
}

/// The filter for a pattern of groups or names; nothing where it is none.
pub(crate) fn filter_of_pattern(text: &str) -> Option<String> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_alphanumeric())
            && word.chars().all(|next| next.is_ascii_alphanumeric() || "-_.".contains(next))
    };
    if let Some((before, ranges)) = text.split_once('[') {
        let is_range = |next: char| next.is_ascii_alphanumeric() || "-_.,:[]".contains(next);
        let is_pattern = is_word(before) && ranges.contains(']') && ranges.chars().all(is_range);
        let has_digits = ranges.starts_with(|first: char| first.is_ascii_digit());
        return (is_pattern && has_digits && ranges.contains(['-', ':', ',']))
            .then(|| format!("nodes {}", quote_string(&text.replace(':', "-"))));
    }
    if let Some((filter, name)) = text.split_once(':')
        && let filter = filter.strip_suffix('s').filter(|one| FILTERS.contains(one)).unwrap_or(filter)
        && FILTERS.contains(&filter)
        && is_word(name)
    {
        return Some(format!("{filter} {}", quote_string(name)));
    }
    let mut parts = text.split(':');
    let mut filter = match parts.next()? {
        "all" => "all".to_owned(),
        first if is_word(first) => format!("tag {}", quote_string(first)),
        _ => return None,
    };
    let mut count = 0;
    for part in parts {
        let (operator, name) = match (part.strip_prefix('&'), part.strip_prefix('!')) {
            (Some(name), _) => ("&& ", name),
            (_, Some(name)) => ("&& !", name),
            _ => ("|| ", part),
        };
        if !is_word(name) {
            return None;
        }
        filter = format!("{filter} {operator}tag {}", quote_string(name));
        count += 1;
    }
    (count > 0).then_some(filter)
}

/// `machines{cluster="lab", kind="virtual"}`
fn selector(stop: &Stop<'_>) -> Option<Diagnostic> {
    let text = stop.source.text().trim();
    let (name, labels) = text.split_once('{')?;
    let labels = labels.strip_suffix('}')?;
    if name.is_empty() || !name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_') {
        return None;
    }
    let conditions: Option<Vec<String>> = labels
        .split(',')
        .map(|label| {
            let label = label.trim();
            for (operator, compared) in [("!~", "=="), ("=~", "!=")] {
                if let Some((field, pattern)) = label.split_once(operator) {
                    let pattern = pattern.trim().strip_prefix('"')?.strip_suffix('"')?;
                    return Some(format!(
                        "match {} m.{} {compared} null",
                        quote_string(pattern),
                        field.trim()
                    ));
                }
            }
            let (field, value) = label.split_once('=')?;
            let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
            let (field, operator) = match field.trim_end().strip_suffix('!') {
                Some(field) => (field, "!="),
                None => (field.trim_end(), "=="),
            };
            let is_field = field.chars().all(|next| next.is_ascii_alphanumeric() || next == '_');
            is_field.then(|| format!("m.{field} {operator} {}", quote_string(value)))
        })
        .collect();
    let query = edit(&format!("where (m: {})", conditions?.join(" && ")), "where (m: …)");
    let start = stop.source.text().find('{')?;
    Some(foreign(stop, Span::new(start, start + 1), "there are no selectors in braces", query))
}

/// The collections of the inventory, as jq reads them: `.machines[].name`.
pub(super) const COLLECTIONS: [&str; 8] =
    ["machines", "clusters", "services", "instances", "placements", "clouds", "groups", "tags"];

/// `.machines[].name`, `.machines[] | select(.name == "jon")`
fn collection(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let path = stop.rest().strip_prefix('.')?;
    let name: String = path.chars().take_while(|next| next.is_ascii_alphabetic()).collect();
    if !COLLECTIONS.contains(&name.as_str()) {
        return None;
    }
    let rest = path.get(name.len()..)?.trim_start();
    let rest = rest.strip_prefix("[]").unwrap_or(rest).trim_start();
    let selected = rest.strip_prefix('|').map_or(rest, str::trim_start);
    let query = if let Some(condition) = selected.strip_prefix("select(") {
        let condition = condition.split(')').next().unwrap_or("").trim();
        let predicate =
            condition.strip_prefix('.').map_or("m: …".to_owned(), |field| format!("m: m.{field}"));
        format!("filter ({predicate}) {name}")
    } else {
        let field: String =
            rest.chars().skip(1).take_while(|next| next.is_alphanumeric() || *next == '_').collect();
        match rest {
            "" => name.clone(),
            _ if rest.starts_with('.') && !field.is_empty() => format!("map (m: m.{field}) {name}"),
            _ => format!("map (m: …) {name}"),
        }
    };
    let message = "there is no current value that `.` could stand for";
    Some(foreign(stop, found.span, message, edit(&query, "map (m: m.name) machines")))
}

/// Operators of other languages, by what stands at the stop and before it.
fn at_operator(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let text = stop.source.text();
    let previous = stop.previous();
    let before = previous.map_or("", |lexeme| stop.text(lexeme));
    let touches = previous.is_some_and(|lexeme| lexeme.span.end == found.span.start);
    let from_previous = || previous.map_or(found.span, |lexeme| lexeme.span.to(found.span));
    let rest = stop.rest();
    match (before, stop.text(found)) {
        ("{", "{") if touches => {
            let inner = rest.get(1..)?.split_once("}}").map_or("…", |(inner, _)| inner.trim());
            Some(foreign(stop, from_previous(), "an expression has no braces around it", edit(inner, "…")))
        }
        (_, "${") => {
            let inner = rest.get(2..)?.split_once('}').map_or("…", |(inner, _)| inner.trim());
            Some(foreign(stop, found.span, "`${}` stands inside of a string", edit(inner, "\"${…}\"")))
        }
        (".", "*") | ("[", "*") => {
            let start = previous?.span.range().start;
            let list = text.get(..start)?.trim();
            let field = rest.get(1..)?.trim_start_matches(']').trim_start_matches('.');
            let field: String =
                field.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect();
            let field = if field.is_empty() { "name".to_owned() } else { field };
            let help = edit(&format!("map (x: x.{field}) {list}"), "map (x: x.name) list");
            Some(foreign(stop, found.span, "there is no `*` for all elements", help))
        }
        ("?", "?") => {
            let help = "write `set.name or default` for what may be missing, or `lib.defaultTo default value` for null";
            Some(foreign(stop, from_previous(), "`??` is no operator", help))
        }
        ("?", ".") => {
            let field: String = rest.chars().skip(1).take_while(|next| next.is_alphanumeric()).collect();
            let base = text.get(..previous?.span.range().start)?.trim();
            let help = edit(&format!("{base}.{field} or null"), "m.name or null");
            Some(foreign(stop, from_previous(), "`?.` is no operator", help))
        }
        ("?", _) if rest.contains(':') => {
            let condition = text.get(..previous?.span.range().start)?.trim();
            let (then, otherwise) = rest.split_once(':')?;
            let mended = format!("if {condition} then {} else {}", then.trim(), otherwise.trim());
            let help = edit(&mended, "if c then a else b");
            Some(foreign(stop, previous?.span, "`? :` is no operator", help))
        }
        (":", "=") if touches => {
            Some(foreign(stop, from_previous(), "a name is bound with `=`", "write `let name = value; in …`"))
        }
        (":", "//") if touches => {
            let url: String = rest.chars().take_while(|next| !next.is_whitespace()).collect();
            let scheme = stop.before().nth(1).map_or("", |lexeme| stop.text(lexeme));
            let help = format!("write `\"{scheme}:{url}\"`");
            Some(foreign(stop, from_previous(), "an address stands in a string", help))
        }
        (_, junk) if junk.starts_with('`') => {
            let inner = rest.get(1..)?.split_once('`').map_or("…", |(inner, _)| inner);
            Some(foreign(stop, found.span, "a string has double quotes", edit(&quote_string(inner), "\"…\"")))
        }
        (_, junk) if junk.starts_with('~') || rest.starts_with("=~") => {
            let is_path = |next: &char| next.is_ascii_alphanumeric() || matches!(next, '.' | '_' | '-');
            let left = text.get(..found.span.range().start)?.trim_end().trim_end_matches('=');
            let path: String = left.trim_end().chars().rev().take_while(is_path).collect();
            let path: String = path.chars().rev().collect();
            let pattern = rest.trim_start_matches(['=', '~', ' ']);
            let pattern = match pattern.strip_prefix(['"', '/']) {
                Some(inner) => {
                    inner.split(['"', '/']).next().filter(|inner| !path.is_empty() && !inner.is_empty())
                }
                None => None,
            };
            let help = match pattern {
                Some(pattern) => format!("write `match {} {path} != null`", quote_string(pattern)),
                None => "write `matching \"^web\"` for machines by name, or `match \"web.*\" text != null`"
                    .to_owned(),
            };
            Some(foreign(stop, found.span, "regular expressions have no operator", help))
        }
        ("(", ")") if touches => {
            let help = "remove `()`: a function is called by writing its argument behind it";
            Some(foreign(stop, from_previous(), "a call has no empty parentheses", help))
        }
        (_, "!") if stop.words_allow_operator() && stop.nesting.innermost().is_none() => {
            let help = "write `&& !…` for those without, or `|| !…`";
            Some(foreign(stop, found.span, "`!` stands before what it negates, not between operands", help))
        }
        ("" | "(" | "[" | "|", ".") if collection(stop).is_some() => collection(stop),
        ("=", _) => None,
        (name, "=") if FILTERS.contains(&name) && stop.words_allow_operator() => {
            let value = rest.trim_start_matches('=').trim();
            let is_word =
                !value.is_empty() && value.chars().all(|next| next.is_alphanumeric() || "-_.".contains(next));
            let value = if is_word { quote_string(value) } else { value.replace('\'', "\"") };
            let help = edit(&format!("{name} {value}"), "tag \"web\"");
            Some(foreign(stop, found.span, format!("{} takes its name as an argument", quoted(name)), help))
        }
        (name, "=")
            if stop.words_allow_operator()
                && stop.before().count() == 1
                && previous.is_some_and(|lexeme| lexeme.kind == LexemeKind::Identifier)
                && !rest.starts_with("=>")
                && stop.nesting.innermost().is_none() =>
        {
            let value = rest.trim_start_matches('=').trim().trim_end_matches(';').replace('\'', "\"");
            let help = format!(
                "write `where (m: m.{name} == {value})` to ask machines, or `let {name} = {value}; in …` to bind it"
            );
            let help = if help.len() <= LONGEST_EDIT { help } else { "write `==`".to_owned() };
            Some(foreign(stop, found.span, "`=` binds a name, and `==` compares", help))
        }
        _ => None,
    }
}
