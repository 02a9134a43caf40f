//! Which words are said more: counts, log-odds, and Benjamini and Hochberg's procedure.

use super::{BEFORE, Gram, Vocabulary, Voice};
use crate::{
    digest::{
        model::{Weekly, WeeklyOf},
        week::Week,
    },
    stats::{Interval, Z95, distribution::normal_two_sided, fdr::benjamini_hochberg, proportion::dispersion},
    trends::verdict::LEVEL,
};
use std::collections::{BTreeMap, HashMap};

/// Who says a word in all weeks, for it to be looked at.
const LEAST_VOICES: u32 = 10;
/// Who says it in the week, for it to be told.
const LEAST_PEOPLE: u32 = 5;
/// How much likelier it has to be said.
const LEAST_ODDS: f64 = 2.0;
/// Two words are one story where so many of those who say the rarer one say the other too.
const MOST_COMMON: f64 = 0.6;

/// How many voices there are, and what one of the weeks before weighs.
pub(super) struct Mix {
    /// By source: 0 where the source has no voices in the week, or had none before.
    weights: Vec<f64>,
    /// By week, of the sources with a weight.
    weekly: [u64; BEFORE + 1],
    pub week: u64,
    pub before: u64,
}

impl Mix {
    pub fn of(voices: &[Voice], sources: usize) -> Self {
        let mut counts = vec![[0_u64; 2]; sources];
        for voice in voices {
            counts[voice.source][usize::from(voice.week == BEFORE)] += 1;
        }
        let shared = |[before, week]: &[u64; 2]| *before > 0 && *week > 0;
        let sum = |at: usize| counts.iter().filter(|of| shared(of)).map(|of| of[at]).sum::<u64>();
        let (before, week) = (sum(0), sum(1));
        let weight = |of: &[u64; 2]| match shared(of) {
            true => of[1] as f64 / week as f64 * (before as f64 / of[0] as f64),
            false => 0.0,
        };
        let weights: Vec<f64> = counts.iter().map(weight).collect();
        let mut weekly = [0; BEFORE + 1];
        for voice in voices.iter().filter(|voice| weights[voice.source] > 0.0) {
            weekly[voice.week] += 1;
        }
        Self { weights, weekly, week, before }
    }
}

pub(super) struct Judged {
    pub found: Vec<Found>,
    pub looked_at: usize,
}

/// A word that is said more.
pub(super) struct Found {
    pub gram: Gram,
    /// Who says it, by week.
    pub weekly: [u32; BEFORE + 1],
    pub before: f64,
    pub log_odds: f64,
    error: f64,
    pub p: f64,
    pub q: f64,
    /// Places of the week's voices that say it.
    voices: Vec<u32>,
}

impl Found {
    pub fn interval(&self) -> Interval {
        let half = Z95 * self.error;
        Interval::new((self.log_odds - half).exp(), (self.log_odds + half).exp())
    }

    pub fn weeks(&self, mix: &Mix, first: Week) -> Weekly {
        let share = |(hits, n): (&u32, &u64)| (*n > 0).then(|| f64::from(*hits) / *n as f64);
        let values = self.weekly.iter().zip(&mix.weekly).map(share).collect();
        Weekly { of: WeeklyOf::Word, first, values }
    }
}

pub(super) fn judge(voices: &[Voice], mix: &Mix, vocabulary: &Vocabulary) -> Judged {
    let shared = || voices.iter().enumerate().filter(|(_, voice)| mix.weights[voice.source] > 0.0);
    // In all weeks, and in the week.
    let mut totals: HashMap<Gram, [u32; 2]> = HashMap::new();
    for (_, voice) in shared() {
        for gram in &voice.grams {
            let total = totals.entry(*gram).or_default();
            total[0] += 1;
            total[1] += u32::from(voice.week == BEFORE);
        }
    }
    let looked_at = totals.values().filter(|total| total[0] >= LEAST_VOICES).count();
    totals.retain(|_, total| total[0] >= LEAST_VOICES && total[1] >= LEAST_PEOPLE);
    let mut counted: BTreeMap<Gram, Count> =
        totals.into_keys().map(|gram| (gram, Count::default())).collect();
    for (at, voice) in shared() {
        for gram in &voice.grams {
            let Some(count) = counted.get_mut(gram) else { continue };
            count.weekly[voice.week] += 1;
            if voice.week == BEFORE {
                count.voices.push(at as u32);
            } else {
                count.before += mix.weights[voice.source];
            }
        }
    }
    let mut found: Vec<Found> = counted.into_iter().map(|(gram, count)| count.judged(gram, mix)).collect();
    // What is looked at and too rare in the week to be told counts among the tests all the same.
    let mut p: Vec<f64> = found.iter().map(|one| one.p).collect();
    p.resize(looked_at.max(p.len()), 1.0);
    for (one, q) in found.iter_mut().zip(benjamini_hochberg(&p)) {
        one.q = q;
    }
    found.retain(|one| one.q <= LEVEL && one.log_odds >= LEAST_ODDS.ln());
    // Of those as sure the one with the most letters, which says most.
    let length = |one: &Found| vocabulary.name(one.gram).chars().count();
    found.sort_by(|a, b| {
        let order = a.p.total_cmp(&b.p).then(length(b).cmp(&length(a)));
        order.then_with(|| vocabulary.name(a.gram).cmp(&vocabulary.name(b.gram)))
    });
    Judged { found: distinct(found), looked_at }
}

#[derive(Default)]
struct Count {
    weekly: [u32; BEFORE + 1],
    /// Of the weeks before, weighed.
    before: f64,
    voices: Vec<u32>,
}

impl Count {
    fn judged(self, gram: Gram, mix: &Mix) -> Found {
        let weekly: Vec<(u64, u64)> =
            self.weekly.iter().zip(mix.weekly).take(BEFORE).map(|(hits, n)| (u64::from(*hits), n)).collect();
        let (week, before) = (mix.week as f64, mix.before as f64);
        let (log_odds, error) = log_odds([f64::from(self.weekly[BEFORE]), week], [self.before, before], week);
        let error = error * dispersion(&weekly).sqrt();
        let z = log_odds / error;
        // One-sided: a word that is said less is no new one.
        let half = normal_two_sided(z) / 2.0;
        let p = if z > 0.0 { half } else { 1.0 - half };
        Found {
            gram,
            weekly: self.weekly,
            before: self.before / before,
            log_odds,
            error,
            p,
            q: 1.0,
            voices: self.voices,
        }
    }
}

/// The log-odds ratio of `hits` of `n` in two sets and its standard error, by equations 16 and 20 of Monroe et al.: the prior
/// adds `weight` observations to each, of which as many are hits as in both sets together.
pub(crate) fn log_odds([hits, n]: [f64; 2], [other_hits, other_n]: [f64; 2], weight: f64) -> (f64, f64) {
    let prior = weight * (hits + other_hits) / (n + other_n);
    let odds = |hits: f64, n: f64| ((hits + prior) / (n + weight - hits - prior)).ln();
    let variance = 1.0 / (hits + prior) + 1.0 / (other_hits + prior);
    (odds(hits, n) - odds(other_hits, other_n), variance.sqrt())
}

/// Without those that much the same people say as a surer one: it is one story.
fn distinct(found: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let repeats = kept.iter().any(|other| {
            let least = one.voices.len().min(other.voices.len()).max(1);
            // Both are in order.
            let common = one.voices.iter().filter(|voice| other.voices.binary_search(voice).is_ok()).count();
            common as f64 >= MOST_COMMON * least as f64
        });
        if !repeats {
            kept.push(one);
        }
    }
    kept
}
