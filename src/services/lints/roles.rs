//! Roles and services that nobody gets.

use std::collections::BTreeSet;

use super::{Found, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::{Instance, Part, Selection, SelectionKind, Spot};
use crate::services::members::{InstanceMembers, Members};
use crate::text::quoted;

/// What can be said of selections that select no machine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nobody {
    /// There are none.
    Unwritten,
    /// What is written selects no machine.
    Unmatched,
    /// A mistake or a warning of its own says so already.
    Told,
}

impl Found<'_> {
    /// Roles without machines, and instances without any.
    pub(super) fn roles(&mut self) {
        let loaded = self.loaded;
        let mut found = Vec::new();
        for (index, (declared, members)) in
            (0..).zip(loaded.model.instances.iter().zip(&self.resolved.instances))
        {
            let broken = loaded.usable(&Part::Instance(index)).is_err()
                || loaded.usable(&Part::Service(declared.service)).is_err();
            if broken || !declared.enabled {
                continue;
            }
            match members.placed.is_empty() {
                true => found.extend(self.idle(index, declared, members)),
                false => self.empty_roles(index, declared, members, &mut found),
            }
        }
        for (subject, spot, diagnostic) in found {
            self.add(subject, spot.into_iter().map(|spot| (spot, String::new())).collect(), diagnostic);
        }
    }

    /// An instance that no machine gets anything from.
    fn idle(
        &self,
        index: u32,
        declared: &Instance,
        members: &InstanceMembers,
    ) -> Option<(String, Option<Spot>, Diagnostic)> {
        let nobody: Vec<Nobody> = match (&declared.selectors, &members.selectors) {
            (Some(selections), Some(members)) => vec![self.nobody(selections, members)],
            _ => (0..)
                .zip(declared.roles.iter().zip(&members.roles))
                .map(|(role, (declared, members))| match self.loaded.usable(&Part::Role(index, role)) {
                    Ok(()) => self.nobody(&declared.selections, members),
                    Err(_) => Nobody::Told,
                })
                .collect(),
        };
        if nobody.contains(&Nobody::Told) {
            return None;
        }
        let name = self.loaded.instance_key(index);
        let message = format!("no machine gets anything from {}", quoted(&name));
        let (what, edit) = match (&declared.selectors, declared.roles.is_empty()) {
            (Some(_), _) => ("selectors", "`selectors`"),
            (None, true) => ("roles", "`roles`"),
            (None, false) => ("roles", "a role"),
        };
        let diagnostic = match nobody.contains(&Nobody::Unmatched) {
            true => Diagnostic::warning(Code::IdleService, message)
                .help(format!("change its {what} so that they select a machine, or remove it")),
            false => Diagnostic::hint(Code::IdleService, message)
                .help(format!("select machines in {edit}, or remove it")),
        };
        Some((name.to_string(), declared.spot, diagnostic))
    }

    /// The roles without machines of an instance that some machine is in.
    fn empty_roles(
        &self,
        index: u32,
        declared: &Instance,
        members: &InstanceMembers,
        found: &mut Vec<(String, Option<Spot>, Diagnostic)>,
    ) {
        let instance = self.loaded.instance_key(index);
        for (number, (role, members)) in (0..).zip(declared.roles.iter().zip(&members.roles)) {
            // The older API has all roles of a module, also those that nobody has written.
            let unwritten = role.spot.is_none() || role.spot == declared.spot;
            if unwritten
                || !members.nodes.is_empty()
                || self.loaded.usable(&Part::Role(index, number)).is_err()
            {
                continue;
            }
            let message = format!("no machine has the role {} of {}", quoted(&role.name), quoted(&instance));
            let diagnostic = match self.nobody(&role.selections, members) {
                Nobody::Told => continue,
                Nobody::Unmatched => Diagnostic::warning(Code::EmptyRole, message)
                    .help("change what selects its machines, or remove the role"),
                Nobody::Unwritten => Diagnostic::hint(Code::EmptyRole, message)
                    .help("select machines in it, or remove the role"),
            };
            let spot = match role.selections.as_slice() {
                [only] => Some(only.spot),
                _ => role.spot,
            };
            found.push((format!("{instance}-{}", role.name), spot, diagnostic));
        }
    }

    /// Why selections select no machine.
    fn nobody(&self, selections: &[Selection], members: &Members) -> Nobody {
        let model = &self.loaded.model;
        let untold = |selection: &Selection| match &selection.kind {
            // Both are told where they stand, and one that is no machine is a member all the same.
            SelectionKind::Machine(_) => false,
            SelectionKind::Tag(tag) => {
                model.find_tag(tag).is_some_and(|tag| !model.index.tag(tag).is_empty())
            }
            SelectionKind::Filter(_) => true,
        };
        if !members.errors.is_empty() || !members.is_empty() {
            Nobody::Told
        } else if selections.is_empty() {
            Nobody::Unwritten
        } else if selections.iter().all(untold) {
            Nobody::Unmatched
        } else {
            Nobody::Told
        }
    }

    /// Roles that a declared module has, and that no instance uses.
    pub(super) fn module_roles(&mut self) {
        let loaded = self.loaded;
        let mut found = Vec::new();
        for (index, service) in (0..).zip(&loaded.model.services) {
            let module = service.module.and_then(|module| loaded.model.node(module));
            let Some(roles) = module.and_then(|module| module.get("roles")) else { continue };
            if loaded.usable(&Part::Service(index)).is_err() {
                continue;
            }
            let instances = loaded.model.instances.iter().filter(|instance| instance.service == index);
            let used: BTreeSet<&str> =
                instances.flat_map(|instance| instance.roles.iter().map(|role| &*role.name)).collect();
            let unused: Vec<(String, Spot)> = roles
                .entries()
                .filter(|(key, _)| !used.contains(&*key.text))
                .map(|(key, value)| {
                    (key.text.to_string(), Spot { document: value.document().number(), span: key.span })
                })
                .collect();
            if unused.is_empty() {
                continue;
            }
            let shown: Vec<&str> = unused.iter().map(|(name, _)| name.as_str()).collect();
            let word = if shown.len() == 1 { "role" } else { "roles" };
            let message =
                format!("no instance of {} uses its {word} {}", quoted(&service.name), names(&shown));
            let places = unused.iter().take(super::NAMES).map(|(_, spot)| (*spot, String::new()));
            let help = "put machines into the role, or leave the module as it is";
            let diagnostic = Diagnostic::hint(Code::UnusedRole, message).help(help);
            found.push((service.id.to_string(), places.collect(), diagnostic));
        }
        for (subject, places, diagnostic) in found {
            self.add(subject, places, diagnostic);
        }
    }
}
