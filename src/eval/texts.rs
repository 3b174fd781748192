//! Texts that are put together.

use super::{Evaluation, Frame};
use crate::diagnostic::{Code, Diagnostic};
use crate::types::tir::{Constant, Expr, ExprKind};
use crate::value::{Fault, Name, Text, Value};

/// Texts that are longer are checked against the limit of memory before they are made.
const LONG_TEXT: usize = 1 << 16;

impl Evaluation<'_> {
    pub(super) fn interpolate(&mut self, parts: &[Expr], frame: &Frame<'_>) -> Result<Value, Fault> {
        // What the text begins with may have room behind it.
        let (mut first, parts) = match parts.split_first() {
            Some((first, rest)) if !matches!(first.kind, ExprKind::Constant(_)) => {
                (Some(self.piece(first, frame)?), rest)
            }
            _ => (None, parts),
        };
        // The pieces are joined in a text that is used again.
        let mut text = self.joined.take();
        text.clear();
        if let Some(short) = first.take_if(|first| !first.is_long()) {
            text.push_str(&short);
        }
        for part in parts {
            if let ExprKind::Constant(Constant::String(piece)) = &part.kind {
                text.push_str(piece);
                continue;
            }
            let piece = self.piece(part, frame)?;
            self.append(&mut text, &piece)?;
        }
        let result = match first {
            Some(first) => self.lengthened(&first, &text),
            None => self.text(&text),
        };
        self.keep_room(text);
        result
    }

    /// Keeps the room of a text that was joined for the next one.
    fn keep_room(&self, joined: String) {
        if joined.capacity() < 1 << 16 {
            self.joined.set(joined);
        }
    }

    /// A text inside of another.
    fn piece(&mut self, part: &Expr, frame: &Frame<'_>) -> Result<Text, Fault> {
        match self.eval(part, frame)? {
            Value::String(piece) => Ok(piece),
            other => {
                let message = format!("expected a string inside `${{}}`, found {}", other.describe());
                let diagnostic = Diagnostic::error(Code::TypeMismatch, message)
                    .at(frame.source, part.span, format!("this is {}", other.describe()))
                    .help("convert it with `toString`");
                Err(Fault::new(diagnostic))
            }
        }
    }

    /// A text with another behind it, counted against the limits.
    pub(super) fn lengthened(&mut self, text: &Text, more: &str) -> Result<Value, Fault> {
        if !text.is_long() {
            let mut joined = self.joined.take();
            joined.clear();
            joined.push_str(text);
            self.append(&mut joined, more)?;
            let result = self.text(&joined);
            self.keep_room(joined);
            return result;
        }
        let copied = text.copied(more.len());
        if copied > LONG_TEXT {
            // A text is copied to be looked into, and once more with room for as much again.
            self.meter.memory(3 * copied)?;
        }
        self.meter.work(copied)?;
        Ok(Value::String(if more.is_empty() { text.clone() } else { text.with(more) }))
    }

    /// Adds to a text that is being made. It is there twice once it is a value, since that has a copy.
    pub(super) fn append(&mut self, text: &mut String, more: &str) -> Result<(), Fault> {
        let length = text.len() + more.len();
        if length > LONG_TEXT {
            self.meter.memory(2 * length)?;
        }
        text.push_str(more);
        Ok(())
    }

    /// A text that was just made, counted against the memory limit.
    pub(super) fn text(&mut self, text: &str) -> Result<Value, Fault> {
        self.meter.memory(if text.len() > LONG_TEXT { text.len() } else { 0 })?;
        self.meter.work(text.len())?;
        let text: Name = text.into();
        crate::value::meter::text(&text);
        Ok(Value::from(text))
    }
}
