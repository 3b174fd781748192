//! ClusterConfig's configuration as its transformations see it: the value that goes from one to the next.
//!
//! The first transformations change the configuration as it is written. They are called when an inventory is
//! loaded, and what they change is read again in its place (`engine::transformations`). Functions cannot be
//! kept in documents; those that a transformation has made are found by calling it again on the inventory
//! as it was before, of which [`BEFORE`] marks the expressions.

use std::sync::Arc;

use super::loaded::Loaded;
use super::outputs::with_outputs;
use crate::diagnostic::Code;
use crate::dialects::clusterconfig::annotations;
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::{NodeKind, Transformation};
use crate::value::{Attrs, Evaluator, Fault, Kept, Name, Step, Value, from_json};

/// Marks an expression of the inventory as it was before its transformations.
pub const BEFORE: u32 = 1 << 31;

/// The first name of a path that leads into the transformed configuration, in documents.
pub const TRANSFORMED: &str = "\0transformed";

/// The configuration as it is written, with the defaults of its options; `mark` is [`BEFORE`], or nothing,
/// and marks the expressions in it.
pub fn written(loaded: &Arc<Loaded>, mark: u32) -> Value {
    let documents = loaded.model.documents.iter();
    let domains = documents.filter_map(|document| document.root().get("domain"));
    let domain =
        domains.map(|domain| value_of(loaded, domain, mark)).reduce(|first, second| joined(&first, &second));
    let Some(Value::Attrs(domain)) = domain else { return Value::Attrs(Attrs::empty()) };
    let clusters = sets_in(&domain, "clusters", cluster);
    Value::attrs([("domain", Value::Attrs(domain.update(&set("clusters", clusters))))])
}

fn set(name: &str, value: Value) -> Attrs {
    match Value::attrs([(name, value)]) {
        Value::Attrs(attrs) => attrs,
        _ => Attrs::empty(),
    }
}

/// The sets under a name, each completed; what is no set stays.
fn sets_in(attrs: &Attrs, name: &str, complete: impl Fn(&Attrs) -> Value) -> Value {
    match attrs.get(name) {
        Some(Value::Attrs(sets)) => {
            let completed = sets.iter().map(|(name, value)| match value {
                Value::Attrs(attrs) => (name.clone(), complete(attrs)),
                other => (name.clone(), other.clone()),
            });
            Value::attrs(completed)
        }
        Some(other) => other.clone(),
        None => Value::Attrs(Attrs::empty()),
    }
}

fn cluster(written: &Attrs) -> Value {
    let nodes = |name: &str| sets_in(written, name, machine);
    let service = |written: &Attrs| {
        let empty = || Value::Attrs(Attrs::empty());
        with_defaults(written, [("roles", empty()), ("extraConfig", empty())])
    };
    let parts = Value::attrs([
        ("machines", nodes("machines")),
        ("services", sets_in(written, "services", service)),
        ("vms", nodes("vms")),
    ]);
    let Value::Attrs(parts) = parts else { return Value::Null };
    with_defaults(&written.update(&parts), [("users", Value::Attrs(Attrs::empty()))])
}

fn machine(written: &Attrs) -> Value {
    let deployment = match (from_json(&annotations::deployment_defaults()), written.get("deployment")) {
        (Value::Attrs(defaults), Some(Value::Attrs(written))) => Value::Attrs(defaults.update(written)),
        (defaults, _) => defaults,
    };
    let list = || Value::list(Vec::new());
    let defaults = [
        ("users", Value::Attrs(Attrs::empty())),
        ("nixosModules", list()),
        ("serviceAddresses", list()),
        ("tags", list()),
    ];
    match with_defaults(written, defaults) {
        Value::Attrs(machine) => Value::Attrs(machine.update(&set("deployment", deployment))),
        other => other,
    }
}

fn with_defaults<const N: usize>(written: &Attrs, defaults: [(&str, Value); N]) -> Value {
    match Value::attrs(defaults) {
        Value::Attrs(defaults) => Value::Attrs(defaults.update(written)),
        other => other,
    }
}

/// A part of a document, with the functions in it.
fn value_of(loaded: &Arc<Loaded>, node: Node<'_>, mark: u32) -> Value {
    let grow = |build: &mut dyn FnMut() -> Value| stacker::maybe_grow(64 * 1024, 1024 * 1024, build);
    match node.kind() {
        Kind::String | Kind::Expression => match loaded.expression_at(node) {
            Some(expression) => Value::lazy(move |evaluator| evaluator.embedded(mark | expression)),
            None => node.to_value(),
        },
        Kind::List => {
            grow(&mut || Value::list(node.items().map(|item| value_of(loaded, item, mark)).collect()))
        }
        Kind::Object => grow(&mut || {
            Value::attrs(
                node.entries().map(|(key, node)| (Name::from(&*key.text), value_of(loaded, node, mark))),
            )
        }),
        _ => node.to_value(),
    }
}

/// Two documents of one inventory.
fn joined(first: &Value, second: &Value) -> Value {
    match (first, second) {
        (Value::Attrs(first), Value::Attrs(second)) => {
            let both = second.iter().filter_map(|(name, value)| {
                let known = first.get(name)?;
                Some((name.clone(), stacker::maybe_grow(64 * 1024, 1024 * 1024, || joined(known, value))))
            });
            match Value::attrs(both) {
                Value::Attrs(both) => Value::Attrs(first.update(second).update(&both)),
                other => other,
            }
        }
        _ => second.clone(),
    }
}

impl Loaded {
    /// The functions of a step, in the order in which they are called.
    pub fn transformations(&self, step: Step) -> impl Iterator<Item = Transformation> {
        self.model.transformations.iter().copied().filter(move |transformation| transformation.step == step)
    }

    /// Calls functions one after the other, each with what the one before has given.
    ///
    /// # Errors
    /// What a function fails with, and one that gives no configuration.
    pub(super) fn transform(
        &self,
        evaluator: &mut dyn Evaluator,
        config: Value,
        functions: impl Iterator<Item = Transformation>,
        before: u32,
    ) -> Result<Value, Fault> {
        let mut config = config;
        for transformation in functions {
            let index = transformation.expression;
            let called = (|| {
                let function = evaluator.embedded(before | index)?;
                let given = evaluator.call(&function, &[config.clone()])?;
                let given = evaluator.force(&given)?;
                evaluator.attrs(&given)?;
                let Some(domain) = evaluator.attr(&given, "domain")? else {
                    let message = "the transformation gives a configuration without `domain`";
                    return Err(evaluator.fault(Code::MissingElement, message));
                };
                evaluator.attrs(&domain)?;
                Ok(given)
            })();
            let spot = self.model.expressions.get(index as usize).map(|embedded| embedded.spot);
            config = called.map_err(|fault: Fault| Fault::new(self.placed(fault.into_diagnostic(), spot)))?;
        }
        Ok(config)
    }

    /// The configuration as it is written, transformed; made once in a run.
    ///
    /// # Errors
    /// What a transformation fails with.
    pub(super) fn transformed(self: &Arc<Loaded>, evaluator: &mut dyn Evaluator) -> Result<Value, Fault> {
        if let Some(known) = evaluator.kept(Kept::Transformed) {
            return Ok(known);
        }
        let value = self.transformed_from(evaluator, written(self, BEFORE))?;
        evaluator.keep(Kept::Transformed, value.clone());
        Ok(value)
    }

    /// What the first transformations make of the configuration as it is written.
    ///
    /// # Errors
    /// What a transformation fails with.
    pub fn transformed_from(&self, evaluator: &mut dyn Evaluator, config: Value) -> Result<Value, Fault> {
        self.transform(evaluator, config, self.transformations(Step::Cluster), BEFORE)
    }

    /// Whether there are transformations of this step, or of one between the first and it.
    pub(super) fn is_transformed(&self, step: Step) -> bool {
        let mut all = self.model.transformations.iter();
        all.any(|transformation| transformation.step > Step::Cluster && transformation.step <= step)
    }

    /// The configuration behind a step that is not the first; made once in a run.
    ///
    /// # Errors
    /// What a transformation fails with.
    pub(super) fn staged(
        self: &Arc<Loaded>,
        evaluator: &mut dyn Evaluator,
        step: Step,
    ) -> Result<Value, Fault> {
        if let Some(known) = evaluator.kept(Kept::Staged(step)) {
            return Ok(known);
        }
        let (early, late): (Vec<_>, Vec<_>) =
            self.transformations(step).partition(|transformation| !transformation.late);
        let config = match step {
            Step::Cluster | Step::Module => annotated(self),
            Step::Deployment => self.staged(evaluator, Step::Module)?,
            Step::Info => self.staged(evaluator, Step::Deployment)?,
        };
        let config = self.transform(evaluator, config, early.into_iter(), 0)?;
        let config = match step {
            Step::Module => each_node(self, evaluator, &config, |loaded, node, machine| {
                let machine = machine.clone();
                let modules = Value::lazy(move |evaluator| {
                    let own = evaluator.attr(&machine, "nixosModules")?.unwrap_or(Value::Null);
                    let mut modules = loaded.module_values(evaluator, node, true)?.to_vec();
                    modules.extend(evaluator.list(&own)?.iter().cloned());
                    Ok(Value::list(modules))
                });
                vec![("nixosModules", modules)]
            })?,
            Step::Deployment => with_outputs(self, evaluator, &config)?,
            Step::Cluster | Step::Info => config,
        };
        let config = self.transform(evaluator, config, late.into_iter(), 0)?;
        evaluator.keep(Kept::Staged(step), config.clone());
        Ok(config)
    }

    /// The modules of a node behind the transformations, as values.
    ///
    /// # Errors
    /// What a transformation fails with.
    pub(super) fn staged_modules(
        self: &Arc<Loaded>,
        evaluator: &mut dyn Evaluator,
        node: u32,
    ) -> Result<Vec<Value>, Fault> {
        let config = self.staged(evaluator, Step::Module)?;
        let cluster = self.cluster_name_of(node);
        let kind = if self.model.is_vm(node) { "vms" } else { "machines" };
        let names = ["domain", "clusters", &cluster, kind, self.model.nodes.name(node), "nixosModules"];
        let mut value = config;
        for name in names {
            value = match evaluator.attr(&value, name)? {
                Some(inner) => evaluator.force(&inner)?,
                // A transformation has taken the machine away.
                None => return Ok(Vec::new()),
            };
        }
        Ok(evaluator.list(&value)?.to_vec())
    }
}

/// The configuration as it is before its machines get the modules of their services: annotated, with the
/// modules that every machine has.
fn annotated(loaded: &Arc<Loaded>) -> Value {
    let shared = Arc::clone(loaded);
    Value::lazy(move |evaluator| {
        let config = written(&shared, 0);
        each_node(&shared, evaluator, &config, |loaded, node, _| {
            let (of_annotations, of_services) = (Arc::clone(&loaded), Arc::clone(&loaded));
            let annotations = Value::lazy(move |_| of_annotations.annotations_value(node));
            let services = Value::lazy(move |_| of_services.services_of(node));
            let modules =
                Value::lazy(move |evaluator| Ok(Value::List(loaded.module_values(evaluator, node, false)?)));
            vec![("annotations", annotations), ("nixosModules", modules), ("services", services)]
        })
    })
}

/// The configuration with attributes added to every machine and VM of the inventory.
fn each_node(
    loaded: &Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    config: &Value,
    make: impl Fn(Arc<Loaded>, u32, &Value) -> Vec<(&'static str, Value)>,
) -> Result<Value, Fault> {
    let config = evaluator.attrs(config)?;
    let domain = match config.get("domain") {
        Some(domain) => evaluator.attrs(domain)?,
        None => return Ok(Value::Attrs(config)),
    };
    let clusters = match domain.get("clusters") {
        Some(clusters) => evaluator.attrs(clusters)?,
        None => Attrs::empty(),
    };
    let mut changed = Vec::with_capacity(clusters.len());
    for (name, cluster) in clusters.iter() {
        let cluster = evaluator.attrs(cluster)?;
        let id = loaded.model.find_cluster(name);
        let mut parts = vec![("fqdn", id.map_or(Value::Null, |id| Value::from(loaded.cluster_fqdn(id))))];
        for (key, kind) in [("machines", NodeKind::Machine), ("vms", NodeKind::Vm)] {
            let Some(nodes) = cluster.get(key) else { continue };
            let nodes = evaluator.attrs(nodes)?;
            let mut made = Vec::with_capacity(nodes.len());
            for (name, value) in nodes.iter() {
                let node = id.and_then(|id| loaded.model.find_node(id, name, kind));
                let value = match node {
                    Some(node) => {
                        let more = Value::attrs(make(Arc::clone(loaded), node, value));
                        let more = evaluator.attrs(&more)?;
                        Value::Attrs(evaluator.attrs(value)?.update(&more))
                    }
                    None => value.clone(),
                };
                made.push((name.clone(), value));
            }
            parts.push((key, Value::attrs(made)));
        }
        let parts = Value::attrs(parts);
        changed.push((name.clone(), Value::Attrs(cluster.update(&evaluator.attrs(&parts)?))));
    }
    let domain = domain.update(&set("clusters", Value::attrs(changed)));
    Ok(Value::Attrs(config.update(&set("domain", Value::Attrs(domain)))))
}
