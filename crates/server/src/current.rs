//! A value that is replaced while others read it.

use std::ops::Deref;
use std::sync::OnceLock;

/// Reads as the newest of its values. What somebody has borrowed stays as it was, so every value is kept until the end: for
/// what people change by hand, a few times while a process runs.
#[derive(Debug, Default)]
pub struct Current<T> {
    value: T,
    /// What took its place.
    next: OnceLock<Box<Current<T>>>,
}

impl<T> Current<T> {
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { value, next: OnceLock::new() }
    }

    /// The newest.
    #[must_use]
    pub fn now(&self) -> &T {
        &self.last().value
    }

    /// Puts another in its place.
    pub fn switch(&self, value: T) {
        let mut new = Box::new(Self::new(value));
        // Whoever was faster is before it.
        while let Err(back) = self.last().next.set(new) {
            new = back;
        }
    }

    fn last(&self) -> &Self {
        let mut at = self;
        while let Some(next) = at.next.get() {
            at = next;
        }
        at
    }
}

impl<T> Deref for Current<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.now()
    }
}

impl<T> From<T> for Current<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_read_and_what_was_borrowed_stays() {
        let names = Current::new(vec!["a"]);
        let before: &[&str] = &names;
        names.switch(vec!["b", "c"]);
        names.switch(vec!["d"]);
        assert_eq!((before, names.as_slice()), (&["a"][..], &["d"][..]));
    }

    #[test]
    fn of_several_who_replace_it_at_once_none_is_lost() {
        let number = Current::new(0_usize);
        std::thread::scope(|scope| {
            (1..=8).for_each(|at| {
                let number = &number;
                scope.spawn(move || (0..50).for_each(|_| number.switch(at)));
            });
        });
        let mut count = 0;
        let mut at = &number;
        while let Some(next) = at.next.get() {
            (at, count) = (next, count + 1);
        }
        assert_eq!(count, 400);
    }
}
