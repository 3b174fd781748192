//! What scalars without quotes stand for in YAML 1.1, as the reader of Ansible (PyYAML) has it.

use super::tree::PlainScalar;

/// What a text stands for; nothing where it is just a text. Dates are texts, and times are written as Ansible
/// lists them.
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
    if let Some(timestamp) = timestamp(text) {
        return Some(PlainScalar::Text(timestamp));
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

/// A date with a time: `2024-01-02 3:04:05.5 +1` is `2024-01-02T03:04:05.500000+01:00`.
fn timestamp(text: &str) -> Option<String> {
    let year = digits(text, 4, 4)?;
    let (month, rest) = part(text.get(4..)?, '-')?;
    let (day, rest) = part(rest, '-')?;
    let rest = match rest.strip_prefix(['T', 't']) {
        Some(rest) => rest,
        None if rest.starts_with([' ', '\t']) => rest.trim_start_matches([' ', '\t']),
        None => return None,
    };
    let hour = digits(rest, 1, 2)?;
    let (minute, rest) = two(rest.get(hour.len()..)?)?;
    let (second, rest) = two(rest)?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len());
            rest.split_at(end)
        }
        None => ("", rest),
    };
    let zone = zone(rest.trim_start_matches([' ', '\t']))?;
    // Nothing else is written for a time without a fraction, or with none but zeros.
    let microseconds: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let fraction = if microseconds == "000000" { String::new() } else { format!(".{microseconds}") };
    Some(format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second}{fraction}{zone}"))
}

/// The digits at the beginning, if there are so many.
fn digits(text: &str, least: usize, most: usize) -> Option<&str> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least { None } else { text.get(..count) }
}

/// One or two digits behind a sign, and what follows them.
fn part(text: &str, sign: char) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(sign)?;
    let number = digits(rest, 1, 2)?;
    Some((number, rest.get(number.len()..)?))
}

/// Two digits behind a colon, and what follows them.
fn two(text: &str) -> Option<(&str, &str)> {
    part(text, ':').filter(|(number, _)| number.len() == 2)
}

/// What is written for a zone: nothing where there is none.
fn zone(text: &str) -> Option<String> {
    match text {
        "" => return Some(String::new()),
        "Z" => return Some("+00:00".to_owned()),
        _ => {}
    }
    let sign = text.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let (hours, rest) = part(text, sign)?;
    let minutes = if rest.is_empty() { "00" } else { two(rest).filter(|(_, rest)| rest.is_empty())?.0 };
    let sign = if hours.trim_start_matches('0').is_empty() && minutes == "00" { '+' } else { sign };
    Some(format!("{sign}{hours:0>2}:{minutes}"))
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
            ("2024-01-02 03:04", None),
            ("2024-01-02T03:04:05+0530", None),
            ("-", None),
            (".", None),
            ("+", None),
        ] {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }

    #[test]
    fn times_are_written_as_ansible_lists_them() {
        for (text, expected) in [
            ("2024-01-02 03:04:05", "2024-01-02T03:04:05"),
            ("2024-1-2T3:04:05Z", "2024-01-02T03:04:05+00:00"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.100000-05:00"),
            ("2001-12-14 21:59:43.1 -5", "2001-12-14T21:59:43.100000-05:00"),
            ("2001-12-15 2:59:43.0", "2001-12-15T02:59:43"),
            ("2024-01-02 03:04:05.1234567", "2024-01-02T03:04:05.123456"),
            ("2024-01-02 03:04:05 -0", "2024-01-02T03:04:05+00:00"),
            ("2024-01-02  03:04:05.", "2024-01-02T03:04:05"),
        ] {
            assert_eq!(resolve(text), Some(PlainScalar::Text(expected.to_owned())), "{text}");
        }
    }
}
