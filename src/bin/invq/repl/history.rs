//! The lines that were typed, from session to session.
//!
//! The file has an entry a line, oldest first, each once, with line feeds written as `\n`. Sessions that
//! run at one time share it: each reads it again before it adds a line.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many lines are kept.
pub(super) const MOST: usize = 5_000;

/// Longer lines are not kept: they were pasted.
const LONGEST: usize = 64 * 1024;

/// The lines, and the file that keeps them.
pub(super) struct History {
    path: Option<PathBuf>,
    lines: Vec<String>,
}

impl History {
    /// What the file of the state folder keeps; nothing where there is no such folder.
    pub(super) fn open() -> History {
        let path = folder().map(|folder| folder.join("history"));
        let lines = path.as_deref().map(read).unwrap_or_default();
        History { path, lines }
    }

    /// All lines, oldest first.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Adds a line, unless it begins with a space; tells whether it was added.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn add(&mut self, line: &str) -> io::Result<bool> {
        if line.trim().is_empty() || line.starts_with(char::is_whitespace) || line.len() > LONGEST {
            return Ok(false);
        }
        if let Some(path) = &self.path {
            let known = read(path);
            if !known.is_empty() {
                self.lines = known;
            }
        }
        self.lines.retain(|known| known != line);
        self.lines.push(line.to_owned());
        let surplus = self.lines.len().saturating_sub(MOST);
        self.lines.drain(..surplus);
        match &self.path {
            Some(path) => write(path, &self.lines).map(|()| true),
            None => Ok(true),
        }
    }
}

/// `$XDG_STATE_HOME/invq`, or `~/.local/state/invq`.
fn folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // Only absolute paths are valid in the variable.
    let state = set("XDG_STATE_HOME").filter(|path| path.is_absolute());
    Some(state.or_else(|| set("HOME").map(|home| home.join(".local/state")))?.join("invq"))
}

fn read(path: &Path) -> Vec<String> {
    // What is not UTF-8 is none of what was typed here.
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).map(unescaped).collect()
}

/// Writes the file as a whole, so that no reader sees a part of it; only its owner may read it.
fn write(path: &Path, lines: &[String]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let text: String = lines.iter().map(|line| escaped(line) + "\n").collect();
    let beside = folder.join(format!("history.{}", std::process::id()));
    let written = write_private(&beside, &text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

fn escaped(line: &str) -> String {
    line.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        for line in ["a", "let\n  x = \"\\n\";\nin x", "\\", "tag \"ü\"\r"] {
            assert_eq!(unescaped(&escaped(line)), line);
            assert!(!escaped(line).contains('\n'));
        }
    }

    #[test]
    fn a_line_is_kept_once_and_not_after_a_space() {
        let mut history = History { path: None, lines: Vec::new() };
        for line in ["a", "b", " secret", "a", "", "  "] {
            history.add(line).expect("there is no file");
        }
        assert_eq!(history.lines(), ["b", "a"]);
    }
}
