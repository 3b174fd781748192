//! What can be told at a place of a file: what could stand there, and what stands there.

use std::sync::Arc;

use invq::Format;
use invq::engine::Session;
use invq::syntax::lex::{Lexeme, LexemeKind, lexemes};
use invq::text::{Source, Span};
use lsp_types::{
    CompletionItem, CompletionList, CompletionResponse, CompletionTextEdit, Hover, HoverContents,
    MarkupContent, MarkupKind, TextEdit,
};

use super::documents::{Columns, Document};
use crate::commands::doc;
use crate::commands::fmt::strings;

/// An expression around a place.
struct Around {
    /// The expression; where it stands in a string of the file, a source of its own.
    source: Arc<Source>,
    /// The place in it.
    at: usize,
}

impl Around {
    /// The expression around a place of a file: the file itself, or that of one of its strings.
    fn of(session: &Session, document: &Document, at: usize) -> Option<Around> {
        if document.format() == Format::Expression {
            return Some(Around { source: Arc::clone(&document.source), at });
        }
        let raw = u32::try_from(at).ok()?;
        let expressions = &session.inventory().model().expressions;
        expressions.iter().find_map(|expression| {
            let source = &expression.source;
            let (file, span) = source.locate(Span::new(0, source.text().len()));
            let is_here = span.start <= raw && raw <= span.end && file.text() == document.source.text();
            let at = source.map().filter(|_| is_here)?.decoded(raw)? as usize;
            source.text().is_char_boundary(at).then(|| Around { source: Arc::clone(source), at })
        })
    }

    /// A span of the expression as one of the file.
    fn in_file(&self, span: Span) -> Span {
        self.source.locate(span).1
    }

    /// A text as it has to be written where the expression stands.
    fn written(&self, text: &str, document: &Document) -> Option<String> {
        if self.source.map().is_none() {
            return Some(text.to_owned());
        }
        let whole = self.in_file(Span::new(0, self.source.text().len()));
        let file = document.source.text();
        let (before, after) = (file.get(..whole.range().start)?, file.get(whole.range().end..)?);
        strings::written(text, before, after, document.format())
    }
}

/// What could stand at a place.
pub(super) fn complete(
    session: &Session,
    document: &Document,
    at: usize,
    columns: Columns,
) -> Option<CompletionResponse> {
    let around = Around::of(session, document, at)?;
    let found = session.complete(around.source.text(), around.at);
    let replaced = around.in_file(Span::new(found.start, around.at));
    let range = columns.range(&document.source, Span::new(replaced.range().start, at));
    let items = found.candidates.into_iter().filter_map(|candidate| {
        Some(CompletionItem {
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range,
                new_text: around.written(&candidate.text, document)?,
            })),
            label: candidate.text,
            detail: Some(candidate.about.trim_start_matches(": ").to_owned())
                .filter(|about| !about.is_empty()),
            ..Default::default()
        })
    });
    let items = items.collect();
    Some(CompletionResponse::List(CompletionList { is_incomplete: found.more > 0, items }))
}

/// What stands at a place, and what the whole expression is.
pub(super) fn hover(session: &Session, document: &Document, at: usize, columns: Columns) -> Option<Hover> {
    let around = Around::of(session, document, at)?;
    let text = around.source.text();
    let found = lexemes(text);
    let touches = |lexeme: &&Lexeme| {
        let range = lexeme.span.range();
        range.start <= around.at && around.at <= range.end && !lexeme.kind.is_trivia()
    };
    // Between two lexemes the one behind counts, unless it is punctuation.
    let is_telling = |lexeme: &&Lexeme| matches!(lexeme.kind, LexemeKind::Identifier | LexemeKind::String);
    let here = found.iter().rev().filter(touches).find(is_telling)?;
    let about = match here.kind {
        LexemeKind::String => named(session, text, here)?,
        _ => documented(text, &found, here).or_else(|| typed(session, text, here))?,
    };
    let range = columns.range(&document.source, around.in_file(here.span));
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: about });
    Some(Hover { contents, range: Some(range) })
}

/// What a name in quotes is, where it is the name of something.
fn named(session: &Session, text: &str, string: &Lexeme) -> Option<String> {
    let name = text.get(string.span.range())?;
    let inside = name.strip_prefix('"')?;
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    let end = string.span.range().start + 1 + inside.len();
    let found = session.complete(text, end).candidates;
    let candidate = found.into_iter().find(|candidate| candidate.text.trim_end_matches('"') == inside)?;
    Some(format!("`{inside}`: {}", candidate.about.trim_start_matches(": ")))
}

/// The page of a name, with the sets before it: `lib.strings.hasPrefix`.
fn documented(text: &str, found: &[Lexeme], word: &Lexeme) -> Option<String> {
    let at = found.iter().position(|lexeme| lexeme.span == word.span)?;
    let is_path = |lexeme: &&Lexeme| {
        lexeme.kind == LexemeKind::Identifier || text.get(lexeme.span.range()) == Some(".")
    };
    let first = found.get(..at)?.iter().rev().take_while(is_path).last().unwrap_or(word);
    let path = text.get(first.span.range().start..word.span.range().end)?;
    let page = doc::page(path, 100).ok()?;
    let page = String::from_utf8(page).ok()?;
    let (head, rest) = page.split_once('\n').unwrap_or((&page, ""));
    Some(format!("```invq\n{head}\n```\n{rest}"))
}

/// The type of a name that is bound around, or of a field.
fn typed(session: &Session, text: &str, word: &Lexeme) -> Option<String> {
    let name = text.get(word.span.range())?;
    let found = session.complete(text, word.span.range().end).candidates;
    let candidate = found.into_iter().find(|candidate| candidate.text == name)?;
    Some(match candidate.about.strip_prefix(": ") {
        Some(ty) => format!("```invq\n{name} : {ty}\n```"),
        None => format!("`{name}`: {}", candidate.about),
    })
}
