//! The final configuration of a machine: ClusterConfig's evaluation, over the part that is pure data.
//!
//! The steps are those of upstream. A machine is annotated from its own modules first; then come its
//! final modules, which are merged into one configuration:
//!
//! 1. for each service that selects the machine, in the order of their names, `extraConfig` and what the
//!    service's closure gives for this machine;
//! 2. its names and platform, the users of its cluster, its own users;
//! 3. its own modules.
//!
//! Closures see annotations only, never what other services add.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::functions::Function;
use super::loaded::Loaded;
use super::{arguments, computed};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::{annotations, base, names};
use crate::inventory::document::{Document, Kind, Node};
use crate::inventory::model::{Dialect, Instance, Part};
use crate::modules::{self, Merged, options};
use crate::text::{Source, Span, quoted};
use crate::value::{Evaluator, Fault, Kept, Value, from_json};

/// How many bytes of configurations are kept for later queries.
const KEPT_BYTES: usize = 64 << 20;

/// The configurations that are known, for all queries and threads.
#[derive(Default)]
pub(super) struct Known(Mutex<Configurations>);

#[derive(Default)]
struct Configurations {
    by_node: HashMap<u32, Arc<Merged>>,
    bytes: usize,
}

impl Known {
    fn get(&self, node: u32) -> Option<Arc<Merged>> {
        let known = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        known.by_node.get(&node).map(Arc::clone)
    }

    /// Keeps a configuration where there is room for it. Failures of an evaluation are not kept: another
    /// one may have other limits.
    fn keep(&self, node: u32, merged: &Arc<Merged>) {
        let bytes = bytes(merged);
        let mut known = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if known.bytes + bytes <= KEPT_BYTES && known.by_node.insert(node, Arc::clone(merged)).is_none() {
            known.bytes += bytes;
        }
    }
}

/// About how much memory a configuration takes.
fn bytes(merged: &Merged) -> usize {
    const EACH: usize = 64;
    match merged {
        Merged::Leaf(value) => json_bytes(value),
        Merged::Set(members) => {
            let members = members.iter();
            EACH + members.map(|(name, member)| EACH + name.len() + grow(|| bytes(member))).sum::<usize>()
        }
        Merged::Failed(failure) => EACH + failure.message.len(),
    }
}

fn json_bytes(value: &serde_json::Value) -> usize {
    const EACH: usize = 32;
    EACH + match value {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(items) => items.iter().map(|item| grow(|| json_bytes(item))).sum(),
        serde_json::Value::Object(members) => {
            members.iter().map(|(name, member)| name.len() + EACH + grow(|| json_bytes(member))).sum()
        }
        _ => 0,
    }
}

/// Grows the stack where nesting needs it.
fn grow<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, walk)
}

/// The configuration of a node as a value; an option that failed fails when it is looked at.
pub(super) fn value(loaded: &Arc<Loaded>, node: u32) -> Value {
    let loaded = Arc::clone(loaded);
    Value::lazy(move |evaluator| {
        let merged = match loaded.configurations.get(node) {
            Some(known) => known,
            None => {
                let merged = Arc::new(configuration(&loaded, node, evaluator)?);
                loaded.configurations.keep(node, &merged);
                merged
            }
        };
        Ok(merged_value(&merged))
    })
}

fn merged_value(merged: &Merged) -> Value {
    match merged {
        Merged::Leaf(value) => from_json(value),
        Merged::Set(members) => {
            Value::attrs(members.iter().map(|(name, member)| (name.as_str(), grow(|| merged_value(member)))))
        }
        Merged::Failed(failure) => {
            let failure = failure.clone();
            Value::lazy(move |_| Err(Fault::new(*failure)))
        }
    }
}

/// A module of a machine.
enum Module<'d> {
    /// As it stands in the inventory.
    Written(Node<'d>),
    /// What a closure gave, or every machine has.
    Made(Document),
    /// A function of the configuration.
    Function(Function),
}

/// How often functions are called at most until the configuration must stay as it is.
const ROUNDS: usize = 32;

/// Merges all modules of a node.
///
/// # Errors
/// Services of its cluster whose selectors fail, closures that fail, and modules that are none.
pub(super) fn configuration(
    loaded: &Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Merged, Fault> {
    let mut modules = service_modules(loaded, node, evaluator)?;
    modules.extend(base::modules(&loaded.model, node).into_iter().map(Module::Made));
    for own in annotations::own_modules(&loaded.model, node) {
        modules.extend(written(loaded, own, evaluator)?);
    }
    let functions = modules.iter().filter(|module| matches!(module, Module::Function(_))).count();
    // What the functions gave last; first nothing.
    let mut given: Vec<Option<Document>> = Vec::new();
    given.resize_with(functions, || None);
    let mut merged = merged(loaded, node, &modules, &given)?;
    if functions == 0 {
        return Ok(merged);
    }
    for _ in 0..ROUNDS {
        let config = merged_value(&merged);
        let mut left_out = None;
        given.clear();
        for module in &modules {
            if let Module::Function(function) = module {
                let (document, fault) = function.call(evaluator, &config)?;
                left_out = left_out.or(fault);
                given.push(document);
            }
        }
        let next = self::merged(loaded, node, &modules, &given)?;
        if next.is_like(&merged) {
            return left_out.map_or(Ok(next), Err);
        }
        merged = next;
    }
    let message =
        "the modules of the machine, called with the configuration that they give, change it every time";
    let help = "let an option depend on others than itself";
    let diagnostic = Diagnostic::error(Code::InfiniteRecursion, message).help(help);
    Err(Fault::new(loaded.placed(diagnostic, loaded.model.nodes.spot.get(node as usize).copied())))
}

/// The configuration that the modules give, with these results of the functions among them.
fn merged(
    loaded: &Loaded,
    node: u32,
    modules: &[Module<'_>],
    given: &[Option<Document>],
) -> Result<Merged, Fault> {
    let mut given = given.iter();
    let nodes = modules.iter().filter_map(|module| match module {
        Module::Written(node) => Some(*node),
        Module::Made(document) => Some(document.root()),
        Module::Function(_) => given.next()?.as_ref().map(Document::root),
    });
    let merged = modules::configuration(&modules::flatten(nodes), options::MACHINE);
    let mut merged = merged.map_err(|failure| Fault::new(*failure))?;
    if loaded.model.dialects.contains(&Dialect::ClusterConfig) {
        merged.fill(options::MACHINE);
    }
    finish_names(loaded, node, &mut merged);
    Ok(merged)
}

/// A module as it stands in the inventory; nothing where it is a function that takes more than there is.
fn written<'d>(
    loaded: &'d Arc<Loaded>,
    module: Node<'d>,
    evaluator: &mut dyn Evaluator,
) -> Result<Option<Module<'d>>, Fault> {
    if module.kind() == Kind::Object {
        return Ok(Some(Module::Written(module)));
    }
    let Some(expression) = loaded.module_expression(module) else { return Ok(None) };
    let value = evaluator.embedded(expression)?;
    made(loaded, evaluator, value, expression)
}

/// What an expression of the inventory gave, as a module.
fn made(
    loaded: &Loaded,
    evaluator: &mut dyn Evaluator,
    value: Value,
    expression: u32,
) -> Result<Option<Module<'static>>, Fault> {
    let (source, span) = place(loaded, expression);
    let value = evaluator.force(&value)?;
    if let Value::Closure(_) | Value::Builtin(_) = value {
        let function = Function { value, source, span };
        return Ok(function.is_pure().then_some(Module::Function(function)));
    }
    Ok(Some(Module::Made(computed::document(evaluator, &value, &source, span)?)))
}

/// The host name must be one, and gives the full name with the domain.
fn finish_names(loaded: &Loaded, node: u32, merged: &mut Merged) {
    let spot = loaded.model.nodes.spot.get(node as usize).copied();
    let text = |merged: &Merged, name: &str| match merged.get(&["networking", name]) {
        Some(Merged::Leaf(serde_json::Value::String(text))) => Ok(text.clone()),
        Some(Merged::Failed(failure)) => Err(failure.clone()),
        _ => Ok(String::new()),
    };
    let name = text(merged, "hostName").and_then(|name| match names::host_problem(&name) {
        Some(problem) => {
            let message = format!("expected a host name, found {problem}: {}", quoted(&name));
            let diagnostic = Diagnostic::error(Code::InvalidName, message);
            Err(Box::new(loaded.placed(diagnostic, spot)))
        }
        None => Ok(name),
    });
    if let Err(failure) = &name {
        merged.insert(&["networking", "hostName"], Merged::Failed(failure.clone()));
    }
    if merged.get(&["networking", "fqdn"]).is_none() {
        let domain = text(merged, "domain");
        let fqdn = name.and_then(|name| Ok(format!("{name}.{}", domain?)));
        let fqdn = fqdn.map_or_else(Merged::Failed, |fqdn| Merged::Leaf(fqdn.into()));
        merged.insert(&["networking", "fqdn"], fqdn);
    }
}

/// The modules of the services that select a node, in the order of their names.
fn service_modules<'d>(
    loaded: &'d Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Vec<Module<'d>>, Fault> {
    let mut modules = Vec::new();
    let cluster = loaded.model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    for index in loaded.services_in(cluster) {
        modules.extend(modules_of_service(loaded, *index, node, evaluator)?);
    }
    Ok(modules)
}

/// The modules of one service for a node; none where the service is not put on it.
fn modules_of_service<'d>(
    loaded: &'d Arc<Loaded>,
    index: u32,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Vec<Module<'d>>, Fault> {
    let mut modules = Vec::new();
    let Some(instance) = loaded.model.instances.get(index as usize) else { return Ok(modules) };
    if !loaded.is_placed(index, node)? {
        return Ok(modules);
    }
    loaded.usable(&Part::Instance(index))?;
    loaded.closure_usable(index)?;
    let extra_config = instance.extra_config.and_then(|raw| loaded.model.node(raw));
    if let Some(extra_config) = extra_config {
        modules.extend(written(loaded, extra_config, evaluator)?);
    }
    let made = definition(loaded, instance, index, node, evaluator);
    modules.extend(made.map_err(|fault| told(loaded, fault, instance, node))?);
    Ok(modules)
}

/// What fails of the services and modules of a node, each looked at for itself: [`configuration`] stops
/// at the first.
pub(super) fn failures(loaded: &Arc<Loaded>, node: u32, evaluator: &mut dyn Evaluator) -> Vec<Fault> {
    let cluster = loaded.model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
    let services = loaded.services_in(cluster).iter();
    let services = services.filter_map(|index| modules_of_service(loaded, *index, node, evaluator).err());
    let mut found: Vec<Fault> = services.collect();
    let own = annotations::own_modules(&loaded.model, node);
    found.extend(own.filter_map(|own| written(loaded, own, evaluator).err()));
    found
}

/// What the closure of a service gives on a machine.
fn definition(
    loaded: &Arc<Loaded>,
    instance: &Instance,
    index: u32,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Option<Module<'static>>, Fault> {
    let Some(expression) = instance.definition else { return Ok(None) };
    let closure = match evaluator.kept(Kept::Expression(expression)) {
        Some(closure) => closure,
        None => {
            let closure = evaluator.embedded(expression)?;
            evaluator.keep(Kept::Expression(expression), closure.clone());
            closure
        }
    };
    let arguments = arguments::arguments(loaded, evaluator, &closure, index, node)?;
    let value = evaluator.call(&closure, &[arguments])?;
    made(loaded, evaluator, value, expression)
}

/// Where an expression of the inventory stands.
fn place(loaded: &Loaded, expression: u32) -> (Arc<Source>, Span) {
    match loaded.model.expressions.get(expression as usize) {
        Some(embedded) if embedded.value.is_none() => {
            let source = Arc::clone(&embedded.source);
            let span = Span::new(0, source.text().len());
            (source, span)
        }
        Some(embedded) => (Arc::clone(&embedded.source), embedded.spot.span),
        None => (Source::new("", ""), Span::default()),
    }
}

/// A fault of a closure, with the machine for which it was called.
fn told(loaded: &Loaded, fault: Fault, instance: &Instance, node: u32) -> Fault {
    let spot = loaded.model.nodes.spot.get(node as usize);
    let mut diagnostic = loaded.placed(fault.into_diagnostic(), instance.spot);
    if let Some(spot) = spot
        && let Some(document) = loaded.model.documents.get(spot.document as usize)
    {
        let message = format!("while {} configured this machine", quoted(&instance.name));
        diagnostic = diagnostic.at(&document.source, spot.span, message);
    }
    Fault::new(diagnostic)
}
