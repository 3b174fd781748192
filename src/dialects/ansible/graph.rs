//! Groups and hosts while they are being read: what Ansible's sources say, one after the other.
//!
//! Sources name groups and hosts in any order and as often as they like; each mention adds to what is known.
//! When all are read, [`Graph::reconcile`] puts everything below `all`, and hosts without a group into
//! `ungrouped`.

use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use crate::inventory::document::Raw;
use crate::inventory::model::Spot;
use crate::syntax::ast::Name;

/// So many groups are looked through one after the other.
const FEW: usize = 16;

/// The group around all others.
pub(super) const ALL: u32 = 0;

/// The group of the hosts that are in no other.
pub(super) const UNGROUPED: u32 = 1;

/// All groups and hosts.
pub(super) struct Graph {
    pub(super) groups: Vec<Group>,
    group_numbers: HashMap<Name, u32>,
    /// In the order in which they are first named.
    pub(super) hosts: Vec<Host>,
    host_numbers: HashMap<Name, u32>,
    /// The names of the hosts one after the other, and where each ends.
    host_names: String,
    host_ends: Vec<usize>,
    /// The host that was found last.
    recent: u32,
}

/// A group.
#[derive(Default)]
pub(super) struct Group {
    pub(super) name: Name,
    pub(super) spot: Option<Spot>,
    pub(super) children: Vec<u32>,
    pub(super) parents: Vec<u32>,
    /// Hosts that it names itself.
    pub(super) hosts: Vec<u32>,
    pub(super) variables: Vec<Raw>,
    pub(super) priority: i64,
}

/// A host.
pub(super) struct Host {
    pub(super) name: Name,
    pub(super) spot: Spot,
    /// Groups that name it themselves.
    pub(super) groups: SmallVec<[u32; 4]>,
    pub(super) variables: SmallVec<[Raw; 2]>,
}

/// Why a group cannot be the child of another.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is that group.
    Itself,
    /// It holds that group: the way from it to there.
    Cycle(Vec<Name>),
}

impl Graph {
    pub(super) fn new() -> Graph {
        let mut graph = Graph {
            groups: Vec::new(),
            group_numbers: HashMap::new(),
            hosts: Vec::new(),
            host_numbers: HashMap::new(),
            host_names: String::new(),
            host_ends: Vec::new(),
            recent: 0,
        };
        graph.group("all", None);
        graph.group("ungrouped", None);
        // Nothing is around `all` yet.
        let _added = graph.add_child(ALL, UNGROUPED);
        graph
    }

    /// The group of this name, made where there is none yet.
    pub(super) fn group(&mut self, name: &str, spot: Option<Spot>) -> u32 {
        if let Some(known) = self.group_numbers.get(name) {
            if let Some(group) = self.groups.get_mut(*known as usize) {
                group.spot = group.spot.or(spot);
            }
            return *known;
        }
        let number = number(self.groups.len());
        let name: Name = name.into();
        self.group_numbers.insert(Name::clone(&name), number);
        self.groups.push(Group { name, spot, priority: 1, ..Group::default() });
        number
    }

    pub(super) fn find_group(&self, name: &str) -> Option<u32> {
        self.group_numbers.get(name).copied()
    }

    /// The host of this name, made where there is none yet, and whether it was made.
    pub(super) fn host(&mut self, name: &str, spot: Spot) -> (u32, bool) {
        let known = self.next_host(name).or_else(|| self.find_host(name));
        let host = known.unwrap_or_else(|| {
            let number = number(self.hosts.len());
            self.host_names.push_str(name);
            self.host_ends.push(self.host_names.len());
            let name: Name = name.into();
            self.host_numbers.insert(Name::clone(&name), number);
            self.hosts.push(Host { name, spot, groups: SmallVec::new(), variables: SmallVec::new() });
            number
        });
        self.recent = host;
        (host, known.is_none())
    }

    /// The host of this name, where it is soon after the one that was found last: groups name hosts mostly in
    /// the order in which these were first named, and looking there takes no searching all over the memory.
    fn next_host(&self, name: &str) -> Option<u32> {
        let recent = self.recent as usize;
        let mut start = *self.host_ends.get(recent)?;
        let next = self.host_ends.get(recent + 1..)?.iter().take(FEW).position(|end| {
            let is_it = self.host_names.get(start..*end) == Some(name);
            start = *end;
            is_it
        })?;
        Some(self.recent + 1 + number(next))
    }

    pub(super) fn find_host(&self, name: &str) -> Option<u32> {
        self.host_numbers.get(name).copied()
    }

    /// Puts a host into a group.
    pub(super) fn add_host(&mut self, group: u32, host: u32) {
        let (Some(group_entry), Some(host_entry)) =
            (self.groups.get_mut(group as usize), self.hosts.get_mut(host as usize))
        else {
            return;
        };
        if !host_entry.groups.contains(&group) {
            host_entry.groups.push(group);
            group_entry.hosts.push(host);
        }
    }

    /// Puts a group into another.
    pub(super) fn add_child(&mut self, parent: u32, child: u32) -> Result<(), Refused> {
        if parent == child {
            return Err(Refused::Itself);
        }
        let known = self.groups.get(child as usize).is_some_and(|group| group.parents.contains(&parent));
        if known {
            return Ok(());
        }
        if let Some(way) = self.way(child, parent) {
            return Err(Refused::Cycle(way));
        }
        if let Some(group) = self.groups.get_mut(parent as usize) {
            group.children.push(child);
        }
        if let Some(group) = self.groups.get_mut(child as usize) {
            group.parents.push(parent);
        }
        Ok(())
    }

    /// The names on the way from a group down to another that it holds.
    fn way(&self, from: u32, to: u32) -> Option<Vec<Name>> {
        // Upwards, since there are fewer groups around a group than inside it.
        let mut below: HashMap<u32, u32> = HashMap::new();
        let mut waiting = vec![to];
        while let Some(group) = waiting.pop() {
            if group == from {
                let mut way = vec![self.name(from)];
                let mut at = from;
                while let Some(next) = below.get(&at).copied() {
                    way.push(self.name(next));
                    at = next;
                }
                return Some(way);
            }
            for parent in self.groups.get(group as usize).map_or(&[][..], |group| &group.parents) {
                if *parent != to && !below.contains_key(parent) {
                    below.insert(*parent, group);
                    waiting.push(*parent);
                }
            }
        }
        None
    }

    pub(super) fn name(&self, group: u32) -> Name {
        self.groups.get(group as usize).map(|group| Name::clone(&group.name)).unwrap_or_default()
    }

    /// The groups of a host and all groups around them.
    pub(super) fn groups_of(&self, host: u32) -> Vec<u32> {
        let mut found: Vec<u32> =
            self.hosts.get(host as usize).map(|host| host.groups.to_vec()).unwrap_or_default();
        // A few are found among each other sooner than in a set.
        let mut known: HashSet<u32> = HashSet::new();
        let mut next = 0;
        while let Some(group) = found.get(next).copied() {
            next += 1;
            for parent in self.groups.get(group as usize).map_or(&[][..], |group| &group.parents) {
                if found.len() > FEW && known.is_empty() {
                    known.extend(&found);
                }
                let is_new = if found.len() > FEW { known.insert(*parent) } else { !found.contains(parent) };
                if is_new {
                    found.push(*parent);
                }
            }
        }
        found
    }

    /// The groups in the order of their names: for each, how many come before it.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut sorted: Vec<usize> = (0..self.groups.len()).collect();
        sorted.sort_unstable_by_key(|group| self.groups.get(*group).map(|group| &group.name));
        let mut ranks = vec![0; sorted.len()];
        for (rank, group) in (0..).zip(sorted) {
            if let Some(place) = ranks.get_mut(group) {
                *place = rank;
            }
        }
        ranks
    }

    /// Puts groups that are in no other into `all`, hosts that are in no other group into `ungrouped`, and
    /// takes the others out of it.
    pub(super) fn reconcile(&mut self) {
        for group in 1..number(self.groups.len()) {
            if self.groups.get(group as usize).is_some_and(|group| group.parents.is_empty()) {
                // Nothing holds `all` by now, or it would have a parent itself.
                let _added = self.add_child(ALL, group);
            }
        }
        for host in 0..number(self.hosts.len()) {
            let Some(entry) = self.hosts.get_mut(host as usize) else { continue };
            let elsewhere = entry.groups.iter().any(|group| *group > UNGROUPED);
            if elsewhere {
                entry.groups.retain(|group| *group != UNGROUPED);
            } else {
                self.add_host(UNGROUPED, host);
            }
        }
        let hosts = &self.hosts;
        if let Some(ungrouped) = self.groups.get_mut(UNGROUPED as usize) {
            ungrouped.hosts.retain(|host| {
                hosts.get(*host as usize).is_some_and(|host| host.groups.contains(&UNGROUPED))
            });
        }
    }

    /// How many groups and children of groups there are.
    pub(super) fn edge_count(&self) -> usize {
        self.groups.iter().map(|group| 1 + group.children.len()).sum()
    }

    /// For each group how many groups are around it, on the longest way.
    pub(super) fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0_u32; self.groups.len()];
        let mut missing: Vec<usize> = self.groups.iter().map(|group| group.parents.len()).collect();
        let mut ready: Vec<usize> = missing
            .iter()
            .enumerate()
            .filter(|(_, missing)| **missing == 0)
            .map(|(group, _)| group)
            .collect();
        while let Some(group) = ready.pop() {
            let depth = depths.get(group).copied().unwrap_or(0) + 1;
            for child in self.groups.get(group).map_or(&[][..], |group| &group.children) {
                let child = *child as usize;
                if let Some(known) = depths.get_mut(child) {
                    *known = depth.max(*known);
                }
                if let Some(missing) = missing.get_mut(child) {
                    *missing = missing.saturating_sub(1);
                    if *missing == 0 {
                        ready.push(child);
                    }
                }
            }
        }
        depths
    }
}

/// A number as it is stored; there are never as many hosts as a document has bytes.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_does_not_hold_itself() {
        let mut graph = Graph::new();
        let [a, b, c] = ["a", "b", "c"].map(|name| graph.group(name, None));
        assert_eq!(graph.add_child(a, b), Ok(()));
        assert_eq!(graph.add_child(b, c), Ok(()));
        assert_eq!(graph.add_child(a, a), Err(Refused::Itself));
        let way = ["a", "b", "c"].map(Name::from).to_vec();
        assert_eq!(graph.add_child(c, a), Err(Refused::Cycle(way)));
        assert_eq!(graph.add_child(a, c), Ok(()));
        graph.reconcile();
        assert_eq!(graph.depths(), [0, 1, 1, 2, 3]);
    }

    #[test]
    fn hosts_without_a_group_are_ungrouped() {
        let mut graph = Graph::new();
        let web = graph.group("web", None);
        let hosts = ["a", "b", "c"].map(|name| graph.host(name, Spot::default()).0);
        graph.add_host(UNGROUPED, hosts[0]);
        graph.add_host(web, hosts[0]);
        graph.add_host(ALL, hosts[1]);
        graph.reconcile();
        let ungrouped = &graph.groups[UNGROUPED as usize];
        assert_eq!(ungrouped.hosts, [hosts[1], hosts[2]]);
        assert_eq!(graph.groups_of(hosts[0]), [web, ALL]);
    }
}
