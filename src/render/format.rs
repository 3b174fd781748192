//! The formats of answers, and what is chosen besides them.

use super::exports;
use super::graph::GraphFormat;
use super::shape::{Shape, row};
use crate::diagnostic::Diagnostic;
use crate::engine::Inventory;
use crate::types::Type;

/// The formats that can be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As the type of the query says.
    #[default]
    Auto,
    /// Names of machines, or texts, one per line.
    Names,
    /// Fully qualified domain names of machines, one per line.
    Fqdn,
    /// JSON.
    Json,
    /// JSON, a value per line.
    Ndjson,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// A Nix expression.
    Nix,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// An aligned table.
    Table,
    /// Paths of machines, one per line.
    Paths,
    /// Names of machines folded into one node set.
    Nodeset,
    /// An inventory for Ansible.
    Ansible,
    /// Blocks for `ssh_config`.
    Ssh,
    /// Lines for `/etc/hosts`.
    Hosts,
    /// Targets for Prometheus.
    FileSd,
    /// A graph in Graphviz' language.
    Dot,
    /// A graph as a flowchart of Mermaid.
    Mermaid,
    /// A graph as a picture.
    Svg,
    /// The type of the query; it is not run.
    Type,
}

impl Format {
    /// All formats with their words and what they are.
    pub const ALL: [(Format, &'static str, &'static str); 21] = [
        (Format::Auto, "auto", "as the type of the query says"),
        (Format::Names, "names", "names of machines, or texts, one per line"),
        (Format::Fqdn, "fqdn", "fully qualified domain names of machines, one per line"),
        (Format::Json, "json", "one JSON value"),
        (Format::Ndjson, "ndjson", "JSON, one element of a list per line"),
        (Format::Yaml, "yaml", "YAML"),
        (Format::Toml, "toml", "TOML; needs a record"),
        (Format::Nix, "nix", "a Nix expression"),
        (Format::Csv, "csv", "comma-separated values with a header; needs records"),
        (Format::Tsv, "tsv", "tab-separated values with a header; needs records"),
        (Format::Table, "table", "aligned columns and a count of rows; needs records"),
        (Format::Paths, "paths", "paths of machines, one per line"),
        (Format::Nodeset, "nodeset", "names of machines folded into one node set"),
        (Format::Ansible, "ansible", "an inventory for Ansible, with groups and variables; needs machines"),
        (Format::Ssh, "ssh", "blocks for `ssh_config`; needs machines"),
        (Format::Hosts, "hosts", "lines for `/etc/hosts`; needs machines"),
        (Format::FileSd, "file_sd", "targets for Prometheus' file-based discovery; needs machines"),
        (Format::Dot, "dot", "a graph for Graphviz; needs machines or placements"),
        (Format::Mermaid, "mermaid", "a graph as a flowchart of Mermaid; needs machines or placements"),
        (Format::Svg, "svg", "a graph as a picture; needs machines or placements"),
        (Format::Type, "type", "the type of the query, which is not run"),
    ];

    /// The format with this word.
    pub fn from_word(word: &str) -> Option<Format> {
        Format::ALL.iter().find(|(_, known, _)| *known == word).map(|(format, _, _)| *format)
    }

    pub(super) fn word(self) -> &'static str {
        Format::ALL.iter().find(|(known, _, _)| *known == self).map_or("auto", |(_, word, _)| word)
    }

    /// What writes machines in it, where it is one of another program.
    pub(super) fn exporter(self) -> Option<Exporter> {
        match self {
            Format::Ansible => Some(exports::ansible),
            Format::Ssh => Some(exports::ssh),
            Format::Hosts => Some(exports::hosts),
            Format::FileSd => Some(exports::file_sd),
            _ => None,
        }
    }

    /// The format of graphs that it is.
    pub(super) fn drawn(self) -> Option<GraphFormat> {
        match self {
            Format::Dot => Some(GraphFormat::Dot),
            Format::Mermaid => Some(GraphFormat::Mermaid),
            Format::Svg => Some(GraphFormat::Svg),
            _ => None,
        }
    }
}

/// How answers are written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Texts in JSON formats as they are, without quotes.
    pub raw: bool,
    /// NUL ends each line's text, instead of a line feed.
    pub nul: bool,
    /// JSON on one line.
    pub compact: bool,
    /// Whether the last text is ended too.
    pub last_end: bool,
    /// Whether the text goes to a terminal, which must not see control characters.
    pub terminal: bool,
    /// Whether colours may be used.
    pub colour: bool,
    /// The width in columns, where there is one.
    pub width: Option<usize>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            raw: false,
            nul: false,
            compact: false,
            last_end: true,
            terminal: false,
            colour: false,
            width: None,
        }
    }
}

impl Options {
    /// What ends a line's text.
    pub(super) fn end(&self) -> &'static [u8] {
        if self.nul { b"\0" } else { b"\n" }
    }
}

/// How an answer will be written: what [`Format`] comes to for a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout(pub(super) Format);

impl Layout {
    /// The layout of a format for an answer of this type. Only the table of records depends on
    /// whether there is a terminal.
    pub fn new(format: Format, ty: &Type, options: &Options) -> Layout {
        let Format::Auto = format else { return Layout(format) };
        let plain = !options.compact && !options.raw && !options.nul;
        match row(ty) {
            Some(row) if row.table && options.terminal && plain => Layout(Format::Table),
            Some(row) => Layout(match row.shape {
                Shape::Machines | Shape::Lines => Format::Names,
                Shape::Records => Format::Ndjson,
                Shape::Json => Format::Json,
            }),
            None => Layout(Format::Json),
        }
    }

    /// Whether the numbers of machines are enough for it.
    pub fn takes_nodes(self) -> bool {
        matches!(self.0, Format::Names | Format::Fqdn | Format::Paths | Format::Nodeset | Format::Table)
            || self.0.exporter().is_some()
            || self.0.drawn().is_some()
    }
}

/// Writes machines for another program.
pub(super) type Exporter = fn(&Inventory, &[u32]) -> Result<String, Box<Diagnostic>>;
