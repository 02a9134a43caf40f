//! One Delta table: opening, refreshing and its files.

mod active;
mod folder;
mod follow;
mod state;
mod transact;

pub(crate) use folder::Folder;
pub(crate) use transact::{AppVersion, Expected, Intent, PURPOSE, Purpose, Refused, UNCOMMITTED_FILES_LIVE};

use crate::StoreOptions;
use crate::durable::Durable;
use crate::encode::EncodedFiles;
use crate::error::{Source, StoreError};
use crate::schema::Table;
use crate::snapshot::Snapshot;
use deltalake_core::kernel::{Add, Version};
use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use deltalake_core::protocol::SaveMode;
use deltalake_core::table::config::TablePropertiesExt;
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError, TableProperty};
use state::{Looked, State};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;

/// A checkpoint is written inside the commit whose number it divides.
const CHECKPOINT_INTERVAL: u32 = 50;
/// Entries that a checkpoint covers may go after this time; whoever opens the table lists those that are left.
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

impl Handle {
    /// Opens the table below `root`, or makes it.
    pub async fn open(root: &Url, table: Table, options: &StoreOptions) -> Result<Self, StoreError> {
        let looked = Looked::now();
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
        check(&delta, table, &place)?;
        let log_store = delta.log_store();
        let state = Mutex::new(State::of(delta, looked, &place)?);
        Ok(Self { table, place, retention, log_store, state })
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
        self.state = Mutex::new(State::of(delta, Looked::now(), &self.place).unwrap());
        self
    }

    pub fn failed(&self, error: DeltaTableError) -> StoreError {
        StoreError::from_delta(&self.place, error)
    }

    /// The number of the newest version.
    pub async fn version(&self) -> Result<Version, StoreError> {
        let mut state = self.state.lock().await;
        self.refresh(&mut state, None).await?;
        Ok(state.version)
    }

    /// The newest version.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut state = self.state.lock().await;
        self.refresh(&mut state, None).await?;
        let files = state.active.files(&self.place)?;
        Ok(Snapshot::new(self.table, self.place.clone(), state.version, files))
    }

    /// The newest version as Delta reads it, from the last checkpoint on: for what is seldom done.
    pub async fn delta(&self) -> Result<DeltaTable, StoreError> {
        let mut delta = DeltaTable::new(self.log_store.clone());
        delta.load().await.map_err(|error| self.failed(error))?;
        Ok(delta)
    }

    /// What is noted under each app id in the newest version.
    pub async fn app_versions(&self, app_ids: &[String]) -> Result<Vec<Option<i64>>, StoreError> {
        let mut state = self.state.lock().await;
        self.refresh(&mut state, None).await?;
        self.learn(&mut state, app_ids).await?;
        Ok(app_ids.iter().map(|app_id| state.noted(app_id)).collect())
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
        let delta = self.delta().await?;
        let config = delta.snapshot().map_err(|error| self.failed(error))?.table_config();
        if config.deleted_file_retention_duration() == self.retention {
            return Ok(());
        }
        let name = TableProperty::DeletedFileRetentionDuration.as_ref().to_owned();
        let properties = HashMap::from([(name, retention_property(self.retention))]);
        let set = delta.set_tbl_properties().with_properties(properties);
        set.await.map_err(|error| self.failed(error))?;
        Ok(())
    }

    pub fn log_store(&self) -> &LogStoreRef {
        &self.log_store
    }
}

/// Whether the table is one of ours: every column without which a row means nothing is there.
fn check(delta: &DeltaTable, table: Table, place: &str) -> Result<(), StoreError> {
    let schema = delta.snapshot().map_err(|error| StoreError::from_delta(place, error))?.schema();
    let missing = table.columns().iter().filter(|c| !c.nullable).find(|c| schema.field(c.name).is_none());
    match missing {
        None => Ok(()),
        Some(column) => Err(StoreError::NotATable {
            path: place.to_owned(),
            source: format!("it is a Delta table without the column {:?}", column.name).into(),
        }),
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
