//! Where in its file a value stands that is not what an expression assumed of it.
//!
//! Values carry no places. When something fails, what its operands read is followed back: from
//! `m.vars.cpus` to the machine, and from there into the document; a variable to what it was bound to.

use std::sync::Arc;

use super::{Captures, Evaluation, Frame};
use crate::diagnostic::{Code, Label};
use crate::text::{Source, Span};
use crate::types::tir::{Expr, ExprKind, Root};
use crate::value::{Entity, Evaluator, Fault, Name, Sought, Value};

/// Where the way to a value begins, and the names on it.
type Way = (Start, Vec<Name>);

/// Where the way to a value begins.
enum Start {
    Entity(Entity),
    Root(Root),
}

impl Evaluation<'_> {
    /// Adds to a mistake the places of what the expression's operands read from files: those of the
    /// innermost expression around it, or of the call of the function in which that stands.
    pub(super) fn trace(&mut self, mut fault: Fault, expr: &Expr, frame: &Frame<'_>) -> Fault {
        let is_of_a_value = matches!(
            fault.diagnostic().code,
            Code::TypeMismatch | Code::MissingElement | Code::NotAFunction | Code::InvalidValue
        );
        let is_call = matches!(expr.kind, ExprKind::Apply { .. } | ExprKind::Pipe { .. });
        let is_next = match fault.sought() {
            Sought::Nowhere => true,
            Sought::Inside => is_call,
            Sought::Everywhere => false,
        };
        if !is_next || !is_of_a_value {
            return fault;
        }
        fault.set_sought(if is_call { Sought::Everywhere } else { Sought::Inside });
        for operand in operands(expr) {
            for (source, span) in self.places_of(operand, frame) {
                fault.set_sought(Sought::Everywhere);
                let labels = &mut fault.diagnostic_mut().labels;
                if !labels.iter().any(|label| label.span == span && label.source.name() == source.name()) {
                    labels.push(Label { source, span, message: "the value stands here".to_owned() });
                }
            }
        }
        fault
    }

    fn places_of(&mut self, expr: &Expr, frame: &Frame<'_>) -> Vec<(Arc<Source>, Span)> {
        let world = self.world;
        match self.way_to(expr, frame) {
            Some((Start::Entity(entity), path)) => world.places(self, entity, &path),
            Some((Start::Root(root), path)) => world.places_in_documents(root, &path),
            None => Vec::new(),
        }
    }

    /// The innermost entity or collection that a chain of selections passes, and the names behind it.
    fn way_to(&mut self, expr: &Expr, frame: &Frame<'_>) -> Option<Way> {
        match &expr.kind {
            ExprKind::Delayed(body, captures) => {
                let captures = Captures::Around(captures, frame);
                let base = self.stack.len();
                self.stack.resize(base + body.slots as usize, Value::Null);
                let inner = Frame { base, captures, closure: None, source: &body.source };
                let way = self.way_to(&body.expr, &inner);
                self.stack.truncate(base);
                way
            }
            ExprKind::Checked { value, .. } => self.way_to(value, frame),
            ExprKind::Named { from, .. } => self.way_to(from, frame),
            ExprKind::Root(root) => Some((Start::Root(*root), Vec::new())),
            ExprKind::Select { base, name, .. } => match self.entity(expr, frame) {
                Some(entity) => Some((Start::Entity(entity), Vec::new())),
                None => {
                    let (start, mut path) = self.way_to(base, frame)?;
                    path.push(name.clone());
                    Some((start, path))
                }
            },
            ExprKind::SelectPath { base, path: names, .. } => {
                let mut way = self.way_to(base, frame);
                let mut value = self.eval(base, frame).ok();
                for name in names {
                    let Value::String(name) = self.eval(name, frame).ok()? else { return None };
                    let name = name.name();
                    value = value.and_then(|value| self.attribute(&value, &name));
                    if let Some(Value::Entity(entity)) = &value {
                        way = Some((Start::Entity(*entity), Vec::new()));
                    } else if let Some((_, path)) = &mut way {
                        path.push(name);
                    }
                }
                way
            }
            ExprKind::Local(_) | ExprKind::Captured(_) | ExprKind::Apply { .. } => {
                self.entity(expr, frame).map(|entity| (Start::Entity(entity), Vec::new()))
            }
            _ => None,
        }
    }

    fn attribute(&mut self, value: &Value, name: &Name) -> Option<Value> {
        let found = match value {
            Value::Entity(entity) => self.world.entity_field(*entity, name).ok()??,
            Value::Attrs(attrs) => attrs.get(name)?.clone(),
            _ => return None,
        };
        self.force(&found).ok()
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
