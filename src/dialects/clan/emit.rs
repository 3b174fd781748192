//! From what was read to the draft.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::instance::{Choice, Instance, Role};
use super::machines::Machines;
use super::meta::Meta;
use super::report::{InstanceKey, Owner};
use super::resolve::{self, Services};
use super::tags::Declared;
use crate::diagnostic::Diagnostic;
use crate::inventory::document::Node;
use crate::inventory::draft::Draft;
use crate::inventory::model::{self, EmbeddedRole, NodeKind, Part, Selection, SelectionKind};
use crate::syntax::ast::Name;

/// The cluster of all machines, since Clan has none.
const CLUSTER: &str = "default";

/// Writes an inventory into a draft, part after part.
pub(super) struct Emitter<'e> {
    draft: &'e mut Draft,
    cluster: u32,
    /// The node of each machine, by its place in name order.
    nodes: Vec<u32>,
    /// The number of each tag in the draft, by its number among those read.
    tags: Vec<u32>,
    instances: HashMap<InstanceKey, u32>,
    /// The roles of each instance, in the order in which the draft has them.
    roles: HashMap<InstanceKey, Vec<Name>>,
}

impl<'e> Emitter<'e> {
    /// Nothing is written yet.
    pub(super) fn new(draft: &'e mut Draft) -> Emitter<'e> {
        let cluster = draft.cluster(CLUSTER, None);
        Emitter {
            draft,
            cluster,
            nodes: Vec::new(),
            tags: Vec::new(),
            instances: HashMap::new(),
            roles: HashMap::new(),
        }
    }

    /// What the inventory says about itself.
    pub(super) fn meta(&mut self, meta: Meta) {
        for (name, value) in meta.fields {
            self.draft.set_meta(&name, value);
        }
    }

    /// The machines with their tags.
    pub(super) fn machines(&mut self, machines: &Machines<'_>) {
        self.tags = machines.tags.names().iter().map(|tag| self.draft.tag(tag)).collect();
        self.draft.reserve_nodes(machines.all.len());
        self.nodes.reserve(machines.all.len());
        for machine in &machines.all {
            let node = self.draft.node(self.cluster, &machine.name, NodeKind::Machine, machine.spot);
            self.draft.set_class(node, machine.class);
            if let Some(system) = &machine.system {
                self.draft.set_system(node, system);
            }
            for tag in &machine.tags {
                if let Some(tag) = machines.tags.name(*tag) {
                    self.draft.add_tag(node, tag);
                }
            }
            for (part, raw) in &machine.parts {
                self.draft.add_part(node, *part, *raw);
            }
            self.nodes.push(node);
        }
    }

    /// The declared tags with their lists.
    pub(super) fn declared(&mut self, declared: &BTreeMap<Name, Declared<'_>>) {
        for (tag, declared) in declared {
            let number = self.draft.tag(tag);
            if let Some(spot) = declared.spot {
                self.draft.declare_tag(tag, spot);
            }
            let nodes = declared.machines.iter().filter_map(|index| self.nodes.get(*index as usize).copied());
            let nodes = nodes.collect();
            self.draft.list_tag(number, nodes, declared.strangers.clone());
            if let Some(function) = declared.computed {
                let role = EmbeddedRole::ComputedTag(Name::clone(tag));
                self.draft.add_expression_at(function, role, Some(self.cluster), Part::Everything);
            }
        }
    }

    /// The functions that tell all tags together.
    pub(super) fn computed(&mut self, functions: &[Node<'_>]) {
        for function in functions {
            let role = EmbeddedRole::ComputedTags;
            self.draft.add_expression_at(*function, role, Some(self.cluster), Part::Everything);
        }
    }

    /// The services and their instances.
    pub(super) fn instances(&mut self, services: &Services<'_, '_>, instances: &[Instance<'_>]) {
        for (id, service) in services {
            let number = self.draft.service(id, &service.name, service.input.as_deref(), Some(service.spot));
            if let (Some(written), Some(module)) = (self.draft.service_mut(number), service.module) {
                written.constraints = module.constraints.clone();
                written.manifest = Some(Name::clone(&module.manifest));
                written.module = Some(module.node.raw());
            }
        }
        let mut names: HashSet<Name> = instances
            .iter()
            .filter(|instance| instance.key.0.is_none())
            .map(|instance| Name::clone(&instance.key.1))
            .collect();
        for instance in instances {
            self.instance(instance, &mut names);
        }
    }

    fn instance(&mut self, instance: &Instance<'_>, names: &mut HashSet<Name>) {
        let (module, key) = &instance.key;
        let name = match module {
            None => Name::clone(key),
            Some(module) => unique(&format!("{module}-{key}"), names),
        };
        let service = self.draft.find_service(&resolve::id(instance)).unwrap_or_default();
        let number = self.draft.add_instance(model::Instance {
            name,
            service,
            enabled: instance.enabled,
            spot: Some(instance.spot),
            key: module.as_ref().map(|_| Name::clone(key)),
            entries: instance.entries.iter().map(|entry| entry.raw()).collect(),
            ..model::Instance::default()
        });
        let roles: Vec<model::Role> = (0..)
            .zip(&instance.roles)
            .map(|(at, (name, role))| self.role(name, role, Part::Role(number, at)))
            .collect();
        if let Some(written) = self.draft.instance_mut(number) {
            written.roles = roles;
        }
        self.instances.insert(instance.key.clone(), number);
        self.roles.insert(instance.key.clone(), instance.roles.keys().map(Name::clone).collect());
    }

    fn role(&mut self, name: &Name, role: &Role<'_>, part: Part) -> model::Role {
        let selections = role.selections.iter().filter_map(|selected| {
            let kind = match &selected.choice {
                Choice::Machine(name) => SelectionKind::Machine(Name::clone(name)),
                Choice::Tag(tag) => SelectionKind::Tag(Name::clone(tag)),
                Choice::Filter(node) => {
                    let cluster = Some(self.cluster);
                    let filter = EmbeddedRole::Filter;
                    SelectionKind::Filter(self.draft.add_expression_at(
                        *node,
                        filter,
                        cluster,
                        part.clone(),
                    )?)
                }
            };
            Some(Selection { kind, settings: selected.settings.map(Node::raw), spot: selected.spot })
        });
        model::Role {
            name: Name::clone(name),
            selections: selections.collect(),
            order: role.order,
            settings: role.settings.map(Node::raw),
            extra_modules: role.extra_modules.clone(),
            spot: Some(role.spot),
        }
    }

    /// The mistakes, each with the part that it makes unusable.
    pub(super) fn mistakes(&mut self, mistakes: Vec<(Owner, Diagnostic)>, machines: &Machines<'_>) {
        for (owner, diagnostic) in mistakes {
            let part = self.part(&owner, machines);
            self.draft.mistake(diagnostic, part);
        }
    }

    /// The part that an owner is; nothing where nobody uses what is broken.
    fn part(&self, owner: &Owner, machines: &Machines<'_>) -> Part {
        let part = match owner {
            Owner::Nothing => None,
            Owner::Everything => Some(Part::Everything),
            Owner::Meta => Some(Part::Meta),
            Owner::Machine(name) => {
                machines.find(name).and_then(|at| self.nodes.get(at).copied()).map(Part::Node)
            }
            Owner::Service(id) => self.draft.find_service(id).map(Part::Service),
            Owner::Instance(key) => self.instances.get(key).copied().map(Part::Instance),
            Owner::Role(key, role) => {
                self.role_indices(key, role).map(|(instance, role)| Part::Role(instance, role))
            }
            Owner::Settings(key, role) => {
                self.role_indices(key, role).map(|(instance, role)| Part::Settings(instance, role))
            }
        };
        part.unwrap_or(Part::Nothing)
    }

    fn role_indices(&self, key: &InstanceKey, role: &Name) -> Option<(u32, u32)> {
        let instance = self.instances.get(key)?;
        let at = self.roles.get(key)?.iter().position(|known| known == role)?;
        Some((*instance, u32::try_from(at).ok()?))
    }
}

/// A name that no other instance has: the wanted one, else with the first free number behind it.
fn unique(wanted: &str, taken: &mut HashSet<Name>) -> Name {
    let mut name = Name::from(wanted);
    let mut number = 2;
    while !taken.insert(Name::clone(&name)) {
        name = Name::from(format!("{wanted}-{number}"));
        number += 1;
    }
    name
}
