//! The layout of operators: chains of one precedence break together, before their operators.

use crate::syntax::format::doc::Doc;
use crate::syntax::lex::LexemeKind;

use super::layout::{Hug, Layout, Piece};

/// Infix operators with their precedence, lowest first.
const LEVELS: &[(u8, &[&str])] = &[
    (1, &["|>", "<|"]),
    (2, &["::"]),
    (3, &["->"]),
    (4, &["||"]),
    (5, &["&&"]),
    (6, &["==", "!="]),
    (7, &["<", "<=", ">", ">="]),
    (8, &["//"]),
    (10, &["+", "-"]),
    (11, &["*", "/"]),
    (12, &["++"]),
];

/// The level of the pipes.
const PIPES: u8 = 1;
/// The level of `::`.
const ASCRIPTION: u8 = 2;

/// An infix operator with its right operand.
struct Link {
    level: u8,
    operator: &'static str,
    doc: Doc,
    /// Whether it begins a line, or what is behind it does.
    begins_line: bool,
    /// Whether comments stand around it.
    is_commented: bool,
    operand: Piece,
}

impl Layout<'_> {
    /// Operands and operators.
    pub(super) fn operation(&mut self) -> Piece {
        let first = self.operand();
        let mut links = Vec::new();
        while let Some((level, operator)) = self.infix() {
            let comments = self.comments();
            let begins_line = self.is_at_line_start();
            let doc = self.take();
            let is_commented = self.is_behind_comment() || self.comments() > comments;
            let begins_line = begins_line || self.is_at_line_start();
            let operand = if level == ASCRIPTION { self.type_expression() } else { self.operand() };
            links.push(Link { level, operator, doc, begins_line, is_commented, operand });
        }
        chain(first, links)
    }

    /// The operator that comes next.
    fn infix(&self) -> Option<(u8, &'static str)> {
        if self.kind_at(0) != LexemeKind::Operator {
            return None;
        }
        let text = self.text_at(0);
        LEVELS.iter().find_map(|(level, operators)| {
            operators.iter().find(|operator| **operator == text).map(|operator| (*level, *operator))
        })
    }

    /// An operand with its `!`, `-` and `? a.b`.
    fn operand(&mut self) -> Piece {
        let mut prefixes = Vec::new();
        while self.kind_at(0) == LexemeKind::Operator && matches!(self.text_at(0), "!" | "-") {
            prefixes.push(self.take());
        }
        let mut piece = self.application();
        while self.text_at(0) == "?" {
            let docs = vec![piece.doc, Doc::space(), self.take(), Doc::space(), self.attr_path()];
            piece = Piece::new(Doc::concat(docs), Hug::None, piece.is_simple);
        }
        if !prefixes.is_empty() {
            prefixes.push(piece.doc);
            piece = Piece::new(Doc::concat(prefixes), Hug::None, piece.is_simple);
        }
        piece
    }
}

/// The layout of operands with operators of any levels between them.
fn chain(first: Piece, links: Vec<Link>) -> Piece {
    let Some(level) = links.iter().map(|link| link.level).min() else { return first };
    // What stands between two operators of this level holds together more tightly.
    let mut operand = (first, Vec::new());
    let mut heads = Vec::new();
    for link in links {
        if link.level == level {
            let Link { operator, doc, begins_line, is_commented, operand: next, .. } = link;
            let last = std::mem::replace(&mut operand, (next, Vec::new()));
            heads.push((last, (operator, doc, begins_line, is_commented)));
        } else {
            operand.1.push(link);
        }
    }
    let mut operands = Vec::with_capacity(heads.len() + 1);
    let mut operators = Vec::with_capacity(heads.len());
    for ((first, links), operator) in heads {
        operands.push(chain(first, links));
        operators.push(operator);
    }
    operands.push(chain(operand.0, operand.1));
    joined(level, operands, operators)
}

/// The layout of one level.
fn joined(level: u8, operands: Vec<Piece>, operators: Vec<(&str, Doc, bool, bool)>) -> Piece {
    let is_simple = operands.iter().all(|operand| operand.is_simple);
    let is_single = operators.len() == 1;
    let is_broken = level == PIPES && operators.first().is_some_and(|(_, _, begins_line, _)| *begins_line);
    let mut operands = operands.into_iter();
    let Some(first) = operands.next() else { return Piece::new(Doc::nothing(), Hug::None, true) };
    let is_first_simple = first.is_simple;
    let mut rest = Vec::new();
    for ((symbol, operator, _, is_commented), operand) in operators.into_iter().zip(operands) {
        let is_hugging = is_single
            && is_first_simple
            && !is_commented
            && matches!(symbol, "//" | "++" | "+")
            && operand.hug == Hug::Brackets;
        if is_hugging || (level == ASCRIPTION && !is_commented) {
            // `base // { … }`, `e :: T`
            let docs = vec![first.doc, Doc::space(), operator, Doc::space(), operand.doc];
            let hug = if is_hugging { Hug::Parentheses } else { Hug::None };
            return Piece::new(Doc::concat(docs), hug, is_simple);
        }
        rest.extend([Doc::line(), operator, Doc::space(), operand.doc]);
    }
    let is_simple = is_simple && level != PIPES;
    let doc = Doc::concat(vec![first.doc, Doc::concat(rest).nest()]).group_or_broken(is_broken);
    Piece::new(doc, Hug::None, is_simple)
}
