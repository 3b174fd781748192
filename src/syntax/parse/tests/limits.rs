//! No text makes the parser abort or hang.

use proptest::prelude::*;

use crate::diagnostic::Code;
use crate::limits::Limits;
use crate::syntax::testing::{operators, shown, source};
use crate::syntax::{format, lex, parse};

/// Runs `check` on a thread with the smallest stack that hosts use.
fn on_small_stack(check: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(check);
    let outcome = thread.expect("a thread can be started").join();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// Text that nests once for each repetition of its first part.
const NESTED: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("[ (", "1", ") ]"),
    ("{ a = ", "1", "; }"),
    ("\"${", "1", "}\""),
    ("''${", "1", "}''"),
    ("a.${", "b", "}"),
    ("{ a ? ", "1", " }: 1"),
    ("{ inherit (", "a", ") b; }"),
    ("if ", "a", " then b else c"),
    ("if a then ", "b", " else c"),
    ("if a then b else ", "c", ""),
    ("let a = ", "1", "; in a"),
    ("let a = 1; in ", "a", ""),
    ("with ", "a", "; b"),
    ("with a; ", "b", ""),
    ("assert a; ", "b", ""),
    ("x: ", "x", ""),
    ("{ a }: ", "x", ""),
    ("a@{ b }: ", "x", ""),
    ("-", "1", ""),
    ("!", "a", ""),
    ("a + !", "a", ""),
    ("a.b or ", "c", ""),
    ("f (x: a |> b -> c || d && e == f < g // h + i * j ++ k (", "1", "))"),
    ("((", "1 :: [T]", ") :: T)"),
];

/// The text that nests `depth` times.
fn nested(depth: usize, (open, middle, close): (&str, &str, &str)) -> String {
    format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn the_deepest_accepted_trees_survive_a_small_stack() {
    on_small_stack(|| {
        for shape in NESTED {
            let deepest = (1..=Limits::default().nesting)
                .rev()
                .find_map(|depth| parse::expression(&source(&nested(depth, *shape))).ok());
            let Some(expr) = deepest else { panic!("{} is never accepted", shape.0) };
            let text = format::expression(&expr);
            assert!(parse::expression(&source(&text)).is_ok(), "{}", shape.0);
            let _ = expr.clone();
        }
    });
}

#[test]
fn nesting_without_end_is_a_limit() {
    on_small_stack(|| {
        for shape in NESTED {
            for depth in [1_000, 100_000 / shape.0.len()] {
                let text = nested(depth, *shape);
                let code = parse::expression(&source(&text)).err().map(|diagnostic| diagnostic.code);
                assert_eq!(code, Some(Code::LimitReached), "{}", shape.0);
                assert!(parse::expression(&source(&shape.0.repeat(depth))).is_err(), "{}", shape.0);
            }
        }
    });
}

#[test]
fn types_nest_as_deeply_as_expressions() {
    on_small_stack(|| {
        let limit = Limits::default().nesting;
        for shape in [("[", "T", "]"), ("{ a : ", "T", "}"), ("{ _ : ", "T", "}"), ("T -> (", "T", ")")] {
            match parse::type_expression(&source(&nested(limit - 1, shape))) {
                Ok(ty) => assert!(format::type_expression(&ty).len() > limit),
                Err(diagnostic) => panic!("{} {}", shape.0, shown(&diagnostic)),
            }
            let error = parse::type_expression(&source(&nested(100_000, shape))).err();
            assert_eq!(error.map(|diagnostic| diagnostic.code), Some(Code::LimitReached), "{}", shape.0);
        }
    });
}

#[test]
fn the_nesting_limit_is_exact_for_brackets() {
    let limit = Limits::default().nesting;
    on_small_stack(move || {
        for shape in [("(", "1", ")"), ("[", "", "]"), ("{ a = ", "{ }", "; }"), ("\"${", "1", "}\"")] {
            let most = if shape.1 == "1" && shape.0 == "(" || shape.1.is_empty() { limit } else { limit - 1 };
            if let Err(diagnostic) = parse::expression(&source(&nested(most, shape))) {
                panic!("{} {}", shape.0, shown(&diagnostic));
            }
        }
    });
    let Err(diagnostic) = parse::expression(&source(&nested(limit + 1, ("(", "1", ")")))) else {
        panic!("one too many")
    };
    insta::assert_snapshot!(shown(&diagnostic), @"
    [limit-reached] expected at most 200 levels of nesting, found more
      1:201 `(`: this is one level too deep
      help: give a part of it a name with `let name = …; in …`; `Limits::nesting` of the engine raises the limit
    ");
}

#[test]
fn long_chains_are_no_nesting() {
    on_small_stack(|| {
        for operator in operators() {
            let symbol = operator.symbol();
            let text = format!("a{}", format!(" {symbol} b").repeat(50_000));
            match parse::expression(&source(&text)) {
                Ok(expr) => assert!(symbol != "+" || format::expression(&expr).len() > text.len()),
                Err(diagnostic) => assert!(diagnostic.message.contains("cannot be chained"), "{symbol}"),
            }
        }
        for text in [
            format!("f{}", " a".repeat(50_000)),
            format!("a{}", ".b".repeat(50_000)),
            format!("[{}]", " 1".repeat(50_000)),
            format!("{{{}}}", " a = 1;".repeat(20_000)),
            format!("\"{}\"", "${a}b".repeat(20_000)),
            format!("{{ {} }}: 1", (0..20_000).map(|n| format!("a{n}")).collect::<Vec<_>>().join(", ")),
        ] {
            if let Err(diagnostic) = parse::expression(&source(&text)) {
                panic!("{}", shown(&diagnostic));
            }
        }
    });
}

#[test]
fn a_long_type_is_a_limit() {
    on_small_stack(|| {
        let text = "T -> ".repeat(50_000);
        let error = parse::type_expression(&source(&format!("{text}T"))).err();
        assert_eq!(error.map(|diagnostic| diagnostic.code), Some(Code::LimitReached));
    });
}

#[test]
fn a_long_source_is_a_limit() {
    let limits = Limits { source: 8, ..Limits::default() };
    assert!(parse::expression_within(&source("12345678"), &limits).is_ok());
    let Err(diagnostic) = parse::expression_within(&source("123456789"), &limits) else { panic!("too long") };
    insta::assert_snapshot!(shown(&diagnostic), @"
    [limit-reached] expected at most 8 bytes of source text, found 9 bytes
      1:1 ``
      help: `Limits::source` of the engine raises the limit
    ");
}

/// Pieces that a grammar could read again and again.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "(", ")", "[", "]", "{", "}", "\"", "''", "${", "'", "$", "\\", "a", "a ", "a:", "a@", "a.", ".",
    "..", "...", "{a", "{a,", "{a?", "{}", "{}:", "{}@", "{...", "if ", "then ", "else ", "let ", "in ",
    "with ", "assert ", "rec ", "rec{", "inherit ", "or ", "a or ", "a.b or ", "a?b", "?", "::", ":: a",
    "::[", "-", "!", "!=", "=", "==", "<", "|>", "<|", "->", "//", "/", "/*", "*/", "/**/", "#", "\n",
    " ", "1", "1.", ".5", "1e", "./", "./a", "../", ",", ";", "@", "|", "&", "é", "a=1;", "{a=", "a={",
    "\"${", "''${", "a.${", "a.\"", "(x:", "[(", "{a?{", "f (", "!(", "-(", "a+(", "a::(", "a::{a:",
    "if a then ", "let a=", "import ./a ",
];

/// A grammar that reads a piece twice for each of its repetitions would not end at this length; how long
/// it takes is what the benches measure.
#[test]
fn repeated_text_is_read_in_the_end() {
    on_small_stack(|| {
        for piece in PIECES {
            for prefix in ["", "(", "\"", "{ a = ", "a "] {
                let text = format!("{prefix}{}", piece.repeat((16 << 10) / piece.len()));
                let _ = parse::line(&source(&text)).map_err(|error| shown(&error.diagnostic));
                let _ = parse::type_expression(&source(&text));
            }
        }
    });
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        check_total(&text);
    }

    #[test]
    fn any_sequence_of_pieces_is_read_or_refused(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        check_total(&pieces.concat());
    }
}

/// Reads the text in every way; labels fit the text, and what is read is printed and read again.
fn check_total(text: &str) {
    let source = source(text);
    for diagnostic in [
        parse::expression(&source).err(),
        parse::line(&source).err().map(|error| error.diagnostic),
        parse::type_expression(&source).err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!diagnostic.labels.is_empty(), "{text:?}");
        for label in &diagnostic.labels {
            assert!(text.get(label.span.range()).is_some(), "{text:?} {diagnostic:?}");
        }
    }
    if let Ok(expr) = parse::expression(&source) {
        let printed = format::expression(&expr);
        assert!(parse::expression(&self::source(&printed)).is_ok(), "{text:?} {printed}");
    }
    assert!(lex::lexemes(text).len() <= text.len());
}
