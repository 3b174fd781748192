//! Names that a program shares: one allocation for all attributes of a name, and for all sets of one shape.
//!
//! What is compared while a program runs is then mostly one and the same name.

use std::collections::HashSet;
use std::sync::Arc;

use crate::syntax::ast::Name;

/// The names of attributes in a program.
#[derive(Default)]
pub(super) struct Shared {
    names: HashSet<Name>,
    shapes: HashSet<Arc<[Name]>>,
}

impl Shared {
    /// The one allocation of this name.
    pub(super) fn name(&mut self, name: &Name) -> Name {
        match self.names.get(name) {
            Some(known) => Arc::clone(known),
            None => {
                self.names.insert(Arc::clone(name));
                Arc::clone(name)
            }
        }
    }

    /// The one allocation of these names.
    pub(super) fn shape(&mut self, names: &[Name]) -> Arc<[Name]> {
        match self.shapes.get(names) {
            Some(known) => Arc::clone(known),
            None => {
                let shape: Arc<[Name]> = names.iter().map(|name| self.name(name)).collect();
                self.shapes.insert(Arc::clone(&shape));
                shape
            }
        }
    }
}
