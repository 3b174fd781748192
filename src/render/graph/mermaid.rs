//! Mermaid's flowcharts.

use std::fmt::Write;

use super::{Graph, Shape};

pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for (inside, nodes) in graph.by_box() {
        let title = inside.and_then(|inside| graph.boxes.get(inside));
        let indent = if title.is_some() { "    " } else { "  " };
        if let (Some(number), Some(title)) = (inside, title) {
            let _ = writeln!(text, "  subgraph b{number}[\"{}\"]", escaped(title));
        }
        for index in nodes {
            let Some(node) = graph.nodes.get(index) else { continue };
            let detail =
                if node.detail.is_empty() { String::new() } else { format!("<br>{}", escaped(&node.detail)) };
            let label = format!("\"{}{detail}\"", escaped(&node.label));
            let shaped = match node.shape {
                Shape::Machine => format!("[{label}]"),
                Shape::Vm => format!("({label})"),
                Shape::Machines => format!("[[{label}]]"),
                Shape::Instance => format!("{{{{{label}}}}}"),
                Shape::Group => format!("[/{label}/]"),
                Shape::Cloud => format!("([{label}])"),
            };
            let _ = writeln!(text, "{indent}n{index}{shaped}");
        }
        if title.is_some() {
            text.push_str("  end\n");
        }
    }
    for edge in &graph.edges {
        let label =
            if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&edge.label)) };
        let _ = writeln!(text, "  n{} -->{label} n{}", edge.from, edge.to);
    }
    text
}

/// A text between quotes: what means something there, or in the HTML that is made of it, is written by number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | ';' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            '\n' => escaped.push_str("<br>"),
            other if other.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
