//! What an evaluation may use.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::diagnostic::{Code, Diagnostic};
use crate::value::{Fault, meter};

/// What an evaluation may use. Reaching a limit is an ordinary error with the code `limit-reached`.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Evaluation steps: calls, forced values, elements that builtins walk over.
    pub steps: u64,
    /// Bytes that values may hold at one time.
    pub memory: usize,
    /// Nested calls and forced values.
    pub depth: usize,
    /// Wall time of one evaluation.
    pub time: Option<Duration>,
    /// Set from elsewhere, it stops the evaluation.
    pub interrupt: Option<Arc<AtomicBool>>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 1_000_000_000, memory: 4 << 30, depth: 10_000, time: None, interrupt: None }
    }
}

/// Counts against the limits.
pub(super) struct Meter {
    limits: Limits,
    steps: u64,
    depth: usize,
    memory_before: usize,
    deadline: Option<Instant>,
}

/// How many steps go by between looks at memory, clock and interruption.
const LOOK_EVERY: u64 = 1024;

impl Meter {
    // The clock is read for the time limit alone; no expression can see it.
    #[allow(clippy::disallowed_methods)]
    pub(super) fn new(limits: &Limits) -> Meter {
        Meter {
            limits: limits.clone(),
            steps: 0,
            depth: 0,
            memory_before: meter::live(),
            deadline: limits.time.map(|time| Instant::now() + time),
        }
    }

    /// Counts a step.
    #[inline]
    pub(super) fn step(&mut self) -> Result<(), Fault> {
        self.steps += 1;
        if self.steps.is_multiple_of(LOOK_EVERY) { self.look() } else { Ok(()) }
    }

    #[allow(clippy::disallowed_methods)]
    fn look(&self) -> Result<(), Fault> {
        if self.steps > self.limits.steps {
            return Err(reached(
                format!("the evaluation took more than {} steps", self.limits.steps),
                "raise the limit with `--limit-steps`, or look for a recursion that does not end",
            ));
        }
        self.memory(0)?;
        if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            return Err(reached(
                format!("the evaluation took longer than {:?}", self.limits.time.unwrap_or_default()),
                "raise the limit with `--limit-time`",
            ));
        }
        if self.limits.interrupt.as_ref().is_some_and(|interrupt| interrupt.load(Ordering::Relaxed)) {
            return Err(Fault::new(Diagnostic::error(Code::Interrupted, "the evaluation was interrupted")));
        }
        Ok(())
    }

    /// Checks that `more` bytes still fit.
    pub(super) fn memory(&self, more: usize) -> Result<(), Fault> {
        let over = || meter::live().saturating_sub(self.memory_before) + more > self.limits.memory;
        if !over() {
            return Ok(());
        }
        meter::sweep();
        if !over() {
            return Ok(());
        }
        Err(reached(
            format!("the values of the evaluation need more than {} bytes", self.limits.memory),
            "raise the limit with `--limit-memory`",
        ))
    }

    /// Enters a call or a forced value.
    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(reached(
                format!("calls are nested more than {} deep", self.limits.depth),
                "look for a recursion that does not end; `foldl'` and `genList` do not nest",
            ));
        }
        self.step()
    }

    /// Leaves it.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

fn reached(message: String, help: &str) -> Fault {
    Fault::new(Diagnostic::error(Code::LimitReached, message).help(help))
}
