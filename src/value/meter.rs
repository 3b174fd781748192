//! How many bytes the values of this thread hold: what the memory limit is compared with.
//!
//! Lists, attribute sets and thunks count when they are made and discount when they are dropped.
//! Texts are counted when they are made; those that are gone are taken out when the count would reach the
//! limit, and when an evaluation ends.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Weak};

use super::thunk::Computation;

/// Texts shorter than this are covered by the constant that each value counts with.
const LONG_TEXT: usize = 32;

/// What a text takes besides its letters: the counts before it, its allocation, and its entry here.
const BESIDES: usize = 48;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static TEXTS: RefCell<Texts> = const { RefCell::new(Texts { known: Vec::new(), bytes: 0, sweep_at: 1 << 20 }) };
    static DEFERRED: RefCell<Vec<Deferred>> = const { RefCell::new(Vec::new()) };
    static DROPPING: Cell<bool> = const { Cell::new(false) };
}

/// What is dropped once what holds it is gone.
enum Deferred {
    Value(super::Value),
    Computation(Computation),
}

struct Texts {
    known: Vec<Weak<str>>,
    bytes: usize,
    sweep_at: usize,
}

/// Bytes held by values of this thread.
pub fn live() -> usize {
    LIVE.get() + TEXTS.with_borrow(|texts| texts.bytes)
}

/// Counts a text that was just made.
#[inline]
pub fn text(text: &Arc<str>) {
    if text.len() >= LONG_TEXT {
        each_text(text);
    }
}

/// Counts a text that was just made, also a short one: for lists of many.
pub fn each_text(text: &Arc<str>) {
    TEXTS.with_borrow_mut(|texts| {
        texts.known.push(Arc::downgrade(text));
        texts.bytes += BESIDES + text.len();
        if texts.bytes >= texts.sweep_at {
            texts.sweep();
            texts.sweep_at = (texts.bytes * 2).max(1 << 20);
        }
    });
}

/// Takes texts that are gone out of the count.
pub fn sweep() {
    TEXTS.with_borrow_mut(Texts::sweep);
}

impl Texts {
    fn sweep(&mut self) {
        let mut bytes = 0;
        self.known.retain(|weak| {
            weak.upgrade().is_some_and(|text| {
                bytes += BESIDES + text.len();
                true
            })
        });
        self.bytes = bytes;
    }
}

pub(super) fn add(bytes: usize) {
    LIVE.set(LIVE.get() + bytes);
}

pub(super) fn remove(bytes: usize) {
    // A thread that ends may drop values after its count is gone.
    let _ = LIVE.try_with(|live| live.set(live.get().saturating_sub(bytes)));
}

/// Drops values one after the other instead of one inside the other, so that a long chain of values
/// cannot overflow the stack.
pub(super) fn drop_flat(values: impl Iterator<Item = super::Value>) {
    // What is held from elsewhere stays, and what has no parts ends here.
    for value in values.filter(super::Value::ends_with_parts) {
        drop_deferred(std::iter::once(Deferred::Value(value)));
    }
}

/// As [`drop_flat`], of a computation, which may hold values.
pub(super) fn drop_computation(computation: Computation) {
    drop_deferred(std::iter::once(Deferred::Computation(computation)));
}

fn drop_deferred(nested: impl Iterator<Item = Deferred>) {
    if DROPPING.try_with(Cell::get).unwrap_or(false) {
        let _ = DEFERRED.try_with(|deferred| deferred.borrow_mut().extend(nested));
        return;
    }
    let _ = DROPPING.try_with(|dropping| dropping.set(true));
    let release = |deferred: Deferred| match deferred {
        Deferred::Value(value) => drop(value),
        Deferred::Computation(computation) => drop(computation),
    };
    nested.for_each(release);
    while let Ok(Some(deferred)) = DEFERRED.try_with(|deferred| deferred.borrow_mut().pop()) {
        release(deferred);
    }
    let _ = DROPPING.try_with(|dropping| dropping.set(false));
}
