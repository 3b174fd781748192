use std::fmt::Write;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::Draft;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Raw};
use crate::inventory::model::{Class, Instance, NodeKind, Part, PartKind, Role, Spot};
use crate::text::{Source, Span};

fn spot(start: usize) -> Spot {
    Spot { document: 0, span: Span::new(start, start + 1) }
}

fn draft() -> Draft {
    let mut draft = Draft::new();
    draft.add_document(Document::json(Source::new("f.json", "[0,1,2,3,4,5,6,7,8,9]")));
    draft
}

fn instance(draft: &mut Draft, name: &str, cluster: Option<u32>, roles: &[&str]) -> u32 {
    let service = draft.service(name, name, None, None);
    let role = |name: &&str| Role { name: (*name).into(), ..Role::default() };
    draft.add_instance(Instance {
        name: name.into(),
        service,
        cluster,
        enabled: true,
        roles: roles.iter().map(role).collect(),
        spot: Some(spot(1)),
        ..Instance::default()
    })
}

#[test]
fn everything_is_sorted_and_renumbered() {
    let mut draft = draft();
    let (prod, lab) = (draft.cluster("prod", None), draft.cluster("lab", None));
    let web = draft.node(prod, "web10", NodeKind::Machine, spot(0));
    draft.set_system(web, "x86_64-linux");
    draft.add_tag(web, "web");
    draft.add_tag(web, "db");
    draft.add_tag(web, "web");
    draft.add_part(web, PartKind::Vars, Raw { document: 0, at: 3 });
    let guest = draft.node(lab, "a", NodeKind::Vm, spot(1));
    let jon = draft.node(lab, "a", NodeKind::Machine, spot(2));
    draft.set_class(jon, Class::Darwin);
    let upper = draft.node(lab, "Z", NodeKind::Machine, spot(3));
    // An earlier node changes after others were added.
    draft.add_tag(guest, "late");
    draft.add_part(web, PartKind::Entry, Raw { document: 0, at: 5 });
    let (dns, vpn) =
        (instance(&mut draft, "vpn", Some(prod), &["z", "a"]), instance(&mut draft, "dns", Some(lab), &[]));
    for part in
        [Part::Node(web), Part::Node(upper), Part::Cluster(lab), Part::Role(dns, 0), Part::Instance(vpn)]
    {
        draft.mistake(Diagnostic::error(Code::Conflict, "x"), part);
    }
    let inventory = draft.finish();
    let mut report = String::new();
    let nodes = &inventory.nodes;
    for node in 0..4 {
        let tags: Vec<&str> =
            nodes.tags(node).iter().map(|tag| &*inventory.tags[*tag as usize].name).collect();
        let _unused = writeln!(
            report,
            "{} {tags:?} {:?}",
            inventory.node_path(node),
            nodes.parts(node).collect::<Vec<_>>()
        );
    }
    for instance in &inventory.instances {
        let roles: Vec<&str> = instance.roles.iter().map(|role| &*role.name).collect();
        let service = &inventory.services[instance.service as usize].id;
        let _unused = writeln!(report, "{} {:?} {service} {roles:?}", instance.name, instance.cluster);
    }
    for mistake in inventory.mistakes.iter() {
        let _unused = writeln!(report, "{:?}", mistake.part);
    }
    assert_snapshot!(report, @r###"
        domain.clusters.lab.machines.Z [] []
        domain.clusters.lab.machines.a [] []
        domain.clusters.lab.vms.a ["late"] []
        domain.clusters.prod.machines.web10 ["web", "db"] [(Vars, Raw { document: 0, at: 3 }), (Entry, Raw { document: 0, at: 5 })]
        dns Some(0) dns []
        vpn Some(1) vpn ["a", "z"]
        Node(3)
        Node(0)
        Cluster(0)
        Role(1, 1)
        Instance(0)
    "###);
    assert_eq!(inventory.index.class(Class::Darwin).iter().collect::<Vec<_>>(), [1]);
    assert_eq!(inventory.index.kind(NodeKind::Vm).iter().collect::<Vec<_>>(), [2]);
    assert_eq!(inventory.index.cluster(1).iter().collect::<Vec<_>>(), [3]);
    let web = inventory.find_tag("web").map(|tag| inventory.index.tag(tag).clone());
    assert_eq!(web.into_iter().flatten().collect::<Vec<_>>(), [3]);
    let system = inventory.find_system("x86_64-linux").map(|system| inventory.index.system(system).len());
    assert_eq!(system, Some(1));
    assert_eq!(inventory.index.all().len(), 4);
}

#[test]
fn duplicates_are_reported_with_both_places() {
    let mut draft = draft();
    let lab = draft.cluster("lab", None);
    let first = draft.node(lab, "same", NodeKind::Machine, spot(1));
    draft.add_tag(first, "kept");
    draft.node(lab, "b", NodeKind::Machine, spot(3));
    let again = draft.node(lab, "same", NodeKind::Machine, spot(5));
    draft.add_tag(again, "dropped");
    draft.mistake(Diagnostic::error(Code::Conflict, "x"), Part::Node(again));
    assert_eq!(draft.find_node(lab, "same", NodeKind::Machine), Some(first));
    assert_eq!(draft.find_node(lab, "same", NodeKind::Vm), None);
    let inventory = draft.finish();
    assert_eq!(inventory.nodes.len(), 2);
    assert_eq!(inventory.nodes.tags(1).len(), 1);
    let shown: Vec<String> = inventory
        .mistakes
        .iter()
        .map(|mistake| {
            let starts: Vec<u32> = mistake.diagnostic.labels.iter().map(|label| label.span.start).collect();
            format!("{:?} {} {starts:?}", mistake.part, mistake.diagnostic.message)
        })
        .collect();
    assert_eq!(shown, ["Node(1) x []", "Node(1) the machine `same` is defined twice [5, 1]"]);
}

#[test]
fn suffixes_must_agree() {
    let mut draft = draft();
    draft.set_suffix("lan", spot(1));
    draft.set_suffix("lan", spot(3));
    assert!(draft.mistakes().is_empty());
    draft.set_suffix("com", spot(5));
    let messages: Vec<&str> = draft.mistakes().iter().map(|mistake| &*mistake.diagnostic.message).collect();
    assert_eq!(messages, ["the domain suffix is `lan` and `com`"]);
}

proptest! {
    #[test]
    fn nodes_are_found_wherever_they_were_added(
        entries in prop::collection::vec((0_u32..4, "[ab]{0,3}|common-prefix-of-names-[ab]{1,2}|é?z", any::<bool>()), 0..60),
    ) {
        let mut draft = draft();
        let clusters: Vec<u32> = ["c", "a", "d", "b"].iter().map(|name| draft.cluster(name, None)).collect();
        let mut expected = std::collections::BTreeMap::new();
        for (cluster, name, vm) in &entries {
            let kind = if *vm { NodeKind::Vm } else { NodeKind::Machine };
            let cluster = clusters[*cluster as usize];
            let cluster_name = draft.cluster_name(cluster).to_string();
            let number = expected.len();
            expected.entry((cluster_name, name.clone(), kind)).or_insert_with(|| format!("t{number}"));
            let node = draft.node(cluster, name, kind, Spot::default());
            let tag = expected[&(draft.cluster_name(cluster).to_string(), name.clone(), kind)].clone();
            draft.add_tag(node, &tag);
        }
        let inventory = draft.finish();
        prop_assert_eq!(inventory.nodes.len(), expected.len());
        for (number, ((cluster, name, kind), tag)) in (0..).zip(&expected) {
            prop_assert_eq!(inventory.nodes.name(number), name);
            let cluster = inventory.find_cluster(cluster).expect("the cluster");
            prop_assert_eq!(inventory.find_node(cluster, name, *kind), Some(number));
            prop_assert!(inventory.index.cluster(cluster).contains(number));
            let tag = inventory.find_tag(tag).expect("the tag");
            prop_assert_eq!(inventory.index.tag(tag).iter().collect::<Vec<_>>(), vec![number]);
            prop_assert!(inventory.find_nodes(name).any(|found| found == number));
            prop_assert_eq!(inventory.resolve_path(&inventory.node_path(number)), Some(crate::inventory::path::Target::Node(number)));
        }
    }
}
