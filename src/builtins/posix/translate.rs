//! From POSIX extended regular expressions to the syntax of the `regex` crate.

use std::iter::Peekable;
use std::str::Chars;

use regex::Captures;

/// The classes of characters that POSIX has.
const CLASSES: [&str; 12] = [
    "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
    "xdigit",
];

/// The characters that a backslash takes their meaning, which are those that Nix's matcher knows.
const ESCAPED: &str = ".[\\()*+?{|^$";

/// A POSIX extended regular expression in the syntax of the `regex` crate.
#[derive(Debug)]
pub(super) struct Translation {
    pub(super) text: String,
    /// Whether a longer match may be behind a later alternative.
    pub(super) has_alternatives: bool,
    pub(super) groups: Groups,
}

/// Where the groups of an expression are among those of its translation.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// By the group's number; nothing for what is repeated no times.
    places: Vec<Option<usize>>,
    /// The groups that are empty once another one, which stands behind a repetition, took part.
    emptied: Vec<(usize, Vec<usize>)>,
}

impl Groups {
    /// What the groups matched, by their numbers; nothing where one took no part.
    pub(super) fn texts<'t>(&self, captures: &Captures<'t>) -> Vec<Option<&'t str>> {
        let text = |place: &Option<usize>| Some(captures.get((*place)?)?.as_str());
        let mut texts: Vec<Option<&str>> = self.places.iter().map(text).collect();
        for (behind, groups) in &self.emptied {
            for group in groups.iter().filter(|_| captures.get(*behind).is_some()) {
                if let Some(text) = texts.get_mut(*group) {
                    *text = Some("");
                }
            }
        }
        texts
    }
}

/// The groups that take part where something matches the empty text; nothing where it cannot.
type Empty = Option<Vec<usize>>;

/// One level of parentheses.
#[derive(Default)]
struct Level {
    /// Where it begins in the translation, and its number, if it is a group.
    start: usize,
    group: Option<usize>,
    /// The first alternative before the one at hand that can be empty.
    first: Empty,
    /// The alternative at hand, without its last element.
    before: Empty,
    /// The last element, where it begins in the translation, and how many groups and places there were.
    last: Empty,
    last_start: usize,
    last_groups: (usize, usize),
}

impl Level {
    fn new(start: usize, group: Option<usize>) -> Level {
        let start_empty = Some(Vec::new());
        Level { start, group, before: start_empty.clone(), last: start_empty, ..Level::default() }
    }

    /// The alternative at hand as a whole.
    fn alternative(&mut self) -> Empty {
        let mut groups = self.before.take()?;
        groups.extend(self.last.take()?);
        Some(groups)
    }

    /// What the whole level makes empty.
    fn whole(mut self) -> Empty {
        let alternative = self.alternative();
        let mut groups = self.first.or(alternative)?;
        groups.extend(self.group);
        Some(groups)
    }
}

struct Translator<'p> {
    characters: Peekable<Chars<'p>>,
    text: String,
    /// The groups of the translation.
    places: usize,
    groups: Groups,
    levels: Vec<Level>,
    level: Level,
    after_repetition: bool,
    has_alternatives: bool,
}

/// How often something is repeated.
#[derive(PartialEq)]
enum Repetition {
    /// No times.
    Never,
    /// At most so often, and perhaps not at all.
    Perhaps,
    /// A number of times that is not zero.
    Some,
    /// As often as it goes, and perhaps not at all.
    Any,
    /// As often as it goes, and once at least.
    Many,
}

/// A POSIX extended regular expression in the syntax of the `regex` crate.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn translate(pattern: &str) -> Result<Translation, String> {
    let mut translator = Translator {
        characters: pattern.chars().peekable(),
        text: String::with_capacity(pattern.len()),
        places: 0,
        groups: Groups::default(),
        levels: Vec::new(),
        level: Level::new(0, None),
        after_repetition: false,
        has_alternatives: false,
    };
    while let Some(character) = translator.characters.next() {
        translator.next(character)?;
    }
    let Translator { text, groups, has_alternatives, .. } = translator;
    Ok(Translation { text, has_alternatives, groups })
}

impl Translator<'_> {
    fn next(&mut self, character: char) -> Result<(), String> {
        let repetition = match character {
            '*' => Some(Repetition::Any),
            '+' => Some(Repetition::Many),
            '?' => Some(Repetition::Perhaps),
            '{' => Some(self.count()?),
            _ => None,
        };
        if let Some(repetition) = repetition {
            if !matches!(character, '{') {
                self.again();
                self.text.push(character);
            }
            self.repeat(&repetition);
            self.after_repetition = true;
            return Ok(());
        }
        self.after_repetition = false;
        match character {
            '(' if self.characters.peek() == Some(&'?') => {
                return Err("a group cannot begin with `?`".to_owned());
            }
            '(' => {
                self.element(None);
                let group = self.groups.places.len();
                self.places += 1;
                self.groups.places.push(Some(self.places));
                let level = Level::new(self.text.len(), Some(group));
                self.levels.push(std::mem::replace(&mut self.level, level));
                self.text.push('(');
            }
            ')' => {
                if let Some(outer) = self.levels.pop() {
                    let inner = std::mem::replace(&mut self.level, outer);
                    self.level.last_start = inner.start;
                    self.level.last = inner.whole();
                }
                self.text.push(')');
            }
            '|' => {
                let alternative = self.level.alternative();
                let first = self.level.first.take().or(alternative);
                let start = self.level.start;
                self.level = Level { first, ..Level::new(start, self.level.group) };
                self.has_alternatives = true;
                self.text.push('|');
            }
            '^' | '$' => {
                self.element(Some(Vec::new()));
                self.text.push(character);
            }
            '\\' => {
                self.element(None);
                let escaped = self.characters.next().ok_or("it ends with a backslash")?;
                self.escape(escaped)?;
            }
            '[' => {
                self.element(None);
                bracket(&mut self.characters, &mut self.text)?;
            }
            other => {
                self.element(None);
                self.text.push(other);
            }
        }
        Ok(())
    }

    /// Begins an element.
    fn element(&mut self, empty: Empty) {
        self.level.before = self.level.alternative();
        self.level.last = empty;
        self.level.last_start = self.text.len();
        self.level.last_groups = (self.groups.places.len(), self.places);
    }

    /// A second repetition repeats the first one, where the `regex` crate would change what it prefers.
    fn again(&mut self) {
        if self.after_repetition {
            self.text.insert_str(self.level.last_start, "(?:");
            self.text.push(')');
        }
    }

    /// Closes a repetition of the last element, which stands in the translation.
    ///
    /// Nix's matcher repeats once more what can be empty, and then its groups are empty.
    fn repeat(&mut self, repetition: &Repetition) {
        match repetition {
            Repetition::Never => {
                let (groups, places) = self.level.last_groups;
                self.text.truncate(self.level.last_start);
                self.text.push_str("(?:)");
                self.groups.places.iter_mut().skip(groups).for_each(|place| *place = None);
                self.groups.emptied.retain(|(behind, _)| *behind <= places);
                self.places = places;
            }
            Repetition::Any | Repetition::Many => {
                if let Some(groups) = self.level.last.clone().filter(|groups| !groups.is_empty()) {
                    self.places += 1;
                    self.groups.emptied.push((self.places, groups));
                    self.text.insert_str(self.level.last_start, "(?:");
                    self.text.push_str("())");
                }
            }
            Repetition::Perhaps | Repetition::Some => {}
        }
        if matches!(repetition, Repetition::Never | Repetition::Perhaps | Repetition::Any) {
            self.level.last.get_or_insert_with(Vec::new);
        }
    }

    /// A repetition in braces, with what it makes of the text.
    fn count(&mut self) -> Result<Repetition, String> {
        let mut count = String::new();
        while let Some(next) = self.characters.next_if(|next| next.is_ascii_digit() || *next == ',') {
            count.push(next);
        }
        if self.characters.next_if_eq(&'}').is_none() {
            return Err("a brace is not closed".to_owned());
        }
        self.text.push_str(&format!("{{{count}}}"));
        let (least, most) = count.split_once(',').unwrap_or((&count, &count));
        let is_zero = |number: &str| !number.is_empty() && number.trim_start_matches('0').is_empty();
        Ok(match (is_zero(least), most) {
            (_, most) if is_zero(most) => Repetition::Never,
            (true, "") => Repetition::Any,
            (true, _) => Repetition::Perhaps,
            (false, "") => Repetition::Many,
            (false, _) => Repetition::Some,
        })
    }

    fn escape(&mut self, escaped: char) -> Result<(), String> {
        if ESCAPED.contains(escaped) {
            self.text.push_str(&regex::escape(escaped.encode_utf8(&mut [0; 4])));
            return Ok(());
        }
        Err(match escaped.is_ascii_alphanumeric() {
            true => format!("`\\{escaped}` has no meaning; a class is written as `[0-9]` or `[[:space:]]`"),
            false => format!("`{escaped}` needs no backslash"),
        })
    }
}

/// A bracket expression, in which a backslash is a character like any other.
fn bracket(characters: &mut Peekable<Chars<'_>>, text: &mut String) -> Result<(), String> {
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
            '[' if matches!(characters.peek(), Some('.' | '=')) => {
                // Nix's matcher takes none as the end of a range.
                if text.ends_with('-') && !text.ends_with("\\-") {
                    return Err("a range ends with a character".to_owned());
                }
                text.push_str(&collated(characters)?);
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

/// The letter of `[.x.]`, and of `[=x=]` with the other one that differs in case alone; the bracket is read.
fn collated(characters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mark = characters.next();
    let letter = characters.next().filter(char::is_ascii_alphabetic);
    match (letter, characters.next() == mark, characters.next()) {
        (Some(letter), true, Some(']')) if mark == Some('=') => {
            Ok([letter.to_ascii_lowercase(), letter.to_ascii_uppercase()].iter().collect())
        }
        (Some(letter), true, Some(']')) => Ok(letter.to_string()),
        _ => Err("`[.x.]` and `[=x=]` are of one letter".to_owned()),
    }
}

/// Whether each group of a POSIX extended regular expression takes part in every match, as far as a short
/// look at it shows: there are no alternatives, and no group is repeated in a way that may be no times.
pub(crate) fn has_all_groups(pattern: &str) -> bool {
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '[' if bracket(&mut characters, &mut String::new()).is_err() => return false,
            '|' => return false,
            ')' if matches!(characters.peek(), Some('*' | '?' | '{')) => return false,
            _ => {}
        }
    }
    true
}
