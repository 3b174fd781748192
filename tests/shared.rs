//! Cases with known answers that lie outside of the repository: in `../shared`, or where `INVQ_SHARED`
//! says. What a run leaves out it prints.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::path::{Path, PathBuf};

use invq::diagnostic::Diagnostic;
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory};
use serde_json::Value as Json;

pub(crate) fn shared() -> PathBuf {
    std::env::var_os("INVQ_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
}

/// The JSON files of a folder by name, or nothing where it is missing.
pub(crate) fn files(folder: &str) -> Vec<(String, Json)> {
    let folder = shared().join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let mut files: Vec<(String, Json)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let text = std::fs::read_to_string(path).ok()?;
            Some((name, serde_json::from_str(&text).ok()?))
        })
        .collect();
    files.sort_by(|left, right| left.0.cmp(&right.0));
    files
}

/// The text at a key, empty where there is none.
pub(crate) fn text<'j>(value: &'j Json, key: &str) -> &'j str {
    value.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A JSON document as an input of the engine.
pub(crate) fn input(name: &str, value: &Json) -> Input {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    Input { source: Source::new(name, text), format: Format::Json, folder: None }
}

/// The answer to a query, or everything that is wrong with it.
pub(crate) fn ask(engine: &Engine, inventory: &Inventory, query: &str) -> Result<Json, Vec<Diagnostic>> {
    let query = engine.compile(query, inventory)?;
    let answer = query.run(inventory).map_err(|diagnostic| vec![diagnostic])?;
    answer.into_data(inventory).map_err(|diagnostic| vec![diagnostic])
}

/// What happened to the checks of all files.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    /// Answered on purpose otherwise than the system itself.
    pub(crate) different: Vec<String>,
    pub(crate) later: Vec<String>,
    pub(crate) failed: Vec<String>,
}

impl Tally {
    /// Counts an answer, which should be the expected one.
    pub(crate) fn compare(&mut self, what: String, answer: &Json, expected: &Json) {
        if answer == expected {
            self.passed += 1;
        } else {
            self.failed.push(format!("{what}\n  expected {expected}\n  found    {answer}"));
        }
    }

    /// Prints the counts, and fails where a check has failed.
    pub(crate) fn finish(self, title: &str) {
        println!(
            "{title}: {} passed, {} different on purpose: {}; {} for later: {}",
            self.passed,
            self.different.len(),
            self.different.join(", "),
            self.later.len(),
            self.later.join(", ")
        );
        assert!(self.failed.is_empty(), "{} failed:\n{}", self.failed.len(), self.failed.join("\n"));
    }
}

/// What a list of mistakes says, on one line.
pub(crate) fn messages(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect::<Vec<_>>().join("; ")
}
