//! What strings mean: escapes, and the indentation rule of `''` strings.
//!
//! What comes in is the written text between quotes and interpolations; what goes out are the
//! parts with escapes resolved: `a\n` gives a line feed, and common indentation of a `''` string
//! is gone. The rules are Nix's to the letter, carriage returns included.

use crate::syntax::ast::{Expr, StringPart};

/// Resolves the escapes of a `"` string, or of the text behind `''\`.
///
/// A carriage return, with a line feed behind it or not, is a line feed, as in Nix.
pub(super) fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            '\r' => {
                text.push('\n');
                characters.next_if_eq(&'\n');
            }
            other => text.push(other),
        }
    }
    text
}

/// A piece of a `''` string.
pub(super) enum Piece {
    /// Text as written; its leading spaces count as indentation.
    Written(String),
    /// What an escape means; it ends the indentation of its line.
    Escaped(String),
    /// `${e}`
    Interpolation(Expr),
}

/// Takes away the spaces and the line feed behind the opening `''`, if that is all its line has.
pub(super) fn drop_first_line(pieces: &mut [Piece]) {
    if let Some(Piece::Written(text)) = pieces.first_mut()
        && let Some(rest) = text.trim_start_matches(' ').strip_prefix('\n')
    {
        *text = rest.to_owned();
    }
}

/// Takes the common indentation off all lines, and a last line of spaces.
pub(super) fn strip_indentation(pieces: Vec<Piece>) -> Vec<StringPart> {
    let indentation = common_indentation(&pieces);
    let last = pieces.len().saturating_sub(1);
    let mut parts = Parts::default();
    let mut at_line_start = true;
    let mut dropped = 0;
    for (index, piece) in pieces.into_iter().enumerate() {
        let text = match piece {
            Piece::Interpolation(expr) => {
                at_line_start = false;
                dropped = 0;
                parts.interpolation(expr);
                continue;
            }
            Piece::Written(text) | Piece::Escaped(text) => text,
        };
        let mut stripped = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                ' ' if at_line_start => {
                    if dropped >= indentation {
                        stripped.push(' ');
                    }
                    dropped += 1;
                    continue;
                }
                '\n' => at_line_start = true,
                _ => at_line_start = false,
            }
            dropped = 0;
            stripped.push(character);
        }
        if index == last
            && let Some(feed) = stripped.rfind('\n')
            && stripped.get(feed + 1..).is_some_and(|line| line.bytes().all(|byte| byte == b' '))
        {
            stripped.truncate(feed + 1);
        }
        parts.text(&stripped);
    }
    parts.finish()
}

/// The smallest indentation of a line that has more than spaces.
fn common_indentation(pieces: &[Piece]) -> usize {
    let mut smallest = usize::MAX;
    let mut at_line_start = true;
    let mut current = 0;
    for piece in pieces {
        let Piece::Written(text) = piece else {
            if at_line_start {
                at_line_start = false;
                smallest = smallest.min(current);
            }
            continue;
        };
        for character in text.chars() {
            match character {
                '\n' => {
                    at_line_start = true;
                    current = 0;
                }
                ' ' if at_line_start => current += 1,
                _ if at_line_start => {
                    at_line_start = false;
                    smallest = smallest.min(current);
                }
                _ => {}
            }
        }
    }
    smallest
}

/// The parts of a string, with neighbouring texts joined and no empty text.
#[derive(Default)]
pub(super) struct Parts {
    parts: Vec<StringPart>,
    text: String,
}

impl Parts {
    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds an interpolation.
    pub(super) fn interpolation(&mut self, expr: Expr) {
        self.flush();
        self.parts.push(StringPart::Interpolation(expr));
    }

    /// All parts.
    pub(super) fn finish(mut self) -> Vec<StringPart> {
        self.flush();
        self.parts
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(StringPart::Text(std::mem::take(&mut self.text).into()));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    #[test]
    fn escapes_are_those_of_nix() {
        assert_eq!(unescape(r#"a\n\r\t\"\\\${x}\q"#), "a\n\r\t\"\\${x}q");
        assert_eq!(unescape("a\r\nb\rc\nd"), "a\nb\nc\nd");
        assert_eq!(unescape("\\\r\n"), "\r\n");
    }

    fn stripped(text: &str) -> String {
        let mut pieces = vec![Piece::Written(text.to_owned())];
        drop_first_line(&mut pieces);
        match strip_indentation(pieces).as_slice() {
            [] => String::new(),
            [StringPart::Text(text)] => text.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn common_indentation_goes() {
        assert_eq!(stripped("\n  a\n    b\n  c\n  "), "a\n  b\nc\n");
        assert_eq!(stripped("  a\n b"), " a\nb");
        assert_eq!(stripped("   \n  a"), "a");
        assert_eq!(stripped("\n  a\n\n  b"), "a\n\nb");
        assert_eq!(stripped("\n  a\n \n  b"), "a\n\nb");
        assert_eq!(stripped("\n  a\n    \n  b"), "a\n  \nb");
        assert_eq!(stripped("\n  a\n      "), "a\n");
        assert_eq!(stripped("   "), "");
    }

    #[test]
    fn tabs_and_carriage_returns_are_no_indentation() {
        assert_eq!(stripped("\n\ta\n\tb"), "\ta\n\tb");
        assert_eq!(stripped("\r\n  a\r\n  b"), "\r\n  a\r\n  b");
    }

    #[test]
    fn an_escape_ends_the_indentation() {
        let pieces = vec![
            Piece::Written("    a\n  ".to_owned()),
            Piece::Escaped("\t".to_owned()),
            Piece::Written("b\n    c".to_owned()),
        ];
        let parts = strip_indentation(pieces);
        assert!(
            matches!(parts.as_slice(), [StringPart::Text(text)] if &**text == "  a\n\tb\n  c"),
            "{parts:?}"
        );
    }
}
