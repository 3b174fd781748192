//! Files of variables beside Ansible's sources: `group_vars` and `host_vars`.
//!
//! They are read when the dialect asks for those of a group or host; the folders are listed once. The rules
//! are those of Ansible's `host_group_vars`: of `name`, `name.yml`, `name.yaml` and `name.json` the first
//! counts, and a folder of the name stands for all files in it, in the order of their names.

#![allow(clippy::disallowed_methods, reason = "a part of the loader")]

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::load::{Input, reason};
use super::{Engine, Format};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::ansible::{Beside, Owner};
use crate::inventory::draft::Draft;
use crate::inventory::model::Part;
use crate::text::{Span, quoted};

/// What the names of such files may end with; the first that is there counts.
const EXTENSIONS: [&str; 4] = ["", "yml", "yaml", "json"];

/// How deep folders of variables may nest; links may lead in circles.
const DEPTH: usize = 16;

/// What whole files begin with that Ansible has encrypted.
const ENCRYPTED: &str = "$ANSIBLE_VAULT;";

/// The files beside the documents of one inventory.
pub(super) struct Files<'e> {
    engine: &'e Engine,
    known: Known,
}

/// What is known of such files.
#[derive(Clone, Default)]
pub(super) struct Known {
    /// The folder of each document.
    documents: HashMap<u32, PathBuf>,
    folders: Vec<Folder>,
    /// What has been read, so that a second reading of the inventory finds the same documents.
    read: HashMap<(u32, Owner, String), Vec<u32>>,
}

/// A folder with the names below its `group_vars` and `host_vars`.
#[derive(Clone)]
struct Folder {
    /// As it was named, for messages.
    path: PathBuf,
    /// As it can be compared.
    real: PathBuf,
    groups: Option<HashMap<String, PathBuf>>,
    hosts: Option<HashMap<String, PathBuf>>,
}

impl<'e> Files<'e> {
    pub(super) fn new(engine: &'e Engine) -> Files<'e> {
        Files { engine, known: Known::default() }
    }

    /// With what is known from an earlier reading of the same documents.
    pub(super) fn with(engine: &'e Engine, known: &Known) -> Files<'e> {
        Files { engine, known: known.clone() }
    }

    /// What is known now.
    pub(super) fn known(self) -> Known {
        self.known
    }

    /// Notes the folder in which a document stands.
    pub(super) fn add(&mut self, document: u32, folder: Option<&Path>) {
        if let Some(folder) = folder {
            self.known.documents.insert(document, folder.to_path_buf());
        }
    }

    /// The number of a folder. Two ways of writing one are one, as far as they can be compared.
    fn number(&mut self, path: &Path) -> u32 {
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let known = self.known.folders.iter().position(|folder| folder.real == real);
        let number = known.unwrap_or_else(|| {
            self.known.folders.push(Folder { path: path.to_path_buf(), real, groups: None, hosts: None });
            self.known.folders.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// The files of variables of a name, without reading them.
    fn paths(&mut self, folder: u32, of: Owner, name: &str) -> Vec<PathBuf> {
        let Some(folder) = self.known.folders.get_mut(folder as usize) else { return Vec::new() };
        let (listed, below) = match of {
            Owner::Group => (&mut folder.groups, "group_vars"),
            Owner::Host => (&mut folder.hosts, "host_vars"),
        };
        let listed = listed.get_or_insert_with(|| list(&followed(folder.path.join(below))));
        if listed.is_empty() {
            return Vec::new();
        }
        for extension in EXTENSIONS {
            let file = if extension.is_empty() { name.to_owned() } else { format!("{name}.{extension}") };
            if let Some(path) = listed.get(&file) {
                let mut found = Vec::new();
                let path = if extension.is_empty() { followed(path.clone()) } else { path.clone() };
                if path.is_dir() {
                    files_below(&path, DEPTH, &mut found);
                } else {
                    found.push(path);
                }
                return found;
            }
        }
        Vec::new()
    }

    fn read_file(&self, draft: &mut Draft, path: &Path) -> Result<Option<u32>, Vec<Diagnostic>> {
        let mut input = Input::read_within(path, &self.engine.limits).map_err(|failure| vec![failure])?;
        let text = input.source.text();
        if text.trim_start().starts_with(ENCRYPTED) {
            let message = format!("the variables in {} are encrypted", quoted(input.source.name()));
            let start = Span::new(0, text.lines().next().map_or(0, str::len));
            let warning = Diagnostic::warning(Code::EncryptedVariables, message).at(&input.source, start, "");
            draft.mistake(warning, Part::Nothing);
            return Ok(None);
        }
        // Whatever the name says, these are the two ways in which they are written.
        input.format = match text.trim_start().starts_with(['{', '[']) && input.format == Format::Json {
            true => Format::Json,
            false => Format::Yaml,
        };
        let (mut document, _) = self.engine.document(&input)?;
        document.read_as_yaml_1_1();
        match document.validate() {
            Some(failure) => Err(vec![failure.clone()]),
            None => Ok(Some(draft.add_document_beside(document))),
        }
    }
}

impl Beside for Files<'_> {
    fn folder(&mut self, document: u32) -> Option<u32> {
        let path = self.known.documents.get(&document)?.clone();
        Some(self.number(&path))
    }

    fn working_folder(&mut self) -> Option<u32> {
        let path = self.engine.working_folder.clone()?;
        // Texts that are no files have nothing beside them.
        (!self.known.documents.is_empty()).then(|| self.number(&path))
    }

    fn variables(
        &mut self,
        draft: &mut Draft,
        folder: u32,
        of: Owner,
        name: &str,
    ) -> Result<Vec<u32>, Vec<Diagnostic>> {
        let paths = self.paths(folder, of, name);
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let key = (folder, of, name.to_owned());
        if let Some(known) = self.known.read.get(&key) {
            return Ok(known.clone());
        }
        let mut found = Vec::new();
        let mut failures = Vec::new();
        for path in paths {
            match self.read_file(draft, &path) {
                Ok(document) => found.extend(document),
                Err(mistakes) => failures.extend(mistakes),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        self.known.read.insert(key, found.clone());
        Ok(found)
    }
}

/// Where a link leads that has become a file with its target as text, as Git writes links where there are
/// none; every other path as it is.
fn followed(path: PathBuf) -> PathBuf {
    const LONGEST: u64 = 4096;
    if !std::fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= LONGEST) {
        return path;
    }
    let target = std::fs::read_to_string(&path).unwrap_or_default();
    let target = path.parent().map(|parent| parent.join(target.trim()));
    target.filter(|target| target.exists() && !path.starts_with(target)).unwrap_or(path)
}

/// The entries of a folder by name; nothing where it cannot be listed.
fn list(folder: &Path) -> HashMap<String, PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let named = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        Some((path.file_name()?.to_str()?.to_owned(), path))
    });
    named.collect()
}

/// The files in a folder and below it, hidden ones and backups left out.
fn files_below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut entries: Vec<(String, PathBuf)> = list(folder).into_iter().collect();
    entries.sort_unstable();
    for (name, path) in entries {
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or("");
        if path.is_dir() {
            if extension.is_empty() {
                files_below(&path, depth, found);
            }
        } else if EXTENSIONS.contains(&extension) {
            found.push(path);
        }
    }
}

/// What Ansible passes over in a folder of sources, by name.
pub(super) fn is_ignored(name: &str) -> bool {
    const ENDINGS: [&str; 13] = [
        ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".ini", ".cfg", ".retry",
    ];
    name.starts_with('.')
        || matches!(name, "host_vars" | "group_vars" | "vars_plugins")
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The sources in a folder, in the order of their names, those of inner folders included.
///
/// # Errors
/// Folders and files that cannot be read.
pub(super) fn sources(folder: &Path, depth: usize) -> Result<Vec<Input>, Diagnostic> {
    let mut names = Vec::new();
    let fail = |error: &std::io::Error| {
        let place = quoted(&folder.display().to_string());
        Diagnostic::error(Code::Io, format!("cannot read {place}: {}", reason(error)))
    };
    let entries = std::fs::read_dir(folder).map_err(|error| fail(&error))?;
    for entry in entries {
        let path = entry.map_err(|error| fail(&error))?.path();
        if let Some(name) = path.file_name().and_then(OsStr::to_str)
            && !is_ignored(name)
        {
            names.push((name.to_owned(), path));
        }
    }
    names.sort_unstable();
    let mut inputs = Vec::new();
    for (_, path) in names {
        match (path.is_dir(), depth.checked_sub(1)) {
            (true, Some(depth)) => inputs.extend(sources(&path, depth)?),
            (true, None) => {}
            (false, _) => inputs.push(Input::read(&path)?),
        }
    }
    Ok(inputs)
}

/// How deep folders of sources may nest.
pub(super) const SOURCE_DEPTH: usize = DEPTH;
