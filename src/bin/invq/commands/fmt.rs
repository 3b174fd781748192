//! `invq fmt`: formats expressions, also those in inventory files' strings.

pub(crate) mod strings;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::reason;
use invq::syntax::format;
use invq::text::{Source, quoted};
use invq::{Format, Limit};

use super::print;
use crate::args::{Query, Shared};
use crate::console::Console;
use crate::exit::Outcome;
use crate::inputs::{Choice, read_source, unread};

/// The bytes of a byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// What the command line says.
pub(super) struct Run<'a> {
    pub(super) shared: &'a Shared,
    pub(super) query: &'a Query,
    pub(super) console: &'a Console,
    /// Whether nothing is to be written.
    pub(super) check: bool,
}

impl Run<'_> {
    /// Formats files, or standard input.
    pub(super) fn files(&self, files: &[PathBuf]) -> Outcome {
        let stdin = [PathBuf::from("-")];
        let files = if files.is_empty() { &stdin } else { files };
        let mut changed = Vec::new();
        let mut worst = Outcome::Answered;
        for path in files {
            match self.file(path) {
                Ok(None) => {}
                Ok(Some(text)) if path.as_os_str() == "-" && !self.check => {
                    let written = print(self.console, |out| out.write_all(text.as_bytes()));
                    if written != Outcome::Answered {
                        return written;
                    }
                }
                Ok(Some(_)) if self.check => changed.push(path),
                Ok(Some(text)) => {
                    if let Err(error) = replace(path, &text) {
                        let message =
                            format!("cannot write {}: {}", quoted(&path.to_string_lossy()), reason(&error));
                        self.console.report(&[Diagnostic::error(Code::Io, message)]);
                        worst = Outcome::Usage;
                    }
                }
                Err(outcome) if worst == Outcome::Answered => worst = outcome,
                Err(_) => {}
            }
        }
        if changed.is_empty() {
            return worst;
        }
        let listed = print(self.console, |out| {
            changed.iter().try_for_each(|path| {
                let name = if path.as_os_str() == "-" { "<stdin>".into() } else { path.to_string_lossy() };
                writeln!(out, "{name}")
            })
        });
        match (listed, worst) {
            (Outcome::Answered, Outcome::Answered) => Outcome::NoAnswer,
            (Outcome::Answered, _) => worst,
            _ => listed,
        }
    }

    /// The formatted text of a file; nothing if it is formatted already. What stands on standard input
    /// is formatted either way.
    fn file(&self, path: &Path) -> Result<Option<String>, Outcome> {
        let format = Format::of_path(path).unwrap_or(Format::Expression);
        let limit = if format == Format::Expression { Limit::Source } else { Limit::Document };
        let source = read_source(path, limit).map_err(|failure| {
            let outcome = unread(&failure);
            self.console.report(&[*failure]);
            outcome
        })?;
        let text = match format {
            Format::Expression => format::source(&source).map_err(|mistake| {
                let outcome =
                    if mistake.code == Code::LimitReached { Outcome::Limit } else { Outcome::Query };
                self.console.report(&[mistake]);
                outcome
            })?,
            data => self.data(path, &source, data)?,
        };
        let is_answer = path.as_os_str() == "-" && !self.check;
        Ok((is_answer || text != source.text()).then_some(text))
    }

    /// A data file with its expressions formatted.
    fn data(&self, path: &Path, source: &Arc<Source>, format: Format) -> Result<String, Outcome> {
        let engine = self.shared.engine(self.query.limits());
        let inventory = Choice::Paths(vec![path.to_path_buf()]).load(&engine).map_err(|failures| {
            self.console.report(&failures);
            Outcome::Inventory
        })?;
        match strings::formatted(&inventory, source, format) {
            Ok(text) => Ok(text),
            Err(strings::Changed) => {
                let name = quoted(&path.to_string_lossy());
                let message = format!(
                    "{name} stays as it is: its expressions cannot be written in their strings' form"
                );
                self.console.note(&Diagnostic::warning(Code::InvalidDocument, message));
                Ok(source.text().to_owned())
            }
        }
    }
}

/// Replaces a file as a whole: its readers see the old text or the new one.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays, and what it leads to is replaced.
    let path = path.canonicalize()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = write_beside(&path, &beside, text).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The reason why it could not be written is worth more than that it could not be removed.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_beside(path: &Path, beside: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    let is_marked = fs::read(path)?.starts_with(MARK);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(beside)?;
    if is_marked {
        file.write_all(MARK)?;
    }
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)?;
    file.sync_all()
}
