//! Files into other files, less some rows.

use crate::encode::FileWriter;
use crate::error::{Source, StoreError};
use crate::schema::Table;
use crate::snapshot::{ActiveFile, paths};
use crate::table::{Folder, Handle};
use bytes::Bytes;
use deltalake_core::arrow::array::{ArrayRef, BooleanArray, RecordBatch, new_null_array};
use deltalake_core::arrow::compute::{cast, filter_record_batch};
use deltalake_core::arrow::datatypes::SchemaRef;
use deltalake_core::kernel::Add;
use deltalake_core::logstore::ObjectStoreRef;
use deltalake_core::logstore::object_store::ObjectStoreExt;
use deltalake_core::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use deltalake_core::{ObjectStoreError, Path};
use feedback::time::Day;
use std::sync::{Arc, Mutex, PoisonError};

/// A new file is begun when the one before is this large.
pub(crate) const TARGET_BYTES: usize = 128 << 20;
const ROWS_AT_ONCE: usize = 8 * 1024;

/// Says of each row whether it stays.
pub(crate) type Keep = Arc<dyn Fn(&RecordBatch) -> Result<BooleanArray, StoreError> + Send + Sync>;

/// New files that no commit names yet.
#[derive(Default)]
pub(crate) struct Rewritten {
    pub adds: Vec<Add>,
    pub rows: usize,
}

/// The files' rows that `keep` keeps, as few new files; `None` if one of the files is no longer there. Each is put as
/// soon as it is whole: a day may hold more than fits the memory.
pub(crate) async fn rewrite(
    handle: &Handle,
    day: Option<Day>,
    files: &[Arc<ActiveFile>],
    keep: Option<Keep>,
    data_change: bool,
) -> Result<Option<Rewritten>, StoreError> {
    let folder = handle.folder();
    let mut merge = Merge {
        table: handle.table,
        day,
        schema: handle.table.arrow_schema(),
        data_change,
        folder: folder.clone(),
        runtime: tokio::runtime::Handle::current(),
        writer: None,
        done: Arc::default(),
    };
    let done = Arc::clone(&merge.done);
    let paths = paths(files);
    let whole = crate::blocking(move || {
        for path in paths {
            if !merge.add(&path, keep.as_ref())? {
                return Ok(false);
            }
        }
        merge.close()?;
        Ok(true)
    })
    .await;
    // A poisoned lock means that the thread above died: what it had put is thrown away below.
    let done = std::mem::take(&mut *done.lock().unwrap_or_else(PoisonError::into_inner));
    if !matches!(whole, Ok(true)) {
        folder.discard(&done.adds).await;
    }
    Ok(whole?.then_some(done))
}

/// A file's bytes; `None` if it has been deleted.
async fn get(store: &ObjectStoreRef, path: &str) -> Result<Option<Bytes>, ObjectStoreError> {
    match store.get(&Path::from(path)).await {
        Ok(found) => found.bytes().await.map(Some),
        Err(ObjectStoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// All rows of a file, under today's schema; `None` if it has been deleted.
pub(crate) async fn read_whole(handle: &Handle, path: &str) -> Result<Option<Vec<RecordBatch>>, StoreError> {
    let Folder { store, place } = handle.folder();
    let found = get(&store, path).await.map_err(|error| StoreError::from_object_store(&place, error))?;
    let Some(input) = found else { return Ok(None) };
    let (named, schema) = (format!("{place}/{path}"), handle.table.arrow_schema());
    crate::blocking(move || batches(input, named, schema)?.collect::<Result<Vec<_>, _>>()).await.map(Some)
}

/// The rows of a file's bytes, under today's schema.
fn batches(
    input: Bytes,
    path: String,
    schema: SchemaRef,
) -> Result<impl Iterator<Item = Result<RecordBatch, StoreError>>, StoreError> {
    let torn = move |source: Source| StoreError::Torn { path: path.clone(), source };
    let reader = ParquetRecordBatchReaderBuilder::try_new(input).map_err(|error| torn(error.into()))?;
    let reader = reader.with_batch_size(ROWS_AT_ONCE).build().map_err(|error| torn(error.into()))?;
    Ok(reader.map(move |batch| conform(&batch.map_err(|error| torn(error.into()))?, &schema)))
}

/// Files into few others.
struct Merge {
    table: Table,
    day: Option<Day>,
    schema: SchemaRef,
    data_change: bool,
    folder: Folder,
    runtime: tokio::runtime::Handle,
    writer: Option<FileWriter>,
    done: Arc<Mutex<Rewritten>>,
}

impl Merge {
    /// `false` if the file is no longer there.
    fn add(&mut self, path: &str, keep: Option<&Keep>) -> Result<bool, StoreError> {
        let place = self.folder.place.clone();
        let found = self.runtime.block_on(get(&self.folder.store, path));
        let Some(input) = found.map_err(|error| StoreError::from_object_store(&place, error))? else {
            return Ok(false);
        };
        for batch in batches(input, format!("{place}/{path}"), Arc::clone(&self.schema))? {
            let mut batch = batch?;
            if let Some(keep) = keep {
                batch = filter_record_batch(&batch, &keep(&batch)?).map_err(StoreError::encode)?;
            }
            if batch.num_rows() == 0 {
                continue;
            }
            let mut open = match self.writer.take() {
                Some(open) => open,
                None => FileWriter::new(self.table, self.day)?,
            };
            open.write(&batch)?;
            let full = open.bytes() >= TARGET_BYTES;
            self.writer = Some(open);
            if full {
                self.close()?;
            }
        }
        Ok(true)
    }

    /// Puts what is open.
    fn close(&mut self) -> Result<(), StoreError> {
        let Some(open) = self.writer.take() else { return Ok(()) };
        let file = open.finish()?;
        let rows = file.rows;
        let adds = self.runtime.block_on(self.folder.put(&[file], self.data_change))?;
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.adds.extend(adds);
        done.rows += rows;
        Ok(())
    }
}

/// An older file's rows under today's schema.
fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, StoreError> {
    let columns = schema.fields().iter().map(|field| match batch.column_by_name(field.name()) {
        None => Ok(new_null_array(field.data_type(), batch.num_rows())),
        Some(column) if column.data_type() == field.data_type() => Ok(Arc::clone(column)),
        Some(column) => cast(column, field.data_type()),
    });
    let columns = columns.collect::<Result<Vec<ArrayRef>, _>>().map_err(StoreError::encode)?;
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(StoreError::encode)
}
