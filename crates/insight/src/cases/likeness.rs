//! Likeness of vectors of length 127 in eight bits: cosines by whole numbers, the same on every machine.

/// What the product of two equal vectors is, but for rounding.
const SQUARE: f64 = 127.0 * 127.0;

/// Cosine of two vectors; 0 where their widths differ, for then they are of two spaces.
#[must_use]
pub fn likeness(a: &[i8], b: &[i8]) -> f64 {
    if a.len() != b.len() {
        return 0.0;
    }
    let product: i64 = a.iter().zip(b).map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
    product as f64 / SQUARE
}

/// Vectors added up. The mean of the cosines to all of them is a cosine to their sum, divided by their number: exact,
/// however many they are, and it costs one product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sum {
    /// At most 128 of each vector: 16 million vectors fit.
    numbers: Box<[i32]>,
    count: u64,
}

impl Sum {
    #[must_use]
    pub fn of(vector: &[i8]) -> Self {
        Self { numbers: vector.iter().map(|number| i32::from(*number)).collect(), count: 1 }
    }

    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// A vector of another width is no member of this and is left out.
    pub fn add(&mut self, vector: &[i8]) {
        if vector.len() == self.numbers.len() {
            let numbers = self.numbers.iter_mut().zip(vector);
            numbers.for_each(|(sum, number)| *sum = sum.saturating_add(i32::from(*number)));
            self.count += 1;
        }
    }

    /// The mean cosine to the vectors in it; 0 where there are none, or of another width.
    #[must_use]
    pub fn likeness(&self, vector: &[i8]) -> f64 {
        if self.count == 0 || vector.len() != self.numbers.len() {
            return 0.0;
        }
        let pairs = self.numbers.iter().zip(vector);
        let product: i64 = pairs.map(|(sum, number)| i64::from(*sum) * i64::from(*number)).sum();
        product as f64 / (SQUARE * self.count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cosines_by_hand() {
        assert_eq!(likeness(&[127, 0], &[127, 0]), 1.0);
        assert_eq!(likeness(&[127, 0], &[0, 127]), 0.0);
        assert_eq!(likeness(&[127, 0], &[-127, 0]), -1.0);
        // 3-4-5: (76, 102) is 127.2 long.
        assert!((likeness(&[127, 0], &[76, 102]) - 0.6).abs() < 0.002);
        assert_eq!(likeness(&[127, 0], &[127]), 0.0);
    }

    proptest! {
        #[test]
        fn likeness_to_a_sum_is_the_mean_of_likenesses(
            vectors in prop::collection::vec(prop::collection::vec(any::<i8>(), 16), 1..9),
            other in prop::collection::vec(any::<i8>(), 16),
        ) {
            let mut sum = Sum::of(&vectors[0]);
            vectors[1..].iter().for_each(|vector| sum.add(vector));
            sum.add(&[1, 2]);
            let mean = vectors.iter().map(|vector| likeness(vector, &other)).sum::<f64>() / vectors.len() as f64;
            prop_assert!((sum.likeness(&other) - mean).abs() < 1e-9);
            prop_assert_eq!(sum.count(), vectors.len() as u64);
            // In whatever order, to the last bit.
            let mut turned = Sum::of(&vectors[vectors.len() - 1]);
            vectors[..vectors.len() - 1].iter().rev().for_each(|vector| turned.add(vector));
            prop_assert_eq!(turned, sum);
        }
    }
}
