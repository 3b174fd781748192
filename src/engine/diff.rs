//! What changes from one inventory to another: machines, their properties, what they get, and how they
//! are configured.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value as Json;

use super::Inventory;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{Evaluation, World};
use crate::types::Named;
use crate::value::{Entity, Evaluator, Fault, Value};

/// The fields of a machine that are compared, in the order in which changes are told. What each machine
/// gets is compared by itself.
const FIELDS: [&str; 10] =
    ["fqdn", "kind", "system", "class", "tags", "addresses", "cloud", "description", "deployment", "vars"];

/// What changes.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Machines that only the new inventory has, as `cluster/machine`, with what they get.
    pub added: Vec<MachineChange>,
    /// Machines that only the old inventory has, with what they got.
    pub removed: Vec<MachineChange>,
    /// Machines that both have, and that differ.
    pub changed: Vec<MachineChange>,
    /// Why it is not known who is in some roles of either inventory, and the mistakes of machines. Those roles are
    /// not compared, and of those machines only their tags, roles and settings.
    pub unknown: Vec<Diagnostic>,
}

/// What changes of a machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MachineChange {
    /// `cluster/machine`
    pub machine: String,
    /// Fields with their old and new values; null where one is missing.
    pub fields: Vec<(String, Json, Json)>,
    /// Services, instances and roles that it gets only now: `instance role`.
    pub gained: Vec<String>,
    /// Those that it gets no more.
    pub lost: Vec<String>,
    /// Values of its configuration and of its settings in roles, by the names that lead to them in
    /// queries, with their old and new values; nothing where one is not there.
    pub configuration: Vec<(Vec<String>, Option<Json>, Option<Json>)>,
}

impl MachineChange {
    fn is_empty(&self) -> bool {
        self.fields.is_empty()
            && self.gained.is_empty()
            && self.lost.is_empty()
            && self.configuration.is_empty()
    }
}

impl Difference {
    /// Whether nothing changes, as far as it is known.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

impl Inventory {
    /// What changes from this inventory to a newer one. Machines are the same where cluster and name are.
    /// A value that fails is its message, and roles whose members are not known are left out.
    ///
    /// # Errors
    /// Mistakes of a whole inventory, and limits.
    pub fn difference(&self, newer: &Inventory) -> Result<Difference, Diagnostic> {
        let old = self.named_machines();
        let new = newer.named_machines();
        let mut difference = Difference::default();
        let mut unknown = Unknown::default();
        let mut reasons = Reasons::default();
        for inventory in [self, newer] {
            inventory.unknown(&mut unknown, &mut reasons).map_err(Fault::into_diagnostic)?;
        }
        let mut before = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        let mut after = Evaluation::new(&newer.view, &self.view.0.limits, Vec::new());
        for (name, machine) in &old {
            let told = match new.get(name) {
                None => self.held(*machine, &unknown).map(|held| {
                    let lost = only(&held, &[]);
                    let change = MachineChange { machine: name.clone(), lost, ..MachineChange::default() };
                    difference.removed.push(change);
                }),
                Some(newer_machine) => {
                    let pair = [(self, &mut before, *machine), (newer, &mut after, *newer_machine)];
                    change(name, pair, &unknown, &mut reasons).map(|change| {
                        if !change.is_empty() {
                            difference.changed.push(change);
                        }
                    })
                }
            };
            told.map_err(Fault::into_diagnostic)?;
        }
        for (name, machine) in new.into_iter().filter(|(name, _)| !old.contains_key(name)) {
            let gained = only(&newer.held(machine, &unknown).map_err(Fault::into_diagnostic)?, &[]);
            difference.added.push(MachineChange { machine: name, gained, ..MachineChange::default() });
        }
        difference.unknown = reasons.list;
        Ok(difference)
    }

    /// Notes the roles of which it is not known who is in them, and why.
    fn unknown(&self, roles: &mut Unknown, reasons: &mut Reasons) -> Result<(), Fault> {
        for found in self.view.0.unknown()? {
            roles.extend(self.called(found.instance, found.role));
            reasons.add(found.fault.diagnostic());
        }
        Ok(())
    }

    /// The mistake for which a machine cannot be looked at, if there is one.
    fn unusable(&self, machine: u32) -> Result<Option<Diagnostic>, Fault> {
        match self.view.entity_field(Entity { kind: Named::Machine, id: machine }, "kind") {
            Ok(_) => Ok(None),
            Err(fault) if ends(&fault) => Err(fault),
            Err(fault) => Ok(Some(fault.into_diagnostic())),
        }
    }

    /// An instance and a role of it, by their names.
    fn called(&self, instance: u32, role: Option<u32>) -> Option<(String, Option<String>)> {
        let declared = self.model().instances.get(instance as usize)?;
        let role = role.and_then(|role| declared.roles.get(role as usize));
        Some((self.view.0.instance_key(instance).to_string(), role.map(|role| role.name.to_string())))
    }

    /// Instances and roles that a machine gets, as words, each with its service.
    fn held(&self, machine: u32, unknown: &Unknown) -> Result<Vec<(String, String)>, Fault> {
        let placements = self.view.0.known_placements(machine)?.into_iter();
        let words = placements.filter_map(|(_, placement)| {
            let (instance, role) = self.called(placement.instance, placement.role)?;
            let mut of_instance = unknown.iter().filter(|(name, _)| *name == instance);
            // Without knowing all its roles nobody knows who has none of them.
            if of_instance.any(|(_, unknown)| unknown.is_none() || role.is_none() || *unknown == role) {
                return None;
            }
            let instance = self.model().instances.get(placement.instance as usize)?;
            let service = self.model().services.get(instance.service as usize)?.id.to_string();
            Some((format!("{} {}", instance.name, role.unwrap_or_default()).trim_end().to_owned(), service))
        });
        Ok(words.collect())
    }

    /// The configuration of a machine, where it is usable, and its settings in roles, by the names that lead to them. What
    /// fails is its own message: where both inventories say the same, nothing changes.
    fn configured(
        &self,
        evaluation: &mut Evaluation<'_>,
        machine: u32,
        is_usable: bool,
    ) -> Result<Vec<(Vec<String>, Json)>, Fault> {
        let mut found = Vec::new();
        let entity = Entity { kind: Named::Machine, id: machine };
        if is_usable && let Some(config) = self.view.entity_field(entity, "config")? {
            found.push((vec!["config".to_owned()], lenient(evaluation, &config)));
        }
        for (names, settings) in self.view.0.settings_of(machine)? {
            let settings = lenient(evaluation, &settings);
            if settings.as_object().is_none_or(|fields| !fields.is_empty()) {
                found.push((names.iter().map(|name| name.to_string()).collect(), settings));
            }
        }
        Ok(found)
    }

    /// All machines by cluster and name; a VM of a machine's name stands beside it.
    fn named_machines(&self) -> BTreeMap<String, u32> {
        let model = self.model();
        let count = u32::try_from(model.nodes.len()).unwrap_or(u32::MAX);
        (0..count)
            .map(|node| {
                let cluster = model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
                let cluster = model.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
                let vm = if model.is_vm(node) { " (VM)" } else { "" };
                (format!("{cluster}/{}{vm}", model.nodes.name(node)), node)
            })
            .collect()
    }
}

/// Why something is not known, each reason once.
#[derive(Default)]
pub(super) struct Reasons {
    pub(super) list: Vec<Diagnostic>,
    known: HashSet<(Code, String)>,
}

impl Reasons {
    pub(super) fn add(&mut self, reason: &Diagnostic) {
        if self.known.insert((reason.code, reason.message.clone())) {
            self.list.push(reason.clone());
        }
    }
}

/// The instances and roles of which it is not known who is in them; without a role, all of an instance.
type Unknown = BTreeSet<(String, Option<String>)>;

/// A machine in an inventory, and an evaluation there.
type Side<'s, 'e> = (&'s Inventory, &'s mut Evaluation<'e>, u32);

/// The words of what is held in the first alone; with the service, where the second has the same of another.
fn only(first: &[(String, String)], second: &[(String, String)]) -> Vec<String> {
    let words = |one: &(String, String)| match second.iter().any(|(words, _)| *words == one.0) {
        true => format!("{} of {}", one.0, one.1),
        false => one.0.clone(),
    };
    first.iter().filter(|one| !second.contains(one)).map(words).collect()
}

/// What changes of a machine that both inventories have.
fn change(
    name: &str,
    [(old, before, a), (new, after, b)]: [Side<'_, '_>; 2],
    unknown: &Unknown,
    reasons: &mut Reasons,
) -> Result<MachineChange, Fault> {
    let mut change = MachineChange { machine: name.to_owned(), ..MachineChange::default() };
    let broken = [old.unusable(a)?, new.unusable(b)?];
    let is_usable = broken.iter().all(Option::is_none);
    broken.iter().flatten().for_each(|reason| reasons.add(reason));
    for field in FIELDS.into_iter().filter(|field| is_usable || *field == "tags") {
        let was = read(old, before, a, field)?;
        let is = read(new, after, b, field)?;
        if was != is {
            change.fields.push((field.to_owned(), was, is));
        }
    }
    let held = old.held(a, unknown)?;
    let holds = new.held(b, unknown)?;
    change.gained = only(&holds, &held);
    change.lost = only(&held, &holds);
    let was: BTreeMap<Vec<String>, Json> = old.configured(before, a, is_usable)?.into_iter().collect();
    let is: BTreeMap<Vec<String>, Json> = new.configured(after, b, is_usable)?.into_iter().collect();
    for names in was.keys().chain(is.keys().filter(|names| !was.contains_key(*names))) {
        // Settings of a role: `instances.<instance>.roles.<role>.settings.<machine>`.
        if let [_, instance, _, role, ..] = names.as_slice()
            && (unknown.contains(&(instance.clone(), None))
                || unknown.contains(&(instance.clone(), Some(role.clone()))))
        {
            continue;
        }
        let mut at = names.clone();
        leaves(&mut at, was.get(names), is.get(names), &mut change.configuration);
    }
    Ok(change)
}

/// The values that differ below the names `at`, each by its own names.
fn leaves(
    at: &mut Vec<String>,
    was: Option<&Json>,
    is: Option<&Json>,
    found: &mut Vec<(Vec<String>, Option<Json>, Option<Json>)>,
) {
    if was == is {
        return;
    }
    let fields = |value: Option<&Json>| match value {
        Some(Json::Object(fields)) => Some(fields.clone()),
        None => Some(serde_json::Map::new()),
        Some(_) => None,
    };
    match (fields(was), fields(is)) {
        (Some(old), Some(new)) if !(old.is_empty() && new.is_empty()) => {
            stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                for key in old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))) {
                    at.push(key.clone());
                    leaves(at, old.get(key), new.get(key), found);
                    at.pop();
                }
            });
        }
        _ => found.push((at.clone(), was.cloned(), is.cloned())),
    }
}

/// A value to its last part, in which what fails is told by its message.
fn lenient(evaluation: &mut Evaluation<'_>, value: &Value) -> Json {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
        let evaluator: &mut dyn Evaluator = evaluation;
        match evaluator.force(value) {
            Ok(Value::Attrs(attrs)) => {
                let parts: Vec<_> =
                    attrs.iter().map(|(name, part)| (name.to_string(), part.clone())).collect();
                parts.into_iter().map(|(name, part)| (name, lenient(evaluation, &part))).collect()
            }
            Ok(value) => evaluation.data(&value).unwrap_or_else(failed),
            Err(fault) => failed(fault),
        }
    })
}

/// A field of a machine; what fails is its message.
fn read(
    inventory: &Inventory,
    evaluation: &mut Evaluation<'_>,
    machine: u32,
    field: &str,
) -> Result<Json, Fault> {
    let entity = Entity { kind: Named::Machine, id: machine };
    let value = inventory.view.entity_field(entity, field);
    match value.and_then(|value| evaluation.data(&value.unwrap_or(Value::Null))) {
        Err(fault) if ends(&fault) => Err(fault),
        result => Ok(result.unwrap_or_else(failed)),
    }
}

/// Whether a fault ends the comparison, and not a value of it alone.
fn ends(fault: &Fault) -> bool {
    matches!(fault.diagnostic().code, Code::LimitReached | Code::Interrupted)
}

fn failed(fault: Fault) -> Json {
    Json::String(format!("error: {}", fault.into_diagnostic().message))
}
