//! Reading node sets: `web[01-20,30],db[1-3]!db2`.

use super::range::{DIGITS, RangeSet, invalid};
use super::set::{Names, NodeSet};
use crate::diagnostic::Diagnostic;
use crate::text::quoted;

/// Longer numbers are refused in node sets, as nobody can mean them.
const LONGEST: usize = 100;

/// A part of an operand.
enum Part<'t> {
    Text(&'t str),
    /// What stands between brackets.
    Range(&'t str),
}

/// Reads a node set with its operators, from left to right.
pub(super) fn node_set(text: &str) -> Result<NodeSet, Diagnostic> {
    let mut set = NodeSet::default();
    if text.trim().is_empty() {
        return Ok(set);
    }
    // Operands that are only added are collected first: adding each alone would sort again each time.
    let mut added: Vec<Names> = Vec::new();
    let mut operator = ',';
    let mut rest = text;
    loop {
        let (parts, next) = operand(rest)?;
        let names =
            names(parts)?.ok_or_else(|| missing_name(operator, next.map(|(operator, _)| operator)))?;
        if operator == ',' {
            added.push(names);
        } else {
            set.update(&NodeSet::collect(std::mem::take(&mut added)));
            let right = NodeSet::collect([names]);
            match operator {
                '!' => set.subtract(&right)?,
                '&' => set.intersect(&right)?,
                _ => set.exclusive(&right)?,
            }
        }
        match next {
            Some((next_operator, after)) => (operator, rest) = (next_operator, after),
            None => break,
        }
    }
    set.update(&NodeSet::collect(added));
    Ok(set)
}

fn missing_name(before: char, after: Option<char>) -> Diagnostic {
    let place = match after {
        Some(after) => format!("before `{after}`"),
        None => format!("after `{before}`"),
    };
    invalid(format!("expected a node name {place}"))
}

/// The parts of an operand, and the operator after it with what follows.
type Operand<'t> = (Vec<Part<'t>>, Option<(char, &'t str)>);

/// Cuts the first operand off.
fn operand(text: &str) -> Result<Operand<'_>, Diagnostic> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let at = rest.find(['[', ']', ',', '!', '&', '^']);
        let (before, character, after) = match at {
            None => {
                parts.push(Part::Text(rest));
                return Ok((parts, None));
            }
            Some(at) => {
                let (before, after) = rest.split_at(at);
                let mut after = after.chars();
                let character = after.next().unwrap_or(',');
                (before, character, after.as_str())
            }
        };
        parts.push(Part::Text(before));
        match character {
            '[' => {
                let (range, after) = after.split_once(']').ok_or_else(|| {
                    invalid(format!("the bracket in {} is not closed", quoted(text.trim())))
                })?;
                parts.push(Part::Range(range));
                rest = after;
            }
            ']' => return Err(invalid(format!("{} closes a bracket that is not open", quoted(text.trim())))),
            operator => return Ok((parts, Some((operator, after)))),
        }
    }
}

/// The names that an operand stands for; nothing where it is blank.
fn names(parts: Vec<Part<'_>>) -> Result<Option<Names>, Diagnostic> {
    // Texts and ranges alternate, beginning and ending with a text.
    let mut texts: Vec<&str> = Vec::new();
    let mut ranges: Vec<String> = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => texts.push(text),
            Part::Range(range) => ranges.push(range.to_owned()),
        }
    }
    if let Some(first) = texts.first_mut() {
        *first = first.trim_start();
    }
    if let Some(last) = texts.last_mut() {
        *last = last.trim_end();
    }
    if ranges.is_empty() && texts.iter().all(|text| text.is_empty()) {
        return Ok(None);
    }
    let last = ranges.len().saturating_sub(1);
    for (index, range) in ranges.iter_mut().enumerate() {
        if let Some(after) = texts.get_mut(index + 1) {
            let rest = after.trim_start_matches(|character: char| character.is_ascii_digit());
            if index < last && rest.is_empty() {
                return Err(invalid("two ranges need a text between them that is no number".to_owned()));
            }
            let digits = after.get(..after.len() - rest.len()).unwrap_or("");
            append_digits(range, digits)?;
            *after = rest;
        }
        if let Some(before) = texts.get_mut(index) {
            let rest = before.trim_end_matches(|character: char| character.is_ascii_digit());
            prepend_digits(range, before.get(rest.len()..).unwrap_or(""))?;
            *before = rest;
        }
    }
    let mut names = Names { pattern: String::new(), ranges: Vec::new() };
    let mut ranges = ranges.iter();
    for text in texts {
        scan(text, &mut names);
        if let Some(range) = ranges.next() {
            names.pattern.push_str("%s");
            names.ranges.push(RangeSet::parse(range)?);
        }
    }
    let longest = names.pattern.split(|character: char| !character.is_ascii_digit()).map(str::len).max();
    match longest {
        Some(digits @ LONGEST..) => Err(invalid(format!("a number of {digits} digits is too large"))),
        _ => Ok(Some(names)),
    }
}

/// `[1-3]5` has the numbers 15, 25 and 35.
fn append_digits(range: &mut String, digits: &str) -> Result<(), Diagnostic> {
    if digits.is_empty() {
        return Ok(());
    }
    if range.contains('/') {
        return Err(invalid(format!("the range `{range}` has a step and cannot be followed by digits")));
    }
    let power = "0".repeat(digits.len());
    let longer = |part: &str| match part.split_once('-') {
        Some((low, high)) => format!("{}{digits}-{}{digits}/1{power}", low.trim(), high.trim()),
        None => format!("{}{digits}", part.trim()),
    };
    *range = range.split(',').map(longer).collect::<Vec<_>>().join(",");
    Ok(())
}

/// `5[1-3]` has the numbers 51, 52 and 53.
fn prepend_digits(range: &mut String, digits: &str) -> Result<(), Diagnostic> {
    if digits.is_empty() {
        return Ok(());
    }
    let mut longer = Vec::new();
    for (low, high) in RangeSet::parse(range)?.parts() {
        if low.starts_with('-') {
            return Err(invalid(format!("the negative number `{low}` cannot stand behind digits")));
        }
        longer.push(match high {
            Some(high) => format!("{digits}{low}-{digits}{high}"),
            None => format!("{digits}{low}"),
        });
    }
    *range = longer.join(",");
    Ok(())
}

/// One name without ranges; also names that node sets cannot write are taken as they are.
pub(super) fn single(name: &str) -> Names {
    let mut names = Names { pattern: String::with_capacity(name.len() + 4), ranges: Vec::new() };
    scan(name, &mut names);
    names
}

/// Takes a text apart into what is no number and numbers.
fn scan(text: &str, names: &mut Names) {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let (before, after) = rest.split_at(digits);
        for (index, part) in before.split('%').enumerate() {
            if index > 0 {
                names.pattern.push_str("%%");
            }
            names.pattern.push_str(part);
        }
        let end = after.find(|character: char| !character.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(end);
        match RangeSet::single(number).filter(|_| number.len() <= DIGITS) {
            Some(range) => {
                names.pattern.push_str("%s");
                names.ranges.push(range);
            }
            // Too long to count with, such as a hash: a text like any other.
            None => names.pattern.push_str(number),
        }
        rest = after;
    }
}
