//! Reading long texts in a way that the limit of time and an interruption can end.
//!
//! The generated parser looks at neither, and needs time in proportion to the text. A text that is long
//! enough for this to matter is read by a thread of its own. Who waits for it can stop waiting; the thread
//! then comes to its end alone, which the limit of the text's length bounds.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::limits::{Limits, Watch};
use crate::text::{Source, Span};

/// Texts of at most so many bytes are read in less time than anybody can notice.
const SHORT: usize = 32 << 10;

/// How long is waited between looks at the time and an interruption.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What `read` makes of a text, unless `watch` says before that it is too late.
///
/// # Errors
/// The limit of time, or an interruption.
pub(super) fn watched<T: Send + 'static>(
    source: &Arc<Source>,
    limits: &Limits,
    watch: &Watch,
    read: fn(&Arc<Source>, &Limits) -> T,
) -> Result<T, Diagnostic> {
    let length = source.text().len();
    if length <= SHORT || length > limits.source || !watch.may_stop() {
        return Ok(read(source, limits));
    }
    let (sender, receiver) = channel();
    let theirs = (Arc::clone(source), limits.clone());
    let reader = move || {
        let (source, limits) = theirs;
        // Where nobody waits any more, what was read is dropped.
        let _ = sender.send(read(&source, &limits));
    };
    if Builder::new().name("invq-reader".to_owned()).spawn(reader).is_err() {
        return Ok(read(source, limits));
    }
    loop {
        match receiver.recv_timeout(LOOK_EVERY) {
            Ok(read) => return Ok(read),
            Err(RecvTimeoutError::Timeout) => {
                watch
                    .look("reading the expression")
                    .map_err(|stopped| stopped.at(source, Span::new(0, length), "while reading this"))?;
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(read(source, limits)),
        }
    }
}
