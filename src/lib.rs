//! invq: an embedded, statically typed query language for machine inventories.

pub mod builtins;
pub mod check;
pub mod diagnostic;
pub mod dialects;
pub mod engine;
pub mod eval;
pub mod inventory;
pub mod limits;
pub mod modules;
pub mod render;
pub mod services;
pub mod syntax;
pub mod text;
pub mod types;
pub mod value;

pub use engine::{
    Answer, Arguments, Difference, Engine, Explanation, Format, Input, Inventory, MachineChange, Membership,
    Query, Severities,
};
pub use limits::{Limit, Limits};

/// The code in the README is compiled with the examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
