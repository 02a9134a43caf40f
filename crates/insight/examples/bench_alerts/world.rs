//! Invented streams.

use insight::{
    alerts::{Answers, Counting, Counts, History, Hour, Part, ScoreName, Scored, Stream, Tick, What},
    stats::rng::Rng,
};
use std::collections::BTreeMap;

pub const A_DAY: usize = 24;
pub const TOPICS: usize = 50;
/// A Monday.
const FROM: Hour = Hour(20_458 * 24);
/// Monday first.
const WEEK: [f64; 7] = [1.15, 1.1, 1.1, 1.05, 1.0, 0.8, 0.8];
/// Of a world that is cut into products and sources.
const FEW: usize = 6;
const PRODUCTS: [&str; 2] = ["app", "web"];
const SOURCES: [&str; 2] = ["nps", "review"];
/// Of a world with cases: topics, and things that are reported.
const BESIDE_CASES: usize = 10;
const THINGS: usize = 200;
/// Reports below which a case is not watched, as the rules have it.
const LEAST_REPORTS: u32 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Fifty topics of one source, and everything together.
    Topics,
    /// The same with an answer on the NPS scale in every record.
    Answers,
    /// Six topics with answers, of two kinds of source and two products: every level is a series.
    Parts,
    /// Ten topics, and two hundred things, each reported at a steady rate from some time on: 0.05 to 2 a day. A case begins
    /// with its first report.
    Cases,
}

pub struct World {
    pub name: &'static str,
    /// The standard deviation of a day's factor, which all its hours share, on the log scale.
    pub restless: f64,
    /// That of a day's negative share, and of its share of promoters, on the logit scale.
    pub moody: f64,
    /// The correlation of neighbouring days in both.
    pub alike: f64,
    pub shape: Shape,
}

pub struct Shift {
    pub name: &'static str,
    /// Times as many records; 1 for as many as before.
    pub times: f64,
    pub rise: f64,
    /// Of the mean answer, as a part of the scale.
    pub fall: f64,
    /// Days over which it comes; 0 for at once.
    pub over: usize,
}

/// What all that comes on a day shares.
struct Day {
    factor: f64,
    mood: f64,
}

/// What one source says about one topic, by the hour.
struct Drawn {
    counts: Vec<Counts>,
    /// Promoters and passives among them; none where nobody is asked.
    answers: Vec<[u32; 2]>,
}

/// Items a day, from 10 to 300.
pub fn rate(topic: usize, topics: usize) -> f64 {
    10.0 * 30.0_f64.powf(topic as f64 / (topics - 1) as f64)
}

pub fn name(topic: usize) -> String {
    format!("topic {topic:02}")
}

impl World {
    /// Streams that never change, those that false alerts are counted on.
    pub fn unchanging(&self, seed: u64, days: usize) -> History {
        self.history(1_000 + seed, days, None)
    }

    /// With a shift from a day on in the fifth of every ten topics.
    pub fn history(&self, seed: u64, days: usize, shift: Option<(&Shift, usize)>) -> History {
        match self.shape {
            Shape::Topics | Shape::Answers => self.topics(seed, days, TOPICS, shift),
            Shape::Parts => self.parts(seed, days),
            Shape::Cases => self.cases(seed, days),
        }
    }

    fn topics(&self, seed: u64, days: usize, topics: usize, shift: Option<(&Shift, usize)>) -> History {
        let hours = days * A_DAY;
        let mut all = Drawn { counts: vec![Counts::default(); hours], answers: vec![[0; 2]; hours] };
        let mut streams = Vec::with_capacity(topics + 1);
        for topic in 0..topics {
            let mut rng = Rng::named(seed, &name(topic));
            let shift = shift.filter(|_| topic % 10 == 4);
            let shared = self.days(seed, &name(topic), days);
            let drawn = self.draw(&mut rng, rate(topic, topics), &shared, shift);
            for at in 0..hours {
                all.counts[at].records += drawn.counts[at].records;
                all.counts[at].judged += drawn.counts[at].judged;
                all.counts[at].negative += drawn.counts[at].negative;
                all.answers[at][0] += drawn.answers[at][0];
                all.answers[at][1] += drawn.answers[at][1];
            }
            streams.push(self.stream(What::Topic(name(topic)), drawn));
        }
        streams.push(self.stream(What::All, all));
        History { from: FROM, hours, streams, small_cases: 0 }
    }

    fn stream(&self, what: What, drawn: Drawn) -> Stream {
        let mut answers = BTreeMap::new();
        if self.shape.has_answers() {
            let hours = drawn.counts.iter().zip(&drawn.answers);
            let hour = |(counts, [promoters, passives]): (&Counts, &[u32; 2])| {
                let (promoters, passives) = (f64::from(*promoters), f64::from(*passives));
                // A promoter counts 1, a passive a half.
                let (sum, sum_sq) = (promoters + passives / 2.0, promoters + passives / 4.0);
                Answers { n: counts.records, sum, sum_sq }
            };
            answers.insert(nps(), hours.map(hour).collect());
        }
        let part = Part {
            source: SOURCES[0].to_owned(),
            since: 0,
            counts: drawn.counts.into_iter().collect(),
            answers,
        };
        Stream { what, product: None, source: None, parts: vec![part] }
    }

    /// By way of the records, as they are counted in earnest. What comes on a day is shared by all parts of a topic.
    fn parts(&self, seed: u64, days: usize) -> History {
        let mut counting = Counting::new(FROM, FROM.plus((days * A_DAY) as i32));
        for topic in 0..FEW {
            let what = What::Topic(name(topic));
            let shared = self.days(seed, &name(topic), days);
            for (product, source) in PRODUCTS.into_iter().flat_map(|one| SOURCES.map(|other| (one, other))) {
                let mut rng = Rng::named(seed, &format!("{} {product} {source}", name(topic)));
                let drawn = self.draw(&mut rng, rate(topic, FEW) / 4.0, &shared, None);
                drawn.count(&mut counting, &what, product, source);
            }
        }
        counting.finish()
    }

    fn cases(&self, seed: u64, days: usize) -> History {
        let mut history = self.topics(seed, days, BESIDE_CASES, None);
        for thing in 0..THINGS {
            let name = format!("case {thing:03}");
            let mut rng = Rng::named(seed, &name);
            let begun = (rng.uniform() * days as f64) as usize * A_DAY;
            let rate = 0.05 * 40.0_f64.powf(thing as f64 / (THINGS - 1) as f64);
            let shared = self.days(seed, &name, days);
            let mut drawn = self.draw(&mut rng, rate, &shared, None);
            drawn.counts[..begun].fill(Counts::default());
            let reports: u32 = drawn.counts.iter().map(|counts| counts.records).sum();
            let Some(since) = drawn.counts.iter().position(|counts| counts.records > 0) else { continue };
            if reports < LEAST_REPORTS {
                history.small_cases += 1;
                continue;
            }
            let mut stream = self.stream(What::Case(name), drawn);
            stream.parts[0].since = since;
            history.streams.push(stream);
        }
        history
    }

    /// Numbers of their own: those that a stream is drawn by have nothing to do with its days.
    fn days(&self, seed: u64, name: &str, days: usize) -> Vec<Day> {
        let mut rng = Rng::named(seed, &format!("the days of {name}"));
        let (mut busy, mut mood) = (rng.normal(), rng.normal());
        let fresh = (1.0 - self.alike * self.alike).sqrt();
        let day = |_| {
            busy = self.alike * busy + fresh * rng.normal();
            mood = self.alike * mood + fresh * rng.normal();
            Day {
                factor: (self.restless * busy - self.restless.powi(2) / 2.0).exp(),
                mood: self.moody * mood,
            }
        };
        (0..days).map(day).collect()
    }

    fn draw(&self, rng: &mut Rng, rate: f64, days: &[Day], shift: Option<(&Shift, usize)>) -> Drawn {
        let (usual, phase) = (0.1 + 0.3 * rng.uniform(), 24.0 * rng.uniform());
        let hours = days.len() * A_DAY;
        let mut drawn = Drawn { counts: Vec::with_capacity(hours), answers: Vec::with_capacity(hours) };
        for (at, day) in days.iter().enumerate() {
            let negative = logistic((usual / (1.0 - usual)).ln() + day.mood);
            let promoters = logistic(-day.mood);
            for hour in 0..A_DAY {
                let part = shift.map_or(0.0, |(shift, from)| grown(shift, from, at, hour));
                let (times, rise, fall) =
                    shift.map_or((1.0, 0.0, 0.0), |(shift, _)| (shift.times, shift.rise, shift.fall));
                let of_day = 1.0 + 0.8 * (std::f64::consts::TAU * (hour as f64 - phase) / 24.0).sin();
                let mean = rate / 24.0 * WEEK[at % 7] * of_day * day.factor * (1.0 + part * (times - 1.0));
                let records = poisson(rng, mean);
                let negative = (negative + part * rise).min(0.97);
                let negative = (0..records).filter(|_| rng.uniform() < negative).count() as u32;
                drawn.counts.push(Counts { records, judged: records, negative });
                // Of those that are no promoters four in ten are passive, so that the mean is 0.2 and 0.8 of the promoters.
                let promoters = (promoters - part * fall / 0.8).max(0.0);
                let mut answers = [0; 2];
                let asked = if self.shape.has_answers() { records } else { 0 };
                for _ in 0..asked {
                    let chance = rng.uniform();
                    answers[0] += u32::from(chance < promoters);
                    answers[1] +=
                        u32::from(chance >= promoters && chance < promoters + 0.4 * (1.0 - promoters));
                }
                drawn.answers.push(answers);
            }
        }
        drawn
    }
}

impl Drawn {
    /// Record by record.
    fn count(&self, counting: &mut Counting, what: &What, product: &str, source: &str) {
        let name = nps();
        for (at, (counts, [promoters, passives])) in self.counts.iter().zip(&self.answers).enumerate() {
            for place in 0..counts.records {
                let value = match place {
                    _ if place < *promoters => 1.0,
                    _ if place < promoters + passives => 0.5,
                    _ => 0.0,
                };
                let tick = Tick {
                    at: FROM.plus(at as i32),
                    product: Some(product),
                    source,
                    is_negative: Some(place < counts.negative),
                    score: Some(Scored { name: &name, value }),
                };
                counting.add(&What::All, &tick);
                counting.add(what, &tick);
            }
        }
    }
}

impl Shape {
    pub fn has_answers(self) -> bool {
        matches!(self, Self::Answers | Self::Parts)
    }

    /// Of a history of this shape the topics that the common rule can look at.
    pub fn topics(self, history: &History) -> &[Stream] {
        match self {
            Self::Topics | Self::Answers => &history.streams[..TOPICS],
            Self::Parts | Self::Cases => &[],
        }
    }
}

pub fn nps() -> ScoreName {
    ScoreName { kind: "nps".to_owned(), scale: "0-10".to_owned(), question: None }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// How much of the shift is there, from 0 to 1.
fn grown(shift: &Shift, from: usize, day: usize, hour: usize) -> f64 {
    if day < from {
        0.0
    } else if shift.over == 0 {
        1.0
    } else {
        (((day - from) * A_DAY + hour) as f64 / (shift.over * A_DAY) as f64).min(1.0)
    }
}

/// By counting exponential gaps.
fn poisson(rng: &mut Rng, mean: f64) -> u32 {
    let (mut n, mut sum) = (0, 0.0);
    loop {
        sum -= (1.0 - rng.uniform()).ln();
        if sum > mean {
            return n;
        }
        n += 1;
    }
}
