//! Services: who is in which role, what that puts on each machine, and what queries see of it.
//!
//! What comes in is a finished [`Inventory`](crate::inventory::model::Inventory) with its documents;
//! [`members`] resolves the selections of all roles, [`constraints`] counts their members, and
//! [`fragments`] tells the configuration that machines get from Clan's older services; `configuration`
//! runs the closures of ClusterConfig's and merges what a machine gets. [`Loaded`] is the inventory as
//! the evaluator sees it.

mod arguments;
mod broken;
mod clouds;
mod collections;
mod computed;
mod configuration;
pub mod constraints;
pub mod fragments;
mod functions;
mod lints;
mod loaded;
pub mod members;
mod operations;
mod outputs;
mod placements;
mod places;
mod problems;
mod read_out;
mod records;
mod settings;
#[cfg(test)]
mod tests;
pub mod transformations;
mod variables;
mod world;
mod written;

pub use broken::{Broken, KeptBroken};
pub use configuration::sources::{Defined, Sources};
pub use loaded::{Loaded, Severities, Unknown, View};
pub use placements::{Placement, Placements};
