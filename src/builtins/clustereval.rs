//! ClusterConfig's helpers that evaluate parts of a configuration.

use super::filters::unresolved;
use super::support::{Answer, each, field};
use crate::syntax::format::attr_name;
use crate::value::{Attrs, AttrsBuilder, Evaluator, Value};

table! {
    "service" ["clusterlib.eval"] "ClusterConfig -> String -> { definition : Any, selectors? : [Filter], roles? : { _ : [Filter] }, extraConfig? : Any, .. } -> { annotations : Any, .. } -> [Any]" names(1 Cluster)
        "the modules that a machine gets from a service of a cluster: its `extraConfig`, and what its closure gives"
        "The closure gets the annotations of the machines to which `selectors` and `roles` lead, and those of the machine as `this`."
        { "clusterlib.eval.service config \"lab\" { selectors = [ (hostname \"jon\") ]; definition = { selectors, roles, this }: { all = map (m: m.fqdn) selectors; own = this.machineName; }; } clusters.lab.machines.sara" => "[{},{\"all\":[\"jon.lab.example.org\"],\"own\":\"sara\"}]"
          "last (clusterlib.eval.service config \"lab\" { roles.primary = [ (hostname \"attic\") ]; definition = { roles, ... }: { server = (head roles.primary).machineName; }; } clusters.lab.machines.jon)" => "{\"server\":\"attic\"}"
          "head (clusterlib.eval.service config \"lab\" { extraConfig.a = 1; definition = { ... }: { }; } clusters.lab.machines.jon)" => "{\"a\":1}" }
        |ev, config, cluster, service, machine| {
            let extra = ev.attr(service, "extraConfig")?.unwrap_or_else(|| Value::Attrs(Attrs::empty()));
            let (config, cluster, service, machine) =
                (config.clone(), cluster.clone(), service.clone(), machine.clone());
            let given = Value::lazy(move |ev| {
                let arguments = arguments(ev, &config, &cluster, &service, &machine)?;
                let closure = field(ev, &service, "definition")?;
                ev.call(&closure, &[arguments])
            });
            Ok(Value::list(vec![extra, given]))
        };
    "nixosConfigurations" ["clusterlib.add"] "ClusterConfig -> ClusterConfig"
        "the configuration with the final configuration of each machine, as `nixosConfigurations.MACHINE.config`"
        "It is what the machines of the inventory come to. Of equal names the one in the last cluster counts."
        { "attrNames (clusterlib.add.nixosConfigurations config).nixosConfigurations" => "[\"attic\",\"db1\",\"db2\",\"jon\",\"lima\",\"oslo\",\"sara\",\"web1\",\"web2\"]"
          "(clusterlib.add.nixosConfigurations config).nixosConfigurations.jon.config.networking.hostName" => "\"jon\"" }
        |ev, config| {
            let mut found = AttrsBuilder::default();
            let domain = field(ev, config, "domain")?;
            let clusters = field(ev, &domain, "clusters")?;
            for (cluster, value) in ev.attrs(&clusters)?.iter() {
                let Some(machines) = ev.attr(value, "machines")? else { continue };
                for name in ev.attrs(&machines)?.keys().iter() {
                    ev.step()?;
                    let [cluster_name, machine_name] = [cluster, name].map(|name| attr_name(name));
                    let path = format!("domain.clusters.{cluster_name}.machines.{machine_name}");
                    let configuration = Value::lazy(move |ev| of_path(ev, &path, "config"));
                    found.insert(name.clone(), Value::attrs([("config", configuration)]));
                }
            }
            let added = Value::attrs([("nixosConfigurations", Value::Attrs(found.finish()))]);
            let (config, added) = (ev.attrs(config)?, ev.attrs(&added)?);
            Ok(Value::Attrs(config.update(&added)))
        };
}

/// What the closure of a service gets on a machine.
fn arguments(
    ev: &mut dyn Evaluator,
    config: &Value,
    cluster: &Value,
    service: &Value,
    machine: &Value,
) -> Answer {
    let of_filters = |filters: Value| {
        let (config, cluster) = (config.clone(), cluster.clone());
        Value::lazy(move |ev| annotated(ev, &config, &cluster, &filters))
    };
    let empty = || Value::list(Vec::new());
    let selectors = ev.attr(service, "selectors")?.unwrap_or_else(empty);
    let roles = match ev.attr(service, "roles")? {
        Some(roles) => ev.attrs(&roles)?,
        None => Attrs::empty(),
    };
    let members = each(ev, roles.values(), |_, filters| of_filters(filters.clone()))?;
    Ok(Value::attrs([
        ("selectors", of_filters(selectors)),
        ("roles", Value::Attrs(Attrs::new(roles.keys().clone(), members))),
        ("this", field(ev, machine, "annotations")?),
    ]))
}

/// The annotations of the machines to which filters lead in a cluster, with repetitions.
fn annotated(ev: &mut dyn Evaluator, config: &Value, cluster: &Value, filters: &Value) -> Answer {
    let cluster = ev.string(cluster)?;
    let mut found = Vec::new();
    for path in ev.filter_paths(filters, &cluster, config)? {
        found.push(of_path(ev, &path, "annotations")?);
    }
    Ok(Value::list(found))
}

/// A field of the machine to which a path leads.
fn of_path(ev: &mut dyn Evaluator, path: &str, name: &str) -> Answer {
    let value = match ev.resolve_path(path)? {
        Some(entity) => ev.entity_field(entity, name)?,
        None => None,
    };
    match value {
        Some(value) => ev.force(&value),
        None => Err(unresolved(path)),
    }
}
