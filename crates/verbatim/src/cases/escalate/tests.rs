use super::super::testing::{life, opened};
use super::*;
use crate::config;
use crate::context::Context;
use feedback::ids::Id;
use std::sync::Arc;
use store::{Batch, CaseEvent, FactColumns, FactRow, TriageFact};

const RULES: &str = r#"version = "1"
[[owner]]
name = "identity"
address = "identity@example.com"
escalates_to = "lead"
[[owner]]
name = "lead"
targets = ["lead-chat"]
escalates_to = "head"
[[owner]]
name = "head"
targets = ["head-chat", "nowhere"]
[fallback]
owner = "identity"
priority = "P4"
"#;

const TARGETS: &str = "[[target]]\nname = \"lead-chat\"\nkind = \"kafka\"\ntopic = \"t\"\n\
                       [[target]]\nname = \"head-chat\"\nkind = \"kafka\"\ntopic = \"t\"\n";

struct Desk {
    _dir: tempfile::TempDir,
    store: Store,
    /// Followed from look to look.
    outbox: StoreOutbox,
    cases: Cases,
    rules: Arc<RuleSet>,
    owners: Owners,
    targets: Targets,
}

/// So many hours after some day.
fn at(hours: i64) -> Timestamp {
    Timestamp(1_764_230_400_000_000 + hours * 3_600_000_000)
}

impl Desk {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (rules, tables) = (dir.path().join("triage.toml"), dir.path().join("tables"));
        std::fs::write(&rules, RULES).unwrap();
        let set = |name: &str, path: &std::path::Path| (name.to_owned(), path.to_string_lossy().into_owned());
        let variables = [set("VERBATIM__TRIAGE__RULES", &rules), set("VERBATIM__STORE__PATH", &tables)];
        let loaded = config::assemble(None, variables.into_iter()).unwrap();
        let context = Context { loaded, json: false };
        let store = context.store().await.unwrap();
        Self {
            outbox: StoreOutbox::new(store.clone()),
            cases: Cases::new(store.clone()),
            store,
            rules: context.rules().unwrap().unwrap(),
            owners: Owners::in_force(context.config()).unwrap(),
            targets: Targets::parse("deliver.toml", TARGETS).unwrap(),
            _dir: dir,
        }
    }

    /// A look, so many hours after that day; how many targets hear of something.
    async fn look(&self, hours: i64) -> usize {
        let by = Escalation {
            rules: &self.rules,
            owners: &self.owners,
            targets: &self.targets,
            names: &[],
            base: None,
        };
        escalate(&self.outbox, &self.cases, &by, at(hours)).await.unwrap()
    }

    /// A record that was triaged so.
    async fn report(&self, number: u32, priority: &str, unsure: Option<&str>) {
        let native_id = number.to_string();
        let triage = TriageFact {
            rule: "locked out",
            owner: "identity",
            priority,
            queue: "identity",
            confidence: "high",
            unsure,
            reason: "urgency high at 90%",
            spans: &[],
            labels: &[],
            actions: &[],
            rules: "1:test",
            at: at(0),
        };
        let mut facts = FactColumns::new();
        facts.push(&FactRow {
            record_id: Id(number.into()),
            item_id: Id(number.into()),
            source_kind: "ticket",
            source: "desk",
            native_id: &native_id,
            author: Some("a_1"),
            body: Some("I cannot log in"),
            occurred_at: at(0),
            ingested_at: at(0),
            position_topic: "t",
            position_offset: number.into(),
            triage: Some(triage),
            ..FactRow::default()
        });
        let suppressions = self.store.suppressions().await.unwrap();
        let facts = facts.encode().unwrap();
        self.store.commit(&Batch { facts, suppressions, ..Batch::default() }).await.unwrap();
    }

    async fn note(&self, event: CaseEvent) {
        self.store.append(&[event], None).await.unwrap();
    }

    async fn opened(&self, case: &str, record: u32, hours: i64) {
        self.note(opened(case, &Id(record.into()).to_string(), at(hours).0)).await;
    }

    /// Note and target of everything that was queued.
    async fn said(&self) -> Vec<(String, String)> {
        let entries = StoreOutbox::new(self.store.clone()).entries().await.unwrap();
        entries.into_iter().map(|entry| (entry.note.id, entry.target)).collect()
    }
}

fn told(id: &str, target: &str) -> (String, String) {
    (id.to_owned(), target.to_owned())
}

#[tokio::test]
async fn each_step_is_told_once_and_what_is_only_named_is_passed_over() {
    let desk = Desk::new().await;
    assert_eq!(desk.look(0).await, 0, "it begins here");
    desk.report(1, "P1", None).await;
    desk.opened("aa01", 1, 1).await;
    assert_eq!(desk.look(4).await, 0);
    assert_eq!(desk.look(5).await, 1);
    assert_eq!(desk.look(5).await, 0);
    assert_eq!(desk.look(8).await, 0);
    assert_eq!(desk.look(9).await, 1);
    assert_eq!(desk.look(1_000).await, 0, "there is nobody above");
    let both = [told("case-aa01-escalated-0-1", "lead-chat"), told("case-aa01-escalated-0-2", "head-chat")];
    assert_eq!(desk.said().await, both);
    let entries = StoreOutbox::new(desk.store.clone()).entries().await.unwrap();
    let note = &entries[0].note;
    assert_eq!((note.group.as_str(), note.occurred), ("aa01", at(5)));
    assert!(serde_json::to_string(note).unwrap().contains("I cannot log in"));
    // An erasure finds the words by whose they are.
    desk.store.erase("a_1", &store::EraseOptions::default()).await.unwrap();
    let entries = StoreOutbox::new(desk.store.clone()).entries().await.unwrap();
    assert!(!serde_json::to_string(&entries[0].note).unwrap().contains("I cannot log in"));
}

#[tokio::test]
async fn who_takes_it_up_ends_it_until_it_comes_back() {
    let desk = Desk::new().await;
    desk.look(0).await;
    desk.report(1, "P1", None).await;
    desk.opened("aa01", 1, 1).await;
    desk.note(life("aa01", "acknowledged", at(2).0, "jane")).await;
    assert_eq!(desk.look(30).await, 0);
    desk.note(life("aa01", "resolved", at(40).0, "jane")).await;
    assert_eq!(desk.look(45).await, 0);
    desk.note(life("aa01", "reopened", at(50).0, "joe")).await;
    assert_eq!(desk.look(53).await, 0, "the time counts from when it came back");
    assert_eq!(desk.look(54).await, 1);
    assert_eq!(desk.said().await, [told("case-aa01-escalated-1-1", "lead-chat")]);
}

#[tokio::test]
async fn by_the_highest_priority_that_is_sure() {
    let desk = Desk::new().await;
    desk.look(0).await;
    desk.report(1, "P1", Some("urgency")).await;
    desk.opened("aa01", 1, 1).await;
    desk.report(2, "P3", None).await;
    desk.opened("aa02", 2, 1).await;
    desk.report(3, "P3", None).await;
    desk.report(4, "P2", None).await;
    desk.opened("aa03", 3, 1).await;
    desk.note(super::super::testing::joined("aa03", &Id(4).to_string(), at(2).0)).await;
    assert_eq!(desk.look(48).await, 0, "one waits for a person, one may wait, one has two days");
    assert_eq!(desk.look(49).await, 1);
    assert_eq!(desk.said().await, [told("case-aa03-escalated-0-1", "lead-chat")]);
}

#[tokio::test]
async fn what_waited_before_it_was_switched_on_is_left_alone() {
    let desk = Desk::new().await;
    desk.report(1, "P1", None).await;
    desk.opened("aa01", 1, 1).await;
    desk.report(2, "P1", None).await;
    desk.opened("aa02", 2, 8).await;
    assert_eq!(desk.look(10).await, 0, "it begins here");
    assert_eq!(desk.look(12).await, 1);
    assert_eq!(desk.said().await, [told("case-aa02-escalated-0-1", "lead-chat")]);
}
