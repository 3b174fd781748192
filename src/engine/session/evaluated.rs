//! Evaluations that somebody may interrupt: who waits for the answer need not wait for what was evaluated so far to be
//! taken apart, which takes a while where that is much.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::{Inventory, Query};
use super::Session;
use crate::diagnostic::Diagnostic;
use crate::limits::{Limits, Watch, apart};

/// So many looks after an interruption the evaluation has not told by itself that it ends.
const LOOKS: u32 = 4;

impl Session {
    /// What evaluating a query comes to. Where it can be interrupted, a thread of its own does it.
    pub(super) fn evaluated<More, Output>(
        &self,
        query: &Query,
        more: More,
        evaluate: fn(&Query, &Inventory, More) -> Result<Output, Diagnostic>,
    ) -> Result<Output, Diagnostic>
    where
        More: Clone + Send + 'static,
        Output: Send + 'static,
    {
        let limits = self.limits();
        let Some(interrupt) = limits.interrupt.clone() else { return evaluate(query, &self.inventory, more) };
        let watch = Watch::new(&Limits { time: None, ..limits.clone() });
        let mut left = LOOKS;
        // The session's own is for the next line as soon as this one is given up.
        let stopped = Arc::new(AtomicBool::new(false));
        let mut query = query.clone();
        query.limits.interrupt = Some(Arc::clone(&stopped));
        let input = (query, self.inventory.clone(), more, evaluate);
        let work =
            |(query, inventory, more, evaluate): Input<More, Output>| evaluate(&query, &inventory, more);
        apart(input, work, || {
            if interrupt.load(Ordering::Relaxed) {
                stopped.store(true, Ordering::Relaxed);
                left = left.saturating_sub(1);
            }
            if left > 0 { Ok(()) } else { watch.look("the evaluation") }
        })
        .and_then(|evaluated| evaluated)
    }
}

/// What the thread needs.
type Input<More, Output> =
    (Query, Inventory, More, fn(&Query, &Inventory, More) -> Result<Output, Diagnostic>);
