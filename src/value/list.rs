//! Lists.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use super::{Value, meter};

/// An immutable list; its elements may be thunks.
#[derive(Clone)]
pub struct List(Rc<Items>);

/// The elements, by themselves or at the beginning of ones that lists share.
///
/// A list that is made by adding to another shares its elements: elements are only ever added behind
/// the last one, and each list knows how many are its own. So a list that grows step by step is copied
/// once, when it is looked into, and not at every step.
struct Items {
    /// The elements, once they are looked at.
    own: OnceCell<Vec<Value>>,
    /// The elements with those that were added behind them.
    shared: RefCell<Option<Rc<Elements>>>,
    length: usize,
}

/// Elements that several lists begin with. They count beside the lists, each of which may need a copy.
struct Elements {
    items: RefCell<Vec<Value>>,
    counted: Cell<usize>,
}

impl Elements {
    fn new(items: Vec<Value>) -> Elements {
        let elements = Elements { items: RefCell::new(items), counted: Cell::new(0) };
        elements.count();
        elements
    }

    fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Counts the bytes of what was added.
    fn count(&self) {
        let now = self.len() * size_of::<Value>();
        meter::add(now - self.counted.replace(now));
    }
}

impl List {
    /// A list of these elements.
    pub fn new(items: Vec<Value>) -> List {
        let length = items.len();
        List::of(Items { own: OnceCell::from(items), shared: RefCell::new(None), length })
    }

    fn of(items: Items) -> List {
        meter::add(size(items.length));
        List(Rc::new(items))
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.0.length
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.0.length == 0
    }

    /// Whether nothing else holds it.
    pub(super) fn is_sole(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// A list of these elements and others behind them; in time that goes with the others alone where
    /// nothing was added to this list before.
    #[must_use]
    pub fn with<'l>(&self, others: impl Iterator<Item = &'l List>) -> List {
        let known = self.0.shared.borrow().clone();
        let free = known.filter(|elements| elements.len() == self.len());
        let elements = free.unwrap_or_else(|| Rc::new(Elements::new(self.to_vec())));
        for other in others {
            // Its elements may be these.
            let added = other.to_vec();
            elements.items.borrow_mut().extend(added);
        }
        elements.count();
        let length = elements.len();
        List::of(Items { own: OnceCell::new(), shared: RefCell::new(Some(elements)), length })
    }

    /// Whether [`List::with`] copies the elements.
    pub fn is_copied(&self) -> bool {
        !matches!(&*self.0.shared.borrow(), Some(elements) if elements.len() == self.len())
    }

    /// Whether both are one and the same list.
    pub fn is_same(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The bytes that a list of so many elements counts with: what they take, and two allocations.
fn size(length: usize) -> usize {
    size_of::<Items>() + 48 + length * size_of::<Value>()
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.0.own.get_or_init(|| match self.0.shared.take().map(Rc::try_unwrap) {
            Some(Ok(mut elements)) => std::mem::take(elements.items.get_mut()),
            Some(Err(elements)) => {
                let items = elements.items.borrow().iter().take(self.0.length).cloned().collect();
                // Others may still be added to it.
                self.0.shared.replace(Some(elements));
                items
            }
            None => Vec::new(),
        })
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        meter::remove(size(self.length));
        if let Some(items) = self.own.get_mut() {
            meter::drop_flat(items.drain(..));
        }
    }
}

impl Drop for Elements {
    fn drop(&mut self) {
        meter::remove(self.counted.get());
        meter::drop_flat(self.items.get_mut().drain(..));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(numbers: impl IntoIterator<Item = i64>) -> List {
        List::new(numbers.into_iter().map(Value::Int).collect())
    }

    fn numbers(list: &List) -> Vec<i64> {
        let number = |value: &Value| match value {
            Value::Int(number) => *number,
            _ => -1,
        };
        list.iter().map(number).collect()
    }

    #[test]
    fn what_is_added_to_one_list_is_not_in_another() {
        let start = list([1, 2]);
        let left = start.with([&list([3])].into_iter());
        let right = left.with([&list([4])].into_iter());
        let other = left.with([&list([5, 6]), &left].into_iter());
        let twice = right.with([&right].into_iter());
        assert_eq!(numbers(&other), [1, 2, 3, 5, 6, 1, 2, 3]);
        assert_eq!(numbers(&right), [1, 2, 3, 4]);
        assert_eq!(numbers(&left), [1, 2, 3]);
        assert_eq!(numbers(&start), [1, 2]);
        assert_eq!(numbers(&twice), [1, 2, 3, 4, 1, 2, 3, 4]);
        assert_eq!(twice.len(), 8);
    }

    #[test]
    fn a_list_that_grows_is_not_copied() {
        let mut grown = list([]);
        for number in 0..100 {
            let next = grown.with([&list([number])].into_iter());
            assert!(grown.is_copied(), "something was added to it");
            grown = next;
            assert!(!grown.is_copied());
        }
        assert_eq!(numbers(&grown), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn counted_bytes_come_back() {
        let before = meter::live();
        let grown = list([1]).with([&list([2]), &list([3])].into_iter());
        assert_eq!(numbers(&grown).len(), 3);
        drop(grown);
        assert_eq!(meter::live(), before);
    }
}
