//! The process's streams: what each can show, and how mistakes get there.

use std::borrow::Cow;
use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use invq::diagnostic::{Code, Diagnostic, Severity};
use invq::render::{self, Style};

use crate::interrupt;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// Where the stream is a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How mistakes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// Reports that show the text
    #[default]
    Human,
    /// A JSON object per line
    Json,
    /// `file:line:column: severity[code]: message`
    Short,
}

/// How `invq check` writes what it finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Reports that show the text
    #[default]
    Human,
    /// A JSON object per line
    Json,
    /// `file:line:column: severity[code]: message`
    Short,
    /// One SARIF 2.1.0 document, for CI systems and editors
    Sarif,
}

impl From<ErrorFormat> for ReportFormat {
    fn from(format: ErrorFormat) -> ReportFormat {
        match format {
            ErrorFormat::Human => ReportFormat::Human,
            ErrorFormat::Json => ReportFormat::Json,
            ErrorFormat::Short => ReportFormat::Short,
        }
    }
}

impl ErrorFormat {
    /// The format that arguments ask for, also where they are wrong in other ways.
    pub(crate) fn wished(arguments: &[OsString]) -> ErrorFormat {
        const OPTION: &str = "--error-format";
        let words: Vec<Cow<'_, str>> = arguments
            .iter()
            .skip(1)
            .map(|argument| argument.to_string_lossy())
            .take_while(|word| word != "--")
            .collect();
        let joined = words.iter().filter_map(|word| word.strip_prefix(OPTION)?.strip_prefix('='));
        let apart = words.windows(2).filter_map(|pair| match pair {
            [option, value] if option == OPTION => Some(&**value),
            _ => None,
        });
        joined.chain(apart).find_map(|value| ErrorFormat::from_str(value, false).ok()).unwrap_or_default()
    }
}

/// What a stream can show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    /// Whether it is a terminal.
    pub(crate) terminal: bool,
    /// Whether colours may be used.
    pub(crate) colour: bool,
    /// The terminal's width.
    pub(crate) width: Option<usize>,
}

/// Both output streams; each is judged on its own.
pub(crate) struct Console {
    /// Standard output.
    pub(crate) out: Stream,
    /// Standard error.
    pub(crate) err: Stream,
    error_format: ErrorFormat,
}

impl Console {
    /// What there is, with the wishes of the command line and the environment.
    pub(crate) fn new(colour: Colour, error_format: ErrorFormat) -> Console {
        let stream = |terminal: bool, size: Option<(terminal_size::Width, terminal_size::Height)>| Stream {
            terminal,
            colour: wants_colour(colour, terminal),
            width: if terminal { size.map(|(width, _)| usize::from(width.0)) } else { None },
        };
        let (out, err) = (io::stdout(), io::stderr());
        Console {
            out: stream(out.is_terminal(), terminal_size::terminal_size_of(&out)),
            err: stream(err.is_terminal(), terminal_size::terminal_size_of(&err)),
            error_format,
        }
    }

    /// Writes mistakes to standard error.
    pub(crate) fn report(&self, diagnostics: &[Diagnostic]) {
        if diagnostics.iter().any(|diagnostic| diagnostic.code == Code::Interrupted) {
            interrupt::told();
        }
        // Nobody is left to be told where standard error is closed.
        let _ = write(diagnostics, self.error_format, render::REPORTS, self.err, &mut io::stderr().lock());
    }

    /// Writes something that is no mistake of this run to standard error, on one line.
    pub(crate) fn note(&self, diagnostic: &Diagnostic) {
        let mut err = io::stderr().lock();
        let _ = match self.error_format {
            ErrorFormat::Human => {
                let (start, end) = if self.err.colour { ("\x1b[33m", "\x1b[0m") } else { ("", "") };
                let word = match diagnostic.severity {
                    Severity::Warning => "Warning",
                    Severity::Error => "Error",
                    Severity::Hint => "Hint",
                };
                let help = diagnostic.help.as_deref().map_or(String::new(), |help| format!("; {help}"));
                let line = format!("{}{help}", diagnostic.message);
                writeln!(err, "{start}{word}:{end} {}", render::visible(&line, &[]))
            }
            ErrorFormat::Json => render::write_json(std::slice::from_ref(diagnostic), &mut err),
            ErrorFormat::Short => render::write_short(std::slice::from_ref(diagnostic), &mut err),
        };
    }
}

/// Writes mistakes to a stream.
pub(crate) fn write(
    diagnostics: &[Diagnostic],
    format: ErrorFormat,
    most: usize,
    stream: Stream,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ErrorFormat::Human => {
            let style = Style { colour: stream.colour, width: stream.width };
            render::write_reports(diagnostics, most, style, out)
        }
        ErrorFormat::Json => render::write_json(diagnostics, out),
        ErrorFormat::Short => render::write_short(diagnostics, out),
    }
}

/// The option first, then `NO_COLOR`, then `CLICOLOR_FORCE`, then what the stream is.
fn wants_colour(colour: Colour, terminal: bool) -> bool {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if set("NO_COLOR").is_some() => false,
        Colour::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Colour::Auto => terminal && set("TERM").is_none_or(|value| value != "dumb"),
    }
}
