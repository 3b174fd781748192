//! Operators.

use std::rc::Rc;

use super::ready::View;
use super::scalar::{integer_operation, integer_result};
use super::{Evaluation, Frame, locate};
use crate::builtins::filters::to_filter;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::BinaryOperator as Op;
use crate::text::Span;
use crate::types::tir::{Expr, ExprKind};
use crate::value::{Evaluator, Fault, Filter, List, Value, compare, equal};

impl Evaluation<'_> {
    /// Operators that are more than a number beside a variable.
    #[inline(never)]
    pub(super) fn operation(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let ExprKind::Chain { first, rest } = &expr.kind else { return Ok(Value::Null) };
        if let Some(value) = self.ready_chain(first, rest, &View::here(frame)) {
            return Ok(value);
        }
        let [(operator, operand)] = rest.as_slice() else { return self.operation_of_many(expr, frame) };
        if !is_of_values(*operator) {
            return self.operation_of_many(expr, frame);
        }
        let left = self.value(first, frame);
        if left.is_err() {
            return self.operation_of(expr, left, Ok(Value::Null), frame);
        }
        let right = self.value(operand, frame);
        if let (Ok(Value::Int(first)), Ok(Value::Int(second))) = (&left, &right)
            && let Some(number) = integer_operation(*operator, *first, *second)
        {
            // Numbers have nothing to drop.
            std::mem::forget((left, right));
            return Ok(Value::Int(number));
        }
        self.operation_of(expr, left, right, frame)
    }

    /// An operator between two values that are no small numbers.
    #[inline(never)]
    fn operation_of(
        &mut self,
        expr: &Expr,
        left: Result<Value, Fault>,
        right: Result<Value, Fault>,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let ExprKind::Chain { first, rest } = &expr.kind else { return Ok(Value::Null) };
        let Some((operator, operand)) = rest.first() else { return left };
        let result = match (left, right) {
            (Ok(left), Ok(right)) => self.two(*operator, left, right, first.span.to(operand.span), frame),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
        };
        match result {
            Err(fault) => self.failed(fault, expr, None, frame),
            result => result,
        }
    }

    #[inline(never)]
    fn operation_of_many(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let ExprKind::Chain { first, rest } = &expr.kind else { return Ok(Value::Null) };
        match self.chain(first, rest, frame) {
            Err(fault) => self.failed(fault, expr, None, frame),
            result => result,
        }
    }

    /// Operands of one precedence level, one after the other.
    #[inline(never)]
    fn chain(&mut self, first: &Expr, rest: &[(Op, Expr)], frame: &Frame<'_>) -> Result<Value, Fault> {
        let value = self.value(first, frame)?;
        match rest.first().map(|(operator, _)| *operator) {
            Some(Op::And | Op::Or) => self.logical(value, first.span, rest, frame),
            Some(Op::Implies) => self.implies(value, first.span, rest, frame),
            Some(Op::Concat) => self.concat(value, first.span, rest, frame),
            Some(Op::Update) => self.update(value, first.span, rest, frame),
            _ => {
                let mut value = value;
                let mut place = first.span;
                let mut operands = rest.iter().peekable();
                while let Some((operator, operand)) = operands.next() {
                    let right = self.value(operand, frame)?;
                    place = place.to(operand.span);
                    if let (Value::Int(a), Value::Int(b)) = (&value, &right)
                        && let Some(result) = integer_result(*operator, *a, *b)
                    {
                        value = result;
                        continue;
                    }
                    // A long sum of texts is joined once.
                    if let (Value::String(text), Op::Add, Value::String(more)) = (&value, operator, &right) {
                        let mut joined = String::new();
                        self.append(&mut joined, more)?;
                        while let Some((Op::Add, next)) = operands.peek() {
                            match self.eval(next, frame)? {
                                Value::String(more) => self.append(&mut joined, &more)?,
                                other => {
                                    return Err(self.unfit(Op::Add, "a string", &other, next.span, frame));
                                }
                            }
                            place = place.to(next.span);
                            operands.next();
                        }
                        value = self.lengthened(text, &joined)?;
                        continue;
                    }
                    value = self.two(*operator, value, right, place, frame)?;
                }
                Ok(value)
            }
        }
    }

    /// One operator between two values; `place` is that of both.
    #[inline(never)]
    fn two(
        &mut self,
        operator: Op,
        left: Value,
        right: Value,
        place: Span,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        if let (Value::String(text), Op::Add, Value::String(more)) = (&left, operator, &right) {
            return self.lengthened(text, more);
        }
        if let (Value::Int(left), Value::Int(right)) = (&left, &right)
            && let Some(value) = integer_result(operator, *left, *right)
        {
            return Ok(value);
        }
        let result = self.binary(operator, &left, &right);
        result.map_err(|fault| locate(fault, frame.source, place, "computed here"))
    }

    fn unfit(&self, operator: Op, wanted: &str, found: &Value, span: Span, frame: &Frame<'_>) -> Fault {
        let message = format!("expected {wanted} beside `{}`, found {}", operator.symbol(), found.describe());
        let label = format!("this is {}", found.describe());
        Fault::new(Diagnostic::error(Code::TypeMismatch, message).at(frame.source, span, label))
    }

    fn logical(
        &mut self,
        first: Value,
        span: Span,
        rest: &[(Op, Expr)],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let operator = rest.first().map_or(Op::And, |(operator, _)| *operator);
        if let Value::Bool(mut truth) = first {
            for (operator, operand) in rest {
                if truth == (*operator == Op::Or) {
                    return Ok(Value::Bool(truth));
                }
                truth = match self.eval(operand, frame)? {
                    Value::Bool(truth) => truth,
                    other => return Err(self.unfit(*operator, "a boolean", &other, operand.span, frame)),
                };
            }
            return Ok(Value::Bool(truth));
        }
        if !matches!(first, Value::Filter(_) | Value::Closure(_) | Value::Builtin(_) | Value::List(_)) {
            return Err(self.unfit(operator, "a boolean or a filter", &first, span, frame));
        }
        let label = "used as a filter here";
        let first = to_filter(self, &first).map_err(|fault| locate(fault, frame.source, span, label))?;
        let mut filters = Vec::with_capacity(rest.len() + 1);
        filters.push(first);
        for (_, operand) in rest {
            let value = self.eval(operand, frame)?;
            let filter = to_filter(self, &value);
            filters.push(filter.map_err(|fault| locate(fault, frame.source, operand.span, label))?);
        }
        let filter = Rc::new(match operator {
            Op::Or => Filter::any_of(&filters),
            _ => Filter::all_of(&filters),
        });
        Ok(Value::Filter(filter))
    }

    /// `a -> b -> c` is `a -> (b -> c)`: true as soon as one but the last is false.
    fn implies(
        &mut self,
        first: Value,
        span: Span,
        rest: &[(Op, Expr)],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let mut value = first;
        let mut place = span;
        for (_, operand) in rest {
            match value {
                Value::Bool(true) => {}
                Value::Bool(false) => return Ok(Value::Bool(true)),
                other => return Err(self.unfit(Op::Implies, "a boolean", &other, place, frame)),
            }
            value = self.eval(operand, frame)?;
            place = operand.span;
        }
        match value {
            Value::Bool(_) => Ok(value),
            other => Err(self.unfit(Op::Implies, "a boolean", &other, place, frame)),
        }
    }

    fn concat(
        &mut self,
        first: Value,
        span: Span,
        rest: &[(Op, Expr)],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let Value::List(list) = &first else {
            return Err(self.unfit(Op::Concat, "a list", &first, span, frame));
        };
        let mut lists = vec![list.clone()];
        for (operator, operand) in rest {
            match self.eval(operand, frame)? {
                Value::List(list) => lists.push(list),
                other => return Err(self.unfit(*operator, "a list", &other, operand.span, frame)),
            }
        }
        lists.retain(|list| !list.is_empty());
        match lists.as_slice() {
            [] => Ok(first.clone()),
            [only] => Ok(Value::List(only.clone())),
            [first, others @ ..] => {
                let added: usize = others.iter().map(List::len).sum();
                let bytes = (first.len() + added).saturating_mul(size_of::<Value>());
                self.meter.memory(bytes)?;
                self.meter.work(if first.is_copied() { bytes } else { added * size_of::<Value>() })?;
                Ok(Value::List(first.with(others.iter())))
            }
        }
    }

    fn update(
        &mut self,
        first: Value,
        span: Span,
        rest: &[(Op, Expr)],
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        if !matches!(first, Value::Attrs(_) | Value::Entity(_)) {
            return Err(self.unfit(Op::Update, "an attribute set", &first, span, frame));
        }
        let evaluator: &mut dyn Evaluator = self;
        let mut attrs = evaluator.attrs(&first)?;
        for (operator, operand) in rest {
            let value = self.eval(operand, frame)?;
            if !matches!(value, Value::Attrs(_) | Value::Entity(_)) {
                return Err(self.unfit(*operator, "an attribute set", &value, operand.span, frame));
            }
            let evaluator: &mut dyn Evaluator = self;
            let other = evaluator.attrs(&value)?;
            attrs = attrs.update(&other);
            self.meter.work(size_of_val(attrs.values()))?;
        }
        Ok(Value::Attrs(attrs))
    }

    pub(super) fn negate(&mut self, operand: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        match self.eval(operand, frame)? {
            Value::Int(number) => match number.checked_neg() {
                Some(number) => Ok(Value::Int(number)),
                None => Err(overflow("-")),
            },
            // Nix subtracts from zero, so that there is no negative zero.
            Value::Float(number) => Ok(Value::Float(0.0 - number)),
            other => Err(self.unfit(Op::Subtract, "a number", &other, operand.span, frame)),
        }
    }

    /// Two operands of an operator that evaluates both.
    fn binary(&mut self, operator: Op, left: &Value, right: &Value) -> Result<Value, Fault> {
        if let (Value::String(a), Value::String(b)) = (left, right) {
            match operator {
                Op::Equal => return Ok(Value::Bool(a == b)),
                Op::NotEqual => return Ok(Value::Bool(a != b)),
                _ => {}
            }
        }
        match operator {
            Op::Equal => Ok(Value::Bool(equal(self, left, right)?)),
            Op::NotEqual => Ok(Value::Bool(!equal(self, left, right)?)),
            Op::Less => Ok(Value::Bool(self.less(left, right)?)),
            Op::Greater => Ok(Value::Bool(self.less(right, left)?)),
            Op::LessOrEqual => Ok(Value::Bool(!self.less(right, left)?)),
            Op::GreaterOrEqual => Ok(Value::Bool(!self.less(left, right)?)),
            _ => arithmetic(operator, left, right),
        }
    }

    fn less(&mut self, left: &Value, right: &Value) -> Result<bool, Fault> {
        if let (Value::String(left), Value::String(right)) = (left, right) {
            return Ok(left < right);
        }
        // Comparisons with what is no number are false, as floats have them.
        let floats = match (left, right) {
            (Value::Float(a), Value::Float(b)) => Some((*a, *b)),
            (Value::Int(a), Value::Float(b)) => Some((*a as f64, *b)),
            (Value::Float(a), Value::Int(b)) => Some((*a, *b as f64)),
            _ => None,
        };
        match floats {
            Some((a, b)) => Ok(a < b),
            None => Ok(compare(self, left, right)?.is_lt()),
        }
    }
}

/// Whether an operator asks for the values of both its operands and no more.
fn is_of_values(operator: Op) -> bool {
    !matches!(operator, Op::And | Op::Or | Op::Implies | Op::Concat | Op::Update)
}

fn overflow(symbol: &str) -> Fault {
    Fault::new(
        Diagnostic::error(Code::Arithmetic, format!("the result of `{symbol}` does not fit 64 bits"))
            .help("write one operand as a float, such as `1.0`"),
    )
}

fn arithmetic(operator: Op, left: &Value, right: &Value) -> Result<Value, Fault> {
    let symbol = operator.symbol();
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => {
            if operator == Op::Divide && *b == 0 {
                return Err(Fault::new(Diagnostic::error(Code::Arithmetic, "division by zero")));
            }
            let result = match operator {
                Op::Add => a.checked_add(*b),
                Op::Subtract => a.checked_sub(*b),
                Op::Multiply => a.checked_mul(*b),
                _ => a.checked_div(*b),
            };
            result.map(Value::Int).ok_or_else(|| overflow(symbol))
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let number = |value: &Value| match value {
                Value::Int(number) => *number as f64,
                Value::Float(number) => *number,
                _ => f64::NAN,
            };
            let (a, b) = (number(left), number(right));
            if operator == Op::Divide && b == 0.0 {
                return Err(Fault::new(Diagnostic::error(Code::Arithmetic, "division by zero")));
            }
            Ok(Value::Float(match operator {
                // As in Nix a sum begins at 0, so that two zeros below it are no zero below it.
                Op::Add => 0.0 + a + b,
                Op::Subtract => a - b,
                Op::Multiply => a * b,
                _ => a / b,
            }))
        }
        _ => {
            let wanted = match (operator, left) {
                (Op::Add, Value::String(_)) => "a string",
                (Op::Add, Value::Int(_) | Value::Float(_)) => "a number",
                (Op::Add, _) => "a number or a string",
                _ => "a number",
            };
            let unfit = match (operator, left) {
                (Op::Add, Value::String(_)) | (_, Value::Int(_) | Value::Float(_)) => right,
                _ => left,
            };
            let message = format!("expected {wanted} beside `{symbol}`, found {}", unfit.describe());
            Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message)))
        }
    }
}
