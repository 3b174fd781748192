//! invq: an embedded, statically typed query language for machine inventories.

pub mod diagnostic;
pub mod syntax;
pub mod text;
