//! Record batches to Parquet files in memory, with the statistics that go into the log.

use crate::error::StoreError;
use crate::schema::{Table, Type};
use crate::stats::Stats;
use bytes::Bytes;
use deltalake_core::arrow::array::RecordBatch;
use deltalake_core::kernel::Add;
use deltalake_core::parquet::arrow::ArrowWriter;
use deltalake_core::parquet::arrow::arrow_writer::ArrowWriterOptions;
use deltalake_core::parquet::basic::{Compression, Encoding, ZstdLevel};
use deltalake_core::parquet::file::properties::{EnabledStatistics, WriterProperties};
use deltalake_core::parquet::schema::types::ColumnPath;
use feedback::time::Day;
use std::collections::HashMap;
use uuid::Uuid;

/// Parquet files in memory, not yet visible to anybody.
#[derive(Debug, Clone, Default)]
pub struct EncodedFiles {
    pub(crate) files: Vec<EncodedFile>,
}

#[derive(Debug, Clone)]
pub(crate) struct EncodedFile {
    /// `None` in a table without partitions.
    pub day: Option<Day>,
    pub bytes: Bytes,
    pub rows: usize,
    /// As Delta's log holds them.
    pub stats: String,
}

impl EncodedFiles {
    #[must_use]
    pub fn rows(&self) -> usize {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Of the files, compressed.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes the files of another thread.
    pub fn merge(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    pub(crate) fn push(&mut self, file: EncodedFile) {
        self.files.push(file);
    }
}

impl EncodedFile {
    /// The log's entry for this file under a name that nobody else will choose.
    pub fn to_add(&self, now_millis: i64, data_change: bool) -> Add {
        let day = self.day.map(|day| day.to_string());
        let folder = day.as_ref().map_or_else(String::new, |day| format!("{}={day}/", crate::schema::DAY));
        let partition = day.map(|day| (crate::schema::DAY.to_owned(), Some(day)));
        Add {
            path: format!("{folder}part-00000-{}-c000.zstd.parquet", Uuid::new_v4()),
            partition_values: partition.into_iter().collect::<HashMap<_, _>>(),
            size: self.bytes.len() as i64,
            modification_time: now_millis,
            data_change,
            stats: Some(self.stats.clone()),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        }
    }
}

/// Writes the batches, which have the table's Arrow schema, as one file.
pub(crate) fn encode(
    table: Table,
    day: Option<Day>,
    batches: &[RecordBatch],
) -> Result<EncodedFile, StoreError> {
    let mut writer = FileWriter::new(table, day)?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()
}

/// One file in the making.
pub(crate) struct FileWriter {
    day: Option<Day>,
    writer: ArrowWriter<Vec<u8>>,
    stats: Stats,
    rows: usize,
}

impl FileWriter {
    pub fn new(table: Table, day: Option<Day>) -> Result<Self, StoreError> {
        // The Arrow schema is left out of the file: its types are plain, and Delta's log has them.
        let options =
            ArrowWriterOptions::new().with_properties(properties(table)).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Vec::new(), table.arrow_schema(), options)
            .map_err(StoreError::encode)?;
        Ok(Self { day, writer, stats: Stats::new(table), rows: 0 })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        self.stats.update(batch);
        self.rows += batch.num_rows();
        self.writer.write(batch).map_err(StoreError::encode)
    }

    /// Compressed bytes so far, the open row group estimated.
    pub fn bytes(&self) -> usize {
        self.writer.bytes_written() + self.writer.in_progress_size()
    }

    pub fn finish(self) -> Result<EncodedFile, StoreError> {
        let bytes = self.writer.into_inner().map_err(StoreError::encode)?;
        Ok(EncodedFile { day: self.day, bytes: bytes.into(), rows: self.rows, stats: self.stats.to_json() })
    }
}

/// Dictionaries for what repeats; plain pages for ids, texts and vectors, which do not; differences for
/// whole numbers and times. Statistics only where a scan can skip by them.
fn properties(table: Table) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(128 * 1024))
        .set_created_by(concat!("verbatim ", env!("CARGO_PKG_VERSION")).to_owned());
    for column in table.stored_columns() {
        let path = ColumnPath::from(column.name);
        if PLAIN.contains(&column.name) {
            properties = properties.set_column_dictionary_enabled(path, false);
        } else if matches!(column.kind, Type::Time | Type::Long) {
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path.clone(), Encoding::DELTA_BINARY_PACKED)
                .set_column_statistics_enabled(path, EnabledStatistics::Chunk);
        } else if column.kind == Type::Float {
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}

/// Hardly two rows share a value of these.
const PLAIN: &[&str] = &[
    "record_id",
    "item_id",
    "native_id",
    "conversation_id",
    "content_hash",
    "author",
    "author_alias",
    "permalink",
    "title",
    "body",
    "agent_text",
    "metadata",
    "embedding",
    "network_embedding",
    "detail",
    "payload",
    "markdown",
    "html",
];
