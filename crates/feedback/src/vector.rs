//! Products of vectors of eight bits a number, as facts hold what their texts mean.

/// The product of two vectors; of two widths that of the numbers that both have. In whole numbers, so the same on every
/// machine; beyond 32 bits it wraps.
///
/// A page may wait for a million of them. This crate is built with all optimisation in every profile, so that the loop goes
/// over many numbers at once; inlined elsewhere it would be built as what is around it.
#[must_use]
#[inline(never)]
pub fn product(a: &[i8], b: &[i16]) -> i32 {
    let pairs = a.iter().zip(b);
    pairs.fold(0, |sum, (a, b)| sum.wrapping_add(i32::from(*a).wrapping_mul(i32::from(*b))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn products_by_hand() {
        assert_eq!(product(&[1, -2, 3], &[4, 5, -6]), -24);
        assert_eq!(product(&[-128; 4], &[i16::MIN; 4]), 4 * 128 * 32_768);
        assert_eq!((product(&[], &[]), product(&[7], &[2, 9]), product(&[7, 9], &[2])), (0, 14, 14));
    }

    proptest! {
        /// However many numbers the loop takes at once.
        #[test]
        fn it_is_the_sum_number_by_number(pairs in prop::collection::vec((any::<i8>(), any::<i16>()), 0..90)) {
            let (a, b): (Vec<i8>, Vec<i16>) = pairs.iter().copied().unzip();
            let sum: i64 = pairs.iter().map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
            prop_assert_eq!(i64::from(product(&a, &b)), sum);
        }
    }
}
