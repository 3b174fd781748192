//! What a closure gives, as a document: modules are merged from documents, whoever wrote them.

use std::sync::Arc;

use super::written::Written;
use crate::diagnostic::Code;
use crate::inventory::document::{Document, Node, TreeBuilder, TreeNode};
use crate::limits::{Limit, grouped};
use crate::text::{Source, Span};
use crate::value::{Attrs, Evaluator, Fault, Value};

/// Where a value comes from.
#[derive(Clone)]
pub(super) struct Origin {
    /// The text.
    pub(super) source: Arc<Source>,
    /// The expression that gives it.
    pub(super) span: Span,
    /// Where its parts are written, as far as the text tells.
    pub(super) written: Option<Arc<Written>>,
}

/// A value as a document.
pub(super) struct Made {
    /// The data in it.
    pub(super) document: Document,
    /// The functions in it, in the order in which they stand there.
    functions: Vec<Value>,
    origin: Origin,
}

impl Made {
    /// A document without functions.
    pub(super) fn data(document: Document) -> Made {
        let source = Arc::clone(&document.source);
        let origin = Origin { source, span: document.root().span(), written: None };
        Made { document, functions: Vec::new(), origin }
    }

    /// The function that a node of the document stands for, with its place.
    pub(super) fn function(&self, node: Node<'_>) -> Option<(&Value, Origin)> {
        let index = node.file_value()?.path.first()?.parse::<usize>().ok()?;
        let origin = Origin { span: node.span(), written: None, ..self.origin.clone() };
        Some((self.functions.get(index)?, origin))
    }
}

/// The value, evaluated to its last part.
///
/// # Errors
/// What evaluating a part fails with; what an `mkIf` takes away is not evaluated.
pub(super) fn document(evaluator: &mut dyn Evaluator, value: &Value, origin: &Origin) -> Result<Made, Fault> {
    Ok(walk(evaluator, value, origin, None)?.0)
}

/// The value without the parts that fail, which are left out, and why they do.
///
/// # Errors
/// What the whole fails with, and what stops the evaluation.
pub(super) fn partial(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    origin: &Origin,
) -> Result<(Made, Vec<Fault>), Fault> {
    walk(evaluator, value, origin, Some(Vec::new()))
}

fn walk(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    origin: &Origin,
    left_out: Option<Vec<Fault>>,
) -> Result<(Made, Vec<Fault>), Fault> {
    let builder = TreeBuilder::new(Arc::clone(&origin.source));
    let mut walk = Walk { evaluator, builder, functions: Vec::new(), left_out };
    let root = walk.node(value, Place { written: origin.written.as_deref(), span: origin.span }, 0)?;
    let Walk { builder, functions, left_out, .. } = walk;
    let made = Made { document: builder.finish(root), functions, origin: origin.clone() };
    Ok((made, left_out.unwrap_or_default()))
}

/// Whether a fault ends the evaluation, and not a part of it alone.
pub(super) fn ends(fault: &Fault) -> bool {
    matches!(fault.diagnostic().code, Code::LimitReached | Code::Interrupted)
}

/// Where a part is written, or what is around it.
#[derive(Clone, Copy)]
struct Place<'w> {
    written: Option<&'w Written>,
    span: Span,
}

impl<'w> Place<'w> {
    fn of(self, written: Option<&'w Written>) -> Place<'w> {
        Place { written, span: written.map_or(self.span, |written| written.span) }
    }
}

struct Walk<'w> {
    evaluator: &'w mut dyn Evaluator,
    builder: TreeBuilder,
    functions: Vec<Value>,
    /// Where parts may be left out, the reasons.
    left_out: Option<Vec<Fault>>,
}

impl Walk<'_> {
    fn node(&mut self, value: &Value, place: Place<'_>, depth: usize) -> Result<TreeNode, Fault> {
        if depth > self.evaluator.limits().document_depth {
            let most = grouped(self.evaluator.limits().document_depth as u64);
            let message = format!("the configuration nests more than {most} deep");
            return Err(Fault::new(Limit::DocumentDepth.reached(message, "")));
        }
        self.evaluator.step()?;
        let value = self.evaluator.force(value)?;
        self.evaluator.enter()?;
        let node = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.forced(&value, place, depth));
        self.evaluator.leave();
        node
    }

    /// A part of a list or set; nothing where it is left out.
    fn part(&mut self, value: &Value, place: Place<'_>, depth: usize) -> Result<Option<TreeNode>, Fault> {
        let node = self.node(value, place, depth);
        self.or_left_out(node)
    }

    fn or_left_out<T>(&mut self, result: Result<T, Fault>) -> Result<Option<T>, Fault> {
        match (result, &mut self.left_out) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(fault), Some(left_out)) if !ends(&fault) => {
                left_out.push(fault);
                Ok(None)
            }
            (Err(fault), _) => Err(fault),
        }
    }

    fn forced(&mut self, value: &Value, place: Place<'_>, depth: usize) -> Result<TreeNode, Fault> {
        let span = place.span;
        Ok(match value {
            Value::Bool(truth) => self.builder.bool(*truth, span),
            Value::Int(number) => self.builder.int(*number, span),
            Value::Float(number) => self.builder.float(*number, span),
            Value::String(text) => self.builder.string(text, span),
            Value::List(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let written = place.written.and_then(|written| written.item(index, items.len()));
                    nodes.extend(self.part(item, place.of(written), depth + 1)?);
                }
                self.builder.list(nodes, span)
            }
            Value::Attrs(_) | Value::Entity(_) => {
                let attrs = self.evaluator.attrs(value)?;
                let taken_away = self.is_taken_away(&attrs)?;
                let mut entries = Vec::with_capacity(attrs.len());
                for (name, member) in attrs.iter() {
                    let place = place.of(place.written.and_then(|written| written.attr(name)));
                    let member = match taken_away && &**name == "content" {
                        true => Some(self.builder.null(place.span)),
                        false => self.part(member, place, depth + 1)?,
                    };
                    entries.extend(member.map(|member| (name.clone(), place.span, member)));
                }
                self.builder.object(entries.iter().map(|(name, span, node)| (&**name, *span, *node)), span)
            }
            // A function is no data, but may stand among it.
            Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => {
                let index = self.functions.len().to_string();
                self.functions.push(value.clone());
                self.builder.expression(vec![index.into()], span)
            }
            Value::Null | Value::Thunk(_) => self.builder.null(span),
        })
    }

    /// Whether a value is an `mkIf` whose condition does not hold. Its content may be what the condition
    /// guards against.
    fn is_taken_away(&mut self, attrs: &Attrs) -> Result<bool, Fault> {
        let Some(mark) = attrs.get("_type") else { return Ok(false) };
        let is_condition = matches!(self.evaluator.force(mark)?, Value::String(mark) if &*mark == "if");
        match attrs.get("condition") {
            Some(condition) if is_condition => {
                Ok(matches!(self.evaluator.force(condition)?, Value::Bool(false)))
            }
            _ => Ok(false),
        }
    }
}
