//! Who is in which role, what that puts where, and the checks of both: resolved once, when it is needed.

use std::sync::{Arc, OnceLock};

use super::{Loaded, View};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::eval::Evaluation;
use crate::inventory::model::{Check, Part, SelectionKind};
use crate::inventory::path::Target;
use crate::services::members::{self, Found, Members, Resolved};
use crate::services::placements::Placement;
use crate::services::{collections, constraints, lints, records};
use crate::value::{Fault, Name, Value};

/// A role whose members are not known.
#[derive(Clone)]
pub struct Unknown {
    /// The instance, by its index.
    pub instance: u32,
    /// The role, by its index in the instance; nothing where it is all of them, or the selectors.
    pub role: Option<u32>,
    /// Why.
    pub fault: Fault,
}

impl Loaded {
    /// The members of all roles, resolved when they are first needed.
    pub(in crate::services) fn resolved(self: &Arc<Loaded>) -> Result<&Resolved, Fault> {
        if let Some(resolved) = self.resolved.get() {
            return Ok(resolved);
        }
        let current = std::thread::current().id();
        let lock = || self.resolving.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if *lock() == Some(current) {
            let message = "a role's filter asks for the members of roles, which are not known yet";
            let help = "select by name, tag or another property of the machine itself";
            return Err(Fault::new(Diagnostic::error(Code::FilterCycle, message).help(help)));
        }
        let resolved = {
            *lock() = Some(current);
            let resolved = self.resolve();
            *lock() = None;
            resolved?
        };
        Ok(self.resolved.get_or_init(|| resolved))
    }

    /// # Errors
    /// That the query was stopped on the way. What one filter fails with stays with its role, and is
    /// known from then on; this says nothing of the inventory, and another query tries again.
    fn resolve(self: &Arc<Loaded>) -> Result<Resolved, Fault> {
        let view = View(Arc::clone(self));
        let mut evaluation = Evaluation::new(&view, &self.limits, Vec::new());
        let config = OnceLock::new();
        let resolved = members::resolve(&self.model, &mut |expression, cluster| {
            let result = (|| {
                let filter = evaluation.embedded(expression)?;
                let home = cluster.and_then(|cluster| self.model.clusters.get(cluster as usize));
                let Some(home) = home else {
                    let nodes = evaluation.resolve(&filter, None)?;
                    return Ok(nodes.into_iter().map(Found::Node).collect());
                };
                let config = config.get_or_init(|| collections::ValueCell::new(collections::config(self)));
                let evaluator: &mut dyn crate::value::Evaluator = &mut evaluation;
                let paths = evaluator.filter_paths(&filter, &home.name, config.get())?;
                Ok(paths
                    .into_iter()
                    .map(|path| match self.model.resolve_path(&path) {
                        Some(Target::Node(node)) => Found::Node(node),
                        _ => Found::Path(path),
                    })
                    .collect())
            })();
            result.map_err(Fault::into_diagnostic)
        });
        evaluation.stopped().map_or(Ok(resolved), Err)
    }

    /// The members of a role.
    pub(in crate::services) fn members(
        self: &Arc<Loaded>,
        instance: u32,
        role: u32,
    ) -> Result<&Members, Fault> {
        self.instance_usable(instance)?;
        self.usable(&Part::Role(instance, role))?;
        let declared = self.model.instances.get(instance as usize);
        if let Some(declared) = declared.and_then(|declared| declared.roles.get(role as usize))
            && declared.selections.iter().any(|selection| matches!(selection.kind, SelectionKind::Tag(_)))
        {
            self.tags_usable(None)?;
        }
        let members = self.resolved()?.role(instance, role).ok_or_else(|| records::missing("the role"))?;
        match members.errors.first() {
            Some(error) => Err(Fault::new(error.clone())),
            None => Ok(members),
        }
    }

    /// What the selectors of an instance give, where it has any.
    pub(in crate::services) fn selector_members(
        self: &Arc<Loaded>,
        instance: u32,
    ) -> Result<Option<&Members>, Fault> {
        self.instance_usable(instance)?;
        let resolved = self.resolved()?.instances.get(instance as usize);
        let Some(members) = resolved.and_then(|instance| instance.selectors.as_ref()) else {
            return Ok(None);
        };
        match members.errors.first() {
            Some(error) => Err(Fault::new(error.clone())),
            None => Ok(Some(members)),
        }
    }

    /// The services that a node gets, in name order, and with them those of its cluster whose selectors
    /// fail: whether it gets them is not known.
    pub(in crate::services) fn services_on(self: &Arc<Loaded>, node: u32) -> Result<Vec<u32>, Fault> {
        let resolved = self.resolved()?;
        let unplaced = self.unplaced.get_or_init(|| {
            let fails = |service: &u32| {
                let members = resolved.instances.get(*service as usize);
                let selectors = members.and_then(|members| members.selectors.as_ref());
                selectors.is_some_and(|selectors| !selectors.errors.is_empty())
            };
            let of_cluster = |services: &Vec<u32>| services.iter().copied().filter(fails).collect();
            self.services.iter().map(of_cluster).collect()
        });
        let placed = resolved.placements(&self.model).of(node).iter().map(|placement| placement.instance);
        let has_selectors = |instance: &u32| {
            let instance = self.model.instances.get(*instance as usize);
            instance.is_some_and(|instance| instance.selectors.is_some())
        };
        let mut services: Vec<u32> = placed.filter(has_selectors).collect();
        let cluster = self.model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        services.extend(unplaced.get(cluster as usize).into_iter().flatten());
        let key = |index: &u32| self.model.instances.get(*index as usize).map(|instance| &instance.name);
        services.sort_by(|a, b| key(a).cmp(&key(b)));
        services.dedup();
        Ok(services)
    }

    /// Whether the selectors of a service put it on a node. Other mistakes of the service concern those
    /// machines alone that get it.
    pub(in crate::services) fn is_placed(
        self: &Arc<Loaded>,
        instance: u32,
        node: u32,
    ) -> Result<bool, Fault> {
        let Some(resolved) = self.resolved()?.instances.get(instance as usize) else { return Ok(false) };
        match resolved.selectors.as_ref().and_then(|selectors| selectors.errors.first()) {
            Some(error) => Err(Fault::new(error.clone())),
            None => Ok(resolved.placed.contains(node)),
        }
    }

    pub(in crate::services) fn selector_paths(self: &Arc<Loaded>, instance: u32) -> Result<Vec<Name>, Fault> {
        let Some(members) = self.selector_members(instance)? else { return Ok(Vec::new()) };
        Ok(members
            .iter()
            .map(|member| match member {
                members::Member::Node(node) => self.model.node_path(node).into(),
                members::Member::Unknown(path) => path,
            })
            .collect())
    }

    /// The roles whose members are not known, each with the reason, and likewise selectors and whole
    /// instances.
    ///
    /// # Errors
    /// That the members of roles cannot be told at all.
    pub fn unknown(self: &Arc<Loaded>) -> Result<&[Unknown], Fault> {
        self.usable(&Part::Everything)?;
        let resolved = self.resolved()?;
        Ok(self.unknown.get_or_init(|| {
            let mut unknown = Vec::new();
            for (instance, members) in (0..).zip(&resolved.instances) {
                let whole = self.instance_usable(instance);
                let selectors = whole.and_then(|()| self.selector_members(instance).map(drop));
                if let Err(fault) = selectors {
                    unknown.push(Unknown { instance, role: None, fault });
                    continue;
                }
                let roles = 0..u32::try_from(members.roles.len()).unwrap_or(0);
                unknown.extend(roles.filter_map(|role| {
                    let fault = self.members(instance, role).err()?;
                    Some(Unknown { instance, role: Some(role), fault })
                }));
            }
            unknown
        }))
    }

    /// What a node gets from roles whose members are known, with the numbers of these placements.
    ///
    /// # Errors
    /// As [`Loaded::unknown`].
    pub fn known_placements(self: &Arc<Loaded>, node: u32) -> Result<Vec<(u32, Placement)>, Fault> {
        let unknown = self.unknown()?;
        let is_known = |(_, placement): &(u32, Placement)| {
            let mut of_instance = unknown.iter().filter(|unknown| unknown.instance == placement.instance);
            of_instance.all(|unknown| unknown.role.is_some() && unknown.role != placement.role)
        };
        let placements = self.resolved()?.placements(&self.model);
        let numbered = placements.range(node).zip(placements.of(node).iter().copied());
        Ok(numbered.filter(is_known).collect())
    }

    /// All roles must be known before it can be said what a machine gets.
    fn all_resolved(self: &Arc<Loaded>) -> Result<&Resolved, Fault> {
        match self.unknown()?.first() {
            Some(unknown) => Err(unknown.fault.clone()),
            None => self.resolved(),
        }
    }

    pub(in crate::services) fn placements_of(
        self: &Arc<Loaded>,
        node: u32,
    ) -> Result<std::ops::Range<u32>, Fault> {
        Ok(self.all_resolved()?.placements(&self.model).range(node))
    }

    pub(in crate::services) fn placement(
        self: &Arc<Loaded>,
        id: u32,
    ) -> Result<Option<(u32, Placement)>, Fault> {
        Ok(self.resolved()?.placements(&self.model).get(id))
    }

    pub(in crate::services) fn placement_count(self: &Arc<Loaded>) -> Result<u32, Fault> {
        let placements = self.all_resolved()?.placements(&self.model);
        Ok(u32::try_from(placements.len()).unwrap_or(u32::MAX))
    }

    /// The identifiers of the services that a node gets, sorted.
    pub(in crate::services) fn services_of(self: &Arc<Loaded>, node: u32) -> Result<Value, Fault> {
        let resolved = self.all_resolved()?;
        let services = self.model.services.iter().zip(&resolved.services);
        Ok(records::strings(
            services.filter(|(_, nodes)| nodes.contains(node)).map(|(service, _)| &service.id),
        ))
    }

    /// The checks that do not hold: those of the system itself, then invq's own that are more than hints.
    pub(in crate::services) fn checks(self: &Arc<Loaded>) -> Result<&[Check], Fault> {
        if let Some(checks) = self.checks.get() {
            return Ok(checks);
        }
        let mut checks = self.own_checks()?;
        let whole = self.broken.is_empty();
        for lint in lints::lints(self, whole)? {
            let Some(severity) = self.severities.of(&lint.diagnostic) else { continue };
            if severity > Severity::Hint {
                let code = lint.diagnostic.code;
                let id = format!("{}-{}", code.word(), lint.subject);
                let message = lint.diagnostic.message;
                checks.push(Check { code, id, message, severity, spot: lint.spot });
            }
        }
        Ok(self.checks.get_or_init(|| checks))
    }

    /// The checks of the system itself that do not hold.
    pub(in crate::services) fn own_checks(self: &Arc<Loaded>) -> Result<Vec<Check>, Fault> {
        let mut checks = self.model.checks.clone();
        checks.extend(constraints::checks(&self.model, self.resolved()?));
        Ok(checks)
    }
}
