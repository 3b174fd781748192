//! Signs of other languages: `x += 1`, `2 ** 3`, `x++`, `name !~ "web"`, `[ -1 ]`, `tag（"web"）`.
//!
//! What comes in is a place where the grammar stopped; what goes out is a message whose help is the
//! whole text with the sign mended, where that is short and can be read.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::format::quote_string;
use crate::syntax::lex::{Lexeme, LexemeKind};
use crate::syntax::limits::OpenerKind;
use crate::text::{Span, quoted};

use super::habits::{COLLECTIONS, FILTERS};
use super::report::Stop;

/// Texts up to this length are shown as a whole.
const LONGEST_EDIT: usize = 120;

/// The sign of another language at the stop, if it is one.
pub(super) fn sign(stop: &Stop<'_>) -> Option<Diagnostic> {
    wide_characters(stop)
        .or_else(|| assignment(stop))
        .or_else(|| power(stop))
        .or_else(|| step(stop))
        .or_else(|| no_match(stop))
        .or_else(|| compared(stop))
        .or_else(|| from_the_end(stop))
        .or_else(|| minus_in_a_list(stop))
        .or_else(|| pipe(stop))
        .or_else(|| logic(stop))
        .or_else(|| remainder(stop))
        .or_else(|| dots(stop))
        .or_else(|| index(stop))
        .or_else(|| slash(stop))
        .or_else(|| at_host(stop))
        .or_else(|| twice(stop))
}

/// The whole text with a part of it replaced, where that can be shown and read.
pub(super) fn mended(stop: &Stop<'_>, part: Span, by: &str) -> Option<String> {
    let text = stop.source.text();
    if text.len() > LONGEST_EDIT {
        return None;
    }
    let (before, behind) = (text.get(..part.range().start)?, text.get(part.range().end..)?);
    let whole = format!("{before}{by}{behind}");
    let whole = whole.trim();
    (!whole.contains('\n') && super::is_expression(whole)).then(|| whole.to_owned())
}

/// A message with the mended text as its help, or another help.
pub(super) fn foreign(
    stop: &Stop<'_>,
    span: Span,
    message: impl Into<String>,
    mended: Option<String>,
    otherwise: &str,
) -> Diagnostic {
    let help = mended.map_or_else(|| otherwise.to_owned(), |whole| format!("write `{whole}`"));
    Diagnostic::error(Code::ForeignSyntax, message).at(stop.source, span, "").help(help)
}

/// The lexeme before the stop where nothing stands between them.
fn touching(stop: &Stop<'_>) -> Option<Lexeme> {
    let start = stop.found().map_or(stop.source.text().len(), |found| found.span.range().start);
    stop.previous().filter(|previous| previous.span.range().end == start)
}

/// Whether a character can stand in a name, a number or a selection.
pub(super) fn is_of_path(next: char) -> bool {
    next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '.' | '\'')
}

/// A name, a number or a selection that ends at a place.
pub(super) fn path_before(text: &str, end: usize) -> Option<Span> {
    let before = text.get(..end)?.trim_end();
    let start = before.rfind(|next: char| !is_of_path(next)).map_or(0, |at| at + 1);
    // What follows a character of several bytes begins behind it.
    let start = (start..=before.len()).find(|at| before.is_char_boundary(*at))?;
    // A name has `-` in it, and does not begin with it; `5-3` has none.
    let path = before.get(start..)?;
    let start = match path.starts_with(|first: char| first.is_ascii_digit()) {
        true => path.rfind('-').map_or(start, |minus| start + minus + 1),
        false => start + (path.len() - path.trim_start_matches('-').len()),
    };
    (start < before.len()).then(|| Span::new(start, before.len()))
}

/// A name, a number or a selection that begins at a place.
fn path_behind(text: &str, start: usize) -> Option<Span> {
    let behind = text.get(start..)?;
    let start = start + (behind.len() - behind.trim_start().len());
    let behind = behind.trim_start();
    let is_number = behind.starts_with(|first: char| first.is_ascii_digit());
    let is_of_this = |next: char| is_of_path(next) && !(is_number && next == '-');
    let length = behind.find(|next: char| !is_of_this(next)).unwrap_or(behind.len());
    (length > 0 && !behind.starts_with('-')).then(|| Span::new(start, start + length))
}

/// Whether a lexeme ends a value, so that what stands behind it is its argument.
fn ends_value(stop: &Stop<'_>, lexeme: Lexeme) -> bool {
    match lexeme.kind {
        LexemeKind::Identifier | LexemeKind::Number | LexemeKind::String | LexemeKind::Path => true,
        _ => matches!(stop.text(lexeme), ")" | "]" | "}" | "or"),
    }
}

/// The operand before a sign: a path, or the call that ends with one; nothing where more than paths is in it.
fn operand_before(stop: &Stop<'_>, sign: Span) -> Option<Span> {
    let last = path_before(stop.source.text(), sign.range().start)?;
    let mut first = last;
    for lexeme in stop.before().skip_while(|lexeme| lexeme.span.end > last.start) {
        match lexeme.kind {
            LexemeKind::Identifier | LexemeKind::Number => first = lexeme.span,
            LexemeKind::Operator if stop.text(lexeme) == "." => {}
            _ if ends_value(stop, lexeme) => return None,
            _ => break,
        }
    }
    Some(first.to(last))
}

/// The operand behind a sign, where it is a path alone.
fn operand_behind(stop: &Stop<'_>, sign: Span) -> Option<Span> {
    let path = path_behind(stop.source.text(), sign.range().end)?;
    let mut behind = stop.lexemes.iter().skip_while(|lexeme| lexeme.span.start < path.end);
    let next = behind.find(|lexeme| !lexeme.kind.is_trivia()).map(|next| (next.kind, stop.text(*next)));
    match next {
        Some((LexemeKind::Identifier | LexemeKind::Number | LexemeKind::String | LexemeKind::Path, _))
        | Some((_, "(" | "[" | "{" | "or")) => None,
        _ => Some(path),
    }
}

/// An operand as it stands among arguments.
fn as_argument(stop: &Stop<'_>, operand: Span) -> String {
    let text = stop.source.slice(operand);
    if text.contains(char::is_whitespace) { format!("({text})") } else { text.to_owned() }
}

/// Whether `*` or `/` before an operand takes it for its own.
fn is_factor(stop: &Stop<'_>, operand: Span) -> bool {
    let mut before = stop.before().skip_while(|lexeme| lexeme.span.end > operand.start);
    before.next().is_some_and(|sign| matches!(stop.text(sign), "*" | "/"))
}

/// What people mean by a character that no keyboard for programs has.
fn plain(character: char) -> Option<char> {
    Some(match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0)?,
        '\u{a0}'
        | '\u{2000}'..='\u{200b}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{2060}'
        | '\u{3000}'
        | '\u{feff}' => ' ',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '×' | '·' => '*',
        '÷' => '/',
        '¬' => '!',
        _ => return None,
    })
}

/// `tag（"web"）`, and spaces that are none.
fn wide_characters(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| found.kind == LexemeKind::Junk)?;
    let character = stop.text(found).chars().next()?;
    let means = plain(character)?;
    let text: String = stop.source.text().chars().map(|next| plain(next).unwrap_or(next)).collect();
    let whole = text.trim();
    let is_shown = whole.len() <= LONGEST_EDIT && !whole.contains('\n') && super::is_expression(whole);
    let code = u32::from(character);
    let message = match means {
        ' ' => format!("the character U+{code:04X} is no space"),
        _ => format!("{} is another character than {}", quoted(stop.text(found)), quoted(&means.to_string())),
    };
    let otherwise = match means {
        ' ' => "write a plain space".to_owned(),
        _ => format!("write {}", quoted(&means.to_string())),
    };
    Some(foreign(stop, found.span, message, is_shown.then(|| whole.to_owned()), &otherwise))
}

/// `x += 1`
fn assignment(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.found().filter(|found| stop.text(*found) == "=")?;
    let operator = touching(stop).filter(|lexeme| lexeme.kind == LexemeKind::Operator)?;
    let sign = stop.text(operator);
    if !matches!(sign, "+" | "-" | "*" | "/" | "//" | "++" | "&&" | "||") {
        return None;
    }
    let span = operator.span.to(stop.found()?.span);
    let message = format!("{} is no operator: a name keeps its value", quoted(stop.source.slice(span)));
    Some(foreign(stop, span, message, mended(stop, span, sign), "write `let y = x + 1; in …`"))
}

/// `2 ** 3`, `2 ^ 3`
fn power(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let span = match stop.text(found) {
        "*" => touching(stop).filter(|before| stop.text(*before) == "*")?.span.to(found.span),
        "^" if stop.words_allow_operator() => found.span,
        _ => return None,
    };
    let text = stop.source.text();
    let message = format!("{} is no operator", quoted(stop.source.slice(span)));
    let operands = operand_before(stop, span).zip(operand_behind(stop, span));
    let whole = operands.and_then(|(base, exponent)| {
        let product = match stop.source.slice(exponent).parse::<usize>() {
            Ok(times @ 2..=4) => vec![stop.source.slice(base); times].join(" * "),
            _ => {
                let (base, times) = (as_argument(stop, base), stop.source.slice(exponent));
                format!("foldl' (a: b: a * b) 1 (replicate {times} {base})")
            }
        };
        let is_all = text.trim() == stop.source.slice(base.to(exponent)) || !is_factor(stop, base);
        mended(stop, base.to(exponent), &if is_all { product } else { format!("({product})") })
    });
    Some(foreign(stop, span, message, whole, "multiply: `a * a`"))
}

/// `x++`, `x--`, `++x`
fn step(stop: &Stop<'_>) -> Option<Diagnostic> {
    let text = stop.source.text();
    let message = "nothing is counted up or down: a name keeps its value";
    if let Some(found) = stop.found()
        && stop.text(found) == "++"
        && !stop.words_allow_operator()
    {
        let name = path_behind(text, found.span.range().end)?;
        let next = format!("{} + 1", stop.source.slice(name));
        return Some(foreign(
            stop,
            found.span,
            message,
            mended(stop, found.span.to(name), &next),
            "write `x + 1`",
        ));
    }
    if stop.found().is_some_and(|found| !matches!(stop.text(found), ")" | "]" | "}" | ";")) {
        return None;
    }
    let mut before = stop.before();
    let last = before.next()?;
    let (sign, span) = match stop.text(last) {
        "++" => ("+", last.span),
        "-" => ("-", before.next().filter(|first| stop.text(*first) == "-")?.span.to(last.span)),
        _ => return None,
    };
    let name = before.next().filter(|name| name.kind == LexemeKind::Identifier)?;
    if name.span.end != span.start {
        return None;
    }
    let next = format!(" {sign} 1");
    Some(foreign(stop, span, message, mended(stop, span, &next), &format!("write `x{next}`")))
}

/// `name !~ "web"`, `name !=~ "web"`
fn no_match(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let start = match stop.text(found) {
        "!" if stop.rest().starts_with("!~") => found.span.range().start,
        "~" => touching(stop).filter(|before| stop.text(*before) == "!=")?.span.range().start,
        _ => return None,
    };
    let text = stop.source.text();
    let end = start + text.get(start..)?.find('~')? + 1;
    let behind = text.get(end..)?;
    let pattern = behind.trim_start().strip_prefix(['"', '\'', '/'])?;
    let pattern = pattern.get(..pattern.find(['"', '\'', '/'])?)?;
    let value = path_before(text, start)?;
    // A selector of PromQL is told as a whole.
    if text.get(..value.range().start)?.trim_end().ends_with(['{', ',']) {
        return None;
    }
    let skipped = behind.len() - behind.trim_start().len();
    let whole = Span::new(value.range().start, end + skipped + pattern.len() + 2);
    let call = format!("match {} {} == null", quote_string(pattern), stop.source.slice(value));
    let help = mended(stop, whole, &call).unwrap_or(call);
    let message = "regular expressions have no operator";
    Some(foreign(stop, Span::new(start, end), message, Some(help), ""))
}

/// `a =! b`, `a =< b`, and `{ name, ... } => name`
fn compared(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "=")?;
    let start = found.span.range().start;
    let span = Span::new(start, start + 2);
    let sign = match stop.rest().get(..2)? {
        "=>" if stop.expects(":") && stop.previous().is_some_and(|before| stop.text(before) == "}") => {
            let from = stop.previous()?.span.range().end;
            let whole = mended(stop, Span::new(from, start + 2), ":");
            return Some(foreign(stop, span, "`=>` is no operator", whole, "write `:` behind the pattern"));
        }
        "=!" => "!=",
        "=<" => "<=",
        _ => return None,
    };
    let message = format!("{} is no operator", quoted(stop.source.slice(span)));
    Some(foreign(stop, span, message, mended(stop, span, sign), &format!("write `{sign}`")))
}

/// `[ -1 ]`
fn minus_in_a_list(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "-")?;
    let is_list = stop.nesting.innermost().is_some_and(|opener| opener.kind == OpenerKind::Bracket);
    let operand = path_behind(stop.source.text(), found.span.range().end).filter(|_| is_list)?;
    let is_glued = touching(stop).is_some_and(|before| stop.text(before) != "[");
    if operand.start != found.span.end || is_glued {
        return None;
    }
    let negated = found.span.to(operand);
    let element = format!("({})", stop.source.slice(negated));
    let whole = mended(stop, negated, &element).unwrap_or(element);
    let message = "an element of a list that begins with `-` has parentheses around it";
    Some(
        Diagnostic::error(Code::Syntax, message)
            .at(stop.source, negated, "")
            .help(format!("write `{whole}`")),
    )
}

/// `machines >> map f`, `map f $ machines`
fn pipe(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let (span, sign) = match stop.text(found) {
        ">" => (touching(stop).filter(|before| stop.text(*before) == ">")?.span.to(found.span), "|>"),
        "$" if stop.words_allow_operator() && stop.rest().starts_with("$ ") => (found.span, "<|"),
        _ => return None,
    };
    let message = format!("{} is no operator", quoted(stop.source.slice(span)));
    Some(foreign(stop, span, message, mended(stop, span, sign), &format!("write `{sign}`")))
}

/// Whether a text begins as a filter does.
fn is_filter(text: &str) -> bool {
    let word = text.trim_start_matches(['(', '!', ' ']);
    let end = word.find(|next: char| !next.is_ascii_alphanumeric()).unwrap_or(word.len());
    word.get(..end).is_some_and(|word| FILTERS.contains(&word))
}

/// `f &&& g`, `f ||| g`, and `f | g` between filters
fn logic(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let (single, sign) = match stop.text(found) {
        "&" => ("&", "&&"),
        "|" => ("|", "||"),
        _ => return None,
    };
    let text = stop.source.text();
    let span = match touching(stop).filter(|before| stop.text(*before) == sign) {
        Some(before) => before.span.to(found.span),
        None if single == "|" && is_filter(text) && stop.rest().get(1..).is_some_and(is_filter) => found.span,
        None => return None,
    };
    let message = format!("{} is no operator", quoted(stop.source.slice(span)));
    Some(foreign(stop, span, message, mended(stop, span, sign), &format!("write `{sign}`")))
}

/// `7 % 2`
fn remainder(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| stop.text(*found) == "%" && stop.words_allow_operator())?;
    let text = stop.source.text();
    if stop.previous().is_some_and(|before| before.kind == LexemeKind::String) {
        let help = "write the value inside of the string: `\"web ${x}\"`";
        return Some(foreign(stop, found.span, "`%` is no operator", None, help));
    }
    let (left, right) = operand_before(stop, found.span).zip(operand_behind(stop, found.span))?;
    if is_factor(stop, left) {
        return None;
    }
    let call = format!("mod {} {}", as_argument(stop, left), stop.source.slice(right));
    let is_all = text.trim() == stop.source.slice(left.to(right));
    let part = if is_all { call.clone() } else { format!("({call})") };
    let whole = mended(stop, left.to(right), &part).unwrap_or(call);
    Some(foreign(stop, found.span, "`%` is no operator", Some(whole), ""))
}

/// `machines..name`, `[ 1 .. 10 ]`
fn dots(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| matches!(stop.text(*found), ".." | "..."))?;
    let text = stop.source.text();
    let message = format!("{} is no operator", quoted(stop.text(found)));
    if touching(stop).is_some_and(|before| before.kind == LexemeKind::Identifier) {
        let whole = mended(stop, found.span, ".");
        return Some(foreign(stop, found.span, message, whole, "write one `.`"));
    }
    let (first, last) =
        path_before(text, found.span.range().start).zip(path_behind(text, found.span.range().end))?;
    let range = format!("range {} {}", stop.source.slice(first), stop.source.slice(last));
    let list = stop.nesting.innermost_bracket().filter(|opener| opener.kind == OpenerKind::Bracket);
    let end =
        text.get(last.range().end..).and_then(|rest| rest.find(']')).map(|at| last.range().end + at + 1);
    let whole = match list.zip(end) {
        Some((list, end)) => {
            let part = Span::new(list.span.range().start, end);
            let is_all = text.trim() == stop.source.slice(part);
            mended(stop, part, &if is_all { range.clone() } else { format!("({range})") })
        }
        None => mended(stop, first.to(last), &range),
    };
    Some(foreign(stop, found.span, message, Some(whole.unwrap_or(range)), ""))
}

/// `machines[-1]`, `machines[machines.length - 1]`
fn from_the_end(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.found().filter(|found| stop.text(*found) == "-")?;
    let bracket = stop.nesting.innermost().filter(|opener| opener.kind == OpenerKind::Bracket)?;
    let text = stop.source.text();
    let list = path_before(text, bracket.span.range().start).filter(|list| list.end == bracket.span.start)?;
    let (inside, behind) = text.get(bracket.span.range().end..)?.split_once(']')?;
    let (before, back) = inside.split_once('-')?;
    let list_text = stop.source.slice(list);
    if !before.trim().is_empty() && !before.contains(list_text) {
        return None;
    }
    let element = match back.trim().parse::<usize>().ok()? {
        1 => format!("last {list_text}"),
        back => format!("elemAt (reverseList {list_text}) {}", back.checked_sub(1)?),
    };
    let end = text.len() - behind.len();
    let is_all = list.start == 0 && behind.trim().is_empty();
    let whole = mended(
        stop,
        list.to(Span::new(end, end)),
        &if is_all { element.clone() } else { format!("({element})") },
    );
    let span = bracket.span.to(Span::new(end, end));
    Some(foreign(stop, span, "a list has no `[…]` behind it", Some(whole.unwrap_or(element)), ""))
}

/// `machines.[0]`, `machines[1:2]`
fn index(stop: &Stop<'_>) -> Option<Diagnostic> {
    let text = stop.source.text();
    let found = stop.found()?;
    if stop.text(found) == ":"
        && let Some(bracket) = stop.nesting.innermost().filter(|opener| opener.kind == OpenerKind::Bracket)
        && let Some(list) = path_before(text, bracket.span.range().start)
        && list.end == bracket.span.start
        && COLLECTIONS.contains(&stop.source.slice(list))
    {
        let (first, last) =
            stop.source.text().get(bracket.span.range().end..)?.split_once(']')?.0.split_once(':')?;
        let list = stop.source.slice(list);
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let part = match (first.trim(), last.trim()) {
            ("", last) => format!("take {last} {list}"),
            (first, "") => format!("drop {first} {list}"),
            (first, last) => match number(first).zip(number(last)) {
                Some((first, last)) => format!("take {} (drop {first} {list})", last.saturating_sub(first)),
                None => format!("take {last} {list}"),
            },
        };
        let span = bracket.span.to(found.span);
        let help = super::is_expression(&part).then_some(part);
        return Some(foreign(stop, span, "a list has no `[…]` behind it", help, "write `take 2 list`"));
    }
    if stop.text(found) != "[" || stop.previous().is_none_or(|before| stop.text(before) != ".") {
        return None;
    }
    let dot = stop.previous()?;
    let list = path_before(text, dot.span.range().start)?;
    let number = stop.rest().strip_prefix('[')?.split_once(']')?.0.trim();
    let element = format!("elemAt {} {number}", stop.source.slice(list).trim_end_matches('.'));
    let help = super::is_expression(&element).then_some(element);
    Some(foreign(
        stop,
        dot.span.to(found.span),
        "a list has no `[…]` behind it",
        help,
        "write `elemAt list 0`",
    ))
}

/// `/etc/hosts`, `// comment`
fn slash(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|_| !stop.words_allow_operator())?;
    match stop.text(found) {
        "//" if touching(stop).is_none_or(|before| stop.text(before) != ":") => {
            Some(foreign(stop, found.span, "a comment begins with `#`", None, "write `#` in place of `//`"))
        }
        "/" => {
            let is_of_file =
                |next: char| next.is_ascii_alphanumeric() || matches!(next, '/' | '.' | '_' | '-');
            let rest = stop.rest();
            let path = rest.get(..rest.find(|next| !is_of_file(next)).unwrap_or(rest.len()))?;
            if !path.get(1..)?.starts_with(|next: char| next.is_ascii_alphanumeric()) {
                return None;
            }
            let start = found.span.range().start;
            let span = Span::new(start, start + path.len());
            let whole = mended(stop, span, &quote_string(path));
            Some(foreign(stop, span, "the name of a file stands in a string", whole, "write it in quotes"))
        }
        _ => None,
    }
}

/// `admin@web1`
fn at_host(stop: &Stop<'_>) -> Option<Diagnostic> {
    let at = touching(stop).filter(|at| stop.text(*at) == "@")?;
    let user = path_before(stop.source.text(), at.span.range().start)?;
    let rest = stop.rest();
    let is_of_host = |next: char| next.is_ascii_alphanumeric() || matches!(next, '.' | '_' | '-');
    let host = rest.get(..rest.find(|next| !is_of_host(next)).unwrap_or(rest.len()))?;
    // `G@os:Debian` is a matcher of Salt.
    let is_letter =
        user.len() == 1 && stop.source.slice(user).starts_with(|letter: char| letter.is_ascii_uppercase());
    if host.is_empty() || user.end != at.span.start || is_letter {
        return None;
    }
    let span = Span::new(user.range().start, at.span.range().end + host.len());
    let whole = mended(stop, span, &format!("hostname {}", quote_string(host)));
    Some(foreign(stop, span, "machines are asked for by their names", whole, "write `hostname \"web1\"`"))
}

/// `1 + + 2`, `|> f`
fn twice(stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| found.kind == LexemeKind::Operator)?;
    let is_infix = matches!(
        stop.text(found),
        "+" | "*"
            | "/"
            | "++"
            | "//"
            | "=="
            | "!="
            | "<"
            | "<="
            | ">"
            | ">="
            | "&&"
            | "||"
            | "->"
            | "|>"
            | "<|"
    );
    let is_behind_another = match stop.previous() {
        Some(before) => {
            before.kind == LexemeKind::Operator && !matches!(stop.text(before), ";" | "." | ":" | "=")
        }
        None => true,
    };
    if !is_infix || !is_behind_another || stop.words_allow_operator() {
        return None;
    }
    mended(stop, found.span, "")?;
    let message = format!("expected an expression, found {}", quoted(stop.text(found)));
    let help = match stop.previous() {
        None => format!("remove {}, or write a value before it", quoted(stop.text(found))),
        Some(_) => format!("remove {}", quoted(stop.text(found))),
    };
    Some(Diagnostic::error(Code::Syntax, message).at(stop.source, found.span, "").help(help))
}
