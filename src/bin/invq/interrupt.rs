//! Ctrl-C: the first one stops the evaluation, which ends with its own message; one more ends the program.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

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

/// The flag of a session.
static SESSION: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// A flag that every Ctrl-C sets, for a session that outlives its evaluations.
pub(crate) fn watch_always() -> Arc<AtomicBool> {
    let pressed = Arc::clone(SESSION.get_or_init(Arc::default));
    let _ = flag::register(SIGINT, Arc::clone(&pressed));
    pressed
}

/// Writes until Ctrl-C is pressed in a session, which may have been asked for more than anyone reads.
pub(crate) struct Stoppable<W>(pub(crate) W);

impl<W: Write> Write for Stoppable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if SESSION.get().is_some_and(|pressed| pressed.load(Ordering::Relaxed)) {
            return Err(io::Error::other("interrupted"));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
