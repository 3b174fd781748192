//! What the closures of ClusterConfig's services are called with.
//!
//! Only `this` differs between machines. All else is made once in a run and shared, each part when a
//! closure first looks at it, so that many machines cost no more than the sum of them.

use std::sync::Arc;

use super::collections;
use super::loaded::Loaded;
use super::members::{Member, Members};
use crate::inventory::model::{Part, Spot};
use crate::types::schema::CLOSURE_ARGUMENTS;
use crate::types::tir::Parameter;
use crate::value::{Attrs, Evaluator, Fault, Kept, Value};

/// The arguments of an instance's closure on a machine: those that it takes.
///
/// # Errors
/// Filters of the service that fail.
pub(super) fn arguments(
    loaded: &Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    closure: &Value,
    instance: u32,
    node: u32,
) -> Result<Value, Fault> {
    let shared = shared(loaded, evaluator, instance)?;
    let taken = CLOSURE_ARGUMENTS.into_iter().filter(|name| takes(closure, name));
    let mut arguments = Vec::new();
    for name in taken {
        let value = match name {
            "this" => Some(annotations(loaded, evaluator, node)),
            _ => shared.get(name).cloned(),
        };
        arguments.extend(value.map(|value| (name, value)));
    }
    Ok(Value::attrs(arguments))
}

/// Whether a function takes an argument of this name: closures for older states of ClusterConfig do not
/// take all that newer ones give.
pub(super) fn takes(function: &Value, name: &str) -> bool {
    let Value::Closure(closure) = function else { return true };
    match closure.group.lambdas.get(closure.index).map(|lambda| &lambda.parameter) {
        Some(Parameter::Pattern { fields, open }) => *open || fields.iter().any(|field| &*field.name == name),
        Some(Parameter::Value) | None => true,
    }
}

/// The arguments that are the same on every machine.
fn shared(loaded: &Arc<Loaded>, evaluator: &mut dyn Evaluator, instance: u32) -> Result<Attrs, Fault> {
    if let Some(Value::Attrs(known)) = evaluator.kept(Kept::Arguments(instance)) {
        return Ok(known);
    }
    let declared = loaded.model.instances.get(instance as usize);
    let roles = declared.map_or(&[][..], |declared| &declared.roles);
    let roles = (0..).zip(roles).map(|(number, role)| {
        let (loaded, spot) = (Arc::clone(loaded), role.spot);
        let list = Value::lazy(move |evaluator| {
            let members = loaded.members(instance, number)?;
            elements(&loaded, evaluator, members, spot)
        });
        (role.name.clone(), list)
    });
    let roles = Value::attrs(roles);
    let spot = declared.and_then(|declared| declared.spot);
    let shared = Arc::clone(loaded);
    let selectors = Value::lazy(move |evaluator| match shared.selector_members(instance)? {
        Some(members) => elements(&shared, evaluator, members, spot),
        None => Ok(Value::list(Vec::new())),
    });
    let mut arguments = vec![("roles", roles), ("selectors", selectors)];
    if let Some(cluster) = declared.and_then(|declared| declared.cluster) {
        arguments.push(("clusterInfo", cluster_info(loaded, evaluator, cluster)));
    }
    let value = Value::attrs(arguments);
    evaluator.keep(Kept::Arguments(instance), value.clone());
    evaluator.attrs(&value)
}

/// The annotations of members, in their order, duplicates included. A member that is none is a mistake
/// as soon as a closure looks at it.
fn elements(
    loaded: &Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    members: &Members,
    spot: Option<Spot>,
) -> Result<Value, Fault> {
    let mut elements = Vec::with_capacity(members.len());
    for member in members.iter() {
        evaluator.step()?;
        elements.push(match member {
            Member::Node(node) => annotations(loaded, evaluator, node),
            Member::Unknown(path) => {
                let fault = crate::eval::paths::unresolved(&path);
                let diagnostic = loaded.placed(fault.into_diagnostic(), spot);
                Value::lazy(move |_| Err(Fault::new(diagnostic)))
            }
        });
    }
    Ok(Value::list(elements))
}

/// What closures see of a node.
fn annotations(loaded: &Arc<Loaded>, evaluator: &mut dyn Evaluator, node: u32) -> Value {
    let loaded = Arc::clone(loaded);
    once(evaluator, Kept::Annotations(node), move || {
        loaded.usable(&Part::Node(node))?;
        loaded.annotations_value(node)
    })
}

/// The entry of a cluster in `clusterInfo`.
fn cluster_info(loaded: &Arc<Loaded>, evaluator: &mut dyn Evaluator, cluster: u32) -> Value {
    let loaded = Arc::clone(loaded);
    once(evaluator, Kept::ClusterInfo(cluster), move || collections::cluster_entry(&loaded, cluster))
}

/// A value that is made when it is first needed, and once in a run.
fn once(
    evaluator: &mut dyn Evaluator,
    key: Kept,
    make: impl FnOnce() -> Result<Value, Fault> + 'static,
) -> Value {
    if let Some(known) = evaluator.kept(key) {
        return known;
    }
    let value = Value::lazy(move |_| make());
    evaluator.keep(key, value.clone());
    value
}
