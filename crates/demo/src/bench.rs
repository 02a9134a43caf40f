//! Events for measuring: cheap, about 600 bytes each, ids unique, varied texts of 25 to 40 words, no two weeks needed.

use crate::{
    calendar::{DAY, rfc3339},
    company::{self, Platform},
    event::Source,
    grammar::{Voice, sentence},
    opinion::{self},
    rng::{Rng, splitmix},
};
use feedback::time::Timestamp;
use std::{fmt::Write, sync::LazyLock};

/// Sentences to combine: two of them give some 100 million texts.
const SENTENCES: usize = 8_192;

static POOL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut rng = Rng::stream(1, "bench");
    let mut pool = Vec::with_capacity(SENTENCES);
    while pool.len() < SENTENCES {
        let opinion = opinion::draw(&mut rng, Source::Survey);
        let platform = *rng.pick(&Platform::ALL);
        for point in &opinion.points {
            let text =
                sentence(&crate::compose::statement(&mut rng, Voice { platform, version: "7.5.0" }, point));
            // Written into JSON as it is; nothing needs an escape.
            if text.split(' ').count() >= 11 && !text.contains(['"', '\\', '\n']) {
                pool.push(text);
            }
        }
    }
    pool
});

/// A message in structured mode, so without headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchEvent {
    pub topic: &'static str,
    pub key: String,
    pub payload: Vec<u8>,
}

/// The `i`-th event; the same for the same `i` and `end`. Its time lies within the seven days before `end`.
#[must_use]
pub fn event(i: u64, end: Timestamp) -> BenchEvent {
    let mut rng = Rng::new(splitmix(i));
    let source = Source::ALL[rng.below(4)];
    let id = format!("b{i:09}");
    let at = rfc3339(Timestamp(end.0 - 1_000_000 - rng.range(0, 7 * DAY - 2_000_000)));
    let pool = &*POOL;
    let (one, two) = (&pool[rng.below(pool.len())], &pool[rng.below(pool.len())]);
    let person = rng.below(40_000);
    let platform = rng.pick(&Platform::ALL).as_str();
    let product = rng.pick(&company::PRODUCTS);
    let kind = source.kind();
    let mut out = String::with_capacity(700);
    // Writing to a string does not fail.
    let _ = write!(
        out,
        r#"{{"specversion":"1.0","id":"e-{id}","source":"https://bench.larchdeck.example/{kind}","type":"feedback.{kind}.created","time":"{at}","data":{{"id":"{id}","occurred_at":"{at}","author":{{"id":"u{person}","email":"person{person}@bench.example","segment":"team"}},"product":"{product}","app_version":"7.{}.0","platform":"{platform}","territory":"GB","#,
        rng.below(9),
    );
    let _ = match source {
        Source::Survey => write!(
            out,
            r#""answers":[{{"id":"q1","question":"Why did you choose that score?","text":"{one} {two}","score":{{"kind":"csat","value":{}}}}}]"#,
            rng.range(1, 5)
        ),
        Source::Ticket => write!(
            out,
            r#""title":"Ticket {i}","messages":[{{"role":"customer","text":"{one} {two}"}}],"status":"open""#
        ),
        Source::Nps => write!(out, r#""score":{},"text":"{one} {two}""#, rng.range(0, 10)),
        Source::Social => {
            write!(out, r#""score":{},"network":"reviews","text":"{one} {two}""#, rng.range(1, 5))
        }
    };
    out.push_str("}}");
    BenchEvent { topic: source.topic(), key: id, payload: out.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_sound_of_the_wanted_size_and_varied() {
        let end = Timestamp(1_790_000_000_000_000);
        let events: Vec<BenchEvent> = (0..2_000).map(|i| event(i, end)).collect();
        let mean = events.iter().map(|event| event.payload.len()).sum::<usize>() / events.len();
        assert!((560..=660).contains(&mean), "{mean} bytes");
        let mut keys: Vec<_> = events.iter().map(|event| &event.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), events.len());
        for event in &events {
            serde_json::from_slice::<serde_json::Value>(&event.payload).unwrap();
        }
        assert_eq!(event(17, end), events[17]);
    }
}
