//! The tree walker: evaluates the typed tree, by need, within limits.
//!
//! An [`Evaluation`] is one run on one thread. What it knows of the inventory comes through a
//! [`World`]; filters are resolved set at a time ([`filters`]).

mod application;
mod border;
mod call;
mod captures;
mod conform;
mod counts;
mod explain;
mod expression;
pub mod filters;
mod limits;
mod operators;
pub mod paths;
mod places;
mod ready;
mod scalar;
mod select;
mod shared;
mod texts;
mod world;

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use captures::Captures;
pub use explain::Explanation;
use limits::Meter;
pub use limits::Used;
pub use world::{Expression, World};

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::path::Target;
use crate::limits::Limits;
use crate::text::{Source, Span};
use crate::types::tir::{Program, Root};
use crate::value::{Attrs, Closure, Entity, Evaluator, Fault, Filter, Kept, Name, Scope, Thunk, Value};

/// How much stack must be left before a call; below it, the call continues on a new piece of stack.
const RED_ZONE: usize = if cfg!(debug_assertions) { 512 * 1024 } else { 128 * 1024 };

/// The size of a new piece of stack.
const STACK_PIECE: usize = 4 * 1024 * 1024;

/// One run of the evaluator.
pub struct Evaluation<'w> {
    world: &'w dyn World,
    meter: Meter,
    stack: Vec<Value>,
    hosts: Vec<Value>,
    roots: HashMap<Root, Value>,
    kept: HashMap<Kept, Value>,
    /// The values of expression files, by the address of their programs, which outlive the run.
    files: HashMap<*const Program, Value>,
    named_filters: HashMap<u32, Rc<Filter>>,
    /// Named filters that are being resolved, outermost first.
    filters_running: Vec<u32>,
    /// The one cluster in which bare filters are resolved; nothing where it is every cluster.
    cluster: Option<u32>,
    /// How many `optional` are around the filter that is being resolved.
    optional: u32,
    /// Room for joining texts.
    joined: Cell<String>,
    /// What is known of parts that filters share, while one is resolved.
    shared: shared::Shared,
    /// Frees the values that lead to themselves; dropped after all that holds values.
    _scope: Scope,
}

/// The running body.
struct Frame<'f> {
    base: usize,
    captures: Captures<'f>,
    closure: Option<&'f Rc<Closure>>,
    source: &'f Arc<Source>,
}

impl<'w> Evaluation<'w> {
    /// A run over a world, with the values of the names given from outside.
    pub fn new(world: &'w dyn World, limits: &Limits, hosts: Vec<Value>) -> Evaluation<'w> {
        Evaluation {
            world,
            meter: Meter::new(limits),
            stack: Vec::new(),
            hosts,
            roots: HashMap::new(),
            kept: HashMap::new(),
            files: HashMap::new(),
            named_filters: HashMap::new(),
            filters_running: Vec::new(),
            cluster: None,
            optional: 0,
            joined: Cell::default(),
            shared: shared::Shared::default(),
            _scope: Scope::enter(),
        }
    }

    /// The run, with bare filters resolved in one cluster alone.
    #[must_use]
    pub fn within(self, cluster: Option<u32>) -> Evaluation<'w> {
        Evaluation { cluster, ..self }
    }

    /// Evaluates a program until its outermost shape is known.
    ///
    /// # Errors
    /// A mistake at run time, or a limit.
    pub fn run(&mut self, program: &Program) -> Result<Value, Fault> {
        self.body(&program.body, Captures::Own(&[]))
    }

    /// Evaluates a value to its last part.
    ///
    /// # Errors
    /// What evaluating the parts fails with.
    pub fn data(&mut self, value: &Value) -> Result<serde_json::Value, Fault> {
        crate::value::to_json(self, value)
    }

    /// The limits less what is used up, for what follows on this evaluation.
    pub fn remaining(&self) -> Limits {
        self.meter.remaining()
    }

    /// What the evaluations that run on this thread have used so far.
    pub fn used(&self) -> Used {
        self.meter.used()
    }

    /// Why all evaluations that run on this thread stop, if they do; nothing where only a part failed.
    pub fn stopped(&self) -> Option<Fault> {
        self.meter.stopped()
    }

    /// A value of the inventory's roots, made once in a run.
    fn root(&mut self, root: Root) -> Result<Value, Fault> {
        if let Some(value) = self.roots.get(&root) {
            return Ok(value.clone());
        }
        let value = self.world.root(root)?;
        let value = self.force(&value)?;
        self.roots.insert(root, value.clone());
        Ok(value)
    }

    /// A name given from outside.
    fn host(&self, index: u32) -> Value {
        self.hosts.get(index as usize).cloned().unwrap_or(Value::Null)
    }

    /// The value of an expression that stands in the inventory.
    ///
    /// # Errors
    /// The mistakes for which it cannot be evaluated.
    pub fn embedded(&mut self, expression: u32) -> Result<Value, Fault> {
        match self.world.expression(expression)? {
            world::Expression::Program(program) => self.run(&program),
            world::Expression::File { program, path } => {
                let known = self.files.get(&Arc::as_ptr(&program)).cloned();
                let mut value = match known {
                    Some(value) => value,
                    None => {
                        let value = self.run(&program)?;
                        self.files.insert(Arc::as_ptr(&program), value.clone());
                        value
                    }
                };
                for name in &path {
                    value = self.step_into(&value, name)?;
                }
                Ok(value)
            }
            world::Expression::Transformed(path) => {
                let world = self.world;
                let mut value = world.transformed(self)?;
                for name in &path {
                    value = self.step_into(&value, name)?;
                }
                Ok(value)
            }
        }
    }

    fn step_into(&mut self, value: &Value, name: &str) -> Result<Value, Fault> {
        let next = match value {
            Value::List(items) => name.parse::<usize>().ok().and_then(|index| items.get(index).cloned()),
            other => {
                let evaluator: &mut dyn Evaluator = self;
                evaluator.attr(other, name)?
            }
        };
        match next {
            Some(next) => self.force(&next),
            None => Err(Fault::new(Diagnostic::error(Code::MissingElement, format!("`{name}` is missing")))),
        }
    }
}

impl Evaluator for Evaluation<'_> {
    fn force(&mut self, value: &Value) -> Result<Value, Fault> {
        match value {
            Value::Thunk(thunk) => self.force_thunk(thunk),
            other => Ok(other.clone()),
        }
    }

    fn call(&mut self, function: &Value, arguments: &[Value]) -> Result<Value, Fault> {
        for argument in arguments {
            self.stack.push(argument.clone());
        }
        self.apply(function, arguments.len())
    }

    fn call_with(&mut self, function: &Value, first: Value, second: Value) -> Result<Value, Fault> {
        self.stack.push(first);
        self.stack.push(second);
        self.apply(function, 2)
    }

    fn holds(&mut self, predicate: &Value, argument: &Value) -> Result<bool, Fault> {
        self.meter.step()?;
        if let Some(truth) = self.ready_predicate(predicate, argument) {
            return Ok(truth);
        }
        self.stack.push(argument.clone());
        match self.apply(predicate, 1)? {
            Value::Bool(truth) => Ok(truth),
            other => {
                let evaluator: &mut dyn Evaluator = self;
                evaluator.bool(&other)
            }
        }
    }

    fn later(&mut self, function: &Value, argument: &Value) -> Value {
        match self.ready_call(function, argument) {
            Some(value) => value,
            None => Thunk::call(function.clone(), argument.clone()),
        }
    }

    fn order(&self, function: &Value) -> Option<std::cmp::Ordering> {
        ready::order(function)
    }

    fn step(&mut self) -> Result<(), Fault> {
        self.meter.step()
    }

    fn work(&mut self, bytes: usize) -> Result<(), Fault> {
        self.meter.work(bytes)
    }

    fn look(&mut self) -> Result<(), Fault> {
        self.meter.look()
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Fault> {
        // Little is counted once it is made.
        if bytes < 4096 { Ok(()) } else { self.meter.memory(bytes) }
    }

    fn limits(&self) -> &Limits {
        self.meter.limits()
    }

    fn enter(&mut self) -> Result<(), Fault> {
        self.meter.enter()
    }

    fn leave(&mut self) {
        self.meter.leave();
    }

    fn entity_attrs(&mut self, entity: Entity) -> Result<Attrs, Fault> {
        self.world.entity_attrs(entity)
    }

    fn entity_field(&mut self, entity: Entity, name: &str) -> Result<Option<Value>, Fault> {
        self.world.entity_field(entity, name)
    }

    fn filter_paths(&mut self, filter: &Value, cluster: &str, config: &Value) -> Result<Vec<Name>, Fault> {
        let mut paths = Vec::new();
        self.collect_paths(filter, cluster, config, &mut paths)?;
        Ok(paths)
    }

    fn embedded(&mut self, expression: u32) -> Result<Value, Fault> {
        Evaluation::embedded(self, expression)
    }

    fn explain(&mut self, filter: &Value, machine: Entity) -> Result<Value, Fault> {
        Ok(Evaluation::explain(self, filter, machine.id)?.into_value())
    }

    fn selected(&mut self, filter: &Value) -> Result<Vec<Entity>, Fault> {
        self.world.nodes_usable(self.cluster)?;
        let nodes = self.resolve(filter, self.cluster)?;
        self.meter.work(nodes.len().saturating_mul(size_of::<Value>() as u64) as usize)?;
        let machine = |id| Entity { kind: crate::types::Named::Machine, id };
        Ok(nodes.iter().map(machine).collect())
    }

    fn find_machine(&mut self, name: &str) -> Result<Entity, Fault> {
        explain::find_machine(self.world.model(), name)
    }

    fn write_rule(&mut self, at: &[Name]) -> Result<Value, Fault> {
        self.step()?;
        let rule = crate::dialects::clan::Layers::of(self.world.model()).rule(at);
        Ok(Value::attrs([
            ("deletable", Value::Bool(rule.deletable)),
            ("reason", Value::string(rule.reason)),
            ("writable", Value::Bool(rule.writable)),
        ]))
    }

    fn kept(&self, key: Kept) -> Option<Value> {
        self.kept.get(&key).cloned()
    }

    fn keep(&mut self, key: Kept, value: Value) {
        self.kept.insert(key, value);
    }

    fn definitions(&mut self, machine: Entity, option: &str) -> Result<Value, Fault> {
        let world = self.world;
        world.definitions(self, machine, option)
    }

    fn resolve_path(&mut self, path: &str) -> Result<Option<Entity>, Fault> {
        Ok(match self.world.model().resolve_path(path) {
            Some(Target::Node(node)) => Some(Entity { kind: crate::types::Named::Machine, id: node }),
            _ => None,
        })
    }
}

#[cold]
/// Adds the place of the running expression to a fault that has none yet, and what happens there.
fn locate(mut fault: Fault, source: &Arc<Source>, span: Span, message: &str) -> Fault {
    let diagnostic = fault.diagnostic_mut();
    if diagnostic.labels.is_empty() {
        diagnostic.labels.push(crate::diagnostic::Label {
            source: Arc::clone(source),
            span,
            message: message.to_owned(),
        });
    }
    fault
}
