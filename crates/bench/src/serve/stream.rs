//! Events that keep coming while the server is measured, as many a second as was asked for.

use super::feed::Kafka;
use super::said::Sayings;
use crate::events;
use anyhow::{Context, Result, anyhow};
use demo::Source;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Between looks whether the next is due: they come in small groups.
const TICK: Duration = Duration::from_millis(10);

pub struct Stream {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Result<Sent>>,
}

/// What was written to Kafka.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    pub events: u64,
    pub seconds: f64,
}

impl Stream {
    /// Begins to send. `run` names the items.
    pub fn begin(kafka: &Kafka, run: &str, per_second: u32, seed: u64) -> Result<Self> {
        let feed = kafka.feed()?;
        let topics = Source::ALL.map(|source| (source, kafka.topic(source)));
        let sayings = Sayings::new(run, seed);
        let over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let (started, mut sent) = (Instant::now(), 0);
            while !told.load(Ordering::Relaxed) {
                let due = (started.elapsed().as_secs_f64() * f64::from(per_second)) as u64;
                for number in sent..due {
                    let event = sayings.event(number, events::now()?)?;
                    let topic = topics.iter().find(|(source, _)| *source == event.source);
                    let topic = topic.context("a source has no topic")?.1.as_str();
                    feed.send(topic, &event.key, &[], &event.payload)?;
                }
                sent = due;
                feed.serve();
                std::thread::sleep(TICK);
            }
            let seconds = started.elapsed().as_secs_f64();
            feed.finish()?;
            Ok(Sent { events: sent, seconds })
        });
        Ok(Self { over, thread })
    }

    /// Sends no more; all that was sent is on the broker.
    pub fn end(self) -> Result<Sent> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow!("the events broke off by a defect of this program"))?
    }
}
