//! Compiled queries, and what they evaluate to.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use roaring::RoaringBitmap;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Inventory;
use super::given::Given;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{Evaluation, Used};
use crate::limits::Limits;
use crate::syntax::ast::Name;
use crate::types::tir::Program;
use crate::types::{Named, Printer, Scheme, Type};
use crate::value::{Evaluator, Fault, Value};

/// A compiled query: parsed, typed and planned once, run many times, from many threads.
#[derive(Clone)]
pub struct Query {
    pub(super) program: Arc<Program>,
    pub(super) limits: Limits,
    pub(super) given: Arc<Vec<Given>>,
    pub(super) cluster: Option<u32>,
}

/// What a query evaluated to, as data that belongs to nobody.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) ty: Type,
    pub(super) nodes: Option<Vec<u32>>,
    data: Option<Json>,
    /// What its making left of the limits, for its records.
    limits: Limits,
}

/// What a query may name besides builtins and the inventory, and where it is asked.
pub(super) struct Names<'n> {
    /// Names with their types.
    pub(super) hosts: &'n [(Name, Scheme)],
    /// What they stand for, in the same order.
    pub(super) given: Arc<Vec<Given>>,
    /// The one cluster in which bare filters are resolved.
    pub(super) cluster: Option<u32>,
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
            Diagnostic::error(Code::TypeMismatch, message)
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
    pub(super) fn run_measured(&self, inventory: &Inventory) -> Result<(Answer, Used), Diagnostic> {
        let mut evaluation = self.evaluation(inventory);
        let answer = self.answer(&mut evaluation, inventory).map(|(answer, _value)| answer);
        let used = evaluation.used();
        drop(evaluation);
        inventory.intact()?;
        Ok((answer.map_err(|fault| self.placed(fault))?, used))
    }

    /// A run of it.
    pub(super) fn evaluation<'i>(&self, inventory: &'i Inventory) -> Evaluation<'i> {
        let given = self.given.iter().map(Given::value).collect();
        Evaluation::new(&inventory.view, &self.limits, given).within(self.cluster)
    }

    /// A mistake at run time; one without a place is in the query.
    pub(super) fn placed(&self, fault: Fault) -> Diagnostic {
        let diagnostic = fault.into_diagnostic();
        if !diagnostic.labels.is_empty() {
            return diagnostic;
        }
        let body = &self.program.body;
        diagnostic.at(&body.source, body.expr.span, "")
    }

    /// The answer, with the value that it comes from.
    pub(super) fn answer(
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
    pub(super) fn nodes(
        &self,
        evaluation: &mut Evaluation<'_>,
        value: &Value,
        inventory: &Inventory,
    ) -> Result<Option<Vec<u32>>, Fault> {
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
pub(super) fn element_of(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(element) => Some(element),
        _ => None,
    }
}

/// Whether values of this type are filters: lists of filters are, too.
pub(super) fn is_filter(ty: &Type) -> bool {
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
    pub fn deserialize<T: DeserializeOwned>(self, inventory: &Inventory) -> Result<T, Diagnostic> {
        let data = self.into_data(inventory)?;
        serde_json::from_value(data).map_err(|error| {
            Diagnostic::error(Code::UnsuitableFormat, format!("the answer cannot be converted: {error}"))
        })
    }

    /// The answer as data; machines as records, a single one as one record.
    ///
    /// # Errors
    /// Mistakes of the machines whose records are read; the limits of the query.
    pub fn into_data(self, inventory: &Inventory) -> Result<Json, Diagnostic> {
        match (self.data, self.nodes) {
            (Some(data), _) => Ok(data),
            (None, Some(nodes)) => {
                let records = inventory.records_within(&nodes, &self.limits)?;
                match (&self.ty, records) {
                    (Type::Named(Named::Machine), Json::Array(mut only)) => {
                        Ok(only.pop().unwrap_or(Json::Null))
                    }
                    (_, records) => Ok(records),
                }
            }
            (None, None) => Ok(Json::Null),
        }
    }

    /// Whether there is nothing: no machines, an empty list or set, null or false.
    pub fn is_empty(&self) -> bool {
        match (&self.nodes, &self.data) {
            (Some(nodes), _) => nodes.is_empty(),
            (None, Some(data)) => match data {
                Json::Null | Json::Bool(false) => true,
                Json::Array(items) => items.is_empty(),
                Json::Object(members) => members.is_empty(),
                Json::String(text) => text.is_empty(),
                _ => false,
            },
            (None, None) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;

    #[test]
    fn nothing_null_and_false_are_no_answer() {
        let engine = Engine::default();
        let inventory = engine.load_demo().expect("the demo inventory is right");
        let is_empty = |text: &str| {
            let query = engine.compile(text, &inventory).expect(text);
            query.run(&inventory).expect(text).is_empty()
        };
        for empty in [
            "null",
            "false",
            "\"\"",
            "[ ]",
            "{ }",
            "tag \"web\" && !tag \"web\"",
            "filter (m: false) machines",
        ] {
            assert!(is_empty(empty), "{empty}");
        }
        for full in ["0", "true", "\"a\"", "[ null ]", "tag \"web\"", "head machines"] {
            assert!(!is_empty(full), "{full}");
        }
    }
}
