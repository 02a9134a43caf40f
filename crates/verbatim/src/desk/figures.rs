//! How far each case reaches: counted over all facts at once, for a list is in the order of it.
//!
//! Of a report only what is counted is read, and kept no longer than it takes: a day's facts at a time. A case of one
//! report is most of them.

use super::logs::Cases;
use crate::blocking::blocking;
use anyhow::Result;
use feedback::ids::Id;
use insight::cases::{Life, LoopTimes, Reach, StoredTouch, Touch, reach, touches};
use insight::digest::Began;
use insight::report::People;
use insight::triage::Priority;
use std::collections::HashMap;
use std::sync::Arc;
use store::Store;

/// Facts that are held at once, unless one day has more.
const ROWS_AT_ONCE: usize = 50_000;
const BROKE_OFF: &str = "the counting of the cases broke off";

/// What the facts say of the cases that were in the log when they were counted.
pub struct Figures {
    of: HashMap<Id, Figure>,
    /// Who is one person, by all facts.
    pub people: Arc<People>,
}

/// Of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub reach: Reach,
    /// The highest of its reports, but for those that wait for a person.
    pub priority: Option<Priority>,
    /// How far the report got that opened it, or else the first that is still there.
    began: Option<Began>,
}

impl Figure {
    pub fn people_at_least(&self) -> u64 {
        self.reach.people + u64::from(self.reach.anonymous > 0)
    }

    /// From its first report on; `None` where nothing is left of its reports.
    pub fn times(&self, life: &Life) -> Option<LoopTimes> {
        let Began { occurred, stored, triaged } = self.began?;
        Some(life.times(occurred, stored, triaged))
    }

    pub fn began(&self) -> Option<Began> {
        self.began
    }

    #[cfg(test)]
    pub fn tested(reach: Reach, began: Option<Began>) -> Self {
        Self { reach, priority: None, began }
    }

    /// `opened_by` is the record that opened it.
    fn of(reports: &mut [StoredTouch], opened_by: Option<&str>, people: &People) -> Self {
        reports.sort_by(|a, b| (a.occurred_at, &a.record).cmp(&(b.occurred_at, &b.record)));
        let touches: Vec<Touch<'_>> = reports.iter().map(StoredTouch::touch).collect();
        let by = reports.iter().find(|report| Some(report.record.as_str()) == opened_by);
        let began = by.or_else(|| reports.first()).map(|first| Began {
            occurred: first.occurred_at,
            stored: first.stored_at,
            triaged: first.triaged_at,
        });
        Self {
            reach: reach(&touches, |name| people.of(name)),
            priority: reports.iter().filter_map(|report| report.priority).min(),
            began,
        }
    }
}

impl Figures {
    /// `None` of a case that came since; one of whose reports nothing is left reaches nobody.
    pub fn of(&self, case: Id) -> Option<&Figure> {
        self.of.get(&case)
    }
}

/// Counts all of them.
pub async fn count(store: &Store, cases: &Arc<Cases>) -> Result<Figures> {
    let facts = store.current_facts().await?;
    let people = Arc::new(blocking(BROKE_OFF, move || People::read(&facts)).await??);
    let days = store.touched_since(None).await?.days;
    let mut reports: HashMap<Id, Vec<StoredTouch>> = HashMap::new();
    for part in store.current_facts_in_parts(&days, ROWS_AT_ONCE).await? {
        let cases = Arc::clone(cases);
        let read = move || touches(part, &|record| cases.book().number_of_record(record));
        for (case, touch) in blocking(BROKE_OFF, read).await?? {
            reports.entry(case).or_default().push(touch);
        }
    }
    let (cases, by) = (Arc::clone(cases), Arc::clone(&people));
    let of = blocking(BROKE_OFF, move || figures(&cases, reports, &by)).await?;
    Ok(Figures { of, people })
}

fn figures(
    cases: &Cases,
    mut reports: HashMap<Id, Vec<StoredTouch>>,
    people: &People,
) -> HashMap<Id, Figure> {
    // Only the names are taken with the log held: whoever writes to it waits.
    let opened: Vec<(Id, Option<String>)> = {
        let book = cases.book();
        let of = book.cases.values();
        of.filter_map(|case| Some((case.number()?, case.records.first().cloned()))).collect()
    };
    let figure = |(case, opened_by): (Id, Option<String>)| {
        let mut own = reports.remove(&case).unwrap_or_default();
        (case, Figure::of(&mut own, opened_by.as_deref(), people))
    };
    opened.into_iter().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;
    use insight::cases::LoopStep;

    fn touch(record: &str, author: Option<&str>, at: i64, priority: Option<Priority>) -> StoredTouch {
        StoredTouch {
            record: record.to_owned(),
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: format!("T-{record}"),
            author: author.map(str::to_owned),
            author_alias: None,
            account: Some("Acme".to_owned()),
            revenue: Some(1_200.0),
            priority,
            occurred_at: Timestamp(at),
            stored_at: Timestamp(at + 1_000_000),
            triaged_at: Some(Timestamp(at + 3_000_000)),
        }
    }

    #[test]
    fn a_case_reaches_people_and_began_with_the_report_that_opened_it() {
        let mut reports = vec![
            touch("r2", Some("a_2"), 9, Some(Priority::P1)),
            touch("r1", Some("a_1"), 5, Some(Priority::P3)),
            touch("r3", None, 7, None),
        ];
        let figure = Figure::of(&mut reports, Some("r3"), &People::default());
        assert_eq!((figure.reach.reports, figure.reach.people, figure.people_at_least()), (3, 2, 3));
        assert_eq!((figure.priority, figure.reach.revenue), (Some(Priority::P1), 1_200.0));
        assert_eq!(figure.began().map(|began| began.occurred), Some(Timestamp(7)));
        let times = figure.times(&Life::opened(Timestamp(0))).unwrap();
        assert_eq!(times.took(LoopStep::Triaged), Some(2.0));
        // Nothing is left of the one that opened it.
        let figure = Figure::of(&mut reports, Some("gone"), &People::default());
        assert_eq!(figure.began().map(|began| began.occurred), Some(Timestamp(5)), "the first that is there");
        let none = Figure::of(&mut [], Some("gone"), &People::default());
        assert_eq!((none.reach.reports, none.began(), none.priority), (0, None, None));
    }
}
