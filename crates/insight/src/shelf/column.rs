//! A column of words that repeat: each distinct one once, and a number as small as it can be in every row.
//!
//! Every part has its own numbers. What is asked is looked up in each part anew, which costs a search among few words; so
//! nothing is shared between parts, and what was erased from the last record that told it is gone from memory with it.

use super::texts::Texts;
use std::collections::HashMap;

/// Distinct words while they are collected.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<Box<str>, u32>,
}

impl Words {
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        // There are fewer words than rows, and fewer rows than 2^32.
        let number = self.numbers.len() as u32;
        self.numbers.insert(word.into(), number);
        number
    }

    /// The words in ascending order, and of each number so far the one that it has in that order.
    pub fn sorted(self) -> (Texts, Vec<u32>) {
        let mut words: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        words.sort_unstable();
        let (mut texts, mut places) = (Texts::default(), vec![0; words.len()]);
        for (place, (word, number)) in words.iter().enumerate() {
            texts.push(word);
            places[*number as usize] = place as u32;
        }
        texts.shrink();
        (texts, places)
    }
}

#[derive(Debug, Default)]
pub(super) struct ColumnBuilder {
    words: Words,
    numbers: Vec<u32>,
}

impl ColumnBuilder {
    pub fn push(&mut self, word: &str) {
        let number = self.words.number(word);
        self.numbers.push(number);
    }

    pub fn finish(self) -> Column {
        let (words, places) = self.words.sorted();
        let places = self.numbers.iter().map(|number| places[*number as usize]);
        let numbers = match words.len() {
            0 | 1 => Numbers::Same,
            2..=0x100 => Numbers::One(places.map(|place| place as u8).collect()),
            0x101..=0x1_0000 => Numbers::Two(places.map(|place| place as u16).collect()),
            _ => Numbers::Four(places.collect()),
        };
        Column { words, numbers }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Ascending.
    words: Texts,
    numbers: Numbers,
}

#[derive(Debug, Clone)]
enum Numbers {
    /// All rows tell the same word.
    Same,
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Column {
    pub fn get(&self, row: usize) -> &str {
        self.words.get(self.number(row))
    }

    pub fn number(&self, row: usize) -> usize {
        match &self.numbers {
            Numbers::Same => 0,
            Numbers::One(numbers) => usize::from(numbers[row]),
            Numbers::Two(numbers) => usize::from(numbers[row]),
            Numbers::Four(numbers) => numbers[row] as usize,
        }
    }

    /// The distinct words, ascending.
    pub fn words(&self) -> &Texts {
        &self.words
    }

    /// Leaves the rows that tell one of these; whether there may be any.
    pub fn keep(&self, wanted: &[&str], mask: &mut [bool]) -> bool {
        let mut is_wanted = vec![false; self.words.len()];
        for number in wanted.iter().filter_map(|word| self.words.find(word)) {
            is_wanted[number] = true;
        }
        if !is_wanted.contains(&true) {
            return false;
        }
        match &self.numbers {
            Numbers::Same => {}
            Numbers::One(numbers) => leave(numbers, |number| is_wanted[usize::from(number)], mask),
            Numbers::Two(numbers) => leave(numbers, |number| is_wanted[usize::from(number)], mask),
            Numbers::Four(numbers) => leave(numbers, |number| is_wanted[number as usize], mask),
        }
        true
    }

    pub fn heap(&self) -> usize {
        let numbers = match &self.numbers {
            Numbers::Same => 0,
            Numbers::One(numbers) => numbers.capacity(),
            Numbers::Two(numbers) => 2 * numbers.capacity(),
            Numbers::Four(numbers) => 4 * numbers.capacity(),
        };
        numbers + self.words.heap()
    }
}

fn leave<T: Copy>(numbers: &[T], is_wanted: impl Fn(T) -> bool, mask: &mut [bool]) {
    for (kept, number) in mask.iter_mut().zip(numbers) {
        *kept &= is_wanted(*number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn column(words: &[String]) -> Column {
        let mut builder = ColumnBuilder::default();
        words.iter().for_each(|word| builder.push(word));
        builder.finish()
    }

    proptest! {
        #[test]
        fn words_are_read_and_found_whatever_their_number(
            distinct in prop::sample::select(vec![1_usize, 2, 255, 256, 257, 700]),
            seed in any::<u32>(),
            wanted in prop::collection::vec(0_usize..800, 0..3),
        ) {
            let word = |at: usize| format!("w{}", (at as u32).wrapping_mul(2_654_435_761).wrapping_add(seed) as usize % distinct);
            let words: Vec<String> = (0..1_500).map(word).collect();
            let column = column(&words);
            let wanted: Vec<String> = wanted.iter().map(|at| format!("w{at}")).collect();
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            let mut mask = vec![true; words.len()];
            mask[0] = false;
            let any = column.keep(&wanted, &mut mask);
            for (row, word) in words.iter().enumerate() {
                prop_assert_eq!(column.get(row), word);
                let fits = wanted.contains(&word.as_str());
                prop_assert!(any || !fits);
                prop_assert!(!any || mask[row] == (fits && row > 0));
            }
        }
    }

    #[test]
    fn one_word_takes_no_room_in_the_rows() {
        let same = column(&vec!["web".to_owned(); 10_000]);
        assert!(same.heap() < 100, "{}", same.heap());
        assert!(same.keep(&["web"], &mut [true]) && !same.keep(&["ios"], &mut [true]));
        assert_eq!(column(&[]).words().len(), 0);
    }
}
