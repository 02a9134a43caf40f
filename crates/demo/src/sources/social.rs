//! Public posts on invented networks, and reviews with stars.

use super::{Draft, Occasion, Version, five, moment, silent, sloppy, truth};
use crate::{
    calendar::DAY,
    company::NETWORKS,
    compose::{title, words},
    event::{RecordTruth, Source},
    opinion::Opinion,
    rng::Rng,
};
use serde_json::{Map, Value, json};

pub(super) const POSTS: &str = "https://social.example/mentions";
const REVIEWS: &str = "https://reviews.example/larchdeck";

pub(super) fn draft(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Draft {
    let review = rng.chance(0.5);
    let content =
        |rng: &mut Rng| if review { stars(rng, occasion, opinion) } else { post(rng, occasion, opinion) };
    let (data, record) = content(rng);
    let mut versions = vec![Version { version: 1, updated: occasion.occurred, data, records: vec![record] }];
    if rng.chance(0.03) {
        let (mut data, record) = content(rng);
        let updated = occasion.period.later(rng, occasion.occurred, 3 * DAY);
        data.insert("updated_at".into(), moment(rng, updated));
        if updated > occasion.occurred {
            versions.push(Version { version: 1, updated, data, records: vec![record] });
        }
    }
    let number = occasion.number;
    let (uri, native) = if review {
        (REVIEWS, format!("rev-{number:06}"))
    } else {
        (POSTS, format!("17{:011}", number * 7919))
    };
    Draft { uri, binary: review, native: native.into(), versions }
}

fn person(occasion: &Occasion<'_>) -> Value {
    json!({ "id": occasion.speaker.person.handle, "name": occasion.speaker.person.name() })
}

fn post(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> (Map<String, Value>, RecordTruth) {
    let mut data = occasion.context(rng);
    let network = *rng.pick(NETWORKS);
    let said = words(rng, occasion.speaker, opinion, Source::Social);
    let record = truth(&occasion, "", opinion, &said);
    data.insert("text".into(), said.text.into());
    data.insert("author".into(), person(&occasion));
    data.insert("network".into(), network.into());
    data.insert("permalink".into(), format!("https://{network}.example/p/{}", occasion.number).into());
    data.insert(
        "metrics".into(),
        json!({ "likes": rng.range(0, 60), "replies": rng.range(0, 9), "reposts": rng.range(0, 12) }),
    );
    (data, record)
}

fn stars(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> (Map<String, Value>, RecordTruth) {
    let mut data = occasion.context(rng);
    data.insert("author".into(), person(&occasion));
    data.insert("network".into(), "reviews".into());
    let value = five(rng, opinion.mood);
    data.insert("score".into(), sloppy(rng, value));
    if rng.chance(0.08) {
        return (data, silent(&occasion, ""));
    }
    if rng.chance(0.6) {
        data.insert("title".into(), title(rng, occasion.speaker, opinion).into());
    }
    let said = words(rng, occasion.speaker, opinion, Source::Social);
    let record = truth(&occasion, "", opinion, &said);
    data.insert("text".into(), said.text.into());
    (data, record)
}

/// Somebody else's words passed on: no feedback of its own.
pub(super) fn repost(rng: &mut Rng, occasion: Occasion<'_>, opinion: &Opinion) -> Version {
    let (mut data, _) = post(rng, occasion, opinion);
    data.insert("repost_of".into(), format!("17{:011}", rng.below(90_000) * 7919).into());
    Version { version: 1, updated: occasion.occurred, data, records: Vec::new() }
}
