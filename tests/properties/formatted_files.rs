//! `invq fmt` keeps what a data file means, whatever form its strings have, and is done after one run.
//!
//! Expressions with random white space and comments are written in every form that the format has. The
//! files are read by other readers than invq's own.

use std::fs;

use invq::syntax::{format, lex, parse};
use invq::text::Source;
use proptest::prelude::*;
use serde_json::Value;

use super::Choices;
use crate::support::{folder, invq};

/// Expressions, in words between which white space may stand.
const EXPRESSIONS: [&[&str]; 12] = [
    &["tag", "\"web\""],
    &["tag", "\"web\"", "&&", "!", "cluster", "\"lab\"", "||", "none"],
    &["where", "(", "m", ":", "m.name", "==", "\"tug\"", ")"],
    &["[", "(", "hostname", "\"é ü\"", ")", "(", "glob", "\"a*\\t'\"", ")", "]"],
    &["where", "(", "m", ":", "any", "(", "t", ":", "t", "==", "\"#x: y\"", ")", "m.tags", ")"],
    &[
        "let", "a", "=", "tag", "\"x\"", ";", "b", "=", "{", "c", "=", "1", ";", "}", ";", "in", "a", "&&",
        "all",
    ],
    &["(", "if", "true", "then", "all", "else", "none", ")"],
    &["with", "filters", ";", "tag", "\"a\\\\b\"", "||", "vmName", "\"日本\""],
    &["where", "(", "m", ":", "m.name", "!=", "''it's ${m.name} 'a' ''", ")"],
    &[
        "where", "(", "{", "name", ",", "tags", "?", "[", "]", ",", "...", "}", ":", "length", "tags", ">",
        "1", ")",
    ],
    &["where", "(", "m", ":", "m.name", "==", "''\n  a\n    b\n  ''", ")"],
    &[
        "tag",
        "\"a-rather-long-name\"",
        "||",
        "tag",
        "\"another-rather-long-name\"",
        "||",
        "tag",
        "\"one-more-rather-long-name\"",
        "||",
        "tag",
        "\"the-last-long-name\"",
    ],
];

/// How a string is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
    Long,
}

/// An expression with white space and, where it may have lines, comments between its words.
fn expression(choices: &mut Choices<'_>, has_lines: bool) -> String {
    let words = EXPRESSIONS[choices.below(EXPRESSIONS.len())];
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            let space = choices.below(if has_lines { 10 } else { 6 });
            text.push_str(match space {
                0..3 => " ",
                3 => "   ",
                4 if !has_lines => "\t",
                4 => "\n",
                5 => " /* c: d */ ",
                6 => "\n\n\n",
                7 => " # note: 'this'\n",
                8 => "\n      ",
                _ => "\n  # \"a\"\n ",
            });
        }
        let is_last = at + 1 == words.len();
        text.push_str(&if has_lines { (*word).to_owned() } else { word.replace('\n', " ") });
        if is_last && has_lines && choices.below(5) == 0 {
            text.push_str(" # at the end");
        }
    }
    text
}

/// The lines of a block, indented.
fn indented(text: &str, by: &str) -> String {
    let lines =
        text.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{by}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// A binding in YAML.
fn yaml(name: &str, choices: &mut Choices<'_>) -> String {
    let forms = [Form::Plain, Form::Single, Form::Double, Form::Literal, Form::Literal, Form::Folded];
    let mut form = forms[choices.below(forms.len())];
    let text = expression(choices, matches!(form, Form::Literal));
    // What reads as a key or a comment cannot be plain.
    if form == Form::Plain && (text.contains(": ") || text.contains(" #") || text.starts_with(['[', '{'])) {
        form = Form::Single;
    }
    let comment = choices.pick(&["", "", "  # kept: 'so'"]);
    let chomping = choices.pick(&["", "-", "+"]);
    match form {
        Form::Single => format!("  {name}: '{}'{comment}\n", text.replace('\'', "''")),
        Form::Double => {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t");
            // The same character by its escape, and a line that is folded.
            let text = if choices.below(2) == 0 { text.replace('é', "\\u00e9") } else { text };
            let text = if choices.below(3) == 0 { text.replacen("   ", "\n     ", 1) } else { text };
            format!("  {name}: \"{text}\"{comment}\n")
        }
        Form::Literal => {
            let (hint, by) = match choices.below(4) {
                0 => ("2", "    "),
                1 => ("", "       "),
                2 => ("", "   "),
                _ => ("", "    "),
            };
            let header = match hint {
                "" => format!("|{chomping}"),
                hint if choices.below(2) == 0 => format!("|{hint}{chomping}"),
                hint => format!("|{chomping}{hint}"),
            };
            let end = choices.pick(&["\n", "\n\n", "\n\n\n"]);
            format!("  {name}: {header}{comment}\n{}{end}", indented(&text, by))
        }
        Form::Folded => {
            let text = text.replacen("   ", "\n", 2);
            format!("  {name}: >{chomping}{comment}\n{}\n", indented(&text, "    "))
        }
        Form::Plain | Form::Long => {
            // Lines are folded here too.
            let text = if choices.below(3) == 0 { text.replacen("   ", "\n     ", 1) } else { text };
            format!("  {name}: {text}{comment}\n")
        }
    }
}

fn json(name: &str, choices: &mut Choices<'_>) -> String {
    let has_lines = choices.below(2) == 0;
    let text = expression(choices, has_lines);
    let mut text = serde_json::to_string(&text).expect("text is JSON");
    if choices.below(2) == 0 {
        text = text.replace('é', "\\u00e9").replace('/', "\\/");
    }
    format!(
        "    {}:{}{text}",
        serde_json::to_string(name).expect("text is JSON"),
        choices.pick(&["", " ", "\n "])
    )
}

fn toml(name: &str, choices: &mut Choices<'_>) -> String {
    let forms = [Form::Single, Form::Double, Form::Literal, Form::Long];
    let form = forms[choices.below(forms.len())];
    let text = expression(choices, matches!(form, Form::Literal | Form::Long));
    let comment = choices.pick(&["", "  # kept = '''"]);
    let first = choices.pick(&["", "\n"]);
    // A literal string ends at the first quote.
    let form = match form {
        Form::Single if text.contains('\'') => Form::Double,
        Form::Literal if text.contains("'''") => Form::Long,
        form => form,
    };
    let escaped = || text.replace('\\', "\\\\").replace('"', "\\\"");
    match form {
        Form::Single => format!("{name} = '{text}'{comment}\n"),
        Form::Literal => format!("{name} = '''{first}{text}'''{comment}\n"),
        Form::Long => format!("{name} = \"\"\"{first}{}\"\"\"{comment}\n", escaped()),
        _ => format!("{name} = \"{}\"{comment}\n", escaped().replace('\t', "\\t")),
    }
}

/// A file with named filters, and its extension.
fn file(choices: &mut Choices<'_>) -> (String, &'static str) {
    let kind = choices.below(4);
    let names = (0..1 + choices.below(6)).map(|number| format!("f{number}"));
    let (mut text, extension) = match kind {
        0 => {
            let filters: Vec<String> = names.map(|name| json(&name, choices)).collect();
            let machine = "\"domain\": { \"suffix\": \"lan\", \"clusters\": {} }";
            (format!("{{ {machine},\n  \"filters\": {{\n{}\n  }} }}\n", filters.join(",\n")), "json")
        }
        1 => {
            let filters: String = names.map(|name| toml(&name, choices)).collect();
            (format!("domain.suffix = \"lan\" # 'here'\n[domain.clusters]\n\n[filters]\n{filters}"), "toml")
        }
        _ => {
            let filters: String = names.map(|name| yaml(&name, choices)).collect();
            let end = choices.pick(&["", "# the end\n", "  # the end"]);
            (
                format!("# filters\ndomain: {{suffix:   lan, clusters: {{}}}}\nfilters:\n{filters}{end}"),
                "yaml",
            )
        }
    };
    if choices.below(4) == 0 {
        text = text.replace('\n', "\r\n");
    }
    if choices.below(6) == 0 {
        text.insert(0, '\u{feff}');
    }
    (text, extension)
}

fn read(text: &str, extension: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    match extension {
        "json" => serde_json::from_str(text).ok(),
        "toml" => toml::from_str(text).ok(),
        _ => serde_saphyr::from_str(text).ok(),
    }
}

/// An expression by its tree, with its comments.
fn meaning(text: &str) -> Option<(String, Vec<String>)> {
    let tree = parse::expression(&Source::new("<text>", text)).ok()?;
    let comments = lex::lexemes(text).into_iter().filter(|lexeme| lexeme.kind == lex::LexemeKind::Comment);
    let comments = comments.map(|comment| text[comment.span.range()].trim_end().to_owned()).collect();
    Some((format::expression(&tree), comments))
}

/// Asserts that two files mean the same.
fn assert_same(before: &str, after: &str, extension: &str) {
    let (Some(mut old), new) = (read(before, extension), read(after, extension)) else { return };
    let mut new = new.unwrap_or_else(|| panic!("it can be read no more:\n{before}\n----\n{after}"));
    for value in [&mut old, &mut new] {
        let filters = value.get_mut("filters").and_then(Value::as_object_mut);
        for (_, text) in filters.into_iter().flatten() {
            let meaning = text.as_str().and_then(meaning);
            if let Some((tree, comments)) = meaning {
                *text = Value::from(vec![tree, comments.join("\n")]);
            }
        }
    }
    assert_eq!(old, new, "it means another thing:\n{before}\n----\n{after}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_keeps_its_meaning(bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 160), 24)) {
        let place = folder("formatted-files");
        let mut files = Vec::new();
        for (number, bytes) in bytes.iter().enumerate() {
            let (text, extension) = file(&mut Choices::new(bytes));
            let path = place.join(format!("inventory{number}.{extension}"));
            fs::write(&path, &text).expect("the file can be written");
            files.push((path, text, extension));
        }
        let names: Vec<_> = files.iter().map(|(path, _, _)| path.to_string_lossy()).collect();
        let all = |first: &'static [&'static str]| -> Vec<&str> {
            first.iter().copied().chain(names.iter().map(|name| &**name)).collect()
        };
        invq(&all(&["fmt"])).run();
        let once: Vec<String> =
            files.iter().map(|(path, _, _)| fs::read_to_string(path).expect("it is text")).collect();
        for ((_, before, extension), after) in files.iter().zip(&once) {
            assert_same(before, after, extension);
        }
        invq(&all(&["fmt"])).run();
        for ((path, before, _), once) in files.iter().zip(&once) {
            let twice = fs::read_to_string(path).expect("it is text");
            assert_eq!(&twice, once, "formatted again it is another:\n{before}");
        }
        let listed = invq(&all(&["fmt", "--check"])).run().stdout;
        prop_assert_eq!(listed, "");
    }
}

/// The property above would hold of files that always stay.
#[test]
fn most_of_these_files_change() {
    let place = folder("formatted-files-change");
    let mut changed = 0;
    for number in 0..24_u8 {
        let bytes: Vec<u8> =
            (0..160_u8).map(|at| at.wrapping_mul(number * 2 + 37).wrapping_add(number)).collect();
        let (text, extension) = file(&mut Choices::new(&bytes));
        let path = place.join(format!("inventory{number}.{extension}"));
        fs::write(&path, &text).expect("the file can be written");
        invq(&["fmt", &path.to_string_lossy()]).run();
        changed += usize::from(fs::read_to_string(&path).expect("it is text") != text);
    }
    assert!(changed > 12, "{changed} of 24");
}
