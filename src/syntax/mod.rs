//! From text to the untyped tree, and back.
//!
//! [`parse`] gives an [`ast::Expr`] or the one syntax error; [`mod@format`] prints a tree so that
//! parsing gives the same tree again; [`lex`] cuts any text, also an unfinished one, into lexemes
//! for colour and completion.

pub mod ast;
pub mod format;
mod grammar;
pub mod lex;
pub mod limits;
pub mod parse;

#[cfg(test)]
mod testing;
