//! What a reader looks at of an answer: evaluated no further than it is shown.

use std::sync::Arc;

use serde_json::Value as Json;

use super::super::given::Given;
use crate::diagnostic::Diagnostic;
use crate::engine::query::element_of;
use crate::engine::{Inventory, Query};
use crate::eval::{Evaluation, Used};
use crate::syntax::ast::Name;
use crate::text::Span;
use crate::types::{Named, Rest, Type};
use crate::value::{Evaluator, Fault, Value};

/// How much of an answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Machines and rows of tables.
    pub rows: usize,
    /// Elements of each list and members of each set.
    pub items: usize,
    /// How deep lists and sets are opened; those below are not evaluated.
    pub depth: usize,
}

impl Default for Room {
    fn default() -> Room {
        Room { rows: 20, items: 20, depth: 2 }
    }
}

/// What is shown of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Machines, by their numbers; all of them.
    Machines(Vec<u32>),
    /// The first records of a list as data, and how many there are.
    Rows(Json, usize),
    /// Anything else.
    Tree(Tree),
}

/// A value as far as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Null, a boolean, a number or a text.
    Plain(Json),
    /// The first elements of a list, and how many there are.
    List(Vec<Tree>, usize),
    /// The first members of a set, and how many there are.
    Set(Vec<(Name, Tree)>, usize),
    /// A record of the inventory that is not opened: its kind and its name.
    Record(&'static str, String),
    /// A function.
    Function,
    /// A filter, as it can be written.
    Filter(String),
    /// A part that cannot be evaluated, with the reason.
    Failed(String),
}

/// What evaluating a query for a reader gives: its type, what is shown, what can be kept, what was used.
pub(super) type Evaluated = (Type, Shown, Option<Given>, Used);

/// Evaluates a query as far as it is shown.
pub(super) fn shown(query: &Query, inventory: &Inventory, room: Room) -> Result<Evaluated, Diagnostic> {
    let mut evaluation = query.evaluation(inventory);
    let result = run(query, &mut evaluation, inventory, room).map_err(|fault| query.placed(fault));
    let used = evaluation.used();
    result.map(|(ty, shown, kept)| (ty, shown, kept, used))
}

fn run(
    query: &Query,
    evaluation: &mut Evaluation<'_>,
    inventory: &Inventory,
    room: Room,
) -> Result<(Type, Shown, Option<Given>), Fault> {
    let ty = query.ty().clone();
    let value = evaluation.run(&query.program)?;
    if let (Value::Entity(entity), Type::Named(Named::Machine)) = (&value, &ty) {
        let (id, tree) = (entity.id, open(evaluation, &value, room, room.depth)?);
        return Ok((ty, Shown::Tree(tree), Some(Given::Machine(id))));
    }
    if let Some(nodes) = query.nodes(evaluation, &value, inventory)? {
        let machines = element_of(&ty) == Some(&Type::Named(Named::Machine));
        let kept = machines.then(|| Given::Machines(nodes.as_slice().into()));
        let ty = if machines { ty } else { Type::Filter };
        return Ok((ty, Shown::Machines(nodes), kept));
    }
    if is_plain(&ty) {
        let data = Arc::new(evaluation.data(&value)?);
        let shown = match (&*data, has_records(&ty)) {
            (Json::Array(items), true) => {
                Shown::Rows(Json::Array(items.iter().take(room.rows).cloned().collect()), items.len())
            }
            (data, _) => Shown::Tree(Tree::of_data(data, room)),
        };
        return Ok((ty, shown, Some(Given::Data(data))));
    }
    let shown = match (&value, has_records(&ty)) {
        (Value::List(items), true) => {
            let total = items.len();
            let first = items.iter().take(room.rows).cloned().collect();
            Shown::Rows(evaluation.data(&Value::list(first))?, total)
        }
        _ => Shown::Tree(tree(evaluation, &value, room, room.depth)?),
    };
    Ok((ty, shown, None))
}

/// Evaluates what is being defined, so that mistakes show at once; gives what can be kept. Of a set of
/// definitions each one is evaluated.
pub(super) fn settle(
    query: &Query,
    inventory: &Inventory,
    names: Option<Vec<(Name, Span)>>,
) -> Result<(Option<Given>, Used), Diagnostic> {
    let mut evaluation = query.evaluation(inventory);
    let result = settled(query, &mut evaluation, names.as_deref()).map_err(|fault| query.placed(fault));
    let used = evaluation.used();
    result.map(|kept| (kept, used))
}

fn settled(
    query: &Query,
    evaluation: &mut Evaluation<'_>,
    names: Option<&[(Name, Span)]>,
) -> Result<Option<Given>, Fault> {
    let value = evaluation.run(&query.program)?;
    for (name, _) in names.unwrap_or_default() {
        let evaluator: &mut dyn Evaluator = evaluation;
        if let Some(part) = evaluator.attr(&value, name)? {
            evaluator.force(&part)?;
        }
    }
    let listed = element_of(query.ty()) == Some(&Type::Named(Named::Machine));
    Ok(match (&value, query.ty()) {
        (Value::Entity(entity), Type::Named(Named::Machine)) => Some(Given::Machine(entity.id)),
        (Value::List(items), _) if listed => {
            let mut nodes = Vec::with_capacity(items.len());
            for item in items.iter() {
                if let Value::Entity(entity) = evaluation.force(item)? {
                    nodes.push(entity.id);
                }
            }
            Some(Given::Machines(nodes.into()))
        }
        (_, ty) if is_plain(ty) => Some(Given::data(evaluation.data(&value)?)),
        _ => None,
    })
}

/// Whether values of this type are the same once they have been written as data and read again.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Null | Type::Bool | Type::Int | Type::Float | Type::String | Type::Path => true,
        Type::List(inner) | Type::Optional(inner) | Type::Dictionary(inner) => is_plain(inner),
        Type::Record(record) => {
            record.rest == Rest::Closed && record.fields.iter().all(|field| is_plain(&field.ty))
        }
        _ => false,
    }
}

/// Whether it is a list of records, which makes a table.
fn has_records(ty: &Type) -> bool {
    element_of(ty).is_some_and(|element| matches!(element, Type::Record(_) | Type::Named(_)))
}

/// A value, opened to a depth; mistakes in its parts are shown in their places.
fn tree(evaluation: &mut Evaluation<'_>, value: &Value, room: Room, depth: usize) -> Result<Tree, Fault> {
    let value = evaluation.force(value)?;
    Ok(match &value {
        Value::Closure(_) | Value::Builtin(_) => Tree::Function,
        Value::Filter(filter) => Tree::Filter(evaluation.filter_text(filter)),
        Value::List(items) if depth == 0 => Tree::List(Vec::new(), items.len()),
        Value::List(items) => {
            let mut parts = Vec::new();
            for item in items.iter().take(room.items) {
                parts.push(part(evaluation, item, room, depth - 1)?);
            }
            Tree::List(parts, items.len())
        }
        Value::Attrs(attrs) if depth == 0 => Tree::Set(Vec::new(), attrs.len()),
        Value::Entity(entity) if depth < room.depth => {
            let name = match evaluation.entity_field(*entity, "name") {
                Ok(Some(name)) => match evaluation.force(&name)? {
                    Value::String(name) => name.to_string(),
                    _ => String::new(),
                },
                _ => String::new(),
            };
            Tree::Record(entity.kind.word(), name)
        }
        Value::Attrs(_) | Value::Entity(_) => open(evaluation, &value, room, depth.max(1))?,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            Tree::Plain(plain(&value))
        }
        Value::Thunk(_) => Tree::Plain(Json::Null),
    })
}

/// A set or a record of the inventory, opened.
fn open(evaluation: &mut Evaluation<'_>, value: &Value, room: Room, depth: usize) -> Result<Tree, Fault> {
    let evaluator: &mut dyn Evaluator = evaluation;
    // A record has few fields, and all of them are what it is.
    let most = if matches!(value, Value::Entity(_)) { usize::MAX } else { room.items };
    let attrs = evaluator.attrs(value)?;
    let mut parts = Vec::new();
    for (name, member) in attrs.iter().take(most) {
        parts.push((name.clone(), part(evaluation, member, room, depth - 1)?));
    }
    Ok(Tree::Set(parts, attrs.len()))
}

/// A part of a value; what stops the whole evaluation is passed on.
fn part(evaluation: &mut Evaluation<'_>, value: &Value, room: Room, depth: usize) -> Result<Tree, Fault> {
    match tree(evaluation, value, room, depth) {
        Ok(tree) => Ok(tree),
        Err(fault) => match evaluation.stopped() {
            Some(stopped) => Err(stopped),
            None => Ok(Tree::Failed(fault.into_diagnostic().message)),
        },
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::String(text) => Json::from(&**text),
        _ => Json::Null,
    }
}

impl Tree {
    /// Data, as far as there is room for it.
    pub fn of_data(data: &Json, room: Room) -> Tree {
        let inner = room.depth.checked_sub(1).map(|depth| Room { depth, ..room });
        match (data, inner) {
            (Json::Array(items), None) => Tree::List(Vec::new(), items.len()),
            (Json::Array(items), Some(inner)) => {
                let parts = items.iter().take(room.items).map(|item| Tree::of_data(item, inner)).collect();
                Tree::List(parts, items.len())
            }
            (Json::Object(members), None) => Tree::Set(Vec::new(), members.len()),
            (Json::Object(members), Some(inner)) => {
                let parts = members.iter().take(room.items);
                let parts = parts.map(|(name, part)| (name.as_str().into(), Tree::of_data(part, inner)));
                Tree::Set(parts.collect(), members.len())
            }
            (plain, _) => Tree::Plain(plain.clone()),
        }
    }
}
