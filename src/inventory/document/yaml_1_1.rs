//! What scalars without quotes stand for in YAML 1.1, as the reader of Ansible (PyYAML) has it.

use super::tree::PlainScalar;

/// What a text stands for; nothing where it is just a text. Dates are texts.
pub(super) fn resolve(text: &str) -> Option<PlainScalar> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => PlainScalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => PlainScalar::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => PlainScalar::Bool(false),
        _ => return number(text),
    })
}

fn number(text: &str) -> Option<PlainScalar> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return None;
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(PlainScalar::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(PlainScalar::Float(f64::NAN));
    }
    integer(unsigned, negative).or_else(|| float(unsigned, negative, unsigned.len() < text.len()))
}

fn integer(unsigned: &str, negative: bool) -> Option<PlainScalar> {
    let digits: String = unsigned.chars().filter(|next| *next != '_').collect();
    let only = |text: &str, allowed: fn(char) -> bool| {
        !text.is_empty() && text.chars().all(|next| next == '_' || allowed(next))
    };
    let binary = |next: char| matches!(next, '0' | '1');
    let octal = |next: char| matches!(next, '0'..='7');
    let decimal = |next: char| next.is_ascii_digit();
    let (digits, radix) = if let Some(rest) = unsigned.strip_prefix("0b").filter(|rest| only(rest, binary)) {
        (rest.replace('_', ""), 2)
    } else if let Some(rest) =
        unsigned.strip_prefix("0x").filter(|rest| only(rest, |next| next.is_ascii_hexdigit()))
    {
        (rest.replace('_', ""), 16)
    } else if unsigned.strip_prefix('0').is_some_and(|rest| only(rest, octal)) {
        (digits, 8)
    } else if unsigned == "0"
        || unsigned.starts_with(|first| matches!(first, '1'..='9')) && only(unsigned, decimal)
    {
        (digits, 10)
    } else {
        return sexagesimal(unsigned, negative);
    };
    let signed = if negative { format!("-{digits}") } else { digits };
    Some(match i64::from_str_radix(&signed, radix) {
        Ok(number) => PlainScalar::Int(number),
        // Such numbers have no limit there.
        Err(_) => PlainScalar::Float(signed.parse().ok()?),
    })
}

/// `1:30:00`: parts of sixty, the first of them without a leading zero.
fn sexagesimal(unsigned: &str, negative: bool) -> Option<PlainScalar> {
    let mut parts = unsigned.split(':');
    let first = parts.next()?;
    if !first.starts_with(|first| matches!(first, '1'..='9')) {
        return None;
    }
    let mut number: i64 = first.replace('_', "").parse().ok()?;
    let mut several = false;
    for part in parts {
        several = true;
        let value: i64 = part.parse().ok().filter(|value| (0..60).contains(value) && part.len() <= 2)?;
        number = number.checked_mul(60)?.checked_add(value)?;
    }
    several.then_some(PlainScalar::Int(if negative { -number } else { number }))
}

/// A float has a dot, and the exponent a sign.
fn float(unsigned: &str, negative: bool, signed: bool) -> Option<PlainScalar> {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let starts = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let shaped = digits(whole)
        && digits(fraction)
        && if whole.is_empty() { starts(fraction) && !signed } else { starts(whole) };
    let scaled = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['-', '+'])
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if !shaped || !scaled {
        return None;
    }
    let number: f64 = unsigned.replace('_', "").parse().ok()?;
    Some(PlainScalar::Float(if negative { -number } else { number }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_of_1_1() {
        let int = |number| Some(PlainScalar::Int(number));
        for (text, expected) in [
            ("yes", Some(PlainScalar::Bool(true))),
            ("Off", Some(PlainScalar::Bool(false))),
            ("y", None),
            ("~", Some(PlainScalar::Null)),
            ("0644", int(0o644)),
            ("0o644", None),
            ("089", None),
            ("-0x1F", int(-31)),
            ("0b1_0", int(2)),
            ("1_000", int(1000)),
            ("1:30", int(90)),
            ("12:34:56", int(45296)),
            ("1:60", None),
            ("08:00", None),
            ("1e3", None),
            ("1.5", Some(PlainScalar::Float(1.5))),
            ("1.", Some(PlainScalar::Float(1.0))),
            (".5", Some(PlainScalar::Float(0.5))),
            ("1.0e3", None),
            ("-1.5e+3", Some(PlainScalar::Float(-1500.0))),
            ("10.0.0.1", None),
            ("2024-01-02", None),
            ("-", None),
            (".", None),
            ("+", None),
        ] {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }
}
