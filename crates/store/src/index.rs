//! Which items a file holds, in eight bytes a row: a rollup looks at all files every few seconds, and
//! only the new ones are read.

use crate::error::StoreError;
use crate::table::Handle;
use bytes::Bytes;
use deltalake_core::arrow::array::{Array, AsArray, RecordBatch};
use deltalake_core::logstore::ObjectStoreRef;
use deltalake_core::logstore::object_store::ObjectStoreExt;
use deltalake_core::parquet::arrow::ProjectionMask;
use deltalake_core::parquet::arrow::arrow_reader::ArrowReaderOptions;
use deltalake_core::parquet::arrow::async_reader::{AsyncFileReader, ParquetRecordBatchStreamBuilder};
use deltalake_core::parquet::errors::ParquetError;
use deltalake_core::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use deltalake_core::{ObjectStoreError, Path};
use feedback::ids::Id;
use futures::TryStreamExt;
use futures::future::BoxFuture;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// The items of one file; files never change.
#[derive(Debug, Default)]
pub(crate) struct FileItems {
    /// A half of each row's item id: two items that share it are looked at closer, no more.
    pub keys: Vec<u64>,
    /// Rows that are tombstones.
    pub tombstones: Vec<u32>,
}

/// What has been read, by the files' paths.
#[derive(Debug, Default)]
pub(crate) struct Index {
    files: HashMap<String, Arc<FileItems>>,
}

impl Index {
    /// The items of each file, in the paths' order; `None` if one of the files is no longer there.
    pub async fn items(
        &mut self,
        handle: &Handle,
        paths: &[String],
    ) -> Result<Option<Vec<Arc<FileItems>>>, StoreError> {
        let mut items = Vec::with_capacity(paths.len());
        for path in paths {
            if !self.files.contains_key(path) {
                let Some(batches) = read_columns(handle, path, &["item_id", "deleted"]).await? else {
                    return Ok(None);
                };
                self.files.insert(path.clone(), Arc::new(FileItems::of(&batches)?));
            }
            items.extend(self.files.get(path).cloned());
        }
        Ok(Some(items))
    }

    /// Forgets all other files.
    pub fn keep(&mut self, paths: &[String]) {
        if self.files.len() > 2 * paths.len() + 64 {
            let paths: HashSet<&String> = paths.iter().collect();
            self.files.retain(|path, _| paths.contains(path));
        }
    }
}

impl FileItems {
    fn of(batches: &[RecordBatch]) -> Result<Self, StoreError> {
        let mut items = Self::default();
        for batch in batches {
            let ids = column(batch, "item_id")?.as_string::<i32>();
            let deleted = column(batch, "deleted")?.as_boolean();
            for row in 0..batch.num_rows() {
                if deleted.is_valid(row) && deleted.value(row) {
                    items.tombstones.push(items.keys.len() as u32);
                }
                items.keys.push(key(item(ids.value(row))));
            }
        }
        Ok(items)
    }
}

/// An item's id as a number.
pub(crate) fn item(hex: &str) -> u128 {
    // An id that is no number was written by somebody else; it still is an id.
    u128::from_str_radix(hex, 16).unwrap_or_else(|_| Id::of(&[hex]).0)
}

pub(crate) fn key(item: u128) -> u64 {
    (item >> 64) as u64
}

pub(crate) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array, StoreError> {
    let column = batch.column_by_name(name);
    column.map(AsRef::as_ref).ok_or_else(|| StoreError::encode(format!("no column {name:?}")))
}

/// Some columns of a file, read beside the async threads; `None` if the file is gone.
pub(crate) async fn read_columns(
    handle: &Handle,
    path: &str,
    columns: &'static [&'static str],
) -> Result<Option<Vec<RecordBatch>>, StoreError> {
    let failed = |error| StoreError::from_object_store(&handle.place, error);
    let store = handle.log_store().object_store(None);
    let path = Path::from(path);
    let bytes = match store.head(&path).await {
        Ok(found) => found.size,
        Err(ObjectStoreError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let (place, runtime) = (handle.place.clone(), tokio::runtime::Handle::current());
    let named = format!("{place}/{path}");
    let file = RemoteFile { store, path, bytes };
    crate::blocking(move || match runtime.block_on(read(file, columns)) {
        Ok(batches) => Ok(Some(batches)),
        Err(error @ ParquetError::External(_)) => Err(StoreError::from_delta(&place, error.into())),
        Err(error) => Err(StoreError::Torn { path: named, source: error.into() }),
    })
    .await
}

/// Why a file could not be read although a version of the table named it: others rewrote it, or somebody took away
/// what the newest version names still.
pub(crate) async fn why_gone(handle: &Handle) -> StoreError {
    let files = match handle.snapshot().await {
        Ok(snapshot) => snapshot.files(),
        Err(error) => return error,
    };
    let store = handle.log_store().object_store(None);
    for file in files.iter() {
        if let Err(ObjectStoreError::NotFound { .. }) = store.head(&Path::from(file.path.as_str())).await {
            let now = match handle.snapshot().await {
                Ok(snapshot) => snapshot.files(),
                Err(error) => return error,
            };
            // Unless it was replaced and deleted since.
            if now.iter().any(|still| still.path == file.path) {
                return StoreError::Missing { path: format!("{}/{}", handle.place, file.path) };
            }
        }
    }
    StoreError::Busy { path: handle.place.clone() }
}

async fn read(file: RemoteFile, columns: &'static [&'static str]) -> Result<Vec<RecordBatch>, ParquetError> {
    let file = ParquetRecordBatchStreamBuilder::new(file).await?;
    let mask = ProjectionMask::columns(file.parquet_schema(), columns.iter().copied());
    file.with_projection(mask).with_batch_size(64 * 1024).build()?.try_collect().await
}

/// Reads only the ranges that the wanted columns lie in.
struct RemoteFile {
    store: ObjectStoreRef,
    path: Path,
    bytes: u64,
}

impl AsyncFileReader for RemoteFile {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, ParquetError>> {
        Box::pin(async move {
            let read = self.store.get_range(&self.path, range).await;
            read.map_err(|error| ParquetError::External(error.into()))
        })
    }

    fn get_metadata<'a>(
        &'a mut self,
        _: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>, ParquetError>> {
        let bytes = self.bytes;
        Box::pin(
            async move { Ok(Arc::new(ParquetMetaDataReader::new().load_and_finish(self, bytes).await?)) },
        )
    }
}
