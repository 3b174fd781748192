//! Names of hosts as sources write them: with a port, and with ranges such as `web[01:20]`.

use std::net::Ipv6Addr;

/// The most hosts that one pattern may stand for.
const MOST: usize = 1_000_000;

/// The most ranges in one pattern.
const RANGES: usize = 8;

/// What a pattern stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hosts {
    pub(super) names: Vec<String>,
    pub(super) port: Option<i64>,
}

/// Whether a pattern is the name of a host, and says no more.
pub(super) fn is_name(pattern: &str) -> bool {
    !pattern.contains(['[', ':']) && !pattern.trim().is_empty()
}

/// The hosts of a pattern.
///
/// # Errors
/// Why it is none, as what follows "expected".
pub(super) fn expand(pattern: &str) -> Result<Hosts, &'static str> {
    let (host, port) = split_port(pattern);
    if port.is_none() && host.trim_end().ends_with(':') {
        return Err("a port after the colon");
    }
    let mut names = Vec::new();
    if host.matches('[').count() > RANGES {
        return Err("at most eight ranges in a name");
    }
    if host.contains('[') {
        expand_ranges(host, &mut names)?;
    } else {
        names.push(host.to_owned());
    }
    Ok(Hosts { names, port })
}

/// Takes the port off, where what is before it is an address or a host name.
fn split_port(pattern: &str) -> (&str, Option<i64>) {
    let number = |digits: &str| {
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    };
    let bracketed = pattern.strip_prefix('[').and_then(|rest| rest.rsplit_once("]:"));
    if let Some((host, digits)) = bracketed
        && let Some(port) = number(digits)
        && (is_host(host) || is_ipv6(host))
    {
        return (host, Some(port));
    }
    let Some((host, digits)) = pattern.rsplit_once(':') else { return (pattern, None) };
    match number(digits) {
        // Colons outside of ranges belong to an address of version 6.
        Some(port) if is_host(host) && !outside_ranges(host).contains(':') => (host, Some(port)),
        _ => (pattern, None),
    }
}

/// A text with each range replaced by a digit.
fn outside_ranges(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((range, behind)) if is_range(range) => {
                plain.push('0');
                rest = behind;
            }
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_range(text: &str) -> bool {
    let mut bounds = text.split(':');
    let (Some(first), Some(last)) = (bounds.next(), bounds.next()) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    digits(first) && digits(last) && bounds.next().is_none_or(digits) && bounds.next().is_none()
}

/// Whether this is a host name or an address of version 4, ranges allowed: labels of letters, digits, `-` and
/// `_`, of which a label neither begins with `-` nor ends with `-` or `_`.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|next| next.is_alphanumeric() || matches!(next, '-' | '_'))
            && !label.starts_with('-')
            && !label.ends_with(['-', '_'])
    };
    outside_ranges(text).split('.').all(label)
}

fn is_ipv6(text: &str) -> bool {
    outside_ranges(text).parse::<Ipv6Addr>().is_ok()
}

/// Writes out the first range and, for each name, the next ones.
fn expand_ranges(pattern: &str, names: &mut Vec<String>) -> Result<(), &'static str> {
    let (head, after) = pattern.split_once('[').ok_or("a range")?;
    let (range, tail) = after.split_once(']').ok_or("`]` after the range")?;
    for text in elements(range)? {
        let name = format!("{head}{text}{tail}");
        if name.contains('[') {
            expand_ranges(&name, names)?;
        } else {
            if names.len() >= MOST {
                return Err("a range of at most a million hosts");
            }
            names.push(name);
        }
    }
    Ok(())
}

/// The texts of a range `begin:end` or `begin:end:step`.
fn elements(range: &str) -> Result<Vec<String>, &'static str> {
    let bounds: Vec<&str> = range.split(':').collect();
    let (begin, end, step) = match bounds.as_slice() {
        [begin, end] => (*begin, *end, "1"),
        [begin, end, step] => (*begin, *end, *step),
        _ => return Err("a range as `begin:end` or `begin:end:step`"),
    };
    let begin = if begin.is_empty() { "0" } else { begin };
    if end.is_empty() {
        return Err("an end of the range");
    }
    let width = if begin.starts_with('0') && begin.len() > 1 { begin.len() } else { 0 };
    if width > 0 && width != end.len() {
        return Err("begin and end of the range with the same number of digits");
    }
    let step: usize = step.parse().ok().filter(|step| *step > 0).ok_or("a whole number as step")?;
    if let (Some(first), Some(last)) = (letter(begin), letter(end)) {
        if first > last {
            return Err("a range that begins before it ends");
        }
        return Ok((first..=last).step_by(step).filter_map(nth_letter).map(String::from).collect());
    }
    let (Ok(first), Ok(last)) = (begin.parse::<u64>(), end.parse::<u64>()) else {
        return Err("a range of numbers or of single letters");
    };
    if last.saturating_sub(first) / step as u64 >= MOST as u64 {
        return Err("a range of at most a million hosts");
    }
    Ok((first..=last).step_by(step).map(|number| format!("{number:0width$}")).collect())
}

/// The place of a letter among `a` to `z`, then `A` to `Z`.
fn letter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte @ b'a'..=b'z'] => Some(byte - b'a'),
        [byte @ b'A'..=b'Z'] => Some(byte - b'A' + 26),
        _ => None,
    }
}

fn nth_letter(place: u8) -> Option<char> {
    match place {
        0..26 => Some(char::from(b'a' + place)),
        26..52 => Some(char::from(b'A' + place - 26)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pattern: &str) -> Vec<String> {
        expand(pattern).expect("a pattern").names
    }

    #[test]
    fn ranges_are_written_out() {
        assert_eq!(
            names("db-[01:03].example.com"),
            ["db-01.example.com", "db-02.example.com", "db-03.example.com"]
        );
        assert_eq!(names("[a:c]x"), ["ax", "bx", "cx"]);
        assert_eq!(names("[y:B]"), ["y", "z", "A", "B"]);
        assert_eq!(names("n[1:7:3]"), ["n1", "n4", "n7"]);
        assert_eq!(names("r[1:2]s[:1]"), ["r1s0", "r1s1", "r2s0", "r2s1"]);
        assert_eq!(names("n[5:1]"), [""; 0]);
        for wrong in
            ["n[1:]", "n[1]", "n[01:3]", "n[1:2", "n[1:2:0]", "n[c:a]", "n[a:9]", "n[0:9999999999]", "n:"]
        {
            assert!(expand(wrong).is_err(), "{wrong}");
        }
        assert!(expand(&"[0:9]".repeat(8)).is_err());
        assert!(expand(&"[0:0]".repeat(9)).is_err());
    }

    #[test]
    fn ports_are_taken_off() {
        let split = |pattern: &str| expand(pattern).map(|hosts| (hosts.names.join(" "), hosts.port));
        assert_eq!(split("web1:2222"), Ok(("web1".to_owned(), Some(2222))));
        assert_eq!(split("10.0.0.1:22"), Ok(("10.0.0.1".to_owned(), Some(22))));
        assert_eq!(split("[::1]:22"), Ok(("::1".to_owned(), Some(22))));
        assert_eq!(split("2001:db8::9"), Ok(("2001:db8::9".to_owned(), None)));
        assert_eq!(split("w[1:2]:22"), Ok(("w1 w2".to_owned(), Some(22))));
        assert_eq!(split("foo-:22"), Ok(("foo-:22".to_owned(), None)));
    }
}
