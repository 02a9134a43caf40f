//! Encoders: one pass over a text gives class scores for every head, and a vector.
//!
//! [`builtin::Builtin`] is the default. Others (a transformer, a cascade) implement [`Encoder`] too and are judged by
//! the same evaluation. An encoder knows no threshold of anyone else: it brings its own calibration.

pub mod builtin;
pub mod features;
pub mod question;
#[cfg(feature = "rust-bert")]
pub mod transformer;
pub mod weights;
pub mod wordpiece;
pub mod words;

use crate::heads::Calibrations;
use crate::segment::Segment;
use question::Question;
pub use wordpiece::{DIMENSIONS, Vector};
use words::Words;

/// Negative, neutral, positive.
pub const SENTIMENTS: usize = 3;
/// Every [`feedback::judgement::FeedbackKind`] but `Unknown`.
pub const KINDS: usize = 7;

/// What is encoded: one record, as text and as words. The segments of the title come before the body's.
#[derive(Clone, Copy)]
pub struct Passage<'a> {
    pub title: &'a str,
    pub title_segments: &'a [Segment],
    pub body: &'a str,
    pub body_segments: &'a [Segment],
    /// The same segments, folded and hashed.
    pub words: &'a Words,
    pub question: Question,
}

impl<'a> Passage<'a> {
    /// The text of every segment.
    pub fn segments(&self) -> impl Iterator<Item = &'a str> {
        let (title, body) = (self.title, self.body);
        let titles = self.title_segments.iter().map(move |segment| segment.text(title));
        titles.chain(self.body_segments.iter().map(move |segment| segment.text(body)))
    }
}

/// What an encoder says. Scores are logits before calibration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Encoding {
    pub sentiment: [f32; SENTIMENTS],
    pub kind: [f32; KINDS],
    /// Of the whole record; `None` without any known word.
    pub vector: Option<Vector>,
    /// One for each segment of the passage.
    pub segments: Vec<SegmentEncoding>,
    /// Words with a place in the vocabulary, of all words.
    pub known_words: usize,
    pub all_words: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentEncoding {
    pub sentiment: [f32; SENTIMENTS],
    /// All zeros without any known word.
    pub vector: Vector,
}

/// Buffers of an encoder, reused from text to text.
#[derive(Debug, Default)]
pub struct Workspace {
    pub features: features::Features,
}

/// Text to scores. Pure: the same passage gives the same encoding, whatever came before.
pub trait Encoder: Send + Sync {
    /// Which weights these are: a name and a hash of their content.
    fn version(&self) -> &str;
    /// Which space the vectors live in; vectors of two spaces are never compared.
    fn vector_version(&self) -> &str;
    /// How this encoder's scores become probabilities and labels.
    fn calibrations(&self) -> &Calibrations;
    /// Replaces `out`.
    fn encode(&self, passage: &Passage<'_>, workspace: &mut Workspace, out: &mut Encoding);
}
