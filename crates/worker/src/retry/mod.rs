//! Dead letters once more: read again from where they came, after a fix of the program or its configuration.
//!
//! The tables hold only a redacted payload, so the origin has to have the message still. What a letter gives now is
//! committed only if nobody else, a replay, another import or another retry, has read the same partition again since
//! the tables were asked what they hold of it ([`again_id`]): repeat a retry as often as you like, nothing doubles.

mod origin;
mod report;

pub use report::{Gone, RetryReport, Still};

use crate::files::{self, ImportOptions};
use crate::kafka::wall_clock;
use crate::pipeline::batch::again_id;
use crate::process::{Desk, Message, Processor};
use crate::trouble::Trouble;
use crate::{WorkerError, backoff::Backoff, failpoints, outcome::Outcome, shutdown::Shutdown};
use feedback::event::Headers;
use feedback::position::Position;
use origin::{Ended, Origins};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Advance, Batch, CommitError, DeadLetter, DeadLetterFilter, Next, Offsets, Store, StoreError};

/// Tries before a person is told.
const TRIES: u32 = 8;

#[derive(Clone, Default)]
pub struct RetryOptions {
    /// Its topic may also be a file by its name, as [`files::letters`] takes it.
    pub filter: DeadLetterFilter,
    /// `host:port`, separated by commas; for letters from topics.
    pub brokers: String,
    pub properties: BTreeMap<String, String>,
    /// For letters from files: where the files lie now, and how they are read.
    pub files: Vec<ImportOptions>,
}

/// A message as its origin still has it.
struct Found {
    offset: i64,
    payload: Vec<u8>,
    headers: Vec<(String, Vec<u8>)>,
}

impl Found {
    fn message<'m>(&'m self, wanted: &'m Wanted) -> Message<'m> {
        let headers: Headers<'_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let (payload, topic) = (self.payload.as_slice(), &*wanted.topic);
        let (partition, offset) = (wanted.partition, self.offset);
        Message { payload, headers, topic, partition, offset, ingested_at: wall_clock() }
    }
}

/// Letters of one partition or file.
struct Wanted {
    topic: Arc<str>,
    partition: i32,
    /// Ascending.
    offsets: Vec<i64>,
    /// Those of them that count as ignored so far, not as refused.
    ignored: BTreeSet<i64>,
}

/// What the tables hold of a partition, and the number that says whether somebody has read it again since.
struct Held {
    again: Option<i64>,
    known: Offsets,
}

/// What some letters give now.
#[derive(Default)]
struct Sent {
    batch: Batch,
    recovered: usize,
    ignored: usize,
    erased: usize,
    refused: BTreeMap<String, usize>,
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
    let letters = files::letters(&store, &options.filter).await?;
    let mut report = RetryReport { letters: letters.len(), ..RetryReport::default() };
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let mut origins = Origins::new(&options, &shutdown);
        let mut retry = Retry {
            store: &store,
            processor: &processor,
            runtime: &runtime,
            desk: &mut Desk::default(),
            report: &mut report,
            trouble: &Trouble::new("the retry"),
        };
        for wanted in by_origin(letters) {
            retry.partition(&mut origins, &wanted)?;
            if retry.report.interrupted {
                break;
            }
        }
        Ok(report)
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(WorkerError::Panicked))
}

fn by_origin(letters: Vec<DeadLetter>) -> Vec<Wanted> {
    let mut origins: BTreeMap<(Arc<str>, i32), Wanted> = BTreeMap::new();
    for DeadLetter { outcome, position: Position { topic, partition, offset }, .. } in letters {
        let origin = origins.entry((topic.clone(), partition));
        let wanted = origin.or_insert_with(|| Wanted {
            topic,
            partition,
            offsets: Vec::new(),
            ignored: BTreeSet::new(),
        });
        wanted.offsets.push(offset);
        if outcome == store::Outcome::Ignored {
            wanted.ignored.insert(offset);
        }
    }
    let sorted = |mut wanted: Wanted| {
        wanted.offsets.sort_unstable();
        wanted.offsets.dedup();
        wanted
    };
    origins.into_values().map(sorted).collect()
}

struct Retry<'a> {
    store: &'a Store,
    processor: &'a Processor,
    runtime: &'a tokio::runtime::Handle,
    desk: &'a mut Desk,
    report: &'a mut RetryReport,
    trouble: &'a Trouble,
}

impl Retry<'_> {
    fn partition(&mut self, origins: &mut Origins<'_>, wanted: &Wanted) -> Result<(), WorkerError> {
        let mut held = self.held(wanted)?;
        let mut found = 0;
        let ended = origins.read(wanted, &mut |messages| {
            found += messages.len();
            self.commit(wanted, messages, &mut held)
        })?;
        let missing = wanted.offsets.len() - found;
        match ended {
            Ended::Interrupted => self.report.interrupted = true,
            Ended::Whole { why } if missing > 0 => self.report.gone(wanted, missing, why),
            Ended::Whole { .. } => {}
        }
        Ok(())
    }

    /// Asks first for the number, then for the rows: who comes in between moves the number.
    fn held(&self, wanted: &Wanted) -> Result<Held, WorkerError> {
        let id = again_id(&wanted.topic, wanted.partition);
        let again = self.patiently(|| self.store.resume(std::slice::from_ref(&id)))?;
        let known = self.patiently(|| self.store.positions(&wanted.topic, wanted.partition))?;
        Ok(Held { again: again.into_iter().next().flatten(), known })
    }

    /// Waits for tables that cannot be read for a while.
    fn patiently<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<T, WorkerError> {
        let mut backoff = Backoff::default();
        loop {
            match self.runtime.block_on(call()) {
                Err(error) if error.is_retryable() && backoff.attempt() < TRIES => {
                    self.trouble.failed(&error);
                    std::thread::sleep(backoff.next_wait());
                }
                result => return result.map_err(WorkerError::Store),
            }
        }
    }

    /// Commits what the letters give now; where somebody else had some of them first, the rest.
    fn commit(&mut self, wanted: &Wanted, messages: &[Found], held: &mut Held) -> Result<(), WorkerError> {
        let mut backoff = Backoff::default();
        loop {
            let open = messages.iter().filter(|message| !held.known.contains(message.offset));
            let open: Vec<&Found> = open.collect();
            let mut sent = self.send(wanted, &open)?;
            let settled = |report: &mut RetryReport, sent: Sent| {
                report.sent += open.len();
                report.known += messages.len() - open.len();
                report.add(sent);
            };
            if sent.recovered + sent.batch.replacing.len() == 0 {
                settled(self.report, sent);
                return Ok(());
            }
            let next = held.again.unwrap_or(0) + 1;
            let app_id = again_id(&wanted.topic, wanted.partition);
            sent.batch.advances = vec![Advance { app_id, from: held.again, next }];
            failpoints::pass(failpoints::RETRY_COMMIT);
            let error = match self.runtime.block_on(self.store.commit(&sent.batch)) {
                Ok(_) => {
                    held.again = Some(next);
                    self.trouble.over();
                    settled(self.report, sent);
                    return Ok(());
                }
                Err(error) => error,
            };
            match (error.next(), error) {
                (Next::Resume | Next::Remake, _) => *held = self.held(wanted)?,
                (Next::SendAgain, error) if backoff.attempt() < TRIES => {
                    self.trouble.failed(&error);
                    std::thread::sleep(backoff.next_wait());
                }
                (_, CommitError::Store(error)) => return Err(WorkerError::Store(error)),
                (_, error) => return Err(WorkerError::Commit(error)),
            }
        }
    }

    /// What today's decoding makes of them. A letter that is refused still stays as it is.
    fn send(&mut self, wanted: &Wanted, open: &[&Found]) -> Result<Sent, WorkerError> {
        let suppressions = self.patiently(|| self.store.suppressions())?;
        let mut sent = Sent::default();
        let group = self.processor.group();
        for (at, found) in open.iter().enumerate() {
            if group > 1 && at % group == 0 {
                let ahead = open[at..].iter().take(group).map(|found| found.message(wanted));
                self.processor.foresee(ahead, self.desk);
            }
            let (message, offset) = (found.message(wanted), found.offset);
            let outcome = self.processor.process(&message, &suppressions, self.desk);
            let note = self.desk.notes.pop();
            match outcome {
                Outcome::Facts { .. } => sent.recovered += 1,
                Outcome::Ignored => {
                    sent.ignored += 1;
                    sent.batch.replacing.extend(note.filter(|_| !wanted.ignored.contains(&offset)));
                }
                Outcome::Erased { .. } => {
                    sent.erased += 1;
                    sent.batch.replacing.extend(note);
                }
                Outcome::DeadLetter | Outcome::Known | Outcome::StillRefused => {
                    let reason = note.map(|note| note.reason).unwrap_or_default();
                    *sent.refused.entry(reason).or_default() += 1;
                }
            }
        }
        sent.batch.facts = self.desk.facts.encode()?;
        sent.batch.suppressions = suppressions;
        Ok(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;

    #[test]
    fn letters_are_read_by_partition_and_in_order() {
        let letter = |topic: &str, partition, offset| DeadLetter {
            outcome: if offset == 2 { store::Outcome::Ignored } else { store::Outcome::DeadLetter },
            reason: String::new(),
            detail: String::new(),
            payload: None,
            source_kind: None,
            author: None,
            author_alias: None,
            records: 1,
            ingested_at: Timestamp(0),
            position: Position { topic: topic.into(), partition, offset },
        };
        let wanted =
            by_origin(vec![letter("b", 0, 9), letter("a", 1, 5), letter("b", 0, 2), letter("b", 0, 9)]);
        let seen: Vec<_> = wanted.iter().map(|w| (&*w.topic, w.partition, w.offsets.clone())).collect();
        assert_eq!(seen, [("a", 1, vec![5]), ("b", 0, vec![2, 9])]);
        assert_eq!(wanted[1].ignored, BTreeSet::from([2]));
    }
}
