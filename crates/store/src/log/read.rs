//! Reading a log on from where one left it.

use super::columns::decode;
use super::{LogEvent, Mark, Noted, SEQUENCE, Tail};
use crate::Store;
use crate::error::StoreError;
use crate::index::why_gone;
use crate::removal::ROUNDS;
use crate::rewrite::read_whole;
use futures::StreamExt;

/// Files that are read at once.
const AT_ONCE: usize = 8;

impl Store {
    /// What was appended behind a mark: all of it for the default. Where nothing was, nothing is read.
    pub async fn tail<E: LogEvent>(&self, since: Mark) -> Result<Tail<E>, StoreError> {
        let handle = self.handle(E::TABLE);
        for _ in 0..ROUNDS {
            let mark = Noted::of(handle).await?.mark();
            let anew = mark.erasures != since.erasures || mark.sequence < since.sequence;
            let after = if anew { 0 } else { since.sequence };
            if after == mark.sequence {
                return Ok(Tail { mark, events: Vec::new(), anew });
            }
            if let Some(events) = self.between(after, mark.sequence).await? {
                return Ok(Tail { mark, events, anew });
            }
        }
        Err(why_gone(handle).await)
    }

    /// The sequence of the last row that a log ever had; 0 before the first.
    pub(crate) async fn last_sequence<E: LogEvent>(&self) -> Result<i64, StoreError> {
        Ok(Noted::of(self.handle(E::TABLE)).await?.mark().sequence)
    }

    /// The events with a sequence above `after`, `most` at most, and the last sequence that was looked at: for whoever tells
    /// of each once, and has nothing to forget where an erasure changes older ones.
    pub async fn events_after<E: LogEvent>(
        &self,
        after: i64,
        most: i64,
    ) -> Result<(i64, Vec<E>), StoreError> {
        let handle = self.handle(E::TABLE);
        for _ in 0..ROUNDS {
            let there = Noted::of(handle).await?.mark().sequence;
            let last = there.min(after.saturating_add(most));
            if after >= last {
                return Ok((there.min(last), Vec::new()));
            }
            if let Some(events) = self.between(after, last).await? {
                return Ok((last, events));
            }
        }
        Err(why_gone(handle).await)
    }

    /// The events with a sequence above `after`, up to `last`; `None` if a file was replaced and deleted meanwhile.
    async fn between<E: LogEvent>(&self, after: i64, last: i64) -> Result<Option<Vec<E>>, StoreError> {
        let handle = self.handle(E::TABLE);
        // Looked at after the mark: what was appended by then is in it.
        let files = handle.snapshot().await?.files();
        let mut reads = Vec::with_capacity(files.len());
        for file in files.iter() {
            if file.extent(SEQUENCE.name).is_none_or(|held| *held.end() > after && *held.start() <= last) {
                reads.push(read_whole(handle, &file.path));
            }
        }
        let mut reads = futures::stream::iter(reads).buffer_unordered(AT_ONCE);
        let mut rows: Vec<(i64, E)> = Vec::new();
        while let Some(read) = reads.next().await {
            let Some(batches) = read? else { return Ok(None) };
            rows.extend(decode::<E>(&batches)?);
        }
        rows.retain(|(sequence, _)| *sequence > after && *sequence <= last);
        rows.sort_unstable_by_key(|(sequence, _)| *sequence);
        Ok(Some(rows.into_iter().map(|(_, event)| event).collect()))
    }
}
