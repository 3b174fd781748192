//! What is wrong in files, as editors show it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use invq::diagnostic::{Diagnostic, Label, Severity};
use invq::text::count;
use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range};

use super::documents::{Columns, Places, address_of};

/// How many mistakes of a file are told; editors grow slow with more.
const MOST: usize = 1_000;

/// Mistakes by the file in which they stand, the first ones where there are very many; those without a place
/// stand at the beginning of `home`.
pub(super) fn by_file(
    mistakes: &[Diagnostic],
    home: &Path,
    columns: Columns,
) -> BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>> {
    let mut files: BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>> = BTreeMap::new();
    let mut paths: HashMap<String, PathBuf> = HashMap::new();
    let mut left_out: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut places = Places::new(columns);
    for mistake in mistakes {
        let path = match mistake.labels.first() {
            None => home.to_path_buf(),
            Some(label) => {
                let name = label.source.name();
                paths.entry(name.to_owned()).or_insert_with(|| absolute(Path::new(name))).clone()
            }
        };
        let told = files.entry(path.clone()).or_default();
        if told.len() < MOST {
            told.push(shown(mistake, &mut places));
        } else {
            *left_out.entry(path).or_default() += 1;
        }
    }
    for (path, number) in left_out {
        let message = format!(
            "{} in this file; `invq check` lists all",
            count(number, "more mistake", "more mistakes")
        );
        files.entry(path).or_default().push(lsp_types::Diagnostic {
            severity: Some(DiagnosticSeverity::INFORMATION),
            source: Some("invq".to_owned()),
            message,
            ..Default::default()
        });
    }
    files
}

fn shown(mistake: &Diagnostic, places: &mut Places) -> lsp_types::Diagnostic {
    let mut place = |label: &Label| {
        let (source, span) = label.source.locate(label.span);
        (places.range(&source, span), source)
    };
    let mut labels = mistake.labels.iter();
    let range = labels.next().map_or_else(Range::default, |label| place(label).0);
    let related = labels.filter_map(|label| {
        let (range, source) = place(label);
        let location = Location { uri: address_of(&absolute(Path::new(source.name())))?, range };
        Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    let message = match &mistake.help {
        Some(help) => format!("{}\n{help}", mistake.message),
        None => mistake.message.clone(),
    };
    lsp_types::Diagnostic {
        range,
        severity: Some(match mistake.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(mistake.code.word().to_owned())),
        source: Some("invq".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..Default::default()
    }
}

/// A path that does not depend on the working folder.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}
