//! Values that are there already, or that cost less to compute than to delay.
//!
//! What is found here needs no call, cannot fail and counts against no limit: arithmetic on integers that
//! are known, comparisons of values that are known, and attributes of sets that are known. Whatever else it would take, down to a result
//! that does not fit, is left to evaluation, which makes the mistake at the right place. So it makes no
//! difference to what a program means whether something was ready.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::{Captures, Evaluation, Frame};
use crate::builtins;
use crate::syntax::ast::BinaryOperator as Op;
use crate::types::tir::{Capture, Constant, Expr, ExprKind, Parameter};
use crate::value::{Name, Value};

/// So deep are operators looked into; what is below is evaluated.
const DEPTH: u32 = 4;

/// Texts shorter than this are made at once: they take less room than what would wait for them.
const SHORT_TEXT: usize = 32;

/// The number of `toString`.
static TO_STRING: LazyLock<u32> = LazyLock::new(|| builtins::find("nix", "toString").unwrap_or(u32::MAX));

/// From where an expression is looked at: from its own frame, or from the frame around an expression
/// that is to be delayed, which would capture these values.
#[derive(Clone, Copy)]
pub(super) struct View<'v> {
    frame: &'v Frame<'v>,
    captures: Option<&'v [Capture]>,
    /// The expression around one that is to be delayed, where that is to be delayed as well.
    around: Option<&'v View<'v>>,
}

impl<'v> View<'v> {
    /// Of an expression in its own frame.
    pub(super) fn here(frame: &'v Frame<'v>) -> View<'v> {
        View { frame, captures: None, around: None }
    }

    /// Of an expression that is to be delayed, with what it captures of the frame around.
    pub(super) fn delayed(frame: &'v Frame<'v>, captures: &'v [Capture]) -> View<'v> {
        View { frame, captures: Some(captures), around: None }
    }

    /// Of an expression that is delayed inside of what is looked at.
    fn within(&'v self, captures: &'v [Capture]) -> View<'v> {
        View { frame: self.frame, captures: Some(captures), around: Some(self) }
    }
}

impl Evaluation<'_> {
    /// The value of an expression, perhaps a thunk that is its value, where it is ready.
    pub(super) fn ready(&self, expr: &Expr, view: &View<'_>) -> Option<Value> {
        match &expr.kind {
            ExprKind::Chain { first, rest } => self.ready_chain(first, rest, view),
            ExprKind::Constant(Constant::Int(number)) => Some(Value::Int(*number)),
            ExprKind::Select { base, name, hint, .. } => self.ready_attribute(base, name, *hint, view),
            ExprKind::Negate(_) => self.ready_integer(expr, view, DEPTH).map(Value::Int),
            ExprKind::Interpolate(parts) => self.ready_text(parts, view),
            _ => None,
        }
    }

    /// A short text of texts and numbers, where those are ready: it is smaller than what would wait for it.
    fn ready_text(&self, parts: &[Expr], view: &View<'_>) -> Option<Value> {
        let mut text = self.joined.take();
        text.clear();
        let joined = parts.iter().try_for_each(|part| self.add_text(part, view, &mut text));
        let value = joined.map(|()| Value::string(&text));
        self.joined.set(text);
        value
    }

    /// Adds a part to a short text.
    fn add_text(&self, part: &Expr, view: &View<'_>, text: &mut String) -> Option<()> {
        let mut add = |more: &str| {
            text.push_str(more);
            (text.len() < SHORT_TEXT).then_some(())
        };
        match &part.kind {
            ExprKind::Apply { function, arguments } => match (&function.kind, arguments.as_slice()) {
                (ExprKind::Builtin(index), [argument]) if *index == *TO_STRING => {
                    self.scalar(argument, view, |value| match value {
                        Scalar::Int(number) => add(itoa::Buffer::new().format(number)),
                        Scalar::Text(more) => add(more),
                        _ => None,
                    })
                }
                _ => None,
            },
            _ => self.scalar(part, view, |value| match value {
                Scalar::Text(more) => add(more),
                _ => None,
            }),
        }
    }

    /// Whether a predicate holds of what lies on top of the stack, where that is ready.
    pub(super) fn ready_predicate(&self, predicate: &Value) -> Option<bool> {
        let Value::Closure(closure) = predicate else { return None };
        let lambda = closure.group.lambdas.get(closure.index)?;
        let Parameter::Value = lambda.parameter else { return None };
        let base = self.stack.len().checked_sub(1)?;
        let frame = Frame {
            base,
            captures: Captures::Own(&closure.captures),
            closure: None,
            source: &lambda.body.source,
        };
        self.ready_truth(&lambda.body.expr, &frame)
    }

    /// What a function gives for an argument, where that is ready.
    pub(super) fn ready_call(&mut self, function: &Value, argument: &Value) -> Option<Value> {
        let Value::Closure(closure) = function else { return None };
        let lambda = closure.group.lambdas.get(closure.index)?;
        match (&lambda.parameter, &lambda.body.expr.kind) {
            (Parameter::Value, ExprKind::Local(0)) => Some(argument.clone()),
            (
                Parameter::Value,
                ExprKind::Chain { .. } | ExprKind::Select { .. } | ExprKind::Interpolate(_),
            ) => {
                let base = self.stack.len();
                self.stack.push(argument.clone());
                let source = &lambda.body.source;
                let captures = Captures::Own(&closure.captures);
                let frame = Frame { base, captures, closure: None, source };
                let value = self.ready(&lambda.body.expr, &View::here(&frame));
                self.stack.truncate(base);
                value
            }
            // A set of what is there and of what waits: making it takes no longer than to wait for it.
            (Parameter::Value, ExprKind::AttrSet { .. })
                if lambda.body.slots <= 1 && is_made_at_once(&lambda.body.expr) =>
            {
                let base = self.stack.len();
                self.stack.push(argument.clone());
                let (captures, source) = (Captures::Own(&closure.captures), &lambda.body.source);
                let frame = Frame { base, captures, closure: Some(closure), source };
                let value = self.make(&lambda.body.expr, &frame).ok();
                self.stack.truncate(base);
                value
            }
            _ => None,
        }
    }

    /// The value of operators, where the operands are ready.
    #[inline]
    pub(super) fn ready_chain(&self, first: &Expr, rest: &[(Op, Expr)], view: &View<'_>) -> Option<Value> {
        match rest {
            // A call is never ready, and is often the second operand.
            [(_, Expr { kind: ExprKind::Apply { .. }, .. })] => None,
            [(operator, right)] if compares(*operator) => {
                self.ready_comparison(*operator, first, right, view).map(Value::Bool)
            }
            // Most count up or down.
            [(operator, Expr { kind: ExprKind::Constant(Constant::Int(right)), .. })] => {
                let left = match &first.kind {
                    ExprKind::Local(_) | ExprKind::Captured(_) => integer(self.look(first, view)?),
                    _ => self.ready_integer(first, view, DEPTH),
                };
                integer_operation(*operator, left?, *right).map(Value::Int)
            }
            _ => self.ready_arithmetic(first, rest, view, DEPTH).map(Value::Int),
        }
    }

    /// Whether a condition holds, where that is ready.
    #[inline]
    pub(super) fn ready_truth(&self, condition: &Expr, frame: &Frame<'_>) -> Option<bool> {
        let ExprKind::Chain { first, rest } = &condition.kind else { return None };
        match rest.as_slice() {
            [(operator, right)] if compares(*operator) => {
                self.ready_comparison(*operator, first, right, &View::here(frame))
            }
            _ => None,
        }
    }

    fn ready_comparison(&self, operator: Op, left: &Expr, right: &Expr, view: &View<'_>) -> Option<bool> {
        // Most compare a number with another.
        if let ExprKind::Constant(Constant::Int(right)) = &right.kind
            && let ExprKind::Local(_) | ExprKind::Captured(_) = &left.kind
        {
            return compare_integers(operator, integer(self.look(left, view)?)?, *right);
        }
        self.scalar(left, view, |left| self.scalar(right, view, |right| left.compare(operator, right)))
    }

    /// What something of an expression's value is, where it is ready, and has no parts.
    fn scalar<T>(
        &self,
        expr: &Expr,
        view: &View<'_>,
        then: impl FnOnce(Scalar<'_>) -> Option<T>,
    ) -> Option<T> {
        match &expr.kind {
            ExprKind::Constant(constant) => match constant {
                Constant::Int(number) => then(Scalar::Int(*number)),
                Constant::String(text) => then(Scalar::Text(text)),
                Constant::Bool(truth) => then(Scalar::Bool(*truth)),
                Constant::Null => then(Scalar::Null),
                Constant::Float(_) => None,
            },
            ExprKind::Local(_) | ExprKind::Captured(_) => with_scalar(self.look(expr, view)?, then),
            ExprKind::Select { base, name, hint, .. } => match self.look(base, view)? {
                Value::Attrs(attrs) => with_scalar(attrs.get_hinted(name, *hint as usize)?, then),
                Value::Thunk(thunk) => thunk.peek(|value| match value {
                    Value::Attrs(attrs) => with_scalar(attrs.get_hinted(name, *hint as usize)?, then),
                    _ => None,
                }),
                _ => None,
            },
            ExprKind::Chain { .. } | ExprKind::Negate(_) => {
                then(Scalar::Int(self.ready_integer(expr, view, DEPTH)?))
            }
            ExprKind::Delayed(body, captures) => match &body.expr.kind {
                ExprKind::Chain { .. } | ExprKind::Negate(_) => {
                    then(Scalar::Int(self.ready_integer(&body.expr, &view.within(captures), DEPTH)?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn ready_arithmetic(
        &self,
        first: &Expr,
        rest: &[(Op, Expr)],
        view: &View<'_>,
        depth: u32,
    ) -> Option<i64> {
        let mut result = self.ready_integer(first, view, depth)?;
        for (operator, operand) in rest {
            result = integer_operation(*operator, result, self.ready_integer(operand, view, depth)?)?;
        }
        Some(result)
    }

    fn ready_integer(&self, expr: &Expr, view: &View<'_>, depth: u32) -> Option<i64> {
        match &expr.kind {
            ExprKind::Constant(Constant::Int(number)) => Some(*number),
            ExprKind::Local(_) | ExprKind::Captured(_) => integer(self.look(expr, view)?),
            ExprKind::Select { .. } => self.scalar(expr, view, |value| match value {
                Scalar::Int(number) => Some(number),
                _ => None,
            }),
            ExprKind::Chain { first, rest } if depth > 0 => {
                self.ready_arithmetic(first, rest, view, depth - 1)
            }
            ExprKind::Negate(operand) if depth > 0 => {
                self.ready_integer(operand, view, depth - 1)?.checked_neg()
            }
            _ => None,
        }
    }

    /// An attribute of a set, where the set is known; the attribute may be a thunk. Functions are left out: Nix
    /// holds two of them equal only where they are one value, and an attribute that is asked for is another.
    #[inline]
    pub(super) fn ready_attribute(
        &self,
        base: &Expr,
        name: &Name,
        hint: u32,
        view: &View<'_>,
    ) -> Option<Value> {
        let found = match self.look(base, view)? {
            Value::Attrs(attrs) => attrs.get_hinted(name, hint as usize).cloned(),
            Value::Thunk(thunk) => thunk.peek(|value| match value {
                Value::Attrs(attrs) => attrs.get_hinted(name, hint as usize).cloned(),
                _ => None,
            }),
            _ => None,
        };
        found.filter(|value| !matches!(value, Value::Closure(_) | Value::Builtin(_)))
    }

    /// What a variable holds.
    #[inline(always)]
    fn look<'e>(&'e self, expr: &Expr, view: &View<'e>) -> Option<&'e Value> {
        match (&expr.kind, view.captures) {
            (ExprKind::Local(slot), None) => self.stack.get(view.frame.base + *slot as usize),
            (ExprKind::Captured(index), None) => self.captured(*index, view.frame),
            (ExprKind::Captured(index), Some(captures)) => {
                let capture = *captures.get(*index as usize)?;
                match view.around {
                    None => self.capture(capture, view.frame),
                    Some(around) => self.look_around(capture, around),
                }
            }
            _ => None,
        }
    }

    /// What an expression would capture that is delayed inside of one that is to be delayed.
    #[inline(never)]
    fn look_around<'e>(&'e self, capture: Capture, view: &View<'e>) -> Option<&'e Value> {
        match (capture, view.captures) {
            (Capture::Captured(index), Some(captures)) => {
                let capture = *captures.get(index as usize)?;
                match view.around {
                    None => self.capture(capture, view.frame),
                    Some(around) => self.look_around(capture, around),
                }
            }
            (capture, None) => self.capture(capture, view.frame),
            // Its own slots are filled when it is evaluated.
            _ => None,
        }
    }
}

/// Whether making a value calls nothing, cannot fail, and takes as long as its text.
fn is_made_at_once(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(_)
        | ExprKind::Captured(_)
        | ExprKind::Constant(_)
        | ExprKind::Delayed(..)
        | ExprKind::Lambda(..) => true,
        ExprKind::List(items) => items.iter().all(is_made_at_once),
        ExprKind::AttrSet { values, .. } => values.iter().all(is_made_at_once),
        _ => false,
    }
}

/// The order that a function of two arguments asks for, where it does nothing but compare them.
pub(super) fn order(function: &Value) -> Option<Ordering> {
    let Value::Closure(closure) = function else { return None };
    let outer = closure.group.lambdas.get(closure.index)?;
    let ExprKind::Lambda(group, captures) = &outer.body.expr.kind else { return None };
    let ([inner], [Capture::Local(0)]) = (group.lambdas.as_slice(), captures.as_slice()) else { return None };
    let (Parameter::Value, Parameter::Value) = (&outer.parameter, &inner.parameter) else { return None };
    let ExprKind::Chain { first, rest } = &inner.body.expr.kind else { return None };
    let [(operator, right)] = rest.as_slice() else { return None };
    match (&first.kind, operator, &right.kind) {
        (ExprKind::Captured(0), Op::Less, ExprKind::Local(0))
        | (ExprKind::Local(0), Op::Greater, ExprKind::Captured(0)) => Some(Ordering::Less),
        (ExprKind::Captured(0), Op::Greater, ExprKind::Local(0))
        | (ExprKind::Local(0), Op::Less, ExprKind::Captured(0)) => Some(Ordering::Greater),
        _ => None,
    }
}

/// A value that is ready and has no parts.
#[derive(Clone, Copy)]
enum Scalar<'s> {
    Null,
    Bool(bool),
    Int(i64),
    Text(&'s str),
}

impl Scalar<'_> {
    /// A comparison; nothing for what has no order, and for other operators.
    fn compare(self, operator: Op, other: Scalar<'_>) -> Option<bool> {
        match (self, other) {
            (Scalar::Int(left), Scalar::Int(right)) => compare_integers(operator, left, right),
            (Scalar::Text(left), Scalar::Text(right)) => match operator {
                Op::Less => Some(left < right),
                Op::LessOrEqual => Some(left <= right),
                Op::Greater => Some(left > right),
                Op::GreaterOrEqual => Some(left >= right),
                Op::Equal => Some(left == right),
                Op::NotEqual => Some(left != right),
                _ => None,
            },
            (left, right) => {
                let equal = match (left, right) {
                    (Scalar::Bool(left), Scalar::Bool(right)) => left == right,
                    (Scalar::Null, Scalar::Null) => true,
                    (Scalar::Null, _) | (_, Scalar::Null) => false,
                    _ => return None,
                };
                match operator {
                    Op::Equal => Some(equal),
                    Op::NotEqual => Some(!equal),
                    _ => None,
                }
            }
        }
    }
}

fn with_scalar<T>(value: &Value, then: impl FnOnce(Scalar<'_>) -> Option<T>) -> Option<T> {
    match value {
        Value::Int(number) => then(Scalar::Int(*number)),
        Value::String(text) => then(Scalar::Text(text)),
        Value::Bool(truth) => then(Scalar::Bool(*truth)),
        Value::Null => then(Scalar::Null),
        Value::Thunk(thunk) => thunk.peek(|value| match value {
            Value::Int(number) => then(Scalar::Int(*number)),
            Value::String(text) => then(Scalar::Text(text)),
            Value::Bool(truth) => then(Scalar::Bool(*truth)),
            Value::Null => then(Scalar::Null),
            _ => None,
        }),
        _ => None,
    }
}

#[inline]
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Thunk(thunk) => thunk.peek(|value| match value {
            Value::Int(number) => Some(*number),
            _ => None,
        }),
        _ => None,
    }
}

fn compares(operator: Op) -> bool {
    matches!(
        operator,
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual | Op::Equal | Op::NotEqual
    )
}

/// A comparison of integers; nothing for other operators.
#[inline]
pub(super) fn compare_integers(operator: Op, left: i64, right: i64) -> Option<bool> {
    Some(match operator {
        Op::Less => left < right,
        Op::LessOrEqual => left <= right,
        Op::Greater => left > right,
        Op::GreaterOrEqual => left >= right,
        Op::Equal => left == right,
        Op::NotEqual => left != right,
        _ => return None,
    })
}

/// The arithmetic of integers; nothing where the result does not fit, by zero, and for other operators.
#[inline]
pub(super) fn integer_operation(operator: Op, left: i64, right: i64) -> Option<i64> {
    match operator {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        Op::Divide => left.checked_div(right),
        _ => None,
    }
}
