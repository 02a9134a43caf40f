//! Softmax regression over hashed features and a few dense ones: Adagrad, feature dropout, one thread.
//!
//! Everything is a function of the seed and the order of the examples, so two runs give the same bytes.

use analyze::encoder::builtin::feature_value;

/// Sparse features of all examples, one after the other, and the rest of each.
pub struct Examples<const C: usize> {
    pub buckets: Vec<u32>,
    pub dense: Vec<f32>,
    pub rows: Vec<Example<C>>,
}

#[derive(Clone, Copy)]
pub struct Example<const C: usize> {
    pub start: usize,
    pub end: usize,
    /// Shares of the classes; they sum to 1.
    pub shares: [f32; C],
    pub weight: f32,
}

impl<const C: usize> Default for Examples<C> {
    fn default() -> Self {
        Self { buckets: Vec::new(), dense: Vec::new(), rows: Vec::new() }
    }
}

/// All of one class.
#[must_use]
pub fn only<const C: usize>(class: usize) -> [f32; C] {
    std::array::from_fn(|at| if at == class { 1.0 } else { 0.0 })
}

impl<const C: usize> Examples<C> {
    pub fn push(&mut self, buckets: impl Iterator<Item = u32>, dense: &[f32], shares: [f32; C], weight: f32) {
        let start = self.buckets.len();
        self.buckets.extend(buckets);
        self.dense.extend_from_slice(dense);
        self.rows.push(Example { start, end: self.buckets.len(), shares, weight });
    }

    fn dense_of(&self, row: usize) -> &[f32] {
        let width = self.dense.len() / self.rows.len().max(1);
        &self.dense[row * width..(row + 1) * width]
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    pub bucket_bits: u32,
    pub epochs: usize,
    pub rate: f32,
    pub dense_rate: f32,
    /// The share of sparse features left out at each look at an example.
    pub dropout: f32,
    /// Pulls every weight that is touched towards zero.
    pub decay: f32,
    /// Buckets that fewer examples than this use stay zero.
    pub least_examples: u8,
    pub seed: u64,
}

/// Weights of `C` classes.
pub struct Linear<const C: usize> {
    pub buckets: Vec<[f32; C]>,
    pub dense: Vec<[f32; C]>,
    pub bias: [f32; C],
}

/// Small, fast, and the same on every machine (Steele et al. 2014).
pub struct SplitMix(pub u64);

impl SplitMix {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, (self.next() % (at as u64 + 1)) as usize);
        }
    }
}

struct Trainer<'e, const C: usize> {
    examples: &'e Examples<C>,
    recipe: Recipe,
    used: Vec<bool>,
    model: Linear<C>,
    /// Sums of squared gradients.
    bucket_squares: Vec<[f32; C]>,
    dense_squares: Vec<[f32; C]>,
    bias_squares: [f32; C],
    random: SplitMix,
    kept: Vec<u32>,
}

pub fn train<const C: usize>(
    examples: &Examples<C>,
    shift: u32,
    recipe: Recipe,
    mut epoch_done: impl FnMut(usize, f32),
) -> Linear<C> {
    let size = 1usize << recipe.bucket_bits;
    let width = examples.dense_of(0).len();
    let mut trainer = Trainer {
        examples,
        recipe,
        used: used(examples, shift, recipe),
        model: Linear { buckets: vec![[0.0; C]; size], dense: vec![[0.0; C]; width], bias: [0.0; C] },
        bucket_squares: vec![[0.0; C]; size],
        dense_squares: vec![[0.0; C]; width],
        bias_squares: [0.0; C],
        random: SplitMix(recipe.seed),
        kept: Vec::new(),
    };
    let mut order: Vec<usize> = (0..examples.rows.len()).collect();
    for epoch in 0..recipe.epochs {
        trainer.random.shuffle(&mut order);
        // The rate falls linearly to a tenth.
        let rate = 1.0 - 0.9 * epoch as f32 / recipe.epochs.max(2) as f32;
        let loss: f64 = order.iter().map(|row| f64::from(trainer.step(*row, shift, rate))).sum();
        epoch_done(epoch, (loss / order.len() as f64) as f32);
    }
    trainer.model
}

/// Which buckets enough examples use.
fn used<const C: usize>(examples: &Examples<C>, shift: u32, recipe: Recipe) -> Vec<bool> {
    let mut counts = vec![(0u8, u32::MAX); 1 << recipe.bucket_bits];
    for (number, row) in examples.rows.iter().enumerate() {
        for bucket in &examples.buckets[row.start..row.end] {
            let (count, last) = &mut counts[(bucket >> shift) as usize];
            if *last != number as u32 {
                (*count, *last) = (count.saturating_add(1), number as u32);
            }
        }
    }
    counts.into_iter().map(|(count, _)| count >= recipe.least_examples).collect()
}

impl<const C: usize> Trainer<'_, C> {
    /// One look at one example; returns its loss.
    fn step(&mut self, row: usize, shift: u32, rate: f32) -> f32 {
        let example = self.examples.rows[row];
        let dense = self.examples.dense_of(row);
        let value = feature_value(example.end - example.start) / (1.0 - self.recipe.dropout);
        self.keep(&example, shift);
        let mut logits = self.model.bias;
        for bucket in &self.kept {
            add(&mut logits, &self.model.buckets[*bucket as usize], value);
        }
        for (weights, value) in self.model.dense.iter().zip(dense) {
            add(&mut logits, weights, *value);
        }
        let probabilities = softmax(&logits);
        let error =
            std::array::from_fn(|class| example.weight * (probabilities[class] - example.shares[class]));
        let (step, decay) = (rate * self.recipe.rate, self.recipe.decay);
        for bucket in &self.kept {
            let at = *bucket as usize;
            adagrad(&mut self.model.buckets[at], &mut self.bucket_squares[at], &error, value, step, decay);
        }
        let step = rate * self.recipe.dense_rate;
        for ((weights, squares), value) in self.model.dense.iter_mut().zip(&mut self.dense_squares).zip(dense)
        {
            adagrad(weights, squares, &error, *value, step, decay);
        }
        adagrad(&mut self.model.bias, &mut self.bias_squares, &error, 1.0, step, 0.0);
        -example.shares.iter().zip(probabilities).map(|(share, p)| share * p.max(1e-9).ln()).sum::<f32>()
    }

    fn keep(&mut self, example: &Example<C>, shift: u32) {
        self.kept.clear();
        let bound = (f64::from(self.recipe.dropout) * 65536.0) as u64;
        let (mut bits, mut left) = (0, 0);
        for bucket in &self.examples.buckets[example.start..example.end] {
            if left == 0 {
                (bits, left) = (self.random.next(), 4);
            }
            let drop = bits & 0xffff < bound;
            (bits, left) = (bits >> 16, left - 1);
            let bucket = bucket >> shift;
            if !drop && self.used[bucket as usize] {
                self.kept.push(bucket);
            }
        }
    }
}

fn add<const C: usize>(logits: &mut [f32; C], weights: &[f32; C], value: f32) {
    for (logit, weight) in logits.iter_mut().zip(weights) {
        *logit += weight * value;
    }
}

fn adagrad<const C: usize>(
    w: &mut [f32; C],
    squares: &mut [f32; C],
    error: &[f32; C],
    value: f32,
    rate: f32,
    decay: f32,
) {
    for class in 0..C {
        let gradient = error[class] * value + decay * w[class];
        squares[class] += gradient * gradient;
        w[class] -= rate * gradient / (squares[class] + 1e-8).sqrt();
    }
}

pub fn softmax<const C: usize>(logits: &[f32; C]) -> [f32; C] {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let odds = logits.map(|logit| (logit - largest).exp());
    let sum: f32 = odds.iter().sum();
    odds.map(|odd| odd / sum)
}

/// The step of an int8 table that holds all but the few largest weights, and those cut off.
pub fn quantisation_step(weights: impl Iterator<Item = f32>) -> f32 {
    let mut sizes: Vec<f32> = weights.map(f32::abs).filter(|size| *size > 0.0).collect();
    if sizes.is_empty() {
        return 1.0;
    }
    sizes.sort_by(f32::total_cmp);
    // One in a thousand is cut off.
    sizes[(sizes.len() - 1) * 999 / 1000].max(1e-6) / 127.0
}

pub fn quantised(weight: f32, step: f32) -> u8 {
    (weight / step).round().clamp(-127.0, 127.0) as i8 as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            bucket_bits: 4,
            epochs: 30,
            rate: 0.3,
            dense_rate: 0.1,
            dropout: 0.2,
            decay: 0.0,
            least_examples: 1,
            seed: 7,
        }
    }

    fn examples() -> Examples<2> {
        let mut examples = Examples::default();
        for at in 0..60u32 {
            let class = (at % 2) as usize;
            examples.push([class as u32, 2 + at % 5].into_iter(), &[0.5], only(class), 1.0);
        }
        examples
    }

    #[test]
    fn it_learns_and_repeats_itself() {
        let examples = examples();
        let mut losses = Vec::new();
        let one: Linear<2> = train(&examples, 0, recipe(), |_, loss| losses.push(loss));
        let two: Linear<2> = train(&examples, 0, recipe(), |_, _| {});
        assert!(losses[losses.len() - 1] < losses[0] * 0.7, "{losses:?}");
        assert!(one.buckets == two.buckets && one.bias == two.bias);
        assert!(one.buckets[0][0] > one.buckets[0][1]);
    }

    #[test]
    fn rare_buckets_stay_zero() {
        let mut examples = examples();
        examples.push([15].into_iter(), &[0.5], only(0), 1.0);
        let model: Linear<2> = train(&examples, 0, Recipe { least_examples: 2, ..recipe() }, |_, _| {});
        assert_eq!(model.buckets[15], [0.0; 2]);
    }

    #[test]
    fn quantising_keeps_sign_and_bounds() {
        let step = quantisation_step([0.5f32, -1.0, 0.0].into_iter());
        assert_eq!(quantised(-9.0, step) as i8, -127);
        assert!((f32::from(quantised(0.5, step) as i8) * step - 0.5).abs() < step);
    }
}
