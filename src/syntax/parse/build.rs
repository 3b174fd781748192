//! From the grammar's pairs to the tree.
//!
//! What comes in are pairs of a text that follows the grammar; what goes out is its tree, or a
//! mistake that the grammar does not see: operators that do not chain, an integer of more than
//! 64 bits, a path without `import`. The height of every tree is counted while it grows,
//! so that none is handed on that a recursive walk could not survive.

use std::sync::Arc;

use pest::iterators::Pair;

use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;
use crate::syntax::ast::{BinaryOperator, Expr, ExprKind, Line, StringPart, TypeExpr, UnaryOperator};
use crate::syntax::grammar::Rule;
use crate::syntax::limits::on_enough_stack;
use crate::text::{Source, Span, quoted};

use super::bindings::{AttrPath, Place};
use super::foreign;
use super::operators::Operation;
use super::strings::{Parts, Piece, drop_first_line, strip_indentation, unescape};

/// Builds trees of one source.
pub(super) struct Builder<'b> {
    pub(super) source: &'b Arc<Source>,
    limits: &'b Limits,
}

/// A tree with its height; a tree without children has height 1.
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) height: usize,
}

/// The place of a pair. Only pairs that end in a leaf or a closer are asked, since others may
/// reach over the white space behind them.
pub(super) fn span_of(pair: &Pair<'_, Rule>) -> Span {
    let span = pair.as_span();
    Span::new(span.start(), span.end())
}

impl<'b> Builder<'b> {
    /// A builder for trees of `source`.
    pub(super) fn new(source: &'b Arc<Source>, limits: &'b Limits) -> Builder<'b> {
        Builder { source, limits }
    }

    /// A whole file.
    pub(super) fn file(&self, pair: Pair<'_, Rule>) -> Result<Expr, Diagnostic> {
        for part in pair.into_inner() {
            if part.as_rule() == Rule::expression {
                return Ok(self.expression(part)?.expr);
            }
        }
        unreachable!("a file has an expression")
    }

    /// A line of the REPL.
    pub(super) fn line(&self, pair: Pair<'_, Rule>) -> Result<Line, Diagnostic> {
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::expression => return Ok(Line::Expression(self.expression(part)?.expr)),
                Rule::line_bindings => {
                    let (bindings, _) = self.bindings(part.into_inner(), Place::Scope)?;
                    return Ok(Line::Bindings(bindings));
                }
                _ => {}
            }
        }
        Ok(Line::Empty)
    }

    /// A whole signature.
    pub(super) fn signature(&self, pair: Pair<'_, Rule>) -> Result<TypeExpr, Diagnostic> {
        for part in pair.into_inner() {
            if part.as_rule() == Rule::type_expression {
                return Ok(self.type_expression(part)?.ty);
            }
        }
        unreachable!("a signature has a type")
    }

    /// A syntax error at `span`.
    pub(super) fn syntax(
        &self,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::error(Code::Syntax, message).at(self.source, span, label)
    }

    /// A node over children of which the highest is `below` high.
    pub(super) fn node(&self, kind: ExprKind, span: Span, below: usize) -> Result<Node, Diagnostic> {
        let height = self.grown(below, span)?;
        Ok(Node { expr: Expr { kind, span }, height })
    }

    /// The height of a node over children of which the highest is `below` high.
    pub(super) fn grown(&self, below: usize, span: Span) -> Result<usize, Diagnostic> {
        if below >= self.limits.nesting {
            return Err(self.limits.too_deep(self.source, Span { end: span.start, ..span }));
        }
        Ok(below + 1)
    }

    pub(super) fn expression(&self, pair: Pair<'_, Rule>) -> Result<Node, Diagnostic> {
        on_enough_stack(|| self.expression_here(pair))
    }

    fn expression_here(&self, pair: Pair<'_, Rule>) -> Result<Node, Diagnostic> {
        let mut heads = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() != Rule::operation {
                heads.push(part);
                continue;
            }
            let mut node = self.operation(part)?;
            while let Some(head) = heads.pop() {
                node = self.head(head, node)?;
            }
            return Ok(node);
        }
        unreachable!("an expression ends in an operation")
    }

    /// A head over the body behind it.
    fn head(&self, head: Pair<'_, Rule>, body: Node) -> Result<Node, Diagnostic> {
        let span = span_of(&head).to(body.expr.span);
        let rule = head.as_rule();
        let mut height = body.height;
        let mut parts = head.into_inner();
        let body = Box::new(body.expr);
        let kind = match rule {
            Rule::if_head => {
                let mut branches = parts.filter(|part| part.as_rule() == Rule::expression);
                let mut branch = || match branches.next() {
                    Some(part) => self.expression(part),
                    None => unreachable!("an `if` has a condition and a branch"),
                };
                let (condition, then) = (branch()?, branch()?);
                height = height.max(condition.height).max(then.height);
                let (condition, then) = (Box::new(condition.expr), Box::new(then.expr));
                ExprKind::If { condition, then, otherwise: body }
            }
            Rule::let_head => {
                let (bindings, highest) = self.bindings(parts, Place::Let)?;
                height = height.max(highest);
                ExprKind::Let { bindings, body }
            }
            Rule::with_head | Rule::assert_head => {
                let Some(scope) = parts.find(|part| part.as_rule() == Rule::expression) else {
                    unreachable!("`with` and `assert` have an expression")
                };
                let scope = self.expression(scope)?;
                height = height.max(scope.height);
                let scope = Box::new(scope.expr);
                if rule == Rule::with_head {
                    ExprKind::With { scope, body }
                } else {
                    ExprKind::Assert { condition: scope, body }
                }
            }
            _ => {
                let (parameter, highest) = self.parameter(parts)?;
                height = height.max(highest);
                ExprKind::Lambda { parameter, body }
            }
        };
        self.node(kind, span, height)
    }

    fn operation(&self, pair: Pair<'_, Rule>) -> Result<Node, Diagnostic> {
        let mut operation = Operation::new(self);
        for part in pair.into_inner() {
            let rule = part.as_rule();
            match rule {
                Rule::application => operation.operand(self.application(part)?),
                Rule::not_op => operation.prefix(UnaryOperator::Not, span_of(&part)),
                Rule::negate_op => operation.prefix(UnaryOperator::Negate, span_of(&part)),
                Rule::has_attr => {
                    let mut question = Span::default();
                    for part in part.into_inner() {
                        if part.as_rule() == Rule::question {
                            question = span_of(&part);
                        } else {
                            let (path, end, height) = self.attr_path(part)?;
                            operation.has_attr(question, path, end, height)?;
                        }
                    }
                }
                Rule::ascription => {
                    let mut colons = Span::default();
                    for part in part.into_inner() {
                        if part.as_rule() == Rule::double_colon {
                            colons = span_of(&part);
                        } else {
                            operation.ascription(colons, self.type_expression(part)?)?;
                        }
                    }
                }
                _ => operation.infix(infix(rule), span_of(&part))?,
            }
        }
        operation.finish()
    }

    fn application(&self, pair: Pair<'_, Rule>) -> Result<Node, Diagnostic> {
        let mut selects = pair.into_inner();
        let Some(function) = selects.next() else { unreachable!("an application has a function") };
        let function = self.select(function, false)?;
        let imports = matches!(&function.expr.kind, ExprKind::Variable(name) if &**name == "import");
        let mut arguments = Vec::with_capacity(selects.len());
        let mut span = function.expr.span;
        let mut height = function.height;
        for argument in selects {
            let argument = self.select(argument, imports && arguments.is_empty())?;
            span = span.to(argument.expr.span);
            height = height.max(argument.height);
            arguments.push(argument.expr);
        }
        if arguments.is_empty() {
            return Ok(function);
        }
        self.node(ExprKind::Apply { function: Box::new(function.expr), arguments }, span, height)
    }

    /// An operand with its selections; a path only where `import` stands before it.
    fn select(&self, pair: Pair<'_, Rule>, is_imported: bool) -> Result<Node, Diagnostic> {
        // `a.b or c.d or e` reads as `a.b or (c.d or e)`: operands with their paths, joined from the right.
        let mut operands: Vec<(Node, Option<AttrPath>)> = Vec::with_capacity(1);
        let mut keywords = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::dot => {}
                Rule::or_kw => keywords.push(span_of(&part)),
                Rule::attr_path => {
                    let path = self.attr_path(part)?;
                    if let Some((_, selected)) = operands.last_mut() {
                        *selected = Some(path);
                    }
                }
                _ => operands.push((self.primary(part)?, None)),
            }
        }
        let mut default: Option<Node> = None;
        while let Some((base, path)) = operands.pop() {
            if matches!(base.expr.kind, ExprKind::Path(_)) && !is_imported {
                return Err(foreign::stray_path(self.source, base.expr.span));
            }
            let or = if default.is_some() { keywords.pop() } else { None };
            let node = match (path, or) {
                (None, None) => base,
                (None, Some(or)) => return Err(foreign::or_operator(self.source, or, base.expr.span)),
                (Some((path, end, highest)), _) => {
                    let mut span = base.expr.span.to(end);
                    let mut height = base.height.max(highest);
                    if let Some(default) = &default {
                        span = span.to(default.expr.span);
                        height = height.max(default.height);
                    }
                    let default = default.take().map(|default| Box::new(default.expr));
                    self.node(ExprKind::Select { base: Box::new(base.expr), path, default }, span, height)?
                }
            };
            default = Some(node);
        }
        match default {
            Some(node) => Ok(node),
            None => unreachable!("a selection has an operand"),
        }
    }

    fn primary(&self, pair: Pair<'_, Rule>) -> Result<Node, Diagnostic> {
        let span = span_of(&pair);
        let text = pair.as_str();
        let (kind, height) = match pair.as_rule() {
            Rule::integer => (ExprKind::Int(self.integer(text, span)?), 0),
            Rule::float => (ExprKind::Float(self.float(text, span)?), 0),
            Rule::path => (ExprKind::Path(text.into()), 0),
            Rule::variable => (ExprKind::Variable(text.into()), 0),
            Rule::string | Rule::indented => {
                let (parts, height) = self.string(pair)?;
                (ExprKind::String(parts), height)
            }
            Rule::list => {
                let mut elements = Vec::new();
                let mut height = 0;
                for part in pair.into_inner().filter(|part| part.as_rule() == Rule::select) {
                    let element = self.select(part, false)?;
                    height = height.max(element.height);
                    elements.push(element.expr);
                }
                (ExprKind::List(elements), height)
            }
            Rule::set => {
                let parts = pair.into_inner();
                let recursive = parts.peek().is_some_and(|part| part.as_rule() == Rule::rec_kw);
                let (bindings, height) = self.bindings(parts, Place::Set)?;
                (ExprKind::AttrSet { recursive, bindings }, height)
            }
            _ => {
                let Some(inner) = pair.into_inner().find(|part| part.as_rule() == Rule::expression) else {
                    unreachable!("parentheses have an expression")
                };
                let mut node = self.expression(inner)?;
                node.expr.span = span;
                return Ok(node);
            }
        };
        self.node(kind, span, height)
    }

    fn integer(&self, text: &str, span: Span) -> Result<i64, Diagnostic> {
        self.limits.check_literal(self.source, span, "a number")?;
        text.parse().map_err(|_| {
            let message = format!("expected an integer up to {}, found a larger one", i64::MAX);
            Diagnostic::error(Code::Arithmetic, message)
                .at(self.source, span, "does not fit in 64 bits")
                .maybe_help(
                    (text.len() <= 40)
                        .then(|| format!("write it as a float: {}", quoted(&format!("{text}.0")))),
                )
        })
    }

    fn float(&self, text: &str, span: Span) -> Result<f64, Diagnostic> {
        self.limits.check_literal(self.source, span, "a number")?;
        let mistake = |message: &str, label: &str| {
            Err(Diagnostic::error(Code::Arithmetic, message).at(self.source, span, label))
        };
        let is_zero = |text: &str| {
            text.split(['e', 'E'])
                .next()
                .is_none_or(|digits| !digits.contains(|digit| matches!(digit, '1'..='9')))
        };
        match text.parse::<f64>() {
            // As in Nix, what loses its digits is no number.
            Ok(number) if number.is_subnormal() || number == 0.0 && !is_zero(text) => {
                mistake("the float is too small", "below 2.3e-308")
            }
            Ok(number) if number.is_finite() => Ok(number),
            _ => mistake("the float is too large", "exceeds 1.8e308"),
        }
    }

    /// Refuses a string whose own text, without what is interpolated, is too long.
    fn check_string(&self, pair: &Pair<'_, Rule>) -> Result<(), Diagnostic> {
        let span = span_of(pair);
        if span.range().len() <= self.limits.literal {
            return Ok(());
        }
        let inner = pair.clone().into_inner();
        let interpolated = inner.filter(|part| part.as_rule() == Rule::interpolation);
        let own = interpolated.fold(span.range().len(), |own, part| own.saturating_sub(part.as_str().len()));
        let own = Span::new(span.start as usize, span.start as usize + own);
        self.limits.check_literal(self.source, own, "a string")
    }

    pub(super) fn string(&self, pair: Pair<'_, Rule>) -> Result<(Vec<StringPart>, usize), Diagnostic> {
        self.check_string(&pair)?;
        let is_indented = pair.as_rule() == Rule::indented;
        let mut parts = Parts::default();
        let mut pieces = Vec::new();
        let mut height = 0;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::string_text => parts.text(&unescape(part.as_str())),
                Rule::indented_text => pieces.push(Piece::Written(part.as_str().to_owned())),
                Rule::indented_escape => pieces.push(Piece::Escaped(match part.as_str() {
                    "'''" => "''".to_owned(),
                    "''$" => "$".to_owned(),
                    written => match written.strip_prefix("''") {
                        Some(escape) => unescape(escape),
                        None => written.to_owned(),
                    },
                })),
                Rule::interpolation => {
                    let node = self.interpolation(part)?;
                    height = height.max(node.height);
                    if is_indented {
                        pieces.push(Piece::Interpolation(node.expr));
                    } else {
                        parts.interpolation(node.expr);
                    }
                }
                _ => {}
            }
        }
        if is_indented {
            drop_first_line(&mut pieces);
            return Ok((strip_indentation(pieces), height));
        }
        Ok((parts.finish(), height))
    }

    pub(super) fn interpolation(&self, pair: Pair<'_, Rule>) -> Result<Node, Diagnostic> {
        match pair.into_inner().find(|part| part.as_rule() == Rule::expression) {
            Some(expression) => self.expression(expression),
            None => unreachable!("an interpolation has an expression"),
        }
    }
}

/// The operator of an infix rule.
fn infix(rule: Rule) -> BinaryOperator {
    match rule {
        Rule::pipe_forward_op => BinaryOperator::PipeForward,
        Rule::pipe_backward_op => BinaryOperator::PipeBackward,
        Rule::or_op => BinaryOperator::Or,
        Rule::and_op => BinaryOperator::And,
        Rule::implies_op => BinaryOperator::Implies,
        Rule::equal_op => BinaryOperator::Equal,
        Rule::not_equal_op => BinaryOperator::NotEqual,
        Rule::less_or_equal_op => BinaryOperator::LessOrEqual,
        Rule::greater_or_equal_op => BinaryOperator::GreaterOrEqual,
        Rule::less_op => BinaryOperator::Less,
        Rule::greater_op => BinaryOperator::Greater,
        Rule::concat_op => BinaryOperator::Concat,
        Rule::add_op => BinaryOperator::Add,
        Rule::subtract_op => BinaryOperator::Subtract,
        Rule::update_op => BinaryOperator::Update,
        Rule::divide_op => BinaryOperator::Divide,
        Rule::multiply_op => BinaryOperator::Multiply,
        _ => unreachable!("{rule:?} is no infix operator"),
    }
}
