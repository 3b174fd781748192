//! The layout of expressions, from tokens.

use crate::syntax::format::doc::Doc;
use crate::syntax::lex::LexemeKind;
use crate::syntax::limits::on_enough_stack;

use super::tokens::{Token, tokens};

/// How an expression stands behind what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hug {
    /// On the next line where it does not fit.
    None,
    /// On the same line: it has brackets or quotes that its lines stand between.
    Brackets,
    /// On the same line: it is a function, whose body comes where it fits.
    Function,
    /// On the same line: parentheses, or something before brackets.
    Parentheses,
    /// On the same line behind `=`: a call that ends in parentheses.
    Call,
}

/// A laid out part of an expression.
pub(super) struct Piece {
    pub(super) doc: Doc,
    pub(super) hug: Hug,
    /// Whether it has nothing that the author may have broken into lines.
    pub(super) is_simple: bool,
}

impl Piece {
    pub(super) fn new(doc: Doc, hug: Hug, is_simple: bool) -> Piece {
        Piece { doc, hug, is_simple }
    }
}

/// Reads tokens and gives documents. The text is known to parse.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    /// How many of the tokens before `at` have comments.
    comments: usize,
}

impl<'t> Layout<'t> {
    /// The layout of a text.
    pub(super) fn new(text: &'t str) -> Layout<'t> {
        Layout { text, tokens: tokens(text), at: 0, comments: 0 }
    }

    /// The whole text.
    pub(super) fn file(mut self) -> Doc {
        let expression = self.expression(true).doc;
        let mut docs = vec![expression];
        // What is left is the end, with the last comments.
        let is_blank = self.peek().is_some_and(|token| token.blank_before);
        let rest = self.closing_comments();
        if let Some(rest) = rest {
            docs.push(if is_blank { Doc::blank() } else { Doc::line() });
            docs.push(rest);
        }
        Doc::concat(docs)
    }

    /// The next token.
    pub(super) fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.at)
    }

    /// The text of the token after `skipped` others; empty in strings, so that no quoted text is
    /// taken for an operator.
    pub(super) fn text_at(&self, skipped: usize) -> &'t str {
        match self.tokens.get(self.at + skipped) {
            Some(token) if token.kind != LexemeKind::String => token.text,
            _ => "",
        }
    }

    /// The kind of the token after `skipped` others.
    pub(super) fn kind_at(&self, skipped: usize) -> LexemeKind {
        self.tokens.get(self.at + skipped).map_or(LexemeKind::Space, |token| token.kind)
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.kind_at(0) == LexemeKind::Space
    }

    /// Whether the next token begins a line.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.peek().is_some_and(|token| token.newline_before)
    }

    /// Whether the next token follows the last without a space.
    pub(super) fn is_glued(&self) -> bool {
        self.peek().is_some_and(|token| token.is_glued)
    }

    /// Whether an empty line stands before the next token.
    pub(super) fn is_after_blank(&self) -> bool {
        self.peek().is_some_and(|token| token.blank_before)
    }

    /// Whether comments stand between the last token and the next that keep them on two lines.
    pub(super) fn is_behind_comment(&self) -> bool {
        let ended = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        ended.is_some_and(|token| token.ends_line) || self.peek().is_some_and(|token| !token.leads.is_empty())
    }

    /// A number that grows with every comment.
    pub(super) fn comments(&self) -> usize {
        self.comments
    }

    /// The next token, with its comments.
    pub(super) fn take(&mut self) -> Doc {
        let Some(token) = self.tokens.get_mut(self.at) else { return Doc::nothing() };
        self.comments += usize::from(token.is_commented());
        // The end stays, so that there is always a token.
        self.at += usize::from(token.kind != LexemeKind::Space);
        Doc::concat(vec![token.before(), Doc::text(token.text), token.after()])
    }

    /// The next token as it is, with the comments before and after it.
    pub(super) fn take_parts(&mut self) -> (Doc, &'t str, Doc) {
        let Some(token) = self.tokens.get_mut(self.at) else { return (Doc::nothing(), "", Doc::nothing()) };
        self.comments += usize::from(token.is_commented());
        self.at += usize::from(token.kind != LexemeKind::Space);
        (token.before(), token.text, token.after())
    }

    /// The comments before a closing token, which stand with what it closes.
    pub(super) fn closing_comments(&mut self) -> Option<Doc> {
        let token = self.tokens.get_mut(self.at)?;
        if token.leads.is_empty() && token.inlines.is_empty() {
            return None;
        }
        self.comments += 1;
        token.blank_after_leads &= !token.inlines.is_empty();
        Some(token.before())
    }

    /// The byte at which the next token begins.
    pub(super) fn offset(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.span.start as usize)
    }

    /// An expression; `is_root` if the file's own indentation is its.
    pub(super) fn expression(&mut self, is_root: bool) -> Piece {
        on_enough_stack(|| self.expression_here(is_root))
    }

    fn expression_here(&mut self, is_root: bool) -> Piece {
        let is_keyword = self.kind_at(0) == LexemeKind::Keyword;
        match self.text_at(0) {
            "if" if is_keyword => Piece::new(self.conditional().group(), Hug::None, false),
            "let" if is_keyword => self.let_in(is_root),
            "with" | "assert" if is_keyword => self.scoped(is_root),
            _ if self.is_at_function() => self.function(is_root),
            _ => self.operation(),
        }
    }

    /// Whether a parameter comes next.
    fn is_at_function(&self) -> bool {
        let is_name = |skipped: usize| self.kind_at(skipped) == LexemeKind::Identifier;
        let ends_pattern =
            |skipped: usize| self.text_at(skipped) == "}" && matches!(self.text_at(skipped + 1), ":" | "@");
        if is_name(0) {
            return matches!(self.text_at(1), ":" | "@");
        }
        self.text_at(0) == "{"
            && (self.text_at(1) == "..."
                || ends_pattern(1)
                || is_name(1) && (matches!(self.text_at(2), "," | "?") || ends_pattern(2)))
    }

    /// `x: body`
    fn function(&mut self, is_root: bool) -> Piece {
        let has_pattern = self.text_at(0) == "{" || self.text_at(1) == "@";
        let mut docs = vec![self.parameter(), self.take()];
        let is_statement = matches!(self.text_at(0), "let" | "if" | "with" | "assert");
        let is_behind_comment = self.is_behind_comment();
        let body = self.expression(is_root);
        let is_simple = !has_pattern && body.is_simple;
        if is_root && is_statement && body.hug == Hug::None {
            docs.push(Doc::concat(vec![Doc::line(), body.doc]).group());
        } else {
            let is_apart = is_behind_comment || body.hug == Hug::Call;
            docs.push(behind(body, is_apart));
        }
        Piece::new(Doc::concat(docs), Hug::Function, is_simple)
    }

    fn parameter(&mut self) -> Doc {
        let mut docs = Vec::new();
        loop {
            docs.push(if self.text_at(0) == "{" { self.pattern() } else { self.take() });
            if self.text_at(0) != "@" {
                return Doc::concat(docs);
            }
            docs.push(self.take());
        }
    }

    /// `if c then a else b`, with `else if` on one level.
    fn conditional(&mut self) -> Doc {
        let mut docs =
            vec![self.take(), Doc::space(), self.expression(false).doc.nest(), Doc::space(), self.take()];
        docs.push(Doc::concat(vec![Doc::line(), self.expression(false).doc]).nest());
        docs.extend([Doc::line(), self.take()]);
        if self.text_at(0) == "if" && !self.is_behind_comment() {
            docs.extend([Doc::space(), on_enough_stack(|| self.conditional())]);
        } else {
            docs.push(Doc::concat(vec![Doc::line(), self.expression(false).doc]).nest());
        }
        Doc::concat(docs)
    }

    fn let_in(&mut self, is_root: bool) -> Piece {
        let mut docs = vec![self.take()];
        let is_broken = self.is_at_line_start();
        let bindings = self.bindings("in");
        docs.push(Doc::concat(bindings).nest());
        docs.extend([Doc::line(), self.take(), Doc::line(), self.expression(is_root).doc]);
        Piece::new(Doc::concat(docs).group_or_broken(is_broken), Hug::None, false)
    }

    /// `with e; body`
    fn scoped(&mut self, is_root: bool) -> Piece {
        let mut docs = vec![self.take(), Doc::space(), self.expression(false).doc, self.take()];
        let is_behind_comment = self.is_behind_comment();
        let body = self.expression(is_root);
        if body.hug == Hug::Brackets && !is_behind_comment {
            docs.extend([Doc::space(), body.doc]);
            return Piece::new(Doc::concat(docs), Hug::Parentheses, false);
        }
        docs.extend([Doc::line(), body.doc]);
        Piece::new(Doc::concat(docs).group(), Hug::None, false)
    }

    /// `f a b`
    pub(super) fn application(&mut self) -> Piece {
        // Comments before the whole call do not keep its parts apart.
        let mut docs: Vec<Doc> = self.closing_comments().into_iter().collect();
        let before = self.comments;
        let function = self.select();
        docs.push(function.doc);
        if !self.is_at_operand() {
            return Piece { doc: Doc::concat(docs), ..function };
        }
        let mut is_simple = function.is_simple;
        let mut arguments = Vec::new();
        loop {
            let is_plain = is_simple && self.comments == before && !self.is_behind_comment();
            let argument = self.select();
            is_simple &= argument.is_simple;
            let is_last = !self.is_at_operand();
            if is_last && is_plain && argument.hug != Hug::None {
                // The last argument opens on the line of the call: `map (m: …)`, `f { … }`.
                let hug = if argument.hug == Hug::Brackets { Hug::Brackets } else { Hug::Call };
                docs.push(Doc::concat(arguments).nest());
                let called = Doc::concat(docs).group();
                return Piece::new(Doc::concat(vec![called, Doc::space(), argument.doc]), hug, is_simple);
            }
            arguments.extend([Doc::line(), argument.doc]);
            if is_last {
                docs.push(Doc::concat(arguments).nest());
                return Piece::new(Doc::concat(docs).group(), Hug::None, is_simple);
            }
        }
    }

    fn is_at_operand(&self) -> bool {
        match self.kind_at(0) {
            LexemeKind::Number
            | LexemeKind::String
            | LexemeKind::Identifier
            | LexemeKind::Path
            | LexemeKind::Junk => true,
            LexemeKind::Bracket => matches!(self.text_at(0), "(" | "[" | "{"),
            LexemeKind::Keyword => self.text_at(0) == "rec",
            _ => false,
        }
    }

    /// `e.a.b or c`
    pub(super) fn select(&mut self) -> Piece {
        let mut piece = self.selected_operand();
        while self.kind_at(0) == LexemeKind::Keyword && self.text_at(0) == "or" {
            let mut docs = vec![piece.doc, Doc::space(), self.take(), Doc::space()];
            let default = self.selected_operand();
            docs.push(default.doc);
            piece = Piece::new(Doc::concat(docs), Hug::None, piece.is_simple && default.is_simple);
        }
        piece
    }

    fn selected_operand(&mut self) -> Piece {
        // `1.a` and `./x.a` would be other tokens.
        let needs_space = matches!(self.kind_at(0), LexemeKind::Number | LexemeKind::Path | LexemeKind::Junk);
        let base = self.primary();
        if self.text_at(0) != "." {
            return base;
        }
        let mut docs = vec![base.doc];
        if needs_space {
            docs.push(Doc::space());
        }
        docs.push(self.take());
        docs.push(self.attr_path());
        Piece::new(Doc::concat(docs), Hug::None, base.is_simple)
    }

    fn primary(&mut self) -> Piece {
        match (self.kind_at(0), self.text_at(0)) {
            (LexemeKind::String, _) => self.string(),
            (_, "(") => self.parenthesised(),
            (_, "[") => self.list(),
            (_, "{" | "rec") => self.set(),
            _ => Piece::new(self.take(), Hug::None, true),
        }
    }

    pub(super) fn parenthesised(&mut self) -> Piece {
        let opener = self.take();
        let is_behind_comment = self.is_behind_comment();
        let inner = self.expression(false);
        let comments = self.closing_comments();
        let closer = self.take();
        let is_tight = matches!(inner.hug, Hug::Brackets | Hug::Function);
        let doc = if is_tight && !is_behind_comment && comments.is_none() {
            Doc::concat(vec![opener, inner.doc, closer])
        } else {
            let mut docs = vec![Doc::soft_line(), inner.doc];
            docs.extend(comments.into_iter().flat_map(|comments| [Doc::line(), comments]));
            Doc::concat(vec![opener, Doc::concat(docs).nest(), Doc::soft_line(), closer]).group()
        };
        Piece::new(doc, Hug::Parentheses, inner.is_simple)
    }
}

/// A value behind `=` or `:`: on the same line, or indented on the next.
pub(super) fn behind(value: Piece, is_apart: bool) -> Doc {
    if value.hug != Hug::None && !is_apart {
        Doc::concat(vec![Doc::space(), value.doc])
    } else {
        Doc::concat(vec![Doc::line(), value.doc]).nest().group()
    }
}
