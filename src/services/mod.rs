//! Services: who is in which role, what that puts on each machine, and what the system says about it.
//!
//! What comes in is a finished [`Inventory`](crate::inventory::model::Inventory) with its documents;
//! [`members`] resolves the selections of all roles, and [`constraints`] counts their members.

pub mod constraints;
pub mod members;
mod placements;
#[cfg(test)]
mod tests;

pub use placements::{Placement, Placements};
