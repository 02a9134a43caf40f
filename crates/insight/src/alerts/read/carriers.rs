//! What carries a change, counted by field.

use super::{CARRIERS, Record, Stored, Text};
use crate::{
    alerts::{
        hour::{Hour, Span},
        series::{Metric, SeriesKey, What, is_low, part_of_scale},
        tell::{Contribution, Counted, Tally, UsualOf, excess, fall},
        watch::{Figures, Spell},
    },
    stats::FEW,
};
use std::collections::{BTreeMap, HashMap};

/// By the place of a field in [`CARRIERS`] and a value of it.
type Tallies = HashMap<(usize, Text), Tally>;

impl Stored {
    /// What carries a change, the largest part first: of the records beyond what was due, of a score of its fall. Nothing
    /// where too little was there before to tell what is usual.
    #[must_use]
    pub fn carried_by(&self, spell: &Spell, now: Hour) -> Vec<Contribution> {
        let (hours, before) = (spell.span(now), self.before(spell.onset));
        let Some((usual, usual_of)) = self.usual(&spell.key, before) else { return Vec::new() };
        let mean = match spell.figures {
            Figures::Score { before, .. } => Some(before),
            Figures::Volume { .. } | Figures::Negative { .. } => None,
        };
        let in_proportion = hours.hours() as f64 / before.hours().max(1) as f64;
        let due = in_proportion * self.counted(&spell.key, before).len() as f64;
        let since = self.counted(&spell.key, hours);
        let counted = self.compared(&tallied(&since, mean), &tallied(&usual, mean));
        match mean {
            Some(mean) => fall(&counted, mean, usual_of),
            None => excess(&counted, due, usual_of),
        }
    }

    /// The records before that say which part each value usually has: the series' own, or where these are few all of the same
    /// product and source.
    fn usual(&self, key: &SeriesKey, before: Span) -> Option<(Vec<&Record>, UsualOf)> {
        let everything = SeriesKey { what: What::All, ..key.clone() };
        let mut all = vec![(key.clone(), UsualOf::Same), (everything.clone(), UsualOf::Everything)];
        if key.metric == Metric::Negative {
            all.push((SeriesKey { metric: Metric::Volume, ..everything }, UsualOf::Everything));
        }
        let records = all.into_iter().map(|(key, of)| (self.counted(&key, before), of));
        records.into_iter().find(|(records, _)| records.len() as u64 >= FEW)
    }
    /// By field and value, in their order.
    fn compared(&self, since: &Tallies, usual: &Tallies) -> Vec<Counted> {
        let mut all: BTreeMap<(usize, &str), [Tally; 2]> = BTreeMap::new();
        for (at, tallies) in [since, usual].into_iter().enumerate() {
            for ((field, value), tally) in tallies {
                all.entry((*field, self.texts.of(*value))).or_default()[at] = *tally;
            }
        }
        let counted = |((field, value), [since, usual]): ((usize, &str), [Tally; 2])| Counted {
            field: CARRIERS[field].to_owned(),
            value: value.to_owned(),
            since,
            usual,
        };
        all.into_iter().map(counted).collect()
    }
}

/// `mean` is the usual one of a score.
fn tallied(records: &[&Record], mean: Option<f64>) -> Tallies {
    let mut tallies = Tallies::new();
    for record in records {
        let score = record.answer.map(|answer| answer.score).zip(mean);
        let one = Tally {
            records: 1,
            sum: score.map_or(0.0, |(score, _)| part_of_scale(score)),
            low: score.map_or(0, |(score, mean)| u64::from(is_low(score, mean))),
        };
        for (field, value) in record.carriers.into_iter().enumerate() {
            tallies.entry((field, value)).or_default().add(one);
        }
    }
    tallies
}
