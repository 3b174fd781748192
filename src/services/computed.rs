//! What a closure gives, as a document: modules are merged from documents, whoever wrote them.

use std::sync::Arc;

use crate::inventory::document::{Document, TreeBuilder, TreeNode};
use crate::limits::{Limit, grouped};
use crate::text::{Source, Span};
use crate::value::{Evaluator, Fault, Value};

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
    let mut builder = TreeBuilder::new(Arc::clone(source));
    let root = node(evaluator, &mut builder, value, span, 0)?;
    Ok(builder.finish(root))
}

fn node(
    evaluator: &mut dyn Evaluator,
    builder: &mut TreeBuilder,
    value: &Value,
    span: Span,
    depth: usize,
) -> Result<TreeNode, Fault> {
    if depth > evaluator.limits().document_depth {
        let most = grouped(evaluator.limits().document_depth as u64);
        let message = format!("the configuration nests more than {most} deep");
        return Err(Fault::new(Limit::DocumentDepth.reached(message, "")));
    }
    evaluator.step()?;
    let value = evaluator.force(value)?;
    evaluator.enter()?;
    let node =
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || forced(evaluator, builder, &value, span, depth));
    evaluator.leave();
    node
}

fn forced(
    evaluator: &mut dyn Evaluator,
    builder: &mut TreeBuilder,
    value: &Value,
    span: Span,
    depth: usize,
) -> Result<TreeNode, Fault> {
    Ok(match value {
        Value::Bool(truth) => builder.bool(*truth, span),
        Value::Int(number) => builder.int(*number, span),
        Value::Float(number) => builder.float(*number, span),
        Value::String(text) => builder.string(text, span),
        Value::List(items) => {
            let mut nodes = Vec::with_capacity(items.len());
            for item in items.iter() {
                nodes.push(node(evaluator, builder, item, span, depth + 1)?);
            }
            builder.list(nodes, span)
        }
        Value::Attrs(_) | Value::Entity(_) => {
            let attrs = evaluator.attrs(value)?;
            let taken_away = is_taken_away(evaluator, &attrs)?;
            let mut entries = Vec::with_capacity(attrs.len());
            for (name, member) in attrs.iter() {
                let member = match taken_away && &**name == "content" {
                    true => builder.null(span),
                    false => node(evaluator, builder, member, span, depth + 1)?,
                };
                entries.push((name.clone(), member));
            }
            builder.object(entries.iter().map(|(name, node)| (&**name, span, *node)), span)
        }
        // A function is no data, but may stand among it.
        Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => builder.expression(Vec::new(), span),
        Value::Null | Value::Thunk(_) => builder.null(span),
    })
}

/// Whether a value is an `mkIf` whose condition does not hold. Its content may be what the condition
/// guards against.
fn is_taken_away(evaluator: &mut dyn Evaluator, attrs: &crate::value::Attrs) -> Result<bool, Fault> {
    let Some(mark) = attrs.get("_type") else { return Ok(false) };
    let is_condition = matches!(evaluator.force(mark)?, Value::String(mark) if &*mark == "if");
    match attrs.get("condition") {
        Some(condition) if is_condition => Ok(matches!(evaluator.force(condition)?, Value::Bool(false))),
        _ => Ok(false),
    }
}
