//! Machines that cannot be told from each other, or that nothing is done with.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Found, NAMES, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::Spot;
use crate::services::loaded::Loaded;
use crate::text::quoted;

impl Found<'_> {
    /// Names that machines of several clusters have.
    pub(super) fn host_names(&mut self) {
        let model = &self.loaded.model;
        if model.clusters.len() < 2 {
            return;
        }
        let mut by_name: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for node in model.index.all() {
            by_name.entry(model.nodes.name(node)).or_default().push(node);
        }
        let mut found = Vec::new();
        for (name, nodes) in by_name {
            // A VM of a machine's name in the same cluster is the draft's own to tell.
            let mut clusters: Vec<String> =
                nodes.iter().map(|node| self.loaded.cluster_name_of(*node).to_string()).collect();
            clusters.dedup();
            if clusters.len() < 2 {
                continue;
            }
            let shown: Vec<&str> = clusters.iter().map(String::as_str).collect();
            let message = format!("machines of the clusters {} are called {}", names(&shown), quoted(name));
            let places = nodes.iter().zip(&clusters).take(NAMES + 3);
            let places = places
                .map(|(node, cluster)| (self.node_spot(*node), format!("in cluster {}", quoted(cluster))));
            let help = format!(
                "rename all but one, or write `inCluster {}` around filters that mean one of them",
                crate::syntax::format::quote_string(shown.first().copied().unwrap_or_default())
            );
            let diagnostic = Diagnostic::warning(Code::DuplicateHostName, message).help(help);
            found.push((name.to_owned(), places.collect(), diagnostic));
        }
        for (subject, places, diagnostic) in found {
            self.add(subject, places, diagnostic);
        }
    }

    /// Addresses that several machines have.
    pub(super) fn addresses(&mut self) {
        let loaded = self.loaded;
        let cluster = |node: u32| loaded.model.nodes.cluster.get(node as usize).copied();
        let mut found = Vec::new();
        for same in loaded.addresses().chunk_by(|(left, _), (right, _)| left == right) {
            let [(address, _), _, ..] = same else { continue };
            let mut nodes: Vec<u32> = same.iter().map(|(_, node)| *node).collect();
            nodes.sort_unstable();
            nodes.dedup();
            match reach(*address) {
                Reach::Machine => continue,
                Reach::World => {}
                // Nodes of a cluster follow each other.
                Reach::Network => nodes = shared(&nodes, cluster),
            }
            let [_, _, ..] = nodes.as_slice() else { continue };
            let mut called: Vec<String> =
                nodes.iter().map(|node| loaded.model.nodes.name(*node).to_owned()).collect();
            if called.iter().collect::<BTreeSet<_>>().len() < called.len() {
                called = nodes.iter().map(|node| full_name(loaded, *node)).collect();
            }
            let called: Vec<&str> = called.iter().map(String::as_str).collect();
            let message =
                format!("the address {} belongs to {}", quoted(&address.to_string()), names(&called));
            let places = nodes
                .iter()
                .zip(&called)
                .take(NAMES + 3)
                .map(|(node, name)| (self.address_spot(*node, *address), format!("of {}", quoted(name))));
            let help =
                format!("give {} an address of its own", quoted(called.first().copied().unwrap_or_default()));
            let diagnostic = Diagnostic::warning(Code::DuplicateAddress, message).help(help);
            found.push((address.to_string(), places.collect(), diagnostic));
        }
        for (subject, places, diagnostic) in found {
            self.add(subject, places, diagnostic);
        }
    }

    /// Where an address is written, which may be in another form than the shortest.
    fn address_spot(&self, node: u32, address: IpAddr) -> Spot {
        let written = self.loaded.addresses_of(node).unwrap_or_default();
        let written = written.iter().find(|text| text.parse() == Ok(address));
        written.map_or_else(|| self.node_spot(node), |text| self.text_spot(node, text))
    }

    /// Machines that get nothing, though there are services.
    pub(super) fn idle_machines(&mut self) {
        if !self.has_services() {
            return;
        }
        let model = &self.loaded.model;
        let mut idle = model.index.all().clone();
        for placed in &self.resolved.services {
            idle -= placed;
        }
        let mut by_cluster: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for node in idle {
            let cluster = model.nodes.cluster.get(node as usize).copied().unwrap_or_default();
            by_cluster.entry(cluster).or_default().push(node);
        }
        for (cluster, nodes) in by_cluster {
            let called: Vec<&str> = nodes.iter().map(|node| model.nodes.name(*node)).collect();
            let subject = model.clusters.get(cluster as usize).map(|cluster| cluster.name.to_string());
            let message = match called.as_slice() {
                [only] => format!("{} gets no service", quoted(only)),
                several => format!("{} get no service", names(several)),
            };
            let places = nodes.iter().take(NAMES).map(|node| (self.node_spot(*node), String::new()));
            let help = match nodes.len() <= NAMES {
                true => "select them in a role, or leave them as they are".to_owned(),
                false => format!("`invq 'where (m: m.services == [ ])'` lists all {}", nodes.len()),
            };
            let diagnostic = Diagnostic::hint(Code::IdleMachine, message).help(help);
            self.add(subject.unwrap_or_default(), places.collect(), diagnostic);
        }
    }
}

/// A machine as `cluster/name`, which no other is called.
fn full_name(loaded: &Loaded, node: u32) -> String {
    format!("{}/{}", loaded.cluster_name_of(node), loaded.model.nodes.name(node))
}

/// From where an address is reached.
enum Reach {
    /// By the machine itself.
    Machine,
    /// In the network that the machine is in; another network may have the address too.
    Network,
    /// From everywhere.
    World,
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(v4) if v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() => Reach::Machine,
        // RFC 1918, and RFC 6598 for providers and overlay networks.
        IpAddr::V4(v4)
            if v4.is_private()
                || v4.octets().starts_with(&[100])
                    && v4.octets().get(1).is_some_and(|second| second & 0xC0 == 64) =>
        {
            Reach::Network
        }
        IpAddr::V6(v6) if v6.is_loopback() || v6.is_unicast_link_local() || v6.is_unspecified() => {
            Reach::Machine
        }
        IpAddr::V6(v6) if v6.is_unique_local() => Reach::Network,
        _ => Reach::World,
    }
}

/// Of sorted nodes those that are not alone in their cluster.
fn shared(nodes: &[u32], cluster: impl Fn(u32) -> Option<u32>) -> Vec<u32> {
    let same = nodes.chunk_by(|left, right| cluster(*left) == cluster(*right));
    same.filter(|nodes| nodes.len() > 1).flatten().copied().collect()
}
