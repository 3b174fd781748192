//! The layout of strings: their text stays, and the lines of a `''` string move with what is around them.

use crate::syntax::format::doc::Doc;
use crate::syntax::lex::LexemeKind;

use super::layout::{Hug, Layout, Piece};

/// A part of a string as written.
enum Part<'t> {
    /// Text, quotes included.
    Text(&'t str),
    /// `${e}`
    Interpolation(Doc),
}

/// A line of a `''` string.
#[derive(Default)]
struct Line {
    /// Spaces at its beginning.
    spaces: usize,
    /// What follows them.
    rest: Vec<Doc>,
}

impl<'t> Layout<'t> {
    /// `"a ${b}"` or `''…''`
    pub(super) fn string(&mut self) -> Piece {
        let (before, opened, mut after) = self.take_parts();
        let is_indented = opened.starts_with("''");
        let mut parts = vec![Part::Text(opened)];
        let mut is_simple = true;
        while self.text_at(0) == "${" && self.is_glued() {
            let inner = self.interpolation();
            is_simple &= inner.is_simple;
            parts.push(Part::Interpolation(inner.doc));
            if self.kind_at(0) == LexemeKind::String {
                let (_, text, end) = self.take_parts();
                parts.push(Part::Text(text));
                after = end;
            }
        }
        let has_lines = parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('\n')));
        let doc = match if is_indented { lines(&parts) } else { None } {
            Some(common) => indented(parts, common),
            None => Doc::concat(parts.into_iter().map(verbatim).collect()),
        };
        let hug = if has_lines { Hug::Brackets } else { Hug::None };
        Piece::new(Doc::concat(vec![before, doc, after]), hug, is_simple && !has_lines)
    }

    /// `${e}`: as written if it is on one line.
    pub(super) fn interpolation(&mut self) -> Piece {
        let start = self.offset();
        let (before, opened, behind_opener) = self.take_parts();
        let is_behind_comment = self.is_behind_comment();
        let inner = self.expression(false);
        let end = self.offset();
        let comments = self.closing_comments();
        let (_, closed, after) = self.take_parts();
        let written = self.text.get(start..end).unwrap_or("");
        let doc = if !written.contains('\n') {
            Doc::text(format!("{written}{closed}"))
        } else if matches!(inner.hug, Hug::Brackets | Hug::Function)
            && !is_behind_comment
            && comments.is_none()
        {
            Doc::concat(vec![Doc::text(opened), inner.doc, Doc::text(closed)])
        } else {
            let mut docs = vec![Doc::soft_line(), inner.doc];
            docs.extend(comments.into_iter().flat_map(|comments| [Doc::line(), comments]));
            let opener = Doc::concat(vec![Doc::text(opened), behind_opener]);
            let inner = Doc::concat(docs).nest();
            Doc::concat(vec![opener, inner, Doc::soft_line(), Doc::text(closed)]).group()
        };
        Piece::new(Doc::concat(vec![before, doc, after]), Hug::None, inner.is_simple)
    }
}

fn verbatim(part: Part<'_>) -> Doc {
    match part {
        Part::Text(text) => Doc::verbatim(text),
        Part::Interpolation(doc) => doc,
    }
}

/// The indentation that the lines of a `''` string have in common; nothing if they must stay where
/// they are: there is text behind the opening quotes, or a line ends in another way.
fn lines(parts: &[Part<'_>]) -> Option<usize> {
    let texts =
        || parts.iter().filter_map(|part| if let Part::Text(text) = part { Some(*text) } else { None });
    // An escaped line feed begins a line for some of the rules of `''` and not for others.
    if texts().any(|text| text.contains('\r') || text.contains("''\\\n")) {
        return None;
    }
    let opened = texts().next()?.strip_prefix("''")?;
    opened.trim_start_matches(' ').strip_prefix('\n')?;
    let mut common = None;
    for (index, part) in parts.iter().enumerate() {
        let Part::Text(text) = part else { continue };
        let is_last = index + 1 == parts.len();
        let text = if is_last { text.strip_suffix("''")? } else { text };
        let mut lines = text.split('\n').skip(1).peekable();
        while let Some(line) = lines.next() {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            // A line of spaces counts if an interpolation follows.
            let is_blank = spaces == line.len() && (lines.peek().is_some() || is_last);
            if !is_blank {
                common = Some(common.map_or(spaces, |common: usize| common.min(spaces)));
            }
        }
    }
    common
}

/// A `''` string with its lines indented by one level more than its quotes.
fn indented(parts: Vec<Part<'_>>, common: usize) -> Doc {
    let last = parts.len().saturating_sub(1);
    let mut lines: Vec<Line> = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        match part {
            Part::Interpolation(doc) => {
                if let Some(line) = lines.last_mut() {
                    line.rest.push(doc);
                }
            }
            Part::Text(text) => {
                let text = if index == last { text.strip_suffix("''").unwrap_or(text) } else { text };
                for (number, written) in text.split('\n').enumerate() {
                    if number > 0 {
                        let rest = written.trim_start_matches(' ');
                        let spaces = written.len() - rest.len();
                        let rest = if rest.is_empty() { Vec::new() } else { vec![Doc::text(rest)] };
                        lines.push(Line { spaces, rest });
                    } else if let Some(line) = lines.last_mut()
                        && !written.is_empty()
                    {
                        line.rest.push(Doc::text(written));
                    }
                }
            }
        }
    }
    let closing = lines.pop_if(|line| line.rest.is_empty());
    let mut docs = Vec::new();
    for line in lines {
        let more = line.spaces.saturating_sub(common);
        let spaces = if line.rest.is_empty() && more == 0 { None } else { Some(more) };
        docs.push(Doc::string_line(spaces));
        docs.extend(line.rest);
    }
    let mut whole = vec![Doc::text("''"), Doc::concat(docs).nest()];
    if closing.is_some() {
        whole.push(Doc::string_line(Some(0)));
    }
    whole.push(Doc::text("''"));
    Doc::concat(whole)
}
