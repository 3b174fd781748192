//! Where the inventory comes from.

use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::{Export, reason};
use invq::text::{Source, count, did_you_mean, quoted};
use invq::{Engine, Format, Input, Inventory, Limit, Limits};

use crate::args::Shared;
use crate::exit::Outcome;
use crate::progress::Progress;
use crate::snapshots;

/// The variable that names an inventory.
const VARIABLE: &str = "INVQ_INVENTORY";

/// What inventories that are found by themselves are called.
const EXTENSIONS: [&str; 6] = ["invq", "nix", "yaml", "yml", "json", "toml"];

/// Bytes of an inventory that may take long to read.
const LARGE: usize = 8 << 20;

/// Which inventory a query sees.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Choice {
    /// The built-in one.
    Demo,
    /// These, in order.
    Paths(Vec<PathBuf>),
    /// None was named and none was found.
    Nothing,
}

impl Choice {
    /// `-i` and `--demo`, else the environment, else the nearest file upwards.
    pub(crate) fn of(shared: &Shared) -> Choice {
        Choice::named(shared).unwrap_or_else(|| Choice::found(nearest_upwards()))
    }

    /// As [`Choice::of`], but the nearest file upwards from a folder.
    pub(crate) fn beside(shared: &Shared, folder: &Path) -> Choice {
        Choice::named(shared).unwrap_or_else(|| Choice::found(folder.ancestors().find_map(inventory_in)))
    }

    fn named(shared: &Shared) -> Option<Choice> {
        if shared.demo {
            return Some(Choice::Demo);
        }
        if !shared.inventory.is_empty() {
            return Some(Choice::Paths(shared.inventory.clone()));
        }
        let variable = env::var_os(VARIABLE).filter(|value| !value.is_empty())?;
        Some(Choice::Paths(vec![PathBuf::from(variable)]))
    }

    fn found(path: Option<PathBuf>) -> Choice {
        path.map_or(Choice::Nothing, |path| Choice::Paths(vec![path]))
    }

    /// Whether it takes standard input.
    pub(crate) fn reads_stdin(&self) -> bool {
        matches!(self, Choice::Paths(paths) if paths.iter().any(|path| is_stdin(path)))
    }

    /// Opens it from its snapshot, where it has one that can be believed.
    pub(crate) fn kept(&self, engine: &Engine) -> Option<Inventory> {
        match self {
            Choice::Paths(paths) => match paths.as_slice() {
                [only] if !is_stdin(only) => snapshots::open(engine, only),
                _ => None,
            },
            _ => None,
        }
    }

    /// Loads it; without one the inventory is empty.
    ///
    /// # Errors
    /// All reasons for which it cannot be read.
    pub(crate) fn load(&self, engine: &Engine) -> Result<Inventory, Vec<Diagnostic>> {
        self.load_edited(engine, &|_| None)
    }

    /// As [`Choice::load`], with the texts of files that are being edited.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn load_edited(
        &self,
        engine: &Engine,
        edited: &dyn Fn(&Path) -> Option<Arc<Source>>,
    ) -> Result<Inventory, Vec<Diagnostic>> {
        let paths = match self {
            Choice::Demo => return engine.load_demo(),
            Choice::Nothing => &[][..],
            Choice::Paths(paths) => paths,
        };
        if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
            return Err(vec![Diagnostic::error(
                Code::Usage,
                "standard input can be only one of the inventories",
            )]);
        }
        if let (Some(reader), false) = (engine.reader(), paths.is_empty()) {
            let reader = Input::read(reader).map_err(|failure| vec![failure])?;
            let given = paths.iter().map(|path| given(path)).collect::<Result<Vec<_>, _>>();
            return engine.load_with_reader(&reader, given.map_err(|failure| vec![*failure])?);
        }
        let mut inputs = Vec::with_capacity(paths.len());
        let mut failures = Vec::new();
        for path in paths {
            match input(path, edited(path)) {
                Ok(read) => inputs.extend(read),
                // One that is named twice is told once.
                Err(failure) if failures.iter().any(|told: &Diagnostic| told.message == failure.message) => {}
                Err(failure) => failures.push(*failure),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        let bytes: usize = inputs.iter().map(|input| input.source.text().len()).sum();
        let _progress =
            (bytes > LARGE).then(|| Progress::endless(&format!("reading {} MiB of inventory", bytes >> 20)));
        engine.load(inputs)
    }
}

/// The mistake of asking about an inventory where there is none.
pub(crate) fn nothing_found() -> Diagnostic {
    let message = format!(
        "no inventory: there is no `-i`, no `${VARIABLE}`, and no `inventory.{{{}}}` here or in a folder above",
        EXTENSIONS.join(",")
    );
    Diagnostic::error(Code::Usage, message).help("add `-i PATH`, or `--demo` for the built-in inventory")
}

/// Reads a file that the command line names, as text that a limit bounds: what is longer is read only so far
/// that it can be told.
///
/// # Errors
/// The operating system's reason, bytes that are no UTF-8, and too many of them.
pub(crate) fn read_source(path: &Path, limit: Limit) -> Result<Arc<Source>, Box<Diagnostic>> {
    let limits = Limits::default();
    let most = if limit == Limit::Source { limits.source } else { limits.document };
    let name = if is_stdin(path) { "<stdin>".to_owned() } else { path.to_string_lossy().into_owned() };
    let place = || if is_stdin(path) { "standard input".to_owned() } else { quoted(&name) };
    let bytes = read_bytes(path, most).map_err(|error| {
        let diagnostic = Diagnostic::error(Code::Io, format!("cannot read {}: {}", place(), reason(&error)));
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        Box::new(diagnostic.maybe_help(if is_missing { near_file(path) } else { None }))
    })?;
    if bytes.len() > most {
        let message = format!("{} has more than {}", place(), count(most, "byte", "bytes"));
        return Err(Box::new(limit.reached(message, "")));
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            // A byte order mark is no part of the text.
            if text.starts_with('\u{feff}') {
                text.remove(0);
            }
            Ok(Source::new(name, text))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let before = bytes.get(..at).unwrap_or(&[]);
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let message =
                format!("{} is no UTF-8 text: byte {} cannot be read, in line {line}", quoted(&name), at + 1);
            let help = match bytes.as_slice() {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                    format!("it is UTF-16: save it as UTF-8, or `iconv -f UTF-16 -t UTF-8 {name}`")
                }
                [0x1f, 0x8b, ..] => format!("it is compressed: `gunzip` it, or `zcat {name} | invq -i - …`"),
                _ => format!("save it as UTF-8, or `iconv -f LATIN1 -t UTF-8 {name}`"),
            };
            Err(Box::new(Diagnostic::error(Code::InvalidDocument, message).help(help)))
        }
    }
}

/// The files beside one that is missing whose names are near to its own.
fn near_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .take(MOST_FILES)
        .collect();
    did_you_mean(name, names.iter().map(String::as_str))
}

/// Among so many files one is looked for that may be meant.
const MOST_FILES: usize = 10_000;

/// How a run ends that could not read what the command line names.
pub(crate) fn unread(failure: &Diagnostic) -> Outcome {
    if failure.code == Code::LimitReached { Outcome::Limit } else { Outcome::Usage }
}

/// The bytes of a file or of standard input; one more than the limit where there are more.
fn read_bytes(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = (most as u64).saturating_add(1);
    match is_stdin(path) {
        true => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
        false => {
            let file = fs::File::open(path)?;
            // A hint: files in `/proc` have no length, and others may grow meanwhile.
            let length = file.metadata()?.len().min(most).saturating_add(1);
            bytes.reserve_exact(usize::try_from(length).unwrap_or(0));
            file.take(most).read_to_end(&mut bytes)?
        }
    };
    Ok(bytes)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The extensions of formats in which others keep lists of machines.
const OTHER_FORMATS: [&str; 6] = ["csv", "tsv", "xml", "html", "xls", "xlsx"];

/// What a reader is given for a path.
fn given(path: &Path) -> Result<Export, Box<Diagnostic>> {
    match is_stdin(path) {
        false => Export::read(path).map_err(Box::new),
        true => {
            let source = read_source(path, Limit::Document)?;
            Ok(Export::One(Input { format: Format::of_text(source.text()), source, folder: None }))
        }
    }
}

fn input(path: &Path, edited: Option<Arc<Source>>) -> Result<Vec<Input>, Box<Diagnostic>> {
    let source = match edited {
        Some(edited) => edited,
        None if path.is_dir() => return Input::read_all(path).map_err(Box::new),
        None => read_source(path, Limit::Document)?,
    };
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    if OTHER_FORMATS.iter().any(|other| other.eq_ignore_ascii_case(extension)) {
        let (name, format) = (path.to_string_lossy(), extension.to_ascii_uppercase());
        let message = format!("{} is {format}, which is not read", quoted(&name));
        let help = "write the inventory as JSON, YAML or TOML; `--reader FILE` reads the JSON of other tools";
        return Err(Box::new(Diagnostic::error(Code::Io, message).help(help)));
    }
    let format = Format::of_path(path).unwrap_or_else(|| Format::of_text(source.text()));
    let folder = if is_stdin(path) { None } else { Some(folder_of(path)) };
    Ok(vec![Input { source, format, folder }])
}

/// The folder below which a file may include and import others.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The nearest inventory from the working directory upwards, by a path that is short to read.
fn nearest_upwards() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let mut shown = PathBuf::new();
    for folder in here.ancestors() {
        if let Some(found) = inventory_in(folder) {
            return Some(shown.join(found.file_name()?));
        }
        shown.push("..");
    }
    None
}

fn inventory_in(folder: &Path) -> Option<PathBuf> {
    EXTENSIONS
        .iter()
        .map(|extension| folder.join(format!("inventory.{extension}")))
        .find(|path| path.is_file())
}
