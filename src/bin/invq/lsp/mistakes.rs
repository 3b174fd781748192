//! What is wrong in files, as editors show it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use invq::diagnostic::{Diagnostic, Label, Severity};
use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString};

use super::documents::{Columns, address_of};

/// Mistakes by the file in which they stand; those without a place stand at the beginning of `home`.
pub(super) fn by_file(
    mistakes: &[Diagnostic],
    home: &Path,
    columns: Columns,
) -> BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>> {
    let mut files: BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>> = BTreeMap::new();
    for mistake in mistakes {
        let (path, shown) = shown(mistake, home, columns);
        files.entry(path).or_default().push(shown);
    }
    files
}

fn shown(mistake: &Diagnostic, home: &Path, columns: Columns) -> (PathBuf, lsp_types::Diagnostic) {
    let place = |label: &Label| {
        let (source, span) = label.source.locate(label.span);
        (absolute(Path::new(source.name())), columns.range(&source, span))
    };
    let mut labels = mistake.labels.iter();
    let (path, range) = labels.next().map_or_else(|| (home.to_path_buf(), Default::default()), place);
    let related = labels.filter_map(|label| {
        let (path, range) = place(label);
        let location = Location { uri: address_of(&path)?, range };
        Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    let message = match &mistake.help {
        Some(help) => format!("{}\n{help}", mistake.message),
        None => mistake.message.clone(),
    };
    let shown = lsp_types::Diagnostic {
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
    };
    (path, shown)
}

/// A path that does not depend on the working folder.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}
