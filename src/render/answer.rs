//! Answers in the format that was asked for.

use std::io::{self, Write};

use serde_json::Value;

use super::format::{Format, Layout, Options};
use super::graph;
use super::names::{NodeText, unprintable_in_nodeset, write_lines, write_nodes, write_whole};
use super::rows::{Rows, unsuitable};
use super::shape::element;
#[cfg(feature = "cli")]
use super::table;
use super::{json, nix};
use crate::builtins::nodeset;
use crate::diagnostic::Diagnostic;
use crate::engine::Inventory;
use crate::types::{Named, Type};

/// An answer, as its type makes it available.
pub enum Content<'a> {
    /// Machines, by their numbers.
    Nodes(&'a Inventory, &'a [u32]),
    /// Data.
    Data(&'a Value),
}

/// Why an answer was not written.
#[derive(Debug)]
pub enum OutputError {
    /// It does not fit the format; nothing was written.
    Refused(Box<Diagnostic>),
    /// Writing failed.
    Io(io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> OutputError {
        OutputError::Io(error)
    }
}

/// Stack for writing data; only what is used of it is taken.
const STACK: usize = 64 << 20;

/// What means something in a node set, so that a name with it would be read as something else.
const NODESET_SIGNS: [char; 11] = ['[', ']', ',', '!', '&', '^', '@', '*', '?', ' ', '%'];

/// Writes an answer.
///
/// # Errors
/// An answer that does not fit the format, and what writing fails with.
pub fn write_answer(
    content: &Content,
    ty: &Type,
    layout: Layout,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if let (Content::Nodes(inventory, nodes), Some(export)) = (content, layout.0.exporter()) {
        let text = export(inventory, nodes).map_err(OutputError::Refused)?;
        return write_document(&text, options, out);
    }
    if let (Content::Nodes(inventory, nodes), Some(drawn)) = (content, layout.0.drawn()) {
        return write_document(&graph::machines(inventory.model(), nodes).write(drawn), options, out);
    }
    match content {
        Content::Nodes(inventory, nodes) => match layout.0 {
            Format::Fqdn => write_nodes(inventory, nodes, NodeText::Fqdn, options, out),
            Format::Paths => write_nodes(inventory, nodes, NodeText::Path, options, out),
            Format::Nodeset => {
                write_nodeset(|| nodes.iter().map(|node| inventory.machine_name(*node)), options, out)
            }
            #[cfg(feature = "cli")]
            Format::Table => Ok(table::write_nodes(inventory, nodes, options, out)?),
            _ => write_nodes(inventory, nodes, NodeText::Name, options, out),
        },
        // Data may be nested as deeply as an evaluation may go, and every format goes into it by recursion.
        Content::Data(data) => stacker::grow(STACK, || write_data(data, ty, layout.0, options, out)),
    }
}

fn write_data(
    data: &Value,
    ty: &Type,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    match format {
        _ if format.exporter().is_some() => Err(machines_needed(format)),
        Format::Dot | Format::Mermaid | Format::Svg => match (format.drawn(), element(ty)) {
            (Some(drawn), Some(Type::Named(Named::Placement))) => {
                write_document(&graph::services(data).write(drawn), options, out)
            }
            _ => Err(machines_needed(format)),
        },
        Format::Names | Format::Fqdn | Format::Paths => match data {
            // Only text can be the name of something; a machine's other names are not known here.
            Value::String(text) if format == Format::Names => write_whole(text, options, out),
            Value::Array(items) if format == Format::Names || items.is_empty() => {
                let texts = texts(items, format)?;
                write_lines(|| texts.iter().copied(), options, out)
            }
            _ => Err(machines_needed(format)),
        },
        Format::Nodeset => match data {
            Value::Array(items) => {
                let texts = texts(items, format)?;
                write_nodeset(|| texts.iter().copied(), options, out)
            }
            _ => Err(machines_needed(format)),
        },
        Format::Ndjson => match data {
            Value::Array(items) => write_each(items.iter(), options, out),
            other => write_each(std::iter::once(other), options, out),
        },
        Format::Yaml => {
            let text = serde_saphyr::to_string(data).map_err(|error| refused(format, &error))?;
            write_document(&text, options, out)
        }
        Format::Toml => {
            let Value::Object(_) = data else {
                return Err(OutputError::Refused(Box::new(unsuitable(format.word(), "a record"))));
            };
            let text = toml::to_string(&without_nulls(data)).map_err(|error| refused(format, &error))?;
            write_document(&text, options, out)
        }
        Format::Nix => {
            let text = nix::expression(data).map_err(|error| refused(format, &error))?;
            write_document(&text, options, out)
        }
        Format::Csv | Format::Tsv => {
            let delimiter = if format == Format::Csv { b',' } else { b'\t' };
            let mut text = Vec::new();
            Rows::of(data, ty, format.word())
                .map_err(OutputError::Refused)?
                .write_csv(delimiter, &mut text)?;
            write_document(&String::from_utf8_lossy(&text), options, out)
        }
        #[cfg(feature = "cli")]
        Format::Table => {
            let rows = Rows::of(data, ty, format.word()).map_err(OutputError::Refused)?;
            let machines = element(ty) == Some(&Type::Named(Named::Machine));
            let noun = if machines { table::Noun::Machine } else { table::Noun::Row };
            Ok(table::write_rows(&rows, noun, options, out)?)
        }
        _ => write_each_pretty(data, options, out),
    }
}

/// One JSON value, over several lines unless it is to be compact.
fn write_each_pretty(data: &Value, options: &Options, out: &mut dyn Write) -> Result<(), OutputError> {
    match data {
        Value::String(text) if options.raw => write_whole(text, options, out),
        _ => {
            json::write(data, json_layout(options, options.compact), out)?;
            if options.last_end {
                out.write_all(options.end())?;
            }
            Ok(())
        }
    }
}

/// JSON values, one per line.
fn write_each<'d>(
    items: impl Iterator<Item = &'d Value> + Clone,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let items_of_text = items.clone().filter_map(Value::as_str);
    if options.raw && items.clone().all(Value::is_string) {
        return write_lines(|| items_of_text.clone(), options, out);
    }
    let mut first = true;
    for item in items {
        if !first {
            out.write_all(options.end())?;
        }
        first = false;
        json::write(item, json_layout(options, true), out)?;
    }
    if !first && options.last_end {
        out.write_all(options.end())?;
    }
    Ok(())
}

fn json_layout(options: &Options, compact: bool) -> json::Layout {
    json::Layout { compact, colour: options.colour, terminal: options.terminal }
}

/// A text that ends its lines itself; an empty one has no lines.
fn write_document(text: &str, options: &Options, out: &mut dyn Write) -> Result<(), OutputError> {
    if text.is_empty() {
        return Ok(());
    }
    write_whole(text.strip_suffix('\n').unwrap_or(text), options, out)
}

fn write_nodeset<'n, I: Iterator<Item = &'n str>>(
    names: impl Fn() -> I,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if let Some(name) = names().find(|name| name.contains(NODESET_SIGNS)) {
        return Err(OutputError::Refused(Box::new(unprintable_in_nodeset(name))));
    }
    let folded = nodeset::fold(names());
    if folded.is_empty() {
        return Ok(());
    }
    write_lines(|| std::iter::once(folded.as_str()), options, out)
}

/// The texts of a list of texts.
fn texts(items: &[Value], format: Format) -> Result<Vec<&str>, OutputError> {
    items.iter().map(Value::as_str).collect::<Option<Vec<&str>>>().ok_or_else(|| machines_needed(format))
}

fn machines_needed(format: Format) -> OutputError {
    let needs = match format {
        Format::Names | Format::Nodeset => "machines or texts",
        Format::Dot | Format::Mermaid | Format::Svg => "machines or placements",
        _ => "machines",
    };
    OutputError::Refused(Box::new(unsuitable(format.word(), needs)))
}

fn refused(format: Format, error: &dyn std::fmt::Display) -> OutputError {
    let message = format!("the answer cannot be written as `{}`: {error}", format.word());
    let diagnostic = Diagnostic::error(crate::diagnostic::Code::UnsuitableFormat, message);
    OutputError::Refused(Box::new(diagnostic.help("`-o json` writes every answer")))
}

/// TOML has no null: a member that is null is left out, as if it were not there.
fn without_nulls(data: &Value) -> Value {
    match data {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            Value::Object(kept.map(|(name, member)| (name.clone(), without_nulls(member))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Code;
    use crate::types::Rest;

    fn text(data: &Value, ty: &Type, format: Format, options: &Options) -> Result<String, Code> {
        let mut out = Vec::new();
        let layout = Layout::new(format, ty, options);
        match write_answer(&Content::Data(data), ty, layout, options, &mut out) {
            Ok(()) => Ok(String::from_utf8_lossy(&out).into_owned()),
            Err(OutputError::Refused(diagnostic)) => Err(diagnostic.code),
            Err(OutputError::Io(error)) => panic!("{error}"),
        }
    }

    fn plain(data: Value, ty: Type, format: Format) -> Result<String, Code> {
        text(&data, &ty, format, &Options::default())
    }

    fn written(text: &str) -> Result<String, Code> {
        Ok(text.to_owned())
    }

    #[test]
    fn auto_follows_the_type() {
        let record = Type::record(Vec::new(), Rest::Closed);
        let auto = |data, ty| plain(data, ty, Format::Auto);
        assert_eq!(auto(json!("a\nb"), Type::String), written("a\nb\n"));
        assert_eq!(auto(json!(["a", "b"]), Type::list(Type::String)), written("a\nb\n"));
        assert_eq!(auto(json!([]), Type::list(Type::String)), written(""));
        assert_eq!(auto(json!({ "a": 1 }), record.clone()), written("{\"a\":1}\n"));
        assert_eq!(auto(json!([{ "a": 1 }, {}]), Type::list(record)), written("{\"a\":1}\n{}\n"));
        assert_eq!(auto(json!([1]), Type::list(Type::Int)), written("[\n  1\n]\n"));
        assert_eq!(auto(json!(["a"]), Type::Any), written("[\n  \"a\"\n]\n"));
    }

    #[test]
    fn only_lists_of_records_look_different_on_a_terminal() {
        let terminal = Options { terminal: true, ..Options::default() };
        let record = Type::record(Vec::new(), Rest::Closed);
        let rows = Type::list(record.clone());
        assert_eq!(Layout::new(Format::Auto, &rows, &terminal), Layout(Format::Table));
        assert_eq!(Layout::new(Format::Auto, &rows, &Options::default()), Layout(Format::Ndjson));
        assert_eq!(Layout::new(Format::Auto, &record, &terminal), Layout(Format::Ndjson));
        assert_eq!(Layout::new(Format::Auto, &Type::Filter, &terminal), Layout(Format::Names));
        let compact = Options { compact: true, ..terminal };
        assert_eq!(Layout::new(Format::Auto, &rows, &compact), Layout(Format::Ndjson));
    }

    #[test]
    fn options_of_json() {
        let options = Options { compact: true, ..Options::default() };
        assert_eq!(text(&json!([1, 2]), &Type::Any, Format::Json, &options), written("[1,2]\n"));
        let options = Options { raw: true, last_end: false, ..Options::default() };
        assert_eq!(text(&json!("a"), &Type::Any, Format::Json, &options), written("a"));
        assert_eq!(text(&json!(["a", "b"]), &Type::Any, Format::Ndjson, &options), written("a\nb"));
        let options = Options { nul: true, ..Options::default() };
        assert_eq!(text(&json!([1, 2]), &Type::Any, Format::Ndjson, &options), written("1\x002\0"));
    }

    #[test]
    fn yaml_quotes_what_would_be_read_otherwise() {
        let data = json!({ "a": ["yes", "1", "null", "on", "1.5", "", "x: y", "# no", "plain", "0x1F", "~"], "b": null });
        let yaml = plain(data.clone(), Type::Any, Format::Yaml).expect("YAML takes everything");
        assert_eq!(serde_saphyr::from_str::<Value>(&yaml).ok(), Some(data));
        for line in ["- plain", "b: null"] {
            assert!(yaml.contains(line), "{yaml}");
        }
        for word in ["yes", "1", "null", "on", "1.5", "~"] {
            assert!(!yaml.lines().any(|line| line.trim() == format!("- {word}")), "{word}\n{yaml}");
        }
    }

    #[test]
    fn toml_needs_a_record_and_has_no_null() {
        let data = json!({ "t": { "b": 1 }, "a": 1, "n": null, "l": [{ "x": "y" }] });
        let toml = plain(data, Type::Any, Format::Toml).expect("this is a record");
        assert_eq!(toml, "a = 1\n\n[t]\nb = 1\n\n[[l]]\nx = \"y\"\n");
        assert_eq!(plain(json!([1]), Type::Any, Format::Toml), Err(Code::UnsuitableFormat));
        assert_eq!(plain(json!({ "a": [null] }), Type::Any, Format::Toml), Err(Code::UnsuitableFormat));
    }

    #[test]
    fn names_that_a_node_set_would_read_otherwise_are_refused() {
        assert_eq!(plain(json!(["b1", "b2"]), Type::Any, Format::Nodeset), written("b[1-2]\n"));
        for name in ["b[1]", "a,b", "a!", "a&b", "a^", "@a", "a*", "a?", "a b", "a%"] {
            let found = plain(json!(["c", name]), Type::Any, Format::Nodeset);
            assert_eq!(found, Err(Code::UnprintableName), "{name}");
        }
    }

    #[test]
    fn where_there_is_nothing_no_line_is_written() {
        assert_eq!(plain(json!([]), Type::list(Type::Any), Format::Csv), written(""));
        assert_eq!(plain(json!([]), Type::list(Type::Any), Format::Tsv), written(""));
        assert_eq!(plain(json!({ "a": null }), Type::Any, Format::Toml), written(""));
    }

    #[test]
    fn names_need_texts() {
        assert_eq!(plain(json!(["a"]), Type::Any, Format::Names), written("a\n"));
        assert_eq!(plain(json!([1]), Type::Any, Format::Names), Err(Code::UnsuitableFormat));
        assert_eq!(plain(json!(["a"]), Type::Any, Format::Fqdn), Err(Code::UnsuitableFormat));
        assert_eq!(plain(json!(1), Type::Any, Format::Nodeset), Err(Code::UnsuitableFormat));
    }

    #[test]
    fn deep_data_can_be_written() {
        let deep = (0..20_000).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        let deep = std::mem::ManuallyDrop::new(deep);
        let options = Options { compact: true, ..Options::default() };
        assert_eq!(text(&deep, &Type::Any, Format::Json, &options).map(|text| text.len()), Ok(40_005));
    }
}
