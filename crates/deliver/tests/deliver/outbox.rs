use super::http_stub::{Reply, Stub};
use super::{NOW, note, target};
use async_trait::async_trait;
use deliver::address::SystemResolver;
use deliver::outbox::{Memory, What};
use deliver::send::open;
use deliver::{DeliverMetrics, Drained, Entry, Event, Note, Outbox, OutboxError, Policy, Runner, State};
use feedback::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// A clock that a test moves.
#[derive(Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOW.0)))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// A process: one runner, with the target `t`, a webhook at the stub, and waits of a second.
pub fn process(outbox: Arc<dyn Outbox>, stub: &Stub, hands: &Hands) -> Runner {
    process_of(outbox, &webhook(stub), hands)
}

/// The settings of the target.
pub fn webhook(stub: &Stub) -> String {
    format!("{}secret = \"0123456789abcdef\"\n", stub.settings("webhook", "/hook"))
}

pub fn process_of(outbox: Arc<dyn Outbox>, settings: &str, hands: &Hands) -> Runner {
    let target = target(settings);
    let channel = open(&target, Arc::new(SystemResolver), None).unwrap();
    let policy = Policy { base: Duration::from_secs(1), cap: Duration::from_secs(1) };
    let time = Arc::clone(&hands.0);
    Runner::new(outbox, Arc::new(DeliverMetrics::default()))
        .with("t", channel, 4, Duration::from_secs(2))
        .steered(policy, Arc::new(move || Timestamp(time.load(Ordering::SeqCst))), Arc::new(|| 1.0))
}

pub fn queued(id: &str, group: &str) -> Event {
    let note = Note { id: id.into(), group: group.into(), title: id.into(), ..note() };
    Event::queue(note, "t", NOW, Duration::from_secs(600))
}

async fn with(events: &[Event]) -> Arc<Memory> {
    let memory = Arc::new(Memory::new());
    for event in events {
        memory.append(event).await.unwrap();
    }
    memory
}

fn titles(stub: &Stub) -> Vec<String> {
    stub.heard().iter().map(|request| request.json()["title"].as_str().unwrap().to_owned()).collect()
}

/// An outbox whose process is killed between sending and noting it.
struct Killed {
    kept: Arc<Memory>,
    alive: AtomicBool,
}

#[async_trait]
impl Outbox for Killed {
    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<Entry>, OutboxError> {
        if self.alive.load(Ordering::SeqCst) { self.kept.due(now, most).await } else { Ok(Vec::new()) }
    }

    async fn append(&self, event: &Event) -> Result<(), OutboxError> {
        if matches!(event.what, What::Delivered { .. }) {
            self.alive.store(false, Ordering::SeqCst);
        }
        if self.alive.load(Ordering::SeqCst) {
            return self.kept.append(event).await;
        }
        Err(OutboxError::Store { retryable: false, source: "killed".into() })
    }

    async fn reference(&self, target: &str, group: &str) -> Result<Option<String>, OutboxError> {
        self.kept.reference(target, group).await
    }
}

#[tokio::test]
async fn a_kill_between_sending_and_noting_repeats_it_once_with_the_same_key() {
    let stub = Stub::start(Vec::new()).await;
    let (kept, hands) = (with(&[queued("a", "")]).await, Hands::new());
    let killed = Arc::new(Killed { kept: Arc::clone(&kept), alive: AtomicBool::new(true) });
    process(killed, &stub, &hands).drain().await.unwrap();
    assert!(matches!(kept.entries()[0].state, State::Sending { .. }), "it was noted before it was sent");
    // The next process leaves it alone until the attempt must have ended, whoever made it.
    let next = process(Arc::clone(&kept) as Arc<dyn Outbox>, &stub, &hands);
    assert_eq!(next.drain().await.unwrap(), Drained::default());
    hands.forward(60);
    assert_eq!(next.drain().await.unwrap(), Drained { delivered: 1, ..Drained::default() });
    hands.forward(60);
    assert_eq!(next.drain().await.unwrap(), Drained::default());
    let keys: Vec<String> =
        stub.heard().iter().map(|request| request.headers["idempotency-key"].clone()).collect();
    assert_eq!(keys.len(), 2, "once, and once more");
    assert_eq!(keys[0], keys[1]);
    assert_eq!(kept.entries()[0].attempts, 2);
}

#[tokio::test]
async fn within_a_group_the_order_is_kept_though_the_first_has_to_wait() {
    let busy = Reply::Say(429, "retry-after: 5\r\n".into(), String::new());
    let stub = Stub::start(vec![busy]).await;
    let (kept, hands) = (with(&[queued("first", "g"), queued("second", "g")]).await, Hands::new());
    let runner = process(Arc::clone(&kept) as Arc<dyn Outbox>, &stub, &hands);
    assert_eq!(runner.drain().await.unwrap(), Drained { waiting: 1, ..Drained::default() });
    // Asked to wait for five seconds, and a second at most on top.
    hands.forward(5);
    assert_eq!(runner.drain().await.unwrap(), Drained::default());
    hands.forward(1);
    assert_eq!(runner.drain().await.unwrap(), Drained { delivered: 2, ..Drained::default() });
    assert_eq!(titles(&stub), ["first", "first", "second"]);
}

#[tokio::test]
async fn a_deadline_and_a_refusal_end_in_a_failure_that_says_why() {
    let replies = vec![Reply::status(500), Reply::status(500), Reply::Say(410, String::new(), "gone".into())];
    let stub = Stub::start(replies).await;
    let (kept, hands) = (with(&[queued("a", "")]).await, Hands::new());
    let runner = process(Arc::clone(&kept) as Arc<dyn Outbox>, &stub, &hands);
    runner.drain().await.unwrap();
    hands.forward(600);
    assert_eq!(runner.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    let why = kept.entries()[0].why.clone().unwrap();
    assert!(why.starts_with("given up at its deadline: 2 attempts were made; at last: 127.0.0.1 "), "{why}");
    kept.append(&Event::queue(
        Note { id: "b".into(), ..note() },
        "t",
        Timestamp(NOW.0),
        Duration::from_secs(6000),
    ))
    .await
    .unwrap();
    kept.append(&Event::queue(note(), "nobody", Timestamp(NOW.0), Duration::from_secs(6000))).await.unwrap();
    assert_eq!(runner.drain().await.unwrap(), Drained { waiting: 1, failed: 1, ..Drained::default() });
    let entries = kept.entries();
    assert!(entries[1].why.as_ref().unwrap().ends_with("refused it with 410: gone"), "{entries:?}");
    assert_eq!(entries[2].why.as_deref(), Some("there is no target nobody in the settings any more"));
}

#[tokio::test]
async fn the_loop_delivers_what_is_queued_while_it_runs_and_stops_when_told() {
    let stub = Stub::start(Vec::new()).await;
    let (kept, hands) = (with(&[]).await, Hands::new());
    let runner = process(Arc::clone(&kept) as Arc<dyn Outbox>, &stub, &hands);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let until = async {
        let _ = stopped.await;
    };
    let work = async {
        for id in ["a", "b", "c"] {
            kept.append(&queued(id, "")).await.unwrap();
            runner.nudge();
        }
        while kept.entries().iter().any(|entry| !entry.has_ended()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.send(()).unwrap();
    };
    let both = futures::future::join(runner.run(until), work);
    tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
    let mut heard = titles(&stub);
    heard.sort();
    assert_eq!(heard, ["a", "b", "c"]);
}
