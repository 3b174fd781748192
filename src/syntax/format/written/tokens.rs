//! Tokens with the comments and empty lines around them.
//!
//! What comes in is text that parses; what goes out is every lexeme that means something, and with it
//! the comments on the lines before it, those between it and what stands left of it, and those that
//! end its line: in `a # one` and `# two` before `b`, the first is `a`'s and the second is `b`'s.

use crate::syntax::format::doc::{Doc, Lead};
use crate::syntax::lex::{LexemeKind, lexemes};
use crate::text::Span;

/// A lexeme that means something.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// As written; empty at the end of the text.
    pub(super) text: &'t str,
    /// Its kind; white space at the end of the text.
    pub(super) kind: LexemeKind,
    /// Its place.
    pub(super) span: Span,
    /// Comments on lines of their own before it.
    pub(super) leads: Vec<Lead>,
    /// Whether an empty line stands between those and it.
    pub(super) blank_after_leads: bool,
    /// Comments left of it that do not end a line.
    pub(super) inlines: Vec<&'t str>,
    /// Comments that end its line.
    pub(super) trails: Vec<&'t str>,
    /// Whether comments behind it end its line.
    pub(super) ends_line: bool,
    /// Whether nothing stands between it and the token before it.
    pub(super) is_glued: bool,
    /// Whether it begins a line.
    pub(super) newline_before: bool,
    /// Whether an empty line stands before it and its comments.
    pub(super) blank_before: bool,
}

impl Token<'_> {
    /// The comments before it, as they stand before its text.
    pub(super) fn before(&mut self) -> Doc {
        let mut docs = Vec::new();
        if !self.leads.is_empty() {
            docs.push(Doc::leads(std::mem::take(&mut self.leads), self.blank_after_leads));
        }
        docs.extend(self.inlines.drain(..).map(Doc::inline));
        Doc::concat(docs)
    }

    /// The comments that end its line.
    pub(super) fn after(&mut self) -> Doc {
        if self.trails.is_empty() {
            return Doc::nothing();
        }
        Doc::trail(self.trails.drain(..).map(str::to_owned).collect())
    }

    /// Whether there are comments at it.
    pub(super) fn is_commented(&self) -> bool {
        !self.leads.is_empty() || !self.inlines.is_empty() || !self.trails.is_empty()
    }
}

/// All tokens of a text, and one more for its end.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut trivia: Vec<Trivia<'_>> = Vec::new();
    for lexeme in lexemes(text) {
        let written = text.get(lexeme.span.range()).unwrap_or("");
        match lexeme.kind {
            LexemeKind::Space => trivia.push(Trivia::Feeds(written.matches('\n').count())),
            LexemeKind::Comment => trivia.push(Trivia::Comment(written.trim_end())),
            kind => add(&mut tokens, &mut trivia, written, kind, lexeme.span),
        }
    }
    // The end of the text ends a line.
    trivia.push(Trivia::Feeds(1));
    add(&mut tokens, &mut trivia, "", LexemeKind::Space, Span::new(text.len(), text.len()));
    settle_commas(&mut tokens);
    for token in &mut tokens {
        token.ends_line = !token.trails.is_empty();
    }
    tokens
}

enum Trivia<'t> {
    /// White space with so many line feeds.
    Feeds(usize),
    Comment(&'t str),
}

/// Adds a token, and divides what stands before it between it and the one before it.
fn add<'t>(
    tokens: &mut Vec<Token<'t>>,
    trivia: &mut Vec<Trivia<'t>>,
    text: &'t str,
    kind: LexemeKind,
    span: Span,
) {
    let first_feed = trivia.iter().position(|part| matches!(part, Trivia::Feeds(1..)));
    let mut token = Token {
        text,
        kind,
        span,
        leads: Vec::new(),
        blank_after_leads: false,
        inlines: Vec::new(),
        trails: Vec::new(),
        ends_line: false,
        is_glued: trivia.is_empty(),
        newline_before: first_feed.is_some() || tokens.is_empty(),
        blank_before: false,
    };
    let mut feeds = 0;
    for (index, part) in trivia.drain(..).enumerate() {
        match part {
            Trivia::Feeds(more) => feeds += more,
            Trivia::Comment(comment) => {
                let ends_line = first_feed.is_some_and(|feed| index < feed);
                if let Some(last) = tokens.last_mut().filter(|_| ends_line) {
                    last.trails.push(comment);
                    continue;
                }
                if feeds > 0 {
                    lead_all(&mut token);
                }
                let blank_before = feeds > 1;
                if token.leads.is_empty() && token.inlines.is_empty() {
                    token.blank_before = blank_before;
                }
                if comment.starts_with('#') || comment.contains('\n') {
                    lead_all(&mut token);
                    token.leads.push(Lead { text: comment.to_owned(), blank_before });
                } else {
                    // An empty line before it is remembered should it come to stand on a line of its own.
                    token.blank_after_leads = blank_before;
                    token.inlines.push(comment);
                }
                feeds = 0;
            }
        }
    }
    if feeds > 0 {
        lead_all(&mut token);
    }
    match (token.leads.is_empty(), token.inlines.is_empty()) {
        (true, true) => token.blank_before = feeds > 1,
        (false, true) => token.blank_after_leads = feeds > 1,
        _ => {}
    }
    tokens.push(token);
}

/// Comments that the token does not follow on their line stand on one of their own, together as they stood.
fn lead_all(token: &mut Token<'_>) {
    let blank_before = std::mem::take(&mut token.blank_after_leads);
    if !token.inlines.is_empty() {
        let text = token.inlines.drain(..).collect::<Vec<_>>().join(" ");
        token.leads.push(Lead { text, blank_before });
    }
}

/// A comma stands at the end of a line: comments behind what it follows come behind it, and those
/// before it belong to what it goes before. Their order stays.
fn settle_commas(tokens: &mut [Token<'_>]) {
    for at in 1..tokens.len() {
        let Some([last, comma, next, ..]) = tokens.get_mut(at - 1..) else { return };
        if comma.text != "," {
            continue;
        }
        let mut trails = std::mem::take(&mut last.trails);
        // Behind a comment that ends its line no other one stands.
        let is_full =
            trails.last().is_some_and(|comment| comment.starts_with('#')) && !comma.trails.is_empty();
        if comma.leads.is_empty() && (comma.inlines.is_empty() || trails.is_empty()) && !is_full {
            trails.append(&mut comma.trails);
        } else {
            lead_all(comma);
            let mut leads = std::mem::take(&mut comma.leads);
            let ended = comma.trails.drain(..);
            leads.extend(ended.map(|text| Lead { text: text.to_owned(), blank_before: false }));
            if let Some(first) = next.leads.first_mut() {
                first.blank_before |= next.blank_before;
            } else {
                next.blank_after_leads = next.blank_before && next.inlines.is_empty();
            }
            leads.append(&mut next.leads);
            next.leads = leads;
        }
        comma.trails = trails;
    }
}
