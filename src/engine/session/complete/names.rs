//! The names of an inventory that begin with what is typed, with what each is.

use super::{Candidate, Candidates};
use crate::inventory::model::{Class, Cluster, Inventory, NodeKind};
use crate::text::count;
use crate::types::tir::NameKind;

/// Which names are asked for.
pub(super) struct Wanted<'w> {
    pub(super) kind: NameKind,
    /// The cluster in which they must be, where one is named around.
    pub(super) cluster: Option<&'w str>,
    /// For roles: the instance.
    pub(super) instance: Option<&'w str>,
}

/// The names of a kind that begin with a text.
pub(super) fn beginning_with(wanted: &Wanted<'_>, prefix: &str, model: &Inventory) -> Candidates {
    let machines = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX), "machine", "machines");
    let index = &model.index;
    match wanted.kind {
        NameKind::Machine | NameKind::Source | NameKind::Vm => nodes(wanted, prefix, model),
        NameKind::Tag => {
            let first = model.tags.partition_point(|tag| &*tag.name < prefix);
            let rest = model.tags.get(first..).unwrap_or(&[]);
            let length = rest.partition_point(|tag| tag.name.starts_with(prefix));
            let about = |at: usize| format!("tag on {}", machines(index.tag((first + at) as u32).len()));
            let named = rest.iter().take(length).enumerate();
            Candidates::of(named.map(|(at, tag)| (&*tag.name, move || about(at))))
        }
        NameKind::Cluster => {
            let found = model.clusters.iter().filter(|cluster| cluster.name.starts_with(prefix));
            let about = |cluster: &Cluster| {
                format!("cluster of {}", machines(u64::from(cluster.end_node - cluster.first_node)))
            };
            Candidates::of(found.map(|cluster| (&*cluster.name, move || about(cluster))))
        }
        NameKind::Service => {
            let found =
                model.services.iter().enumerate().filter(|(_, service)| service.id.starts_with(prefix));
            let about = |at: usize| {
                let instances = model.instances.iter().filter(|one| one.service as usize == at).count();
                format!("service with {}", count(instances, "instance", "instances"))
            };
            Candidates::of(found.map(|(at, service)| (&*service.id, move || about(at))))
        }
        NameKind::Instance => {
            let found = model.instances.iter().filter(|instance| instance.name.starts_with(prefix));
            Candidates::of(found.map(|instance| {
                let about = move || {
                    let service = model.services.get(instance.service as usize);
                    format!("instance of {}", service.map_or("", |service| &*service.name))
                };
                (&*instance.name, about)
            }))
        }
        NameKind::Role => {
            let of = |name: &str| wanted.instance.is_none_or(|instance| instance == name);
            let instances = model.instances.iter().filter(|instance| of(&instance.name));
            let roles =
                instances.flat_map(|instance| instance.roles.iter().map(move |role| (instance, role)));
            let found = roles.filter(|(_, role)| role.name.starts_with(prefix));
            Candidates::of(
                found.map(|(instance, role)| (&*role.name, move || format!("role of {}", instance.name))),
            )
        }
        NameKind::System => {
            let mut found: Vec<_> =
                model.systems.iter().enumerate().filter(|(_, system)| system.starts_with(prefix)).collect();
            found.sort_unstable_by_key(|(_, system)| *system);
            let about = |at: usize| format!("platform of {}", machines(index.system(at as u32).len()));
            Candidates::of(found.into_iter().map(|(at, system)| (&**system, move || about(at))))
        }
        NameKind::Class => {
            let classes = [Class::Darwin, Class::Nixos].into_iter();
            let found = classes.filter(|class| class.word().starts_with(prefix));
            Candidates::of(found.map(|class| {
                (class.word(), move || format!("class of {}", machines(index.class(class).len())))
            }))
        }
        NameKind::Kind => {
            let kinds = [("physical", NodeKind::Machine), ("virtual", NodeKind::Vm)].into_iter();
            let found = kinds.filter(|(word, _)| word.starts_with(prefix));
            Candidates::of(
                found.map(|(word, kind)| {
                    (word, move || format!("kind of {}", machines(index.kind(kind).len())))
                }),
            )
        }
        NameKind::Cloud => {
            let found = model.clouds.iter().filter(|cloud| cloud.name.starts_with(prefix));
            Candidates::of(found.map(|cloud| (&*cloud.name, || "cloud".to_owned())))
        }
        NameKind::Unit => {
            let found = crate::builtins::UNITS.into_iter().filter(|unit| unit.starts_with(prefix));
            Candidates::of(found.map(|unit| (unit, || "unit".to_owned())))
        }
        NameKind::Group => {
            let found = (0..).zip(&model.groups).filter(|(_, group)| group.name.starts_with(prefix));
            Candidates::of(found.map(|(number, group)| {
                (&*group.name, move || format!("group of {}", machines(index.group(number).len())))
            }))
        }
        NameKind::Table => {
            let found =
                crate::operations::words::TABLES.into_iter().filter(|table| table.starts_with(prefix));
            Candidates::of(found.map(|table| (table, || "table".to_owned())))
        }
        NameKind::Row => {
            let found = crate::operations::words::KINDS.into_iter().filter(|kind| kind.starts_with(prefix));
            Candidates::of(found.map(|kind| (kind, || "kind of rows".to_owned())))
        }
    }
}

/// Machines are in name order in each cluster, so that those of a prefix are a range of each.
fn nodes(wanted: &Wanted<'_>, prefix: &str, model: &Inventory) -> Candidates {
    let nodes = &model.nodes;
    let mut candidates = Candidates::default();
    let mut found: Vec<(&str, u32)> = Vec::new();
    for cluster in &model.clusters {
        if wanted.cluster.is_some_and(|name| name != &*cluster.name) {
            continue;
        }
        let first = boundary(cluster.first_node, cluster.end_node, |node| nodes.name(node) < prefix);
        let end = boundary(first, cluster.end_node, |node| nodes.name(node).starts_with(prefix));
        let mut total = (end - first) as usize;
        let mut range = first..end;
        if wanted.kind == NameKind::Vm {
            total = range.clone().filter(|node| model.is_vm(*node)).count();
        }
        candidates.total += total;
        if total > 0 {
            let last = nodes.name(end - 1);
            candidates.widen(nodes.name(first), last);
        }
        let shown = range.by_ref().filter(|node| wanted.kind != NameKind::Vm || model.is_vm(*node));
        found.extend(shown.take(Candidates::MOST).map(|node| (nodes.name(node), node)));
    }
    found.sort_unstable();
    for (name, node) in found {
        let cluster =
            nodes.cluster.get(node as usize).and_then(|cluster| model.clusters.get(*cluster as usize));
        let cluster = cluster.map_or("", |cluster| &*cluster.name);
        let what = if model.is_vm(node) { "VM" } else { "machine" };
        let tags = count(nodes.tags(node).len(), "tag", "tags");
        let about = format!("{what} in {cluster}, {tags}");
        // One name for several machines is one candidate.
        if let Some(last) = candidates.shown.last_mut().filter(|last| last.text == name) {
            last.about = format!("{}; {about}", last.about);
            candidates.total -= 1;
        } else if candidates.shown.len() < Candidates::MOST {
            candidates.shown.push(Candidate { text: name.to_owned(), about });
        } else {
            break;
        }
    }
    candidates
}

/// The first of a range for which `before` does not hold; it holds for all before that one.
fn boundary(start: u32, end: u32, before: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (start, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
