//! Tells a history day by day: how much happens, who speaks, and how the messages of an item follow each other.

use crate::{
    broken,
    calendar::{DAYS, HOUR, Period, moment},
    company,
    compose::Speaker,
    delivery::key,
    envelope::Envelope,
    event::{DemoEvent, Source, Truth},
    history::Options,
    opinion::{self, Forced, Opinion},
    people::{People, Person},
    plants,
    rng::{Rng, splitmix},
    sources::{self, Ignored, Occasion},
};
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
/// Every message of the period, not yet in order.
pub(crate) fn tell(options: Options, period: Period) -> Vec<DemoEvent> {
    let mut teller = Teller::new(options, period);
    for day in 0..DAYS {
        teller.day(day);
    }
    teller.events
}

pub(crate) struct Teller {
    options: Options,
    pub(crate) period: Period,
    people: Arc<People>,
    /// How many things happen; what is said draws from a stream of each item's own.
    volume: Rng,
    story: Rng,
    items: u64,
    extras: u64,
    pub(crate) contents: u64,
    broken: u64,
    pub(crate) events: Vec<DemoEvent>,
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
