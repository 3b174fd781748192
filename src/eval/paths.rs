//! The paths that a filter gives, as ClusterConfig's own functions see them: lists that are concatenated, in
//! which nested ones are flattened and duplicates stay.

use std::rc::Rc;

use super::Evaluation;
use super::filters::Scope;
use crate::check::names::{Asked, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;
use crate::types::tir::NameKind;
use crate::value::{Evaluator, Fault, Filter, FilterKind, Name, Value};

impl Evaluation<'_> {
    /// The paths of a filter, a function or nested lists of them, in order and with duplicates, as
    /// ClusterConfig's `filtersToPaths` gives them.
    pub(super) fn collect_paths(
        &mut self,
        filter: &Value,
        cluster: &str,
        config: &Value,
        paths: &mut Vec<Name>,
    ) -> Result<(), Fault> {
        self.meter.enter()?;
        self.meter.memory(paths.len().saturating_mul(size_of::<Value>()))?;
        let result = stacker::maybe_grow(super::RED_ZONE, super::STACK_PIECE, || {
            self.collect_paths_here(filter, cluster, config, paths)
        });
        self.meter.leave();
        result
    }

    fn collect_paths_here(
        &mut self,
        filter: &Value,
        cluster: &str,
        config: &Value,
        paths: &mut Vec<Name>,
    ) -> Result<(), Fault> {
        match self.force(filter)? {
            Value::String(path) => paths.push(path.into()),
            Value::List(items) => {
                for item in items.iter() {
                    self.collect_paths(item, cluster, config, paths)?;
                }
            }
            Value::Filter(filter) => self.filter_paths_of(&filter, cluster, config, paths)?,
            function @ (Value::Closure(_) | Value::Builtin(_)) => {
                let result = self.call(&function, &[Value::string(cluster), config.clone()])?;
                self.collect_paths(&result, cluster, config, paths)?;
            }
            other => {
                let message = format!("expected a filter or a path, found {}", other.describe());
                return Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message)));
            }
        }
        Ok(())
    }

    fn filter_paths_of(
        &mut self,
        filter: &Filter,
        cluster: &str,
        config: &Value,
        paths: &mut Vec<Name>,
    ) -> Result<(), Fault> {
        let direct = |collection: &str, name: &str| {
            crate::inventory::path::print_path(["domain", "clusters", cluster, collection, name]).into()
        };
        match &filter.kind {
            // ClusterConfig's own filters by name never look at the inventory.
            FilterKind::Machine(name) => {
                paths.push(self.path_of(cluster, name).unwrap_or_else(|| direct("machines", name)))
            }
            FilterKind::Vm(name) => paths.push(direct("vms", name)),
            FilterKind::Path(path) => paths.push(path.clone()),
            FilterKind::InCluster(name, inner) => {
                self.collect_paths(&Value::Filter(Rc::clone(inner)), name, config, paths)?;
            }
            FilterKind::Counted(count, inner) => {
                self.check_paths(*count, filter, inner, cluster)?;
                self.filter_paths_of(inner, cluster, config, paths)?;
            }
            FilterKind::Function(function) => self.collect_paths(function, cluster, config, paths)?,
            FilterKind::Named(name) => {
                let name = name.clone();
                self.with_named(&name, |evaluation, filter| {
                    evaluation.filter_paths_of(filter, cluster, config, paths)
                })?;
            }
            FilterKind::ClusterNodes => {
                self.set_paths(&Filter::new(FilterKind::ClusterMachines), cluster, paths)?;
                self.set_paths(&Filter::new(FilterKind::ClusterVms), cluster, paths)?;
            }
            _ => self.set_paths(filter, cluster, paths)?,
        }
        Ok(())
    }

    /// The path of a node by its name, where a VM is called so and no machine.
    fn path_of(&self, cluster: &str, name: &str) -> Option<Name> {
        let model = self.world.model();
        let cluster = model.find_cluster(cluster)?;
        let node = model.find_nodes_in(cluster, name).next()?;
        Some(model.node_path(node).into())
    }

    fn set_paths(&mut self, filter: &Filter, cluster: &str, paths: &mut Vec<Name>) -> Result<(), Fault> {
        let model = self.world.model();
        let Some(cluster) = model.find_cluster(cluster) else {
            let asked = Asked { kind: NameKind::Cluster, name: cluster, home: None, instance: None };
            return match unknown(&asked, model) {
                Some(diagnostic) => Err(Fault::new(diagnostic)),
                None => Ok(()),
            };
        };
        let scope = Scope::new(Some(cluster), Some(cluster));
        let set = self.resolving(|evaluation| evaluation.nodes(filter, scope, None))?;
        paths.extend(set.iter().map(|node| Name::from(model.node_path(node))));
        Ok(())
    }
}

/// The mistake that a path leads to no machine.
pub fn unresolved(path: &str) -> Fault {
    Fault::new(
        Diagnostic::error(Code::UnresolvedPath, format!("the path {} leads to no machine", quoted(path)))
            .help("a path is written `domain.clusters.CLUSTER.machines.MACHINE`; names with dots stand in quotes"),
    )
}
