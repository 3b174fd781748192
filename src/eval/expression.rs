//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use super::application::CALLING;
use super::places::{at_stage, needs_piped};
use super::ready::View;
use super::scalar::{compare_integers, integer_operation};
use super::{Captures, Evaluation, Frame, locate};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;
use crate::types::tir::{Binding, Capture, Constant, Expr, ExprKind, Group};
use crate::value::{Attrs, AttrsBuilder, Closure, Evaluator, Fault, State, Thunk, Value};

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

    /// Evaluates an expression, often one whose value is at hand; the result is never a thunk.
    #[inline]
    pub(super) fn value(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let found = match &expr.kind {
            ExprKind::Local(slot) => self.stack.get(frame.base + *slot as usize),
            ExprKind::Captured(index) => self.captured(*index, frame),
            _ => None,
        };
        match found {
            Some(Value::Thunk(_)) | None => self.eval(expr, frame),
            Some(Value::Int(number)) => Ok(Value::Int(*number)),
            Some(value) => Ok(value.clone()),
        }
    }

    /// Evaluates an expression; the result is never a thunk. Whatever takes more than a look at the frame is done by
    /// a function of its own, so that this one takes next to nothing of the stack.
    pub(super) fn eval(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let mut expr = expr;
        loop {
            return match &expr.kind {
                ExprKind::Local(slot) => match self.stack.get(frame.base + *slot as usize) {
                    Some(Value::Thunk(_)) => self.force_local(*slot, expr, frame),
                    Some(Value::Int(number)) => Ok(Value::Int(*number)),
                    Some(value) => Ok(value.clone()),
                    None => Ok(Value::Null),
                },
                ExprKind::Captured(index) => match self.captured(*index, frame) {
                    Some(Value::Thunk(_)) | None => self.force_captured(*index, expr, frame),
                    Some(Value::Int(number)) => Ok(Value::Int(*number)),
                    Some(value) => Ok(value.clone()),
                },
                ExprKind::Constant(constant) => Ok(constant_value(constant)),
                ExprKind::Named { value, .. } => {
                    expr = value;
                    continue;
                }
                ExprKind::If { condition, then, otherwise } => {
                    expr = match self.truth(condition, frame) {
                        Ok(true) => then,
                        Ok(false) => otherwise,
                        Err(fault) => return self.failed(fault, expr, None, frame),
                    };
                    continue;
                }
                ExprKind::Let { bindings, body } => {
                    self.bind_all(bindings, frame)?;
                    expr = body;
                    continue;
                }
                ExprKind::Chain { first, rest } => {
                    if let Some((operator, left, right)) = self.beside_number(first, rest, frame)
                        && let Some(number) = integer_operation(operator, left, right)
                    {
                        return Ok(Value::Int(number));
                    }
                    self.operation(expr, frame)
                }
                ExprKind::Apply { .. } => self.application(expr, frame),
                ExprKind::Select { .. } => self.selection(expr, frame),
                _ => self.eval_rest(expr, frame),
            };
        }
    }

    /// Adds to a fault where it happened.
    #[cold]
    #[inline(never)]
    pub(super) fn failed(
        &mut self,
        fault: Fault,
        expr: &Expr,
        message: Option<&str>,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let fault = match message {
            Some(message) => locate(fault, frame.source, expr.span, message),
            None => fault,
        };
        Err(self.trace(fault, expr, frame))
    }

    /// Expressions that make a value of several parts.
    #[inline(never)]
    fn eval_rest(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Delayed(..) => {
                let value = self.make(expr, frame)?;
                self.force(&value)
            }
            ExprKind::Sibling(index) => Ok(Self::sibling(*index, frame)),
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

    /// Evaluates what is captured, or finds the function of the group that it is.
    #[inline(never)]
    fn force_captured(&mut self, index: u32, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match self.captured(index, frame) {
            Some(Value::Thunk(thunk)) => {
                let thunk = Rc::clone(thunk);
                self.force_at(&thunk, expr, frame)
            }
            Some(value) => Ok(value.clone()),
            None => Ok(Self::function_of_group(Capture::Captured(index), frame)),
        }
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

    #[inline(never)]
    fn bind_all(&mut self, bindings: &[Binding], frame: &Frame<'_>) -> Result<(), Fault> {
        bindings.iter().try_for_each(|binding| self.bind(binding, frame))
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
                Value::String(name) => name.name(),
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

    #[inline(always)]
    fn truth(&mut self, condition: &Expr, frame: &Frame<'_>) -> Result<bool, Fault> {
        match &condition.kind {
            ExprKind::Chain { first, rest } => {
                let known = self.beside_number(first, rest, frame);
                match known.and_then(|(operator, left, right)| compare_integers(operator, left, right)) {
                    Some(truth) => Ok(truth),
                    None => self.truth_of(condition, frame),
                }
            }
            _ => self.truth_of(condition, frame),
        }
    }

    #[inline(never)]
    fn truth_of(&mut self, condition: &Expr, frame: &Frame<'_>) -> Result<bool, Fault> {
        if let Some(truth) = self.ready_truth(condition, &View::here(frame)) {
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
        ExprKind::Pipe { .. } => CALLING,
        ExprKind::Negate(_) => "computed here",
        ExprKind::Not(_) => "used as a filter here",
        _ => "needed here",
    }
}

pub(super) fn constant_value(constant: &Constant) -> Value {
    match constant {
        Constant::Null => Value::Null,
        Constant::Bool(truth) => Value::Bool(*truth),
        Constant::Int(number) => Value::Int(*number),
        Constant::Float(number) => Value::Float(*number),
        Constant::String(text) => Value::from(text.clone()),
    }
}
