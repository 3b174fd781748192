//! What the lines of a session have defined.
//!
//! A definition is a program and not a value: it belongs to no evaluation, holds nothing of an inventory,
//! and follows the inventory when that changes. What it once came to is kept beside it where that is plain
//! data or machines, so that a slow answer is not computed at each use.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::given::Given;
use crate::syntax::ast::Name;
use crate::syntax::lex::{LexemeKind, lexemes};
use crate::types::Scheme;
use crate::types::tir::Program;

/// The last answer's name.
pub(super) const IT: &str = "it";

/// A name with what it stands for.
pub(super) struct Definition {
    pub(super) name: Name,
    pub(super) scheme: Scheme,
    /// What computes it; nothing for data given from outside.
    pub(super) program: Option<Arc<Program>>,
    /// Where the program is a set of several definitions: which of them this is.
    pub(super) attribute: Option<Name>,
    /// The value as it was typed; with an attribute, the bindings.
    pub(super) text: Arc<str>,
    /// The number of the line, which definitions of one line share.
    pub(super) line: u64,
    /// The slots that the program may read.
    needs: Vec<u32>,
    kept: Mutex<Option<Given>>,
}

impl Definition {
    /// Keeps what it came to, for as long as the inventory stays.
    pub(super) fn keep(&self, given: Option<Given>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = given;
    }

    fn given(&self) -> Given {
        if let Some(kept) = &*self.kept.lock().unwrap_or_else(PoisonError::into_inner) {
            return kept.clone();
        }
        match (&self.program, &self.attribute) {
            (None, _) => Given::Nothing,
            (Some(program), None) => Given::Program(Arc::clone(program)),
            (Some(program), Some(name)) => Given::Attribute(Arc::clone(program), name.clone()),
        }
    }
}

/// What a line defines, before it is known what it may read.
pub(super) struct New {
    pub(super) name: Name,
    pub(super) scheme: Scheme,
    pub(super) program: Option<Arc<Program>>,
    pub(super) attribute: Option<Name>,
    pub(super) text: Arc<str>,
    pub(super) line: u64,
    pub(super) kept: Option<Given>,
}

/// All definitions. Programs name others by their slots, so a slot is reused only when nothing leads to it.
#[derive(Clone, Default)]
pub(super) struct Definitions {
    slots: Vec<Option<Arc<Definition>>>,
    visible: BTreeMap<Name, u32>,
}

impl Definitions {
    /// Names with their types, by slot; a slot that no name leads to has an empty name.
    pub(super) fn hosts(&self) -> Vec<(Name, Scheme)> {
        let hidden = || (Name::from(""), Scheme::plain(crate::types::Type::Any));
        self.slots
            .iter()
            .enumerate()
            .map(|(slot, held)| match held {
                Some(definition) if self.visible.get(&definition.name) == Some(&(slot as u32)) => {
                    (definition.name.clone(), definition.scheme.clone())
                }
                _ => hidden(),
            })
            .collect()
    }

    /// What the slots stand for.
    pub(super) fn given(&self) -> Arc<Vec<Given>> {
        let given = |held: &Option<Arc<Definition>>| {
            held.as_ref().map_or(Given::Nothing, |definition| definition.given())
        };
        Arc::new(self.slots.iter().map(given).collect())
    }

    /// The definitions that names lead to, by name.
    pub(super) fn visible(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.visible.values().filter_map(|slot| self.slot(*slot))
    }

    /// The definition of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Arc<Definition>> {
        self.slot(*self.visible.get(name)?)
    }

    /// Everything that is still needed, in the order of the lines.
    pub(super) fn needed(&self) -> Vec<&Arc<Definition>> {
        let mut needed: Vec<&Arc<Definition>> = self.slots.iter().flatten().collect();
        needed.sort_by(|a, b| (a.line, &a.name).cmp(&(b.line, &b.name)));
        needed
    }

    /// Whether a definition is what its name means now.
    pub(super) fn is_visible(&self, definition: &Arc<Definition>) -> bool {
        self.find(&definition.name).is_some_and(|known| Arc::ptr_eq(known, definition))
    }

    fn slot(&self, slot: u32) -> Option<&Arc<Definition>> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// Adds what a line defines; all of it sees what was there before.
    pub(super) fn add(&mut self, new: Vec<New>) {
        let needs: Vec<Vec<u32>> = new.iter().map(|definition| self.mentioned(&definition.text)).collect();
        for (definition, needs) in new.into_iter().zip(needs) {
            let definition = Arc::new(Definition {
                name: definition.name.clone(),
                scheme: definition.scheme,
                program: definition.program,
                attribute: definition.attribute,
                text: definition.text,
                line: definition.line,
                needs,
                kept: Mutex::new(definition.kept),
            });
            let name = definition.name.clone();
            let slot = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
            match self.slots.get_mut(slot) {
                Some(free) => *free = Some(definition),
                None => self.slots.push(Some(definition)),
            }
            self.visible.insert(name, slot as u32);
        }
        self.sweep();
    }

    /// The slots of the names that a text mentions.
    fn mentioned(&self, text: &str) -> Vec<u32> {
        identifiers(text).into_iter().filter_map(|word| self.visible.get(word).copied()).collect()
    }

    /// Empties the slots that nothing leads to.
    fn sweep(&mut self) {
        let mut reached: HashSet<u32> = HashSet::new();
        let mut waiting: Vec<u32> = self.visible.values().copied().collect();
        while let Some(slot) = waiting.pop() {
            if reached.insert(slot)
                && let Some(definition) = self.slot(slot)
            {
                waiting.extend(&definition.needs);
            }
        }
        for (slot, held) in self.slots.iter_mut().enumerate() {
            if !reached.contains(&(slot as u32)) {
                *held = None;
            }
        }
    }
}

/// The words of a text that can be names.
pub(super) fn identifiers(text: &str) -> HashSet<&str> {
    let words = lexemes(text).into_iter().filter(|lexeme| lexeme.kind == LexemeKind::Identifier);
    words.filter_map(|lexeme| text.get(lexeme.span.range())).collect()
}
