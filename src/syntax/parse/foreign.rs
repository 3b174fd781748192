//! Habits from other languages, and how invq writes the same.
//!
//! What comes in is a place where the grammar stopped; what goes out is a message if the text
//! there is how Python, SQL, jq, JavaScript or JSON write it: `[1, 2]` is answered with "remove
//! the `,`". Only text that is wrong anyway is looked at, so that nothing valid changes.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::format::quote_string;
use crate::syntax::grammar::Word;
use crate::syntax::lex::{Lexeme, LexemeKind};
use crate::syntax::limits::OpenerKind;
use crate::text::{Source, Span, quoted};

use super::report::Stop;
use super::signs::is_of_path;

/// What to write in place of a word of another language that is an unknown name here.
pub fn foreign_word(name: &str) -> Option<&'static str> {
    Some(match name {
        "and" | "AND" => "write `a && b`",
        "or" | "OR" => "write `a || b`",
        "not" | "NOT" => "write `!a`",
        "True" | "TRUE" => "write `true`",
        "False" | "FALSE" => "write `false`",
        "None" | "nil" | "NULL" | "Null" | "undefined" | "nothing" => "write `null`",
        "lambda" | "fn" | "func" | "function" | "def" => "write a function as `x: x + 1`",
        "elif" | "elsif" | "elseif" => "write `else if`",
        "in" => "write `elem x list`",
        "is" => "write `a == b`",
        "end" | "fi" | "endif" => "remove it: `if c then a else b` ends by itself",
        "return" => "remove it: a function gives its body's value",
        "var" | "const" | "val" => "write `let name = value; in …`",
        "for" | "foreach" => "write `map (x: …) list`",
        "print" | "echo" | "puts" | "printf" => "remove it: a query answers with its value",
        "first" => "write `head list`",
        "limit" | "LIMIT" => "write `take 3 list`",
        "order" | "ORDER" | "orderBy" | "order_by" | "sort_by" | "sorted" => {
            "write `sortOn (m: m.name) machines`"
        }
        "unique_by" | "distinct" | "DISTINCT" | "uniq" => "write `unique list`",
        "LIKE" | "like" => "write `glob \"web*\"` for machines, or `hasPrefix \"web\" text`",
        "IN" | "contains" | "includes" => "write `elem x list`",
        "COUNT" => "write `length list`",
        "reduce" => "write `foldl' (sum: x: sum + x) 0 list`",
        "keys" => "write `attrNames set`",
        "values" => "write `attrValues set`",
        "to_entries" | "items" => "write `lib.attrsToList set`",
        "map_values" => "write `mapAttrs (name: value: …) set`",
        "join" => "write `concatStringsSep \", \" list`",
        "startswith" | "startsWith" => "write `hasPrefix \"web\" text`",
        "endswith" | "endsWith" => "write `hasSuffix \".org\" text`",
        "upper" | "uppercase" | "ascii_upcase" => "write `toUpper text`",
        "lower" | "lowercase" | "ascii_downcase" => "write `toLower text`",
        "str" => "write `toString value`",
        "int" => "write `lib.toInt text`",
        "enumerate" => "write `lib.imap0 (index: x: …) list`",
        "zip" => "write `lib.zipLists a b`",
        "reversed" | "reverse" => "write `reverseList list`",
        "hostvars" | "grains" | "pillar" | "ansible_facts" => "write `m.vars` of a machine `m`",
        "inventory_hostname" => "write `m.name` of a machine `m`",
        "where" | "WHERE" => "write `filter (m: …) machines`",
        "matches" => "write `match \"web.*\" text != null`, or `matching \"^web\"` for machines by name",
        "by" | "BY" => "write `countBy (m: m.cluster) machines`, or `groupBy` for the machines themselves",
        "SELECT" | "FROM" | "from" => "write `map (m: m.name) machines`",
        "len" | "size" => "write `length list`",
        "Object" => "write `attrNames set`, or `attrValues set`",
        "JSON" => "write `toJSON value`",
        "console" => "remove it: a query answers with its value",
        "avg" | "mean" | "average" => "write `sum list / length list`",
        "intersect" | "intersection" => "write `lib.intersectLists a b`",
        "typeof" => "write `typeOf value`",
        "dict" => "write `listToAttrs (map (m: { name = m.name; value = m; }) machines)`",
        "self" => "write `rec { … }` for a set whose bindings see each other",
        _ => return None,
    })
}

/// `1 or 2`: `or` without a selection before it.
pub(super) fn or_operator(source: &Arc<Source>, or: Span, operand: Span) -> Diagnostic {
    Diagnostic::error(Code::ForeignSyntax, "`or` stands only behind a selection: `a.b or c`")
        .at(source, or, "gives a default for a missing attribute")
        .at(source, operand, "this selects no attribute")
        .help("write `||` in place of `or`")
}

/// A path that is no argument of `import`.
pub(super) fn stray_path(source: &Arc<Source>, path: Span) -> Diagnostic {
    let written = source.slice(path);
    Diagnostic::error(Code::Syntax, format!("expected `import` before the path {}", quoted(written)))
        .at(source, path, "a path stands only behind `import`")
        .help(format!("write `import {written}`, or the string `\"{written}\"`"))
}

/// `1 == 1 and 2 == 2`: comparisons that do not chain, with a word of logic between them.
pub(super) fn logic_word(source: &Arc<Source>, between: &Expr) -> Option<Diagnostic> {
    let ExprKind::Apply { arguments, .. } = &between.kind else { return None };
    arguments.iter().find_map(|argument| match &argument.kind {
        ExprKind::Variable(name) if matches!(name.to_lowercase().as_str(), "and" | "or" | "not") => {
            let diagnostic = foreign(source, argument.span, format!("{} is no operator", quoted(name)));
            let symbol = if name.eq_ignore_ascii_case("and") { "&&" } else { "||" };
            let range = argument.span.range();
            let text = source.text();
            let mended = match (text.get(..range.start), text.get(range.end..)) {
                (Some(left), Some(right)) if text.len() <= 60 && !name.eq_ignore_ascii_case("not") => {
                    Some(format!("write `{}`", format!("{left}{symbol}{right}").trim()))
                }
                _ => None,
            };
            let mended = mended.filter(|mended| !mended.contains('\n'));
            Some(diagnostic.maybe_help(mended.or_else(|| foreign_word(name).map(str::to_owned))))
        }
        _ => None,
    })
}

fn foreign(source: &Arc<Source>, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::ForeignSyntax, message).at(source, span, "")
}

/// The habit that made the grammar stop, if it is a known one.
pub(super) fn habit(stop: &Stop<'_>) -> Option<Diagnostic> {
    if let Some(diagnostic) = super::habits::habit(stop).or_else(|| if_without_then(stop)) {
        return Some(diagnostic);
    }
    let Some(found) = stop.found() else { return unfinished_search_path(stop) };
    let rest = stop.rest();
    let at = |length: usize, message: &str, help: String| {
        let start = found.span.range().start;
        Some(foreign(stop.source, Span::new(start, start + length), message).help(help))
    };
    let after_operand = stop.words.contains(&Word::Operator);
    match stop.text(found) {
        "'" => single_quotes(stop, found),
        _ if rest.starts_with(TYPOGRAPHIC) => typographic_quotes(stop, found),
        "," => comma(stop, found),
        "=" if rest.starts_with("=>") && after_operand => at(2, "`=>` is no operator", arrow_help(stop)),
        "=" if after_operand => equals(stop, found),
        "==" if rest.starts_with("===") => at(3, "`===` is no operator", "write `==`".to_owned()),
        "!=" if rest.starts_with("!==") => at(3, "`!==` is no operator", "write `!=`".to_owned()),
        "<" if rest.starts_with("<>") => at(2, "`<>` is no operator", "write `!=`".to_owned()),
        "<" if !after_operand => search_path(stop, found),
        "|" => {
            at(1, "`|` is no operator", "write `|>` to pass a value on, or `||` for a logical or".to_owned())
        }
        "&" => at(1, "`&` is no operator", "write `&&`".to_owned()),
        "." | ".." if !after_operand => jq_dot(stop, found),
        "@" => at_sign(stop, found),
        "%" if after_operand => at(1, "`%` is no operator", "write `mod a b`".to_owned()),
        "^" if after_operand => at(1, "`^` is no operator", "multiply: `a * a`".to_owned()),
        "\\" => at(1, "a function has no `\\` before its parameter", "write `x: x + 1`".to_owned()),
        "$" => at(1, "a variable has no `$` before its name", "remove `$`".to_owned()),
        ":" => colon(stop, found),
        "in" if generator(stop).is_some() => generator(stop),
        "in" if comprehension(stop).is_some() => comprehension(stop),
        "in" if after_operand && !stop.expects("in") && !stop.expects(";") => {
            at(2, "`in` is no operator", in_help(stop))
        }
        text if found.kind == LexemeKind::Junk && text.starts_with(|first: char| first.is_ascii_digit()) => {
            number(stop, found)
        }
        _ => None,
    }
}

/// `x in list`, `x not in list`
fn in_help(stop: &Stop<'_>) -> String {
    let mut before = stop.before().peekable();
    let not = before.next_if(|lexeme| stop.text(*lexeme) == "not").is_some();
    let list: String = stop
        .rest()
        .get(2..)
        .unwrap_or("")
        .trim_start()
        .chars()
        .take_while(|next| is_of_path(*next))
        .collect();
    let end = before.peek().map(|lexeme| lexeme.span.range().end);
    let line = end.and_then(|end| stop.source.text().get(..end)).unwrap_or("").trim_end();
    let element = match line.strip_suffix('"') {
        Some(open) => line.get(open.rfind('"').unwrap_or(open.len())..),
        None => line.get(line.rfind(|next: char| !is_of_path(next)).map_or(0, |at| at + 1)..),
    };
    let is_word = |word: &str| !word.is_empty() && !word.starts_with(['\'', '-']);
    match element {
        Some(element) if is_word(element) && is_word(&list) => {
            format!("write `{}elem {element} {list}`", if not { "!" } else { "" })
        }
        _ => "write `elem x list`".to_owned(),
    }
}

/// `if c { a } else { b }`
fn if_without_then(stop: &Stop<'_>) -> Option<Diagnostic> {
    let open = &stop.nesting.open;
    let brace = open.iter().rposition(|opener| opener.kind == OpenerKind::Brace)?;
    let waiting = open.get(brace.checked_sub(1)?)?;
    // A set behind `if` is a condition's argument until the text goes wrong inside of it.
    if waiting.kind != OpenerKind::If || stop.found().is_none() || stop.expects(";") {
        return None;
    }
    let brace = open.get(brace)?;
    // Behind an operator the brace opens a set: `if x == { … } then`.
    let callee = stop.before().find(|lexeme| lexeme.span.end <= brace.span.start)?;
    if callee.kind == LexemeKind::Operator {
        return None;
    }
    Some(
        foreign(stop.source, brace.span, "expected `then` after the condition, found `{`")
            .at(stop.source, waiting.span, "the condition begins here")
            .help("write `if condition then a else b`"),
    )
}

/// `'text'`
fn single_quotes(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let line = stop.rest().lines().next().unwrap_or("");
    let inner = line.get(1..).unwrap_or("");
    let length = inner.find('\'').map_or(1, |end| end + 2);
    let start = found.span.range().start;
    let mut before = stop.before();
    let set = before
        .next()
        .filter(|lexeme| stop.text(*lexeme) == "[")
        .and_then(|bracket| before.next().filter(|set| set.span.end == bracket.span.start));
    let help = match line.get(1..length.saturating_sub(1)) {
        Some(text) if length > 1 && set.is_some() => {
            let set = set.map_or("", |set| stop.text(set));
            match foreign_word(set) {
                Some(help) => help.to_owned(),
                None => format!("write `{set}.{}`", crate::syntax::format::attr_name(text)),
            }
        }
        Some(text) if length > 1 => format!("write `{}`", quote_string(text)),
        _ => "write `\"`".to_owned(),
    };
    Some(foreign(stop.source, Span::new(start, start + length), "a string has double quotes").help(help))
}

/// Quotes that word processors write.
const TYPOGRAPHIC: [char; 7] = ['“', '”', '„', '‘', '’', '«', '»'];

/// `“text”`
fn typographic_quotes(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let line = stop.rest().lines().next()?;
    let inner = line.trim_start_matches(TYPOGRAPHIC);
    let opened = line.len() - inner.len();
    let (length, help) = match inner.find(TYPOGRAPHIC).and_then(|end| inner.get(..end)) {
        Some(text) => {
            let closer = inner.get(text.len()..)?.chars().next()?;
            (opened + text.len() + closer.len_utf8(), format!("write `{}`", quote_string(text)))
        }
        None => (opened, "write `\"`".to_owned()),
    };
    let start = found.span.range().start;
    Some(
        foreign(stop.source, Span::new(start, start + length), "a string has plain double quotes").help(help),
    )
}

/// `any(m.name == "jon" for m in machines)`
fn generator(stop: &Stop<'_>) -> Option<Diagnostic> {
    let opener = stop.nesting.innermost_bracket().filter(|opener| opener.kind == OpenerKind::Paren)?;
    let mut before = stop.before();
    let variable = stop.text(before.next().filter(|lexeme| lexeme.kind == LexemeKind::Identifier)?);
    let word = before.next().filter(|lexeme| stop.text(*lexeme) == "for")?;
    let function = stop.text(callee(stop, opener.span)?);
    let element = stop.source.text().get(opener.span.range().end..word.span.range().start)?.trim();
    let values = stop.rest().get(2..)?.rsplit_once(')')?.0.trim();
    let (values, condition) = match values.split_once(" if ") {
        Some((values, condition)) => (values.trim(), Some(condition.trim())),
        None => (values, None),
    };
    let list = match condition {
        Some(condition) => format!("(filter ({variable}: {condition}) {values})"),
        None => values.to_owned(),
    };
    let mapped = || format!("map ({variable}: {element}) {list}");
    let call = match function {
        "any" | "all" => format!("{function} ({variable}: {element}) {list}"),
        "sum" | "len" if element == "1" || function == "len" => format!("length {list}"),
        "set" | "frozenset" => format!("unique ({})", mapped()),
        "list" | "tuple" => mapped(),
        "sorted" => format!("sort (a: b: a < b) ({})", mapped()),
        function => format!("{function} ({})", mapped()),
    };
    let help = match call.len() <= 100 && super::is_expression(&call) {
        true => format!("write `{call}`"),
        false => "write `map (x: …) list`".to_owned(),
    };
    Some(foreign(stop.source, word.span, "a call has no `for` in it").help(help))
}

/// `[ m.name for m in machines ]`
fn comprehension(stop: &Stop<'_>) -> Option<Diagnostic> {
    let list = stop.nesting.innermost_bracket().filter(|opener| opener.kind == OpenerKind::Bracket)?;
    let mut before = stop.before();
    let variable = before.next().filter(|lexeme| lexeme.kind == LexemeKind::Identifier)?;
    let word = before.next().filter(|lexeme| stop.text(*lexeme) == "for")?;
    let element = stop.source.text().get(list.span.range().end..word.span.range().start)?.trim();
    let values = stop.rest().get(2..)?.split_once(']')?.0.trim();
    let variable = stop.text(variable);
    let (values, condition) = values
        .split_once(" if ")
        .map_or((values, None), |(values, condition)| (values.trim(), Some(condition.trim())));
    let help = match condition {
        None => format!("write `map ({variable}: {element}) {values}`"),
        Some(condition) => {
            format!("write `map ({variable}: {element}) (filter ({variable}: {condition}) {values})`")
        }
    };
    let is_short = help.len() <= 120 && !help.contains('\n');
    let help = if is_short { help } else { "write `map (x: …) list`".to_owned() };
    Some(foreign(stop.source, word.span, "a list has no `for` in it").help(help))
}

/// `import <nixpkgs>`: two comparisons, the last of which has nothing behind it.
fn unfinished_search_path(stop: &Stop<'_>) -> Option<Diagnostic> {
    let mut before = stop.before();
    let greater = before.next().filter(|lexeme| stop.text(*lexeme) == ">")?;
    let less = before.find(|lexeme| stop.text(*lexeme) == "<")?;
    search_path_operand(stop.source, less.span, greater.span)
}

/// `[1, 2]`, `f(a, b)`, `{ a = 1, b = 2 }`
fn comma(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let Some(opener) = stop.nesting.innermost_bracket() else {
        let text = stop.source.text().trim();
        let is_of_names = text.chars().all(|next| next.is_alphanumeric() || "-_.,".contains(next));
        let help = match is_of_names {
            true => format!("write `nodes \"{text}\"` for machines by name"),
            false => "write `||` in place of the `,`, or a list: `[ … … ]`".to_owned(),
        };
        return Some(foreign(stop.source, found.span, "expressions have no `,` between them").help(help));
    };
    let (message, help) = match opener.kind {
        OpenerKind::Bracket => {
            ("elements of a list have no `,` between them", "remove the `,`: `[ 1 2 ]`".to_owned())
        }
        OpenerKind::Paren if callee(stop, opener.span).is_none() => {
            ("there are no tuples", "write a list: `[ 1 2 ]`".to_owned())
        }
        OpenerKind::Paren => {
            let name = callee(stop, opener.span).map_or("f", |lexeme| stop.text(lexeme));
            let mended = mended_call(stop, name, opener.span);
            let help = mended.unwrap_or_else(|| format!("write `{name} a b`"));
            ("arguments have no `,` between them", help)
        }
        OpenerKind::Brace if stop.expects(";") => {
            ("a binding ends with `;`", "write `;` in place of the `,`".to_owned())
        }
        _ => return None,
    };
    Some(foreign(stop.source, found.span, message).help(help))
}

/// The name before an opening parenthesis.
fn callee(stop: &Stop<'_>, opener: Span) -> Option<Lexeme> {
    let before = stop.before().find(|lexeme| lexeme.span.end <= opener.start)?;
    (before.kind == LexemeKind::Identifier).then_some(before)
}

/// `map (m: m.name) machines` for `map(m => m.name, machines)`.
fn mended_call(stop: &Stop<'_>, name: &str, opener: Span) -> Option<String> {
    let inside = stop.source.text().get(opener.range().end..)?;
    let inside = inside.get(..inside.rfind(')')?)?;
    if inside.contains(['\n', '(', '{']) || inside.len() > 80 {
        return None;
    }
    let arguments: Vec<String> = inside.split(',').map(argument).collect();
    if name.eq_ignore_ascii_case("in") {
        return Some(format!("write `elem x [ {} ]`", arguments.join(" ")));
    }
    let arguments = arguments.join(" ");
    Some(format!("write `{name} {arguments}`"))
}

/// An argument as it stands behind its function.
fn argument(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("lambda ").unwrap_or(text);
    let arrow = text.split_once("=>").or_else(|| text.split_once("->"));
    let text = match arrow {
        Some((parameter, body)) => format!("{}: {}", parameter.trim(), body.trim()),
        None => text.replace('\'', "\""),
    };
    let is_one =
        !text.contains(' ') || (text.starts_with('"') && text.ends_with('"')) || text.starts_with('[');
    if is_one { text } else { format!("({text})") }
}

/// `x = 1` in an expression, or a `;` that is missing before `b = 2`.
fn equals(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let name = stop.previous()?;
    if stop.expects(";") && name.kind == LexemeKind::Identifier {
        let name_text = quoted(stop.text(name));
        return Some(
            Diagnostic::error(
                Code::Syntax,
                format!("expected `;` before {name_text}, found another binding"),
            )
            .at(stop.source, Span { end: name.span.start, ..name.span }, "`;` is missing here")
            .help("end the binding before it with `;`"),
        );
    }
    Some(foreign(stop.source, found.span, "`=` binds a name, and `==` compares").help("write `==`"))
}

/// `x => e`
fn arrow_help(stop: &Stop<'_>) -> String {
    match stop.previous() {
        Some(last) if last.kind == LexemeKind::Identifier => format!("write `{}: …`", stop.text(last)),
        _ => "write `x: …` for a function, or `>=` to compare".to_owned(),
    }
}

/// `f <nixpkgs>`: what reads as two comparisons with nothing but a name between them.
pub(super) fn search_path_operand(source: &Arc<Source>, less: Span, greater: Span) -> Option<Diagnostic> {
    let span = less.to(greater);
    let is_path = source.slice(less) == "<"
        && source.slice(greater) == ">"
        && !source.slice(span).contains(char::is_whitespace);
    is_path.then(|| no_search_path(source, span))
}

fn no_search_path(source: &Arc<Source>, span: Span) -> Diagnostic {
    foreign(source, span, "there are no search paths")
        .help("import a file beside this one: `import ./part.invq`")
}

/// `<nixpkgs>`
fn search_path(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let length = stop.rest().lines().next().and_then(|line| line.find('>'))? + 1;
    let start = found.span.range().start;
    Some(no_search_path(stop.source, Span::new(start, start + length)))
}

/// `.[]`, `.name`, `select(.x == 1)`
fn jq_dot(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let called = stop.before().find(|lexeme| lexeme.kind == LexemeKind::Identifier);
    let field: String =
        stop.rest().chars().skip(1).take_while(|next| next.is_ascii_alphanumeric() || *next == '_').collect();
    let is_list = stop.rest().starts_with(".[");
    let help = match called.map(|lexeme| stop.text(lexeme)) {
        Some("select" | "filter") => {
            let field = if field.is_empty() { "name" } else { &field };
            format!("name the value: `filter (m: m.{field} == …) machines`")
        }
        _ if is_list => "write `map (m: …) machines`".to_owned(),
        _ if field.is_empty() => "name the value: `map (m: m) machines`".to_owned(),
        _ => format!("name the value: `map (m: m.{field}) machines`"),
    };
    Some(foreign(stop.source, found.span, "there is no current value that `.` could stand for").help(help))
}

/// `@tag`
fn at_sign(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let tag: String = stop
        .rest()
        .chars()
        .skip(1)
        .take_while(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '.'))
        .collect();
    let is_pattern = stop.rest().get(1..).is_some_and(|rest| rest.trim_start().starts_with('{'));
    if tag.is_empty() || is_pattern {
        return None;
    }
    let start = found.span.range().start;
    Some(
        foreign(stop.source, Span::new(start, start + 1 + tag.len()), "a tag has no `@` before its name")
            .help(format!("write `tag \"{tag}\"`")),
    )
}

/// `lambda x: e`, `{ "a": 1 }`
fn colon(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let mut before = stop.before();
    let last = before.next()?;
    if stop.expects("=") {
        let message = "an attribute has `=` before its value";
        let value: String = stop
            .rest()
            .chars()
            .skip(1)
            .take_while(|next| !matches!(next, ',' | '}' | '{' | '[' | '\n'))
            .collect();
        let help = match value.trim() {
            value if value.is_empty() || value.contains(' ') => "write `name = value;`".to_owned(),
            value => format!("write `{} = {value};`", stop.text(last)),
        };
        return Some(foreign(stop.source, found.span, message).help(help));
    }
    if stop.expects("then") {
        let message = "`then` stands behind the condition of an `if`";
        return Some(foreign(stop.source, found.span, message).help("write `if condition then a else b`"));
    }
    let lambda = before.next().filter(|lexeme| stop.text(*lexeme) == "lambda")?;
    let help = format!("write `{}: …`", stop.text(last));
    Some(foreign(stop.source, lambda.span, "a function has no `lambda` before its parameter").help(help))
}

/// `1e3`, `12abc`
fn number(stop: &Stop<'_>, found: Lexeme) -> Option<Diagnostic> {
    let text = stop.text(found);
    let digits = text.replace('_', "");
    let other_base = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, radix)| {
        i64::from_str_radix(digits.to_ascii_lowercase().strip_prefix(prefix)?, radix).ok()
    });
    let help = match (other_base, text.split_once(['e', 'E'])) {
        (Some(number), _) => format!("write `{number}`"),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("write `{digits}`"),
        (None, Some((digits, exponent)))
            if digits.bytes().all(|byte| byte.is_ascii_digit())
                && exponent.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("write `{digits}.0e{exponent}`")
        }
        _ => format!("write the string `\"{text}\"`, or a space after the number"),
    };
    Some(
        Diagnostic::error(Code::Syntax, format!("{} is no number", quoted(text)))
            .at(stop.source, found.span, "")
            .help(help),
    )
}
