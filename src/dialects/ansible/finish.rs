//! From what the sources say to nodes, groups and tags.

use std::sync::Arc;

use super::graph::{ALL, Host};
use super::{Owner, Reader};
use crate::diagnostic::Diagnostic;
use crate::inventory::document::Raw;
use crate::inventory::draft::Draft;
use crate::inventory::model::{Group, NodeKind, PartKind};
use crate::inventory::path;

/// The cluster of hosts that no other system puts into one.
const CLUSTER: &str = "default";

impl Reader<'_> {
    /// Completes the draft.
    ///
    /// # Errors
    /// Files of variables that cannot be read.
    pub(crate) fn finish(mut self, draft: &mut Draft) -> Result<(), Vec<Diagnostic>> {
        self.graph.reconcile();
        let folders = self.folder_order();
        let depths = self.graph.depths();
        let nodes = self.nodes(draft, &folders);
        for number in 0..self.graph.groups.len() as u32 {
            let mut files = Vec::new();
            for (order, folder) in (0..).zip(&folders) {
                files.extend(
                    self.files(draft, *folder, Owner::Group, number).into_iter().map(|raw| (order, raw)),
                );
            }
            let Some(group) = self.graph.groups.get_mut(number as usize) else { continue };
            if let Some(spot) = group.spot {
                draft.declare_tag(&group.name, spot);
            }
            let depth = depths.get(number as usize).copied().unwrap_or(0);
            draft.add_group(Group {
                name: Arc::clone(&group.name),
                children: std::mem::take(&mut group.children),
                nodes: group.hosts.iter().filter_map(|host| nodes.get(*host as usize)).copied().collect(),
                // Only `all` is around every other group.
                depth: if number == ALL { 0 } else { depth.max(1) },
                priority: group.priority,
                variables: std::mem::take(&mut group.variables),
                files,
                spot: group.spot,
            });
        }
        if self.failures.is_empty() { Ok(()) } else { Err(self.failures) }
    }

    /// The folders in the order in which their files of variables win: those of the sources, where the last
    /// mention counts, then the one that Ansible would be called from.
    pub(super) fn folder_order(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = Vec::new();
        for folder in self.folders.iter().copied().chain(self.beside.working_folder()) {
            order.retain(|known| *known != folder);
            order.push(folder);
        }
        order
    }

    /// The node of each host.
    fn nodes(&mut self, draft: &mut Draft, folders: &[u32]) -> Vec<u32> {
        let mixed = draft.node_count() > 0;
        draft.reserve_nodes(self.graph.hosts.len());
        let mut nodes = Vec::with_capacity(self.graph.hosts.len());
        let ranks = self.graph.ranks();
        for number in 0..self.graph.hosts.len() as u32 {
            let mut files: Vec<Raw> = Vec::new();
            for folder in folders {
                files.extend(self.files(draft, *folder, Owner::Host, number));
            }
            let mut groups = self.graph.groups_of(number);
            groups.sort_unstable_by_key(|group| ranks.get(*group as usize));
            let Some(host) = self.graph.hosts.get(number as usize) else { continue };
            let known = if mixed { known_node(draft, &host.name) } else { None };
            let node = known.unwrap_or_else(|| {
                let cluster = draft.cluster(CLUSTER, None);
                draft.node(cluster, &host.name, NodeKind::Machine, host.spot)
            });
            for group in &groups {
                if let Some(group) = self.graph.groups.get(*group as usize) {
                    draft.add_tag(node, &group.name);
                }
            }
            for raw in host.variables.iter().chain(&files) {
                draft.add_part(node, PartKind::HostVariables, *raw);
            }
            if let Some(address) = own_address(draft, host, &files) {
                draft.add_part(node, PartKind::Ips, address);
            }
            nodes.push(node);
        }
        nodes
    }
}

/// The machine of another system that a host is: the only one of its name, or of its domain name.
fn known_node(draft: &mut Draft, name: &str) -> Option<u32> {
    if let Some(node) = draft.find_only_node(name) {
        return Some(node);
    }
    let suffix = draft.suffix().unwrap_or("").to_owned();
    let mut found = path::host_splits(name, &suffix).filter_map(|(machine, cluster)| {
        let cluster = draft.find_cluster(cluster)?;
        draft.find_node(cluster, machine, NodeKind::Machine)
    });
    found.next()
}

/// Where the address stands at which Ansible reaches the host, if it is one and the host has no others.
fn own_address(draft: &Draft, host: &Host, files: &[Raw]) -> Option<Raw> {
    let said = host.variables.iter().chain(files).rev().find_map(|raw| {
        let document = draft.document(raw.document)?;
        let value = document.node(*raw).entries().filter(|(key, _)| key.text == "ansible_host").last()?.1;
        Some((value.raw(), value.as_str().is_some_and(|text| is_address(&text))))
    });
    said.filter(|(_, is_address)| *is_address).map(|(raw, _)| raw)
}

fn is_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}
