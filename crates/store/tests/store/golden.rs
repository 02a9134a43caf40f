//! Tables written by an older version are read as they were meant.
//!
//! `tests/golden/v1` was written by `cargo run -p store --example write_golden`, once; a change of the
//! schema adds another beside it and leaves it alone. `v2` has `author_alias`, `v3` a network's vector, `v4` the
//! decision of the triage and the logs of what happened, `v5` corrections and the audit.

#[path = "golden_rows.rs"]
#[allow(dead_code, reason = "the facts are written by the example")]
mod golden_rows;

use crate::rows::{numbers, texts};
use golden_rows::{FIRST_DAY, NETWORK_EMBEDDING, embedding};
use polars::prelude::*;
use std::path::Path;
use store::{
    AlertEvent, AuditEvent, CaseEvent, DeadLetterFilter, DeliveryEvent, Digest, Ledger, Mark, Outcome, Seen,
    Store, StoreOptions,
};

/// Each test of each version.
macro_rules! of_each_version {
    ($($version:ident: $($name:ident),*;)*) => {
        $(mod $version {
            $(#[tokio::test]
            async fn $name() {
                super::$name(stringify!($version)).await;
            })*
        })*
    };
}

of_each_version! {
    v1: counts_and_offsets_are_as_written, every_column_of_a_fact_is_read, lists_of_a_fact_are_read, what_was_empty_is_null, notes_and_insights_are_read, an_old_table_can_be_written_compacted_and_erased;
    v2: counts_and_offsets_are_as_written, every_column_of_a_fact_is_read, lists_of_a_fact_are_read, what_was_empty_is_null, notes_and_insights_are_read, an_old_table_can_be_written_compacted_and_erased;
    v3: counts_and_offsets_are_as_written, every_column_of_a_fact_is_read, lists_of_a_fact_are_read, what_was_empty_is_null, notes_and_insights_are_read, an_old_table_can_be_written_compacted_and_erased;
    v4: counts_and_offsets_are_as_written, every_column_of_a_fact_is_read, lists_of_a_fact_are_read, what_was_empty_is_null, notes_and_insights_are_read, an_old_table_can_be_written_compacted_and_erased;
    v5: counts_and_offsets_are_as_written, every_column_of_a_fact_is_read, lists_of_a_fact_are_read, what_was_empty_is_null, notes_and_insights_are_read, an_old_table_can_be_written_compacted_and_erased;
}

/// A copy, since opening makes what is missing.
async fn golden(version: &str) -> (tempfile::TempDir, Store) {
    let root = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(version), root.path());
    let store = Store::open(root.path().to_str().unwrap(), StoreOptions::default()).await.unwrap();
    (root, store)
}

/// Whether a version has what came with `least`.
fn has(version: &str, least: u32) -> bool {
    version.trim_start_matches('v').parse::<u32>().unwrap() >= least
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

async fn counts_and_offsets_are_as_written(version: &str) {
    let (_root, store) = golden(version).await;
    let ledger = store.ledger().await.unwrap();
    let wanted = Ledger { facts: 16, superseded: 4, duplicates: 1, ignored: 1, dead_letters: 1, erased: 2 };
    assert_eq!(ledger, wanted);
    let app_ids = ["golden/feedback.survey/2".to_owned(), "golden/feedback.nps/0".to_owned(), "x".to_owned()];
    assert_eq!(store.resume(&app_ids).await.unwrap(), [Some(101), Some(72), None]);
    assert_eq!(store.rolled_up_to().await.unwrap(), Some(Seen { version: 1, corrections: 0 }));
    assert_eq!(store.positions("feedback.nps", 0).await.unwrap().ranges(), &[0..14, 50..51, 60..63, 70..72]);
    assert!(store.suppressions().await.unwrap().contains("a_ffffffffffffffffffffffffffffffff"));
}

async fn every_column_of_a_fact_is_read(version: &str) {
    let (_root, store) = golden(version).await;
    let facts = store.current_facts().await.unwrap();
    let row = store.collect(facts.clone().filter(col("native_id").eq(lit("full")))).await.unwrap();
    assert_eq!(row.height(), 1);
    let wanted = [
        ("source_kind", "survey"),
        ("source", "form"),
        ("part", "q1"),
        ("conversation_id", "response-7"),
        ("author", "a_0123456789abcdef0123456789abcdef"),
        ("account", "acme"),
        ("segment", "enterprise"),
        ("product", "Atlas"),
        ("app_version", "4.2.0"),
        ("platform", "android"),
        ("territory", "DE"),
        ("permalink", "https://example.org/r/7"),
        ("question", "What should we improve?"),
        ("title", "Sync"),
        ("body", "Die Synchronisierung hängt ⏳ seit dem Update, bitte an [email] melden."),
        ("agent_text", "We are looking into it."),
        ("score_kind", "csat"),
        ("language", "de"),
        ("sentiment", "negative"),
        ("kind", "bug"),
        ("urgency", "high"),
        ("metadata", "{\"browser\":\"x\"}"),
        ("encoder", "builtin-1"),
        ("vector", "builtin-1/64"),
        ("taxonomy", "default-1"),
        ("position_topic", "feedback.survey"),
    ];
    for (name, wanted) in wanted {
        assert_eq!(texts(&row, name), [Some(wanted.to_owned())], "{name}");
    }
    let alias = (version != "v1").then(|| "a_00112233445566778899aabbccddeeff".to_owned());
    assert_eq!(texts(&row, "author_alias"), [alias]);
    let start = i64::from(FIRST_DAY) * 86_400_000_000;
    let wanted = [
        ("day", i64::from(FIRST_DAY)),
        ("version", 3),
        ("content_hash", -42),
        ("occurred_at", start + 10_000_000),
        ("updated_at", start + 20_000_000),
        ("collected_at", start + 30_000_000),
        ("ingested_at", start + 86_400_000_000),
        ("position_partition", 2),
        ("position_offset", 100),
    ];
    for (name, wanted) in wanted {
        assert_eq!(numbers(&row, name), [Some(wanted)], "{name}");
    }
    let wanted = [
        ("revenue", 12_500.5),
        ("score_value", 2.0),
        ("score_min", 1.0),
        ("score_max", 5.0),
        ("sentiment_confidence", 0.875),
        ("p_negative", 0.875),
        ("p_neutral", f64::from(0.1_f32)),
        ("p_positive", f64::from(0.025_f32)),
        ("kind_confidence", 0.75),
        ("urgency_confidence", 0.625),
    ];
    for (name, wanted) in wanted {
        let value = row.column(name).unwrap().cast(&DataType::Float64).unwrap();
        assert_eq!(value.f64().unwrap().get(0), Some(wanted), "{name}");
    }
    assert_eq!(row.column("deleted").unwrap().bool().unwrap().get(0), Some(false));
    let vector = row.column("embedding").unwrap().binary().unwrap().get(0).unwrap().to_vec();
    assert_eq!(vector, embedding().into_iter().map(|n| n as u8).collect::<Vec<u8>>());
    let told = has(version, 3);
    assert_eq!(texts(&row, "network_vector"), [told.then(|| "minilm-1".to_owned())]);
    let vector = row.column("network_embedding").unwrap().binary().unwrap().get(0).map(<[u8]>::to_vec);
    assert_eq!(vector, told.then(|| NETWORK_EMBEDDING.iter().map(|n| *n as u8).collect()));
    the_decision_is_read(has(version, 4), &row);
}

/// `row` is that of the full fact; older tables have no decision.
fn the_decision_is_read(decided: bool, row: &DataFrame) {
    let wanted = [
        ("triage_rule", "sync breaks"),
        ("triage_owner", "quality"),
        ("triage_priority", "P2"),
        ("triage_queue", "mobile"),
        ("triage_confidence", "medium"),
        ("triage_unsure", "kind"),
        ("triage_reason", "kind bug at 75%, topics sync at 90%"),
        ("triage_rules", "1:0a1b2c3d"),
    ];
    for (name, wanted) in wanted {
        assert_eq!(texts(row, name), [decided.then(|| wanted.to_owned())], "{name}");
    }
    let at = i64::from(FIRST_DAY + 1) * 86_400_000_000 + 1_000_000;
    assert_eq!(numbers(row, "triaged_at"), [decided.then_some(at)]);
    let nulls = usize::from(!decided);
    for name in ["triage_spans", "triage_labels", "triage_actions"] {
        assert_eq!(row.column(name).unwrap().null_count(), nulls, "{name}");
    }
}

async fn lists_of_a_fact_are_read(version: &str) {
    let (_root, store) = golden(version).await;
    let facts = store.current_facts().await.unwrap().filter(col("native_id").eq(lit("full")));
    let explode = |name: &str| {
        facts.clone().select([col(name).explode(ExplodeOptions { empty_as_null: true, keep_nulls: true })])
    };
    let tags = store.collect(explode("tags")).await.unwrap();
    assert_eq!(texts(&tags, "tags"), [Some("beta".to_owned()), Some("mobile".to_owned())]);
    let topics = store.collect(explode("topics")).await.unwrap();
    let topics = topics.column("topics").unwrap().struct_().unwrap().clone().unnest();
    assert_eq!(texts(&topics, "topic"), [Some("sync".to_owned()), Some("support".to_owned())]);
    assert_eq!(texts(&topics, "sentiment"), [Some("negative".to_owned()), Some("unknown".to_owned())]);
    assert_eq!(numbers(&topics, "start"), [Some(0), Some(46)]);
    assert_eq!(numbers(&topics, "end"), [Some(45), Some(70)]);
    let confidence = topics.column("confidence").unwrap().f32().unwrap();
    assert_eq!((confidence.get(0), confidence.get(1)), (Some(0.9), Some(0.6)));
    let redactions = store.collect(explode("redactions")).await.unwrap();
    let redactions = redactions.column("redactions").unwrap().struct_().unwrap().clone().unnest();
    assert_eq!(texts(&redactions, "class"), [Some("email".to_owned()), Some("phone".to_owned())]);
    assert_eq!(numbers(&redactions, "count"), [Some(1), Some(2)]);
    if has(version, 4) {
        let spans = store.collect(explode("triage_spans")).await.unwrap();
        let spans = spans.column("triage_spans").unwrap().struct_().unwrap().clone().unnest();
        assert_eq!(numbers(&spans, "start"), [Some(0), Some(46)]);
        assert_eq!(numbers(&spans, "end"), [Some(45), Some(70)]);
        let labels = store.collect(explode("triage_labels")).await.unwrap();
        assert_eq!(texts(&labels, "triage_labels"), [Some("outage".to_owned()), Some("mobile".to_owned())]);
        let actions = store.collect(explode("triage_actions")).await.unwrap();
        assert_eq!(texts(&actions, "triage_actions"), [Some("slack".to_owned())]);
    }
}

async fn what_was_empty_is_null(version: &str) {
    let (_root, store) = golden(version).await;
    let facts = store.current_facts().await.unwrap().filter(col("native_id").eq(lit("moved")));
    let row = store.collect(facts).await.unwrap();
    assert_eq!(row.height(), 1);
    assert_eq!(
        (numbers(&row, "version"), numbers(&row, "day")),
        (vec![Some(2)], vec![Some(i64::from(FIRST_DAY) + 6)])
    );
    for name in
        ["author", "body", "question", "language", "sentiment", "embedding", "revenue", "collected_at"]
    {
        assert_eq!(row.column(name).unwrap().null_count(), 1, "{name}");
    }
    assert_eq!(
        store
            .collect(store.current_facts().await.unwrap().filter(col("native_id").eq(lit("gone"))))
            .await
            .unwrap()
            .height(),
        0
    );
}

async fn notes_and_insights_are_read(version: &str) {
    let (_root, store) = golden(version).await;
    let filter = DeadLetterFilter { outcomes: Outcome::ALL.to_vec(), ..DeadLetterFilter::default() };
    let mut notes = store.dead_letter_rows(&filter).await.unwrap();
    notes.reverse();
    assert_eq!(notes, golden_rows::notes());
    let insights = store.collect(store.insights().await.unwrap()).await.unwrap();
    let insights = insights.sort(["topic"], SortMultipleOptions::default()).unwrap();
    assert_eq!(texts(&insights, "topic"), [Some("*".to_owned()), Some("none".to_owned())]);
    assert_eq!(texts(&insights, "score_kind"), [Some("csat".to_owned()), Some(String::new())]);
    assert_eq!(numbers(&insights, "day"), [Some(i64::from(FIRST_DAY)); 2]);
    let counts = [
        ("records", 21),
        ("negative", 1),
        ("neutral", 2),
        ("positive", 3),
        ("sentiment_unknown", 15),
        ("bug", 4),
        ("feature_request", 5),
        ("complaint", 6),
        ("praise", 1),
        ("question", 2),
        ("cancellation", 1),
        ("other", 1),
        ("kind_unknown", 1),
        ("urgent", 7),
        ("score_n", 8),
        ("promoters", 9),
        ("passives", 10),
        ("detractors", 11),
        ("top2", 12),
    ];
    for (name, wanted) in counts {
        assert_eq!(numbers(&insights, name)[0], Some(wanted), "{name}");
    }
    let real = |name: &str, row: usize| insights.column(name).unwrap().f64().unwrap().get(row);
    assert_eq!((real("score_sum", 0), real("score_sum_sq", 0)), (Some(20.5), Some(60.25)));
    assert_eq!(
        (real("score_min", 0), real("score_max", 0), real("score_min", 1)),
        (Some(1.0), Some(5.0), None)
    );
    // Older tables have no logs, and get empty ones.
    let written = |there: usize| if has(version, 4) { there } else { 0 };
    let alerts = store.tail::<AlertEvent>(Mark::default()).await.unwrap().events;
    assert_eq!(alerts, golden_rows::alerts()[..written(1)]);
    let cases = store.tail::<CaseEvent>(Mark::default()).await.unwrap().events;
    assert_eq!(cases, golden_rows::cases()[..written(2)]);
    let deliveries = store.tail::<DeliveryEvent>(Mark::default()).await.unwrap().events;
    assert_eq!(deliveries, golden_rows::deliveries()[..written(1)]);
    let digests = store.tail::<Digest>(Mark::default()).await.unwrap().events;
    assert_eq!(digests, golden_rows::digests()[..written(1)]);
    let written = |there: usize| if has(version, 5) { there } else { 0 };
    assert_eq!(store.corrections().await.unwrap(), golden_rows::corrections()[..written(3)]);
    let audit = store.tail::<AuditEvent>(Mark::default()).await.unwrap().events;
    assert_eq!(audit, golden_rows::audit()[..written(1)]);
}

async fn an_old_table_can_be_written_compacted_and_erased(version: &str) {
    let (root, store) = golden(version).await;
    let facts = store.collect(store.feedback().await.unwrap()).await.unwrap();
    let linked = if version == "v1" { 0 } else { 1 };
    assert_eq!(facts.column("author_alias").unwrap().null_count(), facts.height() - linked);
    for table in ["feedback", "dead_letters"] {
        // Other engines see the newer column.
        let log = root.path().join(table).join("_delta_log");
        let entries =
            std::fs::read_dir(log).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()));
        assert!(entries.into_iter().flatten().any(|entry| entry.contains("author_alias")), "{table}");
    }
    let before = store.ledger().await.unwrap();
    store.maintain(&store::MaintainOptions::default()).await.unwrap();
    assert_eq!(store.ledger().await.unwrap(), before);
    let erased =
        store.erase("a_0123456789abcdef0123456789abcdef", &store::EraseOptions::default()).await.unwrap();
    assert_eq!((erased.feedback_rows, erased.names), (1, 1 + linked));
    assert_eq!(store.ledger().await.unwrap().consumed(), before.consumed());
}
