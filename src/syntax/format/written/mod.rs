//! From text to formatted text.
//!
//! What comes in is the text of an expression; what goes out has the same tokens and the same comments in
//! the same order, in other lines. The tree is only asked whether the text means the same: it has
//! neither comments nor parentheses, so that the layout follows the tokens.

mod layout;
mod operators;
mod sets;
mod strings;
mod tokens;
mod types;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::syntax::format::doc::Doc;
use crate::syntax::format::expression;
use crate::syntax::parse;
use crate::text::Source;

use layout::Layout;

/// The formatted text of a file that is one expression, with a line feed at its end.
///
/// Comments stay where they are, up to one empty line stays between bindings and between elements,
/// and strings keep their form. A set, a list or a `let` that is broken behind its opener stays
/// broken, and so do pipes that begin lines; everything else is on one line where it fits.
///
/// # Errors
/// The syntax error of a text that cannot be read.
pub fn source(source: &Arc<Source>) -> Result<String, Diagnostic> {
    let tree = parse::expression(source)?;
    let mut text = document(source).print();
    text.push('\n');
    let again = Source::new(source.name(), text.as_str());
    // Text that would come to mean something else stays as it is.
    let is_same = parse::expression(&again).is_ok_and(|again| expression(&again) == expression(&tree));
    Ok(if is_same { text } else { source.text().to_owned() })
}

/// The formatted text of an expression that stands on one line, without an end of line; nothing if
/// the text needs more than one line.
///
/// # Errors
/// The syntax error of a text that cannot be read.
pub fn one_line(source: &Arc<Source>) -> Result<Option<String>, Diagnostic> {
    let tree = parse::expression(source)?;
    let doc = document(source);
    if source.text().contains(['\n', '\r']) || !doc.can_be_flat() {
        return Ok(None);
    }
    let text = doc.print_flat();
    let again = Source::new(source.name(), text.as_str());
    let is_same = parse::expression(&again).is_ok_and(|again| expression(&again) == expression(&tree));
    Ok(is_same.then_some(text))
}

fn document(source: &Source) -> Doc {
    Layout::new(source.text()).file()
}

#[cfg(test)]
mod tests;
