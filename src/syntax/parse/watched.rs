//! Reading long texts in a way that the limit of time and an interruption can end: the generated parser
//! looks at neither, and needs time in proportion to the text.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::limits::{Limits, Watch, apart};
use crate::text::{Source, Span};

/// Texts of at most so many bytes are read in less time than anybody can notice.
const SHORT: usize = 32 << 10;

/// What `read` makes of a text, unless `watch` says before that it is too late.
///
/// # Errors
/// The limit of time, or an interruption.
pub(super) fn watched<T: Send + 'static>(
    source: &Arc<Source>,
    limits: &Limits,
    watch: &Watch,
    read: fn((Arc<Source>, Limits)) -> T,
) -> Result<T, Diagnostic> {
    let input = (Arc::clone(source), limits.clone());
    let length = source.text().len();
    if length <= SHORT || length > limits.source || !watch.may_stop() {
        return Ok(read(input));
    }
    apart(input, read, || watch.look("reading the expression"))
        .map_err(|stopped| stopped.at(source, Span::new(0, length), "while reading this"))
}
