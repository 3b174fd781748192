//! Services: who gets them, their roles, and their closure.

use super::Reader;
use super::modules::module;
use super::place::{Place, is_misspelt, missing_option, unknown_option, wrong_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Keys, Kind, Node, Notation, duplicate_key};
use crate::inventory::draft::Draft;
use crate::inventory::model::{
    EmbeddedRole, Instance, MemberOrder, Part, Role, Selection, SelectionKind, Spot,
};
use crate::syntax::ast::Name;
use crate::text::quoted;

pub(in crate::dialects) const SERVICE_OPTIONS: &[&str] = &["selectors", "roles", "definition", "extraConfig"];

impl Reader {
    /// Reads `services` of a cluster.
    pub(super) fn services(&mut self, draft: &mut Draft, cluster: u32, place: &Place<'_>, node: Node<'_>) {
        if node.kind() != Kind::Object {
            draft.mistake(wrong_type(place, node, "an object of services"), Part::Cluster(cluster));
            return;
        }
        for (key, node) in node.entries() {
            let name = Name::from(&*key.text);
            if !self.is_repeated_service(draft, cluster, &name, &key, node) {
                self.services.insert((cluster, Name::clone(&name)), node.raw());
                read(draft, cluster, &name, &place.then(&key), node);
            }
        }
    }

    /// Whether the service is defined already; unless an earlier document defines it equally, that is a
    /// mistake.
    fn is_repeated_service(
        &self,
        draft: &mut Draft,
        cluster: u32,
        name: &Name,
        key: &Key<'_>,
        node: Node<'_>,
    ) -> bool {
        let Some(raw) = self.services.get(&(cluster, Name::clone(name))) else { return false };
        let Some(known) = draft.find_instance(Some(cluster), name) else { return false };
        let first = draft.instance(known).and_then(|instance| instance.spot).unwrap_or_default();
        let number = node.document().number();
        let part = Part::Instance(known);
        if raw.document == number {
            draft.mistake(duplicate_key(node.document(), name, first.span, key.span), part);
        } else if draft
            .document(raw.document)
            .is_none_or(|document| document.node(*raw).to_json() != node.to_json())
        {
            let message = format!("the service {} is defined differently in two files", quoted(name));
            let again = Spot { document: number, span: key.span };
            let diagnostic = draft.twice(Diagnostic::error(Code::Conflict, message), first, again);
            draft.mistake(diagnostic.help("keep one of the two, or make them equal"), part);
        }
        true
    }
}

fn read(draft: &mut Draft, cluster: u32, name: &Name, place: &Place<'_>, node: Node<'_>) {
    let spot = Some(Spot { document: node.document().number(), span: place.span });
    let service = draft.service(name, name, None, spot);
    let id = draft.add_instance(Instance {
        name: Name::clone(name),
        service,
        cluster: Some(cluster),
        enabled: true,
        spot,
        ..Instance::default()
    });
    if node.kind() != Kind::Object {
        draft.mistake(wrong_type(place, node, "an object"), Part::Instance(id));
        return;
    }
    let mut filters = Filters { draft, cluster, part: Part::Instance(id) };
    let mut seen = Keys::default();
    let mut selectors = Vec::new();
    let mut roles = Vec::new();
    let mut definition = None;
    let mut extra_config = None;
    for (key, value) in node.entries() {
        if let Some(duplicate) = seen.duplicate(&key, value.document()) {
            filters.report(duplicate);
            continue;
        }
        let place = place.then(&key);
        match &*key.text {
            "selectors" => selectors = filters.read(&place, value),
            "roles" => roles = filters.roles(id, &place, value),
            // Its arguments are the roles, which may come later.
            "definition" => definition = Some((value, place.text())),
            "extraConfig" => extra_config = Some(value.raw()),
            _ => filters.report(unknown_option(&place, value, SERVICE_OPTIONS)),
        }
        if &*key.text == "extraConfig" {
            module(filters.draft, &place, value, Some(cluster), &Part::Instance(id));
        }
    }
    if !seen.contains("selectors") && !is_misspelt(node, "selectors", |key| SERVICE_OPTIONS.contains(&key)) {
        let example = "`[\"clusterMachines\"]`";
        filters.report(missing_option(place, node, "selectors", example));
    }
    let definition = definition.and_then(|(value, option)| {
        let names = roles.iter().map(|role: &Role| Name::clone(&role.name)).collect();
        let role = EmbeddedRole::Definition(names);
        let expression = filters.draft.add_expression_at(value, role, Some(cluster), Part::Instance(id));
        if expression.is_none() {
            let (what, help) = match value.document().notation() {
                Notation::Expression => ("a function", "write `{ selectors, roles, this }: { … }`"),
                _ => ("a function as text", "write it as a string: `\"{ selectors, roles, this }: { }\"`"),
            };
            let message = format!("expected {what} in `{option}`, found {}", value.kind().describe());
            let diagnostic = Diagnostic::error(Code::InvalidOption, message)
                .at(value.source(), value.span(), "")
                .help(help);
            filters.report(diagnostic);
        }
        expression
    });
    if let Some(instance) = draft.instance_mut(id) {
        instance.selectors = Some(selectors);
        instance.roles = roles;
        instance.definition = definition;
        instance.extra_config = extra_config;
    }
}

/// Reads filters of one service.
struct Filters<'f> {
    draft: &'f mut Draft,
    cluster: u32,
    part: Part,
}

impl Filters<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.draft.mistake(diagnostic, self.part.clone());
    }

    /// A filter, or a list of filters and lists of them, in order.
    fn read(&mut self, place: &Place<'_>, node: Node<'_>) -> Vec<Selection> {
        let mut selections = Vec::new();
        let mut open = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next {
            match node.kind() {
                Kind::List => open.push(node.items()),
                Kind::String | Kind::Expression => {
                    let (cluster, part) = (Some(self.cluster), self.part.clone());
                    let filter = self.draft.add_expression_at(node, EmbeddedRole::Filter, cluster, part);
                    selections.extend(filter.map(|filter| Selection {
                        kind: SelectionKind::Filter(filter),
                        settings: None,
                        spot: node.spot(),
                    }));
                }
                _ => {
                    let diagnostic = wrong_type(place, node, "a filter as text, or a list of filters");
                    self.report(diagnostic.help("write it as a string: `\"hostname \\\"web1\\\"\"`"));
                }
            }
            next = None;
            while next.is_none()
                && let Some(items) = open.last_mut()
            {
                next = items.next();
                if next.is_none() {
                    open.pop();
                }
            }
        }
        selections
    }

    fn roles(&mut self, instance: u32, place: &Place<'_>, node: Node<'_>) -> Vec<Role> {
        let mut roles: Vec<Role> = Vec::new();
        if node.kind() != Kind::Object {
            self.report(wrong_type(place, node, "an object of roles"));
            return roles;
        }
        let mut seen = Keys::default();
        for (key, value) in node.entries() {
            let spot = Spot { document: node.document().number(), span: key.span };
            if let Some(duplicate) = seen.duplicate(&key, node.document()) {
                self.report(duplicate);
                continue;
            }
            let number = u32::try_from(roles.len()).unwrap_or(u32::MAX);
            self.part = Part::Role(instance, number);
            let selections = self.read(&place.then(&key), value);
            self.part = Part::Instance(instance);
            roles.push(Role {
                name: (*key.text).into(),
                selections,
                order: MemberOrder::Concatenated,
                spot: Some(spot),
                ..Role::default()
            });
        }
        roles
    }
}
