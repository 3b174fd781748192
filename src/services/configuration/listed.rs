//! The modules of a machine with what they import, and who says each of them.

use std::rc::Rc;
use std::sync::Arc;

use super::super::computed::Made;
use super::super::functions::Function;
use super::super::loaded::Loaded;
use super::made;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node, Raw};
use crate::syntax::ast::Name;
use crate::text::quoted;
use crate::value::{Evaluator, Fault, Value};

/// Who says a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum By {
    /// The inventory itself: a machine's names and platform.
    Names,
    /// The users of a machine's cluster.
    ClusterUsers,
    /// Its own users.
    Users,
    /// Its own modules.
    Machine,
    /// An instance of Clan's older services.
    Instance(Name),
    /// The closure of a service.
    Service(Name),
    /// `extraConfig` of a service.
    ExtraConfig(Name),
    /// A function in `moduleTransformations`.
    Transformation,
}

impl By {
    /// As people call it.
    pub(in super::super) fn describe(&self) -> String {
        match self {
            By::Names => "the machine's name".to_owned(),
            By::ClusterUsers => "the cluster's users".to_owned(),
            By::Users => "the machine's users".to_owned(),
            By::Machine => "the machine".to_owned(),
            By::Instance(name) => format!("the instance {}", quoted(name)),
            By::Service(name) => format!("the service {}", quoted(name)),
            By::Transformation => "a transformation".to_owned(),
            By::ExtraConfig(name) => format!("`extraConfig` of {}", quoted(name)),
        }
    }
}

/// A module of a machine.
#[derive(Clone)]
pub(super) enum Module<'d> {
    /// As it stands in the inventory.
    Written(Node<'d>),
    /// What a closure gave, or every machine has, or a part of that.
    Made(Rc<Made>, Raw),
    /// A function of the configuration.
    Function(Function),
}

impl<'d> Module<'d> {
    /// The whole of what was made.
    pub(super) fn made(made: Made) -> Module<'d> {
        let root = made.document.root().raw();
        Module::Made(Rc::new(made), root)
    }

    /// The data that it is; nothing where it is a function.
    pub(super) fn node(&self) -> Option<Node<'_>> {
        match self {
            Module::Written(node) => Some(*node),
            Module::Made(made, at) => Some(made.document.node(*at)),
            Module::Function(_) => None,
        }
    }
}

/// A module, and who says it.
#[derive(Clone)]
pub(super) struct Listed<'d> {
    pub(super) module: Module<'d>,
    pub(super) by: By,
}

/// Modules that are data, imported ones after all that import them.
pub(super) struct Flat<'d> {
    pub(super) modules: Vec<Listed<'d>>,
    /// Whether there are functions among them.
    pub(super) has_functions: bool,
    /// Why functions, or parts of what they give, fail.
    pub(super) left_out: Vec<Fault>,
}

/// Calls the functions with the configuration, where there is one yet, and follows `imports`.
///
/// # Errors
/// Imports that are no modules, and what stops the evaluation.
pub(super) fn flatten<'d>(
    loaded: &'d Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    listed: &[Listed<'d>],
    config: Option<&Value>,
) -> Result<Flat<'d>, Fault> {
    let mut flat =
        Flat { modules: Vec::with_capacity(listed.len()), has_functions: false, left_out: Vec::new() };
    let mut waiting: Vec<Listed<'d>> = listed.to_vec();
    let mut next = 0;
    while let Some(listed) = waiting.get(next).cloned() {
        next += 1;
        let listed = match (&listed.module, config) {
            (Module::Function(function), Some(config)) => {
                flat.has_functions = true;
                // Functions may import themselves.
                evaluator.reserve(size_of::<Listed<'_>>() * waiting.len())?;
                let (given, faults) = function.call(evaluator, config)?;
                flat.left_out.extend(faults);
                match given {
                    Some(given) => Listed { module: Module::made(given), by: listed.by },
                    None => continue,
                }
            }
            (Module::Function(_), None) => {
                flat.has_functions = true;
                continue;
            }
            _ => listed,
        };
        for import in imports(loaded, evaluator, &listed.module)? {
            evaluator.step()?;
            waiting.push(Listed { module: import, by: listed.by.clone() });
        }
        flat.modules.push(listed);
    }
    Ok(flat)
}

fn imports<'d>(
    loaded: &'d Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    module: &Module<'d>,
) -> Result<Vec<Module<'d>>, Fault> {
    let mut found = Vec::new();
    match module {
        Module::Written(node) => {
            for import in node.get("imports").into_iter().flat_map(Node::items) {
                found.extend(super::written(loaded, import, evaluator)?);
            }
        }
        Module::Made(made, at) => {
            let list = made.document.node(*at).get("imports");
            for import in list.into_iter().flat_map(Node::items) {
                found.extend(imported(loaded, evaluator, made, import)?);
            }
        }
        Module::Function(_) => {}
    }
    Ok(found)
}

/// A module in the `imports` of one that was made.
fn imported<'d>(
    loaded: &Loaded,
    evaluator: &mut dyn Evaluator,
    made_by: &Rc<Made>,
    import: Node<'_>,
) -> Result<Option<Module<'d>>, Fault> {
    match (import.kind(), made_by.function(import)) {
        (Kind::Object, _) => Ok(Some(Module::Made(Rc::clone(made_by), import.raw()))),
        (_, Some((function, origin))) => made(loaded, evaluator, function.clone(), origin),
        (kind, None) => {
            let message = format!("expected a module in `imports`, found {}", kind.describe());
            let diagnostic = Diagnostic::error(Code::InvalidOption, message)
                .at(import.source(), import.span(), "")
                .help("write an attribute set, or a function of `{ config, lib, ... }`");
            Err(Fault::new(diagnostic))
        }
    }
}
