//! Ridge regression in its dual form: one symmetric system for all topics, solved by Cholesky's decomposition.

/// Numbers of square matrices stand row by row.
pub struct System {
    size: usize,
    /// Likenesses of all pairs with the penalty on the diagonal; only the lower triangle is read.
    matrix: Vec<f32>,
}

/// Less than this would be a division by what rounding left.
const LEAST_PIVOT: f32 = 1e-6;

impl System {
    /// `likeness` of a pair (row, column), column <= row; `penalty` is added on the diagonal.
    pub fn new(
        size: usize,
        mut likeness: impl FnMut(usize, usize) -> f32,
        penalty: impl Fn(usize) -> f32,
    ) -> Self {
        let mut matrix = vec![0.0; size * size];
        for (row, numbers) in matrix.chunks_exact_mut(size.max(1)).enumerate() {
            numbers[..=row].iter_mut().enumerate().for_each(|(column, out)| *out = likeness(row, column));
            numbers[row] += penalty(row);
        }
        Self { size, matrix }
    }

    /// Solves for `columns` right-hand sides at once: a row of `targets` a row of the matrix; answers in their place.
    pub fn solve(mut self, targets: &mut [f32], columns: usize) {
        self.decompose();
        let (size, matrix) = (self.size, &self.matrix);
        for row in 0..size {
            let (before, rest) = targets.split_at_mut(row * columns);
            let current = &mut rest[..columns];
            let factors = &matrix[row * size..row * size + row];
            for (factor, other) in factors.iter().zip(before.chunks_exact(columns)) {
                subtract(current, *factor, other);
            }
            let pivot = matrix[row * size + row];
            current.iter_mut().for_each(|value| *value /= pivot);
        }
        for row in (0..size).rev() {
            let (before, rest) = targets.split_at_mut(row * columns);
            let current = &mut rest[..columns];
            let pivot = matrix[row * size + row];
            current.iter_mut().for_each(|value| *value /= pivot);
            let factors = &matrix[row * size..row * size + row];
            for (factor, other) in factors.iter().zip(before.chunks_exact_mut(columns)) {
                subtract(other, *factor, current);
            }
        }
    }

    /// The matrix becomes its lower triangular root.
    fn decompose(&mut self) {
        let size = self.size;
        for row in 0..size {
            let (above, rest) = self.matrix.split_at_mut(row * size);
            let current = &mut rest[..size];
            for (column, other) in above.chunks_exact(size).enumerate() {
                let left = current[column] - dot(&current[..column], &other[..column]);
                current[column] = left / other[column];
            }
            let left = current[row] - dot(&current[..row], &current[..row]);
            current[row] = left.max(LEAST_PIVOT).sqrt();
        }
    }
}

fn subtract(from: &mut [f32], factor: f32, what: &[f32]) {
    from.iter_mut().zip(what).for_each(|(value, other)| *value -= factor * other);
}

/// In eight sums side by side: one sum would wait for each addition.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0f32; 8];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_system_is_solved() {
        // [[4, 2], [2, 3]] x = [[2, 8], [1, 8]]
        let system =
            System::new(2, |row, column| [[4.0, 2.0], [2.0, 2.5]][row][column], |row| 0.5 * row as f32);
        let mut targets = [2.0, 8.0, 1.0, 8.0];
        system.solve(&mut targets, 2);
        let expected = [0.5, 1.0, 0.0, 2.0];
        assert!(targets.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-5), "{targets:?}");
    }

    proptest! {
        #[test]
        fn what_is_found_solves_the_system(
            rows in proptest::collection::vec(proptest::array::uniform5(-1.0f32..1.0), 1..20),
        ) {
            let likeness = |a: usize, b: usize| dot(&rows[a], &rows[b]);
            let targets: Vec<f32> = rows.iter().map(|row| row[0] + 0.5).collect();
            let mut found = targets.clone();
            System::new(rows.len(), likeness, |_| 0.3).solve(&mut found, 1);
            for (row, target) in targets.iter().enumerate() {
                let back: f32 = (0..rows.len()).map(|column| likeness(row, column) * found[column]).sum();
                prop_assert!((back + 0.3 * found[row] - target).abs() < 1e-3);
            }
        }
    }
}
