//! `invq explain`: kinds of mistakes.

use std::io::{self, Write};

use invq::diagnostic::{CODES, Code, CodeEntry, Example};
use invq::render::pages;
use invq::text::{did_you_mean, quoted};

use super::{print, wrong_usage};
use crate::console::Console;
use crate::exit::Outcome;

/// Prints one kind, or all of them.
pub(super) fn run(word: Option<&str>, console: &Console) -> Outcome {
    let Some(word) = word else { return print(console, list) };
    // As it stands in a message, brackets included.
    let word = word.trim_matches(['[', ']']);
    match Code::from_word(word).and_then(Code::entry) {
        Some(entry) => {
            let width = console.out.width.unwrap_or(100).min(100);
            print(console, |out| explain(entry, width, out))
        }
        None => {
            let near = did_you_mean(word, CODES.iter().map(|entry| entry.word));
            let help = near.unwrap_or_else(|| "`invq explain` lists all codes".to_owned());
            wrong_usage(console, format!("no kind of mistake is called {}", quoted(word)), help)
        }
    }
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    let width = CODES.iter().map(|entry| entry.word.len()).max().unwrap_or(0);
    for entry in CODES {
        writeln!(out, "{:width$}  {}", entry.word, entry.title)?;
    }
    Ok(())
}

fn explain(entry: &CodeEntry, width: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n", entry.word, entry.title)?;
    write_wrapped(entry.explanation, width, out)?;
    let what = match entry.example {
        Example::Query | Example::CommandLine => "",
        Example::Lasting => ", where it is interrupted",
        Example::Inventory | Example::Document => ", as an inventory",
        Example::Folder => ", in a folder with these files",
    };
    let shown = |example| {
        pages::example(entry, example).trim_end().replace('\n', "\n    ").replace("\n    \n", "\n\n")
    };
    writeln!(out, "\nWrong{what}:\n    {}\nRight:\n    {}", shown(entry.bad), shown(entry.good))
}

/// Writes a paragraph with lines of at most `width` columns.
pub(crate) fn write_wrapped(text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            writeln!(out)?;
            column = 0;
        }
        if column > 0 {
            write!(out, " ")?;
            column += 1;
        }
        write!(out, "{word}")?;
        column += length;
    }
    writeln!(out)
}
