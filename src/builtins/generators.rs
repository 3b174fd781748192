//! Configuration files of other programs, as `lib.generators` writes them.

use std::collections::BTreeMap;

use super::data::{json_text, printed};
use super::spelling::flag;
use super::strings::replace;
use super::support::{Answer, each, field, long_text, nested, text_room, thrown};
use super::written;
use crate::diagnostic::Code;
use crate::value::{Attrs, Evaluator, Fault, Name, Value};

table! {
    "mkValueStringDefault" ["lib.generators"] "{ } -> Any -> String"
        "a number, a text, a truth value or null as files of configuration write it"
        "Lists, sets and functions are errors."
        { "map (lib.generators.mkValueStringDefault { }) [ true false ]" => "[\"true\",\"false\"]" "lib.generators.mkValueStringDefault { } [ 1 ]" => "error: invalid-value" }
        |ev, _options, value| {
            let text = value_text(ev, value)?;
            long_text(ev, &text)
        };
    "mkKeyValueDefault" ["lib.generators"] "{ mkValueString? : Any -> String } -> String -> String -> Any -> String"
        "a key and its value with a separator between them, which is escaped in the key"
        ""
        { "lib.generators.mkKeyValueDefault { } \":\" \"f:oo\" \"bar\"" => "\"f\\\\:oo:bar\"" "lib.generators.mkKeyValueDefault { mkValueString = toString; } \"=\" \"on\" true" => "\"on=1\"" }
        |ev, options, separator, key, value| {
            let (separator, key) = (ev.string(separator)?, ev.string(key)?);
            let value = match ev.attr(options, "mkValueString")? {
                Some(function) => called(ev, &function, value)?,
                None => Name::from(value_text(ev, value)?),
            };
            let text = key_value(ev, &separator, &key, &value)?;
            long_text(ev, &text)
        };
    "toKeyValue" ["lib.generators"] "{ mkKeyValue? : String -> Any -> String, listsAsDuplicateKeys? : Bool, indent? : String } -> { _ : Any } -> String"
        "a line `key=value` for each attribute"
        "Options say how a line is written, what stands before it, and whether a list becomes a line for each element."
        { "lib.generators.toKeyValue { } { a = 1; b = \"x\"; }" => "\"a=1\\nb=x\\n\"" "lib.generators.toKeyValue { listsAsDuplicateKeys = true; } { a = [ 1 2 ]; }" => "\"a=1\\na=2\\n\"" }
        |ev, options, set| {
            let lines = Lines::read(ev, options)?;
            let mut text = String::new();
            lines.write(ev, set, &mut text)?;
            long_text(ev, &text)
        };
    "toINI" ["lib.generators"] "{ mkSectionName? : String -> String, mkKeyValue? : String -> Any -> String, listsAsDuplicateKeys? : Bool } -> { _ : { _ : Any } } -> String"
        "an INI file of sections with keys and values"
        ""
        { "lib.generators.toINI { } { b.x = 1; a.y = true; }" => "\"[a]\\ny=true\\n\\n[b]\\nx=1\\n\"" "lib.generators.toINI { mkKeyValue = k: v: \"${k}: ${toString v}\"; } { \"[a]\".x = 1; }" => "\"[\\\\[a\\\\]]\\nx: 1\\n\"" }
        |ev, options, sections| {
            let mut text = String::new();
            ini(ev, options, sections, &mut text)?;
            long_text(ev, &text)
        };
    "toINIWithGlobalSection" ["lib.generators"] "{ mkSectionName? : String -> String, mkKeyValue? : String -> Any -> String, listsAsDuplicateKeys? : Bool } -> { globalSection : { _ : Any }, sections? : { _ : { _ : Any } } } -> String"
        "an INI file with keys and values before its first section"
        ""
        { "lib.generators.toINIWithGlobalSection { } { globalSection.a = 1; sections.s.b = 2; }" => "\"a=1\\n\\n[s]\\nb=2\\n\"" "lib.generators.toINIWithGlobalSection { } { globalSection = { }; }" => "\"\"" }
        |ev, options, data| {
            let mut text = String::new();
            if let Some(global) = ev.attr(data, "globalSection")? {
                Lines::read(ev, options)?.write(ev, &global, &mut text)?;
                if !ev.attrs(&global)?.is_empty() {
                    text.push('\n');
                }
            }
            if let Some(sections) = ev.attr(data, "sections")? {
                ini(ev, options, &sections, &mut text)?;
            }
            long_text(ev, &text)
        };
    "toGitINI" ["lib.generators"] "{ _ : { _ : Any } } -> String"
        "a file of Git's configuration; sets inside of sections are subsections"
        ""
        { "lib.generators.toGitINI { user.name = \"ada\"; }" => "\"[user]\\n\\tname = \\\"ada\\\"\\n\"" "lib.generators.toGitINI { url.\"ssh://a.b/\".depth = [ 1 2 ]; }" => "\"[url \\\"ssh://a.b/\\\"]\\n\\tdepth = 1\\n\\tdepth = 2\\n\"" }
        |ev, set| {
            let mut sections = BTreeMap::new();
            flatten(ev, set, &mut Vec::new(), &mut sections)?;
            let mut text = String::new();
            git(ev, &sections, &mut text)?;
            long_text(ev, &text)
        };
    "toJSON" ["lib.generators"] "{ } -> data -> String"
        "a value as JSON text, as `toJSON`"
        ""
        { "lib.generators.toJSON { } { a = 1; }" => "\"{\\\"a\\\":1}\"" "lib.generators.toJSON { } null" => "\"null\"" }
        |ev, _options, value| {
            let text = json_text(ev, value)?;
            long_text(ev, &text)
        };
    "toYAML" ["lib.generators"] "{ } -> data -> String"
        "a value as YAML text, which is its JSON text"
        "Every JSON text is YAML. `-o yaml` writes an answer as people write YAML."
        { "lib.generators.toYAML { } { a = [ 1 2 ]; }" => "\"{\\\"a\\\":[1,2]}\"" "lib.generators.toYAML { } \"a\"" => "\"\\\"a\\\"\"" }
        |ev, _options, value| {
            let text = json_text(ev, value)?;
            long_text(ev, &text)
        };
    "withRecursion" ["lib.generators"] "{ depthLimit : Int, throwOnDepthLimit? : Bool } -> Any -> Any"
        "a value whose parts below a depth are errors, or the text `<unevaluated>`"
        "It goes before the generator, for values that are deeper than one likes, or hold themselves. Attributes with a meaning of their own, as `__pretty`, stay as they are."
        { "lib.generators.withRecursion { depthLimit = 1; throwOnDepthLimit = false; } { a.b.c = 1; }" => "{\"a\":{\"b\":\"<unevaluated>\"}}" "lib.generators.withRecursion { depthLimit = 2; } { a = [ 1 ]; }" => "error: thrown" "lib.generators.withRecursion { depthLimit = 3; } { a = [ 1 ]; }" => "{\"a\":[1]}" }
        |ev, options, value| {
            let limit = field(ev, options, "depthLimit")?;
            let limit = ev.int(&limit)?;
            let depth = Depth { limit, throws: flag(ev, options, "throwOnDepthLimit", true)? };
            depth.limited(ev, 0, value)
        };
    "toPretty" ["lib.generators"] "{ multiline? : Bool, indent? : String, allowPrettyValues? : Bool } -> Any -> String"
        "a value as an expression of Nix, for people to read"
        "Of functions it tells the names of their parameters. Where `allowPrettyValues` is true, a set `{ __pretty = f; val = x; }` is written as `f x`."
        { "lib.generators.toPretty { multiline = false; } { a = [ 1 2 ]; b = \"x\"; }" => "\"{ a = [ 1 2 ]; b = \\\"x\\\"; }\"" "lib.generators.toPretty { } { a = null; }" => "\"{\\n  a = null;\\n}\"" "lib.generators.toPretty { } ({ a, b ? 1 }: a + b)" => "\"<function, args: {a, b?}>\"" }
        |ev, options, value| {
            let pretty = written::Pretty {
                multiline: flag(ev, options, "multiline", true)?,
                special: flag(ev, options, "allowPrettyValues", false)?,
            };
            let (indent, mut text) = (indent(ev, options)?, String::new());
            pretty.write(ev, value, &indent, &mut text)?;
            long_text(ev, &text)
        };
    "toLua" ["lib.generators"] "{ multiline? : Bool, indent? : String, asBindings? : Bool } -> Any -> String"
        "a value as an expression of Lua, or a set as assignments to variables"
        ""
        { "lib.generators.toLua { multiline = false; } { a = [ 1 2 ]; }" => "\"{ [\\\"a\\\"] = { 1, 2 } }\"" "lib.generators.toLua { asBindings = true; } { a = true; b = null; }" => "\"a = true\\nb = nil\\n\"" }
        |ev, options, value| {
            let multiline = flag(ev, options, "multiline", true)?;
            let bindings = flag(ev, options, "asBindings", false)?;
            let (indent, mut text) = (indent(ev, options)?, String::new());
            match bindings {
                true => written::lua_bindings(ev, value, multiline, &indent, &mut text)?,
                false => written::lua(ev, value, multiline, &indent, &mut text)?,
            }
            long_text(ev, &text)
        };
    "mkLuaInline" ["lib.generators"] "String -> { _type : String, expr : String }"
        "an expression of Lua, which `lib.generators.toLua` writes as it stands"
        ""
        { "lib.generators.toLua { } (lib.generators.mkLuaInline \"f(1)\")" => "\"(f(1))\"" "(lib.generators.mkLuaInline \"x\").expr" => "\"x\"" }
        |_ev, expression| Ok(Value::attrs([("_type", Value::string("lua-inline")), ("expr", expression.clone())]));
    "toPlist" ["lib.generators"] "{ escape? : Bool } -> Any -> String"
        "a value as a property list of Apple's"
        "Attributes that are null are left out. Without `escape = true` the texts have to be XML already."
        { "elemAt (splitString \"\\n\" (lib.generators.toPlist { escape = true; } \"a&b\")) 3" => "\"<string>a&amp;b</string>\"" "length (splitString \"\\n\" (lib.generators.toPlist { } { a = true; b = null; }))" => "8" }
        |ev, options, value| {
            let escape = flag(ev, options, "escape", false)?;
            let mut text = written::PLIST.to_owned();
            written::plist(ev, value, escape, &mut String::new(), &mut text)?;
            text.push_str("\n</plist>");
            long_text(ev, &text)
        };
    "toDhall" ["lib.generators"] "{ } -> Any -> String"
        "a value as an expression of Dhall"
        "Null and functions are errors."
        { "lib.generators.toDhall { } { a = 1; b = [ true ]; }" => "\"{ a = +1, b = [ True ] }\"" "lib.generators.toDhall { } null" => "error: invalid-value" }
        |ev, _options, value| {
            let mut text = String::new();
            written::dhall(ev, value, &mut text)?;
            long_text(ev, &text)
        };
}

/// How deep a value is looked into.
#[derive(Clone, Copy)]
struct Depth {
    limit: i64,
    throws: bool,
}

/// Attributes that generators read by themselves.
const SPECIAL: [&str; 4] = ["__functor", "__functionArgs", "__toString", "__pretty"];

impl Depth {
    /// A value at a depth, with the parts below it that are too deep replaced.
    fn limited(self, ev: &mut dyn Evaluator, depth: i64, value: &Value) -> Answer {
        match ev.force(value)? {
            set @ (Value::Attrs(_) | Value::Entity(_)) => {
                let set = ev.attrs(&set)?;
                let parts = each(ev, set.iter(), |_, (name, part)| match SPECIAL.contains(&&**name) {
                    true => part.clone(),
                    false => self.part(depth + 1, part),
                })?;
                Ok(Value::Attrs(Attrs::new(set.keys().clone(), parts)))
            }
            Value::List(list) => {
                let parts = each(ev, list.iter(), |_, part| self.part(depth + 1, part))?;
                Ok(Value::list(parts))
            }
            other => self.reached(depth + 1).unwrap_or(Ok(other)),
        }
    }

    /// A part, when it is needed.
    fn part(self, depth: i64, part: &Value) -> Value {
        let part = part.clone();
        Value::lazy(move |ev| match self.reached(depth) {
            Some(instead) => instead,
            None => self.limited(ev, depth, &part),
        })
    }

    /// What stands at a depth that is too deep.
    fn reached(self, depth: i64) -> Option<Answer> {
        let limit = self.limit;
        (depth > limit).then(|| match self.throws {
            true => Err(thrown(Code::Thrown, format!("the value is deeper than {limit}, the `depthLimit`"))),
            false => Ok(Value::string("<unevaluated>")),
        })
    }
}

/// The texts that a function has to give.
pub(super) fn called(ev: &mut dyn Evaluator, function: &Value, argument: &Value) -> Result<Name, Fault> {
    ev.step()?;
    let answer = ev.call(function, std::slice::from_ref(argument))?;
    ev.string(&answer)
}

/// A value as `mkValueStringDefault` writes it.
pub(super) fn value_text(ev: &mut dyn Evaluator, value: &Value) -> Result<String, Fault> {
    match ev.force(value)? {
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Null => Ok("null".to_owned()),
        simple @ (Value::Int(_) | Value::Float(_) | Value::String(_)) => printed(ev, &simple),
        other => {
            let message = format!("a file of configuration has no way to write {}", other.describe());
            Err(ev.fault(Code::InvalidValue, message))
        }
    }
}

fn indent(ev: &mut dyn Evaluator, options: &Value) -> Result<Name, Fault> {
    match ev.attr(options, "indent")? {
        Some(indent) => ev.string(&indent),
        None => Ok(Name::from("")),
    }
}

/// A key, in which the separator is escaped, the separator, and a value.
fn key_value(ev: &mut dyn Evaluator, separator: &str, key: &str, value: &str) -> Result<String, Fault> {
    let escaped = Value::string(format!("\\{separator}"));
    let key = replace(ev, &[Name::from(separator)], &[escaped], key)?;
    let key = ev.string(&key)?;
    text_room(ev, key.len() + separator.len() + value.len())?;
    Ok(format!("{key}{separator}{value}"))
}

/// How attributes become lines.
struct Lines {
    make: Option<Value>,
    duplicates: bool,
    indent: Name,
}

impl Lines {
    fn read(ev: &mut dyn Evaluator, options: &Value) -> Result<Lines, Fault> {
        Ok(Lines {
            make: ev.attr(options, "mkKeyValue")?,
            duplicates: flag(ev, options, "listsAsDuplicateKeys", false)?,
            indent: indent(ev, options)?,
        })
    }

    fn write(&self, ev: &mut dyn Evaluator, set: &Value, text: &mut String) -> Result<(), Fault> {
        for (key, value) in ev.attrs(set)?.iter() {
            match if self.duplicates { ev.force(value)? } else { Value::Null } {
                Value::List(items) => {
                    for item in items.iter() {
                        self.line(ev, key, item, text)?;
                    }
                }
                _ => self.line(ev, key, value, text)?,
            }
        }
        Ok(())
    }

    fn line(
        &self,
        ev: &mut dyn Evaluator,
        key: &Name,
        value: &Value,
        text: &mut String,
    ) -> Result<(), Fault> {
        ev.step()?;
        let line = match &self.make {
            Some(function) => {
                let line = ev.call(function, &[Value::from(key.clone()), value.clone()])?;
                ev.string(&line)?
            }
            None => {
                let value = value_text(ev, value)?;
                Name::from(key_value(ev, "=", key, &value)?)
            }
        };
        text_room(ev, text.len() + self.indent.len() + line.len() + 1)?;
        text.push_str(&self.indent);
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }
}

/// Writes sections with an empty line between them.
fn ini(ev: &mut dyn Evaluator, options: &Value, sections: &Value, text: &mut String) -> Result<(), Fault> {
    let lines = Lines::read(ev, options)?;
    let name_of = ev.attr(options, "mkSectionName")?;
    for (index, (name, section)) in ev.attrs(sections)?.iter().enumerate() {
        let name = match &name_of {
            Some(function) => called(ev, function, &Value::from(name.clone()))?,
            None => Name::from(name.replace('[', "\\[").replace(']', "\\]")),
        };
        head(ev, index, &name, text)?;
        lines.write(ev, section, text)?;
    }
    Ok(())
}

/// Writes the name of a section.
fn head(ev: &mut dyn Evaluator, index: usize, name: &str, text: &mut String) -> Result<(), Fault> {
    ev.step()?;
    text_room(ev, text.len() + name.len() + 4)?;
    text.push_str(if index > 0 { "\n[" } else { "[" });
    text.push_str(name);
    text.push_str("]\n");
    Ok(())
}

type Sections = BTreeMap<String, BTreeMap<Name, Value>>;

/// Collects the values inside of sets by the names that lead to them; all but the last name a section.
fn flatten(
    ev: &mut dyn Evaluator,
    value: &Value,
    path: &mut Vec<Name>,
    sections: &mut Sections,
) -> Result<(), Fault> {
    ev.step()?;
    let value = ev.force(value)?;
    if matches!(value, Value::Attrs(_) | Value::Entity(_)) {
        let attrs = ev.attrs(&value)?;
        return nested(ev, |ev| {
            attrs.iter().try_for_each(|(name, inner)| {
                path.push(name.clone());
                let flattened = flatten(ev, inner, path, sections);
                path.pop();
                flattened
            })
        });
    }
    match path.split_last() {
        Some((key, section)) if !section.is_empty() => {
            let length = section.iter().map(|name| name.len() + 1).fold(0, usize::saturating_add);
            text_room(ev, length)?;
            sections.entry(section.join(".")).or_default().insert(key.clone(), value);
            Ok(())
        }
        _ => Err(ev.fault(Code::TypeMismatch, format!("expected a section, found {}", value.describe()))),
    }
}

fn git(ev: &mut dyn Evaluator, sections: &Sections, text: &mut String) -> Result<(), Fault> {
    for (index, (name, section)) in sections.iter().enumerate() {
        match name.split_once('.') {
            Some((name, subsection)) if !name.contains('"') && !subsection.contains('"') => {
                head(ev, index, &format!("{name} \"{subsection}\""), text)?;
            }
            _ => head(ev, index, name, text)?,
        }
        for (key, value) in section {
            let values = match value {
                Value::List(items) => items.to_vec(),
                other => vec![other.clone()],
            };
            for (index, value) in values.iter().enumerate() {
                let value = match ev.force(value)? {
                    Value::String(value) => {
                        text_room(ev, value.len().saturating_mul(2))?;
                        let escaped = value.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
                        format!("\"{}\"", escaped.replace('"', "\\\""))
                    }
                    other => value_text(ev, &other)?,
                };
                let line = key_value(ev, " = ", key, &value)?;
                text_room(ev, text.len() + line.len() + 2)?;
                text.push_str(if index > 0 { "\n\t" } else { "\t" });
                text.push_str(&line);
            }
            text.push('\n');
        }
    }
    Ok(())
}
