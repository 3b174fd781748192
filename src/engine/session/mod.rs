//! A session: lines that are entered one after the other, and what they define.
//!
//! What comes in are texts; what goes out are answers, mistakes, or what a command asks for. A session
//! knows no terminal, no file and no clock: the program around it shows answers, and carries out the
//! commands that need more than the session has.
//!
//! ```
//! use invq::engine::session::{Outcome, Wish};
//! use invq::{Engine, Session};
//!
//! # fn main() -> Result<(), Vec<invq::diagnostic::Diagnostic>> {
//! let engine = Engine::default();
//! let inventory = engine.load_demo()?;
//! let mut session = Session::new(engine, inventory);
//! session.enter("backups = tag \"backup\"", Wish::Whole)?;
//! let Outcome::Answer(answer) = session.enter("!backups", Wish::Whole)? else {
//!     panic!("an expression has an answer")
//! };
//! assert_eq!(answer.nodes().map(<[u32]>::len), Some(6));
//!
//! // A line that fails changes nothing.
//! assert!(session.enter("backups = tag \"bakcup\"", Wish::Whole).is_err());
//! assert_eq!(session.defined("backups").as_deref(), Some("Filter"));
//! # Ok(())
//! # }
//! ```

mod bindings;
mod commands;
mod complete;
mod definitions;
mod evaluated;
mod hint;
mod script;
mod shown;

use std::sync::Arc;

pub use commands::{COMMANDS, Command, CommandEntry, Group, Request, Takes};
pub use complete::{Candidate, Completion};
pub use hint::Looked;
pub use shown::{Room, Shown, Tree};

use super::given::Given;
use super::{Answer, Arguments, Engine, Inventory, Names, Query, unknown_cluster};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::eval::Used;
use crate::limits::{Limits, Watch};
use crate::syntax::ast::{Binding, Expr, ExprKind, Line, Name};
use crate::syntax::format::quote_string;
use crate::syntax::parse;
use crate::text::{Source, SourceMap, Span};
use crate::types::{Named, Printer, Scheme, Type};
use bindings::{as_set, bound_names, plain_value, span_of, unbindable};
use definitions::{Definition, Definitions, IT};

/// How many lines a text that is entered at once has at most, where it is not one expression.
const MOST_LINES: usize = 1_000;

/// How many lines can be undone.
const UNDONE: usize = 100;

/// Lines that are entered one after the other.
pub struct Session {
    engine: Engine,
    inventory: Inventory,
    definitions: Definitions,
    /// What was defined before each line that changed it.
    before: Vec<Definitions>,
    /// The one cluster in which bare filters are resolved.
    cluster: Option<String>,
    /// How many lines were entered, by which messages name them.
    lines: u64,
    /// How many times something was defined, by which definitions are in order.
    defined: u64,
    used: Used,
}

/// How much of an answer is wanted.
#[derive(Clone, Copy, Debug)]
pub enum Wish {
    /// All of it, as data.
    Whole,
    /// What a reader looks at.
    Cut(Room),
}

/// What a line came to.
#[derive(Debug)]
pub enum Outcome {
    /// There was nothing in it.
    Nothing,
    /// It defined these names, with their types.
    Defined(Vec<(String, String)>),
    /// The whole answer of an expression.
    Answer(Box<Answer>),
    /// What a reader looks at of the answer of an expression, with its type.
    Shown(Type, Shown),
    /// A command, for the program to carry out.
    Command(Request),
}

impl Session {
    /// A session in which nothing is defined yet.
    pub fn new(engine: Engine, inventory: Inventory) -> Session {
        Session {
            engine,
            inventory,
            definitions: Definitions::default(),
            before: Vec::new(),
            cluster: None,
            lines: 0,
            defined: 0,
            used: Used::default(),
        }
    }

    /// The session as it is now, without what can be undone: for completion and hints while the session
    /// itself is used elsewhere.
    #[must_use]
    pub fn snapshot(&self) -> Session {
        Session {
            engine: self.engine.clone(),
            inventory: self.inventory.clone(),
            definitions: self.definitions.clone(),
            before: Vec::new(),
            cluster: self.cluster.clone(),
            lines: self.lines,
            defined: self.defined,
            used: self.used,
        }
    }

    /// The inventory that is asked.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The engine that loads and compiles.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Defines names that are given from outside.
    pub fn give(&mut self, arguments: &Arguments) {
        self.cluster = arguments.cluster.clone();
        for (name, ty, value) in &arguments.values {
            self.defined += 1;
            self.definitions.add(vec![Definition {
                name: Name::from(name.as_str()),
                scheme: Scheme::plain(ty.clone()),
                program: None,
                attribute: None,
                text: format!("builtins.fromJSON {}", quote_string(&value.to_string())).into(),
                line: self.defined,
                needs: Vec::new(),
                kept: Some(Given::data(value.clone())).into(),
            }]);
        }
    }

    /// The limits of each line.
    pub fn limits(&self) -> &Limits {
        &self.engine.limits
    }

    /// Sets the limits of each line.
    pub fn set_limits(&mut self, limits: Limits) {
        self.engine.limits = limits;
    }

    /// What the last evaluation has used.
    pub fn used(&self) -> Used {
        self.used
    }

    /// Asks another inventory from now on. Definitions stay and follow it; what is given back are the
    /// mistakes that they have there.
    pub fn replace_inventory(&mut self, inventory: Inventory) -> Vec<Diagnostic> {
        self.inventory = inventory;
        let model = self.inventory.model();
        let mut mistakes = Vec::new();
        let mut lines = Vec::new();
        for definition in self.definitions.needed() {
            let Some(program) = &definition.program else { continue };
            definition.keep(None);
            // One line's definitions share their program, and what was only the last answer is over.
            if lines.contains(&definition.line) || &*definition.name == IT {
                continue;
            }
            lines.push(definition.line);
            mistakes.extend(check::names::check(&program.names, &program.body.source, model, None));
        }
        mistakes
    }

    /// A line as a text of its own, for messages about it.
    pub fn line(&mut self, text: &str) -> Arc<Source> {
        self.lines += 1;
        Source::new(format!("<line {}>", self.lines), text)
    }

    /// Whether a text only ends too early, so that another line may complete it.
    pub fn is_incomplete(&self, text: &str) -> bool {
        is_incomplete(text, self.limits())
    }

    /// Cuts a text into what is entered at once: lines, each with those that complete it. Lines without
    /// anything in them are left out.
    pub fn cut(&self, source: &Arc<Source>) -> Vec<Arc<Source>> {
        let mut pieces = Vec::new();
        let (mut start, mut end) = (0, 0);
        let mut lines = 0;
        for line in source.text().split_inclusive('\n') {
            end += line.len();
            let piece = source.text().get(start..end).unwrap_or("");
            lines += 1;
            // What is not complete after so many lines is looked at as it is: each look reads all of it.
            if lines < MOST_LINES && end < source.text().len() && self.is_incomplete(piece) {
                continue;
            }
            if !piece.trim().is_empty() {
                pieces.push(Source::embedded(source, piece.trim_end(), SourceMap::verbatim(start)));
            }
            start = end;
            lines = 0;
        }
        pieces
    }

    /// Whether a text is lines to be entered one after the other, and not one expression: it has commands
    /// or definitions, or more than one line that is complete by itself where all together make no query.
    pub fn is_lines(&self, source: &Arc<Source>) -> bool {
        if self.compile(source).is_ok() {
            return false;
        }
        let pieces = self.cut(source);
        let read = |piece: &Arc<Source>| {
            if commands::is_command(piece.text()) {
                return (true, true);
            }
            match parse::line_within(piece, self.limits()) {
                Ok(Line::Bindings(_)) => (true, true),
                Ok(Line::Expression(_) | Line::Empty) => (false, true),
                Err(_) => (false, false),
            }
        };
        let read: Vec<(bool, bool)> = pieces.iter().map(read).collect();
        read.iter().any(|(telling, _)| *telling) || read.len() > 1 && read.iter().all(|(_, whole)| *whole)
    }

    /// Enters a line: a command, `name = expression`, or an expression, whose answer is then called `it`.
    ///
    /// # Errors
    /// Every mistake in it. Nothing has changed then.
    pub fn enter(&mut self, text: &str, wish: Wish) -> Result<Outcome, Vec<Diagnostic>> {
        let source = self.line(text);
        self.enter_source(&source, wish)
    }

    /// As [`Session::enter`], with a text of its own or a part of a file.
    ///
    /// # Errors
    /// As there.
    pub fn enter_source(&mut self, source: &Arc<Source>, wish: Wish) -> Result<Outcome, Vec<Diagnostic>> {
        if commands::is_command(source.text()) {
            return commands::read(source).map(Outcome::Command).map_err(|mistake| vec![mistake]);
        }
        match parse::line_within(source, self.limits()).map_err(|error| vec![error.diagnostic])? {
            Line::Empty => Ok(Outcome::Nothing),
            Line::Bindings(bindings) => self.define(source, bindings).map(Outcome::Defined),
            Line::Expression(expr) => self.ask(source, &expr, wish),
        }
    }

    /// Enters a file of definitions, or a script: the definitions of its `let`, and then its expression.
    ///
    /// # Errors
    /// As [`Session::enter`].
    pub fn load(&mut self, source: &Arc<Source>, wish: Wish) -> Result<Vec<Outcome>, Vec<Diagnostic>> {
        let mut expr =
            match parse::line_within(source, self.limits()).map_err(|error| vec![error.diagnostic])? {
                Line::Empty => return Ok(Vec::new()),
                Line::Bindings(bindings) => {
                    return self.define(source, bindings).map(|defined| vec![Outcome::Defined(defined)]);
                }
                Line::Expression(expr) => expr,
            };
        let (definitions, before) = (self.definitions.clone(), self.before.len());
        let mut outcomes = Vec::new();
        let result = loop {
            expr = match expr.kind {
                ExprKind::Let { bindings, body } => match self.define(source, bindings) {
                    Ok(defined) => {
                        outcomes.push(Outcome::Defined(defined));
                        *body
                    }
                    Err(mistakes) => break Err(mistakes),
                },
                _ => break self.ask(source, &expr, wish),
            };
        };
        self.before.truncate(before);
        match result {
            Ok(outcome) => {
                self.remember(definitions);
                outcomes.push(outcome);
                Ok(outcomes)
            }
            Err(mistakes) => {
                self.definitions = definitions;
                Err(mistakes)
            }
        }
    }

    /// What is wrong with an expression, a script or a file of definitions; nothing of it runs.
    pub fn check(&self, source: &Arc<Source>) -> Vec<Diagnostic> {
        let expr = match parse::line_within(source, self.limits()) {
            Err(error) => return vec![error.diagnostic],
            Ok(Line::Empty) => return Vec::new(),
            Ok(Line::Expression(expr)) => expr,
            Ok(Line::Bindings(bindings)) => {
                let names = bound_names(&bindings);
                as_set(bindings, &names)
            }
        };
        self.compile_expression(source, &expr).err().unwrap_or_default()
    }

    /// Compiles an expression that may name what the session defines.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn compile(&self, source: &Arc<Source>) -> Result<Query, Vec<Diagnostic>> {
        let expr = parse::expression_within(source, self.limits()).map_err(|mistake| vec![mistake])?;
        self.compile_expression(source, &expr)
    }

    fn compile_expression(&self, source: &Arc<Source>, expr: &Expr) -> Result<Query, Vec<Diagnostic>> {
        let hosts = self.definitions.hosts();
        let cluster = match &self.cluster {
            None => None,
            Some(name) => match self.inventory.model().find_cluster(name) {
                Some(cluster) => Some(cluster),
                None => return Err(vec![unknown_cluster(name, self.inventory.model())]),
            },
        };
        let names = Names { hosts: &hosts, given: self.definitions.given(), cluster };
        self.engine.compile_expression(source, expr, &self.inventory, names, &Watch::new(self.limits()))
    }

    /// The type of what the session defines under a name.
    pub fn defined(&self, name: &str) -> Option<String> {
        let definition = self.definitions.find(name)?;
        Some(Printer::default().print(&definition.scheme.ty))
    }

    /// What the session defines: name, type, and the line that did it; the last answer is none of it.
    pub fn definitions(&self) -> Vec<(String, String, String)> {
        let named = self.definitions.visible().filter(|definition| &*definition.name != IT);
        named
            .map(|definition| {
                let ty = Printer::default().print(&definition.scheme.ty);
                let text = definition.text.trim();
                let text = match &definition.attribute {
                    Some(_) => text.to_owned(),
                    None => format!("{} = {text}", definition.name),
                };
                (definition.name.to_string(), ty, text)
            })
            .collect()
    }

    /// Takes the last line back that defined something, the last answer included; tells what no longer
    /// means what it did.
    pub fn undo(&mut self) -> Option<Vec<String>> {
        let before = self.before.pop()?;
        let changed = self.definitions.visible().filter(|definition| !before.is_visible(definition));
        let changed = changed.map(|definition| definition.name.to_string()).collect();
        self.definitions = before;
        Some(changed)
    }

    /// What the session defines, as a script that answers what was asked last.
    pub fn script(&self) -> String {
        script::script(&self.definitions)
    }

    fn remember(&mut self, before: Definitions) {
        if self.before.len() >= UNDONE {
            self.before.remove(0);
        }
        self.before.push(before);
    }

    fn commit(&mut self, new: Vec<Definition>) {
        self.remember(self.definitions.clone());
        self.definitions.add(new);
    }

    /// An expression: answers it, and calls the answer `it`.
    fn ask(&mut self, source: &Arc<Source>, expr: &Expr, wish: Wish) -> Result<Outcome, Vec<Diagnostic>> {
        let query = self.compile_expression(source, expr)?;
        let (outcome, kept) = self.answer(&query, wish).map_err(|mistake| vec![mistake])?;
        self.defined += 1;
        self.commit(vec![Definition {
            name: Name::from(IT),
            scheme: query.program.scheme.clone(),
            program: Some(Arc::clone(&query.program)),
            attribute: None,
            text: source.slice(expr.span).into(),
            line: self.defined,
            needs: Vec::new(),
            kept: kept.into(),
        }]);
        Ok(outcome)
    }

    fn answer(&mut self, query: &Query, wish: Wish) -> Result<(Outcome, Option<Given>), Diagnostic> {
        match wish {
            Wish::Whole => {
                let whole = |query: &Query, inventory: &Inventory, ()| query.run_measured(inventory);
                let (answer, used) = self.evaluated(query, (), whole)?;
                self.used = used;
                let kept = match (&answer.nodes, &answer.ty) {
                    (Some(nodes), Type::Named(Named::Machine)) => nodes.first().copied().map(Given::Machine),
                    (Some(nodes), Type::List(element)) if **element == Type::Named(Named::Machine) => {
                        Some(Given::Machines(nodes.as_slice().into()))
                    }
                    _ => None,
                };
                Ok((Outcome::Answer(Box::new(answer)), kept))
            }
            Wish::Cut(room) => {
                let (ty, shown, kept, used) = self.evaluated(query, room, shown::shown)?;
                self.used = used;
                Ok((Outcome::Shown(ty, shown), kept))
            }
        }
    }

    /// Definitions: `name = expression`, one or several.
    fn define(
        &mut self,
        source: &Arc<Source>,
        bindings: Vec<Binding>,
    ) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
        let names = bound_names(&bindings);
        let unbindable: Vec<Diagnostic> =
            names.iter().filter_map(|(name, span)| unbindable(source, name, *span)).collect();
        if !unbindable.is_empty() {
            return Err(unbindable);
        }
        self.defined += 1;
        let line = self.defined;
        let added = match (names.as_slice(), plain_value(&bindings)) {
            ([(name, _)], Some(value)) => {
                let query = self.compile_expression(source, value)?;
                let settled = self.evaluated(&query, None, shown::settle);
                let (kept, used) = settled.map_err(|mistake| vec![mistake])?;
                self.used = used;
                vec![Definition {
                    name: name.clone(),
                    scheme: query.program.scheme.clone(),
                    program: Some(query.program),
                    attribute: None,
                    text: source.slice(value.span).into(),
                    line,
                    needs: Vec::new(),
                    kept: kept.into(),
                }]
            }
            _ => {
                let text: Arc<str> = span_of(&bindings).map_or("", |span| source.slice(span)).into();
                let query = self.compile_expression(source, &as_set(bindings, &names))?;
                let settled = self.evaluated(&query, Some(names.clone()), shown::settle);
                let (_, used) = settled.map_err(|mistake| vec![mistake])?;
                self.used = used;
                let Type::Record(record) = &query.program.scheme.ty else { return Ok(Vec::new()) };
                let scheme = |name: &str| Scheme {
                    variables: query.program.scheme.variables.clone(),
                    ty: record.field(name).map_or(Type::Any, |field| field.ty.clone()),
                };
                let new = |(name, _): &(Name, Span)| Definition {
                    name: name.clone(),
                    scheme: scheme(name),
                    program: Some(Arc::clone(&query.program)),
                    attribute: Some(name.clone()),
                    text: Arc::clone(&text),
                    line,
                    needs: Vec::new(),
                    kept: None.into(),
                };
                names.iter().map(new).collect()
            }
        };
        let defined = added
            .iter()
            .map(|one: &Definition| (one.name.to_string(), Printer::default().print(&one.scheme.ty)))
            .collect();
        self.commit(added);
        Ok(defined)
    }
}

/// Whether a text only ends too early, so that another line may complete it.
pub fn is_incomplete(text: &str, limits: &Limits) -> bool {
    if commands::is_command(text) {
        return false;
    }
    let read = parse::line_within(&Source::new("<line>", text), limits);
    read.is_err_and(|error| error.incomplete)
}

#[cfg(test)]
mod tests;
