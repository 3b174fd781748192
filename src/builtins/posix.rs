//! POSIX extended regular expressions, in time that is linear in the length of the text.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

use super::support::invalid;
use crate::value::{Evaluator, Fault, Name};

/// The classes of characters that POSIX has.
const CLASSES: [&str; 12] = [
    "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
    "xdigit",
];

/// Regular expressions that are kept compiled, since they are mostly used on many texts.
const KEPT: usize = 32;

/// How large, in bytes, a compiled regular expression may be.
const SIZE: usize = 1 << 22;

thread_local! {
    static COMPILED: RefCell<HashMap<Name, Regex>> = RefCell::new(HashMap::new());
    static SEARCHES: RefCell<HashMap<Name, Longest>> = RefCell::new(HashMap::new());
}

/// Keeps what was compiled for a pattern, unless too much is kept already.
fn keep<T>(kept: &RefCell<HashMap<Name, T>>, pattern: &Name, compiled: T) {
    let mut kept = kept.borrow_mut();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(pattern.clone(), compiled);
}

fn mistake(pattern: &str, reason: &str) -> Fault {
    let message = format!("{} is no regular expression: {reason}", crate::text::quoted(pattern));
    invalid(message, "write a POSIX extended one: `\"web([0-9]+)\"`")
}

/// What compiling a pattern is worth, in bytes that are looked at: a small one may become large.
pub(super) const COMPILING: usize = 1 << 20;

/// A POSIX extended regular expression for whole texts.
pub(super) fn whole(ev: &mut dyn Evaluator, pattern: &Name) -> Result<Regex, Fault> {
    if !COMPILED.with_borrow(|compiled| compiled.contains_key(pattern)) {
        ev.work(COMPILING)?;
    }
    posix(pattern)
}

/// A POSIX extended regular expression for parts of texts.
pub(super) fn parts(ev: &mut dyn Evaluator, pattern: &Name) -> Result<Longest, Fault> {
    if !SEARCHES.with_borrow(|searches| searches.contains_key(pattern)) {
        ev.work(3 * COMPILING)?;
    }
    Longest::new(pattern)
}

/// Compiles a POSIX extended regular expression for whole texts.
fn posix(pattern: &Name) -> Result<Regex, Fault> {
    if let Some(regex) = COMPILED.with_borrow(|compiled| compiled.get(pattern).cloned()) {
        return Ok(regex);
    }
    let built = translate(pattern).and_then(|(translated, _)| compile(&format!("^(?:{translated})$")));
    let regex = built.map_err(|reason| mistake(pattern, &reason))?;
    COMPILED.with(|compiled| keep(compiled, pattern, regex.clone()));
    Ok(regex)
}

/// A search for the leftmost matches of a POSIX extended regular expression, which take of all alternatives that
/// one which makes the match longest, and repeat as often as they can.
///
/// The `regex` crate takes the first alternative that matches, so it tells where a match begins. An automaton of
/// all matches tells where the longest one ends, and then the groups are those of a match that ends there.
#[derive(Clone)]
pub(super) struct Longest {
    first: Regex,
    longest: Option<Rc<Ends>>,
}

/// What finds the ends of the longest matches.
struct Ends {
    automaton: DFA,
    cache: RefCell<Cache>,
    to_the_end: Regex,
}

impl Longest {
    /// The search for a pattern.
    fn new(pattern: &Name) -> Result<Longest, Fault> {
        if let Some(search) = SEARCHES.with_borrow(|searches| searches.get(pattern).cloned()) {
            return Ok(search);
        }
        let search = Longest::build(pattern).map_err(|reason| mistake(pattern, &reason))?;
        SEARCHES.with(|searches| keep(searches, pattern, search.clone()));
        Ok(search)
    }

    fn build(pattern: &str) -> Result<Longest, String> {
        let (translated, has_alternatives) = translate(pattern)?;
        let first = compile(&translated)?;
        let longest = if has_alternatives { Some(Rc::new(Ends::build(&translated)?)) } else { None };
        Ok(Longest { first, longest })
    }

    /// The groups of the next match from a place on.
    pub(super) fn captures<'t>(&self, text: &'t str, from: usize) -> Option<Captures<'t>> {
        let first = self.first.captures_at(text, from)?;
        let found = first.get(0)?.range();
        let end = self.longest.as_ref().and_then(|ends| ends.longest(text, found.start));
        match (&self.longest, end) {
            (Some(ends), Some(end)) if end > found.end => {
                ends.to_the_end.captures_at(text.get(..end)?, found.start)
            }
            _ => Some(first),
        }
    }
}

impl Ends {
    fn build(translated: &str) -> Result<Ends, String> {
        let automaton = DFA::builder()
            .configure(DFA::config().match_kind(MatchKind::All).cache_capacity(SIZE))
            .thompson(thompson::Config::new().nfa_size_limit(Some(SIZE)))
            .syntax(syntax::Config::new().dot_matches_new_line(true))
            .build(translated)
            .map_err(|_| "it is too large".to_owned())?;
        let cache = RefCell::new(automaton.create_cache());
        Ok(Ends { automaton, cache, to_the_end: compile(&format!("(?:{translated})$"))? })
    }

    /// Where the longest match ends that begins at a place.
    fn longest(&self, text: &str, start: usize) -> Option<usize> {
        let input = Input::new(text).range(start..).anchored(Anchored::Yes);
        let end = self.automaton.try_search_fwd(&mut self.cache.borrow_mut(), &input).ok()??;
        Some(end.offset())
    }
}

/// Compiles a regular expression within limits of its size; the mistake as one line.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let built =
        RegexBuilder::new(pattern).dot_matches_new_line(true).size_limit(SIZE).dfa_size_limit(SIZE).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or("").trim();
            reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
        }
    })
}

/// A POSIX extended regular expression in the syntax of the `regex` crate, and whether it has alternatives.
fn translate(pattern: &str) -> Result<(String, bool), String> {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    // Where the groups begin that are open, and where that begins which a repetition repeats.
    let mut groups = Vec::new();
    let mut repeated = 0;
    let mut after_repetition = false;
    let mut has_alternatives = false;
    while let Some(character) = characters.next() {
        let repeats = matches!(character, '*' | '+' | '?');
        if repeats && after_repetition {
            // A second repetition repeats the first one, where the `regex` crate would change what it prefers.
            text.insert_str(repeated, "(?:");
            text.push(')');
        } else if !repeats && character != '{' {
            repeated = text.len();
        }
        after_repetition = repeats;
        match character {
            '\\' => match characters.next() {
                Some(next) if next.is_ascii_alphanumeric() => {
                    return Err(format!(
                        "`\\{next}` has no meaning; a class is written as `[0-9]` or `[[:space:]]`"
                    ));
                }
                Some(next) => text.push_str(&regex::escape(next.encode_utf8(&mut [0; 4]))),
                None => return Err("it ends with a backslash".to_owned()),
            },
            '(' if characters.peek() == Some(&'?') => return Err("a group cannot begin with `?`".to_owned()),
            '(' => {
                groups.push(text.len());
                text.push('(');
            }
            ')' => {
                repeated = groups.pop().unwrap_or(repeated);
                text.push(')');
            }
            '{' => {
                text.push('{');
                while let Some(next) = characters.next_if(|next| next.is_ascii_digit() || *next == ',') {
                    text.push(next);
                }
                if characters.next_if_eq(&'}').is_none() {
                    return Err("a brace is not closed".to_owned());
                }
                text.push('}');
                after_repetition = true;
            }
            '[' => bracket(&mut characters, &mut text)?,
            other => {
                has_alternatives |= other == '|';
                text.push(other);
            }
        }
    }
    Ok((text, has_alternatives))
}

/// A bracket expression, in which a backslash is a character like any other.
fn bracket(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    text: &mut String,
) -> Result<(), String> {
    text.push('[');
    if characters.next_if_eq(&'^').is_some() {
        text.push('^');
    }
    let mut first = true;
    loop {
        let character = characters.next().ok_or("a bracket is not closed")?;
        match character {
            ']' if !first => break,
            '[' if characters.next_if_eq(&':').is_some() => {
                let mut class = String::new();
                while let Some(letter) = characters.next_if(char::is_ascii_alphabetic) {
                    class.push(letter);
                }
                if characters.next_if_eq(&':').is_none() || characters.next_if_eq(&']').is_none() {
                    return Err("a class such as `[:alpha:]` is not closed".to_owned());
                }
                if !CLASSES.contains(&class.as_str()) {
                    return Err(format!("there is no class `[:{class}:]`"));
                }
                text.push_str(&format!("[:{class}:]"));
            }
            // Alone at an end it is a character, and two of them would subtract one class from another.
            '-' if !first && characters.peek() != Some(&']') => text.push('-'),
            other if other.is_ascii_punctuation() => {
                text.push('\\');
                text.push(other);
            }
            other => text.push(other),
        }
        first = false;
    }
    text.push(']');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_follow_posix() {
        let matches =
            |pattern: &str, text: &str| posix(&pattern.into()).is_ok_and(|regex| regex.is_match(text));
        assert!(matches("[]a]+", "a]"));
        assert!(matches("[^]a]", "b"));
        assert!(matches(r"[\.]+", r"\."));
        assert!(matches("[[:digit:]-]+", "1-2"));
        assert!(matches("[a[]+", "[a"));
        assert!(matches("[&~]+", "&&~~"));
        assert!(matches(r"a\.b", "a.b"));
        assert!(!matches("a", "ab"));
        assert!(posix(&r"\d".into()).is_err());
        assert!(posix(&"(?i)a".into()).is_err());
    }

    #[test]
    fn matches_are_the_longest_from_the_left() {
        let found = |pattern: &str, text: &str| {
            let search = Longest::new(&pattern.into()).ok()?;
            let captures = search.captures(text, 0)?;
            Some(captures.iter().map(|group| group.map_or("", |group| group.as_str()).to_owned()).collect())
        };
        let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(found("a|ab", "xaby"), words(&["ab"]));
        assert_eq!(found("(a)?(ab)?", "ab"), words(&["a", "a", ""]));
        assert_eq!(found("b*", "abb"), words(&[""]));
        assert_eq!(found("[0-9]+", "a12b345"), words(&["12"]));
        assert_eq!(found("(a|ab)(c|bcd)?", "abcd"), words(&["abcd", "a", "bcd"]));
    }
}
