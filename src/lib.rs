//! invq: an embedded, statically typed query language for machine inventories.

pub mod builtins;
pub mod check;
pub mod diagnostic;
pub mod dialects;
pub mod engine;
pub mod eval;
pub mod inventory;
pub mod services;
pub mod syntax;
pub mod text;
pub mod types;
pub mod value;
