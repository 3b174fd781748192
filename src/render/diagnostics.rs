//! Mistakes as reports for people. The only file that calls ariadne.
//!
//! ariadne panics on a range past the end of the text: it gets texts made for it
//! ([`excerpts`](super::excerpt)), which hold every range. Ranges are counted in characters, its own
//! measure; told that they are bytes, it takes the first character of a second file's label for a
//! byte all the same, and panics where that falls inside a character. It also knows no columns of
//! clipped lines, so headers are marked and filled in afterwards.

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use ariadne::{Cache, Color, Config, Label, Report, ReportKind};

use super::Style;
use super::escape::visible;
use super::excerpt::{Excerpt, excerpts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::count;

/// At most so many reports are written about one query.
pub const REPORTS: usize = 20;

/// At most so many labels are shown in one report.
const LABELS: usize = 8;

/// Source lines are clipped to this many columns, on terminals that are wider too.
const WIDTH: usize = 120;

/// Messages are clipped to this many characters.
const MESSAGE: usize = 2_000;

/// Stands in a header in front of an excerpt's number until the place is filled in.
const MARK: char = '\u{e000}';

/// Writes a report for each mistake, the first `most` of them, and how many more there are.
///
/// # Errors
/// What writing fails with.
pub fn write_reports(
    diagnostics: &[Diagnostic],
    most: usize,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for diagnostic in diagnostics.iter().take(most) {
        out.write_all(report(diagnostic, style)?.as_bytes())?;
    }
    if let Some(more @ 1..) = diagnostics.len().checked_sub(most) {
        writeln!(out, "… and {}", count(more, "more", "more"))?;
    }
    Ok(())
}

fn report(diagnostic: &Diagnostic, style: Style) -> io::Result<String> {
    let labels = diagnostic.labels.get(..LABELS).unwrap_or(&diagnostic.labels);
    // The margin with the line number, the bars and the blank at the end take the rest.
    let width = style.width.unwrap_or(WIDTH).saturating_sub(12).clamp(20, WIDTH);
    let excerpts = excerpts(labels, width);
    let (color, kind) = match diagnostic.severity {
        Severity::Error => (Color::Red, ReportKind::Error),
        Severity::Warning => (Color::Yellow, ReportKind::Warning),
        Severity::Hint => (Color::Blue, ReportKind::Custom("Hint", Color::Blue)),
    };
    let primary = excerpts.iter().enumerate().find_map(|(index, excerpt)| {
        excerpt
            .labels
            .iter()
            .find(|(number, _)| *number == 0)
            .map(|(_, range)| (index, in_characters(&excerpt.text, range)))
    });
    let mut builder = Report::build(kind, primary.unwrap_or((0, 0..0)))
        .with_config(Config::new().with_color(style.colour))
        .with_code(diagnostic.code.word())
        .with_message(shown(&diagnostic.message));
    for (index, excerpt) in excerpts.iter().enumerate() {
        for (number, range) in &excerpt.labels {
            let range = in_characters(&excerpt.text, range);
            let message = labels.get(*number).map_or("", |label| label.message.as_str());
            let order = i32::try_from(order(index, &range)).unwrap_or(i32::MAX);
            // Without a message ariadne marks nothing.
            let message = if message.is_empty() { "here" } else { message };
            let label = Label::new((index, range))
                .with_order(order)
                .with_color(if *number == 0 { color } else { Color::Cyan })
                .with_message(shown(message));
            builder = builder.with_label(label);
        }
    }
    if let Some(help) = &diagnostic.help {
        builder = builder.with_help(shown(help));
    }
    if diagnostic.labels.len() > LABELS {
        let more = count(diagnostic.labels.len() - LABELS, "other place", "other places");
        builder = builder.with_note(format!("the same in {more}"));
    }
    let sources = excerpts.iter().map(|excerpt| ariadne::Source::from(excerpt.text.clone())).collect();
    let mut written = Vec::new();
    builder.finish().write(Excerpts { sources }, &mut written)?;
    let mut text = String::from_utf8_lossy(&written).into_owned();
    if !style.colour {
        // ariadne gives a kind of one's own its colour in any case.
        text = text.replace("\u{1b}[34m", "").replace("\u{1b}[0m", "");
    }
    let mut finished = String::with_capacity(text.len());
    for line in fill_in_places(&text, &excerpts).lines() {
        finished.push_str(line.trim_end());
        finished.push('\n');
    }
    // ariadne writes the help below the last source; without one it writes none.
    if let (true, Some(help)) = (excerpts.is_empty(), &diagnostic.help) {
        for (number, line) in shown(help).lines().enumerate() {
            finished.push_str(if number == 0 { "  Help: " } else { "        " });
            finished.push_str(line);
            finished.push('\n');
        }
    }
    Ok(finished)
}

/// Labels of an excerpt follow each other in the order of the text, as ariadne needs them.
fn order(excerpt: usize, range: &Range<usize>) -> usize {
    excerpt * 100_000_000 + range.start.min(99_999_999)
}

/// A range of bytes as a range of characters.
fn in_characters(text: &str, range: &Range<usize>) -> Range<usize> {
    let characters = |range: Range<usize>| text.get(range).map_or(0, |part| part.chars().count());
    let start = characters(0..range.start);
    start..start + characters(range.clone())
}

/// A message on its way to a terminal; it may have lines of its own.
fn shown(message: &str) -> String {
    let text = visible(message, &['\n']).replace(MARK, "\u{fffd}");
    match text.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text,
    }
}

/// Puts file, line and column where the marks are.
fn fill_in_places(text: &str, excerpts: &[Excerpt]) -> String {
    let mut parts = text.split(MARK);
    let mut filled = parts.next().unwrap_or("").to_owned();
    for part in parts {
        // A mark is followed by the excerpt's number, and ariadne's own line and column.
        let rest = part.trim_start_matches(|next: char| next.is_ascii_digit() || next == ':' || next == '?');
        let number = part.split(':').next().and_then(|digits| digits.parse::<usize>().ok());
        if let Some(excerpt) = number.and_then(|number| excerpts.get(number)) {
            let position = excerpt.position;
            filled.push_str(&visible(&excerpt.name, &[]));
            filled.push_str(&format!(":{}:{}", position.line, position.column));
        }
        filled.push_str(rest);
    }
    filled
}

/// Excerpts as ariadne asks for them, by their number.
struct Excerpts {
    sources: Vec<ariadne::Source<String>>,
}

impl Cache<usize> for Excerpts {
    type Storage = String;

    fn fetch(&mut self, id: &usize) -> Result<&ariadne::Source<String>, impl fmt::Debug> {
        self.sources.get(*id).ok_or("no such excerpt")
    }

    fn display<'a>(&self, id: &'a usize) -> Option<impl fmt::Display + 'a> {
        Some(format!("{MARK}{id}"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Code;
    use crate::text::{Source, SourceMap, Span};

    const PLAIN: Style = Style { colour: false, width: Some(80) };

    fn text(diagnostics: &[Diagnostic], style: Style) -> String {
        let mut out = Vec::new();
        write_reports(diagnostics, REPORTS, style, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text was written")
    }

    fn at(source: &Arc<Source>, start: usize, end: usize) -> Diagnostic {
        Diagnostic::error(Code::UnknownTag, "no machine carries the tag `bakcup`")
            .at(source, Span::new(start, end), "not a tag")
            .help("did you mean `backup`?")
    }

    #[test]
    fn a_report_has_code_place_label_and_help() {
        let source = Source::new("<query>", "tag \"bakcup\"");
        insta::assert_snapshot!(text(&[at(&source, 4, 12)], PLAIN), @r#"
        [unknown-tag] Error: no machine carries the tag `bakcup`
           ╭─[ <query>:1:5 ]
           │
         1 │ tag "bakcup"
           │     ────┬───
           │         ╰───── not a tag
           │
           │ Help: did you mean `backup`?
        ───╯
        "#);
    }

    #[test]
    fn a_place_without_a_message_is_marked() {
        let source = Source::new("<query>", "1 / 0");
        let diagnostic =
            Diagnostic::error(Code::Arithmetic, "division by zero").at(&source, Span::new(0, 5), "");
        insta::assert_snapshot!(text(&[diagnostic], PLAIN), @r#"
        [arithmetic] Error: division by zero
           ╭─[ <query>:1:1 ]
           │
         1 │ 1 / 0
           │ ──┬──
           │   ╰──── here
        ───╯
        "#);
    }

    #[test]
    fn letters_of_several_bytes_do_not_move_labels() {
        let source = Source::new("<query>", "[ \"é日本\" (tag \"bakcup\") ]");
        let start = source.text().find("\"bakcup").expect("it is there");
        insta::assert_snapshot!(text(&[at(&source, start, start + 8)], PLAIN), @r#"
        [unknown-tag] Error: no machine carries the tag `bakcup`
           ╭─[ <query>:1:14 ]
           │
         1 │ [ "é日本" (tag "bakcup") ]
           │                ────┬───
           │                    ╰───── not a tag
           │
           │ Help: did you mean `backup`?
        ───╯
        "#);
    }

    #[test]
    fn an_embedded_place_is_shown_in_its_file() {
        let file = Source::new("inventory.json", "{\n \"select\": \"tag \\\"wbe\\\"\"\n}");
        let map = SourceMap::from_points(vec![(0, 14), (4, 18), (5, 20), (8, 23), (9, 25)]);
        let source = Source::embedded(&file, "tag \"wbe\"", map);
        insta::assert_snapshot!(text(&[at(&source, 4, 9)], PLAIN), @r#"
        [unknown-tag] Error: no machine carries the tag `bakcup`
           ╭─[ inventory.json:2:17 ]
           │
         2 │  "select": "tag \"wbe\""
           │                 ───┬───
           │                    ╰───── not a tag
           │
           │ Help: did you mean `backup`?
        ───╯
        "#);
    }

    #[test]
    fn places_in_two_files_are_both_shown() {
        let first = Source::new("a.yaml", "x: 1\ny: 2\n");
        let second = Source::new("b.yaml", "\n\nx: 3\n");
        let diagnostic = Diagnostic::error(Code::Conflict, "`x` is defined twice")
            .at(&first, Span::new(0, 4), "once here")
            .at(&second, Span::new(2, 6), "and differently here");
        insta::assert_snapshot!(text(&[diagnostic], PLAIN), @r"
        [conflict] Error: `x` is defined twice
           ╭─[ a.yaml:1:1 ]
           │
         1 │ x: 1
           │ ──┬─
           │   ╰─── once here
           │
           ├─[ b.yaml:3:1 ]
           │
         3 │ x: 3
           │ ──┬─
           │   ╰─── and differently here
        ───╯
        ");
    }

    #[test]
    fn places_far_apart_in_one_file_are_both_shown() {
        let source = Source::new("a.yaml", format!("x: 1\n{}x: 3", "# filler\n".repeat(500)));
        let end = source.text().len();
        let diagnostic = Diagnostic::error(Code::Conflict, "`x` is defined twice")
            .at(&source, Span::new(end - 4, end), "again here")
            .at(&source, Span::new(0, 4), "once here");
        insta::assert_snapshot!(text(&[diagnostic], PLAIN), @r"
        [conflict] Error: `x` is defined twice
             ╭─[ a.yaml:502:1 ]
             │
         502 │ x: 3
             │ ──┬─
             │   ╰─── again here
             │
             ├─[ a.yaml:1:1 ]
             │
           1 │ x: 1
             │ ──┬─
             │   ╰─── once here
        ─────╯
        ");
    }

    #[test]
    fn a_long_line_is_clipped_around_the_label() {
        let long = format!(
            "{{\"a\":\"{}\",\"tag\":\"wbe\",\"b\":\"{}\"}}",
            "x".repeat(5_000_000),
            "y".repeat(5_000_000)
        );
        let source = Source::new("big.json", long);
        let start = source.text().find("\"wbe\"").expect("it is there");
        let report = text(&[at(&source, start, start + 5)], PLAIN);
        assert!(report.len() < 2_000, "{} bytes", report.len());
        insta::assert_snapshot!(report, @r#"
        [unknown-tag] Error: no machine carries the tag `bakcup`
           ╭─[ big.json:1:5000015 ]
           │
         1 │ …xxxxxxxxxxxxxx","tag":"wbe","b":"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
           │                        ──┬──
           │                          ╰──── not a tag
           │
           │ Help: did you mean `backup`?
        ───╯
        "#);
    }

    #[test]
    fn a_label_of_many_lines_is_shown_on_its_first() {
        let source = Source::new("<query>", format!("{{\n{}}}", "  a = 1;\n".repeat(40)));
        let report = text(&[at(&source, 0, source.text().len())], PLAIN);
        insta::assert_snapshot!(report, @r"
        [unknown-tag] Error: no machine carries the tag `bakcup`
           ╭─[ <query>:1:1 ]
           │
         1 │ {
           │ ┬
           │ ╰── not a tag
           │
           │ Help: did you mean `backup`?
        ───╯
        ");
    }

    #[test]
    fn a_label_of_few_lines_is_shown_whole() {
        let source = Source::new("<query>", "1 + {\n  a = 1;\n}\n");
        insta::assert_snapshot!(text(&[at(&source, 4, 16)], PLAIN), @r"
        [unknown-tag] Error: no machine carries the tag `bakcup`
           ╭─[ <query>:1:5 ]
           │
         1 │ ╭─▶ 1 + {
           ┆ ┆
         3 │ ├─▶ }
           │ │
           │ ╰──────── not a tag
           │
           │     Help: did you mean `backup`?
        ───╯
        ");
    }

    #[test]
    fn the_end_of_the_text_can_be_marked() {
        for content in ["", "[ 1", "[ 1\n", "[ 1\n\n", "é"] {
            let source = Source::new("<query>", content);
            let report = text(&[at(&source, content.len(), content.len() + 5)], PLAIN);
            assert!(report.contains("not a tag"), "{content:?}\n{report}");
        }
    }

    #[test]
    fn control_characters_are_pictured() {
        let source = Source::new("a\u{1b}b", "\u{1b}[31m \u{9b} \u{202e} \u{e000} \"bakcup\"\r\nx");
        let start = source.text().find("\"bakcup").expect("it is there");
        let mut diagnostic = at(&source, start, start + 8);
        diagnostic.message.push('\u{1b}');
        let report = text(&[diagnostic], PLAIN);
        assert!(!report.contains(|next: char| next.is_control() && next != '\n'), "{report:?}");
        insta::assert_snapshot!(report, @r#"
        [unknown-tag] Error: no machine carries the tag `bakcup`\u{1b}
           ╭─[ a\u{1b}b:1:13 ]
           │
         1 │ ␛[31m � � � "bakcup"
           │             ────┬───
           │                 ╰───── not a tag
           │
           │ Help: did you mean `backup`?
        ───╯
        "#);
    }

    #[test]
    fn without_a_place_there_is_the_message_and_the_help() {
        let diagnostic = Diagnostic::error(Code::Usage, "no inventory").help("add `--demo`");
        insta::assert_snapshot!(text(&[diagnostic], PLAIN), @r"
        [usage] Error: no inventory
          Help: add `--demo`
        ");
    }

    #[test]
    fn colours_are_used_when_allowed_and_only_then() {
        let source = Source::new("<query>", "tag \"bakcup\"");
        assert!(!text(&[at(&source, 4, 12)], PLAIN).contains('\u{1b}'));
        assert!(text(&[at(&source, 4, 12)], Style { colour: true, width: None }).contains('\u{1b}'));
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_place_makes_it_fail(
            content in "[a-c \t\n\r\"é日\u{301}\u{1b}\u{85}\u{2028}\u{e000}😀]{0,300}",
            places in proptest::collection::vec((0usize..330, 0usize..330), 0..5),
            width in 0usize..200,
        ) {
            let source = Source::new("x", content);
            let mut diagnostic = Diagnostic::error(Code::Thrown, "a message");
            for (start, length) in &places {
                diagnostic = diagnostic.at(&source, Span::new(*start, start + length), "a place");
            }
            let report = text(&[diagnostic], Style { colour: false, width: Some(width) });
            assert_eq!(report.matches("a place").count(), places.len(), "{report}");
            assert!(!report.contains(|next: char| next != '\n' && super::super::escape::is_hidden(next)));
            for line in report.lines() {
                assert!(line.chars().count() <= width.max(32) + 40, "{report}");
            }
        }
    }

    #[test]
    fn after_twenty_reports_there_is_a_count() {
        let source = Source::new("<query>", "tag \"bakcup\"");
        let many: Vec<Diagnostic> = (0..23).map(|_| at(&source, 4, 12)).collect();
        let reports = text(&many, PLAIN);
        assert_eq!(reports.matches("[unknown-tag]").count(), REPORTS);
        assert!(reports.ends_with("… and 3 more\n"), "{reports}");
    }
}
