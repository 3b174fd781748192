//! Which parts of an inventory can be used, and why the others cannot.

use super::Loaded;
use crate::inventory::model::Part;
use crate::services::broken::Broken;
use crate::value::Fault;

impl Loaded {
    /// Whether a part can be used.
    ///
    /// # Errors
    /// The mistake for which it cannot, or that the whole inventory has.
    pub(in crate::services) fn usable(&self, part: &Part) -> Result<(), Fault> {
        self.stopped_by(self.broken.first(part).or_else(|| self.broken.first(&Part::Everything)))
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
        let concerns = |part: &Part| match (part, cluster) {
            (Part::Cluster(known), Some(asked)) => *known == asked,
            (Part::Cluster(_), None) => true,
            _ => false,
        };
        self.broken.find(concerns).map_or(Ok(()), |part| self.usable(part))
    }

    /// Whether it is known which node is in which cloud.
    pub(in crate::services) fn clouds_usable(&self) -> Result<(), Fault> {
        let concerns = |part: &Part| matches!(part, Part::CloudOf(_));
        self.usable(self.broken.find(concerns).unwrap_or(&Part::Clouds))
    }

    /// Whether it is known which nodes carry a tag, in a cluster or in all.
    pub(in crate::services) fn tags_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        let inside =
            |node: u32| cluster.is_none() || self.model.nodes.cluster.get(node as usize).copied() == cluster;
        self.stopped_by(self.broken.in_tags(inside))
    }

    /// Whether the tags of a node can be used.
    pub(in crate::services) fn node_tags_usable(&self, node: u32) -> Result<(), Fault> {
        self.stopped_by(self.broken.in_tags_of(node))
    }

    /// Whether the closure of an instance can be called.
    pub(in crate::services) fn closure_usable(&self, instance: u32) -> Result<(), Fault> {
        self.stopped_by(self.broken.in_closure(instance))
    }

    fn stopped_by(&self, mistake: Option<u32>) -> Result<(), Fault> {
        match mistake.and_then(|mistake| self.model.mistakes.get(mistake as usize)) {
            Some(mistake) => Err(Fault::new(mistake.diagnostic.clone())),
            None => Ok(()),
        }
    }

    /// What cannot be used.
    pub fn broken(&self) -> &Broken {
        &self.broken
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
