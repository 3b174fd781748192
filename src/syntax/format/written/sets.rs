//! The layout of sets, lists, patterns and what they hold.

use crate::syntax::format::doc::Doc;
use crate::syntax::lex::LexemeKind;

use super::layout::{Hug, Layout, Piece, behind};

impl Layout<'_> {
    /// `[ a b ]`
    pub(super) fn list(&mut self) -> Piece {
        let opener = self.take();
        let is_broken = self.is_at_line_start();
        let mut elements = Vec::new();
        while self.text_at(0) != "]" && !self.is_at_end() {
            elements.push(separator(self.is_after_blank(), elements.is_empty()));
            elements.push(self.select().doc);
        }
        let is_empty = elements.is_empty();
        Piece::new(self.bracketed(opener, elements, is_broken), Hug::Brackets, is_empty)
    }

    /// `{ a = 1; }` or `rec { … }`
    pub(super) fn set(&mut self) -> Piece {
        let mut opener = Vec::new();
        if self.text_at(0) == "rec" {
            opener.extend([self.take(), Doc::space()]);
        }
        opener.push(self.take());
        let is_broken = self.is_at_line_start();
        let bindings = self.bindings("}");
        let is_empty = bindings.is_empty();
        Piece::new(self.bracketed(Doc::concat(opener), bindings, is_broken), Hug::Brackets, is_empty)
    }

    /// `{ a, b ? c, ... }`
    pub(super) fn pattern(&mut self) -> Doc {
        let opener = self.take();
        let is_broken = self.is_at_line_start();
        let mut entries = Vec::new();
        while self.text_at(0) != "}" && !self.is_at_end() {
            entries.push(separator(self.is_after_blank(), entries.is_empty()));
            entries.push(self.take());
            if self.text_at(0) == "?" {
                entries.extend([Doc::space(), self.take(), Doc::space(), self.expression(false).doc.nest()]);
            }
            if self.text_at(0) == "," {
                entries.push(self.take());
            }
        }
        self.bracketed(opener, entries, is_broken)
    }

    /// What stands between two brackets, of which the second comes next.
    pub(super) fn bracketed(&mut self, opener: Doc, mut inner: Vec<Doc>, is_broken: bool) -> Doc {
        let is_behind_comment = self.is_behind_comment();
        if let Some(comments) = self.closing_comments() {
            inner.extend([separator(self.is_after_blank(), inner.is_empty()), comments]);
        }
        let closer = self.take();
        if inner.is_empty() && !is_behind_comment {
            return Doc::concat(vec![opener, Doc::space(), closer]);
        }
        let is_broken = is_broken && !inner.is_empty();
        Doc::concat(vec![opener, Doc::concat(inner).nest(), Doc::line(), closer]).group_or_broken(is_broken)
    }

    /// Bindings up to `closer`, each behind its line break, and the comments before it.
    pub(super) fn bindings(&mut self, closer: &str) -> Vec<Doc> {
        let mut docs = Vec::new();
        while self.text_at(0) != closer && !self.is_at_end() {
            docs.push(separator(self.is_after_blank(), docs.is_empty()));
            docs.push(if self.text_at(0) == "inherit" { self.inherit() } else { self.binding() });
        }
        let is_blank = self.is_after_blank();
        if closer == "in"
            && let Some(comments) = self.closing_comments()
        {
            docs.extend([separator(is_blank, docs.is_empty()), comments]);
        }
        docs
    }

    /// `a.b = e;`
    fn binding(&mut self) -> Doc {
        let mut docs = vec![self.attr_path(), Doc::space(), self.take()];
        let is_behind_comment = self.is_behind_comment();
        let value = self.expression(false);
        docs.extend([behind(value, is_behind_comment), self.take()]);
        Doc::concat(docs)
    }

    /// `inherit a b;` or `inherit (e) a b;`
    fn inherit(&mut self) -> Doc {
        let mut docs = vec![self.take()];
        if self.text_at(0) == "(" {
            docs.extend([Doc::space(), self.parenthesised().doc]);
        }
        let is_broken = self.is_at_line_start() && self.text_at(0) != ";";
        let mut names = Vec::new();
        while self.text_at(0) != ";" && !self.is_at_end() {
            names.extend([Doc::line(), self.attr()]);
        }
        docs.extend([Doc::concat(names).nest(), self.take()]);
        Doc::concat(docs).group_or_broken(is_broken)
    }

    /// `a."b".${c}`
    pub(super) fn attr_path(&mut self) -> Doc {
        let mut docs = vec![self.attr()];
        while self.text_at(0) == "." {
            docs.extend([self.take(), self.attr()]);
        }
        Doc::concat(docs)
    }

    /// A name, quoted or not, or `${e}`.
    pub(super) fn attr(&mut self) -> Doc {
        match self.kind_at(0) {
            LexemeKind::String => self.string().doc,
            LexemeKind::Interpolation => self.interpolation().doc,
            _ => self.take(),
        }
    }
}

/// What stands before an element: a line break, or the empty line that the author left.
fn separator(is_after_blank: bool, is_first: bool) -> Doc {
    if is_after_blank && !is_first { Doc::blank() } else { Doc::line() }
}
