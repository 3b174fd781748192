//! Ctrl-C: the first one stops the evaluation, which ends with its own message. What does not look at that, such
//! as the parser of a large document, is ended soon after, and one more press ends the program at once.

use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use invq::diagnostic::{Code, Diagnostic};
use signal_hook::consts::SIGINT;
use signal_hook::flag;
#[cfg(unix)]
use signal_hook::iterator::Signals;

use crate::console::{Colour, Console, ErrorFormat};

/// What shells report for a program that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// What the run ends with, as where an evaluation was stopped.
const STOPPED: i32 = 5;

/// How long an evaluation may take to stop by itself.
const GRACE: Duration = Duration::from_millis(70);

/// Whether the run says already that it was interrupted.
static TOLD: AtomicBool = AtomicBool::new(false);

/// Notes that the run tells by itself that it was interrupted.
pub(crate) fn told() {
    TOLD.store(true, Ordering::Relaxed);
}

/// A flag that the first Ctrl-C sets. Where signals cannot be watched, Ctrl-C ends the program as ever.
pub(crate) fn watch() -> Arc<AtomicBool> {
    let pressed = Arc::new(AtomicBool::new(false));
    // In this order: the second press finds the flag set by the first.
    let ends = flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&pressed));
    if ends.is_ok() {
        let _ = flag::register(SIGINT, Arc::clone(&pressed));
        end_what_goes_on();
    }
    pressed
}

/// Ends the program some time after Ctrl-C, where it does not end by itself.
#[cfg(unix)]
fn end_what_goes_on() {
    let Ok(mut signals) = Signals::new([SIGINT]) else { return };
    thread::spawn(move || {
        signals.forever().next();
        thread::sleep(GRACE);
        if !TOLD.load(Ordering::Relaxed) {
            let arguments: Vec<_> = std::env::args_os().collect();
            let console = Console::new(Colour::Auto, ErrorFormat::wished(&arguments));
            console.report(&[Diagnostic::error(Code::Interrupted, "the run was interrupted")]);
            process::exit(STOPPED);
        }
    });
}

/// Elsewhere the second press ends it.
#[cfg(not(unix))]
fn end_what_goes_on() {}

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
