//! What each node gets: its placements, in the order in which it gets them.
//!
//! As in Clan: services by identifier, inside a service roles by name, inside a role instances by name.
//! A service that is put on machines by selectors gives a machine one placement for each of its roles
//! that holds it, and one without a role where none does.

use std::borrow::Cow;
use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use super::members::InstanceMembers;
use crate::inventory::model::Inventory;

/// Something that a node gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The instance, by its index in [`Inventory::instances`].
    pub instance: u32,
    /// The role, by its index in the instance; nothing where selectors alone put it there.
    pub role: Option<u32>,
}

/// The placements of all nodes.
#[derive(Debug, Default)]
pub struct Placements {
    /// Where each node's placements end in `all`.
    ends: Vec<usize>,
    all: Vec<Placement>,
}

/// The nodes of one role of one instance.
struct Slot<'s> {
    placement: Placement,
    nodes: Cow<'s, RoaringBitmap>,
}

impl Placements {
    /// Computes the placements, in time linear in their number.
    pub(super) fn new(inventory: &Inventory, members: &[InstanceMembers]) -> Placements {
        let slots = slots(inventory, members);
        let mut counts = vec![0_usize; inventory.nodes.len()];
        for node in slots.iter().flat_map(|slot| slot.nodes.iter()) {
            if let Some(count) = counts.get_mut(node as usize) {
                *count += 1;
            }
        }
        // Where each node's next placement goes; after all are placed, where its placements end.
        let mut total = 0;
        let mut next: Vec<usize> = counts
            .into_iter()
            .map(|count| {
                let start = total;
                total += count;
                start
            })
            .collect();
        let mut all = vec![Placement { instance: 0, role: None }; total];
        for slot in &slots {
            for node in slot.nodes.iter() {
                let Some(at) = next.get_mut(node as usize) else { continue };
                if let Some(place) = all.get_mut(*at) {
                    *place = slot.placement;
                }
                *at += 1;
            }
        }
        Placements { ends: next, all }
    }

    /// The placements of a node, in order.
    pub fn of(&self, node: u32) -> &[Placement] {
        let range = self.range(node);
        self.all.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }

    /// The numbers of a node's placements among all.
    pub(super) fn range(&self, node: u32) -> std::ops::Range<u32> {
        let node = node as usize;
        let start = node.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(node).copied().unwrap_or(start);
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        number(start)..number(end)
    }

    /// The placement of this number, with its node.
    pub(super) fn get(&self, number: u32) -> Option<(u32, Placement)> {
        let node = self.ends.partition_point(|end| *end <= number as usize);
        Some((u32::try_from(node).ok()?, *self.all.get(number as usize)?))
    }

    /// How many there are in all.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// The nodes of every role of every instance, in the order of placements.
fn slots<'s>(inventory: &Inventory, members: &'s [InstanceMembers]) -> Vec<Slot<'s>> {
    let mut slots: BTreeMap<(u32, &str, u32), Slot<'s>> = BTreeMap::new();
    for ((index, instance), members) in (0..).zip(&inventory.instances).zip(members) {
        if !instance.enabled {
            continue;
        }
        let mut roleless = members.selectors.is_some().then(|| members.placed.clone());
        for ((role, declared), in_role) in (0..).zip(&instance.roles).zip(&members.roles) {
            let nodes = match &mut roleless {
                Some(roleless) => {
                    *roleless -= &in_role.nodes;
                    Cow::Owned(&members.placed & &in_role.nodes)
                }
                None => Cow::Borrowed(&in_role.nodes),
            };
            let placement = Placement { instance: index, role: Some(role) };
            slots.insert((instance.service, &declared.name, index), Slot { placement, nodes });
        }
        if let Some(nodes) = roleless {
            let placement = Placement { instance: index, role: None };
            slots.insert((instance.service, "", index), Slot { placement, nodes: Cow::Owned(nodes) });
        }
    }
    slots.into_values().collect()
}
