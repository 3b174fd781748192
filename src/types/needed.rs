//! Which arguments a function needs before it does anything else.
//!
//! Such an argument can be evaluated before the call instead of being delayed: nothing that could fail,
//! end, or be seen lies in between, so that it makes no difference to what the call means.

use super::tir::{Capture, Constant, Expr, ExprKind, Group, Lambda, Parameter};
use crate::syntax::ast::BinaryOperator as Op;

/// Arguments behind these are never looked at.
const MOST: usize = 8;

/// The arguments of a function and of the functions that its body is, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needed(u8);

impl Needed {
    /// What a function with this parameter and this body needs first. Of arguments that are needed in another
    /// order than they are written in, those up to there.
    pub fn of(parameter: &Parameter, body: &Expr) -> Needed {
        let mut order = Order::default();
        match parameter {
            Parameter::Value => {
                let names = Names { parameter: Some(0), captured: [None; MOST] };
                look_into_function(body, &names, 0, &mut order);
            }
            // It is taken apart.
            Parameter::Pattern { .. } => order.add(0),
        }
        let mut needed = 0;
        let mut least = 0;
        for place in order.places() {
            if *place < least {
                break;
            }
            least = *place;
            needed |= 1 << place;
        }
        Needed(needed)
    }

    /// Whether the argument in this place is needed first.
    #[inline]
    pub fn contains(self, place: usize) -> bool {
        place < MOST && self.0 >> place & 1 == 1
    }
}

/// What stands for which argument, inside one body.
struct Names {
    /// The body's own parameter.
    parameter: Option<u8>,
    /// What it captured.
    captured: [Option<u8>; MOST],
}

impl Names {
    fn of(&self, capture: Capture) -> Option<u8> {
        match capture {
            Capture::Local(0) => self.parameter,
            Capture::Captured(index) => self.captured.get(index as usize).copied().flatten(),
            _ => None,
        }
    }
}

/// Arguments in the order in which they are needed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Order {
    places: [u8; MOST],
    length: usize,
}

impl Order {
    fn places(&self) -> &[u8] {
        self.places.get(..self.length).unwrap_or(&[])
    }

    fn add(&mut self, place: u8) {
        if self.places().contains(&place) {
            return;
        }
        if let Some(next) = self.places.get_mut(self.length) {
            *next = place;
            self.length += 1;
        }
    }

    /// What both begin with.
    fn common(&self, other: &Order) -> Order {
        let length =
            self.places().iter().zip(other.places()).take_while(|(left, right)| left == right).count();
        Order { length, ..*self }
    }
}

/// Looks through the functions that a body is, which a call with enough arguments goes through.
fn look_into_function(body: &Expr, names: &Names, place: usize, order: &mut Order) {
    let next = place + 1;
    if let ExprKind::Lambda(group, captures) = &body.kind
        && let Group { lambdas } = &**group
        && let [Lambda { parameter: Parameter::Value, body, .. }] = lambdas.as_slice()
        && next < MOST
    {
        let mut captured = [None; MOST];
        for (known, capture) in captured.iter_mut().zip(captures) {
            *known = names.of(*capture);
        }
        let inner = Names { parameter: u8::try_from(next).ok(), captured };
        return look_into_function(&body.expr, &inner, next, order);
    }
    look(body, names, order);
}

/// Adds what an expression needs, up to the first step that could fail or takes a call. Whether there is none.
fn look(expr: &Expr, names: &Names, order: &mut Order) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) => true,
        ExprKind::Local(slot) => add(names.of(Capture::Local(*slot)), order),
        ExprKind::Captured(index) => add(names.of(Capture::Captured(*index)), order),
        ExprKind::Named { value, .. } => look(value, names, order),
        ExprKind::If { condition, then, otherwise } => {
            if !look(condition, names, order) {
                return false;
            }
            let (mut left, mut right) = (*order, *order);
            let both = look(then, names, &mut left) & look(otherwise, names, &mut right);
            *order = left.common(&right);
            both && left == right
        }
        ExprKind::Select { base, .. } => {
            look(base, names, order);
            false
        }
        ExprKind::Chain { first, rest } => {
            if !look(first, names, order) {
                return false;
            }
            match rest.as_slice() {
                [(operator, right)] if compares(*operator) && is_plain(right) => true,
                [(operator, right), ..] if compares(*operator) || computes(*operator) => {
                    look(right, names, order);
                    false
                }
                _ => false,
            }
        }
        _ => false,
    }
}

fn add(place: Option<u8>, order: &mut Order) -> bool {
    if let Some(place) = place {
        order.add(place);
    }
    // Another variable may be something that is yet to be evaluated.
    place.is_some()
}

/// A number or the like, with which a comparison neither fails nor evaluates more.
fn is_plain(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        ExprKind::Constant(Constant::Null | Constant::Bool(_) | Constant::Int(_) | Constant::String(_))
    )
}

fn compares(operator: Op) -> bool {
    matches!(
        operator,
        Op::Equal | Op::NotEqual | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual
    )
}

fn computes(operator: Op) -> bool {
    matches!(operator, Op::Add | Op::Subtract | Op::Multiply | Op::Divide)
}
