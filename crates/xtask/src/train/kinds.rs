//! The kind head: words, the vector and the sentiment's probabilities, on the written texts, and on all others as the
//! transformer reads them.

use super::linear::{self, Examples, Linear, Recipe, quantisation_step, quantised, softmax};
use super::reader::Reader;
use super::seeds::{DRAWN_WEIGHT, PADDED_WEIGHT, Seed, Seeds, WRITTEN_WEIGHT};
use super::taught::Lessons;
use analyze::encoder::features::BUCKET_BITS;
use analyze::encoder::weights::{KIND_DENSE, KindFacts};
use analyze::encoder::{DIMENSIONS, KINDS, SENTIMENTS};
use analyze::heads::Calibration;
use feedback::judgement::FeedbackKind;

pub const RECIPE: Recipe = Recipe {
    bucket_bits: 18,
    epochs: 12,
    rate: 0.3,
    dense_rate: 0.1,
    dropout: 0.4,
    decay: 0.0,
    least_examples: 2,
    seed: 7_122,
};

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

fn shares(seed: &Seed) -> [f32; KINDS] {
    let others = seed.kinds.len() - 1;
    let mut shares = [0.0; KINDS];
    for (at, kind) in seed.kinds.iter().enumerate() {
        let share = match at {
            _ if others == 0 => 1.0,
            0 => FIRST_SHARE,
            _ => (1.0 - FIRST_SHARE) / others as f32,
        };
        if let Some(class) = class(*kind) {
            shares[class] += share;
        }
    }
    shares
}

/// What the transformer's word on a text counts beside the label of a written text. On dev (n 890) macro-F1 is 54.9 at 0.3,
/// 56.1 at 0.1, 58.4 at 0.03 and 58.9 at 0.01 (less than two points are within chance): there are 77 times as many of these
/// texts as written ones, and of four in five the transformer says other, praise or complaint.
const TAUGHT_WEIGHT: f32 = 0.02;

/// What its word on a written text counts beside the label: it tells the shades that a label does not. (With
/// [`TAUGHT_WEIGHT`] 59.6; at 4, with 0.01, 58.5.)
const TAUGHT_WRITTEN_WEIGHT: f32 = 2.0;

/// `sentiment` gives the calibrated probabilities of a text with its question.
pub fn train(
    seeds: &Seeds,
    lessons: &Lessons,
    reader: &mut Reader<'_>,
    recipe: Recipe,
    mut sentiment: impl FnMut(&str, Option<&str>) -> [f32; SENTIMENTS],
) -> KindHead {
    let mut examples = Examples::default();
    let mut add = |text: &str, question: Option<&str>, shares: [f32; KINDS], weight: f32| {
        let probabilities = sentiment(text, question);
        let read = reader.read(text, question);
        let mut dense = [0.0; KIND_DENSE];
        dense.iter_mut().zip(read.vector).for_each(|(out, value)| *out = f32::from(value) / 127.0);
        dense[DIMENSIONS..].copy_from_slice(&probabilities);
        examples.push(read.features.all().0.iter().copied(), &dense, shares, weight);
    };
    let written = seeds.written().map(|seed| (seed, WRITTEN_WEIGHT));
    let drawn = seeds.frames.iter().map(|seed| (seed, DRAWN_WEIGHT));
    let padded = seeds.padded.iter().map(|seed| (seed, PADDED_WEIGHT));
    for (seed, weight) in written.chain(drawn).chain(padded) {
        add(&seed.text, seed.question.as_deref(), shares(seed), weight / WRITTEN_WEIGHT);
    }
    for text in &lessons.texts {
        let weight = match text.kind_gold {
            Some(_) => TAUGHT_WRITTEN_WEIGHT * text.weight / WRITTEN_WEIGHT,
            None => TAUGHT_WEIGHT,
        };
        let said = softmax(&text.kind.map(|logit| logit / lessons.kind.temperature));
        add(&text.text, text.question.as_deref(), said, weight);
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
