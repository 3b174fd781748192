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
mod reach;
mod reader;
pub mod session;
mod snapshot;
mod transformations;
mod variables;
mod why;

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use roaring::RoaringBitmap;

pub use diff::{Difference, MachineChange};
pub use format::Format;
pub use load::{Input, reason};
pub use plan::{Planned, Rewritten};
pub use reach::{Link, Located, Reach};
pub use reader::{Export, READER_TYPE};
pub use session::Session;
pub use snapshot::Kept;
pub use why::{Membership, Selected};

pub use crate::dialects::edits::{Change, Edit};
pub use crate::eval::Explanation;
pub use crate::services::{Defined, Severities, Sources};

use crate::check::{self, Context};
use crate::diagnostic::Diagnostic;
use crate::eval::{Evaluation, Used};
use crate::inventory::model;
use crate::limits::{Limits, Watch};
use crate::services::{Loaded, View};
use crate::syntax::ast::{Expr, Name};
use crate::syntax::parse;
use crate::text::Source;
use crate::types::tir::Program;
use crate::types::{Named, Printer, Scheme, Type};
use crate::value::{Fault, Value};
use given::Given;

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

/// A compiled query: parsed, typed and planned once, run many times, from many threads.
pub struct Query {
    program: Arc<Program>,
    limits: Limits,
    given: Arc<Vec<Given>>,
    cluster: Option<u32>,
}

/// Names given from outside, with their types: `--arg` and `--argjson`.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Name, type and value, in the order in which they were given.
    pub values: Vec<(String, Type, serde_json::Value)>,
    /// The one cluster in which bare filters are resolved.
    pub cluster: Option<String>,
}

/// What a query evaluated to, as data that belongs to nobody.
#[derive(Clone, Debug)]
pub struct Answer {
    ty: Type,
    nodes: Option<Vec<u32>>,
    data: Option<serde_json::Value>,
    /// What its making left of the limits, for its records.
    limits: Limits,
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

/// What a query may name besides builtins and the inventory, and where it is asked.
struct Names<'n> {
    /// Names with their types.
    hosts: &'n [(Name, Scheme)],
    /// What they stand for, in the same order.
    given: Arc<Vec<Given>>,
    /// The one cluster in which bare filters are resolved.
    cluster: Option<u32>,
}

fn unknown_cluster(name: &str, model: &model::Inventory) -> Diagnostic {
    let asked =
        check::names::Asked { kind: crate::types::tir::NameKind::Cluster, name, home: None, instance: None };
    let source = Source::new("<cluster>", name);
    let whole = crate::text::Span::new(0, name.len());
    check::names::unknown(&asked, model)
        .unwrap_or_else(|| Diagnostic::error(crate::diagnostic::Code::UnknownName, "no such cluster"))
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
        use crate::eval::World;
        let mut evaluation = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        let entity = crate::value::Entity { kind: Named::Machine, id: node };
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
        let machines =
            nodes.iter().map(|node| Value::Entity(crate::value::Entity { kind: Named::Machine, id: *node }));
        evaluation.data(&Value::list(machines.collect())).map_err(Fault::into_diagnostic)
    }
}

impl Query {
    /// The type of its answer.
    pub fn ty(&self) -> &Type {
        &self.program.scheme.ty
    }

    /// The type of its answer as text.
    pub fn type_text(&self) -> String {
        Printer::default().print(&self.program.scheme.ty)
    }

    /// Whether some part of it is of a type that mentions `Any`. Where none is, running it does not fail
    /// for the type of a value or for a missing field.
    pub fn mentions_any(&self) -> bool {
        self.program.mentions_any
    }

    /// Whether it asks about an inventory: by one of its collections, or by a filter.
    pub fn asks_inventory(&self) -> bool {
        self.program.asks_inventory
    }

    /// The machines that its answer names, by their numbers: for a filter those for which it holds.
    ///
    /// # Errors
    /// As [`Query::run`]; an answer that is no filter, no machine and no list of either.
    pub fn machines(&self, inventory: &Inventory) -> Result<Vec<u32>, Diagnostic> {
        let answer = self.run(inventory)?;
        answer.nodes.ok_or_else(|| {
            let message = format!("expected a filter or machines, found `{}`", self.type_text());
            Diagnostic::error(crate::diagnostic::Code::TypeMismatch, message)
        })
    }

    /// Evaluates it to the last part.
    ///
    /// # Errors
    /// A mistake at run time, a limit, a part of the inventory that has mistakes.
    pub fn run(&self, inventory: &Inventory) -> Result<Answer, Diagnostic> {
        self.run_measured(inventory).map(|(answer, _)| answer)
    }

    /// As [`Query::run`], for a process that ends soon afterwards: the values of the evaluation stay in
    /// memory, since taking them apart is lost time then.
    ///
    /// # Errors
    /// As there.
    pub fn run_last(&self, inventory: &Inventory) -> Result<Answer, Diagnostic> {
        let mut evaluation = ManuallyDrop::new(self.evaluation(inventory));
        let answer = self.answer(&mut evaluation, inventory);
        let answer = answer.map(|(answer, value)| {
            std::mem::forget(value);
            answer
        });
        inventory.intact()?;
        answer.map_err(|fault| self.placed(fault))
    }

    /// As [`Query::run`], and what it has used.
    fn run_measured(&self, inventory: &Inventory) -> Result<(Answer, Used), Diagnostic> {
        let mut evaluation = self.evaluation(inventory);
        let answer = self.answer(&mut evaluation, inventory).map(|(answer, _value)| answer);
        let used = evaluation.used();
        drop(evaluation);
        inventory.intact()?;
        Ok((answer.map_err(|fault| self.placed(fault))?, used))
    }

    /// A run of it.
    fn evaluation<'i>(&self, inventory: &'i Inventory) -> Evaluation<'i> {
        let given = self.given.iter().map(Given::value).collect();
        Evaluation::new(&inventory.view, &self.limits, given).within(self.cluster)
    }

    /// A mistake at run time; one without a place is in the query.
    fn placed(&self, fault: Fault) -> Diagnostic {
        let diagnostic = fault.into_diagnostic();
        if !diagnostic.labels.is_empty() {
            return diagnostic;
        }
        let body = &self.program.body;
        diagnostic.at(&body.source, body.expr.span, "")
    }

    /// The answer, with the value that it comes from.
    fn answer(
        &self,
        evaluation: &mut Evaluation<'_>,
        inventory: &Inventory,
    ) -> Result<(Answer, Value), Fault> {
        let value = evaluation.run(&self.program)?;
        let nodes = self.nodes(evaluation, &value, inventory)?;
        let ty = match &self.program.scheme.ty {
            ty if nodes.is_some() && is_filter_function(ty) => Type::Filter,
            // What may be null, or be anything, is a machine.
            _ if nodes.is_some() && matches!(value, Value::Entity(_)) => Type::Named(Named::Machine),
            ty => ty.clone(),
        };
        let data = match nodes {
            Some(_) => None,
            None => Some(evaluation.data(&value)?),
        };
        Ok((Answer { ty, nodes, data, limits: evaluation.remaining() }, value))
    }

    /// The machines of an answer that is a filter, a machine or a list of either.
    fn nodes(
        &self,
        evaluation: &mut Evaluation<'_>,
        value: &Value,
        inventory: &Inventory,
    ) -> Result<Option<Vec<u32>>, Fault> {
        use crate::value::Evaluator;
        if is_filter(&self.program.scheme.ty) || matches!(value, Value::Filter(_)) {
            // A list of no filters selects nothing, whatever is wrong with the inventory.
            if matches!(value, Value::List(items) if items.is_empty()) {
                return Ok(Some(Vec::new()));
            }
            inventory.view.0.nodes_usable(self.cluster)?;
            let set: RoaringBitmap = evaluation.resolve(value, self.cluster)?;
            return Ok(Some(set.iter().collect()));
        }
        match value {
            Value::Entity(entity) if entity.kind == Named::Machine => Ok(Some(vec![entity.id])),
            Value::List(items) => {
                if element_of(&self.program.scheme.ty) != Some(&Type::Named(Named::Machine)) {
                    return Ok(None);
                }
                let mut nodes = Vec::with_capacity(items.len());
                for item in items.iter() {
                    match evaluation.force(item)? {
                        Value::Entity(entity) if entity.kind == Named::Machine => nodes.push(entity.id),
                        _ => return Ok(None),
                    }
                }
                Ok(Some(nodes))
            }
            _ => Ok(None),
        }
    }
}

/// The type of a list's elements.
fn element_of(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(element) => Some(element),
        _ => None,
    }
}

/// Whether values of this type are filters: lists of filters are, too.
fn is_filter(ty: &Type) -> bool {
    match ty {
        Type::List(element) => is_filter(element),
        ty => *ty == Type::Filter || is_filter_function(ty),
    }
}

/// Whether functions of this type are filters: `ClusterName -> ClusterConfig -> [Path]`.
fn is_filter_function(ty: &Type) -> bool {
    let Type::Function(name, rest) = ty else { return false };
    let Type::Function(_, paths) = &**rest else { return false };
    matches!(**name, Type::String | Type::Variable(_) | Type::Any) && is_path_list(paths)
}

/// Whether this is a list of paths; nested lists of them are, too.
fn is_path_list(ty: &Type) -> bool {
    match ty {
        Type::List(element) => {
            matches!(**element, Type::String | Type::Path | Type::Any) || is_path_list(element)
        }
        _ => false,
    }
}

impl Answer {
    /// Its type.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The machines, by their numbers, where it is a filter, a machine, or a list of either.
    pub fn nodes(&self) -> Option<&[u32]> {
        self.nodes.as_deref()
    }

    /// The answer as a value of the caller's own type; see [`Answer::into_data`].
    ///
    /// # Errors
    /// As there, and where the data does not fit the type.
    pub fn deserialize<T: serde::de::DeserializeOwned>(self, inventory: &Inventory) -> Result<T, Diagnostic> {
        let data = self.into_data(inventory)?;
        serde_json::from_value(data).map_err(|error| {
            Diagnostic::error(
                crate::diagnostic::Code::UnsuitableFormat,
                format!("the answer cannot be converted: {error}"),
            )
        })
    }

    /// The answer as data; machines as records, a single one as one record.
    ///
    /// # Errors
    /// Mistakes of the machines whose records are read; the limits of the query.
    pub fn into_data(self, inventory: &Inventory) -> Result<serde_json::Value, Diagnostic> {
        match (self.data, self.nodes) {
            (Some(data), _) => Ok(data),
            (None, Some(nodes)) => {
                let records = inventory.records_within(&nodes, &self.limits)?;
                match (&self.ty, records) {
                    (Type::Named(Named::Machine), serde_json::Value::Array(mut only)) => {
                        Ok(only.pop().unwrap_or(serde_json::Value::Null))
                    }
                    (_, records) => Ok(records),
                }
            }
            (None, None) => Ok(serde_json::Value::Null),
        }
    }

    /// Whether there is nothing: no machines, an empty list or set, null or false.
    pub fn is_empty(&self) -> bool {
        match (&self.nodes, &self.data) {
            (Some(nodes), _) => nodes.is_empty(),
            (None, Some(data)) => match data {
                serde_json::Value::Null | serde_json::Value::Bool(false) => true,
                serde_json::Value::Array(items) => items.is_empty(),
                serde_json::Value::Object(members) => members.is_empty(),
                serde_json::Value::String(text) => text.is_empty(),
                _ => false,
            },
            (None, None) => true,
        }
    }
}
