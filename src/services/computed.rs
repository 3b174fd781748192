//! What a closure gives, as a document: modules are merged from documents, whoever wrote them.

use std::sync::Arc;

use crate::diagnostic::Code;
use crate::inventory::document::{Document, TreeBuilder, TreeNode};
use crate::limits::{Limit, grouped};
use crate::text::{Source, Span};
use crate::value::{Attrs, Evaluator, Fault, Value};

/// The value, evaluated to its last part. Everything in it stands where the definition does.
///
/// # Errors
/// What evaluating a part fails with; what an `mkIf` takes away is not evaluated.
pub(super) fn document(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    source: &Arc<Source>,
    span: Span,
) -> Result<Document, Fault> {
    let builder = TreeBuilder::new(Arc::clone(source));
    let mut walk = Walk { evaluator, builder, span, left_out: None };
    let root = walk.node(value, 0)?;
    Ok(walk.builder.finish(root))
}

/// The value without the parts that fail, which are left out, and why the first of them does.
///
/// # Errors
/// What the whole fails with, and what stops the evaluation.
pub(super) fn partial(
    evaluator: &mut dyn Evaluator,
    value: &Value,
    source: &Arc<Source>,
    span: Span,
) -> Result<(Document, Option<Fault>), Fault> {
    let builder = TreeBuilder::new(Arc::clone(source));
    let mut walk = Walk { evaluator, builder, span, left_out: Some(None) };
    let root = walk.node(value, 0)?;
    let left_out = walk.left_out.flatten();
    Ok((walk.builder.finish(root), left_out))
}

/// Whether a fault ends the evaluation, and not a part of it alone.
pub(super) fn ends(fault: &Fault) -> bool {
    matches!(fault.diagnostic().code, Code::LimitReached | Code::Interrupted)
}

struct Walk<'w> {
    evaluator: &'w mut dyn Evaluator,
    builder: TreeBuilder,
    span: Span,
    /// Where parts may be left out, the first reason.
    left_out: Option<Option<Fault>>,
}

impl Walk<'_> {
    fn node(&mut self, value: &Value, depth: usize) -> Result<TreeNode, Fault> {
        if depth > self.evaluator.limits().document_depth {
            let most = grouped(self.evaluator.limits().document_depth as u64);
            let message = format!("the configuration nests more than {most} deep");
            return Err(Fault::new(Limit::DocumentDepth.reached(message, "")));
        }
        self.evaluator.step()?;
        let value = self.evaluator.force(value)?;
        self.evaluator.enter()?;
        let node = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.forced(&value, depth));
        self.evaluator.leave();
        node
    }

    /// A part of a list or set; nothing where it is left out.
    fn part(&mut self, value: &Value, depth: usize) -> Result<Option<TreeNode>, Fault> {
        let node = self.node(value, depth);
        self.or_left_out(node)
    }

    fn or_left_out<T>(&mut self, result: Result<T, Fault>) -> Result<Option<T>, Fault> {
        match (result, &mut self.left_out) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(fault), Some(first)) if !ends(&fault) => {
                first.get_or_insert(fault);
                Ok(None)
            }
            (Err(fault), _) => Err(fault),
        }
    }

    fn forced(&mut self, value: &Value, depth: usize) -> Result<TreeNode, Fault> {
        let span = self.span;
        Ok(match value {
            Value::Bool(truth) => self.builder.bool(*truth, span),
            Value::Int(number) => self.builder.int(*number, span),
            Value::Float(number) => self.builder.float(*number, span),
            Value::String(text) => self.builder.string(text, span),
            Value::List(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for item in items.iter() {
                    nodes.extend(self.part(item, depth + 1)?);
                }
                self.builder.list(nodes, span)
            }
            Value::Attrs(_) | Value::Entity(_) => {
                let attrs = self.evaluator.attrs(value)?;
                let taken_away = self.is_taken_away(&attrs)?;
                let mut entries = Vec::with_capacity(attrs.len());
                for (name, member) in attrs.iter() {
                    let member = match taken_away && &**name == "content" {
                        true => Some(self.builder.null(span)),
                        false => self.part(member, depth + 1)?,
                    };
                    entries.extend(member.map(|member| (name.clone(), member)));
                }
                self.builder.object(entries.iter().map(|(name, node)| (&**name, span, *node)), span)
            }
            // A function is no data, but may stand among it.
            Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => {
                self.builder.expression(Vec::new(), span)
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
