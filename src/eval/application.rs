//! Calls as they are written: what is called, with its arguments.

use super::places::{at_argument, at_later_argument, place_filter};
use super::ready::View;
use super::scalar::integer_operation;
use super::{Captures, Evaluation, Frame, RED_ZONE, STACK_PIECE};
use crate::builtins::{self, Builtin};
use crate::types::Needed;
use crate::types::tir::{Body, Capture, Expr, ExprKind};
use crate::value::{Closure, Fault, Value};

use std::rc::Rc;

/// What is said at the place of a call in which something failed that has no place of its own.
pub(super) const CALLING: &str = "while calling this";

impl Evaluation<'_> {
    /// A call.
    #[inline(never)]
    pub(super) fn application(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let ExprKind::Apply { function, arguments } = &expr.kind else { return Ok(Value::Null) };
        // A function that the frame holds need not be held once more.
        let Some(closure) = Self::function_at_hand(function, frame) else {
            return self.application_of(expr, frame);
        };
        let base = self.stack.len();
        let needed = closure.needed();
        for (place, argument) in arguments.iter().enumerate() {
            if let Err(fault) = self.push_argument(argument, needed.contains(place), frame) {
                self.stack.truncate(base);
                return self.failed(fault, expr, Some(CALLING), frame);
            }
        }
        self.call_pushed(closure, base, expr, frame)
    }

    #[inline(always)]
    fn call_pushed(
        &mut self,
        closure: &Rc<Closure>,
        base: usize,
        expr: &Expr,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let mut result = self.call_closure(closure, base);
        if self.stack.len() > base || matches!(result, Ok(Value::Filter(_)) | Err(_)) {
            result = self.finish_call(result, base);
            result = self.called(result, true, expr, frame);
        }
        result
    }

    /// Pushes an argument; most are numbers.
    #[inline(always)]
    fn push_argument(&mut self, expr: &Expr, now: bool, frame: &Frame<'_>) -> Result<(), Fault> {
        let value = match &expr.kind {
            ExprKind::Local(slot) => match self.stack.get(frame.base + *slot as usize) {
                Some(Value::Int(number)) => {
                    let number = *number;
                    self.stack.push(Value::Int(number));
                    return Ok(());
                }
                other => other.cloned().unwrap_or(Value::Null),
            },
            ExprKind::Delayed(body, captures) => {
                if let Some((operator, left, right)) = self.beside_captured(&body.expr, captures, frame)
                    && let Some(number) = integer_operation(operator, left, right)
                {
                    self.stack.push(Value::Int(number));
                    return Ok(());
                }
                if now { self.argument_now(body, captures, frame)? } else { self.make(expr, frame)? }
            }
            _ => self.make(expr, frame)?,
        };
        self.stack.push(value);
        Ok(())
    }

    /// A call of what must be looked for first.
    #[inline(never)]
    fn application_of(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let ExprKind::Apply { function, arguments } = &expr.kind else { return Ok(Value::Null) };
        if let ExprKind::Builtin(index) = function.kind
            && let Some(builtin) = builtins::get(index)
            && builtin.arity == arguments.len()
        {
            return self.application_of_builtin(builtin, expr, arguments, frame);
        }
        let mut is_closure = false;
        let result = self.value(function, frame).and_then(|callee| {
            let needed = match &callee {
                Value::Closure(closure) => closure.needed(),
                _ => Needed::default(),
            };
            is_closure = matches!(callee, Value::Closure(_));
            self.push_arguments(arguments, needed, frame)?;
            let told = |fault| at_later_argument(fault, (function, &callee), arguments, frame);
            self.apply_told(&callee, arguments.len(), &told)
        });
        match result {
            Ok(Value::Filter(_)) | Err(_) => self.called(result, is_closure, expr, frame),
            result => result,
        }
    }

    /// A call of a builtin with all its arguments.
    #[inline(always)]
    fn application_of_builtin(
        &mut self,
        builtin: &Builtin,
        expr: &Expr,
        arguments: &[Expr],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let mut result = self.call_builtin(builtin, arguments, frame);
        if matches!(result, Ok(Value::Filter(_)) | Err(_)) {
            result = result.map_err(|fault| at_argument(fault, builtin, arguments, frame));
            result = self.called(result, false, expr, frame);
        }
        result
    }

    /// Pushes arguments, evaluated where they are needed first; after a fault none are left.
    fn push_arguments(&mut self, arguments: &[Expr], needed: Needed, frame: &Frame<'_>) -> Result<(), Fault> {
        let base = self.stack.len();
        for (place, argument) in arguments.iter().enumerate() {
            if let Err(fault) = self.push_argument(argument, needed.contains(place), frame) {
                self.stack.truncate(base);
                return Err(fault);
            }
        }
        Ok(())
    }

    /// What a call came to, with its place where that is a fault or a filter that it has just made.
    #[inline(never)]
    fn called(
        &mut self,
        result: Result<Value, Fault>,
        is_closure: bool,
        expr: &Expr,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        match (result, &expr.kind) {
            (Ok(result @ Value::Filter(_)), ExprKind::Apply { function, arguments })
                if !is_closure || arguments.len() != 1 =>
            {
                Ok(place_filter(result, function, arguments, frame))
            }
            (Err(fault), _) => self.failed(fault, expr, Some(CALLING), frame),
            (result, _) => result,
        }
    }

    /// Calls a builtin with all its arguments.
    #[inline(never)]
    fn call_builtin(
        &mut self,
        builtin: &Builtin,
        arguments: &[Expr],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let needs = builtin.needs;
        match arguments {
            [one] => {
                let made = [self.argument(one, !needs.is_empty(), frame)?];
                self.run_builtin(builtin, &made)
            }
            [one, two] if needs.is_empty() => {
                let made = [self.make(one, frame)?, self.make(two, frame)?];
                self.run_builtin(builtin, &made)
            }
            many => {
                let mut made = [const { Value::Null }; 4];
                let Some(made) = made.get_mut(..many.len()) else {
                    return self.call_wide(builtin, many, frame);
                };
                if needs.is_sorted() {
                    for (place, (argument, made)) in many.iter().zip(made.iter_mut()).enumerate() {
                        *made = self.argument(argument, needs.contains(&place), frame)?;
                    }
                    return self.run_builtin(builtin, made);
                }
                let needed = needs.iter().filter_map(|place| Some((*place, many.get(*place)?, true)));
                let others = many.iter().enumerate().filter(|(place, _)| !needs.contains(place));
                for (place, argument, now) in needed.chain(others.map(|(place, other)| (place, other, false)))
                {
                    let value = self.argument(argument, now, frame)?;
                    if let Some(place) = made.get_mut(place) {
                        *place = value;
                    }
                }
                self.run_builtin(builtin, made)
            }
        }
    }

    /// Calls a builtin with many arguments.
    #[inline(never)]
    fn call_wide(
        &mut self,
        builtin: &Builtin,
        arguments: &[Expr],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let mut made = Vec::with_capacity(arguments.len());
        for argument in arguments {
            made.push(self.make(argument, frame)?);
        }
        self.run_builtin(builtin, &made)
    }

    /// An argument: evaluated where it is needed at once, so that nothing is delayed.
    fn argument(&mut self, expr: &Expr, now: bool, frame: &Frame<'_>) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Delayed(body, captures) if now => self.argument_now(body, captures, frame),
            _ => self.make(expr, frame),
        }
    }

    /// An argument that could be delayed and is needed at once.
    #[inline(never)]
    fn argument_now(&mut self, body: &Body, captures: &[Capture], frame: &Frame<'_>) -> Result<Value, Fault> {
        if !matches!(body.expr.kind, ExprKind::Apply { .. })
            && let Some(value) = self.ready(&body.expr, &View::delayed(frame, captures))
        {
            return Ok(value);
        }
        self.meter.enter()?;
        let result =
            stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.body(body, Captures::Around(captures, frame)));
        self.meter.leave();
        result
    }
}
