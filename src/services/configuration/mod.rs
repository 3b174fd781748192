//! The final configuration of a machine: ClusterConfig's evaluation, over the part that is pure data.
//!
//! The steps are those of upstream. A machine is annotated from its own modules first; then come its
//! final modules, which are merged into one configuration:
//!
//! 1. for each service that selects the machine, in the order of their names, `extraConfig` and what the
//!    service's closure gives for this machine;
//! 2. its names and platform, the users of its cluster, its own users;
//! 3. its own modules;
//! 4. in a Clan, the pieces of `config` that its older services write.
//!
//! Closures see annotations only, never what other services add.

mod annotated;
mod listed;
pub(super) mod sources;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

pub(super) use annotated::Annotated;
use listed::{By, Flat, Listed, Module};

use super::computed::{Made, Origin};
use super::fragments::fragments;
use super::functions::Function;
use super::loaded::Loaded;
use super::{arguments, computed};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::{annotations, base, names};
use crate::inventory::document::{Kind, Node, Notation};
use crate::inventory::model::{Dialect, Instance, Part};
use crate::modules::{self, Merged, options};
use crate::text::{Source, Span, quoted};
use crate::value::{Evaluator, Fault, Kept, List, Name, Step, Value, from_json};

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

/// How often functions are called at most until the configuration must stay as it is.
const ROUNDS: usize = 32;

/// All modules of a machine, and the configuration that they give.
pub(super) struct Settled<'d> {
    modules: Vec<Listed<'d>>,
    pub(super) merged: Merged,
    /// Why functions among the modules, or parts of what they give, fail.
    left_out: Vec<Fault>,
}

impl<'d> Settled<'d> {
    /// It, where nothing of it fails.
    fn whole(mut self) -> Result<Settled<'d>, Fault> {
        if self.left_out.is_empty() { Ok(self) } else { Err(self.left_out.swap_remove(0)) }
    }
}

/// Merges all modules of a node.
///
/// # Errors
/// Services of its cluster whose selectors fail, closures that fail, and modules that are none.
pub(super) fn configuration(
    loaded: &Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Merged, Fault> {
    let mut faults = Vec::new();
    let modules = final_modules(loaded, node, evaluator, &mut faults)?;
    match faults.into_iter().next() {
        Some(fault) => Err(fault),
        None => Ok(settle(loaded, node, modules, evaluator)?.whole()?.merged),
    }
}

/// Everything that fails in the configuration of a node: services, and options that contradict each other.
///
/// # Errors
/// What stops the evaluation, and modules that are none.
pub(super) fn failures(
    loaded: &Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Vec<Diagnostic>, Fault> {
    let mut faults = Vec::new();
    let mut modules = final_modules(loaded, node, evaluator, &mut faults)?;
    let settled = match settle(loaded, node, modules.clone(), evaluator) {
        Err(fault) if !computed::ends(&fault) => {
            // One module that is none hides nothing of the others.
            let before = faults.len();
            modules.retain(|module| match settle(loaded, node, vec![module.clone()], evaluator) {
                Err(fault) => {
                    faults.push(fault);
                    false
                }
                Ok(_) => true,
            });
            if faults.len() == before {
                faults.push(fault);
                modules.clear();
            }
            settle(loaded, node, modules, evaluator)?
        }
        settled => settled?,
    };
    let mut failures = Vec::new();
    settled.merged.failures(&mut failures);
    let faults = faults.into_iter().chain(settled.left_out).map(Fault::into_diagnostic);
    Ok(faults.chain(failures.into_iter().map(|failure| *failure)).collect())
}

/// The modules of a node's final configuration, in their order.
fn final_modules<'d>(
    loaded: &'d Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Listed<'d>>, Fault> {
    let mut modules = service_modules(loaded, node, evaluator, faults)?;
    modules.extend(first_modules(loaded, node, evaluator)?);
    match older_modules(loaded, node) {
        Ok(found) => modules.extend(found),
        Err(fault) => faults.push(fault),
    }
    if !loaded.is_transformed(Step::Module) {
        return Ok(modules);
    }
    let of_services = loaded.module_values(evaluator, node, true)?;
    let own = loaded.module_values(evaluator, node, false)?;
    let known: Vec<&Value> = of_services.iter().chain(own.iter()).collect();
    let mut staged = Vec::new();
    for value in loaded.staged_modules(evaluator, node)? {
        let value = evaluator.force(&value)?;
        // What transformations leave as it is keeps its places.
        let listed = known.iter().position(|known| is_same(known, &value)).and_then(|at| modules.get(at));
        if let Some(listed) = listed {
            staged.push(listed.clone());
            continue;
        }
        let step = loaded.transformations(Step::Module).last();
        let origin = step.map(|transformation| loaded.origin(transformation.expression));
        let origin = origin.unwrap_or_else(|| loaded.origin(u32::MAX));
        let module = made(loaded, evaluator, value, origin)?;
        staged.extend(module.map(|module| Listed { module, by: By::Transformation }));
    }
    Ok(staged)
}

/// Whether two modules are one and the same value.
fn is_same(known: &Value, value: &Value) -> bool {
    match (known, value) {
        (Value::Attrs(known), Value::Attrs(value)) => known.is_same(value),
        (Value::Closure(known), Value::Closure(value)) => Rc::ptr_eq(known, value),
        _ => false,
    }
}

impl Loaded {
    /// The modules that a node gets from its services, or its others, as values; made once in a run.
    ///
    /// # Errors
    /// What stops the evaluation; services that fail give no modules.
    pub(super) fn module_values(
        self: &Arc<Loaded>,
        evaluator: &mut dyn Evaluator,
        node: u32,
        of_services: bool,
    ) -> Result<List, Fault> {
        let key = if of_services { Kept::ServiceModules(node) } else { Kept::FirstModules(node) };
        if let Some(Value::List(known)) = evaluator.kept(key) {
            return Ok(known);
        }
        let listed = match of_services {
            true => service_modules(self, node, evaluator, &mut Vec::new())?,
            false => first_modules(self, node, evaluator)?,
        };
        let values = listed.iter().map(|listed| match &listed.module {
            Module::Function(function) => function.value.clone(),
            module => module.node().map_or(Value::Null, Node::to_value),
        });
        let values = List::new(values.collect());
        evaluator.keep(key, Value::List(values.clone()));
        Ok(values)
    }
}

/// The modules by which a node is annotated: without those of services.
fn first_modules<'d>(
    loaded: &'d Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
) -> Result<Vec<Listed<'d>>, Fault> {
    let made = base::modules(&loaded.model, node).into_iter();
    let mut modules: Vec<Listed<'d>> = made
        .map(|(said, document)| {
            let by = match said {
                base::Said::Names => By::Names,
                base::Said::ClusterUsers => By::ClusterUsers,
                base::Said::Users => By::Users,
            };
            Listed { module: Module::made(Made::data(document)), by }
        })
        .collect();
    for own in annotations::own_modules(&loaded.model, node) {
        let module = written(loaded, own, evaluator)?;
        modules.extend(module.map(|module| Listed { module, by: By::Machine }));
    }
    Ok(modules)
}

/// What Clan's older services write for a node: the pieces of their `config`, below `clan.<module>`.
///
/// # Errors
/// Services of which it is not known whom they put where.
fn older_modules<'d>(loaded: &'d Arc<Loaded>, node: u32) -> Result<Vec<Listed<'d>>, Fault> {
    let model = &loaded.model;
    let is_clan = model.dialects.contains(&Dialect::Clan);
    if !is_clan || model.instances.iter().all(|instance| instance.key.is_none()) {
        return Ok(Vec::new());
    }
    let is_older = |index: u32| model.instances.get(index as usize).is_some_and(|one| one.key.is_some());
    if let Some(unknown) = loaded.unknown()?.iter().find(|unknown| is_older(unknown.instance)) {
        return Err(unknown.fault.clone());
    }
    let mut modules = Vec::new();
    for fragments in fragments(model, loaded.resolved()?, node) {
        let Some(instance) = model.instances.get(fragments.instance as usize) else { continue };
        let Some(service) = model.services.get(instance.service as usize) else { continue };
        // Lists come in the reversed order of the modules, and those of one instance in that of its pieces.
        for piece in fragments.pieces.iter().flatten().rev().filter_map(|raw| model.node(*raw)) {
            let document = base::below(piece, &["clan", &service.name]);
            let by = By::Instance(Name::clone(&instance.name));
            modules.push(Listed { module: Module::made(Made::data(document)), by });
        }
    }
    Ok(modules)
}

/// Calls the functions among the modules until the configuration stays as it is.
fn settle<'d>(
    loaded: &'d Arc<Loaded>,
    node: u32,
    modules: Vec<Listed<'d>>,
    evaluator: &mut dyn Evaluator,
) -> Result<Settled<'d>, Fault> {
    let flat = listed::flatten(loaded, evaluator, &modules, None)?;
    let mut merged = merged(loaded, node, &flat)?;
    if !flat.has_functions {
        return Ok(Settled { modules: flat.modules, merged, left_out: Vec::new() });
    }
    for _ in 0..ROUNDS {
        let config = merged_value(&merged);
        let flat = listed::flatten(loaded, evaluator, &modules, Some(&config))?;
        let next = self::merged(loaded, node, &flat)?;
        if next.is_like(&merged) {
            return Ok(Settled { modules: flat.modules, merged: next, left_out: flat.left_out });
        }
        merged = next;
    }
    let message =
        "the modules of the machine, called with the configuration that they give, change it every time";
    let help = "let an option depend on others than itself";
    let diagnostic = Diagnostic::error(Code::InfiniteRecursion, message).help(help);
    Err(Fault::new(loaded.placed(diagnostic, loaded.model.nodes.spot.get(node as usize).copied())))
}

/// The configuration that modules give.
fn merged(loaded: &Loaded, node: u32, flat: &Flat<'_>) -> Result<Merged, Fault> {
    let nodes: Vec<Node<'_>> = flat.modules.iter().filter_map(|listed| listed.module.node()).collect();
    let merged = modules::configuration(&nodes, options::MACHINE);
    let mut merged = merged.map_err(|failure| Fault::new(*failure))?;
    modules::declare(&nodes, options::MACHINE, &mut merged);
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
    let Some(expression) = loaded.expression_at(module) else { return Ok(None) };
    let value = evaluator.embedded(expression)?;
    made(loaded, evaluator, value, loaded.origin(expression))
}

/// What an expression of the inventory gave, as a module.
fn made<'d>(
    loaded: &Loaded,
    evaluator: &mut dyn Evaluator,
    value: Value,
    origin: Origin,
) -> Result<Option<Module<'d>>, Fault> {
    let value = evaluator.force(&value)?;
    if let Value::Closure(_) | Value::Builtin(_) = value {
        let origin = result_origin(loaded, &value, origin);
        let function = Function { value, origin };
        return Ok(function.is_pure().then_some(Module::Function(function)));
    }
    Ok(Some(Module::made(computed::document(evaluator, &value, &origin)?)))
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

/// The modules of the services that select a node, in the order of their names. What a service fails with
/// goes to `faults`, and the others give theirs all the same.
///
/// # Errors
/// What stops the evaluation.
fn service_modules<'d>(
    loaded: &'d Arc<Loaded>,
    node: u32,
    evaluator: &mut dyn Evaluator,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Listed<'d>>, Fault> {
    let mut modules = Vec::new();
    for index in loaded.services_on(node)? {
        let Some(instance) = loaded.model.instances.get(index as usize) else { continue };
        match of_service(loaded, instance, index, node, evaluator, faults) {
            Ok(found) => modules.extend(found),
            Err(fault) if computed::ends(&fault) => return Err(fault),
            Err(fault) => faults.push(fault),
        }
    }
    Ok(modules)
}

/// `extraConfig` of a service, and what its closure gives on a node.
fn of_service<'d>(
    loaded: &'d Arc<Loaded>,
    instance: &'d Instance,
    index: u32,
    node: u32,
    evaluator: &mut dyn Evaluator,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Listed<'d>>, Fault> {
    // Selectors that fail are why nobody knows whether it is placed here.
    loaded.is_placed(index, node)?;
    loaded.usable(&Part::Instance(index))?;
    loaded.closure_usable(index)?;
    let mut modules = Vec::new();
    if let Some(extra_config) = instance.extra_config.and_then(|raw| loaded.model.node(raw)) {
        let module = written(loaded, extra_config, evaluator)?;
        let by = By::ExtraConfig(instance.name.clone());
        modules.extend(module.map(|module| Listed { module, by }));
    }
    let mut left_out = Vec::new();
    let made = definition(loaded, instance, index, node, evaluator, &mut left_out);
    faults.extend(left_out.into_iter().map(|fault| told(loaded, fault, instance, node)));
    let module = made.map_err(|fault| told(loaded, fault, instance, node))?;
    let by = By::Service(instance.name.clone());
    modules.extend(module.map(|module| Listed { module, by }));
    Ok(modules)
}

/// What the closure of a service gives on a machine; why parts of it fail goes to `left_out`.
fn definition<'d>(
    loaded: &Arc<Loaded>,
    instance: &Instance,
    index: u32,
    node: u32,
    evaluator: &mut dyn Evaluator,
    left_out: &mut Vec<Fault>,
) -> Result<Option<Module<'d>>, Fault> {
    let Some(expression) = instance.definition else { return Err(undefined(loaded, instance)) };
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
    let origin = result_origin(loaded, &closure, loaded.origin(expression));
    let value = evaluator.force(&value)?;
    if let Value::Closure(_) | Value::Builtin(_) = value {
        return made(loaded, evaluator, value, origin);
    }
    let (made, faults) = computed::partial(evaluator, &value, &origin)?;
    left_out.extend(faults);
    Ok(Some(Module::made(made)))
}

/// The mistake of a service that configures machines, and does not say how.
fn undefined(loaded: &Loaded, instance: &Instance) -> Fault {
    let message = format!("the service {} does not give `definition`", quoted(&instance.name));
    let document = instance.spot.and_then(|spot| loaded.model.documents.get(spot.document as usize));
    let example = match document.map(|document| document.notation()) {
        None | Some(Notation::Expression) => "definition = { selectors, roles, this }: { };".to_owned(),
        Some(notation) => notation.entry("definition", &serde_json::json!("{ selectors, roles, this }: { }")),
    };
    let diagnostic = Diagnostic::error(Code::MissingOption, message).help(format!("add `{example}`"));
    Fault::new(loaded.placed(diagnostic, instance.spot))
}

/// Where the result of a function is written.
fn result_origin(loaded: &Loaded, function: &Value, otherwise: Origin) -> Origin {
    let Value::Closure(closure) = function else { return otherwise };
    let Some(lambda) = closure.group.lambdas.get(closure.index) else { return otherwise };
    let body = &lambda.body;
    let written = loaded.written.of(body);
    Origin { source: Arc::clone(&body.source), span: body.expr.span, written: Some(written) }
}

impl Loaded {
    /// Where an expression of the inventory stands.
    fn origin(&self, expression: u32) -> Origin {
        match self.model.expressions.get(expression as usize) {
            Some(embedded) if embedded.value.is_none() => {
                let source = Arc::clone(&embedded.source);
                let program = self.programs.get(expression as usize).and_then(Option::as_ref);
                let written = program.map(|program| self.written.of(&program.body));
                let span =
                    program.map_or(Span::new(0, source.text().len()), |program| program.body.expr.span);
                Origin { source, span, written }
            }
            Some(embedded) => {
                Origin { source: Arc::clone(&embedded.source), span: embedded.spot.span, written: None }
            }
            None => Origin { source: Source::new("", ""), span: Span::default(), written: None },
        }
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
