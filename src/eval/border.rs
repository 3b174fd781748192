//! Where in its file a value stands that is not what an expression assumed of it.
//!
//! Values carry no places. When something fails, what its operands read is followed back: from
//! `m.vars.cpus` to the machine, and from there into the document.

use std::sync::Arc;

use super::{Evaluation, Frame};
use crate::diagnostic::{Code, Label};
use crate::text::{Source, Span};
use crate::types::tir::{Expr, ExprKind};
use crate::value::{Entity, Fault, Name, Value};

/// An entity of the inventory, and the way from it to a value.
type Way = (Entity, Vec<Name>);

impl Evaluation<'_> {
    /// Adds to a mistake the places of what the expression's operands read from files; only the innermost
    /// expression around a mistake is looked at.
    pub(super) fn trace(&mut self, mut fault: Fault, expr: &Expr, frame: &Frame<'_>) -> Fault {
        let is_of_a_value = matches!(
            fault.diagnostic().code,
            Code::TypeMismatch | Code::MissingElement | Code::NotAFunction | Code::InvalidValue
        );
        if fault.is_traced() || !is_of_a_value {
            return fault;
        }
        fault.set_traced();
        for operand in operands(expr) {
            let Some((source, span)) = self.place_of(operand, frame) else { continue };
            let labels = &mut fault.diagnostic_mut().labels;
            if !labels.iter().any(|label| label.span == span && label.source.name() == source.name()) {
                labels.push(Label { source, span, message: "the value stands here".to_owned() });
            }
        }
        fault
    }

    fn place_of(&mut self, expr: &Expr, frame: &Frame<'_>) -> Option<(Arc<Source>, Span)> {
        let (entity, path) = self.way_to(expr, frame)?;
        self.world.place(entity, &path)
    }

    /// The innermost entity that a chain of selections passes, and the names behind it.
    fn way_to(&mut self, expr: &Expr, frame: &Frame<'_>) -> Option<Way> {
        match &expr.kind {
            ExprKind::Delayed(body, captures) => {
                let captures = self.capture(captures, frame);
                let base = self.stack.len();
                self.stack.resize(base + body.slots as usize, Value::Null);
                let inner = Frame { base, captures: &captures, closure: None, source: &body.source };
                let way = self.way_to(&body.expr, &inner);
                self.stack.truncate(base);
                way
            }
            ExprKind::Checked { value, .. } => self.way_to(value, frame),
            ExprKind::Select { base, name, .. } => match self.entity(expr, frame) {
                Some(entity) => Some((entity, Vec::new())),
                None => {
                    let (entity, mut path) = self.way_to(base, frame)?;
                    path.push(name.clone());
                    Some((entity, path))
                }
            },
            ExprKind::SelectPath { base, path: names, .. } => {
                let (entity, mut path) = self.way_to(base, frame)?;
                for name in names {
                    match self.eval(name, frame).ok()? {
                        Value::String(name) => path.push(name),
                        _ => return None,
                    }
                }
                Some((entity, path))
            }
            ExprKind::Local(_) | ExprKind::Captured(_) | ExprKind::Apply { .. } => {
                self.entity(expr, frame).map(|entity| (entity, Vec::new()))
            }
            _ => None,
        }
    }

    fn entity(&mut self, expr: &Expr, frame: &Frame<'_>) -> Option<Entity> {
        match self.eval(expr, frame).ok()? {
            Value::Entity(entity) => Some(entity),
            _ => None,
        }
    }
}

/// The expressions whose values an expression works on itself.
fn operands(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Chain { first, rest } => {
            std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect()
        }
        ExprKind::Apply { function, arguments } => std::iter::once(&**function).chain(arguments).collect(),
        ExprKind::Pipe { first, .. } => vec![first],
        ExprKind::Interpolate(parts) => parts.iter().collect(),
        ExprKind::If { condition: operand, .. }
        | ExprKind::Assert { condition: operand, .. }
        | ExprKind::Select { base: operand, .. }
        | ExprKind::SelectPath { base: operand, .. }
        | ExprKind::HasAttr { base: operand, .. }
        | ExprKind::Checked { value: operand, .. }
        | ExprKind::Not(operand)
        | ExprKind::Negate(operand) => vec![operand],
        _ => Vec::new(),
    }
}
