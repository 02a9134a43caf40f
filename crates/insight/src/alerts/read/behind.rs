//! The records behind a series, and the people behind those.

use super::{Record, Stored, asked::as_counted};
use crate::alerts::{
    hour::{Hour, Span},
    incident::Incident,
    series::{Metric, SeriesKey, is_low},
    tell::Crowd,
    watch::{Figures, Records, Spell},
};
use std::collections::HashSet;

/// Hours before a change that it is held against: whole weeks, so that every day of the week counts alike.
const BEFORE: i32 = 4 * 7 * 24;

impl Stored {
    /// The four weeks before a change, as far as they were read.
    pub(super) fn before(&self, onset: Hour) -> Span {
        Span { from: onset.plus(-BEFORE).max(self.from).min(onset), to: onset }
    }

    /// The records of a series that a report counts, the first first: of NPS and CSAT the last answer of each person.
    pub(super) fn counted<'a>(&'a self, key: &SeriesKey, hours: Span) -> Vec<&'a Record> {
        let all: Vec<&Record> = self.members(key, hours).records().collect();
        match &key.metric {
            Metric::Score(name) => name.scale().map_or(Vec::new(), |scale| as_counted(scale.kind, &all)),
            Metric::Volume | Metric::Negative => all,
        }
    }

    /// The ids of those that a report counts, the newest first: what the command of a series lists.
    #[must_use]
    pub fn ids(&self, key: &SeriesKey, hours: Span) -> Vec<&str> {
        self.counted(key, hours).into_iter().rev().map(|record| &*record.id).collect()
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
        records.map(|record| &*record.id).collect()
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
        let (mut known, mut unknown) = (HashSet::new(), 0);
        for record in self.members(key, hours).records() {
            match record.person {
                Some(person) => {
                    known.insert(person);
                }
                None => unknown += 1,
            }
        }
        Crowd { known: known.len() as u64, unknown }
    }
}

impl Records for Stored {
    fn people(&self, key: &SeriesKey, hours: Span) -> u64 {
        self.crowd_of(key, hours).weight()
    }

    fn overlap(&self, one: &SeriesKey, other: &SeriesKey, hours: Span) -> f64 {
        self.members(one, hours).overlap(&self.members(other, hours))
    }
}
