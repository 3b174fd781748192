//! The configuration by which a machine is annotated, where functions among its modules have a say in it.
//!
//! It is that of the machine's own modules, without its services: closures see annotations, and
//! annotations never what closures give.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use super::super::loaded::{Loaded, View};
use super::{Known, first_modules, settle};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::annotations::{self, Addresses, Host, evaluated};
use crate::eval::Evaluation;
use crate::inventory::model::{EmbeddedRole, Inventory, Part};
use crate::modules::Merged;
use crate::value::Fault;

/// What is known of such machines.
pub(in super::super) struct Annotated {
    /// Those with modules that are expressions.
    nodes: HashSet<u32>,
    known: Known,
    /// What is being evaluated now.
    running: Mutex<HashSet<(ThreadId, u32)>>,
}

impl Annotated {
    pub(in super::super) fn new(model: &Inventory) -> Annotated {
        let modules = model.expressions.iter().filter(|embedded| embedded.role == EmbeddedRole::Module);
        let nodes = modules.filter_map(|embedded| match embedded.part {
            Part::Node(node) => Some(node),
            _ => None,
        });
        Annotated { nodes: nodes.collect(), known: Known::default(), running: Mutex::default() }
    }
}

impl Loaded {
    /// The configuration of a machine's own modules; nothing where all of them are data, which can be
    /// read without it.
    fn annotated(self: &Arc<Loaded>, node: u32) -> Result<Option<Arc<Merged>>, Fault> {
        let annotated = &self.annotated;
        if !annotated.nodes.contains(&node) {
            return Ok(None);
        }
        if let Some(known) = annotated.known.get(node) {
            return Ok(Some(known));
        }
        let key = (std::thread::current().id(), node);
        let running = || annotated.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !running().insert(key) {
            let message = "the modules of the machine need its annotations, which are made from them";
            let diagnostic = Diagnostic::error(Code::InfiniteRecursion, message)
                .help("take the value from `config`, or write it out");
            let spot = self.model.nodes.spot.get(node as usize).copied();
            return Err(Fault::new(self.placed(diagnostic, spot)));
        }
        let view = View(Arc::clone(self));
        let mut evaluation = Evaluation::new(&view, &self.limits, Vec::new());
        let merged = first_modules(self, node, &mut evaluation)
            .and_then(|modules| Ok(settle(self, node, modules, &mut evaluation)?.whole()?.merged));
        running().remove(&key);
        let merged = Arc::new(merged?);
        annotated.known.keep(node, &merged);
        Ok(Some(merged))
    }

    /// The names of a machine in the network.
    pub(crate) fn host(self: &Arc<Loaded>, node: u32) -> Result<Host, Fault> {
        let annotated = self.annotated(node)?;
        let host = match annotated {
            Some(merged) => evaluated::host(&merged),
            None => annotations::host(&self.model, node),
        };
        host.map_err(|failure| self.at_node(*failure, node))
    }

    /// What its modules say of a machine's platform, or the declared one.
    pub(in super::super) fn platform(self: &Arc<Loaded>, node: u32) -> Result<Option<String>, Fault> {
        let annotated = self.annotated(node)?;
        let platform = match annotated {
            Some(merged) => evaluated::platform(&merged),
            None => annotations::platform(&self.model, node),
        };
        platform.map_err(|failure| self.at_node(*failure, node))
    }

    /// The addresses of a machine by interface.
    pub(in super::super) fn interfaces(self: &Arc<Loaded>, node: u32) -> Result<Addresses, Fault> {
        let annotated = self.annotated(node)?;
        let addresses = match annotated {
            Some(merged) => evaluated::addresses(&self.model, node, &merged),
            None => annotations::addresses(&self.model, node),
        };
        addresses.map_err(|failure| self.at_node(*failure, node))
    }

    fn at_node(&self, failure: Diagnostic, node: u32) -> Fault {
        Fault::new(self.placed(failure, self.model.nodes.spot.get(node as usize).copied()))
    }
}
