//! A text as the encoder reads it, for training: the very same code.

use analyze::encoder::features::Features;
use analyze::encoder::question::Question;
use analyze::encoder::wordpiece::{self, DIMENSIONS, Pieces, Vector};
use analyze::encoder::words::Words;
use analyze::segment::{Segment, segment_into};

pub struct Reader<'p> {
    pieces: &'p Pieces<'p>,
    segments: Vec<Segment>,
    words: Words,
    features: Features,
}

pub struct Read<'r> {
    pub features: &'r Features,
    pub vector: Vector,
}

impl<'p> Reader<'p> {
    #[must_use]
    pub fn new(pieces: &'p Pieces<'p>) -> Self {
        Self { pieces, segments: Vec::new(), words: Words::default(), features: Features::default() }
    }

    pub fn read(&mut self, text: &str, question: Option<&str>) -> Read<'_> {
        segment_into(text, &mut self.segments);
        self.words.clear();
        self.segments.iter().for_each(|segment| self.words.push_segment(segment.text(text)));
        self.words.finish();
        self.features.extract(&self.words, &Question::of(question));
        let mut sum = [0; DIMENSIONS];
        self.pieces.add(&self.words, self.words.tokens(), &mut sum);
        Read { features: &self.features, vector: wordpiece::normalised(&sum) }
    }
}
