//! The commands of a session, one function each.

use std::time::Instant;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::session::{COMMANDS, Command, CommandEntry, Group, Outcome as Entered, Request, Takes};
use invq::render;
use invq::text::{Source, SourceMap, Span, count, did_you_mean, quoted};

use super::answers::dimmed;
use super::{Next, Repl, settings};
use crate::commands::explain::write_wrapped;
use crate::commands::why::{self, About};
use crate::commands::{doc, print};
use crate::exit::Outcome;

impl Repl<'_> {
    /// Carries a command out.
    pub(super) fn command(&mut self, request: &Request) -> Result<Next, Vec<Diagnostic>> {
        let outcome = match request.command {
            Command::Type => self.type_of(request),
            Command::Doc => self.doc(request),
            Command::Why => self.why(request),
            Command::Browse => self.browse(request),
            Command::Time => self.time(request),
            Command::Let => self.definitions(request),
            Command::Load => self.load(request),
            Command::Save => self.save(request),
            Command::Edit => return self.edit(request),
            Command::Undo => self.undo(request),
            Command::Inventory => self.inventory(request),
            Command::Reload => self.reload(),
            Command::Watch => self.watch(request),
            Command::Output => self.output(request),
            Command::Set => self.set(request),
            Command::History => Ok(self.history(request)),
            Command::Tour => self.tour(request),
            Command::Help => self.help(request),
            Command::Quit => return Ok(Next::Leave),
        };
        outcome.map(Next::Line)
    }

    /// `:type`
    fn type_of(&self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let query = self.session.compile(&request.argument)?;
        Ok(print(&self.console(), |out| writeln!(out, "{}", query.type_text())))
    }

    /// `:doc`
    fn doc(&self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let console = self.console();
        let name = request.text();
        if name.is_empty() {
            return Ok(doc::run(None, &console));
        }
        if let Some(page) = self.own_page(name) {
            return Ok(print(&console, |out| out.write_all(page.as_bytes())));
        }
        let page = doc::answer(name, console.out.width.unwrap_or(100)).map_err(|unknown| {
            vec![unknown.at(&request.argument, Span::new(0, name.len()), "not a name that is known")]
        })?;
        Ok(print(&console, |out| out.write_all(&page)))
    }

    /// What a name of the session or of its inventory is.
    fn own_page(&self, name: &str) -> Option<String> {
        let definitions = self.session.definitions();
        if let Some((name, ty, text)) = definitions.iter().find(|(known, _, _)| known == name) {
            let ty = render::visible(ty, &[]);
            return Some(format!("{name} : {ty}\n\n    {}\n", text.replace('\n', "\n    ")));
        }
        if name == "it"
            && let Some(ty) = self.session.defined(name)
        {
            return Some(format!("it : {ty}\n\nthe last answer\n"));
        }
        let model = self.session.inventory().model();
        let word = name.strip_prefix("filters.").unwrap_or(name);
        let filter = model.filters.iter().find(|filter| *filter.name == *word)?;
        Some(format!("filters.{} : Filter\n\na filter of the inventory\n", filter.name))
    }

    /// `:why`
    fn why(&self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let text = request.text();
        let (name, rest) = match text.strip_prefix('"').and_then(|inside| inside.split_once('"')) {
            Some((name, _)) => (Span::new(1, 1 + name.len()), name.len() + 2),
            None => {
                let end = text.find(char::is_whitespace).unwrap_or(text.len());
                (Span::new(0, end), end)
            }
        };
        let part = |span: Span| {
            let map = SourceMap::verbatim(span.range().start);
            Source::embedded(&request.argument, request.argument.slice(span), map)
        };
        let about = text.get(rest..).unwrap_or("").trim_start();
        let about = (!about.is_empty()).then(|| {
            let source = part(Span::new(text.len() - about.len(), text.len()));
            // A name of one's own goes before a service of that name.
            if self.session.defined(about).is_some() { About::Filter(source) } else { About::Word(source) }
        });
        let compile = |source: &std::sync::Arc<Source>| self.session.compile(source);
        let answers = why::answers(self.session.inventory(), &part(name), about.as_ref(), &compile)?;
        let written = print(&self.console(), |out| {
            let mut lines = answers.iter().flat_map(|answer| &answer.lines);
            lines.try_for_each(|line| writeln!(out, "{}", render::visible(line, &[])))
        });
        let unknown: Vec<Diagnostic> = answers.into_iter().flat_map(|answer| answer.unknown).collect();
        if unknown.is_empty() { Ok(written) } else { Err(unknown) }
    }

    /// `:time`
    fn time(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let started = Instant::now();
        let entered = self.session_enter(&request.argument, self.wish())?;
        let elapsed = started.elapsed();
        let asked = !matches!(entered, Entered::Command(_) | Entered::Nothing);
        let outcome = match entered {
            Entered::Command(inner) => {
                return Err(vec![expected_expression(&inner, request)]);
            }
            other => self.show(other)?,
        };
        if outcome != Outcome::Answered || !asked {
            return Ok(outcome);
        }
        let used = self.session.used();
        let steps = count(usize::try_from(used.steps).unwrap_or(usize::MAX), "step", "steps");
        let line = format!("{} · {steps} · {}", duration(elapsed), bytes(used.memory));
        Ok(print(&self.console(), |out| writeln!(out, "{}", dimmed(&line, self.style()))))
    }

    /// `:let`
    fn definitions(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        if !request.text().is_empty() {
            let entered = self.session_enter(&request.argument, self.wish())?;
            return match entered {
                Entered::Command(inner) => Err(vec![expected_expression(&inner, request)]),
                other => self.show(other),
            };
        }
        let definitions = self.session.definitions();
        Ok(print(&self.console(), |out| {
            let width = definitions.iter().map(|(name, _, _)| name.chars().count()).max().unwrap_or(0);
            definitions
                .iter()
                .try_for_each(|(name, ty, _)| writeln!(out, "  {name:width$} : {}", render::visible(ty, &[])))
        }))
    }

    /// `:undo`
    fn undo(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let Some(changed) = self.session.undo() else {
            let mistake = Diagnostic::error(Code::Usage, "there is nothing to undo");
            let end = request.argument.locate(Span::new(0, 0)).0.text().len();
            let line = request.argument.locate(Span::new(0, 0)).0;
            return Err(vec![mistake.at(&line, Span::new(0, end), "nothing was defined or asked")]);
        };
        if !self.on_terminal {
            return Ok(Outcome::Answered);
        }
        Ok(print(&self.console(), |out| {
            changed.iter().try_for_each(|name| {
                let now = match self.session.defined(name) {
                    Some(ty) => format!("{name} : {ty}"),
                    None => format!("{name} is not defined any more"),
                };
                writeln!(out, "{}", dimmed(&now, self.style()))
            })
        }))
    }

    /// `:history`
    fn history(&self, request: &Request) -> Outcome {
        let words: Vec<&str> = request.text().split_whitespace().collect();
        let all = self.typed.iter().enumerate();
        let found = all.filter(|(_, line)| words.iter().all(|word| line.contains(word)));
        print(&self.console(), |out| {
            for (number, line) in found {
                let line = render::visible(line, &['\n']).replace('\n', "\n        ");
                writeln!(out, "{:>6}  {line}", number + 1)?;
            }
            Ok(())
        })
    }

    /// `:help`
    fn help(&self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let word = request.text();
        let console = self.console();
        if word.is_empty() {
            return Ok(print(&console, |out| {
                for group in Group::ALL {
                    writeln!(out, "{}", group.title())?;
                    for entry in COMMANDS.iter().filter(|entry| entry.group == group) {
                        writeln!(out, "  {:<30}{}", usage(entry), entry.summary)?;
                    }
                }
                writeln!(
                    out,
                    "\nEverything else is an expression, whose answer is then called `it`, or `NAME = EXPR`.\n\
                     `:help COMMAND` tells more, `:doc` lists what can be used in expressions."
                )
            }));
        }
        let bare = word.trim_start_matches(':');
        let entry = COMMANDS.iter().find(|entry| entry.word == bare || entry.short.contains(&bare));
        let Some(entry) = entry else {
            let near = did_you_mean(bare, COMMANDS.iter().map(|entry| entry.word));
            let is_documented = invq::builtins::ALL.iter().any(|builtin| builtin.name == bare);
            let help = match is_documented {
                true => format!("write `:doc {bare}`"),
                false => near.unwrap_or_else(|| "`:help` lists the commands, `:doc` the names".to_owned()),
            };
            let mistake = Diagnostic::error(
                Code::Usage,
                format!("no command is called {}", quoted(&format!(":{bare}"))),
            )
            .at(&request.argument, Span::new(0, word.len()), "not a command")
            .help(help);
            return Err(vec![mistake]);
        };
        let width = console.out.width.unwrap_or(100).min(100);
        Ok(print(&console, |out| {
            writeln!(out, "{}\n", usage(entry))?;
            write_wrapped(entry.summary, width, out)?;
            if !entry.help.is_empty() {
                writeln!(out)?;
                write_wrapped(entry.help, width, out)?;
            }
            if entry.takes == Takes::Setting {
                writeln!(out)?;
                for (name, value, summary) in settings::names() {
                    writeln!(out, "  {:<24}{summary}", format!("{name} {value}"))?;
                }
            }
            if !entry.short.is_empty() {
                let short: Vec<String> = entry.short.iter().map(|word| format!(":{word}")).collect();
                writeln!(out, "\nalso {}", short.join(", "))?;
            }
            Ok(())
        }))
    }
}

/// A command and its argument as they are written.
pub(super) fn usage(entry: &CommandEntry) -> String {
    format!(":{} {}", entry.word, entry.argument).trim_end().to_owned()
}

fn expected_expression(inner: &Request, outer: &Request) -> Diagnostic {
    let word = outer.command.entry().map_or("", |entry| entry.word);
    let found = inner.command.entry().map_or("", |entry| entry.word);
    let whole = Span::new(0, outer.text().len());
    Diagnostic::error(Code::Usage, format!("expected an expression behind `:{word}`, found a command"))
        .at(&outer.argument, whole, "a command")
        .help(format!("write `:{found}` by itself"))
}

/// `12 µs`, `3.4 ms`, `1.25 s`
fn duration(elapsed: std::time::Duration) -> String {
    match elapsed.as_micros() {
        micros @ 0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{:.1} ms", elapsed.as_secs_f64() * 1e3),
        _ => format!("{:.2} s", elapsed.as_secs_f64()),
    }
}

/// `340 bytes`, `1.2 MiB`
fn bytes(number: usize) -> String {
    let mut size = number as f64;
    let mut unit = 0;
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    while size >= 1024.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    match unit {
        0 => count(number, "byte", "bytes"),
        _ => format!("{size:.1} {}", units.get(unit).unwrap_or(&"")),
    }
}
