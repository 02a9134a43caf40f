//! Survey responses: the product pulse with open questions, and the effort question after a support case.

use super::{Draft, Occasion, Version, five, silent, sloppy, truth};
use crate::{
    calendar::DAY,
    compose::{Words, words},
    event::{RecordTruth, Source},
    grammar::read,
    opinion::{Mood, Opinion, in_mood},
    rng::Rng,
    texts::offtopic::{NOTHING_TO_IMPROVE, NOTHING_TO_LIKE},
};
use feedback::judgement::{FeedbackKind, SentimentLabel};
use serde_json::{Map, Value, json};

const PULSE: &str = "https://surveys.larchdeck.example/pulse";
const EFFORT: &str = "https://surveys.larchdeck.example/effort";

/// Answers, and what they were meant to say, in the same order.
type Answers = (Vec<Value>, Vec<RecordTruth>);

pub(super) fn draft(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Draft {
    let pulse = rng.chance(0.72);
    let mut version = first(rng, occasion, opinion, pulse);
    let mut versions = Vec::new();
    if rng.chance(0.015) {
        // The respondent goes back and answers once more; the whole response comes again.
        let mut again = first(rng, occasion, opinion, pulse);
        again.version = 2;
        again.updated = occasion.period.later(rng, occasion.occurred, 2 * DAY);
        again.data.insert("version".into(), 2.into());
        again.data.insert("updated_at".into(), crate::calendar::rfc3339(again.updated).into());
        versions.push(again);
        version.data.insert("version".into(), 1.into());
    }
    versions.insert(0, version);
    Draft {
        uri: if pulse { PULSE } else { EFFORT },
        binary: false,
        native: format!("resp-{:07x}", occasion.number * 37 + 11).into(),
        versions,
    }
}

fn first(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion, pulse: bool) -> Version {
    let mut data = occasion.context(rng);
    data.insert("author".into(), occasion.customer());
    if rng.chance(0.3) {
        data.insert("collector".into(), (*rng.pick(&["in-app", "email", "kiosk"])).into());
    }
    let records = if pulse {
        let (answers, records) = pulse_answers(rng, occasion, opinion);
        data.insert("answers".into(), answers.into());
        records
    } else {
        effort(rng, occasion, opinion, &mut data)
    };
    Version { version: 1, updated: occasion.occurred, data, records }
}

fn pulse_answers(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Answers {
    let (mut answers, mut records) = (Vec::new(), Vec::new());
    let csat = five(rng, opinion.mood);
    let mut overall = json!({
        "id": "overall",
        "question": "Overall, how satisfied are you with Larchdeck?",
        "score": { "kind": "csat", "value": sloppy(rng, csat), "min": 1, "max": 5 },
    });
    if rng.chance(0.55) {
        let said = words(rng, occasion.speaker, opinion, Source::Survey);
        records.push(truth(&occasion, "overall", opinion, &said));
        overall["text"] = said.text.into();
    } else {
        records.push(silent(&occasion, "overall"));
    }
    answers.push(overall);
    if rng.chance(0.42) {
        let (said, record) = improve(rng, occasion, opinion.mood);
        answers.push(json!({ "id": "improve", "question": "What could we improve?", "text": said }));
        records.push(record);
    }
    if rng.chance(0.30) {
        let (said, record) = like(rng, occasion, opinion.mood);
        answers.push(
            json!({ "id": "like", "question": "What do you like most about Larchdeck?", "text": said }),
        );
        records.push(record);
    }
    (answers, records)
}

fn improve(rng: &mut Rng, occasion: Occasion<'_>, mood: Mood) -> (String, RecordTruth) {
    if mood == Mood::Positive && rng.chance(0.3) {
        return nothing(
            rng,
            occasion,
            "improve",
            NOTHING_TO_IMPROVE,
            (SentimentLabel::Positive, FeedbackKind::Praise),
        );
    }
    let mood = if rng.chance(0.45) { Mood::Neutral } else { Mood::Negative };
    single(rng, occasion, "improve", mood)
}

fn like(rng: &mut Rng, occasion: Occasion<'_>, mood: Mood) -> (String, RecordTruth) {
    if mood == Mood::Negative && rng.chance(0.25) {
        return nothing(
            rng,
            occasion,
            "like",
            NOTHING_TO_LIKE,
            (SentimentLabel::Negative, FeedbackKind::Complaint),
        );
    }
    single(rng, occasion, "like", Mood::Positive)
}

fn single(rng: &mut Rng, occasion: Occasion<'_>, part: &'static str, mood: Mood) -> (String, RecordTruth) {
    let opinion = Opinion { points: vec![in_mood(rng, mood)], mood, chatter: false, sobered: false };
    let said = words(rng, occasion.speaker, &opinion, Source::Survey);
    let record = truth(&occasion, part, &opinion, &said);
    (said.text, record)
}

/// "Nothing." means the more for the question it answers.
fn nothing(
    rng: &mut Rng,
    occasion: Occasion<'_>,
    part: &'static str,
    texts: &'static [&'static str],
    (sentiment, kind): (SentimentLabel, FeedbackKind),
) -> (String, RecordTruth) {
    let template = *rng.pick(texts);
    let text = read(rng, occasion.speaker.voice(), template);
    let record = silent(&occasion, part);
    (text, RecordTruth { sentiment: Some(sentiment), kind: Some(kind), language: Some("en"), ..record })
}

/// A single answer at the top level.
fn effort(
    rng: &mut Rng,
    occasion: Occasion<'_>,
    opinion: &Opinion,
    data: &mut Map<String, Value>,
) -> Vec<RecordTruth> {
    let ces = 1 + rng.weighted(match opinion.mood {
        Mood::Negative => &[0.25, 0.28, 0.24, 0.14, 0.07, 0.02, 0.0],
        Mood::Neutral => &[0.02, 0.05, 0.15, 0.32, 0.28, 0.14, 0.04],
        Mood::Positive => &[0.0, 0.0, 0.02, 0.06, 0.20, 0.36, 0.36],
    }) as i64;
    data.insert("question".into(), "How easy was it to get your request handled?".into());
    data.insert("score".into(), json!({ "kind": "ces", "value": sloppy(rng, ces) }));
    if !rng.chance(0.6) {
        return vec![silent(&occasion, "")];
    }
    let Words { text, language } = words(rng, occasion.speaker, opinion, Source::Survey);
    let record = truth(&occasion, "", opinion, &Words { text: String::new(), language });
    data.insert("text".into(), text.into());
    vec![record]
}
