//! Going back to before something was checked, where it is checked once more.

use super::Checker;

/// What has been found out so far, to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) diagnostics: usize,
    pub(super) names: usize,
    pub(super) meant: usize,
}

impl Checker<'_> {
    pub(super) fn mark(&self) -> Mark {
        Mark { diagnostics: self.diagnostics.len(), names: self.names.len(), meant: self.meant.len() }
    }

    /// Forgets what has been found out since.
    pub(super) fn rollback(&mut self, mark: Mark) {
        self.diagnostics.truncate(mark.diagnostics);
        self.names.truncate(mark.names);
        self.meant.truncate(mark.meant);
    }
}
