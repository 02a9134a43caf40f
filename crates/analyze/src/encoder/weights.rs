//! The weights file: a line of facts in JSON, then the tables, one after the other.
//!
//! Layout: `VBW1`, the length of the JSON (u32, little-endian), the JSON ([`Facts`]), the sentiment table
//! (2 bytes a bucket), the kind table (8 bytes a bucket), piece hashes (8 bytes), piece rows
//! (64 bytes), piece rarities (1 byte).

use super::{KINDS, SENTIMENTS, features::BUCKET_BITS, wordpiece::DIMENSIONS};
use crate::{heads::Calibration, topics::EVIDENCE};
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 4] = b"VBW1";

/// What dense features a head sees: the vector, then what the head adds.
pub const KIND_DENSE: usize = DIMENSIONS + SENTIMENTS;

/// Everything of a model but its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub sentiment: SentimentFacts,
    pub kind: KindFacts,
    /// Pieces in the vector table.
    pub pieces: usize,
    /// Coefficients of the topic score, in the order of [`crate::topics::Evidence`].
    pub topics: TopicFacts,
    /// The same for the vectors of the transformer that this model learned from.
    #[serde(default)]
    pub network_topics: Option<TopicFacts>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentimentFacts {
    pub bucket_bits: u32,
    /// What one step of the table is worth.
    pub step: f32,
    pub bias: [f32; SENTIMENTS],
    /// For each dimension of the vector.
    pub dense: Vec<[f32; SENTIMENTS]>,
    pub calibration: Calibration,
    /// From this calibrated probability on the answer stands in a cascade; below, the transformer is asked.
    pub sure_from: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindFacts {
    pub bucket_bits: u32,
    pub step: f32,
    pub bias: [f32; KINDS],
    /// For each of [`KIND_DENSE`] features.
    pub dense: Vec<[f32; KINDS]>,
    pub calibration: Calibration,
}

/// See [`crate::topics::Evidence`] for what the numbers multiply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicFacts {
    pub bias: f32,
    pub coefficients: Vec<f32>,
    /// A topic is said from this probability on.
    pub threshold: f32,
}

/// A parsed file; the tables stay where they are.
pub struct Weights<'w> {
    pub facts: Facts,
    /// For negative and positive, both against neutral.
    pub sentiment: &'w [[u8; 2]],
    pub kind: &'w [[u8; 8]],
    pub piece_hashes: Vec<u64>,
    pub piece_rows: &'w [[u8; DIMENSIONS]],
    /// 255 for the rarest pieces, near 0 for "the".
    pub piece_rarities: &'w [u8],
}

#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    #[error("the weights do not begin like a weights file of this version")]
    Magic,
    #[error("the description inside the weights cannot be read")]
    Facts(#[source] serde_json::Error),
    #[error("the weights end too early or too late: {found} bytes of tables, {expected} expected")]
    Length { found: usize, expected: usize },
    #[error("the weights describe sizes this encoder cannot use")]
    Sizes,
}

impl<'w> Weights<'w> {
    pub fn parse(bytes: &'w [u8]) -> Result<Self, WeightsError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(WeightsError::Magic)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(WeightsError::Magic)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (json, tables) = rest.split_at_checked(length).ok_or(WeightsError::Magic)?;
        let facts: Facts = serde_json::from_slice(json).map_err(WeightsError::Facts)?;
        facts.check()?;
        let sizes = facts.sizes();
        let expected = sizes.iter().sum();
        if tables.len() != expected {
            return Err(WeightsError::Length { found: tables.len(), expected });
        }
        let (sentiment, tables) = tables.split_at(sizes[0]);
        let (kind, tables) = tables.split_at(sizes[1]);
        let (hashes, tables) = tables.split_at(sizes[2]);
        let (rows, rarities) = tables.split_at(sizes[3]);
        Ok(Self {
            sentiment: sentiment.as_chunks().0,
            kind: kind.as_chunks().0,
            piece_hashes: hashes.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect(),
            piece_rows: rows.as_chunks().0,
            piece_rarities: rarities,
            facts,
        })
    }

    /// The file of these weights.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A structure of numbers and lists always has a JSON form.
        let json = serde_json::to_vec(&self.facts).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(json.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&json);
        bytes.extend_from_slice(self.sentiment.as_flattened());
        bytes.extend_from_slice(self.kind.as_flattened());
        bytes.extend(self.piece_hashes.iter().flat_map(|hash| hash.to_le_bytes()));
        bytes.extend_from_slice(self.piece_rows.as_flattened());
        bytes.extend_from_slice(self.piece_rarities);
        bytes
    }
}

impl Facts {
    fn check(&self) -> Result<(), WeightsError> {
        let fits = self.sentiment.bucket_bits <= BUCKET_BITS
            && self.kind.bucket_bits <= BUCKET_BITS
            && self.sentiment.dense.len() == DIMENSIONS
            && self.kind.dense.len() == KIND_DENSE
            && self.topics.coefficients.len() == EVIDENCE
            && self.network_topics.as_ref().is_none_or(|topics| topics.coefficients.len() == EVIDENCE)
            && self.pieces < 1 << 24;
        fits.then_some(()).ok_or(WeightsError::Sizes)
    }

    fn sizes(&self) -> [usize; 5] {
        [
            2 << self.sentiment.bucket_bits,
            8 << self.kind.bucket_bits,
            8 * self.pieces,
            DIMENSIONS * self.pieces,
            self.pieces,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_weights_is_refused() {
        assert!(matches!(Weights::parse(b"VBW"), Err(WeightsError::Magic)));
        assert!(matches!(Weights::parse(b"VBW1\xff\xff\xff\xff"), Err(WeightsError::Magic)));
        assert!(matches!(Weights::parse(b"VBW1\x02\0\0\0{}"), Err(WeightsError::Facts(_))));
        let whole = crate::encoder::builtin::BYTES;
        assert!(matches!(Weights::parse(&whole[..whole.len() - 1]), Err(WeightsError::Length { .. })));
    }

    #[test]
    fn a_file_survives_being_read_and_written() {
        let whole = crate::encoder::builtin::BYTES;
        assert!(Weights::parse(whole).unwrap().to_bytes() == whole);
    }
}
