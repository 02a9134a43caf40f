//! Deliveries for the dashboard: what waits, what failed and why, and having that attempted again.

use super::named::{failed, named};
use super::{Shared, now};
use deliver::{Entry, Event, Outbox as _, State};
use server::desk::{
    At, DeliveriesFilter, DeliveryRow, DeliveryState, DeskError, Known, Listed, Page, Ranked, Requeued,
    listed,
};

impl Shared {
    pub(super) async fn list_deliveries(
        &self,
        wanted: &DeliveriesFilter,
        page: &Page,
    ) -> Known<Listed<DeliveryRow>> {
        let (wanted, page) = (wanted.clone(), page.clone());
        self.outbox.look(|entries| fitting(entries, &wanted, &page)).await.map_err(failed)
    }

    /// The failed delivery whose key begins so, and what has it attempted again.
    pub(super) async fn requeued(&self, beginning: &str) -> Known<(Entry, Event)> {
        let found = self.outbox.look(|entries| again(entries, beginning)).await.map_err(failed)?;
        let entry = found?;
        let Some(target) = self.receivers.get(&entry.target) else {
            let why = self.receivers.instead_of(&entry.target);
            let why = why.unwrap_or_else(|| "the file of delivery targets no longer has it".to_owned());
            return Err(DeskError::Conflict(format!("nothing can be sent to its target: {why}")));
        };
        let event = entry.requeue(now(), target.deadline).ok_or_else(|| not_failed(&entry))?;
        Ok((entry, event))
    }

    pub(super) async fn requeue(&self, beginning: &str) -> Known<Requeued> {
        let (entry, event) = self.requeued(beginning).await?;
        self.outbox.append(&event).await.map_err(failed)?;
        let deadline = match event.what {
            deliver::outbox::What::Requeued { deadline } => deadline,
            _ => event.at,
        };
        Ok(Requeued { key: entry.key.as_str().to_owned(), target: entry.target, deadline: At(deadline) })
    }
}

/// The newest first.
fn fitting(entries: &[Entry], wanted: &DeliveriesFilter, page: &Page) -> Listed<DeliveryRow> {
    let wants = |entry: &&Entry| wanted.wants(state(entry), &entry.target, &entry.note.group);
    let fit = entries.iter().filter(wants).map(|entry| Ranked {
        rank: [entry.queued.0, 0],
        name: entry.key.as_str(),
        item: entry,
    });
    listed(fit.collect(), page).map(row)
}

/// A copy of the one failed delivery whose key begins so.
fn again(entries: &[Entry], beginning: &str) -> Known<Entry> {
    let entry = named(entries, |entry| entry.key.as_str(), beginning, "delivery")?;
    match entry.state {
        State::Failed { .. } => Ok(entry.clone()),
        _ => Err(not_failed(entry)),
    }
}

fn not_failed(entry: &Entry) -> DeskError {
    DeskError::Conflict(match entry.state {
        State::Delivered { .. } => "it was delivered: there is nothing to send again".to_owned(),
        _ => "it has not failed: it is attempted until its deadline by itself".to_owned(),
    })
}

fn state(entry: &Entry) -> DeliveryState {
    match entry.state {
        State::Queued { .. } => DeliveryState::Waiting,
        State::Sending { .. } => DeliveryState::Sending,
        State::Delivered { .. } => DeliveryState::Delivered,
        State::Failed { .. } => DeliveryState::Failed,
    }
}

fn row(entry: &Entry) -> DeliveryRow {
    let (next, ended_at) = match entry.state {
        State::Queued { next } => (Some(next), None),
        State::Sending { until } => (Some(until), None),
        State::Delivered { at } | State::Failed { at } => (None, Some(at)),
    };
    DeliveryRow {
        key: entry.key.as_str().to_owned(),
        target: entry.target.clone(),
        note: entry.note.id.clone(),
        kind: entry.note.kind.name(),
        severity: entry.note.severity.name(),
        title: entry.note.title.clone(),
        group: entry.note.group.clone(),
        state: state(entry),
        queued_at: At(entry.queued),
        deadline: At(entry.deadline),
        attempts: entry.attempts,
        next: next.map(At),
        ended_at: ended_at.map(At),
        why: entry.why.clone(),
        reference: entry.reference.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deliver::Note;
    use deliver::outbox::{What, fold};
    use feedback::time::Timestamp;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp(1_764_230_400_000_000);

    fn entry(target: &str, at: i64, end: Option<What>) -> Entry {
        let first = Event::queue(Note::test(NOW), target, Timestamp(NOW.0 + at), Duration::from_secs(3600));
        let end = end.map(|what| Event { key: first.key.clone(), at: NOW, what });
        let events: Vec<Event> = std::iter::once(first).chain(end).collect();
        fold(&events).remove(0)
    }

    fn all() -> [Entry; 3] {
        [
            entry("a", 1, Some(What::Failed { why: "no".into() })),
            entry("b", 3, None),
            entry("c", 2, Some(What::Delivered { reference: Some("VOC-7".into()) })),
        ]
    }

    #[test]
    fn what_somebody_may_have_to_do_something_about_is_listed_the_newest_first() {
        let listed = fitting(&all(), &DeliveriesFilter::default(), &Page::default());
        let shown: Vec<(&str, DeliveryState)> =
            listed.items.iter().map(|row| (row.target.as_str(), row.state)).collect();
        assert_eq!(shown, [("b", DeliveryState::Waiting), ("a", DeliveryState::Failed)]);
        assert_eq!((listed.items[1].why.as_deref(), listed.items[1].next), (Some("no"), None));
        let done = DeliveriesFilter { state: Some(DeliveryState::Delivered), ..DeliveriesFilter::default() };
        assert_eq!(fitting(&all(), &done, &Page::default()).items[0].reference.as_deref(), Some("VOC-7"));
    }

    #[test]
    fn only_what_failed_is_sent_again() {
        let all = all();
        let found = |at: usize| again(&all, &all[at].key.as_str()[..8]);
        assert_eq!(found(0).unwrap(), all[0]);
        assert!(matches!(found(1), Err(DeskError::Conflict(why)) if why.contains("has not failed")));
        assert!(matches!(found(2), Err(DeskError::Conflict(why)) if why.contains("was delivered")));
        assert!(matches!(again(&all, "zzzz"), Err(DeskError::NotFound(_))));
    }
}
