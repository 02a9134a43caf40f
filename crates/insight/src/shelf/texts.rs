//! Many texts in one buffer.

use std::ops::Range;

/// Texts by their number: one allocation for all, and four bytes each beside. Whoever fills it stays below
/// [`Texts::MOST`] bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Far enough below what an offset can say for whatever one record adds.
    pub const MOST: usize = 1 << 30;

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.close();
    }

    /// Writes the next text.
    pub fn write(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.close();
    }

    fn close(&mut self) {
        debug_assert!(u32::try_from(self.text.len()).is_ok(), "the buffer is closed long before");
        self.ends.push(self.text.len() as u32);
    }

    pub fn get(&self, at: usize) -> &str {
        &self.text[self.range(at)]
    }

    /// Where a text stands in [`Self::all`].
    pub fn range(&self, at: usize) -> Range<usize> {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        start..self.ends[at] as usize
    }

    pub fn all(&self) -> &str {
        &self.text
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Of texts in ascending order, the number of this one.
    pub fn find(&self, wanted: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).cmp(wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub fn heap(&self) -> usize {
        self.text.capacity() + 4 * self.ends.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_read_as_they_were_written(mut all in prop::collection::vec(".{0,6}", 0..30), other in ".{0,3}") {
            let mut texts = Texts::default();
            all.iter().for_each(|text| texts.push(text));
            for (at, text) in all.iter().enumerate() {
                prop_assert_eq!(texts.get(at), text);
            }
            prop_assert_eq!(texts.all(), all.concat());
            all.sort();
            all.dedup();
            let mut sorted = Texts::default();
            all.iter().for_each(|text| sorted.push(text));
            for text in all.iter().chain([&other]) {
                prop_assert_eq!(sorted.find(text), all.binary_search(text).ok());
            }
        }
    }
}
