//! The records behind a series, and the people behind those.

use super::{Record, Stored, asked::as_counted};
use crate::alerts::{
    hour::{Hour, Span},
    incident::Incident,
    series::{Metric, SeriesKey, is_low},
    tell::Crowd,
    watch::{Figures, Records, Spell},
};
use std::collections::BTreeSet;

/// Hours before a change that it is held against: whole weeks, so that every day of the week counts alike.
const BEFORE: i32 = 4 * 7 * 24;

impl Stored {
    /// The four weeks before a change, as far as they were read.
    pub(super) fn before(&self, onset: Hour) -> Span {
        Span { from: onset.plus(-BEFORE).max(self.from).min(onset), to: onset }
    }

    /// The records of a series that its metric is about, the first first.
    fn of<'a, 'k>(
        &'a self,
        key: &'k SeriesKey,
        hours: Span,
    ) -> impl Iterator<Item = &'a Record> + use<'a, 'k> {
        let from = self.records.partition_point(|record| record.at < hours.from);
        let to = self.records.partition_point(|record| record.at < hours.to);
        self.records[from..to.max(from)].iter().filter(move |record| record.is_of(key))
    }

    /// Those of them that a report counts: of NPS and CSAT the last answer of each person.
    pub(super) fn counted<'a>(&'a self, key: &SeriesKey, hours: Span) -> Vec<&'a Record> {
        let all: Vec<&Record> = self.of(key, hours).collect();
        match &key.metric {
            Metric::Score(name) => name.scale().map_or(Vec::new(), |scale| as_counted(scale.kind, &all)),
            Metric::Volume | Metric::Negative => all,
        }
    }

    /// The ids of those that a report counts, the newest first: what the command of a series lists.
    #[must_use]
    pub fn ids(&self, key: &SeriesKey, hours: Span) -> Vec<&str> {
        self.counted(key, hours).into_iter().rev().map(|record| record.id.as_str()).collect()
    }

    /// The ids of records with words that speak of a change, the newest first: what quotes are taken from. Under lower scores
    /// these are the low answers, under a share of negative ones the negative.
    #[must_use]
    pub fn speaking(&self, spell: &Spell, now: Hour) -> Vec<&str> {
        let speaks = |record: &&Record| {
            record.has_words
                && match (&record.answer, spell.figures) {
                    (Some(answer), Figures::Score { before, .. }) => is_low(answer.score, before),
                    _ => true,
                }
        };
        let records = self.counted(&spell.key, spell.span(now)).into_iter().rev().filter(speaks);
        records.map(|record| record.id.as_str()).collect()
    }

    /// Who stands behind an incident: behind that series of what names it with the most people. `None` where no record of it
    /// is there any more.
    #[must_use]
    pub fn crowd(&self, incident: &Incident, now: Hour) -> Option<Crowd> {
        let what = &incident.lead().key.what;
        let own = incident.spells.iter().filter(|spell| spell.key.what == *what);
        let crowds = own.map(|spell| self.crowd_of(&spell.key, spell.span(now)));
        let most = crowds.max_by_key(|crowd| (crowd.people_at_least(), crowd.unknown));
        most.filter(|crowd| *crowd != Crowd::default())
    }

    fn crowd_of(&self, key: &SeriesKey, hours: Span) -> Crowd {
        let (mut known, mut unknown) = (BTreeSet::new(), 0);
        for record in self.of(key, hours) {
            match record.person.as_deref() {
                Some(person) => {
                    known.insert(person);
                }
                None => unknown += 1,
            }
        }
        Crowd { known: known.len() as u64, unknown }
    }
}

impl Record {
    fn is_of(&self, key: &SeriesKey) -> bool {
        let is = |wanted: &Option<String>, of: &str| wanted.as_deref().is_none_or(|wanted| wanted == of);
        let place =
            is(&key.product, self.product.as_deref().unwrap_or_default()) && is(&key.source, &self.source);
        let said = self.whats.iter().find(|(what, _)| *what == key.what);
        place
            && said.is_some_and(|(_, is_negative)| match &key.metric {
                Metric::Volume => true,
                Metric::Negative => *is_negative == Some(true),
                Metric::Score(name) => {
                    self.answer.as_ref().is_some_and(|answer| name.is_of(answer.score, &answer.question))
                }
            })
    }
}

impl Records for Stored {
    fn people(&self, key: &SeriesKey, hours: Span) -> u64 {
        self.crowd_of(key, hours).weight()
    }

    fn overlap(&self, one: &SeriesKey, other: &SeriesKey, hours: Span) -> f64 {
        let (mut first, mut both) = (0_u32, 0_u32);
        for record in self.of(one, hours) {
            first += 1;
            both += u32::from(record.is_of(other));
        }
        let second = self.of(other, hours).count() as u32;
        f64::from(both) / f64::from(first.min(second).max(1))
    }
}
