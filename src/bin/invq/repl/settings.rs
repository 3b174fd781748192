//! `:set` and `:output`: what a session can be told about itself.

use invq::Limits;
use invq::diagnostic::{Code, Diagnostic};
use invq::engine::session::{Request, Room};
use invq::render::Format;
use invq::text::{Source, Span, did_you_mean, quoted};

use super::Repl;
use crate::args::{self, Query};
use crate::commands::print;
use crate::exit::Outcome;

/// What can be set.
pub(super) struct Settings {
    /// How answers are written.
    pub(super) output: Format,
    /// How much of an answer is shown.
    pub(super) room: Room,
    /// Whether there are hints, colours and underlines while typing.
    pub(super) hints: bool,
    /// Whether the keys are those of vi.
    pub(super) vi: bool,
    /// The program that `:browse` hands values to; nothing for the pager that is built in.
    pub(super) pager: Option<String>,
}

/// A setting: its name, how its value is written, what it is, how it is shown, how it is set.
struct Setting {
    name: &'static str,
    value: &'static str,
    summary: &'static str,
    show: fn(&Repl) -> String,
    set: fn(&mut Repl, &str) -> Result<(), String>,
}

/// The pager that is built in.
const BUILT_IN: &str = "built-in";

const SETTINGS: &[Setting] = &[
    Setting {
        name: "rows",
        value: "NUMBER",
        summary: "machines and rows of a table",
        show: |repl| repl.settings.room.rows.to_string(),
        set: |repl, value| number(value).map(|rows| repl.settings.room.rows = rows),
    },
    Setting {
        name: "items",
        value: "NUMBER",
        summary: "elements of each list and members of each set",
        show: |repl| repl.settings.room.items.to_string(),
        set: |repl, value| number(value).map(|items| repl.settings.room.items = items),
    },
    Setting {
        name: "depth",
        value: "NUMBER",
        summary: "how deep lists and sets are opened",
        show: |repl| repl.settings.room.depth.to_string(),
        set: |repl, value| number(value).map(|depth| repl.settings.room.depth = depth),
    },
    Setting {
        name: "hints",
        value: "on|off",
        summary: "hints, colours and underlines while typing",
        show: |repl| word(repl.settings.hints, "on", "off"),
        set: |repl, value| switch(value, "on", "off").map(|on| repl.settings.hints = on),
    },
    Setting {
        name: "keys",
        value: "emacs|vi",
        summary: "whose keys edit the line",
        show: |repl| word(repl.settings.vi, "vi", "emacs"),
        set: |repl, value| switch(value, "vi", "emacs").map(|vi| repl.settings.vi = vi),
    },
    Setting {
        name: "pager",
        value: "built-in|COMMAND",
        summary: "what `:browse` pages with: `less -S`, `$PAGER`",
        show: |repl| repl.settings.pager.clone().unwrap_or_else(|| BUILT_IN.to_owned()),
        set: |repl, value| {
            repl.settings.pager = (value != BUILT_IN).then(|| value.to_owned());
            Ok(())
        },
    },
    Setting {
        name: "steps",
        value: "NUMBER",
        summary: "evaluation steps at most",
        show: |repl| repl.session.limits().steps.to_string(),
        set: |repl, value| args::steps(value).map(|steps| repl.change_limits(|limits| limits.steps = steps)),
    },
    Setting {
        name: "memory",
        value: "BYTES",
        summary: "memory of values at most: 500M, 2G",
        show: |repl| repl.session.limits().memory.to_string(),
        set: |repl, value| {
            args::bytes(value).map(|memory| repl.change_limits(|limits| limits.memory = memory))
        },
    },
    Setting {
        name: "calls",
        value: "NUMBER",
        summary: "nested calls at most",
        show: |repl| repl.session.limits().depth.to_string(),
        set: |repl, value| args::calls(value).map(|depth| repl.change_limits(|limits| limits.depth = depth)),
    },
    Setting {
        name: "time",
        value: "DURATION|none",
        summary: "time of an evaluation at most: 100ms, 2s",
        show: |repl| repl.session.limits().time.map_or("none".to_owned(), |time| format!("{time:?}")),
        set: |repl, value| {
            let time = if value == "none" { None } else { Some(args::duration(value)?) };
            repl.change_limits(|limits| limits.time = time);
            Ok(())
        },
    },
];

/// The names of all settings, with how their values are written.
pub(super) fn names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SETTINGS.iter().map(|setting| (setting.name, setting.value, setting.summary))
}

/// The words that can be the value of a setting, besides numbers and texts of one's own.
pub(super) fn values(name: &str) -> impl Iterator<Item = &'static str> {
    let setting = SETTINGS.iter().find(|setting| setting.name == name);
    let values = setting.into_iter().flat_map(|setting| setting.value.split('|'));
    values.filter(|value| !value.contains(|letter: char| letter.is_ascii_uppercase()))
}

impl Settings {
    /// As the command line has them.
    pub(super) fn new(query: &Query) -> Settings {
        Settings {
            output: query.output,
            room: Room::default(),
            hints: !query.no_hint,
            vi: false,
            pager: None,
        }
    }
}

impl Repl<'_> {
    fn change_limits(&mut self, change: impl FnOnce(&mut Limits)) {
        let mut limits = self.session.limits().clone();
        change(&mut limits);
        self.session.set_limits(limits);
    }

    /// `:set`
    pub(super) fn set(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let text = request.text();
        if text.is_empty() {
            return Ok(print(&self.console(), |out| {
                SETTINGS.iter().try_for_each(|setting| {
                    writeln!(out, "  {:<8}{:<14}{}", setting.name, (setting.show)(self), setting.summary)
                })
            }));
        }
        let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let value = value.trim();
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let help = did_you_mean(name, SETTINGS.iter().map(|setting| setting.name));
            let mistake = Diagnostic::error(Code::Usage, format!("no setting is called {}", quoted(name)))
                .at(&request.argument, Span::new(0, name.len()), "not a setting")
                .help(help.unwrap_or_else(|| "`:set` lists the settings".to_owned()));
            return Err(vec![mistake]);
        };
        if value.is_empty() {
            return Ok(print(&self.console(), |out| writeln!(out, "{}", (setting.show)(self))));
        }
        (setting.set)(self, value).map_err(|reason| {
            let span = Span::new(text.len() - value.len(), text.len());
            let help = format!("write `:set {} {}`", setting.name, setting.value);
            vec![Diagnostic::error(Code::Usage, reason).at(&request.argument, span, "not that").help(help)]
        })?;
        Ok(Outcome::Answered)
    }

    /// `:output`
    pub(super) fn output(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let word = request.text();
        if word.is_empty() {
            let current = Format::ALL.iter().find(|(format, _, _)| *format == self.settings.output);
            let word = current.map_or("auto", |(_, word, _)| word);
            return Ok(print(&self.console(), |out| writeln!(out, "{word}")));
        }
        match Format::from_word(word) {
            Some(format) => {
                self.settings.output = format;
                Ok(Outcome::Answered)
            }
            None => {
                let words = Format::ALL.map(|(_, word, _)| word);
                let help = did_you_mean(word, words);
                Err(vec![unknown_format(&request.argument, help, &words)])
            }
        }
    }
}

fn unknown_format(argument: &std::sync::Arc<Source>, help: Option<String>, words: &[&str]) -> Diagnostic {
    let word = argument.text();
    Diagnostic::error(Code::Usage, format!("no output format is called {}", quoted(word)))
        .at(argument, Span::new(0, word.len()), "not a format")
        .help(help.unwrap_or_else(|| format!("the formats are {}", invq::text::list_and(words))))
}

fn number(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "expected a whole number of at least 1".to_owned())
}

fn switch(text: &str, yes: &str, no: &str) -> Result<bool, String> {
    match text {
        word if word == yes => Ok(true),
        word if word == no => Ok(false),
        _ => Err(format!("expected `{yes}` or `{no}`")),
    }
}

fn word(truth: bool, yes: &str, no: &str) -> String {
    if truth { yes } else { no }.to_owned()
}
