//! The analyzer: redaction first, here or by whoever calls, then everything else on the redacted text, in one pass.

use crate::encoder::builtin::Builtin;
use crate::encoder::question::Question;
use crate::encoder::weights::WeightsError;
use crate::encoder::words::Words;
use crate::encoder::{Encoder, Encoding, Passage, Workspace};
use crate::heads::{self, Calibrations, Context};
use crate::language::{self, Language};
use crate::redact::{Known, RedactionCounts, Redactor};
use crate::segment::{self, Segment};
use crate::taxonomy::Taxonomy;
use crate::topics::{MatchRoom, TopicMatcher};
use crate::urgency::UrgencyRules;
use feedback::judgement::{KindJudgement, Sentiment, SentimentLabel, TopicHit, Urgency};
use feedback::span::Span;

/// One record's words: as decoded for [`Analyzer::analyze`], redacted for [`Analyzer::analyze_redacted`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    pub title: Option<&'a str>,
    pub body: &'a str,
    /// What the customer was asked; the answer's meaning depends on it.
    pub question: Option<&'a str>,
    /// As the source says; evidence, not truth.
    pub language_hint: Option<&'a str>,
    /// The author's name, email, handle: masked wherever they occur; of no use where all was redacted before.
    pub known: &'a Known<'a>,
}

#[derive(Debug, Clone)]
pub struct Options {
    /// At most so many topics a record, the surest first.
    pub max_topics: usize,
    /// So many bytes of a body are analyzed (all of it is redacted).
    pub max_analyzed_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_topics: 4, max_analyzed_bytes: 16 * 1024 }
    }
}

/// Our own fault: the weights in the binary do not fit its code.
#[derive(Debug, thiserror::Error)]
pub enum AnalyzeError {
    #[error("the built-in weights cannot be used")]
    Weights(#[from] WeightsError),
}

/// Who judged: stored with every fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions<'a> {
    pub encoder: &'a str,
    pub vector: &'a str,
    pub taxonomy: &'a str,
}

/// What a record means. Texts are redacted; spans count characters of the redacted body.
#[derive(Debug, Clone, Copy)]
pub struct Analysis<'s> {
    pub title: Option<&'s str>,
    pub body: &'s str,
    pub question: Option<&'s str>,
    pub redactions: RedactionCounts,
    pub language: Language,
    pub sentiment: Sentiment,
    pub kind: KindJudgement,
    pub urgency: Urgency,
    /// Of a rule, not calibrated.
    pub urgency_confidence: f32,
    /// The surest first. A topic that only the title carries has an empty span at 0.
    pub topics: &'s [TopicHit],
    /// Of the body.
    pub segments: &'s [Segment],
    /// 64 dimensions, L2 length 127; empty without any known word.
    pub vector: &'s [i8],
}

/// Buffers, reused from record to record; its content never changes a result.
#[derive(Debug, Default)]
pub struct Scratch {
    title: String,
    body: String,
    question: String,
    title_segments: Vec<Segment>,
    body_segments: Vec<Segment>,
    words: Words,
    workspace: Workspace,
    encoding: Encoding,
    matching: MatchRoom,
    votes: Vec<TopicVotes>,
    topics: Vec<TopicHit>,
}

/// What the segments of a record say for one topic.
#[derive(Debug, Clone, Copy)]
struct TopicVotes {
    topic: u16,
    confidence: f32,
    span: Span,
    /// Sum of the sentiment logits of its segments, and their number.
    sentiment: [f32; 3],
    segments: f32,
}

pub struct Analyzer {
    encoder: Box<dyn Encoder>,
    topics: TopicMatcher,
    taxonomy: Taxonomy,
    urgency: UrgencyRules,
    redactor: Redactor,
    options: Options,
}

impl Analyzer {
    /// With the built-in encoder.
    ///
    /// # Errors
    /// Where the weights in the binary do not fit the code.
    pub fn new(taxonomy: Taxonomy, options: Options) -> Result<Self, AnalyzeError> {
        Ok(Self::with_builtin(Builtin::committed()?, taxonomy, options))
    }

    /// With other weights than the committed ones: those of a training, before they are.
    #[must_use]
    pub fn with_builtin(builtin: Builtin<'static>, taxonomy: Taxonomy, options: Options) -> Self {
        let pieces = builtin.pieces();
        let mut embed = |text: &str| pieces.embed(text).to_vec();
        let topics = TopicMatcher::new(&taxonomy, pieces, builtin.topics(), &mut embed);
        let urgency = UrgencyRules::default();
        Self { encoder: Box::new(builtin), topics, taxonomy, urgency, redactor: Redactor::new(), options }
    }

    #[must_use]
    pub fn versions(&self) -> Versions<'_> {
        Versions {
            encoder: self.encoder.version(),
            vector: self.encoder.vector_version(),
            taxonomy: self.taxonomy.version(),
        }
    }

    #[must_use]
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// One encoder pass. Pure: the same input gives the same analysis, whatever the scratch held before.
    pub fn analyze<'s>(&self, input: &Input<'_>, scratch: &'s mut Scratch) -> Analysis<'s> {
        let redactions = self.redact(input, scratch);
        self.judge(input, redactions, scratch)
    }

    /// The same of texts that are redacted already, by a [`Redactor`] and with all the names that are known: they are
    /// read as they are, and none is counted.
    pub fn analyze_redacted<'s>(&self, input: &Input<'_>, scratch: &'s mut Scratch) -> Analysis<'s> {
        for (text, out) in texts(input, scratch) {
            out.clear();
            out.push_str(text);
        }
        self.judge(input, RedactionCounts::default(), scratch)
    }

    /// Of the texts in the scratch, which are redacted.
    fn judge<'s>(
        &self,
        input: &Input<'_>,
        redactions: RedactionCounts,
        scratch: &'s mut Scratch,
    ) -> Analysis<'s> {
        let (language, asked) = self.read(input, scratch);
        let calibrations = self.encoder.calibrations();
        let encoding = &scratch.encoding;
        let wordless = scratch.words.tokens().is_empty();
        let leans = || {
            let context = Context { knows_language: true, asked };
            let label = heads::sentiment(&encoding.sentiment, &calibrations.sentiment, context).label;
            matches!(label, SentimentLabel::Positive | SentimentLabel::Negative)
        };
        let knows_language = !wordless && knows_language(language, encoding, leans);
        let context = Context { knows_language, asked };
        let sentiment = heads::sentiment(&encoding.sentiment, &calibrations.sentiment, context);
        let kind = heads::kind(&encoding.kind, &calibrations.kind, context);
        let (urgency, urgency_confidence) = self.urgency.judge(&scratch.words, kind.label, sentiment.label);
        self.find_topics(calibrations, context, scratch);
        Analysis {
            title: input.title.map(|_| scratch.title.as_str()),
            body: &scratch.body,
            question: input.question.map(|_| scratch.question.as_str()),
            redactions,
            language,
            sentiment,
            kind,
            urgency,
            urgency_confidence,
            topics: &scratch.topics,
            segments: &scratch.body_segments,
            vector: scratch.encoding.vector.as_ref().map_or(&[], |vector| vector.as_slice()),
        }
    }

    fn redact(&self, input: &Input<'_>, scratch: &mut Scratch) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        for (text, out) in texts(input, scratch) {
            out.clear();
            if !text.is_empty() {
                self.redactor.redact_into(text, input.known, out, &mut counts);
            }
        }
        counts
    }

    /// Segments, words, and the encoder's pass over them; the language, and whether a question was asked.
    fn read(&self, input: &Input<'_>, scratch: &mut Scratch) -> (Language, bool) {
        let Scratch {
            title, body, question, title_segments, body_segments, words, workspace, encoding, ..
        } = scratch;
        let cut = |text: &'_ str| text.floor_char_boundary(self.options.max_analyzed_bytes);
        let (title, body) = (&title[..cut(title)], &body[..cut(body)]);
        let language = language::detect(if body.is_empty() { title } else { body }, input.language_hint);
        segment::segment_into(title, title_segments);
        segment::segment_into(body, body_segments);
        words.clear();
        title_segments.iter().for_each(|segment| words.push_segment(segment.text(title)));
        body_segments.iter().for_each(|segment| words.push_segment(segment.text(body)));
        words.finish();
        let question = Question::of(input.question.map(|_| question.as_str()));
        let passage = Passage { title, title_segments, body, body_segments, words, question };
        self.encoder.encode(&passage, workspace, encoding);
        (language, question.kind.is_some())
    }

    fn find_topics(&self, calibrations: &Calibrations, context: Context, scratch: &mut Scratch) {
        let Scratch { words, encoding, title_segments, body_segments, matching, votes, topics, .. } = scratch;
        votes.clear();
        for (at, segment) in encoding.segments.iter().enumerate() {
            let span = at.checked_sub(title_segments.len()).and_then(|at| body_segments.get(at));
            let span = span.map_or(Span { start: 0, end: 0 }, |segment| segment.span);
            self.topics.matches(words, at, &segment.vector, matching, |topic, confidence| {
                vote(
                    votes,
                    TopicVotes { topic, confidence, span, sentiment: segment.sentiment, segments: 1.0 },
                );
            });
        }
        votes.sort_unstable_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.topic.cmp(&b.topic)));
        votes.truncate(self.options.max_topics);
        topics.clear();
        topics.extend(votes.iter().map(|votes| {
            let mean = votes.sentiment.map(|logit| logit / votes.segments);
            let sentiment = heads::sentiment(&mean, &calibrations.sentiment, context).label;
            TopicHit { topic: votes.topic, confidence: votes.confidence, sentiment, span: votes.span }
        }));
    }
}

/// Each text, and where it stands once it is redacted.
fn texts<'i, 's>(input: &Input<'i>, scratch: &'s mut Scratch) -> [(&'i str, &'s mut String); 3] {
    [
        (input.title.unwrap_or(""), &mut scratch.title),
        (input.body, &mut scratch.body),
        (input.question.unwrap_or(""), &mut scratch.question),
    ]
}

/// Adds a segment's vote; the surest segment of the body gives the span.
fn vote(votes: &mut Vec<TopicVotes>, new: TopicVotes) {
    let Some(known) = votes.iter_mut().find(|votes| votes.topic == new.topic) else {
        return votes.push(new);
    };
    if known.span.is_empty() || (new.confidence > known.confidence && !new.span.is_empty()) {
        known.span = new.span;
    }
    known.confidence = known.confidence.max(new.confidence);
    known.sentiment.iter_mut().zip(new.sentiment).for_each(|(sum, logit)| *sum += logit);
    known.segments += 1.0;
}

/// The model was trained on English. Where the language cannot be told (a few words), it answers if most of the words
/// are in its vocabulary; and of emoji and signs alone only where they lean to a side, for of most it knows nothing.
fn knows_language(language: Language, encoding: &Encoding, leans: impl FnOnce() -> bool) -> bool {
    match language.as_str() {
        _ if encoding.all_words == 0 => leans(),
        "en" => true,
        _ if language.is_known() => false,
        _ => encoding.known_words * 2 >= encoding.all_words,
    }
}

#[cfg(test)]
mod tests;
