//! What waits for whom, for the dashboard.

use super::named::failed;
use super::{LONG, Shared};
use crate::blocking::blocking;
use crate::commands::triage::{of_row, of_waiting};
use anyhow::Result;
use feedback::time::Day;
use insight::report::Period;
use insight::triage::{Load, LoadRow, Waiting, load};
use server::desk::{At, Date, Known, TriageLoad, TriageRow, TriageWaiting};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Records that wait for a person and are shown.
const SHOWN: usize = 50;

impl Shared {
    pub(super) async fn triage_load(self: &Arc<Self>, days: Period) -> Known<Option<TriageLoad>> {
        self.cases.follow().await.map_err(failed)?;
        let stamp = self.stamp(0).await?;
        let made = self.load.of(&(days.from, days.to));
        let shared = Arc::clone(self);
        let make = async move { shared.count_load(days).await };
        let counted = made.get(stamp, LONG, make).await.map_err(failed)?;
        Ok(counted.map(|load| (*load).clone()))
    }

    async fn count_load(self: Arc<Self>, days: Period) -> Result<TriageLoad> {
        let all = self.store.touched_since(None).await?.days;
        let within: BTreeSet<Day> = all.into_iter().filter(|day| days.contains(*day)).collect();
        let (_, facts) = self.store.current_facts_of(&within).await?;
        let work = move || {
            let done: HashSet<String> = {
                let book = self.cases.book();
                let resolved = book.cases.values().filter(|case| case.life.is_resolved());
                resolved.flat_map(|case| &case.records).cloned().collect()
            };
            load(facts, &done)
        };
        Ok(told(blocking("the counting broke off", work).await??, days))
    }
}

fn told(load: Load, Period { from, to }: Period) -> TriageLoad {
    let Load { records, resolved, undecided, rows, waiting } = load;
    let row = |row: LoadRow| TriageRow {
        filter: of_row(&row, from, to),
        owner: row.owner,
        queue: row.queue,
        priorities: row.priorities,
        records: row.records,
        for_a_person: row.for_a_person,
    };
    TriageLoad {
        from: Date(from),
        to: Date(to),
        records,
        resolved,
        undecided,
        rows: rows.into_iter().map(row).collect(),
        waiting_total: waiting.len() as u64,
        waiting: waiting.into_iter().take(SHOWN).map(waits).collect(),
        waiting_filter: of_waiting(from, to),
    }
}

fn waits(one: Waiting) -> TriageWaiting {
    TriageWaiting {
        record: one.record,
        occurred_at: At(one.occurred_at),
        owner: one.owner,
        queue: one.queue,
        priority: one.priority,
        unsure: one.unsure,
        reason: one.reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;

    #[test]
    fn a_queue_opens_its_records_and_much_that_waits_is_counted() {
        let waiting = Waiting {
            record: "r1".to_owned(),
            occurred_at: Timestamp(0),
            owner: "identity".to_owned(),
            queue: "review".to_owned(),
            priority: "P1".to_owned(),
            unsure: "urgency".to_owned(),
            reason: "urgency high at 41%".to_owned(),
        };
        let row = LoadRow {
            owner: "identity".to_owned(),
            queue: "review".to_owned(),
            priorities: [60, 0, 0, 0],
            records: 60,
            for_a_person: 60,
        };
        let load =
            Load { records: 60, resolved: 3, undecided: 1, rows: vec![row], waiting: vec![waiting; 60] };
        let told = told(load, Period { from: Day(20_514), to: Day(20_520) });
        assert_eq!((told.waiting.len(), told.waiting_total, told.resolved), (SHOWN, 60, 3));
        let opens = told.rows[0].filter.args().join(" ");
        assert_eq!(opens, "--from 2026-03-02 --to 2026-03-08 --owner identity --queue review --unresolved");
        assert!(told.waiting_filter.unsure && told.waiting_filter.unresolved);
    }
}
