//! AdamW (Loshchilov and Hutter 2019) with gradient clipping; its state can be saved, which tch's own cannot.
//!
//! All weights lie in one row, of which each is a view: a step is a dozen operations whatever the number of weights.

use std::collections::{BTreeMap, HashMap};
use tch::{Kind, Tensor, no_grad};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
const DECAY: f64 = 0.01;
/// Of the gradient of all weights together.
const LONGEST_GRADIENT: f64 = 1.0;

pub struct AdamW {
    /// By name.
    weights: Vec<Tensor>,
    /// The weights, one after the other.
    row: Tensor,
    mean: Tensor,
    square: Tensor,
    /// What the rate is multiplied with, and what a weight loses at it; of each number in the row.
    speed: Tensor,
    decay: Tensor,
    pub steps: i64,
}

impl AdamW {
    /// Of the variables that want a gradient; `speed` of a name multiplies the rate.
    pub fn new(variables: HashMap<String, Tensor>, speed: impl Fn(&str) -> f64) -> Self {
        let sorted: BTreeMap<String, Tensor> = variables.into_iter().collect();
        let learned = || sorted.iter().filter(|(_, weight)| weight.requires_grad());
        let flat = |of: &dyn Fn(&str, &Tensor) -> Tensor| {
            let parts: Vec<Tensor> = learned().map(|(name, weight)| of(name, weight).view([-1])).collect();
            Tensor::cat(&parts, 0)
        };
        let row = no_grad(|| flat(&|_, weight| weight.detach().contiguous()));
        let full = |weight: &Tensor, value: f64| weight.detach().full_like(value);
        // Biases and norms are left free, as is usual.
        let decay = flat(&|_, weight| full(weight, if weight.dim() > 1 { DECAY } else { 0.0 }));
        let speed = flat(&|name, weight| full(weight, speed(name)));
        let mut weights: Vec<Tensor> = learned().map(|(_, weight)| weight.shallow_clone()).collect();
        let mut at = 0;
        for weight in &mut weights {
            let length = weight.numel() as i64;
            let size = weight.size();
            weight.set_data(&row.narrow(0, at, length).view(size.as_slice()));
            at += length;
        }
        Self { weights, mean: row.zeros_like(), square: row.zeros_like(), row, speed, decay, steps: 0 }
    }

    pub fn step(&mut self, loss: &Tensor, rate: f64) {
        for weight in &mut self.weights {
            weight.zero_grad();
        }
        loss.backward();
        self.steps += 1;
        no_grad(|| {
            let gradient = self.gradient();
            let _ = self.mean.g_mul_scalar_(BETA_1).g_add_(&(&gradient * (1.0 - BETA_1)));
            let _ = self.square.g_mul_scalar_(BETA_2).g_add_(&(gradient.square() * (1.0 - BETA_2)));
            let corrected = |beta: f64| 1.0 - beta.powi(self.steps as i32);
            let size = (&self.square / corrected(BETA_2)).sqrt_() + EPSILON;
            let change = &self.mean / corrected(BETA_1) / size + &self.row * &self.decay;
            let _ = self.row.g_sub_(&(change * &self.speed * rate));
        });
    }

    /// Of all weights, in a row and clipped; of those that the loss did not touch it is zero.
    fn gradient(&self) -> Tensor {
        let of = |weight: &Tensor| match weight.grad() {
            gradient if gradient.defined() => gradient.reshape([-1]),
            _ => weight.zeros_like().view([-1]),
        };
        let gradient = Tensor::cat(&self.weights.iter().map(of).collect::<Vec<_>>(), 0);
        let length = gradient.square().sum(Kind::Float).sqrt();
        gradient * (LONGEST_GRADIENT / (length + 1e-6)).clamp_max(1.0)
    }

    /// The running means, by names that no weight has.
    pub fn state(&self) -> Vec<(String, Tensor)> {
        vec![
            ("adamw.mean".to_owned(), self.mean.shallow_clone()),
            ("adamw.square".to_owned(), self.square.shallow_clone()),
        ]
    }

    /// Takes up a saved state.
    pub fn restore(&mut self, steps: i64, tensors: &HashMap<String, Tensor>) {
        self.steps = steps;
        for (name, into) in [("adamw.mean", &mut self.mean), ("adamw.square", &mut self.square)] {
            if let Some(saved) = tensors.get(name) {
                into.copy_(saved);
            }
        }
    }
}
