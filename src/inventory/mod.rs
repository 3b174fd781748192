//! The inventory: documents as read, one model for all systems, and the index that filters use.
//!
//! What comes in are texts; [`document`] reads them without losing places. The dialects fill a
//! [`draft::Draft`], which becomes a [`model::Inventory`]. [`index::Index`] answers which nodes carry a tag, are in a
//! cluster, and so on, as bit sets.

mod as_text;
pub mod clouds;
pub mod document;
pub mod draft;
pub mod groups;
pub mod index;
pub mod model;
mod parts;
pub mod path;
pub mod snapshot;
