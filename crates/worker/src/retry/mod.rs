//! Dead letters once more: read again from where they came, after a fix of the program or its configuration.
//!
//! The tables hold only a redacted payload, so the origin has to have the message still. Each one that gives facts
//! now is noted under an app transaction of its own: repeat a retry as often as you like, nothing doubles.

mod origin;

use crate::files::ImportOptions;
use crate::process::{Desk, Message, Processor};
use crate::{WorkerError, backoff::Backoff, outcome::Outcome, shutdown::Shutdown};
use feedback::event::Headers;
use feedback::position::Position;
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Advance, Batch, CommitError, DeadLetterFilter, Next, Store};

/// Messages that one commit may hold.
const TOGETHER: usize = 500;

#[derive(Clone, Default)]
pub struct RetryOptions {
    pub filter: DeadLetterFilter,
    /// `host:port`, separated by commas; for letters from topics.
    pub brokers: String,
    pub properties: BTreeMap<String, String>,
    /// For letters from files: where the files lie now, and how they are read.
    pub files: Vec<ImportOptions>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RetryReport {
    /// Chosen by the filter.
    pub letters: usize,
    /// They gave facts.
    pub recovered: usize,
    /// Still refused, or by now ignored or erased.
    pub refused: usize,
    /// Another retry had them already.
    pub known: usize,
    /// Their origin does not have them any more.
    pub gone: Vec<Gone>,
}

/// Letters that cannot be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    pub topic: String,
    pub partition: i32,
    pub letters: usize,
    pub why: String,
}

/// A message as its origin still has it.
struct Found {
    offset: i64,
    payload: Vec<u8>,
    headers: Vec<(String, Vec<u8>)>,
}

/// Letters of one partition or file.
struct Wanted {
    topic: Arc<str>,
    partition: i32,
    /// Ascending.
    offsets: Vec<i64>,
}

/// Sends the chosen dead letters through again.
///
/// # Errors
/// Where the tables or the broker cannot be used. What was recovered before stays.
pub async fn retry(
    options: RetryOptions,
    store: Store,
    processor: Arc<Processor>,
    shutdown: Shutdown,
) -> Result<RetryReport, WorkerError> {
    let letters = store.dead_letter_rows(&options.filter).await?;
    let mut report = RetryReport { letters: letters.len(), ..RetryReport::default() };
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let mut desk = Desk::default();
        for wanted in by_origin(letters.into_iter().map(|letter| letter.position)) {
            if shutdown.is_requested() {
                break;
            }
            let mut retry = Retry {
                store: &store,
                processor: &processor,
                runtime: &runtime,
                desk: &mut desk,
                report: &mut report,
            };
            retry.partition(&options, wanted)?;
        }
        Ok(report)
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(WorkerError::Panicked))
}

fn by_origin(positions: impl Iterator<Item = Position>) -> Vec<Wanted> {
    let mut origins: BTreeMap<(Arc<str>, i32), Vec<i64>> = BTreeMap::new();
    for Position { topic, partition, offset } in positions {
        origins.entry((topic, partition)).or_default().push(offset);
    }
    origins
        .into_iter()
        .map(|((topic, partition), mut offsets)| {
            offsets.sort_unstable();
            offsets.dedup();
            Wanted { topic, partition, offsets }
        })
        .collect()
}

struct Retry<'a> {
    store: &'a Store,
    processor: &'a Processor,
    runtime: &'a tokio::runtime::Handle,
    desk: &'a mut Desk,
    report: &'a mut RetryReport,
}

impl Retry<'_> {
    fn partition(&mut self, options: &RetryOptions, wanted: Wanted) -> Result<(), WorkerError> {
        for chunk in wanted.offsets.chunks(TOGETHER) {
            let found = origin::read(options, &wanted.topic, wanted.partition, chunk)?;
            let missing = chunk.len() - found.messages.len();
            if missing > 0 {
                self.gone(&wanted, missing, found.why);
            }
            self.commit(&wanted, &found.messages)?;
        }
        Ok(())
    }

    fn gone(&mut self, wanted: &Wanted, letters: usize, why: Option<String>) {
        let why = why.unwrap_or_else(|| "the origin no longer has them".to_owned());
        let known = self.report.gone.iter_mut().find(|gone| {
            *gone.topic == *wanted.topic && gone.partition == wanted.partition && gone.why == why
        });
        match known {
            Some(gone) => gone.letters += letters,
            None => self.report.gone.push(Gone {
                topic: wanted.topic.to_string(),
                partition: wanted.partition,
                letters,
                why,
            }),
        }
    }

    /// Commits those that give facts now; where another retry had some of them first, the rest.
    fn commit(&mut self, wanted: &Wanted, messages: &[Found]) -> Result<(), WorkerError> {
        let mut backoff = Backoff::default();
        loop {
            let app_ids: Vec<String> =
                messages.iter().map(|message| app_id(wanted, message.offset)).collect();
            let noted = self.runtime.block_on(self.store.resume(&app_ids))?;
            let open: Vec<(&Found, String)> = messages
                .iter()
                .zip(app_ids)
                .zip(&noted)
                .filter(|(_, noted)| noted.is_none())
                .map(|(open, _)| open)
                .collect();
            let (batch, recovered) = self.prepare(wanted, &open)?;
            let settled = |report: &mut RetryReport| {
                report.known += messages.len() - open.len();
                report.recovered += recovered;
                report.refused += open.len() - recovered;
            };
            if recovered == 0 {
                settled(self.report);
                return Ok(());
            }
            let error = match self.runtime.block_on(self.store.commit(&batch)) {
                Ok(_) => {
                    settled(self.report);
                    return Ok(());
                }
                Err(error) => error,
            };
            match (error.next(), error) {
                (Next::Resume | Next::Remake, _) => {}
                (Next::SendAgain, error) if backoff.attempt() < 8 => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the store did not take a batch; trying again"
                    );
                    std::thread::sleep(backoff.next_wait());
                }
                (_, CommitError::Store(error)) => return Err(WorkerError::Store(error)),
                (_, error) => return Err(WorkerError::Commit(error)),
            }
        }
    }

    /// The rows of those that give any. Notes are left as they are: the letter stays where it was.
    fn prepare(&mut self, wanted: &Wanted, open: &[(&Found, String)]) -> Result<(Batch, usize), WorkerError> {
        let suppressions = self.runtime.block_on(self.store.suppressions())?;
        let mut advances = Vec::new();
        for (message, app_id) in open {
            let headers: Headers<'_> =
                message.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
            let message = Message {
                payload: &message.payload,
                headers,
                topic: &wanted.topic,
                partition: wanted.partition,
                offset: message.offset,
                ingested_at: now(),
            };
            if matches!(self.processor.process(&message, &suppressions, self.desk), Outcome::Facts { .. }) {
                advances.push(Advance { app_id: app_id.clone(), from: None, next: 1 });
            }
        }
        self.desk.notes.clear();
        let recovered = advances.len();
        let facts = self.desk.facts.encode()?;
        Ok((Batch { facts, notes: Vec::new(), advances, suppressions }, recovered))
    }
}

fn app_id(wanted: &Wanted, offset: i64) -> String {
    format!("retry/{}/{}/{offset}", wanted.topic, wanted.partition)
}

fn now() -> Timestamp {
    crate::kafka::wall_clock()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_by_partition_and_in_order() {
        let position = |topic: &str, partition, offset| Position { topic: topic.into(), partition, offset };
        let wanted = by_origin(
            [position("b", 0, 9), position("a", 1, 5), position("b", 0, 2), position("b", 0, 9)].into_iter(),
        );
        let seen: Vec<_> = wanted.iter().map(|w| (&*w.topic, w.partition, w.offsets.clone())).collect();
        assert_eq!(seen, [("a", 1, vec![5]), ("b", 0, vec![2, 9])]);
        assert_eq!(app_id(&wanted[1], 9), "retry/b/0/9");
    }
}
