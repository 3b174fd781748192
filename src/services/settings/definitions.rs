//! Definitions: what somebody writes for a setting, and the marks around it.
//!
//! A mark is an object with `_type`, the form that `mkForce`, `mkIf`, `mkMerge` and `mkOrder` have in
//! JSON. As in NixOS, marks of one option stand in an order: `merge` and `if` outside, then one
//! `override`, then one `order`. A mark around an object of options goes to each of its keys.

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node, Raw};
use crate::inventory::model::Inventory;
use crate::text::quoted;
use crate::value::Fault;

/// The priority of what is written without a mark.
const WRITTEN_PRIORITY: i64 = 100;

/// The priority of an option's default.
const DEFAULT_PRIORITY: i64 = 1500;

/// The place in a list of what is written without a mark.
const PLAIN_ORDER: i64 = 1000;

/// A value as it is written, with marks that objects around it pass on.
#[derive(Clone)]
pub(super) struct Definition {
    /// What is written.
    pub(super) raw: Raw,
    /// Marks of objects around it, the outermost last.
    passed: Vec<Mark>,
    /// Whether it is a whole `settings` object, in which some keys are no settings.
    pub(super) is_whole: bool,
}

/// A mark that an object passes on to its keys.
#[derive(Clone, Copy)]
enum Mark {
    If(bool),
    Override(i64),
}

/// A definition with its outermost mark taken off.
enum Peeled {
    Plain,
    Merge(Vec<Definition>),
    If(bool, Definition),
    Override(i64, Definition),
    Order(i64, Definition),
}

impl Definition {
    /// A value as it stands in a document.
    pub(super) fn new(raw: Raw) -> Definition {
        Definition { raw, passed: Vec::new(), is_whole: false }
    }

    /// A whole `settings` object.
    pub(super) fn whole(raw: Raw) -> Definition {
        Definition { is_whole: true, ..Definition::new(raw) }
    }

    /// The default of an option.
    pub(super) fn default(raw: Raw) -> Definition {
        Definition { passed: vec![Mark::Override(DEFAULT_PRIORITY)], ..Definition::new(raw) }
    }

    /// The value of a key of an object, with the marks that the object passes on.
    pub(super) fn below(&self, raw: Raw) -> Definition {
        Definition { passed: self.passed.clone(), ..Definition::new(raw) }
    }

    /// Takes off the outermost mark.
    fn peel(&self, inventory: &Inventory) -> Result<Peeled, Fault> {
        let mut rest = self.clone();
        if let Some(mark) = rest.passed.pop() {
            return Ok(match mark {
                Mark::If(holds) => Peeled::If(holds, rest),
                Mark::Override(priority) => Peeled::Override(priority, rest),
            });
        }
        let Some(node) = inventory.node(self.raw).filter(|node| node.kind() == Kind::Object) else {
            return Ok(Peeled::Plain);
        };
        let Some(mark) = node.get("_type").and_then(Node::as_str) else { return Ok(Peeled::Plain) };
        let number = || {
            let priority = field(node, &mark, "priority")?;
            priority.as_int().ok_or_else(|| malformed(priority, "expected an integer as `priority`"))
        };
        Ok(match &*mark {
            "override" => Peeled::Override(number()?, Definition::new(field(node, &mark, "content")?.raw())),
            "order" => Peeled::Order(number()?, Definition::new(field(node, &mark, "content")?.raw())),
            "if" => {
                let condition = field(node, &mark, "condition")?;
                let holds = condition
                    .as_bool()
                    .ok_or_else(|| malformed(condition, "expected a boolean as `condition`"))?;
                Peeled::If(holds, Definition::new(field(node, &mark, "content")?.raw()))
            }
            "merge" => {
                let contents = field(node, &mark, "contents")?;
                if contents.kind() != Kind::List {
                    return Err(malformed(contents, "expected a list as `contents`"));
                }
                Peeled::Merge(contents.items().map(|content| Definition::new(content.raw())).collect())
            }
            // Other objects with a `_type` are data.
            _ => Peeled::Plain,
        })
    }

    /// The definitions that `merge` and `if` leave of this one.
    pub(super) fn discharge(&self, inventory: &Inventory) -> Result<Vec<Definition>, Fault> {
        let mut found = Vec::new();
        let mut open = vec![self.clone()];
        while let Some(definition) = open.pop() {
            match definition.peel(inventory)? {
                // What is pushed last comes out first.
                Peeled::Merge(contents) => open.extend(contents.into_iter().rev()),
                Peeled::If(true, content) => open.push(content),
                Peeled::If(false, _) => {}
                Peeled::Plain | Peeled::Override(..) | Peeled::Order(..) => found.push(definition),
            }
        }
        Ok(found)
    }

    /// The objects that a definition of several options consists of; their marks are passed on to what
    /// is taken from [`Definition::below`] them.
    pub(super) fn objects(&self, inventory: &Inventory) -> Result<Vec<Definition>, Fault> {
        let mut found = Vec::new();
        let mut open = vec![(Vec::new(), self.clone())];
        while let Some((mut marks, definition)) = open.pop() {
            match definition.peel(inventory)? {
                Peeled::Plain => {
                    marks.reverse();
                    found.push(Definition { passed: marks, ..definition });
                }
                Peeled::Merge(contents) => {
                    open.extend(contents.into_iter().rev().map(|content| (marks.clone(), content)));
                }
                Peeled::If(holds, content) => {
                    marks.push(Mark::If(holds));
                    open.push((marks, content));
                }
                Peeled::Override(priority, content) => {
                    marks.push(Mark::Override(priority));
                    open.push((marks, content));
                }
                Peeled::Order(..) => {
                    return Err(stray(inventory, &definition, "remove it: only lists have an order"));
                }
            }
        }
        Ok(found)
    }

    /// Refuses a mark that is left when those of an option are resolved.
    pub(super) fn no_mark(&self, inventory: &Inventory) -> Result<(), Fault> {
        match self.peel(inventory)? {
            Peeled::Plain => Ok(()),
            _ => Err(stray(
                inventory,
                self,
                "write one mark of a kind: `merge` and `if` outside, then `override`, then `order`",
            )),
        }
    }
}

/// The definitions of an option that count: the strongest ones, in the order in which lists join.
pub(super) fn final_definitions(
    inventory: &Inventory,
    definitions: &[Definition],
) -> Result<Vec<Definition>, Fault> {
    let mut strongest: Vec<Definition> = Vec::new();
    let mut best = i64::MAX;
    for definition in definitions {
        for found in definition.discharge(inventory)? {
            let (priority, content) = match found.peel(inventory)? {
                Peeled::Override(priority, content) => (priority, content),
                _ => (WRITTEN_PRIORITY, found),
            };
            if priority < best {
                best = priority;
                strongest.clear();
            }
            if priority == best {
                strongest.push(content);
            }
        }
    }
    let mut ordered = Vec::with_capacity(strongest.len());
    for definition in strongest {
        ordered.push(match definition.peel(inventory)? {
            Peeled::Order(order, content) => (order, content),
            _ => (PLAIN_ORDER, definition),
        });
    }
    ordered.sort_by_key(|(order, _)| *order);
    Ok(ordered.into_iter().map(|(_, definition)| definition).collect())
}

/// Whether anything is left of definitions when their conditions are looked at. A malformed mark counts,
/// so that who reads the value hears of it.
pub(super) fn is_defined(inventory: &Inventory, definitions: &[Definition]) -> bool {
    definitions.iter().any(|definition| definition.discharge(inventory).map_or(true, |left| !left.is_empty()))
}

fn field<'d>(node: Node<'d>, mark: &str, name: &str) -> Result<Node<'d>, Fault> {
    node.get(name)
        .ok_or_else(|| malformed(node, &format!("expected {} beside `\"_type\": \"{mark}\"`", quoted(name))))
}

fn malformed(node: Node<'_>, message: &str) -> Fault {
    Fault::new(Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), ""))
}

fn stray(inventory: &Inventory, definition: &Definition, help: &str) -> Fault {
    let node = inventory.node(definition.raw);
    let mark = node.and_then(|node| node.get("_type")?.as_str());
    let message = match mark {
        Some(mark) => format!("the mark {} has no meaning here", quoted(&mark)),
        None => "a mark around this object has no meaning here".to_owned(),
    };
    let diagnostic = Diagnostic::error(Code::InvalidOption, message).help(help);
    Fault::new(match node {
        Some(node) => diagnostic.at(node.source(), node.span(), ""),
        None => diagnostic,
    })
}
