//! The answers behind a score's target: the same as the report counts, so that a target and a table agree.

use crate::{
    error::InsightError,
    frame::Rows,
    report::{People, last_of_each},
    rollup::is_satisfied,
    stats::{Interval, mean::Moments, nps::NpsCounts, proportion::Proportion},
};
use feedback::{
    insight::Scale,
    score::ScoreKind,
    time::{Day, Timestamp},
};
use polars::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// One answer with a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub scale: Scale,
    pub source: String,
    /// Empty where the response has no parts, or no question is told.
    pub part: String,
    pub question: String,
    /// The name that stands for the person.
    pub person: Option<String>,
    pub at: Timestamp,
    pub day: Day,
    pub record: String,
    pub value: f64,
}

/// The answers of a kind among `facts`, each record once.
pub(crate) fn answers(
    facts: LazyFrame,
    kind: ScoreKind,
    people: &People,
) -> Result<Vec<Answer>, InsightError> {
    let names = [
        "record_id",
        "source_kind",
        "author",
        "occurred_at",
        "day",
        "score_value",
        "score_min",
        "score_max",
        "part",
        "question",
    ];
    let scored = col("score_kind").eq(lit(kind.as_str())).and(col("score_value").is_not_null());
    let rows = Rows::collect(facts.filter(scored).select(names.map(col)))?;
    let [records, sources, authors, parts, questions] =
        ["record_id", "source_kind", "author", "part", "question"].map(|name| rows.text(name));
    let (records, sources, authors, parts, questions) = (records?, sources?, authors?, parts?, questions?);
    let (days, times) = (rows.days("day")?, rows.times("occurred_at")?);
    let (value, min, max) = (rows.real("score_value")?, rows.real("score_min")?, rows.real("score_max")?);
    // A record that speaks of several topics has a row for each.
    let mut by_record: BTreeMap<String, Answer> = BTreeMap::new();
    for row in 0..rows.len() {
        let text = |of: Option<&str>| of.unwrap_or_default().to_owned();
        let (Some(record), Some(value), Some(min), Some(max)) =
            (records.get(row), value[row], min[row], max[row])
        else {
            continue;
        };
        let answer = Answer {
            scale: Scale { kind, min, max },
            source: text(sources.get(row)),
            part: text(parts.get(row)),
            question: text(questions.get(row)),
            person: authors.get(row).map(|author| people.of(author).to_owned()),
            at: times[row],
            day: days[row],
            record: record.to_owned(),
            value,
        };
        by_record.insert(record.to_owned(), answer);
    }
    Ok(by_record.into_values().collect())
}

impl Answer {
    /// Which question it answers; NPS is one question, whatever its wording.
    fn asked(&self) -> (&str, &str) {
        match (self.scale.kind, self.part.as_str()) {
            (ScoreKind::Nps, _) => ("", ""),
            (_, "") => ("", self.question.as_str()),
            (_, part) => (part, ""),
        }
    }
}

/// The questions that a source asks on one scale, where one of them asks several: what is asked in several ways has no sum.
pub(super) fn several_questions(answers: &[&Answer]) -> Vec<String> {
    let mut of_sources: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for answer in answers {
        of_sources.entry(&answer.source).or_default().insert(answer.asked());
    }
    let several = of_sources.into_values().filter(|asked| asked.len() > 1).flatten();
    let name = |(part, question): (&str, &str)| if part.is_empty() { question } else { part }.to_owned();
    several.map(name).collect::<BTreeSet<String>>().into_iter().collect()
}

/// How many answers a score is of, what it is, and its interval of 95%. NPS in points and CSAT as a fraction count each
/// person once, with the last answer; CES and stars are means of all answers. `None` without answers.
#[must_use]
pub fn summary(scale: Scale, answers: &[&Answer]) -> Option<(u64, f64, Interval)> {
    let counts_people = matches!(scale.kind, ScoreKind::Nps | ScoreKind::Csat);
    let mut values: Vec<f64> = if counts_people {
        let last = last_of_each(answers.iter().copied(), |answer| {
            (answer.person.as_deref(), answer.at, answer.record.as_str())
        });
        last.into_iter().map(|answer| answer.value).collect()
    } else {
        answers.iter().map(|answer| answer.value).collect()
    };
    // In one order, so that sums are the same to the last bit.
    values.sort_by(f64::total_cmp);
    let (mut moments, mut nps, mut satisfied) = (Moments::default(), NpsCounts::default(), 0);
    for value in values {
        moments.add(value);
        nps.add(value);
        satisfied += u64::from(is_satisfied(scale, value));
    }
    let n = moments.n;
    let top = Proportion::new(satisfied, n);
    match scale.kind {
        ScoreKind::Nps => Some((n, nps.score()?, nps.interval())),
        ScoreKind::Csat => (n > 0).then(|| (n, top.share(), top.wilson())),
        ScoreKind::Ces | ScoreKind::Stars => {
            Some((n, moments.mean()?, moments.interval(Interval::new(scale.min, scale.max))))
        }
    }
}
