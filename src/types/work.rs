//! How much work the types of one expression are.
//!
//! Types share parts, so that they can be much larger than what was written, and rows of many fields are
//! walked at each use. What is looked at is counted; where it is too much, or somebody wants an end,
//! every further look finds `Any`, so that the check comes to its end at once.

use std::cell::{Cell, OnceCell};

use crate::diagnostic::Diagnostic;
use crate::limits::Watch;

/// How many parts of types may be looked at for any expression, and for each of its bytes.
const LEAST: u64 = 1_000_000;
const PER_BYTE: u64 = 200;

/// How many parts are looked at between looks at the time and an interruption.
const LOOK_EVERY: u64 = 1 << 14;

/// Counts it.
pub(super) struct Work {
    done: Cell<u64>,
    /// How much may be done.
    most: u64,
    /// When to look at the time again.
    next_look: Cell<u64>,
    watch: Option<Watch>,
    /// Whether types were not followed to their ends.
    given_up: Cell<bool>,
    /// Why the check stops, where it does.
    stopped: OnceCell<Diagnostic>,
}

impl Work {
    /// For an expression of so many bytes.
    pub(super) fn new(bytes: usize, watch: Option<&Watch>) -> Work {
        Work {
            done: Cell::new(0),
            most: LEAST + PER_BYTE * bytes as u64,
            next_look: Cell::new(LOOK_EVERY),
            watch: watch.cloned(),
            given_up: Cell::new(false),
            stopped: OnceCell::new(),
        }
    }

    /// Allows more for a text of this many bytes that comes in from elsewhere.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.most += PER_BYTE * bytes as u64;
    }

    /// Counts so many parts.
    #[inline]
    pub(super) fn spend(&self, parts: u64) {
        let done = self.done.get() + parts;
        self.done.set(done);
        if done >= self.next_look.get() {
            self.look(done);
        }
    }

    #[cold]
    fn look(&self, done: u64) {
        self.next_look.set(done + LOOK_EVERY);
        if done > self.most {
            self.give_up();
        }
        if self.stopped.get().is_none()
            && let Some(stopped) = self.watch.as_ref().and_then(|watch| watch.look(WORK).err())
        {
            let _ = self.stopped.set(stopped);
            self.give_up();
        }
    }

    /// Follows types no further; what is inferred then means nothing.
    pub(super) fn give_up(&self) {
        self.given_up.set(true);
    }

    /// Whether it was too much.
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up.get()
    }

    /// Why somebody wanted an end.
    pub(super) fn stopped(&self) -> Option<&Diagnostic> {
        self.stopped.get()
    }
}

/// What is stopped.
const WORK: &str = "checking the expression";
