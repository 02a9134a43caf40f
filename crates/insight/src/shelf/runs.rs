//! How often each of many values is there.

/// Each value once, ascending, and how many there are of it. Of values that repeat it costs less than looking each one up.
pub(super) fn runs<T: Ord + Copy>(mut values: Vec<T>) -> Vec<(T, u64)> {
    values.sort_unstable();
    values.chunk_by(|one, other| one == other).map(|run| (run[0], run.len() as u64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn values_are_counted_as_by_hand(values in prop::collection::vec(0_u8..9, 0..60)) {
            let mut expected: BTreeMap<u8, u64> = BTreeMap::new();
            values.iter().for_each(|value| *expected.entry(*value).or_default() += 1);
            prop_assert_eq!(runs(values), expected.into_iter().collect::<Vec<_>>());
        }
    }
}
