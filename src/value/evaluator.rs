//! What values, and builtins above all, need of the evaluator.

use std::cmp::Ordering;
use std::fmt;

use super::{Attrs, Entity, List, Name, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;

/// A mistake at run time.
#[derive(Clone, Debug)]
pub struct Fault(Box<Data>);

#[derive(Clone, Debug)]
struct Data {
    diagnostic: Diagnostic,
    catchable: bool,
    sought: Sought,
    /// Which argument of the builtin at hand is wrong.
    argument: Option<usize>,
}

/// How far the places of the values in a mistake have been looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Not yet.
    Nowhere,
    /// In the expression that failed; not where its function is called.
    Inside,
    /// As far as they can be.
    Everywhere,
}

impl Fault {
    /// A mistake that `tryEval` does not catch: what types should have prevented, and limits.
    pub fn new(diagnostic: Diagnostic) -> Fault {
        Fault(Box::new(Data { diagnostic, catchable: false, sought: Sought::Nowhere, argument: None }))
    }

    /// A mistake that `tryEval` catches: `throw` and failed assertions, as in Nix.
    pub fn catchable(diagnostic: Diagnostic) -> Fault {
        Fault(Box::new(Data { diagnostic, catchable: true, sought: Sought::Nowhere, argument: None }))
    }

    /// Whether `tryEval` catches it.
    pub fn is_catchable(&self) -> bool {
        self.0.catchable
    }

    /// As it is, of the argument at this place of the builtin that fails: that is where it is shown.
    #[must_use]
    pub fn of_argument(mut self, place: usize) -> Fault {
        self.0.argument = Some(place);
        self
    }

    /// Takes the place of the argument away that is wrong, for it says nothing about another call.
    pub fn take_argument(&mut self) -> Option<usize> {
        self.0.argument.take()
    }

    /// How far the places of the values in it have been looked for.
    pub fn sought(&self) -> Sought {
        self.0.sought
    }

    /// Says how far the places of the values in it have been looked for.
    pub fn set_sought(&mut self, sought: Sought) {
        self.0.sought = sought;
    }

    /// The mistake.
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.0.diagnostic
    }

    /// The mistake, to add a place to it.
    pub fn diagnostic_mut(&mut self) -> &mut Diagnostic {
        &mut self.0.diagnostic
    }

    /// The mistake.
    pub fn into_diagnostic(self) -> Diagnostic {
        self.0.diagnostic
    }
}

impl From<Diagnostic> for Fault {
    fn from(diagnostic: Diagnostic) -> Fault {
        Fault::new(diagnostic)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.diagnostic.message)
    }
}

/// The steps of ClusterConfig's evaluation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Step {
    /// The configuration as it is written.
    Cluster,
    /// Machines are annotated, and get the modules of their services.
    Module,
    /// The configurations of machines are final, and become outputs.
    Deployment,
    /// What there is to know is collected.
    Info,
}

/// What is made once in a run and kept for its rest: the parts of service closures' arguments that all
/// machines share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    /// The value of an expression of the inventory, by its index.
    Expression(u32),
    /// What closures see of a node.
    Annotations(u32),
    /// What the closure of an instance gets on every machine.
    Arguments(u32),
    /// The entry of a cluster in `clusterInfo`.
    ClusterInfo(u32),
    /// The builtins as modules get them: `lib`.
    Library,
    /// ClusterConfig's configuration as it is written, transformed.
    Transformed,
    /// ClusterConfig's configuration behind a step of its evaluation.
    Staged(Step),
    /// The modules of a node without those of its services, as values.
    FirstModules(u32),
    /// The modules that a node gets from its services, as values.
    ServiceModules(u32),
}

/// The evaluator as builtins and lazily computed values see it.
///
/// Faults that are made without a place get the place of the running call from the evaluator.
pub trait Evaluator {
    /// Evaluates a thunk; other values are given back. The result is never a thunk.
    ///
    /// # Errors
    /// What evaluating it fails with.
    fn force(&mut self, value: &Value) -> Result<Value, Fault>;

    /// Calls a function with arguments, which may be thunks.
    ///
    /// # Errors
    /// What the call fails with; a value that is no function.
    fn call(&mut self, function: &Value, arguments: &[Value]) -> Result<Value, Fault>;

    /// As [`Evaluator::call`], with two arguments that are given away.
    ///
    /// # Errors
    /// As there.
    fn call_with(&mut self, function: &Value, first: Value, second: Value) -> Result<Value, Fault>;

    /// Whether a predicate holds of a value; a step of a long computation.
    ///
    /// # Errors
    /// As [`Evaluator::call`], and an answer that is no boolean.
    fn holds(&mut self, predicate: &Value, argument: &Value) -> Result<bool, Fault>;

    /// `function argument`, when it is needed; at once where that is no more work than to wait, and cannot
    /// fail.
    fn later(&mut self, function: &Value, argument: &Value) -> Value;

    /// The order by which a function that takes two arguments says whether the first comes before the
    /// second, where it does nothing but compare them: `a: b: a < b`, `a: b: a > b`.
    fn order(&self, function: &Value) -> Option<Ordering>;

    /// Counts a step of a long computation, against the limits.
    ///
    /// # Errors
    /// A limit, or an interruption.
    fn step(&mut self) -> Result<(), Fault>;

    /// Counts the steps of copying or searching so many bytes, for computations that take none by
    /// themselves.
    ///
    /// # Errors
    /// A limit, or an interruption.
    fn work(&mut self, bytes: usize) -> Result<(), Fault>;

    /// Looks whether something ends the evaluation, and counts nothing.
    ///
    /// # Errors
    /// A limit, or an interruption.
    fn look(&mut self) -> Result<(), Fault>;

    /// The limits that hold.
    fn limits(&self) -> &Limits;

    /// Checks that a value of so many bytes may still be made.
    ///
    /// # Errors
    /// The limit of memory.
    fn reserve(&mut self, bytes: usize) -> Result<(), Fault>;

    /// Enters a part of a value that is walked over, against the limit of depth; [`Evaluator::leave`]
    /// leaves it.
    ///
    /// # Errors
    /// A limit, or an interruption.
    fn enter(&mut self) -> Result<(), Fault>;

    /// Leaves a part that was entered.
    fn leave(&mut self);

    /// All fields of a record of the inventory that are there, as an attribute set of thunks.
    ///
    /// # Errors
    /// What reading the inventory fails with.
    fn entity_attrs(&mut self, entity: Entity) -> Result<Attrs, Fault>;

    /// One field of a record of the inventory by its name; nothing where it is missing.
    ///
    /// # Errors
    /// What reading the inventory fails with.
    fn entity_field(&mut self, entity: Entity, name: &str) -> Result<Option<Value>, Fault>;

    /// The paths that a filter, a function used as one, or a list of them gives in a cluster:
    /// in order, nested lists flattened, duplicates kept.
    ///
    /// # Errors
    /// An unknown cluster, a name that is computed and unknown, a value that is no filter.
    fn filter_paths(&mut self, filter: &Value, cluster: &str, config: &Value) -> Result<Vec<Name>, Fault>;

    /// The machines that a filter, a function used as one, or a list of them selects, in order and each
    /// once: in all clusters, or in the one to which the run is bound.
    ///
    /// # Errors
    /// As resolving the filter.
    fn selected(&mut self, filter: &Value) -> Result<Vec<Entity>, Fault>;

    /// The value of an expression that stands in the inventory, by its index.
    ///
    /// # Errors
    /// The mistakes for which it cannot be evaluated.
    fn embedded(&mut self, expression: u32) -> Result<Value, Fault>;

    /// What a filter says of a machine, taken apart: a record as
    /// [`Named::Explanation`](crate::types::Named) has it.
    ///
    /// # Errors
    /// As resolving the filter.
    fn explain(&mut self, filter: &Value, machine: Entity) -> Result<Value, Fault>;

    /// The machine of a name, which no other has; `cluster/name` means that of one cluster.
    ///
    /// # Errors
    /// No such machine, or several.
    fn find_machine(&mut self, name: &str) -> Result<Entity, Fault>;

    /// What tools may do with the value to which names lead: whether it may be set and removed, and why
    /// not.
    ///
    /// # Errors
    /// A limit, or an interruption.
    fn write_rule(&mut self, at: &[Name]) -> Result<Value, Fault>;

    /// A value that this run has kept.
    fn kept(&self, key: Kept) -> Option<Value>;

    /// Keeps a value for the rest of this run.
    fn keep(&mut self, key: Kept, value: Value);

    /// Every definition of an option, by its dotted name, in a machine's final configuration: records of
    /// the value, who says it, its place and priority, and whether it counts.
    ///
    /// # Errors
    /// What the configuration fails with, and an option that nobody defines.
    fn definitions(&mut self, machine: Entity, option: &str) -> Result<Value, Fault>;

    /// The element of the inventory that a path in text form leads to: a machine or a VM, or nothing.
    ///
    /// # Errors
    /// What reading the inventory fails with.
    fn resolve_path(&mut self, path: &str) -> Result<Option<Entity>, Fault>;
}

/// Readings of values that builtins share: each forces and then says what was expected.
impl dyn Evaluator + '_ {
    /// A mistake without a place; the evaluator adds the call's.
    pub fn fault(&self, code: Code, message: impl Into<String>) -> Fault {
        Fault::new(Diagnostic::error(code, message))
    }

    fn expected(&self, what: &str, found: &Value) -> Fault {
        self.fault(Code::TypeMismatch, format!("expected {what}, found {}", found.describe()))
    }

    /// A text.
    ///
    /// # Errors
    /// Evaluation, or another kind of value; likewise below.
    pub fn string(&mut self, value: &Value) -> Result<Name, Fault> {
        match self.force(value)? {
            Value::String(text) => Ok(text.into()),
            other => Err(self.expected("a string", &other)),
        }
    }

    /// An integer.
    pub fn int(&mut self, value: &Value) -> Result<i64, Fault> {
        match self.force(value)? {
            Value::Int(number) => Ok(number),
            other => Err(self.expected("an integer", &other)),
        }
    }

    /// A boolean.
    pub fn bool(&mut self, value: &Value) -> Result<bool, Fault> {
        match self.force(value)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(self.expected("a boolean", &other)),
        }
    }

    /// A list.
    pub fn list(&mut self, value: &Value) -> Result<List, Fault> {
        match self.force(value)? {
            Value::List(list) => Ok(list),
            other => Err(self.expected("a list", &other)),
        }
    }

    /// An attribute set; records of the inventory are sets too.
    pub fn attrs(&mut self, value: &Value) -> Result<Attrs, Fault> {
        match self.force(value)? {
            Value::Attrs(attrs) => Ok(attrs),
            Value::Entity(entity) => self.entity_attrs(entity),
            other => Err(self.expected("an attribute set", &other)),
        }
    }

    /// An attribute of a set or a field of a record, not evaluated yet.
    pub fn attr(&mut self, value: &Value, name: &str) -> Result<Option<Value>, Fault> {
        match self.force(value)? {
            Value::Attrs(attrs) => Ok(attrs.get(name).cloned()),
            Value::Entity(entity) => self.entity_field(entity, name),
            other => Err(self.expected("an attribute set", &other)),
        }
    }
}
