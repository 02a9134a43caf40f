//! Names by numbers: 0, 1, 2 and so on, as they come.

use super::writers::Name;
use std::hash::{BuildHasher, RandomState};

/// Places at first, a power of two.
const FEWEST: usize = 16;

#[derive(Debug, Clone)]
pub(super) struct Numbers {
    /// By their number.
    names: Vec<Name>,
    /// Where a name is looked for: its number and one, 0 where nothing is. As many as a power of two, and twice the names at
    /// least.
    places: Vec<u32>,
    /// Drawn anew for each, so that nobody can choose names that are all looked for at one place.
    seed: u64,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { names: Vec::new(), places: vec![0; FEWEST], seed: RandomState::new().hash_one(0_u64) }
    }
}

impl Numbers {
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// # Panics
    /// Where no name has that number.
    pub fn name(&self, number: u32) -> Name {
        self.names[number as usize]
    }

    /// `None` where it did not come yet.
    pub fn get(&self, name: Name) -> Option<u32> {
        self.find(name).ok()
    }

    /// That of a name, which it gets where it has none yet.
    pub fn number(&mut self, name: Name) -> u32 {
        match self.find(name) {
            Ok(number) => number,
            Err(place) => self.put(place, name),
        }
    }

    /// The number, or the place where it has to be put.
    fn find(&self, name: Name) -> Result<u32, usize> {
        let mut place = self.first(name);
        loop {
            match self.places[place] {
                0 => return Err(place),
                number if self.names[number as usize - 1] == name => return Ok(number - 1),
                _ => place = (place + 1) & (self.places.len() - 1),
            }
        }
    }

    fn first(&self, name: Name) -> usize {
        // By the upper bits of the product: each bit of the name has a say in them.
        let mixed = (name ^ self.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (64 - self.places.len().trailing_zeros())) as usize
    }

    fn put(&mut self, place: usize, name: Name) -> u32 {
        // There are fewer names than rows, twice, and a shelf has far fewer rows than 2^31.
        let number = self.names.len() as u32;
        self.names.push(name);
        self.places[place] = number + 1;
        if 2 * self.names.len() > self.places.len() {
            self.widen();
        }
        number
    }

    fn widen(&mut self) {
        self.places = vec![0; 2 * self.places.len()];
        for number in 0..self.names.len() {
            if let Err(place) = self.find(self.names[number]) {
                self.places[place] = number as u32 + 1;
            }
        }
    }

    pub fn heap(&self) -> usize {
        8 * self.names.capacity() + 4 * self.places.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn each_name_has_one_number_and_keeps_it(
            names in prop::collection::vec(prop_oneof![any::<u64>(), 0_u64..40], 0..300),
            other in any::<u64>(),
        ) {
            let (mut numbers, mut known) = (Numbers::default(), HashMap::new());
            for name in &names {
                let next = known.len() as u32;
                let expected = *known.entry(*name).or_insert(next);
                prop_assert_eq!(numbers.number(*name), expected);
            }
            prop_assert_eq!(numbers.len(), known.len());
            for (name, number) in &known {
                prop_assert_eq!((numbers.get(*name), numbers.name(*number)), (Some(*number), *name));
            }
            prop_assert_eq!(numbers.get(other), known.get(&other).copied());
        }
    }

    /// What only the lower or only the upper bits tell apart is spread as well.
    #[test]
    fn names_in_a_row_take_no_longer() {
        for step in [1_u64, 1 << 20, 1 << 44] {
            let mut numbers = Numbers::default();
            (0..10_000).for_each(|at: u64| {
                numbers.number(at.wrapping_mul(step));
            });
            let way = |at: u64| {
                let (name, places) = (at.wrapping_mul(step), numbers.places.len());
                let place = numbers.places.iter().position(|held| *held == at as u32 + 1).unwrap();
                (place + places - numbers.first(name)) % places
            };
            let longest = (0..10_000).step_by(97).map(way).max();
            assert!(longest.is_some_and(|longest| longest < 200), "{step}: {longest:?}");
        }
    }
}
