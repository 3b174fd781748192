//! Layout: text that may be broken into lines at some places.
//!
//! What comes in is a document of texts, possible line breaks and groups; what goes out is text in
//! which a group is on one line where it fits, and broken at all of its own places where it does
//! not. Widths are known from the start, so that printing is linear.

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
}

#[derive(Debug)]
enum Kind {
    Text(String),
    /// A line break, or what stands in its place on one line.
    Line(&'static str),
    Concat(Vec<Doc>),
    Group(Box<Doc>),
    Nest(Box<Doc>),
}

impl Doc {
    /// Text without line breaks.
    pub(super) fn text(text: impl Into<String>) -> Doc {
        let text = text.into();
        let width = text.chars().count();
        Doc { kind: Kind::Text(text), width, lead: width, breaks: false }
    }

    /// A space, or a line break.
    pub(super) fn line() -> Doc {
        Doc { kind: Kind::Line(" "), width: 1, lead: 0, breaks: true }
    }

    /// Nothing, or a line break.
    pub(super) fn soft_line() -> Doc {
        Doc { kind: Kind::Line(""), width: 0, lead: 0, breaks: true }
    }

    /// One document after another.
    pub(super) fn concat(docs: Vec<Doc>) -> Doc {
        let width = docs.iter().map(|doc| doc.width).sum();
        let breaks = docs.iter().any(|doc| doc.breaks);
        let mut lead = 0;
        for doc in &docs {
            lead += doc.lead;
            if doc.breaks {
                break;
            }
        }
        Doc { kind: Kind::Concat(docs), width, lead, breaks }
    }

    /// A document that is on one line if it fits.
    pub(super) fn group(self) -> Doc {
        let Doc { width, lead, breaks, .. } = self;
        Doc { kind: Kind::Group(Box::new(self)), width, lead, breaks }
    }

    /// A document whose line breaks are indented by one level more.
    pub(super) fn nest(self) -> Doc {
        let Doc { width, lead, breaks, .. } = self;
        Doc { kind: Kind::Nest(Box::new(self)), width, lead, breaks }
    }

    /// The text.
    pub(super) fn print(&self) -> String {
        let mut printer = Printer { text: String::new(), column: 0 };
        printer.doc(self, 0, false, 0);
        printer.text
    }

    /// The text on one line.
    pub(super) fn print_flat(&self) -> String {
        let mut printer = Printer { text: String::new(), column: 0 };
        printer.doc(self, 0, true, 0);
        printer.text
    }
}

struct Printer {
    text: String,
    column: usize,
}

impl Printer {
    /// Prints `doc`; `tail` is the width of what follows on its last line.
    fn doc(&mut self, doc: &Doc, indentation: usize, is_flat: bool, tail: usize) {
        match &doc.kind {
            Kind::Text(text) => {
                self.text.push_str(text);
                self.column += doc.width;
            }
            Kind::Line(flat) if is_flat => {
                self.text.push_str(flat);
                self.column += doc.width;
            }
            Kind::Line(_) => {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', indentation));
                self.column = indentation;
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
                let fits = self.column + inner.width + tail <= WIDTH;
                self.doc(inner, indentation, is_flat || fits, tail);
            }
            Kind::Nest(inner) => self.doc(inner, indentation + INDENTATION, is_flat, tail),
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
