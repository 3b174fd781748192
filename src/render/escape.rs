//! Control characters made visible.

use std::borrow::Cow;

/// Whether a character could change what a terminal does or how it orders text.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with control characters, but those in `keep`, written as escapes.
///
/// Besides the control characters themselves these are the line separators and the marks that turn
/// the direction of text around, with which a name can look like another.
///
/// ```
/// assert_eq!(invq::render::visible("a\u{1b}[2Jb\n", &['\n']), "a\\u{1b}[2Jb\n");
/// ```
pub fn visible<'t>(text: &'t str, keep: &[char]) -> Cow<'t, str> {
    let hide = |character: char| is_hidden(character) && !keep.contains(&character);
    if !text.contains(hide) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if hide(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// A character of a source line as one that takes its place in an excerpt; tabs stay.
#[cfg(feature = "cli")]
pub(super) fn pictured(character: char) -> char {
    match character {
        '\t' => '\t',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        // The first private character is what marks a header until its place is filled in.
        '\u{e000}' => '\u{fffd}',
        other if is_hidden(other) => '\u{fffd}',
        other => other,
    }
}

/// The columns that a character takes on a terminal: near enough for clipping lines.
#[cfg(feature = "cli")]
pub(super) fn columns(character: char) -> usize {
    match character as u32 {
        0x09 => 4,
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(visible("jon-é-日本", &[]), Cow::Borrowed(_)));
    }

    #[test]
    fn control_and_direction_marks_are_escaped() {
        assert_eq!(visible("a\tb\u{7f}\u{9b}\u{202e}", &[]), "a\\tb\\u{7f}\\u{9b}\\u{202e}");
        assert_eq!(visible("a\tb\n", &['\t', '\n']), "a\tb\n");
    }
}
