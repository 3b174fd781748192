//! Clan's computed tags: functions of `{ config, machines }` that give the names of machines.
//!
//! In goes an inventory as a first reading gives it, without these tags; out come the machines of each,
//! for a second reading. `config` has the machines' names by tag, computed ones too, so that a tag can
//! be made from others; a machine's own tags are not known yet.

use std::cell::RefCell;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clan::ComputedTags;
use crate::eval::Evaluation;
use crate::inventory::model::{Class, Embedded, EmbeddedRole, Inventory, Mistake, Part};
use crate::limits::Limits;
use crate::services::View;
use crate::syntax::ast::Name;
use crate::value::{AttrsBuilder, Evaluator, Fault, Value};

/// What the functions of an inventory give.
pub(super) struct Computed {
    /// The machines of each tag.
    pub(super) tags: ComputedTags,
    /// The functions that fail.
    pub(super) mistakes: Vec<Mistake>,
}

/// Whether tags must be computed. In an inventory of which nothing can be used they are not.
pub(super) fn needed(model: &Inventory) -> bool {
    let computed = |embedded: &Embedded| is_computed(&embedded.role);
    model.expressions.iter().any(computed)
        && model.mistakes.iter().all(|mistake| mistake.part != Part::Everything)
}

fn is_computed(role: &EmbeddedRole) -> bool {
    matches!(role, EmbeddedRole::ComputedTag(_) | EmbeddedRole::ComputedTags)
}

/// Evaluates the functions.
pub(super) fn compute(view: &View, limits: &Limits) -> Computed {
    let model = &view.0.model;
    let mut computed = Computed { tags: ComputedTags::new(), mistakes: Vec::new() };
    let mut evaluation = Evaluation::new(view, limits, Vec::new());
    let fail = |computed: &mut Computed, embedded: &Embedded, fault: Fault| {
        let mut diagnostic = fault.into_diagnostic();
        if diagnostic.labels.is_empty()
            && let Some(document) = model.documents.get(embedded.spot.document as usize)
        {
            diagnostic = diagnostic.at(&document.source, embedded.spot.span, "");
        }
        // Tags that need each other fail for the same reason.
        let same = |mistake: &Mistake| {
            let places = mistake.diagnostic.labels.iter().map(|label| label.span);
            mistake.diagnostic.message == diagnostic.message
                && places.eq(diagnostic.labels.iter().map(|label| label.span))
        };
        if !computed.mistakes.iter().any(same) {
            computed.mistakes.push(Mistake { diagnostic, part: Part::Everything });
        }
    };
    let shared: Rc<RefCell<Value>> = Rc::new(RefCell::new(Value::Null));
    let machines = machines(model);
    let mut attrs = AttrsBuilder::default();
    for tag in &model.tags {
        if let Some(listed) = &tag.listed {
            let names = listed.iter().map(|node| Value::string(model.nodes.name(*node)));
            attrs.insert(tag.name.clone(), Value::list(names.collect()));
        }
    }
    let mut names: Vec<(Name, &Embedded)> = Vec::new();
    for (index, embedded) in (0..).zip(&model.expressions).filter(|(_, embedded)| is_computed(&embedded.role))
    {
        let function = match evaluation.embedded(index) {
            Ok(function) => function,
            Err(fault) => {
                fail(&mut computed, embedded, fault);
                continue;
            }
        };
        let (later, machines) = (Rc::clone(&shared), machines.clone());
        let called = Value::lazy(move |evaluator| {
            let config = Value::lazy(move |_| Ok(later.borrow().clone()));
            evaluator.call(&function, &[Value::attrs([("config", config), ("machines", machines)])])
        });
        match &embedded.role {
            EmbeddedRole::ComputedTag(tag) => {
                attrs.insert(tag.clone(), called);
                names.push((tag.clone(), embedded));
            }
            // Which tags there are must be known before the first one is read.
            _ => match known_tags(&mut evaluation, &called) {
                Ok(tags) => {
                    for tag in tags {
                        let (set, key) = (called.clone(), tag.clone());
                        let one = Value::lazy(move |evaluator| {
                            let found = evaluator.attr(&set, &key)?;
                            found.map_or(Ok(Value::Null), |found| evaluator.force(&found))
                        });
                        attrs.insert(tag.clone(), one);
                        names.push((tag, embedded));
                    }
                }
                Err(fault) => fail(&mut computed, embedded, fault),
            },
        }
    }
    let config = Value::Attrs(attrs.finish());
    shared.replace(config.clone());
    for (tag, embedded) in names {
        match members(&mut evaluation, &config, &tag) {
            Ok(members) => {
                computed.tags.insert(tag, members);
            }
            Err(fault) => fail(&mut computed, embedded, fault),
        }
    }
    // The functions hold the set, which holds what they gave.
    shared.replace(Value::Null);
    computed
}

/// The names in the set that a function gives.
fn known_tags(evaluator: &mut dyn Evaluator, set: &Value) -> Result<Vec<Name>, Fault> {
    Ok(evaluator.attrs(set)?.keys().to_vec())
}

fn members(evaluator: &mut dyn Evaluator, config: &Value, tag: &str) -> Result<Vec<Name>, Fault> {
    let value = evaluator.attr(config, tag)?.unwrap_or(Value::Null);
    let list = evaluator.list(&value)?;
    list.iter().map(|name| evaluator.string(name)).collect()
}

/// The machines by name, as the functions see them.
fn machines(model: &Inventory) -> Value {
    let count = u32::try_from(model.nodes.len()).unwrap_or(u32::MAX);
    let machine = |node: u32| {
        let name = model.nodes.name(node);
        let class = model.nodes.class.get(node as usize).copied().unwrap_or(Class::Nixos);
        let what = Name::from(name);
        let unknown = Value::lazy(move |_| {
            let message = format!("the tags of `{what}` are not known while tags are computed");
            let help = "ask `config.TAG` for the machines of another tag";
            Err(Fault::new(Diagnostic::error(Code::InfiniteRecursion, message).help(help)))
        });
        let record = Value::attrs([
            ("machineClass", Value::string(class.word())),
            ("name", Value::string(name)),
            ("tags", unknown),
        ]);
        (Name::from(name), record)
    };
    Value::attrs((0..count).map(machine))
}
