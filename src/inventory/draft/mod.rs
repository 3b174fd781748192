//! The model while it is being filled: what dialects write into.
//!
//! A dialect adds clusters, nodes, services and the rest in the order in which it finds them, and names
//! them by the numbers it gets back. [`Draft::finish`] sorts everything, renumbers what refers to
//! something else (in mistakes too), reports what is defined twice, and builds the index.
//!
//! Nodes are columns here already. The node that was added last takes its tags and parts at no cost;
//! an earlier one may be changed as well, which layers that merge need.

mod append;
mod finish;
mod nodes;

use std::collections::HashMap;
use std::sync::Arc;

use super::document::{Document, Raw};
use super::model::{
    Check, Cloud, CloudSystem, Cluster, Dialect, Embedded, EmbeddedRole, Group, Instance, Inventory, Mistake,
    NamedFilter, Nodes, Operations, Part, Service, Spot, Tag, Transformation, Value,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::Name;
use crate::text::quoted;

use super::document::Node;

/// An inventory that is being filled.
#[derive(Default)]
pub struct Draft {
    documents: Vec<Arc<Document>>,
    dialects: Vec<Dialect>,
    suffix: Option<(Name, Spot)>,
    clusters: Vec<Cluster>,
    cluster_numbers: HashMap<Name, u32>,
    clouds: Vec<Cloud>,
    cloud_numbers: HashMap<Name, u32>,
    systems_of_clouds: Vec<CloudSystem>,
    operations: Operations,
    /// Whether a machine says in which cloud it is.
    pub(super) names_clouds: bool,
    nodes: Nodes,
    changed: HashMap<u32, nodes::Changed>,
    node_numbers: nodes::Lookup,
    tags: Vec<Tag>,
    tag_numbers: HashMap<Name, u32>,
    recent_tags: nodes::RecentTags,
    systems: Vec<Name>,
    system_numbers: HashMap<Name, u32>,
    groups: Vec<Group>,
    services: Vec<Service>,
    service_numbers: HashMap<Name, u32>,
    instances: Vec<Instance>,
    instance_numbers: HashMap<(Option<u32>, Name), u32>,
    filters: Vec<NamedFilter>,
    filter_numbers: HashMap<Name, u32>,
    expressions: Vec<Embedded>,
    transformations: Vec<Transformation>,
    meta: Vec<(Name, Value)>,
    checks: Vec<Check>,
    mistakes: Vec<Mistake>,
}

impl Draft {
    /// A draft without anything.
    pub fn new() -> Draft {
        Draft::default()
    }

    /// An empty draft over documents that have been read for another one, under the same numbers.
    pub fn with_documents(documents: Vec<Arc<Document>>) -> Draft {
        Draft { documents, ..Draft::default() }
    }

    /// All documents so far.
    pub fn documents(&self) -> &[Arc<Document>] {
        &self.documents
    }

    /// Adds a document; its number is what [`Spot`] and [`Raw`] name it by.
    pub fn add_document(&mut self, mut document: Document) -> u32 {
        let number = number(self.documents.len());
        document.set_number(number);
        self.documents.push(Arc::new(document));
        number
    }

    /// Adds several documents, and gives the number of the first.
    pub fn add_documents(&mut self, documents: impl IntoIterator<Item = Document>) -> u32 {
        let first = number(self.documents.len());
        documents.into_iter().for_each(|document| {
            self.add_document(document);
        });
        first
    }

    /// Adds a document that belongs to another one, as files of variables do.
    pub fn add_document_beside(&mut self, mut document: Document) -> u32 {
        document.set_beside();
        self.add_document(document)
    }

    /// Puts a document in the place of another one.
    pub fn replace_document(&mut self, number: u32, mut document: Document) {
        if let Some(replaced) = self.documents.get_mut(number as usize) {
            document.set_number(number);
            *replaced = Arc::new(document);
        }
    }

    /// A document; a handle of its own, so that the draft can be filled while it is read.
    pub fn document(&self, number: u32) -> Option<Arc<Document>> {
        self.documents.get(number as usize).map(Arc::clone)
    }

    /// Notes that the documents have this system's shape.
    pub fn add_dialect(&mut self, dialect: Dialect) {
        if !self.dialects.contains(&dialect) {
            self.dialects.push(dialect);
        }
    }

    /// Sets the suffix of all domain names; a second, different one is a conflict.
    pub fn set_suffix(&mut self, suffix: &str, spot: Spot) {
        match &self.suffix {
            Some((known, first)) if **known != *suffix => {
                let message = format!("the domain suffix is {} and {}", quoted(known), quoted(suffix));
                let diagnostic = self.twice(Diagnostic::error(Code::Conflict, message), *first, spot);
                self.mistake(diagnostic.help("keep one of the two"), Part::Everything);
            }
            Some(_) => {}
            None => self.suffix = Some((suffix.into(), spot)),
        }
    }

    /// The suffix of all domain names.
    pub fn suffix(&self) -> Option<&str> {
        self.suffix.as_ref().map(|(suffix, _)| &**suffix)
    }

    /// The cluster of this name, made where there is none yet.
    pub fn cluster(&mut self, name: &str, spot: Option<Spot>) -> u32 {
        if let Some(known) = self.cluster_numbers.get(name) {
            return *known;
        }
        let id = number(self.clusters.len());
        let name: Name = name.into();
        self.cluster_numbers.insert(Arc::clone(&name), id);
        self.clusters.push(Cluster { name, first_node: 0, end_node: 0, users: Vec::new(), spot });
        id
    }

    /// The cluster of this name.
    pub fn find_cluster(&self, name: &str) -> Option<u32> {
        self.cluster_numbers.get(name).copied()
    }

    /// The name of a cluster.
    pub fn cluster_name(&self, cluster: u32) -> Name {
        self.clusters
            .get(cluster as usize)
            .map_or_else(|| Name::from(""), |cluster| Arc::clone(&cluster.name))
    }

    /// The cloud of this name, made where there is none yet.
    pub fn cloud(&mut self, name: &str, spot: Option<Spot>) -> u32 {
        if let Some(known) = self.find_cloud(name) {
            return known;
        }
        let id = number(self.clouds.len());
        let name: Name = name.into();
        self.cloud_numbers.insert(Arc::clone(&name), id);
        self.clouds.push(Cloud { name, blocks: Vec::new(), reaches: Vec::new(), spot });
        id
    }

    /// The cloud of this name.
    pub fn find_cloud(&self, name: &str) -> Option<u32> {
        self.cloud_numbers.get(name).copied()
    }

    /// All clouds so far.
    pub fn clouds(&self) -> &[Cloud] {
        &self.clouds
    }

    /// A cloud, to fill in the rest of it.
    pub fn cloud_mut(&mut self, cloud: u32) -> Option<&mut Cloud> {
        self.clouds.get_mut(cloud as usize)
    }

    /// Adds what Walrus knows of a system.
    pub fn add_system(&mut self, system: CloudSystem) {
        self.systems_of_clouds.push(system);
    }

    /// What Operations Center's documents have, to add to it.
    pub fn operations_mut(&mut self) -> &mut Operations {
        &mut self.operations
    }

    /// Whether a machine of any system says in which cloud it is.
    pub fn names_clouds(&self) -> bool {
        self.names_clouds
    }

    /// Users on every machine of a cluster.
    pub fn add_cluster_users(&mut self, cluster: u32, users: Raw) {
        if let Some(cluster) = self.clusters.get_mut(cluster as usize) {
            cluster.users.push(users);
        }
    }

    /// The number of a tag, made where there is none yet.
    pub fn tag(&mut self, name: &str) -> u32 {
        if let Some(recent) = self.recent_tags.get(name, &self.tags) {
            return recent;
        }
        let id = match self.tag_numbers.get(name) {
            Some(known) => *known,
            None => {
                let id = number(self.tags.len());
                let name: Name = name.into();
                self.tag_numbers.insert(Arc::clone(&name), id);
                self.tags.push(Tag { name, spot: None, listed: None, strangers: Vec::new() });
                id
            }
        };
        self.recent_tags.set(name, id);
        id
    }

    /// Notes that the inventory declares a tag, also where no machine carries it.
    pub fn declare_tag(&mut self, name: &str, spot: Spot) {
        let tag = self.tag(name);
        if let Some(tag) = self.tags.get_mut(tag as usize) {
            tag.spot.get_or_insert(spot);
        }
    }

    /// Notes the nodes that the inventory's own declaration puts under a tag.
    pub fn list_tag(&mut self, tag: u32, nodes: Vec<u32>, strangers: Vec<(usize, Name)>) {
        if let Some(tag) = self.tags.get_mut(tag as usize) {
            tag.listed = Some(nodes);
            tag.strangers = strangers;
        }
    }

    /// Adds a group; its children are named by the numbers that this gives, its nodes by the draft's.
    /// Names are unique.
    pub fn add_group(&mut self, group: Group) -> u32 {
        let id = number(self.groups.len());
        self.groups.push(group);
        id
    }

    /// The service with this identifier, made where there is none yet.
    pub fn service(&mut self, id: &str, name: &str, input: Option<&str>, spot: Option<Spot>) -> u32 {
        if let Some(known) = self.service_numbers.get(id) {
            return *known;
        }
        let index = number(self.services.len());
        let id: Name = id.into();
        self.service_numbers.insert(Arc::clone(&id), index);
        self.services.push(Service {
            id,
            name: name.into(),
            input: input.map(Name::from),
            constraints: serde_json::Value::Null,
            manifest: None,
            module: None,
            spot,
        });
        index
    }

    /// A service, to fill in the rest of it.
    pub fn service_mut(&mut self, service: u32) -> Option<&mut Service> {
        self.services.get_mut(service as usize)
    }

    /// The service with this identifier.
    pub fn find_service(&self, id: &str) -> Option<u32> {
        self.service_numbers.get(id).copied()
    }

    /// Adds an instance. Names are unique in a cluster, or among those without one: a second definition
    /// is a mistake, and the first one stays and is given back.
    pub fn add_instance(&mut self, instance: Instance) -> u32 {
        let key = (instance.cluster, Arc::clone(&instance.name));
        if let Some(known) = self.instance_numbers.get(&key).copied() {
            let message = format!("the service instance {} is defined twice", quoted(&instance.name));
            let first = self.instances.get(known as usize).and_then(|instance| instance.spot);
            let diagnostic = Diagnostic::error(Code::DuplicateName, message);
            let diagnostic =
                self.twice(diagnostic, first.unwrap_or_default(), instance.spot.unwrap_or_default());
            self.mistake(diagnostic.help("remove or rename one of the two"), Part::Instance(known));
            return known;
        }
        let id = number(self.instances.len());
        self.instance_numbers.insert(key, id);
        self.instances.push(instance);
        id
    }

    /// The instance of this name in a cluster, or among those without one.
    pub fn find_instance(&self, cluster: Option<u32>, name: &str) -> Option<u32> {
        self.instance_numbers.get(&(cluster, Name::from(name))).copied()
    }

    /// An instance.
    pub fn instance(&self, instance: u32) -> Option<&Instance> {
        self.instances.get(instance as usize)
    }

    /// An instance, to change it. Its name and cluster must stay.
    pub fn instance_mut(&mut self, instance: u32) -> Option<&mut Instance> {
        self.instances.get_mut(instance as usize)
    }

    /// Adds an expression that stands in a document; its number goes into selections and definitions.
    pub fn add_expression(&mut self, expression: Embedded) -> u32 {
        let id = number(self.expressions.len());
        self.expressions.push(expression);
        id
    }

    /// Adds the expression that a node is: a string of source, or a function or filter of an
    /// expression file. Nothing where the node is neither.
    pub fn add_expression_at(
        &mut self,
        node: Node<'_>,
        role: EmbeddedRole,
        cluster: Option<u32>,
        part: Part,
    ) -> Option<u32> {
        let value = node.file_value();
        let source = match &value {
            Some(_) => Arc::clone(node.source()),
            None => node.embedded()?,
        };
        Some(self.add_expression(Embedded { source, spot: node.spot(), role, cluster, part, value }))
    }

    /// The named filter of this name.
    pub fn find_filter(&self, name: &str) -> Option<u32> {
        self.filter_numbers.get(name).copied()
    }

    /// Adds a named filter; a second one of the same name is a mistake.
    pub fn add_filter(&mut self, filter: NamedFilter) -> u32 {
        if let Some(known) = self.find_filter(&filter.name) {
            let message = format!("the filter {} is defined twice", quoted(&filter.name));
            let first = self.filters.get(known as usize).map(|filter| filter.spot).unwrap_or_default();
            let diagnostic = self.twice(Diagnostic::error(Code::DuplicateName, message), first, filter.spot);
            self.mistake(diagnostic.help("remove or rename one of the two"), Part::Filter(known));
            return known;
        }
        let id = number(self.filters.len());
        self.filter_numbers.insert(Arc::clone(&filter.name), id);
        self.filters.push(filter);
        id
    }

    /// Adds a function that changes the configuration; see [`Inventory::transformations`].
    pub fn add_transformation(&mut self, transformation: Transformation) {
        self.transformations.push(transformation);
    }

    /// How many named filters there are; the number that the next one gets.
    pub fn filter_count(&self) -> u32 {
        number(self.filters.len())
    }

    /// Says something about the inventory itself; a later value replaces an earlier one.
    pub fn set_meta(&mut self, name: &str, value: Value) {
        match self.meta.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = value,
            None => self.meta.push((name.into(), value)),
        }
    }

    /// Adds a mistake with the part that it makes unusable; parts are named by the draft's numbers.
    pub fn mistake(&mut self, diagnostic: Diagnostic, part: Part) {
        self.mistakes.push(Mistake { diagnostic, part });
    }

    /// The mistakes so far.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// A diagnostic with the two places of something that is defined twice.
    pub fn twice(&self, diagnostic: Diagnostic, first: Spot, again: Spot) -> Diagnostic {
        let mut diagnostic = diagnostic;
        for (spot, message) in [(again, "defined again here"), (first, "first defined here")] {
            if let Some(document) = self.documents.get(spot.document as usize) {
                diagnostic = diagnostic.at(&document.source, spot.span, message);
            }
        }
        diagnostic
    }

    /// The inventory: sorted, renumbered, with its index.
    pub fn finish(self) -> Inventory {
        finish::finish(self)
    }
}

/// An index as it is stored; columns stay far below four thousand million entries, since documents do.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
