//! One condition of a rule, and whether it holds for a record.

mod tell;

use super::{
    file::{Floors, When},
    subject::{Subject, SubjectTopic},
    topics::TopicTree,
    words::{Folded, Phrase},
};
use feedback::{
    insight::NO_TOPIC,
    judgement::{FeedbackKind, SentimentLabel, Urgency},
    score::ScoreKind,
};
use serde::{Deserialize, Serialize};
pub(super) use tell::percent;

/// What the analysis says with a confidence, so that a rule may doubt it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedField {
    Topics,
    Kind,
    Sentiment,
    Urgency,
}

impl JudgedField {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Topics => "topics",
            Self::Kind => "kind",
            Self::Sentiment => "sentiment",
            Self::Urgency => "urgency",
        }
    }
}

/// A field that is a text by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextField {
    Source,
    EventSource,
    Account,
    Segment,
    Product,
    Language,
}

impl TextField {
    fn of<'s>(self, subject: &Subject<'s>) -> Option<&'s str> {
        match self {
            Self::Source => Some(subject.source),
            Self::EventSource => Some(subject.event_source),
            Self::Account => subject.account,
            Self::Segment => subject.segment,
            Self::Product => subject.product,
            Self::Language => subject.language,
        }
    }
}

/// A range with both ends included; an end that is not there is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub at_least: Option<f64>,
    pub at_most: Option<f64>,
}

impl Bounds {
    pub fn low(self) -> f64 {
        self.at_least.unwrap_or(f64::NEG_INFINITY)
    }

    pub fn high(self) -> f64 {
        self.at_most.unwrap_or(f64::INFINITY)
    }

    fn holds(self, value: f64) -> bool {
        (self.low()..=self.high()).contains(&value)
    }
}

/// Answers on one scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answers {
    pub kind: ScoreKind,
    pub min: f64,
    pub max: f64,
    pub bounds: Bounds,
}

/// One of these topics, or none where the rule says `none`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TopicSet {
    /// As the rule names them.
    pub named: Vec<String>,
    /// These and all below them.
    pub ids: Vec<String>,
    pub or_none: bool,
}

impl TopicSet {
    fn new(named: &[String], tree: &TopicTree) -> Self {
        let topics = named.iter().filter(|id| *id != NO_TOPIC);
        let ids = topics.flat_map(|id| tree.below(id)).collect();
        Self { named: named.to_vec(), ids, or_none: named.iter().any(|id| id == NO_TOPIC) }
    }

    fn has(&self, topic: &SubjectTopic<'_>) -> bool {
        self.ids.iter().any(|id| *id == topic.id)
    }

    /// The confidence of the surest topic of these; the outer `None` where there is none, the inner one where having no
    /// topic is what was asked for.
    fn surest(&self, topics: &[SubjectTopic<'_>]) -> Option<Option<f32>> {
        let found = topics.iter().filter(|topic| self.has(topic)).map(|topic| topic.confidence);
        let surest = found.max_by(f32::total_cmp);
        surest.map(Some).or_else(|| (self.or_none && topics.is_empty()).then_some(None))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    Text(TextField, Vec<String>),
    Version(Vec<String>),
    Kind(Vec<FeedbackKind>),
    Sentiment(Vec<SentimentLabel>),
    Urgency(Vec<Urgency>),
    Score(Answers),
    Revenue(Bounds),
    TopicsAny(TopicSet),
    /// Each of them.
    TopicsAll(Vec<TopicSet>),
    Words(Vec<Phrase>),
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Held {
    No,
    /// By a fact (`None`), or by a judgement of this confidence.
    Sure(Option<f32>),
    /// Since nothing reached its threshold, and that was asked for: `unknown`, `none`. It is no judgement, so that no floor
    /// holds of it, and speaks for nothing.
    Unknown,
    /// By a judgement below its floor.
    Unsure {
        field: JudgedField,
        confidence: f32,
        floor: f32,
    },
}

/// What a rule asks, the cheapest first; the words, which have to be looked for, come last.
pub(super) fn conditions(when: &When, tree: &TopicTree) -> Vec<Condition> {
    let texts = [
        (TextField::Source, &when.source),
        (TextField::EventSource, &when.event_source),
        (TextField::Account, &when.account),
        (TextField::Segment, &when.segment),
        (TextField::Product, &when.product),
        (TextField::Language, &when.language),
    ];
    let texts = texts.into_iter().filter_map(|(field, list)| Some(Condition::Text(field, list.clone()?)));
    let each = |ids: &Vec<String>| {
        Condition::TopicsAll(ids.iter().map(|id| TopicSet::new(std::slice::from_ref(id), tree)).collect())
    };
    let revenue = Bounds { at_least: when.revenue_at_least, at_most: when.revenue_at_most };
    let asks_revenue = revenue.at_least.is_some() || revenue.at_most.is_some();
    let others = [
        when.version.clone().map(Condition::Version),
        when.kind.clone().map(Condition::Kind),
        when.sentiment.clone().map(Condition::Sentiment),
        when.urgency.clone().map(Condition::Urgency),
        when.score.map(|score| {
            let (min, max) = score.scale.unwrap_or_else(|| score.kind.default_scale());
            let bounds = Bounds { at_least: score.at_least, at_most: score.at_most };
            Condition::Score(Answers { kind: score.kind, min, max, bounds })
        }),
        asks_revenue.then_some(Condition::Revenue(revenue)),
        when.topics_any.as_ref().map(|ids| Condition::TopicsAny(TopicSet::new(ids, tree))),
        when.topics_all.as_ref().map(each),
        when.words
            .as_ref()
            .map(|words| Condition::Words(words.iter().map(|word| Phrase::new(word)).collect())),
    ];
    texts.chain(others.into_iter().flatten()).collect()
}

impl Condition {
    pub fn test(&self, subject: &Subject<'_>, floors: &Floors, folded: &mut Folded) -> Held {
        let fact = |holds: bool| if holds { Held::Sure(None) } else { Held::No };
        match self {
            Self::Text(field, list) => {
                fact(field.of(subject).is_some_and(|text| list.iter().any(|wanted| wanted == text)))
            }
            Self::Version(list) => {
                fact(subject.version.is_some_and(|version| list.iter().any(|of| is_version_of(version, of))))
            }
            Self::Kind(list) => {
                let (label, confidence) = subject.kind.unwrap_or((FeedbackKind::Unknown, 0.0));
                label_held(list, label, FeedbackKind::Unknown, confidence, JudgedField::Kind, floors)
            }
            Self::Sentiment(list) => {
                let (label, confidence) = subject.sentiment.unwrap_or((SentimentLabel::Unknown, 0.0));
                label_held(list, label, SentimentLabel::Unknown, confidence, JudgedField::Sentiment, floors)
            }
            Self::Urgency(list) => match subject.urgency {
                Some((label, confidence)) if list.contains(&label) => {
                    judged(confidence, JudgedField::Urgency, floors)
                }
                _ => Held::No,
            },
            Self::Score(answers) => fact(subject.score.is_some_and(|score| {
                (score.kind(), score.min(), score.max()) == (answers.kind, answers.min, answers.max)
                    && answers.bounds.holds(score.value())
            })),
            Self::Revenue(bounds) => fact(subject.revenue.is_some_and(|revenue| bounds.holds(revenue))),
            Self::TopicsAny(set) => topics_held(std::slice::from_ref(set), subject, floors),
            Self::TopicsAll(sets) => topics_held(sets, subject, floors),
            Self::Words(phrases) => {
                fact(phrases.iter().any(|phrase| folded.find(subject.title, subject.body, phrase).is_some()))
            }
        }
    }
}

/// `7.3.1` is one of `7.3`, and `7.30` is not. Nothing is one of an empty text.
pub(super) fn is_version_of(version: &str, of: &str) -> bool {
    let rest = version.strip_prefix(of).filter(|_| !of.is_empty());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn label_held<L: PartialEq>(
    list: &[L],
    label: L,
    unknown: L,
    confidence: f32,
    field: JudgedField,
    floors: &Floors,
) -> Held {
    if !list.contains(&label) {
        Held::No
    } else if label == unknown {
        Held::Unknown
    } else {
        judged(confidence, field, floors)
    }
}

fn judged(confidence: f32, field: JudgedField, floors: &Floors) -> Held {
    let floor = floors.of(field);
    if confidence >= floor { Held::Sure(Some(confidence)) } else { Held::Unsure { field, confidence, floor } }
}

/// Each set has a topic; as sure as the least sure of them.
fn topics_held(sets: &[TopicSet], subject: &Subject<'_>, floors: &Floors) -> Held {
    let mut least: Option<f32> = None;
    for set in sets {
        let Some(surest) = set.surest(subject.topics) else { return Held::No };
        least = match (least, surest) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    match least {
        // An empty list asks for what there is not.
        _ if sets.is_empty() => Held::No,
        None => Held::Unknown,
        Some(confidence) => judged(confidence, JudgedField::Topics, floors),
    }
}

#[cfg(test)]
mod tests;
