//! One Delta table: opening, refreshing and its files.

mod folder;
mod transact;

pub(crate) use folder::Folder;
pub(crate) use transact::{AppVersion, Expected, Intent, PURPOSE, Purpose, Refused, UNCOMMITTED_FILES_LIVE};

use crate::StoreOptions;
use crate::durable::Durable;
use crate::encode::EncodedFiles;
use crate::error::{Source, StoreError};
use crate::schema::Table;
use crate::snapshot::Snapshot;
use deltalake_core::kernel::{Action, Add, Version};
use deltalake_core::logstore::{
    LogStoreRef, StorageConfig, default_logstore, get_actions, read_commit_entry,
};
use deltalake_core::protocol::SaveMode;
use deltalake_core::table::config::TablePropertiesExt;
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError, TableProperty};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;

/// A checkpoint is written inside the commit whose number it divides.
const CHECKPOINT_INTERVAL: u32 = 50;
/// Entries that a checkpoint covers may go after this time; each commit lists those that are left.
const LOG_RETENTION: &str = "interval 48 hours";
const A_DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) struct Handle {
    pub table: Table,
    /// As people know it: a path, or an address.
    pub place: String,
    /// How long removed files stay.
    pub retention: Duration,
    log_store: LogStoreRef,
    state: Mutex<State>,
}

struct State {
    delta: DeltaTable,
    /// App transactions that were asked for, as of `delta`'s version.
    apps: HashMap<String, Option<i64>>,
}

impl Handle {
    /// Opens the table below `root`, or makes it.
    pub async fn open(root: &Url, table: Table, options: &StoreOptions) -> Result<Self, StoreError> {
        let bad = |source: Source| StoreError::BadAddress { what: root.to_string(), source };
        let url = root.join(&format!("{}/", table.name())).map_err(|error| bad(error.into()))?;
        let place = place(&url);
        let failed = |error| StoreError::from_delta(&place, error);
        let builder = DeltaTableBuilder::from_url(url).map_err(failed)?;
        let built = builder.with_storage_options(options.storage.clone()).build().map_err(failed)?;
        let mut delta = durable(built, &place);
        let retention = match table {
            Table::Insights => options.retention.min(A_DAY),
            _ => options.retention,
        };
        if delta.verify_deltatable_existence().await.map_err(failed)? {
            delta.load().await.map_err(failed)?;
            delta = crate::evolve::evolve(delta, table).await;
        } else {
            let made = create(delta.clone(), table, retention).await;
            // Another process may have been faster; then its table is as good.
            delta = match made {
                Ok(made) => made,
                Err(_) if delta.verify_deltatable_existence().await.map_err(failed)? => {
                    delta.load().await.map_err(failed)?;
                    delta
                }
                Err(error) => return Err(failed(error)),
            };
        }
        let log_store = delta.log_store();
        let state = Mutex::new(State { delta, apps: HashMap::new() });
        let handle = Self { table, place, retention, log_store, state };
        handle.snapshot().await?.check()?;
        Ok(handle)
    }

    /// The same table through a store that fails at times.
    #[cfg(test)]
    pub async fn with_faults(mut self, faults: std::sync::Arc<crate::faults::Faults>) -> Self {
        use crate::faults::Faulty;
        use deltalake_core::logstore::{StorageConfig, default_logstore};
        let faulty = |inner| std::sync::Arc::new(Faulty { inner, faults: std::sync::Arc::clone(&faults) });
        let (prefixed, root) = (self.log_store.object_store(None), self.log_store.root_object_store(None));
        let url = self.log_store.root_url();
        self.log_store = default_logstore(faulty(prefixed), faulty(root), url, &StorageConfig::default());
        let mut delta = DeltaTable::new(self.log_store.clone());
        delta.load().await.unwrap();
        self.state = Mutex::new(State { delta, apps: HashMap::new() });
        self
    }

    pub fn failed(&self, error: DeltaTableError) -> StoreError {
        StoreError::from_delta(&self.place, error)
    }

    /// The newest version.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut state = self.state.lock().await;
        self.refresh(&mut state, None).await?;
        self.view(&state)
    }

    fn view(&self, state: &State) -> Result<Snapshot, StoreError> {
        Snapshot::new(self.table, self.place.clone(), state.delta.clone())
    }

    /// What is noted under each app id in the newest version.
    pub async fn app_versions(&self, app_ids: &[String]) -> Result<Vec<Option<i64>>, StoreError> {
        let mut state = self.state.lock().await;
        self.refresh(&mut state, None).await?;
        let mut versions = Vec::with_capacity(app_ids.len());
        for app_id in app_ids {
            versions.push(self.app_version(&mut state, app_id).await?);
        }
        Ok(versions)
    }

    async fn app_version(&self, state: &mut State, app_id: &str) -> Result<Option<i64>, StoreError> {
        if let Some(known) = state.apps.get(app_id) {
            return Ok(*known);
        }
        let snapshot = state.delta.snapshot().map_err(|error| self.failed(error))?;
        let version = snapshot.transaction_version(self.log_store.as_ref(), app_id).await;
        let version = version.map_err(|error| self.failed(error))?;
        state.apps.insert(app_id.to_owned(), version);
        Ok(version)
    }

    /// Moves on to the newest version. Returns the version that carries `token`, if one passed by.
    async fn refresh(&self, state: &mut State, token: Option<&str>) -> Result<Option<Version>, StoreError> {
        let current = state.delta.version().unwrap_or(0);
        let latest = self.log_store.get_latest_version(current).await;
        let latest = match latest {
            Ok(latest) => latest,
            // The log before a checkpoint was cleaned up while this process slept: start over.
            Err(DeltaTableError::InvalidVersion(_)) => {
                state.apps.clear();
                state.delta = DeltaTable::new(self.log_store.clone());
                state.delta.load().await.map_err(|error| self.failed(error))?;
                return Ok(None);
            }
            Err(error) => return Err(self.failed(error)),
        };
        let mut found = None;
        for version in current + 1..=latest {
            let Some(actions) = self.actions(version).await? else {
                state.apps.clear();
                continue;
            };
            for action in &actions {
                match action {
                    Action::Txn(note) => {
                        state.apps.insert(note.app_id.clone(), Some(note.version));
                    }
                    Action::CommitInfo(info) => {
                        let mark = info.info.get(transact::TOKEN).and_then(|mark| mark.as_str());
                        if mark.is_some() && mark == token {
                            found = Some(version);
                        }
                    }
                    _ => {}
                }
            }
        }
        if latest > current {
            state.delta.update_incremental(Some(latest)).await.map_err(|error| self.failed(error))?;
        }
        Ok(found)
    }

    /// What one version's commit holds; `None` if the log no longer has it.
    pub async fn actions(&self, version: Version) -> Result<Option<Vec<Action>>, StoreError> {
        let store = self.log_store.object_store(None);
        let entry = read_commit_entry(store.as_ref(), version).await.map_err(|error| self.failed(error))?;
        entry.map(|bytes| get_actions(version, &bytes)).transpose().map_err(|error| self.failed(error))
    }

    /// Puts the files beside the table; nobody sees them before a commit names them.
    pub async fn put(&self, files: &EncodedFiles, data_change: bool) -> Result<Vec<Add>, StoreError> {
        self.folder().put(&files.files, data_change).await
    }

    pub fn folder(&self) -> Folder {
        Folder { store: self.log_store.object_store(None), place: self.place.clone() }
    }

    /// Makes the table's own property follow the configuration.
    pub async fn note_retention(&self) -> Result<(), StoreError> {
        let snapshot = self.snapshot().await?;
        let config = snapshot.delta().snapshot().map_err(|error| self.failed(error))?.table_config();
        if config.deleted_file_retention_duration() == self.retention {
            return Ok(());
        }
        let name = TableProperty::DeletedFileRetentionDuration.as_ref().to_owned();
        let properties = HashMap::from([(name, retention_property(self.retention))]);
        let set = snapshot.delta().clone().set_tbl_properties().with_properties(properties);
        set.await.map_err(|error| self.failed(error))?;
        Ok(())
    }

    pub fn log_store(&self) -> &LogStoreRef {
        &self.log_store
    }
}

/// A table on the local disk through a store that syncs what it writes.
fn durable(delta: DeltaTable, place: &str) -> DeltaTable {
    let log_store = delta.log_store();
    if log_store.root_url().scheme() != "file" {
        return delta;
    }
    let wrap = |inner, root: &str| Arc::new(Durable { inner, root: root.into() });
    let (inside, root) = (log_store.object_store(None), log_store.root_object_store(None));
    let url = log_store.root_url();
    DeltaTable::new(default_logstore(wrap(inside, place), wrap(root, "/"), url, &StorageConfig::default()))
}

/// For other engines' vacuums, and for how long Delta's checkpoints name a removed file.
fn retention_property(retention: Duration) -> String {
    format!("interval {} seconds", retention.as_secs())
}

async fn create(delta: DeltaTable, table: Table, retention: Duration) -> Result<DeltaTable, DeltaTableError> {
    let stats = table.stats_columns().map(|column| column.name).collect::<Vec<_>>().join(",");
    let partitions = table.is_partitioned().then_some(crate::schema::DAY);
    delta
        .create()
        .with_table_name(table.name())
        .with_save_mode(SaveMode::Ignore)
        .with_columns(table.delta_fields())
        .with_partition_columns(partitions)
        .with_configuration_property(TableProperty::CheckpointInterval, Some(CHECKPOINT_INTERVAL.to_string()))
        .with_configuration_property(TableProperty::LogRetentionDuration, Some(LOG_RETENTION))
        .with_configuration_property(TableProperty::DataSkippingStatsColumns, Some(stats))
        .with_configuration_property(
            TableProperty::DeletedFileRetentionDuration,
            Some(retention_property(retention)),
        )
        .await
}

/// A local path where it is one.
pub(crate) fn place(url: &Url) -> String {
    let path = url.to_file_path().ok();
    let path = path.and_then(|path| path.to_str().map(|path| path.trim_end_matches('/').to_owned()));
    path.unwrap_or_else(|| url.to_string())
}
