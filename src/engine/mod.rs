//! The public face: load an inventory, compile a query, run it many times.
//!
//! Only this module's loader touches files, and only those that the host names.

mod computed_tags;
mod configuration;
mod diff;
mod edits;
mod expression_file;
mod folder;
mod format;
mod given;
pub mod host;
mod load;
mod plan;
mod query;
mod reach;
mod reader;
pub mod session;
mod snapshot;
mod transformations;
mod variables;
mod why;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use diff::{Difference, MachineChange};
pub use format::Format;
pub use load::{Input, reason};
pub use plan::{Planned, Rewritten};
pub use query::{Answer, Query};
pub use reach::{Link, Located, Reach};
pub use reader::{Export, READER_TYPE};
pub use session::Session;
pub use snapshot::Kept;
pub use why::{Membership, Selected};

pub use crate::dialects::edits::{Change, Edit};
pub use crate::eval::Explanation;
pub use crate::services::{Defined, Severities, Sources};

use crate::check::{self, Context};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{Evaluation, World};
use crate::inventory::model;
use crate::limits::{Limits, Watch};
use crate::services::{Loaded, View};
use crate::syntax::ast::{Expr, Name};
use crate::syntax::parse;
use crate::text::{Source, Span};
use crate::types::tir::NameKind;
use crate::types::{Named, Scheme, Type};
use crate::value::{Entity, Fault, Value};
use given::Given;
use query::{Names, is_filter};

/// Compiles and runs queries under its limits.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    limits: Limits,
    severities: Severities,
    dialect: Option<model::Dialect>,
    working_folder: Option<PathBuf>,
    reader: Option<PathBuf>,
    host: Arc<host::Host>,
}

/// A loaded inventory; cheap to clone, shared between threads.
#[derive(Clone)]
pub struct Inventory {
    view: View,
    origin: Origin,
    /// Whether what a snapshot has left for later cannot be read any more.
    lost: Option<Arc<AtomicBool>>,
}

/// What an inventory was read from, so that it can be read again with changes.
#[derive(Clone, Default)]
struct Origin {
    /// The documents that say what there is, by number.
    documents: Vec<u32>,
    /// What was found beside them.
    beside: variables::Known,
}

/// Names given from outside, with their types: `--arg` and `--argjson`.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Name, type and value, in the order in which they were given.
    pub values: Vec<(String, Type, serde_json::Value)>,
    /// The one cluster in which bare filters are resolved.
    pub cluster: Option<String>,
}

impl Engine {
    /// An engine with these limits.
    pub fn new(limits: Limits) -> Engine {
        Engine { limits, ..Engine::default() }
    }

    /// The same engine with other severities for the mistakes of inventories.
    #[must_use]
    pub fn with_severities(mut self, severities: Severities) -> Engine {
        self.severities = severities;
        self
    }

    /// The same engine, which reads every document as this dialect's instead of looking at its keys.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Option<model::Dialect>) -> Engine {
        self.dialect = dialect;
        self
    }

    /// The same engine, for which Ansible's files of variables (`group_vars`, `host_vars`) in this folder win
    /// over those beside the inventory, as those of the working directory do in Ansible. Without it only
    /// those beside the inventory count.
    #[must_use]
    pub fn with_working_folder(mut self, folder: Option<PathBuf>) -> Engine {
        self.working_folder = folder;
        self
    }

    /// The same engine, for which the function in this file makes the inventories of the documents that it loads
    /// from paths ([`READER_TYPE`]).
    #[must_use]
    pub fn with_reader(mut self, reader: Option<PathBuf>) -> Engine {
        self.reader = reader;
        self
    }

    /// The file with the reader, where there is one.
    pub fn reader(&self) -> Option<&Path> {
        self.reader.as_deref()
    }

    /// Parses, types and plans a query.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn compile(&self, text: &str, inventory: &Inventory) -> Result<Query, Vec<Diagnostic>> {
        self.compile_source(&Source::new("<query>", text), inventory, &Arguments::default())
    }

    /// Parses, types and plans a query from a source of its own, with names given from outside.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn compile_source(
        &self,
        source: &Arc<Source>,
        inventory: &Inventory,
        arguments: &Arguments,
    ) -> Result<Query, Vec<Diagnostic>> {
        let model = inventory.model();
        let cluster = match &arguments.cluster {
            None => None,
            Some(name) => match model.find_cluster(name) {
                Some(cluster) => Some(cluster),
                None => return Err(vec![unknown_cluster(name, model)]),
            },
        };
        let watch = Watch::new(&self.limits);
        let expr = parse::expression_watched(source, &self.limits, &watch);
        let expr = expr.map_err(|diagnostic| vec![diagnostic])?;
        let hosts: Vec<(Name, Scheme)> = arguments
            .values
            .iter()
            .map(|(name, ty, _)| (Name::from(name.as_str()), Scheme::plain(ty.clone())))
            .collect();
        let given = arguments.values.iter().map(|(_, _, value)| Given::data(value.clone())).collect();
        let names = Names { hosts: &hosts, given: Arc::new(given), cluster };
        self.compile_expression(source, &expr, inventory, names, &watch)
    }

    /// Types and plans a query that has been parsed.
    fn compile_expression(
        &self,
        source: &Arc<Source>,
        expr: &Expr,
        inventory: &Inventory,
        names: Names<'_>,
        watch: &Watch,
    ) -> Result<Query, Vec<Diagnostic>> {
        let model = inventory.model();
        let filters: Vec<Name> = model.filters.iter().map(|filter| filter.name.clone()).collect();
        let hosts = self.host.names(names.hosts);
        let context = Context {
            inventory: Some(model),
            cluster: names.cluster,
            hosts: &hosts,
            types: self.host.types(),
            filters: &filters,
            watch: Some(watch),
            ..Context::default()
        };
        let program = check::program(source, expr, None, &context)?;
        let unknown = check::names::check(&program.names, source, model, names.cluster);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        Ok(Query {
            program: Arc::new(program),
            limits: self.limits.clone(),
            given: self.host.given(names.given),
            cluster: names.cluster,
        })
    }
}

fn unknown_cluster(name: &str, model: &model::Inventory) -> Diagnostic {
    let asked = check::names::Asked { kind: NameKind::Cluster, name, home: None, instance: None };
    let source = Source::new("<cluster>", name);
    let whole = Span::new(0, name.len());
    check::names::unknown(&asked, model)
        .unwrap_or_else(|| Diagnostic::error(Code::UnknownName, "no such cluster"))
        .at(&source, whole, "not in the inventory")
}

impl Inventory {
    fn new(loaded: Loaded) -> Inventory {
        Inventory { view: View(Arc::new(loaded)), origin: Origin::default(), lost: None }
    }

    /// The model.
    pub fn model(&self) -> &model::Inventory {
        &self.view.0.model
    }

    /// A machine's name, by its number, as [`Query::machines`] gives it.
    pub fn machine_name(&self, machine: u32) -> &str {
        self.model().nodes.name(machine)
    }

    /// A machine's full name in the network, by its number.
    ///
    /// # Errors
    /// Modules of the machine that contradict each other, or fail.
    pub fn machine_fqdn(&self, machine: u32) -> Result<String, Diagnostic> {
        self.view.0.host(machine).map(|host| host.fqdn).map_err(Fault::into_diagnostic)
    }

    /// A machine's platform, by its number, where the inventory says one.
    ///
    /// # Errors
    /// As [`Inventory::machine_fqdn`].
    pub fn machine_platform(&self, machine: u32) -> Result<Option<String>, Diagnostic> {
        let platform = self.view.0.system(machine);
        platform.map(|platform| platform.map(|name| name.to_string())).map_err(Fault::into_diagnostic)
    }

    /// A machine's addresses, by its number: those of all its interfaces, each once.
    ///
    /// # Errors
    /// As [`Inventory::machine_fqdn`].
    pub fn machine_addresses(&self, machine: u32) -> Result<Vec<String>, Diagnostic> {
        let addresses = self.view.0.addresses_of(machine);
        let texts = |found: Vec<Name>| found.iter().map(|address| address.to_string()).collect();
        addresses.map(texts).map_err(Fault::into_diagnostic)
    }

    /// The mistakes of the inventory, with the parts that they make unusable.
    pub fn mistakes(&self) -> &[model::Mistake] {
        &self.model().mistakes
    }

    /// How many of them are errors, and how many warnings.
    pub fn mistake_counts(&self) -> (usize, usize) {
        self.view.0.broken().counts()
    }

    /// Every mistake: those that reading the inventory has shown, and those that show when filters are
    /// resolved, configuration is merged and the system's own checks are made.
    pub fn check(&self) -> Vec<Diagnostic> {
        let known = self.mistakes().iter().map(|mistake| mistake.diagnostic.clone());
        known.chain(self.view.0.problems()).collect()
    }

    /// A field of a machine as data, such as its domain name.
    ///
    /// # Errors
    /// The machine's mistakes.
    pub fn machine_field(&self, node: u32, field: &str) -> Result<serde_json::Value, Diagnostic> {
        let mut evaluation = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        let entity = Entity { kind: Named::Machine, id: node };
        let value = self.view.entity_field(entity, field).map_err(Fault::into_diagnostic)?;
        evaluation.data(&value.unwrap_or(Value::Null)).map_err(Fault::into_diagnostic)
    }

    /// Machines as records, evaluated to the last part.
    ///
    /// # Errors
    /// The machines' mistakes.
    pub fn machine_records(&self, nodes: &[u32]) -> Result<serde_json::Value, Diagnostic> {
        self.records_within(nodes, &self.view.0.limits)
    }

    fn records_within(&self, nodes: &[u32], limits: &Limits) -> Result<serde_json::Value, Diagnostic> {
        let mut evaluation = Evaluation::new(&self.view, limits, Vec::new());
        let machines = nodes.iter().map(|node| Value::Entity(Entity { kind: Named::Machine, id: *node }));
        evaluation.data(&Value::list(machines.collect())).map_err(Fault::into_diagnostic)
    }
}
