//! Services: who is in which role, what that puts on each machine, and what the system says about it.
//!
//! What comes in is a finished [`Inventory`](crate::inventory::model::Inventory) with its documents;
//! [`members`] resolves the selections of all roles, [`constraints`] counts their members, and
//! [`fragments`] tells the configuration that machines get from Clan's older services.

pub mod constraints;
pub mod fragments;
pub mod members;
mod placements;
#[cfg(test)]
mod tests;

pub use placements::{Placement, Placements};
