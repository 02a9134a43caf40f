//! The kind head: words, the vector and the sentiment's probabilities, on the seed set.

use super::linear::{self, Examples, Linear, Recipe, quantisation_step, quantised};
use super::reader::Reader;
use super::seeds::Seed;
use analyze::encoder::features::BUCKET_BITS;
use analyze::encoder::weights::{KIND_DENSE, KindFacts};
use analyze::encoder::{DIMENSIONS, KINDS, SENTIMENTS};
use analyze::heads::Calibration;
use feedback::judgement::FeedbackKind;

pub const RECIPE: Recipe = Recipe {
    bucket_bits: 16,
    epochs: 40,
    rate: 0.3,
    dense_rate: 0.1,
    dropout: 0.4,
    decay: 0.0,
    least_examples: 2,
    seed: 7_122,
};

/// What a drawn sentence counts beside a written one.
const FRAME_WEIGHT: f32 = 0.3;

pub struct KindHead {
    pub facts: KindFacts,
    pub table: Vec<[u8; 8]>,
}

#[must_use]
pub fn class(kind: FeedbackKind) -> Option<usize> {
    FeedbackKind::ALL[..KINDS].iter().position(|known| *known == kind)
}

/// The first kind counts for most of a text, the others share the rest.
const FIRST_SHARE: f32 = 0.7;

fn classes(seed: &Seed) -> impl Iterator<Item = (usize, f32)> {
    let others = seed.kinds.len() - 1;
    let share = move |at| match at {
        _ if others == 0 => 1.0,
        0 => FIRST_SHARE,
        _ => (1.0 - FIRST_SHARE) / others as f32,
    };
    seed.kinds.iter().enumerate().filter_map(move |(at, kind)| Some((class(*kind)?, share(at))))
}

/// `sentiment` gives the calibrated probabilities of a seed.
pub fn train(
    seeds: &[Seed],
    frames: &[Seed],
    reader: &mut Reader<'_>,
    recipe: Recipe,
    mut sentiment: impl FnMut(&Seed) -> [f32; SENTIMENTS],
) -> KindHead {
    let mut examples = Examples::default();
    for (seed, weight) in
        seeds.iter().map(|seed| (seed, 1.0)).chain(frames.iter().map(|seed| (seed, FRAME_WEIGHT)))
    {
        let probabilities = sentiment(seed);
        let read = reader.read(&seed.text, seed.question.as_deref());
        let mut dense = [0.0; KIND_DENSE];
        dense.iter_mut().zip(read.vector).for_each(|(out, value)| *out = f32::from(value) / 127.0);
        dense[DIMENSIONS..].copy_from_slice(&probabilities);
        for (class, share) in classes(seed) {
            examples.push(read.features.all().0.iter().copied(), &dense, class, weight * share);
        }
    }
    let model: Linear<KINDS> = linear::train(&examples, BUCKET_BITS - recipe.bucket_bits, recipe, |_, _| {});
    let step = quantisation_step(model.buckets.iter().flatten().copied());
    let row = |weights: &[f32; KINDS]| {
        let mut row = [0; 8];
        row.iter_mut().zip(weights).for_each(|(out, weight)| *out = quantised(*weight, step));
        row
    };
    let table = model.buckets.iter().map(row).collect();
    let none = vec![0.0; KINDS];
    let calibration =
        Calibration { temperature: 1.0, shift: none.clone(), asked_shift: none, threshold: 0.0 };
    let facts = KindFacts {
        bucket_bits: recipe.bucket_bits,
        step,
        bias: model.bias,
        dense: model.dense.clone(),
        calibration,
    };
    KindHead { facts, table }
}
