//! Machines as files for other programs: inventories of Ansible, `ssh_config`, lines for `/etc/hosts`, and targets
//! for Prometheus.
//!
//! What comes in are the numbers of machines in a model; what goes out is the whole text, or why there can be none.

mod ansible;
mod connection;
mod file_sd;
mod hosts;
mod ssh;

pub(super) use ansible::ansible;
pub(super) use file_sd::file_sd;
pub(super) use hosts::hosts;
pub(super) use ssh::ssh;

use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;

/// The mistake that a name would mean something else in a format.
fn unwritable(name: &str, format: &str) -> Box<Diagnostic> {
    let short: String = name.chars().take(80).collect();
    let message = format!("{} cannot be the name of a machine in `{format}`", quoted(&short));
    Box::new(Diagnostic::error(Code::UnprintableName, message).help("leave it out with `!hostname \"…\"`"))
}
