//! The tests.
mod nodeset;
