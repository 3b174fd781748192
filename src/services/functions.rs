//! Modules that are functions of `{ config, lib, … }`, over the part that is pure data.
//!
//! NixOS ties the knot lazily: what a module gives may depend on the configuration to which it adds.
//! Here modules are data, so the knot is tied by repetition. First the configuration is that of the
//! modules that are data; then each function is called with what is known so far, and what fails for
//! want of an option is left out; that is repeated until nothing changes. What is reached then is a
//! configuration that the functions, called with it, give.
//!
//! Functions that take more than that, such as `pkgs`, are left out.

use super::computed::{self, Made, Origin};
use crate::builtins;
use crate::types::tir::Parameter;
use crate::value::{Called, Evaluator, Fault, Kept, Partial, Value};

/// What functions may take.
const ARGUMENTS: [&str; 2] = ["config", "lib"];

/// A module that is a function.
#[derive(Clone)]
pub(super) struct Function {
    /// The function.
    pub(super) value: Value,
    /// Where what it gives is written.
    pub(super) origin: Origin,
}

impl Function {
    /// Whether it takes nothing but what there is.
    pub(super) fn is_pure(&self) -> bool {
        let Value::Closure(closure) = &self.value else { return false };
        match closure.group.lambdas.get(closure.index).map(|lambda| &lambda.parameter) {
            Some(Parameter::Pattern { fields, .. }) => {
                fields.iter().all(|field| field.default.is_some() || ARGUMENTS.contains(&&*field.name))
            }
            Some(Parameter::Value) => true,
            None => false,
        }
    }

    /// What it gives for a configuration, without what fails, and why the first of that does.
    ///
    /// # Errors
    /// What stops the evaluation.
    pub(super) fn call(
        &self,
        evaluator: &mut dyn Evaluator,
        config: &Value,
    ) -> Result<(Option<Made>, Vec<Fault>), Fault> {
        let arguments = ARGUMENTS.into_iter().filter(|name| self.takes(name)).map(|name| match name {
            "config" => (name, config.clone()),
            _ => (name, library(evaluator)),
        });
        let arguments = Value::attrs(arguments.collect::<Vec<_>>());
        let made = evaluator
            .call(&self.value, &[arguments])
            .and_then(|made| computed::partial(evaluator, &made, &self.origin));
        match made {
            Ok((made, left_out)) => Ok((Some(made), left_out)),
            Err(fault) if computed::ends(&fault) => Err(fault),
            Err(fault) => Ok((None, vec![fault])),
        }
    }

    fn takes(&self, name: &str) -> bool {
        super::arguments::takes(&self.value, name)
    }
}

/// The sets of builtins below `lib` as a value.
fn library(evaluator: &mut dyn Evaluator) -> Value {
    if let Some(known) = evaluator.kept(Kept::Library) {
        return known;
    }
    let library = scope("lib");
    evaluator.keep(Kept::Library, library.clone());
    library
}

/// A set of builtins, with the sets inside of it.
fn scope(path: &str) -> Value {
    let scopes = builtins::tables().iter().flat_map(|(_, table)| *table).flat_map(|builtin| builtin.scopes);
    let below = scopes.filter_map(|scope| scope.strip_prefix(path)?.strip_prefix('.'));
    let mut inner: Vec<&str> = below.filter_map(|below| below.split('.').next()).collect();
    inner.sort_unstable();
    inner.dedup();
    let inner = inner.into_iter().map(|name| (name, scope(&format!("{path}.{name}"))));
    Value::attrs(inner.chain(members(path)))
}

fn members(scope: &str) -> Vec<(&'static str, Value)> {
    let found = builtins::names(scope).filter_map(|name| Some((name, builtins::find(scope, name)?)));
    let value = |index: u32| match builtins::get(index) {
        Some(constant) if constant.arity == 0 => Value::lazy(move |evaluator| {
            let value = (constant.run)(evaluator, &[])?;
            evaluator.force(&value)
        }),
        _ => Value::Builtin(Partial::new(Called::Builtin(index), Vec::new())),
    };
    found.map(|(name, index)| (name, value(index))).collect()
}
