//! Which texts go together in which step.

use super::Recipe;
use super::examples::{Example, Examples};
use crate::train::linear::SplitMix;
use analyze::encoder::transformer::tokens::Row;

/// The order of one training: the same for the same seed.
pub struct Schedule<'e> {
    examples: &'e Examples,
    steps: Vec<Step>,
}

enum Step {
    /// Places in `examples.train`.
    Texts(Vec<u32>),
    /// Intent and text.
    Intents(Vec<(u32, u32)>),
}

pub enum Batch<'e> {
    Texts(Vec<&'e Example>),
    /// Rows with the number of their intent.
    Intents(Vec<(usize, &'e Row)>),
}

/// Texts of so many batches are sorted by length together.
const BUCKET: usize = 50;
const INTENTS_A_BATCH: usize = 12;
const TEXTS_AN_INTENT: usize = 4;

impl<'e> Schedule<'e> {
    pub fn new(examples: &'e Examples, recipe: &Recipe) -> Self {
        let mut random = SplitMix(recipe.seed as u64);
        let mut order: Vec<u32> = Vec::new();
        for (at, example) in examples.train.iter().enumerate() {
            // A weight of 0.5 counts every second time.
            let whole = example.weight.floor();
            let more = example.weight - whole > unit(&mut random);
            order.extend(std::iter::repeat_n(at as u32, whole as usize + usize::from(more)));
        }
        random.shuffle(&mut order);
        let length = |at: &u32| examples.train[*at as usize].row.ids.len();
        let mut batches: Vec<Vec<u32>> = Vec::new();
        for bucket in order.chunks_mut(BUCKET * recipe.batch) {
            bucket.sort_by_key(length);
            batches.extend(bucket.chunks(recipe.batch).map(<[u32]>::to_vec));
        }
        random.shuffle(&mut batches);
        let mut steps = Vec::new();
        for (at, batch) in batches.into_iter().enumerate() {
            steps.push(Step::Texts(batch));
            if at % recipe.intents_every == recipe.intents_every - 1 {
                steps.push(Step::Intents(draw(&examples.intents, &mut random)));
            }
        }
        Self { examples, steps }
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn batch(&self, step: usize) -> Batch<'e> {
        match &self.steps[step] {
            Step::Texts(places) => {
                Batch::Texts(places.iter().map(|at| &self.examples.train[*at as usize]).collect())
            }
            Step::Intents(places) => Batch::Intents(
                places
                    .iter()
                    .map(|(intent, text)| {
                        (*intent as usize, &self.examples.intents[*intent as usize][*text as usize])
                    })
                    .collect(),
            ),
        }
    }
}

fn draw(intents: &[Vec<Row>], random: &mut SplitMix) -> Vec<(u32, u32)> {
    let mut chosen: Vec<u32> = (0..intents.len() as u32).collect();
    random.shuffle(&mut chosen);
    chosen.truncate(INTENTS_A_BATCH);
    let mut places = Vec::new();
    for intent in chosen {
        let mut texts: Vec<u32> = (0..intents[intent as usize].len() as u32).collect();
        random.shuffle(&mut texts);
        places.extend(texts.into_iter().take(TEXTS_AN_INTENT).map(|text| (intent, text)));
    }
    places
}

/// From 0 to below 1.
pub fn unit(random: &mut SplitMix) -> f32 {
    (random.next() >> 40) as f32 / (1u32 << 24) as f32
}
