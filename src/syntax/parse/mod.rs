//! From text to the tree.
//!
//! What comes in is a [`Source`]; what goes out is a tree, or the first syntax error with its
//! place and an edit that mends it. `[ 1 2` gives "expected `]` or an expression, found the end
//! of the text", with the bracket marked too. A text that nests too deeply or is too long is
//! refused before the grammar reads it, so that no text overflows the stack.

mod bindings;
mod braces;
mod build;
mod foreign;
mod habits;
mod operators;
mod report;
mod signs;
mod strings;
mod translated;
mod types;
mod watched;

use std::sync::Arc;

use pest::Parser;
use pest::iterators::Pair;

use crate::diagnostic::Diagnostic;
use crate::limits::{Limits, Watch};
use crate::text::Source;

use super::ast::{Expr, Line, TypeExpr};
use super::grammar::{Grammar, Rule};
use super::lex::scan;
use super::limits::on_stack_for;

pub use foreign::foreign_word;
pub(crate) use habits::{filter_of_pattern, query_of_sql};
pub(crate) use translated::translated;

use build::Builder;

/// Why a line cannot be read.
#[derive(Clone, Debug)]
pub struct LineError {
    /// The mistake.
    pub diagnostic: Diagnostic,
    /// Whether the text only ends too early, so that another line may complete it.
    pub incomplete: bool,
}

/// Reads a query or a file: one expression.
pub fn expression(source: &Arc<Source>) -> Result<Expr, Diagnostic> {
    expression_within(source, &Limits::default())
}

/// Reads one expression within the given limits.
pub fn expression_within(source: &Arc<Source>, limits: &Limits) -> Result<Expr, Diagnostic> {
    expression_watched(source, limits, &Watch::new(limits))
}

/// Reads one expression within the given limits, in a time that is being watched already.
pub fn expression_watched(source: &Arc<Source>, limits: &Limits, watch: &Watch) -> Result<Expr, Diagnostic> {
    watched::watched(source, limits, watch, read_expression)?
}

fn read_expression((source, limits): (Arc<Source>, Limits)) -> Result<Expr, Diagnostic> {
    let (source, limits) = (&source, &limits);
    let file = first_rule(source, Rule::file, limits).map_err(|error| error.diagnostic)?;
    Builder::new(source, limits).file(file)
}

/// Whether a text is an expression.
fn is_expression(text: &str) -> bool {
    let (source, limits) = (Source::new("<edit>", text), Limits::default());
    let Ok(levels) = limits.check_nesting(&source, &scan(text).lexemes) else { return false };
    on_stack_for(levels, || Grammar::parse(Rule::file, text)).is_ok_and(|mut read| {
        read.next().is_some_and(|file| Builder::new(&source, &limits).file(file).is_ok())
    })
}

/// Reads a line of the REPL, or a library file.
pub fn line(source: &Arc<Source>) -> Result<Line, LineError> {
    line_within(source, &Limits::default())
}

/// Reads a line of the REPL, or a library file, within the given limits.
pub fn line_within(source: &Arc<Source>, limits: &Limits) -> Result<Line, LineError> {
    watched::watched(source, limits, &Watch::new(limits), read_line).map_err(complete)?
}

fn read_line((source, limits): (Arc<Source>, Limits)) -> Result<Line, LineError> {
    let (source, limits) = (&source, &limits);
    let line = first_rule(source, Rule::line, limits)?;
    Builder::new(source, limits).line(line).map_err(complete)
}

/// Reads a type, as in the signature of a builtin.
pub fn type_expression(source: &Arc<Source>) -> Result<TypeExpr, Diagnostic> {
    let limits = Limits::default();
    let signature = first_rule(source, Rule::signature, &limits).map_err(|error| error.diagnostic)?;
    Builder::new(source, &limits).signature(signature)
}

/// A mistake that no further line mends.
fn complete(diagnostic: Diagnostic) -> LineError {
    LineError { diagnostic, incomplete: false }
}

/// Reads the whole text by a start rule.
fn first_rule<'s>(source: &'s Arc<Source>, rule: Rule, limits: &Limits) -> Result<Pair<'s, Rule>, LineError> {
    limits.check_length(source).map_err(complete)?;
    let scan = scan(source.text());
    let levels = limits.check_nesting(source, &scan.lexemes).map_err(complete)?;
    let read = on_stack_for(levels, || Grammar::parse(rule, source.text()))
        .map_err(|error| report::report(source, &scan, limits, &error))?;
    match read.into_iter().next() {
        Some(pair) => Ok(pair),
        None => unreachable!("a start rule gives one pair"),
    }
}

#[cfg(test)]
mod tests;
