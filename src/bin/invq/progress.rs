//! How far long work is, on standard error where that is a terminal. Nothing is shown of what is over soon.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is over by then is not worth telling.
const SOON: Duration = Duration::from_secs(1);

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

/// Work that goes on until this is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// What waits for the time to draw, and what tells it that the work is over.
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Work of so many steps.
    pub(crate) fn steps(what: &str, steps: usize) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden());
        Progress::begin(bar, what, "{msg} [{bar:30}] {human_pos} of {human_len}, {eta} to go")
    }

    /// Work of which nobody knows how long it takes.
    pub(crate) fn endless(what: &str) -> Progress {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Progress::begin(bar, what, "{spinner} {msg}, {elapsed}")
    }

    fn begin(bar: ProgressBar, what: &str, template: &str) -> Progress {
        if !io::stderr().is_terminal() {
            return Progress { bar, waiting: None };
        }
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what.to_owned());
        let (over, ends) = mpsc::channel::<()>();
        let drawn = bar.clone();
        let waits = thread::spawn(move || {
            if ends.recv_timeout(SOON) == Err(RecvTimeoutError::Timeout) {
                drawn.set_draw_target(ProgressDrawTarget::stderr());
                drawn.enable_steady_tick(TICK);
            }
        });
        Progress { bar, waiting: Some((over, waits)) }
    }

    /// One step is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((over, waits)) = self.waiting.take() {
            drop(over);
            // It cannot panic, and the bar is cleared all the same.
            let _ = waits.join();
        }
        self.bar.finish_and_clear();
    }
}
