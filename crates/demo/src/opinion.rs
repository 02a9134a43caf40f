//! What somebody has to say, before any words: topics, moods, kinds. Topics are drawn independently, at rates that
//! never change; only a plant moves them.

use crate::{
    company::Platform,
    event::Source,
    rng::Rng,
    texts::{TOPICS, TopicTexts},
};
use feedback::judgement::{FeedbackKind, SentimentLabel};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Negative,
    Neutral,
    Positive,
}

impl Mood {
    const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    pub fn label(self) -> SentimentLabel {
        match self {
            Self::Negative => SentimentLabel::Negative,
            Self::Neutral => SentimentLabel::Neutral,
            Self::Positive => SentimentLabel::Positive,
        }
    }
}

/// One topic in one mood.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    pub topic: &'static TopicTexts,
    pub mood: Mood,
    pub kind: FeedbackKind,
    /// Texts of a plant's own, used in place of the topic's most of the time.
    pub story: &'static [&'static str],
}

#[derive(Clone)]
pub(crate) struct Opinion {
    /// Empty: chatter, or a verdict on everything and nothing.
    pub points: Vec<Point>,
    /// Of the whole; with points, that of the first.
    pub mood: Mood,
    /// Chatter belongs to nobody's product.
    pub chatter: bool,
    /// The score is lower than the words.
    pub sobered: bool,
}

impl Opinion {
    /// `None` where the points disagree: nobody can say what the whole is.
    pub fn sentiment(&self) -> Option<SentimentLabel> {
        let agreed = self.points.iter().all(|point| point.mood == self.mood);
        agreed.then(|| self.mood.label())
    }

    pub fn kind(&self) -> Option<FeedbackKind> {
        match self.points.as_slice() {
            [] if self.chatter || self.mood == Mood::Neutral => Some(FeedbackKind::Other),
            [] if self.mood == Mood::Positive => Some(FeedbackKind::Praise),
            [] => Some(FeedbackKind::Complaint),
            [first, rest @ ..] => rest.iter().all(|p| p.kind == first.kind).then_some(first.kind),
        }
    }

    /// The same words, with less enthusiasm in the number.
    pub fn sober(&mut self) {
        if self.mood == Mood::Positive {
            self.sobered = true;
        }
    }

    /// The mood that the score follows.
    pub fn score_mood(&self) -> Mood {
        if self.sobered { Mood::Neutral } else { self.mood }
    }

    /// Whether a few words can say it all.
    pub fn fits_a_phrase(&self) -> bool {
        use FeedbackKind as K;
        let kinds = [K::Bug, K::Complaint, K::FeatureRequest, K::Praise];
        matches!(self.points.as_slice(), [point] if kinds.contains(&point.kind))
    }

    pub fn topics(&self) -> Vec<&'static str> {
        let mut topics: Vec<_> = self.points.iter().map(|point| point.topic.id).collect();
        topics.dedup();
        topics
    }
}

/// What a plant dictates.
#[derive(Clone, Copy)]
pub(crate) struct Forced {
    pub topic: &'static TopicTexts,
    pub mood: Mood,
    pub platform: Option<Platform>,
    pub version: Option<&'static str>,
    pub story: &'static [&'static str],
}

/// How a source shifts the moods: people open tickets when something is wrong.
fn leaning(source: Source) -> [f64; 3] {
    match source {
        Source::Survey => [0.95, 1.05, 1.05],
        Source::Ticket => [1.45, 1.35, 0.25],
        Source::Nps => [0.48, 0.70, 1.90],
        Source::Social => [1.05, 0.60, 1.25],
    }
}

pub(crate) fn draw(rng: &mut Rng, source: Source) -> Opinion {
    let empty = if source == Source::Ticket { 0.03 } else { 0.12 };
    if rng.chance(empty) {
        let mood = Mood::ALL[rng.weighted(&[0.25, 0.3, 0.45])];
        let chatter = rng.chance(0.5);
        return Opinion {
            points: Vec::new(),
            mood: if chatter { Mood::Neutral } else { mood },
            chatter,
            sobered: false,
        };
    }
    let first = point(rng, leaning(source));
    let mut points = vec![first];
    let more = match source {
        Source::Nps => 0.10,
        Source::Survey | Source::Social => 0.20,
        Source::Ticket => 0.24,
    };
    while points.len() < 3 && rng.chance(more) {
        // Half of what follows is of the same mood, the rest as it falls: opinions are mixed.
        let lean = if rng.chance(0.5) { only(first.mood) } else { leaning(source) };
        let next = point(rng, lean);
        if points.iter().all(|known| known.topic.id != next.topic.id) {
            points.push(next);
        }
    }
    Opinion { points, mood: first.mood, chatter: false, sobered: false }
}

pub(crate) fn forced(rng: &mut Rng, forced: Forced) -> Opinion {
    let kind = kind(rng, forced.topic, forced.mood);
    let point = Point { topic: forced.topic, mood: forced.mood, kind, story: forced.story };
    Opinion { points: vec![point], mood: forced.mood, chatter: false, sobered: false }
}

/// Any topic in this mood.
pub(crate) fn in_mood(rng: &mut Rng, mood: Mood) -> Point {
    point(rng, only(mood))
}

fn only(mood: Mood) -> [f64; 3] {
    Mood::ALL.map(|other| f64::from(u8::from(other == mood)))
}

fn point(rng: &mut Rng, lean: [f64; 3]) -> Point {
    let weights: Vec<f64> =
        TOPICS.iter().flat_map(|t| (0..3).map(move |m| t.weight * t.moods[m] * lean[m])).collect();
    let drawn = rng.weighted(&weights);
    let (topic, mood) = (TOPICS[drawn / 3], Mood::ALL[drawn % 3]);
    Point { topic, mood, kind: kind(rng, topic, mood), story: &[] }
}

fn kind(rng: &mut Rng, topic: &TopicTexts, mood: Mood) -> FeedbackKind {
    use FeedbackKind as K;
    match mood {
        Mood::Positive => K::Praise,
        Mood::Neutral => [K::FeatureRequest, K::Question, K::Other][rng.weighted(&[0.45, 0.33, 0.22])],
        Mood::Negative => {
            let bug = topic.bug_share * 0.95;
            [K::Bug, K::Complaint, K::Cancellation][rng.weighted(&[bug, 0.95 - bug, 0.05])]
        }
    }
}
