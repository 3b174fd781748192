//! What the line editor asks while a line is typed: completion, hint, colours, and whether the line is
//! whole.
//!
//! The session answers; here its answers become what the editor takes. A line is looked at once for its
//! hint and its underlined places.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs;
use std::ops::Range;
use std::path::Path;

use invq::Session;
use invq::engine::session::{Candidate, Completion, Looked, is_incomplete};
use invq::render::{Format, visible};
use invq::syntax::lex::{Lexeme, LexemeKind, lexemes};
use invq::text::count;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context};

use super::{Repl, files, is_dumb, settings};

/// Longer lines have no colours: all of the line is written again at each key.
const LONGEST: usize = 8 * 1024;

/// How much of a candidate is shown.
const WIDEST: usize = 72;

const RESET: &str = "\x1b[0m";
const DIM: &str = "\x1b[2m";
const UNDERLINED: &str = "\x1b[4;31m";
const MATCHING: &str = "\x1b[1;7m";

/// Answers the line editor's questions.
pub(super) struct LineHelper {
    /// The session as it was when the line was begun.
    session: Session,
    /// Whether there are hints and underlines.
    hints: bool,
    /// Whether there are colours.
    colour: bool,
    /// Columns of the terminal.
    width: usize,
    looked: RefCell<(String, Looked)>,
}

/// A hint: shown behind the line, and never typed.
pub(super) struct LineHint(String);

impl Hint for LineHint {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl LineHelper {
    pub(super) fn new(repl: &Repl) -> LineHelper {
        let out = repl.console().out;
        LineHelper {
            session: repl.session.snapshot(),
            hints: repl.settings.hints && !is_dumb(),
            colour: repl.settings.hints && out.colour,
            width: out.width.unwrap_or(80),
            looked: RefCell::default(),
        }
    }

    /// What the session has to say about a line, asked once for each.
    fn look(&self, line: &str) -> Looked {
        if !self.hints {
            return Looked::default();
        }
        let mut looked = self.looked.borrow_mut();
        if looked.0 != line {
            *looked = (line.to_owned(), self.session.look(line));
        }
        looked.1.clone()
    }

    /// Adds the candidates that the session does not know.
    fn add_own(&self, line: &str, at: usize, completion: &mut Completion) {
        let typed = line.get(completion.start..at).unwrap_or("");
        if completion.files {
            completion.candidates = file_names(typed);
            return;
        }
        let Some(command) = line.trim_start().strip_prefix(':') else { return };
        let word = command.split_whitespace().next().unwrap_or("");
        let known: Vec<(&str, String)> = match (word, typed.split_once(char::is_whitespace)) {
            ("output" | "o", _) => {
                Format::ALL.iter().map(|(_, word, about)| (*word, (*about).to_owned())).collect()
            }
            ("set" | "s", None) => {
                settings::names().map(|(name, value, about)| (name, format!("{value}, {about}"))).collect()
            }
            ("set" | "s", Some((name, value))) => {
                completion.start = at - value.trim_start().len();
                settings::values(name).map(|value| (value, String::new())).collect()
            }
            _ => Vec::new(),
        };
        let typed = line.get(completion.start..at).unwrap_or("");
        let found = known.into_iter().filter(|(word, _)| word.starts_with(typed));
        completion.candidates =
            found.map(|(word, about)| Candidate { text: word.to_owned(), about }).collect();
    }
}

impl rustyline::Helper for LineHelper {}

impl Completer for LineHelper {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let mut completion = self.session.complete(line, at);
        if completion.candidates.is_empty() {
            self.add_own(line, at, &mut completion);
        }
        let width = completion.candidates.iter().map(|one| columns(&one.text)).max().unwrap_or(0);
        let most = self.width.saturating_sub(4).min(WIDEST.max(width));
        let several = completion.candidates.len() > 1;
        let mut pairs: Vec<Pair> = completion
            .candidates
            .iter()
            .map(|one| {
                let shown = visible(&one.text, &[]);
                let pad = " ".repeat(width.saturating_sub(columns(&shown)));
                let display = format!("{shown}{pad}  {}", visible(&one.about, &[]));
                let display = clipped(display.trim_end(), most);
                Pair { display, replacement: one.text.clone() }
            })
            .collect();
        if completion.more > 0 && several {
            // The editor fills in what all candidates begin with: this one stands for those that are not shown.
            let display = format!("… {} more", count(completion.more, "", "").trim());
            pairs.push(Pair { display, replacement: completion.common });
        }
        Ok((completion.start, pairs))
    }
}

impl Hinter for LineHelper {
    type Hint = LineHint;

    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<LineHint> {
        if at < line.len() && !line.get(at..)?.trim().is_empty() {
            return None;
        }
        let hint = self.look(line).hint;
        if hint.is_empty() {
            return None;
        }
        // A hint that would not fit is cut, so that it never moves the line.
        let last = line.rsplit('\n').next().unwrap_or(line);
        let taken =
            columns(last) + if last.len() == line.len() { super::interactive::PROMPT.len() } else { 0 };
        let room = self.width.saturating_sub(taken % self.width.max(1) + 5);
        (room >= 8).then(|| LineHint(format!("   {}", clipped(&visible(&hint, &[]), room))))
    }
}

impl Validator for LineHelper {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        // An empty line ends what is not complete, so that nobody is caught in it.
        let text = context.input();
        if !text.ends_with('\n') && is_incomplete(text, self.session.limits()) {
            return Ok(ValidationResult::Incomplete);
        }
        Ok(ValidationResult::Valid(None))
    }
}

impl Highlighter for LineHelper {
    fn highlight<'l>(&self, line: &'l str, at: usize) -> Cow<'l, str> {
        if !self.colour || line.len() > LONGEST {
            return Cow::Borrowed(line);
        }
        let wrong = self.look(line).wrong;
        Cow::Owned(painted(line, at, &wrong.iter().map(|span| span.range()).collect::<Vec<_>>()))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("{DIM}{hint}{RESET}")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, default: bool) -> Cow<'b, str> {
        if self.colour && default {
            Cow::Owned(format!("\x1b[1m{prompt}{RESET}"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        match candidate.find("  ") {
            Some(end) if self.colour => {
                let (name, about) = candidate.split_at_checked(end).unwrap_or((candidate, ""));
                Cow::Owned(format!("{name}{DIM}{about}{RESET}"))
            }
            _ => Cow::Borrowed(candidate),
        }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

/// A line in colours, with wrong places underlined and the bracket at the cursor and its other half marked.
fn painted(line: &str, at: usize, wrong: &[Range<usize>]) -> String {
    let start = if line.trim_start().starts_with(':') {
        let word = line.trim_start().find(char::is_whitespace).unwrap_or(line.trim_start().len());
        line.len() - line.trim_start().len() + word
    } else {
        0
    };
    let code = line.get(start..).unwrap_or("");
    let found = lexemes(code);
    let matching = matching(code, &found, at.wrapping_sub(start));
    let mut text = line.get(..start).unwrap_or("").to_owned();
    for lexeme in &found {
        let range = lexeme.span.range();
        let piece = code.get(range.clone()).unwrap_or("");
        let here = range.start + start..range.end + start;
        let marked = matching.is_some_and(|pair| pair.contains(&range.start));
        let colour = if marked { MATCHING } else { colour(lexeme.kind, piece) };
        let cuts = wrong.iter().filter(|wrong| wrong.start < here.end && here.start < wrong.end);
        match cuts.min_by_key(|wrong| wrong.start) {
            Some(wrong) => {
                // Only a part of a lexeme may be wrong: one name in a string with interpolations.
                let from = wrong.start.max(here.start) - here.start;
                let to = wrong.end.min(here.end) - here.start;
                for (part, colour) in [(0..from, colour), (from..to, UNDERLINED), (to..piece.len(), colour)] {
                    paint(piece.get(part).unwrap_or(""), colour, &mut text);
                }
            }
            None => paint(piece, colour, &mut text),
        }
    }
    text
}

fn paint(piece: &str, colour: &str, out: &mut String) {
    if piece.is_empty() {
    } else if colour.is_empty() {
        out.push_str(piece);
    } else {
        out.push_str(colour);
        out.push_str(piece);
        out.push_str(RESET);
    }
}

fn colour(kind: LexemeKind, piece: &str) -> &'static str {
    match kind {
        LexemeKind::Comment => DIM,
        LexemeKind::Keyword => "\x1b[35m",
        LexemeKind::Number => "\x1b[36m",
        LexemeKind::String => "\x1b[32m",
        LexemeKind::Interpolation => "\x1b[33m",
        LexemeKind::Path => "\x1b[32m",
        LexemeKind::Identifier if matches!(piece, "true" | "false" | "null") => "\x1b[36m",
        LexemeKind::Identifier if invq::builtins::find("nix", piece).is_some() => "\x1b[34m",
        LexemeKind::Identifier if invq::builtins::find("bare", piece).is_some() => "\x1b[34m",
        LexemeKind::Junk => "\x1b[31m",
        LexemeKind::Identifier | LexemeKind::Operator | LexemeKind::Bracket | LexemeKind::Space => "",
    }
}

/// The places of the bracket at or before the cursor and of its other half.
fn matching(code: &str, found: &[Lexeme], at: usize) -> Option<[usize; 2]> {
    let is_bracket = |lexeme: &&Lexeme| {
        lexeme.kind == LexemeKind::Bracket
            || lexeme.kind == LexemeKind::Interpolation && code.get(lexeme.span.range()) == Some("}")
    };
    let start = |lexeme: &Lexeme| lexeme.span.range().start;
    let asked = [Some(at), at.checked_sub(1)];
    let asked = asked
        .into_iter()
        .flatten()
        .find(|at| found.iter().filter(is_bracket).any(|one| start(one) == *at))?;
    let mut open: Vec<(usize, &str)> = Vec::new();
    for lexeme in
        found.iter().filter(|lexeme| matches!(lexeme.kind, LexemeKind::Bracket | LexemeKind::Interpolation))
    {
        let word = code.get(lexeme.span.range()).unwrap_or("");
        if matches!(word, "(" | "[" | "{" | "${") {
            open.push((start(lexeme), word));
            continue;
        }
        let (place, opener) = open.pop()?;
        let fits = matches!((opener, word), ("(", ")") | ("[", "]") | ("{" | "${", "}"));
        if fits && (place == asked || start(lexeme) == asked) {
            return Some([place, start(lexeme)]);
        }
    }
    None
}

/// The columns that a text takes; near enough to cut it.
fn columns(text: &str) -> usize {
    text.chars().map(|character| if character < '\u{1100}' { 1 } else { 2 }).sum()
}

/// A text of at most so many columns.
fn clipped(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut width = 0;
    let mut shown: String = text
        .chars()
        .take_while(|character| {
            width += if *character < '\u{1100}' { 1 } else { 2 };
            width < most
        })
        .collect();
    shown.push('…');
    shown
}

/// Files that begin with what is typed; folders end with a slash.
fn file_names(typed: &str) -> Vec<Candidate> {
    let (folder, prefix) = match typed.rfind('/') {
        Some(at) => typed.split_at_checked(at + 1).unwrap_or(("", typed)),
        None => ("", typed),
    };
    let place = if folder.is_empty() { Path::new(".").to_path_buf() } else { files::path(folder) };
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut found: Vec<Candidate> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_folder = entry.path().is_dir();
            let wanted = name.starts_with(prefix) && (prefix.starts_with('.') || !name.starts_with('.'));
            wanted.then(|| Candidate {
                text: format!("{folder}{name}{}", if is_folder { "/" } else { "" }),
                about: String::new(),
            })
        })
        .collect();
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracket_at_the_cursor_has_its_other_half_marked() {
        let pair = |code: &str, at: usize| matching(code, &lexemes(code), at);
        assert_eq!(pair("f (a [b])", 9), Some([2, 8]));
        assert_eq!(pair("f (a [b])", 2), Some([2, 8]));
        assert_eq!(pair("f (a [b])", 7), Some([5, 7]));
        assert_eq!(pair("\"${a}\"", 5), Some([1, 4]));
        assert_eq!(pair("f (a", 2), None);
        assert_eq!(pair("(]", 0), None);
        assert_eq!(pair("\"(\"", 1), None);
    }

    #[test]
    fn wrong_places_are_underlined() {
        let text = painted("tag \"bakcup\"", 0, std::slice::from_ref(&(4..12)));
        assert_eq!(text, format!("tag {UNDERLINED}\"bakcup\"{RESET}").replace("tag", &paint_of("tag")));
        assert_eq!(painted(":type 1", 7, &[]), format!(":type {}", paint_of("1")));
    }

    fn paint_of(word: &str) -> String {
        let kind = lexemes(word).first().map_or(LexemeKind::Space, |lexeme| lexeme.kind);
        let mut text = String::new();
        paint(word, colour(kind, word), &mut text);
        text
    }

    #[test]
    fn texts_are_cut_by_columns() {
        assert_eq!(clipped("abcdef", 4), "abc…");
        assert_eq!(clipped("日本語", 4), "日…");
        assert_eq!(clipped("abc", 3), "abc");
    }
}
