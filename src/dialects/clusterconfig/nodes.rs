//! Machines and VMs.
//!
//! This is the part of an inventory that is large: nothing is allocated for a machine without mistakes,
//! and every byte of it is looked at once.

use super::modules::module;
use super::options::{self, Type};
use super::place::{Place, is_misspelt, missing_option, unknown_option, wrong_type};
use super::shares::Share;
use super::{Reader, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Kind, Node, duplicate_key};
use crate::inventory::draft::Draft;
use crate::inventory::model::{NodeKind, Part, PartKind, Spot};
use crate::inventory::path;
use crate::text::quoted;

/// What machines and VMs may say.
pub(in crate::dialects) const MACHINE_OPTIONS: &[&str] = &[
    "system",
    "users",
    "nixosModules",
    "serviceAddresses",
    "virtualization",
    "deployment",
    "tags",
    "ips",
    "kind",
    "description",
    "cloud",
    "vars",
];

/// What only VMs may say.
pub(in crate::dialects) const VM_OPTIONS: &[&str] = &["host", "autostart", "restartIfChanged", "backend"];

/// An option of a machine or VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    System,
    Users,
    Modules,
    ServiceAddresses,
    Virtualization,
    Deployment,
    Tags,
    Ips,
    Kind,
    Description,
    Cloud,
    Vars,
    Host,
    Autostart,
    RestartIfChanged,
    Backend,
}

impl Setting {
    /// The option of this name. Bytes are matched by length first, which no chain of comparisons of
    /// strings is.
    fn named(name: &str) -> Option<Setting> {
        Some(match name.as_bytes() {
            b"system" => Setting::System,
            b"users" => Setting::Users,
            b"nixosModules" => Setting::Modules,
            b"serviceAddresses" => Setting::ServiceAddresses,
            b"virtualization" => Setting::Virtualization,
            b"deployment" => Setting::Deployment,
            b"tags" => Setting::Tags,
            b"ips" => Setting::Ips,
            b"kind" => Setting::Kind,
            b"description" => Setting::Description,
            b"cloud" => Setting::Cloud,
            b"vars" => Setting::Vars,
            b"host" => Setting::Host,
            b"autostart" => Setting::Autostart,
            b"restartIfChanged" => Setting::RestartIfChanged,
            b"backend" => Setting::Backend,
            _ => return None,
        })
    }

    fn is_of_vms(self) -> bool {
        matches!(self, Setting::Host | Setting::Autostart | Setting::RestartIfChanged | Setting::Backend)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl Reader {
    /// Reads `machines` or `vms` of a cluster, or those of a share.
    pub(super) fn nodes(
        &mut self,
        draft: &mut Draft,
        (cluster, kind): (u32, NodeKind),
        place: &Place<'_>,
        node: Node<'_>,
        share: &mut Option<Share<'_>>,
    ) {
        if node.kind() != Kind::Object {
            draft.mistake(wrong_type(place, node, "an object"), Part::Cluster(cluster));
            return;
        }
        for (key, node) in node.entries() {
            if share.as_mut().is_some_and(|share| !share.takes(&key, node)) {
                continue;
            }
            if self.earlier_nodes > 0 && self.is_repeated(draft, cluster, kind, &key, node) {
                continue;
            }
            let id = read(draft, cluster, kind, &place.then(&key), &key, node);
            if kind == NodeKind::Vm {
                self.vms.push(id);
            }
        }
    }

    /// Reports VMs whose `host` names no machine, once all machines are known.
    pub(super) fn check_hosts(&self, draft: &mut Draft) {
        for vm in &self.vms {
            let Some(raw) = draft.node_parts(*vm, PartKind::Host).into_iter().next() else { continue };
            let Some(document) = draft.document(raw.document) else { continue };
            let node = document.node(raw);
            let Some(host) = node.as_str() else { continue };
            if !has_machine(draft, &host) {
                let message = format!("no cluster has the machine that {} names", quoted(&host));
                let diagnostic = Diagnostic::error(Code::UnknownMachine, message)
                    .at(node.source(), node.span(), "the host of this VM")
                    .help(self.host_edit(draft, &host));
                draft.mistake(diagnostic, Part::Node(*vm));
            }
        }
    }

    /// What to write for a host that is no name of a machine.
    fn host_edit(&self, draft: &mut Draft, host: &str) -> String {
        let machine = host.split('.').next().unwrap_or(host);
        let mut clusters: Vec<u32> = self.clusters.keys().copied().collect();
        clusters.sort_unstable();
        let cluster = clusters
            .into_iter()
            .find(|cluster| draft.find_node(*cluster, machine, NodeKind::Machine).is_some());
        match cluster {
            Some(cluster) => format!("write `{machine}.{}`", draft.cluster_name(cluster)),
            None => "write `machine.cluster`, with or without the domain suffix".to_owned(),
        }
    }

    /// Whether an earlier document defines the machine already; if it does so differently, that is a
    /// mistake.
    fn is_repeated(
        &self,
        draft: &mut Draft,
        cluster: u32,
        kind: NodeKind,
        key: &Key<'_>,
        node: Node<'_>,
    ) -> bool {
        let Some(known) = draft.find_node(cluster, &key.text, kind) else { return false };
        if known >= self.earlier_nodes {
            return false;
        }
        let Some(raw) = draft.node_parts(known, PartKind::Entry).into_iter().next() else { return false };
        let Some(document) = draft.document(raw.document) else { return false };
        if document.node(raw).to_json() != node.to_json() {
            let message = format!("{} is defined differently in two files", quoted(&key.text));
            let again = Spot { document: node.document().number(), span: key.span };
            let diagnostic =
                draft.twice(Diagnostic::error(Code::Conflict, message), draft.node_spot(known), again);
            draft.mistake(diagnostic.help("keep one of the two, or make them equal"), Part::Node(known));
        }
        true
    }
}

/// Reads a machine or VM, and gives its number.
pub(super) fn read(
    draft: &mut Draft,
    cluster: u32,
    kind: NodeKind,
    place: &Place<'_>,
    key: &Key<'_>,
    node: Node<'_>,
) -> u32 {
    let spot = Spot { document: node.document().number(), span: key.span };
    let id = draft.node(cluster, &key.text, kind, spot);
    let part = Part::Node(id);
    draft.add_part(id, PartKind::Entry, node.raw());
    if let Some(problem) = names::host_problem(&key.text) {
        let message = format!("expected a host name, found {problem}: {}", quoted(&key.text));
        let diagnostic = Diagnostic::error(Code::InvalidName, message)
            .at(node.source(), key.span, "no host name")
            .help("rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last");
        draft.mistake(diagnostic, part.clone());
    }
    if node.kind() != Kind::Object {
        draft.mistake(wrong_type(place, node, "an object"), part);
        return id;
    }
    let mut machine = Machine { draft, id, kind, seen: 0, deployment_tags: None };
    for (key, value) in node.entries() {
        machine.option(place, node, &key, value);
    }
    machine.complete(place, node);
    id
}

/// Whether a VM's `host` names a machine; see [`crate::inventory::path::host_splits`].
fn has_machine(draft: &mut Draft, host: &str) -> bool {
    let suffix = draft.suffix().unwrap_or("").to_owned();
    path::host_splits(host, &suffix).any(|(machine, cluster)| {
        draft
            .find_cluster(cluster)
            .is_some_and(|cluster| draft.find_node(cluster, machine, NodeKind::Machine).is_some())
    })
}

/// A machine or VM that is being read.
struct Machine<'m, 'd> {
    draft: &'m mut Draft,
    id: u32,
    kind: NodeKind,
    /// Which options have come, as bits by their numbers.
    seen: u32,
    deployment_tags: Option<Node<'d>>,
}

impl<'d> Machine<'_, 'd> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.draft.mistake(diagnostic, Part::Node(self.id));
    }

    fn option(&mut self, parent: &Place<'_>, whole: Node<'d>, key: &Key<'d>, value: Node<'d>) {
        let place = parent.then(key);
        let name = &*key.text;
        let setting =
            Setting::named(name).filter(|setting| self.kind == NodeKind::Vm || !setting.is_of_vms());
        let Some(setting) = setting else {
            let vm_options = if self.kind == NodeKind::Vm { VM_OPTIONS } else { &[] };
            let known: Vec<&str> = MACHINE_OPTIONS.iter().chain(vm_options).copied().collect();
            self.report(unknown_option(&place, value, &known));
            return;
        };
        if self.has(setting) {
            let first = whole.entries().find(|(known, _)| known.text == key.text);
            let first = first.map_or(key.span, |(first, _)| first.span);
            self.report(duplicate_key(whole.document(), name, first, key.span));
            return;
        }
        self.seen |= setting.bit();
        match setting {
            Setting::System => match value.as_str() {
                Some(system) => self.draft.set_system(self.id, &system),
                None => self.report(wrong_type(&place, value, "a string")),
            },
            Setting::Tags => self.tags(&place, value),
            Setting::Ips => self.part(PartKind::Ips, &Type::Addresses, &place, value),
            Setting::Vars => self.part(PartKind::Vars, &Type::Set(&Type::Any), &place, value),
            Setting::Modules => self.modules(&place, value),
            Setting::Users => self.part(PartKind::Users, &options::USERS, &place, value),
            Setting::ServiceAddresses => {
                self.part(PartKind::ServiceAddresses, &options::SERVICE_ADDRESSES, &place, value);
            }
            Setting::Deployment => {
                self.part(PartKind::Deployment, &options::DEPLOYMENT, &place, value);
                self.deployment_tags = value.get("tags");
            }
            Setting::Kind => self.part(PartKind::Kind, &Type::Text, &place, value),
            Setting::Description => self.part(PartKind::Description, &Type::Text, &place, value),
            Setting::Cloud => self.part(PartKind::Cloud, &Type::Text, &place, value),
            Setting::Host => self.part(PartKind::Host, &Type::Text, &place, value),
            Setting::Virtualization => self.check(&options::VIRTUALIZATION, &place, value),
            Setting::Backend => self.check(&options::BACKEND, &place, value),
            Setting::Autostart | Setting::RestartIfChanged => self.check(&Type::Bool, &place, value),
        }
    }

    fn check(&mut self, ty: &Type, place: &Place<'_>, value: Node<'_>) {
        options::check(value, ty, place, &mut |diagnostic| self.report(diagnostic));
    }

    fn part(&mut self, kind: PartKind, ty: &Type, place: &Place<'_>, value: Node<'_>) {
        self.check(ty, place, value);
        self.draft.add_part(self.id, kind, value.raw());
    }

    fn tags(&mut self, place: &Place<'_>, value: Node<'_>) {
        if value.kind() != Kind::List {
            self.report(wrong_type(place, value, "a list of strings"));
            return;
        }
        for item in value.items() {
            match item.as_str() {
                Some(tag) => self.draft.add_tag(self.id, &tag),
                None => self.report(wrong_type(place, item, "a tag as a string")),
            }
        }
    }

    /// Modules that are texts or functions are kept as expressions; the rest is data.
    fn modules(&mut self, place: &Place<'_>, value: Node<'_>) {
        if value.kind() != Kind::List {
            self.report(wrong_type(place, value, "a list of modules"));
            return;
        }
        let part = Part::Node(self.id);
        for item in value.items() {
            module(self.draft, place, item, None, &part);
        }
        self.draft.add_part(self.id, PartKind::Modules, value.raw());
    }

    fn has(&self, setting: Setting) -> bool {
        self.seen & setting.bit() != 0
    }

    fn complete(&mut self, place: &Place<'_>, node: Node<'_>) {
        for tag in self.deployment_tags.into_iter().flat_map(Node::items) {
            if let Some(tag) = tag.as_str() {
                self.draft.add_tag(self.id, &tag);
            }
        }
        let is_misspelt = |name: &str| is_misspelt(node, name, |key| Setting::named(key).is_some());
        if !self.has(Setting::System) && !is_misspelt("system") {
            self.report(missing_option(place, node, "system", "`\"x86_64-linux\"`"));
        }
        if self.kind == NodeKind::Vm && !self.has(Setting::Host) && !is_misspelt("host") {
            self.report(missing_option(place, node, "host", "`\"machine.cluster\"`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_known_by_its_name() {
        let of_vms = |name: &&str| Setting::named(name).map(Setting::is_of_vms);
        assert!(MACHINE_OPTIONS.iter().all(|name| of_vms(name) == Some(false)));
        assert!(VM_OPTIONS.iter().all(|name| of_vms(name) == Some(true)));
        assert_eq!(MACHINE_OPTIONS.len() + VM_OPTIONS.len(), Setting::Backend as usize + 1);
    }
}
