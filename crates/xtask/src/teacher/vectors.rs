//! The vectors' head in closed form: the linear map that turns what the layers became back to what the public weights say of
//! a text, by ridge regression. Likeness then is the public weights', as far as a linear map can tell it.

use super::examples::Examples;
use super::losses::unit;
use crate::train::Progress;
use analyze::encoder::transformer::batch;
use analyze::encoder::transformer::network::{Network, WIDTH};
use analyze::encoder::transformer::tokens::Row;
use anyhow::{Context, Result};
use tch::{Device, Kind, Tensor};

/// Every so many texts and intents' texts are fitted on.
const TEXTS: usize = 8;
const INTENTS: usize = 4;
const BATCH: usize = 64;
/// Of the mean of the squares that are fitted on, summed over texts.
const RIDGE: f64 = 1e-3;

/// Replaces the head's weights.
///
/// # Errors
/// Where a network fails, or the regression has no solution.
pub fn fit(
    network: &Network,
    public: &Network,
    examples: &Examples,
    device: Device,
    progress: &Progress,
) -> Result<()> {
    let dev: Vec<&Row> = examples.dev.iter().map(|example| &example.row).step_by(TEXTS).collect();
    let learned = likeness(network, public, &dev, device)?;
    let texts = examples.train.iter().map(|example| &example.row).step_by(TEXTS);
    let intents = examples.intents.iter().flatten().step_by(INTENTS);
    let mut rows: Vec<&Row> = texts.chain(intents).collect();
    rows.sort_by_key(|row| row.ids.len());
    let map = tch::no_grad(|| regression(network, public, &rows, device))?;
    let bias = network.vector.bs.as_ref().context("the head of the vectors has no bias")?;
    tch::no_grad(|| {
        network.vector.ws.shallow_clone().copy_(&map.narrow(0, 0, WIDTH).tr());
        bias.shallow_clone().copy_(&map.select(0, WIDTH));
    });
    let fitted = likeness(network, public, &dev, device)?;
    progress.say(&format!(
        "vectors: mean cosine with the public weights' on {} dev texts {learned:.3} as learned, {fitted:.3} as fitted",
        dev.len()
    ));
    Ok(())
}

/// Mean cosine of the vectors with those of the public weights.
fn likeness(network: &Network, public: &Network, rows: &[&Row], device: Device) -> Result<f64> {
    let mut sum = 0.0;
    for rows in rows.chunks(BATCH) {
        let inputs = batch::of(rows.iter().copied(), device);
        let near = tch::no_grad(|| -> Result<Tensor> {
            let ours = unit(&network.scores(&inputs, false)?.vector.squeeze_dim(1));
            Ok((ours * unit(&public.pooled(&inputs, false)?.squeeze_dim(1))).sum(Kind::Double))
        })?;
        sum += near.double_value(&[]);
    }
    Ok(sum / rows.len().max(1) as f64)
}

/// Of shape (WIDTH + 1, WIDTH), the last row the bias: from the tuned mean of a text's tokens to its public unit vector.
fn regression(network: &Network, public: &Network, rows: &[&Row], device: Device) -> Result<Tensor> {
    let mut ridge = Ridge::new(WIDTH, device);
    for rows in rows.chunks(BATCH) {
        let inputs = batch::of(rows.iter().copied(), device);
        let tuned = network.pooled(&inputs, false)?.squeeze_dim(1);
        ridge.add(&tuned, &unit(&public.pooled(&inputs, false)?.squeeze_dim(1)));
    }
    ridge.solve()
}

/// Ridge regression of vectors on vectors, with a bias.
struct Ridge {
    squares: Tensor,
    products: Tensor,
}

impl Ridge {
    fn new(width: i64, device: Device) -> Self {
        let options = (Kind::Double, device);
        Self {
            squares: Tensor::zeros([width + 1, width + 1], options),
            products: Tensor::zeros([width + 1, width], options),
        }
    }

    /// Of shape (texts, width) both.
    fn add(&mut self, seen: &Tensor, wanted: &Tensor) {
        let ones = seen.new_ones([seen.size()[0], 1], (Kind::Double, seen.device()));
        let seen = Tensor::cat(&[seen.to_kind(Kind::Double), ones], 1);
        self.squares += seen.tr().matmul(&seen);
        self.products += seen.tr().matmul(&wanted.to_kind(Kind::Double));
    }

    fn solve(self) -> Result<Tensor> {
        let width = self.squares.size()[0];
        let ridge = RIDGE * self.squares.trace().double_value(&[]) / width as f64;
        let squares = &self.squares + Tensor::eye(width, (Kind::Double, self.squares.device())) * ridge;
        Ok(Tensor::f_linalg_solve(&squares, &self.products, true)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_map_with_a_bias_is_found() {
        tch::manual_seed(5);
        let options = (Kind::Double, Device::Cpu);
        let (map, bias) = (Tensor::randn([3, 3], options), Tensor::from_slice(&[0.3, -0.2, 0.9]));
        let mut ridge = Ridge::new(3, Device::Cpu);
        for _ in 0..20 {
            let seen = Tensor::randn([50, 3], options);
            ridge.add(&seen, &(seen.matmul(&map) + &bias));
        }
        let found = ridge.solve().unwrap();
        let off = |found: Tensor, wanted: &Tensor| (found - wanted).abs().max().double_value(&[]);
        assert!(off(found.narrow(0, 0, 3), &map) < 0.02 && off(found.select(0, 3), &bias) < 0.02);
    }
}
