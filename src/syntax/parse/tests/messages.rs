//! What people read.

use crate::syntax::parse::foreign_word;
use crate::syntax::testing::{refused, shown};

fn message(text: &str) -> String {
    shown(&refused(text))
}

#[test]
fn brackets() {
    insta::assert_snapshot!(message("[ 1 2"), @"");
    insta::assert_snapshot!(message("[ 1 2 }"), @"");
    insta::assert_snapshot!(message("(1 + 2"), @"");
    insta::assert_snapshot!(message("f (a [ b ) c"), @"");
    insta::assert_snapshot!(message("1 )"), @"");
    insta::assert_snapshot!(message("{ a = [ 1; }"), @"");
    insta::assert_snapshot!(message("{ a = 1; "), @"");
    insta::assert_snapshot!(message("(1 + )"), @"");
    insta::assert_snapshot!(message("{ a = (1; b = 2; }"), @"");
}

#[test]
fn strings_and_comments() {
    insta::assert_snapshot!(message("f \"abc"), @"");
    insta::assert_snapshot!(message("''abc\n  def'"), @"");
    insta::assert_snapshot!(message("1 /* abc"), @"");
    insta::assert_snapshot!(message("\"a ${b"), @"");
    insta::assert_snapshot!(message("\"a ${b c\" d"), @"");
    insta::assert_snapshot!(message("\"a ${}\""), @"");
}

#[test]
fn operators_without_operands() {
    insta::assert_snapshot!(message(""), @"");
    insta::assert_snapshot!(message("1 +"), @"");
    insta::assert_snapshot!(message("1 + * 2"), @"");
    insta::assert_snapshot!(message("a == b == c"), @"");
    insta::assert_snapshot!(message("a < b <= c"), @"");
    insta::assert_snapshot!(message("a |> f <| b"), @"");
    insta::assert_snapshot!(message("a ? b ? c"), @"");
    insta::assert_snapshot!(message("a :: T + 1"), @"");
    insta::assert_snapshot!(message("a :: T :: U"), @"");
    insta::assert_snapshot!(message("a."), @"");
    insta::assert_snapshot!(message("a.in"), @"");
    insta::assert_snapshot!(message("a ++ é"), @"");
    insta::assert_snapshot!(message("1 2 ; 3"), @"");
    insta::assert_snapshot!(message("a ^ b"), @"");
}

#[test]
fn heads() {
    insta::assert_snapshot!(message("let a = 1 in a"), @"");
    insta::assert_snapshot!(message("let a = 1; b"), @"");
    insta::assert_snapshot!(message("let a = 1; b = 2;"), @"");
    insta::assert_snapshot!(message("let a = 1\n    b = 2;\nin a"), @"");
    insta::assert_snapshot!(message("if a then b"), @"");
    insta::assert_snapshot!(message("if a else b"), @"");
    insta::assert_snapshot!(message("with a b"), @"");
    insta::assert_snapshot!(message("1 + if a then b else c"), @"");
    insta::assert_snapshot!(message("a |> x: x"), @"");
    insta::assert_snapshot!(message("[ x: x ]"), @"");
    insta::assert_snapshot!(message("then"), @"");
}

#[test]
fn sets_and_patterns() {
    insta::assert_snapshot!(message("{ a = 1 }"), @"");
    insta::assert_snapshot!(message("{ a = 1; b }"), @"");
    insta::assert_snapshot!(message("{ a b = 1; }"), @"");
    insta::assert_snapshot!(message("{ in = 1; }"), @"");
    insta::assert_snapshot!(message("{ = 1; }"), @"");
    insta::assert_snapshot!(message("{ a, b }"), @"");
    insta::assert_snapshot!(message("{ a, b c }: a"), @"");
    insta::assert_snapshot!(message("{ a, ..., b }: a"), @"");
    insta::assert_snapshot!(message("{ a, b, a }: a"), @"");
    insta::assert_snapshot!(message("{ a }@a: a"), @"");
    insta::assert_snapshot!(message("let ${a} = 1; in 1"), @"");
    insta::assert_snapshot!(message("{ inherit ${a}; }"), @"");
    insta::assert_snapshot!(message("{ inherit (a b; }"), @"");
}

#[test]
fn types() {
    insta::assert_snapshot!(message("a :: "), @"");
    insta::assert_snapshot!(message("a :: [Int"), @"");
    insta::assert_snapshot!(message("a :: { b }"), @"");
    insta::assert_snapshot!(message("a :: { b : T; }"), @"");
    insta::assert_snapshot!(message("a :: { .., b : T }"), @"");
    insta::assert_snapshot!(message("a :: { _ : T, b : T }"), @"");
    insta::assert_snapshot!(message("a :: { b : T, b : U }"), @"");
    insta::assert_snapshot!(message("a :: 1"), @"");
}

#[test]
fn numbers_and_paths() {
    insta::assert_snapshot!(message("9223372036854775808"), @"");
    insta::assert_snapshot!(message("1.0e999"), @"");
    insta::assert_snapshot!(message("1e3"), @"");
    insta::assert_snapshot!(message("12abc"), @"");
    insta::assert_snapshot!(message("f ./a.invq"), @"");
    insta::assert_snapshot!(message("import ./"), @"");
}

#[test]
fn foreign_habits() {
    insta::assert_snapshot!(message("1 == 1 and 2 == 2"), @"");
    insta::assert_snapshot!(message("a == b or c == d"), @"");
    insta::assert_snapshot!(message("[ 1, 2 ]"), @"");
    insta::assert_snapshot!(message("f(a, b)"), @"");
    insta::assert_snapshot!(message("{ a = 1, b = 2 }"), @"");
    insta::assert_snapshot!(message("{ \"a\": 1 }"), @"");
    insta::assert_snapshot!(message("tag 'web'"), @"");
    insta::assert_snapshot!(message("filter (m: m.name = \"web\") machines"), @"");
    insta::assert_snapshot!(message("x => x + 1"), @"");
    insta::assert_snapshot!(message("machines | length"), @"");
    insta::assert_snapshot!(message("a & b"), @"");
    insta::assert_snapshot!(message(".[] | .name"), @"");
    insta::assert_snapshot!(message("machines |> .name"), @"");
    insta::assert_snapshot!(message("select(.cluster == \"lab\")"), @"");
    insta::assert_snapshot!(message("@web && @db"), @"");
    insta::assert_snapshot!(message("a <> b"), @"");
    insta::assert_snapshot!(message("a === b"), @"");
    insta::assert_snapshot!(message("a !== b"), @"");
    insta::assert_snapshot!(message("map (lambda m: m.name) machines"), @"");
    insta::assert_snapshot!(message("\\x -> x"), @"");
    insta::assert_snapshot!(message("filter (m: \"web\" in m.tags) machines"), @"");
    insta::assert_snapshot!(message("if a { b } else { c }"), @"");
    insta::assert_snapshot!(message("import <nixpkgs> { }"), @"");
    insta::assert_snapshot!(message("$x + 1"), @"");
}

#[test]
fn words_of_other_languages_have_a_help() {
    for word in ["and", "or", "not", "True", "False", "None", "nil", "undefined", "lambda", "elif", "in"] {
        assert!(foreign_word(word).is_some(), "{word}");
    }
    assert_eq!(foreign_word("machines"), None);
}
