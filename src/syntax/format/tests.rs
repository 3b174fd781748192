#![allow(clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::syntax::parse;
use crate::syntax::testing::{any_expression, any_type, parsed, shown, source, without_spans};

/// Checks the law: parsing what was printed gives the same tree.
fn assert_round_trip(expr: &Expr) -> String {
    let text = expression(expr);
    match parse::expression(&source(&text)) {
        Ok(again) => assert_eq!(without_spans(&again), without_spans(expr), "{text}"),
        Err(diagnostic) => panic!("{text}\n{}", shown(&diagnostic)),
    }
    text
}

fn formatted(text: &str) -> String {
    assert_round_trip(&parsed(text))
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_is_read_again(expr in any_expression()) {
        assert_round_trip(&expr);
    }

    #[test]
    fn any_type_is_read_again(ty in any_type()) {
        let text = type_expression(&ty);
        match parse::type_expression(&source(&text)) {
            Ok(again) => prop_assert_eq!(without_spans(&again), without_spans(&ty), "{}", text),
            Err(diagnostic) => panic!("{text}\n{}", shown(&diagnostic)),
        }
    }

    #[test]
    fn any_text_is_quoted(text in ".*") {
        let expr = parsed(&quote_string(&text));
        let expected = if text.is_empty() { "String([])".to_owned() } else { format!("String([Text({text:?})])") };
        prop_assert_eq!(format!("{:?}", expr.kind), expected);
    }
}

#[test]
fn only_needed_parentheses_stay() {
    let same = [
        "a + b * c",
        "(a + b) * c",
        "a + (b + c)",
        "!a && !b",
        "!(a && b)",
        "!a ? b",
        "!f x",
        "-(a + b)",
        "(-a) ? b",
        "(f x) y",
        "f (x y) [ (g z) ]",
        "(x: x) 1",
        "x: x :: Int |> f",
        "(x: x) :: Int",
        "(a == b) == c",
        "a -> b -> c",
        "(a -> b) -> c",
        "(a |> f) <| b",
        "a.b or c.d or e",
        "(a.b or c).d",
        "f (import ./x.invq)",
        "(1).a",
    ];
    for text in same {
        let expected = if text == "(-a) ? b" { "-a ? b" } else { text };
        assert_eq!(formatted(text), expected);
    }
    assert_eq!(formatted("((a)) + (b * c) + (f x)"), "a + b * c + f x");
    assert_eq!(formatted("let a = (1); in (a)"), "let a = 1; in a");
}

#[test]
fn names_are_quoted_where_they_need_it() {
    assert_eq!(attr_name("a-b'"), "a-b'");
    assert_eq!(attr_name("or"), "or");
    assert_eq!(attr_name("in"), "\"in\"");
    assert_eq!(attr_name("1a"), "\"1a\"");
    assert_eq!(attr_name(""), "\"\"");
    assert_eq!(attr_name("a\n${b}$"), "\"a\\n\\${b}$\"");
}

#[test]
fn floats_have_the_forms_of_nix() {
    for (text, expected) in [("1.", "1.0"), (".5", "0.5"), ("1.0e30", "1.0e30"), ("1.5e-9", "1.5e-9")] {
        assert_eq!(formatted(text), expected);
    }
}

#[test]
fn strings_are_written_with_escapes() {
    assert_eq!(formatted("''\n  a\n    ''${b} ${c}\n''"), r#""a\n  \${b} ${c}\n""#);
    assert_eq!(formatted(r#""$${a} $ \$${b}""#), r#""\$\${a} $ \$${b}""#);
}

#[test]
fn long_text_is_broken() {
    insta::assert_snapshot!(formatted(
        "machines |> filter (m: m.cpus >= 4 && m.cluster == \"lab\" && !(elem \"backup\" m.tags)) |> map (m: { inherit (m) name fqdn; tags = m.tags; })"
    ), @r#"
    machines
      |> filter (m: m.cpus >= 4 && m.cluster == "lab" && !elem "backup" m.tags)
      |> map (m: { inherit (m) name fqdn; tags = m.tags; })
    "#);
    insta::assert_snapshot!(formatted(
        "{ selectors, roles, this, extra ? { a = 1; b = [ 1 2 3 ]; }, ... }@arguments: let peers = map (m: m.fqdn) roles.peer; others = filter (m: m.name != this.name) selectors; in { ${this.name} = { inherit peers others; text = \"a long text that makes it break ${this.fqdn}\"; }; }"
    ), @r#"
    { selectors, roles, this, extra ? { a = 1; b = [ 1 2 3 ]; }, ... }@arguments:
      let
        peers = map (m: m.fqdn) roles.peer;
        others = filter (m: m.name != this.name) selectors;
      in
      {
        ${this.name} = { inherit peers others; text = "a long text that makes it break ${this.fqdn}"; };
      }
    "#);
    insta::assert_snapshot!(formatted(
        "if length machines > 100 then \"a very large inventory of machines\" else if length machines > 10 then \"a large inventory of machines\" else throw \"no\""
    ), @r#"
    if length machines > 100 then
      "a very large inventory of machines"
    else if length machines > 10 then
      "a large inventory of machines"
    else
      throw "no"
    "#);
    insta::assert_snapshot!(formatted(
        "with filters; assert someCondition != null; [ (hostname \"some-long-host-name\") (tag \"some-long-tag-name\") (inCluster \"lab\" all) ]"
    ), @r#"
    with filters;
    assert someCondition != null;
    [ (hostname "some-long-host-name") (tag "some-long-tag-name") (inCluster "lab" all) ]
    "#);
}
