//! Who says a value of a machine's configuration: every definition of it, with those that lose and why.

use std::sync::Arc;

use super::super::loaded::Loaded;
use super::super::records::source_of;
use super::{Settled, final_modules, settle};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::Node;
use crate::inventory::model::Part;
use crate::inventory::path::{self, Path};
use crate::modules::{self, Fate, Merged, options};
use crate::text::{Source, Span, count, did_you_mean, quoted};
use crate::value::{Evaluator, Fault, Value, from_json};

/// A value of a configuration with all its definitions.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The value; null where no definition counts.
    ///
    /// # Errors
    /// Why it cannot be made from its definitions.
    pub value: Result<serde_json::Value, Box<Diagnostic>>,
    /// Those that count first, in the order in which lists are joined.
    pub definitions: Vec<Defined>,
}

/// A definition of a value.
#[derive(Clone, Debug)]
pub struct Defined {
    /// What it says; nothing where its condition does not hold, since it is not evaluated then.
    pub value: Option<serde_json::Value>,
    /// The text in which it stands.
    pub source: Arc<Source>,
    /// Where it stands.
    pub span: Span,
    /// The lower, the stronger; see [`modules::DEFAULT_PRIORITY`].
    pub priority: i64,
    /// Who says it: ``the service `dns` ``, `the machine`.
    pub by: String,
    /// Whether the value is made from it.
    pub won: bool,
    /// Why, in a few words.
    pub reason: String,
}

fn sources(settled: &Settled<'_>, names: &[&str]) -> Result<Option<Sources>, Fault> {
    let said: Vec<(Node<'_>, String)> = settled
        .modules
        .iter()
        .filter_map(|listed| Some((listed.module.node()?, listed.by.describe())))
        .collect();
    let nodes: Vec<Node<'_>> = said.iter().map(|(node, _)| *node).collect();
    let traced = modules::trace(&nodes, options::MACHINE, names).map_err(|failure| Fault::new(*failure))?;
    let merged = settled.merged.get(names);
    if merged.is_none() && traced.is_empty() {
        return Ok(None);
    }
    let value = merged.cloned().map_or(Ok(serde_json::Value::Null), Merged::into_json);
    let counting = traced.iter().filter(|traced| traced.fate == Fate::Counts).count();
    let fails = matches!(merged, Some(Merged::Failed(_)));
    let definitions = traced.into_iter().map(|traced| {
        let definition = traced.definition;
        let said_by = said.get(traced.module).map(|(_, by)| by.clone()).unwrap_or_default();
        let is_data = matches!(traced.fate, Fate::Counts | Fate::Weaker(_));
        Defined {
            value: is_data.then(|| definition.value.to_json()),
            source: definition.source,
            span: definition.span,
            priority: definition.priority,
            by: said_by,
            won: traced.fate == Fate::Counts && !fails,
            reason: reason(traced.fate, definition.priority, counting, fails, value.as_ref().ok()),
        }
    });
    let definitions = definitions.collect();
    Ok(Some(Sources { value, definitions }))
}

/// The options of a configuration that are no sets, by their names; sets without anything too.
fn leaves(merged: &Merged, names: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match merged {
        Merged::Set(members) if !members.is_empty() => {
            for (name, member) in members {
                names.push(name.clone());
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || leaves(member, names, found));
                names.pop();
            }
        }
        _ => found.push(names.clone()),
    }
}

impl Loaded {
    /// Every definition of the option at `path`, a dotted text, in the final configuration of a node.
    ///
    /// # Errors
    /// What the configuration fails with, a path that is none, and an option that nobody defines.
    pub fn sources(
        self: &Arc<Loaded>,
        node: u32,
        path: &str,
        evaluator: &mut dyn Evaluator,
    ) -> Result<Sources, Fault> {
        let parsed = Path::parse(path).filter(|path| path.names.iter().all(|name| !name.is_empty()));
        let Some(parsed) = parsed else {
            let message = format!("expected the name of an option, found {}", quoted(path));
            let help = "write names with dots between, such as `networking.extraHosts`";
            return Err(Fault::new(Diagnostic::error(Code::UnknownOption, message).help(help)));
        };
        let names: Vec<&str> = parsed.names.iter().map(|name| &**name).collect();
        let settled = self.settled(node, evaluator)?;
        match sources(&settled, &names)? {
            Some(sources) => Ok(sources),
            None => Err(Fault::new(nothing(self, node, &settled.merged, &names))),
        }
    }

    /// Every option of the final configuration of a node, with its definitions.
    ///
    /// # Errors
    /// What the configuration fails with.
    pub fn all_sources(
        self: &Arc<Loaded>,
        node: u32,
        evaluator: &mut dyn Evaluator,
    ) -> Result<Vec<(String, Sources)>, Fault> {
        let settled = self.settled(node, evaluator)?;
        let mut options = Vec::new();
        leaves(&settled.merged, &mut Vec::new(), &mut options);
        let mut all = Vec::new();
        for names in options {
            evaluator.step()?;
            let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
            all.extend(sources(&settled, &borrowed)?.map(|sources| (path::print(&names), sources)));
        }
        Ok(all)
    }

    fn settled(self: &Arc<Loaded>, node: u32, evaluator: &mut dyn Evaluator) -> Result<Settled<'_>, Fault> {
        self.usable(&Part::Node(node))?;
        let mut faults = Vec::new();
        let listed = final_modules(self, node, evaluator, &mut faults)?;
        match faults.into_iter().next() {
            Some(fault) => Err(fault),
            None => settle(self, node, listed, evaluator).and_then(Settled::whole),
        }
    }
}

fn reason(
    fate: Fate,
    priority: i64,
    counting: usize,
    fails: bool,
    value: Option<&serde_json::Value>,
) -> String {
    use serde_json::Value::{Array, Object, String as Text};
    match fate {
        Fate::Counts if fails && counting > 1 => "contradicts the others".to_owned(),
        Fate::Counts if fails => "cannot be merged".to_owned(),
        Fate::Counts if counting == 1 => format!("counts{}", said(priority)),
        Fate::Counts => {
            let how = match value {
                Some(Array(_)) => "joined",
                // Of a set, parts may fail.
                None | Some(Object(_)) => "merged",
                Some(Text(text)) if text.contains('\n') => "joined",
                _ => "says the same",
            };
            format!("{how} with {}{}", count(counting - 1, "other", "others"), said(priority))
        }
        Fate::Weaker(than) => {
            format!("priority {priority}{} is weaker than {than}{}", mark(priority), mark(than))
        }
        Fate::Condition => "its condition does not hold".to_owned(),
    }
}

fn said(priority: i64) -> String {
    match priority {
        modules::DEFAULT_PRIORITY => String::new(),
        _ => format!(", priority {priority}{}", mark(priority)),
    }
}

/// The function that gives a priority.
fn mark(priority: i64) -> &'static str {
    match priority {
        50 => " (`mkForce`)",
        modules::MK_DEFAULT_PRIORITY => " (`mkDefault`)",
        1500 => " (`mkOptionDefault`)",
        _ => "",
    }
}

/// An option that nobody defines.
fn nothing(loaded: &Loaded, node: u32, merged: &Merged, names: &[&str]) -> Diagnostic {
    let machine = quoted(loaded.model.nodes.name(node));
    let message = format!("the configuration of {machine} has no `{}`", path::print(names));
    let known = (0..names.len()).rev().find_map(|depth| {
        let (around, below) = names.split_at_checked(depth)?;
        match merged.get(around)? {
            Merged::Set(members) => {
                let near = did_you_mean(below.first()?, members.keys().map(String::as_str));
                Some(near.unwrap_or_else(|| {
                    let keys: Vec<&str> = members.keys().map(String::as_str).take(8).collect();
                    let around = if around.is_empty() {
                        "it".to_owned()
                    } else {
                        format!("`{}`", path::print(around))
                    };
                    format!("{around} has {}", crate::text::list_and(&keys))
                }))
            }
            Merged::Leaf(_) | Merged::Failed(_) => Some(format!("`{}` is no set", path::print(around))),
        }
    });
    Diagnostic::error(Code::UnknownOption, message).maybe_help(known)
}

/// The same as a value of the language.
pub(in super::super) fn value(
    loaded: &Arc<Loaded>,
    node: u32,
    path: &str,
    evaluator: &mut dyn Evaluator,
) -> Result<Value, Fault> {
    let sources = loaded.sources(node, path, evaluator)?;
    let definition = |defined: Defined| {
        Value::attrs([
            ("by", Value::string(&defined.by)),
            ("priority", Value::Int(defined.priority)),
            ("reason", Value::string(&defined.reason)),
            ("source", source_of(&defined.source, defined.span)),
            ("value", defined.value.as_ref().map_or(Value::Null, from_json)),
            ("won", Value::Bool(defined.won)),
        ])
    };
    Ok(Value::list(sources.definitions.into_iter().map(definition).collect()))
}
