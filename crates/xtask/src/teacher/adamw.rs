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

#[cfg(test)]
mod tests {
    use super::*;
    use tch::{Device, Kind, nn};

    const RATE: f64 = 0.01;

    /// A matrix that decays and a vector that is three times as fast, each learning to be its target.
    struct Learner {
        store: nn::VarStore,
        optimizer: AdamW,
    }

    impl Learner {
        fn new() -> Self {
            let store = nn::VarStore::new(Device::Cpu);
            let root = store.root();
            let _ = root.var("matrix", &[1, 2], nn::Init::Const(1.0));
            let _ = root.var("vector", &[2], nn::Init::Const(-0.5));
            let optimizer = AdamW::new(store.variables(), |name| if name == "vector" { 3.0 } else { 1.0 });
            Self { store, optimizer }
        }

        fn step(&mut self) {
            let of = |name: &str| self.store.variables()[name].shallow_clone();
            let matrix = (of("matrix") - Tensor::from_slice(&[3.0f32, 1.1])).square().sum(Kind::Float);
            let vector = (of("vector") - Tensor::from_slice(&[0.5f32, 0.0])).square().sum(Kind::Float);
            self.optimizer.step(&(matrix + vector), RATE);
        }

        fn weights(&self) -> Vec<f64> {
            let of = |name: &str| Vec::<f32>::try_from(self.store.variables()[name].reshape([-1])).unwrap();
            [of("matrix"), of("vector")].concat().into_iter().map(f64::from).collect()
        }
    }

    /// The algorithm as published, weight by weight.
    fn by_hand(steps: i32) -> Vec<f64> {
        let target = [3.0, 1.1, 0.5, 0.0];
        let (mut w, mut mean, mut square) = (vec![1.0, 1.0, -0.5, -0.5], [0.0; 4], [0.0; 4]);
        for step in 1..=steps {
            let gradient: Vec<f64> = (0..4).map(|at| 2.0 * (w[at] - target[at])).collect();
            let length = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            let clip = (LONGEST_GRADIENT / (length + 1e-6)).min(1.0);
            for at in 0..4 {
                let g = gradient[at] * clip;
                mean[at] = BETA_1 * mean[at] + (1.0 - BETA_1) * g;
                square[at] = BETA_2 * square[at] + (1.0 - BETA_2) * g * g;
                let first: f64 = mean[at] / (1.0 - BETA_1.powi(step));
                let second: f64 = square[at] / (1.0 - BETA_2.powi(step));
                let (decay, speed) = if at < 2 { (DECAY, 1.0) } else { (0.0, 3.0) };
                w[at] -= RATE * (speed * first / (second.sqrt() + EPSILON) + decay * w[at]);
            }
        }
        w
    }

    #[test]
    fn steps_are_those_of_the_published_algorithm() {
        let mut learner = Learner::new();
        (0..7).for_each(|_| learner.step());
        for (ours, theirs) in learner.weights().iter().zip(by_hand(7)) {
            assert!((ours - theirs).abs() < 1e-5, "{ours} {theirs}");
        }
    }

    #[test]
    fn a_saved_state_goes_on_as_if_nothing_had_been() {
        let (mut whole, mut cut, mut resumed) = (Learner::new(), Learner::new(), Learner::new());
        (0..6).for_each(|_| whole.step());
        (0..3).for_each(|_| cut.step());
        no_grad(|| {
            for (name, mut weight) in resumed.store.variables() {
                weight.copy_(&cut.store.variables()[&name]);
            }
        });
        let state: HashMap<String, Tensor> = cut.optimizer.state().into_iter().collect();
        assert!(resumed.optimizer.restore(3, &state));
        (0..3).for_each(|_| resumed.step());
        assert_eq!(whole.weights(), resumed.weights());
        assert!(!resumed.optimizer.restore(3, &HashMap::new()), "of another training");
    }
}
