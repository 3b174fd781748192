//! Lists.

use std::ops::Deref;
use std::rc::Rc;

use super::{Value, meter};

/// An immutable list; its elements may be thunks.
#[derive(Clone)]
pub struct List(Rc<Items>);

struct Items(Vec<Value>);

impl List {
    /// A list of these elements.
    pub fn new(items: Vec<Value>) -> List {
        meter::add(size(&items));
        List(Rc::new(Items(items)))
    }

    /// Whether both are one and the same list.
    pub fn is_same(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn size(items: &[Value]) -> usize {
    48 + std::mem::size_of_val(items)
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.0
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        meter::remove(size(&self.0));
        meter::drop_flat(self.0.drain(..));
    }
}
