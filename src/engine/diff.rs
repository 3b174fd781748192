//! What changes from one inventory to another: machines, their properties, and what they get.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Inventory;
use crate::diagnostic::Diagnostic;
use crate::eval::{Evaluation, World};
use crate::types::Named;
use crate::value::{Entity, Fault, Value};

/// The fields of a machine that are compared, in the order in which changes are told. What each machine
/// gets is compared by itself.
const FIELDS: [&str; 10] =
    ["fqdn", "kind", "system", "class", "tags", "addresses", "cloud", "description", "deployment", "vars"];

/// What changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Machines that only the new inventory has, as `cluster/machine`.
    pub added: Vec<String>,
    /// Machines that only the old inventory has.
    pub removed: Vec<String>,
    /// Machines that both have, and that differ.
    pub changed: Vec<MachineChange>,
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
}

impl Difference {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

impl Inventory {
    /// What changes from this inventory to a newer one. Machines are the same where cluster and name are.
    ///
    /// # Errors
    /// Parts of either inventory that have mistakes.
    pub fn difference(&self, newer: &Inventory) -> Result<Difference, Diagnostic> {
        let old = self.named_machines();
        let new = newer.named_machines();
        let mut difference = Difference::default();
        let mut before = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        let mut after = Evaluation::new(&newer.view, &self.view.0.limits, Vec::new());
        for (name, machine) in &old {
            let Some(newer_machine) = new.get(name) else {
                difference.removed.push(name.clone());
                continue;
            };
            let change = (|| {
                let mut change = MachineChange { machine: name.clone(), ..MachineChange::default() };
                for field in FIELDS {
                    let a = read(self, &mut before, *machine, field)?;
                    let b = read(newer, &mut after, *newer_machine, field)?;
                    if a != b {
                        change.fields.push((field.to_owned(), a, b));
                    }
                }
                let held = placements(&read(self, &mut before, *machine, "placements")?);
                let holds = placements(&read(newer, &mut after, *newer_machine, "placements")?);
                change.gained = holds.iter().filter(|one| !held.contains(one)).cloned().collect();
                change.lost = held.into_iter().filter(|one| !holds.contains(one)).collect();
                Ok::<MachineChange, Fault>(change)
            })();
            let change = change.map_err(Fault::into_diagnostic)?;
            if !(change.fields.is_empty() && change.gained.is_empty() && change.lost.is_empty()) {
                difference.changed.push(change);
            }
        }
        difference.added = new.into_keys().filter(|name| !old.contains_key(name)).collect();
        Ok(difference)
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

fn read(
    inventory: &Inventory,
    evaluation: &mut Evaluation<'_>,
    machine: u32,
    field: &str,
) -> Result<Json, Fault> {
    let entity = Entity { kind: Named::Machine, id: machine };
    let value = inventory.view.entity_field(entity, field)?;
    evaluation.data(&value.unwrap_or(Value::Null))
}

/// Instances and roles of placements, as words.
fn placements(data: &Json) -> Vec<String> {
    let text =
        |placement: &Json, key: &str| placement.get(key).and_then(Json::as_str).unwrap_or("").to_owned();
    let words = |placement: &Json| format!("{} {}", text(placement, "instance"), text(placement, "role"));
    data.as_array().into_iter().flatten().map(|placement| words(placement).trim_end().to_owned()).collect()
}
