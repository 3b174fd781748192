//! Sessions: what they print, and how they are on a terminal.

mod piped;
pub(crate) mod terminal;
pub(crate) mod transcripts;
mod typing;
