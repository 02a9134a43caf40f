//! An erasure in the logs: what is theirs goes, what is of others stays.

use crate::logs::{at, case, delivery, quoted};
use crate::rows::*;
use feedback::ids::Id;
use serde_json::{Value, json};
use store::{
    AlertEvent, CaseEvent, DeliveryEvent, Digest, EraseOptions, MaintainOptions, Mark, Quoted, Store, Table,
};

const VICTIM: &str = "a_00c0ffee00c0ffee00c0ffee00c0ffee";
const OTHER: &str = "a_11111111111111111111111111111111";
const WORDS: &str = "zanzibar canary";

/// As [`Row`] makes it.
fn record_of(item: u32) -> String {
    Id::of(&["survey", "form", &item.to_string(), ""]).to_string()
}

fn theirs() -> Quoted {
    quoted(&record_of(7), VICTIM)
}

fn others() -> Quoted {
    quoted(&record_of(8), OTHER)
}

/// Quotes of both.
fn payload() -> Value {
    let quote = |record: u32, text: &str| json!({ "text": text, "record": record_of(record) });
    json!({ "title": "sync fails", "quotes": [quote(7, WORDS), quote(8, "fine words")] })
}

fn left() -> Value {
    json!({ "title": "sync fails", "quotes": [{ "text": "fine words", "record": record_of(8) }] })
}

fn alert() -> AlertEvent {
    AlertEvent {
        at: at(5),
        alert: "a1".to_owned(),
        step: "fired".to_owned(),
        owner: Some("quality".to_owned()),
        severity: Some("warning".to_owned()),
        told_by: None,
        payload: Some(payload().to_string()),
        quoted: vec![theirs(), others()],
    }
}

fn digest() -> Digest {
    Digest {
        made_at: at(9),
        week: "2024-W40".to_owned(),
        owner: String::new(),
        markdown: Some(format!("> {WORDS}")),
        html: Some(format!("<p>{WORDS}</p>")),
        payload: Some(payload().to_string()),
        quoted: vec![theirs(), others()],
    }
}

/// Facts of two people, and logs that hold words of both, of one and of nobody.
async fn filled() -> (tempfile::TempDir, Store) {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(7, 0).by(VICTIM).saying(WORDS), Row::new(8, 1).by(OTHER)]).await;
    store
        .append(&[alert(), AlertEvent { payload: None, quoted: Vec::new(), ..alert() }], None)
        .await
        .unwrap();
    let cases = [
        case("c1", "opened", Some(theirs())),
        case("c1", CaseEvent::JOINED, Some(others())),
        case("c2", "opened", Some(others())),
        case("c2", CaseEvent::JOINED, Some(theirs())),
    ];
    store.append(&cases, None).await.unwrap();
    let about = DeliveryEvent { record: Some(theirs()), ..delivery("k1", "queued", 1) };
    let quoting = DeliveryEvent {
        payload: Some(payload().to_string()),
        quoted: vec![others(), theirs()],
        ..delivery("k2", "queued", 2)
    };
    let sent = delivery("k2", DeliveryEvent::DELIVERED, 3);
    store.append(&[about, quoting, sent, delivery("k3", "queued", 4)], None).await.unwrap();
    store.append(&[digest()], None).await.unwrap();
    (root, store)
}

fn parsed(payload: Option<&String>) -> Value {
    serde_json::from_str(payload.unwrap()).unwrap()
}

#[tokio::test]
async fn rows_and_quotes_of_theirs_go_and_the_others_stay() {
    let (root, store) = filled().await;
    let told = store.would_erase(VICTIM).await.unwrap().logs;
    let report = store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    assert_eq!(report.logs, told, "what was foretold is done");
    // A delivery and a case's member went; an alert, the beginning of a case, a delivery and a digest lost words.
    assert_eq!((told.rows_removed, told.rows_changed), (2, 4));
    let left_before: Vec<(&str, &str)> =
        told.delivered.iter().map(|gone| (gone.key.as_str(), gone.target.as_str())).collect();
    assert_eq!(left_before, [("k2", "slack")], "what had left already is told");
    assert_eq!((report.feedback_rows, report.files_waiting, report.purged_by), (1, 0, None));

    let store = open(&root).await;
    let alerts = store.tail::<AlertEvent>(Mark::default()).await.unwrap().events;
    assert_eq!((alerts.len(), &alerts[0].quoted), (2, &vec![others()]));
    assert_eq!(parsed(alerts[0].payload.as_ref()), left());
    let cases = store.tail::<CaseEvent>(Mark::default()).await.unwrap().events;
    let wanted = [
        case("c1", "opened", None),
        case("c1", CaseEvent::JOINED, Some(others())),
        case("c2", "opened", Some(others())),
    ];
    assert_eq!(cases, wanted);
    let deliveries = store.tail::<DeliveryEvent>(Mark::default()).await.unwrap().events;
    let keys: Vec<(&str, &str)> =
        deliveries.iter().map(|event| (event.key.as_str(), event.step.as_str())).collect();
    assert_eq!(keys, [("k2", "queued"), ("k2", "delivered"), ("k3", "queued")]);
    assert_eq!(parsed(deliveries[0].payload.as_ref()), left());
    let digests = store.tail::<Digest>(Mark::default()).await.unwrap().events;
    assert_eq!((digests.len(), &digests[0].markdown, &digests[0].html), (1, &None, &None));
    assert_eq!(parsed(digests[0].payload.as_ref()), left());
    for table in Table::LOGS {
        let rows = store.collect(store.scan(table).await.unwrap()).await.unwrap();
        for column in rows.columns() {
            let shown = format!("{:?}", column.as_materialized_series().iter().collect::<Vec<_>>());
            assert!(!shown.contains(VICTIM) && !shown.contains(WORDS), "{}: {shown}", table.name());
        }
    }
}

#[tokio::test]
async fn a_record_without_a_name_is_found_by_its_item() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(7, 0).by(VICTIM), Row::new(7, 1).version(2)]).await;
    let nameless = Quoted { author: None, ..theirs() };
    store.append(&[case("c1", CaseEvent::JOINED, Some(nameless))], None).await.unwrap();
    let report = store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    assert_eq!((report.logs.rows_removed, report.feedback_rows), (1, 2));
    assert!(store.tail::<CaseEvent>(Mark::default()).await.unwrap().events.is_empty());
}

#[tokio::test]
async fn whoever_had_read_the_log_hears_that_it_has_to_be_read_anew() {
    let (root, store) = filled().await;
    let reader = open(&root).await;
    let read = reader.tail::<AlertEvent>(Mark::default()).await.unwrap();
    store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    let refused = reader.append(&[alert()], Some(read.mark)).await.unwrap_err();
    assert_eq!(refused.next(), store::Next::Remake);
    let again = reader.tail::<AlertEvent>(read.mark).await.unwrap();
    assert!(again.anew && again.mark != read.mark);
    assert_eq!((again.events.len(), again.events[0].quoted.len()), (2, 1));
    let later = reader.tail::<AlertEvent>(again.mark).await.unwrap();
    assert_eq!((later.events.len(), later.anew), (0, false));
}

#[tokio::test]
async fn nobody_comes_back_by_what_is_written_after_the_erasure() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(7, 0).by(VICTIM)]).await;
    store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    store.append(&[alert()], None).await.unwrap();
    store.append(&[case("c1", CaseEvent::JOINED, Some(theirs()))], None).await.unwrap();
    let alerts = store.tail::<AlertEvent>(Mark::default()).await.unwrap().events;
    assert_eq!((alerts.len(), &alerts[0].quoted), (1, &vec![others()]));
    assert_eq!(parsed(alerts[0].payload.as_ref()), left());
    assert!(store.tail::<CaseEvent>(Mark::default()).await.unwrap().events.is_empty());
}

#[tokio::test]
async fn maintenance_takes_out_what_a_writer_that_died_had_left() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(7, 0).by(VICTIM)]).await;
    store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    // Tables that knew of no erasure take the row.
    let (suppressions, aside) = (root.path().join("suppressions"), root.path().join("aside"));
    std::fs::rename(&suppressions, &aside).unwrap();
    open(&root).await.append(&[alert()], None).await.unwrap();
    std::fs::remove_dir_all(&suppressions).unwrap();
    std::fs::rename(&aside, &suppressions).unwrap();
    let again = open(&root).await;
    let quoted_now = async || {
        let events = again.tail::<AlertEvent>(Mark::default()).await.unwrap().events;
        events[0].quoted.clone()
    };
    assert_eq!(quoted_now().await, [theirs(), others()]);
    again.maintain(&MaintainOptions::default()).await.unwrap();
    assert_eq!(quoted_now().await, [others()]);
}
