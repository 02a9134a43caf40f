//! Commits that either win or change nothing.
//!
//! Every commit is a compare-and-swap on the version after the one that was looked at. Delta's own
//! conflict checker is not used: it lets two rewrites of one file pass when the first said
//! `dataChange = false` (a compaction), which would double rows or undo an erasure.
//!
//! What a commit costs does not grow with the table: its entry is written by its number, and what it changed is taken
//! over from it. (Delta's library would list the log twice and look at every file of the table.) Only each so many
//! commits, as a property of the table says, one writes a checkpoint, for which all is read.

use super::Handle;
use super::state::State;
use crate::error::StoreError;
use crate::failpoints;
use crate::schema::Table;
use deltalake_core::DeltaTableError;
use deltalake_core::checkpoints::create_checkpoint;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove, Transaction, Version};
use deltalake_core::logstore::CommitOrBytes;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::config::TablePropertiesExt;
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
            && let Ok(snapshot) = self.snapshot().await
        {
            // Whoever sends an intent twice finds its files named already.
            let files = snapshot.files();
            let named: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
            let unnamed = intent.adds.iter().filter(|add| !named.contains(add.path.as_str()));
            self.folder().discard(&unnamed.cloned().collect::<Vec<_>>()).await;
        }
        Err(refused)
    }

    async fn win(&self, intent: &Intent) -> Result<Version, Refused> {
        let token = Uuid::new_v4().to_string();
        let mut state = self.state.lock().await;
        self.refresh(&mut state, None).await?;
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

    /// Whether the intent fits the version in `state`, or a newer one that it is brought to here.
    async fn check(&self, state: &mut State, intent: &Intent) -> Result<(), Refused> {
        if state.is_dated {
            self.catch_up(state).await?;
        }
        let app_ids: Vec<String> = intent.notes.iter().map(|note| note.app_id.clone()).collect();
        self.learn(state, &app_ids).await?;
        // From here on it is one version.
        for note in &intent.notes {
            let found = state.noted(&note.app_id);
            match note.expected {
                Expected::Exactly(expected) if found != expected => {
                    return Err(Refused::AppMoved { app_id: note.app_id.clone(), expected, found });
                }
                _ => {}
            }
        }
        if !intent.removes.is_empty() {
            let files = state.active.files(&self.place)?;
            let active: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
            if intent.removes.iter().any(|remove| !active.contains(remove.path.as_str())) {
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
        let (notes, mut actions) = (intent.transactions(state), intent.changes());
        let properties = CommitProperties::default()
            .with_metadata([
                (TOKEN.to_owned(), token.into()),
                (PURPOSE.to_owned(), intent.purpose.as_str().into()),
            ])
            .with_application_transactions(notes.clone());
        let operation_id = Uuid::new_v4();
        // No more than the entry is taken from Delta's library, once it has checked that it may write such a table.
        let entry = CommitBuilder::from(properties)
            .with_operation_id(operation_id)
            .with_actions(actions.clone())
            .build(
                Some(state.delta.snapshot()?),
                self.log_store.clone(),
                intent.purpose.operation(self.table.is_partitioned()),
            )
            .into_prepared_commit_future()
            .await?
            .commit_or_bytes()
            .clone();
        let version = state.version + 1;
        self.write(version, entry, operation_id).await?;
        if self.table == Table::Feedback && intent.purpose == Purpose::Append {
            failpoints::pass(failpoints::LOGGED);
        }
        actions.extend(notes.into_iter().map(Action::Txn));
        state.follow(actions, None, &self.place);
        self.checkpoint_if_due(state).await;
        Ok(version)
    }

    /// Writes the entry of this number if there is none.
    async fn write(
        &self,
        version: Version,
        entry: CommitOrBytes,
        operation_id: Uuid,
    ) -> Result<(), DeltaTableError> {
        let written = self.log_store.write_commit_entry(version, entry.clone(), operation_id).await;
        if written.as_ref().is_err_and(|error| !matches!(error, TransactionError::VersionAlreadyExists(_))) {
            // Some stores have it under another name until then.
            self.log_store.abort_commit_entry(version, entry, operation_id).await?;
        }
        written.map_err(DeltaTableError::from)
    }

    /// So that whoever opens the table has not much of its log to read.
    async fn checkpoint_if_due(&self, state: &mut State) {
        let due = state.delta.snapshot().is_ok_and(|loaded| {
            (state.version + 1).is_multiple_of(loaded.table_config().checkpoint_interval().get())
        });
        if !due {
            return;
        }
        let done = match self.catch_up(state).await {
            Ok(()) => create_checkpoint(&state.delta, None).await.map_err(|error| self.failed(error)),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            // The commit stands; the next one that is due covers this one, too.
            tracing::warn!(
                table = self.table.name(),
                error = &error as &dyn std::error::Error,
                "no checkpoint could be written"
            );
        }
    }
}

impl Intent {
    /// What is noted with it. No app transaction goes back.
    fn transactions(&self, state: &State) -> Vec<Transaction> {
        let transaction = |note: &AppVersion| {
            let known = state.noted(&note.app_id).unwrap_or(note.version);
            Transaction::new(&note.app_id, note.version.max(known))
        };
        self.notes.iter().map(transaction).collect()
    }

    /// What is taken out, as of now, and what comes in.
    fn changes(&self) -> Vec<Action> {
        let now = chrono::Utc::now().timestamp_millis();
        let removes = self.removes.iter().cloned();
        let removes = removes.map(|remove| Remove { deletion_timestamp: Some(now), ..remove });
        removes.map(Action::Remove).chain(self.adds.iter().cloned().map(Action::Add)).collect()
    }
}

/// Another commit took the version; nothing was written.
fn lost_the_race(error: &DeltaTableError) -> bool {
    matches!(error, DeltaTableError::VersionAlreadyExists(_))
}
