//! Attribute sets: sorted names beside their values, so that equal shapes share their names.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{Name, Value, meter};

/// An immutable attribute set; its values may be thunks. Names are in byte order.
#[derive(Clone)]
pub struct Attrs(Rc<Data>);

struct Data {
    keys: Arc<[Name]>,
    values: Vec<Value>,
}

impl Attrs {
    /// A set from sorted names and the values in their order.
    pub fn new(keys: Arc<[Name]>, values: Vec<Value>) -> Attrs {
        debug_assert_eq!(keys.len(), values.len());
        meter::add(size(&values));
        Attrs(Rc::new(Data { keys, values }))
    }

    /// The set without attributes.
    pub fn empty() -> Attrs {
        Attrs::new(Arc::from([]), Vec::new())
    }

    /// Whether both are one and the same set.
    pub fn is_same(&self, other: &Attrs) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether nothing else holds it.
    pub(super) fn is_sole(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// Number of attributes.
    pub fn len(&self) -> usize {
        self.0.values.len()
    }

    /// Whether there are no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.values.is_empty()
    }

    /// The sorted names.
    pub fn keys(&self) -> &Arc<[Name]> {
        &self.0.keys
    }

    /// The values in the order of the names.
    pub fn values(&self) -> &[Value] {
        &self.0.values
    }

    /// Names and values in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Value)> {
        self.0.keys.iter().zip(&self.0.values)
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let index = self.0.keys.binary_search_by(|key| (**key).cmp(name)).ok()?;
        self.0.values.get(index)
    }

    /// The value of an attribute that probably stands at `hint`.
    #[inline]
    pub fn get_hinted(&self, name: &Name, hint: usize) -> Option<&Value> {
        match self.0.keys.get(hint) {
            Some(key) if Arc::ptr_eq(key, name) => self.0.values.get(hint),
            _ => self.find(name),
        }
    }

    /// The value of an attribute whose name mostly is the same allocation as the set's: in a small set that is
    /// looked for before names are compared.
    #[inline(never)]
    fn find(&self, name: &Name) -> Option<&Value> {
        let few = self.0.keys.get(..self.len().min(SMALL))?;
        match few.iter().position(|key| Arc::ptr_eq(key, name)) {
            Some(place) => self.0.values.get(place),
            None => self.get(name),
        }
    }

    /// Whether there is such an attribute.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Where the names of another set stand among these; nothing where one does not.
    fn places_of(&self, other: &Attrs) -> Option<Vec<usize>> {
        if other.len() > self.len() {
            return None;
        }
        let place = |name: &Name| self.0.keys.binary_search_by(|key| compare(key, name)).ok();
        other.0.keys.iter().map(place).collect()
    }

    /// `self // other`: the attributes of both, those of `other` where both have one.
    pub fn update(&self, other: &Attrs) -> Attrs {
        if other.is_empty() {
            return self.clone();
        }
        if self.is_empty() || Arc::ptr_eq(&self.0.keys, &other.0.keys) {
            return other.clone();
        }
        if let Some(places) = self.places_of(other) {
            if places.len() == self.len() {
                return other.clone();
            }
            let mut values = self.0.values.clone();
            for (place, value) in places.into_iter().zip(&other.0.values) {
                if let Some(old) = values.get_mut(place) {
                    *old = value.clone();
                }
            }
            return Attrs::new(Arc::clone(&self.0.keys), values);
        }
        let mut keys = Vec::with_capacity(self.len() + other.len());
        let mut values = Vec::with_capacity(self.len() + other.len());
        let mut left = self.iter().peekable();
        let mut right = other.iter().peekable();
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((a, _)), Some((b, _))) => compare(a, b),
            };
            if order.is_eq() {
                left.next();
            }
            let next = if order.is_lt() { left.next() } else { right.next() };
            if let Some((key, value)) = next {
                keys.push(key.clone());
                values.push(value.clone());
            }
        }
        Attrs::new(keys.into(), values)
    }
}

/// So many names are compared by their addresses first.
const SMALL: usize = 8;

/// The order of two names, which often are one.
fn compare(left: &Name, right: &Name) -> Ordering {
    if Arc::ptr_eq(left, right) { Ordering::Equal } else { left.cmp(right) }
}

fn size(values: &[Value]) -> usize {
    // The names are often shared; their pointers are counted as if they never were, as is what three
    // allocations take besides.
    112 + std::mem::size_of_val(values) + values.len() * 16
}

impl Drop for Data {
    fn drop(&mut self) {
        meter::remove(size(&self.values));
        meter::drop_flat(self.values.drain(..));
    }
}

/// Collects attributes in any order; of equal names the last one counts.
#[derive(Default)]
pub struct AttrsBuilder {
    entries: BTreeMap<Name, Value>,
    /// The bytes that are counted for the entries.
    counted: usize,
}

/// What an entry takes while attributes are collected: nodes of the tree are partly empty, and at the end names
/// and values are copied.
const ENTRY: usize = 2 * (std::mem::size_of::<Name>() + std::mem::size_of::<Value>());

/// So many entries are counted at once.
const COUNTED: usize = 64;

impl AttrsBuilder {
    /// Adds or replaces an attribute; gives back the value that was there.
    pub fn insert(&mut self, name: Name, value: Value) -> Option<Value> {
        let before = self.entries.insert(name, value);
        self.count();
        before
    }

    /// Adds an attribute unless there is one of this name.
    pub fn insert_first(&mut self, name: Name, value: Value) {
        self.entries.entry(name).or_insert(value);
        self.count();
    }

    /// Whether there is such an attribute.
    pub fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The set.
    pub fn finish(mut self) -> Attrs {
        let (keys, values): (Vec<Name>, Vec<Value>) = std::mem::take(&mut self.entries).into_iter().unzip();
        Attrs::new(keys.into(), values)
    }

    fn count(&mut self) {
        let now = self.entries.len() / COUNTED * COUNTED * ENTRY;
        if now > self.counted {
            meter::add(now - self.counted);
            self.counted = now;
        }
    }
}

impl Drop for AttrsBuilder {
    fn drop(&mut self) {
        meter::remove(self.counted);
    }
}
