//! Lines of the REPL.

use crate::syntax::ast::Line;
use crate::syntax::parse;
use crate::syntax::testing::{shown, source};

#[test]
fn a_line_is_bindings_an_expression_or_nothing() {
    for (text, expected) in [
        ("", "empty"),
        ("  # only a comment", "empty"),
        ("1 + 2", "expression"),
        ("a == b", "expression"),
        ("a.b", "expression"),
        ("\"a\"", "expression"),
        ("a = 1", "1 binding"),
        ("a = 1;", "1 binding"),
        ("a.\"b c\" = 1; d = x: x", "2 bindings"),
        ("inherit (a) b c;", "1 binding"),
        ("# library\na = 1;\nb = 2;\n", "2 bindings"),
    ] {
        let line = match parse::line(&source(text)) {
            Ok(line) => line,
            Err(error) => panic!("{text}\n{}", shown(&error.diagnostic)),
        };
        let found = match line {
            Line::Empty => "empty".to_owned(),
            Line::Expression(_) => "expression".to_owned(),
            Line::Bindings(bindings) => crate::text::count(bindings.len(), "binding", "bindings"),
        };
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_line_that_ends_too_early_is_incomplete() {
    for text in [
        "(1 + 2",
        "1 +",
        "1 + # more",
        "f [",
        "\"abc",
        "\"abc \\",
        "''abc",
        "\"a ${",
        "\"a ${b",
        "/* a",
        "a /* b",
        "1 + \"a",
        "{ a = 1",
        "{ a = 1;",
        "{ a",
        "{ a,",
        "{ a }@",
        "let",
        "let a = 1;",
        "let a = 1; in",
        "if a",
        "if a then b",
        "if a then b else",
        "x:",
        "x :",
        "with a;",
        "a.",
        "a ?",
        "a.b or",
        "a =",
        "a = 1; b",
        "a ::",
        "a :: [Int",
        "!",
        "import",
    ] {
        match parse::line(&source(text)) {
            Err(error) => assert!(error.incomplete, "{text}: {}", shown(&error.diagnostic)),
            Ok(line) => assert_eq!(text, "import", "{line:?}"),
        }
    }
}

#[test]
fn a_line_that_is_wrong_is_not_incomplete() {
    for text in [
        "1)",
        "(1]",
        "[1, 2",
        "a = = 1",
        "{ a = 1; ]",
        "x => ",
        "1 1e3",
        "'a",
        "a ? b ? c",
        ") \"abc",
        "let a = 1 in",
        "if a { b }",
        "a == b == c",
        "@web",
    ] {
        match parse::line(&source(text)) {
            Err(error) => assert!(!error.incomplete, "{text}: {}", shown(&error.diagnostic)),
            Ok(line) => panic!("{text}: {line:?}"),
        }
    }
}
