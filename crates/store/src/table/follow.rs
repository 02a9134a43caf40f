//! Keeping up with a table's log.
//!
//! Entries are numbered without a gap, and never change. So whether there is a next one is asked by its name, which costs
//! the same however long the log is, where a list costs more with each entry; and what an entry says is all that has
//! changed. Delta's own view of the table is brought on only where it is needed.
//!
//! That there is none of a name tells nothing where it was cleaned up. Before that an entry gets old, and those before it
//! go as well: so the log is listed where nobody has looked at it for long, and where the last entry that is known is gone.

use super::Handle;
use super::state::{Looked, State};
use crate::error::StoreError;
use deltalake_core::ObjectStoreError;
use deltalake_core::kernel::{Action, Version};
use deltalake_core::logstore::object_store::ObjectStoreExt as _;
use deltalake_core::logstore::{commit_uri_from_version, get_actions, read_commit_entry};
use futures::future::join;

impl Handle {
    /// Moves on to the newest version. Returns the version that carries `token`, if one passed by.
    pub(super) async fn refresh(
        &self,
        state: &mut State,
        token: Option<&str>,
    ) -> Result<Option<Version>, StoreError> {
        let (looked, mut least) = (Looked::now(), state.version);
        let (last, next) = join(self.has_entry(state.version), self.actions(state.version + 1)).await;
        if !(last? && state.is_fresh()) {
            match self.log_store.get_latest_version(state.version).await {
                Ok(latest) => least = latest,
                // The log before a checkpoint was cleaned up while this process slept, or in part: start over.
                Err(_) => {
                    self.reload(state).await?;
                    return Ok(None);
                }
            }
        }
        let (mut next, mut found) = (next?, None);
        while let Some(actions) = next {
            if state.follow(actions, token, &self.place) {
                found = Some(state.version);
            }
            next = self.actions(state.version + 1).await?;
        }
        if state.version < least {
            // It was cleaned up while it was read.
            self.reload(state).await?;
        }
        state.looked = looked;
        Ok(found)
    }

    async fn has_entry(&self, version: Version) -> Result<bool, StoreError> {
        let store = self.log_store.object_store(None);
        match store.head(&commit_uri_from_version(Some(version))).await {
            Ok(_) => Ok(true),
            Err(ObjectStoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(StoreError::from_object_store(&self.place, error)),
        }
    }

    /// What one version's commit holds; `None` if there is none, or the log no longer has it.
    pub async fn actions(&self, version: Version) -> Result<Option<Vec<Action>>, StoreError> {
        let store = self.log_store.object_store(None);
        let entry = read_commit_entry(store.as_ref(), version).await.map_err(|error| self.failed(error))?;
        entry.map(|bytes| get_actions(version, &bytes)).transpose().map_err(|error| self.failed(error))
    }

    /// Asks for the app transactions that are not known yet. All are of one version then, which may be a newer one.
    pub(super) async fn learn(&self, state: &mut State, app_ids: &[String]) -> Result<(), StoreError> {
        if self.ask(state, app_ids).await.is_err() {
            // What Delta's view was made of may have been cleaned up since.
            self.reload(state).await?;
            self.ask(state, app_ids).await?;
        }
        Ok(())
    }

    async fn ask(&self, state: &mut State, app_ids: &[String]) -> Result<(), StoreError> {
        for app_id in app_ids {
            if state.apps.contains_key(app_id) {
                continue;
            }
            // However old it is: what was committed since is known.
            let loaded = state.delta.snapshot().map_err(|error| self.failed(error))?;
            let noted = loaded.transaction_version(self.log_store.as_ref(), app_id).await;
            state.apps.insert(app_id.clone(), noted.map_err(|error| self.failed(error))?);
        }
        Ok(())
    }

    /// Brings Delta's own view up to the newest version that is known, or both to a newer one where what the view was made
    /// of was cleaned up since.
    pub(super) async fn catch_up(&self, state: &mut State) -> Result<(), StoreError> {
        if state.delta.version() != Some(state.version)
            && state.delta.update_incremental(Some(state.version)).await.is_err()
        {
            return self.reload(state).await;
        }
        state.is_dated = false;
        Ok(())
    }

    async fn reload(&self, state: &mut State) -> Result<(), StoreError> {
        let looked = Looked::now();
        *state = State::of(self.delta().await?, looked, &self.place)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::StoreOptions;
    use crate::schema::Table;
    use crate::suppressions::row;
    use crate::table::{AppVersion, Expected, Handle, Intent, Purpose};
    use deltalake_core::checkpoints::create_checkpoint;
    use feedback::time::Timestamp;
    use std::time::Instant;
    use tempfile::TempDir;
    use url::Url;

    async fn open(root: &TempDir) -> Handle {
        let url = Url::from_directory_path(root.path()).unwrap();
        Handle::open(&url, Table::Suppressions, &StoreOptions::default()).await.unwrap()
    }

    /// A row, and an app transaction that goes from one number to the next.
    async fn commit(handle: &Handle, from: Option<i64>) -> u64 {
        let adds = handle.put(&row("a_1", Timestamp(0), 1).unwrap(), true).await.unwrap();
        let (expected, version) = (Expected::Exactly(from), from.unwrap_or(0) + 1);
        let notes = vec![AppVersion { app_id: "g/t/0".to_owned(), expected, version }];
        let (purpose, removes, put_at) = (Purpose::Append, Vec::new(), Instant::now());
        handle.transact(&Intent { purpose, adds, removes, notes, put_at }).await.unwrap()
    }

    /// As others clean up: a checkpoint, and entries that it covers go.
    async fn clean_up(root: &TempDir, handle: &Handle, versions: &[u64]) {
        create_checkpoint(&handle.delta().await.unwrap(), None).await.unwrap();
        for version in versions {
            let entry = format!("suppressions/_delta_log/{version:020}.json");
            std::fs::remove_file(root.path().join(entry)).unwrap();
        }
    }

    async fn held(handle: &Handle) -> (u64, usize, Vec<Option<i64>>) {
        let snapshot = handle.snapshot().await.unwrap();
        let noted = handle.app_versions(&["g/t/0".to_owned()]).await.unwrap();
        (snapshot.version, snapshot.files().len(), noted)
    }

    #[tokio::test]
    async fn whoever_slept_while_the_log_was_cleaned_up_in_part_sees_all_of_it() {
        let root = tempfile::tempdir().unwrap();
        let (sleeper, other) = (open(&root).await, open(&root).await);
        assert_eq!(commit(&sleeper, None).await, 1);
        for from in 1..4 {
            commit(&other, Some(from)).await;
        }
        // Its own entry is there still, and the next one is not.
        clean_up(&root, &other, &[0, 2, 3]).await;
        sleeper.state.lock().await.sleep();
        assert_eq!(held(&sleeper).await, (4, 4, vec![Some(4)]));
        assert_eq!(commit(&sleeper, Some(4)).await, 5);
        assert_eq!(held(&other).await, (5, 5, vec![Some(5)]));
    }

    #[tokio::test]
    async fn whose_last_entry_is_gone_starts_over() {
        let root = tempfile::tempdir().unwrap();
        let (slow, other) = (open(&root).await, open(&root).await);
        commit(&slow, None).await;
        commit(&other, Some(1)).await;
        clean_up(&root, &other, &[0, 1]).await;
        assert_eq!(held(&slow).await, (2, 2, vec![Some(2)]));
        assert_eq!(commit(&slow, Some(2)).await, 3);
    }

    /// What Delta's view was made of is gone, and something is asked of it that nobody has asked before.
    #[tokio::test]
    async fn an_app_transaction_is_found_although_the_log_was_cleaned_up() {
        let root = tempfile::tempdir().unwrap();
        let (writer, reader) = (open(&root).await, open(&root).await);
        commit(&writer, None).await;
        let late = open(&root).await;
        commit(&writer, Some(1)).await;
        assert_eq!((late.version().await.unwrap(), reader.version().await.unwrap()), (2, 2));
        clean_up(&root, &writer, &[0, 1]).await;
        let asked = ["g/t/0".to_owned(), "never".to_owned()];
        for handle in [&writer, &late, &reader] {
            assert_eq!(handle.app_versions(&asked).await.unwrap(), [Some(2), None]);
        }
    }

    #[tokio::test]
    async fn a_table_that_is_gone_is_not_written_on() {
        let root = tempfile::tempdir().unwrap();
        let handle = open(&root).await;
        commit(&handle, None).await;
        let (log, aside) = (root.path().join("suppressions/_delta_log"), root.path().join("aside"));
        std::fs::rename(&log, &aside).unwrap();
        assert!(handle.version().await.is_err());
        std::fs::create_dir(&log).unwrap();
        assert!(handle.version().await.is_err());
        std::fs::remove_dir(&log).unwrap();
        std::fs::rename(&aside, &log).unwrap();
        assert_eq!(commit(&handle, Some(1)).await, 2);
    }
}
