//! `systems`: what is known of each, and which cloud it is in.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use super::{Section, blocks, unknown_cloud};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::options::{self, Type};
use crate::dialects::clusterconfig::place::{Place, missing_option, unknown_option, wrong_type, wrong_value};
use crate::dialects::is_address;
use crate::inventory::clouds::Blocks;
use crate::inventory::document::{Key, Keys, Kind, Node, Raw};
use crate::inventory::draft::Draft;
use crate::inventory::model::{
    CloudSystem, Instance, NodeKind, Part, PartKind, Role, Selection, SelectionKind, Spot,
};
use crate::syntax::ast::Name;
use crate::text::{list_and, list_or, quoted};

/// Walrus' own options, and those that machines of every system may have.
pub(in crate::dialects) const OPTIONS: [&str; 11] =
    ["kind", "ip", "cloud", "tags", "roles", "auth", "adopted", "ips", "description", "vars", "system"];

/// The kinds of systems.
const KINDS: Type = Type::OneOf(&["physical", "virtual"]);

/// The cluster of systems, which Walrus does not put into any.
const CLUSTER: &str = "default";

/// Reads all systems.
pub(super) fn read(draft: &mut Draft, sections: &[Section], easy_mode: bool) {
    if sections.is_empty() {
        return;
    }
    let cluster = draft.cluster(CLUSTER, None);
    let blocks = blocks(draft);
    let mut systems = Systems { cluster, blocks, easy_mode, known: HashMap::new(), roles: BTreeMap::new() };
    for section in sections {
        section.with(draft, "systems", |draft, place, node| systems.section(draft, place, node));
    }
    systems.add_roles(draft);
}

/// Systems that are being read.
struct Systems {
    cluster: u32,
    blocks: Blocks,
    easy_mode: bool,
    /// The entries so far, by node.
    known: HashMap<u32, Raw>,
    /// The systems of each role, with the place where each says so.
    roles: BTreeMap<Name, Vec<(Name, Spot)>>,
}

/// What a system says, as far as it is well-formed.
#[derive(Default)]
struct System<'d> {
    addresses: Vec<(IpAddr, Node<'d>)>,
    has_address: bool,
    cloud: Option<Node<'d>>,
    adopted: bool,
    credentials: bool,
}

impl Systems {
    fn section(&mut self, draft: &mut Draft, place: &Place<'_>, node: Node<'_>) {
        if node.kind() != Kind::Object {
            draft.mistake(wrong_type(place, node, "an object"), Part::Cluster(self.cluster));
            return;
        }
        let mut seen = Keys::default();
        for (key, value) in node.entries() {
            match seen.duplicate(&key, value.document()) {
                Some(duplicate) => draft.mistake(duplicate, Part::Cluster(self.cluster)),
                None => self.system(draft, &place.then(&key), &key, value),
            }
        }
    }

    fn system(&mut self, draft: &mut Draft, place: &Place<'_>, key: &Key<'_>, node: Node<'_>) {
        let spot = Spot { document: node.document().number(), span: key.span };
        // A machine of another system, such as Clan, may be a system of Walrus as well.
        let known = draft.find_node(self.cluster, &key.text, NodeKind::Machine);
        let id = known.unwrap_or_else(|| draft.node(self.cluster, &key.text, NodeKind::Machine, spot));
        if let Some(first) = self.known.get(&id).copied() {
            let same = draft.document(first.document).map(|document| document.node(first).to_json());
            if same != Some(node.to_json()) {
                let message = format!("{} is defined differently in two files", quoted(&key.text));
                let first = draft.node_spot(id);
                let diagnostic = draft.twice(Diagnostic::error(Code::Conflict, message), first, spot);
                draft.mistake(diagnostic.help("keep one of the two, or make them equal"), Part::Node(id));
            }
            return;
        }
        self.known.insert(id, node.raw());
        draft.add_part(id, PartKind::Entry, node.raw());
        let mut system = System::default();
        if node.kind() == Kind::Object {
            let mut seen = Keys::default();
            for (option, value) in node.entries() {
                match seen.duplicate(&option, value.document()) {
                    Some(duplicate) => draft.mistake(duplicate, Part::Node(id)),
                    None => self.option(draft, id, &place.then(&option), (key, &option), value, &mut system),
                }
            }
            // What is only missing, a query may ask for: which systems lack an address, a cloud, credentials?
            if !system.has_address {
                draft.mistake(missing_option(place, node, "ip", "`\"10.0.0.1\"`"), Part::Nothing);
            }
            if !(system.credentials || self.easy_mode) {
                let message = format!("the system {} has no credentials", quoted(&key.text));
                let diagnostic = Diagnostic::error(Code::MissingOption, message)
                    .at(node.source(), key.span, "")
                    .help("add `auth`, or set `easyMode` at the top where new systems are set up without");
                draft.mistake(diagnostic, Part::Nothing);
            }
        } else {
            draft.mistake(wrong_type(place, node, "an object"), Part::CloudOf(id));
        }
        let cloud = self.cloud(draft, id, place, (key, node), &system);
        let System { adopted, credentials, .. } = system;
        draft.add_system(CloudSystem { node: id, cloud, adopted, credentials });
    }

    fn option<'d>(
        &mut self,
        draft: &mut Draft,
        id: u32,
        place: &Place<'_>,
        (system_key, key): (&Key<'_>, &Key<'d>),
        value: Node<'d>,
        system: &mut System<'d>,
    ) {
        let report = |draft: &mut Draft, diagnostic| draft.mistake(diagnostic, Part::Node(id));
        let part = |draft: &mut Draft, kind: PartKind, ty: &Type| {
            options::check(value, ty, place, &mut |diagnostic| draft.mistake(diagnostic, Part::Node(id)));
            draft.add_part(id, kind, value.raw());
        };
        match &*key.text {
            "kind" => part(draft, PartKind::Kind, &KINDS),
            "description" => part(draft, PartKind::Description, &Type::Text),
            "vars" => part(draft, PartKind::Vars, &Type::Set(&Type::Any)),
            "ip" => {
                system.has_address = true;
                match value.as_str() {
                    Some(text) => match address(&text) {
                        Some(address) => {
                            system.addresses.push((address, value));
                            draft.add_part(id, PartKind::Ips, value.raw());
                        }
                        None => {
                            let found = quoted(&text);
                            let plain = text.split_once('/').and_then(|(address, _)| {
                                is_address(address).then(|| format!("write {}", quoted(address)))
                            });
                            let wrong = wrong_value(place, value, "an address", &found).maybe_help(plain);
                            draft.mistake(wrong, Part::CloudOf(id));
                        }
                    },
                    None => draft.mistake(wrong_type(place, value, "an address"), Part::CloudOf(id)),
                }
            }
            "ips" => {
                part(draft, PartKind::Ips, &Type::Addresses);
                let lists = value.entries().flat_map(|(_, list)| list.items());
                for item in value.items().chain(lists) {
                    let address = item.as_str().and_then(|text| address(&text));
                    system.has_address |= address.is_some();
                    system.addresses.extend(address.map(|address| (address, item)));
                }
            }
            "cloud" if value.kind() == Kind::String => system.cloud = Some(value),
            "cloud" if value.is_null() => {}
            "cloud" => {
                system.cloud = Some(value);
                let mut wrong = wrong_type(place, value, "the name of one cloud");
                if value.kind() == Kind::List {
                    let tags = value.document().notation().entry("tags", &value.to_json());
                    wrong = wrong
                        .help(format!("a system is in exactly one cloud; for more groups write `{tags}`"));
                }
                draft.mistake(wrong, Part::CloudOf(id));
            }
            "tags" | "roles" if value.kind() != Kind::List => {
                report(draft, wrong_type(place, value, "a list of strings"));
            }
            "tags" | "roles" => {
                for item in value.items() {
                    match item.as_str() {
                        None => report(draft, wrong_type(place, item, "a string")),
                        Some(tag) if key.text == "tags" => draft.add_tag(id, &tag),
                        Some(role) => {
                            let members = self.roles.entry(Name::from(&*role)).or_default();
                            let name = Name::from(&*system_key.text);
                            if members.last().is_none_or(|(last, _)| *last != name) {
                                members.push((name, item.spot()));
                            }
                        }
                    }
                }
            }
            "system" => match value.as_str() {
                Some(platform) => draft.set_system(id, &platform),
                None => report(draft, wrong_type(place, value, "a string")),
            },
            // What it takes to log in is the set-up daemon's business; it is not looked at, nor shown.
            "auth" => {
                system.credentials = match value.kind() {
                    Kind::Null => false,
                    Kind::String => value.as_str().is_some_and(|text| !text.is_empty()),
                    Kind::Object => value.entries().next().is_some(),
                    _ => {
                        report(draft, wrong_type(place, value, "a string or an object"));
                        true
                    }
                };
            }
            "adopted" => match value.as_bool() {
                Some(adopted) => system.adopted = adopted,
                None => report(draft, wrong_type(place, value, "`true` or `false`")),
            },
            _ => report(draft, unknown_option(place, value, &OPTIONS)),
        }
    }

    /// The one cloud of a system: the given one, else the one with the longest block that holds its
    /// address.
    fn cloud(
        &self,
        draft: &mut Draft,
        id: u32,
        place: &Place<'_>,
        (key, node): (&Key<'_>, Node<'_>),
        system: &System<'_>,
    ) -> Option<u32> {
        let given = match system.cloud {
            Some(cloud) => {
                // What is no text has been reported.
                let name = cloud.as_str()?;
                let Some(known) = draft.find_cloud(&name) else {
                    draft.mistake(unknown_cloud(draft, &name, cloud), Part::CloudOf(id));
                    return None;
                };
                Some((known, cloud))
            }
            None => None,
        };
        let mut derived: Vec<(u32, Node<'_>)> = Vec::new();
        for (address, written) in &system.addresses {
            match self.blocks.holding(*address) {
                None => {}
                // A tie: of two clouds that claim a block, one has been told to leave it.
                Some((_, owners)) if owners.len() > 1 => {
                    let first = owners.first().copied();
                    return given.map(|(cloud, _)| cloud).filter(|cloud| owners.contains(cloud)).or(first);
                }
                Some((_, owners)) => derived.extend(owners.first().map(|owner| (*owner, *written))),
            }
        }
        let name =
            |cloud: u32| draft.clouds().get(cloud as usize).map_or("", |cloud| &*cloud.name).to_owned();
        match (given, derived.first()) {
            (Some((cloud, written)), _) => {
                if let Some((other, address)) = derived.iter().find(|(other, _)| *other != cloud) {
                    let other = name(*other);
                    let message = format!(
                        "the system {} is in the cloud {}, but its address is in a block of {}",
                        quoted(&key.text),
                        quoted(&name(cloud)),
                        quoted(&other)
                    );
                    let instead = written.document().notation().entry("cloud", &other.as_str().into());
                    let diagnostic = Diagnostic::error(Code::Conflict, message)
                        .at(written.source(), written.span(), "its cloud is given here")
                        .at(address.source(), address.span(), format!("in a block of {}", quoted(&other)))
                        .help(format!("write `{instead}`, or leave `cloud` out"));
                    draft.mistake(diagnostic, Part::CloudOf(id));
                }
                Some(cloud)
            }
            (None, Some((cloud, first))) => {
                if let Some((other, address)) = derived.iter().find(|(other, _)| other != cloud) {
                    let message = format!(
                        "the system {} is in two clouds: its addresses are in blocks of {}",
                        quoted(&key.text),
                        list_and(&[name(*cloud), name(*other)])
                    );
                    let diagnostic = Diagnostic::error(Code::Conflict, message)
                        .at(first.source(), first.span(), format!("in a block of {}", quoted(&name(*cloud))))
                        .at(
                            address.source(),
                            address.span(),
                            format!("in a block of {}", quoted(&name(*other))),
                        )
                        .help("keep the addresses of one cloud");
                    draft.mistake(diagnostic, Part::CloudOf(id));
                }
                Some(*cloud)
            }
            (None, None) => {
                if !system.addresses.is_empty() {
                    let addresses: Vec<String> =
                        system.addresses.iter().map(|(address, _)| address.to_string()).collect();
                    let message = format!(
                        "the system {} is in no cloud: no block holds {}",
                        quoted(&key.text),
                        list_or(&addresses)
                    );
                    let names: Vec<String> =
                        draft.clouds().iter().take(10).map(|cloud| cloud.name.to_string()).collect();
                    let help = match names.as_slice() {
                        [] => "declare a cloud in `clouds`, and name it in `cloud`".to_owned(),
                        names => {
                            format!("add `cloud`, which is {}, or a block to one of them", list_or(names))
                        }
                    };
                    let diagnostic = Diagnostic::error(Code::MissingOption, message)
                        .at(node.source(), place.span, "")
                        .help(help);
                    draft.mistake(diagnostic, Part::Nothing);
                }
                None
            }
        }
    }

    /// Each role is a service with one instance and one role of its name.
    fn add_roles(self, draft: &mut Draft) {
        for (role, members) in self.roles {
            let spot = members.first().map(|(_, spot)| *spot);
            let service = draft.service(&role, &role, None, spot);
            let selections = members.into_iter().map(|(name, spot)| Selection {
                kind: SelectionKind::Machine(name),
                settings: None,
                spot,
            });
            let only = Role { name: role.clone(), selections: selections.collect(), spot, ..Role::default() };
            draft.add_instance(Instance {
                name: role,
                service,
                cluster: Some(self.cluster),
                enabled: true,
                roles: vec![only],
                spot,
                ..Instance::default()
            });
        }
    }
}

fn address(text: &str) -> Option<IpAddr> {
    let plain = text.split_once('%').map_or(text, |(address, _)| address);
    plain.parse().ok()
}
