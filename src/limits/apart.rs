//! Work that cannot be stopped in its middle, such as reading a long text by a library.
//!
//! It is done by a thread of its own, and who waits for it looks now and then whether to wait on. Work for
//! which nobody waits any more comes to its end alone, which its size bounds, or an interruption that it sees
//! itself; what it gives is dropped.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

/// How long is waited between looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What `work` makes of something, unless `look` says before that it is too late.
///
/// # Errors
/// What `look` gives.
pub fn apart<Input, Output, Stop>(
    input: Input,
    work: fn(Input) -> Output,
    mut look: impl FnMut() -> Result<(), Stop>,
) -> Result<Output, Stop>
where
    Input: Clone + Send + 'static,
    Output: Send + 'static,
{
    look()?;
    let (sender, receiver) = channel();
    let theirs = input.clone();
    let worker = move || {
        // Nobody may be waiting any more.
        let _ = sender.send(work(theirs));
    };
    let Ok(worker) = Builder::new().name("invq-apart".to_owned()).spawn(worker) else {
        return Ok(work(input));
    };
    loop {
        match receiver.recv_timeout(LOOK_EVERY) {
            Ok(output) => return Ok(output),
            Err(RecvTimeoutError::Timeout) => look()?,
            Err(RecvTimeoutError::Disconnected) => match worker.join() {
                Err(panic) => resume_unwind(panic),
                Ok(()) => return Ok(work(input)),
            },
        }
    }
}
