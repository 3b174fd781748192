//! Machines, services and clouds as graphs: DOT, Mermaid and SVG.
//!
//! What comes in are machines of a model, or what an answer says of placements; a [`Graph`] is made of it, which
//! each format writes in its own way. A graph of more than [`MOST`] machines shows clusters and groups with their
//! counts instead, and of more than as many groups, clusters or instances what is around them, so that it can still
//! be read.

mod build;
mod dot;
mod layout;
mod mermaid;
mod svg;

pub use build::{clouds, machines, services};

/// The most machines that are shown one by one.
pub const MOST: usize = 120;

/// The formats of graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz' language.
    Dot,
    /// Mermaid's flowcharts.
    Mermaid,
    /// A picture, laid out.
    Svg,
}

impl GraphFormat {
    /// All formats with their words and what they are.
    pub const ALL: [(GraphFormat, &'static str, &'static str); 3] = [
        (GraphFormat::Dot, "dot", "Graphviz' language"),
        (GraphFormat::Mermaid, "mermaid", "a flowchart of Mermaid"),
        (GraphFormat::Svg, "svg", "a picture, laid out"),
    ];

    /// The format with this word.
    pub fn from_word(word: &str) -> Option<GraphFormat> {
        GraphFormat::ALL.iter().find(|(_, known, _)| *known == word).map(|(format, _, _)| *format)
    }
}

/// A directed graph whose nodes may stand in boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The titles of the boxes.
    pub boxes: Vec<String>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges, at most one between two nodes.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What stands in it.
    pub label: String,
    /// What stands below that, if anything.
    pub detail: String,
    /// What it is.
    pub shape: Shape,
    /// The box that it is in, by its index.
    pub inside: Option<usize>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A machine.
    Machine,
    /// A VM.
    Vm,
    /// Several machines in one.
    Machines,
    /// An instance of a service.
    Instance,
    /// A group of machines.
    Group,
    /// A cloud.
    Cloud,
}

/// An edge from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it begins.
    pub from: usize,
    /// Where it leads.
    pub to: usize,
    /// What stands at it; may be empty.
    pub label: String,
}

impl Graph {
    /// The graph as text.
    pub fn write(&self, format: GraphFormat) -> String {
        match format {
            GraphFormat::Dot => dot::write(self),
            GraphFormat::Mermaid => mermaid::write(self),
            GraphFormat::Svg => svg::write(self),
        }
    }

    fn add(&mut self, label: impl Into<String>, shape: Shape, inside: Option<usize>) -> usize {
        self.nodes.push(Node { label: label.into(), detail: String::new(), shape, inside });
        self.nodes.len() - 1
    }

    fn relabel(&mut self, node: usize, label: String) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.label = label;
        }
    }

    fn detail(&mut self, node: usize, detail: String) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.detail = detail;
        }
    }

    /// The nodes of each box, then those in none.
    fn by_box(&self) -> impl Iterator<Item = (Option<usize>, Vec<usize>)> + '_ {
        let boxes = (0..self.boxes.len()).map(Some).chain([None]);
        boxes.map(|inside| {
            let nodes = self.nodes.iter().enumerate().filter(|(_, node)| node.inside == inside);
            (inside, nodes.map(|(index, _)| index).collect())
        })
    }
}

#[cfg(test)]
mod tests;
