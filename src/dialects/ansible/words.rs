//! A line's words, as a POSIX shell splits them: with quotes, backslashes and comments.

use std::borrow::Cow;
use std::ops::Range;

/// A word, quotes resolved.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word<'l> {
    pub(super) text: Cow<'l, str>,
    /// Where it stands in the line, quotes included.
    pub(super) range: Range<usize>,
}

/// Why a line cannot be split, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub(super) what: &'static str,
    pub(super) at: usize,
}

/// Splits a line.
pub(super) fn split(line: &str) -> Result<Vec<Word<'_>>, Unclosed> {
    if !line.contains(['\\', '\'', '"', '#']) {
        return Ok(plain_words(line).collect());
    }
    let mut words = Vec::new();
    let mut characters = line.char_indices().peekable();
    while let Some((start, first)) = characters.next() {
        if first.is_ascii_whitespace() {
            continue;
        }
        if first == '#' {
            break;
        }
        let mut text = String::new();
        let mut range = start..line.len();
        let mut next = Some((start, first));
        let mut commented = false;
        while let Some((at, character)) = next {
            match character {
                blank if blank.is_ascii_whitespace() => {
                    range.end = at;
                    break;
                }
                '#' => {
                    range.end = at;
                    commented = true;
                    break;
                }
                '\\' => match characters.next() {
                    Some((_, escaped)) => text.push(escaped),
                    None => return Err(Unclosed { what: "a backslash at the end of the line", at }),
                },
                '\'' | '"' => {
                    if !quoted(&mut characters, character, &mut text) {
                        return Err(Unclosed { what: "a quote that is not closed", at });
                    }
                }
                plain => text.push(plain),
            }
            next = characters.next();
        }
        words.push(Word { text: Cow::Owned(text), range });
        if commented {
            break;
        }
    }
    Ok(words)
}

/// The words of a line without quotes, escapes and comments.
fn plain_words(line: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = line.get(at..)?;
        let text = rest.trim_ascii_start();
        let start = at + rest.len() - text.len();
        let length = text.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
        at = start + length;
        let word = text.get(..length).filter(|word| !word.is_empty())?;
        Some(Word { text: Cow::Borrowed(word), range: start..at })
    })
}

/// Reads up to the closing quote; tells whether there is one.
fn quoted(characters: &mut impl Iterator<Item = (usize, char)>, quote: char, text: &mut String) -> bool {
    while let Some((_, character)) = characters.next() {
        match character {
            closing if closing == quote => return true,
            '\\' if quote == '"' => match characters.next() {
                Some((_, escaped)) => {
                    // Between double quotes only these two are escapes.
                    if !matches!(escaped, '"' | '\\') {
                        text.push('\\');
                    }
                    text.push(escaped);
                }
                None => return false,
            },
            plain => text.push(plain),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        split(line).expect("a line of words").into_iter().map(|word| word.text.into_owned()).collect()
    }

    #[test]
    fn words_are_those_of_a_shell() {
        assert_eq!(words("web1 a=1  b='x y'"), ["web1", "a=1", "b=x y"]);
        assert_eq!(
            words(r#"h a="x \" y" b='it''s' c=a\ b d="\n""#),
            ["h", "a=x \" y", "b=its", "c=a b", "d=\\n"]
        );
        assert_eq!(words("h a=1 # b=2"), ["h", "a=1"]);
        assert_eq!(words("h#c"), ["h"]);
        assert_eq!(words("h a='#'"), ["h", "a=#"]);
        assert_eq!(words("# all"), [""; 0]);
        assert_eq!(words("h a=\"\""), ["h", "a="]);
    }

    #[test]
    fn what_is_not_closed_has_its_place() {
        assert_eq!(split("h a='x").map_err(|unclosed| unclosed.at), Err(4));
        assert_eq!(split("h \\").map_err(|unclosed| unclosed.at), Err(2));
    }

    #[test]
    fn places_are_those_in_the_line() {
        let found = split(" web1 'a b' ").expect("a line of words");
        let ranges: Vec<_> = found.into_iter().map(|word| word.range).collect();
        assert_eq!(ranges, [1..5, 6..11]);
    }
}
