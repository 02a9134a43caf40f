//! Encoders: one pass over a text gives class scores for every head, and a vector.
//!
//! [`builtin::Builtin`] is the default. [`transformer::Transformer`] (feature `rust-bert`) asks a network for every text, or
//! for those of which the built-in encoder is not sure. Both are judged by the same evaluation, and each judge brings its
//! own calibration.

pub mod builtin;
pub mod features;
pub mod question;
mod stored;
#[cfg(feature = "rust-bert")]
pub mod transformer;
pub mod weights;
pub mod wordpiece;
pub mod words;

use crate::heads::Calibrations;
use crate::segment::Segment;
use crate::taxonomy::Taxonomy;
use crate::topics::TopicMatcher;
use feedback::kind::Contract;
use question::Question;
pub use stored::Stored;
pub use wordpiece::{DIMENSIONS, Vector};
use words::Words;

/// Negative, neutral, positive.
pub const SENTIMENTS: usize = 3;
/// Every [`feedback::judgement::FeedbackKind`] but `Unknown`.
pub const KINDS: usize = 7;
/// Every [`feedback::judgement::Urgency`].
pub const URGENCIES: usize = 3;

/// What is encoded: one record, as text and as words. The segments of the title come before the body's.
#[derive(Clone, Copy)]
pub struct Passage<'a> {
    pub title: &'a str,
    pub title_segments: &'a [Segment],
    pub body: &'a str,
    pub body_segments: &'a [Segment],
    /// The same segments, folded and hashed.
    pub words: &'a Words,
    /// The shape of what it came in: a survey's answer reads otherwise than a post.
    pub contract: Option<Contract>,
    /// What was asked, as it was put, and as the n-grams know it.
    pub asked: Option<&'a str>,
    pub question: Question,
    /// It is in a language of which no answer is given: nobody but the vector needs to read it.
    pub foreign: bool,
    /// Who is to judge it, a place in [`Encoder::judges`]; `None`: whomever the encoder chooses. Where that one has nothing
    /// to say of it, or fails, another still stands in.
    pub by: Option<usize>,
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
    /// Who gave the scores: a place in [`Encoder::judges`].
    pub judge: usize,
    pub sentiment: [f32; SENTIMENTS],
    pub kind: [f32; KINDS],
    /// `None` of a judge that leaves it to the rules.
    pub urgency: Option<[f32; URGENCIES]>,
    /// Of the whole record; `None` without any known word.
    pub vector: Option<Stored>,
    /// One for each segment of the passage.
    pub segments: Vec<SegmentEncoding>,
    /// A network's vectors, where it reads every text.
    pub network: Option<NetworkVectors>,
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

/// Vectors of a space of its own, never compared with [`Vector`]s; of L2 length 127, all of one width.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkVectors {
    /// Of the whole record.
    pub vector: Vec<i8>,
    /// One for each segment of the passage; all zeros where the network read no word of it.
    pub segments: Vec<Vec<i8>>,
}

/// Whoever gives scores, and how they are to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Judge {
    /// Which weights these are: a name and a hash of their content.
    pub version: String,
    pub calibrations: Calibrations,
}

/// A taxonomy prepared for matching.
pub struct Matchers {
    /// By the vectors of segments.
    pub topics: TopicMatcher,
    /// By those of a network that reads every text; `None` without one.
    pub network: Option<TopicMatcher>,
}

/// An encoder fails at the texts of a taxonomy.
#[derive(Debug, thiserror::Error)]
#[error("the texts of the taxonomy cannot be read by the encoder")]
pub struct PrepareError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Buffers of an encoder, reused from text to text.
#[derive(Debug, Default)]
pub struct Workspace {
    pub features: features::Features,
    /// What was read ahead.
    #[cfg(feature = "rust-bert")]
    pub readings: transformer::Readings,
}

/// Text to scores. Pure: the same passage gives the same encoding, whatever came before and whatever was read ahead, but
/// for the rounding of a network's sums.
pub trait Encoder: Send + Sync {
    /// Who may give scores; one at least.
    fn judges(&self) -> &[Judge];
    /// Which weights read the texts: a judge's version, or several.
    fn version(&self) -> &str;
    /// Which space the vectors live in; vectors of two spaces are never compared.
    fn vector_version(&self) -> &str;
    /// The same for the vectors of a network that reads every text; `None` without one.
    fn network_vector_version(&self) -> Option<&str> {
        None
    }
    /// Prepares a taxonomy for matching by the vectors that this encoder gives.
    ///
    /// # Errors
    /// Where a network fails at the taxonomy's own texts.
    fn matchers(&self, taxonomy: &Taxonomy) -> Result<Matchers, PrepareError>;
    /// Replaces `out`.
    fn encode(&self, passage: &Passage<'_>, workspace: &mut Workspace, out: &mut Encoding);
    /// How many texts are best read together; 1 where that gains nothing.
    fn group(&self) -> usize {
        1
    }
    /// Reads these together, so that encoding each of them with the same workspace finds what was read.
    fn foresee(&self, passages: &[Passage<'_>], workspace: &mut Workspace) {
        let _ = (passages, workspace);
    }
    /// Texts for which a judge failed since the start, and another stood in.
    fn failures(&self) -> u64 {
        0
    }
}
