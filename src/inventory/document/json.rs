//! JSON in place: nodes are byte offsets, and iterators scan as they go.
//!
//! No byte is scanned twice in an ordinary walk: whoever reads a value to its end notes where it ended,
//! in a memo of one entry, and the iterator above goes on from there. An iterator that has come to its
//! end has therefore validated everything inside its brackets.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use super::scan::{self, Failure, Member, Problem};
use super::{Backing, Document, Key, Kind, Node};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, SourceMap, Span};

/// Where the list of all lines stands, in a text in which every line is a value: no text is so long that
/// something else stood there.
pub(super) const LINES: u32 = u32::MAX;

/// What a JSON document knows about its text.
#[derive(Default)]
pub(super) struct State {
    root: AtomicU32,
    /// Start and end of the value that was last read to its end. Both halves are in one word, and the
    /// pair holds for the text for ever, so that threads cannot confuse each other.
    memo: AtomicU64,
    complete: AtomicBool,
}

impl State {
    /// Of a text that has been read to its end without an error.
    pub(super) fn complete(root: u32) -> State {
        State { root: AtomicU32::new(root), memo: AtomicU64::new(0), complete: AtomicBool::new(true) }
    }

    /// Of the same text, of which nothing has been read.
    pub(super) fn again(&self) -> State {
        State { root: AtomicU32::new(self.root()), ..State::default() }
    }

    pub(super) fn root(&self) -> u32 {
        self.root.load(Ordering::Relaxed)
    }

    /// Says that the text is a list of lines.
    pub(super) fn set_lines(&self) {
        self.root.store(LINES, Ordering::Relaxed);
    }

    /// Whether the whole text has been read without an error.
    pub(super) fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Relaxed)
    }
}

impl Document {
    fn bytes(&self) -> &[u8] {
        self.source.text().as_bytes()
    }

    fn state(&self) -> Option<&State> {
        match &self.backing {
            Backing::Json(state) => Some(state),
            Backing::Tree(_) => None,
        }
    }

    /// Finds the first value.
    pub(super) fn open_json(&self) {
        let bytes = self.bytes();
        let start = scan::beginning(bytes);
        if let Some(state) = self.state() {
            state.root.store(u32::try_from(start).unwrap_or(u32::MAX), Ordering::Relaxed);
        }
        if !bytes.get(start).copied().is_some_and(scan::begins_value) {
            self.fail_at(Failure { at: start, problem: Problem::Expected("a value") });
        }
    }

    /// Reads everything from the first value on.
    pub(super) fn read_all(&self) {
        if self.is_lines() {
            let mut lines = Items::new(self, LINES);
            while lines.next().is_some() {}
            return;
        }
        let start = self.root().at as usize;
        if let Some(end) = self.past(start) {
            self.note(start, end);
        }
    }

    #[cold]
    fn fail_at(&self, failure: Failure) {
        self.fail(failure.diagnostic(&self.source));
    }

    fn check<T>(&self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                self.fail_at(failure);
                None
            }
        }
    }

    /// Notes where a value ends.
    #[inline]
    fn note(&self, start: usize, end: usize) {
        let Some(state) = self.state() else { return };
        state.memo.store((start as u64) << 32 | end as u64, Ordering::Relaxed);
        if start == state.root() as usize && !state.is_complete() {
            let rest = scan::white(self.bytes(), end);
            if rest < self.bytes().len() {
                self.fail_at(Failure { at: rest, problem: Problem::AfterEnd });
            } else {
                state.complete.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The offset after a value.
    #[inline]
    fn past(&self, start: usize) -> Option<usize> {
        let memo = self.state()?.memo.load(Ordering::Relaxed);
        // Zero is no memo: a value that begins at 0 ends after it.
        if memo >> 32 == start as u64 && memo != 0 {
            return Some((memo & u64::from(u32::MAX)) as usize);
        }
        self.check(scan::skip(self.bytes(), start, self.depth))
    }

    /// Passes over a list or object that another reader of the text looks into. Where its brackets do not
    /// agree, whoever goes on from here finds out why.
    pub(super) fn pass(&self, at: u32) {
        let start = at as usize;
        if let Some(end) = scan::passed(self.bytes(), start) {
            self.note(start, end);
        }
    }

    /// Goes on behind a value that readers of the same text have read, each a part of it.
    pub(super) fn go_on(&self, at: u32, readers: &[&Document]) {
        // What one of them has passed over has confused it only behind the mistake that the other one found.
        let place = |error: &&Diagnostic| error.labels.first().map(|label| label.span);
        let first = readers.iter().filter_map(|reader| reader.error()).min_by_key(place);
        match (first, readers.first()) {
            (Some(error), _) => self.fail(Box::new(error.clone())),
            (None, Some(reader)) => {
                let start = at as usize;
                if let Some(end) = reader.past(start) {
                    self.note(start, end);
                }
            }
            (None, None) => {}
        }
    }

    pub(super) fn json_kind(&self, at: u32) -> Kind {
        match self.bytes().get(at as usize) {
            None if at == LINES => Kind::List,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'-' | b'0'..=b'9') => match self.json_number(at) {
                Some(text) if text.parse::<i64>().is_ok() => Kind::Int,
                _ => Kind::Float,
            },
            _ => Kind::Null,
        }
    }

    pub(super) fn json_span(&self, at: u32) -> Span {
        if at == LINES {
            return Span::new(0, self.bytes().len());
        }
        let start = at as usize;
        match self.past(start) {
            Some(end) => {
                self.note(start, end);
                Span::new(start, end)
            }
            None => Span::new(start, start),
        }
    }

    pub(super) fn json_bool(&self, at: u32) -> Option<bool> {
        let rest = self.bytes().get(at as usize..)?;
        if rest.starts_with(b"true") {
            Some(true)
        } else if rest.starts_with(b"false") {
            Some(false)
        } else {
            None
        }
    }

    /// The text of a number.
    pub(super) fn json_number(&self, at: u32) -> Option<&str> {
        let start = at as usize;
        if !matches!(self.bytes().get(start), Some(b'-' | b'0'..=b'9')) {
            return None;
        }
        let end = self.check(scan::number(self.bytes(), start))?;
        self.note(start, end);
        self.source.text().get(start..end)
    }

    #[inline]
    pub(super) fn json_string(&self, at: u32) -> Option<Cow<'_, str>> {
        let start = at as usize;
        if self.bytes().get(start) != Some(&b'"') {
            return None;
        }
        let (end, escaped) = self.check(scan::string(self.bytes(), start))?;
        self.note(start, end);
        Some(self.decode(start, end, escaped))
    }

    /// The text between two quotes.
    #[inline]
    fn decode(&self, start: usize, end: usize, escaped: bool) -> Cow<'_, str> {
        let inner = self.source.text().get(start + 1..end - 1).unwrap_or("");
        if escaped { Cow::Owned(decoded(inner, start + 1, &mut |_, _| {})) } else { Cow::Borrowed(inner) }
    }

    /// A string as a source of its own.
    pub(super) fn json_embedded(&self, at: u32) -> Option<Arc<Source>> {
        let start = at as usize;
        let end = self.json_span(at).end as usize;
        let inner = self.source.text().get(start + 1..end.checked_sub(1)?)?;
        let (text, points) = decoded_points(inner, start + 1);
        Some(Source::embedded(&self.source, text, SourceMap::from_points(points)))
    }
}

/// A string without its quotes, escapes resolved, and pairs of offsets in it and in the text, where what
/// is between its quotes begins at `start`.
pub(super) fn decoded_points(inner: &str, start: usize) -> (String, Vec<(u32, u32)>) {
    let mut points = Vec::new();
    let text = decoded(inner, start, &mut |decoded, raw| {
        points.push((Span::new(decoded, decoded).start, Span::new(raw, raw).start));
    });
    (text, points)
}

/// Resolves the escapes of a valid string; `point` gets pairs of decoded and raw offsets.
fn decoded(inner: &str, raw_start: usize, point: &mut dyn FnMut(usize, usize)) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut at = 0;
    point(0, raw_start);
    while let Some(rest) = inner.get(at..) {
        let Some(plain) = rest.find('\\') else {
            text.push_str(rest);
            break;
        };
        text.push_str(rest.get(..plain).unwrap_or(""));
        at += plain;
        point(text.len(), raw_start + at);
        let Ok((after, character)) = scan::escape(inner.as_bytes(), at) else { break };
        text.push(character);
        at = after;
        point(text.len(), raw_start + at);
    }
    point(text.len(), raw_start + inner.len());
    text
}

/// Where an iterator stands.
#[derive(Clone, Copy)]
enum Cursor {
    /// Before the first member; the bracket is here.
    Open,
    /// At a member that begins here and has been given out.
    At(usize),
    /// Behind the last member, or at an error.
    Done,
}

/// What the iterators over lists and objects share.
struct Members<'d> {
    document: &'d Document,
    start: usize,
    cursor: Cursor,
    close: u8,
}

impl<'d> Members<'d> {
    #[inline]
    fn new(document: &'d Document, at: u32, open: u8, close: u8) -> Members<'d> {
        let start = at as usize;
        let opens = document.bytes().get(start) == Some(&open) || at == LINES && open == b'[';
        let is_open = opens && document.error.get().is_none();
        let cursor = if is_open { Cursor::Open } else { Cursor::Done };
        Members { document, start, cursor, close }
    }

    /// Where the next key or element begins.
    #[inline]
    fn advance(&mut self) -> Option<usize> {
        if self.start == LINES as usize {
            return self.next_line();
        }
        let (at, first) = match std::mem::replace(&mut self.cursor, Cursor::Done) {
            Cursor::Open => (self.start + 1, true),
            Cursor::At(value) => (self.document.past(value)?, false),
            Cursor::Done => return None,
        };
        match self.document.check(scan::next_member(self.document.bytes(), at, self.close, first))? {
            Member::Next(next) => Some(next),
            Member::End(end) => {
                self.document.note(self.start, end);
                None
            }
        }
    }

    /// Where the next line's value begins.
    fn next_line(&mut self) -> Option<usize> {
        let bytes = self.document.bytes();
        let at = match std::mem::replace(&mut self.cursor, Cursor::Done) {
            Cursor::Open => scan::beginning(bytes),
            Cursor::At(value) => {
                let end = self.document.past(value)?;
                let next = scan::white(bytes, end);
                if next < bytes.len() && !bytes.get(end..next)?.contains(&b'\n') {
                    self.document.fail_at(Failure { at: next, problem: Problem::AfterLine });
                    return None;
                }
                next
            }
            Cursor::Done => return None,
        };
        if at == bytes.len() {
            self.document.state()?.complete.store(true, Ordering::Relaxed);
            return None;
        }
        Some(at)
    }

    /// Gives out a value.
    #[inline]
    fn give(&mut self, value: usize) -> Option<Node<'d>> {
        if !self.document.bytes().get(value).copied().is_some_and(scan::begins_value) {
            self.document.fail_at(Failure { at: value, problem: Problem::Expected("a value") });
            return None;
        }
        self.cursor = Cursor::At(value);
        Some(Node { document: self.document, at: u32::try_from(value).unwrap_or(u32::MAX) })
    }
}

/// The elements of a JSON list.
pub(super) struct Items<'d>(Members<'d>);

impl<'d> Items<'d> {
    pub(super) fn new(document: &'d Document, at: u32) -> Items<'d> {
        Items(Members::new(document, at, b'[', b']'))
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<Node<'d>> {
        let value = self.0.advance()?;
        self.0.give(value)
    }
}

/// The members of a JSON object.
pub(super) struct Entries<'d>(Members<'d>);

impl<'d> Entries<'d> {
    pub(super) fn new(document: &'d Document, at: u32) -> Entries<'d> {
        Entries(Members::new(document, at, b'{', b'}'))
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<(Key<'d>, Node<'d>)> {
        let start = self.0.advance()?;
        let document = self.0.document;
        let key = document.check(scan::key(document.bytes(), start))?;
        let node = self.0.give(key.value)?;
        let text = document.decode(key.start, key.end, key.escaped);
        Some((Key { text, span: Span::new(key.start, key.end) }, node))
    }
}
