//! What a list asks of the log of cases: which records are reports of a case, and which of one that is done with.

use crate::cases::Book;
use anyhow::Result;
use insight::report::filter::{Filter, OfCases};
use store::Store;

/// The filter with what the log says now, where it asks for that; its case by the whole id.
pub async fn ask(store: &Store, filter: Filter) -> Result<Filter> {
    if !filter.asks_for_cases() {
        return Ok(filter);
    }
    answered(filter, &Book::read(store).await?)
}

fn answered(filter: Filter, book: &Book) -> Result<Filter> {
    let case = filter.case.as_deref().map(|beginning| book.find(beginning)).transpose()?;
    let resolved = book.cases.values().filter(|case| case.life.is_resolved());
    let of_cases = OfCases {
        members: case.iter().flat_map(|case| &case.records).cloned().collect(),
        resolved: resolved.flat_map(|case| &case.records).cloned().collect(),
    };
    let case = case.map(|case| case.id.clone());
    Ok(Filter { case, of_cases: Some(of_cases), ..filter })
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;
    use std::collections::HashSet;
    use store::{CaseEvent, Quoted, StoreOptions};

    fn event(case: &str, step: &str, record: Option<&str>) -> CaseEvent {
        let quoted = |id: &str| Quoted { record_id: id.to_owned(), author: None, author_alias: None };
        CaseEvent {
            at: Timestamp(1_774_200_000_000_000),
            case: case.to_owned(),
            step: step.to_owned(),
            record: record.map(quoted),
            told_by: None,
            owner: None,
            topic: None,
            kind: None,
            product: None,
            vector: None,
            payload: None,
            quoted: Vec::new(),
        }
    }

    #[tokio::test]
    async fn the_log_tells_the_reports_of_a_case_and_those_that_are_done_with() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let log = [
            event("aa01", "opened", Some("r1")),
            event("aa01", CaseEvent::JOINED, Some("r2")),
            event("bb02", "opened", Some("r7")),
            event("bb02", "resolved", None),
        ];
        store.append(&log, None).await.unwrap();
        let filter = ask(&store, Filter::default().case("AA")).await.unwrap();
        assert_eq!(filter.case.as_deref(), Some("aa01"));
        let of_cases = filter.of_cases.unwrap();
        let records = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<HashSet<_>>();
        assert_eq!(of_cases.members, records(&["r1", "r2"]));
        assert_eq!(of_cases.resolved, records(&["r7"]));
        let unresolved = ask(&store, Filter { unresolved: true, ..Filter::default() }).await.unwrap();
        assert!(unresolved.of_cases.unwrap().members.is_empty());
        let error = ask(&store, Filter::default().case("zz")).await.unwrap_err().to_string();
        assert!(error.contains("verbatim cases list"), "{error}");
        let plain = ask(&store, Filter::default()).await.unwrap();
        assert_eq!(plain, Filter::default(), "who asks for no case need not wait for their log");
    }
}
