//! Events of a delivery as rows of the log, and back.

use deliver::outbox::What;
use deliver::{Block, Event, Note};
use std::collections::HashSet;
use store::{DeliveryEvent, Quoted};

/// `target` and `record` are those of the delivery, `quoted` whose words stand in the event itself.
pub fn row(
    event: &Event,
    target: Option<&str>,
    record: Option<&Quoted>,
    quoted: &[Quoted],
) -> Result<DeliveryEvent, serde_json::Error> {
    let others = quoted.iter().filter(|one| record.is_none_or(|own| own.record_id != one.record_id));
    Ok(DeliveryEvent {
        at: event.at,
        key: event.key.as_str().to_owned(),
        step: step(&event.what).to_owned(),
        target: target.map(str::to_owned),
        record: record.cloned(),
        payload: Some(serde_json::to_string(event)?),
        quoted: others.cloned().collect(),
    })
}

/// The event of a row; `None` where an erasure has left too little of it, or a later version wrote what is unknown here.
pub fn event(row: &DeliveryEvent) -> Option<Event> {
    serde_json::from_str(row.payload.as_deref()?).ok()
}

/// As serde tags it, but for what some of its recipients have: it is there, so that an erasure tells of it.
fn step(what: &What) -> &'static str {
    match what {
        What::Queued { .. } => "queued",
        What::Sending { .. } => "sending",
        What::Retried { .. } => "retried",
        What::Delivered { .. } | What::Partly { .. } => DeliveryEvent::DELIVERED,
        What::Failed { .. } => "failed",
        What::Requeued { .. } => "requeued",
    }
}

/// The note without quotes of records whose authors nobody named: an erasure would not find them.
pub fn vouched_for(note: &Note, quoted: &[Quoted], record: Option<&Quoted>) -> Note {
    let known: HashSet<&str> = quoted.iter().chain(record).map(|quoted| quoted.record_id.as_str()).collect();
    let (mut note, mut lost) = (note.clone(), 0);
    for block in &mut note.blocks {
        if let Block::Quotes { quotes } = block {
            let before = quotes.len();
            quotes.retain(|quote| known.contains(quote.record.as_str()));
            lost += before - quotes.len();
        }
    }
    if lost > 0 {
        tracing::warn!(
            note = note.id,
            quotes = lost,
            "quotes whose author is not known are left out of a note"
        );
    }
    note
}

#[cfg(test)]
mod tests {
    use super::*;
    use deliver::{Key, Quote};
    use feedback::time::Timestamp;

    const NOW: Timestamp = Timestamp(1_764_230_400_000_000);

    fn quoted(record: &str) -> Quoted {
        Quoted { record_id: record.to_owned(), author: Some(format!("a_{record}")), author_alias: None }
    }

    #[test]
    fn every_event_comes_back_and_its_step_is_its_tag() {
        let why = || "no".to_owned();
        let all = [
            What::Queued { target: "t".into(), note: Box::new(Note::test(NOW)), deadline: NOW },
            What::Sending { until: NOW },
            What::Retried { next: NOW, why: why() },
            What::Delivered { reference: Some("VOC-7".into()) },
            What::Failed { why: why() },
            What::Requeued { deadline: NOW },
        ];
        for what in all {
            let sent = Event { key: Key::of("n", "t"), at: NOW, what };
            let row = row(&sent, Some("t"), None, &[]).unwrap();
            assert_eq!(serde_json::to_value(&sent.what).unwrap()["event"], row.step.as_str());
            assert_eq!(event(&row), Some(sent));
        }
    }

    #[test]
    fn what_some_have_counts_as_delivered() {
        let what = What::Partly { taken: vec!["mark".to_owned()] };
        let sent = Event { key: Key::of("n", "t"), at: NOW, what };
        let row = row(&sent, Some("t"), None, &[]).unwrap();
        assert_eq!((row.step.as_str(), event(&row)), (DeliveryEvent::DELIVERED, Some(sent)));
    }

    #[test]
    fn a_records_own_row_names_it_once() {
        let sent = Event::queue(Note::test(NOW), "t", NOW, std::time::Duration::from_secs(60));
        let row = row(&sent, Some("t"), Some(&quoted("r1")), &[quoted("r1"), quoted("r2")]).unwrap();
        assert_eq!((row.record, row.quoted), (Some(quoted("r1")), vec![quoted("r2")]));
    }

    #[test]
    fn a_quote_that_nobody_vouches_for_stays_here() {
        let quote = |record: &str| Quote { text: "words".into(), record: record.into(), link: None };
        let block =
            |records: &[&str]| Block::Quotes { quotes: records.iter().map(|record| quote(record)).collect() };
        let note = Note { blocks: vec![block(&["r1", "r2", "r3"])], ..Note::test(NOW) };
        let left = vouched_for(&note, &[quoted("r1")], Some(&quoted("r3")));
        assert_eq!(left.blocks, [block(&["r1", "r3"])]);
    }
}
