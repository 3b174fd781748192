//! Python's literals, which is how Ansible reads the values of an INI inventory: `5`, `True`,
//! `['a', 'b']`. What is no literal is a text as it stands.

use serde_json::{Map, Value as Json};

/// How deep brackets may nest in a literal.
const DEPTH: usize = 64;

/// Reads a text that is one literal, a comment behind it allowed.
pub(super) fn read(text: &str) -> Option<Json> {
    // Most values are plain words, which need no reader.
    let first = text.trim_start_matches([' ', '\t']).chars().next()?;
    if !first.is_ascii_digit() && !"\"'[({-+.TFNrRbBuU".contains(first) {
        return None;
    }
    if let Some(known) = plain_number(text) {
        return known;
    }
    let mut reader = Reader { text, at: 0, depth: 0 };
    let literal = reader.expression(false)?;
    reader.blanks(true);
    (reader.at == text.len()).then_some(literal)
}

/// What a text of digits alone is, or one of digits and several points, which is no literal but an address;
/// nothing for others.
fn plain_number(text: &str) -> Option<Option<Json>> {
    const MOST_DIGITS: usize = 18;
    let mut points = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {}
            b'.' => points += 1,
            _ => return None,
        }
    }
    match (points, text.as_bytes()) {
        (2.., _) => Some(None),
        (0, [b'0']) => Some(Some(Json::from(0))),
        (0, [b'1'..=b'9', ..]) if text.len() <= MOST_DIGITS => {
            text.parse::<i64>().ok().map(|number| Some(Json::from(number)))
        }
        _ => None,
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Skips blanks, and a comment where one may stand.
    fn blanks(&mut self, comments: bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\u{c}']).len();
        if comments && self.peek() == Some('#') {
            self.at = self.text.len();
        }
    }

    /// A literal, or at the top a tuple without parentheses.
    fn expression(&mut self, inside: bool) -> Option<Json> {
        self.blanks(false);
        let first = self.value()?;
        self.blanks(false);
        if inside || self.peek() != Some(',') {
            return Some(first);
        }
        let mut items = vec![first];
        while self.take(',') {
            self.blanks(false);
            if self.rest().is_empty() || self.peek() == Some('#') {
                break;
            }
            items.push(self.value()?);
            self.blanks(false);
        }
        Some(Json::Array(items))
    }

    fn value(&mut self) -> Option<Json> {
        match self.peek()? {
            '[' => self.list('[', ']').map(|(items, _)| Json::Array(items)),
            '(' => {
                let (mut items, comma) = self.list('(', ')')?;
                match (items.len(), comma) {
                    (1, false) => items.pop(),
                    _ => Some(Json::Array(items)),
                }
            }
            '{' => self.object(),
            '-' | '+' => {
                let negative = self.peek() == Some('-');
                self.at += 1;
                self.blanks(false);
                let number = self.number()?;
                match (negative, number.as_i64(), number.as_f64()) {
                    (true, Some(whole), _) => whole.checked_neg().map(Json::from),
                    (true, None, Some(float)) => Some(Json::from(-float)),
                    _ => Some(number),
                }
            }
            first if first.is_ascii_digit() || first == '.' => self.number(),
            _ => self.word_or_text(),
        }
    }

    /// The elements between brackets, and whether a comma stands among them.
    fn list(&mut self, open: char, close: char) -> Option<(Vec<Json>, bool)> {
        self.enter(open)?;
        let (mut items, mut comma) = (Vec::new(), false);
        loop {
            self.blanks(false);
            if self.take(close) {
                break;
            }
            items.push(self.expression(true)?);
            self.blanks(false);
            if self.take(',') {
                comma = true;
            } else if self.peek() != Some(close) {
                return None;
            }
        }
        self.depth -= 1;
        Some((items, comma))
    }

    fn object(&mut self) -> Option<Json> {
        self.enter('{')?;
        let mut entries = Map::new();
        loop {
            self.blanks(false);
            if self.take('}') {
                break;
            }
            let key = match self.expression(true)? {
                Json::String(text) => text,
                Json::Array(_) | Json::Object(_) => return None,
                // As they are written where keys must be texts.
                plain => plain.to_string(),
            };
            self.blanks(false);
            if !self.take(':') {
                return None;
            }
            let value = self.expression(true)?;
            entries.insert(key, value);
            self.blanks(false);
            if !self.take(',') && self.peek() != Some('}') {
                return None;
            }
        }
        self.depth -= 1;
        Some(Json::Object(entries))
    }

    fn enter(&mut self, open: char) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEPTH && self.take(open)).then_some(())
    }

    fn number(&mut self) -> Option<Json> {
        let rest = self.rest();
        let exponent = |at: usize| {
            rest.get(..at).is_some_and(|before| before.ends_with(['e', 'E']) && !before.starts_with("0x"))
        };
        let end = rest
            .char_indices()
            .find(|(at, next)| {
                let sign = matches!(next, '-' | '+') && exponent(*at);
                !next.is_ascii_alphanumeric() && !matches!(next, '.' | '_') && !sign
            })
            .map_or(rest.len(), |(at, _)| at);
        let written = rest.get(..end)?;
        let number = whole(written).or_else(|| fraction(written))?;
        self.at += end;
        Some(number)
    }

    fn word_or_text(&mut self) -> Option<Json> {
        let rest = self.rest();
        let length =
            rest.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(length)?;
        if after.starts_with(['"', '\'']) {
            return self.texts();
        }
        self.at += length;
        match word {
            "True" => Some(Json::Bool(true)),
            "False" => Some(Json::Bool(false)),
            "None" => Some(Json::Null),
            _ => None,
        }
    }

    /// Texts that stand side by side are one.
    fn texts(&mut self) -> Option<Json> {
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let quote = rest.find(['"', '\'']).unwrap_or(rest.len());
            let prefix = rest.get(..quote)?;
            let raw = match prefix.to_ascii_lowercase().as_str() {
                "" | "u" | "b" => false,
                "r" | "br" | "rb" => true,
                _ => break,
            };
            if quote == rest.len() {
                break;
            }
            self.at += quote;
            self.text(raw, &mut text)?;
            self.blanks(false);
        }
        Some(Json::String(text))
    }

    fn text(&mut self, raw: bool, text: &mut String) -> Option<()> {
        let quote = self.peek()?;
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let close = if self.rest().starts_with(&triple) { triple } else { quote.to_string() };
        self.at += close.len();
        loop {
            let rest = self.rest();
            if rest.starts_with(&close) {
                self.at += close.len();
                return Some(());
            }
            let character = rest.chars().next()?;
            self.at += character.len_utf8();
            if character != '\\' {
                text.push(character);
                continue;
            }
            let escaped = self.peek()?;
            if raw {
                text.push('\\');
                text.push(escaped);
                self.at += escaped.len_utf8();
            } else {
                self.escape(escaped, text)?;
            }
        }
    }

    /// What follows a backslash; an escape that Python does not know stays as it is.
    fn escape(&mut self, letter: char, text: &mut String) -> Option<()> {
        let simple = match letter {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'a' => Some('\u{7}'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'v' => Some('\u{b}'),
            '\\' | '\'' | '"' => Some(letter),
            _ => None,
        };
        if let Some(simple) = simple {
            self.at += 1;
            text.push(simple);
            return Some(());
        }
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0'..='7' => {
                let rest = self.rest();
                let digits = rest.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let code = u32::from_str_radix(rest.get(..digits)?, 8).ok()?;
                self.at += digits;
                text.push(char::from_u32(code)?);
                return Some(());
            }
            // Names of characters are not known here.
            'N' => return None,
            other => {
                self.at += other.len_utf8();
                text.push('\\');
                text.push(other);
                return Some(());
            }
        };
        let code = u32::from_str_radix(self.rest().get(1..=digits)?, 16).ok()?;
        self.at += 1 + digits;
        text.push(char::from_u32(code)?);
        Some(())
    }
}

/// Digits with single underscores between them.
fn digits(text: &str, radix: u32) -> Option<String> {
    let shaped =
        text.split('_').all(|part| !part.is_empty() && part.chars().all(|digit| digit.is_digit(radix)));
    shaped.then(|| text.replace('_', ""))
}

fn whole(text: &str) -> Option<Json> {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if text.to_ascii_lowercase().starts_with(prefix) {
            let after = text.get(2..)?;
            let digits = digits(after.strip_prefix('_').unwrap_or(after), radix)?;
            return i64::from_str_radix(&digits, radix).ok().map(Json::from);
        }
    }
    let digits = digits(text, 10)?;
    // A leading zero is a mistake there, and the value then a text.
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().any(|digit| digit != b'0') {
        return None;
    }
    Some(match digits.parse::<i64>() {
        Ok(number) => number.into(),
        // Whole numbers have no limit there.
        Err(_) => digits.parse::<f64>().ok()?.into(),
    })
}

fn fraction(text: &str) -> Option<Json> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let part = |text: &str| if text.is_empty() { Some(String::new()) } else { digits(text, 10) };
    let mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) if whole.len() + fraction.len() > 0 => {
            format!("{}.{}", part(whole)?, part(fraction)?)
        }
        Some(_) => return None,
        None if exponent.is_some() => digits(mantissa, 10)?,
        None => return None,
    };
    let exponent = match exponent {
        Some(exponent) => {
            let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            let sign = if exponent.starts_with('-') { "-" } else { "" };
            format!("e{sign}{}", digits(unsigned, 10)?)
        }
        None => String::new(),
    };
    format!("{mantissa}{exponent}").parse::<f64>().ok().map(Json::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn literals_of_python() {
        for (written, expected) in [
            ("5", json!(5)),
            ("-5", json!(-5)),
            ("1_000", json!(1000)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("00", json!(0)),
            ("1.5", json!(1.5)),
            ("-.5", json!(-0.5)),
            ("1e3", json!(1000.0)),
            ("5 # five", json!(5)),
            ("True", json!(true)),
            ("None", json!(null)),
            ("'a' \"b\"", json!("ab")),
            ("'it\\'s\\n\\x41\\101'", json!("it's\nAA")),
            ("r'\\n'", json!("\\n")),
            ("u'x'", json!("x")),
            ("'''a'b'''", json!("a'b")),
            ("[]", json!([])),
            ("[1, 'a',]", json!([1, "a"])),
            ("(1)", json!(1)),
            ("(1,)", json!([1])),
            ("1, 2", json!([1, 2])),
            ("{'a': {1: True}}", json!({ "a": { "1": true } })),
            ("\"{{ x }}\"", json!("{{ x }}")),
        ] {
            assert_eq!(read(written), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_is_no_literal_is_a_text() {
        for written in [
            "0644", "10.0.0.1", "5m", "1+2", "true", "web", "f'x'", "'a", "[a, b]", "{1, 2}", "{{ x }}", "",
            "[", "a #",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
        assert_eq!(read(&"[".repeat(10_000)), None);
    }
}
