//! Writes an inventory of any size, always the same for the same arguments, for the comparison with
//! other tools (`benches/peers.sh`).
//!
//! ```sh
//! cargo bench --bench generate -- --machines 100000 --out DIRECTORY
//! ```
//!
//! writes `inventory.json` (clusters of machines with tags, addresses and variables, and a few services),
//! `inventory.yaml` with the same, `inventory.ndjson` with its machines, `hosts.ini` and `hosts.yml` (the same machines for Ansible, with a group for
//! each cluster and tag), and `expected.txt`: the sorted names of the machines that carry the tag `backup` and
//! are not in the cluster `c3`.

#![allow(clippy::disallowed_methods, clippy::print_stderr, missing_docs)]

use std::path::PathBuf;
use std::process::ExitCode;

mod data;

fn main() -> ExitCode {
    let mut machines = 1000;
    let mut out = PathBuf::from(".");
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--machines" => {
                machines = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(machines)
            }
            "--out" => out = arguments.next().map_or(out, PathBuf::from),
            // What cargo adds of itself.
            _ => {}
        }
    }
    let (inventory, expected) = data::generate(machines);
    let ansible = data::ansible::Ansible::new(&inventory);
    let written = std::fs::create_dir_all(&out)
        .and_then(|()| std::fs::write(out.join("inventory.yaml"), data::yaml(&inventory)))
        .and_then(|()| std::fs::write(out.join("inventory.ndjson"), data::ndjson(&inventory)))
        .and_then(|()| std::fs::write(out.join("hosts.ini"), ansible.ini()))
        .and_then(|()| std::fs::write(out.join("hosts.yml"), ansible.yaml()))
        .and_then(|()| std::fs::write(out.join("inventory.json"), inventory))
        .and_then(|()| std::fs::write(out.join("expected.txt"), expected));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
