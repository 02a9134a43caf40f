//! How each source puts an opinion into its payload.

mod nps;
mod social;
mod survey;
mod ticket;

use crate::{
    calendar::{Period, rfc3339},
    compose::{Speaker, Words},
    event::{RecordTruth, Source},
    opinion::{Mood, Opinion},
    rng::Rng,
};
use feedback::time::Timestamp;
use serde_json::{Map, Value, json};

/// What is known before anything is said.
#[derive(Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub speaker: Speaker<'a>,
    pub product: &'static str,
    pub occurred: Timestamp,
    pub period: Period,
    /// Numbers the items of a history.
    pub number: u64,
}

/// An item with all versions it will have.
pub(crate) struct Draft {
    /// The CloudEvents source.
    pub uri: &'static str,
    pub binary: bool,
    /// A string or a number.
    pub native: Value,
    /// In the order they were made; never empty.
    pub versions: Vec<Version>,
}

pub(crate) struct Version {
    /// Counted where the source counts, else 1.
    pub version: i64,
    pub updated: Timestamp,
    /// All but the id.
    pub data: Map<String, Value>,
    pub records: Vec<RecordTruth>,
}

pub(crate) fn draft(rng: &mut Rng, source: Source, occasion: Occasion<'_>, opinion: &Opinion) -> Draft {
    match source {
        Source::Survey => survey::draft(rng, occasion, opinion),
        Source::Ticket => ticket::draft(rng, occasion, opinion),
        Source::Nps => nps::draft(rng, occasion, opinion),
        Source::Social => social::draft(rng, occasion, opinion),
    }
}

/// A sound message that is no feedback.
pub(crate) struct Ignored {
    pub reason: &'static str,
    pub uri: &'static str,
    pub version: Version,
}

pub(crate) fn repost(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Ignored {
    Ignored { reason: "repost", uri: social::POSTS, version: social::repost(rng, occasion, opinion) }
}

pub(crate) fn agents_only(rng: &mut Rng, occasion: Occasion<'_>) -> Ignored {
    Ignored { reason: "agent_only", uri: ticket::URI, version: ticket::agents_only(rng, occasion) }
}

/// Somebody tries the connection.
pub(crate) fn test_event(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Ignored {
    let mut version = nps::draft(rng, occasion, opinion).versions.swap_remove(0);
    version.data.insert("test".into(), true.into());
    Ignored { reason: "test_event", uri: nps::URI, version }
}

impl Occasion<'_> {
    /// The fields that every source fills, each in its own measure.
    fn context(&self, rng: &mut Rng) -> Map<String, Value> {
        let speaker = self.speaker;
        let mut data = Map::new();
        data.insert("occurred_at".into(), moment(rng, self.occurred));
        data.insert("product".into(), self.product.into());
        data.insert("platform".into(), speaker.platform.as_str().into());
        data.insert("territory".into(), speaker.person.territory.into());
        if rng.chance(0.8) {
            data.insert("app_version".into(), speaker.version.into());
        }
        if rng.chance(0.3) {
            data.insert("language".into(), speaker.person.language.into());
        }
        data
    }

    /// As a customer is known inside the company.
    fn customer(&self) -> Value {
        let person = self.speaker.person;
        let mut author = json!({
            "id": person.id,
            "email": person.email,
            "name": person.name(),
            "account": person.account,
            "segment": person.segment,
        });
        if let (Some(revenue), Value::Object(author)) = (person.revenue, &mut author) {
            author.insert("revenue".into(), revenue.into());
        }
        author
    }
}

/// RFC 3339 mostly; some systems send Unix seconds or milliseconds.
fn moment(rng: &mut Rng, at: Timestamp) -> Value {
    match rng.below(10) {
        0 => (at.0 / 1_000_000).into(),
        1 => (at.0 / 1_000).into(),
        _ => rfc3339(at).into(),
    }
}

/// The truth of a record with words.
fn truth(occasion: &Occasion<'_>, part: &'static str, opinion: &Opinion, words: &Words) -> RecordTruth {
    RecordTruth {
        part,
        topics: opinion.topics(),
        sentiment: opinion.sentiment(),
        // What is written in other languages says the topic and the mood, and nothing finer.
        kind: opinion.kind().filter(|_| words.language == "en"),
        language: Some(words.language),
        platform: occasion.speaker.platform.as_str(),
    }
}

/// The truth of a record with a score and no words.
fn silent(occasion: &Occasion<'_>, part: &'static str) -> RecordTruth {
    let platform = occasion.speaker.platform.as_str();
    RecordTruth { part, topics: Vec::new(), sentiment: None, kind: None, language: None, platform }
}

/// 1 to 5, for satisfaction and stars.
fn five(rng: &mut Rng, mood: Mood) -> i64 {
    1 + rng.weighted(match mood {
        Mood::Negative => &[0.36, 0.40, 0.19, 0.05, 0.0],
        Mood::Neutral => &[0.0, 0.12, 0.50, 0.33, 0.05],
        Mood::Positive => &[0.0, 0.0, 0.04, 0.33, 0.63],
    }) as i64
}

/// 0 to 10.
fn ten(rng: &mut Rng, mood: Mood) -> i64 {
    rng.weighted(match mood {
        Mood::Negative => &[0.10, 0.07, 0.09, 0.12, 0.13, 0.19, 0.19, 0.08, 0.03, 0.0, 0.0],
        Mood::Neutral => &[0.0, 0.0, 0.0, 0.02, 0.03, 0.11, 0.18, 0.33, 0.26, 0.06, 0.01],
        Mood::Positive => &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.05, 0.19, 0.33, 0.42],
    }) as i64
}

/// A number, or the string of it, as sloppy senders have it.
fn sloppy(rng: &mut Rng, score: i64) -> Value {
    if rng.chance(0.04) { score.to_string().into() } else { score.into() }
}
