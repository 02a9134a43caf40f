//! The cases that new reports may join, with their vectors added up: kept from one update to the next, so that of the
//! facts little more is read than what came since.
//!
//! Knows: which reports are in the sums, and when they were stored. Must not: decide who joins what (`insight::cases`
//! does), write to the log, or read it.
//!
//! Invariants:
//! - A case that is held is what the log and the facts say of it. Where either changed by anything but what was placed
//!   here, the case is let go, and read again when something may join it.
//! - Of a report no word is held, and its vector only as a part of a sum.

use super::book::{Book, Logged, key};
use super::days::{meets, reach, window_before};
use super::written::{Own, Written};
use crate::blocking::blocking;
use anyhow::Result;
use feedback::ids::Id;
use feedback::time::{Day, Timestamp};
use insight::cases::{Case, CaseRules, Cases, Embedded, StoredReport, block, embedded, stamps};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{CaseEvent, Seen, Store, Tail};

/// Facts that are held at once, unless one day has more.
pub const ROWS_AT_ONCE: usize = 50_000;
pub const BROKE_OFF: &str = "the reading of the facts broke off";

#[derive(Debug)]
pub struct Near {
    cases: Cases,
    /// Cases that nothing can be like: their reports are gone, have no words, or were read anew in another space.
    empty: HashSet<Id>,
    /// Each report of all these cases that the facts have, by its key.
    held: HashMap<Id, Held>,
    /// The days among which their reports were looked for.
    span: Option<(Day, Day)>,
}

/// A report as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub stored_at: Timestamp,
    pub day: Day,
}

impl Near {
    pub fn new(rules: CaseRules) -> Self {
        Self { cases: Cases::new(rules), empty: HashSet::new(), held: HashMap::new(), span: None }
    }

    pub fn rules(&self) -> &CaseRules {
        self.cases.rules()
    }

    /// Of the rules.
    pub fn version(&self) -> &str {
        self.cases.version()
    }

    fn holds(&self, case: Id) -> bool {
        self.cases.get(case).is_some() || self.empty.contains(&case)
    }

    fn is_empty(&self) -> bool {
        self.cases.cases().is_empty() && self.empty.is_empty()
    }

    /// Brings reports that are in no case yet to theirs. `looked` is noted with the last of them.
    pub async fn place(
        &mut self,
        reports: Vec<StoredReport>,
        looked: Option<(Seen, String)>,
    ) -> Result<Written> {
        let none = Cases::new(self.rules().clone());
        let mut cases = std::mem::replace(&mut self.cases, none);
        let work = move || {
            let written = Written::of(&mut cases, &reports, looked.as_ref());
            (cases, written)
        };
        let (cases, written) = blocking("the bringing of reports to their cases broke off", work).await?;
        self.cases = cases;
        Ok(written)
    }

    /// Follows what was read of the log, where `own` are the reports that were placed here and written just before.
    pub fn hear(&mut self, book: &Book, tail: &Tail<CaseEvent>, mut own: Own) {
        if tail.anew {
            // Somebody was erased, and a sum does not tell whose vectors are in it.
            *self = Self::new(self.rules().clone());
            return;
        }
        if self.is_empty() && own.is_empty() {
            return;
        }
        let mut stale: HashSet<Id> = HashSet::new();
        for event in &tail.events {
            let Some(case) = book.cases.get(&event.case) else { continue };
            let Some(id) = case.number().filter(|id| self.holds(*id)) else { continue };
            self.cases.set_life(id, case.life);
            let Some(record) = &event.record else { continue };
            let record = key(&record.record_id);
            match own.remove(&record) {
                Some((to, held)) if to == id => {
                    self.held.insert(record, held);
                }
                // Another process brought it there.
                other => {
                    stale.insert(id);
                    stale.extend(other.map(|(to, _)| to));
                }
            }
        }
        // Left out of the log, for whoever it is of was erased just now.
        stale.extend(own.into_values().map(|(to, _)| to));
        self.forget(book, &stale);
    }

    /// Lets go of these cases.
    pub fn forget(&mut self, book: &Book, cases: &HashSet<Id>) {
        if cases.is_empty() {
            return;
        }
        self.cases.retain(|case| !cases.contains(&case.id));
        self.empty.retain(|case| !cases.contains(case));
        for case in cases {
            let records = book.cases.get(&case.to_string()).map(|case| case.records.as_slice());
            for record in records.unwrap_or_default() {
                self.held.remove(&key(record));
            }
        }
    }

    /// Lets go of the cases of whose reports any changed, went or came back on these days.
    pub async fn check(&mut self, store: &Store, book: &Book, touched: &BTreeSet<Day>) -> Result<()> {
        let Some((first, last)) = self.span else { return Ok(()) };
        let days: BTreeSet<Day> = touched.range(first..=last).copied().collect();
        if days.is_empty() {
            return Ok(());
        }
        let (_, facts) = store.current_facts_of(&days).await?;
        let stamps = blocking(BROKE_OFF, move || stamps(facts)).await??;
        let (mut same, mut stale) = (HashSet::new(), HashSet::new());
        for stamp in &stamps {
            let record = key(&stamp.record);
            if self.held.get(&record).is_some_and(|held| held.stored_at == stamp.stored_at) {
                same.insert(record);
            } else {
                stale.extend(book.number_of(record).filter(|case| self.holds(*case)));
            }
        }
        for (record, held) in &self.held {
            if days.contains(&held.day) && !same.contains(record) {
                stale.extend(book.number_of(*record));
            }
        }
        self.forget(book, &stale);
        Ok(())
    }

    /// Reads the cases that reports of these days may join and that are not held yet.
    pub async fn load(&mut self, store: &Store, book: &Book, days: &BTreeSet<Day>) -> Result<()> {
        let mut wanted: HashMap<Id, Restoring<'_>> = HashMap::new();
        let (mut of, mut anywhere) = (days.clone(), false);
        for case in book.cases.values() {
            if !meets(&reach(case.seen(), case.life.resolved_at, self.rules()), days) {
                continue;
            }
            let Some(id) = case.number().filter(|id| !self.holds(*id)) else { continue };
            match case.seen() {
                Some((first, last)) => of.extend((first.day().0..=last.day().0).map(Day)),
                None => anywhere = true,
            }
            wanted.insert(id, Restoring { id, logged: case, case: None });
        }
        if !wanted.is_empty() && anywhere {
            // Nothing says when its reports occurred.
            of = store.touched_since(None).await?.days;
        }
        self.widen(&of);
        if !wanted.is_empty() {
            self.read(store, book, &of, &mut wanted).await?;
        }
        for (id, restoring) in wanted {
            match restoring.case {
                Some(case) => self.cases.add(case),
                None => {
                    self.empty.insert(id);
                }
            }
        }
        Ok(())
    }

    async fn read(
        &mut self,
        store: &Store,
        book: &Book,
        days: &BTreeSet<Day>,
        wanted: &mut HashMap<Id, Restoring<'_>>,
    ) -> Result<()> {
        for part in store.current_facts_in_parts(days, ROWS_AT_ONCE).await? {
            let whole = part.clone();
            let there = blocking(BROKE_OFF, move || stamps(whole)).await??;
            let is_wanted = |record: &String| {
                let case = book.number_of(key(record));
                case.is_some_and(|case| wanted.contains_key(&case))
            };
            let ids: Vec<String> = there.into_iter().map(|stamp| stamp.record).filter(is_wanted).collect();
            let read = move || {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                embedded(part, &ids)
            };
            for report in blocking(BROKE_OFF, read).await?? {
                let record = key(&report.record);
                let Some(case) = book.number_of(record) else { continue };
                let Some(restoring) = wanted.get_mut(&case) else { continue };
                restoring.take(&report);
                let held = Held { stored_at: report.stored_at, day: report.occurred_at.day() };
                self.held.insert(record, held);
            }
        }
        Ok(())
    }

    fn widen(&mut self, days: &BTreeSet<Day>) {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return };
        let (from, to) = self.span.unwrap_or((*first, *last));
        self.span = Some((from.min(*first), to.max(*last)));
    }

    /// Lets go of the cases that only a report from before the window of the newest could join: such a one is rare, and
    /// what it may join is read again.
    pub fn settle(&mut self, book: &Book, newest: Day) {
        let oldest = window_before(newest, self.rules());
        let is_past = |seen, resolved_at| {
            let reach = reach(seen, resolved_at, self.rules());
            reach.iter().flatten().all(|(_, to)| *to < oldest)
        };
        let held = self.cases.cases().iter().filter(|case| {
            let seen = Some((case.first_seen, case.last_seen));
            is_past(seen, case.life.resolved_at)
        });
        // By the log as well, which may know of reports that are gone: by that it would be read again at once.
        let is_far = |id: &Id| {
            let case = book.cases.get(&id.to_string());
            case.is_none_or(|case| is_past(case.seen(), case.life.resolved_at))
        };
        let far: HashSet<Id> = held.map(|case| case.id).filter(is_far).collect();
        self.forget(book, &far);
    }

    /// The cases by their ids, and how many reports are held of them.
    #[cfg(test)]
    pub fn sorted(&self) -> (Vec<Case>, usize) {
        let mut cases = self.cases.cases().to_vec();
        cases.sort_by_key(|case| case.id);
        (cases, self.held.len())
    }
}

/// A case that is being read.
struct Restoring<'b> {
    id: Id,
    logged: &'b Logged,
    /// `None` before the first report that anything could be like.
    case: Option<Case>,
}

impl Restoring<'_> {
    fn take(&mut self, report: &Embedded) {
        let Logged { topic, kind, product, space, life, .. } = self.logged;
        // What was read anew by another encoder lies in another space.
        if report.space != *space || report.vector.is_empty() {
            return;
        }
        let (vector, at) = (&report.vector, report.occurred_at);
        match &mut self.case {
            Some(case) => case.take(vector, at),
            None => {
                let block = block(topic, kind, product, space);
                self.case = Some(Case::begun(self.id, block, *life, vector, at));
            }
        }
    }
}
