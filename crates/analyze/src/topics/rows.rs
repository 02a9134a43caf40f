//! Vectors of one width, one after the other, in sixteen bits: the multiply-and-add of vector units works on them directly.

use std::ops::Range;

/// Every width is a multiple of it: what is taken at once.
const CHUNK: usize = 64;

#[derive(Debug, Default)]
pub struct Rows {
    width: usize,
    numbers: Vec<i16>,
}

impl Rows {
    /// For vectors of `length` numbers; zeros fill them up to whole chunks, which changes no product.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { width: length.next_multiple_of(CHUNK), numbers: Vec::new() }
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    pub fn push(&mut self, vector: impl IntoIterator<Item = i16>) {
        widen(vector, self.width, &mut self.numbers);
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len() / self.width.max(1)
    }

    #[must_use]
    pub fn row(&self, at: usize) -> &[i16] {
        &self.numbers[at * self.width..(at + 1) * self.width]
    }

    /// The rows in a range.
    pub fn rows(&self, range: Range<usize>) -> impl Iterator<Item = &[i16]> {
        let numbers = &self.numbers[range.start * self.width..range.end * self.width];
        numbers.chunks_exact(self.width.max(1))
    }
}

/// Appends a vector with zeros behind it.
pub fn widen(vector: impl IntoIterator<Item = i16>, width: usize, out: &mut Vec<i16>) {
    let end = out.len() + width;
    out.extend(vector.into_iter().take(width));
    out.resize(end, 0);
}

/// Cosine of two vectors of length 127.
#[inline]
pub fn likeness(a: &[i16], b: &[i16]) -> f32 {
    product(a, b) as f32 / (127.0 * 127.0)
}

/// Of two vectors of length 127 at most 127², whatever their width.
#[inline]
pub fn product(a: &[i16], b: &[i16]) -> i32 {
    let (a, b) = (a.as_chunks::<CHUNK>().0, b.as_chunks::<CHUNK>().0);
    a.iter().zip(b).map(|(a, b)| chunk_product(a, b)).fold(0, i32::wrapping_add)
}

/// Unchecked, so that it stays a vector operation in every profile.
#[inline]
fn chunk_product(a: &[i16; CHUNK], b: &[i16; CHUNK]) -> i32 {
    let products = a.iter().zip(b).map(|(a, b)| i32::from(*a).wrapping_mul(i32::from(*b)));
    products.fold(0i32, i32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_vectors_are_filled_up() {
        let mut rows = Rows::new(65);
        rows.push([1, 2, 3]);
        rows.push(std::iter::repeat_n(1, 65));
        assert_eq!((rows.width(), rows.row(0)[..4].to_vec()), (128, vec![1, 2, 3, 0]));
        assert_eq!(product(rows.row(0), rows.row(1)), 6);
        assert_eq!(rows.rows(0..2).count(), 2);
    }

    proptest! {
        #[test]
        fn a_product_is_that_of_the_numbers(
            pairs in proptest::collection::vec((-127i16..=127, -127i16..=127), 0..400),
        ) {
            let mut rows = Rows::new(pairs.len());
            rows.push(pairs.iter().map(|(a, _)| *a));
            rows.push(pairs.iter().map(|(_, b)| *b));
            let expected: i32 = pairs.iter().map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
            prop_assert_eq!(product(rows.row(0), rows.row(1)), expected);
        }
    }
}
