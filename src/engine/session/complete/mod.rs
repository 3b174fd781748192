//! Completion: what could stand at a place of a line, by type and by data.
//!
//! The line is mended so that it can be read, with a word of its own at the cursor, and checked as any
//! other; what the checker knows at that word decides. What is not known by type, the keys of sets, is
//! evaluated within narrow limits.

mod candidates;
mod mend;
mod names;
mod words;

use std::sync::Arc;
use std::time::Duration;

use super::bindings::{as_set, bound_names};
use super::definitions::identifiers;
use super::{Session, Takes, commands};
use crate::builtins;
use crate::check::{self, Context, Found, Probed};
use crate::limits::Limits;
use crate::syntax::ast::{Expr, Line, Name};
use crate::syntax::format::{attr_name, quote_string};
use crate::syntax::lex::{KEYWORDS, Lexeme, LexemeKind, lexemes};
use crate::syntax::parse;
use crate::text::{Source, Span};
use crate::types::tir::{NameKind, NamedString, Root};
use crate::types::{Named, Printer, Record, Rest, Type, schema};
use crate::value::{Evaluator, Value};
pub use candidates::{Candidate, Completion};
use candidates::{Candidates, common};
use names::Wanted;

/// The word that stands at the cursor while the line is checked.
const PROBE: &str = "probed-name";

/// Longer lines are not completed: checking them would take longer than anyone waits for a key.
const LONGEST: usize = 16 * 1024;

/// With so many machines every set is quick to make.
const FEW: usize = 2_000;

/// What has a part for each machine.
const LARGE: [&str; 7] = ["clusterInfo", "clusters", "config", "groups", "inventory", "placements", "tags"];

/// What evaluating the keys of a set may use.
const STEPS: u64 = 50_000;
const TIME: Duration = Duration::from_millis(3);

impl Session {
    /// What could stand at a byte offset of a line.
    pub fn complete(&self, line: &str, at: usize) -> Completion {
        let Some(before) = line.get(..at) else { return Completion::default() };
        if line.len() > LONGEST {
            return Completion::default();
        }
        if commands::is_command(line) {
            return self.complete_command(line, before);
        }
        self.complete_expression(line, at)
    }

    /// A command's word, or its argument.
    fn complete_command(&self, line: &str, before: &str) -> Completion {
        let word = commands::word_span(line).range();
        if before.len() < word.start {
            return Completion { start: before.len(), ..Completion::default() };
        }
        if before.len() <= word.end {
            return words::commands(before.get(word.start..).unwrap_or(""), word.start);
        }
        let Some(entry) = commands::find(line.get(word.clone()).unwrap_or("")) else {
            return Completion::default();
        };
        let rest = line.get(word.end..).unwrap_or("");
        let start = line.len() - rest.trim_start().len();
        let start = start.min(before.len());
        let typed = before.get(start..).unwrap_or("");
        let moved =
            |completion: Completion, by: usize| Completion { start: completion.start + by, ..completion };
        match entry.takes {
            Takes::Nothing => Completion::default(),
            Takes::Expression | Takes::Line => {
                let argument = line.get(start..).unwrap_or("");
                moved(self.complete_expression(argument, typed.len()), start)
            }
            Takes::Machine => match typed.find(char::is_whitespace) {
                None => {
                    let wanted = Wanted { kind: NameKind::Machine, cluster: None, instance: None };
                    let prefix = typed.trim_start_matches('"');
                    let names = names::beginning_with(&wanted, prefix, self.inventory.model());
                    names.written(start, |name| {
                        if name.contains(char::is_whitespace) {
                            format!("\"{name}\"")
                        } else {
                            name.to_owned()
                        }
                    })
                }
                Some(space) => {
                    let behind = start + space + 1;
                    let argument = line.get(behind..).unwrap_or("");
                    moved(self.complete_expression(argument, before.len() - behind), behind)
                }
            },
            Takes::File => Completion { start, files: true, ..Completion::default() },
            Takes::Words(known) => {
                words::among(typed, start, known.iter().map(|word| (*word, String::new())))
            }
            Takes::Documented => self.documented(typed, start),
            Takes::Defined => {
                let named = self.definitions();
                words::among(
                    typed,
                    start,
                    named.iter().map(|(name, ty, _)| (name.as_str(), format!(": {ty}"))),
                )
            }
            Takes::Command => words::commands(
                typed.trim_start_matches(':'),
                start + typed.len() - typed.trim_start_matches(':').len(),
            ),
            // The program knows these words.
            Takes::Format | Takes::Setting => Completion { start, ..Completion::default() },
        }
    }

    /// Names that have documentation.
    fn documented(&self, typed: &str, start: usize) -> Completion {
        if let Some((record, field)) = typed.split_once('.')
            && let Some(named) = Named::ALL.into_iter().find(|named| named.word() == record)
        {
            let fields = schema::entries(named).iter();
            let fields = fields.map(|entry| (entry.name.trim_end_matches('?'), format!(": {}", entry.ty)));
            return words::among(field, start + record.len() + 1, fields);
        }
        let mut found = self.scope_names(typed, &[]);
        for named in Named::ALL {
            if named.word().starts_with(typed) {
                found.push((named.word().to_owned(), "a record of the inventory".to_owned()));
            }
        }
        words::sorted(start, found)
    }

    fn complete_expression(&self, text: &str, at: usize) -> Completion {
        let before = text.get(..at).unwrap_or("");
        let found = lexemes(before);
        if let Some(quote) = open_string(before, &found) {
            return self.complete_string(text, at, quote, &found);
        }
        let partial =
            found.last().filter(|last| is_word(last.kind)).map_or(at, |last| last.span.range().start);
        if found.last().is_some_and(|last| matches!(last.kind, LexemeKind::Comment | LexemeKind::Number)) {
            return Completion::default();
        }
        let typed = before.get(partial..).unwrap_or("");
        let code = |lexeme: &&Lexeme| !lexeme.kind.is_trivia() && lexeme.span.range().end <= partial;
        let previous = found.iter().rev().find(code);
        let previous = previous.and_then(|lexeme| before.get(lexeme.span.range()).map(|word| (lexeme, word)));
        // `tag ` is followed by a name in quotes.
        if typed.is_empty()
            && let Some((lexeme, word)) = previous
            && lexeme.kind == LexemeKind::Identifier
            && lexeme.span.range().end < at
            && let Some(kind) = names_first(word)
        {
            let wanted = Wanted { kind, cluster: None, instance: None };
            let names = names::beginning_with(&wanted, "", self.inventory.model());
            return names.written(at, quote_string);
        }
        match self
            .probe(text, partial, at, "")
            .and_then(|(source, probed)| Some((source, probed.found.clone()?, probed)))
        {
            Some((source, Found::Fields(ty, base), probed)) => {
                let names = probed.names;
                self.fields(&source, &ty, base, &names, partial, typed)
            }
            Some((_, Found::Module(path), _)) => {
                let mut members = words::members(&path, typed);
                if path == "filters" {
                    members.extend(self.named_filters(typed));
                }
                words::sorted(partial, members)
            }
            Some((_, Found::Scope { variables, values, modules }, _)) => {
                let mut found = self.scope_names(typed, &variables);
                for ty in &values {
                    found.extend(fields_of(ty, typed));
                }
                for module in &modules {
                    found.extend(words::members(module, typed));
                }
                words::sorted(partial, found)
            }
            None if previous.is_some_and(|(_, word)| word == ".") => Completion::default(),
            None => words::sorted(partial, self.scope_names(typed, &[])),
        }
    }

    /// Inside of a string: names, where it names something, or the key of a set.
    fn complete_string(&self, text: &str, at: usize, quote: usize, found: &[Lexeme]) -> Completion {
        let before = text.get(..at).unwrap_or("");
        let opener = if before.get(quote..).is_some_and(|rest| rest.starts_with("''")) { "''" } else { "\"" };
        let typed = before.get(quote + opener.len()..).unwrap_or("");
        if typed.contains(['\\', '$']) || opener == "''" {
            return Completion::default();
        }
        let code = |lexeme: &&Lexeme| !lexeme.kind.is_trivia() && lexeme.span.range().end <= quote;
        let previous = found.iter().rev().find(code).and_then(|lexeme| before.get(lexeme.span.range()));
        if previous == Some(".") {
            if let Some((source, Probed { found: Some(Found::Fields(ty, base)), names })) =
                self.probe(text, quote, at, "")
            {
                let completion = self.fields(&source, &ty, base, &names, quote, typed);
                let quoted = |mut candidate: Candidate| {
                    if !candidate.text.starts_with('"') {
                        candidate.text = quote_string(&candidate.text);
                    }
                    candidate
                };
                let candidates: Vec<Candidate> = completion.candidates.into_iter().map(quoted).collect();
                let common = candidates.split_first().map_or(String::new(), |(first, rest)| {
                    rest.iter().fold(first.text.as_str(), |known, next| common(known, &next.text)).to_owned()
                });
                return Completion { candidates, common, ..completion };
            }
            return Completion::default();
        }
        let closed = text.get(at..).is_some_and(|rest| rest.starts_with('"'));
        let named = self.probe_string(text, at, quote).or_else(|| {
            // Where the line cannot be read: by the function that stands before the string.
            let kind = previous.and_then(names_first)?;
            let span = Span::new(quote, at);
            Some(NamedString {
                kind,
                name: Name::from(typed),
                span,
                cluster: None,
                instance: None,
                optional: false,
            })
        });
        let Some(named) = named else { return Completion::default() };
        let wanted = Wanted {
            kind: named.kind,
            cluster: named.cluster.as_deref(),
            instance: named.instance.as_deref(),
        };
        let names = names::beginning_with(&wanted, typed, self.inventory.model());
        names.written(quote + 1, |name| {
            let text = quote_string(name);
            let inside = text.strip_prefix('"').unwrap_or(&text);
            if closed { inside.strip_suffix('"').unwrap_or(inside).to_owned() } else { inside.to_owned() }
        })
    }

    /// The names that could stand anywhere, with their types.
    fn scope_names(&self, typed: &str, variables: &[(Name, Type)]) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, about: String| {
            if name.starts_with(typed) && !found.iter().any(|(known, _)| known == name) {
                found.push((name.to_owned(), about));
            }
        };
        for (name, ty) in variables.iter().rev() {
            add(name, typed_as(ty));
        }
        for definition in self.definitions.visible() {
            add(&definition.name, typed_as(&definition.scheme.ty));
        }
        for (_, name, ty, _) in &Root::ALL {
            add(name, format!(": {ty}"));
        }
        for (name, about) in self.named_filters(typed) {
            add(&name, about);
        }
        for scope in ["nix", "bare"] {
            for (name, about) in words::members(scope, typed) {
                add(&name, about);
            }
        }
        for module in ["builtins", "clusterlib", "filters", "lib"] {
            add(module, "a set of builtins".to_owned());
        }
        for keyword in KEYWORDS.iter().filter(|keyword| !typed.is_empty() && **keyword != "or") {
            add(keyword, "a keyword".to_owned());
        }
        found
    }

    fn named_filters(&self, typed: &str) -> Vec<(String, String)> {
        let filters = self.inventory.model().filters.iter().filter(|filter| filter.name.starts_with(typed));
        filters.map(|filter| (filter.name.to_string(), ": Filter, of the inventory".to_owned())).collect()
    }

    /// The fields of a value, or the keys of a set.
    fn fields(
        &self,
        source: &Arc<Source>,
        ty: &Type,
        base: Span,
        names: &[NamedString],
        start: usize,
        typed: &str,
    ) -> Completion {
        // `clusters.` and the like name something of the inventory.
        if let Some(named) =
            names.iter().find(|named| &*named.name == PROBE && named.span.range().start == start)
        {
            let wanted = Wanted { kind: named.kind, cluster: None, instance: None };
            return names::beginning_with(&wanted, typed, self.inventory.model()).written(start, attr_name);
        }
        let ty = match ty {
            Type::Optional(inner) => inner,
            ty => ty,
        };
        match ty {
            Type::Dictionary(value) => {
                let about = Printer::default().print(value);
                self.keys(source, base, start, typed, &format!(": {about}"))
            }
            Type::Any => self.keys(source, base, start, typed, ""),
            // Little is known of it; most often it is a machine.
            Type::Variable(_) => words::sorted(start, fields_of(&Type::Named(Named::Machine), typed)),
            Type::Record(record) if record.rest != Rest::Closed => {
                let mut found = fields_of(ty, typed);
                found.retain(|(name, _)| name != PROBE);
                found.extend(fields_of(&Type::Named(Named::Machine), typed));
                words::sorted(start, found)
            }
            ty => words::sorted(start, fields_of(ty, typed)),
        }
    }

    /// The keys of a set, where evaluating it is quick.
    fn keys(&self, source: &Arc<Source>, base: Span, start: usize, typed: &str, about: &str) -> Completion {
        let text = source.slice(base);
        let large = self.inventory.model().nodes.len() > FEW;
        let of_inventory = |word: &str| LARGE.contains(&word);
        if large && identifiers(text).into_iter().any(of_inventory) {
            return self.nodes_of_cluster(text, start, typed);
        }
        let keys = self.evaluated_keys(text).unwrap_or_default();
        let keys = keys.iter().filter(|key| key.starts_with(typed));
        Candidates::of(keys.map(|key| (&**key, || about.to_owned()))).written(start, attr_name)
    }

    /// The keys of `clusters.NAME.machines` and the like, of which there may be very many.
    fn nodes_of_cluster(&self, text: &str, start: usize, typed: &str) -> Completion {
        let found = lexemes(text);
        let words: Vec<&str> = found.iter().filter_map(|one| text.get(one.span.range())).collect();
        let (cluster, kind) = match words.as_slice() {
            ["clusters", ".", cluster, ".", "machines" | "nodes"] => (cluster, NameKind::Machine),
            ["clusters", ".", cluster, ".", "vms"] => (cluster, NameKind::Vm),
            _ => return Completion { start, ..Completion::default() },
        };
        let wanted = Wanted { kind, cluster: Some(cluster.trim_matches('"')), instance: None };
        names::beginning_with(&wanted, typed, self.inventory.model()).written(start, attr_name)
    }

    fn evaluated_keys(&self, text: &str) -> Option<Vec<Name>> {
        let source = Source::new("<set>", text);
        let mut query = self.compile(&source).ok()?;
        query.limits = self.brief(STEPS, TIME);
        let mut evaluation = query.evaluation(&self.inventory);
        let value = evaluation.run(&query.program).ok()?;
        let evaluator: &mut dyn Evaluator = &mut evaluation;
        match value {
            Value::Attrs(attrs) => Some(attrs.keys().to_vec()),
            value @ Value::Entity(_) => Some(evaluator.attrs(&value).ok()?.keys().to_vec()),
            _ => None,
        }
    }

    /// The limits of what is evaluated while a line is typed.
    pub(super) fn brief(&self, steps: u64, time: Duration) -> Limits {
        let limits = self.limits().clone();
        Limits { steps: limits.steps.min(steps), time: Some(limits.time.unwrap_or(time).min(time)), ..limits }
    }

    /// What the checker knows at a place: the text with a word of its own there, and an end that makes it
    /// whole.
    fn probe(&self, text: &str, start: usize, at: usize, tail: &str) -> Option<(Arc<Source>, Probed)> {
        let head = text.get(..start)?;
        let probed = format!("{head}{PROBE}{tail}");
        let behind = text.get(at..)?;
        let rest =
            behind.trim_start_matches(|next: char| next.is_ascii_alphanumeric() || "_-'\"".contains(next));
        let span = Span::new(start, start + PROBE.len());
        let whole = [format!("{probed}{rest}"), format!("{probed}{}", mend::ending(&probed))];
        whole.into_iter().find_map(|whole| self.checked(&whole, span))
    }

    /// The name in a string that ends at the cursor.
    fn probe_string(&self, text: &str, at: usize, quote: usize) -> Option<NamedString> {
        let closed = format!("{}\"", text.get(..at)?);
        let behind = text.get(at..)?;
        let rest = behind.strip_prefix('"').unwrap_or(behind);
        let whole = [format!("{closed}{rest}"), format!("{closed}{}", mend::ending(&closed))];
        let nothing = Span::new(0, 0);
        whole.into_iter().find_map(|whole| {
            let (_, probed) = self.checked(&whole, nothing)?;
            probed.names.into_iter().find(|named| named.span.range().start == quote)
        })
    }

    fn checked(&self, text: &str, at: Span) -> Option<(Arc<Source>, Probed)> {
        let source = Source::new("<line>", text);
        let expr = expression_of(&source, self.limits())?;
        let model = self.inventory.model();
        let hosts = self.engine.host.names(&self.definitions.hosts());
        let filters: Vec<Name> = model.filters.iter().map(|filter| filter.name.clone()).collect();
        let context = Context {
            hosts: &hosts,
            types: self.engine.host.types(),
            filters: &filters,
            ..Context::default()
        };
        let probed = check::probe(&source, &expr, at, &context);
        Some((source, probed))
    }
}

/// A line as one expression, where it can be read.
fn expression_of(source: &Arc<Source>, limits: &Limits) -> Option<Expr> {
    match parse::line_within(source, limits).ok()? {
        Line::Empty => None,
        Line::Expression(expr) => Some(expr),
        Line::Bindings(bindings) => {
            let names = bound_names(&bindings);
            Some(as_set(bindings, &names))
        }
    }
}

/// Where the string begins that a text ends in, if it does.
fn open_string(text: &str, found: &[Lexeme]) -> Option<usize> {
    let last = found.last().filter(|last| last.kind == LexemeKind::String)?;
    // With a closing quote it would end here, and not take in what comes behind.
    let mut longer = text.to_owned();
    longer.push('a');
    let again = lexemes(&longer);
    let grown = again.last().is_some_and(|again| again.span.start == last.span.start);
    let piece = text.get(last.span.range())?;
    (grown && piece.starts_with(['"', '\''])).then_some(last.span.range().start)
}

fn is_word(kind: LexemeKind) -> bool {
    matches!(kind, LexemeKind::Identifier | LexemeKind::Keyword)
}

/// What the first argument of a builtin names.
fn names_first(word: &str) -> Option<NameKind> {
    let builtin = builtins::ALL.iter().find(|builtin| builtin.name == word && !builtin.names.is_empty())?;
    builtin.names.iter().find(|(index, _)| *index == 0).map(|(_, kind)| *kind)
}

fn typed_as(ty: &Type) -> String {
    format!(": {}", Printer::default().print(ty))
}

/// The fields of a record type that begin with a text.
fn fields_of(ty: &Type, typed: &str) -> Vec<(String, String)> {
    let record: Arc<Record> = match ty {
        Type::Named(named) => schema::record(*named),
        Type::Record(record) => Arc::clone(record),
        Type::Optional(inner) => return fields_of(inner, typed),
        _ => return Vec::new(),
    };
    let fields = record.fields.iter().filter(|field| field.name.starts_with(typed));
    fields
        .map(|field| {
            let mark = if field.optional { ", may be missing" } else { "" };
            (attr_name(&field.name), format!("{}{mark}", typed_as(&field.ty)))
        })
        .collect()
}

#[cfg(test)]
mod tests;
