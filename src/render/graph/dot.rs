//! Graphviz' language.

use std::fmt::Write;

use super::{Graph, Shape};

pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("digraph inventory {\n  rankdir=LR;\n  node [shape=box];\n");
    for (inside, nodes) in graph.by_box() {
        let title = inside.and_then(|inside| graph.boxes.get(inside));
        let indent = if title.is_some() { "    " } else { "  " };
        if let (Some(number), Some(title)) = (inside, title) {
            let _ = write!(text, "  subgraph cluster_{number} {{\n    label={};\n", quoted(title));
        }
        for index in nodes {
            let Some(node) = graph.nodes.get(index) else { continue };
            let label = match node.detail.is_empty() {
                true => node.label.clone(),
                false => format!("{}\n{}", node.label, node.detail),
            };
            let style = match node.shape {
                Shape::Machine => "",
                Shape::Vm => ", style=dashed",
                Shape::Machines => ", shape=box3d",
                Shape::Instance => ", shape=component",
                Shape::Group => ", shape=folder",
                Shape::Cloud => ", shape=ellipse",
            };
            let _ = writeln!(text, "{indent}n{index} [label={}{style}];", quoted(&label));
        }
        if title.is_some() {
            text.push_str("  }\n");
        }
    }
    for edge in &graph.edges {
        let label =
            if edge.label.is_empty() { String::new() } else { format!(" [label={}]", quoted(&edge.label)) };
        let _ = writeln!(text, "  n{} -> n{}{label};", edge.from, edge.to);
    }
    text.push_str("}\n");
    text
}

/// A quoted text, in which a backslash means itself.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other if other.is_control() => quoted.push('\u{fffd}'),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
