//! Values that are computed when they are needed.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::{Evaluator, Fault, Value, meter};
use crate::types::tir::Body;

/// A computation of the engine's own.
pub(super) type Computation = Box<dyn FnOnce(&mut dyn Evaluator) -> Result<Value, Fault>>;

/// A value that is computed once, when it is first needed.
pub struct Thunk {
    state: RefCell<State>,
}

/// What is known of a thunk's value.
pub enum State {
    /// Nothing yet: it will be filled in before anything can need it.
    Blank,
    /// An expression with what it captured.
    Expression(Arc<Body>, Rc<[Value]>),
    /// A function applied to an argument.
    Call(Value, Value),
    /// A computation of the engine's own.
    Native(Computation),
    /// It is being computed: needing it now is infinite recursion.
    Running,
    /// The value; never a thunk.
    Done(Value),
    /// Computing it failed, and will fail again.
    Failed(Fault),
}

const SIZE: usize = std::mem::size_of::<Thunk>() + 16;

impl Thunk {
    /// A thunk in this state.
    pub fn new(state: State) -> Rc<Thunk> {
        meter::add(SIZE);
        Rc::new(Thunk { state: RefCell::new(state) })
    }

    /// A thunk that is filled in later.
    pub fn blank() -> Rc<Thunk> {
        Thunk::new(State::Blank)
    }

    /// A thunk for a computation of the engine's own.
    pub fn native(compute: Computation) -> Rc<Thunk> {
        Thunk::new(State::Native(compute))
    }

    /// A thunk for `function argument`.
    pub fn call(function: Value, argument: Value) -> Value {
        Value::Thunk(Thunk::new(State::Call(function, argument)))
    }

    /// Replaces the state and gives back the one before.
    pub fn replace(&self, state: State) -> State {
        self.state.replace(state)
    }

    /// The value, where it is known.
    pub fn value(&self) -> Option<Value> {
        match &*self.state.borrow() {
            State::Done(value) => Some(value.clone()),
            _ => None,
        }
    }
}

impl Drop for Thunk {
    fn drop(&mut self) {
        meter::remove(SIZE);
        match self.state.replace(State::Blank) {
            State::Done(value) => meter::drop_flat(std::iter::once(value)),
            State::Call(function, argument) => meter::drop_flat([function, argument].into_iter()),
            State::Expression(_, mut captures) => drop_captures(&mut captures),
            State::Native(compute) => meter::drop_computation(compute),
            State::Blank | State::Running | State::Failed(_) => {}
        }
    }
}

/// Drops captured values one after the other, where nothing else holds them.
pub(super) fn drop_captures(captures: &mut Rc<[Value]>) {
    if let Some(captures) = Rc::get_mut(captures) {
        meter::drop_flat(captures.iter_mut().map(|value| std::mem::replace(value, Value::Null)));
    }
}
