//! invq: an embedded, statically typed query language for machine inventories.

pub mod builtins;
pub mod diagnostic;
pub mod dialects;
pub mod inventory;
pub mod modules;
pub mod syntax;
pub mod text;
pub mod types;
pub mod value;
