//! Names of hosts and domains.

/// The most characters that a label of a domain name may have.
const LABEL_LENGTH: usize = 63;

/// The most characters that a whole domain name may have.
const DOMAIN_LENGTH: usize = 253;

/// Whether this can be a host name, as NixOS has it (`networking.hostName`): 1 to 63 ASCII letters, digits,
/// `-` and `_`, the first and last of them a letter or digit. NixOS also takes the empty name, which then
/// has no domain name; here it is none.
pub fn is_host(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    bytes.len() <= LABEL_LENGTH
        && ends.into_iter().all(|byte| byte.is_some_and(u8::is_ascii_alphanumeric))
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether this can be a domain name: labels with dots between.
///
/// This is what upstream means. Its pattern `[^.]+(\.[^./\r\n ]+)*` is read as a POSIX one, where a
/// backslash between brackets is itself, so that upstream refuses each label after the first that
/// contains an `r` or `n` (`home.lan`, `example.org`), and takes a first label such as `my domain`.
pub fn is_domain(name: &str) -> bool {
    name.len() <= DOMAIN_LENGTH && name.split('.').all(is_host)
}

/// Why a machine's name gives it no domain name; nothing where it does.
pub fn host_problem(name: &str) -> Option<&'static str> {
    if is_host(name) {
        None
    } else if name.is_empty() {
        Some("an empty name")
    } else if name.contains('.') {
        Some("a name with a dot")
    } else if name.len() > LABEL_LENGTH {
        Some("a name of more than 63 characters")
    } else if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        Some("a name with other characters")
    } else {
        Some("a name that begins or ends with `-` or `_`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for name in ["h", "h_1", "h--1", "9", &"a".repeat(63)] {
            assert!(is_host(name), "{name}");
            assert!(host_problem(name).is_none(), "{name}");
        }
        for name in ["", "-h", "h-", "h_", "a.b", "é", "a b", &"a".repeat(64)] {
            assert!(!is_host(name), "{name}");
            assert!(host_problem(name).is_some(), "{name}");
        }
    }

    #[test]
    fn domains() {
        for name in ["com", "example.com", "home.lan", "home.arpa", "x.internal"] {
            assert!(is_domain(name), "{name}");
        }
        for name in ["", "com.", ".com", "a..b", "a.b/c", "my domain", "-x", &"abcd.".repeat(60)] {
            assert!(!is_domain(name), "{name}");
        }
    }
}
