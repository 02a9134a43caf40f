//! Which words carried an answer: each is left out in turn, the text is read again, and what the answer lost is the
//! word's weight.
//!
//! Leave-one-out, after Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation Erasure". It
//! asks the encoder and looks into none, so it holds for each of them, at the price of about one reading a word.
//!
//! Limits: words that only work together have too little each, words that say the same hide each other, and a sentence
//! loses its end with its last word. Where several encoders share the work, the one that judged the whole text reads it
//! without each word too, whichever would be chosen for that; only where it fails does another stand in. What title and
//! question contribute is not told: they stay as they are.

use crate::heads;
use crate::segment::Segment;
use crate::{Analysis, Analyzer, Input, Scratch};
use feedback::judgement::{FeedbackKind, SentimentLabel};
use feedback::span::Span;

/// A text of more words is first looked at by segment, and at most so many of its words are left out one by one …
const MOST_WORDS: usize = 60;
/// … of so many segments.
const MOST_SEGMENTS: usize = 3;
/// Words that are told for one answer.
const MOST_TOLD: usize = 6;
/// A lesser weight tells nothing.
const LEAST_WEIGHT: f32 = 0.05;
/// Probabilities below it count as it: an answer that is sure keeps a finite weight.
const LEAST_PROBABILITY: f32 = 1e-6;

/// The words that carried an answer, the weightiest first, at most six each. Empty where nothing was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    pub sentiment: Vec<Weight>,
    pub kind: Vec<Weight>,
}

/// How much a word speaks for the class that was said; for the likeliest where the answer is "unknown".
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// What stands between two blanks, with its punctuation.
    pub word: String,
    /// Into the redacted body, in characters.
    pub span: Span,
    /// By so much the log-odds (natural, of the calibrated probability) are higher with the word than without: 0.69
    /// doubles the odds. Below zero it speaks against the answer.
    pub weight: f32,
}

/// What is left out: a segment, or a word, cut out likewise.
type Part = Segment;

/// Log-odds of what was said, or what is lost of them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Odds {
    sentiment: f32,
    kind: f32,
}

/// The words of a redacted body that carried its sentiment and its kind. The text is read at most once for each of its
/// segments and for 60 words, and never beyond its last segment.
#[must_use]
pub fn explain(analyzer: &Analyzer, input: &Input<'_>, scratch: &mut Scratch) -> Explanation {
    let whole = analyzer.analyze_redacted(input, scratch);
    if whole.segments.is_empty() || whole.sentiment == heads::no_sentiment() {
        return Explanation::default();
    }
    let classes = Classes::of(&whole);
    let (odds, judge) = (classes.odds(&whole), whole.judge);
    let segments = whole.segments.to_vec();
    // Without one of its words a text is in the same language still.
    let language_hint =
        if whole.language.is_known() { Some(whole.language.as_str()) } else { input.language_hint };
    let end = segments.last().map_or(0, |last| last.end as usize);
    let input = Input { body: &input.body[..end], language_hint, ..*input };
    let eraser = Eraser { analyzer, input, judge, classes, whole: odds };
    let words = weigh(input.body, &segments, |parts| eraser.leave_out(parts, scratch));
    Explanation {
        sentiment: strongest(input.body, &words, |lost| lost.sentiment),
        kind: strongest(input.body, &words, |lost| lost.kind),
    }
}

/// Leaves parts out of a text, and reads what remains.
struct Eraser<'a> {
    analyzer: &'a Analyzer,
    input: Input<'a>,
    /// Who judged the whole text: two judges' odds cannot be compared.
    judge: usize,
    classes: Classes,
    /// Of the whole text.
    whole: Odds,
}

impl Eraser<'_> {
    /// What the answers lose without each of these parts. All that remains is read together.
    fn leave_out(&self, parts: &[Part], scratch: &mut Scratch) -> Vec<Odds> {
        let bodies: Vec<String> = parts.iter().map(|part| without(self.input.body, part)).collect();
        let inputs: Vec<Input<'_>> =
            bodies.iter().map(|body| Input { body: body.as_str(), ..self.input }).collect();
        self.analyzer.foresee_by(self.judge, &inputs, scratch);
        inputs
            .iter()
            .map(|input| self.lost(&self.analyzer.analyze_redacted_by(self.judge, input, scratch)))
            .collect()
    }

    fn lost(&self, rest: &Analysis<'_>) -> Odds {
        // What remains looks foreign and was not read: that says nothing of the part.
        if rest.language.is_known() && rest.language.as_str() != "en" {
            return Odds::default();
        }
        let rest = self.classes.odds(rest);
        Odds { sentiment: self.whole.sentiment - rest.sentiment, kind: self.whole.kind - rest.kind }
    }
}

/// Which classes were said, as places among the probabilities.
struct Classes {
    sentiment: usize,
    kind: usize,
}

impl Classes {
    fn of(whole: &Analysis<'_>) -> Self {
        Self {
            sentiment: said(SentimentLabel::ALL, whole.sentiment.label, &whole.sentiment.probabilities),
            kind: said(FeedbackKind::ALL, whole.kind.label, &whole.kind_probabilities),
        }
    }

    fn odds(&self, analysis: &Analysis<'_>) -> Odds {
        Odds {
            sentiment: log_odds(&analysis.sentiment.probabilities, self.sentiment),
            kind: log_odds(&analysis.kind_probabilities, self.kind),
        }
    }
}

/// The place of the label; of "unknown", which has none, that of the likeliest class.
fn said<L: PartialEq, const N: usize>(labels: &[L], label: L, probabilities: &[f32; N]) -> usize {
    let likelier = |a: usize, b: usize| if probabilities[b] > probabilities[a] { b } else { a };
    labels.iter().take(N).position(|known| *known == label).unwrap_or_else(|| (1..N).fold(0, likelier))
}

/// ln(p / (1 - p)), with 1 - p as the sum of the others, which stays exact where p is close to 1.
fn log_odds<const N: usize>(probabilities: &[f32; N], class: usize) -> f32 {
    let others: f32 = (0..N).filter(|other| *other != class).map(|other| probabilities[other]).sum();
    probabilities[class].max(LEAST_PROBABILITY).ln() - others.max(LEAST_PROBABILITY).ln()
}

/// The words that were left out one by one, with what the answers lost; `leave_out` tells that of every part it is given.
fn weigh(
    body: &str,
    segments: &[Part],
    mut leave_out: impl FnMut(&[Part]) -> Vec<Odds>,
) -> Vec<(Part, Odds)> {
    let mut words = words_in(body, segments);
    if words.len() > MOST_WORDS {
        let lost = leave_out(segments);
        words = words_in(body, &most_telling(segments, &lost));
        words.truncate(MOST_WORDS);
    }
    let lost = leave_out(&words);
    words.into_iter().zip(lost).collect()
}

/// The segments without which the answers change most, those first.
fn most_telling(segments: &[Part], lost: &[Odds]) -> Vec<Part> {
    let change = |lost: &Odds| lost.sentiment.abs() + lost.kind.abs();
    let mut order: Vec<(f32, Part)> = lost.iter().map(change).zip(segments.iter().copied()).collect();
    order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    order.into_iter().take(MOST_SEGMENTS).map(|(_, segment)| segment).collect()
}

/// What stands between blanks, segment by segment.
fn words_in(body: &str, segments: &[Part]) -> Vec<Part> {
    segments.iter().flat_map(|segment| words_of(body, segment)).collect()
}

fn words_of(body: &str, segment: &Part) -> impl Iterator<Item = Part> {
    let (mut bytes, mut chars) = (segment.start, segment.span.start);
    segment.text(body).split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let (start, first) = (bytes, chars);
        bytes += piece.len() as u32;
        chars += piece.chars().count() as u32;
        let word = piece.trim_end();
        let span = Span::new(first, first + word.chars().count() as u32);
        (!word.is_empty()).then(|| Part { start, end: start + word.len() as u32, span })
    })
}

fn without(body: &str, part: &Part) -> String {
    [&body[..part.start as usize], &body[part.end as usize..]].concat()
}

/// The weightiest words for one answer, in the order of the text where they weigh the same.
fn strongest(body: &str, words: &[(Part, Odds)], of: impl Fn(&Odds) -> f32) -> Vec<Weight> {
    let mut told: Vec<(f32, &Part)> = words.iter().map(|(word, lost)| (of(lost), word)).collect();
    told.retain(|(weight, _)| weight.abs() >= LEAST_WEIGHT);
    told.sort_by(|(a, first), (b, other)| {
        b.abs().total_cmp(&a.abs()).then_with(|| first.start.cmp(&other.start))
    });
    told.truncate(MOST_TOLD);
    let weight = |(weight, word): (f32, &Part)| {
        let span = word.span;
        Weight { word: word.text(body).to_owned(), span, weight }
    };
    told.into_iter().map(weight).collect()
}

#[cfg(test)]
mod tests;
