//! Values that are there already, or that cost less to compute than to delay.
//!
//! What is found here needs no call, cannot fail and counts against no limit: arithmetic on integers that
//! are known, comparisons of values that are known, and attributes of sets that are known. Whatever else it would take, down to a result
//! that does not fit, is left to evaluation, which makes the mistake at the right place. So it makes no
//! difference to what a program means whether something was ready.

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use super::expression::constant_value;
use super::scalar::{
    Scalar, compare_integers, compare_values, compares, integer, integer_operation, with_scalar,
};
use super::{Captures, Evaluation, Frame};
use crate::builtins;
use crate::syntax::ast::BinaryOperator as Op;
use crate::types::tir::{Capture, Constant, Expr, ExprKind, Parameter};
use crate::value::{Attrs, Name, Value};

/// So deep are operators looked into; what is below is evaluated.
const DEPTH: u32 = 4;

/// Texts shorter than this are made at once: they take less room than what would wait for them.
const SHORT_TEXT: usize = 32;

/// Sets of at most so many attributes are made at once.
const SMALL_SET: usize = 4;

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
    /// The argument of a function that is looked into instead of being called.
    argument: Option<&'v Value>,
}

impl<'v> View<'v> {
    /// Of an expression in its own frame.
    pub(super) fn here(frame: &'v Frame<'v>) -> View<'v> {
        View { frame, captures: None, around: None, argument: None }
    }

    /// Of an expression that is to be delayed, with what it captures of the frame around.
    pub(super) fn delayed(frame: &'v Frame<'v>, captures: &'v [Capture]) -> View<'v> {
        View { frame, captures: Some(captures), around: None, argument: None }
    }

    /// Of an expression that is delayed inside of what is looked at.
    fn within(&'v self, captures: &'v [Capture]) -> View<'v> {
        View { frame: self.frame, captures: Some(captures), around: Some(self), argument: None }
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
            ExprKind::AttrSet { keys, values } => self.ready_set(keys, values, view, DEPTH),
            _ => None,
        }
    }

    /// A small set of what is ready: it takes less room than what would wait for it.
    fn ready_set(&self, keys: &Arc<[Name]>, values: &[Expr], view: &View<'_>, depth: u32) -> Option<Value> {
        if values.len() > SMALL_SET || !values.iter().all(may_be_ready) {
            return None;
        }
        let mut made = Vec::with_capacity(values.len());
        for value in values {
            made.push(match &value.kind {
                ExprKind::Constant(constant) => constant_value(constant),
                ExprKind::Captured(_) => self.look(value, view)?.clone(),
                ExprKind::Delayed(body, captures) => {
                    let inner = view.within(captures);
                    match &body.expr.kind {
                        ExprKind::AttrSet { keys, values } if depth > 0 => {
                            self.ready_set(keys, values, &inner, depth - 1)?
                        }
                        ExprKind::AttrSet { .. } => return None,
                        _ => self.ready(&body.expr, &inner)?,
                    }
                }
                _ => return None,
            });
        }
        Some(Value::Attrs(Attrs::new(Arc::clone(keys), made)))
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

    /// Whether a predicate holds of a value, where that is ready.
    #[inline]
    pub(super) fn ready_predicate(&self, predicate: &Value, argument: &Value) -> Option<bool> {
        let Value::Closure(closure) = predicate else { return None };
        let lambda = closure.group.lambdas.get(closure.index)?;
        let Parameter::Value = lambda.parameter else { return None };
        let captures = Captures::Own(&closure.captures);
        let frame = Frame { base: self.stack.len(), captures, closure: None, source: &lambda.body.source };
        let view = View { argument: Some(argument), ..View::here(&frame) };
        self.ready_truth(&lambda.body.expr, &view)
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

    /// The operator between a number that a variable is known to hold and one that stands there, by which most
    /// programs count: what [`Evaluation::ready_chain`] finds, sooner.
    #[inline(always)]
    pub(super) fn beside_number(
        &self,
        first: &Expr,
        rest: &[(Op, Expr)],
        frame: &Frame<'_>,
    ) -> Option<(Op, i64, i64)> {
        let [(operator, Expr { kind: ExprKind::Constant(Constant::Int(right)), .. })] = rest else {
            return None;
        };
        let left = match &first.kind {
            ExprKind::Local(slot) => self.stack.get(frame.base + *slot as usize),
            ExprKind::Captured(index) => self.captured(*index, frame),
            _ => None,
        };
        let Some(Value::Int(left)) = left else { return None };
        Some((*operator, *left, *right))
    }

    /// As [`Evaluation::beside_number`], of an expression that is to be delayed with what it captures of the frame.
    #[inline(always)]
    pub(super) fn beside_captured(
        &self,
        delayed: &Expr,
        captures: &[Capture],
        frame: &Frame<'_>,
    ) -> Option<(Op, i64, i64)> {
        let ExprKind::Chain { first, rest } = &delayed.kind else { return None };
        let [(operator, Expr { kind: ExprKind::Constant(Constant::Int(right)), .. })] = rest.as_slice()
        else {
            return None;
        };
        let ExprKind::Captured(index) = first.kind else { return None };
        let Some(Value::Int(left)) = self.capture(*captures.get(index as usize)?, frame) else { return None };
        Some((*operator, *left, *right))
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

    /// Whether a condition holds, where that is ready: a comparison, or several of which the first ones decide.
    #[inline]
    pub(super) fn ready_truth(&self, condition: &Expr, view: &View<'_>) -> Option<bool> {
        let ExprKind::Chain { first, rest } = &condition.kind else { return None };
        match rest.as_slice() {
            [(operator, right)] if compares(*operator) => {
                self.ready_comparison(*operator, first, right, view)
            }
            [(Op::And | Op::Or, _), ..] => self.ready_conditions(first, rest, view),
            _ => None,
        }
    }

    #[inline(never)]
    fn ready_conditions(&self, first: &Expr, rest: &[(Op, Expr)], view: &View<'_>) -> Option<bool> {
        let mut truth = self.ready_truth(first, view)?;
        for (operator, operand) in rest {
            if truth == (*operator == Op::Or) {
                return Some(truth);
            }
            truth = self.ready_truth(operand, view)?;
        }
        Some(truth)
    }

    fn ready_comparison(&self, operator: Op, left: &Expr, right: &Expr, view: &View<'_>) -> Option<bool> {
        // Most compare what is there already with a number or with a text.
        if let Some(value) = self.direct(left, view) {
            let truth = match &right.kind {
                ExprKind::Constant(Constant::Int(right)) => match value {
                    Value::Int(left) => compare_integers(operator, *left, *right),
                    _ => None,
                },
                _ => compare_values(operator, value, self.direct(right, view)),
            };
            if truth.is_some() {
                return truth;
            }
        }
        self.scalar(left, view, |left| self.scalar(right, view, |right| left.compare(operator, right)))
    }

    /// What a variable or an attribute of one holds, where no thunk is in between; it may be one.
    #[inline(always)]
    fn direct<'e>(&'e self, expr: &Expr, view: &View<'e>) -> Option<&'e Value> {
        let ExprKind::Select { base, name, hint, .. } = &expr.kind else { return self.look(expr, view) };
        let base = match &base.kind {
            ExprKind::Select { base, name, hint, .. } => match self.look(base, view)? {
                Value::Attrs(attrs) => attrs.get_hinted(name, *hint as usize)?,
                _ => return None,
            },
            _ => self.look(base, view)?,
        };
        match base {
            Value::Attrs(attrs) => attrs.get_hinted(name, *hint as usize),
            _ => None,
        }
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
            (ExprKind::Local(slot), None) => match view.argument {
                Some(argument) => (*slot == 0).then_some(argument),
                None => self.stack.get(view.frame.base + *slot as usize),
            },
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
            (Capture::Local(slot), None) if view.argument.is_some() => view.argument.filter(|_| slot == 0),
            (capture, None) => self.capture(capture, view.frame),
            // Its own slots are filled when it is evaluated.
            _ => None,
        }
    }
}

/// Whether a part of a set may be ready, as far as its kind tells.
fn may_be_ready(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Captured(_) => true,
        ExprKind::Delayed(body, _) => matches!(
            body.expr.kind,
            ExprKind::Chain { .. }
                | ExprKind::Select { .. }
                | ExprKind::Negate(_)
                | ExprKind::Interpolate(_)
                | ExprKind::AttrSet { .. }
        ),
        _ => false,
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
