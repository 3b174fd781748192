//! From the tree to text.
//!
//! What comes in is a tree; what goes out reads as Nix, on one line where it fits and else broken
//! and indented by two spaces, with no more parentheses than it needs. Parsing the text gives the
//! same tree again: `Chain [a, + Chain [b, * c]]` is printed as `a + b * c`.

mod doc;
mod print;
mod types;
mod written;

use super::ast::{Expr, TypeExpr};
use super::lex::KEYWORDS;

pub use written::{one_line, source};

/// The text of an expression.
pub fn expression(expr: &Expr) -> String {
    print::expression(expr).print()
}

/// The text of a type, on one line.
pub fn type_expression(ty: &TypeExpr) -> String {
    types::type_expression(ty)
}

/// A string in quotes, with escapes where they are needed.
pub fn quote_string(text: &str) -> String {
    format!("\"{}\"", escaped(text, false))
}

/// The name of an attribute, in quotes where it needs them.
pub fn attr_name(name: &str) -> String {
    // `or` is a keyword only behind a selection, never where a name is expected.
    if is_identifier(name) && (name == "or" || !KEYWORDS.contains(&name)) {
        name.to_owned()
    } else {
        quote_string(name)
    }
}

/// Whether `name` has the form of an identifier; keywords have it too.
fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\''))
}

/// Text as it stands between quotes, or between a quote and an interpolation.
///
/// A character that Nix has no escape for stands as it is; the carriage return must not, since
/// Nix reads a written one as a line feed.
fn escaped(text: &str, before_interpolation: bool) -> String {
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '"' | '\\' => {
                written.push('\\');
                written.push(character);
            }
            '$' => {
                // `${` would begin an interpolation, and `$$` would keep one from beginning.
                let needs_escape = match characters.peek() {
                    Some(next) => matches!(next, '{' | '$'),
                    None => before_interpolation,
                };
                written.push_str(if needs_escape { "\\$" } else { "$" });
            }
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests;
