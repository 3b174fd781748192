//! The forms in which Nix writes hashes: hexadecimal digits, its own 32 digits, base 64, and that with the
//! algorithm before it.

use super::support::{field, invalid};
use crate::text::quoted;
use crate::value::{Fault, Value};

table! {
    "convertHash" ["builtins"] "{ hash : String, toHashFormat : String, hashAlgo? : String } -> String"
        "a hash in another form: `base16`, `nix32`, `base64` or `sri`"
        "Where the hash does not begin with its algorithm, `hashAlgo` says it: `md5`, `sha1`, `sha256` or `sha512`."
        { "builtins.convertHash { hash = hashString \"sha256\" \"\"; hashAlgo = \"sha256\"; toHashFormat = \"sri\"; }" => "\"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\""
          "builtins.convertHash { hash = \"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"; toHashFormat = \"nix32\"; }" => "\"0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73\""
          "builtins.convertHash { hash = \"abc\"; hashAlgo = \"md5\"; toHashFormat = \"base16\"; }" => "error: invalid-value" }
        |ev, options| {
            let hash = field(ev, options, "hash")?;
            let form = field(ev, options, "toHashFormat")?;
            let (hash, form) = (ev.string(&hash)?, ev.string(&form)?);
            let algorithm = match ev.attr(options, "hashAlgo")? {
                Some(algorithm) => Some(ev.string(&algorithm)?),
                None => None,
            };
            let (algorithm, bytes) = read(&hash, algorithm.as_deref())?;
            Ok(Value::string(match &*form {
                "base16" => base16(&bytes),
                "nix32" | "base32" => nix32(&bytes),
                "base64" => base64(&bytes),
                "sri" => format!("{}-{}", algorithm.name, base64(&bytes)),
                other => {
                    let message = format!("{} is no form of a hash", quoted(other));
                    return Err(invalid(message, "write `\"base16\"`, `\"nix32\"`, `\"base64\"` or `\"sri\"`"));
                }
            }))
        };
}

/// An algorithm, with the bytes of its hashes.
#[derive(Clone, Copy)]
struct Algorithm {
    name: &'static str,
    bytes: usize,
}

const ALGORITHMS: [Algorithm; 4] = [
    Algorithm { name: "md5", bytes: 16 },
    Algorithm { name: "sha1", bytes: 20 },
    Algorithm { name: "sha256", bytes: 32 },
    Algorithm { name: "sha512", bytes: 64 },
];

const DIGITS_32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
const DIGITS_64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The algorithm and the bytes of a hash that is written in any form.
fn read(text: &str, given: Option<&str>) -> Result<(Algorithm, Vec<u8>), Fault> {
    let known = |name: &str| ALGORITHMS.into_iter().find(|algorithm| algorithm.name == name);
    let help = "write `\"md5\"`, `\"sha1\"`, `\"sha256\"` or `\"sha512\"`";
    let no_algorithm = |name: &str| invalid(format!("{} is no hash algorithm", quoted(name)), help);
    let given = given.map(|name| known(name).ok_or_else(|| no_algorithm(name))).transpose()?;
    let (before, rest, is_sri) = match (text.split_once('-'), text.split_once(':')) {
        (Some((before, rest)), _) => (Some(before), rest, true),
        (None, Some((before, rest))) => (Some(before), rest, false),
        (None, None) => (None, text, false),
    };
    let own = before.map(|name| known(name).ok_or_else(|| no_algorithm(name))).transpose()?;
    let algorithm = match (own, given) {
        (Some(own), Some(given)) if own.name != given.name => {
            let message = format!("the hash is one of {}, not of {}", own.name, given.name);
            return Err(invalid(message, format!("write `hashAlgo = \"{}\"`", own.name)));
        }
        (Some(algorithm), _) | (None, Some(algorithm)) => algorithm,
        (None, None) => {
            return Err(invalid("the hash does not say its algorithm", "add `hashAlgo = \"sha256\";`"));
        }
    };
    let size = algorithm.bytes;
    let bytes = match rest.len() {
        length if length == size * 2 && !is_sri => from_base16(rest),
        length if length == (size * 8).div_ceil(5) && !is_sri => from_nix32(rest, size),
        length if length == size.div_ceil(3) * 4 => from_base64(rest, size),
        _ => None,
    };
    let wrong = || {
        let message = format!("{} is no hash of {}", quoted(rest), algorithm.name);
        invalid(message, format!("give its {} hexadecimal digits, or another form of it", size * 2))
    };
    Ok((algorithm, bytes.ok_or_else(wrong)?))
}

fn base16(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_base16(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).map(|digit| digit as u8);
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// The bits of a digit of Nix's own, of which the last one stands first: five from this place on.
fn bits_at(digits: usize, at: usize) -> (usize, u32) {
    let bit = (digits - 1 - at) * 5;
    (bit / 8, (bit % 8) as u32)
}

fn nix32(bytes: &[u8]) -> String {
    let digits = (bytes.len() * 8).div_ceil(5);
    let byte = |index: usize| u32::from(bytes.get(index).copied().unwrap_or(0));
    let digit = |at: usize| {
        let (index, shift) = bits_at(digits, at);
        let five = (byte(index) >> shift | byte(index + 1) << (8 - shift)) & 31;
        DIGITS_32.get(five as usize).map_or('0', |digit| char::from(*digit))
    };
    (0..digits).map(digit).collect()
}

fn from_nix32(text: &str, size: usize) -> Option<Vec<u8>> {
    // One more, for bits behind the last byte, of which there must be none.
    let mut bytes = vec![0u8; size + 1];
    for (at, digit) in text.bytes().enumerate() {
        let value = DIGITS_32.iter().position(|known| *known == digit)? as u32;
        let (index, shift) = bits_at(text.len(), at);
        *bytes.get_mut(index)? |= (value << shift & 255) as u8;
        if let Some(next) = bytes.get_mut(index + 1) {
            *next |= (value >> (8 - shift)) as u8;
        }
    }
    (bytes.pop() == Some(0)).then_some(bytes)
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let byte = |index: usize| u32::from(part.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            let shown = DIGITS_64.get(value as usize).filter(|_| digit as usize <= part.len());
            text.push(shown.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

fn from_base64(text: &str, size: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size + 2);
    for part in text.trim_end_matches('=').as_bytes().chunks(4) {
        let mut bits = 0;
        for digit in part {
            bits = bits << 6 | DIGITS_64.iter().position(|known| known == digit)? as u32;
        }
        bits <<= 6 * (4 - part.len());
        bytes.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8].iter().take(part.len() * 6 / 8));
    }
    (bytes.len() == size).then_some(bytes)
}
