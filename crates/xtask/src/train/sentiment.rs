//! The sentiment head: learned from the transformer and from labels, then cut down to eight bits against neutral.

use super::linear::{self, Examples, Linear, Recipe, only, quantisation_step, quantised, softmax};
use super::reader::Reader;
use super::taught::{Lessons, Taught};
use analyze::encoder::features::BUCKET_BITS;
use analyze::encoder::weights::SentimentFacts;
use analyze::encoder::{DIMENSIONS, SENTIMENTS};
use analyze::heads::Calibration;
use feedback::judgement::SentimentLabel;

pub const RECIPE: Recipe = Recipe {
    bucket_bits: 22,
    epochs: 12,
    rate: 0.2,
    dense_rate: 0.2,
    dropout: 0.4,
    decay: 0.0,
    least_examples: 3,
    seed: 20_261_122,
};

pub struct SentimentHead {
    pub facts: SentimentFacts,
    pub table: Vec<[u8; 2]>,
    /// Shares of negative, neutral and positive in training, as weighed: of texts by themselves, and of answers.
    pub priors: [[f32; SENTIMENTS]; 2],
}

#[must_use]
pub fn class(label: &str) -> Option<usize> {
    SentimentLabel::ALL[..SENTIMENTS].iter().position(|known| known.as_str() == label)
}

/// What a label counts where a person gave one; the rest is what the transformer says of the text.
const LABEL_SHARE: f32 = 0.4;

/// What is to be learned of a text.
fn shares(text: &Taught, temperature: f32) -> [f32; SENTIMENTS] {
    let said = softmax(&text.sentiment.map(|logit| logit / temperature));
    match text.sentiment_gold {
        None => said,
        Some(class) => {
            let label: [f32; SENTIMENTS] = only(class);
            std::array::from_fn(|at| LABEL_SHARE * label[at] + (1.0 - LABEL_SHARE) * said[at])
        }
    }
}

/// `calibration` is filled in later.
pub fn train(
    lessons: &Lessons,
    reader: &mut Reader<'_>,
    recipe: Recipe,
    epoch_done: impl FnMut(usize, f32),
) -> SentimentHead {
    let mut examples = Examples::default();
    let mut sums = [[0.0; SENTIMENTS]; 2];
    for text in &lessons.texts {
        let shares = shares(text, lessons.sentiment.temperature);
        let read = reader.read(&text.text, text.question.as_deref());
        let dense: [f32; DIMENSIONS] = std::array::from_fn(|at| f32::from(read.vector[at]) / 127.0);
        let (words, chars) = read.features.all();
        examples.push(words.iter().chain(chars).copied(), &dense, shares, text.weight);
        let sums = &mut sums[usize::from(text.question.is_some())];
        sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += text.weight * share);
    }
    let priors = sums.map(|sums| sums.map(|sum| sum / sums.iter().sum::<f32>()));
    let model = linear::train::<SENTIMENTS>(&examples, BUCKET_BITS - recipe.bucket_bits, recipe, epoch_done);
    finish(&model, recipe, priors)
}

fn finish(model: &Linear<SENTIMENTS>, recipe: Recipe, priors: [[f32; SENTIMENTS]; 2]) -> SentimentHead {
    let against_neutral = |w: &[f32; SENTIMENTS]| [w[0] - w[1], w[2] - w[1]];
    let step = quantisation_step(model.buckets.iter().flat_map(against_neutral));
    let table = model.buckets.iter().map(|w| against_neutral(w).map(|x| quantised(x, step))).collect();
    let none = vec![0.0; SENTIMENTS];
    let calibration =
        Calibration { temperature: 1.0, shift: none.clone(), asked_shift: none, threshold: 0.0 };
    let facts = SentimentFacts {
        bucket_bits: recipe.bucket_bits,
        step,
        bias: [model.bias[0] - model.bias[1], 0.0, model.bias[2] - model.bias[1]],
        dense: model.dense.clone(),
        calibration,
        sure_from: 1.0,
    };
    SentimentHead { facts, table, priors }
}
