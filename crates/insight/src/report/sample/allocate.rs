//! How many records of each stratum are drawn.

use std::cmp::Reverse;

/// The least of each stratum that has as many: of fewer nobody can say how often the classifier errs there.
pub const LEAST: u32 = 5;

/// How many of each stratum, for its size in `sizes`: at least [`LEAST`], or all it has; the rest of `total` in
/// proportion to what is left in each, by largest remainders. More than `total` where the least alone is more.
pub fn allocate(sizes: &[u64], total: u64) -> Vec<u64> {
    let mut given: Vec<u64> = sizes.iter().map(|size| (*size).min(u64::from(LEAST))).collect();
    let left: Vec<u64> = sizes.iter().zip(&given).map(|(size, given)| size - given).collect();
    let (all_given, all_left) = (given.iter().sum::<u64>(), left.iter().sum::<u64>());
    let rest = total.saturating_sub(all_given).min(all_left);
    if rest == 0 {
        return given;
    }
    // A part is what is left, times the rest, over all that is left: it is never more than what is left.
    let scaled: Vec<u128> = left.iter().map(|left| u128::from(*left) * u128::from(rest)).collect();
    let whole = |scaled: u128| (scaled / u128::from(all_left)) as u64;
    for (given, scaled) in given.iter_mut().zip(&scaled) {
        *given += whole(*scaled);
    }
    let missing = rest - scaled.iter().map(|scaled| whole(*scaled)).sum::<u64>();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|at| Reverse(scaled[*at] % u128::from(all_left)));
    for at in order.into_iter().take(missing as usize) {
        given[at] += 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // By hand: 5, 5 and 3 first; of the 87 others 79.45 and 7.55, and the larger remainder is the second's.
    #[test]
    fn the_least_first_and_the_rest_in_proportion() {
        assert_eq!(allocate(&[900, 90, 3], 100), [84, 13, 3]);
        assert_eq!(allocate(&[100; 8], 20), [5; 8], "the least of each, though more than was asked for");
        assert_eq!(allocate(&[7, 2], 100), [7, 2], "no more than there is");
        assert!(allocate(&[], 100).is_empty());
    }

    proptest! {
        #[test]
        fn as_many_as_asked_for_and_as_there_are(
            sizes in prop::collection::vec(1u64..10_000, 1..40),
            total in 1u64..1_000,
        ) {
            let given = allocate(&sizes, total);
            let least: u64 = sizes.iter().map(|size| (*size).min(5)).sum();
            let all: u64 = sizes.iter().sum();
            prop_assert_eq!(given.iter().sum::<u64>(), total.max(least).min(all));
            for (given, size) in given.iter().zip(&sizes) {
                prop_assert!(given <= size && *given >= (*size).min(5));
            }
        }
    }
}
