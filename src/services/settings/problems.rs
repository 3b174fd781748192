//! What is wrong with settings, told without anybody reading them.
//!
//! Settings that must be given and are not are left out: in Clan nobody hears of them until a module
//! reads them, and modules leave some of their own options without a value on purpose.

use std::collections::HashSet;
use std::sync::Arc;

use super::Merge;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluation;
use crate::inventory::document::Raw;
use crate::services::loaded::{Loaded, View};
use crate::services::members::{Member, Members};
use crate::value::{Evaluator, Name, Value};

/// The mistakes in the settings of a role's members.
pub(in crate::services) fn problems(
    loaded: &Arc<Loaded>,
    instance: u32,
    role: u32,
    members: &Members,
) -> Vec<Diagnostic> {
    let merge = Merge::new(loaded, instance, role).filter(|merge| !merge.is_empty());
    let Some(merge) = merge else { return Vec::new() };
    let view = View(Arc::clone(loaded));
    let mut found = Found { seen: HashSet::new(), problems: Vec::new() };
    // What is written decides what comes out, and most machines have the same written for them.
    let mut known: HashSet<Vec<(u32, u32)>> = HashSet::new();
    for member in members.iter() {
        // Nobody reads the settings of a machine that is not there.
        let Member::Node(_) = member else { continue };
        let written = merge.written(&member);
        let key = |raw: &Raw| (raw.document, raw.at);
        if !written.is_empty() && known.insert(written.iter().map(key).collect()) {
            // Limits are meant for one question, and this is one for each machine.
            let mut evaluation = Evaluation::new(&view, &loaded.limits, Vec::new());
            found.value(&mut evaluation, &merge.of(&Name::from(member.name(&loaded.model)), written));
        }
    }
    found.problems
}

struct Found {
    /// One slip in what a role or tag gives is told once, and not for each machine.
    seen: HashSet<(Code, Vec<(String, u32)>)>,
    problems: Vec<Diagnostic>,
}

impl Found {
    /// Reads a value to its last part.
    fn value(&mut self, evaluator: &mut dyn Evaluator, value: &Value) {
        match evaluator.force(value) {
            Ok(Value::Attrs(attrs)) => self.all(evaluator, attrs.values()),
            Ok(Value::List(items)) => self.all(evaluator, &items.iter().cloned().collect::<Vec<_>>()),
            Ok(_) => {}
            Err(fault) if fault.diagnostic().code == Code::MissingOption => {}
            Err(fault) => {
                let diagnostic = fault.into_diagnostic();
                let places = diagnostic.labels.iter();
                let places = places.map(|label| (label.source.name().to_owned(), label.span.start));
                if self.seen.insert((diagnostic.code, places.collect())) {
                    self.problems.push(diagnostic);
                }
            }
        }
    }

    fn all(&mut self, evaluator: &mut dyn Evaluator, values: &[Value]) {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            values.iter().for_each(|value| self.value(evaluator, value));
        });
    }
}
