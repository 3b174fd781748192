//! A loaded inventory: the model, its expressions ready to run, and what is computed from both once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::ThreadId;

use super::broken::Broken;
use super::configuration::{Annotated, Known};
use super::members::{self, Found, Members, Resolved};
use super::placements::Placement;
use super::written;
use super::{collections, records};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::dialects::clusterconfig::annotations;
use crate::eval::Evaluation;
use crate::inventory::document::Node;
use crate::inventory::model::{
    Check, EmbeddedRole, Inventory, NodeKind, Part, PartKind, SelectionKind, Spot,
};
use crate::inventory::path::Target;
use crate::limits::Limits;
use crate::text::Span;
use crate::types::tir::Program;
use crate::value::{Fault, Name, Value};

/// Which mistakes matter, by code; codes that are not here keep the severity they are made with.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    /// Nothing: the mistake is not one.
    pub allowed: Vec<Code>,
    /// A warning.
    pub warned: Vec<Code>,
    /// An error.
    pub denied: Vec<Code>,
}

impl Severities {
    /// Whether mistakes keep the severities that they are made with.
    pub fn is_default(&self) -> bool {
        self.allowed.is_empty() && self.warned.is_empty() && self.denied.is_empty()
    }

    /// The severity of a mistake; nothing where it is allowed.
    pub fn of(&self, diagnostic: &Diagnostic) -> Option<Severity> {
        let code = diagnostic.code;
        if self.allowed.contains(&code) {
            None
        } else if self.warned.contains(&code) {
            Some(Severity::Warning)
        } else if self.denied.contains(&code) {
            Some(Severity::Error)
        } else {
            Some(diagnostic.severity)
        }
    }
}

/// A loaded inventory; shared between threads.
pub struct Loaded {
    /// The entities.
    pub model: Inventory,
    /// For each expression of the model, ready to run; nothing where it has mistakes.
    pub(super) programs: Vec<Option<Arc<Program>>>,
    /// The expression files, by document.
    pub(super) files: HashMap<u32, Arc<Program>>,
    /// What cannot be used.
    broken: Broken,
    /// The inventory as it was before its transformations, where it has any.
    pub(super) before: Option<Arc<Loaded>>,
    /// The limits of what is evaluated in it.
    pub limits: Limits,
    pub(super) severities: Severities,
    resolved: OnceLock<Resolved>,
    /// Whether the members of all roles are known.
    complete: OnceLock<Result<(), Fault>>,
    /// The thread that is resolving the services now.
    resolving: Mutex<Option<ThreadId>>,
    addresses: OnceLock<Vec<(std::net::IpAddr, u32)>>,
    pub(super) clouds: OnceLock<super::clouds::Clouds>,
    pub(super) operations: OnceLock<super::operations::Index>,
    checks: OnceLock<Vec<Check>>,
    /// The final configurations of machines.
    pub(super) configurations: Known,
    /// Machines whose annotations need an evaluation.
    pub(super) annotated: Annotated,
    /// Where closures write the parts of what they give.
    pub(super) written: written::Known,
    /// For each cluster, its services in name order.
    services: Vec<Vec<u32>>,
    /// For each cluster, those of its services whose selectors fail.
    unplaced: OnceLock<Vec<Vec<u32>>>,
    /// The expressions that are modules, by their place and by their way in the value of a file; all, where
    /// there are transformations.
    expressions: HashMap<ModulePlace, u32>,
    /// The number of each instance's first role.
    first_role: Vec<u32>,
}

/// Where a module stands that is an expression: document, place, and in expression files the keys that
/// lead to it, since there several values may come from one place.
type ModulePlace = (u32, Span, Vec<Name>);

/// What an evaluation sees of a loaded inventory.
#[derive(Clone)]
pub struct View(pub Arc<Loaded>);

impl Loaded {
    /// Puts a model and its programs together. Mistakes that are allowed are taken out of the model.
    pub fn new(
        mut model: Inventory,
        programs: Vec<Option<Arc<Program>>>,
        files: HashMap<u32, Arc<Program>>,
        severities: &Severities,
        limits: &Limits,
    ) -> Loaded {
        model.mistakes.retain_mut(|mistake| match severities.of(&mistake.diagnostic) {
            Some(severity) => {
                mistake.diagnostic.severity = severity;
                true
            }
            None => false,
        });
        let broken = Broken::new(&model);
        Loaded::whole(model, programs, files, broken, (severities, limits))
    }

    /// Puts together what a snapshot has kept of an inventory without expression files and transformations.
    pub fn kept(
        model: Inventory,
        programs: Vec<Option<Arc<Program>>>,
        broken: Broken,
        limits: &Limits,
    ) -> Loaded {
        Loaded::whole(model, programs, HashMap::new(), broken, (&Severities::default(), limits))
    }

    fn whole(
        model: Inventory,
        programs: Vec<Option<Arc<Program>>>,
        files: HashMap<u32, Arc<Program>>,
        broken: Broken,
        (severities, limits): (&Severities, &Limits),
    ) -> Loaded {
        let mut next = 0;
        let first_role = model
            .instances
            .iter()
            .map(|instance| {
                let first = next;
                next += u32::try_from(instance.roles.len()).unwrap_or(0);
                first
            })
            .collect();
        let mut services = vec![Vec::new(); model.clusters.len()];
        for (index, instance) in (0..).zip(&model.instances) {
            let home = instance.cluster.and_then(|cluster| services.get_mut(cluster as usize));
            if let Some(home) = home.filter(|_| instance.selectors.is_some()) {
                home.push(index);
            }
        }
        let looked_up =
            |role: &EmbeddedRole| *role == EmbeddedRole::Module || !model.transformations.is_empty();
        let expressions = (0..).zip(&model.expressions).filter(|(_, embedded)| looked_up(&embedded.role));
        let expressions = expressions
            .map(|(index, embedded)| {
                let path = embedded.value.as_ref().map(|value| value.path.clone()).unwrap_or_default();
                ((embedded.spot.document, embedded.spot.span, path), index)
            })
            .collect();
        let annotated = Annotated::new(&model);
        Loaded {
            model,
            programs,
            files,
            broken,
            before: None,
            limits: limits.clone(),
            severities: severities.clone(),
            resolved: OnceLock::new(),
            complete: OnceLock::new(),
            resolving: Mutex::new(None),
            addresses: OnceLock::new(),
            clouds: OnceLock::new(),
            operations: OnceLock::new(),
            checks: OnceLock::new(),
            configurations: Known::default(),
            annotated,
            written: written::Known::default(),
            services,
            unplaced: OnceLock::new(),
            expressions,
            first_role,
        }
    }

    /// The expression files, by document.
    pub fn files(&self) -> &HashMap<u32, Arc<Program>> {
        &self.files
    }

    /// What a machine gets from roles that have settings: the names by which queries know the settings,
    /// and the settings themselves.
    ///
    /// # Errors
    /// Parts of the inventory that have mistakes.
    pub fn settings_of(self: &Arc<Loaded>, node: u32) -> Result<Vec<(Vec<Name>, Value)>, Fault> {
        super::settings::settings_of(self, node)
    }

    /// The same, with what it was before its transformations.
    #[must_use]
    pub fn with_before(mut self, before: Option<Arc<Loaded>>) -> Loaded {
        self.before = before;
        self
    }

    /// Everything that is wrong beyond the mistakes of the model: what queries would stumble upon.
    pub fn problems(self: &Arc<Loaded>) -> Vec<Diagnostic> {
        super::problems::problems(self)
    }

    /// A mistake with its place in the inventory, where it has none yet.
    pub(super) fn placed(&self, diagnostic: Diagnostic, spot: Option<Spot>) -> Diagnostic {
        let document = spot.and_then(|spot| self.model.documents.get(spot.document as usize));
        match (document, spot) {
            (Some(document), Some(spot)) if diagnostic.labels.is_empty() => {
                diagnostic.at(&document.source, spot.span, "")
            }
            _ => diagnostic,
        }
    }

    /// Whether a part can be used.
    ///
    /// # Errors
    /// The mistake for which it cannot, or that the whole inventory has.
    pub(super) fn usable(&self, part: &Part) -> Result<(), Fault> {
        self.stopped_by(self.broken.first(part).or_else(|| self.broken.first(&Part::Everything)))
    }

    /// Whether the list of all nodes is complete.
    pub(super) fn universe_usable(&self) -> Result<(), Fault> {
        self.nodes_usable(None)
    }

    /// Whether the list of the nodes of a cluster is complete, or of all.
    ///
    /// # Errors
    /// The mistake for which it is not.
    pub fn nodes_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        self.usable(&Part::Everything)?;
        let concerns = |part: &Part| match (part, cluster) {
            (Part::Cluster(known), Some(asked)) => *known == asked,
            (Part::Cluster(_), None) => true,
            _ => false,
        };
        self.broken.find(concerns).map_or(Ok(()), |part| self.usable(part))
    }

    /// Whether it is known which node is in which cloud.
    pub(super) fn clouds_usable(&self) -> Result<(), Fault> {
        let concerns = |part: &Part| matches!(part, Part::CloudOf(_));
        self.usable(self.broken.find(concerns).unwrap_or(&Part::Clouds))
    }

    /// Whether it is known which nodes carry a tag, in a cluster or in all.
    pub(super) fn tags_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        let inside =
            |node: u32| cluster.is_none() || self.model.nodes.cluster.get(node as usize).copied() == cluster;
        self.stopped_by(self.broken.in_tags(inside))
    }

    /// Whether the tags of a node can be used.
    pub(super) fn node_tags_usable(&self, node: u32) -> Result<(), Fault> {
        self.stopped_by(self.broken.in_tags_of(node))
    }

    /// Whether the closure of an instance can be called.
    pub(super) fn closure_usable(&self, instance: u32) -> Result<(), Fault> {
        self.stopped_by(self.broken.in_closure(instance))
    }

    fn stopped_by(&self, mistake: Option<u32>) -> Result<(), Fault> {
        match mistake.and_then(|mistake| self.model.mistakes.get(mistake as usize)) {
            Some(mistake) => Err(Fault::new(mistake.diagnostic.clone())),
            None => Ok(()),
        }
    }

    /// What cannot be used.
    pub fn broken(&self) -> &Broken {
        &self.broken
    }

    /// The members of all roles, resolved when they are first needed.
    pub(super) fn resolved(self: &Arc<Loaded>) -> Result<&Resolved, Fault> {
        if let Some(resolved) = self.resolved.get() {
            return Ok(resolved);
        }
        let current = std::thread::current().id();
        let lock = || self.resolving.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if *lock() == Some(current) {
            let message = "a role's filter asks for the members of roles, which are not known yet";
            let help = "select by name, tag or another property of the machine itself";
            return Err(Fault::new(Diagnostic::error(Code::FilterCycle, message).help(help)));
        }
        let resolved = {
            *lock() = Some(current);
            let resolved = self.resolve();
            *lock() = None;
            resolved?
        };
        Ok(self.resolved.get_or_init(|| resolved))
    }

    /// # Errors
    /// That the query was stopped on the way. What one filter fails with stays with its role, and is
    /// known from then on; this says nothing of the inventory, and another query tries again.
    fn resolve(self: &Arc<Loaded>) -> Result<Resolved, Fault> {
        let view = View(Arc::clone(self));
        let mut evaluation = Evaluation::new(&view, &self.limits, Vec::new());
        let config = OnceLock::new();
        let resolved = members::resolve(&self.model, &mut |expression, cluster| {
            let result = (|| {
                let filter = evaluation.embedded(expression)?;
                let home = cluster.and_then(|cluster| self.model.clusters.get(cluster as usize));
                let Some(home) = home else {
                    let nodes = evaluation.resolve(&filter, None)?;
                    return Ok(nodes.into_iter().map(Found::Node).collect());
                };
                let config = config.get_or_init(|| collections::ValueCell::new(collections::config(self)));
                let evaluator: &mut dyn crate::value::Evaluator = &mut evaluation;
                let paths = evaluator.filter_paths(&filter, &home.name, config.get())?;
                Ok(paths
                    .into_iter()
                    .map(|path| match self.model.resolve_path(&path) {
                        Some(Target::Node(node)) => Found::Node(node),
                        _ => Found::Path(path),
                    })
                    .collect())
            })();
            result.map_err(Fault::into_diagnostic)
        });
        evaluation.stopped().map_or(Ok(resolved), Err)
    }

    /// The members of a role.
    pub(super) fn members(self: &Arc<Loaded>, instance: u32, role: u32) -> Result<&Members, Fault> {
        self.instance_usable(instance)?;
        self.usable(&Part::Role(instance, role))?;
        let declared = self.model.instances.get(instance as usize);
        if let Some(declared) = declared.and_then(|declared| declared.roles.get(role as usize))
            && declared.selections.iter().any(|selection| matches!(selection.kind, SelectionKind::Tag(_)))
        {
            self.tags_usable(None)?;
        }
        let members = self.resolved()?.role(instance, role).ok_or_else(|| records::missing("the role"))?;
        match members.errors.first() {
            Some(error) => Err(Fault::new(error.clone())),
            None => Ok(members),
        }
    }

    fn instance_usable(&self, instance: u32) -> Result<(), Fault> {
        self.usable(&Part::Instance(instance))?;
        match self.model.instances.get(instance as usize) {
            Some(instance) => self.usable(&Part::Service(instance.service)),
            None => Ok(()),
        }
    }

    /// What the selectors of an instance give, where it has any.
    pub(super) fn selector_members(self: &Arc<Loaded>, instance: u32) -> Result<Option<&Members>, Fault> {
        self.instance_usable(instance)?;
        let resolved = self.resolved()?.instances.get(instance as usize);
        let Some(members) = resolved.and_then(|instance| instance.selectors.as_ref()) else {
            return Ok(None);
        };
        match members.errors.first() {
            Some(error) => Err(Fault::new(error.clone())),
            None => Ok(Some(members)),
        }
    }

    /// The expression that a node is, by its number.
    pub(super) fn expression_at(&self, node: Node<'_>) -> Option<u32> {
        let path = node.file_value().map(|value| value.path).unwrap_or_default();
        self.expressions.get(&(node.spot().document, node.span(), path)).copied()
    }

    /// The services that a node gets, in name order, and with them those of its cluster whose selectors
    /// fail: whether it gets them is not known.
    pub(super) fn services_on(self: &Arc<Loaded>, node: u32) -> Result<Vec<u32>, Fault> {
        let resolved = self.resolved()?;
        let unplaced = self.unplaced.get_or_init(|| {
            let fails = |service: &u32| {
                let members = resolved.instances.get(*service as usize);
                let selectors = members.and_then(|members| members.selectors.as_ref());
                selectors.is_some_and(|selectors| !selectors.errors.is_empty())
            };
            let of_cluster = |services: &Vec<u32>| services.iter().copied().filter(fails).collect();
            self.services.iter().map(of_cluster).collect()
        });
        let placed = resolved.placements(&self.model).of(node).iter().map(|placement| placement.instance);
        let has_selectors = |instance: &u32| {
            let instance = self.model.instances.get(*instance as usize);
            instance.is_some_and(|instance| instance.selectors.is_some())
        };
        let mut services: Vec<u32> = placed.filter(has_selectors).collect();
        let cluster = self.model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        services.extend(unplaced.get(cluster as usize).into_iter().flatten());
        let key = |index: &u32| self.model.instances.get(*index as usize).map(|instance| &instance.name);
        services.sort_by(|a, b| key(a).cmp(&key(b)));
        services.dedup();
        Ok(services)
    }

    /// Whether the selectors of a service put it on a node. Other mistakes of the service concern those
    /// machines alone that get it.
    pub(super) fn is_placed(self: &Arc<Loaded>, instance: u32, node: u32) -> Result<bool, Fault> {
        let Some(resolved) = self.resolved()?.instances.get(instance as usize) else { return Ok(false) };
        match resolved.selectors.as_ref().and_then(|selectors| selectors.errors.first()) {
            Some(error) => Err(Fault::new(error.clone())),
            None => Ok(resolved.placed.contains(node)),
        }
    }

    pub(super) fn selector_paths(self: &Arc<Loaded>, instance: u32) -> Result<Vec<Name>, Fault> {
        let Some(members) = self.selector_members(instance)? else { return Ok(Vec::new()) };
        Ok(members
            .iter()
            .map(|member| match member {
                members::Member::Node(node) => self.model.node_path(node).into(),
                members::Member::Unknown(path) => path,
            })
            .collect())
    }

    /// All roles must be known before it can be said what a machine gets.
    fn all_resolved(self: &Arc<Loaded>) -> Result<&Resolved, Fault> {
        let resolved = self.resolved()?;
        let complete = self.complete.get_or_init(|| {
            for (index, instance) in (0..).zip(&resolved.instances) {
                let roles = 0..u32::try_from(instance.roles.len()).unwrap_or(0);
                let of_roles = roles.map(|role| self.members(index, role).map(|_| ()));
                let of_selectors = std::iter::once_with(|| self.selector_members(index).map(|_| ()));
                of_roles.chain(of_selectors).collect::<Result<(), Fault>>()?;
            }
            Ok(())
        });
        complete.clone().map(|()| resolved)
    }

    pub(super) fn placements_of(self: &Arc<Loaded>, node: u32) -> Result<std::ops::Range<u32>, Fault> {
        Ok(self.all_resolved()?.placements(&self.model).range(node))
    }

    pub(super) fn placement(self: &Arc<Loaded>, id: u32) -> Result<Option<(u32, Placement)>, Fault> {
        Ok(self.resolved()?.placements(&self.model).get(id))
    }

    pub(super) fn placement_count(self: &Arc<Loaded>) -> Result<u32, Fault> {
        let placements = self.all_resolved()?.placements(&self.model);
        Ok(u32::try_from(placements.len()).unwrap_or(u32::MAX))
    }

    /// The identifiers of the services that a node gets, sorted.
    pub(super) fn services_of(self: &Arc<Loaded>, node: u32) -> Result<Value, Fault> {
        let resolved = self.all_resolved()?;
        let services = self.model.services.iter().zip(&resolved.services);
        Ok(records::strings(
            services.filter(|(_, nodes)| nodes.contains(node)).map(|(service, _)| &service.id),
        ))
    }

    /// The checks that do not hold: those of the system itself, then invq's own that are more than hints.
    pub(super) fn checks(self: &Arc<Loaded>) -> Result<&[Check], Fault> {
        if let Some(checks) = self.checks.get() {
            return Ok(checks);
        }
        let mut checks = self.own_checks()?;
        let whole = self.broken.is_empty();
        for lint in super::lints::lints(self, whole)? {
            let Some(severity) = self.severities.of(&lint.diagnostic) else { continue };
            if severity > Severity::Hint {
                let code = lint.diagnostic.code;
                let id = format!("{}-{}", code.word(), lint.subject);
                let message = lint.diagnostic.message;
                checks.push(Check { code, id, message, severity, spot: lint.spot });
            }
        }
        Ok(self.checks.get_or_init(|| checks))
    }

    /// The checks of the system itself that do not hold.
    pub(super) fn own_checks(self: &Arc<Loaded>) -> Result<Vec<Check>, Fault> {
        let mut checks = self.model.checks.clone();
        checks.extend(super::constraints::checks(&self.model, self.resolved()?));
        Ok(checks)
    }

    /// The number of a role among all roles, and back.
    pub(super) fn role_number(&self, instance: u32, role: u32) -> u32 {
        self.first_role.get(instance as usize).copied().unwrap_or(0) + role
    }

    pub(super) fn role_of(&self, number: u32) -> (u32, u32) {
        // Instances without roles share their number with the next; the last of equals has the role.
        let after = self.first_role.partition_point(|first| *first <= number);
        let instance = after.saturating_sub(1);
        let first = self.first_role.get(instance).copied().unwrap_or(0);
        (u32::try_from(instance).unwrap_or(u32::MAX), number - first)
    }

    pub(super) fn cluster_name_of(&self, node: u32) -> Name {
        let cluster = self.model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        self.model.clusters.get(cluster as usize).map_or_else(|| "".into(), |cluster| cluster.name.clone())
    }

    pub(super) fn cluster_fqdn(&self, cluster: u32) -> Name {
        annotations::cluster_fqdn(&self.model, cluster).into()
    }

    /// Under which name an instance stands among all: its own, and with its cluster where several
    /// clusters have an instance of that name.
    pub(super) fn instance_key(&self, index: u32) -> Name {
        let Some(instance) = self.model.instances.get(index as usize) else { return "".into() };
        let alone = self.model.instances_named(&instance.name).nth(1).is_none();
        match instance.cluster.and_then(|cluster| self.model.clusters.get(cluster as usize)) {
            Some(cluster) if !alone => format!("{}/{}", cluster.name, instance.name).into(),
            _ => instance.name.clone(),
        }
    }

    /// `physical`, `virtual`, or what the inventory says.
    pub(super) fn kind(&self, node: u32) -> Name {
        let said = self.model.nodes.part(node, PartKind::Kind).and_then(|raw| self.model.node(raw));
        if let Some(kind) = said.and_then(|node| node.as_str().map(|text| Name::from(&*text))) {
            return kind;
        }
        match self.model.nodes.kind.get(node as usize) {
            Some(NodeKind::Vm) => "virtual".into(),
            _ => "physical".into(),
        }
    }

    /// The machines that have an address, by the address.
    pub(super) fn addresses(self: &Arc<Loaded>) -> &[(std::net::IpAddr, u32)] {
        self.addresses.get_or_init(|| {
            let mut all = Vec::new();
            for node in 0..u32::try_from(self.model.nodes.len()).unwrap_or(u32::MAX) {
                // A machine whose addresses cannot be read has none that could be asked for.
                let texts = self.addresses_of(node).unwrap_or_default();
                all.extend(texts.iter().filter_map(|text| text.parse().ok()).map(|address| (address, node)));
            }
            all.sort_unstable();
            all
        })
    }

    pub(crate) fn addresses_of(self: &Arc<Loaded>, node: u32) -> Result<Vec<Name>, Fault> {
        let found = self.interfaces(node)?;
        let mut addresses: Vec<Name> = Vec::new();
        for address in found.all() {
            if !addresses.iter().any(|known| **known == *address) {
                addresses.push(address.into());
            }
        }
        Ok(addresses)
    }
}
