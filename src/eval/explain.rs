//! Why a filter holds for a machine, or does not: the filter taken apart, with the facts behind each
//! part.

use std::rc::Rc;

use super::Evaluation;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::NodeKind;
use crate::syntax::format::quote_string;
use crate::text::{count, list_and, quoted};
use crate::types::Named;
use crate::value::{Entity, Evaluator, Fault, Filter, FilterKind, Value};

/// A filter, or a part of one, with what it says of one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The filter as it could be typed.
    pub filter: String,
    /// Whether it holds.
    pub holds: bool,
    /// What is known of the machine that decides it; empty where the parts do.
    pub fact: String,
    /// What it is made of.
    pub parts: Vec<Explanation>,
}

impl Evaluation<'_> {
    /// Explains what a filter says of a node, resolved in the node's own cluster.
    ///
    /// # Errors
    /// As resolving the filter.
    pub fn explain(&mut self, filter: &Value, node: u32) -> Result<Explanation, Fault> {
        let filter = crate::builtins::filters::to_filter(self, filter)?;
        self.explain_filter(&filter, node)
    }

    /// A filter as it could be typed.
    pub fn filter_text(&self, filter: &Filter) -> String {
        text(filter, 0)
    }

    fn explain_filter(&mut self, filter: &Filter, node: u32) -> Result<Explanation, Fault> {
        self.step()?;
        let cluster = self.world.model().nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        let value = Value::Filter(Rc::new(filter.clone()));
        let holds = self.resolve_within(&value, cluster)?.contains(node);
        let mut explanation =
            Explanation { filter: text(filter, 0), holds, fact: String::new(), parts: Vec::new() };
        match &filter.kind {
            FilterKind::And(parts) | FilterKind::Or(parts) => {
                for part in parts.iter() {
                    explanation.parts.push(self.explain_filter(part, node)?);
                }
            }
            FilterKind::Not(inner) | FilterKind::Optional(inner) => {
                let optional = u32::from(matches!(filter.kind, FilterKind::Optional(_)));
                self.optional += optional;
                let inner = self.explain_filter(inner, node);
                self.optional -= optional;
                let inner = inner?;
                explanation.fact = inner.fact;
                explanation.parts = inner.parts;
            }
            FilterKind::InCluster(_, inner) if holds => {
                explanation.parts.push(self.explain_filter(inner, node)?);
            }
            FilterKind::Named(name) => {
                let name = name.clone();
                let inner =
                    self.with_named(&name, |evaluation, inner| evaluation.explain_filter(inner, node))?;
                explanation.parts.push(inner);
            }
            _ => explanation.fact = self.fact(filter, node)?,
        }
        Ok(explanation)
    }

    /// What is known of a node that decides a filter without parts.
    fn fact(&mut self, filter: &Filter, node: u32) -> Result<String, Fault> {
        let model = self.world.model();
        let name = model.nodes.name(node);
        let called = || format!("it is called {}", quoted(name));
        let list = |what: &str, names: &[String], nothing: &str| match names {
            [] => nothing.to_owned(),
            names => format!("{what} {}", list_and(names)),
        };
        Ok(match &filter.kind {
            FilterKind::All | FilterKind::ClusterNodes => "every machine is selected".to_owned(),
            FilterKind::None => "no machine is selected".to_owned(),
            FilterKind::Machine(_) | FilterKind::Nodes(_) | FilterKind::Glob(_) | FilterKind::Matching(_) => {
                called()
            }
            FilterKind::Vm(_) | FilterKind::ClusterMachines | FilterKind::ClusterVms => {
                match model.nodes.kind.get(node as usize) {
                    Some(NodeKind::Vm) => format!("it is the VM {}", quoted(name)),
                    _ => format!("it is the machine {}", quoted(name)),
                }
            }
            FilterKind::Tag(_) => list("it carries", &self.texts(node, "tags")?, "it carries no tag"),
            FilterKind::Group(_) => list("it is in", &self.texts(node, "groups")?, "it is in no group"),
            FilterKind::Cluster(_) | FilterKind::InCluster(..) => {
                list("it is in", &self.texts(node, "cluster")?, "")
            }
            FilterKind::Service(_) => list("it gets", &self.texts(node, "services")?, "it gets no service"),
            FilterKind::Instance(instance) | FilterKind::Role(instance, _) => {
                let held = self.roles(node, instance)?;
                list("it holds", &held, &format!("it holds no role of {}", quoted(instance)))
            }
            FilterKind::Cloud(_) => list("it is in", &self.texts(node, "cloud")?, "it is in no cloud"),
            FilterKind::ReachableFrom(from) => self.way(from, node)?,
            FilterKind::System(_) => list("its system is", &self.texts(node, "system")?, "it has no system"),
            FilterKind::Class(_) => list("its class is", &self.texts(node, "class")?, ""),
            FilterKind::Kind(_) => list("its kind is", &self.texts(node, "kind")?, ""),
            FilterKind::Address(_) => {
                list("its addresses are", &self.texts(node, "addresses")?, "it has no address")
            }
            FilterKind::Where(_) => "the function says so".to_owned(),
            FilterKind::Path(_) => format!("its path is {}", quoted(&model.node_path(node))),
            FilterKind::Function(_) => {
                let cluster = self.texts(node, "cluster")?.concat();
                let value = Value::Filter(Rc::new(filter.clone()));
                let config = self.root(crate::types::tir::Root::Config)?;
                let paths = self.filter_paths(&value, &cluster, &config)?;
                format!("the function gives {}", count(paths.len(), "path", "paths"))
            }
            _ => String::new(),
        })
    }

    /// A field of a machine as texts: one, several or none.
    fn texts(&mut self, node: u32, field: &str) -> Result<Vec<String>, Fault> {
        let entity = Entity { kind: Named::Machine, id: node };
        let Some(value) = self.world.entity_field(entity, field)? else { return Ok(Vec::new()) };
        match self.data(&value)? {
            serde_json::Value::String(text) => Ok(vec![text]),
            serde_json::Value::Array(items) => {
                Ok(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
            }
            serde_json::Value::Null => Ok(Vec::new()),
            other => Err(Fault::new(Diagnostic::error(
                Code::TypeMismatch,
                format!("expected texts in {}, found {other}", quoted(field)),
            ))),
        }
    }

    /// How a node is reached from the machine of a name, cloud by cloud.
    fn way(&mut self, from: &str, node: u32) -> Result<String, Fault> {
        let model = self.world.model();
        let name = |cloud: u32| model.clouds.get(cloud as usize).map_or("", |cloud| &*cloud.name);
        let Some(to) = self.world.cloud_of(node)? else { return Ok("it is in no cloud".to_owned()) };
        let mut from_clouds = Vec::new();
        for start in model.find_nodes(from) {
            let Some(cloud) = self.world.cloud_of(start)? else { continue };
            if let Some(route) = model.route(cloud, to) {
                let clouds: Vec<String> = route.into_iter().map(|cloud| quoted(name(cloud))).collect();
                return Ok(match clouds.as_slice() {
                    [only] => format!("both are in {only}"),
                    clouds => format!("the way is {}", clouds.join(" → ")),
                });
            }
            from_clouds.push(name(cloud));
        }
        Ok(format!("it is in {}, to which no way leads from {}", quoted(name(to)), list_and(&from_clouds)))
    }

    /// The roles of an instance that a node holds.
    fn roles(&mut self, node: u32, instance: &str) -> Result<Vec<String>, Fault> {
        let model = self.world.model();
        let mut held = Vec::new();
        for index in model.instances_named(instance) {
            let roles = model.instances.get(index as usize).map_or(&[][..], |instance| &instance.roles);
            for role in roles {
                if self.world.instance_nodes(index, Some(&role.name))?.contains(node) {
                    held.push(role.name.to_string());
                }
            }
        }
        Ok(held)
    }
}

/// A filter as it could be typed; `level` is the precedence of what is around it.
fn text(filter: &Filter, level: u8) -> String {
    let call =
        |name: &str, argument: &str| parenthesised(format!("{name} {}", quote_string(argument)), level > 3);
    // What was written as a function is told as it was written.
    let written = || filter.place.as_ref().map(|place| place.source.slice(place.span).to_owned());
    match &filter.kind {
        FilterKind::All => "all".to_owned(),
        FilterKind::None => "none".to_owned(),
        FilterKind::Machine(name) => call("hostname", name),
        FilterKind::Vm(name) => call("vmName", name),
        FilterKind::ClusterMachines => "clusterMachines".to_owned(),
        FilterKind::ClusterVms => "clusterVms".to_owned(),
        FilterKind::ClusterNodes => "clusterNodes".to_owned(),
        FilterKind::Tag(name) => call("tag", name),
        FilterKind::Group(name) => call("group", name),
        FilterKind::Cluster(name) => call("cluster", name),
        FilterKind::InCluster(name, inner) => {
            parenthesised(format!("inCluster {} {}", quote_string(name), text(inner, 4)), level > 3)
        }
        FilterKind::Service(name) => call("service", name),
        FilterKind::Instance(name) => call("instance", name),
        FilterKind::Role(instance, role) => {
            parenthesised(format!("role {} {}", quote_string(instance), quote_string(role)), level > 3)
        }
        FilterKind::Cloud(name) => call("cloud", name),
        FilterKind::ReachableFrom(name) => call("reachableFrom", name),
        FilterKind::System(name) => call("system", name),
        FilterKind::Class(name) => call("class", name),
        FilterKind::Kind(name) => call("kind", name),
        FilterKind::Address(block) => call("address", &block.to_string()),
        FilterKind::Glob(glob) => call("glob", glob.glob().glob()),
        FilterKind::Matching(regex) => call("matching", regex.as_str()),
        FilterKind::Nodes(names) => {
            call("nodes", &crate::builtins::nodeset::fold(names.iter().map(|name| &**name)))
        }
        FilterKind::Where(_) => {
            parenthesised(format!("where {}", written().unwrap_or_else(|| "(m: …)".to_owned())), level > 3)
        }
        FilterKind::Path(path) => call("path", path),
        FilterKind::Named(name) => format!("filters.{}", crate::syntax::format::attr_name(name)),
        FilterKind::Optional(inner) => parenthesised(format!("optional {}", text(inner, 4)), level > 3),
        FilterKind::Not(inner) => format!("!{}", text(inner, 3)),
        FilterKind::And(parts) => joined(parts, " && ", 2, level),
        FilterKind::Or(parts) => joined(parts, " || ", 1, level),
        FilterKind::Function(_) => written().unwrap_or_else(|| "(c: cfg: …)".to_owned()),
    }
}

fn joined(parts: &[Filter], operator: &str, own: u8, level: u8) -> String {
    let parts: Vec<String> = parts.iter().map(|part| text(part, own + 1)).collect();
    parenthesised(parts.join(operator), level > own)
}

fn parenthesised(text: String, needed: bool) -> String {
    if needed { format!("({text})") } else { text }
}
