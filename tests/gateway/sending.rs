//! Senders that do as they are told: what was not acknowledged is sent again, to wherever the server is by now.

use super::LINES;
use crate::support::events;
use crate::support::http::Client;
use crate::support::process::PATIENCE;
use crate::support::wait_for;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::Scope;

/// At once.
const SENDERS: usize = 16;
/// Events of one request.
const BATCH: u64 = 10;

/// The events of these numbers, one a line.
pub fn batch(numbers: Range<u64>) -> Vec<u8> {
    let lines: Vec<Vec<u8>> = numbers.map(events::payload).collect();
    lines.join(&b'\n')
}

/// What all senders share.
pub struct Sending {
    events: u64,
    token: String,
    /// `None` before the first server is there.
    address: Mutex<Option<SocketAddr>>,
    /// The first event that nobody has taken on.
    next: AtomicU64,
    /// Events that a sender was told to be durable.
    acknowledged: AtomicU64,
    /// Events of requests that got no answer, or none to count on.
    again: AtomicU64,
}

impl Sending {
    pub fn new(events: u64, token: &str) -> Self {
        let (next, acknowledged, again) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        Self { events, token: token.to_owned(), address: Mutex::new(None), next, acknowledged, again }
    }

    pub fn start<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        for _ in 0..SENDERS {
            scope.spawn(|| self.send());
        }
    }

    /// From now on the server is here.
    pub fn go_to(&self, address: SocketAddr) {
        *self.address.lock().unwrap() = Some(address);
    }

    /// Waits until so many events are acknowledged.
    pub fn wait_for(&self, count: u64) {
        wait_for(&format!("{count} events to be acknowledged"), PATIENCE, || {
            (self.acknowledged.load(Ordering::Relaxed) >= count).then_some(())
        });
    }

    pub fn wait_for_all(&self) {
        self.wait_for(events::sound(self.events));
    }

    /// Events that may have arrived more than once.
    pub fn sent_again(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    /// One batch after the other, until there are no more.
    fn send(&self) {
        loop {
            let first = self.next.fetch_add(BATCH, Ordering::Relaxed);
            let numbers = first..(first + BATCH).min(self.events);
            if numbers.is_empty() {
                return;
            }
            let body = batch(numbers.clone());
            let accepted =
                wait_for("a batch to be acknowledged", 2 * PATIENCE, || match self.attempt(&body) {
                    Attempt::Accepted(accepted) => Some(accepted),
                    Attempt::Unsure => {
                        self.again.fetch_add(BATCH, Ordering::Relaxed);
                        None
                    }
                    Attempt::NobodyThere => None,
                });
            let sound = numbers.filter(|number| !events::is_broken(*number)).count() as u64;
            assert_eq!(accepted, sound, "all but the broken ones are accepted");
            self.acknowledged.fetch_add(sound, Ordering::Relaxed);
        }
    }

    fn attempt(&self, body: &[u8]) -> Attempt {
        let Some(address) = *self.address.lock().unwrap() else { return Attempt::NobodyThere };
        let client = Client { address, token: self.token.clone() };
        match client.post("/v1/events", LINES, body) {
            Ok(answer) => match answer.status {
                202 => Attempt::Accepted(answer.json()["accepted"].as_u64().unwrap()),
                429 | 503 => Attempt::Unsure,
                other => panic!("{other}: {}", answer.body),
            },
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => Attempt::NobodyThere,
            Err(_) => Attempt::Unsure,
        }
    }
}

/// What became of a request.
enum Attempt {
    Accepted(u64),
    /// It may have arrived, and has to be sent again.
    Unsure,
    /// No server listens.
    NobodyThere,
}
