//! What the `actions` of a rule ask for: what was triaged is told to the delivery targets that its rule names.
//!
//! Knows: how far the decisions were told, and what of them is one message. Must not: decide (the rule did, when the
//! record came), or send (the outbox does).
//!
//! Invariants:
//! - It begins where it was switched on, so that a first start tells nobody of what is in the tables already.
//! - A message has the same id whoever queues it, and however often: that of a record by the record and its rule, that of
//!   many by the rule and the version of the facts up to which they were looked at. That version stands in the tables
//!   before anything is queued, so that whoever makes up for a pass that was cut off makes the same messages.
//! - Of a record that waits for a person nobody is told: they send it on.

mod note;
mod plan;

use crate::blocking::blocking;
use crate::outbox::{StoreOutbox, enqueue};
use crate::telling::{ToSay, queued, say};
use anyhow::{Context as _, Result};
use deliver::Targets;
use insight::InsightError;
use insight::digest::Base;
use insight::triage::{Decided, acting, decided};
use plan::{Many, Plan, keys, plan};
use serde::Serialize;
use std::collections::HashSet;
use store::{Quoted, Store};

/// How far the decisions were told.
const WHO: &str = "actions";
/// How far the last pass that had something to tell was to go.
const PLANNED: &str = "actions/planned";
const BROKE_OFF: &str = "the reading of the decisions broke off";

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Acted {
    /// It was the first one: what is triaged from now on is told.
    pub begun: bool,
    /// Records that were told of.
    pub records: usize,
    /// Messages, one a target.
    pub queued: usize,
}

/// Tells of what was triaged since the last pass; `names` has the topics' ids and names. Two at once tell nothing twice,
/// and neither does one after another that was cut off.
pub async fn act(
    outbox: &StoreOutbox,
    targets: &Targets,
    names: &[(String, String)],
    base: Option<&Base>,
) -> Result<Acted> {
    let store = outbox.store();
    let Some(from) = got_to(store, WHO).await? else {
        // Where another process was faster it has begun all the same.
        note_got_to(store, WHO, None, store.version().await?).await?;
        return Ok(Acted { begun: true, ..Acted::default() });
    };
    let planned = got_to(store, PLANNED).await?;
    let (to, all) = match planned.filter(|planned| *planned > from) {
        Some(to) => (to, came_between(store, from, to).await?),
        None => came_since(store, from).await?,
    };
    if to == from {
        return Ok(Acted::default());
    }
    let mut acted = Acted::default();
    if !all.is_empty() {
        if planned != Some(to) && !note_got_to(store, PLANNED, planned, to).await? {
            // Another process is at it: the next pass finds how far it got.
            return Ok(acted);
        }
        let plan = plan(&all, to, &queued(outbox, keys(&all, to)).await?);
        acted.records = plan.records();
        acted.queued = queue(outbox, targets, &plan, names, base).await?;
    }
    note_got_to(store, WHO, Some(from), to).await?;
    Ok(acted)
}

async fn got_to(store: &Store, who: &str) -> Result<Option<i64>> {
    store.got_to(who).await.context("how far the decisions were told cannot be read")
}

async fn note_got_to(store: &Store, who: &str, from: Option<i64>, to: i64) -> Result<bool> {
    store.note_got_to(who, from, to).await.context("how far the decisions were told cannot be noted")
}

/// What is to be told of what came behind a version, and up to which one that is.
async fn came_since(store: &Store, from: i64) -> Result<(i64, Vec<Decided>)> {
    let (to, facts) = store.current_facts_since(from).await?;
    if to == from {
        return Ok((to, Vec::new()));
    }
    let all = blocking(BROKE_OFF, move || decided(acting(facts))).await??;
    Ok((to, all))
}

/// What is to be told of what came behind a version and up to another, as far as it is still current.
async fn came_between(store: &Store, from: i64, to: i64) -> Result<Vec<Decided>> {
    let (_, since) = store.current_facts_since(from).await?;
    let (_, later) = store.current_facts_since(to).await?;
    let read = move || {
        let later: HashSet<String> = decided(acting(later))?.into_iter().map(|one| one.kept.record).collect();
        let mut all = decided(acting(since))?;
        all.retain(|one| !later.contains(&one.kept.record));
        Ok::<_, InsightError>(all)
    };
    Ok(blocking(BROKE_OFF, read).await??)
}

/// Queues what is planned; for how many targets.
async fn queue(
    outbox: &StoreOutbox,
    targets: &Targets,
    plan: &Plan<'_>,
    names: &[(String, String)],
    base: Option<&Base>,
) -> Result<usize> {
    let mut queued = 0;
    for (one, to) in &plan.single {
        // All of such a message is about one record: an erasure of its author takes all of it.
        let record = Quoted {
            record_id: one.kept.record.clone(),
            author: one.author.clone(),
            author_alias: one.author_alias.clone(),
        };
        let to: Vec<String> = to.iter().map(|name| (*name).to_owned()).collect();
        let note = note::of_record(one, names, base);
        queued += enqueue(outbox.store(), targets, &to, &note, &[], Some(&record)).await?;
    }
    let of_rule = |many: &Many<'_>| ToSay {
        note: note::of_rule(many, names, base),
        to: [many.target.to_owned()].into(),
    };
    let many: Vec<ToSay> = plan.many.iter().map(of_rule).collect();
    Ok(queued + say(outbox, targets, &many).await?)
}

#[cfg(test)]
mod tests;
