//! The analyzer: redaction first, here or by whoever calls, then everything else on the redacted text, in one pass.

use crate::encoder::builtin::Builtin;
use crate::encoder::question::Question;
#[cfg(feature = "rust-bert")]
use crate::encoder::transformer::{Transformer, reader::ReadError};
use crate::encoder::weights::WeightsError;
use crate::encoder::words::Words;
use crate::encoder::{
    Encoder, Encoding, Judge, KINDS, Matchers, Passage, PrepareError, SegmentEncoding, Workspace,
};
use crate::heads::{self, Calibrations, Context};
use crate::language::{self, Language};
use crate::redact::{Known, RedactionCounts, Redactor};
use crate::segment::{self, Segment};
use crate::taxonomy::Taxonomy;
use crate::topics::{MatchRoom, TopicMatcher};
use crate::urgency::UrgencyRules;
use feedback::judgement::{KindJudgement, Sentiment, SentimentLabel, TopicHit, Urgency};
use feedback::kind::Contract;
use feedback::span::Span;
use std::sync::Arc;

/// One record's words: as decoded for [`Analyzer::analyze`], redacted for [`Analyzer::analyze_redacted`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    pub title: Option<&'a str>,
    pub body: &'a str,
    /// What the customer was asked; the answer's meaning depends on it.
    pub question: Option<&'a str>,
    /// The shape of what it came in, where that is known.
    pub contract: Option<Contract>,
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
    /// Of the vectors that a network gives beside; `None` where none does.
    pub network_vector: Option<&'a str>,
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
    /// Calibrated, in the order of [`feedback::judgement::FeedbackKind::ALL`]; all alike where nothing is known.
    pub kind_probabilities: [f32; KINDS],
    pub urgency: Urgency,
    /// Calibrated where a network judged; of a rule it is not.
    pub urgency_confidence: f32,
    /// The surest first. A topic that only the title carries has an empty span at 0.
    pub topics: &'s [TopicHit],
    /// Of the body.
    pub segments: &'s [Segment],
    /// What the encoder says of each of them.
    pub segment_encodings: &'s [SegmentEncoding],
    /// 64 dimensions, L2 length 127; empty without any known word.
    pub vector: &'s [i8],
    /// A network's, of its own width and the same length; empty where none read the text, or only some texts are read.
    pub network_vector: &'s [i8],
    /// Which weights judged this text: of several encoders the one that answered.
    pub encoder: &'s str,
    /// The place of that one in [`Analyzer::judges`]: 0 for the built-in encoder.
    pub judge: usize,
}

/// Buffers, reused from record to record; its content never changes a result.
#[derive(Debug, Default)]
pub struct Scratch {
    draft: Draft,
    /// Texts that are read ahead.
    ahead: Vec<Draft>,
    workspace: Workspace,
    encoding: Encoding,
    matching: MatchRoom,
    votes: Vec<TopicVotes>,
    topics: Vec<TopicHit>,
}

/// One record's redacted texts, taken apart.
#[derive(Debug, Default)]
struct Draft {
    title: String,
    body: String,
    question: String,
    title_segments: Vec<Segment>,
    body_segments: Vec<Segment>,
    words: Words,
    language: Language,
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
    /// Shared by analyzers that differ in their taxonomy alone.
    encoder: Arc<dyn Encoder>,
    topics: TopicMatcher,
    /// The same by a network's vectors, where it gives them.
    network_topics: Option<TopicMatcher>,
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
        let topics = builtin.matcher(&taxonomy);
        Self::with_encoder(Arc::new(builtin), topics, None, taxonomy, options)
    }

    /// With a transformer beside the built-in encoder. Where it reads everything, topics are told by its vectors.
    ///
    /// # Errors
    /// Where the network fails at the taxonomy's own texts.
    #[cfg(feature = "rust-bert")]
    pub fn with_transformer(
        transformer: Transformer,
        taxonomy: Taxonomy,
        options: Options,
    ) -> Result<Self, ReadError> {
        let topics = transformer.builtin().matcher(&taxonomy);
        let network_topics = transformer.matcher(&taxonomy)?;
        Ok(Self::with_encoder(Arc::new(transformer), topics, network_topics, taxonomy, options))
    }

    /// Another one that judges by this taxonomy, with the same encoder: no weights are read again. What was read ahead with a
    /// scratch serves both.
    ///
    /// # Errors
    /// Where a network fails at the taxonomy's own texts.
    pub fn with_taxonomy(&self, taxonomy: Taxonomy) -> Result<Self, PrepareError> {
        let Matchers { topics, network } = self.encoder.matchers(&taxonomy)?;
        Ok(Self::with_encoder(Arc::clone(&self.encoder), topics, network, taxonomy, self.options.clone()))
    }

    pub(crate) fn with_encoder(
        encoder: Arc<dyn Encoder>,
        topics: TopicMatcher,
        network_topics: Option<TopicMatcher>,
        taxonomy: Taxonomy,
        options: Options,
    ) -> Self {
        let (urgency, redactor) = (UrgencyRules::default(), Redactor::new());
        Self { encoder, topics, network_topics, taxonomy, urgency, redactor, options }
    }

    #[must_use]
    pub fn versions(&self) -> Versions<'_> {
        Versions {
            encoder: self.encoder.version(),
            vector: self.encoder.vector_version(),
            network_vector: self.encoder.network_vector_version(),
            taxonomy: self.taxonomy.version(),
        }
    }

    /// Whoever may judge a text; [`Analysis::encoder`] is the version of one of them.
    #[must_use]
    pub fn judges(&self) -> &[Judge] {
        self.encoder.judges()
    }

    /// Texts that could not be given to the encoder that was chosen since the start; the built-in one stood in.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.encoder.failures()
    }

    /// Whether a text is too long to be read to its end.
    #[must_use]
    pub fn cuts(&self, text: &str) -> bool {
        text.len() > self.options.max_analyzed_bytes
    }

    /// How many texts are best read ahead together; 1 where that gains nothing.
    #[must_use]
    pub fn group(&self) -> usize {
        self.encoder.group()
    }

    #[must_use]
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// Reads texts together, `redacted` or as decoded: analyzing them one by one with the same scratch is then faster.
    /// No result depends on it.
    pub fn foresee(&self, inputs: &[Input<'_>], redacted: bool, scratch: &mut Scratch) {
        self.read_ahead(inputs, redacted, None, scratch);
    }

    /// The same of redacted texts for [`Self::analyze_redacted_by`].
    pub(crate) fn foresee_by(&self, judge: usize, inputs: &[Input<'_>], scratch: &mut Scratch) {
        self.read_ahead(inputs, true, Some(judge), scratch);
    }

    fn read_ahead(&self, inputs: &[Input<'_>], redacted: bool, by: Option<usize>, scratch: &mut Scratch) {
        if self.encoder.group() < 2 {
            return;
        }
        let Scratch { ahead, workspace, .. } = scratch;
        // No more room is kept than a group takes.
        ahead.truncate(self.encoder.group());
        if ahead.len() < inputs.len() {
            ahead.resize_with(inputs.len(), Draft::default);
        }
        for (input, draft) in inputs.iter().zip(&mut *ahead) {
            if redacted {
                take_over(input, draft)
            } else {
                let _ = self.redact(input, draft);
            }
            self.lay_out(input, draft);
        }
        let passages: Vec<Passage<'_>> =
            inputs.iter().zip(&*ahead).map(|(input, draft)| self.passage(input, draft, by)).collect();
        self.encoder.foresee(&passages, workspace);
    }

    /// One encoder pass. Pure: the same input gives the same analysis, whatever the scratch held before.
    pub fn analyze<'s>(&'s self, input: &Input<'_>, scratch: &'s mut Scratch) -> Analysis<'s> {
        let redactions = self.redact(input, &mut scratch.draft);
        self.judge(input, redactions, None, scratch)
    }

    /// The same of texts that are redacted already, by a [`Redactor`] and with all the names that are known: they are
    /// read as they are, and none is counted.
    pub fn analyze_redacted<'s>(&'s self, input: &Input<'_>, scratch: &'s mut Scratch) -> Analysis<'s> {
        take_over(input, &mut scratch.draft);
        self.judge(input, RedactionCounts::default(), None, scratch)
    }

    /// The same by this one of [`Self::judges`], whomever the encoder would choose: what two texts come to can then be
    /// compared.
    pub(crate) fn analyze_redacted_by<'s>(
        &'s self,
        judge: usize,
        input: &Input<'_>,
        scratch: &'s mut Scratch,
    ) -> Analysis<'s> {
        take_over(input, &mut scratch.draft);
        self.judge(input, RedactionCounts::default(), Some(judge), scratch)
    }

    /// Of the texts in the scratch, which are redacted; `by` whom, if not by whoever the encoder chooses.
    fn judge<'s>(
        &'s self,
        input: &Input<'_>,
        redactions: RedactionCounts,
        by: Option<usize>,
        scratch: &'s mut Scratch,
    ) -> Analysis<'s> {
        let Scratch { draft, workspace, encoding, .. } = scratch;
        self.lay_out(input, draft);
        let passage = self.passage(input, draft, by);
        let asked = passage.question.kind.is_some();
        self.encoder.encode(&passage, workspace, encoding);
        let Judge { version, calibrations } = &self.encoder.judges()[encoding.judge];
        let wordless = draft.words.tokens().is_empty();
        let leans = || {
            let context = Context { knows_language: true, asked };
            let label = heads::sentiment(&encoding.sentiment, &calibrations.sentiment, context).label;
            matches!(label, SentimentLabel::Positive | SentimentLabel::Negative)
        };
        let knows_language = !wordless && knows_language(draft.language, encoding, leans);
        let context = Context { knows_language, asked };
        let sentiment = heads::sentiment(&encoding.sentiment, &calibrations.sentiment, context);
        let kind_probabilities = heads::kind_probabilities(&encoding.kind, &calibrations.kind, context);
        let kind = heads::kind_of(&encoding.kind, &kind_probabilities, &calibrations.kind, context);
        let by_rules = self.urgency.judge(&draft.words, kind.label, sentiment.label);
        let (urgency, urgency_confidence) = match (encoding.urgency, &calibrations.urgency) {
            // What is said outright ("urgent", "production is down") is no matter of a network's opinion.
            _ if by_rules.0 == Urgency::High && self.urgency.weight(&draft.words) >= 1.0 => by_rules,
            (Some(logits), Some(calibration)) if knows_language => heads::urgency(&logits, calibration),
            _ => by_rules,
        };
        self.find_topics(calibrations, context, scratch);
        let Scratch { draft, encoding, topics, .. } = scratch;
        Analysis {
            title: input.title.map(|_| draft.title.as_str()),
            body: &draft.body,
            question: input.question.map(|_| draft.question.as_str()),
            redactions,
            language: draft.language,
            sentiment,
            kind,
            kind_probabilities,
            urgency,
            urgency_confidence,
            topics,
            segments: &draft.body_segments,
            segment_encodings: encoding.segments.get(draft.title_segments.len()..).unwrap_or_default(),
            vector: encoding.vector.as_ref().map_or(&[], |vector| vector.as_slice()),
            network_vector: encoding.network.as_ref().map_or(&[], |network| network.vector.as_slice()),
            encoder: version,
            judge: encoding.judge,
        }
    }

    fn redact(&self, input: &Input<'_>, draft: &mut Draft) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        for (text, out) in texts(input, draft) {
            out.clear();
            if !text.is_empty() {
                self.redactor.redact_into(text, input.known, out, &mut counts);
            }
        }
        counts
    }

    /// So much of a text is analyzed.
    fn cut<'t>(&self, text: &'t str) -> &'t str {
        &text[..text.floor_char_boundary(self.options.max_analyzed_bytes)]
    }

    /// Language, segments and words.
    fn lay_out(&self, input: &Input<'_>, draft: &mut Draft) {
        let Draft { title, body, title_segments, body_segments, words, language, .. } = draft;
        let (title, body) = (self.cut(title), self.cut(body));
        *language = language::detect(if body.is_empty() { title } else { body }, input.language_hint);
        segment::segment_into(title, title_segments);
        segment::segment_into(body, body_segments);
        words.clear();
        title_segments.iter().for_each(|segment| words.push_segment(segment.text(title)));
        body_segments.iter().for_each(|segment| words.push_segment(segment.text(body)));
        words.finish();
    }

    fn passage<'d>(&self, input: &Input<'_>, draft: &'d Draft, by: Option<usize>) -> Passage<'d> {
        let asked = input.question.map(|_| draft.question.as_str());
        Passage {
            title: self.cut(&draft.title),
            title_segments: &draft.title_segments,
            body: self.cut(&draft.body),
            body_segments: &draft.body_segments,
            words: &draft.words,
            contract: input.contract,
            asked,
            question: Question::of(asked),
            foreign: !language::may_be_read(draft.language.as_str()),
            by,
        }
    }

    fn find_topics(&self, calibrations: &Calibrations, context: Context, scratch: &mut Scratch) {
        let Scratch { draft, encoding, matching, votes, topics, .. } = scratch;
        let Draft { words, title_segments, body_segments, .. } = draft;
        votes.clear();
        let network = self.network_topics.as_ref().zip(encoding.network.as_ref());
        for (at, segment) in encoding.segments.iter().enumerate() {
            let (matcher, vector) = match network {
                Some((matcher, network)) => (matcher, network.segments[at].as_slice()),
                None => (&self.topics, segment.vector.as_slice()),
            };
            let span = at.checked_sub(title_segments.len()).and_then(|at| body_segments.get(at));
            let span = span.map_or(Span { start: 0, end: 0 }, |segment| segment.span);
            matcher.matches(words, at, vector, matching, |topic, confidence| {
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
fn texts<'i, 'd>(input: &Input<'i>, draft: &'d mut Draft) -> [(&'i str, &'d mut String); 3] {
    [
        (input.title.unwrap_or(""), &mut draft.title),
        (input.body, &mut draft.body),
        (input.question.unwrap_or(""), &mut draft.question),
    ]
}

/// As they are.
fn take_over(input: &Input<'_>, draft: &mut Draft) {
    for (text, out) in texts(input, draft) {
        out.clear();
        out.push_str(text);
    }
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
