//! A picture, laid out without another program.

use std::fmt::Write;

use super::layout::{Area, LETTER, LINE, Layout, layout, text_width};
use super::{Graph, Shape};

pub(super) fn write(graph: &Graph) -> String {
    let layout = layout(graph);
    // Edges that lead back go around below everything.
    let back = graph.edges.iter().filter(|edge| is_back(&layout, edge.from, edge.to)).count();
    let (width, height) = (layout.width.max(120.0), layout.height + back as f64 * LANE);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" \
         font-size=\"12\">\n{STYLE}"
    );
    for frame in &layout.frames {
        let Area { x, y, width, height } = frame.area;
        let _ = writeln!(
            text,
            "<rect class=\"frame\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\"/>\
             <text class=\"title\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 10.0,
            y + 17.0,
            escaped(&frame.title)
        );
    }
    let mut labels = Vec::new();
    let mut lane = layout.height;
    for edge in &graph.edges {
        let (Some(from), Some(to)) = (layout.nodes.get(edge.from), layout.nodes.get(edge.to)) else {
            continue;
        };
        let curve = match is_back(&layout, edge.from, edge.to) {
            false => Curve::forward(from, to),
            true => {
                lane += LANE;
                Curve::back(from, to, lane - LANE)
            }
        };
        let _ = writeln!(text, "<path class=\"edge\" d=\"{}\" marker-end=\"url(#tip)\"/>", curve.path());
        if !edge.label.is_empty() {
            labels.push((curve, edge.label.as_str()));
        }
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        if let Some(area) = layout.nodes.get(index) {
            write_node(&mut text, node, area);
        }
    }
    write_labels(&mut text, &layout, &labels);
    text.push_str("</svg>\n");
    text
}

/// The height of the way of an edge that leads back.
const LANE: f64 = 22.0;

const STYLE: &str = "<style>\
.frame{fill:#f6f7f9;stroke:#c3c9d1}.title{fill:#4a5563;font-weight:bold}\
.node{fill:#fff;stroke:#5b6b80}.vm{stroke-dasharray:4 3}.machines{fill:#e8edf4}.instance{fill:#e7f3ea;stroke:#4f8a5f}\
.group{fill:#fdf3e0;stroke:#b0862f}.cloud{fill:#e6f0fb;stroke:#3f76b5}\
.label{fill:#1d2733}.detail{fill:#5b6b80}.edge{fill:none;stroke:#8895a7}.role{fill:#34465c;font-size:11px;\
paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}</style>\n\
<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
<path d=\"M0 0L8 4L0 8z\" fill=\"#8895a7\"/></marker></defs>\n\
<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";

fn is_back(layout: &Layout, from: usize, to: usize) -> bool {
    layout.columns.get(from) >= layout.columns.get(to)
}

fn write_node(text: &mut String, node: &super::Node, area: &Area) {
    let class = match node.shape {
        Shape::Machine => "node",
        Shape::Vm => "node vm",
        Shape::Machines => "node machines",
        Shape::Instance => "node instance",
        Shape::Group => "node group",
        Shape::Cloud => "node cloud",
    };
    let round = if matches!(node.shape, Shape::Cloud | Shape::Vm) { area.height / 2.0 } else { 3.0 };
    let middle = area.x + area.width / 2.0;
    let _ = write!(
        text,
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{round:.1}\"/>\
         <text class=\"label\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
        area.x,
        area.y,
        area.width,
        area.height,
        area.y + LINE + 1.0,
        escaped(&node.label)
    );
    if !node.detail.is_empty() {
        let _ = write!(
            text,
            "<text class=\"detail\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            area.y + 2.0 * LINE + 1.0,
            escaped(&node.detail)
        );
    }
    text.push('\n');
}

/// An edge as a line with bends: its points, of which the middle ones pull.
struct Curve {
    points: Vec<(f64, f64)>,
    /// Whether it goes around, by straight pieces.
    around: bool,
}

impl Curve {
    fn forward(from: &Area, to: &Area) -> Curve {
        let start = (from.right(), from.y + from.height / 2.0);
        let end = (to.x, to.y + to.height / 2.0);
        let bend = ((end.0 - start.0) / 2.0).max(30.0);
        Curve { points: vec![start, (start.0 + bend, start.1), (end.0 - bend, end.1), end], around: false }
    }

    fn back(from: &Area, to: &Area, lane: f64) -> Curve {
        let start = (from.right(), from.y + from.height / 2.0);
        let end = (to.x, to.y + to.height / 2.0);
        let points = vec![
            start,
            (start.0 + 12.0, start.1),
            (start.0 + 12.0, lane),
            (end.0 - 12.0, lane),
            (end.0 - 12.0, end.1),
            end,
        ];
        Curve { points, around: true }
    }

    fn path(&self) -> String {
        let point = |(x, y): &(f64, f64)| format!("{x:.1} {y:.1}");
        match self.points.as_slice() {
            [start, first, second, end] if !self.around => {
                format!("M{}C{} {} {}", point(start), point(first), point(second), point(end))
            }
            points => {
                let points: Vec<String> = points.iter().map(point).collect();
                format!("M{}", points.join("L"))
            }
        }
    }

    /// The point at a share of the way.
    fn at(&self, share: f64) -> (f64, f64) {
        match self.points.as_slice() {
            [start, first, second, end] if !self.around => {
                let rest = 1.0 - share;
                let mix = |a: f64, b: f64, c: f64, d: f64| {
                    rest.powi(3) * a
                        + 3.0 * rest.powi(2) * share * b
                        + 3.0 * rest * share.powi(2) * c
                        + share.powi(3) * d
                };
                (mix(start.0, first.0, second.0, end.0), mix(start.1, first.1, second.1, end.1))
            }
            [_, _, low, last, ..] => (low.0 + (last.0 - low.0) * share, low.1),
            _ => (0.0, 0.0),
        }
    }
}

/// Writes the labels of edges where they hide neither nodes nor each other, if there is such a place.
fn write_labels(text: &mut String, layout: &Layout, labels: &[(Curve, &str)]) {
    let mut taken: Vec<Area> = Vec::with_capacity(labels.len());
    for (curve, label) in labels {
        let width = text_width(label) * 11.0 / 12.0 + LETTER;
        let area = |share: f64| {
            let (x, y) = curve.at(share);
            Area { x: x - width / 2.0, y: y - 7.0, width, height: 14.0 }
        };
        let is_free = |area: &Area| {
            !taken.iter().any(|other| area.overlaps(other))
                && !layout.nodes.iter().any(|node| area.overlaps(node))
        };
        let shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85];
        let place = shares.into_iter().map(area).find(is_free).unwrap_or_else(|| area(0.5));
        let _ = writeln!(
            text,
            "<text class=\"role\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            place.x + place.width / 2.0,
            place.y + 11.0,
            escaped(label)
        );
        taken.push(place);
    }
}

/// A text as XML has it; what XML cannot have is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}')
            }
            other => escaped.push(other),
        }
    }
    escaped
}
