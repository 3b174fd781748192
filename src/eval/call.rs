//! Calls, and values that are computed when they are needed.

use std::rc::Rc;
use std::sync::Arc;

use super::{Evaluation, Frame, RED_ZONE, STACK_PIECE, locate};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{did_you_mean, quoted};
use crate::types::tir::{Body, ExprKind, Parameter, PatternField};
use crate::value::{Closure, Evaluator, Fault, Partial, State, Thunk, Value};

/// The number of the builtin that a filter, called with a cluster's name, waits as.
const FILTER_CALL: u32 = u32::MAX;

impl Evaluation<'_> {
    /// Evaluates a body in a frame of its own.
    pub(super) fn body(
        &mut self,
        body: &Body,
        captures: &Rc<[Value]>,
        closure: Option<&Rc<Closure>>,
    ) -> Result<Value, Fault> {
        let base = self.stack.len();
        self.stack.resize(base + body.slots as usize, Value::Null);
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
            State::Call(function, argument) => self.apply(&function, vec![argument]),
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

    /// Calls a function with arguments; arguments that a function does not take go to its result.
    pub(super) fn apply(&mut self, function: &Value, arguments: Vec<Value>) -> Result<Value, Fault> {
        let mut function = self.force(function)?;
        let mut arguments = arguments.into_iter();
        while arguments.len() > 0 {
            function = match &function {
                Value::Closure(closure) => {
                    let Some(argument) = arguments.next() else { break };
                    self.call_closure(closure, argument)?
                }
                Value::Builtin(partial) => self.call_partial(partial, &mut arguments)?,
                Value::Filter(_) => {
                    let Some(argument) = arguments.next() else { break };
                    let waiting = vec![function.clone(), argument];
                    Value::Builtin(Rc::new(Partial { builtin: FILTER_CALL, arguments: waiting }))
                }
                other => {
                    let message =
                        format!("expected a function before an argument, found {}", other.describe());
                    return Err(Fault::new(Diagnostic::error(Code::NotAFunction, message)));
                }
            };
        }
        Ok(function)
    }

    fn call_partial(
        &mut self,
        partial: &Rc<Partial>,
        arguments: &mut std::vec::IntoIter<Value>,
    ) -> Result<Value, Fault> {
        let arity = match partial.builtin {
            FILTER_CALL => 3,
            index => builtins::get(index).map_or(0, |builtin| builtin.arity),
        };
        let mut all = partial.arguments.clone();
        all.extend(arguments.take(arity.saturating_sub(all.len())));
        if all.len() < arity {
            return Ok(Value::Builtin(Rc::new(Partial { builtin: partial.builtin, arguments: all })));
        }
        self.run_builtin(partial.builtin, &all)
    }

    /// Runs a builtin with all its arguments.
    pub(super) fn run_builtin(&mut self, index: u32, arguments: &[Value]) -> Result<Value, Fault> {
        self.meter.enter()?;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.run_builtin_here(index, arguments));
        self.meter.leave();
        let result = result?;
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

    pub(super) fn call_closure(&mut self, closure: &Rc<Closure>, argument: Value) -> Result<Value, Fault> {
        self.meter.enter()?;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.call_closure_here(closure, argument));
        self.meter.leave();
        result
    }

    fn call_closure_here(&mut self, closure: &Rc<Closure>, argument: Value) -> Result<Value, Fault> {
        let Some(lambda) = closure.group.lambdas.get(closure.index) else { return Ok(Value::Null) };
        let base = self.stack.len();
        self.stack.push(argument);
        self.stack.resize(base + (lambda.body.slots as usize).max(1), Value::Null);
        let frame =
            Frame { base, captures: &closure.captures, closure: Some(closure), source: &lambda.body.source };
        let bound = match &lambda.parameter {
            Parameter::Value => Ok(()),
            Parameter::Pattern { fields, open } => {
                let bound = self.bind_pattern(fields, *open, &frame);
                bound.map_err(|fault| {
                    locate(fault, &lambda.body.source, lambda.span, "what the function takes")
                })
            }
        };
        let result = bound.and_then(|()| self.eval(&lambda.body.expr, &frame));
        self.stack.truncate(base);
        result
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
