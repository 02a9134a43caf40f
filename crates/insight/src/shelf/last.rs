//! What was said last of each of many.

use super::part::Part;

/// By their numbers.
#[derive(Debug)]
pub(super) struct Last<T> {
    /// Of each number where among `said`, and one; 0 for nothing.
    places: Vec<u32>,
    said: Vec<(u32, T)>,
}

impl<T> Last<T> {
    /// Of the numbers below this one.
    pub fn new(numbers: usize) -> Self {
        Self { places: vec![0; numbers], said: Vec::new() }
    }

    /// Takes the place of what was said before, where there was nothing or `is_later` than that.
    ///
    /// # Panics
    /// Where the number is not below the one that it was made for.
    pub fn keep(&mut self, number: u32, value: T, is_later: impl FnOnce(&T) -> bool) {
        let place = &mut self.places[number as usize];
        match (*place as usize).checked_sub(1).map(|at| &mut self.said[at].1) {
            None => {
                self.said.push((number, value));
                // There are no more than numbers.
                *place = self.said.len() as u32;
            }
            Some(said) if is_later(said) => *said = value,
            Some(_) => {}
        }
    }

    pub fn get(&self, number: u32) -> Option<&T> {
        let at = (self.places[number as usize] as usize).checked_sub(1)?;
        Some(&self.said[at].1)
    }

    /// In the order in which they were first spoken of.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.said.iter().map(|(number, value)| (*number, value))
    }

    /// Forgets all; it costs as much as was said.
    pub fn clear(&mut self) {
        for (number, _) in self.said.drain(..) {
            self.places[number as usize] = 0;
        }
    }
}

/// A row among those of several parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub part: u32,
    pub row: u32,
}

/// Parts by their numbers, to tell which of their rows occurred first.
#[derive(Clone, Copy)]
pub(super) struct Timeline<'o, 's>(pub &'o [&'s Part]);

impl Timeline<'_, '_> {
    /// By time and then id. Only rows of one day that lie in different parts have to be looked at.
    pub fn is_before(self, one: At, other: At) -> bool {
        if one.part == other.part {
            return one.row < other.row;
        }
        let [(day, key), (other_day, other_key)] = [one, other].map(|at| {
            let part = self.0[at.part as usize];
            (part.day, move || part.key(at.row as usize))
        });
        if day == other_day { key() < other_key() } else { day < other_day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn the_last_word_stays(
            turns in prop::collection::vec(prop::collection::vec((0_u32..9, any::<u8>()), 0..30), 1..4),
        ) {
            let mut last = Last::new(9);
            for said in turns {
                let mut expected: BTreeMap<u32, u8> = BTreeMap::new();
                for (number, value) in said {
                    last.keep(number, value, |before| *before < value);
                    let kept = expected.entry(number).or_insert(value);
                    *kept = value.max(*kept);
                }
                for number in 0..9 {
                    prop_assert_eq!(last.get(number), expected.get(&number));
                }
                let told: BTreeMap<u32, u8> = last.iter().map(|(number, value)| (number, *value)).collect();
                prop_assert_eq!(told, expected);
                last.clear();
                prop_assert!((0..9).all(|number| last.get(number).is_none()) && last.iter().next().is_none());
            }
        }
    }
}
