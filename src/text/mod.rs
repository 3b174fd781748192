//! Text and places in it: spans, sources, and the wording that messages share.
//!
//! What comes in is text that somebody wrote; what goes out are half-open byte ranges
//! ([`Span`]) that stay meaningful wherever the text came from, also out of the middle of a
//! string in an inventory file ([`Source::embedded`]).

mod deferred;
mod source;
mod span;
mod wording;

pub use deferred::Deferred;
pub use source::{Position, Source, SourceMap};
pub use span::Span;
pub use wording::{count, did_you_mean, list_and, list_or, near, nearest, offer, quoted};
