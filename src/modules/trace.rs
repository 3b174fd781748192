//! Every definition of one option, with those that do not count and why.
//!
//! The rules are those of [`super::configuration`], followed along the names of the option alone.

use super::merged::{NO_OPTIONS, body};
use super::options::Shape;
use super::{DEFAULT_ORDER, DEFAULT_PRIORITY, Definition, Failure, discharge_with, not_a_set};
use crate::inventory::document::{Kind, Node};

/// A definition of an option, and what became of it.
#[derive(Clone)]
pub struct Traced<'d> {
    /// What is defined, where, and with which priority and order.
    pub definition: Definition<Node<'d>>,
    /// The module that says it, by its place in the list.
    pub module: usize,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is one of the strongest, from which the value is made.
    Counts,
    /// Others have this priority, which is stronger.
    Weaker(i64),
    /// The condition around it does not hold.
    Condition,
}

/// A definition on the way, with its module.
type Open<'d> = (usize, Definition<Node<'d>>);

/// The definitions of the option at `path`, those that count first, in the order in which lists are
/// joined.
///
/// # Errors
/// A value on the way that is no set, and malformed marks.
pub fn trace<'d>(
    modules: &[Node<'d>],
    options: &'static [(&'static str, Shape)],
    path: &[&str],
) -> Result<Vec<Traced<'d>>, Failure> {
    let without = |module: usize| match modules.get(module) {
        Some(module) if module.get("config").is_none() => &NO_OPTIONS[..],
        _ => &[],
    };
    let bodies = modules.iter().enumerate().rev();
    let mut open: Vec<Open<'d>> =
        bodies.map(|(index, module)| (index, Definition::new(body(*module)))).collect();
    let mut lost = Vec::new();
    let whole = Shape::Set(options);
    let mut shape = &whole;
    for (depth, name) in path.iter().enumerate() {
        let rest = path.get(depth..).unwrap_or(&[]);
        open = conditions(open, rest, &mut lost)?;
        // Marks around a set of options go down to each of them.
        if !matches!(shape, Shape::Set(_)) {
            open = equals(strongest(open, rest, &mut lost)?);
        }
        let mut below = Vec::new();
        for (module, definition) in open {
            match definition.value.kind() {
                Kind::Object if depth == 0 && without(module).contains(name) => {}
                Kind::Object => {
                    let node = definition.value.get(name);
                    below.extend(node.map(|node| (module, inside(&definition, node))));
                }
                Kind::Expression => {}
                kind => return Err(not_a_set(&definition, path.get(..depth).unwrap_or(&[]), kind)),
            }
        }
        open = below;
        shape = match shape {
            Shape::Set(options) => {
                options.iter().find(|(known, _)| known == name).map_or(&Shape::Any, |(_, shape)| shape)
            }
            // What is inside of a submodule has modules of its own: these definitions.
            Shape::Each(each) => {
                let rest = path.get(depth + 1..).unwrap_or(&[]);
                open = conditions(open, rest, &mut lost)?;
                open = equals(strongest(open, rest, &mut lost)?);
                open.reverse();
                each
            }
            _ => &Shape::Any,
        };
    }
    open = conditions(open, &[], &mut lost)?;
    if !matches!(shape, Shape::Set(_)) {
        open = strongest(open, &[], &mut lost)?;
    }
    open.sort_by_key(|(_, definition)| definition.order);
    let counted =
        open.into_iter().map(|(module, definition)| Traced { definition, module, fate: Fate::Counts });
    Ok(counted.chain(lost).collect())
}

/// What stands inside of a set of this definition, which says nothing of the order of lists in it.
fn inside<'d>(definition: &Definition<Node<'d>>, node: Node<'d>) -> Definition<Node<'d>> {
    Definition { priority: definition.priority, ..Definition::new(node) }
}

/// The strongest definitions are equals for what is inside of them.
fn equals(mut open: Vec<Open<'_>>) -> Vec<Open<'_>> {
    for (_, definition) in &mut open {
        definition.priority = DEFAULT_PRIORITY;
    }
    open.sort_by_key(|(_, definition)| definition.order);
    open.iter_mut().for_each(|(_, definition)| definition.order = DEFAULT_ORDER);
    open
}

/// Resolves the marks; definitions whose condition does not hold are lost.
fn conditions<'d>(
    open: Vec<Open<'d>>,
    rest: &[&str],
    lost: &mut Vec<Traced<'d>>,
) -> Result<Vec<Open<'d>>, Failure> {
    let mut held = Vec::new();
    for (module, definition) in open {
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        discharge_with(definition, &mut found, &mut |definition| refused.push(definition))?;
        held.extend(found.into_iter().map(|definition| (module, definition)));
        for definition in refused {
            let reached = reach(definition, rest)?;
            lost.extend(reached.map(|definition| Traced { definition, module, fate: Fate::Condition }));
        }
    }
    Ok(held)
}

/// The strongest definitions; the others are lost.
fn strongest<'d>(
    open: Vec<Open<'d>>,
    rest: &[&str],
    lost: &mut Vec<Traced<'d>>,
) -> Result<Vec<Open<'d>>, Failure> {
    let Some(strongest) = open.iter().map(|(_, definition)| definition.priority).min() else {
        return Ok(open);
    };
    let mut held = Vec::new();
    for (module, definition) in open {
        if definition.priority == strongest {
            held.push((module, definition));
            continue;
        }
        let priority = definition.priority;
        let reached = reach(definition, rest)?;
        let weaker = |definition| Definition { priority, ..definition };
        let fate = Fate::Weaker(strongest);
        lost.extend(reached.map(|found| Traced { definition: weaker(found), module, fate }));
    }
    Ok(held)
}

/// What a definition that is lost says of the option at the rest of the names, marks taken away.
fn reach<'d>(
    definition: Definition<Node<'d>>,
    rest: &[&str],
) -> Result<impl Iterator<Item = Definition<Node<'d>>>, Failure> {
    let mut found = vec![definition];
    let mut steps = rest.iter();
    loop {
        let mut bare = Vec::new();
        for definition in found {
            let mut refused = Vec::new();
            discharge_with(definition, &mut bare, &mut |definition| refused.push(definition))?;
            bare.extend(refused);
        }
        let Some(name) = steps.next() else { return Ok(bare.into_iter()) };
        found = bare
            .iter()
            .filter_map(|definition| Some(inside(definition, definition.value.get(name)?)))
            .collect();
    }
}
