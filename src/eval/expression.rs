//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use super::places::{at_argument, at_later_argument, at_stage, needs_piped, place_filter};
use super::ready::View;
use super::{Captures, Evaluation, Frame, RED_ZONE, STACK_PIECE, locate};
use crate::builtins::Builtin;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;
use crate::types::Needed;
use crate::types::tir::{Binding, Body, Capture, Constant, Expr, ExprKind, Group};
use crate::value::{Attrs, AttrsBuilder, Closure, Evaluator, Fault, Name, State, Thunk, Value};

/// Texts that are longer are checked against the limit of memory before they are made.
const LONG_TEXT: usize = 1 << 16;

impl Evaluation<'_> {
    pub(super) fn local(&self, slot: u32, frame: &Frame<'_>) -> Value {
        self.stack.get(frame.base + slot as usize).cloned().unwrap_or(Value::Null)
    }

    pub(super) fn set_local(&mut self, slot: u32, value: Value, frame: &Frame<'_>) {
        if let Some(place) = self.stack.get_mut(frame.base + slot as usize) {
            *place = value;
        }
    }

    /// The value of an expression whose value may not be needed.
    pub(super) fn make(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Local(slot) => Ok(self.local(*slot, frame)),
            ExprKind::Captured(index) => Ok(self.capture_one(Capture::Captured(*index), frame)),
            ExprKind::Named { value, .. } => self.make(value, frame),
            ExprKind::Delayed(body, captures) => {
                if let Some(value) = self.ready(&body.expr, &View::delayed(frame, captures)) {
                    return Ok(value);
                }
                let captures = self.captured_by(captures, frame);
                Ok(Value::Thunk(Thunk::new(State::Expression(Arc::clone(body), captures))))
            }
            _ => self.eval(expr, frame),
        }
    }

    /// The value of an expression that takes no evaluation.
    #[inline(always)]
    fn at_hand(&self, expr: &Expr, frame: &Frame<'_>) -> Option<Value> {
        let found = match &expr.kind {
            ExprKind::Local(slot) => self.stack.get(frame.base + *slot as usize),
            ExprKind::Captured(index) => match self.captured(*index, frame) {
                None => return Some(Self::function_of_group(Capture::Captured(*index), frame)),
                found => found,
            },
            ExprKind::Constant(constant) => return Some(constant_value(constant)),
            ExprKind::Sibling(index) => return Some(Self::sibling(*index, frame)),
            _ => return None,
        };
        match found {
            Some(Value::Thunk(_)) => None,
            Some(value) => Some(value.clone()),
            None => Some(Value::Null),
        }
    }

    /// Evaluates an expression, often one whose value is at hand; the result is never a thunk.
    #[inline]
    pub(super) fn value(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match self.at_hand(expr, frame) {
            Some(value) => Ok(value),
            None => self.eval(expr, frame),
        }
    }

    /// Evaluates an expression; the result is never a thunk.
    pub(super) fn eval(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let mut expr = expr;
        loop {
            return match &expr.kind {
                ExprKind::Local(slot) => match self.stack.get(frame.base + *slot as usize) {
                    Some(Value::Thunk(_)) => self.force_local(*slot, expr, frame),
                    Some(value) => Ok(value.clone()),
                    None => Ok(Value::Null),
                },
                ExprKind::Captured(index) => match self.captured(*index, frame) {
                    Some(Value::Thunk(thunk)) => {
                        let thunk = Rc::clone(thunk);
                        self.force_at(&thunk, expr, frame)
                    }
                    Some(value) => Ok(value.clone()),
                    None => Ok(Self::function_of_group(Capture::Captured(*index), frame)),
                },
                ExprKind::Constant(constant) => Ok(constant_value(constant)),
                ExprKind::Sibling(index) => Ok(Self::sibling(*index, frame)),
                ExprKind::Named { value, .. } => {
                    expr = value;
                    continue;
                }
                ExprKind::If { condition, then, otherwise } => {
                    expr = match self.truth(condition, frame) {
                        Ok(true) => then,
                        Ok(false) => otherwise,
                        Err(fault) => return Err(self.trace(fault, expr, frame)),
                    };
                    continue;
                }
                ExprKind::Let { bindings, body } => {
                    for binding in bindings {
                        self.bind(binding, frame)?;
                    }
                    expr = body;
                    continue;
                }
                ExprKind::Chain { first, rest } => match self.ready_chain(first, rest, &View::here(frame)) {
                    Some(value) => Ok(value),
                    None => match self.chain(first, rest, frame) {
                        Err(fault) => Err(self.trace(fault, expr, frame)),
                        result => result,
                    },
                },
                ExprKind::Apply { function, arguments } => match self.call_expr(function, arguments, frame) {
                    Err(fault) => {
                        let fault = locate(fault, frame.source, expr.span, "while calling this");
                        Err(self.trace(fault, expr, frame))
                    }
                    result => result,
                },
                ExprKind::Select { base, name, hint, record } => {
                    match self.select(base, name, *hint, record.is_some(), expr.span, frame) {
                        Err(fault) => {
                            let fault = locate(fault, frame.source, expr.span, "needed here");
                            Err(self.trace(fault, expr, frame))
                        }
                        result => result,
                    }
                }
                _ => self.eval_rest(expr, frame),
            };
        }
    }

    /// Expressions that make a value of several parts.
    #[inline(never)]
    fn eval_rest(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Delayed(..) => {
                let value = self.make(expr, frame)?;
                self.force(&value)
            }
            ExprKind::Lambda(group, captures) => Ok(self.lambda(group, 0, captures, frame)),
            ExprKind::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.make(item, frame)?);
                }
                Ok(Value::list(values))
            }
            ExprKind::AttrSet { keys, values } => {
                let mut made = Vec::with_capacity(values.len());
                for value in values {
                    made.push(self.make(value, frame)?);
                }
                Ok(Value::Attrs(Attrs::new(Arc::clone(keys), made)))
            }
            _ => {
                let result = self.eval_rare(expr, frame);
                result.map_err(|fault| {
                    self.trace(locate(fault, frame.source, expr.span, label_of(expr)), expr, frame)
                })
            }
        }
    }

    /// Kinds of expressions that do not decide how fast a program runs.
    #[inline(never)]
    fn eval_rare(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Builtin(index) => self.builtin(*index),
            ExprKind::Root(root) => self.root(*root),
            ExprKind::Host(index) => {
                let value = self.host(*index);
                self.force(&value)
            }
            ExprKind::NamedFilter(name) => {
                let place = crate::value::Place { source: Arc::clone(frame.source), span: expr.span };
                let kind = crate::value::FilterKind::Named(name.clone());
                Ok(Value::Filter(Rc::new(crate::value::Filter { kind, place: Some(place) })))
            }
            ExprKind::Interpolate(parts) => self.interpolate(parts, frame),
            ExprKind::DynamicAttrs { base, extra } => self.dynamic_attrs(base, extra, frame),
            ExprKind::Assert { condition, body } => {
                if self.truth(condition, frame)? {
                    return self.eval(body, frame);
                }
                let text = frame.source.slice(condition.span);
                let diagnostic = Diagnostic::error(Code::AssertionFailed, "the assertion does not hold").at(
                    frame.source,
                    condition.span,
                    format!("{} is false", quoted(text)),
                );
                Err(Fault::catchable(diagnostic))
            }
            ExprKind::WithLookup { name, scopes, fallback } => {
                for scope in scopes {
                    let value = self.eval(scope, frame)?;
                    let evaluator: &mut dyn Evaluator = self;
                    if let Some(found) = evaluator.attr(&value, name)? {
                        return self.force(&found);
                    }
                }
                match fallback {
                    Some(fallback) => self.eval(fallback, frame),
                    None => Err(Fault::new(Diagnostic::error(
                        Code::UnknownName,
                        format!("no `with` around has the attribute {}", quoted(name)),
                    ))),
                }
            }
            ExprKind::Pipe { first, stages } => {
                let mut value = self.make(first, frame)?;
                let mut piped = first.span;
                for (index, stage) in stages.iter().enumerate() {
                    let function = self.eval(stage, frame)?;
                    // What the next stage needs first is not put off, so that a mistake has its place.
                    let is_needed = stages.get(index + 1).is_none_or(needs_piped);
                    value = match is_needed {
                        true => {
                            self.stack.push(value);
                            self.apply_told(&function, 1, &|fault| at_stage(fault, stage, piped, frame))?
                        }
                        false => Thunk::call(function, value),
                    };
                    piped = piped.to(stage.span);
                }
                self.force(&value)
            }
            ExprKind::SelectPath { base, path, default } => {
                self.select_path(base, path, default.as_deref(), frame)
            }
            ExprKind::HasAttr { base, path } => Ok(Value::Bool(self.has_attr(base, path, frame)?)),
            ExprKind::Not(operand) => match self.eval(operand, frame)? {
                Value::Bool(truth) => Ok(Value::Bool(!truth)),
                other => {
                    let filter = crate::builtins::filters::to_filter(self, &other)?;
                    Ok(Value::Filter(Rc::new(crate::value::Filter::negate(&filter))))
                }
            },
            ExprKind::Negate(operand) => self.negate(operand, frame),
            ExprKind::Checked { value, ty } => {
                let checked = self.eval(value, frame)?;
                self.conform(&checked, ty)?;
                Ok(checked)
            }
            ExprKind::Import(body) => self.body(body, Captures::Own(&[])),
            _ => Ok(Value::Null),
        }
    }

    /// Evaluates a thunk in a slot, which then holds its value.
    #[inline(never)]
    fn force_local(&mut self, slot: u32, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let Value::Thunk(thunk) = self.local(slot, frame) else { return Ok(Value::Null) };
        let value = self.force_at(&thunk, expr, frame)?;
        self.set_local(slot, value.clone(), frame);
        Ok(value)
    }

    #[inline(never)]
    fn force_at(&mut self, thunk: &Rc<Thunk>, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let result = self.force_thunk(thunk);
        result.map_err(|fault| locate(fault, frame.source, expr.span, "needed here"))
    }

    fn lambda(&mut self, group: &Arc<Group>, index: usize, captures: &[Capture], frame: &Frame<'_>) -> Value {
        let captures = self.capture_all(captures, frame);
        Value::Closure(Closure::new(Arc::clone(group), index, captures))
    }

    fn bind(&mut self, binding: &Binding, frame: &Frame<'_>) -> Result<(), Fault> {
        match binding {
            Binding::Plain { slot, value } => {
                let value = self.make(value, frame)?;
                self.set_local(*slot, value, frame);
            }
            Binding::Functions { slots, group, captures } => {
                let captures = self.capture_all(captures, frame);
                for (index, slot) in slots.iter().enumerate() {
                    let closure = Closure::new(Arc::clone(group), index, Rc::clone(&captures));
                    self.set_local(*slot, Value::Closure(closure), frame);
                }
            }
            Binding::Cycle { members } => {
                let blanks: Vec<Rc<Thunk>> = members.iter().map(|_| Thunk::blank()).collect();
                for ((slot, _), blank) in members.iter().zip(&blanks) {
                    self.set_local(*slot, Value::Thunk(Rc::clone(blank)), frame);
                }
                for ((_, value), blank) in members.iter().zip(&blanks) {
                    self.fill(blank, value, frame)?;
                }
            }
        }
        Ok(())
    }

    fn call_expr(&mut self, function: &Expr, arguments: &[Expr], frame: &Frame<'_>) -> Result<Value, Fault> {
        if let ExprKind::Builtin(index) = function.kind
            && let Some(builtin) = crate::builtins::get(index)
            && builtin.arity == arguments.len()
        {
            let result = self
                .call_builtin(builtin, arguments, frame)
                .map_err(|fault| at_argument(fault, builtin, arguments, frame))?;
            return Ok(match result {
                Value::Filter(_) => place_filter(result, function, arguments, frame),
                result => result,
            });
        }
        let callee = self.value(function, frame)?;
        let needed = match &callee {
            Value::Closure(closure) => closure.needed(),
            _ => Needed::default(),
        };
        let base = self.stack.len();
        for (place, argument) in arguments.iter().enumerate() {
            match self.argument(argument, needed.contains(place), frame) {
                Ok(value) => self.stack.push(value),
                Err(fault) => {
                    self.stack.truncate(base);
                    return Err(fault);
                }
            }
        }
        let told = |fault| at_later_argument(fault, (function, &callee), arguments, frame);
        let result = self.apply_told(&callee, arguments.len(), &told)?;
        Ok(match (&result, &callee, arguments) {
            (Value::Filter(_), Value::Closure(_), [_]) => result,
            (Value::Filter(_), ..) => place_filter(result, function, arguments, frame),
            _ => result,
        })
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
            ExprKind::Delayed(body, captures) if now => {
                if let Some(value) = self.ready(&body.expr, &View::delayed(frame, captures)) {
                    return Ok(value);
                }
                self.at_once(body, Captures::Around(captures, frame))
            }
            _ => self.make(expr, frame),
        }
    }

    /// The value of an expression that could be delayed.
    fn at_once(&mut self, body: &Body, captures: Captures<'_>) -> Result<Value, Fault> {
        self.meter.enter()?;
        let result = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.body(body, captures));
        self.meter.leave();
        result
    }

    fn dynamic_attrs(
        &mut self,
        base: &Expr,
        extra: &[(Expr, Expr)],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let Value::Attrs(known) = self.eval(base, frame)? else { return Ok(Value::Null) };
        let mut builder = AttrsBuilder::default();
        for (name, value) in known.iter() {
            builder.insert(name.clone(), value.clone());
        }
        for (key, value) in extra {
            let name = match self.eval(key, frame)? {
                Value::Null => continue,
                Value::String(name) => name,
                other => {
                    let message =
                        format!("expected a string as an attribute's name, found {}", other.describe());
                    let label = format!("this is {}", other.describe());
                    let diagnostic = Diagnostic::error(Code::TypeMismatch, message);
                    return Err(Fault::new(diagnostic.at(frame.source, key.span, label)));
                }
            };
            let value = self.make(value, frame)?;
            if builder.insert(name.clone(), value).is_some() {
                let message = format!("the attribute {} is bound twice", quoted(&name));
                return Err(Fault::new(Diagnostic::error(Code::DuplicateName, message).at(
                    frame.source,
                    key.span,
                    "again here",
                )));
            }
        }
        Ok(Value::Attrs(builder.finish()))
    }

    fn interpolate(&mut self, parts: &[Expr], frame: &Frame<'_>) -> Result<Value, Fault> {
        // The pieces are joined in a text that is used again.
        let mut text = self.joined.take();
        text.clear();
        for part in parts {
            if let ExprKind::Constant(Constant::String(piece)) = &part.kind {
                text.push_str(piece);
                continue;
            }
            match self.eval(part, frame)? {
                Value::String(piece) => self.append(&mut text, &piece)?,
                other => {
                    let message = format!("expected a string inside `${{}}`, found {}", other.describe());
                    let diagnostic = Diagnostic::error(Code::TypeMismatch, message)
                        .at(frame.source, part.span, format!("this is {}", other.describe()))
                        .help("convert it with `toString`");
                    return Err(Fault::new(diagnostic));
                }
            }
        }
        let result = self.text(&text);
        if text.capacity() < 1 << 16 {
            self.joined.set(text);
        }
        result
    }

    /// Adds to a text that is being made. It is there twice once it is a value, since that has a copy.
    pub(super) fn append(&mut self, text: &mut String, more: &str) -> Result<(), Fault> {
        let length = text.len() + more.len();
        if length > LONG_TEXT {
            self.meter.memory(2 * length)?;
        }
        text.push_str(more);
        Ok(())
    }

    /// A text that was just made, counted against the memory limit.
    pub(super) fn text(&mut self, text: &str) -> Result<Value, Fault> {
        self.meter.memory(if text.len() > LONG_TEXT { text.len() } else { 0 })?;
        self.meter.work(text.len())?;
        let text: Name = text.into();
        crate::value::meter::text(&text);
        Ok(Value::String(text))
    }

    fn truth(&mut self, condition: &Expr, frame: &Frame<'_>) -> Result<bool, Fault> {
        if let Some(truth) = self.ready_truth(condition, frame) {
            return Ok(truth);
        }
        match self.eval(condition, frame)? {
            Value::Bool(truth) => Ok(truth),
            other => {
                let message = format!("expected a boolean as a condition, found {}", other.describe());
                let label = format!("this is {}", other.describe());
                Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message).at(
                    frame.source,
                    condition.span,
                    label,
                )))
            }
        }
    }
}

/// What to say at the place of an expression in which something failed that has no place of its own.
fn label_of(expr: &Expr) -> &'static str {
    match &expr.kind {
        ExprKind::Checked { .. } => "checked against its type here",
        ExprKind::Pipe { .. } => "while calling this",
        ExprKind::Negate(_) => "computed here",
        ExprKind::Not(_) => "used as a filter here",
        _ => "needed here",
    }
}

fn constant_value(constant: &Constant) -> Value {
    match constant {
        Constant::Null => Value::Null,
        Constant::Bool(truth) => Value::Bool(*truth),
        Constant::Int(number) => Value::Int(*number),
        Constant::Float(number) => Value::Float(*number),
        Constant::String(text) => Value::String(text.clone()),
    }
}
