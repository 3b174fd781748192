//! Counting against the limits of an evaluation.
//!
//! An evaluation may need another one on its way: a query about a role needs the filters of all roles.
//! The evaluations that run on a thread at one time share a [`Budget`], so that the limits hold for all
//! of them together and an interruption stops the innermost.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::limits::{Limit, Limits, Watch, grouped};
use crate::text::count;
use crate::value::{Fault, meter};

thread_local! {
    static RUNNING: RefCell<Weak<Budget>> = const { RefCell::new(Weak::new()) };
}

/// What the evaluations that run on this thread may still use.
struct Budget {
    limits: Limits,
    /// Steps up to the last look.
    steps: Cell<u64>,
    memory_before: usize,
    /// The most bytes that values have held at any look.
    memory_most: Cell<usize>,
    watch: Watch,
    /// Why everything stops, once it does.
    stopped: RefCell<Option<Fault>>,
}

/// What evaluations have used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Steps, as the limit counts them.
    pub steps: u64,
    /// The most bytes that values have held at one time, as far as it was looked at.
    pub memory: usize,
}

/// Counts one evaluation against the budget.
pub(super) struct Meter {
    budget: Rc<Budget>,
    /// Steps since the last look.
    steps: u64,
    /// How many steps go by until the next look.
    next_look: u64,
    depth: usize,
    /// The limit of depth, near at hand.
    deepest: usize,
}

/// How many steps at most go by between looks at memory, clock and interruption.
const LOOK_EVERY: u64 = 1024;

/// How many copied or searched bytes count as a step.
const BYTES_OF_STEP: usize = 1024;

impl Meter {
    pub(super) fn new(limits: &Limits) -> Meter {
        let budget = RUNNING.with_borrow_mut(|running| {
            running.upgrade().unwrap_or_else(|| {
                let budget = Rc::new(Budget {
                    limits: limits.clone(),
                    steps: Cell::new(0),
                    memory_before: meter::live(),
                    memory_most: Cell::new(0),
                    watch: Watch::new(limits),
                    stopped: RefCell::new(None),
                });
                *running = Rc::downgrade(&budget);
                budget
            })
        });
        let deepest = budget.limits.depth;
        let mut meter = Meter { budget, steps: 0, next_look: 0, depth: 0, deepest };
        meter.plan();
        meter
    }

    /// The limits that hold.
    pub(super) fn limits(&self) -> &Limits {
        &self.budget.limits
    }

    /// The limits less what is used up, for what follows on this evaluation.
    pub(super) fn remaining(&self) -> Limits {
        let mut limits = self.budget.limits.clone();
        limits.steps = limits.steps.saturating_sub(self.budget.steps.get() + self.steps);
        limits.time = self.budget.watch.left();
        limits
    }

    /// What has been used so far.
    pub(super) fn used(&self) -> Used {
        let now = meter::live().saturating_sub(self.budget.memory_before);
        Used { steps: self.budget.steps.get() + self.steps, memory: self.budget.memory_most.get().max(now) }
    }

    /// Why all evaluations of this budget stop, if they do: not for what one part needs, but since
    /// together they went over a limit or were interrupted.
    pub(super) fn stopped(&self) -> Option<Fault> {
        self.budget.stopped.borrow().clone()
    }

    /// Counts a step.
    #[inline]
    pub(super) fn step(&mut self) -> Result<(), Fault> {
        self.steps += 1;
        if self.steps >= self.next_look { self.look() } else { Ok(()) }
    }

    /// Counts the steps of copying or searching so many bytes.
    #[inline]
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add((bytes / BYTES_OF_STEP) as u64);
        if self.steps >= self.next_look { self.look() } else { Ok(()) }
    }

    /// Sets when to look: in time for the limit of steps to be exact.
    fn plan(&mut self) {
        let left = self.budget.limits.steps.saturating_sub(self.budget.steps.get());
        self.next_look = LOOK_EVERY.min(left.saturating_add(1));
    }

    /// Looks at all limits and an interruption.
    #[cold]
    pub(super) fn look(&mut self) -> Result<(), Fault> {
        let budget = &self.budget;
        budget.steps.set(budget.steps.get().saturating_add(std::mem::take(&mut self.steps)));
        let found = if budget.steps.get() > budget.limits.steps {
            let most = grouped(budget.limits.steps);
            let message = format!("the evaluation took more than {most} steps");
            Err(reached(Limit::Steps, message, "look for a recursion that does not end"))
        } else {
            budget.memory(0).and_then(|()| Ok(budget.watch.look("the evaluation")?))
        };
        self.plan();
        self.stop(found)
    }

    fn stop(&self, found: Result<(), Fault>) -> Result<(), Fault> {
        if let Err(fault) = &found {
            self.budget.stopped.borrow_mut().get_or_insert_with(|| fault.clone());
        }
        found
    }

    /// Checks that `more` bytes still fit.
    #[inline]
    pub(super) fn memory(&self, more: usize) -> Result<(), Fault> {
        self.stop(self.budget.memory(more))
    }

    /// Enters a call or a forced value.
    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > self.deepest { Err(self.too_deep()) } else { self.step() }
    }

    #[cold]
    fn too_deep(&self) -> Fault {
        let most = grouped(self.deepest as u64);
        let instead = "look for a recursion that does not end, or use `foldl'`, which does not nest";
        reached(Limit::Depth, format!("calls are nested more than {most} deep"), instead)
    }

    /// Leaves it.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.budget.steps.set(self.budget.steps.get().saturating_add(self.steps));
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        // What is only remembered for counting goes with the evaluation.
        meter::sweep();
    }
}

impl Budget {
    fn memory(&self, more: usize) -> Result<(), Fault> {
        let over = || {
            let held = meter::live().saturating_sub(self.memory_before).saturating_add(more);
            self.memory_most.set(self.memory_most.get().max(held));
            held > self.limits.memory
        };
        if !over() {
            return Ok(());
        }
        meter::sweep();
        if !over() {
            return Ok(());
        }
        let most = count(self.limits.memory, "byte", "bytes");
        Err(reached(
            Limit::Memory,
            format!("the values of the evaluation need more than {most} of memory"),
            "",
        ))
    }
}

fn reached(limit: Limit, message: String, instead: &str) -> Fault {
    Fault::new(limit.reached(message, instead))
}
