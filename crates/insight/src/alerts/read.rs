//! The records of the table, as series and as the people behind them.

use super::{
    hour::{Hour, Span},
    series::{Counting, History, Metric, ScoreName, SeriesKey, Tick, What},
    tell::Counted,
    watch::Records,
};
use crate::{
    error::InsightError,
    frame::{Rows, between, explode_topics},
    report::People,
};
use feedback::score::{Score, ScoreKind};
use polars::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Fields that a change may be carried by.
const CARRIERS: [&str; 7] =
    ["segment", "product", "platform", "app_version", "territory", "language", "source_kind"];

/// Current records, the first first.
#[derive(Debug, Default)]
pub struct Stored {
    records: Vec<Record>,
}

#[derive(Debug)]
struct Record {
    id: String,
    at: Hour,
    product: Option<String>,
    source: String,
    /// The name that stands for the person; `None` where nobody knows who it was.
    person: Option<String>,
    score: Option<Score>,
    /// What it is counted for, and whether what it says of that is negative; [`What::All`] comes first.
    whats: Vec<(What, Option<bool>)>,
    /// In the order of [`CARRIERS`]; empty where unknown.
    carriers: [String; CARRIERS.len()],
}

/// Reads current facts from the day of `from` up to the hour `to`, which is left out. `words` gives the names of the words
/// that a title and a body hold, `case` the case of a record.
///
/// # Errors
/// Where a column is missing or of another type.
pub fn read(
    facts: &LazyFrame,
    people: &People,
    (from, to): (Hour, Hour),
    words: &dyn Fn(Option<&str>, &str) -> Vec<String>,
    case: &dyn Fn(&str) -> Option<String>,
) -> Result<(History, Stored), InsightError> {
    let facts = facts.clone().filter(between(from.day(), to.day()));
    let mut records = wholes(&facts, people, words, case)?;
    add_topics(&facts, &mut records)?;
    records.retain(|record| record.at >= Hour::of_day(from.day()) && record.at < to);
    records.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
    let mut counting = Counting::new(from, to);
    for record in &records {
        for (what, is_negative) in &record.whats {
            let (product, source) = (record.product.as_deref(), record.source.as_str());
            let tick =
                Tick { at: record.at, product, source, is_negative: *is_negative, score: record.score };
            counting.add(what, &tick);
        }
    }
    Ok((counting.finish(), Stored { records }))
}

/// The records with what is said of them as wholes.
fn wholes(
    facts: &LazyFrame,
    people: &People,
    words: &dyn Fn(Option<&str>, &str) -> Vec<String>,
    case: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Record>, InsightError> {
    let names = ["record_id", "occurred_at", "author", "author_alias", "sentiment", "title", "body"];
    let scores = ["score_kind", "score_value", "score_min", "score_max"];
    let columns: Vec<Expr> = names.into_iter().chain(scores).chain(CARRIERS).map(col).collect();
    let rows = Rows::collect(facts.clone().select(columns))?;
    let (ids, times) = (rows.text("record_id")?, rows.times("occurred_at")?);
    let (authors, aliases) = (rows.text("author")?, rows.text("author_alias")?);
    let (sentiments, titles, bodies) = (rows.text("sentiment")?, rows.text("title")?, rows.text("body")?);
    let kinds = rows.text("score_kind")?;
    let [value, min, max] = ["score_value", "score_min", "score_max"].map(|name| rows.real(name));
    let (value, min, max) = (value?, min?, max?);
    let carriers = CARRIERS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let mut records = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let id = ids.get(row).unwrap_or_default();
        let is_negative = negative(sentiments.get(row));
        let mut whats = vec![(What::All, is_negative)];
        let named = words(titles.get(row), bodies.get(row).unwrap_or_default());
        whats.extend(named.into_iter().map(|name| (What::Words(name), is_negative)));
        whats.extend(case(id).map(|case| (What::Case(case), is_negative)));
        let score = || {
            let kind = ScoreKind::parse(kinds.get(row)?)?;
            Score::new(kind, value[row]?, min[row]?, max[row]?)
        };
        let carriers: [String; CARRIERS.len()] =
            std::array::from_fn(|at| carriers[at].get(row).unwrap_or_default().to_owned());
        let person = authors.get(row).or_else(|| aliases.get(row));
        records.push(Record {
            id: id.to_owned(),
            at: Hour::of(times[row]),
            product: Some(carriers[1].clone()).filter(|product| !product.is_empty()),
            source: carriers[6].clone(),
            person: person.map(|name| people.of(name).to_owned()),
            score: score(),
            whats,
            carriers,
        });
    }
    Ok(records)
}

fn add_topics(facts: &LazyFrame, records: &mut [Record]) -> Result<(), InsightError> {
    let columns = ["record_id", "topic", "topic_sentiment"].map(col);
    let rows = Rows::collect(explode_topics(facts.clone()).select(columns))?;
    let (ids, topics, sentiments) =
        (rows.text("record_id")?, rows.text("topic")?, rows.text("topic_sentiment")?);
    let places: HashMap<String, usize> =
        records.iter().enumerate().map(|(at, record)| (record.id.clone(), at)).collect();
    for row in 0..rows.len() {
        let (Some(id), Some(topic)) = (ids.get(row), topics.get(row)) else { continue };
        let Some(record) = places.get(id).and_then(|at| records.get_mut(*at)) else { continue };
        let what = What::Topic(topic.to_owned());
        // A topic counts once a record.
        if !record.whats.iter().any(|(of, _)| *of == what) {
            record.whats.push((what, negative(sentiments.get(row))));
        }
    }
    Ok(())
}

/// `None` where it is not judged.
fn negative(sentiment: Option<&str>) -> Option<bool> {
    sentiment.filter(|sentiment| !sentiment.is_empty() && *sentiment != "unknown").map(|s| s == "negative")
}

impl Stored {
    /// The records of a series that its metric is about.
    fn of<'a, 'k>(
        &'a self,
        key: &'k SeriesKey,
        hours: Span,
    ) -> impl Iterator<Item = &'a Record> + use<'a, 'k> {
        let from = self.records.partition_point(|record| record.at < hours.from);
        let to = self.records.partition_point(|record| record.at < hours.to);
        self.records[from..to.max(from)].iter().filter(move |record| record.is_of(key))
    }

    /// The ids of those records, the newest first: what quotes are taken from.
    #[must_use]
    pub fn ids(&self, key: &SeriesKey, hours: Span) -> Vec<&str> {
        let mut ids: Vec<&str> = self.of(key, hours).map(|record| record.id.as_str()).collect();
        ids.reverse();
        ids
    }

    /// How often each value of each field stands in the records of `before` and of `since`.
    #[must_use]
    pub fn counted(&self, key: &SeriesKey, before: Span, since: Span) -> Vec<Counted> {
        let mut counts: BTreeMap<(usize, &str), (u64, u64)> = BTreeMap::new();
        for at in 0..CARRIERS.len() {
            for record in self.of(key, before) {
                counts.entry((at, &record.carriers[at])).or_default().0 += 1;
            }
            for record in self.of(key, since) {
                counts.entry((at, &record.carriers[at])).or_default().1 += 1;
            }
        }
        let counted = |((at, value), (before, since)): ((usize, &str), (u64, u64))| Counted {
            field: CARRIERS[at].to_owned(),
            value: value.to_owned(),
            before,
            since,
        };
        counts.into_iter().map(counted).collect()
    }
}

impl Record {
    fn is_of(&self, key: &SeriesKey) -> bool {
        let is = |wanted: &Option<String>, of: &str| wanted.as_deref().is_none_or(|wanted| wanted == of);
        let place =
            is(&key.product, self.product.as_deref().unwrap_or_default()) && is(&key.source, &self.source);
        let said = self.whats.iter().find(|(what, _)| *what == key.what);
        place
            && said.is_some_and(|(_, is_negative)| match &key.metric {
                Metric::Volume => true,
                Metric::Negative => *is_negative == Some(true),
                Metric::Score(name) => self.score.is_some_and(|score| ScoreName::of(score) == *name),
            })
    }
}

impl Records for Stored {
    fn people(&self, key: &SeriesKey, hours: Span) -> u64 {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        let mut unknown = 0;
        for record in self.of(key, hours) {
            match &record.person {
                Some(person) => {
                    known.insert(person);
                }
                None => unknown += 1,
            }
        }
        known.len() as u64 + unknown
    }

    fn overlap(&self, one: &SeriesKey, other: &SeriesKey, hours: Span) -> f64 {
        let (mut first, mut both) = (0_u32, 0_u32);
        for record in self.of(one, hours) {
            first += 1;
            both += u32::from(record.is_of(other));
        }
        let second = self.of(other, hours).count() as u32;
        f64::from(both) / f64::from(first.min(second).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Fact};
    use feedback::time::Day;

    const DAY: Day = Day(20_514);

    fn key(metric: Metric, what: What) -> SeriesKey {
        SeriesKey { metric, what, product: None, source: None }
    }

    fn facts() -> Vec<Fact> {
        let mut facts = Vec::new();
        for id in 0..10 {
            let mut fact = Fact::new(id, DAY, if id < 6 { "nps" } else { "social" });
            fact.author = (id < 8).then(|| format!("person {}", id / 2));
            fact.sentiment = if id % 2 == 0 { "negative" } else { "positive" };
            fact.app_version = Some(if id < 4 { "7.3" } else { "7.2" });
            fact.body = "please refund".to_owned();
            if id < 4 {
                fact.topics.push(("login", "negative", (0, 6)));
            }
            if id < 2 {
                fact.topics.push(("price", "unknown", (0, 6)));
            }
            facts.push(fact);
        }
        facts
    }

    fn all() -> (History, Stored) {
        // A column that only the stored table has.
        let frame = testing::facts(&facts()).with_column(lit("team").alias("segment"));
        let span = (Hour::of_day(DAY), Hour::of_day(DAY.plus(1)));
        let words = |_: Option<&str>, body: &str| -> Vec<String> {
            if body.contains("refund") { vec!["money".to_owned()] } else { Vec::new() }
        };
        let case = |id: &str| id.ends_with('3').then(|| "case 1".to_owned());
        read(&frame, &People::default(), span, &words, &case).unwrap()
    }

    #[test]
    fn facts_become_series() {
        let (history, _) = all();
        let total = |what: &What, source: Option<&str>| {
            let stream = history.streams.iter().find(|s| s.what == *what && s.source.as_deref() == source);
            let counts = stream.unwrap().parts.iter().flat_map(|part| &part.counts);
            counts.fold((0, 0, 0), |sum, of| (sum.0 + of.records, sum.1 + of.judged, sum.2 + of.negative))
        };
        assert_eq!(total(&What::All, None), (10, 10, 5));
        assert_eq!(total(&What::All, Some("social")), (4, 4, 2));
        assert_eq!(total(&What::Topic("login".to_owned()), None), (4, 4, 4));
        assert_eq!(total(&What::Topic("price".to_owned()), None), (2, 0, 0));
        assert_eq!(total(&What::Words("money".to_owned()), None), (10, 10, 5));
        assert_eq!(total(&What::Case("case 1".to_owned()), None).0, 1);
    }

    #[test]
    fn people_count_once_and_topics_share_records() {
        let (history, stored) = all();
        let day = Span { from: history.from, to: history.hour(history.hours) };
        let [login, price] = ["login", "price"].map(|id| key(Metric::Volume, What::Topic(id.to_owned())));
        assert_eq!(stored.people(&key(Metric::Volume, What::All), day), 4 + 2);
        assert_eq!(stored.people(&key(Metric::Negative, What::All), day), 4 + 1);
        assert_eq!(stored.people(&login, day), 2);
        assert_eq!(stored.overlap(&login, &price, day), 1.0);
        assert_eq!(stored.overlap(&login, &key(Metric::Negative, What::Topic("none".to_owned())), day), 0.0);
        assert_eq!(stored.ids(&price, day).len(), 2);
    }

    #[test]
    fn what_carries_is_counted_by_field() {
        let (history, stored) = all();
        let day = Span { from: history.from, to: history.hour(history.hours) };
        let none = Span { from: history.from, to: history.from };
        let counted = stored.counted(&key(Metric::Volume, What::All), none, day);
        let of =
            |value: &str| counted.iter().find(|one| one.value == value).map(|one| (one.before, one.since));
        assert_eq!((of("7.3"), of("7.2"), of("social")), (Some((0, 4)), Some((0, 6)), Some((0, 4))));
    }
}
