use super::*;
use deliver::Entry;
use feedback::ids::Id;
use feedback::span::Span;
use feedback::time::Timestamp;
use insight::triage::Kept;
use std::ops::Range;
use store::{Batch, EraseOptions, FactColumns, FactRow, StoreOptions, TriageFact};

const TARGETS: &str = "[[target]]\nname = \"chat\"\nkind = \"kafka\"\ntopic = \"t\"\n\
                       [[target]]\nname = \"crm\"\nkind = \"kafka\"\ntopic = \"t\"\n";

/// Each occurred a microsecond after the one before it.
pub fn invented(number: i64, rule: &str, actions: &[&str]) -> Decided {
    let kept = Kept {
        record: format!("r{number}"),
        source: "ticket".to_owned(),
        event_source: "desk".to_owned(),
        native_id: format!("T-{number}"),
        occurred_at: Timestamp(number),
        stored_at: Timestamp(number),
        rule: rule.to_owned(),
        owner: "identity".to_owned(),
        priority: "P1".to_owned(),
        queue: "access".to_owned(),
        confidence: "high".to_owned(),
        unsure: None,
        reason: "urgency high at 90%".to_owned(),
        spans: Vec::new(),
        labels: Vec::new(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        rules: "1:test".to_owned(),
        at: Timestamp(number),
    };
    Decided {
        kept,
        author: Some(format!("a_{number}")),
        author_alias: None,
        account: None,
        product: None,
        kind: Some("bug".to_owned()),
        topics: vec!["login_access".to_owned()],
        words: format!("words of r{number}"),
    }
}

struct Desk {
    _dir: tempfile::TempDir,
    store: Store,
    /// Followed from pass to pass.
    outbox: StoreOutbox,
    targets: Targets,
}

impl Desk {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let outbox = StoreOutbox::new(store.clone());
        Self { _dir: dir, store, outbox, targets: Targets::parse("deliver.toml", TARGETS).unwrap() }
    }

    async fn act(&self) -> Acted {
        act(&self.outbox, &self.targets, &[], None).await.unwrap()
    }

    async fn came(&self, numbers: Range<i64>, actions: &[&str]) {
        self.commit(numbers, 1, None, actions).await;
    }

    /// Records of these numbers, each by an author of its own.
    async fn commit(&self, numbers: Range<i64>, version: i64, unsure: Option<&str>, actions: &[&str]) {
        let actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
        let mut facts = FactColumns::new();
        for number in numbers {
            let (native_id, author) = (number.to_string(), format!("a_{number}"));
            let triage = TriageFact {
                rule: "locked out",
                owner: "identity",
                priority: "P1",
                queue: "access",
                confidence: "high",
                unsure,
                reason: "urgency high at 90%",
                spans: &[Span::new(2, 15)],
                labels: &[],
                actions: &actions,
                rules: "1:test",
                at: Timestamp(number),
            };
            facts.push(&FactRow {
                record_id: Id(number as u128),
                item_id: Id(number as u128),
                source_kind: "ticket",
                source: "desk",
                native_id: &native_id,
                version,
                author: Some(&author),
                body: Some("I cannot log in"),
                occurred_at: Timestamp(number),
                position_topic: "t",
                position_offset: number + 1_000 * version,
                triage: Some(triage),
                ..FactRow::default()
            });
        }
        let suppressions = self.store.suppressions().await.unwrap();
        let facts = facts.encode().unwrap();
        self.store.commit(&Batch { facts, suppressions, ..Batch::default() }).await.unwrap();
    }

    async fn entries(&self) -> Vec<Entry> {
        StoreOutbox::new(self.store.clone()).entries().await.unwrap()
    }
}

fn done(records: usize, queued: usize) -> Acted {
    Acted { begun: false, records, queued }
}

#[tokio::test]
async fn what_comes_after_it_was_switched_on_is_told_once() {
    let desk = Desk::new().await;
    desk.came(0..9, &["chat"]).await;
    assert_eq!(desk.act().await, Acted { begun: true, ..Acted::default() });
    assert_eq!(desk.act().await, done(0, 0), "what was there before is in the tables");
    desk.came(9..11, &["chat", "crm"]).await;
    assert_eq!(desk.act().await, done(2, 4));
    assert_eq!(desk.act().await, done(0, 0));
    let entries = desk.entries().await;
    assert_eq!(entries[0].note.title, "P1 for identity: locked out");
    assert!(serde_json::to_string(&entries[0].note).unwrap().contains("I cannot log in"));

    desk.commit(11..12, 1, Some("urgency"), &["chat"]).await;
    desk.came(12..13, &[]).await;
    assert_eq!(desk.act().await, done(0, 0), "one waits for a person, one names nobody");
    desk.commit(9..10, 2, None, &["chat"]).await;
    assert_eq!(desk.act().await, done(0, 0), "they have heard of it");
    desk.came(13..14, &["nobody"]).await;
    assert_eq!(desk.act().await, done(1, 0), "what is no target is passed over");
}

#[tokio::test]
async fn many_at_once_are_one_message() {
    let desk = Desk::new().await;
    desk.act().await;
    desk.came(0..6, &["chat"]).await;
    assert_eq!(desk.act().await, done(6, 1));
    desk.came(6..12, &["chat"]).await;
    assert_eq!(desk.act().await, done(6, 1));
    let entries = desk.entries().await;
    let titles: Vec<&str> = entries.iter().map(|entry| entry.note.title.as_str()).collect();
    assert_eq!(titles, ["6 records of P1 for identity: locked out"; 2]);
    assert_ne!(entries[0].note.id, entries[1].note.id);
}

#[tokio::test]
async fn a_pass_that_was_cut_off_is_made_up_for_with_the_same_messages() {
    let desk = Desk::new().await;
    desk.act().await;
    let from = desk.store.version().await.unwrap();
    desk.came(0..7, &["chat"]).await;
    // Killed before it notes how far it got; more comes since.
    let (to, all) = came_since(&desk.store, from).await.unwrap();
    assert!(desk.store.note_got_to(PLANNED, None, to).await.unwrap());
    let plan = plan(&all, to, &queued(&desk.outbox, keys(&all, to)).await.unwrap());
    assert_eq!(queue(&desk.outbox, &desk.targets, &plan, &[], None).await.unwrap(), 1);
    desk.came(7..9, &["chat"]).await;
    assert_eq!(desk.act().await, done(0, 0), "all of it is queued");
    assert_eq!(desk.act().await, done(2, 2), "what came since");
    assert_eq!(desk.entries().await.len(), 3);

    // Killed before it queued anything: it is told by what it had planned.
    let from = desk.store.version().await.unwrap();
    desk.came(9..11, &["chat"]).await;
    let to = desk.store.version().await.unwrap();
    assert!(desk.store.note_got_to(PLANNED, Some(from), to).await.unwrap());
    desk.came(11..20, &["chat"]).await;
    assert_eq!(desk.act().await, done(2, 2));
    assert_eq!(desk.act().await, done(9, 1));
}

#[tokio::test]
async fn of_two_passes_at_once_each_message_is_queued_once() {
    let desk = Desk::new().await;
    desk.act().await;
    desk.came(0..8, &["chat"]).await;
    let (one, other) = tokio::join!(desk.act(), desk.act());
    assert!(one.queued <= 1 && other.queued <= 1, "{one:?} {other:?}");
    desk.act().await;
    assert_eq!(desk.entries().await.len(), 1);
}

#[tokio::test]
async fn an_erasure_takes_all_of_a_message_about_a_record_and_the_words_out_of_others() {
    let desk = Desk::new().await;
    desk.act().await;
    desk.came(0..2, &["chat"]).await;
    desk.came(2..9, &["crm"]).await;
    assert_eq!(desk.act().await, done(9, 3));
    desk.store.erase("a_1", &EraseOptions::default()).await.unwrap();
    desk.store.erase("a_8", &EraseOptions::default()).await.unwrap();
    let left: Vec<String> =
        desk.entries().await.iter().map(|entry| serde_json::to_string(&entry.note).unwrap()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    let (gone, there) = (Id(8).to_string(), Id(7).to_string());
    assert!(left.iter().any(|note| note.contains(&there)) && !left.iter().any(|note| note.contains(&gone)));
}
