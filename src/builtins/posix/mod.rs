//! POSIX extended regular expressions, in time that is linear in the length of the text.

mod translate;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

pub(crate) use self::translate::has_all_groups;
use self::translate::{Groups, Translation, translate};
use super::support::invalid;
use crate::value::{Evaluator, Fault, Name};

/// Regular expressions that are kept compiled, since they are mostly used on many texts.
const KEPT: usize = 32;

/// How large, in bytes, a compiled regular expression may be.
const SIZE: usize = 1 << 22;

thread_local! {
    static COMPILED: RefCell<HashMap<Name, Whole>> = RefCell::new(HashMap::new());
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
    invalid(message, "write a POSIX extended one: `\"web([0-9]+)\"`").of_argument(0)
}

/// What compiling a pattern is worth, in bytes that are looked at: a small one may become large.
pub(super) const COMPILING: usize = 1 << 20;

/// A POSIX extended regular expression for whole texts.
pub(super) fn whole(ev: &mut dyn Evaluator, pattern: &Name) -> Result<Whole, Fault> {
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

/// A match of whole texts with a POSIX extended regular expression.
#[derive(Clone)]
pub(super) struct Whole {
    regex: Regex,
    groups: Rc<Groups>,
}

impl Whole {
    /// The groups of the match, if the whole text does.
    pub(super) fn groups<'t>(&self, text: &'t str) -> Option<Vec<Option<&'t str>>> {
        self.regex.captures(text).map(|captures| self.groups.texts(&captures))
    }
}

/// Compiles a POSIX extended regular expression for whole texts.
fn posix(pattern: &Name) -> Result<Whole, Fault> {
    if let Some(regex) = COMPILED.with_borrow(|compiled| compiled.get(pattern).cloned()) {
        return Ok(regex);
    }
    let build = |Translation { text, groups, .. }: Translation| {
        Ok(Whole { regex: compile(&format!("^(?:{text})$"))?, groups: Rc::new(groups) })
    };
    let whole = translate(pattern).and_then(build).map_err(|reason| mistake(pattern, &reason))?;
    COMPILED.with(|compiled| keep(compiled, pattern, whole.clone()));
    Ok(whole)
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
    groups: Rc<Groups>,
}

/// A match in a text.
pub(super) struct Found<'t> {
    pub(super) place: Range<usize>,
    /// What the groups matched; nothing where one took no part.
    pub(super) groups: Vec<Option<&'t str>>,
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
        let Translation { text, has_alternatives, groups } = translate(pattern)?;
        let first = compile(&text)?;
        let longest = if has_alternatives { Some(Rc::new(Ends::build(&text)?)) } else { None };
        Ok(Longest { first, longest, groups: Rc::new(groups) })
    }

    /// The next match from a place on: where it is, and its groups.
    pub(super) fn find<'t>(&self, text: &'t str, from: usize) -> Option<Found<'t>> {
        let captures = self.captures(text, from)?;
        let place = captures.get(0)?.range();
        Some(Found { place, groups: self.groups.texts(&captures) })
    }

    fn captures<'t>(&self, text: &'t str, from: usize) -> Option<Captures<'t>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_follow_posix() {
        let matches = |pattern: &str, text: &str| {
            posix(&pattern.into()).is_ok_and(|whole| whole.groups(text).is_some())
        };
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
            let Found { place, groups } = search.find(text, 0)?;
            let groups = groups.into_iter().map(Option::unwrap_or_default);
            Some([text.get(place)?].into_iter().chain(groups).map(str::to_owned).collect())
        };
        let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(found("a|ab", "xaby"), words(&["ab"]));
        assert_eq!(found("(a)?(ab)?", "ab"), words(&["a", "a", ""]));
        assert_eq!(found("b*", "abb"), words(&[""]));
        assert_eq!(found("[0-9]+", "a12b345"), words(&["12"]));
        assert_eq!(found("(a|ab)(c|bcd)?", "abcd"), words(&["abcd", "a", "bcd"]));
    }

    #[test]
    fn what_is_repeated_and_can_be_empty_ends_empty() {
        let groups = |pattern: &str, text: &str| {
            let groups = posix(&pattern.into()).ok()?.groups(text)?;
            Some(
                groups.into_iter().map(|group| group.unwrap_or("-").to_owned()).collect::<Vec<_>>().join(","),
            )
        };
        for (pattern, text, expected) in [
            ("(a*)*", "aa", ""),
            ("(a*)+", "aa", ""),
            ("(a)*", "aa", "a"),
            ("(a|b?)+", "ab", ""),
            ("((a)|b?)*", "ab", ",a"),
            ("((a?)b?)*", "ab", ","),
            ("((a*)*b)*", "aab", "aab,"),
            ("(a?)(b)*", "abb", "a,b"),
            ("(a?){2}", "a", ""),
            ("(a?){1,}", "a", ""),
            ("(a?)?", "a", "a"),
            ("(a){0}(b)", "b", "-,b"),
            ("((x*)*){0,0}(b)(c?)*", "bc", "-,-,b,"),
            ("(a*)**", "aa", ""),
        ] {
            assert_eq!(groups(pattern, text).as_deref(), Some(expected), "{pattern}");
        }
    }
}
