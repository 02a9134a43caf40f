//! How many records fit on each day, and what they were scored.

use super::{
    Query, Shelf,
    choose::Chosen,
    count::Tally,
    fits::{Fits, Said},
    runs::runs,
};
use crate::error::InsightError;
use feedback::{insight::Scale, score::ScoreKind, time::Day};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A day that has records.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCount {
    pub day: Day,
    pub tally: Tally,
    /// Scales are never pooled.
    pub scores: Vec<Scores>,
}

/// The answers on one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    pub scale: Scale,
    /// Each value, ascending, and how many gave it.
    pub values: Vec<(f64, u64)>,
}

impl Scores {
    #[must_use]
    pub fn n(&self) -> u64 {
        self.values.iter().map(|(_, n)| n).sum()
    }

    #[must_use]
    pub fn sum(&self) -> f64 {
        self.values.iter().map(|(value, n)| value * *n as f64).sum()
    }

    #[must_use]
    pub fn sum_of_squares(&self) -> f64 {
        self.values.iter().map(|(value, n)| value * value * *n as f64).sum()
    }
}

/// A scale and a value, in the order of the numbers.
type Answer = (ScoreKind, [Ordered; 3]);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[derive(Default)]
struct OfDay {
    tally: Tally,
    /// Sums are taken by value at the end, so that they do not depend on how the rows lie.
    answers: BTreeMap<Answer, u64>,
}

impl Shelf {
    /// The days with records that fit, ascending.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn series(&self, query: &Query) -> Result<Vec<DayCount>, InsightError> {
        let fits = Fits::new(&query.filter)?;
        let chosen = self.choose(query)?;
        let counted: Vec<(Day, OfDay)> = chosen
            .par_iter()
            .map(|chosen| (chosen.part.day, count(chosen, fits.said(chosen.part))))
            .collect();
        let mut days: BTreeMap<Day, OfDay> = BTreeMap::new();
        for (day, counted) in counted {
            let of_day = days.entry(day).or_default();
            of_day.tally += counted.tally;
            counted
                .answers
                .into_iter()
                .for_each(|(answer, n)| *of_day.answers.entry(answer).or_default() += n);
        }
        let days = days.into_iter().filter(|(_, of_day)| of_day.tally.records > 0);
        Ok(days
            .map(|(day, OfDay { tally, answers })| DayCount { day, tally, scores: scores(answers) })
            .collect())
    }
}

fn count(chosen: &Chosen<'_>, said: Said) -> OfDay {
    let (part, mut of_day) = (chosen.part, OfDay::default());
    let mut scored: Vec<([u32; 2], u64)> = Vec::new();
    for row in chosen.rows() {
        of_day.tally.add(said.of(part, row));
        scored.extend(part.scored(row).map(|(scale, value)| (scale, value.to_bits())));
    }
    for ((scale, bits), n) in runs(scored) {
        if let Some(Scale { kind, min, max }) = part.scale(scale) {
            *of_day.answers.entry((kind, [min, max, f64::from_bits(bits)].map(Ordered))).or_default() += n;
        }
    }
    of_day
}

fn scores(answers: BTreeMap<Answer, u64>) -> Vec<Scores> {
    let mut scores: Vec<Scores> = Vec::new();
    for ((kind, [min, max, value]), n) in answers {
        let scale = Scale { kind, min: min.0, max: max.0 };
        match scores.last_mut().filter(|last| last.scale == scale) {
            Some(last) => last.values.push((value.0, n)),
            None => scores.push(Scores { scale, values: vec![(value.0, n)] }),
        }
    }
    scores
}
