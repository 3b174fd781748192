//! Which parts of an inventory cannot be used, and for which mistakes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inventory::document::{Key, Kind, Node, Notation};
use crate::inventory::model::{Inventory, Part, PartKind};
use crate::text::Deferred;

/// Mistakes, by their index, that make a part unusable.
#[derive(Default)]
pub struct Broken {
    /// By the part, where it is no node.
    parts: BTreeMap<Part, Vec<u32>>,
    /// Nodes, each with a mistake; sorted.
    nodes: Deferred<Vec<(u32, u32)>>,
    /// The mistakes that leave the tags of a node unknown, with the node.
    tagless: BTreeMap<u32, u32>,
    /// The instances whose closure has a mistake, with it. Who is in a service does not depend on it.
    closures: BTreeMap<u32, u32>,
    /// How many errors there are, and how many warnings.
    counts: (usize, usize),
}

/// What a snapshot keeps of it besides the nodes.
#[derive(Serialize, Deserialize)]
pub struct KeptBroken {
    parts: Vec<(Part, Vec<u32>)>,
    tagless: Vec<(u32, u32)>,
    closures: Vec<(u32, u32)>,
    counts: (usize, usize),
}

impl Broken {
    /// What the mistakes of a model make unusable.
    pub(super) fn new(model: &Inventory) -> Broken {
        let mut broken = Broken::default();
        for (index, mistake) in (0..).zip(model.mistakes.iter()) {
            match mistake.diagnostic.severity {
                Severity::Error => broken.counts.0 += 1,
                Severity::Warning => {
                    broken.counts.1 += 1;
                    continue;
                }
                Severity::Hint => continue,
            }
            match &mistake.part {
                Part::Nothing => {}
                Part::Instance(instance) if concerns_closure(model, *instance, &mistake.diagnostic) => {
                    broken.closures.entry(*instance).or_insert(index);
                }
                Part::Node(node) => {
                    broken.nodes.push((*node, index));
                    if concerns_tags(model, *node, &mistake.diagnostic) {
                        broken.tagless.insert(index, *node);
                    }
                }
                part => broken.parts.entry(part.clone()).or_default().push(index),
            }
        }
        broken.nodes.sort_unstable();
        broken
    }

    /// What cannot be used of services, their instances and roles, and of filters; nothing where that is all.
    pub(super) fn of_services(&self) -> Option<Broken> {
        let is_of_services = |part: &Part| {
            !matches!(
                part,
                Part::Everything
                    | Part::Meta
                    | Part::Cluster(_)
                    | Part::Clouds
                    | Part::CloudOf(_)
                    | Part::Node(_)
            )
        };
        let parts: BTreeMap<Part, Vec<u32>> = self
            .parts
            .iter()
            .filter(|(part, _)| is_of_services(part))
            .map(|(part, mistakes)| (part.clone(), mistakes.clone()))
            .collect();
        if parts.len() == self.parts.len() && self.nodes.is_empty() {
            return None;
        }
        let nodes = Deferred::default();
        Some(Broken {
            parts,
            nodes,
            tagless: BTreeMap::new(),
            closures: self.closures.clone(),
            counts: self.counts,
        })
    }

    /// The parts of a snapshot, of which the nodes may be read later.
    pub fn from_kept(kept: KeptBroken, nodes: Deferred<Vec<(u32, u32)>>) -> Broken {
        let KeptBroken { parts, tagless, closures, counts } = kept;
        Broken {
            parts: parts.into_iter().collect(),
            nodes,
            tagless: tagless.into_iter().collect(),
            closures: closures.into_iter().collect(),
            counts,
        }
    }

    /// What a snapshot keeps.
    pub fn kept(&self) -> KeptBroken {
        KeptBroken {
            parts: self.parts.iter().map(|(part, mistakes)| (part.clone(), mistakes.clone())).collect(),
            tagless: self.tagless.iter().map(|(mistake, node)| (*mistake, *node)).collect(),
            closures: self.closures.iter().map(|(instance, mistake)| (*instance, *mistake)).collect(),
            counts: self.counts,
        }
    }

    /// Nodes, each with a mistake; sorted.
    pub fn nodes(&self) -> &[(u32, u32)] {
        &self.nodes
    }

    /// How many mistakes are errors, and how many warnings.
    pub fn counts(&self) -> (usize, usize) {
        self.counts
    }

    /// Whether everything can be used.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.closures.is_empty() && self.nodes.is_empty()
    }

    /// The first mistake of a part.
    pub(super) fn first(&self, part: &Part) -> Option<u32> {
        match part {
            Part::Node(node) => self.of_node(*node).next(),
            part => self.parts.get(part)?.first().copied(),
        }
    }

    /// The first part, of those that are no nodes, for which something holds.
    pub(super) fn find(&self, concerns: impl Fn(&Part) -> bool) -> Option<&Part> {
        self.parts.keys().find(|part| concerns(part))
    }

    /// The first mistake that leaves the tags of a node unknown for which something holds.
    pub(super) fn in_tags(&self, concerns: impl Fn(u32) -> bool) -> Option<u32> {
        self.tagless.iter().find(|(_, node)| concerns(**node)).map(|(mistake, _)| *mistake)
    }

    /// The first mistake that leaves the tags of this node unknown.
    pub(super) fn in_tags_of(&self, node: u32) -> Option<u32> {
        if self.tagless.is_empty() {
            return None;
        }
        self.of_node(node).find(|mistake| self.tagless.contains_key(mistake))
    }

    /// The mistake of an instance's closure.
    pub(super) fn in_closure(&self, instance: u32) -> Option<u32> {
        self.closures.get(&instance).copied()
    }

    fn of_node(&self, node: u32) -> impl Iterator<Item = u32> {
        let start = self.nodes.partition_point(|(known, _)| *known < node);
        let rest = self.nodes.get(start..).unwrap_or(&[]);
        rest.iter().take_while(move |(known, _)| *known == node).map(|(_, mistake)| *mistake)
    }
}

/// Whether a mistake of a node leaves its tags unknown: one in what they come from, a key that may have
/// been meant for them, and an entry that cannot be read at all.
fn concerns_tags(model: &Inventory, node: u32, diagnostic: &Diagnostic) -> bool {
    let Some(label) = diagnostic.labels.first() else { return false };
    let wrong = label.span;
    let stands_in = |node: Node<'_>| {
        let own = node.span();
        own.start <= wrong.start && wrong.end <= own.end
    };
    let is_wrong = |key: &Key<'_>| diagnostic.code == Code::UnknownOption && key.span == wrong;
    let is_source = |(key, value): (Key<'_>, Node<'_>)| {
        is_wrong(&key)
            || match &*key.text {
                "tags" | "machineClass" => stands_in(value),
                "deployment" => {
                    value.entries().any(|(key, tags)| is_wrong(&key) || key.text == "tags" && stands_in(tags))
                }
                _ => false,
            }
    };
    let entries = model.nodes.parts_of(node, PartKind::Entry).filter_map(|raw| model.node(raw));
    entries.filter(|entry| Arc::ptr_eq(entry.source(), &label.source)).any(|entry| {
        // In JSON, values stand behind their keys; elsewhere an alias has the place of its anchor.
        let is_in_order = entry.document().notation() == Notation::Json;
        let mut before = entry.entries().take_while(|(key, _)| !is_in_order || key.span.start <= wrong.start);
        before.any(is_source) || entry.kind() != Kind::Object && stands_in(entry)
    })
}

/// Whether a mistake of an instance stands in its closure.
fn concerns_closure(model: &Inventory, instance: u32, diagnostic: &Diagnostic) -> bool {
    let definition = model.instances.get(instance as usize).and_then(|instance| instance.definition);
    let embedded = definition.and_then(|definition| model.expressions.get(definition as usize));
    let (Some(embedded), Some(label)) = (embedded, diagnostic.labels.first()) else { return false };
    let (whole, span) = (embedded.spot.span, label.span);
    Arc::ptr_eq(&embedded.source, &label.source)
        // An expression file is one text, in which the closure is a part.
        && (embedded.value.is_none() || whole.start <= span.start && span.end <= whole.end)
}
