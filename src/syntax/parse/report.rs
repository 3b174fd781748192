//! From the grammar's refusal to a message for people.
//!
//! What comes in is the furthest place that the grammar reached, with the rules that it tried
//! there; what goes out is "expected `]` or an expression, found `}`" with the place, the opener
//! that waits, and an edit; and whether the text only ends too early.

use std::sync::Arc;

use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;
use crate::syntax::grammar::{Rule, Word, word};
use crate::syntax::lex::{Lexeme, LexemeKind, Scan};
use crate::syntax::limits::{Nesting, Opener, OpenerKind, opened_here};
use crate::text::{Source, Span, quoted};

use super::LineError;
use super::translated;
use super::{braces, foreign, signs};

/// The place where the grammar gave up.
pub(super) struct Stop<'s> {
    pub(super) source: &'s Arc<Source>,
    pub(super) lexemes: &'s [Lexeme],
    /// The index of the lexeme at which it stopped, among all lexemes; past the end at the end.
    pub(super) index: usize,
    /// What is open there.
    pub(super) nesting: Nesting,
    /// What was expected, without duplicates.
    pub(super) words: Vec<Word>,
}

/// The diagnostic for a refused text.
pub(super) fn report(source: &Arc<Source>, scan: &Scan, limits: &Limits, error: &Error<Rule>) -> LineError {
    let offset = match error.location {
        InputLocation::Pos(offset) | InputLocation::Span((offset, _)) => offset,
    };
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        // The grammar's own guard: the caller's thread has less stack than the limits assume.
        ErrorVariant::CustomError { .. } => {
            let diagnostic = limits.too_deep(source, Span::new(offset, offset));
            return LineError { diagnostic, incomplete: false };
        }
    };
    let at = Span::new(offset, offset);
    if let Some((opener, closer)) = scan.unclosed
        && (opener.start <= at.start || only_trivia(&scan.lexemes, at.start, opener.start))
    {
        let alone = match closer {
            "*/" => None,
            _ => braces::quote_alone(source, &scan.lexemes, opener),
        };
        let diagnostic = alone.unwrap_or_else(|| unclosed(source, opener, closer));
        return LineError { diagnostic, incomplete: true };
    }
    let index = scan
        .lexemes
        .iter()
        .position(|lexeme| lexeme.span.end > at.start && !lexeme.kind.is_trivia())
        .unwrap_or(scan.lexemes.len());
    let start = scan.lexemes.get(index).map_or(u32::MAX, |lexeme| lexeme.span.start);
    let mut words: Vec<Word> = rules.iter().map(|rule| word(*rule)).collect();
    words.sort_unstable();
    words.dedup();
    let nesting = Nesting::at(source.text(), &scan.lexemes, start);
    let stop = Stop { source, lexemes: &scan.lexemes, index, nesting, words };
    let incomplete = index == scan.lexemes.len();
    let diagnostic = match signs::sign(&stop).or_else(|| braces::brace(&stop)) {
        Some(mended) => mended,
        None => {
            let diagnostic = foreign::habit(&stop).unwrap_or_else(|| stop.diagnostic());
            match translated(source.text()) {
                Some(meant) => diagnostic.help(format!("write `{meant}`")),
                None => diagnostic,
            }
        }
    };
    LineError { diagnostic, incomplete }
}

/// Whether nothing but white space and comments stands between two offsets.
fn only_trivia(lexemes: &[Lexeme], from: u32, to: u32) -> bool {
    lexemes
        .iter()
        .filter(|lexeme| lexeme.span.end > from && lexeme.span.start < to)
        .all(|lexeme| lexeme.kind.is_trivia())
}

/// A quote or a comment that the text does not close.
fn unclosed(source: &Arc<Source>, opener: Span, closer: &str) -> Diagnostic {
    let end = Span::new(source.text().len(), source.text().len());
    let what = if closer == "*/" { "comment" } else { "string" };
    Diagnostic::error(
        Code::Syntax,
        format!("expected {} to close the {what}, found the end of the text", quoted(closer)),
    )
    .at(source, end, format!("{} is missing here", quoted(closer)))
    .at(source, opener, format!("the {what} is opened here"))
    .help(format!("add {}", quoted(closer)))
}

impl Stop<'_> {
    /// The lexeme at which the grammar stopped.
    pub(super) fn found(&self) -> Option<Lexeme> {
        self.lexemes.get(self.index).copied()
    }

    /// The text of a lexeme.
    pub(super) fn text(&self, lexeme: Lexeme) -> &str {
        self.source.slice(lexeme.span)
    }

    /// The text from the stop on.
    pub(super) fn rest(&self) -> &str {
        let start = self.found().map_or(self.source.text().len(), |lexeme| lexeme.span.range().start);
        self.source.text().get(start..).unwrap_or("")
    }

    /// Lexemes before the stop that mean something, the nearest first.
    pub(super) fn before(&self) -> impl Iterator<Item = Lexeme> + '_ {
        let before = self.lexemes.get(..self.index).unwrap_or(&[]);
        before.iter().rev().filter(|lexeme| !lexeme.kind.is_trivia()).copied()
    }

    /// The lexeme before the stop.
    pub(super) fn previous(&self) -> Option<Lexeme> {
        self.before().next()
    }

    /// Whether an operand is complete before the stop.
    pub(super) fn words_allow_operator(&self) -> bool {
        self.words.contains(&Word::Operator)
    }

    /// Whether `text` could stand at the stop.
    pub(super) fn expects(&self, text: &'static str) -> bool {
        self.words.contains(&Word::Text(text))
    }

    /// The place of the stop, empty at the end of the text.
    pub(super) fn span(&self) -> Span {
        match self.found() {
            Some(lexeme) => lexeme.span,
            None => {
                let end = self.previous().map_or(0, |lexeme| lexeme.span.range().end);
                Span::new(end, end)
            }
        }
    }

    fn diagnostic(&self) -> Diagnostic {
        let found = self.found();
        if let Some(lexeme) = found
            && let closer @ (")" | "]" | "}") = self.text(lexeme)
            && self.nesting.innermost_bracket().is_none()
        {
            return self
                .error(format!("{} closes nothing", quoted(closer)), "nothing is open here")
                .help(format!("remove {}", quoted(closer)));
        }
        let expected = self.expected();
        let shown = match found {
            Some(lexeme) => quoted(&shortened(self.text(lexeme))),
            None => "the end of the text".to_owned(),
        };
        let closer = self.missing_closer();
        let label = match &closer {
            Some(opener) => format!("{} is missing here", quoted(opener.kind.closer())),
            None => String::new(),
        };
        let mut diagnostic = self.error(format!("expected {expected}, found {shown}"), label);
        if let Some(opener) = closer {
            diagnostic = diagnostic.at(self.source, opener.span, opened_here(self.source, opener));
        }
        diagnostic.maybe_help(self.help())
    }

    fn error(&self, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::Syntax, message).at(self.source, self.span(), label)
    }

    /// The opener that waits for what could stand at the stop.
    fn missing_closer(&self) -> Option<Opener> {
        let opener = self.nesting.innermost()?;
        let closer = opener.kind.closer();
        let closes = self.found().is_none_or(|lexeme| match self.text(lexeme) {
            ")" | "]" | "}" | ";" | "," => true,
            "then" | "else" | "in" => !opener.kind.is_bracket(),
            _ => false,
        });
        (closes && closer != ";" && self.expects(closer)).then_some(opener)
    }

    /// What could stand at the stop, in few words.
    fn expected(&self) -> String {
        let words = &self.words;
        let has_operator = words.contains(&Word::Operator);
        let has_expression = words.contains(&Word::Expression);
        let has_binding = words.contains(&Word::Binding);
        let innermost = self.nesting.innermost().map(|opener| opener.kind);
        let mut named: Vec<String> = Vec::new();
        for word in words {
            let name = match word {
                // A name before `:` is a parameter only where no operand is complete; `@` likewise.
                Word::Text(":" | "@") if has_operator || has_expression => continue,
                Word::Text(text) => quoted(text),
                Word::Name | Word::Attribute if has_expression || has_binding => continue,
                Word::Name => "a name".to_owned(),
                Word::Attribute => "an attribute name".to_owned(),
                Word::Binding if has_expression => continue,
                Word::Binding => "a binding such as `name = value;`".to_owned(),
                Word::Type => "a type".to_owned(),
                // After an operand more may follow; inside a list that is another element.
                Word::Operator if has_expression && innermost == Some(OpenerKind::Bracket) => continue,
                Word::Operator => "an operator".to_owned(),
                Word::Expression if has_operator && innermost != Some(OpenerKind::Bracket) => continue,
                Word::Expression => "an expression".to_owned(),
                Word::End | Word::Unnamed => continue,
            };
            if !named.contains(&name) {
                named.push(name);
            }
        }
        if words.contains(&Word::End) && named.len() < 3 {
            named.push("the end of the text".to_owned());
        }
        match named.as_slice() {
            [] => "an expression".to_owned(),
            [only] => only.clone(),
            [head @ .., last] => format!("{} or {last}", head.join(", ")),
        }
    }

    /// Whether the keyword at the stop is meant as the name of an attribute.
    fn is_name(&self, index: usize) -> bool {
        let after = self.lexemes.get(index + 1..).unwrap_or(&[]);
        let is_bound = after
            .iter()
            .find(|lexeme| !lexeme.kind.is_trivia())
            .is_some_and(|next| matches!(self.text(*next), "=" | ":"));
        self.words.contains(&Word::Attribute) || is_bound && self.words.contains(&Word::Binding)
    }

    /// Whether the body of a `let` has been read as the beginning of one more binding.
    fn is_body(&self) -> bool {
        let is_let = self.nesting.innermost().is_some_and(|opener| opener.kind == OpenerKind::Let);
        let is_after_binding = self.before().nth(1).is_some_and(|lexeme| self.text(lexeme) == ";");
        is_let && self.expects("=") && is_after_binding
    }

    /// A sign or a keyword before the stop that has nothing behind it.
    fn missing_operand(&self) -> Option<String> {
        let Some(last) = self.previous() else {
            let found = self.found().filter(|found| found.kind == LexemeKind::Operator)?;
            return Some(format!("remove {}, or write a value before it", quoted(self.text(found))));
        };
        let before = self.text(last);
        if before == "." {
            let takes = self.words.contains(&Word::Attribute);
            return takes.then(|| "write the name of an attribute behind `.`".to_owned());
        }
        let is_second = self.before().nth(1).is_some_and(|lexeme| self.text(lexeme) == "?");
        if before == "?" && !is_second && self.words.contains(&Word::Attribute) {
            return Some("write the name of an attribute behind `?`".to_owned());
        }
        let opens = matches!(before, "if" | "then" | "else" | "in" | "or" | "with" | "assert");
        let takes = opens || last.kind == LexemeKind::Operator && before != ",";
        (takes && self.words.contains(&Word::Expression))
            .then(|| format!("write a value behind {}", quoted(before)))
    }

    fn body_help(&self) -> String {
        let body = self.previous().map_or("…", |last| self.text(last));
        format!("write `in` before what the `let` gives: `in {body}`")
    }

    /// An edit that mends the most common mistakes.
    fn help(&self) -> Option<String> {
        let Some(found) = self.found() else {
            let waits = self.nesting.innermost();
            return match waits {
                Some(opener) if self.expects(opener.kind.closer()) => {
                    Some(format!("add {}", quoted(opener.kind.closer())))
                }
                _ if self.is_body() => Some(self.body_help()),
                _ if self.expects(";") => Some("end the binding with `;`".to_owned()),
                _ => self.missing_operand(),
            };
        };
        let text = self.text(found);
        match (found.kind, text) {
            (LexemeKind::Operator, _) if text != ";" && self.is_body() => Some(self.body_help()),
            (LexemeKind::Keyword, _) if self.is_name(self.index) => {
                Some(format!("quote the name: `\"{text}\"`"))
            }
            (LexemeKind::Keyword, "in") if self.expects(";") => {
                Some("end the binding before `in` with `;`".to_owned())
            }
            (LexemeKind::Keyword, "if" | "let" | "with" | "assert") => {
                Some(format!("put parentheses around it: `({text} …)`"))
            }
            (LexemeKind::Bracket, ")" | "]" | "}") if self.missing_operand().is_some() => {
                self.missing_operand()
            }
            (LexemeKind::Bracket, "}") if self.expects(";") => Some("end the binding with `;`".to_owned()),
            (LexemeKind::Bracket, ")" | "]" | "}") => {
                let opener = self.nesting.innermost_bracket()?;
                let closer = opener.kind.closer();
                (closer != text && self.expects(closer)).then(|| {
                    format!("close {} with {} first", quoted(self.source.slice(opener.span)), quoted(closer))
                })
            }
            (LexemeKind::Operator, ";") if self.missing_operand().is_some() => self.missing_operand(),
            _ if self.words.len() == 1 && self.expects("=") => {
                Some("write `=` between a name and its value".to_owned())
            }
            (LexemeKind::Operator, ";") if self.expects(",") => {
                Some("separate the fields with `,`".to_owned())
            }
            (LexemeKind::Operator, ";") if self.words.contains(&Word::End) => Some("remove `;`".to_owned()),
            (LexemeKind::Operator, ":") => {
                let is_parameter = self.previous().is_some_and(|last| last.kind == LexemeKind::Identifier);
                is_parameter.then(|| "put parentheses around a function: `(x: …)`".to_owned())
            }
            _ => None,
        }
    }
}

/// The text of a lexeme, cut where it is long or has several lines.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let mut shown: String = line.chars().take(24).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
