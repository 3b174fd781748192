//! Data in Nix's own syntax, and configurations as files for NixOS.

use std::fmt::Write;

use serde_json::Value;

use crate::inventory::path;

/// A value that Nix cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable(pub &'static str);

impl std::fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Nix has no room for {}", self.0)
    }
}

/// The data as a Nix expression, over several lines; it ends without a line feed.
///
/// # Errors
/// Integers that are too large for Nix, and texts with NUL.
pub fn expression(data: &Value) -> Result<String, Unwritable> {
    let mut text = String::new();
    write(data, 0, &mut text)?;
    Ok(text)
}

/// How wide a line may become before a list or set is written over several.
const WIDTH: usize = 100;

fn write(data: &Value, depth: usize, out: &mut String) -> Result<(), Unwritable> {
    match data {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&self::number(number)?),
        Value::String(text) => string(text, out)?,
        Value::Array(items) => {
            if items.is_empty() {
                out.push_str("[ ]");
                return Ok(());
            }
            let mut line = String::from("[");
            let mut parts = Vec::with_capacity(items.len());
            for item in items {
                let mut part = String::new();
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || write(item, depth + 1, &mut part))?;
                // In a list a sign would be an operator.
                if part.starts_with('-') {
                    part = format!("({part})");
                }
                parts.push(part);
            }
            let length: usize = parts.iter().map(|part| part.len() + 1).sum();
            if depth * 2 + length + 3 <= WIDTH && !parts.iter().any(|part| part.contains('\n')) {
                for part in &parts {
                    line.push(' ');
                    line.push_str(part);
                }
                line.push_str(" ]");
                out.push_str(&line);
            } else {
                out.push('[');
                for part in &parts {
                    new_line(depth + 1, out);
                    out.push_str(part);
                }
                new_line(depth, out);
                out.push(']');
            }
        }
        Value::Object(members) if members.is_empty() => out.push_str("{ }"),
        Value::Object(members) => {
            out.push('{');
            for (name, member) in members {
                new_line(depth + 1, out);
                out.push_str(&key(name)?);
                // A set of one member goes on in the same path.
                let mut member = member;
                while let Value::Object(inner) = member
                    && inner.len() == 1
                    && let Some((name, only)) = inner.iter().next()
                {
                    out.push('.');
                    out.push_str(&key(name)?);
                    member = only;
                }
                out.push_str(" = ");
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || write(member, depth + 1, out))?;
                out.push(';');
            }
            new_line(depth, out);
            out.push('}');
        }
    }
    Ok(())
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn number(number: &serde_json::Number) -> Result<String, Unwritable> {
    if let Some(integer) = number.as_i64() {
        // The smallest integer is no literal, since the sign is an operator.
        return Ok(match integer {
            i64::MIN => format!("({} - 1)", i64::MIN + 1),
            integer => integer.to_string(),
        });
    }
    if number.is_u64() {
        return Err(Unwritable("an integer of more than 63 bits"));
    }
    let text = format!("{:e}", number.as_f64().unwrap_or_default());
    // Nix wants a point in every float.
    Ok(match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}e{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0e{exponent}"),
        None => text,
    })
}

fn key(name: &str) -> Result<String, Unwritable> {
    if name.contains('\0') {
        return Err(Unwritable("a text with NUL"));
    }
    Ok(path::segment(name))
}

fn string(text: &str, out: &mut String) -> Result<(), Unwritable> {
    if text.contains('\0') {
        return Err(Unwritable("a text with NUL"));
    }
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if rest.peek() == Some(&'{') => out.push_str("\\$"),
            other => out.push(other),
        }
    }
    out.push('"');
    Ok(())
}

/// A configuration that becomes a module of NixOS.
pub struct Host<'h> {
    /// The machine's name.
    pub name: &'h str,
    /// Its cluster's name.
    pub cluster: &'h str,
    /// Its final configuration.
    pub configuration: &'h Value,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path, relative to the flake's folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What the first line of every written file says, by which it is known again.
pub const MARK: &str = "# Written by `invq render --nix`; changes are lost.";

/// The files of a flake: one module for each machine, and `flake.nix`, whose `nixosConfigurations` has them
/// by name. Names that several clusters have stand there with their cluster, as `"machine.cluster"`.
///
/// # Errors
/// The first machine, by its index, whose configuration Nix cannot hold, and why.
pub fn flake(hosts: &[Host<'_>]) -> Result<Vec<File>, (usize, Unwritable)> {
    let mut files = Vec::with_capacity(hosts.len() + 1);
    let mut configurations = String::new();
    for (index, host) in hosts.iter().enumerate() {
        let body = expression(host.configuration).map_err(|error| (index, error))?;
        let path = format!("machines/{}/{}.nix", file_name(host.cluster), file_name(host.name));
        let shared = hosts.iter().filter(|other| other.name == host.name).nth(1).is_some();
        let name = match shared {
            true => path::segment(&format!("{}.{}", host.name, host.cluster)),
            false => path::segment(host.name),
        };
        let _infallible =
            write!(configurations, "\n      {name} = nixpkgs.lib.nixosSystem {{ modules = [ ./{path} ]; }};");
        files.push(File { path, text: format!("{MARK}\n{body}\n") });
    }
    let text = format!(
        "{MARK}
{{
  inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-unstable\";

  outputs = {{ nixpkgs, ... }}: {{
    nixosConfigurations = {{{configurations}
    }};
  }};
}}
"
    );
    files.push(File { path: "flake.nix".to_owned(), text });
    Ok(files)
}

/// A name as that of a file, of signs that Nix takes in a path: other bytes are written as `+` and two
/// hexadecimal digits.
fn file_name(name: &str) -> String {
    let mut file = String::with_capacity(name.len());
    for (index, byte) in name.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => file.push(char::from(byte)),
            b'.' if index > 0 => file.push('.'),
            other => {
                let _infallible = write!(file, "+{other:02x}");
            }
        }
    }
    if file.is_empty() { "+".to_owned() } else { file }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(data: &Value) -> String {
        expression(data).expect("Nix has it")
    }

    #[test]
    fn scalars() {
        let cases = [
            (json!(null), "null"),
            (json!(-3), "-3"),
            (json!(i64::MIN), "(-9223372036854775807 - 1)"),
            (json!(1.0), "1.0e0"),
            (json!(-2.5e-9), "-2.5e-9"),
            (json!("a\"b\\${c}$d\n\t"), "\"a\\\"b\\\\\\${c}$d\\n\\t\""),
            (json!([-1, []]), "[ (-1) [ ] ]"),
            (json!({}), "{ }"),
        ];
        for (data, expected) in cases {
            assert_eq!(written(&data), expected);
        }
        assert_eq!(expression(&json!(u64::MAX)), Err(Unwritable("an integer of more than 63 bits")));
        assert_eq!(expression(&json!(["a\0"])), Err(Unwritable("a text with NUL")));
    }

    #[test]
    fn sets_of_one_member_are_paths() {
        let data = json!({ "a": { "b": { "x.y": 1 } }, "if": { "p": 1, "q": [ { "r": 1 } ] } });
        insta::assert_snapshot!(written(&data), @r#"
        {
          a.b."x.y" = 1;
          "if" = {
            p = 1;
            q = [
              {
                r = 1;
              }
            ];
          };
        }
        "#);
    }

    #[test]
    fn every_name_becomes_a_file() {
        for (name, file) in [
            ("web-1", "web-1"),
            ("..", "+2e."),
            ("a/b", "a+2fb"),
            ("", "+"),
            ("ä+", "+c3+a4+2b"),
            (".x", "+2ex"),
        ] {
            assert_eq!(file_name(name), file);
        }
    }

    #[test]
    fn names_of_several_clusters_have_their_cluster() {
        let configuration = json!({ "a": 1 });
        let host = |name, cluster| Host { name, cluster, configuration: &configuration };
        let files = flake(&[host("web", "x"), host("web", "y"), host("db", "x")]).expect("Nix has it");
        let flake = files.last().map(|file| file.text.as_str()).unwrap_or_default();
        for line in ["\"web.x\" = ", "\"web.y\" = ", "db = "] {
            assert!(flake.contains(line), "{flake}");
        }
    }
}
