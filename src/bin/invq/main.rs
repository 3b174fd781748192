//! The command line. It uses nothing but the library's public face.

// The process's own edge: here are its arguments, its environment, its files and its streams.
#![allow(clippy::disallowed_methods)]

mod args;
mod commands;
mod console;
mod exit;
mod inputs;
mod interrupt;
mod lsp;
mod pages;
mod progress;
mod repl;
mod snapshots;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(std::env::args_os().collect()).into()
}
