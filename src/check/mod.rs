//! From the untyped tree to the typed one: names, types, and what each function captures.
//!
//! [`program`] takes a parsed expression and gives a [`Program`] or every mistake in it.
//! [`names::check`] then looks up the names in its strings in an inventory; it is a step of its own,
//! since the expressions that stand in an inventory are checked before the inventory is complete.

mod apply;
mod arguments;
mod bindings;
mod elements;
mod expression;
mod folds;
mod foreign;
mod functions;
mod habits;
mod mark;
mod meant;
mod modules;
pub mod names;
mod narrow;
mod operators;
mod probe;
mod recursion;
mod references;
mod repeated;
mod report;
mod scope;
mod select;
mod shared;
mod special;
mod tested;
mod types;
mod unknown;
mod update;
mod variables;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

pub use probe::{Found, Probed, probe};
pub use types::{closure_type, may_be_function};

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::Inventory;
use crate::limits::Watch;
use crate::syntax::ast::{self, Name};
use crate::text::{Source, Span};
use crate::types::tir::{Body, NamedString, Program};
use crate::types::unify::Table;
use crate::types::{Named, Scheme};
use scope::Scopes;

/// What an expression may refer to besides the builtins.
#[derive(Default)]
pub struct Context<'c> {
    /// The inventory, for suggestions when a name is unknown.
    pub inventory: Option<&'c Inventory>,
    /// The cluster in which names of machines must exist, where the expression stands in a service of it.
    pub cluster: Option<u32>,
    /// Names given from outside, by their index in [`ExprKind::Host`](crate::types::tir::ExprKind).
    pub hosts: &'c [(Name, Scheme)],
    /// Types with names that are given from outside.
    pub types: &'c [(Name, crate::types::Type)],
    /// Named filters of the inventory, which `filters.x` and bare names find.
    pub filters: &'c [Name],
    /// How `import ./file` finds the parsed file; nothing where importing is not possible.
    pub import: Option<&'c Import<'c>>,
    /// Whether it stands in an inventory, where `clusterConfig.lib.filters` is another name for `filters`.
    pub in_inventory: bool,
    /// What stops checking a long expression; nothing where only its size bounds it.
    pub watch: Option<&'c Watch>,
}

/// Finds and parses the file that an `import` names.
pub type Import<'c> = dyn Fn(&str) -> Result<Imported, Diagnostic> + 'c;

/// A file that an expression imports.
pub struct Imported {
    /// Its text.
    pub source: Arc<Source>,
    /// Its expression.
    pub expr: ast::Expr,
}

/// The state of checking one expression.
struct Checker<'c> {
    context: &'c Context<'c>,
    source: Arc<Source>,
    table: Table,
    scopes: Scopes,
    diagnostics: Vec<Diagnostic>,
    /// Names that nothing has.
    meant: Vec<meant::Meant>,
    names: Vec<NamedString>,
    /// The named filters of the inventory that have been met.
    filters: Vec<Name>,
    /// The cluster named by an enclosing `inCluster`.
    cluster: Option<Name>,
    /// How many `optional` are around.
    optional: u32,
    /// What is known of the argument of the function that is checked next.
    of_argument: Vec<scope::Fact>,
    /// How many variables are being followed to what they are bound to.
    origins: u32,
    /// How many functions around are being checked again, since they give more than was known before.
    again: u32,
    /// How many `import`s are around.
    imports: u32,
    /// How many files have been imported.
    imported: u32,
    /// Whether a collection of the inventory or a filter has been met.
    asks_inventory: bool,
    /// Whether some part is `Any`.
    mentions_any: bool,
    /// The records of the inventory whose fields are selected, by the place of the field's name.
    fields: HashMap<Span, Named>,
    /// Names of attributes, which the whole program shares.
    shared: shared::Shared,
    /// A name about which somebody wants to know what could stand there.
    probe: Option<probe::Probe>,
    /// How many expressions are checked until the next look at what stops it.
    until_look: u32,
    /// Why it stops.
    stopped: Option<Diagnostic>,
}

impl<'c> Checker<'c> {
    fn new(source: &Arc<Source>, context: &'c Context<'c>) -> Checker<'c> {
        Checker {
            context,
            source: Arc::clone(source),
            table: Table::new(source.text().len(), context.watch),
            scopes: Scopes::default(),
            diagnostics: Vec::new(),
            meant: Vec::new(),
            names: Vec::new(),
            filters: Vec::new(),
            cluster: None,
            optional: 0,
            of_argument: Vec::new(),
            origins: 0,
            again: 0,
            imports: 0,
            imported: 0,
            asks_inventory: false,
            mentions_any: false,
            fields: HashMap::new(),
            shared: shared::Shared::default(),
            probe: None,
            until_look: LOOK_EVERY,
            stopped: None,
        }
    }
}

/// How many expressions are checked between looks at the time and an interruption.
const LOOK_EVERY: u32 = 64;

/// Checks an expression; `expected` is the type that its place asks for, if any.
///
/// # Errors
/// Every mistake in it, in the order of the text.
pub fn program(
    source: &Arc<Source>,
    expr: &ast::Expr,
    expected: Option<&Scheme>,
    context: &Context<'_>,
) -> Result<Program, Vec<Diagnostic>> {
    let mut checker = Checker::new(source, context);
    checker.scopes.enter_frame(Vec::new());
    let (body, ty) = match expected {
        Some(expected) => {
            let expected = checker.table.instantiate(expected);
            checker.check(expr, &expected)
        }
        None => checker.infer(expr),
    };
    if let Some(stopped) = checker.stopped() {
        return Err(vec![stopped.at(source, expr.span, "while checking this")]);
    }
    let slots = checker.scopes.leave_frame().slots;
    let scheme = checker.table.close(&ty);
    if checker.table.is_exhausted() {
        let diagnostic = Diagnostic::error(Code::LimitReached, "the types of this expression are too large")
            .help("give the largest part the type `Any`: `(… :: Any)`");
        return Err(vec![diagnostic.at(source, expr.span, "here")]);
    }
    if !checker.diagnostics.is_empty() {
        if let Some(sql) = checker.whole_query_of_sql() {
            return Err(vec![sql]);
        }
        checker.order_meant();
        let mut diagnostics = checker.diagnostics;
        // The names in its strings are mistakes of their own; those of imported files stand elsewhere.
        if let (Some(inventory), 0) = (context.inventory, checker.imported) {
            diagnostics.extend(names::check(&checker.names, source, inventory, context.cluster));
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span.start));
        return Err(repeated::joined(diagnostics));
    }
    Ok(Program {
        body: Arc::new(Body { expr: body, slots, source: Arc::clone(source) }),
        scheme,
        names: checker.names,
        filters: checker.filters,
        asks_inventory: checker.asks_inventory,
        mentions_any: checker.mentions_any,
    })
}

impl Checker<'_> {
    /// Whether what is left to check no longer matters, since the time is over or somebody interrupts.
    fn is_stopped(&mut self) -> bool {
        self.until_look = self.until_look.saturating_sub(1);
        if self.until_look == 0 && self.stopped.is_none() {
            self.until_look = LOOK_EVERY;
            self.stopped = self.context.watch.and_then(|watch| watch.look("checking the expression").err());
        }
        self.stopped.is_some() || self.table.stopped().is_some()
    }

    /// Why the check has come to an end before its time.
    fn stopped(&self) -> Option<Diagnostic> {
        self.stopped.as_ref().or(self.table.stopped()).cloned()
    }
}
