//! The strict JSON scanner: skips values, and says what is wrong and where.
//!
//! What comes in are the bytes of a valid UTF-8 text and an offset; what goes out is the offset after
//! the value, or the [`Failure`]. Nothing recurses: nesting is a stack of bits. Every byte of an inventory
//! passes through here, so the steps are inlined by force; left alone, the compiler calls them, which
//! costs a twentieth of the whole load.

use super::too_deep;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

use std::sync::Arc;

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Where, in bytes.
    pub(super) at: usize,
    /// What.
    pub(super) problem: Problem,
}

/// The mistakes that JSON texts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Expected(&'static str),
    TrailingComma,
    Unclosed,
    Control,
    Escape,
    Surrogate,
    Number,
    /// More than so many levels.
    Depth(usize),
    AfterEnd,
    AfterLine,
}

impl Failure {
    /// The diagnostic for people.
    pub(super) fn diagnostic(self, source: &Arc<Source>) -> Box<Diagnostic> {
        let text = source.text();
        let found = found(text, self.at);
        if let Problem::Depth(most) = self.problem {
            return Box::new(too_deep(most).at(
                source,
                Span::new(self.at, self.at + 1),
                "one level too deep",
            ));
        }
        let message = match self.problem {
            Problem::Expected(what) => format!("expected {what}, found {found}"),
            Problem::TrailingComma => "expected another element after the comma".to_owned(),
            Problem::Unclosed => "the string has no closing `\"`".to_owned(),
            Problem::Control => {
                "line breaks and other control characters in strings need an escape".to_owned()
            }
            Problem::Escape => "expected an escape such as `\\n` or `\\u00e9` after the backslash".to_owned(),
            Problem::Surrogate => "half of a surrogate pair stands alone".to_owned(),
            Problem::Number => "expected a number such as `10` or `-1.5e3`".to_owned(),
            Problem::Depth(_) => String::new(),
            Problem::AfterLine => format!("expected the end of the line after the value, found {found}"),
            Problem::AfterEnd => format!("expected the end of the file after the value, found {found}"),
        };
        let rest = text.get(self.at..).unwrap_or("");
        let help = match self.problem {
            Problem::TrailingComma => Some("remove the comma"),
            Problem::Unclosed => Some("add `\"` where the string ends"),
            Problem::Control => Some("write a line break as `\\n` and a tab as `\\t`"),
            Problem::Escape => Some("write a backslash as `\\\\`"),
            Problem::Surrogate => Some("write the character itself, or both halves: `\\ud83d\\ude00`"),
            Problem::Expected(_)
                if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') =>
            {
                Some("JSON has no comments: remove it, or keep the inventory as YAML or TOML")
            }
            Problem::Expected(_) if rest.starts_with('\'') => Some("write the string in double quotes"),
            Problem::Expected(what) if what.contains("key") && rest.starts_with(char::is_alphabetic) => {
                Some("write the key in double quotes")
            }
            Problem::Expected(what) if what.contains("`,`") && text.len() == self.at => {
                Some(if what.contains('}') { "add `}`" } else { "add `]`" })
            }
            Problem::Expected(what) if what.contains("`,`") && rest.starts_with(['"', '{', '[']) => {
                Some("write `,` before it")
            }
            _ => None,
        };
        let width = match self.problem {
            Problem::Unclosed | Problem::Escape => 1,
            _ => word_length(rest),
        };
        let span = Span::new(self.at, (self.at + width).min(text.len()));
        Box::new(
            Diagnostic::error(Code::InvalidDocument, message)
                .at(source, span, "")
                .maybe_help(help.map(str::to_owned)),
        )
    }
}

fn fail<T>(at: usize, problem: Problem) -> Result<T, Failure> {
    Err(Failure { at, problem })
}

/// What stands at an offset, for messages: a word in backticks, or the end of the file.
fn found(text: &str, at: usize) -> String {
    match text.get(at..) {
        None | Some("") => "the end of the file".to_owned(),
        Some(rest) => crate::text::quoted(rest.get(..word_length(rest)).unwrap_or("")),
    }
}

/// The length of the word, or else of the character, at the beginning of a text.
fn word_length(text: &str) -> usize {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '+');
    let word = text.find(|character| !is_word(character)).unwrap_or(text.len());
    if word > 0 { word.min(40) } else { text.chars().next().map_or(0, char::len_utf8) }
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    // NUL stands for the end: no rule accepts it either.
    bytes.get(at).copied().unwrap_or(0)
}

/// The offset of the next byte that is no white space.
#[inline(always)]
pub(super) fn white(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where the first value of a text may begin, behind a byte order mark.
pub(super) fn beginning(bytes: &[u8]) -> usize {
    white(bytes, if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 })
}

/// Whether a byte can begin a value.
#[inline(always)]
pub(super) fn begins_value(first: u8) -> bool {
    matches!(first, b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

/// From the opening quote to after the closing quote, and whether there is an escape between.
#[inline(always)]
pub(super) fn string(bytes: &[u8], start: usize) -> Result<(usize, bool), Failure> {
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        at = plain_run(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok((at + 1, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = escape(bytes, at)?.0;
            }
            Some(b'\n') => return fail(start, Problem::Unclosed),
            Some(_) => return fail(at, Problem::Control),
            None => return fail(start, Problem::Unclosed),
        }
    }
}

/// The offset of the first quote, backslash or control character.
#[inline(always)]
fn plain_run(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES * 0x80;
    // Eight bytes at a time; the lowest flag is exact, flags above it may be borrowed.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * u64::from(b'"'));
        let backslash = word ^ (ONES * u64::from(b'\\'));
        let flags = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let flags = flags & TOPS;
        if flags != 0 {
            return at + (flags.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
        at += 1;
    }
    at
}

/// From a backslash to after its escape, and the character that it stands for.
pub(super) fn escape(bytes: &[u8], at: usize) -> Result<(usize, char), Failure> {
    let character = match byte(bytes, at + 1) {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(bytes, at),
        _ => return fail(at, Problem::Escape),
    };
    Ok((at + 2, character))
}

fn unicode(bytes: &[u8], at: usize) -> Result<(usize, char), Failure> {
    let first = four_digits(bytes, at)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((at + 6, character));
    }
    // Only the first half of a pair may come first, and the second half must follow it.
    if (0xD800..0xDC00).contains(&first) && byte(bytes, at + 6) == b'\\' && byte(bytes, at + 7) == b'u' {
        let second = four_digits(bytes, at + 6)?;
        if (0xDC00..0xE000).contains(&second) {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            if let Some(character) = char::from_u32(code) {
                return Ok((at + 12, character));
            }
        }
    }
    fail(at, Problem::Surrogate)
}

fn four_digits(bytes: &[u8], at: usize) -> Result<u32, Failure> {
    let mut code = 0;
    for place in at + 2..at + 6 {
        match char::from(byte(bytes, place)).to_digit(16) {
            Some(digit) => code = code * 16 + digit,
            None => return fail(at, Problem::Escape),
        }
    }
    Ok(code)
}

/// From the first byte of a number to after its last.
pub(super) fn number(bytes: &[u8], start: usize) -> Result<usize, Failure> {
    let mut at = start;
    if byte(bytes, at) == b'-' {
        at += 1;
    }
    match byte(bytes, at) {
        b'0' => at += 1,
        b'1'..=b'9' => at = digits(bytes, at),
        _ => return fail(start, Problem::Number),
    }
    if byte(bytes, at) == b'.' {
        at = some_digits(bytes, at + 1, start)?;
    }
    if matches!(byte(bytes, at), b'e' | b'E') {
        at += 1;
        if matches!(byte(bytes, at), b'+' | b'-') {
            at += 1;
        }
        at = some_digits(bytes, at, start)?;
    }
    match byte(bytes, at) {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'_' | b'+' | b'-' => fail(start, Problem::Number),
        _ => Ok(at),
    }
}

fn digits(bytes: &[u8], mut at: usize) -> usize {
    while byte(bytes, at).is_ascii_digit() {
        at += 1;
    }
    at
}

fn some_digits(bytes: &[u8], at: usize, start: usize) -> Result<usize, Failure> {
    let end = digits(bytes, at);
    if end == at { fail(start, Problem::Number) } else { Ok(end) }
}

fn word(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, Failure> {
    let end = at + word.len();
    let follows = byte(bytes, end);
    if bytes.get(at..end) == Some(word) && !follows.is_ascii_alphanumeric() && follows != b'_' {
        Ok(end)
    } else {
        fail(at, Problem::Expected("a value"))
    }
}

/// From the first byte of a scalar to after its last.
#[inline(always)]
fn scalar(bytes: &[u8], at: usize) -> Result<usize, Failure> {
    match byte(bytes, at) {
        b'"' => Ok(string(bytes, at)?.0),
        b'-' | b'0'..=b'9' => number(bytes, at),
        b't' => word(bytes, at, b"true"),
        b'f' => word(bytes, at, b"false"),
        b'n' => word(bytes, at, b"null"),
        _ => fail(at, Problem::Expected("a value")),
    }
}

/// A key as found: where it begins and ends, whether it has escapes, and where its value begins.
#[derive(Clone, Copy)]
pub(super) struct KeyPlace {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) escaped: bool,
    pub(super) value: usize,
}

/// A key with its colon.
#[inline(always)]
pub(super) fn key(bytes: &[u8], start: usize) -> Result<KeyPlace, Failure> {
    if byte(bytes, start) != b'"' {
        return fail(start, Problem::Expected("a key in double quotes"));
    }
    let (end, escaped) = string(bytes, start)?;
    let colon = white(bytes, end);
    if byte(bytes, colon) != b':' {
        return fail(colon, Problem::Expected("`:` after the key"));
    }
    let value = white(bytes, colon + 1);
    Ok(KeyPlace { start, end, escaped, value })
}

/// What comes after the opening bracket or a value, up to the next key or element.
#[inline(always)]
pub(super) fn next_member(bytes: &[u8], at: usize, close: u8, first: bool) -> Result<Member, Failure> {
    let at = white(bytes, at);
    let found = byte(bytes, at);
    if found == close {
        return Ok(Member::End(at + 1));
    }
    if first {
        return Ok(Member::Next(at));
    }
    if found != b',' {
        let what = if close == b'}' { "`,` or `}`" } else { "`,` or `]`" };
        return fail(at, Problem::Expected(what));
    }
    let next = white(bytes, at + 1);
    if byte(bytes, next) == close { fail(at, Problem::TrailingComma) } else { Ok(Member::Next(next)) }
}

/// The next member of a list or object, or its end.
pub(super) enum Member {
    /// Where the key or element begins.
    Next(usize),
    /// The offset after the closing bracket.
    End(usize),
}

/// Which of the open brackets are braces, as bits: of the innermost in a word, and of those around them
/// in full words. Few documents need more than the first word, so that nothing is allocated.
struct Nesting {
    word: u64,
    outer: Vec<u64>,
    depth: usize,
    most: usize,
}

impl Nesting {
    fn new(most: usize) -> Nesting {
        Nesting { word: 0, outer: Vec::new(), depth: 0, most }
    }

    #[inline]
    fn push(&mut self, object: bool, at: usize) -> Result<(), Failure> {
        if self.depth >= self.most {
            return fail(at, Problem::Depth(self.most));
        }
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.word);
        }
        self.word = self.word << 1 | u64::from(object);
        self.depth += 1;
        Ok(())
    }

    #[inline]
    fn pop(&mut self) {
        self.depth -= 1;
        self.word >>= 1;
        if self.depth > 0
            && self.depth.is_multiple_of(64)
            && let Some(word) = self.outer.pop()
        {
            self.word = word;
        }
    }

    /// Whether the innermost open bracket is a brace; nothing where none is open.
    #[inline]
    fn top(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.word & 1 == 1)
    }
}

/// From the first byte of a value, in which at most so many brackets nest, to after its last.
pub(super) fn skip(bytes: &[u8], start: usize, most: usize) -> Result<usize, Failure> {
    if !matches!(byte(bytes, start), b'{' | b'[') {
        return scalar(bytes, start);
    }
    let mut nesting = Nesting::new(most);
    let mut at = start;
    loop {
        // A value begins here.
        let opened = match byte(bytes, at) {
            b'{' => Some(true),
            b'[' => Some(false),
            _ => None,
        };
        match opened {
            Some(object) => {
                nesting.push(object, at)?;
                at += 1;
            }
            None => at = scalar(bytes, at)?,
        }
        let mut first = opened.is_some();
        // A value has ended, or a bracket has opened.
        loop {
            let Some(object) = nesting.top() else { return Ok(at) };
            match next_member(bytes, at, if object { b'}' } else { b']' }, first)? {
                Member::End(end) => {
                    nesting.pop();
                    first = false;
                    at = end;
                }
                Member::Next(next) => {
                    at = if object { key(bytes, next)?.value } else { next };
                    break;
                }
            }
        }
    }
}

/// From the first byte of a list or object to after its last, where somebody else reads what is between:
/// only its brackets and strings are looked at. Nothing where these do not agree, and for other values.
pub(super) fn passed(bytes: &[u8], start: usize) -> Option<usize> {
    if !matches!(byte(bytes, start), b'{' | b'[') {
        return None;
    }
    let mut open = 0_usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => at = string(bytes, at).ok()?.0,
            b'{' | b'[' => {
                open += 1;
                at += 1;
            }
            b'}' | b']' => {
                open -= 1;
                at += 1;
            }
            _ => at += 1,
        }
        if open == 0 {
            return Some(at);
        }
    }
}
