//! Values as XML, in the form that Nix gives them.

use super::support::{nested, text_room};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Value};

/// Writes a value as an element, so many levels inside of others.
pub(super) fn write(
    ev: &mut dyn Evaluator,
    value: &Value,
    level: usize,
    text: &mut String,
) -> Result<(), Fault> {
    ev.step()?;
    text_room(ev, text.len())?;
    let value = ev.force(value)?;
    nested(ev, |ev| write_forced(ev, &value, level, text))
}

fn write_forced(ev: &mut dyn Evaluator, value: &Value, level: usize, text: &mut String) -> Result<(), Fault> {
    let indent = "  ".repeat(level);
    let element = match value {
        Value::Null => "<null />".to_owned(),
        Value::Bool(truth) => format!("<bool value=\"{truth}\" />"),
        Value::Int(number) => format!("<int value=\"{number}\" />"),
        Value::Float(number) => format!("<float value=\"{}\" />", six_digits(*number)),
        Value::String(part) => format!("<string value=\"{}\" />", escaped(part)),
        Value::List(items) => {
            text.push_str(&format!("{indent}<list>\n"));
            for item in items.iter() {
                write(ev, item, level + 1, text)?;
            }
            "</list>".to_owned()
        }
        Value::Attrs(_) | Value::Entity(_) => {
            text.push_str(&format!("{indent}<attrs>\n"));
            for (name, value) in ev.attrs(value)?.iter() {
                text.push_str(&format!("{indent}  <attr name=\"{}\">\n", escaped(name)));
                write(ev, value, level + 2, text)?;
                text.push_str(&format!("{indent}  </attr>\n"));
            }
            "</attrs>".to_owned()
        }
        other => {
            let message = format!("{} has no XML form", other.describe());
            return Err(ev.fault(Code::TypeMismatch, message));
        }
    };
    text.push_str(&format!("{indent}{element}\n"));
    Ok(())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' => escaped.push_str("&#xA;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A float with at most six digits, as C++ prints it.
fn six_digits(number: f64) -> String {
    let scientific = format!("{number:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let shortened = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    };
    match usize::try_from(5 - exponent) {
        Ok(behind) if exponent >= -4 => shortened(&format!("{number:.behind$}")),
        _ => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{}e{sign}{:02}", shortened(mantissa), exponent.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_six_digits() {
        let cases = [
            (0.0, "0"),
            (-2.0, "-2"),
            (0.1, "0.1"),
            (123_456.789, "123457"),
            (1_234_567.0, "1.23457e+06"),
            (999_999.9, "1e+06"),
            (0.000_1, "0.0001"),
            (0.000_012_345_678, "1.23457e-05"),
            (100.0, "100"),
        ];
        for (number, expected) in cases {
            assert_eq!(six_digits(number), expected);
        }
    }
}
