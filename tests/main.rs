//! The tests.

mod clan_cases;
