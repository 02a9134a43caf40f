//! Webhooks, as many a second as was asked for, each signed and with one answer in it: into Kafka, or into the tables.

use super::client::Target;
use super::ids;
use super::latency::Times;
use super::load::{self, Done};
use super::oracle::Tally;
use super::said::Sayings;
use anyhow::{Context, Result};
use bytes::Bytes;
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Connections at most; the server takes 512.
const LINES: u32 = 400;
const PATH: &str = "/v1/hooks/nps";
const SECRET: &str = "a secret of the measurement alone";

/// For the settings of the server.
pub fn settings() -> String {
    format!("[vendors.nps]\nsecret = {SECRET:?}\n")
}

/// What was posted, and what came of it.
#[derive(Debug, Serialize)]
pub struct Hooks {
    pub into: &'static str,
    pub asked_per_second: u32,
    /// Called durable, a second of the time in which they were sent.
    pub taken_per_second: f64,
    pub seconds: f64,
    /// Of those called durable, since each was due.
    pub times: Times,
    /// How many were answered with which status; 0 stands for no answer.
    pub statuses: BTreeMap<u16, u64>,
    pub tally: Tally,
    /// The server's most memory meanwhile, and the processor time of it and of who sent.
    pub server_mib: f64,
    pub server_cpu_seconds: f64,
    pub sender_cpu_seconds: f64,
}

/// Webhooks that are ready to be sent, so that making them takes no time from anybody.
pub struct Ready {
    pub run: String,
    posts: Vec<(Bytes, String)>,
}

impl Ready {
    pub fn new(kind: &str, count: u64, seed: u64) -> Result<Self> {
        let (run, now) = (ids::of_run(kind), crate::events::now()?);
        let sayings = Sayings::new(&run, seed);
        let post = |number| {
            let body = sayings.nps(number, now)?;
            let signature = signature(&body)?;
            Ok((Bytes::from(body), signature))
        };
        let posts = (0..count).map(post).collect::<Result<_>>()?;
        Ok(Self { run, posts })
    }

    /// Posts them all, each at its time; and how long that took.
    pub async fn send(&self, target: &Arc<Target>, per_second: u32) -> Result<(Vec<Done<usize>>, f64)> {
        let began = Instant::now();
        let gap = 1.0 / f64::from(per_second);
        let plan = self.posts.iter().enumerate().map(|(number, (body, signature))| {
            let asking = target.post(PATH, ("x-signature-256", signature), body.clone())?;
            Ok((Duration::from_secs_f64(gap * number as f64), number, asking))
        });
        let done = load::open(target, LINES, plan).await?;
        Ok((done, began.elapsed().as_secs_f64()))
    }

    /// Of each, by its number, whether it was called durable.
    pub fn taken(&self, done: &[Done<usize>]) -> Vec<bool> {
        let mut taken = vec![false; self.posts.len()];
        for one in done.iter().filter(|one| is_taken(one)) {
            taken[one.of] = true;
        }
        taken
    }
}

pub fn is_taken<T>(done: &Done<T>) -> bool {
    done.status == Some(202)
}

pub fn statuses<T>(done: &[Done<T>]) -> BTreeMap<u16, u64> {
    let mut statuses = BTreeMap::new();
    for one in done {
        *statuses.entry(one.status.unwrap_or(0)).or_default() += 1;
    }
    statuses
}

/// As senders of NPS sign.
fn signature(body: &[u8]) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).context("the secret is no key")?;
    mac.update(body);
    let mut signature = String::from("sha256=");
    for byte in mac.finalize().into_bytes() {
        // Writing to a string does not fail.
        let _ = write!(signature, "{byte:02x}");
    }
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_signed() {
        // Computed apart, with Python's `hmac`.
        let expected = "sha256=71476efc1fc8419a75a18908514550fc1159ae59746b13012d16db82b37c4735";
        assert_eq!(signature(b"{}").unwrap(), expected);
    }

    #[test]
    fn only_what_is_called_durable_is_taken() {
        let ready = Ready { run: "hook-x".to_owned(), posts: vec![(Bytes::new(), String::new()); 3] };
        let done = |of, status| Done { of, took: Duration::ZERO, status, bytes: 0 };
        let all = [done(2, Some(202)), done(0, Some(429)), done(1, None)];
        assert_eq!(ready.taken(&all), [false, false, true]);
        assert_eq!(statuses(&all), BTreeMap::from([(0, 1), (202, 1), (429, 1)]));
    }
}
