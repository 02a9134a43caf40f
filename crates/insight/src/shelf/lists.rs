//! Columns that most rows have nothing in.

/// A list in every row.
#[derive(Debug, Clone)]
pub(super) struct Lists<T> {
    /// Empty while all lists are.
    ends: Vec<u32>,
    items: Vec<T>,
    rows: usize,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), items: Vec::new(), rows: 0 }
    }
}

impl<T> Lists<T> {
    pub fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        if !self.items.is_empty() {
            self.ends.resize(self.rows, 0);
            // A record has few of anything, and a part few enough records.
            self.ends.push(self.items.len() as u32);
        }
        self.rows += 1;
    }

    pub fn get(&self, row: usize) -> &[T] {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        &self.items[row.checked_sub(1).map_or(0, end)..end(row)]
    }

    pub fn items_mut(&mut self) -> &mut [T] {
        &mut self.items
    }

    pub fn shrink(&mut self) {
        self.ends.shrink_to_fit();
        self.items.shrink_to_fit();
    }

    pub fn heap(&self) -> usize {
        4 * self.ends.capacity() + size_of::<T>() * self.items.capacity()
    }
}

/// A number in every row, of which most are the same.
#[derive(Debug, Clone)]
pub(super) struct Thin<T> {
    usual: T,
    /// Empty while all are the usual one.
    values: Vec<T>,
    rows: usize,
}

impl<T: Copy + PartialEq> Thin<T> {
    pub fn new(usual: T) -> Self {
        Self { usual, values: Vec::new(), rows: 0 }
    }

    pub fn push(&mut self, value: T) {
        if !self.values.is_empty() || value != self.usual {
            self.values.resize(self.rows, self.usual);
            self.values.push(value);
        }
        self.rows += 1;
    }

    pub fn get(&self, row: usize) -> T {
        self.values.get(row).copied().unwrap_or(self.usual)
    }

    pub fn shrink(&mut self) {
        self.values.shrink_to_fit();
    }

    pub fn heap(&self) -> usize {
        size_of::<T>() * self.values.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_and_numbers_are_read_as_they_were_written(
            lists in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3), 0..20),
            numbers in prop::collection::vec(0_u16..3, 0..20),
        ) {
            let (mut all, mut thin) = (Lists::default(), Thin::new(0));
            lists.iter().for_each(|list| all.push(list.iter().copied()));
            numbers.iter().for_each(|number| thin.push(*number));
            for (row, list) in lists.iter().enumerate() {
                prop_assert_eq!(all.get(row), list.as_slice());
            }
            for (row, number) in numbers.iter().enumerate() {
                prop_assert_eq!(thin.get(row), *number);
            }
        }
    }

    #[test]
    fn nothing_takes_no_room() {
        let (mut lists, mut thin) = (Lists::<u64>::default(), Thin::new(1_u64));
        (0..1_000).for_each(|_| {
            lists.push([]);
            thin.push(1);
        });
        assert_eq!((lists.heap(), thin.heap()), (0, 0));
        assert_eq!((lists.get(999), thin.get(999)), (&[][..], 1));
    }
}
