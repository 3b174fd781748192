//! How mistakes and answers look.
//!
//! What comes in is plain data: [`Diagnostic`](crate::diagnostic::Diagnostic)s, and answers with their
//! types; what goes out is text on a writer that the caller chose. Nothing here knows whether that is
//! a terminal: colour and width are arguments ([`Style`]).

mod answer;
mod diagnostic_lines;
#[cfg(feature = "cli")]
mod diagnostics;
mod escape;
#[cfg(feature = "cli")]
mod excerpt;
mod exports;
mod format;
pub mod graph;
mod json;
mod names;
pub mod nix;
pub mod pages;
mod places;
mod rows;
mod sarif;
mod shape;
#[cfg(feature = "cli")]
mod shown;
#[cfg(feature = "cli")]
mod table;

pub use answer::{Content, OutputError, write_answer};
pub use diagnostic_lines::{write_json, write_short};
#[cfg(feature = "cli")]
pub use diagnostics::{REPORTS, write_reports};
pub use escape::visible;
pub use format::{Format, Layout, Options};
pub use sarif::write_sarif;
pub use shape::{SHAPES, Shape, ShapeRow, shape};
#[cfg(feature = "cli")]
pub use shown::{tree_line, write_shown, write_tree};

/// What the place that text goes to can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used.
    pub colour: bool,
    /// The width in columns, where there is one.
    pub width: Option<usize>,
}
