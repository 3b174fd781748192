//! Precedence, told by the form with parentheses.

use crate::syntax::ast::{Associativity, BinaryOperator};
use crate::syntax::testing::{operators, parsed, refused, without_spans};

fn assert_same(text: &str, parenthesised: &str) {
    assert_eq!(without_spans(&parsed(text)), without_spans(&parsed(parenthesised)), "{text}");
}

#[test]
fn every_pair_of_operators_of_different_levels() {
    for left in operators() {
        for right in operators() {
            let (l, r) = (left.symbol(), right.symbol());
            let text = format!("a {l} b {r} c");
            match left.precedence().cmp(&right.precedence()) {
                std::cmp::Ordering::Less => assert_same(&text, &format!("a {l} (b {r} c)")),
                std::cmp::Ordering::Greater => assert_same(&text, &format!("(a {l} b) {r} c")),
                std::cmp::Ordering::Equal => assert_level(&text, left, right),
            }
        }
    }
}

/// Operators of one level are one flat chain, or an error.
fn assert_level(text: &str, left: BinaryOperator, right: BinaryOperator) {
    let chains = left.associativity() == right.associativity() && left.associativity() != Associativity::None;
    if chains {
        let tree = without_spans(&parsed(text));
        assert_eq!(tree.matches("Chain").count(), 1, "{text}");
    } else {
        assert!(refused(text).message.contains("cannot be chained"), "{text}");
    }
}

#[test]
fn a_level_between_levels_closes_the_tighter_one() {
    assert_same(
        "a || b && c == d < e // f + g * h ++ i",
        "a || (b && (c == (d < (e // (f + (g * (h ++ i)))))))",
    );
    assert_same(
        "a ++ b * c + d // e < f == g && h || i",
        "(((((((a ++ b) * c) + d) // e) < f) == g) && h) || i",
    );
    assert_same("a + b * c - d * e", "a + (b * c) - (d * e)");
}

#[test]
fn prefix_operators() {
    assert_same("!a + b", "!(a + b)");
    assert_same("!a // b", "(!a) // b");
    assert_same("!a == b", "(!a) == b");
    assert_same("!a ? b", "!(a ? b)");
    assert_same("!!a && b", "(!(!a)) && b");
    assert_same("a && !b && c", "a && (!b) && c");
    assert_same("a + !b + c", "a + (!(b + c))");
    assert_same("a * !b // c", "(a * (!b)) // c");
    assert_same("-a + b", "(-a) + b");
    assert_same("-a ++ b", "(-a) ++ b");
    assert_same("-a ? b", "(-a) ? b");
    assert_same("-f a", "-(f a)");
    assert_same("-a.b", "-(a.b)");
    assert_same("a - -b", "a - (-b)");
    assert_same("-!a + b", "-(!(a + b))");
    assert_same("a -b", "a - b");
}

#[test]
fn has_attr() {
    assert_same("a ++ b ? c", "a ++ (b ? c)");
    assert_same("f a ? b.c && d", "((f a) ? b.c) && d");
    refused("a ? b ? c");
}

#[test]
fn ascription_stands_between_implication_and_pipes() {
    assert_same("a -> b :: T", "(a -> b) :: T");
    assert_same("a |> f :: T -> U", "a |> (f :: T -> U)");
    assert_same("a :: T |> f", "(a :: T) |> f");
    assert_same("x: e :: T", "x: (e :: T)");
    assert_same("!a :: Bool", "(!a) :: Bool");
    refused("a :: T + b");
    refused("a :: T :: U");
}

#[test]
fn bodies_extend_as_far_as_possible() {
    assert_same("x: y: x |> y", "x: (y: (x |> y))");
    assert_same("if a then b else c |> d", "if a then b else (c |> d)");
    assert_same("let a = 1; in a + b :: T", "let a = 1; in ((a + b) :: T)");
    assert_same("with a; b // c", "with a; (b // c)");
    assert_same("assert a; b == c", "assert a; (b == c)");
}

#[test]
fn application_and_selection() {
    assert_same("f a.b c", "f (a.b) c");
    assert_same("f a.b or c d", "f (a.b or c) d");
    assert_same("a.b or c.d or e", "a.b or (c.d or e)");
    assert_same("f(a)", "f a");
    assert_same("f(a)(b).c", "f a (b.c)");
    assert_same("[ f a.b (g c) ]", "[ (f) (a.b) (g c) ]");
    assert_same("f -a", "f - a");
    assert_ne!(without_spans(&parsed("(f a) b")), without_spans(&parsed("f a b")));
}
