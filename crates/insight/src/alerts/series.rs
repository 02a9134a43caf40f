//! What is watched: counts by the hour, of everything, a topic, named words or a case, by product and kind of source.

mod score;

pub use score::{Question, ScoreName};
pub(super) use score::{counts_people, is_low, is_on, part_of_scale};

use super::hour::{A_DAY, Hour};
use super::hourly::Hourly;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Every record once.
    All,
    /// A topic's id.
    Topic(String),
    /// A name that `alerts.toml` gives to words.
    Words(String),
    /// A case's id.
    Case(String),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Records by the hour; told when there are more.
    Volume,
    /// The share of the judged ones that is negative, within each kind of source; told when it rises.
    Negative,
    /// How high the answers are, on average; told when they fall.
    Score(ScoreName),
}

/// Names a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    pub metric: Metric,
    pub what: What,
    /// `None` for all products.
    pub product: Option<String>,
    /// A kind of source; `None` for all.
    pub source: Option<String>,
}

impl SeriesKey {
    /// Whether the records of one are among those of the other, by their names alone.
    #[must_use]
    pub fn is_nested_with(&self, other: &Self) -> bool {
        let within =
            |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
        (self.what == other.what || self.what == What::All || other.what == What::All)
            && within(&self.product, &other.product)
            && within(&self.source, &other.source)
    }

    /// By how many of product and source it is narrowed.
    #[must_use]
    pub fn narrowed(&self) -> usize {
        usize::from(self.product.is_some()) + usize::from(self.source.is_some())
    }

    /// What tells it apart, in a fixed order: an id is made of it.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        let metric = match &self.metric {
            Metric::Volume => ["volume", "", ""],
            Metric::Negative => ["negative", "", ""],
            Metric::Score(name) => ["score", name.kind.as_str(), name.scale.as_str()],
        };
        let what = match &self.what {
            What::All => ["all", ""],
            What::Topic(id) => ["topic", id.as_str()],
            What::Words(name) => ["words", name.as_str()],
            What::Case(id) => ["case", id.as_str()],
        };
        let place = [self.product.as_deref(), self.source.as_deref()].map(|one| one.unwrap_or("*"));
        let question = match &self.metric {
            Metric::Score(ScoreName { question: Some(Question { part, wording }), .. }) => {
                vec![part.as_str(), wording.as_str()]
            }
            _ => Vec::new(),
        };
        metric.into_iter().chain(what).chain(place).chain(question).collect()
    }
}

/// Records of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub records: u32,
    /// Whose sentiment is known.
    pub judged: u32,
    pub negative: u32,
}

/// Answers of an hour that count, to one question or on one scale, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Answers {
    pub n: u32,
    pub sum: f64,
    pub sum_sq: f64,
}

/// What one kind of source sent, by the hour from the history's first on.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub source: String,
    /// The first hour that anything came of this product from this kind of source, about whatever: before it, no
    /// records do not mean that nobody complained.
    pub since: usize,
    pub counts: Hourly<Counts>,
    pub answers: BTreeMap<ScoreName, Hourly<Answers>>,
}

/// What is said about one thing, by kind of source.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    pub what: What,
    pub product: Option<String>,
    pub source: Option<String>,
    pub parts: Vec<Part>,
}

/// Everything that is watched, by the hour.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The first hour of a day.
    pub from: Hour,
    /// Hours counted; the last one is complete.
    pub hours: usize,
    pub streams: Vec<Stream>,
    /// Cases that have too few reports ever to be told. They count among what is looked at, for they might have had more.
    pub small_cases: usize,
}

impl History {
    #[must_use]
    pub fn hour(&self, at: usize) -> Hour {
        self.from.plus(at as i32)
    }
}

/// One record, as it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Tick<'a> {
    pub at: Hour,
    pub product: Option<&'a str>,
    /// The source kind.
    pub source: &'a str,
    /// Of the topic where a topic is counted, else of the record; `None` where it is not judged.
    pub is_negative: Option<bool>,
    /// `None` without an answer, and for one that does not count.
    pub score: Option<Scored<'a>>,
}

/// An answer that counts.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    pub name: &'a ScoreName,
    /// How high it is, from 0 to 1.
    pub value: f64,
}

/// Counts records in any order.
#[derive(Debug)]
pub struct Counting {
    from: Hour,
    hours: usize,
    leaves: BTreeMap<(What, String, String), Part>,
}

impl Counting {
    /// From the first hour of the day of `from` up to `to`, which is left out: it is the current one.
    #[must_use]
    pub fn new(from: Hour, to: Hour) -> Self {
        let from = Hour::of_day(from.day());
        Self { from, hours: (to.0 - from.0).max(0) as usize, leaves: BTreeMap::new() }
    }

    /// Counts a record once for `what`; whatever lies outside the hours is ignored. Every record has to be counted for
    /// [`What::All`] as well.
    pub fn add(&mut self, what: &What, tick: &Tick<'_>) {
        let Some(at) = usize::try_from(tick.at.0 - self.from.0).ok().filter(|at| *at < self.hours) else {
            return;
        };
        let key = (what.clone(), tick.product.unwrap_or_default().to_owned(), tick.source.to_owned());
        let part = self.leaves.entry(key).or_insert_with(|| Part {
            source: tick.source.to_owned(),
            since: at,
            counts: Hourly::default(),
            answers: BTreeMap::new(),
        });
        part.since = part.since.min(at);
        let counts = part.counts.at_mut(at);
        counts.records += 1;
        counts.judged += u32::from(tick.is_negative.is_some());
        counts.negative += u32::from(tick.is_negative == Some(true));
        if let Some(Scored { name, value }) = tick.score {
            let answers = part.answers.entry(name.clone()).or_default().at_mut(at);
            answers.n += 1;
            answers.sum += value;
            answers.sum_sq += value * value;
        }
    }

    /// The streams of every level: each product and all, each kind of source and all. A level that would only repeat
    /// another, as "all sources" where there is one, is left out.
    #[must_use]
    pub fn finish(mut self) -> History {
        self.date_feeds();
        let mut streams = Vec::new();
        // What has its streams is let go.
        while let Some(((what, product, _), part)) = self.leaves.pop_first() {
            let mut leaves = vec![(product, part)];
            while let Some(next) = self.leaves.first_entry().filter(|next| next.key().0 == what) {
                let ((_, product, _), part) = next.remove_entry();
                leaves.push((product, part));
            }
            let products: BTreeSet<&str> = leaves.iter().map(|(product, _)| product.as_str()).collect();
            let whole: Vec<&Part> = leaves.iter().map(|(_, part)| part).collect();
            levels(&what, None, &whole, &mut streams);
            if products.len() > 1 {
                for product in products.into_iter().filter(|product| !product.is_empty()) {
                    let own: Vec<&Part> =
                        leaves.iter().filter(|(of, _)| of == product).map(|(_, part)| part).collect();
                    levels(&what, Some(product), &own, &mut streams);
                }
            }
        }
        History { from: self.from, hours: self.hours, streams, small_cases: 0 }
    }

    /// Gives every leaf the beginning of its feed: of all that its kind of source sent about its product.
    ///
    /// A case begins with its first report, whoever sent it, and is there only because of it: zeros before that are none, and
    /// that its first day has a report at least is no news. What is learned begins with the first whole day after it, whose
    /// reports nothing has selected; a burst that it is born in makes a high baseline, never a low one.
    fn date_feeds(&mut self) {
        let mut feeds: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut cases: BTreeMap<String, usize> = BTreeMap::new();
        for ((what, product, source), part) in &self.leaves {
            let since = feeds.entry((product.clone(), source.clone())).or_insert(part.since);
            *since = part.since.min(*since);
            if let What::Case(id) = what {
                let since = cases.entry(id.clone()).or_insert(part.since);
                *since = part.since.min(*since);
            }
        }
        for ((what, product, source), part) in &mut self.leaves {
            let born = match what {
                What::Case(id) => cases.get(id).copied().unwrap_or(0),
                What::All | What::Topic(_) | What::Words(_) => 0,
            };
            if let Some(since) = feeds.get(&(product.clone(), source.clone())) {
                part.since = born.max(*since);
            }
        }
    }
}

/// The stream of all sources of some leaves, and where there are several kinds one of each; a case is one whole.
fn levels(what: &What, product: Option<&str>, leaves: &[&Part], streams: &mut Vec<Stream>) {
    let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
    for leaf in leaves {
        match parts.get_mut(leaf.source.as_str()) {
            Some(part) => add(part, leaf),
            None => {
                parts.insert(&leaf.source, (*leaf).clone());
            }
        }
    }
    let mut parts: Vec<Part> = parts.into_values().collect();
    let product = product.map(str::to_owned);
    if parts.len() > 1 && !matches!(what, What::Case(_)) {
        for part in &parts {
            let source = Some(part.source.clone());
            let parts = vec![part.clone()];
            streams.push(Stream { what: what.clone(), product: product.clone(), source, parts });
        }
        leave_out_several_questions(&mut parts);
    }
    streams.push(Stream { what: what.clone(), product, source: None, parts });
}

fn add(part: &mut Part, other: &Part) {
    part.since = part.since.min(other.since);
    for (at, more) in other.counts.iter() {
        let sum = part.counts.at_mut(at);
        sum.records += more.records;
        sum.judged += more.judged;
        sum.negative += more.negative;
    }
    for (name, answers) in &other.answers {
        let sums = part.answers.entry(name.clone()).or_default();
        for (at, more) in answers.iter() {
            let sum = sums.at_mut(at);
            sum.n += more.n;
            sum.sum += more.sum;
            sum.sum_sq += more.sum_sq;
        }
    }
}

/// What a source asks in several ways has no sum over the sources, as in a report: it is watched in each of them.
fn leave_out_several_questions(parts: &mut [Part]) {
    let names = parts.iter().flat_map(|part| part.answers.keys());
    let several = names.filter(|name| name.question.is_some());
    let several: BTreeSet<(String, String)> =
        several.map(|name| (name.kind.clone(), name.scale.clone())).collect();
    for part in parts {
        part.answers.retain(|name, _| !several.contains(&(name.kind.clone(), name.scale.clone())));
    }
}

/// The first whole day from an hour of the history on.
pub(super) fn first_day(since: usize) -> usize {
    since.div_ceil(A_DAY)
}

#[cfg(test)]
mod tests;
