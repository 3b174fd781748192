//! Precedence: from operands and operators in written order to a tree.
//!
//! What comes in are the parts of one operation, one at a time; what goes out is its tree, in
//! which operators of one level form one flat chain: `a + b - c * d` is a chain of `+` and `-`
//! whose last operand is a chain of `*`. There is no recursion: what waits for an operand lies on
//! a stack, so that a chain of any length, and a run of any number of `-`, is a loop.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Associativity, AttrName, BinaryOperator, Expr, ExprKind, UnaryOperator};
use crate::text::{Span, list_and, quoted};

use super::build::{Builder, Node};
use super::foreign::{logic_word, search_path_operand};
use super::types::TypeNode;

/// The level of `::`.
const ASCRIPTION: u8 = 2;
/// The level of `?`.
const HAS_ATTR: u8 = 13;

/// An operation while its parts are read.
pub(super) struct Operation<'b> {
    builder: &'b Builder<'b>,
    waiting: Vec<Waiting>,
    /// The operand that was read last, with what binds tighter than the next operator.
    current: Option<Node>,
    /// The place of the `?` or `::` that ended `current`, if one did.
    ended_by: Option<(u8, Span)>,
}

/// What waits for its last operand.
enum Waiting {
    Prefix { operator: UnaryOperator, span: Span },
    Chain(Box<Chain>),
}

struct Chain {
    first: Expr,
    rest: Vec<(BinaryOperator, Span, Expr)>,
    operator: BinaryOperator,
    operator_span: Span,
    height: usize,
}

impl Waiting {
    fn precedence(&self) -> u8 {
        match self {
            Waiting::Prefix { operator, .. } => operator.precedence(),
            Waiting::Chain(chain) => chain.operator.precedence(),
        }
    }
}

impl UnaryOperator {
    /// How tightly it binds, on the scale of [`BinaryOperator::precedence`].
    pub fn precedence(self) -> u8 {
        match self {
            UnaryOperator::Not => 9,
            UnaryOperator::Negate => 14,
        }
    }

    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOperator::Not => "!",
            UnaryOperator::Negate => "-",
        }
    }
}

impl<'b> Operation<'b> {
    /// An operation without parts yet.
    pub(super) fn new(builder: &'b Builder<'b>) -> Operation<'b> {
        Operation { builder, waiting: Vec::new(), current: None, ended_by: None }
    }

    /// Reads `!` or `-` before an operand.
    pub(super) fn prefix(&mut self, operator: UnaryOperator, span: Span) {
        self.waiting.push(Waiting::Prefix { operator, span });
    }

    /// Reads an operand.
    pub(super) fn operand(&mut self, operand: Node) {
        self.current = Some(operand);
        self.ended_by = None;
    }

    /// Reads an infix operator.
    pub(super) fn infix(&mut self, operator: BinaryOperator, span: Span) -> Result<(), Diagnostic> {
        let level = operator.precedence();
        if let Some((ASCRIPTION, at)) = self.ended_by
            && level > ASCRIPTION
        {
            return Err(self.after_ascription(span, at));
        }
        let current = self.complete(level)?;
        self.ended_by = None;
        match self.waiting.last_mut() {
            Some(Waiting::Chain(chain)) if chain.operator.precedence() == level => {
                let (last, last_span) = (chain.operator, chain.operator_span);
                let is_mixed = operator.associativity() != last.associativity();
                if is_mixed || operator.associativity() == Associativity::None {
                    return Err(self.not_chained((last, last_span), &current.expr, (operator, span)));
                }
                chain.rest.push((last, last_span, current.expr));
                chain.height = chain.height.max(current.height);
                (chain.operator, chain.operator_span) = (operator, span);
            }
            _ => self.waiting.push(Waiting::Chain(Box::new(Chain {
                first: current.expr,
                rest: Vec::new(),
                operator,
                operator_span: span,
                height: current.height,
            }))),
        }
        Ok(())
    }

    /// Reads `? a.b` behind an operand.
    pub(super) fn has_attr(
        &mut self,
        question: Span,
        path: Vec<AttrName>,
        end: Span,
        height: usize,
    ) -> Result<(), Diagnostic> {
        match self.ended_by {
            Some((HAS_ATTR, first)) => {
                return Err(self
                    .builder
                    .syntax("`?` cannot be chained", question, "second `?`")
                    .at(self.builder.source, first, "first `?`")
                    .help("put parentheses around the first: `(a ? b) ? c`"));
            }
            Some((_, at)) => return Err(self.after_ascription(question, at)),
            None => {}
        }
        let base = self.complete(HAS_ATTR)?;
        let span = base.expr.span.to(end);
        let height = height.max(base.height);
        let kind = ExprKind::HasAttr { base: Box::new(base.expr), path };
        self.current = Some(self.builder.node(kind, span, height)?);
        self.ended_by = Some((HAS_ATTR, question));
        Ok(())
    }

    /// Reads `:: T` behind an operand.
    pub(super) fn ascription(&mut self, colons: Span, ty: TypeNode) -> Result<(), Diagnostic> {
        if let Some((ASCRIPTION, first)) = self.ended_by {
            return Err(self
                .builder
                .syntax("`::` cannot be chained", colons, "second `::`")
                .at(self.builder.source, first, "first `::`")
                .help("give one type, or put parentheses around the first: `(e :: T) :: U`"));
        }
        let value = self.complete(ASCRIPTION)?;
        let TypeNode { ty, height } = ty;
        let span = value.expr.span.to(ty.span);
        let height = height.max(value.height);
        let kind = ExprKind::Ascription { value: Box::new(value.expr), ty };
        self.current = Some(self.builder.node(kind, span, height)?);
        self.ended_by = Some((ASCRIPTION, colons));
        Ok(())
    }

    /// The tree of all that was read.
    pub(super) fn finish(mut self) -> Result<Node, Diagnostic> {
        self.complete(0)
    }

    /// Gives the current operand to all that waits for it and binds tighter than `level`.
    fn complete(&mut self, level: u8) -> Result<Node, Diagnostic> {
        let Some(mut node) = self.current.take() else { unreachable!("operators follow operands") };
        while let Some(waiting) = self.waiting.pop_if(|waiting| waiting.precedence() > level) {
            node = match waiting {
                Waiting::Prefix { operator, span } => {
                    let span = span.to(node.expr.span);
                    let kind = ExprKind::Unary { operator, operand: Box::new(node.expr) };
                    self.builder.node(kind, span, node.height)?
                }
                Waiting::Chain(chain) => {
                    let Chain { first, mut rest, operator, operator_span, height } = *chain;
                    let span = first.span.to(node.expr.span);
                    let height = height.max(node.height);
                    rest.push((operator, operator_span, node.expr));
                    self.builder.node(ExprKind::Chain { first: Box::new(first), rest }, span, height)?
                }
            };
        }
        Ok(node)
    }

    /// Two operators of a level that does not chain.
    fn not_chained(
        &self,
        first: (BinaryOperator, Span),
        between: &Expr,
        second: (BinaryOperator, Span),
    ) -> Diagnostic {
        let source = self.builder.source;
        let habit = logic_word(source, between).or_else(|| search_path_operand(source, first.1, second.1));
        if let Some(diagnostic) = habit {
            return diagnostic;
        }
        let (left, right) = (first.0.symbol(), second.0.symbol());
        let message = if left == right {
            format!("{} cannot be chained", quoted(left))
        } else {
            format!("{} cannot be chained", list_and(&[left, right]))
        };
        let help = match first.0.associativity() {
            Associativity::None => format!("compare twice: `a {left} b && b {right} c`"),
            _ => format!("put parentheses around one of them: `(a {left} b) {right} c`"),
        };
        self.builder
            .syntax(message, second.1, format!("{} here", quoted(right)))
            .at(self.builder.source, first.1, format!("{} here", quoted(left)))
            .help(help)
    }

    fn after_ascription(&self, operator: Span, ascription: Span) -> Diagnostic {
        let symbol = quoted(self.builder.source.slice(operator));
        Diagnostic::error(
            Code::Syntax,
            format!("expected the end of the expression after its type, found {symbol}"),
        )
        .at(self.builder.source, operator, "")
        .at(self.builder.source, ascription, "the type begins here")
        .help("put parentheses around the ascription: `(e :: T)`")
    }
}
