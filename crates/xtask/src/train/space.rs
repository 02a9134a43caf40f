//! The spaces of vectors that topics can be told by: the built-in table's, a transformer's.

use analyze::encoder::wordpiece::Pieces;
use analyze::encoder::words::Words;
use analyze::segment::{Segment, segment_into};
use anyhow::Result;
use feedback::kind::Contract;

/// A text, and how it is taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'t> {
    pub text: &'t str,
    pub question: Option<&'t str>,
    pub contract: Option<Contract>,
    /// As one segment, in however many sentences.
    pub whole: bool,
}

impl<'t> Passage<'t> {
    /// One thought by itself.
    #[must_use]
    pub fn whole(text: &'t str) -> Self {
        Self { text, question: None, contract: None, whole: true }
    }

    /// The texts of its segments.
    #[must_use]
    pub fn segments(&self) -> Vec<&'t str> {
        if self.whole {
            return vec![self.text];
        }
        let mut segments: Vec<Segment> = Vec::new();
        segment_into(self.text, &mut segments);
        segments.iter().map(|segment| segment.text(self.text)).collect()
    }

    /// The words of its segments.
    #[must_use]
    pub fn words(&self) -> Words {
        let mut words = Words::default();
        self.segments().into_iter().for_each(|segment| words.push_segment(segment));
        words.finish();
        words
    }
}

/// Vectors of length 127, all of one width.
pub trait Space {
    /// As a table's heading has it.
    fn name(&self) -> &str;
    /// A vector for each segment of each passage.
    fn vectors(&self, passages: &[Passage<'_>]) -> Result<Vec<Vec<Vec<i8>>>>;
}

/// The built-in table.
pub struct Table<'p>(pub &'p Pieces<'p>);

impl Space for Table<'_> {
    fn name(&self) -> &str {
        "built-in"
    }

    fn vectors(&self, passages: &[Passage<'_>]) -> Result<Vec<Vec<Vec<i8>>>> {
        let vectors = |passage: &Passage<'_>| {
            let words = passage.words();
            let segments = (0..words.segments()).map(|at| words.segment(at));
            segments.map(|tokens| self.0.vector(&words, tokens).to_vec()).collect()
        };
        Ok(passages.iter().map(vectors).collect())
    }
}
