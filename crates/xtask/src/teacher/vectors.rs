//! The vectors' head in closed form: the linear map that turns what the layers became back to what the public weights say of
//! a text, by ridge regression. Likeness then is the public weights', as far as a linear map can tell it.

use super::examples::Examples;
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
pub fn fit(network: &Network, public: &Network, examples: &Examples, device: Device) -> Result<()> {
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
    Ok(())
}

/// Of shape (WIDTH + 1, WIDTH), the last row the bias: from the tuned mean of a text's tokens to its public unit vector.
fn regression(network: &Network, public: &Network, rows: &[&Row], device: Device) -> Result<Tensor> {
    let options = (Kind::Double, device);
    let mut squares = Tensor::zeros([WIDTH + 1, WIDTH + 1], options);
    let mut products = Tensor::zeros([WIDTH + 1, WIDTH], options);
    for rows in rows.chunks(BATCH) {
        let inputs = batch::of(rows.iter().copied(), device);
        let ones = Tensor::ones([rows.len() as i64, 1], options);
        let tuned = network.pooled(&inputs, false)?.squeeze_dim(1).to_kind(Kind::Double);
        let tuned = Tensor::cat(&[tuned, ones], 1);
        let wanted =
            super::losses::unit(&public.pooled(&inputs, false)?.squeeze_dim(1)).to_kind(Kind::Double);
        squares += tuned.tr().matmul(&tuned);
        products += tuned.tr().matmul(&wanted);
    }
    let ridge = RIDGE * squares.trace().double_value(&[]) / (WIDTH + 1) as f64;
    squares += Tensor::eye(WIDTH + 1, options) * ridge;
    Ok(Tensor::f_linalg_solve(&squares, &products, true)?)
}
