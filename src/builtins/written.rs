//! Values as expressions of other languages: Nix, Lua, Dhall, and Apple's property lists.

use super::data::{json_text, printed};
use super::escapes::{is_variable, nix_name, xml_character};
use super::functions::function_args;
use super::generators::called;
use super::support::{invalid, nested, text_room, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Name, Value};

type Written = Result<(), Fault>;

/// Writes a value that stands inside of another, against the limits of depth and memory.
fn inside(
    ev: &mut dyn Evaluator,
    text: &mut String,
    write: impl FnOnce(&mut dyn Evaluator, &mut String) -> Written,
) -> Written {
    ev.step()?;
    text_room(ev, text.len())?;
    nested(ev, |ev| write(ev, text))
}

/// What stands between brackets, after the first and before the last: line breaks, or blanks.
fn spaces(multiline: bool, indent: &str) -> (String, String) {
    match multiline {
        true => (format!("\n{indent}  "), format!("\n{indent}")),
        false => (" ".to_owned(), " ".to_owned()),
    }
}

fn unwritable(ev: &mut dyn Evaluator, language: &str, value: &Value) -> Fault {
    let message = format!("{language} has no way to write {}", value.describe());
    match value {
        Value::Entity(_) => invalid(message, "name a field: `machine.name`"),
        _ => ev.fault(Code::InvalidValue, message),
    }
}

/// How values are written as expressions of Nix.
pub(super) struct Pretty {
    /// Whether what sets and lists hold stands on lines of its own.
    pub multiline: bool,
    /// Whether sets with `__pretty` say how they are written.
    pub special: bool,
}

impl Pretty {
    /// Writes a value, with so much before each of its lines but the first.
    pub(super) fn write(
        &self,
        ev: &mut dyn Evaluator,
        value: &Value,
        indent: &str,
        text: &mut String,
    ) -> Written {
        let value = ev.force(value)?;
        inside(ev, text, |ev, text| self.write_forced(ev, &value, indent, text))
    }

    fn write_forced(
        &self,
        ev: &mut dyn Evaluator,
        value: &Value,
        indent: &str,
        text: &mut String,
    ) -> Written {
        let (intro, outro) = spaces(self.multiline, indent);
        let deeper = format!("{indent}  ");
        match value {
            Value::Null => text.push_str("null"),
            Value::Bool(truth) => text.push_str(&truth.to_string()),
            Value::Int(_) => text.push_str(&printed(ev, value)?),
            Value::Float(_) => text.push_str(&json_text(ev, value)?),
            Value::String(part) => self.write_string(part, &intro, &outro, text),
            Value::List(items) if items.is_empty() => text.push_str("[ ]"),
            Value::List(items) => {
                text.push('[');
                for item in items.iter() {
                    text.push_str(&intro);
                    self.write(ev, item, &deeper, text)?;
                }
                text.push_str(&outro);
                text.push(']');
            }
            Value::Attrs(attrs) => {
                if self.special
                    && let (Some(function), Some(value)) = (attrs.get("__pretty"), attrs.get("val"))
                {
                    text.push_str(&called(ev, function, value)?);
                    return Ok(());
                }
                if attrs.is_empty() {
                    text.push_str("{ }");
                    return Ok(());
                }
                if is_kind(ev, value, "type", "derivation")? {
                    let name = match attrs.get("name") {
                        Some(name) => ev.string(name)?,
                        None => Name::from("???"),
                    };
                    text.push_str(&format!("<derivation {name}>"));
                    return Ok(());
                }
                text.push('{');
                for (name, value) in attrs.iter() {
                    text.push_str(&format!("{intro}{} = ", nix_name(ev, name)?));
                    self.write(ev, value, &deeper, text)?;
                    text.push(';');
                }
                text.push_str(&outro);
                text.push('}');
            }
            Value::Closure(_) | Value::Builtin(_) | Value::Filter(_) => {
                let arguments = function_args(ev, value)?;
                let mut names = Vec::new();
                for (name, default) in ev.attrs(&arguments)?.iter() {
                    names.push(format!("{name}{}", if ev.bool(default)? { "?" } else { "" }));
                }
                match names.is_empty() {
                    true => text.push_str("<function>"),
                    false => text.push_str(&format!("<function, args: {{{}}}>", names.join(", "))),
                }
            }
            Value::Entity(_) | Value::Thunk(_) => return Err(unwritable(ev, "Nix", value)),
        }
        Ok(())
    }

    fn write_string(&self, part: &str, intro: &str, outro: &str, text: &mut String) {
        match part.rsplit_once('\n') {
            Some((lines, last)) if self.multiline => {
                let escaped = |line: &str| line.replace("''", "'''").replace("${", "''${");
                text.push_str("''");
                for line in lines.split('\n') {
                    text.push_str(intro);
                    text.push_str(&escaped(line));
                }
                text.push_str(if last.is_empty() { outro } else { intro });
                text.push_str(&escaped(last));
                text.push_str("''");
            }
            _ => {
                let escaped = part.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "\\${");
                text.push_str(&format!("\"{}\"", escaped.replace('\n', "\\n")));
            }
        }
    }
}

/// Whether an attribute of a set is this text.
fn is_kind(ev: &mut dyn Evaluator, set: &Value, attribute: &str, kind: &str) -> Result<bool, Fault> {
    match ev.attr(set, attribute)? {
        Some(value) => Ok(matches!(ev.force(&value)?, Value::String(text) if &*text == kind)),
        None => Ok(false),
    }
}

/// Writes a value as an expression of Lua.
pub(super) fn lua(
    ev: &mut dyn Evaluator,
    value: &Value,
    multiline: bool,
    indent: &str,
    text: &mut String,
) -> Written {
    let value = ev.force(value)?;
    inside(ev, text, |ev, text| lua_forced(ev, &value, multiline, indent, text))
}

fn lua_forced(
    ev: &mut dyn Evaluator,
    value: &Value,
    multiline: bool,
    indent: &str,
    text: &mut String,
) -> Written {
    let (intro, outro) = spaces(multiline, indent);
    let deeper = format!("{indent}  ");
    match value {
        Value::Null => text.push_str("nil"),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            text.push_str(&json_text(ev, value)?);
        }
        Value::Attrs(attrs) if is_kind(ev, value, "_type", "lua-inline")? => {
            let expression = match attrs.get("expr") {
                Some(expression) => ev.string(expression)?,
                None => return Err(ev.fault(Code::MissingElement, "the set has no attribute `expr`")),
            };
            text.push_str(&format!("({expression})"));
        }
        Value::List(items) if items.is_empty() => text.push_str("{}"),
        Value::Attrs(attrs) if attrs.is_empty() => text.push_str("{}"),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "{" });
                text.push_str(&intro);
                lua(ev, item, multiline, &deeper, text)?;
            }
            text.push_str(&format!("{outro}}}"));
        }
        Value::Attrs(attrs) => {
            for (index, (name, value)) in attrs.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "{" });
                let name = json_text(ev, &Value::from(name.clone()))?;
                text.push_str(&format!("{intro}[{name}] = "));
                lua(ev, value, multiline, &deeper, text)?;
            }
            text.push_str(&format!("{outro}}}"));
        }
        other => return Err(unwritable(ev, "Lua", other)),
    }
    Ok(())
}

/// Writes a set as assignments to variables of Lua.
pub(super) fn lua_bindings(
    ev: &mut dyn Evaluator,
    set: &Value,
    multiline: bool,
    indent: &str,
    text: &mut String,
) -> Written {
    let attrs = ev.attrs(set)?;
    if let Some((name, _)) = attrs.iter().find(|(name, _)| !name.split('.').all(is_variable)) {
        let message = format!("{} is no name of a variable in Lua", crate::text::quoted(name));
        return Err(thrown(Code::InvalidValue, message));
    }
    for (name, value) in attrs.iter() {
        text.push_str(&format!("{indent}{name} = "));
        lua(ev, value, multiline, indent, text)?;
        text.push('\n');
    }
    Ok(())
}

/// Writes a value as an expression of Dhall.
pub(super) fn dhall(ev: &mut dyn Evaluator, value: &Value, text: &mut String) -> Written {
    let value = ev.force(value)?;
    inside(ev, text, |ev, text| {
        match &value {
            Value::Attrs(attrs) => {
                text.push_str("{ ");
                for (index, (name, value)) in attrs.iter().enumerate() {
                    text.push_str(&format!("{}{name} = ", if index > 0 { ", " } else { "" }));
                    dhall(ev, value, text)?;
                }
                text.push_str(" }");
            }
            Value::List(items) => {
                text.push_str("[ ");
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index > 0 { ", " } else { "" });
                    dhall(ev, item, text)?;
                }
                text.push_str(" ]");
            }
            Value::Int(number) => text.push_str(&format!("{number:+}")),
            Value::Bool(truth) => text.push_str(if *truth { "True" } else { "False" }),
            Value::Float(_) | Value::String(_) => text.push_str(&json_text(ev, &value)?),
            other => return Err(unwritable(ev, "Dhall", other)),
        }
        Ok(())
    })
}

/// What stands before the value in a property list.
pub(super) const PLIST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple Computer//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n";

/// Writes a value as an element of a property list, with so much before each of its lines.
pub(super) fn plist(
    ev: &mut dyn Evaluator,
    value: &Value,
    escape: bool,
    indent: &mut String,
    text: &mut String,
) -> Written {
    let value = ev.force(value)?;
    inside(ev, text, |ev, text| {
        let content = |part: &str| {
            let mut content = String::with_capacity(part.len());
            match escape {
                true => part.chars().for_each(|character| xml_character(character, &mut content)),
                false => content.push_str(part),
            }
            content
        };
        match &value {
            Value::Null => {}
            Value::Bool(truth) => text.push_str(&format!("{indent}<{truth}/>")),
            Value::Int(number) => text.push_str(&format!("{indent}<integer>{number}</integer>")),
            Value::Float(_) => text.push_str(&format!("{indent}<real>{}</real>", printed(ev, &value)?)),
            Value::String(part) => text.push_str(&format!("{indent}<string>{}</string>", content(part))),
            Value::List(items) => {
                text.push_str(&format!("{indent}<array>\n"));
                indent.push('\t');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index > 0 { "\n" } else { "" });
                    plist(ev, item, escape, indent, text)?;
                }
                indent.pop();
                text.push_str(&format!("\n{indent}</array>"));
            }
            Value::Attrs(attrs) => {
                text.push_str(&format!("{indent}<dict>\n"));
                indent.push('\t');
                let mut first = true;
                for (name, value) in attrs.iter() {
                    if &**name == "_module" || matches!(ev.force(value)?, Value::Null) {
                        continue;
                    }
                    text.push_str(if std::mem::take(&mut first) { "" } else { "\n" });
                    text.push_str(&format!("{indent}<key>{}</key>\n", content(name)));
                    plist(ev, value, escape, indent, text)?;
                }
                indent.pop();
                text.push_str(&format!("\n{indent}</dict>"));
            }
            other => return Err(unwritable(ev, "a property list", other)),
        }
        Ok(())
    })
}
