//! Sets of numbers with zero padding: `1-5,08,010`.
//!
//! `8`, `08` and `008` are three different members, as they are three different names of machines.
//! A set is kept as runs, so that `[1-1000000]` costs as little as `[1-3]`.

use std::fmt;

use crate::diagnostic::{Code, Diagnostic};

/// How many names or runs one set may have.
pub const LIMIT: usize = 10_000_000;

/// Numbers of more digits than this are no numbers: they would not fit.
pub(super) const DIGITS: usize = 18;

/// A set of numbers with zero padding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSet {
    runs: Vec<Run>,
}

/// Numbers of one padding that follow each other.
///
/// The width is 0 for numbers that begin with no superfluous zero, else the number of digits, so that
/// every text has exactly one place: the run of width 3 ends at `099`, `100` has width 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    width: u32,
    low: i64,
    high: i64,
}

/// Numbers that are written together: padded to `width`, or not at all where it is 0.
#[derive(Clone, Copy, Debug)]
struct Slice {
    width: u32,
    low: i64,
    high: i64,
}

/// A member's place in the order: numbers below zero first, then by number of digits, then by value.
pub(super) type Rank = (u32, i64);

impl RangeSet {
    /// Reads `1-5,08,010-020/2`.
    ///
    /// # Errors
    /// Text that is no set of ranges; a step that makes too many members.
    pub fn parse(text: &str) -> Result<RangeSet, Diagnostic> {
        let mut runs = Vec::new();
        for part in text.split(',') {
            read_part(part, &mut runs)?;
        }
        Ok(RangeSet::from_runs(runs))
    }

    /// The set of one number as written; nothing where it is no number that fits.
    pub(super) fn single(digits: &str) -> Option<RangeSet> {
        let bound = Bound::read(digits).ok()?;
        let mut runs = Vec::with_capacity(1);
        add(&mut runs, bound.value, bound.value, bound.width);
        Some(RangeSet { runs })
    }

    fn from_runs(mut runs: Vec<Run>) -> RangeSet {
        if !runs.is_sorted() {
            runs.sort_unstable();
        }
        let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
        for run in runs {
            match joined.last_mut() {
                Some(last) if last.width == run.width && run.low <= last.high.saturating_add(1) => {
                    last.high = last.high.max(run.high);
                }
                _ => joined.push(run),
            }
        }
        RangeSet { runs: joined }
    }

    /// The members of all of them.
    pub(super) fn union_all(sets: impl IntoIterator<Item = RangeSet>) -> RangeSet {
        RangeSet::from_runs(sets.into_iter().flat_map(|set| set.runs).collect())
    }

    /// How many members it has.
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|run| run.high.abs_diff(run.low).saturating_add(1)).fold(0, u64::saturating_add)
    }

    /// Whether it has no members.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Members of either.
    #[must_use]
    pub fn union(&self, other: &RangeSet) -> RangeSet {
        self.combine(other, |left, right| left || right)
    }

    /// Members of both.
    #[must_use]
    pub fn intersection(&self, other: &RangeSet) -> RangeSet {
        self.combine(other, |left, right| left && right)
    }

    /// Members of this one alone.
    #[must_use]
    pub fn difference(&self, other: &RangeSet) -> RangeSet {
        self.combine(other, |left, right| left && !right)
    }

    /// Members of exactly one of both.
    #[must_use]
    pub fn symmetric_difference(&self, other: &RangeSet) -> RangeSet {
        self.combine(other, |left, right| left != right)
    }

    /// Where runs begin and end, in order.
    fn edges(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        self.runs.iter().flat_map(|run| [(run.width, run.low), (run.width, run.high.saturating_add(1))])
    }

    fn combine(&self, other: &RangeSet, keep: impl Fn(bool, bool) -> bool) -> RangeSet {
        let mut runs = Vec::new();
        let mut left = self.edges().peekable();
        let mut right = other.edges().peekable();
        let (mut in_left, mut in_right) = (false, false);
        let mut open: Option<(u32, i64)> = None;
        while let Some(edge) = left.peek().into_iter().chain(right.peek()).min().copied() {
            in_left ^= left.next_if_eq(&edge).is_some();
            in_right ^= right.next_if_eq(&edge).is_some();
            match (open, keep(in_left, in_right)) {
                (None, true) => open = Some(edge),
                (Some((width, low)), false) => {
                    runs.push(Run { width, low, high: edge.1 - 1 });
                    open = None;
                }
                _ => {}
            }
        }
        RangeSet { runs }
    }

    /// A number that equal sets share; those of sets without common members add up to that of their union.
    pub(super) fn fingerprint(&self) -> u64 {
        let edge = |width: u32, at: i64| mix(mix(u64::from(width)) ^ at.cast_unsigned());
        self.runs.iter().fold(0, |sum, run| {
            sum.wrapping_add(edge(run.width, run.high.wrapping_add(1))).wrapping_sub(edge(run.width, run.low))
        })
    }

    /// The members in pieces that are written together, in order.
    fn slices(&self) -> Vec<Slice> {
        let mut segments: Vec<(Rank, Slice)> = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            if run.width > 0 {
                let slice = Slice { width: run.width, low: run.low, high: run.high };
                segments.push(((run.width, run.low), slice));
                continue;
            }
            let mut low = run.low;
            while low <= run.high {
                let (digits, end) = if low < 0 { (0, -1) } else { decade(low) };
                let high = run.high.min(end);
                segments.push(((digits, low), Slice { width: 0, low, high }));
                low = high.saturating_add(1);
            }
        }
        segments.sort_unstable_by_key(|(rank, _)| *rank);
        let mut slices: Vec<Slice> = Vec::with_capacity(segments.len());
        for ((digits, _), next) in segments {
            match slices.last_mut() {
                // `09` goes on as `10`, and `99` does not go on as `100`, which is wider.
                Some(last)
                    if last.high.saturating_add(1) == next.low
                        && (if last.width == 0 { next.width == 0 } else { digits == last.width }) =>
                {
                    last.high = next.high;
                }
                _ => slices.push(next),
            }
        }
        slices
    }

    /// The members as texts, in order.
    pub fn texts(&self) -> impl Iterator<Item = String> + Clone {
        self.slices()
            .into_iter()
            .flat_map(|slice| (slice.low..=slice.high).map(move |number| slice.text(number)))
    }

    /// The parts that are written together, in order: `07-10`, `015`.
    pub(super) fn parts(&self) -> Vec<(String, Option<String>)> {
        let part =
            |slice: Slice| (slice.text(slice.low), (slice.high > slice.low).then(|| slice.text(slice.high)));
        self.slices().into_iter().map(part).collect()
    }

    /// The sets of one member each, in order.
    pub(super) fn singles(&self) -> impl Iterator<Item = RangeSet> + Clone + use<> {
        self.slices().into_iter().flat_map(|slice| {
            (slice.low..=slice.high).map(move |number| {
                let mut runs = Vec::with_capacity(1);
                add(&mut runs, number, number, slice.width);
                RangeSet { runs }
            })
        })
    }

    /// The places of the first and the last member in the order of members.
    pub(super) fn ends(&self) -> (Rank, Rank) {
        let rank = |width: u32, number: i64| match (width, number) {
            (0, ..0) => (0, number),
            (0, _) => (decade(number).0, number),
            _ => (width, number),
        };
        let first = self.runs.iter().map(|run| rank(run.width, run.low)).min();
        let last = self.runs.iter().map(|run| rank(run.width, run.high)).max();
        (first.unwrap_or_default(), last.unwrap_or_default())
    }
}

impl Slice {
    fn text(&self, number: i64) -> String {
        format!("{number:0width$}", width = self.width as usize)
    }
}

impl fmt::Display for RangeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (low, high)) in self.parts().into_iter().enumerate() {
            if index > 0 {
                formatter.write_str(",")?;
            }
            match high {
                Some(high) => write!(formatter, "{low}-{high}")?,
                None => formatter.write_str(&low)?,
            }
        }
        Ok(())
    }
}

/// Number of digits of a number that is not negative, and the last number with as many.
fn decade(number: i64) -> (u32, i64) {
    let digits = number.checked_ilog10().unwrap_or(0) + 1;
    (digits, 10_i64.checked_pow(digits).map_or(i64::MAX, |next| next - 1))
}

/// Adds the numbers with the padding they are written with.
fn add(runs: &mut Vec<Run>, low: i64, high: i64, width: u32) {
    let padded_below = if width > 1 { 10_i64.checked_pow(width - 1).unwrap_or(i64::MAX) } else { i64::MIN };
    if width > 1 && low < padded_below {
        runs.push(Run { width, low, high: high.min(padded_below - 1) });
    }
    if high >= padded_below {
        runs.push(Run { width: 0, low: low.max(padded_below), high });
    }
}

/// Spreads a number over 64 bits.
pub(super) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A number as written.
struct Bound {
    value: i64,
    /// Number of digits where there is a superfluous zero, else 0.
    width: u32,
    /// Number of digits.
    digits: usize,
}

impl Bound {
    fn read(text: &str) -> Result<Bound, Diagnostic> {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid(format!("expected a number, found {}", crate::text::quoted(text))));
        }
        if digits.len() > DIGITS {
            return Err(invalid(format!("the number `{digits}` is too large")));
        }
        let padded = digits.len() > 1 && digits.starts_with('0');
        if padded && digits.len() < text.len() {
            return Err(invalid(format!("the negative number `{text}` cannot be padded with zeros")));
        }
        let value = text.parse().map_err(|_| invalid(format!("the number `{text}` is too large")))?;
        let width = if padded { u32::try_from(digits.len()).unwrap_or(0) } else { 0 };
        Ok(Bound { value, width, digits: digits.len() })
    }
}

fn read_part(part: &str, runs: &mut Vec<Run>) -> Result<(), Diagnostic> {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Bound::read(step)?.value),
        None => (part, 1),
    };
    let range = range.trim();
    if range.is_empty() {
        return Err(invalid("expected a number or a range, found nothing".to_owned()));
    }
    // A sign is no separator: `-5--1` goes from -5 to -1.
    let separator = range.char_indices().skip(1).find(|(_, character)| *character == '-').map(|(at, _)| at);
    let (low, high) = match separator {
        Some(at) => (range.get(..at).unwrap_or(""), range.get(at + 1..).unwrap_or("")),
        None => (range, range),
    };
    let (low, high) = (Bound::read(low)?, Bound::read(high)?);
    if separator.is_none() && step != 1 && low.value >= 0 {
        return Err(invalid(format!("a step needs a range, found `{part}`")));
    }
    if low.width.max(high.width) > 0 && low.digits != high.digits {
        return Err(invalid(format!("the ends of `{range}` are padded to different widths")));
    }
    if low.value > high.value {
        return Err(invalid(format!("the range `{range}` ends before it begins")));
    }
    let Ok(stride @ 1..) = usize::try_from(step) else {
        return Err(invalid(format!("expected a step of at least 1, found `{step}`")));
    };
    if stride == 1 {
        add(runs, low.value, high.value, low.width);
        return Ok(());
    }
    let members = high.value.abs_diff(low.value) / stride as u64;
    if members > (LIMIT - runs.len().min(LIMIT)) as u64 {
        return Err(too_many());
    }
    for number in (low.value..=high.value).step_by(stride) {
        add(runs, number, number, low.width);
    }
    Ok(())
}

/// A mistake in a node set.
pub(super) fn invalid(message: String) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, message)
}

/// A set that has more members than there is room for.
pub(super) fn too_many() -> Diagnostic {
    Diagnostic::error(Code::LimitReached, format!("the node set has more than {LIMIT} parts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> RangeSet {
        RangeSet::parse(text).unwrap_or_default()
    }

    #[test]
    fn padding_makes_different_members() {
        assert_eq!(set("1,03,05").to_string(), "1,03,05");
        assert_eq!(set("07-09,10").to_string(), "07-10");
        assert_eq!(set("07-09,010").to_string(), "07-09,010");
        assert_eq!(set("01230-99999,100000-123100").to_string(), "01230-99999,100000-123100");
        assert_eq!(set("8,08,008").len(), 3);
    }

    #[test]
    fn fingerprints_of_disjoint_sets_add_up() {
        let (left, right) = (set("1-3,07"), set("4-9,011"));
        let sum = left.fingerprint().wrapping_add(right.fingerprint());
        assert_eq!(left.union(&right).fingerprint(), sum);
    }

    #[test]
    fn a_huge_step_is_refused() {
        let error = RangeSet::parse("0-1000000000/2").err();
        assert_eq!(error.map(|error| error.code), Some(Code::LimitReached));
    }
}
