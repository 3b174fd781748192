//! `modules`: what the inventory is told about the modules of its services.
//!
//! Clan finds modules in flakes; invq reads no flake, so their interfaces may be declared beside the
//! inventory: `modules.<input>.<name>` with `manifest` and `roles` for the instances API, where the
//! input `<clan-core>` stands for no input; `modules.<name>` with a list of `roles` for the older one.
//! Where none is declared, every module is taken to have the roles that its instances use.

use std::collections::{BTreeMap, BTreeSet};

use super::outer::Layer;
use super::place::{Path, is_object, name};
use super::report::{Owner, Report};
use crate::inventory::document::{Kind, Node};
use crate::syntax::ast::Name;

/// The input whose modules are meant where an instance names no input.
pub(super) const CORE: &str = "<clan-core>";

/// The name under which flakes have Clan itself as an input; its modules are those of [`CORE`].
const CORE_INPUT: &str = "clan-core";

/// All declared modules.
#[derive(Default)]
pub(super) struct Modules<'d> {
    inputs: BTreeMap<Name, BTreeMap<Name, Module<'d>>>,
    older: BTreeMap<Name, Module<'d>>,
    declared: bool,
}

/// A declared module.
pub(super) struct Module<'d> {
    /// Its declaration.
    pub(super) node: Node<'d>,
    /// The name in its manifest, which checks call it by.
    pub(super) manifest: Name,
    /// Its roles; there may be none.
    pub(super) roles: BTreeSet<Name>,
    /// How many instances and members it may have.
    pub(super) constraints: serde_json::Value,
}

impl<'d> Modules<'d> {
    /// The modules of an input, if it has any.
    pub(super) fn input(&self, input: Option<&str>) -> Option<&BTreeMap<Name, Module<'d>>> {
        let input = input.unwrap_or(CORE);
        self.inputs.get(input).or_else(|| (input == CORE_INPUT).then(|| self.inputs.get(CORE)).flatten())
    }

    /// The inputs that have modules.
    pub(super) fn inputs(&self) -> impl Iterator<Item = (&Name, &BTreeMap<Name, Module<'d>>)> {
        self.inputs.iter()
    }

    /// The modules of the older API.
    pub(super) fn older(&self) -> &BTreeMap<Name, Module<'d>> {
        &self.older
    }

    /// Whether instances may only use declared modules.
    pub(super) fn are_declared(&self) -> bool {
        self.declared && (!self.inputs.is_empty() || self.older.is_empty())
    }

    /// Whether services of the older API may only use declared modules.
    pub(super) fn older_are_declared(&self) -> bool {
        self.declared && (!self.older.is_empty() || self.inputs.is_empty())
    }
}

/// Reads the modules that the layers declare.
pub(super) fn read<'d>(report: &mut Report<'d>, layers: &[Layer<'d>]) -> Modules<'d> {
    let mut modules = Modules::default();
    let path = Path::root("modules");
    for declared in layers.iter().filter_map(|layer| layer.modules) {
        if !is_object(declared) {
            report.wrong_type(&Owner::Everything, path, "an object by input", declared);
            continue;
        }
        // An empty object declares nothing, as does none at all.
        modules.declared |= declared.entries().next().is_some();
        for (key, entry) in report.entries(|| Owner::Everything, declared) {
            let path = path.below(&key.text);
            if !is_object(entry) {
                report.wrong_type(&Owner::Everything, path, "an object by module name", entry);
            } else if entry.get("roles").is_some_and(|roles| roles.kind() == Kind::List) {
                let module = read_module(report, &Owner::Service(name(&key.text)), path, &key.text, entry);
                modules.older.insert(name(&key.text), module);
            } else {
                let of_input = modules.inputs.entry(name(&key.text)).or_default();
                for (module_key, module) in report.entries(|| Owner::Everything, entry) {
                    let owner = Owner::Service(service_id(Some(&key.text), &module_key.text));
                    let path = path.below(&module_key.text);
                    let module = read_module(report, &owner, path, &module_key.text, module);
                    of_input.insert(name(&module_key.text), module);
                }
            }
        }
    }
    modules
}

/// The identifier of a service, as Clan forms it.
pub(super) fn service_id(input: Option<&str>, module: &str) -> Name {
    name(&format!("{}-{module}", input.unwrap_or(CORE)))
}

fn read_module<'d>(
    report: &mut Report<'d>,
    owner: &Owner,
    path: Path<'_>,
    key: &str,
    node: Node<'d>,
) -> Module<'d> {
    let mut module =
        Module { node, manifest: name(key), roles: BTreeSet::new(), constraints: serde_json::Value::Null };
    if !is_object(node) {
        report.wrong_type(owner, path, "an object with `manifest` and `roles`", node);
        return module;
    }
    for (key, value) in report.entries(|| owner.clone(), node) {
        let below = path.below(&key.text);
        match (&*key.text, value.kind()) {
            ("manifest", Kind::Object) => {
                if let Some(text) = value.get("name").and_then(Node::as_str) {
                    module.manifest = name(&text);
                }
                if let Some(constraints) = value.get("constraints") {
                    module.constraints =
                        read_constraints(report, owner, below.below("constraints"), constraints);
                }
            }
            ("roles", Kind::Object) => module.roles.extend(value.entries().map(|(key, _)| name(&key.text))),
            ("roles", Kind::List) => {
                module.roles.extend(value.items().filter_map(Node::as_str).map(|text| name(&text)));
            }
            ("constraints", _) => module.constraints = read_constraints(report, owner, below, value),
            ("manifest" | "roles", _) => report.wrong_type(owner, below, "an object", value),
            // A module may say more; what is not about members is for whoever merges settings.
            _ => {}
        }
    }
    module
}

/// Checks that constraints are numbers, so that who counts members need not.
fn read_constraints(
    report: &mut Report<'_>,
    owner: &Owner,
    path: Path<'_>,
    value: Node<'_>,
) -> serde_json::Value {
    let bounds =
        value.get("roles").into_iter().flat_map(Node::entries).flat_map(|(_, bounds)| bounds.entries());
    let instances = value.entries().filter(|(key, _)| key.text == "maxInstances");
    let mut valid = is_object(value);
    if !valid {
        report.wrong_type(owner, path, "an object", value);
    }
    for (key, bound) in bounds.chain(instances) {
        if !matches!(bound.kind(), Kind::Int | Kind::Null) {
            valid = false;
            report.wrong_type(owner, path.below(&key.text), "a whole number", bound);
        }
    }
    if valid { value.to_json() } else { serde_json::Value::Null }
}
