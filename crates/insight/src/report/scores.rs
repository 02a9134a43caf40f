//! NPS, CSAT, ease and stars, from the facts: one row for each scale and source, and for each question where a source asks
//! several on one scale: satisfaction with the product is none with the support. A question is known by the part of
//! the response that answers it, for its wording differs by language, person and time.

use super::{
    facts::{Answer, Asked, Facts},
    filter::{Answers, Band, Filter},
    model::{AnswerCount, ChangeOf, Comparison, Figure, Named, ScoreRow, ScoreWeek},
    people::last_of_each,
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    rollup::is_satisfied,
    stats::{
        FEW, Interval, SUPPRESSED,
        mean::{Moments, welch},
        nps::{self, NpsCounts},
        proportion::{Proportion, newcombe, two_proportions},
    },
};
use feedback::{insight::Scale, score::ScoreKind};
use std::collections::BTreeMap;

/// Questions of a source on one scale that have a row each.
const MOST_QUESTIONS: usize = 6;

pub fn scores(
    facts: &impl Facts,
    scope: &Scope,
    period: Period,
    comparison: Option<Comparison>,
) -> Result<Vec<ScoreRow>, InsightError> {
    let first = comparison.map_or(period.from, |comparison| comparison.against.from);
    let days = Period { from: first.min(period.from), to: period.to };
    let answers = facts.answers(scope, days)?;
    // By scale; its bounds by their bits, which order them well enough for a key.
    let mut scales: BTreeMap<(ScoreKind, u64, u64), Vec<Answer>> = BTreeMap::new();
    for answer in answers {
        let Scale { kind, min, max } = answer.scale;
        scales.entry((kind, min.to_bits(), max.to_bits())).or_default().push(answer);
    }
    let mut rows = Vec::new();
    for answers in scales.into_values() {
        let row = |answers: &[&Answer], of: Of<'_>| row(answers, of, scope, period, comparison);
        let mut sources: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
        for answer in &answers {
            sources.entry(&answer.source).or_default().push(answer);
        }
        let of_sources: Vec<_> = sources.iter().map(|(source, own)| of_source(source, own, &row)).collect();
        // What is asked in several ways has no sum.
        let is_split = of_sources.iter().flatten().any(|row| row.question.is_some());
        if sources.len() > 1 && !is_split {
            rows.extend(row(&answers.iter().collect::<Vec<_>>(), Of::default()));
        }
        rows.extend(of_sources.into_iter().flatten());
    }
    Ok(rows)
}

/// A row for each question, or one over all of them where there are too many, or too few answers to most.
fn of_source<'a>(
    source: &'a str,
    answers: &[&'a Answer],
    row: &impl Fn(&[&'a Answer], Of<'a>) -> Option<ScoreRow>,
) -> Vec<ScoreRow> {
    let mut questions: BTreeMap<Asked<'_>, Vec<&Answer>> = BTreeMap::new();
    for answer in answers.iter().copied() {
        questions.entry(answer.asked()).or_default().push(answer);
    }
    let whole = Of { source: Some(source), asked: None };
    if questions.len() < 2 {
        return row(answers, whole).into_iter().collect();
    }
    let of = |asked| Of { asked: Some(asked), ..whole };
    let split: Vec<ScoreRow> = questions.iter().filter_map(|(asked, own)| row(own, of(*asked))).collect();
    let few = split.iter().filter(|row| row.n < SUPPRESSED).count();
    if split.len() <= MOST_QUESTIONS && 2 * few <= split.len() {
        return split;
    }
    row(answers, whole).map(|row| ScoreRow { all_questions: true, ..row }).into_iter().collect()
}

/// What a row is about, beside its scale.
#[derive(Debug, Clone, Copy, Default)]
struct Of<'a> {
    source: Option<&'a str>,
    /// Where the source has a row a question.
    asked: Option<Asked<'a>>,
}

/// The latest wording of what `answers` answer.
fn wording<'a>(answers: &[&'a Answer]) -> Option<&'a str> {
    let told = answers.iter().filter(|answer| !answer.question.is_empty());
    told.max_by_key(|answer| (answer.at, answer.record)).map(|answer| &*answer.question)
}

/// NPS and CSAT are about people, the others about occasions.
fn counts_people(kind: ScoreKind) -> bool {
    matches!(kind, ScoreKind::Nps | ScoreKind::Csat)
}

fn within<'a>(answers: &[&'a Answer], period: Period) -> Vec<&'a Answer> {
    let inside = answers.iter().copied().filter(|a| period.contains(a.day));
    match answers.first() {
        Some(first) if counts_people(first.scale.kind) => {
            last_of_each(inside, |a| (a.person, a.at, a.record))
        }
        _ => inside.collect(),
    }
}

fn row(
    answers: &[&Answer],
    of: Of<'_>,
    scope: &Scope,
    period: Period,
    comparison: Option<Comparison>,
) -> Option<ScoreRow> {
    let scale = answers.first()?.scale;
    let filter = |period| {
        let mut filter = Filter::of(scope, period).scale(scale);
        filter.source = of.source.map(str::to_owned).or(filter.source);
        if let Some(Asked { part, question }) = of.asked {
            filter.part = Some(part.to_owned());
            filter.question = part.is_empty().then(|| question.to_owned());
        }
        filter.answers = counts_people(scale.kind).then_some(Answers::Last);
        filter
    };
    let now = Summary::of(scale, &within(answers, period));
    if now.moments.n == 0 {
        return None;
    }
    let week = |week: Period| {
        let of_week = Summary::of(scale, &within(answers, week));
        let n = of_week.moments.n;
        ScoreWeek { value: of_week.value().filter(|_| n >= SUPPRESSED), n, filter: filter(week) }
    };
    let shown = now.moments.n >= SUPPRESSED;
    let change = comparison.and_then(|Comparison { of: after, against }| {
        let (now, then) = (within(answers, after), within(answers, against));
        Summary::of(scale, &now).change(
            &Summary::of(scale, &then),
            of.source.is_some(),
            [filter(against), filter(after)],
        )
    });
    Some(ScoreRow {
        scale,
        source: of.source.map(str::to_owned),
        part: of.asked.map(|asked| asked.part).filter(|part| !part.is_empty()).map(str::to_owned),
        question: of.asked.map(|asked| wording(answers).unwrap_or(asked.part).to_owned()),
        all_questions: false,
        n: now.moments.n,
        value: now.value().filter(|_| shown),
        interval: shown.then(|| now.interval()),
        weeks: period.weeks().into_iter().map(week).collect(),
        bands: if shown { now.bands(&filter(period)) } else { Vec::new() },
        distribution: if shown { now.distribution(&filter(period)) } else { Vec::new() },
        change,
        filter: filter(period),
    })
}

/// A change of a score that matters: five points of NPS, five of a share, a twentieth of the scale.
pub fn is_large_enough(row: &ScoreRow, change: &ChangeOf) -> bool {
    let least = match row.scale.kind {
        ScoreKind::Nps => 5.0,
        ScoreKind::Csat => 0.05,
        ScoreKind::Ces | ScoreKind::Stars => 0.05 * (row.scale.max - row.scale.min),
    };
    change.difference.abs() >= least
}

struct Summary {
    scale: Scale,
    moments: Moments,
    nps: NpsCounts,
    top2: u64,
    distribution: Vec<(f64, u64)>,
}

impl Summary {
    fn of(scale: Scale, answers: &[&Answer]) -> Self {
        let mut values: Vec<f64> = answers.iter().map(|a| a.value).collect();
        values.sort_by(f64::total_cmp);
        let mut summary = Self {
            scale,
            moments: Moments::default(),
            nps: NpsCounts::default(),
            top2: 0,
            distribution: Vec::new(),
        };
        for value in values {
            summary.moments.add(value);
            summary.nps.add(value);
            summary.top2 += u64::from(is_satisfied(scale, value));
            match summary.distribution.last_mut() {
                Some((last, n)) if *last == value => *n += 1,
                _ => summary.distribution.push((value, 1)),
            }
        }
        summary
    }

    fn top2(&self) -> Proportion {
        Proportion::new(self.top2, self.moments.n)
    }

    fn value(&self) -> Option<f64> {
        match self.scale.kind {
            ScoreKind::Nps => self.nps.score(),
            ScoreKind::Csat => (self.moments.n > 0).then(|| self.top2().share()),
            ScoreKind::Ces | ScoreKind::Stars => self.moments.mean(),
        }
    }

    fn interval(&self) -> Interval {
        match self.scale.kind {
            ScoreKind::Nps => self.nps.interval(),
            ScoreKind::Csat => self.top2().wilson(),
            ScoreKind::Ces | ScoreKind::Stars => {
                self.moments.interval(Interval::new(self.scale.min, self.scale.max))
            }
        }
    }

    fn bands(&self, filter: &Filter) -> Vec<Named<u64>> {
        let named = |band: Band, value| Named {
            name: band.as_str().to_owned(),
            value,
            filter: Filter { band: Some(band), ..filter.clone() },
        };
        match self.scale.kind {
            ScoreKind::Nps => vec![
                named(Band::Promoters, self.nps.promoters),
                named(Band::Passives, self.nps.passives),
                named(Band::Detractors, self.nps.detractors),
            ],
            ScoreKind::Csat => vec![named(Band::Top2, self.top2)],
            ScoreKind::Ces | ScoreKind::Stars => Vec::new(),
        }
    }

    fn distribution(&self, filter: &Filter) -> Vec<AnswerCount> {
        let count = |(value, n): &(f64, u64)| AnswerCount {
            value: *value,
            n: *n,
            filter: Filter { value: Some(*value), ..filter.clone() },
        };
        self.distribution.iter().map(count).collect()
    }

    /// Judged only within a source: of several together the mix alone can move, and what moves within them is judged
    /// there already.
    fn change(&self, then: &Self, within_source: bool, [before, after]: [Filter; 2]) -> Option<ChangeOf> {
        if self.moments.n < SUPPRESSED || then.moments.n < SUPPRESSED {
            return None;
        }
        let (difference, interval, p) = match self.scale.kind {
            ScoreKind::Nps => {
                let change = nps::change(self.nps, then.nps)?;
                (change.points, change.interval, change.p)
            }
            ScoreKind::Csat => {
                let change = newcombe(self.top2(), then.top2());
                (change.value, change.interval, two_proportions(self.top2(), then.top2()))
            }
            ScoreKind::Ces | ScoreKind::Stars => {
                let change = welch(self.moments, then.moments)?;
                (change.value, change.interval, change.p)
            }
        };
        let judged = within_source && self.moments.n >= FEW && then.moments.n >= FEW;
        let q = judged.then_some(1.0);
        Some(ChangeOf {
            before: then.value()?,
            after: self.value()?,
            difference,
            interval,
            p,
            q,
            verdict: None,
            records: then.moments.n,
            filter: before,
            after_records: Figure { value: self.moments.n, filter: after },
            before_of: None,
            after_of: None,
        })
    }
}
