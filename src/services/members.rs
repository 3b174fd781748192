//! Who is in which role of which instance, and which selection says so.
//!
//! In go a finished inventory and something that resolves filters; out come the members of every role
//! and the machines of every service. A [`Resolver`] answers for one instance at a time, so that a
//! query about one service need not resolve the others; [`resolve`] answers for all.
//!
//! A filter that fails leaves its error with the role in which it stands ([`Members::errors`]); the
//! other roles have their members all the same.

use std::sync::OnceLock;

use roaring::RoaringBitmap;

use super::placements::{Placement, Placements};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::{Instance, Inventory, MemberOrder, NodeKind, Role, Selection, SelectionKind};
use crate::syntax::ast::Name;
use crate::text::quoted;

/// Something that a filter gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A machine or VM.
    Node(u32),
    /// A path that leads to no machine or VM, as text.
    Path(Name),
}

/// Resolves the filter with this index in [`Inventory::expressions`] in this cluster, in the order of
/// the filter's own list, duplicates included.
pub type ResolveFilter<'f> = dyn FnMut(u32, Option<u32>) -> Result<Vec<Found>, Diagnostic> + 'f;

/// A member of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// A machine or VM.
    Node(u32),
    /// A name or path that is none.
    Unknown(Name),
}

impl Member {
    /// Its name.
    pub fn name<'n>(&'n self, inventory: &'n Inventory) -> &'n str {
        match self {
            Member::Node(node) => inventory.nodes.name(*node),
            Member::Unknown(name) => name,
        }
    }
}

/// What a list of selections selects.
#[derive(Debug, Default)]
pub struct Members {
    /// The machines and VMs among the members.
    pub nodes: RoaringBitmap,
    /// Filters that failed.
    pub errors: Vec<Diagnostic>,
    /// The members in their order, where that is not simply [`Members::nodes`].
    list: Option<Vec<Member>>,
    /// Nodes that are selected by name, with the selection's index; sorted.
    named: Vec<(u32, u32)>,
    /// What tags and filters select, by the selection's index.
    sets: Vec<(u32, Set)>,
}

/// The nodes that a tag or filter selects.
#[derive(Debug)]
enum Set {
    /// Those that carry the tag, as the index has them.
    Tag(u32),
    /// Those that the filter gave.
    Filter(RoaringBitmap),
}

impl Members {
    /// How many members there are, as the role's own system counts them.
    pub fn len(&self) -> usize {
        match &self.list {
            Some(list) => list.len(),
            None => usize::try_from(self.nodes.len()).unwrap_or(usize::MAX),
        }
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The members in their order.
    pub fn iter(&self) -> impl Iterator<Item = Member> {
        let nodes = self.list.is_none().then(|| self.nodes.iter().map(Member::Node));
        self.list.iter().flatten().cloned().chain(nodes.into_iter().flatten())
    }

    /// The names of the members in their order.
    pub fn names(&self, inventory: &Inventory) -> Vec<Name> {
        self.iter().map(|member| Name::from(member.name(inventory))).collect()
    }

    /// Which selections select the node, by their indices, in written order.
    pub fn reasons(&self, inventory: &Inventory, node: u32) -> Vec<u32> {
        if !self.nodes.contains(node) {
            return Vec::new();
        }
        let from = self.named.partition_point(|(named, _)| *named < node);
        let named = self.named.iter().skip(from).take_while(|(named, _)| *named == node);
        let sets = self.sets.iter().filter(|(_, set)| match set {
            Set::Tag(tag) => inventory.index.tag(*tag).contains(node),
            Set::Filter(set) => set.contains(node),
        });
        let mut reasons: Vec<u32> = named.map(|(_, at)| *at).chain(sets.map(|(at, _)| *at)).collect();
        reasons.sort_unstable();
        reasons
    }
}

/// An instance with its members.
#[derive(Debug, Default)]
pub struct InstanceMembers {
    /// For each role of the instance, in the same order.
    pub roles: Vec<Members>,
    /// What its selectors give, where the instance has any.
    pub selectors: Option<Members>,
    /// The nodes that get something from it: none where it is switched off.
    pub placed: RoaringBitmap,
}

/// Members of all instances.
#[derive(Debug, Default)]
pub struct Resolved {
    /// For each instance of the inventory, in the same order.
    pub instances: Vec<InstanceMembers>,
    /// For each service of the inventory, in the same order: the nodes that get something from it.
    pub services: Vec<RoaringBitmap>,
    placements: OnceLock<Placements>,
}

impl Resolved {
    /// What each node gets, in order; computed when it is first asked for.
    pub fn placements(&self, inventory: &Inventory) -> &Placements {
        self.placements.get_or_init(|| Placements::new(inventory, &self.instances))
    }

    /// What one node gets, in order.
    pub fn placements_of(&self, inventory: &Inventory, node: u32) -> &[Placement] {
        self.placements(inventory).of(node)
    }

    /// The members of a role, by the indices of instance and role.
    pub fn role(&self, instance: u32, role: u32) -> Option<&Members> {
        self.instances.get(instance as usize)?.roles.get(role as usize)
    }
}

/// Resolves all instances.
pub fn resolve(inventory: &Inventory, filter: &mut ResolveFilter<'_>) -> Resolved {
    let resolver = Resolver::new(inventory);
    let mut services = vec![RoaringBitmap::new(); inventory.services.len()];
    let mut instances = Vec::with_capacity(inventory.instances.len());
    for instance in &inventory.instances {
        let members = resolver.instance(instance, filter);
        if let Some(service) = services.get_mut(instance.service as usize) {
            *service |= &members.placed;
        }
        instances.push(members);
    }
    Resolved { instances, services, placements: OnceLock::new() }
}

/// Resolves instances one at a time.
pub struct Resolver<'i> {
    inventory: &'i Inventory,
    /// The cluster of instances that name none.
    home: Option<u32>,
}

/// The cluster of machines that no cluster is given for.
const DEFAULT_CLUSTER: &str = "default";

impl<'i> Resolver<'i> {
    /// A resolver for an inventory.
    pub fn new(inventory: &'i Inventory) -> Resolver<'i> {
        Resolver { inventory, home: inventory.find_cluster(DEFAULT_CLUSTER) }
    }

    /// The members of an instance.
    pub fn instance(&self, instance: &Instance, filter: &mut ResolveFilter<'_>) -> InstanceMembers {
        let cluster = instance.cluster.or(self.home);
        let selectors = instance.selectors.as_ref().map(|selectors| {
            let mut members = self.members(selectors, MemberOrder::Concatenated, cluster, filter);
            self.check_paths(instance, &mut members);
            members
        });
        let roles: Vec<Members> = instance
            .roles
            .iter()
            .map(|role: &Role| self.members(&role.selections, role.order, cluster, filter))
            .collect();
        let mut placed = RoaringBitmap::new();
        if instance.enabled {
            match &selectors {
                // A service is never put on the machines of other clusters.
                Some(selectors) => placed = &selectors.nodes & self.nodes_of(cluster),
                None => roles.iter().for_each(|role| placed |= &role.nodes),
            }
        }
        InstanceMembers { roles, selectors, placed }
    }

    /// Paths of selectors must at least begin as paths do; where they lead is asked by who reads them.
    fn check_paths(&self, instance: &Instance, members: &mut Members) {
        let stray = members.iter().find_map(|member| match member {
            Member::Unknown(path) if !path.starts_with("domain") => Some(path),
            _ => None,
        });
        let Some(path) = stray else { return };
        let message = format!("expected a path that begins with `domain`, found {}", quoted(&path));
        let diagnostic = Diagnostic::error(Code::UnresolvedPath, message)
            .help("a path is written `domain.clusters.CLUSTER.machines.MACHINE`");
        let spot = instance.spot.unwrap_or_default();
        let document = self.inventory.documents.get(spot.document as usize);
        members.errors.push(match document {
            Some(document) => diagnostic.at(&document.source, spot.span, "in the selectors of this service"),
            None => diagnostic,
        });
    }

    fn members(
        &self,
        selections: &[Selection],
        order: MemberOrder,
        cluster: Option<u32>,
        filter: &mut ResolveFilter<'_>,
    ) -> Members {
        let mut members = Members::default();
        let mut list = List { order, names: Vec::new(), then: Vec::new() };
        for (index, selection) in (0..).zip(selections) {
            match &selection.kind {
                SelectionKind::Machine(name) => match self.machine(cluster, name) {
                    Some(node) => {
                        members.named.push((node, index));
                        members.nodes.insert(node);
                        list.name(Member::Node(node));
                    }
                    None => list.name(Member::Unknown(Name::clone(name))),
                },
                SelectionKind::Tag(tag) => {
                    if let Some(tag) = self.inventory.find_tag(tag) {
                        let set = self.inventory.index.tag(tag) & self.nodes_of(cluster);
                        members.nodes |= &set;
                        list.set(set.iter().map(Member::Node));
                        members.sets.push((index, Set::Tag(tag)));
                    }
                }
                SelectionKind::Filter(expression) => match filter(*expression, cluster) {
                    Ok(found) => {
                        let set = found.iter().filter_map(|found| match found {
                            Found::Node(node) => Some(*node),
                            Found::Path(_) => None,
                        });
                        let set: RoaringBitmap = set.collect();
                        members.nodes |= &set;
                        members.sets.push((index, Set::Filter(set)));
                        list.set(found.into_iter().map(|found| match found {
                            Found::Node(node) => Member::Node(node),
                            Found::Path(path) => Member::Unknown(path),
                        }));
                    }
                    Err(diagnostic) => members.errors.push(diagnostic),
                },
            }
        }
        members.named.sort_unstable();
        members.list = list.finish(self.inventory, &members.nodes);
        members
    }

    /// All nodes of a cluster.
    fn nodes_of(&self, cluster: Option<u32>) -> &'i RoaringBitmap {
        self.inventory.index.cluster(cluster.unwrap_or(u32::MAX))
    }

    /// The machine of this name in a cluster.
    fn machine(&self, cluster: Option<u32>, name: &str) -> Option<u32> {
        self.inventory.find_node(cluster?, name, NodeKind::Machine)
    }
}

/// The members of a role in their order, while they are collected.
struct List {
    order: MemberOrder,
    /// Members that are named, as far as the order tells them from the others.
    names: Vec<Member>,
    /// Members that tags and filters give.
    then: Vec<Member>,
}

impl List {
    fn name(&mut self, member: Member) {
        match self.order {
            // Of a set only the names that are no nodes matter; the nodes are known.
            MemberOrder::Sorted if matches!(member, Member::Node(_)) => {}
            MemberOrder::Sorted | MemberOrder::NamesThenTags => self.names.push(member),
            MemberOrder::Concatenated => self.then.push(member),
        }
    }

    fn set(&mut self, members: impl Iterator<Item = Member>) {
        match self.order {
            MemberOrder::Sorted => {
                self.names.extend(members.filter(|member| matches!(member, Member::Unknown(_))));
            }
            MemberOrder::NamesThenTags | MemberOrder::Concatenated => self.then.extend(members),
        }
    }

    /// The list, or nothing where it is the nodes in their own order.
    fn finish(self, inventory: &Inventory, nodes: &RoaringBitmap) -> Option<Vec<Member>> {
        let mut list = self.names;
        if self.order == MemberOrder::Sorted {
            if list.is_empty() {
                return None;
            }
            list.extend(nodes.iter().map(Member::Node));
            list.sort_by(|left, right| left.name(inventory).cmp(right.name(inventory)));
            list.dedup_by(|left, right| left == right);
            return Some(list);
        }
        list.extend(self.then);
        let plain = list.len() as u64 == nodes.len()
            && list.iter().zip(nodes).all(|(member, node)| *member == Member::Node(node));
        (!plain).then_some(list)
    }
}
