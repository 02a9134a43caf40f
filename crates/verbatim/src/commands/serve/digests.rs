//! The digest of the week, for everybody and for each owner.

use super::Serving;
use crate::telling::{ToSay, say};
use crate::weekly::{Archived, Due, Known, Told, View, archive, note};
use anyhow::{Context as _, Result};
use feedback::time::Timestamp;
use insight::digest::{State, Week};
use std::sync::{MutexGuard, PoisonError};

/// Makes the last one that is due, if nobody has; whatever was missed before it stays so.
///
/// Queued first and archived then: whoever is cut off between the two is made up for, and a message has the same id
/// whoever queues it.
pub async fn make(serving: &Serving, now: Timestamp) -> Result<Option<String>> {
    let Due { week, at } = serving.schedule.last(now)?;
    if *hint(serving) == Some(week) {
        return Ok(None);
    }
    let everybodys = (week.to_string(), String::new());
    // What somebody archived by hand before it was due is not what everybody waits for.
    let is_it = |digest: &Archived| digest.made_at >= at;
    let look = serving.logs.archive.look(|rows, mark| (rows.get(&everybodys).is_some_and(is_it), mark));
    let (is_there, mark) = look.await?;
    if is_there {
        *hint(serving) = Some(week);
        return Ok(None);
    }
    worker::rollup::rollup_now(&serving.store)
        .await
        .context("the insights could not be brought up to the facts")?;
    let all = tell(serving, week, now).await?;
    if all.is_empty() {
        // Nothing was ever said: there is no week to tell of.
        return Ok(None);
    }
    let notes: Vec<ToSay> = all.iter().map(|told| to_say(serving, told, now)).collect();
    let queued =
        say(&serving.outbox, &serving.targets, &notes).await.context("the digest could not be queued")?;
    if !archive(&serving.store, &all, now, Some(mark)).await? {
        // Somebody else has archived something meanwhile: the next look tells whether it was this week's.
        return Ok(None);
    }
    *hint(serving) = Some(week);
    Ok(Some(format!("digest of {week} made and archived, {} in all, {queued} messages queued", all.len())))
}

/// The week whose digest is known to be archived.
fn hint(serving: &Serving) -> MutexGuard<'_, Option<Week>> {
    // A plain value: whoever panicked left it whole.
    serving.hints.digest.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everybody's, then those of the owners who have anything in theirs; nothing where there is no feedback yet.
async fn tell(serving: &Serving, week: Week, now: Timestamp) -> Result<Vec<Told>> {
    let alerts = &serving.logs.alerts;
    let known = Known::read(&serving.store, alerts, &serving.context, now).await?;
    let whole = known.tell(View { week, owner: None, product: None }).await?;
    if whole.digest.state != State::Told {
        return Ok(Vec::new());
    }
    let mut all = vec![whole];
    for owner in &known.owners {
        let told = known.tell(View { week, owner: Some(owner.name.clone()), product: None }).await?;
        if told.digest.records > 0 || told.digest.notable {
            all.push(told);
        }
    }
    Ok(all)
}

fn to_say(serving: &Serving, told: &Told, now: Timestamp) -> ToSay {
    let targets = match &told.digest.owner {
        Some(owner) => serving.alerting.owners.targets(owner),
        None => serving.context.config().digest.to.as_slice(),
    };
    ToSay { note: note(told, now), to: targets.iter().cloned().collect() }
}
