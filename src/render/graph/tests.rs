use super::layout::layout;
use super::*;

/// Two boxes, awkward names, an edge that leads back, one to itself, and many nodes.
fn awkward() -> Graph {
    let mut graph = Graph { boxes: vec!["a \"b\" <c>".to_owned(), "prod".to_owned()], ..Graph::default() };
    let borg = graph.add("borg & <backup>", Shape::Instance, None);
    let web = graph.add("web\\\"1\"\n", Shape::Machine, Some(0));
    let vm = graph.add("データ", Shape::Vm, Some(1));
    graph.detail(vm, "on; it # runs".to_owned());
    for number in 0..40 {
        let node = graph.add(format!("node{number}"), Shape::Machine, Some(number % 2));
        graph.edges.push(Edge { from: borg, to: node, label: format!("role{number}") });
    }
    graph.edges.push(Edge { from: borg, to: web, label: "server|client".to_owned() });
    graph.edges.push(Edge { from: web, to: vm, label: String::new() });
    graph.edges.push(Edge { from: vm, to: borg, label: "back".to_owned() });
    graph.edges.push(Edge { from: vm, to: vm, label: "self".to_owned() });
    graph
}

#[test]
fn nothing_overlaps() {
    let graph = awkward();
    let layout = layout(&graph);
    for (index, area) in layout.nodes.iter().enumerate() {
        assert!(area.x >= 0.0 && area.right() <= layout.width && area.bottom() <= layout.height, "{index}");
        for (other, beside) in layout.nodes.iter().enumerate().skip(index + 1) {
            assert!(!area.overlaps(beside), "{index} {other}");
        }
    }
    for (index, frame) in layout.frames.iter().enumerate() {
        for other in layout.frames.iter().skip(index + 1) {
            assert!(!frame.area.overlaps(&other.area), "{} {}", frame.title, other.title);
        }
    }
}

#[test]
fn names_are_escaped() {
    let mut graph = awkward();
    graph.nodes.truncate(3);
    graph.edges.retain(|edge| edge.from < 3 && edge.to < 3);
    let dot = graph.write(GraphFormat::Dot);
    assert!(dot.contains(r#"label="a \"b\" <c>";"#), "{dot}");
    assert!(dot.contains(r#"n1 [label="web\\\"1\"\n"];"#), "{dot}");
    let mermaid = graph.write(GraphFormat::Mermaid);
    assert!(mermaid.contains(r#"b0["a #34;b#34; #60;c#62;"]"#), "{mermaid}");
    assert!(mermaid.contains(r#"n2("データ<br>on#59; it #35; runs")"#), "{mermaid}");
    assert!(mermaid.contains(r#"n0 -->|"server|client"| n1"#), "{mermaid}");
    let svg = graph.write(GraphFormat::Svg);
    assert!(svg.contains("borg &amp; &lt;backup&gt;") && !svg.contains("<backup>"));
    assert!(svg.contains("web\\&quot;1&quot;\u{fffd}"));
}

#[test]
fn nothing_at_all_is_a_graph() {
    let graph = Graph::default();
    assert_eq!(graph.write(GraphFormat::Mermaid), "flowchart LR\n");
    assert!(graph.write(GraphFormat::Svg).ends_with("</svg>\n"));
}
