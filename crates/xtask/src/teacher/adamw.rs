//! AdamW (Loshchilov and Hutter 2019) with gradient clipping; its state can be saved, which tch's own cannot.

use std::collections::{BTreeMap, HashMap};
use tch::{Tensor, no_grad};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
const DECAY: f64 = 0.01;
/// Of the gradient of all weights together.
const LONGEST_GRADIENT: f64 = 1.0;

pub struct AdamW {
    weights: Vec<Weight>,
    pub steps: i64,
}

struct Weight {
    name: String,
    value: Tensor,
    mean: Tensor,
    square: Tensor,
    decay: f64,
    /// What the rate is multiplied with.
    speed: f64,
}

impl AdamW {
    /// Of the variables that want a gradient; `speed` of a name multiplies the rate.
    pub fn new(variables: HashMap<String, Tensor>, speed: impl Fn(&str) -> f64) -> Self {
        let sorted: BTreeMap<String, Tensor> = variables.into_iter().collect();
        let weights = sorted
            .into_iter()
            .filter(|(_, value)| value.requires_grad())
            .map(|(name, value)| Weight {
                mean: value.zeros_like().set_requires_grad(false),
                square: value.zeros_like().set_requires_grad(false),
                // Biases and norms are left free, as is usual.
                decay: if value.dim() > 1 { DECAY } else { 0.0 },
                speed: speed(&name),
                name,
                value,
            })
            .collect();
        Self { weights, steps: 0 }
    }

    pub fn step(&mut self, loss: &Tensor, rate: f64) {
        for weight in &mut self.weights {
            weight.value.zero_grad();
        }
        loss.backward();
        self.steps += 1;
        no_grad(|| {
            let clip = self.clip();
            let corrected = |beta: f64| 1.0 - beta.powi(self.steps as i32);
            let (first, second) = (corrected(BETA_1), corrected(BETA_2));
            for weight in &mut self.weights {
                let gradient = weight.value.grad();
                if !gradient.defined() {
                    continue;
                }
                let gradient = gradient * clip;
                let _ = weight.mean.g_mul_scalar_(BETA_1).g_add_(&(&gradient * (1.0 - BETA_1)));
                let _ = weight.square.g_mul_scalar_(BETA_2).g_add_(&(gradient.square() * (1.0 - BETA_2)));
                let size = (&weight.square / second).sqrt() + EPSILON;
                let change = &weight.mean / first / size + &weight.value * weight.decay;
                let _ = weight.value.g_sub_(&(change * (rate * weight.speed)));
            }
        });
    }

    /// What the gradients are multiplied with.
    fn clip(&self) -> f64 {
        let squares: f64 = self
            .weights
            .iter()
            .map(|weight| weight.value.grad())
            .filter(Tensor::defined)
            .map(|gradient| gradient.square().sum(tch::Kind::Float).double_value(&[]))
            .sum();
        (LONGEST_GRADIENT / (squares.sqrt() + 1e-6)).min(1.0)
    }

    /// The running means, by names that no weight has.
    pub fn state(&self) -> Vec<(String, Tensor)> {
        let of = |weight: &Weight| {
            [
                (format!("adamw.mean.{}", weight.name), weight.mean.shallow_clone()),
                (format!("adamw.square.{}", weight.name), weight.square.shallow_clone()),
            ]
        };
        self.weights.iter().flat_map(of).collect()
    }

    /// Takes up a saved state.
    pub fn restore(&mut self, steps: i64, tensors: &HashMap<String, Tensor>) {
        self.steps = steps;
        for weight in &mut self.weights {
            for (kind, into) in [("mean", &mut weight.mean), ("square", &mut weight.square)] {
                if let Some(saved) = tensors.get(&format!("adamw.{kind}.{}", weight.name)) {
                    into.copy_(saved);
                }
            }
        }
    }
}
