//! `:browse`: a whole value, page by page.

mod outline;
mod pager;

use std::io::{self, Write};
use std::process::{Command as Process, Stdio};

use crossterm::event::{self, Event, KeyEventKind};
use crossterm::terminal::{self, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute};
use invq::Answer;
use invq::diagnostic::{Code, Diagnostic};
use invq::engine::reason;
use invq::engine::session::{Outcome as Entered, Request, Wish};
use invq::render::{Content, Format, Layout, Options, OutputError, write_answer};
use invq::text::quoted;
use invq::types::{Named, Type};

use self::pager::Pager;
use super::Repl;
use crate::exit::Outcome;

/// What is paged through.
enum Paged {
    /// Lines of a table, of which the first one stays.
    Lines(Vec<String>),
    /// A value whose parts open and close.
    Data(serde_json::Value),
}

impl Repl<'_> {
    /// `:browse`
    pub(super) fn browse(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let source = match request.text() {
            "" => self.session.line("it"),
            _ => std::sync::Arc::clone(&request.argument),
        };
        let entered = self.session_enter(&source, Wish::Whole)?;
        let Entered::Answer(answer) = entered else { return self.show(entered) };
        if !self.on_terminal || super::is_dumb() {
            return self.show(Entered::Answer(answer));
        }
        let paged = self.paged(*answer)?;
        let shown = match &self.settings.pager {
            Some(command) => self.page_with(command, &paged),
            None => {
                let title = if request.text().is_empty() { "it" } else { request.text() };
                page(&paged, title, self.style().colour)
            }
        };
        match shown {
            Ok(()) => Ok(Outcome::Answered),
            Err(error) => {
                let message = format!("the value cannot be paged through: {}", reason(&error));
                Err(vec![
                    Diagnostic::error(Code::Io, message).help("`:output json` writes all of each answer"),
                ])
            }
        }
    }

    fn paged(&self, answer: Answer) -> Result<Paged, Vec<Diagnostic>> {
        let inventory = self.session.inventory();
        let ty = answer.ty().clone();
        let is_machine = ty == Type::Named(Named::Machine);
        let options = Options { terminal: true, ..Options::default() };
        let table = Layout::new(Format::Table, &ty, &options);
        if let (Some(nodes), false) = (answer.nodes(), is_machine) {
            return lines(&Content::Nodes(inventory, nodes), &ty, table, &options).map(Paged::Lines);
        }
        let data = answer.into_data(inventory).map_err(|mistake| vec![mistake])?;
        let is_rows =
            matches!(&ty, Type::List(element) if matches!(**element, Type::Record(_) | Type::Named(_)));
        if is_rows && data.as_array().is_some_and(|rows| !rows.is_empty()) {
            return lines(&Content::Data(&data), &ty, table, &options).map(Paged::Lines);
        }
        Ok(Paged::Data(data))
    }

    /// Hands a value to a program.
    fn page_with(&self, command: &str, paged: &Paged) -> io::Result<()> {
        let mut child = Process::new("sh").args(["-c", command]).stdin(Stdio::piped()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            let written = match paged {
                Paged::Lines(lines) => lines.iter().try_for_each(|line| writeln!(input, "{line}")),
                Paged::Data(data) => serde_json::to_writer_pretty(&mut input, data).map_err(io::Error::from),
            };
            // A pager that is left early reads no more.
            if let Err(error) = written
                && error.kind() != io::ErrorKind::BrokenPipe
            {
                return Err(error);
            }
        }
        match child.wait()? {
            status if status.code() == Some(127) => {
                Err(io::Error::other(format!("there is no program {}", quoted(command))))
            }
            _ => Ok(()),
        }
    }
}

/// A table's lines, without its count.
fn lines(
    content: &Content,
    ty: &Type,
    layout: Layout,
    options: &Options,
) -> Result<Vec<String>, Vec<Diagnostic>> {
    let mut text = Vec::new();
    match write_answer(content, ty, layout, options, &mut text) {
        Ok(()) => {}
        Err(OutputError::Refused(refused)) => return Err(vec![*refused]),
        Err(OutputError::Io(error)) => return Err(vec![Diagnostic::error(Code::Io, reason(&error))]),
    }
    let mut lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
    lines.pop();
    Ok(lines)
}

/// Shows a value on the whole screen until it is left.
fn page(paged: &Paged, title: &str, colour: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    terminal::enable_raw_mode()?;
    let result =
        execute!(out, EnterAlternateScreen, cursor::Hide).and_then(|()| run(paged, title, colour, &mut out));
    // In any case, so that the session goes on on a screen as it was.
    let left = execute!(out, cursor::Show, LeaveAlternateScreen);
    terminal::disable_raw_mode()?;
    result.and(left)
}

fn run(paged: &Paged, title: &str, colour: bool, out: &mut impl Write) -> io::Result<()> {
    let mut pager = Pager::new(paged, title);
    loop {
        let (columns, rows) = terminal::size()?;
        pager.resize(usize::from(rows), usize::from(columns));
        draw(&pager, colour, out)?;
        loop {
            match event::read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    if pager.key(key) {
                        return Ok(());
                    }
                    break;
                }
                Event::Resize(..) => break,
                _ => {}
            }
        }
    }
}

fn draw(pager: &Pager, colour: bool, out: &mut impl Write) -> io::Result<()> {
    let mut text = String::from("\x1b[H");
    for (line, marked) in pager.lines() {
        match (marked, colour) {
            (true, _) => text.push_str(&format!("\x1b[7m{line}\x1b[0m")),
            (false, _) => text.push_str(&line),
        }
        text.push_str("\x1b[K\r\n");
    }
    let (start, end) = if colour { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
    text.push_str(&format!("{start}{}{end}\x1b[K", pager.status()));
    out.write_all(text.as_bytes())?;
    out.flush()
}
