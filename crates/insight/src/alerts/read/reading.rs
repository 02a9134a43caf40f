//! From parts of the table to records, and from those to counts by the hour.

use super::{
    Answer, CARRIERS, Mention, Record, Stored, Texts,
    asked::{Names, Once},
};
use crate::{
    alerts::{
        hour::Hour,
        series::{Counting, History, Question, Scored, Tick, What, part_of_scale},
    },
    error::InsightError,
    frame::{Rows, between, explode_topics},
    report::People,
};
use feedback::{
    score::{Score, ScoreKind},
    time::Day,
};
use polars::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// The current facts of a table.
#[derive(Clone)]
pub struct Facts {
    pub all: LazyFrame,
    /// Those of the days that are asked of, in parts that are read one after the other, in whatever order.
    pub parts: Vec<LazyFrame>,
}

/// The days of facts that [`read`] takes.
#[must_use]
pub fn days((from, to): (Hour, Hour)) -> BTreeSet<Day> {
    (from.day().0..=to.day().0).map(Day).collect()
}

/// Reads current facts from the day of `from` up to the hour `to`, which is left out. `words` gives the names of the words
/// that a title and a body hold, `case` the case of a record; a case with fewer than `least` reports is counted, not watched.
///
/// # Errors
/// Where a column is missing or of another type.
pub fn read(
    facts: &Facts,
    hours: (Hour, Hour),
    words: &dyn Fn(Option<&str>, &str) -> Vec<String>,
    case: &dyn Fn(&str) -> Option<String>,
    least: u64,
) -> Result<Stored, InsightError> {
    let people = People::read(&facts.all)?;
    let mut reading = Reading::new(hours, &people, words, case);
    for part in &facts.parts {
        reading.add(part.clone())?;
    }
    Ok(reading.finish(least))
}

/// What has been read so far.
struct Reading<'a> {
    from: Hour,
    to: Hour,
    people: &'a People,
    words: &'a dyn Fn(Option<&str>, &str) -> Vec<String>,
    case: &'a dyn Fn(&str) -> Option<String>,
    records: Vec<Record>,
    whats: HashMap<What, Vec<Mention>>,
    texts: Texts,
}

impl<'a> Reading<'a> {
    fn new(
        (from, to): (Hour, Hour),
        people: &'a People,
        words: &'a dyn Fn(Option<&str>, &str) -> Vec<String>,
        case: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let from = Hour::of_day(from.day());
        let (records, whats, texts) = (Vec::new(), HashMap::new(), Texts::default());
        Self { from, to, people, words, case, records, whats, texts }
    }

    fn add(&mut self, facts: LazyFrame) -> Result<(), InsightError> {
        let names =
            ["record_id", "occurred_at", "author", "author_alias", "sentiment", "title", "body", "topics"];
        let scores = ["score_kind", "score_value", "score_min", "score_max", "part", "question"];
        let columns: Vec<Expr> = names.into_iter().chain(scores).chain(CARRIERS).map(col).collect();
        let read = facts.filter(between(self.from.day(), self.to.day())).select(columns).collect()?;
        let topics = read.select(["topics"])?;
        let places = self.add_records(&Rows::of(read))?;
        self.add_topics(topics, &places)
    }

    /// The records with what is said of them as wholes; by row the place of each, `None` of one of other hours.
    fn add_records(&mut self, rows: &Rows) -> Result<Vec<Option<u32>>, InsightError> {
        let (ids, times) = (rows.text("record_id")?, rows.times("occurred_at")?);
        let (authors, aliases) = (rows.text("author")?, rows.text("author_alias")?);
        let (sentiments, titles, bodies) = (rows.text("sentiment")?, rows.text("title")?, rows.text("body")?);
        let (kinds, parts, questions) =
            (rows.text("score_kind")?, rows.text("part")?, rows.text("question")?);
        let [value, min, max] = ["score_value", "score_min", "score_max"].map(|name| rows.real(name));
        let (value, min, max) = (value?, min?, max?);
        let carriers = CARRIERS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
        let mut places = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            let at = Hour::of(times[row]);
            if at < self.from || at >= self.to {
                places.push(None);
                continue;
            }
            let place = self.records.len() as u32;
            places.push(Some(place));
            let (id, body) = (ids.get(row).unwrap_or_default(), bodies.get(row).unwrap_or_default());
            let mention = Mention { row: place, is_negative: negative(sentiments.get(row)) };
            self.mention(What::All, mention);
            for name in (self.words)(titles.get(row), body) {
                self.mention(What::Words(name), mention);
            }
            if let Some(case) = (self.case)(id) {
                self.mention(What::Case(case), mention);
            }
            let answer = || {
                let kind = ScoreKind::parse(kinds.get(row)?)?;
                let [part, wording] = [&parts, &questions].map(|column| column.get(row).unwrap_or_default());
                let score = Score::new(kind, value[row]?, min[row]?, max[row]?)?;
                Some((score, Question::of(kind, part, wording)))
            };
            let answer = answer().map(|(score, Question { part, wording })| Answer {
                score,
                part: self.texts.number(&part),
                wording: self.texts.number(&wording),
            });
            let person = authors.get(row).or_else(|| aliases.get(row));
            self.records.push(Record {
                id: id.into(),
                at,
                occurred: times[row],
                person: person.map(|name| self.texts.number(self.people.of(name))),
                answer,
                has_words: !body.is_empty(),
                carriers: std::array::from_fn(|field| {
                    self.texts.number(carriers[field].get(row).unwrap_or_default())
                }),
            });
        }
        Ok(places)
    }

    fn add_topics(&mut self, topics: DataFrame, places: &[Option<u32>]) -> Result<(), InsightError> {
        let topics = explode_topics(topics.lazy().with_row_index("row", None));
        let rows = Rows::collect(topics.select(["row", "topic", "topic_sentiment"].map(col)))?;
        let (of, topics, sentiments) =
            (rows.whole("row")?, rows.text("topic")?, rows.text("topic_sentiment")?);
        for (at, row) in of.into_iter().enumerate() {
            let (Some(topic), Some(row)) = (topics.get(at), places[row as usize]) else { continue };
            let is_negative = negative(sentiments.get(at));
            self.mention(What::Topic(topic.to_owned()), Mention { row, is_negative });
        }
        Ok(())
    }

    /// Each thing counts once a record, as it is said first.
    fn mention(&mut self, what: What, mention: Mention) {
        let mentions = self.whats.entry(what).or_default();
        if mentions.last().is_none_or(|last| last.row != mention.row) {
            mentions.push(mention);
        }
    }

    fn finish(mut self, least: u64) -> Stored {
        self.sort();
        let all = self.whats.len();
        let is_small = |what: &What, n: usize| matches!(what, What::Case(_)) && (n as u64) < least;
        self.whats.retain(|what, mentions| !is_small(what, mentions.len()));
        let small_cases = all - self.whats.len();
        let Self { from, to, records, whats, texts, .. } = self;
        Stored { from, to, records, whats, small_cases, texts }
    }

    /// By time, and of one time by id.
    fn sort(&mut self) {
        let mut order: Vec<u32> = (0..self.records.len() as u32).collect();
        let key = |row: &u32| {
            let record = &self.records[*row as usize];
            (record.occurred, &record.id)
        };
        order.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let mut places = vec![0; order.len()];
        for (place, row) in order.iter().enumerate() {
            places[*row as usize] = place as u32;
        }
        for mentions in self.whats.values_mut() {
            mentions.iter_mut().for_each(|mention| mention.row = places[mention.row as usize]);
            mentions.sort_unstable_by_key(|mention| mention.row);
            mentions.shrink_to_fit();
        }
        self.records.sort_unstable_by(|a, b| a.occurred.cmp(&b.occurred).then_with(|| a.id.cmp(&b.id)));
    }
}

impl Stored {
    /// Everything that is watched, by the hour.
    #[must_use]
    pub fn history(&self) -> History {
        History { small_cases: self.small_cases, ..count(self) }
    }
}

fn count(stored: &Stored) -> History {
    // Before the first record there is nothing to hold.
    let begun = stored.records.first().map_or(stored.from, |first| first.at.max(stored.from));
    let names = Names::of(stored);
    let mut counting = Counting::new(begun, stored.to);
    for (what, mentions) in &stored.whats {
        let mut once = Once::default();
        // Of a case the volume alone is watched.
        let has_scores = !matches!(what, What::Case(_));
        for mention in mentions {
            let record = &stored.records[mention.row as usize];
            let scored = record.answer.filter(|_| has_scores).zip(names.name(record));
            let counts = scored.filter(|(answer, name)| once.counts(record, *answer, name));
            let score = counts.map(|(answer, name)| Scored { name, value: part_of_scale(answer.score) });
            let [product, source] = [record.product(), record.source()].map(|text| stored.texts.of(text));
            let product = Some(product).filter(|product| !product.is_empty());
            counting
                .add(what, &Tick { at: record.at, product, source, is_negative: mention.is_negative, score });
        }
    }
    counting.finish()
}

/// `None` where it is not judged.
fn negative(sentiment: Option<&str>) -> Option<bool> {
    sentiment.filter(|sentiment| !sentiment.is_empty() && *sentiment != "unknown").map(|s| s == "negative")
}
