//! Ansible's INI inventories as documents.
//!
//! What comes in is a text; what goes out is a [`Document`] whose keys are the headers of the sections as
//! written (`web`, `web:vars`, `web:children`), each as often as it stands there, and every mistake of the
//! text. Hosts have objects of variables, variables their values, children null.

use std::borrow::Cow;
use std::sync::Arc;

use super::literal;
use super::words;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Notation, TreeBuilder, TreeNode};
use crate::limits::Limits;
use crate::text::{Source, Span, did_you_mean, quoted};

/// What a section holds, by what stands behind the colon of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Hosts,
    Vars,
    Children,
}

impl Section {
    const WORDS: [(&'static str, Section); 3] =
        [("hosts", Section::Hosts), ("vars", Section::Vars), ("children", Section::Children)];

    /// The group and the kind of section that a header names.
    pub(super) fn of(header: &str) -> (&str, Section) {
        let known = header.rsplit_once(':').and_then(|(group, word)| Some((group, Section::named(word)?)));
        known.unwrap_or((header, Section::Hosts))
    }

    fn named(word: &str) -> Option<Section> {
        Section::WORDS.iter().find(|(known, _)| *known == word).map(|(_, section)| *section)
    }
}

/// Reads a text.
///
/// # Errors
/// Every line that cannot be read.
pub fn read(source: &Arc<Source>, limits: &Limits) -> Result<Document, Vec<Diagnostic>> {
    let mut reader = Reader {
        source,
        builder: TreeBuilder::new(Arc::clone(source)),
        header: ("ungrouped".to_owned(), Span::new(0, 0)),
        section: Section::Hosts,
        entries: Vec::new(),
        sections: Vec::new(),
        mistakes: Vec::new(),
    };
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        reader.line(line, start);
        start += line.len();
    }
    reader.end_section();
    if !reader.mistakes.is_empty() {
        return Err(reader.mistakes);
    }
    let sections = reader.sections.iter().map(|(name, span, node)| (name.as_str(), *span, *node));
    let root = reader.builder.object(sections, Span::new(0, source.text().len()));
    Ok(reader.builder.finish_as(root, Notation::Ini, limits))
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    builder: TreeBuilder,
    header: (String, Span),
    section: Section,
    /// The entries of the section so far.
    entries: Vec<(Cow<'s, str>, Span, TreeNode)>,
    sections: Vec<(String, Span, TreeNode)>,
    mistakes: Vec<Diagnostic>,
}

impl<'s> Reader<'s> {
    fn report(&mut self, message: impl Into<String>, span: Span, help: &str) {
        let mistake = Diagnostic::error(Code::InvalidDocument, message).at(self.source, span, "");
        self.mistakes.push(mistake.help(help));
    }

    fn line(&mut self, line: &'s str, start: usize) {
        // A mark at the very beginning belongs to the encoding, not to the text.
        let blank = |next: char| next.is_whitespace() || next == '\u{feff}' && start == 0;
        let text = line.trim_start_matches(blank);
        let start = start + line.len() - text.len();
        let text = text.trim_end();
        if text.is_empty() || text.starts_with(['#', ';']) {
            return;
        }
        if text.starts_with('[') && self.header_line(text, start) {
            return;
        }
        match self.section {
            Section::Hosts => self.host(text, start),
            Section::Vars => self.variable(text, start),
            Section::Children => self.child(text, start),
        }
    }

    /// Reads a line as a header, where it is one.
    fn header_line(&mut self, text: &str, start: usize) -> bool {
        let Some((inner, after)) = text.get(1..).and_then(|rest| rest.split_once(']')) else {
            let span = Span::new(start, start + text.len());
            self.report("expected `]` at the end of the header", span, &format!("write `{text}]`"));
            return true;
        };
        let after = after.trim_start();
        if !after.is_empty() && !after.starts_with('#') {
            // A host whose name begins with a range, unless the line looks like nothing but a header.
            if text.ends_with(']') {
                let help = "write one header on a line, such as `[web]`";
                self.report(
                    "expected the end of the line after the header",
                    Span::new(start, start + text.len()),
                    help,
                );
                return true;
            }
            return false;
        }
        let span = Span::new(start + 1, start + 1 + inner.len());
        let (group, word) = match inner.split_once(':') {
            Some((group, word)) => (group, Some(word)),
            None => (inner, None),
        };
        self.end_section();
        self.header = (inner.to_owned(), span);
        self.section = Section::Hosts;
        if group.is_empty() || inner.contains(char::is_whitespace) {
            let help = "write the group's name alone between the brackets, such as `[web]`";
            let found = if inner.is_empty() { "nothing".to_owned() } else { quoted(inner) };
            self.report(format!("expected the name of a group, found {found}"), span, help);
            return true;
        }
        match word.map(Section::named) {
            None => {}
            Some(Some(section)) => self.section = section,
            Some(None) => {
                let word = word.unwrap_or("");
                let near = did_you_mean(word, ["vars", "children", "hosts"]);
                let help = near.unwrap_or_else(|| format!("write `[{group}:vars]` or `[{group}:children]`"));
                self.report(
                    format!("a section holds `hosts`, `vars` or `children`, found {}", quoted(word)),
                    span,
                    &help,
                );
            }
        }
        true
    }

    fn end_section(&mut self) {
        let (name, span) = std::mem::take(&mut self.header);
        let entries = std::mem::take(&mut self.entries);
        // Before the first header stand hosts, if anything.
        if entries.is_empty() && span.is_empty() {
            return;
        }
        let whole = entries.last().map_or(span, |(_, last, _)| span.to(*last));
        let node =
            self.builder.object(entries.iter().map(|(name, span, node)| (&**name, *span, *node)), whole);
        self.sections.push((name, span, node));
    }

    fn host(&mut self, text: &'s str, start: usize) {
        let words = match words::split(text) {
            Ok(words) => words,
            Err(unclosed) => {
                let span = Span::new(start + unclosed.at, start + text.len());
                self.report(
                    format!("the line has {}", unclosed.what),
                    span,
                    "close it, or escape it with a backslash",
                );
                return;
            }
        };
        let mut words = words.into_iter();
        let Some(host) = words.next() else { return };
        let place = |range: &std::ops::Range<usize>| Span::new(start + range.start, start + range.end);
        let mut variables = Vec::new();
        for word in words {
            let span = place(&word.range);
            if word.text.starts_with('=') {
                let help = "write the variable without blanks, such as `user=root`";
                self.report("a blank stands before `=`", span, help);
                return;
            }
            let Some((name, value)) = word.text.split_once('=') else {
                if text.get(word.range.end..).is_some_and(|rest| rest.trim_start().starts_with('=')) {
                    continue;
                }
                let message = format!("expected a variable as `name=value`, found {}", quoted(&word.text));
                let help = "put a value with blanks in quotes, and a comment behind `#`";
                self.report(message, span, help);
                continue;
            };
            // Where nothing is quoted, the parts stand in the text as they are.
            let written = text.get(word.range.clone()) == Some(&*word.text);
            let (name_span, value_span) = match written {
                true => {
                    let split = span.start as usize + name.len();
                    (Span::new(span.start as usize, split), Span::new(split + 1, span.end as usize))
                }
                false => (span, span),
            };
            let node = self.value(value, value_span);
            variables.push((name.to_owned(), name_span, node));
        }
        let span = Span::new(start, start + text.len());
        let entries = variables.iter().map(|(name, span, node)| (name.as_str(), *span, *node));
        let node =
            if variables.is_empty() { self.builder.null(span) } else { self.builder.object(entries, span) };
        self.entries.push((host.text, place(&host.range), node));
    }

    fn variable(&mut self, text: &'s str, start: usize) {
        let Some((name, value)) = text.split_once('=') else {
            let message = format!("expected a variable as `name=value`, found {}", quoted(text));
            let help = "hosts belong under the group's own header, without `:vars`";
            self.report(message, Span::new(start, start + text.len()), help);
            return;
        };
        let from = start + name.len() + 1 + value.len() - value.trim_start().len();
        let (name, value) = (name.trim_end(), value.trim());
        let node = self.value(value, Span::new(from, from + value.len()));
        self.entries.push((Cow::Borrowed(name), Span::new(start, start + name.len()), node));
    }

    fn child(&mut self, text: &'s str, start: usize) {
        let name = text.split_once('#').map_or(text, |(name, _)| name.trim_end());
        let span = Span::new(start, start + name.len());
        if name.is_empty() || name.contains([':', ']']) || name.contains(char::is_whitespace) {
            let help = "write one group on a line; variables belong under a header with `:vars`";
            self.report(format!("expected the name of a group, found {}", quoted(name)), span, help);
            return;
        }
        let node = self.builder.null(span);
        self.entries.push((Cow::Borrowed(name), span, node));
    }

    /// A value as Ansible takes it: a literal of Python, else a text.
    fn value(&mut self, text: &str, span: Span) -> TreeNode {
        match literal::read(text) {
            Some(literal) => self.builder.json(&literal, span),
            None => self.builder.string(text, span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let document = read(&Source::new("hosts", text), &Limits::default()).expect("an inventory");
        document.root().to_json().to_string()
    }

    fn mistakes(text: &str) -> Vec<String> {
        let source = Source::new("hosts", text);
        let found = read(&source, &Limits::default()).expect_err("mistakes");
        let place =
            |found: &Diagnostic| found.labels.first().map(|label| source.position(label.span.start).line);
        found.iter().map(|found| format!("{}: {}", place(found).unwrap_or(0), found.message)).collect()
    }

    #[test]
    fn sections_hold_hosts_variables_and_children() {
        let text = "bastion port=22 # first\n; note\n[web] # all of them\nweb[1:2] a='x y' b=[1]\nweb3\n\n[web:vars]\nn = 5\n\
                    t = a = b # c\n[all:children]\nweb  # here\n";
        assert_eq!(
            json(text),
            "{\"ungrouped\":{\"bastion\":{\"port\":22}},\"web\":{\"web[1:2]\":{\"a\":\"x y\",\"b\":[1]},\"web3\":null},\
             \"web:vars\":{\"n\":5,\"t\":\"a = b # c\"},\"all:children\":{\"web\":null}}"
        );
        assert_eq!(json(""), "{}");
        assert_eq!(json("\u{feff}[web]\r\na\r\n"), "{\"web\":{\"a\":null}}");
    }

    #[test]
    fn every_wrong_line_is_told() {
        let text = "[web ops]\n[web:var]\nhost a b=1\n[web:vars]\nhost\n[web:children]\na b\n[x]\nh a='b\n";
        assert_eq!(
            mistakes(text),
            [
                "1: expected the name of a group, found `web ops`",
                "2: a section holds `hosts`, `vars` or `children`, found `var`",
                "3: expected a variable as `name=value`, found `a`",
                "5: expected a variable as `name=value`, found `host`",
                "7: expected the name of a group, found `a b`",
                "9: the line has a quote that is not closed",
            ]
        );
    }
}
