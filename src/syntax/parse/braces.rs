//! Sets, functions and bindings as other languages write them: `{ a, b }` for a set, `{ m.name }`,
//! `|m| m.name`, `x, y: x`, `map m: m.name machines`, `const x = 1`, `elif`.
//!
//! What comes in is a place where the grammar stopped; what goes out is a message whose help is the
//! whole text mended, where that is short and can be read.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::format::quote_string;
use crate::syntax::lex::{Lexeme, LexemeKind};
use crate::syntax::limits::{Opener, OpenerKind};
use crate::text::{Span, list_and, quoted};

use super::habits::{COLLECTIONS, FILTERS};
use super::report::Stop;
use super::signs::{foreign, mended, path_before};

/// The habit at the stop, if it is one.
pub(super) fn brace(stop: &Stop<'_>) -> Option<Diagnostic> {
    then_in_braces(stop)
        .or_else(|| else_if(stop))
        .or_else(|| declaration(stop))
        .or_else(|| inherit_alone(stop))
        .or_else(|| ruby(stop))
        .or_else(|| bars(stop))
        .or_else(|| drawn_from(stop))
        .or_else(|| backslash(stop))
        .or_else(|| parameters(stop))
        .or_else(|| filters(stop))
        .or_else(|| comma_between_arguments(stop))
        .or_else(|| body_of_several(stop))
        .or_else(|| function_in_braces(stop))
        .or_else(|| function_without_parentheses(stop))
        .or_else(|| parameter_before(stop))
        .or_else(|| unbound_in_braces(stop))
        .or_else(|| without_equals(stop))
        .or_else(|| scope_without_end(stop))
        .or_else(|| empty_interpolation(stop))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '\''))
}

/// From the beginning of one place to the end of the text, without what is blank there.
fn to_the_end(stop: &Stop<'_>, start: u32) -> Span {
    Span::new(start as usize, stop.source.text().trim_end().len().max(start as usize))
}

/// The place of the bracket that closes an opener, as far as brackets are balanced behind it.
fn closing(stop: &Stop<'_>, opener: Opener) -> Option<Span> {
    let mut depth = 0_usize;
    for lexeme in stop.lexemes.iter().filter(|lexeme| lexeme.span.start >= opener.span.start) {
        match stop.text(*lexeme) {
            "(" | "[" | "{" | "${" if lexeme.kind != LexemeKind::String => depth += 1,
            ")" | "]" | "}" if lexeme.kind != LexemeKind::String => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(lexeme.span);
                }
            }
            _ => {}
        }
    }
    None
}

/// `if a then 1 elif b then 2 else 3`
fn else_if(stop: &Stop<'_>) -> Option<Diagnostic> {
    let waits = stop.nesting.innermost().is_some_and(|opener| opener.kind == OpenerKind::Then);
    let is_word = |lexeme: &Lexeme| matches!(stop.text(*lexeme), "elif" | "elsif" | "elseif");
    let word = stop.before().find(is_word).filter(|_| waits)?;
    let message = format!("{} is not written this way", quoted(stop.text(word)));
    Some(foreign(stop, word.span, message, mended(stop, word.span, "else if"), "write `else if`"))
}

/// `const x = 1; x`
fn declaration(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.found().filter(|found| stop.text(*found) == "=")?;
    let mut before = stop.before();
    let name = before.next().filter(|name| name.kind == LexemeKind::Identifier)?;
    let word = before.next()?;
    if !matches!(stop.text(word), "const" | "var" | "val" | "my" | "local" | "set" | "auto")
        || before.next().is_some()
    {
        return None;
    }
    let (name, rest) = (stop.text(name), stop.rest().strip_prefix('=')?);
    let (value, body) = rest.split_once(';').unwrap_or((rest, ""));
    let body = if body.trim().is_empty() { name } else { body.trim() };
    let whole = format!("let {name} = {}; in {body}", value.trim());
    let is_shown = whole.len() <= 120 && !whole.contains('\n') && super::is_expression(&whole);
    let message = format!("{} does not bind a name", quoted(stop.text(word)));
    Some(foreign(stop, word.span, message, is_shown.then_some(whole), "write `let name = value; in …`"))
}

/// `inherit x;` without a set around it
fn inherit_alone(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found =
        stop.found().filter(|found| stop.text(*found) == "inherit" && stop.nesting.innermost().is_none())?;
    let span = to_the_end(stop, found.span.start);
    let binding = stop.source.slice(span).trim_end_matches(';').trim_end();
    let whole = mended(stop, span, &format!("{{ {binding}; }}"));
    let diagnostic = Diagnostic::error(Code::Syntax, "`inherit` stands in a set or a `let`").at(
        stop.source,
        found.span,
        "",
    );
    Some(diagnostic.help(format!("write `{}`", whole.unwrap_or_else(|| "{ inherit name; }".to_owned()))))
}

/// `\m -> m.name`, as Haskell has it
fn backslash(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "\\")?;
    let (names, _) = stop.rest().get(1..)?.split_once("->")?;
    let parameters: Vec<&str> = names.split_whitespace().collect();
    if parameters.is_empty() || parameters.iter().any(|name| !is_name(name)) {
        return None;
    }
    let start = found.span.range().start;
    let span = Span::new(start, start + 1 + names.len() + 2);
    let function = parameters.iter().map(|name| format!("{name}:")).collect::<Vec<_>>().join(" ");
    let message = "a function has no `\\` before its parameter";
    Some(foreign(stop, found.span, message, mended(stop, span, &function), &format!("write `{function} …`")))
}

/// `map (m: m.name), machines`
fn comma_between_arguments(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found =
        stop.found().filter(|found| stop.text(*found) == "," && stop.nesting.innermost().is_none())?;
    let first = stop.lexemes.iter().find(|lexeme| !lexeme.kind.is_trivia())?;
    let callee = stop.text(*first);
    let is_call = first.kind == LexemeKind::Identifier
        && stop.previous().is_some_and(|last| last.span != first.span)
        && !FILTERS.contains(&callee)
        && super::foreign_word(callee).is_none();
    let whole = mended(stop, found.span, "").filter(|whole| is_call && !whole.contains(','))?;
    Some(foreign(stop, found.span, "arguments have no `,` between them", Some(whole), ""))
}

/// `|m| m.name`
fn bars(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "|" && !stop.words_allow_operator())?;
    let (names, _) = stop.rest().get(1..)?.split_once('|')?;
    let parameters: Vec<&str> = names.split(',').map(str::trim).collect();
    if parameters.iter().any(|name| !is_name(name)) {
        return None;
    }
    let start = found.span.range().start;
    let span = Span::new(start, start + names.len() + 2);
    let function = parameters.iter().map(|name| format!("{name}:")).collect::<Vec<_>>().join(" ");
    let whole = super::translated(stop.source.text()).or_else(|| mended(stop, span, &function));
    let otherwise = format!("write `{function} …`");
    Some(foreign(stop, span, "a function has no `|` around its parameter", whole, &otherwise))
}

/// `machines.map(&:name)`, `machines.select { |m| m.name == "jon" }`, as Ruby has them
fn ruby(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let text = stop.source.text().trim();
    let meant = match text.split_once("(&:").or_else(|| text.split_once("(:")) {
        Some((call, field)) => format!("{call}(m => m.{}", field),
        None => {
            let (call, block) = text.split_once(" { |")?;
            let (name, body) = block.strip_suffix('}')?.split_once('|')?;
            format!("{call}({name} => {})", body.trim())
        }
    };
    let whole = super::translated(&meant)?;
    let message = "a function has `:` behind its parameter";
    Some(foreign(stop, found.span, message, Some(whole), ""))
}

/// `[ m.name | m <- machines, m.name == "jon" ]`
fn drawn_from(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "|")?;
    let opener = stop.nesting.innermost().filter(|opener| opener.kind == OpenerKind::Bracket)?;
    let end = closing(stop, opener)?;
    let text = stop.source.text();
    let element = text.get(opener.span.range().end..found.span.range().start)?.trim();
    let (name, rest) = text.get(found.span.range().end..end.range().start)?.split_once("<-")?;
    let (list, condition) = match rest.split_once(',') {
        Some((list, condition)) => (list.trim(), Some(condition.trim())),
        None => (rest.trim(), None),
    };
    let name = name.trim();
    let list = match condition {
        Some(condition) => format!("filter ({name}: {condition}) {list}"),
        None => list.to_owned(),
    };
    let list = match (element == name, list.contains(' ')) {
        (true, _) => list,
        (false, true) => format!("map ({name}: {element}) ({list})"),
        (false, false) => format!("map ({name}: {element}) {list}"),
    };
    let span = opener.span.to(end);
    let is_all = text.trim() == stop.source.slice(span);
    let whole = mended(stop, span, &if is_all { list } else { format!("({list})") })?;
    Some(foreign(stop, found.span, "a list has no `|` in it", Some(whole), ""))
}

/// `x, y: x + y`, `(x, y: x + y)` and `(x, y): x + y`
fn parameters(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == ",")?;
    let first = stop.previous()?;
    let text = stop.source.text();
    let (names, end) = text
        .get(first.span.range().start..)?
        .split_once(':')
        .map(|(names, _)| (names, first.span.range().start + names.len() + 1))?;
    let opener = stop.nesting.innermost_bracket();
    let (names, start) = match names.trim_end().strip_suffix(')') {
        Some(names) => (names, opener.filter(|opener| opener.kind == OpenerKind::Paren)?.span.range().start),
        None if stop.nesting.innermost().is_none() || opens_with(stop, first) => {
            (names, first.span.range().start)
        }
        None => return None,
    };
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    if names.len() < 2 || names.iter().any(|name| !is_name(name)) {
        return None;
    }
    let function = names.iter().map(|name| format!("{name}:")).collect::<Vec<_>>().join(" ");
    let whole = mended(stop, Span::new(start, end), &function);
    let message = "a function takes one argument behind the other";
    Some(foreign(stop, found.span, message, whole, &format!("write `{function} …`")))
}

/// Whether a name is the first thing in parentheses, and they are not those of a call: `map(machines, m: m.name)`.
fn opens_with(stop: &Stop<'_>, first: Lexeme) -> bool {
    let mut before = stop.before().skip_while(|lexeme| lexeme.span.end > first.span.start);
    let Some(opener) = before.next().filter(|opener| stop.text(*opener) == "(") else { return false };
    let is_of_call = before
        .next()
        .is_some_and(|callee| callee.kind == LexemeKind::Identifier && callee.span.end == opener.span.start);
    !is_of_call && !COLLECTIONS.contains(&stop.text(first))
}

/// `tag "web", "db"` and `tag ("web", "db")`
fn filters(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == ",")?;
    let mut before = stop.before();
    let first = before.next().filter(|first| first.kind == LexemeKind::String)?;
    let mut word = before.next()?;
    let mut start = word;
    let mut end = u32::try_from(stop.source.text().trim_end().len()).ok()?;
    if stop.text(word) == "(" {
        end = closing(stop, stop.nesting.innermost_bracket()?)?.end;
        word = before.next()?;
        start = word;
    }
    let filter = stop.text(word);
    if !FILTERS.contains(&filter) {
        return None;
    }
    let span = Span { start: start.span.start, end };
    let names = stop.source.text().get(first.span.range().start..span.range().end)?.trim_end_matches(')');
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    if names.iter().any(|name| !name.starts_with('"') || !name.ends_with('"') || name.len() < 2) {
        return None;
    }
    let union = names.iter().map(|name| format!("{filter} {name}")).collect::<Vec<_>>().join(" || ");
    let is_all = stop.source.text().trim() == stop.source.slice(span);
    let whole = mended(stop, span, &if is_all { union } else { format!("({union})") });
    let message = format!("{} takes one name", quoted(filter));
    Some(foreign(stop, found.span, message, whole, &format!("write `{filter} \"a\" || {filter} \"b\"`")))
}

/// `map (m: m.name, m.cluster) machines`
fn body_of_several(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == ",")?;
    let opener = stop.nesting.innermost().filter(|opener| opener.kind == OpenerKind::Paren)?;
    let end = closing(stop, opener)?;
    let inside = stop.source.text().get(opener.span.range().end..end.range().start)?;
    let (parameter, body) = inside.split_once(':')?;
    let parts: Vec<&str> = body.split(',').map(str::trim).collect();
    let is_path = |part: &&str| !part.is_empty() && part.split('.').all(is_name);
    if !is_name(parameter.trim()) || !parts.iter().all(is_path) {
        return None;
    }
    let fields: Option<Vec<&str>> = parts
        .iter()
        .map(|part| part.strip_prefix(parameter.trim())?.strip_prefix('.').filter(|field| is_name(field)))
        .collect();
    let value = match fields {
        Some(fields) => format!("{{ inherit ({}) {}; }}", parameter.trim(), fields.join(" ")),
        None => format!("[ {} ]", parts.join(" ")),
    };
    let span = Span::new(opener.span.range().end, end.range().start);
    let whole = mended(stop, span, &format!("{}: {value}", parameter.trim()));
    Some(foreign(stop, found.span, "a function gives one value", whole, &format!("write `{value}`")))
}

/// `map { m: m.name } machines`
fn function_in_braces(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == ":")?;
    let opener = stop.nesting.innermost().filter(|opener| opener.kind == OpenerKind::Brace)?;
    let mut before = stop.before();
    let name = before.next().filter(|name| name.kind == LexemeKind::Identifier)?;
    before.next().filter(|brace| brace.span == opener.span)?;
    let callee = before.next()?;
    let end = closing(stop, opener)?;
    let body = stop.source.text().get(found.span.range().end..end.range().start)?.trim();
    let is_called = matches!(callee.kind, LexemeKind::Identifier) || stop.text(callee) == ")";
    if !is_called || body.contains([',', ';']) {
        return None;
    }
    let function = format!("({}: {body})", stop.text(name));
    let whole = mended(stop, opener.span.to(end), &function);
    let span = opener.span;
    Some(foreign(stop, span, "a function stands in parentheses", whole, &format!("write `{function}`")))
}

/// `map m: m.name machines`
fn function_without_parentheses(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found =
        stop.found().filter(|found| stop.text(*found) == ":" && stop.nesting.innermost().is_none())?;
    let mut before = stop.before();
    let name = before.next().filter(|name| name.kind == LexemeKind::Identifier)?;
    let callee = before.next().filter(|callee| callee.kind == LexemeKind::Identifier)?;
    if super::foreign_word(stop.text(callee)).is_some() {
        return None;
    }
    let span = to_the_end(stop, name.span.start);
    let function = stop.source.slice(span);
    let (function, list) = match function.rsplit_once(' ') {
        Some((function, list)) if COLLECTIONS.contains(&list) => (function, format!(" {list}")),
        _ => (function, String::new()),
    };
    let whole = mended(stop, span, &format!("({function}){list}"))?;
    let diagnostic = Diagnostic::error(Code::Syntax, "a function among arguments has parentheses around it");
    Some(diagnostic.at(stop.source, name.span.to(found.span), "").help(format!("write `{whole}`")))
}

/// `map (m; m.name) machines`
fn parameter_before(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == ";")?;
    let mut before = stop.before();
    before.next().filter(|name| name.kind == LexemeKind::Identifier)?;
    before.next().filter(|opener| stop.text(*opener) == "(")?;
    let whole = mended(stop, found.span, ":")?;
    Some(foreign(stop, found.span, "a parameter has `:` behind it", Some(whole), ""))
}

/// `{ a }`, `{ a; b; }`, `{ m.name }`, `{ x; y }: x`, `{ x y }: x`
fn unbound_in_braces(stop: &Stop<'_>) -> Option<Diagnostic> {
    let opener = match stop.found() {
        Some(_) => stop.nesting.innermost()?,
        // `{ a, b }` at the end is a pattern that lacks the rest.
        None => pattern_at_the_end(stop)?,
    };
    let is_unbound = opener.kind == OpenerKind::Brace && (stop.expects("=") || stop.found().is_none());
    if stop.nesting.open.iter().any(|outer| outer.kind == OpenerKind::If) {
        return None;
    }
    let end = closing(stop, opener).filter(|_| is_unbound)?;
    let whole_set = opener.span.to(end);
    let inside = stop.source.text().get(opener.span.range().end..end.range().start)?;
    let names: Vec<&str> =
        inside.split([',', ';', ' ', '\n']).map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.iter().any(|name| super::foreign_word(name).is_some()) {
        return None;
    }
    if names.is_empty() || names.len() > 8 || !names.iter().all(|name| name.split('.').all(is_name)) {
        return unbound_among_bindings(stop);
    }
    let behind = stop.source.text().get(end.range().end..)?.trim_start();
    if behind.starts_with(':') && names.iter().all(|name| is_name(name)) {
        let pattern = format!("{{ {} }}", names.join(", "));
        let span = stop.found().map_or(whole_set, |found| found.span);
        let message = "the arguments of a pattern have `,` between them";
        let whole = mended(stop, whole_set, &pattern);
        return Some(foreign(stop, span, message, whole, &format!("write `{pattern}`")));
    }
    let bindings: Vec<String> = names
        .iter()
        .map(|name| match name.rsplit_once('.') {
            Some((_, field)) => format!("{field} = {name};"),
            None => format!("inherit {name};"),
        })
        .collect();
    let set = format!("{{ {} }}", bindings.join(" "));
    let set = if names.iter().all(|name| is_name(name)) {
        format!("{{ inherit {}; }}", names.join(" "))
    } else {
        set
    };
    let whole = mended(stop, whole_set, &set).unwrap_or(set);
    let span = match stop.found() {
        Some(found) => path_before(stop.source.text(), found.span.range().start)?,
        None => whole_set,
    };
    let message =
        format!("expected a value for {}, found a name alone", list_and(names.get(..1).unwrap_or(&[])));
    let message = match (stop.found(), names.len()) {
        (None, _) | (_, 2..) => "the names in a set have values".to_owned(),
        _ => message,
    };
    let also = match stop.found() {
        None => format!(", or `{}: …` for a function", stop.source.slice(whole_set)),
        Some(_) => String::new(),
    };
    let diagnostic = Diagnostic::error(Code::Syntax, message).at(stop.source, span, "");
    Some(diagnostic.help(format!("write `{whole}`{also}")))
}

/// `{ a = 1; b }`
fn unbound_among_bindings(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| matches!(stop.text(*found), "}" | ";"))?;
    let path = path_before(stop.source.text(), found.span.range().start)?;
    let is_alone = stop
        .before()
        .find(|lexeme| lexeme.span.end <= path.start)
        .is_some_and(|before| stop.text(before) == ";");
    let name = stop.source.slice(path);
    if !is_alone || !name.split('.').all(is_name) {
        return None;
    }
    let semicolon = if stop.text(found) == ";" { "" } else { ";" };
    let binding = match name.rsplit_once('.') {
        Some((_, field)) => format!("{field} = {name}{semicolon}"),
        None => format!("inherit {name}{semicolon}"),
    };
    let whole = mended(stop, path, &binding).unwrap_or(binding);
    let message = format!("expected a value for {}, found a name alone", quoted(name));
    Some(Diagnostic::error(Code::Syntax, message).at(stop.source, path, "").help(format!("write `{whole}`")))
}

/// The opener of `{ a, b }`, behind which the text ends.
fn pattern_at_the_end(stop: &Stop<'_>) -> Option<Opener> {
    if !stop.expects(":") || stop.previous().is_none_or(|last| stop.text(last) != "}") {
        return None;
    }
    let brace = stop.before().find(|lexeme| stop.text(*lexeme) == "{")?;
    Some(Opener { kind: OpenerKind::Brace, span: brace.span })
}

/// `let x 1; in x` and `let x == 1; in x`
fn without_equals(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|_| stop.expects("=") && !stop.words_allow_operator())?;
    let name = stop.previous().filter(|name| name.kind == LexemeKind::Identifier)?;
    let text = stop.text(found);
    if super::foreign_word(stop.text(name)).is_some() {
        return None;
    }
    let (whole, help) = match text {
        "==" => (mended(stop, found.span, "="), "write `=`"),
        _ if matches!(found.kind, LexemeKind::Number | LexemeKind::String | LexemeKind::Identifier)
            || text == "[" =>
        {
            let at = Span { start: found.span.start, end: found.span.start };
            (mended(stop, at, "= "), "write `=` between a name and its value")
        }
        _ => return None,
    };
    let message = format!("expected `=` behind {}, found {}", quoted(stop.text(name)), quoted(text));
    let help = whole.map_or_else(|| help.to_owned(), |whole| format!("write `{whole}`"));
    Some(Diagnostic::error(Code::Syntax, message).at(stop.source, found.span, "").help(help))
}

/// `with lib map`, `assert true 1`
fn scope_without_end(stop: &Stop<'_>) -> Option<Diagnostic> {
    let opener =
        stop.nesting.innermost().filter(|opener| opener.kind == OpenerKind::Scope && stop.expects(";"))?;
    if stop.found().is_some() {
        return None;
    }
    let text = stop.source.text();
    let behind = text.get(opener.span.range().end..)?;
    let word = behind.trim_start();
    let length = word.find(char::is_whitespace)?;
    let at = opener.span.range().end + (behind.len() - word.len()) + length;
    let whole = mended(stop, Span::new(at, at), ";")?;
    let name = quoted(stop.source.slice(opener.span));
    let diagnostic = Diagnostic::error(Code::Syntax, format!("what {name} takes ends with `;`"));
    let diagnostic = diagnostic.at(stop.source, Span::new(at, at), "`;` is missing here");
    Some(
        diagnostic
            .at(stop.source, opener.span, format!("{name} stands here"))
            .help(format!("write `{whole}`")),
    )
}

/// `"${}"`
fn empty_interpolation(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "}")?;
    let opener = stop.previous().filter(|before| stop.text(*before) == "${")?;
    let span = opener.span.to(found.span);
    let diagnostic = Diagnostic::error(Code::Syntax, "expected an expression inside `${}`, found nothing");
    let help = "write a value between the braces, or `\\${}` for the text itself";
    Some(diagnostic.at(stop.source, span, "").help(help))
}

/// `if (a) { b } else { c }`
fn then_in_braces(stop: &Stop<'_>) -> Option<Diagnostic> {
    let brace = stop.nesting.innermost_bracket().filter(|opener| opener.kind == OpenerKind::Brace)?;
    let text = stop.source.text().trim();
    let (condition, rest) = text.strip_prefix("if")?.split_once('{')?;
    let (then, rest) = rest.split_once('}')?;
    let otherwise = rest.trim().strip_prefix("else")?.trim().strip_prefix('{')?.strip_suffix('}')?;
    let condition = condition.trim();
    let condition =
        condition.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(condition);
    let whole = format!("if {condition} then {} else {}", then.trim(), otherwise.trim());
    if text.contains(['\n', ';']) || text.len() > 120 || !super::is_expression(&whole) {
        return None;
    }
    let opener = stop.nesting.open.iter().find(|opener| opener.kind == OpenerKind::If)?;
    let message = "expected `then` after the condition, found `{`";
    Some(foreign(stop, brace.span, message, Some(whole), "").at(
        stop.source,
        opener.span,
        "the condition begins here",
    ))
}

/// `tag web"`, where the quote before a word is missing; and `"a ${b"`, where a brace is.
pub(super) fn quote_alone(
    source: &std::sync::Arc<crate::text::Source>,
    lexemes: &[Lexeme],
    opener: Span,
) -> Option<Diagnostic> {
    let text = source.text();
    let is_last = text.get(opener.range().end..)?.trim().is_empty();
    let before = text.get(..opener.range().start)?;
    let length = before
        .chars()
        .rev()
        .take_while(|next| next.is_ascii_alphanumeric() || matches!(next, '-' | '_' | '.'))
        .count();
    let nesting = crate::syntax::limits::Nesting::at(text, lexemes, opener.start);
    if let Some(interpolation) = nesting.innermost().filter(|opener| opener.kind == OpenerKind::Interpolation)
        && (is_last || length > 0)
    {
        let quote = quoted(source.slice(opener));
        return Some(
            Diagnostic::error(Code::Syntax, format!("expected `}}` to close `${{`, found {quote}"))
                .at(source, opener, "`}` is missing here")
                .at(source, interpolation.span, "`${` is opened here")
                .help(format!("write `}}` before {quote}")),
        );
    }
    if !is_last || length == 0 || !nesting.open.is_empty() {
        return None;
    }
    let word = before.get(before.len() - length..)?;
    let span = Span::new(before.len() - length, opener.range().end);
    let whole = format!("{}{}", before.get(..before.len() - length)?, quote_string(word));
    let edit = if super::is_expression(&whole) && whole.len() <= 120 && !whole.contains('\n') {
        whole
    } else {
        quote_string(word)
    };
    Some(
        Diagnostic::error(Code::Syntax, "expected `\"` on both sides of the string, found it behind alone")
            .at(source, span, "`\"` is missing before this")
            .help(format!("write `{}`", edit.trim())),
    )
}
