//! How far each case reaches: counted over all facts at once, for a list is in the order of it.
//!
//! Where all records are in memory they are counted there, by one thread that gives way and a case at a time, so that whoever
//! waits for a page has the machine. Else the tables are read: of a report only what is counted. The numbers are the same.

use crate::blocking::blocking;
use crate::logs::Cases;
use anyhow::{Context as _, Result};
use feedback::ids::Id;
use feedback::time::Timestamp;
use insight::cases::{Life, LoopTimes, Reach, StoredTouch, Touch, held_people, held_touches, reach, touches};
use insight::digest::Began;
use insight::report::People;
use insight::shelf::Shelf;
use insight::triage::Priority;
use server::quiet::quietly;
use std::collections::HashMap;
use std::sync::Arc;
use store::Store;

/// Facts that are held at once, unless one day has more.
const ROWS_AT_ONCE: usize = 50_000;
const BROKE_OFF: &str = "the counting of the cases broke off";
/// Records that were stored so long (microseconds) before the last one in memory are there too: whoever writes beside it may
/// be slower, and have another clock.
const LATE: i64 = 10 * 60 * 1_000_000;

/// What the facts say of the cases that were in the log when they were counted.
pub struct Figures {
    /// In the order of the cases' numbers, for lists go through all of them in that.
    of: Vec<(Id, Figure)>,
    /// Who is one person, by all facts.
    pub people: Arc<People>,
    /// The version of the facts that was counted, or one before it.
    pub facts: i64,
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
    fn of<T: AsRef<str>>(reports: &mut [StoredTouch<T>], opened_by: Option<&str>, people: &People) -> Self {
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
        self.in_turn().of(case)
    }

    /// The same for one case after another.
    pub fn in_turn(&self) -> InTurn<'_> {
        InTurn { all: &self.of, next: 0 }
    }
}

/// Figures, for whoever asks for those of many cases. Where that goes by the order of their numbers, each lies
/// right behind the one before, and nothing is searched for.
pub struct InTurn<'f> {
    all: &'f [(Id, Figure)],
    next: usize,
}

impl<'f> InTurn<'f> {
    /// As [`Figures::of`].
    pub fn of(&mut self, case: Id) -> Option<&'f Figure> {
        let all = self.all;
        if all.get(self.next).is_none_or(|(number, _)| *number != case) {
            // Where it would stand if there is none of it: the next one may.
            self.next = all.partition_point(|(number, _)| *number < case);
        }
        let (_, figure) = all.get(self.next).filter(|(number, _)| *number == case)?;
        self.next += 1;
        Some(figure)
    }
}

fn ordered(figures: HashMap<Id, Figure>) -> Vec<(Id, Figure)> {
    let mut ordered: Vec<(Id, Figure)> = figures.into_iter().collect();
    ordered.sort_unstable_by_key(|(case, _)| *case);
    ordered
}

/// Counts all of them, by the tables.
pub async fn count(store: &Store, cases: &Arc<Cases>) -> Result<Figures> {
    let opened = opened(cases);
    let (version, facts) = (store.version().await?, store.current_facts().await?);
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
    let by = Arc::clone(&people);
    let of = blocking(BROKE_OFF, move || ordered(figures(opened, reports, &by))).await?;
    Ok(Figures { of, people, facts: version })
}

/// Counts all of them, by the records in memory.
pub async fn count_held(shelf: Arc<Shelf>, cases: &Arc<Cases>) -> Result<Figures> {
    let cases = Arc::clone(cases);
    quietly(move || held(&shelf, &cases)).await.context(BROKE_OFF)
}

/// A case as its log has it.
struct Opened {
    by: Option<String>,
    at: Timestamp,
}

/// Those that are in the log now: what comes to it while they are counted is counted the next time.
fn opened(cases: &Cases) -> HashMap<Id, Opened> {
    // Only this is taken with the log held: whoever writes to it waits.
    let book = cases.book();
    let of = book.cases.values();
    let opened = of.filter_map(|case| {
        let (by, at) = (case.records.first().cloned(), case.life.opened_at);
        Some((case.number()?, Opened { by, at }))
    });
    opened.collect()
}

fn figures(
    opened: HashMap<Id, Opened>,
    mut reports: HashMap<Id, Vec<StoredTouch>>,
    people: &People,
) -> HashMap<Id, Figure> {
    let figure = |(case, Opened { by, .. }): (Id, Opened)| {
        let mut own = reports.remove(&case).unwrap_or_default();
        (case, Figure::of(&mut own, by.as_deref(), people))
    };
    opened.into_iter().map(figure).collect()
}

fn held(shelf: &Shelf, cases: &Cases) -> Figures {
    let (opened, people) = (opened(cases), held_people(shelf));
    let mut of: HashMap<Id, Figure> = HashMap::with_capacity(opened.len());
    let case_of = |record: &str| cases.book().number_of_record(record);
    held_touches(shelf, case_of, |case, reports| {
        if let Some(Opened { by, .. }) = opened.get(&case) {
            of.insert(case, Figure::of(reports, by.as_deref(), &people));
        }
    });
    // Of others nothing is left, but for what came just now and is not in memory yet.
    let there = shelf.stored_last().map_or(i64::MIN, |last| last.0.saturating_sub(LATE));
    for (case, _) in opened.iter().filter(|(_, opened)| opened.at.0 < there) {
        of.entry(*case).or_insert_with(|| Figure::of::<String>(&mut [], None, &people));
    }
    Figures { of: ordered(of), people: Arc::new(people), facts: shelf.version().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let none = Figure::of::<String>(&mut [], Some("gone"), &People::default());
        assert_eq!((none.reach.reports, none.began(), none.priority), (0, None, None));
    }

    #[test]
    fn figures_are_found_in_any_order() {
        let figure = |case: u128| {
            let mut reports: Vec<_> = (0..case).map(|at| touch(&format!("r{at}"), None, 5, None)).collect();
            (Id(case), Figure::of(&mut reports, None, &People::default()))
        };
        let of = ordered([7, 2, 9, 4].map(figure).into_iter().collect());
        let figures = Figures { of, people: Arc::default(), facts: 1 };
        // Some are not there, and after each of them the next one is.
        let mut in_turn = figures.in_turn();
        for case in [2, 3, 4, 7, 8, 9, 10, 1, 2, 9, 4, 4, 5] {
            let reports = Some(case as u64).filter(|case| [2, 4, 7, 9].contains(case));
            assert_eq!(in_turn.of(Id(case)).map(|figure| figure.reach.reports), reports, "{case}");
            assert_eq!(figures.of(Id(case)).map(|figure| figure.reach.reports), reports, "{case}");
        }
    }
}
