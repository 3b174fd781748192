//! Hashes of texts: for names, ports and addresses that follow from other names.
//!
//! They are computed here, since a few short functions are less than another dependency.

use std::sync::LazyLock;

use super::support::{invalid, of_long_text};
use crate::value::Value;

table! {
    "hashString" ["bare" "builtins" "lib"] "String -> String -> String"
        "the hash of a text in hexadecimal digits, by `md5`, `sha1`, `sha256` or `sha512`"
        "The algorithm comes first."
        { "hashString \"md5\" \"hello\"" => "\"5d41402abc4b2a76b9719d911017c592\"" "substring 0 8 (hashString \"sha256\" \"abc\")" => "\"ba7816bf\"" "hashString \"crc\" \"\"" => "error: invalid-value" }
        |ev, algorithm, text| {
            let (algorithm, text) = (ev.string(algorithm)?, ev.string(text)?);
            ev.reserve(text.len() * 2)?;
            let hash: Hash = match &*algorithm {
                "md5" => md5,
                "sha1" => sha1,
                "sha256" => sha256,
                "sha512" => sha512,
                other => {
                    let message = format!("{} is no hash algorithm that is known here", crate::text::quoted(other));
                    return Err(invalid(message, "write `\"md5\"`, `\"sha1\"`, `\"sha256\"` or `\"sha512\"`").of_argument(0));
                }
            };
            let hashed = of_long_text(ev, (text.clone(), hash), text.len(), |(text, hash)| hash(text.as_bytes()))?;
            Ok(Value::string(hashed))
        };
}

/// The digits of a hash.
type Hash = fn(&[u8]) -> String;

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

fn word<W: Copy + Default>(words: &[W], index: usize) -> W {
    words.get(index).copied().unwrap_or_default()
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

pub(super) fn sha1(text: &[u8]) -> String {
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

/// The constants of the SHA-2 family: the first 64 bits behind the point of the cube roots of the first 80 primes.
static CUBE_ROOTS: LazyLock<Vec<u64>> =
    LazyLock::new(|| primes().take(80).map(|prime| fraction(prime, 3)).collect());

/// Its first state: likewise for the square roots of the first 8 primes.
static SQUARE_ROOTS: LazyLock<Vec<u64>> =
    LazyLock::new(|| primes().take(8).map(|prime| fraction(prime, 2)).collect());

fn primes() -> impl Iterator<Item = u64> {
    (2..).filter(|number| (2..*number).all(|factor| number % factor != 0))
}

/// The first 64 bits behind the point of a root of a small number.
fn fraction(number: u64, degree: usize) -> u64 {
    let (mut low, mut high) = (0_u128, 1 << 72);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if is_at_most_root(middle, number, degree) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low as u64
}

/// Whether a number with 64 bits behind the point is not greater than the root of another.
fn is_at_most_root(candidate: u128, number: u64, degree: usize) -> bool {
    let digits = [candidate as u64, (candidate >> 64) as u64];
    let power = (1..degree).fold(digits.to_vec(), |power, _| times(&power, &digits));
    let (behind, before) = power.split_at_checked(degree).unwrap_or((&power, &[]));
    match before.split_first() {
        Some((whole, more)) if more.iter().all(|digit| *digit == 0) => {
            *whole < number || (*whole == number && behind.iter().all(|digit| *digit == 0))
        }
        _ => false,
    }
}

/// The product of two numbers in digits of 64 bits, the lowest first.
fn times(left: &[u64], right: &[u64]) -> Vec<u64> {
    let mut product = vec![0_u64; left.len() + right.len()];
    for (at, factor) in left.iter().enumerate() {
        let mut carry = 0;
        for (digit, other) in product.iter_mut().skip(at).zip(right.iter().chain(std::iter::repeat(&0))) {
            let sum = u128::from(*digit) + u128::from(*factor) * u128::from(*other) + carry;
            *digit = sum as u64;
            carry = sum >> 64;
        }
    }
    product
}

/// Writes a hash of the SHA-2 family, which differ in the size of their words and in how far bits are turned.
macro_rules! sha2 {
    (
        $name:ident, $word:ty, $unused:literal bits less, $steps:literal steps, $blocks:path,
        schedule [$($far:literal)*] [$($near:literal)*],
        rounds [$($sum_e:literal)*] [$($sum_a:literal)*]
    ) => {
        fn $name(text: &[u8]) -> String {
            let turned = |value: $word, by: [u32; 3]| by.iter().fold(0, |all, by| all ^ value.rotate_right(*by));
            // Of the last number the bits are pushed out instead of turned.
            let pushed = |value: $word, [first, second, out]: [u32; 3]| {
                value.rotate_right(first) ^ value.rotate_right(second) ^ (value >> out)
            };
            let mut state = [0; 8];
            for (word, root) in state.iter_mut().zip(SQUARE_ROOTS.iter()) {
                *word = (*root >> $unused) as $word;
            }
            for mut words in $blocks(text) {
                for at in 16..$steps {
                    let far = pushed(word(&words, at - 15), [$($far),*]);
                    let near = pushed(word(&words, at - 2), [$($near),*]);
                    let sum: $word = word(&words, at - 16);
                    words.push(sum.wrapping_add(far).wrapping_add(word(&words, at - 7)).wrapping_add(near));
                }
                let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h]: [$word; 8] = state;
                for (next, root) in words.iter().zip(CUBE_ROOTS.iter()) {
                    let chosen = (e & f) ^ (!e & g);
                    let first = h.wrapping_add(turned(e, [$($sum_e),*])).wrapping_add(chosen);
                    let first = first.wrapping_add((*root >> $unused) as $word).wrapping_add(*next);
                    let most = (a & b) ^ (a & c) ^ (b & c);
                    let second = turned(a, [$($sum_a),*]).wrapping_add(most);
                    (h, g, f, e) = (g, f, e, d.wrapping_add(first));
                    (d, c, b, a) = (c, b, a, first.wrapping_add(second));
                }
                for (word, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
                    *word = word.wrapping_add(more);
                }
            }
            let digits = <$word>::BITS as usize / 4;
            state.iter().map(|word| format!("{word:0digits$x}")).collect()
        }
    };
}

sha2!(sha256, u32, 32 bits less, 64 steps, words_of_32, schedule [7 18 3] [17 19 10], rounds [6 11 25] [2 13 22]);
sha2!(sha512, u64, 0 bits less, 80 steps, words_of_64, schedule [1 8 7] [19 61 6], rounds [14 18 41] [28 34 39]);

fn words_of_32(text: &[u8]) -> Vec<Vec<u32>> {
    blocks(text, Order::High)
}

/// As [`blocks`], of words of 64 bits and with a length of 128.
fn words_of_64(text: &[u8]) -> Vec<Vec<u64>> {
    let bits = (text.len() as u128).wrapping_mul(8);
    let mut bytes = text.to_vec();
    bytes.push(0x80);
    while bytes.len() % 128 != 112 {
        bytes.push(0);
    }
    bytes.extend(bits.to_be_bytes());
    let word = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().unwrap_or([0; 8]));
    bytes.chunks_exact(128).map(|block| block.chunks_exact(8).map(word).collect()).collect()
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
        let abc = sha512(b"abc");
        assert!(abc.starts_with("ddaf35a193617abacc417349ae204131") && abc.ends_with("2a9ac94fa54ca49f"));
        let empty = sha512(b"");
        assert!(empty.starts_with("cf83e1357eefb8bdf1542850d66d8007") && empty.ends_with("a538327af927da3e"));
    }
}
