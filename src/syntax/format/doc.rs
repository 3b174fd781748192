//! Layout: text that may be broken into lines at some places.
//!
//! What comes in is a document of texts, possible line breaks and groups; what goes out is text in
//! which a group is on one line where it fits, and broken at all of its own places where it does
//! not. Widths are known from the start, so that printing is linear.
//!
//! Line breaks are written when the next text is: so no line ends in spaces, and a comment can ask
//! for a line break behind it wherever it stands.

/// The widest line that is printed where the text can be broken.
const WIDTH: usize = 100;
/// Spaces of one level.
const INDENTATION: usize = 2;

/// A document.
#[derive(Debug)]
pub(super) struct Doc {
    kind: Kind,
    /// Width on one line.
    width: usize,
    /// Width up to the first place where it may be broken.
    lead: usize,
    /// Whether it has such a place.
    breaks: bool,
    /// Whether it cannot be on one line.
    forced: bool,
    /// Whether it begins with comments that stand on lines of their own.
    opens: bool,
    /// Whether it ends with a comment that ends its line.
    ends: bool,
}

/// A comment on a line of its own.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    /// The comment as written.
    pub(super) text: String,
    /// Whether an empty line stands before it.
    pub(super) blank_before: bool,
}

#[derive(Debug)]
enum Kind {
    Text(String),
    /// Text with line feeds that are its own.
    Verbatim(String),
    /// A space that disappears at the end of a line.
    Space,
    /// A line break, or what stands in its place on one line.
    Line(&'static str),
    /// An empty line.
    Blank,
    /// A line break in a string, with what its indentation is more than that of the place;
    /// nothing for a line that is empty.
    StringLine(Option<usize>),
    /// Comments on lines of their own, and whether an empty line follows.
    Leads(Vec<Lead>, bool),
    /// A comment between two texts of one line.
    Inline(String),
    /// Comments that end a line.
    Trail(Vec<String>),
    Concat(Vec<Doc>),
    Group(Box<Doc>),
    Nest(Box<Doc>),
}

impl Doc {
    /// Text without line breaks.
    pub(super) fn text(text: impl Into<String>) -> Doc {
        let text = text.into();
        let width = text.chars().count();
        Doc::leaf(Kind::Text(text), width)
    }

    /// Text that stays as it is, line feeds included.
    pub(super) fn verbatim(text: impl Into<String>) -> Doc {
        let text = text.into();
        let Some((first, _)) = text.split_once('\n') else { return Doc::text(text) };
        let width = first.chars().count();
        Doc { breaks: true, forced: true, ..Doc::leaf(Kind::Verbatim(text), width) }
    }

    /// A space that is never the end of a line.
    pub(super) fn space() -> Doc {
        Doc::leaf(Kind::Space, 1)
    }

    /// A space, or a line break.
    pub(super) fn line() -> Doc {
        Doc { lead: 0, breaks: true, ..Doc::leaf(Kind::Line(" "), 1) }
    }

    /// Nothing, or a line break.
    pub(super) fn soft_line() -> Doc {
        Doc { breaks: true, ..Doc::leaf(Kind::Line(""), 0) }
    }

    /// An empty line.
    pub(super) fn blank() -> Doc {
        Doc { breaks: true, forced: true, ..Doc::leaf(Kind::Blank, 0) }
    }

    /// A line break in a string.
    pub(super) fn string_line(spaces: Option<usize>) -> Doc {
        Doc { breaks: true, forced: true, ..Doc::leaf(Kind::StringLine(spaces), 0) }
    }

    /// Comments on lines of their own, with what stands between them and what follows.
    pub(super) fn leads(leads: Vec<Lead>, blank_after: bool) -> Doc {
        Doc { breaks: true, opens: true, ..Doc::leaf(Kind::Leads(leads, blank_after), 0) }
    }

    /// A comment with text behind it on its line.
    pub(super) fn inline(comment: impl Into<String>) -> Doc {
        let comment = comment.into();
        // A space before it and one behind it.
        let width = comment.chars().count() + 2;
        Doc::leaf(Kind::Inline(comment), width)
    }

    /// Comments at the end of a line. Their width does not count: code is not broken for them.
    pub(super) fn trail(comments: Vec<String>) -> Doc {
        Doc { breaks: true, ends: true, ..Doc::leaf(Kind::Trail(comments), 0) }
    }

    /// Nothing.
    pub(super) fn nothing() -> Doc {
        Doc::concat(Vec::new())
    }

    fn leaf(kind: Kind, width: usize) -> Doc {
        Doc { kind, width, lead: width, breaks: false, forced: false, opens: false, ends: false }
    }

    /// One document after another.
    pub(super) fn concat(mut docs: Vec<Doc>) -> Doc {
        docs.retain(|doc| !matches!(&doc.kind, Kind::Concat(inner) if inner.is_empty()));
        let width = docs.iter().map(|doc| doc.width).sum();
        let breaks = docs.iter().any(|doc| doc.breaks);
        let mut lead = 0;
        for doc in &docs {
            lead += doc.lead;
            if doc.breaks {
                break;
            }
        }
        // A comment at the very beginning or end is on its line whatever the rest does.
        let last = docs.len().saturating_sub(1);
        let forced = docs
            .iter()
            .enumerate()
            .any(|(index, doc)| doc.forced || (doc.opens && index > 0) || (doc.ends && index < last));
        let opens = docs.first().is_some_and(|doc| doc.opens);
        let ends = docs.last().is_some_and(|doc| doc.ends);
        Doc { kind: Kind::Concat(docs), width, lead, breaks, forced, opens, ends }
    }

    /// A document that is on one line if it fits.
    pub(super) fn group(self) -> Doc {
        self.within(Kind::Group)
    }

    /// A document that is on one line if it fits, unless `broken`.
    pub(super) fn group_or_broken(mut self, broken: bool) -> Doc {
        self.forced |= broken;
        self.group()
    }

    /// A document whose line breaks are indented by one level more.
    pub(super) fn nest(self) -> Doc {
        self.within(Kind::Nest)
    }

    fn within(self, kind: impl FnOnce(Box<Doc>) -> Kind) -> Doc {
        let Doc { width, lead, breaks, forced, opens, ends, .. } = self;
        Doc { kind: kind(Box::new(self)), width, lead, breaks, forced, opens, ends }
    }

    /// The text.
    pub(super) fn print(&self) -> String {
        let mut printer = Printer::default();
        printer.doc(self, 0, false, 0);
        printer.text
    }

    /// The text on one line.
    pub(super) fn print_flat(&self) -> String {
        let mut printer = Printer::default();
        printer.doc(self, 0, true, 0);
        printer.text
    }

    /// Whether it can be on one line.
    pub(super) fn can_be_flat(&self) -> bool {
        !self.forced && !self.opens && !self.ends
    }
}

#[derive(Default)]
struct Printer {
    text: String,
    column: usize,
    /// Line feeds before the next text, with the indentation if it is not that of the text.
    feeds: usize,
    feed_indentation: Option<usize>,
    /// Whether a space is due, should the line go on.
    space: bool,
}

impl Printer {
    /// Prints `doc`; `tail` is the width of what follows on its last line.
    fn doc(&mut self, doc: &Doc, indentation: usize, is_flat: bool, tail: usize) {
        match &doc.kind {
            Kind::Text(text) | Kind::Verbatim(text) => self.put(text, indentation),
            Kind::Space => self.space = true,
            Kind::Line(flat) if is_flat => self.space |= !flat.is_empty(),
            Kind::Line(_) => self.feed(1, Some(indentation)),
            Kind::Blank => self.feed(2, Some(indentation)),
            Kind::StringLine(spaces) => {
                self.put("", indentation);
                self.text.push('\n');
                self.column = spaces.map_or(0, |spaces| indentation + spaces);
                self.text.extend(std::iter::repeat_n(' ', self.column));
            }
            Kind::Leads(leads, blank_after) => {
                if self.feeds == 0 && !self.text.is_empty() {
                    self.feed(1, None);
                }
                for (index, lead) in leads.iter().enumerate() {
                    if lead.blank_before && index > 0 {
                        self.feed(2, None);
                    }
                    self.put(&lead.text, indentation);
                    self.feed(1, None);
                }
                if *blank_after {
                    self.feed(2, None);
                }
            }
            Kind::Inline(comment) => {
                self.space |= !self.text.is_empty();
                self.put(comment, indentation);
                self.space = true;
            }
            Kind::Trail(comments) => {
                for comment in comments {
                    self.space = true;
                    self.put(comment, indentation);
                }
                self.feed(1, None);
            }
            Kind::Concat(docs) => {
                // The tail of each part: what follows it up to the next possible break.
                let mut tails = vec![tail; docs.len()];
                let mut behind = tail;
                for (doc, tail) in docs.iter().zip(&mut tails).rev() {
                    *tail = behind;
                    behind = if doc.breaks { doc.lead } else { doc.lead + behind };
                }
                for (doc, tail) in docs.iter().zip(tails) {
                    self.doc(doc, indentation, is_flat, tail);
                }
            }
            Kind::Group(inner) => {
                let column = match self.feeds {
                    0 if inner.opens => indentation,
                    0 => self.column + usize::from(self.space),
                    _ => self.feed_indentation.unwrap_or(indentation),
                };
                let tail_here = if inner.ends { 0 } else { tail };
                let fits = !inner.forced && column + inner.width + tail_here <= WIDTH;
                self.doc(inner, indentation, is_flat || fits, tail);
            }
            Kind::Nest(inner) => self.doc(inner, indentation + INDENTATION, is_flat, tail),
        }
    }

    /// Asks for line feeds before the next text.
    fn feed(&mut self, feeds: usize, indentation: Option<usize>) {
        self.feeds = self.feeds.max(feeds);
        self.feed_indentation = indentation.or(self.feed_indentation);
        self.space = false;
    }

    /// Writes text, and first what it waits for.
    fn put(&mut self, text: &str, indentation: usize) {
        if self.feeds > 0 && !self.text.is_empty() {
            self.column = self.feed_indentation.unwrap_or(indentation);
            self.text.extend(std::iter::repeat_n('\n', self.feeds));
            self.text.extend(std::iter::repeat_n(' ', self.column));
        } else if self.space {
            self.text.push(' ');
            self.column += 1;
        }
        (self.feeds, self.feed_indentation, self.space) = (0, None, false);
        self.text.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_on_one_line_where_it_fits() {
        let list = |element: &str| {
            let elements = Doc::concat(vec![Doc::line(), Doc::text(element), Doc::line(), Doc::text("b")]);
            Doc::concat(vec![Doc::text("["), elements.nest(), Doc::line(), Doc::text("]")]).group()
        };
        assert_eq!(list("a").print(), "[ a b ]");
        let long = "a".repeat(93);
        assert_eq!(list(&long).print(), format!("[ {long} b ]"));
        let with_tail = Doc::concat(vec![list(&long), Doc::text(";;")]);
        assert_eq!(with_tail.print(), format!("[\n  {long}\n  b\n];;"));
    }
}
