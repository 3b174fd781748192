//! ClusterConfig's first transformations: what they change is put into the documents, which are then read
//! again.
//!
//! What a transformation leaves as it is keeps its place; what it adds stands where the transformation does.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::eval::Evaluation;
use crate::inventory::document::{Document, Kind, Node, TreeBuilder, TreeNode};
use crate::inventory::model::{Inventory, Mistake, Part};
use crate::limits::Limits;
use crate::services::View;
use crate::services::transformations::{BEFORE, TRANSFORMED, written};
use crate::syntax::ast::Name;
use crate::text::Span;
use crate::value::{Evaluator, Fault, Step, Value};

/// The documents as transformations leave them.
pub(super) struct Edited {
    pub(super) documents: Vec<Arc<Document>>,
    /// What failed.
    pub(super) mistakes: Vec<Mistake>,
}

/// Whether there is something to transform, in an inventory that can be used.
pub(super) fn needed(model: &Inventory) -> bool {
    model.transformations.iter().any(|transformation| transformation.step == Step::Cluster)
        && model.mistakes.iter().all(|mistake| mistake.part != Part::Everything)
}

/// Calls the transformations.
pub(super) fn edit(view: &View, limits: &Limits) -> Edited {
    let loaded = &view.0;
    let mut evaluation = Evaluation::new(view, limits, Vec::new());
    let before = written(loaded, BEFORE);
    let mut edited = Edited { documents: loaded.model.documents.clone(), mistakes: Vec::new() };
    let edits = loaded.transformed_from(&mut evaluation, before.clone()).and_then(|after| {
        let mut is_first = true;
        let mut documents = Vec::with_capacity(edited.documents.len());
        for document in &edited.documents {
            if document.root().get("domain").is_none() {
                documents.push(Arc::clone(document));
                continue;
            }
            documents.push(edit_document(&mut evaluation, view, document, (&before, &after), is_first)?);
            is_first = false;
        }
        Ok(documents)
    });
    match edits {
        Ok(documents) => edited.documents = documents,
        Err(fault) => {
            let diagnostic = fault.into_diagnostic();
            edited.mistakes.push(Mistake { diagnostic, part: Part::Everything });
        }
    }
    edited
}

fn edit_document(
    evaluator: &mut dyn Evaluator,
    view: &View,
    document: &Arc<Document>,
    (before, after): (&Value, &Value),
    takes_new: bool,
) -> Result<Arc<Document>, Fault> {
    let root = document.root();
    let mut steps = view.0.transformations(Step::Cluster);
    let place = steps.find_map(|transformation| {
        let embedded = view.0.model.expressions.get(transformation.expression as usize)?;
        (embedded.spot.document == document.number()).then_some(embedded.spot.span)
    });
    let builder = TreeBuilder::new(Arc::clone(&document.source));
    let mut edit = Edit { evaluator, builder, takes_new, path: Vec::new() };
    let around = place.unwrap_or_else(|| Span { end: root.span().start, ..root.span() });
    let mut entries = Vec::new();
    for (key, node) in root.entries() {
        let node = if key.text == "domain" {
            edit.path.push("domain".into());
            let part = |value: &Value, edit: &mut Edit<'_>| edit.evaluator.attr(value, "domain");
            let (old, new) = (part(before, &mut edit)?, part(after, &mut edit)?);
            let edited = edit.node(Some(node), old.as_ref(), new.as_ref().unwrap_or(&Value::Null), around);
            edit.path.pop();
            edited?
        } else {
            Some(edit.builder.copy(node))
        };
        entries.extend(node.map(|node| (key, node)));
    }
    let mut builder = edit.builder;
    let entries = entries.iter().map(|(key, node)| (&*key.text, key.span, *node));
    let root = builder.object(entries, root.span());
    let mut edited = builder.finish_as(root, document.notation(), &Limits::default());
    edited.set_number(document.number());
    Ok(Arc::new(edited))
}

struct Edit<'e> {
    evaluator: &'e mut dyn Evaluator,
    builder: TreeBuilder,
    /// Whether what is in no document goes into this one.
    takes_new: bool,
    /// The names that lead to the part, from the whole configuration.
    path: Vec<Name>,
}

impl Edit<'_> {
    /// A part of the configuration; nothing where it is the default, or stands in another document.
    fn node(
        &mut self,
        original: Option<Node<'_>>,
        before: Option<&Value>,
        after: &Value,
        around: Span,
    ) -> Result<Option<TreeNode>, Fault> {
        if before.is_some_and(|before| is_untouched(before, after)) {
            return Ok(original.map(|node| self.builder.copy(node)));
        }
        self.evaluator.step()?;
        let after = self.evaluator.force(after)?;
        let before = before.map(|before| self.evaluator.force(before)).transpose()?;
        if before.as_ref().is_some_and(|before| is_untouched(before, &after)) {
            return Ok(original.map(|node| self.builder.copy(node)));
        }
        if original.is_none() && !self.takes_new {
            return Ok(None);
        }
        self.evaluator.enter()?;
        let node = stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            self.changed(original, before.as_ref(), &after, around)
        });
        self.evaluator.leave();
        node.map(Some)
    }

    fn changed(
        &mut self,
        original: Option<Node<'_>>,
        before: Option<&Value>,
        after: &Value,
        around: Span,
    ) -> Result<TreeNode, Fault> {
        let span = original.map_or(around, Node::span);
        Ok(match after {
            Value::Null | Value::Thunk(_) => self.builder.null(span),
            Value::Bool(truth) => self.builder.bool(*truth, span),
            Value::Int(number) => self.builder.int(*number, span),
            Value::Float(number) => self.builder.float(*number, span),
            Value::String(text) => self.builder.string(text, span),
            Value::List(items) => {
                let old: Vec<(Option<Node<'_>>, Value)> = match before {
                    Some(Value::List(old)) => {
                        let nodes: Vec<Node<'_>> = original.into_iter().flat_map(Node::items).collect();
                        old.iter()
                            .enumerate()
                            .map(|(at, value)| (nodes.get(at).copied(), value.clone()))
                            .collect()
                    }
                    _ => Vec::new(),
                };
                let mut nodes = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let known = old.iter().find(|(_, value)| is_untouched(value, item));
                    let (original, before) = known.map_or((None, None), |(node, value)| (*node, Some(value)));
                    self.path.push(index.to_string().into());
                    let takes_new = std::mem::replace(&mut self.takes_new, true);
                    let node = self.node(original, before, item, around);
                    self.takes_new = takes_new;
                    self.path.pop();
                    nodes.extend(node?);
                }
                self.builder.list(nodes, span)
            }
            Value::Attrs(_) | Value::Entity(_) => {
                let attrs = self.evaluator.attrs(after)?;
                let old = match before {
                    Some(before @ (Value::Attrs(_) | Value::Entity(_))) => {
                        Some(self.evaluator.attrs(before)?)
                    }
                    _ => None,
                };
                let mut entries: Vec<(Name, Span, TreeNode)> = Vec::with_capacity(attrs.len());
                let written = original.filter(|node| node.kind() == Kind::Object);
                let written: Vec<_> = written.into_iter().flat_map(Node::entries).collect();
                let known: HashMap<&str, (Span, Node<'_>)> =
                    written.iter().map(|(key, node)| (&*key.text, (key.span, *node))).collect();
                // What is written stays in its order, and what is new follows it.
                let first = written.iter().map(|(key, _)| Name::from(&*key.text));
                let new = attrs.keys().iter().filter(|name| !known.contains_key(&***name)).cloned();
                let names: Vec<Name> = first.chain(new).collect();
                for name in names {
                    let Some(value) = attrs.get(&name) else { continue };
                    let (key_span, node) = match known.get(&*name) {
                        Some((span, node)) => (*span, Some(*node)),
                        None => (around, None),
                    };
                    let old = old.as_ref().and_then(|old| old.get(&name));
                    self.path.push(name.clone());
                    let node = self.node(node, old, value, around);
                    self.path.pop();
                    entries.extend(node?.map(|node| (name, key_span, node)));
                }
                self.builder.object(entries.iter().map(|(name, span, node)| (&**name, *span, *node)), span)
            }
            Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => {
                let path = std::iter::once(Name::from(TRANSFORMED)).chain(self.path.iter().cloned());
                let path = path.collect();
                self.builder.expression(path, span)
            }
        })
    }
}

/// Whether two values are one. Nothing is evaluated for it, so that what nobody changes may fail.
fn is_untouched(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Thunk(before), Value::Thunk(after)) if Rc::ptr_eq(before, after) => true,
        (Value::Thunk(before), after) => before.value().is_some_and(|before| is_untouched(&before, after)),
        (before, Value::Thunk(after)) => after.value().is_some_and(|after| is_untouched(before, &after)),
        (Value::Null, Value::Null) => true,
        (Value::Bool(before), Value::Bool(after)) => before == after,
        (Value::Int(before), Value::Int(after)) => before == after,
        (Value::Float(before), Value::Float(after)) => before.to_bits() == after.to_bits(),
        (Value::String(before), Value::String(after)) => before == after,
        (Value::List(before), Value::List(after)) => before.is_same(after),
        (Value::Attrs(before), Value::Attrs(after)) => before.is_same(after),
        (Value::Closure(before), Value::Closure(after)) => Rc::ptr_eq(before, after),
        (Value::Builtin(before), Value::Builtin(after)) => Rc::ptr_eq(before, after),
        (Value::Filter(before), Value::Filter(after)) => Rc::ptr_eq(before, after),
        (Value::Entity(before), Value::Entity(after)) => before == after,
        _ => false,
    }
}
