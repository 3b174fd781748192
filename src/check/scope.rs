//! Which name means what, and where the evaluator finds it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::syntax::ast::{Expr, Name};
use crate::types::tir::{Capture, ExprKind};
use crate::types::{Scheme, Type};

/// Names in scope, and the frames of the bodies around.
#[derive(Default)]
pub(super) struct Scopes {
    entries: Vec<Entry>,
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
#[derive(Clone)]
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
        self.entries.truncate(len);
    }

    /// Brings a variable of the running frame into scope.
    pub(super) fn declare(&mut self, name: Name, slot: u32, scheme: Scheme) -> BindingId {
        self.next += 1;
        let id = BindingId(self.next);
        let frame = self.frames.len().saturating_sub(1);
        let facts = Vec::new();
        self.entries.push(Entry::Variable { name, id, frame, slot, scheme, facts, from: None });
        id
    }

    /// Says what a binding is bound to.
    pub(super) fn set_origin(&mut self, id: BindingId, origin: Origin) {
        for entry in &mut self.entries {
            if let Entry::Variable { id: known, from, .. } = entry
                && *known == id
            {
                *from = Some(origin.clone());
            }
        }
    }

    /// The binding that a name means, if it is one.
    pub(super) fn binding(&self, name: &str) -> Option<BindingId> {
        match self.lookup(name) {
            Some(Entry::Variable { id, .. }) => Some(*id),
            _ => None,
        }
    }

    /// Changes the type of a binding once it is known.
    pub(super) fn set_scheme(&mut self, id: BindingId, new: &Scheme) {
        for entry in &mut self.entries {
            if let Entry::Variable { id: known, scheme, .. } = entry
                && *known == id
            {
                *scheme = new.clone();
            }
        }
    }

    /// Brings a name for a set of builtins into scope.
    pub(super) fn declare_module(&mut self, name: Name, path: String) {
        self.entries.push(Entry::Module { name, path });
    }

    /// Brings the attributes of a set of builtins into scope.
    pub(super) fn with_module(&mut self, path: String) {
        self.entries.push(Entry::With(With::Module(path)));
    }

    /// Brings the attributes of the value in a slot of the running frame into scope.
    pub(super) fn with_value(&mut self, slot: u32, ty: Type) {
        self.next += 1;
        let frame = self.frames.len().saturating_sub(1);
        self.entries.push(Entry::With(With::Value { id: BindingId(self.next), frame, slot, ty }));
    }

    /// A narrowed view of a variable, innermost in scope.
    pub(super) fn narrow(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// What a name means lexically: a variable or a set of builtins; `with` does not count.
    pub(super) fn lookup(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| match entry {
            Entry::Variable { name: known, .. } | Entry::Module { name: known, .. } => &**known == name,
            Entry::With(_) | Entry::NotNull { .. } => false,
        })
    }

    /// Whether a condition around has found what is written here not to be null. Where a name in it has
    /// come into scope since, it may be another value.
    pub(super) fn is_not_null(&self, written: &str) -> bool {
        for entry in self.entries.iter().rev() {
            match entry {
                Entry::NotNull { text } if **text == *written => return true,
                Entry::NotNull { .. } => {}
                Entry::Variable { name, .. } | Entry::Module { name, .. } if !written.contains(&**name) => {}
                Entry::Variable { .. } | Entry::Module { .. } | Entry::With(_) => return false,
            }
        }
        false
    }

    /// The enclosing `with`s, innermost first.
    pub(super) fn withs(&self) -> Vec<With> {
        self.entries
            .iter()
            .rev()
            .filter_map(|entry| match entry {
                Entry::With(with) => Some(with.clone()),
                _ => None,
            })
            .collect()
    }

    /// All lexical names, for suggestions.
    pub(super) fn names(&self) -> Vec<Name> {
        self.entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Variable { name, .. } | Entry::Module { name, .. } if **name != *WHOLE => {
                    Some(name.clone())
                }
                Entry::Variable { .. } | Entry::Module { .. } => None,
                Entry::With(_) | Entry::NotNull { .. } => None,
            })
            .collect()
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
