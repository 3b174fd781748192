//! What a change may not do: the rules by which Clan's tools keep their file, and marks that stand in the way.

use serde_json::Value as Json;

use super::{Change, Edit, Failure, Target, Work};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::Document;
use crate::inventory::path;
use crate::modules::settled;
use crate::text::quoted;

impl<'i> Work<'i> {
    /// Tools that keep a file never change the type of a value, but to nothing.
    pub(super) fn refuse_type(
        &self,
        edit: &Edit,
        document: &Document,
        at: &[String],
        value: &Json,
    ) -> Result<(), Failure> {
        if self.layers.persisted.is_none() || value.is_null() {
            return Ok(());
        }
        let kind = |value: &Json| match value {
            Json::Null => 0,
            Json::Bool(_) => 1,
            Json::Number(_) => 2,
            Json::String(_) => 3,
            Json::Array(_) => 4,
            Json::Object(_) => 5,
        };
        match self.value(document, at) {
            Some(now) if !now.is_null() && kind(&now) != kind(value) => {
                Err(read_only(edit, "a value keeps its type"))
            }
            _ => Ok(()),
        }
    }

    /// What of a list is for the file that tools keep: what other files give stays theirs, and has to be there.
    pub(super) fn own_elements(
        &self,
        edit: &Edit,
        target: &Target<'i>,
        value: &Json,
    ) -> Result<Json, Failure> {
        let (Some(persisted), Some(_), Json::Array(given)) = (&self.layers.persisted, &target.in_clan, value)
        else {
            return Ok(value.clone());
        };
        if (1..given.len())
            .any(|at| given.get(at).is_some_and(|item| given.iter().take(at).any(|before| before == item)))
        {
            return Err(read_only(edit, "no element of a list stands in it twice"));
        }
        let others = target.places.iter().filter(|(document, _)| !std::ptr::eq(*document, persisted.0));
        let others = others.filter_map(|(document, at)| self.value(document, at));
        let theirs: Vec<Json> = others.filter_map(|value| value.as_array().cloned()).flatten().collect();
        match theirs.iter().find(|item| !given.contains(item)) {
            Some(gone) => Err(read_only(edit, &format!("another file gives `{gone}`, which stays"))),
            None => Ok(given.iter().filter(|item| !theirs.contains(item)).cloned().collect()),
        }
    }

    pub(super) fn refuse_removal(&self, edit: &Edit, target: &Target<'_>) -> Result<(), Failure> {
        if let Some(at) = target.in_clan.as_ref().filter(|_| self.layers.persisted.is_some()) {
            let rule = self.layers.rule(at);
            if !rule.deletable {
                return Err(read_only(edit, &rule.reason));
            }
        }
        Ok(())
    }

    /// What another file than the tools' gives stays in it.
    pub(super) fn refuse_foreign(&self, edit: &Edit, document: &Document) -> Result<(), Failure> {
        match &self.layers.persisted {
            Some((persisted, _)) if !std::ptr::eq(document, *persisted) => {
                Err(read_only(edit, "another file gives it"))
            }
            _ => Ok(()),
        }
    }
}

/// The mistake of a change that the rules do not allow.
pub(super) fn read_only(edit: &Edit, reason: &str) -> Failure {
    let message = format!("{} cannot be written: {reason}", quoted(&path::print(&edit.at)));
    Box::new(Diagnostic::error(Code::ReadOnly, message).help("change it in the file that people write"))
}

/// Whether one of two changes removes what the other sets, or something around or in it.
pub(super) fn contradict(one: &Edit, other: &Edit) -> bool {
    let removes = |edit: &Edit| edit.change == Change::Remove;
    removes(one) != removes(other) && (one.at.starts_with(&other.at) || other.at.starts_with(&one.at))
}

/// The names that lead to a value through the marks around what they lead through, and around it; nothing
/// where several definitions are merged on the way.
pub(super) fn within_marks(document: &Document, at: &[String]) -> Option<Vec<String>> {
    let mut path = Vec::with_capacity(at.len());
    let mut node = Some(document.root());
    let mut names = at.iter();
    loop {
        if let Some(mark) = node.and_then(settled::mark_of) {
            if mark == "merge" {
                return None;
            }
            path.push("content".to_owned());
            node = node.and_then(|node| node.get("content"));
            continue;
        }
        let Some(name) = names.next() else { return Some(path) };
        path.push(name.clone());
        node = node.and_then(|node| node.get(name));
    }
}
