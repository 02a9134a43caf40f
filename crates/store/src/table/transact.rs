//! Commits that either win or change nothing.
//!
//! Every commit is a compare-and-swap on the version after the one that was looked at. Delta's own
//! conflict checker is not used: it lets two rewrites of one file pass when the first said
//! `dataChange = false` (a compaction), which would double rows or undo an erasure.

use super::{Handle, State};
use crate::error::StoreError;
use crate::failpoints;
use crate::schema::Table;
use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove, Transaction, Version};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Rounds of losing against other writers before giving up for now.
const ROUNDS: u32 = 100;
/// Files that were put longer ago are no longer committed: a purge may take them for a crash's leftovers.
pub(crate) const UNCOMMITTED_FILES_LIVE: Duration = Duration::from_secs(30 * 60);
/// In each commit's info: who made it, so that its maker knows it again.
pub(super) const TOKEN: &str = "verbatim.commit";
/// In each commit's info: what it was made for.
pub(crate) const PURPOSE: &str = "verbatim.purpose";

/// Why a commit is made; the rollup reads it from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Append,
    /// The same rows in other files, less what resolution never shows.
    Compact,
    /// Rows are gone.
    Erase,
    Replace,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::Compact => "compact",
            Self::Erase => "erase",
            Self::Replace => "replace",
        }
    }

    fn operation(self, partitioned: bool) -> DeltaOperation {
        let partition_by = partitioned.then(|| vec![crate::schema::DAY.to_owned()]);
        match self {
            Self::Append => DeltaOperation::Write { mode: SaveMode::Append, partition_by, predicate: None },
            Self::Replace => {
                DeltaOperation::Write { mode: SaveMode::Overwrite, partition_by, predicate: None }
            }
            Self::Compact => DeltaOperation::Optimize { predicate: None, target_size: 0 },
            Self::Erase => DeltaOperation::Delete { predicate: None },
        }
    }
}

/// One commit to be made.
#[derive(Debug)]
pub(crate) struct Intent {
    pub purpose: Purpose,
    pub adds: Vec<Add>,
    /// All of them must still be in the table.
    pub removes: Vec<Remove>,
    pub notes: Vec<AppVersion>,
    /// When the first of the added files was put.
    pub put_at: Instant,
}

/// An app transaction: what must be noted now, and what is noted then.
#[derive(Debug, Clone)]
pub(crate) struct AppVersion {
    pub app_id: String,
    pub expected: Expected,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Exactly(Option<i64>),
    /// Whatever it is, it does not go back.
    Anything,
}

/// Why an intent can never be committed as it is.
#[derive(Debug)]
pub(crate) enum Refused {
    AppMoved {
        app_id: String,
        expected: Option<i64>,
        found: Option<i64>,
    },
    /// Somebody else rewrote these files first.
    FilesGone,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refused {
    /// Whether the commit was not written and never will be: after another error the entry may still arrive.
    fn is_certain(&self) -> bool {
        match self {
            Self::AppMoved { .. } | Self::FilesGone => true,
            // The log was read once more: nothing of this commit is there, and the disk writes nothing late.
            Self::Store(error) => matches!(error, StoreError::Busy { .. } | StoreError::DiskFull { .. }),
        }
    }
}

impl Handle {
    /// Commits everything of the intent at once, or nothing; returns the version it became.
    ///
    /// Others' commits in between are fine as long as the noted app versions and the removed files are
    /// what the intent was built on, which is looked at again on the very version it is committed upon.
    ///
    /// The added files of an intent that was certainly refused are deleted.
    pub async fn transact(&self, intent: &Intent) -> Result<Version, Refused> {
        let refused = match self.win(intent).await {
            Ok(version) => return Ok(version),
            Err(refused) => refused,
        };
        if refused.is_certain()
            && let Ok(files) = self.snapshot().await.and_then(|snapshot| snapshot.files())
        {
            // Whoever sends an intent twice finds its files named already.
            let named: HashSet<String> = files.into_iter().map(|file| file.path).collect();
            let unnamed: Vec<Add> =
                intent.adds.iter().filter(|add| !named.contains(&add.path)).cloned().collect();
            self.folder().discard(&unnamed).await;
        }
        Err(refused)
    }

    async fn win(&self, intent: &Intent) -> Result<Version, Refused> {
        let token = Uuid::new_v4().to_string();
        let mut state = self.state.lock().await;
        for round in 0..ROUNDS {
            if intent.put_at.elapsed() > UNCOMMITTED_FILES_LIVE {
                break;
            }
            self.check(&mut state, intent).await?;
            let error = match self.try_commit(&mut state, intent, &token).await {
                Ok(version) => return Ok(version),
                Err(error) => error,
            };
            // The entry may have been written although an error came back: the log knows.
            if let Some(version) = self.refresh(&mut state, Some(&token)).await? {
                tracing::debug!(
                    table = self.table.name(),
                    version,
                    "commit stands although it reported an error"
                );
                return Ok(version);
            }
            if !lost_the_race(&error) {
                return Err(self.failed(error).into());
            }
            // Whoever loses waits a little longer each time, each for another while.
            let jitter = u64::from(Uuid::new_v4().as_bytes()[0]);
            tokio::time::sleep(Duration::from_micros(jitter * u64::from(round.min(20)) * 20)).await;
        }
        Err(StoreError::Busy { path: self.place.clone() }.into())
    }

    /// Whether the intent fits the version in `state`.
    async fn check(&self, state: &mut State, intent: &Intent) -> Result<(), Refused> {
        for note in &intent.notes {
            let found = self.app_version(state, &note.app_id).await?;
            match note.expected {
                Expected::Exactly(expected) if found != expected => {
                    return Err(Refused::AppMoved { app_id: note.app_id.clone(), expected, found });
                }
                _ => {}
            }
        }
        if !intent.removes.is_empty() {
            let active: HashSet<String> = self.view(state)?.files()?.into_iter().map(|f| f.path).collect();
            if intent.removes.iter().any(|remove| !active.contains(&remove.path)) {
                return Err(Refused::FilesGone);
            }
        }
        Ok(())
    }

    async fn try_commit(
        &self,
        state: &mut State,
        intent: &Intent,
        token: &str,
    ) -> Result<Version, DeltaTableError> {
        let notes = intent.notes.iter().map(|note| {
            let known = state.apps.get(&note.app_id).copied().flatten();
            Transaction::new(&note.app_id, note.version.max(known.unwrap_or(note.version)))
        });
        let notes: Vec<Transaction> = notes.collect();
        let properties = CommitProperties::default()
            .with_max_retries(0)
            .with_cleanup_expired_logs(Some(false))
            .with_metadata([
                (TOKEN.to_owned(), token.into()),
                (PURPOSE.to_owned(), intent.purpose.as_str().into()),
            ])
            .with_application_transactions(notes.clone());
        let removes = intent.removes.iter().cloned().map(Action::Remove);
        let actions = removes.chain(intent.adds.iter().cloned().map(Action::Add)).collect();
        let done = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(
                Some(state.delta.snapshot()?),
                self.log_store.clone(),
                intent.purpose.operation(self.table.is_partitioned()),
            )
            .await?;
        if self.table == Table::Feedback && intent.purpose == Purpose::Append {
            failpoints::pass(failpoints::LOGGED);
        }
        state.delta.state = Some(done.snapshot());
        state.apps.extend(notes.into_iter().map(|note| (note.app_id, Some(note.version))));
        Ok(done.version())
    }
}

/// Another commit took the version; nothing was written.
fn lost_the_race(error: &DeltaTableError) -> bool {
    matches!(
        error,
        DeltaTableError::VersionAlreadyExists(_)
            | DeltaTableError::Transaction {
                source: TransactionError::MaxCommitAttempts(_)
                    | TransactionError::VersionAlreadyExists(_)
                    | TransactionError::CommitConflict(_),
            }
    )
}
