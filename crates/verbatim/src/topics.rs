//! What leaves to Kafka for programs: the decision on each record, and what becomes of each case.
//!
//! Knows: what the messages hold, and how far the topics have been written. Must not: hold a client of Kafka (a
//! [`Producer`] is handed over), or judge anything.
//!
//! Invariants:
//! - How far a topic was written is noted in the tables, behind what was written: a restart loses nothing, and repeats no
//!   more than what it had not noted, with the same `idempotency-key`.
//! - A topic begins where it was switched on; what was there before is in the tables.
//! - No message holds a text of a customer, only records' and people's ids as the tables have them.

use crate::blocking::blocking;
use crate::cases::time;
use anyhow::{Context as _, Result, anyhow};
use deliver::Producer;
use feedback::ids::Id;
use insight::triage::{Kept, kept};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{CaseEvent, Store, failpoints};
use tokio::task::JoinSet;

/// Whom to tell in one message at most: it stays below what brokers take (1 MB), however many reported.
const TELL: usize = 1_000;
/// Changes of cases between two notes of how far it got.
const PART: i64 = 10_000;
/// Messages under way at the same time, where their order does not matter.
const AT_ONCE: usize = 256;

/// Where a test may stop the process, as at the points of the store: a message is acknowledged, and nothing of it noted.
const SENT: &str = "topics_sent";

/// A message to be written.
#[derive(Debug, Clone, PartialEq)]
struct Message {
    /// Names the partition, within which the order is kept.
    key: String,
    /// The same for the same thing, however often it is written.
    idempotency: String,
    body: String,
}

/// Makes the client, where there is something to write.
pub type Make<'m> = &'m (dyn Fn() -> Result<Arc<dyn Producer>> + Send + Sync);

/// Writes the decisions on what came since the last time; how many.
pub async fn write_triaged(store: &Store, topic: &str, make: Make<'_>) -> Result<u64> {
    let who = format!("triaged/{topic}");
    let Some(from) = begun(store, &who, store.version().await?).await? else { return Ok(0) };
    let (to, facts) = store.current_facts_since(from).await?;
    if to == from {
        return Ok(0);
    }
    let all = blocking("the reading of the decisions broke off", move || kept(facts)).await??;
    let written = all.len() as u64;
    if !all.is_empty() {
        send_in_any_order(&make()?, topic, all.into_iter().map(|kept| triaged(&kept))).await?;
    }
    store.note_got_to(&who, Some(from), to).await.context("how far the topic was written cannot be noted")?;
    Ok(written)
}

/// Writes what became of cases since the last time, in its order; how many.
pub async fn write_cases(store: &Store, topic: &str, make: Make<'_>) -> Result<u64> {
    let who = format!("cases/{topic}");
    let (last, _) = store.events_after::<CaseEvent>(i64::MAX, 0).await?;
    let Some(mut from) = begun(store, &who, last).await? else { return Ok(0) };
    let (mut written, mut producer) = (0, None);
    loop {
        let (to, events) = store.events_after::<CaseEvent>(from, PART).await?;
        if to == from {
            return Ok(written);
        }
        if !events.is_empty() && producer.is_none() {
            producer = Some(make()?);
        }
        for message in events.iter().flat_map(case) {
            if let Some(producer) = &producer {
                send(producer.as_ref(), topic, &message).await?;
            }
        }
        written += events.len() as u64;
        let noted = store.note_got_to(&who, Some(from), to).await;
        if !noted.context("how far the topic was written cannot be noted")? {
            // Another process is at it.
            return Ok(written);
        }
        from = to;
    }
}

/// How far it was written; the first time it begins at `now`, and there is nothing to write yet.
async fn begun(store: &Store, who: &str, now: i64) -> Result<Option<i64>> {
    let from = store.got_to(who).await.context("how far the topic was written cannot be read")?;
    if from.is_none() {
        // Where another process was faster it has begun all the same.
        store.note_got_to(who, None, now).await.context("how far the topic was written cannot be noted")?;
    }
    Ok(from)
}

async fn send(producer: &dyn Producer, topic: &str, message: &Message) -> Result<()> {
    let headers = [("idempotency-key", message.idempotency.as_str())];
    let sent = producer.produce(topic, &message.key, &message.body, &headers).await;
    sent.map_err(|refused| {
        anyhow!(
            "the topic {topic} could not be written, and nothing of it is lost: {refused}; see \
             `verbatim doctor`"
        )
    })?;
    failpoints::pass(SENT);
    Ok(())
}

/// Records are told of once each.
async fn send_in_any_order(
    producer: &Arc<dyn Producer>,
    topic: &str,
    messages: impl Iterator<Item = Message> + Send,
) -> Result<()> {
    let mut under_way = JoinSet::new();
    for message in messages {
        if under_way.len() == AT_ONCE {
            ended(under_way.join_next().await)?;
        }
        let (producer, topic) = (Arc::clone(producer), topic.to_owned());
        under_way.spawn(async move { send(producer.as_ref(), &topic, &message).await });
    }
    while let Some(sent) = under_way.join_next().await {
        ended(Some(sent))?;
    }
    Ok(())
}

fn ended(sent: Option<Result<Result<()>, tokio::task::JoinError>>) -> Result<()> {
    sent.unwrap_or(Ok(Ok(()))).context("the writing to Kafka broke off")?
}

fn triaged(kept: &Kept) -> Message {
    let at = kept.at.0.to_string();
    Message {
        key: kept.record.clone(),
        idempotency: Id::of(&["triaged", &kept.record, &kept.rules, &at]).to_string(),
        body: json!({
            "record": kept.record,
            "source": kept.source,
            "event_source": kept.event_source,
            "native_id": kept.native_id,
            "occurred_at": time(kept.occurred_at),
            "stored_at": time(kept.stored_at),
            "triaged_at": time(kept.at),
            "rule": kept.rule,
            "owner": kept.owner,
            "priority": kept.priority,
            "queue": kept.queue,
            "confidence": kept.confidence,
            "unsure": kept.unsure,
            "reason": kept.reason,
            "spans": kept.spans,
            "labels": kept.labels,
            "actions": kept.actions,
            "rules": kept.rules,
        })
        .to_string(),
    }
}

/// The payload is left out but for whom to tell, which is what a program waits for: where they are many in several messages,
/// one behind the other, each with some of them.
fn case(event: &CaseEvent) -> Vec<Message> {
    let record = event.record.as_ref().map(|record| record.record_id.as_str());
    let at = event.at.0.to_string();
    let payload: Option<Value> = event.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let tell = payload.as_ref().and_then(|payload| payload.get("tell"));
    let parts: Vec<Option<Value>> = match tell.and_then(Value::as_array) {
        Some(all) if all.len() > TELL => all.chunks(TELL).map(|part| Some(Value::from(part))).collect(),
        _ => vec![tell.cloned()],
    };
    let message = |(number, tell): (usize, Option<Value>)| {
        let number = number.to_string();
        let mut names = vec!["case", &event.case, &event.step, record.unwrap_or_default(), &at];
        // The first has the key that it would have alone.
        if number != "0" {
            names.push(&number);
        }
        Message {
            key: event.case.clone(),
            idempotency: Id::of(&names).to_string(),
            body: json!({
                "case": event.case,
                "step": event.step,
                "at": time(event.at),
                "record": record,
                "by": event.told_by,
                "owner": event.owner,
                "topic": event.topic,
                "kind": event.kind,
                "product": event.product,
                "tell": tell,
            })
            .to_string(),
        }
    };
    parts.into_iter().enumerate().map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use deliver::BrokerError;
    use feedback::time::Timestamp;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};
    use store::{Batch, FactColumns, FactRow, StoreOptions, TriageFact};

    /// Keeps what it is given, or takes nothing.
    #[derive(Default)]
    struct Broker {
        is_down: AtomicBool,
        /// Topic, key, idempotency key, body.
        taken: Mutex<Vec<[String; 4]>>,
    }

    #[async_trait]
    impl Producer for Broker {
        async fn produce(
            &self,
            topic: &str,
            key: &str,
            body: &str,
            headers: &[(&'static str, &str)],
        ) -> Result<(), BrokerError> {
            if self.is_down.load(Ordering::Relaxed) {
                return Err(BrokerError { reason: "down".to_owned(), retryable: true });
            }
            let told = [topic, key, headers[0].1, body].map(str::to_owned);
            self.taken.lock().unwrap().push(told);
            Ok(())
        }
    }

    impl Broker {
        fn taken(&self) -> Vec<[String; 4]> {
            std::mem::take(&mut *self.taken.lock().unwrap())
        }
    }

    async fn store(dir: &tempfile::TempDir) -> Store {
        Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap()
    }

    async fn commit(store: &Store, numbers: std::ops::Range<i64>) {
        let mut facts = FactColumns::new();
        for number in numbers {
            let native_id = number.to_string();
            let triage = TriageFact {
                rule: "fallback",
                owner: "support",
                priority: "P4",
                queue: "other",
                confidence: "low",
                unsure: None,
                reason: "no rule holds",
                spans: &[],
                labels: &[],
                actions: &[],
                rules: "1:test",
                at: Timestamp(number + 2),
            };
            facts.push(&FactRow {
                record_id: Id(number as u128),
                item_id: Id(number as u128),
                source_kind: "ticket",
                source: "desk",
                native_id: &native_id,
                body: Some("my own words"),
                position_topic: "t",
                position_offset: number,
                triage: Some(triage),
                ..FactRow::default()
            });
        }
        let suppressions = store.suppressions().await.unwrap();
        let facts = facts.encode().unwrap();
        store.commit(&Batch { facts, suppressions, ..Batch::default() }).await.unwrap();
    }

    #[tokio::test]
    async fn each_decision_is_written_once_and_none_is_lost_while_the_broker_is_down() {
        let dir = tempfile::tempdir().unwrap();
        let (store, broker) = (store(&dir).await, Arc::new(Broker::default()));
        let held = Arc::clone(&broker);
        let make = move || -> Result<Arc<dyn Producer>> { Ok(Arc::clone(&held) as Arc<dyn Producer>) };
        commit(&store, 0..3).await;
        assert_eq!(write_triaged(&store, "triaged", &make).await.unwrap(), 0, "it begins here");
        commit(&store, 3..5).await;
        broker.is_down.store(true, Ordering::Relaxed);
        let error = write_triaged(&store, "triaged", &make).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the topic triaged could not be written, and nothing of it is lost: down; see `verbatim doctor`"
        );
        broker.is_down.store(false, Ordering::Relaxed);
        assert_eq!(write_triaged(&store, "triaged", &make).await.unwrap(), 2);
        assert_eq!(write_triaged(&store, "triaged", &make).await.unwrap(), 0);
        let mut taken = broker.taken();
        taken.sort_unstable();
        let keys: Vec<String> = taken.iter().map(|told| told[1].clone()).collect();
        assert_eq!(keys, [Id(3).to_string(), Id(4).to_string()]);
        let body: Value = serde_json::from_str(&taken[0][3]).unwrap();
        assert_eq!((body["native_id"].as_str(), body["owner"].as_str()), (Some("3"), Some("support")));
        assert_eq!(body["triaged_at"], "1970-01-01T00:00:00Z");
        assert!(!taken[0][3].contains("my own words"), "{}", taken[0][3]);
        assert!(taken[0][2] != taken[1][2] && taken[0][2].len() == 32, "{taken:?}");
    }

    #[tokio::test]
    async fn cases_are_written_in_their_order_and_keep_their_keys() {
        let dir = tempfile::tempdir().unwrap();
        let (store, broker) = (store(&dir).await, Arc::new(Broker::default()));
        let held = Arc::clone(&broker);
        let make = move || -> Result<Arc<dyn Producer>> { Ok(Arc::clone(&held) as Arc<dyn Producer>) };
        assert_eq!(write_cases(&store, "cases", &make).await.unwrap(), 0, "it begins here");
        let event = |step: &str, at: i64, payload: Option<&str>| CaseEvent {
            at: Timestamp(at),
            case: "aa01".to_owned(),
            step: step.to_owned(),
            record: None,
            told_by: Some("jane".to_owned()),
            owner: None,
            topic: None,
            kind: None,
            product: None,
            vector: None,
            payload: payload.map(str::to_owned),
            quoted: Vec::new(),
        };
        let all = [event("opened", 1, None), event("resolved", 2, Some(r#"{"tell":[],"facts":7}"#))];
        store.append(&all, None).await.unwrap();
        assert_eq!(write_cases(&store, "cases", &make).await.unwrap(), 2);
        assert_eq!(write_cases(&store, "cases", &make).await.unwrap(), 0);
        let taken = broker.taken();
        let bodies: Vec<Value> = taken.iter().map(|told| serde_json::from_str(&told[3]).unwrap()).collect();
        assert_eq!((&bodies[0]["step"], &bodies[1]["step"]), (&json!("opened"), &json!("resolved")));
        assert_eq!((&bodies[1]["tell"], bodies[1].get("facts")), (&json!([]), None));
        assert!(taken.iter().all(|told| told[1] == "aa01"), "one partition a case");
        assert_eq!(case(&all[0])[0].idempotency, taken[0][2], "the same thing, the same key");
        let many: Vec<Value> = (0..=TELL).map(|number| json!({ "record": number })).collect();
        let payload = json!({ "tell": many }).to_string();
        let large = case(&event("resolved", 3, Some(&payload)));
        let told = |message: &Message| serde_json::from_str::<Value>(&message.body).unwrap()["tell"].clone();
        assert_eq!(large.len(), 2, "a message that brokers take, however many are to be told");
        assert_eq!(told(&large[1]), json!([{ "record": TELL }]));
        assert_ne!(large[0].idempotency, large[1].idempotency);
    }
}
