//! Calls, and values that are computed when they are needed.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::{Captures, Evaluation, Frame, RED_ZONE, STACK_PIECE, locate};
use crate::builtins::{self, Builtin};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{did_you_mean, quoted};
use crate::types::tir::{Body, Capture, Expr, ExprKind, Lambda, Parameter, PatternField};
use crate::value::{
    Attrs, Called, Closure, Evaluator, Fault, HostFunction, Name, Partial, State, Thunk, Value,
};

impl Evaluation<'_> {
    /// Evaluates a body in a frame of its own.
    #[inline]
    pub(super) fn body(&mut self, body: &Body, captures: Captures<'_>) -> Result<Value, Fault> {
        let base = self.stack.len();
        for _ in 0..body.slots {
            self.stack.push(Value::Null);
        }
        let frame = Frame { base, captures, closure: None, source: &body.source };
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
            State::Expression(body, captures) => self.body(&body, Captures::Own(&captures)),
            State::Call(function, argument) => {
                self.stack.push(argument);
                self.apply(&function, 1)
            }
            State::Native(compute) => compute(self).and_then(|value| self.force(&value)),
            State::Done(value) => Ok(value),
            State::Failed(fault) => Err(fault),
            State::Blank | State::Running => Err(Fault::new(
                Diagnostic::error(Code::InfiniteRecursion, "the value needs itself to be computed")
                    .help("break the cycle: a binding that refers to itself needs a function or another value in between"),
            )),
        };
        thunk.replace(match &result {
            Ok(value) => State::Done(value.clone()),
            Err(fault) => State::Failed(fault.clone()),
        });
        result
    }

    /// Calls a function with so many arguments from the end of the stack, which are taken away; those
    /// that a function does not take go to its result. The result is never a thunk.
    #[inline]
    pub(super) fn apply(&mut self, function: &Value, count: usize) -> Result<Value, Fault> {
        if count == 0 {
            return self.force(function);
        }
        let base = self.stack.len().saturating_sub(count);
        let known;
        let function = match function {
            Value::Thunk(thunk) => match thunk.value() {
                Some(value) => {
                    known = value;
                    &known
                }
                None => function,
            },
            other => other,
        };
        let result = match function {
            Value::Closure(closure) => self.call_closure(closure, base),
            other => self.apply_other(other, base),
        };
        if self.stack.len() > base { self.finish_call(result, base) } else { result }
    }

    /// Gives arguments that were not taken to what the call came to, or takes them away after a fault.
    #[inline(never)]
    pub(super) fn finish_call(&mut self, result: Result<Value, Fault>, base: usize) -> Result<Value, Fault> {
        let result = match result {
            Ok(result) if self.stack.len() > base => self.apply_rest(result, base),
            result => result,
        };
        self.stack.truncate(base);
        result
    }

    /// As [`Evaluation::apply`], where the places of the arguments are known: a mistake about one of them is
    /// told with its place.
    #[inline]
    pub(super) fn apply_told(
        &mut self,
        function: &Value,
        count: usize,
        told: &dyn Fn(Fault) -> Fault,
    ) -> Result<Value, Fault> {
        let Value::Builtin(partial) = function else { return self.apply(function, count) };
        let base = self.stack.len().saturating_sub(count);
        let result = match self.fill_partial(partial, base) {
            Ok(result) if self.stack.len() > base => self.apply_rest(result, base),
            Ok(result) => Ok(result),
            Err(fault) => Err(told(fault)),
        };
        self.stack.truncate(base);
        result
    }

    /// Calls a function with the arguments that are left on the stack.
    #[inline(never)]
    fn apply_rest(&mut self, function: Value, base: usize) -> Result<Value, Fault> {
        let mut function = function;
        while self.stack.len() > base {
            function = match &function {
                Value::Closure(closure) => self.call_closure(closure, base)?,
                other => self.apply_other(other, base)?,
            };
        }
        Ok(function)
    }

    /// Calls what is no function written in the language, with the arguments from `base` on; those that
    /// it does not take stay.
    #[inline(never)]
    fn apply_other(&mut self, function: &Value, base: usize) -> Result<Value, Fault> {
        match function {
            Value::Builtin(partial) => self.call_partial(partial, base),
            Value::Filter(_) => {
                let argument = self.take_arguments(base, 1).pop().unwrap_or(Value::Null);
                let waiting = vec![function.clone(), argument];
                Ok(Value::Builtin(Partial::new(Called::Filter, waiting)))
            }
            Value::Thunk(thunk) => self.force_thunk(thunk),
            other => {
                let message = format!("expected a function before an argument, found {}", other.describe());
                Err(Fault::new(Diagnostic::error(Code::NotAFunction, message)))
            }
        }
    }

    /// Takes at most so many arguments away.
    fn take_arguments(&mut self, base: usize, count: usize) -> Vec<Value> {
        let end = base.saturating_add(count).min(self.stack.len());
        self.stack.drain(base.min(end)..end).collect()
    }

    /// Calls what waits for arguments.
    fn call_partial(&mut self, partial: &Rc<Partial>, base: usize) -> Result<Value, Fault> {
        self.fill_partial(partial, base).map_err(|mut fault| {
            // Its arguments may stand anywhere.
            fault.take_argument();
            fault
        })
    }

    /// Calls a builtin with as many arguments as it takes.
    fn fill_partial(&mut self, partial: &Rc<Partial>, base: usize) -> Result<Value, Fault> {
        let arity = match &partial.called {
            Called::Builtin(index) => builtins::get(*index).map_or(0, |builtin| builtin.arity),
            Called::Filter => 3,
            Called::Host(function) => function.arity,
        };
        // What waits for nothing more takes an argument even so, or would wait forever.
        let own = arity.saturating_sub(partial.arguments.len()).max(1);
        let end = base.saturating_add(own).min(self.stack.len());
        if let Called::Builtin(index) = partial.called
            && let Some(builtin) = builtins::get(index)
            && partial.arguments.len() + (end - base) == arity
            && let mut few = [const { Value::Null }; 4]
            && let Some(all) = few.get_mut(..arity)
        {
            let (before, given) = all.split_at_mut(partial.arguments.len().min(arity));
            before.clone_from_slice(&partial.arguments);
            for (place, argument) in given.iter_mut().zip(self.stack.drain(base..end)) {
                *place = argument;
            }
            return self.run_builtin(builtin, all);
        }
        let mut all = Vec::with_capacity(arity);
        all.extend_from_slice(&partial.arguments);
        all.extend(self.stack.drain(base..end));
        if all.len() < arity {
            return Ok(Value::Builtin(Partial::new(partial.called.clone(), all)));
        }
        match &partial.called {
            Called::Builtin(index) => match builtins::get(*index) {
                Some(builtin) => self.run_builtin(builtin, &all),
                None => Ok(Value::Null),
            },
            Called::Filter => self.run_with(&all, |evaluation, arguments| {
                let [filter, cluster, config] = arguments else { return Ok(Value::Null) };
                let evaluator: &mut dyn Evaluator = evaluation;
                let cluster = evaluator.string(cluster)?;
                let paths = evaluator.filter_paths(filter, &cluster, config)?;
                Ok(Value::list(paths.into_iter().map(Value::from).collect()))
            }),
            Called::Host(function) => {
                self.run_with(&all, |evaluation, arguments| evaluation.call_host(function, arguments))
            }
        }
    }

    /// Runs a builtin with all its arguments.
    pub(super) fn run_builtin(&mut self, builtin: &Builtin, arguments: &[Value]) -> Result<Value, Fault> {
        self.run_with(arguments, |evaluation, arguments| (builtin.run)(evaluation, arguments))
    }

    /// Runs what is no expression with all its arguments.
    #[inline]
    fn run_with(
        &mut self,
        arguments: &[Value],
        run: impl FnOnce(&mut Self, &[Value]) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        self.meter.enter()?;
        let mut result = if stacker::remaining_stack().is_some_and(|left| left >= RED_ZONE) {
            run(self, arguments)
        } else {
            stacker::grow(STACK_PIECE, || run(self, arguments))
        };
        self.meter.leave();
        // A builtin may answer with one of its arguments as it stands.
        if let Ok(Value::Thunk(thunk)) = &result {
            let thunk = Rc::clone(thunk);
            result = self.force_thunk(&thunk);
        }
        if let Ok(value) = &result
            && let Err(fault) =
                self.meter.work(arguments.iter().map(text_size).sum::<usize>() + copied_size(value))
        {
            result = Err(fault);
        }
        result
    }

    /// Calls a function of the host's, with data for data.
    fn call_host(&mut self, function: &HostFunction, arguments: &[Value]) -> Result<Value, Fault> {
        let arguments = arguments.iter().map(|argument| self.data(argument)).collect::<Result<_, _>>()?;
        let result = (function.call)(arguments).map_err(|message| {
            Fault::new(Diagnostic::error(Code::Thrown, format!("`{}` failed: {message}", function.name)))
        })?;
        let result = crate::value::from_json(&result);
        self.conform(&result, &function.result)?;
        Ok(result)
    }

    /// A builtin by itself: a constant's value, or a function that waits for arguments.
    pub(super) fn builtin(&mut self, index: u32) -> Result<Value, Fault> {
        match builtins::get(index) {
            Some(builtin) if builtin.arity == 0 => {
                let value = (builtin.run)(self, &[])?;
                self.force(&value)
            }
            _ => Ok(Value::Builtin(Partial::new(Called::Builtin(index), Vec::new()))),
        }
    }

    /// Calls a function with the arguments from `base` on: as many as it takes by parameters that follow
    /// each other. Those that it does not take stay.
    ///
    /// From here on down to [`Evaluation::eval`] each function hands on what the next one gives, or keeps it in one
    /// variable from beginning to end: so the value is written once, where the caller wants it. Values are written
    /// by words and copied by pairs of words, and processors wait where a copy follows right upon the writing.
    pub(super) fn call_closure(&mut self, closure: &Rc<Closure>, base: usize) -> Result<Value, Fault> {
        let Some(lambda) = closure.group.lambdas.get(closure.index) else { return Ok(Value::Null) };
        self.meter.enter()?;
        if stacker::remaining_stack().is_some_and(|left| left >= RED_ZONE) {
            self.call_entered(lambda, closure, base)
        } else {
            self.call_on_new_piece(lambda, closure, base)
        }
    }

    #[cold]
    #[inline(never)]
    fn call_on_new_piece(
        &mut self,
        lambda: &Lambda,
        closure: &Rc<Closure>,
        base: usize,
    ) -> Result<Value, Fault> {
        stacker::grow(STACK_PIECE, || self.call_entered(lambda, closure, base))
    }

    #[inline(always)]
    fn call_entered(&mut self, lambda: &Lambda, closure: &Rc<Closure>, base: usize) -> Result<Value, Fault> {
        let result = self.call_lambda(lambda, Captures::Own(&closure.captures), Some(closure), base);
        self.meter.leave();
        result
    }

    /// The argument at `base` becomes the first slot of the function's frame.
    #[inline(always)]
    fn call_lambda(
        &mut self,
        lambda: &Lambda,
        captures: Captures<'_>,
        closure: Option<&Rc<Closure>>,
        base: usize,
    ) -> Result<Value, Fault> {
        let frame = Frame { base, captures, closure, source: &lambda.body.source };
        if self.stack.len() > base + 1 {
            return self.call_with_more(lambda, &frame);
        }
        for _ in 1..lambda.body.slots {
            self.stack.push(Value::Null);
        }
        if let Parameter::Pattern { fields, open } = &lambda.parameter
            && let Err(fault) = self.bind_argument(lambda, fields, *open, &frame)
        {
            return Err(fault);
        }
        self.run_frame(&lambda.body.expr, &frame)
    }

    #[inline(always)]
    fn run_frame(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let result = self.eval(expr, frame);
        self.leave_frame(frame.base);
        result
    }

    /// Takes a frame away; what has no parts needs no look at what it is made of.
    #[inline(always)]
    fn leave_frame(&mut self, base: usize) {
        while self.stack.len() > base {
            if let Some(Value::Int(_) | Value::Bool(_) | Value::Null) = self.stack.last() {
                std::mem::forget(self.stack.pop());
            } else {
                drop(self.stack.pop());
            }
        }
    }

    /// Calls a function with one argument while there are more.
    #[inline(never)]
    fn call_with_more(&mut self, lambda: &Lambda, frame: &Frame<'_>) -> Result<Value, Fault> {
        if lambda.body.slots <= 1
            && let Parameter::Value = lambda.parameter
            && let ExprKind::Lambda(group, captures) = &lambda.body.expr.kind
            && let [inner @ Lambda { name: None, .. }] = group.lambdas.as_slice()
        {
            self.meter.step()?;
            self.call_inner(inner, captures, frame)
        } else {
            self.call_aside(lambda, frame)
        }
    }

    /// Calls a function that is the body of a function with the next argument: it is never made. It has
    /// no name, so that it cannot need itself.
    #[inline(always)]
    fn call_inner(
        &mut self,
        inner: &Lambda,
        captures: &[Capture],
        outer: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let base = outer.base + 1;
        let result = self.call_lambda(inner, Captures::Around(captures, outer), None, base);
        // The argument of the outer function goes, those that are left move to its place.
        if self.stack.len() > base {
            self.stack.remove(outer.base);
        } else {
            self.leave_frame(outer.base);
        }
        result
    }

    /// Calls a function with one argument while others are left: they wait elsewhere.
    #[inline(never)]
    fn call_aside(&mut self, lambda: &Lambda, frame: &Frame<'_>) -> Result<Value, Fault> {
        let waiting = self.stack.split_off(frame.base + 1);
        let result = self.call_lambda(lambda, frame.captures, frame.closure, frame.base);
        self.stack.truncate(frame.base);
        self.stack.extend(waiting);
        result
    }

    /// Takes the argument of a function apart.
    #[inline(never)]
    fn bind_argument(
        &mut self,
        lambda: &Lambda,
        fields: &[PatternField],
        open: bool,
        frame: &Frame<'_>,
    ) -> Result<(), Fault> {
        let bound = self.bind_pattern(fields, open, frame);
        bound.map_err(|fault| locate(fault, &lambda.body.source, lambda.span, "what the function takes"))
    }

    fn bind_pattern(&mut self, fields: &[PatternField], open: bool, frame: &Frame<'_>) -> Result<(), Fault> {
        let argument = self.local(0, frame);
        let evaluator: &mut dyn Evaluator = self;
        let attrs = evaluator.attrs(&argument)?;
        if !open && let Some(extra) = beside(&attrs, fields) {
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
    pub(super) fn fill(&mut self, blank: &Rc<Thunk>, expr: &Expr, frame: &Frame<'_>) -> Result<(), Fault> {
        if let ExprKind::Delayed(body, captures) = &expr.kind {
            let captures = self.captured_by(captures, frame);
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
        Value::Thunk(thunk) => {
            let known = thunk.peek(|value| match value {
                Value::String(text) => Some(text.len()),
                _ => None,
            });
            known.unwrap_or(0)
        }
        _ => 0,
    }
}

/// The bytes that a builtin may have copied for its answer.
fn copied_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.len() * size_of::<Value>(),
        Value::Attrs(attrs) => size_of_val(attrs.values()),
        _ => 0,
    }
}

/// A name of a set that a pattern does not take.
fn beside<'a>(attrs: &'a Attrs, fields: &[PatternField]) -> Option<&'a Name> {
    const FEW: usize = 16;
    if fields.len() <= FEW {
        return attrs.keys().iter().find(|key| !fields.iter().any(|field| field.name == **key));
    }
    let taken: HashSet<&str> = fields.iter().map(|field| &*field.name).collect();
    attrs.keys().iter().find(|key| !taken.contains(&***key))
}
