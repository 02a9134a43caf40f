//! Files into other files, less some rows.

use crate::encode::{EncodedFile, EncodedFiles, FileWriter};
use crate::error::StoreError;
use crate::schema::Table;
use crate::snapshot::ActiveFile;
use crate::table::Handle;
use bytes::Bytes;
use deltalake_core::arrow::array::{ArrayRef, BooleanArray, RecordBatch, new_null_array};
use deltalake_core::arrow::compute::{cast, filter_record_batch};
use deltalake_core::arrow::datatypes::SchemaRef;
use deltalake_core::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
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
    let mut inputs = Vec::with_capacity(files.len());
    for file in files {
        match handle.get(&file.path).await? {
            Some(bytes) => inputs.push(bytes),
            None => return Ok(None),
        }
    }
    let table = handle.table;
    crate::blocking(move || merge(table, day, inputs, keep.as_ref())).await.map(Some)
}

fn merge(
    table: Table,
    day: Option<Day>,
    inputs: Vec<Bytes>,
    keep: Option<&Keep>,
) -> Result<EncodedFiles, StoreError> {
    let schema = table.arrow_schema();
    let mut outputs = EncodedFiles::default();
    let mut writer: Option<FileWriter> = None;
    for input in inputs {
        let reader = ParquetRecordBatchReaderBuilder::try_new(input).map_err(StoreError::encode)?;
        let reader = reader.with_batch_size(ROWS_AT_ONCE).build().map_err(StoreError::encode)?;
        for batch in reader {
            let mut batch = conform(&batch.map_err(StoreError::encode)?, &schema)?;
            if let Some(keep) = keep {
                batch = filter_record_batch(&batch, &keep(&batch)?).map_err(StoreError::encode)?;
            }
            if batch.num_rows() == 0 {
                continue;
            }
            let mut open = match writer.take() {
                Some(open) => open,
                None => FileWriter::new(table, day)?,
            };
            open.write(&batch)?;
            if open.bytes() < TARGET_BYTES {
                writer = Some(open);
            } else {
                outputs.push(open.finish()?);
            }
        }
    }
    outputs
        .files
        .extend(writer.map(FileWriter::finish).transpose()?.into_iter().collect::<Vec<EncodedFile>>());
    Ok(outputs)
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
