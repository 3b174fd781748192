//! Texts.

use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::{Name, meter};

/// Texts shorter than this are copied when something is added to them.
const SHORT: usize = 256;

/// An immutable text.
///
/// A text that is made by adding to a longer one shares its letters, as lists share their elements: letters are only
/// ever added behind the last one, and each text knows how many are its own. So a text that grows step by step is
/// copied once, when it is looked into, and not at every step.
#[derive(Clone)]
pub struct Text(Kind);

#[derive(Clone)]
enum Kind {
    Whole(Name),
    Grown(Rc<Grown>),
}

/// A text that was made by adding to another.
struct Grown {
    /// The text, once it is looked into.
    own: OnceCell<Name>,
    /// Its letters with those that were added behind them.
    shared: RefCell<Option<Rc<Letters>>>,
    length: usize,
}

/// Letters that several texts begin with.
struct Letters {
    text: RefCell<String>,
    counted: Cell<usize>,
}

/// What a grown text takes besides its letters, with its allocation.
const GROWN: usize = size_of::<Grown>() + 32;

impl Letters {
    /// The letters of a text, with room for more.
    fn new(text: &str, more: usize) -> Letters {
        let mut letters = String::with_capacity((text.len() + more).saturating_mul(2));
        letters.push_str(text);
        Letters { text: RefCell::new(letters), counted: Cell::new(0) }
    }

    fn add(&self, more: &str) {
        let mut text = self.text.borrow_mut();
        text.push_str(more);
        let now = text.capacity();
        meter::add(now - self.counted.replace(now));
    }
}

impl Text {
    /// Number of bytes.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Whole(name) => name.len(),
            Kind::Grown(grown) => grown.length,
        }
    }

    /// Whether there are no letters.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text as names are.
    pub fn name(&self) -> Name {
        match &self.0 {
            Kind::Whole(name) => Name::clone(name),
            Kind::Grown(grown) => Name::clone(grown.whole()),
        }
    }

    /// Whether it may grow: a shorter one is copied in less time than it takes to share its letters.
    pub fn is_long(&self) -> bool {
        self.len() >= SHORT
    }

    /// The text with another behind it; in time that goes with the other alone where nothing was added to this one
    /// before.
    #[must_use]
    pub fn with(&self, more: &str) -> Text {
        let length = self.len() + more.len();
        let letters = self.free_letters().unwrap_or_else(|| Rc::new(Letters::new(self, more.len())));
        letters.add(more);
        meter::add(GROWN);
        Text(Kind::Grown(Rc::new(Grown {
            own: OnceCell::new(),
            shared: RefCell::new(Some(letters)),
            length,
        })))
    }

    /// How many bytes [`Text::with`] copies when so many are added.
    pub fn copied(&self, more: usize) -> usize {
        match self.free_letters() {
            Some(letters) => {
                let text = letters.text.borrow();
                if text.capacity() - text.len() >= more { more } else { text.len().saturating_add(more) }
            }
            None => self.len().saturating_add(more),
        }
    }

    /// The letters that end with this text's, behind which others can be added.
    fn free_letters(&self) -> Option<Rc<Letters>> {
        let Kind::Grown(grown) = &self.0 else { return None };
        let shared = grown.shared.borrow().clone();
        shared.filter(|letters| letters.text.borrow().len() == grown.length)
    }
}

impl Grown {
    fn whole(&self) -> &Name {
        self.own.get_or_init(|| {
            let shared = self.shared.take();
            let text = shared.as_ref().map(|letters| letters.text.borrow());
            let name = Name::from(text.as_ref().and_then(|text| text.get(..self.length)).unwrap_or_default());
            drop(text);
            meter::text(&name);
            // Others may still be added behind the letters.
            self.shared.replace(shared.filter(|letters| Rc::strong_count(letters) > 1));
            name
        })
    }
}

impl Drop for Grown {
    fn drop(&mut self) {
        meter::remove(GROWN);
    }
}

impl Drop for Letters {
    fn drop(&mut self) {
        meter::remove(self.counted.get());
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        match &self.0 {
            Kind::Whole(name) => name,
            Kind::Grown(grown) => grown.whole(),
        }
    }
}

impl From<Name> for Text {
    #[inline]
    fn from(name: Name) -> Text {
        Text(Kind::Whole(name))
    }
}

impl From<Text> for Name {
    fn from(text: Text) -> Name {
        match text.0 {
            Kind::Whole(name) => name,
            Kind::Grown(grown) => Name::clone(grown.whole()),
        }
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Text) -> bool {
        self.len() == other.len() && **self == **other
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;

    fn long(letter: &str) -> Text {
        Text::from(Name::from(letter.repeat(SHORT)))
    }

    #[test]
    fn what_is_added_to_one_text_is_not_in_another() {
        let start = long("a");
        let left = start.with("b");
        let right = left.with("c");
        let other = left.with("d");
        let twice = right.with(&right);
        let letters = "a".repeat(SHORT);
        assert_eq!(&*other, format!("{letters}bd"));
        assert_eq!(&*right, format!("{letters}bc"));
        assert_eq!(&*left, format!("{letters}b"));
        assert_eq!(&*start, letters);
        assert_eq!(&*twice, format!("{letters}bc{letters}bc"));
    }

    #[test]
    fn a_text_that_grows_is_not_copied() {
        let mut grown = long("a").with("b");
        let mut copied = 0;
        for _ in 0..10_000 {
            copied += grown.copied(1);
            grown = grown.with("b");
        }
        assert!(copied < 50_000, "{copied}");
        assert_eq!(grown.len(), SHORT + 10_001);
    }

    #[test]
    fn counted_bytes_come_back() {
        let before = meter::live();
        let first = long("a").with("b");
        let grown = first.with("c");
        assert_eq!(first.len() + 1, grown.name().len());
        drop((first, grown));
        meter::sweep();
        assert_eq!(meter::live(), before);
    }

    #[test]
    fn values_take_three_words() {
        assert_eq!(size_of::<Value>(), 3 * size_of::<usize>());
    }
}
