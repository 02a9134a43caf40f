//! The history: every message of twelve weeks, in order of arrival.

use crate::{
    broken,
    calendar::{DAY, DAYS, HOUR, Period, moment},
    company,
    compose::Speaker,
    envelope::Envelope,
    event::{DemoEvent, ItemTruth, Source, Truth},
    expect::Expect,
    opinion::{self, Forced, Opinion},
    people::{People, Person},
    plants::{self, Plant},
    rng::{Rng, splitmix},
    sources::{self, Draft, Ignored, Occasion, Version},
};
use feedback::{
    record::Item,
    time::{Day, Timestamp},
};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Events an item makes on average: versions, deletions, repeats, and its share of what is ignored, broken, or
/// part of a story.
const EVENTS_PER_ITEM: f64 = 1.197;
/// Survey, ticket, nps, social.
const SHARES: [f64; 4] = [0.24, 0.24, 0.27, 0.25];
/// Ignored and broken messages as shares of the items of their source.
const REPOSTS: f64 = 0.04;
const AGENTS_ONLY: f64 = 0.015;
const TEST_EVENTS: f64 = 0.004;
const BROKEN: f64 = 0.005;
/// Shares of items and messages.
const DELETED: f64 = 0.012;
const REPEATED: f64 = 0.010;

/// Which history is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub seed: u64,
    /// Whether anything happens at all.
    pub plants: bool,
    /// Whether weekends are quieter. A history in which really nothing moves has this off as well.
    pub rhythm: bool,
    /// About this many messages; the number itself is left to chance.
    pub events: usize,
    /// Today: the history ends with the last complete ISO week before.
    pub end: Day,
}

impl Options {
    /// The history that the demo tells.
    #[must_use]
    pub fn new(end: Day) -> Self {
        Self { seed: 7, plants: true, rhythm: true, events: 30_000, end }
    }

    /// One in which nothing moves.
    #[must_use]
    pub fn null(seed: u64, end: Day) -> Self {
        Self { seed, plants: false, rhythm: false, ..Self::new(end) }
    }
}

/// A history told to its end.
#[derive(Debug, Clone)]
pub struct History {
    events: Vec<DemoEvent>,
    expect: Expect,
    plants: Vec<Plant>,
    period: Period,
}

impl History {
    #[must_use]
    pub fn new(options: Options) -> Self {
        let period = Period::before(options.end);
        let mut teller = Teller::new(options, period);
        for day in 0..DAYS {
            teller.day(day);
        }
        let mut events = teller.events;
        // Equal arrivals stay in the order they were told.
        events.sort_by_key(|event| event.at);
        let expect = Expect::of(&events);
        Self { events, expect, plants: plants::list(period, options.plants, options.rhythm), period }
    }

    /// In order of arrival.
    #[must_use]
    pub fn events(&self) -> &[DemoEvent] {
        &self.events
    }

    /// What a pipeline that read it all must have counted.
    #[must_use]
    pub fn expect(&self) -> &Expect {
        &self.expect
    }

    /// What a report must find; all that it may call real.
    #[must_use]
    pub fn plants(&self) -> &[Plant] {
        &self.plants
    }

    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }
}

impl IntoIterator for History {
    type Item = DemoEvent;
    type IntoIter = std::vec::IntoIter<DemoEvent>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.into_iter()
    }
}

struct Teller {
    options: Options,
    period: Period,
    people: Arc<People>,
    /// How many things happen; what is said draws from a stream of each item's own.
    volume: Rng,
    story: Rng,
    items: u64,
    extras: u64,
    contents: u64,
    broken: u64,
    events: Vec<DemoEvent>,
}

impl Teller {
    fn new(options: Options, period: Period) -> Self {
        Self {
            options,
            period,
            people: People::new(options.seed).into(),
            volume: Rng::stream(options.seed, "volume"),
            story: Rng::stream(options.seed, "story"),
            items: 0,
            extras: 0,
            contents: 0,
            broken: 0,
            events: Vec::with_capacity(options.events + options.events / 10),
        }
    }

    fn day(&mut self, day: i32) {
        let a_day = self.options.events as f64 / EVENTS_PER_ITEM / f64::from(DAYS);
        for (source, share) in Source::ALL.into_iter().zip(SHARES) {
            let rhythm =
                if self.options.rhythm { Period::rhythm(day, source == Source::Social) } else { 1.0 };
            let mean = a_day * share * rhythm;
            for _ in 0..self.volume.poisson(mean) {
                self.item(day, source, None);
            }
            self.noise(day, source, mean);
        }
        if self.options.plants {
            let scale = self.options.events as f64 / 30_000.0;
            for (source, forced) in plants::extra(&mut self.story, day, scale) {
                self.item(day, source, Some(forced));
            }
        }
    }

    /// What comes beside the feedback: the ignored and the broken.
    fn noise(&mut self, day: i32, source: Source, mean: f64) {
        let share = match source {
            Source::Social => REPOSTS,
            Source::Ticket => AGENTS_ONLY,
            Source::Nps => TEST_EVENTS,
            Source::Survey => 0.0,
        };
        for _ in 0..self.volume.poisson(mean * share) {
            self.ignored(day, source);
        }
        for _ in 0..self.volume.poisson(mean * BROKEN) {
            let number = self.next_item();
            let mut rng = self.stream(number);
            let at = moment(&mut rng, self.period.start.plus(day));
            // Every way of being broken comes round, whatever the seed.
            let (source, broken) = broken::break_it(&mut rng, self.broken as usize, number, at);
            self.broken += 1;
            let (topic, key) = (source.topic(), format!("broken-{number}"));
            let truth = Truth::DeadLetter(broken.reason);
            self.events.push(DemoEvent {
                topic,
                key,
                headers: broken.headers,
                payload: broken.payload,
                at,
                truth,
            });
        }
    }

    fn next_item(&mut self) -> u64 {
        self.items += 1;
        self.items
    }

    /// Numbers of their own, so that a story changes no other item.
    fn next_extra(&mut self) -> u64 {
        self.extras += 1;
        10_000_000 + self.extras
    }

    /// What is drawn for one item moves no other.
    fn stream(&self, item: u64) -> Rng {
        Rng::new(splitmix(self.options.seed) ^ item.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn item(&mut self, day: i32, source: Source, forced: Option<Forced>) {
        let number = if forced.is_some() { self.next_extra() } else { self.next_item() };
        let mut rng = self.stream(number);
        let people = Arc::clone(&self.people);
        let person = people.draw(&mut rng);
        let mut opinion = match forced {
            Some(forced) => opinion::forced(&mut rng, forced),
            None => opinion::draw(&mut rng, source),
        };
        if self.options.plants && forced.is_none() {
            if plants::silenced(&mut self.story, day, &opinion) {
                return;
            }
            if source == Source::Nps && plants::sobered(&mut self.story, day) {
                opinion.sober();
            }
        }
        self.tell(&mut rng, (number, day, source), person, forced, &opinion);
    }

    fn tell(
        &mut self,
        rng: &mut Rng,
        (number, day, source): (u64, i32, Source),
        person: &Person,
        forced: Option<Forced>,
        opinion: &Opinion,
    ) {
        let platform = forced.and_then(|forced| forced.platform);
        let platform = platform.unwrap_or(if rng.chance(0.8) {
            person.platform
        } else {
            *rng.pick(&company::Platform::ALL)
        });
        let (version, named) = match forced.and_then(|forced| forced.version) {
            Some(version) => (version.to_owned(), version.to_owned()),
            None => (company::version(rng, platform, day), company::some_version(rng)),
        };
        let occasion = Occasion {
            speaker: Speaker { person, platform, version: &version, named: &named },
            product: company::product(rng),
            occurred: moment(rng, self.period.start.plus(day)),
            period: self.period,
            number,
        };
        let draft = sources::draft(rng, source, occasion, opinion);
        self.publish(rng, source, &occasion, draft);
    }

    /// All versions of an item, and perhaps its deletion.
    fn publish(&mut self, rng: &mut Rng, source: Source, occasion: &Occasion<'_>, draft: Draft) {
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

    fn ignored(&mut self, day: i32, source: Source) {
        let number = self.next_item();
        let mut rng = self.stream(number);
        let people = Arc::clone(&self.people);
        let person = people.draw(&mut rng);
        let opinion = opinion::draw(&mut rng, source);
        let version = company::version(&mut rng, person.platform, day);
        let named = company::some_version(&mut rng);
        let occasion = Occasion {
            speaker: Speaker { person, platform: person.platform, version: &version, named: &named },
            product: company::product(&mut rng),
            occurred: moment(&mut rng, self.period.start.plus(day)),
            period: self.period,
            number,
        };
        let Ignored { reason, uri, version } = match source {
            Source::Social => sources::repost(&mut rng, occasion, &opinion),
            Source::Ticket => sources::agents_only(&mut rng, occasion),
            Source::Nps | Source::Survey => sources::test_event(&mut rng, occasion, &opinion),
        };
        let mut data = version.data;
        data.insert("id".into(), format!("aside-{number}").into());
        let (headers, payload) =
            Envelope::new(&mut rng, source, uri, "created", version.updated, false).wrap(&data);
        let (topic, at) = (source.topic(), self.period.later(&mut rng, version.updated, HOUR));
        self.events.push(DemoEvent {
            topic,
            key: key(&data),
            headers,
            payload,
            at,
            truth: Truth::Ignored(reason),
        });
    }
}

/// The native id, so that an item's versions share a partition.
fn key(data: &Map<String, Value>) -> String {
    match data.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_holds_every_message() {
        let history = History::new(Options { events: 2_000, ..Options::new(Day(20_700)) });
        let (start, end) = (history.period().start.start(), history.period().end.start());
        assert!(history.events().iter().all(|event| start <= event.at && event.at < end));
        assert!(history.events().windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
