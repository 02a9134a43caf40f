//! A process that is killed at the edges of an attempt, and the one that comes after it.

use super::http_stub::Stub;
use super::outbox::{Hands, process, process_of, queued, webhook};
use async_trait::async_trait;
use deliver::outbox::{What, due, fold, reference};
use deliver::{Drained, Entry, Event, Outbox, OutboxError, State, failpoints};
use feedback::time::Timestamp;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const EVENTS: &str = "VERBATIM_TEST_EVENTS";
const TARGET: &str = "VERBATIM_TEST_TARGET";

/// An outbox in a file, a line for each event: what is left of a process that was killed.
struct Lines(PathBuf);

impl Lines {
    fn entries(&self) -> Vec<Entry> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let events: Vec<Event> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        fold(&events)
    }
}

#[async_trait]
impl Outbox for Lines {
    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<Entry>, OutboxError> {
        Ok(due(&self.entries(), now, most).into_iter().cloned().collect())
    }

    async fn append(&self, event: &Event) -> Result<(), OutboxError> {
        let taken = |entry: &Entry| entry.key == event.key && !entry.is_due(event.at);
        if matches!(event.what, What::Sending { .. }) && self.entries().iter().any(taken) {
            return Err(OutboxError::Taken { key: event.key.clone() });
        }
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.0).unwrap();
        file.write_all(format!("{}\n", serde_json::to_string(event).unwrap()).as_bytes()).unwrap();
        Ok(())
    }

    async fn reference(&self, target: &str, group: &str) -> Result<Option<String>, OutboxError> {
        Ok(reference(&self.entries(), target, group).map(str::to_owned))
    }
}

/// This program once more, with nothing to do but the attempt below, and stopped at the edge.
fn started(edge: &str, mark: &Path, events: &Path, target: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_attempt_of_a_process_of_its_own"])
        .env("FAILPOINTS", format!("{edge}=return({})", mark.display()))
        .env(EVENTS, events)
        .env(TARGET, target)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

async fn stopped_at(mark: &Path, child: &mut Child) {
    let since = Instant::now();
    while !mark.exists() {
        assert!(since.elapsed() < Duration::from_secs(60), "it does not get to the edge");
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_killed_process_leads_to_one_repetition_at_most_with_the_same_key() {
    for (edge, requests) in failpoints::EDGES.into_iter().zip([1, 2]) {
        let stub = Stub::start(Vec::new()).await;
        let dir = tempfile::tempdir().unwrap();
        let (events, mark) = (dir.path().join("events"), dir.path().join("mark"));
        let (kept, hands) = (Arc::new(Lines(events.clone())), Hands::new());
        kept.append(&queued("a", "")).await.unwrap();
        let mut child = started(edge, &mark, &events, &webhook(&stub));
        stopped_at(&mark, &mut child).await;
        // SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(matches!(kept.entries()[0].state, State::Sending { .. }), "{edge}");
        let next = process(Arc::clone(&kept) as Arc<dyn Outbox>, &stub, &hands);
        assert_eq!(next.drain().await.unwrap(), Drained::default(), "{edge}: the attempt could still go on");
        hands.forward(60);
        let delivered = Drained { delivered: 1, ..Drained::default() };
        assert_eq!(next.drain().await.unwrap(), delivered, "{edge}");
        let heard = stub.heard();
        assert_eq!(heard.len(), requests, "{edge}");
        let key = kept.entries()[0].key.clone();
        assert!(heard.iter().all(|request| request.headers["idempotency-key"] == key.as_str()), "{edge}");
    }
}

/// The process that the test above starts and kills; among the other tests there is nothing for it to attempt.
#[tokio::test]
async fn the_attempt_of_a_process_of_its_own() {
    let (Ok(events), Ok(target)) = (std::env::var(EVENTS), std::env::var(TARGET)) else { return };
    let _points = fail::FailScenario::setup();
    let process = process_of(Arc::new(Lines(events.into())), &target, &Hands::new());
    process.drain().await.unwrap();
}
