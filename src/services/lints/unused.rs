//! Tags and named filters that nothing in the inventory uses.

use std::collections::{BTreeSet, HashSet};

use super::{Found, NAMES, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::{EmbeddedRole, SelectionKind, Spot};
use crate::text::quoted;
use crate::types::tir::{NameKind, Program};

/// Tags that every Clan inventory has, used or not.
const PREDEFINED: [&str; 3] = ["all", "nixos", "darwin"];

impl Found<'_> {
    /// Tags that no role and no expression names.
    pub(super) fn tags(&mut self) {
        let model = &self.loaded.model;
        let computed =
            |role: &EmbeddedRole| matches!(role, EmbeddedRole::ComputedTag(_) | EmbeddedRole::ComputedTags);
        // Functions of all tags may use every one of them.
        if !self.has_services() || model.expressions.iter().any(|embedded| computed(&embedded.role)) {
            return;
        }
        let selections =
            model.instances.iter().flat_map(|instance| &instance.roles).flat_map(|role| &role.selections);
        let mut used: HashSet<&str> = PREDEFINED.into_iter().collect();
        used.extend(selections.filter_map(|selection| match &selection.kind {
            SelectionKind::Tag(tag) => Some(&**tag),
            _ => None,
        }));
        let programs: Vec<&Program> = self.programs().map(|(_, program)| program).collect();
        let named = programs.iter().flat_map(|program| &program.names);
        used.extend(named.filter(|named| named.kind == NameKind::Tag).map(|named| &*named.name));
        // A predicate may look for a tag by any text that it has: `where (m: elem "web" m.tags)`.
        for embedded in model.expressions.iter().filter(|embedded| embedded.value.is_none()) {
            used.extend(embedded.source.text().split('"').skip(1).step_by(2));
        }
        let unused: Vec<(u32, &str)> = (0..)
            .zip(&model.tags)
            .filter(|(_, tag)| !used.contains(&*tag.name))
            .map(|(number, tag)| (number, &*tag.name))
            .collect();
        if unused.is_empty() {
            return;
        }
        let called: Vec<&str> = unused.iter().map(|(_, name)| *name).collect();
        let word = if called.len() == 1 { "tag" } else { "tags" };
        let message = format!("no role and no filter of the inventory uses the {word} {}", names(&called));
        let places: Vec<(Spot, String)> = unused
            .iter()
            .take(NAMES)
            .map(|(number, name)| {
                let declared = model.tags.get(*number as usize).and_then(|tag| tag.spot);
                let carrier = model.index.tag(*number).min();
                let spot = declared.or_else(|| carrier.map(|node| self.text_spot(node, name)));
                (spot.unwrap_or_default(), String::new())
            })
            .collect();
        let help = "select by it in a role, or leave it for queries";
        let diagnostic = Diagnostic::hint(Code::UnusedTag, message).help(help);
        self.add("tags".to_owned(), places, diagnostic);
    }

    /// Named filters that no other expression names.
    pub(super) fn filters(&mut self) {
        if !self.has_services() {
            return;
        }
        let model = &self.loaded.model;
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for (expression, program) in self.programs() {
            // A filter that uses itself is not used by that.
            let own = model.filters.iter().find(|filter| Some(filter.expression) == expression);
            let others = program.filters.iter().filter(|name| own.is_none_or(|own| own.name != **name));
            used.extend(others.map(|name| &**name));
        }
        let unused: Vec<_> = model.filters.iter().filter(|filter| !used.contains(&*filter.name)).collect();
        let found: Vec<_> = unused
            .into_iter()
            .map(|filter| {
                let message = format!("nothing in the inventory uses the filter {}", quoted(&filter.name));
                let diagnostic = Diagnostic::hint(Code::UnusedFilter, message)
                    .help("select by it in a role, or leave it for queries");
                (filter.name.to_string(), vec![(filter.spot, String::new())], diagnostic)
            })
            .collect();
        for (subject, places, diagnostic) in found {
            self.add(subject, places, diagnostic);
        }
    }

    /// All checked expressions of the inventory, with their numbers where they are of one entry alone.
    fn programs(&self) -> impl Iterator<Item = (Option<u32>, &Program)> {
        let embedded = (0..).zip(&self.loaded.programs);
        let embedded = embedded.filter_map(|(index, program)| Some((Some(index), &**program.as_ref()?)));
        embedded.chain(self.loaded.files.values().map(|program| (None, &**program)))
    }
}
