//! Tests of the whole: the built program, the generated pages, and rules that the repository keeps.
//!
//! What one module can show is tested in that module.

#![allow(clippy::disallowed_methods)]

mod clan_cases;
mod cli;
mod docs;
mod generated;
mod language;
mod layers;
mod nix;
mod nodeset;
mod repository;
mod robustness;
mod support;
