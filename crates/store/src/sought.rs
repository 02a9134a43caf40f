//! Items that are looked for among those of all rows.

/// Keys of items ([`crate::index::key`]) that are looked for among very many others, nearly none of which is one of them.
/// A key is the beginning of a hash: its first bits say nearly always that it is not.
#[derive(Debug)]
pub(crate) struct Sought {
    /// Ascending, each once.
    keys: Vec<u64>,
    /// Which beginnings there are.
    beginnings: Vec<u64>,
    /// What is left out of a key to have its beginning.
    shift: u32,
}

impl Sought {
    pub fn new(mut keys: Vec<u64>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let places = (keys.len() * 16).next_power_of_two().max(64);
        let shift = u64::BITS - places.trailing_zeros();
        let mut beginnings = vec![0; places / 64];
        for key in &keys {
            let (word, bit) = place(*key, shift);
            beginnings[word] |= 1 << bit;
        }
        Self { keys, beginnings, shift }
    }

    pub fn has(&self, key: u64) -> bool {
        let (word, bit) = place(key, self.shift);
        self.beginnings[word] & (1 << bit) != 0 && self.keys.binary_search(&key).is_ok()
    }
}

fn place(key: u64, shift: u32) -> (usize, u32) {
    let beginning = key >> shift;
    ((beginning / 64) as usize, (beginning % 64) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exactly_what_is_sought_is_found(
            keys in prop::collection::vec(prop_oneof![0_u64..20, any::<u64>()], 0..200),
            others in prop::collection::vec(prop_oneof![0_u64..20, any::<u64>()], 0..200),
        ) {
            let sought = Sought::new(keys.clone());
            for key in others.iter().chain(&keys) {
                prop_assert_eq!(sought.has(*key), keys.contains(key));
            }
        }
    }
}
