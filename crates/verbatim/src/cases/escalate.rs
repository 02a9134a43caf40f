//! A case that nobody takes up is told to the owners above its own, step by step.
//!
//! Each step is a note with an id of its own in the outbox, so that a look that was cut off, or two at once, tell nobody
//! twice. How long a case may wait, and what is left alone, is [`Escalate`]'s to say.

use super::book::{Book, Logged};
use super::known::{KnownCase, known};
use super::note::{News, case_note, escalated};
use super::tell::topic_name;
use crate::blocking::blocking;
use crate::logs::Cases;
use crate::outbox::StoreOutbox;
use crate::owners::Owners;
use crate::telling::{ToSay, queued, say};
use anyhow::{Context as _, Result};
use deliver::{Key, Targets};
use feedback::time::Timestamp;
use insight::cases::State;
use insight::digest::Base;
use insight::triage::{DueStep, Escalate, Priority, RuleSet, Unacknowledged, priorities};
use std::collections::{BTreeSet, HashMap};
use store::Store;

/// Since when cases escalate here, in microseconds.
const WHO: &str = "escalations";

/// Who stands above whom, and how they are reached.
#[derive(Clone, Copy)]
pub struct Escalation<'e> {
    pub rules: &'e RuleSet,
    pub owners: &'e Owners,
    pub targets: &'e Targets,
    /// Ids and names of the topics.
    pub names: &'e [(String, String)],
    pub base: Option<&'e Base>,
}

/// A case that nobody has acknowledged, and whom each step reaches, the owner right above first; nobody where that owner
/// has no target.
struct Waiting {
    case: Logged,
    above: Vec<BTreeSet<String>>,
}

/// A step that is to be told.
struct Told {
    case: String,
    news: News,
    to: BTreeSet<String>,
}

/// Queues the steps whose time has come and that were not told; for how many targets. The first time it only notes that
/// it was switched on.
pub async fn escalate(
    outbox: &StoreOutbox,
    cases: &Cases,
    by: &Escalation<'_>,
    now: Timestamp,
) -> Result<usize> {
    let (times, store) = (by.rules.escalate(), outbox.store());
    if !times.is_on() || by.targets.is_empty() {
        return Ok(0);
    }
    let begun = begun(store, now).await?;
    cases.follow().await?;
    let mut waiting = waiting(&cases.book(), by, now);
    if waiting.is_empty() {
        return Ok(0);
    }
    let said = queued(outbox, waiting.iter().flat_map(Waiting::keys).collect()).await?;
    waiting.retain(|one| one.has_news(&said));
    let priorities = read_priorities(store, &waiting).await?;
    let due: Vec<Told> =
        waiting.iter().flat_map(|one| one.due(times, &priorities, begun, now, &said)).collect();
    if due.is_empty() {
        return Ok(0);
    }
    let ids: BTreeSet<String> = due.iter().map(|told| told.case.clone()).collect();
    let cases = waiting.into_iter().map(|one| one.case).filter(|case| ids.contains(&case.id));
    let known = known(store, cases.collect()).await?;
    say(outbox, by.targets, &notes(due, &known, by)).await
}

/// Since when cases escalate here.
async fn begun(store: &Store, now: Timestamp) -> Result<Timestamp> {
    let read = store.got_to(WHO).await.context("since when cases escalate cannot be read")?;
    if let Some(at) = read {
        return Ok(Timestamp(at));
    }
    // Where another process was faster it has begun all the same, a moment ago.
    store.note_got_to(WHO, None, now.0).await.context("since when cases escalate cannot be noted")?;
    Ok(now)
}

/// The cases that may have waited too long, and have somebody above their owner who can be told.
fn waiting(book: &Book, by: &Escalation<'_>, now: Timestamp) -> Vec<Waiting> {
    let times = by.rules.escalate();
    let waits = |case: &&Logged| {
        let is_open = matches!(case.life.state, State::Open | State::Reopened);
        is_open && times.may_be_due(since(case), now)
    };
    let with_above = book.cases.values().filter(waits).filter_map(|case| {
        // The first one is the owner.
        let above = by.rules.escalation(&case.owner).skip(1);
        let above: Vec<BTreeSet<String>> = above.map(|owner| reached(&owner.name, by)).collect();
        let has_any = above.iter().any(|to| !to.is_empty());
        has_any.then(|| Waiting { case: case.clone(), above })
    });
    with_above.collect()
}

/// In these states the last thing that happened to a case is that it was opened, or came back.
fn since(case: &Logged) -> Timestamp {
    case.life.last_at
}

/// The targets of an owner that there are: one that is only named would be missed again at every look.
fn reached(owner: &str, by: &Escalation<'_>) -> BTreeSet<String> {
    let targets = by.owners.targets(owner);
    targets.iter().filter(|name| by.targets.get(name).is_some()).cloned().collect()
}

/// Of the reports of these cases.
async fn read_priorities(store: &Store, waiting: &[Waiting]) -> Result<HashMap<String, Priority>> {
    let ids: Vec<String> = waiting.iter().flat_map(|one| one.case.records.iter().cloned()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let facts = store.current_facts().await?;
    let read = move || {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        priorities(facts, &ids)
    };
    Ok(blocking("the reading of the priorities broke off", read).await??)
}

impl Waiting {
    /// Of all its steps.
    fn keys(&self) -> impl Iterator<Item = Key> {
        (1..).zip(&self.above).flat_map(move |(step, to)| {
            let id = escalated(&self.case, step);
            to.iter().map(move |name| Key::of(&id, name))
        })
    }

    /// Each step that reaches anybody who has not been told of it, with whom.
    fn untold(&self, said: &BTreeSet<Key>) -> impl Iterator<Item = (u32, BTreeSet<String>)> {
        (1..).zip(&self.above).filter_map(move |(step, to)| {
            let id = escalated(&self.case, step);
            let new = to.iter().filter(|name| !said.contains(&Key::of(&id, name)));
            let new: BTreeSet<String> = new.cloned().collect();
            (!new.is_empty()).then_some((step, new))
        })
    }

    fn has_news(&self, said: &BTreeSet<Key>) -> bool {
        self.untold(said).next().is_some()
    }

    /// The steps that are to be told now.
    fn due(
        &self,
        times: &Escalate,
        priorities: &HashMap<String, Priority>,
        begun: Timestamp,
        now: Timestamp,
        said: &BTreeSet<Key>,
    ) -> Vec<Told> {
        let known = self.case.records.iter().filter_map(|record| priorities.get(record));
        let Some(priority) = known.min().copied() else { return Vec::new() };
        let case = Unacknowledged {
            since: since(&self.case),
            last_seen: self.case.seen().map(|(_, last)| last),
            priority,
            steps: self.above.len() as u32,
        };
        let due: HashMap<u32, DueStep> =
            times.due(&case, begun, now).into_iter().map(|due| (due.step, due)).collect();
        let told = self.untold(said).filter_map(|(step, to)| {
            let news = News::Escalated(priority, *due.get(&step)?);
            Some(Told { case: self.case.id.clone(), news, to })
        });
        told.collect()
    }
}

/// Nothing of a case of whose reports nothing is left.
fn notes(due: Vec<Told>, known: &[KnownCase], by: &Escalation<'_>) -> Vec<ToSay> {
    let note = |told: Told| {
        let known = known.iter().find(|known| known.case.id == told.case)?;
        let name = topic_name(by.names, &known.case.topic);
        let note = case_note(known, told.news, name, by.base);
        (!known.reports.is_empty()).then_some(ToSay { note, to: told.to })
    };
    due.into_iter().filter_map(note).collect()
}

#[cfg(test)]
mod tests;
