//! Appending to a log: behind whatever others append, or only where nobody has.

use super::columns::encode_rows;
use super::{ERASURES, LAST, LogEvent, Mark, Noted, Quoted, Theirs};
use crate::compact::merge_small_files;
use crate::error::{Next, StoreError};
use crate::removal::ROUNDS;
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use crate::{Store, Suppressions};
use std::collections::{BTreeSet, HashSet};
use std::time::Instant;

/// Each time the log has grown by so many rows, its small files are merged.
const MERGE_EVERY: i64 = 64;
/// Files of a day that are worth it.
const AT_LEAST: usize = 16;

/// Nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Read on from the mark that was expected, and decide again.
    #[error("another process has written to the table {table} since it was read")]
    Moved { table: &'static str, found: Mark },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AppendError {
    #[must_use]
    pub fn next(&self) -> Next {
        match self {
            Self::Moved { .. } => Next::Remake,
            Self::Store(error) if error.is_retryable() => Next::SendAgain,
            Self::Store(_) => Next::Stop,
        }
    }
}

impl Store {
    /// Appends the events, all of them or none, in their order; returns the mark behind them. With `expected` only
    /// where the log still stands as when that mark was read. What they hold of anybody who was erased is left out.
    ///
    /// After an error that is worth another try they may be there all the same: whoever expects a mark is told by
    /// [`AppendError::Moved`] then, and finds them when reading on; without one they may be there twice.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append<E: LogEvent>(
        &self,
        events: &[E],
        expected: Option<Mark>,
    ) -> Result<Mark, AppendError> {
        let suppressions = self.suppressions().await?;
        let events: Vec<E> = events.iter().filter_map(|event| allowed(event, &suppressions)).collect();
        let mark = self.append_allowed(&events, expected).await?;
        // Somebody may have been erased between the two: the erasure looks for rows after it has suppressed them, this
        // looks for suppressions after it has written rows.
        if events.iter().any(|event| !event.quoted().is_empty()) {
            self.forget_latecomers(&suppressions).await?;
        }
        Ok(mark)
    }

    async fn append_allowed<E: LogEvent>(
        &self,
        events: &[E],
        expected: Option<Mark>,
    ) -> Result<Mark, AppendError> {
        let handle = self.handle(E::TABLE);
        for _ in 0..ROUNDS {
            let noted = Noted::of(handle).await?;
            let found = noted.mark();
            if expected.is_some_and(|expected| expected != found) {
                return Err(AppendError::Moved { table: E::TABLE.name(), found });
            }
            if events.is_empty() {
                return Ok(found);
            }
            let rows: Vec<(i64, &E)> = (found.sequence + 1..).zip(events).collect();
            let mark = Mark { sequence: found.sequence + events.len() as i64, ..found };
            let put_at = Instant::now();
            let adds = handle.put(&encode_rows(&rows)?, true).await?;
            let note = |app_id: &str, expected, version| AppVersion {
                app_id: app_id.to_owned(),
                expected: Expected::Exactly(expected),
                version,
            };
            let intent = Intent {
                purpose: Purpose::Append,
                adds,
                removes: Vec::new(),
                notes: vec![
                    note(LAST, noted.last, mark.sequence),
                    note(ERASURES, noted.erasures, mark.erasures),
                ],
                put_at,
            };
            match handle.transact(&intent).await {
                Ok(_) => {
                    self.tidy::<E>(found, mark).await;
                    return Ok(mark);
                }
                // Others were faster: their rows come first, or what was expected is no longer so.
                Err(Refused::AppMoved { .. }) => {}
                Err(Refused::Store(error)) => return Err(error.into()),
                // Nothing is removed.
                Err(Refused::FilesGone) => break,
            }
        }
        Err(StoreError::Busy { path: handle.place.clone() }.into())
    }

    /// A log grows by a file at each append, and whoever reads it opens them all.
    async fn tidy<E: LogEvent>(&self, before: Mark, after: Mark) {
        if before.sequence / MERGE_EVERY == after.sequence / MERGE_EVERY {
            return;
        }
        let merged = merge_small_files(self.handle(E::TABLE), AT_LEAST, &|_| {}).await;
        if let Err(error) = merged {
            // The rows are there; maintenance merges the files another time.
            tracing::debug!(
                table = E::TABLE.name(),
                error = &error as &dyn std::error::Error,
                "the log's small files stay for now"
            );
        }
    }
}

/// What may be written of an event.
fn allowed<E: LogEvent>(event: &E, suppressions: &Suppressions) -> Option<E> {
    let names: BTreeSet<String> = match suppressions.is_empty() {
        true => BTreeSet::new(),
        false => {
            let names = event.quoted().into_iter().flat_map(Quoted::names);
            names.filter(|name| suppressions.contains(name)).cloned().collect()
        }
    };
    if names.is_empty() {
        return Some(event.clone());
    }
    event.clone().without(&Theirs { names, records: HashSet::new() })
}
