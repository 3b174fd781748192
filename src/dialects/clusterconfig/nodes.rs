//! Machines and VMs.
//!
//! This is the part of an inventory that is large: nothing is allocated for a machine without mistakes,
//! and every byte of it is looked at once.

use super::options::{self, Type};
use super::place::{Place, missing_option, unknown_option, wrong_type};
use super::{Reader, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Kind, Node, duplicate_key};
use crate::inventory::draft::Draft;
use crate::inventory::model::{EmbeddedRole, NodeKind, Part, PartKind, Spot};
use crate::text::quoted;

/// What machines and VMs may say; the number of an option is its place here.
const MACHINE_OPTIONS: &[&str] = &[
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
const VM_OPTIONS: &[&str] = &["host", "autostart", "restartIfChanged", "backend"];

impl Reader {
    /// Reads `machines` or `vms` of a cluster.
    pub(super) fn nodes(
        &mut self,
        draft: &mut Draft,
        cluster: u32,
        kind: NodeKind,
        place: &Place<'_>,
        node: Node<'_>,
    ) {
        if node.kind() != Kind::Object {
            draft.mistake(wrong_type(place, node, "an object"), Part::Cluster(cluster));
            return;
        }
        for (key, node) in node.entries() {
            if self.earlier_nodes > 0 && self.is_repeated(draft, cluster, kind, &key, node) {
                continue;
            }
            read(draft, cluster, kind, &place.then(&key), &key, node);
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
        let entry = draft.node_parts(known).iter().find(|(kind, _)| *kind == PartKind::Entry);
        let Some((_, raw)) = entry.copied() else { return false };
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

fn read(draft: &mut Draft, cluster: u32, kind: NodeKind, place: &Place<'_>, key: &Key<'_>, node: Node<'_>) {
    let spot = Spot { document: node.document().number(), span: key.span };
    let id = draft.node(cluster, &key.text, kind, spot);
    let part = Part::Node(id);
    draft.add_part(id, PartKind::Entry, node.raw());
    if let Some(problem) = names::host_problem(&key.text) {
        let message = format!("expected a host name, found {problem}: {}", quoted(&key.text));
        let diagnostic = Diagnostic::error(Code::InvalidName, message)
            .at(node.source(), key.span, "it has no domain name")
            .help("rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last");
        draft.mistake(diagnostic, part.clone());
    }
    if node.kind() != Kind::Object {
        draft.mistake(wrong_type(place, node, "an object"), part);
        return;
    }
    let mut machine = Machine { draft, id, kind, seen: 0, deployment_tags: None };
    for (key, value) in node.entries() {
        machine.option(place, node, &key, value);
    }
    machine.complete(place, node);
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
        let vm_options = if self.kind == NodeKind::Vm { VM_OPTIONS } else { &[] };
        let known = MACHINE_OPTIONS.iter().chain(vm_options).position(|known| *known == name);
        let Some(number) = known else {
            let known: Vec<&str> = MACHINE_OPTIONS.iter().chain(vm_options).copied().collect();
            self.report(unknown_option(&place, value, &known));
            return;
        };
        if self.seen & 1 << number != 0 {
            let first = whole.entries().find(|(known, _)| known.text == key.text);
            let first = first.map_or(key.span, |(first, _)| first.span);
            self.report(duplicate_key(whole.document(), name, first, key.span));
            return;
        }
        self.seen |= 1 << number;
        match name {
            "system" => match value.as_str() {
                Some(system) => self.draft.set_system(self.id, &system),
                None => self.report(wrong_type(&place, value, "a string")),
            },
            "tags" => self.tags(&place, value),
            "ips" => self.part(PartKind::Ips, &Type::Addresses, &place, value),
            "vars" => self.part(PartKind::Vars, &Type::Set(&Type::Any), &place, value),
            "nixosModules" => self.modules(&place, value),
            "users" => self.part(PartKind::Users, &options::USERS, &place, value),
            "serviceAddresses" => {
                self.part(PartKind::ServiceAddresses, &options::SERVICE_ADDRESSES, &place, value);
            }
            "deployment" => {
                self.part(PartKind::Deployment, &options::DEPLOYMENT, &place, value);
                self.deployment_tags = value.get("tags");
            }
            "kind" => self.part(PartKind::Kind, &Type::Text, &place, value),
            "description" => self.part(PartKind::Description, &Type::Text, &place, value),
            "cloud" => self.part(PartKind::Cloud, &Type::Text, &place, value),
            "host" => self.part(PartKind::Host, &Type::Text, &place, value),
            "virtualization" => self.check(&options::VIRTUALIZATION, &place, value),
            "backend" => self.check(&options::BACKEND, &place, value),
            _ => self.check(&Type::Bool, &place, value),
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
        for item in value.items() {
            match item.kind() {
                Kind::Object => {}
                Kind::String | Kind::Expression => {
                    let part = Part::Node(self.id);
                    self.draft.add_expression_at(item, EmbeddedRole::Module, None, part);
                }
                _ => self.report(wrong_type(place, item, "a module: an object, or a function as text")),
            }
        }
        self.draft.add_part(self.id, PartKind::Modules, value.raw());
    }

    fn has(&self, name: &str) -> bool {
        let number = MACHINE_OPTIONS.iter().chain(VM_OPTIONS).position(|known| *known == name);
        number.is_some_and(|number| self.seen & 1 << number != 0)
    }

    fn complete(&mut self, place: &Place<'_>, node: Node<'_>) {
        for tag in self.deployment_tags.into_iter().flat_map(Node::items) {
            if let Some(tag) = tag.as_str() {
                self.draft.add_tag(self.id, &tag);
            }
        }
        if !self.has("system") {
            self.report(missing_option(place, node, "system", "`\"x86_64-linux\"`"));
        }
        if self.kind == NodeKind::Vm && !self.has("host") {
            self.report(missing_option(place, node, "host", "`\"machine.cluster\"`"));
        }
    }
}
