//! New facts come into cases.

use super::book::{Book, Logged, Placing};
use crate::blocking::blocking;
use anyhow::{Context as _, Result, bail};
use feedback::ids::Id;
use feedback::time::{Day, Timestamp};
use insight::cases::{
    Case, CaseRules, Cases, Joined, Placed, Step, StoredReport, Sum, Vectors, block, of_kinds, of_records,
};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::{AppendError, CaseEvent, Mark, Next, Quoted, Store};

/// How often an update begins again, for others wrote to the log meanwhile.
const ROUNDS: usize = 8;
/// Facts that are held at once, unless one day has more.
const ROWS_AT_ONCE: usize = 50_000;
const MICROS_PER_DAY: i64 = 86_400_000_000;
const BROKE_OFF: &str = "the reading of the facts broke off";

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

/// Places every fact that has come since the last update, in the order in which they occurred, and tells after each part
/// how many of how many are done. Two at once do not double anything; a kill costs nothing but the work.
pub async fn update_cases(
    store: &Store,
    rules: &CaseRules,
    observe: &(dyn Fn(usize, usize) + Sync),
) -> Result<Updated> {
    let mut updated = Updated::default();
    for _ in 0..ROUNDS {
        match place_all(store, rules, &mut updated, observe).await {
            Ok(()) => return Ok(updated),
            // After an error that is worth another try the rows may be there all the same: the next round finds them.
            Err(error) if may_go_on(&error) => tracing::debug!("others wrote to the cases; placing again"),
            Err(error) => return Err(error),
        }
    }
    bail!(
        "others write to the cases all the time: run `verbatim cases update` again, it goes on where this one stopped"
    )
}

fn may_go_on(error: &anyhow::Error) -> bool {
    error.downcast_ref::<AppendError>().is_some_and(|error| error.next() != Next::Stop)
}

async fn place_all(
    store: &Store,
    rules: &CaseRules,
    updated: &mut Updated,
    observe: &(dyn Fn(usize, usize) + Sync),
) -> Result<()> {
    let book = Book::read(store).await?;
    let version = rules.version();
    let touched = store.touched_since(book.looked(&version)).await?;
    updated.days = touched.days.len() as u64;
    let parts = store.current_facts_in_parts(&touched.days, ROWS_AT_ONCE).await?;
    let count = parts.len();
    let mut cases =
        Cases::new(rules.clone(), near(store, &book, rules, &touched.days).await?, book.members());
    let mut mark = book.mark;
    for (at, part) in parts.into_iter().enumerate() {
        let kinds = rules.kinds.clone();
        let reports = blocking(BROKE_OFF, move || of_kinds(part, &kinds)).await??;
        // Only behind the last part is everything looked at.
        let looked = (at + 1 == count).then_some((touched.version, version.as_str()));
        mark = place(store, &mut cases, &reports, looked, mark, updated).await?;
        observe(at + 1, count);
    }
    Ok(())
}

/// Places a part and writes that down.
async fn place(
    store: &Store,
    cases: &mut Cases,
    reports: &[StoredReport],
    looked: Option<(i64, &str)>,
    mark: Mark,
    updated: &mut Updated,
) -> Result<Mark> {
    let batch: Vec<_> = reports.iter().map(StoredReport::report).collect();
    let placed = cases.place(&batch);
    let events = events(cases, reports, &placed, looked);
    let mark = store.append(&events, Some(mark)).await.context("the cases cannot be written")?;
    for placed in &placed {
        match placed.joined {
            Joined::Started => updated.opened += 1,
            Joined::Reopened => updated.reopened += 1,
            Joined::Grew => updated.joined += 1,
            Joined::Already => {}
        }
    }
    Ok(mark)
}

/// What is written of the reports that came to a case, in the order in which they came.
fn events(
    cases: &Cases,
    reports: &[StoredReport],
    placed: &[Placed<'_>],
    looked: Option<(i64, &str)>,
) -> Vec<CaseEvent> {
    let by_record: HashMap<&str, &StoredReport> =
        reports.iter().map(|report| (report.record.as_str(), report)).collect();
    let lives: HashMap<Id, &Case> = cases.cases().iter().map(|case| (case.id, case)).collect();
    let new: Vec<&Placed<'_>> = placed.iter().filter(|placed| placed.joined != Joined::Already).collect();
    let last = new.len().saturating_sub(1);
    let event = |(at, placed): (usize, &&Placed<'_>)| {
        let report = by_record.get(placed.record)?;
        let looked = looked.filter(|_| at == last);
        let placing = Placing {
            occurred_at: Some(report.occurred_at),
            likeness: placed.likeness,
            facts: looked.map(|(version, _)| version),
            rules: looked.map(|(_, rules)| rules.to_owned()),
        };
        // The clock of a life goes forward, whatever the facts' clocks say.
        let reopened = lives.get(&placed.case).map(|case| case.life.last_at);
        let reopened = reopened.filter(|_| placed.joined == Joined::Reopened);
        Some(CaseEvent {
            at: reopened.unwrap_or(report.stored_at),
            payload: serde_json::to_string(&placing).ok(),
            ..of_report(placed, report)
        })
    };
    new.iter().enumerate().filter_map(event).collect()
}

fn of_report(placed: &Placed<'_>, report: &StoredReport) -> CaseEvent {
    let opens = placed.joined == Joined::Started;
    let told = |text: &str| (opens && !text.is_empty()).then(|| text.to_owned());
    CaseEvent {
        at: report.stored_at,
        case: placed.case.to_string(),
        step: match placed.joined {
            Joined::Started => Step::Opened.as_str(),
            Joined::Reopened => Step::Reopened.as_str(),
            Joined::Grew | Joined::Already => CaseEvent::JOINED,
        }
        .to_owned(),
        record: Some(Quoted {
            record_id: report.record.clone(),
            author: report.author.clone(),
            author_alias: report.author_alias.clone(),
        }),
        told_by: None,
        owner: report.owner.as_deref().and_then(told),
        topic: told(&report.topic),
        kind: told(report.kind.as_str()),
        product: told(&report.product),
        vector: told(&report.space),
        payload: None,
        quoted: Vec::new(),
    }
}

/// The cases that facts of these days may join, with their vectors added up again.
async fn near(store: &Store, book: &Book, rules: &CaseRules, days: &BTreeSet<Day>) -> Result<Vec<Case>> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let near: Vec<&Logged> = book.cases.values().filter(|case| is_near(case, rules, *first, *last)).collect();
    let ids: Vec<String> = near.iter().flat_map(|case| case.records.iter().cloned()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Where nothing says when its reports occurred they may be of any day.
    let spans: Option<Vec<(Timestamp, Timestamp)>> = near.iter().map(|case| case.seen()).collect();
    let facts = match spans {
        None => store.current_facts().await?,
        Some(spans) => {
            let mut all = days.clone();
            for (from, to) in spans {
                all.extend((from.day().0..=to.day().0).map(Day));
            }
            store.current_facts_of(&all).await?.1
        }
    };
    let read = move || {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        of_records(facts, &ids, Vectors::Read)
    };
    let reports = blocking(BROKE_OFF, read).await??;
    let by_record: HashMap<&str, &StoredReport> =
        reports.iter().map(|report| (report.record.as_str(), report)).collect();
    Ok(near.into_iter().filter_map(|case| restored(case, &by_record)).collect())
}

/// Whether a fact of these days may be in reach of the case: a wider net than the rules', which decide.
fn is_near(case: &Logged, rules: &CaseRules, first: Day, last: Day) -> bool {
    let (from, to) = (first.start().0, last.plus(1).start().0);
    let days = |days: u32| i64::from(days) * MICROS_PER_DAY;
    let comes_back =
        case.life.resolved_at.is_some_and(|at| from.saturating_sub(at.0) <= days(rules.reopen_days));
    let in_window = case.seen().is_none_or(|(first, last)| {
        let window = days(rules.window_days);
        from.saturating_sub(last.0) <= window && first.0.saturating_sub(to) <= window
    });
    comes_back || in_window
}

/// `None` where nothing is left of it that anything could be like.
fn restored(case: &Logged, by_record: &HashMap<&str, &StoredReport>) -> Option<Case> {
    let reports = case.records.iter().filter_map(|record| by_record.get(record.as_str()));
    // What was read anew by another encoder lies in another space.
    let mut reports = reports.filter(|report| report.space == case.space && !report.vector.is_empty());
    let first = reports.next()?;
    let mut restored = Case {
        id: case.number()?,
        block: block(&case.topic, &case.kind, &case.product, &case.space),
        sum: Sum::of(&first.vector),
        first_seen: first.occurred_at,
        last_seen: first.occurred_at,
        life: case.life,
    };
    for report in reports {
        restored.sum.add(&report.vector);
        restored.first_seen = restored.first_seen.min(report.occurred_at);
        restored.last_seen = restored.last_seen.max(report.occurred_at);
    }
    Some(restored)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{life, opened};
    use super::*;
    use feedback::judgement::FeedbackKind;

    fn report(record: &str, day: i64) -> StoredReport {
        StoredReport {
            record: record.to_owned(),
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: format!("T-{record}"),
            author: Some(format!("a_{record}")),
            author_alias: None,
            account: None,
            revenue: None,
            product: String::new(),
            topic: "login_access".to_owned(),
            kind: FeedbackKind::Bug,
            space: "v1".to_owned(),
            vector: vec![127, 0],
            owner: Some("identity".to_owned()),
            priority: None,
            occurred_at: Timestamp(day * MICROS_PER_DAY),
            stored_at: Timestamp(day * MICROS_PER_DAY + 5),
            triaged_at: None,
            words: String::new(),
        }
    }

    fn written(
        book: &mut Book,
        cases: &mut Cases,
        reports: &[StoredReport],
        looked: (i64, &str),
    ) -> Vec<CaseEvent> {
        let batch: Vec<_> = reports.iter().map(StoredReport::report).collect();
        let placed = cases.place(&batch);
        let events = events(cases, reports, &placed, Some(looked));
        events.iter().for_each(|event| book.take(event));
        events
    }

    #[test]
    fn what_is_written_is_what_was_placed() {
        let (mut book, rules) = (Book::default(), CaseRules::default());
        let mut cases = Cases::new(rules.clone(), Vec::new(), HashMap::new());
        let reports = [report("a", 1), report("b", 2)];
        let first = written(&mut book, &mut cases, &reports, (3, "1:x"));
        let steps: Vec<&str> = first.iter().map(|event| event.step.as_str()).collect();
        assert_eq!(steps, ["opened", "joined"]);
        assert_eq!((first[0].owner.as_deref(), first[0].kind.as_deref()), (Some("identity"), Some("bug")));
        assert_eq!((first[1].topic.as_deref(), first[1].at), (None, reports[1].stored_at));
        let author = first[1].record.as_ref().and_then(|record| record.author.as_deref());
        assert_eq!(author, Some("a_b"), "an erasure finds them by it");
        assert_eq!(book.looked("1:x"), Some(3));
        // The same once more writes nothing, and what was read is what was held.
        assert!(written(&mut book, &mut cases, &reports, (4, "1:x")).is_empty());
        let by_record = reports.iter().map(|report| (report.record.as_str(), report)).collect();
        let case = book.cases.values().next().unwrap();
        assert_eq!(restored(case, &by_record).as_ref(), Some(&cases.cases()[0]));

        // Resolved by a person, it comes back by the next report.
        let id = case.id.clone();
        book.take(&life(&id, "resolved", 3 * MICROS_PER_DAY, "jane"));
        let again = restored(&book.cases[&id], &by_record).unwrap();
        let mut cases = Cases::new(rules, vec![again], book.members());
        let back = written(&mut book, &mut cases, &[report("c", 9)], (5, "1:x"));
        assert_eq!((back[0].step.as_str(), back[0].case.as_str()), ("reopened", id.as_str()));
        assert_eq!(book.cases[&id].life, cases.cases()[0].life);
    }

    #[test]
    fn only_cases_within_reach_of_the_days_are_read() {
        let mut book = Book::default();
        book.take(&opened("aa01", "r1", 100 * MICROS_PER_DAY));
        let rules = CaseRules::default();
        let window = rules.window_days as i32;
        let near =
            |book: &Book, first: i32, last: i32| is_near(&book.cases["aa01"], &rules, Day(first), Day(last));
        assert!(near(&book, 101, 101) && near(&book, 99 + window, 300) && near(&book, 0, 99 - window));
        assert!(!near(&book, 101 + window, 300) && !near(&book, 0, 97 - window));
        book.take(&life("aa01", "resolved", 110 * MICROS_PER_DAY, "jane"));
        assert!(near(&book, 140, 140) && !near(&book, 141, 150), "it may come back for 30 days");
    }
}
