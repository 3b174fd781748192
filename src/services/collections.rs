//! The collections that every query sees, and the ClusterConfig view of the inventory.

use std::sync::Arc;

use super::loaded::Loaded;
use super::outputs::with_outputs;
use super::read_out::read_out;
use super::records::{machine_list, strings};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::annotations;
use crate::inventory::document::Raw;
use crate::inventory::model::{self, Dialect, NodeKind, Part, PartKind};
use crate::text::Span;
use crate::types::Named;
use crate::types::tir::Root;
use crate::value::{Attrs, AttrsBuilder, Entity, Fault, Name, Step, Value, from_json};

/// A value that is made once and handed out by reference, on one thread.
pub(super) struct ValueCell(Value);

impl ValueCell {
    pub(super) fn new(value: Value) -> ValueCell {
        ValueCell(value)
    }

    pub(super) fn get(&self) -> &Value {
        &self.0
    }
}

/// A collection by its name.
pub(super) fn root(loaded: &Arc<Loaded>, root: Root) -> Result<Value, Fault> {
    let model = &loaded.model;
    let entity = |kind: Named, id: u32| Value::Entity(Entity { kind, id });
    Ok(match root {
        Root::Machines => {
            loaded.universe_usable()?;
            machine_list(0..u32::try_from(model.nodes.len()).unwrap_or(u32::MAX))
        }
        Root::Clusters => {
            loaded.usable(&Part::Everything)?;
            Value::attrs(
                (0..)
                    .zip(&model.clusters)
                    .map(|(id, cluster)| (cluster.name.clone(), entity(Named::Cluster, id))),
            )
        }
        Root::Services => {
            loaded.usable(&Part::Everything)?;
            Value::attrs(
                (0..)
                    .zip(&model.services)
                    .map(|(id, service)| (service.id.clone(), entity(Named::Service, id))),
            )
        }
        Root::Instances => {
            loaded.usable(&Part::Everything)?;
            let count = u32::try_from(model.instances.len()).unwrap_or(u32::MAX);
            Value::attrs((0..count).map(|id| (loaded.instance_key(id), entity(Named::Instance, id))))
        }
        Root::Placements => {
            Value::list((0..loaded.placement_count()?).map(|id| entity(Named::Placement, id)).collect())
        }
        Root::Clouds => {
            loaded.usable(&Part::Clouds)?;
            let clouds = (0..).zip(&model.clouds);
            Value::attrs(clouds.map(|(id, cloud)| (cloud.name.clone(), entity(Named::Cloud, id))))
        }
        Root::Groups => {
            loaded.universe_usable()?;
            let groups = (0..).zip(&model.groups);
            Value::attrs(
                groups.map(|(number, group)| (group.name.clone(), machine_list(model.index.group(number)))),
            )
        }
        Root::Tags => {
            loaded.universe_usable()?;
            if model.dialects != [Dialect::Clan] {
                loaded.tags_usable(None)?;
            }
            tags(loaded)
        }
        Root::Meta => {
            loaded.usable(&Part::Meta)?;
            if model.dialects.contains(&Dialect::Clan)
                && !model.meta.iter().any(|(name, _)| &**name == "name")
            {
                return Err(nameless(loaded));
            }
            Value::attrs(model.meta.iter().map(|(name, value)| (name.clone(), data(loaded, value))))
        }
        Root::Checks => {
            let count = u32::try_from(loaded.checks()?.len()).unwrap_or(u32::MAX);
            Value::list((0..count).map(|id| entity(Named::Check, id)).collect())
        }
        Root::Config if loaded.is_transformed(Step::Info) => {
            let shared = Arc::clone(loaded);
            Value::lazy(move |evaluator| shared.staged(evaluator, Step::Info))
        }
        Root::Config if model.dialects.contains(&Dialect::ClusterConfig) => {
            let shared = Arc::clone(loaded);
            Value::lazy(move |evaluator| with_outputs(&shared, evaluator, &config(&shared)))
        }
        Root::Config => config(loaded),
        Root::Inventory => inventory(loaded),
        Root::ClusterInfo => cluster_info(loaded)?,
        Root::Servers | Root::Resources | Root::Channels | Root::ClusterTemplates | Root::Updates => {
            loaded.usable(&Part::Everything)?;
            super::operations::root(loaded, root)
        }
    })
}

/// The mistake of asking what a Clan says about itself where it does not give its name.
fn nameless(loaded: &Loaded) -> Fault {
    let message = "the inventory has no name: `meta.name` is not given";
    let diagnostic = Diagnostic::error(Code::MissingOption, message).help("add `meta.name` to the inventory");
    Fault::new(match loaded.model.documents.first() {
        Some(document) => diagnostic.at(&document.source, Span::default(), ""),
        None => diagnostic,
    })
}

fn data(loaded: &Loaded, value: &model::Value) -> Value {
    match value {
        model::Value::Json(json) => from_json(json),
        model::Value::Raw(raw) => loaded.model.raw_value(*raw),
    }
}

/// In Clan alone the tags that the inventory declares, with the predefined ones; elsewhere all tags.
fn tags(loaded: &Loaded) -> Value {
    let model = &loaded.model;
    let declared_only = model.dialects == [Dialect::Clan];
    Value::attrs((0..).zip(&model.tags).filter(|(_, tag)| !declared_only || tag.listed.is_some()).map(
        |(id, tag)| {
            let machines = match &tag.listed {
                Some(listed) if declared_only => machine_list(listed.iter().copied()),
                _ => machine_list(model.index.tag(id)),
            };
            (tag.name.clone(), machines)
        },
    ))
}

/// The documents: the only one as it is, several as a list.
fn inventory(loaded: &Arc<Loaded>) -> Value {
    let documents = loaded.model.documents.iter().filter(|document| !document.is_beside());
    let documents: Vec<Value> = documents.map(|document| document.root().to_value()).collect();
    match documents.len() {
        1 => documents.into_iter().next().unwrap_or(Value::Null),
        _ => Value::list(documents),
    }
}

/// The inventory in the form that ClusterConfig's filters get, `domain.clusters.<c>.machines.<m>`, and a
/// Clan's as its own tools read it.
pub(super) fn config(loaded: &Arc<Loaded>) -> Value {
    let shared = Arc::clone(loaded);
    let clusters = Value::lazy(move |_| {
        Ok(Value::attrs((0..).zip(&shared.model.clusters).map(|(id, cluster)| {
            let loaded = Arc::clone(&shared);
            (cluster.name.clone(), Value::lazy(move |_| Ok(cluster_config(&loaded, id))))
        })))
    });
    let domain = Value::attrs([("clusters", clusters), ("suffix", Value::from(loaded.model.suffix.clone()))]);
    let mut parts = vec![("domain", domain)];
    if loaded.model.dialects.contains(&Dialect::Clan) {
        let shared = Arc::clone(loaded);
        parts.push(("inventory", Value::lazy(move |_| read_out(&shared))));
    }
    Value::attrs(parts)
}

fn cluster_config(loaded: &Arc<Loaded>, id: u32) -> Value {
    let Some(cluster) = loaded.model.clusters.get(id as usize) else { return Value::Null };
    let nodes = |kind: NodeKind| {
        let range = cluster.first_node..cluster.end_node;
        let nodes = range.filter(|node| loaded.model.nodes.kind.get(*node as usize) == Some(&kind));
        Value::attrs(nodes.map(|node| {
            let shared = Arc::clone(loaded);
            let value = Value::lazy(move |_| node_config(&shared, node));
            (Name::from(loaded.model.nodes.name(node)), value)
        }))
    };
    let services = (0..).zip(&loaded.model.instances).filter(|(_, instance)| instance.cluster == Some(id));
    let services = Value::attrs(services.map(|(index, instance)| {
        (instance.name.clone(), Value::Entity(Entity { kind: Named::Instance, id: index }))
    }));
    Value::attrs([
        ("fqdn", Value::from(loaded.cluster_fqdn(id))),
        ("machines", nodes(NodeKind::Machine)),
        ("services", services),
        ("users", loaded.cluster_users(id)),
        ("vms", nodes(NodeKind::Vm)),
    ])
}

/// A machine's entry as written, with defaults and annotations.
fn node_config(loaded: &Arc<Loaded>, node: u32) -> Result<Value, Fault> {
    let mut attrs = AttrsBuilder::default();
    for (kind, raw) in loaded.model.nodes.parts(node) {
        let key = match kind {
            PartKind::Ips => "ips",
            PartKind::Vars => "vars",
            PartKind::Description => "description",
            PartKind::Kind => "kind",
            PartKind::Cloud => "cloud",
            PartKind::Users => "users",
            PartKind::Modules => "nixosModules",
            PartKind::ServiceAddresses => "serviceAddresses",
            PartKind::Host => "host",
            PartKind::Deployment | PartKind::Entry | PartKind::HostVariables | PartKind::Record => continue,
        };
        attrs.insert(key.into(), loaded.model.raw_value(raw));
    }
    if let Some(system) = loaded.declared_system(node) {
        attrs.insert("system".into(), Value::from(system));
    }
    for (key, default) in [("users", Value::Attrs(Attrs::empty())), ("nixosModules", Value::list(Vec::new()))]
    {
        attrs.insert_first(key.into(), default);
    }
    attrs.insert_first("serviceAddresses".into(), Value::list(Vec::new()));
    attrs.insert("tags".into(), loaded.tag_names(node));
    attrs.insert("deployment".into(), loaded.deployment(node));
    let shared = Arc::clone(loaded);
    attrs.insert("annotations".into(), Value::lazy(move |_| shared.annotations_value(node)));
    Ok(Value::Attrs(attrs.finish()))
}

/// The view that ClusterConfig's own tool prints.
fn cluster_info(loaded: &Arc<Loaded>) -> Result<Value, Fault> {
    loaded.universe_usable()?;
    let model = &loaded.model;
    let clusters = (0..).zip(&model.clusters).map(|(id, cluster)| {
        let shared = Arc::clone(loaded);
        (cluster.name.clone(), Value::lazy(move |_| cluster_entry(&shared, id)))
    });
    let domain =
        Value::attrs([("clusters", Value::attrs(clusters)), ("suffix", Value::from(model.suffix.clone()))]);
    Ok(Value::attrs([("domain", domain)]))
}

pub(super) fn cluster_entry(loaded: &Arc<Loaded>, id: u32) -> Result<Value, Fault> {
    loaded.usable(&Part::Cluster(id))?;
    let model = &loaded.model;
    let Some(cluster) = model.clusters.get(id as usize) else { return Ok(Value::Null) };
    let mut machines = Vec::new();
    for node in cluster.first_node..cluster.end_node {
        if model.nodes.kind.get(node as usize) != Some(&NodeKind::Machine) {
            continue;
        }
        loaded.usable(&Part::Node(node))?;
        let annotations = loaded.annotations_value(node)?;
        let deployment = loaded.deployment(node);
        let mut attrs = AttrsBuilder::default();
        if let Value::Attrs(annotations) = annotations {
            for (name, value) in annotations.iter() {
                attrs.insert(name.clone(), value.clone());
            }
        }
        if let Value::Attrs(deployment) = deployment {
            let kept = ["tags", "targetHost", "targetPort"];
            let kept = kept.into_iter().filter_map(|key| Some((key, deployment.get(key)?.clone())));
            attrs.insert("deployment".into(), Value::attrs(kept));
        }
        machines.push((Name::from(model.nodes.name(node)), Value::Attrs(attrs.finish())));
    }
    let mut services = Vec::new();
    for (index, instance) in (0..).zip(&model.instances).filter(|(_, instance)| instance.cluster == Some(id))
    {
        let selectors = match loaded.selector_members(index)? {
            Some(members) => strings(names_of(loaded, members, instance.spot)?),
            None => Value::list(Vec::new()),
        };
        let mut roles = Vec::new();
        for (role, declared) in (0..).zip(&instance.roles) {
            roles.push((
                declared.name.clone(),
                strings(names_of(loaded, loaded.members(index, role)?, declared.spot)?),
            ));
        }
        let entry = Value::attrs([("roles", Value::attrs(roles)), ("selectors", selectors)]);
        services.push((instance.name.clone(), entry));
    }
    let users = match loaded.cluster_users(id) {
        Value::Attrs(users) => strings(users.keys().iter()),
        _ => Value::list(Vec::new()),
    };
    Ok(Value::attrs([
        ("fqdn", Value::from(loaded.cluster_fqdn(id))),
        ("machines", Value::attrs(machines)),
        ("services", Value::attrs(services)),
        ("users", users),
    ]))
}

/// The machine names of members, all of which must be there.
fn names_of(
    loaded: &Loaded,
    members: &super::members::Members,
    spot: Option<model::Spot>,
) -> Result<Vec<Name>, Fault> {
    members
        .iter()
        .map(|member| match &member {
            super::members::Member::Node(_) => Ok(Name::from(member.name(&loaded.model))),
            super::members::Member::Unknown(path) => {
                let fault = crate::eval::paths::unresolved(path);
                Err(Fault::new(loaded.placed(fault.into_diagnostic(), spot)))
            }
        })
        .collect()
}

impl Loaded {
    pub(super) fn tag_names(&self, node: u32) -> Value {
        let tags = self.model.nodes.tags(node).iter().filter_map(|tag| self.model.tags.get(*tag as usize));
        Value::list(tags.map(|tag| Value::from(tag.name.clone())).collect())
    }

    pub(super) fn declared_system(&self, node: u32) -> Option<Name> {
        let system = self.model.nodes.system.get(node as usize).copied().unwrap_or(u32::MAX);
        self.model.systems.get(system as usize).cloned()
    }

    /// The platform: the declared one, unless a module sets another.
    pub(crate) fn system(self: &Arc<Loaded>, node: u32) -> Result<Option<Name>, Fault> {
        if self.model.nodes.part(node, PartKind::Modules).is_none() {
            return Ok(self.declared_system(node));
        }
        Ok(self.platform(node)?.map(Name::from))
    }

    /// Addresses by interface; `all` has those of all interfaces.
    pub(super) fn ips_value(self: &Arc<Loaded>, node: u32, with_all: bool) -> Result<Value, Fault> {
        let found = self.interfaces(node)?;
        let mut pairs: Vec<(Name, Value)> =
            found.interfaces.iter().map(|(interface, of)| (interface.as_str().into(), strings(of))).collect();
        if with_all {
            pairs.push(("all".into(), strings(found.all())));
        }
        Ok(Value::attrs(pairs))
    }

    /// What service closures see of a machine.
    pub(super) fn annotations_value(self: &Arc<Loaded>, node: u32) -> Result<Value, Fault> {
        let addresses = annotations::service_addresses(&self.model, node).into_iter().map(|tagged| {
            Value::attrs([
                ("address", Value::string(tagged.address)),
                ("port", tagged.port.map_or(Value::Null, |port| Value::Int(port.into()))),
                ("role", Value::string(tagged.role)),
            ])
        });
        Ok(Value::attrs([
            ("clusterName", Value::from(self.cluster_name_of(node))),
            ("fqdn", Value::string(self.host(node)?.fqdn)),
            ("ips", self.ips_value(node, false)?),
            ("machineName", Value::string(self.model.nodes.name(node))),
            ("serviceAddresses", Value::list(addresses.collect())),
        ]))
    }

    /// How a machine is deployed: as written, over ClusterConfig's defaults where it is one of its
    /// machines.
    pub(super) fn deployment(&self, node: u32) -> Value {
        if self.model.dialects.contains(&Dialect::ClusterConfig) {
            return from_json(&annotations::deployment(&self.model, node));
        }
        let written = self.model.nodes.part(node, PartKind::Deployment).map(|raw| self.model.raw_value(raw));
        written.unwrap_or_else(|| Value::Attrs(Attrs::empty()))
    }

    /// The users of a cluster: definitions merge by name, later ones over earlier ones.
    pub(super) fn cluster_users(&self, cluster: u32) -> Value {
        let raws: &[Raw] = self.model.clusters.get(cluster as usize).map_or(&[], |cluster| &cluster.users);
        let mut users = Attrs::empty();
        for raw in raws {
            if let Value::Attrs(more) = self.model.raw_value(*raw) {
                users = users.update(&more);
            }
        }
        Value::Attrs(users)
    }

    /// The users of a machine, those of its cluster first.
    pub(super) fn users(&self, node: u32) -> Result<Value, Fault> {
        let users = annotations::users(&self.model, node).map_err(|failure| Fault::new(*failure))?;
        Ok(from_json(&users))
    }
}
