#![allow(clippy::panic, clippy::indexing_slicing)]

mod accept;
mod limits;
mod lines;
mod messages;
mod precedence;
