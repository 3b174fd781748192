//! What can be told of a line while it is typed: its type, how many machines match, or what is wrong.
//!
//! Nothing is told rather than late: long lines are not looked at, and evaluating a filter has narrow
//! limits. Only filters are evaluated.

use std::sync::Arc;
use std::time::Duration;

use super::definitions::identifiers;
use super::{Session, Takes, as_set, bound_names, commands, plain_value};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::engine::{Query, is_filter};
use crate::syntax::ast::{Expr, Line};
use crate::syntax::lex::{LexemeKind, lexemes};
use crate::syntax::parse;
use crate::text::{Source, Span, count, did_you_mean};
use crate::types::{Printer, Type};

/// Longer lines are not looked at while they are typed.
const LONGEST: usize = 2 * 1024;

/// With so many machines every filter is quick.
const FEW: usize = 2_000;

/// The filters that the index answers.
const INDEXED: [&str; 14] = [
    "all",
    "class",
    "cluster",
    "clusterMachines",
    "clusterNodes",
    "clusterVms",
    "hostname",
    "inCluster",
    "kind",
    "machineName",
    "none",
    "optional",
    "system",
    "tag",
];

/// What evaluating a filter may use.
const STEPS: u64 = 100_000;
const TIME: Duration = Duration::from_millis(2);

/// Longer types are cut.
const LONGEST_TYPE: usize = 60;

/// What can be told of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// What to tell beside the line; empty where there is nothing.
    pub hint: String,
    /// The places that are wrong.
    pub wrong: Vec<Span>,
}

impl Looked {
    fn hint(hint: impl Into<String>) -> Looked {
        Looked { hint: hint.into(), wrong: Vec::new() }
    }
}

impl Session {
    /// What can be told of a line while it is typed.
    pub fn look(&self, line: &str) -> Looked {
        if line.len() > LONGEST || line.trim().is_empty() {
            return Looked::default();
        }
        if commands::is_command(line) {
            return self.look_at_command(line);
        }
        self.look_at_line(line)
    }

    fn look_at_command(&self, line: &str) -> Looked {
        let span = commands::word_span(line);
        let word = line.get(span.range()).unwrap_or("");
        let rest = line.get(span.range().end..).unwrap_or("");
        let Some(entry) = commands::find(word) else {
            let known = || commands::COMMANDS.iter().map(|entry| entry.word);
            let meant: Vec<&str> = known().filter(|known| known.starts_with(word)).collect();
            return match (meant.as_slice(), rest.is_empty()) {
                ([only], true) => Looked::hint(format!("`:{only}`")),
                (many, true) if !many.is_empty() => Looked::hint(format!("{} commands", many.len())),
                _ => Looked {
                    hint: did_you_mean(word, known()).unwrap_or_else(|| "no command".to_owned()),
                    wrong: vec![span],
                },
            };
        };
        let argument = rest.trim_start();
        if argument.is_empty() {
            return Looked::hint(format!("{} {}", entry.argument, entry.summary).trim().to_owned());
        }
        let start = line.len() - argument.len();
        let (start, argument) = match entry.takes {
            Takes::Expression | Takes::Line => (start, argument),
            Takes::Machine => match argument.split_once(char::is_whitespace) {
                Some((_, filter)) if !filter.trim().is_empty() => (line.len() - filter.len(), filter),
                _ => return Looked::default(),
            },
            _ => return Looked::default(),
        };
        if argument.trim_start().starts_with(':') {
            return Looked::default();
        }
        // A service or an instance may be asked about by its bare name.
        if entry.takes == Takes::Machine && !argument.contains(char::is_whitespace) {
            return Looked::default();
        }
        let looked = self.look_at_line(argument);
        let moved = |span: &Span| Span::new(span.range().start + start, span.range().end + start);
        Looked { wrong: looked.wrong.iter().map(moved).collect(), ..looked }
    }

    fn look_at_line(&self, text: &str) -> Looked {
        let source = Source::new("<line>", text);
        let line = match parse::line_within(&source, self.limits()) {
            Ok(line) => line,
            Err(error) if error.incomplete => return self.missing(text, &error.diagnostic),
            Err(error) => return wrong(&source, &[error.diagnostic]),
        };
        match line {
            Line::Empty => Looked::default(),
            Line::Expression(expr) => self.look_at_expression(&source, &expr),
            Line::Bindings(bindings) => match plain_value(&bindings) {
                Some(value) => self.look_at_expression(&source, value),
                None => {
                    let names = bound_names(&bindings);
                    let set = as_set(bindings, &names);
                    match (self.compile_expression(&source, &set), names.as_slice()) {
                        (Ok(query), [(name, _)]) => match query.ty() {
                            Type::Record(record) => {
                                Looked::hint(record.field(name).map_or_else(String::new, |field| {
                                    shortened(&Printer::default().print(&field.ty))
                                }))
                            }
                            _ => Looked::default(),
                        },
                        _ => self.look_at_expression(&source, &set),
                    }
                }
            },
        }
    }

    fn look_at_expression(&self, source: &Arc<Source>, expr: &Expr) -> Looked {
        match self.compile_expression(source, expr) {
            Ok(query) => self.told(query),
            Err(mistakes) => self.beginning(source, &mistakes).unwrap_or_else(|| wrong(source, &mistakes)),
        }
    }

    /// A query's type, and how many machines a filter selects.
    fn told(&self, mut query: Query) -> Looked {
        let ty = shortened(&Printer::default().print(query.ty()));
        if !is_filter(query.ty()) || matches!(query.ty(), Type::Function(..)) {
            return Looked::hint(ty);
        }
        if !self.is_quick(query.program.body.source.text(), 0) {
            return Looked::hint(ty);
        }
        query.limits = self.brief(STEPS, TIME);
        match query.run(&self.inventory) {
            Ok(answer) => {
                let all = self.inventory.model().nodes.len();
                let matching = count(answer.nodes().map_or(0, <[u32]>::len), "", "");
                Looked::hint(format!("{ty} · {} of {}", matching.trim(), count(all, "machine", "machines")))
            }
            Err(mistake) if matches!(mistake.code, Code::LimitReached | Code::Interrupted) => {
                Looked::hint(ty)
            }
            Err(mistake) => wrong(&query.program.body.source, &[mistake]),
        }
    }

    /// Whether the filters that a text names are answered by the index alone. Others look at every machine,
    /// which takes too long for a key where there are many.
    fn is_quick(&self, text: &str, depth: usize) -> bool {
        let model = self.inventory.model();
        if model.nodes.len() <= FEW {
            return true;
        }
        identifiers(text).into_iter().all(|word| match self.definitions.find(word) {
            Some(definition) => depth < 8 && self.is_quick(&definition.text, depth + 1),
            None => {
                let is_filter = builtins::find("filters", word).is_some();
                (!is_filter || INDEXED.contains(&word)) && model.find_filter(word).is_none()
            }
        })
    }

    /// What a line lacks, or the names that begin with what its string has so far.
    fn missing(&self, text: &str, mistake: &Diagnostic) -> Looked {
        let in_string = lexemes(text).last().is_some_and(|last| last.kind == LexemeKind::String);
        if in_string {
            let completion = self.complete(text, text.len());
            match completion.candidates.as_slice() {
                [] => {}
                [only] => return Looked::hint(format!("{}  {}", closed(&only.text), only.about)),
                several => {
                    let number = count(several.len() + completion.more, "", "");
                    let first = several.first().map_or("", |first| &first.text);
                    return Looked::hint(format!("{} names: {} …", number.trim(), closed(first)));
                }
            }
            // What begins with no name at all is wrong already.
            let ended = format!("{text}\"");
            let looked = self.look_at_ended(&ended);
            if let Some(looked) = looked {
                return looked;
            }
        }
        let message = mistake.message.split(", found").next().unwrap_or(&mistake.message);
        Looked::hint(message)
    }

    /// A line with its last string ended, where the only mistake is the name in it.
    fn look_at_ended(&self, text: &str) -> Option<Looked> {
        let source = Source::new("<line>", text);
        let Ok(Line::Expression(expr)) = parse::line_within(&source, self.limits()) else { return None };
        let mistakes = self.compile_expression(&source, &expr).err()?;
        let mistake = mistakes.first()?;
        let named = matches!(mistake.code, Code::UnknownName | Code::UnknownMachine | Code::UnknownTag);
        let hint = mistake.help.clone().filter(|_| named)?;
        let span = mistake.labels.first()?.span;
        Some(Looked { hint, wrong: vec![Span { end: span.end - 1, ..span }] })
    }

    /// A name at the end of the line that others begin with is not wrong, but not complete.
    fn beginning(&self, source: &Arc<Source>, mistakes: &[Diagnostic]) -> Option<Looked> {
        let [only] = mistakes else { return None };
        let end = source.text().len();
        let last = only.labels.first().filter(|label| label.span.range().end == end)?;
        if !matches!(only.code, Code::UnknownName | Code::UnknownField)
            || source.slice(last.span).ends_with('"')
        {
            return None;
        }
        let completion = self.complete(source.text(), end);
        let first = completion.candidates.first()?;
        let more = completion.candidates.len() - 1 + completion.more;
        let told = format!("{} {}", first.text, first.about);
        Some(Looked::hint(match more {
            0 => told,
            _ => format!("{told} … {} more", count(more, "", "").trim()),
        }))
    }
}

/// A type, cut where it is long.
fn shortened(ty: &str) -> String {
    match ty.char_indices().nth(LONGEST_TYPE) {
        Some((end, _)) => format!("{}…", ty.get(..end).unwrap_or("")),
        None => ty.to_owned(),
    }
}

/// The first mistake: its help where it has one, else what it says.
fn wrong(source: &Arc<Source>, mistakes: &[Diagnostic]) -> Looked {
    let hint = mistakes.first().map_or("", |first| first.help.as_deref().unwrap_or(&first.message));
    let first = |mistake: &Diagnostic| mistake.labels.first().cloned();
    let here = mistakes.iter().filter_map(first).filter(|label| Arc::ptr_eq(&label.source, source));
    Looked { hint: hint.to_owned(), wrong: here.map(|label| label.span).collect() }
}

/// A name without the quote that its candidate ends with.
fn closed(text: &str) -> &str {
    text.strip_suffix('"').unwrap_or(text)
}
