//! Sets and maps of words by their hash, for words that are mostly not in them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are hashes already: they are mixed, not hashed again.
#[derive(Debug, Default)]
pub(crate) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        // The table takes the low bits for the place and the high ones for a tag.
        self.0 = mix(hash);
    }
}

fn mix(hash: u64) -> u64 {
    (hash ^ (hash >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

/// A map by hashes, with a sieve before it: nearly every word that is not there is told by one bit.
#[derive(Debug)]
pub(crate) struct Sieved<V> {
    bits: Box<[u64]>,
    map: HashMap<u64, V, BuildHasherDefault<Mixed>>,
}

/// Eight KiB: it stays in the first cache, and a few thousand terms leave most of it empty.
const WORDS: usize = 1024;
/// A larger one would not stay there.
const MOST_WORDS: usize = 4096;
const BITS_A_WORD: usize = 64;
/// One bit in so many is set.
const SPARSITY: usize = 16;

impl<V> Default for Sieved<V> {
    fn default() -> Self {
        Self::for_about(0)
    }
}

impl<V> Sieved<V> {
    /// With a sieve that fits so many words.
    pub fn for_about(count: usize) -> Self {
        let words = (count * SPARSITY / BITS_A_WORD).next_power_of_two().clamp(WORDS, MOST_WORDS);
        Self { bits: vec![0; words].into_boxed_slice(), map: HashMap::default() }
    }

    /// The word of the sieve and the bit in it.
    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = mix(hash);
        // A power of two of words.
        ((mixed >> 6) as usize & (self.bits.len() - 1), 1 << (mixed & 63))
    }

    pub fn entry(&mut self, hash: u64) -> &mut V
    where
        V: Default,
    {
        let (word, bit) = self.place(hash);
        self.bits[word] |= bit;
        self.map.entry(hash).or_default()
    }

    #[inline]
    pub fn get(&self, hash: u64) -> Option<&V> {
        let (word, bit) = self.place(hash);
        if self.bits[word] & bit == 0 {
            return None;
        }
        self.map.get(&hash)
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.map.values_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let mut sieved = Sieved::<u64>::default();
        let hashes = || (0..5000u64).map(|number| number.wrapping_mul(0xff51_afd7_ed55_8ccd));
        hashes().step_by(2).for_each(|hash| *sieved.entry(hash) = hash);
        for (number, hash) in hashes().enumerate() {
            assert_eq!(sieved.get(hash), (number % 2 == 0).then_some(&hash));
        }
    }
}
