use proptest::prelude::*;

use super::{Path, Target, print_path, segment};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Inventory, NodeKind, Spot};

/// Clusters with machines, and VMs after a `|`.
fn inventory(suffix: &str, clusters: &[(&str, &str)]) -> Inventory {
    let mut draft = Draft::new();
    draft.set_suffix(suffix, Spot::default());
    for (cluster, nodes) in clusters {
        let cluster = draft.cluster(cluster, None);
        let (machines, vms) = nodes.split_once('|').unwrap_or((nodes, ""));
        for (names, kind) in [(machines, NodeKind::Machine), (vms, NodeKind::Vm)] {
            for name in names.split_whitespace() {
                draft.node(cluster, name, kind, Spot::default());
            }
        }
    }
    draft.finish()
}

#[test]
fn options_quote_names_as_nix_does() {
    assert_eq!(segment("web-1'"), "web-1'");
    assert_eq!(segment("db.prod"), "\"db.prod\"");
    assert_eq!(segment(""), "\"\"");
    assert_eq!(segment("1a"), "\"1a\"");
    assert_eq!(segment("in"), "\"in\"");
    assert_eq!(segment("a\"\\\n${x}$"), "\"a\\\"\\\\\\n\\${x}$\"");
}

#[test]
fn paths_quote_names_where_dots_would_divide_them() {
    assert_eq!(print_path(["db.prod", "1a b", "in", ""]), "\"db.prod\".1a b.in.\"\"");
}

#[test]
fn texts_that_are_no_paths() {
    assert_eq!(Path::parse("a.\"b"), None);
    assert_eq!(Path::parse("a.\"b\"c"), None);
    assert_eq!(Path::parse("a\"b\""), None);
    assert_eq!(Path::parse("a.1 x").map(|path| path.to_string()), Some("a.1 x".to_owned()));
}

#[test]
fn paths_lead_to_nodes_and_clusters() {
    let inventory = inventory("com", &[("lab", "jon db.prod a|a jon"), ("my.net", "x")]);
    let lead = |text: &str| match inventory.resolve_path(text) {
        Some(Target::Node(node)) => inventory.node_path(node),
        Some(Target::Cluster(cluster)) => format!("cluster {cluster}"),
        Some(Target::Instance(instance)) => format!("instance {instance}"),
        None => "nowhere".to_owned(),
    };
    assert_eq!(lead("domain.clusters.lab.machines.jon"), "domain.clusters.lab.machines.jon");
    assert_eq!(lead("domain.clusters.lab.vms.jon"), "domain.clusters.lab.vms.jon");
    assert_eq!(lead("domain.clusters.lab.nodes.a"), "domain.clusters.lab.machines.a");
    assert_eq!(lead("domain.clusters.lab.machines.\"db.prod\""), "domain.clusters.lab.machines.\"db.prod\"");
    assert_eq!(lead("domain.clusters.lab.machines.db.prod"), "domain.clusters.lab.machines.\"db.prod\"");
    assert_eq!(lead("domain.clusters.my.net.machines.x"), "domain.clusters.\"my.net\".machines.x");
    assert_eq!(lead("domain.clusters.my.net"), "cluster 1");
    assert_eq!(lead("domain.clusters.lab"), "cluster 0");
    for text in ["domain.clusters.lab.machines", "domain.clusters.lab.machines.nope", "domain", "x", ""] {
        assert_eq!(lead(text), "nowhere", "{text}");
    }
}

#[test]
fn hosts_of_vms() {
    let simple = inventory("com", &[("example", "vm0 vm1 a.b")]);
    let host =
        |inventory: &Inventory, text: &str| inventory.vm_host(text).map(|node| inventory.node_path(node));
    let vm0 = Some("domain.clusters.example.machines.vm0".to_owned());
    assert_eq!(host(&simple, "vm0.example.com"), vm0);
    assert_eq!(host(&simple, "vm0.example"), vm0);
    assert!(host(&simple, "a.b.example").is_some());
    for text in ["", "vm0", "vm0.com", "VM0.example", "vm0.example.com.", "nope.example.com", "com", ".com"] {
        assert_eq!(host(&simple, text), None, "{text}");
    }
    let named_like_suffix = inventory("com", &[("com", "h")]);
    assert_eq!(host(&named_like_suffix, "h.com"), None);
    assert!(host(&named_like_suffix, "h.com.com").is_some());
    let two_labels = inventory("example.com", &[("prod", "h"), ("x.prod", "h")]);
    assert!(host(&two_labels, "h.prod.example.com").is_some());
    assert_eq!(host(&two_labels, "h.prod.com"), None);
    assert_eq!(host(&two_labels, "h.prodexample.com"), None);
}

proptest! {
    #[test]
    fn print_and_parse_are_inverse(names in prop::collection::vec(".{0,8}|[a-z.\"\\\\${}]{0,6}", 1..5)) {
        let text = print_path(&names);
        let parsed = Path::parse(&text).map(|path| path.names.iter().map(|name| name.to_string()).collect());
        prop_assert_eq!(parsed, Some(names), "{}", text);
    }
}
