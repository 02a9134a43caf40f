//! Watches all series at once, hour by hour, and says which of them have changed.
//!
//! A pure fold over stored hourly counts: whoever runs it again, over counts that late records have completed, gets what
//! would have been seen with them. What was told meanwhile is [`super::life`]'s.
//!
//! Over all series at once the e-values are held to e-BH (Wang and Ramdas 2022, "False discovery rate control with
//! e-values"), as Dandapanthula and Ramdas 2025 do ("Multiple testing in multi-stream sequential change detection"): the
//! `i` series with the most evidence are told where each has at least `series x looks a quarter / (allowed x i)`.

mod figures;
mod series;

pub use figures::Figures;

use super::{
    hour::{A_DAY, Hour, Span},
    rules::{Every, WatchRules},
    series::{History, SeriesKey},
};
use serde::{Deserialize, Serialize};
use series::Watched;

/// By how much more evidence is asked for than the theory of known parameters would have it. What is usual is estimated, and
/// busy days make neighbouring hours alike, which no likelihood ratio knows. Calibrated by simulation, over 50 topics of
/// 10 to 300 items a day, volume and negative share, hourly looks, of one false alert a quarter that is allowed over all
/// of them: 0.3 came with busy days of 15% and moods of 0.2 on the logit scale, 0.5 with 20% and 0.3, none where days
/// scatter by chance alone; after one week of history 0.6 in the next 28 days. `cargo xtask bench-alerts` measures it.
const CAUTION: f64 = 5.0;

/// What only the records themselves can tell, not their counts.
pub trait Records {
    /// Distinct people behind a series' records of some hours: of those that the metric is about (all of them, the
    /// negative ones, those with an answer). Who is not known counts as one person each.
    fn people(&self, key: &SeriesKey, hours: Span) -> u64;

    /// Of the records of the smaller of two series in some hours the part, from 0 to 1, that the other has too.
    fn overlap(&self, one: &SeriesKey, other: &SeriesKey, hours: Span) -> f64;
}

/// Why an episode is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It is as before.
    Recovered,
    /// It has stayed for so long that it is what is usual now.
    NewNormal,
}

/// One series that changed, from its beginning on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spell {
    pub key: SeriesKey,
    /// When it began, by estimate.
    pub onset: Hour,
    /// The hour that it was found in: at its end it was known.
    pub fired: Hour,
    /// The hour at whose end it was over.
    pub ended: Option<(Hour, Ending)>,
    pub figures: Figures,
    /// Distinct people since the onset.
    pub people: u64,
}

impl Spell {
    /// From the onset to the end, or to `now`.
    #[must_use]
    pub fn span(&self, now: Hour) -> Span {
        Span { from: self.onset, to: self.ended.map_or(now, |(at, _)| at.plus(1)) }
    }
}

pub struct Watch<'a> {
    history: &'a History,
    rules: &'a WatchRules,
    series: Vec<Watched<'a>>,
    /// The next hour, from the beginning of the history.
    at: usize,
    /// Those that are over.
    ended: Vec<Spell>,
}

impl<'a> Watch<'a> {
    /// Begins with the day of `from`, or with the history.
    #[must_use]
    pub fn new(history: &'a History, rules: &'a WatchRules, from: Hour) -> Self {
        let at = (from.0 - history.from.0).max(0) as usize / A_DAY * A_DAY;
        let at = at.min(history.hours);
        let series = history.streams.iter().flat_map(|stream| Watched::of(stream, history, rules)).collect();
        Self { history, rules, series, at, ended: Vec::new() }
    }

    /// The first hour that has not been seen.
    #[must_use]
    pub fn now(&self) -> Hour {
        self.history.hour(self.at)
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        self.at >= self.history.hours
    }

    /// Series that have enough history to say anything, and all.
    #[must_use]
    pub fn coverage(&self) -> (usize, usize) {
        (self.series.iter().filter(|series| series.can_speak()).count(), self.series.len())
    }

    /// Sees one more hour. Tells whether any series fired or ended.
    pub fn advance(&mut self, records: &impl Records) -> bool {
        let (at, hour) = (self.at, self.now());
        if self.is_done() {
            return false;
        }
        if at.is_multiple_of(A_DAY) {
            self.series.iter_mut().for_each(|series| series.learn(self.history, at / A_DAY));
        }
        let mut changed = false;
        let (may_begin, is_look) = (self.rules.every.looks_before(at), self.rules.every.looks_after(at));
        for series in &mut self.series {
            series.take(at, hour, may_begin);
            if let Some(spell) = series.end(at, self.history, self.rules, records) {
                self.ended.push(spell);
                changed = true;
            }
        }
        self.at += 1;
        if is_look {
            changed |= self.look(at, records);
        }
        changed
    }

    /// Everything up to the end of the history.
    pub fn finish(&mut self, records: &impl Records) {
        while !self.is_done() {
            self.advance(records);
        }
    }

    /// All episodes so far, those that are over and those that run, the first found first.
    #[must_use]
    pub fn spells(&self, records: &impl Records) -> Vec<Spell> {
        let now = self.at;
        let running = self.series.iter().filter_map(|series| series.running(now, self.history, records));
        let mut spells: Vec<Spell> = self.ended.iter().cloned().chain(running).collect();
        spells.sort_by(|a, b| a.fired.cmp(&b.fired).then_with(|| a.key.cmp(&b.key)));
        spells
    }

    /// Fires what has enough evidence among all series, and enough of everything else.
    fn look(&mut self, at: usize, records: &impl Records) -> bool {
        let speaking = self.series.iter().filter(|series| series.can_speak()).count() as f64;
        let per_look = CAUTION * speaking * self.rules.every.looks_a_quarter() / self.rules.false_alerts;
        let quiet = |series: &&Watched<'_>| !series.is_running();
        let most = self.series.iter().filter(quiet).map(Watched::evidence).fold(0.0, f64::max);
        // The least that any of them needs, were all of them moving.
        if speaking < 1.0 || most < per_look / speaking {
            return false;
        }
        let mut evidence: Vec<f64> = self.series.iter().map(Watched::evidence).collect();
        let Some(least) = e_bh(&mut evidence, per_look) else { return false };
        let mut changed = false;
        for series in &mut self.series {
            if !series.is_running() && series.evidence() >= least {
                changed |= series.fire(at, self.history, self.rules, records);
            }
        }
        changed
    }
}

/// The evidence from which on a series is told: the largest `i` for which `i` of them have at least `per_look / i`. Sorts
/// what it is given.
fn e_bh(evidence: &mut [f64], per_look: f64) -> Option<f64> {
    evidence.sort_by(|a, b| b.total_cmp(a));
    let enough = |(at, value): &(usize, &f64)| **value >= per_look / (at + 1) as f64;
    let last = evidence.iter().enumerate().rfind(enough)?.0;
    Some(per_look / (last + 1) as f64)
}

impl Every {
    fn looks_a_quarter(self) -> f64 {
        let days = 91.0;
        match self {
            Self::Hour => days * A_DAY as f64,
            Self::Day => days,
        }
    }

    /// Whether there was a look just before this hour, which counts from the beginning of a day.
    fn looks_before(self, at: usize) -> bool {
        self == Self::Hour || at.is_multiple_of(A_DAY)
    }

    fn looks_after(self, at: usize) -> bool {
        self.looks_before(at + 1)
    }
}

#[cfg(test)]
mod tests;
