//! The relationship survey: one number, and often a reason.

use super::{Draft, Occasion, Version, moment, silent, sloppy, ten, truth};
use crate::{
    calendar::DAY,
    compose::words,
    event::{RecordTruth, Source},
    opinion::Opinion,
    rng::Rng,
};
use serde_json::{Map, Value, json};

pub(super) const URI: &str = "https://nps.larchdeck.example/relationship";
const QUESTION: &str = "How likely are you to recommend Larchdeck to a friend or colleague?";

pub(super) fn draft(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Draft {
    let (data, record) = answer(rng, occasion, opinion);
    let first = Version { version: 1, updated: occasion.occurred, data, records: vec![record] };
    let mut versions = vec![first];
    if rng.chance(0.006) {
        // Changed their mind; this source counts no versions, the later one holds.
        let (mut data, record) = answer(rng, occasion, opinion);
        let updated = occasion.period.later(rng, occasion.occurred, DAY);
        data.insert("updated_at".into(), moment(rng, updated));
        if updated > occasion.occurred {
            versions.push(Version { version: 1, updated, data, records: vec![record] });
        }
    }
    let native = if rng.chance(0.5) {
        (800_000 + occasion.number).into()
    } else {
        format!("nps-{}", occasion.number).into()
    };
    Draft { uri: URI, binary: rng.chance(0.5), native, versions }
}

fn answer(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> (Map<String, Value>, RecordTruth) {
    let mut data = occasion.context(rng);
    data.insert("author".into(), occasion.customer());
    data.insert("question".into(), QUESTION.into());
    let score = ten(rng, opinion.score_mood());
    let score = match rng.below(20) {
        0 => json!({ "kind": "nps", "value": score, "min": 0, "max": 10 }),
        _ => sloppy(rng, score),
    };
    data.insert("score".into(), score);
    if rng.chance(0.1) {
        data.insert("category".into(), (*rng.pick(&["promoter", "passive", "detractor"])).into());
    }
    if rng.chance(0.36) {
        return (data, silent(&occasion, ""));
    }
    let said = words(rng, occasion.speaker, opinion, Source::Nps);
    let record = truth(&occasion, "", opinion, &said);
    data.insert("text".into(), said.text.into());
    (data, record)
}
