//! A named text with its line index, possibly embedded in another text.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Deferred, Span};

/// A text with the name that people know it by: a file's path, `<query>`, `<stdin>`.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: Deferred<Box<str>>,
    lines: OnceLock<Vec<u32>>,
    /// How many characters begin before each block of [`BLOCK`] bytes.
    blocks: OnceLock<Vec<usize>>,
    origin: Option<Origin>,
}

/// Where an embedded text stands: the file's source and how offsets map into it.
#[derive(Debug)]
struct Origin {
    file: Arc<Source>,
    map: SourceMap,
}

/// How byte offsets of a decoded string map to byte offsets of the file it was written in.
///
/// Pairs `(decoded, raw)` in ascending order; between two pairs offsets advance alike. The last
/// pair is the end of the string.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SourceMap {
    points: Vec<(u32, u32)>,
}

impl SourceMap {
    /// A map for text that stands in the file as it is, beginning at `raw_start`.
    pub fn verbatim(raw_start: usize) -> SourceMap {
        SourceMap { points: vec![(0, Span::new(raw_start, raw_start).start)] }
    }

    /// A map from its points; they must ascend in both offsets.
    pub fn from_points(points: Vec<(u32, u32)>) -> SourceMap {
        SourceMap { points }
    }

    /// Offset in the file of a decoded offset.
    pub fn raw(&self, decoded: u32) -> u32 {
        let after = self.points.partition_point(|(at, _)| *at <= decoded);
        match after.checked_sub(1).and_then(|index| self.points.get(index)) {
            Some((at, raw)) => {
                let raw = raw + (decoded - at);
                match self.points.get(after) {
                    Some((_, next)) => raw.min(*next),
                    None => raw,
                }
            }
            None => decoded,
        }
    }

    /// Decoded offset of an offset in the file; where several letters of the file are one, the offset before it.
    pub fn decoded(&self, raw: u32) -> Option<u32> {
        let after = self.points.partition_point(|(_, at)| *at <= raw);
        let (decoded, at) = self.points.get(after.checked_sub(1)?)?;
        let decoded = decoded + (raw - at);
        Some(match self.points.get(after) {
            Some((next, _)) => decoded.min(*next),
            None => decoded,
        })
    }
}

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// A source of its own.
    pub fn new(name: impl Into<String>, text: impl Into<Box<str>>) -> Arc<Source> {
        Source::deferred(name, Deferred::from(text.into()))
    }

    /// A source of its own, whose text may be read when it is needed.
    pub fn deferred(name: impl Into<String>, text: Deferred<Box<str>>) -> Arc<Source> {
        Arc::new(Source {
            name: name.into(),
            text,
            lines: OnceLock::new(),
            blocks: OnceLock::new(),
            origin: None,
        })
    }

    /// A source whose text is the value of a string that stands in `file`.
    pub fn embedded(file: &Arc<Source>, text: impl Into<Box<str>>, map: SourceMap) -> Arc<Source> {
        Arc::new(Source {
            name: file.name.clone(),
            text: Deferred::from(text.into()),
            lines: OnceLock::new(),
            blocks: OnceLock::new(),
            origin: Some(Origin { file: Arc::clone(file), map }),
        })
    }

    /// The name that people know the text by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the text that `span` covers; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// How it stands in the file that it is a part of, where it is embedded.
    pub fn map(&self) -> Option<&SourceMap> {
        self.origin.as_ref().map(|origin| &origin.map)
    }

    /// The file and the range in it that `span` stands for: this source itself, unless it is embedded.
    pub fn locate(self: &Arc<Source>, span: Span) -> (Arc<Source>, Span) {
        match &self.origin {
            None => (Arc::clone(self), span),
            Some(origin) => {
                let start = shrink_to_boundary(&origin.file, origin.map.raw(span.start));
                let end = if span.end > span.start { origin.map.raw(span.end) } else { start };
                let end = grow_to_boundary(&origin.file, end.max(start));
                origin.file.locate(Span { start, end })
            }
        }
    }

    /// Where each line starts.
    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            std::iter::once(0)
                .chain(memchr_newlines(&self.text).map(|at| Span::new(at + 1, at + 1).start))
                .collect()
        })
    }

    /// The byte range of a line, counted from 1, without its line feed; for a line that is not there the
    /// end of the text.
    pub fn line(&self, number: usize) -> Range<usize> {
        let lines = self.line_starts();
        let start = number.checked_sub(1).and_then(|index| lines.get(index));
        let start = start.map_or(self.text.len(), |start| *start as usize);
        let end = lines.get(number).map_or(self.text.len(), |next| (*next as usize).saturating_sub(1));
        start..end.max(start)
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let lines = self.line_starts();
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let start = lines.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len()).max(start);
        let column = if end - start <= BLOCK {
            characters(self.text.as_bytes().get(start..end).unwrap_or(&[]))
        } else {
            self.characters_before(end) - self.characters_before(start)
        };
        Position { line, column: column + 1 }
    }

    /// How many characters begin before an offset; quick also in a line of many megabytes.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let blocks = self.blocks.get_or_init(|| {
            let mut before = 0;
            bytes
                .chunks(BLOCK)
                .map(|block| {
                    let start = before;
                    before += characters(block);
                    start
                })
                .collect()
        });
        let block = offset / BLOCK;
        let counted = blocks.get(block).copied().unwrap_or(0);
        counted + characters(bytes.get(block * BLOCK..offset).unwrap_or(&[]))
    }
}

/// Bytes between two counted places.
const BLOCK: usize = 4096;

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

/// A start between two points of a map may fall inside a character of the file.
fn shrink_to_boundary(file: &Source, start: u32) -> u32 {
    let mut start = start.min(Span::new(file.text.len(), file.text.len()).end);
    while !file.text.is_char_boundary(start as usize) {
        start -= 1;
    }
    start
}

/// An end between two points of a map may fall inside a character of the file.
fn grow_to_boundary(file: &Source, end: u32) -> u32 {
    let mut end = end.min(Span::new(file.text.len(), file.text.len()).end);
    while !file.text.is_char_boundary(end as usize) {
        end += 1;
    }
    end
}

/// Offsets of all line feeds.
fn memchr_newlines(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let source = Source::new("x", "aé\nüb");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(6), Position { line: 2, column: 2 });
        assert_eq!(source.position(99), Position { line: 2, column: 3 });
    }

    #[test]
    fn lines_are_found_by_their_number() {
        let source = Source::new("x", "aé\n\nb\n");
        assert_eq!([1, 2, 3, 4, 5, 0].map(|line| source.line(line)), [0..3, 4..4, 5..6, 7..7, 7..7, 7..7]);
    }

    #[test]
    fn columns_in_a_long_line_are_counted_by_blocks() {
        let text = format!("x\n{}", "é".repeat(3 * BLOCK));
        let source = Source::new("x", text.as_str());
        for characters in [0, 1, BLOCK / 2, BLOCK, 2 * BLOCK + 1, 3 * BLOCK] {
            let offset = u32::try_from(2 + 2 * characters).expect("a short text");
            assert_eq!(source.position(offset), Position { line: 2, column: characters + 1 });
        }
    }

    #[test]
    fn embedded_offsets_reach_the_file() {
        let file = Source::new("f.json", r#"{"select":"tag \"web\""}"#);
        let map = SourceMap::from_points(vec![(0, 11), (4, 15), (5, 17), (8, 20), (9, 22)]);
        let inner = Source::embedded(&file, "tag \"web\"", map);
        let (source, span) = inner.locate(Span::new(5, 8));
        assert_eq!(source.slice(span), "web");
        let decoded = |raw| inner.map().and_then(|map| map.decoded(raw));
        assert_eq!(
            [10, 11, 15, 17, 19, 22].map(decoded),
            [None, Some(0), Some(4), Some(5), Some(7), Some(9)]
        );
    }
}
