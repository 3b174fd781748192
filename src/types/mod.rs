//! Types: what they are, how they print, how they unify, and the typed tree.
//!
//! [`Type`] is shared by the checker, the builtin table and the records of the inventory
//! ([`schema`]). [`unify::Table`] holds what inference has found out about type variables.
//! [`tir`] is the typed tree that the evaluator runs.

mod compare;
mod constraints;
mod display;
mod generalize;
mod needed;
mod nullable;
mod recursive;
mod rows;
pub mod schema;
pub mod tir;
mod ty;
pub mod unify;
pub mod words;
mod work;

pub use display::Printer;
pub use needed::Needed;
pub use ty::{
    ByName, Constraint, Field, Named, Record, Rest, Scheme, Type, TypeVariable, from_expression,
    from_expression_with, from_own_text, is_type_name, plain_type_names,
};
