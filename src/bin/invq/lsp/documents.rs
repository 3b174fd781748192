//! Files that are open in the editor, and how it counts their places.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use invq::Format;
use invq::text::{Source, Span};
use lsp_types::{Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in the path of an address as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A file that is open in the editor.
pub(super) struct Document {
    /// The address by which the editor knows it.
    pub(super) address: Uri,
    /// How often it was changed, as the editor counts.
    pub(super) version: i32,
    /// Its text as it is now.
    pub(super) source: Arc<Source>,
}

impl Document {
    /// Takes over what was changed.
    pub(super) fn change(
        &mut self,
        changes: Vec<TextDocumentContentChangeEvent>,
        version: i32,
        columns: &Columns,
    ) {
        for change in changes {
            let text = match change.range {
                None => change.text,
                Some(range) => {
                    let span = columns.span(&self.source, range);
                    let mut text = self.source.text().to_owned();
                    text.replace_range(span.range(), &change.text);
                    text
                }
            };
            self.source = Source::new(self.source.name(), text);
        }
        self.version = version;
    }

    /// How it is written; what has no telling name is an expression.
    pub(super) fn format(&self) -> Format {
        Format::of_path(Path::new(self.source.name())).unwrap_or(Format::Expression)
    }
}

/// In what the editor counts columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// Bytes of UTF-8.
    Bytes,
    /// Units of UTF-16, which every editor can.
    Units,
}

impl Columns {
    /// The better one of those that an editor offers.
    pub(super) fn of(offered: Option<&[PositionEncodingKind]>) -> Columns {
        match offered {
            Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => Columns::Bytes,
            _ => Columns::Units,
        }
    }

    /// As the editor is told.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Columns::Bytes => PositionEncodingKind::UTF8,
            Columns::Units => PositionEncodingKind::UTF16,
        }
    }

    /// The place of a byte offset.
    pub(super) fn position(self, source: &Source, offset: u32) -> Position {
        let line = source.position(offset).line;
        let start = source.line(line).start;
        let end = (offset as usize).clamp(start, source.text().len());
        Position { line: number(line - 1), character: self.width(source, start..end) }
    }

    /// How many columns a part of a line has.
    fn width(self, source: &Source, range: std::ops::Range<usize>) -> u32 {
        let text = source.text().get(range).unwrap_or("");
        number(match self {
            Columns::Bytes => text.len(),
            Columns::Units => text.encode_utf16().count(),
        })
    }

    /// The byte offset of a place; one behind the end of its line is the end.
    pub(super) fn offset(self, source: &Source, position: Position) -> usize {
        let line = source.line((position.line as usize).saturating_add(1));
        let text = source.text().get(line.clone()).unwrap_or("");
        let column = position.character as usize;
        let width = |letter: char| match self {
            Columns::Bytes => letter.len_utf8(),
            Columns::Units => letter.len_utf16(),
        };
        let mut passed = 0;
        let inside = text.char_indices().find(|(_, letter)| {
            let here = passed;
            passed += width(*letter);
            here >= column
        });
        line.start + inside.map_or(text.len(), |(at, _)| at)
    }

    /// The places of a span.
    pub(super) fn range(self, source: &Source, span: Span) -> Range {
        Range { start: self.position(source, span.start), end: self.position(source, span.end) }
    }

    /// The span of places.
    pub(super) fn span(self, source: &Source, range: Range) -> Span {
        let start = self.offset(source, range.start);
        Span::new(start, self.offset(source, range.end).max(start))
    }
}

/// Finds places; one after the last that was asked for in the same line is counted from there, so that many in
/// one long line are found in linear time.
pub(super) struct Places {
    columns: Columns,
    last: Option<(Arc<Source>, u32, Position)>,
}

impl Places {
    pub(super) fn new(columns: Columns) -> Places {
        Places { columns, last: None }
    }

    /// The places of a span.
    pub(super) fn range(&mut self, source: &Arc<Source>, span: Span) -> Range {
        Range { start: self.position(source, span.start), end: self.position(source, span.end) }
    }

    fn position(&mut self, source: &Arc<Source>, offset: u32) -> Position {
        let from = self.last.as_ref().and_then(|(known, at, position)| {
            let between = source.text().get(*at as usize..offset as usize)?;
            let is_near = Arc::ptr_eq(known, source) && !between.contains('\n');
            is_near.then_some((*at as usize, *position))
        });
        let position = match from {
            Some((at, Position { line, character })) => {
                let width = self.columns.width(source, at..offset as usize);
                Position { line, character: character.saturating_add(width) }
            }
            None => self.columns.position(source, offset),
        };
        self.last = Some((Arc::clone(source), offset, position));
        position
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The path of a file's address; nothing for what is no file.
pub(super) fn path_of(address: &Uri) -> Option<PathBuf> {
    let path = address.as_str().strip_prefix("file://")?;
    let path = path.get(path.find('/')?..)?;
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    Some(PathBuf::from(decoded.into_owned()))
}

/// The address of a file.
pub(super) fn address_of(path: &Path) -> Option<Uri> {
    let encoded = utf8_percent_encode(path.to_str()?, PATH);
    Uri::from_str(&format!("file://{encoded}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_the_editor_does() {
        let source = Source::new("x", "a\nb𝄞é|c\n");
        let offset = u32::try_from(source.text().find('|').unwrap_or(0)).unwrap_or(0);
        for (columns, character) in [(Columns::Bytes, 7), (Columns::Units, 4)] {
            let position = Position { line: 1, character };
            assert_eq!(columns.position(&source, offset), position);
            assert_eq!(columns.offset(&source, position), offset as usize);
            let mut places = Places::new(columns);
            for start in [0, 2, 3, 9, 3] {
                let range = places.range(&source, Span { start, end: offset });
                assert_eq!(range, columns.range(&source, Span { start, end: offset }));
            }
        }
        let behind = |line, character| Columns::Units.offset(&source, Position { line, character });
        assert_eq!([behind(0, 99), behind(1, 2), behind(9, 9)], [1, 7, source.text().len()]);
    }

    #[test]
    fn addresses_and_paths_lead_to_each_other() {
        for path in ["/srv/a b/ü#?%.yaml", "/x.invq"] {
            let address = address_of(Path::new(path)).expect("a path of a file");
            assert!(address.as_str().is_ascii());
            assert_eq!(path_of(&address).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(path_of(&Uri::from_str("untitled:Untitled-1").expect("an address")), None);
    }

    #[test]
    fn changes_apply_in_order() {
        let address = address_of(Path::new("/x.invq")).expect("a path of a file");
        let mut document = Document { address, version: 1, source: Source::new("/x.invq", "tag \"ü\"\n") };
        let change = |range: Option<[u32; 4]>, text: &str| TextDocumentContentChangeEvent {
            range: range.map(|[line, character, end_line, end_character]| Range {
                start: Position { line, character },
                end: Position { line: end_line, character: end_character },
            }),
            range_length: None,
            text: text.to_owned(),
        };
        let changes = vec![change(Some([0, 5, 0, 6]), "web"), change(Some([0, 0, 0, 0]), "!")];
        document.change(changes, 2, &Columns::Units);
        assert_eq!((document.source.text(), document.version), ("!tag \"web\"\n", 2));
        document.change(vec![change(None, "")], 3, &Columns::Units);
        assert_eq!(document.source.text(), "");
    }
}
