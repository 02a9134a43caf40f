//! The built-in encoder: linear heads over hashed n-grams and a static vector, weights inside the binary.

use super::features::BUCKET_BITS;
use super::stored::{SPACE, stored};
use super::weights::{Facts, TopicFacts, Weights, WeightsError};
use super::wordpiece::{self, DIMENSIONS, Pieces, Sum, Vector};
use super::words::TokenKind;
use super::{
    Encoder, Encoding, Judge, KINDS, Matchers, Passage, PrepareError, SENTIMENTS, SegmentEncoding, Workspace,
};
use crate::heads::Calibrations;
use crate::taxonomy::Taxonomy;
use crate::topics::{self, TopicMatcher};

/// The committed weights; `cargo xtask train` writes them.
pub const BYTES: &[u8] = include_bytes!("../../weights/builtin.weights");

pub struct Builtin<'w> {
    facts: Facts,
    judges: [Judge; 1],
    sentiment: &'w [[u8; 2]],
    kind: &'w [[u8; 8]],
    pieces: Pieces<'w>,
    vector_version: String,
}

impl Builtin<'static> {
    /// The encoder of the committed weights.
    pub fn committed() -> Result<Self, WeightsError> {
        Self::new(BYTES)
    }
}

impl<'w> Builtin<'w> {
    pub fn new(bytes: &'w [u8]) -> Result<Self, WeightsError> {
        let weights = Weights::parse(bytes)?;
        let rows = xxhash_rust::xxh3::xxh3_64(weights.piece_rows.as_flattened()) as u32;
        Ok(Self {
            vector_version: format!("minilm-static-64:{rows:08x}{SPACE}"),
            sentiment: weights.sentiment,
            kind: weights.kind,
            pieces: Pieces::new(weights.piece_hashes, weights.piece_rows, weights.piece_rarities),
            judges: [Judge {
                version: format!("builtin-1:{:08x}", xxhash_rust::xxh3::xxh3_64(bytes) as u32),
                calibrations: Calibrations {
                    sentiment: weights.facts.sentiment.calibration.clone(),
                    kind: weights.facts.kind.calibration.clone(),
                    urgency: None,
                },
            }],
            facts: weights.facts,
        })
    }

    /// How the evidence for a topic is weighed in this vector space.
    #[must_use]
    pub fn topics(&self) -> &TopicFacts {
        &self.facts.topics
    }

    /// The same in the space of the transformer that this model learned from; `None` where it was not fitted there.
    #[must_use]
    pub fn network_topics(&self) -> Option<&TopicFacts> {
        self.facts.network_topics.as_ref()
    }

    /// A taxonomy prepared for matching by the vectors of this encoder.
    #[must_use]
    pub fn matcher(&self, taxonomy: &Taxonomy) -> TopicMatcher {
        let vectors = topics::own_texts(taxonomy).map(|text| self.pieces.embed(&text).to_vec()).collect();
        TopicMatcher::new(taxonomy, &self.pieces, &self.facts.topics, vectors)
    }

    /// From this calibrated probability of the sentiment on no other encoder needs to be asked.
    #[must_use]
    pub fn sure_from(&self) -> f32 {
        self.facts.sentiment.sure_from
    }

    /// The vocabulary behind the vectors.
    #[must_use]
    pub fn pieces(&self) -> &Pieces<'w> {
        &self.pieces
    }

    fn sum_sentiment(&self, buckets: &[u32], sum: &mut [i32; 2]) {
        let shift = BUCKET_BITS - self.facts.sentiment.bucket_bits;
        for bucket in buckets {
            let [negative, positive] = self.sentiment[(bucket >> shift) as usize];
            sum[0] = sum[0].wrapping_add(i32::from(negative as i8));
            sum[1] = sum[1].wrapping_add(i32::from(positive as i8));
        }
    }

    /// Logits of a sum over `count` features, with the vector's part.
    fn sentiment_logits(&self, sum: [i32; 2], count: usize, vector: &Vector) -> [f32; SENTIMENTS] {
        let facts = &self.facts.sentiment;
        let scale = facts.step * feature_value(count);
        let mut logits = facts.bias;
        logits[0] += scale * sum[0] as f32;
        logits[2] += scale * sum[1] as f32;
        add_dense(&mut logits, &facts.dense, vector);
        logits
    }

    fn kind_logits(&self, buckets: &[u32], vector: &Vector, sentiment: &[f32; SENTIMENTS]) -> [f32; KINDS] {
        let facts = &self.facts.kind;
        let shift = BUCKET_BITS - facts.bucket_bits;
        let mut sum = [0i32; 8];
        for bucket in buckets {
            for (total, value) in sum.iter_mut().zip(self.kind[(bucket >> shift) as usize]) {
                *total = total.wrapping_add(i32::from(value as i8));
            }
        }
        let scale = facts.step * feature_value(buckets.len());
        let mut logits = facts.bias;
        for (logit, total) in logits.iter_mut().zip(sum) {
            *logit += scale * total as f32;
        }
        add_dense(&mut logits, &facts.dense, vector);
        let probabilities = self.judges[0].calibrations.sentiment.probabilities(sentiment);
        for (weights, probability) in facts.dense[DIMENSIONS..].iter().zip(probabilities) {
            for (logit, weight) in logits.iter_mut().zip(weights) {
                *logit += weight * probability;
            }
        }
        logits
    }
}

/// What each of `count` features counts: their vector has length one, however long the text.
#[must_use]
pub fn feature_value(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}

fn add_dense<const N: usize>(logits: &mut [f32; N], dense: &[[f32; N]], vector: &Vector) {
    for (weights, value) in dense.iter().zip(vector) {
        let value = f32::from(*value) / 127.0;
        for (logit, weight) in logits.iter_mut().zip(weights) {
            *logit += weight * value;
        }
    }
}

impl Encoder for Builtin<'_> {
    fn judges(&self) -> &[Judge] {
        &self.judges
    }

    fn version(&self) -> &str {
        &self.judges[0].version
    }

    fn vector_version(&self) -> &str {
        &self.vector_version
    }

    fn matchers(&self, taxonomy: &Taxonomy) -> Result<Matchers, PrepareError> {
        Ok(Matchers { topics: self.matcher(taxonomy), network: None })
    }

    fn encode(&self, passage: &Passage<'_>, workspace: &mut Workspace, out: &mut Encoding) {
        let Passage { words, question, .. } = passage;
        let features = &mut workspace.features;
        features.extract(words, question);
        out.judge = 0;
        out.urgency = None;
        out.network = None;
        out.segments.clear();
        out.known_words = 0;
        let (mut total, mut total_sum): ([i32; 2], Sum) = ([0; 2], [0; DIMENSIONS]);
        for at in 0..words.segments() {
            let (word_grams, char_grams) = features.segment(at);
            let mut sum = [0; 2];
            self.sum_sentiment(word_grams, &mut sum);
            self.sum_sentiment(char_grams, &mut sum);
            let mut vector_sum = [0; DIMENSIONS];
            out.known_words += self.pieces.add(words, words.segment(at), &mut vector_sum);
            let vector = wordpiece::normalised(&vector_sum);
            let sentiment = self.sentiment_logits(sum, word_grams.len() + char_grams.len(), &vector);
            out.segments.push(SegmentEncoding { sentiment, vector });
            total = [total[0] + sum[0], total[1] + sum[1]];
            total_sum.iter_mut().zip(vector_sum).for_each(|(t, v)| *t = t.wrapping_add(v));
        }
        let (word_grams, char_grams) = features.all();
        let vector = wordpiece::normalised(&total_sum);
        out.sentiment = self.sentiment_logits(total, word_grams.len() + char_grams.len(), &vector);
        out.kind = self.kind_logits(word_grams, &vector, &out.sentiment);
        out.vector = (out.known_words > 0).then(|| stored(vector));
        out.all_words = words.tokens().iter().filter(|t| t.kind == TokenKind::Word).count();
    }
}
