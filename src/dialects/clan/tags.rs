//! `tags`: which machines the inventory itself puts under a tag, and each machine's final tags.
//!
//! As in Clan: a machine's final tags are its own, then every declared tag whose list holds it, by the
//! tag's name. `all`, `nixos` and `darwin` are declared from the start; a definition of the same name
//! replaces such a list whole. The way back does not exist: a tag that a machine carries of itself
//! does not put it into the declared list.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;

use super::machines::Machines;
use super::outer::Layer;
use super::place::{Path, edit, is_object, key_spot, name};
use super::report::{Owner, Report};
use super::resolve::SUGGESTION_LIMIT;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::{Class, Spot};
use crate::syntax::ast::Name;
use crate::text::{did_you_mean, quoted};

/// A declared tag.
#[derive(Default)]
pub(super) struct Declared<'d> {
    /// Where; nothing for those that Clan declares.
    pub(super) spot: Option<Spot>,
    /// The machines in its list, by index, as written: duplicates stay.
    pub(super) machines: Vec<u32>,
    /// Names in its list that no machine has, each with its place among all that stand there.
    pub(super) strangers: Vec<(usize, Name)>,
    /// The function that computes the list, where it is one and nobody has computed it yet.
    pub(super) computed: Option<Node<'d>>,
}

/// The machines of each computed tag, by its name.
pub type ComputedTags = HashMap<Name, Vec<Name>>;

/// Reads the declared tags, and adds them to the machines that they hold.
pub(super) fn read<'d>(
    report: &mut Report<'d>,
    layers: &[Layer<'d>],
    machines: &mut Machines<'_>,
    computed: &ComputedTags,
) -> BTreeMap<Name, Declared<'d>> {
    let mut declared = read_declared(report, layers, machines, computed);
    for (tag, holds) in predefined() {
        declared.entry(name(tag)).or_insert_with(|| Declared {
            machines: (0..)
                .zip(&machines.all)
                .filter(|(_, machine)| holds(machine.class))
                .map(|(index, _)| index)
                .collect(),
            ..Declared::default()
        });
    }
    for (tag, declared) in &declared {
        let number = machines.tags.number(tag);
        for index in &declared.machines {
            if let Some(machine) = machines.all.get_mut(*index as usize)
                && !machine.tags.contains(&number)
            {
                machine.tags.push(number);
            }
        }
    }
    declared
}

/// Whether a tag holds the machines of a class.
type Holds = fn(Class) -> bool;

/// The tags that Clan declares, each with the classes of machines that it holds.
fn predefined() -> [(&'static str, Holds); 3] {
    [("all", |_| true), ("darwin", |class| class == Class::Darwin), ("nixos", |class| class == Class::Nixos)]
}

fn read_declared<'d>(
    report: &mut Report<'d>,
    layers: &[Layer<'d>],
    machines: &Machines<'_>,
    computed: &ComputedTags,
) -> BTreeMap<Name, Declared<'d>> {
    let path = Path::root("tags");
    let mut declared: BTreeMap<Name, Declared<'d>> = BTreeMap::new();
    let tags = layers.iter().filter_map(|layer| layer.tags);
    for tags in tags {
        if tags.kind() == Kind::Expression {
            read_computed(&mut declared, tags, machines, computed);
            continue;
        }
        if !is_object(tags) {
            report.wrong_type(&Owner::Everything, path, "lists of machine names by tag", tags);
            continue;
        }
        for (key, list) in report.entries(|| Owner::Everything, tags) {
            let tag = name(&key.text);
            let entry = declared.entry(Name::clone(&tag)).or_default();
            entry.spot.get_or_insert(key_spot(&key, list));
            let index = |text: &str| machines.find(text).and_then(|index| u32::try_from(index).ok());
            match list.kind() {
                Kind::List => {
                    for item in list.items() {
                        match item.as_str() {
                            Some(text) => match index(&text) {
                                Some(index) => entry.machines.push(index),
                                None => {
                                    let at = entry.machines.len() + entry.strangers.len();
                                    entry.strangers.push((at, name(&text)));
                                    let nth = entry.strangers.len();
                                    stranger(report, machines, &tag, (nth, &text), item);
                                }
                            },
                            None => report.wrong_element(
                                &Owner::Everything,
                                path.below(&key.text),
                                "a machine name",
                                item,
                            ),
                        }
                    }
                }
                Kind::Expression => match computed.get(&tag) {
                    Some(names) => entry.machines.extend(names.iter().filter_map(|name| index(name))),
                    None => entry.computed = Some(list),
                },
                _ => {
                    let help = list.as_str().map(|text| edit(path.below(&key.text), list, &json!([text])));
                    let expected = "a list of machine names";
                    report.wrong_type_with(&Owner::Everything, path.below(&key.text), expected, list, help);
                }
            }
        }
    }
    declared
}

/// Warns of a name in a tag's list that no machine has: in Clan it does nothing, and nobody is told.
fn stranger(
    report: &mut Report<'_>,
    machines: &Machines<'_>,
    tag: &str,
    (nth, text): (usize, &str),
    item: Node<'_>,
) {
    let message = format!("no machine is called {}, so the tag {} misses it", quoted(text), quoted(tag));
    let near = (nth <= SUGGESTION_LIMIT).then(|| did_you_mean(text, machines.names())).flatten();
    let help = near.unwrap_or_else(|| "remove it".to_owned());
    let diagnostic = Diagnostic::warning(Code::UnknownMachine, message);
    let diagnostic = report.label(diagnostic, item.spot(), "").help(help);
    report.add(&Owner::Nothing, diagnostic);
}

/// Tags that one function tells all together.
fn read_computed<'d>(
    declared: &mut BTreeMap<Name, Declared<'d>>,
    function: Node<'d>,
    machines: &Machines<'_>,
    computed: &ComputedTags,
) {
    for (tag, names) in computed {
        let entry = declared.entry(Name::clone(tag)).or_default();
        // A function of the tag's own in another layer has given these machines already.
        if entry.spot.is_none() {
            let indices = names.iter().filter_map(|name| machines.find(name));
            entry.machines.extend(indices.filter_map(|index| u32::try_from(index).ok()));
            entry.spot = Some(function.spot());
        }
    }
}

/// The functions that tell all tags together, while nobody has evaluated them.
pub(super) fn functions<'d>(layers: &[Layer<'d>], computed: &ComputedTags) -> Vec<Node<'d>> {
    let tags = layers.iter().filter_map(|layer| layer.tags);
    tags.filter(|tags| tags.kind() == Kind::Expression && computed.is_empty()).collect()
}
