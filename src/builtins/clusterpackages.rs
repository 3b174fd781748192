//! ClusterConfig's helpers that add packages to the outputs, for `deploymentTransformations` of modules.

use super::support::Answer;
use crate::diagnostic::Code;
use crate::value::{Attrs, AttrsBuilder, Evaluator, Fault, Name, Value};

table! {
    "machinePackages" ["clusterlib.add"] "ClusterConfig -> (String -> Any -> Any -> { _ : Any }) -> ClusterConfig"
        "the outputs with the packages of a function among those of each machine"
        "The function gets a machine's name, the machine, and its configuration. Its packages are below `packages.SYSTEM.machines.MACHINE` for each system."
        { "(clusterlib.add.machinePackages { domain.clusters.lab.machines.a = { }; packages.s.machines.a.build = 1; } (name: machine: config: { hello = name; })).packages.s.machines.a" => "{\"build\":1,\"hello\":\"a\"}"
          "clusterlib.add.machinePackages { domain.clusters.lab.machines.a = { }; } (name: machine: config: { })" => "error: missing-element" }
        |ev, config, function| {
            let mut added = Vec::new();
            for (_, name, machine) in machines(ev, config)? {
                let configuration = configuration(config, &name);
                let (function, key) = (function.clone(), name.clone());
                let given = Value::lazy(move |ev| ev.call(&function, &[Value::from(name), machine, configuration]));
                added.push((vec![Name::from("machines"), key], given));
            }
            with_packages(ev, config, added)
        };
    "servicePackages" ["clusterlib.add"] "ClusterConfig -> (String -> Any -> String -> Any -> Any -> { _ : Any }) -> ClusterConfig"
        "the outputs with the packages of a function among those of each service on each machine"
        "The function gets a machine's name, the machine, a service's name, the service, and the machine's configuration. Its packages are below `packages.SYSTEM.machines.MACHINE.services.SERVICE` for each system."
        { "(clusterlib.add.servicePackages { domain.clusters.lab.machines.a.services = [ \"dns\" ]; packages.s = { }; } (name: machine: service: definition: config: { hello = service; })).packages.s.machines.a.services" => "{\"dns\":{\"hello\":\"dns\"}}"
          "(clusterlib.add.servicePackages { domain.clusters.lab.machines.a = { }; packages.s = { }; } (name: machine: service: definition: config: { hello = service; })).packages.s" => "{}" }
        |ev, config, function| {
            let mut added = Vec::new();
            for (cluster, name, machine) in machines(ev, config)? {
                for (service, definition) in services(ev, config, &cluster, &machine)? {
                    let path = vec![Name::from("machines"), name.clone(), Name::from("services"), service.clone()];
                    let arguments = [
                        Value::from(name.clone()),
                        machine.clone(),
                        Value::from(service),
                        definition,
                        configuration(config, &name),
                    ];
                    let function = function.clone();
                    added.push((path, Value::lazy(move |ev| ev.call(&function, &arguments))));
                }
            }
            with_packages(ev, config, added)
        };
    "clusterPackage" ["clusterlib.add"] "ClusterConfig -> (String -> Any -> { _ : Any }) -> ClusterConfig"
        "the outputs with the packages of a function for each cluster"
        "The function gets a cluster's name and the cluster. Its packages are below `packages.SYSTEM.cluster.CLUSTER` for each system."
        { "(clusterlib.add.clusterPackage { domain.clusters.lab = { }; packages.s = { }; } (name: cluster: { hello = name; })).packages.s" => "{\"cluster\":{\"lab\":{\"hello\":\"lab\"}}}"
          "attrNames (clusterlib.add.clusterPackage { domain = config.domain; packages.s = { }; } (name: cluster: { machines = attrNames cluster.machines; })).packages.s.cluster" => "[\"edge\",\"lab\",\"prod\"]" }
        |ev, config, function| {
            let mut added = Vec::new();
            for (name, cluster) in clusters(ev, config)? {
                let (function, key) = (function.clone(), name.clone());
                let given = Value::lazy(move |ev| ev.call(&function, &[Value::from(name), cluster]));
                added.push((vec![Name::from("cluster"), key], given));
            }
            with_packages(ev, config, added)
        };
}

/// The clusters of a configuration, by name.
fn clusters(ev: &mut dyn Evaluator, config: &Value) -> Result<Vec<(Name, Value)>, Fault> {
    let Some(domain) = ev.attr(config, "domain")? else {
        return Err(ev.fault(Code::MissingElement, "the configuration has no `domain`"));
    };
    let Some(clusters) = ev.attr(&domain, "clusters")? else { return Ok(Vec::new()) };
    Ok(ev.attrs(&clusters)?.iter().map(|(name, cluster)| (name.clone(), cluster.clone())).collect())
}

/// The machines of all clusters, each with the names of its cluster and of itself.
fn machines(ev: &mut dyn Evaluator, config: &Value) -> Result<Vec<(Name, Name, Value)>, Fault> {
    let mut found = Vec::new();
    for (cluster, value) in clusters(ev, config)? {
        let Some(machines) = ev.attr(&value, "machines")? else { continue };
        for (name, machine) in ev.attrs(&machines)?.iter() {
            ev.step()?;
            found.push((cluster.clone(), name.clone(), machine.clone()));
        }
    }
    Ok(found)
}

/// The services that a machine gets, by name.
fn services(
    ev: &mut dyn Evaluator,
    config: &Value,
    cluster: &Name,
    machine: &Value,
) -> Result<Vec<(Name, Value)>, Fault> {
    let Some(given) = ev.attr(machine, "services")? else { return Ok(Vec::new()) };
    let defined = clusters(ev, config)?.into_iter().find(|(name, _)| name == cluster);
    let defined = match defined {
        Some((_, cluster)) => ev.attr(&cluster, "services")?,
        None => None,
    };
    let mut found = Vec::new();
    for name in ev.list(&given)?.iter() {
        let name = ev.string(name)?;
        let definition = match &defined {
            Some(defined) => ev.attr(defined, &name)?,
            None => None,
        };
        found.push((name, definition.unwrap_or(Value::Null)));
    }
    Ok(found)
}

/// The final configuration of a machine among the outputs.
fn configuration(config: &Value, name: &Name) -> Value {
    let (config, name) = (config.clone(), name.clone());
    Value::lazy(move |ev| {
        let mut value = config;
        for key in ["nixosConfigurations", &name, "config"] {
            match ev.attr(&value, key)? {
                Some(inner) => value = inner,
                None => {
                    let message = "there is no configuration yet: add packages in the `deploymentTransformations` of `modules`";
                    return Err(ev.fault(Code::MissingElement, message));
                }
            }
        }
        ev.force(&value)
    })
}

/// The outputs with packages in them, each at the names that lead there, for every system.
fn with_packages(ev: &mut dyn Evaluator, config: &Value, added: Vec<(Vec<Name>, Value)>) -> Answer {
    let Some(packages) = ev.attr(config, "packages")? else {
        let message = "there are no packages yet: add more in the `deploymentTransformations` of `modules`";
        return Err(ev.fault(Code::MissingElement, message));
    };
    let mut systems = AttrsBuilder::default();
    for (system, packages) in ev.attrs(&packages)?.iter() {
        let (packages, added) = (packages.clone(), added.clone());
        let with = Value::lazy(move |ev| {
            let mut all = packages;
            for (path, given) in &added {
                all = with_at(ev, Some(&all), path, given)?;
            }
            Ok(all)
        });
        systems.insert(system.clone(), with);
    }
    Ok(Value::Attrs(ev.attrs(config)?.update(&single("packages", Value::Attrs(systems.finish())))))
}

/// A set with packages beside those that are where names lead.
fn with_at(ev: &mut dyn Evaluator, set: Option<&Value>, path: &[Name], given: &Value) -> Answer {
    ev.step()?;
    let known = set.map_or_else(|| Ok(Attrs::empty()), |set| ev.attrs(set))?;
    let Some((first, rest)) = path.split_first() else {
        return Ok(Value::Attrs(known.update(&ev.attrs(given)?)));
    };
    let below = with_at(ev, known.get(first), rest, given)?;
    Ok(Value::Attrs(known.update(&single(first, below))))
}

fn single(name: &str, value: Value) -> Attrs {
    let mut single = AttrsBuilder::default();
    single.insert(Name::from(name), value);
    single.finish()
}
