//! Sizes, durations, dates, and versions that are numbers.

use super::support::{Answer, invalid};
use crate::operations;
use crate::text::quoted;
use crate::value::Value;

table! {
    "toBytes" ["bare" "lib"] "String -> Int"
        "a size as a number of bytes: `512`, `256GiB`, `1.5 TB`"
        "`kB`, `MB`, `GB` and so on are powers of 1000, `KiB`, `MiB`, `GiB` and so on powers of 1024, as Incus has them."
        { "toBytes \"256GiB\"" => "274877906944" "toBytes \"1.5 kB\"" => "1500" "toBytes \"4 GiB\" > toBytes \"4 GB\"" => "true" "toBytes \"much\"" => "error: invalid-value" }
        |ev, text| bytes(&ev.string(text)?);
    "toSeconds" ["bare" "lib"] "String -> Float"
        "a duration in seconds: `90s`, `1h30m`, `500ms`, `7d`"
        "Units are `ns`, `us`, `ms`, `s`, `m`, `h`, and `d` for 24 hours."
        { "toSeconds \"1h30m\"" => "5400.0" "toSeconds \"15m\" > toSeconds \"7d\"" => "false" "toSeconds \"soon\"" => "error: invalid-value" }
        |ev, text| seconds(&ev.string(text)?);
    "toTimestamp" ["bare" "lib"] "String -> Int"
        "a date as seconds since 1970 in UTC: `2026-08-20T10:00:00Z`, `2026-08-20`"
        "Dates are compared as these numbers; parts of seconds are dropped. There is no function for now: the answer to a query does not depend on when it is asked."
        { "toTimestamp \"2026-08-20T12:00:00+02:00\"" => "1787220000" "toTimestamp \"2026-08-21\" - toTimestamp \"2026-08-20\"" => "86400" "toTimestamp \"2026-13-01\"" => "error: invalid-value" }
        |ev, text| timestamp(&ev.string(text)?);
    "compareReleases" ["bare" "lib"] "String -> String -> Int"
        "the order of two releases by Operations Center's rule, as hexadecimal numbers: -1, 0 or 1"
        "What is no such number is below all numbers. `compareVersions` is the one for versions with dots."
        { "compareReleases \"202608010000\" \"202608150000\"" => "-1" "compareReleases \"a\" \"9\"" => "1" "compareReleases \"x\" \"y\"" => "0" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            Ok(Value::Int(operations::versions::compare(&left, &right) as i64))
        };
}

/// Units of sizes with their exponents.
const PREFIXES: [&str; 6] = ["k", "m", "g", "t", "p", "e"];

fn bytes(text: &str) -> Answer {
    let wrong =
        || invalid(format!("{} is no size", quoted(text)), "write it as `\"256GiB\"` or `\"1.5 TB\"`");
    let trimmed = text.trim();
    let end = trimmed.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    let unit = unit.trim_start().to_ascii_lowercase();
    let scale: i64 = match unit.as_str() {
        "" | "b" => 1,
        _ => {
            let (prefix, base) = match (unit.strip_suffix("ib"), unit.strip_suffix('b')) {
                (Some(prefix), _) => (prefix, 1024_i64),
                (None, Some(prefix)) => (prefix, 1000),
                (None, None) => (unit.as_str(), 1000),
            };
            let power = PREFIXES.iter().position(|known| *known == prefix).ok_or_else(wrong)?;
            base.pow(u32::try_from(power).unwrap_or(0) + 1)
        }
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(part) || number.ends_with('.') {
        return Err(wrong());
    }
    let mut bytes = whole.parse::<i64>().ok().and_then(|whole| whole.checked_mul(scale)).ok_or_else(wrong)?;
    let mut unit_of_digit = scale;
    for digit in part.bytes() {
        unit_of_digit /= 10;
        bytes = bytes.checked_add(i64::from(digit - b'0') * unit_of_digit).ok_or_else(wrong)?;
    }
    Ok(Value::Int(bytes))
}

fn seconds(text: &str) -> Answer {
    let trimmed = text.trim();
    // Days are not Go's, whose durations otherwise are meant.
    let (days, rest) = match trimmed.split_once('d') {
        Some((days, rest)) => (days.parse::<u32>().ok(), rest),
        None => (Some(0), trimmed),
    };
    let rest = if rest.is_empty() && days.is_some_and(|days| days > 0) {
        Some(0)
    } else {
        operations::duration(rest)
    };
    match (days, rest) {
        (Some(days), Some(nanoseconds)) => {
            Ok(Value::Float(f64::from(days) * 86_400.0 + nanoseconds as f64 / 1_000_000_000.0))
        }
        _ => Err(invalid(format!("{} is no duration", quoted(text)), "write it as `\"1h30m\"` or `\"7d\"`")),
    }
}

fn timestamp(text: &str) -> Answer {
    parse_timestamp(text.trim()).map(Value::Int).ok_or_else(|| {
        invalid(
            format!("{} is no date", quoted(text)),
            "write it as `\"2026-08-20T10:00:00Z\"` or `\"2026-08-20\"`",
        )
    })
}

/// Seconds since 1970 of a date of RFC 3339, or of its first part alone.
fn parse_timestamp(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) =
        (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * 86_400;
    let Some(time) = time else { return Some(midnight) };
    let zone_at = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone_at);
    let offset = match zone.as_bytes().first()? {
        b'Z' | b'z' if zone.len() == 1 => 0,
        sign @ (b'+' | b'-') => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let offset = digits(hours, 2)? * 3600 + digits(minutes, 2)? * 60;
            if *sign == b'+' { offset } else { -offset }
        }
        _ => return None,
    };
    let clock = clock.split_once('.').map_or(clock, |(clock, _)| clock);
    let mut parts = clock.split(':');
    let (hour, minute, second) =
        (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(midnight + hour * 3600 + minute * 60 + second - offset)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, counted from March so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(parse_timestamp("1970-01-01"), Some(0));
        assert_eq!(parse_timestamp("2000-02-29T23:59:59Z"), Some(951_868_799));
        assert_eq!(parse_timestamp("0001-01-01T00:00:00Z"), Some(-62_135_596_800));
        assert_eq!(parse_timestamp("2026-08-20T10:00:00.123456Z"), Some(1_787_220_000));
        for wrong in [
            "",
            "2026",
            "2026-02-29",
            "2026-08-20T10:00Z",
            "2026-08-20T10:00:00",
            "20260820",
            "2026-08-20T25:00:00Z",
        ] {
            assert_eq!(parse_timestamp(wrong), None, "{wrong}");
        }
    }
}
