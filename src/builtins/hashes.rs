//! Hashes of texts: for names, ports and addresses that follow from other names.
//!
//! They are computed here, since three short functions are less than another dependency.

use super::support::invalid;
use crate::value::Value;

table! {
    "hashString" ["bare" "builtins" "lib"] "String -> String -> String"
        "the hash of a text in hexadecimal digits, by `md5`, `sha1` or `sha256`"
        "The algorithm comes first. Nix's `sha512` is missing."
        { "hashString \"md5\" \"hello\"" => "\"5d41402abc4b2a76b9719d911017c592\"" "substring 0 8 (hashString \"sha256\" \"abc\")" => "\"ba7816bf\"" "hashString \"crc\" \"\"" => "error: invalid-value" }
        |ev, algorithm, text| {
            let (algorithm, text) = (ev.string(algorithm)?, ev.string(text)?);
            ev.reserve(text.len() * 2)?;
            let text = text.as_bytes();
            Ok(Value::string(match &*algorithm {
                "md5" => md5(text),
                "sha1" => sha1(text),
                "sha256" => sha256(text),
                other => {
                    let message = format!("{} is no hash algorithm that is known here", crate::text::quoted(other));
                    return Err(invalid(message, "write `\"md5\"`, `\"sha1\"` or `\"sha256\"`"));
                }
            }))
        };
}

/// How numbers of several bytes are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The highest byte first.
    High,
    /// The lowest byte first.
    Low,
}

/// The blocks of 16 words into which a text falls, with its length at the end.
fn blocks(text: &[u8], order: Order) -> Vec<Vec<u32>> {
    let bits = (text.len() as u64).wrapping_mul(8);
    let mut bytes = text.to_vec();
    bytes.push(0x80);
    while bytes.len() % 64 != 56 {
        bytes.push(0);
    }
    bytes.extend(if order == Order::High { bits.to_be_bytes() } else { bits.to_le_bytes() });
    let word = |bytes: &[u8]| {
        let bytes = bytes.try_into().unwrap_or([0; 4]);
        if order == Order::High { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    bytes.chunks_exact(64).map(|block| block.chunks_exact(4).map(word).collect()).collect()
}

fn word(words: &[u32], index: usize) -> u32 {
    words.get(index).copied().unwrap_or(0)
}

fn hexadecimal(state: &[u32]) -> String {
    state.iter().map(|word| format!("{word:08x}")).collect()
}

fn added<const N: usize>(left: [u32; N], right: [u32; N]) -> [u32; N] {
    let mut sum = left;
    for (sum, right) in sum.iter_mut().zip(right) {
        *sum = sum.wrapping_add(right);
    }
    sum
}

fn md5(text: &[u8]) -> String {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let shifts = SHIFTS.iter().flat_map(|row| row.iter().cycle().take(16));
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in blocks(text, Order::Low) {
        let [mut a, mut b, mut c, mut d] = state;
        for (step, shift) in (0..64_usize).zip(shifts.clone()) {
            let (mixed, place) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let constant = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(constant).wrapping_add(word(&block, place));
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(*shift)));
        }
        state = added(state, [a, b, c, d]);
    }
    hexadecimal(&state.map(u32::swap_bytes))
}

fn sha1(text: &[u8]) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for mut words in blocks(text, Order::High) {
        for at in 16..80 {
            let mixed =
                word(&words, at - 3) ^ word(&words, at - 8) ^ word(&words, at - 14) ^ word(&words, at - 16);
            words.push(mixed.rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (step, next) in words.iter().enumerate() {
            let (mixed, constant) = match step / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e);
            let sum = sum.wrapping_add(constant).wrapping_add(*next);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
        }
        state = added(state, [a, b, c, d, e]);
    }
    hexadecimal(&state)
}

fn sha256(text: &[u8]) -> String {
    let primes: Vec<u128> =
        (2..).filter(|number| (2..*number).all(|factor| number % factor != 0)).take(64).collect();
    // Constants are the first 32 bits behind the point of the primes' cube roots, the first state those of
    // their square roots.
    let constants: Vec<u32> = primes.iter().map(|prime| fraction(*prime, 3)).collect();
    let mut state = [0; 8];
    for (word, prime) in state.iter_mut().zip(&primes) {
        *word = fraction(*prime, 2);
    }
    for mut words in blocks(text, Order::High) {
        for at in 16..64 {
            let (near, far) = (word(&words, at - 2), word(&words, at - 15));
            let near = near.rotate_right(17) ^ near.rotate_right(19) ^ (near >> 10);
            let far = far.rotate_right(7) ^ far.rotate_right(18) ^ (far >> 3);
            let sum = word(&words, at - 16).wrapping_add(far).wrapping_add(word(&words, at - 7));
            words.push(sum.wrapping_add(near));
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (next, constant) in words.iter().zip(&constants) {
            let turned = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = (e & f) ^ (!e & g);
            let first =
                h.wrapping_add(turned).wrapping_add(chosen).wrapping_add(*constant).wrapping_add(*next);
            let turned = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = turned.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        state = added(state, [a, b, c, d, e, f, g, h]);
    }
    hexadecimal(&state)
}

/// The first 32 bits behind the point of a root of a small number.
fn fraction(number: u128, degree: u32) -> u32 {
    let scaled = number << (32 * degree);
    let (mut low, mut high) = (0_u128, 1 << 41);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if middle.checked_pow(degree).is_some_and(|power| power <= scaled) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low & 0xffff_ffff) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standards() {
        assert_eq!(md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(
            md5(b"12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a"
        );
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sha1(b""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
