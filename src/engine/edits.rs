//! Changes of a loaded inventory: what it would be, without anything being written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::variables::Files;
use super::{Arguments, Engine, Inventory};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::edits::{Edit, patches};
use crate::inventory::document::Patch;
use crate::inventory::draft::Draft;
use crate::limits::Limits;
use crate::syntax::ast::ExprKind;
use crate::syntax::parse;
use crate::text::{Source, Span};
use crate::types::{Named, Type};

impl Engine {
    /// The edits that an expression gives: one, or a list of them.
    ///
    /// # Errors
    /// As compiling and running a query; an expression of another type.
    pub fn edits(&self, source: &Arc<Source>, inventory: &Inventory) -> Result<Vec<Edit>, Vec<Diagnostic>> {
        let query = self.compile_source(source, inventory, &Arguments::default())?;
        let whole = Span::new(0, source.text().len());
        let wrong = || {
            let message = format!("expected an `Edit` or a list of them, found `{}`", query.type_text());
            let diagnostic = Diagnostic::error(Code::TypeMismatch, message).at(source, whole, "this is none");
            vec![
                diagnostic.help("write what changes: `addTag \"jon\" \"web\"`; `invq doc` lists all changes"),
            ]
        };
        if !is_edit(query.ty()) {
            return Err(wrong());
        }
        let answer = query.run(inventory).map_err(|diagnostic| vec![diagnostic])?;
        let data = answer.into_data(inventory).map_err(|diagnostic| vec![diagnostic])?;
        let items = match data {
            serde_json::Value::Array(items) => items,
            one => vec![one],
        };
        items.iter().map(Edit::from_json).collect::<Option<Vec<Edit>>>().ok_or_else(wrong)
    }

    /// The inventory with changes, one after the other. Nothing is written; an engine with the same
    /// limits, severities and dialect as loaded it reads it as it was.
    ///
    /// # Errors
    /// Edits that cannot be made, each for itself, at `source`; a changed inventory that cannot be read.
    pub fn edited(
        &self,
        inventory: &Inventory,
        edits: &[Edit],
        source: &Arc<Source>,
    ) -> Result<Inventory, Vec<Diagnostic>> {
        let model = inventory.model();
        let patches: BTreeMap<u32, Patch> = patches(model, edits).map_err(|failures| {
            let places = places(source, edits.len(), &self.limits);
            let placed = |(number, failure): (usize, Diagnostic)| {
                let span = places.get(number).copied().unwrap_or(Span::new(0, source.text().len()));
                failure.at(source, span, "in this change")
            };
            failures.into_iter().map(placed).collect::<Vec<_>>()
        })?;
        let mut draft = Draft::new();
        for document in &model.documents {
            let patch = patches.get(&document.number()).cloned().unwrap_or_default();
            let edited = document.edited(&patch);
            match document.is_beside() {
                true => draft.add_document_beside(edited),
                false => draft.add_document(edited),
            };
        }
        let origin = &inventory.origin;
        let beside = Files::with(self, &origin.beside);
        self.finish(draft, origin.documents.clone(), inventory.view.0.files().clone(), beside, Vec::new())
    }
}

/// Where each of so many edits is written, where the text is a list of them; else nothing is known.
fn places(source: &Arc<Source>, count: usize, limits: &Limits) -> Vec<Span> {
    match parse::expression_within(source, limits).map(|expression| expression.kind) {
        Ok(ExprKind::List(items)) if items.len() == count => items.iter().map(|item| item.span).collect(),
        _ => Vec::new(),
    }
}

fn is_edit(ty: &Type) -> bool {
    match ty {
        Type::List(element) => is_edit(element),
        Type::Named(named) => *named == Named::Edit,
        // A list without elements, and data whose shape is only known when it is there.
        Type::Variable(_) | Type::Any => true,
        _ => false,
    }
}
