#![allow(clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::syntax::lex::{LexemeKind, lexemes};
use crate::syntax::testing::{any_expression, parsed, shown, without_spans};

fn formatted(text: &str) -> String {
    source(&Source::new("<query>", text)).unwrap_or_else(|mistake| panic!("{text}\n{}", shown(&mistake)))
}

fn comments(text: &str) -> Vec<String> {
    let comments = lexemes(text).into_iter().filter(|lexeme| lexeme.kind == LexemeKind::Comment);
    comments.map(|lexeme| text[lexeme.span.range()].trim_end().to_owned()).collect()
}

/// Checks the laws, and gives the formatted text.
#[track_caller]
fn assert_laws(text: &str) -> String {
    // Without the check that `source` makes: a text that would mean something else shall be seen.
    let mut once = document(&Source::new("<query>", text)).print();
    once.push('\n');
    assert_eq!(without_spans(&parsed(&once)), without_spans(&parsed(text)), "{text}\n----\n{once}");
    assert_eq!(comments(&once), comments(text), "{text}\n----\n{once}");
    assert_eq!(formatted(&once), once, "{text}\n----\n{once}");
    let has_strings = text.contains('"') || text.contains("''") || text.contains("/*");
    assert!(has_strings || once.lines().all(|line| !line.ends_with(' ')), "{text}\n----\n{once}");
    once
}

/// Text between two tokens, with a number that tells comments apart.
fn trivia(choice: u8, number: usize) -> String {
    match choice % 24 {
        0 => "\n".to_owned(),
        1 => "\n\n\n".to_owned(),
        2 => format!(" # c{number}\n"),
        3 => format!("\n# c{number}\n\n"),
        4 => format!(" /* c{number} */ "),
        5 => format!("\n/* c{number}\n   d */ "),
        6 => format!(" /* c{number} */ # d{number}\n\n  # e{number}\n"),
        _ => " ".to_owned(),
    }
}

/// A text with other white space, and comments in it.
fn scattered(text: &str, choices: &[u8]) -> String {
    let mut choices = choices.iter().copied().cycle();
    let mut written = String::new();
    for (number, lexeme) in lexemes(text).into_iter().enumerate() {
        let part = &text[lexeme.span.range()];
        let choice = choices.next().unwrap_or(0);
        match (lexeme.kind, part) {
            (LexemeKind::Space, _) => written.push_str(&trivia(choice, number)),
            (LexemeKind::Operator, "," | ";") if choice % 5 == 1 => {
                written.push_str(&trivia(choice / 5, number));
                written.push_str(part);
                written.push_str(&trivia(choice / 7, number));
            }
            (LexemeKind::Bracket, "(" | "[" | "{") | (LexemeKind::Operator, "," | ";") if choice % 3 == 0 => {
                written.push_str(part);
                written.push_str(&trivia(choice / 3, number));
            }
            _ => written.push_str(part),
        }
    }
    written
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_keeps_its_meaning(expr in any_expression()) {
        assert_laws(&expression(&expr));
    }

    #[test]
    fn any_comments_stay(expr in any_expression(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        assert_laws(&scattered(&expression(&expr), &choices));
    }

    #[test]
    fn any_indented_string_keeps_its_value(
        inner in "([a ]{0,6}|\n {0,5}|\\$\\{x\\}|\\$\\{\n *x\\}|''\\\\t|'''|''\\$|\t|\\$|'|\r){0,12}",
    ) {
        let text = format!("{{ a.b = f ''{inner}''; }}");
        if crate::syntax::parse::expression(&Source::new("<query>", text.as_str())).is_ok() {
            assert_laws(&text);
        }
    }

    #[test]
    fn one_line_stays_one_line(expr in any_expression()) {
        let doc_text = expression(&expr).replace('\n', " ");
        if let Ok(Some(line)) = one_line(&Source::new("<query>", doc_text.as_str())) {
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(without_spans(&parsed(&line)), without_spans(&parsed(&doc_text)));
        }
    }
}

#[test]
fn commas_take_the_comments_before_them() {
    insta::assert_snapshot!(assert_laws("{ lib\n, pkgs # packages\n# the rest\n, config\n, ...\n}: 1"), @r"
    {
      lib,
      pkgs, # packages
      # the rest
      config,
      ...
    }: 1
    ");
}

#[test]
fn comments_of_one_line_stay_on_one_line() {
    insta::assert_snapshot!(assert_laws("let a = if b then # c\n  1 else 2; /* d */  /* e */ in a"), @r"
    let
      a =
        if b then # c
          1
        else
          2;
      /* d */ /* e */
    in
    a
    ");
}
