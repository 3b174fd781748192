//! Folders as inventories: Clan's layout, and Ansible's.
//!
//! A Clan's folder has its inventory in `clan.nix`, what tools have changed in `inventory.json`, which is
//! a layer above it, and a folder below `machines/` for each machine; such a folder registers its machine.
//! In Ansible's folders every file is a source, but those of variables.

use std::path::{Path, PathBuf};

use super::load::reason;
use super::{Format, Input, variables};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, quoted};

/// The names that the inventory's files have, by layer; of each layer the first that is there counts.
const LAYERS: [&[&str]; 2] = [
    &[
        "clan.invq",
        "clan.nix",
        "inventory.invq",
        "inventory.nix",
        "inventory.yaml",
        "inventory.yml",
        "inventory.toml",
    ],
    &["inventory.json"],
];

impl Input {
    /// Reads a file, or the files of a folder in Clan's layout, as layers in their order.
    ///
    /// # Errors
    /// Files that cannot be read, and folders without any of these files.
    #[allow(clippy::disallowed_methods)]
    pub fn read_all(path: &Path) -> Result<Vec<Input>, Diagnostic> {
        if !path.is_dir() {
            return Ok(vec![Input::read(path)?]);
        }
        if is_ansible(path) {
            return variables::sources(path, variables::SOURCE_DEPTH);
        }
        let mut inputs = Vec::new();
        for layer in LAYERS {
            let file = layer.iter().map(|name| path.join(name)).find(|file| file.is_file());
            inputs.extend(file.map(|file| Input::read(&file)).transpose()?);
        }
        let machines = path.join("machines");
        if machines.is_dir() {
            inputs.push(registered(&machines)?);
        }
        if inputs.is_empty() {
            let message = format!("the folder {} has no inventory", quoted(&path.display().to_string()));
            return Err(Diagnostic::error(Code::Io, message)
                .help("name the file itself, or add `clan.nix`, `inventory.json`, `machines/` or `hosts`"));
        }
        Ok(inputs)
    }
}

/// Whether a folder is one of Ansible's: it has files of variables, or a file that is called `hosts`.
#[allow(clippy::disallowed_methods)]
fn is_ansible(folder: &Path) -> bool {
    let hosts = ["hosts", "hosts.yml", "hosts.yaml", "hosts.json", "hosts.toml"];
    ["group_vars", "host_vars"].iter().any(|name| folder.join(name).is_dir())
        || hosts.iter().any(|name| folder.join(name).is_file())
}

/// A document that registers a machine for each folder in this one.
#[allow(clippy::disallowed_methods)]
fn registered(machines: &Path) -> Result<Input, Diagnostic> {
    let fail = |error: &std::io::Error| {
        let place = quoted(&machines.display().to_string());
        Diagnostic::error(Code::Io, format!("cannot read {place}: {}", reason(error)))
    };
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(machines).map_err(|error| fail(&error))? {
        let entry: PathBuf = entry.map_err(|error| fail(&error))?.path();
        // Only folders are machines; names that are no text cannot be those of hosts.
        if entry.is_dir()
            && let Some(name) = entry.file_name().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    let text = serde_json::json!({ "machine_directories": names }).to_string();
    let source = Source::new(machines.display().to_string(), text);
    Ok(Input { source, format: Format::Json, folder: None })
}
