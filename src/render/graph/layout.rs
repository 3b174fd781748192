//! Where the nodes of a graph stand: in columns from left to right along the edges, and in each column in frames,
//! one for each box, so that nothing overlaps.

use std::collections::BTreeMap;

use super::Graph;

/// The size of a text in the picture, in pixels.
pub(super) const LETTER: f64 = 7.4;
/// The height of a line of text.
pub(super) const LINE: f64 = 16.0;
const PADDING: f64 = 10.0;
const GAP: f64 = 10.0;
/// The room between columns, in which edges and their labels are.
const COLUMN_GAP: f64 = 90.0;
const FRAME_GAP: f64 = 18.0;
/// The height of a frame's title.
const TITLE: f64 = 24.0;
/// How many nodes stand below each other in a frame.
const ROWS: usize = 16;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(super) fn overlaps(&self, other: &Area) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A frame around the nodes of a box in one column.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) area: Area,
}

/// A graph that has been laid out.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// By node.
    pub(super) nodes: Vec<Area>,
    pub(super) frames: Vec<Frame>,
    /// By node.
    pub(super) columns: Vec<usize>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Lays a graph out.
pub(super) fn layout(graph: &Graph) -> Layout {
    let columns = columns(graph);
    let mut layout = Layout { nodes: vec![Area::default(); graph.nodes.len()], columns, ..Layout::default() };
    let count = layout.columns.iter().max().map_or(0, |last| last + 1);
    let mut place: Vec<f64> = (0..graph.nodes.len()).map(|index| index as f64).collect();
    // Two ways through the columns pull nodes to where their neighbours are.
    for forward in [true, false, true] {
        settle(graph, &layout.columns, &mut place, forward);
    }
    // Labels need room beside each other.
    let longest = graph.edges.iter().map(|edge| text_width(&edge.label)).fold(0.0, f64::max);
    let gap = COLUMN_GAP.max(3.0 * longest + 40.0);
    let mut x = FRAME_GAP;
    for column in 0..count {
        x = stack(graph, &mut layout, column, x, &place) + gap;
    }
    layout.width = (x - gap + FRAME_GAP).max(2.0 * FRAME_GAP);
    layout.height = layout
        .frames
        .iter()
        .map(|frame| frame.area)
        .chain(layout.nodes.iter().copied())
        .fold(0.0, |bottom: f64, area| bottom.max(area.bottom()))
        + FRAME_GAP;
    layout
}

/// The column of each node: after all nodes that lead to it. Edges that would lead back are left out.
fn columns(graph: &Graph) -> Vec<usize> {
    let mut forward: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let mut missing = vec![0_usize; graph.nodes.len()];
    for edge in acyclic(graph) {
        if let (Some(next), Some(count)) = (forward.get_mut(edge.0), missing.get_mut(edge.1)) {
            next.push(edge.1);
            *count += 1;
        }
    }
    let mut columns = vec![0_usize; graph.nodes.len()];
    let mut ready: Vec<usize> =
        missing.iter().enumerate().filter(|(_, count)| **count == 0).map(|(node, _)| node).collect();
    while let Some(node) = ready.pop() {
        let after = columns.get(node).copied().unwrap_or(0) + 1;
        for next in forward.get(node).cloned().unwrap_or_default() {
            if let Some(column) = columns.get_mut(next) {
                *column = after.max(*column);
            }
            if let Some(count) = missing.get_mut(next) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(next);
                }
            }
        }
    }
    columns
}

/// The edges without those that close a circle.
fn acyclic(graph: &Graph) -> Vec<(usize, usize)> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for edge in graph.edges.iter().filter(|edge| edge.from != edge.to) {
        if let Some(next) = next.get_mut(edge.from) {
            next.push(edge.to);
        }
    }
    // 0 not seen, 1 on the way, 2 done
    let mut state = vec![0_u8; graph.nodes.len()];
    let mut kept = Vec::new();
    for start in 0..graph.nodes.len() {
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        if state.get(start) != Some(&0) {
            continue;
        }
        while let Some((node, done)) = way.pop() {
            if let Some(state) = state.get_mut(node) {
                *state = 1;
            }
            match next.get(node).and_then(|next| next.get(done)).copied() {
                None => {
                    if let Some(state) = state.get_mut(node) {
                        *state = 2;
                    }
                }
                Some(to) => {
                    way.push((node, done + 1));
                    match state.get(to) {
                        Some(1) => {}
                        Some(0) => {
                            kept.push((node, to));
                            way.push((to, 0));
                        }
                        _ => kept.push((node, to)),
                    }
                }
            }
        }
    }
    kept
}

/// Moves each node to the middle of its neighbours in the columns before it, or behind it.
fn settle(graph: &Graph, columns: &[usize], place: &mut [f64], forward: bool) {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        let (near, far) = if forward { (edge.to, edge.from) } else { (edge.from, edge.to) };
        if let Some(neighbours) = neighbours.get_mut(near) {
            neighbours.push(far);
        }
    }
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    order.sort_by_key(|node| columns.get(*node).copied());
    if !forward {
        order.reverse();
    }
    for node in order {
        let near = neighbours.get(node).map_or(&[][..], Vec::as_slice);
        if near.is_empty() {
            continue;
        }
        let sum: f64 = near.iter().filter_map(|other| place.get(*other)).sum();
        if let Some(place) = place.get_mut(node) {
            *place = sum / near.len() as f64;
        }
    }
}

/// Stacks the frames of a column, and gives its right end.
fn stack(graph: &Graph, layout: &mut Layout, column: usize, x: f64, place: &[f64]) -> f64 {
    let mut frames: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        if layout.columns.get(index) == Some(&column) {
            frames.entry(node.inside).or_default().push(index);
        }
    }
    let at = |node: &usize| place.get(*node).copied().unwrap_or(0.0);
    let mut frames: Vec<(Option<usize>, Vec<usize>)> = frames.into_iter().collect();
    for (_, nodes) in &mut frames {
        nodes.sort_by(|left, right| at(left).total_cmp(&at(right)));
    }
    let middle = |nodes: &[usize]| nodes.iter().map(at).sum::<f64>() / nodes.len().max(1) as f64;
    frames.sort_by(|(_, left), (_, right)| middle(left).total_cmp(&middle(right)));
    let mut y = FRAME_GAP;
    let mut right = x;
    for (inside, nodes) in frames {
        let title = inside.and_then(|inside| graph.boxes.get(inside)).cloned();
        let margin = if title.is_some() { PADDING } else { 0.0 };
        let top = y + if title.is_some() { TITLE } else { 0.0 };
        let (mut left, mut below, mut bottom) = (x + margin, top, top);
        for chunk in nodes.chunks(ROWS) {
            let widths = chunk.iter().filter_map(|node| graph.nodes.get(*node)).map(size);
            let width = widths.map(|(width, _)| width).fold(0.0, f64::max);
            for node in chunk {
                let height = graph.nodes.get(*node).map_or(0.0, |node| size(node).1);
                if let Some(area) = layout.nodes.get_mut(*node) {
                    *area = Area { x: left, y: below, width, height };
                }
                below += height + GAP;
            }
            bottom = bottom.max(below - GAP);
            left += width + GAP;
            below = top;
        }
        let mut width = left - GAP - x + margin;
        if let Some(title) = title {
            width = width.max(text_width(&title) + 2.0 * PADDING);
            let area = Area { x, y, width, height: bottom + PADDING - y };
            layout.frames.push(Frame { title, area });
            bottom += PADDING;
        }
        right = right.max(x + width);
        y = bottom + FRAME_GAP;
    }
    right
}

/// The width and height of a node.
fn size(node: &super::Node) -> (f64, f64) {
    let width = text_width(&node.label).max(text_width(&node.detail));
    let lines = if node.detail.is_empty() { 1.0 } else { 2.0 };
    (width + 2.0 * PADDING, lines * LINE + PADDING)
}

/// How wide a text is, at most: wide letters take two places.
pub(super) fn text_width(text: &str) -> f64 {
    let places = |letter: char| if u32::from(letter) >= 0x1100 { 2.0 } else { 1.0 };
    text.chars().map(places).sum::<f64>() * LETTER
}
