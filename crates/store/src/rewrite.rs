//! Files into other files, less some rows.

use crate::encode::{EncodedFiles, FileWriter};
use crate::error::StoreError;
use crate::schema::Table;
use crate::snapshot::ActiveFile;
use crate::table::Handle;
use bytes::Bytes;
use deltalake_core::arrow::array::{ArrayRef, BooleanArray, RecordBatch, new_null_array};
use deltalake_core::arrow::compute::{cast, filter_record_batch};
use deltalake_core::arrow::datatypes::SchemaRef;
use deltalake_core::logstore::ObjectStoreRef;
use deltalake_core::logstore::object_store::ObjectStoreExt;
use deltalake_core::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use deltalake_core::{ObjectStoreError, Path};
use feedback::time::Day;
use std::sync::Arc;

/// A new file is begun when the one before is this large.
pub(crate) const TARGET_BYTES: usize = 128 << 20;
const ROWS_AT_ONCE: usize = 8 * 1024;

/// Says of each row whether it stays.
pub(crate) type Keep = Arc<dyn Fn(&RecordBatch) -> Result<BooleanArray, StoreError> + Send + Sync>;

/// The files' rows that `keep` keeps, as few new files; `None` if one of the files is no longer there.
pub(crate) async fn rewrite(
    handle: &Handle,
    day: Option<Day>,
    files: &[ActiveFile],
    keep: Option<Keep>,
) -> Result<Option<EncodedFiles>, StoreError> {
    let (table, runtime) = (handle.table, tokio::runtime::Handle::current());
    let (store, place) = (handle.log_store().object_store(None), handle.place.clone());
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    crate::blocking(move || {
        let mut merge =
            Merge { table, day, schema: table.arrow_schema(), writer: None, done: EncodedFiles::default() };
        for path in paths {
            // One at a time: a day may hold more than fits the memory.
            match runtime.block_on(get(&store, &path)) {
                Ok(Some(bytes)) => merge.add(bytes, keep.as_ref())?,
                Ok(None) => return Ok(None),
                Err(error) => return Err(StoreError::from_object_store(&place, error)),
            }
        }
        merge.finish().map(Some)
    })
    .await
}

/// A file's bytes; `None` if it has been deleted.
async fn get(store: &ObjectStoreRef, path: &str) -> Result<Option<Bytes>, ObjectStoreError> {
    match store.get(&Path::from(path)).await {
        Ok(found) => found.bytes().await.map(Some),
        Err(ObjectStoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Files into few others.
struct Merge {
    table: Table,
    day: Option<Day>,
    schema: SchemaRef,
    writer: Option<FileWriter>,
    done: EncodedFiles,
}

impl Merge {
    fn add(&mut self, input: Bytes, keep: Option<&Keep>) -> Result<(), StoreError> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(input).map_err(StoreError::encode)?;
        let reader = reader.with_batch_size(ROWS_AT_ONCE).build().map_err(StoreError::encode)?;
        for batch in reader {
            let mut batch = conform(&batch.map_err(StoreError::encode)?, &self.schema)?;
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
            if open.bytes() < TARGET_BYTES {
                self.writer = Some(open);
            } else {
                self.done.push(open.finish()?);
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<EncodedFiles, StoreError> {
        if let Some(open) = self.writer.take() {
            self.done.push(open.finish()?);
        }
        Ok(self.done)
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
