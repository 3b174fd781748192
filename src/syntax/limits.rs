//! How long and how deeply nested a text may be.
//!
//! What comes in is a text, as lexemes; what goes out is the place where it nests too deeply, if
//! it does: `[[[…` is refused at its 201st bracket. The scan is linear and happens before the
//! grammar sees the text, whose rules recurse; so does everything that walks a tree later.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::limits::{Limit, Limits};
use crate::text::{Source, Span, count, quoted};

use super::lex::{Lexeme, LexemeKind};

impl Limits {
    /// Refuses a text that is too long.
    pub(super) fn check_length(&self, source: &Arc<Source>) -> Result<(), Diagnostic> {
        let length = source.text().len();
        if length <= self.source {
            return Ok(());
        }
        let message = format!(
            "expected at most {} of source text, found {}",
            count(self.source, "byte", "bytes"),
            count(length, "byte", "bytes")
        );
        Err(Limit::Source.reached(message, "").at(source, Span::new(0, 0), ""))
    }

    /// Refuses a number or a string that is too long.
    pub(super) fn check_literal(
        &self,
        source: &Arc<Source>,
        span: Span,
        what: &str,
    ) -> Result<(), Diagnostic> {
        let length = span.range().len();
        if length <= self.literal {
            return Ok(());
        }
        let most = count(self.literal, "byte", "bytes");
        let message =
            format!("expected {what} of at most {most}, found one of {}", count(length, "byte", "bytes"));
        let start = Span { end: span.start, ..span };
        Err(Limit::Literal.reached(message, "keep data in the inventory").at(source, start, "begins here"))
    }

    /// Refuses a text that nests too deeply, and gives the number of levels of another.
    pub(super) fn check_nesting(
        &self,
        source: &Arc<Source>,
        lexemes: &[Lexeme],
    ) -> Result<usize, Diagnostic> {
        let mut nesting = Nesting::default();
        let mut levels = 0;
        for lexeme in lexemes {
            nesting.read(*lexeme, source.slice(lexeme.span));
            if nesting.open.len() > self.nesting {
                return Err(self.too_deep(source, lexeme.span));
            }
            levels = levels.max(nesting.open.len());
        }
        Ok(levels)
    }

    /// The mistake of nesting too deeply at `span`.
    pub(super) fn too_deep(&self, source: &Arc<Source>, span: Span) -> Diagnostic {
        let levels = count(self.nesting, "level", "levels");
        let instead = "give a part of it a name with `let name = …; in …`";
        Limit::Nesting.reached(format!("expected at most {levels} of nesting, found more"), instead).at(
            source,
            span,
            "this is one level too deep",
        )
    }
}

/// Runs one level of a recursion, on a new piece of stack where little is left of the present one.
///
/// A level takes some kilobytes in a debug build, and a host may call from a thread with a small
/// stack; how many levels there are is limited, so this is too.
pub(super) fn on_enough_stack<R>(level: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(128 << 10, 1 << 20, level)
}

/// Runs the generated parser with stack for a text of so many levels.
///
/// The parser refuses a text when its stack runs out; without this, the limit would depend on the
/// thread. A level of it was measured to take up to 10 KiB in a debug build.
pub(super) fn on_stack_for<R>(levels: usize, parse: impl FnOnce() -> R) -> R {
    let needed = (256 << 10) + levels * (16 << 10);
    stacker::maybe_grow(needed, needed, parse)
}

/// Something that is open at a place of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opener {
    /// What was opened.
    pub(super) kind: OpenerKind,
    /// Where.
    pub(super) span: Span,
}

/// The kinds of openers: brackets, and keywords that wait for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenerKind {
    /// `(`
    Paren,
    /// `[`
    Bracket,
    /// `{`
    Brace,
    /// `${`
    Interpolation,
    /// `if`, which waits for `then`.
    If,
    /// `then`, which waits for `else`.
    Then,
    /// `let`, which waits for `in`.
    Let,
    /// `with` or `assert`, which waits for `;`.
    Scope,
}

impl OpenerKind {
    /// What it waits for.
    pub(super) fn closer(self) -> &'static str {
        match self {
            OpenerKind::Paren => ")",
            OpenerKind::Bracket => "]",
            OpenerKind::Brace | OpenerKind::Interpolation => "}",
            OpenerKind::If => "then",
            OpenerKind::Then => "else",
            OpenerKind::Let => "in",
            OpenerKind::Scope => ";",
        }
    }

    /// Whether it is a bracket and no keyword.
    pub(super) fn is_bracket(self) -> bool {
        matches!(
            self,
            OpenerKind::Paren | OpenerKind::Bracket | OpenerKind::Brace | OpenerKind::Interpolation
        )
    }
}

/// What is open, kept while lexemes are read.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    /// From the outermost to the innermost.
    pub(super) open: Vec<Opener>,
}

impl Nesting {
    /// What is open before `offset`.
    pub(super) fn at(text: &str, lexemes: &[Lexeme], offset: u32) -> Nesting {
        let mut nesting = Nesting::default();
        for lexeme in lexemes.iter().take_while(|lexeme| lexeme.span.start < offset) {
            nesting.read(*lexeme, text.get(lexeme.span.range()).unwrap_or(""));
        }
        nesting
    }

    /// Reads the next lexeme.
    pub(super) fn read(&mut self, lexeme: Lexeme, text: &str) {
        let opens = match (lexeme.kind, text) {
            (LexemeKind::Bracket, "(") => OpenerKind::Paren,
            (LexemeKind::Bracket, "[") => OpenerKind::Bracket,
            (LexemeKind::Bracket, "{") => OpenerKind::Brace,
            (LexemeKind::Interpolation, "${") => OpenerKind::Interpolation,
            (LexemeKind::Keyword, "if") => OpenerKind::If,
            (LexemeKind::Keyword, "let") => OpenerKind::Let,
            (LexemeKind::Keyword, "with" | "assert") => OpenerKind::Scope,
            (LexemeKind::Keyword, "then") => {
                self.close_keyword("then");
                OpenerKind::Then
            }
            (LexemeKind::Keyword, "else" | "in") => return self.close_keyword(text),
            (LexemeKind::Operator, ";") => return self.close_keyword(";"),
            (LexemeKind::Bracket | LexemeKind::Interpolation, _) => return self.close_bracket(text),
            _ => return,
        };
        self.open.push(Opener { kind: opens, span: lexeme.span });
    }

    /// Closes the innermost opener if it is a keyword that waits for `closer`.
    fn close_keyword(&mut self, closer: &str) {
        self.open.pop_if(|opener| !opener.kind.is_bracket() && opener.kind.closer() == closer);
    }

    /// Closes the innermost bracket, and the unfinished keywords in it, if `closer` fits.
    fn close_bracket(&mut self, closer: &str) {
        let innermost = self.open.iter().rposition(|opener| opener.kind.is_bracket());
        if let Some(index) = innermost
            && self.open.get(index).is_some_and(|opener| opener.kind.closer() == closer)
        {
            self.open.truncate(index);
        }
    }

    /// The innermost thing that is open.
    pub(super) fn innermost(&self) -> Option<Opener> {
        self.open.last().copied()
    }

    /// The innermost bracket that is open.
    pub(super) fn innermost_bracket(&self) -> Option<Opener> {
        self.open.iter().rev().find(|opener| opener.kind.is_bracket()).copied()
    }
}

/// What to say at the place of an opener.
pub(super) fn opened_here(source: &Source, opener: Opener) -> String {
    let verb = if opener.kind.is_bracket() { "is opened" } else { "stands" };
    format!("{} {verb} here", quoted(source.slice(opener.span)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::lex::lexemes;

    /// What is open at the end of a text.
    fn open(text: &str) -> Vec<OpenerKind> {
        let nesting = Nesting::at(text, &lexemes(text), u32::MAX);
        nesting.open.iter().map(|opener| opener.kind).collect()
    }

    #[test]
    fn openers_wait_for_their_closers() {
        use OpenerKind::{Brace, Bracket, If, Interpolation, Let, Paren, Scope, Then};
        assert_eq!(open("( [ ] { } \"${a}\" )"), []);
        assert_eq!(open("( [ { \"${ "), [Paren, Bracket, Brace, Interpolation]);
        assert_eq!(open("if a"), [If]);
        assert_eq!(open("if a then if b then c else d"), [Then]);
        assert_eq!(open("let a = 1; b = with c; d; in with e"), [Scope]);
        assert_eq!(open("let a = { b = "), [Let, Brace]);
        assert_eq!(open("(if a )"), []);
        assert_eq!(open("( ]"), [Paren]);
    }

    #[test]
    fn lexemes_in_strings_and_comments_open_nothing() {
        assert_eq!(open("\"([{\" ''([{'' # (\n /* ( */"), []);
    }
}
