//! Which parts of an inventory can be used, and why the others cannot.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Loaded;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inventory::document::{Kind, Node};
use crate::inventory::model::{Inventory, Part, PartKind};
use crate::value::Fault;

/// The mistakes of a model that make something unusable, by their numbers.
#[derive(Default)]
pub(super) struct Broken {
    /// By the part.
    by_part: BTreeMap<Part, Vec<usize>>,
    /// Those that leave the tags of a node unknown, with the node.
    tagless: BTreeMap<usize, u32>,
    /// The instances whose closure has a mistake, with it. Who is in a service does not depend on it.
    closures: BTreeMap<u32, usize>,
}

impl Broken {
    /// What the mistakes of a model make unusable.
    pub(super) fn of(model: &Inventory) -> Broken {
        let mut broken = Broken::default();
        for (index, mistake) in model.mistakes.iter().enumerate() {
            if mistake.diagnostic.severity != Severity::Error || mistake.part == Part::Nothing {
                continue;
            }
            if let Part::Instance(instance) = mistake.part
                && concerns_closure(model, instance, &mistake.diagnostic)
            {
                broken.closures.entry(instance).or_insert(index);
                continue;
            }
            broken.by_part.entry(mistake.part.clone()).or_default().push(index);
            if let Part::Node(node) = mistake.part
                && concerns_tags(model, node, &mistake.diagnostic)
            {
                broken.tagless.insert(index, node);
            }
        }
        broken
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.by_part.is_empty() && self.closures.is_empty()
    }
}

impl Loaded {
    /// Whether a part can be used.
    ///
    /// # Errors
    /// The mistake for which it cannot, or that the whole inventory has.
    pub(in crate::services) fn usable(&self, part: &Part) -> Result<(), Fault> {
        let found = self.broken.by_part.get(part).or_else(|| self.broken.by_part.get(&Part::Everything));
        found.and_then(|mistakes| mistakes.first()).map_or(Ok(()), |mistake| self.stopped_by(*mistake))
    }

    /// Whether the list of all nodes is complete.
    pub(in crate::services) fn universe_usable(&self) -> Result<(), Fault> {
        self.nodes_usable(None)
    }

    /// Whether the list of the nodes of a cluster is complete, or of all.
    ///
    /// # Errors
    /// The mistake for which it is not.
    pub fn nodes_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        self.usable(&Part::Everything)?;
        let concerns = |part: &&Part| match (part, cluster) {
            (Part::Cluster(known), Some(asked)) => *known == asked,
            (Part::Cluster(_), None) => true,
            _ => false,
        };
        self.broken.by_part.keys().find(concerns).map_or(Ok(()), |part| self.usable(part))
    }

    /// Whether it is known which node is in which cloud.
    pub(in crate::services) fn clouds_usable(&self) -> Result<(), Fault> {
        let concerns = |part: &&Part| matches!(part, Part::CloudOf(_));
        self.usable(self.broken.by_part.keys().find(concerns).unwrap_or(&Part::Clouds))
    }

    /// Whether it is known which nodes carry a tag, in a cluster or in all.
    pub(in crate::services) fn tags_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        let inside =
            |node: u32| cluster.is_none() || self.model.nodes.cluster.get(node as usize).copied() == cluster;
        match self.broken.tagless.iter().find(|(_, node)| inside(**node)) {
            Some((mistake, _)) => self.stopped_by(*mistake),
            None => Ok(()),
        }
    }

    /// Whether the tags of a node can be used.
    pub(in crate::services) fn node_tags_usable(&self, node: u32) -> Result<(), Fault> {
        let mistakes = self.broken.by_part.get(&Part::Node(node)).into_iter().flatten();
        mistakes
            .into_iter()
            .find(|mistake| self.broken.tagless.contains_key(mistake))
            .map_or(Ok(()), |mistake| self.stopped_by(*mistake))
    }

    /// Whether the closure of an instance can be called.
    pub(in crate::services) fn closure_usable(&self, instance: u32) -> Result<(), Fault> {
        self.broken.closures.get(&instance).map_or(Ok(()), |mistake| self.stopped_by(*mistake))
    }

    fn stopped_by(&self, mistake: usize) -> Result<(), Fault> {
        match self.model.mistakes.get(mistake) {
            Some(mistake) => Err(Fault::new(mistake.diagnostic.clone())),
            None => Ok(()),
        }
    }

    /// Whether an instance and its service can be used.
    pub(in crate::services) fn instance_usable(&self, instance: u32) -> Result<(), Fault> {
        self.usable(&Part::Instance(instance))?;
        match self.model.instances.get(instance as usize) {
            Some(instance) => self.usable(&Part::Service(instance.service)),
            None => Ok(()),
        }
    }
}

/// Whether a mistake of a node leaves its tags unknown: one in what they come from, a key that may have
/// been meant for them, and an entry that cannot be read at all.
fn concerns_tags(model: &Inventory, node: u32, diagnostic: &Diagnostic) -> bool {
    let Some(label) = diagnostic.labels.first() else { return false };
    let stands_in = |node: Node<'_>| {
        let (own, span) = (node.span(), label.span);
        Arc::ptr_eq(node.source(), &label.source) && own.start <= span.start && span.end <= own.end
    };
    let is_key_of = |node: Node<'_>| {
        diagnostic.code == Code::UnknownOption && node.entries().any(|(key, _)| key.span == label.span)
    };
    model.nodes.parts_of(node, PartKind::Entry).filter_map(|raw| model.node(raw)).any(|entry| {
        let deployment = entry.get("deployment");
        let deployed = deployment.and_then(|deployment| deployment.get("tags"));
        let sources = [entry.get("tags"), entry.get("machineClass"), deployed];
        let is_unread = entry.kind() != Kind::Object || is_key_of(entry) || deployment.is_some_and(is_key_of);
        sources.into_iter().flatten().any(stands_in) || is_unread && stands_in(entry)
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
