//! The loop in one process: what only shows between its threads.

use crate::support::{PARTITIONS, TOPIC, config, ids, mock, open, processor, produce, start, until};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use std::sync::Arc;
use std::time::Duration;
use worker::{Progress, Shutdown, WorkerError, WorkerMetrics};

#[tokio::test(flavor = "multi_thread")]
async fn reads_to_the_end_and_tells_kafka_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    produce(&mock, 0..500);
    let store = open(dir.path()).await;
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = seen.clone();
    let metrics = Arc::new(WorkerMetrics::new());
    let mut config = config(&mock);
    config.stop_at_end = true;
    let observer = move |progress: &Progress| heard.lock().unwrap().push(progress.outcomes.consumed());
    let shutdown = Shutdown::new();
    let sum = worker::kafka::run(
        config,
        store.clone(),
        processor(&metrics),
        metrics.clone(),
        shutdown,
        Arc::new(observer),
    )
    .await
    .unwrap();
    assert_eq!((sum.consumed(), sum.records), (500, 500));
    assert_eq!(ids(&store).await, (0..500).collect());
    {
        let seen = seen.lock().unwrap();
        assert!(seen.is_sorted() && seen.last() == Some(&500), "{seen:?}");
    }
    // Kafka's own offsets followed, as advice.
    let brokers = mock.bootstrap_servers();
    let committed = tokio::task::spawn_blocking(move || {
        let consumer: BaseConsumer =
            ClientConfig::new().set("bootstrap.servers", brokers).set("group.id", "loop").create().unwrap();
        let mut partitions = rdkafka::TopicPartitionList::new();
        partitions.add_partition_range(TOPIC, 0, PARTITIONS - 1);
        let committed = consumer.committed_offsets(partitions, Duration::from_secs(10)).unwrap();
        committed.elements().iter().map(|element| element.offset().to_raw().unwrap()).sum::<i64>()
    });
    assert_eq!(committed.await.unwrap(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_come_and_go_lose_and_repeat_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    produce(&mock, 0..600);
    let store = open(dir.path()).await;
    let (first_ends, second_ends) = (Shutdown::new(), Shutdown::new());
    let (first, first_metrics) = start(config(&mock), store.clone(), &first_ends);
    until("the first commit", async || !ids(&store).await.is_empty()).await;
    let (second, _) = start(config(&mock), open(dir.path()).await, &second_ends);
    produce(&mock, 600..1_200);
    let rebalances = || first_metrics.rebalances.load(std::sync::atomic::Ordering::Relaxed);
    until("a rebalance", async || rebalances() >= 3).await;
    produce(&mock, 1_200..1_800);
    first_ends.request();
    first.await.unwrap().unwrap();
    until("the rest", async || ids(&store).await.len() == 1_800).await;
    second_ends.request();
    second.await.unwrap().unwrap();
    assert_eq!(ids(&store).await, (0..1_800).collect());
    assert_eq!(store.ledger().await.unwrap().consumed(), 1_800);
}

/// A zombie: a second worker with the same group's offsets that Kafka knows nothing of, as another group member
/// would be after a lost session. Both read everything; the tables take each message from one of them.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_read_the_same_partitions_the_commit_decides() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (mock(), mock());
    // Two clusters with the same content: to the tables they are the same topic.
    produce(&one, 0..400);
    produce(&other, 0..400);
    let store = open(dir.path()).await;
    let workers = [&one, &other].map(|mock| {
        let mut config = config(mock);
        config.stop_at_end = true;
        start(config, store.clone(), &Shutdown::new()).0
    });
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    assert_eq!(ids(&store).await, (0..400).collect());
    assert_eq!(store.ledger().await.unwrap().consumed(), 400);
}

/// Beside a group that is live at the end of the topic, another one would write each further message twice.
#[tokio::test(flavor = "multi_thread")]
async fn one_group_at_a_time_writes_a_topic() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    produce(&mock, 0..300);
    let store = open(dir.path()).await;
    let (first, _) = start(config(&mock), store.clone(), &Shutdown::new());
    until("what there is", async || ids(&store).await.len() == 300).await;
    let mut other = config(&mock);
    other.group = "other".to_owned();
    let error = start(other.clone(), open(dir.path()).await, &Shutdown::new()).0.await.unwrap().unwrap_err();
    assert!(matches!(&error, WorkerError::OtherGroup { .. }), "{error:?}");
    assert!(error.to_string().contains("--take-over") && error.to_string().contains("other"), "{error}");

    other.take_over = true;
    let ends = Shutdown::new();
    let (second, _) = start(other, open(dir.path()).await, &ends);
    let owned = || async {
        let id = format!("other/{TOPIC}/0/owner");
        store.resume(&[id]).await.unwrap()[0].is_some()
    };
    until("the other group's turn", async || owned().await).await;
    produce(&mock, 300..900);
    // The first one is fenced at its next commit, and does not take the topic back.
    let error = first.await.unwrap().unwrap_err();
    assert!(matches!(&error, WorkerError::OtherGroup { .. }), "{error:?}");
    until("the rest", async || ids(&store).await.len() == 900).await;
    ends.request();
    second.await.unwrap().unwrap();
    assert_eq!(ids(&store).await, (0..900).collect());
    assert_eq!(store.ledger().await.unwrap().consumed(), 900);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_topic_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    // The mock makes topics when they are asked for, unless it is told otherwise.
    mock.topic_error(
        "feedback.missing",
        rdkafka::types::RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
    )
    .unwrap();
    let mut config = config(&mock);
    config.topics = vec!["feedback.missing".to_owned()];
    config.stop_at_end = true;
    let store = open(dir.path()).await;
    let error = start(config, store, &Shutdown::new()).0.await.unwrap().unwrap_err();
    assert!(matches!(&error, WorkerError::NoTopic { .. }), "{error:?}");
    assert!(error.to_string().contains("feedback.missing"), "{error}");
}
