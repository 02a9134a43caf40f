//! New facts come into cases.

use super::book::Book;
use super::known::{KnownCase, known};
use super::near::{BROKE_OFF, Near, ROWS_AT_ONCE};
use super::written::{Own, Written};
use crate::blocking::blocking;
use anyhow::{Context as _, Result, bail};
use feedback::time::Day;
use insight::cases::{CaseRules, Joined, StoredReport, Vectors, of_records, stamps};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::{AppendError, Next, Seen, Store, Suppressions};

/// How often an update begins again, for others wrote to the log meanwhile.
const ROUNDS: usize = 8;

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Updated {
    /// Cases that began, by their first report.
    pub opened: u64,
    /// Cases that were resolved and came back.
    pub reopened: u64,
    /// Further reports of cases.
    pub joined: u64,
    /// Days that were looked at.
    pub days: u64,
}

impl Updated {
    pub(super) fn count(&mut self, joined: Joined) {
        match joined {
            Joined::Started => self.opened += 1,
            Joined::Reopened => self.reopened += 1,
            Joined::Grew => self.joined += 1,
        }
    }

    /// The days stay.
    fn add(&mut self, counts: Self) {
        self.opened += counts.opened;
        self.reopened += counts.reopened;
        self.joined += counts.joined;
    }
}

/// Places every fact that has come since the last update, in the order in which they occurred, and tells after each part
/// how many of how many are done. Two at once do not double anything; a kill costs nothing but the work.
pub async fn update_cases(
    store: &Store,
    rules: &CaseRules,
    observe: &(dyn Fn(usize, usize) + Sync),
) -> Result<Updated> {
    Updates::default().update(store, rules, observe).await
}

/// The same again and again: what one update has read of the log and of the facts, the next one goes on from. Where
/// nothing has come an update looks at two versions; else it reads the days of what has come without their texts, and
/// the new reports.
#[derive(Debug, Default)]
pub struct Updates {
    book: Book,
    /// `None` before the first update, and after one that broke off: it is read again.
    near: Option<Near>,
    /// Up to where the facts and what people corrected of them were looked at, and by which rules. The log tells it only
    /// where a report came to a case.
    looked: Option<(Seen, String)>,
    /// The cases that something happened to and nobody was told of; `None`: any of them.
    changed: Option<BTreeSet<String>>,
}

impl Updates {
    /// As [`update_cases`].
    pub async fn update(
        &mut self,
        store: &Store,
        rules: &CaseRules,
        observe: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Updated> {
        let mut updated = Updated::default();
        for _ in 0..ROUNDS {
            match self.pass(store, rules, &mut updated, observe).await {
                Ok(()) => return Ok(updated),
                // After an error that is worth another try the rows may be there all the same: the next round finds
                // them.
                Err(error) if may_go_on(&error) => {
                    tracing::debug!("others wrote to the cases; placing again");
                }
                Err(error) => return Err(error),
            }
        }
        bail!(
            "others write to the cases all the time: run `verbatim cases update` again, it goes on where this one stopped"
        )
    }

    /// The cases that something happened to since [`Self::told`], whoever did it, as the last update has read them: the
    /// first time all of them. Those of which no report is left are not among them.
    pub async fn changed(&self, store: &Store) -> Result<Vec<KnownCase>> {
        let cases = &self.book.cases;
        let changed: Vec<_> = match &self.changed {
            None => cases.values().cloned().collect(),
            Some(ids) => ids.iter().filter_map(|id| cases.get(id)).cloned().collect(),
        };
        let mut changed = known(store, changed).await?;
        changed.retain(|case| !case.reports.is_empty());
        Ok(changed)
    }

    /// Whoever is to hear of [`Self::changed`] does.
    pub fn told(&mut self) {
        self.changed = Some(BTreeSet::new());
    }

    async fn pass(
        &mut self,
        store: &Store,
        rules: &CaseRules,
        updated: &mut Updated,
        observe: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<()> {
        // Taken out: what is cut off in the middle leaves nothing behind that is half so.
        let near = self.near.take().filter(|near| near.rules() == rules);
        let mut near = near.unwrap_or_else(|| Near::new(rules.clone()));
        let done = self.place_all(store, &mut near, updated, observe).await;
        if done.as_ref().err().is_none_or(may_go_on) {
            self.near = Some(near);
        }
        done
    }

    async fn place_all(
        &mut self,
        store: &Store,
        near: &mut Near,
        updated: &mut Updated,
        observe: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<()> {
        self.read_on(store, near, HashMap::new()).await?;
        let version = near.version().to_owned();
        let touched = store.touched_since(self.looked(&version)).await?;
        updated.days = touched.days.len() as u64;
        if touched.days.is_empty() {
            self.looked = Some((touched.seen(), version));
            return Ok(());
        }
        near.check(store, &self.book, &touched.days).await?;
        let suppressed = store.suppressions().await?;
        let parts = store.current_facts_in_parts(&touched.days, ROWS_AT_ONCE).await?;
        let count = parts.len();
        for (at, part) in parts.into_iter().enumerate() {
            let whole = part.clone();
            let there = blocking(BROKE_OFF, move || stamps(whole)).await??;
            let kinds = &near.rules().kinds;
            let new = there.into_iter().filter(|stamp| kinds.contains(&stamp.kind));
            let new = new.map(|stamp| stamp.record).filter(|record| self.book.case_of(record).is_none());
            let ids: Vec<String> = new.collect();
            let read = move || {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                of_records(part, &ids, Vectors::Read)
            };
            let mut reports = blocking(BROKE_OFF, read).await??;
            reports.retain(|report| !is_forgotten(report, &suppressed));
            // Only behind the last part is everything looked at.
            let looked = (at + 1 == count).then(|| (touched.seen(), version.clone()));
            self.place(store, near, reports, looked, updated).await?;
            observe(at + 1, count);
        }
        self.looked = Some((touched.seen(), version));
        Ok(())
    }

    /// Places reports that are in no case yet, and writes that down.
    async fn place(
        &mut self,
        store: &Store,
        near: &mut Near,
        reports: Vec<StoredReport>,
        looked: Option<(Seen, String)>,
        updated: &mut Updated,
    ) -> Result<()> {
        let days: BTreeSet<Day> = reports.iter().map(|report| report.occurred_at.day()).collect();
        let Some(newest) = days.last().copied() else { return Ok(()) };
        near.load(store, &self.book, &days).await?;
        let Written { events, own, counts } = near.place(reports, looked).await?;
        if events.is_empty() {
            return Ok(());
        }
        let appended = store.append(&events, Some(self.book.mark)).await;
        if appended.is_err() {
            // What was placed and not written is not so.
            let placed = own.values().map(|(case, _)| *case).collect();
            near.forget(&self.book, &placed);
        }
        appended.context("the cases cannot be written")?;
        updated.add(counts);
        // What was left out of it, for its author was erased just now, is not so either.
        self.read_on(store, near, own).await?;
        near.settle(&self.book, newest);
        Ok(())
    }

    /// Reads on in the log, and lets what is held follow.
    async fn read_on(&mut self, store: &Store, near: &mut Near, own: Own) -> Result<()> {
        let tail = self.book.read_on(store).await?;
        if tail.anew {
            self.changed = None;
        } else if let Some(changed) = &mut self.changed {
            changed.extend(tail.events.iter().map(|event| event.case.clone()));
        }
        near.hear(&self.book, &tail, own);
        Ok(())
    }

    fn looked(&self, rules: &str) -> Option<Seen> {
        let here = self.looked.as_ref().filter(|(_, by)| by == rules).map(|(seen, _)| *seen);
        here.max(self.book.looked(rules))
    }
}

fn may_go_on(error: &anyhow::Error) -> bool {
    error.downcast_ref::<AppendError>().is_some_and(|error| error.next() != Next::Stop)
}

/// The log gives up whoever is erased before the facts do: what these still have of them comes to no case any more.
fn is_forgotten(report: &StoredReport, suppressed: &Suppressions) -> bool {
    let mut names = report.author.iter().chain(&report.author_alias);
    names.any(|name| suppressed.contains(name))
}

#[cfg(test)]
mod tests;
