//! Clouds: which of them an address falls into, and what reaches what.
//!
//! An address belongs to the cloud with the longest block that holds it. Reaching is directed, and goes
//! on: where `a` reaches `b` and `b` reaches `c`, `a` reaches `c`. A cloud reaches itself.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;

use super::model::{Cloud, CloudSystem, Inventory};

/// The blocks of all clouds, to find the one of an address.
#[derive(Debug, Default)]
pub struct Blocks {
    clouds: HashMap<IpNet, Vec<u32>>,
    /// The lengths of prefixes that there are, longest first.
    lengths: [Vec<u8>; 2],
}

impl Blocks {
    /// The blocks of clouds, which are named by their index.
    pub fn new(clouds: &[Cloud]) -> Blocks {
        let mut blocks = Blocks::default();
        for (index, cloud) in (0..).zip(clouds) {
            for (block, _) in &cloud.blocks {
                let owners = blocks.clouds.entry(*block).or_default();
                if !owners.contains(&index) {
                    owners.push(index);
                }
            }
        }
        for block in blocks.clouds.keys() {
            let [four, six] = &mut blocks.lengths;
            let lengths = if block.addr().is_ipv4() { four } else { six };
            lengths.push(block.prefix_len());
        }
        for lengths in &mut blocks.lengths {
            lengths.sort_unstable_by(|left, right| right.cmp(left));
            lengths.dedup();
        }
        blocks
    }

    /// The longest block that holds an address, and the clouds that claim it: one, or several, which is
    /// a mistake of theirs. An IPv4 address that is written as IPv6 is that IPv4 address.
    pub fn holding(&self, address: IpAddr) -> Option<(IpNet, &[u32])> {
        let address = address.to_canonical();
        let [four, six] = &self.lengths;
        let lengths = if address.is_ipv4() { four } else { six };
        lengths.iter().find_map(|length| {
            let block = IpNet::new(address, *length).ok()?.trunc();
            self.clouds.get(&block).map(|clouds| (block, clouds.as_slice()))
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.clouds.is_empty()
    }
}

impl Inventory {
    /// The cloud of this name.
    pub fn find_cloud(&self, name: &str) -> Option<u32> {
        let found = self.clouds.binary_search_by(|cloud| (*cloud.name).cmp(name));
        found.ok().and_then(|index| u32::try_from(index).ok())
    }

    /// What Walrus knows of a node, where it is one of its systems.
    pub fn cloud_system(&self, node: u32) -> Option<&CloudSystem> {
        let found = self.systems_of_clouds.binary_search_by_key(&node, |system| system.node);
        found.ok().and_then(|index| self.systems_of_clouds.get(index))
    }

    /// The clouds that a cloud reaches, itself included; each with the one before it on a shortest way.
    pub fn clouds_reached_from(&self, from: u32) -> BTreeMap<u32, u32> {
        let mut before = BTreeMap::from([(from, from)]);
        let mut waiting = std::collections::VecDeque::from([from]);
        while let Some(here) = waiting.pop_front() {
            let reaches = self.clouds.get(here as usize).map_or(&[][..], |cloud| &cloud.reaches);
            for (next, _) in reaches {
                before.entry(*next).or_insert_with(|| {
                    waiting.push_back(*next);
                    here
                });
            }
        }
        before
    }

    /// The clouds on a shortest way from one cloud to another, both included; of several the first by
    /// the order in which the clouds are written. Nothing where there is none.
    pub fn route(&self, from: u32, to: u32) -> Option<Vec<u32>> {
        let before = self.clouds_reached_from(from);
        let mut route = vec![to];
        let mut here = to;
        while here != from {
            here = *before.get(&here)?;
            route.push(here);
        }
        route.reverse();
        Some(route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::draft::Draft;
    use crate::inventory::model::Spot;

    fn inventory(clouds: &[(&str, &[&str], &[&str])]) -> Inventory {
        let mut draft = Draft::new();
        for (name, ..) in clouds {
            draft.cloud(name, None);
        }
        for (name, blocks, reaches) in clouds {
            let reaches = reaches.iter().filter_map(|other| draft.find_cloud(other));
            let reaches: Vec<(u32, Spot)> = reaches.map(|other| (other, Spot::default())).collect();
            let blocks = blocks.iter().filter_map(|block| block.parse().ok());
            let blocks = blocks.map(|block| (block, Spot::default())).collect();
            let cloud = draft.find_cloud(name).and_then(|cloud| draft.cloud_mut(cloud)).expect("the cloud");
            (cloud.blocks, cloud.reaches) = (blocks, reaches);
        }
        draft.finish()
    }

    fn names(inventory: &Inventory, clouds: &[u32]) -> Vec<String> {
        clouds.iter().map(|cloud| inventory.clouds[*cloud as usize].name.to_string()).collect()
    }

    #[test]
    fn the_longest_block_wins() {
        let inventory = inventory(&[
            ("wide", &["10.0.0.0/8", "fd00::/8"], &[]),
            ("near", &["10.1.0.0/16", "fd00:1::/32"], &[]),
            ("one", &["10.1.0.7/32"], &[]),
            ("again", &["10.1.0.7/32"], &[]),
        ]);
        let blocks = Blocks::new(&inventory.clouds);
        let find = |address: &str| {
            let found = blocks.holding(address.parse().expect("an address"));
            found.map_or_else(Vec::new, |(_, clouds)| names(&inventory, clouds))
        };
        assert_eq!(find("10.2.0.1"), ["wide"]);
        assert_eq!(find("10.1.0.1"), ["near"]);
        assert_eq!(find("10.1.0.7"), ["again", "one"]);
        assert_eq!(find("fd00:1::5"), ["near"]);
        assert_eq!(find("fd00:2::5"), ["wide"]);
        assert_eq!(find("::ffff:10.1.0.1"), ["near"]);
        assert!(find("192.0.2.1").is_empty());
        assert!(find("2001:db8::1").is_empty());
    }

    #[test]
    fn routes_are_shortest_and_directed() {
        let inventory = inventory(&[
            ("a", &[], &["b", "c"]),
            ("b", &[], &["d", "a"]),
            ("c", &[], &["d"]),
            ("d", &[], &["e"]),
            ("e", &[], &[]),
            ("f", &[], &["a"]),
        ]);
        let route = |from: &str, to: &str| {
            let (from, to) = (inventory.find_cloud(from), inventory.find_cloud(to));
            let route = inventory.route(from.expect("a cloud"), to.expect("a cloud"));
            route.map(|route| names(&inventory, &route).concat())
        };
        assert_eq!(route("a", "a").as_deref(), Some("a"));
        assert_eq!(route("a", "e").as_deref(), Some("abde"));
        assert_eq!(route("f", "e").as_deref(), Some("fabde"));
        assert_eq!(route("e", "a"), None);
        assert_eq!(route("a", "f"), None);
    }
}
