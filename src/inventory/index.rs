//! Which nodes carry a tag, are in a cluster, have an address: as bit sets.

/// Sets of nodes, built when the model is complete.
#[derive(Default)]
pub struct Index {}
