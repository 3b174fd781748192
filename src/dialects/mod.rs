//! Dialects: the shapes that inventories have.

pub mod clan;
