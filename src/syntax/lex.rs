//! Any text, cut into lexemes.
//!
//! What comes in is text as it is being typed; what goes out are lexemes that cover it without a
//! gap: `f "a${b` is an identifier, a space, a string `"a`, an interpolation `${` and an
//! identifier. Nothing fails, nothing recurses, and the time is linear, so that a line can be
//! coloured at every key stroke.

use crate::text::Span;

/// A piece of text of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub kind: LexemeKind,
    /// Its place; never empty.
    pub span: Span,
}

/// The kinds of lexemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LexemeKind {
    /// `# …` to the end of the line, or `/* … */`.
    Comment,
    /// `if`, `let`, `in`, …; also `or`, which is a keyword only behind a selection.
    Keyword,
    /// `12`, `1.5`
    Number,
    /// A quote with the text behind it, up to the other quote or to an interpolation.
    String,
    /// `${`, and the `}` that closes it.
    Interpolation,
    /// `machines`
    Identifier,
    /// `+`, `==`, `.`, `;` and all other punctuation that is no bracket.
    Operator,
    /// `(`, `)`, `[`, `]`, `{`, `}`
    Bracket,
    /// `./part.invq`
    Path,
    /// White space.
    Space,
    /// What no expression has: `'`, `$`, `1abc`, letters that are not ASCII.
    Junk,
}

impl LexemeKind {
    /// Whether the lexeme means nothing: white space or a comment.
    pub fn is_trivia(self) -> bool {
        matches!(self, LexemeKind::Space | LexemeKind::Comment)
    }
}

/// The words that cannot be names.
pub const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];

/// Operators of more than one character, longest first.
const OPERATORS: &[&str] =
    &["...", "==", "!=", "<=", ">=", "&&", "||", "->", "|>", "<|", "++", "//", "::", ".."];

/// Cuts `text` into lexemes that cover all of it.
pub fn lexemes(text: &str) -> Vec<Lexeme> {
    scan(text).lexemes
}

/// Lexemes, and what the text opens last without closing it.
#[derive(Debug)]
pub(super) struct Scan {
    /// The lexemes.
    pub(super) lexemes: Vec<Lexeme>,
    /// The place of the quote or comment opener that nothing closes, with what would close it.
    pub(super) unclosed: Option<(Span, &'static str)>,
}

/// Cuts `text` into lexemes.
pub(super) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner { text, at: 0, modes: Vec::new(), lexemes: Vec::new(), unclosed: None };
    while scanner.at < text.len() {
        scanner.step();
    }
    // A string that the text ends in is unclosed; one around an open interpolation is not the matter.
    if scanner.unclosed.is_none()
        && let Some(Mode::String { opener, indented }) = scanner.modes.last()
    {
        scanner.unclosed = Some((*opener, if *indented { "''" } else { "\"" }));
    }
    Scan { lexemes: scanner.lexemes, unclosed: scanner.unclosed }
}

/// What the scanner is inside of.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// `{ … }`, or `${ … }`
    Braces { interpolation: bool },
    /// `"…"`, or `''…''`
    String { opener: Span, indented: bool },
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    modes: Vec<Mode>,
    lexemes: Vec<Lexeme>,
    unclosed: Option<(Span, &'static str)>,
}

impl Scanner<'_> {
    /// Adds one lexeme, or two where an interpolation interrupts a string.
    fn step(&mut self) {
        if let Some(Mode::String { indented, .. }) = self.modes.last() {
            let indented = *indented;
            let length = if indented { self.indented_text() } else { self.string_text() };
            self.push(LexemeKind::String, length);
            if self.rest().starts_with("${") && self.inside_string() {
                self.modes.push(Mode::Braces { interpolation: true });
                self.push(LexemeKind::Interpolation, 2);
            }
            return;
        }
        let (kind, length) = self.code();
        self.push(kind, length);
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn inside_string(&self) -> bool {
        matches!(self.modes.last(), Some(Mode::String { .. }))
    }

    fn push(&mut self, kind: LexemeKind, length: usize) {
        if length > 0 {
            self.lexemes.push(Lexeme { kind, span: Span::new(self.at, self.at + length) });
            self.at += length;
        }
    }

    /// Kind and length of the lexeme outside of strings.
    fn code(&mut self) -> (LexemeKind, usize) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let mut characters = rest.chars();
        let first = characters.next().unwrap_or(' ');
        let second = characters.next();
        match first {
            ' ' | '\t' | '\r' | '\n' => {
                (LexemeKind::Space, run(rest, |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')))
            }
            '#' => (LexemeKind::Comment, rest.find(['\r', '\n']).unwrap_or(rest.len())),
            '/' if second == Some('*') => {
                let length = match rest.get(2..).and_then(|body| body.find("*/")) {
                    Some(end) => end + 4,
                    None => {
                        self.unclosed = Some((Span::new(self.at, self.at + 2), "*/"));
                        rest.len()
                    }
                };
                (LexemeKind::Comment, length)
            }
            '"' => (LexemeKind::String, self.open_string(1, false)),
            '\'' if second == Some('\'') => (LexemeKind::String, self.open_string(2, true)),
            '$' if second == Some('{') => {
                self.modes.push(Mode::Braces { interpolation: true });
                (LexemeKind::Interpolation, 2)
            }
            '{' => {
                self.modes.push(Mode::Braces { interpolation: false });
                (LexemeKind::Bracket, 1)
            }
            '}' => match self.modes.pop() {
                Some(Mode::Braces { interpolation: true }) => (LexemeKind::Interpolation, 1),
                _ => (LexemeKind::Bracket, 1),
            },
            '(' | ')' | '[' | ']' => (LexemeKind::Bracket, 1),
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = run(rest, is_word);
                let word = rest.get(..length).unwrap_or("");
                let kind =
                    if KEYWORDS.contains(&word) { LexemeKind::Keyword } else { LexemeKind::Identifier };
                (kind, length)
            }
            '0'..='9' => number(rest),
            '.' => dots(rest),
            _ => match OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
                Some(operator) => (LexemeKind::Operator, operator.len()),
                None if "+-*/<>!?:;,=@".contains(first) => (LexemeKind::Operator, 1),
                None => (LexemeKind::Junk, first.len_utf8()),
            },
        }
    }

    /// Enters a string and gives the length of its quote with the text behind it.
    fn open_string(&mut self, quote: usize, indented: bool) -> usize {
        let opener = Span::new(self.at, self.at + quote);
        self.modes.push(Mode::String { opener, indented });
        self.at += quote;
        let text = if indented { self.indented_text() } else { self.string_text() };
        self.at -= quote;
        quote + text
    }

    /// Length of the text of a `"` string, its closing quote included; leaves the string there.
    fn string_text(&mut self) -> usize {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match (byte, bytes.get(at + 1)) {
                (b'"', _) => {
                    self.modes.pop();
                    return at + 1;
                }
                (b'$', Some(b'{')) => return at,
                (b'$', Some(b'"' | b'\\')) => at += 1,
                // `$$` is no beginning of an interpolation, whatever comes next.
                (b'\\' | b'$', Some(_)) => at += 2,
                _ => at += 1,
            }
        }
        self.up_to_end(at)
    }

    /// Length of the text of a `''` string, its closing quote included; leaves the string there.
    fn indented_text(&mut self) -> usize {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match (byte, bytes.get(at + 1), bytes.get(at + 2)) {
                (b'\'', Some(b'\''), Some(b'$' | b'\'')) => at += 3,
                (b'\'', Some(b'\''), Some(b'\\')) => at += 4,
                (b'\'', Some(b'\''), _) => {
                    self.modes.pop();
                    return at + 2;
                }
                (b'$', Some(b'{'), _) => return at,
                (b'$', Some(next), _) if *next != b'\'' => at += 2,
                _ => at += 1,
            }
        }
        self.up_to_end(at)
    }

    /// An escape may have stepped over the end, or into a character that ends there.
    fn up_to_end(&self, at: usize) -> usize {
        at.min(self.text.len() - self.at)
    }
}

/// Kind and length of what begins with a digit.
fn number(rest: &str) -> (LexemeKind, usize) {
    let whole = run(rest, |byte| byte.is_ascii_digit());
    let zero_led = rest.starts_with('0');
    let behind = rest.get(whole..).unwrap_or("");
    let fraction = match behind.strip_prefix('.') {
        Some(digits) => {
            let digits = run(digits, |byte| byte.is_ascii_digit());
            // `0.5` and `1.` are numbers; `0.` and `01.5` are not.
            let is_float = if zero_led { whole == 1 && digits > 0 } else { true };
            if is_float { Some(1 + digits) } else { None }
        }
        None => None,
    };
    let mut length = whole + fraction.unwrap_or(0);
    if fraction.is_some() {
        length += exponent(rest.get(length..).unwrap_or(""));
    }
    let tail = rest.get(length..).unwrap_or("");
    let is_glued = tail.starts_with(|next: char| next.is_ascii_alphabetic() || next == '_');
    if is_glued { (LexemeKind::Junk, length + run(tail, is_word)) } else { (LexemeKind::Number, length) }
}

/// Length of an exponent, or 0.
fn exponent(rest: &str) -> usize {
    let Some(behind) = rest.strip_prefix(['e', 'E']) else { return 0 };
    let sign = usize::from(behind.starts_with(['+', '-']));
    match run(behind.get(sign..).unwrap_or(""), |byte| byte.is_ascii_digit()) {
        0 => 0,
        digits => 1 + sign + digits,
    }
}

/// Kind and length of what begins with a dot.
fn dots(rest: &str) -> (LexemeKind, usize) {
    let digits = run(rest.get(1..).unwrap_or(""), |byte| byte.is_ascii_digit());
    if digits > 0 {
        let length = 1 + digits + exponent(rest.get(1 + digits..).unwrap_or(""));
        return (LexemeKind::Number, length);
    }
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+');
    let dots = if rest.starts_with("../") { 2 } else { 1 };
    let mut length = dots;
    while let Some(segment) = rest.get(length..).and_then(|behind| behind.strip_prefix('/')) {
        match run(segment, is_path) {
            0 => break,
            characters => length += 1 + characters,
        }
    }
    if length > dots {
        return (LexemeKind::Path, length);
    }
    let operator = if rest.starts_with("...") { 3 } else { run(rest, |byte| byte == b'.').min(2) };
    (LexemeKind::Operator, operator)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\'')
}

/// Number of leading bytes for which `holds`; all of them ASCII.
fn run(text: &str, holds: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| holds(*byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        lexemes(text)
            .iter()
            .filter(|lexeme| lexeme.kind != LexemeKind::Space)
            .map(|lexeme| format!("{:?}:{}", lexeme.kind, text.get(lexeme.span.range()).unwrap_or("?")))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn kinds() {
        insta::assert_snapshot!(shown("let a-b' = 1.5; in f ./x.invq [ a.b or 2 ] # end"), @"Keyword:let Identifier:a-b' Operator:= Number:1.5 Operator:; Keyword:in Identifier:f Path:./x.invq Bracket:[ Identifier:a Operator:. Identifier:b Keyword:or Number:2 Bracket:] Comment:# end");
        insta::assert_snapshot!(shown("x::Int|>f<|g//h/2 /* c */ ... .. .5 1. 0. 1e3"), @"Identifier:x Operator::: Identifier:Int Operator:|> Identifier:f Operator:<| Identifier:g Operator:// Identifier:h Operator:/ Number:2 Comment:/* c */ Operator:... Operator:.. Number:.5 Number:1. Number:0 Operator:. Junk:1e3");
        insta::assert_snapshot!(shown("'x' $y é 12ab @ | &"), @"Junk:' Identifier:x' Junk:$ Identifier:y Junk:é Junk:12ab Operator:@ Junk:| Junk:&");
    }

    #[test]
    fn strings_and_interpolations() {
        insta::assert_snapshot!(shown(r#""a${f { b = "}"; }}c" d"#), @r#"String:"a Interpolation:${ Identifier:f Bracket:{ Identifier:b Operator:= String:"}" Operator:; Bracket:} Interpolation:} String:c" Identifier:d"#);
        insta::assert_snapshot!(shown(r#""$${a} \${b} $" c"#), @r#"String:"$${a} \${b} $" Identifier:c"#);
        insta::assert_snapshot!(shown("''a ''${b} ''' $${c} ''\\n ${d} ' '' e"), @r#"String:''a ''${b} ''' $${c} ''\n  Interpolation:${ Identifier:d Interpolation:} String: ' '' Identifier:e"#);
        insta::assert_snapshot!(shown(r#"a.${b}.c"#), @"Identifier:a Operator:. Interpolation:${ Identifier:b Interpolation:} Operator:. Identifier:c");
    }

    #[test]
    fn unclosed_strings_and_comments_are_found() {
        let unclosed = |text| scan(text).unclosed.map(|(span, closer)| (span.start, closer));
        assert_eq!(unclosed("f \"abc"), Some((2, "\"")));
        assert_eq!(unclosed("f \"abc\\"), Some((2, "\"")));
        assert_eq!(unclosed("f ''abc'"), Some((2, "''")));
        assert_eq!(unclosed("f ''abc''\\é"), Some((2, "''")));
        assert_eq!(unclosed("f /* \""), Some((2, "*/")));
        assert_eq!(unclosed("\"a${\"b\"}\""), None);
        assert_eq!(unclosed("\"a${b"), None);
    }

    fn assert_covers(text: &str) {
        let mut end = 0;
        for lexeme in lexemes(text) {
            assert_eq!(lexeme.span.start, end, "{text:?}");
            assert!(!lexeme.span.is_empty(), "{text:?}");
            assert!(text.get(lexeme.span.range()).is_some(), "{text:?} {lexeme:?}");
            end = lexeme.span.end;
        }
        assert_eq!(end as usize, text.len(), "{text:?}");
    }

    proptest! {
        #[test]
        fn lexemes_cover_any_text(text in ".*") {
            assert_covers(&text);
        }

        #[test]
        fn lexemes_cover_text_of_hard_characters(text in "[\"'$\\\\{}#/*.0-9e a-cé\n\r]{0,40}") {
            assert_covers(&text);
        }
    }

    #[test]
    fn a_hundred_thousand_openers_are_cut() {
        for opener in ["(", "{", "\"${", "''${", "\"", "'", "/*"] {
            assert_covers(&opener.repeat(100_000));
        }
    }
}
