//! Tickets: a conversation in which agents and a bot speak too; every further message of the customer's makes a
//! new version of the whole.

use super::{Draft, Occasion, Version, five, moment, truth};
use crate::{
    calendar::{DAY, HOUR, rfc3339},
    company::AGENTS,
    compose::{Words, title, words},
    event::Source,
    grammar::{read, sentence},
    opinion::{Mood, Opinion},
    pii,
    rng::Rng,
    texts::{frames, languages},
};
use feedback::{judgement::FeedbackKind, time::Timestamp};
use serde_json::{Value, json};

pub(super) const URI: &str = "https://help.larchdeck.example";

pub(super) fn draft(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Draft {
    let speaker = occasion.speaker;
    let said = words(rng, speaker, opinion, Source::Ticket);
    let title = title(rng, speaker, opinion);
    let mut messages = Vec::new();
    if rng.chance(0.12) {
        messages.push(json!({ "role": "bot", "text": "Hello! Describe your issue in a few words and we will find somebody." }));
    }
    let head = Words { text: String::new(), language: said.language };
    messages.push(customer(rng, occasion, said.text, occasion.occurred));
    let agent = *rng.pick(AGENTS);
    let priority = priority(rng, opinion);
    let (mut versions, mut at) = (Vec::new(), occasion.occurred);
    loop {
        let version = versions.len() as i64 + 1;
        let mut data = occasion.context(rng);
        data.insert("author".into(), occasion.customer());
        data.insert("title".into(), title.clone().into());
        data.insert("messages".into(), messages.clone().into());
        data.insert("version".into(), version.into());
        data.insert("updated_at".into(), moment(rng, at));
        data.insert("conversation_id".into(), format!("conv-{}", occasion.number).into());
        data.insert("status".into(), (*rng.pick(&["open", "pending", "solved"])).into());
        data.insert("priority".into(), priority.into());
        if version > 1 && rng.chance(0.3) {
            data.insert("score".into(), json!({ "kind": "csat", "value": five(rng, opinion.mood) }));
        }
        if rng.chance(0.35) {
            data.insert(
                "tags".into(),
                json!([rng.pick(&["inbox", "vip", "trial", "field", "escalated", "mail"])]),
            );
        }
        if rng.chance(0.06) {
            let form = json!({ "requester_ip": pii::ip(rng), "reply_to": speaker.person.email });
            data.insert("metadata".into(), form);
        }
        if rng.chance(0.2) {
            data.insert(
                "via".into(),
                json!({ "channel": rng.pick(&["mail", "web", "chat"]), "queue": rng.range(1, 9) }),
            );
        }
        let records = vec![truth(&occasion, "", opinion, &head)];
        versions.push(Version { version, updated: at, data, records });
        if version == 3 || !rng.chance(0.25) {
            break;
        }
        at = follow(rng, occasion, (opinion.mood, head.language), agent, at, &mut messages);
    }
    let native = (400_000 + occasion.number).into();
    Draft { uri: URI, binary: true, native, versions }
}

/// An agent answers, the customer comes back. The time of that.
fn follow(
    rng: &mut Rng,
    occasion: Occasion<'_>,
    (mood, language): (Mood, &str),
    agent: &str,
    at: Timestamp,
    messages: &mut Vec<Value>,
) -> Timestamp {
    let speaker = occasion.speaker;
    let template = *rng.pick(frames::AGENT);
    let answer = read(rng, speaker.voice(), &template.replace("{first}", speaker.person.first));
    let answered = occasion.period.later(rng, at, 8 * HOUR);
    messages.push(json!({ "role": "agent", "name": agent, "text": answer, "at": rfc3339(answered) }));
    let back = occasion.period.later(rng, answered, DAY);
    let texts = match (mood, languages::find(language)) {
        (Mood::Negative, Some(own)) => own.negative_tail,
        (Mood::Negative, None) => frames::AFTER_BAD,
        (Mood::Neutral, Some(own)) => own.bye,
        (Mood::Neutral, None) => frames::AFTER_PLAIN,
        (Mood::Positive, Some(own)) => own.positive_tail,
        (Mood::Positive, None) => frames::AFTER_GOOD,
    };
    let template = *rng.pick(texts);
    let text = sentence(&read(rng, speaker.voice(), template));
    messages.push(customer(rng, occasion, text, back));
    back
}

fn customer(rng: &mut Rng, occasion: Occasion<'_>, text: String, at: Timestamp) -> Value {
    let mut message = json!({ "role": "customer", "text": text, "at": rfc3339(at) });
    if rng.chance(0.5) {
        message["name"] = occasion.speaker.person.name().into();
    }
    message
}

fn priority(rng: &mut Rng, opinion: &Opinion) -> &'static str {
    let bug = opinion.points.iter().any(|point| point.kind == FeedbackKind::Bug);
    if bug && rng.chance(0.5) { "high" } else { ["low", "normal", "normal"][rng.below(3)] }
}

/// A note among agents before any customer spoke: no feedback.
pub(super) fn agents_only(rng: &mut Rng, occasion: Occasion<'_>) -> Version {
    let mut data = occasion.context(rng);
    let text = *rng.pick(&[
        "Internal: opened for the migration on Thursday.",
        "Called back, nobody answered, will try again tomorrow.",
        "Placeholder for the quarterly review.",
        "Merged from the old inbox.",
    ]);
    data.insert("title".into(), "internal".into());
    data.insert("messages".into(), json!([{ "role": "agent", "name": rng.pick(AGENTS), "text": text }]));
    Version { version: 1, updated: occasion.occurred, data, records: Vec::new() }
}
