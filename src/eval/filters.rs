//! Filters resolved set at a time.
//!
//! A filter is resolved in a cluster, or in all clusters at once. Leaves that ask about a node alone
//! are bit sets of the index, so that the algebra is that of bit sets; leaves that name a place of
//! their own (`inCluster`, `path`, functions) are resolved for each cluster in turn, since complements
//! are within the cluster. Parts that several filters share are resolved once (`shared.rs`).

use std::rc::Rc;

use roaring::RoaringBitmap;

use super::Evaluation;
use super::counts::placed;
use super::shared::needs_clusters;
use crate::check::names::{Asked, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::{Class, NodeKind};
use crate::inventory::path::Target;
use crate::text::quoted;
use crate::types::Named;
use crate::types::tir::{NameKind, Root};
use crate::value::{Entity, Evaluator, Fault, Filter, FilterKind, Name, Value};

/// Where a filter is resolved.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    /// The cluster, or all of them.
    pub(super) cluster: Option<u32>,
    /// The cluster in which names must exist, or any.
    pub(super) home: Option<u32>,
    /// Whether no part of the filter must be resolved for each cluster by itself.
    is_plain: bool,
}

impl Scope {
    pub(super) fn new(cluster: Option<u32>, home: Option<u32>) -> Scope {
        Scope { cluster, home, is_plain: false }
    }
}

impl Evaluation<'_> {
    /// The nodes for which a filter, a function used as one, or a list of either holds: in one
    /// cluster, or in all.
    ///
    /// # Errors
    /// Names that are unknown where they are looked up; what evaluating parts fails with.
    pub fn resolve(&mut self, filter: &Value, cluster: Option<u32>) -> Result<RoaringBitmap, Fault> {
        let filter = crate::builtins::filters::to_filter(self, filter)?;
        self.resolving(|evaluation| evaluation.nodes_of(&filter, Scope::new(cluster, cluster), None))
    }

    /// As [`Evaluation::resolve`], with names that may be in any cluster.
    ///
    /// # Errors
    /// As there.
    pub fn resolve_within(&mut self, filter: &Value, cluster: u32) -> Result<RoaringBitmap, Fault> {
        let filter = crate::builtins::filters::to_filter(self, filter)?;
        self.resolving(|evaluation| evaluation.nodes_of(&filter, Scope::new(Some(cluster), None), None))
    }

    fn universe(&self, scope: Scope) -> RoaringBitmap {
        let index = &self.world.model().index;
        match scope.cluster {
            Some(cluster) => index.cluster(cluster).clone(),
            None => index.all().clone(),
        }
    }

    /// The nodes that a filter must be asked about one by one.
    fn candidates(&self, scope: Scope, within: Option<&RoaringBitmap>) -> RoaringBitmap {
        let mut candidates = self.universe(scope);
        if let Some(within) = within {
            candidates &= within;
        }
        candidates
    }

    /// As [`Evaluation::nodes`], of a filter that others may share.
    fn nodes_of(
        &mut self,
        filter: &Rc<Filter>,
        scope: Scope,
        within: Option<&RoaringBitmap>,
    ) -> Result<RoaringBitmap, Fault> {
        self.once(filter, scope, within, |evaluation, within| evaluation.nodes(filter, scope, within))
    }

    /// The nodes for which the filter holds; where `within` is given, at least those of them that are
    /// in it.
    pub(super) fn nodes(
        &mut self,
        filter: &Filter,
        scope: Scope,
        within: Option<&RoaringBitmap>,
    ) -> Result<RoaringBitmap, Fault> {
        let mut scope = scope;
        if scope.cluster.is_none() && !scope.is_plain {
            if needs_clusters(filter) {
                return self.nodes_by_cluster(filter, scope);
            }
            scope.is_plain = true;
        }
        self.meter.enter()?;
        let result = stacker::maybe_grow(super::RED_ZONE, super::STACK_PIECE, || {
            self.nodes_here(filter, scope, within)
        });
        self.meter.leave();
        result.map_err(|fault| placed(fault, filter))
    }

    fn nodes_by_cluster(&mut self, filter: &Filter, scope: Scope) -> Result<RoaringBitmap, Fault> {
        let mut all = RoaringBitmap::new();
        for cluster in 0..self.world.model().clusters.len() as u32 {
            let inner = Scope::new(Some(cluster), scope.home);
            all |= self.nodes(filter, inner, None)?;
        }
        Ok(all)
    }

    fn nodes_here(
        &mut self,
        filter: &Filter,
        scope: Scope,
        within: Option<&RoaringBitmap>,
    ) -> Result<RoaringBitmap, Fault> {
        let model = self.world.model();
        let index = &model.index;
        let restrict = |mut set: RoaringBitmap| {
            if let Some(cluster) = scope.cluster {
                set &= index.cluster(cluster);
            }
            set
        };
        Ok(match &filter.kind {
            FilterKind::All | FilterKind::ClusterNodes => self.universe(scope),
            FilterKind::None => RoaringBitmap::new(),
            FilterKind::ClusterMachines => restrict(index.kind(NodeKind::Machine).clone()),
            FilterKind::ClusterVms => restrict(index.kind(NodeKind::Vm).clone()),
            FilterKind::Machine(name) | FilterKind::Vm(name) => {
                let vm = matches!(filter.kind, FilterKind::Vm(_));
                let kind = if vm { NameKind::Vm } else { NameKind::Machine };
                let set = restrict(self.named_nodes(name, vm));
                if set.is_empty() {
                    self.must_exist(kind, name, None, scope)?;
                }
                set
            }
            FilterKind::Nodes(names) => {
                let mut set = RoaringBitmap::new();
                for name in names.iter() {
                    let found = restrict(self.named_nodes(name, false));
                    if found.is_empty() {
                        self.must_exist(NameKind::Machine, name, None, scope)?;
                    }
                    set |= found;
                }
                set
            }
            FilterKind::Tag(name) => {
                self.world.tags_usable(scope.cluster)?;
                match model.find_tag(name) {
                    Some(tag) => restrict(index.tag(tag).clone()),
                    None => self.nothing(NameKind::Tag, name, None, scope)?,
                }
            }
            FilterKind::Cluster(name) => match model.find_cluster(name) {
                Some(cluster) => restrict(index.cluster(cluster).clone()),
                None => self.nothing(NameKind::Cluster, name, None, scope)?,
            },
            FilterKind::InCluster(name, inner) => match model.find_cluster(name) {
                Some(cluster) => {
                    let inner_scope = Scope::new(Some(cluster), Some(cluster));
                    self.nodes_of(inner, inner_scope, None)?
                }
                None => self.nothing(NameKind::Cluster, name, None, scope)?,
            },
            FilterKind::Cloud(name) => match model.find_cloud(name) {
                Some(cloud) => restrict(self.world.cloud_nodes(cloud)?),
                None => self.nothing(NameKind::Cloud, name, None, scope)?,
            },
            FilterKind::ReachableFrom(name) => {
                // Who reaches may be anywhere.
                let from = self.named_nodes(name, false);
                if from.is_empty() {
                    self.must_exist(NameKind::Machine, name, None, Scope::new(None, None))?;
                }
                let mut set = RoaringBitmap::new();
                for node in from {
                    let Some(cloud) = self.world.cloud_of(node)? else {
                        if self.optional > 0 {
                            continue;
                        }
                        return Err(in_no_cloud(name));
                    };
                    for reached in model.clouds_reached_from(cloud).into_keys() {
                        set |= self.world.cloud_nodes(reached)?;
                    }
                }
                restrict(set)
            }
            FilterKind::System(name) => match model.find_system(name) {
                Some(system) => restrict(index.system(system).clone()),
                None => self.nothing(NameKind::System, name, None, scope)?,
            },
            FilterKind::Class(name) => match &**name {
                "nixos" => restrict(index.class(Class::Nixos).clone()),
                "darwin" => restrict(index.class(Class::Darwin).clone()),
                _ => self.nothing(NameKind::Class, name, None, scope)?,
            },
            FilterKind::Kind(name) => {
                let candidates = self.candidates(scope, within);
                let set: RoaringBitmap =
                    candidates.iter().filter(|node| self.world.node_kind(*node) == *name).collect();
                if set.is_empty() {
                    self.must_exist(NameKind::Kind, name, None, scope)?;
                }
                set
            }
            FilterKind::Group(name) => match model.find_group(name) {
                Some(group) => restrict(index.group(group).clone()),
                None => self.nothing(NameKind::Group, name, None, scope)?,
            },
            FilterKind::Service(name) => {
                let services: Vec<u32> = (0..)
                    .zip(&model.services)
                    .filter(|(_, service)| service.id == *name || service.name == *name)
                    .map(|(index, _)| index)
                    .collect();
                if services.is_empty() {
                    return self.nothing(NameKind::Service, name, None, scope);
                }
                let mut set = RoaringBitmap::new();
                for service in services {
                    set |= self.world.service_nodes(service)?;
                }
                restrict(set)
            }
            FilterKind::Instance(name) => {
                let mut set = RoaringBitmap::new();
                let mut found = false;
                for instance in model.instances_named(name) {
                    found = true;
                    set |= self.world.instance_nodes(instance, None)?;
                }
                if !found {
                    return self.nothing(NameKind::Instance, name, None, scope);
                }
                restrict(set)
            }
            FilterKind::Role(instance_name, role) => {
                let mut set = RoaringBitmap::new();
                let (mut found, mut has_role) = (false, false);
                for instance in model.instances_named(instance_name) {
                    found = true;
                    let known = model.instances.get(instance as usize);
                    has_role |=
                        known.is_some_and(|instance| instance.roles.iter().any(|known| known.name == *role));
                    set |= self.world.instance_nodes(instance, Some(role))?;
                }
                if !found {
                    return self.nothing(NameKind::Instance, instance_name, None, scope);
                }
                if !has_role {
                    return self.nothing(NameKind::Role, role, Some(instance_name), scope);
                }
                restrict(set)
            }
            FilterKind::Address(block) => restrict(self.world.address_nodes(block)?),
            FilterKind::Glob(glob) => self.by_name(scope, within, |name| glob.is_match(name))?,
            FilterKind::Matching(regex) => self.by_name(scope, within, |name| regex.is_match(name))?,
            FilterKind::Where(predicate) => match predicate {
                Value::Closure(closure) => self.once(closure, scope, within, |evaluation, within| {
                    evaluation.filter_where(predicate, scope, within)
                })?,
                _ => self.filter_where(predicate, scope, within)?,
            },
            FilterKind::Path(path) => self.path_node(path)?,
            FilterKind::Named(name) => {
                let name = name.clone();
                self.with_named(&name, |evaluation, filter| evaluation.nodes_of(filter, scope, within))?
            }
            FilterKind::Optional(inner) => {
                self.optional += 1;
                let result = self.nodes_of(inner, scope, within);
                self.optional -= 1;
                result?
            }
            FilterKind::Counted(count, inner) => self.counted(*count, inner, scope)?,
            FilterKind::Not(inner) => {
                let mut set = self.universe(scope);
                set -= self.nodes_of(inner, scope, within)?;
                set
            }
            FilterKind::And(parts) => self.once(parts, scope, within, |evaluation, within| {
                evaluation.intersection(parts, scope, within)
            })?,
            FilterKind::Or(parts) => self.once(parts, scope, within, |evaluation, within| {
                let mut set = RoaringBitmap::new();
                for part in parts.iter() {
                    set |= evaluation.nodes(part, scope, within)?;
                }
                Ok(set)
            })?,
            FilterKind::Function(function) => self.function_nodes(function, scope)?,
        })
    }

    /// Cheap parts first, so that the others look only at what is left.
    fn intersection(
        &mut self,
        parts: &[Filter],
        scope: Scope,
        within: Option<&RoaringBitmap>,
    ) -> Result<RoaringBitmap, Fault> {
        let mut ordered: Vec<&Filter> = parts.iter().collect();
        ordered.sort_by_cached_key(|part| part.cost());
        let mut set: Option<RoaringBitmap> = within.cloned();
        for part in ordered {
            let found = self.nodes(part, scope, set.as_ref())?;
            set = Some(match set {
                None => found,
                Some(set) => set & found,
            });
        }
        Ok(set.unwrap_or_else(|| self.universe(scope)))
    }

    fn by_name(
        &mut self,
        scope: Scope,
        within: Option<&RoaringBitmap>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<RoaringBitmap, Fault> {
        let nodes = &self.world.model().nodes;
        let mut found = RoaringBitmap::new();
        for node in self.candidates(scope, within) {
            self.meter.step()?;
            if holds(nodes.name(node)) {
                found.insert(node);
            }
        }
        Ok(found)
    }

    fn filter_where(
        &mut self,
        predicate: &Value,
        scope: Scope,
        within: Option<&RoaringBitmap>,
    ) -> Result<RoaringBitmap, Fault> {
        let mut set = RoaringBitmap::new();
        for node in self.candidates(scope, within) {
            let machine = Value::Entity(Entity { kind: Named::Machine, id: node });
            let result = self.call(predicate, &[machine])?;
            match self.force(&result)? {
                Value::Bool(true) => {
                    set.insert(node);
                }
                Value::Bool(false) => {}
                other => {
                    let message = format!(
                        "expected a boolean from the predicate of `where`, found {}",
                        other.describe()
                    );
                    return Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message)));
                }
            }
        }
        Ok(set)
    }

    fn named_nodes(&self, name: &str, vms_only: bool) -> RoaringBitmap {
        let model = self.world.model();
        model.find_nodes(name).filter(|node| !vms_only || model.is_vm(*node)).collect()
    }

    fn path_node(&mut self, path: &str) -> Result<RoaringBitmap, Fault> {
        match self.world.model().resolve_path(path) {
            Some(Target::Node(node)) => Ok(RoaringBitmap::from_iter([node])),
            _ if self.optional > 0 => Ok(RoaringBitmap::new()),
            _ => Err(super::paths::unresolved(path)),
        }
    }

    /// Does something with a named filter, which may not need itself meanwhile.
    pub(super) fn with_named<T>(
        &mut self,
        name: &str,
        then: impl FnOnce(&mut Self, &Rc<Filter>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let model = self.world.model();
        let Some(index) = model.find_filter(name) else {
            let message = format!("no filter is called {}", quoted(name));
            return Err(Fault::new(Diagnostic::error(Code::UnknownName, message)));
        };
        if let Some(start) = self.filters_running.iter().position(|running| *running == index) {
            let cycle = self.filters_running.iter().skip(start).chain(std::iter::once(&index));
            let names: Vec<String> = cycle
                .filter_map(|filter| model.filters.get(*filter as usize))
                .map(|filter| quoted(&filter.name))
                .collect();
            let message = format!("named filters need each other: {}", names.join(" → "));
            return Err(Fault::new(
                Diagnostic::error(Code::FilterCycle, message).help("write out what one of them selects"),
            ));
        }
        let filter = match self.named_filters.get(&index) {
            Some(filter) => Rc::clone(filter),
            None => {
                let expression = model.filters.get(index as usize).map_or(0, |filter| filter.expression);
                let value = self.embedded(expression)?;
                let filter = crate::builtins::filters::to_filter(self, &value)?;
                self.named_filters.insert(index, Rc::clone(&filter));
                filter
            }
        };
        self.filters_running.push(index);
        let result = then(self, &filter);
        self.filters_running.pop();
        result
    }

    fn function_nodes(&mut self, function: &Value, scope: Scope) -> Result<RoaringBitmap, Fault> {
        let Some(cluster) = scope.cluster.and_then(|cluster| self.cluster_name(cluster)) else {
            return Ok(RoaringBitmap::new());
        };
        let config = self.root(Root::Config)?;
        let mut paths = Vec::new();
        self.collect_paths(function, &cluster, &config, &mut paths)?;
        let mut set = RoaringBitmap::new();
        for path in paths {
            set |= self.path_node(&path)?;
        }
        Ok(set)
    }

    fn cluster_name(&self, cluster: u32) -> Option<Name> {
        self.world.model().clusters.get(cluster as usize).map(|cluster| cluster.name.clone())
    }

    /// The empty set, where naming something unknown is allowed.
    fn nothing(
        &self,
        kind: NameKind,
        name: &Name,
        instance: Option<&Name>,
        scope: Scope,
    ) -> Result<RoaringBitmap, Fault> {
        self.must_exist(kind, name, instance, scope)?;
        Ok(RoaringBitmap::new())
    }

    fn must_exist(
        &self,
        kind: NameKind,
        name: &str,
        instance: Option<&Name>,
        scope: Scope,
    ) -> Result<(), Fault> {
        if self.optional > 0 {
            return Ok(());
        }
        let asked = Asked { kind, name, home: scope.home, instance };
        match unknown(&asked, self.world.model()) {
            Some(diagnostic) => Err(Fault::new(diagnostic)),
            None => Ok(()),
        }
    }
}

/// The mistake of asking what a machine reaches of which no cloud is known.
fn in_no_cloud(name: &str) -> Fault {
    let message =
        format!("the machine {} is in no cloud, and nothing is known of what it reaches", quoted(name));
    Fault::new(
        Diagnostic::error(Code::InvalidValue, message)
            .help("give it a `cloud`, or a cloud a block with its address; `optional` selects nothing then"),
    )
}
