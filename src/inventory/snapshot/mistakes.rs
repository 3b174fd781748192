//! Mistakes in snapshots: their places are in the document, or in one of its expressions.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::columns::read_with;
use super::{Put, Section, Sections, Unfit};
use crate::diagnostic::{Code, Diagnostic, Label, Severity};
use crate::inventory::model::{Embedded, Inventory, Mistake, Part};
use crate::text::{Deferred, Source, Span};

#[derive(Serialize, Deserialize)]
struct KeptMistake<'b> {
    code: Code,
    severity: Severity,
    #[serde(borrow)]
    message: Cow<'b, str>,
    labels: Vec<KeptLabel<'b>>,
    help: Option<Cow<'b, str>>,
    part: Part,
}

#[derive(Serialize, Deserialize)]
struct KeptLabel<'b> {
    /// The number of the expression; nothing for the document itself.
    expression: Option<u32>,
    span: Span,
    #[serde(borrow)]
    message: Cow<'b, str>,
}

/// Puts the mistakes.
pub(super) fn write<'m, E: From<Unfit>>(inventory: &'m Inventory, put: Put<'_, E>) -> Result<(), E> {
    let of_expressions = (0..).zip(&inventory.expressions);
    let mut sources: HashMap<*const Source, Option<u32>> =
        of_expressions.map(|(index, embedded)| (Arc::as_ptr(&embedded.source), Some(index))).collect();
    for document in &inventory.documents {
        sources.insert(Arc::as_ptr(&document.source), None);
    }
    let mut bytes = Vec::new();
    for mistake in inventory.mistakes.iter() {
        let Diagnostic { code, severity, message, labels, help } = &mistake.diagnostic;
        let kept = |label: &'m Label| {
            let Label { source, span, message } = label;
            let expression = *sources.get(&Arc::as_ptr(source))?;
            Some(KeptLabel { expression, span: *span, message: Cow::Borrowed(message) })
        };
        let labels: Option<Vec<KeptLabel<'_>>> = labels.iter().map(kept).collect();
        let kept = KeptMistake {
            code: *code,
            severity: *severity,
            message: Cow::Borrowed(message),
            labels: labels.ok_or("with mistakes in other texts is read each time")?,
            help: help.as_deref().map(Cow::Borrowed),
            part: mistake.part.clone(),
        };
        bytes = postcard::to_extend(&kept, bytes).map_err(|_| "with such mistakes is read each time")?;
    }
    put(Section::Mistakes, bytes)
}

/// The mistakes, which are read when they are looked at.
pub(super) fn read(
    source: &Arc<Source>,
    expressions: &[Embedded],
    sections: &Arc<dyn Sections>,
) -> Deferred<Vec<Mistake>> {
    let document = Arc::clone(source);
    let expressions: Vec<Arc<Source>> =
        expressions.iter().map(|embedded| Arc::clone(&embedded.source)).collect();
    read_with(Section::Mistakes, sections, move |bytes| {
        let mut mistakes = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (kept, after) = postcard::take_from_bytes::<KeptMistake<'_>>(rest).ok()?;
            mistakes.push(mistake(kept, &document, &expressions)?);
            rest = after;
        }
        Some(mistakes)
    })
}

fn mistake(kept: KeptMistake<'_>, document: &Arc<Source>, expressions: &[Arc<Source>]) -> Option<Mistake> {
    let label = |label: KeptLabel<'_>| {
        let source = match label.expression {
            Some(index) => expressions.get(index as usize)?,
            None => document,
        };
        Some(Label { source: Arc::clone(source), span: label.span, message: label.message.into_owned() })
    };
    let diagnostic = Diagnostic {
        code: kept.code,
        severity: kept.severity,
        message: kept.message.into_owned(),
        labels: kept.labels.into_iter().map(label).collect::<Option<_>>()?,
        help: kept.help.map(Cow::into_owned),
    };
    Some(Mistake { diagnostic, part: kept.part })
}
