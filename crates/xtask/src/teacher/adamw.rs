//! AdamW (Loshchilov and Hutter 2019, the decay multiplied by the rate as PyTorch has it) with gradient clipping; its state
//! can be saved, which tch's own cannot.
//!
//! All weights lie in one row, of which each is a view: the update is a dozen operations whatever the number of weights.

use std::collections::{BTreeMap, HashMap};
use tch::{Tensor, no_grad};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
const DECAY: f64 = 0.01;
/// Of the gradient of all weights together.
const LONGEST_GRADIENT: f64 = 1.0;

pub struct AdamW {
    /// Matrices before vectors, each by name.
    weights: Vec<Tensor>,
    /// The weights, one after the other; matrices fill its first part, which alone decays.
    row: Tensor,
    matrices: Tensor,
    mean: Tensor,
    square: Tensor,
    /// Parts of a change that are faster or slower, and how much.
    speeds: Vec<(i64, i64, f64)>,
    pub steps: i64,
}

impl AdamW {
    /// Of the variables that want a gradient; `speed` of a name multiplies the rate.
    pub fn new(variables: HashMap<String, Tensor>, speed: impl Fn(&str) -> f64) -> Self {
        let sorted: BTreeMap<(bool, String), Tensor> =
            variables.into_iter().map(|(name, weight)| ((weight.dim() < 2, name), weight)).collect();
        let learned = || sorted.iter().filter(|(_, weight)| weight.requires_grad());
        let flat = |(_, weight): (_, &Tensor)| weight.detach().contiguous().view([-1]);
        let row = Tensor::cat(&learned().map(flat).collect::<Vec<_>>(), 0);
        let (mut weights, mut speeds, mut at, mut decaying) = (Vec::new(), Vec::new(), 0, 0);
        for ((is_vector, name), weight) in learned() {
            let (mut weight, size, length) = (weight.shallow_clone(), weight.size(), weight.numel() as i64);
            weight.set_data(&row.narrow(0, at, length).view(size.as_slice()));
            weights.push(weight);
            if speed(name) != 1.0 {
                speeds.push((at, length, speed(name)));
            }
            at += length;
            // Biases and norms are left free, as is usual.
            decaying = if *is_vector { decaying } else { at };
        }
        let matrices = row.narrow(0, 0, decaying);
        Self { weights, mean: row.zeros_like(), square: row.zeros_like(), row, matrices, speeds, steps: 0 }
    }

    /// In few passes over the row: memory is what an update waits for.
    pub fn step(&mut self, loss: &Tensor, rate: f64) {
        for weight in &mut self.weights {
            weight.zero_grad();
        }
        loss.backward();
        self.steps += 1;
        no_grad(|| {
            let mut gradient = self.gradient();
            let _ = self.mean.lerp_(&gradient, 1.0 - BETA_1);
            let _ = self.square.lerp_(&gradient.square_(), 1.0 - BETA_2);
            let corrected = |beta: f64| 1.0 - beta.powi(self.steps as i32);
            let (first, second) = (corrected(BETA_1), corrected(BETA_2).sqrt());
            let mut size = self.square.sqrt();
            let _ = size.g_add_scalar_(EPSILON * second);
            let mut change = &self.mean / size;
            let _ = change.g_mul_scalar_(rate * second / first);
            for (at, length, speed) in &self.speeds {
                let _ = change.narrow(0, *at, *length).g_mul_scalar_(*speed);
            }
            let _ = self.matrices.g_mul_scalar_(1.0 - rate * DECAY);
            let _ = self.row.g_sub_(&change);
        });
    }

    /// Of all weights, in a row and clipped; of those that the loss did not touch it is zero.
    fn gradient(&self) -> Tensor {
        let of = |weight: &Tensor| match weight.grad() {
            gradient if gradient.defined() => gradient.reshape([-1]),
            _ => weight.zeros_like().view([-1]),
        };
        let mut gradient = Tensor::cat(&self.weights.iter().map(of).collect::<Vec<_>>(), 0);
        let clip = (LONGEST_GRADIENT / (gradient.norm() + 1e-6)).clamp_max(1.0);
        gradient.g_mul_(&clip)
    }

    /// The running means, by names that no weight has.
    pub fn state(&self) -> Vec<(String, Tensor)> {
        vec![
            ("adamw.mean".to_owned(), self.mean.shallow_clone()),
            ("adamw.square".to_owned(), self.square.shallow_clone()),
        ]
    }

    /// Takes up a saved state; false where it is that of other weights.
    pub fn restore(&mut self, steps: i64, tensors: &HashMap<String, Tensor>) -> bool {
        self.steps = steps;
        let state = [("adamw.mean", &mut self.mean), ("adamw.square", &mut self.square)];
        state.into_iter().all(|(name, into)| {
            let saved = tensors.get(name).filter(|saved| saved.size() == into.size());
            saved.is_some_and(|saved| {
                no_grad(|| into.copy_(saved));
                true
            })
        })
    }
}
