//! Ctrl-C: the first one stops the evaluation, which ends with its own message; one more ends the program.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// What shells report for a program that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// A flag that the first Ctrl-C sets. Where signals cannot be watched, Ctrl-C ends the program as ever.
pub(crate) fn watch() -> Arc<AtomicBool> {
    let pressed = Arc::new(AtomicBool::new(false));
    // In this order: the second press finds the flag set by the first.
    let ends = flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&pressed));
    if ends.is_ok() {
        let _ = flag::register(SIGINT, Arc::clone(&pressed));
    }
    pressed
}

/// A flag that every Ctrl-C sets, for a session that outlives its evaluations.
pub(crate) fn watch_always() -> Arc<AtomicBool> {
    let pressed = Arc::new(AtomicBool::new(false));
    let _ = flag::register(SIGINT, Arc::clone(&pressed));
    pressed
}
