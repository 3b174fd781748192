//! Instances of services as both of Clan's APIs describe them.

use std::collections::{BTreeMap, HashMap};

use super::layers;
use super::place::{Path, edit, is_object, key_spot, name};
use super::report::{InstanceKey, Owner, Report};
use crate::inventory::document::{Kind, Node, Notation, Raw};
use crate::inventory::model::{MemberOrder, Spot};
use crate::syntax::ast::Name;

/// An instance, all layers merged.
pub(super) struct Instance<'d> {
    /// What messages call it.
    pub(super) key: InstanceKey,
    /// Where it is first defined: the place of its name.
    pub(super) spot: Spot,
    /// Its entries, layer by layer.
    pub(super) entries: Vec<Node<'d>>,
    /// Whether machines get anything from it.
    pub(super) enabled: bool,
    /// Where its module comes from, where it says so.
    pub(super) input: Option<Name>,
    /// The name of its module.
    pub(super) module: Name,
    /// Where the module is named; the instance's name where it is not.
    pub(super) module_spot: Spot,
    /// Where the input is named.
    pub(super) input_spot: Spot,
    /// Its roles by name.
    pub(super) roles: BTreeMap<Name, Role<'d>>,
}

/// A role of an instance, all layers merged.
pub(super) struct Role<'d> {
    /// Where it is first defined: the place of its name.
    pub(super) spot: Spot,
    /// Who is in it, in written order.
    pub(super) selections: Vec<Selected<'d>>,
    /// How the selections become members.
    pub(super) order: MemberOrder,
    /// Settings for all members.
    pub(super) settings: Option<Node<'d>>,
    /// `extraModules`, layer by layer.
    pub(super) extra_modules: Vec<Raw>,
    /// Where the selection of a name is, for layers that name it again.
    known: HashMap<Chosen, usize>,
    select: Option<Node<'d>>,
}

/// What selects machines for a role.
pub(super) struct Selected<'d> {
    /// By name, tag or filter.
    pub(super) choice: Choice<'d>,
    /// Settings for these machines.
    pub(super) settings: Option<Node<'d>>,
    /// Where it is written.
    pub(super) spot: Spot,
}

/// By name, tag or filter.
pub(super) enum Choice<'d> {
    /// The machine of this name.
    Machine(Name),
    /// The machines that carry the tag.
    Tag(Name),
    /// What the filter gives.
    Filter(Node<'d>),
}

#[derive(PartialEq, Eq, Hash)]
enum Chosen {
    Machine(Name),
    Tag(Name),
}

impl<'d> Instance<'d> {
    /// An instance of which nothing but the name is known.
    pub(super) fn new(key: InstanceKey, spot: Spot) -> Instance<'d> {
        let module = Name::clone(key.0.as_ref().unwrap_or(&key.1));
        Instance {
            key,
            spot,
            entries: Vec::new(),
            enabled: true,
            input: None,
            module,
            module_spot: spot,
            input_spot: spot,
            roles: BTreeMap::new(),
        }
    }

    /// The owner of a mistake that makes the whole instance unusable.
    pub(super) fn owner(&self) -> Owner {
        Owner::Instance(self.key.clone())
    }

    /// Checks an option against the layers before.
    pub(super) fn check_earlier(&self, report: &mut Report<'d>, path: Path<'_>, key: &str, value: Node<'d>) {
        for earlier in self.entries.iter().filter_map(|entry| entry.get(key)) {
            layers::check(report, &self.owner(), path, earlier, value);
        }
    }

    /// Reads `roles`; what stands in a role is for the API to read.
    pub(super) fn read_roles(
        &mut self,
        report: &mut Report<'d>,
        path: Path<'_>,
        roles: Node<'d>,
        order: MemberOrder,
        read_role: impl Fn(&mut Report<'d>, &Owner, Path<'_>, &mut Role<'d>, Node<'d>),
    ) {
        let owner = self.owner();
        if !is_object(roles) {
            report.wrong_type(&owner, path, "an object by role name", roles);
            return;
        }
        for (key, role) in report.entries(|| owner.clone(), roles) {
            let known =
                self.roles.entry(name(&key.text)).or_insert_with(|| Role::new(key_spot(&key, role), order));
            let owner = Owner::Role(self.key.clone(), name(&key.text));
            read_role(report, &owner, path.below(&key.text), known, role);
        }
    }
}

impl<'d> Role<'d> {
    /// A role without members.
    pub(super) fn new(spot: Spot, order: MemberOrder) -> Role<'d> {
        Role {
            spot,
            selections: Vec::new(),
            order,
            settings: None,
            extra_modules: Vec::new(),
            known: HashMap::new(),
            select: None,
        }
    }

    /// Adds a machine or a tag as often as it is written.
    pub(super) fn push(&mut self, choice: Choice<'d>, spot: Spot) {
        self.selections.push(Selected { choice, settings: None, spot });
    }

    /// Adds a tag once, however often it is written.
    pub(super) fn add_tag(&mut self, tag: &str, spot: Spot) -> Option<&mut Selected<'d>> {
        self.add(Chosen::Tag(name(tag)), Choice::Tag(name(tag)), spot)
    }

    /// Adds a machine once, however often it is written.
    pub(super) fn add_machine(&mut self, machine: &str, spot: Spot) -> Option<&mut Selected<'d>> {
        self.add(Chosen::Machine(name(machine)), Choice::Machine(name(machine)), spot)
    }

    fn add(&mut self, chosen: Chosen, choice: Choice<'d>, spot: Spot) -> Option<&mut Selected<'d>> {
        let next = self.selections.len();
        let at = *self.known.entry(chosen).or_insert(next);
        if at == next {
            self.push(choice, spot);
        }
        self.selections.get_mut(at)
    }

    /// Reads `select`, invq's own option: a filter, as text or, in an expression file, as it is.
    pub(super) fn read_select(
        &mut self,
        report: &mut Report<'d>,
        owner: &Owner,
        path: Path<'_>,
        value: Node<'d>,
    ) {
        if !matches!(value.kind(), Kind::String | Kind::Expression) {
            let help = match value.document().notation() {
                Notation::Expression => format!("write `{path} = tag \"web\"`"),
                _ => edit(path, value, &"tag \"web\"".into()),
            };
            report.wrong_type_with(owner, path, "a filter", value, Some(help));
            return;
        }
        match self.select {
            None => {
                self.select = Some(value);
                self.push(Choice::Filter(value), value.spot());
            }
            Some(earlier) => layers::check(report, owner, path, earlier, value),
        }
    }
}
