//! What is written of the reports that came to a case.

use super::book::{Placing, key};
use super::near::Held;
use super::update::Updated;
use feedback::ids::Id;
use insight::cases::{Case, Cases, Joined, Placed, Report, Step, StoredReport};
use std::collections::HashMap;
use store::{CaseEvent, Quoted, Seen};

/// Of each report that was placed, by its key: the case that it came to, and the report as it was read.
pub type Own = HashMap<Id, (Id, Held)>;

/// A batch that was placed.
#[derive(Debug, Default)]
pub struct Written {
    /// In the order in which they came.
    pub events: Vec<CaseEvent>,
    pub own: Own,
    pub counts: Updated,
}

impl Written {
    /// Places the reports. With the last of them is told up to where the facts were looked at, and by which rules.
    pub fn of(cases: &mut Cases, reports: &[StoredReport], looked: Option<&(Seen, String)>) -> Self {
        let batch: Vec<Report<'_>> = reports.iter().map(StoredReport::report).collect();
        let placed = cases.place(&batch);
        let by_record: HashMap<&str, &StoredReport> =
            reports.iter().map(|report| (report.record.as_str(), report)).collect();
        let last = placed.len().saturating_sub(1);
        let mut written = Self::default();
        for (at, placed) in placed.iter().enumerate() {
            let Some(report) = by_record.get(placed.record) else { continue };
            let held = Held { stored_at: report.stored_at, day: report.occurred_at.day() };
            written.own.insert(key(placed.record), (placed.case, held));
            written.counts.count(placed.joined);
            let looked = looked.filter(|_| at == last);
            written.events.push(event(placed, report, cases.get(placed.case), looked));
        }
        written
    }
}

fn event(
    placed: &Placed<'_>,
    report: &StoredReport,
    case: Option<&Case>,
    looked: Option<&(Seen, String)>,
) -> CaseEvent {
    let placing = Placing {
        occurred_at: Some(report.occurred_at),
        likeness: placed.likeness,
        facts: looked.map(|(seen, _)| seen.version),
        corrections: looked.map(|(seen, _)| seen.corrections),
        rules: looked.map(|(_, rules)| rules.clone()),
    };
    // The clock of a life goes forward, whatever the facts' clocks say.
    let reopened = case.filter(|_| placed.joined == Joined::Reopened).map(|case| case.life.last_at);
    let opens = placed.joined == Joined::Started;
    let told = |text: &str| (opens && !text.is_empty()).then(|| text.to_owned());
    CaseEvent {
        at: reopened.unwrap_or(report.stored_at),
        case: placed.case.to_string(),
        step: match placed.joined {
            Joined::Started => Step::Opened.as_str(),
            Joined::Reopened => Step::Reopened.as_str(),
            Joined::Grew => CaseEvent::JOINED,
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
        payload: serde_json::to_string(&placing).ok(),
        quoted: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::Book;
    use super::super::testing::life;
    use super::*;
    use feedback::judgement::FeedbackKind;
    use feedback::time::Timestamp;
    use insight::cases::CaseRules;

    const MICROS_PER_DAY: i64 = 86_400_000_000;

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

    fn written(book: &mut Book, cases: &mut Cases, reports: &[StoredReport], version: i64) -> Written {
        let written =
            Written::of(cases, reports, Some(&(Seen { version, corrections: 2 }, "1:x".to_owned())));
        written.events.iter().for_each(|event| book.take(event));
        written
    }

    #[test]
    fn what_is_written_is_what_was_placed() {
        let (mut book, mut cases) = (Book::default(), Cases::new(CaseRules::default()));
        // Out of their order.
        let reports = [report("b", 2), report("a", 1)];
        let first = written(&mut book, &mut cases, &reports, 3);
        let events = &first.events;
        let steps: Vec<&str> = events.iter().map(|event| event.step.as_str()).collect();
        assert_eq!(steps, ["opened", "joined"]);
        assert_eq!((events[0].owner.as_deref(), events[0].kind.as_deref()), (Some("identity"), Some("bug")));
        assert_eq!((events[1].topic.as_deref(), events[1].at), (None, reports[0].stored_at));
        let author = events[1].record.as_ref().and_then(|record| record.author.as_deref());
        assert_eq!(author, Some("a_b"), "an erasure finds them by it");
        assert_eq!(book.looked("1:x"), Some(Seen { version: 3, corrections: 2 }));
        let placings: Vec<&str> = events.iter().filter_map(|event| event.payload.as_deref()).collect();
        assert!(!placings[0].contains("facts") && placings[1].contains("\"facts\":3"), "{placings:?}");
        let case = cases.cases()[0].id;
        let held = Held { stored_at: reports[0].stored_at, day: feedback::time::Day(2) };
        assert_eq!(first.own.get(&key("b")), Some(&(case, held)));
        assert_eq!(first.counts, Updated { opened: 1, joined: 1, ..Updated::default() });

        // Resolved by a person, it comes back by the next report.
        book.take(&life(&case.to_string(), "resolved", 3 * MICROS_PER_DAY, "jane"));
        cases.set_life(case, book.cases[&case.to_string()].life);
        let back = written(&mut book, &mut cases, &[report("c", 9)], 5);
        assert_eq!((back.events[0].step.as_str(), back.counts.reopened), ("reopened", 1));
        assert_eq!(back.events[0].case, case.to_string());
        assert_eq!(book.cases[&case.to_string()].life, cases.cases()[0].life);
    }
}
