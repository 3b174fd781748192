//! JSON: as `jq` lays it out, or compact; coloured where that is allowed.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::escape::is_hidden;

/// How JSON is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// On one line.
    pub(super) compact: bool,
    /// With colours.
    pub(super) colour: bool,
    /// For a terminal: control characters that JSON allows are escaped too.
    pub(super) terminal: bool,
}

/// Writes a value, without a line's end.
pub(super) fn write(value: &Value, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    if layout.compact {
        formatted(value, layout, CompactFormatter, out)
    } else {
        formatted(value, layout, PrettyFormatter::new(), out)
    }
}

fn formatted<F: Formatter>(value: &Value, layout: Layout, inner: F, out: &mut dyn Write) -> io::Result<()> {
    let written = if layout.colour || layout.terminal {
        let formatter = Painted { inner, colour: layout.colour, terminal: layout.terminal, key: false };
        value.serialize(&mut Serializer::with_formatter(out, formatter))
    } else {
        value.serialize(&mut Serializer::with_formatter(out, inner))
    };
    written.map_err(io::Error::from)
}

/// JSON text with the control characters that JSON allows in strings written as escapes.
pub(super) fn ascii_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            escaped.push_str(&format!("\\u{:04x}", character as u32));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

const RESET: &[u8] = b"\x1b[0m";
const KEY: &[u8] = b"\x1b[34;1m";
const STRING: &[u8] = b"\x1b[32m";
const NUMBER: &[u8] = b"\x1b[36m";
const WORD: &[u8] = b"\x1b[35m";

/// Colours around what another formatter writes.
struct Painted<F> {
    inner: F,
    colour: bool,
    terminal: bool,
    key: bool,
}

impl<F> Painted<F> {
    fn paint<W: ?Sized + Write>(
        &self,
        colour: &[u8],
        out: &mut W,
        text: impl FnOnce(&mut W) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.colour {
            out.write_all(colour)?;
            text(out)?;
            out.write_all(RESET)
        } else {
            text(out)
        }
    }
}

impl<F: Formatter> Formatter for Painted<F> {
    fn write_null<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.paint(WORD, out, |out| out.write_all(b"null"))
    }

    fn write_bool<W: ?Sized + Write>(&mut self, out: &mut W, value: bool) -> io::Result<()> {
        self.paint(WORD, out, |out| out.write_all(if value { b"true" } else { b"false" }))
    }

    fn write_i64<W: ?Sized + Write>(&mut self, out: &mut W, value: i64) -> io::Result<()> {
        self.paint(NUMBER, out, |out| write!(out, "{value}"))
    }

    fn write_u64<W: ?Sized + Write>(&mut self, out: &mut W, value: u64) -> io::Result<()> {
        self.paint(NUMBER, out, |out| write!(out, "{value}"))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        if self.colour {
            out.write_all(NUMBER)?;
        }
        self.inner.write_f64(out, value)?;
        if self.colour { out.write_all(RESET) } else { Ok(()) }
    }

    fn begin_string<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.colour {
            out.write_all(if self.key { KEY } else { STRING })?;
        }
        self.inner.begin_string(out)
    }

    fn end_string<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.end_string(out)?;
        if self.colour { out.write_all(RESET) } else { Ok(()) }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        if self.terminal {
            out.write_all(ascii_controls(text).as_bytes())
        } else {
            self.inner.write_string_fragment(out, text)
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.inner.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.key = true;
        self.inner.begin_object_key(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.key = false;
        self.inner.end_object_key(out)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.inner.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: &Value, layout: Layout) -> String {
        let mut out = Vec::new();
        write(value, layout, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn pretty_is_as_jq_has_it() {
        let layout = Layout { compact: false, colour: false, terminal: false };
        let value = json!({ "a": [1, { "b": null }], "c": [], "d": {}, "e": 1.0 });
        let expected = "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": [],\n  \"d\": {},\n  \"e\": 1.0\n}";
        assert_eq!(text(&value, layout), expected);
    }

    #[test]
    fn colours_do_not_change_the_text() {
        let value = json!({ "a": [1, 2.5, -3, true, null, "x\ny"], "c": { "d": [] } });
        for compact in [true, false] {
            let plain = text(&value, Layout { compact, colour: false, terminal: false });
            let coloured = text(&value, Layout { compact, colour: true, terminal: true });
            let mut stripped = coloured.clone();
            for code in [RESET, KEY, STRING, NUMBER, WORD] {
                stripped = stripped.replace(std::str::from_utf8(code).unwrap_or(""), "");
            }
            assert_ne!(plain, coloured);
            assert_eq!(plain, stripped);
        }
    }

    #[test]
    fn a_terminal_gets_no_control_characters() {
        let layout = Layout { compact: true, colour: false, terminal: true };
        assert_eq!(text(&json!("\u{9b}\u{1b}\u{202e}"), layout), "\"\\u009b\\u001b\\u202e\"");
    }
}
