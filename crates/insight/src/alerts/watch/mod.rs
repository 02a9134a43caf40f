//! Watches all series at once, hour by hour, and says which of them have changed.
//!
//! A pure fold over stored hourly counts: whoever runs it again, over counts that late records have completed, gets what
//! would have been seen with them. What was told meanwhile is [`super::life`]'s.
//!
//! What enough evidence is follows from all that is looked at: [`family`].
//!
//! Calibrated by simulation, over 50 topics of 10 to 300 items a day, volume and negative share, hourly looks, of one false
//! alert a quarter that is allowed over all of them: 0.01 came where days scatter by chance alone, 0.2 with busy days of 15%
//! and moods of 0.2 on the logit scale, 0.4 with 20% and 0.3. Days that are alike cost more: of the first of these, with a
//! correlation of neighbouring days of 0.3 it was 0.3, of 0.5 0.5, and of 0.7, which is more than is allowed, 1.7.
//! `cargo xtask bench-alerts` measures it, after a short history too.
//!
//! Of a short history neither a negative-binomial CUSUM nor EARS judges, as is often done, but the same e-detector with
//! wider priors: before it has seen days enough, it believes that they scatter by 15%, that neighbouring ones are correlated
//! by 0.2 or more, and that the level of one week may be off by a fifth. A second rule would have a threshold of its own,
//! false alerts of its own, and a seam on the day the one takes over from the other; EARS knows no day of the week and nothing
//! of how many series there are; and a CUSUM's threshold is calibrated to a mean time between false alerts of one series
//! whose mean is known, which after a week it is not.

mod family;
mod feeds;
mod figures;
mod series;

pub use figures::Figures;

use super::{
    hour::{A_DAY, Hour, Span},
    rules::WatchRules,
    series::{History, SeriesKey},
};
use crate::report::scope::date;
use family::{Family, alone, e_bh};
use feedback::time::Day;
use feeds::Feeds;
use serde::{Deserialize, Serialize};
use series::{Running, Watched};

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

/// How much of what is watched has history enough for anything to be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Series that something can be said of after the last hour that was seen, and all that are watched.
    pub speaking: usize,
    pub series: usize,
    /// The first day on which something could be said of any of them, or, where that has not come, on which it can be. `None`
    /// where nobody knows: nothing has come in of what is watched, or too little.
    #[serde(with = "date::option")]
    pub from: Option<Day>,
}

pub struct Watch<'a> {
    history: &'a History,
    rules: &'a WatchRules,
    feeds: Feeds<'a>,
    series: Vec<Watched<'a>>,
    /// The next hour, from the beginning of the history.
    at: usize,
    /// The first day on which any series could say something.
    spoke: Option<usize>,
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
        Self { history, rules, feeds: Feeds::of(history), series, at, spoke: None, ended: Vec::new() }
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

    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let is_to_come = |day: &usize| day * A_DAY >= self.at;
        let to_come = || self.series.iter().filter_map(Watched::old_enough_on).min().filter(is_to_come);
        let day = self.spoke.or_else(to_come);
        Coverage {
            speaking: self.series.iter().filter(|series| series.can_speak()).count(),
            series: self.series.len(),
            from: day.map(|day| self.history.hour(day * A_DAY).day()),
        }
    }

    /// Sees one more hour. Tells whether any series fired or ended.
    pub fn advance(&mut self, records: &impl Records) -> bool {
        let (at, hour) = (self.at, self.now());
        if self.is_done() {
            return false;
        }
        if at.is_multiple_of(A_DAY) {
            self.learn(at / A_DAY);
        }
        let mut changed = false;
        let (may_begin, is_look) = (self.rules.every.looks_before(at), self.rules.every.looks_after(at));
        for series in &mut self.series {
            series.take(at, hour, may_begin, &self.feeds);
            if is_look && let Some(spell) = series.end(at, self.history, self.rules, records) {
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

    fn learn(&mut self, day: usize) {
        self.series.iter_mut().for_each(|series| series.learn(self.history, day));
        if self.spoke.is_none() && self.series.iter().any(Watched::can_speak) {
            self.spoke = Some(day);
        }
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

    fn look(&mut self, at: usize, records: &impl Records) -> bool {
        let speaking = Family::ALL.map(|family| {
            self.series.iter().filter(|series| series.family() == family && series.can_speak()).count()
        });
        let alone = alone(speaking, self.history.small_cases, self.rules);
        let mut changed = false;
        for (family, alone) in Family::ALL.into_iter().zip(alone) {
            changed |= alone.is_some_and(|alone| self.fire(family, alone, at, records));
        }
        changed
    }

    /// Fires what of a family has enough evidence, and enough of everything else. `alone` is what a series by itself needs.
    fn fire(&mut self, family: Family, alone: f64, at: usize, records: &impl Records) -> bool {
        let quiet =
            |series: &Watched<'_>| series.family() == family && series.can_speak() && !series.is_running();
        let all = self.series.iter().filter(|series| quiet(series));
        let mut evidence: Vec<f64> = all.map(Watched::evidence).collect();
        let Some(least) = e_bh(&mut evidence, alone) else { return false };
        // What is not told, because it is too small, lets nothing else through: those that are told are ranked by themselves.
        let mut ready: Vec<(usize, f64, Running)> = Vec::new();
        for (place, series) in self.series.iter().enumerate() {
            if quiet(series)
                && series.evidence() >= least
                && let Some(running) = series.ready(at, self.history, self.rules, records)
            {
                ready.push((place, series.evidence(), running));
            }
        }
        let mut evidence: Vec<f64> = ready.iter().map(|(_, evidence, _)| *evidence).collect();
        let Some(least) = e_bh(&mut evidence, alone) else { return false };
        for (place, _, running) in ready.into_iter().filter(|(_, evidence, _)| *evidence >= least) {
            self.series[place].begin(running);
        }
        true
    }
}

#[cfg(test)]
mod tests;
