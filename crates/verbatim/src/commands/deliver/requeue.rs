//! What failed, wanted again.

use super::target_called;
use crate::audited;
use crate::context::{self, Context};
use crate::outbox::StoreOutbox;
use crate::output;
use anyhow::{Context as _, Result, bail};
use chrono::Utc;
use deliver::{Entry, Event, Outbox as _, State};
use feedback::time::Timestamp;
use server::desk::changes::REQUEUE;

/// Characters by which a delivery is named at least.
const SHORTEST: usize = 4;

pub fn run(keys: &[String], by: Option<&str>, context: &Context) -> Result<()> {
    let (by, targets) = (audited::author(by)?, context.targets()?);
    let queued = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let outbox = StoreOutbox::new(store.clone());
        let entries = outbox.entries().await.context("the deliveries cannot be read")?;
        let now = Timestamp::from_datetime(Utc::now());
        // Before the first is queued: either all of them can be, or none is.
        let mut events: Vec<(Event, &str)> = Vec::new();
        for key in keys {
            let entry = named(key, &entries)?;
            let target = target_called(&entry.target, &targets)
                .with_context(|| format!("the delivery {} cannot be sent again", entry.key))?;
            // Named twice it is queued once.
            if events.iter().all(|(event, _)| event.key != entry.key) {
                events
                    .extend(entry.requeue(now, target.deadline).map(|event| (event, entry.target.as_str())));
            }
        }
        for (event, target) in &events {
            let wanting = audited::change(&by, REQUEUE, event.key.as_str(), target);
            let queued = audited::make(&store, wanting, async {
                outbox.append(event).await.with_context(|| format!("{} could not be queued", event.key))
            });
            queued.await?;
        }
        anyhow::Ok(events.into_iter().map(|(event, _)| event.key).collect::<Vec<_>>())
    })?;
    if context.json {
        let keys: Vec<&str> = queued.iter().map(|key| key.as_str()).collect();
        return output::json(&serde_json::json!({ "queued": keys }));
    }
    let deliveries = match queued.len() {
        1 => "1 delivery is".to_owned(),
        many => format!("{} deliveries are", output::grouped(many as u64)),
    };
    output::text(&format!(
        "{deliveries} queued again; `verbatim deliver run`, or `verbatim serve`, sends them."
    ))
}

/// The one failed delivery whose key begins so.
fn named<'e>(key: &str, entries: &'e [Entry]) -> Result<&'e Entry> {
    let key = key.trim().to_ascii_lowercase();
    if key.len() < SHORTEST {
        bail!(
            "{key:?} is too short for a key: give at least {SHORTEST} characters of it, as `verbatim deliver` shows them"
        );
    }
    let mut found = entries.iter().filter(|entry| entry.key.as_str().starts_with(&key));
    let entry = match (found.next(), found.next()) {
        (Some(entry), None) => entry,
        (Some(_), Some(_)) => bail!("several deliveries have keys that begin with {key}: give more of it"),
        (None, _) => {
            bail!("no delivery has a key that begins with {key}: `verbatim deliver` shows those that failed")
        }
    };
    match entry.state {
        State::Failed { .. } => Ok(entry),
        State::Delivered { .. } => bail!("{key} was delivered: there is nothing to send again"),
        State::Queued { .. } | State::Sending { .. } => {
            bail!("{key} has not failed: it is attempted until its deadline by itself")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deliver::Note;
    use deliver::outbox::{What, fold};
    use std::time::Duration;

    const NOW: Timestamp = Timestamp(1_764_230_400_000_000);

    fn entry(target: &str, end: Option<What>) -> Entry {
        let first = Event::queue(Note::test(NOW), target, NOW, Duration::from_secs(3600));
        let end = end.map(|what| Event { key: first.key.clone(), at: NOW, what });
        let events: Vec<Event> = std::iter::once(first).chain(end).collect();
        fold(&events).remove(0)
    }

    #[test]
    fn only_what_failed_is_sent_again() {
        let failed = entry("a", Some(What::Failed { why: "no".into() }));
        let entries =
            [failed.clone(), entry("b", None), entry("c", Some(What::Delivered { reference: None }))];
        let called = |at: usize| named(&entries[at].key.as_str()[..8], &entries);
        assert_eq!(called(0).unwrap(), &failed);
        assert!(called(1).unwrap_err().to_string().contains("has not failed"));
        assert!(called(2).unwrap_err().to_string().contains("was delivered"));
        let error = |key: &str| named(key, &entries).unwrap_err().to_string();
        assert!(error("abc").contains("too short"));
        assert!(error("zzzz").contains("no delivery has a key"));
        let twice = [failed.clone(), failed.clone()];
        assert!(named(failed.key.as_str(), &twice).unwrap_err().to_string().contains("several"));
    }
}
