//! Invented rows of the log, for the tests of this room.

use store::{CaseEvent, Quoted};

fn event(case: &str, step: &str, at: i64) -> CaseEvent {
    CaseEvent {
        at: feedback::time::Timestamp(at),
        case: case.to_owned(),
        step: step.to_owned(),
        record: None,
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

fn of_record(case: &str, step: &str, record: &str, at: i64) -> CaseEvent {
    let record = Quoted { record_id: record.to_owned(), author: None, author_alias: None };
    let payload = Some(format!("{{\"occurred_at\":{}}}", at - 1));
    CaseEvent { record: Some(record), payload, ..event(case, step, at) }
}

/// It occurred a microsecond before it was stored.
pub fn opened(case: &str, record: &str, at: i64) -> CaseEvent {
    CaseEvent {
        owner: Some("identity".to_owned()),
        topic: Some("login_access".to_owned()),
        kind: Some("bug".to_owned()),
        vector: Some("v1".to_owned()),
        ..of_record(case, "opened", record, at)
    }
}

pub fn joined(case: &str, record: &str, at: i64) -> CaseEvent {
    of_record(case, CaseEvent::JOINED, record, at)
}

/// A step that a person took.
pub fn life(case: &str, step: &str, at: i64, by: &str) -> CaseEvent {
    CaseEvent { told_by: Some(by.to_owned()), ..event(case, step, at) }
}
