//! The entities in which every system's inventory ends.
//!
//! Nodes (machines and VMs) are columns: a node is a number, and numbers ascend in cluster, then
//! name order (bytes; a machine before a VM of the same name). Everything keeps the [`Spot`] where it
//! is defined. Free-form parts stay in their document ([`Raw`]) until a query looks at them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::{Document, Raw};
use super::index::Index;
use super::parts::Parts;
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::Name;
use crate::text::{Deferred, Source, Span};

/// A place in one of the inventory's documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Which document, by its index in [`Inventory::documents`].
    pub document: u32,
    /// The range in the document's source.
    pub span: Span,
}

/// A whole inventory; immutable once loaded, and shared between threads.
#[derive(Default)]
pub struct Inventory {
    /// What was read.
    pub documents: Vec<Arc<Document>>,
    /// The systems whose shape the documents have.
    pub dialects: Vec<Dialect>,
    /// The suffix of all domain names, ClusterConfig's `domain.suffix` or Clan's `meta.domain`.
    pub suffix: Name,
    /// By name.
    pub clusters: Vec<Cluster>,
    /// Walrus' clouds, by name.
    pub clouds: Vec<Cloud>,
    /// What Operations Center's documents have.
    pub operations: Operations,
    /// What Walrus knows of its systems, by node.
    pub systems_of_clouds: Vec<CloudSystem>,
    /// Machines and VMs.
    pub nodes: Nodes,
    /// Names of tags, sorted; tags are numbered by their place here.
    pub tags: Vec<Tag>,
    /// Names of platforms, sorted.
    pub systems: Vec<Name>,
    /// Groups of machines, by name.
    pub groups: Vec<Group>,
    /// By identifier.
    pub services: Vec<Service>,
    /// By cluster, then name.
    pub instances: Vec<Instance>,
    /// Named filters (`filters.x`), by name.
    pub filters: Vec<NamedFilter>,
    /// Filters and closures that are written in the documents.
    pub expressions: Vec<Embedded>,
    /// Functions that change the configuration between the steps of its evaluation (ClusterConfig), in the
    /// order in which they are called.
    pub transformations: Vec<Transformation>,
    /// What the inventory says about itself.
    pub meta: Vec<(Name, Value)>,
    /// Checks of the system itself that do not hold.
    pub checks: Vec<Check>,
    /// Mistakes, each with the part that it makes unusable.
    pub mistakes: Deferred<Vec<Mistake>>,
    /// Sets of nodes, built when the model is complete.
    pub index: Index,
}

/// A small piece of plain data that a dialect computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Data as a document has it.
    Json(#[serde(with = "super::as_text")] serde_json::Value),
    /// Data that stays in its document.
    Raw(Raw),
}

/// The systems that invq reproduces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Dialect {
    /// Clan.
    Clan,
    /// NixOs-ClusterConfig.
    ClusterConfig,
    /// Walrus.
    Walrus,
    /// Ansible.
    Ansible,
    /// FuturFusion's Operations Center.
    OperationsCenter,
}

/// What Operations Center's documents have, in their order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Operations {
    /// Servers, each with its node.
    pub servers: Vec<(u32, Raw)>,
    /// Clusters, each with its number in [`Inventory::clusters`].
    pub clusters: Vec<(u32, Raw)>,
    /// Channels.
    pub channels: Vec<Raw>,
    /// Cluster templates.
    pub templates: Vec<Raw>,
    /// Updates.
    pub updates: Vec<Raw>,
    /// Rows of the inventory, each with its kind, by its index in
    /// [`ROW_KINDS`](crate::operations::words::ROW_KINDS).
    pub rows: Vec<(u8, Raw)>,
    /// The newest version of each component, by channel.
    #[serde(with = "super::as_text")]
    pub latest: serde_json::Value,
}

/// A cluster.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cluster {
    /// Its name; `default` for machines without one.
    pub name: Name,
    /// Its nodes are `first_node..end_node`.
    pub first_node: u32,
    /// After its last node.
    pub end_node: u32,
    /// Users on every machine, as written.
    pub users: Vec<Raw>,
    /// Where it is defined.
    pub spot: Option<Spot>,
}

/// A cloud: machines that can all reach each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cloud {
    /// Its name.
    pub name: Name,
    /// The blocks of addresses of its machines, each where it is written.
    pub blocks: Vec<(ipnet::IpNet, Spot)>,
    /// The clouds that it reaches by itself, by their index, each where it is written.
    pub reaches: Vec<(u32, Spot)>,
    /// Where it is defined; a cloud that only machines mention has none.
    pub spot: Option<Spot>,
}

/// What Walrus knows of one of its systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudSystem {
    /// The system.
    pub node: u32,
    /// Its cloud, by its index; nothing where a mistake leaves it open.
    pub cloud: Option<u32>,
    /// Whether it has been taken into management.
    pub adopted: bool,
    /// Whether the inventory says how to log in.
    pub credentials: bool,
}

/// Machines and VMs, as columns of equal length.
#[derive(Debug, Default)]
pub struct Nodes {
    /// How many there are.
    pub(super) count: usize,
    /// All names, one after the other.
    pub(super) names: Deferred<String>,
    /// Where each name ends in `names`.
    pub(super) name_ends: Deferred<Vec<u32>>,
    /// The cluster of each, by its index.
    pub cluster: Deferred<Vec<u32>>,
    /// Machine or VM.
    pub kind: Deferred<Vec<NodeKind>>,
    /// Its platform, by its index in [`Inventory::systems`], or `u32::MAX`.
    pub system: Deferred<Vec<u32>>,
    /// `nixos` or `darwin`.
    pub class: Deferred<Vec<Class>>,
    /// Tags in final order, one node after the other, by index in [`Inventory::tags`].
    pub(super) tags: Deferred<Vec<u32>>,
    /// Where each node's tags end in `tags`.
    pub(super) tag_ends: Deferred<Vec<u32>>,
    /// Where each is defined: the span of its name.
    pub spot: Deferred<Vec<Spot>>,
    /// Free-form fields; those of a node stand together, in the order in which nodes were added.
    pub(super) parts: Deferred<Parts>,
    /// Where each node's parts start in `parts`.
    pub(super) part_starts: Deferred<Vec<u32>>,
    /// Where they end.
    pub(super) part_ends: Deferred<Vec<u32>>,
}

/// Machine or VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    /// A machine.
    Machine,
    /// A VM.
    Vm,
}

/// The class of a machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// `nixos`
    #[default]
    Nixos,
    /// `darwin`
    Darwin,
}

impl Class {
    /// The word that inventories use.
    pub fn word(self) -> &'static str {
        match self {
            Class::Nixos => "nixos",
            Class::Darwin => "darwin",
        }
    }
}

/// A part of a node that stays as written until a query looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PartKind {
    /// `ips`: addresses by interface (invq's own field).
    Ips,
    /// `vars`
    Vars,
    /// Variables that Ansible's sources give the host itself; a later one wins.
    HostVariables,
    /// `description`
    Description,
    /// `kind`
    Kind,
    /// `cloud`
    Cloud,
    /// `deployment`, or Clan's `deploy`
    Deployment,
    /// `users`
    Users,
    /// `nixosModules`
    Modules,
    /// `serviceAddresses`
    ServiceAddresses,
    /// A VM's `host`
    Host,
    /// The record that a reader made the machine from.
    Record,
    /// Everything else that the dialect keeps: the machine's whole entry.
    Entry,
}

impl PartKind {
    /// All of them, as snapshots number them.
    pub(super) const ALL: [PartKind; 13] = [
        PartKind::Ips,
        PartKind::Vars,
        PartKind::HostVariables,
        PartKind::Description,
        PartKind::Kind,
        PartKind::Cloud,
        PartKind::Deployment,
        PartKind::Users,
        PartKind::Modules,
        PartKind::ServiceAddresses,
        PartKind::Host,
        PartKind::Record,
        PartKind::Entry,
    ];
}

/// A tag.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tag {
    /// Its name.
    pub name: Name,
    /// Where the inventory declares it; tags that only machines mention have none.
    pub spot: Option<Spot>,
    /// The nodes under it as the inventory's own declaration lists them, duplicates included; nothing
    /// for tags that only machines mention. Nodes may carry a tag without standing in its list.
    pub listed: Option<Vec<u32>>,
    /// Names in that list that no machine has, each with its place among all that stand there.
    pub strangers: Vec<(usize, Name)>,
}

/// A group of machines, which may hold other groups. No group holds itself.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// The groups that it holds, by index, in written order.
    pub children: Vec<u32>,
    /// The nodes that it names itself, in written order.
    pub nodes: Vec<u32>,
    /// How many groups are around it, on the longest way; variables of deeper groups win.
    pub depth: u32,
    /// Among groups of one depth, variables of the one with the higher priority win.
    pub priority: i64,
    /// Objects with variables for its machines, of which a later one wins.
    pub variables: Vec<Raw>,
    /// Objects with variables from files of its own, each with the number of the folder that the file
    /// stands in: those of a folder with a higher number win.
    pub files: Vec<(u32, Raw)>,
    /// Where it is first defined; groups that no text names have none.
    pub spot: Option<Spot>,
}

/// A service: a kind of thing that runs, with all its instances.
#[derive(Debug, Serialize, Deserialize)]
pub struct Service {
    /// `<clan-core>-zerotier`, `self-A`, or the plain name.
    pub id: Name,
    /// Its name.
    pub name: Name,
    /// Where its module comes from, where the system says so.
    pub input: Option<Name>,
    /// How many instances and members it may have, as data.
    #[serde(with = "super::as_text")]
    pub constraints: serde_json::Value,
    /// The name that its module's manifest gives it, where a module is declared.
    pub manifest: Option<Name>,
    /// The declaration of its module: the interface of its roles.
    pub module: Option<Raw>,
    /// Where it is first used.
    pub spot: Option<Spot>,
}

/// An instance of a service.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Instance {
    /// Its name.
    pub name: Name,
    /// Its service, by its index.
    pub service: u32,
    /// The cluster it belongs to, where services do.
    pub cluster: Option<u32>,
    /// Whether machines get anything from it.
    pub enabled: bool,
    /// The machines that the service is put on, where roles do not say it (ClusterConfig); nothing for
    /// services whose members are those of its roles.
    pub selectors: Option<Vec<Selection>>,
    /// By name.
    pub roles: Vec<Role>,
    /// The service's closure (ClusterConfig).
    pub definition: Option<u32>,
    /// `extraConfig` as written.
    pub extra_config: Option<Raw>,
    /// Its key in the document, where that is not its name (Clan's services).
    pub key: Option<Name>,
    /// Its whole entry, layer by layer, for what the other fields do not hold (Clan).
    pub entries: Vec<Raw>,
    /// Where it is defined.
    pub spot: Option<Spot>,
}

/// A role of an instance.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub name: Name,
    /// Who is in it, in written order.
    pub selections: Vec<Selection>,
    /// How the selections become the list of members.
    pub order: MemberOrder,
    /// Settings for all members.
    pub settings: Option<Raw>,
    /// More modules for all members, as lists, layer by layer (Clan).
    pub extra_modules: Vec<Raw>,
    /// Where it is defined.
    pub spot: Option<Spot>,
}

/// How selections become the list of members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberOrder {
    /// A set in name order (Clan's instances).
    #[default]
    Sorted,
    /// Names as written, then each tag's machines by name; duplicates stay (Clan's services).
    NamesThenTags,
    /// The concatenation of what the filters give; duplicates stay (ClusterConfig).
    Concatenated,
}

/// What puts machines into a role.
#[derive(Debug, Serialize, Deserialize)]
pub struct Selection {
    /// By name, tag or filter.
    pub kind: SelectionKind,
    /// Settings for these machines in this role.
    pub settings: Option<Raw>,
    /// Where it is written.
    pub spot: Spot,
}

/// The kinds of selections.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum SelectionKind {
    /// The machine of this name; it may be unknown.
    Machine(Name),
    /// All machines that carry the tag; there may be none.
    Tag(Name),
    /// What a filter gives: an index into [`Inventory::expressions`].
    Filter(u32),
}

/// A filter or closure that is written in a document.
#[derive(Debug)]
pub struct Embedded {
    /// Its text as a source of its own, whose places map into the file.
    pub source: Arc<Source>,
    /// Where it stands.
    pub spot: Spot,
    /// What it is for.
    pub role: EmbeddedRole,
    /// The cluster in which names must exist, by its index.
    pub cluster: Option<u32>,
    /// The part that a mistake in it makes unusable.
    pub part: Part,
    /// In an expression file: how the evaluator gets at the value, which the file has already.
    pub value: Option<FileValue>,
}

/// A value inside an expression file: the file's document, and the keys and indices that lead to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileValue {
    /// The document.
    pub document: u32,
    /// Keys, and indices as digits, from the file's own value.
    pub path: Vec<Name>,
}

/// What an embedded expression is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EmbeddedRole {
    /// A filter (of selectors, roles, `select`, named filters).
    Filter,
    /// A service's closure, with the names of the declared roles.
    Definition(Vec<Name>),
    /// Configuration that is a function.
    Module,
    /// A function from the configuration of all clusters to another one (ClusterConfig).
    Transformation,
    /// The machines under the tag of this name (Clan): a function of `{ config, machines }`.
    ComputedTag(Name),
    /// All tags with their machines (Clan): a function of `{ config, machines }`.
    ComputedTags,
}

/// A function from the configuration of all clusters to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transformation {
    /// Behind which step it is called.
    pub step: crate::value::Step,
    /// Whether it is called after what ClusterConfig itself does in this step.
    pub late: bool,
    /// The function, by its index in [`Inventory::expressions`].
    pub expression: u32,
}

/// A named filter.
#[derive(Debug, Serialize, Deserialize)]
pub struct NamedFilter {
    /// Its name.
    pub name: Name,
    /// Its expression, by its index in [`Inventory::expressions`].
    pub expression: u32,
    /// Where it is defined.
    pub spot: Spot,
}

/// A check that does not hold: of the system itself, or one of invq's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    /// [`Code::CheckFailed`](crate::diagnostic::Code::CheckFailed) for the system's own.
    pub code: crate::diagnostic::Code,
    /// Which check.
    pub id: String,
    /// What does not hold.
    pub message: String,
    /// How much it matters.
    pub severity: crate::diagnostic::Severity,
    /// Where.
    pub spot: Option<Spot>,
}

/// A mistake with the part of the inventory that it makes unusable.
#[derive(Debug)]
pub struct Mistake {
    /// The mistake.
    pub diagnostic: Diagnostic,
    /// What cannot be used because of it.
    pub part: Part,
}

/// A part of the inventory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    /// Nothing is unusable: a warning, or something missing that queries see to be missing.
    Nothing,
    /// Everything that has to do with the whole inventory.
    Everything,
    /// `meta`
    Meta,
    /// A cluster, by its index.
    Cluster(u32),
    /// A node.
    Node(u32),
    /// A service with all its instances, by its index.
    Service(u32),
    /// An instance, by its index.
    Instance(u32),
    /// A role: instance and role by their indices.
    Role(u32, u32),
    /// Settings of members of a role, which may be known all the same: instance and role by their
    /// indices. The mistake's places tell whose settings they are.
    Settings(u32, u32),
    /// A named filter, by its index.
    Filter(u32),
    /// Which machine is in which cloud, and what reaches what.
    Clouds,
    /// Which cloud a node is in.
    CloudOf(u32),
}

impl Nodes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The name of a node.
    pub fn name(&self, node: u32) -> &str {
        let end = ends(&self.name_ends, node);
        self.names.get(end).unwrap_or("")
    }

    /// The tags of a node, in final order.
    pub fn tags(&self, node: u32) -> &[u32] {
        self.tags.get(ends(&self.tag_ends, node)).unwrap_or(&[])
    }

    /// The free-form parts of a node.
    pub fn parts(&self, node: u32) -> impl Iterator<Item = (PartKind, Raw)> {
        let place = |column: &[u32]| column.get(node as usize).map(|place| *place as usize);
        let range = place(&self.part_starts).zip(place(&self.part_ends));
        let (start, end) = range.unwrap_or_default();
        self.parts.of(start..end)
    }

    /// One free-form part of a node; of several layers, the first.
    pub fn part(&self, node: u32, kind: PartKind) -> Option<Raw> {
        self.parts_of(node, kind).next()
    }

    /// A free-form part of a node, once for each layer that has it, in layer order. Layers merge:
    /// objects by their keys, lists one behind the other, and equal scalars are one.
    pub fn parts_of(&self, node: u32, kind: PartKind) -> impl Iterator<Item = Raw> {
        self.parts(node).filter(move |(known, _)| *known == kind).map(|(_, raw)| raw)
    }
}

/// The range of an entry in a flattened column, from the column of its ends.
fn ends(ends: &[u32], index: u32) -> std::ops::Range<usize> {
    let index = index as usize;
    let start = index.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(index).copied().unwrap_or(start);
    start as usize..end as usize
}

impl Inventory {
    /// A place as people read it: `file:line:column`.
    pub fn place(&self, spot: Spot) -> String {
        let Some(document) = self.documents.get(spot.document as usize) else { return String::new() };
        let (file, span) = document.source.locate(spot.span);
        let position = file.position(span.start);
        format!("{}:{}:{}", file.name(), position.line, position.column)
    }

    /// Whether a node is a VM.
    pub fn is_vm(&self, node: u32) -> bool {
        self.nodes.kind.get(node as usize) == Some(&NodeKind::Vm)
    }
}
