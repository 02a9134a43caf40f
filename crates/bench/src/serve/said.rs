//! What is sent while the server is measured: invented events of now, and webhooks.

use super::ids;
use anyhow::{Context, Result};
use demo::people::People;
use demo::rng::{Rng, splitmix};
use demo::{Source, bench, rfc3339};
use feedback::time::Timestamp;
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
/// Texts that no other part of a run says.
const APART: u64 = 10_000_000;

pub struct Event {
    pub source: Source,
    pub key: String,
    pub payload: Vec<u8>,
}

/// Who says what.
pub struct Sayings {
    people: People,
    run: String,
    seed: u64,
}

impl Sayings {
    pub fn new(run: &str, seed: u64) -> Self {
        Self { people: People::new(seed), run: run.to_owned(), seed }
    }

    /// An event that arrives now. Of most it is news; some are late, a few by days, as everywhere.
    pub fn event(&self, number: u64, now: Timestamp) -> Result<Event> {
        let mut rng = self.rng(number);
        let id = ids::of_item(&self.run, number);
        let late = [60 * SECOND, 6 * HOUR, 72 * HOUR][rng.weighted(&[0.94, 0.05, 0.01])];
        let at = rfc3339(Timestamp(now.0 - rng.range(0, late)));
        let told = bench::event(self.number(number), now);
        let source = Source::ALL.into_iter().find(|source| source.topic() == told.topic);
        let mut event: Value = serde_json::from_slice(&told.payload).context("an event is no JSON")?;
        (event["id"], event["time"]) = (json!(format!("e-{id}")), json!(at));
        let data = &mut event["data"];
        (data["id"], data["occurred_at"]) = (json!(id), json!(at));
        let person = self.people.draw(&mut rng);
        data["author"] = json!({
            "id": person.id, "email": person.email, "account": person.account, "segment": person.segment,
        });
        data["territory"] = json!(person.territory);
        Ok(Event {
            source: source.context("an event is of no source")?,
            key: id,
            payload: serde_json::to_vec(&event).context("an event cannot be written")?,
        })
    }

    /// A webhook by which a tool for NPS tells of an answer.
    pub fn nps(&self, number: u64, now: Timestamp) -> Result<Vec<u8>> {
        let mut rng = self.rng(number);
        let id = ids::of_item(&self.run, number);
        let person = self.people.draw(&mut rng);
        let payload = json!({
            "event_type": "survey_response.created",
            "event_id": id,
            "event_data": {
                "id": id,
                "score": rng.range(0, 10),
                "comment": text(self.number(number))?,
                "created_at": now.0 / SECOND,
                "person": { "id": person.id, "email": person.email, "name": person.name() },
                "person_properties": { "account": person.account, "segment": person.segment },
            },
        });
        serde_json::to_vec(&payload).context("a webhook cannot be written")
    }

    fn rng(&self, number: u64) -> Rng {
        Rng::new(splitmix(self.seed ^ splitmix(number)))
    }

    fn number(&self, number: u64) -> u64 {
        splitmix(self.seed).wrapping_add(number) % APART
    }
}

/// Two sentences that a customer may say.
pub fn text(number: u64) -> Result<String> {
    let told = bench::event(number, Timestamp(0));
    let event: Value = serde_json::from_slice(&told.payload).context("an event is no JSON")?;
    let places = ["/data/text", "/data/answers/0/text", "/data/messages/0/text"];
    let text = places.into_iter().find_map(|place| event.pointer(place)?.as_str());
    text.map(str::to_owned).context("an event says nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

    #[test]
    fn events_are_of_now_and_each_has_its_id() {
        let sayings = Sayings::new("live-x", 7);
        let mut fresh = 0;
        for number in 0..500 {
            let event = sayings.event(number, NOW).unwrap();
            let said: Value = serde_json::from_slice(&event.payload).unwrap();
            assert_eq!(said["data"]["id"], ids::of_item("live-x", number));
            let at = feedback::rfc3339::read(said["time"].as_str().unwrap()).unwrap();
            assert!(at <= NOW && NOW.0 - at.0 <= 72 * HOUR + SECOND);
            fresh += usize::from(NOW.0 - at.0 <= 61 * SECOND);
        }
        assert!((440..=495).contains(&fresh), "{fresh}");
    }

    #[test]
    fn webhooks_say_something() {
        let sayings = Sayings::new("hook-x", 7);
        let said = |number| -> Value { serde_json::from_slice(&sayings.nps(number, NOW).unwrap()).unwrap() };
        let (one, other) = (said(1), said(2));
        assert_ne!(one["event_data"]["comment"], other["event_data"]["comment"]);
        assert_eq!(one["event_id"], one["event_data"]["id"]);
        assert!(one["event_data"]["comment"].as_str().unwrap().split(' ').count() > 10);
    }
}
