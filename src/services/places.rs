//! Where in their documents values stand that a query reads from free-form data.

use std::sync::Arc;

use super::loaded::Loaded;
use crate::inventory::document::{Node, Raw};
use crate::inventory::model::{Inventory, PartKind, SelectionKind};
use crate::inventory::path;
use crate::text::{Source, Span};
use crate::types::Named;
use crate::types::tir::Root;
use crate::value::{Entity, Evaluator, Name};

/// Places of one value, which may have been made of several.
type Places = Vec<(Arc<Source>, Span)>;

/// Where a value of a record's free-form fields stands; the path begins with the field.
pub(super) fn of_field(
    loaded: &Arc<Loaded>,
    evaluator: &mut dyn Evaluator,
    entity: Entity,
    path: &[Name],
) -> Places {
    let Some((field, rest)) = path.split_first() else { return Vec::new() };
    match (entity.kind, &**field) {
        (Named::Machine, "vars") => of_part(&loaded.model, entity.id, PartKind::Vars, rest),
        (Named::Machine, "deployment") => of_part(&loaded.model, entity.id, PartKind::Deployment, rest),
        (Named::Machine, "users") => of_part(&loaded.model, entity.id, PartKind::Users, rest),
        (Named::Machine, "ips") => of_part(&loaded.model, entity.id, PartKind::Ips, rest),
        (Named::Machine, "config") if !rest.is_empty() => {
            let option = path::print(rest);
            let sources = loaded.sources(entity.id, &option, evaluator);
            let counting = sources.into_iter().flat_map(|sources| sources.definitions);
            counting.filter(|defined| defined.won).map(|defined| (defined.source, defined.span)).collect()
        }
        (Named::Role, "settings") => of_settings(loaded, entity.id, rest),
        _ => Vec::new(),
    }
}

/// The value at a path below a value.
fn below(model: &Inventory, raw: Raw, path: &[Name]) -> Option<(Arc<Source>, Span)> {
    let document = model.documents.get(raw.document as usize)?;
    let node = find(document.node(raw), path)?;
    Some((Arc::clone(&document.source), node.span()))
}

fn find<'d>(node: Node<'d>, path: &[Name]) -> Option<Node<'d>> {
    path.iter().try_fold(node, |node, name| node.get(name))
}

/// Of several layers that have a value, the last one counts.
fn of_part(model: &Inventory, machine: u32, kind: PartKind, path: &[Name]) -> Places {
    model.nodes.parts_of(machine, kind).filter_map(|raw| below(model, raw, path)).last().into_iter().collect()
}

/// A machine's settings in a role: those that are written for it, for its tags and for the whole role.
fn of_settings(loaded: &Arc<Loaded>, role: u32, path: &[Name]) -> Places {
    let Some((machine, path)) = path.split_first() else { return Vec::new() };
    let (instance, index) = loaded.role_of(role);
    let instance = loaded.model.instances.get(instance as usize);
    let Some(role) = instance.and_then(|instance| instance.roles.get(index as usize)) else {
        return Vec::new();
    };
    let model = &loaded.model;
    let carries = |tag: &str| {
        let tag = model.find_tag(tag);
        tag.is_some_and(|tag| model.find_nodes(machine).any(|node| model.index.tag(tag).contains(node)))
    };
    let concerned = role.selections.iter().filter(|selection| match &selection.kind {
        SelectionKind::Machine(name) => name == machine,
        SelectionKind::Tag(tag) => carries(tag),
        SelectionKind::Filter(_) => false,
    });
    let settings = concerned.filter_map(|selection| selection.settings).chain(role.settings);
    settings.filter_map(|raw| below(model, raw, path)).collect()
}

/// Where a value stands that is reached through a collection of free-form data.
pub(super) fn in_documents(model: &Inventory, root: Root, path: &[Name]) -> Places {
    let before: &[&[&str]] = match root {
        Root::Inventory | Root::Config => &[&[]],
        Root::Meta => &[&["meta"], &["inventory", "meta"], &["clan", "inventory", "meta"]],
        _ => return Vec::new(),
    };
    if path.is_empty() {
        return Vec::new();
    }
    let documents = model.documents.iter().filter(|document| !document.is_beside());
    let mut found = documents.filter_map(|document| {
        let mut starts = before.iter().filter_map(|names| document.root().get_path(names));
        let node = starts.find_map(|start| find(start, path))?;
        Some((Arc::clone(&document.source), node.span()))
    });
    found.next_back().into_iter().collect()
}
