//! Why a machine matches a filter, or gets a service, or does not.

use super::diff::Reasons;
use super::{Inventory, Query};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{Evaluation, Explanation};
use crate::types::{Named, Type};
use crate::value::{Entity, Fault, Value};

/// What an instance of a service has to do with a machine.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The instance's name.
    pub instance: String,
    /// The service's identifier.
    pub service: String,
    /// The cluster that it belongs to, where instances do.
    pub cluster: Option<String>,
    /// Whether the machine is in that cluster; services are never put on machines of others.
    pub at_home: bool,
    /// Whether the machine gets something from it.
    pub placed: bool,
    /// Who selects: `selectors`, or a role, with each selection explained.
    pub selections: Vec<(String, Vec<Selected>)>,
}

/// What selects machines, and where it is written.
#[derive(Clone, Debug)]
pub struct Selected {
    /// What it says of the machine.
    pub explanation: Explanation,
    /// `file:line:column`
    pub place: String,
}

impl Inventory {
    /// The machines and VMs of this name, or the one that `cluster/name` means.
    pub fn find_machines(&self, name: &str) -> Vec<u32> {
        self.model().find_meant(name)
    }

    /// Explains what a query, whose answer is a filter, says of a machine.
    ///
    /// # Errors
    /// As running the query; an answer that is no filter.
    pub fn explain(&self, query: &Query, machine: u32) -> Result<Explanation, Diagnostic> {
        if !super::is_filter(query.ty()) {
            let body = &query.program.body;
            let found = query.type_text();
            let diagnostic = Diagnostic::error(
                Code::TypeMismatch,
                format!("expected a `Filter`, found `{found}`"),
            )
            .at(&body.source, body.expr.span, format!("this is `{found}`"));
            let is_predicate = matches!(query.ty(), Type::Function(_, result) if **result == Type::Bool);
            let edit = || format!("write `where ({})`", body.source.text().trim());
            return Err(diagnostic.maybe_help(is_predicate.then(edit)));
        }
        let mut evaluation = query.evaluation(self);
        let explained = evaluation.run(&query.program).and_then(|value| evaluation.explain(&value, machine));
        explained.map_err(Fault::into_diagnostic)
    }

    /// The instances that a word names, as a service's identifier or name, or as their own name, with what
    /// each has to do with a machine: those of its own cluster and those of no cluster, or, where there are
    /// none, those of other clusters.
    ///
    /// # Errors
    /// Parts of the inventory that have mistakes.
    pub fn memberships(&self, word: &str, machine: u32) -> Result<Vec<Membership>, Diagnostic> {
        let model = self.model();
        let home = model.nodes.cluster.get(machine as usize).copied();
        let mut evaluation = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        let mut found = Vec::new();
        for instance in &model.instances {
            let service = model.services.get(instance.service as usize);
            let named = service.is_some_and(|service| *service.id == *word || *service.name == *word);
            if !(named || *instance.name == *word) {
                continue;
            }
            let at_home = instance.cluster.is_none() || instance.cluster == home;
            let selectors = instance.selectors.iter().map(|selections| ("selectors".to_owned(), selections));
            let roles = instance.roles.iter().map(|role| (role.name.to_string(), &role.selections));
            let mut selections = Vec::new();
            for (who, written) in selectors.chain(roles) {
                let explained: Result<Vec<Selected>, Fault> = written
                    .iter()
                    .map(|selection| {
                        let explanation = evaluation.explain_selection(selection, machine)?;
                        Ok(Selected { explanation, place: model.place(selection.spot) })
                    })
                    .collect();
                selections.push((who, explained.map_err(Fault::into_diagnostic)?));
            }
            let decides = |(who, explained): &(String, Vec<Selected>)| {
                (instance.selectors.is_none() || who == "selectors")
                    && explained.iter().any(|one| one.explanation.holds)
            };
            found.push(Membership {
                instance: instance.name.to_string(),
                service: service.map_or_else(String::new, |service| service.id.to_string()),
                cluster: instance
                    .cluster
                    .and_then(|cluster| model.clusters.get(cluster as usize))
                    .map(|cluster| cluster.name.to_string()),
                at_home,
                placed: at_home && instance.enabled && selections.iter().any(decides),
                selections,
            });
        }
        if found.iter().any(|membership| membership.at_home) {
            found.retain(|membership| membership.at_home);
        }
        Ok(found)
    }

    /// What a machine gets, in order: its placements as data, and why it is not known of some roles who is in
    /// them. Those are left out.
    ///
    /// # Errors
    /// Mistakes of the whole inventory, and limits.
    pub fn placements(&self, machine: u32) -> Result<(serde_json::Value, Vec<Diagnostic>), Diagnostic> {
        let model = self.model();
        let known = self.view.0.known_placements(machine).map_err(Fault::into_diagnostic)?;
        let placements =
            known.into_iter().map(|(id, _)| Value::Entity(Entity { kind: Named::Placement, id })).collect();
        let mut evaluation = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        let data = evaluation.data(&Value::list(placements)).map_err(Fault::into_diagnostic)?;
        let home = model.nodes.cluster.get(machine as usize).copied();
        let mut reasons = Reasons::default();
        for unknown in self.view.0.unknown().map_err(Fault::into_diagnostic)? {
            let cluster =
                model.instances.get(unknown.instance as usize).and_then(|instance| instance.cluster);
            if cluster.is_none() || cluster == home {
                reasons.add(unknown.fault.diagnostic());
            }
        }
        Ok((data, reasons.list))
    }
}
