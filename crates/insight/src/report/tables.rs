//! The facts of the tables, for a report. What its parts ask is read once for all of them.

use super::{
    build::Inputs,
    facts::{Answer, CARRIERS, Cell, Cells, Facts, Person, Sure, Worded},
    filter::{Filter, has_words},
    people::People,
    read,
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    frame::{Rows, as_wholes, between, explode_topics},
    rollup::rollup,
    shelf::{in_steps, number_of_id},
    texts::Texts,
};
use feedback::{
    ids::Id,
    insight::{InsightRow, NO_TOPIC, Scale},
    judgement::SentimentLabel,
    score::ScoreKind,
    span::Span,
    time::Day,
};
use polars::prelude::*;
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
};

/// All that is asked but the words themselves, which are read for the few records that are quoted.
const COLUMNS: [&str; 20] = [
    "record_id",
    "day",
    "occurred_at",
    "source_kind",
    "source",
    "product",
    "platform",
    "app_version",
    "territory",
    "author",
    "language",
    "kind",
    "sentiment",
    "topics",
    "score_kind",
    "score_value",
    "score_min",
    "score_max",
    "part",
    "question",
];
/// Of these no more is held than whether a record has them.
const WORDS: [&str; 2] = ["title", "body"];

pub(super) struct Tables<'a> {
    inputs: &'a Inputs,
    people: People,
    /// Those of the scope in memory, on all its topics. Of the title and the body there is one letter at most.
    gathered: LazyFrame,
}

impl<'a> Tables<'a> {
    /// `gather` gives what parts of a report ask of.
    pub fn read(inputs: &'a Inputs) -> Result<Self, InsightError> {
        Ok(Self { inputs, people: People::read(&inputs.facts)?, gathered: inputs.facts.clone() })
    }

    /// Reads the facts of some days, of which all that is asked from now on is.
    pub fn gather(self, scope: &Scope, days: Period) -> Result<Self, InsightError> {
        let facts = self.inputs.facts.clone().filter(Filter::of(&scope.on_all_topics(), days).predicate());
        let plain = COLUMNS.into_iter().map(col);
        let first_letter = WORDS.into_iter().map(|name| col(name).str().head(lit(1)));
        let columns: Vec<Expr> = plain.chain(first_letter).collect();
        Ok(Self { gathered: facts.select(columns).collect()?.lazy(), ..self })
    }

    fn person(&self, author: Option<&str>) -> Option<Person> {
        Some(Id::of(&[self.people.of(author?)]).0)
    }
}

impl Facts for Tables<'_> {
    fn rolled_up(&self, scope: &Scope, days: Period) -> Result<Vec<InsightRow>, InsightError> {
        rollup(self.inputs.facts.clone().filter(Filter::of(&scope.on_all_topics(), days).predicate()))
    }

    fn reach(&self, scope: &Scope) -> Result<Option<Period>, InsightError> {
        let any_day = Filter { from: None, to: None, ..Filter::of(&scope.on_all_topics(), scope.period) };
        read::ends(self.inputs.facts.clone().filter(any_day.predicate()))
    }

    fn worded(&self, scope: &Scope, days: Period) -> Result<Vec<(Worded, u64)>, InsightError> {
        let facts = read::facts(&self.gathered, scope, days);
        let facts = if scope.topic.is_some() { facts } else { as_wholes(facts) };
        // Whoever speaks of a topic has one, and `topics` is opened there.
        let untold = match scope.topic.as_deref() {
            None | Some(NO_TOPIC) => col("topics").list().len().fill_null(lit(0)).eq(lit(0)),
            Some(_) => lit(false),
        };
        let is = |expr: Expr, name: &str| expr.cast(DataType::Int64).alias(name.to_owned());
        let columns = [
            col("source_kind"),
            col("kind").fill_null(lit("unknown")),
            col("language").fill_null(lit("unknown")),
            is(has_words(), "words"),
            is(col("topic_sentiment").eq(lit("unknown")), "unknown"),
            is(untold, "untold"),
        ];
        let by = ["source_kind", "kind", "language", "words", "unknown", "untold"].map(col);
        let rows = Rows::collect(facts.select(columns).group_by(by).agg([len().alias("n")]))?;
        let [sources, kinds, languages] = ["source_kind", "kind", "language"].map(|name| rows.text(name));
        let (sources, kinds, languages) = (sources?, kinds?, languages?);
        let [words, unknown, untold, n] = ["words", "unknown", "untold", "n"].map(|name| rows.whole(name));
        let (words, unknown, untold, n) = (words?, unknown?, untold?, n?);
        let worded = |row: usize| {
            let [source, kind, language] =
                [&sources, &kinds, &languages].map(|column| column.get(row).unwrap_or_default().to_owned());
            let [has_words, is_unknown, is_untold] = [&words, &unknown, &untold].map(|is| is[row] != 0);
            let worded = Worded { source, kind, language, has_words, is_unknown, is_untold };
            (worded, n[row].max(0) as u64)
        };
        Ok((0..rows.len()).map(worded).collect())
    }

    fn answers(&self, scope: &Scope, days: Period) -> Result<Vec<Answer>, InsightError> {
        let names = [
            "record_id",
            "source_kind",
            "author",
            "occurred_at",
            "day",
            "score_kind",
            "score_value",
            "score_min",
            "score_max",
            "part",
            "question",
        ];
        let scored = col("score_kind").is_not_null().and(col("score_value").is_not_null());
        let facts = read::facts(&self.gathered, scope, days);
        let rows = Rows::collect(facts.filter(scored).select(names.map(col)))?;
        let (parts, questions) = (rows.text("part")?, rows.text("question")?);
        let (records, sources, authors) =
            (rows.text("record_id")?, rows.text("source_kind")?, rows.text("author")?);
        let (kinds, days, times) = (rows.text("score_kind")?, rows.days("day")?, rows.times("occurred_at")?);
        let (value, min, max) = (rows.real("score_value")?, rows.real("score_min")?, rows.real("score_max")?);
        let mut texts = Texts::default();
        let mut answer = |row: usize| {
            let mut text = |text: Option<&str>| texts.shared(text.unwrap_or_default());
            Some(Answer {
                scale: Scale { kind: ScoreKind::parse(kinds.get(row)?)?, min: min[row]?, max: max[row]? },
                source: text(Some(sources.get(row)?)),
                part: text(parts.get(row)),
                question: text(questions.get(row)),
                person: self.person(authors.get(row)),
                at: times[row],
                day: days[row],
                record: number_of_id(records.get(row)?),
                value: value[row]?,
            })
        };
        Ok((0..rows.len()).filter_map(&mut answer).collect())
    }

    fn cells(&self, scope: &Scope, days: Period, topics: &[String]) -> Result<Cells, InsightError> {
        let facts = read::facts(&self.gathered, &scope.on_all_topics(), days);
        let wanted = topics.iter().map(|topic| col("topic").eq(lit(topic.clone()))).reduce(Expr::or);
        let untold = [lit("").alias("topic"), lit("unknown").alias("topic_sentiment")];
        let mut texts = Texts::default();
        let mentions = match wanted {
            Some(wanted) => counted(explode_topics(facts.clone()).filter(wanted), &mut texts)?,
            None => Vec::new(),
        };
        let records = counted(facts.with_columns(untold), &mut texts)?;
        Ok(Cells { texts, mentions, records })
    }

    fn surest(
        &self,
        scope: &Scope,
        days: Period,
        (topic, label): (&str, Option<SentimentLabel>),
        most: usize,
    ) -> Result<Vec<Sure>, InsightError> {
        let facts = read::facts(&self.gathered, &scope.on_all_topics(), days);
        let mut mentions = explode_topics(facts).filter(col("topic").eq(lit(topic)));
        if let Some(label) = label {
            mentions = mentions.filter(col("topic_sentiment").eq(lit(label.as_str())));
        }
        let names =
            ["record_id", "day", "source_kind", "author", "topic_confidence", "topic_start", "topic_end"];
        let has_body = col("body").is_not_null().and(col("body").neq(lit("")));
        let rows = Rows::collect(mentions.filter(has_body).select(names.map(col)))?;
        let (records, sources, authors) =
            (rows.text("record_id")?, rows.text("source_kind")?, rows.text("author")?);
        let days = rows.days("day")?;
        let (confidence, start, end) =
            (rows.real("topic_confidence")?, rows.whole("topic_start")?, rows.whole("topic_end")?);
        let key = |row: usize| {
            let confidence = in_steps(confidence[row].unwrap_or(0.0) as f32);
            (Reverse(confidence), number_of_id(records.get(row).unwrap_or_default()), row)
        };
        let mut keys: Vec<_> = (0..rows.len()).map(key).collect();
        keys.sort_unstable();
        keys.truncate(most);
        let sure = |(Reverse(confidence), record, row): (Reverse<u16>, Id, usize)| Sure {
            record,
            day: days[row],
            source: sources.get(row).unwrap_or_default().to_owned(),
            person: self.person(authors.get(row)),
            confidence: f64::from(confidence) / 1e4,
            span: Span::new(start[row].max(0) as u32, end[row].max(start[row]).max(0) as u32),
        };
        Ok(keys.into_iter().map(sure).collect())
    }

    fn bodies(&self, records: &[(Day, Id)]) -> Result<HashMap<Id, String>, InsightError> {
        let days: BTreeSet<Day> = records.iter().map(|(day, _)| *day).collect();
        let Some((from, to)) = days.first().zip(days.last()) else { return Ok(HashMap::new()) };
        let ids: HashSet<String> = records.iter().map(|(_, id)| id.to_string()).collect();
        let ids = Series::new("ids".into(), ids.into_iter().collect::<Vec<_>>()).implode()?.into_series();
        let wanted = between(*from, *to).and(col("record_id").is_in(lit(ids), false));
        let facts = self.inputs.facts.clone().filter(wanted);
        let rows = Rows::collect(facts.select(["record_id", "body"].map(col)))?;
        let (ids, bodies) = (rows.text("record_id")?, rows.text("body")?);
        let told = ids.iter().zip(bodies.iter());
        Ok(told.filter_map(|(record, body)| Some((number_of_id(record?), body?.to_owned()))).collect())
    }
}

fn counted(frame: LazyFrame, texts: &mut Texts) -> Result<Vec<Cell>, InsightError> {
    let keys: Vec<Expr> = ["topic", "day", "topic_sentiment"].into_iter().chain(CARRIERS).map(col).collect();
    let rows = Rows::collect(frame.group_by(keys).agg([len().alias("n")]))?;
    let (topics, days) = (rows.text("topic")?, rows.days("day")?);
    let (sentiments, n) = (rows.text("topic_sentiment")?, rows.whole("n")?);
    let values = CARRIERS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let cell = |row: usize| Cell {
        topic: texts.number(topics.get(row).unwrap_or_default()),
        sentiment: sentiments.get(row).and_then(SentimentLabel::parse).unwrap_or(SentimentLabel::Unknown),
        day: days[row],
        values: std::array::from_fn(|at| texts.number(values[at].get(row).unwrap_or_default())),
        n: n[row].max(0) as u64,
    };
    Ok((0..rows.len()).map(cell).collect())
}
