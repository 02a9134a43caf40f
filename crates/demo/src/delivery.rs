//! How the messages of one item follow each other: versions, a deletion perhaps, late ones, repeats.

use crate::{
    calendar::{DAY, HOUR},
    envelope::Envelope,
    event::{DemoEvent, ItemTruth, Source, Truth},
    rng::Rng,
    sources::{Draft, Occasion, Version},
    teller::Teller,
};
use feedback::{record::Item, time::Timestamp};
use serde_json::{Map, Value};

/// Shares of items and messages.
const DELETED: f64 = 0.012;
const REPEATED: f64 = 0.010;

impl Teller {
    /// All versions of an item, and perhaps its deletion.
    pub(crate) fn publish(&mut self, rng: &mut Rng, source: Source, occasion: &Occasion<'_>, draft: Draft) {
        let Draft { uri, binary, native, versions } = draft;
        let (mut last, mut action) = ((1, occasion.occurred), "created");
        for version in versions {
            last = (version.version, version.updated);
            let Version { version, updated, mut data, records } = version;
            data.insert("id".into(), native.clone());
            let truth = ItemTruth {
                item: occasion.number,
                source,
                occurred_at: occasion.occurred,
                updated_at: updated,
                version,
                content: 0,
                records,
            };
            self.send(rng, (uri, action, binary), &data, updated, truth);
            action = "updated";
        }
        if rng.chance(DELETED) {
            self.delete(rng, (uri, binary), occasion, (source, native, last));
        }
    }

    fn delete(
        &mut self,
        rng: &mut Rng,
        (uri, binary): (&'static str, bool),
        occasion: &Occasion<'_>,
        (source, native, (version, updated)): (Source, Value, (i64, Timestamp)),
    ) {
        let deleted = self.period.later(rng, updated, 5 * DAY);
        let mut data = Map::new();
        data.insert("id".into(), native);
        // Most systems send nothing but the id.
        let version = if rng.chance(0.3) { version + 1 } else { Item::FINAL_VERSION };
        if version != Item::FINAL_VERSION {
            data.insert("version".into(), version.into());
        }
        let truth = ItemTruth {
            item: occasion.number,
            source,
            occurred_at: occasion.occurred,
            updated_at: deleted,
            version,
            content: 0,
            records: Vec::new(),
        };
        self.send(rng, (uri, "deleted", binary), &data, deleted, truth);
    }

    /// One message, late or not, and now and then a second time.
    fn send(
        &mut self,
        rng: &mut Rng,
        (uri, action, binary): (&'static str, &str, bool),
        data: &Map<String, Value>,
        made: Timestamp,
        truth: ItemTruth,
    ) {
        self.contents += 1;
        let (source, deletion) = (truth.source, truth.records.is_empty());
        let envelope = Envelope::new(rng, source, uri, action, made, binary);
        let (headers, payload) = envelope.wrap(data);
        let most = [90_000_000, 6 * HOUR, 3 * DAY][rng.weighted(&[0.94, 0.05, 0.01])];
        let key = key(data);
        let truth = Truth::Item(ItemTruth { content: self.contents, ..truth });
        let event = DemoEvent {
            topic: source.topic(),
            key,
            headers,
            payload,
            at: self.period.later(rng, made, most),
            truth,
        };
        if rng.chance(REPEATED) && !deletion {
            let mut again = event.clone();
            let most = *rng.pick(&[30_000_000, HOUR, 2 * DAY]);
            again.at = self.period.later(rng, event.at, most);
            match rng.below(4) {
                // The same content in an event of its own, as after a vendor's retry.
                0 => {
                    (again.headers, again.payload) =
                        Envelope::new(rng, source, uri, action, again.at, !binary).wrap(data)
                }
                // Through another partition.
                1 => again.key = format!("{}-replayed", again.key),
                _ => {}
            }
            self.events.push(again);
        }
        self.events.push(event);
    }
}

/// The native id, so that an item's versions share a partition.
pub(crate) fn key(data: &Map<String, Value>) -> String {
    match data.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => String::new(),
    }
}
