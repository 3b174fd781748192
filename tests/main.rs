//! The tests.

mod clan_cases;
mod nodeset;
