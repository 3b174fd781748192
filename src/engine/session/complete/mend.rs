//! Ends for unfinished texts, so that they can be checked.
//!
//! What comes in is the text before the cursor, which ends in an operand; what goes out is what closes all
//! that it opens: `map (m: if m.x` is ended by ` then null else null)`.

use crate::syntax::lex::{LexemeKind, lexemes};

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// `(` or `[`
    Bracket(&'static str),
    /// `{`; whether a binding in it has no `;` yet.
    Set { unended: bool },
    /// `${`
    Interpolation,
    /// A string that an interpolation interrupts, with its closing quote.
    String(&'static str),
    /// `let`; whether a binding in it has no `;` yet.
    Let { unended: bool },
    /// `if`, before its `then`.
    If,
    /// `then`, before its `else`.
    Then,
    /// `with` or `assert`, before its `;`.
    Prefix,
}

/// What closes all that a text opens; a string that it ends in is not its matter.
pub(super) fn ending(text: &str) -> String {
    let mut end = String::new();
    for open in opened(text).iter().rev() {
        end.push_str(match open {
            Open::Bracket(closer) | Open::String(closer) => closer,
            Open::Set { unended: true } => "; }",
            Open::Set { unended: false } => " }",
            Open::Interpolation => "}",
            Open::Let { unended: true } => "; in null",
            Open::Let { unended: false } => " in null",
            Open::If => " then null else null",
            Open::Then => " else null",
            Open::Prefix => "; null",
        });
    }
    end
}

fn opened(text: &str) -> Vec<Open> {
    let mut open: Vec<Open> = Vec::new();
    // Strings that the last lexeme left open, and whether the one before was a piece of it.
    let all = lexemes(text);
    for (index, lexeme) in all.iter().enumerate() {
        let word = text.get(lexeme.span.range()).unwrap_or("");
        match (lexeme.kind, word) {
            (LexemeKind::Bracket, "(") => open.push(Open::Bracket(")")),
            (LexemeKind::Bracket, "[") => open.push(Open::Bracket("]")),
            (LexemeKind::Bracket, "{") => open.push(Open::Set { unended: false }),
            (LexemeKind::Bracket, ")" | "]") => close(&mut open, |one| matches!(one, Open::Bracket(_))),
            (LexemeKind::Bracket, _) => close(&mut open, |one| matches!(one, Open::Set { .. })),
            (LexemeKind::Interpolation, "${") => {
                let before = index.checked_sub(1).and_then(|before| all.get(before));
                let interrupted = before.filter(|before| before.kind == LexemeKind::String);
                if let Some(before) = interrupted {
                    let quote = text.get(before.span.range()).unwrap_or("");
                    // A piece between two interpolations has no quote of its own: the string is open already.
                    match quote.get(..1) {
                        Some("\"") => open.push(Open::String("\"")),
                        Some("'") if quote.starts_with("''") => open.push(Open::String("''")),
                        _ => {}
                    }
                }
                open.push(Open::Interpolation);
            }
            (LexemeKind::Interpolation, _) => {
                close(&mut open, |one| *one == Open::Interpolation);
                let goes_on = all.get(index + 1).is_some_and(|next| next.kind == LexemeKind::String);
                let ends = goes_on
                    && matches!(open.last(), Some(Open::String(quote))
                        if all.get(index + 1).and_then(|next| text.get(next.span.range())).is_some_and(|next| next.ends_with(quote)));
                if ends {
                    open.pop();
                }
            }
            (LexemeKind::Keyword, "let") => open.push(Open::Let { unended: false }),
            (LexemeKind::Keyword, "in") => close(&mut open, |one| matches!(one, Open::Let { .. })),
            (LexemeKind::Keyword, "if") => open.push(Open::If),
            (LexemeKind::Keyword, "then") => {
                close(&mut open, |one| *one == Open::If);
                open.push(Open::Then);
            }
            (LexemeKind::Keyword, "else") => close(&mut open, |one| *one == Open::Then),
            (LexemeKind::Keyword, "with" | "assert") => open.push(Open::Prefix),
            (LexemeKind::Keyword, "inherit") => set_unended(&mut open, true),
            (LexemeKind::Operator, "=") => set_unended(&mut open, true),
            (LexemeKind::Operator, ";") => {
                // What stands in a binding ends with it.
                let binding = open
                    .iter()
                    .rposition(|one| matches!(one, Open::Set { .. } | Open::Let { .. } | Open::Prefix));
                match binding {
                    Some(at) if open.get(at) == Some(&Open::Prefix) => open.truncate(at),
                    Some(at) => open.truncate(at + 1),
                    None => {}
                }
                set_unended(&mut open, false);
            }
            _ => {}
        }
    }
    open
}

fn set_unended(open: &mut [Open], value: bool) {
    if let Some(Open::Set { unended } | Open::Let { unended }) = open.last_mut() {
        *unended = value;
    }
}

/// Ends the innermost of a kind, with all that is open inside of it.
fn close(open: &mut Vec<Open>, is_it: impl Fn(&Open) -> bool) {
    if let Some(at) = open.iter().rposition(is_it) {
        open.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;
    use crate::text::Source;

    #[test]
    fn unfinished_texts_get_their_ends() {
        for text in [
            "x",
            "map (m: m.x",
            "map (m: m.x) machines",
            "[ 1 (f x",
            "{ a = m.x",
            "{ a = 1; b = [ x",
            "{ inherit (m) x",
            "{ a = 1; } // { b = x",
            "let a = 1; b = a.x",
            "let a = 1; in a.x",
            "let f = { a, b }: a.x",
            "if x",
            "if a then x",
            "if a then b else x",
            "if a then if b then c else x",
            "with x",
            "with a; x",
            "assert a.x",
            "\"a${b.x",
            "\"a${b}c${d.x",
            "''a${b.x",
            "map (m: \"${m.name} ${x",
            "a.${x",
            "let a = with b; c; in with d; { e = if f then x",
            "rec { a = 1; b = a |> (c: x",
        ] {
            let whole = format!("{text}{}", ending(text));
            let read = parse::expression(&Source::new("<test>", whole.as_str()));
            assert!(read.is_ok(), "{whole}: {:?}", read.err().map(|mistake| mistake.message));
        }
    }

    #[test]
    fn any_text_has_an_end() {
        for text in ["}}}", "in else then ;", "\"${\"${\"", "'' ${ }", "", "((((", "; ; }"] {
            let _ = ending(text);
        }
    }
}
