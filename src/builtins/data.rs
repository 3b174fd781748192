//! What kind of value something is, and values from and to data.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

use super::support::{Answer, invalid, long_text, nested, of_long_text, text_room};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::{AttrsBuilder, Evaluator, Fault, Name, Value, parse_json, to_json};

table! {
    "toString" ["nix" "builtins" "lib"] "printable -> String" needs(0)
        "a value as text"
        "Numbers as they are written (floats with six digits after the point), `true` as `\"1\"`, `false` and null as `\"\"`, lists as their elements with spaces between. Attribute sets and functions have no text form."
        { "toString 12" => "\"12\"" "toString 1.5" => "\"1.500000\"" "toString [ 1 2 ]" => "\"1 2\"" "toString true" => "\"1\"" }
        |ev, value| {
            let text = printed(ev, value)?;
            long_text(ev, &text)
        };
    "toJSON" ["bare" "builtins" "lib" "lib.strings"] "data -> String"
        "a value as JSON text"
        "Without spaces, attributes in the order of their names."
        { "toJSON { b = 1; a = [ true \"x\" ]; }" => "\"{\\\"a\\\":[true,\\\"x\\\"],\\\"b\\\":1}\"" "toJSON 1.0" => "\"1.0\"" }
        |ev, value| {
            let text = json_text(ev, value)?;
            long_text(ev, &text)
        };
    "toXML" ["builtins" "lib"] "data -> String"
        "a value as XML text, in Nix's own form"
        "Floats have six digits. Functions have no XML form here; Nix writes the names of their parameters."
        { "elemAt (splitString \"\\n\" (builtins.toXML [ 1 ])) 3" => "\"    <int value=\\\"1\\\" />\"" "builtins.toXML (x: x)" => "error: type-mismatch" }
        |ev, value| {
            let mut text = String::from("<?xml version='1.0' encoding='utf-8'?>\n<expr>\n");
            super::xml::write(ev, value, 1, &mut text)?;
            text.push_str("</expr>\n");
            long_text(ev, &text)
        };
    "fromJSON" ["bare" "builtins" "lib" "lib.strings"] "String -> Any"
        "the value of a JSON text"
        ""
        { "fromJSON \"{\\\"a\\\":[1,2.5]}\"" => "{\"a\":[1,2.5]}" "fromJSON \"{\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            data_room(ev, &text)?;
            parse_json(ev, &text)
        };
    "fromTOML" ["nix" "builtins"] "String -> Any"
        "the value of a TOML text"
        "Dates and times have no value here and are an error."
        { "fromTOML \"a = 1\"" => "{\"a\":1}" "fromTOML \"a\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            data_room(ev, &text)?;
            from_toml(ev, &text)
        };
    "fromCSV" ["bare" "lib"] "String -> [{ _ : String }]"
        "the records of a CSV text, whose first line has the names of the columns"
        "Fields may stand in double quotes. A record has only the fields that its line has."
        { "fromCSV \"name,rack\\nweb1,r1\\n\"" => "[{\"name\":\"web1\",\"rack\":\"r1\"}]" "fromCSV \"\"" => "[]" }
        |ev, text| from_csv(ev, text);
    "typeOf" ["bare" "builtins" "lib" "lib.strings"] "a -> String"
        "the kind of a value: `int`, `float`, `bool`, `string`, `null`, `list`, `set` or `lambda`"
        "Records of the inventory are sets, filters are functions."
        { "typeOf 1" => "\"int\"" "typeOf (tag \"backup\")" => "\"lambda\"" "typeOf { }" => "\"set\"" }
        |ev, value| Ok(Value::string(kind(&ev.force(value)?)));
    "isInt" ["bare" "builtins" "lib" "lib.strings" "lib.trivial"] "a -> Bool"
        "whether a value is an integer"
        ""
        { "isInt 1" => "true" "isInt 1.0" => "false" }
        |ev, value| is(ev, value, "int");
    "isFloat" ["bare" "builtins" "lib" "lib.trivial"] "a -> Bool"
        "whether a value is a float"
        ""
        { "isFloat 1.0" => "true" "isFloat 1" => "false" }
        |ev, value| is(ev, value, "float");
    "isBool" ["bare" "builtins" "lib" "lib.trivial"] "a -> Bool"
        "whether a value is true or false"
        ""
        { "isBool false" => "true" "isBool null" => "false" }
        |ev, value| is(ev, value, "bool");
    "isString" ["bare" "builtins" "lib" "lib.strings"] "a -> Bool"
        "whether a value is a string"
        ""
        { "isString \"a\"" => "true" "isString 1" => "false" }
        |ev, value| is(ev, value, "string");
    "isList" ["bare" "builtins" "lib" "lib.lists" "lib.strings"] "a -> Bool"
        "whether a value is a list"
        ""
        { "isList [ ]" => "true" "isList { }" => "false" }
        |ev, value| is(ev, value, "list");
    "isAttrs" ["bare" "builtins" "lib" "lib.attrsets" "lib.strings"] "a -> Bool"
        "whether a value is an attribute set"
        "Records of the inventory are."
        { "isAttrs { }" => "true" "isAttrs [ ]" => "false" }
        |ev, value| is(ev, value, "set");
    "isFunction" ["bare" "builtins" "lib" "lib.trivial"] "a -> Bool"
        "whether a value is a function"
        "Filters are."
        { "isFunction (x: x)" => "true" "isFunction none" => "true" "isFunction 1" => "false" }
        |ev, value| is(ev, value, "lambda");
    "isNull" ["nix" "builtins"] "a? -> Bool"
        "whether a value is null"
        ""
        { "isNull null" => "true" "isNull 0" => "false" }
        |ev, value| is(ev, value, "null");
    "isPath" ["builtins" "lib" "lib.strings"] "a -> Bool"
        "whether a value is a path of a file system: never"
        "invq has no such paths. It is there for expressions that ask."
        { "builtins.isPath \"/etc\"" => "false"
          "builtins.isPath ./etc" => "error: syntax" }
        |ev, value| is(ev, value, "path");
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::String(_) => "string",
        Value::List(_) => "list",
        Value::Attrs(_) | Value::Entity(_) => "set",
        Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => "lambda",
        Value::Thunk(_) => "thunk",
    }
}

fn is(ev: &mut dyn Evaluator, value: &Value, wanted: &str) -> Answer {
    Ok(Value::Bool(kind(&ev.force(value)?) == wanted))
}

/// A value as JSON text, as `toJSON` writes it.
pub(super) fn json_text(ev: &mut dyn Evaluator, value: &Value) -> Result<String, Fault> {
    let data = to_json(ev, value)?;
    let mut bytes = Vec::new();
    let written = data.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Floats));
    match (written, String::from_utf8(bytes)) {
        (Ok(()), Ok(text)) => Ok(text),
        _ => Err(ev.fault(Code::InvalidValue, "the value cannot be written as JSON")),
    }
}

/// A value as `toString` writes it.
pub(super) fn printed(ev: &mut dyn Evaluator, value: &Value) -> Result<String, Fault> {
    let mut text = String::new();
    write_text(ev, value, &mut text)?;
    Ok(text)
}

/// Writes a value as `toString` does.
fn write_text(ev: &mut dyn Evaluator, value: &Value, text: &mut String) -> Result<(), Fault> {
    ev.step()?;
    // Lists that share their parts are shorter than their text.
    text_room(ev, text.len())?;
    match ev.force(value)? {
        Value::Null | Value::Bool(false) => {}
        Value::Bool(true) => text.push('1'),
        Value::Int(number) => text.push_str(&number.to_string()),
        Value::Float(number) => text.push_str(&format!("{number:.6}")),
        Value::String(part) => text.push_str(&part),
        Value::List(items) => {
            let last = items.len().saturating_sub(1);
            for (index, item) in items.iter().enumerate() {
                nested(ev, |ev| write_text(ev, item, text))?;
                // As in Nix, nothing follows an empty list inside of a list.
                let empty = matches!(ev.force(item)?, Value::List(inner) if inner.is_empty());
                if index < last && !empty {
                    text.push(' ');
                }
            }
        }
        other @ Value::Entity(_) => {
            let message = format!("{} has no text form", other.describe());
            return Err(invalid(message, "name a field: `toString machine.name`"));
        }
        other => return Err(ev.fault(Code::InvalidValue, format!("{} has no text form", other.describe()))),
    }
    Ok(())
}

/// Checks that the data of a text may still be made: its tree, and its value. By what separates values and
/// members, so that it is at least what they take.
fn data_room(ev: &mut dyn Evaluator, text: &str) -> Result<(), Fault> {
    const VALUE: usize = 2 * size_of::<serde_json::Value>() + size_of::<Value>();
    const MEMBER: usize = 4 * VALUE;
    let count = |marks: &[u8]| text.bytes().filter(|byte| marks.contains(byte)).count();
    let (values, members) = (count(b",[{\n"), count(b":="));
    let bytes = values.saturating_mul(VALUE).saturating_add(members.saturating_mul(MEMBER));
    ev.reserve(bytes.saturating_add(text.len()))
}

fn from_toml(ev: &mut dyn Evaluator, text: &Name) -> Answer {
    let mistake = |reason: &str| {
        Fault::new(Diagnostic::error(Code::InvalidValue, format!("not valid TOML: {}", reason.trim_end())))
    };
    let read = of_long_text(ev, text.clone(), text.len(), |text| {
        toml::from_str::<toml::Table>(&text).map_err(|error| error.message().to_owned())
    })?;
    let table = read.map_err(|reason| mistake(&reason))?;
    plain(ev, toml::Value::Table(table))?.ok_or_else(|| mistake("a date or time has no value here"))
}

/// TOML data as a value; nothing where there is a date.
fn plain(ev: &mut dyn Evaluator, value: toml::Value) -> Result<Option<Value>, Fault> {
    ev.step()?;
    Ok(Some(match value {
        toml::Value::String(text) => Value::string(text),
        toml::Value::Integer(number) => Value::Int(number),
        toml::Value::Float(number) => Value::Float(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(_) => return Ok(None),
        toml::Value::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                let Some(item) = plain(ev, item)? else { return Ok(None) };
                values.push(item);
            }
            Value::list(values)
        }
        toml::Value::Table(members) => {
            let mut attributes = AttrsBuilder::default();
            for (key, member) in members {
                let Some(member) = plain(ev, member)? else { return Ok(None) };
                attributes.insert(Name::from(key), member);
            }
            Value::Attrs(attributes.finish())
        }
    }))
}

/// JSON with floats as Nix writes them.
struct Floats;

impl Formatter for Floats {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, number: f64) -> io::Result<()> {
        writer.write_all(float_text(number).as_bytes())
    }
}

/// A finite float as Nix writes it in JSON: the shortest digits that give the same number back, always with a
/// point or an exponent; an exponent from 10¹⁵ on and below 10⁻⁴.
pub fn float_text(number: f64) -> String {
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let point = exponent + 1;
    let text = match usize::try_from(point) {
        Ok(point @ 1..=15) => match digits.split_at_checked(point) {
            Some((whole, rest)) if !rest.is_empty() => format!("{whole}.{rest}"),
            _ => format!("{digits:0<point$}.0"),
        },
        _ if (-3..=0).contains(&point) => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        _ => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
            let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{first}{rest}e{sign}{:02}", exponent.unsigned_abs())
        }
    };
    format!("{sign}{text}")
}

fn from_csv(ev: &mut dyn Evaluator, text: &Value) -> Answer {
    let text = ev.string(text)?;
    ev.work(text.len())?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let failed = |error: csv::Error| {
        invalid(
            format!("the text is no CSV: {error}"),
            "check the quotes: inside of them a quote is written twice",
        )
    };
    let names = match reader.headers() {
        Ok(names) => names.clone(),
        Err(error) => return Err(failed(error)),
    };
    let mut records = Vec::new();
    for record in reader.records() {
        ev.step()?;
        match record {
            Ok(record) => {
                let fields = names.iter().zip(record.iter());
                records
                    .push(Value::attrs(fields.map(|(name, field)| (Name::from(name), Value::string(field)))));
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(Value::list(records))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_nix_does() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (1.5, "1.5"),
            (-120.25, "-120.25"),
            (0.001, "0.001"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (100_000_000_000_000.0, "100000000000000.0"),
            (1e15, "1e+15"),
            (1.25e100, "1.25e+100"),
        ];
        for (number, expected) in cases {
            assert_eq!(float_text(number), expected);
        }
    }
}
