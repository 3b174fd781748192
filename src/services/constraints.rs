//! How many instances and members services may have: Clan's checks before a deployment.
//!
//! In go the inventory and its members, out come the checks that do not hold. Their identifiers, texts
//! and order are Clan's own, so that what people know from there reads the same here. Counted is what
//! Clan counts: names that are no machines too, and in the older API every name as often as it stands.

use serde_json::Value as Json;

use super::members::{Members, Resolved};
use crate::diagnostic::{Code, Severity};
use crate::inventory::document::Kind;
use crate::inventory::model::{Check, Instance, Inventory, Service};

/// The checks that do not hold: by service, and for each the number of instances, then its roles by
/// name, then the instances by name.
pub fn checks(inventory: &Inventory, resolved: &Resolved) -> Vec<Check> {
    let mut of_service = vec![Vec::new(); inventory.services.len()];
    for (index, instance) in inventory.instances.iter().enumerate() {
        if let Some(instances) = of_service.get_mut(instance.service as usize) {
            instances.push(index);
        }
    }
    let mut checks = Vec::new();
    for (service, instances) in inventory.services.iter().zip(&of_service) {
        if service.constraints.is_null() {
            continue;
        }
        let counted = Counted { inventory, resolved, service, instances };
        counted.instances(&mut checks);
        counted.roles(&mut checks);
    }
    checks
}

/// A service whose instances and members are counted.
struct Counted<'c> {
    inventory: &'c Inventory,
    resolved: &'c Resolved,
    service: &'c Service,
    instances: &'c [usize],
}

impl Counted<'_> {
    fn instances(&self, checks: &mut Vec<Check>) {
        let count = self.instances.len();
        let Some(most) =
            bound(&self.service.constraints, "maxInstances").filter(|most| exceeds(count, *most))
        else {
            return;
        };
        let service = self.name();
        checks.push(Check {
            code: Code::CheckFailed,
            id: format!("{service}-maxInstances"),
            message: format!(
                "Service '{service}' allows at most {most} instance(s) but {count} are defined."
            ),
            severity: Severity::Error,
            spot: self.service.spot,
        });
    }

    fn roles(&self, checks: &mut Vec<Check>) {
        let Some(roles) = self.service.constraints.get("roles").and_then(Json::as_object) else { return };
        let mut roles: Vec<(&String, &Json)> = roles.iter().collect();
        roles.sort_by_key(|(name, _)| *name);
        roles.retain(|(role, _)| self.has(role));
        for (role, bounds) in roles {
            for index in self.instances {
                let Some(instance) = self.inventory.instances.get(*index) else { continue };
                let at = instance.roles.iter().position(|known| *known.name == **role);
                let members = at.and_then(|at| self.resolved.instances.get(*index)?.roles.get(at));
                let count = members.map_or(0, Members::len);
                let spot = at.and_then(|at| instance.roles.get(at)).and_then(|role| role.spot);
                let found = Found { role, instance, members, count };
                let texts = if instance.key.is_some() {
                    self.older(bounds, &found)
                } else {
                    self.current(bounds, &found)
                };
                checks.extend(texts.into_iter().map(|(id, message)| Check {
                    code: Code::CheckFailed,
                    id,
                    message,
                    severity: Severity::Error,
                    spot: spot.or(instance.spot),
                }));
            }
        }
    }

    /// Whether there is such a role: Clan says nothing of constraints on others. In the older API the roles are
    /// those that instances have.
    fn has(&self, role: &str) -> bool {
        let module = self.service.module.and_then(|module| self.inventory.node(module));
        let roles = module.and_then(|module| module.get("roles"));
        roles.is_none_or(|roles| roles.kind() != Kind::Object || roles.get(role).is_some())
    }

    /// Identifiers and texts of the instances API.
    fn current(&self, bounds: &Json, found: &Found<'_>) -> Vec<(String, String)> {
        let service = self.name();
        let Found { role, instance, count, .. } = *found;
        let instance = &instance.name;
        let mut texts = Vec::new();
        if let Some(least) = bound(bounds, "minMachines").filter(|least| falls_short(count, *least)) {
            texts.push((
                format!("{service}-{instance}-{role}-minMachines"),
                format!("Role '{role}' of service '{service}' instance '{instance}' requires at least {least} machine(s) but {count} are assigned."),
            ));
        }
        if let Some(most) = bound(bounds, "maxMachines").filter(|most| exceeds(count, *most)) {
            texts.push((
                format!("{service}-{instance}-{role}-maxMachines"),
                format!("Role '{role}' of service '{service}' instance '{instance}' allows at most {most} machine(s) but {count} are assigned."),
            ));
        }
        texts
    }

    /// Identifiers and texts of the older API, which are failed assertions of every machine there.
    fn older(&self, bounds: &Json, found: &Found<'_>) -> Vec<(String, String)> {
        let service = &self.service.name;
        let Found { role, instance, members, count } = *found;
        let key = instance.key.as_ref().unwrap_or(&instance.name);
        let id = format!("{service}.{key}.roles.{role}");
        let names: String = members
            .into_iter()
            .flat_map(Members::iter)
            .map(|member| format!("{}\n", member.name(self.inventory)))
            .collect();
        let found = format!("but found '{count}' members within instance '{key}':\n\n{names}\n");
        let mut texts = Vec::new();
        if let Some(most) = bound(bounds, "max").filter(|most| exceeds(count, *most)) {
            texts.push((
                format!("{id}.max"),
                format!(
                    "The {service} module allows at most for {most} members of the '{role}' role\n{found}"
                ),
            ));
        }
        if let Some(least) = bound(bounds, "min").filter(|least| falls_short(count, *least)) {
            texts.push((
                format!("{id}.min"),
                format!(
                    "The '{service}' module requires at least {least} members of the '{role}' role\n{found}"
                ),
            ));
        }
        texts
    }

    /// The name that checks call the service by: that of its manifest.
    fn name(&self) -> &str {
        self.service.manifest.as_deref().unwrap_or(&self.service.name)
    }
}

/// A role of an instance with its members.
struct Found<'f> {
    role: &'f str,
    instance: &'f Instance,
    members: Option<&'f Members>,
    count: usize,
}

fn bound(bounds: &Json, key: &str) -> Option<i64> {
    bounds.get(key)?.as_i64()
}

fn exceeds(count: usize, most: i64) -> bool {
    i64::try_from(count).unwrap_or(i64::MAX) > most
}

fn falls_short(count: usize, least: i64) -> bool {
    i64::try_from(count).unwrap_or(i64::MAX) < least
}
