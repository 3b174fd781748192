//! What Go's library takes for a URL, a duration or a certificate, where a rule of upstream leans on it.

/// Whether Go's `url.Parse` takes a text.
///
/// # Errors
/// Its reason.
pub(super) fn parse_url(text: &str) -> Result<(), &'static str> {
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return Err("invalid control character in URL");
    }
    let text = text.split('#').next().unwrap_or("");
    let (has_scheme, rest) = scheme(text)?;
    let rest = rest.split('?').next().unwrap_or("");
    if !rest.starts_with('/') {
        if has_scheme {
            return Ok(());
        }
        let segment = rest.split('/').next().unwrap_or("");
        if segment.contains(':') {
            return Err("first path segment in URL cannot contain colon");
        }
    }
    let path = match rest.strip_prefix("//") {
        Some(after) if has_scheme || !rest.starts_with("///") => {
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            host(authority.rsplit('@').next().unwrap_or(""))?;
            path
        }
        _ => rest,
    };
    escapes(path)
}

/// Whether there is a scheme, and what stands behind it.
fn scheme(text: &str) -> Result<(bool, &str), &'static str> {
    for (index, character) in text.char_indices() {
        match character {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if index > 0 => {}
            ':' if index == 0 => return Err("missing protocol scheme"),
            ':' => return Ok((true, text.get(index + 1..).unwrap_or(""))),
            _ => return Ok((false, text)),
        }
    }
    Ok((false, text))
}

fn host(host: &str) -> Result<(), &'static str> {
    let port = match host.strip_prefix('[') {
        Some(inner) => inner.rsplit_once(']').ok_or("missing ']' in host")?.1,
        None => host.rfind(':').and_then(|colon| host.get(colon..)).unwrap_or(""),
    };
    let digits = port.strip_prefix(':');
    if !(port.is_empty() || digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))) {
        return Err("invalid port after host");
    }
    let allowed = |byte: u8| {
        !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte)
    };
    if !host.bytes().all(allowed) {
        return Err("invalid character in host name");
    }
    escapes(host)
}

fn escapes(text: &str) -> Result<(), &'static str> {
    let mut parts = text.split('%');
    parts.next();
    let is_hex = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if parts.all(is_hex) { Ok(()) } else { Err("invalid URL escape") }
}

/// A duration in Go's notation, such as `1h30m` or `15m`, in nanoseconds; nothing where it is none.
pub fn duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|next: char| !next.is_ascii_digit() && next != '.')?;
        let (number, after) = rest.split_at(end);
        let unit_end = after.find(|next: char| next.is_ascii_digit() || next == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && part.is_empty() || part.contains('.') {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let mut fraction: i128 = 0;
        let mut unit_of_digit = scale;
        for digit in part.bytes() {
            unit_of_digit /= 10;
            fraction += i128::from(digit - b'0') * unit_of_digit;
        }
        total = total.checked_add(whole.checked_mul(scale)?)?.checked_add(fraction)?;
        rest = after;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// Whether a text holds a block in PEM, as certificates are written.
pub(super) fn is_pem(text: &str) -> bool {
    let Some(start) = text.find("-----BEGIN ") else { return false };
    let rest = text.get(start + 11..).unwrap_or("");
    let Some((label, rest)) = rest.split_once("-----") else { return false };
    rest.contains(&format!("-----END {label}-----"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for good in [
            "",
            "https://one:8443",
            "http://one/",
            "one",
            "/a/b",
            "https://[fd00::1]:8443/",
            "mailto:x",
            "http://u:p@h/%41?q#f",
            "//h/p",
        ] {
            assert_eq!(parse_url(good), Ok(()), "{good}");
        }
        for bad in [":|//", "http://one:port/", "http://a b/", "http://[::1", "/%zz", "1:2", "http://h\u{7}"]
        {
            assert!(parse_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("15m"), Some(900_000_000_000));
        assert_eq!(duration("1h30m"), Some(5_400_000_000_000));
        assert_eq!(duration("-1.5s"), Some(-1_500_000_000));
        assert_eq!(duration(".5s"), Some(500_000_000));
        assert_eq!(duration("0"), Some(0));
        for bad in ["", "5", "invalid", "1d", "m", "1.2.3s", "+", ".s", "9999999999h"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
