//! Invented rules and records, for the tests of this room: of few values, so that they often meet.

use super::{
    escalate::Escalate,
    file::{Floors, GivenFloors, Outcome, Owner, Priority, Rule, ScoreRange, TriageFile, When},
    rules::RuleSet,
    subject::{Subject, SubjectTopic},
    topics::TopicTree,
};
use feedback::{
    judgement::{FeedbackKind, SentimentLabel, Urgency},
    score::{Score, ScoreKind},
    span::Span,
};
use proptest::prelude::*;

pub fn tree() -> TopicTree {
    TopicTree::new([("money", None), ("billing", Some("money")), ("search", None)])
}

pub fn outcome(owner: &str, priority: Priority) -> Outcome {
    let (labels, actions) = (vec!["label".to_owned()], vec!["chat".to_owned()]);
    Outcome { owner: owner.to_owned(), priority, queue: owner.to_owned(), labels, actions }
}

/// Two owners, `one` and `two`; the rules are theirs by turns, and the fallback is `two`'s.
pub fn file(rules: Vec<(&str, When)>) -> TriageFile {
    let owner = |name: &str| Owner {
        name: name.to_owned(),
        address: Some(format!("{name}@example.com")),
        ..Owner::default()
    };
    let rule = |(at, (name, when)): (usize, (&str, When))| Rule {
        name: name.to_owned(),
        when,
        floors: GivenFloors::default(),
        review_queue: None,
        outcome: outcome(if at.is_multiple_of(2) { "one" } else { "two" }, Priority::P2),
    };
    TriageFile {
        version: "1:test".to_owned(),
        review_queue: "review".to_owned(),
        floors: Floors::default(),
        owners: vec![owner("one"), owner("two")],
        rules: rules.into_iter().enumerate().map(rule).collect(),
        fallback: Some(outcome("two", Priority::P4)),
        cases: crate::cases::CaseRules::default(),
        escalate: Escalate::default(),
    }
}

pub fn rules(rules: Vec<(&str, When)>) -> RuleSet {
    RuleSet::new(&file(rules), &tree()).unwrap()
}

pub fn some(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(|text| (*text).to_owned()).collect())
}

/// A record that owns what a [`Subject`] borrows.
#[derive(Debug, Clone)]
pub struct Invented {
    pub source: &'static str,
    pub segment: Option<&'static str>,
    pub version: Option<&'static str>,
    pub revenue: Option<f64>,
    pub kind: Option<(FeedbackKind, f32)>,
    pub sentiment: Option<(SentimentLabel, f32)>,
    pub urgency: Option<(Urgency, f32)>,
    pub score: Option<Score>,
    pub topics: Vec<SubjectTopic<'static>>,
    pub body: &'static str,
}

impl Invented {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            segment: self.segment,
            version: self.version,
            revenue: self.revenue,
            kind: self.kind,
            sentiment: self.sentiment,
            urgency: self.urgency,
            score: self.score,
            topics: &self.topics,
            body: self.body,
            ..Subject::new(self.source, "inbox")
        }
    }
}

const SOURCES: [&str; 2] = ["ticket", "nps"];
const SEGMENTS: [&str; 2] = ["team", "enterprise"];
const VERSIONS: [&str; 4] = ["7", "7.3", "7.3.1", "8"];
const KINDS: [FeedbackKind; 3] = [FeedbackKind::Bug, FeedbackKind::Praise, FeedbackKind::Unknown];
const MOODS: [SentimentLabel; 3] =
    [SentimentLabel::Negative, SentimentLabel::Positive, SentimentLabel::Unknown];
const TOPICS: [&str; 3] = ["money", "billing", "search"];
const BODIES: [&str; 4] = ["", "data loss", "a loss of my data", "total data loss again"];

fn one_of<T: Clone + std::fmt::Debug + 'static>(values: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(values.to_vec())
}

fn texts(values: &[&'static str]) -> impl Strategy<Value = Option<Vec<String>>> + use<> {
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    let most = values.len();
    prop::option::weighted(0.3, prop::sample::subsequence(values, 0..=most))
}

fn labels<T: Clone + std::fmt::Debug + 'static>(
    values: &[T],
) -> impl Strategy<Value = Option<Vec<T>>> + use<T> {
    prop::option::weighted(0.3, prop::sample::subsequence(values.to_vec(), 0..=values.len()))
}

fn bound() -> impl Strategy<Value = Option<f64>> {
    prop::option::weighted(0.3, (0u8..4).prop_map(f64::from))
}

pub fn when() -> impl Strategy<Value = When> {
    let score = (bound(), bound()).prop_map(|(at_least, at_most)| ScoreRange {
        kind: ScoreKind::Csat,
        scale: None,
        at_least,
        at_most,
    });
    let facts = (texts(&SOURCES), texts(&SEGMENTS), texts(&VERSIONS), bound(), bound());
    let judged = (labels(&KINDS), labels(&MOODS), labels(&[Urgency::Normal, Urgency::High]));
    let topics = ["money", "billing", "search", "none"];
    let others = (
        prop::option::weighted(0.3, score),
        texts(&topics),
        texts(&topics),
        texts(&["loss", "data loss", "total data loss", "!"]),
    );
    (facts, judged, others).prop_map(|(facts, judged, others)| When {
        source: facts.0,
        segment: facts.1,
        version: facts.2,
        revenue_at_least: facts.3,
        revenue_at_most: facts.4,
        kind: judged.0,
        sentiment: judged.1,
        urgency: judged.2,
        score: others.0,
        topics_any: others.1,
        topics_all: others.2,
        words: others.3,
        ..When::default()
    })
}

pub fn invented() -> impl Strategy<Value = Invented> {
    let topics = prop::sample::subsequence(TOPICS.to_vec(), 0..=TOPICS.len());
    let topics = (topics, prop::collection::vec(0.0f32..=1.0, TOPICS.len())).prop_map(|(ids, sure)| {
        let topic = |(id, sure): (&'static str, f32)| SubjectTopic::new(id, sure, Span::new(0, 4));
        ids.into_iter().zip(sure).map(topic).collect::<Vec<_>>()
    });
    let sure = || 0.0f32..=1.0;
    let facts = (
        one_of(&SOURCES),
        prop::option::of(one_of(&SEGMENTS)),
        prop::option::of(one_of(&VERSIONS)),
        prop::option::of((0u8..4).prop_map(f64::from)),
        prop::option::of((1u8..=5).prop_map(f64::from)),
    );
    let judged = (
        prop::option::of((one_of(&KINDS), sure())),
        prop::option::of((one_of(&MOODS), sure())),
        prop::option::of((one_of(&[Urgency::Normal, Urgency::High]), sure())),
    );
    (facts, judged, topics, one_of(&BODIES)).prop_map(|(facts, judged, topics, body)| Invented {
        source: facts.0,
        segment: facts.1,
        version: facts.2,
        revenue: facts.3,
        kind: judged.0,
        sentiment: judged.1,
        urgency: judged.2,
        score: facts.4.and_then(|value| Score::new(ScoreKind::Csat, value, 1.0, 5.0)),
        topics,
        body,
    })
}
