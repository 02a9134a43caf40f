//! What fine-tuning changed of the public weights, small enough to travel with the code.
//!
//! Layout: `VBD1`, the length of the JSON (u32, little-endian), the JSON ([`Facts`]), then the tensors in the order of the
//! facts. A changed matrix is stored as its difference from the public one, eight bits a number and one scale (f32) a row:
//! a difference is small beside the weights, so its rounding is smaller still. Vectors and heads are stored as they are, in
//! 32 bits.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MAGIC: &[u8; 4] = b"VBD1";

/// Everything but the numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts<F> {
    /// SHA-256 of the public weights, in hexadecimal.
    pub base: String,
    /// When it was trained: 2026-11-26.
    pub date: String,
    pub tensors: Vec<Described>,
    /// How the heads are read.
    pub heads: F,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Described {
    pub name: String,
    pub rows: usize,
    pub columns: usize,
    /// Whether it is a difference from the public tensor of this name.
    pub difference: bool,
}

/// A tensor of one or two dimensions, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub numbers: Vec<f32>,
}

#[derive(Debug, thiserror::Error)]
pub enum DifferenceError {
    #[error("the fine-tuned weights do not begin like a file of this version")]
    Magic,
    #[error("the description inside the fine-tuned weights cannot be read")]
    Facts(#[source] serde_json::Error),
    #[error(
        "the fine-tuned weights end too early or too late: {found} bytes of numbers, {expected} expected"
    )]
    Length { found: usize, expected: usize },
    #[error("the public weights have no tensor {0} of the size that the fine-tuned ones change")]
    NoBase(String),
}

impl Described {
    fn bytes(&self) -> usize {
        let numbers = self.rows * self.columns;
        if self.difference { numbers + 4 * self.rows } else { 4 * numbers }
    }
}

/// The file of `tuned`; matrices that `base` has too become differences.
#[must_use]
pub fn write<F: Serialize>(
    base: &BTreeMap<String, Matrix>,
    tuned: &BTreeMap<String, Matrix>,
    base_hash: &str,
    date: &str,
    heads: F,
) -> Vec<u8> {
    let mut numbers = Vec::new();
    let tensors = tuned
        .iter()
        .map(|(name, matrix)| {
            let old = base.get(name).filter(|_| matrix.rows > 1);
            match old {
                Some(old) => write_difference(old, matrix, &mut numbers),
                None => matrix.numbers.iter().for_each(|number| numbers.extend(number.to_le_bytes())),
            }
            let Matrix { rows, columns, .. } = *matrix;
            Described { name: name.clone(), rows, columns, difference: old.is_some() }
        })
        .collect();
    let facts = Facts { base: base_hash.to_owned(), date: date.to_owned(), tensors, heads };
    // A structure of numbers and lists always has a JSON form.
    let json = serde_json::to_vec(&facts).unwrap_or_default();
    [MAGIC, &(json.len() as u32).to_le_bytes()[..], &json, &numbers].concat()
}

fn write_difference(old: &Matrix, new: &Matrix, out: &mut Vec<u8>) {
    for (old, new) in old.numbers.chunks(new.columns).zip(new.numbers.chunks(new.columns)) {
        let largest = old.iter().zip(new).map(|(old, new)| (new - old).abs()).fold(0.0, f32::max);
        let scale = largest / 127.0;
        out.extend(scale.to_le_bytes());
        let steps = |difference: f32| if scale > 0.0 { (difference / scale).round() as i8 } else { 0 };
        out.extend(old.iter().zip(new).map(|(old, new)| steps(new - old) as u8));
    }
}

/// The facts, and the tensors made whole.
///
/// # Errors
/// Where the file is torn, or does not fit the public weights.
pub fn read<F: for<'de> Deserialize<'de>>(
    bytes: &[u8],
    base: &BTreeMap<String, Matrix>,
) -> Result<(Facts<F>, BTreeMap<String, Matrix>), DifferenceError> {
    let (facts, mut numbers) = parse::<F>(bytes)?;
    let mut whole = BTreeMap::new();
    for tensor in &facts.tensors {
        // The length of all was checked above.
        let (own, rest) = numbers.split_at(tensor.bytes());
        numbers = rest;
        whole.insert(tensor.name.clone(), tensor.whole(own, base)?);
    }
    Ok((facts, whole))
}

/// The facts alone, and the bytes of the numbers.
///
/// # Errors
/// Where the file is torn.
pub fn parse<F: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<(Facts<F>, &[u8]), DifferenceError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(DifferenceError::Magic)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(DifferenceError::Magic)?;
    let (json, numbers) =
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(DifferenceError::Magic)?;
    let facts: Facts<F> = serde_json::from_slice(json).map_err(DifferenceError::Facts)?;
    let expected = facts.tensors.iter().map(Described::bytes).sum();
    if numbers.len() != expected {
        return Err(DifferenceError::Length { found: numbers.len(), expected });
    }
    Ok((facts, numbers))
}

impl Described {
    fn whole(&self, bytes: &[u8], base: &BTreeMap<String, Matrix>) -> Result<Matrix, DifferenceError> {
        let Self { rows, columns, .. } = *self;
        if !self.difference {
            let numbers = bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect();
            return Ok(Matrix { rows, columns, numbers });
        }
        let old = base
            .get(&self.name)
            .filter(|old| (old.rows, old.columns) == (rows, columns))
            .ok_or_else(|| DifferenceError::NoBase(self.name.clone()))?;
        let mut numbers = Vec::with_capacity(old.numbers.len());
        for (row, old) in bytes.chunks_exact(columns + 4).zip(old.numbers.chunks_exact(columns)) {
            let (scale, steps) = row.split_at(4);
            let scale = scale.try_into().map_or(0.0, f32::from_le_bytes);
            numbers.extend(old.iter().zip(steps).map(|(old, step)| old + scale * f32::from(*step as i8)));
        }
        Ok(Matrix { rows, columns, numbers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize, number: impl Fn(usize) -> f32) -> Matrix {
        Matrix { rows, columns, numbers: (0..rows * columns).map(number).collect() }
    }

    fn tensors(list: &[(&str, Matrix)]) -> BTreeMap<String, Matrix> {
        list.iter().map(|(name, matrix)| ((*name).to_owned(), matrix.clone())).collect()
    }

    fn example() -> (BTreeMap<String, Matrix>, BTreeMap<String, Matrix>) {
        let base = tensors(&[("w", matrix(3, 4, |at| at as f32)), ("b", matrix(1, 4, |_| 1.0))]);
        let tuned = tensors(&[
            ("w", matrix(3, 4, |at| at as f32 + 0.01 * ((at * 7 % 5) as f32 - 2.0))),
            ("b", matrix(1, 4, |at| 1.0 + at as f32)),
            ("heads.kind.weight", matrix(2, 4, |at| -(at as f32))),
        ]);
        (base, tuned)
    }

    #[test]
    fn what_was_written_is_made_whole() {
        let (base, tuned) = example();
        let bytes = write(&base, &tuned, "abc", "2026-11-26", 7u32);
        let (facts, whole) = read::<u32>(&bytes, &base).unwrap();
        assert_eq!((facts.base.as_str(), facts.heads), ("abc", 7));
        assert_eq!(whole["b"], tuned["b"]);
        assert_eq!(whole["heads.kind.weight"], tuned["heads.kind.weight"]);
        for (whole, tuned) in whole["w"].numbers.iter().zip(&tuned["w"].numbers) {
            assert!((whole - tuned).abs() <= 0.02 / 127.0, "{whole} {tuned}");
        }
    }

    #[test]
    fn a_torn_file_and_another_base_are_refused() {
        let (base, tuned) = example();
        let bytes = write(&base, &tuned, "abc", "2026-11-26", ());
        for end in 0..bytes.len() {
            assert!(read::<()>(&bytes[..end], &base).is_err(), "cut at {end}");
        }
        let other = tensors(&[("w", matrix(2, 4, |_| 0.0))]);
        assert!(matches!(read::<()>(&bytes, &other), Err(DifferenceError::NoBase(name)) if name == "w"));
    }
}
