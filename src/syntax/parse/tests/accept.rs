//! Each construct, accepted and refused.

use crate::syntax::ast::{AttrNameKind, Binding, Expr, ExprKind, Parameter, StringPart};
use crate::syntax::format;
use crate::syntax::parse;
use crate::syntax::testing::{parsed, refused, shown, source, without_spans};

/// Accepts the texts, and prints them as they are.
fn accepted(texts: &[&str]) {
    for text in texts {
        assert_eq!(format::expression(&parsed(text)), *text);
    }
}

#[test]
fn literals() {
    accepted(&["12", "1.5", "\"a\"", "true", "[ ]", "{ }", "[ 1 2.5 \"x\" ]"]);
    for text in ["1.", ".5", "0.5", "1.e3", "1.5E-3", "9223372036854775807", "007"] {
        parsed(text);
    }
    for text in ["1e3", "12abc", "1.a", "0.", "01.5", "'a'", "é", "$a", "9223372036854775808", "1.0e999"] {
        refused(text);
    }
    assert!(matches!(parsed("1.e3").kind, ExprKind::Float(number) if number == 1000.0));
}

#[test]
fn names() {
    accepted(&["a", "_", "a-b", "a'", "true-ish", "import'", "lets", "if-else", "and", "not"]);
    for text in ["in", "then", "or", "rec", "-"] {
        refused(text);
    }
}

#[test]
fn sets() {
    accepted(&[
        "{ a = 1; }",
        "rec { a = 1; b = a; }",
        "{ a.b.\"c d\".${e}.\"f${g}\" = 1; }",
        "{ inherit a b; inherit (c) d \"e f\"; }",
        "{ inherit; }",
        "{ or = 1; }",
        "{ \"in\" = 1; }",
    ]);
    assert_eq!(format::expression(&parsed("{ ${\"a\"} = 1; inherit ${\"b\"}; }")), "{ a = 1; inherit b; }");
    for text in ["{ a = 1 }", "{ a; }", "{ a b = 1; }", "{ in = 1; }", "{ inherit ${a}; }", "rec a", "{ , }"]
    {
        refused(text);
    }
}

#[test]
fn heads() {
    accepted(&[
        "let a = 1; b.c = 2; in a",
        "let in 1",
        "let inherit (a) b; in b",
        "if a then b else c",
        "with a; b",
        "assert a; b",
        "if if a then b else c then d else e",
    ]);
    for text in
        ["let a = 1 in a", "let ${a} = 1; in 1", "if a b", "with a b", "assert a", "1 + if a then b else c"]
    {
        refused(text);
    }
}

#[test]
fn functions() {
    accepted(&[
        "x: x",
        "x: y: x",
        "{ }: 1",
        "{ ... }: 1",
        "{ a }: a",
        "{ a, b ? 1, ... }: a",
        "{ a, b ? { c, d }: c, ... }: a",
        "{ a }@b: a",
        "{ }@b: b",
    ]);
    assert_eq!(without_spans(&parsed("b@{ a }: a")), without_spans(&parsed("{ a }@b: a")));
    assert_eq!(without_spans(&parsed("{ a, }: a")), without_spans(&parsed("{ a }: a")));
    assert_eq!(without_spans(&parsed("x:x")), without_spans(&parsed("x: x")));
    assert!(matches!(&parsed("{ } :: { }").kind, ExprKind::Ascription { .. }));
    for text in [
        "x:",
        "{ a, a }: a",
        "{ a }@a: a",
        "a@{ a }: a",
        "{ ..., a }: a",
        "{ a, b }",
        "f x: x",
        "or: 1",
        "\"a\": 1",
    ] {
        refused(text);
    }
}

#[test]
fn selection() {
    accepted(&[
        "a.b",
        "a.b.\"c d\".${e}",
        "a.b or c",
        "a ? b",
        "a ? b.\"c\\n\".${d}",
        "a.or or b",
        "a.\"in\"",
    ]);
    assert_eq!(format::expression(&parsed("a . b\n.c")), "a.b.c");
    for text in ["a.", "a.in", "a.b or", "a ?", "a or b", "(a).b or or"] {
        refused(text);
    }
}

#[test]
fn imports() {
    accepted(&["import ./part.invq", "import ../lib/x-1.invq { a = 1; }", "[ (import ./a.invq) ]"]);
    for text in ["./a", "f ./a", "import f ./a", "[ ./a ]", "a.b or ./c", "import ./", "import ./a/"] {
        refused(text);
    }
}

#[test]
fn types() {
    for text in [
        "Int",
        "a",
        "[T]",
        "T?",
        "(a -> b) -> [a] -> [b]",
        "{ _ : a } -> [String]",
        "{ f : T, g? : U, _ : V }",
        "{ f : T, g? : T }",
        "{ f : T, .. }",
        "{ .. }",
        "{ }",
        "[[T?]?]",
        "(T -> U)?",
        "{ \"a b\" : T, \"_\" : U, \"in\" : T }",
    ] {
        match parse::type_expression(&source(text)) {
            Ok(ty) => assert_eq!(format::type_expression(&ty), text),
            Err(diagnostic) => panic!("{text}\n{}", shown(&diagnostic)),
        }
    }
    for text in
        ["", "[", "T ->", "T U", "{ f }", "{ _ : T, _ : U }", "{ .., f : T }", "{ f : T, f : U }", "T??", "1"]
    {
        assert!(parse::type_expression(&source(text)).is_err(), "{text}");
    }
}

fn string(text: &str) -> String {
    match parsed(text).kind {
        ExprKind::String(parts) => parts
            .iter()
            .map(|part| match part {
                StringPart::Text(text) => text.to_string(),
                StringPart::Interpolation(_) => "<>".to_owned(),
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn quoted_strings() {
    for (text, expected) in [
        (r#""a\n\r\t\"\\\${b}\q""#, "a\n\r\t\"\\${b}q"),
        (r#""$${a}""#, "$${a}"),
        (r#""$$${a}""#, "$$<>"),
        (r#""\$${a}""#, "$<>"),
        (r#""$""#, "$"),
        (r#""a$\n""#, "a$\n"),
        (r#""$a$b""#, "$a$b"),
        ("\"a\r\nb\rc\"", "a\nb\nc"),
        (r#""${"a${b}"}""#, "<>"),
        (r##""# /* ' ''""##, "# /* ' ''"),
        (r#""${ a }x${ { b = "}"; }.b }""#, "<>x<>"),
    ] {
        assert_eq!(string(text), expected, "{text}");
    }
}

#[test]
fn indented_strings() {
    for (text, expected) in [
        ("''a''", "a"),
        ("''  a''", "a"),
        ("''\n  a\n   b\n''", "a\n b\n"),
        ("''\n  a\n  ''", "a\n"),
        ("''   \n  a''", "a"),
        ("''\n  ${a}\n    b''", "<>\n  b"),
        ("''a ''${b} ''' ''\\n ''\\$''", "a ${b} '' \n $"),
        ("''$${a}''", "$${a}"),
        ("''a'b$c''", "a'b$c"),
        ("''$''", "$"),
        ("'''$'${a}''", "''"),
        ("''\r\n  a''", "\r\n  a"),
        ("''\n\n  a''", "\na"),
        ("''''", ""),
    ] {
        if text == "'''$'${a}''" {
            // `'''` begins the string and is an apostrophe in it.
            assert_eq!(string(text), "'$'<>", "{text}");
            continue;
        }
        assert_eq!(string(text), expected, "{text}");
    }
}

#[test]
fn comments_are_white_space() {
    let same = ["#!/usr/bin/env invq\n1 + 2", "/* a */ 1 /**/ + /* * / */ 2 # end", "1+2#end", "1 # a\r+ 2"];
    for text in same {
        assert_eq!(without_spans(&parsed(text)), without_spans(&parsed("1 + 2")), "{text}");
    }
}

#[test]
fn places_have_no_white_space_around_them() {
    let source = source("  f ( a + b )  .c # end\n ");
    let Ok(expr) = parse::expression(&source) else { panic!("the text is right") };
    assert_eq!(source.slice(expr.span), "f ( a + b )  .c");
    let ExprKind::Apply { arguments, .. } = &expr.kind else { panic!("{expr:?}") };
    let Some(Expr { kind: ExprKind::Select { base, .. }, .. }) = arguments.first() else {
        panic!("{expr:?}")
    };
    assert_eq!(source.slice(base.span), "( a + b )");
}

#[test]
fn places_of_names_are_exact() {
    let source = source("{ \"a b\".${c} = x@{ d , ... } : e ; }");
    let Ok(expr) = parse::expression(&source) else { panic!("the text is right") };
    let ExprKind::AttrSet { bindings, .. } = &expr.kind else { panic!("{expr:?}") };
    let Some(Binding::Value { path, value }) = bindings.first() else { panic!("{expr:?}") };
    let names: Vec<&str> = path.iter().map(|name| source.slice(name.span)).collect();
    assert_eq!(names, ["\"a b\"", "${c}"]);
    assert!(matches!(path.last().map(|name| &name.kind), Some(AttrNameKind::Dynamic(_))));
    let ExprKind::Lambda { parameter: Parameter::Pattern(pattern), .. } = &value.kind else {
        panic!("{value:?}")
    };
    assert_eq!(source.slice(pattern.span), "{ d , ... }");
    assert_eq!(source.slice(value.span), "x@{ d , ... } : e");
}
