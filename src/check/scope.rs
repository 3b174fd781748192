//! Which name means what, and where the evaluator finds it.

use std::collections::HashMap;
use std::sync::Arc;

use super::tested::Kind;
use crate::syntax::ast::{Expr, Name};
use crate::types::tir::{Capture, ExprKind};
use crate::types::{Scheme, Type};

/// Names in scope, and the frames of the bodies around.
#[derive(Default)]
pub(super) struct Scopes {
    entries: Vec<Entry>,
    /// Where in `entries` a name stands, outermost first.
    places: HashMap<Name, Vec<usize>>,
    /// Where in `entries` the enclosing `with`s stand.
    withs: Vec<usize>,
    /// Where in `entries` stands what is known not to be null.
    not_null: Vec<usize>,
    frames: Vec<Frame>,
    next: u32,
}

/// The name of the whole argument of a function that takes it apart; nobody can write it.
pub(super) const WHOLE: &str = "{";

/// A binding's identity; a narrowed view of it keeps the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct BindingId(u32);

/// A name in scope.
#[derive(Clone)]
pub(super) enum Entry {
    /// A variable with its type.
    Variable {
        name: Name,
        id: BindingId,
        /// The frame in which it lives, and its slot there.
        frame: usize,
        slot: u32,
        scheme: Scheme,
        /// What conditions around have found out about fields of it.
        facts: Vec<Fact>,
        /// What it is bound to, where that is read from another value.
        from: Option<Origin>,
    },
    /// A name for a set of builtins: `let filters = lib.filters; in …`.
    Module { name: Name, path: String },
    /// The attributes of `with e;`.
    With(With),
    /// A call or a selection that a condition around has found not to be null.
    NotNull { text: Name },
}

/// The chain of selections that a variable is bound to: `m.vars.cpus`.
#[derive(Clone)]
pub(super) struct Origin {
    /// The selection.
    pub(super) selection: Arc<Expr>,
    /// The variable with which it begins; nothing where that is a collection of the inventory.
    pub(super) root: Option<BindingId>,
}

/// What a condition has found out about a field of a variable.
#[derive(Clone, PartialEq)]
pub(super) struct Fact {
    /// The way from the variable to the field.
    pub(super) path: Vec<Name>,
    /// What is known of it.
    pub(super) is: Known,
}

/// What can be known of a field.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Known {
    /// It is there.
    Present,
    /// It is not null.
    NotNull,
    /// It is of a kind.
    Is(Kind),
    /// It is not of a kind.
    IsNot(Kind),
}

/// An enclosing `with`.
#[derive(Clone)]
pub(super) enum With {
    /// A set of builtins.
    Module(String),
    /// A value in a slot, with its type.
    Value { id: BindingId, frame: usize, slot: u32, ty: Type },
}

/// A body that is being checked.
pub(super) struct Frame {
    pub(super) slots: u32,
    pub(super) captures: Vec<Capture>,
    captured: HashMap<BindingId, u32>,
    siblings: HashMap<BindingId, u32>,
}

impl Scopes {
    /// Begins a body; `captures` are those that its group has already.
    pub(super) fn enter_frame(&mut self, captures: Vec<(BindingId, Capture)>) {
        let captured = captures.iter().enumerate().map(|(index, (id, _))| (*id, index as u32)).collect();
        self.frames.push(Frame {
            slots: 0,
            captures: captures.into_iter().map(|(_, capture)| capture).collect(),
            captured,
            siblings: HashMap::new(),
        });
    }

    /// Ends a body.
    pub(super) fn leave_frame(&mut self) -> Frame {
        self.frames.pop().unwrap_or(Frame {
            slots: 0,
            captures: Vec::new(),
            captured: HashMap::new(),
            siblings: HashMap::new(),
        })
    }

    /// Says that inside the running body, these bindings are functions of its own group.
    pub(super) fn set_siblings(&mut self, ids: &[BindingId]) {
        if let Some(frame) = self.frames.last_mut() {
            frame.siblings = ids.iter().enumerate().map(|(index, id)| (*id, index as u32)).collect();
        }
    }

    /// A new slot in the running frame.
    pub(super) fn slot(&mut self) -> u32 {
        match self.frames.last_mut() {
            Some(frame) => {
                frame.slots += 1;
                frame.slots - 1
            }
            None => 0,
        }
    }

    /// How many names are in scope, to leave a scope with [`Scopes::truncate`].
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Forgets the names that came into scope since `len`.
    pub(super) fn truncate(&mut self, len: usize) {
        while self.entries.len() > len {
            match self.entries.pop() {
                Some(Entry::Variable { name, .. } | Entry::Module { name, .. }) => {
                    if let Some(places) = self.places.get_mut(&name) {
                        places.pop();
                    }
                }
                Some(Entry::With(_)) => drop(self.withs.pop()),
                Some(Entry::NotNull { .. }) => drop(self.not_null.pop()),
                None => {}
            }
        }
    }

    fn push(&mut self, entry: Entry) {
        let place = self.entries.len();
        match &entry {
            Entry::Variable { name, .. } | Entry::Module { name, .. } => {
                self.places.entry(name.clone()).or_default().push(place);
            }
            Entry::With(_) => self.withs.push(place),
            Entry::NotNull { .. } => self.not_null.push(place),
        }
        self.entries.push(entry);
    }

    /// Brings a variable of the running frame into scope.
    pub(super) fn declare(&mut self, name: Name, slot: u32, scheme: Scheme) -> BindingId {
        self.next += 1;
        let id = BindingId(self.next);
        let frame = self.frames.len().saturating_sub(1);
        let facts = Vec::new();
        self.push(Entry::Variable { name, id, frame, slot, scheme, facts, from: None });
        id
    }

    /// The entries of a binding that is called so.
    fn entries_of(&mut self, name: &str, id: BindingId, mut change: impl FnMut(&mut Entry)) {
        for place in self.places.get(name).into_iter().flatten() {
            if let Some(entry @ Entry::Variable { .. }) = self.entries.get_mut(*place)
                && matches!(entry, Entry::Variable { id: known, .. } if *known == id)
            {
                change(entry);
            }
        }
    }

    /// Says what a binding is bound to.
    pub(super) fn set_origin(&mut self, name: &str, id: BindingId, origin: &Origin) {
        self.entries_of(name, id, |entry| {
            if let Entry::Variable { from, .. } = entry {
                *from = Some(origin.clone());
            }
        });
    }

    /// The binding that a name means, if it is one.
    pub(super) fn binding(&self, name: &str) -> Option<BindingId> {
        match self.lookup(name) {
            Some(Entry::Variable { id, .. }) => Some(*id),
            _ => None,
        }
    }

    /// Changes the type of a binding once it is known.
    pub(super) fn set_scheme(&mut self, name: &str, id: BindingId, new: &Scheme) {
        self.entries_of(name, id, |entry| {
            if let Entry::Variable { scheme, .. } = entry {
                *scheme = new.clone();
            }
        });
    }

    /// Brings a name for a set of builtins into scope.
    pub(super) fn declare_module(&mut self, name: Name, path: String) {
        self.push(Entry::Module { name, path });
    }

    /// Brings the attributes of a set of builtins into scope.
    pub(super) fn with_module(&mut self, path: String) {
        self.push(Entry::With(With::Module(path)));
    }

    /// Brings the attributes of the value in a slot of the running frame into scope.
    pub(super) fn with_value(&mut self, slot: u32, ty: Type) {
        self.next += 1;
        let frame = self.frames.len().saturating_sub(1);
        self.push(Entry::With(With::Value { id: BindingId(self.next), frame, slot, ty }));
    }

    /// A narrowed view of a variable, innermost in scope.
    pub(super) fn narrow(&mut self, entry: Entry) {
        self.push(entry);
    }

    /// What a name means lexically: a variable or a set of builtins; `with` does not count.
    pub(super) fn lookup(&self, name: &str) -> Option<&Entry> {
        self.entries.get(*self.places.get(name)?.last()?)
    }

    /// Whether a condition around has found what is written here not to be null. Where a name in it has
    /// come into scope since, it may be another value.
    pub(super) fn is_not_null(&self, written: &str) -> bool {
        let asked = self.not_null.iter().rev().find(
            |place| matches!(self.entries.get(**place), Some(Entry::NotNull { text }) if **text == *written),
        );
        let since = asked.and_then(|place| self.entries.get(*place..)).unwrap_or(&[]);
        !since.is_empty()
            && since.iter().all(|entry| match entry {
                Entry::Variable { name, .. } | Entry::Module { name, .. } => !written.contains(&**name),
                Entry::NotNull { .. } => true,
                Entry::With(_) => false,
            })
    }

    /// The enclosing `with`s, innermost first.
    pub(super) fn withs(&self) -> Vec<With> {
        let withs = self.withs.iter().rev().filter_map(|place| match self.entries.get(*place) {
            Some(Entry::With(with)) => Some(with.clone()),
            _ => None,
        });
        withs.collect()
    }

    /// All variables and names for sets of builtins, outermost first.
    pub(super) fn named(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| match entry {
            Entry::Variable { name, .. } => **name != *WHOLE,
            Entry::Module { .. } => true,
            Entry::With(_) | Entry::NotNull { .. } => false,
        })
    }

    /// All variables with their types, outermost first, for completion.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&Name, &Scheme)> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Variable { name, scheme, .. } if **name != *WHOLE => Some((name, scheme)),
            Entry::Variable { .. } | Entry::Module { .. } | Entry::With(_) | Entry::NotNull { .. } => None,
        })
    }

    /// The captures that the running frame would pass on to the next function of its group.
    pub(super) fn shared_captures(&self, frame: &Frame) -> Vec<(BindingId, Capture)> {
        let mut shared: Vec<(u32, BindingId)> =
            frame.captured.iter().map(|(id, index)| (*index, *id)).collect();
        shared.sort_unstable_by_key(|(index, _)| *index);
        shared.into_iter().zip(&frame.captures).map(|((_, id), capture)| (id, *capture)).collect()
    }

    /// How the running body reaches a binding; bodies in between capture it on the way.
    pub(super) fn locate(&mut self, id: BindingId, home: usize, slot: u32) -> ExprKind {
        let depth = self.frames.len().saturating_sub(1);
        match self.locate_in(id, home, slot, depth) {
            Capture::Local(slot) => ExprKind::Local(slot),
            Capture::Captured(index) => ExprKind::Captured(index),
            Capture::Sibling(index) => ExprKind::Sibling(index),
        }
    }

    fn locate_in(&mut self, id: BindingId, home: usize, slot: u32, depth: usize) -> Capture {
        if let Some(frame) = self.frames.get(depth) {
            if let Some(index) = frame.siblings.get(&id) {
                return Capture::Sibling(*index);
            }
            if let Some(index) = frame.captured.get(&id) {
                return Capture::Captured(*index);
            }
        }
        if home >= depth {
            return Capture::Local(slot);
        }
        let outer = self.locate_in(id, home, slot, depth - 1);
        match self.frames.get_mut(depth) {
            Some(frame) => {
                let index = frame.captures.len() as u32;
                frame.captures.push(outer);
                frame.captured.insert(id, index);
                Capture::Captured(index)
            }
            None => outer,
        }
    }
}
