//! Calls, and values that are computed when they are needed.

use std::rc::Rc;
use std::sync::Arc;

use super::{Evaluation, Frame, RED_ZONE, STACK_PIECE, locate};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{did_you_mean, quoted};
use crate::types::tir::{Body, ExprKind, Lambda, Parameter, PatternField};
use crate::value::{Closure, Evaluator, Fault, Partial, State, Thunk, Value};

/// Room for the arguments of a call; calls with more need memory of their own for them.
pub(super) const NOTHING: [Value; 4] = [const { Value::Null }; 4];

/// The number of the builtin that a filter, called with a cluster's name, waits as.
const FILTER_CALL: u32 = u32::MAX;

impl Evaluation<'_> {
    /// Evaluates a body in a frame of its own.
    pub(super) fn body(
        &mut self,
        body: &Body,
        captures: &[Value],
        closure: Option<&Rc<Closure>>,
    ) -> Result<Value, Fault> {
        let base = self.stack.len();
        for _ in 0..body.slots {
            self.stack.push(Value::Null);
        }
        let frame = Frame { base, captures, closure, source: &body.source };
        let result = self.eval(&body.expr, &frame);
        self.stack.truncate(base);
        result
    }

    pub(super) fn force_thunk(&mut self, thunk: &Rc<Thunk>) -> Result<Value, Fault> {
        if let Some(value) = thunk.value() {
            return Ok(value);
        }
        self.meter.enter()?;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.compute(thunk));
        self.meter.leave();
        result
    }

    fn compute(&mut self, thunk: &Rc<Thunk>) -> Result<Value, Fault> {
        let result = match thunk.replace(State::Running) {
            State::Expression(body, captures) => self.body(&body, &captures, None),
            State::Call(function, argument) => self.apply(&function, &mut [argument]),
            State::Native(compute) => compute(self),
            State::Done(value) => Ok(value),
            State::Failed(fault) => Err(fault),
            State::Blank | State::Running => Err(Fault::new(
                Diagnostic::error(Code::InfiniteRecursion, "the value needs itself to be computed")
                    .help("break the cycle: a binding that refers to itself needs a function or another value in between"),
            )),
        };
        let result = result.and_then(|value| self.force(&value));
        thunk.replace(match &result {
            Ok(value) => State::Done(value.clone()),
            Err(fault) => State::Failed(fault.clone()),
        });
        result
    }

    /// Calls a function with arguments, which are taken out of their places; those that a function does
    /// not take go to its result. The result is never a thunk.
    pub(super) fn apply(&mut self, function: &Value, arguments: &mut [Value]) -> Result<Value, Fault> {
        let mut function = self.force(function)?;
        let mut arguments = arguments;
        while !arguments.is_empty() {
            let (result, taken) = match &function {
                Value::Closure(closure) => self.call_closure(closure, arguments)?,
                Value::Builtin(partial) => self.call_partial(partial, arguments)?,
                Value::Filter(_) => {
                    let argument = arguments.first_mut().map_or(Value::Null, take);
                    let waiting = vec![function.clone(), argument];
                    (Value::Builtin(Rc::new(Partial { builtin: FILTER_CALL, arguments: waiting })), 1)
                }
                other => {
                    let message =
                        format!("expected a function before an argument, found {}", other.describe());
                    return Err(Fault::new(Diagnostic::error(Code::NotAFunction, message)));
                }
            };
            function = result;
            arguments = arguments.get_mut(taken..).unwrap_or_default();
        }
        Ok(function)
    }

    /// Calls a builtin with as many arguments as it takes; gives its result and their number.
    fn call_partial(
        &mut self,
        partial: &Rc<Partial>,
        arguments: &mut [Value],
    ) -> Result<(Value, usize), Fault> {
        let arity = match partial.builtin {
            FILTER_CALL => 3,
            index => builtins::get(index).map_or(0, |builtin| builtin.arity),
        };
        let taken = arity.saturating_sub(partial.arguments.len()).min(arguments.len());
        let own = arguments.get_mut(..taken).unwrap_or_default();
        if partial.arguments.is_empty() && taken == arity {
            return Ok((self.run_builtin(partial.builtin, own)?, taken));
        }
        let mut all = Vec::with_capacity(arity);
        all.extend_from_slice(&partial.arguments);
        all.extend(own.iter_mut().map(take));
        let result = if all.len() < arity {
            Value::Builtin(Rc::new(Partial { builtin: partial.builtin, arguments: all }))
        } else {
            self.run_builtin(partial.builtin, &all)?
        };
        // What waits for nothing more takes no argument, which would never end.
        Ok((result, taken.max(1)))
    }

    /// Runs a builtin with all its arguments.
    pub(super) fn run_builtin(&mut self, index: u32, arguments: &[Value]) -> Result<Value, Fault> {
        self.meter.enter()?;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.run_builtin_here(index, arguments));
        self.meter.leave();
        let result = result?;
        if let Value::String(text) = &result {
            crate::value::meter::text(text);
        }
        // A builtin may answer with one of its arguments as it stands.
        let result = self.force(&result)?;
        self.meter.work(arguments.iter().map(text_size).sum::<usize>() + copied_size(&result))?;
        Ok(result)
    }

    fn run_builtin_here(&mut self, index: u32, arguments: &[Value]) -> Result<Value, Fault> {
        if index == FILTER_CALL {
            let [filter, cluster, config] = arguments else { return Ok(Value::Null) };
            let evaluator: &mut dyn Evaluator = self;
            let cluster = evaluator.string(cluster)?;
            let paths = self.filter_paths(filter, &cluster, config)?;
            return Ok(Value::list(paths.into_iter().map(Value::String).collect()));
        }
        match builtins::get(index) {
            Some(builtin) => (builtin.run)(self, arguments),
            None => Ok(Value::Null),
        }
    }

    /// A builtin by itself: a constant's value, or a function that waits for arguments.
    pub(super) fn builtin(&mut self, index: u32) -> Result<Value, Fault> {
        match builtins::get(index) {
            Some(builtin) if builtin.arity == 0 => {
                let value = (builtin.run)(self, &[])?;
                self.force(&value)
            }
            _ => Ok(Value::Builtin(Rc::new(Partial { builtin: index, arguments: Vec::new() }))),
        }
    }

    /// Calls a function with as many arguments as it takes by parameters that follow each other; gives
    /// its result and their number.
    fn call_closure(
        &mut self,
        closure: &Rc<Closure>,
        arguments: &mut [Value],
    ) -> Result<(Value, usize), Fault> {
        let Some(lambda) = closure.group.lambdas.get(closure.index) else { return Ok((Value::Null, 1)) };
        self.meter.enter()?;
        let base = self.stack.len();
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || {
            self.call_lambda(lambda, &closure.captures, Some(closure), arguments)
        });
        self.stack.truncate(base);
        self.meter.leave();
        result
    }

    fn call_lambda(
        &mut self,
        lambda: &Lambda,
        captures: &[Value],
        closure: Option<&Rc<Closure>>,
        arguments: &mut [Value],
    ) -> Result<(Value, usize), Fault> {
        let Some((argument, rest)) = arguments.split_first_mut() else { return Ok((Value::Null, 1)) };
        let base = self.stack.len();
        self.stack.push(take(argument));
        for _ in 1..lambda.body.slots {
            self.stack.push(Value::Null);
        }
        let frame = Frame { base, captures, closure, source: &lambda.body.source };
        if let Parameter::Pattern { fields, open } = &lambda.parameter {
            let bound = self.bind_pattern(fields, *open, &frame);
            bound.map_err(|fault| {
                locate(fault, &lambda.body.source, lambda.span, "what the function takes")
            })?;
        }
        // A function whose body is a function takes its argument at once, and is never made. It has no
        // name, so that it cannot need itself.
        if !rest.is_empty()
            && let ExprKind::Lambda(group, captures) = &lambda.body.expr.kind
            && let [inner @ Lambda { name: None, .. }] = group.lambdas.as_slice()
        {
            self.meter.step()?;
            let (mut few, mut many) = (NOTHING, Vec::new());
            let captured = match few.get_mut(..captures.len()) {
                Some(few) => few,
                None => {
                    many.resize(captures.len(), Value::Null);
                    many.as_mut_slice()
                }
            };
            for (place, capture) in captured.iter_mut().zip(captures) {
                *place = self.capture_one(*capture, &frame);
            }
            self.stack.truncate(base);
            let (result, taken) = self.call_lambda(inner, captured, None, rest)?;
            return Ok((result, taken + 1));
        }
        Ok((self.eval(&lambda.body.expr, &frame)?, 1))
    }

    fn bind_pattern(&mut self, fields: &[PatternField], open: bool, frame: &Frame<'_>) -> Result<(), Fault> {
        let argument = self.local(0, frame);
        let evaluator: &mut dyn Evaluator = self;
        let attrs = evaluator.attrs(&argument)?;
        if !open
            && let Some(extra) =
                attrs.keys().iter().find(|key| !fields.iter().any(|field| field.name == **key))
        {
            let help = did_you_mean(extra, fields.iter().map(|field| &*field.name));
            let help = help.unwrap_or_else(|| format!("remove `{extra}`, or end the pattern with `...`"));
            return Err(Fault::new(
                Diagnostic::error(
                    Code::UnknownArgument,
                    format!("the function takes no argument {}", quoted(extra)),
                )
                .help(help),
            ));
        }
        let mut defaults = Vec::new();
        for field in fields {
            let value = match (attrs.get(&field.name), &field.default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => {
                    let blank = Thunk::blank();
                    defaults.push((Rc::clone(&blank), default));
                    Value::Thunk(blank)
                }
                (None, None) => {
                    let message = format!("the function needs the argument {}", quoted(&field.name));
                    let help = format!("add `{} = …;`", field.name);
                    return Err(Fault::new(Diagnostic::error(Code::MissingArgument, message).help(help)));
                }
            };
            self.set_local(field.slot, value, frame);
        }
        for (blank, default) in defaults {
            self.fill(&blank, default, frame)?;
        }
        Ok(())
    }

    /// Gives a blank thunk the value of a delayed expression.
    pub(super) fn fill(
        &mut self,
        blank: &Rc<Thunk>,
        expr: &crate::types::tir::Expr,
        frame: &Frame<'_>,
    ) -> Result<(), Fault> {
        if let ExprKind::Delayed(body, captures) = &expr.kind {
            let captures = self.capture(captures, frame);
            blank.replace(State::Expression(Arc::clone(body), captures));
        } else {
            match self.make(expr, frame)? {
                // Another name for a value of the same group, which may still be blank.
                Value::Thunk(other) => {
                    blank.replace(State::Native(Box::new(move |evaluator| {
                        evaluator.force(&Value::Thunk(other))
                    })));
                }
                value => {
                    blank.replace(State::Done(value));
                }
            }
        }
        Ok(())
    }
}

/// Takes a value out of its place.
fn take(place: &mut Value) -> Value {
    std::mem::replace(place, Value::Null)
}

/// The bytes of an argument that a builtin may have searched.
fn text_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Thunk(thunk) => match thunk.value() {
            Some(Value::String(text)) => text.len(),
            _ => 0,
        },
        _ => 0,
    }
}

/// The bytes that a builtin may have copied for its answer.
fn copied_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::List(items) => size_of_val::<[Value]>(items),
        Value::Attrs(attrs) => size_of_val(attrs.values()),
        _ => 0,
    }
}
