//! Clan: services, instances and roles.

use crate::inventory::draft::Draft;

/// Reads the layers of a Clan inventory, documents by their numbers.
pub fn read(_draft: &mut Draft, _layers: &[u32]) {}
