//! A loaded inventory: the model, its expressions ready to run, and what is computed from both once.

mod membership;
mod usable;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::ThreadId;

pub use self::membership::Unknown;
use super::broken::Broken;
use super::configuration::{Annotated, Known};
use super::members::Resolved;
use super::written;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::dialects::clusterconfig::annotations;
use crate::inventory::document::Node;
use crate::inventory::model::{Check, EmbeddedRole, Inventory, Mistake, NodeKind, PartKind, Spot};
use crate::limits::Limits;
use crate::text::{Deferred, Span};
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

    /// Gives mistakes their severities, and takes out those that are allowed.
    pub fn apply(&self, mistakes: &mut Vec<Mistake>) {
        mistakes.retain_mut(|mistake| match self.of(&mistake.diagnostic) {
            Some(severity) => {
                mistake.diagnostic.severity = severity;
                true
            }
            None => false,
        });
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
    pub model: Arc<Inventory>,
    /// For each expression of the model, ready to run; nothing where it has mistakes.
    pub(in crate::services) programs: Vec<Option<Arc<Program>>>,
    /// The expression files, by document.
    pub(in crate::services) files: HashMap<u32, Arc<Program>>,
    /// What cannot be used.
    broken: Broken,
    /// The inventory as it was before its transformations, where it has any.
    pub(in crate::services) before: Option<Arc<Loaded>>,
    /// The limits of what is evaluated in it.
    pub limits: Limits,
    pub(in crate::services) severities: Severities,
    resolved: OnceLock<Resolved>,
    /// The roles whose members are not known.
    unknown: OnceLock<Vec<Unknown>>,
    /// The thread that is resolving the services now.
    resolving: Mutex<Option<ThreadId>>,
    addresses: OnceLock<Vec<(std::net::IpAddr, u32)>>,
    pub(in crate::services) clouds: OnceLock<crate::services::clouds::Clouds>,
    pub(in crate::services) operations: OnceLock<crate::services::operations::Index>,
    checks: OnceLock<Vec<Check>>,
    /// The final configurations of machines.
    pub(in crate::services) configurations: Known,
    /// Machines whose annotations need an evaluation.
    pub(in crate::services) annotated: Annotated,
    /// Where closures write the parts of what they give.
    pub(in crate::services) written: written::Known,
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
        severities.apply(&mut model.mistakes);
        let broken = Broken::new(&model);
        Loaded::whole(Arc::new(model), programs, files, broken, (severities, limits))
    }

    /// The same, in which machines, clusters and the inventory as a whole can be used in spite of their mistakes;
    /// nothing where they have none.
    pub(in crate::services) fn in_spite_of_mistakes(&self) -> Option<Loaded> {
        let broken = self.broken.of_services()?;
        let (model, programs) = (Arc::clone(&self.model), self.programs.clone());
        let settings = (&self.severities, &self.limits);
        let loaded = Loaded::whole(model, programs, self.files.clone(), broken, settings);
        Some(loaded.with_before(self.before.clone()))
    }

    /// Puts together what a snapshot has kept of an inventory without expression files and transformations.
    pub fn kept(
        model: Inventory,
        programs: Vec<Option<Arc<Program>>>,
        broken: Broken,
        limits: &Limits,
    ) -> Loaded {
        Loaded::whole(Arc::new(model), programs, HashMap::new(), broken, (&Severities::default(), limits))
    }

    fn whole(
        model: Arc<Inventory>,
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
            unknown: OnceLock::new(),
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

    /// Lets go of the mistakes, which are found again where somebody looks at them.
    pub fn find_mistakes_again(&mut self, find: impl Fn() -> Vec<Mistake> + Send + Sync + 'static) {
        if let Some(model) = Arc::get_mut(&mut self.model) {
            model.mistakes = Deferred::new(find);
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
        crate::services::settings::settings_of(self, node)
    }

    /// The same, with what it was before its transformations.
    #[must_use]
    pub fn with_before(mut self, before: Option<Arc<Loaded>>) -> Loaded {
        self.before = before;
        self
    }

    /// Everything that is wrong beyond the mistakes of the model: what queries would stumble upon.
    pub fn problems(self: &Arc<Loaded>) -> Vec<Diagnostic> {
        crate::services::problems::problems(self)
    }

    /// A mistake with its place in the inventory, where it has none yet.
    pub(in crate::services) fn placed(&self, diagnostic: Diagnostic, spot: Option<Spot>) -> Diagnostic {
        let document = spot.and_then(|spot| self.model.documents.get(spot.document as usize));
        match (document, spot) {
            (Some(document), Some(spot)) if diagnostic.labels.is_empty() => {
                diagnostic.at(&document.source, spot.span, "")
            }
            _ => diagnostic,
        }
    }

    /// The expression that a node is, by its number.
    pub(in crate::services) fn expression_at(&self, node: Node<'_>) -> Option<u32> {
        let path = node.file_value().map(|value| value.path).unwrap_or_default();
        self.expressions.get(&(node.spot().document, node.span(), path)).copied()
    }

    /// The number of a role among all roles, and back.
    pub(in crate::services) fn role_number(&self, instance: u32, role: u32) -> u32 {
        self.first_role.get(instance as usize).copied().unwrap_or(0) + role
    }

    pub(in crate::services) fn role_of(&self, number: u32) -> (u32, u32) {
        // Instances without roles share their number with the next; the last of equals has the role.
        let after = self.first_role.partition_point(|first| *first <= number);
        let instance = after.saturating_sub(1);
        let first = self.first_role.get(instance).copied().unwrap_or(0);
        (u32::try_from(instance).unwrap_or(u32::MAX), number - first)
    }

    pub(in crate::services) fn cluster_name_of(&self, node: u32) -> Name {
        let cluster = self.model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        self.model.clusters.get(cluster as usize).map_or_else(|| "".into(), |cluster| cluster.name.clone())
    }

    pub(in crate::services) fn cluster_fqdn(&self, cluster: u32) -> Name {
        annotations::cluster_fqdn(&self.model, cluster).into()
    }

    /// Under which name an instance stands among all: its own, and with its cluster where several
    /// clusters have an instance of that name.
    pub(crate) fn instance_key(&self, index: u32) -> Name {
        let Some(instance) = self.model.instances.get(index as usize) else { return "".into() };
        let alone = self.model.instances_named(&instance.name).nth(1).is_none();
        match instance.cluster.and_then(|cluster| self.model.clusters.get(cluster as usize)) {
            Some(cluster) if !alone => format!("{}/{}", cluster.name, instance.name).into(),
            _ => instance.name.clone(),
        }
    }

    /// `physical`, `virtual`, or what the inventory says.
    pub(in crate::services) fn kind(&self, node: u32) -> Name {
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
    pub(in crate::services) fn addresses(self: &Arc<Loaded>) -> &[(std::net::IpAddr, u32)] {
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
