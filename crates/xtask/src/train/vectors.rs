//! The static vector table: every piece's output of MiniLM, reduced by PCA, weighed by rarity, in eight bits.
//!
//! The weight is that of smooth inverse frequency, a / (a + p) (Arora et al. 2017); p mixes the training texts'
//! counts with Zipf's law over BERT's vocabulary, which stands in order of frequency.

use super::linear::SplitMix;
use super::minilm::{MiniLm, WIDTH};
use analyze::encoder::DIMENSIONS;
use analyze::encoder::wordpiece::{Pieces, piece_hash};
use analyze::encoder::words::Words;
use anyhow::Result;

const SMOOTHING: f64 = 1e-3;
/// How many counts Zipf's law is worth beside those of the training texts.
const ZIPF_COUNTS: f64 = 1e6;
/// Before it stand special and unused entries, and from it on single characters.
const FIRST_PIECE: usize = 999;
const SUBSPACE_ROUNDS: usize = 40;
const BATCH: usize = 256;

pub struct Table {
    pub hashes: Vec<u64>,
    pub rows: Vec<[u8; DIMENSIONS]>,
    pub rarities: Vec<u8>,
}

/// `texts` give the counts.
pub fn table<'t>(
    model: &MiniLm,
    texts: impl Iterator<Item = &'t str>,
    progress: impl Fn(usize, usize),
) -> Result<Table> {
    let kept: Vec<usize> =
        (FIRST_PIECE..model.vocabulary.len()).filter(|id| is_latin(&model.vocabulary[*id])).collect();
    let hashes: Vec<u64> = kept.iter().map(|id| piece_hash(&model.vocabulary[*id])).collect();
    let probabilities = probabilities(&hashes, &kept, texts);
    let mut outputs = Vec::with_capacity(kept.len() * WIDTH);
    for batch in kept.chunks(BATCH) {
        outputs.extend(model.encode(batch)?);
        progress(outputs.len() / WIDTH, kept.len());
    }
    centre(&mut outputs);
    let reduced = project(&outputs, &principal_axes(&outputs));
    let weights: Vec<f32> = probabilities.iter().map(|p| (SMOOTHING / (SMOOTHING + p)) as f32).collect();
    let rarities = weights.iter().map(|weight| (weight * 255.0).round() as u8).collect();
    Ok(Table { hashes, rows: quantise(&reduced, &weights), rarities })
}

fn is_latin(piece: &str) -> bool {
    let rest = piece.strip_prefix("##").unwrap_or(piece);
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn probabilities<'t>(hashes: &[u64], kept: &[usize], texts: impl Iterator<Item = &'t str>) -> Vec<f64> {
    let (no_rows, no_rarities) = (vec![[0u8; DIMENSIONS]; hashes.len()], vec![0; hashes.len()]);
    let pieces = Pieces::new(hashes.to_vec(), &no_rows, &no_rarities);
    let mut counts = vec![0u64; hashes.len()];
    let mut words = Words::default();
    for text in texts {
        words.clear();
        words.push_segment(text);
        pieces.each_row(&words, words.tokens(), |row, _| counts[row as usize] += 1);
    }
    let zipf: Vec<f64> = kept.iter().map(|id| 1.0 / ((id - FIRST_PIECE + 1) as f64)).collect();
    let (zipf_sum, all) = (zipf.iter().sum::<f64>(), counts.iter().sum::<u64>() as f64);
    let share =
        |(count, zipf): (&u64, &f64)| (*count as f64 + ZIPF_COUNTS * zipf / zipf_sum) / (all + ZIPF_COUNTS);
    counts.iter().zip(&zipf).map(share).collect()
}

fn centre(rows: &mut [f32]) {
    let mut mean = vec![0f64; WIDTH];
    let count = (rows.len() / WIDTH) as f64;
    for row in rows.chunks_exact(WIDTH) {
        mean.iter_mut().zip(row).for_each(|(m, x)| *m += f64::from(*x) / count);
    }
    for row in rows.chunks_exact_mut(WIDTH) {
        row.iter_mut().zip(&mean).for_each(|(x, m)| *x -= *m as f32);
    }
}

/// The [`DIMENSIONS`] leading axes, by subspace iteration on the covariance; one axis a row.
fn principal_axes(rows: &[f32]) -> Vec<Vec<f64>> {
    let mut covariance = vec![0f32; WIDTH * WIDTH];
    let (n, w) = (rows.len() / WIDTH, WIDTH as isize);
    // SAFETY: `rows` holds n x WIDTH numbers, `covariance` WIDTH x WIDTH, as the strides say.
    unsafe {
        matrixmultiply::sgemm(
            WIDTH,
            n,
            WIDTH,
            1.0 / n as f32,
            rows.as_ptr(),
            1,
            w,
            rows.as_ptr(),
            w,
            1,
            0.0,
            covariance.as_mut_ptr(),
            w,
            1,
        );
    }
    let mut random = SplitMix(64);
    let mut number = || (random.next() >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
    let mut axes: Vec<Vec<f64>> = (0..DIMENSIONS).map(|_| (0..WIDTH).map(|_| number()).collect()).collect();
    for _ in 0..SUBSPACE_ROUNDS {
        for axis in &mut axes {
            let product =
                |row: &[f32]| row.iter().zip(axis.iter()).map(|(c, a)| f64::from(*c) * a).sum::<f64>();
            *axis = covariance.chunks_exact(WIDTH).map(product).collect();
        }
        orthonormalise(&mut axes);
    }
    axes
}

/// Gram-Schmidt, modified.
fn orthonormalise(axes: &mut [Vec<f64>]) {
    for at in 0..axes.len() {
        let (before, rest) = axes.split_at_mut(at);
        let axis = &mut rest[0];
        for other in before {
            let dot: f64 = axis.iter().zip(other.iter()).map(|(a, b)| a * b).sum();
            axis.iter_mut().zip(other.iter()).for_each(|(a, b)| *a -= dot * b);
        }
        let length = axis.iter().map(|a| a * a).sum::<f64>().sqrt().max(1e-30);
        axis.iter_mut().for_each(|a| *a /= length);
    }
}

fn project(rows: &[f32], axes: &[Vec<f64>]) -> Vec<[f32; DIMENSIONS]> {
    let dot =
        |row: &[f32], axis: &[f64]| row.iter().zip(axis).map(|(x, a)| f64::from(*x) * a).sum::<f64>() as f32;
    rows.chunks_exact(WIDTH).map(|row| std::array::from_fn(|at| dot(row, &axes[at]))).collect()
}

/// One step for the whole table, so that rows can be added as they are.
fn quantise(rows: &[[f32; DIMENSIONS]], weights: &[f32]) -> Vec<[u8; DIMENSIONS]> {
    let weighed = || rows.iter().zip(weights).map(|(row, weight)| row.map(|x| x * weight));
    let step = super::linear::quantisation_step(weighed().flatten());
    weighed().map(|row| row.map(|x| super::linear::quantised(x, step))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_become_orthonormal() {
        let mut axes = vec![vec![3.0, 4.0, 0.0], vec![1.0, 1.0, 1.0]];
        orthonormalise(&mut axes);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        assert!((dot(&axes[0], &axes[0]) - 1.0).abs() < 1e-12 && dot(&axes[0], &axes[1]).abs() < 1e-12);
    }

    #[test]
    fn common_pieces_weigh_less() {
        let hashes: Vec<u64> = ["the", "invoice"].map(piece_hash).to_vec();
        let p = probabilities(&hashes, &[1000, 4000], ["the the the invoice"].into_iter());
        assert!(p[0] > p[1]);
        let rows = quantise(&[[1.0; DIMENSIONS]; 2], &[0.1, 1.0]);
        assert!((rows[0][0] as i8) < (rows[1][0] as i8));
    }
}
