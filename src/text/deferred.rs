//! What is read when somebody looks at it for the first time.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// A value that is there, or that is read once when it is first looked at. It can be shared between threads.
///
/// ```
/// use invq::text::Deferred;
///
/// let numbers = Deferred::new(|| vec![1, 2, 3]);
/// assert_eq!(numbers.len(), 3);
/// ```
pub struct Deferred<T> {
    /// The value, where it has been there from the beginning.
    there: T,
    later: Option<Box<Later<T>>>,
}

struct Later<T> {
    value: OnceLock<T>,
    /// Whoever makes it answers for what cannot be read, since nobody who looks can.
    read: Box<dyn Fn() -> T + Send + Sync>,
}

impl<T: Default> Deferred<T> {
    /// A value that is read when it is first looked at.
    pub fn new(read: impl Fn() -> T + Send + Sync + 'static) -> Deferred<T> {
        let later = Later { value: OnceLock::new(), read: Box::new(read) };
        Deferred { there: T::default(), later: Some(Box::new(later)) }
    }
}

impl<T> From<T> for Deferred<T> {
    fn from(value: T) -> Deferred<T> {
        Deferred { there: value, later: None }
    }
}

impl<T: Default> Default for Deferred<T> {
    fn default() -> Deferred<T> {
        Deferred::from(T::default())
    }
}

impl<T> Deref for Deferred<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        match &self.later {
            None => &self.there,
            Some(later) => later.value.get_or_init(|| (later.read)()),
        }
    }
}

impl<T> DerefMut for Deferred<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        if self.later.is_some() {
            self.settle();
        }
        &mut self.there
    }
}

impl<T> Deferred<T> {
    /// Reads the value now, so that it can be changed.
    #[cold]
    fn settle(&mut self) {
        if let Some(later) = self.later.take() {
            let Later { value, read } = *later;
            self.there = value.into_inner().unwrap_or_else(read);
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Deferred<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Deferred;

    #[test]
    fn a_value_is_read_once_when_it_is_looked_at() {
        let reads = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&reads);
        let mut value = Deferred::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            vec![1]
        });
        assert_eq!(reads.load(Ordering::Relaxed), 0);
        assert_eq!((value.len(), value.len()), (1, 1));
        value.push(2);
        assert_eq!(*value, [1, 2]);
        assert_eq!(reads.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_value_can_be_changed_before_it_is_looked_at() {
        let mut value = Deferred::new(|| vec![1]);
        value.push(2);
        assert_eq!(*value, [1, 2]);
    }
}
