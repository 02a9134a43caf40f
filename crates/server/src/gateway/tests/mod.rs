//! The gateway before an intake in memory, which can be made to refuse and to wait.

mod durable;
mod events;
mod hooks;
mod imports;
mod laws;

use super::*;
use crate::intake::{IntakeError, Taken};
use axum::http::{HeaderName, HeaderValue, header};
use connect::Vendor;
use connect::signed::Secret;
use feedback::kind::Registry;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// 2026-03-02T09:30:00Z
const NOW: Timestamp = Timestamp(1_772_443_800_000_000);

/// Durable is what stands in `taken`.
struct Memory {
    taken: Mutex<Vec<Incoming>>,
    refuses: Mutex<Option<fn() -> IntakeError>>,
    /// Bytes of a message at most.
    most: AtomicUsize,
    /// One call a permit passes.
    gate: Semaphore,
    /// One permit for each call that has begun.
    begun: Semaphore,
}

impl Memory {
    fn new() -> Arc<Self> {
        Self::gated(Semaphore::MAX_PERMITS)
    }

    /// Nothing passes until [`Self::let_pass`].
    fn shut() -> Arc<Self> {
        Self::gated(0)
    }

    fn gated(permits: usize) -> Arc<Self> {
        let (taken, refuses, most) = (Mutex::default(), Mutex::default(), AtomicUsize::new(usize::MAX));
        Arc::new(Self { taken, refuses, most, gate: Semaphore::new(permits), begun: Semaphore::new(0) })
    }

    fn refuse(&self, with: Option<fn() -> IntakeError>) {
        *self.refuses.lock().unwrap() = with;
    }

    /// Larger messages are refused from now on.
    fn takes(&self, bytes: usize) {
        self.most.store(bytes, Ordering::Relaxed);
    }

    fn let_pass(&self, calls: usize) {
        self.gate.add_permits(calls);
    }

    /// Returns when a further call has begun.
    async fn has_begun(&self) {
        self.begun.acquire().await.unwrap().forget();
    }

    fn taken(&self) -> Vec<Incoming> {
        self.taken.lock().unwrap().clone()
    }

    fn keys(&self) -> Vec<String> {
        self.taken().into_iter().map(|message| String::from_utf8(message.key).unwrap()).collect()
    }
}

#[async_trait::async_trait]
impl Intake for Memory {
    async fn accept(&self, messages: Vec<Incoming>) -> Result<Taken, IntakeError> {
        self.begun.add_permits(1);
        self.gate.acquire().await.unwrap().forget();
        if let Some(refusal) = *self.refuses.lock().unwrap() {
            return Err(refusal());
        }
        let mut answer = Taken::default();
        for (place, message) in messages.into_iter().enumerate() {
            if message.payload.len() > self.most.load(Ordering::Relaxed) {
                answer.too_large.push(place);
            } else {
                self.taken.lock().unwrap().push(message);
            }
        }
        Ok(answer)
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}

fn decoder() -> Decoder {
    Decoder::new(Registry::default(), feedback::limits::Limits::default())
}

fn gateway(memory: &Arc<Memory>) -> Gateway {
    with_limits(memory, Limits::default())
}

fn with_limits(memory: &Arc<Memory>, limits: Limits) -> Gateway {
    let connection = |name: &str, vendor: Vendor, secret| Connection {
        name: name.to_owned(),
        vendor,
        secret,
        source: name.to_owned(),
        kind: vendor.kind().to_owned(),
        product: None,
    };
    let secret = || Secret::new("word");
    let connections = vec![
        connection("nps", Vendor::Nps, secret()),
        connection("nps-by-token", Vendor::Nps, None),
        connection("intercom", Vendor::Intercom, secret()),
        connection("zendesk", Vendor::Zendesk, secret()),
        connection("trustpilot", Vendor::Trustpilot, None),
        Connection { product: Some("Atlas".to_owned()), ..connection("shop", Vendor::AppStore, None) },
    ];
    let intake: Arc<dyn Intake> = Arc::clone(memory) as Arc<dyn Intake>;
    Gateway::new(decoder(), connections, limits, intake).unwrap()
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// An NPS answer, in an event of its own.
fn event(id: &str, score: u32) -> String {
    let data = serde_json::json!({ "id": id, "score": score });
    let event = serde_json::json!({
        "specversion": "1.0",
        "id": format!("event of {id}"),
        "source": "web-nps",
        "type": "feedback.nps.created",
        "time": "2026-03-02T09:00:00Z",
        "data": data,
    });
    event.to_string()
}

fn statuses(receipt: &Receipt) -> Vec<&'static str> {
    receipt.items.iter().map(|item| item.outcome.status.as_str()).collect()
}

fn busy() -> IntakeError {
    IntakeError::Busy { retry_after: std::time::Duration::from_secs(3) }
}

fn away() -> IntakeError {
    IntakeError::Unavailable("nobody answers".into())
}
