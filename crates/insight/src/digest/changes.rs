//! What changed and is real, by the verdicts of the report, with the weeks before.

use super::{
    build::View,
    model::{Change, Weekly, WeeklyOf, What},
    quotes,
    series::{Series, WEEKS},
};
use crate::{
    error::InsightError,
    report::{
        Filter, People, Period, RecordScore, Report,
        model::{Mover, Quote, ScoreRow},
    },
    rollup::is_satisfied,
    stats::{SUPPRESSED, nps::Category},
    targets::{TargetScope, answers, narrowed, summary},
    trends::{Metric, Verdict},
};
use feedback::{judgement::SentimentLabel, score::ScoreKind};
use std::collections::HashSet;

/// Changes that are quoted; a page shows fewer.
const QUOTED: usize = 5;

impl View<'_> {
    /// All with the verdict real; of an owner those of their topics, for sources and scores are everybody's. `told` has the
    /// records that are quoted.
    pub fn changes(
        &self,
        report: &Report,
        series: &Series,
        people: &People,
        told: &mut HashSet<String>,
    ) -> Result<Vec<Change>, InsightError> {
        let mut changes = of_topics(report, series, |mover| self.has_topic(&mover.topic));
        if self.topics.is_none() {
            for row in &report.sources {
                let Some(change) = row.change.as_ref().filter(|c| c.verdict == Some(Verdict::Real)) else {
                    continue;
                };
                changes.push(Change {
                    p: change.p,
                    q: change.q.unwrap_or(1.0),
                    weeks: series.of_source(Some(&row.source), WeeklyOf::Negative),
                    quotes: Vec::new(),
                    what: What::Source { row: Box::new(row.clone()) },
                });
            }
            for row in &report.scores {
                let Some(change) = row.change.as_ref().filter(|c| c.verdict == Some(Verdict::Real)) else {
                    continue;
                };
                changes.push(Change {
                    p: change.p,
                    q: change.q.unwrap_or(1.0),
                    weeks: self.score_weeks(row, people)?,
                    quotes: Vec::new(),
                    what: What::Score { row: Box::new(row.clone()) },
                });
            }
        }
        changes.sort_by(|a, b| {
            a.q.total_cmp(&b.q).then(a.p.total_cmp(&b.p)).then_with(|| name(&a.what).cmp(&name(&b.what)))
        });
        for change in changes.iter_mut().take(QUOTED) {
            change.quotes = self.quotes(&change.what, told)?;
        }
        Ok(changes)
    }

    /// Of those who speak as a source or a score has moved: of one that is worse the negative records, or the low answers.
    fn quotes(&self, what: &What, told: &mut HashSet<String>) -> Result<Vec<Quote>, InsightError> {
        let facts = &self.given.tables.facts;
        match what {
            What::Topic { movers, .. } => {
                let quotes = movers.iter().flat_map(|mover| &mover.quotes);
                told.extend(quotes.map(|quote| quote.record_id.clone()));
                Ok(Vec::new())
            }
            What::Source { row } => {
                let Some(moved) = &row.change else { return Ok(Vec::new()) };
                let is_worse = moved.difference > 0.0;
                let label = if is_worse { SentimentLabel::Negative } else { SentimentLabel::Positive };
                let filter = Filter { sentiment: Some(label), ..moved.after_records.filter.clone() };
                quotes::of_filter(facts, &filter, told, |_| true)
            }
            What::Score { row } => {
                let is_better = row.change.as_ref().is_some_and(|moved| moved.difference > 0.0);
                let speaks = |score: RecordScore| if is_better { is_high(score) } else { is_low(score) };
                quotes::of_filter(facts, &row.filter, told, |line| line.score.is_some_and(speaks))
            }
        }
    }

    /// A score by week, each as the report has that of the last.
    fn score_weeks(&self, row: &ScoreRow, people: &People) -> Result<Weekly, InsightError> {
        let first = self.asked.week.plus(1 - WEEKS as i32);
        let days =
            Period { from: first.period().from, to: row.filter.to.unwrap_or(self.asked.week.period().to) };
        let scope = TargetScope {
            product: self.asked.product.map(str::to_owned),
            source: row.source.clone(),
            part: row.filter.part.clone(),
            question: row.filter.question.clone(),
            ..TargetScope::default()
        };
        let facts = narrowed(&self.given.tables.facts, &scope, None, days);
        let all = answers(facts, row.scale.kind, people)?;
        let value = |at: usize| {
            let week = first.plus(at as i32).period();
            let own = all.iter().filter(|answer| answer.scale == row.scale && week.contains(answer.day));
            let (n, value, _) = summary(row.scale, &own.collect::<Vec<_>>())?;
            (n >= SUPPRESSED).then_some(value)
        };
        Ok(Weekly { of: WeeklyOf::Score, first, values: (0..WEEKS).map(value).collect() })
    }
}

/// A detractor, somebody who is not satisfied, or less than the middle of the scale.
fn is_low(RecordScore { scale, value }: RecordScore) -> bool {
    match scale.kind {
        ScoreKind::Nps => Category::of(value) == Category::Detractor,
        ScoreKind::Csat => !is_satisfied(scale, value),
        ScoreKind::Ces | ScoreKind::Stars => value < f64::midpoint(scale.min, scale.max),
    }
}

fn is_high(RecordScore { scale, value }: RecordScore) -> bool {
    match scale.kind {
        ScoreKind::Nps => Category::of(value) == Category::Promoter,
        ScoreKind::Csat => is_satisfied(scale, value),
        ScoreKind::Ces | ScoreKind::Stars => value > f64::midpoint(scale.min, scale.max),
    }
}

/// A change a topic, with all of its real movements; the surest leads.
fn of_topics(report: &Report, series: &Series, fits: impl Fn(&Mover) -> bool) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for mover in report.movers.iter().filter(|mover| mover.verdict == Verdict::Real && fits(mover)) {
        let told = changes.iter_mut().find_map(|change| match &mut change.what {
            What::Topic { id, movers } if *id == mover.topic => Some(movers),
            _ => None,
        });
        if let Some(movers) = told {
            movers.push(mover.clone());
            continue;
        }
        let of = match mover.metric {
            Metric::Volume => WeeklyOf::Records,
            Metric::Negative => WeeklyOf::Negative,
            Metric::Positive => WeeklyOf::Positive,
        };
        changes.push(Change {
            p: mover.p,
            q: mover.q,
            weeks: series.of_topic(&mover.topic, of),
            quotes: Vec::new(),
            what: What::Topic { id: mover.topic.clone(), movers: vec![mover.clone()] },
        });
    }
    changes
}

/// Orders changes that are as sure as each other.
fn name(what: &What) -> (u8, String, String) {
    match what {
        What::Topic { id, .. } => (0, id.clone(), String::new()),
        What::Source { row } => (1, row.source.clone(), String::new()),
        What::Score { row } => {
            let asked = row.part.clone().or_else(|| row.question.clone()).unwrap_or_default();
            (2, format!("{}{}", row.scale.kind, row.source.clone().unwrap_or_default()), asked)
        }
    }
}
