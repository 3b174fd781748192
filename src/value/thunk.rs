//! Values that are computed when they are needed.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::{Rc, Weak};
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
    Expression(Arc<Body>, Captured),
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

/// What an expression captured. Most capture one value or two, which then need no allocation of their own.
pub enum Captured {
    /// One value.
    One([Value; 1]),
    /// Two values.
    Two([Value; 2]),
    /// None, or more.
    Many(Rc<[Value]>),
}

impl Deref for Captured {
    type Target = [Value];

    #[inline]
    fn deref(&self) -> &[Value] {
        match self {
            Captured::One(values) => values,
            Captured::Two(values) => values,
            Captured::Many(values) => values,
        }
    }
}

impl Captured {
    /// Drops the values one after the other, where nothing else holds them.
    fn drop_flat(self) {
        match self {
            Captured::One(values) => meter::drop_flat(values.into_iter()),
            Captured::Two(values) => meter::drop_flat(values.into_iter()),
            Captured::Many(mut values) => drop_captures(&mut values),
        }
    }
}

/// What a thunk takes, with its counts and what an allocation takes besides.
const SIZE: usize = std::mem::size_of::<Thunk>() + 32;

/// What a computation has captured, with what its allocation takes besides.
fn size(compute: &Computation) -> usize {
    std::mem::size_of_val(&**compute) + 16
}

thread_local! {
    /// Whether thunks of the running evaluation are remembered.
    static REMEMBERS: Cell<bool> = const { Cell::new(false) };
    static CYCLES: RefCell<Vec<Cycles>> = const { RefCell::new(Vec::new()) };
}

/// Thunks that may lead to themselves, of one evaluation: counting references never frees them, so
/// they are emptied when the evaluation ends.
///
/// A value leads to itself only through a thunk that was filled in after it was made, so that nothing
/// needs to be remembered before the first of those.
struct Cycles {
    known: Vec<Weak<Thunk>>,
    /// Whether the evaluation around this one remembers its thunks.
    outer_remembers: bool,
    sweep_at: usize,
}

/// What an evaluation holds while it runs; evaluations of a thread end in the reverse order of their
/// beginnings.
pub struct Scope {
    depth: usize,
}

impl Scope {
    /// Begins to remember the thunks that are made on this thread.
    pub fn enter() -> Scope {
        CYCLES.with_borrow_mut(|cycles| {
            let outer_remembers = REMEMBERS.replace(false);
            cycles.push(Cycles { known: Vec::new(), outer_remembers, sweep_at: 1024 });
            Scope { depth: cycles.len() }
        })
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let ended = CYCLES.try_with(|cycles| {
            let mut cycles = cycles.borrow_mut();
            let first = (self.depth - 1).min(cycles.len());
            cycles.split_off(first)
        });
        if let Some(outermost) = ended.iter().flatten().next() {
            let _ = REMEMBERS.try_with(|remembers| remembers.set(outermost.outer_remembers));
        }
        for thunk in ended.into_iter().flatten().flat_map(|cycles| cycles.known) {
            if let Some(thunk) = thunk.upgrade() {
                drop(thunk.replace(State::Blank));
            }
        }
    }
}

impl Thunk {
    /// A thunk in this state.
    pub fn new(state: State) -> Rc<Thunk> {
        meter::add(SIZE);
        let thunk = Rc::new(Thunk { state: RefCell::new(state) });
        if REMEMBERS.get() {
            CYCLES.with_borrow_mut(|cycles| {
                if let Some(cycles) = cycles.last_mut() {
                    cycles.remember(&thunk);
                }
            });
        }
        thunk
    }

    /// A thunk that is filled in later.
    pub fn blank() -> Rc<Thunk> {
        REMEMBERS.set(true);
        Thunk::new(State::Blank)
    }

    /// A thunk for a computation of the engine's own.
    pub fn native(compute: Computation) -> Rc<Thunk> {
        meter::add(size(&compute));
        Thunk::new(State::Native(compute))
    }

    /// A thunk for `function argument`.
    pub fn call(function: Value, argument: Value) -> Value {
        Value::Thunk(Thunk::new(State::Call(function, argument)))
    }

    /// Replaces the state and gives back the one before.
    pub fn replace(&self, state: State) -> State {
        if let State::Native(compute) = &state {
            meter::add(size(compute));
        }
        let before = self.state.replace(state);
        if let State::Native(compute) = &before {
            meter::remove(size(compute));
        }
        before
    }

    /// Something of the value, where it is known.
    #[inline]
    pub fn peek<T>(&self, look: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        match &*self.state.borrow() {
            State::Done(value) => look(value),
            _ => None,
        }
    }

    /// The value, where it is known.
    pub fn value(&self) -> Option<Value> {
        match &*self.state.borrow() {
            State::Done(value) => Some(value.clone()),
            _ => None,
        }
    }
}

impl Cycles {
    fn remember(&mut self, thunk: &Rc<Thunk>) {
        if self.known.len() >= self.sweep_at {
            self.known.retain(|known| known.strong_count() > 0);
            self.sweep_at = (self.known.len() * 2).max(1024);
        }
        self.known.push(Rc::downgrade(thunk));
    }
}

impl Drop for Thunk {
    fn drop(&mut self) {
        meter::remove(SIZE);
        let state = self.state.get_mut();
        if matches!(
            state,
            State::Blank | State::Done(Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_))
        ) {
            return;
        }
        match std::mem::replace(state, State::Blank) {
            State::Done(value) => meter::drop_flat(std::iter::once(value)),
            State::Call(function, argument) => meter::drop_flat([function, argument].into_iter()),
            State::Expression(_, captures) => captures.drop_flat(),
            State::Native(compute) => {
                meter::remove(size(&compute));
                meter::drop_computation(compute);
            }
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
