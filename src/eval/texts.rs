//! Texts that are put together.

use super::{Evaluation, Frame};
use crate::diagnostic::{Code, Diagnostic};
use crate::types::tir::{Constant, Expr, ExprKind};
use crate::value::{Fault, Name, Value};

/// Texts that are longer are checked against the limit of memory before they are made.
const LONG_TEXT: usize = 1 << 16;

impl Evaluation<'_> {
    pub(super) fn interpolate(&mut self, parts: &[Expr], frame: &Frame<'_>) -> Result<Value, Fault> {
        // The pieces are joined in a text that is used again.
        let mut text = self.joined.take();
        text.clear();
        for part in parts {
            if let ExprKind::Constant(Constant::String(piece)) = &part.kind {
                text.push_str(piece);
                continue;
            }
            match self.eval(part, frame)? {
                Value::String(piece) => self.append(&mut text, &piece)?,
                other => {
                    let message = format!("expected a string inside `${{}}`, found {}", other.describe());
                    let diagnostic = Diagnostic::error(Code::TypeMismatch, message)
                        .at(frame.source, part.span, format!("this is {}", other.describe()))
                        .help("convert it with `toString`");
                    return Err(Fault::new(diagnostic));
                }
            }
        }
        let result = self.text(&text);
        if text.capacity() < 1 << 16 {
            self.joined.set(text);
        }
        result
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
        Ok(Value::String(text))
    }
}
