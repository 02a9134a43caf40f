mod triage;
mod vendor;

use super::*;
use analyze::Options;
use analyze::pseudonym::Pseudonym;
use analyze::taxonomy::Taxonomy;
use feedback::ids::Id;
use feedback::kind::Registry;
use feedback::limits::Limits;
use polars::prelude::DataFrame;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use store::{Advance, Batch, Store, StoreOptions};

fn processor() -> Processor {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let key: [u8; 32] = std::array::from_fn(|at| at as u8);
    let decoder = Decoder::new(Registry::default(), Limits::default());
    Processor::new(decoder, analyzer, PseudonymKey::from_bytes(key).unwrap(), Arc::new(WorkerMetrics::new()))
}

fn event(kind: &str, data: &Value) -> Vec<u8> {
    json!({
        "specversion": "1.0", "id": "e1", "source": "inbox of ann@example.org",
        "type": format!("feedback.{kind}"), "time": "2026-05-04T10:00:00Z", "data": data,
    })
    .to_string()
    .into_bytes()
}

fn message(payload: &[u8]) -> Message<'_> {
    Message {
        payload,
        headers: Headers::default(),
        topic: "t",
        partition: 0,
        offset: 7,
        ingested_at: Timestamp(1_780_000_000_000_000),
    }
}

fn process(processor: &Processor, payload: &[u8], suppressions: &Suppressions) -> (Outcome, Desk) {
    let mut desk = Desk::default();
    let outcome = processor.process(&message(payload), suppressions, &mut desk);
    (outcome, desk)
}

/// The rows as the tables hold them.
fn rows(desk: &mut Desk) -> DataFrame {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(dir.path().to_str().unwrap(), StoreOptions::default()).await.unwrap();
        let advances = vec![Advance { app_id: "test".to_owned(), from: None, next: 1 }];
        let facts = desk.facts.encode().unwrap();
        store.commit(&Batch { facts, advances, ..Batch::default() }).await.unwrap();
        store.collect(store.feedback().await.unwrap()).await.unwrap()
    })
}

fn text(rows: &DataFrame, column: &str) -> String {
    rows.column(column).unwrap().str().unwrap().get(0).unwrap_or_default().to_owned()
}

fn ticket() -> Value {
    json!({
        "id": "ann@example.org/1",
        "conversation_id": "c1",
        "author": { "id": "u1", "email": "ann@example.org", "name": "Ann Example", "account": "ann@example.org" },
        "title": "Login of Ann Example fails",
        "messages": [
            { "role": "customer", "text": "I cannot log in as ann@example.org since the update." },
            { "role": "agent", "text": "Dear Ann Example, we wrote to ann@example.org.", "name": "Bob Helper" },
        ],
        "product": "Atlas", "permalink": "https://desk.example.org/1",
        "tags": ["login", "ann@example.org"],
        "plan": "pro", "customer_phone": "+49 30 901820",
    })
}

#[test]
fn nothing_personal_leaves_the_processor() {
    let (outcome, mut desk) =
        process(&processor(), &event("ticket.created", &ticket()), &Suppressions::default());
    assert_eq!(outcome, Outcome::Facts { records: 1, deletion: false });
    let rows = rows(&mut desk);
    for column in rows.columns() {
        let shown = format!("{:?}", column.as_materialized_series().iter().collect::<Vec<_>>());
        for secret in ["ann@example", "Ann Example", "Bob Helper", "901820"] {
            assert!(!shown.contains(secret), "{secret} shows in {}: {shown}", column.name());
        }
    }
    assert!(text(&rows, "author").starts_with("a_") && text(&rows, "account").starts_with("p_"));
    assert!(text(&rows, "native_id").starts_with("p_") && text(&rows, "source").starts_with("p_"));
    assert_eq!(text(&rows, "body"), "I cannot log in as [email] since the update.");
    assert_eq!(text(&rows, "product"), "Atlas");
    assert!(text(&rows, "metadata").contains("\"plan\":\"pro\""), "{}", text(&rows, "metadata"));
}

/// Columns as files have them, told of by no field of a contract.
#[test]
fn people_in_extra_fields_are_masked_in_the_texts_too() {
    const PEOPLE: [&str; 9] = [
        "Customer",
        "Contact",
        "Reviewer",
        "Respondent",
        "Owner",
        "Assignee",
        "Employee",
        "Kunde",
        "Submitted by",
    ];
    let name = |at: usize| format!("Wix{} Thren{}a", (b'a' + at as u8) as char, (b'k' + at as u8) as char);
    let mut metadata = json!({
        "Plan": "gold", "customer_count": 12, "customer_tier": "gold", "note": "met Wixa on Monday",
        "Agent": "yes please", "crm": { "lead": { "full_name": "Qorbar Wyxdil" } },
    });
    let mut said = "Plan gold is fine, yes please, says Qorbar.".to_owned();
    for (at, field) in PEOPLE.iter().enumerate() {
        metadata[field] = name(at).into();
        said += &format!(" {} and {}.", name(at), name(at).split(' ').next_back().unwrap());
    }
    let data = json!({ "id": "1", "score": 9, "text": said, "metadata": metadata });
    let payload = event("nps.created", &data);
    let processor = processor();
    let (_, mut desk) = process(&processor, &payload, &Suppressions::default());
    let rows = rows(&mut desk);
    let (body, stored) = (text(&rows, "body"), text(&rows, "metadata"));
    assert_eq!(
        body,
        "Plan gold is fine, yes please, says [name].".to_owned()
            + &" [name] and [name].".repeat(PEOPLE.len())
    );
    let stored: Value = serde_json::from_str(&stored).unwrap();
    assert!(PEOPLE.iter().all(|field| stored[field] == "[name]"), "{stored}");
    assert_eq!((&stored["customer_count"], &stored["customer_tier"]), (&json!(12), &json!("gold")));
    assert_eq!((&stored["Plan"], &stored["note"]), (&json!("gold"), &json!("met [name] on Monday")));
    // A look at a file shows the same.
    let (shown, refused) = processor.preview(&payload, Headers::default(), message(&payload).ingested_at);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((refused, &shown["data"]["metadata"]), (None, &stored));
    assert_eq!(shown["data"]["text"], body);
}

#[test]
fn ids_follow_from_what_the_tables_hold() {
    let (_, mut desk) = process(&processor(), &event("ticket.created", &ticket()), &Suppressions::default());
    let rows = rows(&mut desk);
    let [source, native_id] = ["source", "native_id"].map(|column| text(&rows, column));
    assert_eq!(text(&rows, "item_id"), Id::of(&["ticket", &source, &native_id]).to_string());
    assert_eq!(text(&rows, "record_id"), Id::of(&["ticket", &source, &native_id, ""]).to_string());
}

#[test]
fn every_message_ends_somewhere() {
    let processor = processor();
    let cases: [(&[u8], Outcome, &str); 5] = [
        (b"\xff\xfe", Outcome::DeadLetter, "invalid_utf8"),
        (b"{\"id\":", Outcome::DeadLetter, "invalid_json"),
        (b"", Outcome::DeadLetter, "invalid_json"),
        (&event("nps.created", &json!({ "id": "1", "score": 11 })), Outcome::DeadLetter, "out_of_range"),
        (
            &event("social.created", &json!({ "id": "1", "text": "x", "repost_of": "2" })),
            Outcome::Ignored,
            "repost",
        ),
    ];
    for (payload, expected, reason) in cases {
        let (outcome, desk) = process(&processor, payload, &Suppressions::default());
        assert_eq!((outcome, desk.facts.rows()), (expected, 0));
        assert_eq!(desk.notes[0].reason, reason);
        assert_eq!((&*desk.notes[0].position.topic, desk.notes[0].position.offset), ("t", 7));
    }
    let deletion = event("nps.deleted", &json!({ "id": "1" }));
    let (outcome, desk) = process(&processor, &deletion, &Suppressions::default());
    assert_eq!((outcome, desk.facts.rows()), (Outcome::Facts { records: 1, deletion: true }, 1));
}

#[test]
fn a_dead_letter_is_redacted() {
    let payload = event(
        "nps.created",
        &json!({ "id": "1", "score": 99, "text": "call +49 30 901820", "author": { "email": "ann@example.org" } }),
    );
    let (_, desk) = process(&processor(), &payload, &Suppressions::default());
    let shown = format!("{:?}", desk.notes);
    assert!(!shown.contains("901820") && !shown.contains("ann@example"), "{shown}");
    assert!(desk.notes[0].author.as_deref().is_some_and(|author| author.starts_with("a_")));
}

#[test]
fn a_name_groups_nobody_in_the_clear() {
    let author = json!({ "id": "u1", "name": "Ann Example", "account": "Ann Example" });
    let data = |account: &Value, conversation: &str| {
        json!({
            "id": "about Ann Example", "score": 9, "conversation_id": conversation,
            "author": { "id": "u1", "name": "Ann Example", "account": account },
        })
    };
    let processor = processor();
    let row = |account: &Value, conversation: &str| {
        let payload = event("nps.created", &data(account, conversation));
        rows(&mut process(&processor, &payload, &Suppressions::default()).1)
    };
    let named = row(&author["account"], "conv of Ann Example");
    for column in ["account", "conversation_id"] {
        let text = text(&named, column);
        assert!(text.starts_with("p_"), "{column} {text}");
    }
    let others = row(&json!("acme"), "conv-7");
    assert_eq!(
        (text(&others, "account"), text(&others, "conversation_id")),
        ("acme".into(), "conv-7".into())
    );
    // One word of a name is a company's as well; all of it is the person's.
    for (account, clear) in [
        ("Example Ltd", true),
        ("EXAMPLE", true),
        ("Dr. Example Kosmetik", true),
        ("Practice of Ann Example", false),
    ] {
        let shown = text(&row(&json!(account), "conv-7"), "account");
        assert_eq!(shown == account, clear, "{account} {shown}");
    }
    // A deletion tells only the id, and must find its item.
    assert_eq!(text(&others, "native_id"), "about Ann Example");
}

#[test]
fn labels_and_the_product_are_nobody() {
    let data = json!({
        "id": "1", "score": 9, "text": "Hi Larchdeck, I pay. Larchdeck crashes.", "product": "Larchdeck",
        "tags": ["Dr. Oetker"], "metadata": { "Brand": "Dr. Thren Baking" },
    });
    let (_, mut desk) = process(&processor(), &event("nps.created", &data), &Suppressions::default());
    let rows = rows(&mut desk);
    assert_eq!(text(&rows, "body"), "Hi Larchdeck, I pay. Larchdeck crashes.");
    assert_eq!(text(&rows, "metadata"), r#"{"Brand":"Dr. Thren Baking"}"#);
    let tags = rows.column("tags").unwrap().as_materialized_series();
    let tags = format!("{:?}", tags.iter().collect::<Vec<_>>());
    assert!(tags.contains("Dr. Oetker"), "{tags}");
}

#[test]
fn a_survey_gives_a_record_for_each_answer() {
    let data = json!({ "id": "s1", "answers": [
        { "id": "why", "question": "Why?", "text": "Search is slow." },
        { "id": "rate", "score": { "kind": "csat", "value": 2, "min": 1, "max": 5 } },
    ]});
    let (outcome, desk) = process(&processor(), &event("survey.created", &data), &Suppressions::default());
    assert_eq!((outcome, desk.facts.rows()), (Outcome::Facts { records: 2, deletion: false }, 2));
}

/// After an erasure of this author.
fn without(author: Pseudonym) -> Suppressions {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(dir.path().to_str().unwrap(), StoreOptions::default()).await.unwrap();
        store.erase(author.as_str(), &store::EraseOptions::default()).await.unwrap();
        store.suppressions().await.unwrap()
    })
}

#[test]
fn whoever_asked_to_be_forgotten_stays_so() {
    let processor = processor();
    let author =
        processor.key().author("inbox of ann@example.org", Some("u1"), Some("ann@example.org")).unwrap();
    for name in author.names() {
        let suppressions = without(*name);
        let (outcome, desk) = process(&processor, &event("ticket.created", &ticket()), &suppressions);
        assert_eq!((outcome, desk.facts.rows()), (Outcome::Erased { records: 1 }, 0));
        assert_eq!((desk.notes[0].outcome, &desk.notes[0].payload), (store::Outcome::Erased, &None));
        // The commit hears of the other name.
        assert_eq!(desk.notes[0].author.as_deref(), Some(author.name.as_str()));
        assert_eq!(desk.notes[0].author_alias.as_deref(), author.alias.as_ref().map(Pseudonym::as_str));
    }
}

#[test]
fn a_broken_message_of_theirs_is_no_dead_letter() {
    let processor = processor();
    let author = processor.key().author("inbox of ann@example.org", Some("u1"), None).unwrap();
    let suppressions = without(author.name);
    let data =
        |id: &str| json!({ "id": "1", "score": 99, "author": { "id": id, "email": "ann@example.org" } });
    let refused = event("nps.created", &data("u1"));
    let mut torn = event("nps.created", &json!({ "author": { "id": "u1", "name": "Ann" }, "score": 9 }));
    torn.truncate(torn.len() - 3);
    for payload in [&refused, &torn] {
        let (outcome, desk) = process(&processor, payload, &suppressions);
        assert_eq!(outcome, Outcome::Erased { records: 1 });
        assert_eq!((desk.notes[0].outcome, &desk.notes[0].payload), (store::Outcome::Erased, &None));
    }
    let (outcome, desk) = process(&processor, &event("nps.created", &data("u2")), &suppressions);
    assert_eq!(outcome, Outcome::DeadLetter);
    assert!(desk.notes[0].author_alias.is_some());
}

#[test]
fn a_version_stays_a_version() {
    let data = json!({
        "id": "1", "score": 9, "app_version": "10.4.2.1", "os_version": "10.4.2.2", "seen_from": "10.4.2.3",
    });
    let (_, mut desk) = process(&processor(), &event("nps.created", &data), &Suppressions::default());
    let rows = rows(&mut desk);
    assert_eq!(text(&rows, "app_version"), "10.4.2.1");
    let metadata = text(&rows, "metadata");
    assert!(metadata.contains("10.4.2.2") && !metadata.contains("10.4.2.3"), "{metadata}");
}

#[cfg(feature = "failpoints")]
#[test]
fn a_redaction_that_fails_keeps_nothing_and_stops_nothing() {
    let scenario = fail::FailScenario::setup();
    let processor = processor();
    let data = json!({ "id": "s1", "author": { "name": "Ann Example" }, "answers": [
        { "id": "why", "text": "Search is slow, says Ann Example." }, { "id": "what", "text": "The menu." },
    ]});
    let payload = event("survey.created", &data);
    // The second record fails, so the first is none either.
    let (here, seen) = (std::thread::current().id(), std::sync::atomic::AtomicUsize::new(0));
    let second = move || {
        // Other tests pass here, too.
        let mine = std::thread::current().id() == here;
        assert!(!mine || seen.fetch_add(1, Ordering::Relaxed) != 1, "a matcher that fails");
    };
    fail::cfg_callback(failpoints::REDACTION, second).unwrap();
    let (outcome, mut desk) = process(&processor, &payload, &Suppressions::default());
    fail::remove(failpoints::REDACTION);
    assert_eq!((outcome, desk.facts.rows(), desk.notes.len()), (Outcome::DeadLetter, 0, 1));
    let letter = &desk.notes[0];
    assert_eq!((letter.reason.as_str(), &letter.payload, &letter.author), (INTERNAL, &None, &None));
    assert_eq!(letter.position.offset, 7);
    // The next one is whole.
    let outcome = processor.process(&message(&payload), &Suppressions::default(), &mut desk);
    assert_eq!(outcome, Outcome::Facts { records: 2, deletion: false });
    assert_eq!(rows(&mut desk).height(), 2);
    scenario.teardown();
}

#[cfg(feature = "failpoints")]
#[test]
fn an_encoder_that_fails_leaves_the_row_unclassified() {
    let scenario = fail::FailScenario::setup();
    let processor = processor();
    fail::cfg(failpoints::ANALYSIS, "panic").unwrap();
    let (outcome, mut desk) =
        process(&processor, &event("ticket.created", &ticket()), &Suppressions::default());
    fail::remove(failpoints::ANALYSIS);
    assert_eq!(outcome, Outcome::Facts { records: 1, deletion: false });
    assert_eq!(processor.metrics.unclassified.load(Ordering::Relaxed), 1);
    let rows = rows(&mut desk);
    assert_eq!(text(&rows, "body"), "I cannot log in as [email] since the update.");
    assert_eq!(rows.column("sentiment").unwrap().null_count(), 1);
    // The next one is analyzed again.
    processor.process(&message(&event("ticket.created", &ticket())), &Suppressions::default(), &mut desk);
    assert_eq!(self::rows(&mut desk).column("sentiment").unwrap().null_count(), 0);
    scenario.teardown();
}
