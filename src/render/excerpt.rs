//! The lines around labels, clipped so that a report stays short whatever the file looks like.
//!
//! What comes in are the labels of one mistake; what goes out are virtual texts that have the right
//! lines at the right numbers, and the labels' ranges in them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::escape::{columns, pictured};
use super::places::{Places, clamped};
use crate::diagnostic::Label;
use crate::text::{Position, Source, Span};

/// A label that spans more lines than this is shown on its first line only.
const MOST_LINES: usize = 6;

/// Labels this many lines apart, or less, share an excerpt.
const NEAR_LINES: usize = 4;

/// A part of a file with labels in it.
pub(super) struct Excerpt {
    /// The file's name.
    pub(super) name: String,
    /// Line and column of its first label, in the file.
    pub(super) position: Position,
    /// Empty lines up to the first one shown, then the lines.
    pub(super) text: String,
    /// The labels: their number in the mistake, and their range in `text`; by range.
    pub(super) labels: Vec<(usize, Range<usize>)>,
}

/// The excerpts for labels, in the order of the labels; lines are clipped to `width` columns.
pub(super) fn excerpts(labels: &[Label], width: usize) -> Vec<Excerpt> {
    let mut places = Places::default();
    let mut groups: Vec<Group> = Vec::new();
    for (number, label) in labels.iter().enumerate() {
        let mark = Mark::of(number, label, &mut places);
        match groups.iter_mut().find(|group| group.takes(&mark, width)) {
            Some(group) => group.marks.push(mark),
            None => groups.push(Group { marks: vec![mark] }),
        }
    }
    groups.iter().map(|group| group.excerpt(width)).collect()
}

/// A label in its file.
struct Mark {
    number: usize,
    source: Arc<Source>,
    range: Range<usize>,
    position: Position,
    last_line: usize,
}

impl Mark {
    fn of(number: usize, label: &Label, places: &mut Places) -> Mark {
        let (source, span) = label.source.locate(clamped(&label.source, label.span));
        let mut range = clamped(&source, span).range();
        let position = places.position(&source, offset(range.start));
        let covered = source.slice(Span::new(range.start, range.end)).trim_end();
        let mut last_line = places.position(&source, offset(range.start + covered.len())).line;
        if last_line - position.line >= MOST_LINES {
            let first = covered.lines().next().unwrap_or("");
            range.end = range.start + first.trim_end().len();
            last_line = position.line;
        } else if !covered.is_empty() {
            range.end = range.start + covered.len();
        } else {
            // White space alone: the place is where it begins.
            let first = source.slice(Span::new(range.start, range.end)).lines().next().unwrap_or("");
            range.end = range.start + first.len();
        }
        Mark { number, source, range, position, last_line }
    }
}

/// Labels whose lines are shown together; never empty.
struct Group {
    marks: Vec<Mark>,
}

impl Group {
    /// Whether a label can be shown among these.
    fn takes(&self, mark: &Mark, width: usize) -> bool {
        self.marks.iter().all(|known| {
            let same_line = known.position.line == mark.position.line;
            let apart = known.position.column.abs_diff(mark.position.column);
            Arc::ptr_eq(&known.source, &mark.source)
                && known.position.line.abs_diff(mark.position.line) <= NEAR_LINES
                && (!same_line || apart < width / 2)
        })
    }

    fn excerpt(&self, width: usize) -> Excerpt {
        let Some(first) = self.marks.first() else {
            let position = Position { line: 1, column: 1 };
            return Excerpt { name: String::new(), position, text: String::new(), labels: Vec::new() };
        };
        let source = &first.source;
        let top = self.marks.iter().map(|mark| mark.position.line).min().unwrap_or(1);
        let bottom = self.marks.iter().map(|mark| mark.last_line).max().unwrap_or(top);
        let mut text = "\n".repeat(top.saturating_sub(1));
        let mut map = BTreeMap::new();
        for number in top..=bottom {
            let line = source.line(number);
            let anchors = self.marks.iter().flat_map(|mark| [mark.range.start, mark.range.end]);
            let anchor = anchors.filter(|at| (line.start..=line.end).contains(at)).min();
            let window = window(source.text(), line.clone(), anchor.unwrap_or(line.start), width);
            copy(source.text(), line, window, &mut text, &mut map);
        }
        let place = |at: usize| {
            let before = map.range(..=at).next_back().map(|(_, shown)| *shown);
            before.or_else(|| map.values().next().copied()).unwrap_or(0)
        };
        let mut labels: Vec<(usize, Range<usize>)> = self
            .marks
            .iter()
            .map(|mark| {
                let start = place(mark.range.start);
                // At least one column is marked; the copied lines end in a space for that.
                let next = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                (mark.number, start..place(mark.range.end).max(start + next))
            })
            .collect();
        labels.sort_by_key(|(number, range)| (range.start, *number));
        Excerpt { name: source.name().to_owned(), position: first.position, text, labels }
    }
}

/// The part of a line to show: all of it, or about `width` columns that begin a bit before `anchor`.
fn window(text: &str, line: Range<usize>, anchor: usize, width: usize) -> Range<usize> {
    let slice = |range: Range<usize>| text.get(range).unwrap_or("");
    // A character is at most four bytes and two columns; only short lines need to be measured.
    if line.len() <= width * 4 && slice(line.clone()).chars().map(columns).sum::<usize>() <= width {
        return line;
    }
    let before = take(slice(line.start..anchor).chars().rev(), width / 3);
    let start = anchor - before.0;
    let after = take(slice(start..line.end).chars(), width);
    let end = start + after.0;
    // Where the line ends early there is room for more before the label.
    let more = take(slice(line.start..start).chars().rev(), width.saturating_sub(after.1));
    start - more.0..end
}

/// Bytes and columns of as many of the characters as fit into `width` columns.
fn take(characters: impl Iterator<Item = char>, width: usize) -> (usize, usize) {
    let mut taken = (0, 0);
    for character in characters {
        if taken.1 + columns(character) > width {
            break;
        }
        taken = (taken.0 + character.len_utf8(), taken.1 + columns(character));
    }
    taken
}

/// Appends the window of a line, and says where each offset of the file is in `out`.
fn copy(
    text: &str,
    line: Range<usize>,
    window: Range<usize>,
    out: &mut String,
    map: &mut BTreeMap<usize, usize>,
) {
    if window.start > line.start {
        map.insert(line.start, out.len());
        out.push('…');
    }
    for (at, character) in text.get(window.clone()).unwrap_or("").char_indices() {
        map.insert(window.start + at, out.len());
        // The carriage return before a line feed is part of the line's end.
        if !(character == '\r' && window.start + at + 1 == line.end) {
            out.push(pictured(character));
        }
    }
    map.insert(window.end, out.len());
    if window.end < line.end {
        out.push('…');
    }
    out.push_str(" \n");
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
