//! The outputs of ClusterConfig's evaluation, as parts of `config`: configurations and scripts of machines, and
//! what colmena gets.

use std::sync::Arc;

use super::loaded::Loaded;
use crate::dialects::clusterconfig::annotations;
use crate::dialects::clusterconfig::outputs::{self, SYSTEMS};
use crate::inventory::model::NodeKind;
use crate::value::{Attrs, Evaluator, Fault, Name, Value, from_json};

/// The outputs, each made when it is looked at. Of machines of one name the last cluster's is there, as
/// in ClusterConfig.
pub(super) fn outputs(loaded: &Arc<Loaded>) -> Vec<(&'static str, Value)> {
    let lazy = |make: fn(&Arc<Loaded>) -> Result<Value, Fault>| {
        let loaded = Arc::clone(loaded);
        Value::lazy(move |_| make(&loaded))
    };
    vec![
        ("colmena", lazy(|loaded| Ok(by_name(loaded, colmena)))),
        ("nixosConfigurations", lazy(|loaded| Ok(by_name(loaded, configuration)))),
        ("packageInfo", lazy(package_names)),
        (
            "packages",
            lazy(|loaded| {
                let packages = packages(loaded)?;
                let systems = loaded.model.systems.iter().map(|system| &**system).chain(SYSTEMS);
                Ok(Value::attrs(systems.map(|system| (system, packages.clone()))))
            }),
        ),
    ]
}

fn machines(loaded: &Loaded) -> impl Iterator<Item = u32> {
    let kinds = (0..).zip(loaded.model.nodes.kind.iter());
    kinds.filter(|(_, kind)| **kind == NodeKind::Machine).map(|(node, _)| node)
}

fn by_name(loaded: &Arc<Loaded>, make: fn(&Arc<Loaded>, u32) -> Value) -> Value {
    Value::attrs(machines(loaded).map(|node| (Name::from(loaded.model.nodes.name(node)), make(loaded, node))))
}

fn configuration(loaded: &Arc<Loaded>, node: u32) -> Value {
    Value::attrs([("config", super::configuration::value(loaded, node))])
}

/// What colmena gets of a machine: its deployment, and all its modules.
fn colmena(loaded: &Arc<Loaded>, node: u32) -> Value {
    let shared = Arc::clone(loaded);
    let imports = Value::lazy(move |evaluator| {
        // As in ClusterConfig every machine has modules of its library, its names, and both kinds of users,
        // and every service two, whether there is something in them or not.
        let empty = || Value::Attrs(Attrs::empty());
        let of_services = shared.module_values(evaluator, node, true)?;
        let services = shared.services_on(node)?.len();
        let mut modules: Vec<Value> = of_services.to_vec();
        modules.resize_with(services * 2, empty);
        modules.push(empty());
        let first = shared.module_values(evaluator, node, false)?;
        let own = annotations::own_modules(&shared.model, node).count();
        let base = first.len().saturating_sub(own);
        modules.extend(first.iter().take(base).cloned());
        modules.extend((base..3).map(|_| empty()));
        modules.extend(first.iter().skip(base).cloned());
        Ok(Value::list(modules))
    });
    let deployment = outputs::colmena(&annotations::deployment(&loaded.model, node));
    Value::attrs([("deployment", from_json(&deployment)), ("imports", imports)])
}

fn packages(loaded: &Arc<Loaded>) -> Result<Value, Fault> {
    let machines = machines(loaded).map(|node| {
        let shared = Arc::clone(loaded);
        let packages = Value::lazy(move |evaluator| {
            let scripts = from_json(&scripts(&shared, node)?);
            let iso = Value::attrs([("iso", installer(&shared, node))]);
            Ok(Value::Attrs(evaluator.attrs(&scripts)?.update(&evaluator.attrs(&iso)?)))
        });
        (Name::from(loaded.model.nodes.name(node)), packages)
    });
    Ok(Value::attrs([("machines", Value::attrs(machines))]))
}

fn package_names(loaded: &Arc<Loaded>) -> Result<Value, Fault> {
    let mut names = Vec::new();
    for node in machines(loaded) {
        let name = loaded.model.nodes.name(node);
        names.push((Name::from(name), from_json(&outputs::names(name, &scripts(loaded, node)?))));
    }
    Ok(Value::attrs([("machines", Value::attrs(names))]))
}

fn scripts(loaded: &Arc<Loaded>, node: u32) -> Result<serde_json::Value, Fault> {
    let placed = loaded.services_on(node)?;
    let names: Vec<&str> = placed
        .iter()
        .filter_map(|index| loaded.model.instances.get(*index as usize))
        .map(|instance| &*instance.name)
        .collect();
    let deployment = annotations::deployment(&loaded.model, node);
    Ok(outputs::scripts(loaded.model.nodes.name(node), &deployment, &names))
}

/// What the installer image of a machine is made of.
fn installer(loaded: &Arc<Loaded>, node: u32) -> Value {
    let shared = Arc::clone(loaded);
    Value::lazy(move |evaluator| {
        let configuration = super::configuration::value(&shared, node);
        let configuration = crate::value::to_json(evaluator, &configuration)?;
        let system = shared.system(node)?;
        Ok(from_json(&outputs::installer(system.as_deref(), &configuration)))
    })
}

/// A configuration with the outputs in it.
pub(super) fn with_outputs(
    loaded: &Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    config: &Value,
) -> Result<Value, Fault> {
    let outputs = Value::attrs(outputs(loaded));
    Ok(Value::Attrs(evaluator.attrs(config)?.update(&evaluator.attrs(&outputs)?)))
}
