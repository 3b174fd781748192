//! Where mistakes of builtins stand: at the argument that is wrong, also where it was piped, or given apart
//! from the others.

use std::rc::Rc;
use std::sync::Arc;

use super::{Frame, locate};
use crate::builtins::{self, Builtin};
use crate::diagnostic::Code;
use crate::text::Span;
use crate::types::tir::{Expr, ExprKind};
use crate::value::{Fault, Filter, Place, Value};

/// A mistake about one argument of a builtin gets the place of that argument. Of a builtin that takes one
/// alone, what makes no sense is that.
#[cold]
pub(super) fn at_argument(
    mut fault: Fault,
    builtin: &Builtin,
    arguments: &[Expr],
    frame: &Frame<'_>,
) -> Fault {
    let is_of_value = matches!(fault.diagnostic().code, Code::InvalidValue | Code::MissingElement);
    let place = fault.take_argument().or((is_of_value && arguments.len() == 1).then_some(0));
    match place.and_then(|place| arguments.get(place)) {
        Some(argument) => locate(fault, frame.source, argument.span, &format!("given to `{}`", builtin.name)),
        None => fault,
    }
}

/// As [`at_argument`], of a builtin that got some of its arguments elsewhere.
#[cold]
pub(super) fn at_later_argument(
    mut fault: Fault,
    (function, callee): (&Expr, &Value),
    arguments: &[Expr],
    frame: &Frame<'_>,
) -> Fault {
    let Value::Builtin(partial) = callee else { return fault };
    match fault.take_argument() {
        None => fault,
        Some(place) => match place.checked_sub(partial.arguments.len()).map(|place| arguments.get(place)) {
            Some(Some(argument)) => locate(fault, frame.source, argument.span, "given to a builtin"),
            Some(None) => fault,
            None => locate(fault, frame.source, function.span, "this was given it before"),
        },
    }
}

/// As [`at_argument`], of a stage of a pipe, whose last argument stands before it.
#[cold]
pub(super) fn at_stage(mut fault: Fault, stage: &Expr, piped: Span, frame: &Frame<'_>) -> Fault {
    let place = fault.take_argument();
    let Some((builtin, arguments)) = stage_of_builtin(stage) else { return fault };
    let is_of_value = matches!(fault.diagnostic().code, Code::InvalidValue | Code::MissingElement);
    let place = place.or((is_of_value && arguments.is_empty()).then_some(0));
    let span = match place {
        Some(place) if place == arguments.len() => piped,
        Some(place) => match arguments.get(place) {
            Some(argument) => argument.span,
            None => return fault,
        },
        None => return fault,
    };
    locate(fault, frame.source, span, &format!("given to `{}`", builtin.name))
}

/// The builtin that a stage of a pipe calls with what is piped as its last argument, and the arguments
/// that stand behind it.
fn stage_of_builtin(stage: &Expr) -> Option<(&'static Builtin, &[Expr])> {
    let (function, arguments) = match &stage.kind {
        ExprKind::Apply { function, arguments } => (&function.kind, arguments.as_slice()),
        other => (other, &[][..]),
    };
    let ExprKind::Builtin(index) = function else { return None };
    let builtin = builtins::get(*index)?;
    (builtin.arity == arguments.len() + 1).then_some((builtin, arguments))
}

/// Whether a stage of a pipe evaluates what is piped before it does anything else.
pub(super) fn needs_piped(stage: &Expr) -> bool {
    stage_of_builtin(stage)
        .is_some_and(|(builtin, arguments)| builtin.needs.first() == Some(&arguments.len()))
}

/// A filter that a call has just made gets the place of the name it asks for.
pub(super) fn place_filter(value: Value, function: &Expr, arguments: &[Expr], frame: &Frame<'_>) -> Value {
    match value {
        Value::Filter(filter) if filter.place.is_none() => {
            let span = arguments.last().map_or(function.span, |argument| argument.span);
            let place = Place { source: Arc::clone(frame.source), span };
            Value::Filter(Rc::new(Filter { kind: filter.kind.clone(), place: Some(place) }))
        }
        other => other,
    }
}
