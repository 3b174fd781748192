//! Line and column of many offsets, without counting a long line again for each.

use std::sync::Arc;

use crate::diagnostic::Label;
use crate::text::{Position, Source, Span};

/// Finds positions; an offset after the last one asked for in the same text is counted from there.
#[derive(Default)]
pub(super) struct Places {
    last: Option<(Arc<Source>, u32, Position)>,
}

impl Places {
    /// Line and column of an offset in a source that is no embedded one.
    pub(super) fn position(&mut self, source: &Arc<Source>, offset: u32) -> Position {
        let position = match &self.last {
            Some((known, at, position)) if Arc::ptr_eq(known, source) && *at <= offset => {
                let between = source.text().as_bytes().get(*at as usize..offset as usize);
                match between {
                    // Line feeds in between: the index of lines is the shorter way.
                    Some(between) if !between.contains(&b'\n') => {
                        let characters = between.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
                        Position { line: position.line, column: position.column + characters }
                    }
                    _ => source.position(offset),
                }
            }
            _ => source.position(offset),
        };
        self.last = Some((Arc::clone(source), offset, position));
        position
    }
}

/// A place as people count: in the file, from 1.
pub(super) struct Spot {
    /// The file's name.
    pub(super) file: String,
    /// Where it begins.
    pub(super) start: Position,
    /// Behind its last character.
    pub(super) end: Position,
}

impl Spot {
    /// The place of a label, in the file in which its text stands.
    pub(super) fn of(label: &Label, places: &mut Places) -> Spot {
        let (source, span) = label.source.locate(clamped(&label.source, label.span));
        let span = clamped(&source, span);
        let start = places.position(&source, span.start);
        let end = places.position(&source, span.end);
        Spot { file: source.name().to_owned(), start, end }
    }
}

/// A span cut down to what the text has, on boundaries of characters.
pub(super) fn clamped(source: &Source, span: Span) -> Span {
    let text = source.text();
    let mut start = (span.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_on_gives_what_counting_anew_gives() {
        let source = Source::new("x", "aé b\ncd é ef\n\ng");
        let mut places = Places::default();
        for offset in [0, 1, 3, 4, 6, 7, 9, 14, 15, 16, 2, 99] {
            let anew = source.position(offset);
            assert_eq!(places.position(&source, offset), anew, "{offset}");
        }
    }

    #[test]
    fn spans_are_clamped_to_the_text() {
        let source = Source::new("x", "aé");
        assert_eq!(clamped(&source, Span::new(2, 99)), Span::new(1, 3));
        assert_eq!(clamped(&source, Span::new(50, 99)), Span::new(3, 3));
    }
}
