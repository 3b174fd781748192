//! Tests of the whole: the built program, the generated pages, and rules that the repository keeps.
//!
//! What one module can show is tested in that module.

#![allow(clippy::disallowed_methods, clippy::indexing_slicing, clippy::panic)]

mod ansible;
mod broken;
mod check;
mod clan_cases;
mod clan_queries;
mod cli;
mod clusterconfig_cases;
mod codes;
mod computed_tags;
mod configuration;
mod constructs;
mod diff;
mod doc_blocks;
mod docs;
mod examples;
mod fmt;
mod generated;
mod host_patterns;
mod indexed;
mod language;
mod layers;
mod limits;
mod lines;
mod lsp;
mod marks;
mod messages;
mod mixed;
mod nix;
mod nodeset;
mod operations_cases;
mod operations_filters;
mod outputs;
mod plan;
mod properties;
mod readers;
mod render;
mod repository;
mod robustness;
mod schema;
mod session;
mod shared;
mod support;
mod tables;
mod transformations;
mod walrus;
mod why;
