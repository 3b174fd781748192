//! What holds of every filter and of every well-typed expression, tried on random ones.
//!
//! Random bytes decide how an inventory, a filter or an expression is built, so that what fails
//! becomes smaller as its bytes do.

mod callable;
mod expressions;
mod filters;
mod formatted_files;
mod outcome;
mod suggestions;
mod typed;
mod untyped;

/// The bytes that decide; when they are used up, every choice is the first.
pub(crate) struct Choices<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl<'b> Choices<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Choices<'b> {
        Choices { bytes: bytes.iter() }
    }

    /// A number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    /// One of several.
    pub(crate) fn pick<'t, T: ?Sized>(&mut self, among: &[&'t T]) -> &'t T {
        among[self.below(among.len())]
    }
}
